//! The institutions of the hospital that the account controls, and who adds records for them.

use crate::{
	desk::account,
	running::{Outcome, read, value},
	session::{Session, finished},
};
use medblock_client::{
	institutions::Department,
	medblock_primitives::{InstitutionId, InstitutionKind},
};
use medblock_views::{Account, Institution};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// An open institution of the own hospital.
#[derive(Serialize)]
struct DeskInstitution {
	#[serde(flatten)]
	institution: Institution,
	operators: Vec<Account>,
	/// Those who have not accepted yet.
	appointed: Vec<Account>,
}

impl From<Department> for DeskInstitution {
	fn from(Department { info, operators }: Department) -> Self {
		let (operators, appointed) =
			operators.map_or_else(Default::default, |staff| (staff.operators, staff.appointed));
		Self {
			institution: info.into(),
			operators: operators.into_iter().map(Account::new).collect(),
			appointed: appointed.into_iter().map(|(account, _)| Account::new(account)).collect(),
		}
	}
}

#[wasm_bindgen]
impl Session {
	/// The open institutions of the hospital that the own account controls.
	pub async fn departments(&self) -> Outcome {
		let (_, all) = self.client.departments(&self.at().await?).await?;
		let open = all.into_iter().filter(|one| one.info.open).map(DeskInstitution::from);
		value(&open.collect::<Vec<_>>())
	}

	/// Adds an institution to the hospital.
	#[wasm_bindgen(js_name = addInstitution)]
	pub async fn add_institution(&self, kind: JsValue, name: String) -> Outcome {
		let kind: InstitutionKind = read(kind)?;
		finished(&self.client.add_institution(kind, &name).await?)
	}

	/// Closes an institution of the hospital, for ever.
	#[wasm_bindgen(js_name = closeInstitution)]
	pub async fn close_institution(&self, institution: u32) -> Outcome {
		finished(&self.client.close_institution(InstitutionId(institution)).await?)
	}

	/// Offers an account to add records for an institution.
	#[wasm_bindgen(js_name = appointOperator)]
	pub async fn appoint_operator(&self, institution: u32, address: String) -> Outcome {
		let operator = account(&address)?;
		finished(&self.client.appoint_operator(InstitutionId(institution), operator).await?)
	}

	/// Ends an account's work for an institution, or takes the offer to it back.
	#[wasm_bindgen(js_name = removeOperator)]
	pub async fn remove_operator(&self, institution: u32, address: String) -> Outcome {
		let operator = account(&address)?;
		finished(&self.client.remove_operator(InstitutionId(institution), operator).await?)
	}
}

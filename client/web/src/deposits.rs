//! The institutions that patients let add to their charts.

use crate::{
	running::{Outcome, read, to_the_end, value},
	session::{Session, finished},
};
use medblock_client::{institutions::Depositor, medblock_primitives::InstitutionId};
use medblock_views::{Institution, Time};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A permission to add records, which opens nothing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deposit {
	institution: Institution,
	expires_at: Option<Time>,
	allowed_at: Time,
	appends_left: u32,
	active: bool,
}

impl From<Depositor> for Deposit {
	fn from(Depositor { deposit, institution }: Depositor) -> Self {
		Self {
			institution: institution.into(),
			expires_at: deposit.expires_at.map(Into::into),
			allowed_at: deposit.allowed_at.into(),
			appends_left: deposit.appends_left,
			active: deposit.live,
		}
	}
}

#[wasm_bindgen]
impl Session {
	/// The open institutions of all hospitals.
	pub async fn institutions(&self) -> Outcome {
		let all = self.at().await?.institutions().await?;
		let open = all.into_iter().filter(|info| info.open).map(Institution::from);
		value(&open.collect::<Vec<_>>())
	}

	/// The institutions that may add to the own chart.
	pub async fn deposits(&self) -> Outcome {
		let depositors = self.client.depositors(&self.at().await?).await?;
		value(&depositors.into_iter().map(Deposit::from).collect::<Vec<_>>())
	}

	/// Lets an institution add records to the own chart.
	#[wasm_bindgen(js_name = allowDeposit)]
	pub async fn allow_deposit(
		&self,
		institution: u32,
		end: JsValue,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let end: Option<Time> = read(end)?;
		let allowing = async {
			let institution = InstitutionId(institution);
			finished(&self.client.allow_deposit(institution, end.map(Into::into)).await?)
		};
		to_the_end(signal, allowing).await
	}

	/// No longer lets institutions add records.
	#[wasm_bindgen(js_name = endDeposits)]
	pub async fn end_deposits(
		&self,
		institutions: Vec<u32>,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let institutions: Vec<_> = institutions.into_iter().map(InstitutionId).collect();
		let ending = async { finished(&self.client.end_deposits(&institutions).await?) };
		to_the_end(signal, ending).await
	}
}

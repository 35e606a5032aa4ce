//! Looks at the own data, in the form that other programs read.

use crate::{
	failure::Failure,
	running::{read, until},
	session::Session,
};
use jiff::Timestamp;
use medblock_client::{Error, medblock_primitives::HospitalId, vault::Disclosure};
use medblock_fhir::{Bundle, Names};
use medblock_platform::clock;
use serde::Deserialize;
use std::collections::BTreeSet;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A look, by its vault and the vault's number for it.
#[derive(Deserialize)]
struct Named {
	vault: u32,
	number: u64,
}

#[wasm_bindgen]
impl Session {
	/// Looks at the own data as a FHIR R4 bundle of audit events, in JSON: the named ones that vaults still
	/// list, or all.
	#[wasm_bindgen(js_name = looksAsFhir)]
	pub async fn looks_as_fhir(
		&self,
		named: JsValue,
		signal: Option<AbortSignal>,
	) -> Result<String, Failure> {
		let named: Option<Vec<Named>> = read(named)?;
		let named: Option<BTreeSet<(u32, u64)>> =
			named.map(|all| all.into_iter().map(|one| (one.vault, one.number)).collect());
		let asking = async {
			let at = self.at().await?;
			let patient = self.own(&at).await?;
			let names = Names::new(&self.client.chain().genesis());
			let found: Vec<(HospitalId, Disclosure)> = match &named {
				None => self.client.disclosures().await?,
				// A vault that does not answer now has none of them: they were listed without it.
				Some(_) => {
					let all = self.client.disclosures_by_vault().await?;
					let of_one = |(vault, answer): (HospitalId, Result<Vec<Disclosure>, Error>)| {
						answer.into_iter().flatten().map(move |one| (vault, one))
					};
					all.into_iter().flat_map(of_one).collect()
				},
			};
			let wanted = |vault: HospitalId, number: u64| {
				named.as_ref().is_none_or(|all| all.contains(&(vault.0, number)))
			};
			let events = found
				.iter()
				.filter(|(vault, one)| wanted(*vault, one.number))
				.map(|(vault, one)| names.audit_event(*vault, patient, one).into());
			let now = i64::try_from(clock::now()).ok();
			let now = now.and_then(|now| Timestamp::from_millisecond(now).ok()).unwrap_or_default();
			let bundle = Bundle::new(&names, &at.hash().0, now, events.collect());
			serde_json::to_string_pretty(&bundle).map_err(Failure::invalid)
		};
		until(signal, asking).await
	}
}

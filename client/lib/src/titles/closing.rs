//! Forgetting titles when a chart closes.

use super::View;
use crate::{
	Error, Result, access, accounts, chain::At, chart::Opener, client::Client, representatives,
};
use medblock_primitives::*;
use medblock_vault_protocol::door::NOT_YOURS;
use pallet_medical_records_runtime_api::GrantInfo;
use std::sync::atomic::Ordering;

impl Client {
	/// The keys of this account for a chart, to read it. Titles of a chart that is closed to the account are forgotten.
	pub(crate) async fn reading_opener(&self, at: &At, patient: PatientId) -> Result<Opener> {
		let opener = self.opener(at, patient).await;
		if opener.as_ref().is_err_and(is_closed) {
			self.titles.drop_chart(patient).await;
		}
		opener
	}

	/// Forgets the titles of charts that are no longer open to the account. These are all grants to it.
	pub(crate) async fn forget_closed(&self, at: &At, grants: &[GrantInfo]) {
		let open = grants.iter().filter(|grant| grant.access.is_ok());
		let mut open: Vec<View> =
			open.map(|grant| View { patient: grant.patient, scope: grant.scope }).collect();
		if !self.titles.has_beside(&open).await {
			return;
		}
		// The rest may belong to the own chart, or to the charts of patients that the account's patient represents.
		let Ok(own) = at.patient_of(self.keys.account()).await else { return };
		if let Some(own) = own {
			let Ok(represented) = at.represented(own).await else { return };
			let seen = represented.iter().filter(|one| one.live && one.scopes.include(Scopes::SEE));
			let whole = |patient| View { patient, scope: Scope::Chart };
			open.extend(seen.map(|one| whole(one.patient)));
			open.push(whole(own));
		}
		self.titles.keep_only(&open).await;
	}

	/// The same, once in this run, by a reader of this chart who may never ask for all grants.
	pub(crate) async fn forget_closed_once(&self, at: &At, open: View) {
		if self.titles.swept.swap(true, Ordering::Relaxed) || !self.titles.has_beside(&[open]).await
		{
			return;
		}
		match at.doctor_of(self.keys.account()).await {
			// This forgets them by itself.
			Ok(Some(_)) => drop(self.inbox(at).await),
			Ok(None) => self.forget_closed(at, &[]).await,
			Err(_) => {},
		}
	}
}

/// Whether the chain says that the account may not read the chart.
fn is_closed(why: &Error) -> bool {
	match why {
		Error::Access(access::Error::Denied(_))
		| Error::Account(accounts::Error::NotDoctor(_))
		| Error::Representative(representatives::Error::NotRepresentative(_)) => true,
		Error::Chain(why) => why.of_door().is_some_and(|door| door.code() == NOT_YOURS),
		_ => false,
	}
}

//! The names of a doctor's patients.

use super::{Found, Named, Read, What, finding, matching::Person};
use crate::{
	Result,
	chain::{At, PatientInfo},
	client::Client,
	people::AT_ONCE,
	profiles::Profile,
	vault::{Progress, unwatched},
};
use futures::{StreamExt, stream};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;
use std::collections::BTreeSet;

/// A patient who has granted the doctor something.
#[derive(Debug)]
pub struct Charted {
	/// The grant.
	pub grant: GrantInfo,
	/// The patient as the chain has them; none if the grant gives no access now.
	pub info: Option<PatientInfo>,
	/// The patient's profile, or the reason why it can't be read. Nothing if there is none, or only single records are
	/// open.
	pub profile: Option<Result<Profile>>,
}

impl Client {
	/// These patients, with the profiles of those whose whole charts are open to this doctor, in the same order. Each that
	/// was not read before is a look that the patient sees.
	pub async fn named_charts(
		&self,
		at: &At,
		grants: Vec<GrantInfo>,
		progress: &Progress,
	) -> Vec<Charted> {
		let total = grants.len() as u64;
		let mut reading =
			stream::iter(grants).map(|grant| self.charted(at, grant, true)).buffered(AT_ONCE);
		let mut all = Vec::new();
		while let Some(charted) = reading.next().await {
			all.push(charted);
			progress(all.len() as u64, total);
		}
		all
	}

	/// A patient of this doctor, with the profile as it was read before or, if `reads`, read now.
	pub async fn charted(&self, at: &At, grant: GrantInfo, reads: bool) -> Charted {
		// A door tells a doctor nothing of a chart whose access has ended.
		let info = match grant.access.is_ok() {
			true => at.patient(grant.patient).await.ok().flatten(),
			false => None,
		};
		let profile = match (&info, grant.scope) {
			(Some(info), Scope::Chart) => self.profile_of(info, Read::ByDoctor, reads).await,
			_ => None,
		};
		Charted { grant, info, profile }
	}

	/// Forgets the names of charts that are no longer open as a whole to this doctor. These are all grants to them.
	pub(crate) async fn forget_closed_names(&self, grants: &[GrantInfo]) {
		let open = grants.iter().filter(|one| one.access.is_ok() && one.scope == Scope::Chart);
		let open: BTreeSet<PatientId> = open.map(|one| one.patient).collect();
		self.names.keep_only(Read::ByDoctor, &open).await;
	}

	/// One of this doctor's patients, by number or by name. By name, the profiles of all charts that are open are read, but
	/// for those that were read before.
	///
	/// # Errors
	///
	/// [`super::Error`].
	pub async fn find_patient_of_doctor(&self, at: &At, named: &Named) -> Result<Found<PatientId>> {
		if let Named::Number(number) = named {
			return Ok(Found::by_number(PatientId(*number)));
		}
		let grants = self.inbox(at).await?;
		let all = self.named_charts(at, grants, &unwatched()).await;
		// Of a chart of which single records are open, no name is known.
		let are_all = all.iter().all(|one| {
			one.grant.access.is_err() || (one.grant.scope == Scope::Chart && !failed(one))
		});
		let people: Vec<Person> = all.iter().filter_map(person).collect();
		finding::among(What::Patient, named, &people, are_all, PatientId)
	}
}

fn failed(one: &Charted) -> bool {
	matches!(one.profile, Some(Err(_)))
}

fn person(one: &Charted) -> Option<Person> {
	let profile = one.profile.as_ref()?.as_ref().ok()?;
	Some(finding::patient(one.grant.patient, profile))
}

//! Changing a grant, and giving doctors the present key.

use super::{Granted, Terms};
use crate::{
	Error, Result, access,
	chain::Call,
	chart::OwnChart,
	client::{Client, Done},
	grants,
	resealing::Resealed,
	vault::unwatched,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;

/// A changed grant.
#[derive(Debug)]
pub enum Extended {
	/// The whole chart.
	Chart(Granted),
	/// Single records.
	Records(Done),
}

/// The outcome of [`Client::repair`].
#[derive(Debug, Default)]
pub struct Repaired {
	/// The chart's new key, if it needed one.
	pub rotation: Option<Done>,
	/// The doctors who got the present key, of the chart or of their records.
	pub renewed: Vec<(DoctorId, Done)>,
	/// The doctors who did not, each with the reason.
	pub problems: Vec<(DoctorId, Error)>,
	/// The people who act for the patient and got the present key, or did not get it.
	pub resealed: Resealed,
}

impl Client {
	/// Sets until when a doctor has access, and leaves the rest of the grant as it is.
	///
	/// # Errors
	///
	/// [`grants::Error::NoGrant`] if the patient has granted this doctor nothing, and those of
	/// granting.
	pub async fn extend(&self, doctor: DoctorId, expires_at: Option<Moment>) -> Result<Extended> {
		let own = self.own_agreed_chart().await?;
		let grant = grant_of(&own, doctor).await?;
		if grant.scope == Scope::Records {
			// Their keys stay, so that nothing has to be fetched or sealed again.
			let none = SharedRecords::default();
			let under = ShareUnder::Nothing;
			let call = Call::share_records(doctor, under, none, grant.may_append, expires_at);
			return Ok(Extended::Records(self.conclude(&call).await?));
		}
		let terms = async |own: &OwnChart| {
			let grant = grant_to(own, doctor, Scope::Chart).await?;
			Ok(Terms { may_append: grant.may_append, expires_at })
		};
		Ok(Extended::Chart(self.grant_again(doctor, terms).await?))
	}

	/// Gives the chart a new key if it needs one. Then gives every doctor who waits for one the present key of
	/// the chart, or of the single records, sealed to the own key that the doctor has now: it was new and not
	/// confirmed when the chart's key changed, or has been replaced since.
	pub async fn repair(&self) -> Result<Repaired> {
		let rotation = self.rotate_if_due().await?;
		let renewed = self.renew(waits).await?;
		let resealed = self.reseal().await?;
		Ok(Repaired { rotation, resealed, ..renewed })
	}

	/// Gives the doctors whose grants are `wanted` the present key.
	pub(super) async fn renew(&self, wanted: impl Fn(&GrantInfo) -> bool) -> Result<Repaired> {
		let mut repaired = Repaired::default();
		let own = self.own_agreed_chart().await?;
		let mut grants = grants_of(&own).await?;
		grants.retain(wanted);
		if !grants.is_empty() {
			access::ensure_verified(&own.info)?;
		}
		for GrantInfo { doctor, scope, .. } in grants {
			// Another device may have revoked or changed the grant meanwhile.
			let terms = async |own: &OwnChart| {
				let grant = grant_to(own, doctor, scope).await?;
				Ok(Terms { may_append: grant.may_append, expires_at: grant.expires_at })
			};
			let sealed = match scope {
				Scope::Chart => self.grant_again(doctor, terms).await.map(|granted| granted.grant),
				Scope::Records => {
					let shared = self.share_again(doctor, &[], terms, &unwatched()).await;
					shared.map(|shared| Some(shared.done))
				},
			};
			match sealed {
				Ok(done) => repaired.renewed.extend(done.map(|done| (doctor, done))),
				Err(Error::Grant(grants::Error::NoGrant(_))) => {},
				Err(why) if why.is_unreachable() => return Err(why),
				Err(why) => repaired.problems.push((doctor, why)),
			}
		}
		Ok(repaired)
	}
}

/// The chart's grants, as two nodes have them.
pub(super) async fn grants_of(own: &OwnChart) -> Result<Vec<GrantInfo>> {
	let patient = own.info.id;
	let grants =
		own.agreed.read("who has access", |at| async move { at.all_grants(patient).await });
	Ok(grants.await?)
}

/// The doctor's grant, as two nodes have it.
async fn grant_of(own: &OwnChart, doctor: DoctorId) -> Result<GrantInfo> {
	let patient = own.info.id;
	own.agreed
		.read("the grant", |at| async move { at.grant(patient, doctor).await })
		.await?
		.ok_or(Error::Grant(grants::Error::NoGrant(doctor)))
}

/// As [`grant_of`], if it opens this part of the chart.
async fn grant_to(own: &OwnChart, doctor: DoctorId, scope: Scope) -> Result<GrantInfo> {
	let grant = grant_of(own, doctor).await?;
	match grant.scope == scope {
		true => Ok(grant),
		false => Err(grants::Error::NoGrant(doctor).into()),
	}
}

/// Whether the doctor has access, and not the present key, or not under the own key that the doctor has now.
pub(super) fn waits(grant: &GrantInfo) -> bool {
	let key = grant.access.map(|allowed| allowed.key);
	matches!(key, Ok(KeyStatus::AwaitingPatient | KeyStatus::EarlierKey))
}

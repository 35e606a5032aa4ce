//! Acting for a patient, with the own account and keys.

use super::{Error, Representative, RepresentativeInfo};
use crate::{
	Result, access,
	chain::{Agreed, At, Call, PatientInfo},
	chart::{ChartEpochs, Secrets},
	client::{Client, Done},
	grants::{self, Confirmed, NewTerms, Terms},
	overtaken::Attempts,
	repeated::done_before,
	rotation::seal_epoch,
};
use medblock_primitives::*;

/// A grant for a patient.
#[derive(Debug)]
pub struct GrantedFor {
	/// The grant.
	pub done: Done,
	/// Its terms.
	pub terms: Terms,
	/// Whether the chart needs a new key, which the patient's own device makes. Until then, what was added since it
	/// needs one stays closed to this doctor, and what is added from now on is not.
	pub is_due: bool,
}

/// A revocation for a patient. The chart then needs a new key, which the patient's own device makes.
#[derive(Debug)]
pub struct RevokedFor {
	/// The revocation.
	pub done: Done,
	/// How many nodes say that access is taken back.
	pub confirmed: Confirmed,
}

/// A represented patient's chart: the same on two nodes.
struct ActingChart {
	agreed: Agreed,
	info: PatientInfo,
	secrets: Secrets,
}

impl Client {
	/// The patients that this account's patient represents, as their hospitals have confirmed.
	pub async fn represented(&self, at: &At) -> Result<Vec<Representative>> {
		let own = self.own_chart(at).await?.id;
		let key = at.acting_key(own).await?.map(|key| key.version);
		let mut all = Vec::new();
		// At most 16.
		for info in at.represented(own).await? {
			let epoch = match info.live {
				true => at.known_patient(info.patient).await?.epoch,
				// A door no longer tells.
				false => 0,
			};
			let state = super::State::of(&info, key, epoch);
			all.push(Representative { info, state });
		}
		Ok(all)
	}

	/// No longer acts for a patient.
	pub async fn resign_representation(&self, patient: PatientId) -> Result<Done> {
		let call = Call::resign_representation(patient);
		let sent = self.conclude(&call).await;
		let before = async {
			let at = self.chain().finalized().await?;
			let own = self.own_chart(&at).await?.id;
			let acts = at.represented(own).await?.iter().any(|one| one.patient == patient);
			Ok::<_, crate::Error>((!acts).then(|| done_before(&at, call.name(), Vec::new(), false)))
		};
		self.or_done_before(sent, &["NotRepresentative"], before).await
	}

	/// What the account's patient may do for another, if that includes this.
	///
	/// # Errors
	///
	/// [`Error::NotRepresentative`] and [`Error::OutOfScope`].
	pub async fn ensure_acts_for(
		&self,
		at: &At,
		patient: PatientId,
		scope: Scopes,
	) -> Result<RepresentativeInfo> {
		let own = self.own_chart(at).await?.id;
		let found = at.represented(own).await?.into_iter().find(|one| one.patient == patient);
		let found = found.filter(|one| one.live).ok_or(Error::NotRepresentative(patient))?;
		match found.scopes.include(scope) {
			true => Ok(found),
			false => Err(Error::OutOfScope { patient, scope }.into()),
		}
	}

	/// Lets a doctor see a represented patient's whole chart, and keeps what `terms` do not name of
	/// the doctor's present grant. The chart gets no new key: only the patient's own device makes one.
	///
	/// # Errors
	///
	/// [`Error::AwaitingKey`] if the patient's device has not given the account the chart's present key yet.
	pub async fn grant_for(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		terms: NewTerms,
	) -> Result<GrantedFor> {
		let mut attempts = Attempts::new();
		loop {
			let chart = self.acting_chart(patient).await?;
			let terms = grants::merged(&chart.agreed, patient, doctor, terms, None).await?;
			let call = self.sealed_grant_for(&chart, doctor, terms).await?;
			let is_due = chart.info.sealing_epoch != chart.info.epoch;
			match attempts.settled(self.conclude(&call).await) {
				Ok(Some(done)) => return Ok(GrantedFor { done, terms, is_due }),
				// What was sealed before opens nothing that comes later, or is the same doctor's.
				Ok(None) => {},
				Err(why) if why.is_final() => {
					return Err(Error::PatientsKeyWasOut { patient, why: Box::new(why) }.into());
				},
				Err(why) => return Err(why),
			}
		}
	}

	/// The terms that a doctor's grant would have after [`Client::grant_for`], to show them before.
	pub async fn terms_for(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		terms: NewTerms,
	) -> Result<Terms> {
		let agreed = self.nodes.agreed().await?;
		grants::merged(&agreed, patient, doctor, terms, None).await
	}

	/// Revokes what a represented patient has granted. It goes to all nodes that are known, as one's own
	/// revocation.
	pub async fn revoke_for(&self, patient: PatientId, doctors: &[DoctorId]) -> Result<RevokedFor> {
		let named =
			DoctorIds::try_from(doctors.to_vec()).map_err(|_| grants::Error::TooManyRevoked)?;
		let done = self.conclude(&Call::revoke_access_for(patient, named)).await?;
		let confirmed = self.confirmed(&done);
		Ok(RevokedFor { done, confirmed })
	}

	/// The chart of a patient, for granting access to it.
	async fn acting_chart(&self, patient: PatientId) -> Result<ActingChart> {
		let agreed = self.nodes.agreed().await?;
		let own = self.own_chart(agreed.at()).await?.id;
		self.ensure_acts_for(agreed.at(), patient, Scopes::GRANT).await?;
		let info =
			agreed.read("the chart", |at| async move { at.known_patient(patient).await }).await?;
		ensure_verified(&info)?;
		let epochs = ChartEpochs::agreed(&agreed, patient).await?;
		let given = self.given_key(agreed.at(), patient, own).await?;
		let given = given.ok_or(Error::AwaitingKey(patient))?;
		let secrets =
			Secrets::of_representative(&self.keys, self.genesis(), &info, &given, &epochs)?;
		Ok(ActingChart { agreed, info, secrets })
	}

	/// The call that gives a doctor the chart's present key.
	async fn sealed_grant_for(
		&self,
		chart: &ActingChart,
		doctor: DoctorId,
		terms: Terms,
	) -> Result<Call> {
		let ActingChart { agreed, info, secrets } = chart;
		access::ensure_practising(&agreed.at().known_doctor(doctor).await?)?;
		let (version, key) = self.key_of(agreed, doctor).await?;
		let (patient, epoch) = (info.id, info.epoch);
		let secret = secrets.secret(epoch).ok_or(Error::AwaitingKey(patient))?;
		let sealed = seal_epoch(&key, self.genesis(), info, doctor, version, epoch, secret)?;
		let Terms { may_append, expires_at } = terms;
		Ok(Call::grant_access_for(patient, epoch, sealed, may_append, expires_at))
	}
}

/// Fails for a patient whose chart no one can add to, or grant.
pub(crate) fn ensure_verified(info: &PatientInfo) -> Result<(), Error> {
	match info.standing {
		Standing::Verified => Ok(()),
		_ => Err(Error::PatientSuspended(info.id)),
	}
}

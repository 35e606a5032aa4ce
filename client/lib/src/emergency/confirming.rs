//! A holder's desk: the requests that it can confirm, and passing its share on to the doctor.

use super::{EmergencyInfo, EmergencyOf, EmergencyRequestInfo, Error, divided};
use crate::{
	Result,
	chain::Call,
	client::{Client, Done},
	rotation::sealed_share,
};
use medblock_crypto::{Keeper, SealContext, check_share, seal_share};
use medblock_primitives::*;

impl Client {
	/// The requests that the hospital for which this account verifies people can confirm.
	pub async fn emergencies_asked(&self) -> Result<Vec<EmergencyRequestInfo>> {
		let hospital = self.own_hospital().await?;
		let at = self.chain().finalized().await?;
		let (mut asked, now) = futures::try_join!(at.emergencies_asked(hospital), at.now())?;
		asked.retain(|one| now < one.ends_at);
		asked.sort_by_key(|one| (one.asked_at, one.patient, one.doctor));
		Ok(asked)
	}

	/// A doctor's request, as two nodes have it.
	///
	/// # Errors
	///
	/// [`Error::NotAsked`].
	pub async fn emergency_request(&self, of: EmergencyOf) -> Result<EmergencyRequestInfo> {
		let agreed = self.nodes.agreed().await?;
		let requests = agreed
			.read("who asks for an emergency", |at| async move {
				at.emergency_requests(of.patient).await
			})
			.await?;
		let found = requests.into_iter().find(|one| one.doctor == of.doctor);
		Ok(found.ok_or(Error::NotAsked(of))?)
	}

	/// The last emergencies of a patient, oldest first: for the patient, the desks of the patient's hospital and of the
	/// holders, and the doctors who asked.
	pub async fn emergencies_of(&self, patient: PatientId) -> Result<Vec<EmergencyInfo>> {
		Ok(self.chain().finalized().await?.emergencies(patient).await?)
	}

	/// Confirms a doctor's emergency for the hospital, by sealing the hospital's share to the key with which the doctor has
	/// asked. Two nodes tell that key, and a share that does not fit the plan is passed on to no one.
	///
	/// # Errors
	///
	/// [`Error::NoPlan`], [`Error::NotHolder`], [`Error::NotAsked`], [`Error::AskedWithOtherKey`], [`Error::BadShare`], and those
	/// of the hospital's profile key and of the doctor's.
	pub async fn confirm_emergency(&self, of: EmergencyOf) -> Result<Done> {
		let EmergencyOf { patient, doctor } = of;
		let hospital = self.own_hospital().await?;
		let agreed = self.nodes.agreed().await?;
		let (plan, share, requests) = agreed
			.read("the emergency", |at| async move {
				Ok::<_, crate::Error>((
					at.emergency_plan(patient).await?,
					at.emergency_share(patient, hospital).await?,
					at.emergency_requests(patient).await?,
				))
			})
			.await?;
		let plan = plan.ok_or(Error::NoPlan(patient))?;
		let desk = Delegate::Desk(hospital);
		let place = plan.holders.iter().position(|holder| holder.delegate == desk);
		let holder = place.and_then(|place| Some((place, plan.holders.get(place)?)));
		let ((place, holder), share) = holder.zip(share).ok_or(Error::NotHolder(patient))?;
		let request = requests.into_iter().find(|one| one.doctor == doctor);
		let request = request.ok_or(Error::NotAsked(of))?;
		let (key_version, key) = self.key_of(&agreed, doctor).await?;
		if key_version != request.key_version {
			return Err(Error::AskedWithOtherKey(doctor).into());
		}
		let secret = divided(self.genesis(), patient);
		let keeper = Keeper::Desk(hospital.0);
		let context =
			SealContext::kept_share(&secret, &plan.commitments, keeper, holder.key_version);
		let own = self.kept_share(agreed.at(), desk, holder.key_version, &context, &share).await?;
		check_share(&plan.commitments, place.saturating_add(1), &own)
			.map_err(|_| Error::BadShare(hospital))?;
		let context = SealContext::handed_share(&secret, &plan.commitments, &key);
		let sealed = sealed_share(seal_share(&key, &context, &own)?);
		self.conclude(&Call::confirm_emergency(patient, doctor, key_version, sealed)).await
	}
}

//! A doctor's request for an emergency.

use super::{
	EmergencyInfo, EmergencyOf, EmergencyRequestInfo, Error, desk_of, own::without, plan_of, text,
};
use crate::{
	Result, access,
	chain::{At, Call},
	client::{Client, Done},
};
use medblock_crypto::check_public_key;
use medblock_primitives::*;
use medblock_vault_protocol::door::NOT_YOURS;
use sha2::{Digest, Sha256};

/// A request, and the hospitals that have the doctor's words.
#[derive(Debug)]
pub struct Requested {
	/// The request.
	pub done: Done,
	/// The hospitals whose gateways keep the words for the desk and the patient.
	pub told: Vec<HospitalId>,
	/// The hospitals whose gateways do not, each with the reason. They can confirm all the same.
	pub untold: Vec<(HospitalId, crate::Error)>,
}

/// An emergency of a patient, as the doctor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoctorsEmergency {
	/// The doctor has not asked, or it is over.
	None,
	/// The doctor has asked, and too few hospitals have confirmed it so far.
	Asked(EmergencyRequestInfo),
	/// It is open.
	Open(EmergencyInfo),
}

impl Client {
	/// Asks hospitals to open a patient's chart, for this reason and in these words. The chain has the words' digest; they
	/// are encrypted to the patient and to the hospitals that can confirm it, whose gateways keep them.
	///
	/// # Errors
	///
	/// [`Error::NoPlan`], [`Error::NoText`], [`Error::TextTooLong`], and those of a doctor who can't ask.
	pub async fn request_emergency(
		&self,
		patient: PatientId,
		reason: EmergencyReason,
		words: &str,
	) -> Result<Requested> {
		let words = text::checked(words)?;
		let agreed = self.nodes.agreed().await?;
		let doctor = self.own_practice(agreed.at()).await?;
		let (info, plan) = agreed
			.read("the patient's plan for emergencies", |at| async move {
				let info = at.known_doctor(doctor).await?;
				Ok::<_, crate::Error>((info, at.emergency_plan(patient).await?))
			})
			.await?;
		access::ensure_practising(&info)?;
		let plan = plan.ok_or(Error::NoPlan(patient))?;
		// The doctor reads it again, too.
		let own = self.keys.identity(info.key_version)?.public_key();
		let mut keys = vec![check_public_key(&plan.key)?, own];
		let able = plan.holders.iter().filter(|holder| holder.able);
		let able: Vec<HospitalId> = able.filter_map(desk_of).collect();
		let (mut desks, mut untold) = (Vec::new(), Vec::new());
		for hospital in able {
			match self.delegate_key(&agreed, Delegate::Desk(hospital)).await {
				Ok((_, key)) => {
					keys.push(key);
					desks.push(hospital);
				},
				Err(why) if why.is_unreachable() => return Err(why),
				// A hospital without a usable key reads no words, and must not keep the doctor from asking the others.
				Err(why) => untold.push((hospital, why)),
			}
		}
		let file = text::sealed(&plan_of(self.genesis(), &plan), &keys, words)?;
		let details: [u8; 32] = Sha256::digest(&file).into();
		let done = self.conclude(&Call::request_emergency(patient, reason, details)).await?;
		let mut told = Vec::new();
		if done.receipt().is_some() {
			let of = EmergencyOf { patient, doctor };
			for hospital in desks {
				match self.tell(hospital, of, &details, &file).await {
					Ok(()) => told.push(hospital),
					Err(why) => untold.push((hospital, why)),
				}
			}
		}
		Ok(Requested { done, told, untold })
	}

	async fn tell(
		&self,
		hospital: HospitalId,
		of: EmergencyOf,
		details: &[u8; 32],
		file: &[u8],
	) -> Result<()> {
		self.vault(hospital).await?.put_emergency_text(of.patient, of.doctor, details, file).await
	}

	/// Takes the doctor's request back, or ends the doctor's open emergency before its time.
	///
	/// # Errors
	///
	/// [`Error::NotOpen`] if there is neither.
	pub async fn withdraw_emergency(&self, patient: PatientId) -> Result<Done> {
		let done = self.conclude(&Call::withdraw_emergency_request(patient)).await;
		done.map_err(|why| without(why, Error::NotOpen(patient)))
	}

	/// The doctor's emergency of a patient at a block.
	pub async fn emergency_state(&self, at: &At, patient: PatientId) -> Result<DoctorsEmergency> {
		let doctor = self.own_practice(at).await?;
		let asked =
			futures::try_join!(at.emergencies(patient), at.emergency_requests(patient), at.now());
		let (emergencies, requests, now) = match asked {
			// Doors tell it to doctors who have asked.
			Err(why) if why.of_door().is_some_and(|door| door.code() == NOT_YOURS) => {
				return Ok(DoctorsEmergency::None);
			},
			asked => asked?,
		};
		let open = emergencies.into_iter().rev().find(|one| one.open && one.doctor == doctor);
		let mut waiting = requests.into_iter().filter(|one| now < one.ends_at);
		let request = waiting.find(|one| one.doctor == doctor);
		Ok(match (open, request) {
			(Some(open), _) => DoctorsEmergency::Open(open),
			(None, Some(request)) => DoctorsEmergency::Asked(request),
			(None, None) => DoctorsEmergency::None,
		})
	}
}

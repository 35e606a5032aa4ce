//! Who may leave and read what a doctor tells of an emergency, given the facts of a block.

use super::Authority;
use crate::errors::Refusal;
use medblock_chain::{AccountId, At, Error};
use medblock_primitives::{DoctorId, HospitalId, PatientId};

/// The facts of one block about an account and a patient's emergencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
	/// Whether the account is the patient's.
	is_patient: bool,
	/// Whether the account acts for the doctor who asks.
	is_doctor: bool,
	/// Whether the account is a registrar of this gateway's hospital.
	is_registrar: bool,
	/// Whether the hospital can confirm emergencies of this patient, or has confirmed this one.
	is_holder: bool,
	/// The texts of the patient's emergencies, each with its doctor.
	named: Vec<(DoctorId, [u8; 32])>,
}

impl Facts {
	async fn read(
		at: &At,
		account: &AccountId,
		hospital: HospitalId,
		patient: PatientId,
		doctor: DoctorId,
	) -> Result<Self, Error> {
		let (own, practice, registrar) = tokio::try_join!(
			at.patient_of(*account),
			at.doctor_of(*account),
			at.registrar_of(*account)
		)?;
		let (share, requests, emergencies) = tokio::try_join!(
			at.emergency_share(patient, hospital),
			at.emergency_requests(patient),
			at.emergencies(patient)
		)?;
		let has_confirmed =
			emergencies.iter().any(|one| one.doctor == doctor && one.confirmed.contains(&hospital));
		let asked = requests.iter().map(|one| (one.doctor, one.details));
		let opened = emergencies.iter().map(|one| (one.doctor, one.details));
		Ok(Self {
			is_patient: own == Some(patient),
			is_doctor: practice == Some(doctor),
			is_registrar: registrar == Some(hospital),
			is_holder: share.is_some() || has_confirmed,
			named: asked.chain(opened).collect(),
		})
	}

	/// Whether the account may leave this text, once its request is in the block.
	fn leaves(&self, doctor: DoctorId, digest: &[u8; 32]) -> bool {
		self.is_doctor && self.is_holder && self.named.contains(&(doctor, *digest))
	}

	/// Whether the account may read this text.
	fn reads(&self, doctor: DoctorId, digest: &[u8; 32]) -> bool {
		let is_theirs = self.is_patient || self.is_doctor || (self.is_registrar && self.is_holder);
		is_theirs && self.named.contains(&(doctor, *digest))
	}
}

impl Authority {
	/// Whether the account may leave this text about an emergency here. Returns the digests of all texts about the patient
	/// that the chain names.
	///
	/// The best block decides: a request is told before it is final, and takes nothing from anyone.
	pub async fn leaves_text(
		&self,
		account: &AccountId,
		patient: PatientId,
		doctor: DoctorId,
		digest: &[u8; 32],
	) -> Result<Vec<[u8; 32]>, Refusal> {
		let view = self.view().await?;
		let facts = Facts::read(&view.best, account, self.hospital, patient, doctor).await;
		let facts = facts.map_err(|why| self.nodes.failed(&why))?;
		match facts.leaves(doctor, digest) {
			true => Ok(facts.named.into_iter().map(|(_, digest)| digest).collect()),
			false => Err(Refusal::NotAsked),
		}
	}

	/// Whether the account may read this text, by the best block: it may be the first to know of the request.
	pub async fn reads_text(
		&self,
		account: &AccountId,
		patient: PatientId,
		doctor: DoctorId,
		digest: &[u8; 32],
	) -> Result<(), Refusal> {
		let view = self.view().await?;
		let facts = Facts::read(&view.best, account, self.hospital, patient, doctor).await;
		let facts = facts.map_err(|why| self.nodes.failed(&why))?;
		facts.reads(doctor, digest).then_some(()).ok_or(Refusal::NoSuchText)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const DOCTOR: DoctorId = DoctorId(3);
	const TEXT: [u8; 32] = [7; 32];

	fn asked() -> Facts {
		Facts { is_holder: true, named: vec![(DOCTOR, TEXT)], ..Facts::default() }
	}

	#[test]
	fn only_the_doctor_who_asks_leaves_a_text_and_only_with_a_holder() {
		let doctors = Facts { is_doctor: true, ..asked() };
		assert!(doctors.leaves(DOCTOR, &TEXT));
		assert!(!doctors.leaves(DOCTOR, &[8; 32]), "the chain has another digest");
		assert!(!doctors.leaves(DoctorId(4), &TEXT));
		assert!(!Facts { is_holder: false, ..doctors }.leaves(DOCTOR, &TEXT));
		for other in [
			asked(),
			Facts { is_patient: true, ..asked() },
			Facts { is_registrar: true, ..asked() },
		] {
			assert!(!other.leaves(DOCTOR, &TEXT), "{other:?}");
		}
	}

	#[test]
	fn patient_doctor_and_holders_registrars_read_it() {
		assert!(!asked().reads(DOCTOR, &TEXT), "an account of no one's");
		for reader in [
			Facts { is_patient: true, ..asked() },
			Facts { is_doctor: true, ..asked() },
			Facts { is_registrar: true, ..asked() },
		] {
			assert!(reader.reads(DOCTOR, &TEXT), "{reader:?}");
			assert!(!reader.reads(DOCTOR, &[8; 32]), "one that the chain does not name any more");
			assert!(!reader.reads(DoctorId(4), &TEXT));
		}
		let other = Facts { is_registrar: true, is_holder: false, ..asked() };
		assert!(!other.reads(DOCTOR, &TEXT), "a hospital that the patient did not choose");
	}
}

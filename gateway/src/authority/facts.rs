//! The facts of one block that a decision needs.

use super::Question;
use medblock_chain::{AccountId, At, Error};
use medblock_primitives::*;

/// The facts of one block about an account and a chart.
#[derive(Clone, Debug)]
pub struct Facts {
	/// The patient; none if there is none with this id.
	pub patient: Option<Patient>,
	/// The doctor that the account acts for, and that doctor's access. Not read if the account is the
	/// patient's.
	pub doctor: Option<(DoctorId, Result<Allowed, Denied>)>,
	/// The hospital for which the account is a registrar. Read only where that matters.
	pub registrar: Option<HospitalId>,
	/// The record, for a question about one.
	pub record: Option<Record>,
}

/// A patient, as far as decisions need it.
#[derive(Clone, Debug)]
pub struct Patient {
	/// Whether the account is the patient's.
	pub is_account: bool,
	/// The patient's hospital.
	pub hospital: HospitalId,
	/// The patient's standing with it.
	pub standing: Standing,
	/// The patient's profile.
	pub profile: Option<Document>,
}

impl Facts {
	/// Reads the facts from the block.
	pub async fn read(
		at: &At,
		account: &AccountId,
		patient: PatientId,
		question: Question,
	) -> Result<Self, Error> {
		let index = match question {
			Question::Record(index) => Some(index),
			_ => None,
		};
		let (found, own, record) =
			tokio::try_join!(at.patient(patient), at.patient_of(*account), async {
				match index {
					Some(index) => at.record(patient, index).await,
					None => Ok(None),
				}
			})?;
		let is_account = own == Some(patient);
		let patient_facts = found.map(|found| Patient {
			is_account,
			hospital: found.hospital,
			standing: found.standing,
			profile: found.profile.map(|profile| profile.document),
		});
		let mut facts = Self { patient: patient_facts, doctor: None, registrar: None, record };
		if is_account || question == Question::Disclosures {
			return Ok(facts);
		}
		let asks_registrar = matches!(question, Question::Profile | Question::Upload);
		let (doctor, registrar) = tokio::try_join!(at.doctor_of(*account), async {
			match asks_registrar {
				true => at.registrar_of(*account).await,
				false => Ok(None),
			}
		})?;
		facts.registrar = registrar;
		if let Some(doctor) = doctor {
			facts.doctor = Some((doctor, at.access(patient, doctor, index).await?));
		}
		Ok(facts)
	}
}

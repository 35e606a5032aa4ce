//! The facts of one block that a decision needs.

use super::Question;
use futures::{StreamExt, TryStreamExt, stream};
use medblock_chain::{AccountId, At, Error};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{MAX_PAGE, PatientInfo, RecordInfo};
use std::collections::HashMap;

/// Questions to the node at once.
const AT_ONCE: usize = 16;
/// Records in a row from which on a page of the chart is read.
const ROW: usize = 4;

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
	/// The institution that the account adds records for, and the end of its permission, if it may add to
	/// the chart. Read for uploads alone: it may do nothing else.
	pub deposit: Option<(InstitutionId, Option<Moment>)>,
	/// The record, for a question about one.
	pub record: Option<RecordInfo>,
}

/// A patient, as far as decisions need it.
#[derive(Clone, Debug)]
pub struct Patient {
	/// Whether the account is the patient's.
	pub is_account: bool,
	/// The patient's hospital.
	pub hospital: HospitalId,
	/// The hospital that the patient has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The patient's standing with it.
	pub standing: Standing,
	/// The patient's profile.
	pub profile: Option<Document>,
	/// The vaults of the profile.
	pub profile_vaults: Option<Vaults>,
}

impl Patient {
	fn of(found: PatientInfo<AccountId>, is_account: bool) -> Self {
		Self {
			is_account,
			hospital: found.hospital,
			moving_to: found.moving_to,
			standing: found.standing,
			profile: found.profile.map(|profile| profile.document),
			profile_vaults: found.profile_vaults,
		}
	}
}

impl Facts {
	/// Reads the facts about many records from the block, as [`Self::read`] would for each of them, in their order.
	/// They are given in ascending order.
	pub async fn read_many(
		at: &At,
		account: &AccountId,
		patient: PatientId,
		records: &[RecordIndex],
	) -> Result<Vec<Self>, Error> {
		let (found, own, mut infos) = tokio::try_join!(
			at.patient(patient),
			at.patient_of(*account),
			infos(at, patient, records),
		)?;
		let is_account = own == Some(patient);
		let about = found.map(|found| Patient::of(found, is_account));
		let doctor = if is_account { None } else { at.doctor_of(*account).await? };
		let access = Access::read(at, patient, doctor, records).await?;
		let facts = records.iter().map(|index| Self {
			patient: about.clone(),
			doctor: access.to(*index),
			registrar: None,
			deposit: None,
			record: infos.remove(index),
		});
		Ok(facts.collect())
	}

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
					Some(index) => at.record_info(patient, index).await,
					None => Ok(None),
				}
			})?;
		let is_account = own == Some(patient);
		let patient_facts = found.map(|found| Patient::of(found, is_account));
		let (doctor, registrar, deposit) = (None, None, None);
		let mut facts = Self { patient: patient_facts, doctor, registrar, deposit, record };
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
		if question == Question::Upload
			&& let Some(institution) = at.operator_of(*account).await?
		{
			let deposit = at.deposit(patient, institution).await?.filter(|found| found.live);
			facts.deposit = deposit.map(|found| (institution, found.expires_at));
		}
		if let Some(doctor) = doctor {
			facts.doctor = Some((doctor, at.access(patient, doctor, index).await?));
		}
		Ok(facts)
	}
}

/// A doctor's access to several records.
struct Access {
	doctor: Option<DoctorId>,
	/// The answer that holds for all of them, unless single ones are shared.
	all: Option<Result<Allowed, Denied>>,
	each: HashMap<RecordIndex, Result<Allowed, Denied>>,
}

impl Access {
	async fn read(
		at: &At,
		patient: PatientId,
		doctor: Option<DoctorId>,
		records: &[RecordIndex],
	) -> Result<Self, Error> {
		let mut access = Self { doctor, all: None, each: HashMap::new() };
		let Some(doctor) = doctor else { return Ok(access) };
		let whole = at.access(patient, doctor, None).await?;
		if whole.is_ok_and(|allowed| allowed.scope == Scope::Records) {
			let asking = stream::iter(records.to_vec()).map(|index| async move {
				Ok::<_, Error>((index, at.access(patient, doctor, Some(index)).await?))
			});
			access.each = asking.buffer_unordered(AT_ONCE).try_collect().await?;
		} else {
			// The chain asks about a grant before it looks at a record.
			access.all = Some(whole);
		}
		Ok(access)
	}

	fn to(&self, record: RecordIndex) -> Option<(DoctorId, Result<Allowed, Denied>)> {
		let found = self.all.or_else(|| self.each.get(&record).copied())?;
		Some((self.doctor?, found))
	}
}

/// Several records. Those in a row come with few questions.
async fn infos(
	at: &At,
	patient: PatientId,
	records: &[RecordIndex],
) -> Result<HashMap<RecordIndex, RecordInfo>, Error> {
	let mut found = HashMap::new();
	let mut left = records;
	while let Some(first) = left.first().copied() {
		let row = left.iter().take_while(|index| index.saturating_sub(first) < MAX_PAGE).count();
		let (row, rest) = left.split_at(row);
		left = rest;
		if row.len() < ROW {
			for index in row {
				let info = at.record_info(patient, *index).await?;
				found.extend(info.map(|info| (*index, info)));
			}
			continue;
		}
		let many = row.last().map_or(0, |last| last.saturating_sub(first)).saturating_add(1);
		let page = at.records(patient, first.checked_sub(1), many).await?;
		found.extend(page.items.into_iter().map(|info| (info.index, info)));
	}
	Ok(found)
}

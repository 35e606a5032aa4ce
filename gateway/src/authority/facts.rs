//! The facts of one block that a decision needs.

use super::Question;
use futures::{StreamExt, TryStreamExt, stream};
use medblock_chain::{AccountId, At, Error};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::{MAX_PAGE, PatientInfo, RecordInfo};
use std::collections::{BTreeSet, HashMap};

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
	/// Whether it is an emergency that gives the doctor this access, and not a grant.
	pub is_emergency: bool,
	/// The patient that the account acts for, and the end of that, if this patient represents the chart's, and may read
	/// what is asked about, or add what is uploaded.
	pub representative: Option<(PatientId, Option<Moment>)>,
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
		let representative = match own {
			Some(own) if !is_account => who_sees(at, patient, own).await?,
			_ => None,
		};
		let is_reader = is_account || representative.is_some();
		let doctor = if is_reader { None } else { at.doctor_of(*account).await? };
		let access = Access::read(at, patient, doctor, records).await?;
		let facts = records.iter().map(|index| Self {
			patient: about.clone(),
			doctor: access.to(*index),
			is_emergency: access.is_of_emergency(*index),
			representative,
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
		let (doctor, representative, registrar, deposit) = (None, None, None, None);
		let is_emergency = false;
		let mut facts = Self {
			patient: patient_facts,
			doctor,
			is_emergency,
			representative,
			registrar,
			deposit,
			record,
		};
		if is_account || question == Question::Disclosures {
			return Ok(facts);
		}
		if let Some(own) = own {
			facts.representative = match question {
				Question::Upload => who_adds(at, patient, own).await?,
				_ => who_sees(at, patient, own).await?,
			};
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
			let access = at.access(patient, doctor, index).await?;
			if may_be_of_emergency(&access).is_some() {
				let ends = Ends::read(at, patient, doctor).await?;
				facts.is_emergency = ends.are_of_emergency(&access, index);
			}
			facts.doctor = Some((doctor, access));
		}
		Ok(facts)
	}
}

/// The patient `own`, and the end of the representation, if they may see another's chart.
async fn who_sees(
	at: &At,
	patient: PatientId,
	own: PatientId,
) -> Result<Option<(PatientId, Option<Moment>)>, Error> {
	let allowed = at.representative_access(patient, own, None).await?;
	Ok(allowed.ok().map(|allowed| (own, allowed.until)))
}

/// The same, if they may add to it, for which they need not see it.
async fn who_adds(
	at: &At,
	patient: PatientId,
	own: PatientId,
) -> Result<Option<(PatientId, Option<Moment>)>, Error> {
	let mut named = at.representatives(patient).await?.into_iter();
	let found = named.find(|one| one.representative == own);
	let found = found.filter(|one| one.live && one.scopes.include(Scopes::ADD));
	Ok(found.map(|one| (own, one.until)))
}

/// A doctor's access to several records.
struct Access {
	doctor: Option<DoctorId>,
	/// The answer that holds for all of them, unless single ones are shared.
	all: Option<Result<Allowed, Denied>>,
	each: HashMap<RecordIndex, Result<Allowed, Denied>>,
	ends: Ends,
}

impl Access {
	async fn read(
		at: &At,
		patient: PatientId,
		doctor: Option<DoctorId>,
		records: &[RecordIndex],
	) -> Result<Self, Error> {
		let ends = Ends::default();
		let mut access = Self { doctor, all: None, each: HashMap::new(), ends };
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
		let mut found = access.all.iter().chain(access.each.values());
		if found.any(|access| may_be_of_emergency(access).is_some()) {
			access.ends = Ends::read(at, patient, doctor).await?;
		}
		Ok(access)
	}

	fn is_of_emergency(&self, record: RecordIndex) -> bool {
		let found = self.to(record);
		found.is_some_and(|(_, access)| self.ends.are_of_emergency(&access, Some(record)))
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

/// The end of an emergency that is open for a doctor, and the doctor's grant.
#[derive(Clone, Debug, Default)]
struct Ends {
	emergency: Option<Moment>,
	/// The part of the chart that the grant opens, and its end, if it has one.
	grant: Option<(Scope, Option<Moment>)>,
	/// The records that a grant to single ones opens.
	shared: BTreeSet<RecordIndex>,
}

impl Ends {
	async fn read(at: &At, patient: PatientId, doctor: DoctorId) -> Result<Self, Error> {
		let emergencies = at.emergencies(patient).await?;
		let open = emergencies.iter().rev().find(|one| one.open && one.doctor == doctor);
		let Some(emergency) = open.map(|one| one.until) else { return Ok(Self::default()) };
		let (grant, share) =
			tokio::try_join!(at.grant(patient, doctor), at.share(patient, doctor))?;
		let grant = grant.map(|grant| (grant.scope, grant.expires_at));
		let shared = share.records.iter().map(|one| one.record).collect();
		Ok(Self { emergency: Some(emergency), grant, shared })
	}

	/// Whether the access, to this record if to one, is an emergency's. The end of the doctor's licence may come first.
	fn are_of_emergency(
		&self,
		access: &Result<Allowed, Denied>,
		record: Option<RecordIndex>,
	) -> bool {
		let Some((scope, end)) = may_be_of_emergency(access) else { return false };
		let is_granted = self.grant.is_some_and(|(granted, until)| {
			let reaches = match (granted, scope) {
				(Scope::Chart, _) => true,
				// A grant to single records opens these alone, and the emergency the others.
				(Scope::Records, Scope::Records) => {
					record.is_none_or(|record| self.shared.contains(&record))
				},
				(Scope::Records, Scope::Chart) => false,
			};
			// As long as it lasts, a grant comes before the emergency.
			reaches && until.is_none_or(|until| end <= until)
		});
		!is_granted && self.emergency.is_some_and(|open| end <= open)
	}
}

/// The scope and the end of an access that an emergency may give: one whose keys are not the chart's present ones. A
/// doctor may add by a grant all the same.
fn may_be_of_emergency(access: &Result<Allowed, Denied>) -> Option<(Scope, Moment)> {
	match access {
		Ok(Allowed {
			scope,
			until: Some(end),
			key: KeyStatus::AwaitingPatient | KeyStatus::Shared,
			..
		}) => Some((*scope, *end)),
		_ => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// A record that a grant to single ones opens, and one that it does not.
	const SHARED: Option<RecordIndex> = Some(1);
	const OTHER: Option<RecordIndex> = Some(2);

	fn open(grant: Option<(Scope, Option<Moment>)>) -> Ends {
		Ends { emergency: Some(100), grant, shared: SHARED.into_iter().collect() }
	}

	fn access(scope: Scope, until: Option<Moment>) -> Result<Allowed, Denied> {
		let key = match scope {
			Scope::Chart => KeyStatus::AwaitingPatient,
			Scope::Records => KeyStatus::Shared,
		};
		Ok(Allowed { scope, may_append: false, until, key })
	}

	#[test]
	fn access_of_an_emergency_is_told_from_a_grants() {
		for scope in [Scope::Chart, Scope::Records] {
			let ends = open(None);
			let is_of = |until| ends.are_of_emergency(&access(scope, until), OTHER);
			assert!(is_of(Some(100)));
			assert!(is_of(Some(90)), "the licence ends before");
			assert!(!is_of(Some(101)));
			assert!(!is_of(None), "an emergency always ends");
			assert!(!Ends::default().are_of_emergency(&access(scope, Some(100)), OTHER));
		}
		let (may_append, until) = (false, Some(100));
		let current = Allowed { scope: Scope::Chart, may_append, until, key: KeyStatus::Current };
		assert!(!open(None).are_of_emergency(&Ok(current), OTHER));
		assert!(!open(None).are_of_emergency(&Err(Denied::NotGranted), OTHER));
	}

	#[test]
	fn grant_to_single_records_is_told_from_an_emergency_beside_it() {
		let shared = |until| open(Some((Scope::Records, until)));
		let single = |until| access(Scope::Records, Some(until));
		assert!(!shared(Some(90)).are_of_emergency(&single(90), SHARED));
		assert!(shared(Some(90)).are_of_emergency(&single(100), SHARED), "the grant is over");
		// The licence ends before both, or both end together.
		for (until, end) in [(None, 80), (Some(90), 80), (Some(200), 80), (Some(100), 100)] {
			assert!(!shared(until).are_of_emergency(&single(end), SHARED), "{until:?} {end}");
			assert!(shared(until).are_of_emergency(&single(end), OTHER), "{until:?} {end}");
		}
		let chart = access(Scope::Chart, Some(100));
		for until in [None, Some(90), Some(100), Some(200)] {
			let is_of = shared(until).are_of_emergency(&chart, OTHER);
			assert!(is_of, "the grant opens no more than single records");
		}
	}

	#[test]
	fn who_may_add_by_a_grant_reads_in_an_emergency_all_the_same() {
		let ends = open(Some((Scope::Records, None)));
		let adds = access(Scope::Chart, Some(100)).map(|one| Allowed { may_append: true, ..one });
		assert!(ends.are_of_emergency(&adds, OTHER));
	}

	#[test]
	fn grant_to_the_whole_chart_comes_before_an_emergency() {
		let ends_at_80 = access(Scope::Chart, Some(80));
		let is_of = |until| {
			let ends = open(Some((Scope::Chart, until)));
			ends.are_of_emergency(&ends_at_80, OTHER)
		};
		assert!(!is_of(None), "by the licence");
		assert!(!is_of(Some(90)), "by the licence");
		assert!(!is_of(Some(80)));
		assert!(is_of(Some(20)), "the grant is over");
	}
}

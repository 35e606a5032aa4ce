//! The chain's data in the shapes of the contract, with doctors' names where people want them.

use crate::failure::{Failure, sentence_of};
use medblock_client::{
	Done,
	chain::{At, DoctorInfo, HospitalInfo, PatientInfo},
	medblock_primitives::{
		self as primitives, Denied, DoctorId, HospitalId, InstitutionId, KeyStatus, Moment,
		PatientId, RecordIndex, RegistrationMode, Scope, Standing,
	},
	names, profiles,
};
use medblock_views::{Account, BlockHash, BlockRef, Time};
use pallet_consortium_runtime_api::SeatStatus;
use pallet_medical_records_runtime_api::GrantInfo;
use serde::{Deserialize, Serialize};

/// A block, by its number and its hash.
pub(crate) fn block(at: &At) -> BlockRef {
	BlockRef { number: at.number(), hash: BlockHash(at.hash().0) }
}

/// Text that someone put on the chain.
pub(crate) fn text(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

/// A transaction in a final block.
#[derive(Serialize)]
pub(crate) struct Receipt {
	call: String,
	block: BlockRef,
}

/// The receipt of a call that was submitted.
pub(crate) fn receipt(done: &Done) -> Option<Receipt> {
	let found = done.receipt()?;
	let block = BlockRef { number: found.number, hash: BlockHash(found.block.0) };
	Some(Receipt { call: found.call.clone(), block })
}

/// A numeric field of an event of a call.
pub(crate) fn number(done: &Done, event: &str, field: &str) -> Option<u32> {
	done.receipt()?.event(event)?.number(field)
}

/// A reason why a doctor may not do something.
#[derive(Serialize)]
pub(crate) struct Denial {
	reason: Denied,
	sentence: String,
}

impl From<Denied> for Denial {
	fn from(reason: Denied) -> Self {
		Self { reason, sentence: sentence_of(reason.sentence()) }
	}
}

/// A hospital.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hospital {
	hospital: HospitalId,
	name: String,
	gateway: String,
	controller: Account,
	registration: RegistrationMode,
	registrars: u32,
	active: bool,
}

impl From<HospitalInfo> for Hospital {
	fn from(info: HospitalInfo) -> Self {
		Self {
			hospital: info.id,
			name: text(&info.name),
			gateway: text(&info.gateway),
			controller: Account::new(info.controller),
			registration: info.registration,
			registrars: info.registrars,
			active: info.seat != SeatStatus::Expelled,
		}
	}
}

/// When a registration lapses.
fn lapses(standing: Standing, registered_at: Moment, period: Moment) -> Option<Time> {
	(standing == Standing::Pending).then(|| registered_at.saturating_add(period).into())
}

/// A patient, as the chain knows them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Patient {
	patient: PatientId,
	account: Account,
	pub(crate) hospital: HospitalId,
	standing: Standing,
	registered_at: Time,
	lapses_at: Option<Time>,
	moving_to: Option<HospitalId>,
	vault: HospitalId,
	mirror: Option<HospitalId>,
	has_profile: bool,
	records: u32,
	grants: u32,
	due_for_rotation: bool,
}

impl Patient {
	/// A patient, with the time that hospitals have to verify registrations.
	pub(crate) fn new(info: &PatientInfo, period: Moment) -> Self {
		Self {
			patient: info.id,
			account: Account::new(info.account),
			hospital: info.hospital,
			standing: info.standing,
			registered_at: info.registered_at.into(),
			lapses_at: lapses(info.standing, info.registered_at, period),
			moving_to: info.moving_to,
			vault: info.vault,
			mirror: info.mirror,
			has_profile: info.profile.is_some(),
			records: info.records,
			grants: info.grants,
			due_for_rotation: info.sealing_epoch != info.epoch,
		}
	}
}

/// A patient's personal data.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Profile {
	name: String,
	birth_date: Option<String>,
	contact: Option<String>,
}

impl From<profiles::Profile> for Profile {
	fn from(profile: profiles::Profile) -> Self {
		Self {
			name: profile.name.clone(),
			birth_date: profile.birth_date.clone(),
			contact: profile.contact.clone(),
		}
	}
}

impl From<Profile> for profiles::Profile {
	fn from(profile: Profile) -> Self {
		let Profile { name, birth_date, contact } = profile;
		Self { name, birth_date, contact }
	}
}

/// A doctor's own entry in the directory.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Practice {
	name: String,
	specialty: String,
	qualification: String,
	practising_since: u16,
}

impl From<primitives::DoctorProfile> for Practice {
	fn from(profile: primitives::DoctorProfile) -> Self {
		Self {
			name: text(&profile.name),
			specialty: text(&profile.specialty),
			qualification: text(&profile.qualification),
			practising_since: profile.practising_since,
		}
	}
}

impl From<Practice> for profiles::Practice {
	fn from(practice: Practice) -> Self {
		let Practice { name, specialty, qualification, practising_since } = practice;
		Self { name, specialty, qualification, practising_since }
	}
}

/// A doctor, as the directory shows them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Doctor {
	doctor: DoctorId,
	account: Account,
	pub(crate) hospital: HospitalId,
	pub(crate) standing: Standing,
	registered_at: Time,
	lapses_at: Option<Time>,
	pub(crate) moving_to: Option<HospitalId>,
	practises: bool,
	problem: Option<Denial>,
	licence_expires: Option<Time>,
	entry: Option<Practice>,
	details: String,
	key_version: u32,
	pub(crate) key_confirmed: bool,
}

impl Doctor {
	/// A doctor, with the time that hospitals have to verify registrations.
	pub(crate) fn new(info: DoctorInfo, period: Moment) -> Self {
		Self {
			doctor: info.id,
			account: Account::new(info.account),
			hospital: info.hospital,
			standing: info.standing,
			registered_at: info.registered_at.into(),
			lapses_at: lapses(info.standing, info.registered_at, period),
			moving_to: info.moving_to,
			practises: info.practises.is_ok(),
			problem: info.practises.err().map(Into::into),
			licence_expires: info.licence_expires.map(Into::into),
			entry: info.profile.map(Into::into),
			details: text(&info.details),
			key_version: info.key_version,
			key_confirmed: info.vouched_version == info.key_version,
		}
	}
}

/// What a doctor may do, by a patient's grant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Grant {
	pub(crate) patient: PatientId,
	doctor: DoctorId,
	doctor_name: Option<String>,
	pub(crate) scope: Scope,
	records: Option<Vec<RecordIndex>>,
	may_append: bool,
	expires_at: Option<Time>,
	granted_at: Time,
	appends_left: u32,
	pub(crate) active: bool,
	denial: Option<Denial>,
	key: Option<KeyStatus>,
}

impl Grant {
	pub(crate) fn new(info: &GrantInfo, doctor_name: Option<String>) -> Self {
		let allowed = info.access.as_ref().ok();
		Self {
			patient: info.patient,
			doctor: info.doctor,
			doctor_name,
			scope: info.scope,
			records: None,
			may_append: info.may_append,
			expires_at: info.expires_at.map(Into::into),
			granted_at: info.granted_at.into(),
			appends_left: info.appends_left,
			active: allowed.is_some(),
			denial: info.access.as_ref().err().map(|why| (*why).into()),
			key: allowed.map(|allowed| allowed.key),
		}
	}

	/// The same, with the single records that it opens.
	pub(crate) fn with(self, records: Vec<RecordIndex>) -> Self {
		Self { records: Some(records), ..self }
	}
}

/// The author of a record.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Author {
	Patient,
	Doctor { doctor: DoctorId, name: Option<String> },
	Institution { institution: InstitutionId, name: Option<String> },
	Representative { representative: PatientId },
}

/// Doctors' and institutions' names at a block, each asked for once.
pub(crate) struct Names<'a>(names::Names<'a>);

impl<'a> Names<'a> {
	pub(crate) fn new(at: &'a At) -> Self {
		Self(names::Names::new(at))
	}

	/// A doctor's name, unless there is none.
	pub(crate) async fn of(&mut self, doctor: DoctorId) -> Result<Option<String>, Failure> {
		Ok(self.0.of_doctor(doctor).await?)
	}

	/// An institution's name, unless there is none.
	async fn of_institution(
		&mut self,
		institution: InstitutionId,
	) -> Result<Option<String>, Failure> {
		Ok(self.0.of_institution(institution).await?)
	}

	/// An author, by name.
	pub(crate) async fn author(&mut self, author: primitives::Author) -> Result<Author, Failure> {
		Ok(match author {
			primitives::Author::Patient => Author::Patient,
			primitives::Author::Doctor(doctor) => {
				Author::Doctor { doctor, name: self.of(doctor).await? }
			},
			primitives::Author::Institution(institution) => {
				Author::Institution { institution, name: self.of_institution(institution).await? }
			},
			primitives::Author::Representative(representative) => {
				Author::Representative { representative }
			},
		})
	}
}

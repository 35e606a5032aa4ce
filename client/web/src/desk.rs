//! The people at a hospital's desk: those who wait, and each one's page.

use crate::{
	failure::{Failure, NO_ADDRESS},
	people::{Doctor, Patient, Practice, Profile},
	running::{Outcome, read, until, value, watched},
	session::Session,
};
use futures::{StreamExt, stream};
use js_sys::Function;
use medblock_client::{
	Error, Told,
	chain::{self, AccountId, DoctorInfo, PatientInfo},
	medblock_primitives::{
		DoctorId, DoctorProfile, HospitalId, Moment, PatientId, Person, Standing,
	},
	profiles::{self, profile_digest},
	standing::Pending,
	vault::unwatched,
};
use medblock_views::{AccountChange, Hex};
use pallet_medical_records_runtime_api::ProposalInfo;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The number of people that are asked for at the same time.
const AT_ONCE: usize = 4;

/// The most patients of other hospitals whose names the queue reads: anyone can ask to move.
const MOST_MOVERS: usize = 50;

/// A patient at the desk.
#[derive(Serialize)]
pub(crate) struct DeskPatient {
	#[serde(flatten)]
	patient: Patient,
	profile: Option<Profile>,
	problem: Option<Failure>,
	wants: Option<&'static str>,
}

impl DeskPatient {
	/// A patient of the own hospital.
	pub(crate) fn new(
		patient: Patient,
		profile: Option<Profile>,
		problem: Option<Failure>,
		standing: Standing,
	) -> Self {
		Self { patient, profile, problem, wants: wants(standing, false) }
	}
}

/// A doctor at the desk.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeskDoctor {
	#[serde(flatten)]
	doctor: Doctor,
	key_digest: Option<Hex<32>>,
	/// The digest of the entry that is shown, by which it is confirmed.
	profile_digest: Option<Hex<32>>,
	proposal: Option<Proposal>,
	wants: Option<&'static str>,
}

/// The change that a doctor proposes to the entry.
#[derive(Serialize)]
struct Proposal {
	entry: Practice,
	digest: Hex<32>,
}

impl From<DoctorProfile> for Proposal {
	fn from(profile: DoctorProfile) -> Self {
		Self { digest: Hex(profile_digest(&profile)), entry: profile.into() }
	}
}

/// What the doctors of a hospital propose.
type Proposals = BTreeMap<DoctorId, DoctorProfile>;

/// Those who wait.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Queue {
	patients: Vec<DeskPatient>,
	doctors: Vec<DeskDoctor>,
	account_changes: Vec<AccountChange>,
}

/// A patient or a doctor.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Named {
	Patient { patient: u32 },
	Doctor { doctor: u32 },
}

impl From<Named> for Person {
	fn from(named: Named) -> Self {
		match named {
			Named::Patient { patient } => Self::Patient(PatientId(patient)),
			Named::Doctor { doctor } => Self::Doctor(DoctorId(doctor)),
		}
	}
}

impl From<Person> for Named {
	fn from(person: Person) -> Self {
		match person {
			Person::Patient(patient) => Self::Patient { patient: patient.0 },
			Person::Doctor(doctor) => Self::Doctor { doctor: doctor.0 },
		}
	}
}

/// A person by number or by account.
#[derive(Deserialize)]
#[serde(untagged)]
enum Sought {
	Number(u32),
	Account(String),
}

#[wasm_bindgen]
impl Session {
	/// Those who wait for the account's hospital, the oldest first.
	pub async fn queue(&self, signal: Option<AbortSignal>, progress: Option<Function>) -> Outcome {
		let asking = async {
			let (at, period) = (self.at().await?, self.period().await?);
			let hospital = self.client.own_hospital().await?;
			let Pending { mut patients, mut doctors, keys, proposals, account_changes } =
				self.client.pending(&at).await?;
			let proposals = by_doctor(proposals);
			for info in keys {
				if doctors.iter().all(|one| one.id != info.id) {
					doctors.push(info);
				}
			}
			for doctor in proposals.keys() {
				if doctors.iter().all(|info| info.id != *doctor) {
					doctors.push(at.known_doctor(*doctor).await?);
				}
			}
			patients.sort_by_key(|info| info.registered_at);
			doctors.sort_by_key(|info| info.registered_at);
			let progress = watched(progress);
			let total = (patients.len() as u64).saturating_add(doctors.len() as u64);
			let account_changes = account_changes.into_iter().map(AccountChange::from).collect();
			let mut queue = Queue { patients: Vec::new(), doctors: Vec::new(), account_changes };
			let mut movers = 0_usize;
			let patients = patients.into_iter().map(|info| {
				movers += usize::from(info.hospital != hospital);
				(info.hospital == hospital || movers <= MOST_MOVERS, info)
			});
			let mut shown = stream::iter(patients.collect::<Vec<_>>())
				.map(|(reads, info)| async move {
					if !reads {
						let patient = Patient::new(&info, period);
						return DeskPatient {
							patient,
							profile: None,
							problem: None,
							wants: Some("move"),
						};
					}
					let profile = self.client.profile_at_desk(&info).await;
					self.desk_patient(info, profile, hospital, period)
				})
				.buffered(AT_ONCE);
			while let Some(patient) = shown.next().await {
				queue.patients.push(patient);
				progress(queue.patients.len() as u64, total);
			}
			let mut shown = stream::iter(doctors)
				.map(|info| {
					// A doctor's own page has the key of one who asks to move.
					let reads = info.hospital == hospital;
					self.desk_doctor(info, hospital, period, &proposals, reads)
				})
				.buffered(AT_ONCE);
			while let Some(doctor) = shown.next().await {
				queue.doctors.push(doctor?);
				let done = (queue.patients.len() as u64).saturating_add(queue.doctors.len() as u64);
				progress(done, total);
			}
			value(&queue)
		};
		until(signal, asking).await
	}

	/// A patient of the own hospital, or one who asks to move there.
	#[wasm_bindgen(js_name = deskPatient)]
	pub async fn patient_at_desk(&self, sought: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let sought: Sought = read(sought)?;
		let asking = async {
			let (at, period) = (self.at().await?, self.period().await?);
			let hospital = self.client.own_hospital().await?;
			let patient = match sought {
				Sought::Number(number) => PatientId(number),
				Sought::Account(address) => {
					let account = account(&address)?;
					let found = self.client.patient_with_account(&at, hospital, account).await?;
					found.ok_or_else(|| {
						let sentence = "no patient has this account";
						Failure::of("invalid", Told::new("web.no-patients-account", sentence))
					})?
				},
			};
			let info = at.known_patient(patient).await?;
			ensure_ours("patient", patient.0, hospital, info.hospital, info.moving_to)?;
			// Who opens one person's page looks at that person.
			let profile = self.client.profile(patient, &unwatched()).await;
			value(&self.desk_patient(info, profile, hospital, period))
		};
		until(signal, asking).await
	}

	/// A doctor of the own hospital, or one who asks to move there.
	#[wasm_bindgen(js_name = deskDoctor)]
	pub async fn doctor_at_desk(&self, sought: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let sought: Sought = read(sought)?;
		let asking = async {
			let (at, period) = (self.at().await?, self.period().await?);
			let hospital = self.client.own_hospital().await?;
			let doctor = match sought {
				Sought::Number(number) => DoctorId(number),
				Sought::Account(address) => {
					let found = at.doctor_of(account(&address)?).await?;
					found.ok_or_else(|| {
						let sentence = "no doctor has this account";
						Failure::of("invalid", Told::new("web.no-doctors-account", sentence))
					})?
				},
			};
			let info = at.known_doctor(doctor).await?;
			ensure_ours("doctor", doctor.0, hospital, info.hospital, info.moving_to)?;
			let proposals = by_doctor(at.proposed_profiles(hospital).await?);
			value(&self.desk_doctor(info, hospital, period, &proposals, true).await?)
		};
		until(signal, asking).await
	}

	/// The own hospital's doctors.
	#[wasm_bindgen(js_name = deskDoctors)]
	pub async fn doctors_at_desk(&self, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let (period, hospital) = (self.period().await?, self.client.own_hospital().await?);
			let mut all = self.client.directory().await?;
			all.retain(|info| info.hospital == hospital);
			let proposals = by_doctor(self.at().await?.proposed_profiles(hospital).await?);
			let mut shown = stream::iter(all)
				.map(|info| self.desk_doctor(info, hospital, period, &proposals, true))
				.buffered(AT_ONCE);
			let mut doctors = Vec::new();
			while let Some(doctor) = shown.next().await {
				doctors.push(doctor?);
			}
			value(&doctors)
		};
		until(signal, asking).await
	}
}

impl Session {
	/// A patient, with the profile or the reason why it can't be read.
	fn desk_patient(
		&self,
		info: PatientInfo,
		read: Result<profiles::Profile, Error>,
		hospital: HospitalId,
		period: Moment,
	) -> DeskPatient {
		let (profile, problem) = match (read, &info.profile) {
			(_, None) => (None, None),
			(Ok(profile), _) => (Some(profile.into()), None),
			(Err(why), _) => (None, Some(why.into())),
		};
		let wants = wants(info.standing, info.moving_to == Some(hospital));
		DeskPatient { patient: Patient::new(&info, period), profile, problem, wants }
	}

	/// A doctor; if `reads`, with the digest of the published key.
	async fn desk_doctor(
		&self,
		info: DoctorInfo,
		hospital: HospitalId,
		period: Moment,
		proposals: &Proposals,
		reads: bool,
	) -> Result<DeskDoctor, Failure> {
		let digest = if reads { self.key_digest(info.id).await? } else { None };
		let moves = info.moving_to == Some(hospital);
		let mut wants = wants(info.standing, moves);
		let proposal = proposals.get(&info.id).cloned().map(Proposal::from);
		let profile_digest = info.profile.as_ref().map(|profile| Hex(profile_digest(profile)));
		let doctor = Doctor::new(info, period);
		if wants.is_none() && doctor.standing == Standing::Verified && !doctor.key_confirmed {
			wants = Some("key-confirmation");
		} else if wants.is_none() && proposal.is_some() {
			wants = Some("entry-confirmation");
		}
		Ok(DeskDoctor { doctor, key_digest: digest, profile_digest, proposal, wants })
	}

	/// The digest of a doctor's published key, if two nodes agree on it.
	async fn key_digest(&self, doctor: DoctorId) -> Result<Option<Hex<32>>, Failure> {
		match self.client.published_key_digest(doctor).await {
			Ok(digest) => Ok(Some(Hex(digest))),
			// A rejected doctor has none.
			Err(Error::Chain(chain::Error::NoSuchDoctor(_))) => Ok(None),
			Err(why) if why.is_unreachable() => Ok(None),
			Err(Error::Chain(chain::Error::OneNode)) => Ok(None),
			Err(why) => Err(why.into()),
		}
	}
}

fn by_doctor(proposals: Vec<ProposalInfo>) -> Proposals {
	proposals.into_iter().map(|one| (one.doctor, one.profile)).collect()
}

/// What a person waits for.
fn wants(standing: Standing, moves: bool) -> Option<&'static str> {
	match standing {
		_ if moves => Some("move"),
		Standing::Pending => Some("verification"),
		_ => None,
	}
}

/// Fails for a person of another hospital.
fn ensure_ours(
	who: &str,
	number: u32,
	ours: HospitalId,
	theirs: HospitalId,
	moving_to: Option<HospitalId>,
) -> Result<(), Failure> {
	if theirs == ours || moving_to == Some(ours) {
		return Ok(());
	}
	let sentence = format!("{who} {number} is with hospital {}", theirs.0);
	let code = if who == "doctor" { "web.doctor-elsewhere" } else { "web.patient-elsewhere" };
	let told = Told::new(code, sentence).with("number", number).with("hospital", theirs.0);
	Err(Failure::of("denied", told))
}

/// The account with an address that was typed.
pub(crate) fn account(address: &str) -> Result<AccountId, Failure> {
	let wrong = |_| Failure::of("invalid", Told::new("web.no-address", NO_ADDRESS));
	address.trim().parse().map_err(wrong)
}

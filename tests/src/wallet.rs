//! People with a wallet and no client of ours: what they send is well formed, and opens nothing.

use crate::{
	Chain,
	forms::{chart_keys, document, public_key, sealed_key},
	well_known,
};
use codec::Encode;
use medblock_primitives::*;
use medblock_runtime::{AccountId, Hash, Runtime, RuntimeCall, RuntimeEvent};
use pallet_medical_records::{Call, Event};
use pallet_medical_records_runtime_api::{DoctorInfo, PatientInfo};
use sp_core::{Pair, sr25519};
use sp_io::hashing::sha2_256;

/// The registrars of the four hospitals.
const REGISTRARS: [&str; 4] = ["Alice//stash", "Bob//stash", "Charlie//stash", "Dave//stash"];

/// A person with the key of a name.
pub struct Wallet<'a> {
	chain: &'a Chain,
	key: sr25519::Pair,
}

impl<'a> Wallet<'a> {
	/// The person with the key of this name, at a node.
	pub fn new(chain: &'a Chain, name: &str) -> Self {
		Self { chain, key: well_known(name) }
	}

	/// The registrar of a hospital.
	pub fn registrar(chain: &'a Chain, hospital: HospitalId) -> Self {
		Self::new(chain, REGISTRARS[hospital.0 as usize])
	}

	/// Sends a call, which has to succeed; gives its final block.
	pub async fn sends(&self, call: Call<Runtime>) -> Hash {
		self.chain.send(&self.key, RuntimeCall::from(call)).await
	}

	/// Registers as a patient, and is verified.
	pub async fn patient(&self, hospital: HospitalId) -> PatientId {
		let keys = chart_keys(0);
		let block = self.sends(Call::register_patient { hospital, keys, profile: None }).await;
		let patient = self.registered(block, |event, own| match event {
			Event::PatientRegistered { patient, account, .. } if account == *own => Some(patient),
			_ => None,
		});
		let patient = patient.await;
		Self::registrar(self.chain, hospital).sends(Call::verify_patient { patient }).await;
		patient
	}

	/// Registers as a doctor, and is verified.
	pub async fn doctor(&self, hospital: HospitalId) -> DoctorId {
		let text = |text: &str| text.as_bytes().to_vec().try_into().expect("short");
		let profile = DoctorProfile {
			name: text("Dr. Ada"),
			specialty: text("cardiology"),
			qualification: text("MD"),
			practising_since: 2001,
		};
		let (suite, key) = (SUITE_X_WING, public_key());
		let (key_digest, profile_digest) = (sha2_256(&key), profile.using_encoded(sha2_256));
		let block = self.sends(Call::register_doctor { hospital, profile, suite, key }).await;
		let doctor = self.registered(block, |event, own| match event {
			Event::DoctorRegistered { doctor, account, .. } if account == *own => Some(doctor),
			_ => None,
		});
		let doctor = doctor.await;
		let verify =
			Call::verify_doctor { doctor, key_digest, profile_digest, licence_expires: None };
		Self::registrar(self.chain, hospital).sends(verify).await;
		doctor
	}

	/// The id that was given out in a block to this account.
	async fn registered<Id>(
		&self,
		block: Hash,
		id: impl Fn(Event<Runtime>, &AccountId) -> Option<Id>,
	) -> Id {
		let own = AccountId::from(self.key.public());
		let events = self.chain.events(block).await;
		let found = events.into_iter().find_map(|event| match event {
			RuntimeEvent::MedicalRecords(event) => id(event, &own),
			_ => None,
		});
		found.expect("a registration")
	}

	async fn asks<T: codec::Decode>(&self, function: &str, argument: impl Encode) -> T {
		let (hash, _) = self.chain.finalized().await;
		self.chain.ask(&format!("MedicalRecordsApi_{function}"), argument, hash).await
	}

	async fn own_chart(&self) -> PatientInfo<AccountId> {
		let account = AccountId::from(self.key.public());
		let patient: Option<PatientId> = self.asks("patient_of", account).await;
		let found: Option<_> = self.asks("patient", patient.expect("a patient")).await;
		found.expect("a patient")
	}

	async fn key_for(&self, doctor: DoctorId) -> KeyForDoctor {
		let found: Option<DoctorInfo<AccountId>> = self.asks("doctor", doctor).await;
		let key_version = found.expect("a doctor").key_version;
		KeyForDoctor { doctor, key_version, key: sealed_key() }
	}

	/// Adds records to the own chart.
	pub async fn adds(&self, count: usize) {
		let record = NewRecord { document: document(HospitalId(0)), in_reply_to: None };
		let records = vec![record; count].try_into().expect("few enough");
		let sealed_to = self.own_chart().await.sealing_epoch;
		self.sends(Call::add_records { sealed_to, records, recipients: None }).await;
	}

	/// Lets a doctor see the whole chart.
	pub async fn grants(&self, doctor: DoctorId) {
		let (epoch, key) = (self.own_chart().await.epoch, self.key_for(doctor).await);
		let call = Call::grant_access { epoch, key, may_append: true, expires_at: None };
		self.sends(call).await;
	}

	/// Lets a doctor see these records, and no others.
	pub async fn shares(&self, doctor: DoctorId, records: &[RecordIndex]) {
		let KeyForDoctor { key_version, key, .. } = self.key_for(doctor).await;
		let generation = self.own_chart().await.shares + 1;
		let under = ShareUnder::New(ShareKey { generation, key_version, key });
		let records: Vec<_> = records
			.iter()
			.map(|record| SharedRecord { record: *record, key: WrappedFileKey([7; 44]) })
			.collect();
		let records = records.try_into().expect("few enough");
		let may_append = false;
		let call = Call::share_records { doctor, under, records, may_append, expires_at: None };
		self.sends(call).await;
	}

	/// Withdraws a record of the own chart.
	pub async fn withdraws(&self, record: RecordIndex) {
		self.sends(Call::withdraw_records { records: vec![record].try_into().expect("one") }).await;
	}

	/// Takes back what a doctor was granted.
	pub async fn revokes(&self, doctor: DoctorId) {
		let doctors = vec![doctor].try_into().expect("one");
		self.sends(Call::revoke_access { doctors, rotation: None }).await;
	}

	/// Gives the own chart a new key, for just these doctors.
	pub async fn rotates(&self, doctors: &[DoctorId]) {
		let epoch = self.own_chart().await.epoch + 2;
		let mut sealed = Vec::new();
		for doctor in doctors {
			sealed.push(self.key_for(*doctor).await);
		}
		let sealed = sealed.try_into().expect("few enough");
		let rotation = Rotation { epoch, keys: chart_keys(epoch), sealed };
		self.sends(Call::rotate_chart_key { rotation }).await;
	}
}

//! A chart whose patient is away, and the doctors who have its old secret.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
	Error, Keys, access,
	rotation::{chart_keys, seal_epoch},
};
use medblock_crypto::{
	Error as CryptoError, Headers, Identity, Key, MAX_RECIPIENTS, Mnemonic, PublicKey as CryptoKey,
	encrypt, open,
};
use medblock_primitives::*;
use std::io::Read;

const GENESIS: [u8; 32] = [7; 32];

/// A chart at one moment, with what its patient holds.
struct Chart {
	patient: Keys,
	info: PatientInfo,
	epochs: ChartEpochs,
}

impl Chart {
	fn new() -> Self {
		let patient = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let (keys, _) = chart_keys(&patient.root().unwrap(), &GENESIS, 0, None);
		let info = PatientInfo {
			id: PatientId(3),
			account: patient.account(),
			generation: 0,
			hospital: HospitalId(0),
			standing: Standing::Verified,
			registered_at: 0,
			moving_to: None,
			vault: HospitalId(0),
			mirror: None,
			moves: Vec::new(),
			profile_vaults: None,
			profile: None,
			records: 0,
			live: 0,
			grants: 0,
			shares: 0,
			epoch: 0,
			sealing_epoch: 0,
		};
		Self { patient, info, epochs: ChartEpochs { keys, past: Vec::new(), epoch: 0 } }
	}

	fn secrets(&self) -> Secrets {
		Secrets::of_patient(&self.patient, GENESIS, &self.epochs).unwrap()
	}

	/// The next even epoch and its standby.
	fn rotate(&mut self) {
		let secrets = self.secrets();
		let before = self.epochs.epoch;
		let standby = secrets.secret(before + 1).unwrap();
		let root = self.patient.root().unwrap();
		let (keys, _) = chart_keys(&root, &GENESIS, before + 2, Some(standby));
		let ChartKeys { distributed, standby, .. } = std::mem::replace(&mut self.epochs.keys, keys);
		for (epoch, key) in [(before, distributed), (before + 1, standby)] {
			let EpochKey { key, salt, previous } = key;
			let key_digest =
				medblock_crypto::key_digest(&medblock_crypto::check_public_key(&key).unwrap());
			let past = PastEpoch { key_digest, salt, previous, records_until: 0 };
			self.epochs.past.push((epoch, past));
		}
		self.epochs.epoch = before + 2;
	}

	/// A doctor's keys for the chart, with the secret of the current even epoch.
	fn grants(&self, doctor: &Doctor) -> HeldGrant {
		let secrets = self.secrets();
		let epoch = self.epochs.epoch;
		let secret = secrets.secret(epoch).unwrap();
		let to = doctor.keys.identity(1).unwrap().public_key();
		let sealed = seal_epoch(&to, GENESIS, &self.info, doctor.id, 1, epoch, secret).unwrap();
		HeldGrant { doctor: doctor.id, epoch, key_version: 1, sealed: sealed.key }
	}

	/// What a doctor can open the chart with now.
	fn opener(&self, doctor: &Doctor, grant: &HeldGrant) -> Opener {
		let secrets =
			Secrets::of_doctor(&doctor.keys, GENESIS, &self.info, grant, &self.epochs).unwrap();
		Opener::Chart { secrets, own: vec![doctor.keys.identity(1).unwrap()] }
	}

	/// A file for the chart's key of an epoch, and these doctors.
	fn file(&self, epoch: Epoch, to: &[&Doctor]) -> Vec<u8> {
		let mut keys: Vec<CryptoKey> = vec![self.epochs.sealing_key(epoch).unwrap()];
		keys.extend(to.iter().map(|one| one.keys.identity(1).unwrap().public_key()));
		let headers = Headers {
			title: "note".into(),
			media_type: "text/plain".into(),
			file_name: None,
			written_at: None,
		};
		let mut file = Vec::new();
		encrypt(&keys, &headers, &b"no finding"[..], 10, &mut file).unwrap();
		file
	}
}

struct Doctor {
	keys: Keys,
	id: DoctorId,
}

fn doctor(number: u32) -> Doctor {
	let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
	Doctor { keys, id: DoctorId(number) }
}

fn reads(opener: &Opener, sealed_to: Epoch, file: &[u8]) -> Result<Option<Epoch>> {
	let read = |key: Key<'_>| {
		let (_, mut body) = open(key, file)?;
		let mut text = Vec::new();
		body.read_to_end(&mut text).map_err(CryptoError::from_read)?;
		assert_eq!(text, b"no finding");
		Ok(())
	};
	opener.with_key(0, sealed_to, read).map(|((), really)| really)
}

fn awaits_patient<T>(outcome: Result<T>) -> bool {
	matches!(outcome, Err(Error::Access(access::Error::AwaitingPatient)))
}

#[test]
fn due_chart_is_read_by_those_who_remain_and_by_no_one_else() {
	let mut chart = Chart::new();
	let [ward, consultant, resident, later] = [1, 2, 3, 4].map(doctor);
	let [of_ward, of_consultant, of_resident] =
		[&ward, &consultant, &resident].map(|one| chart.grants(one));
	// The resident's grant has ended: epoch 0 is lost, and the patient is away.
	let note = chart.file(1, &[&ward, &consultant]);
	for (doctor, grant) in [(&ward, &of_ward), (&consultant, &of_consultant)] {
		let opener = chart.opener(doctor, grant);
		assert!(opener.may_open(0, 1) && opener.needs_own_key(1));
		assert_eq!(reads(&opener, 1, &note).unwrap(), None);
	}
	let former = chart.opener(&resident, &of_resident);
	assert!(awaits_patient(reads(&former, 1, &note)));
	// Files from before open as ever.
	assert_eq!(reads(&former, 0, &chart.file(0, &[])).unwrap(), None);
	let patient = Opener::Chart { secrets: chart.secrets(), own: Vec::new() };
	assert_eq!(reads(&patient, 1, &note).unwrap(), None);

	// The patient's next key leads those who come later back to it.
	chart.rotate();
	let opener = chart.opener(&later, &chart.grants(&later));
	assert!(!opener.needs_own_key(1));
	assert_eq!(reads(&opener, 1, &note).unwrap(), None);
	assert!(awaits_patient(reads(&chart.opener(&resident, &of_resident), 1, &note)));
}

#[test]
fn file_for_the_patient_alone_awaits_the_patient() {
	let chart = Chart::new();
	let ward = doctor(1);
	let opener = chart.opener(&ward, &chart.grants(&ward));
	assert!(awaits_patient(reads(&opener, 1, &chart.file(1, &[]))));
	// An author who says so wrongly is found out.
	assert_eq!(reads(&opener, 1, &chart.file(0, &[])).unwrap(), Some(0));
}

#[test]
fn own_key_opens_files_of_a_due_chart_alone() {
	let mut chart = Chart::new();
	let ward = doctor(1);
	let grant = chart.grants(&ward);
	chart.rotate();
	let opener = chart.opener(&ward, &grant);
	// Nothing of an even epoch is encrypted to doctors' own keys, and nothing is fetched to find out.
	assert!(!opener.may_open(0, 2));
	assert!(awaits_patient(reads(&opener, 2, &chart.file(2, &[&ward]))));
	assert!(opener.may_open(0, 3));
	assert_eq!(reads(&opener, 3, &chart.file(3, &[&ward])).unwrap(), None);
	let nobody = Opener::Chart { secrets: Secrets::none(), own: Vec::new() };
	assert!(!nobody.may_open(0, 3));
}

#[test]
fn earlier_own_key_opens_what_was_encrypted_to_it() {
	let chart = Chart::new();
	let ward = doctor(1);
	let note = chart.file(1, &[&ward]);
	let own: Vec<Identity> = [2, 1].map(|version| ward.keys.identity(version).unwrap()).into();
	let opener = Opener::Chart { secrets: Secrets::none(), own };
	assert_eq!(reads(&opener, 1, &note).unwrap(), None);
}

/// The chart's key and the hospital's come on top of the doctors', in a profile.
#[test]
fn all_recipients_fit_one_file() {
	assert_eq!(MAX_RECIPIENT_DOCTORS as usize + 2, MAX_RECIPIENTS);
}

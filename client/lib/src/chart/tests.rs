//! A chart whose patient is away, and the doctors who have its old secret.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
	Error, Keys, access,
	rotation::{chart_keys, seal_epoch, sealed_key},
};
use medblock_crypto::{
	Error as CryptoError, Headers, Identity, Key, MAX_RECIPIENTS, Mnemonic, PublicKey as CryptoKey,
	encrypt, file_key, open, seal,
};
use medblock_primitives::*;
use std::{collections::BTreeMap, io::Read};

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
		whole(secrets, vec![doctor.keys.identity(1).unwrap()])
	}

	/// A file for the chart's key of an epoch, and these doctors.
	fn file(&self, epoch: Epoch, to: &[&Doctor]) -> Vec<u8> {
		let own = to.iter().map(|one| one.keys.identity(1).unwrap().public_key());
		self.file_for(epoch, own.collect())
	}

	/// A file for the chart's key of an epoch, and these own keys.
	fn file_for(&self, epoch: Epoch, own: Vec<CryptoKey>) -> Vec<u8> {
		let mut keys: Vec<CryptoKey> = vec![self.epochs.sealing_key(epoch).unwrap()];
		keys.extend(own);
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

/// A whole chart, of which no single records are shared.
fn whole(secrets: Secrets, own: Vec<Identity>) -> Opener {
	Opener::Chart { secrets, own, shared: BTreeMap::new() }
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
		assert!(opener.may_open(0, 1) && opener.needs_own_key(0, 1));
		assert_eq!(reads(&opener, 1, &note).unwrap(), None);
	}
	let former = chart.opener(&resident, &of_resident);
	assert!(awaits_patient(reads(&former, 1, &note)));
	// Files from before open as ever.
	assert_eq!(reads(&former, 0, &chart.file(0, &[])).unwrap(), None);
	let patient = whole(chart.secrets(), Vec::new());
	assert_eq!(reads(&patient, 1, &note).unwrap(), None);

	// The patient's next key leads those who come later back to it.
	chart.rotate();
	let opener = chart.opener(&later, &chart.grants(&later));
	assert!(!opener.needs_own_key(0, 1));
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
	let nobody = whole(Secrets::none(), Vec::new());
	assert!(!nobody.may_open(0, 3));
}

#[test]
fn earlier_own_key_opens_what_was_encrypted_to_it() {
	let chart = Chart::new();
	let ward = doctor(1);
	let note = chart.file(1, &[&ward]);
	let own: Vec<Identity> = [2, 1].map(|version| ward.keys.identity(version).unwrap()).into();
	let opener = whole(Secrets::none(), own);
	assert_eq!(reads(&opener, 1, &note).unwrap(), None);
}

/// An emergency opens the chart in the plan's epoch, and the doctor has the key of a record of a later one.
#[test]
fn emergency_for_the_chart_closes_nothing_that_was_shared() {
	let mut chart = Chart::new();
	let ward = doctor(1);
	let before = chart.file(0, &[]);
	let of_plan = chart.secrets().secret(0).unwrap().clone();
	chart.rotate();
	let [result, other] = [0, 1].map(|_| chart.file(2, &[]));
	let key = file_key(&[chart.secrets().identity(2).unwrap()], &result).unwrap();
	let in_emergency = |shared| {
		let secrets = Secrets::back_from(0, of_plan.clone(), GENESIS, &chart.epochs).unwrap();
		let own = vec![ward.keys.identity(1).unwrap()];
		Opener::Chart { secrets, own, shared }
	};

	let alone = in_emergency(BTreeMap::new());
	assert!(!alone.may_open(0, 2));
	assert!(awaits_patient(reads(&alone, 2, &result)));
	let opener = in_emergency(BTreeMap::from([(0, key.clone())]));
	assert!(opener.may_open(0, 2) && !opener.needs_own_key(0, 2));
	assert_eq!(reads(&opener, 2, &result).unwrap(), None);
	assert_eq!(reads(&opener, 0, &before).unwrap(), None);
	assert!(!opener.may_open(1, 2), "another record");
	assert!(reads(&opener, 2, &other).is_err(), "another file");

	// What the emergency opens may be damaged.
	let shared = BTreeMap::from([(0, key)]);
	let damaged = Opener::Chart { secrets: Secrets::none(), own: Vec::new(), shared };
	assert_eq!(reads(&damaged, 2, &result).unwrap(), None);
	assert!(!damaged.may_open(1, 0));
}

/// The number of a parent's own chart. The doctor of the same number is another person.
const PARENT: PatientId = PatientId(1);

/// The current even epoch's secret, sealed to a version of the parent's key.
fn given(chart: &Chart, parent: &Keys, key_version: u32) -> GivenKey {
	let (secrets, epoch) = (chart.secrets(), chart.epochs.epoch);
	let Chart { info, .. } = chart;
	let context =
		representative_context(GENESIS, info.id, PARENT, info.generation, epoch, key_version);
	let to = parent.acting_identity(key_version).unwrap().public_key();
	let secret = secrets.secret(epoch).unwrap();
	let sealed = sealed_key(seal(&to, &context, secret.expose()).unwrap());
	GivenKey { representative: PARENT, epoch, key_version, sealed }
}

/// What the parent can open the chart with.
fn acting(chart: &Chart, parent: &Keys, given: &GivenKey) -> Opener {
	let secrets =
		Secrets::of_representative(parent, GENESIS, &chart.info, given, &chart.epochs).unwrap();
	whole(secrets, acting_identities(parent, given.key_version).unwrap())
}

#[test]
fn representative_reads_what_was_before_and_a_due_chart_and_nothing_under_a_later_key() {
	let mut chart = Chart::new();
	let parent = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
	let of_parent = given(&chart, &parent, 1);
	let opener = acting(&chart, &parent, &of_parent);
	assert_eq!(reads(&opener, 0, &chart.file(0, &[])).unwrap(), None);
	// A doctor has lost the key: files name the parent's own one.
	let own = parent.acting_identity(1).unwrap().public_key();
	let note = chart.file_for(1, vec![own]);
	assert_eq!(reads(&opener, 1, &note).unwrap(), None);
	assert!(awaits_patient(reads(&opener, 1, &chart.file(1, &[]))));

	// Until the patient's device gives the next key, what is added waits.
	chart.rotate();
	let former = acting(&chart, &parent, &of_parent);
	assert!(!former.may_open(0, 2));
	assert!(awaits_patient(reads(&former, 2, &chart.file(2, &[]))));
	assert_eq!(reads(&former, 1, &note).unwrap(), None);
	let renewed = acting(&chart, &parent, &given(&chart, &parent, 1));
	for (epoch, file) in [(1, note), (2, chart.file(2, &[]))] {
		assert_eq!(reads(&renewed, epoch, &file).unwrap(), None, "{epoch}");
	}
}

#[test]
fn what_was_given_opens_under_a_key_that_was_confirmed_later_and_after_a_recovery() {
	let mut chart = Chart::new();
	let parent = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
	let file = chart.file(0, &[]);
	let of_parent = given(&chart, &parent, 1);
	let later = GivenKey { key_version: 3, ..of_parent };
	assert_eq!(reads(&acting(&chart, &parent, &later), 0, &file).unwrap(), None);
	// The patient was recovered since, and has yet to seal anew.
	chart.info.generation = 2;
	assert_eq!(reads(&acting(&chart, &parent, &later), 0, &file).unwrap(), None);
}

#[test]
fn what_was_given_opens_with_no_other_words_and_is_no_doctors() {
	let chart = Chart::new();
	let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
	let parent = Keys::from_seed(old.seed("")).unwrap();
	let (of_parent, file) = (given(&chart, &parent, 1), chart.file(0, &[]));
	let renewed = || Keys::from_seed(new.seed("")).unwrap();
	let opener = acting(&chart, &renewed(), &of_parent);
	assert!(!opener.may_open(0, 0));
	assert!(awaits_patient(reads(&opener, 0, &file)));
	let both = renewed().with_former(old.seed(""));
	assert_eq!(reads(&acting(&chart, &both, &of_parent), 0, &file).unwrap(), None);

	let GivenKey { epoch, key_version, sealed, .. } = of_parent;
	let grant = HeldGrant { doctor: DoctorId(PARENT.0), epoch, key_version, sealed };
	let as_doctor = Secrets::of_doctor(&parent, GENESIS, &chart.info, &grant, &chart.epochs);
	assert!(matches!(as_doctor, Err(Error::Crypto(CryptoError::CannotUnseal))));
}

/// A person who is the patient's representative and doctor, with one account, reads what either of the two may.
#[test]
fn representative_without_the_present_key_reads_as_the_patients_doctor() {
	let mut chart = Chart::new();
	let both = doctor(1);
	let of_parent = given(&chart, &both.keys, 1);
	let before = chart.file(0, &[]);
	chart.rotate();
	let (granted, after) = (chart.grants(&both), chart.file(2, &[]));
	let note = chart.file(3, &[&both]);
	for represented in [acting(&chart, &both.keys, &of_parent), whole(Secrets::none(), Vec::new())]
	{
		assert!(awaits_patient(reads(&represented, 2, &after)));
		let opener = represented.with(chart.opener(&both, &granted));
		for (epoch, file) in [(0, &before), (2, &after), (3, &note)] {
			assert!(opener.may_open(0, epoch));
			assert_eq!(reads(&opener, epoch, file).unwrap(), None, "{epoch}");
		}
	}
	// Single records come on top, too.
	let key = file_key(&[chart.secrets().identity(2).unwrap()], &after).unwrap();
	let shared = Opener::Shared(BTreeMap::from([(0, key)]));
	let opener = acting(&chart, &both.keys, &of_parent).with(shared);
	assert!(opener.may_open(0, 2) && !opener.may_open(1, 2));
	assert_eq!(reads(&opener, 0, &before).unwrap(), None);
	assert_eq!(reads(&opener, 2, &after).unwrap(), None);
}

/// The chart's key and the hospital's come on top of the doctors', in a profile.
#[test]
fn all_recipients_fit_one_file() {
	assert_eq!(MAX_RECIPIENT_DOCTORS as usize + 2, MAX_RECIPIENTS);
}

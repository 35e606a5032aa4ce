//! Made-up people, for measurements of many transactions: real calls with bytes that mean nothing.

use crate::{Chain, well_known};
use codec::Encode;
use futures::{StreamExt, stream};
use medblock_primitives::*;
use medblock_runtime::{AccountId, RuntimeCall};
use pallet_medical_records::Call;
use sp_core::{Pair, sr25519};
use sp_io::hashing::{blake2_256, sha2_256};

/// Doctors. Every patient can grant each of them the whole chart.
pub const DOCTORS: u32 = 4;
/// Records in one transaction: as many as one takes.
pub const BATCH: usize = 128;
/// People who act at the same time.
const AT_ONCE: usize = 64;

/// Bytes that do not compress, as sealed keys and digests don't.
fn noise(seed: &str, length: usize) -> Vec<u8> {
	let blocks = (0u32..).flat_map(|number| blake2_256(format!("{seed}/{number}").as_bytes()));
	blocks.take(length).collect()
}

/// What passes for a public key: coefficients below the modulus, in 12 bits each.
pub fn public_key(seed: &str) -> PublicKey {
	const COEFFICIENTS: usize = 768;
	let random = noise(seed, 4 * COEFFICIENTS);
	let numbers: Vec<u16> = random
		.chunks_exact(4)
		.map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]) % 3_329)
		.collect();
	let mut key: Vec<u8> = numbers
		.chunks_exact(2)
		.flat_map(|pair| {
			let both = u32::from(pair[0]) | u32::from(pair[1]) << 12;
			[both as u8, (both >> 8) as u8, (both >> 16) as u8]
		})
		.collect();
	let rest = X_WING_PUBLIC_KEY_LENGTH as usize - key.len();
	key.extend(noise(&format!("{seed}/rest"), rest));
	key.try_into().expect("just as long")
}

fn array<const LENGTH: usize>(seed: &str) -> [u8; LENGTH] {
	noise(seed, LENGTH).try_into().expect("just as long")
}

/// A document in the vault of a hospital.
pub fn document(seed: &str, vault: HospitalId) -> Document {
	Document { digest: array(seed), head: array(&format!("{seed}/head")), size: 200_000, vault }
}

fn chart_keys(seed: &str) -> ChartKeys {
	let epoch = |name: &str, previous| EpochKey {
		key: public_key(&format!("{seed}/{name}")),
		salt: array(&format!("{seed}/{name}/salt")),
		previous,
	};
	ChartKeys {
		suite: SUITE_X_WING,
		distributed: epoch("distributed", None),
		standby: epoch("standby", Some(WrappedSecret(array(&format!("{seed}/wrapped"))))),
		standby_tag: array(&format!("{seed}/tag")),
	}
}

/// A patient of one of the four hospitals.
pub struct Patient {
	/// The name, from which everything else follows.
	pub name: String,
	/// The key of the account.
	pub key: sr25519::Pair,
	/// The hospital.
	pub hospital: HospitalId,
}

impl Patient {
	/// The patient with this number.
	pub fn new(number: u32) -> Self {
		let name = format!("made up/{number}");
		let key = sr25519::Pair::from_seed(&blake2_256(name.as_bytes()));
		Self { name, key, hospital: HospitalId(number % 4) }
	}

	/// The patient's account.
	pub fn account(&self) -> AccountId {
		self.key.public().into()
	}

	/// The registration.
	pub fn registers(&self) -> RuntimeCall {
		let keys = chart_keys(&self.name);
		let profile = Some(document(&format!("{}/profile", self.name), self.hospital));
		Call::register_patient { hospital: self.hospital, keys, profile }.into()
	}

	/// The addition of so many records, other ones for each number.
	pub fn adds(&self, number: usize, count: usize) -> RuntimeCall {
		let records = self.records(number, count);
		Call::add_records { sealed_to: 0, records, recipients: None }.into()
	}

	/// The addition of one record, which a doctor signs.
	pub fn is_written_to(&self, patient: PatientId, doctor: u32) -> RuntimeCall {
		let records = self.records(usize::MAX - doctor as usize, 1);
		Call::append_records { patient, sealed_to: 0, records, recipients: None }.into()
	}

	fn records(&self, number: usize, count: usize) -> NewRecords {
		let records: Vec<_> = (0..count)
			.map(|record| {
				let seed = format!("{}/{number}/{record}", self.name);
				NewRecord { document: document(&seed, self.hospital), in_reply_to: None }
			})
			.collect();
		records.try_into().expect("few enough")
	}

	/// The grant of the whole chart to a doctor.
	pub fn grants(&self, doctor: u32) -> RuntimeCall {
		let mut sealed = vec![SUITE_X_WING];
		let seed = format!("{}/grant/{doctor}", self.name);
		sealed.extend(noise(&seed, SEALED_KEY_LENGTH as usize - 1));
		let key = SealedKey(sealed.try_into().expect("just as long"));
		let key = KeyForDoctor { doctor: DoctorId(doctor), key_version: 1, key };
		Call::grant_access { epoch: 0, key, may_append: true, expires_at: None }.into()
	}

	/// The revocation of a doctor's grant.
	pub fn revokes(&self, doctor: u32) -> RuntimeCall {
		let doctors = vec![DoctorId(doctor)].try_into().expect("one");
		Call::revoke_access { doctors, rotation: None }.into()
	}
}

/// The registrar of a hospital.
pub fn registrar(hospital: HospitalId) -> sr25519::Pair {
	let names = ["Alice//stash", "Bob//stash", "Charlie//stash", "Dave//stash"];
	well_known(names[hospital.0 as usize])
}

/// Each patient sends their own calls, many patients at a time.
pub async fn all(
	chain: &Chain,
	patients: &[Patient],
	calls: impl Fn(&Patient) -> Vec<RuntimeCall>,
) {
	let acting = patients.iter().map(|patient| chain.send_all(&patient.key, calls(patient)));
	stream::iter(acting).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
}

/// The registrars do something about each of their patients.
pub async fn staff(chain: &Chain, patients: &[Patient], call: impl Fn(&Patient) -> RuntimeCall) {
	let acting = (0..4).map(HospitalId).map(|hospital| {
		let own = patients.iter().filter(|patient| patient.hospital == hospital);
		let calls = own.map(&call).collect();
		async move { chain.send_all(&registrar(hospital), calls).await }
	});
	futures::future::join_all(acting).await;
}

/// The key of a doctor's account.
pub fn doctor(number: u32) -> sr25519::Pair {
	well_known(&format!("made-up doctor {number}"))
}

/// Registers [`DOCTORS`] doctors of the first hospital, and verifies them.
pub async fn doctors(chain: &Chain) {
	for number in 0..DOCTORS {
		let signer = doctor(number);
		let text = |text: &str| text.as_bytes().to_vec().try_into().expect("short");
		let profile = DoctorProfile {
			name: text("Dr. Ada"),
			specialty: text("cardiology"),
			qualification: text("MD"),
			practising_since: 2001,
		};
		let (hospital, suite) = (HospitalId(0), SUITE_X_WING);
		let key = public_key(&format!("doctor/{number}"));
		let (key_digest, profile_digest) = (sha2_256(&key), profile.using_encoded(sha2_256));
		let call = Call::register_doctor { hospital, profile, suite, key };
		chain.send(&signer, call.into()).await;
		let doctor = DoctorId(number);
		let call =
			Call::verify_doctor { doctor, key_digest, profile_digest, licence_expires: None };
		chain.send(&registrar(hospital), call.into()).await;
	}
}

/// The ids of patients, by their names.
pub async fn patient_ids(
	chain: &Chain,
	patients: &[Patient],
) -> std::collections::HashMap<String, PatientId> {
	let (at, _) = chain.finalized().await;
	let mut ids = std::collections::HashMap::new();
	for patient in patients {
		let id: Option<PatientId> =
			chain.ask("MedicalRecordsApi_patient_of", patient.account(), at).await;
		ids.insert(patient.name.clone(), id.expect("a patient"));
	}
	ids
}

//! A chain that has lived under the last released runtime, in the bytes of that.

#![allow(dead_code, clippy::unwrap_used)]

use super::common::{chart_keys, local, x_wing_key};
use frame_support::traits::StorageVersion;
use medblock_primitives::*;
use medblock_runtime::{
	AccountId, BlockNumber, Consortium, FairUse, MedicalRecords, Runtime, RuntimeCall,
};
use pallet_medical_records::{migrations::v1, *};
use sp_io::TestExternalities;

/// The number of patients. The last two wait to be verified.
pub const PATIENTS: u32 = 12;

/// The number of doctors. The last one waits to be verified.
pub const DOCTORS: u32 = 4;

/// The patients with two records, one of them withdrawn. All of them have shared the other one with doctor 1,
/// and all but patient 1, who took it back, have granted the chart to doctor 0. Patient 2 is suspended.
const WITH_RECORDS: u32 = 6;

/// Hospitals with a key of words: their numbers, and how many such keys there have been.
const KEYS_OF_WORDS: [(u32, u32); 2] = [(0, 1), (1, 3)];

/// The chain, in its first block.
pub fn released() -> TestExternalities {
	let mut chain = local();
	chain.execute_with(|| {
		StorageVersion::new(1).put::<Consortium>();
		StorageVersion::new(1).put::<FairUse>();
		StorageVersion::new(1).put::<MedicalRecords>();
		store_sponsored();
		store_decision();
		for (hospital, version) in KEYS_OF_WORDS {
			let key = EncryptionKey::new(SUITE_X_WING, x_wing_key(7), version).unwrap();
			pallet_consortium::EncryptionKeys::<Runtime>::insert(HospitalId(hospital), key);
		}
		(0..DOCTORS).for_each(store_doctor);
		(0..PATIENTS).for_each(store_patient);
		NextDoctor::<Runtime>::put(DoctorId(DOCTORS));
		NextPatient::<Runtime>::put(PatientId(PATIENTS));
	});
	chain.commit_all().unwrap();
	chain
}

/// The accounts that had a sponsor.
pub fn sponsored() -> [(AccountId, HospitalId); 3] {
	[(account(3, 0), HospitalId(0)), (account(3, 1), HospitalId(0)), (account(3, 2), HospitalId(1))]
}

/// The account of a patient.
pub fn patient(number: u32) -> AccountId {
	account(2, number)
}

fn store_sponsored() {
	for (who, hospital) in sponsored() {
		pallet_fair_use::migrations::v1::Sponsored::<Runtime>::insert(who, hospital);
		pallet_fair_use::SponsoredBy::<Runtime>::mutate(hospital, |count| *count += 1);
	}
	pallet_fair_use::migrations::v1::OpenLaneUsed::<Runtime>::put(2);
}

/// A decision of the council that waits: its call, and the first block in which it may be carried out. Without
/// an end.
fn store_decision() {
	use codec::Encode;
	use pallet_consortium::{NextEnactment, PendingEnactment, PendingEnactments};
	let call = RuntimeCall::System(frame_system::Call::authorize_upgrade {
		code_hash: Default::default(),
	});
	let call: pallet_consortium::DelayedCall = call.encode().try_into().unwrap();
	let due: BlockNumber = 900;
	// The map counts its entries by an insertion.
	let today = PendingEnactment { call: call.clone(), due, void_at: 0 };
	PendingEnactments::<Runtime>::insert(0, today);
	let key = PendingEnactments::<Runtime>::hashed_key_for(0);
	frame_support::storage::unhashed::put_raw(&key, &(call, due).encode());
	NextEnactment::<Runtime>::put(1);
}

fn account(kind: u8, number: u32) -> AccountId {
	let mut bytes = [kind; 32];
	bytes[..4].copy_from_slice(&number.to_le_bytes());
	bytes.into()
}

fn store_doctor(number: u32) {
	let id = DoctorId(number);
	let is_verified = number + 1 < DOCTORS;
	let doctor = v1::Doctor {
		account: account(1, number),
		generation: 0,
		hospital: HospitalId(number % 4),
		standing: if is_verified { Standing::Verified } else { Standing::Pending },
		registered_at: 0,
		moving_to: None,
		licence_expires: (number == 1).then_some(9_000_000_000_000),
		key_version: 1,
		vouched_version: is_verified.into(),
		lapsed_at: 0,
		joined_at: 0,
	};
	let text = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
	let profile = DoctorProfile {
		name: text("Ada"),
		specialty: text("cardiology"),
		qualification: text("MD"),
		practising_since: 1970,
	};
	DoctorOf::<Runtime>::insert(&doctor.account, id);
	v1::Doctors::<Runtime>::insert(id, doctor);
	Directory::<Runtime>::insert(id, DirectoryEntry { profile, details: Default::default() });
	let key = EncryptionKey::new(SUITE_X_WING, x_wing_key(1), 1).unwrap();
	EncryptionKeys::<Runtime>::insert(id, key);
}

fn store_patient(number: u32) {
	let id = PatientId(number);
	let has_records = number < WITH_RECORDS;
	let has_revoked = number == 1;
	let document = Document { digest: [1; 32], head: [1; 16], size: 1_000, vault: HospitalId(0) };
	let standing = match number {
		2 => Standing::Suspended,
		_ if number + 2 < PATIENTS => Standing::Verified,
		_ => Standing::Pending,
	};
	let grants = match (has_records, has_revoked) {
		(true, false) => 2,
		(true, true) => 1,
		_ => 0,
	};
	let patient = v1::Patient {
		account: patient(number),
		generation: 0,
		hospital: HospitalId(number % 4),
		standing,
		registered_at: 0,
		moving_to: (number == 3).then_some(HospitalId(0)),
		profile: number
			.is_multiple_of(2)
			.then(|| SealedDocument { document: document.clone(), sealed_to: 0 }),
		chart: v1::Chart {
			epoch: 0,
			lost_from: has_revoked.then_some(2),
			next_expiry: None,
			lapses_seen: 0,
			records: if has_records { 2 } else { 0 },
			grants,
			shares: has_records.into(),
		},
	};
	PatientOf::<Runtime>::insert(&patient.account, id);
	v1::Patients::<Runtime>::insert(id, patient);
	CurrentKeys::<Runtime>::insert(id, chart_keys());
	if !has_records {
		return;
	}
	for (record, document) in [(0, Some(document)), (1, None)] {
		let record_of = Record {
			document,
			author: Author::Patient,
			sealed_to: 0,
			in_reply_to: None,
			recorded_at: Minute(0),
		};
		Records::<Runtime>::insert(id, record, record_of);
	}
	let sealed = || SealedKey::new([1; SEALED_KEY_LENGTH as usize]);
	if !has_revoked {
		let seal = Some(v1::Seal { epoch: 0, key_version: 1, lapses: 0 });
		store_grant(id, DoctorId(0), seal);
		GrantKeys::<Runtime>::insert(id, DoctorId(0), sealed());
	}
	store_grant(id, DoctorId(1), None);
	let share = ShareKey { generation: 1, key_version: 1, key: sealed() };
	ShareKeys::<Runtime>::insert(id, DoctorId(1), share);
	SharedRecordsOf::<Runtime>::mutate(id, DoctorId(1), |shared| {
		shared.try_insert(0, WrappedFileKey([1; 44])).unwrap();
	});
}

fn store_grant(patient: PatientId, doctor: DoctorId, seal: Option<v1::Seal>) {
	let grant = v1::Grant { seal, may_append: false, expires_at: None, granted_at: 0 };
	v1::Grants::<Runtime>::insert(patient, doctor, grant);
	GrantedTo::<Runtime>::insert(doctor, patient, ());
}

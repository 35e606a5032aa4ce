//! Each call of patients, doctors and the desks that know them, once at least, in an order in which it succeeds.

use super::{consortium::operator, world::*};
use crate::common::*;
use medblock_primitives::*;
use medblock_runtime::{AccountId, MedicalRecords, Runtime};
use pallet_medical_records::{Directory, DirectoryEntry};
use sp_io::hashing::sha2_256;
use sp_keyring::Sr25519Keyring::*;

type Call = pallet_medical_records::Call<Runtime>;
type Sponsoring = pallet_fair_use::Call<Runtime>;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);
const SOUTH: HospitalId = HospitalId(2);

/// The patients that stay, in the order of their numbers.
pub fn patients() -> [AccountId; 3] {
	[1, 2, 3].map(person)
}

/// The doctors that stay, likewise.
pub fn doctors() -> [AccountId; 2] {
	[11, 12].map(person)
}

/// Three patients and two doctors are verified afterwards. The first doctor works in the East, the second in the North,
/// as do the first two patients.
pub fn tour(world: &mut World) {
	arrivals(world);
	doctors_entries(world);
	standing_and_moves(world);
	records_and_grants(world);
}

/// A registrar confirms a doctor who still has the first key.
pub fn verify_doctor(doctor: DoctorId) -> Call {
	let entry = Directory::<Runtime>::get(doctor);
	let digest_of = |entry: DirectoryEntry| MedicalRecords::profile_digest(&entry.profile);
	Call::verify_doctor {
		doctor,
		key_digest: sha2_256(&x_wing_key(1)),
		profile_digest: entry.map_or([0; 32], digest_of),
		licence_expires: None,
	}
}

fn arrivals(world: &mut World) {
	let desk = account(AliceStash);
	let [first, second, third] = patients();
	let rejected = person(4);
	world.sends(&desk, Sponsoring::sponsor { account: first.clone() });
	let accounts = vec![second.clone(), third.clone()].try_into().unwrap();
	world.sends(&desk, Sponsoring::sponsor_accounts { accounts });
	world.sends(&desk, Sponsoring::end_sponsorship { account: third.clone() });
	for who in [&first, &second, &third, &rejected] {
		world.sends(who, register_patient(0));
	}
	world.sends(&desk, Call::verify_patient { patient: PatientId(0) });
	let patients = vec![PatientId(1), PatientId(2)].try_into().unwrap();
	world.sends(&desk, Call::verify_patients { patients });
	world.sends(&desk, Call::reject_patient { patient: PatientId(3) });

	let (desk, rejected) = (account(BobStash), person(13));
	for who in doctors().iter().chain([&rejected]) {
		world.sends(who, register_doctor(1));
	}
	for doctor in [DoctorId(0), DoctorId(1)] {
		world.sends(&desk, verify_doctor(doctor));
	}
	world.sends(&desk, Call::reject_doctor { doctor: DoctorId(2) });
}

fn doctors_entries(world: &mut World) {
	let (desk, [own, _], doctor) = (account(BobStash), doctors(), DoctorId(0));
	let key = x_wing_key(2);
	let key_digest = sha2_256(&key);
	world.sends(&own, Call::set_encryption_key { suite: SUITE_X_WING, key });
	world.sends(&desk, Call::confirm_encryption_key { doctor, key_digest });
	let profile = DoctorProfile {
		name: text("Ada"),
		specialty: text("surgery"),
		qualification: text("MD"),
		practising_since: 1970,
	};
	let profile_digest = MedicalRecords::profile_digest(&profile);
	let propose = || Call::update_doctor_profile { doctor, profile: profile.clone() };
	world.sends(&own, propose());
	world.sends(&desk, Call::confirm_doctor_profile { doctor, profile_digest });
	world.sends(&own, propose());
	world.sends(&own, Call::discard_doctor_profile { doctor });
	let (details, licence_expires) = (text("Ward 3"), None);
	world.sends(&desk, Call::set_doctor_details { doctor, details, licence_expires });
	world.sends(&desk, Call::suspend_doctor { doctor });
	world.sends(&desk, Call::reinstate_doctor { doctor });
}

/// The third patient moves to the East, and the second doctor to the North.
fn standing_and_moves(world: &mut World) {
	let (north, east) = (account(AliceStash), account(BobStash));
	let [_, _, third] = patients();
	let (patient, person_of) = (PatientId(2), Person::Patient(PatientId(2)));
	world.sends(&north, Call::suspend_patient { patient });
	world.sends(&north, Call::reinstate_patient { patient });

	let (capacity, new) = (Capacity::Patient, person(5));
	let message = MedicalRecords::change_account_message(person_of, &third, &new);
	let proof = world.sign(&new, &message);
	world.sends(&third, Call::change_account { capacity, new, proof });
	world.sends(&third, Call::stop_account_change { person: person_of });

	let request = || Call::request_move { capacity, to: Some(EAST) };
	world.sends(&third, request());
	world.sends(&east, Call::decline_move { person: person_of });
	world.sends(&third, request());
	world.sends(&east, Call::accept_patient { patient });
	let [_, second] = doctors();
	let request = Call::request_move { capacity: Capacity::Doctor, to: Some(NORTH) };
	world.sends(&second, request);
	world.sends(&north, Call::accept_doctor { doctor: DoctorId(1) });

	world.sends(&third, Call::set_mirror { mirror: Some(NORTH) });
	world.sends(&third, Call::move_vault { from: EAST, to: SOUTH });
}

fn records_and_grants(world: &mut World) {
	let ([own, ..], [first, second], patient) = (patients(), doctors(), PatientId(0));
	let (sealed_to, recipients) = sealing(patient);
	let profile =
		Call::update_patient_profile { patient, document: document(NORTH), sealed_to, recipients };
	world.sends(&own, profile);
	world.sends(&own, Call::remove_patient_profile {});
	let three = records(NORTH, 3);
	world.sends(&own, Call::add_records { sealed_to, records: three, recipients });
	world.sends(&own, Call::withdraw_records { records: vec![0_u32].try_into().unwrap() });

	let doctor = DoctorId(0);
	let key = sealed_for(doctor, 2);
	let grant =
		Call::grant_access { epoch: epoch(patient), key, may_append: true, expires_at: None };
	world.sends(&own, grant);
	let (sealed_to, recipients) = sealing(patient);
	let append =
		Call::append_records { patient, sealed_to, records: records(NORTH, 1), recipients };
	world.sends(&first, append);
	world.sends(&own, Call::renew_append_budget { doctor });
	let key = ShareKey { generation: 1, key_version: 1, key: sealed_key() };
	let shared = [1, 2].map(|record| SharedRecord { record, key: WrappedFileKey([1; 44]) });
	let share = Call::share_records {
		doctor: DoctorId(1),
		under: ShareUnder::New(key),
		records: shared.to_vec().try_into().unwrap(),
		may_append: false,
		expires_at: None,
	};
	world.sends(&own, share);
	let one = vec![1_u32].try_into().unwrap();
	world.sends(&own, Call::unshare_records { doctor: DoctorId(1), records: one });
	world.sends(&second, Call::relinquish_access { patients: vec![patient].try_into().unwrap() });
	let doctors = vec![doctor].try_into().unwrap();
	world.sends(&own, Call::revoke_access { doctors, rotation: None });
	world.sends(&own, Call::rotate_chart_key { rotation: rotation(patient, Vec::new()) });

	let institution = InstitutionId(0);
	world.sends(&own, Call::allow_deposit { institution, expires_at: None });
	let (sealed_to, recipients) = sealing(patient);
	let deposit =
		Call::deposit_records { patient, sealed_to, records: records(NORTH, 1), recipients };
	world.sends(&operator(), deposit);
	let institutions = vec![institution].try_into().unwrap();
	world.sends(&own, Call::end_deposit { institutions });
}

//! Each call of people who act for others, once at least, in an order in which it succeeds. The charts come before.

use super::{
	charts::{doctors, patients},
	world::*,
};
use crate::common::*;
use medblock_primitives::*;
use medblock_runtime::{AccountId, Delegation, Runtime};
use pallet_delegation::{Emergencies, EmergencyPlans};
use sp_io::hashing::sha2_256;
use sp_keyring::Sr25519Keyring::*;

type Call = pallet_delegation::Call<Runtime>;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);
/// The patient that all others act for.
const WARD: PatientId = PatientId(0);
/// The doctor of the East, whose second key it is.
const DOCTOR: DoctorId = DoctorId(0);
const DOCTORS_KEY: u32 = 2;

/// The patient's last account.
fn found_again() -> AccountId {
	person(14)
}

pub fn tour(world: &mut World) {
	representatives(world);
	guardians(world);
	emergencies(world);
}

fn representatives(world: &mut World) {
	let (desk, [ward, second, third]) = (account(AliceStash), patients());
	let (patient, representative) = (WARD, PatientId(1));
	let key = x_wing_key(5);
	let key_digest = sha2_256(&key);
	for who in [&second, &third] {
		world.sends(who, Call::set_acting_key { suite: SUITE_X_WING, key: key.clone() });
	}
	let (scopes, until) = (Scopes(15), None);
	let name = |representative| Call::name_representative { representative, scopes, until };
	world.sends(&ward, name(representative));
	let confirm =
		Call::confirm_representative { patient, representative, scopes, until, key_digest };
	world.sends(&desk, confirm);
	let sealed = SealedEpoch { epoch: epoch(WARD), key: sealed_key() };
	let seal = Call::seal_to_representative { representative, key_version: 1, sealed };
	world.sends(&ward, seal);

	let (sealed_to, recipients) = sealing(WARD);
	let add = Call::add_records_for { patient, sealed_to, records: records(NORTH, 1), recipients };
	world.sends(&second, add);
	let grant = Call::grant_access_for {
		patient,
		epoch: epoch(WARD),
		key: sealed_for(DOCTOR, DOCTORS_KEY),
		may_append: false,
		expires_at: None,
	};
	world.sends(&second, grant);
	let doctors = vec![DOCTOR].try_into().unwrap();
	world.sends(&second, Call::revoke_access_for { patient, doctors });
	world.sends(&second, Call::resign_representation { patient });

	world.sends(&ward, name(PatientId(2)));
	let refuse = Call::refuse_representative { patient, representative: PatientId(2) };
	world.sends(&desk, refuse);
	world.sends(&ward, name(representative));
	world.sends(&ward, Call::end_representation { representative });
}

/// A secret of which both desks have a share.
fn divided() -> Divided {
	let share = |hospital| ShareFor {
		delegate: Delegate::Desk(hospital),
		key_version: 1,
		share: sealed_share(),
	};
	Divided {
		commitments: vec![[1; 32]; 2].try_into().unwrap(),
		secret: WrappedSecret([1; 60]),
		shares: vec![share(NORTH), share(EAST)].try_into().unwrap(),
	}
}

fn guardians(world: &mut World) {
	let (north, east) = (account(AliceStash), account(BobStash));
	let ([ward, ..], new, person) = (patients(), found_again(), Person::Patient(WARD));
	let (acting, suite, key) = (ActingAs::Desk, SUITE_X_WING, x_wing_key(7));
	let key_digest = sha2_256(&key);
	let capacity = Capacity::Patient;
	// As short as the preset allows.
	let set = || Call::set_guardians { capacity, divided: divided(), delay: 6_000 };
	let message = Delegation::recovery_message(person, &new, suite, &key);
	let proof = world.sign(&new, &message);
	let request = || Call::request_recovery {
		person,
		acting,
		new: new.clone(),
		suite,
		key: key.clone(),
		proof: proof.clone(),
	};
	let approve = || Call::approve_recovery { person, acting, new: new.clone(), key_digest };

	world.sends(&ward, set());
	world.sends(&north, request());
	world.sends(&east, approve());
	world.sends(&east, Call::withdraw_approval { person, acting, new: new.clone() });
	world.sends(&east, approve());
	world.sends(&ward, Call::veto_recovery { person, new: new.clone() });

	world.sends(&north, request());
	world.sends(&new, Call::cancel_recovery { person });

	world.sends(&north, request());
	world.sends(&east, approve());
	pass(6);
	let share = sealed_share();
	world.sends(&north, Call::hand_over_share { person, acting, new: new.clone(), share });
	let with = NewSecrets::Patient(rotation(WARD, Vec::new()));
	world.sends(&new, Call::finish_recovery { person, with });

	world.sends(&new, set());
	world.sends(&new, Call::remove_guardians { capacity });
}

fn emergencies(world: &mut World) {
	let (ward, [doctor, _]) = (found_again(), doctors());
	let sealed = || SealedEpoch { epoch: epoch(WARD), key: sealed_key() };
	let set = Call::set_emergency_plan {
		divided: divided(),
		suite: SUITE_X_WING,
		key: x_wing_key(6),
		set: EmergencySet::Chart(sealed()),
		duration: 3_600_000,
	};
	world.sends(&ward, set);
	let plan = EmergencyPlans::<Runtime>::get(WARD).map_or(0, |plan| plan.set_at);
	world.sends(&ward, Call::renew_emergency_key { plan, sealed: sealed() });
	let request = || Call::request_emergency {
		patient: WARD,
		reason: EmergencyReason::Unconscious,
		details: [1; 32],
	};
	world.sends(&doctor, request());
	world.sends(&doctor, Call::withdraw_emergency_request { patient: WARD });
	world.sends(&doctor, request());
	for desk in [AliceStash, BobStash] {
		let confirm = Call::confirm_emergency {
			patient: WARD,
			doctor: DOCTOR,
			key_version: DOCTORS_KEY,
			share: sealed_share(),
		};
		world.sends(&account(desk), confirm);
	}
	world.sends(&ward, Call::end_emergency { doctor: DOCTOR });
	let opened = Emergencies::<Runtime>::get(WARD);
	let opened_at = opened.first().map_or(0, |emergency| emergency.opened_at);
	let review = Review::Justified;
	world.sends(&ward, Call::review_emergency { doctor: DOCTOR, opened_at, review });
	world.sends(&ward, Call::remove_emergency_plan {});
}

//! Each call of hospitals and their council, once at least, in an order in which it succeeds.

use super::world::*;
use crate::common::*;
use medblock_primitives::*;
use medblock_runtime::{AccountId, Consortium, Runtime, RuntimeCall};
use pallet_consortium::{Hospitals, KeysForRegistrars, NextEnactment, Seat};
use sp_keyring::Sr25519Keyring::*;

type Call = pallet_consortium::Call<Runtime>;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);
/// The one that the council admits.
const FIFTH: HospitalId = HospitalId(4);

/// The operator of the first institution, who stays.
pub fn operator() -> AccountId {
	person(6)
}

/// North and East have profile keys afterwards, and the institution an operator.
pub fn tour(world: &mut World) {
	settings(world);
	registrars(world);
	institutions(world);
	council(world);
	fifth_hospital(world);
}

fn settings(world: &mut World) {
	let (alice, vault) = (account(Alice), person(10));
	world.sends(&alice, Call::set_gateway { gateway: text("https://north.example") });
	world.sends(&alice, Call::set_registration_mode { mode: RegistrationMode::Open });
	let (what, capacity) = (Paced::Verification, Capacity::Patient);
	let allow = Call::allow_decisions { hospital: NORTH, what, capacity, number: 1_000 };
	world.sends(&alice, allow);
	let proof = world.sign(&vault, &Consortium::vault_account_message(NORTH, &vault));
	world.sends(&alice, Call::set_vault_account { account: vault.clone(), proof });
	world.sends(&vault, Call::anchor_disclosures { size: 1, root: [1; 32] });
	world.sends(&alice, Call::begin_disclosure_log {});
}

fn sealed_to(registrar: &AccountId) -> KeysForRegistrars<Runtime> {
	let registrar = registrar.clone();
	let one = KeyForRegistrar { registrar, key_version: 1, key: sealed_key() };
	vec![one].try_into().unwrap()
}

/// As the first one of a hospital.
fn publishes(world: &mut World, registrar: &AccountId, hospital: HospitalId) {
	let publish = Call::publish_profile_key {
		hospital,
		version: 1,
		suite: SUITE_X_WING,
		key: x_wing_key(3),
		previous: None,
		sealed: sealed_to(registrar),
	};
	world.sends(registrar, publish);
}

fn registrars(world: &mut World) {
	let (alice, bob_stash, alice_stash) = (account(Alice), account(BobStash), account(AliceStash));
	let accept =
		|| Call::accept_appointment { hospital: NORTH, suite: SUITE_X_WING, key: x_wing_key(1) };
	let own_key =
		|| Call::set_registrar_key { version: 1, suite: SUITE_X_WING, key: x_wing_key(4) };
	let new = person(8);
	world.sends(&alice, Call::appoint_registrar { registrar: new.clone() });
	world.sends(&alice, Call::withdraw_appointment { registrar: new.clone() });
	world.sends(&alice, Call::appoint_registrar { registrar: new.clone() });
	world.sends(&new, accept());
	publishes(world, &new, NORTH);
	world.sends(&alice_stash, own_key());
	let share = Call::share_profile_key { version: 1, sealed: sealed_to(&alice_stash) };
	world.sends(&new, share);
	world.sends(&new, Call::resign {});

	let other = person(9);
	world.sends(&alice, Call::appoint_registrar { registrar: other.clone() });
	world.sends(&other, accept());
	world.sends(&alice, Call::remove_registrar { registrar: other });

	world.sends(&bob_stash, own_key());
	publishes(world, &bob_stash, EAST);
}

fn institutions(world: &mut World) {
	let (alice, stays, leaves) = (account(Alice), operator(), person(7));
	let add = || Call::add_institution {
		kind: InstitutionKind::Laboratory,
		name: text("Laboratory of the north"),
	};
	let appoint = |institution, operator: &AccountId| Call::appoint_operator {
		institution: InstitutionId(institution),
		operator: operator.clone(),
	};
	world.sends(&alice, add());
	world.sends(&alice, appoint(0, &stays));
	world.sends(&stays, Call::join_institution { institution: InstitutionId(0) });
	world.sends(&alice, appoint(0, &leaves));
	let remove = Call::remove_operator { institution: InstitutionId(0), operator: leaves.clone() };
	world.sends(&alice, remove);

	world.sends(&alice, add());
	world.sends(&alice, appoint(1, &leaves));
	world.sends(&leaves, Call::join_institution { institution: InstitutionId(1) });
	world.sends(&leaves, Call::leave_institution {});
	world.sends(&alice, Call::close_institution { institution: InstitutionId(1) });
}

fn council(world: &mut World) {
	for number in [1, 2] {
		let digest = [number; 32];
		world.decides(Call::list_portal_release { digest, version: text("1.0.0") });
	}
	world.decides(Call::withdraw_portal_release { digest: [1; 32] });

	let code_hash = Default::default();
	let upgrade: RuntimeCall =
		frame_system::Call::<Runtime>::authorize_upgrade { code_hash }.into();
	let enactment = NextEnactment::<Runtime>::get();
	world.decides(Call::enact { call: Box::new(upgrade.clone()) });
	world.decides(Call::call_off { enactment });
	let enactment = NextEnactment::<Runtime>::get();
	world.decides(Call::enact { call: Box::new(upgrade) });
	// The preset's delay.
	for _ in 0..10 {
		next_block();
	}
	world.sends(&account(Alice), Call::carry_out { enactment });
}

/// A hospital comes, loses its seat twice, leaves, and comes back.
fn fifth_hospital(world: &mut World) {
	let (first, second, third) = (person(20), person(21), person(22));
	let (name, gateway) = (text("Fifth Hospital"), text("https://fifth.example"));
	world.decides(Call::admit_hospital { controller: first.clone(), name, gateway });
	world.decides(Call::rename_hospital { hospital: FIFTH, name: text("Harbour Hospital") });
	world.sends(&first, Call::change_controller { hospital: FIFTH, new: second.clone() });
	// No session ends here, and no validator votes twice.
	let loses = |seat| Hospitals::<Runtime>::mutate_extant(FIFTH, |found| found.seat = seat);
	loses(Seat::Benched);
	world.sends(&second, Call::reclaim_seat {});
	loses(Seat::Suspended);
	world.decides(Call::reinstate_seat { hospital: FIFTH });

	world.decides(Call::expel_hospital { hospital: FIFTH });
	let successor = Some(NORTH);
	world
		.decides(pallet_medical_records::Call::<Runtime>::set_successor { left: FIFTH, successor });
	world.decides(pallet_medical_records::Call::<Runtime>::move_people { from: FIFTH, to: NORTH });
	world.decides(Call::readmit_hospital { hospital: FIFTH, controller: third });
}

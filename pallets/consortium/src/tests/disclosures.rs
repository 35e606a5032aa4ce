//! Vaults' accounts, and the logs that they anchor.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use medblock_primitives::{ANCHOR_INTERVAL, NumberedAnchor, Role};
use sp_runtime::{DispatchResult, traits::BadOrigin};

const ROOT: [u8; 32] = [1; 32];

fn log(hospital: HospitalId) -> pallet_consortium_runtime_api::DisclosureLogInfo<AccountId> {
	Consortium::disclosure_log(hospital)
}

fn anchors(vault: &RuntimeOrigin, size: u64, root: [u8; 32]) -> DispatchResult {
	Consortium::anchor_disclosures(vault.clone(), size, root)
}

/// Anchors as soon as it is possible.
fn anchors_later(vault: &RuntimeOrigin, size: u64) {
	stands_still(ANCHOR_INTERVAL);
	assert_ok!(anchors(vault, size, [size as u8; 32]));
}

fn numbers(hospital: HospitalId, after: Option<u32>, limit: u32) -> (Vec<u32>, Option<u32>) {
	let page = Consortium::disclosure_anchors(hospital, after, limit);
	(page.items.into_iter().map(|found| found.number).collect(), page.next)
}

#[test]
fn controller_chooses_the_vaults_account_which_has_agreed() {
	consortium(|| {
		let (account, _) = vault(50);
		assert_eq!(log(NORTH).vault_account, None);
		let vault = has_vault(NORTH, 50);
		let set = Event::VaultAccountSet { hospital: NORTH, account: account.clone() };
		assert_eq!(last_event(), set);
		assert_eq!(log(NORTH).vault_account, Some(account.clone()));
		assert_eq!(Consortium::vault_of(&account), Some(NORTH));
		assert_eq!(Consortium::acting_for(&account), Some(NORTH), "its hospital pays");
		assert!(ROLES.with_borrow(|roles| roles.contains(&(account.clone(), Role::Vault))));
		// It may do nothing else.
		assert_eq!(Consortium::registrar_of(&account), None);
		let mode = RegistrationMode::Closed;
		let refused = Consortium::set_registration_mode(vault, mode);
		assert_noop!(refused, Error::<Test>::NotController);
	});
}

#[test]
fn no_account_becomes_a_vaults_without_its_signature() {
	consortium(|| {
		let (account, pair) = vault(50);
		let set = |proof| Consortium::set_vault_account(signed(0), account.clone(), proof);
		for proof in [
			// For another hospital, of another account, and of something else.
			agrees(50, EAST),
			agrees(51, NORTH),
			sp_core::Pair::sign(&pair, b"something else").into(),
		] {
			assert_noop!(set(proof), Error::<Test>::InvalidProof);
		}
		// A registrar's or a stranger's word is not the hospital's.
		for who in [100, 77] {
			let proof = agrees(50, NORTH);
			let refused = Consortium::set_vault_account(signed(who), account.clone(), proof);
			assert_noop!(refused, Error::<Test>::NotController);
		}
		let refused = Consortium::set_vault_account(council(), account.clone(), agrees(50, NORTH));
		assert_noop!(refused, BadOrigin);
	});
}

/// The vault's key lies on a machine that everybody can reach.
#[test]
fn account_that_acts_for_a_hospital_is_no_vaults() {
	consortium(|| {
		has_vault(NORTH, 50);
		for hospital in [NORTH, EAST] {
			let (account, proof) = (vault(50).0, agrees(50, hospital));
			let refused = Consortium::set_vault_account(controller(hospital), account, proof);
			assert_noop!(refused, Error::<Test>::AlreadyStaff);
		}
		let (registrar, _) = vault(51);
		assert_ok!(Consortium::appoint_registrar(signed(1), registrar.clone()));
		let accepted = frame_system::RawOrigin::Signed(registrar.clone()).into();
		assert_ok!(Consortium::accept_appointment(accepted, EAST, 1, x_wing_key(7)));
		let refused = Consortium::set_vault_account(signed(0), registrar, agrees(51, NORTH));
		assert_noop!(refused, Error::<Test>::AlreadyStaff);
	});
}

#[test]
fn vaults_account_can_be_replaced_and_ends_with_its_hospital() {
	consortium(|| {
		let before = has_vault(NORTH, 50);
		anchors_later(&before, 3);
		let after = has_vault(NORTH, 51);
		stands_still(ANCHOR_INTERVAL);
		assert_noop!(anchors(&before, 4, ROOT), Error::<Test>::NotVault);
		assert_eq!(Consortium::vault_of(&vault(50).0), None);
		// The log goes on.
		assert_noop!(anchors(&after, 2, ROOT), Error::<Test>::LogShrunk);
		assert_ok!(anchors(&after, 4, ROOT));
		assert_ok!(Consortium::expel_hospital(council(), NORTH));
		assert_eq!(log(NORTH).vault_account, None);
		stands_still(ANCHOR_INTERVAL);
		assert_noop!(anchors(&after, 5, ROOT), Error::<Test>::NotVault);
		assert_eq!(log(NORTH).last.map(|(_, last)| last.size), Some(4), "what it said stays");
	});
}

#[test]
fn vault_anchors_its_log() {
	consortium(|| {
		let vault = has_vault(NORTH, 50);
		assert_eq!((log(NORTH).number, log(NORTH).last), (0, None));
		assert_ok!(anchors(&vault, 7, ROOT));
		let (hospital, number, log_number, size, root) = (NORTH, 0, 0, 7, ROOT);
		let anchored = Event::DisclosuresAnchored { hospital, number, log: log_number, size, root };
		assert_eq!(last_event(), anchored);
		let anchor = DisclosureAnchor { log: 0, size, root, at: 1_000 };
		assert_eq!(log(NORTH).last, Some((0, anchor)));
		assert_eq!(
			Consortium::disclosure_anchors(NORTH, None, 10).items,
			[NumberedAnchor { number: 0, anchor }]
		);
		assert_eq!(log(EAST).last, None);
		// Nobody else does.
		stands_still(ANCHOR_INTERVAL);
		for who in [signed(0), signed(100), signed(77)] {
			assert_noop!(anchors(&who, 8, ROOT), Error::<Test>::NotVault);
		}
		assert_noop!(anchors(&council(), 8, ROOT), BadOrigin);
	});
}

#[test]
fn log_only_grows_and_each_size_has_one_root() {
	consortium(|| {
		let vault = has_vault(NORTH, 50);
		assert_ok!(anchors(&vault, 7, ROOT));
		stands_still(ANCHOR_INTERVAL);
		assert_noop!(anchors(&vault, 6, ROOT), Error::<Test>::LogShrunk);
		assert_noop!(anchors(&vault, 7, [2; 32]), Error::<Test>::LogRewritten);
		// Nothing was read meanwhile, and the log is still there.
		assert_ok!(anchors(&vault, 7, ROOT));
		anchors_later(&vault, u64::MAX);
		stands_still(ANCHOR_INTERVAL);
		assert_noop!(anchors(&vault, 8, ROOT), Error::<Test>::LogShrunk);
	});
}

#[test]
fn anchors_are_ten_minutes_apart() {
	consortium(|| {
		let vault = has_vault(NORTH, 50);
		let other = has_vault(EAST, 51);
		assert_ok!(anchors(&vault, 7, ROOT));
		stands_still(ANCHOR_INTERVAL - 1);
		assert_noop!(anchors(&vault, 8, ROOT), Error::<Test>::AnchorTooSoon);
		assert_ok!(anchors(&other, 8, ROOT));
		// Neither another account nor another log is a way around it.
		let vault = has_vault(NORTH, 52);
		assert_noop!(anchors(&vault, 8, ROOT), Error::<Test>::AnchorTooSoon);
		assert_ok!(Consortium::begin_disclosure_log(signed(0)));
		assert_noop!(anchors(&vault, 8, ROOT), Error::<Test>::AnchorTooSoon);
		stands_still(1);
		assert_ok!(anchors(&vault, 1, ROOT));
	});
}

#[test]
fn last_anchors_are_kept() {
	consortium(|| {
		let vault = has_vault(NORTH, 50);
		for size in 0..u64::from(MAX_ANCHORS) {
			anchors_later(&vault, size);
		}
		assert_eq!(numbers(NORTH, None, 2), (vec![0, 1], Some(1)));
		anchors_later(&vault, 5_000);
		anchors_later(&vault, 5_001);
		assert_eq!(DisclosureAnchors::<Test>::iter_prefix(NORTH).count(), MAX_ANCHORS as usize);
		assert_eq!(numbers(NORTH, None, 2), (vec![2, 3], Some(3)));
		// From one that is gone, the page begins with the first that is there.
		assert_eq!(numbers(NORTH, Some(0), 1), (vec![2], Some(2)));
		let last = MAX_ANCHORS + 1;
		assert_eq!(numbers(NORTH, Some(last - 1), 10), (vec![last], None));
		assert_eq!(numbers(NORTH, Some(last), 10), (vec![], None));
		assert_eq!(numbers(NORTH, Some(u32::MAX), 10), (vec![], None));
		assert_eq!(numbers(EAST, None, 10), (vec![], None));
	});
}

/// A log that is lost can't be continued: the same places would get other disclosures.
#[test]
fn lost_log_is_begun_anew_for_all_to_see() {
	consortium(|| {
		let begin = |n| Consortium::begin_disclosure_log(signed(n));
		assert_noop!(begin(0), Error::<Test>::LogNotAnchored);
		let vault = has_vault(NORTH, 50);
		anchors_later(&vault, 7);
		for who in [100, 77] {
			assert_noop!(begin(who), Error::<Test>::NotController);
		}
		assert_noop!(Consortium::begin_disclosure_log(vault.clone()), Error::<Test>::NotController);
		assert_ok!(begin(0));
		assert_eq!(last_event(), Event::DisclosureLogBegun { hospital: NORTH, log: 1 });
		assert_eq!((log(NORTH).number, log(NORTH).last), (1, None));
		assert_noop!(begin(0), Error::<Test>::LogNotAnchored);
		anchors_later(&vault, 2);
		let (number, last) = log(NORTH).last.unwrap();
		assert_eq!((number, last.log, last.size), (1, 1, 2));
		// What was anchored before is still there.
		let kept = Consortium::disclosure_anchors(NORTH, None, 10).items;
		let kept: Vec<_> =
			kept.into_iter().map(|found| (found.anchor.log, found.anchor.size)).collect();
		assert_eq!(kept, [(0, 7), (1, 2)]);
		stands_still(ANCHOR_INTERVAL);
		assert_noop!(anchors(&vault, 1, ROOT), Error::<Test>::LogShrunk);
	});
}

/// A hospital that comes back goes on with its log, or says that it is lost.
#[test]
fn readmitted_hospital_is_held_to_its_log() {
	consortium(|| {
		let vault = has_vault(WEST, 50);
		anchors_later(&vault, 7);
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		pass_sessions(3);
		assert_ok!(Consortium::readmit_hospital(council(), WEST, account(3)));
		assert_eq!(log(WEST).vault_account, None);
		let vault = has_vault(WEST, 50);
		stands_still(ANCHOR_INTERVAL);
		assert_noop!(anchors(&vault, 6, ROOT), Error::<Test>::LogShrunk);
		assert_ok!(anchors(&vault, 8, ROOT));
	});
}

//! What all who act for one hospital share: its allowance, and its share of a block.

use super::*;
use frame_support::assert_ok;
use sp_runtime::Perbill;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);

/// Fills a block: each account sends until it is refused. Returns how many transactions it has.
fn block_of(senders: impl IntoIterator<Item = AccountId>, units: u64) -> u32 {
	System::set_block_number(System::block_number() + 1);
	let mut count = 0;
	for who in senders {
		while apply(who, entry(who).nonce, &remark(), units).is_ok() {
			count += 1;
		}
	}
	count
}

#[test]
fn hospital_pays_for_nothing_but_its_vaults_work() {
	chain(|| {
		FairUsage::gained(&901, Role::Vault);
		for call in [registration(), correction()] {
			refused(submit(901, 0, &call, 10), InvalidTransaction::Call);
			refused(apply(901, 0, &call, 10), InvalidTransaction::Call);
		}
		assert_ok!(apply(901, 0, &remark(), 10));
		assert_eq!(FairUsage::remaining(901).left, 99_990);
		// What protects a person never depends on that.
		assert_ok!(submit(901, 1, &urgent(), 10));
		// A registrar may do more.
		a_registrar(901);
		assert_ok!(submit(901, 1, &registration(), 10));
		// A patient pays for all else.
		FairUsage::lost(&901, Role::Registrar);
		a_patient(901);
		assert_ok!(apply(901, 1, &correction(), 10));
		assert_eq!(entry(901).data.used, 10);
		assert_eq!(FairUsage::remaining(901).left, 99_990);
	});
}

#[test]
fn staff_of_a_hospital_share_one_allowance() {
	chain(|| {
		FairUsage::gained(&900, Role::Controller);
		FairUsage::gained(&901, Role::Registrar);
		FairUsage::gained(&902, Role::Operator);
		a_registrar(OTHER_REGISTRAR);
		assert_ok!(apply_with(900, 0, &remark(), 500, Ok(()), Some(300)));
		assert_ok!(apply(901, 0, &remark(), 200));
		for who in 900..903 {
			let Remaining { left, hospital, capacity, refill, .. } = FairUsage::remaining(who);
			assert_eq!((left, hospital), (99_500, Some(NORTH)));
			assert_eq!((capacity, refill), (100_000, 100));
			assert_eq!(entry(who).data.used, 0);
		}
		assert_eq!(remaining(OTHER_REGISTRAR), 100_000);
		HospitalUses::<Test>::mutate(NORTH, |used| used.used = 100_000);
		refused(submit(902, 0, &remark(), 1), InvalidTransaction::ExhaustsResources);
		refused(apply(902, 0, &remark(), 1), InvalidTransaction::Custom(ALLOWANCE_SPENT));
		assert_ok!(apply(OTHER_REGISTRAR, 0, &remark(), 1));
		pass(1);
		assert_eq!(remaining(902), 1_000);
	});
}

/// Shown before, by arithmetic: the fresh allowances of 68 registrars of one hospital fill every block.
#[test]
fn more_registrars_get_a_hospital_no_more() {
	chain(|| {
		for registrars in [1, 68] {
			HospitalUses::<Test>::remove(NORTH);
			let staff = 900..900 + registrars;
			staff.clone().for_each(a_registrar);
			let blocks: u32 = (0..200).map(|_| block_of(staff.clone(), 100)).sum();
			// Ten in each block, and no more than the allowance in all of them.
			assert_eq!(blocks, 1_000);
			assert_eq!(remaining(900), 0);
		}
	});
}

#[test]
fn hospital_has_its_share_of_a_block_and_others_the_rest() {
	chain(|| {
		(900..968).for_each(a_registrar);
		a_registrar(OTHER_REGISTRAR);
		a_patient(1);
		assert_eq!(block_of(900..968, 100), 10);
		// Not an error by which the block would end, nor one for which the pool drops a transaction.
		refused(apply(967, entry(967).nonce, &remark(), 100), InvalidTransaction::Future);
		assert_ok!(submit(967, entry(967).nonce, &remark(), 100));
		assert_ok!(apply(OTHER_REGISTRAR, 0, &remark(), 100));
		assert_ok!(apply(1, 0, &remark(), 100));
		assert_eq!(block_of(900..968, 100), 10);
	});
}

/// A chain with slots of half a second has twice as many blocks.
#[test]
fn share_of_a_short_slots_block_is_as_much_smaller() {
	chain(|| {
		(900..903).for_each(a_registrar);
		TestBlockPart::set(Perbill::from_percent(50));
		assert_eq!(block_of(900..903, 100), 5);
		assert_eq!(block_of(900..903, 100), 5);
		// A larger one fits, and takes the shares of the blocks after it.
		assert_eq!(block_of(900..903, 1_200), 1);
		assert_eq!(block_of(900..903, 100), 0);
	});
}

#[test]
fn share_is_of_bytes_too() {
	chain(|| {
		(900..903).for_each(a_registrar);
		let apply_long = |who, length| {
			let source = TransactionSource::InBlock;
			let (_, val) = validate_long(source, who, 0, &remark(), 0, length)?;
			FairUse::<Test>(0).prepare(val, &signed(who), &remark(), &costs(0), length).map(|_| ())
		};
		assert_ok!(apply_long(900, 3_000));
		refused(apply_long(901, 2_001), InvalidTransaction::Future);
		assert_ok!(apply_long(901, 2_000));
		refused(apply_long(902, 1), InvalidTransaction::Future);
		System::set_block_number(2);
		assert_ok!(apply_long(902, 1));
	});
}

/// A few large transactions filled the pools of all nodes, which then refused what people sent.
#[test]
fn account_has_no_more_bytes_waiting_than_a_block_takes_of_its_hospital() {
	chain(|| {
		a_registrar(900);
		FairUsage::gained(&901, Role::Controller);
		let as_from = |source, who, nonce, length| {
			validate_long(source, who, nonce, &remark(), 0, length).map(drop)
		};
		let waits = |nonce, length| as_from(TransactionSource::External, 900, nonce, length);
		assert_ok!(waits(0, 5_000));
		refused(waits(0, 5_001), InvalidTransaction::ExhaustsResources);
		assert_ok!(waits(4, 1_000));
		refused(waits(5, 1_000), InvalidTransaction::ExhaustsResources);
		// A controller puts runtimes in force.
		assert_ok!(as_from(TransactionSource::Local, 901, 0, 20_000));
		// Blocks are made of what waits; in theirs, larger ones count against later shares.
		assert_ok!(as_from(TransactionSource::InBlock, 900, 0, 5_001));
	});
}

/// Forty accounts of one hospital, each with no more waiting than it may have, filled the pools of all nodes.
#[test]
fn nodes_are_told_whose_room_a_transaction_takes() {
	chain(|| {
		a_registrar(900);
		a_registrar(OTHER_REGISTRAR);
		FairUsage::gained(&901, Role::Controller);
		a_patient(1);
		let crowds = |who, call: &RuntimeCall| {
			let provides = submit(who, 0, call, 1).unwrap().provides;
			provides.iter().filter_map(|tag| Crowd::of_tag(tag)).collect::<Vec<_>>()
		};
		assert_eq!(crowds(900, &remark()), [Crowd::Hospital(NORTH)]);
		assert_eq!(crowds(OTHER_REGISTRAR, &remark()), [Crowd::Hospital(EAST)]);
		assert_eq!(crowds(2, &registration()), [Crowd::Newcomers]);
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 2));
		assert_eq!(crowds(2, &registration()), [Crowd::Hospital(NORTH)]);
		// A controller stops the staff, and a person is one.
		for who in [901, 1] {
			assert_eq!(crowds(who, &remark()), []);
		}
		// A registrar's own revocation takes the place of another transaction. What waits for that stays.
		a_patient(900);
		let provides = |call| submit(900, 0, &call, 1).unwrap().provides;
		assert_eq!(provides(urgent()), provides(remark()));
	});
}

#[test]
fn transaction_larger_than_a_share_takes_the_shares_of_later_blocks() {
	chain(|| {
		(900..902).for_each(a_registrar);
		assert_ok!(apply(900, 0, &remark(), 3_500));
		for block in 1..4 {
			System::set_block_number(block);
			refused(apply(901, 0, &remark(), 1), InvalidTransaction::Future);
		}
		System::set_block_number(4);
		refused(apply(901, 0, &remark(), 501), InvalidTransaction::Future);
		assert_ok!(apply(901, 0, &remark(), 500));
		refused(apply(901, 1, &remark(), 1), InvalidTransaction::Future);
	});
}

#[test]
fn computation_that_was_given_back_counts_against_no_share() {
	chain(|| {
		a_registrar(900);
		for nonce in 0..9 {
			assert_ok!(apply_with(900, nonce, &remark(), 200, Ok(()), Some(100)));
		}
		assert_eq!(remaining(900), 99_100);
		refused(apply(900, 9, &remark(), 101), InvalidTransaction::Future);
		assert_ok!(apply(900, 9, &remark(), 100));
	});
}

#[test]
fn sponsored_newcomers_count_against_the_share() {
	chain(|| {
		a_registrar(900);
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 1));
		assert_ok!(apply(900, 0, &remark(), 950));
		refused(apply(1, 0, &registration(), 60), InvalidTransaction::Future);
		assert_eq!(OpenLane::<Test>::get().used, 0);
		System::set_block_number(2);
		assert_ok!(apply(1, 0, &registration(), 60));
	});
}

#[test]
fn hospital_does_not_pay_for_revocations_and_can_not_keep_staff_from_them() {
	chain(|| {
		a_registrar(900);
		a_patient(900);
		let at = FairUsage::now();
		HospitalUses::<Test>::insert(
			NORTH,
			HospitalUse { used: 100_000, at, ..Default::default() },
		);
		refused(submit(900, 0, &remark(), 1), InvalidTransaction::ExhaustsResources);
		assert_eq!(submit(900, 0, &urgent(), 1_500).unwrap().priority, u64::MAX);
		// Rotating is the person's own, too.
		assert_eq!(submit(900, 0, &retraction(), 1_500).unwrap().priority, 3);
		assert_ok!(apply(900, 0, &urgent(), 1_500));
		assert_eq!(entry(900).data.used, 1_500);
	});
}

/// A registrar's key in the wrong hands took every unit that came back. Then the controller could neither
/// remove the registrar nor vote.
#[test]
fn staff_who_use_up_the_allowance_leave_the_controller_a_reserve() {
	chain(|| {
		FairUsage::gained(&900, Role::Controller);
		a_registrar(901);
		assert_ok!(apply(901, 0, &remark(), 1));
		HospitalUses::<Test>::mutate(NORTH, |used| used.used = 100_000);
		refused(submit(901, 1, &remark(), 1), InvalidTransaction::ExhaustsResources);
		refused(apply(901, 1, &remark(), 1), InvalidTransaction::Custom(ALLOWANCE_SPENT));
		refused(submit(900, 0, &remark(), 401), InvalidTransaction::ExhaustsResources);
		assert_ok!(submit(900, 0, &remark(), 400));
		assert_ok!(apply(900, 0, &remark(), 300));
		refused(apply(900, 1, &remark(), 101), InvalidTransaction::Custom(ALLOWANCE_SPENT));
		assert_ok!(apply(900, 1, &remark(), 100));
		// The reserve serves no other account, and no newcomer.
		assert_eq!(remaining(901), 0);
		assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 1));
		assert_eq!(submit(1, 0, &registration(), 1).unwrap().priority, 0);
		pass(1);
		assert_eq!((remaining(900), remaining(901)), (600, 600));
	});
}

/// Within the hospital's share of a block.
#[test]
fn controllers_transactions_come_before_those_of_the_staff() {
	chain(|| {
		FairUsage::gained(&900, Role::Controller);
		a_registrar(901);
		let priority = |who, call| submit(who, 0, &call, 1).unwrap().priority;
		assert!(priority(900, remark()) > priority(901, remark()));
		a_patient(900);
		assert!(priority(900, urgent()) > priority(900, remark()));
	});
}

#[test]
fn staff_of_a_hospital_that_has_left_are_newcomers_again() {
	chain(|| {
		a_registrar(OTHER_REGISTRAR);
		a_registrar(900);
		LEFT.set(Some(EAST));
		refused(submit(OTHER_REGISTRAR, 0, &remark(), 1), InvalidTransaction::Call);
		assert_eq!(submit(OTHER_REGISTRAR, 0, &registration(), 1).unwrap().priority, 0);
		assert_ok!(apply(900, 0, &remark(), 1));
		assert!(!HospitalUses::<Test>::contains_key(EAST));
	});
}

#[test]
fn what_a_hospital_pays_for_leaves_the_own_allowance_as_it_is() {
	chain(|| {
		a_patient(900);
		a_registrar(900);
		assert_ok!(apply(900, 0, &urgent(), 300));
		let before = entry(900).data;
		pass(7);
		assert_ok!(apply(900, 1, &remark(), 100));
		assert_eq!(entry(900).data, before);
	});
}

/// The last unit counts.
#[test]
fn hospital_sponsors_as_long_as_its_allowance_suffices() {
	for (left, priority) in [(60, 2), (59, 0)] {
		chain(|| {
			assert_ok!(FairUsage::sponsor(signed(REGISTRAR), 1));
			let (used, at) = (100_000 - left, FairUsage::now());
			HospitalUses::<Test>::insert(NORTH, HospitalUse { used, at, ..Default::default() });
			assert_eq!(submit(1, 0, &registration(), 60).unwrap().priority, priority);
		});
	}
}

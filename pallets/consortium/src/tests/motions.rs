//! The council's motions, from the proposal to the end.

use crate::{mock::*, *};
use codec::Encode;
use frame_support::{BoundedVec, assert_noop, assert_ok, dispatch::GetDispatchInfo};
use pallet_collective::{Call as CouncilCall, Event as CouncilEvent, Instance1};
use sp_runtime::{
	DispatchResult,
	traits::{BlakeTwo256, Dispatchable, Hash},
};

type Collective = pallet_collective::Error<Test, Instance1>;

fn makes(member: u8, call: CouncilCall<Test, Instance1>) -> DispatchResult {
	let done = RuntimeCall::Council(call).dispatch(signed(member));
	done.map(drop).map_err(|failed| failed.error)
}

fn proposes(member: u8, threshold: u32, call: impl Into<RuntimeCall>) -> DispatchResult {
	let proposal: Box<RuntimeCall> = Box::new(call.into());
	let length_bound = proposal.encoded_size() as u32;
	makes(member, CouncilCall::propose { threshold, proposal, length_bound })
}

fn votes(member: u8, call: impl Into<RuntimeCall>, approve: bool) -> DispatchResult {
	let call: RuntimeCall = call.into();
	let proposal = BlakeTwo256::hash_of(&call);
	let index = index(proposal);
	makes(member, CouncilCall::vote { proposal, index, approve })
}

fn closes(member: u8, call: impl Into<RuntimeCall>) -> DispatchResult {
	let call: RuntimeCall = call.into();
	let proposal_hash = BlakeTwo256::hash_of(&call);
	let length_bound = call.encoded_size() as u32;
	let proposal_weight_bound = call.get_dispatch_info().call_weight;
	let index = index(proposal_hash);
	makes(member, CouncilCall::close { proposal_hash, index, proposal_weight_bound, length_bound })
}

/// The number under which the call was proposed last.
fn index(motion: sp_core::H256) -> u32 {
	let proposed = System::events().into_iter().rev().find_map(|record| match record.event {
		RuntimeEvent::Council(CouncilEvent::Proposed { proposal_index, proposal_hash, .. }) => {
			(proposal_hash == motion).then_some(proposal_index)
		},
		_ => None,
	});
	proposed.unwrap_or_default()
}

fn expel(hospital: HospitalId) -> Call<Test> {
	Call::expel_hospital { hospital }
}

fn rename(hospital: HospitalId, text: &str) -> Call<Test> {
	Call::rename_hospital { hospital, name: name(text) }
}

fn filtered() -> sp_runtime::DispatchError {
	frame_system::Error::<Test>::CallFiltered.into()
}

fn admits(controller: u8) {
	let gateway = gateway("https://new.example");
	assert_ok!(Consortium::admit_hospital(council(), account(controller), name("New"), gateway));
}

#[test]
fn motion_needs_two_thirds_and_is_not_made_with_another_threshold() {
	consortium(|| {
		for threshold in [0, 1, 2, 4, 5, u32::MAX] {
			let refused = proposes(3, threshold, rename(WEST, "Other"));
			assert_eq!(refused, Err(filtered()), "{threshold} of 4");
		}
		assert_ok!(proposes(3, 3, rename(WEST, "Other")));
		// The council of one member decides with one vote, and at once.
		for hospital in [WEST, SOUTH, EAST] {
			assert_ok!(Consortium::expel_hospital(council(), hospital));
			pass_sessions(2);
		}
		assert_eq!(proposes(0, 0, rename(NORTH, "Other")), Err(filtered()));
		assert_eq!(proposes(0, 2, rename(NORTH, "Other")), Err(filtered()));
		assert_ok!(proposes(0, 1, rename(NORTH, "Other")));
		assert_eq!(last_event(), Event::HospitalRenamed { hospital: NORTH });
	});
}

/// At a threshold of two, it closed early without effect and left no chance to propose the same.
#[test]
fn hospital_cannot_prevent_its_expulsion_by_proposing_it() {
	consortium(|| {
		assert_eq!(proposes(3, 2, expel(WEST)), Err(filtered()));
		assert_eq!(proposes(3, 4, expel(WEST)), Err(filtered()));
		assert_ok!(proposes(0, 3, expel(WEST)));
		// Nor by proposing it first with the right one: it is the same motion then.
		assert_eq!(proposes(3, 3, expel(WEST)), Err(Collective::DuplicateProposal.into()));
		assert_ok!(votes(3, expel(WEST), false));
		assert_eq!(closes(3, expel(WEST)), Err(Collective::TooEarly.into()));
		for member in [0, 1] {
			assert_ok!(votes(member, expel(WEST), true));
			assert_eq!(closes(3, expel(WEST)), Err(Collective::TooEarly.into()));
		}
		assert_ok!(votes(2, expel(WEST), true));
		assert_ok!(closes(3, expel(WEST)));
		assert_eq!(last_event(), Event::HospitalExpelled { hospital: WEST });
	});
}

#[test]
fn proposer_who_votes_against_closes_nothing_early() {
	consortium(|| {
		assert_ok!(proposes(3, 3, expel(WEST)));
		assert_ok!(votes(3, expel(WEST), false));
		assert_eq!(closes(3, expel(WEST)), Err(Collective::TooEarly.into()));
		for member in 0..3 {
			assert_ok!(votes(member, expel(WEST), true));
		}
		assert_ok!(closes(2, expel(WEST)));
		assert!(!Consortium::is_active(WEST));
	});
}

#[test]
fn motion_that_two_thirds_can_no_longer_approve_makes_room_at_once() {
	consortium(|| {
		assert_ok!(proposes(3, 3, rename(WEST, "Other")));
		assert_ok!(votes(0, rename(WEST, "Other"), false));
		assert_ok!(votes(1, rename(WEST, "Other"), false));
		assert_ok!(closes(2, rename(WEST, "Other")));
		assert_ok!(proposes(2, 3, rename(WEST, "Other")));
	});
}

#[test]
fn threshold_of_open_motions_follows_the_council() {
	consortium(|| {
		assert_ok!(proposes(0, 3, rename(WEST, "Other")));
		for member in 0..3 {
			assert_ok!(votes(member, rename(WEST, "Other"), true));
		}
		// Three of five are not two thirds: nobody can close it early, and so waste the votes.
		admits(10);
		assert_eq!(closes(3, rename(WEST, "Other")), Err(Collective::TooEarly.into()));
		assert_eq!(proposes(1, 3, rename(WEST, "Another")), Err(filtered()));
		assert_ok!(proposes(1, 4, rename(WEST, "Another")));
		// Of four they are again.
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		assert_ok!(closes(3, rename(WEST, "Other")));
		assert_eq!(last_event(), Event::HospitalRenamed { hospital: WEST });
	});
}

#[test]
fn one_vote_against_defeats_nothing_after_others_have_left() {
	consortium(|| {
		admits(10);
		admits(11);
		assert_ok!(proposes(0, 4, rename(WEST, "Other")));
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		assert_ok!(Consortium::expel_hospital(council(), HospitalId(5)));
		assert_ok!(votes(3, rename(WEST, "Other"), false));
		assert_eq!(closes(3, rename(WEST, "Other")), Err(Collective::TooEarly.into()));
		for member in 0..3 {
			assert_ok!(votes(member, rename(WEST, "Other"), true));
		}
		assert_ok!(closes(3, rename(WEST, "Other")));
	});
}

/// Three of six are too few. After two members had left, they were enough, however long ago it was.
#[test]
fn smaller_council_approves_nothing_by_votes_that_were_too_few() {
	consortium(|| {
		admits(10);
		admits(11);
		assert_ok!(proposes(0, 4, rename(WEST, "Other")));
		for member in 0..3 {
			assert_ok!(votes(member, rename(WEST, "Other"), true));
		}
		System::set_block_number(11);
		assert_ok!(Consortium::expel_hospital(council(), FIFTH));
		assert_ok!(Consortium::expel_hospital(council(), HospitalId(5)));
		assert_ok!(TestMotions::check());
		assert_ok!(closes(3, rename(WEST, "Other")));
		assert!(!events().contains(&Event::HospitalRenamed { hospital: WEST }));
		// A larger council asks for more, also after the last votes.
		assert_ok!(proposes(0, 3, rename(WEST, "Other")));
		for member in 0..3 {
			assert_ok!(votes(member, rename(WEST, "Other"), true));
		}
		System::set_block_number(21);
		admits(12);
		assert_ok!(closes(3, rename(WEST, "Other")));
		assert!(!events().contains(&Event::HospitalRenamed { hospital: WEST }));
	});
}

/// A member could close it years later, when the others no longer wanted it.
#[test]
fn approved_motion_that_no_member_closes_is_void_after_two_weeks() {
	consortium(|| {
		let approved = || rename(WEST, "Other");
		assert_ok!(proposes(3, 3, approved()));
		for member in 0..3 {
			assert_ok!(votes(member, approved(), true));
		}
		let motion = BlakeTwo256::hash_of(&RuntimeCall::from(approved()));
		let is_open = || pallet_collective::Proposals::<Test, Instance1>::get().contains(&motion);
		// The last votes were possible in block 10, and a session ends every six blocks.
		System::set_block_number(14 * 86_400);
		pass_sessions(1);
		assert!(is_open());
		pass_sessions(1);
		assert!(!is_open());
		let gone = Collective::ProposalMissing;
		assert_eq!(closes(0, approved()), Err(gone.into()));
		assert!(!events().contains(&Event::HospitalRenamed { hospital: WEST }));
		assert_ok!(proposes(0, 3, approved()));
	});
}

#[test]
fn council_of_others_than_the_controllers_is_found() {
	consortium(|| {
		let all = members();
		let but_one = all[1..].to_vec();
		pallet_collective::Members::<Test, Instance1>::put(but_one);
		assert!(TestMotions::check().is_err());
		pallet_collective::Members::<Test, Instance1>::put(all);
		assert_ok!(TestMotions::check());
	});
}

/// It stays until its session ends, and a session may be long.
#[test]
fn void_motion_that_has_not_been_removed_carries_out_nothing() {
	// The last votes are possible in block 10.
	let void_from = 11 + 14 * 86_400;
	for (block, is_void) in [(void_from - 1, false), (void_from, true), (void_from + 1, true)] {
		consortium(|| {
			assert_ok!(proposes(3, 3, rename(WEST, "Other")));
			for member in 0..3 {
				assert_ok!(votes(member, rename(WEST, "Other"), true));
			}
			System::set_block_number(block);
			let closed = if is_void { Err(filtered()) } else { Ok(()) };
			assert_eq!(closes(0, rename(WEST, "Other")), closed, "{block}");
			let is_renamed = events().contains(&Event::HospitalRenamed { hospital: WEST });
			assert_eq!(is_renamed, !is_void, "{block}");
		});
	}
}

#[test]
fn votes_of_those_who_left_do_not_count() {
	consortium(|| {
		assert_ok!(proposes(3, 3, rename(NORTH, "Other")));
		assert_ok!(votes(3, rename(NORTH, "Other"), true));
		assert_ok!(votes(0, rename(NORTH, "Other"), true));
		assert_ok!(Consortium::expel_hospital(council(), WEST));
		// Two of three are needed, and only one is left.
		assert_eq!(closes(1, rename(NORTH, "Other")), Err(Collective::TooEarly.into()));
		assert_eq!(votes(3, rename(NORTH, "Other"), true), Err(Collective::NotMember.into()));
		// A new controller votes anew.
		assert_ok!(Consortium::change_controller(signed(0), NORTH, account(20)));
		assert_ok!(votes(1, rename(NORTH, "Other"), true));
		assert_eq!(closes(1, rename(NORTH, "Other")), Err(Collective::TooEarly.into()));
		assert_ok!(votes(20, rename(NORTH, "Other"), true));
		assert_ok!(closes(1, rename(NORTH, "Other")));
	});
}

#[test]
fn each_hospital_has_its_share_of_the_open_motions() {
	consortium(|| {
		assert_eq!(Consortium::motions_each(), 2);
		for text in ["a", "b"] {
			assert_ok!(proposes(3, 3, rename(WEST, text)));
		}
		let full = Err(Error::<Test>::MaxMotionsExceeded.into());
		assert_eq!(proposes(3, 3, rename(WEST, "c")), full);
		// A new account of the same hospital has no place of its own.
		assert_ok!(Consortium::change_controller(signed(3), WEST, account(20)));
		assert_eq!(proposes(20, 3, rename(WEST, "c")), full);
		// The places of the others stay free.
		for member in 0..3 {
			assert_ok!(proposes(member, 3, rename(NORTH, &format!("a{member}"))));
			assert_ok!(proposes(member, 3, rename(NORTH, &format!("b{member}"))));
		}
		assert_eq!(Proposers::<Test>::get().len(), 8);
		let taken = Err(Collective::TooManyProposals.into());
		assert_eq!(proposes(0, 3, rename(NORTH, "c0")), taken);
		// A closed motion makes room, and counts against its proposer no more if another hospital
		// proposes it again.
		for member in 0..3 {
			assert_ok!(votes(member, rename(WEST, "a"), true));
		}
		assert_ok!(closes(0, rename(WEST, "a")));
		for (member, text) in [(0, "a0"), (1, "a1")] {
			for against in [2, 20] {
				assert_ok!(votes(against, rename(NORTH, text), false));
			}
			assert_ok!(closes(member, rename(NORTH, text)));
		}
		assert_ok!(proposes(0, 3, rename(WEST, "a")));
		assert_ok!(proposes(20, 3, rename(WEST, "c")));
		for member in [0, 20] {
			assert_eq!(proposes(member, 3, rename(NORTH, "c")), full);
		}
		assert_ok!(proposes(1, 3, rename(NORTH, "c")));
	});
}

#[test]
fn every_hospital_of_a_large_council_has_a_place() {
	consortium(|| {
		for n in 10..12 {
			admits(n);
		}
		// Eight places among six.
		assert_eq!(Consortium::motions_each(), 1);
		ActiveHospitals::<Test>::kill();
		assert_eq!(Consortium::motions_each(), 1);
		assert_noop!(proposes(99, 4, rename(NORTH, "a")), Collective::NotMember);
		let active: Vec<_> = (0..6).map(HospitalId).collect();
		ActiveHospitals::<Test>::put(BoundedVec::truncate_from(active));
	});
}

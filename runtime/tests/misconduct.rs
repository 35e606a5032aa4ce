//! A validator that votes for two blocks in one round, from the signed votes to the lost seat.

use crate::common::local;
use codec::Encode;
use finality_grandpa::{Equivocation as TwoVotes, Message, Prevote};
use frame_support::traits::{Hooks, KeyOwnerProofSystem};
use medblock_primitives::HospitalId;
use medblock_runtime::{
	Consortium, Grandpa, Hash, Historical, Runtime, RuntimeOrigin, Session, System,
};
use pallet_consortium::{Hospitals, Seat, Seats};
use sp_consensus_grandpa::{
	AuthorityId, AuthoritySignature, Equivocation, EquivocationProof, KEY_TYPE, localized_payload,
};
use sp_keyring::Ed25519Keyring;

const WEST: HospitalId = HospitalId(3);

/// Two prevotes of Dave's validator, signed with the keys that `signer` says.
fn two_votes(
	round: u64,
	first: u8,
	second: u8,
	signer: Ed25519Keyring,
) -> EquivocationProof<Hash, u32> {
	let vote = |byte: u8| {
		let prevote = Prevote { target_hash: Hash::repeat_byte(byte), target_number: 1 };
		let payload = localized_payload(round, 0, &Message::Prevote(prevote.clone()));
		(prevote, AuthoritySignature::from(signer.sign(&payload)))
	};
	let identity = AuthorityId::from(Ed25519Keyring::Dave.public());
	EquivocationProof::new(
		0,
		Equivocation::Prevote(TwoVotes {
			round_number: round,
			identity,
			first: vote(first),
			second: vote(second),
		}),
	)
}

fn report(proof: EquivocationProof<Hash, u32>) -> bool {
	let key = (KEY_TYPE, AuthorityId::from(Ed25519Keyring::Dave.public()));
	let owner = Historical::prove(key).expect("Dave's validator is seated");
	Grandpa::report_equivocation_unsigned(RuntimeOrigin::none(), Box::new(proof), owner).is_ok()
}

#[test]
fn double_vote_takes_the_seat_and_a_report_that_proves_nothing_does_not() {
	local().execute_with(|| {
		System::set_block_number(1);
		let seat = || Hospitals::<Runtime>::get(WEST).map(|hospital| hospital.seat);

		assert!(!report(two_votes(1, 1, 1, Ed25519Keyring::Dave)), "the same vote twice");
		assert!(!report(two_votes(1, 1, 2, Ed25519Keyring::Eve)), "somebody else's signatures");
		assert_eq!(seat(), Some(Seat::Ready));

		assert!(report(two_votes(1, 1, 2, Ed25519Keyring::Dave)));
		assert_eq!(seat(), Some(Seat::Suspended));
		assert!(!report(two_votes(1, 1, 2, Ed25519Keyring::Dave)), "reported already");
		// Another round is another report, and changes nothing any more.
		assert!(report(two_votes(2, 1, 2, Ed25519Keyring::Dave)));

		let session_length = 60;
		System::set_block_number(session_length);
		Session::on_initialize(session_length);
		assert_eq!(Seats::<Runtime>::get().len(), 3);
		assert!(!Seats::<Runtime>::get().contains(&WEST));
		// Known by its seat account, whatever account controls the hospital by then.
		assert!(Session::validators().contains(&Consortium::seat_account(WEST)));
		Session::on_initialize(2 * session_length);
		assert!(!Session::validators().contains(&Consortium::seat_account(WEST)));
		assert_eq!(Session::validators().encode().len(), 1 + 3 * 32);
	});
}

/// The SDK's weight leaves out what its receiver does with a report.
#[test]
fn weight_of_a_report_includes_the_loss_of_a_seat() {
	use pallet_consortium::WeightInfo as _;
	use pallet_grandpa::WeightInfo as _;
	let loss = <Runtime as pallet_consortium::Config>::WeightInfo::suspend().ref_time();
	for claimed in [0, 4, 64, u32::MAX] {
		let all = <Runtime as pallet_grandpa::Config>::WeightInfo::report_equivocation(claimed, 0);
		let checks = all.ref_time() - loss;
		// From the SDK's 240 microseconds of computation on.
		assert!((240_000_000..1_000_000_000).contains(&checks), "{checks}");
	}
}

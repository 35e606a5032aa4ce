use crate::{mock::*, *};
use codec::Encode;
use frame_support::{
	assert_ok,
	traits::{OnRuntimeUpgrade, UncheckedOnRuntimeUpgrade},
};

#[test]
fn decisions_that_wait_get_an_end() {
	consortium(|| {
		let items = vec![];
		let call = RuntimeCall::System(frame_system::Call::set_storage { items });
		assert_ok!(Consortium::enact(council(), Box::new(call)));
		let now = PendingEnactments::<Test>::get(0).unwrap();
		// As it was stored without an end: the call and the block.
		let key = PendingEnactments::<Test>::hashed_key_for(0);
		let before = (now.call.clone(), now.due);
		frame_support::storage::unhashed::put_raw(&key, &before.encode());
		assert_eq!(PendingEnactments::<Test>::get(0), None);
		VoidDates::<Test>::on_runtime_upgrade();
		assert_eq!(PendingEnactments::<Test>::get(0), Some(now));
		System::set_block_number(6);
		assert_ok!(Consortium::carry_out(signed(2), 0));
	});
}

#[test]
fn motions_get_the_threshold_of_the_council() {
	use sp_runtime::traits::{BlakeTwo256, Hash};
	consortium(|| {
		let call = RuntimeCall::Consortium(Call::expel_hospital { hospital: WEST });
		let motion = BlakeTwo256::hash_of(&call);
		// As before the threshold was checked.
		let length = call.encoded_size() as u32;
		assert_ok!(Council::propose(signed(3), 2, Box::new(call), length));
		assert!(TestMotions::check().is_err());
		TestMotions::on_runtime_upgrade();
		assert_ok!(TestMotions::check());
		for member in [0, 1] {
			assert_ok!(Council::vote(signed(member), motion, 0, true));
		}
		let early = pallet_collective::Error::<Test, pallet_collective::Instance1>::TooEarly;
		let weight = frame_support::weights::Weight::MAX;
		let closed = Council::close(signed(3), motion, 0, weight, length);
		assert_eq!(closed.unwrap_err().error, early.into());
	});
}

//! The weight of the checks themselves, in picoseconds: see `Weightless`.

use super::*;

fn declared(call: &RuntimeCall) -> u64 {
	FairUse::<Test>(0).weight(call).ref_time()
}

/// The weight that a transaction gives back, whose call took all that it declared.
fn unspent(who: AccountId, call: &RuntimeCall) -> u64 {
	let (nonce, info) = (entry(who).nonce, costs(1));
	let (_, val) = validate_as(TransactionSource::InBlock, who, nonce, call, 1).unwrap();
	let pre = FairUse::<Test>(nonce).prepare(val, &signed(who), call, &info, 0).unwrap();
	let post = PostDispatchInfo::default();
	let unspent = FairUse::<Test>::post_dispatch_details(pre, &info, &post, 0, &Ok(()));
	unspent.unwrap().ref_time()
}

#[test]
fn checks_declare_the_most_and_give_back_what_their_payer_did_not_need() {
	chain(|| {
		// The highest of those that may apply, and 7 for the policy's answers.
		assert_eq!(declared(&remark()), 30 + 7);
		assert_eq!(declared(&registration()), 50 + 7);
		a_patient(1);
		a_registrar(900);
		assert_eq!(unspent(1, &remark()), 30 - 10);
		assert_eq!(unspent(900, &remark()), 0);
		// What protects a person is never the hospital's.
		assert_eq!(unspent(900, &urgent()), 30 - 10);
		assert_eq!(unspent(2, &registration()), 0);
		assert_eq!(unspent(1, &registration()), 0);
	});
}

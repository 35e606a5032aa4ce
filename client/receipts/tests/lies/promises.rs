//! Receipts, and how disclosures are encoded.

use crate::gateway::{ANNA, BERT, Gateway, LOG, Reader, a_day, check, key, refusal, vault};
use medblock_receipts::*;
use proptest::prelude::*;
use subxt_signer::sr25519::dev;

#[test]
fn reader_makes_the_receipt_out_of_a_slip() {
	let mut gateway = Gateway::new();
	let mut reader = Reader::new(&dev::alice(), 1);
	let asked = reader.asks(ANNA, 0);
	let receipt = gateway.gives(asked.clone(), &reader.session);
	let sent = receipt.slip().to_bytes();
	assert_eq!(sent.len(), 4 + 8 + 16 + 5 + 8 + 8 + 8 + 4 + 32 + 32 + 64);
	let slip = Slip::read(&sent).unwrap();
	assert_eq!(slip.clone().receipt(asked, reader.session.clone()), receipt);
	// For another request, or another session, it is none.
	let other = slip.clone().receipt(reader.asks(ANNA, 1), reader.session.clone());
	assert_eq!(refusal(other.check(&vault())), Lie::NotTheVaults);
	let mut second = Reader::new(&dev::alice(), 2);
	let other = slip.receipt(second.asks(ANNA, 0), second.session.clone());
	assert_eq!(refusal(other.check(&vault())), Lie::NotTheVaults);
	for bad in [&sent[1..], &sent[..sent.len() - 1], &[&sent[..], &[0]].concat()] {
		assert_eq!(refusal(Slip::read(bad)), Lie::Malformed);
	}
}

#[test]
fn disclosures_have_one_encoding() {
	let (gateway, _) = a_day(1);
	let disclosure = gateway.lines(ANNA).remove(0).disclosure;
	let encoded = disclosure.to_bytes();
	assert_eq!(Disclosure::read(&encoded), Ok(disclosure));
	let longer = [&encoded[..], &[0]].concat();
	for bad in [&encoded[1..], &encoded[..encoded.len() - 1], &longer, &[0; MAX_ENCODED + 1]] {
		assert_eq!(refusal(Disclosure::read(bad)), Lie::Malformed);
	}
}

/// A full listing with the longest sign-in that is taken.
#[test]
fn largest_disclosure_can_be_read() {
	let mut reader = Reader::new(&dev::alice(), 1);
	let mut asked = reader.asks(ANNA, 0);
	let digest = [1; 32];
	let all = (0..MAX_TITLES as u32).map(|index| (index, &digest));
	asked.request.subject = Subject::titles(all);
	let asked = asked.request.sign(&reader.key);
	let (mut disclosure, _) = Gateway::new().disclosure(asked, &reader.session);
	disclosure.check(&LOG).unwrap();
	disclosure.session.challenge = "x".repeat(1_024);
	let encoded = disclosure.to_bytes();
	assert_eq!(Disclosure::read(&encoded), Ok(disclosure));
}

#[test]
fn line_that_was_never_written_is_found_by_its_receipt() {
	let mut gateway = Gateway::new();
	let mut reader = Reader::new(&dev::alice(), 1);
	// The vault promises a place, and writes nothing.
	let (disclosure, _) = gateway.disclosure(reader.asks(ANNA, 0), &reader.session);
	let receipt = Receipt::issue(&key(), LOG, 0, disclosure);
	receipt.check(&vault()).unwrap();
	let asked = reader.asks(BERT, 0);
	gateway.gives(asked, &reader.session);
	let tree = gateway.tree();
	let proof = gateway.proof(inclusion_spans(0, 1));
	assert_eq!(refusal(receipt.is_in(&tree, &proof)), Lie::NotInLog { index: 0 });
	let checked = check(&gateway, &[], None).unwrap();
	assert_eq!(refusal(checked.has(&receipt)), Lie::Dropped { index: 0 });
}

#[test]
fn receipt_that_the_vault_did_not_sign_for_this_is_refused() {
	let (_, receipts) = a_day(2);
	let mut forged = receipts[0].clone();
	forged.promise.statement.index += 1;
	assert_eq!(refusal(forged.check(&vault())), Lie::NotTheVaults);
	let mut forged = receipts[0].clone();
	forged.promise = receipts[1].promise;
	assert_eq!(refusal(forged.check(&vault())), Lie::NotTheVaults);
	let mut forged = receipts[0].clone();
	forged.promise.signature[0] ^= 1;
	assert_eq!(refusal(forged.check(&vault())), Lie::NotTheVaults);
}

#[test]
fn disclosure_is_on_the_chain_within_two_hours() {
	let (gateway, receipts) = a_day(2);
	let receipt = &receipts[2];
	let given = receipt.promise.statement.time;
	let anchor = |size, at| Anchor { log: 0, tree: Tree { size, root: [1; 32] }, at };
	assert_eq!(receipt.is_anchored(&[]), Ok(false));
	let early = anchor(2, given + ANCHORED_WITHIN);
	assert_eq!(receipt.is_anchored(&[early]), Ok(false));
	let late = anchor(2, given + ANCHORED_WITHIN + 1);
	let missing = Lie::NotAnchored { index: 2, at: late.at };
	assert_eq!(refusal(receipt.is_anchored(&[early, late])), missing);
	assert_eq!(receipt.is_anchored(&[early, anchor(3, given)]), Ok(true));
	let other = Anchor { log: 1, ..anchor(9, given + ANCHORED_WITHIN + 1) };
	assert_eq!(refusal(receipt.is_anchored(&[early, other])), Lie::OtherLog);
	// One that came before it says nothing of it.
	assert_eq!(receipt.is_in(&Tree { size: 2, ..gateway.tree() }, &[]), Ok(false));
	assert_eq!(refusal(receipt.is_in(&gateway.tree(), &[])), Lie::NotInLog { index: 2 });
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(32))]

	#[test]
	fn bytes_of_others_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
		if let Ok(read) = Disclosure::read(&bytes) {
			prop_assert_eq!(read.to_bytes(), bytes.clone());
		}
		let _ = Slip::read(&bytes);
	}
}

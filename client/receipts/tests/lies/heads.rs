//! Logs that shrink, fork or are another's, and the heads that a vault signs.

use crate::gateway::{ANNA, BERT, Gateway, LOG, Reader, a_day, check, key, refusal, vault};
use medblock_primitives::HospitalId;
use medblock_receipts::*;
use subxt_signer::sr25519::dev;

#[test]
fn rewritten_log_is_a_fork() {
	let (gateway, _) = a_day(5);
	let before = gateway.tree();
	let mut longer = gateway.clone();
	let mut reader = Reader::new(&dev::bob(), 4);
	let asked = reader.asks(ANNA, 0);
	longer.gives(asked, &reader.session);
	assert_eq!(check_growth(&before, &longer.tree(), &longer.growth(&before)), Ok(()));
	let (shorter, _) = a_day(4);
	let shrunk = Lie::Shrunk { before: 10, now: 8 };
	assert_eq!(refusal(check_growth(&before, &shorter.tree(), &[])), shrunk);
	// The same number, and others.
	let mut other = Gateway::new();
	for index in 0..11 {
		let asked = reader.asks(BERT, index);
		other.gives(asked, &reader.session);
	}
	let growth = other.growth(&before);
	assert_eq!(refusal(check_growth(&before, &other.tree(), &growth)), Lie::Forked);
	// A vault that shows a patient another log than the chain's.
	let head = other.signed_head(ANNA);
	let refused = Check::begin(vault(), ANNA, &head, &before, None);
	assert_eq!(refusal(refused), Lie::Forked);
	// One that rewrites the past, and signs for it, is found by what the client remembers.
	let checked = check(&gateway, &gateway.lines(ANNA), None).unwrap();
	check(&longer, &longer.lines(ANNA), Some(checked.pin())).unwrap();
	let pin = Pin { last: [1; 32], ..checked.pin() };
	let rewritten = Lie::Rewritten { number: 4 };
	assert_eq!(refusal(check(&longer, &longer.lines(ANNA), Some(pin))), rewritten);
}

#[test]
fn head_that_its_lines_do_not_end_with_is_refused() {
	let (gateway, _) = a_day(2);
	let head = Signed::by(&key(), ChartHead { last: [1; 32], ..gateway.head(ANNA) });
	let mut check = Check::begin(vault(), ANNA, &head, &gateway.tree(), None).unwrap();
	for line in gateway.lines(ANNA) {
		check.line(&line).unwrap();
	}
	assert_eq!(refusal(check.finish()), Lie::Rewritten { number: 1 });
	// Nor may all lines be too old to be shown.
	for first in [2, 3] {
		let head = Signed::by(&key(), ChartHead { first, ..gateway.head(ANNA) });
		let refused = Check::begin(vault(), ANNA, &head, &gateway.tree(), None);
		assert_eq!(refusal(refused), Lie::Malformed, "{first}");
	}
}

/// A vault may delete what is older than it keeps disclosures.
#[test]
fn what_is_too_old_may_be_gone() {
	let (gateway, receipts) = a_day(5);
	let head = Signed::by(&key(), ChartHead { first: 2, ..gateway.head(ANNA) });
	let mut check = Check::begin(vault(), ANNA, &head, &gateway.tree(), None).unwrap();
	for line in &gateway.lines(ANNA)[2..] {
		check.line(line).unwrap();
	}
	let checked = check.finish().unwrap();
	assert_eq!(checked.has(&receipts[0]), Ok(false));
	assert_eq!(checked.has(&receipts[4]), Ok(true));
	let mut check = Check::begin(vault(), ANNA, &head, &gateway.tree(), None).unwrap();
	assert_eq!(refusal(check.line(&gateway.lines(ANNA)[3])), Lie::Missing { number: 2 });
}

#[test]
fn other_chains_vaults_logs_and_charts_are_refused() {
	let (gateway, receipts) = a_day(2);
	let head = gateway.signed_head(ANNA);
	let others = [
		(LogId { genesis: [8; 32], ..LOG }, Lie::OtherChain),
		(LogId { hospital: HospitalId(3), ..LOG }, Lie::OtherVault),
		(LogId { number: 1, ..LOG }, Lie::OtherLog),
	];
	for (log, lie) in others {
		let other = Vault { log, ..vault() };
		let begun = Check::begin(other, ANNA, &head, &gateway.tree(), None);
		assert_eq!(refusal(begun), lie);
		assert_eq!(refusal(receipts[0].check(&other)), lie);
		// A vault that signs for another log than its own.
		let head = ChartHead { head: LogHead { log, ..head.statement.head }, ..head.statement };
		let head = Signed::by(&key(), head);
		let begun = Check::begin(vault(), ANNA, &head, &gateway.tree(), None);
		assert_eq!(refusal(begun), lie);
	}
	let stranger = Vault { key: dev::eve().public_key().0, ..vault() };
	let begun = Check::begin(stranger, ANNA, &head, &gateway.tree(), None);
	assert_eq!(refusal(begun), Lie::NotTheVaults);
	assert_eq!(refusal(receipts[0].check(&stranger)), Lie::NotTheVaults);
	let begun = Check::begin(vault(), BERT, &head, &gateway.tree(), None);
	assert_eq!(refusal(begun), Lie::OtherChart);
	// A statement of one kind is none of another.
	let LogHead { log, size, root, time } = head.statement.head;
	let signed = Signed::by(&key(), LogHead { log, size, root, time });
	let promise = Promise { log, index: size, leaf: root, time };
	let posing = Signed { statement: promise, signature: signed.signature };
	assert_eq!(refusal(posing.check(&vault()).copied()), Lie::NotTheVaults);

	// Lines of another chart, another hospital's vault, and another chain.
	let lines = gateway.lines(BERT);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::OtherChart);
	let mut reader = Reader::new(&dev::alice(), 1);
	type Changed = fn(&mut Request);
	let requests: [(Changed, Lie); 2] = [
		(|one| one.hospital = HospitalId(3), Lie::OtherVault),
		(|one| one.genesis = [8; 32], Lie::OtherChain),
	];
	for (change, lie) in requests {
		let mut request = reader.asks(ANNA, 0).request;
		change(&mut request);
		let mut elsewhere = Gateway::new();
		elsewhere.gives(request.sign(&reader.key), &reader.session);
		assert_eq!(refusal(check(&elsewhere, &elsewhere.lines(ANNA), None)), lie);
	}
	let mut reader = Reader::on([8; 32], &dev::alice(), 1);
	let mut elsewhere = Gateway::new();
	let asked = reader.asks(ANNA, 0);
	elsewhere.gives(asked, &reader.session);
	let refused = check(&elsewhere, &elsewhere.lines(ANNA), None);
	assert_eq!(refusal(refused), Lie::OtherChain);
}

//! Lines of a list that a vault drops, changes, moves or makes up.

use crate::gateway::{ANNA, BERT, Gateway, Reader, a_day, check, key, refusal, vault};
use medblock_crypto::Challenge;
use medblock_primitives::{DoctorId, PatientId};
use medblock_receipts::*;
use proptest::prelude::*;
use subxt_signer::sr25519::dev;
use subxt_utils_accountid32::AccountId32;

#[test]
fn honest_vault_is_believed() {
	let (gateway, receipts) = a_day(5);
	let checked = check(&gateway, &gateway.lines(ANNA), None).unwrap();
	for receipt in &receipts {
		receipt.check(&vault()).unwrap();
		let Promise { index, .. } = receipt.promise.statement;
		let proof = gateway.proof(inclusion_spans(index, gateway.edge.size()));
		assert_eq!(receipt.is_in(&gateway.tree(), &proof), Ok(true));
		match receipt.disclosure.asked.request.patient == ANNA {
			true => assert_eq!(checked.has(receipt), Ok(true)),
			false => assert_eq!(checked.has(receipt), Err(Lie::OtherChart)),
		}
	}
	// Of a chart that was never read.
	let (nobody, nothing) = (PatientId(9), Gateway::new());
	let head = nothing.signed_head(nobody);
	let check = Check::begin(vault(), nobody, &head, &nothing.tree(), None).unwrap();
	assert_eq!(check.finish().unwrap().pin(), Pin { count: 0, last: [0; 32] });
}

#[test]
fn dropped_line_leaves_a_gap() {
	let (gateway, _) = a_day(5);
	let mut lines = gateway.lines(ANNA);
	lines.remove(2);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::Missing { number: 2 });
}

#[test]
fn lines_dropped_at_the_end_are_missed() {
	let (mut gateway, receipts) = a_day(5);
	let mut lines = gateway.lines(ANNA);
	lines.truncate(3);
	let truncated = Lie::Truncated { told: 5, shown: 3 };
	assert_eq!(refusal(check(&gateway, &lines, None)), truncated);
	// A vault that signs for fewer is found out by a reader's receipt.
	gateway.charts.get_mut(&ANNA).unwrap().truncate(3);
	let checked = check(&gateway, &lines, None).unwrap();
	let dropped = receipts.iter().filter(|one| one.disclosure.asked.request.patient == ANNA);
	let answers: Vec<_> = dropped.map(|one| checked.has(one)).collect();
	let [found, lost] = [Ok(true), Err(Lie::Dropped { index: 6 })];
	assert_eq!(answers[..4], [found, found, found, lost]);
	// And by a client that has seen more before.
	let seen = Pin { count: 5, last: [1; 32] };
	assert_eq!(refusal(check(&gateway, &lines, Some(seen))), truncated);
}

#[test]
fn altered_line_is_not_in_the_log() {
	let (gateway, _) = a_day(3);
	let changes: [fn(&mut Disclosure); 7] = [
		|one| one.capacity = Capacity::Doctor(DoctorId(6)),
		|one| one.salt = [0; 16],
		|one| one.to += 1,
		|one| one.time += 1,
		|one| one.block += 1,
		|one| one.block_hash = [0; 32],
		|one| one.from = 1,
	];
	for change in changes {
		let mut lines = gateway.lines(ANNA);
		change(&mut lines[1].disclosure);
		assert_eq!(refusal(check(&gateway, &lines, None)), Lie::NotInLog { index: 2 });
	}
	// What the reader has signed is checked first.
	let changes: [fn(&mut Disclosure); 5] = [
		|one| one.asked.request.subject = Subject::Profile { digest: [1; 32] },
		|one| one.asked.request.nonce = [0; 16],
		|one| one.asked.signature[0] ^= 1,
		|one| one.session.signature[0] ^= 1,
		|one| one.session.challenge = one.session.challenge.replace("0f0f", "0e0f"),
	];
	for change in changes {
		let mut lines = gateway.lines(ANNA);
		change(&mut lines[1].disclosure);
		assert_eq!(refusal(check(&gateway, &lines, None)), Lie::NotTheReaders);
	}
}

#[test]
fn titles_that_were_left_out_are_told_in_the_line() {
	let (gateway, _) = a_day(1);
	let mut disclosure = gateway.lines(ANNA)[0].disclosure.clone();
	assert!(disclosure.titles().is_empty(), "it is a record");
	let records: Vec<u32> = (10..74).collect();
	let digests = records.iter().map(|record| (*record, &[1; 32]));
	disclosure.asked.request.subject = Subject::titles(digests);
	disclosure.from = 0;
	assert_eq!(disclosure.titles(), records);
	let is_given = |record: u32| ![10, 12, 73].contains(&record);
	disclosure.from = left_out(records.iter().map(|record| is_given(*record)));
	assert_eq!(disclosure.from, 0b101 | (1 << 63));
	let given: Vec<u32> = records.into_iter().filter(|record| is_given(*record)).collect();
	assert_eq!(disclosure.titles(), given);
}

#[test]
fn reordered_lines_are_refused() {
	let (gateway, _) = a_day(5);
	let mut lines = gateway.lines(ANNA);
	lines.swap(1, 2);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::Missing { number: 1 });
	let mut lines = gateway.lines(ANNA);
	let first = lines[0].clone();
	lines[1] = first;
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::Reordered { number: 1 });
	// With other numbers, the links don't fit the log.
	let mut lines = gateway.lines(ANNA);
	lines.swap(1, 2);
	let (one, two) = (lines[1].link, lines[2].link);
	(lines[1].link, lines[2].link) = (two, one);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::BrokenLink { number: 1 });
	// Written in another order in the first place: places in the log run backwards.
	let mut swapped = Gateway::new();
	let mut reader = Reader::new(&dev::alice(), 1);
	let (first, first_link) = swapped.disclosure(reader.asks(ANNA, 0), &reader.session);
	let asked = reader.asks(ANNA, 1);
	let link = Link { number: 1, previous: first.leaf(), ..first_link };
	let (second, _) = swapped.disclosure(asked, &reader.session);
	let second = Disclosure { link: link.hash(), ..second };
	swapped.write(second, link);
	swapped.write(first, first_link);
	swapped.charts.get_mut(&ANNA).unwrap().reverse();
	let lines = swapped.lines(ANNA);
	assert_eq!(refusal(check(&swapped, &lines, None)), Lie::Reordered { number: 1 });
}

#[test]
fn invented_line_lacks_the_readers_signature() {
	let (mut gateway, _) = a_day(2);
	let mut reader = Reader::new(&dev::alice(), 1);
	// With a key of the vault's own, in the name of a doctor who signed in with another one.
	let mut asked = reader.asks(ANNA, 7);
	asked = asked.request.sign(&key());
	gateway.gives(asked, &reader.session);
	let lines = gateway.lines(ANNA);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::NotTheReaders);

	// With a sign-in that names the vault's key, and that the doctor has not signed.
	let (mut gateway, _) = a_day(2);
	let mut reader = Reader::new(&dev::eve(), 3);
	let alice = AccountId32(dev::alice().public_key().0).to_string();
	let eve = AccountId32(dev::eve().public_key().0).to_string();
	reader.session.challenge = reader.session.challenge.replace(&eve, &alice);
	let asked = reader.asks(ANNA, 7);
	gateway.gives(asked, &reader.session);
	let lines = gateway.lines(ANNA);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::NotTheReaders);

	// With a sign-in that names no key.
	let (mut gateway, _) = a_day(2);
	let mut reader = Reader::new(&dev::alice(), 1);
	let mut challenge = Challenge::parse(&reader.session.challenge).unwrap();
	challenge.session_key = None;
	let challenge = challenge.text();
	let signature = dev::alice().sign(&Challenge::signed_bytes(&challenge)).0;
	reader.session = Session { challenge, signature };
	let asked = reader.asks(ANNA, 7);
	gateway.gives(asked, &reader.session);
	let lines = gateway.lines(ANNA);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::NotTheReaders);
}

#[test]
fn line_beside_the_log_is_refused() {
	let (gateway, _) = a_day(2);
	// Of the reader's own making, and never written.
	let mut reader = Reader::new(&dev::alice(), 2);
	let (disclosure, link) = gateway.disclosure(reader.asks(ANNA, 7), &reader.session);
	let mut lines = gateway.lines(ANNA);
	let line = Line { disclosure, link, index: 3, proof: lines[1].proof.clone() };
	lines.push(line.clone());
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::Surplus { told: 2 });
	let head = ChartHead { count: 3, last: line.disclosure.leaf(), ..gateway.head(ANNA) };
	let head = Signed::by(&key(), head);
	let mut check = Check::begin(vault(), ANNA, &head, &gateway.tree(), None).unwrap();
	check.line(&lines[0]).unwrap();
	check.line(&lines[1]).unwrap();
	assert_eq!(refusal(check.line(&line)), Lie::NotInLog { index: 3 });
}

#[test]
fn replayed_request_is_no_second_disclosure() {
	let mut gateway = Gateway::new();
	let mut reader = Reader::new(&dev::alice(), 1);
	let asked = reader.asks(ANNA, 0);
	gateway.gives(asked.clone(), &reader.session);
	gateway.gives(asked.clone(), &reader.session);
	let lines = gateway.lines(ANNA);
	assert_eq!(refusal(check(&gateway, &lines, None)), Lie::Replayed { number: 1 });
	// Nor is an old one, or one of another session.
	let mut late = Gateway::new();
	let (mut disclosure, link) = late.disclosure(asked.clone(), &reader.session);
	disclosure.time += MAX_APART;
	late.write(disclosure, link);
	assert_eq!(refusal(check(&late, &late.lines(ANNA), None)), Lie::OtherTime);
	let mut request = asked.request;
	request.time += 60 * 60 * 1_000;
	let mut late = Gateway::new();
	late.gives(request.sign(&reader.key), &reader.session);
	assert_eq!(refusal(check(&late, &late.lines(ANNA), None)), Lie::OtherTime);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(32))]

	/// Whatever a vault shows that is not exactly what it wrote, in order and whole, it is found out.
	#[test]
	fn any_change_of_the_list_is_found_out(
		each in 1u32..8,
		picked in proptest::collection::vec(0usize..16, 0..10),
	) {
		let (gateway, _) = a_day(each);
		let all = [gateway.lines(ANNA), gateway.lines(BERT)].concat();
		let shown: Vec<Line> = picked.iter().map(|place| all[place % all.len()].clone()).collect();
		let is_true = shown == gateway.lines(ANNA);
		prop_assert_eq!(check(&gateway, &shown, None).is_ok(), is_true);
		prop_assert!(check(&gateway, &gateway.lines(ANNA), None).is_ok());
	}
}

//! A vault, and each way in which it can lie.

#![allow(clippy::unwrap_used)]

use medblock_crypto::Challenge;
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use medblock_receipts::*;
use proptest::prelude::*;
use std::{collections::BTreeMap, convert::Infallible};
use subxt_signer::sr25519::{Keypair, dev};
use subxt_utils_accountid32::AccountId32;

const GENESIS: [u8; 32] = [7; 32];
const HOSPITAL: HospitalId = HospitalId(2);
const ANNA: PatientId = PatientId(1);
const BERT: PatientId = PatientId(2);
/// Seconds since 1970.
const NOW: u64 = 1_795_442_700;

const LOG: LogId = LogId { genesis: GENESIS, hospital: HOSPITAL, number: 0 };

/// A doctor who has signed in.
struct Reader {
	session: Session,
	key: Keypair,
	asked: u8,
}

impl Reader {
	fn new(account: &Keypair, seed: u8) -> Self {
		Self::on(GENESIS, account, seed)
	}

	fn on(genesis: [u8; 32], account: &Keypair, seed: u8) -> Self {
		let key = Keypair::from_secret_key([seed; 32]).unwrap();
		let challenge = Challenge {
			domain: "vault.example".into(),
			account: AccountId32(account.public_key().0).to_string(),
			genesis,
			nonce: "0f".repeat(16),
			issued: NOW,
			expires: NOW + 120,
			session_key: Some(key.public_key().0),
		};
		let challenge = challenge.text();
		let signature = account.sign(&Challenge::signed_bytes(&challenge)).0;
		Self { session: Session { challenge, signature }, key, asked: 0 }
	}

	/// A signed request for a record.
	fn asks(&mut self, patient: PatientId, index: u32) -> SignedRequest {
		self.asked += 1;
		let request = Request {
			genesis: GENESIS,
			hospital: HOSPITAL,
			patient,
			subject: Subject::Record { index, digest: [index as u8; 32] },
			time: NOW * 1_000 + 60_000,
			nonce: [self.asked; 16],
		};
		request.sign(&self.key)
	}
}

/// A vault that may be told to lie.
#[derive(Clone)]
struct Gateway {
	edge: Edge,
	kept: BTreeMap<Subtree, Hash>,
	charts: BTreeMap<PatientId, Vec<(Disclosure, Link, u64)>>,
}

fn key() -> Keypair {
	dev::dave()
}

fn vault() -> Vault {
	Vault { log: LOG, key: key().public_key().0 }
}

impl Gateway {
	fn new() -> Self {
		Self { edge: Edge::default(), kept: BTreeMap::new(), charts: BTreeMap::new() }
	}

	/// Writes a disclosure down, and promises that.
	fn gives(&mut self, asked: SignedRequest, session: &Session) -> Receipt {
		let (disclosure, link) = self.disclosure(asked, session);
		let index = self.write(disclosure.clone(), link);
		Receipt::issue(&key(), LOG, index, disclosure)
	}

	fn disclosure(&self, asked: SignedRequest, session: &Session) -> (Disclosure, Link) {
		let lines = self.charts.get(&asked.request.patient);
		let last = lines.and_then(|lines| lines.last());
		let link = Link {
			blind: [9; 16],
			number: last.map_or(0, |(_, link, _)| link.number + 1),
			previous: last.map_or([0; 32], |(disclosure, ..)| disclosure.leaf()),
		};
		let time = asked.request.time + 500;
		let disclosure = Disclosure {
			salt: [asked.request.nonce[0]; 16],
			asked,
			session: session.clone(),
			capacity: Capacity::Doctor(DoctorId(5)),
			from: 0,
			to: 4_096,
			time,
			block: 4_711,
			block_hash: [3; 32],
			link: link.hash(),
		};
		(disclosure, link)
	}

	fn write(&mut self, disclosure: Disclosure, link: Link) -> u64 {
		let index = self.edge.size();
		self.kept.extend(self.edge.append(disclosure.leaf()));
		let patient = disclosure.asked.request.patient;
		self.charts.entry(patient).or_default().push((disclosure, link, index));
		index
	}

	fn tree(&self) -> Tree {
		Tree { size: self.edge.size(), root: self.edge.root() }
	}

	fn proof(&self, spans: Option<Vec<Span>>) -> Vec<Hash> {
		prove(&spans.unwrap(), |subtree| Ok::<_, Infallible>(self.kept[&subtree])).unwrap()
	}

	fn growth(&self, before: &Tree) -> Vec<Hash> {
		self.proof(consistency_spans(before.size, self.edge.size()))
	}

	fn lines(&self, patient: PatientId) -> Vec<Line> {
		let lines = self.charts.get(&patient).into_iter().flatten();
		lines
			.map(|(disclosure, link, index)| Line {
				disclosure: disclosure.clone(),
				link: *link,
				index: *index,
				proof: self.proof(inclusion_spans(*index, self.edge.size())),
			})
			.collect()
	}

	fn head(&self, patient: PatientId) -> ChartHead {
		let lines = self.charts.get(&patient);
		let last = lines.and_then(|lines| lines.last());
		let head = LogHead { log: LOG, size: self.edge.size(), root: self.edge.root(), time: 0 };
		ChartHead {
			head,
			patient,
			first: 0,
			count: last.map_or(0, |(_, link, _)| link.number + 1),
			last: last.map_or([0; 32], |(disclosure, ..)| disclosure.leaf()),
		}
	}

	fn signed_head(&self, patient: PatientId) -> Signed<ChartHead> {
		Signed::by(&key(), self.head(patient))
	}
}

/// A vault that gave so many records of each of two charts, in turn, and the receipts.
fn a_day(each: u32) -> (Gateway, Vec<Receipt>) {
	let (mut gateway, mut receipts) = (Gateway::new(), Vec::new());
	let mut reader = Reader::new(&dev::alice(), 1);
	for index in 0..each {
		for patient in [ANNA, BERT] {
			let asked = reader.asks(patient, index);
			receipts.push(gateway.gives(asked, &reader.session));
		}
	}
	(gateway, receipts)
}

/// Anna's check of these lines.
fn check(gateway: &Gateway, lines: &[Line], pin: Option<Pin>) -> Result<Checked, Lie> {
	let head = gateway.signed_head(ANNA);
	let mut check = Check::begin(vault(), ANNA, &head, &gateway.tree(), pin)?;
	for line in lines {
		check.line(line)?;
	}
	check.finish()
}

fn refusal<T>(result: Result<T, Lie>) -> Lie {
	match result {
		Err(lie) => lie,
		Ok(_) => panic!("it is believed"),
	}
}

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
	let head = Signed::by(&key(), ChartHead { first: 3, ..gateway.head(ANNA) });
	let refused = Check::begin(vault(), ANNA, &head, &gateway.tree(), None);
	assert_eq!(refusal(refused), Lie::Malformed);
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

	#[test]
	fn bytes_of_others_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
		if let Ok(read) = Disclosure::read(&bytes) {
			prop_assert_eq!(read.to_bytes(), bytes.clone());
		}
		let _ = Slip::read(&bytes);
	}
}

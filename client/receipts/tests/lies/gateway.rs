//! A reader, and a vault that may be told to lie.

use medblock_crypto::Challenge;
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use medblock_receipts::*;
use std::{collections::BTreeMap, convert::Infallible};
use subxt_signer::sr25519::{Keypair, dev};
use subxt_utils_accountid32::AccountId32;

pub(crate) const GENESIS: [u8; 32] = [7; 32];
pub(crate) const HOSPITAL: HospitalId = HospitalId(2);
pub(crate) const ANNA: PatientId = PatientId(1);
pub(crate) const BERT: PatientId = PatientId(2);
/// Seconds since 1970.
pub(crate) const NOW: u64 = 1_795_442_700;

pub(crate) const LOG: LogId = LogId { genesis: GENESIS, hospital: HOSPITAL, number: 0 };

/// A doctor who has signed in.
pub(crate) struct Reader {
	pub(crate) session: Session,
	pub(crate) key: Keypair,
	asked: u8,
}

impl Reader {
	pub(crate) fn new(account: &Keypair, seed: u8) -> Self {
		Self::on(GENESIS, account, seed)
	}

	pub(crate) fn on(genesis: [u8; 32], account: &Keypair, seed: u8) -> Self {
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
	pub(crate) fn asks(&mut self, patient: PatientId, index: u32) -> SignedRequest {
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
pub(crate) struct Gateway {
	pub(crate) edge: Edge,
	kept: BTreeMap<Subtree, Hash>,
	pub(crate) charts: BTreeMap<PatientId, Vec<(Disclosure, Link, u64)>>,
}

pub(crate) fn key() -> Keypair {
	dev::dave()
}

pub(crate) fn vault() -> Vault {
	Vault { log: LOG, key: key().public_key().0 }
}

impl Gateway {
	pub(crate) fn new() -> Self {
		Self { edge: Edge::default(), kept: BTreeMap::new(), charts: BTreeMap::new() }
	}

	/// Writes a disclosure down, and promises that.
	pub(crate) fn gives(&mut self, asked: SignedRequest, session: &Session) -> Receipt {
		let (disclosure, link) = self.disclosure(asked, session);
		let index = self.write(disclosure.clone(), link);
		Receipt::issue(&key(), LOG, index, disclosure)
	}

	pub(crate) fn disclosure(&self, asked: SignedRequest, session: &Session) -> (Disclosure, Link) {
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

	pub(crate) fn write(&mut self, disclosure: Disclosure, link: Link) -> u64 {
		let index = self.edge.size();
		self.kept.extend(self.edge.append(disclosure.leaf()));
		let patient = disclosure.asked.request.patient;
		self.charts.entry(patient).or_default().push((disclosure, link, index));
		index
	}

	pub(crate) fn tree(&self) -> Tree {
		Tree { size: self.edge.size(), root: self.edge.root() }
	}

	pub(crate) fn proof(&self, spans: Option<Vec<Span>>) -> Vec<Hash> {
		prove(&spans.unwrap(), |subtree| Ok::<_, Infallible>(self.kept[&subtree])).unwrap()
	}

	pub(crate) fn growth(&self, before: &Tree) -> Vec<Hash> {
		self.proof(consistency_spans(before.size, self.edge.size()))
	}

	pub(crate) fn lines(&self, patient: PatientId) -> Vec<Line> {
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

	pub(crate) fn head(&self, patient: PatientId) -> ChartHead {
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

	pub(crate) fn signed_head(&self, patient: PatientId) -> Signed<ChartHead> {
		Signed::by(&key(), self.head(patient))
	}
}

/// A vault that gave so many records of each of two charts, in turn, and the receipts.
pub(crate) fn a_day(each: u32) -> (Gateway, Vec<Receipt>) {
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
pub(crate) fn check(gateway: &Gateway, lines: &[Line], pin: Option<Pin>) -> Result<Checked, Lie> {
	let head = gateway.signed_head(ANNA);
	let mut check = Check::begin(vault(), ANNA, &head, &gateway.tree(), pin)?;
	for line in lines {
		check.line(line)?;
	}
	check.finish()
}

pub(crate) fn refusal<T>(result: Result<T, Lie>) -> Lie {
	match result {
		Err(lie) => lie,
		Ok(_) => panic!("it is believed"),
	}
}

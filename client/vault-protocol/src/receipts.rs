//! Receipts of what a vault gives out, and proofs that its log has them.
//!
//! A request for a record or a profile says in [`READ_REQUEST`](crate::headers::READ_REQUEST) when it was made, with a
//! nonce, and is signed by the key that the sign-in names ([`ReadRequest`]). Its answer has the vault's receipt in
//! [`RECEIPT`](crate::headers::RECEIPT) ([`receipt_header`]). Both are bound to the digest that the chain names, which
//! reader and vault read there. `medblock_receipts` checks everything; here is how it is sent.
//!
//! A request without a signature, of a client that knows nothing of receipts, is refused with
//! [`Code::RequestNotSigned`](crate::Code::RequestNotSigned) once the hospital has a vault account.

use crate::times;
use medblock_primitives::{HospitalId, Moment, PatientId};
use medblock_receipts::{
	ChartHead, Disclosure, Lie, Line, Link, LogHead, LogId, Request, Signed, SignedRequest, Slip,
	Subject,
};
use medblock_views::{Bytes, Hex};
use serde::{Deserialize, Serialize};

/// The most lines on one page of a chart's log.
pub const MAX_LINES: usize = 128;

/// What a reader sends to sign a request: all that the request's address does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadRequest {
	/// The time by the reader's clock, in milliseconds since 1970.
	pub time: Moment,
	/// Random bytes: no two requests of a session have the same.
	pub nonce: [u8; 16],
	/// The signature of the whole [`Request`] by the session's key.
	pub signature: [u8; 64],
}

impl ReadRequest {
	/// The part of a signed request that is sent.
	pub fn of(asked: &SignedRequest) -> Self {
		let Request { time, nonce, .. } = asked.request;
		Self { time, nonce, signature: asked.signature }
	}

	/// The whole request, as the vault of this hospital understands it.
	pub fn asked(
		self,
		genesis: [u8; 32],
		hospital: HospitalId,
		patient: PatientId,
		subject: Subject,
	) -> SignedRequest {
		let Self { time, nonce, signature } = self;
		let request = Request { genesis, hospital, patient, subject, time, nonce };
		SignedRequest { request, signature }
	}

	/// The header's value: the time in decimal digits, the nonce and the signature in hexadecimal, with points
	/// between them.
	pub fn header(&self) -> String {
		format!("{}.{}.{}", self.time, hex::encode(self.nonce), hex::encode(self.signature))
	}

	/// Reads a header's value. There is one for each request.
	pub fn parse(text: &str) -> Option<Self> {
		let mut parts = text.splitn(3, '.');
		let time = parts.next()?.parse().ok()?;
		let (mut nonce, mut signature) = ([0; 16], [0; 64]);
		hex::decode_to_slice(parts.next()?, &mut nonce).ok()?;
		hex::decode_to_slice(parts.next()?, &mut signature).ok()?;
		let read = Self { time, nonce, signature };
		(read.header() == text).then_some(read)
	}
}

/// The value of the header with a receipt: the slip in hexadecimal.
pub fn receipt_header(slip: &Slip) -> String {
	hex::encode(slip.to_bytes())
}

/// Reads a header's value.
///
/// # Errors
///
/// [`Lie::Malformed`].
pub fn parse_receipt(text: &str) -> Result<Slip, Lie> {
	Slip::read(&hex::decode(text).map_err(|_| Lie::Malformed)?)
}

/// The query of a request for how a log has grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrowthQuery {
	/// The size that the client knows.
	pub from: u64,
	/// The size that it is to have grown to.
	pub to: u64,
}

/// The query of a request for the place of a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceQuery {
	/// The leaf's place, as its receipt has it.
	pub index: u64,
	/// The size of the tree that the proof is to be for.
	pub size: u64,
}

/// The account of a vault, which its hospital's controller names on the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultAccount {
	/// The account, in SS58.
	pub account: String,
	/// The account's signature that it becomes the vault's of this hospital
	/// ([`vault_account_message`](medblock_primitives::vault_account_message)).
	pub proof: Hex<64>,
}

/// The query of a request for a chart's part of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartLogQuery {
	/// The size of the tree that the proofs are to be for: without one, the present size. For further pages, the
	/// one of the first.
	pub size: Option<u64>,
	/// The number after which the page begins; without one, it begins with the first line that the vault keeps.
	pub after: Option<u64>,
	/// How many lines the page has at most: 1 to [`MAX_LINES`], which is also the default. Other numbers count as
	/// the nearest of these.
	pub limit: Option<usize>,
}

/// A vault's log as it is at some time, signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
	/// The hash of the chain's first block.
	pub genesis: Hex<32>,
	/// The hospital.
	pub hospital: HospitalId,
	/// The log's number among the hospital's.
	pub log: u32,
	/// The number of disclosures in it.
	pub size: u64,
	/// The root of the tree of these.
	pub root: Hex<32>,
	/// The time by the vault's clock, in milliseconds since 1970; RFC 3339 in JSON.
	#[serde(with = "times::milliseconds")]
	pub time: Moment,
	/// The vault's signature.
	pub signature: Hex<64>,
}

impl From<Signed<LogHead>> for Log {
	fn from(Signed { statement, signature }: Signed<LogHead>) -> Self {
		let LogHead { log: LogId { genesis, hospital, number }, size, root, time } = statement;
		let (genesis, root, signature) = (Hex(genesis), Hex(root), Hex(signature));
		Self { genesis, hospital, log: number, size, root, time, signature }
	}
}

impl From<Log> for Signed<LogHead> {
	fn from(log: Log) -> Self {
		let Log { genesis, hospital, log: number, size, root, time, signature } = log;
		let log = LogId { genesis: genesis.0, hospital, number };
		let statement = LogHead { log, size, root: root.0, time };
		Self { statement, signature: signature.0 }
	}
}

/// The hashes that show that a log has grown, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Growth {
	/// The hashes.
	pub proof: Vec<Hex<32>>,
}

/// The hashes that show that a log has a leaf at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
	/// The hashes.
	pub proof: Vec<Hex<32>>,
}

/// What a vault signs about all disclosures of one chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartLog {
	/// The hash of the chain's first block.
	pub genesis: Hex<32>,
	/// The hospital.
	pub hospital: HospitalId,
	/// The log's number among the hospital's.
	pub log: u32,
	/// The number of disclosures in the tree.
	pub size: u64,
	/// The tree's root.
	pub root: Hex<32>,
	/// The time by the vault's clock, in milliseconds since 1970; RFC 3339 in JSON.
	#[serde(with = "times::milliseconds")]
	pub time: Moment,
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// The number of the first disclosure that the vault still has.
	pub first: u64,
	/// The number of disclosures so far.
	pub count: u64,
	/// The leaf of the last one. Zeros if there is none.
	pub last: Hex<32>,
	/// The vault's signature.
	pub signature: Hex<64>,
}

impl From<Signed<ChartHead>> for ChartLog {
	fn from(Signed { statement, signature }: Signed<ChartHead>) -> Self {
		let ChartHead { head, patient, first, count, last } = statement;
		let LogHead { log: LogId { genesis, hospital, number }, size, root, time } = head;
		Self {
			genesis: Hex(genesis),
			hospital,
			log: number,
			size,
			root: Hex(root),
			time,
			patient,
			first,
			count,
			last: Hex(last),
			signature: Hex(signature),
		}
	}
}

impl From<ChartLog> for Signed<ChartHead> {
	fn from(of: ChartLog) -> Self {
		let log = LogId { genesis: of.genesis.0, hospital: of.hospital, number: of.log };
		let head = LogHead { log, size: of.size, root: of.root.0, time: of.time };
		let ChartLog { patient, first, count, last, signature, .. } = of;
		let statement = ChartHead { head, patient, first, count, last: last.0 };
		Self { statement, signature: signature.0 }
	}
}

/// A page of a chart's part of a log, in the order of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartLogPage {
	/// What the vault signs about the whole.
	pub head: ChartLog,
	/// The lines.
	pub items: Vec<LogLine>,
	/// The number to ask for next with `after`; none on the last page.
	pub next: Option<u64>,
}

/// A disclosure, with what shows its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
	/// The SCALE encoding of the disclosure, which the leaf is a hash of.
	pub disclosure: Bytes,
	/// The disclosure's number among the chart's, from 0.
	pub number: u64,
	/// The leaf of the chart's disclosure before. Zeros for the first one.
	pub previous: Hex<32>,
	/// The random bytes that number and previous leaf are hashed with.
	pub blind: Hex<16>,
	/// The disclosure's place in the log.
	pub index: u64,
	/// The hashes that show that the tree has it there.
	pub proof: Vec<Hex<32>>,
}

impl From<&Line> for LogLine {
	fn from(Line { disclosure, link, index, proof }: &Line) -> Self {
		Self {
			disclosure: Bytes(disclosure.to_bytes()),
			number: link.number,
			previous: Hex(link.previous),
			blind: Hex(link.blind),
			index: *index,
			proof: proof.iter().copied().map(Hex).collect(),
		}
	}
}

impl TryFrom<LogLine> for Line {
	type Error = Lie;

	fn try_from(line: LogLine) -> Result<Self, Lie> {
		let LogLine { disclosure, number, previous, blind, index, proof } = line;
		Ok(Self {
			disclosure: Disclosure::read(&disclosure.0)?,
			link: Link { blind: blind.0, number, previous: previous.0 },
			index,
			proof: proof.into_iter().map(|Hex(hash)| hash).collect(),
		})
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_primitives::DoctorId;
	use medblock_receipts::{Capacity, Receipt, Session, Vault, leaf_hash};
	use proptest::prelude::*;
	use serde_json::{from_value, json, to_value};
	use subxt_signer::sr25519::{Keypair, dev};

	const LOG: LogId = LogId { genesis: [7; 32], hospital: HospitalId(2), number: 1 };

	fn asked() -> SignedRequest {
		let subject = Subject::Record { index: 3, digest: [4; 32] };
		let (genesis, hospital) = (LOG.genesis, LOG.hospital);
		let (patient, time, nonce) = (PatientId(7), 1_795_442_700_250, [5; 16]);
		let request = Request { genesis, hospital, patient, subject, time, nonce };
		request.sign(&Keypair::from_secret_key([6; 32]).unwrap())
	}

	fn disclosure() -> Disclosure {
		Disclosure {
			salt: [8; 16],
			asked: asked(),
			session: Session { challenge: "a text".into(), signature: [9; 64] },
			capacity: Capacity::Doctor(DoctorId(5)),
			from: 0,
			to: 10,
			time: 1_795_442_700_300,
			block: 4_711,
			block_hash: [10; 32],
			link: [11; 32],
		}
	}

	fn hex_of(byte: u8, length: usize) -> String {
		format!("0x{}", hex::encode(vec![byte; length]))
	}

	#[test]
	fn vault_understands_the_request_that_was_signed() {
		let signed = asked();
		let sent = ReadRequest::of(&signed).header();
		assert!(sent.starts_with("1795442700250.05050505"), "{sent}");
		let read = ReadRequest::parse(&sent).unwrap();
		let subject = signed.request.subject.clone();
		let understood = read.asked(LOG.genesis, LOG.hospital, PatientId(7), subject);
		assert_eq!(understood, signed);
	}

	#[test]
	fn other_headers_are_no_requests() {
		let good = ReadRequest::of(&asked()).header();
		for bad in [
			String::new(),
			good.to_uppercase(),
			format!(" {good}"),
			format!("0{good}"),
			format!("+{good}"),
			format!("{good}."),
			format!("{good}00"),
			good[1..good.len() - 1].to_owned(),
			good.replacen('.', "", 1),
			format!("99999999999999999999{good}"),
		] {
			assert_eq!(ReadRequest::parse(&bad), None, "{bad}");
		}
	}

	#[test]
	fn receipt_fits_into_a_header() {
		let receipt = Receipt::issue(&dev::dave(), LOG, 12, disclosure());
		let sent = receipt_header(&receipt.slip());
		assert_eq!(sent.len(), 2 * 189);
		let slip = parse_receipt(&sent).unwrap();
		let again = slip.receipt(asked_of(&receipt), receipt.disclosure.session.clone());
		assert_eq!(again, receipt);
		for bad in ["", "0", "zz", &sent[2..], &format!("0x{sent}")] {
			assert_eq!(parse_receipt(bad), Err(Lie::Malformed), "{bad}");
		}
	}

	fn asked_of(receipt: &Receipt) -> SignedRequest {
		receipt.disclosure.asked.clone()
	}

	#[test]
	fn statements_are_json_and_keep_their_signature() {
		let vault = Vault { log: LOG, key: dev::dave().public_key().0 };
		let head = LogHead { log: LOG, size: 9, root: [1; 32], time: 1_795_442_700_250 };
		let signed = Signed::by(&dev::dave(), head);
		let log = Log::from(signed);
		let shown = json!({
			"genesis": hex_of(7, 32),
			"hospital": 2,
			"log": 1,
			"size": 9,
			"root": hex_of(1, 32),
			"time": "2026-11-23T14:05:00.25Z",
			"signature": format!("0x{}", hex::encode(signed.signature)),
		});
		assert_eq!(to_value(log).unwrap(), shown);
		let read: Signed<LogHead> = from_value::<Log>(shown).unwrap().into();
		assert_eq!(read.check(&vault), Ok(&head));

		let last = leaf_hash(b"last");
		let chart = ChartHead { head, patient: PatientId(7), first: 1, count: 4, last };
		let signed = Signed::by(&dev::dave(), chart);
		let shown = to_value(ChartLog::from(signed)).unwrap();
		assert_eq!(
			(&shown["first"], &shown["count"], &shown["patient"]),
			(&json!(1), &json!(4), &json!(7))
		);
		let read: Signed<ChartHead> = from_value::<ChartLog>(shown).unwrap().into();
		assert_eq!(read.check(&vault), Ok(&chart));
	}

	#[test]
	fn lines_are_read_strictly() {
		let link = Link { blind: [1; 16], number: 3, previous: [2; 32] };
		let line = Line { disclosure: disclosure(), link, index: 12, proof: vec![[3; 32]] };
		let sent = LogLine::from(&line);
		let shown = to_value(&sent).unwrap();
		assert_eq!((&shown["number"], &shown["index"]), (&json!(3), &json!(12)));
		assert_eq!(shown["proof"], json!([hex_of(3, 32)]));
		assert_eq!(from_value::<LogLine>(shown).unwrap(), sent);
		assert_eq!(Line::try_from(sent.clone()), Ok(line));
		let mut cut = sent;
		cut.disclosure.0.pop();
		assert_eq!(Line::try_from(cut), Err(Lie::Malformed));
	}

	proptest! {
		#[test]
		fn requests_read_back(time: u64, nonce: [u8; 16], first: [u8; 32], second: [u8; 32]) {
			let mut signature = [0; 64];
			signature[..32].copy_from_slice(&first);
			signature[32..].copy_from_slice(&second);
			let request = ReadRequest { time, nonce, signature };
			prop_assert_eq!(ReadRequest::parse(&request.header()), Some(request));
		}

		#[test]
		fn no_header_panics(text in ".{0,400}") {
			let _ = ReadRequest::parse(&text);
			let _ = parse_receipt(&text);
		}
	}
}

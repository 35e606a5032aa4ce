//! Requests to read, signed by the session's key, and the receipts for them.

use super::{Vault, Vaults, session::Token};
use codec::{Decode, Encode};
use medblock_platform::clock::{self, Duration, Instant};
use medblock_primitives::{Document, HospitalId, Moment, PatientId, RecordIndex};
use medblock_receipts::{Capacity, Receipt, Session, SignedRequest, Subject};
use medblock_vault_protocol::{
	Item, headers,
	heads::begun,
	receipts::{ReadRequest, parse_receipt},
};
use reqwest::header::HeaderMap;
use std::ops::Range;

/// The most receipts that wait to be kept: a program that never keeps any must not fill the memory.
const MOST: usize = 4_096;

/// How long a vault counts as one that gives no receipts, since the chain names no account that signs them.
const UNPROMISED: Duration = Duration::from_secs(10 * 60);

/// What a request is to read.
pub(super) struct Reading {
	patient: PatientId,
	subject: Subject,
}

impl Reading {
	/// A document, or a part of it.
	pub(super) fn of(patient: PatientId, item: Item, document: &Document) -> Self {
		let digest = document.digest;
		let subject = match item {
			Item::Profile => Subject::Profile { digest },
			Item::Record(index) => Subject::Record { index, digest },
		};
		Self { patient, subject }
	}

	/// The titles of records.
	pub(super) fn titles(patient: PatientId, subject: Subject) -> Self {
		Self { patient, subject }
	}
}

/// What a vault gave without a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Unreceipted {
	pub(crate) hospital: HospitalId,
	pub(crate) patient: PatientId,
	pub(crate) subject: Subject,
	/// When, by this device's clock.
	pub(crate) time: Moment,
}

/// What a vault gave, and what its receipt says of that.
pub(super) struct Noted {
	read: Unreceipted,
	/// What the receipt names; nothing without a receipt.
	receipted: Option<Receipted>,
}

/// What a receipt names.
struct Receipted {
	/// The records whose titles were given.
	titles: Vec<RecordIndex>,
	/// The bytes of a document.
	bytes: Range<u64>,
}

impl Noted {
	/// What was read, if there is no receipt for all bytes that came: one may name fewer, and the patient would not see the
	/// others.
	fn without_bytes(self, came: &Range<u64>) -> Option<Unreceipted> {
		let are_named = self.receipted.is_some_and(|Receipted { bytes, .. }| {
			came.is_empty() || (bytes.start <= came.start && came.end <= bytes.end)
		});
		(!are_named).then_some(self.read)
	}

	/// What was read, if there is no receipt that names all records of which titles came: one may name fewer than were asked
	/// for, and the patient would not see the others.
	fn without_titles(self, came: &[RecordIndex]) -> Option<Unreceipted> {
		let named = self.receipted.map_or_else(Vec::new, |receipted| receipted.titles);
		let are_named = came.iter().all(|record| named.contains(record));
		(!are_named).then_some(self.read)
	}
}

/// The bytes of a document that come in an answer. Once that is over, however it ends, they are compared with the receipt.
pub(super) struct Came<'a> {
	vault: &'a Vault<'a>,
	noted: Option<Noted>,
	bytes: Range<u64>,
}

impl<'a> Came<'a> {
	/// None yet, of an answer that begins with byte `from`.
	pub(super) fn of(vault: &'a Vault<'a>, noted: Option<Noted>, from: u64) -> Self {
		Self { vault, noted, bytes: from..from }
	}

	/// Adds so many.
	pub(super) fn add(&mut self, count: usize) {
		self.bytes.end = self.bytes.end.saturating_add(count as u64);
	}
}

impl Drop for Came<'_> {
	fn drop(&mut self) {
		let noted = self.noted.take();
		self.vault.miss(noted.and_then(|noted| noted.without_bytes(&self.bytes)));
	}
}

/// The titles that come in an answer. Once that is over, however it ends, their records are compared with the receipt.
pub(super) struct CameTitles<'a> {
	vault: &'a Vault<'a>,
	noted: Option<Noted>,
	answer: Vec<u8>,
}

impl<'a> CameTitles<'a> {
	/// None yet.
	pub(super) fn of(vault: &'a Vault<'a>, noted: Option<Noted>) -> Self {
		Self { vault, noted, answer: Vec::new() }
	}

	/// Adds the next bytes of the answer.
	pub(super) fn add(&mut self, piece: &[u8]) {
		self.answer.extend_from_slice(piece);
	}

	/// The answer as far as it has come.
	pub(super) fn answer(&self) -> &[u8] {
		&self.answer
	}
}

impl Drop for CameTitles<'_> {
	fn drop(&mut self) {
		let noted = self.noted.take();
		let heads = begun(&self.answer);
		let came = heads.iter().filter(|head| head.status == 200 && !head.bytes.is_empty());
		let came: Vec<RecordIndex> = came.map(|head| head.record).collect();
		self.vault.miss(noted.and_then(|noted| noted.without_titles(&came)));
	}
}

/// A request that the session's key has signed.
pub(super) struct Signed {
	asked: SignedRequest,
	session: Session,
}

impl Signed {
	/// The value of the header that says so.
	pub(super) fn header(&self) -> String {
		ReadRequest::of(&self.asked).header()
	}
}

impl Vault<'_> {
	/// Signs what is to be read, if this vault takes that.
	pub(super) fn signed(&self, token: &Token, reading: &Reading) -> Option<Signed> {
		let (reader, hospital) = (token.reader.as_ref()?, self.hospital?);
		let Reading { patient, subject } = reading;
		let asked = reader.sign(self.genesis, hospital, *patient, subject.clone());
		Some(Signed { asked, session: reader.session.clone() })
	}

	/// Notes the receipt of an answer; gives what was read. Whether the receipt is good is checked with the chain, by
	/// [`Client::check_receipts`](crate::Client::check_receipts), and whether the vault owes one, when receipts are kept. A
	/// patient's own look needs none, since the patient sees all that the vault has of the chart. So one that says that it was
	/// such a look counts for nothing: only the chain knows.
	pub(super) fn note(
		&self,
		reading: &Reading,
		signed: Option<Signed>,
		answered: &HeaderMap,
	) -> Option<Noted> {
		let value = answered.get(headers::RECEIPT);
		let slip = value.and_then(|value| parse_receipt(value.to_str().ok()?).ok());
		if value.is_some() && slip.is_none() {
			tracing::warn!("the vault at {} gave a receipt that is none", self.url());
		}
		let receipt = slip
			.filter(|slip| slip.capacity != Capacity::Patient)
			.zip(signed)
			.map(|(slip, signed)| slip.receipt(signed.asked, signed.session));
		let receipted = receipt.as_ref().map(|Receipt { disclosure, .. }| Receipted {
			titles: disclosure.titles(),
			bytes: disclosure.from..disclosure.to,
		});
		if let Some(receipt) = receipt
			&& let Ok(mut received) = self.vaults.received.lock()
			&& received.len() < MOST
		{
			received.push(receipt);
		}
		let Reading { patient, subject } = reading;
		let (hospital, time) = (self.hospital?, clock::now());
		let (patient, subject) = (*patient, subject.clone());
		Some(Noted { read: Unreceipted { hospital, patient, subject, time }, receipted })
	}

	/// Notes that there was no receipt for what was given.
	pub(super) fn miss(&self, without: Option<Unreceipted>) {
		if let Some(without) = without {
			self.vaults.return_unreceipted(vec![without]);
		}
	}
}

impl Vaults {
	/// Takes the receipts that came, to keep them.
	pub(crate) fn take_receipts(&self) -> Vec<Receipt> {
		self.received.lock().map(|mut received| std::mem::take(&mut *received)).unwrap_or_default()
	}

	/// Takes back receipts that could not be kept, before those that came meanwhile.
	pub(crate) fn return_receipts(&self, mut receipts: Vec<Receipt>) {
		if let Ok(mut received) = self.received.lock() {
			receipts.append(&mut received);
			receipts.truncate(MOST);
			*received = receipts;
		}
	}

	/// Takes what came without a receipt.
	pub(crate) fn take_unreceipted(&self) -> Vec<Unreceipted> {
		self.without.lock().map(|mut all| std::mem::take(&mut *all)).unwrap_or_default()
	}

	/// Takes it back, after what came meanwhile.
	pub(crate) fn return_unreceipted(&self, without: Vec<Unreceipted>) {
		if let Ok(mut all) = self.without.lock() {
			all.extend(without);
			all.truncate(MOST);
		}
	}

	/// Whether the chain named no account for a hospital's vault when it was last asked, not long ago.
	pub(crate) fn promises_none(&self, hospital: HospitalId) -> bool {
		let asked = self.unpromised.lock().ok().and_then(|all| all.get(&hospital).copied());
		asked.is_some_and(|asked| asked.elapsed() < UNPROMISED)
	}

	/// Whether the chart is known to be the account's own.
	pub(crate) fn is_own(&self, patient: PatientId) -> bool {
		self.own.lock().is_ok_and(|own| *own == Some(patient))
	}

	/// Notes that the chart is the account's own.
	pub(crate) fn note_own(&self, patient: PatientId) {
		if let Ok(mut own) = self.own.lock() {
			*own = Some(patient);
		}
	}

	/// Notes that the chain names no account for a hospital's vault now.
	pub(crate) fn note_unpromised(&self, hospital: HospitalId) {
		if let Ok(mut all) = self.unpromised.lock() {
			all.insert(hospital, Instant::now());
		}
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::Keys;
	use medblock_crypto::Mnemonic;
	use medblock_primitives::DoctorId;
	use medblock_receipts::{Request, Slip};
	use medblock_vault_protocol::{heads::frame, receipts::receipt_header};
	use reqwest::header::HeaderValue;

	const HERE: HospitalId = HospitalId(2);

	/// A request, and the headers of an answer with a receipt for it.
	fn receipted(reading: &Reading, capacity: Capacity, from: u64) -> (Option<Signed>, HeaderMap) {
		let Reading { patient, subject } = reading;
		let request = Request {
			genesis: [7; 32],
			hospital: HERE,
			patient: *patient,
			subject: subject.clone(),
			time: 1,
			nonce: [2; 16],
		};
		let slip = Slip {
			log: 0,
			index: 0,
			salt: [3; 16],
			capacity,
			from,
			to: 9,
			time: 1,
			block: 2,
			block_hash: [6; 32],
			link: [7; 32],
			signature: [8; 64],
		};
		let session = Session { challenge: "a text".into(), signature: [5; 64] };
		let asked = SignedRequest { request, signature: [4; 64] };
		let mut headers = HeaderMap::new();
		headers.insert(headers::RECEIPT, HeaderValue::try_from(receipt_header(&slip)).unwrap());
		(Some(Signed { asked, session }), headers)
	}

	#[test]
	fn an_answer_without_a_receipt_is_noted_and_so_is_one_with_another_thing() {
		let vaults = Vaults::new().unwrap();
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let at = vaults.at("https://a.example".parse().unwrap(), &keys, [7; 32]);
		let digest = [1; 32];
		let reading = Reading { patient: PatientId(3), subject: Subject::Profile { digest } };
		assert!(at.note(&reading, None, &HeaderMap::new()).is_none(), "it is no hospital's");
		let vault = Vault { hospital: Some(HERE), ..at };
		let mut damaged = HeaderMap::new();
		damaged.insert(headers::RECEIPT, HeaderValue::from_static("00"));
		for answered in [HeaderMap::new(), damaged] {
			let noted = vault.note(&reading, None, &answered);
			let found = noted.and_then(|noted| noted.without_bytes(&(0..0))).unwrap();
			assert_eq!((found.hospital, found.patient), (HERE, PatientId(3)));
			assert_eq!(found.subject, reading.subject);
			vault.miss(Some(found));
		}
		vault.miss(None);
		assert_eq!(vaults.take_unreceipted().len(), 2);
		assert!(vaults.take_unreceipted().is_empty() && vaults.take_receipts().is_empty());
		assert!(!vaults.promises_none(HERE));
		vaults.note_unpromised(HERE);
		assert!(vaults.promises_none(HERE) && !vaults.promises_none(HospitalId(3)));
		assert!(!vaults.is_own(PatientId(3)));
		vaults.note_own(PatientId(3));
		assert!(vaults.is_own(PatientId(3)) && !vaults.is_own(PatientId(4)));
	}

	#[test]
	fn a_receipt_counts_for_what_it_names_and_not_as_a_patients_own_look() {
		let vaults = Vaults::new().unwrap();
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let at = vaults.at("https://a.example".parse().unwrap(), &keys, [7; 32]);
		let vault = Vault { hospital: Some(HERE), ..at };
		let digest = [1; 32];
		let profile = Reading { patient: PatientId(3), subject: Subject::Profile { digest } };
		let listing = Subject::titles([4, 5, 6].map(|record| (record, &digest)));
		let listing = Reading::titles(PatientId(3), listing);
		let note = |reading: &Reading, capacity, from| {
			let (signed, headers) = receipted(reading, capacity, from);
			vault.note(reading, signed, &headers).unwrap()
		};
		let doctor = Capacity::Doctor(DoctorId(8));
		assert_eq!(note(&profile, doctor, 0).without_bytes(&(0..9)), None);
		assert!(note(&profile, Capacity::Patient, 0).without_bytes(&(0..9)).is_some());
		// It says that it has left the second one out.
		let listed = || note(&listing, doctor, 0b10);
		assert_eq!(listed().without_titles(&[]), None);
		assert_eq!(listed().without_titles(&[4, 6]), None);
		assert!(listed().without_titles(&[4, 5, 6]).is_some());
		assert!(note(&listing, Capacity::Patient, 0).without_titles(&[4]).is_some());
		assert_eq!(vaults.take_receipts().len(), 4);
	}

	/// What is left out of a receipt is not in the patient's list.
	#[test]
	fn a_receipt_counts_for_the_bytes_that_it_names() {
		let vaults = Vaults::new().unwrap();
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let at = vaults.at("https://a.example".parse().unwrap(), &keys, [7; 32]);
		let vault = Vault { hospital: Some(HERE), ..at };
		let subject = Subject::Record { index: 4, digest: [1; 32] };
		let reading = Reading { patient: PatientId(3), subject };
		// Its receipt names the bytes up to 9.
		for (named_from, from, pieces, is_named) in [
			(0, 0, vec![4, 5], true),
			(0, 0, vec![4, 6], false),
			(0, 4, vec![5], true),
			(4, 4, vec![5], true),
			(4, 3, vec![2], false),
			(8, 0, vec![1], false),
			(0, 9, vec![], true),
			(0, 20, vec![1], false),
		] {
			let doctor = Capacity::Doctor(DoctorId(8));
			let (signed, headers) = receipted(&reading, doctor, named_from);
			let noted = vault.note(&reading, signed, &headers);
			let mut came = Came::of(&vault, noted, from);
			pieces.iter().for_each(|count| came.add(*count));
			assert!(vaults.take_unreceipted().is_empty(), "it is not over");
			drop(came);
			let without = vaults.take_unreceipted();
			assert_eq!(without.is_empty(), is_named, "{named_from}: {from}, {pieces:?}");
		}
	}

	/// A page that is left drops a listing in the middle of its answer.
	#[test]
	fn titles_that_came_count_however_their_answer_ends() {
		let vaults = Vaults::new().unwrap();
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let at = vaults.at("https://a.example".parse().unwrap(), &keys, [7; 32]);
		let vault = Vault { hospital: Some(HERE), ..at };
		let digest = [1; 32];
		let listing = Subject::titles([4, 5].map(|record| (record, &digest)));
		let reading = Reading::titles(PatientId(3), listing);
		let head = |record| [&frame(record, 200, 3)[..], b"abc"].concat();
		let answer = [head(4), head(5)].concat();
		// A receipt that leaves the second one out, or none.
		for (has_receipt, end, is_named) in [
			(false, 0, true),
			(false, 10, true),
			(false, 11, false),
			(false, 26, false),
			(true, 13, true),
			(true, 23, true),
			(true, 24, false),
			(true, 26, false),
		] {
			let (signed, headers) = match has_receipt {
				true => receipted(&reading, Capacity::Doctor(DoctorId(8)), 0b10),
				false => (None, HeaderMap::new()),
			};
			let mut came = CameTitles::of(&vault, vault.note(&reading, signed, &headers));
			answer[..end].chunks(7).for_each(|piece| came.add(piece));
			assert!(vaults.take_unreceipted().is_empty(), "it is not over");
			drop(came);
			let without = vaults.take_unreceipted();
			assert_eq!(without.is_empty(), is_named, "{has_receipt}: {end}");
		}
	}
}

//! Requests to read, signed by the session's key, and the receipts for them.

use super::{Vault, Vaults, session::Token};
use medblock_primitives::{Document, PatientId};
use medblock_receipts::{Capacity, Receipt, Session, SignedRequest, Subject};
use medblock_vault_protocol::{
	Item, headers,
	receipts::{ReadRequest, parse_receipt},
};
use reqwest::header::HeaderMap;

/// The most receipts that wait to be kept: a program that never keeps any must not fill the memory.
const MOST: usize = 4_096;

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

	/// Notes the receipt of an answer, if there is one. Whether it is good is checked with the chain, by
	/// [`Client::check_receipts`](crate::Client::check_receipts). A patient's own look needs none: the patient sees all
	/// that the vault has of the chart.
	pub(super) fn note(&self, signed: Signed, answered: &HeaderMap) {
		let Some(value) = answered.get(headers::RECEIPT) else { return };
		let Some(Ok(slip)) = value.to_str().ok().map(parse_receipt) else {
			tracing::warn!("the vault at {} gave a receipt that is none", self.url());
			return;
		};
		if slip.capacity == Capacity::Patient {
			return;
		}
		let receipt = slip.receipt(signed.asked, signed.session);
		if let Ok(mut received) = self.vaults.received.lock()
			&& received.len() < MOST
		{
			received.push(receipt);
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
}

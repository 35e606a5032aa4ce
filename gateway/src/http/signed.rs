//! Requests to read that their readers have signed, and the receipts for them.

use super::{App, request};
use crate::{
	authority::{Block, Permit, Role, wall_clock},
	errors::Refusal,
	receipts::{Draft, Log, broken},
	sessions::Session,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use medblock_primitives::{Denied, PatientId};
use medblock_receipts::{Capacity, LogId, Receipt, SignedRequest, Subject};
use medblock_vault_protocol::{
	headers::{READ_REQUEST, RECEIPT},
	receipts::{ReadRequest, receipt_header},
};
use std::sync::Arc;

/// A request of which the log will have a line.
pub(super) struct Signed {
	log: Arc<Log>,
	asked: SignedRequest,
}

/// The log in the state of a block; none if the vault gives no receipts.
pub(super) async fn log(app: &App, block: &Block) -> Result<Option<Arc<Log>>, Refusal> {
	app.receipts.log(&app.authority, block).await
}

impl Signed {
	/// The request of these headers, if the session's key has signed that it is for this.
	pub(super) fn read(
		log: Arc<Log>,
		session: &Session,
		headers: &HeaderMap,
		patient: PatientId,
		subject: Subject,
	) -> Result<Self, Refusal> {
		let text = request::single(headers, READ_REQUEST)?.ok_or(Refusal::RequestNotSigned)?;
		let read = ReadRequest::parse(text).ok_or(Refusal::RequestNotSigned)?;
		let LogId { genesis, hospital, .. } = log.id();
		let asked = read.asked(genesis, hospital, patient, subject);
		let reader = session.reader.as_ref().ok_or(Refusal::RequestNotSigned)?;
		reader.check(&asked, wall_clock())?;
		Ok(Self { log, asked })
	}

	/// Writes to disk what is about to be sent, and gives the receipt for it. `from` and `to` are as in
	/// [`Disclosure`](medblock_receipts::Disclosure).
	pub(super) async fn write_down(
		self,
		app: &App,
		session: &Session,
		permit: &Permit,
		(from, to): (u64, u64),
	) -> Result<(HeaderName, HeaderValue), Refusal> {
		let reader = session.reader.as_ref().ok_or(Refusal::RequestNotSigned)?;
		app.sessions.use_request(session, &self.asked).await?;
		let draft = Draft {
			asked: self.asked,
			session: reader.session().clone(),
			capacity: capacity(permit.role)?,
			from,
			to,
			time: wall_clock(),
			block: permit.finalized.number,
			block_hash: permit.finalized.hash,
		};
		let (index, disclosure) = self.log.append(draft).await.map_err(|why| {
			app.metrics.failed(&why);
			broken(&why)
		})?;
		let receipt = Receipt::issue(app.receipts.key(), self.log.id(), index, disclosure);
		let value = HeaderValue::try_from(receipt_header(&receipt.slip()));
		Ok((HeaderName::from_static(RECEIPT), value.map_err(|_| Refusal::StoreFailed)?))
	}
}

fn capacity(role: Role) -> Result<Capacity, Refusal> {
	match role {
		Role::Patient => Ok(Capacity::Patient),
		Role::Representative(patient) => Ok(Capacity::Representative(patient)),
		Role::Doctor(doctor) => Ok(Capacity::Doctor(doctor)),
		Role::Emergency(doctor) => Ok(Capacity::Emergency(doctor)),
		Role::Registrar(hospital) => Ok(Capacity::Registrar(hospital)),
		Role::Institution(_) => Err(Refusal::Denied(Denied::NotGranted)),
	}
}

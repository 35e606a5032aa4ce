//! Charts: listing, adding, opening.

use crate::{
	failure::Failure,
	formats::Headers,
	people::{Author, Names, Receipt, block, number, receipt},
	running::{Outcome, read, until, value, watched},
	session::Session,
};
use js_sys::{Function, Object, Reflect};
use medblock_client::{
	Client, Done, Error, NewFile, Settled, Told, access,
	medblock_crypto::{Error as CryptoError, Headers as RecordHeaders},
	medblock_primitives::{DoctorId, HospitalId, Page as Part, PatientId, RecordIndex},
	records::{self, Known, Opened, media_type},
	vault::unwatched,
};
use medblock_platform::{Blobs, Files, clock, files::UserFile};
use medblock_views::{BlockRef, Time};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;
use zeroize::Zeroizing;

/// The longest ciphertext whose content is handed to a page, in bytes: the browser has to keep all of it.
const LONGEST_OPENED: u64 = 512 * 1_024 * 1_024;

/// The type of notes that were typed.
const TYPED: &str = "text/plain; charset=utf-8";

/// Which part of a chart.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Query {
	after: Option<u32>,
	limit: Option<u32>,
	/// Only titles that this device has kept: no vault is asked.
	kept: bool,
}

/// A part of a chart.
#[derive(Serialize)]
struct Page {
	items: Vec<Entry>,
	next: Option<u32>,
	at: BlockRef,
}

/// An entry of a chart.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
	record: RecordIndex,
	author: Author,
	recorded_at: Time,
	in_reply_to: Option<RecordIndex>,
	state: State,
	headers: Option<Headers>,
	problem: Option<Failure>,
	size: u64,
	vault: Option<HospitalId>,
	sealed_to_older_key: bool,
}

/// Whether a record can be read.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
	Readable,
	/// Its title has to be fetched.
	Fetching,
	Withdrawn,
	AwaitingPatient,
	Unreadable,
}

/// A record to be added, without its content.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewRecord {
	title: String,
	media_type: Option<String>,
	file_name: Option<String>,
	written_at: Option<Time>,
	in_reply_to: Option<u32>,
}

/// Records that were added.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
	receipt: Option<Receipt>,
	records: Vec<RecordIndex>,
	waiting: usize,
	/// The doctors who may see the whole chart, and can't open these records.
	cannot_open: Vec<DoctorId>,
}

/// Uploads of an earlier visit.
#[derive(Serialize)]
struct Resumed {
	sent: usize,
	waiting: usize,
	problem: Option<Failure>,
}

#[wasm_bindgen]
impl Session {
	/// The own chart.
	#[wasm_bindgen(js_name = ownRecords)]
	pub async fn own_records(
		&self,
		query: JsValue,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let own = self.own(&self.at().await?).await?;
		self.records(own.0, query, signal, progress).await
	}

	/// A patient's chart, as far as it is open to the account.
	pub async fn records(
		&self,
		patient: u32,
		query: JsValue,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let query: Query = if query.is_undefined() { Query::default() } else { read(query)? };
		let listing = async {
			let at = self.at().await?;
			let (patient, progress) = (PatientId(patient), watched(progress));
			let Query { after, limit, kept } = query;
			let found = match kept {
				true => self.client.list_known(&at, patient, after, limit).await?,
				false => {
					let all = self.client.list(&at, patient, after, limit, &progress).await?;
					let items = all.items.into_iter().map(Known::from).collect();
					Part { items, next: all.next }
				},
			};
			let (mut names, mut items) = (Names::new(&at), Vec::new());
			for one in found.items {
				items.push(entry(one, &mut names).await?);
			}
			value(&Page { items, next: found.next, at: block(&at) })
		};
		until(signal, listing).await
	}

	/// Encrypts files, uploads them and puts them into the own chart.
	#[wasm_bindgen(js_name = addRecords)]
	pub async fn add_records(
		&self,
		records: Vec<Object>,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let files = new_files(records)?;
		let adding = async {
			let own = self.own(&self.at().await?).await?;
			self.settle_what_waits(own).await;
			// Before, since what is added to a chart without the right key stays closed to some doctors.
			let ready = self.client.make_ready().await?;
			let left_out = ready.left_out.iter().map(|one| one.doctor).collect();
			let done = self.client.add_records(&files, &watched(progress)).await?;
			added(&self.client, own, done, left_out).await
		};
		until(signal, adding).await
	}

	/// Puts notes and records into a patient's chart.
	#[wasm_bindgen(js_name = appendRecords)]
	pub async fn append_records(
		&self,
		patient: u32,
		records: Vec<Object>,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let (files, patient) = (new_files(records)?, PatientId(patient));
		let appending = async {
			self.settle_what_waits(patient).await;
			let done = self.client.append_records(patient, &files, &watched(progress)).await?;
			added(&self.client, patient, done, Vec::new()).await
		};
		until(signal, appending).await
	}

	/// Downloads a record of the own chart, verifies it and decrypts it.
	#[wasm_bindgen(js_name = openOwn)]
	pub async fn open_own(
		&self,
		record: u32,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let own = self.own(&self.at().await?).await?;
		self.open_record(own.0, record, signal, progress).await
	}

	/// Downloads a record, verifies it and decrypts it.
	#[wasm_bindgen(js_name = openRecord)]
	pub async fn open_record(
		&self,
		patient: u32,
		record: u32,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let opening = async {
			let patient = PatientId(patient);
			let known = self.at().await?.record(patient, record).await?;
			let size = known.and_then(|one| one.document).map_or(0, |document| document.size);
			if size > LONGEST_OPENED {
				let sentence =
					"This record is too large for a page: open it with the program medblock.";
				return Err(Failure::of(
					"unsupported",
					Told::new("web.record-too-large", sentence),
				));
			}
			// Plaintext is written to no file here. It leaves this memory piece by piece, and the page
			// gets it once all of it has been verified.
			let (blobs, progress) = (Blobs::new(), watched(progress));
			let between = (&*self.files, &blobs as &dyn Files);
			let opened = self.client.open_between(patient, record, between, &progress).await;
			shown(opened.map_err(not_opened)?)
		};
		until(signal, opening).await
	}

	/// Withdraws a record of the own chart.
	#[wasm_bindgen(js_name = withdrawRecord)]
	pub async fn withdraw_record(&self, record: u32) -> Outcome {
		crate::session::finished(&self.client.withdraw(&[record]).await?)
	}

	/// Sends what earlier visits could not: to the own chart, or to a patient's.
	pub async fn settle(
		&self,
		patient: Option<u32>,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let settling = async {
			let patient = match patient {
				Some(patient) => PatientId(patient),
				None => self.own(&self.at().await?).await?,
			};
			let settled = self.client.settle_outbox(patient, &watched(progress)).await?;
			let Settled { sent, waiting, problem } = settled;
			value(&Resumed { sent, waiting, problem: problem.map(Into::into) })
		};
		until(signal, settling).await
	}
}

impl Session {
	/// Sends what earlier visits could not. A file that can't be sent now, for instance while another tab
	/// has it open, stays, and keeps nothing else from being added.
	pub(crate) async fn settle_what_waits(&self, patient: PatientId) {
		let _ = self.client.settle_outbox(patient, &unwatched()).await;
	}
}

/// An entry, in the contract's shape.
async fn entry(one: Known, names: &mut Names<'_>) -> Result<Entry, Failure> {
	let Known { index, record, vaults, title } = one;
	let (state, title, problem) = match title {
		None => (State::Fetching, None, None),
		Some(Ok(title)) => (State::Readable, Some(title), None),
		Some(Err(Error::Record(records::Error::Withdrawn(_)))) => (State::Withdrawn, None, None),
		Some(Err(Error::Access(access::Error::AwaitingPatient))) => {
			(State::AwaitingPatient, None, None)
		},
		Some(Err(why)) => (State::Unreadable, None, Some(why.into())),
	};
	Ok(Entry {
		record: index,
		author: names.author(record.author).await?,
		recorded_at: record.recorded_at.into(),
		in_reply_to: record.in_reply_to,
		state,
		sealed_to_older_key: title.as_ref().is_some_and(|one| one.really_sealed_to.is_some()),
		headers: title.map(|one| one.headers.try_into()).transpose().map_err(Failure::invalid)?,
		problem,
		size: record.document.as_ref().map_or(0, |document| document.size),
		vault: vaults.map(|vaults| vaults.home),
	})
}

/// The files of new records, from the objects that a page gave.
pub(crate) fn new_files(records: Vec<Object>) -> Result<Vec<NewFile>, Failure> {
	records.into_iter().map(new_file).collect()
}

fn new_file(object: Object) -> Result<NewFile, Failure> {
	let content = Reflect::get(&object, &"content".into()).unwrap_or_default();
	let new: NewRecord = read(object.into())?;
	let written_at = |milliseconds: u64| i64::try_from(milliseconds / 1_000).ok();
	let (file, guessed, name, changed) = match content.as_string() {
		Some(text) => {
			let bytes = Zeroizing::new(text.into_bytes());
			let file = UserFile::Bytes { name: "the note".to_owned(), bytes };
			(file, TYPED.to_owned(), None, written_at(clock::now()))
		},
		None => {
			let picked: web_sys::File = content.dyn_into().map_err(|_| {
				Failure::invalid("the content of a record has to be a file or text")
			})?;
			let (name, changed) = (picked.name(), picked.last_modified() as u64);
			let file = UserFile::Given(picked.clone());
			// A browser goes by the name alone.
			let guessed = match (media_type(&name, file.open()?.1)?, picked.type_()) {
				("application/octet-stream", known) if !known.is_empty() => known,
				(found, _) => found.to_owned(),
			};
			(file, guessed, Some(name), written_at(changed))
		},
	};
	let given = new.written_at.and_then(|time| written_at(time.into()));
	let headers = RecordHeaders {
		title: new.title,
		media_type: new.media_type.unwrap_or(guessed),
		file_name: new.file_name.or(name).filter(|name| !name.is_empty()),
		written_at: given.or(changed),
	};
	Ok(NewFile { file, headers, in_reply_to: new.in_reply_to })
}

/// The outcome of adding, with what could not be confirmed yet.
pub(crate) async fn added(
	client: &Client,
	patient: PatientId,
	done: Done,
	cannot_open: Vec<DoctorId>,
) -> Outcome {
	let first = number(&done, "RecordsAdded", "first");
	let count = number(&done, "RecordsAdded", "count").unwrap_or(1);
	let records = first.map_or(Vec::new(), |first| (first..first.saturating_add(count)).collect());
	// The call has succeeded, even if this can't be found out.
	let waiting = client.waiting(patient).await.unwrap_or_default();
	value(&Added { receipt: receipt(&done), records, waiting, cannot_open })
}

/// An opened record, with its content in the browser's hands.
fn shown(opened: Opened) -> Outcome {
	let older = opened.title.really_sealed_to.is_some();
	let headers: Headers = opened.title.headers.try_into().map_err(Failure::invalid)?;
	let content = opened.content.into_blob().map_err(|_| no_memory())?;
	let object = Object::new();
	for (name, part) in [
		("headers", value(&headers)?),
		("content", content.into()),
		("sealedToOlderKey", older.into()),
	] {
		// Setting a property of a new object can't fail.
		let _ = Reflect::set(&object, &name.into(), &part);
	}
	Ok(object.into())
}

/// The reason why a record was not opened.
fn not_opened(why: Error) -> Failure {
	match &why {
		Error::Crypto(CryptoError::Writing(said)) if said.kind() == ErrorKind::OutOfMemory => {
			no_memory()
		},
		_ => why.into(),
	}
}

fn no_memory() -> Failure {
	let sentence = "There is not enough memory for this record.";
	Failure::of("storage", Told::new("web.no-memory", sentence))
}

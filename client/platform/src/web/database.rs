//! The names of a browser's storage, in IndexedDB: each has a small value, or the identifier of a file.

use futures::channel::oneshot;
use idb::{
	Database, DatabaseEvent, KeyRange, ObjectStore, ObjectStoreParams, Query, Transaction,
	TransactionMode,
};
use js_sys::{Object, Reflect, Uint8Array};
use std::{
	cell::RefCell,
	io::{self, ErrorKind},
	rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::IdbDatabase;

const STORE: &str = "names";

/// Greater than every character, so that a range of names with a prefix ends before it.
const LAST: &str = "\u{ffff}";

/// What a name stands for.
pub(super) struct Entry {
	pub(super) content: Content,
	/// The last write, in milliseconds since 1970.
	pub(super) modified: u64,
}

pub(super) enum Content {
	Value(Vec<u8>),
	File {
		/// The name of the file in the origin's private file system.
		id: String,
		length: u64,
	},
}

impl Entry {
	fn to_js(&self) -> Result<JsValue, JsValue> {
		let entry = Object::new();
		let set = |name: &str, value: JsValue| Reflect::set(&entry, &name.into(), &value);
		set("modified", (self.modified as f64).into())?;
		match &self.content {
			Content::Value(bytes) => set("value", Uint8Array::from(&bytes[..]).into())?,
			Content::File { id, length } => {
				set("file", id.into())?;
				set("length", (*length as f64).into())?
			},
		};
		Ok(entry.into())
	}

	fn from_js(entry: &JsValue) -> Option<Self> {
		let get = |name: &str| Reflect::get(entry, &name.into()).ok();
		let number = |name: &str| get(name)?.as_f64().map(|number| number as u64);
		let content = match get("file")?.as_string() {
			Some(id) => Content::File { id, length: number("length")? },
			None => Content::Value(Uint8Array::new(&get("value")?).to_vec()),
		};
		Some(Self { content, modified: number("modified")? })
	}

	pub(super) fn length(&self) -> u64 {
		match &self.content {
			Content::Value(bytes) => bytes.len() as u64,
			Content::File { length, .. } => *length,
		}
	}

	pub(super) fn file(&self) -> Option<&str> {
		match &self.content {
			Content::Value(_) => None,
			Content::File { id, .. } => Some(id),
		}
	}
}

/// How an entry is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Write {
	Create,
	Replace,
}

/// Each question goes on to its end, even when the caller is cancelled: see [`apart`].
pub(super) struct Names(Rc<Connection>);

impl Names {
	pub(super) async fn open(name: &str) -> io::Result<Self> {
		let database = RefCell::new(open(name).await?);
		Ok(Self(Rc::new(Connection { name: name.to_owned(), database })))
	}

	pub(super) async fn get(&self, name: &str) -> io::Result<Option<Entry>> {
		let (connection, name) = (self.0.clone(), name.to_owned());
		apart(async move {
			let transaction = connection.begin(TransactionMode::ReadOnly).await?;
			let store = transaction.object_store(STORE).map_err(failed)?;
			read(&store, &name).await
		})
		.await
	}

	/// Writes an entry, and gives the one that it replaces.
	pub(super) async fn put(
		&self,
		name: &str,
		entry: &Entry,
		how: Write,
	) -> io::Result<Option<Entry>> {
		let (connection, name) = (self.0.clone(), name.to_owned());
		let entry = entry.to_js().map_err(|why| io::Error::other(format!("{why:?}")))?;
		apart(async move {
			let transaction = connection.begin(TransactionMode::ReadWrite).await?;
			let store = transaction.object_store(STORE).map_err(failed)?;
			let before = read(&store, &name).await?;
			if before.is_some() && how == Write::Create {
				return Err(ErrorKind::AlreadyExists.into());
			}
			store.put(&entry, Some(&name.into())).map_err(failed)?.await.map_err(failed)?;
			transaction.await.map_err(failed)?;
			Ok(before)
		})
		.await
	}

	/// Gives an entry another name, and gives the entry that it replaces.
	pub(super) async fn rename(&self, from: &str, to: &str) -> io::Result<Option<Entry>> {
		let (connection, from, to) = (self.0.clone(), from.to_owned(), to.to_owned());
		apart(async move {
			let transaction = connection.begin(TransactionMode::ReadWrite).await?;
			let store = transaction.object_store(STORE).map_err(failed)?;
			let entry =
				store.get(JsValue::from(from.as_str())).map_err(failed)?.await.map_err(failed)?;
			let entry = entry.ok_or(ErrorKind::NotFound)?;
			let before = if from == to { None } else { read(&store, &to).await? };
			store.delete(JsValue::from(from.as_str())).map_err(failed)?.await.map_err(failed)?;
			store.put(&entry, Some(&to.into())).map_err(failed)?.await.map_err(failed)?;
			transaction.await.map_err(failed)?;
			Ok(before)
		})
		.await
	}

	/// Frees a name, and gives the entry that it had.
	pub(super) async fn remove(&self, name: &str) -> io::Result<Option<Entry>> {
		let (connection, name) = (self.0.clone(), name.to_owned());
		apart(async move {
			let transaction = connection.begin(TransactionMode::ReadWrite).await?;
			let store = transaction.object_store(STORE).map_err(failed)?;
			let before = read(&store, &name).await?;
			store.delete(JsValue::from(name.as_str())).map_err(failed)?.await.map_err(failed)?;
			transaction.await.map_err(failed)?;
			Ok(before)
		})
		.await
	}

	/// The entries whose names begin with `prefix`.
	pub(super) async fn list(&self, prefix: &str) -> io::Result<Vec<(String, Entry)>> {
		let (connection, prefix) = (self.0.clone(), prefix.to_owned());
		apart(async move {
			let transaction = connection.begin(TransactionMode::ReadOnly).await?;
			let store = transaction.object_store(STORE).map_err(failed)?;
			let (first, last) = (JsValue::from(prefix.as_str()), format!("{prefix}{LAST}").into());
			let range =
				|| KeyRange::bound(&first, &last, None, None).map(Query::from).map_err(failed);
			// Both are of one transaction, and in the order of the names.
			let names = store.get_all_keys(Some(range()?), None).map_err(failed)?;
			let entries = store.get_all(Some(range()?), None).map_err(failed)?;
			let (names, entries) = futures::join!(names.into_future(), entries.into_future());
			let (names, entries) = (names.map_err(failed)?, entries.map_err(failed)?);
			let read = |(name, entry): (&JsValue, &JsValue)| {
				Some((name.as_string()?, Entry::from_js(entry)?))
			};
			names.iter().zip(&entries).map(|both| read(both).ok_or_else(damaged)).collect()
		})
		.await
	}
}

/// An open database.
struct Connection {
	name: String,
	database: RefCell<Database>,
}

impl Connection {
	/// Begins a transaction. A closed database is opened anew: the browser closes it when it clears the site's
	/// data, and this Worker does when another tab asks for that.
	async fn begin(&self, mode: TransactionMode) -> io::Result<Transaction> {
		let begun = self.database.borrow().transaction(&[STORE], mode);
		if let Ok(transaction) = begun {
			return Ok(transaction);
		}
		let opened = open(&self.name).await?;
		let begun = opened.transaction(&[STORE], mode).map_err(failed);
		// Transactions that still run on the replaced one end first.
		self.database.replace(opened).close();
		begun
	}
}

async fn open(name: &str) -> io::Result<Database> {
	let factory = idb::Factory::new().map_err(failed)?;
	let mut request = factory.open(name, Some(1)).map_err(failed)?;
	request.on_upgrade_needed(|event| {
		// An error here fails the request below.
		if let Ok(database) = event.database() {
			let _ = database.create_object_store(STORE, ObjectStoreParams::new());
		}
	});
	let mut database = request.await.map_err(failed)?;
	// A tab that clears the storage, or a newer page that changes its shape, would wait for this one.
	database.on_version_change(|event| {
		let target = event.target().and_then(|target| target.dyn_into::<IdbDatabase>().ok());
		if let Some(database) = target {
			database.close();
		}
	});
	// The browser may still call it after this database was replaced.
	database.forget_callbacks();
	Ok(database)
}

/// Runs this to its end, even if the caller is cancelled. The browser answers a request in any case, and a
/// request of `idb` that was dropped meanwhile throws then, which ends the Worker.
async fn apart<T: 'static>(work: impl Future<Output = io::Result<T>> + 'static) -> io::Result<T> {
	let (answer, answered) = oneshot::channel();
	spawn_local(async move {
		// The caller may be gone.
		let _ = answer.send(work.await);
	});
	answered.await.map_err(io::Error::other)?
}

async fn read(store: &ObjectStore, name: &str) -> io::Result<Option<Entry>> {
	let entry = store.get(JsValue::from(name)).map_err(failed)?.await.map_err(failed)?;
	entry.map(|entry| Entry::from_js(&entry).ok_or_else(damaged)).transpose()
}

fn damaged() -> io::Error {
	io::Error::new(ErrorKind::InvalidData, "the browser's database is damaged")
}

fn failed(why: idb::Error) -> io::Error {
	io::Error::other(why.to_string())
}

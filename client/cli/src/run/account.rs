//! `medblock account`.

use super::{keeping, kit, words};
use crate::{
	agent,
	cli::{AccountCommand, Export, Import},
	describe,
	exit::{Code, Failure},
	output::Table,
	passphrase::Source,
	session::Session,
	terminal,
};
use medblock_crypto::Mnemonic;
use medblock_keystore::{Account, Entry, Error, Key, Kind, Name};
use medblock_platform::{disk, text};
use medblock_views::Time;
use serde_json::json;
use std::path::Path;
use tokio::task::yield_now;
use zeroize::Zeroizing;

/// The longest file with words, in bytes.
const MAX_WORDS: usize = 4 * 1_024;

/// The longest file with two sheets, in bytes.
const MAX_SHEETS: usize = 4 * 1_024;

/// The longest Polkadot.js export, in bytes.
const MAX_EXPORT: usize = 16 * 1_024;

/// Runs a command about accounts.
pub async fn run(command: AccountCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		AccountCommand::New { name } => new(&name, session).await,
		AccountCommand::Import(import) => take_in(import, session).await,
		AccountCommand::List => list(session).await,
		AccountCommand::Show(show) => display(session.account(show.name).await?, session).await,
		AccountCommand::Export(export) => give_out(export, session).await,
		AccountCommand::Passphrase(new) => keeping::change_passphrase(new, session).await,
		AccountCommand::Remove(remove) => keeping::remove(remove, session).await,
		AccountCommand::Unlock(unlock) => keeping::unlock(unlock, session).await,
		AccountCommand::Lock { name } => keeping::lock(name, session).await,
	}
}

async fn new(name: &Name, session: &Session<'_>) -> Result<(), Failure> {
	session.keystore.ensure_free(name).await?;
	let words = Mnemonic::generate();
	let account = create(name, &words, Key::Own, session).await?;
	made(&account, Some(&words), session)
}

async fn take_in(import: Import, session: &Session<'_>) -> Result<(), Failure> {
	session.keystore.ensure_free(&import.name).await?;
	let key = key_of(&import)?;
	// This check comes before the program reads words or asks for a passphrase.
	key.check()?;
	let (words, are_new) = match (&import.words_file, &import.sheets_file) {
		(Some(path), _) => (read_words(path)?, false),
		(None, Some(path)) => {
			(kit::joined(&read_letters(path, "read the sheets", MAX_SHEETS)?)?, false)
		},
		(None, None) if import.sheets => (kit::ask()?, false),
		(None, None) if import.words || key.kind() == Kind::Own => (words::ask()?, false),
		(None, None) => (Mnemonic::generate(), true),
	};
	if key.kind() == Kind::Development {
		session.output.warn(
			"THE KEY of a development account IS PUBLIC: use the account for tests and demonstrations \
			 only",
		);
	}
	let account = create(&import.name, &words, key, session).await?;
	made(&account, are_new.then_some(&words), session)
}

/// The signing key of the imported account.
fn key_of(import: &Import) -> Result<Key, Failure> {
	if let Some(path) = &import.polkadot_js {
		let export = read_text(path, "read the Polkadot.js export", MAX_EXPORT)?;
		let source = Source::new(import.password_file.as_deref())?;
		let password =
			source.existing("Password of the Polkadot.js export: ", "--password-file")?;
		return Ok(Key::polkadot_js(&export, &password));
	}
	if let Some(address) = &import.address {
		return Ok(Key::Wallet { address: address.to_string() });
	}
	if let Some(path) = &import.dev {
		let path = path.trim_start_matches('/');
		return Ok(Key::Development { path: format!("//{path}") });
	}
	Ok(Key::Own)
}

async fn create(
	name: &Name,
	words: &Mnemonic,
	key: Key,
	session: &Session<'_>,
) -> Result<Account, Failure> {
	let prompt = format!("New passphrase for the account {name}: ");
	let passphrase = session.passphrases.chosen(&prompt, "--passphrase-file")?;
	Ok(session.keystore.create(name, words, key, passphrase).await?)
}

/// Shows a new account, and its words if they are new.
fn made(account: &Account, new_words: Option<&Mnemonic>, session: &Session) -> Result<(), Failure> {
	let mut text = Zeroizing::new(in_words(&account.entry));
	if let Some(words) = new_words {
		text.push_str("\n\nWrite these words down, on paper, in this order:\n\n");
		text.push_str(&in_lines(&words.words()));
		text.push_str("\nThey are shown only now. ");
		text.push_str(purpose(account.entry.kind));
		if session.output.is_json() {
			session.output.note(
				"The words are not part of JSON output: `medblock account export --words` shows them.",
			);
		}
	}
	session.output.result(&document(&account.entry), text.as_str())
}

/// What new words are for. Those of an account with another signing key restore no account.
fn purpose(kind: Kind) -> &'static str {
	match kind {
		Kind::Own => {
			"They restore the account and all it can open, for you and for anyone who has them."
		},
		Kind::Wallet => {
			"They open what is encrypted for the account, for you and for anyone who has them. They do not sign: \
			 keep the wallet's words too."
		},
		Kind::PolkadotJs => {
			"They open what is encrypted for the account, for you and for anyone who has them. They do not sign: \
			 keep the words that Polkadot.js gave you, or its file with the password, too."
		},
		Kind::Development => {
			"They open what is encrypted for the account, for you and for anyone who has them. They do not sign: \
			 the signing key is the public one."
		},
	}
}

/// The words, four a line, with their numbers.
pub fn in_lines(words: &str) -> Zeroizing<String> {
	let mut lines = Zeroizing::new(String::with_capacity(words.len() * 3));
	for (index, word) in words.split(' ').enumerate() {
		let end = if index % 4 == 3 { "\n" } else { "  " };
		lines.push_str(&format!("{:>2} ", index + 1));
		lines.push_str(word);
		if end == "  " {
			(word.len()..8).for_each(|_| lines.push(' '));
		}
		lines.push_str(end);
	}
	lines
}

async fn list(session: &Session<'_>) -> Result<(), Failure> {
	let accounts = session.keystore.list().await?;
	for bad in accounts.iter().filter_map(|(_, entry)| entry.as_ref().err()) {
		session.output.warn(Failure::from(Error::from(bad.clone())).message);
	}
	let unlocked = agent::list(&session.home).await;
	let until = |name: &Name| unlocked.iter().find(|one| one.name == *name).map(|one| one.until);
	let items: Vec<_> = accounts
		.iter()
		.map(|(name, entry)| {
			let mut item = match entry {
				Ok(Some(entry)) => json!(document(entry)),
				Ok(None) => json!({ "name": name }),
				Err(bad) => json!({ "name": name, "problem": bad.to_string() }),
			};
			if let (Some(until), Some(fields)) = (until(name), item.as_object_mut()) {
				fields.insert("unlockedUntil".into(), json!(Time::from(until)));
			}
			item
		})
		.collect();
	let document = json!({ "items": items });
	if accounts.is_empty() {
		let none = "No account yet: make one with `medblock account new NAME`.";
		return session.output.result(&document, none);
	}
	let mut table = Table::new(["name", "key", "address"]);
	for (name, entry) in accounts {
		let (kind, address) = entry.ok().flatten().map_or_else(
			|| ("?".into(), "unlock it once to show it".into()),
			|entry| (entry.kind.describe().into(), entry.address),
		);
		table.row([name.to_string(), kind, address]);
	}
	for one in &unlocked {
		let until = describe::time(one.until);
		session.output.note(format_args!("{} is unlocked until {until}.", one.name));
	}
	session.output.result(&document, table)
}

async fn display(name: Name, session: &Session<'_>) -> Result<(), Failure> {
	let entry = match session.entry(&name).await? {
		Some(entry) => entry,
		None => session.unlock(&name).await?.entry,
	};
	session.output.result(&document(&entry), in_words(&entry))
}

/// What is public of an account, in JSON: as its file has it, but for the digest's `0x`.
fn document(entry: &Entry) -> Entry {
	let encryption_key_digest = format!("0x{}", entry.encryption_key_digest);
	Entry { encryption_key_digest, ..entry.clone() }
}

fn in_words(entry: &Entry) -> String {
	format!(
		"Account         {}\nAddress         {}\nKey             {}\nEncryption key  {} (SHA-256)\n\
		 Made            {}",
		entry.name,
		entry.address,
		entry.kind.describe(),
		entry.encryption_key_digest,
		entry.created,
	)
}

async fn give_out(export: Export, session: &Session<'_>) -> Result<(), Failure> {
	let name = session.account(export.name).await?;
	let kind = match session.entry(&name).await? {
		Some(entry) => entry.kind,
		None => session.unlock(&name).await?.entry.kind,
	};
	if !export.yes {
		let warning = match (export.words, kind) {
			(true, Kind::Own) => {
				"Anyone with these words has the account and everything that it can open."
			},
			(true, _) => {
				"Anyone with these words can open everything that the account can. They do not sign."
			},
			(false, _) => "Anyone with this key can open everything that was sealed to it.",
		};
		confirm(&name, warning)?;
	}
	let account = session.unlock_anew(&name).await?;
	// A user who has pressed Ctrl-C meanwhile does not want to see it any more.
	yield_now().await;
	if export.words {
		let words = account.words.words();
		return session.output.result(&json!({ "words": &*words }), &*words);
	}
	let identity = account.words.seed("").encryption_identity(export.key_version);
	let identity = identity.to_bech32();
	session.output.result(&json!({ "ageIdentity": &*identity }), &*identity)
}

/// Asks whether the user really wants to see a secret.
pub fn confirm(name: &Name, warning: &str) -> Result<(), Failure> {
	if !terminal::is_there() {
		return Err(Failure::usage(
			"there is no terminal to ask on whether you mean it: add --yes",
		));
	}
	terminal::show(format_args!("{warning}\nType the account's name to have it shown:"));
	if ask()?.trim() != name.as_str() {
		return Err(Failure::usage("that is not the account's name: nothing was shown"));
	}
	Ok(())
}

/// A line that the user types.
pub fn ask() -> Result<String, Failure> {
	terminal::line()
}

fn read_words(path: &Path) -> Result<Mnemonic, Failure> {
	let text = read_letters(path, "read the words", MAX_WORDS)?;
	Ok(Mnemonic::parse(text.trim()).map_err(Error::Words)?)
}

fn read_text(path: &Path, what: &str, limit: usize) -> Result<Zeroizing<String>, Failure> {
	let bytes = disk::read(path, limit).map_err(|why| Failure::file(what, path, &why))?;
	text::decoded(&bytes).map_err(|_| no_text(path))
}

/// Like [`read_text`], for words, which are of ASCII letters only.
fn read_letters(path: &Path, what: &str, limit: usize) -> Result<Zeroizing<String>, Failure> {
	let bytes = disk::read(path, limit).map_err(|why| Failure::file(what, path, &why))?;
	text::decoded_letters(&bytes).map_err(|_| no_text(path))
}

fn no_text(path: &Path) -> Failure {
	Failure::new(Code::WrongKey, format!("{} is not UTF-8 text", path.display()))
}

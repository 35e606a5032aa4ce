//! `medblock account`.

use super::values::address;
use crate::agent::LONGEST;
use clap::{ArgGroup, Args, Subcommand};
use jiff::SignedDuration;
use medblock_client::chain::AccountId;
use medblock_keystore::Name;
use std::path::PathBuf;

/// Make, import and show accounts.
#[derive(Subcommand)]
pub enum AccountCommand {
	/// Make an account from 24 new words, and show them once.
	///
	/// Write the words down on paper and keep them safe. On any machine, they restore the account
	/// and open everything that was ever encrypted for it, for you and for anyone who finds them.
	New {
		/// A name for the account on this machine.
		name: Name,
	},

	/// Import an existing account.
	///
	/// Without other options, or with just --words-file, this is an account that this program has made
	/// elsewhere, or any account of a wallet that has no derivation path: you type its words on the
	/// terminal, or name a file. With --polkadot-js or --address, the words do not sign, but give the
	/// encryption keys: name the words that belong to the account, or the program makes new ones and
	/// shows them once.
	Import(Import),

	/// List the accounts on this machine.
	List,

	/// Show an account's public facts.
	Show(Show),

	/// Print an account's secrets, after asking whether you mean it.
	Export(Export),

	/// Change an account's passphrase.
	///
	/// The account has the old passphrase or the new one, whatever interrupts the change. Copies of the
	/// account's file that were made before still open with the old one.
	Passphrase(NewPassphrase),

	/// Remove an account from this machine, with all that this machine keeps for it.
	///
	/// Titles, names, notes and receipts go with it. Your records, grants and registrations stay where they
	/// are. Only the account's words bring it back.
	Remove(Remove),

	/// Unlock an account for a while: your commands then ask for no passphrase.
	///
	/// A process of yours holds the account in memory. The account is locked again when the time is over,
	/// when you lock it, change its passphrase or remove it, and when this machine restarts. Printing
	/// secrets takes the passphrase all the same.
	Unlock(Unlock),

	/// Lock accounts again that were unlocked for a while.
	Lock {
		/// The account; otherwise all.
		name: Option<Name>,
	},
}

/// A new passphrase.
#[derive(Args)]
pub struct NewPassphrase {
	/// The account; otherwise the acting one.
	pub name: Option<Name>,

	/// Read the new passphrase from this file's first line instead of asking for it.
	#[arg(long, value_name = "FILE")]
	pub new_passphrase_file: Option<PathBuf>,
}

/// The account to remove.
#[derive(Args)]
pub struct Remove {
	/// The account.
	pub name: Name,

	/// Do not ask whether you mean it.
	#[arg(long)]
	pub yes: bool,
}

/// The account to unlock for a while.
#[derive(Args)]
pub struct Unlock {
	/// The account; otherwise the acting one.
	pub name: Option<Name>,

	/// For how long: a span like 15m or 2h, of 12 hours at most.
	#[arg(long = "for", value_name = "SPAN", default_value = "15m", value_parser = seconds)]
	pub seconds: u64,
}

/// The seconds of a span for which an account may be unlocked.
fn seconds(text: &str) -> Result<u64, &'static str> {
	const WRITE: &str = "write a span like 15m or 2h, of 12 hours at most";
	let span: SignedDuration = text.parse().map_err(|_| WRITE)?;
	let seconds = u64::try_from(span.as_secs()).ok();
	seconds.filter(|seconds| (1..=LONGEST).contains(seconds)).ok_or(WRITE)
}

/// The origin of an account.
#[derive(Args)]
pub struct Import {
	/// A name for the account on this machine.
	pub name: Name,

	/// A file with the account's words, or with the words that give its encryption keys.
	#[arg(long, value_name = "FILE")]
	pub words_file: Option<PathBuf>,

	/// Ask for these words on the terminal.
	#[arg(long, conflicts_with = "words_file")]
	pub words: bool,

	/// Get these words from two sheets of a kit, which you type on the terminal.
	#[arg(long, conflicts_with_all = ["words_file", "words"])]
	pub sheets: bool,

	/// A file with two sheets of a kit: their codes, each on a line, or their words, with an empty line between.
	#[arg(long, value_name = "FILE", conflicts_with_all = ["words_file", "words", "sheets"])]
	pub sheets_file: Option<PathBuf>,

	/// A JSON export from Polkadot.js of one sr25519 account.
	#[arg(long, value_name = "FILE", conflicts_with_all = ["address", "dev"])]
	pub polkadot_js: Option<PathBuf>,

	/// A file whose first line is the password of that JSON file; otherwise the program asks you
	/// for it.
	#[arg(long, value_name = "FILE", requires = "polkadot_js")]
	pub password_file: Option<PathBuf>,

	/// The address (SS58) of an account that stays in a wallet. Every action then needs --prepare,
	/// and the wallet signs.
	#[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with = "dev")]
	pub address: Option<AccountId>,

	/// A development account such as Alice or Alice//stash. ITS KEY IS PUBLIC: for tests and
	/// demonstrations only.
	#[arg(long, value_name = "PATH")]
	pub dev: Option<String>,
}

/// The account to show.
#[derive(Args)]
pub struct Show {
	/// The account; otherwise the acting one.
	pub name: Option<Name>,
}

/// The secret to print.
#[derive(Args)]
#[group(skip)]
#[command(group(ArgGroup::new("secret").required(true)))]
pub struct Export {
	/// The account; otherwise the acting one.
	pub name: Option<Name>,

	/// Print the words.
	#[arg(long, group = "secret")]
	pub words: bool,

	/// Print the encryption key to which grants to this doctor are sealed: an age identity
	/// (AGE-SECRET-KEY-PQ-1...).
	#[arg(long, group = "secret")]
	pub age_identity: bool,

	/// The version of that key; the first unless it was replaced.
	#[arg(long, value_name = "N", default_value_t = 1, requires = "age_identity",
		value_parser = clap::value_parser!(u32).range(1..))]
	pub key_version: u32,

	/// Do not ask whether you mean it.
	#[arg(long)]
	pub yes: bool,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn accounts_are_unlocked_for_twelve_hours_at_most() {
		for (text, expected) in [("15m", 900), ("2h", 7_200), ("12h", 43_200), ("1h 30m", 5_400)] {
			assert_eq!(seconds(text), Ok(expected), "{text}");
		}
		for text in ["", "15", "soon", "0s", "-5m", "12h 1s", "1d", "9999999999h"] {
			assert!(seconds(text).is_err(), "{text}");
		}
	}
}

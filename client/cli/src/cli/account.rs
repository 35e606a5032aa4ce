//! `medblock account`.

use super::values::address;
use clap::{ArgGroup, Args, Subcommand};
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
	/// With just --words-file, this is an account that this program has made elsewhere, or any
	/// account of a wallet that has no derivation path. With --polkadot-js or --address, the words
	/// do not sign, but give the encryption keys: name the words that belong to the account, or the
	/// program makes new ones and shows them once.
	Import(Import),

	/// List the accounts on this machine.
	List,

	/// Show an account's public facts.
	Show(Show),

	/// Print an account's secrets, after asking whether you mean it.
	Export(Export),
}

/// The origin of an account.
#[derive(Args)]
#[group(skip)]
#[command(group(ArgGroup::new("origin").required(true).multiple(true)))]
pub struct Import {
	/// A name for the account on this machine.
	pub name: Name,

	/// A file with the account's words, or with the words that give its encryption keys.
	#[arg(long, value_name = "FILE", group = "origin")]
	pub words_file: Option<PathBuf>,

	/// A JSON export from Polkadot.js of one sr25519 account.
	#[arg(long, value_name = "FILE", group = "origin", conflicts_with_all = ["address", "dev"])]
	pub polkadot_js: Option<PathBuf>,

	/// A file whose first line is the password of that JSON file; otherwise the program asks you
	/// for it.
	#[arg(long, value_name = "FILE", requires = "polkadot_js")]
	pub password_file: Option<PathBuf>,

	/// The address (SS58) of an account that stays in a wallet. Every action then needs --prepare,
	/// and the wallet signs.
	#[arg(long, value_name = "ADDRESS", value_parser = address, group = "origin",
		conflicts_with = "dev")]
	pub address: Option<AccountId>,

	/// A development account such as Alice or Alice//stash. ITS KEY IS PUBLIC: for tests and
	/// demonstrations only.
	#[arg(long, value_name = "PATH", group = "origin")]
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

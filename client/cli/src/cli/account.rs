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
	/// Write the words down on paper and keep them safe. They restore the account and everything that
	/// was ever encrypted for it, on any machine; whoever finds them can do that, too.
	New {
		/// What to call the account on this machine.
		name: Name,
	},

	/// Take an account in that exists already.
	///
	/// With just --words-file, it is one that this program has made elsewhere, or any account of a
	/// wallet that has no derivation path. With --polkadot-js or --address, the words do not sign:
	/// encryption keys come from them, and new ones are made and shown once unless you name those
	/// that belong to the account.
	Import(Import),

	/// List the accounts on this machine.
	List,

	/// Show what is public about an account.
	Show(Show),

	/// Print an account's secrets, after asking whether you mean it.
	Export(Export),
}

/// Where an account comes from.
#[derive(Args)]
#[group(skip)]
#[command(group(ArgGroup::new("origin").required(true).multiple(true)))]
pub struct Import {
	/// What to call the account on this machine.
	pub name: Name,

	/// A file with the account's words, or with those that its encryption keys come from.
	#[arg(long, value_name = "FILE", group = "origin")]
	pub words_file: Option<PathBuf>,

	/// A JSON file that Polkadot.js has exported for one sr25519 account.
	#[arg(long, value_name = "FILE", group = "origin", conflicts_with_all = ["address", "dev"])]
	pub polkadot_js: Option<PathBuf>,

	/// A file whose first line is the password of that JSON file; otherwise you are asked for it.
	#[arg(long, value_name = "FILE", requires = "polkadot_js")]
	pub password_file: Option<PathBuf>,

	/// The address (SS58) of an account that stays in a wallet. Every action then needs --prepare, and
	/// the wallet signs.
	#[arg(long, value_name = "ADDRESS", value_parser = address, group = "origin",
		conflicts_with = "dev")]
	pub address: Option<AccountId>,

	/// A development account such as Alice or Alice//stash. EVERYBODY KNOWS ITS KEY: for tests and
	/// demonstrations only.
	#[arg(long, value_name = "PATH", group = "origin")]
	pub dev: Option<String>,
}

/// Which account to show.
#[derive(Args)]
pub struct Show {
	/// The account; otherwise the one that is acted with.
	pub name: Option<Name>,
}

/// Which secret to print.
#[derive(Args)]
#[group(skip)]
#[command(group(ArgGroup::new("secret").required(true)))]
pub struct Export {
	/// The account; otherwise the one that is acted with.
	pub name: Option<Name>,

	/// Print the words.
	#[arg(long, group = "secret")]
	pub words: bool,

	/// Print the encryption key that grants to this doctor, or profiles for this hospital, are sealed
	/// to: an age identity (AGE-SECRET-KEY-PQ-1...).
	#[arg(long, group = "secret")]
	pub age_identity: bool,

	/// Which version of that key; the first unless it was replaced.
	#[arg(long, value_name = "N", default_value_t = 1, requires = "age_identity",
		value_parser = clap::value_parser!(u32).range(1..))]
	pub key_version: u32,

	/// Do not ask whether you mean it.
	#[arg(long)]
	pub yes: bool,
}

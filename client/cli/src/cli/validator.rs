//! `medblock hospital`: what concerns the hospital's validator and its place in the consortium.

use super::values::address;
use clap::{Args, Subcommand};
use medblock_client::chain::AccountId;
use std::path::PathBuf;

/// What a hospital does about its validator.
#[derive(Subcommand)]
pub enum ValidatorCommand {
	/// Show what has to be done to join the consortium with a new validator.
	///
	/// For the machine of the new validator, on which `medblock-node consortium keys` has made the
	/// keys. The node has to run, and is the first to be named (--node); the next is another
	/// hospital's, which knows who has been admitted. Prints what the council and the hospital's
	/// controller have to do, and nothing secret.
	Join {
		/// What `medblock-node consortium keys` has printed.
		keys: PathBuf,

		/// Another of the hospital's nodes, such as its vault's; may be given several times.
		#[arg(long, value_name = "PEER")]
		node_id: Vec<String>,
	},

	/// As the controller: register your validator's session keys, at first or anew.
	///
	/// They count from the session after next. Until then the old ones have to stay on the machine.
	SetKeys {
		/// What `medblock-node consortium keys` has printed.
		keys: PathBuf,

		/// How the transaction is sent.
		#[command(flatten)]
		sending: Sending,
	},

	/// As the controller: take your seat back after it was benched.
	ReclaimSeat {
		/// How the transaction is sent.
		#[command(flatten)]
		sending: Sending,
	},

	/// As the controller: have another account act for your hospital from now on.
	HandOver {
		/// Its address.
		#[arg(value_name = "ADDRESS", value_parser = address)]
		successor: AccountId,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// See whether your hospital takes part as it should: its node, its seat, its gateway.
	///
	/// Name your own node first (--node), and another hospital's to compare it with. Exits with 0 if all
	/// is good, with 3 if the chain keeps your validator from its seat, and with 6 otherwise.
	Check {
		/// The hospital's number; otherwise the one that your account acts for, or, if that is none,
		/// whose node it is.
		#[arg(long, value_name = "NUMBER")]
		hospital: Option<u32>,
	},
}

/// How a transaction is sent.
#[derive(Args)]
pub struct Sending {
	/// Don't wait until it is final: for mending finality, when it has stopped.
	#[arg(long)]
	pub not_final: bool,
}

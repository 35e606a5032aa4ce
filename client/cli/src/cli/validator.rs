//! `medblock hospital`: the hospital's validator and its place in the consortium.

use super::values::address;
use clap::{Args, Subcommand};
use medblock_client::chain::AccountId;
use std::path::PathBuf;

/// The validator's commands.
#[derive(Subcommand)]
pub enum ValidatorCommand {
	/// Show the steps for joining the consortium with a new validator.
	///
	/// Run this on the new validator's machine, on which `medblock-node consortium keys` has made
	/// the keys. The node has to run. Name it first (--node), and another hospital's node after it,
	/// which knows the admitted hospitals. Prints the steps of the council and of the hospital's
	/// controller, and nothing secret.
	Join {
		/// The output of `medblock-node consortium keys`.
		keys: PathBuf,

		/// Another of the hospital's nodes, such as its vault's; may be given several times.
		#[arg(long, value_name = "PEER")]
		node_id: Vec<String>,
	},

	/// As the controller: register your validator's session keys, for the first time or anew.
	///
	/// They take effect in the session after next. Until then, the old ones have to stay on the
	/// machine.
	SetKeys {
		/// The output of `medblock-node consortium keys`.
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

	/// As the controller: let another account act for your hospital from now on.
	///
	/// Appointments that still wait end with this, and so do permissions to decide about more people. The other
	/// account gives them again.
	HandOver {
		/// The account's address.
		#[arg(value_name = "ADDRESS", value_parser = address)]
		successor: AccountId,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},

	/// Check your hospital's part in the chain: its node, its seat, its gateway.
	///
	/// Name your own node first (--node), and another hospital's to compare it with. Exits with 0
	/// if all is good, with 3 if the chain keeps your validator from its seat, and with 6
	/// otherwise.
	Check {
		/// The hospital's number; otherwise the hospital for which your account acts, or, if there
		/// is none, the one that owns the node.
		#[arg(long, value_name = "NUMBER")]
		hospital: Option<u32>,
	},
}

/// How a transaction is sent.
#[derive(Args)]
pub struct Sending {
	/// Don't wait until it is final: for repairing finality when it has stopped.
	#[arg(long)]
	pub not_final: bool,
}

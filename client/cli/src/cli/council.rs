//! `medblock council`.

use super::values::address;
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::chain::AccountId;
use std::path::PathBuf;

/// What hospitals decide together, two thirds of their controllers being for it.
#[derive(Args)]
pub struct Council {
	/// Don't ask before signing. Name the proposal by its hash then.
	#[arg(long, global = true)]
	pub yes: bool,

	/// Look at the best block, and don't wait until it is final: for mending finality, when it has
	/// stopped.
	#[arg(long, global = true)]
	pub not_final: bool,

	/// What to do.
	#[command(subcommand)]
	pub command: CouncilCommand,
}

/// What there is to do on the council.
#[derive(Subcommand)]
pub enum CouncilCommand {
	/// List the members, the open proposals, and decisions that wait.
	List,

	/// Show a proposal: what exactly would be done, and who is for it.
	Show {
		/// Its number, or the hash of its call.
		proposal: String,
	},

	/// Put something to the vote; vote for it afterwards, as everybody does.
	///
	/// The call is shown with its hash before it is signed. With --prepare it is only shown: whoever
	/// votes can make the same call that way, and compare the hashes.
	#[command(subcommand)]
	Propose(Proposal),

	/// Vote on a proposal, after seeing what it would do.
	Vote {
		/// Its number, or the hash of its call.
		proposal: String,

		/// For it, or against it. A vote can be changed while the proposal is open.
		vote: Vote,
	},

	/// Count the votes. A proposal with enough votes is carried out.
	Close {
		/// Its number, or the hash of its call.
		proposal: String,
	},

	/// Carry out a decision whose delay has passed.
	CarryOut {
		/// Its number, as `medblock council list` shows it.
		decision: u32,
	},

	/// Put the runtime in force that the council has decided on.
	ApplyUpgrade {
		/// The runtime's file, of WebAssembly.
		runtime: PathBuf,
	},
}

/// A vote.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Vote {
	/// For it.
	Aye,
	/// Against it.
	Nay,
}

/// What can be put to the vote.
#[derive(Subcommand)]
pub enum Proposal {
	/// Admit a hospital. `medblock hospital join` there prints this command.
	Admit {
		/// The account that will act for it.
		#[arg(long, value_name = "ADDRESS", value_parser = address)]
		controller: AccountId,

		/// Its name, of up to 64 bytes.
		#[arg(long)]
		name: String,

		/// The URL of its gateway.
		#[arg(long, value_name = "URL")]
		gateway: String,
	},

	/// Admit a hospital again that was expelled. It needs new session keys.
	Readmit {
		/// Its number.
		hospital: u32,

		/// The account that will act for it.
		#[arg(long, value_name = "ADDRESS", value_parser = address)]
		controller: AccountId,
	},

	/// Expel a hospital, with its registrars, its nodes and its vote.
	Expel {
		/// Its number.
		hospital: u32,
	},

	/// Change a hospital's name.
	Rename {
		/// Its number.
		hospital: u32,

		/// The new name.
		name: String,
	},

	/// Let another account act for a hospital whose controller's key is lost.
	ChangeController {
		/// Its number.
		hospital: u32,

		/// The account's address.
		#[arg(value_name = "ADDRESS", value_parser = address)]
		controller: AccountId,
	},

	/// Give a hospital its seat back that it lost by conflicting votes.
	ReinstateSeat {
		/// Its number.
		hospital: u32,
	},

	/// Let a hospital's node connect to the others.
	AuthorizeNode {
		/// The hospital's number.
		hospital: u32,

		/// The node's peer id, which begins with 12D3Koo.
		peer: String,
	},

	/// No longer let a node connect.
	RevokeNode {
		/// The node's peer id.
		peer: String,
	},

	/// Let a hospital's node connect in place of another one of its nodes.
	ReplaceNode {
		/// The peer id of the node that goes.
		old: String,

		/// The peer id of the node that comes.
		new: String,
	},

	/// Announce a new runtime. It can be put in force after the chain's delay for upgrades.
	Upgrade {
		/// The runtime's file, of WebAssembly.
		runtime: PathBuf,
	},

	/// Restart finality, when more than a third of the validators are lost for good.
	///
	/// At the end of the session the validators of the next one begin to vote from the given block on,
	/// without the agreement of those before. Read the runbook stalled-finality.md first.
	NoteStalled {
		/// How many blocks after the session's end.
		#[arg(long, value_name = "BLOCKS")]
		delay: u32,

		/// The last block that is final, the same on all nodes that run.
		#[arg(long, value_name = "BLOCK")]
		finalized: u32,
	},

	/// Call off a decision that waits.
	CallOff {
		/// Its number, as `medblock council list` shows it.
		decision: u32,
	},

	/// Any call, as somebody else has prepared it.
	Call {
		/// The call, encoded, in hexadecimal.
		#[arg(value_name = "HEX")]
		data: String,
	},
}

//! `medblock council`.

use super::{DecisionKind, PersonKind, values::address};
use clap::{Args, Subcommand, ValueEnum};
use medblock_client::chain::AccountId;
use std::path::PathBuf;

/// Decide together with the other hospitals. A decision needs two thirds of their controllers.
#[derive(Args)]
pub struct Council {
	/// Don't ask before signing. You then have to name the proposal by its hash.
	#[arg(long, global = true)]
	pub yes: bool,

	/// Read the best block, and don't wait until it is final: for repairing finality when it has
	/// stopped.
	#[arg(long, global = true)]
	pub not_final: bool,

	/// The command.
	#[command(subcommand)]
	pub command: CouncilCommand,
}

/// The council's commands.
#[derive(Subcommand)]
pub enum CouncilCommand {
	/// List the members, the open proposals, and the pending decisions.
	List,

	/// Show a proposal: the exact call, and the votes for it.
	Show {
		/// The proposal's number, or the hash of its call.
		proposal: String,
	},

	/// Put a call to the vote; vote for it afterwards, as all members do.
	///
	/// The program shows the call with its hash before you sign it. With --prepare it only shows
	/// the call: other members can make the same call that way, and compare the hashes.
	#[command(subcommand)]
	Propose(Proposal),

	/// Vote on a proposal, after seeing its call.
	Vote {
		/// The proposal's number, or the hash of its call.
		proposal: String,

		/// For it, or against it. You can change your vote while the proposal is open.
		vote: Vote,
	},

	/// Count the votes. A proposal with enough votes is carried out.
	Close {
		/// The proposal's number, or the hash of its call.
		proposal: String,
	},

	/// Carry out a decision whose delay has passed.
	CarryOut {
		/// The decision's number, as `medblock council list` shows it.
		decision: u32,
	},

	/// Put the runtime in force on which the council has decided.
	ApplyUpgrade {
		/// The runtime's WebAssembly file.
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

/// The calls that a member can propose.
#[derive(Subcommand)]
pub enum Proposal {
	/// Admit a hospital. `medblock hospital join` there prints this command.
	Admit {
		/// The account that will act for it.
		#[arg(long, value_name = "ADDRESS", value_parser = address)]
		controller: AccountId,

		/// The hospital's name, of up to 64 characters.
		#[arg(long)]
		name: String,

		/// The URL of its gateway.
		#[arg(long, value_name = "URL")]
		gateway: String,
	},

	/// Readmit an expelled hospital. It needs new session keys.
	Readmit {
		/// The hospital's number.
		hospital: u32,

		/// The account that will act for it.
		#[arg(long, value_name = "ADDRESS", value_parser = address)]
		controller: AccountId,
	},

	/// Expel a hospital, with its registrars, its nodes and its vote.
	Expel {
		/// The hospital's number.
		hospital: u32,
	},

	/// Change a hospital's name.
	Rename {
		/// The hospital's number.
		hospital: u32,

		/// The new name.
		name: String,
	},

	/// Let another account act for a hospital whose controller's key is lost.
	///
	/// Appointments of the hospital that still wait end with this, and so do permissions to decide about more people.
	ChangeController {
		/// The hospital's number.
		hospital: u32,

		/// The account's address.
		#[arg(value_name = "ADDRESS", value_parser = address)]
		controller: AccountId,
	},

	/// Give a hospital the seat back that it lost by conflicting votes.
	ReinstateSeat {
		/// The hospital's number.
		hospital: u32,
	},

	/// Let a hospital's node connect to the others.
	AuthorizeNode {
		/// The hospital's number.
		hospital: u32,

		/// The node's peer id, which begins with 12D3Koo.
		peer: String,
	},

	/// End a node's permission to connect.
	RevokeNode {
		/// The node's peer id.
		peer: String,
	},

	/// Let a hospital's node connect in place of another one of its nodes.
	ReplaceNode {
		/// The old node's peer id.
		old: String,

		/// The new node's peer id.
		new: String,
	},

	/// Announce a new runtime. It can be put in force after the chain's delay for upgrades.
	Upgrade {
		/// The runtime's WebAssembly file.
		runtime: PathBuf,
	},

	/// Restart finality, when more than a third of the validators are lost for good.
	///
	/// At the end of the session, the validators of the next one begin to vote from the given block
	/// on, without the agreement of the validators before them. Read the runbook
	/// stalled-finality.md first.
	NoteStalled {
		/// The number of blocks after the session's end.
		#[arg(long, value_name = "BLOCKS")]
		delay: u32,

		/// The last final block, the same on all running nodes.
		#[arg(long, value_name = "BLOCK")]
		finalized: u32,
	},

	/// Cancel a pending decision.
	CallOff {
		/// The decision's number, as `medblock council list` shows it.
		decision: u32,
	},

	/// List a release of the portal, which hospitals may then serve.
	PortalRelease {
		/// The portal's folder, its manifest.json, or the manifest's digest.
		portal: String,

		/// The release's version, of up to 32 letters, digits and .-+_
		#[arg(value_name = "VERSION")]
		release: String,
	},

	/// Withdraw a listed release of the portal. Gateways stop serving it within a minute.
	WithdrawPortalRelease {
		/// The portal's folder, its manifest.json, or the manifest's digest.
		portal: String,
	},

	/// Let a hospital decide about more people than it otherwise may.
	AllowDecisions {
		/// The hospital's number.
		hospital: u32,

		/// The kind of decisions.
		what: DecisionKind,

		/// The kind of people.
		kind: PersonKind,

		/// The number of people, beyond the usual number.
		number: u32,
	},

	/// Let a hospital keep the documents of one that has left.
	SetSuccessor {
		/// The number of the hospital that has left.
		hospital: u32,

		/// The hospital that keeps them.
		#[command(flatten)]
		successor: Successor,
	},

	/// Propose any call that was prepared elsewhere.
	Call {
		/// The call, encoded, in hexadecimal.
		#[arg(value_name = "HEX")]
		data: String,
	},
}

/// The hospital that keeps the documents of one that has left.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Successor {
	/// The number of the hospital that keeps them.
	#[arg(long, value_name = "NUMBER")]
	pub successor: Option<u32>,

	/// Let it have no successor any more.
	#[arg(long)]
	pub none: bool,
}

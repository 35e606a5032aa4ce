//! The council, in which the hospitals decide together. Each hospital's controller is a member, and
//! two thirds of them decide. Members vote on a call by its hash, whatever the proposer says about
//! it. So everything here begins with the call as the chain has it, the same on two nodes.

mod decision;

pub use decision::Decision;

use crate::{
	Nodes, Result,
	chain::{
		AccountId, Argument, At, BlockHash, Call, Decoded, EncodedCall, HospitalInfo, Motion,
		Refusal, STOPPED, Until, Waiting, blake2_256,
	},
	client::{Client, Done},
};
use medblock_primitives::{
	HospitalId, MAX_PORTAL_RELEASES, Moment, PortalRelease, council_threshold,
};

/// The state of a motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
	/// It has enough votes: it can be closed, which carries it out.
	Approved,
	/// It has so many votes against it that it can't succeed: it can be closed.
	Rejected,
	/// Time is up: it can be closed.
	Ended,
	/// It still needs votes.
	Open,
}

/// The reason why the council can't do something, or can't do it now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
	/// Only members propose and vote, and the account is not one.
	#[error("the account {0} is no member of the council: only hospitals' controllers are")]
	NotMember(AccountId),
	/// There is no such open motion.
	#[error("the council has no open proposal {0}: it was closed, or never made")]
	NoSuchMotion(String),
	/// The vote has ended.
	#[error("the vote on proposal {0} ended in block {1}: close it, and propose the same again")]
	Ended(u32, u32),
	/// The account has already cast the same vote.
	#[error("this account has voted {} on proposal {number} already", aye_or_nay(*.aye))]
	Voted {
		/// The motion's number.
		number: u32,
		/// Whether the vote is for it.
		aye: bool,
	},
	/// The motion still needs votes.
	#[error(
		"it is too early to close proposal {number}: {ayes} of {threshold} votes that it needs are for \
		it, and it is open until block {end}"
	)]
	TooEarly {
		/// The motion's number.
		number: u32,
		/// The number of votes for it.
		ayes: usize,
		/// The number of votes that it needs.
		threshold: u32,
		/// The block in which the vote ends.
		end: u32,
	},
	/// A motion on the same call is open.
	#[error("the council is voting on the same call already, as proposal {0}")]
	AlreadyOpen(u32),
	/// The vote on the same call has ended, and the motion has not been closed.
	#[error("the vote on the same call, proposal {0}, has ended: close it, and propose again")]
	SameEnded(u32),
	/// The node may connect already.
	#[error("the node {0} is on the chain's list already, as one of hospital {1}")]
	NodeListed(String, HospitalId),
	/// There is no such node.
	#[error("the node {0} is not on the chain's list")]
	NodeNotListed(String),
	/// The hospital was expelled.
	#[error("hospital {} does not belong to the consortium any more: readmit it first", .0.0)]
	NoMember(HospitalId),
	/// The hospital was not expelled.
	#[error("hospital {} belongs to the consortium already", .0.0)]
	Member(HospitalId),
	/// The account acts for a hospital.
	#[error(
		"the account {account} acts for hospital {} already: each hospital has one of its own",
		.hospital.0
	)]
	Controls {
		/// The account.
		account: AccountId,
		/// The hospital that it acts for.
		hospital: HospitalId,
	},
	/// The seat was not taken for conflicting votes.
	#[error(
		"the seat of hospital {} is not suspended; one that is benched takes its seat back itself",
		.0.0
	)]
	NotSuspended(HospitalId),
	/// The portal's release is listed already.
	#[error("this portal is listed already, as version {0}")]
	ReleaseListed(String),
	/// The portal's release is not listed.
	#[error("the hospitals list no portal with this digest")]
	ReleaseNotListed,
	/// There is no room for another release.
	#[error(
		"the hospitals list {MAX_PORTAL_RELEASES} portals already, which is the most: withdraw one first"
	)]
	TooManyReleases,
	/// The only release can't be withdrawn.
	#[error(
		"this is the only portal that the hospitals list, and without a list gateways serve any: list \
		another one first"
	)]
	LastRelease,
	/// The hospital has no successor.
	#[error("hospital {} has no successor", .0.0)]
	NoSuccessor(HospitalId),
	/// The runtime can't read the call.
	#[error("the chain's runtime can't read this call: no member should vote for it")]
	Unreadable,
	/// No decision is pending under this number.
	#[error(
		"no decision waits under the number {0}: it was carried out, called off, or never made"
	)]
	NothingWaits(u32),
	/// The delay has not passed.
	#[error("decision {0} has to wait until block {1}, and this is block {2}")]
	NotDue(u32, u32, u32),
	/// The decision was not carried out in time.
	#[error(
		"decision {0} is void, because no hospital carried it out in time; the council can decide the same \
		again"
	)]
	Void(u32),
	/// No runtime may be put in force.
	#[error(
		"no runtime may be put in force now: the council has to decide on one, and its decision has to \
		be carried out after the delay"
	)]
	NoUpgrade,
	/// The runtime is not the one that the council decided on.
	#[error(
		"this is another runtime than the council decided on: its hash is {0:?}, and not {1:?}"
	)]
	OtherRuntime(BlockHash, BlockHash),
	/// The runtime was authorized, and the chain refused it.
	#[error(
		"the chain has not put this runtime in force, and the council's decision is used up: {0}"
	)]
	RuntimeRejected(Refusal),
	/// The call was approved, and the chain could not carry it out.
	#[error("the council approved the call, and the chain could not carry it out: {0}")]
	Undone(Refusal),
	/// Finality has stopped.
	#[error(
		"nothing has become final since block {0}, and the best block is {1}: what is decided now could \
		still be undone"
	)]
	FinalityStopped(u32, u32),
}

/// The releases of the portal that hospitals may serve, the oldest first, and the final block by which both
/// nodes say so. There are none until the council has listed the first one.
///
/// # Errors
///
/// Those of [`Nodes::agreed`](crate::chain::Nodes::agreed), and [`chain::Error::NodesDisagree`] if the
/// nodes show different lists.
///
/// [`chain::Error::NodesDisagree`]: crate::chain::Error::NodesDisagree
pub async fn portal_releases(nodes: &Nodes) -> Result<(Vec<PortalRelease>, At)> {
	let agreed = nodes.agreed().await?;
	let releases = agreed
		.read("which portals the hospitals list", |at| async move { at.portal_releases().await });
	Ok((releases.await?, agreed.at().clone()))
}

fn aye_or_nay(aye: bool) -> &'static str {
	if aye { "aye" } else { "nay" }
}

/// The council at one block, the same on two nodes.
#[derive(Clone, Debug)]
pub struct Council {
	/// The block's number.
	pub block: u32,
	/// The block's hash.
	pub hash: BlockHash,
	/// The block's time.
	pub time: Moment,
	/// The members' accounts.
	pub members: Vec<AccountId>,
	/// All hospitals, which tell what members and seats belong to.
	pub hospitals: Vec<HospitalInfo>,
	/// The open motions, the oldest first.
	pub motions: Vec<Motion>,
	/// The pending decisions.
	pub waiting: Vec<Waiting>,
	/// The hash of the runtime that may be put in force.
	pub upgrade: Option<BlockHash>,
	/// The time from which on it may no longer be put in force.
	pub upgrade_void_at: Option<Moment>,
}

impl Council {
	/// Reads the council at the last final block, or at the best one when only inclusion is
	/// required.
	pub async fn read(nodes: &Nodes, until: Until) -> Result<Self> {
		let agreed = match until {
			Until::Final => {
				// The first node's view comes first: when finality stops, it may stop at another
				// block on each node.
				let first = nodes.first();
				let (last, best) = futures::try_join!(first.finalized(), first.best())?;
				let (last, best) = (last.number(), best.number());
				if best > last.saturating_add(STOPPED) {
					return Err(Problem::FinalityStopped(last, best).into());
				}
				nodes.agreed().await?
			},
			Until::Included => nodes.agreed_best().await?,
		};
		let (members, motions, waiting, upgrade, upgrade_void_at, hospitals, time) = agreed
			.read("what the council decides", |at| async move {
				let hospitals = at.hospitals().await?;
				let members = at.council().await?;
				let (motions, waiting) = (at.motions().await?, at.waiting().await?);
				let upgrade = at.authorized_upgrade().await?;
				// The end of an upgrade that was put in force says nothing.
				let void_at = match upgrade {
					Some(_) => at.upgrade_void_at().await?,
					None => None,
				};
				Ok::<_, crate::chain::Error>((
					members,
					motions,
					waiting,
					upgrade,
					void_at,
					hospitals,
					at.now().await?,
				))
			})
			.await?;
		let (block, hash) = (agreed.at().number(), agreed.at().hash());
		Ok(Self {
			block,
			hash,
			time,
			members,
			hospitals,
			motions,
			waiting,
			upgrade,
			upgrade_void_at,
		})
	}

	/// The number of votes that a call needs: two thirds. The chain refuses proposals with another
	/// threshold.
	pub fn threshold(&self) -> u32 {
		council_threshold(u32::try_from(self.members.len()).unwrap_or(u32::MAX))
	}

	/// An open motion by its call's hash (`0x` and 64 hex digits) or its number.
	pub fn motion(&self, named: &str) -> Result<&Motion> {
		let found = self.motions.iter().find(|one| {
			named == format!("{:?}", one.hash) || named.parse::<u32>().ok() == Some(one.number)
		});
		Ok(found.ok_or_else(|| Problem::NoSuchMotion(named.to_owned()))?)
	}

	/// The state of a motion.
	pub fn standing(&self, motion: &Motion) -> Standing {
		let threshold = motion.threshold as usize;
		if motion.ayes.len() >= threshold {
			Standing::Approved
		} else if self.members.len().saturating_sub(motion.nays.len()) < threshold {
			Standing::Rejected
		} else if self.block >= motion.end {
			Standing::Ended
		} else {
			Standing::Open
		}
	}

	/// The pending decision with this number.
	pub fn waits(&self, number: u32) -> Result<&Waiting> {
		let found = self.waiting.iter().find(|one| one.number == number);
		Ok(found.ok_or(Problem::NothingWaits(number))?)
	}

	/// Whether it is too late to carry a decision out.
	pub fn is_void(&self, waiting: &Waiting) -> bool {
		self.time >= waiting.void_at
	}

	/// Fails unless this is the runtime that may be put in force.
	fn ensure_upgrade(&self, code: &[u8]) -> Result<()> {
		let (expected, found) = (self.upgrade.ok_or(Problem::NoUpgrade)?, blake2_256(code));
		if expected != found {
			return Err(Problem::OtherRuntime(found, expected).into());
		}
		Ok(())
	}

	fn ensure_member(&self, account: AccountId) -> Result<()> {
		if !self.members.contains(&account) {
			return Err(Problem::NotMember(account).into());
		}
		Ok(())
	}
}

impl Client {
	/// The council, as two nodes have it.
	pub async fn council(&self) -> Result<Council> {
		Council::read(&self.nodes, self.mode.until()).await
	}

	/// Decodes a call, by the present runtime.
	pub async fn decoded(&self, call: &[u8]) -> Result<Decoded> {
		let at = self.chain().finalized().await?;
		Ok(at.decoded(call).await?.ok_or(Problem::Unreadable)?)
	}

	/// Puts a call to the vote. This is not yet a vote for it.
	pub async fn propose(&self, council: &Council, call: Vec<u8>) -> Result<Done> {
		if self.is_here() {
			council.ensure_member(self.keys.account())?;
		}
		let hash = blake2_256(&call);
		if let Some(open) = council.motions.iter().find(|one| one.hash == hash) {
			return Err(match council.standing(open) {
				Standing::Ended => Problem::SameEnded(open.number),
				_ => Problem::AlreadyOpen(open.number),
			}
			.into());
		}
		let length = u32::try_from(call.len()).unwrap_or(u32::MAX);
		let threshold = council.threshold().into();
		let done =
			self.conclude(&Call::propose(threshold, EncodedCall(call), length.into())).await?;
		undone(&done)?;
		Ok(done)
	}

	/// Votes on a motion, or changes the vote.
	pub async fn vote(&self, council: &Council, motion: &Motion, aye: bool) -> Result<Done> {
		let account = self.keys.account();
		if self.is_here() {
			council.ensure_member(account)?;
		}
		if aye && motion.decoded.is_none() {
			return Err(Problem::Unreadable.into());
		}
		if council.block >= motion.end {
			return Err(Problem::Ended(motion.number, motion.end).into());
		}
		let same = if aye { &motion.ayes } else { &motion.nays };
		if same.contains(&account) {
			return Err(Problem::Voted { number: motion.number, aye }.into());
		}
		self.conclude(&Call::vote(motion.hash, motion.number.into(), aye)).await
	}

	/// Counts the votes on a motion, and carries it out if there are enough.
	///
	/// # Errors
	///
	/// [`Problem::TooEarly`] while votes are missing, [`Problem::Undone`] if the call was approved and
	/// could not be carried out; the motion is closed then.
	pub async fn close(&self, council: &Council, motion: &Motion) -> Result<Done> {
		if council.standing(motion) == Standing::Open {
			let Motion { number, threshold, end, .. } = *motion;
			let ayes = motion.ayes.len();
			return Err(Problem::TooEarly { number, ayes, threshold, end }.into());
		}
		let weight = self.chain().best().await?.weight_of(&motion.call).await?;
		let length = u32::try_from(motion.call.len()).unwrap_or(u32::MAX);
		let call = Call::close(motion.hash, motion.number.into(), weight, length.into());
		let done = self.conclude(&call).await?;
		undone(&done)?;
		Ok(done)
	}

	/// Carries out a decision whose delay has passed.
	pub async fn carry_out(&self, council: &Council, number: u32) -> Result<Done> {
		let waiting = council.waits(number)?;
		let due = waiting.due;
		if council.is_void(waiting) {
			return Err(Problem::Void(number).into());
		}
		if council.block < due {
			return Err(Problem::NotDue(number, due, council.block).into());
		}
		if self.is_here() {
			council.ensure_member(self.keys.account())?;
		}
		self.conclude(&Call::carry_out(number)).await
	}

	/// The decoded call that [`Self::apply_upgrade`] signs.
	pub async fn upgrade_call(&self, council: &Council, code: &[u8]) -> Result<Decoded> {
		council.ensure_upgrade(code)?;
		// Without the code, because the decoder would list each of its bytes by itself.
		let call = self.chain().prepare(&Call::apply_authorized_upgrade(Vec::new())).await?;
		let mut decoded = self.decoded(&call.data).await?;
		for (_, argument) in &mut decoded.arguments {
			*argument = Argument::Bytes(code.to_vec());
		}
		Ok(decoded)
	}

	/// Puts the runtime in force on which the council has decided.
	///
	/// # Errors
	///
	/// [`Problem::RuntimeRejected`] if it is none for this chain, or not newer than the present one.
	pub async fn apply_upgrade(&self, council: &Council, code: Vec<u8>) -> Result<Done> {
		council.ensure_upgrade(&code)?;
		let done = self.conclude(&Call::apply_authorized_upgrade(code)).await?;
		match refused(&done, "RejectedInvalidAuthorizedUpgrade") {
			Some(refusal) => Err(Problem::RuntimeRejected(refusal).into()),
			None => Ok(done),
		}
	}

	/// Whether this account signs here. If so, the client refuses now what the chain would refuse.
	fn is_here(&self) -> bool {
		self.keys.signer().is_ok()
	}
}

/// Fails if the council's decision was carried out and reverted.
fn undone(done: &Done) -> Result<()> {
	match refused(done, "Executed") {
		Some(refusal) => Err(Problem::Undone(refusal).into()),
		None => Ok(()),
	}
}

/// The reason why the action of the event with this name was not carried out.
fn refused(done: &Done, event: &str) -> Option<Refusal> {
	done.receipt()?.event(event)?.refused.clone()
}

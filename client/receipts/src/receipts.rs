//! What a reader gets for each answer, and keeps.

use crate::{
	Capacity, Disclosure, Hash, Lie, LogId, Promise, Session, Signed, SignedRequest, Statement,
	Tree, Vault,
};
use codec::{Decode, DecodeAll, Encode};
use medblock_primitives::Moment;
use subxt_signer::sr25519::Keypair;

/// The longest time until a disclosure is in the log that the chain has, in milliseconds: an hour, and one more
/// for a hospital whose node is down for a while.
pub const ANCHORED_WITHIN: Moment = 2 * 60 * 60 * 1_000;

/// A disclosure, and the vault's promise that it is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
	/// The disclosure.
	pub disclosure: Disclosure,
	/// The promise.
	pub promise: Signed<Promise>,
}

/// The part of a receipt that the reader does not know yet: it fits into a header of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Slip {
	/// [`LogId::number`].
	pub log: u32,
	/// [`Promise::index`].
	pub index: u64,
	/// [`Disclosure::salt`].
	pub salt: [u8; 16],
	/// [`Disclosure::capacity`].
	pub capacity: Capacity,
	/// [`Disclosure::from`].
	pub from: u64,
	/// [`Disclosure::to`].
	pub to: u64,
	/// [`Disclosure::time`], which is also [`Promise::time`].
	pub time: Moment,
	/// [`Disclosure::block`].
	pub block: u32,
	/// [`Disclosure::block_hash`].
	pub block_hash: [u8; 32],
	/// [`Disclosure::link`].
	pub link: Hash,
	/// The vault's signature of the promise.
	pub signature: [u8; 64],
}

impl Slip {
	/// The slip's one encoding.
	pub fn to_bytes(&self) -> Vec<u8> {
		self.encode()
	}

	/// Reads a slip strictly.
	///
	/// # Errors
	///
	/// [`Lie::Malformed`].
	pub fn read(bytes: &[u8]) -> Result<Self, Lie> {
		Self::decode_all(&mut &bytes[..]).map_err(|_| Lie::Malformed)
	}

	/// The receipt for this request. It is good if [`Receipt::check`] says so: a slip for another request, or
	/// another session, makes one that is not.
	pub fn receipt(self, asked: SignedRequest, session: Session) -> Receipt {
		let Self { log, index, salt, capacity, from, to, time, block, block_hash, link, signature } =
			self;
		let (genesis, hospital) = (asked.request.genesis, asked.request.hospital);
		let log = LogId { genesis, hospital, number: log };
		let disclosure =
			Disclosure { salt, asked, session, capacity, from, to, time, block, block_hash, link };
		let leaf = disclosure.leaf();
		let promise = Signed { statement: Promise { log, index, leaf, time }, signature };
		Receipt { disclosure, promise }
	}
}

/// The log of a hospital, as it is on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
	/// [`LogId::number`].
	pub log: u32,
	/// The tree.
	pub tree: Tree,
	/// The time by the chain's clock, in milliseconds since 1970.
	pub at: Moment,
}

impl Receipt {
	/// Issues the receipt of a disclosure that is at this place of the log.
	pub fn issue(key: &Keypair, log: LogId, index: u64, disclosure: Disclosure) -> Self {
		let (leaf, time) = (disclosure.leaf(), disclosure.time);
		Self { promise: Signed::by(key, Promise { log, index, leaf, time }), disclosure }
	}

	/// The part that is sent.
	pub fn slip(&self) -> Slip {
		let Promise { log, index, .. } = self.promise.statement;
		let Disclosure { salt, capacity, from, to, time, block, block_hash, link, .. } =
			self.disclosure;
		let signature = self.promise.signature;
		Slip {
			log: log.number,
			index,
			salt,
			capacity,
			from,
			to,
			time,
			block,
			block_hash,
			link,
			signature,
		}
	}

	/// Whether this vault has promised to keep this very disclosure, which its reader has asked for.
	///
	/// # Errors
	///
	/// What is not so.
	pub fn check(&self, vault: &Vault) -> Result<(), Lie> {
		let promise = self.promise.check(vault)?;
		if promise.leaf != self.disclosure.leaf() {
			return Err(Lie::NotTheVaults);
		}
		self.disclosure.check(promise.log()).map(|_| ())
	}

	/// Whether a tree has the disclosure at its place. A tree that ended before it has none: `false`.
	///
	/// # Errors
	///
	/// [`Lie::NotInLog`]: the tree has something else there, or the vault can't show what it has.
	pub fn is_in(&self, tree: &Tree, proof: &[Hash]) -> Result<bool, Lie> {
		let Promise { index, leaf, .. } = self.promise.statement;
		if index >= tree.size {
			return Ok(false);
		}
		match tree.includes(index, &leaf, proof) {
			true => Ok(true),
			false => Err(Lie::NotInLog { index }),
		}
	}

	/// Whether the hospital has put the log on the chain with the disclosure in time. `false` as long as it need
	/// not have.
	///
	/// # Errors
	///
	/// [`Lie::NotAnchored`]: one that was made after that is too short. [`Lie::OtherLog`]: the hospital has begun
	/// another log.
	pub fn is_anchored(&self, anchors: &[Anchor]) -> Result<bool, Lie> {
		let Promise { log, index, time, .. } = self.promise.statement;
		let own = |anchor: &&Anchor| anchor.log == log.number;
		if anchors.iter().filter(own).any(|anchor| anchor.tree.size > index) {
			return Ok(true);
		}
		let due = time.saturating_add(ANCHORED_WITHIN);
		match anchors.iter().find(|anchor| anchor.at > due) {
			Some(late) if late.log == log.number => Err(Lie::NotAnchored { index, at: late.at }),
			Some(_) => Err(Lie::OtherLog),
			None => Ok(false),
		}
	}
}

//! What vaults sign.
//!
//! A vault's key is also an account's, which sends transactions. So each statement is signed between `<Bytes>` and
//! `</Bytes>`, like everything that is no transaction: no call begins with `<`. Each kind begins with its purpose,
//! so that none can pose as another.

use crate::{Hash, Lie, Tree};
use codec::{Decode, Encode};
use medblock_primitives::{HospitalId, Moment, PatientId};
use subxt_signer::sr25519::{Keypair, PublicKey, Signature, verify};

/// The vault that a client believes, as the chain has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vault {
	/// Its log.
	pub log: LogId,
	/// Its key: an sr25519 public key.
	pub key: [u8; 32],
}

/// The log of a hospital's vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogId {
	/// The hash of the chain's first block.
	pub genesis: [u8; 32],
	/// The hospital.
	pub hospital: HospitalId,
	/// The log's number among the hospital's, from 0. A hospital that has lost its log begins another.
	pub number: u32,
}

impl LogId {
	/// Whether this is the log that is expected.
	///
	/// # Errors
	///
	/// The part that differs.
	pub fn check(&self, expected: &Self) -> Result<(), Lie> {
		check_origin(self.genesis, self.hospital, expected)?;
		match self.number == expected.number {
			true => Ok(()),
			false => Err(Lie::OtherLog),
		}
	}
}

/// Whether something is about this chain, and this hospital's vault.
pub(crate) fn check_origin(
	genesis: [u8; 32],
	hospital: HospitalId,
	expected: &LogId,
) -> Result<(), Lie> {
	if genesis != expected.genesis {
		return Err(Lie::OtherChain);
	}
	match hospital == expected.hospital {
		true => Ok(()),
		false => Err(Lie::OtherVault),
	}
}

/// Something that a vault signs.
pub trait Statement: Encode {
	/// What it is, so that no signature counts for anything else.
	const PURPOSE: &'static [u8];

	/// The log that it is about.
	fn log(&self) -> &LogId;
}

/// The log as it is at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogHead {
	/// The log.
	pub log: LogId,
	/// The number of disclosures in it.
	pub size: u64,
	/// The root of the tree of these.
	pub root: Hash,
	/// The time by the vault's clock, in milliseconds since 1970.
	pub time: Moment,
}

impl LogHead {
	/// The tree.
	pub fn tree(&self) -> Tree {
		Tree { size: self.size, root: self.root }
	}
}

impl Statement for LogHead {
	const PURPOSE: &'static [u8] = b"medblock/v1/log";

	fn log(&self) -> &LogId {
		&self.log
	}
}

/// All disclosures of one chart, up to some size of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChartHead {
	/// The log, and the tree that has them.
	pub head: LogHead,
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// The number of the first one that the vault still has: those before are older than it keeps them.
	pub first: u64,
	/// The number of disclosures so far, those that it no longer keeps included.
	pub count: u64,
	/// The leaf of the last one. Zeros if there is none.
	pub last: Hash,
}

impl Statement for ChartHead {
	const PURPOSE: &'static [u8] = b"medblock/v1/chart-log";

	fn log(&self) -> &LogId {
		&self.head.log
	}
}

/// The promise that a disclosure has its place in the log for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Promise {
	/// The log.
	pub log: LogId,
	/// The disclosure's place in the log: every tree of more leaves has it there.
	pub index: u64,
	/// The disclosure's leaf.
	pub leaf: Hash,
	/// The time by the vault's clock, in milliseconds since 1970.
	pub time: Moment,
}

impl Statement for Promise {
	const PURPOSE: &'static [u8] = b"medblock/v1/receipt";

	fn log(&self) -> &LogId {
		&self.log
	}
}

/// A statement with a vault's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Signed<S> {
	/// The statement.
	pub statement: S,
	/// The sr25519 signature (context `substrate`) of [`message`].
	pub signature: [u8; 64],
}

impl<S: Statement> Signed<S> {
	/// Signs a statement.
	pub fn by(key: &Keypair, statement: S) -> Self {
		let Signature(signature) = key.sign(&message(&statement));
		Self { statement, signature }
	}

	/// The statement, if this vault has signed it about this very log.
	///
	/// # Errors
	///
	/// The part that differs, or [`Lie::NotTheVaults`].
	pub fn check(&self, vault: &Vault) -> Result<&S, Lie> {
		self.statement.log().check(&vault.log)?;
		let (signature, key) = (Signature(self.signature), PublicKey(vault.key));
		match verify(&signature, message(&self.statement), &key) {
			true => Ok(&self.statement),
			false => Err(Lie::NotTheVaults),
		}
	}
}

/// The bytes that a vault signs.
pub fn message<S: Statement>(statement: &S) -> Vec<u8> {
	wrapped(S::PURPOSE, statement)
}

/// Purpose and statement in SCALE, between what wallets put around everything that is no transaction.
pub(crate) fn wrapped(purpose: &[u8], statement: &impl Encode) -> Vec<u8> {
	let mut message = b"<Bytes>".to_vec();
	(purpose, statement).encode_to(&mut message);
	message.extend(b"</Bytes>");
	message
}

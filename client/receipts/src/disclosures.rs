//! A disclosure, as the log has it: what was given, and the reader's own signature of the request.

use crate::{
	Hash, Lie, LogId, leaf_hash,
	statements::{check_origin, wrapped},
};
use codec::{Decode, DecodeAll, Encode};
use medblock_crypto::Challenge;
use medblock_primitives::{DoctorId, HospitalId, Moment, PatientId, RecordIndex, may_be_address};
use sha2::{Digest as _, Sha256};
use subxt_signer::sr25519::{Keypair, PublicKey, Signature, verify};
use subxt_utils_accountid32::AccountId32;

/// The purpose of a leaf of the log.
const LEAF: &[u8] = b"medblock/v1/disclosure";

/// The purpose of what a link of a chart's chain is hashed with.
const LINK: &[u8] = b"medblock/v1/link";

/// The purpose of a request's signature.
const READ: &[u8] = b"medblock/v1/read";

/// The most records whose titles one request asks for.
pub const MAX_TITLES: usize = 1_024;

/// The largest encoding of a disclosure, in bytes: one of [`MAX_TITLES`] and the longest sign-in has less.
pub const MAX_ENCODED: usize = 8 * 1_024;

/// The longest time between a request, by its reader's clock, and the disclosure, by the vault's, in
/// milliseconds. Clocks may be ten minutes apart.
pub const MAX_APART: Moment = 10 * 60 * 1_000;

/// The longest time between a sign-in and a request of its session, in milliseconds: a session's quarter of an
/// hour, the two minutes for signing, and the clocks.
const MAX_SESSION: Moment = 17 * 60 * 1_000 + MAX_APART;

/// What a reader asks for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Subject {
	/// The profile.
	#[codec(index = 0)]
	Profile {
		/// The SHA-256 of the file, as the chain has it.
		digest: [u8; 32],
	},
	/// A record, or a part of it.
	#[codec(index = 1)]
	Record {
		/// The record's place in the chart.
		index: RecordIndex,
		/// The SHA-256 of the file, as the chain has it.
		digest: [u8; 32],
	},
	/// The beginnings of records, which have their titles: one disclosure for a whole listing.
	#[codec(index = 2)]
	Titles {
		/// The records' places in the chart, in order: [`MAX_TITLES`] at most.
		records: Vec<RecordIndex>,
		/// The SHA-256 of the files' digests, one after the other.
		digest: [u8; 32],
	},
}

impl Subject {
	/// The titles of records, each with the SHA-256 of its file.
	pub fn titles<'a>(records: impl IntoIterator<Item = (RecordIndex, &'a [u8; 32])>) -> Self {
		let mut all = Sha256::new();
		let mut indices = Vec::new();
		for (index, digest) in records {
			indices.push(index);
			all.update(digest);
		}
		Self::Titles { records: indices, digest: all.finalize().into() }
	}
}

/// A request to read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Request {
	/// The hash of the chain's first block.
	pub genesis: [u8; 32],
	/// The hospital whose vault is asked.
	pub hospital: HospitalId,
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// What is asked for.
	pub subject: Subject,
	/// The time by the reader's clock, in milliseconds since 1970.
	pub time: Moment,
	/// Random bytes: no two requests of a session have the same.
	pub nonce: [u8; 16],
}

/// A request, signed with the key that the sign-in has named.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedRequest {
	/// The request.
	pub request: Request,
	/// The session key's sr25519 signature (context `substrate`) of [`Request::message`].
	pub signature: [u8; 64],
}

impl Request {
	/// The bytes that the session's key signs.
	pub fn message(&self) -> Vec<u8> {
		wrapped(READ, self)
	}

	/// Signs the request with the session's key.
	pub fn sign(self, session_key: &Keypair) -> SignedRequest {
		let Signature(signature) = session_key.sign(&self.message());
		SignedRequest { request: self, signature }
	}
}

/// The sign-in that began a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Session {
	/// The text that the account signed, which names the session's key.
	pub challenge: String,
	/// The account's signature over that text between `<Bytes>` and `</Bytes>`.
	pub signature: [u8; 64],
}

impl Session {
	/// The account, and the key that signs its requests.
	///
	/// # Errors
	///
	/// [`Lie::OtherChain`], or [`Lie::NotTheReaders`] if the account has not signed this, or it names no key.
	pub fn check(&self, genesis: &[u8; 32]) -> Result<Signer, Lie> {
		let challenge = Challenge::parse(&self.challenge).map_err(|_| Lie::NotTheReaders)?;
		if challenge.genesis != *genesis {
			return Err(Lie::OtherChain);
		}
		if !may_be_address(&challenge.account) {
			return Err(Lie::NotTheReaders);
		}
		let account: AccountId32 = challenge.account.parse().map_err(|_| Lie::NotTheReaders)?;
		let key = challenge.session_key.ok_or(Lie::NotTheReaders)?;
		let message = Challenge::signed_bytes(&self.challenge);
		let signature = Signature(self.signature);
		match verify(&signature, message, &PublicKey(account.0)) {
			true => Ok(Signer { account: account.0, key, issued: challenge.issued }),
			false => Err(Lie::NotTheReaders),
		}
	}
}

/// An account with the key that signs its requests in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
	/// The account.
	pub account: [u8; 32],
	/// The session's sr25519 public key.
	pub key: [u8; 32],
	/// The time of the sign-in, in seconds since 1970.
	issued: u64,
}

impl Signer {
	/// Whether the request is this session's, and of its time.
	///
	/// # Errors
	///
	/// [`Lie::NotTheReaders`] or [`Lie::OtherTime`].
	pub fn check(&self, asked: &SignedRequest) -> Result<(), Lie> {
		let (signature, key) = (Signature(asked.signature), PublicKey(self.key));
		if !verify(&signature, asked.request.message(), &key) {
			return Err(Lie::NotTheReaders);
		}
		let begun = self.issued.saturating_mul(1_000);
		let is_of_session = asked.request.time >= begun.saturating_sub(MAX_APART)
			&& asked.request.time <= begun.saturating_add(MAX_SESSION);
		if is_of_session { Ok(()) } else { Err(Lie::OtherTime) }
	}
}

/// The person or hospital that the reader acted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Capacity {
	/// The patient, about the own chart.
	#[codec(index = 0)]
	Patient,
	/// A doctor.
	#[codec(index = 1)]
	Doctor(DoctorId),
	/// A registrar of the hospital, which may read the profile.
	#[codec(index = 2)]
	Registrar(HospitalId),
	/// A person who acts for the patient.
	#[codec(index = 3)]
	Representative(PatientId),
	/// A doctor, while an emergency was open.
	#[codec(index = 4)]
	Emergency(DoctorId),
}

/// A link of the chain of one chart's disclosures. The log has only its hash, so that a reader who gets a receipt
/// does not learn how often others have read the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Link {
	/// Random bytes, without which the hash could be guessed.
	pub blind: [u8; 16],
	/// The disclosure's number among the chart's, from 0.
	pub number: u64,
	/// The leaf of the chart's disclosure before. Zeros for the first one.
	pub previous: Hash,
}

impl Link {
	/// The hash that the log has.
	pub fn hash(&self) -> Hash {
		Sha256::digest((LINK, self).encode()).into()
	}
}

/// What was given to a reader, by which request.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Disclosure {
	/// Random bytes, without which the leaf could be guessed by those who see it in the proofs of others.
	pub salt: [u8; 16],
	/// The request.
	pub asked: SignedRequest,
	/// The sign-in.
	pub session: Session,
	/// The person or hospital that the reader acted for.
	pub capacity: Capacity,
	/// The first byte that was given. For titles, the [records that were left out](left_out): 0 if there are none.
	pub from: u64,
	/// The byte after the last. The number of bytes for titles.
	pub to: u64,
	/// The time by the vault's clock, in milliseconds since 1970.
	pub time: Moment,
	/// The number of the final block in whose state the reader was allowed to read.
	pub block: u32,
	/// That block's hash.
	pub block_hash: [u8; 32],
	/// The hash of the [`Link`] to the chart's disclosure before.
	pub link: Hash,
}

/// What [`Disclosure::from`] says of titles: a bit for each record that was asked for and not given, the lowest one for the
/// first. It has room for 64 records; a vault gives no more at once.
pub fn left_out(given: impl IntoIterator<Item = bool>) -> u64 {
	let bits = given.into_iter().zip(0..u64::BITS);
	bits.filter(|(is_given, _)| !is_given).fold(0, |all, (_, place)| all | (1_u64 << place))
}

impl Disclosure {
	/// The records whose titles were given: those that were asked for, without those that the vault left out. None of
	/// another request.
	pub fn titles(&self) -> Vec<RecordIndex> {
		let Subject::Titles { records, .. } = &self.asked.request.subject else {
			return Vec::new();
		};
		let is_given = |place: u32| self.from.checked_shr(place).unwrap_or(0) & 1 == 0;
		let places = records.iter().zip(0..);
		places.filter(|(_, place)| is_given(*place)).map(|(record, _)| *record).collect()
	}

	/// The leaf's hash.
	pub fn leaf(&self) -> Hash {
		leaf_hash(&(LEAF, self).encode())
	}

	/// The disclosure's one encoding.
	pub fn to_bytes(&self) -> Vec<u8> {
		self.encode()
	}

	/// Reads a disclosure strictly: each has one encoding.
	///
	/// # Errors
	///
	/// [`Lie::Malformed`].
	pub fn read(bytes: &[u8]) -> Result<Self, Lie> {
		if bytes.len() > MAX_ENCODED {
			return Err(Lie::Malformed);
		}
		let read = Self::decode_all(&mut &bytes[..]).map_err(|_| Lie::Malformed)?;
		// The decoder may be more lenient than the encoder.
		if read.encode() == bytes { Ok(read) } else { Err(Lie::Malformed) }
	}

	/// The reader, if the request is the reader's own, to this log's vault, and of that time.
	///
	/// # Errors
	///
	/// The part that is not so.
	pub fn check(&self, log: &LogId) -> Result<Signer, Lie> {
		let request = &self.asked.request;
		check_origin(request.genesis, request.hospital, log)?;
		let signer = self.session.check(&log.genesis)?;
		signer.check(&self.asked)?;
		match request.time.abs_diff(self.time) <= MAX_APART {
			true => Ok(signer),
			false => Err(Lie::OtherTime),
		}
	}
}

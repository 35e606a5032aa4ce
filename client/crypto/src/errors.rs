//! What can go wrong.

use std::io;

/// Why something was refused. No variant carries a secret or personal data, so every error may be shown and
/// logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
	/// A mnemonic has the wrong number of words.
	#[error("a recovery phrase has 12, 15, 18, 21 or 24 words, and this one has {0}")]
	WordCount(usize),
	/// A word is not in BIP-39's English list. Carries its position, counted from 1.
	#[error("word {0} of the recovery phrase is not in the English list: check its spelling")]
	UnknownWord(usize),
	/// The words are all known, but their checksum is wrong.
	#[error(
		"the recovery phrase's checksum is wrong: a word is not the right one, or two are swapped"
	)]
	PhraseChecksum,
	/// A text is not an age identity with a post-quantum key.
	#[error("this is not an age identity of the kind AGE-SECRET-KEY-PQ-1…")]
	NotAnIdentity,
	/// A text is not an age recipient with a post-quantum key.
	#[error("this is not an age recipient of the kind age1pq1…")]
	NotARecipient,
	/// Bytes are not a public key to seal to (FIPS 203, §7.2).
	#[error("this is not a valid X-Wing public key")]
	InvalidPublicKey,
	/// A wrapped epoch secret does not open, or is not the one that the chain names.
	#[error(
		"the epoch before cannot be reached from this one: its wrapped key is not the right one"
	)]
	WrongPreviousEpoch,
	/// A wrapped profile secret does not open, or is not the one that the chain names.
	#[error(
		"the profile key's version before cannot be reached from this one: its wrapped secret is not the \
		right one"
	)]
	WrongPreviousVersion,
	/// The tag over a standby key is not the one that the current epoch's secret gives.
	#[error("the standby key was not published by the patient: do not seal anything to it")]
	WrongStandbyKey,
	/// A sealed secret has the wrong length or an unknown suite.
	#[error("this is not a sealed key that this version understands")]
	NotASealedKey,
	/// A sealed secret does not open with this key and in this context.
	#[error("this sealed key does not open: it was made for another key or purpose, or is damaged")]
	CannotUnseal,
	/// A wrapped file key does not open with this share key and in this context.
	#[error("this shared record's key does not open: it was made for another share, or is damaged")]
	WrongFileKey,
	/// A secret can't be divided so.
	#[error(
		"at least two of two to eight people or hospitals have to agree, and no more than there are: \
		these are {threshold} of {count}"
	)]
	ShareCount {
		/// The number that has to agree.
		threshold: usize,
		/// The number of shares.
		count: usize,
	},
	/// A share does not fit the commitments to the secret.
	#[error("this share is not one of the secret that was divided: it was replaced, or is damaged")]
	WrongShare,
	/// There are fewer shares than open the secret.
	#[error("{given} shares do not open the secret: {needed} are needed")]
	TooFewShares {
		/// The number that opens it.
		needed: usize,
		/// The number of different ones.
		given: usize,
	},
	/// The shares open, but what they should decrypt does not.
	#[error("the shares are right, but what they open is damaged, or belongs to another person")]
	WrongDivision,
	/// A text is not one of a kit's sheets.
	#[error("this is not a sheet of a kit: check each word, or scan the square again")]
	NotASheet,
	/// Two sheets are of different kits.
	#[error("these sheets are of different kits: take two that were printed together")]
	OtherKit,
	/// The same sheet was given twice.
	#[error("this is the same sheet twice: take two different ones")]
	SameSheet,
	/// There are no recipients, or more than [`MAX_RECIPIENTS`](crate::MAX_RECIPIENTS).
	#[error("a file is encrypted to between 1 and 63 keys, and these are {0}")]
	RecipientCount(usize),
	/// The input is not an age v1 file.
	#[error("this is not an encrypted record (an age file of version 1)")]
	NotAnAgeFile,
	/// The header does not end within [`MAX_HEADER`](crate::MAX_HEADER) bytes.
	#[error("the file's header is longer than 104 KiB")]
	HeaderTooLong,
	/// The header has more stanzas than [`MAX_STANZAS`](crate::MAX_STANZAS).
	#[error("the file's header has more than 64 stanzas")]
	TooManyStanzas,
	/// The input ends within the header or before the first chunk.
	#[error("the file is cut short: fetch it again")]
	Truncated,
	/// No key given opens the file.
	#[error("the file is not encrypted to this key")]
	NotForThisKey,
	/// The header's MAC is wrong: bytes were changed, or a stanza comes from another file.
	#[error("the file's header was tampered with, or its key belongs to another file")]
	HeaderMac,
	/// A chunk does not authenticate: bytes were changed, cut off or added.
	#[error("the file is damaged, cut short or was tampered with: fetch it again")]
	Damaged,
	/// The body does not have the announced length.
	#[error("the file changed while it was read: try again")]
	BodyLength,
	/// The file to encrypt or to open could not be read.
	#[error("reading failed: {0}")]
	Reading(#[source] io::Error),
	/// The output could not be written.
	#[error("writing failed: {0}")]
	Writing(#[source] io::Error),
	/// A title that cannot be written.
	#[error("a title is one line of visible text of 1 to 256 bytes, without control characters")]
	InvalidTitle,
	/// A media type that cannot be written.
	#[error("a media type is of the form type/subtype, with no parameter other than a charset")]
	InvalidMediaType,
	/// A time that RFC 5322 cannot express.
	#[error("the time lies outside the years 1 to 9999")]
	InvalidTime,
	/// The plaintext is not a record as MedBlock writes it. Carries the rule that it breaks.
	#[error("the file opened, but its content is not a record: {0}")]
	NotARecord(&'static str),
	/// A sign-in text is not in the exact form of a [`Challenge`](crate::Challenge).
	#[error("this is not a MedBlock sign-in text")]
	NotAChallenge,
	/// A signed message is not wrapped in `<Bytes>`: it could be a transaction.
	#[error("a sign-in text has to be signed inside <Bytes>…</Bytes>")]
	NotWrapped,
}

impl Error {
	/// The cause of a failed read: the error that [`Body`](crate::Body) put into an [`io::Error`], or
	/// [`Reading`](Error::Reading) around an error of the input.
	pub fn from_read(error: io::Error) -> Self {
		match error.downcast::<Self>() {
			Ok(error) => error,
			Err(error) => match error.kind() {
				// The age library's kinds for a chunk that does not authenticate, or is missing.
				io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
				_ => Self::Reading(error),
			},
		}
	}
}

//! What can go wrong with a vault.

use medblock_vault_protocol::Reason;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The vault said no.
	#[error("the vault at {url} refused ({code}): {message}")]
	Refused {
		/// The vault's address.
		url: String,
		/// The HTTP status.
		status: u16,
		/// The refusal's code.
		code: Reason,
		/// The vault's sentence.
		message: String,
		/// Seconds after which it wants to be asked again.
		retry_after: Option<u64>,
	},
	/// The vault can't be reached.
	#[error("the vault at {url} can't be reached ({why}): nothing is lost; do it again later")]
	Unreachable {
		/// The vault's address.
		url: String,
		/// The connection's own words.
		why: String,
	},
	/// The vault's sign-in text is not what it has to be.
	#[error(
		"the vault at {0} asks to sign something else than a sign-in to itself: nothing was signed"
	)]
	BadChallenge(String),
	/// The vault's address can't be used.
	#[error("{0} can't be used as a vault's address: it has to be https, or on this machine")]
	BadAddress(String),
	/// The bytes that came are not those that the chain names.
	#[error("the vault at {0} gave other bytes than the chain names: nothing was kept")]
	WrongBytes(String),
}

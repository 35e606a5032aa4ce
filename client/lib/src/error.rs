//! Errors, each by the concept that it belongs to. Each sentence says what happened. The advice on
//! what to do depends on the program, which adds its own.

#[cfg(not(target_family = "wasm"))]
use crate::council::Problem;
use crate::{
	access, accounts, emergency, grants, institutions, keys, names, profile_keys, profiles,
	records, recovery, registrars, registration, representatives, rotation, trust, vault,
};

/// The result of a client's action.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The reason why an action failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// A node, or the comparison of two.
	#[error(transparent)]
	Chain(#[from] medblock_chain::Error),
	/// The person that the account speaks for.
	#[error(transparent)]
	Account(#[from] accounts::Error),
	/// A registration.
	#[error(transparent)]
	Registration(#[from] registration::Error),
	/// What a person may do with a chart.
	#[error(transparent)]
	Access(#[from] access::Error),
	/// A grant.
	#[error(transparent)]
	Grant(#[from] grants::Error),
	/// The chart's next keys.
	#[error(transparent)]
	Rotation(#[from] rotation::Error),
	/// A name that fits no person, or several.
	#[error(transparent)]
	Name(#[from] names::Error),
	/// A person who acts for a patient.
	#[error(transparent)]
	Representative(#[from] representatives::Error),
	/// A record.
	#[error(transparent)]
	Record(#[from] records::Error),
	/// Guardians, or a new account.
	#[error(transparent)]
	Recovery(#[from] recovery::Error),
	/// A profile, or a key that is published with one.
	#[error(transparent)]
	Profile(#[from] profiles::Error),
	/// An appointment.
	#[error(transparent)]
	Registrar(#[from] registrars::Error),
	/// An institution.
	#[error(transparent)]
	Institution(#[from] institutions::Error),
	/// A hospital's profile key.
	#[error(transparent)]
	ProfileKey(#[from] profile_keys::Error),
	/// The account's own keys.
	#[error(transparent)]
	Keys(#[from] keys::Error),
	/// A key that is not what it has to be.
	#[error(transparent)]
	Trust(#[from] trust::Error),
	/// An emergency.
	#[error(transparent)]
	Emergency(#[from] emergency::Error),
	/// A vault.
	#[error(transparent)]
	Vault(#[from] vault::Error),
	/// A decision of the council.
	#[cfg(not(target_family = "wasm"))]
	#[error(transparent)]
	Council(#[from] Problem),
	/// A key or a file does not fit.
	#[error(transparent)]
	Crypto(#[from] medblock_crypto::Error),
	/// A file on this device.
	#[error(transparent)]
	File(#[from] medblock_platform::Error),
	/// A value that the chain would refuse.
	#[error("{what} {problem}")]
	BadValue {
		/// The value's name.
		what: &'static str,
		/// The rule that it breaks.
		problem: &'static str,
	},
}

impl Error {
	/// Whether the node or the vault could not be asked, so that trying later may help.
	pub fn is_unreachable(&self) -> bool {
		match self {
			Self::Chain(why) => why.is_unreachable(),
			why => matches!(why, Self::Vault(vault::Error::Unreachable { .. })),
		}
	}

	/// Whether the transaction certainly had no effect, now and for ever.
	pub fn is_final(&self) -> bool {
		matches!(self, Self::Chain(why) if why.is_final())
	}

	/// Whether the chain refused the call with this error of a pallet.
	pub fn is_refusal(&self, name: &str) -> bool {
		matches!(self, Self::Chain(why) if why.is_refusal(name))
	}
}

//! Errors in the form that pages show, and the advice that belongs to this program.

use medblock_client::{
	Error, Kind, accounts, chain, grants, keys,
	medblock_crypto::Error as CryptoError,
	profile_keys::{self, Renewal},
	profiles, registration,
	vault::Refused,
};
use medblock_keystore::{Error as AccountError, InvalidName};
use medblock_platform::Error as StorageError;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// What went wrong, as pages show it: the `Problem` of the contract.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
	/// The kind, in kebab case.
	kind: &'static str,
	/// What happened.
	sentence: String,
	/// What the person can do about it.
	#[serde(skip_serializing_if = "Option::is_none")]
	advice: Option<String>,
}

impl Failure {
	/// A failure of this program's own.
	pub(crate) fn new(kind: &'static str, sentence: impl ToString) -> Self {
		Self { kind, sentence: sentence_of(&sentence.to_string()), advice: None }
	}

	/// A value makes no sense.
	pub(crate) fn invalid(sentence: impl ToString) -> Self {
		Self::new("invalid", sentence)
	}

	/// The person has cancelled it.
	pub(crate) fn cancelled() -> Self {
		let advice = "What was sent before may still take effect: look before you do it again.";
		Self { advice: Some(advice.into()), ..Self::new("cancelled", "It was cancelled.") }
	}

	/// With what was being done, before what went wrong with it.
	pub(crate) fn about(mut self, what: &str) -> Self {
		self.sentence = sentence_of(&format!("{what}: {}", self.sentence));
		self
	}

	/// With what the person can do about it.
	pub(crate) fn with(mut self, advice: Option<&'static str>) -> Self {
		self.advice = advice.map(str::to_owned);
		self
	}
}

/// A text with a capital at its beginning and a full stop at its end.
pub(crate) fn sentence_of(text: &str) -> String {
	let mut letters = text.trim_end().chars();
	let Some(first) = letters.next() else { return String::new() };
	let mut sentence: String = first.to_uppercase().chain(letters).collect();
	if !sentence.ends_with(['.', '!', '?', '…']) {
		sentence.push('.');
	}
	sentence
}

impl From<Failure> for JsValue {
	fn from(failure: Failure) -> Self {
		let shown = failure.serialize(&crate::running::JSON);
		shown.unwrap_or_else(|_| JsValue::from_str(&failure.sentence))
	}
}

fn kind(error: &Error) -> &'static str {
	match error {
		Error::Keys(keys::Error::NotSigned(_)) | Error::Chain(chain::Error::NotSigned(_)) => {
			return "wallet";
		},
		_ => {},
	}
	match error.kind() {
		Kind::Unexpected => "unexpected",
		Kind::Invalid => "invalid",
		Kind::NotRegistered => "not-registered",
		Kind::Refused => "refused",
		Kind::Denied => "denied",
		Kind::AwaitingPatient => "awaiting-patient",
		Kind::WrongKey => "wrong-key",
		Kind::Network => "network",
		Kind::Storage => "storage",
		Kind::KeysDisagree => "keys-disagree",
	}
}

fn advice(error: &Error) -> Option<&'static str> {
	Some(match error {
		Error::Chain(why) => return advice_on_chain(why),
		Error::Account(accounts::Error::NotPatient(_) | accounts::Error::NotDoctor(_)) => {
			"Register with a hospital first."
		},
		Error::Account(accounts::Error::NotRegistrar(_)) => {
			"Your hospital's administrator appoints the people at the desk."
		},
		Error::Registration(registration::Error::Closed(_)) => {
			"Choose another hospital, or ask this one when it accepts people again."
		},
		Error::Registration(registration::Error::NotInvited { .. }) => {
			"Show the hospital your address, so that it can sponsor your account. Register then."
		},
		Error::Keys(keys::Error::InWallet) => "Sign it in your wallet, or use the account's words.",
		Error::Profile(profiles::Error::NoHospitalKey) => {
			"Anyone at the hospital's desk can publish one."
		},
		Error::ProfileKey(profile_keys::Error::KeyNotHeld(_)) => {
			"Someone at your desk who has the key can give it to you."
		},
		Error::ProfileKey(profile_keys::Error::NoRegistrarKey(_)) => {
			"Someone at the desk has to publish a key of their own first."
		},
		Error::ProfileKey(profile_keys::Error::NotShown(_)) => {
			"Look at the accounts again, and ask your hospital's administrator about those you don't know."
		},
		Error::ProfileKey(profile_keys::Error::KeyMismatch(_)) => {
			"Your hospital's administrator has to remove the account that published this key. Publish an own \
			 key again, like everyone at the desk, and make a new key for the desk."
		},
		Error::ProfileKey(profile_keys::Error::KeyWasOut {
			renewal: Renewal::Failed(_) | Renewal::Due,
			..
		}) => "Make a new key for the desk.",
		Error::Registrar(_) => "Your hospital's administrator appoints the people at the desk.",
		Error::Grant(grants::Error::KeyWasOut { rotation: Some(_), .. }) => {
			"Give your chart a new key."
		},
		Error::Crypto(CryptoError::WordCount(_)) => "A sheet has 12 to 24 words, mostly 24.",
		Error::Crypto(CryptoError::UnknownWord(_) | CryptoError::PhraseChecksum) => {
			"Compare each word with your sheet."
		},
		_ => return None,
	})
}

fn advice_on_chain(error: &chain::Error) -> Option<&'static str> {
	use chain::{Error, Reason};
	if let Some(refused) = error.of_door() {
		return advice_on_door(refused);
	}
	Some(match error {
		Error::NodeUnreachable { .. } => "Check your connection to the internet, and try again.",
		Error::TooManyNewcomers => {
			"Try again in a minute, or ask the hospital to sponsor your account."
		},
		Error::Unsettled { .. } | Error::Stalled(_) => {
			"Look again later whether it took effect, before you do it again."
		},
		Error::NodeRefused { why: Reason::CatchingUp, .. } | Error::FinalityStopped(..) => {
			"Try again in some minutes."
		},
		Error::Incomprehensible { .. } | Error::NewerClientNeeded { .. } => {
			"Load this page again to get the newer version."
		},
		Error::Expired => "Do it again.",
		Error::OneNode => "Try again when a second hospital can be reached.",
		_ => return None,
	})
}

fn advice_on_door(refused: Refused) -> Option<&'static str> {
	Some(match refused {
		Refused::NotSignedIn => "Register first, or unlock your account again.",
		Refused::TooManyRequests | Refused::TooManySubscriptions => "Try again in a moment.",
		Refused::NodeUnreachable | Refused::NodeBehind => "Try again in some minutes.",
		_ => return None,
	})
}

impl From<Error> for Failure {
	fn from(error: Error) -> Self {
		Self::new(kind(&error), &error).with(advice(&error))
	}
}

impl From<chain::Error> for Failure {
	fn from(error: chain::Error) -> Self {
		Error::from(error).into()
	}
}

impl From<CryptoError> for Failure {
	fn from(error: CryptoError) -> Self {
		let error = Error::from(error);
		Self { kind: "invalid", ..error.into() }
	}
}

impl From<AccountError> for Failure {
	fn from(error: AccountError) -> Self {
		let (kind, advice) = match &error {
			AccountError::WrongPassphrase => {
				("wrong-passphrase", Some("Try again, or restore the account by its words."))
			},
			AccountError::WrongPasskey => {
				("wrong-passphrase", Some("Unlock it with the passphrase or the words."))
			},
			AccountError::AlreadyThere(_) => ("invalid", Some("Choose another name.")),
			AccountError::NotFound(_)
			| AccountError::NoSuchPasskey(_)
			| AccountError::BadPasskey
			| AccountError::NotForDevelopment => ("invalid", None),
			AccountError::Words(_) => ("invalid", Some("Compare each word with your sheet.")),
			AccountError::Damaged { .. } | AccountError::TooMuchWork(_) => {
				("wrong-key", Some("Restore the account by its words."))
			},
			AccountError::WrongExportPassword | AccountError::UnknownExport => ("wrong-key", None),
			AccountError::Storage(_) => ("storage", None),
			AccountError::Unexpected(_) => ("unexpected", None),
		};
		Self::new(kind, &error).with(advice)
	}
}

impl From<StorageError> for Failure {
	fn from(error: StorageError) -> Self {
		Self::new("storage", error)
	}
}

impl From<InvalidName> for Failure {
	fn from(error: InvalidName) -> Self {
		Self::invalid(error)
	}
}

impl From<serde_wasm_bindgen::Error> for Failure {
	fn from(error: serde_wasm_bindgen::Error) -> Self {
		Self::invalid(error)
	}
}

impl From<std::io::Error> for Failure {
	fn from(error: std::io::Error) -> Self {
		Self::new("storage", error)
	}
}

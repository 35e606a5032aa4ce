//! Errors in the form that pages show, and the advice that belongs to this program.

use medblock_client::{
	Error, Kind, Told, accounts, chain, grants, keys,
	medblock_crypto::Error as CryptoError,
	profile_keys::{self, Renewal},
	profiles, registration,
	vault::Refused,
};
use medblock_keystore::{Error as AccountError, InvalidName};
use medblock_platform::Error as StorageError;
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap};
use wasm_bindgen::JsValue;

/// What went wrong, as pages show it: the `Problem` of the contract.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
	/// The kind, in kebab case.
	kind: &'static str,
	/// What happened.
	#[serde(flatten)]
	said: Said,
	/// What the person can do about it.
	#[serde(skip_serializing_if = "Option::is_none")]
	advice: Option<&'static str>,
	/// The advice's code.
	#[serde(skip_serializing_if = "Option::is_none")]
	advice_code: Option<&'static str>,
}

/// A sentence, with what pages in other languages need.
#[derive(Clone, Debug, Serialize)]
struct Said {
	/// The English sentence.
	sentence: String,
	/// The code by which another language's sentence is found.
	#[serde(skip_serializing_if = "Option::is_none")]
	code: Option<String>,
	/// What stands in the sentence.
	#[serde(skip_serializing_if = "BTreeMap::is_empty")]
	values: BTreeMap<&'static str, String>,
	/// The sentence behind it.
	#[serde(skip_serializing_if = "Option::is_none")]
	cause: Option<Box<Said>>,
}

impl From<Told> for Said {
	fn from(told: Told) -> Self {
		Self {
			sentence: sentence_of(&told.sentence),
			code: told.code.map(Cow::into_owned),
			values: told.values.into_iter().collect(),
			cause: told.cause.map(|cause| Box::new((*cause).into())),
		}
	}
}

/// What a person can do, with the code by which another language's sentence is found. `portal/check-locales.mjs` reads the
/// codes of this crate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Advice {
	/// The code.
	pub(crate) code: &'static str,
	/// The English sentence.
	pub(crate) sentence: &'static str,
}

/// What is said of a text that is no account's address.
pub(crate) const NO_ADDRESS: &str = "this is not the address of an account";

/// Where only the words are left.
pub(crate) const BY_WORDS: Advice =
	Advice { code: "advice.by-words", sentence: "Restore the account by its words." };

impl Failure {
	/// A failure of this program's own.
	pub(crate) fn of(kind: &'static str, told: Told) -> Self {
		Self { kind, said: told.into(), advice: None, advice_code: None }
	}

	/// A value makes no sense, for a reason that has no code: no page's input leads there.
	pub(crate) fn invalid(sentence: impl ToString) -> Self {
		Self::of("invalid", Told::untold(sentence))
	}

	/// The person has cancelled it.
	pub(crate) fn cancelled() -> Self {
		let look = Advice {
			code: "advice.look-before-again",
			sentence: "What was sent before may still take effect: look before you do it again.",
		};
		Self::of("cancelled", Told::new("web.cancelled", "It was cancelled.")).with(Some(look))
	}

	/// With what was being done, whose sentence the one before stands behind.
	pub(crate) fn about(mut self, what: Told) -> Self {
		let sentence = sentence_of(&format!("{}: {}", what.sentence, self.said.sentence));
		let said = Said { sentence, ..what.into() };
		let cause = std::mem::replace(&mut self.said, said);
		self.said.cause = Some(Box::new(cause));
		self
	}

	/// With what the person can do about it.
	pub(crate) fn with(mut self, advice: Option<Advice>) -> Self {
		self.advice = advice.map(|advice| advice.sentence);
		self.advice_code = advice.map(|advice| advice.code);
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
		shown.unwrap_or_else(|_| JsValue::from_str(&failure.said.sentence))
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

fn advice(error: &Error) -> Option<Advice> {
	Some(match error {
		Error::Chain(why) => return advice_on_chain(why),
		Error::Account(accounts::Error::NotPatient(_) | accounts::Error::NotDoctor(_)) => {
			Advice { code: "advice.register", sentence: "Register with a hospital first." }
		},
		Error::Account(accounts::Error::NotRegistrar(_)) | Error::Registrar(_) => Advice {
			code: "advice.appointed",
			sentence: "Your hospital's administrator appoints the people at the desk.",
		},
		Error::Registration(registration::Error::Closed(_)) => Advice {
			code: "advice.another-hospital",
			sentence: "Choose another hospital, or ask this one when it accepts people again.",
		},
		Error::Registration(registration::Error::NotInvited { .. }) => Advice {
			code: "advice.sponsor",
			sentence: "Show the hospital your address, so that it can sponsor your account. Register then.",
		},
		Error::Keys(keys::Error::InWallet) => Advice {
			code: "advice.wallet-or-words",
			sentence: "Sign it in your wallet, or use the account's words.",
		},
		Error::Profile(profiles::Error::NoHospitalKey) => Advice {
			code: "advice.desk-publishes",
			sentence: "Anyone at the hospital's desk can publish one.",
		},
		Error::ProfileKey(profile_keys::Error::KeyNotHeld(_)) => Advice {
			code: "advice.desk-gives",
			sentence: "Someone at your desk who has the key can give it to you.",
		},
		Error::ProfileKey(profile_keys::Error::NoRegistrarKey(_)) => Advice {
			code: "advice.desk-own-key",
			sentence: "Someone at the desk has to publish a key of their own first.",
		},
		Error::ProfileKey(profile_keys::Error::NotShown(_)) => Advice {
			code: "advice.look-at-accounts",
			sentence: "Look at the accounts again, and ask your hospital's administrator about those you \
				don't know.",
		},
		Error::ProfileKey(profile_keys::Error::KeyMismatch(_)) => Advice {
			code: "advice.remove-publisher",
			sentence: "Your hospital's administrator has to remove the account that published this key. \
				Publish an own key again, like everyone at the desk, and make a new key for the desk.",
		},
		Error::ProfileKey(profile_keys::Error::KeyWasOut {
			renewal: Renewal::Failed(_) | Renewal::Due,
			..
		}) => Advice { code: "advice.new-desk-key", sentence: "Make a new key for the desk." },
		Error::Grant(grants::Error::KeyWasOut { rotation: Some(_), .. }) => {
			Advice { code: "advice.new-chart-key", sentence: "Give your chart a new key." }
		},
		Error::Crypto(CryptoError::WordCount(_)) => Advice {
			code: "advice.count-words",
			sentence: "A sheet has 12 to 24 words, mostly 24.",
		},
		Error::Crypto(
			CryptoError::UnknownWord(_) | CryptoError::PhraseChecksum | CryptoError::NotASheet,
		) => COMPARE,
		_ => return None,
	})
}

/// What helps with words that are wrong.
const COMPARE: Advice =
	Advice { code: "advice.compare-words", sentence: "Compare each word with your sheet." };

/// What helps while a hospital can't answer.
const IN_MINUTES: Advice =
	Advice { code: "advice.in-minutes", sentence: "Try again in some minutes." };

fn advice_on_chain(error: &chain::Error) -> Option<Advice> {
	use chain::{Error, Reason};
	if let Some(refused) = error.of_door() {
		return advice_on_door(refused);
	}
	Some(match error {
		Error::NodeUnreachable { .. } => Advice {
			code: "advice.connection",
			sentence: "Check your connection to the internet, and try again.",
		},
		Error::TooManyNewcomers => Advice {
			code: "advice.in-a-minute-or-sponsor",
			sentence: "Try again in a minute, or ask the hospital to sponsor your account.",
		},
		Error::Unsettled { .. } | Error::Stalled(_) => Advice {
			code: "advice.look-later",
			sentence: "Look again later whether it took effect, before you do it again.",
		},
		Error::NodeRefused { why: Reason::CatchingUp | Reason::Full, .. }
		| Error::FinalityStopped(..) => IN_MINUTES,
		Error::Incomprehensible { .. } | Error::NewerClientNeeded { .. } => Advice {
			code: "advice.newer-page",
			sentence: "Load this page again to get the newer version.",
		},
		Error::Expired => Advice { code: "advice.again", sentence: "Do it again." },
		Error::Overtaken => Advice {
			code: "advice.again-or-hospital",
			sentence: "Do it again. If you sent nothing else, tell your hospital: another person may have your words.",
		},
		Error::OneNode => Advice {
			code: "advice.when-second",
			sentence: "Try again when a second hospital can be reached.",
		},
		_ => return None,
	})
}

fn advice_on_door(refused: Refused) -> Option<Advice> {
	Some(match refused {
		Refused::NotSignedIn => Advice {
			code: "advice.register-or-unlock",
			sentence: "Register first, or unlock your account again.",
		},
		Refused::TooManyRequests | Refused::TooManySubscriptions => {
			Advice { code: "advice.in-a-moment", sentence: "Try again in a moment." }
		},
		Refused::NodeUnreachable | Refused::NodeBehind => IN_MINUTES,
		_ => return None,
	})
}

impl From<Error> for Failure {
	fn from(error: Error) -> Self {
		Self::of(kind(&error), error.told()).with(advice(&error))
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
			AccountError::WrongPassphrase => ("wrong-passphrase", Some(AGAIN_OR_WORDS)),
			AccountError::WrongPasskey => ("wrong-passphrase", Some(OTHER_WAYS)),
			AccountError::AlreadyThere(_) => ("invalid", Some(OTHER_NAME)),
			AccountError::NotFound(_)
			| AccountError::NoSuchPasskey(_)
			| AccountError::BadPasskey
			| AccountError::NotForDevelopment => ("invalid", None),
			AccountError::Words(_) => ("invalid", Some(COMPARE)),
			AccountError::Damaged { .. }
			| AccountError::BadEntry(_)
			| AccountError::TooMuchWork(_) => ("wrong-key", Some(BY_WORDS)),
			AccountError::WrongExportPassword | AccountError::UnknownExport => ("wrong-key", None),
			AccountError::Storage(_) => ("storage", None),
			AccountError::Unexpected(_) => ("unexpected", None),
		};
		Self::of(kind, error.told()).with(advice)
	}
}

const AGAIN_OR_WORDS: Advice = Advice {
	code: "advice.again-or-words",
	sentence: "Try again, or restore the account by its words.",
};
const OTHER_WAYS: Advice = Advice {
	code: "advice.passphrase-or-words",
	sentence: "Unlock it with the passphrase or the words.",
};
const OTHER_NAME: Advice = Advice { code: "advice.other-name", sentence: "Choose another name." };

impl From<StorageError> for Failure {
	fn from(error: StorageError) -> Self {
		Self::of("storage", error.told())
	}
}

impl From<InvalidName> for Failure {
	fn from(error: InvalidName) -> Self {
		Self::of("invalid", Told::new("keystore.invalid-name", error))
	}
}

impl From<serde_wasm_bindgen::Error> for Failure {
	fn from(error: serde_wasm_bindgen::Error) -> Self {
		Self::invalid(error)
	}
}

impl From<std::io::Error> for Failure {
	fn from(error: std::io::Error) -> Self {
		let why = error.to_string();
		Self::of("storage", Told::new("web.file-unreadable", error).with("why", why))
	}
}

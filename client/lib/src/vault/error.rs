//! What can go wrong with a vault.

use medblock_vault_protocol::Reason;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The vault said no.
	#[error("the vault at {url} {}: {message}", said(.code))]
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
	/// A proxy before the vault refused even a small part of a file.
	#[error(
		"the proxy before the vault at {0} takes no files: its operator has to raise its limit on the size of a \
		request (nginx: client_max_body_size)"
	)]
	ProxyLimit(String),
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
	/// The vault's clock shows another time than this device's, by more than ten minutes.
	#[error("this device's clock is {} the vault's at {url}: set it right", apart(*.ahead))]
	WrongClock {
		/// The vault's address.
		url: String,
		/// The seconds by which this device's clock is ahead.
		ahead: i64,
	},
	/// The vault's address can't be used.
	#[error("{0} can't be used as a vault's address: it has to be https, or on this machine")]
	BadAddress(String),
	/// The bytes that came are not those that the chain names.
	#[error("the vault at {0} gave other bytes than the chain names: nothing was kept")]
	WrongBytes(String),
}

/// The verb of a refusal. The vault names its reason by a word. A bare HTTP status is that of a proxy before it, or of an answer
/// without a body.
fn said(code: &Reason) -> String {
	match code {
		Reason::Unknown(status) if status.bytes().all(|byte| byte.is_ascii_digit()) => {
			format!("answered {status}")
		},
		code => format!("refused ({code})"),
	}
}

/// How far one clock is ahead of another, or behind.
fn apart(seconds: i64) -> String {
	let which = if seconds > 0 { "ahead of" } else { "behind" };
	match seconds.unsigned_abs() {
		short @ ..7_200 => format!("{} minutes {which}", short.div_ceil(60)),
		long => format!("{} hours {which}", long.saturating_add(1_800) / 3_600),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_vault_protocol::Code;

	#[test]
	fn proxy_is_not_taken_for_the_vault() {
		let refused = |code: Reason| {
			let (url, message) = ("https://north.example".to_owned(), "why".to_owned());
			Error::Refused { url, status: 502, code, message, retry_after: None }.to_string()
		};
		let said = refused(Reason::Unknown("502".into()));
		assert_eq!(said, "the vault at https://north.example answered 502: why");
		let said = refused(Code::DiskFull.into());
		assert_eq!(said, "the vault at https://north.example refused (disk-full): why");
	}
}

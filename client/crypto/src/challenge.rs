//! The text that a wallet shows and signs to sign in to a gateway, modelled on EIP-4361 and CAIP-122.

use jiff::Timestamp;

use crate::Error;

/// The longest text, in bytes.
const MAX_TEXT: usize = 1_024;

const ASKS: &str = " asks you to sign in to MedBlock with your account:";
const EXPLAINS: &str = "Signing shows who you are. It changes nothing on the chain, costs nothing and gives \
	nobody access to your records.";
const CHAIN: &str = "Chain: 0x";
const NONCE: &str = "Nonce: ";
const ISSUED: &str = "Issued At: ";
const EXPIRES: &str = "Expiration Time: ";
const SESSION_KEY: &str = "Session Key: 0x";

/// Wallets put this around everything that they sign except transactions. No call of this chain begins
/// with `<`, so nothing signed this way can be a transaction.
const OPENING: &[u8] = b"<Bytes>";
const CLOSING: &[u8] = b"</Bytes>";

/// A sign-in. The client builds it from the fields that a gateway sends, after comparing `domain` and
/// `genesis` with the intended ones. The gateway parses the text that comes back signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
	/// The gateway's host, in lower case, with `:port` unless it is 443.
	pub domain: String,
	/// The SS58 address of the account that signs in.
	pub account: String,
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// 128 random bits in lower-case hexadecimal, used once.
	pub nonce: String,
	/// The time of issue, in seconds since 1970.
	pub issued: u64,
	/// The time from which the gateway refuses it, in seconds since 1970.
	pub expires: u64,
	/// The sr25519 public key that signs the session's requests for the account, so that a wallet is asked
	/// only once. The client adds it to the gateway's fields.
	pub session_key: Option<[u8; 32]>,
}

impl Challenge {
	/// The text to sign. [`parse`](Self::parse) accepts it only if every field is as documented.
	pub fn text(&self) -> String {
		let Self { domain, account, nonce, .. } = self;
		let (genesis, issued, expires) =
			(hex::encode(self.genesis), time(self.issued), time(self.expires));
		let session_key =
			self.session_key.map(|key| format!("\n{SESSION_KEY}{}", hex::encode(key)));
		format!(
			"{domain}{ASKS}\n{account}\n\n{EXPLAINS}\n\n\
			{CHAIN}{genesis}\n{NONCE}{nonce}\n{ISSUED}{issued}\n{EXPIRES}{expires}{}",
			session_key.unwrap_or_default()
		)
	}

	/// Reads a text strictly: [`text`](Self::text) writes exactly the same for the result.
	///
	/// # Errors
	///
	/// [`NotAChallenge`](Error::NotAChallenge).
	pub fn parse(text: &str) -> Result<Self, Error> {
		if text.len() > MAX_TEXT {
			return Err(Error::NotAChallenge);
		}
		Self::fields(text)
			.filter(|challenge| challenge.is_valid() && challenge.text() == text)
			.ok_or(Error::NotAChallenge)
	}

	fn fields(text: &str) -> Option<Self> {
		let mut lines = text.split('\n');
		let domain = lines.next()?.strip_suffix(ASKS)?.to_owned();
		let account = lines.next()?.to_owned();
		// An empty line, the explanation and another empty line; `parse` compares them.
		let mut lines = lines.skip(3);
		let mut genesis = [0; 32];
		hex::decode_to_slice(lines.next()?.strip_prefix(CHAIN)?, &mut genesis).ok()?;
		let nonce = lines.next()?.strip_prefix(NONCE)?.to_owned();
		let issued = seconds(lines.next()?.strip_prefix(ISSUED)?)?;
		let expires = seconds(lines.next()?.strip_prefix(EXPIRES)?)?;
		let session_key = match lines.next() {
			Some(line) => {
				let mut key = [0; 32];
				hex::decode_to_slice(line.strip_prefix(SESSION_KEY)?, &mut key).ok()?;
				Some(key)
			},
			None => None,
		};
		Some(Self { domain, account, genesis, nonce, issued, expires, session_key })
	}

	fn is_valid(&self) -> bool {
		let host = |byte: u8| {
			byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte)
		};
		let nonce = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
		(1..=260).contains(&self.domain.len())
			&& self.domain.bytes().all(host)
			&& (1..=64).contains(&self.account.len())
			&& self.account.bytes().all(|byte| byte.is_ascii_alphanumeric())
			&& self.nonce.len() == 32
			&& self.nonce.bytes().all(nonce)
			&& self.issued < self.expires
	}

	/// The bytes to sign: the text inside `<Bytes>…</Bytes>`, as wallets write it.
	pub fn signed_bytes(text: &str) -> Vec<u8> {
		[OPENING, text.as_bytes(), CLOSING].concat()
	}

	/// The signed text, which must be inside `<Bytes>…</Bytes>`.
	///
	/// # Errors
	///
	/// [`NotWrapped`](Error::NotWrapped): the bytes might be a transaction.
	/// [`NotAChallenge`](Error::NotAChallenge): they are not UTF-8, or longer than any challenge.
	pub fn unwrap_signed(bytes: &[u8]) -> Result<&str, Error> {
		let text = bytes
			.strip_prefix(OPENING)
			.and_then(|bytes| bytes.strip_suffix(CLOSING))
			.ok_or(Error::NotWrapped)?;
		if text.len() > MAX_TEXT {
			return Err(Error::NotAChallenge);
		}
		std::str::from_utf8(text).map_err(|_| Error::NotAChallenge)
	}
}

/// RFC 3339, in UTC and whole seconds. Times after the year 9999 are shown as its end.
fn time(seconds: u64) -> String {
	i64::try_from(seconds)
		.ok()
		.and_then(|seconds| Timestamp::from_second(seconds).ok())
		.unwrap_or(Timestamp::MAX)
		.to_string()
}

fn seconds(text: &str) -> Option<u64> {
	text.parse::<Timestamp>().ok().and_then(|time| u64::try_from(time.as_second()).ok())
}

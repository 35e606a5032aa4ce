//! Sign-in by wallet signature: challenges, and the tokens that signed ones are exchanged for.
//!
//! Challenges take no memory. Half of a nonce is random and half is a MAC over the whole challenge, so that
//! the vault recognizes the challenges that it issued. Only used nonces are kept, until they expire. A token
//! stands for an account and nothing else: what the account may do is asked of the chain at each request.
//!
//! Several gateways of one vault share all of this by their database, but for the rates: each has its own.

mod shared;

use crate::{
	bucket::{Bucket, Buckets, Rate},
	door::Caller,
	errors::{Refusal, SignInRefusal},
	receipts::Reader,
	state,
};
use hmac::{Hmac, Mac};
use medblock_chain::AccountId;
use medblock_crypto::Challenge;
use medblock_primitives::{Moment, may_be_address};
use medblock_receipts::{MAX_APART, SignedRequest};
use medblock_vault_protocol::{CHALLENGE_LIFETIME, TOKEN_LIFETIME};
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest as _, Sha256};
use std::{
	collections::{HashMap, VecDeque},
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use subxt_signer::sr25519;
use zeroize::Zeroizing;

/// How far in the future a challenge may have been issued, in seconds: the clock may be set back a little.
const CLOCK_STEP: u64 = 2;
/// The most tokens of one account. One more ends the oldest.
const TOKENS_PER_ACCOUNT: usize = 16;
/// The most sign-ins of one account in a challenge's lifetime.
const SIGN_INS_PER_ACCOUNT: usize = 32;
/// The most tokens in all. Only accounts that the chain knows get one.
const MAX_TOKENS: usize = 65_536;
/// The rate of challenges, which any caller gets.
const CHALLENGES: Rate = Rate { full: 2_000, per_second: 1_000 };
/// The rate of sign-ins that the chain is asked about, of accounts that have signed in before, and of all newcomers.
const SIGN_INS: Rate = Rate { full: 200, per_second: 50 };
/// The rate of challenges and sign-ins of an address. Behind one there may be a hospital, whose people begin to work at the
/// same time. A sign-in takes two.
const OF_ADDRESSES: Rate = Rate { full: 1_000, per_second: 40 };
/// The rate of newcomers' sign-ins of an address, so that a few addresses leave room for newcomers from others. After a
/// restart, everybody is a newcomer.
const NEWCOMERS: Rate = Rate { full: 64, per_second: 2 };
/// The rate of sign-ins of an account that the chain is asked about. Only its owner can sign a challenge, so no other
/// account uses these up.
const OF_ACCOUNTS: Rate = Rate { full: SIGN_INS_PER_ACCOUNT as u64, per_second: 1 };
/// The most addresses, and the most accounts, that are counted.
const MAX_CALLERS: usize = 65_536;
/// How long an account counts as one that has signed in before, in seconds: a week.
const KNOWN: u64 = 7 * 24 * 60 * 60;

/// The vault and the chain that challenges are bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Realm {
	/// The domain of this vault's address.
	pub domain: String,
	/// The hash of the chain's first block.
	pub genesis: [u8; 32],
}

/// An account that has signed in, and the proof of it.
pub struct Session {
	/// The account.
	pub account: AccountId,
	/// The text that the account signed.
	pub challenge: String,
	/// The account's signature over that text, in hexadecimal with 0x.
	pub signature: String,
	/// The key that signs the session's requests, if the text names one.
	pub reader: Option<Reader>,
	expires: u64,
}

/// A challenge that its account has signed.
pub struct Signed {
	session: Session,
	nonce: String,
	nonce_expires: u64,
}

impl Signed {
	/// The account that signed.
	pub fn account(&self) -> &AccountId {
		&self.session.account
	}
}

/// A new token.
pub struct Token {
	/// The token: 64 hexadecimal digits.
	pub token: Zeroizing<String>,
	/// When the token ends, in seconds since 1970.
	pub expires: u64,
}

/// All sessions.
pub struct Sessions {
	key: Zeroizing<[u8; 32]>,
	state: Mutex<State>,
	/// The database, if other gateways share the sessions.
	shared: Option<state::State>,
}

struct State {
	/// Sessions by the SHA-256 of their token, so that the time of a look-up tells nothing about tokens.
	tokens: HashMap<[u8; 32], Arc<Session>>,
	/// Tokens with their ends, in that order, which is also the order of their beginnings.
	by_age: VecDeque<([u8; 32], u64)>,
	/// Used nonces with their ends, in that order, for each account.
	used: HashMap<[u8; 32], VecDeque<(String, u64)>>,
	/// When accounts signed in last.
	known: HashMap<[u8; 32], u64>,
	challenges: Bucket,
	/// Sign-ins of newcomers.
	sign_ins: Bucket,
	/// Sign-ins of accounts that are known: a flood of new accounts keeps none of these out.
	sign_ins_again: Bucket,
	addresses: Buckets<Caller>,
	/// Newcomers' sign-ins, by address.
	newcomers: Buckets<Caller>,
	/// Sign-ins by account, so that one key, from however many addresses, leaves the others theirs.
	accounts: Buckets<[u8; 32]>,
}

impl Default for State {
	fn default() -> Self {
		let (tokens, by_age, used, known) = Default::default();
		let (challenges, sign_ins, sign_ins_again) = Default::default();
		let [addresses, newcomers] =
			[OF_ADDRESSES, NEWCOMERS].map(|rate| Buckets::new(rate, MAX_CALLERS));
		Self {
			tokens,
			by_age,
			used,
			known,
			challenges,
			sign_ins,
			sign_ins_again,
			addresses,
			newcomers,
			accounts: Buckets::new(OF_ACCOUNTS, MAX_CALLERS),
		}
	}
}

impl Default for Sessions {
	fn default() -> Self {
		let mut key = Zeroizing::new([0; 32]);
		OsRng.fill_bytes(key.as_mut());
		Self { key, state: Mutex::default(), shared: None }
	}
}

impl Sessions {
	/// Counts a request for a challenge, or a sign-in, of a client at this address.
	pub fn count_request(&self, address: Caller, now: u64) -> Result<(), Refusal> {
		self.state().addresses.take(address, 1, now)
	}

	/// Issues a challenge for `account` at `now`, in seconds since 1970.
	pub fn challenge(
		&self,
		realm: &Realm,
		account: &AccountId,
		now: u64,
	) -> Result<Challenge, Refusal> {
		self.state().challenges.take(CHALLENGES, now)?;
		let mut random = [0; 8];
		OsRng.fill_bytes(&mut random);
		let mut challenge = Challenge {
			domain: realm.domain.clone(),
			account: account.to_string(),
			genesis: realm.genesis,
			nonce: String::new(),
			issued: now,
			expires: now.saturating_add(CHALLENGE_LIFETIME),
			session_key: None,
		};
		let mac = self.mac(&challenge, &random).finalize().into_bytes();
		challenge.nonce = format!("{}{}", hex::encode(random), hex::encode(&mac[..8]));
		Ok(challenge)
	}

	/// Checks a challenge's text and the signature over it. Changes no session. A challenge that was used before is
	/// refused before its signature is checked, which is what costs time.
	pub fn check(
		&self,
		realm: &Realm,
		text: &str,
		signature: &str,
		now: u64,
	) -> Result<Signed, Refusal> {
		let challenge = Challenge::parse(text).map_err(|_| SignInRefusal::Malformed)?;
		if !may_be_address(&challenge.account) {
			return Err(SignInRefusal::Malformed.into());
		}
		let account: AccountId = challenge.account.parse().map_err(|_| SignInRefusal::Malformed)?;
		if challenge.domain != realm.domain {
			return Err(SignInRefusal::OtherDomain.into());
		}
		if challenge.genesis != realm.genesis {
			return Err(SignInRefusal::OtherChain.into());
		}
		if !self.issued(&challenge) {
			return Err(SignInRefusal::NotIssuedHere.into());
		}
		if now >= challenge.expires || challenge.issued > now.saturating_add(CLOCK_STEP) {
			return Err(SignInRefusal::Expired.into());
		}
		if self.state().has_used(&account.0, &challenge.nonce) {
			return Err(SignInRefusal::Used.into());
		}
		let bytes = parse_signature(signature).ok_or(SignInRefusal::BadSignature)?;
		let signed = sr25519::verify(
			&sr25519::Signature(bytes),
			Challenge::signed_bytes(text),
			&sr25519::PublicKey(account.0),
		);
		if !signed {
			return Err(SignInRefusal::BadSignature.into());
		}
		let names_key = challenge.session_key.is_some();
		let reader = names_key.then(|| Reader::of(&realm.genesis, text, bytes)).flatten();
		let session = Session {
			account,
			challenge: text.to_owned(),
			signature: format!("0x{}", hex::encode(bytes)),
			reader,
			expires: now.saturating_add(TOKEN_LIFETIME),
		};
		Ok(Signed { session, nonce: challenge.nonce, nonce_expires: challenge.expires })
	}

	/// Counts a sign-in of a client at this address, before the chain is asked about its account. Only a signed
	/// challenge counts: a request without a valid signature must not use up what others need. The account's own count
	/// comes first: beyond it, an account takes nothing from what all accounts share.
	pub fn admit(&self, signed: &Signed, address: Caller, now: u64) -> Result<(), Refusal> {
		let mut state = self.state();
		let account = signed.account().0;
		if state.has_used(&account, &signed.nonce) {
			return Err(SignInRefusal::Used.into());
		}
		state.accounts.take(account, 1, now)?;
		let before = state.known.get(&account);
		if before.is_some_and(|at| now.saturating_sub(*at) < KNOWN) {
			return state.sign_ins_again.take(SIGN_INS, now);
		}
		state.newcomers.take(address, 1, now)?;
		state.sign_ins.take(SIGN_INS, now)
	}

	/// Uses up the challenge of an account that the chain does not know.
	pub async fn reject(&self, signed: Signed, now: u64) {
		let Signed { session: Session { account, .. }, nonce, nonce_expires } = signed;
		// What can't be shared is refused at least here. It was logged.
		let _ = self.share_use(account.0, nonce.as_bytes(), nonce_expires).await;
		let mut state = self.state();
		state.forget(now);
		state.used.entry(account.0).or_default().push_back((nonce, nonce_expires));
	}

	/// Exchanges a signed challenge for a token, once.
	pub async fn open(&self, signed: Signed, now: u64) -> Result<Token, Refusal> {
		let Signed { session, nonce, nonce_expires } = signed;
		let mut secret = Zeroizing::new([0; 32]);
		OsRng.fill_bytes(secret.as_mut());
		let token = Zeroizing::new(hex::encode(secret.as_ref()));
		let (key, expires) = (digest_of(&token), session.expires);
		self.use_here(&session.account, &nonce, nonce_expires, now, true)?;
		self.share(key, &session, (&nonce, nonce_expires), now).await?;
		let mut state = self.state();
		state.make_room(&session.account);
		state.know(session.account.0, now);
		state.insert(key, Arc::new(session));
		Ok(Token { token, expires })
	}

	/// Uses up a signed challenge for something else than a token. Gives the account that signed.
	pub async fn use_up(&self, signed: Signed, now: u64) -> Result<AccountId, Refusal> {
		let Signed { session: Session { account, .. }, nonce, nonce_expires } = signed;
		self.use_here(&account, &nonce, nonce_expires, now, false)?;
		self.share_use(account.0, nonce.as_bytes(), nonce_expires).await?;
		Ok(account)
	}

	/// Uses up a challenge at this gateway.
	fn use_here(
		&self,
		account: &AccountId,
		nonce: &str,
		expires: u64,
		now: u64,
		for_token: bool,
	) -> Result<(), Refusal> {
		let mut state = self.state();
		state.forget(now);
		state.ensure_unused(account, nonce)?;
		if for_token && state.tokens.len() >= MAX_TOKENS {
			return Err(Refusal::TooMany { seconds: TOKEN_LIFETIME });
		}
		state.used.entry(account.0).or_default().push_back((nonce.to_owned(), expires));
		Ok(())
	}

	/// Uses up a request that the session's key has signed, at all gateways. It is answered once.
	pub async fn use_request(
		&self,
		session: &Session,
		asked: &SignedRequest,
	) -> Result<(), Refusal> {
		let reader = session.reader.as_ref().ok_or(Refusal::RequestNotSigned)?;
		reader.use_up(asked)?;
		let until: Moment = asked.request.time.saturating_add(MAX_APART);
		let shared = self.share_use(session.account.0, &asked.request.nonce, until / 1_000 + 1);
		shared.await.map_err(|why| match why {
			Refusal::SignIn(_) => Refusal::RequestUsed,
			why => why,
		})
	}

	/// The session of a token.
	pub async fn find(&self, token: &str, now: u64) -> Result<Arc<Session>, Refusal> {
		if let Some(session) = self.known_here(token, now) {
			return Ok(session);
		}
		let key = digest_of(token);
		let found = self.of_another(key).await?.filter(|session| now < session.expires);
		let session = Arc::new(found.ok_or(Refusal::NotSignedIn)?);
		let mut state = self.state();
		state.forget(now);
		// Beyond that, it is asked again each time.
		if state.tokens.len() < MAX_TOKENS {
			state.insert(key, session.clone());
		}
		Ok(session)
	}

	/// The session of a token that was used at this gateway before.
	pub fn known_here(&self, token: &str, now: u64) -> Option<Arc<Session>> {
		let found = self.state().tokens.get(&digest_of(token)).cloned();
		found.filter(|session| now < session.expires)
	}

	/// Ends a token. Other gateways hear of it within a second.
	pub async fn close(&self, token: &str) -> Result<(), Refusal> {
		let key = digest_of(token);
		self.state().tokens.remove(&key);
		self.share_end(key).await
	}

	/// The number of valid tokens.
	pub fn count(&self, now: u64) -> usize {
		let mut state = self.state();
		state.forget(now);
		state.tokens.len()
	}

	fn issued(&self, challenge: &Challenge) -> bool {
		let mut nonce = [0; 16];
		if hex::decode_to_slice(&challenge.nonce, &mut nonce).is_err() {
			return false;
		}
		let (random, mac) = nonce.split_at(8);
		self.mac(challenge, random).verify_truncated_left(mac).is_ok()
	}

	fn mac(&self, challenge: &Challenge, random: &[u8]) -> Hmac<Sha256> {
		// An HMAC takes keys of any length.
		let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.key.as_ref())
			.unwrap_or_else(|_| unreachable!("a key of 32 bytes"));
		// The client adds the session's key after the vault has made the nonce.
		let Challenge { domain, account, genesis, nonce: _, issued, expires, session_key: _ } =
			challenge;
		for text in [domain, account] {
			mac.update(&(text.len() as u64).to_be_bytes());
			mac.update(text.as_bytes());
		}
		mac.update(genesis);
		mac.update(&issued.to_be_bytes());
		mac.update(&expires.to_be_bytes());
		mac.update(random);
		mac
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn state(&self) -> MutexGuard<'_, State> {
		self.state.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl State {
	/// Drops expired tokens and nonces.
	fn forget(&mut self, now: u64) {
		while let Some((token, _)) = self.by_age.front().filter(|(_, end)| *end <= now) {
			self.tokens.remove(token);
			self.by_age.pop_front();
		}
		self.used.retain(|_, nonces| {
			nonces.retain(|(_, end)| *end > now);
			!nonces.is_empty()
		});
	}

	/// Adds a session. Those that began at another gateway come late.
	fn insert(&mut self, token: [u8; 32], session: Arc<Session>) {
		let end = session.expires;
		let place = self.by_age.partition_point(|(_, other)| *other <= end);
		self.by_age.insert(place, (token, end));
		self.tokens.insert(token, session);
	}

	/// Whether the account's challenge with this nonce is used up.
	fn has_used(&self, account: &[u8; 32], nonce: &str) -> bool {
		self.used.get(account).is_some_and(|used| used.iter().any(|(one, _)| one == nonce))
	}

	/// Fails if a challenge was used before, or the account has used as many as it may for now.
	fn ensure_unused(&self, account: &AccountId, nonce: &str) -> Result<(), Refusal> {
		if self.has_used(&account.0, nonce) {
			return Err(SignInRefusal::Used.into());
		}
		let used = self.used.get(&account.0).map_or(0, VecDeque::len);
		if used >= SIGN_INS_PER_ACCOUNT {
			return Err(Refusal::TooMany { seconds: CHALLENGE_LIFETIME });
		}
		Ok(())
	}

	/// Notes that an account has signed in, if there is room. The chain knows these, so there are not many more than
	/// people.
	fn know(&mut self, account: [u8; 32], now: u64) {
		if self.known.len() >= MAX_TOKENS && !self.known.contains_key(&account) {
			self.known.retain(|_, at| now.saturating_sub(*at) < KNOWN);
		}
		if self.known.len() < MAX_TOKENS || self.known.contains_key(&account) {
			self.known.insert(account, now);
		}
	}

	/// Ends the account's oldest token if it has as many as it may.
	fn make_room(&mut self, account: &AccountId) {
		let own = |state: &Self, token: &[u8; 32]| {
			state.tokens.get(token).is_some_and(|session| session.account == *account)
		};
		let tokens: Vec<_> =
			self.by_age.iter().map(|(token, _)| *token).filter(|one| own(self, one)).collect();
		if tokens.len() >= TOKENS_PER_ACCOUNT {
			self.tokens.remove(&tokens[0]);
			self.by_age.retain(|(token, _)| *token != tokens[0]);
		}
	}
}

fn digest_of(token: &str) -> [u8; 32] {
	Sha256::digest(token.as_bytes()).into()
}

/// Reads 64 bytes in hexadecimal after 0x.
fn parse_signature(text: &str) -> Option<[u8; 64]> {
	let mut bytes = [0; 64];
	hex::decode_to_slice(text.strip_prefix("0x")?, &mut bytes).ok()?;
	Some(bytes)
}

#[cfg(test)]
mod tests;

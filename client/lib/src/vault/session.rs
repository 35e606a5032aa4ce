//! Signing in with the account's key.

use super::Vault;
use crate::{Error, Result, vault};
use medblock_crypto::Challenge;
use medblock_platform::clock::{self, Instant};
use medblock_primitives::{HospitalId, PatientId};
use medblock_receipts::{Request, Session, SignedRequest, Subject};
use medblock_vault_protocol::{Address, ChallengeOffer, ChallengeQuery, SignIn, SignedIn, paths};
use rand::{RngCore, rngs::OsRng};
use std::{collections::HashMap, sync::Arc};
use subxt_signer::sr25519::Keypair;
use zeroize::Zeroizing;

/// A session's token, and when it ends in seconds since 1970.
#[derive(Clone)]
pub(super) struct Token {
	pub(super) value: Zeroizing<String>,
	expires: u64,
	/// The seconds by which this device's clock is ahead of the vault's, by which the session ends.
	ahead: i64,
	/// What signs the session's requests to read; none at vaults that take no such key.
	pub(super) reader: Option<Arc<Reader>>,
}

/// The key of a session, which signs its requests to read, and the sign-in that has named it. So the account's own key,
/// which may be in a wallet, is asked once.
pub(super) struct Reader {
	key: Keypair,
	pub(super) session: Session,
	/// The seconds by which this device's clock is ahead of the vault's.
	ahead: i64,
}

impl Reader {
	/// Signs a request to read.
	pub(super) fn sign(
		&self,
		genesis: [u8; 32],
		hospital: HospitalId,
		patient: PatientId,
		subject: Subject,
	) -> SignedRequest {
		let mut nonce = [0; 16];
		OsRng.fill_bytes(&mut nonce);
		// By the vault's clock, which compares it with its own.
		let time = clock::now().saturating_add_signed(self.ahead.saturating_mul(-1_000));
		Request { genesis, hospital, patient, subject, time, nonce }.sign(&self.key)
	}
}

/// The sessions at vaults.
#[derive(Default)]
pub(super) struct Tokens {
	known: HashMap<Address, Token>,
	/// When a sign-in last failed since a vault could not be reached, and why. Requests that waited for that sign-in
	/// fail with it: one after another they would take as long each.
	unreached: HashMap<Address, (Instant, vault::Error)>,
}

/// The longest lifetime of a challenge that the client signs, and the most by which its clock may differ
/// from the vault's, in seconds.
const LONGEST: u64 = 600;

impl Vault<'_> {
	/// A session that is good for ten seconds more; a new one if `renew`.
	pub(super) async fn session(&self, renew: bool) -> Result<Token> {
		let (address, asked) = (&self.server.address, Instant::now());
		let mut tokens = self.vaults.tokens.lock().await;
		if let (Some(token), false) = (tokens.known.get(address), renew)
			&& token.expires > by_vault(token.ahead).saturating_add(10)
		{
			return Ok(token.clone());
		}
		if let Some((failed, why)) = tokens.unreached.get(address)
			&& *failed > asked
		{
			return Err(why.clone().into());
		}
		let signed_in = match self.sign_in().await {
			// Another run of this program may have used up the account's sign-ins for a while.
			Err(why) => match super::wanted_pause(&why) {
				Some(pause) => {
					self.rest(pause, Some(&why)).await;
					self.sign_in().await
				},
				None => Err(why),
			},
			Ok(token) => Ok(token),
		};
		if let Err(Error::Vault(why @ vault::Error::Unreachable { .. })) = &signed_in {
			tokens.unreached.insert(address.clone(), (Instant::now(), why.clone()));
		}
		let token = signed_in?;
		tokens.known.insert(address.clone(), token.clone());
		Ok(token)
	}

	/// The token of a session, as [`Self::session`] gives it.
	pub(super) async fn token(&self, renew: bool) -> Result<String> {
		Ok(self.session(renew).await?.value.to_string())
	}

	async fn sign_in(&self) -> Result<Token> {
		let mut secret = Zeroizing::new([0; 32]);
		OsRng.fill_bytes(secret.as_mut());
		let key = Keypair::from_secret_key(*secret)
			.map_err(|_| Error::BadValue { what: "the session's key", problem: "is no key" })?;
		let (body, named) = self.signed_challenge(Some(key.public_key().0)).await?;
		let session = Session { challenge: body.challenge.clone(), signature: named.signature };
		let ahead = named.ahead;
		let reader = named.has_key.then(|| Arc::new(Reader { key, session, ahead }));
		let signing_in = self.server.http.post(self.server.at(paths::SESSION)).json(&body);
		let answer = self.server.sent(signing_in).await?;
		let SignedIn { token, expires } =
			self.server.json(self.server.checked(answer).await?).await?;
		Ok(Token { value: token.into(), expires, ahead, reader })
	}

	/// A challenge of this vault's, signed by the account. It names the session's key, if there is to be one, and the vault
	/// takes such a text.
	pub(super) async fn signed_challenge(
		&self,
		session_key: Option<[u8; 32]>,
	) -> Result<(SignIn, Named)> {
		let account = self.keys.account().to_string();
		let http = &self.server.http;
		let query = ChallengeQuery { account: account.clone() };
		let asking = http.get(self.server.at(paths::CHALLENGE)).query(&query);
		let answer = self.server.sent(asking).await?;
		let offer: ChallengeOffer = self.server.json(self.server.checked(answer).await?).await?;
		let (domain, url) = (self.server.address.domain(), self.server.address.to_string());
		let at = |offer, now| accept(offer, &domain, &self.genesis, &account, now);
		let session_key = session_key.filter(|_| offer.session_key);
		let (issued, now) = (offer.issued, now());
		let mut challenge = at(offer.clone(), now).ok_or_else(|| {
			Error::Vault(match (ahead(now, issued), at(offer, issued)) {
				(Some(ahead), Some(_)) => vault::Error::WrongClock { url, ahead },
				_ => vault::Error::BadChallenge(url),
			})
		})?;
		challenge.session_key = session_key;
		let signature = self.keys.sign_in(&challenge).await?;
		let body = SignIn {
			challenge: challenge.text(),
			signature: format!("0x{}", hex::encode(signature)),
			recovers: self.vaults.recovers(),
		};
		let ahead = difference(now, issued);
		Ok((body, Named { signature, has_key: session_key.is_some(), ahead }))
	}
}

/// What a signed challenge says of the session.
pub(super) struct Named {
	/// The account's signature.
	signature: [u8; 64],
	/// Whether it names the session's key.
	has_key: bool,
	/// The seconds by which this device's clock was ahead of the vault's.
	ahead: i64,
}

/// The challenge, if it signs in to this domain, on this chain, with this account, about now, and does
/// nothing else.
fn accept(
	offer: ChallengeOffer,
	domain: &str,
	genesis: &[u8; 32],
	account: &str,
	now: u64,
) -> Option<Challenge> {
	let ChallengeOffer {
		domain: offered,
		genesis: chain,
		account: who,
		nonce,
		issued,
		expires,
		session_key: _,
	} = offer;
	let fits = offered == domain
		&& hex::decode(chain.trim_start_matches("0x")).ok()? == genesis
		&& who == account
		&& issued <= now.saturating_add(LONGEST)
		&& expires > now.saturating_sub(LONGEST)
		&& expires.saturating_sub(issued) <= LONGEST;
	let challenge = Challenge {
		domain: offered,
		account: who,
		genesis: *genesis,
		nonce,
		issued,
		expires,
		session_key: None,
	};
	// A text that does not read back as just these fields is no challenge.
	(fits && Challenge::parse(&challenge.text()).is_ok()).then_some(challenge)
}

/// The seconds by which this device's clock is ahead of the vault's, if the two are too far apart.
fn ahead(now: u64, issued: u64) -> Option<i64> {
	let ahead = difference(now, issued);
	(ahead.unsigned_abs() > LONGEST).then_some(ahead)
}

/// The seconds by which one time is after another.
fn difference(now: u64, issued: u64) -> i64 {
	let seconds = |time| i64::try_from(time).unwrap_or(i64::MAX);
	seconds(now).saturating_sub(seconds(issued))
}

/// The vault's time, if this device's clock is so many seconds ahead of it.
fn by_vault(ahead: i64) -> u64 {
	now().saturating_add_signed(ahead.saturating_neg())
}

fn now() -> u64 {
	clock::now() / 1_000
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	const DOMAIN: &str = "vault.example:8440";
	const GENESIS: [u8; 32] = [7; 32];
	const ACCOUNT: &str = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
	const NOW: u64 = 1_795_442_700;

	fn offer() -> ChallengeOffer {
		ChallengeOffer {
			domain: DOMAIN.into(),
			genesis: format!("0x{}", hex::encode(GENESIS)),
			account: ACCOUNT.into(),
			nonce: "0f".repeat(16),
			issued: NOW,
			expires: NOW + 120,
			session_key: true,
		}
	}

	fn accepted(offer: ChallengeOffer) -> Option<Challenge> {
		accept(offer, DOMAIN, &GENESIS, ACCOUNT, NOW)
	}

	#[test]
	fn a_challenge_that_fits_is_signed_as_it_was_offered() {
		let challenge = accepted(offer()).unwrap();
		assert_eq!((challenge.domain.as_str(), challenge.genesis), (DOMAIN, GENESIS));
		assert_eq!((challenge.issued, challenge.expires), (NOW, NOW + 120));
		// The vault's clock may be off by ten minutes.
		for issued in [NOW - LONGEST - 119, NOW + LONGEST] {
			assert!(
				accepted(ChallengeOffer { issued, expires: issued + 120, ..offer() }).is_some()
			);
		}
	}

	#[test]
	fn clocks_that_are_far_apart_are_told_from_false_challenges() {
		assert_eq!(ahead(NOW, NOW - LONGEST), None);
		assert_eq!(ahead(NOW, NOW - LONGEST - 1), Some(601));
		assert_eq!(ahead(NOW, NOW + 86_400), Some(-86_400));
		for (ahead, sentence) in [(601, "11 minutes ahead of"), (-86_400, "24 hours behind")] {
			let url = "http://vault.example".to_owned();
			let told = vault::Error::WrongClock { url, ahead }.to_string();
			assert!(told.contains(sentence), "{told}");
		}
	}

	/// A clock that is off by less is taken as it is, and never shows in what is signed.
	#[test]
	fn requests_are_dated_by_the_vaults_clock() {
		for ahead in [0, 590, -590] {
			let key = Keypair::from_secret_key([7; 32]).unwrap();
			let session = Session { challenge: String::new(), signature: [0; 64] };
			let reader = Reader { key, session, ahead };
			let before = clock::now();
			let asked = reader.sign(
				[0; 32],
				HospitalId(1),
				PatientId(2),
				Subject::Profile { digest: [0; 32] },
			);
			let shown = asked.request.time.saturating_add_signed(ahead * 1_000);
			assert!((before..=clock::now()).contains(&shown), "{ahead}");
			assert!(by_vault(ahead).abs_diff(now().saturating_add_signed(-ahead)) <= 1);
		}
		assert_eq!(difference(NOW, NOW + 7), -7);
		assert_eq!(difference(u64::MAX, 0), i64::MAX);
	}

	#[test]
	fn other_challenges_are_not_signed() {
		for offer in [
			ChallengeOffer { domain: "vault.example".into(), ..offer() },
			ChallengeOffer { domain: format!("{DOMAIN}\n0x00"), ..offer() },
			ChallengeOffer { genesis: "07".repeat(31), ..offer() },
			ChallengeOffer { genesis: "08".repeat(32), ..offer() },
			ChallengeOffer { genesis: "none".into(), ..offer() },
			ChallengeOffer { account: "5Another".into(), ..offer() },
			ChallengeOffer { nonce: String::new(), ..offer() },
			ChallengeOffer { nonce: format!("{}\n", "0f".repeat(16)), ..offer() },
			ChallengeOffer { issued: NOW + LONGEST + 1, expires: NOW + LONGEST + 2, ..offer() },
			ChallengeOffer { issued: NOW - LONGEST - 120, expires: NOW - LONGEST, ..offer() },
			ChallengeOffer { expires: NOW + LONGEST + 1, ..offer() },
			ChallengeOffer { expires: NOW, ..offer() },
		] {
			assert_eq!(accepted(offer.clone()), None, "{offer:?}");
		}
	}
}

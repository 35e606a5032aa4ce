use super::*;
use crate::state::{Place, tests::with_each};
use medblock_primitives::{HospitalId, PatientId};
use medblock_receipts::{Request, Subject};
use subxt_signer::sr25519::{Keypair, dev};

const NOW: u64 = 1_780_000_000;

fn realm() -> Realm {
	Realm { domain: "gateway.example".into(), genesis: [7; 32] }
}

fn account(of: &Keypair) -> AccountId {
	AccountId::from(of.public_key().0)
}

fn sign(by: &Keypair, message: &[u8]) -> String {
	format!("0x{}", hex::encode(by.sign(message).0))
}

/// What `alice` has to sign, and her signature.
fn signed(sessions: &Sessions) -> (String, String) {
	let alice = dev::alice();
	let text = sessions.challenge(&realm(), &account(&alice), NOW).unwrap().text();
	let signature = sign(&alice, &Challenge::signed_bytes(&text));
	(text, signature)
}

fn refused(result: Result<Signed, Refusal>, why: SignInRefusal) {
	match result {
		Err(refusal) => assert_eq!(refusal, Refusal::SignIn(why)),
		Ok(_) => panic!("it is accepted"),
	}
}

async fn token(sessions: &Sessions) -> Token {
	let (text, signature) = signed(sessions);
	let signed = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	sessions.open(signed, NOW).await.unwrap()
}

/// Whether a token is good.
async fn holds(sessions: &Sessions, token: &Token) -> bool {
	sessions.find(&token.token, NOW).await.is_ok()
}

#[tokio::test]
async fn a_challenge_is_used_once_for_a_token_or_for_something_else() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let [first, second, third] =
		[(); 3].map(|()| sessions.check(&realm(), &text, &signature, NOW).unwrap());
	assert_eq!(sessions.use_up(first, NOW).await.unwrap(), account(&dev::alice()));
	let used = Refusal::SignIn(SignInRefusal::Used);
	assert_eq!(sessions.use_up(second, NOW).await.unwrap_err(), used);
	assert_eq!(sessions.open(third, NOW).await.err(), Some(used));
	assert_eq!(sessions.count(NOW), 0);
}

#[tokio::test]
async fn a_signed_challenge_gives_a_token_for_a_quarter_of_an_hour() {
	let sessions = Sessions::default();
	let token = token(&sessions).await;
	assert_eq!(token.expires, NOW + 900);
	assert_eq!(token.token.len(), 64);
	let session = sessions.find(&token.token, NOW + 899).await.unwrap();
	assert_eq!(session.account, account(&dev::alice()));
	assert!(matches!(sessions.find(&token.token, NOW + 900).await, Err(Refusal::NotSignedIn)));
	assert_eq!(sessions.count(NOW + 900), 0);
}

/// The clock is a day ahead for a while.
#[tokio::test]
async fn a_clock_that_is_set_right_keeps_nobody_out() {
	const AHEAD: u64 = NOW + 24 * 60 * 60;
	let sessions = Sessions::default();
	let before = token(&sessions).await;
	assert!(sessions.find(&before.token, AHEAD).await.is_err());

	let alice = dev::alice();
	let challenge = || {
		let text = sessions.challenge(&realm(), &account(&alice), AHEAD).unwrap().text();
		let signature = sign(&alice, &Challenge::signed_bytes(&text));
		(text, signature)
	};
	for _ in 0..3 {
		let (text, signature) = challenge();
		let signed = sessions.check(&realm(), &text, &signature, AHEAD).unwrap();
		sessions.open(signed, AHEAD).await.unwrap();
	}
	let (text, signature) = challenge();
	refused(sessions.check(&realm(), &text, &signature, NOW), SignInRefusal::Expired);
	let after = token(&sessions).await;
	assert!(holds(&sessions, &after).await);
	// Those of a day ahead keep none of the others longer than it may be.
	assert_eq!(sessions.count(NOW), 4);
	assert!(sessions.find(&after.token, NOW + 900).await.is_err());
	assert_eq!(sessions.count(NOW + 900), 3);
	assert_eq!(sessions.count(AHEAD + 900), 0);
}

#[tokio::test]
async fn a_forged_or_ended_token_is_nobodys() {
	let sessions = Sessions::default();
	let token = token(&sessions).await;
	let forged = [String::new(), "0".repeat(64), token.token.to_uppercase() + "x"];
	for forged in forged {
		assert!(matches!(sessions.find(&forged, NOW).await, Err(Refusal::NotSignedIn)));
	}
	sessions.close(&token.token).await.unwrap();
	assert!(matches!(sessions.find(&token.token, NOW).await, Err(Refusal::NotSignedIn)));
}

#[tokio::test]
async fn a_challenge_is_good_once() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let once = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	let again = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	sessions.open(once, NOW).await.unwrap();
	let replayed = sessions.open(again, NOW + 60).await;
	assert!(matches!(replayed, Err(Refusal::SignIn(SignInRefusal::Used))));
	// An sr25519 signature is different each time: it is the nonce that counts.
	let other = sign(&dev::alice(), &Challenge::signed_bytes(&text));
	assert_ne!(other, signature);
	refused(sessions.check(&realm(), &text, &other, NOW + 119), SignInRefusal::Used);
}

#[test]
fn a_challenge_is_good_for_two_minutes() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	assert!(sessions.check(&realm(), &text, &signature, NOW + 119).is_ok());
	refused(sessions.check(&realm(), &text, &signature, NOW + 120), SignInRefusal::Expired);
	refused(sessions.check(&realm(), &text, &signature, NOW - 60), SignInRefusal::Expired);
}

#[test]
fn a_signature_without_the_wrapper_is_refused() {
	let sessions = Sessions::default();
	let (text, _) = signed(&sessions);
	let bare = sign(&dev::alice(), text.as_bytes());
	refused(sessions.check(&realm(), &text, &bare, NOW), SignInRefusal::BadSignature);
	let half = sign(&dev::alice(), format!("<Bytes>{text}").as_bytes());
	refused(sessions.check(&realm(), &text, &half, NOW), SignInRefusal::BadSignature);
}

#[test]
fn a_signed_extrinsic_payload_is_no_sign_in() {
	let sessions = Sessions::default();
	// A signed transaction's bytes, as text and as hex, with a signature that fits.
	let payload = "\u{4}\u{0}\u{0}remark\u{5}\u{2}";
	let hex = format!("0x{}", hex::encode(payload));
	for text in [payload, hex.as_str()] {
		let signature = sign(&dev::alice(), text.as_bytes());
		refused(sessions.check(&realm(), text, &signature, NOW), SignInRefusal::Malformed);
		let wrapped = sign(&dev::alice(), &Challenge::signed_bytes(text));
		refused(sessions.check(&realm(), text, &wrapped, NOW), SignInRefusal::Malformed);
	}
}

#[test]
fn a_sign_in_to_another_domain_or_chain_is_refused() {
	let sessions = Sessions::default();
	let alice = dev::alice();
	let other_domain = Realm { domain: "evil.example".into(), ..realm() };
	let other_chain = Realm { genesis: [8; 32], ..realm() };
	for (other, why) in
		[(other_domain, SignInRefusal::OtherDomain), (other_chain, SignInRefusal::OtherChain)]
	{
		let text = sessions.challenge(&other, &account(&alice), NOW).unwrap().text();
		let signature = sign(&alice, &Challenge::signed_bytes(&text));
		refused(sessions.check(&realm(), &text, &signature, NOW), why);
	}
}

#[test]
fn a_challenge_that_was_not_issued_here_is_refused() {
	let (here, elsewhere) = (Sessions::default(), Sessions::default());
	let (text, signature) = signed(&elsewhere);
	refused(here.check(&realm(), &text, &signature, NOW), SignInRefusal::NotIssuedHere);

	// Issued here, then made to last longer.
	let alice = dev::alice();
	let mut longer = here.challenge(&realm(), &account(&alice), NOW).unwrap();
	longer.expires += 60;
	let text = longer.text();
	let signature = sign(&alice, &Challenge::signed_bytes(&text));
	refused(here.check(&realm(), &text, &signature, NOW), SignInRefusal::NotIssuedHere);
}

/// The client chooses the key, after the vault has made the nonce.
#[tokio::test]
async fn a_challenge_may_name_a_key_of_the_session() {
	let sessions = Sessions::default();
	let alice = dev::alice();
	let mut challenge = sessions.challenge(&realm(), &account(&alice), NOW).unwrap();
	challenge.session_key = Some([9; 32]);
	let text = challenge.text();
	let signature = sign(&alice, &Challenge::signed_bytes(&text));
	// The account's signature covers it.
	let other = text.replace(&"09".repeat(32), &"0a".repeat(32));
	refused(sessions.check(&realm(), &other, &signature, NOW), SignInRefusal::BadSignature);
	let signed = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	assert_eq!(sessions.use_up(signed, NOW).await.unwrap(), account(&alice));
}

#[test]
fn a_signature_by_another_account_or_no_signature_is_refused() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let bob = sign(&dev::bob(), &Challenge::signed_bytes(&text));
	let flipped =
		format!("{}{}", &signature[..129], if signature.ends_with('0') { '1' } else { '0' });
	for bad in [bob.as_str(), &flipped, &signature[2..], &signature[..128], "0x", "", "0xzz"] {
		refused(sessions.check(&realm(), &text, bad, NOW), SignInRefusal::BadSignature);
	}
}

#[tokio::test]
async fn an_account_has_sixteen_tokens_and_no_other_account_loses_one() {
	let sessions = Sessions::default();
	let bob = dev::bob();
	let text = sessions.challenge(&realm(), &account(&bob), NOW).unwrap().text();
	let signature = sign(&bob, &Challenge::signed_bytes(&text));
	let bobs = sessions
		.open(sessions.check(&realm(), &text, &signature, NOW).unwrap(), NOW)
		.await
		.unwrap();
	let mut tokens = Vec::new();
	for _ in 0..17 {
		tokens.push(token(&sessions).await);
	}
	assert!(sessions.find(&tokens[0].token, NOW).await.is_err());
	for one in &tokens[1..] {
		assert!(holds(&sessions, one).await);
	}
	assert!(sessions.find(&bobs.token, NOW).await.is_ok());
	assert_eq!(sessions.count(NOW), 17);
}

#[tokio::test]
async fn an_account_signs_in_only_so_often() {
	let sessions = Sessions::default();
	for _ in 0..SIGN_INS_PER_ACCOUNT {
		token(&sessions).await;
	}
	let (text, signature) = signed(&sessions);
	let one_more = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	assert!(matches!(sessions.open(one_more, NOW).await, Err(Refusal::TooMany { .. })));
}

#[test]
fn challenges_are_given_out_at_a_bounded_rate() {
	let sessions = Sessions::default();
	let alice = account(&dev::alice());
	let given =
		(0..10_000).take_while(|_| sessions.challenge(&realm(), &alice, NOW).is_ok()).count();
	assert_eq!(given, 2_000);
	assert!(sessions.challenge(&realm(), &alice, NOW + 1).is_ok());
}

/// Signs in, up to the question whether the chain knows the account.
fn admitted(sessions: &Sessions, by: &Keypair, from: [u8; 4], now: u64) -> Result<(), Refusal> {
	let text = sessions.challenge(&realm(), &account(by), now).unwrap().text();
	let signature = sign(by, &Challenge::signed_bytes(&text));
	let signed = sessions.check(&realm(), &text, &signature, now).unwrap();
	sessions.admit(&signed, Caller::at(from.into()), now)
}

/// One of many keys that the chain does not know.
fn stranger(number: u8) -> Keypair {
	Keypair::from_secret_key([number; 32]).unwrap()
}

#[tokio::test]
async fn one_key_from_many_addresses_leaves_the_others_their_sign_ins() {
	let sessions = Sessions::default();
	token(&sessions).await;
	// A newcomer, and one that has signed in before.
	for (by, last) in [(dev::bob(), 1), (dev::alice(), 2)] {
		let mut taken = 0;
		for address in 0..200 {
			taken += usize::from(admitted(&sessions, &by, [203, 0, address, last], NOW).is_ok());
		}
		assert_eq!(taken, SIGN_INS_PER_ACCOUNT);
		assert_eq!(admitted(&sessions, &by, [203, 0, 0, last], NOW + 1), Ok(()));
	}
	for number in 0..100 {
		assert_eq!(admitted(&sessions, &stranger(number), [192, 0, 2, number], NOW + 1), Ok(()));
	}
}

#[tokio::test]
async fn a_replayed_challenge_is_known_before_its_signature_is_checked() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	sessions.open(sessions.check(&realm(), &text, &signature, NOW).unwrap(), NOW).await.unwrap();
	let no_signature = format!("0x{}", "00".repeat(64));
	for signature in [&signature, &no_signature] {
		refused(sessions.check(&realm(), &text, signature, NOW), SignInRefusal::Used);
	}
}

#[tokio::test]
async fn a_flood_of_new_accounts_keeps_out_none_that_has_signed_in_before() {
	let sessions = Sessions::default();
	token(&sessions).await;
	let flood = |now| {
		for last in 0..8 {
			for number in 0..64 {
				let _ = admitted(&sessions, &stranger(number), [203, 0, 113, last], now);
			}
		}
	};
	let sign_in = |by, now| admitted(&sessions, &by, [192, 0, 2, 1], now);
	flood(NOW);
	assert_eq!(sign_in(dev::charlie(), NOW), Err(Refusal::TooMany { seconds: 1 }));
	assert_eq!(sign_in(dev::alice(), NOW), Ok(()));
	let later = NOW + KNOWN;
	flood(later);
	assert!(sign_in(dev::alice(), later).is_err(), "that was long ago");
}

#[test]
fn a_flood_from_one_address_leaves_newcomers_from_others_their_sign_ins() {
	let sessions = Sessions::default();
	let (flood, hospital) = ([203, 0, 113, 1], [192, 0, 2, 1]);
	let taken =
		(0..200).take_while(|number| admitted(&sessions, &stranger(*number), flood, NOW).is_ok());
	assert_eq!(taken.count(), 64);
	assert!(admitted(&sessions, &dev::charlie(), flood, NOW).is_err());
	assert_eq!(admitted(&sessions, &dev::charlie(), hospital, NOW), Ok(()));
	assert_eq!(admitted(&sessions, &dev::charlie(), flood, NOW + 1), Ok(()));
}

#[tokio::test]
async fn an_unknown_accounts_challenge_is_good_once_too() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let [first, second] =
		[(); 2].map(|()| sessions.check(&realm(), &text, &signature, NOW).unwrap());
	let address = Caller::at([192, 0, 2, 1].into());
	sessions.reject(first, NOW).await;
	let used = Err(Refusal::SignIn(SignInRefusal::Used));
	assert_eq!(sessions.admit(&second, address, NOW), used, "the chain is not asked again");
	assert!(matches!(sessions.open(second, NOW).await, Err(Refusal::SignIn(SignInRefusal::Used))));
	refused(sessions.check(&realm(), &text, &signature, NOW), SignInRefusal::Used);
}

#[tokio::test]
async fn a_hundred_thousand_sign_ins_keep_no_others_out_and_take_little_memory() {
	let sessions = Sessions::default();
	token(&sessions).await;
	let presented = |number: u32, now| {
		let mut account = [0; 32];
		account[..4].copy_from_slice(&number.to_be_bytes());
		let session = Session {
			account: account.into(),
			challenge: String::new(),
			signature: String::new(),
			reader: None,
			expires: now + TOKEN_LIFETIME,
		};
		let nonce_expires = now + CHALLENGE_LIFETIME;
		Signed { session, nonce: number.to_string(), nonce_expires }
	};
	let (flood, hospital) = ([203, 0, 113, 1], [192, 0, 2, 1]);
	let mut admitted_of_flood: usize = 0;
	for second in 0..50 {
		let now = NOW + second;
		for one in 0..2_000 {
			let number = u32::try_from(second * 2_000 + one).unwrap();
			let signed = presented(number, now);
			if sessions.admit(&signed, Caller::at(flood.into()), now).is_ok() {
				admitted_of_flood += 1;
				sessions.reject(signed, now).await;
			}
		}
		for by in [dev::alice(), dev::charlie()] {
			assert_eq!(admitted(&sessions, &by, hospital, now), Ok(()), "{second}");
		}
	}
	// 64 at once, and two a second.
	assert!((64..=64 + 2 * 50).contains(&admitted_of_flood), "{admitted_of_flood}");
	let state = sessions.state();
	assert!(state.used.len() <= admitted_of_flood + 1);
	assert!(state.accounts.len() <= MAX_CALLERS, "{}", state.accounts.len());
}

#[test]
fn an_address_signs_in_only_so_often() {
	let sessions = Sessions::default();
	let address = |text: &str| Caller::at(text.parse().unwrap());
	for _ in 0..1_000 {
		sessions.count_request(address("192.0.2.1"), NOW).unwrap();
	}
	let refused = sessions.count_request(address("192.0.2.1"), NOW);
	assert_eq!(refused, Err(Refusal::TooMany { seconds: 1 }));
	sessions.count_request(address("192.0.2.2"), NOW).unwrap();
	sessions.count_request(address("192.0.2.1"), NOW + 1).unwrap();
}

/// Two gateways with one database.
async fn two(place: &Place) -> [Sessions; 2] {
	let mut both = Vec::new();
	for _ in 0..2 {
		let state = state::State::open(place, HospitalId(0)).await.unwrap();
		both.push(Sessions::shared(state).await.unwrap());
	}
	both.try_into().ok().unwrap()
}

#[tokio::test]
async fn gateways_with_one_database_share_challenges_and_tokens() {
	with_each(async |place| {
		let [here, there] = two(&place).await;
		let (text, signature) = signed(&here);
		let check = |at: &Sessions| at.check(&realm(), &text, &signature, NOW).unwrap();
		let [first, second, third] = [check(&there), check(&here), check(&there)];
		let token = there.open(first, NOW).await.unwrap();
		let used = Some(Refusal::SignIn(SignInRefusal::Used));
		assert_eq!(here.open(second, NOW).await.err(), used, "it is used up at the other one");
		assert_eq!(there.open(third, NOW).await.err(), used);
		let session = here.find(&token.token, NOW).await.unwrap();
		assert_eq!(session.account, account(&dev::alice()));
		assert_eq!((&session.challenge, &session.signature), (&text, &signature));
		assert!(here.find(&token.token, NOW + 900).await.is_err());

		there.close(&token.token).await.unwrap();
		here.hear(NOW).await.unwrap();
		assert!(!holds(&here, &token).await && !holds(&there, &token).await);
	})
	.await;
}

#[tokio::test]
async fn gateways_with_one_database_share_the_limit_of_tokens_and_who_is_known() {
	with_each(async |place| {
		let [here, there] = two(&place).await;
		let oldest = token(&here).await;
		for _ in 0..16 {
			token(&there).await;
		}
		here.hear(NOW).await.unwrap();
		assert!(!holds(&here, &oldest).await);
		assert!(here.state().known.contains_key(&account(&dev::alice()).0));
		here.state().known.clear();
		here.learn(NOW - 1).await.unwrap();
		assert_eq!(here.state().known.get(&account(&dev::alice()).0), Some(&NOW));
	})
	.await;
}

#[tokio::test]
async fn a_signed_request_is_answered_by_one_gateway() {
	with_each(async |place| {
		let gateways = two(&place).await;
		let (alice, key) = (dev::alice(), stranger(7));
		let mut challenge = gateways[0].challenge(&realm(), &account(&alice), NOW).unwrap();
		challenge.session_key = Some(key.public_key().0);
		let text = challenge.text();
		let signature = sign(&alice, &Challenge::signed_bytes(&text));
		let signed = gateways[0].check(&realm(), &text, &signature, NOW).unwrap();
		let token = gateways[0].open(signed, NOW).await.unwrap();
		let request = Request {
			genesis: realm().genesis,
			hospital: HospitalId(0),
			patient: PatientId(1),
			subject: Subject::Record { index: 0, digest: [1; 32] },
			time: NOW * 1_000,
			nonce: [1; 16],
		};
		let asked = request.sign(&key);
		let mut sessions = Vec::new();
		for one in &gateways {
			sessions.push(one.find(&token.token, NOW).await.unwrap());
		}
		assert_eq!(gateways[0].use_request(&sessions[0], &asked).await, Ok(()));
		let used = Err(Refusal::RequestUsed);
		assert_eq!(gateways[1].use_request(&sessions[1], &asked).await, used);
	})
	.await;
}

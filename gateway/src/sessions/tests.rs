use super::*;
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

fn token(sessions: &Sessions) -> Token {
	let (text, signature) = signed(sessions);
	let signed = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	sessions.open(signed, NOW).unwrap()
}

#[test]
fn a_challenge_is_used_once_for_a_token_or_for_something_else() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let check = || sessions.check(&realm(), &text, &signature, NOW).unwrap();
	assert_eq!(sessions.use_up(check(), NOW).unwrap(), account(&dev::alice()));
	let used = Refusal::SignIn(SignInRefusal::Used);
	assert_eq!(sessions.use_up(check(), NOW).unwrap_err(), used);
	assert_eq!(sessions.open(check(), NOW).err(), Some(used));
	assert_eq!(sessions.count(NOW), 0);
}

#[test]
fn a_signed_challenge_gives_a_token_for_a_quarter_of_an_hour() {
	let sessions = Sessions::default();
	let token = token(&sessions);
	assert_eq!(token.expires, NOW + 900);
	assert_eq!(token.token.len(), 64);
	let session = sessions.find(&token.token, NOW + 899).unwrap();
	assert_eq!(session.account, account(&dev::alice()));
	assert!(matches!(sessions.find(&token.token, NOW + 900), Err(Refusal::NotSignedIn)));
	assert_eq!(sessions.count(NOW + 900), 0);
}

#[test]
fn a_forged_or_ended_token_is_nobodys() {
	let sessions = Sessions::default();
	let token = token(&sessions);
	let forged = [String::new(), "0".repeat(64), token.token.to_uppercase() + "x"];
	for forged in forged {
		assert!(matches!(sessions.find(&forged, NOW), Err(Refusal::NotSignedIn)));
	}
	sessions.close(&token.token);
	assert!(matches!(sessions.find(&token.token, NOW), Err(Refusal::NotSignedIn)));
}

#[test]
fn a_challenge_is_good_once() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let once = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	let again = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	sessions.open(once, NOW).unwrap();
	let replayed = sessions.open(again, NOW + 60);
	assert!(matches!(replayed, Err(Refusal::SignIn(SignInRefusal::Used))));
	// An sr25519 signature is different each time: it is the nonce that counts.
	let other = sign(&dev::alice(), &Challenge::signed_bytes(&text));
	assert_ne!(other, signature);
	let again = sessions.check(&realm(), &text, &other, NOW + 119).unwrap();
	assert!(matches!(sessions.open(again, NOW + 119), Err(Refusal::SignIn(SignInRefusal::Used))));
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

#[test]
fn an_account_has_sixteen_tokens_and_no_other_account_loses_one() {
	let sessions = Sessions::default();
	let bob = dev::bob();
	let text = sessions.challenge(&realm(), &account(&bob), NOW).unwrap().text();
	let signature = sign(&bob, &Challenge::signed_bytes(&text));
	let bobs =
		sessions.open(sessions.check(&realm(), &text, &signature, NOW).unwrap(), NOW).unwrap();
	let tokens: Vec<_> = (0..17).map(|_| token(&sessions)).collect();
	assert!(sessions.find(&tokens[0].token, NOW).is_err());
	assert!(tokens[1..].iter().all(|one| sessions.find(&one.token, NOW).is_ok()));
	assert!(sessions.find(&bobs.token, NOW).is_ok());
	assert_eq!(sessions.count(NOW), 17);
}

#[test]
fn an_account_signs_in_only_so_often() {
	let sessions = Sessions::default();
	for _ in 0..SIGN_INS_PER_ACCOUNT {
		token(&sessions);
	}
	let (text, signature) = signed(&sessions);
	let one_more = sessions.check(&realm(), &text, &signature, NOW).unwrap();
	assert!(matches!(sessions.open(one_more, NOW), Err(Refusal::TooMany { .. })));
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

#[test]
fn a_flood_of_new_accounts_keeps_out_none_that_has_signed_in_before() {
	let sessions = Sessions::default();
	token(&sessions);
	let flood = |now| {
		for last in 0..8 {
			while admitted(&sessions, &dev::bob(), [203, 0, 113, last], now).is_ok() {}
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
	let taken = (0..1_000).take_while(|_| admitted(&sessions, &dev::bob(), flood, NOW).is_ok());
	assert_eq!(taken.count(), 64);
	assert!(admitted(&sessions, &dev::charlie(), flood, NOW).is_err());
	assert_eq!(admitted(&sessions, &dev::charlie(), hospital, NOW), Ok(()));
	assert_eq!(admitted(&sessions, &dev::charlie(), flood, NOW + 1), Ok(()));
}

#[test]
fn an_unknown_accounts_challenge_is_good_once_too() {
	let sessions = Sessions::default();
	let (text, signature) = signed(&sessions);
	let again = || sessions.check(&realm(), &text, &signature, NOW).unwrap();
	let address = Caller::at([192, 0, 2, 1].into());
	sessions.reject(again(), NOW);
	let used = Err(Refusal::SignIn(SignInRefusal::Used));
	assert_eq!(sessions.admit(&again(), address, NOW), used, "the chain is not asked again");
	assert!(matches!(sessions.open(again(), NOW), Err(Refusal::SignIn(SignInRefusal::Used))));
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

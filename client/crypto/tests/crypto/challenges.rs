use medblock_crypto::{Challenge, Error};
use proptest::prelude::*;

fn challenge() -> Challenge {
	Challenge {
		domain: "gateway.st-anne.example".into(),
		account: "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV".into(),
		genesis: [0xab; 32],
		nonce: "00112233445566778899aabbccddeeff".into(),
		issued: 1_795_414_680,
		expires: 1_795_414_800,
		session_key: None,
	}
}

#[test]
fn the_text_can_be_read_by_people() {
	let expected = "gateway.st-anne.example asks you to sign in to MedBlock with your account:\n\
		5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV\n\
		\n\
		Signing shows who you are. It changes nothing on the chain, costs nothing and gives \
		nobody access to your records.\n\
		\n\
		Chain: 0xabababababababababababababababababababababababababababababababab\n\
		Nonce: 00112233445566778899aabbccddeeff\n\
		Issued At: 2026-11-23T06:18:00Z\n\
		Expiration Time: 2026-11-23T06:20:00Z";
	assert_eq!(challenge().text(), expected);
	assert_eq!(Challenge::parse(expected).unwrap(), challenge());
}

#[test]
fn key_of_the_session_is_the_last_line() {
	let challenge = Challenge { session_key: Some([0xcd; 32]), ..challenge() };
	let key = "cd".repeat(32);
	let text = challenge.text();
	assert!(text.ends_with(&format!("Time: 2026-11-23T06:20:00Z\nSession Key: 0x{key}")), "{text}");
	assert_eq!(Challenge::parse(&text).unwrap(), challenge);
	for bad in [
		text.replace("0xcd", "0xCD"),
		text.replace("0xcd", "0x"),
		text.replace("Session Key", "Key"),
		text.clone() + "\n",
		format!("{text}\nSession Key: 0x{key}"),
	] {
		assert!(matches!(Challenge::parse(&bad), Err(Error::NotAChallenge)), "{bad}");
	}
}

#[test]
fn hosts_with_ports_and_addresses_are_taken() {
	for domain in ["localhost:8443", "127.0.0.1:80", "[::1]:8080", "xn--krankenhaus-9za.example"] {
		let challenge = Challenge { domain: domain.into(), ..challenge() };
		assert_eq!(Challenge::parse(&challenge.text()).unwrap(), challenge);
	}
}

#[test]
fn a_text_that_is_only_similar_is_refused() {
	let text = challenge().text();
	let changed = |from: &str, to: &str| {
		assert!(text.contains(from), "{from}");
		text.replacen(from, to, 1)
	};
	for text in [
		String::new(),
		"\n".repeat(9),
		text.clone() + "\n",
		text.clone() + "\nMore: yes",
		format!("\n{text}"),
		format!(" {text}"),
		text.replace('\n', "\r\n"),
		text.to_uppercase(),
		text[..text.len() - 1].to_owned(),
		changed("nothing on", "something on"),
		changed("your records.\n\n", "your records.\n"),
		changed("Nonce: ", "Nonce:  "),
		changed("0xab", "0xAB"),
		changed("0xab", "0x"),
		changed("Chain: 0xab", "Chain: 0xzz"),
		changed("aabbccddeeff", "AABBCCDDEEFF"),
		changed("aabbccddeeff", "aabbccddeef"),
		changed("aabbccddeeff", "aabbccddeeff00"),
		changed("06:18:00Z", "06:18:00.5Z"),
		changed("06:18:00Z", "06:18:00+00:00"),
		changed("T06:18:00Z", " 06:18:00Z"),
		changed("06:18:00Z", "25:18:00Z"),
		changed("06:18:00Z", "06:20:00Z"),
		changed("2026-11-23T06:18:00Z", "1969-12-31T23:59:59Z"),
		changed("gateway.st-anne.example", ""),
		changed("gateway.st-anne.example", "Gateway.example"),
		changed("gateway.st-anne.example", "gateway.example/path"),
		changed("gateway.st-anne.example", "me@gateway.example"),
		changed("gateway.st-anne.example", "gateway\u{202e}.example"),
		changed("gateway.st-anne.example", "gateway.example asks you"),
		changed("gateway.st-anne.example", &"a".repeat(261)),
		changed("5Dfh", "5Dfh "),
		changed("5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV", ""),
		changed("Issued At", "Not Before"),
	] {
		assert!(matches!(Challenge::parse(&text), Err(Error::NotAChallenge)), "{text:?}");
	}
	assert!(matches!(Challenge::parse(&"a".repeat(10 << 20)), Err(Error::NotAChallenge)));
}

#[test]
fn no_field_can_pose_as_another() {
	let inserted = Challenge { account: "5D\nNonce: 00".into(), ..challenge() };
	assert!(Challenge::parse(&inserted.text()).is_err());
	let inserted = Challenge { domain: challenge().text(), ..challenge() };
	assert!(Challenge::parse(&inserted.text()).is_err());
}

#[test]
fn a_text_names_the_domain_that_it_was_made_for() {
	let other = Challenge { domain: "gateway.evil.example".into(), ..challenge() };
	assert_ne!(Challenge::parse(&other.text()).unwrap().domain, challenge().domain);
}

#[test]
fn times_beyond_all_calendars_do_not_panic() {
	for (issued, expires) in [(0, u64::MAX), (u64::MAX - 1, u64::MAX), (0, i64::MAX as u64)] {
		let challenge = Challenge { issued, expires, ..challenge() };
		let _ = Challenge::parse(&challenge.text());
	}
}

#[test]
fn what_is_signed_is_wrapped() {
	let text = challenge().text();
	let signed = Challenge::signed_bytes(&text);
	assert_eq!(signed, format!("<Bytes>{text}</Bytes>").into_bytes());
	assert_eq!(Challenge::unwrap_signed(&signed).unwrap(), text);
}

#[test]
fn what_is_not_wrapped_is_refused() {
	let text = challenge().text();
	for bytes in [
		text.clone(),
		format!("<Bytes>{text}"),
		format!("{text}</Bytes>"),
		format!(" <Bytes>{text}</Bytes>"),
		format!("<bytes>{text}</bytes>"),
		format!("<Bytes>{text}</Bytes>\n"),
		"<Bytes>".into(),
		"<Bytes></Byte".into(),
		String::new(),
		// The payload of a transaction begins with the index of a pallet and a call.
		"\u{5}\u{3}\0payload".into(),
	] {
		assert!(
			matches!(Challenge::unwrap_signed(bytes.as_bytes()), Err(Error::NotWrapped)),
			"{bytes}"
		);
	}
	let invalid = [&b"<Bytes>\xff"[..], b"</Bytes>"].concat();
	assert!(matches!(Challenge::unwrap_signed(&invalid), Err(Error::NotAChallenge)));
	let long = Challenge::signed_bytes(&"a".repeat(2_000));
	assert!(matches!(Challenge::unwrap_signed(&long), Err(Error::NotAChallenge)));
}

proptest! {
	#[test]
	fn every_sound_challenge_reads_back(
		domain in "[a-z0-9][a-z0-9.-]{0,60}(:[0-9]{1,5})?",
		account in "[1-9A-HJ-NP-Za-km-z]{46,49}",
		genesis: [u8; 32],
		nonce: [u8; 16],
		issued in 0..253_402_207_000u64,
		lasts in 1..3_600u64,
		session_key: Option<[u8; 32]>,
	) {
		let nonce = hex::encode(nonce);
		let expires = issued + lasts;
		let challenge =
			Challenge { domain, account, genesis, nonce, issued, expires, session_key };
		prop_assert_eq!(Challenge::parse(&challenge.text()).unwrap(), challenge);
	}

	#[test]
	fn no_text_panics(text in ".{0,300}") {
		let _ = Challenge::parse(&text);
		let _ = Challenge::unwrap_signed(text.as_bytes());
	}
}

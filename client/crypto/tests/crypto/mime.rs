//! Plaintexts that are not records, encrypted to the right key.

use medblock_crypto::{Error, Headers, Key, encrypt, peek};

use crate::support::{age_file, headers, identity, key, read_with_1, record};

const PADDING: &str = "MedBlock-Padding: xxx\r\n\r\n";
const REST: &str = "Subject: Title\r\nContent-Type: text/plain\r\n\
	Content-Transfer-Encoding: binary\r\n";

fn opened(plain: &str) -> Result<(Headers, Vec<u8>), Error> {
	read_with_1(&age_file(plain.as_bytes()))
}

/// Neither opened nor shown.
fn refused(plain: &str, why: &str) {
	let file = age_file(plain.as_bytes());
	let error = read_with_1(&file).err().unwrap_or_else(|| panic!("taken: {plain:.80}"));
	assert!(matches!(error, Error::NotARecord(_)), "{error} {plain:.80}");
	assert!(error.to_string().contains(why), "{error} {plain:.80}");
	// What stands behind the padding's first line is not looked at in a listing.
	if let Err(error) = peek(Key::Identities(&[identity(1)]), &file) {
		assert!(matches!(error, Error::NotARecord(_)), "{error}");
	}
}

#[test]
fn the_least_record_opens() {
	let plain = format!("MIME-Version: 1.0\r\n{REST}{PADDING}body");
	let (headers, body) = opened(&plain).unwrap();
	assert_eq!((headers.title.as_str(), headers.media_type.as_str()), ("Title", "text/plain"));
	assert_eq!((headers.file_name, headers.written_at, &body[..]), (None, None, &b"body"[..]));
}

#[test]
fn names_of_headers_have_no_case() {
	let plain = format!("mime-version: 1.0\r\n{REST}{PADDING}").replace("Subject", "SUBJECT");
	assert_eq!(opened(&plain).unwrap().0.title, "Title");
}

#[test]
fn the_plaintext_is_a_mime_entity() {
	let file = record(b"body\0\xff");
	let mut plain = Vec::new();
	let decryptor = age::Decryptor::new_buffered(&file[..]).unwrap();
	let mut reader = decryptor.decrypt(std::iter::once(&identity(1) as _)).unwrap();
	std::io::Read::read_to_end(&mut reader, &mut plain).unwrap();

	let expected = "MIME-Version: 1.0\r\n\
		Subject: Röntgen, linkes Knie\r\n\
		Date: Mon, 23 Nov 2026 06:18:00 -0000\r\n\
		Content-Type: application/dicom\r\n\
		Content-Disposition: attachment; filename*=UTF-8''knie%20links.dcm\r\n\
		Content-Transfer-Encoding: binary\r\n\
		MedBlock-Padding: xxxx";
	assert!(plain.starts_with(expected.as_bytes()), "{}", String::from_utf8_lossy(&plain[..400]));
	assert!(plain.ends_with(b"x\r\n\r\nbody\0\xff"));
	assert!(plain.split(|byte| *byte == b'\n').all(|line| line.len() < 998));
	assert!(Headers::read(&mut &plain[..]).unwrap() == headers());
}

#[test]
fn a_header_twice_or_unknown_is_refused() {
	for extra in [
		"Subject: Another",
		"subject: Another",
		"MIME-Version: 1.0",
		"Content-Type: text/html",
		"Content-Transfer-Encoding: binary",
		"MedBlock-Index: 0000000000000000000000000000000000000000000000000000000000000000",
	] {
		refused(&format!("MIME-Version: 1.0\r\n{extra}\r\n{REST}{extra}\r\n{PADDING}"), "twice");
	}
	for extra in ["X-Title: a", "From: a@example.org", "Content-ID: <a>", "Bcc: b", ": a", " : a"] {
		refused(&format!("MIME-Version: 1.0\r\n{REST}{extra}\r\n{PADDING}"), "no record has");
	}
}

#[test]
fn a_header_that_lacks_or_says_something_else_is_refused() {
	let whole = format!("MIME-Version: 1.0\r\n{REST}{PADDING}");
	for line in whole.split_inclusive("\r\n").take(4) {
		refused(&whole.replace(line, ""), "lacks");
	}
	for (from, to) in [
		("1.0", "1.1"),
		("binary", "base64"),
		("text/plain", "multipart/mixed; boundary=a"),
		("text/plain", "text/plain; charset=\"utf-8\""),
		("text/plain", "text"),
		("text/plain", "text/"),
		("text/plain", ""),
		("Title", &"a".repeat(257)),
	] {
		refused(&whole.replacen(from, to, 1), "not allowed");
	}
	for extra in [
		"Date: yesterday",
		"MedBlock-Index:",
		"MedBlock-Index: 00",
		"MedBlock-Index: 000000000000000000000000000000000000000000000000000000000000000A",
		"Date: Mon, 31 Feb 2026 00:00:00 +0000",
		"Content-Disposition: inline",
		"Content-Disposition: attachment; filename=\"a.pdf\"",
		"Content-Disposition: attachment; filename*=UTF-8''%",
		"Content-Disposition: attachment; filename*=UTF-8''%4",
		"Content-Disposition: attachment; filename*=UTF-8''%GG",
		"Content-Disposition: attachment; filename*=UTF-8''%+1",
		"Content-Disposition: attachment; filename*=UTF-8''%FF",
		"Content-Disposition: attachment; filename*=UTF-8''a b",
		"Content-Disposition: attachment; filename*=UTF-8''a; filename=b",
		"Content-Disposition: attachment; filename*=ISO-8859-1''a",
	] {
		refused(&format!("MIME-Version: 1.0\r\n{extra}\r\n{REST}{PADDING}"), "not allowed");
	}
}

#[test]
fn headers_that_do_not_hold_together_are_refused() {
	let version = "MIME-Version: 1.0\r\n";
	refused("", "too long, or does not end");
	refused("MIME-Version: 1.0", "too long, or does not end");
	refused("MIME-Version: 1.0\n", "too long, or does not end");
	refused(&"a".repeat(200_000), "too long, or does not end");
	refused(&format!("{version}Subject: {}\r\n{PADDING}", "a".repeat(990)), "too long");
	refused("no colon\r\n", "no name");
	refused(
		&format!("{version}Subject: Folded\r\n over: two lines\r\n{REST}{PADDING}"),
		"no record",
	);
	refused(&format!("{version}{REST}\r\nbody"), "no padding");
	refused(&format!("{version}{REST}"), "does not end");
}

#[test]
fn nine_kib_of_headers_are_refused() {
	// Each at most once and none longer than a line: more than 8 KiB are always one too many.
	let many = format!("Content-Type: a/{}\r\n", "b".repeat(200)).repeat(45);
	refused(&format!("MIME-Version: 1.0\r\n{many}{REST}{PADDING}"), "twice");
	let unknown = "X-A: b\r\n".repeat(1_200);
	refused(&format!("MIME-Version: 1.0\r\n{unknown}{REST}{PADDING}"), "no record has");
}

#[test]
fn padding_carries_nothing_and_nothing_follows_it() {
	let before = format!("MIME-Version: 1.0\r\n{REST}MedBlock-Padding:");
	for first in ["", " ", "x", " xXx", " smuggled", "  x", " x "] {
		refused(&format!("{before}{first}\r\n\r\n"), "says something");
	}
	for next in ["Subject: late", " y", " ", "x", "  x", " x\0", " xy"] {
		refused(&format!("{before} x\r\n{next}\r\n\r\n"), "in or behind its padding");
	}
	refused(&format!("{before} x\r\n"), "does not end");
	let endless = format!(" {}\r\n", "x".repeat(900)).repeat(100);
	refused(&format!("{before} x\r\n{endless}\r\n"), "too long");
}

#[test]
fn titles_that_mislead_are_cleaned() {
	for (written, shown) in [
		("\u{1b}[31mred", "[31mred"),
		("a\u{202e}gpj.exe", "agpj.exe"),
		("\u{feff}a\u{2028}b\u{2066}", "ab"),
		("a\0\t\u{7f}\u{9b}b", "ab"),
		("\u{202e}", ""),
		("", ""),
		("王秀英  د. ليلى", "王秀英  د. ليلى"),
	] {
		let plain = format!("MIME-Version: 1.0\r\n{}{PADDING}", REST.replace("Title", written));
		assert_eq!(opened(&plain).unwrap().0.title, shown);
	}
	let invalid = [b"MIME-Version: 1.0\r\nSubject: \xff\r\n", REST.as_bytes()].concat();
	assert!(matches!(read_with_1(&age_file(&invalid)), Err(Error::NotARecord(_))));
}

#[test]
fn names_that_mislead_are_made_safe() {
	for (written, safe) in [
		("..%2F..%2Fetc%2Fpasswd", "passwd"),
		("C%3A%5CWindows%5Csystem.ini", "system.ini"),
		("a%E2%80%AEgpj.exe", "agpj.exe"),
		("%1B%5B2J", "[2J"),
		("", "record"),
		("..", "record"),
	] {
		let disposition =
			format!("Content-Disposition: attachment; filename*=UTF-8''{written}\r\n");
		let plain = format!("MIME-Version: 1.0\r\n{disposition}{REST}{PADDING}");
		assert_eq!(opened(&plain).unwrap().0.file_name.as_deref(), Some(safe));
	}
}

#[test]
fn what_could_not_be_read_is_not_written() {
	let written = |headers: &Headers| {
		let mut file = Vec::new();
		let result = encrypt(&[key(1)], headers, &b""[..], 0, &mut file);
		assert!(result.is_ok() || file.is_empty());
		result
	};
	for title in [
		"",
		" ",
		"\u{200d}",
		"\u{3164}\u{fe0f}",
		"a\nb",
		"a\r\nBcc: b",
		"a\0",
		"\u{1b}[2J",
		"a\u{202e}b",
		&"ä".repeat(129),
	] {
		let refused = written(&Headers { title: title.into(), ..headers() });
		assert!(matches!(refused, Err(Error::InvalidTitle)), "{title:?}");
	}
	for media_type in [
		"",
		"text",
		"text/",
		"/plain",
		"text/plain;charset=a",
		"text/plain; charset=",
		"a/b; c=d",
		"text/plain; charset=a; charset=b",
		"text/pl ain",
		"text/plain\r\nBcc: b",
		"tëxt/plain",
		&format!("a/{}", "b".repeat(254)),
	] {
		let refused = written(&Headers { media_type: media_type.into(), ..headers() });
		assert!(matches!(refused, Err(Error::InvalidMediaType)), "{media_type:?}");
	}
	for time in [i64::MIN, i64::MAX, -100_000_000_000] {
		let refused = written(&Headers { written_at: Some(time), ..headers() });
		assert!(matches!(refused, Err(Error::InvalidTime)), "{time}");
	}
	let longest = Headers {
		title: "ä".repeat(128),
		media_type: format!("text/{}; charset=utf-8", "b".repeat(200)),
		file_name: Some("ü".repeat(1_000)),
		written_at: Some(0),
	};
	assert!(written(&longest).is_ok());
}

use medblock_crypto::{Headers, MAX_TITLE, encrypt, titles_of};
use proptest::prelude::*;

use crate::support::key;

/// The title of a file that is added alone.
fn title_of(name: &str) -> String {
	titles_of(&[name]).remove(0)
}

#[test]
fn names_with_invisible_characters_get_clean_titles() {
	for (name, title) in [
		("Blood test.pdf", "Blood test"),
		("\u{2028}x.jpg", "x"),
		("\u{2029}x.pdf", "x"),
		("\u{feff}scan.pdf", "scan"),
		("\u{200e}scan.pdf", "scan"),
		("\u{202e}gpj.exe", "gpj"),
		("a\u{2028}b\tc\nd.txt", "a b c d"),
		("zero\u{200b}width\u{ad}.txt", "zerowidth"),
		// Joiners are letters' own.
		("می\u{200c}خواهم.pdf", "می\u{200c}خواهم"),
		("caf\u{fffd}.pdf", "caf"),
		("archive.tar.gz", "archive.tar"),
		(".profile", ".profile"),
		("IM000001", "IM000001"),
		("", "record"),
		(" \u{feff} ", "record"),
		("\u{202e}.pdf", "record"),
		// What shows nothing by itself is no title alone.
		("\u{200d}.pdf", "record"),
		("\u{3164}\u{2800} \u{fe0f}.pdf", "record"),
		("   .pdf", "record"),
		("❤\u{fe0f}.jpg", "❤\u{fe0f}"),
		// Letters of two characters, and signs around letters.
		("Mu\u{308}ller.pdf", "Mu\u{308}ller"),
		("กิ่งแก้ว.pdf", "กิ่งแก้ว"),
		("שלום\u{202c}\u{2069}.pdf", "שלום"),
	] {
		assert_eq!(title_of(name), title, "{name:?}");
	}
}

#[test]
fn titles_of_files_can_be_told_apart() {
	assert_eq!(titles_of(&["a.pdf", "a.docx", "b.pdf"]), ["a.pdf", "a.docx", "b"]);
	assert_eq!(
		titles_of(&["\u{feff}a.pdf", "a.pdf"]),
		["a.pdf", "a.pdf"],
		"there is no more to tell"
	);
	assert_eq!(titles_of(&["a.pdf", "a.docx", "a.pdf.zip"]), ["a.pdf", "a.docx", "a.pdf.zip"]);
	assert_eq!(titles_of(&["a", "a.pdf"]), ["a", "a.pdf"]);
	// As people see them.
	for (name, other) in [
		("a\u{200d}.pdf", "a.docx"),
		("a\u{200c}.pdf", "a.docx"),
		("a\u{fe0f}.pdf", "a.docx"),
		("a\u{a0}b.pdf", "a b.docx"),
		("a\u{3000}b.pdf", "a b.docx"),
		("\u{e9}.pdf", "e\u{301}.docx"),
		("e\u{200d}\u{301}.pdf", "\u{e9}.docx"),
		("\u{ac00}.pdf", "\u{1100}\u{1161}.docx"),
	] {
		assert_eq!(titles_of(&[name, other]), [name, other]);
	}
	assert_eq!(titles_of(&["A.pdf", "a.docx", "â.pdf"]), ["A", "a", "â"]);
	assert_eq!(titles_of::<&str>(&[]), Vec::<String>::new());
}

#[test]
fn long_names_end_between_two_characters() {
	let title = title_of(&"ü".repeat(200));
	assert_eq!((title.len(), title.chars().count()), (MAX_TITLE, 128));
	assert_eq!(title_of(&"x".repeat(255)).len(), 255);
}

proptest! {
	#[test]
	fn every_name_makes_a_title_that_records_take(
		name in prop_oneof![".*", "[./ \u{2028}\u{202e}\u{feff}\u{1b}\u{fffd}a-]*"],
	) {
		let title = title_of(&name);
		let headers = Headers {
			title: title.clone(),
			media_type: "application/pdf".to_owned(),
			file_name: Some(name),
			written_at: None,
		};
		let written = encrypt(&[key(1)], &headers, std::io::empty(), 0, std::io::sink());
		prop_assert!(written.is_ok(), "{title:?}");
	}
}

use std::collections::BTreeSet;

use medblock_crypto::{Error, Mnemonic, SHEETS, Sheet};

fn words() -> Mnemonic {
	Mnemonic::generate()
}

/// The sheet after it has been on paper.
fn copied(sheet: &Sheet) -> Sheet {
	Sheet::parse(&sheet.words()).unwrap()
}

#[test]
fn any_two_of_three_sheets_give_the_words_back() {
	let words = words();
	let kit = Sheet::print(&words).unwrap();
	for (one, two) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
		let back = copied(&kit[one]).join(&Sheet::parse(&kit[two].code()).unwrap()).unwrap();
		assert_eq!(*back.words(), *words.words());
	}
	assert_eq!(kit.iter().map(Sheet::number).collect::<Vec<_>>(), [1, 2, 3]);
	assert!(kit.iter().all(|sheet| sheet.kit() == kit[0].kit()));
}

#[test]
fn kits_are_made_of_phrases_of_any_length_and_never_look_like_one() {
	for (phrase, count) in [
		("bottom drive obey lake curtain smoke basket hold race lonely fit walk", 17),
		(words().words().as_str(), 29),
	] {
		let phrase = Mnemonic::parse(phrase).unwrap();
		let [one, two, _] = Sheet::print(&phrase).unwrap();
		assert_eq!(*copied(&one).join(&copied(&two)).unwrap().words(), *phrase.words());
		let text = one.words();
		assert_eq!(text.split(' ').count(), count);
		assert!(matches!(Mnemonic::parse(&text), Err(Error::WordCount(_))));
	}
}

/// Every value of a byte of the entropy is equally likely behind one sheet: for each there is a second sheet that gives it.
#[test]
fn one_sheet_alone_says_nothing() {
	let words = words();
	let mut seen = BTreeSet::new();
	for _ in 0..64 {
		let [one, ..] = Sheet::print(&words).unwrap();
		seen.insert(one.words().to_string());
	}
	assert_eq!(seen.len(), 64, "the same words never give the same sheet");
	// A stranger's second sheet of the same kit and number opens something else just as well.
	let [mine, second, _] = Sheet::print(&words).unwrap();
	let right = mine.join(&second).unwrap();
	let [_, two, _] = Sheet::print(&Mnemonic::generate()).unwrap();
	// As if it were of this kit: what tells kits apart is random.
	let stranger = relabelled(&two, &mine).unwrap();
	let opened = mine.join(&stranger).unwrap();
	assert_ne!(*opened.words(), *right.words());
}

/// The sheet with the other's kit in its place.
fn relabelled(sheet: &Sheet, of: &Sheet) -> Option<Sheet> {
	use sha2::{Digest, Sha256};
	let bytes = |sheet: &Sheet| {
		let (_, data, _) = bech32::decode(&sheet.code()).ok()?;
		<Vec<u8> as bech32::FromBase32>::from_base32(&data).ok()
	};
	let (mut own, other) = (bytes(sheet)?, bytes(of)?);
	own[1..3].copy_from_slice(&other[1..3]);
	let content = own.len() - 4;
	let sum =
		Sha256::new().chain_update(b"medblock/v1/sheet").chain_update(&own[..content]).finalize();
	own[content..].copy_from_slice(&sum[..4]);
	let data = bech32::ToBase32::to_base32(&own);
	Sheet::parse(&bech32::encode("medblock-sheet-", data, bech32::Variant::Bech32).ok()?).ok()
}

#[test]
fn sheets_of_different_kits_and_the_same_sheet_twice_are_refused() {
	let words = words();
	let [one, two, three] = Sheet::print(&words).unwrap();
	let mut other = Sheet::print(&words).unwrap();
	// Kits are told apart by two random bytes.
	while other[0].kit() == one.kit() {
		other = Sheet::print(&words).unwrap();
	}
	for mine in [&one, &two, &three] {
		for theirs in &other {
			assert!(matches!(mine.join(theirs), Err(Error::OtherKit)));
		}
		assert!(matches!(mine.join(mine), Err(Error::SameSheet)));
	}
}

#[test]
fn sheets_are_read_as_hands_and_scanners_write_them() {
	let [sheet, ..] = Sheet::print(&words()).unwrap();
	let text = sheet.words();
	let numbered: Vec<String> =
		text.split(' ').enumerate().map(|(place, word)| format!("{}. {word}", place + 1)).collect();
	let (code, lines) = (sheet.code(), numbered.join("\r\n"));
	for written in
		[text.to_uppercase(), lines, code.to_string(), format!(" {}\n", code.to_lowercase())]
	{
		assert_eq!(*Sheet::parse(&written).unwrap().code(), *code, "{written}");
	}
}

#[test]
fn misread_sheets_are_refused() {
	let [sheet, ..] = Sheet::print(&words()).unwrap();
	let text = sheet.words();
	let mut words: Vec<&str> = text.split(' ').collect();
	let shorter = words[1..].join(" ");
	words.swap(4, 5);
	let swapped = words.join(" ");
	let replaced = text.replacen(text.split(' ').next().unwrap(), "zoo", 1);
	let mut code = sheet.code().to_string();
	code.pop();
	let many = ["zoo"; 40].join(" ");
	let account = Mnemonic::generate().words().to_string();
	for bad in [shorter, replaced, code, many, account, String::new(), "MEDBLOCK-SHEET-1".into()] {
		assert!(matches!(Sheet::parse(&bad), Err(Error::NotASheet)), "{bad}");
	}
	// Two words that are the same can be swapped.
	if swapped != *text {
		assert!(Sheet::parse(&swapped).is_err());
	}
	assert!(matches!(Sheet::parse("zoo zoooo"), Err(Error::UnknownWord(2))));
	assert_eq!(SHEETS, 3);
}

/// Made by another program, by what `src/sheet.rs` says.
#[test]
fn sheets_have_the_form_that_is_written_down() {
	let [one, two, three] = [
		"MEDBLOCK-SHEET-1ZX43YYTC8UJJR9U2J7MEXXGJK7V5UNVWZA42GR8JT7R",
		"bargain flat loan face apple social actor expose tiny table room slice guitar merit erode dignity poverty",
		"MEDBLOCK-SHEET-1ZW43YPCCJHGSGPZR30GJ8C6DYFDXCGWK7W2KJFSERPV",
	]
	.map(|text| Sheet::parse(text).unwrap());
	assert_eq!((one.number(), two.number(), three.number(), one.kit().as_str()), (1, 2, 3, "ab12"));
	let words = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
	for (sheet, other) in [(&one, &two), (&three, &one), (&two, &three)] {
		assert_eq!(*sheet.join(other).unwrap().words(), words);
	}
	assert_eq!(
		*one.words(),
		"balance flat lounge vacant venture move funny fancy resource occur dwarf hundred neutral chat debate unhappy \
		 piano"
	);
	assert_eq!(*two.code(), "MEDBLOCK-SHEET-1Z243YRPGCZ4EHS92SH38H8H0UKM869CNY8C2JKXUDSM");
}

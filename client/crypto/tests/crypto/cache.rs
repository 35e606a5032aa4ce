use medblock_crypto::{CacheKey, Mnemonic};

const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

fn key(genesis: u8, account: u8) -> CacheKey {
	Mnemonic::parse(WORDS).unwrap().seed("").root().titles_key(&[genesis; 32], &[account; 32])
}

#[test]
fn piece_opens_for_its_account_and_place_only() {
	let plain = [7; 5_000];
	let sealed = key(1, 2).seal(b"piece 3", &plain);
	assert_eq!(sealed.len(), plain.len() + 28);
	assert_eq!(**key(1, 2).open(b"piece 3", &sealed).unwrap(), plain);
	assert!(key(1, 2).open(b"piece 4", &sealed).is_none(), "another piece");
	assert!(key(9, 2).open(b"piece 3", &sealed).is_none(), "another chain");
	assert!(key(1, 9).open(b"piece 3", &sealed).is_none(), "another account");
	let other = Mnemonic::generate().seed("").root().titles_key(&[1; 32], &[2; 32]);
	assert!(other.open(b"piece 3", &sealed).is_none(), "other words");
}

#[test]
fn damaged_and_short_pieces_do_not_open() {
	let sealed = key(1, 2).seal(b"", b"titles");
	for place in 0..sealed.len() {
		let mut damaged = sealed.clone();
		damaged[place] ^= 1;
		assert!(key(1, 2).open(b"", &damaged).is_none(), "byte {place}");
		assert!(key(1, 2).open(b"", &sealed[..place]).is_none(), "cut at {place}");
	}
	let empty = key(1, 2).seal(b"", b"");
	assert!(key(1, 2).open(b"", &empty).unwrap().is_empty());
}

#[test]
fn each_piece_has_a_nonce_of_its_own_and_names_say_nothing() {
	assert_ne!(key(1, 2).seal(b"", b"titles")[..12], key(1, 2).seal(b"", b"titles")[..12]);
	assert_eq!(key(1, 2).name(b"chart 7"), key(1, 2).name(b"chart 7"));
	assert_ne!(key(1, 2).name(b"chart 7"), key(1, 2).name(b"chart 8"));
	assert_ne!(key(1, 2).name(b"chart 7"), key(1, 3).name(b"chart 7"));
}

#[test]
fn names_notebook_receipts_and_titles_have_keys_of_their_own() {
	let root = Mnemonic::parse(WORDS).unwrap().seed("").root();
	let notebook = root.notebook_key(&[1; 32], &[2; 32]);
	let sealed = notebook.seal(b"", b"notes");
	assert_eq!(**notebook.open(b"", &sealed).unwrap(), *b"notes");
	let receipts = root.receipts_key(&[1; 32], &[2; 32]);
	assert!(key(1, 2).open(b"", &sealed).is_none());
	assert!(receipts.open(b"", &sealed).is_none());
	assert!(root.names_key(&[1; 32], &[2; 32]).open(b"", &sealed).is_none());
	let names = root.names_key(&[1; 32], &[2; 32]).seal(b"", b"names");
	assert!(notebook.open(b"", &names).is_none() && key(1, 2).open(b"", &names).is_none());
	assert!(root.names_key(&[1; 32], &[3; 32]).open(b"", &names).is_none(), "another account");
	assert_ne!(key(1, 2).name(b"chart 7"), receipts.name(b"chart 7"));
	assert_ne!(key(1, 2).name(b"chart 7"), notebook.name(b"chart 7"));
}

//! Words that people type.

use crate::{
	exit::{Code, Failure},
	passphrase::Source,
};
use medblock_crypto::Mnemonic;
use medblock_keystore::{Error, ExposeSecret};
use zeroize::Zeroizing;

/// The most words that there are.
const MOST: usize = 24;

/// The longest text that is typed, in bytes: more than the words of any phrase.
const LONGEST: usize = 1_024;

/// The words of an account, typed on the terminal in one line or several, and not shown.
pub fn ask() -> Result<Mnemonic, Failure> {
	// With enough capacity: growing would leave a copy behind that is not erased.
	let mut words = Zeroizing::new(String::with_capacity(2 * LONGEST));
	loop {
		let prompt = match words.split_whitespace().count() {
			0 => "The account's words, with spaces between them (they are not shown): ".to_owned(),
			MOST.. => break,
			count => format!("{count} words. The others, or just Enter if these are all: "),
		};
		let line = Source::Terminal.existing(&prompt, "--words-file")?;
		let line = line.expose_secret();
		if line.trim().is_empty() {
			break;
		}
		if line.len().saturating_add(words.len()) > LONGEST {
			return Err(Failure::new(Code::WrongKey, "these are more than an account's words"));
		}
		words.push_str(line);
		words.push(' ');
	}
	Ok(Mnemonic::parse(&words).map_err(Error::Words)?)
}

//! Keys as age prints them: Bech32 (BIP-173) without its limit of 90 characters.

use bech32::{Bech32Writer, FromBase32, ToBase32, Variant};
use zeroize::Zeroizing;

/// The longest text that is read: longer than any key.
const MAX_LENGTH: usize = 2_048;

/// `data` after `prefix`, in lower case.
pub(crate) fn encode(prefix: &str, data: &[u8]) -> Zeroizing<String> {
	// With enough capacity, since growing would leave a copy behind that is not erased.
	let mut text = Zeroizing::new(String::with_capacity(prefix.len() + 8 + data.len() * 8 / 5));
	let mut writer = Bech32Writer::new(prefix, Variant::Bech32, &mut *text)
		.expect("a string takes whatever is written");
	data.write_base32(&mut writer).expect("a string takes whatever is written");
	writer.finalize().expect("a string takes whatever is written");
	text
}

/// The data of a Bech32 text with this prefix, in either case; `None` for anything else.
pub(crate) fn decode(prefix: &str, text: &str) -> Option<Zeroizing<Vec<u8>>> {
	if text.len() > MAX_LENGTH {
		return None;
	}
	let (found, mut digits, variant) = bech32::decode(text).ok()?;
	let data = Vec::from_base32(&digits).map(Zeroizing::new);
	digits.fill(bech32::u5::default());
	std::hint::black_box(&digits);
	(variant == Variant::Bech32 && found.eq_ignore_ascii_case(prefix)).then_some(data.ok())?
}

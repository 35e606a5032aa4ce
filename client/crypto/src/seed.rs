//! A person's keys, from the words that they keep.

use bip39::Language;
use hmac::Hmac;
use rand::{RngCore, rngs::OsRng};
use sha2::Sha512;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, Identity, hidden::hide, kdf, words};

/// The number of rounds in both `substrate-bip39` and BIP-39.
const ROUNDS: u32 = 2_048;

/// A recovery phrase (BIP-39, English). The words give access to every key of their owner.
pub struct Mnemonic(bip39::Mnemonic);

/// The 64 bytes from which all of a person's keys are derived.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Seed([u8; 64]);

/// The root of a patient's epoch secrets; see [`EpochSecret`](crate::EpochSecret).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Root([u8; 32]);

hide!(Mnemonic, Seed, Root);

impl Mnemonic {
	/// 24 fresh words, from the system's random numbers.
	pub fn generate() -> Self {
		let mut entropy = Zeroizing::new([0; 32]);
		OsRng.fill_bytes(entropy.as_mut());
		Self(bip39::Mnemonic::from_entropy(entropy.as_ref()).expect("32 bytes make 24 words"))
	}

	/// Reads 12 to 24 English words, in upper or lower case, as any editor or sheet has them: only letters
	/// count, so that there may be numbers, commas, line ends, spaces of all kinds and marks around the words.
	/// Letters may have full width, and a word may have soft hyphens.
	///
	/// # Errors
	///
	/// [`WordCount`](Error::WordCount), [`UnknownWord`](Error::UnknownWord) or
	/// [`PhraseChecksum`](Error::PhraseChecksum). No error repeats a word.
	pub fn parse(words: &str) -> Result<Self, Error> {
		let normalized = words::plain(words);
		bip39::Mnemonic::parse_in_normalized(Language::English, &normalized).map(Self).map_err(
			|error| match error {
				bip39::Error::BadWordCount(count) => Error::WordCount(count),
				bip39::Error::UnknownWord(index) => Error::UnknownWord(index + 1),
				_ => Error::PhraseChecksum,
			},
		)
	}

	/// The phrase of these 16 to 32 bytes, if there is one.
	pub(crate) fn from_entropy(entropy: &[u8]) -> Option<Self> {
		bip39::Mnemonic::from_entropy(entropy).ok().map(Self)
	}

	/// The bytes that the words stand for.
	pub(crate) fn entropy(&self) -> Zeroizing<Vec<u8>> {
		let (mut array, length) = self.0.to_entropy_array();
		let entropy = Zeroizing::new(array.iter().take(length).copied().collect());
		array.zeroize();
		entropy
	}

	/// The words in lower case, one space between them.
	pub fn words(&self) -> Zeroizing<String> {
		// The list's longest words have eight letters.
		let mut words = Zeroizing::new(String::with_capacity(self.0.word_count() * 9));
		for word in self.0.words() {
			if !words.is_empty() {
				words.push(' ');
			}
			words.push_str(word);
		}
		words
	}

	/// The seed, as Substrate makes it: PBKDF2-HMAC-SHA512 over the phrase's **entropy** (BIP-39 takes the
	/// words instead), with the salt `"mnemonic" ‖ password`. So a Polkadot wallet with the same words has
	/// the same account.
	pub fn seed(&self, password: &str) -> Seed {
		let (mut entropy, length) = self.0.to_entropy_array();
		let mut salt = Zeroizing::new(String::with_capacity(8 + password.len()));
		salt.push_str("mnemonic");
		salt.push_str(password);
		let mut seed = Seed([0; 64]);
		pbkdf2::pbkdf2::<Hmac<Sha512>>(&entropy[..length], salt.as_bytes(), ROUNDS, &mut seed.0)
			.expect("HMAC takes keys of any length");
		entropy.zeroize();
		seed
	}
}

impl Seed {
	/// The account's sr25519 mini secret: the first 32 bytes, as in Substrate.
	pub fn account(&self) -> Zeroizing<[u8; 32]> {
		let mut secret = Zeroizing::new([0; 32]);
		secret.copy_from_slice(&self.0[..32]);
		secret
	}

	/// A patient's root: HKDF-SHA256 of all 64 bytes, info `medblock/v1/root`.
	pub fn root(&self) -> Root {
		Root(*kdf::derive(&[], &self.0, &[b"medblock/v1/root"]))
	}

	/// A version of the key that a doctor publishes: HKDF-SHA256 of all 64 bytes, info
	/// `medblock/v1/encryption-key` ‖ `version` (u32, big endian).
	pub fn encryption_identity(&self, version: u32) -> Identity {
		self.published_identity(b"medblock/v1/encryption-key", version)
	}

	/// A version of the key that a registrar publishes: HKDF-SHA256 of all 64 bytes, info
	/// `medblock/v1/registrar-key` ‖ `version` (u32, big endian).
	pub fn registrar_identity(&self, version: u32) -> Identity {
		self.published_identity(b"medblock/v1/registrar-key", version)
	}

	/// A version of the key with which a patient acts for others: HKDF-SHA256 of all 64 bytes, info
	/// `medblock/v1/acting-key` ‖ `version` (u32, big endian).
	pub fn acting_identity(&self, version: u32) -> Identity {
		self.published_identity(b"medblock/v1/acting-key", version)
	}

	/// The key of a new device to which guardians seal their shares: HKDF-SHA256 of all 64 bytes, info
	/// `medblock/v1/recovery-key`.
	pub fn recovery_identity(&self) -> Identity {
		Identity::from_seed(*kdf::derive(&[], &self.0, &[b"medblock/v1/recovery-key"]))
	}

	fn published_identity(&self, label: &[u8], version: u32) -> Identity {
		Identity::from_seed(*kdf::derive(&[], &self.0, &[label, &version.to_be_bytes()]))
	}
}

impl Root {
	/// A root from its bytes, once guardians have given them back.
	pub fn from_bytes(root: [u8; 32]) -> Self {
		Self(root)
	}

	/// The bytes, to divide them among guardians.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}
}

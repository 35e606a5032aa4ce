//! What a client keeps on its own device, so as not to fetch and open it again. Only the account's own words give
//! the key.

use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInPlace, KeyInit},
};
use rand::{RngCore, rngs::OsRng};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Root, hidden::hide, kdf};

/// The bytes of a nonce, and of a tag.
const NONCE: usize = 12;
const TAG: usize = 16;

/// The key to something that a client keeps for one account of one chain: titles, names, the notebook, or receipts.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct CacheKey([u8; 32]);

hide!(CacheKey);

impl Root {
	/// The key to kept titles: HKDF-SHA256 of the root, info `medblock/v1/titles` ‖ genesis ‖ the account's
	/// public key.
	pub fn titles_key(&self, genesis: &[u8; 32], account: &[u8; 32]) -> CacheKey {
		CacheKey(*kdf::derive(&[], self.expose(), &[b"medblock/v1/titles", genesis, account]))
	}

	/// The key to kept names of people: HKDF-SHA256 of the root, info `medblock/v1/names` ‖ genesis ‖ the account's
	/// public key.
	pub fn names_key(&self, genesis: &[u8; 32], account: &[u8; 32]) -> CacheKey {
		CacheKey(*kdf::derive(&[], self.expose(), &[b"medblock/v1/names", genesis, account]))
	}

	/// The key to the notebook: HKDF-SHA256 of the root, info `medblock/v1/notebook` ‖ genesis ‖ the account's
	/// public key.
	pub fn notebook_key(&self, genesis: &[u8; 32], account: &[u8; 32]) -> CacheKey {
		CacheKey(*kdf::derive(&[], self.expose(), &[b"medblock/v1/notebook", genesis, account]))
	}

	/// The key to what a recovery has given back: HKDF-SHA256 of the root, info `medblock/v1/recovered` ‖ genesis ‖ the
	/// account's public key.
	pub fn recovered_key(&self, genesis: &[u8; 32], account: &[u8; 32]) -> CacheKey {
		CacheKey(*kdf::derive(&[], self.expose(), &[b"medblock/v1/recovered", genesis, account]))
	}

	/// The key to vaults' receipts: HKDF-SHA256 of the root, info `medblock/v1/receipts` ‖ genesis ‖ the account's
	/// public key.
	pub fn receipts_key(&self, genesis: &[u8; 32], account: &[u8; 32]) -> CacheKey {
		CacheKey(*kdf::derive(&[], self.expose(), &[b"medblock/v1/receipts", genesis, account]))
	}
}

impl CacheKey {
	/// A name for something, which says nothing to anyone without the key: the first 16 bytes of HKDF-Expand, info
	/// `medblock/v1/titles-name` ‖ `of`.
	pub fn name(&self, of: &[u8]) -> [u8; 16] {
		let whole = kdf::expand(&self.0, &[b"medblock/v1/titles-name", of]);
		let mut name = [0; 16];
		name.copy_from_slice(&whole[..16]);
		name
	}

	/// Encrypts with ChaCha20-Poly1305 under HKDF-Expand, info `medblock/v1/titles-seal`: nonce (12, random) ‖
	/// ciphertext ‖ tag (16). `bound` are the additional data.
	pub fn seal(&self, bound: &[u8], plain: &[u8]) -> Vec<u8> {
		let mut sealed = vec![0; NONCE];
		OsRng.fill_bytes(&mut sealed);
		sealed.extend_from_slice(plain);
		let (nonce, text) = sealed.split_at_mut(NONCE);
		let tag = self
			.cipher()
			.encrypt_in_place_detached((&*nonce).into(), bound, text)
			.expect("a device keeps less than 256 GiB in one piece");
		sealed.extend_from_slice(&tag);
		sealed
	}

	/// Decrypts what [`seal`](Self::seal) made, if key and additional data are the same.
	pub fn open(&self, bound: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
		let (nonce, rest) = sealed.split_at_checked(NONCE)?;
		let (text, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
		let mut plain = Zeroizing::new(text.to_vec());
		self.cipher()
			.decrypt_in_place_detached(nonce.into(), bound, &mut plain, tag.into())
			.ok()?;
		Some(plain)
	}

	fn cipher(&self) -> ChaCha20Poly1305 {
		let key = kdf::expand(&self.0, &[b"medblock/v1/titles-seal"]);
		ChaCha20Poly1305::new((&*key).into())
	}
}

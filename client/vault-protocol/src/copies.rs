//! Copies of accounts' keys, for devices that have nothing but a passkey.
//!
//! A copy is an age file that a passkey alone opens. It lies under a *locator*: 32 random bytes that the passkey
//! carries in its user handle. `GET` takes no sign-in, since a new device has no account yet. Locators are
//! secrets, and so are their paths: they stand in no log. `PUT` and `DELETE` take the token of the account that the
//! copy belongs to. An unknown locator, one of another form, and one of another account get the same answer:
//! [`Code::NoSuchCopy`](crate::Code::NoSuchCopy).

/// The length of a locator in bytes.
pub const LOCATOR_LENGTH: usize = 32;

/// The longest copy, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;

/// The most copies of an account.
pub const MAX_PER_ACCOUNT: usize = 8;

/// The first line of an age file, version 1.
const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";

/// Whether the file begins as an age file does.
pub fn is_age_file(file: &[u8]) -> bool {
	file.starts_with(FIRST_LINE)
}

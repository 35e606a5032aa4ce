//! What a doctor who asks for an emergency tells in words: a file for the patient and the hospitals that have to confirm it.
//!
//! The chain has the SHA-256 of the file, and the gateway of each of these hospitals keeps the file. It is the *division* of
//! the patient's plan (32 bytes, which tell the patient the plan's key), and then an age file, encrypted to that key, to the
//! hospitals' profile keys, and to the doctor's own key. `PUT` takes what the chain names already. A file that the chain no
//! longer names is given to no one, and deleted.

use crate::copies::is_age_file;

/// The length of a plan's division, in bytes.
pub const DIVISION_LENGTH: usize = 32;

/// The longest file, in bytes: ten stanzas, and a text of some pages.
pub const MAX_LENGTH: usize = 32 * 1024;

/// The most files that a gateway keeps of one patient: as many as there are requests and emergencies on the chain.
pub const MAX_PER_PATIENT: usize = 24;

/// The parts of such a file: the plan's division, and the age file. None if it is no such file.
pub fn parts(file: &[u8]) -> Option<(&[u8; DIVISION_LENGTH], &[u8])> {
	let (division, age) = file.split_first_chunk()?;
	is_age_file(age).then_some((division, age))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn file_is_a_division_and_an_age_file() {
		let age: &[u8] = b"age-encryption.org/v1\nand the rest";
		let file = [&[7; DIVISION_LENGTH][..], age].concat();
		assert_eq!(parts(&file), Some((&[7; DIVISION_LENGTH], age)));
		for bad in [&file[1..], age, &file[..DIVISION_LENGTH], &[]] {
			assert_eq!(parts(bad), None);
		}
	}
}

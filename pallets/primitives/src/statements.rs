//! Statements that people's and validators' keys sign outside transactions. The party that signs and
//! the party that verifies build them here.

use crate::{HospitalId, Person, PublicKey};
use alloc::vec::Vec;
use codec::Encode;

/// The purpose of the statement by which a new account takes over.
const CHANGE_ACCOUNT: &[u8] = b"medblock/v1/change-account";

/// The purpose of the statement by which a new account asks its guardians to recover a person.
const RECOVERY: &[u8] = b"medblock/v1/recovery";

/// The purpose of the statement by which an account becomes a vault's.
const VAULT_ACCOUNT: &[u8] = b"medblock/v1/vault-account";

/// The prefix of a proof of possession, as `Session::set_keys` expects it.
const POSSESSION: &[u8] = b"POP_";

/// The bytes that `new` signs before it can take over `person` from `old`: the SCALE encoding of
/// purpose, genesis hash, person and both accounts, between `<Bytes>` and `</Bytes>`. Wallets put these
/// around everything that is no transaction.
pub fn change_account_message(
	genesis: &impl Encode,
	person: Person,
	old: &impl Encode,
	new: &impl Encode,
) -> Vec<u8> {
	let mut message = b"<Bytes>".to_vec();
	(CHANGE_ACCOUNT, genesis, person, old, new).encode_to(&mut message);
	message.extend(b"</Bytes>");
	message
}

/// The bytes that `new` signs before guardians can ask for `person` to be given to it: the SCALE encoding of purpose,
/// genesis hash, person, account, suite and public key, between `<Bytes>` and `</Bytes>`. Guardians seal their
/// shares to that key.
pub fn recovery_message(
	genesis: &impl Encode,
	person: Person,
	new: &impl Encode,
	suite: u8,
	key: &PublicKey,
) -> Vec<u8> {
	let mut message = b"<Bytes>".to_vec();
	(RECOVERY, genesis, person, new, suite, key).encode_to(&mut message);
	message.extend(b"</Bytes>");
	message
}

/// The bytes that `account` signs before it can be the account of a hospital's vault: the SCALE encoding of
/// purpose, genesis hash, hospital and account, between `<Bytes>` and `</Bytes>`.
pub fn vault_account_message(
	genesis: &impl Encode,
	hospital: HospitalId,
	account: &impl Encode,
) -> Vec<u8> {
	let mut message = b"<Bytes>".to_vec();
	(VAULT_ACCOUNT, genesis, hospital, account).encode_to(&mut message);
	message.extend(b"</Bytes>");
	message
}

/// The bytes that each session key of a validator signs, to show that it is held and meant for the
/// hospital whose controller is `owner`.
pub fn ownership_statement(owner: &impl Encode) -> Vec<u8> {
	let mut statement = POSSESSION.to_vec();
	owner.encode_to(&mut statement);
	statement
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{DoctorId, PatientId};

	#[test]
	fn statements_have_the_bytes_that_other_programs_sign() {
		let (genesis, old, new) = ([1u8; 32], [2u8; 32], [3u8; 32]);
		let expected = |person: [u8; 5]| {
			// The purpose's length in SCALE's compact form: 26 * 4.
			let purpose = [&[104][..], b"medblock/v1/change-account"].concat();
			[b"<Bytes>", &purpose[..], &genesis, &person, &old, &new, b"</Bytes>"].concat()
		};
		let message = |person| change_account_message(&genesis, person, &old, &new);
		assert_eq!(message(Person::Patient(PatientId(7))), expected([0, 7, 0, 0, 0]));
		assert_eq!(message(Person::Doctor(DoctorId(256))), expected([1, 0, 1, 0, 0]));
		assert_eq!(ownership_statement(&old), [b"POP_", &old[..]].concat());
		let purpose = [&[100][..], b"medblock/v1/vault-account"].concat();
		let expected =
			[b"<Bytes>", &purpose[..], &genesis, &[2, 0, 0, 0], &new, b"</Bytes>"].concat();
		assert_eq!(vault_account_message(&genesis, HospitalId(2), &new), expected);
		let purpose = [&[80][..], b"medblock/v1/recovery"].concat();
		let key = PublicKey::truncate_from(alloc::vec![7, 8]);
		let expected = [
			b"<Bytes>",
			&purpose[..],
			&genesis,
			&[0, 7, 0, 0, 0],
			&new,
			&[1, 2 << 2, 7, 8],
			b"</Bytes>",
		]
		.concat();
		let person = Person::Patient(PatientId(7));
		assert_eq!(recovery_message(&genesis, person, &new, 1, &key), expected);
	}
}

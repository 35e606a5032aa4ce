use curve25519_dalek::{ristretto::RistrettoPoint, scalar::Scalar};
use medblock_crypto::{
	DividedKind, DividedSecret, Division, Error, MAX_SHARES, SHARE_LENGTH, SecretShare,
	check_share, divide, is_division_of, join,
};

const SECRET: [u8; 32] = [9; 32];

const ROOT: DividedSecret =
	DividedSecret { genesis: [1; 32], kind: DividedKind::PatientRoot, owner: 5 };

fn division(threshold: usize, count: usize) -> Division {
	divide(&ROOT, &SECRET, threshold, count).unwrap()
}

/// The shares of these numbers.
fn some(division: &Division, numbers: &[usize]) -> Vec<(usize, SecretShare)> {
	numbers.iter().map(|number| (*number, division.shares[number - 1].clone())).collect()
}

fn joined(division: &Division, shares: &[(usize, SecretShare)]) -> Result<[u8; 32], Error> {
	join(&ROOT, &division.commitments, &division.secret, shares).map(|secret| *secret)
}

#[test]
fn any_shares_that_suffice_open_the_secret_and_fewer_do_not() {
	for (threshold, count) in [(2, 2), (2, 3), (3, 5), (8, 8), (2, 8)] {
		let made = division(threshold, count);
		assert_eq!((made.commitments.len(), made.shares.len()), (threshold, count));
		let first: Vec<usize> = (1..=threshold).collect();
		let last: Vec<usize> = (count - threshold + 1..=count).rev().collect();
		let all: Vec<usize> = (1..=count).collect();
		for numbers in [&first, &last, &all] {
			assert_eq!(joined(&made, &some(&made, numbers)).unwrap(), SECRET);
		}
		let refused = joined(&made, &some(&made, &first[1..])).unwrap_err();
		let fewer = threshold - 1;
		assert!(
			matches!(refused, Error::TooFewShares { needed, given } if (needed, given) == (threshold, fewer))
		);
	}
}

#[test]
fn two_at_least_have_to_agree_and_no_more_than_there_are() {
	for (threshold, count) in [(0, 0), (0, 3), (1, 1), (1, 3), (3, 2), (2, 9), (9, 9), (2, 1)] {
		let refused = divide(&ROOT, &SECRET, threshold, count).unwrap_err();
		assert!(matches!(refused, Error::ShareCount { .. }), "{threshold} of {count}");
	}
}

#[test]
fn each_right_share_fits_its_number_and_no_other() {
	let made = division(2, 3);
	for (place, share) in made.shares.iter().enumerate() {
		for number in 0..=MAX_SHARES + 1 {
			let fits = check_share(&made.commitments, number, share).is_ok();
			assert_eq!(fits, number == place + 1, "share {} as {number}", place + 1);
		}
	}
}

#[test]
fn foreign_and_garbage_shares_are_told_from_right_ones() {
	let (made, other) = (division(2, 3), division(2, 3));
	let elsewhere = divide(&DividedSecret { owner: 6, ..ROOT }, &SECRET, 2, 3).unwrap();
	let own = *made.shares[0].expose();
	let with = |place: usize, byte: u8| {
		let mut share = own;
		share[place] ^= byte;
		SecretShare::from_bytes(share)
	};
	let halves = |value: &[u8], blinding: &[u8]| {
		SecretShare::from_bytes([value, blinding].concat().try_into().unwrap())
	};
	let second = *made.shares[1].expose();
	for wrong in [
		other.shares[0].clone(),
		elsewhere.shares[0].clone(),
		made.shares[1].clone(),
		SecretShare::from_bytes([0; SHARE_LENGTH]),
		// No scalars at all: they are greater than the group's order.
		SecretShare::from_bytes([0xff; SHARE_LENGTH]),
		with(3, 4),
		with(35, 4),
		// The right value with a blinding that is another's, missing, or no scalar, and the reverse.
		halves(&own[..32], &second[32..]),
		halves(&second[..32], &own[32..]),
		halves(&own[..32], &[0; 32]),
		halves(&own[..32], &[0xff; 32]),
		halves(&own[32..], &own[..32]),
	] {
		assert!(matches!(check_share(&made.commitments, 1, &wrong), Err(Error::WrongShare)));
		let with_right_ones = [some(&made, &[2, 3]), vec![(1, wrong)]].concat();
		assert!(matches!(joined(&made, &with_right_ones), Err(Error::WrongShare)));
	}
}

#[test]
fn share_that_is_given_twice_counts_once() {
	let made = division(2, 3);
	let refused = joined(&made, &some(&made, &[1, 1, 1])).unwrap_err();
	assert!(matches!(refused, Error::TooFewShares { needed: 2, given: 1 }));
	assert_eq!(joined(&made, &some(&made, &[1, 1, 3])).unwrap(), SECRET);
}

#[test]
fn shares_of_before_and_after_a_renewal_do_not_go_together() {
	let (before, after) = (division(2, 3), division(2, 3));
	assert_ne!(before.commitments, after.commitments);
	let mixed = [some(&before, &[1]), some(&after, &[2])].concat();
	for division in [&before, &after] {
		assert!(joined(division, &mixed).is_err());
	}
}

#[test]
fn commitments_that_are_none_fit_no_share() {
	let made = division(2, 3);
	let share = &made.shares[0];
	for commitments in [vec![], vec![[0xff; 32]; 2], vec![[0; 32]; 2]] {
		assert!(check_share(&commitments, 1, share).is_err());
		assert!(join(&ROOT, &commitments, &made.secret, &some(&made, &[1, 2])).is_err());
	}
	// One commitment would let each share alone open the secret.
	let one = &made.commitments[..1];
	assert!(join(&ROOT, one, &made.secret, &[]).is_err());
}

#[test]
fn right_shares_open_no_other_ciphertext_and_for_no_other_person() {
	let (made, other) = (division(2, 3), division(2, 3));
	let shares = some(&made, &[1, 2]);
	let refused = join(&ROOT, &made.commitments, &other.secret, &shares);
	assert!(matches!(refused, Err(Error::WrongDivision)));
	for of in [
		DividedSecret { owner: 6, ..ROOT },
		DividedSecret { genesis: [2; 32], ..ROOT },
		DividedSecret { kind: DividedKind::DoctorKey, ..ROOT },
	] {
		let refused = join(&of, &made.commitments, &made.secret, &shares);
		assert!(matches!(refused, Err(Error::WrongDivision)), "{of:?}");
	}
}

/// What a quantum computer gets from a commitment to a value alone is that value.
#[test]
fn commitments_are_to_no_value_without_its_blinding() {
	let made = division(2, 3);
	let of_value = |share: &SecretShare| {
		let value = share.expose()[..32].try_into().unwrap();
		RistrettoPoint::mul_base(&Scalar::from_canonical_bytes(value).unwrap())
	};
	let [first, second] = [0, 1].map(|place| of_value(&made.shares[place]));
	// With two values, the polynomial of the values is known.
	let feldman = [first + first - second, second - first].map(|one| one.compress().to_bytes());
	assert!(feldman.iter().zip(&made.commitments).all(|(one, other)| one != other));
}

#[test]
fn owner_knows_divisions_of_the_present_secret() {
	let made = division(3, 5);
	assert!(is_division_of(&ROOT, &made.commitments, &SECRET));
	assert!(!is_division_of(&ROOT, &made.commitments, &[8; 32]), "after new words");
	assert!(!is_division_of(&DividedSecret { owner: 6, ..ROOT }, &made.commitments, &SECRET));
	let mut swapped = made.commitments.clone();
	swapped.swap(1, 2);
	assert!(!is_division_of(&ROOT, &swapped, &SECRET));
	assert!(!is_division_of(&ROOT, &[], &SECRET));
}

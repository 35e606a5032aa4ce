//! Secrets divided into shares: some of them give the secret back, and fewer say nothing (Shamir, 1979). Public
//! commitments tell a right share from a wrong one (Feldman, 1987), in ristretto255 (RFC 9496).
//!
//! What is divided is a scalar, since shares are scalars. A key derived from it encrypts the secret. The scalar itself is
//! derived from the secret and the other commitments, so that the secret's owner can tell later whether a division is
//! of this secret, without keeping anything.

use std::{convert::Infallible, iter};

use curve25519_dalek::{
	ristretto::{CompressedRistretto, RistrettoPoint},
	scalar::Scalar,
};
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use vsss_rs::{
	DefaultShare, FeldmanVerifierSet, Gf256, IdentifierPrimeField, Polynomial, ReadableShareSet,
	ShareElement, ValueGroup, shamir,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, WRAPPED_LENGTH, hidden::hide, kdf, wrapping};

/// The smallest number of shares that may open a secret.
pub const MIN_SHARES: usize = 2;

/// The largest number of shares of one secret.
pub const MAX_SHARES: usize = 8;

const WRAP_LABEL: &[u8] = b"medblock/v1/divided";
const SCALAR_LABEL: &[u8] = b"medblock/v1/division";

/// A share, with its number as the place on the polynomial.
type Point = DefaultShare<IdentifierPrimeField<Scalar>, IdentifierPrimeField<Scalar>>;

/// A commitment to one of the polynomial's coefficients.
type Commitment = ValueGroup<RistrettoPoint>;

/// The kind of a secret that is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DividedKind {
	/// A patient's root.
	PatientRoot,
	/// The seed of a doctor's encryption key.
	DoctorKey,
	/// The seed of the key of a patient's emergency plan.
	EmergencyKey,
}

/// A secret that is divided: whose, and on which chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DividedSecret {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// What it is.
	pub kind: DividedKind,
	/// The number of the patient or the doctor.
	pub owner: u32,
}

impl DividedSecret {
	/// The fields, of fixed width so that no two secrets read the same.
	pub(crate) fn bytes(&self) -> [u8; 37] {
		let mut bytes = [0; 37];
		bytes[..32].copy_from_slice(&self.genesis);
		bytes[32] = match self.kind {
			DividedKind::PatientRoot => 1,
			DividedKind::DoctorKey => 2,
			DividedKind::EmergencyKey => 3,
		};
		bytes[33..].copy_from_slice(&self.owner.to_be_bytes());
		bytes
	}
}

/// One share of a divided secret: a scalar of ristretto255. Its number is its place in the list, from 1.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretShare([u8; 32]);

hide!(SecretShare);

impl SecretShare {
	/// A share from its bytes, once unsealed.
	pub fn from_bytes(share: [u8; 32]) -> Self {
		Self(share)
	}

	/// The bytes, to seal them.
	pub fn expose(&self) -> &[u8; 32] {
		&self.0
	}

	fn point(&self, number: usize) -> Result<Point, Error> {
		if !(1..=MAX_SHARES).contains(&number) {
			return Err(Error::WrongShare);
		}
		let number = u64::try_from(number).map_err(|_| Error::WrongShare)?;
		let value = Option::<Scalar>::from(Scalar::from_canonical_bytes(self.0));
		let value = IdentifierPrimeField(value.ok_or(Error::WrongShare)?);
		Ok(Point { identifier: IdentifierPrimeField(Scalar::from(number)), value })
	}
}

/// A divided secret.
#[derive(Clone, Debug)]
pub struct Division {
	/// The commitments, as many as shares are needed: compressed elements of ristretto255. They are public.
	pub commitments: Vec<[u8; 32]>,
	/// The secret, encrypted under a key that the shares give. It is public.
	pub secret: [u8; WRAPPED_LENGTH],
	/// The shares, in their order.
	pub shares: Vec<SecretShare>,
}

/// Divides a secret, so that any `threshold` of `count` shares open it. Each division of the same secret has other
/// shares, which do not fit those of another.
///
/// # Errors
///
/// [`ShareCount`](Error::ShareCount).
pub fn divide(
	of: &DividedSecret,
	secret: &[u8; 32],
	threshold: usize,
	count: usize,
) -> Result<Division, Error> {
	divide_new(of, threshold, count, |_| Zeroizing::new(*secret))
}

/// As [`divide`], of a secret that is made for this division. `secret` is given the commitments; the first depends on the
/// secret, and is zero there.
///
/// # Errors
///
/// [`ShareCount`](Error::ShareCount).
pub fn divide_new(
	of: &DividedSecret,
	threshold: usize,
	count: usize,
	secret: impl FnOnce(&[[u8; 32]]) -> Zeroizing<[u8; 32]>,
) -> Result<Division, Error> {
	let refused = Error::ShareCount { threshold, count };
	if threshold < MIN_SHARES || threshold > count || count > MAX_SHARES {
		return Err(refused);
	}
	// The constant coefficient is a value, and the others are "identifiers": so this crate has them.
	let mut polynomial = <Vec<Point> as Polynomial<Point>>::create(threshold);
	if polynomial.fill(&IdentifierPrimeField(Scalar::ZERO), System, threshold).is_err() {
		return Err(refused);
	}
	let others = polynomial.iter().skip(1).map(|one| committed(&one.identifier.0));
	let mut commitments: Vec<[u8; 32]> = iter::once([0; 32]).chain(others).collect();
	let secret = secret(&commitments);
	let scalar = scalar(of, &secret, commitments.get(1..).unwrap_or_default());
	if let (Some(constant), Some(first)) = (polynomial.first_mut(), commitments.first_mut()) {
		constant.value.0 = *scalar;
		*first = committed(&scalar);
	}
	let numbers = (1_u64..).take(count).map(|number| IdentifierPrimeField(Scalar::from(number)));
	let made = shamir::create_shares_from_polynomial::<Vec<Point>, Point, Vec<Point>>(
		&polynomial,
		threshold,
		count,
		numbers,
	);
	erase(&mut polynomial);
	let Ok(mut points) = made else { return Err(refused) };
	let shares = points.iter().map(|point| SecretShare(point.value.0.to_bytes())).collect();
	erase(&mut points);
	let secret = wrapping::wrap(&wrapping_key(&scalar), &bound(of, &commitments), &secret);
	Ok(Division { commitments, secret, shares })
}

/// Checks that a share is the one of this number, by the public commitments.
///
/// # Errors
///
/// [`WrongShare`](Error::WrongShare).
pub fn check_share(
	commitments: &[[u8; 32]],
	number: usize,
	share: &SecretShare,
) -> Result<(), Error> {
	let mut point = share.point(number)?;
	let checked = fits(commitments, &point);
	erase(std::slice::from_mut(&mut point));
	checked.then_some(()).ok_or(Error::WrongShare)
}

/// The secret that these shares open, each with its number. Shares that are given twice count once.
///
/// # Errors
///
/// [`WrongShare`](Error::WrongShare) if one is not of this division, [`TooFewShares`](Error::TooFewShares), and
/// [`WrongDivision`](Error::WrongDivision) if `wrapped` is not what they open.
pub fn join(
	of: &DividedSecret,
	commitments: &[[u8; 32]],
	wrapped: &[u8; WRAPPED_LENGTH],
	shares: &[(usize, SecretShare)],
) -> Result<Zeroizing<[u8; 32]>, Error> {
	let needed = commitments.len();
	let mut points: Vec<Point> = Vec::with_capacity(shares.len());
	let mut numbers = Vec::new();
	for (number, share) in shares {
		check_share(commitments, *number, share)?;
		if numbers.len() < needed && !numbers.contains(number) {
			numbers.push(*number);
			points.push(share.point(*number)?);
		}
	}
	if needed < MIN_SHARES || points.len() < needed {
		erase(&mut points);
		return Err(Error::TooFewShares { needed, given: numbers.len() });
	}
	let joined = <Vec<Point> as ReadableShareSet<Point>>::combine(&points);
	erase(&mut points);
	let scalar = Zeroizing::new(joined.map_err(|_| Error::WrongShare)?.0);
	wrapping::unwrap(&wrapping_key(&scalar), &bound(of, commitments), wrapped)
		.ok_or(Error::WrongDivision)
}

/// Whether a division with these commitments is one of this secret. Only the secret's owner can tell.
pub fn is_division_of(of: &DividedSecret, commitments: &[[u8; 32]], secret: &[u8; 32]) -> bool {
	let Some((first, others)) = commitments.split_first() else { return false };
	bool::from(committed(&scalar(of, secret, others)).ct_eq(first))
}

/// What tells a division from others, in contexts.
pub(crate) fn division_digest(commitments: &[[u8; 32]]) -> [u8; 32] {
	Sha256::digest(commitments.concat()).into()
}

/// Splits bytes so that any `threshold` of `count` shares give them back, over GF(2⁸). The first byte of a share is its
/// number. There are no commitments: whoever keeps these adds a checksum.
pub(crate) fn split_bytes(
	secret: &[u8],
	threshold: usize,
	count: usize,
) -> Result<Vec<Zeroizing<Vec<u8>>>, Error> {
	let split = Gf256::split_bytes(threshold, count, secret, System);
	let shares = split.map_err(|_| Error::ShareCount { threshold, count })?;
	Ok(shares.into_iter().map(Zeroizing::new).collect())
}

/// The bytes that these shares give, if they have different numbers and the same length.
pub(crate) fn join_bytes(shares: [&[u8]; 2]) -> Option<Zeroizing<Vec<u8>>> {
	let mut shares = shares.map(<[u8]>::to_vec);
	let joined = Gf256::combine_bytes(&shares);
	shares.iter_mut().for_each(Zeroize::zeroize);
	joined.ok().map(Zeroizing::new)
}

fn fits(commitments: &[[u8; 32]], point: &Point) -> bool {
	let read = |one: &[u8; 32]| CompressedRistretto(*one).decompress().map(ValueGroup);
	let Some(commitments) = commitments.iter().map(read).collect::<Option<Vec<Commitment>>>()
	else {
		return false;
	};
	let generator = <Commitment as ShareElement>::one();
	type Set = Vec<Commitment>;
	let set =
		<Set as FeldmanVerifierSet<Point, Commitment>>::feldman_set_with_generator_and_verifiers(
			generator,
			&commitments,
		);
	<Set as FeldmanVerifierSet<Point, Commitment>>::verify_share(&set, point).is_ok()
}

fn committed(scalar: &Scalar) -> [u8; 32] {
	RistrettoPoint::mul_base(scalar).compress().to_bytes()
}

/// The scalar that is divided: HKDF-SHA256 of the secret twice, info `medblock/v1/division` ‖ 0 or 1 ‖ what it is ‖ the
/// other commitments, both halves together modulo the group's order.
fn scalar(of: &DividedSecret, secret: &[u8; 32], others: &[[u8; 32]]) -> Zeroizing<Scalar> {
	let (bytes, others) = (of.bytes(), others.concat());
	let mut wide = Zeroizing::new([0; 64]);
	for (half, place) in wide.chunks_exact_mut(32).zip([0_u8, 1]) {
		let info: [&[u8]; 4] = [SCALAR_LABEL, &[place], &bytes, &others];
		half.copy_from_slice(&*kdf::derive(&[], secret, &info));
	}
	Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide))
}

fn wrapping_key(scalar: &Scalar) -> Zeroizing<[u8; 32]> {
	let bytes = Zeroizing::new(scalar.to_bytes());
	kdf::derive(&[], &*bytes, &[WRAP_LABEL])
}

fn bound(of: &DividedSecret, commitments: &[[u8; 32]]) -> Vec<u8> {
	[WRAP_LABEL, &of.bytes(), &commitments.concat()].concat()
}

fn erase(points: &mut [Point]) {
	for point in points {
		point.identifier.0.zeroize();
		point.value.0.zeroize();
	}
}

/// The system's random numbers, for the version of the traits that vsss-rs asks for.
struct System;

impl rand_core::TryRng for System {
	type Error = Infallible;

	fn try_next_u32(&mut self) -> Result<u32, Infallible> {
		Ok(OsRng.next_u32())
	}

	fn try_next_u64(&mut self) -> Result<u64, Infallible> {
		Ok(OsRng.next_u64())
	}

	fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
		OsRng.fill_bytes(bytes);
		Ok(())
	}
}

impl rand_core::TryCryptoRng for System {}

//! Secrets divided into shares: some of them give the secret back, and fewer say nothing (Shamir, 1979). Public
//! commitments tell a right share from a wrong one, in ristretto255 (RFC 9496). They fit every secret equally (Pedersen,
//! 1991): a quantum computer finds nothing in them. It could make a wrong share that passes, which then opens nothing.
//!
//! What is divided is a scalar, since shares are scalars. A key derived from it encrypts the secret. The scalar and its
//! blinding are derived from the secret and the other commitments, so that the secret's owner can tell later whether a
//! division is of this secret, without keeping anything.

use std::{convert::Infallible, iter, slice, sync::LazyLock};

use curve25519_dalek::{
	ristretto::{CompressedRistretto, RistrettoPoint},
	scalar::Scalar,
};
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;
use vsss_rs::{
	DefaultShare, Gf256, IdentifierPrimeField, PedersenVerifierSet, Polynomial, ReadableShareSet,
	ShareElement, ValueGroup, shamir,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, WRAPPED_LENGTH, hidden::hide, kdf, wrapping};

/// The smallest number of shares that may open a secret.
pub const MIN_SHARES: usize = 2;

/// The largest number of shares of one secret.
pub const MAX_SHARES: usize = 8;

/// The length of a share: its value, and its blinding.
pub const SHARE_LENGTH: usize = 64;

const WRAP_LABEL: &[u8] = b"medblock/v1/divided";
const VALUE_LABEL: &[u8] = b"medblock/v1/division";
const BLINDING_LABEL: &[u8] = b"medblock/v1/division-blinding";
const GENERATOR_LABEL: &[u8] = b"medblock/v1/division-generator";

/// The generator of blindings: SHA-512 of its label, by RFC 9496's map (4.3.4). So its logarithm is known to no one, who
/// could else exchange a value and its blinding for others.
static BLINDING_GENERATOR: LazyLock<RistrettoPoint> = LazyLock::new(|| {
	let mut uniform = [0_u8; 64];
	uniform.copy_from_slice(&Sha512::digest(GENERATOR_LABEL));
	RistrettoPoint::from_uniform_bytes(&uniform)
});

/// A share's value or blinding, with its number as the place on the polynomial.
type Point = DefaultShare<IdentifierPrimeField<Scalar>, IdentifierPrimeField<Scalar>>;

/// A commitment to a coefficient of the values' polynomial, and to the same one of the blindings'.
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

/// One share of a divided secret: its value and its blinding, scalars of ristretto255. Its number is its place in the
/// list, from 1.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretShare([u8; SHARE_LENGTH]);

hide!(SecretShare);

impl SecretShare {
	/// A share from its bytes.
	pub fn from_bytes(share: [u8; SHARE_LENGTH]) -> Self {
		Self(share)
	}

	/// The bytes: the value, and then the blinding.
	pub fn expose(&self) -> &[u8; SHARE_LENGTH] {
		&self.0
	}

	fn of(value: &Point, blinding: &Point) -> Self {
		let mut share = Self([0; SHARE_LENGTH]);
		for (half, point) in share.0.chunks_exact_mut(32).zip([value, blinding]) {
			half.copy_from_slice(point.value.0.as_bytes());
		}
		share
	}

	/// The value and the blinding, of the share of this number.
	fn points(&self, number: usize) -> Result<[Point; 2], Error> {
		if !(1..=MAX_SHARES).contains(&number) {
			return Err(Error::WrongShare);
		}
		let number = u64::try_from(number).map_err(|_| Error::WrongShare)?;
		let point = |half: &[u8]| -> Result<Point, Error> {
			let half: [u8; 32] = half.try_into().map_err(|_| Error::WrongShare)?;
			let value = Option::<Scalar>::from(Scalar::from_canonical_bytes(half));
			let value = IdentifierPrimeField(value.ok_or(Error::WrongShare)?);
			Ok(Point { identifier: IdentifierPrimeField(Scalar::from(number)), value })
		};
		let (value, blinding) = self.0.split_at(32);
		Ok([point(value)?, point(blinding)?])
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

/// As [`divide`], of a secret that is made for this division. `secret` is given the commitments; the first depends on
/// the secret, and is zero there.
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
	let refused = || Error::ShareCount { threshold, count };
	if threshold < MIN_SHARES || threshold > count || count > MAX_SHARES {
		return Err(refused());
	}
	let mut values = polynomial(threshold).ok_or_else(refused)?;
	let mut blindings = polynomial(threshold).ok_or_else(refused)?;
	// The constant coefficient is a value, and the others are "identifiers": so vsss-rs has them.
	let others = values.iter().zip(&blindings).skip(1);
	let others =
		others.map(|(value, blinding)| committed(&value.identifier.0, &blinding.identifier.0));
	let mut commitments: Vec<[u8; 32]> = iter::once([0; 32]).chain(others).collect();
	let secret = secret(&commitments);
	let [value, blinding] = constants(of, &secret, commitments.get(1..).unwrap_or_default());
	if let (Some(of_values), Some(of_blindings), Some(first)) =
		(values.first_mut(), blindings.first_mut(), commitments.first_mut())
	{
		of_values.value.0 = *value;
		of_blindings.value.0 = *blinding;
		*first = committed(&value, &blinding);
	}
	let made = points(values, count).zip(points(blindings, count));
	let (mut values, mut blindings) = made.ok_or_else(refused)?;
	let pairs = values.iter().zip(&blindings);
	let shares = pairs.map(|(value, blinding)| SecretShare::of(value, blinding)).collect();
	erase(&mut values);
	erase(&mut blindings);
	let secret = wrapping::wrap(&wrapping_key(&value), &bound(of, &commitments), &secret);
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
	let mut points = share.points(number)?;
	let checked = fits(commitments, &points);
	erase(&mut points);
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
			let [value, mut blinding] = share.points(*number)?;
			erase(slice::from_mut(&mut blinding));
			numbers.push(*number);
			points.push(value);
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
	let [value, blinding] = constants(of, secret, others);
	bool::from(committed(&value, &blinding).ct_eq(first))
}

/// What tells a division from others, in contexts.
pub(crate) fn division_digest(commitments: &[[u8; 32]]) -> [u8; 32] {
	Sha256::digest(commitments.concat()).into()
}

/// Splits bytes so that any `threshold` of `count` shares give them back, over GF(2⁸). The first byte of a share is its
/// number. There are no commitments: the caller adds a checksum.
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

/// A polynomial of random coefficients, but for the constant one, which is zero.
fn polynomial(threshold: usize) -> Option<Vec<Point>> {
	let mut polynomial = <Vec<Point> as Polynomial<Point>>::create(threshold);
	let zero = IdentifierPrimeField(Scalar::ZERO);
	<Vec<Point> as Polynomial<Point>>::fill(&mut polynomial, &zero, System, threshold).ok()?;
	Some(polynomial)
}

/// The first points of a polynomial, from 1. The polynomial is erased.
fn points(mut polynomial: Vec<Point>, count: usize) -> Option<Vec<Point>> {
	let numbers = (1_u64..).take(count).map(|number| IdentifierPrimeField(Scalar::from(number)));
	let made = shamir::create_shares_from_polynomial::<Vec<Point>, Point, Vec<Point>>(
		&polynomial,
		polynomial.len(),
		count,
		numbers,
	);
	erase(&mut polynomial);
	made.ok()
}

fn fits(commitments: &[[u8; 32]], [value, blinding]: &[Point; 2]) -> bool {
	type Set = Vec<Commitment>;
	let read = |one: &[u8; 32]| CompressedRistretto(*one).decompress().map(ValueGroup);
	let Some(commitments) = commitments.iter().map(read).collect::<Option<Set>>() else {
		return false;
	};
	let set =
		<Set as PedersenVerifierSet<Point, Commitment>>::pedersen_set_with_generators_and_verifiers(
			<Commitment as ShareElement>::one(),
			ValueGroup(*BLINDING_GENERATOR),
			&commitments,
		);
	<Set as PedersenVerifierSet<Point, Commitment>>::verify_share_and_blinder(&set, value, blinding)
		.is_ok()
}

fn committed(value: &Scalar, blinding: &Scalar) -> [u8; 32] {
	let committed = RistrettoPoint::mul_base(value) + *BLINDING_GENERATOR * blinding;
	committed.compress().to_bytes()
}

/// The scalar that is divided, and its blinding.
fn constants(of: &DividedSecret, secret: &[u8; 32], others: &[[u8; 32]]) -> [Zeroizing<Scalar>; 2] {
	[VALUE_LABEL, BLINDING_LABEL].map(|label| scalar(label, of, secret, others))
}

/// A scalar of the secret: HKDF-SHA256 of it twice, info label ‖ 0 or 1 ‖ what it is ‖ the other commitments, both
/// halves together modulo the group's order.
fn scalar(
	label: &[u8],
	of: &DividedSecret,
	secret: &[u8; 32],
	others: &[[u8; 32]],
) -> Zeroizing<Scalar> {
	let (bytes, others) = (of.bytes(), others.concat());
	let mut wide = Zeroizing::new([0; 64]);
	for (half, place) in wide.chunks_exact_mut(32).zip([0_u8, 1]) {
		let info: [&[u8]; 4] = [label, &[place], &bytes, &others];
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

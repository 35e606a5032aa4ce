//! Secrets handed to doctors, representatives, registrars and guardians through the chain.

use zeroize::Zeroizing;

use crate::{
	DividedSecret, EmergencyPlan, Error, Identity, ProfileVersion, PublicKey, SHARE_LENGTH,
	SecretShare,
	dividing::division_digest,
	key_digest,
	xwing::{self, ENCAPSULATED, TAG},
};

/// The suite: X-Wing, HKDF-SHA256, ChaCha20-Poly1305. The chain gives keys for it the same number.
const SUITE: u8 = 1;

/// The length of a sealed secret: suite (1) ‖ encapsulated key (1,120) ‖ ciphertext (32) ‖ tag (16).
pub const SEALED_LENGTH: usize = 1 + ENCAPSULATED + 32 + TAG;

/// The length of a sealed share: the same, with a ciphertext of 64.
pub const SEALED_SHARE_LENGTH: usize = 1 + ENCAPSULATED + SHARE_LENGTH + TAG;

/// A patient who shares, and the doctor who receives, on one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The doctor's number.
	pub doctor: u32,
}

impl Pair {
	/// The pair's fields, of fixed width so that no two pairs read the same.
	pub(crate) fn bytes(&self) -> [u8; 40] {
		let mut bytes = [0; 40];
		bytes[..32].copy_from_slice(&self.genesis);
		bytes[32..36].copy_from_slice(&self.patient.to_be_bytes());
		bytes[36..].copy_from_slice(&self.doctor.to_be_bytes());
		bytes
	}
}

/// A patient, and the person who acts for them, on one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActingPair {
	/// The hash of the chain's block 0.
	pub genesis: [u8; 32],
	/// The patient's number.
	pub patient: u32,
	/// The number of the representative, who is a patient, too.
	pub representative: u32,
}

/// The person or the hospital's desk at which a share is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
	/// A patient, by number.
	Patient(u32),
	/// A doctor, by number.
	Doctor(u32),
	/// A hospital's desk, by the hospital's number.
	Desk(u32),
}

impl Keeper {
	/// The kind, and the number.
	fn bytes(self) -> [u8; 5] {
		let (kind, number) = match self {
			Self::Patient(number) => (1, number),
			Self::Doctor(number) => (2, number),
			Self::Desk(number) => (3, number),
		};
		let mut bytes = [kind; 5];
		bytes[1..].copy_from_slice(&number.to_be_bytes());
		bytes
	}
}

/// Where a sealed secret belongs. The secret opens only in the context that it was sealed in, so it
/// cannot be passed off as another.
///
/// The constructors are the only contexts there are, so that both ends build the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext(Purpose);

/// What a sealed secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
	Epoch { pair: Pair, generation: u32, epoch: u32, key_version: u32 },
	Share { pair: Pair, generation: u32, key_version: u32 },
	ProfileKey { this: ProfileVersion, registrar: [u8; 32], key_version: u32 },
	EmergencyEpoch { plan: EmergencyPlan, epoch: u32 },
	EmergencyRecords { plan: EmergencyPlan },
	Representative { pair: ActingPair, generation: u32, epoch: u32, key_version: u32 },
	KeptShare { of: DividedSecret, division: [u8; 32], keeper: Keeper, key_version: u32 },
	HandedShare { of: DividedSecret, division: [u8; 32], to: [u8; 32] },
}

impl SealContext {
	/// The context of an [`EpochSecret`](crate::EpochSecret), which opens a whole chart.
	///
	/// `generation` is the patient's: it changes when all grants are revoked at once. `key_version` is the
	/// version of the doctor's key that the secret is sealed to.
	pub fn epoch(pair: Pair, generation: u32, epoch: u32, key_version: u32) -> Self {
		Self(Purpose::Epoch { pair, generation, epoch, key_version })
	}

	/// The context of a [`ShareKey`](crate::ShareKey), which opens single records.
	///
	/// `generation` counts the pair's share keys. `key_version` is the version of the doctor's key that the
	/// share key is sealed to.
	pub fn share(pair: Pair, generation: u32, key_version: u32) -> Self {
		Self(Purpose::Share { pair, generation, key_version })
	}

	/// The context of a [`ProfileSecret`](crate::ProfileSecret), which opens the profiles of a hospital's
	/// patients.
	///
	/// `registrar` is the account of the registrar who receives it. `key_version` is the version of the
	/// registrar's key that the secret is sealed to.
	pub fn profile_key(this: ProfileVersion, registrar: [u8; 32], key_version: u32) -> Self {
		Self(Purpose::ProfileKey { this, registrar, key_version })
	}

	/// The context of an [`EpochSecret`](crate::EpochSecret) that a plan for emergencies opens.
	pub fn emergency_epoch(plan: EmergencyPlan, epoch: u32) -> Self {
		Self(Purpose::EmergencyEpoch { plan, epoch })
	}

	/// The context of a [`ShareKey`](crate::ShareKey) for the records that a plan for emergencies opens.
	pub fn emergency_records(plan: EmergencyPlan) -> Self {
		Self(Purpose::EmergencyRecords { plan })
	}

	/// The context of an [`EpochSecret`](crate::EpochSecret) that a representative of the patient receives.
	///
	/// `generation` is the patient's. `key_version` is the version of the representative's acting key that the
	/// secret is sealed to.
	pub fn representative(pair: ActingPair, generation: u32, epoch: u32, key_version: u32) -> Self {
		Self(Purpose::Representative { pair, generation, epoch, key_version })
	}

	/// The context of a [`SecretShare`] that is kept: a guardian's, or a holder's of an emergency's key.
	///
	/// `commitments` are those of the division, so that a share of an earlier one opens nowhere. `key_version` is the
	/// version of the keeper's key that the share is sealed to.
	pub fn kept_share(
		of: &DividedSecret,
		commitments: &[[u8; 32]],
		keeper: Keeper,
		key_version: u32,
	) -> Self {
		let division = division_digest(commitments);
		Self(Purpose::KeptShare { of: *of, division, keeper, key_version })
	}

	/// The context of a share that its keeper hands over: to a new device, or to a doctor in an emergency. `to` is the
	/// key that it is sealed to.
	pub fn handed_share(of: &DividedSecret, commitments: &[[u8; 32]], to: &PublicKey) -> Self {
		let division = division_digest(commitments);
		Self(Purpose::HandedShare { of: *of, division, to: key_digest(to) })
	}

	/// HPKE's `info`: the purpose and fields of its fixed widths, so that no two contexts read the same.
	fn info(&self) -> Vec<u8> {
		let label = b"medblock/v1/seal";
		match &self.0 {
			Purpose::Epoch { pair, generation, epoch, key_version } => [
				&label[..],
				&[1],
				&pair.bytes(),
				&generation.to_be_bytes(),
				&epoch.to_be_bytes(),
				&key_version.to_be_bytes(),
			]
			.concat(),
			Purpose::Share { pair, generation, key_version } => [
				&label[..],
				&[2],
				&pair.bytes(),
				&generation.to_be_bytes(),
				&0_u32.to_be_bytes(),
				&key_version.to_be_bytes(),
			]
			.concat(),
			Purpose::ProfileKey { this, registrar, key_version } => [
				&label[..],
				&[3],
				&this.genesis,
				&this.hospital.to_be_bytes(),
				&this.version.to_be_bytes(),
				registrar,
				&key_version.to_be_bytes(),
			]
			.concat(),
			Purpose::EmergencyEpoch { plan, epoch } => {
				[&label[..], &[7], &plan.bytes(), &epoch.to_be_bytes()].concat()
			},
			Purpose::EmergencyRecords { plan } => [&label[..], &[8], &plan.bytes()].concat(),
			Purpose::Representative { pair, generation, epoch, key_version } => [
				&label[..],
				&[4],
				&pair.genesis,
				&pair.patient.to_be_bytes(),
				&pair.representative.to_be_bytes(),
				&generation.to_be_bytes(),
				&epoch.to_be_bytes(),
				&key_version.to_be_bytes(),
			]
			.concat(),
			Purpose::KeptShare { of, division, keeper, key_version } => [
				&label[..],
				&[5],
				&of.bytes(),
				division,
				&keeper.bytes(),
				&key_version.to_be_bytes(),
			]
			.concat(),
			Purpose::HandedShare { of, division, to } => {
				[&label[..], &[6], &of.bytes(), division, to].concat()
			},
		}
	}
}

/// Seals a secret to a person's published key: HPKE (RFC 9180), base mode, with the [`SealContext`] as info and no
/// additional data.
///
/// # Errors
///
/// [`InvalidPublicKey`](Error::InvalidPublicKey).
pub fn seal(
	to: &PublicKey,
	context: &SealContext,
	secret: &[u8; 32],
) -> Result<[u8; SEALED_LENGTH], Error> {
	sealed(to, context, secret)
}

/// As [`seal`], of a share.
///
/// # Errors
///
/// [`InvalidPublicKey`](Error::InvalidPublicKey).
pub fn seal_share(
	to: &PublicKey,
	context: &SealContext,
	share: &SecretShare,
) -> Result<[u8; SEALED_SHARE_LENGTH], Error> {
	sealed(to, context, share.expose())
}

/// Opens a sealed secret.
///
/// # Errors
///
/// [`NotASealedKey`](Error::NotASealedKey) for another length or suite.
/// [`CannotUnseal`](Error::CannotUnseal) for another key or context, or if a bit was changed.
pub fn unseal(
	with: &Identity,
	context: &SealContext,
	sealed: &[u8],
) -> Result<Zeroizing<[u8; 32]>, Error> {
	opened(with, context, sealed)
}

/// As [`unseal`], of a share. Whether it is one of the division is for [`check_share`](crate::check_share) to tell.
///
/// # Errors
///
/// Those of [`unseal`].
pub fn unseal_share(
	with: &Identity,
	context: &SealContext,
	sealed: &[u8],
) -> Result<SecretShare, Error> {
	opened(with, context, sealed).map(|share| SecretShare::from_bytes(*share))
}

/// `LENGTH` is 1 + [`ENCAPSULATED`] + the plaintext's + [`TAG`].
fn sealed<const LENGTH: usize>(
	to: &PublicKey,
	context: &SealContext,
	plain: &[u8],
) -> Result<[u8; LENGTH], Error> {
	let (encapsulated, ciphertext) = xwing::seal(to, &context.info(), plain)?;
	let mut sealed = [0; LENGTH];
	sealed[0] = SUITE;
	sealed[1..=ENCAPSULATED].copy_from_slice(&encapsulated);
	sealed[1 + ENCAPSULATED..].copy_from_slice(&ciphertext);
	Ok(sealed)
}

fn opened<const LENGTH: usize>(
	with: &Identity,
	context: &SealContext,
	sealed: &[u8],
) -> Result<Zeroizing<[u8; LENGTH]>, Error> {
	let [SUITE, sealed @ ..] = sealed else { return Err(Error::NotASealedKey) };
	if sealed.len() != ENCAPSULATED + LENGTH + TAG {
		return Err(Error::NotASealedKey);
	}
	let (encapsulated, ciphertext) = sealed.split_at(ENCAPSULATED);
	let opened = xwing::open(with.seed(), &context.info(), encapsulated, ciphertext)
		.ok_or(Error::CannotUnseal)?;
	let mut plain = Zeroizing::new([0; LENGTH]);
	plain.copy_from_slice(&opened);
	Ok(plain)
}

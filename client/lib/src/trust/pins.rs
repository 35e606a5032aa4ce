//! The encryption keys that doctors, representatives and registrars had when a client last sealed to them.
//!
//! The chain vouches for a doctor's key, and two nodes for the content of the chain. A pin is one more
//! check: the key of a known version can't change, and an older version can't come back.

use crate::{Result, chain::AccountId, trust};
use medblock_platform::{Error as StorageError, Files};
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeMap,
	fmt::{self, Display},
	io,
	sync::Arc,
};

/// The file's name.
const NAME: &str = "pins.json";

/// The longest such file that the client reads, in bytes: pins of a hundred thousand doctors.
const LONGEST: usize = 16 * 1024 * 1024;

/// The known keys, in a JSON file.
pub struct Pins {
	files: Arc<dyn Files>,
	chains: Chains,
}

/// Pins by genesis and owner.
type Chains = BTreeMap<String, BTreeMap<String, Pin>>;

/// The owner of an encryption key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
	/// A doctor.
	Doctor(DoctorId),
	/// A hospital's registrar.
	Registrar(AccountId),
	/// A patient who acts for others.
	Patient(PatientId),
	/// A hospital's desk.
	Desk(HospitalId),
}

impl Owner {
	/// The owner's name in the file: a doctor's number, a registrar's address, or a patient's number after a word.
	fn name(&self) -> String {
		match self {
			Self::Doctor(doctor) => doctor.0.to_string(),
			Self::Registrar(account) => account.to_string(),
			Self::Patient(patient) => format!("patient-{}", patient.0),
			Self::Desk(hospital) => format!("desk-{}", hospital.0),
		}
	}
}

impl Display for Owner {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Doctor(doctor) => write!(formatter, "doctor {}", doctor.0),
			Self::Registrar(account) => write!(formatter, "the registrar {account}"),
			Self::Patient(patient) => write!(formatter, "patient {}", patient.0),
			Self::Desk(hospital) => write!(formatter, "the desk of hospital {}", hospital.0),
		}
	}
}

impl From<DoctorId> for Owner {
	fn from(doctor: DoctorId) -> Self {
		Self::Doctor(doctor)
	}
}

impl From<PatientId> for Owner {
	fn from(patient: PatientId) -> Self {
		Self::Patient(patient)
	}
}

impl From<HospitalId> for Owner {
	fn from(hospital: HospitalId) -> Self {
		Self::Desk(hospital)
	}
}

impl From<AccountId> for Owner {
	fn from(registrar: AccountId) -> Self {
		Self::Registrar(registrar)
	}
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pin {
	version: u32,
	digest: String,
}

impl Pins {
	/// Reads the file, if it is there.
	pub async fn open(files: Arc<dyn Files>) -> Result<Self> {
		let chains = stored(&*files).await?;
		Ok(Self { files, chains })
	}

	/// Whether the key of this version is known.
	pub fn knows(&self, genesis: [u8; 32], owner: impl Into<Owner>, version: u32) -> bool {
		self.pinned(genesis, owner.into()).is_some_and(|pin| pin.version == version)
	}

	fn pinned(&self, genesis: [u8; 32], owner: Owner) -> Option<&Pin> {
		self.chains.get(&hex::encode(genesis))?.get(&owner.name())
	}

	/// Compares a key with the known one of its owner.
	///
	/// # Errors
	///
	/// [`trust::Error::PinMismatch`] if this version had another key, or a newer version is already
	/// known.
	pub fn check(
		&self,
		genesis: [u8; 32],
		owner: impl Into<Owner>,
		version: u32,
		digest: [u8; 32],
	) -> Result<()> {
		let owner = owner.into();
		match self.pinned(genesis, owner) {
			Some(pin) if pin.version > version => Err(mismatch(owner).into()),
			Some(pin) if pin.version == version && pin.digest != hex::encode(digest) => {
				Err(mismatch(owner).into())
			},
			_ => Ok(()),
		}
	}

	/// Remembers a key. The file is replaced as a whole.
	pub async fn keep(
		&mut self,
		genesis: [u8; 32],
		owner: impl Into<Owner>,
		version: u32,
		digest: [u8; 32],
	) -> Result<()> {
		let owner = owner.into();
		// Another tab or program may have kept some since.
		for (chain, pins) in stored(&*self.files).await? {
			let known = self.chains.entry(chain).or_default();
			for (owner, pin) in pins {
				if known.get(&owner).is_none_or(|one| one.version < pin.version) {
					known.insert(owner, pin);
				}
			}
		}
		self.check(genesis, owner, version, digest)?;
		let pin = Pin { version, digest: hex::encode(digest) };
		let chain = self.chains.entry(hex::encode(genesis)).or_default();
		if chain.insert(owner.name(), pin.clone()) == Some(pin) {
			return Ok(());
		}
		let json = serde_json::to_vec_pretty(&self.chains)
			.map_err(|why| StorageError::cannot("write", self.files.place(NAME))(why.into()))?;
		Ok(self.files.replace(NAME, &json).await?)
	}
}

async fn stored(files: &dyn Files) -> Result<Chains> {
	let Some(bytes) = files.read(NAME, LONGEST).await? else { return Ok(Chains::new()) };
	Ok(serde_json::from_slice(&bytes).map_err(|why| {
		let why = io::Error::new(io::ErrorKind::InvalidData, why);
		StorageError::cannot("read", files.place(NAME))(why)
	})?)
}

fn mismatch(owner: Owner) -> trust::Error {
	trust::Error::PinMismatch { whose: owner.to_string() }
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	use medblock_platform::{Folder, Storage};

	const CHAIN: [u8; 32] = [7; 32];

	#[tokio::test]
	async fn key_of_one_version_never_changes_and_older_versions_never_return() {
		let home = tempfile::tempdir().unwrap();
		// Nothing has been written there before.
		let files = Arc::new(Folder::new(home.path().join("new")));
		let mut pins = Pins::open(files.clone()).await.unwrap();
		pins.keep(CHAIN, DoctorId(3), 2, [1; 32]).await.unwrap();
		let pins = Pins::open(files).await.unwrap();
		assert!(pins.check(CHAIN, DoctorId(3), 2, [1; 32]).is_ok());
		assert!(pins.check(CHAIN, DoctorId(3), 2, [2; 32]).is_err(), "another key");
		assert!(pins.check(CHAIN, DoctorId(3), 1, [1; 32]).is_err(), "an older version");
		assert!(pins.check(CHAIN, DoctorId(3), 3, [2; 32]).is_ok(), "a newer version");
		assert!(pins.check(CHAIN, DoctorId(4), 1, [2; 32]).is_ok(), "another doctor");
		assert!(pins.check([8; 32], DoctorId(3), 1, [2; 32]).is_ok(), "another chain");
	}

	#[tokio::test]
	async fn registrars_keys_are_known_like_doctors() {
		let home = tempfile::tempdir().unwrap();
		let files = Arc::new(Folder::new(home.path()));
		let registrar = AccountId::from([9; 32]);
		let mut pins = Pins::open(files.clone()).await.unwrap();
		assert!(!pins.knows(CHAIN, registrar, 1));
		pins.keep(CHAIN, registrar, 1, [1; 32]).await.unwrap();
		pins.keep(CHAIN, DoctorId(1), 1, [3; 32]).await.unwrap();
		let pins = Pins::open(files).await.unwrap();
		assert!(pins.knows(CHAIN, registrar, 1) && !pins.knows(CHAIN, registrar, 2));
		let changed = pins.check(CHAIN, registrar, 1, [2; 32]).unwrap_err().to_string();
		assert!(changed.contains(&format!("the registrar {registrar}")), "{changed}");
		assert!(pins.check(CHAIN, DoctorId(1), 1, [3; 32]).is_ok());
	}

	#[tokio::test]
	async fn patient_who_acts_for_others_is_no_doctor_of_the_same_number() {
		let home = tempfile::tempdir().unwrap();
		let mut pins = Pins::open(Arc::new(Folder::new(home.path()))).await.unwrap();
		pins.keep(CHAIN, PatientId(3), 1, [1; 32]).await.unwrap();
		pins.keep(CHAIN, DoctorId(3), 1, [2; 32]).await.unwrap();
		let changed = pins.check(CHAIN, PatientId(3), 1, [2; 32]).unwrap_err().to_string();
		assert!(changed.starts_with("patient 3 had another"), "{changed}");
	}

	#[tokio::test]
	async fn two_programs_keep_each_others_pins() {
		let home = tempfile::tempdir().unwrap();
		let files = Arc::new(Folder::new(home.path()));
		let mut one = Pins::open(files.clone()).await.unwrap();
		let mut two = Pins::open(files.clone()).await.unwrap();
		one.keep(CHAIN, DoctorId(3), 2, [1; 32]).await.unwrap();
		two.keep(CHAIN, DoctorId(4), 1, [2; 32]).await.unwrap();
		assert!(two.keep(CHAIN, DoctorId(3), 1, [1; 32]).await.is_err(), "an older version");
		let pins = Pins::open(files).await.unwrap();
		assert!(pins.check(CHAIN, DoctorId(3), 2, [9; 32]).is_err());
		assert!(pins.check(CHAIN, DoctorId(4), 1, [9; 32]).is_err());
	}

	#[tokio::test]
	async fn damaged_file_is_refused_and_not_replaced() {
		let folder = tempfile::tempdir().unwrap();
		let files = Arc::new(Folder::new(folder.path()));
		files.replace(NAME, b"{").await.unwrap();
		assert!(matches!(Pins::open(files).await, Err(crate::Error::File(_))));
		assert_eq!(std::fs::read(folder.path().join(NAME)).unwrap(), b"{");
	}
}

//! What is stored, under which keys, and how far it grows.

use frame_support::pallet_macros::pallet_section;

/// The storage.
#[pallet_section]
mod storage {
	/// The id of the next patient.
	#[pallet::storage]
	pub type NextPatient<T> = StorageValue<_, PatientId, ValueQuery>;

	/// The id of the next doctor.
	#[pallet::storage]
	pub type NextDoctor<T> = StorageValue<_, DoctorId, ValueQuery>;

	/// Every patient. Sequential ids that nobody can choose, hence no cryptographic hash. Grows with
	/// verified patients, and by those of the last `RegistrationPeriod` who are not.
	#[pallet::storage]
	pub type Patients<T: Config> =
		StorageMap<_, Twox64Concat, PatientId, Patient<T::AccountId>, OptionQuery>;

	/// Which patient an account controls. Accounts are chosen by their owners, hence a cryptographic
	/// hash. As many as [`Patients`].
	#[pallet::storage]
	pub type PatientOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, PatientId, OptionQuery>;

	/// Every doctor. As [`Patients`].
	#[pallet::storage]
	pub type Doctors<T: Config> =
		StorageMap<_, Twox64Concat, DoctorId, Doctor<T::AccountId>, OptionQuery>;

	/// Which doctor an account acts for. As [`PatientOf`].
	#[pallet::storage]
	pub type DoctorOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, DoctorId, OptionQuery>;

	/// The public directory of doctors, apart from what decisions read. As many as [`Doctors`].
	#[pallet::storage]
	pub type Directory<T> = StorageMap<_, Twox64Concat, DoctorId, DirectoryEntry, OptionQuery>;

	/// Doctors' encryption keys. As many as [`Doctors`].
	#[pallet::storage]
	pub type EncryptionKeys<T> = StorageMap<_, Twox64Concat, DoctorId, EncryptionKey, OptionQuery>;

	/// Each chart's distributed epoch's key and its standby's. As many as [`Patients`].
	#[pallet::storage]
	pub type CurrentKeys<T> = StorageMap<_, Twox64Concat, PatientId, ChartKeys, OptionQuery>;

	/// What is left of earlier epochs. Two more with each rotation.
	#[pallet::storage]
	pub type PastEpochs<T> =
		StorageDoubleMap<_, Twox64Concat, PatientId, Twox64Concat, Epoch, PastEpoch, OptionQuery>;

	/// Every record. At most `MaxRecords` for each patient.
	#[pallet::storage]
	pub type Records<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		PatientId,
		Twox64Concat,
		RecordIndex,
		Record,
		OptionQuery,
	>;

	/// Every grant, expired ones included. At most [`MAX_GRANTS`] for each patient.
	#[pallet::storage]
	pub type Grants<T> =
		StorageDoubleMap<_, Twox64Concat, PatientId, Twox64Concat, DoctorId, Grant, OptionQuery>;

	/// Which patients have granted a doctor something. One entry for each grant.
	#[pallet::storage]
	pub type GrantedTo<T> =
		StorageDoubleMap<_, Twox64Concat, DoctorId, Twox64Concat, PatientId, (), OptionQuery>;

	/// The epoch secret that came with a grant to a whole chart. One for each of these.
	#[pallet::storage]
	pub type GrantKeys<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		PatientId,
		Twox64Concat,
		DoctorId,
		SealedKey,
		OptionQuery,
	>;

	/// The key under which single records' file keys are wrapped. At most one for each grant to
	/// single records.
	#[pallet::storage]
	pub type ShareKeys<T> =
		StorageDoubleMap<_, Twox64Concat, PatientId, Twox64Concat, DoctorId, ShareKey, OptionQuery>;

	/// The single records that a doctor may see, with their file keys. One small item, so that
	/// revoking removes it at once.
	#[pallet::storage]
	pub type SharedRecordsOf<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		PatientId,
		Twox64Concat,
		DoctorId,
		BoundedBTreeMap<RecordIndex, WrappedFileKey, ConstU32<MAX_SHARED>>,
		ValueQuery,
	>;

	/// A clock that moves whenever doctors lose access to everything they were granted, or are going
	/// to lose it sooner than charts have noted.
	#[pallet::storage]
	pub type Lapses<T> = StorageValue<_, u64, ValueQuery>;

	/// When, by that clock, a hospital last left. One entry for each that ever did.
	#[pallet::storage]
	pub type LapsedAt<T> = StorageMap<_, Twox64Concat, HospitalId, u64, ValueQuery>;

	/// The first patient who may still have to be forgotten.
	#[pallet::storage]
	pub type OldestPatient<T> = StorageValue<_, PatientId, ValueQuery>;

	/// The first doctor who may still have to be forgotten.
	#[pallet::storage]
	pub type OldestDoctor<T> = StorageValue<_, DoctorId, ValueQuery>;

	/// The relocations under way, in the order in which they were decided.
	#[pallet::storage]
	pub type Relocations<T: Config> =
		StorageValue<_, BoundedVec<Relocation, T::MaxRelocations>, ValueQuery>;
}

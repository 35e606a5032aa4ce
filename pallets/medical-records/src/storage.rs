//! The stored items, their keys, and how far they grow.

use frame_support::pallet_macros::pallet_section;

/// The storage.
#[pallet_section]
mod storage {
	/// The id that the next patient gets.
	#[pallet::storage]
	pub type NextPatient<T> = StorageValue<_, PatientId, ValueQuery>;

	/// The id that the next doctor gets.
	#[pallet::storage]
	pub type NextDoctor<T> = StorageValue<_, DoctorId, ValueQuery>;

	/// Every patient. Ids are sequential and cannot be chosen, hence no cryptographic hash. Grows with
	/// verified patients, and with unverified ones of the last `RegistrationPeriod`.
	#[pallet::storage]
	pub type Patients<T: Config> =
		StorageMap<_, Twox64Concat, PatientId, Patient<T::AccountId>, OptionQuery>;

	/// The patient that an account controls. Owners choose their accounts, hence a cryptographic hash.
	/// As many as [`Patients`].
	#[pallet::storage]
	pub type PatientOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, PatientId, OptionQuery>;

	/// Every doctor. As [`Patients`].
	#[pallet::storage]
	pub type Doctors<T: Config> =
		StorageMap<_, Twox64Concat, DoctorId, Doctor<T::AccountId>, OptionQuery>;

	/// The doctor that an account acts for. As [`PatientOf`].
	#[pallet::storage]
	pub type DoctorOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, DoctorId, OptionQuery>;

	/// The public directory of doctors, apart from the items that decisions read. As many as
	/// [`Doctors`].
	#[pallet::storage]
	pub type Directory<T> = StorageMap<_, Twox64Concat, DoctorId, DirectoryEntry, OptionQuery>;

	/// The changes that verified doctors propose to their entries, by the hospital that is to confirm
	/// them. At most one for each doctor.
	#[pallet::storage]
	pub type ProposedProfiles<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		DoctorId,
		DoctorProfile,
		OptionQuery,
	>;

	/// The doctors' encryption keys. As many as [`Doctors`].
	#[pallet::storage]
	pub type EncryptionKeys<T> = StorageMap<_, Twox64Concat, DoctorId, EncryptionKey, OptionQuery>;

	/// The keys of each chart's distributed epoch and of its standby. As many as [`Patients`].
	#[pallet::storage]
	pub type CurrentKeys<T> = StorageMap<_, Twox64Concat, PatientId, ChartKeys, OptionQuery>;

	/// The remainders of earlier epochs. Two more with each rotation.
	#[pallet::storage]
	pub type PastEpochs<T> =
		StorageDoubleMap<_, Twox64Concat, PatientId, Twox64Concat, Epoch, PastEpoch, OptionQuery>;

	/// Every record. At most `MaxRecords` for each patient, and the small remainders of withdrawn ones.
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

	/// Every grant, expired ones included until they are cleared away. At most [`MAX_GRANTS`] for each
	/// patient.
	#[pallet::storage]
	pub type Grants<T> =
		StorageDoubleMap<_, Twox64Concat, PatientId, Twox64Concat, DoctorId, Grant, OptionQuery>;

	/// The patients who have granted something to a doctor. One entry for each grant.
	#[pallet::storage]
	pub type GrantedTo<T> =
		StorageDoubleMap<_, Twox64Concat, DoctorId, Twox64Concat, PatientId, (), OptionQuery>;

	/// The epoch secret that came with a grant to a whole chart. One for each such grant.
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

	/// The single records that a doctor may see, with their file keys. One small item for each doctor,
	/// so that a revocation removes it at once.
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

	/// The institutions that may add to a patient's chart. One small item for each patient who allows
	/// any, so that a deposit reads one, and not as many as there can be.
	#[pallet::storage]
	pub type Deposits<T> = StorageMap<
		_,
		Twox64Concat,
		PatientId,
		BoundedBTreeMap<InstitutionId, Deposit, ConstU32<MAX_DEPOSITS>>,
		ValueQuery,
	>;

	/// A clock that moves whenever doctors lose access to everything they were granted, or are going
	/// to lose it sooner than charts have noted.
	#[pallet::storage]
	pub type Lapses<T> = StorageValue<_, u64, ValueQuery>;

	/// The reading of that clock when a hospital last left. One entry for each hospital that ever left.
	#[pallet::storage]
	pub type LapsedAt<T> = StorageMap<_, Twox64Concat, HospitalId, u64, ValueQuery>;

	/// The readings of that clock when doctors last lapsed, by their hospitals. One item of 512 bytes.
	#[pallet::storage]
	pub type LastLapses<T> = StorageValue<_, Readings, ValueQuery>;

	/// The patients who wait for a hospital to verify or accept them. Without a hash, a page comes in
	/// order of the ids, which can't be chosen. An entry for each such patient.
	#[pallet::storage]
	pub type AwaitingPatients<T> =
		StorageDoubleMap<_, Twox64Concat, HospitalId, Identity, Place, (), OptionQuery>;

	/// The doctors who wait for a hospital to verify or accept them. As [`AwaitingPatients`].
	#[pallet::storage]
	pub type AwaitingDoctors<T> =
		StorageDoubleMap<_, Twox64Concat, HospitalId, Identity, Place, (), OptionQuery>;

	/// The patients of each hospital, whatever their standing. As many as [`Patients`].
	#[pallet::storage]
	pub type PatientsOf<T> =
		StorageDoubleMap<_, Twox64Concat, HospitalId, Identity, Place, (), OptionQuery>;

	/// How far the charts from before version 2 of the storage have been counted. Gone when all are.
	#[pallet::storage]
	pub type Recounting<T> = StorageValue<_, Recount, OptionQuery>;

	/// The next patient whose expired grants are cleared away.
	#[pallet::storage]
	pub type NextCleared<T> = StorageValue<_, PatientId, ValueQuery>;

	/// The first patient whose registration may still lapse.
	#[pallet::storage]
	pub type OldestPatient<T> = StorageValue<_, PatientId, ValueQuery>;

	/// The first doctor whose registration may still lapse.
	#[pallet::storage]
	pub type OldestDoctor<T> = StorageValue<_, DoctorId, ValueQuery>;

	/// The people who have asked to move to another hospital, and the time at which each request lapses. One entry
	/// for each request.
	#[pallet::storage]
	pub type MoveRequests<T> = StorageMap<_, Twox64Concat, Person, Moment, OptionQuery>;

	/// The last of these that a block has looked at.
	#[pallet::storage]
	pub type LastMove<T> = StorageValue<_, Person, OptionQuery>;

	/// The numbers of people that each hospital has verified or taken in. One entry for each hospital that
	/// ever had any.
	#[pallet::storage]
	pub type People<T> = StorageMap<_, Twox64Concat, HospitalId, PeopleCount, ValueQuery>;

	/// The relocations in progress, in the order of the decisions.
	#[pallet::storage]
	pub type Relocations<T: Config> =
		StorageValue<_, BoundedVec<Relocation, T::MaxRelocations>, ValueQuery>;

	/// The changes of accounts that have not taken effect yet, by the hospital that can stop them. At
	/// most one for each patient and each doctor.
	#[pallet::storage]
	pub type AccountChanges<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		Person,
		AccountChange<T::AccountId>,
		OptionQuery,
	>;

	/// The people whose account is going to change, in the order in which that is due. Places are
	/// sequential, hence no cryptographic hash. As many as [`AccountChanges`].
	#[pallet::storage]
	pub type ChangeQueue<T> = StorageMap<_, Twox64Concat, u64, Person, OptionQuery>;

	/// The first place of that queue that may not be empty.
	#[pallet::storage]
	pub type FirstChange<T> = StorageValue<_, u64, ValueQuery>;

	/// The place of that queue for the next request.
	#[pallet::storage]
	pub type NextChange<T> = StorageValue<_, u64, ValueQuery>;

	/// The time between the request for a change of account and its effect, in milliseconds.
	#[pallet::storage]
	pub type AccountDelay<T> = StorageValue<_, Moment, ValueQuery, ConstU64<ACCOUNT_DELAY>>;

	/// The vaults that patients have chosen for their documents. One entry for each patient who has chosen
	/// one.
	#[pallet::storage]
	pub type VaultChoices<T> = StorageMap<_, Twox64Concat, PatientId, VaultChoice, ValueQuery>;

	/// The patients who have chosen a hospital's vault, as a mirror or by moving documents to it, so that
	/// it finds what it has to fetch. At most [`MAX_VAULT_MOVES`] and one for each patient. Without a
	/// hash, as [`AwaitingPatients`].
	#[pallet::storage]
	pub type ChosenBy<T> =
		StorageDoubleMap<_, Twox64Concat, HospitalId, Identity, Place, (), OptionQuery>;

	/// The hospitals that keep the documents of those that have left. One item of 2 KiB at most.
	#[pallet::storage]
	pub type Successors<T> = StorageValue<_, SuccessorMap, ValueQuery>;
}

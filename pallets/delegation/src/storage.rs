//! The stored items, their keys, and how far they grow.

use frame_support::pallet_macros::pallet_section;

/// The storage.
#[pallet_section]
mod storage {
	/// The shortest delay that a person may choose for recovery, in milliseconds.
	#[pallet::storage]
	pub type MinDelay<T> = StorageValue<_, Moment, ValueQuery, ConstU64<MIN_DELAY>>;

	/// Patients' keys for acting for others. Ids are sequential and cannot be chosen, hence no cryptographic hash. One
	/// for each patient who has ever published one.
	#[pallet::storage]
	pub type ActingKeys<T> = StorageMap<_, Twox64Concat, PatientId, ActingKey, OptionQuery>;

	/// The guardians of people. One for each person who has chosen some.
	#[pallet::storage]
	pub type GuardianSets<T> = StorageMap<_, Twox64Concat, Person, GuardianSet, OptionQuery>;

	/// The guardians' shares. At most [`MAX_DELEGATES`] for each of those people.
	#[pallet::storage]
	pub type GuardianShares<T> =
		StorageDoubleMap<_, Twox64Concat, Person, Twox64Concat, Delegate, SealedShare, OptionQuery>;

	/// The people whose guardian a person or a desk is. One entry for each share.
	#[pallet::storage]
	pub type GuardedBy<T> =
		StorageDoubleMap<_, Twox64Concat, Delegate, Twox64Concat, Person, (), OptionQuery>;

	/// The requests for recovery, by person and new account. At most one for each guardian, until they lapse.
	#[pallet::storage]
	pub type Recoveries<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		Person,
		Blake2_128Concat,
		T::AccountId,
		Recovery,
		OptionQuery,
	>;

	/// The shares that guardians have handed over to a new device. At most [`MAX_DELEGATES`] for each request.
	#[pallet::storage]
	pub type RecoveryShares<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		(Person, T::AccountId),
		Twox64Concat,
		Delegate,
		SealedShare,
		OptionQuery,
	>;

	/// The representatives of patients. One small item for each patient who has any.
	#[pallet::storage]
	pub type Representatives<T> =
		StorageMap<_, Twox64Concat, PatientId, RepresentativesOf, ValueQuery>;

	/// The epoch secrets that representatives were given. At most one for each representative.
	#[pallet::storage]
	pub type RepresentativeKeys<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		PatientId,
		Twox64Concat,
		PatientId,
		SealedKey,
		OptionQuery,
	>;

	/// The patients that a person represents, as hospitals have confirmed.
	#[pallet::storage]
	pub type Represented<T> = StorageMap<
		_,
		Twox64Concat,
		PatientId,
		BoundedBTreeSet<PatientId, ConstU32<MAX_REPRESENTED>>,
		ValueQuery,
	>;

	/// Representatives who wait for the patient's hospital to confirm them: the patient, and the representative. They go
	/// along when the patient moves. At most [`MAX_REPRESENTATIVES`] for each patient, until they lapse.
	#[pallet::storage]
	pub type AwaitingConfirmation<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		(PatientId, PatientId),
		(),
		OptionQuery,
	>;

	/// Patients' plans for emergencies. One for each patient who has one.
	#[pallet::storage]
	pub type EmergencyPlans<T> = StorageMap<_, Twox64Concat, PatientId, EmergencyPlan, OptionQuery>;

	/// What the plans open. As many.
	#[pallet::storage]
	pub type EmergencySets<T> = StorageMap<_, Twox64Concat, PatientId, EmergencySet, OptionQuery>;

	/// The holders' shares. At most [`MAX_DELEGATES`] for each plan.
	#[pallet::storage]
	pub type EmergencyShares<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		PatientId,
		Twox64Concat,
		HospitalId,
		SealedShare,
		OptionQuery,
	>;

	/// The requests for emergencies. At most [`MAX_EMERGENCY_REQUESTS`] for each plan, until they lapse.
	#[pallet::storage]
	pub type EmergencyRequests<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		PatientId,
		Twox64Concat,
		DoctorId,
		EmergencyRequest,
		OptionQuery,
	>;

	/// The requests that a hospital can confirm, as a holder: the patient, and the doctor. One entry for each
	/// holder and request.
	#[pallet::storage]
	pub type EmergenciesAsked<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		(PatientId, DoctorId),
		(),
		OptionQuery,
	>;

	/// The shares that holders have sealed to a doctor. At most [`MAX_DELEGATES`] for each request and open emergency.
	#[pallet::storage]
	pub type ConfirmedShares<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		(PatientId, DoctorId),
		Twox64Concat,
		HospitalId,
		SealedShare,
		OptionQuery,
	>;

	/// The last emergencies of each chart, open and closed. One item for each patient who had any.
	#[pallet::storage]
	pub type Emergencies<T> = StorageMap<_, Twox64Concat, PatientId, EmergenciesOf, ValueQuery>;

	/// What ends by itself, by the hour after that, counted from 1970. Each task that has begun has an entry for
	/// each end that it ever had, until that hour, and a representation no longer than until it has ended.
	#[pallet::storage]
	pub type Agenda<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		u64,
		Blake2_128Concat,
		Ending<T::AccountId>,
		(),
		OptionQuery,
	>;

	/// The first hour whose tasks may not have been looked at; none before the first task.
	#[pallet::storage]
	pub type FirstHour<T> = StorageValue<_, u64, OptionQuery>;
}

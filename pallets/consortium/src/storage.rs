//! The stored items, their keys, and how far they grow.

use frame_support::pallet_macros::pallet_section;

/// The storage.
#[pallet_section]
mod storage {
	/// The consortium's choices at genesis. One item, read in every block.
	#[pallet::storage]
	pub type ConsortiumSettings<T> = StorageValue<_, Settings, ValueQuery>;

	/// The id that the next admitted hospital gets.
	#[pallet::storage]
	pub type NextHospital<T> = StorageValue<_, HospitalId, ValueQuery>;

	/// Every hospital ever admitted. Ids are sequential and cannot be chosen, hence no cryptographic
	/// hash. Grows only by two thirds of the council.
	#[pallet::storage]
	pub type Hospitals<T: Config> =
		StorageMap<_, Twox64Concat, HospitalId, Hospital<T::AccountId>, OptionQuery>;

	/// The hospitals' names and addresses, apart from the items that decisions read. As large as
	/// [`Hospitals`].
	#[pallet::storage]
	pub type Profiles<T> = StorageMap<_, Twox64Concat, HospitalId, Profile, OptionQuery>;

	/// The hospitals' profile keys, to which patients' profiles are sealed. At most as large as
	/// [`Hospitals`].
	#[pallet::storage]
	pub type EncryptionKeys<T> =
		StorageMap<_, Twox64Concat, HospitalId, EncryptionKey, OptionQuery>;

	/// The active hospitals, in order of their ids.
	#[pallet::storage]
	pub type ActiveHospitals<T: Config> =
		StorageValue<_, BoundedVec<HospitalId, T::MaxHospitals>, ValueQuery>;

	/// The hospital that an account controls. Applicants choose their accounts, hence a cryptographic
	/// hash. One entry for each active hospital.
	#[pallet::storage]
	pub type ControllerOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, HospitalId, OptionQuery>;

	/// The hospital that an account verifies people for. At most `MaxHospitals × MaxRegistrars`.
	#[pallet::storage]
	pub type RegistrarOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, HospitalId, OptionQuery>;

	/// Each active hospital's registrars, sorted.
	#[pallet::storage]
	pub type Registrars<T: Config> = StorageMap<
		_,
		Twox64Concat,
		HospitalId,
		BoundedVec<T::AccountId, T::MaxRegistrars>,
		ValueQuery,
	>;

	/// The appointments that each active hospital's controller has made, and that wait to be accepted.
	/// Those that have expired stay until the hospital appoints again.
	#[pallet::storage]
	pub type Appointments<T: Config> = StorageMap<
		_,
		Twox64Concat,
		HospitalId,
		BoundedVec<Appointment<T::AccountId, BlockNumberFor<T>>, T::MaxAppointments>,
		ValueQuery,
	>;

	/// The id that the next institution gets.
	#[pallet::storage]
	pub type NextInstitution<T> = StorageValue<_, InstitutionId, ValueQuery>;

	/// Every institution, closed ones included: records name them. Ids are sequential and cannot be
	/// chosen, hence no cryptographic hash. Grows by at most 72 bytes with each new one, for which the
	/// hospital pays.
	#[pallet::storage]
	pub type Institutions<T> = StorageMap<_, Twox64Concat, InstitutionId, Institution, OptionQuery>;

	/// Each active hospital's open institutions, in order of their ids.
	#[pallet::storage]
	pub type InstitutionsOf<T: Config> = StorageMap<
		_,
		Twox64Concat,
		HospitalId,
		BoundedVec<InstitutionId, T::MaxInstitutions>,
		ValueQuery,
	>;

	/// The institution that an account adds records for. Applicants choose their accounts, hence a
	/// cryptographic hash. At most `MaxHospitals × MaxInstitutions × MaxOperators`.
	#[pallet::storage]
	pub type OperatorOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, InstitutionId, OptionQuery>;

	/// Each open institution's operators, sorted.
	#[pallet::storage]
	pub type Operators<T: Config> = StorageMap<
		_,
		Twox64Concat,
		InstitutionId,
		BoundedVec<T::AccountId, T::MaxOperators>,
		ValueQuery,
	>;

	/// The appointments of operators that wait to be accepted. As [`Appointments`], for each open
	/// institution.
	#[pallet::storage]
	pub type OperatorAppointments<T: Config> = StorageMap<
		_,
		Twox64Concat,
		InstitutionId,
		BoundedVec<Appointment<T::AccountId, BlockNumberFor<T>>, T::MaxOperators>,
		ValueQuery,
	>;

	/// The registrars' own keys, to which profile keys are sealed. A registrar of the genesis has none
	/// before publishing one. At most as large as [`RegistrarOf`].
	#[pallet::storage]
	pub type RegistrarKeys<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, EncryptionKey, OptionQuery>;

	/// All versions of the hospitals' profile keys, so that the holder of one can open the versions
	/// before it. Versions are sequential, hence no cryptographic hash. Grows by 100 bytes with each new
	/// version, for which a hospital pays from its registrars' allowances.
	#[pallet::storage]
	pub type ProfileKeyVersions<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		u32,
		ProfileKeyVersion,
		OptionQuery,
	>;

	/// The secrets of the hospitals' current profile keys, sealed to their holders. At most as large as
	/// [`RegistrarOf`].
	#[pallet::storage]
	pub type SealedProfileKeys<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Blake2_128Concat,
		T::AccountId,
		SealedProfileKey,
		OptionQuery,
	>;

	/// The holders of the hospitals' profile keys, counted, and whether new versions are due. At most as
	/// large as [`Hospitals`].
	#[pallet::storage]
	pub type ProfileKeyStates<T> =
		StorageMap<_, Twox64Concat, HospitalId, ProfileKeyState, ValueQuery>;

	/// The hospitals whose validators are seated from the next session on, in the order of their turns.
	#[pallet::storage]
	pub type Seats<T: Config> =
		StorageValue<_, BoundedVec<HospitalId, T::MaxHospitals>, ValueQuery>;

	/// The hospital that authored this block. Stored, because it is derived from the validators' turns,
	/// which change with the session.
	#[pallet::storage]
	pub type Author<T> = StorageValue<_, HospitalId, OptionQuery>;

	/// The session in which a seated hospital last authored a block, or was seated. One entry for each
	/// seat; each author writes it once a session.
	#[pallet::storage]
	pub type LastAuthored<T> = StorageMap<_, Twox64Concat, HospitalId, SessionIndex, OptionQuery>;

	/// The hospitals that proposed the council's motions. One item, since each proposal reads all of it.
	/// The entries of motions that were closed stay until the next proposal.
	#[pallet::storage]
	pub type Proposers<T: Config> =
		StorageValue<_, BoundedVec<(T::Hash, HospitalId), T::MaxMotions>, ValueQuery>;

	/// Council decisions that wait for their delay to pass, or could be carried out. At most
	/// `MaxPending`. Those that have become void stay until the next decision has to wait.
	#[pallet::storage]
	pub type PendingEnactments<T: Config> =
		CountedStorageMap<_, Twox64Concat, u32, PendingEnactment<T>, OptionQuery>;

	/// The time from which on the runtime that the council's decision has authorized may no longer be put in
	/// force. Stays after the runtime was put in force, until that time.
	#[pallet::storage]
	pub type UpgradeVoidAt<T> = StorageValue<_, Moment, OptionQuery>;

	/// The paces of each hospital's decisions about its people. At most six for each of [`Hospitals`].
	#[pallet::storage]
	pub type Paces<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		(Paced, Capacity),
		Pace,
		ValueQuery,
	>;

	/// The number that the next waiting decision gets.
	#[pallet::storage]
	pub type NextEnactment<T> = StorageValue<_, u32, ValueQuery>;

	/// The accounts of hospitals' vaults, of those that have one. At most as large as [`ActiveHospitals`].
	#[pallet::storage]
	pub type VaultAccounts<T: Config> =
		StorageMap<_, Twox64Concat, HospitalId, T::AccountId, OptionQuery>;

	/// The hospital whose vault's account this is. Hospitals choose these, hence a cryptographic hash. As
	/// large as [`VaultAccounts`].
	#[pallet::storage]
	pub type VaultOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, HospitalId, OptionQuery>;

	/// The logs of what hospitals' vaults gave out. At most as large as [`Hospitals`]. The log of a hospital
	/// that was expelled stays: if it comes back, its log goes on, or it begins another.
	#[pallet::storage]
	pub type DisclosureLogs<T> = StorageMap<_, Twox64Concat, HospitalId, DisclosureLog, ValueQuery>;

	/// The last anchors of each hospital's logs, by their numbers. Numbers are sequential, hence no
	/// cryptographic hash. At most [`MAX_ANCHORS`] of each hospital, of 52 bytes: those before are found in
	/// older blocks.
	#[pallet::storage]
	pub type DisclosureAnchors<T> = StorageDoubleMap<
		_,
		Twox64Concat,
		HospitalId,
		Twox64Concat,
		u32,
		DisclosureAnchor,
		OptionQuery,
	>;

	/// The releases of the web portal that hospitals may serve, the oldest first. One item, because
	/// readers want all of it. Empty until the council has listed the first one, and never again after
	/// that.
	#[pallet::storage]
	pub type PortalReleases<T> =
		StorageValue<_, BoundedVec<PortalRelease, ConstU32<MAX_PORTAL_RELEASES>>, ValueQuery>;
}

//! The pallet's parameters, which the runtime chooses.

use frame_support::pallet_macros::pallet_section;

/// The parameters.
#[pallet_section]
mod config {
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The runtime's calls. The council may have some of them dispatched as root.
		type RuntimeCall: Parameter
			+ Dispatchable<
				RuntimeOrigin = <Self as frame_system::Config>::RuntimeOrigin,
				PostInfo = PostDispatchInfo,
			> + GetDispatchInfo;

		/// The origin of at least two thirds of the council.
		type CouncilOrigin: EnsureOrigin<<Self as frame_system::Config>::RuntimeOrigin>;

		/// The council. The pallet keeps its members equal to the active hospitals' controllers.
		type Council: ChangeMembers<Self::AccountId>
			+ InitializeMembers<Self::AccountId>
			+ ForgetMotions;

		/// The root calls that the council may make, and their delays.
		type Powers: Powers<<Self as Config>::RuntimeCall, BlockNumberFor<Self>>;

		/// The current session, and the validators that have registered keys for the next.
		type Sessions: ValidatorSet<Self::AccountId, ValidatorId = Self::AccountId>
			+ ValidatorRegistration<Self::AccountId>;

		/// Past sessions' validators, and their keys.
		type History: SessionHistory<Self::AccountId>;

		/// The signature of an account that becomes a vault's.
		type Signature: Parameter + Verify<Signer = Self::Signer>;

		/// The signer of such a signature.
		type Signer: IdentifyAccount<AccountId = Self::AccountId>;

		/// The receiver of news about accounts that act for hospitals.
		type Roles: Roles<Self::AccountId>;

		/// The consequences of a hospital's departure.
		type OnExpulsion: OnExpulsion<Self::AccountId>;

		/// The maximum number of active hospitals. Bounds the council, the validator set and every loop
		/// here.
		#[pallet::constant]
		type MaxHospitals: Get<u32>;

		/// The maximum number of registrars of one hospital.
		#[pallet::constant]
		type MaxRegistrars: Get<u32>;

		/// The maximum number of appointments of one hospital that wait to be accepted.
		#[pallet::constant]
		type MaxAppointments: Get<u32>;

		/// The maximum number of open institutions of one hospital.
		#[pallet::constant]
		type MaxInstitutions: Get<u32>;

		/// The maximum number of operators of one institution, and of its appointments that wait to be
		/// accepted.
		#[pallet::constant]
		type MaxOperators: Get<u32>;

		/// The number of blocks in which an account can accept an appointment; more of them if slots are shorter
		/// than a second.
		#[pallet::constant]
		type AppointmentPeriod: Get<BlockNumberFor<Self>>;

		/// The maximum number of motions that are open at the same time, all hospitals together. The
		/// council's own limit.
		#[pallet::constant]
		type MaxMotions: Get<u32>;

		/// The maximum number of council decisions that wait at the same time.
		#[pallet::constant]
		type MaxPending: Get<u32>;

		/// The time in which a decision has to be carried out after it is due, in milliseconds. In the
		/// same time, a motion has to be closed after the last votes.
		#[pallet::constant]
		type EnactmentPeriod: Get<Moment>;

		/// The maximum weight of a call that waits. The transaction that carries it out declares this
		/// weight.
		#[pallet::constant]
		type MaxDelayedWeight: Get<Weight>;

		/// The number of sessions in which a seated validator may author nothing before it is benched.
		#[pallet::constant]
		type SilenceLimit: Get<SessionIndex>;

		/// The number of sessions for which past validator sets are kept, as proof of misconduct.
		#[pallet::constant]
		type HistoryDepth: Get<SessionIndex>;

		/// The chain's clock, in milliseconds since 1970.
		type Time: Time<Moment = Moment>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// The session keys and calls for the measurements.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self::AccountId, <Self as Config>::RuntimeCall, Self::Signature>;
	}
}

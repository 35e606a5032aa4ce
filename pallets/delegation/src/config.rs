//! The pallet's parameters, which the runtime chooses.

use frame_support::pallet_macros::pallet_section;

/// The parameters.
#[pallet_section]
mod config {
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The origin of a registrar of an active hospital. Its success is the hospital.
		type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = HospitalId>;

		/// The people and charts.
		type Charts: Charts<Self::AccountId, Error = DispatchError>;

		/// The hospitals' desks.
		type Desks: Desks;

		/// The chain's clock, in milliseconds since 1970.
		type Time: Time<Moment = Moment>;

		/// The signature of an account that takes over.
		type Signature: Parameter + Verify<Signer = Self::Signer>;

		/// The signer of such a signature.
		type Signer: IdentifyAccount<AccountId = Self::AccountId>;

		/// The longest delay of a recovery, in milliseconds.
		#[pallet::constant]
		type MaxDelay: Get<Moment>;

		/// The time in which enough guardians have to approve a recovery, and after the delay the time in which it
		/// has to be finished, in milliseconds.
		#[pallet::constant]
		type ApprovalPeriod: Get<Moment>;

		/// The time in which a hospital has to confirm a representative, in milliseconds.
		#[pallet::constant]
		type ConfirmationPeriod: Get<Moment>;

		/// The time in which enough hospitals have to confirm an emergency, in milliseconds.
		#[pallet::constant]
		type EmergencyRequestPeriod: Get<Moment>;

		/// The longest time for which an emergency is open, in milliseconds.
		#[pallet::constant]
		type MaxEmergencyDuration: Get<Moment>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// The parts of the runtime that the measurements need.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self>;
	}
}

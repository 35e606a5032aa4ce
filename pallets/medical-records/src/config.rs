//! The pallet's parameters, which the runtime chooses.

use frame_support::pallet_macros::pallet_section;

/// The parameters.
#[pallet_section]
mod config {
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The origin of a registrar of an active hospital. Its success is the hospital.
		type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = HospitalId>;

		/// The origin of at least two thirds of the council.
		type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The hospitals.
		type Hospitals: HospitalRegistry<Self::AccountId>;

		/// The chain's clock, in milliseconds since 1970.
		type Time: Time<Moment = Moment>;

		/// The rules by which people act for each other.
		type Delegates: Delegates;

		/// The receiver of news about accounts that gain or lose a role.
		type Roles: Roles<Self::AccountId>;

		/// The signature of an account that takes over from another.
		type Signature: Parameter + Verify<Signer = Self::Signer>;

		/// The signer of such a signature.
		type Signer: IdentifyAccount<AccountId = Self::AccountId>;

		/// The maximum number of records in one chart, without those that were withdrawn.
		#[pallet::constant]
		type MaxRecords: Get<u32>;

		/// The number of these that only the patient can add.
		#[pallet::constant]
		type PatientsReserve: Get<u32>;

		/// The number of records and notes that a doctor or an institution may add to a chart, before the
		/// patient renews it.
		#[pallet::constant]
		type AppendBudget: Get<u32>;

		/// The time for which expired grants and deposits are kept, in milliseconds, so that they can be
		/// prolonged.
		#[pallet::constant]
		type ExpiredGrantsKept: Get<Moment>;

		/// The maximum size of a document, in bytes.
		#[pallet::constant]
		type MaxDocumentSize: Get<u64>;

		/// The time in which a hospital has to verify a person, or to answer a request to move, in milliseconds.
		#[pallet::constant]
		type RegistrationPeriod: Get<Moment>;

		/// The maximum number of relocations at the same time.
		#[pallet::constant]
		type MaxRelocations: Get<u32>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// The parts of the runtime that the measurements need.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: benchmarking::Helper<Self>;
	}
}

//! What happened, for whoever follows the chain.

use frame_support::pallet_macros::pallet_section;

/// The events.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The council admitted a hospital.
		HospitalAdmitted {
			/// The id that it will always have.
			hospital: HospitalId,
			/// The account that acts for it.
			controller: T::AccountId,
		},
		/// The council admitted a hospital again that it had expelled.
		HospitalReadmitted {
			/// Its id, the same as before.
			hospital: HospitalId,
			/// The account that acts for it from now on.
			controller: T::AccountId,
		},
		/// The council expelled a hospital.
		HospitalExpelled {
			/// Which one.
			hospital: HospitalId,
		},
		/// The council changed a hospital's name.
		HospitalRenamed {
			/// Which one.
			hospital: HospitalId,
		},
		/// Another account acts for a hospital from now on.
		ControllerChanged {
			/// Which one.
			hospital: HospitalId,
			/// The account that no longer does.
			old: T::AccountId,
			/// The account that does.
			new: T::AccountId,
		},
		/// A hospital's gateway has another address.
		GatewayChanged {
			/// Which hospital.
			hospital: HospitalId,
		},
		/// A hospital takes in people in another way.
		RegistrationModeChanged {
			/// Which hospital.
			hospital: HospitalId,
			/// How, from now on.
			mode: RegistrationMode,
		},
		/// A hospital published an encryption key.
		EncryptionKeySet {
			/// Which hospital.
			hospital: HospitalId,
			/// 1 for the first, one more each time.
			version: u32,
		},
		/// An account may verify people for a hospital.
		RegistrarAdded {
			/// The hospital.
			hospital: HospitalId,
			/// The account.
			registrar: T::AccountId,
		},
		/// An account may no longer verify people for a hospital.
		RegistrarRemoved {
			/// The hospital.
			hospital: HospitalId,
			/// The account.
			registrar: T::AccountId,
		},
		/// A hospital's validator joins the set in the next session.
		SeatTaken {
			/// Which hospital.
			hospital: HospitalId,
		},
		/// A hospital's validator leaves the set in the next session.
		SeatLeft {
			/// Which hospital.
			hospital: HospitalId,
		},
		/// A validator authored nothing for too long and loses its seat until it asks for it back.
		SeatBenched {
			/// Whose.
			hospital: HospitalId,
		},
		/// A validator authored nothing for too long, but without it too few would remain.
		SilenceTolerated {
			/// Whose.
			hospital: HospitalId,
		},
		/// A benched validator is ready again.
		SeatReclaimed {
			/// Whose.
			hospital: HospitalId,
		},
		/// A validator signed two conflicting votes and loses its seat until the council returns it.
		SeatSuspended {
			/// Whose.
			hospital: HospitalId,
			/// How many hospitals are still ready to validate.
			ready: u32,
		},
		/// A validator signed two conflicting votes, but without it too few would remain. The
		/// council has to act.
		EquivocationTolerated {
			/// Whose.
			hospital: HospitalId,
		},
		/// The council gave a suspended validator its seat back.
		SeatReinstated {
			/// Whose.
			hospital: HospitalId,
		},
		/// A decision of the council took effect.
		Enacted {
			/// The number under which it waited, if it had to.
			enactment: Option<u32>,
		},
		/// A decision of the council waits, for everybody to see.
		EnactmentDelayed {
			/// Its number.
			enactment: u32,
			/// The first block in which it may be carried out.
			due: BlockNumberFor<T>,
		},
		/// The council called off a decision that was waiting.
		EnactmentCalledOff {
			/// Its number.
			enactment: u32,
		},
	}
}

//! What happened, for programs that follow the chain.

use frame_support::pallet_macros::pallet_section;

/// The events.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The council admitted a hospital.
		HospitalAdmitted {
			/// The hospital's permanent id.
			hospital: HospitalId,
			/// The account that acts for the hospital.
			controller: T::AccountId,
		},
		/// The council readmitted a hospital that it had expelled.
		HospitalReadmitted {
			/// The hospital's id, the same as before.
			hospital: HospitalId,
			/// The account that acts for the hospital from now on.
			controller: T::AccountId,
		},
		/// The council expelled a hospital.
		HospitalExpelled {
			/// The expelled hospital.
			hospital: HospitalId,
		},
		/// The council changed a hospital's name.
		HospitalRenamed {
			/// The renamed hospital.
			hospital: HospitalId,
		},
		/// Another account acts for a hospital from now on. The appointments that waited have ended, and so have
		/// permissions to decide about more people.
		ControllerChanged {
			/// The hospital whose controller changed.
			hospital: HospitalId,
			/// The previous controller.
			old: T::AccountId,
			/// The new controller.
			new: T::AccountId,
		},
		/// A hospital's gateway has another address.
		GatewayChanged {
			/// The hospital whose gateway it is.
			hospital: HospitalId,
		},
		/// A hospital accepts registrations in another way.
		RegistrationModeChanged {
			/// The hospital whose mode changed.
			hospital: HospitalId,
			/// The new mode.
			mode: RegistrationMode,
		},
		/// A hospital appointed an account as its registrar.
		RegistrarAppointed {
			/// The hospital that appoints.
			hospital: HospitalId,
			/// The account that can accept.
			registrar: T::AccountId,
			/// The first block in which it can no longer accept.
			until: BlockNumberFor<T>,
		},
		/// A hospital took an appointment back.
		AppointmentWithdrawn {
			/// The hospital that had appointed.
			hospital: HospitalId,
			/// The account that had not accepted.
			registrar: T::AccountId,
		},
		/// A registrar published an own key.
		RegistrarKeySet {
			/// The registrar whose key it is.
			registrar: T::AccountId,
			/// The version of the key: 1 for the first, one more for each that replaced it.
			version: u32,
		},
		/// A hospital has a new profile key, and all registrars with keys have its secret.
		ProfileKeyPublished {
			/// The hospital whose key changed.
			hospital: HospitalId,
			/// The version of the key: 1 for the first, one more for each that replaced it.
			version: u32,
		},
		/// A registrar gave another one the secret of the hospital's profile key.
		ProfileKeyShared {
			/// The hospital whose key it is.
			hospital: HospitalId,
			/// The version of the key.
			version: u32,
			/// The registrar who received the secret.
			registrar: T::AccountId,
		},
		/// An account may verify people for a hospital, as it has accepted.
		RegistrarAdded {
			/// The registrar's hospital.
			hospital: HospitalId,
			/// The new registrar.
			registrar: T::AccountId,
		},
		/// An account may no longer verify people for a hospital: it was removed, or resigned.
		RegistrarRemoved {
			/// The hospital that the registrar worked for.
			hospital: HospitalId,
			/// The removed registrar.
			registrar: T::AccountId,
		},
		/// A hospital's validator joins the set in the next session.
		SeatTaken {
			/// The hospital whose validator joins.
			hospital: HospitalId,
		},
		/// A hospital's validator leaves the set in the next session.
		SeatLeft {
			/// The hospital whose validator leaves.
			hospital: HospitalId,
		},
		/// A validator authored nothing for too long and loses its seat until it asks for it back.
		SeatBenched {
			/// The hospital whose validator was silent.
			hospital: HospitalId,
		},
		/// A validator authored nothing for too long, but without it too few would remain.
		SilenceTolerated {
			/// The hospital whose validator was silent.
			hospital: HospitalId,
		},
		/// A benched validator is ready again.
		SeatReclaimed {
			/// The hospital whose validator is ready.
			hospital: HospitalId,
		},
		/// A validator signed two conflicting votes and loses its seat until the council returns it.
		SeatSuspended {
			/// The hospital whose validator it was.
			hospital: HospitalId,
			/// The number of hospitals that are still ready to validate.
			ready: u32,
		},
		/// A validator signed two conflicting votes, but without it too few would remain. The
		/// council has to act.
		EquivocationTolerated {
			/// The hospital whose validator it is.
			hospital: HospitalId,
		},
		/// The council gave a suspended validator its seat back.
		SeatReinstated {
			/// The hospital whose validator it is.
			hospital: HospitalId,
		},
		/// A decision of the council took effect.
		Enacted {
			/// The number under which the decision waited, if it had to.
			enactment: Option<u32>,
		},
		/// A decision of the council waits, visible to all.
		EnactmentDelayed {
			/// The decision's number.
			enactment: u32,
			/// The first block in which the decision may be carried out.
			due: BlockNumberFor<T>,
			/// The time from which on the decision may no longer be carried out.
			void_at: Moment,
		},
		/// A decision of the council is void: no hospital carried it out in time, or one carried out a later decision.
		EnactmentLapsed {
			/// The decision's number.
			enactment: u32,
		},
		/// The council called off a decision that was waiting.
		EnactmentCalledOff {
			/// The decision's number.
			enactment: u32,
		},
		/// The council listed a release of the web portal.
		PortalReleaseListed {
			/// The SHA-256 of the release's manifest.
			digest: [u8; 32],
			/// The release's name.
			version: PortalVersion,
		},
		/// The council withdrew a release of the web portal.
		PortalReleaseWithdrawn {
			/// The SHA-256 of the release's manifest.
			digest: [u8; 32],
		},
		/// A hospital may decide about more people for some days: its controller or the council allowed it.
		DecisionsAllowed {
			/// The hospital whose registrars may decide about more people.
			hospital: HospitalId,
			/// The kind of decisions.
			what: Paced,
			/// The kind of people.
			capacity: Capacity,
			/// The number of people, in addition to the usual one.
			number: u32,
			/// The end of the permission.
			until: Moment,
		},
		/// A hospital has a new institution, which may add records where patients allow it.
		InstitutionAdded {
			/// The institution's permanent id.
			institution: InstitutionId,
			/// The hospital to which it belongs.
			hospital: HospitalId,
			/// Its kind.
			kind: InstitutionKind,
		},
		/// An institution may add no more records: its hospital closed it, or was expelled.
		InstitutionClosed {
			/// The closed institution.
			institution: InstitutionId,
		},
		/// A hospital appointed an account as an operator of its institution.
		OperatorAppointed {
			/// The institution.
			institution: InstitutionId,
			/// The account that can accept.
			operator: T::AccountId,
			/// The first block in which it can no longer accept.
			until: BlockNumberFor<T>,
		},
		/// A hospital took the appointment of an operator back.
		OperatorAppointmentWithdrawn {
			/// The institution.
			institution: InstitutionId,
			/// The account that had not accepted.
			operator: T::AccountId,
		},
		/// An account may add records for an institution, as it has accepted.
		OperatorAdded {
			/// The operator's institution.
			institution: InstitutionId,
			/// The new operator.
			operator: T::AccountId,
		},
		/// An account may no longer add records for an institution: it was removed, or has left.
		OperatorRemoved {
			/// The institution that the operator worked for.
			institution: InstitutionId,
			/// The removed operator.
			operator: T::AccountId,
		},
		/// A runtime upgrade that the council had decided on was not put in force in time, and no longer can be.
		UpgradeLapsed,
		/// A hospital's vault has another account, which signs its receipts and anchors its log.
		VaultAccountSet {
			/// The hospital whose vault it is.
			hospital: HospitalId,
			/// The account.
			account: T::AccountId,
		},
		/// A hospital has put the size and root of its vault's log on the chain.
		DisclosuresAnchored {
			/// The hospital whose log it is.
			hospital: HospitalId,
			/// The anchor's number among the hospital's.
			number: u32,
			/// The log's number among the hospital's.
			log: u32,
			/// The number of disclosures in the log.
			size: u64,
			/// The root of the log's Merkle tree.
			root: [u8; 32],
		},
		/// A hospital has given up its vault's log, and begins another.
		DisclosureLogBegun {
			/// The hospital whose log it is.
			hospital: HospitalId,
			/// The new log's number.
			log: u32,
		},
	}
}

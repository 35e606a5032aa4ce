//! What happened, for programs that follow the chain.

use frame_support::pallet_macros::pallet_section;

/// The events.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A patient published a key for acting for others.
		ActingKeySet {
			/// The patient whose key it is.
			patient: PatientId,
			/// The version of the key: 1 for the first, one more for each that replaced it.
			version: u32,
		},
		/// A person chose guardians, who together can give the person a new account.
		GuardiansSet {
			/// The person whose guardians they are.
			person: Person,
			/// The number of guardians who have to agree.
			threshold: u32,
			/// The number of guardians.
			guardians: u32,
			/// The time in which the person can veto, in milliseconds.
			delay: Moment,
		},
		/// A person has no guardians any more.
		GuardiansRemoved {
			/// The person who had them.
			person: Person,
		},
		/// A new account is going to take over a person, if enough guardians approve it. The person can veto.
		RecoveryRequested {
			/// The person who is to get a new account.
			person: Person,
			/// The new account.
			new: T::AccountId,
			/// The SHA-256 of the new device's key.
			key_digest: [u8; 32],
			/// The first guardian who supports it.
			by: Delegate,
		},
		/// A guardian approved a recovery. The person can veto.
		RecoveryApproved {
			/// The person who is to get a new account.
			person: Person,
			/// The new account.
			new: T::AccountId,
			/// The guardian who approved it.
			by: Delegate,
			/// The number of guardians who have approved it.
			approvals: u32,
			/// The end of the time in which the person can be sure to veto; none while too few have approved.
			due: Option<Moment>,
		},
		/// A guardian took an approval back.
		RecoveryApprovalWithdrawn {
			/// The person who was to get a new account.
			person: Person,
			/// The new account.
			new: T::AccountId,
			/// The guardian who no longer approves it.
			by: Delegate,
			/// The number of guardians who still approve it.
			approvals: u32,
		},
		/// A guardian handed a share over to the new device.
		ShareHandedOver {
			/// The person whose share it is.
			person: Person,
			/// The new account.
			new: T::AccountId,
			/// The guardian who handed it over.
			by: Delegate,
		},
		/// A recovery ended without effect. The present account stays in control.
		RecoveryEnded {
			/// The person whose account stays.
			person: Person,
			/// The account that was to take over.
			new: T::AccountId,
			/// The reason.
			why: RequestEnd,
		},
		/// A person's guardians have given the person to a new account, with new keys.
		Recovered {
			/// The person whose account changed.
			person: Person,
			/// The previous account.
			old: T::AccountId,
			/// The new account.
			new: T::AccountId,
		},
		/// A patient named a person to act for them. The hospital has not confirmed it yet.
		RepresentativeNamed {
			/// The patient who is to be represented.
			patient: PatientId,
			/// The person who is to act.
			representative: PatientId,
			/// What the person may do.
			scopes: Scopes,
			/// The end, in milliseconds since 1970, if there is one.
			until: Option<Moment>,
		},
		/// The patient's hospital confirmed a representative, or the representative's new key.
		RepresentativeConfirmed {
			/// The patient who is represented.
			patient: PatientId,
			/// The person who may act.
			representative: PatientId,
			/// The version of the representative's key that the hospital has checked.
			key_version: u32,
		},
		/// The patient gave a representative the chart's current key.
		RepresentativeGivenKey {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The representative who can open it.
			representative: PatientId,
			/// The even epoch whose secret it is.
			epoch: Epoch,
		},
		/// A representative lost the chart's key, since their hospital suspended them or their guardians recovered
		/// them.
		RepresentativeKeyLost {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The representative who had the key.
			representative: PatientId,
		},
		/// A person no longer acts for a patient.
		RepresentationEnded {
			/// The patient who was represented, or was to be.
			patient: PatientId,
			/// The person who no longer acts.
			representative: PatientId,
			/// The reason.
			why: RepresentationEnd,
		},
		/// A representative did something for a patient. What it was is told by the event before.
		ActedFor {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The person who acted.
			representative: PatientId,
			/// The kind of act.
			act: Act,
		},
		/// A patient chose what doctors may see in an emergency, and which hospitals have to confirm it.
		EmergencyPlanSet {
			/// The patient whose plan it is.
			patient: PatientId,
			/// The number of hospitals that have to confirm an emergency.
			threshold: u32,
			/// The number of hospitals that can.
			holders: u32,
			/// Whether the whole chart is opened.
			whole: bool,
			/// The time for which it is open, in milliseconds.
			duration: Moment,
		},
		/// A patient's plan for emergencies got the chart's current key.
		EmergencyKeyRenewed {
			/// The patient whose plan it is.
			patient: PatientId,
			/// The even epoch whose secret it is.
			epoch: Epoch,
		},
		/// A patient has no plan for emergencies any more.
		EmergencyPlanRemoved {
			/// The patient who had one.
			patient: PatientId,
		},
		/// A doctor asked for an emergency. The patient can refuse it.
		EmergencyRequested {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who asks.
			doctor: DoctorId,
			/// The doctor's reason.
			reason: EmergencyReason,
			/// The SHA-256 of what the hospital has written down.
			details: [u8; 32],
		},
		/// A hospital confirmed an emergency.
		EmergencyConfirmed {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who asked.
			doctor: DoctorId,
			/// The hospital that confirmed it.
			by: HospitalId,
			/// The number of hospitals that have confirmed it.
			confirmations: u32,
		},
		/// An emergency is open: the doctor may see what the patient has planned.
		EmergencyOpened {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who may see it.
			doctor: DoctorId,
			/// The time at which it closes, in milliseconds since 1970.
			until: Moment,
		},
		/// A doctor's request for an emergency ended without effect.
		EmergencyRequestEnded {
			/// The patient whose chart it was for.
			patient: PatientId,
			/// The doctor who had asked.
			doctor: DoctorId,
			/// The reason.
			why: RequestEnd,
		},
		/// An emergency has closed.
		EmergencyClosed {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who may no longer see it.
			doctor: DoctorId,
			/// Whether the patient closed it.
			by_patient: bool,
		},
		/// A patient judged an emergency.
		EmergencyReviewed {
			/// The patient whose chart it was.
			patient: PatientId,
			/// The doctor who could see the chart.
			doctor: DoctorId,
			/// The patient's judgement.
			review: Review,
		},
	}
}

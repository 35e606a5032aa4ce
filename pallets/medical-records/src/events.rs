//! What happened, for whoever follows the chain.

use frame_support::pallet_macros::pallet_section;

/// The events.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Somebody registered as a patient and waits for the hospital to verify them.
		PatientRegistered {
			/// The id that they will always have.
			patient: PatientId,
			/// The hospital that is to verify them.
			hospital: HospitalId,
			/// The account that controls the chart.
			account: T::AccountId,
		},
		/// The hospital confirmed who the patient is.
		PatientVerified {
			/// Whom.
			patient: PatientId,
		},
		/// The hospital did not confirm the patient, who may register again.
		PatientRejected {
			/// Whom.
			patient: PatientId,
		},
		/// The hospital suspended the patient, who can revoke, but neither grant nor add.
		PatientSuspended {
			/// Whom.
			patient: PatientId,
		},
		/// The hospital reinstated the patient.
		PatientReinstated {
			/// Whom.
			patient: PatientId,
		},
		/// The patient's profile was replaced.
		PatientProfileUpdated {
			/// Whose.
			patient: PatientId,
			/// Whether the hospital did it.
			by_hospital: bool,
		},
		/// Somebody registered as a doctor and waits for the hospital to verify them.
		DoctorRegistered {
			/// The id that they will always have.
			doctor: DoctorId,
			/// The hospital that is to verify them.
			hospital: HospitalId,
			/// The account that acts for them.
			account: T::AccountId,
		},
		/// The hospital confirmed who the doctor is, and their encryption key.
		DoctorVerified {
			/// Whom.
			doctor: DoctorId,
		},
		/// The hospital did not confirm the doctor, who may register again.
		DoctorRejected {
			/// Whom.
			doctor: DoctorId,
		},
		/// The hospital suspended the doctor, who sees nothing any more.
		DoctorSuspended {
			/// Whom.
			doctor: DoctorId,
		},
		/// The hospital reinstated the doctor. Grants from before count again, for what is older; new
		/// records can be opened when the patients have renewed the keys.
		DoctorReinstated {
			/// Whom.
			doctor: DoctorId,
		},
		/// The doctor's entry in the directory was changed.
		DoctorProfileUpdated {
			/// Whose.
			doctor: DoctorId,
			/// Whether the hospital did it.
			by_hospital: bool,
		},
		/// The hospital changed what it says of the doctor.
		DoctorDetailsSet {
			/// Of whom.
			doctor: DoctorId,
			/// When the licence runs out, in milliseconds since 1970, if it does.
			licence_expires: Option<Moment>,
		},
		/// The doctor published a new encryption key, which the hospital has not confirmed yet.
		EncryptionKeySet {
			/// Whose.
			doctor: DoctorId,
			/// 1 for the first key, one more each time.
			version: u32,
		},
		/// The hospital confirmed that the encryption key is the doctor's.
		EncryptionKeyConfirmed {
			/// Whose.
			doctor: DoctorId,
			/// Which of their keys.
			version: u32,
		},
		/// Another account controls a person's entry from now on.
		AccountChanged {
			/// Whose.
			person: Person,
			/// The account that no longer does.
			old: T::AccountId,
			/// The account that does.
			new: T::AccountId,
		},
		/// Somebody asked to move to another hospital, or no longer wants to.
		MoveRequested {
			/// Who.
			person: Person,
			/// Where to.
			to: Option<HospitalId>,
		},
		/// Another hospital answers for the patient from now on.
		PatientMoved {
			/// Whom.
			patient: PatientId,
			/// The hospital until now.
			from: HospitalId,
			/// The hospital from now on.
			to: HospitalId,
		},
		/// Another hospital answers for the doctor from now on.
		DoctorMoved {
			/// Whom.
			doctor: DoctorId,
			/// The hospital until now.
			from: HospitalId,
			/// The hospital from now on.
			to: HospitalId,
		},
		/// The council moves everybody from a hospital that has left to another.
		RelocationBegun {
			/// The hospital that has left.
			from: HospitalId,
			/// The hospital that will answer for its people.
			to: HospitalId,
		},
		/// Everybody has been moved.
		RelocationDone {
			/// The hospital that had left.
			from: HospitalId,
			/// The hospital that answers for its people.
			to: HospitalId,
		},
		/// The rest of the people stay where they are: the one hospital has come back, or the other
		/// has left too.
		RelocationCalledOff {
			/// The hospital that had left.
			from: HospitalId,
			/// The hospital that was to answer for its people.
			to: HospitalId,
		},
		/// A registration was forgotten, since no hospital verified it in time.
		RegistrationLapsed {
			/// Whose.
			person: Person,
		},
		/// Records were added to a chart.
		RecordsAdded {
			/// Whose chart.
			patient: PatientId,
			/// Who added them.
			author: Author,
			/// The first one's place in the chart.
			first: RecordIndex,
			/// How many there are.
			count: u32,
		},
		/// The patient withdrew a record.
		RecordWithdrawn {
			/// Whose chart.
			patient: PatientId,
			/// Which record.
			record: RecordIndex,
		},
		/// The patient lets a doctor see the whole chart.
		AccessGranted {
			/// Whose chart.
			patient: PatientId,
			/// Who may see it.
			doctor: DoctorId,
			/// Whether the doctor may add records and notes.
			may_append: bool,
			/// When this ends by itself, in milliseconds since 1970, if it does.
			expires_at: Option<Moment>,
		},
		/// The patient lets a doctor see single records, and no more than those.
		RecordsShared {
			/// Whose records.
			patient: PatientId,
			/// Who may see them.
			doctor: DoctorId,
			/// How many are shared with this doctor now.
			records: u32,
			/// Whether the doctor may add records and notes.
			may_append: bool,
			/// When this ends by itself, in milliseconds since 1970, if it does.
			expires_at: Option<Moment>,
		},
		/// The patient took a doctor's access back.
		AccessRevoked {
			/// Whose chart.
			patient: PatientId,
			/// Who may no longer see it.
			doctor: DoctorId,
		},
		/// There was nothing to take back: this doctor had no access.
		HadNoAccess {
			/// Whose chart.
			patient: PatientId,
			/// Who could not see it anyway.
			doctor: DoctorId,
		},
		/// A doctor gave their access up.
		AccessRelinquished {
			/// Whose chart.
			patient: PatientId,
			/// Who may no longer see it.
			doctor: DoctorId,
		},
		/// A chart has new keys, which just those doctors have who may see all of it.
		ChartKeyRotated {
			/// Whose chart.
			patient: PatientId,
			/// The new epoch.
			epoch: Epoch,
		},
		/// The revocation stands, but the new keys that came with it did not fit.
		///
		/// If somebody has lost the current key, new records are sealed to one that only the patient
		/// has, until other new keys are sent.
		RotationDropped {
			/// Whose chart.
			patient: PatientId,
			/// What did not fit.
			why: RotationMisfit,
		},
	}
}

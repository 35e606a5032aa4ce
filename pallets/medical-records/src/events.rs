//! What happened, for programs that follow the chain.

use frame_support::pallet_macros::pallet_section;

/// The events.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A patient registered and waits for the hospital's verification.
		PatientRegistered {
			/// The patient's permanent id.
			patient: PatientId,
			/// The hospital that is to verify the patient.
			hospital: HospitalId,
			/// The account that controls the chart.
			account: T::AccountId,
		},
		/// The hospital confirmed the patient's identity.
		PatientVerified {
			/// The verified patient.
			patient: PatientId,
		},
		/// The hospital did not confirm the patient's identity. The person may register again.
		PatientRejected {
			/// The rejected patient.
			patient: PatientId,
		},
		/// The hospital suspended the patient, who can revoke access, but neither grant it nor add
		/// records.
		PatientSuspended {
			/// The suspended patient.
			patient: PatientId,
		},
		/// The hospital reinstated the patient.
		PatientReinstated {
			/// The reinstated patient.
			patient: PatientId,
		},
		/// The patient's encrypted profile was replaced.
		PatientProfileUpdated {
			/// The patient whose profile changed.
			patient: PatientId,
			/// Whether the hospital replaced it.
			by_hospital: bool,
		},
		/// A doctor registered and waits for the hospital's verification.
		DoctorRegistered {
			/// The doctor's permanent id.
			doctor: DoctorId,
			/// The hospital that is to verify the doctor.
			hospital: HospitalId,
			/// The account that acts for the doctor.
			account: T::AccountId,
		},
		/// The hospital confirmed the doctor's identity and encryption key.
		DoctorVerified {
			/// The verified doctor.
			doctor: DoctorId,
		},
		/// The hospital did not confirm the doctor's identity. The person may register again.
		DoctorRejected {
			/// The rejected doctor.
			doctor: DoctorId,
		},
		/// The hospital suspended the doctor, who can no longer see any chart.
		DoctorSuspended {
			/// The suspended doctor.
			doctor: DoctorId,
		},
		/// The hospital reinstated the doctor. Earlier grants count again. Records that were added
		/// in between can be opened once the patients have renewed the keys.
		DoctorReinstated {
			/// The reinstated doctor.
			doctor: DoctorId,
		},
		/// The doctor's entry in the directory changed.
		DoctorProfileUpdated {
			/// The doctor whose entry changed.
			doctor: DoctorId,
			/// Whether the change was the hospital's own, rather than the doctor's.
			by_hospital: bool,
		},
		/// The doctor proposed a change of the entry in the directory, which the hospital has not
		/// confirmed yet.
		DoctorProfileProposed {
			/// The doctor who proposed it.
			doctor: DoctorId,
		},
		/// The change that the doctor proposed was discarded. The entry stays as it was.
		DoctorProfileDiscarded {
			/// The doctor who had proposed it.
			doctor: DoctorId,
			/// Whether the hospital discarded it, rather than the doctor.
			by_hospital: bool,
		},
		/// The hospital changed its details about the doctor.
		DoctorDetailsSet {
			/// The doctor whose details changed.
			doctor: DoctorId,
			/// The end of the licence, in milliseconds since 1970, if it has one.
			licence_expires: Option<Moment>,
		},
		/// The doctor published a new encryption key, which the hospital has not confirmed yet.
		EncryptionKeySet {
			/// The doctor whose key changed.
			doctor: DoctorId,
			/// The version of the key: 1 for the first, one more for each that replaced it.
			version: u32,
		},
		/// The hospital confirmed that the encryption key is the doctor's.
		EncryptionKeyConfirmed {
			/// The doctor whose key was confirmed.
			doctor: DoctorId,
			/// The version of the key.
			version: u32,
		},
		/// Another account is going to control a person's entry, unless that is stopped before. Comes again, with a
		/// later time, if the person moves to another hospital meanwhile.
		AccountChangeRequested {
			/// The person whose account is going to change.
			person: Person,
			/// The account that is in control until then.
			old: T::AccountId,
			/// The account that is to take over.
			new: T::AccountId,
			/// The time at which it takes over, in milliseconds since 1970.
			due: Moment,
		},
		/// A pending change of account was stopped. The old account stays in control.
		AccountChangeStopped {
			/// The person whose account stays.
			person: Person,
			/// The reason for the stop.
			why: ChangeStop,
		},
		/// Another account controls a person's entry from now on.
		AccountChanged {
			/// The person whose account changed.
			person: Person,
			/// The previous account.
			old: T::AccountId,
			/// The new account.
			new: T::AccountId,
		},
		/// A person asked to move to another hospital, or withdrew that request.
		MoveRequested {
			/// The person who asked.
			person: Person,
			/// The hospital that was asked; none if the request was withdrawn.
			to: Option<HospitalId>,
		},
		/// Another hospital answers for the patient from now on.
		PatientMoved {
			/// The patient who moved.
			patient: PatientId,
			/// The previous hospital.
			from: HospitalId,
			/// The new hospital.
			to: HospitalId,
		},
		/// Another hospital answers for the doctor from now on.
		DoctorMoved {
			/// The doctor who moved.
			doctor: DoctorId,
			/// The previous hospital.
			from: HospitalId,
			/// The new hospital.
			to: HospitalId,
		},
		/// The council decided to move all people of a hospital that has left to another.
		RelocationBegun {
			/// The hospital that has left.
			from: HospitalId,
			/// The hospital that will answer for its people.
			to: HospitalId,
		},
		/// All people of a hospital that has left have been moved.
		RelocationDone {
			/// The hospital that had left.
			from: HospitalId,
			/// The hospital that answers for its people.
			to: HospitalId,
		},
		/// The remaining people stay where they are: the first hospital has come back, or the second
		/// has left too.
		RelocationCalledOff {
			/// The hospital that had left.
			from: HospitalId,
			/// The hospital that was to answer for its people.
			to: HospitalId,
		},
		/// A registration was deleted, because no hospital verified the person in time.
		RegistrationLapsed {
			/// The person whose registration was deleted.
			person: Person,
		},
		/// Records were added to a chart.
		RecordsAdded {
			/// The patient whose chart changed.
			patient: PatientId,
			/// The author of the records.
			author: Author,
			/// The first record's place in the chart.
			first: RecordIndex,
			/// The number of records.
			count: u32,
		},
		/// The patient withdrew a record.
		RecordWithdrawn {
			/// The patient whose chart changed.
			patient: PatientId,
			/// The record's place in the chart.
			record: RecordIndex,
		},
		/// The patient granted a doctor access to the whole chart.
		AccessGranted {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who may see it.
			doctor: DoctorId,
			/// Whether the doctor may add records and notes.
			may_append: bool,
			/// The end of the grant, in milliseconds since 1970, if it has one.
			expires_at: Option<Moment>,
		},
		/// The patient shared single records with a doctor, who may see no others.
		RecordsShared {
			/// The patient whose records they are.
			patient: PatientId,
			/// The doctor who may see them.
			doctor: DoctorId,
			/// The number of records that are shared with the doctor now.
			records: u32,
			/// Whether the doctor may add records and notes.
			may_append: bool,
			/// The end of the grant, in milliseconds since 1970, if it has one.
			expires_at: Option<Moment>,
		},
		/// The patient took back a doctor's access.
		AccessRevoked {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who may no longer see it.
			doctor: DoctorId,
		},
		/// There was no access to take back.
		HadNoAccess {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who had no access to it.
			doctor: DoctorId,
		},
		/// A doctor gave up access to a chart.
		AccessRelinquished {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who may no longer see it.
			doctor: DoctorId,
		},
		/// A chart has new keys. Only the doctors who may see the whole chart receive them.
		ChartKeyRotated {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The new distributed epoch.
			epoch: Epoch,
		},
		/// The revocation took effect, but the new keys that came with it did not fit and were dropped.
		///
		/// If a doctor has lost the current key, new records are sealed to a key that only the patient
		/// has, and to the confirmed own keys of 61 remaining doctors at most, until the patient sends
		/// other new keys.
		RotationDropped {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The reason why the new keys did not fit.
			why: RotationMisfit,
		},
		/// The patient removed their encrypted profile.
		PatientProfileRemoved {
			/// The patient whose profile was removed.
			patient: PatientId,
		},
		/// The patient no longer shares some of the records that a doctor could see.
		RecordsUnshared {
			/// The patient whose records they are.
			patient: PatientId,
			/// The doctor who may no longer see them.
			doctor: DoctorId,
			/// The number of records that are still shared with the doctor.
			records: u32,
			/// Whether the doctor may add records and notes.
			may_append: bool,
			/// The end of the grant, in milliseconds since 1970, if it has one.
			expires_at: Option<Moment>,
		},
		/// The patient renewed the number of records and notes that a doctor may add.
		AppendBudgetRenewed {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The doctor who may add as many again.
			doctor: DoctorId,
		},
		/// A grant that had run out was cleared away.
		ExpiredGrantCleared {
			/// The patient whose chart it was for.
			patient: PatientId,
			/// The doctor who had it.
			doctor: DoctorId,
		},
		/// The patient chose a hospital whose vault keeps a second copy of the chart's documents, or no
		/// longer wants one.
		MirrorSet {
			/// The patient whose documents they are.
			patient: PatientId,
			/// The hospital that mirrors them; none if no hospital does.
			mirror: Option<HospitalId>,
		},
		/// The patient moved the documents that one hospital's vault kept to another hospital's.
		DocumentsMoved {
			/// The patient whose documents they are.
			patient: PatientId,
			/// The hospital that kept them.
			from: HospitalId,
			/// The hospital that keeps them from now on.
			to: HospitalId,
		},
		/// The council decided which hospital keeps the documents of one that has left.
		SuccessorSet {
			/// The hospital that has left.
			left: HospitalId,
			/// The hospital that keeps its documents; none if it has no successor any more.
			successor: Option<HospitalId>,
		},
		/// A patient allows an institution to add records to the chart, of which it can read nothing.
		DepositAllowed {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The institution that may add records.
			institution: InstitutionId,
			/// The end of the permission, in milliseconds since 1970, if it has one.
			expires_at: Option<Moment>,
		},
		/// The patient no longer allows an institution to add records.
		DepositEnded {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The institution that may no longer add records.
			institution: InstitutionId,
		},
		/// The patient ended the deposit of an institution that was not allowed any.
		HadNoDeposit {
			/// The patient whose chart it is.
			patient: PatientId,
			/// The institution, which could not add records before either.
			institution: InstitutionId,
		},
		/// The permission of an institution, which had run out or whose institution was closed, was
		/// cleared away.
		DepositCleared {
			/// The patient whose chart it was for.
			patient: PatientId,
			/// The institution that had it.
			institution: InstitutionId,
		},
		/// The hospital named the patient among several to verify, and the patient could not be verified.
		VerificationRefused {
			/// The patient who was named.
			patient: PatientId,
			/// The reason, as `verify_patient` would have given it.
			why: DispatchError,
		},
		/// A hospital does not take in a person who had asked to move there. The person stays with the present one.
		MoveDeclined {
			/// The person who had asked.
			person: Person,
			/// The hospital that was asked.
			hospital: HospitalId,
		},
		/// A hospital has not answered a request to move in time. The person stays with the present one, and may
		/// ask again.
		MoveLapsed {
			/// The person who had asked.
			person: Person,
			/// The hospital that was asked.
			hospital: HospitalId,
		},
	}
}

//! The one decision that everything else depends on: whether a doctor may see a record or a chart.

use crate::*;
use frame_support::ensure;

impl<T: Config> Pallet<T> {
	/// Whether `doctor` may see `record` of `patient`'s chart, or with no record anything of it; if
	/// not, the reason.
	pub fn access(
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
	) -> Result<Allowed, Denied> {
		let chart = Patients::<T>::get(patient).ok_or(Denied::PatientNotFound)?.chart;
		let is_due = || Self::sealing_epoch(patient, &chart, Self::now()) != chart.epoch;
		Self::access_to(patient, &chart, doctor, record, is_due)
	}

	/// As [`Self::access`], for a chart that was read before. Only for a doctor who may see the whole
	/// chart does it matter whether that is due.
	pub(crate) fn access_to(
		patient: PatientId,
		chart: &Chart,
		doctor: DoctorId,
		record: Option<RecordIndex>,
		is_due: impl FnOnce() -> bool,
	) -> Result<Allowed, Denied> {
		let found = Doctors::<T>::get(doctor).ok_or(Denied::DoctorNotFound)?;
		let grant = Grants::<T>::get(patient, doctor).ok_or(Denied::NotGranted)?;
		let now = Self::now();
		let until = Self::live(&found, &grant, now)?;
		if let Some(record) = record {
			Self::reaches(patient, doctor, &grant, record)?;
		}
		let key = match grant.seal {
			None => KeyStatus::Shared,
			Some(seal) => match (is_due(), found.is_key_vouched()) {
				(true, true) => KeyStatus::OwnKey,
				(true, false) => KeyStatus::AwaitingPatient,
				(false, _) if seal.epoch != chart.epoch => KeyStatus::AwaitingPatient,
				(false, _) => KeyStatus::Current,
			},
		};
		Ok(Allowed { scope: grant.scope(), may_append: grant.may_append, until, key })
	}

	/// Whether the doctor practises and the grant has not run out. Returns the time at which the first
	/// of these ends by itself.
	pub(crate) fn live(
		doctor: &Doctor<T::AccountId>,
		grant: &Grant,
		now: Moment,
	) -> Result<Option<Moment>, Denied> {
		Self::practises(doctor, now)?;
		ensure!(!has_come(grant.expires_at, now), Denied::GrantExpired);
		Ok(earlier(grant.expires_at, doctor.licence_expires))
	}

	/// Whether patients may grant anything to this doctor now.
	pub(crate) fn practises(doctor: &Doctor<T::AccountId>, now: Moment) -> Result<(), Denied> {
		let Registration { standing, hospital, .. } = &doctor.registration;
		ensure!(*standing == Standing::Verified, Denied::DoctorNotVerified);
		ensure!(!has_come(doctor.licence_expires, now), Denied::LicenceExpired);
		ensure!(T::Hospitals::is_active(*hospital), Denied::HospitalNotActive);
		Ok(())
	}

	/// Whether the grant, if live, opens this record. A doctor who was given single records learns nothing about others,
	/// not even which there are: that one was withdrawn is told to those alone who could see it.
	pub(crate) fn reaches(
		patient: PatientId,
		doctor: DoctorId,
		grant: &Grant,
		record: RecordIndex,
	) -> Result<(), Denied> {
		let shared = || SharedRecordsOf::<T>::get(patient, doctor).contains_key(&record);
		ensure!(grant.scope() == Scope::Chart || shared(), Denied::RecordNotShared);
		let found = Records::<T>::get(patient, record).ok_or(Denied::RecordNotFound)?;
		ensure!(found.document.is_some(), Denied::RecordWithdrawn);
		Ok(())
	}
}

/// The error of a call that is refused because access is.
impl<T> From<Denied> for Error<T> {
	fn from(denied: Denied) -> Self {
		match denied {
			Denied::PatientNotFound => Error::PatientNotFound,
			Denied::DoctorNotFound => Error::DoctorNotFound,
			Denied::DoctorNotVerified => Error::DoctorNotVerified,
			Denied::LicenceExpired => Error::LicenceExpired,
			Denied::HospitalNotActive => Error::HospitalNotActive,
			Denied::NotGranted => Error::NotGranted,
			Denied::GrantExpired => Error::GrantExpired,
			Denied::RecordNotFound => Error::RecordNotFound,
			Denied::RecordWithdrawn => Error::RecordWithdrawn,
			Denied::RecordNotShared => Error::RecordNotShared,
		}
	}
}

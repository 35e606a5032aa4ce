//! The one decision that everything else depends on: whether a doctor may see a record or a chart.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::{BoundedBTreeMap, ConstU32},
};

/// Single records that a doctor may see, with their file keys.
pub(crate) type Shared = BoundedBTreeMap<RecordIndex, WrappedFileKey, ConstU32<MAX_SHARED>>;

impl<T: Config> Pallet<T> {
	/// Whether `doctor` may see `record` of `patient`'s chart, or with no record anything of it; if
	/// not, the reason.
	pub fn access(
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
	) -> Result<Allowed, Denied> {
		let chart = Patients::<T>::get(patient).ok_or(Denied::PatientNotFound)?.chart;
		let reads_on = || Self::readers_on(patient, &chart).0.map(|all| all.include(doctor));
		Self::access_to(patient, &chart, doctor, record, reads_on)
	}

	/// As [`Self::access`], for a chart that was read before. `reads_on` says whether the doctor can
	/// read what is added until the chart's next epoch, if the chart is due for one. Only for a doctor
	/// who may see the whole chart does it matter.
	pub(crate) fn access_to(
		patient: PatientId,
		chart: &Chart,
		doctor: DoctorId,
		record: Option<RecordIndex>,
		reads_on: impl FnOnce() -> Option<bool>,
	) -> Result<Allowed, Denied> {
		let found = Doctors::<T>::get(doctor).ok_or(Denied::DoctorNotFound)?;
		let granted = Self::granted(patient, chart, (doctor, &found), record, reads_on);
		match granted {
			Ok(allowed) if allowed.scope == Scope::Chart || record.is_some() => Ok(allowed),
			granted => Self::in_emergency(patient, (doctor, &found), record)
				.filter(|open| open.scope == Scope::Chart || granted.is_err())
				.map_or(granted, Ok),
		}
	}

	/// Whether a grant lets the doctor see it.
	fn granted(
		patient: PatientId,
		chart: &Chart,
		(doctor, found): (DoctorId, &Doctor<T::AccountId>),
		record: Option<RecordIndex>,
		reads_on: impl FnOnce() -> Option<bool>,
	) -> Result<Allowed, Denied> {
		let grant = Grants::<T>::get(patient, doctor).ok_or(Denied::NotGranted)?;
		let now = Self::now();
		let until = Self::live(found, &grant, now)?;
		if let Some(record) = record {
			Self::reaches(patient, Self::shared_by(patient, doctor, &grant).as_ref(), record)?;
		}
		let key = match grant.seal {
			None if Self::is_share_outdated(patient, doctor, found) => KeyStatus::EarlierKey,
			None => KeyStatus::Shared,
			Some(seal) => match reads_on() {
				Some(true) if found.is_key_vouched() => KeyStatus::OwnKey,
				Some(_) => KeyStatus::AwaitingPatient,
				None if seal.epoch != chart.epoch => KeyStatus::AwaitingPatient,
				None if found.is_key_vouched() && seal.key_version != found.key_version => {
					KeyStatus::EarlierKey
				},
				None => KeyStatus::Current,
			},
		};
		Ok(Allowed { scope: grant.scope(), may_append: grant.may_append, until, key })
	}

	/// Whether an emergency lets the doctor see it, where no grant does, or only single records. By then the chart
	/// is due, so what is added after the emergency has begun can be opened only if it is one of the patient's
	/// chosen records. An emergency adds nothing, and leaves a live grant its right to.
	fn in_emergency(
		patient: PatientId,
		(doctor, found): (DoctorId, &Doctor<T::AccountId>),
		record: Option<RecordIndex>,
	) -> Option<Allowed> {
		let now = Self::now();
		let open = T::Delegates::emergency(patient, doctor, now)?;
		Self::practises(found, now).ok()?;
		if let Some(record) = record {
			let is_open = open.records.as_ref().is_none_or(|records| records.contains(&record));
			let stored = Records::<T>::get(patient, record).filter(|_| is_open)?;
			stored.document?;
		}
		let (scope, key) = match open.records {
			None => (Scope::Chart, KeyStatus::AwaitingPatient),
			Some(_) => (Scope::Records, KeyStatus::Shared),
		};
		let until = earlier(Some(open.until), found.licence_expires);
		let may_append = Grants::<T>::get(patient, doctor)
			.is_some_and(|grant| grant.may_append && Self::live(found, &grant, now).is_ok());
		Some(Allowed { scope, may_append, until, key })
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

	/// Whether records are shared with the doctor under a key that is sealed to an earlier one than the doctor's
	/// hospital has confirmed now. Reads more only of doctors who have ever replaced theirs.
	fn is_share_outdated(
		patient: PatientId,
		doctor: DoctorId,
		found: &Doctor<T::AccountId>,
	) -> bool {
		let is_sealed_to_another = || {
			ShareKeys::<T>::get(patient, doctor)
				.is_some_and(|share| share.key_version != found.key_version)
		};
		found.key_version > 1
			&& found.is_key_vouched()
			&& SharedRecordsOf::<T>::contains_key(patient, doctor)
			&& is_sealed_to_another()
	}

	/// The single records that a grant opens; none if it is to the whole chart.
	pub(crate) fn shared_by(patient: PatientId, doctor: DoctorId, grant: &Grant) -> Option<Shared> {
		match grant.scope() {
			Scope::Chart => None,
			Scope::Records => Some(SharedRecordsOf::<T>::get(patient, doctor)),
		}
	}

	/// Whether a live grant opens this record: one of these, if it is to single records. A doctor who
	/// was given single records learns nothing about others, not even which there are: that one was
	/// withdrawn is told to those alone who could see it.
	pub(crate) fn reaches(
		patient: PatientId,
		shared: Option<&Shared>,
		record: RecordIndex,
	) -> Result<(), Denied> {
		let is_open = shared.is_none_or(|shared| shared.contains_key(&record));
		ensure!(is_open, Denied::RecordNotShared);
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

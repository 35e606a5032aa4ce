//! A person's access to a chart, as the chain has it. The client checks it before it encrypts or
//! sends anything.

use crate::{
	Result,
	chain::{DoctorInfo, PatientInfo},
};
use medblock_primitives::*;

/// The reason why a person may not do something with a chart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The doctor has no access.
	#[error("{}", .0.sentence())]
	Denied(Denied),
	/// The patient has yet to seal the newer epoch to this doctor, and the file is not encrypted to the
	/// doctor's own key: it was added before the doctor had access, or for the patient alone.
	#[error(
		"the record is sealed to a newer key of the chart, which the patient hasn't given you \
		yet: ask them to renew your access"
	)]
	AwaitingPatient,
	/// The grant is to read only.
	#[error("the patient's grant does not include adding notes and records")]
	MayNotAppend,
	/// The doctor may not add so many more records.
	#[error(
		"you can add {0} more records to this chart, and these are more: the patient can let you add as many \
		again as at first"
	)]
	BudgetSpent(u32),
	/// The doctor can receive no grant.
	#[error("doctor {} can't be given access: {}", .doctor.0, hindrance(*.why, *.standing))]
	NotPractising {
		/// The doctor.
		doctor: DoctorId,
		/// The reason.
		why: Denied,
		/// The decision of the doctor's hospital, which says more about [`Denied::DoctorNotVerified`].
		standing: Standing,
	},
	/// The patient can neither add nor grant, at least for now.
	#[error("{}", not_verified(*.standing, *.hospital))]
	NotVerified {
		/// The patient's standing.
		standing: Standing,
		/// The patient's hospital.
		hospital: HospitalId,
	},
}

/// The reason why nothing can be granted to a doctor, for people. Where the hospital's decision is the reason, it says
/// which decision.
pub fn hindrance(why: Denied, standing: Standing) -> &'static str {
	match (why, standing) {
		(Denied::DoctorNotVerified, Standing::Pending) => {
			"the doctor's hospital has not verified them yet"
		},
		(Denied::DoctorNotVerified, Standing::Suspended) => {
			"the doctor's hospital has suspended them"
		},
		(Denied::DoctorNotVerified, Standing::Rejected) => {
			"the doctor's hospital has rejected them"
		},
		(why, _) => why.sentence(),
	}
}

/// Fails for a doctor who can receive no grant.
pub(crate) fn ensure_practising(info: &DoctorInfo) -> Result<()> {
	let refused = |why| Error::NotPractising { doctor: info.id, why, standing: info.standing };
	Ok(info.practises.map_err(refused)?)
}

/// Fails for a doctor who may add `left` more records, and not so many.
pub(crate) fn ensure_budget(left: u32, count: usize) -> Result<()> {
	match count > left as usize {
		true => Err(Error::BudgetSpent(left).into()),
		false => Ok(()),
	}
}

/// Fails for a patient who can neither add records nor grant.
pub(crate) fn ensure_verified(info: &PatientInfo) -> Result<()> {
	match info.standing {
		Standing::Verified => Ok(()),
		standing => Err(Error::NotVerified { standing, hospital: info.hospital }.into()),
	}
}

/// Fails for a patient who can't correct the own profile.
pub(crate) fn ensure_may_correct(info: &PatientInfo) -> Result<()> {
	match info.standing {
		Standing::Pending | Standing::Verified => Ok(()),
		standing @ (Standing::Suspended | Standing::Rejected) => {
			Err(Error::NotVerified { standing, hospital: info.hospital }.into())
		},
	}
}

fn not_verified(standing: Standing, hospital: HospitalId) -> String {
	let hospital = hospital.0;
	match standing {
		Standing::Pending => format!(
			"hospital {hospital} has not verified you yet: until it has, you can only correct your profile"
		),
		Standing::Suspended => format!(
			"hospital {hospital} has suspended you: until it ends that, you can revoke access and renew your \
			chart's key, and nothing else"
		),
		Standing::Rejected | Standing::Verified => {
			format!("hospital {hospital} has not confirmed who you are: register again")
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn hindrance_says_what_the_hospital_has_decided() {
		let said = |standing| hindrance(Denied::DoctorNotVerified, standing);
		assert!(said(Standing::Pending).ends_with("has not verified them yet"));
		assert!(said(Standing::Suspended).ends_with("has suspended them"));
		assert!(said(Standing::Rejected).ends_with("has rejected them"));
		let expired = hindrance(Denied::LicenceExpired, Standing::Verified);
		assert_eq!(expired, Denied::LicenceExpired.sentence());
	}

	#[test]
	fn budget_is_compared_before_anything_is_sent() {
		assert!(ensure_budget(0, 0).is_ok());
		assert!(ensure_budget(3, 3).is_ok());
		let refused = ensure_budget(3, 4);
		assert!(matches!(refused, Err(crate::Error::Access(Error::BudgetSpent(3)))));
	}
}

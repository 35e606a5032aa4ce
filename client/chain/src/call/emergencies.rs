//! The calls about emergencies.

use super::{Arguments, Call};
use codec::Encode;
use medblock_primitives::*;

calls! { "Delegation":
	/// Choose what doctors may see in an emergency, and which hospitals have to confirm it.
	set_emergency_plan(
		divided: Divided,
		suite: u8,
		key: PublicKey,
		set: EmergencySet,
		duration: Moment
	);
	/// Give one's own emergency plan the chart's current key.
	renew_emergency_key(plan: Moment, sealed: SealedEpoch);
	/// No longer have an emergency plan.
	remove_emergency_plan();
	/// Ask hospitals to open a patient's chart in an emergency.
	request_emergency(patient: PatientId, reason: EmergencyReason, details: [u8; 32]);
	/// Confirm an emergency for a hospital.
	confirm_emergency(
		patient: PatientId,
		doctor: DoctorId,
		key_version: u32,
		share: SealedShare
	);
	/// Refuse a doctor's emergency, or close it.
	end_emergency(doctor: DoctorId);
	/// Take one's own request for an emergency back, or end one's own emergency.
	withdraw_emergency_request(patient: PatientId);
	/// Say whether an emergency was one.
	review_emergency(doctor: DoctorId, opened_at: Moment, review: Review);
}

//! Calls about people who act for others.

use super::{Arguments, Call};
use codec::Encode;
use medblock_primitives::*;

calls! { "Delegation":
	/// Publish a key for acting for others.
	set_acting_key(suite: u8, key: PublicKey);
	/// Name a person who may act for oneself.
	name_representative(representative: PatientId, scopes: Scopes, until: Option<Moment>);
	/// Confirm a patient's representative, with their key.
	confirm_representative(
		patient: PatientId,
		representative: PatientId,
		scopes: Scopes,
		until: Option<Moment>,
		key_digest: [u8; 32]
	);
	/// Refuse a representative named by a patient.
	refuse_representative(patient: PatientId, representative: PatientId);
	/// Give a representative the key of one's own chart.
	seal_to_representative(representative: PatientId, key_version: u32, sealed: SealedEpoch);
	/// No longer let a person act for oneself.
	end_representation(representative: PatientId);
	/// No longer act for a patient.
	resign_representation(patient: PatientId);
	/// Add records to the chart of a represented patient.
	add_records_for(
		patient: PatientId,
		sealed_to: Epoch,
		records: NewRecords,
		recipients: Option<RecipientsDigest>
	);
	/// Let a doctor see the whole chart of a represented patient.
	grant_access_for(
		patient: PatientId,
		epoch: Epoch,
		key: KeyForDoctor,
		may_append: bool,
		expires_at: Option<Moment>
	);
	/// Revoke grants of a represented patient.
	revoke_access_for(patient: PatientId, doctors: DoctorIds);
}

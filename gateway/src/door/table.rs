//! Everything that the door passes on, by name. `question` says what each is about.

/// The node's methods.
pub static METHODS: &[&str] = &[
	"author_submitExtrinsic",
	"chain_getBlockHash",
	"chain_getFinalizedHead",
	"chain_getHeader",
	"chain_subscribeFinalizedHeads",
	"chain_subscribeNewHeads",
	"consortium_appointments",
	"consortium_appointmentsOf",
	"consortium_author",
	"consortium_authorizedNodes",
	"consortium_heldProfileKey",
	"consortium_hospital",
	"consortium_hospitals",
	"consortium_portalReleases",
	"consortium_profileKey",
	"consortium_profileKeyVersions",
	"consortium_registrars",
	"medicalRecords_access",
	"medicalRecords_accountChange",
	"medicalRecords_accountChanges",
	"medicalRecords_awaitingDoctors",
	"medicalRecords_awaitingPatients",
	"medicalRecords_chartKeys",
	"medicalRecords_doctor",
	"medicalRecords_doctorOf",
	"medicalRecords_doctors",
	"medicalRecords_encryptionKey",
	"medicalRecords_grant",
	"medicalRecords_grantKey",
	"medicalRecords_grantsOfPatient",
	"medicalRecords_grantsToDoctor",
	"medicalRecords_pastEpochs",
	"medicalRecords_patient",
	"medicalRecords_patientOf",
	"medicalRecords_patientsOfHospital",
	"medicalRecords_proposedProfile",
	"medicalRecords_proposedProfiles",
	"medicalRecords_record",
	"medicalRecords_records",
	"medicalRecords_share",
	"medicalRecords_subscribeInbox",
	"rpc.discover",
	"state_call",
	"state_getMetadata",
	"state_getRuntimeVersion",
	"state_getStorage",
	"system_accountNextIndex",
	"system_health",
	"system_localPeerId",
];

/// The runtime's functions, for `state_call`.
pub static FUNCTIONS: &[&str] = &[
	"AccountNonceApi_account_nonce",
	"AuraApi_slot_duration",
	"ConsortiumApi_appointments",
	"ConsortiumApi_appointments_of",
	"ConsortiumApi_author",
	"ConsortiumApi_authorized_nodes",
	"ConsortiumApi_encryption_key",
	"ConsortiumApi_held_profile_key",
	"ConsortiumApi_hospital",
	"ConsortiumApi_hospitals",
	"ConsortiumApi_portal_releases",
	"ConsortiumApi_profile_key",
	"ConsortiumApi_profile_key_versions",
	"ConsortiumApi_registrar_of",
	"ConsortiumApi_registrars",
	"Core_version",
	"MedicalRecordsApi_access",
	"MedicalRecordsApi_account_change",
	"MedicalRecordsApi_account_changes",
	"MedicalRecordsApi_awaiting_doctors",
	"MedicalRecordsApi_awaiting_patients",
	"MedicalRecordsApi_chart_keys",
	"MedicalRecordsApi_doctor",
	"MedicalRecordsApi_doctor_of",
	"MedicalRecordsApi_doctors",
	"MedicalRecordsApi_encryption_key",
	"MedicalRecordsApi_grant",
	"MedicalRecordsApi_grant_key",
	"MedicalRecordsApi_grants_of_patient",
	"MedicalRecordsApi_grants_to_doctor",
	"MedicalRecordsApi_past_epochs",
	"MedicalRecordsApi_patient",
	"MedicalRecordsApi_patient_of",
	"MedicalRecordsApi_patients_of_hospital",
	"MedicalRecordsApi_proposed_profile",
	"MedicalRecordsApi_proposed_profiles",
	"MedicalRecordsApi_record",
	"MedicalRecordsApi_records",
	"MedicalRecordsApi_share",
	"Metadata_metadata",
	"Metadata_metadata_at_version",
	"Metadata_metadata_versions",
	"RuntimeViewFunction_execute_view_function",
	"TransactionPaymentApi_query_info",
];

/// The storage items, for `state_getStorage`: each name with the Twox-128 of the pallet, then of the item.
pub static ITEMS: [(&str, [u8; 32]); 4] = [
	("Timestamp.Now", CLOCK),
	("System.Account", ACCOUNTS),
	("FairUse.Sponsored", SPONSORED),
	("NodeAuthorization.Owners", NODE_OWNERS),
];

/// The view functions, for `RuntimeViewFunction_execute_view_function`.
pub static VIEW_FUNCTIONS: [(&str, [u8; 32]); 1] = [("FairUse.remaining", REMAINING)];

/// Twox-128 of `FairUse`, then of `remaining(T::AccountId) -> Remaining`: what is left of an account's allowance.
pub(super) const REMAINING: [u8; 32] = [
	0xa7, 0xcb, 0x2f, 0x70, 0x7d, 0x85, 0x42, 0xac, 0xd8, 0x8e, 0x1b, 0xc9, 0x65, 0x87, 0x54, 0x3a,
	0xa9, 0x5e, 0x8e, 0xe8, 0x7c, 0x5d, 0xb3, 0x4b, 0x2d, 0x3b, 0x3b, 0x96, 0xf7, 0xb1, 0x9c, 0xb3,
];
/// Twox-128 of `Timestamp`, then of `Now`: the chain's clock.
pub(super) const CLOCK: [u8; 32] = [
	0xf0, 0xc3, 0x65, 0xc3, 0xcf, 0x59, 0xd6, 0x71, 0xeb, 0x72, 0xda, 0x0e, 0x7a, 0x41, 0x13, 0xc4,
	0x9f, 0x1f, 0x05, 0x15, 0xf4, 0x62, 0xcd, 0xcf, 0x84, 0xe0, 0xf1, 0xd6, 0x04, 0x5d, 0xfc, 0xbb,
];
/// Twox-128 of `System`, then of `Account`: nonces and allowances.
pub(super) const ACCOUNTS: [u8; 32] = [
	0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7,
	0xb9, 0x9d, 0x88, 0x0e, 0xc6, 0x81, 0x79, 0x9c, 0x0c, 0xf3, 0x0e, 0x88, 0x86, 0x37, 0x1d, 0xa9,
];
/// Twox-128 of `FairUse`, then of `Sponsored`: newcomers that a hospital vouches for.
pub(super) const SPONSORED: [u8; 32] = [
	0xa7, 0xcb, 0x2f, 0x70, 0x7d, 0x85, 0x42, 0xac, 0xd8, 0x8e, 0x1b, 0xc9, 0x65, 0x87, 0x54, 0x3a,
	0x49, 0x1c, 0x6e, 0xe2, 0x91, 0x05, 0x65, 0x06, 0xd4, 0xed, 0x42, 0x7b, 0xbf, 0x82, 0x1c, 0x17,
];
/// Twox-128 of `NodeAuthorization`, then of `Owners`: the hospitals of nodes, by which a client knows that two
/// nodes are not one hospital's.
pub(super) const NODE_OWNERS: [u8; 32] = [
	0x6b, 0x21, 0x9f, 0xca, 0x3e, 0x05, 0x5e, 0x58, 0xd2, 0x6b, 0xd6, 0x9d, 0x8d, 0x9f, 0x7e, 0xdb,
	0x50, 0xca, 0xab, 0xec, 0xa3, 0xbd, 0x69, 0xd4, 0xa2, 0xa0, 0x67, 0x12, 0x06, 0x2f, 0x05, 0xc0,
];

//! Everything that the door passes on, by name: with its arguments, and what it is about. What is not in here is refused.

use About::*;
use Argument::*;

/// What a request is about, which decides who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
	/// What newcomers need: hospitals, the directory, blocks' headers, metadata, an account's nonce.
	Public,
	/// No person, but of no use to newcomers.
	Network,
	/// An account.
	Account,
	/// A patient's entry and public keys.
	Entry,
	/// A chart's records.
	Records,
	/// One record of a chart.
	Record,
	/// A chart's earlier epochs.
	Epochs,
	/// The doctors to whose own keys a chart's files are encrypted while it is due.
	Recipients,
	/// The institutions that may add to a patient's chart, and others who may, or may see it.
	Grants,
	/// All doctors with a patient's grant.
	Given,
	/// A patient's grant to a doctor.
	Between,
	/// The people who act for a patient, or are named to.
	Representatives,
	/// One person who acts for a patient.
	Representation,
	/// A patient's plan for emergencies.
	Plan,
	/// The doctors who ask for an emergency of a patient, and the last emergencies.
	Emergencies,
	/// What a patient's plan opens, sealed to the plan's key.
	Opened,
	/// A hospital's share of the secret of a patient's plan.
	Held,
	/// A patient's permission to an institution to add to the chart.
	Deposit,
	/// A pending change of a person's account, which only the person may ask about.
	Own,
	/// A person's guardians, and the accounts that ask to take the person over.
	Guarded,
	/// The people whose guardian a person or a desk is, and what is sealed to these.
	Delegate,
	/// What was granted to a doctor, the doctor's inbox, and what the doctor has asked the hospital for.
	Doctor,
	/// A hospital's people, and those who wait for it.
	Queue,
	/// A hospital's registrars, its appointments, and its profile key's versions.
	Staff,
}

/// An argument of a method or a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
	/// The patient that it is about.
	OfPatient,
	/// The doctor that it is about.
	OfDoctor,
	/// The person who acts for the patient that it is about.
	OfRepresentative,
	/// The hospital that it is about.
	OfHospital,
	/// The institution that it is about.
	OfInstitution,
	/// The patient or doctor that it is about.
	OfPerson,
	/// The guardian that it is about: a patient, a doctor or a hospital's desk.
	OfDelegate,
	/// The account that it is about.
	OfAccount,
	/// The record that it is about.
	OfRecord,
	/// A record that narrows the question; none for the whole chart.
	InRecord,
	/// The item before a page.
	After,
	/// The person before a page.
	AfterPerson,
	/// The two people before a page: a patient, and one who acts for the patient or asks for an emergency.
	AfterPair,
	/// The number of items on a page.
	Limit,
	/// The block after which an inbox begins.
	InboxAfter,
	/// The block in whose state it is answered. Only methods have it.
	At,
	/// The block whose header is wanted.
	HeaderOf,
	/// The number of the block whose hash is wanted.
	HashOf,
	/// A transaction, which only the node reads.
	Extrinsic,
	/// A version of the metadata.
	Version,
	/// A transaction as only the runtime reads it.
	Unread,
}

/// A method or a function.
#[derive(Debug)]
pub struct Row {
	/// The name.
	pub name: &'static str,
	/// The arguments, in their order.
	pub arguments: &'static [Argument],
	/// What it is about.
	pub about: About,
}

/// A view function, or a storage item.
#[derive(Debug)]
pub struct Keyed {
	/// The pallet's name and its own.
	pub name: &'static str,
	/// Twox-128 of the pallet's name, then of its own.
	pub id: [u8; 32],
	/// What follows.
	pub key: Key,
	/// What it is about.
	pub about: About,
}

/// What follows the id of a view function or a storage item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
	/// Nothing follows.
	Nothing,
	/// An account, as an encoded argument.
	Account,
	/// An account, after its Blake2-128.
	HashedAccount,
	/// An account, after its Blake2-128, and a hospital, after its Twox-64.
	HashedAccountAndHospital,
	/// A hospital, after its Twox-64.
	HashedHospital,
	/// A node's id, after its Blake2-128.
	HashedNode,
}

/// The method that calls one of [`FUNCTIONS`].
pub const CALL: &str = "state_call";
/// The method that reads one of [`ITEMS`].
pub const STORAGE: &str = "state_getStorage";
/// The function that calls one of [`VIEW_FUNCTIONS`].
pub const VIEW: &str = "RuntimeViewFunction_execute_view_function";

const fn row(name: &'static str, arguments: &'static [Argument], about: About) -> Row {
	Row { name, arguments, about }
}

/// The node's methods, but for [`CALL`] and [`STORAGE`].
pub static METHODS: &[Row] = &[
	row("author_submitExtrinsic", &[Extrinsic], Public),
	row("chain_getBlockHash", &[HashOf], Public),
	row("chain_getFinalizedHead", &[], Public),
	row("chain_getHeader", &[HeaderOf], Public),
	row("chain_subscribeFinalizedHeads", &[], Network),
	row("chain_subscribeNewHeads", &[], Network),
	row("consortium_appointments", &[OfHospital, At], Staff),
	// An account that is about to accept can't sign in before.
	row("consortium_appointmentsOf", &[OfAccount, At], Public),
	row("consortium_author", &[At], Public),
	row("consortium_authorizedNodes", &[At], Network),
	row("consortium_disclosureAnchors", &[OfHospital, After, Limit, At], Network),
	row("consortium_disclosureLog", &[OfHospital, At], Network),
	row("consortium_heldProfileKey", &[OfAccount, At], Account),
	row("consortium_hospital", &[OfHospital, At], Public),
	row("consortium_hospitals", &[After, Limit, At], Public),
	row("consortium_institution", &[OfInstitution, At], Public),
	row("consortium_institutions", &[After, Limit, At], Public),
	// An account that is about to join can't sign in before.
	row("consortium_operatorAppointment", &[OfInstitution, OfAccount, At], Public),
	row("consortium_operatorOf", &[OfAccount, At], Account),
	row("consortium_operators", &[OfHospital, At], Staff),
	row("consortium_portalReleases", &[At], Public),
	row("consortium_profileKey", &[OfHospital, At], Public),
	row("consortium_profileKeyVersions", &[OfHospital, After, Limit, At], Staff),
	row("consortium_registrars", &[OfHospital, At], Staff),
	// Who names a representative or a guardian seals to it.
	row("delegation_actingKey", &[OfPatient, At], Network),
	row("delegation_awaitingRepresentatives", &[OfHospital, AfterPair, Limit, At], Queue),
	row("delegation_emergencies", &[OfPatient, At], Emergencies),
	row("delegation_emergenciesAsked", &[OfHospital, AfterPair, Limit, At], Queue),
	row("delegation_emergencyPlan", &[OfPatient, At], Plan),
	row("delegation_emergencyRequests", &[OfPatient, At], Emergencies),
	row("delegation_guardians", &[OfPerson, At], Guarded),
	row("delegation_recoveries", &[OfPerson, At], Guarded),
	row("delegation_representatives", &[OfPatient, At], Representatives),
	row("delegation_represented", &[OfPatient, At], Grants),
	row("medicalRecords_access", &[OfPatient, OfDoctor, InRecord, At], Between),
	row("medicalRecords_accountChange", &[OfPerson, At], Own),
	row("medicalRecords_accountChanges", &[OfHospital, AfterPerson, Limit, At], Queue),
	row("medicalRecords_awaitingDoctors", &[OfHospital, After, Limit, At], Queue),
	row("medicalRecords_awaitingPatients", &[OfHospital, After, Limit, At], Queue),
	row("medicalRecords_chartKeys", &[OfPatient, At], Entry),
	row("medicalRecords_deposit", &[OfPatient, OfInstitution, At], Deposit),
	row("medicalRecords_deposits", &[OfPatient, At], Grants),
	row("medicalRecords_doctor", &[OfDoctor, At], Public),
	row("medicalRecords_doctorOf", &[OfAccount, At], Public),
	row("medicalRecords_doctors", &[After, Limit, At], Public),
	row("medicalRecords_encryptionKey", &[OfDoctor, At], Public),
	row("medicalRecords_grant", &[OfPatient, OfDoctor, At], Between),
	row("medicalRecords_grantKey", &[OfPatient, OfDoctor, At], Between),
	row("medicalRecords_grantsOfPatient", &[OfPatient, After, Limit, At], Given),
	row("medicalRecords_grantsToDoctor", &[OfDoctor, After, Limit, At], Doctor),
	row("medicalRecords_pastEpochs", &[OfPatient, After, Limit, At], Epochs),
	row("medicalRecords_patient", &[OfPatient, At], Entry),
	row("medicalRecords_patientOf", &[OfAccount, At], Account),
	row("medicalRecords_patientsOfHospital", &[OfHospital, After, Limit, At], Queue),
	row("medicalRecords_proposedProfile", &[OfDoctor, At], Doctor),
	row("medicalRecords_proposedProfiles", &[OfHospital, After, Limit, At], Queue),
	row("medicalRecords_recipients", &[OfPatient, At], Recipients),
	row("medicalRecords_record", &[OfPatient, OfRecord, At], Record),
	row("medicalRecords_records", &[OfPatient, After, Limit, At], Records),
	row("medicalRecords_share", &[OfPatient, OfDoctor, At], Between),
	row("medicalRecords_subscribeInbox", &[OfDoctor, InboxAfter], Doctor),
	row("medicalRecords_successors", &[At], Public),
	row("rpc.discover", &[], Network),
	row("state_getMetadata", &[At], Public),
	row("state_getRuntimeVersion", &[At], Public),
	row("system_accountNextIndex", &[OfAccount], Public),
	row("system_health", &[], Network),
	row("system_localPeerId", &[], Public),
];

/// The runtime's functions, for [`CALL`], but for [`VIEW`].
pub static FUNCTIONS: &[Row] = &[
	row("AccountNonceApi_account_nonce", &[OfAccount], Public),
	row("AuraApi_slot_duration", &[], Public),
	row("ConsortiumApi_appointments", &[OfHospital], Staff),
	// An account that is about to accept can't sign in before.
	row("ConsortiumApi_appointments_of", &[OfAccount], Public),
	row("ConsortiumApi_author", &[], Public),
	row("ConsortiumApi_authorized_nodes", &[], Network),
	row("ConsortiumApi_disclosure_anchors", &[OfHospital, After, Limit], Network),
	row("ConsortiumApi_disclosure_log", &[OfHospital], Network),
	row("ConsortiumApi_encryption_key", &[OfHospital], Public),
	row("ConsortiumApi_held_profile_key", &[OfAccount], Account),
	row("ConsortiumApi_hospital", &[OfHospital], Public),
	row("ConsortiumApi_hospitals", &[After, Limit], Public),
	row("ConsortiumApi_institution", &[OfInstitution], Public),
	row("ConsortiumApi_institutions", &[After, Limit], Public),
	// An account that is about to join can't sign in before.
	row("ConsortiumApi_operator_appointment", &[OfInstitution, OfAccount], Public),
	// Operators' accounts are not in the directory.
	row("ConsortiumApi_operator_of", &[OfAccount], Account),
	row("ConsortiumApi_operators", &[OfHospital], Staff),
	row("ConsortiumApi_portal_releases", &[], Public),
	row("ConsortiumApi_profile_key", &[OfHospital], Public),
	row("ConsortiumApi_profile_key_versions", &[OfHospital, After, Limit], Staff),
	// Registrars' accounts are not in the directory.
	row("ConsortiumApi_registrar_of", &[OfAccount], Account),
	row("ConsortiumApi_registrars", &[OfHospital], Staff),
	row("ConsortiumApi_vault_of", &[OfAccount], Account),
	row("Core_version", &[], Public),
	row("DelegationApi_acting_key", &[OfPatient], Network),
	row("DelegationApi_awaiting_representatives", &[OfHospital, AfterPair, Limit], Queue),
	row("DelegationApi_confirmed_share", &[OfPatient, OfDoctor, OfHospital], Between),
	row("DelegationApi_emergencies", &[OfPatient], Emergencies),
	row("DelegationApi_emergencies_asked", &[OfHospital, AfterPair, Limit], Queue),
	row("DelegationApi_emergency_plan", &[OfPatient], Plan),
	row("DelegationApi_emergency_requests", &[OfPatient], Emergencies),
	row("DelegationApi_emergency_set", &[OfPatient], Opened),
	row("DelegationApi_emergency_share", &[OfPatient, OfHospital], Held),
	row("DelegationApi_guardian_share", &[OfPerson, OfDelegate], Delegate),
	row("DelegationApi_guardians", &[OfPerson], Guarded),
	row("DelegationApi_recoveries", &[OfPerson], Guarded),
	// Sealed to the new account's device alone.
	row("DelegationApi_recovery_share", &[OfPerson, OfAccount, OfDelegate], Account),
	row(
		"DelegationApi_representative_access",
		&[OfPatient, OfRepresentative, InRecord],
		Representation,
	),
	row("DelegationApi_representative_key", &[OfPatient, OfRepresentative], Representation),
	row("DelegationApi_representatives", &[OfPatient], Representatives),
	row("DelegationApi_represented", &[OfPatient], Grants),
	row("DelegationApi_wards", &[OfDelegate, AfterPerson, Limit], Delegate),
	row("MedicalRecordsApi_access", &[OfPatient, OfDoctor, InRecord], Between),
	row("MedicalRecordsApi_account_change", &[OfPerson], Own),
	row("MedicalRecordsApi_account_changes", &[OfHospital, AfterPerson, Limit], Queue),
	row("MedicalRecordsApi_awaiting_doctors", &[OfHospital, After, Limit], Queue),
	row("MedicalRecordsApi_awaiting_patients", &[OfHospital, After, Limit], Queue),
	row("MedicalRecordsApi_chart_keys", &[OfPatient], Entry),
	row("MedicalRecordsApi_deposit", &[OfPatient, OfInstitution], Deposit),
	row("MedicalRecordsApi_deposits", &[OfPatient], Grants),
	row("MedicalRecordsApi_doctor", &[OfDoctor], Public),
	row("MedicalRecordsApi_doctor_of", &[OfAccount], Public),
	row("MedicalRecordsApi_doctors", &[After, Limit], Public),
	row("MedicalRecordsApi_encryption_key", &[OfDoctor], Public),
	row("MedicalRecordsApi_grant", &[OfPatient, OfDoctor], Between),
	row("MedicalRecordsApi_grant_key", &[OfPatient, OfDoctor], Between),
	row("MedicalRecordsApi_grants_of_patient", &[OfPatient, After, Limit], Given),
	row("MedicalRecordsApi_grants_to_doctor", &[OfDoctor, After, Limit], Doctor),
	row("MedicalRecordsApi_past_epochs", &[OfPatient, After, Limit], Epochs),
	row("MedicalRecordsApi_patient", &[OfPatient], Entry),
	row("MedicalRecordsApi_patient_of", &[OfAccount], Account),
	row("MedicalRecordsApi_patients_of_hospital", &[OfHospital, After, Limit], Queue),
	row("MedicalRecordsApi_proposed_profile", &[OfDoctor], Doctor),
	row("MedicalRecordsApi_proposed_profiles", &[OfHospital, After, Limit], Queue),
	row("MedicalRecordsApi_recipients", &[OfPatient], Recipients),
	row("MedicalRecordsApi_record", &[OfPatient, OfRecord], Record),
	row("MedicalRecordsApi_records", &[OfPatient, After, Limit], Records),
	row("MedicalRecordsApi_share", &[OfPatient, OfDoctor], Between),
	row("MedicalRecordsApi_successors", &[], Public),
	row("Metadata_metadata", &[], Public),
	row("Metadata_metadata_at_version", &[Version], Public),
	row("Metadata_metadata_versions", &[], Public),
	// The answer is the transaction's weight.
	row("TransactionPaymentApi_query_info", &[Unread], Network),
];

/// The view functions, for [`VIEW`].
pub static VIEW_FUNCTIONS: [Keyed; 1] =
	[Keyed { name: "FairUse.remaining", id: REMAINING, key: Key::Account, about: Account }];

/// The storage items, for [`STORAGE`].
pub static ITEMS: [Keyed; 5] = [
	Keyed { name: "Timestamp.Now", id: CLOCK, key: Key::Nothing, about: Public },
	Keyed { name: "System.Account", id: ACCOUNTS, key: Key::HashedAccount, about: Account },
	// A newcomer's client asks whether it may register. It can't sign in before.
	Keyed {
		name: "FairUse.Sponsorships",
		id: SPONSORSHIPS,
		key: Key::HashedAccountAndHospital,
		about: Public,
	},
	// Whether that still counts.
	Keyed { name: "FairUse.Departures", id: DEPARTURES, key: Key::HashedHospital, about: Public },
	Keyed {
		name: "NodeAuthorization.Owners",
		id: NODE_OWNERS,
		key: Key::HashedNode,
		about: Public,
	},
];

impl Argument {
	/// The name in JSON-RPC.
	pub fn name(self) -> &'static str {
		match self {
			OfPatient => "patient",
			OfDoctor => "doctor",
			OfRepresentative => "representative",
			OfHospital => "hospital",
			OfInstitution => "institution",
			OfPerson => "person",
			OfDelegate => "guardian",
			OfAccount => "account",
			OfRecord | InRecord => "record",
			After | AfterPerson | AfterPair | InboxAfter => "after",
			Limit => "limit",
			At => "at",
			HeaderOf | HashOf => "hash",
			Extrinsic => "extrinsic",
			Version => "version",
			Unread => "unread",
		}
	}
}

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
/// Twox-128 of `FairUse`, then of `Sponsorships`: newcomers, each with a hospital that vouches for them.
pub(super) const SPONSORSHIPS: [u8; 32] = [
	0xa7, 0xcb, 0x2f, 0x70, 0x7d, 0x85, 0x42, 0xac, 0xd8, 0x8e, 0x1b, 0xc9, 0x65, 0x87, 0x54, 0x3a,
	0xb9, 0x55, 0x0b, 0x14, 0xbc, 0x7b, 0x21, 0x8c, 0xa5, 0x56, 0x0a, 0x7d, 0xdd, 0xea, 0x85, 0xe6,
];
/// Twox-128 of `FairUse`, then of `Departures`: the number of times that hospitals have left.
pub(super) const DEPARTURES: [u8; 32] = [
	0xa7, 0xcb, 0x2f, 0x70, 0x7d, 0x85, 0x42, 0xac, 0xd8, 0x8e, 0x1b, 0xc9, 0x65, 0x87, 0x54, 0x3a,
	0xe3, 0x82, 0x64, 0x3e, 0x0a, 0x2e, 0xd1, 0x7d, 0xb1, 0x69, 0xfd, 0x08, 0x90, 0x6f, 0x79, 0x04,
];
/// Twox-128 of `NodeAuthorization`, then of `Owners`: the hospitals of nodes, by which a client knows that two
/// nodes are not one hospital's.
pub(super) const NODE_OWNERS: [u8; 32] = [
	0x6b, 0x21, 0x9f, 0xca, 0x3e, 0x05, 0x5e, 0x58, 0xd2, 0x6b, 0xd6, 0x9d, 0x8d, 0x9f, 0x7e, 0xdb,
	0x50, 0xca, 0xab, 0xec, 0xa3, 0xbd, 0x69, 0xd4, 0xa2, 0xa0, 0x67, 0x12, 0x06, 0x2f, 0x05, 0xc0,
];

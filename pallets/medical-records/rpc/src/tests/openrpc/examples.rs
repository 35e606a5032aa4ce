//! One example of each method, made of the types that are answered.

use medblock_primitives::{DoctorId, HospitalId, InstitutionId, PatientId, Person};
use medblock_views::*;
use serde::Serialize;
use serde_json::{Value, json, to_value};
use std::collections::BTreeMap;

/// Parameters by name, and what is answered.
pub struct Example {
	params: Value,
	result: Value,
}

impl Example {
	/// As OpenRPC has it, with the parameters in their order, up to the last that is given.
	pub fn document<'a>(self, parameters: impl Iterator<Item = &'a str>, result: &str) -> Value {
		let given = self.params.as_object().unwrap();
		let mut params: Vec<_> =
			parameters.map(|name| json!({ "name": name, "value": given.get(name) })).collect();
		let named = params.iter().filter(|param| !param["value"].is_null()).count();
		assert_eq!(named, given.len(), "{given:?}");
		while params.last().is_some_and(|last| last["value"].is_null()) {
			params.pop();
		}
		json!({
			"name": "example",
			"params": params,
			"result": { "name": result, "value": self.result },
		})
	}
}

const SUBSCRIPTION: &str = "qYhSc8UuDLWSm9iD";

/// So many minutes into the morning of 23 November 2026.
fn morning(minutes: u64) -> Time {
	(1_795_422_720_000 + minutes * 60_000).into()
}

/// The first moment of 2031.
fn later() -> Time {
	1_924_992_000_000.into()
}

fn at() -> BlockRef {
	BlockRef { number: 86_742, hash: BlockHash([0x2f; 32]) }
}

fn page<T, Cursor>(item: T, next: Option<Cursor>) -> Page<T, Cursor> {
	Page { items: vec![item], next, at: at() }
}

fn answer<T>(value: T) -> Answer<T> {
	Answer { value, at: at() }
}

fn account(byte: u8) -> Account {
	Account([byte; 32])
}

fn hospital() -> Hospital {
	Hospital {
		hospital: HospitalId(0),
		name: "North".into(),
		gateway: "https://vault.north.example".into(),
		controller: account(10),
		seat_account: account(11),
		seat: SeatStatus::Seated,
		registration: RegistrationMode::SponsoredOnly,
		registrars: 2,
	}
}

fn public_key() -> EncryptionKey {
	EncryptionKey { suite: 1, key: Bytes(vec![0x61; 1_216]), version: 1 }
}

fn registrar() -> Registrar {
	Registrar { account: account(12), key: Some(public_key()), holds_profile_key: true }
}

fn appointment() -> Appointment {
	Appointment { hospital: HospitalId(0), registrar: account(13), until: 1_209_600 }
}

fn institution() -> Institution {
	Institution {
		institution: InstitutionId(2),
		hospital: HospitalId(0),
		kind: InstitutionKind::Laboratory,
		name: "Central laboratory".into(),
		open: true,
	}
}

fn operator_appointment() -> OperatorAppointment {
	OperatorAppointment { operator: account(16), until: 1_209_600 }
}

fn operators() -> Operators {
	Operators {
		institution: InstitutionId(2),
		operators: vec![account(15)],
		appointed: vec![operator_appointment()],
	}
}

fn deposit() -> Deposit {
	Deposit {
		patient: PatientId(7),
		institution: InstitutionId(2),
		expires_at: Some(later()),
		allowed_at: morning(3),
		appends_left: 998,
		live: true,
	}
}

fn profile_key_version() -> ProfileKeyVersion {
	ProfileKeyVersion { version: 1, key_digest: Hex([0x31; 32]), previous: None }
}

fn held_profile_key() -> HeldProfileKey {
	HeldProfileKey { hospital: HospitalId(0), version: 1, key_version: 1, key: sealed() }
}

fn disclosure_anchor() -> DisclosureAnchor {
	DisclosureAnchor {
		number: 740,
		log: 0,
		size: 18_204,
		root: Hex([0x5e; 32]),
		anchored_at: morning(0),
	}
}

fn disclosure_log() -> DisclosureLog {
	DisclosureLog { vault_account: Some(account(17)), log: 0, last: Some(disclosure_anchor()) }
}

fn portal_release() -> PortalRelease {
	PortalRelease { digest: Hex([0x7b; 32]), version: "1.4.0".into(), listed_at: morning(0) }
}

fn doctor_profile() -> DoctorProfile {
	DoctorProfile {
		name: "Dr. Ada Example".into(),
		specialty: "cardiology".into(),
		qualification: "MD".into(),
		practising_since: 2001,
	}
}

fn proposed_profile() -> ProposedProfile {
	ProposedProfile { doctor: DoctorId(3), profile: doctor_profile() }
}

fn account_change() -> AccountChange {
	AccountChange { person: Person::Patient(PatientId(7)), new: account(14), due: morning(1_440) }
}

fn doctor() -> Doctor {
	Doctor {
		doctor: DoctorId(3),
		account: account(3),
		generation: 0,
		hospital: HospitalId(1),
		standing: Standing::Verified,
		practises: true,
		problem: None,
		registered_at: morning(0),
		moving_to: None,
		licence_expires: Some(later()),
		profile: Some(doctor_profile()),
		details: "Heart centre, 2nd floor".into(),
		key_version: 1,
		vouched_version: 1,
	}
}

fn document() -> Document {
	Document { digest: Hex([0x9c; 32]), head: Hex([0x41; 16]), size: 8_412, vault: HospitalId(0) }
}

fn vaults() -> Vaults {
	Vaults { home: HospitalId(0), mirror: Some(HospitalId(2)), former: vec![] }
}

fn patient() -> Patient {
	Patient {
		patient: PatientId(7),
		account: account(7),
		generation: 0,
		hospital: HospitalId(0),
		standing: Standing::Verified,
		registered_at: morning(0),
		moving_to: None,
		vault: HospitalId(0),
		mirror: Some(HospitalId(2)),
		moves: vec![],
		profile: Some(SealedDocument { document: document(), sealed_to: 0 }),
		profile_vaults: Some(vaults()),
		records: 12,
		live: 11,
		grants: 1,
		shares: 0,
		epoch: 2,
		sealing_epoch: 2,
		due_for_rotation: false,
	}
}

fn allowed() -> Access {
	Access {
		allowed: Some(Allowed {
			scope: Scope::Chart,
			may_append: true,
			until: Some(later()),
			key: KeyStatus::Current,
		}),
		denied: None,
	}
}

fn grant() -> Grant {
	Grant {
		patient: PatientId(7),
		doctor: DoctorId(3),
		scope: Scope::Chart,
		may_append: true,
		expires_at: None,
		granted_at: morning(1),
		appends_left: 988,
		epoch: Some(2),
		key_version: Some(1),
		access: allowed(),
	}
}

fn record() -> Record {
	Record {
		record: 11,
		document: Some(document()),
		vaults: Some(vaults()),
		author: Author::Doctor(DoctorId(3)),
		sealed_to: 2,
		in_reply_to: Some(4),
		recorded_at: morning(2),
	}
}

fn epoch_key(byte: u8) -> EpochKey {
	EpochKey {
		key: Bytes(vec![byte; 1_216]),
		salt: Hex([byte; 16]),
		previous: Some(Hex([byte; 60])),
	}
}

fn chart_keys() -> ChartKeys {
	ChartKeys {
		suite: 1,
		distributed: epoch_key(0x21),
		standby: epoch_key(0x22),
		standby_tag: Hex([0x23; 32]),
	}
}

fn past_epoch() -> PastEpoch {
	PastEpoch {
		epoch: 1,
		key_digest: Hex([0x31; 32]),
		salt: Hex([0x32; 16]),
		previous: Some(Hex([0x33; 60])),
		records_until: 5,
	}
}

fn recipients() -> Recipients {
	let one = Recipient { doctor: DoctorId(3), key_version: 1, key_digest: Hex([0x35; 32]) };
	Recipients {
		sealing_epoch: 3,
		digest: Some(Hex([0x36; 16])),
		doctors: vec![one],
		representatives: vec![],
	}
}

fn sealed() -> Bytes {
	Bytes([vec![1], vec![0x51; 1_168]].concat())
}

fn share() -> Share {
	Share {
		key: Some(ShareKey { generation: 1, key_version: 1, key: sealed() }),
		records: vec![SharedRecord { record: 4, key: Hex([0x44; 44]) }],
	}
}

/// What a subscriber to an inbox may be sent.
pub fn notification() -> InboxNotification {
	let granted = InboxEvent::Granted {
		patient: PatientId(7),
		scope: Scope::Chart,
		records: None,
		may_append: true,
		expires_at: None,
	};
	let added = InboxEvent::RecordsAdded {
		patient: PatientId(7),
		author: Author::Patient,
		first: 12,
		count: 2,
	};
	InboxNotification { block: at(), events: vec![granted, added] }
}

fn keepers() -> Vec<Keeper> {
	let keeper = |delegate| Keeper { delegate, key_version: 1, able: true };
	[Delegate::Desk(HospitalId(0)), Delegate::Desk(HospitalId(1))].map(keeper).to_vec()
}

fn guardians() -> Guardians {
	Guardians {
		person: Person::Patient(PatientId(7)),
		threshold: 2,
		commitments: vec![Hex([0x71; 32]), Hex([0x72; 32])],
		secret: Hex([0x73; 60]),
		guardians: keepers(),
		delay: 86_400_000,
		set_at: morning(1),
	}
}

fn recovery() -> Recovery {
	Recovery {
		person: Person::Patient(PatientId(7)),
		new: account(17),
		suite: 1,
		key: Bytes(vec![0x62; 1_216]),
		requested_at: morning(2),
		due: None,
		ends_at: later(),
		approvals: vec![Delegate::Desk(HospitalId(0))],
		handed_over: vec![],
	}
}

fn representative() -> Representative {
	Representative {
		patient: PatientId(7),
		representative: PatientId(8),
		scopes: Scopes(15),
		until: Some(later()),
		named_at: morning(3),
		confirmed: true,
		key_version: 1,
		epoch: Some(2),
		live: true,
	}
}

fn emergency_plan() -> EmergencyPlan {
	EmergencyPlan {
		patient: PatientId(7),
		threshold: 2,
		commitments: vec![Hex([0x74; 32]), Hex([0x75; 32])],
		secret: Hex([0x76; 60]),
		suite: 1,
		key: Bytes(vec![0x63; 1_216]),
		holders: keepers(),
		records: None,
		epoch: Some(2),
		duration: 86_400_000,
		set_at: morning(4),
		used: false,
	}
}

fn emergency_request() -> EmergencyRequest {
	EmergencyRequest {
		patient: PatientId(7),
		doctor: DoctorId(3),
		reason: EmergencyReason::Unconscious,
		details: Hex([0x77; 32]),
		key_version: 1,
		asked_at: morning(5),
		ends_at: later(),
		confirmed: vec![HospitalId(0)],
		threshold: 2,
	}
}

fn emergency() -> Emergency {
	Emergency {
		patient: PatientId(7),
		doctor: DoctorId(3),
		reason: EmergencyReason::Unconscious,
		details: Hex([0x77; 32]),
		confirmed: vec![HospitalId(0), HospitalId(1)],
		opened_at: morning(6),
		until: later(),
		open: true,
		review: None,
	}
}

/// One for each method.
pub fn examples() -> BTreeMap<&'static str, Example> {
	let mut examples = BTreeMap::new();
	let mut add = |name, params, result: &dyn erased::Answer| {
		examples.insert(name, Example { params, result: result.json() });
	};
	let hash = json!(at().hash);
	let nobody = Access::from(Err(Denied::NotGranted));
	let params = json!({ "limit": 1 });
	add("consortium_hospitals", params, &page(hospital(), Some(HospitalId(0))));
	add("consortium_hospital", json!({ "hospital": 0 }), &answer(hospital()));
	let params = json!({ "hospital": 0 });
	add("consortium_registrars", params.clone(), &answer(vec![registrar()]));
	add("consortium_appointments", params.clone(), &answer(vec![appointment()]));
	let appointed = json!({ "account": account(13) });
	add("consortium_appointmentsOf", appointed, &answer(vec![appointment()]));
	let page_of_one = page(institution(), Some(InstitutionId(2)));
	add("consortium_institutions", json!({ "limit": 1 }), &page_of_one);
	add("consortium_institution", json!({ "institution": 2 }), &answer(institution()));
	let operator = json!({ "account": account(15) });
	add("consortium_operatorOf", operator, &answer(Some(InstitutionId(2))));
	add("consortium_operators", params.clone(), &answer(vec![operators()]));
	let newcomer = json!({ "institution": 2, "account": account(16) });
	add("consortium_operatorAppointment", newcomer, &answer(Some(operator_appointment())));
	let (of_patient, of_person) = (json!({ "patient": 7 }), json!({ "person": { "patient": 7 } }));
	add("delegation_actingKey", of_patient.clone(), &answer(Some(public_key())));
	add("delegation_guardians", of_person.clone(), &answer(Some(guardians())));
	add("delegation_recoveries", of_person, &answer(vec![recovery()]));
	add("delegation_representatives", of_patient.clone(), &answer(vec![representative()]));
	add("delegation_represented", json!({ "patient": 8 }), &answer(vec![representative()]));
	let page_of_one = page(representative(), None::<Representing>);
	add("delegation_awaitingRepresentatives", params.clone(), &page_of_one);
	add("delegation_emergencyPlan", of_patient.clone(), &answer(Some(emergency_plan())));
	add("delegation_emergencyRequests", of_patient.clone(), &answer(vec![emergency_request()]));
	let page_of_one = page(emergency_request(), None::<EmergencyOf>);
	add("delegation_emergenciesAsked", params.clone(), &page_of_one);
	add("delegation_emergencies", of_patient, &answer(vec![emergency()]));
	let profile_key = ProfileKey { key: Some(public_key()), holders: 2, due: false };
	add("consortium_profileKey", params.clone(), &answer(profile_key));
	add("consortium_profileKeyVersions", params.clone(), &page(profile_key_version(), None::<u32>));
	let own = json!({ "account": account(12) });
	add("consortium_heldProfileKey", own, &answer(Some(held_profile_key())));
	add("consortium_disclosureLog", params, &answer(disclosure_log()));
	let params = json!({ "hospital": 0, "after": 739, "limit": 1 });
	add("consortium_disclosureAnchors", params, &page(disclosure_anchor(), None::<u32>));
	add("consortium_author", json!({ "at": hash }), &answer(Some(HospitalId(0))));
	let node = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp".to_owned();
	add("consortium_authorizedNodes", json!({}), &answer(vec![node]));
	add("consortium_portalReleases", json!({}), &answer(vec![portal_release()]));
	add("medicalRecords_doctors", json!({ "limit": 1 }), &page(doctor(), Some(DoctorId(3))));
	add("medicalRecords_doctor", json!({ "doctor": 3 }), &answer(doctor()));
	add("medicalRecords_doctorOf", json!({ "account": account(3) }), &answer(Some(DoctorId(3))));
	add("medicalRecords_encryptionKey", json!({ "doctor": 3 }), &answer(Some(public_key())));
	add("medicalRecords_patient", json!({ "patient": 7, "at": hash }), &answer(patient()));
	add("medicalRecords_patientOf", json!({ "account": account(1) }), &answer(None::<PatientId>));
	let params = json!({ "patient": 7, "after": 10, "limit": 20, "at": hash });
	add("medicalRecords_records", params, &page(record(), None::<u32>));
	add("medicalRecords_record", json!({ "patient": 7, "record": 11 }), &answer(record()));
	add("medicalRecords_grantsOfPatient", json!({ "patient": 7 }), &page(grant(), None::<u32>));
	add("medicalRecords_grantsToDoctor", json!({ "doctor": 3 }), &page(grant(), None::<u32>));
	let params = json!({ "patient": 7, "doctor": 3 });
	add("medicalRecords_grant", params.clone(), &answer(Some(grant())));
	add("medicalRecords_grantKey", params.clone(), &answer(Some(sealed())));
	add("medicalRecords_share", params, &answer(share()));
	add("medicalRecords_deposits", json!({ "patient": 7 }), &answer(vec![deposit()]));
	let params = json!({ "patient": 7, "institution": 2 });
	add("medicalRecords_deposit", params, &answer(Some(deposit())));
	let params = json!({ "patient": 7, "doctor": 9, "record": 11 });
	add("medicalRecords_access", params, &answer(nobody));
	add("medicalRecords_chartKeys", json!({ "patient": 7 }), &answer(Some(chart_keys())));
	add("medicalRecords_recipients", json!({ "patient": 7 }), &answer(recipients()));
	add("medicalRecords_pastEpochs", json!({ "patient": 7 }), &page(past_epoch(), None::<u32>));
	add("medicalRecords_awaitingPatients", json!({ "hospital": 0 }), &page(patient(), None::<u32>));
	let params = json!({ "hospital": 0, "after": 4 });
	add("medicalRecords_patientsOfHospital", params, &page(patient(), None::<u32>));
	let succession = Succession { left: HospitalId(3), successor: HospitalId(0) };
	add("medicalRecords_successors", json!({}), &answer(vec![succession]));
	add("medicalRecords_awaitingDoctors", json!({ "hospital": 1 }), &page(doctor(), None::<u32>));
	add("medicalRecords_proposedProfile", json!({ "doctor": 3 }), &answer(Some(doctor_profile())));
	let params = json!({ "hospital": 1 });
	add("medicalRecords_proposedProfiles", params, &page(proposed_profile(), None::<u32>));
	let params = json!({ "person": { "patient": 7 } });
	add("medicalRecords_accountChange", params, &answer(Some(account_change())));
	let params = json!({ "hospital": 0 });
	add("medicalRecords_accountChanges", params, &page(account_change(), None::<Person>));
	add("medicalRecords_subscribeInbox", json!({ "doctor": 3, "after": 86_000 }), &SUBSCRIPTION);
	add("medicalRecords_unsubscribeInbox", json!({ "subscription": SUBSCRIPTION }), &true);
	add("rpc.discover", json!({}), &json!({ "openrpc": "1.3.2" }));
	examples
}

mod erased {
	use super::*;

	/// Anything that can be shown as JSON.
	pub trait Answer {
		fn json(&self) -> Value;
	}

	impl<T: Serialize> Answer for T {
		fn json(&self) -> Value {
			to_value(self).unwrap()
		}
	}
}

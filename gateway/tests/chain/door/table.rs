//! Everything that the door passes on, asked by everybody. What has no case here fails.

use super::*;
use codec::Encode;
use medblock_client::chain::Call;
use medblock_gateway::door::table::{FUNCTIONS, ITEMS, METHODS, VIEW_FUNCTIONS};
use medblock_primitives::SharedRecords;

/// The subject of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
	Public,
	Network,
	Account,
	Entry,
	Records,
	Record,
	Epochs,
	Grants,
	Between,
	Doctor,
	Queue,
	Staff,
}

use About::*;

/// The people that questions are about.
struct Subject {
	account: AccountId,
	patient: PatientId,
	doctor: DoctorId,
	head: Value,
}

/// A question.
type Case = (About, String, Value);

fn hexadecimal(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}

impl Subject {
	fn of_method(&self, method: &str) -> (About, Value) {
		let (account, patient, doctor) = (self.account.to_string(), self.patient.0, self.doctor.0);
		match method {
			"author_submitExtrinsic" => (Public, json!(["0x00"])),
			"chain_getBlockHash" => (Public, json!([0])),
			"chain_getHeader" | "state_getMetadata" | "state_getRuntimeVersion" => {
				(Public, json!([self.head]))
			},
			"chain_getFinalizedHead" | "system_localPeerId" | "consortium_author" => {
				(Public, json!([]))
			},
			"consortium_hospitals" | "consortium_portalReleases" => (Public, json!([])),
			"consortium_hospital" | "consortium_profileKey" => (Public, json!([0])),
			"consortium_appointmentsOf" => (Public, json!([account])),
			"consortium_heldProfileKey" => (Account, json!([account])),
			"consortium_appointments" | "consortium_registrars" => (Staff, json!([0])),
			"consortium_profileKeyVersions" => (Staff, json!([0])),
			"medicalRecords_doctors" => (Public, json!({ "limit": 10 })),
			"medicalRecords_doctor" | "medicalRecords_encryptionKey" => (Public, json!([doctor])),
			"medicalRecords_doctorOf" | "system_accountNextIndex" => (Public, json!([account])),
			"chain_subscribeFinalizedHeads" | "chain_subscribeNewHeads" => (Network, json!([])),
			"consortium_authorizedNodes" | "rpc.discover" | "system_health" => (Network, json!([])),
			"medicalRecords_patientOf" => (Account, json!([account])),
			"medicalRecords_patient" | "medicalRecords_chartKeys" => (Entry, json!([patient])),
			"medicalRecords_records" => (Records, json!([patient])),
			"medicalRecords_record" => (Record, json!([patient, 0])),
			"medicalRecords_pastEpochs" => (Epochs, json!([patient])),
			"medicalRecords_grantsOfPatient" => (Grants, json!([patient])),
			"medicalRecords_grant" | "medicalRecords_grantKey" | "medicalRecords_share" => {
				(Between, json!([patient, doctor]))
			},
			"medicalRecords_access" => (Between, json!([patient, doctor, 0])),
			"medicalRecords_grantsToDoctor" | "medicalRecords_subscribeInbox" => {
				(Doctor, json!([doctor]))
			},
			"medicalRecords_awaitingPatients" | "medicalRecords_patientsOfHospital" => {
				(Queue, json!([0]))
			},
			"medicalRecords_awaitingDoctors"
			| "medicalRecords_proposedProfiles"
			| "medicalRecords_accountChanges" => (Queue, json!({ "hospital": 0 })),
			"medicalRecords_proposedProfile" => (Doctor, json!([doctor])),
			"medicalRecords_accountChange" => (Grants, json!([{ "patient": patient }])),
			other => panic!("{other} needs a case"),
		}
	}

	fn of_function(&self, function: &str) -> (About, Vec<u8>) {
		let Self { account, patient, doctor, .. } = self;
		let (of, first) = (HospitalId(0), None::<u32>);
		match function {
			"Core_version" | "Metadata_metadata" | "Metadata_metadata_versions" => {
				(Public, Vec::new())
			},
			"AuraApi_slot_duration" | "ConsortiumApi_author" | "ConsortiumApi_portal_releases" => {
				(Public, Vec::new())
			},
			"Metadata_metadata_at_version" => (Public, 15_u32.encode()),
			"AccountNonceApi_account_nonce"
			| "ConsortiumApi_appointments_of"
			| "MedicalRecordsApi_doctor_of" => (Public, account.0.to_vec()),
			"ConsortiumApi_hospital"
			| "ConsortiumApi_encryption_key"
			| "ConsortiumApi_profile_key" => (Public, of.encode()),
			"ConsortiumApi_appointments" | "ConsortiumApi_registrars" => (Staff, of.encode()),
			"ConsortiumApi_profile_key_versions" => (Staff, (of, first, 64_u32).encode()),
			"ConsortiumApi_hospitals" | "MedicalRecordsApi_doctors" => {
				(Public, (first, 64_u32).encode())
			},
			"MedicalRecordsApi_doctor" | "MedicalRecordsApi_encryption_key" => {
				(Public, doctor.encode())
			},
			"ConsortiumApi_authorized_nodes" => (Network, Vec::new()),
			"TransactionPaymentApi_query_info" => (Network, vec![0]),
			"ConsortiumApi_registrar_of"
			| "ConsortiumApi_held_profile_key"
			| "MedicalRecordsApi_patient_of" => (Account, account.0.to_vec()),
			"MedicalRecordsApi_patient" | "MedicalRecordsApi_chart_keys" => {
				(Entry, patient.encode())
			},
			"MedicalRecordsApi_records" => (Records, (patient, first, 64_u32).encode()),
			"MedicalRecordsApi_record" => (Record, (patient, 0_u32).encode()),
			"MedicalRecordsApi_past_epochs" => (Epochs, (patient, first, 64_u32).encode()),
			"MedicalRecordsApi_grants_of_patient" => (Grants, (patient, first, 64_u32).encode()),
			"MedicalRecordsApi_grant"
			| "MedicalRecordsApi_grant_key"
			| "MedicalRecordsApi_share" => (Between, (patient, doctor).encode()),
			"MedicalRecordsApi_access" => (Between, (patient, doctor, Some(0_u32)).encode()),
			"MedicalRecordsApi_grants_to_doctor" => (Doctor, (doctor, first, 64_u32).encode()),
			"MedicalRecordsApi_awaiting_patients"
			| "MedicalRecordsApi_patients_of_hospital"
			| "MedicalRecordsApi_awaiting_doctors"
			| "MedicalRecordsApi_proposed_profiles" => (Queue, (of, first, 64_u32).encode()),
			"MedicalRecordsApi_account_changes" => {
				(Queue, (of, None::<medblock_primitives::Person>, 64_u32).encode())
			},
			"MedicalRecordsApi_proposed_profile" => (Doctor, doctor.encode()),
			"MedicalRecordsApi_account_change" => {
				(Grants, medblock_primitives::Person::Patient(*patient).encode())
			},
			other => panic!("{other} needs a case"),
		}
	}

	/// What follows a storage item's prefix.
	fn of_item(&self, item: &str) -> (About, Vec<u8>) {
		let of_account = || [&[1; 16][..], &self.account.0].concat();
		match item {
			"Timestamp.Now" => (Public, Vec::new()),
			"System.Account" => (Account, of_account()),
			"FairUse.Sponsored" => (Public, of_account()),
			"NodeAuthorization.Owners" => (Public, vec![1; 16 + 39]),
			other => panic!("{other} needs a case"),
		}
	}

	fn of_view_function(&self, name: &str) -> (About, Vec<u8>) {
		match name {
			"FairUse.remaining" => (Account, self.account.0.to_vec()),
			other => panic!("{other} needs a case"),
		}
	}

	/// A question for everything in the door's table.
	fn cases(&self) -> Vec<Case> {
		const CALL: &str = "state_call";
		const STORAGE: &str = "state_getStorage";
		const VIEW: &str = "RuntimeViewFunction_execute_view_function";
		let call = |function: &str, bytes: &[u8]| json!([function, hexadecimal(bytes)]);
		let methods = METHODS.iter().filter(|method| ![CALL, STORAGE].contains(*method));
		let methods = methods.map(|method| {
			let (about, params) = self.of_method(method);
			(about, (*method).to_owned(), params)
		});
		let functions = FUNCTIONS.iter().filter(|function| **function != VIEW);
		let functions = functions.map(|function| {
			let (about, bytes) = self.of_function(function);
			(about, CALL.to_owned(), call(function, &bytes))
		});
		let views = VIEW_FUNCTIONS.iter().map(|(name, id)| {
			let (about, input) = self.of_view_function(name);
			(about, CALL.to_owned(), call(VIEW, &(id, input).encode()))
		});
		let items = ITEMS.iter().map(|(name, prefix)| {
			let (about, rest) = self.of_item(name);
			let key = hexadecimal(&[&prefix[..], &rest].concat());
			(about, STORAGE.to_owned(), json!([key]))
		});
		methods.chain(functions).chain(views).chain(items).collect()
	}
}

/// A person who asks, and the documented refusals; nothing where the question is passed on.
type Asker<'a> = (&'a str, &'a Person, fn(About) -> &'static str);

#[tokio::test]
async fn each_is_answered_about_what_is_theirs_and_refused_everything_else() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (patient, id) = setup.patient().await;
	let (other, _) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let (ungranted, _) = setup.doctor().await;
	let (lab, lab_id) = setup.doctor().await;
	let own_staff = setup.known("//Alice//stash").await;
	let controller = setup.known("//Alice").await;
	let other_staff = setup.registrar_of_another_hospital().await;
	setup.name(&patient, &[&age_file(1, 10)]).await;
	let terms = Terms { may_append: false, expires_at: None };
	patient.client.grant(doctor_id, terms).await.unwrap();
	// Single records: none of them.
	let call = Call::share_records(lab_id, None, SharedRecords::default(), true, None);
	let signer = patient.client.keys().signer().unwrap();
	patient.client.chain().submit(signer, &call).await.unwrap();

	let account = patient.client.keys().account();
	let head = json!(hexadecimal(&setup.final_block().await.hash().0));
	let cases = Subject { account, patient: id, doctor: doctor_id, head }.cases();
	let mut stranger = Rpc::connect(address(&setup)).await;
	for (about, method, params) in &cases {
		match about {
			Public => stranger.is_passed_on(method, params.clone()).await,
			_ => {
				let refusal = stranger.refusal(method, params.clone()).await;
				assert_eq!(refusal, "not-signed-in", "{method} {params}");
			},
		}
	}
	let people: [Asker<'_>; 8] = [
		("the patient", &patient, |about| match about {
			Doctor => "other-doctor",
			Queue | Staff => "other-hospital",
			_ => "",
		}),
		("another patient", &other, |about| match about {
			Public | Network => "",
			Account => "other-account",
			Entry | Records | Record | Epochs => "other-patient",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
			Queue | Staff => "other-hospital",
		}),
		("the doctor", &doctor, |about| match about {
			Account => "other-account",
			Grants => "patient-only",
			Queue | Staff => "other-hospital",
			_ => "",
		}),
		("a doctor without a grant", &ungranted, |about| match about {
			Public | Network => "",
			Account => "other-account",
			Entry | Records | Record | Epochs => "not-granted",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
			Queue | Staff => "other-hospital",
		}),
		("a doctor with none of the records", &lab, |about| match about {
			Public | Network | Entry | Records => "",
			Account => "other-account",
			Record | Epochs => "record-not-shared",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
			Queue | Staff => "other-hospital",
		}),
		("a registrar of the hospital", &own_staff, |about| match about {
			Public | Network | Entry | Queue | Staff => "",
			Account => "other-account",
			Records | Record | Epochs => "not-for-hospitals",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
		}),
		("the hospital's controller", &controller, |about| match about {
			Public | Network | Staff => "",
			Account => "other-account",
			Entry | Records | Record | Epochs => "other-patient",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
			Queue => "other-hospital",
		}),
		("another hospital's registrar", &other_staff, |about| match about {
			Public | Network => "",
			Account => "other-account",
			Entry | Records | Record | Epochs | Queue | Staff => "other-hospital",
			Grants => "patient-only",
			Between | Doctor => "other-doctor",
		}),
	];
	for (who, person, expected) in people {
		let mut rpc = signed_in(&setup, person).await;
		for (about, method, params) in &cases {
			match expected(*about) {
				"" => rpc.is_passed_on(method, params.clone()).await,
				expected => {
					let refusal = rpc.refusal(method, params.clone()).await;
					assert_eq!(refusal, expected, "{who}: {method} {params}");
				},
			}
		}
	}

	let mut rpc = signed_in(&setup, &lab).await;
	let page = rpc.ask("medicalRecords_records", json!([id.0])).await;
	assert_eq!(page["result"]["items"], json!([]), "of single records, those that are shared");
	// A revocation counts as soon as the gateway looks at the block again.
	let mut rpc = signed_in(&setup, &doctor).await;
	let records = json!([id.0]);
	rpc.is_passed_on("medicalRecords_records", records.clone()).await;
	patient.client.revoke(&[doctor_id]).await.unwrap();
	let deadline = Instant::now() + Duration::from_secs(10);
	let refusal = loop {
		let answer = rpc.ask("medicalRecords_records", records.clone()).await;
		if let Some(name) = answer["error"]["data"]["error"].as_str() {
			break name.to_owned();
		}
		assert!(Instant::now() < deadline, "it is never refused");
	};
	assert_eq!(refusal, "not-granted");
}

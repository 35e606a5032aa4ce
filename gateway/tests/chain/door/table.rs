//! Everything that the door passes on, asked by everybody.

use super::*;
use codec::Encode;
use medblock_client::chain::Call;
use medblock_gateway::door::table::{
	About::{self, *},
	Argument, CALL, FUNCTIONS, ITEMS, Key, Keyed, METHODS, STORAGE, VIEW, VIEW_FUNCTIONS,
};
use medblock_primitives::{ShareUnder, SharedRecords};

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
	/// A parameter of a method.
	fn parameter(&self, argument: Argument) -> Value {
		match argument {
			Argument::OfPatient => json!(self.patient.0),
			Argument::OfDoctor => json!(self.doctor.0),
			Argument::OfRepresentative => json!(self.patient.0),
			Argument::OfAccount => json!(self.account.to_string()),
			Argument::OfPerson | Argument::OfDelegate => json!({ "patient": self.patient.0 }),
			Argument::OfHospital
			| Argument::OfInstitution
			| Argument::OfRecord
			| Argument::InRecord => json!(0),
			Argument::HashOf => json!(0),
			Argument::Limit => json!(10),
			Argument::HeaderOf => self.head.clone(),
			Argument::After
			| Argument::AfterPerson
			| Argument::AfterPair
			| Argument::InboxAfter
			| Argument::At => Value::Null,
			Argument::Extrinsic => json!("0x00"),
			Argument::Version | Argument::Unread => panic!("methods have no {argument:?}"),
		}
	}

	/// An argument of a function.
	fn encoded(&self, argument: Argument) -> Vec<u8> {
		match argument {
			Argument::OfPatient => self.patient.encode(),
			Argument::OfDoctor => self.doctor.encode(),
			Argument::OfRepresentative => self.patient.encode(),
			Argument::OfAccount => self.account.0.to_vec(),
			Argument::OfPerson => medblock_primitives::Person::Patient(self.patient).encode(),
			Argument::OfDelegate => medblock_primitives::Delegate::Patient(self.patient).encode(),
			Argument::OfHospital | Argument::OfInstitution | Argument::OfRecord => 0_u32.encode(),
			Argument::InRecord => Some(0_u32).encode(),
			Argument::After | Argument::AfterPerson | Argument::AfterPair => None::<u32>.encode(),
			Argument::Limit => 64_u32.encode(),
			Argument::Version => 15_u32.encode(),
			Argument::Unread => vec![0],
			_ => panic!("functions have no {argument:?}"),
		}
	}

	/// What follows the id of a view function or a storage item.
	fn key(&self, of: &Keyed) -> Vec<u8> {
		match of.key {
			Key::Nothing => Vec::new(),
			Key::Account => self.account.0.to_vec(),
			Key::HashedAccount => [&[1; 16][..], &self.account.0].concat(),
			Key::HashedAccountAndHospital => {
				[&[1; 16][..], &self.account.0, &[1; 8], &[0; 4]].concat()
			},
			Key::HashedHospital => [&[1; 8][..], &[0; 4]].concat(),
			Key::HashedNode => vec![1; 16 + 39],
		}
	}

	/// A question for everything in the door's table.
	fn cases(&self) -> Vec<Case> {
		let call = |function: &str, bytes: &[u8]| json!([function, hexadecimal(bytes)]);
		let methods = METHODS.iter().map(|row| {
			let params: Vec<_> = row.arguments.iter().map(|one| self.parameter(*one)).collect();
			(row.about, row.name.to_owned(), json!(params))
		});
		let functions = FUNCTIONS.iter().map(|row| {
			let bytes: Vec<_> = row.arguments.iter().flat_map(|one| self.encoded(*one)).collect();
			(row.about, CALL.to_owned(), call(row.name, &bytes))
		});
		let views = VIEW_FUNCTIONS.iter().map(|view| {
			let bytes = (view.id, self.key(view)).encode();
			(view.about, CALL.to_owned(), call(VIEW, &bytes))
		});
		let items = ITEMS.iter().map(|item| {
			let key = hexadecimal(&[&item.id[..], &self.key(item)].concat());
			(item.about, STORAGE.to_owned(), json!([key]))
		});
		methods.chain(functions).chain(views).chain(items).collect()
	}
}

/// A person who asks, and the documented refusals; nothing where the question is passed on.
type Asker<'a> = (&'a str, &'a Person, fn(About) -> &'static str);

#[tokio::test]
async fn each_is_answered_about_what_is_theirs_and_refused_everything_else() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let ((patient, id), (other, _), (doctor, doctor_id), (ungranted, _), (lab, lab_id)) = tokio::join!(
		setup.patient(),
		setup.patient(),
		setup.doctor(),
		setup.doctor(),
		setup.doctor()
	);
	let own_staff = setup.known("//Alice//stash").await;
	let controller = setup.known("//Alice").await;
	let other_staff = setup.registrar_of_another_hospital().await;
	setup.name(&patient, &[&age_file(1, 10)]).await;
	let terms = Terms { may_append: false, expires_at: None };
	patient.client.grant(doctor_id, terms).await.unwrap();
	// Single records: none of them.
	let (nothing, none) = (ShareUnder::Nothing, SharedRecords::default());
	let call = Call::share_records(lab_id, nothing, none, true, None);
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
			Entry | Records | Record | Epochs | Recipients | Opened | Representation | Delegate => {
				"other-patient"
			},
			Grants | Given | Own | Guarded | Representatives | Plan | Emergencies => "patient-only",
			Between | Doctor => "other-doctor",
			Deposit => "other-institution",
			Queue | Staff | Held => "other-hospital",
		}),
		("the doctor", &doctor, |about| match about {
			Account => "other-account",
			// This one may read only.
			Recipients => "authors-only",
			Deposit => "other-institution",
			Representation | Delegate => "other-patient",
			Grants | Given | Own | Guarded | Representatives | Emergencies => "patient-only",
			Queue | Staff | Held => "other-hospital",
			_ => "",
		}),
		("a doctor without a grant", &ungranted, |about| match about {
			// Any doctor may have to ask for an emergency.
			Public | Network | Plan => "",
			Account => "other-account",
			Entry | Records | Record | Epochs | Recipients | Opened => "not-granted",
			Representation | Delegate => "other-patient",
			Grants | Given | Own | Guarded | Representatives | Emergencies => "patient-only",
			Between | Doctor => "other-doctor",
			Deposit => "other-institution",
			Queue | Staff | Held => "other-hospital",
		}),
		("a doctor with none of the records", &lab, |about| match about {
			Public | Network | Entry | Records | Recipients | Plan | Opened => "",
			Account => "other-account",
			Record | Epochs => "record-not-shared",
			Representation | Delegate => "other-patient",
			Grants | Given | Own | Guarded | Representatives | Emergencies => "patient-only",
			Between | Doctor => "other-doctor",
			Deposit => "other-institution",
			Queue | Staff | Held => "other-hospital",
		}),
		("a registrar of the hospital", &own_staff, |about| match about {
			Public | Network | Entry | Queue | Staff | Representatives | Plan | Emergencies
			| Held => "",
			Account => "other-account",
			Records | Record | Epochs | Recipients | Opened => "not-for-hospitals",
			Representation | Delegate => "other-patient",
			Grants | Given | Own | Guarded => "patient-only",
			Between | Doctor => "other-doctor",
			Deposit => "other-institution",
		}),
		("the hospital's controller", &controller, |about| match about {
			Public | Network | Staff => "",
			Account => "other-account",
			Entry | Records | Record | Epochs | Recipients | Opened | Representation | Delegate => {
				"other-patient"
			},
			Grants | Given | Own | Guarded | Representatives | Plan | Emergencies => "patient-only",
			Between | Doctor => "other-doctor",
			Deposit => "other-institution",
			Queue | Held => "other-hospital",
		}),
		("another hospital's registrar", &other_staff, |about| match about {
			Public | Network => "",
			Account => "other-account",
			Entry | Records | Record | Epochs | Recipients | Queue | Staff | Opened | Held => {
				"other-hospital"
			},
			Representation | Delegate => "other-patient",
			Grants | Given | Own | Guarded | Representatives | Plan | Emergencies => "patient-only",
			Between | Doctor => "other-doctor",
			Deposit => "other-institution",
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
	let deadline = Instant::now() + Duration::from_secs(90);
	let refusal = loop {
		let answer = rpc.ask("medicalRecords_records", records.clone()).await;
		if let Some(name) = answer["error"]["data"]["error"].as_str() {
			break name.to_owned();
		}
		assert!(Instant::now() < deadline, "it is never refused");
	};
	assert_eq!(refusal, "not-granted");
}

//! Only the patient grants access: shown over the metadata, and over the effects of the calls.

use crate::common::*;
use frame_metadata::v15::RuntimeMetadataV15;
use frame_support::{assert_ok, dispatch::RawOrigin};
use medblock_primitives::*;
use medblock_runtime::{
	MedicalRecords, Runtime, RuntimeCall, RuntimeOrigin, System,
	calls::{CouncilPowers, Transactable},
};
use pallet_collective::Instance1;
use pallet_consortium::Powers;
use pallet_fair_use::CallPolicy;
use pallet_medical_records::{Call, GrantKeys, Grants, ShareKeys, SharedRecordsOf};
use scale_info::{TypeDef, Variant, form::PortableForm};
use sp_keyring::Sr25519Keyring::{self, Alice, AliceStash, Bob, BobStash, Eve, Ferdie, One};
use sp_runtime::traits::Dispatchable;
use std::collections::BTreeSet;

/// The calls of a pallet.
fn calls(metadata: &RuntimeMetadataV15, pallet: &str) -> Vec<Variant<PortableForm>> {
	let pallet = metadata.pallets.iter().find(|found| found.name == pallet).unwrap();
	let Some(calls) = &pallet.calls else { return vec![] };
	match &metadata.types.resolve(calls.ty.id).unwrap().type_def {
		TypeDef::Variant(calls) => calls.variants.clone(),
		_ => panic!("calls are an enumeration"),
	}
}

/// Whether a type contains one of the named types, at any depth.
fn holds(metadata: &RuntimeMetadataV15, ty: u32, names: &[&str], seen: &mut BTreeSet<u32>) -> bool {
	if !seen.insert(ty) {
		return false;
	}
	let found = metadata.types.resolve(ty).unwrap();
	if found.path.segments.last().is_some_and(|name| names.contains(&name.as_str())) {
		return true;
	}
	let inner: Vec<u32> = match &found.type_def {
		TypeDef::Composite(fields) => fields.fields.iter().map(|field| field.ty.id).collect(),
		TypeDef::Variant(variants) => {
			variants.variants.iter().flat_map(|v| v.fields.iter().map(|f| f.ty.id)).collect()
		},
		TypeDef::Sequence(items) => vec![items.type_param.id],
		TypeDef::Array(items) => vec![items.type_param.id],
		TypeDef::Tuple(items) => items.fields.iter().map(|item| item.id).collect(),
		TypeDef::Compact(inner) => vec![inner.type_param.id],
		TypeDef::Primitive(_) | TypeDef::BitSequence(_) => vec![],
	};
	inner.into_iter().any(|ty| holds(metadata, ty, names, seen))
}

/// Calls that can carry a secret for another person. Of charts and records, all of them are the
/// patient's; the others carry the hospitals' profile keys, from registrar to registrar.
#[test]
fn sealed_keys_travel_only_in_calls_of_patients_and_between_registrars() {
	let metadata = metadata();
	let mut carrying = Vec::new();
	for pallet in &metadata.pallets {
		for call in calls(&metadata, &pallet.name) {
			let secret = [
				"SealedKey",
				"SealedShare",
				"WrappedSecret",
				"WrappedFileKey",
				"KeyForDoctor",
				"KeyForRegistrar",
				"ShareKey",
				"Rotation",
			];
			let carries = call.fields.iter().any(|field| {
				// The council decides about a call within a call; see below.
				let name = &metadata.types.resolve(field.ty.id).unwrap().path.segments;
				name.last().map(String::as_str) != Some("RuntimeCall")
					&& holds(&metadata, field.ty.id, &secret, &mut BTreeSet::new())
			});
			if carries {
				carrying.push(format!("{}.{}", pallet.name, call.name));
			}
		}
	}
	let expected = [
		"Consortium.publish_profile_key",
		"Consortium.share_profile_key",
		// Its own chart's first keys: the standby wraps the distributed epoch.
		"MedicalRecords.register_patient",
		"MedicalRecords.grant_access",
		"MedicalRecords.share_records",
		"MedicalRecords.revoke_access",
		"MedicalRecords.rotate_chart_key",
		// By a person, to others of the person's choice: guardians, representatives, and an emergency's holders.
		"Delegation.set_guardians",
		// By a guardian of the person's choice, to the person's new device.
		"Delegation.hand_over_share",
		// By the person, whose guardians have given them a new account.
		"Delegation.finish_recovery",
		"Delegation.seal_to_representative",
		// By a representative with this scope from the patient.
		"Delegation.grant_access_for",
		"Delegation.set_emergency_plan",
		"Delegation.renew_emergency_key",
		// By a hospital that the patient has chosen for this, to a doctor, for an emergency.
		"Delegation.confirm_emergency",
	];
	assert_eq!(carrying, expected);
}

/// What people do for others needs the choice of those others: without it, each of these calls fails for everybody, and
/// leaves nothing behind.
#[test]
fn nobody_acts_for_a_person_who_has_not_chosen_them() {
	use pallet_delegation::Call;
	local().execute_with(|| {
		block(1);
		let signed = |who| RuntimeOrigin::signed(account(who));
		let (patient, doctor) = (PatientId(0), a_verified_doctor());
		assert_ok!(register_patient(0).dispatch(signed(Ferdie)));
		let verify: RuntimeCall = pallet_medical_records::Call::verify_patient { patient }.into();
		assert_ok!(verify.dispatch(signed(AliceStash)));
		let key = || SealedKey::new([1; SEALED_KEY_LENGTH as usize]);
		let share = || SealedShare::new([1; SEALED_SHARE_LENGTH as usize]);
		let for_doctor = KeyForDoctor { doctor, key_version: 1, key: key() };
		let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
		let records = vec![NewRecord { document, in_reply_to: None }].try_into().unwrap();
		let person = Person::Patient(patient);
		let (new, representative) = (account(Eve), PatientId(0));
		let with = NewSecrets::Doctor { suite: SUITE_X_WING, key: x_wing_key(1) };
		let proof = || sp_core::sr25519::Signature::from_raw([0; 64]).into();
		let mut calls: Vec<RuntimeCall> = Vec::new();
		for acting in [ActingAs::Patient, ActingAs::Doctor, ActingAs::Desk] {
			let (suite, key_digest) = (SUITE_X_WING, [0; 32]);
			let ask = Call::request_recovery {
				person,
				acting,
				new: new.clone(),
				suite,
				key: x_wing_key(1),
				proof: proof(),
			};
			let approve = Call::approve_recovery { person, acting, new: new.clone(), key_digest };
			let share = share();
			let hand = Call::hand_over_share { person, acting, new: new.clone(), share };
			calls.extend([ask.into(), approve.into(), hand.into()]);
		}
		let (scopes, until, key_digest) = (Scopes(15), None, [0; 32]);
		let others: [RuntimeCall; 8] = [
			Call::finish_recovery { person, with }.into(),
			Call::confirm_representative { patient, representative, scopes, until, key_digest }
				.into(),
			Call::add_records_for { patient, sealed_to: 0, records, recipients: None }.into(),
			Call::grant_access_for {
				patient,
				epoch: 0,
				key: for_doctor,
				may_append: true,
				expires_at: None,
			}
			.into(),
			Call::revoke_access_for { patient, doctors: vec![doctor].try_into().unwrap() }.into(),
			Call::request_emergency { patient, reason: EmergencyReason::Other, details: [0; 32] }
				.into(),
			Call::confirm_emergency { patient, doctor, key_version: 1, share: share() }.into(),
			Call::veto_recovery { person, new }.into(),
		];
		calls.extend(others);
		let council = pallet_collective::RawOrigin::<_, Instance1>::Members(4, 4);
		let everybody: Vec<RuntimeOrigin> = vec![
			RawOrigin::Root.into(),
			RawOrigin::None.into(),
			council.into(),
			// A controller, the registrars of two hospitals, a doctor, and the patient themselves.
			signed(Alice),
			signed(AliceStash),
			signed(BobStash),
			signed(Eve),
			signed(Ferdie),
		];
		for call in calls {
			for origin in &everybody {
				let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
				assert!(call.clone().dispatch(origin.clone()).is_err(), "{call:?} by {origin:?}");
				assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
			}
			assert_eq!(CouncilPowers::delay(&call), None, "the council cannot enact it as root");
		}
	});
}

/// A hospital's profile key goes to its registrars, who have all agreed, and to no other account.
#[test]
fn profile_keys_reach_registrars_alone() {
	use pallet_consortium::{Call, Error as Refused};
	local().execute_with(|| {
		block(1);
		let north = HospitalId(0);
		let key = SealedKey::new([1; SEALED_KEY_LENGTH as usize]);
		let sealed = |to: &[Sr25519Keyring]| -> Vec<_> {
			let one = |who: &Sr25519Keyring| KeyForRegistrar {
				registrar: account(*who),
				key_version: 1,
				key: key.clone(),
			};
			to.iter().map(one).collect()
		};
		let publish = |to: &[Sr25519Keyring]| -> RuntimeCall {
			Call::publish_profile_key {
				hospital: north,
				version: 1,
				suite: SUITE_X_WING,
				key: x_wing_key(1),
				previous: None,
				sealed: sealed(to).try_into().unwrap(),
			}
			.into()
		};
		let share = |to: &[Sr25519Keyring]| -> RuntimeCall {
			Call::share_profile_key { version: 1, sealed: sealed(to).try_into().unwrap() }.into()
		};
		let refused = |call: RuntimeCall, why: Refused<Runtime>| {
			let outcome = call.dispatch(RuntimeOrigin::signed(account(AliceStash)));
			assert_eq!(outcome.unwrap_err().error, why.into());
		};
		let signed = |who| RuntimeOrigin::signed(account(who));
		let own = Call::set_registrar_key { version: 1, suite: SUITE_X_WING, key: x_wing_key(1) };
		assert_ok!(RuntimeCall::from(own.clone()).dispatch(signed(AliceStash)));
		assert_ok!(RuntimeCall::from(own).dispatch(signed(BobStash)));

		// Its controller, another hospital's registrar, no one's.
		for stranger in [Alice, BobStash, Ferdie] {
			refused(publish(&[AliceStash, stranger]), Refused::RegistrarUnexpected);
		}
		let council = pallet_collective::RawOrigin::<_, Instance1>::Members(4, 4);
		let others: [RuntimeOrigin; 6] = [
			RawOrigin::Root.into(),
			RawOrigin::None.into(),
			council.into(),
			signed(Bob),
			signed(BobStash),
			signed(Ferdie),
		];
		for origin in others {
			assert!(publish(&[AliceStash]).dispatch(origin).is_err());
		}
		assert_ok!(publish(&[AliceStash]).dispatch(signed(AliceStash)));
		for stranger in [Alice, BobStash, Ferdie] {
			refused(share(&[stranger]), Refused::RegistrarUnexpected);
		}
		let appoint = Call::appoint_registrar { registrar: account(Ferdie) };
		assert_ok!(RuntimeCall::from(appoint).dispatch(signed(Alice)));
		// Ferdie has not agreed.
		refused(share(&[Ferdie]), Refused::RegistrarUnexpected);
		for call in [publish(&[AliceStash]), share(&[AliceStash])] {
			assert_eq!(CouncilPowers::delay(&call), None, "the council cannot enact it as root");
		}
		let holders: Vec<_> =
			pallet_consortium::SealedProfileKeys::<Runtime>::iter_keys().collect();
		assert_eq!(holders, [(north, account(AliceStash))]);
		assert_eq!(GrantKeys::<Runtime>::iter_keys().count(), 0);
	});
}

/// Each of those calls, by each kind of account that is not a patient's.
#[test]
fn nobody_but_a_patient_grants_or_seals() {
	local().execute_with(|| {
		block(1);
		let key = || SealedKey(vec![1; 1_169].try_into().unwrap());
		let doctor = a_verified_doctor();
		let for_doctor = || KeyForDoctor { doctor, key_version: 1, key: key() };
		let share = ShareKey { generation: 1, key_version: 1, key: key() };
		let mut keys = chart_keys();
		keys.distributed.previous = keys.standby.previous.clone();
		let rotation = Rotation { epoch: 2, keys, sealed: vec![for_doctor()].try_into().unwrap() };
		let calls: Vec<RuntimeCall> = vec![
			Call::grant_access { epoch: 0, key: for_doctor(), may_append: true, expires_at: None }
				.into(),
			Call::share_records {
				doctor,
				under: ShareUnder::New(share),
				records: Default::default(),
				may_append: true,
				expires_at: None,
			}
			.into(),
			Call::revoke_access {
				doctors: vec![doctor].try_into().unwrap(),
				rotation: Some(rotation.clone()),
			}
			.into(),
			Call::rotate_chart_key { rotation }.into(),
			Call::renew_append_budget { doctor }.into(),
			// Where the files are is the patient's choice, too.
			Call::set_mirror { mirror: Some(HospitalId(1)) }.into(),
			Call::move_vault { from: HospitalId(0), to: HospitalId(1) }.into(),
			Call::allow_deposit { institution: InstitutionId(0), expires_at: None }.into(),
			Call::end_deposit { institutions: vec![InstitutionId(0)].try_into().unwrap() }.into(),
		];
		let council = pallet_collective::RawOrigin::<_, Instance1>::Members(4, 4);
		let others: Vec<RuntimeOrigin> = vec![
			RawOrigin::Root.into(),
			RawOrigin::None.into(),
			council.into(),
			// A controller, a registrar, the doctor themselves.
			RawOrigin::Signed(account(Alice)).into(),
			RawOrigin::Signed(account(AliceStash)).into(),
			RawOrigin::Signed(account(Eve)).into(),
		];
		for call in calls {
			for origin in &others {
				let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
				assert!(call.clone().dispatch(origin.clone()).is_err(), "{call:?} by {origin:?}");
				assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
			}
			assert_eq!(CouncilPowers::delay(&call), None, "the council cannot enact it as root");
		}
	});
}

/// Calls that speak of institutions. None of them carries a key, and none can be made about reading.
#[test]
fn institutions_are_given_no_key_by_any_call() {
	let metadata = metadata();
	let mut about = Vec::new();
	for pallet in &metadata.pallets {
		for call in calls(&metadata, &pallet.name) {
			let names_one = call.fields.iter().any(|field| {
				let path = &metadata.types.resolve(field.ty.id).unwrap().path.segments;
				path.last().map(String::as_str) != Some("RuntimeCall")
					&& holds(&metadata, field.ty.id, &["InstitutionId"], &mut BTreeSet::new())
			});
			let carries_key = call.fields.iter().any(|field| {
				let path = &metadata.types.resolve(field.ty.id).unwrap().path.segments;
				let secret = [
					"SealedKey",
					"SealedShare",
					"WrappedSecret",
					"WrappedFileKey",
					"EncryptionKey",
				];
				path.last().map(String::as_str) != Some("RuntimeCall")
					&& holds(&metadata, field.ty.id, &secret, &mut BTreeSet::new())
			});
			if names_one {
				assert!(!carries_key, "{} gives an institution a key", call.name);
				about.push(format!("{}.{}", pallet.name, call.name));
			}
		}
	}
	let expected = [
		"Consortium.close_institution",
		"Consortium.appoint_operator",
		"Consortium.remove_operator",
		"Consortium.join_institution",
		"MedicalRecords.allow_deposit",
		"MedicalRecords.end_deposit",
	];
	assert_eq!(about, expected);
	// What an operator's own call carries: places of files, and epochs.
	let all = calls(&metadata, "MedicalRecords");
	let deposit = all.iter().find(|call| call.name == "deposit_records").unwrap();
	let fields: Vec<_> = deposit.fields.iter().filter_map(|field| field.name.clone()).collect();
	assert_eq!(fields, ["patient", "sealed_to", "records", "recipients"]);
	// The one decision about reading is about doctors.
	let api = metadata.apis.iter().find(|found| found.name == "MedicalRecordsApi").unwrap();
	let access = api.methods.iter().find(|method| method.name == "access").unwrap();
	for input in &access.inputs {
		assert!(!holds(&metadata, input.ty.id, &["InstitutionId"], &mut BTreeSet::new()));
	}
}

/// A laboratory adds, and neither it nor its hospital can see what it added.
#[test]
fn operator_of_an_institution_adds_and_reads_nothing() {
	use pallet_consortium::Call as Of;
	local().execute_with(|| {
		block(1);
		let signed = |who| RuntimeOrigin::signed(account(who));
		assert_ok!(register_patient(0).dispatch(signed(Ferdie)));
		let patient = PatientId(0);
		let verify: RuntimeCall = Call::verify_patient { patient }.into();
		assert_ok!(verify.dispatch(signed(AliceStash)));
		let institution = InstitutionId(0);
		let (kind, name) = (InstitutionKind::Laboratory, b"Blood".to_vec().try_into().unwrap());
		let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(1) };
		let record = NewRecord { document, in_reply_to: None };
		let records = vec![record].try_into().unwrap();
		let steps: [(Sr25519Keyring, RuntimeCall); 5] = [
			(Bob, Of::add_institution { kind, name }.into()),
			(Bob, Of::appoint_operator { institution, operator: account(Eve) }.into()),
			(Eve, Of::join_institution { institution }.into()),
			(Ferdie, Call::allow_deposit { institution, expires_at: None }.into()),
			(
				Eve,
				Call::deposit_records { patient, sealed_to: 0, records, recipients: None }.into(),
			),
		];
		for (who, call) in steps {
			assert!(call.clone().dispatch(signed(who)).is_ok(), "{call:?}");
		}
		let author = Author::Institution(institution);
		assert_eq!(MedicalRecords::record(patient, 0).unwrap().record.author, author);
		// Not even if the operator is a doctor, too.
		assert_ok!(register_doctor(1).dispatch(signed(Eve)));
		for record in [None, Some(0)] {
			assert!(MedicalRecords::access(patient, DoctorId(0), record).is_err());
		}
		assert_eq!(Grants::<Runtime>::iter_keys().count(), 0);
		assert_eq!(GrantKeys::<Runtime>::iter_keys().count(), 0);
		assert_eq!(ShareKeys::<Runtime>::iter_keys().count(), 0);
	});
}

/// Every call of hospitals and the council about people, made with success.
#[test]
fn what_hospitals_and_council_do_gives_access_to_nobody() {
	local().execute_with(|| {
		block(1);
		let doctor = a_verified_doctor();
		assert_ok!(register_patient(0).dispatch(RuntimeOrigin::signed(account(Ferdie))));
		assert_ok!(register_patient(0).dispatch(RuntimeOrigin::signed(account(One))));
		let patient = PatientId(0);
		let digest = sp_io::hashing::sha2_256(&x_wing_key(1));
		let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
		let details = Details::default();
		let north: Vec<RuntimeCall> = vec![
			Call::verify_patient { patient }.into(),
			Call::verify_patients { patients: vec![PatientId(1)].try_into().unwrap() }.into(),
			Call::suspend_patient { patient }.into(),
			Call::update_patient_profile { patient, document, sealed_to: 0, recipients: None }
				.into(),
			Call::reinstate_patient { patient }.into(),
		];
		let east: Vec<RuntimeCall> = vec![
			Call::suspend_doctor { doctor }.into(),
			Call::reinstate_doctor { doctor }.into(),
			Call::set_doctor_details { doctor, details, licence_expires: None }.into(),
			Call::confirm_encryption_key { doctor, key_digest: digest }.into(),
			pallet_fair_use::Call::sponsor { account: account(Bob) }.into(),
			pallet_fair_use::Call::sponsor_accounts {
				accounts: vec![account(One)].try_into().unwrap(),
			}
			.into(),
		];
		for (registrar, calls) in [(AliceStash, north), (BobStash, east)] {
			for call in calls {
				let origin = RuntimeOrigin::signed(account(registrar));
				assert!(call.clone().dispatch(origin).is_ok(), "{call:?}");
			}
		}
		// The fourth hospital leaves, and its people are moved.
		let council =
			|| RuntimeOrigin::from(pallet_collective::RawOrigin::<_, Instance1>::Members(4, 4));
		let relocate = || MedicalRecords::move_people(council(), HospitalId(3), HospitalId(0));
		assert!(relocate().is_err(), "it has not left");
		pallet_consortium::Hospitals::<Runtime>::mutate(HospitalId(3), |found| {
			found.as_mut().unwrap().standing = pallet_consortium::Standing::Expelled;
		});
		pallet_consortium::ActiveHospitals::<Runtime>::mutate(|active| {
			active.retain(|hospital| *hospital != HospitalId(3));
		});
		assert_ok!(relocate());
		let succeed = MedicalRecords::set_successor(council(), HospitalId(3), Some(HospitalId(0)));
		assert_ok!(succeed);

		assert_eq!(Grants::<Runtime>::iter_keys().count(), 0);
		assert_eq!(GrantKeys::<Runtime>::iter_keys().count(), 0);
		assert_eq!(ShareKeys::<Runtime>::iter_keys().count(), 0);
		assert_eq!(SharedRecordsOf::<Runtime>::iter_keys().count(), 0);
		assert!(System::events().len() > 8);
	});
}

/// Migrations rewrite entries. No one can begin, repeat or skip one by a call: an upgrade alone does, for
/// which the council decides on the code.
#[test]
fn migrations_are_begun_by_no_call() {
	use pallet_migrations::{Call, HistoricCleanupSelector};
	let names: Vec<_> =
		calls(&metadata(), "Migrations").into_iter().map(|call| call.name).collect();
	let known =
		["force_set_cursor", "force_set_active_cursor", "force_onboard_mbms", "clear_historic"];
	assert_eq!(names, known, "each of them has to be tried below");
	let selector = HistoricCleanupSelector::Specific(vec![]);
	let all: Vec<RuntimeCall> = vec![
		Call::force_set_cursor { cursor: None }.into(),
		Call::force_set_active_cursor { index: 0, inner_cursor: None, started_at: None }.into(),
		Call::force_onboard_mbms {}.into(),
		Call::clear_historic { selector }.into(),
	];
	local().execute_with(|| {
		block(1);
		for call in all {
			assert_eq!(CouncilPowers::delay(&call), None, "the council cannot enact it as root");
			let enact = pallet_consortium::Call::enact { call: Box::new(call.clone()) };
			let council = pallet_collective::RawOrigin::<_, Instance1>::Members(4, 4);
			assert!(RuntimeCall::from(enact).dispatch(council.clone().into()).is_err());
			let others: [RuntimeOrigin; 4] = [
				RawOrigin::None.into(),
				council.into(),
				RawOrigin::Signed(account(Alice)).into(),
				RawOrigin::Signed(account(AliceStash)).into(),
			];
			for origin in others {
				let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
				assert!(call.clone().dispatch(origin.clone()).is_err(), "{call:?} by {origin:?}");
				assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
			}
			assert!(!<Transactable as CallPolicy<_, _>>::is_allowed(&call));
		}
	});
}

/// Wallets show these texts to patients.
#[test]
fn every_call_event_and_error_explains_itself() {
	let metadata = metadata();
	for pallet in &metadata.pallets {
		for call in calls(&metadata, &pallet.name) {
			let first = call.docs.first().map_or("", String::as_str).trim();
			assert!(first.len() > 5, "{}.{} says nothing", pallet.name, call.name);
		}
		if !["Consortium", "Delegation", "FairUse", "MedicalRecords"]
			.contains(&pallet.name.as_str())
		{
			continue;
		}
		let variants = |ty: u32| match &metadata.types.resolve(ty).unwrap().type_def {
			TypeDef::Variant(variants) => variants.variants.clone(),
			_ => panic!("an enumeration"),
		};
		let all = pallet
			.calls
			.iter()
			.map(|calls| calls.ty.id)
			.chain(pallet.event.iter().map(|events| events.ty.id))
			.chain(pallet.error.iter().map(|errors| errors.ty.id));
		for variant in all.flat_map(variants) {
			let text = variant.docs.join(" ");
			let first = text.trim().split(". ").next().unwrap_or_default();
			let is_sentence = first.starts_with(char::is_uppercase) && text.contains('.');
			assert!(is_sentence, "{}.{}: {text}", pallet.name, variant.name);
		}
		let events = pallet.event.iter().flat_map(|events| variants(events.ty.id));
		for field in events.flat_map(|event| event.fields) {
			let text = field.docs.join(" ");
			let text = text.trim();
			let is_phrase = text.split(' ').count() > 1 && text.ends_with('.');
			let asks = ["Who", "Which", "When ", "How "].iter().any(|word| text.starts_with(word));
			assert!(is_phrase && !asks, "{} of {}: {text}", field.name.unwrap(), pallet.name);
		}
	}
}

/// One list decides for wallets and for the council alike.
#[test]
fn filter_and_admission_agree() {
	let calls: [RuntimeCall; 3] = [
		register_patient(0),
		frame_system::Call::remark { remark: vec![] }.into(),
		pallet_fair_use::Call::sponsor { account: account(Bob) }.into(),
	];
	local().execute_with(|| {
		for call in calls {
			let filtered = <Transactable as frame_support::traits::Contains<_>>::contains(&call);
			let admitted = <Transactable as CallPolicy<_, _>>::is_allowed(&call);
			assert_eq!(filtered, admitted);
		}
	});
	assert!(!Transactable::is_registration(&frame_system::Call::remark { remark: vec![] }.into()));
}

/// A doctor of the second hospital, with the account `Eve`.
fn a_verified_doctor() -> DoctorId {
	assert_ok!(register_doctor(1).dispatch(RuntimeOrigin::signed(account(Eve))));
	let doctor = DoctorId(0);
	let key_digest = sp_io::hashing::sha2_256(&x_wing_key(1));
	let profile_digest = published_profile(doctor);
	let verify = Call::verify_doctor { doctor, key_digest, profile_digest, licence_expires: None };
	let origin = RuntimeOrigin::signed(account(BobStash));
	assert_ok!(RuntimeCall::from(verify).dispatch(origin));
	doctor
}

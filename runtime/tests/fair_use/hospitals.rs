//! What hospitals pay for: their sponsored people, staff, vaults and institutions.

use super::*;

#[test]
fn flooded_open_lane_leaves_the_sponsored_one_alone() {
	local().execute_with(|| {
		block(1);
		flood_open_lane();
		let stranger = || signed(Eve, 0, register_patient(1));
		refused(apply(stranger()), InvalidTransaction::ExhaustsResources);
		let sponsor = pallet_fair_use::Call::sponsor { account: account(Ferdie) };
		assert_ok!(apply(signed(REGISTRAR, 0, sponsor)).unwrap());
		let controller = RuntimeOrigin::signed(account(Alice));
		let only_sponsored = RegistrationMode::SponsoredOnly;
		assert_ok!(Consortium::set_registration_mode(controller, only_sponsored));
		assert_ok!(apply(signed(Ferdie, 0, register_patient(0))).unwrap());
		let sponsors = pallet_fair_use::SponsoredBy::<Runtime>::get(HospitalId(0));
		assert_eq!(sponsors, 0, "registered people need no sponsor");
		// It pays for 2.6 kB of registration.
		assert!(HospitalUses::<Runtime>::get(HospitalId(0)).used > 8 * 2_600);

		refused(apply(signed(Eve, 0, register_patient(0))), InvalidTransaction::Call);
		refused(apply(stranger()), InvalidTransaction::ExhaustsResources);
		pass(3);
		assert_ok!(apply(stranger()).unwrap());
	});
}

#[test]
fn appointed_account_begins_by_accepting_however_many_others_register() {
	local().execute_with(|| {
		block(1);
		let accept = |hospital| pallet_consortium::Call::accept_appointment {
			hospital: HospitalId(hospital),
			suite: 1,
			key: x_wing_key(1),
		};
		refused(submit(signed(Ferdie, 0, accept(0))), InvalidTransaction::Call);
		let appoint = pallet_consortium::Call::appoint_registrar { registrar: account(Ferdie) };
		assert_ok!(apply(signed(Alice, 0, appoint)).unwrap());
		assert_eq!(System::providers(&account(Ferdie)), 0);
		assert_ok!(apply(signed(One, 0, register_patient(0))).unwrap());
		flood_open_lane();
		// Neither for another hospital, nor as another account, nor anything else.
		refused(submit(signed(Ferdie, 0, accept(1))), InvalidTransaction::Call);
		refused(submit(signed(Eve, 0, accept(0))), InvalidTransaction::Call);
		refused(submit(signed(Ferdie, 0, withdraw())), InvalidTransaction::Call);
		assert_ok!(submit(signed(Ferdie, 0, accept(0))));
		assert_ok!(apply(signed(Ferdie, 0, accept(0))).unwrap());
		assert_eq!(Consortium::registrar_of(&account(Ferdie)), Some(HospitalId(0)));
		let patient = PatientOf::<Runtime>::get(account(One)).unwrap();
		assert_ok!(apply(signed(Ferdie, 1, Call::verify_patient { patient })).unwrap());
	});
}

/// The account of a hospital's vault begins with its first anchor.
#[test]
fn vaults_account_anchors_and_the_hospital_pays() {
	local().execute_with(|| {
		block(1);
		let anchor = || pallet_consortium::Call::anchor_disclosures { size: 1, root: [1; 32] };
		refused(submit(signed(Ferdie, 0, anchor())), InvalidTransaction::Call);
		let message = Consortium::vault_account_message(HospitalId(0), &account(Ferdie));
		let proof = sp_runtime::MultiSignature::from(Ferdie.sign(&message));
		let set = pallet_consortium::Call::set_vault_account { account: account(Ferdie), proof };
		assert_ok!(apply(signed(Alice, 0, set)).unwrap());
		flood_open_lane();
		let used = || HospitalUses::<Runtime>::get(HospitalId(0)).used;
		let before = used();
		assert_ok!(apply(signed(Ferdie, 0, anchor())).unwrap());
		assert!(used() > before, "the hospital pays");
		let log = Consortium::disclosure_log(HospitalId(0));
		assert_eq!(log.last.map(|(_, last)| last.size), Some(1));
	});
}

/// A vault's key lies on a machine that everybody can reach. A thief spends nothing of the hospital's with it.
#[test]
fn vaults_account_sends_nothing_but_anchors_that_the_chain_takes() {
	local().execute_with(|| {
		block(1);
		let message = Consortium::vault_account_message(HospitalId(0), &account(Ferdie));
		let proof = sp_runtime::MultiSignature::from(Ferdie.sign(&message));
		let set = pallet_consortium::Call::set_vault_account { account: account(Ferdie), proof };
		assert_ok!(apply(signed(Alice, 0, set)).unwrap());
		for call in [withdraw(), register_patient(0)] {
			refused(submit(signed(Ferdie, 0, call.clone())), InvalidTransaction::Call);
			refused(apply(signed(Ferdie, 0, call)), InvalidTransaction::Call);
		}
		let anchor = |size| pallet_consortium::Call::anchor_disclosures { size, root: [1; 32] };
		assert_ok!(apply(signed(Ferdie, 0, anchor(7))).unwrap());
		refused(submit(signed(Ferdie, 1, anchor(8))), InvalidTransaction::Call);
		refused(apply(signed(Ferdie, 1, anchor(8))), InvalidTransaction::Call);
		pass(600);
		refused(submit(signed(Ferdie, 1, anchor(6))), InvalidTransaction::Call);
		assert_ok!(submit(signed(Ferdie, 1, anchor(8))));
	});
}

/// A laboratory's first operator, from the hospital's offer to the first result.
#[test]
fn appointed_operator_begins_by_joining_and_the_hospital_pays() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(One);
		let institution = InstitutionId(0);
		let join = || pallet_consortium::Call::join_institution { institution };
		refused(submit(signed(Ferdie, 0, join())), InvalidTransaction::Call);
		let kind = InstitutionKind::Laboratory;
		let name = b"Blood".to_vec().try_into().unwrap();
		let add = pallet_consortium::Call::add_institution { kind, name };
		assert_ok!(apply(signed(Alice, 0, add)).unwrap());
		let operator = account(Ferdie);
		let appoint = pallet_consortium::Call::appoint_operator { institution, operator };
		assert_ok!(apply(signed(Alice, 1, appoint)).unwrap());
		flood_open_lane();
		refused(submit(signed(Eve, 0, join())), InvalidTransaction::Call);
		refused(submit(signed(Ferdie, 0, withdraw())), InvalidTransaction::Call);
		let used = || HospitalUses::<Runtime>::get(HospitalId(0)).used;
		let before = used();
		assert_ok!(apply(signed(Ferdie, 0, join())).unwrap());
		assert_eq!(Consortium::operator_of(&account(Ferdie)), Some(institution));
		assert!(used() > before, "the hospital pays for joining");

		let allow = Call::allow_deposit { institution, expires_at: None };
		assert_ok!(apply(signed(One, 1, allow)).unwrap());
		let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
		let record = NewRecord { document, in_reply_to: None };
		let deposit = || Call::deposit_records {
			patient,
			sealed_to: 0,
			records: vec![record.clone()].try_into().unwrap(),
			recipients: None,
		};
		let before = used();
		assert_ok!(apply(signed(Ferdie, 1, deposit())).unwrap());
		assert!(used() > before, "the hospital pays for deposits");
		let own = frame_system::Account::<Runtime>::get(account(Ferdie)).data.used;
		assert_eq!(own, 0);

		// A closed institution's operator is nobody's.
		let close = pallet_consortium::Call::close_institution { institution };
		assert_ok!(apply(signed(Alice, 2, close)).unwrap());
		refused(submit(signed(Ferdie, 2, deposit())), InvalidTransaction::Call);
	});
}

/// Staff pay with the hospital's allowance, and people with their own.
#[test]
fn hospital_pays_for_its_staff_and_gets_back_what_a_call_did_not_take() {
	local().execute_with(|| {
		block(1);
		let patient = a_patient(Ferdie);
		let used = |hospital| HospitalUses::<Runtime>::get(HospitalId(hospital)).used;
		let (before, others) = (used(0), used(1));
		let suspend = Call::suspend_patient { patient };
		let transaction = signed(REGISTRAR, nonce(REGISTRAR), suspend.clone());
		let length = codec::Encode::encoded_size(&transaction) as u64;
		let info = transaction.get_dispatch_info();
		let base = medblock_runtime::weights::ExtrinsicBaseWeight::get().ref_time();
		assert_ok!(apply(transaction).unwrap());
		let most = (info.total_weight().ref_time() + base) / 1_000_000 + 8 * length;
		let cost = used(0) - before;
		assert!((most - 1..=most).contains(&cost), "{cost} of {most}");
		assert_eq!(used(1), others);
		let own = frame_system::Account::<Runtime>::get(account(REGISTRAR)).data.used;
		assert_eq!(own, 0);

		// A person's transaction needs less of the extension than the call declares.
		let weight = || System::block_weight().total().ref_time();
		let before = weight();
		let transaction = signed(Ferdie, 1, revoke());
		let declared = transaction.get_dispatch_info().total_weight().ref_time() + base;
		assert_ok!(apply(transaction).unwrap());
		assert!(weight() - before < declared);
	});
}

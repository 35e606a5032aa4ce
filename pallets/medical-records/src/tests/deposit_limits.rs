//! How much institutions may add, how many of them, and what becomes of permissions that have run out.

use super::deposits::{allow, deposit, deposit_many};
use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Hooks};

fn stored(patient: PatientId, institution: InstitutionId) -> Option<Deposit> {
	Deposits::<Test>::get(patient).get(&institution).copied()
}

#[test]
fn institution_has_a_budget_which_the_patient_renews() {
	chain(|| {
		AppendBudget::set(130);
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		assert_ok!(deposit_many(LABORATORY, patient, new_records(128)));
		assert_eq!(stored(patient, LABORATORY).unwrap().appends_left, 2);
		assert_noop!(
			deposit_many(LABORATORY, patient, new_records(3)),
			Error::<Test>::AppendBudgetSpent
		);
		assert_ok!(deposit_many(LABORATORY, patient, new_records(2)));
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::AppendBudgetSpent);
		// Another institution's is its own.
		allows_deposit(patient, IMAGING, None);
		assert_ok!(deposit(IMAGING, patient));
		allows_deposit(patient, LABORATORY, None);
		assert_eq!(stored(patient, LABORATORY).unwrap().appends_left, 130);
		assert_ok!(deposit(LABORATORY, patient));
	});
}

#[test]
fn refused_deposit_costs_nothing() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		let stale = MedicalRecords::deposit_records(
			by_operator(LABORATORY),
			patient,
			1,
			new_records(1),
			None,
		);
		assert_noop!(stale, Error::<Test>::StaleEpoch);
		assert_eq!(stored(patient, LABORATORY).unwrap().appends_left, 1_000);
	});
}

/// Whatever budgets they are given: the last places are the patient's own.
#[test]
fn institutions_and_doctors_together_leave_the_patients_reserve() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		allows_deposit(patient, LABORATORY, None);
		for _ in 0..7 {
			assert_ok!(deposit_many(LABORATORY, patient, new_records(128)));
		}
		let append = |count| {
			let records = new_records(count);
			MedicalRecords::append_records(by_doctor(doctor), patient, 0, records, None)
		};
		assert_ok!(append(128));
		// 1,024 of 1,044 are used up.
		assert_ok!(deposit_many(LABORATORY, patient, new_records(20)));
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::ReservedForPatient);
		adds(patient, 128);
		adds(patient, 128);
		assert_noop!(deposit(LABORATORY, patient), Error::<Test>::MaxRecordsExceeded);
	});
}

#[test]
fn several_deposits_end_at_once_and_those_that_were_none_do_no_harm() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		allows_deposit(patient, IMAGING, None);
		let named = institutions(&[LABORATORY, InstitutionId(7), IMAGING]);
		assert_ok!(MedicalRecords::end_deposit(by(patient), named));
		let ended = |institution| Event::DepositEnded { patient, institution };
		let had_none = Event::HadNoDeposit { patient, institution: InstitutionId(7) };
		assert_eq!(events()[events().len() - 3..], [ended(LABORATORY), had_none, ended(IMAGING)]);
		assert!(!Deposits::<Test>::contains_key(patient));
		let none = MedicalRecords::end_deposit(by(patient), institutions(&[]));
		assert_noop!(none, Error::<Test>::NoInstitutionNamed);
		// One more than there can be is not even a list.
		assert!(InstitutionIds::try_from(vec![LABORATORY; 33]).is_err());
		let most = InstitutionIds::try_from(vec![LABORATORY; 32]).unwrap();
		assert_ok!(MedicalRecords::end_deposit(by(patient), most));
	});
}

#[test]
fn so_many_institutions_may_add_and_no_more() {
	chain(|| {
		let patient = a_verified_patient();
		let institution = |number| InstitutionId(number + 10);
		for number in 0..MAX_DEPOSITS {
			allows_deposit(patient, institution(number), Some(START + DAY));
		}
		let one_more = || allow(patient, institution(MAX_DEPOSITS), None);
		assert_noop!(one_more(), Error::<Test>::MaxDepositsExceeded);
		// One that is there already can be prolonged.
		allows_deposit(patient, institution(0), Some(START + 2 * DAY));
		// A closed one makes room.
		closes(institution(3));
		assert_ok!(one_more());
		let cleared = Event::DepositCleared { patient, institution: institution(3) };
		assert!(events().contains(&cleared));
		let next = institution(MAX_DEPOSITS + 1);
		assert_noop!(allow(patient, next, None), Error::<Test>::MaxDepositsExceeded);
		// So do those that have run out.
		time_is(START + DAY);
		allows_deposit(patient, next, None);
		assert_eq!(Deposits::<Test>::get(patient).len(), 3);
	});
}

#[test]
fn deposits_that_ran_out_are_kept_for_a_while_and_then_cleared_away() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, Some(START + DAY));
		allows_deposit(patient, IMAGING, None);
		time_is(START + 31 * DAY - 1);
		idle_block();
		assert!(stored(patient, LABORATORY).is_some());
		time_is(START + 31 * DAY);
		// The sweep begins anew after the last patient.
		idle_block();
		idle_block();
		assert_eq!(stored(patient, LABORATORY), None);
		assert!(stored(patient, IMAGING).is_some());
		assert!(events().contains(&Event::DepositCleared { patient, institution: LABORATORY }));
		ends_deposit(patient, IMAGING);
	});
}

/// They stayed, without an end, until the patient ended them or the list was full.
#[test]
fn deposits_of_closed_institutions_are_cleared_away() {
	chain(|| {
		let (patient, other) = (a_verified_patient(), a_verified_patient());
		for institution in [LABORATORY, IMAGING] {
			allows_deposit(patient, institution, None);
			allows_deposit(other, institution, Some(START + DAY));
		}
		closes(LABORATORY);
		idle_block();
		for patient in [patient, other] {
			assert_eq!(stored(patient, LABORATORY), None);
			assert!(stored(patient, IMAGING).is_some());
			assert!(events().contains(&Event::DepositCleared { patient, institution: LABORATORY }));
		}
		// An expulsion closes the hospital's institutions, for ever.
		leaves(SOUTH);
		returns(SOUTH);
		idle_block();
		assert!(!Deposits::<Test>::contains_key(patient));
		assert!(!Deposits::<Test>::contains_key(other));
	});
}

/// The patient has no grant, so that nothing else is due.
#[test]
fn block_without_time_to_spare_clears_no_deposit() {
	chain(|| {
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, Some(START + DAY));
		time_is(START + 31 * DAY);
		let look = <() as WeightInfo>::on_idle_base()
			+ <() as WeightInfo>::sweep_patient()
			+ <() as WeightInfo>::clear_grants(0);
		assert!(MedicalRecords::on_idle(2, look).all_lte(look));
		assert!(stored(patient, LABORATORY).is_some());
		let enough = look + <() as WeightInfo>::clear_deposits();
		assert!(MedicalRecords::on_idle(2, enough).all_lte(enough));
		assert_eq!(stored(patient, LABORATORY), None);
	});
}

#[test]
fn deposit_is_weighed_by_its_records_and_its_recipients() {
	chain(|| {
		let weight = |count, recipients| {
			let (patient, records) = (PatientId(0), new_records(count));
			Call::<Test>::deposit_records { patient, sealed_to: 0, records, recipients }
				.get_dispatch_info()
				.call_weight
		};
		// Of what is stored already, a second one reads no more.
		assert!(weight(1, None).ref_time() < weight(2, None).ref_time());
		assert!(weight(1, None).all_lte(weight(1, Some([0; 16]))));
		let patient = a_verified_patient();
		allows_deposit(patient, LABORATORY, None);
		let used = deposit(LABORATORY, patient).unwrap().actual_weight.unwrap();
		assert!(used.all_lt(weight(1, None)), "nothing had to be settled");
	});
}

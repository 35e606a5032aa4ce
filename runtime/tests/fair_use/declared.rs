//! What transactions declare that they take.

use super::*;

/// For each call about people, the filter reads the version of the pallet's storage. What precedes others, and what a suspended or a pending
/// person may send, depends on the person.
#[test]
fn checks_of_a_call_declare_what_they_read() {
	let reads = |number| DatabaseWeight::get().reads(number);
	let declared = |call: RuntimeCall| Transactable::weight(&call);
	let patient = PatientId(0);
	for call in [register_patient(0), withdraw(), Call::verify_patient { patient }.into()] {
		assert_eq!(declared(call), reads(1));
	}
	let institutions: InstitutionIds = vec![InstitutionId(0)].try_into().unwrap();
	for call in [revoke(), Call::end_deposit { institutions }.into()] {
		assert_eq!(declared(call), reads(4));
	}
	// Each doctor's grant is read, unless a rotation rules the question out.
	for (named, rotation, expected) in
		[(0, None, 3), (64, None, 67), (64, Some(rotation(1)), 3), (1, Some(rotation(1)), 3)]
	{
		let doctors = (0..named).map(DoctorId).collect::<Vec<_>>().try_into().unwrap();
		let call = Call::revoke_access { doctors, rotation }.into();
		assert_eq!(declared(call), reads(expected), "{named} doctors");
	}
	let rotate: RuntimeCall = Call::rotate_chart_key { rotation: rotation(1) }.into();
	let person = Person::Patient(patient);
	let stop: RuntimeCall = Call::stop_account_change { person }.into();
	for call in [update_profile(patient, 0), rotate, stop] {
		assert_eq!(declared(call), reads(3));
	}
	let sponsor = pallet_fair_use::Call::sponsor { account: account(Bob) };
	assert_eq!(declared(sponsor.into()), reads(0));
	let anchor = pallet_consortium::Call::anchor_disclosures { size: 1, root: [1; 32] };
	assert_eq!(declared(anchor.into()), reads(2));
}

/// The SDK's own figures count another database's reads, for which every transaction would pay.
#[test]
fn sdks_checks_declare_this_databases_reads() {
	use frame_system::ExtensionsWeightInfo as _;
	type Weights = <Runtime as frame_system::Config>::ExtensionsWeightInfo;
	let another: RuntimeDbWeight = RocksDbWeight::get();
	for check in [Weights::check_genesis(), Weights::check_mortality_mortal_transaction()] {
		assert!(check.ref_time() < another.read, "{check:?}");
	}
}

/// The pool and the room in a block go by the most that a call may take.
#[test]
fn adding_one_record_declares_less_than_600_microseconds() {
	let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: HospitalId(0) };
	let new = medblock_primitives::NewRecord { document, in_reply_to: Some(0) };
	let records: medblock_primitives::NewRecords = vec![new].try_into().unwrap();
	let add = Call::add_records { sealed_to: 0, records, recipients: None };
	let declared = RuntimeCall::from(add).get_dispatch_info().call_weight.ref_time() / 1_000_000;
	println!("adding one record declares {declared} microseconds");
	assert!(declared < 600, "{declared}");
}

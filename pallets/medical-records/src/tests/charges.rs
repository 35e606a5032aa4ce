//! No call uses more than it declares, however much it has to look at.

use crate::{mock::*, *};
use frame_support::{dispatch::GetDispatchInfo, traits::UnfilteredDispatchable};

/// Makes a call about a chart and its doctors.
type Make = fn(PatientId, &[DoctorId]) -> (RuntimeOrigin, Call<Test>);

const CALLS: [(&str, Make); 11] = [
	("add_records", |patient, doctors| (by(patient), add(0, unnamed(doctors)))),
	("add_records to a chart that is found due", |patient, doctors| {
		suspends(doctors[0]);
		(by(patient), add(1, recipients(patient)))
	}),
	("append_records", |patient, doctors| {
		let (sealed_to, records) = (0, note_to(0));
		let recipients = unnamed(doctors);
		let origin = by_doctor(doctors[0]);
		(origin, Call::append_records { patient, sealed_to, records, recipients })
	}),
	("deposit_records", |patient, doctors| {
		allows_deposit(patient, LABORATORY, None);
		let (sealed_to, records) = (0, new_records(1));
		let recipients = unnamed(doctors);
		let origin = by_operator(LABORATORY);
		(origin, Call::deposit_records { patient, sealed_to, records, recipients })
	}),
	("end_deposit", |patient, _| {
		allows_deposit(patient, LABORATORY, None);
		(by(patient), Call::end_deposit { institutions: institutions(&[LABORATORY]) })
	}),
	("update_patient_profile", |patient, doctors| {
		let (document, sealed_to, recipients) = (document(), 0, unnamed(doctors));
		let call = Call::update_patient_profile { patient, document, sealed_to, recipients };
		(registrar(NORTH), call)
	}),
	("withdraw_records", |patient, _| {
		(by(patient), Call::withdraw_records { records: indices(&[0]) })
	}),
	("grant_access", |patient, _| {
		let key = key_for(a_verified_doctor());
		(by(patient), Call::grant_access { epoch: 0, key, may_append: true, expires_at: None })
	}),
	("share_records", |patient, _| {
		let doctor = a_verified_doctor();
		let (under, records) = (new_share(patient, doctor), shared(&[0, 1]));
		let (may_append, expires_at) = (false, None);
		(by(patient), Call::share_records { doctor, under, records, may_append, expires_at })
	}),
	("revoke_access", |patient, all| {
		let rotation = Some(rotation(patient, &all[..1]));
		(by(patient), Call::revoke_access { doctors: doctors(&all[..1]), rotation })
	}),
	("rotate_chart_key", |patient, _| {
		(by(patient), Call::rotate_chart_key { rotation: rotation(patient, &[]) })
	}),
];

fn add(sealed_to: Epoch, recipients: Option<RecipientsDigest>) -> Call<Test> {
	Call::add_records { sealed_to, records: note_to(0), recipients }
}

/// As a client says that only the chart's key opens its files.
fn unnamed(doctors: &[DoctorId]) -> Option<RecipientsDigest> {
	(doctors.len() > MAX_LOOK as usize).then_some(NO_RECIPIENTS)
}

/// A chart with two records and these many grants, which has to look at all of them.
fn an_unsettled_chart(count: u32) -> (PatientId, Vec<DoctorId>) {
	let patient = a_verified_patient();
	adds(patient, 2);
	let doctors: Vec<_> = (0..count).map(|_| a_verified_doctor()).collect();
	for doctor in &doctors {
		grants(patient, *doctor);
	}
	MedicalRecords::next_lapse(EAST);
	(patient, doctors)
}

#[test]
fn no_call_uses_more_than_it_declares() {
	for (what, make) in CALLS {
		for count in [1, MAX_LOOK, MAX_LOOK + 1, MAX_GRANTS - 1] {
			chain(|| {
				let (patient, doctors) = an_unsettled_chart(count);
				let (origin, call) = make(patient, &doctors);
				let declared = call.get_dispatch_info().call_weight;
				let done = call.dispatch_bypass_filter(origin).unwrap();
				let used = done.actual_weight.unwrap_or(declared);
				assert!(used.all_lte(declared), "{what}, {count}: {used:?} of {declared:?}");
			});
		}
	}
}

/// The representatives are looked up, too: a look at no grant is not free.
#[test]
fn look_for_recipients_counts_in_a_chart_without_grants() {
	chain(|| {
		let (patient, doctors) = an_unsettled_chart(1);
		revokes(patient, doctors[0]);
		let call = add(1, recipients(patient));
		let done = call.dispatch_bypass_filter(by(patient)).unwrap();
		let looking = <() as WeightInfo>::recipients(1);
		let used = <() as WeightInfo>::add_records(1).saturating_add(looking);
		assert_eq!(done.actual_weight, Some(used));
	});
}

/// A whole chart's worth of grants, one of which has run out, makes room for one more.
#[test]
fn making_room_is_declared() {
	chain(|| {
		let (patient, _) = an_unsettled_chart(MAX_GRANTS - 1);
		grants_until(patient, a_verified_doctor(), Some(START + DAY));
		let key = key_for(a_verified_doctor());
		time_is(START + DAY);
		let call = Call::<Test>::grant_access { epoch: 0, key, may_append: true, expires_at: None };
		let declared = call.get_dispatch_info().call_weight;
		let done = call.dispatch_bypass_filter(by(patient)).unwrap();
		assert_eq!(done.actual_weight, Some(declared), "the most that there can be");
	});
}

//! The bytes in which people are stored.

use crate::{mock::*, *};
use codec::{Decode, Encode};

fn registration() -> Registration<AccountId> {
	Registration {
		account: 0x0102_0304_0506_0708,
		generation: 2,
		hospital: EAST,
		standing: Standing::Suspended,
		registered_at: START,
		moving_to: Some(SOUTH),
	}
}

#[test]
fn patient_is_eight_fields_one_after_another() {
	let profile = SealedDocument { document: document(), sealed_to: 4 };
	let chart = Chart { lost_from: Some(3), records: 7, grants: 1, ..Chart::new(9) };
	for profile in [None, Some(profile)] {
		let patient = Patient {
			registration: registration(),
			profile: profile.clone(),
			chart: chart.clone(),
		};
		let Registration { account, generation, hospital, standing, registered_at, moving_to } =
			registration();
		let fields = (
			account,
			generation,
			hospital,
			standing,
			registered_at,
			moving_to,
			profile,
			chart.clone(),
		);
		assert_eq!(patient.encode(), fields.encode());
		assert_eq!(Patient::decode(&mut &fields.encode()[..]), Ok(patient));
	}
}

#[test]
fn doctor_is_eleven_fields_one_after_another() {
	let doctor = Doctor {
		registration: registration(),
		licence_expires: Some(START + DAY),
		key_version: 3,
		vouched_version: 2,
		lapsed_at: 11,
		joined_at: 10,
	};
	let Registration { account, generation, hospital, standing, registered_at, moving_to } =
		registration();
	let licence_expires = Some(START + DAY);
	let fields = (
		(account, generation, hospital, standing, registered_at, moving_to),
		(licence_expires, 3u32, 2u32, 11u64, 10u64),
	);
	assert_eq!(doctor.encode(), fields.encode());
	assert_eq!(Doctor::decode(&mut &fields.encode()[..]), Ok(doctor));
}

/// The bytes of a patient, as a block explorer shows them.
#[test]
fn stored_patient_has_these_bytes() {
	let stored = [
		&[8, 7, 6, 5, 4, 3, 2, 1][..],         // account
		&[2, 0, 0, 0],                         // generation
		&[1, 0, 0, 0],                         // hospital
		&[2],                                  // standing: suspended
		&START.to_le_bytes(),                  // registered_at
		&[1, 2, 0, 0, 0],                      // moving_to
		&[0],                                  // profile
		&[4, 0, 0, 0, 0, 0],                   // epoch, lost_from, next_expiry
		&[9, 0, 0, 0, 0, 0, 0, 0],             // lapses_seen
		&[7, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0], // records, grants, shares
		&[6, 0, 0, 0],                         // live
		&[2, 0, 0, 0, 0, 0, 0, 0],             // hospitals: the second
	]
	.concat();
	let mut chart = Chart { epoch: 4, records: 7, live: 6, grants: 1, shares: 5, ..Chart::new(9) };
	chart.hospitals.insert(EAST);
	let patient = Patient { registration: registration(), profile: None, chart };
	assert_eq!(Patient::decode(&mut &stored[..]), Ok(patient.clone()));
	assert_eq!(patient.encode(), stored);
}

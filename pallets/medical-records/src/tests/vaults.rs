//! Where documents are kept: mirrors, moves, and the successors of hospitals that have left.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn home(patient: PatientId, named: HospitalId) -> HospitalId {
	MedicalRecords::vaults_of(patient)(named).home
}

fn all(patient: PatientId, named: HospitalId) -> Vec<HospitalId> {
	MedicalRecords::vaults_of(patient)(named).all().collect()
}

fn moves(patient: PatientId, from: HospitalId, to: HospitalId) -> sp_runtime::DispatchResult {
	MedicalRecords::move_vault(by(patient), from, to)
}

fn mirrors(patient: PatientId, mirror: Option<HospitalId>) -> sp_runtime::DispatchResult {
	MedicalRecords::set_mirror(by(patient), mirror)
}

fn succeeds(left: HospitalId, successor: Option<HospitalId>) -> sp_runtime::DispatchResult {
	MedicalRecords::set_successor(RuntimeOrigin::root(), left, successor)
}

fn adds_at(patient: PatientId, vault: HospitalId) -> sp_runtime::DispatchResult {
	let records = at_vault(vault, new_records(1));
	MedicalRecords::add_records(by(patient), sealing_epoch(patient), records, None)
		.map(|_| ())
		.map_err(|refused| refused.error)
}

#[test]
fn document_is_where_it_was_uploaded() {
	chain(|| {
		let patient = a_verified_patient();
		for named in [NORTH, EAST] {
			let expected = Vaults { home: named, mirror: None, former: vec![] };
			assert_eq!(MedicalRecords::vaults_of(patient)(named), expected);
		}
		// Of patients whom nobody knows, too.
		assert_eq!(all(PatientId(9), SOUTH), [SOUTH]);
	});
}

/// Records, notes of doctors and the profile alike, and what they say of themselves stays.
#[test]
fn all_documents_move_at_once_and_stay_what_was_signed() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		let profile =
			MedicalRecords::update_patient_profile(by(patient), patient, document(), 0, None);
		assert_ok!(profile);
		adds(patient, 2);
		grants(patient, doctor);
		appends(doctor, patient);
		assert_ok!(adds_at(patient, EAST));
		let before: Vec<_> = Records::<Test>::iter_prefix(patient).collect();
		assert_ok!(moves(patient, NORTH, SOUTH));
		let moved = Event::DocumentsMoved { patient, from: NORTH, to: SOUTH };
		assert_eq!(last_event(), moved);
		assert_eq!(Records::<Test>::iter_prefix(patient).collect::<Vec<_>>(), before);
		let page = MedicalRecords::records(patient, None, 10).items;
		let homes: Vec<_> = page.iter().map(|one| one.vaults.as_ref().unwrap().home).collect();
		assert_eq!(homes, [SOUTH, SOUTH, SOUTH, EAST]);
		let info = MedicalRecords::patient(patient).unwrap();
		assert_eq!(info.profile.unwrap().document.vault, NORTH);
		assert_eq!(info.profile_vaults.unwrap().home, SOUTH);
		assert_eq!((info.vault, info.mirror), (SOUTH, None));
		assert_eq!(info.moves, [VaultMove { from: NORTH, to: SOUTH }]);
		// Another patient's are not concerned.
		assert_eq!(home(a_verified_patient(), NORTH), NORTH);
	});
}

/// The new vault has nothing at first, so the one before may go on giving documents out.
#[test]
fn former_vaults_are_asked_last() {
	chain(|| {
		let patient = a_verified_patient();
		assert_ok!(moves(patient, NORTH, EAST));
		assert_eq!(all(patient, NORTH), [EAST, NORTH]);
		assert_ok!(moves(patient, EAST, SOUTH));
		assert_eq!(all(patient, NORTH), [SOUTH, NORTH, EAST]);
		assert_eq!(all(patient, EAST), [SOUTH, EAST, NORTH]);
		assert_eq!(all(patient, SOUTH), [SOUTH, NORTH, EAST]);
		leaves(NORTH);
		assert_eq!(all(patient, NORTH), [SOUTH, EAST]);
	});
}

#[test]
fn moves_of_moves_lead_to_their_end_in_one_step() {
	chain(|| {
		let patient = a_verified_patient();
		assert_ok!(moves(patient, NORTH, EAST));
		assert_ok!(moves(patient, EAST, SOUTH));
		for named in [NORTH, EAST, SOUTH] {
			assert_eq!(home(patient, named), SOUTH);
		}
		let VaultChoice { moves: stored, .. } = VaultChoices::<Test>::get(patient);
		assert_eq!(stored.into_iter().collect::<Vec<_>>(), [(NORTH, SOUTH), (EAST, SOUTH)]);
		// Back to the first of them.
		assert_ok!(moves(patient, SOUTH, NORTH));
		for named in [NORTH, EAST, SOUTH] {
			assert_eq!(home(patient, named), NORTH);
		}
		assert_ok!(adds_at(patient, NORTH));
	});
}

#[test]
fn moving_back_and_forth_takes_no_room() {
	chain(|| {
		let patient = a_verified_patient();
		for _ in 0..20 {
			assert_ok!(moves(patient, NORTH, EAST));
			assert_ok!(moves(patient, EAST, NORTH));
		}
		assert_eq!(VaultChoices::<Test>::get(patient).moves.len(), 1);
		assert_eq!(home(patient, NORTH), NORTH);
		assert_eq!(home(patient, EAST), NORTH);
	});
}

/// Otherwise a file could be uploaded to one vault, and looked for in another.
#[test]
fn nothing_is_added_under_a_name_that_was_moved() {
	chain(|| {
		let patient = a_verified_patient();
		let doctor = a_verified_doctor();
		grants(patient, doctor);
		// The doctor has uploaded a note, and the patient moves before it is added.
		assert_ok!(moves(patient, NORTH, EAST));
		let note = new_records(1);
		let late = MedicalRecords::append_records(by_doctor(doctor), patient, 0, note, None);
		assert_noop!(late, Error::<Test>::VaultMoved);
		assert_noop!(adds_at(patient, NORTH), Error::<Test>::VaultMoved);
		let profile = MedicalRecords::update_patient_profile;
		let late = profile(registrar(NORTH), patient, document(), 0, None);
		assert_noop!(late, Error::<Test>::VaultMoved);
		// One of many is enough.
		let mut several = new_records(3).into_inner();
		several[0].document.vault = EAST;
		several[2].document.vault = EAST;
		let several = several.try_into().unwrap();
		let late = MedicalRecords::add_records(by(patient), 0, several, None);
		assert_noop!(late, Error::<Test>::VaultMoved);
		assert_ok!(adds_at(patient, EAST));
		assert_ok!(adds_at(patient, SOUTH));
		let note = at_vault(EAST, new_records(1));
		let origin = by_doctor(doctor);
		assert_ok!(MedicalRecords::append_records(origin, patient, 0, note, None));
	});
}

#[test]
fn moves_name_two_vaults_whose_documents_are_with_them() {
	chain(|| {
		let patient = a_verified_patient();
		assert_noop!(moves(patient, NORTH, NORTH), Error::<Test>::SameVault);
		assert_noop!(moves(patient, NORTH, NOWHERE), Error::<Test>::HospitalNotActive);
		assert_ok!(moves(patient, NORTH, EAST));
		// They are with East by now.
		assert_noop!(moves(patient, NORTH, EAST), Error::<Test>::VaultMoved);
		assert_noop!(moves(patient, NORTH, SOUTH), Error::<Test>::VaultMoved);
		// North's own would come back unasked.
		assert_noop!(moves(patient, SOUTH, NORTH), Error::<Test>::VaultMoved);
		leaves(SOUTH);
		assert_noop!(moves(patient, EAST, SOUTH), Error::<Test>::HospitalNotActive);
		// From a hospital that has left, at any time.
		assert_ok!(moves(patient, SOUTH, EAST));
	});
}

#[test]
fn documents_of_sixteen_hospitals_can_be_moved() {
	chain(|| {
		let patient = a_verified_patient();
		for number in 0..MAX_VAULT_MOVES {
			assert_ok!(moves(patient, HospitalId(100 + number), EAST));
		}
		let one_more = HospitalId(100 + MAX_VAULT_MOVES);
		let refused = moves(patient, one_more, EAST);
		assert_noop!(refused, Error::<Test>::MaxVaultMovesExceeded);
		// They can't move on either, until one is back; a mirror is no move.
		assert_noop!(moves(patient, EAST, SOUTH), Error::<Test>::MaxVaultMovesExceeded);
		assert_ok!(mirrors(patient, Some(SOUTH)));
		let all = all(patient, HospitalId(100));
		assert_eq!(all, [EAST, SOUTH], "those that never were active have nothing");
	});
}

#[test]
fn only_verified_patients_choose_vaults() {
	chain(|| {
		let refused = |who: AccountId, why: Error<Test>| {
			let why = DispatchError::from(why);
			assert_noop!(MedicalRecords::move_vault(signed(who), NORTH, EAST), why);
			for mirror in [Some(EAST), None] {
				assert_noop!(MedicalRecords::set_mirror(signed(who), mirror), why);
			}
		};
		let patient = registers_patient(5, NORTH);
		refused(5, Error::<Test>::PatientNotVerified);
		assert_ok!(MedicalRecords::verify_patient(registrar(NORTH), patient));
		assert_ok!(mirrors(patient, Some(SOUTH)));
		assert_ok!(MedicalRecords::suspend_patient(registrar(NORTH), patient));
		// A suspended patient revokes, rotates and unshares, and nothing else.
		refused(5, Error::<Test>::PatientNotVerified);
		assert_eq!(all(patient, NORTH), [NORTH, SOUTH], "the mirror stays");
		let rejected = registers_patient(6, NORTH);
		assert_ok!(MedicalRecords::reject_patient(registrar(NORTH), rejected));
		refused(6, Error::<Test>::PatientNotVerified);
		let doctor = a_verified_doctor();
		refused(doctor_entry(doctor).registration.account, Error::<Test>::NotPatient);
		refused(100, Error::<Test>::NotPatient);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let moved = MedicalRecords::move_vault(origin.clone(), NORTH, EAST);
			assert_noop!(moved, DispatchError::BadOrigin);
			let set = MedicalRecords::set_mirror(origin, Some(EAST));
			assert_noop!(set, DispatchError::BadOrigin);
		}
	});
}

/// Neither moving nor mirroring opens or closes anything.
#[test]
fn moving_changes_nobodys_access() {
	chain(|| {
		let patient = a_verified_patient();
		let (doctor, revoked) = (a_verified_doctor(), a_verified_doctor());
		adds(patient, 1);
		grants(patient, doctor);
		grants(patient, revoked);
		let before = patient_entry(patient);
		// In the same block as a revocation, before it or after.
		assert_ok!(moves(patient, NORTH, EAST));
		assert_ok!(mirrors(patient, Some(SOUTH)));
		assert_eq!(patient_entry(patient), before);
		revokes(patient, revoked);
		assert_ok!(moves(patient, EAST, SOUTH));
		assert_eq!(access(patient, revoked), Err(Denied::NotGranted));
		assert_eq!(access(patient, doctor), Ok(Scope::Chart));
		assert_eq!(Grants::<Test>::iter_prefix(patient).count(), 1);
		assert!(is_due(patient));
	});
}

#[test]
fn mirror_keeps_a_second_copy_of_everything() {
	chain(|| {
		let patient = a_verified_patient();
		assert_ok!(mirrors(patient, Some(EAST)));
		assert_eq!(last_event(), Event::MirrorSet { patient, mirror: Some(EAST) });
		assert_eq!(all(patient, NORTH), [NORTH, EAST]);
		assert_eq!(all(patient, SOUTH), [SOUTH, EAST]);
		assert_eq!(all(patient, EAST), [EAST], "these have no second copy");
		assert_eq!(MedicalRecords::patient(patient).unwrap().mirror, Some(EAST));
		assert_ok!(mirrors(patient, Some(SOUTH)));
		assert_eq!(all(patient, NORTH), [NORTH, SOUTH]);
		assert_ok!(mirrors(patient, None));
		assert_eq!(last_event(), Event::MirrorSet { patient, mirror: None });
		assert_eq!(all(patient, NORTH), [NORTH]);
		assert!(!VaultChoices::<Test>::contains_key(patient), "nothing is left of it");
	});
}

#[test]
fn mirror_is_another_active_hospital_than_the_home_of_new_documents() {
	chain(|| {
		let patient = a_verified_patient();
		assert_noop!(mirrors(patient, Some(NORTH)), Error::<Test>::SameVault);
		assert_noop!(mirrors(patient, Some(NOWHERE)), Error::<Test>::HospitalNotActive);
		assert_ok!(moves(patient, NORTH, EAST));
		assert_noop!(mirrors(patient, Some(EAST)), Error::<Test>::SameVault);
		assert_ok!(mirrors(patient, Some(NORTH)));
		// One that becomes the home later is one copy.
		assert_ok!(moves(patient, EAST, NORTH));
		assert_eq!(all(patient, NORTH), [NORTH, EAST]);
		let Vaults { mirror, .. } = MedicalRecords::vaults_of(patient)(NORTH);
		assert_eq!(mirror, None);
		leaves(SOUTH);
		assert_noop!(mirrors(patient, Some(SOUTH)), Error::<Test>::HospitalNotActive);
	});
}

#[test]
fn mirror_that_leaves_is_asked_no_more_and_its_successor_mirrors() {
	chain(|| {
		let patient = a_verified_patient();
		assert_ok!(mirrors(patient, Some(EAST)));
		leaves(EAST);
		assert_eq!(all(patient, NORTH), [NORTH]);
		assert_ok!(succeeds(EAST, Some(SOUTH)));
		assert_eq!(all(patient, NORTH), [NORTH, SOUTH]);
		// The home succeeds the mirror: one copy.
		assert_ok!(succeeds(EAST, Some(NORTH)));
		assert_eq!(all(patient, NORTH), [NORTH]);
		returns(EAST);
		assert_eq!(all(patient, NORTH), [NORTH, EAST]);
	});
}

#[test]
fn successor_keeps_what_names_a_hospital_that_has_left() {
	chain(|| {
		let (one, other) = (a_verified_patient(), a_verified_patient());
		assert_ok!(adds_at(one, EAST));
		assert_ok!(moves(other, NORTH, EAST));
		leaves(EAST);
		assert_eq!(home(one, EAST), EAST, "where nobody answers");
		assert_ok!(succeeds(EAST, Some(SOUTH)));
		let set = Event::SuccessorSet { left: EAST, successor: Some(SOUTH) };
		assert_eq!(last_event(), set);
		let record = MedicalRecords::record(one, 0).unwrap();
		assert_eq!(record.record.document.unwrap().vault, EAST);
		assert_eq!(record.vaults.unwrap().home, SOUTH);
		assert_eq!(all(other, NORTH), [SOUTH, NORTH], "what was moved to it, too");
		assert_eq!(all(other, EAST), [SOUTH, NORTH]);
		let named = Succession { left: EAST, successor: SOUTH };
		assert_eq!(MedicalRecords::successors(), [named]);
		// The patient has the last word, and can name either.
		assert_ok!(moves(other, SOUTH, NORTH));
		assert_eq!(all(other, EAST), [NORTH, SOUTH]);
		assert_ok!(moves(other, NORTH, SOUTH));
		assert_eq!(home(other, NORTH), SOUTH);
		assert_ok!(moves(one, EAST, NORTH));
		assert_eq!(all(one, EAST), [NORTH, SOUTH]);
		assert_ok!(succeeds(EAST, None));
		assert_eq!(last_event(), Event::SuccessorSet { left: EAST, successor: None });
		assert_eq!(home(other, NORTH), SOUTH);
	});
}

#[test]
fn what_a_successor_keeps_moves_along() {
	chain(|| {
		let patient = a_verified_patient();
		leaves(EAST);
		for left in [EAST, HospitalId(7), HospitalId(8)] {
			assert_ok!(succeeds(left, Some(SOUTH)));
		}
		assert_ok!(moves(patient, HospitalId(8), NORTH));
		assert_ok!(moves(patient, SOUTH, NORTH));
		for named in [EAST, SOUTH, HospitalId(7), HospitalId(8)] {
			assert_eq!(home(patient, named), NORTH);
		}
		assert_eq!(VaultChoices::<Test>::get(patient).moves.len(), 4);
		// A hospital that has come back keeps its own, and they stay where they are.
		let patient = a_verified_patient();
		returns(EAST);
		assert_ok!(moves(patient, SOUTH, NORTH));
		assert_eq!((home(patient, EAST), home(patient, HospitalId(7))), (EAST, NORTH));
		// Of one that succeeds too many, each is named by itself.
		let patient = a_verified_patient();
		for number in 0..MAX_VAULT_MOVES {
			assert_ok!(succeeds(HospitalId(100 + number), Some(SOUTH)));
		}
		let refused = moves(patient, SOUTH, NORTH);
		assert_noop!(refused, Error::<Test>::MaxVaultMovesExceeded);
		assert_ok!(moves(patient, HospitalId(100), NORTH));
	});
}

/// Those that keep their own again, and those that the patient has named, take no room.
#[test]
fn hospitals_that_have_come_back_do_not_keep_a_successors_patients_from_moving() {
	chain(|| {
		let patient = a_verified_patient();
		for back in [NORTH, EAST] {
			leaves(back);
			assert_ok!(succeeds(back, Some(SOUTH)));
			returns(back);
		}
		for number in 0..MAX_VAULT_MOVES - 1 {
			assert_ok!(succeeds(HospitalId(100 + number), Some(SOUTH)));
		}
		assert_ok!(moves(patient, HospitalId(100), NORTH));
		assert_ok!(moves(patient, SOUTH, NORTH));
		for number in 0..MAX_VAULT_MOVES - 1 {
			assert_eq!(home(patient, HospitalId(100 + number)), NORTH);
		}
		assert_eq!((home(patient, SOUTH), home(patient, EAST)), (NORTH, EAST));
	});
}

/// A patient of a hospital that has left can add documents again at once.
#[test]
fn new_documents_go_to_the_successor() {
	chain(|| {
		let patient = a_verified_patient();
		leaves(NORTH);
		assert_noop!(adds_at(patient, NORTH), Error::<Test>::VaultNotActive);
		assert_ok!(succeeds(NORTH, Some(EAST)));
		assert_noop!(adds_at(patient, NORTH), Error::<Test>::VaultNotActive);
		let vault = MedicalRecords::patient(patient).unwrap().vault;
		assert_eq!(vault, EAST);
		assert_ok!(adds_at(patient, vault));
	});
}

#[test]
fn successors_of_successors_lead_to_their_end_in_one_step() {
	chain(|| {
		let patient = a_verified_patient();
		leaves(NORTH);
		assert_ok!(succeeds(NORTH, Some(EAST)));
		leaves(EAST);
		assert_eq!(home(patient, NORTH), EAST, "until the council decides");
		assert_ok!(succeeds(EAST, Some(SOUTH)));
		assert_eq!((home(patient, NORTH), home(patient, EAST)), (SOUTH, SOUTH));
		// The first comes back, and takes over from all that came after it.
		returns(NORTH);
		assert_eq!(all(patient, NORTH), [NORTH, SOUTH], "the successor may have the only copy");
		leaves(SOUTH);
		assert_ok!(succeeds(SOUTH, Some(NORTH)));
		for named in [NORTH, EAST, SOUTH] {
			assert_eq!(home(patient, named), NORTH);
		}
		// Nothing goes round in a circle when it leaves again.
		leaves(NORTH);
		assert_eq!(home(patient, SOUTH), NORTH);
		assert_eq!(home(patient, NORTH), NORTH);
	});
}

#[test]
fn successors_are_for_the_council_and_of_those_who_left() {
	chain(|| {
		let set = MedicalRecords::set_successor;
		assert_noop!(set(registrar(EAST), EAST, Some(SOUTH)), DispatchError::BadOrigin);
		assert_noop!(succeeds(EAST, Some(SOUTH)), Error::<Test>::HospitalActive);
		leaves(EAST);
		let patient = a_verified_patient();
		assert_noop!(set(by(patient), EAST, Some(SOUTH)), DispatchError::BadOrigin);
		assert_noop!(succeeds(EAST, Some(NOWHERE)), Error::<Test>::HospitalNotActive);
		assert_noop!(succeeds(NEVER, Some(SOUTH)), Error::<Test>::HospitalNotFound);
		assert_noop!(succeeds(EAST, Some(EAST)), Error::<Test>::HospitalNotActive);
		assert_noop!(succeeds(EAST, None), Error::<Test>::NoSuccessor);
		assert_ok!(succeeds(EAST, Some(SOUTH)));
		// Even if the hospital is back: it may leave again.
		returns(EAST);
		assert_ok!(succeeds(EAST, None));
		assert_noop!(succeeds(EAST, None), Error::<Test>::NoSuccessor);
	});
}

#[test]
fn as_many_hospitals_have_successors_as_fit() {
	chain(|| {
		leaves(SOUTH);
		for number in 0..MAX_SUCCESSORS {
			assert_ok!(succeeds(HospitalId(100 + number), Some(EAST)));
		}
		let refused = succeeds(SOUTH, Some(NORTH));
		assert_noop!(refused, Error::<Test>::MaxSuccessorsExceeded);
		// A change takes no room.
		assert_ok!(succeeds(HospitalId(100), Some(NORTH)));
		assert_ok!(succeeds(HospitalId(101), None));
		assert_ok!(succeeds(SOUTH, Some(NORTH)));
		leaves(EAST);
		assert_ok!(succeeds(HospitalId(102), None));
		assert_ok!(succeeds(EAST, Some(NORTH)));
		let successors = Successors::<Test>::get();
		assert!(successors.values().all(|one| *one == NORTH));
	});
}

/// The target of a move may leave, before the move or after.
#[test]
fn expulsion_and_moves_meet() {
	chain(|| {
		let patient = a_verified_patient();
		leaves(EAST);
		assert_noop!(moves(patient, NORTH, EAST), Error::<Test>::HospitalNotActive);
		returns(EAST);
		assert_ok!(moves(patient, NORTH, EAST));
		leaves(EAST);
		assert_eq!(all(patient, NORTH), [EAST, NORTH], "the former vault still answers");
		assert_noop!(adds_at(patient, EAST), Error::<Test>::VaultNotActive);
		// The patient needs no council to go back.
		assert_ok!(moves(patient, EAST, NORTH));
		assert_eq!(all(patient, NORTH), [NORTH]);
		// The council's successor of the hospital that the patient left moves nothing back there.
		assert_ok!(succeeds(EAST, Some(SOUTH)));
		assert_eq!(home(patient, NORTH), NORTH);
		assert_eq!(all(patient, EAST), [NORTH, SOUTH]);
	});
}

/// A new vault finds the charts that it has to fetch.
#[test]
fn hospitals_list_the_patients_who_chose_their_vault() {
	chain(|| {
		let patients: Vec<_> = (0..5).map(|_| a_verified_patient()).collect();
		let listed = |hospital| MedicalRecords::patients_of_vault(hospital, None, 256).items;
		for patient in &patients[..3] {
			assert_ok!(mirrors(*patient, Some(EAST)));
		}
		assert_ok!(moves(patients[3], NORTH, EAST));
		assert_ok!(moves(patients[0], NORTH, EAST));
		assert_eq!(listed(EAST), patients[..4]);
		let page = MedicalRecords::patients_of_vault(EAST, Some(patients[0]), 2);
		assert_eq!((page.items, page.next), (patients[1..3].to_vec(), Some(patients[2])));
		// It stays in one of two capacities, and is gone with the last.
		assert_ok!(mirrors(patients[0], None));
		assert_ok!(mirrors(patients[1], Some(SOUTH)));
		assert_ok!(moves(patients[3], EAST, SOUTH));
		assert_eq!(listed(EAST), [patients[0], patients[2]]);
		assert_eq!(listed(SOUTH), [patients[1], patients[3]]);
		assert!(listed(NORTH).is_empty());
	});
}

#[test]
fn withdrawn_records_are_in_no_vault() {
	chain(|| {
		let patient = a_verified_patient();
		adds(patient, 2);
		withdraws(patient, &[0]);
		let page = MedicalRecords::records(patient, None, 2).items;
		assert_eq!(page[0].vaults, None);
		assert_eq!(page[1].vaults, MedicalRecords::record(patient, 1).unwrap().vaults);
		assert_eq!(MedicalRecords::patient(patient).unwrap().profile_vaults, None);
	});
}

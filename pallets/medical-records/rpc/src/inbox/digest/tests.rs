//! What each doctor is told of a block.

use super::*;
use medblock_primitives::{Author, ChangeStop, HospitalId, Moment, Standing};

const PATIENT: PatientId = PatientId(1);
const WHOLE: DoctorId = DoctorId(10);
const SINGLE: DoctorId = DoctorId(20);
const STRANGER: DoctorId = DoctorId(30);

/// A block in which one doctor may see the whole chart, and another the records 2, 3 and 5 of it.
fn block(changes: Vec<Change<AccountId32>>) -> Digest {
	let readers =
		Readers::from([(WHOLE, Reach::Chart), (SINGLE, Reach::Records(BTreeSet::from([2, 3, 5])))]);
	let block = BlockRef { number: 1, hash: BlockHash([0; 32]) };
	Digest { block, changes, readers: BTreeMap::from([(PATIENT, readers)]) }
}

fn added(first: RecordIndex, count: u32) -> Change<AccountId32> {
	Change::RecordsAdded { patient: PATIENT, author: Author::Patient, first, count }
}

fn told(first: RecordIndex, count: u32) -> InboxEvent {
	InboxEvent::RecordsAdded { patient: PATIENT, author: Author::Patient, first, count }
}

#[test]
fn records_are_told_to_those_who_may_see_them_and_no_more_of_them() {
	let digest = block(vec![added(0, 3), added(3, 4)]);
	assert_eq!(digest.events_for(WHOLE), [told(0, 3), told(3, 4)]);
	assert_eq!(digest.events_for(SINGLE), [told(2, 1), told(3, 1), told(5, 1)]);
	assert_eq!(digest.events_for(STRANGER), []);
	assert_eq!(block(vec![added(2, 4)]).events_for(SINGLE), [told(2, 2), told(5, 1)]);
	assert_eq!(block(vec![added(6, 4)]).events_for(SINGLE), []);
}

#[test]
fn withdrawal_is_told_to_those_who_had_the_record() {
	let withdrawn = |record| Change::RecordWithdrawn { patient: PATIENT, record };
	let seen = |record| InboxEvent::RecordWithdrawn { patient: PATIENT, record };
	let digest = block(vec![withdrawn(3), withdrawn(4)]);
	assert_eq!(digest.events_for(WHOLE), [seen(3), seen(4)]);
	assert_eq!(digest.events_for(SINGLE), [seen(3)]);
	assert_eq!(digest.events_for(STRANGER), []);
}

#[test]
fn keys_and_profiles_are_for_those_who_see_the_whole_chart() {
	let digest = block(vec![
		Change::ChartKeyRotated { patient: PATIENT, epoch: 2 },
		Change::PatientProfileUpdated { patient: PATIENT, by_hospital: true },
	]);
	let expected = [
		InboxEvent::ChartKeyRotated { patient: PATIENT, epoch: 2 },
		InboxEvent::PatientProfileUpdated { patient: PATIENT, by_hospital: true },
	];
	assert_eq!(digest.events_for(WHOLE), expected);
	assert_eq!(digest.events_for(SINGLE), []);
}

#[test]
fn changes_of_another_chart_are_not_told() {
	let (patient, author) = (PatientId(2), Author::Patient);
	let digest = block(vec![Change::RecordsAdded { patient, author, first: 0, count: 9 }]);
	assert_eq!(digest.events_for(WHOLE), []);
}

#[test]
fn what_happens_to_a_grant_is_told_to_its_doctor_whoever_may_see_the_chart() {
	let granted = Change::Granted {
		patient: PATIENT,
		doctor: STRANGER,
		scope: Scope::Records,
		records: Some(2),
		may_append: false,
		expires_at: Some(Moment::MAX),
	};
	let digest = block(vec![
		granted,
		Change::Revoked { patient: PATIENT, doctor: STRANGER },
		Change::Relinquished { patient: PATIENT, doctor: STRANGER },
	]);
	let expected = [
		InboxEvent::Granted {
			patient: PATIENT,
			scope: Scope::Records,
			records: Some(2),
			may_append: false,
			expires_at: Some(medblock_views::LAST.into()),
		},
		InboxEvent::Revoked { patient: PATIENT },
		InboxEvent::Relinquished { patient: PATIENT },
	];
	assert_eq!(digest.events_for(STRANGER), expected);
	assert_eq!(digest.events_for(WHOLE), []);
}

#[test]
fn doctors_are_told_of_their_own_entries_only() {
	let doctor = STRANGER;
	let account = |byte| AccountId32::new([byte; 32]);
	let shown = |byte| Account([byte; 32]);
	let digest = block(vec![
		Change::DoctorStandingChanged { doctor, standing: Standing::Suspended },
		Change::DoctorProfileUpdated { doctor, by_hospital: false },
		Change::DoctorProfileProposed { doctor },
		Change::DoctorProfileDiscarded { doctor, by_hospital: true },
		Change::DoctorDetailsSet { doctor, licence_expires: Some(9) },
		Change::EncryptionKeySet { doctor, version: 2 },
		Change::EncryptionKeyConfirmed { doctor, version: 2 },
		Change::DoctorAccountChangeRequested { doctor, new: account(2), due: 9 },
		Change::DoctorAccountChangeStopped { doctor, why: ChangeStop::Refused },
		Change::DoctorAccountChanged { doctor, old: account(1), new: account(2) },
		Change::DoctorMoved { doctor, from: HospitalId(0), to: HospitalId(1) },
		Change::DoctorMoveDeclined { doctor, hospital: HospitalId(2) },
		Change::DoctorMoveLapsed { doctor, hospital: HospitalId(2) },
		Change::DoctorRegistrationLapsed { doctor },
	]);
	let expected = [
		InboxEvent::StandingChanged { doctor, standing: Standing::Suspended },
		InboxEvent::ProfileUpdated { doctor, by_hospital: false },
		InboxEvent::ProfileProposed { doctor },
		InboxEvent::ProfileDiscarded { doctor, by_hospital: true },
		InboxEvent::DetailsSet { doctor, licence_expires: Some(9.into()) },
		InboxEvent::EncryptionKeySet { doctor, version: 2 },
		InboxEvent::EncryptionKeyConfirmed { doctor, version: 2 },
		InboxEvent::AccountChangeRequested { doctor, new: shown(2), due: 9.into() },
		InboxEvent::AccountChangeStopped { doctor, why: ChangeStop::Refused },
		InboxEvent::AccountChanged { doctor, old: shown(1), new: shown(2) },
		InboxEvent::Moved { doctor, from: HospitalId(0), to: HospitalId(1) },
		InboxEvent::MoveDeclined { doctor, hospital: HospitalId(2) },
		InboxEvent::MoveLapsed { doctor, hospital: HospitalId(2) },
		InboxEvent::RegistrationLapsed { doctor },
	];
	assert_eq!(digest.events_for(doctor), expected);
	assert_eq!(digest.events_for(WHOLE), []);
}

#[test]
fn places_in_a_row_are_one_run() {
	let of = |places: &[RecordIndex]| runs(places.iter());
	assert_eq!(of(&[]), []);
	assert_eq!(of(&[7]), [(7, 1)]);
	assert_eq!(of(&[0, 1, 2, 5, 6, u32::MAX]), [(0, 3), (5, 2), (u32::MAX, 1)]);
}

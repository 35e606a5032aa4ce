use super::*;
use pallet_medical_records_runtime_api::RecordInfo;

const NOW: Moment = 1_780_000_000_000;
const RECORD: Question = Question::Record(3);
const ALL: [Question; 4] = [RECORD, Question::Profile, Question::Upload, Question::Disclosures];

fn document(byte: u8) -> Document {
	Document { digest: [byte; 32], head: [0; 16], size: 1_000, vault: HospitalId(0) }
}

fn vaults(home: u32) -> Vaults {
	Vaults { home: HospitalId(home), mirror: None, former: vec![] }
}

/// A verified patient of hospital 0 with a profile and a record; the account is no person's.
fn stranger() -> Facts {
	Facts {
		patient: Some(Patient {
			is_account: false,
			hospital: HospitalId(0),
			moving_to: None,
			standing: Standing::Verified,
			profile: Some(document(1)),
			profile_vaults: Some(vaults(5)),
		}),
		doctor: None,
		representative: None,
		is_emergency: false,
		registrar: None,
		deposit: None,
		record: Some(RecordInfo {
			index: 3,
			record: Record {
				document: Some(document(2)),
				author: Author::Patient,
				sealed_to: 0,
				in_reply_to: None,
				recorded_at: Minute(0),
			},
			vaults: Some(vaults(6)),
		}),
	}
}

fn patient(standing: Standing) -> Facts {
	let mut facts = stranger();
	if let Some(patient) = &mut facts.patient {
		patient.is_account = true;
		patient.standing = standing;
	}
	facts
}

fn doctor(access: Result<Allowed, Denied>) -> Facts {
	Facts { doctor: Some((DoctorId(7), access)), ..stranger() }
}

fn chart(may_append: bool, until: Option<Moment>) -> Facts {
	doctor(Ok(Allowed { scope: Scope::Chart, may_append, until, key: KeyStatus::Current }))
}

fn shared() -> Facts {
	let (scope, key) = (Scope::Records, KeyStatus::Shared);
	doctor(Ok(Allowed { scope, may_append: true, until: None, key }))
}

fn representative(until: Option<Moment>) -> Facts {
	Facts { representative: Some((PatientId(9), until)), ..stranger() }
}

fn registrar(hospital: u32) -> Facts {
	Facts { registrar: Some(HospitalId(hospital)), ..stranger() }
}

fn operator(until: Option<Moment>) -> Facts {
	Facts { deposit: Some((InstitutionId(2), until)), ..stranger() }
}

fn role(question: Question, facts: &Facts) -> Result<Role, Refusal> {
	decide(question, facts, NOW).map(|decision| decision.role)
}

#[test]
fn a_patient_may_do_everything_with_their_chart() {
	for question in ALL {
		assert_eq!(role(question, &patient(Standing::Verified)), Ok(Role::Patient));
		assert_eq!(role(question, &patient(Standing::Pending)), Ok(Role::Patient));
	}
}

#[test]
fn a_suspended_patient_may_read_and_not_upload() {
	for standing in [Standing::Suspended, Standing::Rejected] {
		let facts = patient(standing);
		assert_eq!(role(Question::Upload, &facts), Err(Refusal::PatientNotVerified));
		for question in [RECORD, Question::Profile, Question::Disclosures] {
			assert_eq!(role(question, &facts), Ok(Role::Patient));
		}
	}
}

#[test]
fn a_stranger_may_do_nothing_and_learns_nothing() {
	let mut empty = stranger();
	empty.record = None;
	if let Some(patient) = &mut empty.patient {
		patient.profile = None;
	}
	for facts in [stranger(), empty] {
		for question in [RECORD, Question::Profile, Question::Upload] {
			let refused = Err(Refusal::Denied(Denied::NotGranted));
			assert_eq!(role(question, &facts), refused, "{question:?}");
		}
		assert_eq!(role(Question::Disclosures, &facts), Err(Refusal::PatientOnly));
	}
}

#[test]
fn a_doctor_with_the_whole_chart_reads_and_appends_if_allowed() {
	let doctor = Ok(Role::Doctor(DoctorId(7)));
	assert_eq!(role(RECORD, &chart(true, None)), doctor);
	assert_eq!(role(Question::Profile, &chart(true, None)), doctor);
	assert_eq!(role(Question::Upload, &chart(true, None)), doctor);
	assert_eq!(role(Question::Upload, &chart(false, None)), Err(Refusal::AppendNotAllowed));
	assert_eq!(role(Question::Disclosures, &chart(true, None)), Err(Refusal::PatientOnly));
}

#[test]
fn a_doctor_in_an_emergency_reads_in_its_name_and_adds_nothing() {
	let reads = Role::Emergency(DoctorId(7));
	let open = |until| Facts { is_emergency: true, ..chart(false, Some(until)) };
	assert_eq!(role(RECORD, &open(NOW + 1)), Ok(reads));
	assert_eq!(role(Question::Profile, &open(NOW + 1)), Ok(reads));
	assert_eq!(role(Question::Upload, &open(NOW + 1)), Err(Refusal::AppendNotAllowed));
	let closed = Err(Refusal::Denied(Denied::GrantExpired));
	assert_eq!(role(RECORD, &open(NOW)), closed, "by any clock");
}

#[test]
fn a_doctor_in_an_emergency_adds_by_a_grant_to_single_records() {
	let open = Facts { is_emergency: true, ..chart(true, Some(NOW + 1)) };
	assert_eq!(role(RECORD, &open), Ok(Role::Emergency(DoctorId(7))));
	assert_eq!(role(Question::Upload, &open), Ok(Role::Doctor(DoctorId(7))));
}

#[test]
fn a_doctor_with_single_records_does_not_see_the_profile() {
	assert_eq!(role(RECORD, &shared()), Ok(Role::Doctor(DoctorId(7))));
	let refused = Err(Refusal::Denied(Denied::RecordNotShared));
	assert_eq!(role(Question::Profile, &shared()), refused);
}

#[test]
fn what_the_chain_denies_is_denied() {
	for denied in [
		Denied::DoctorNotVerified,
		Denied::LicenceExpired,
		Denied::HospitalNotActive,
		Denied::NotGranted,
		Denied::GrantExpired,
		Denied::RecordNotFound,
		Denied::RecordWithdrawn,
		Denied::RecordNotShared,
	] {
		for question in [RECORD, Question::Profile, Question::Upload] {
			assert_eq!(role(question, &doctor(Err(denied))), Err(Refusal::Denied(denied)));
		}
	}
}

#[test]
fn access_ends_by_the_clock_that_is_ahead() {
	let refused = Err(Refusal::Denied(Denied::GrantExpired));
	for question in [RECORD, Question::Profile, Question::Upload] {
		assert!(role(question, &chart(true, Some(NOW + 1))).is_ok());
		assert_eq!(role(question, &chart(true, Some(NOW))), refused);
		assert_eq!(role(question, &chart(true, Some(NOW - 1))), refused);
	}
}

#[test]
fn a_registrar_of_the_patients_hospital_maintains_the_profile_and_reads_no_record() {
	let registrar_of = Ok(Role::Registrar(HospitalId(0)));
	assert_eq!(role(Question::Profile, &registrar(0)), registrar_of);
	assert_eq!(role(Question::Upload, &registrar(0)), registrar_of);
	let refused = Err(Refusal::Denied(Denied::NotGranted));
	assert_eq!(role(RECORD, &registrar(0)), refused);
	for question in [RECORD, Question::Profile, Question::Upload] {
		assert_eq!(role(question, &registrar(1)), refused, "another hospital's");
	}
	assert_eq!(role(Question::Disclosures, &registrar(0)), Err(Refusal::PatientOnly));
}

#[test]
fn a_representative_reads_and_adds_until_the_end_and_does_not_see_who_has_looked() {
	let acts = Ok(Role::Representative(PatientId(9)));
	for until in [None, Some(NOW + 1)] {
		for question in [RECORD, Question::Profile, Question::Upload] {
			assert_eq!(role(question, &representative(until)), acts, "{question:?}");
		}
		let refused = Err(Refusal::PatientOnly);
		assert_eq!(role(Question::Disclosures, &representative(until)), refused);
	}
	let refused = Err(Refusal::Denied(Denied::NotGranted));
	for until in [Some(NOW), Some(NOW - 1)] {
		for question in [RECORD, Question::Profile, Question::Upload] {
			assert_eq!(role(question, &representative(until)), refused, "{question:?}");
		}
	}
	// What they do themselves is told as that, though they are something else, too.
	let facts = Facts { registrar: Some(HospitalId(0)), ..representative(None) };
	assert_eq!(role(Question::Profile, &facts), acts);
}

#[test]
fn a_representative_of_a_suspended_patient_adds_nothing() {
	let mut facts = representative(None);
	if let Some(patient) = &mut facts.patient {
		patient.standing = Standing::Suspended;
	}
	assert_eq!(role(Question::Upload, &facts), Err(Refusal::PatientNotVerified));
	assert_eq!(role(RECORD, &facts), Ok(Role::Representative(PatientId(9))));
}

#[test]
fn a_registrar_of_the_hospital_that_is_asked_reads_the_profile_and_nothing_else() {
	let moving = |to: Option<u32>, registrar: Facts| {
		let mut facts = registrar;
		if let Some(patient) = &mut facts.patient {
			patient.moving_to = to.map(HospitalId);
		}
		facts
	};
	let facts = moving(Some(1), registrar(1));
	assert_eq!(role(Question::Profile, &facts), Ok(Role::Registrar(HospitalId(1))));
	let refused = Err(Refusal::Denied(Denied::NotGranted));
	for question in [RECORD, Question::Upload] {
		assert_eq!(role(question, &facts), refused, "{question:?}");
	}
	assert_eq!(role(Question::Disclosures, &facts), Err(Refusal::PatientOnly));
	assert_eq!(role(Question::Profile, &moving(None, registrar(1))), refused);
	assert_eq!(role(Question::Profile, &moving(Some(2), registrar(1))), refused);
	let present = moving(Some(1), registrar(0));
	assert_eq!(role(Question::Profile, &present), Ok(Role::Registrar(HospitalId(0))));
}

#[test]
fn an_operator_uploads_as_long_as_the_patient_allows_it_and_reads_nothing() {
	let refused = Err(Refusal::Denied(Denied::NotGranted));
	for until in [None, Some(NOW + 1)] {
		let facts = operator(until);
		assert_eq!(role(Question::Upload, &facts), Ok(Role::Institution(InstitutionId(2))));
		assert_eq!(role(RECORD, &facts), refused);
		assert_eq!(role(Question::Profile, &facts), refused);
		assert_eq!(role(Question::Disclosures, &facts), Err(Refusal::PatientOnly));
	}
	for until in [Some(NOW), Some(NOW - 1)] {
		assert_eq!(role(Question::Upload, &operator(until)), refused);
	}
}

#[test]
fn what_is_read_is_what_the_chart_names() {
	let facts = patient(Standing::Verified);
	let found = |question| decide(question, &facts, NOW).unwrap().document.cloned();
	assert_eq!(found(RECORD), Some(document(2)));
	assert_eq!(found(Question::Profile), Some(document(1)));
	assert_eq!(found(Question::Upload), None);
}

/// The hospital that a document names is where it was uploaded, and nothing more.
#[test]
fn where_a_document_is_the_chain_says() {
	let facts = patient(Standing::Verified);
	let found = |question| decide(question, &facts, NOW).unwrap().vaults.cloned();
	assert_eq!(found(RECORD), Some(vaults(6)));
	assert_eq!(found(Question::Profile), Some(vaults(5)));
	assert_eq!(found(Question::Upload), None);
}

#[test]
fn what_is_not_there_can_not_be_read() {
	let mut facts = patient(Standing::Verified);
	if let Some(found) = &mut facts.record {
		found.record.document = None;
		found.vaults = None;
	}
	assert_eq!(role(RECORD, &facts), Err(Refusal::Denied(Denied::RecordWithdrawn)));
	facts.record = None;
	assert_eq!(role(RECORD, &facts), Err(Refusal::Denied(Denied::RecordNotFound)));
	if let Some(patient) = &mut facts.patient {
		patient.profile = None;
		patient.profile_vaults = None;
	}
	assert_eq!(role(Question::Profile, &facts), Err(Refusal::NoProfile));
	facts.patient = None;
	for question in ALL {
		assert_eq!(role(question, &facts), Err(Refusal::Denied(Denied::PatientNotFound)));
	}
}

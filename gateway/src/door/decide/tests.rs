//! The decision for every question and every kind of account.

use super::{super::facts::Emergency, *};
use medblock_chain::AccountId;
use medblock_primitives::{DoctorId, HospitalId, InstitutionId, KeyStatus};

const NOW: Moment = 1_780_000_000_000;
const PATIENT: PatientId = PatientId(7);
const DOCTOR: DoctorId = DoctorId(3);
const NORTH: HospitalId = HospitalId(0);
const SOUTH: HospitalId = HospitalId(1);
const LABORATORY: InstitutionId = InstitutionId(2);

fn account(number: u8) -> AccountId {
	AccountId::from([number; 32])
}

/// An account that belongs to no registered person.
fn nobody() -> Who {
	let (patient, doctor, registrar, institution, controls) = (None, None, None, None, None);
	let (account, chart) = (account(1), Some(chart()));
	let emergency = Some(Emergency::default());
	let guards = false;
	Who { account, patient, doctor, registrar, institution, controls, chart, emergency, guards }
}

fn chart() -> Chart {
	let (hospital, moving_to, access, record, deposit) = (None, None, None, None, None);
	Chart { hospital, moving_to, access, record, deposit, acting: None }
}

fn operator(deposit: Option<Option<Moment>>) -> Who {
	Who { institution: Some(LABORATORY), chart: Some(Chart { deposit, ..chart() }), ..nobody() }
}

fn patient(id: PatientId) -> Who {
	Who { patient: Some(id), ..nobody() }
}

fn registrar(own: HospitalId, of_patient: HospitalId) -> Who {
	let chart = Chart { hospital: Some(of_patient), ..chart() };
	Who { registrar: Some(own), chart: Some(chart), ..nobody() }
}

fn doctor(access: Result<Allowed, Denied>) -> Who {
	let chart = Chart { access: Some(access), record: Some(access), ..chart() };
	Who { doctor: Some(DOCTOR), chart: Some(chart), ..nobody() }
}

fn access(scope: Scope) -> Allowed {
	Allowed { scope, may_append: false, until: None, key: KeyStatus::Current }
}

const QUESTIONS: [Question; 9] = [
	Question::Network,
	Question::Entry(PATIENT),
	Question::Records(PATIENT),
	Question::Record(PATIENT, 5),
	Question::Grants(PATIENT),
	Question::Between(PATIENT, DOCTOR),
	Question::Doctor(DOCTOR),
	Question::Queue(NORTH),
	Question::Between(PATIENT, DoctorId(4)),
];

/// The answers to all of [`QUESTIONS`].
fn answers(who: &Who) -> [Result<(), Refused>; 9] {
	QUESTIONS.map(|question| decide(&question, Some(who), NOW))
}

#[test]
fn newcomers_get_what_is_public_and_nothing_else() {
	assert_eq!(decide(&Question::Public, None, NOW), Ok(()));
	for question in QUESTIONS.into_iter().chain([Question::Account(account(1))]) {
		assert_eq!(decide(&question, None, NOW), Err(Refused::NotSignedIn), "{question:?}");
	}
}

#[test]
fn patients_get_their_own_chart_and_no_other() {
	use Refused::*;
	assert_eq!(
		answers(&patient(PATIENT)),
		[
			Ok(()),
			Ok(()),
			Ok(()),
			Ok(()),
			Ok(()),
			Ok(()),
			Err(OtherDoctor),
			Err(OtherHospital),
			Ok(())
		]
	);
	assert_eq!(
		answers(&patient(PatientId(8))),
		[
			Ok(()),
			Err(OtherPatient),
			Err(OtherPatient),
			Err(OtherPatient),
			Err(PatientOnly),
			Err(OtherDoctor),
			Err(OtherDoctor),
			Err(OtherHospital),
			Err(OtherDoctor)
		]
	);
}

#[test]
fn doctors_get_charts_that_are_granted_to_them() {
	use Refused::{OtherDoctor, OtherHospital, PatientOnly};
	let granted = answers(&doctor(Ok(access(Scope::Chart))));
	let mine = [Ok(()), Ok(()), Ok(()), Ok(()), Err(PatientOnly), Ok(()), Ok(())];
	assert_eq!(granted[..7], mine);
	assert_eq!(granted[7..], [Err(OtherHospital), Err(OtherDoctor)]);
	for why in Denied::ALL {
		let refused = answers(&doctor(Err(why)));
		let why = Err(Refused::Denied(why));
		let expected = [Ok(()), why, why, why, Err(PatientOnly), Ok(()), Ok(())];
		assert_eq!(refused[..7], expected, "a doctor may ask about their own grant");
	}
}

#[test]
fn access_that_has_expired_by_any_clock_is_none() {
	for (until, answer) in [
		(NOW - 1, Err(Refused::Denied(Denied::GrantExpired))),
		(NOW, Err(Refused::Denied(Denied::GrantExpired))),
		(NOW + 1, Ok(())),
	] {
		let who = doctor(Ok(Allowed { until: Some(until), ..access(Scope::Chart) }));
		for question in &QUESTIONS[1..4] {
			assert_eq!(decide(question, Some(&who), NOW), answer, "{question:?}");
		}
	}
}

#[test]
fn of_single_records_a_doctor_gets_those_that_are_shared() {
	let shared = |record| {
		let mut who = doctor(Ok(access(Scope::Records)));
		who.chart.as_mut().unwrap().record = record;
		decide(&Question::Record(PATIENT, 5), Some(&who), NOW)
	};
	assert_eq!(shared(Some(Ok(access(Scope::Records)))), Ok(()));
	let not_shared = Err(Refused::Denied(Denied::RecordNotShared));
	for why in Denied::ALL {
		assert_eq!(shared(Some(Err(why))), not_shared, "whether it is there, or gone, is not said");
	}
	assert_eq!(shared(None), not_shared);
	let who = doctor(Ok(access(Scope::Records)));
	let records = Question::Records(PATIENT);
	assert_eq!(decide(&records, Some(&who), NOW), Ok(()));
	assert!(is_partial(&records, &who, NOW));
	assert!(!is_partial(&records, &doctor(Ok(access(Scope::Chart))), NOW));
	assert!(!is_partial(&records, &Who { patient: Some(PATIENT), ..who.clone() }, NOW));
	assert_eq!(decide(&Question::Epochs(PATIENT), Some(&who), NOW), not_shared);
}

#[test]
fn guardians_are_told_to_the_person_and_to_each_other() {
	let asks = |person, who: &Who| decide(&Question::Guarded(person), Some(who), NOW);
	let person = Person::Patient(PATIENT);
	assert_eq!(asks(person, &patient(PATIENT)), Ok(()));
	assert_eq!(asks(person, &Who { guards: true, ..registrar(SOUTH, NORTH) }), Ok(()));
	assert_eq!(asks(person, &patient(PatientId(8))), Err(Refused::PatientOnly));
	// The hospital answers for the patient, and is no guardian thereby.
	assert_eq!(asks(person, &registrar(NORTH, NORTH)), Err(Refused::PatientOnly));
	let person = Person::Doctor(DOCTOR);
	assert_eq!(asks(person, &Who { doctor: Some(DOCTOR), ..nobody() }), Ok(()));
	assert_eq!(asks(person, &patient(PATIENT)), Err(Refused::OtherDoctor));
}

#[test]
fn what_a_guardian_keeps_is_told_to_no_one_else() {
	let asks = |delegate, who: &Who| decide(&Question::Delegate(delegate), Some(who), NOW);
	let desk = Delegate::Desk(NORTH);
	assert_eq!(asks(desk, &registrar(NORTH, NORTH)), Ok(()));
	assert_eq!(asks(desk, &registrar(SOUTH, NORTH)), Err(Refused::OtherHospital));
	assert_eq!(asks(desk, &patient(PATIENT)), Err(Refused::OtherHospital));
	let own = Delegate::Patient(PATIENT);
	assert_eq!(asks(own, &patient(PATIENT)), Ok(()));
	assert_eq!(asks(own, &patient(PatientId(8))), Err(Refused::OtherPatient));
	let doctor = Delegate::Doctor(DOCTOR);
	assert_eq!(asks(doctor, &Who { doctor: Some(DOCTOR), ..nobody() }), Ok(()));
	assert_eq!(asks(doctor, &patient(PATIENT)), Err(Refused::OtherDoctor));
}

/// A patient who represents [`PATIENT`].
fn acting(scopes: u8, until: Option<Moment>) -> Who {
	let chart = Chart { acting: Some((Scopes(scopes), until)), ..chart() };
	Who { patient: Some(PatientId(8)), chart: Some(chart), ..nobody() }
}

#[test]
fn representatives_get_what_their_scopes_need() {
	let asks = |question: Question, scopes| decide(&question, Some(&acting(scopes, None)), NOW);
	let (sees, adds, grants, revokes) = (1, 2, 5, 8);
	for scopes in [sees, adds, grants, revokes] {
		assert_eq!(asks(Question::Entry(PATIENT), scopes), Ok(()), "all need the patient's entry");
		// What others may do for the patient, and who may, is the patient's own.
		for question in [Question::Grants(PATIENT), Question::Representatives(PATIENT)] {
			assert_eq!(asks(question, scopes), Err(Refused::PatientOnly));
		}
		let own = Question::Representation(PATIENT, PatientId(8));
		assert_eq!(asks(own, scopes), Ok(()));
		let others = Question::Representation(PATIENT, PatientId(9));
		assert_eq!(asks(others, scopes), Err(Refused::OtherPatient));
	}
	for question in
		[Question::Records(PATIENT), Question::Record(PATIENT, 5), Question::Epochs(PATIENT)]
	{
		assert_eq!(asks(question, sees), Ok(()));
		assert_eq!(asks(question, grants), Ok(()));
		assert_eq!(asks(question, adds), Err(Refused::OtherPatient));
	}
	assert_eq!(asks(Question::Recipients(PATIENT), adds), Ok(()));
	assert_eq!(asks(Question::Recipients(PATIENT), sees), Err(Refused::OtherPatient));
	for scopes in [grants, revokes] {
		assert_eq!(asks(Question::Given(PATIENT), scopes), Ok(()));
		assert_eq!(asks(Question::Between(PATIENT, DOCTOR), scopes), Ok(()));
	}
	assert_eq!(asks(Question::Given(PATIENT), sees), Err(Refused::PatientOnly));
	assert_eq!(asks(Question::Between(PATIENT, DOCTOR), sees), Err(Refused::OtherDoctor));
}

#[test]
fn representation_that_has_ended_by_any_clock_is_none() {
	for (until, is_allowed) in [(NOW - 1, false), (NOW, false), (NOW + 1, true)] {
		let who = acting(15, Some(until));
		for question in [
			Question::Entry(PATIENT),
			Question::Records(PATIENT),
			Question::Epochs(PATIENT),
			Question::Recipients(PATIENT),
			Question::Given(PATIENT),
			Question::Between(PATIENT, DOCTOR),
		] {
			assert_eq!(decide(&question, Some(&who), NOW).is_ok(), is_allowed, "{question:?}");
		}
	}
	// A doctor with single records gets those alone then.
	let mut who = doctor(Ok(access(Scope::Records)));
	let chart = who.chart.as_mut().unwrap();
	chart.acting = Some((Scopes::SEE, Some(NOW)));
	assert!(is_partial(&Question::Records(PATIENT), &who, NOW));
	assert!(!is_partial(&Question::Records(PATIENT), &who, NOW - 1));
}

#[test]
fn representatives_of_a_patient_are_told_to_the_desk_that_confirms_them() {
	let asks = |who: &Who| decide(&Question::Representatives(PATIENT), Some(who), NOW);
	assert_eq!(asks(&patient(PATIENT)), Ok(()));
	assert_eq!(asks(&registrar(NORTH, NORTH)), Ok(()));
	assert_eq!(asks(&registrar(SOUTH, NORTH)), Err(Refused::PatientOnly));
	assert_eq!(asks(&doctor(Ok(access(Scope::Chart)))), Err(Refused::PatientOnly));
}

#[test]
fn earlier_epochs_are_for_readers_of_the_whole_chart() {
	let epochs = |who: &Who| decide(&Question::Epochs(PATIENT), Some(who), NOW);
	assert_eq!(epochs(&patient(PATIENT)), Ok(()));
	assert_eq!(epochs(&doctor(Ok(access(Scope::Chart)))), Ok(()));
	assert_eq!(epochs(&patient(PatientId(8))), Err(Refused::OtherPatient));
	assert_eq!(epochs(&registrar(NORTH, NORTH)), Err(Refused::NotForHospitals));
	assert_eq!(epochs(&registrar(SOUTH, NORTH)), Err(Refused::OtherHospital));
	let ungranted = Err(Refused::Denied(Denied::NotGranted));
	assert_eq!(epochs(&doctor(Err(Denied::NotGranted))), ungranted);
}

#[test]
fn recipients_are_for_those_who_may_add() {
	let recipients = |who: &Who| decide(&Question::Recipients(PATIENT), Some(who), NOW);
	assert_eq!(recipients(&patient(PATIENT)), Ok(()));
	for scope in [Scope::Chart, Scope::Records] {
		let reader = access(scope);
		let author = Allowed { may_append: true, ..reader };
		assert_eq!(recipients(&doctor(Ok(author))), Ok(()));
		assert_eq!(recipients(&doctor(Ok(reader))), Err(Refused::AuthorsOnly));
		let expired = Allowed { until: Some(NOW), ..author };
		let refused = Err(Refused::Denied(Denied::GrantExpired));
		assert_eq!(recipients(&doctor(Ok(expired))), refused);
	}
	for why in Denied::ALL {
		assert_eq!(recipients(&doctor(Err(why))), Err(Refused::Denied(why)));
	}
	assert_eq!(recipients(&patient(PatientId(8))), Err(Refused::OtherPatient));
	assert_eq!(recipients(&registrar(NORTH, NORTH)), Err(Refused::NotForHospitals));
	assert_eq!(recipients(&registrar(SOUTH, NORTH)), Err(Refused::OtherHospital));
	assert_eq!(decide(&Question::Recipients(PATIENT), None, NOW), Err(Refused::NotSignedIn));
}

#[test]
fn pending_change_of_an_account_is_told_to_its_person() {
	let own = |person, who: &Who| decide(&Question::Own(person), Some(who), NOW);
	let of_patient = |who: &Who| own(Person::Patient(PATIENT), who);
	let of_doctor = |who: &Who| own(Person::Doctor(DOCTOR), who);
	let reader = doctor(Ok(access(Scope::Chart)));
	assert_eq!(of_patient(&patient(PATIENT)), Ok(()));
	assert_eq!(of_doctor(&reader), Ok(()));
	for other in [patient(PatientId(8)), registrar(NORTH, NORTH), nobody()] {
		assert_eq!(of_patient(&other), Err(Refused::PatientOnly));
		assert_eq!(of_doctor(&other), Err(Refused::OtherDoctor));
	}
	assert_eq!(of_patient(&reader), Err(Refused::PatientOnly));
	assert_eq!(of_doctor(&patient(PATIENT)), Err(Refused::OtherDoctor));
}

#[test]
fn staff_is_told_to_the_hospitals_registrars_and_its_controller() {
	let staff = |who: &Who| decide(&Question::Staff(NORTH), Some(who), NOW);
	let controller = |hospital| Who { controls: Some(hospital), ..nobody() };
	assert_eq!(staff(&registrar(NORTH, NORTH)), Ok(()));
	assert_eq!(staff(&controller(NORTH)), Ok(()));
	for other in [registrar(SOUTH, NORTH), controller(SOUTH), patient(PATIENT), nobody()] {
		assert_eq!(staff(&other), Err(Refused::OtherHospital));
	}
	// A controller works at no desk.
	let queue = decide(&Question::Queue(NORTH), Some(&controller(NORTH)), NOW);
	assert_eq!(queue, Err(Refused::OtherHospital));
	assert_eq!(decide(&Question::Staff(NORTH), None, NOW), Err(Refused::NotSignedIn));
}

#[test]
fn operators_get_the_keys_to_encrypt_to_and_nothing_to_read() {
	use Refused::{OtherDoctor, OtherHospital, OtherInstitution, OtherPatient, PatientOnly};
	let ask = |question: Question, who: &Who| decide(&question, Some(who), NOW);
	for deposit in [Some(None), Some(Some(NOW + 1))] {
		let who = operator(deposit);
		let patients = Err(OtherPatient);
		let own = [Ok(()), Ok(()), patients, patients, Err(PatientOnly)];
		assert_eq!(answers(&who)[..5], own);
		let others = [Err(OtherDoctor), Err(OtherDoctor), Err(OtherHospital), Err(OtherDoctor)];
		assert_eq!(answers(&who)[5..], others);
		assert_eq!(ask(Question::Recipients(PATIENT), &who), Ok(()));
		assert_eq!(ask(Question::Epochs(PATIENT), &who), patients);
	}
	for ended in [None, Some(Some(NOW)), Some(Some(NOW - 1))] {
		let who = operator(ended);
		assert_eq!(ask(Question::Entry(PATIENT), &who), Err(OtherPatient));
		assert_eq!(ask(Question::Recipients(PATIENT), &who), Err(OtherPatient));
		// That the permission has ended, the institution may know.
		assert_eq!(ask(Question::Deposit(PATIENT, LABORATORY), &who), Ok(()));
		let other = ask(Question::Deposit(PATIENT, InstitutionId(3)), &who);
		assert_eq!(other, Err(OtherInstitution));
	}
	assert_eq!(ask(Question::Deposit(PATIENT, LABORATORY), &patient(PATIENT)), Ok(()));
	for other in [patient(PatientId(8)), registrar(NORTH, NORTH), nobody()] {
		assert_eq!(ask(Question::Deposit(PATIENT, LABORATORY), &other), Err(OtherInstitution));
	}
}

#[test]
fn registrars_get_their_hospitals_people_and_no_records() {
	use Refused::*;
	let own = answers(&registrar(NORTH, NORTH));
	assert_eq!(
		own,
		[
			Ok(()),
			Ok(()),
			Err(NotForHospitals),
			Err(NotForHospitals),
			Err(PatientOnly),
			Err(OtherDoctor),
			Err(OtherDoctor),
			Ok(()),
			Err(OtherDoctor)
		]
	);
	let other = answers(&registrar(SOUTH, NORTH));
	assert_eq!(other[1..4], [Err(OtherHospital); 3]);
	assert_eq!(other[7], Err(OtherHospital));
	let mut taking_in = registrar(SOUTH, NORTH);
	taking_in.chart.as_mut().unwrap().moving_to = Some(SOUTH);
	assert_eq!(answers(&taking_in)[1..3], [Ok(()), Err(NotForHospitals)]);
}

#[test]
fn who_has_two_roles_may_ask_as_either() {
	let mut both = doctor(Err(Denied::NotGranted));
	both.registrar = Some(NORTH);
	both.chart.as_mut().unwrap().hospital = Some(NORTH);
	assert_eq!(answers(&both)[1], Ok(()));
	assert_eq!(answers(&both)[2], Err(Refused::Denied(Denied::NotGranted)));
	let mut own = doctor(Err(Denied::NotGranted));
	own.patient = Some(PATIENT);
	assert_eq!(answers(&own)[1..6], [Ok(()); 5]);
}

#[test]
fn an_account_may_ask_about_itself_alone() {
	for who in [nobody(), patient(PATIENT), registrar(NORTH, NORTH)] {
		assert_eq!(decide(&Question::Account(account(1)), Some(&who), NOW), Ok(()));
		let other = decide(&Question::Account(account(2)), Some(&who), NOW);
		assert_eq!(other, Err(Refused::OtherAccount));
	}
}

#[test]
fn an_account_that_is_nobodys_gets_no_persons_data() {
	for (question, answer) in QUESTIONS.iter().zip(answers(&nobody())).skip(1) {
		assert!(answer.is_err(), "{question:?}");
	}
	let unknown = Who { chart: None, ..nobody() };
	assert!(
		answers(&unknown)[1..].iter().all(Result::is_err),
		"facts that are missing allow nothing"
	);
}

/// An account that is in this relation to the emergencies of [`PATIENT`].
fn in_emergency(emergency: Emergency) -> Who {
	Who { doctor: Some(DOCTOR), emergency: Some(emergency), ..nobody() }
}

#[test]
fn plans_for_emergencies_are_told_to_those_who_may_ask_and_confirm() {
	let (plan, list) = (Question::Plan(PATIENT), Question::Emergencies(PATIENT));
	let asks = |who: &Who| [plan, list].map(|one| decide(&one, Some(who), NOW));
	let refused = Err(Refused::PatientOnly);
	assert_eq!(asks(&patient(PATIENT)), [Ok(()), Ok(())]);
	for desk in [true, false] {
		let who = in_emergency(Emergency { is_at_desk: desk, ..Emergency::default() });
		let expected = if desk { Ok(()) } else { refused };
		assert_eq!(asks(&who), [expected, expected]);
	}
	// Before asking, a doctor learns which hospitals to ask, and nothing of earlier emergencies.
	let practises = in_emergency(Emergency { practises: true, ..Emergency::default() });
	assert_eq!(asks(&practises), [Ok(()), refused]);
	let named = in_emergency(Emergency { is_named: true, ..Emergency::default() });
	assert_eq!(asks(&named), [refused, Ok(())], "suspended since");
	assert_eq!(asks(&patient(PatientId(8))), [refused, refused]);
	assert_eq!(decide(&plan, None, NOW), Err(Refused::NotSignedIn));
}

#[test]
fn what_an_emergency_opens_is_told_to_doctors_while_they_have_access() {
	let opened = Question::Opened(PATIENT);
	assert_eq!(decide(&opened, Some(&patient(PATIENT)), NOW), Ok(()));
	let open = |until| Allowed { until: Some(until), ..access(Scope::Chart) };
	assert_eq!(decide(&opened, Some(&doctor(Ok(open(NOW + 1)))), NOW), Ok(()));
	let closed = Err(Refused::Denied(Denied::GrantExpired));
	assert_eq!(decide(&opened, Some(&doctor(Ok(open(NOW)))), NOW), closed, "by any clock");
	let refused = Err(Refused::Denied(Denied::NotGranted));
	assert_eq!(decide(&opened, Some(&doctor(Err(Denied::NotGranted))), NOW), refused);
	let hospitals = Err(Refused::NotForHospitals);
	assert_eq!(decide(&opened, Some(&registrar(NORTH, NORTH)), NOW), hospitals);
}

#[test]
fn shares_of_a_plan_are_their_holders() {
	let held = Question::Held(PATIENT, NORTH);
	let asks = |who: &Who| decide(&held, Some(who), NOW);
	assert_eq!(asks(&patient(PATIENT)), Ok(()));
	assert_eq!(asks(&registrar(NORTH, SOUTH)), Ok(()));
	assert_eq!(asks(&registrar(SOUTH, NORTH)), Err(Refused::OtherHospital));
	assert_eq!(asks(&doctor(Ok(access(Scope::Chart)))), Err(Refused::OtherHospital));
}

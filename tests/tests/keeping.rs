//! What a person does not name stays as it is, and doctors who may see a chart can open what is added to it.

use medblock_client::{
	Error,
	grants::{self, NewTerms, Ready, Terms, WholeChart},
	profiles::{Change, Detailed, PracticeChange, ProfileChange},
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, eventually, must};
use medblock_primitives::*;

/// A day, in milliseconds.
const DAY: Moment = 24 * 60 * 60 * 1_000;
/// How long a licence lasts that runs out, in milliseconds: its doctor is verified and granted in this time.
const SOON: Moment = 60_000;

async fn now(person: &Person) -> Moment {
	person.client.chain().finalized().await.unwrap().now().await.unwrap()
}

/// The terms of a doctor's grant, and how much it opens.
async fn terms(ana: &Person, patient: PatientId, doctor: DoctorId) -> (Terms, Scope) {
	let at = ana.client.chain().finalized().await.unwrap();
	let grant = at.grant(patient, doctor).await.unwrap().expect("a grant");
	(Terms { may_append: grant.may_append, expires_at: grant.expires_at }, grant.scope)
}

#[tokio::test]
async fn what_is_not_named_stays() {
	let consortium = Consortium::start().await;
	// Entries and licences have a hospital each, whose registrar signs for no other of these at the same time.
	tokio::join!(
		grants_stay(&consortium),
		entries_stay(&consortium),
		profiles_stay(&consortium),
		records_can_be_opened_after_a_licence_lapse(&consortium),
	);
}

async fn grants_stay(consortium: &Consortium) {
	let ((ana, patient), (_, doctor)) = tokio::join!(consortium.patient(0), consortium.doctor(0));
	for title in ["one", "two"] {
		ana.adds(title, title.as_bytes()).await;
	}
	let end = now(&ana).await + 30 * DAY;
	let month = Terms { may_append: true, expires_at: Some(end) };
	ana.client.grant_keeping(doctor, month.into()).await.unwrap();
	assert_eq!(terms(&ana, patient, doctor).await, (month, Scope::Chart));

	// One more record: it is refused, since it would take the rest away.
	let share = |whole| {
		let terms = NewTerms::default();
		let client = &ana.client;
		async move { client.share_keeping(doctor, &[1], terms, whole, &unwatched()).await }
	};
	let refused = share(WholeChart::Stays).await.unwrap_err();
	assert!(matches!(refused, Error::Grant(grants::Error::SeesAll(_))), "{refused}");
	assert_eq!(terms(&ana, patient, doctor).await, (month, Scope::Chart));
	// The same before the patient is asked.
	let after = |sharing| ana.client.terms_after(doctor, NewTerms::default(), sharing);
	assert_eq!(after(None).await.unwrap(), month);
	assert_eq!(after(Some(WholeChart::Ends)).await.unwrap(), month);
	let refused = after(Some(WholeChart::Stays)).await.unwrap_err();
	assert!(matches!(refused, Error::Grant(grants::Error::SeesAll(_))), "{refused}");

	// A later grant keeps the end, and may change the rights.
	let readers = NewTerms { may_append: Some(false), ..NewTerms::default() };
	let granted = ana.client.grant_keeping(doctor, readers).await.unwrap();
	let expected = Terms { may_append: false, expires_at: Some(end) };
	assert_eq!(granted.terms, Some(expected));
	assert_eq!(terms(&ana, patient, doctor).await, (expected, Scope::Chart));

	// Who means it narrows, and the end stays.
	let shared = share(WholeChart::Ends).await.unwrap();
	assert_eq!((shared.records.as_slice(), shared.terms), (&[1][..], expected));
	assert_eq!(terms(&ana, patient, doctor).await, (expected, Scope::Records));
	must(ana.client.rotate().await);
	let at = ana.client.chain().finalized().await.unwrap();
	let opened = ana.client.opened(&at, patient).await.unwrap();
	assert_eq!(opened[0].records, [1]);
	assert!(opened[0].opens(1) && !opened[0].opens(0));
	let endless = NewTerms { expires_at: Change::Clear, ..NewTerms::default() };
	let granted = ana.client.grant_keeping(doctor, endless).await.unwrap();
	assert_eq!(granted.terms, Some(Terms::default()));
}

async fn entries_stay(consortium: &Consortium) {
	let (person, doctor) = consortium.doctor(1).await;
	let registrar = consortium.registrar(1).await;
	let end = now(&person).await + 300 * DAY;
	let name = "Областная клиническая больница имени Семашко № 7";
	let change = |text: Change<&str>, end| {
		let client = &registrar.client;
		let text = text.map(str::to_owned);
		async move { client.change_details(doctor, text, end).await.unwrap() }
	};
	let Detailed { details, licence_expires, .. } = change(Change::To(name), Change::To(end)).await;
	assert_eq!((details.as_str(), licence_expires), (name, Some(end)));
	// The text alone, which deleted the end of the licence before.
	let Detailed { details, licence_expires, .. } =
		change(Change::To("Room 4"), Change::Keep).await;
	assert_eq!((details.as_str(), licence_expires), ("Room 4", Some(end)));
	change(Change::Keep, Change::Clear).await;
	let at = person.client.chain().finalized().await.unwrap();
	let info = at.known_doctor(doctor).await.unwrap();
	assert_eq!((&info.details[..], info.licence_expires), (&b"Room 4"[..], None));

	let before = info.profile.unwrap();
	let specialty = PracticeChange { specialty: Some("neurology".into()), ..Default::default() };
	let (done, _) = person.client.change_practice(doctor, specialty).await.unwrap();
	must(Ok(done));
	// The second proposal keeps the first.
	let since = PracticeChange { practising_since: Some(1999), ..Default::default() };
	let (done, entry) = person.client.change_practice(doctor, since).await.unwrap();
	must(Ok(done));
	let specialty = b"neurology".to_vec().try_into().unwrap();
	assert_eq!(entry, DoctorProfile { specialty, practising_since: 1999, ..before });
}

async fn profiles_stay(consortium: &Consortium) {
	let (ana, patient) = consortium.patient(0).await;
	let change = |change: ProfileChange| {
		let client = &ana.client;
		async move { client.change_profile(patient, change, &unwatched()).await }
	};
	let nameless = ProfileChange { contact: Change::To("+1".into()), ..Default::default() };
	assert!(change(nameless.clone()).await.is_err(), "there is nothing of which a name could stay");
	must(
		change(ProfileChange {
			name: Some("Ana".into()),
			birth_date: Change::To("1980-05".into()),
			..Default::default()
		})
		.await,
	);
	must(change(nameless).await);
	let long = ProfileChange { contact: Change::To("x".repeat(70_000)), ..Default::default() };
	assert!(change(long).await.is_err(), "no one could read it again");
	let profile = ana.client.profile(patient, &unwatched()).await.unwrap();
	let (name, born) = (profile.name.as_str(), profile.birth_date.as_deref());
	assert_eq!((name, born, profile.contact.as_deref()), ("Ana", Some("1980-05"), Some("+1")));
}

/// No one took anything from the doctor: what was added after the licence was renewed stayed closed to them, and
/// neither they nor the patient were told.
async fn records_can_be_opened_after_a_licence_lapse(consortium: &Consortium) {
	let (ana, patient) = consortium.patient(0).await;
	let end = now(&ana).await + SOON;
	let (bones, doctor) = consortium.doctor_until(2, Some(end)).await;
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	let access = || async {
		let at = ana.client.chain().finalized().await.unwrap();
		at.access(patient, doctor, None).await.unwrap()
	};
	eventually("the licence has run out", || async {
		(access().await == Err(Denied::LicenceExpired)).then_some(())
	})
	.await;
	// Before anything is added, the chart gets a key that the doctor has not.
	let Ready { rotation, left_out, problem, .. } = ana.client.make_ready().await.unwrap();
	assert!(rotation.is_some() && left_out.is_empty() && problem.is_none());
	ana.adds("without the doctor", b"closed").await;

	let registrar = consortium.registrar(2).await;
	let renewed = Change::To(now(&ana).await + 300 * DAY);
	registrar.client.change_details(doctor, Change::Keep, renewed).await.unwrap();
	assert_eq!(access().await.unwrap().key, KeyStatus::AwaitingPatient);
	let Ready { rotation, renewed, left_out, .. } = ana.client.make_ready().await.unwrap();
	assert!(rotation.is_none() && left_out.is_empty(), "{left_out:?}");
	assert_eq!(renewed.iter().map(|(doctor, _)| *doctor).collect::<Vec<_>>(), [doctor]);
	let record = ana.adds("with the doctor", b"open").await;
	assert_eq!(bones.reads(patient, record).await.unwrap(), b"open");
	let again = ana.client.make_ready().await.unwrap();
	assert!(again.rotation.is_none() && again.renewed.is_empty(), "there is nothing to do");
}

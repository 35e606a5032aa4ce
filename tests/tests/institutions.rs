//! A laboratory puts results into charts of patients who allow it. Its people can open nothing of these, not even
//! what they have added themselves.

use medblock_client::{
	Error, chain::Call, grants::Terms, institutions::Error as InstitutionError, standing::Decision,
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, must};
use medblock_primitives::*;

/// A laboratory of the second hospital, with one operator.
async fn laboratory(consortium: &Consortium) -> (Person, InstitutionId, Person) {
	let controller = Person::known(&consortium.network, "//Bob").await;
	let adding = controller.client.add_institution(InstitutionKind::Laboratory, "Blood").await;
	let receipt = must(adding);
	let event = receipt.event("InstitutionAdded").unwrap();
	let institution = InstitutionId(event.number("institution").unwrap());
	let operator = consortium.newcomer().await;
	let account = operator.client.keys().account();
	let early = operator.client.join_institution(institution).await.unwrap_err();
	let is_known = matches!(early, Error::Institution(InstitutionError::NotAppointed { .. }));
	assert!(is_known, "{early}");
	must(controller.client.appoint_operator(institution, account).await);
	must(operator.client.join_institution(institution).await);
	(controller, institution, operator)
}

/// Puts a result into a chart; gives its place.
async fn deposits(
	operator: &Person,
	patient: PatientId,
	content: &[u8],
) -> Result<RecordIndex, Error> {
	let files = [operator.file("Blood count", content)];
	let done = operator.client.deposit(patient, &files, &unwatched()).await?;
	let receipt = must(Ok(done));
	Ok(receipt.event("RecordsAdded").unwrap().number("first").unwrap())
}

#[tokio::test]
async fn laboratory_adds_results_and_opens_nothing() {
	let consortium = Consortium::start().await;
	let ((ana, patient), (bones, bones_id), (crusher, crusher_id)) =
		tokio::join!(consortium.patient(0), consortium.doctor(1), consortium.doctor(1));
	let (controller, institution, operator) = laboratory(&consortium).await;
	let refused = deposits(&operator, patient, b"too early").await.unwrap_err();
	let is_refused = matches!(refused, Error::Institution(InstitutionError::NotAllowed { .. }));
	assert!(is_refused, "{refused}");

	must(ana.client.allow_deposit(institution, None).await);
	for doctor in [bones_id, crusher_id] {
		ana.client.grant(doctor, Terms::default()).await.unwrap();
	}
	let first = deposits(&operator, patient, b"all is well").await.unwrap();
	for reader in [&ana, &bones, &crusher] {
		assert_eq!(reader.reads(patient, first).await.unwrap(), b"all is well");
	}
	assert!(operator.reads(patient, first).await.is_err());
	let at = ana.client.chain().finalized().await.unwrap();
	let record = at.record(patient, first).await.unwrap().unwrap();
	assert_eq!(record.author, Author::Institution(institution));

	// A doctor loses access, and the patient makes no new key. The one who stays reads on, and the other does not.
	let revoke = Call::revoke_access(vec![bones_id].try_into().unwrap(), None);
	ana.client.chain().submit(ana.signer(), &revoke).await.unwrap();
	let second = deposits(&operator, patient, b"still well").await.unwrap();
	for reader in [&ana, &crusher] {
		assert_eq!(reader.reads(patient, second).await.unwrap(), b"still well");
	}
	for other in [&bones, &operator] {
		assert!(other.reads(patient, second).await.is_err());
	}

	// A suspended patient ends it, and the laboratory adds no more.
	let person = medblock_primitives::Person::Patient(patient);
	consortium.decides(0, person, Decision::Suspend).await;
	must(ana.client.end_deposits(&[institution]).await);
	assert!(deposits(&operator, patient, b"too late").await.is_err());

	// A closed laboratory's operator is nobody's.
	must(controller.client.close_institution(institution).await);
	let refused = deposits(&operator, patient, b"closed").await.unwrap_err();
	let is_nobody = matches!(refused, Error::Institution(InstitutionError::NotOperator(_)));
	assert!(is_nobody, "{refused}");
}

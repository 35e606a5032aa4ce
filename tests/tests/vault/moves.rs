//! People who change their hospital.

use super::*;
use medblock_client::{profiles::Practice, registration, standing::Decision};

pub(super) async fn people_move_to_another_hospital_and_take_their_charts_along(
	consortium: &Consortium,
) {
	let ((ana, patient), (ada, doctor)) = tokio::join!(consortium.patient(0), consortium.doctor(0));
	let before = ana.adds("letter", b"before the move").await;
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	let north = consortium.registrar(0).await;
	let east = consortium.registrar(1).await;
	let refused = east.client.take_in(medblock_primitives::Person::Patient(patient)).await;
	assert!(
		format!("{refused:?}").contains("NotMoving"),
		"nobody is taken in unasked: {refused:?}"
	);

	must(ana.client.request_move(Capacity::Patient, Some(HospitalId(1))).await);
	must(ada.client.request_move(Capacity::Doctor, Some(HospitalId(1))).await);
	let waiting = east.pending().await;
	assert_eq!(waiting.patients.iter().map(|one| one.id).collect::<Vec<_>>(), [patient]);
	assert_eq!(waiting.doctors.iter().map(|one| one.id).collect::<Vec<_>>(), [doctor]);
	must(ana.client.request_move(Capacity::Patient, None).await);
	assert_eq!(east.pending().await.patients.len(), 0, "she would rather stay");
	must(ana.client.request_move(Capacity::Patient, Some(HospitalId(1))).await);
	for person in
		[medblock_primitives::Person::Patient(patient), medblock_primitives::Person::Doctor(doctor)]
	{
		must(east.client.take_in(person).await);
		let refused = north.client.decide(person, Decision::Suspend).await;
		assert!(format!("{refused:?}").contains("OtherHospital"), "{refused:?}");
	}
	let after = ana.adds("second", b"after the move").await;
	assert_eq!(ada.reads(patient, before).await.unwrap(), b"before the move");
	assert_eq!(ada.reads(patient, after).await.unwrap(), b"after the move");
	let at = ana.client.chain().finalized().await.unwrap();
	let vault = |record: Record| record.document.unwrap().vault;
	let vaults = [before, after].map(|index| at.record(patient, index));
	let [first, second] = futures::future::join_all(vaults).await.try_into().ok().unwrap();
	assert_eq!(vault(first.unwrap().unwrap()), HospitalId(0), "files stay where they are");
	assert_eq!(vault(second.unwrap().unwrap()), HospitalId(1));

	let practice = Practice {
		name: "Dr. Ada Example".to_owned(),
		specialty: "cardiology".to_owned(),
		qualification: "MD, PhD".to_owned(),
		practising_since: 2001,
	};
	must(east.client.set_practice(doctor, &practice).await);
	let entry = ada.client.directory().await.unwrap().into_iter().find(|one| one.id == doctor);
	assert_eq!(entry.unwrap().profile, Some(practice.profile().unwrap()));
	let controller = Person::known(&consortium.network, "//Bob").await;
	must(controller.client.set_registration(RegistrationMode::Closed).await);
	let newcomer = consortium.newcomer().await;
	// No node takes it: an account that has nothing may send only what can succeed.
	let refused = newcomer.client.register_patient(HospitalId(1)).await;
	assert!(
		matches!(refused, Err(Error::Registration(registration::Error::Closed(HospitalId(1))))),
		"{refused:?}"
	);
	must(controller.client.set_registration(RegistrationMode::SponsoredOnly).await);
	let refused = newcomer.client.register_patient(HospitalId(1)).await;
	assert!(
		matches!(refused, Err(Error::Registration(registration::Error::NotInvited { .. }))),
		"{refused:?}"
	);
	must(east.client.sponsor(newcomer.client.keys().account(), true).await);
	must(newcomer.client.register_patient(HospitalId(1)).await);
	let refused = newcomer.client.register_patient(HospitalId(0)).await;
	assert!(format!("{refused:?}").contains("AlreadyRegistered"), "{refused:?}");
}

//! Files whose vault changes: moved by their patient, and read wherever they are.

use super::*;
use medblock_e2e::Deaf;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);

/// The patient and a doctor read on, before the new vault has anything and after the one before has lost it.
pub(super) async fn files_are_read_wherever_they_are(consortium: &Consortium) {
	let ((ana, patient), (ada, doctor)) = tokio::join!(consortium.patient(0), consortium.doctor(1));
	let before = ana.adds("letter", b"at North").await;
	ana.client.grant(doctor, Terms { may_append: true, expires_at: None }).await.unwrap();
	let on_disk = blob_of(consortium, &ana, patient, before).await;
	must(ana.client.move_vault(NORTH, EAST).await);
	consortium.others_catch_up().await;

	// East has nothing yet.
	assert_eq!(ada.reads(patient, before).await.unwrap(), b"at North");
	assert_eq!(ana.lists(patient).await.len(), 1);
	let after = ana.adds("second", b"at East").await;
	let note = ada.appends(patient, "note", b"a note at East").await;
	let at = ana.client.chain().finalized().await.unwrap();
	for (record, named) in [(before, NORTH), (after, EAST), (note, EAST)] {
		let found = at.record_info(patient, record).await.unwrap().unwrap();
		assert_eq!(found.record.document.unwrap().vault, named, "what was signed stays");
		assert_eq!(found.vaults.unwrap().home, EAST);
	}

	// As the runbook says: a file is copied into the new vault, and the one before is lost.
	let [north, east] = [0, 1].map(|hospital| consortium.gateways[hospital].data().join("blobs"));
	let copy = east.join(on_disk.strip_prefix(&north).unwrap());
	std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
	std::fs::copy(&on_disk, &copy).unwrap();
	std::fs::remove_file(&on_disk).unwrap();
	for reader in [&ana, &ada] {
		assert_eq!(reader.reads(patient, before).await.unwrap(), b"at North");
		assert_eq!(reader.reads(patient, note).await.unwrap(), b"a note at East");
	}
	let looks = ana.client.disclosures().await.unwrap();
	let of_ada = |hospital| {
		let own = looks.iter().filter(move |(vault, one)| {
			*vault == hospital && one.doctor == Some(doctor) && one.record == Some(before)
		});
		own.count()
	};
	assert!(of_ada(NORTH) > 0 && of_ada(EAST) > 0, "each vault shows its own lines");

	// A mirror that has nothing yet is in no reader's way.
	must(ana.client.set_mirror(Some(NORTH)).await);
	assert_eq!(ada.reads(patient, after).await.unwrap(), b"at East");
	must(ana.client.set_mirror(None).await);
	// Who has no access is refused by all of them.
	must(ana.client.revoke(&[doctor]).await.map(|revoked| revoked.done));
	for record in [before, after, note] {
		assert!(ada.reads(patient, record).await.is_err());
	}
	must(ana.client.move_vault(EAST, NORTH).await);
	let last = ana.adds("third", b"at North again").await;
	assert_eq!(ana.reads(patient, last).await.unwrap(), b"at North again");
}

/// The home is gone, and a mirror has everything: the reader asks the home for one of the files, once, and not again for each
/// of the others, before which it would wait half a minute for a vault to restart.
pub(super) async fn dead_home_delays_no_file(
	consortium: &Consortium,
	(ana, patient): &(Person, PatientId),
) {
	const FILES: u32 = 6;
	let patient = *patient;
	must(ana.client.set_mirror(Some(EAST)).await);
	let [north, east] = [0, 1].map(|hospital| consortium.gateways[hospital].data().join("blobs"));
	let letter =
		|number: u32| ana.file(&format!("letter-{number}"), format!("letter {number}").as_bytes());
	let letters: Vec<_> = (0..FILES).map(letter).collect();
	must(ana.client.add_records(&letters, &unwatched()).await);
	for record in 0..FILES {
		let on_disk = blob_of(consortium, ana, patient, record).await;
		let copy = east.join(on_disk.strip_prefix(&north).unwrap());
		std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
		std::fs::copy(&on_disk, &copy).unwrap();
	}
	// The mirror knows all of them.
	consortium.others_catch_up().await;
	let gateway = &consortium.gateways[0];
	gateway.kill();
	let home = Deaf::at(&gateway.own_url()).await;
	for number in 0..FILES {
		let content = ana.reads(patient, number).await.unwrap();
		assert_eq!(content, format!("letter {number}").into_bytes());
	}
	// Other vaults ask for whole files, by another path.
	let mut asked = home.asked(&format!(" /v1/patients/{}/records/", patient.0));
	asked.retain(|line| !line.contains("/file "));
	assert_eq!(asked.len(), 1, "{asked:?}");
	home.end().await;

	// The mirror has nothing of this one, and the home is back.
	gateway.resume().await;
	let last = ana.adds("last", b"at North alone").await;
	assert_eq!(ana.reads(patient, last).await.unwrap(), b"at North alone");
	must(ana.client.set_mirror(None).await);
}

//! Vaults that change: what the gateway of one hospital gives out, and what it leaves to others.

use super::*;
use medblock_primitives::HospitalId;

const HERE: HospitalId = HospitalId(0);
const THERE: HospitalId = HospitalId(1);

/// The new vault has nothing yet, so this one goes on giving out what it has, and keeps it.
#[tokio::test]
async fn what_was_moved_away_is_still_given_out() {
	let setup = Setup::start().await;
	setup.admit("https://south.example").await;
	let file = age_file(1, 100_000);
	let Kept { patient, id, own, path, .. } = Kept::new(&setup, &file).await;
	patient.client.move_vault(HERE, THERE).await.unwrap();
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	assert_eq!(own.refusal("DELETE", &upload_path(id, &file)).await, refused(409, "referenced"));
}

/// A mirror, or the new home, may give out what was uploaded elsewhere, once it has it.
#[tokio::test]
async fn a_mirror_gives_out_what_it_has_and_others_are_told_who_keeps_it() {
	let setup = Setup::start().await;
	setup.admit("https://south.example").await;
	let ((patient, id), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
	let own = setup.session(&patient).await;
	let file = age_file(1, 100_000);
	let record = setup.name_at(&patient, THERE, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	let answer = own.send("GET", &path).await;
	assert_eq!(answer.status(), 404);
	let refusal: Value = answer.json().await.unwrap();
	assert_eq!(refusal["error"], "other-vault");
	assert_eq!(refusal["gateway"], "https://south.example");

	// New documents are kept there, so that this hospital can mirror them.
	patient.client.move_vault(HERE, THERE).await.unwrap();
	patient.client.set_mirror(Some(HERE)).await.unwrap();
	assert_eq!(own.refusal("GET", &path).await, refused(404, "blob-missing"));
	assert_eq!(own.upload(id, &file).await.status(), 201);
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	// It reads nothing by that, and opens nothing.
	let doctors = setup.session(&doctor).await;
	assert_eq!(doctors.refusal("GET", &path).await, refused(403, "not-granted"));
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	assert!(doctors.send("GET", &path).await.bytes().await.unwrap() == file);

	// What it kept was moved to the home of this file, so that it may go on.
	patient.client.set_mirror(None).await.unwrap();
	assert!(doctors.send("GET", &path).await.bytes().await.unwrap() == file);
	patient.client.revoke(&[doctor_id]).await.unwrap();
	assert_eq!(doctors.refusal("GET", &path).await, refused(403, "not-granted"));
}

/// The hospital's monitoring tells before a patient finds out.
#[tokio::test]
async fn what_a_mirror_lacks_is_told_by_health_and_figures_until_it_has_it() {
	let setup = Setup::start_with(&["--fetch-interval", "1"]).await;
	setup.admit("https://south.example").await;
	let (patient, id) = setup.patient().await;
	let file = age_file(1, 100_000);
	setup.name_at(&patient, THERE, &[&file]).await;
	lacks(&setup, 0).await;
	patient.client.move_vault(HERE, THERE).await.unwrap();
	patient.client.set_mirror(Some(HERE)).await.unwrap();
	lacks(&setup, 1).await;
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	for line in ["files 1", &format!("bytes {}", file.len())] {
		let line = format!("\nmedblock_gateway_lacking_{line}\n");
		assert!(metrics.contains(&line), "{metrics}");
	}
	let none = "\nmedblock_gateway_lacking_since_timestamp_seconds 0\n";
	assert!(!metrics.contains(none), "{metrics}");

	assert_eq!(setup.session(&patient).await.upload(id, &file).await.status(), 201);
	lacks(&setup, 0).await;
	assert!(setup.gateway.as_ref().unwrap().metrics().await.contains(none));
}

#[tokio::test]
async fn a_chart_that_cant_be_read_keeps_no_other_from_what_it_lacks() {
	let setup = Setup::start_with(&["--fetch-interval", "1"]).await;
	setup.admit("https://south.example").await;
	let [(first, id), (second, _)] = [setup.patient().await, setup.patient().await];
	let endless = make_unreadable(&setup, id);
	setup.name(&first, &[&age_file(1, 100)]).await;
	setup.name_at(&second, THERE, &[&age_file(2, 100)]).await;
	second.client.move_vault(HERE, THERE).await.unwrap();
	second.client.set_mirror(Some(HERE)).await.unwrap();
	lacks(&setup, 1).await;

	std::fs::remove_file(endless).unwrap();
	lacks_beside(&setup, 1, 1).await;
}

/// Waits until the vault says that it lacks so many files.
async fn lacks(setup: &Setup, files: u64) {
	lacks_beside(setup, files, 0).await;
}

/// The same, beside so many that no other vault has.
async fn lacks_beside(setup: &Setup, files: u64, nowhere: u64) {
	let deadline = Instant::now() + Duration::from_secs(60);
	loop {
		let health = setup.get("/health").await;
		if health["lacking"] == json!({ "files": files, "nowhere": nowhere }) {
			return;
		}
		assert!(Instant::now() < deadline, "it does not lack {files} and {nowhere}: {health}");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
}

/// What one vault gives to another is for vaults alone, and only what the chain gives them to keep.
#[tokio::test]
async fn a_vault_fetches_what_it_is_to_keep_and_reads_nothing() {
	let setup = Setup::start().await;
	setup.admit("https://south.example").await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	let file = age_file(1, 20 << 20);
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let [here, there] = [
		setup.name(&patient, &[&file]).await,
		setup.name_at(&patient, THERE, &[&age_file(2, 10)]).await,
	];
	let path = |record| format!("/v1/patients/{}/records/{record}", id.0);
	let file_of = |record| path(record) + "/file";
	let vaults_only = refused(403, "vaults-only");
	assert_eq!(own.refusal("GET", &file_of(here)).await, vaults_only);
	assert_eq!(
		own.refusal("GET", &format!("/v1/patients/{}/profile/file", id.0)).await,
		vaults_only
	);

	let vault = setup.vault().await;
	let (unknown, _) = setup.try_sign_in(&vault).await;
	assert_eq!(unknown["error"], "unknown-account", "the chain does not name it yet");
	setup.known("//Alice").await.client.name_vault_account().await.unwrap();
	let vaults = setup.session(&vault).await;
	assert!(vaults.send("GET", &file_of(here)).await.bytes().await.unwrap() == file);
	let part = vaults.request("GET", &file_of(here)).header("range", "bytes=9000000-9000499");
	let part = part.send().await.unwrap();
	assert_eq!(part.status(), 206);
	assert!(part.bytes().await.unwrap() == file[9_000_000..9_000_500]);
	assert_eq!(vaults.refusal("GET", &file_of(there)).await, refused(404, "other-vault"));
	assert_eq!(vaults.refusal("GET", &file_of(7)).await, refused(404, "record-not-found"));
	assert_eq!(vaults.refusal("GET", &path(here)).await, refused(403, "not-granted"));
	assert_eq!(vaults.refusal("HEAD", &path(here)).await.0, 403);
	assert_eq!(own.refusal("GET", &file_of(here)).await, vaults_only);

	// Withdrawn, it is not given to vaults either.
	patient.client.withdraw(&[here]).await.unwrap();
	assert_eq!(vaults.refusal("GET", &file_of(here)).await, refused(410, "record-withdrawn"));
	let looks = own.send("GET", &format!("/v1/patients/{}/disclosures", id.0)).await;
	let looks: Value = looks.json().await.unwrap();
	assert_eq!(looks["items"], json!([]), "no reader has got anything");
}

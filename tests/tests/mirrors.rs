//! Mirrors, moved charts, successors and back-ups: what vaults fetch from each other, what people's programs send again, and
//! that nothing is lost with a vault.

use medblock_client::{
	Repaired,
	grants::Terms,
	medblock_crypto::Mnemonic,
	profiles::Profile,
	vault::{Item, unwatched},
};
use medblock_e2e::{
	Chain, Consortium, Gateway, LyingVault, Network, Person, Program, Timed, Trick, binary,
	council_admits_fifth, council_decides, council_expels_fifth, eventually, files, must, urls,
};
use medblock_primitives::*;
use medblock_runtime::{Runtime, RuntimeCall};
use serde_json::json;
use std::{fs, path::Path, process::Command, time::Instant};
use tempfile::TempDir;

const NORTH: HospitalId = HospitalId(0);
const EAST: HospitalId = HospitalId(1);
const FIFTH: HospitalId = HospitalId(4);

/// Gateways look for missing files each second.
const OFTEN: [&str; 2] = ["--fetch-interval", "1"];

/// The hospital of this controller names its vault's account.
async fn names_its_vault(network: &Network, controller: &str) {
	let staff = Person::known(network, controller).await;
	let (done, _) = staff.client.name_vault_account().await.unwrap();
	assert!(done.receipt().is_some());
}

/// The number of files that a vault has.
fn kept(gateway: &Gateway) -> usize {
	let folder = gateway.data().join("blobs");
	let is_file = |path: &Path| path.file_name().is_some_and(|name| name.len() == 64);
	files(&folder).iter().filter(|path| is_file(path)).count()
}

async fn until_kept(gateway: &Gateway, number: usize) {
	eventually("the vault has fetched everything", || async {
		(kept(gateway) == number).then_some(())
	})
	.await;
}

/// The exit code of `vault verify` beside North's gateway.
fn verifies(network: &Network, gateway: &Gateway, more: &[&str]) -> Option<i32> {
	let mut command = Command::new(binary("medblock-gateway").unwrap());
	command.args(["--hospital", "0", "--node", &network.url(0), "--data"]).arg(gateway.data());
	command.args(["vault", "verify"]).args(more).status().unwrap().code()
}

/// Ends a vault for good, with everything that it has.
fn destroy(gateway: &Gateway) {
	gateway.kill();
	fs::remove_dir_all(gateway.data()).unwrap();
}

/// Readers of a chart get these records.
async fn all_is_read(readers: &[&Person], patient: PatientId, contents: &[(RecordIndex, Vec<u8>)]) {
	for (record, content) in contents {
		for reader in readers {
			let read = reader.reads(patient, *record).await.unwrap_or_else(|why| panic!("{why}"));
			assert!(read == *content, "record {record}, byte for byte");
		}
	}
}

/// On one network: in the end, both vaults were lost once.
#[tokio::test]
async fn nothing_is_lost_with_a_vault_that_others_mirror() {
	let consortium = Consortium::start_with(&OFTEN).await;
	let network = &consortium.network;
	for controller in ["//Alice", "//Bob"] {
		names_its_vault(network, controller).await;
	}
	let [north, east] = [&consortium.gateways[0], &consortium.gateways[1]];
	let ((ana, of_ana), (ben, of_ben), (ada, doctor)) =
		tokio::join!(consortium.patient(0), consortium.patient(0), consortium.doctor(1));
	for patient in [&ana, &ben] {
		patient.client.grant(doctor, Terms { may_append: true, expires_at: None }).await.unwrap();
	}

	// Ana has a mirror. It fetches what was there before, and what comes.
	let before = ana.adds("before", b"before the mirror").await;
	must(ana.client.set_mirror(Some(EAST)).await);
	let film = vec![7; 20 << 20];
	let hers = [
		(before, b"before the mirror".to_vec()),
		(ana.adds("film", &film).await, film),
		(ada.appends(of_ana, "note", b"a note").await, b"a note".to_vec()),
	];
	let profile = Profile { name: "Ana".to_owned(), birth_date: None, contact: None };
	must(ana.client.set_profile(of_ana, &profile, &unwatched()).await);
	// Ben moves his chart.
	let his = [(ben.adds("letter", b"moved").await, b"moved".to_vec())];
	must(ben.client.move_vault(NORTH, EAST).await);
	until_kept(east, 5).await;

	// A bit flips on North's disk. The administrator finds it, and the mirror has the file.
	let folder = north.data().join("blobs").join(of_ana.0.to_string());
	let damaged = files(&folder).remove(0);
	let mut bytes = fs::read(&damaged).unwrap();
	*bytes.last_mut().unwrap() ^= 1;
	fs::write(&damaged, bytes).unwrap();
	assert_eq!(verifies(network, north, &[]), Some(3));
	assert_eq!(verifies(network, north, &["--sample", "100", "--set-aside", "--json"]), Some(3));
	assert_eq!(kept(north), 4);
	north.kill();
	north.resume().await;
	until_kept(north, 5).await;
	assert_eq!(verifies(network, north, &[]), Some(0));

	// North burns down. Both patients and their doctor read on, and none of them does anything for it.
	destroy(north);
	let began = Instant::now();
	all_is_read(&[&ana, &ada], of_ana, &hers).await;
	all_is_read(&[&ben, &ada], of_ben, &his).await;
	println!("everything is read without its home after {:.1} s", began.elapsed().as_secs_f32());
	assert_eq!(ada.lists(of_ana).await.len(), 3);
	assert_eq!(ana.client.profile(of_ana, &unwatched()).await.unwrap().name, "Ana");

	// North comes back with nothing, and takes from the mirror what it is the home of.
	let clock = Timed::start("a vault in an empty folder is filled after");
	north.resume().await;
	names_its_vault(network, "//Alice").await;
	// Its log is lost, too. If it was on the chain, the hospital begins another.
	let controller = Person::known(network, "//Alice").await;
	let _ = controller.client.begin_disclosure_log().await;
	until_kept(north, 4).await;
	clock.stop();
	east.kill();
	all_is_read(&[&ana], of_ana, &hers).await;
}

/// A back-up is older than the last records: the people who added them send them again.
#[tokio::test]
async fn restored_back_up_that_lacks_the_last_records_ends_with_all_of_them() {
	let consortium = Consortium::start().await;
	let north = &consortium.gateways[0];
	let words = Mnemonic::generate();
	let cleo = Person::with_words(&consortium.network, &words).await;
	let of_cleo = consortium.admit(&cleo, 0).await;
	let program = Program::with_words(&consortium.network, &words).await;
	let ana_words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &ana_words).await;
	let patient = consortium.admit(&ana, 0).await;
	let (ada, doctor) = consortium.doctor(1).await;
	ana.client.grant(doctor, Terms { may_append: true, expires_at: None }).await.unwrap();
	let old = ana.adds("old", b"in the back-up").await;

	let back_up = TempDir::new().unwrap();
	north.kill();
	copy(&north.data(), back_up.path());
	north.resume().await;
	let new = ana.adds("new", b"since the back-up").await;
	let note = ada.appends(patient, "note", b"a note since").await;
	let scan = cleo.home().join("scan");
	fs::write(&scan, b"by the program").unwrap();
	let added = program.run(&["record", "add", scan.to_str().unwrap()]).await;
	assert_eq!(added.code, 0, "{added:?}");
	destroy(north);
	copy(back_up.path(), &north.data());
	north.resume().await;
	assert_eq!(ana.reads(patient, old).await.unwrap(), b"in the back-up");
	for lost in [new, note] {
		assert!(ana.reads(patient, lost).await.is_err(), "the back-up lacks it");
	}

	// Each has what they sent, and finds out about the rest of their own chart.
	let Repaired { sent, waiting, problem, lost, unknown } =
		ana.client.repair_records(patient, true, &unwatched()).await.unwrap();
	assert!(problem.is_none(), "{problem:?}");
	assert_eq!((sent, waiting, unknown), (1, 0, 0));
	assert_eq!(lost, [Item::Record(note)]);
	assert_eq!(ada.client.patients_with_copies().await.unwrap(), [patient]);
	let repaired = ada.client.repair_records(patient, false, &unwatched()).await.unwrap();
	assert_eq!((repaired.sent, repaired.waiting), (1, 0));
	let contents = [
		(old, b"in the back-up".to_vec()),
		(new, b"since the back-up".to_vec()),
		(note, b"a note since".to_vec()),
	];
	all_is_read(&[&ana, &ada], patient, &contents).await;
	let again = ana.client.repair_records(patient, true, &unwatched()).await.unwrap();
	assert_eq!((again.sent, again.lost.len(), again.unknown), (0, 0, 0));

	let ran = program.run(&["record", "repair", "--json"]).await;
	assert_eq!(ran.code, 0, "{ran:?}");
	let said = json!({
		"sent": 1,
		"waiting": 0,
		"lostRecords": [],
		"lostProfile": false,
		"unknown": 0,
	});
	assert_eq!(ran.json().unwrap(), said);
	assert_eq!(cleo.reads(of_cleo, 0).await.unwrap(), b"by the program");

	// Once the vault says that a back-up has them, they go.
	let copies = |person: &Person| {
		let is_copy = |path: &Path| path.extension().is_some_and(|end| end == "kept");
		files(person.home()).iter().filter(|path| is_copy(path)).count()
	};
	assert_eq!(copies(&ana), 2);
	let began = json!({ "began": "2999-01-01T00:00:00Z" });
	fs::write(north.data().join("backed-up.json"), began.to_string()).unwrap();
	let ana = ana.restarted(&urls(&consortium.network), &ana_words).await;
	ana.client.settle_outbox(patient, &unwatched()).await.unwrap();
	assert_eq!(copies(&ana), 0);
}

/// The council lets another hospital keep what one had that was expelled.
#[tokio::test]
async fn successor_of_an_expelled_hospital_gets_its_files() {
	let consortium = Consortium::start_with(&OFTEN).await;
	let network = &consortium.network;
	let council = Chain::connect(&network.url(0)).await;
	let fifth = Gateway::asking(&network.url(0), network, 4, &[]).await;
	council_admits_fifth(&council, fifth.url()).await;
	let controller = Person::known(network, "//Eve").await;
	let registrar = consortium.registrar(4).await;
	must(controller.client.appoint_registrar(registrar.client.keys().account()).await);
	must(registrar.client.accept_appointment(None).await.map(|(done, _)| done));
	for controller in ["//Alice", "//Bob"] {
		names_its_vault(network, controller).await;
	}
	let [north, east] = [&consortium.gateways[0], &consortium.gateways[1]];
	let (ana, of_ana) = consortium.patient(4).await;
	let (ben, of_ben) = consortium.patient(4).await;
	must(ana.client.set_mirror(Some(EAST)).await);
	let hers = [(ana.adds("letter", b"with a mirror").await, b"with a mirror".to_vec())];
	let his = [(ben.adds("letter", b"without one").await, b"without one".to_vec())];
	until_kept(east, 1).await;

	council_expels_fifth(&council).await;
	fifth.kill();
	all_is_read(&[&ana], of_ana, &hers).await;
	assert!(ben.reads(of_ben, 0).await.is_err(), "nobody else has it");

	// Its gateway asks another hospital's node, so it can still hand over what it has.
	let succeed: RuntimeCall = pallet_medical_records::Call::<Runtime>::set_successor {
		left: FIFTH,
		successor: Some(NORTH),
	}
	.into();
	council_decides(&council, &["Alice", "Bob", "Charlie"], succeed).await;
	until_kept(north, 1).await;
	assert!(ben.reads(of_ben, 0).await.is_err(), "nor has the mirror");
	fifth.resume().await;
	until_kept(north, 2).await;
	destroy(&fifth);
	east.kill();
	all_is_read(&[&ana], of_ana, &hers).await;
	all_is_read(&[&ben], of_ben, &his).await;

	// What the successor loses, too, the patient's own copy brings back.
	let folder = north.data().join("blobs").join(of_ben.0.to_string());
	fs::remove_dir_all(folder).unwrap();
	assert!(ben.reads(of_ben, 0).await.is_err());
	let repaired = ben.client.repair_records(of_ben, true, &unwatched()).await.unwrap();
	assert_eq!((repaired.sent, repaired.lost.len()), (1, 0));
	all_is_read(&[&ben], of_ben, &his).await;
}

/// A mirror keeps nothing but what the chain names, whatever the home gives it.
#[tokio::test]
async fn mirror_takes_no_other_bytes_than_the_chain_names() {
	let network = Network::start().await;
	let home = LyingVault::start(&network, 0).await;
	let east = Gateway::start(&network, 1, &OFTEN).await;
	let consortium = Consortium::without_gateways(network);
	let network = &consortium.network;
	for (controller, url) in [("//Alice", home.url()), ("//Bob", east.url())] {
		must(Person::known(network, controller).await.client.set_gateway(url).await);
	}
	names_its_vault(network, "//Bob").await;
	let (ana, patient) = consortium.patient(0).await;
	let film = vec![9; 3 << 20];
	let hers = [
		(ana.adds("letter", b"the patient's own").await, b"the patient's own".to_vec()),
		(ana.adds("film", &film).await, film),
	];
	home.plays(Trick::FlippedBit);
	must(ana.client.set_mirror(Some(EAST)).await);
	// With both files: what is on its way when the vault is killed would be continued.
	eventually("it is found out", || async {
		let found_out = east.log().matches("other bytes than the chain names").count();
		(found_out == hers.len()).then_some(())
	})
	.await;
	assert_eq!(kept(&east), 0, "nothing of that was kept");

	// What came before the connection ended stays, and is continued. It would only ask for these files again in two minutes,
	// so it begins anew.
	east.kill();
	home.plays(Trick::CutAt(100));
	east.resume().await;
	eventually("a part of both has come", || async {
		let is_part = |path: &Path| {
			path.extension().is_some_and(|end| end == "part")
				&& fs::metadata(path).is_ok_and(|found| found.len() == 100)
		};
		let parts = files(&east.data().join("staging")).into_iter();
		(parts.filter(|path| is_part(path)).count() == 2).then_some(())
	})
	.await;
	// In the next round nothing more of them may have come, and they would rest again.
	east.kill();
	home.plays(Trick::None);
	east.resume().await;
	until_kept(&east, 2).await;
	home.plays(Trick::FlippedBit);
	all_is_read(&[&ana], patient, &hers).await;
}

/// What a slow vault gives over several rounds is not spoiled by another, which gives half of it wrong in each.
#[tokio::test]
async fn liar_keeps_no_slow_file_from_coming() {
	let network = Network::start().await;
	let liar = LyingVault::start(&network, 0).await;
	let slow = LyingVault::start(&network, 1).await;
	let south = Gateway::start(&network, 2, &OFTEN).await;
	let consortium = Consortium::without_gateways(network);
	let network = &consortium.network;
	let addresses = [("//Alice", liar.url()), ("//Bob", slow.url()), ("//Charlie", south.url())];
	for (controller, url) in addresses {
		must(Person::known(network, controller).await.client.set_gateway(url).await);
	}
	names_its_vault(network, "//Charlie").await;
	let (ana, patient) = consortium.patient(0).await;
	let film = vec![9; 3 << 20];
	let hers = [(ana.adds("film", &film).await, film)];
	must(ana.client.move_vault(NORTH, EAST).await);
	// As the runbook moves files.
	copy(&liar.data().join("blobs"), &slow.data().join("blobs"));

	slow.plays(Trick::Slow(1 << 20));
	liar.plays(Trick::HalfOfOther);
	must(ana.client.set_mirror(Some(HospitalId(2))).await);
	until_kept(&south, 1).await;
	eventually("the liar's bytes are dropped", || async {
		let is_part = |path: &Path| path.extension().is_some_and(|end| end == "part");
		let left = files(&south.data().join("staging"));
		(!left.iter().any(|path| is_part(path))).then_some(())
	})
	.await;
	for vault in [&slow, &liar] {
		vault.plays(Trick::FlippedBit);
	}
	all_is_read(&[&ana], patient, &hers).await;
}

/// Copies a folder and what is in it.
fn copy(from: &Path, to: &Path) {
	fs::create_dir_all(to).unwrap();
	for entry in fs::read_dir(from).unwrap() {
		let entry = entry.unwrap();
		let target = to.join(entry.file_name());
		if entry.path().is_dir() {
			copy(&entry.path(), &target);
		} else {
			fs::copy(entry.path(), target).unwrap();
		}
	}
}

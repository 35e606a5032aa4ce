//! Many files at once: a study as one record, a chart into a folder, all that there is of a patient, and what comes in while
//! one waits.

use medblock_client::{
	Error,
	grants::Terms,
	medblock_crypto::Mnemonic,
	records::packed::{Found, sort},
	vault::{self, unwatched},
};
use medblock_e2e::{
	Consortium, LyingVault, Network, Person, Program, Ran, Requests, Trick, dicom, eventually,
	files, must,
};
use medblock_platform::{Folder, files::UserFile};
use medblock_primitives::{DoctorId, PatientId};
use serde_json::Value;
use std::{
	fs,
	io::Read,
	path::{Path, PathBuf},
	process::Stdio,
	time::Duration,
};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};

/// What the program exits with if something could not be read.
const INCOMPLETE: i32 = 11;

/// What the program exits with if a vault's limits do not allow it.
const REFUSED: i32 = 3;

/// The images of the study, and the bytes of pixels in each.
const IMAGES: u32 = 60;
const PIXELS: usize = 24 * 1_024;

/// A letter that its name does not tell to be one.
const LETTER: &[u8] = b"%PDF-1.7\n% no finding\n";

/// A patient and a doctor who sees all of the chart, both with the program.
struct Scene {
	consortium: Consortium,
	ana: Program,
	patient: PatientId,
	doctor: Program,
	id: DoctorId,
	person: Person,
}

impl Scene {
	async fn set() -> Self {
		let consortium = Consortium::start().await;
		let words = Mnemonic::generate();
		let person = Person::with_words(&consortium.network, &words).await;
		let ana = Program::with_words(&consortium.network, &words).await;
		let words = Mnemonic::generate();
		let of_doctor = Person::with_words(&consortium.network, &words).await;
		let (patient, id) = tokio::join!(
			consortium.admit(&person, 0),
			consortium.admit_doctor(&of_doctor, 1, None),
		);
		let doctor = Program::with_words(&consortium.network, &words).await;
		Self { consortium, ana, patient, doctor, id, person }
	}

	/// What was asked of the patient's vault so far.
	fn requests(&self) -> Requests {
		Requests::at(&self.consortium.gateways[0])
	}

	async fn grants(&self) {
		self.person.client.grant(self.id, Terms::default()).await.unwrap();
	}

	/// The folder of a disc: the study, a letter, and a system's litter.
	fn disc(&self) -> (TempDir, Vec<String>) {
		let folder = TempDir::new().unwrap();
		let paths = dicom::study(folder.path(), IMAGES, PIXELS);
		fs::write(folder.path().join("report"), LETTER).unwrap();
		fs::write(folder.path().join(".DS_Store"), "litter").unwrap();
		(folder, paths)
	}
}

async fn does(program: &Program, words: &[&str]) -> Value {
	let ran = runs(program, words).await;
	assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
	ran.json().unwrap()
}

async fn runs(program: &Program, words: &[&str]) -> Ran {
	program.run(&[words, &["--json"]].concat()).await
}

fn text(path: &Path) -> String {
	path.display().to_string()
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
	let entries = fs::read_dir(folder).unwrap();
	let mut names: Vec<String> =
		entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
	names.sort_unstable();
	names
}

fn sorted_files(folder: &Path) -> Vec<PathBuf> {
	let mut all = files(folder);
	all.sort_unstable();
	all
}

fn count(items: &Value) -> usize {
	items.as_array().unwrap().len()
}

#[tokio::test]
async fn a_study_is_one_record_from_which_single_images_come() {
	let scene = Scene::set().await;
	let (disc, paths) = scene.disc();
	let before = scene.requests();

	// In: one call for the study and the letter, after one sign-in.
	let added = does(&scene.ana, &["record", "add", &text(disc.path()), "--yes"]).await;
	assert_eq!(added["records"], serde_json::json!([0, 1]), "{added}");
	let asked = scene.requests().since(before);
	assert_eq!(asked.sign_ins, 1, "{asked:?}");
	assert!(asked.uploads > 0 && asked.all < 40, "{asked:?}");
	let listed = does(&scene.ana, &["record", "list"]).await;
	let title = format!("{} ({IMAGES} images)", dicom::TITLE);
	assert_eq!(listed["items"][0]["title"], title.as_str(), "{listed}");
	assert_eq!(listed["items"][0]["mediaType"], "application/zip");
	assert_eq!(listed["items"][1]["title"], "report");
	assert_eq!(listed["items"][1]["mediaType"], "application/pdf");
	assert!(!listed.to_string().contains("Muster") && dicom::NAME.starts_with("Muster"));

	// Out, by the doctor: all of it in one sign-in, byte for byte.
	scene.grants().await;
	let (folder, patient) = (TempDir::new().unwrap(), scene.patient.0.to_string());
	let target = folder.path().join("chart");
	let before = scene.requests();
	let open = ["doctor", "open", &patient, "--all", "--unpack", "-o", &text(&target)];
	let opened = does(&scene.doctor, &open).await;
	assert_eq!(opened["before"], 0, "{opened}");
	assert_eq!(count(&opened["items"]), 2, "{opened}");
	let asked = scene.requests().since(before);
	assert_eq!(asked.sign_ins, 1, "{asked:?}");
	assert!(asked.downloads <= 4, "{asked:?}");
	let study = target.join(format!("0000 {title}"));
	for path in &paths {
		let (came, went) = (fs::read(study.join(path)), fs::read(disc.path().join(path)));
		assert!(came.unwrap() == went.unwrap(), "{path}");
	}
	assert!(study.join("DICOMDIR").is_file());
	assert_eq!(fs::read(target.join("0001 report")).unwrap(), LETTER);

	// It was ended before it wrote down what is there by now.
	fs::remove_file(target.join("manifest.jsonl")).unwrap();
	let again = does(&scene.doctor, &open).await;
	assert_eq!(count(&again["items"]), 2, "{again}");
	assert_eq!(again["problems"], serde_json::json!([]), "{again}");

	// One image alone, for as many bytes as it has, and a little more.
	let contents = does(&scene.doctor, &["doctor", "open", &patient, "0", "--contents"]).await;
	assert_eq!(count(&contents["items"]), IMAGES as usize + 1, "{contents}");
	let image = folder.path().join("image.dcm");
	let open = ["doctor", "open", &patient, "0", "--file", &paths[7], "-o", &text(&image)];
	does(&scene.doctor, &open).await;
	assert!(fs::read(&image).unwrap() == fs::read(disc.path().join(&paths[7])).unwrap());
	let given =
		does(&scene.ana, &["patient", "disclosures", "--doctor", &scene.id.0.to_string()]).await;
	let last = given["items"].as_array().unwrap().last().unwrap();
	let bytes = last["to"].as_u64().unwrap() - last["from"].as_u64().unwrap();
	assert!((PIXELS as u64..4 * 64 * 1_024).contains(&bytes), "{last}");

	// What is no study has nothing inside, and what is not in it can't be fetched.
	for (words, why) in [
		(&["record", "open", "1", "--contents"][..], "single file"),
		(&["record", "open", "0", "--file", "SE000000/none"][..], "no file"),
	] {
		let ran = scene.ana.run(words).await;
		assert!(ran.code == 2 && ran.said.contains(why), "{ran:?}");
	}
}

#[tokio::test]
async fn a_file_that_is_too_large_keeps_no_other_out() {
	let scene = Scene::set().await;
	let folder = TempDir::new().unwrap();
	let [large, letter] = ["study.iso", "letter.pdf"].map(|name| folder.path().join(name));
	// It takes no room on this disk, and minutes to encrypt.
	fs::File::create(&large).unwrap().set_len(9 << 30).unwrap();
	fs::write(&letter, LETTER).unwrap();
	let add = ["record", "add", &text(&large), &text(&letter)];
	let ran = runs(&scene.ana, &add).await;
	assert_eq!(ran.code, REFUSED, "{ran:?}");
	let told = ran.json().unwrap();
	assert_eq!(told["records"], serde_json::json!([0]), "{told}");
	let why = told["tooLarge"][0].as_str().unwrap();
	assert!(why.contains("study.iso is larger than the 8589934592 bytes"), "{told}");
	assert!(ran.said.contains("study.iso"), "{ran:?}");
	let listed = does(&scene.ana, &["record", "list"]).await;
	assert_eq!(count(&listed["items"]), 1, "{listed}");
	assert_eq!(listed["items"][0]["title"], "letter");

	// Alone, it is refused, and nothing of it stays here.
	let ran = runs(&scene.ana, &["record", "add", &text(&large)]).await;
	assert_eq!(ran.code, REFUSED, "{ran:?}");
	assert!(ran.said.contains("study.iso is larger than"), "{ran:?}");
	let kept: u64 =
		files(scene.ana.home()).iter().map(|path| fs::metadata(path).unwrap().len()).sum();
	assert!(kept < 10_000_000, "{kept} bytes are kept");
}

#[tokio::test]
async fn an_interrupted_command_goes_on_where_it_was() {
	let scene = Scene::set().await;
	let letters = TempDir::new().unwrap();
	for number in 0..5 {
		fs::create_dir(letters.path().join(format!("{number}"))).unwrap();
		// All of them have one name.
		let path = letters.path().join(format!("{number}/letter.txt"));
		fs::write(path, format!("letter {number}")).unwrap();
	}
	let added = does(&scene.ana, &["record", "add", &text(letters.path()), "--yes"]).await;
	assert_eq!(count(&added["records"]), 5, "{added}");
	let whole = ["record", "add", &text(letters.path()), "--yes", "--as-one", "--title", "Letters"];
	assert_eq!(does(&scene.ana, &whole).await["records"], serde_json::json!([5]));

	let folder = TempDir::new().unwrap();
	let open = ["record", "open", "--all", "-o", &text(folder.path())];
	let opened = does(&scene.ana, &open).await;
	assert_eq!(count(&opened["items"]), 6, "{opened}");
	let expected = [
		"0000 letter.txt",
		"0001 letter.txt",
		"0002 letter.txt",
		"0003 letter.txt",
		"0004 letter.txt",
		"0005 Letters.zip",
		"manifest.jsonl",
	];
	assert_eq!(names(folder.path()), expected);

	// As if it had been ended before the third, and while it wrote down the second, which has its name.
	let manifest = folder.path().join("manifest.jsonl");
	let lines = fs::read_to_string(&manifest).unwrap();
	let two: Vec<&str> = lines.lines().filter(|line| line.contains("\"record\":0,")).collect();
	fs::write(&manifest, format!("{}\n{{\"file\":\"00", two.concat())).unwrap();
	for name in expected.iter().take(6).skip(2) {
		fs::remove_file(folder.path().join(name)).unwrap();
	}
	let again = does(&scene.ana, &open).await;
	assert_eq!(again["before"], 1, "{again}");
	assert_eq!(count(&again["items"]), 5, "{again}");
	assert_eq!(names(folder.path()), expected);
	assert_eq!(fs::read(folder.path().join("0003 letter.txt")).unwrap(), b"letter 3");
	let nothing = does(&scene.ana, &open).await;
	assert_eq!(nothing["before"], 6, "{nothing}");
	assert_eq!(count(&nothing["items"]), 0, "{nothing}");

	// What is there and not from this chart is not overwritten: the record gets another name, again and again.
	let other = TempDir::new().unwrap();
	fs::write(other.path().join("0001 letter.txt"), "mine").unwrap();
	for before in [0, 2] {
		let open = ["record", "open", "0", "1", "-o", &text(other.path())];
		assert_eq!(does(&scene.ana, &open).await["before"], before);
	}
	assert_eq!(fs::read(other.path().join("0001 letter.txt")).unwrap(), b"mine");
	assert_eq!(fs::read(other.path().join("0001 letter (2).txt")).unwrap(), b"letter 1");
	assert_eq!(fs::read(other.path().join("0000 letter.txt")).unwrap(), b"letter 0");
}

#[tokio::test]
async fn an_export_has_everything_and_says_what_is_missing() {
	let scene = Scene::set().await;
	scene.grants().await;
	let (disc, paths) = scene.disc();
	does(&scene.ana, &["record", "add", &text(disc.path()), "--yes"]).await;
	does(&scene.ana, &["patient", "profile", "--name", "Ana Lima"]).await;
	let folder = TempDir::new().unwrap();
	let target = folder.path().join("export");
	let exported = does(&scene.ana, &["patient", "export", &text(&target), "--unpack"]).await;
	assert_eq!(exported["problems"], serde_json::json!([]), "{exported}");
	let found = names(&target);
	for name in [
		"0001 report",
		"acting.json",
		"chart.fhir.json",
		"chart.json",
		"disclosures.json",
		"grants.json",
		"manifest.jsonl",
		"profile.json",
	] {
		assert!(found.iter().any(|one| one == name), "{name} in {found:?}");
	}
	let json = |name: &str| -> Value {
		serde_json::from_slice(&fs::read(target.join(name)).unwrap()).unwrap()
	};
	assert_eq!(json("profile.json")["name"], "Ana Lima");
	assert_eq!(json("chart.json")["items"].as_array().unwrap().len(), 2);
	assert_eq!(json("grants.json")["items"][0]["doctor"], scene.id.0);
	assert_eq!(json("acting.json")["representatives"], serde_json::json!([]));
	assert_eq!(json("chart.fhir.json")["resourceType"], "Bundle");

	// Each file is as long as the manifest says, those of the study, too.
	let manifest = fs::read_to_string(target.join("manifest.jsonl")).unwrap();
	let lines: Vec<Value> =
		manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
	assert_eq!(lines.len(), 8, "{manifest}");
	let study = lines.iter().find(|line| line["contentOf"]["record"] == 0).unwrap();
	let images = study["files"].as_array().unwrap();
	assert_eq!(images.len(), paths.len() + 1);
	let length = |path: PathBuf| fs::metadata(path).unwrap().len();
	for image in images {
		let path =
			target.join(study["file"].as_str().unwrap()).join(image["file"].as_str().unwrap());
		assert_eq!(image["bytes"], length(path));
	}
	for line in lines.iter().filter(|line| line["files"].is_null()) {
		assert_eq!(line["bytes"], length(target.join(line["file"].as_str().unwrap())), "{line}");
	}

	// An archive has the same, and leaves no folder behind.
	let archive = folder.path().join("export.zip");
	does(&scene.ana, &["patient", "export", &text(&archive)]).await;
	assert!(fs::read(&archive).unwrap().starts_with(b"PK\x03\x04"));
	assert_eq!(names(folder.path()), ["export", "export.zip"]);

	// As if it had been killed while it removed what it had packed. What the archive lacks, it would not remove.
	let beside = folder.path().join("export.zip.unfinished");
	fs::create_dir(&beside).unwrap();
	fs::write(beside.join("0001 report"), LETTER).unwrap();
	fs::write(beside.join("mine"), "only here").unwrap();
	let ran = scene.ana.run(&["patient", "export", &text(&archive)]).await;
	assert!(ran.code == 7 && ran.said.contains("is there already"), "{ran:?}");
	fs::remove_file(beside.join("mine")).unwrap();
	let again = does(&scene.ana, &["patient", "export", &text(&archive)]).await;
	assert_eq!((&again["before"], count(&again["problems"])), (&serde_json::json!(2), 0));
	assert_eq!(names(folder.path()), ["export", "export.zip"]);
	let ran = scene.ana.run(&["patient", "export", &text(&archive)]).await;
	assert!(ran.code == 7 && ran.said.contains("is there already"), "{ran:?}");

	// The vault has lost the letter.
	let at = scene.person.client.chain().finalized().await.unwrap();
	let record = at.record(scene.patient, 1).await.unwrap().unwrap();
	let digest: String =
		record.document.unwrap().digest.iter().map(|byte| format!("{byte:02x}")).collect();
	let blobs = files(&scene.consortium.gateways[0].data().join("blobs"));
	let blob = blobs.iter().find(|path| path.ends_with(&digest)).unwrap();
	fs::remove_file(blob).unwrap();
	let target = folder.path().join("again");
	let ran = runs(&scene.ana, &["patient", "export", &text(&target)]).await;
	assert_eq!(ran.code, INCOMPLETE, "{ran:?}");
	let told = ran.json().unwrap();
	assert_eq!(told["problems"][0]["record"], 1, "{told}");
	assert_eq!(count(&told["items"]), 1, "{told}");
	assert!(target.join("grants.json").is_file() && target.join("manifest.jsonl").is_file());
}

#[tokio::test]
async fn a_vault_that_alters_an_image_is_found_out() {
	let network = Network::start().await;
	let vault = LyingVault::start(&network, 0).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(vault.url()).await);
	let (ana, patient) = consortium.patient(0).await;
	let folder = ana.home().join("study");
	let paths = dicom::study(&folder, 9, PIXELS);
	let found = paths.iter().map(|path| Found {
		path: path.clone(),
		file: UserFile::Given(folder.join(path)),
		written_at: None,
	});
	let mut sorted = sort(found.collect(), &unwatched()).await.unwrap();
	let study = sorted.studies.pop().unwrap();
	let file = study.into_file(None, &unwatched()).await.unwrap();
	must(ana.client.add_records(&[file], &unwatched()).await);

	let contents = ana.client.contents(patient, 0).await.unwrap().unwrap();
	let (member, target) = (&contents.members()[4], Folder::new(ana.home()));
	let image = contents.open(member, &target, &unwatched()).await.unwrap();
	let mut bytes = Vec::new();
	image.file.reader().read_to_end(&mut bytes).unwrap();
	assert!(bytes == fs::read(folder.join(&member.path)).unwrap());
	drop(image);

	vault.plays(Trick::FlippedBit);
	let left = sorted_files(ana.home());
	let why = contents.open(member, &target, &unwatched()).await.err().unwrap();
	assert!(matches!(why, Error::Vault(vault::Error::WrongBytes(_))), "{why}");
	assert_eq!(sorted_files(ana.home()), left, "nothing is left");
	let why = ana.client.contents(patient, 0).await.err().unwrap();
	assert!(matches!(why, Error::Vault(vault::Error::WrongBytes(_))), "{why}");
}

#[tokio::test]
async fn an_inbox_that_is_followed_tells_what_happens() {
	let scene = Scene::set().await;
	let words = ["doctor", "inbox", "--follow", "--json"];
	let mut child =
		scene.doctor.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
	let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
	let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
	// It says that it waits before anything comes.
	let first = tokio::time::timeout(Duration::from_secs(60), said.next_line()).await;
	assert!(first.unwrap().unwrap().unwrap().contains("Waiting for what patients grant"));
	scene.grants().await;
	eventually("the grant is final", || async {
		let at = scene.person.client.chain().finalized().await.ok()?;
		at.grant(scene.patient, scene.id).await.ok()?.map(drop)
	})
	.await;
	scene.person.adds("letter", LETTER).await;
	let mut kinds = Vec::new();
	while kinds.len() < 2 {
		let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await;
		let line: Value = serde_json::from_str(&line.unwrap().unwrap().unwrap()).unwrap();
		assert_eq!(line["event"]["patient"], scene.patient.0, "{line}");
		assert!(line["block"]["number"].as_u64().unwrap() > 0, "{line}");
		kinds.push(line["event"]["type"].as_str().unwrap().to_owned());
	}
	assert_eq!(kinds, ["granted", "records-added"]);

	// A reader that has closed the pipe, as `head` does, has seen enough.
	drop(lines);
	scene.person.adds("result", LETTER).await;
	let ended = tokio::time::timeout(Duration::from_secs(60), child.wait()).await;
	assert!(ended.unwrap().unwrap().success());
}

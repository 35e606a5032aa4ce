//! A lost phone, with the words lost, too: guardians give its owner a new account and the data, and give a thief
//! nothing. Two of three printed sheets give words back.

use medblock_client::{
	Error, accounts,
	chain::Call,
	grants::Terms,
	medblock_crypto::Mnemonic,
	recovery::{self, Choice, Request},
};
use medblock_e2e::{Consortium, Person, Program, eventually, must};
use medblock_primitives::{
	ActingAs, Capacity, Delegate, DoctorId, HospitalId, PatientId, Person as PersonId,
	SEALED_SHARE_LENGTH, SealedShare,
};
use serde_json::Value;
use std::fs;

/// The shortest delay of the presets, in milliseconds.
const DELAY: u64 = 6_000;

/// A delay in which a story has the time to see that it is not over, on a slow machine, too.
const LONG_DELAY: u64 = 45_000;

/// Guardians of three kinds. Two have to agree.
struct Guardians {
	ben: Person,
	doctor: Person,
	desk: Person,
	all: [Delegate; 3],
}

impl Guardians {
	async fn new(consortium: &Consortium) -> Self {
		let ((ben, bens), (doctor, doctors), desk) =
			tokio::join!(consortium.patient(0), consortium.doctor(1), consortium.desk(1));
		must(ben.client.set_acting_key().await);
		let hospital = HospitalId(1);
		let all = [Delegate::Patient(bens), Delegate::Doctor(doctors), Delegate::Desk(hospital)];
		Self { ben, doctor, desk, all }
	}

	fn choice(&self) -> Choice {
		Choice { guardians: self.all.to_vec(), threshold: 2, delay: DELAY }
	}

	fn each(&self) -> [&Person; 3] {
		[&self.ben, &self.doctor, &self.desk]
	}

	/// Ben and the desk support the account of a new device.
	async fn support(&self, device: &Person, person: PersonId) {
		let request = device.client.begin_recovery(person).await.unwrap();
		let request = Request::parse(&request.to_json()).unwrap();
		must(self.ben.client.request_recovery(None, &request).await);
		let (new, digest) = (request.account, request.key_digest());
		must(self.desk.client.approve_recovery(None, person, new, digest).await);
	}

	/// Both hand their shares over, when they can.
	async fn hand_over(&self, device: &Person, person: PersonId) {
		let new = device.client.keys().account();
		is_due(&self.ben).await;
		must(self.ben.client.hand_over_share(None, person, new).await);
		must(self.desk.client.hand_over_share(Some(ActingAs::Desk), person, new).await);
	}
}

/// Waits for the end of the delay, as a guardian's device does.
async fn is_due(guardian: &Person) {
	eventually("the delay to be over", || async {
		let at = guardian.client.chain().finalized().await.ok()?;
		let due = guardian.client.due_hand_overs(&at).await.ok()?;
		(!due.is_empty()).then_some(())
	})
	.await;
}

async fn asks_for(person: &Person) -> usize {
	let at = person.client.chain().finalized().await.unwrap();
	person.client.own_recoveries(&at).await.unwrap().len()
}

fn why(refused: medblock_client::Result<medblock_client::Done>) -> recovery::Error {
	match refused {
		Err(Error::Recovery(why)) => why,
		other => panic!("{other:?}"),
	}
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_phone_and_words_gets_account_and_data_back() {
	let consortium = Consortium::start().await;
	let (guardians, (ana, patient), (ada, adas)) =
		tokio::join!(Guardians::new(&consortium), consortium.patient(0), consortium.doctor(0));
	let person = PersonId::Patient(patient);
	let letter = ana.adds("letter", b"from before").await;
	ana.client.grant(adas, Terms { may_append: true, expires_at: None }).await.unwrap();

	// Not among too few, and not among more than there are.
	for (guardians, threshold) in
		[(&guardians.all[..2], 1), (&guardians.all[..2], 3), (&guardians.all[..1], 1)]
	{
		let choice = Choice { guardians: guardians.to_vec(), threshold, delay: DELAY };
		let refused = ana.client.set_guardians(Capacity::Patient, &choice).await.unwrap_err();
		assert!(matches!(refused, Error::Crypto(_)), "{refused}");
	}
	let choice = Choice { delay: LONG_DELAY, ..guardians.choice() };
	must(ana.client.set_guardians(Capacity::Patient, &choice).await);
	let at = ana.client.chain().finalized().await.unwrap();
	let own = ana.client.own_guardians(&at, Capacity::Patient).await.unwrap().unwrap();
	assert!(own.is_of_present_secret && own.outdated.is_empty());
	for guardian in guardians.each() {
		let at = guardian.client.chain().finalized().await.unwrap();
		guardian.client.check_own_share(&at, person).await.unwrap();
	}

	// The new device shows a digest, and guardians who were told another one do nothing.
	let device = consortium.newcomer().await;
	let new = device.client.keys().account();
	let request = device.client.begin_recovery(person).await.unwrap();
	must(guardians.ben.client.request_recovery(None, &request).await);
	let refused = guardians.desk.client.approve_recovery(None, person, new, [1; 32]).await;
	assert_eq!(why(refused), recovery::Error::OtherKeyDigest(person));
	let early = guardians.ben.client.hand_over_share(None, person, new).await;
	assert_eq!(why(early), recovery::Error::NotApproved { approvals: 1, needed: 2 });
	let approved = guardians.desk.client.approve_recovery(None, person, new, request.key_digest());
	must(approved.await);
	assert_eq!(asks_for(&ana).await, 1, "the lost device would be told");
	let early = guardians.ben.client.hand_over_share(None, person, new).await;
	assert!(matches!(why(early), recovery::Error::NotDue { .. }));
	let early = device.client.finish_recovery(person).await;
	assert!(matches!(why(early), recovery::Error::NotDue { .. }));

	// One share is not enough, and garbage is told from a share.
	is_due(&guardians.ben).await;
	must(guardians.ben.client.hand_over_share(None, person, new).await);
	let (given, needed) = (1, 2);
	let few = device.client.finish_recovery(person).await;
	assert_eq!(why(few), recovery::Error::TooFewShares { given, needed, wrong: vec![] });
	let garbage = SealedShare::new([1; SEALED_SHARE_LENGTH as usize]);
	let call = Call::hand_over_share(person, ActingAs::Desk, new, garbage);
	guardians.desk.client.chain().submit(guardians.desk.signer(), &call).await.unwrap();
	let few = device.client.finish_recovery(person).await;
	let wrong = vec![guardians.all[2]];
	assert_eq!(why(few), recovery::Error::TooFewShares { given, needed, wrong });
	must(guardians.desk.client.hand_over_share(None, person, new).await);

	must(device.client.finish_recovery(person).await);
	let at = device.client.chain().finalized().await.unwrap();
	assert_eq!(device.client.own_chart(&at).await.unwrap().id, patient);
	assert_eq!(device.reads(patient, letter).await.unwrap(), b"from before");
	assert!(device.client.has_keys_of_present_words().await.unwrap());
	assert!(device.client.own_guardians(&at, Capacity::Patient).await.unwrap().is_none());
	// The lost phone's account belongs to no person, and opens nothing new; the doctor goes on.
	let gone = ana.client.own_chart(&at).await.unwrap_err();
	assert!(matches!(gone, Error::Account(accounts::Error::NotPatient(_))), "{gone}");
	let later = device.adds("later", b"from after").await;
	assert!(ana.reads(patient, later).await.is_err());
	assert_eq!(ada.reads(patient, later).await.unwrap(), b"from after");
	assert_eq!(ada.reads(patient, letter).await.unwrap(), b"from before");
	let late = guardians.ben.client.hand_over_share(None, person, new).await;
	assert_eq!(why(late), recovery::Error::NoGuardians(person), "too late");
}

#[tokio::test(flavor = "multi_thread")]
async fn thief_who_deceives_guardians_is_vetoed_and_has_nothing() {
	let consortium = Consortium::start().await;
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let (guardians, patient) = tokio::join!(Guardians::new(&consortium), consortium.admit(&ana, 0));
	let person = PersonId::Patient(patient);
	must(ana.client.set_guardians(Capacity::Patient, &guardians.choice()).await);
	let phone = Program::with_words(&consortium.network, &words).await;

	let thief = consortium.newcomer().await;
	guardians.support(&thief, person).await;
	let shown = phone.run(&["patient", "show"]).await;
	assert!(shown.said.contains("ASKS TO TAKE YOU OVER"), "{shown:?}");
	let vetoed = phone.run(&["recovery", "veto", "--json"]).await;
	assert_eq!(vetoed.code, 0, "{vetoed:?}");
	let vetoed: Value = vetoed.json().unwrap();
	let account = thief.client.keys().account();
	assert_eq!(vetoed["vetoed"][0], account.to_string());
	let refused = guardians.ben.client.hand_over_share(None, person, account).await;
	assert_eq!(why(refused), recovery::Error::NoRequest { person, account });
	let refused = thief.client.finish_recovery(person).await;
	assert_eq!(why(refused), recovery::Error::NoRequest { person, account });

	// Again, and this time the owner comes at the last moment: the thief has the shares, and no account.
	guardians.support(&thief, person).await;
	guardians.hand_over(&thief, person).await;
	must(ana.client.veto_recovery(person, account).await);
	assert!(thief.client.finish_recovery(person).await.is_err());
	assert_eq!(asks_for(&ana).await, 0);
	let at = ana.client.chain().finalized().await.unwrap();
	assert_eq!(ana.client.own_chart(&at).await.unwrap().id, patient);
	// So the owner renews what the thief may have.
	must(ana.client.renew_guardians(Capacity::Patient).await);

	// An own request is taken back, too.
	guardians.support(&thief, person).await;
	must(thief.client.cancel_recovery(person).await);
	assert_eq!(asks_for(&ana).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_gets_the_practice_back_and_reads_what_was_granted_before() {
	let consortium = Consortium::start().await;
	let (guardians, (ana, patient), (ada, adas)) =
		tokio::join!(Guardians::new(&consortium), consortium.patient(0), consortium.doctor(0));
	let letter = ana.adds("letter", b"from before").await;
	ana.client.grant(adas, Terms::default()).await.unwrap();
	must(ada.client.set_guardians(Capacity::Doctor, &guardians.choice()).await);

	let (device, person) = (consortium.newcomer().await, PersonId::Doctor(adas));
	guardians.support(&device, person).await;
	guardians.hand_over(&device, person).await;
	must(device.client.finish_recovery(person).await);
	let at = device.client.chain().finalized().await.unwrap();
	assert_eq!(device.client.own_practice(&at).await.unwrap(), adas);
	assert_eq!(device.reads(patient, letter).await.unwrap(), b"from before");
	assert!(ada.reads(patient, letter).await.is_err(), "the lost device is no doctor's");
	confirms(&consortium, adas).await;
	must(ana.client.rotate().await);
	let later = ana.adds("later", b"from after").await;
	assert_eq!(device.reads(patient, later).await.unwrap(), b"from after");
}

async fn confirms(consortium: &Consortium, doctor: DoctorId) {
	let desk = consortium.registrar(0).await;
	let digest = desk.client.published_key_digest(doctor).await.unwrap();
	must(desk.client.confirm_encryption_key(doctor, digest).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_are_renewed_with_new_keys_and_told_when_they_are_outdated() {
	let consortium = Consortium::start().await;
	let (guardians, (ana, patient)) =
		tokio::join!(Guardians::new(&consortium), consortium.patient(0));
	let person = PersonId::Patient(patient);
	must(ana.client.set_guardians(Capacity::Patient, &guardians.choice()).await);
	must(guardians.ben.client.set_acting_key().await);
	let outdated = async || {
		let at = ana.client.chain().finalized().await.unwrap();
		ana.client.own_guardians(&at, Capacity::Patient).await.unwrap().unwrap().outdated
	};
	assert_eq!(outdated().await, [guardians.all[0]]);
	// The share of before still opens with the key of before, which the same words give.
	let at = guardians.ben.client.chain().finalized().await.unwrap();
	guardians.ben.client.check_own_share(&at, person).await.unwrap();
	must(ana.client.renew_guardians(Capacity::Patient).await);
	assert!(outdated().await.is_empty());
	let at = guardians.ben.client.chain().finalized().await.unwrap();
	guardians.ben.client.check_own_share(&at, person).await.unwrap();
	must(ana.client.remove_guardians(Capacity::Patient).await);
	let at = guardians.ben.client.chain().finalized().await.unwrap();
	let refused = guardians.ben.client.check_own_share(&at, person).await.unwrap_err();
	assert!(matches!(refused, Error::Recovery(recovery::Error::NoGuardians(_))), "{refused}");
	// A person can't be their own guardian.
	must(ana.client.set_acting_key().await);
	let choice = Choice {
		guardians: vec![Delegate::Patient(patient), guardians.all[2]],
		..guardians.choice()
	};
	let refused = ana.client.set_guardians(Capacity::Patient, &choice).await.unwrap_err();
	assert!(refused.is_refusal("OwnGuardian"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_sheets_open_the_chart_on_another_machine() {
	let consortium = Consortium::start().await;
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	consortium.admit(&ana, 0).await;
	ana.adds("letter", b"from before").await;
	let phone = Program::with_words(&consortium.network, &words).await;
	let kit = async || -> Value {
		let ran = phone.run(&["patient", "kit", "--yes", "--json"]).await;
		assert_eq!(ran.code, 0, "{ran:?}");
		ran.json().unwrap()
	};
	let (first, second) = (kit().await, kit().await);
	let code =
		|kit: &Value, place: usize| kit["sheets"][place]["code"].as_str().unwrap().to_owned();

	let machine = Program::new(&consortium.network);
	let imports = async |sheets: &[String]| {
		let file = machine.home().join("sheets");
		fs::write(&file, sheets.join("\n")).unwrap();
		let file = file.display().to_string();
		machine.run(&["account", "import", "ana", "--sheets-file", &file]).await
	};
	// One alone says nothing, and those of two kits don't go together, unless the kits have the same name by chance.
	assert_ne!(imports(&[code(&first, 0)]).await.code, 0);
	if first["kit"] != second["kit"] {
		assert_ne!(imports(&[code(&first, 0), code(&second, 1)]).await.code, 0);
	}
	assert_eq!(imports(&[code(&first, 2), code(&first, 0)]).await.code, 0);
	let listed = machine.run(&["record", "list"]).await;
	assert!(listed.printed.contains("letter"), "{listed:?}");

	// As pictures, each with its own sheet only.
	let folder = phone.home().join("kit");
	let ran = phone.run(&["patient", "kit", &folder.display().to_string(), "--yes"]).await;
	assert_eq!(ran.code, 0, "{ran:?}");
	assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
}

/// The whole story by commands, as people at three machines type them.
#[tokio::test(flavor = "multi_thread")]
async fn recovery_is_done_by_commands() {
	let consortium = Consortium::start().await;
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let PatientId(patient) = consortium.admit(&ana, 0).await;
	ana.adds("letter", b"from before").await;
	let number = patient.to_string();
	let phone = Program::with_words(&consortium.network, &words).await;
	let desks = [
		Program::known(&consortium.network, "Alice//stash").await,
		Program::known(&consortium.network, "Bob//stash").await,
	];
	let does = async |program: &Program, words: &[&str]| -> Value {
		let ran = program.run(&[words, &["--json"]].concat()).await;
		assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
		ran.json().unwrap()
	};
	let [north, east] = &desks;
	for words in [["hospital", "registrar", "own-key"], ["hospital", "publish-key", "--yes"]] {
		tokio::join!(does(north, &words), does(east, &words));
	}
	let set =
		["patient", "guardians", "set", "--desk", "0", "--desk", "1", "--delay", "6s", "--yes"];
	does(&phone, &set).await;
	let shown = does(&phone, &["patient", "guardians", "show"]).await;
	assert_eq!(shown["ofPresentSecret"], true);

	let device = Program::with_words(&consortium.network, &Mnemonic::generate()).await;
	let file = device.home().join("request.json").display().to_string();
	let begun = does(&device, &["recovery", "begin", "patient", &number, "--into", &file]).await;
	let digest = begun["keyDigest"].as_str().unwrap();
	let wrong = "ab".repeat(32);
	let request = ["recovery", "request", file.as_str(), "--yes", "--key-digest"];
	let refused = desks[0].run(&[&request[..], &[wrong.as_str()]].concat()).await;
	assert_eq!(refused.code, 3, "{refused:?}");
	does(&desks[0], &[&request[..], &[digest]].concat()).await;
	let waiting = does(&desks[1], &["recovery", "list", "--check"]).await;
	assert_eq!(waiting["wards"][0]["shareFits"], true);
	assert_eq!(waiting["wards"][0]["recoveries"][0]["keyDigest"], digest);
	let approve = ["recovery", "approve", "patient", &number, "--key-digest", digest, "--yes"];
	does(&desks[1], &approve).await;
	for desk in &desks {
		eventually("the share to be due", || async {
			let done = does(desk, &["recovery", "hand-over"]).await;
			(!done["handedOver"].as_array().unwrap().is_empty()).then_some(())
		})
		.await;
	}
	let finished = does(&device, &["recovery", "finish", "patient", &number]).await;
	assert_eq!(finished["person"]["patient"], patient);
	let listed = device.run(&["record", "list"]).await;
	assert!(listed.printed.contains("letter"), "{listed:?}");
}

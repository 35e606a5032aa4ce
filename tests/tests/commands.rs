//! What people and hospitals do with the program besides the demo and the runbooks, as they type it:
//! each command changes what it says, and nothing else does.

mod new_words;
mod representatives;

use medblock_client::{grants::Terms, medblock_crypto::Mnemonic};
use medblock_e2e::{Consortium, Program, Ran, eventually};
use serde_json::{Value, json};

/// What is refused by the chain, and what for lack of access, as the program exits.
const USAGE: i32 = 2;
const REFUSED: i32 = 3;
const DENIED: i32 = 4;

const PRACTICE: [&str; 8] = [
	"--name",
	"Dr. Bones",
	"--specialty",
	"cardiology",
	"--qualification",
	"MD",
	"--since",
	"2001",
];

/// A person's program, and the account that they act with.
struct Types {
	program: Program,
	account: &'static str,
}

impl Types {
	async fn somebody(consortium: &Consortium) -> Self {
		Self::with(Program::with_words(&consortium.network, &Mnemonic::generate()).await)
	}

	async fn known(consortium: &Consortium, path: &str) -> Self {
		Self::with(Program::known(&consortium.network, path).await)
	}

	fn with(program: Program) -> Self {
		Self { program, account: "own" }
	}

	async fn runs(&self, words: &[&str]) -> Ran {
		self.program.run(&[words, &["--account", self.account]].concat()).await
	}

	async fn does(&self, words: &[&str]) -> Value {
		let ran = self.runs(&[words, &["--json"]].concat()).await;
		assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
		ran.json().unwrap()
	}

	async fn is_refused(&self, words: &[&str], code: i32, why: &str) {
		let ran = self.runs(words).await;
		assert_eq!(ran.code, code, "{words:?}: {ran:?}");
		assert!(ran.said.contains(why), "{words:?}: {ran:?}");
	}

	async fn address(&self) -> String {
		text(&self.does(&["account", "show"]).await["address"])
	}

	/// Has another account, of the same words, act from now on. The old one is no person's any more.
	async fn changes_account(&mut self, capacity: &str) {
		let words = self.program.home().join("words").display().to_string();
		let path = format!("Eve//{capacity}");
		self.does(&["account", "import", "new", "--words-file", &words, "--dev", &path]).await;
		self.program.lightens("new").await;
		self.does(&[capacity, "change-account", "new"]).await;
		// The presets' delay is six seconds, by the chain's clock.
		for _ in 0..60 {
			if self.runs(&[capacity, "show"]).await.code == REFUSED {
				break;
			}
			tokio::time::sleep(std::time::Duration::from_secs(1)).await;
		}
		self.is_refused(&[capacity, "show"], REFUSED, &format!("is no {capacity}'s")).await;
		self.account = "new";
	}
}

fn text(value: &Value) -> String {
	value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The items of a list.
fn items(list: &Value) -> &[Value] {
	list["items"].as_array().unwrap_or_else(|| panic!("{list} is no list"))
}

fn number(value: &Value) -> String {
	value.as_u64().unwrap_or_else(|| panic!("{value} is no number")).to_string()
}

#[tokio::test]
async fn every_command_changes_what_it_says() {
	let consortium = &Consortium::start().await;
	let ana = consortium.patient(1).await;
	// Each has a hospital of their own, so that none takes another one's turn to sign: those who come first hospitals 0 and 3,
	// then 1, then 2.
	let first = async {
		patients(consortium).await;
		new_words::of_registrar(consortium).await;
	};
	let second = async {
		doctors(consortium).await;
		representatives::of_a_child(consortium).await;
	};
	let third = async {
		hospitals(consortium).await;
		new_words::of_doctor(consortium, ana).await;
	};
	tokio::join!(Box::pin(first), Box::pin(second), Box::pin(third));
}

/// Patients of hospital 0; one of them moves to hospital 3.
async fn patients(consortium: &Consortium) {
	let north = Types::known(consortium, "Alice//stash").await;
	let west = Types::known(consortium, "Dave//stash").await;
	let mut ana = Types::somebody(consortium).await;
	let (_, doctor) = consortium.doctor(0).await;
	let doctor = doctor.0.to_string();

	let first = number(&ana.does(&["patient", "register", "--hospital", "0"]).await["patient"]);
	let waiting = north.does(&["hospital", "pending"]).await;
	assert_eq!(waiting["patients"][0]["account"], json!(ana.address().await));
	// What was done before stays done, and succeeds.
	for _ in 0..2 {
		north.does(&["hospital", "reject", "patient", "--yes", &first]).await;
	}
	assert_eq!(north.does(&["hospital", "pending"]).await["patients"], json!([]));
	let patient = number(&ana.does(&["patient", "register", "--hospital", "0"]).await["patient"]);
	north.does(&["hospital", "verify", "patient", "--yes", &patient]).await;
	assert_eq!(ana.does(&["patient", "show"]).await["value"]["standing"], "verified");

	let file = ana.program.home().join("Blood test.txt");
	std::fs::write(&file, "haemoglobin 14").unwrap();
	let file = file.display().to_string();
	let add = ["record", "add", &file];
	north.does(&["hospital", "suspend", "patient", "--yes", &patient]).await;
	ana.is_refused(&add, REFUSED, "suspended").await;
	north.does(&["hospital", "reinstate", "patient", &patient]).await;
	assert_eq!(ana.does(&add).await["records"], json!([0]));
	assert_eq!(ana.does(&add).await["records"], json!([1]));
	let page = ana.does(&["record", "list", "--limit", "1"]).await;
	assert_eq!((items(&page).len(), &page["next"]), (1, &json!(0)));
	let entry = &page["items"][0];
	assert_eq!((&entry["title"], &entry["author"]), (&json!("Blood test"), &json!("patient")));
	assert_eq!(entry["document"]["vault"], 0);
	let page = ana.does(&["record", "list", "--after", "0"]).await;
	assert_eq!((&page["items"][0]["record"], &page["next"]), (&json!(1), &Value::Null));

	ana.does(&["patient", "share", "--yes", &doctor, "1", "--until", "30d"]).await;
	let grants = ana.does(&["patient", "grants"]).await;
	assert_eq!((items(&grants).len(), &grants["next"]), (1, &Value::Null));
	let grant = &grants["items"][0];
	assert_eq!((&grant["scope"], &grant["mayAppend"]), (&json!("records"), &json!(false)));
	assert_eq!(grant["access"]["allowed"]["until"], grant["expiresAt"]);
	assert!(grant["expiresAt"].is_string(), "{grants}");
	assert_eq!(grant["records"], json!([1]));
	// One more record changes neither the end nor the rights, and can be taken back.
	ana.does(&["patient", "share", "--yes", &doctor, "0"]).await;
	let opens = |record| ["patient", "grants", "--record", record];
	assert_eq!(ana.does(&opens("0")).await["items"][0]["expiresAt"], grant["expiresAt"]);
	for _ in 0..2 {
		let unshared = ana.does(&["patient", "unshare", &doctor, "0"]).await;
		assert_eq!(
			(&unshared["left"], &unshared["confirmed"]),
			(&json!(1), &json!("by-two-nodes"))
		);
	}
	assert!(items(&ana.does(&opens("0")).await).is_empty());
	// The whole chart keeps the end. To share a record then would take the rest away.
	let again = ["patient", "grant", "--yes", &doctor];
	assert_eq!(ana.does(&again).await["expiresAt"], grant["expiresAt"]);
	ana.is_refused(&["patient", "share", "--yes", &doctor, "0"], USAGE, "--narrow").await;
	ana.does(&["patient", "share", "--yes", &doctor, "0", "--narrow"]).await;
	assert!(text(&grants["at"]["hash"]).starts_with("0x"), "{grants}");
	ana.does(&["patient", "revoke", &doctor]).await;
	assert!(items(&ana.does(&["patient", "grants"]).await).is_empty());
	let before = ana.does(&["patient", "show"]).await["value"]["epoch"].as_u64().unwrap();
	ana.does(&["patient", "rotate"]).await;
	let epoch = ana.does(&["patient", "show"]).await["value"]["epoch"].as_u64().unwrap();
	assert!(epoch > before, "the chart has a new key");
	let identities = ana.does(&["patient", "age-identities", "--yes"]).await;
	let mut identities = items(&identities).iter();
	let newest = identities.find(|one| one["epoch"] == epoch).expect("the new key");
	assert!(text(&newest["ageIdentity"]).starts_with("AGE-SECRET-KEY-PQ-1"));

	for _ in 0..2 {
		ana.does(&["record", "withdraw", "--yes", "0"]).await;
	}
	let open = |record| ["record", "open", record, "--output", "-"];
	ana.is_refused(&open("0"), DENIED, "withdrawn").await;
	assert_eq!(ana.runs(&open("1")).await.printed, "haemoglobin 14");

	ana.changes_account("patient").await;
	assert_eq!(number(&ana.does(&["patient", "show"]).await["value"]["patient"]), patient);
	assert_eq!(ana.runs(&open("1")).await.printed, "haemoglobin 14");

	ana.does(&["patient", "move-vault", "--from", "0", "--to", "1"]).await;
	ana.does(&["patient", "mirror", "set", "0"]).await;
	let shown = ana.does(&["patient", "show"]).await["value"].clone();
	assert_eq!((&shown["vault"], &shown["mirror"]), (&json!(1), &json!(0)));
	assert_eq!(shown["moves"], json!([{ "from": 0, "to": 1 }]));
	assert_eq!(ana.runs(&open("1")).await.printed, "haemoglobin 14", "from where it was");
	ana.is_refused(&["patient", "mirror", "set", "1"], REFUSED, "stay in the vault").await;
	let again = ["patient", "move-vault", "--from", "0", "--to", "2"];
	ana.is_refused(&again, REFUSED, "move it from there").await;
	ana.does(&["patient", "mirror", "clear"]).await;
	assert_eq!(ana.does(&["patient", "show"]).await["value"]["mirror"], Value::Null);

	let leave = ["patient", "move", "--to", "3"];
	ana.does(&leave).await;
	let waiting = west.does(&["hospital", "pending"]).await;
	assert_eq!(number(&waiting["patients"][0]["patient"]), patient);
	ana.does(&["patient", "move", "--stay"]).await;
	assert_eq!(west.does(&["hospital", "pending"]).await["patients"], json!([]));
	west.is_refused(
		&["hospital", "take-in", "patient", "--yes", &patient],
		REFUSED,
		"has not asked to move",
	)
	.await;
	ana.does(&leave).await;
	west.does(&["hospital", "decline", "patient", "--yes", &patient]).await;
	assert_eq!(ana.does(&["patient", "show"]).await["value"]["movingTo"], Value::Null);
	ana.does(&leave).await;
	west.does(&["hospital", "take-in", "patient", "--yes", &patient]).await;
	let shown = ana.does(&["patient", "show"]).await["value"].clone();
	assert_eq!((&shown["hospital"], &shown["movingTo"]), (&json!(3), &Value::Null));
	north
		.is_refused(
			&["hospital", "suspend", "patient", "--yes", &patient],
			REFUSED,
			"another hospital answers",
		)
		.await;
}

/// A doctor of hospital 1.
async fn doctors(consortium: &Consortium) {
	let east = Types::known(consortium, "Bob//stash").await;
	let mut bones = Types::somebody(consortium).await;
	let register = [&["doctor", "register", "--hospital", "1"], &PRACTICE[..]].concat();

	let first = number(&bones.does(&register).await["doctor"]);
	east.does(&["hospital", "reject", "doctor", "--yes", &first]).await;
	let receipt = bones.does(&register).await;
	let doctor = number(&receipt["doctor"]);
	let profile = text(&receipt["profileDigest"]);
	let verify = ["hospital", "verify", "doctor", &doctor, "--profile-digest", &profile];
	let verify = [&verify[..], &["--key-digest"]].concat();
	east.is_refused(
		&[&verify[..], &["00".repeat(32).as_str()]].concat(),
		REFUSED,
		"this is not the digest of the key",
	)
	.await;
	let digest = text(&receipt["keyDigest"]);
	east.does(&[&verify[..], &[&digest, "--licence-until", "2099-12-31"]].concat()).await;
	let shown = bones.does(&["doctor", "show"]).await;
	assert_eq!(shown["keyDigest"], digest);
	let shown = &shown["value"];
	assert_eq!(shown["standing"], "verified");
	assert!(text(&shown["licenceExpires"]).starts_with("2099-12-31"), "{shown}");

	let proposed = bones.does(&["doctor", "profile", "--specialty", "neurology"]).await;
	assert_eq!(proposed["proposed"], true);
	let specialty =
		|| async { bones.does(&["doctor", "show"]).await["value"]["profile"]["specialty"].clone() };
	assert_eq!(specialty().await, "cardiology", "until the hospital has confirmed it");
	let waiting = east.does(&["hospital", "pending"]).await;
	assert_eq!(waiting["proposals"][0]["profile"]["specialty"], "neurology");
	let seen = text(&proposed["profileDigest"]);
	east.does(&["hospital", "confirm-profile", &doctor, "--profile-digest", &seen]).await;
	assert_eq!(specialty().await, "neurology");
	east.does(&["hospital", "doctor-profile", &doctor, "--specialty", "cardiology"]).await;
	// What is not named stays: the end of the licence, too.
	let details = ["hospital", "details", &doctor];
	let set = east.does(&[&details[..], &["--text", "Room 4"]].concat()).await;
	assert!(text(&set["licenceExpires"]).starts_with("2099-12-31"), "{set}");
	east.does(&[&details[..], &["--clear-licence"]].concat()).await;
	let shown = bones.does(&["doctor", "show", &doctor]).await["value"].clone();
	assert_eq!(shown["profile"]["specialty"], "cardiology");
	assert_eq!((&shown["details"], &shown["licenceExpires"]), (&json!("Room 4"), &Value::Null));
	east.is_refused(&details, USAGE, "--clear-text").await;

	let practises =
		|| async { bones.does(&["doctor", "show"]).await["value"]["practises"].clone() };
	east.does(&["hospital", "suspend", "doctor", "--yes", &doctor]).await;
	assert_eq!(practises().await, false);
	east.does(&["hospital", "reinstate", "doctor", &doctor]).await;
	assert_eq!(practises().await, true);

	let (ana, patient) = consortium.patient(1).await;
	let id = medblock_primitives::DoctorId(doctor.parse().unwrap());
	ana.client.grant(id, Terms::default()).await.unwrap();
	let patient = patient.0.to_string();
	let inbox = bones.does(&["doctor", "inbox"]).await;
	let grant = &inbox["items"][0];
	assert_eq!(number(&grant["patient"]), patient);
	assert_eq!(grant["access"]["denied"], Value::Null);
	assert!(items(&bones.does(&["doctor", "chart", &patient]).await).is_empty());

	let digest = text(&bones.does(&["doctor", "new-key", "--yes"]).await["keyDigest"]);
	let versions = |shown: &Value| {
		let shown = &shown["value"];
		(shown["vouchedVersion"].clone(), shown["keyVersion"].clone())
	};
	assert_eq!(versions(&bones.does(&["doctor", "show"]).await), (json!(1), json!(2)));
	east.does(&["hospital", "confirm-key", &doctor, "--key-digest", &digest]).await;
	assert_eq!(versions(&bones.does(&["doctor", "show"]).await), (json!(2), json!(2)));

	for _ in 0..2 {
		bones.does(&["doctor", "relinquish", "--yes", &patient]).await;
	}
	assert!(items(&bones.does(&["doctor", "inbox"]).await).is_empty());
	bones
		.is_refused(&["doctor", "chart", &patient], DENIED, "has granted nothing to this doctor")
		.await;

	bones.changes_account("doctor").await;
	assert_eq!(number(&bones.does(&["doctor", "show"]).await["value"]["doctor"]), doctor);
	bones.does(&["doctor", "move", "--to", "3"]).await;
	let shown = bones.does(&["doctor", "show", &doctor]).await["value"].clone();
	assert_eq!((&shown["hospital"], &shown["movingTo"]), (&json!(1), &json!(3)));
}

/// How hospital 2 takes in people, and who verifies them.
async fn hospitals(consortium: &Consortium) {
	let controller = Types::known(consortium, "Charlie").await;
	let clerk = Types::somebody(consortium).await;
	let register = ["patient", "register", "--hospital", "2"];
	let registration = |mode| ["hospital", "registration", mode];

	assert_eq!(controller.does(&registration("closed")).await["registration"], "closed");
	let bert = Types::somebody(consortium).await;
	bert.is_refused(&register, REFUSED, "hospital 2 accepts no registrations").await;
	let done = controller.does(&registration("sponsored")).await;
	assert_eq!(done["registration"], "sponsored-only");
	// A hospital whose node makes none of two dozen blocks counts as silent, as may be on a busy machine.
	let network = eventually("hospital 2 makes blocks", || async {
		let network = controller.does(&["network", "status"]).await;
		(network["hospitals"][2]["silent"] == json!(false)).then_some(network)
	})
	.await;
	let (node, hospital) = (&network["nodes"][0], &network["hospitals"][2]);
	assert_eq!((&hospital["hospital"], &hospital["silent"]), (&json!(2), &json!(false)));
	assert!(node["finalized"]["number"].is_u64() && network["at"]["hash"].is_string(), "{network}");
	let unsponsored = "accepts only accounts that it sponsors";
	bert.is_refused(&register, REFUSED, unsponsored).await;

	let address = bert.address().await;
	let sponsor = ["hospital", "sponsor", &address];
	clerk.is_refused(&sponsor, REFUSED, "no hospital vouches for this account").await;
	let account = clerk.address().await;
	let accept = ["hospital", "registrar", "accept"];
	let unappointed = "no hospital has appointed the account";
	clerk.is_refused(&accept, REFUSED, unappointed).await;
	controller.does(&["hospital", "registrar", "appoint", &account]).await;
	controller.does(&["hospital", "registrar", "withdraw", &account]).await;
	clerk.is_refused(&accept, REFUSED, unappointed).await;
	controller.does(&["hospital", "registrar", "appoint", &account]).await;
	clerk.is_refused(&sponsor, REFUSED, "no hospital vouches for this account").await;
	let listed = controller.does(&["hospital", "registrar", "list"]).await;
	assert_eq!(listed["appointments"][0]["registrar"], account);
	assert_eq!(clerk.does(&accept).await["hospital"], 2);
	clerk.does(&sponsor).await;
	clerk.does(&[&sponsor[..], &["--end"]].concat()).await;
	bert.is_refused(&register, REFUSED, unsponsored).await;
	clerk.does(&sponsor).await;
	let patient = number(&bert.does(&register).await["patient"]);
	clerk.does(&["hospital", "verify", "patient", "--yes", &patient]).await;
	assert_eq!(bert.does(&["patient", "show"]).await["value"]["standing"], "verified");

	let [ada, cleo] = [Types::somebody(consortium).await, Types::somebody(consortium).await];
	let (first, second) = (ada.address().await, cleo.address().await);
	let list = clerk.program.home().join("newcomers");
	std::fs::write(&list, format!("# Cleo\n{second}\n{first}\n")).unwrap();
	let list = list.display().to_string();
	let sponsor = ["hospital", "sponsor", &first, "--file", &list];
	let items = clerk.does(&sponsor).await["items"].clone();
	let sponsored = |account: &str| json!({ "account": account, "sponsored": true, "why": null });
	assert_eq!(items, json!([sponsored(&first), sponsored(&second)]));
	assert_eq!(clerk.does(&sponsor).await["items"], json!([]), "nothing is left to do");
	let first = number(&ada.does(&register).await["patient"]);
	let second = number(&cleo.does(&register).await["patient"]);
	let verify = ["hospital", "verify", "patient", "--yes", &first, &second];
	let items = clerk.does(&verify).await["items"].clone();
	assert_eq!((&items[0]["verified"], &items[1]["verified"]), (&json!(true), &json!(true)));
	clerk.is_refused(&verify, REFUSED, "is verified already").await;

	clerk.is_refused(&["hospital", "share-key"], REFUSED, "has published no key").await;
	let publish = ["hospital", "publish-key"];
	controller.is_refused(&publish, USAGE, "no terminal").await;
	let publish = ["hospital", "publish-key", "--yes"];
	let published = controller.does(&publish).await;
	assert_eq!((&published["version"], &published["registrars"]), (&json!(1), &json!([account])));
	assert_eq!(published["keyless"].as_array().map(Vec::len), Some(1), "the one of the genesis");
	controller.is_refused(&publish, DENIED, "`medblock hospital share-key`").await;
	assert_eq!(clerk.does(&publish).await["version"], 2);
	assert_eq!(clerk.does(&["hospital", "share-key"]).await["registrars"], json!([]));
	let remove = ["hospital", "registrar", "remove", "--yes", &account];
	controller.is_refused(&remove, REFUSED, "add --lose-key").await;
	controller.does(&[&remove[..], &["--lose-key"]].concat()).await;
	let key = &controller.does(&["hospital", "registrar", "list"]).await["profileKey"];
	assert_eq!((&key["holders"], &key["due"]), (&json!(0), &json!(true)));
	let suspend = ["hospital", "suspend", "patient", "--yes", &patient];
	clerk.is_refused(&suspend, REFUSED, "no hospital vouches for this account").await;
	controller.does(&registration("open")).await;
	Types::somebody(consortium).await.does(&register).await;
	bert.is_refused(&publish, REFUSED, "acts for no active hospital").await;
}

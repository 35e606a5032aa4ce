//! Vaults that lie, and vaults with exchanged files: clients sign nothing but a sign-in,
//! keep nothing but what the chain names, and are not held for ever.

use futures::{
	FutureExt,
	future::{BoxFuture, ready},
};
use medblock_client::{
	Error, Keys, Wallet,
	chain::Call,
	medblock_crypto::{Challenge, Headers, Mnemonic, check_public_key, encrypt},
	vault::{self, Upload, unwatched},
};
use medblock_e2e::{
	Consortium, LyingVault, Network, Person, Program, Ran, Trick, files, must, urls,
};
use medblock_platform::Folder;
use medblock_primitives::*;
use serde_json::{Value, json};
use std::{
	fs,
	path::PathBuf,
	process::Command,
	sync::{Arc, Mutex},
	time::Duration,
};
use subxt_signer::sr25519::{Keypair, PublicKey as SignedBy, Signature, verify};
use tempfile::TempDir;

const ONE: &[u8] = b"the first record";
const TWO: &[u8] = b"another, as long";

/// Another person's account: the well-known Alice's.
const OTHER_ACCOUNT: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

/// What a vault may say, with all that makes a terminal do something, or turns text around.
const HOSTILE: &str =
	"closed for stocktaking\u{1b}[2J\u{1b}]0;mine\u{7}\u{9b}31m\r\u{202e}txt.exe\u{2066}\u{7f}\n";

/// More than a client reads of an answer that is no document, with all that fits between it and the
/// vault, and less than an endless one has.
const TOO_MUCH: u64 = 64 * 1024 * 1024;

/// The time after which a client counts as held for ever.
const HELD: Duration = Duration::from_secs(180);

/// A patient with two records, as library and as program, whose hospital's vault can be made to lie.
struct Scene {
	ana: Person,
	patient: PatientId,
	program: Program,
	words: Mnemonic,
	vault: LyingVault,
	consortium: Consortium,
}

/// A wallet that remembers what it was shown, and signs all of it.
struct Witness {
	key: Keypair,
	shown: Arc<Mutex<Vec<String>>>,
}

impl Wallet for Witness {
	fn sign<'a>(&'a self, text: &'a str) -> BoxFuture<'a, medblock_client::Result<[u8; 64]>> {
		self.shown.lock().unwrap().push(text.to_owned());
		ready(Ok(self.key.sign(&Challenge::signed_bytes(text)).0)).boxed()
	}
}

impl Scene {
	async fn set() -> Self {
		let network = Network::start().await;
		let vault = LyingVault::start(&network, 0).await;
		let consortium = Consortium::without_gateways(network);
		let controller = Person::known(&consortium.network, "//Alice").await;
		must(controller.client.set_gateway(vault.url()).await);
		let words = Mnemonic::generate();
		let ana = Person::with_words(&consortium.network, &words).await;
		let patient = consortium.admit(&ana, 0).await;
		ana.adds("one", ONE).await;
		add_as_long(&ana, patient).await;
		let program = Program::with_words(&consortium.network, &words).await;
		Self { ana, patient, program, words, vault, consortium }
	}

	/// The patient at another machine, where she has not signed in yet.
	async fn elsewhere(&self) -> Person {
		Person::with_words(&self.consortium.network, &self.words).await
	}

	/// The patient with her account's key in a wallet, and what that is shown.
	async fn with_wallet(&self) -> (Person, Arc<Mutex<Vec<String>>>) {
		let shown = Arc::new(Mutex::new(Vec::new()));
		let wallet = Witness { key: self.ana.signer().clone(), shown: shown.clone() };
		let (account, seed) = (self.ana.client.keys().account(), self.words.seed(""));
		let keys = Keys::in_wallet(account, Box::new(wallet), Some(seed));
		(Person::with_keys(&urls(&self.consortium.network), keys).await, shown)
	}

	/// Why record 0 can't be opened, of which nothing is left then.
	async fn refusal(&self, person: &Person) -> Error {
		let folder = TempDir::new().unwrap();
		let opened =
			person.client.open(self.patient, 0, &Folder::new(folder.path()), &unwatched()).await;
		let why = opened.err().unwrap();
		assert_eq!(files(folder.path()), Vec::<PathBuf>::new(), "{why}");
		why
	}

	/// Has the program open record 0 into an empty folder; what is in all files there then.
	async fn opens(&self) -> (Ran, Vec<Vec<u8>>) {
		let folder = TempDir::new().unwrap();
		let path = folder.path().display().to_string();
		let ran = self.program.run(&["record", "open", "0", "--json", "--output", &path]).await;
		let kept = files(folder.path()).iter().map(|path| fs::read(path).unwrap()).collect();
		(ran, kept)
	}

	/// The program says why, and keeps nothing.
	async fn opens_nothing(&self, code: i32, error: &str) -> Ran {
		let (ran, kept) = self.opens().await;
		assert_eq!((ran.code, kept.len()), (code, 0), "{ran:?}");
		assert_eq!(ran.json().unwrap()["error"], error, "{ran:?}");
		ran
	}

	/// What the chain names of a record.
	async fn document(&self, record: RecordIndex) -> Document {
		let at = self.ana.client.chain().finalized().await.unwrap();
		at.record(self.patient, record).await.unwrap().unwrap().document.unwrap()
	}

	/// Not even titles are taken from a vault that gives other bytes.
	async fn titles_are_refused(&self) {
		let entries = self.ana.lists(self.patient).await;
		assert_eq!(entries.len(), 2);
		for entry in entries {
			assert!(
				matches!(entry.title, Err(Error::Vault(vault::Error::WrongBytes(_)))),
				"{:?}",
				entry.title
			);
		}
	}

	/// The other tests show something only if an honest vault is believed.
	async fn honest_vault_is_believed(&self) {
		let (ran, kept) = self.opens().await;
		assert_eq!((ran.code, kept), (0, vec![ONE.to_vec()]), "{ran:?}");
		assert_eq!(self.ana.reads(self.patient, 1).await.unwrap(), TWO);
		let [one, two] = [self.document(0).await, self.document(1).await];
		assert_eq!(one.size, two.size, "one can be given for the other");
	}

	async fn other_bytes_are_not_kept(&self) {
		for trick in [Trick::OtherRecord(1), Trick::FlippedBit] {
			self.vault.plays(trick.clone());
			let why = self.refusal(&self.ana).await;
			assert!(matches!(why, Error::Vault(vault::Error::WrongBytes(_))), "{trick:?}: {why}");
			self.opens_nothing(5, "wrong-key").await;
		}
		// Bytes that don't come may yet come, and are asked for again and again: at the same time here.
		self.vault.plays(Trick::CutAt(1_000));
		self.titles_are_refused().await;
		let (why, _) = tokio::join!(self.refusal(&self.ana), self.opens_nothing(6, "network"));
		assert!(matches!(why, Error::Vault(vault::Error::Unreachable { .. })), "{why}");
	}

	async fn nothing_but_a_sign_in_is_signed(&self) {
		// What a transaction would be signed over, and what it looks like as text.
		let withdraw = Call::withdraw_records(vec![0].try_into().unwrap());
		let call = self.ana.client.chain().prepare(&withdraw).await.unwrap().data;
		let (payload, text) = (hex(&call), String::from_utf8_lossy(&call).into_owned());
		let challenges = [
			json!({ "domain": "vault.example" }),
			json!({ "domain": text }),
			json!({ "domain": format!("{}\n{payload}", self.domain()) }),
			json!({ "genesis": format!("0x{}", "07".repeat(32)) }),
			json!({ "genesis": payload }),
			json!({ "account": OTHER_ACCOUNT }),
			json!({ "nonce": payload }),
			json!({ "nonce": text }),
			json!({ "nonce": "" }),
			json!({ "expires": "2096-10-02T07:06:40Z" }),
		];
		let (ana, shown) = self.with_wallet().await;
		let before = self.vault.sign_ins().len();
		for challenge in challenges {
			self.vault.plays(Trick::Challenge(challenge.clone()));
			// With a key in a wallet, and with one that lies on this machine.
			let here = async { self.refusal(&self.elsewhere().await).await };
			let (by_wallet, here) = tokio::join!(self.refusal(&ana), here);
			for why in [by_wallet, here] {
				assert!(
					matches!(why, Error::Vault(vault::Error::BadChallenge(_))),
					"{challenge}: {why}"
				);
			}
		}
		self.opens_nothing(8, "keys-disagree").await;
		assert_eq!(*shown.lock().unwrap(), Vec::<String>::new());
		assert_eq!(self.vault.sign_ins().len(), before, "nothing was signed");

		// Whatever else a vault would have signed, what is signed is made here, inside <Bytes>.
		self.vault.plays(Trick::Challenge(json!({
			"challenge": payload, "message": payload, "payload": payload, "text": payload,
		})));
		assert_eq!(ana.reads(self.patient, 0).await.unwrap(), ONE);
		let shown = shown.lock().unwrap().clone();
		let [shown] = &shown[..] else { panic!("one sign-in: {shown:?}") };
		self.assert_is_sign_in(shown);
		assert_eq!(self.elsewhere().await.reads(self.patient, 0).await.unwrap(), ONE);
		let sent = self.vault.sign_ins().pop().unwrap();
		let text = sent["challenge"].as_str().unwrap();
		self.assert_is_sign_in(text);
		let signature: sp_core::Bytes = serde_json::from_value(sent["signature"].clone()).unwrap();
		let signature = Signature(signature.0.try_into().unwrap());
		let signer = SignedBy(self.ana.client.keys().account().0);
		assert!(verify(&signature, format!("<Bytes>{text}</Bytes>"), &signer));
		assert!(!verify(&signature, text, &signer), "it could be something else then");
	}

	fn domain(&self) -> &str {
		self.vault.url().trim_start_matches("http://")
	}

	fn assert_is_sign_in(&self, text: &str) {
		let read = Challenge::parse(text).unwrap();
		assert_eq!(read.domain, self.domain());
		assert_eq!(read.account, self.ana.client.keys().account().to_string());
		assert_eq!(read.genesis, self.ana.client.chain().genesis());
	}

	async fn refusal_does_nothing_to_a_terminal(&self) {
		self.vault.plays(Trick::Refusal(HOSTILE));
		let ran = self.opens_nothing(4, "access-denied").await;
		for text in [&ran.said, &ran.printed] {
			assert!(text.contains("closed for stocktaking"), "{text:?}");
			assert!(text.chars().all(is_harmless), "{text:?}");
		}
	}

	async fn endless_answer_is_not_waited_for(&self) {
		for status in [200, 500] {
			self.vault.plays(Trick::Endless { path: "/disclosures", status });
			let before = self.vault.given();
			self.gets_no_disclosures().await;
			let taken = self.vault.given() - before;
			assert!((1..TOO_MUCH).contains(&taken), "{status}: {taken} bytes");
		}
		// Each asks again for half a minute: by the library and by the program at the same time.
		self.vault.plays(Trick::Endless { path: "/challenge", status: 200 });
		let before = self.vault.given();
		let typed = ["patient", "disclosures", "--json"];
		let ((), ran) = tokio::join!(self.gets_no_disclosures(), self.program.run(&typed));
		assert_eq!(
			(ran.code, &ran.json().unwrap()["error"]),
			(6, &Value::from("network")),
			"{ran:?}"
		);
		let taken = self.vault.given() - before;
		assert!((2..2 * TOO_MUCH).contains(&taken), "{taken} bytes");
	}

	/// At a machine where she has not signed in yet, the patient asks in vain, and not for ever.
	async fn gets_no_disclosures(&self) {
		let ana = self.elsewhere().await;
		let asked = tokio::time::timeout(HELD, ana.client.disclosures());
		assert!(asked.await.expect("it ends").is_err());
	}

	/// Where there is no room, nothing is left, and the program says that it is this machine.
	async fn full_disk_keeps_nothing(&self) {
		self.vault.plays(Trick::None);
		let folder = TempDir::new().unwrap();
		let path = folder.path().display().to_string();
		let run = |program: &str, words: &[&str]| {
			let ended = Command::new(program).args(words).arg(&path).status();
			ended.is_ok_and(|status| status.success())
		};
		// One page, which is less than the ciphertext.
		if !run("mount", &["-t", "tmpfs", "-o", "size=4k", "medblock-test"]) {
			println!("SKIPPED: a disk that is full takes root");
			return;
		}
		let ran = self.program.run(&["record", "open", "0", "--json", "--output", &path]).await;
		let kept = files(folder.path());
		assert!(run("umount", &[]));
		assert_eq!((ran.code, kept.len()), (7, 0), "{ran:?}");
		assert_eq!(ran.json().unwrap()["error"], "local-file", "{ran:?}");
	}

	/// An honest gateway, whose disk is not.
	async fn files_that_were_exchanged_are_not_kept(&self) {
		self.vault.plays(Trick::None);
		let blobs = files(&self.vault.data().join("blobs"));
		let blob = |document: Document| {
			let name = hex(&document.digest);
			let found = blobs.iter().find(|path| path.ends_with(name.trim_start_matches("0x")));
			found.unwrap_or_else(|| panic!("{name} in {blobs:?}")).clone()
		};
		let (one, two) = (blob(self.document(0).await), blob(self.document(1).await));
		let aside = self.vault.data().join("aside");
		fs::rename(&one, &aside).unwrap();
		fs::rename(&two, &one).unwrap();
		fs::rename(&aside, &two).unwrap();
		let why = self.refusal(&self.ana).await;
		assert!(matches!(why, Error::Vault(vault::Error::WrongBytes(_))), "{why}");
		self.titles_are_refused().await;
		self.opens_nothing(5, "wrong-key").await;

		// Half of one is not kept either.
		fs::File::options().write(true).open(&one).unwrap().set_len(1_000).unwrap();
		self.refusal(&self.ana).await;
	}
}

/// Adds a record whose ciphertext is as long as that of record 0, so that one can be given for the other.
/// age puts a stanza of random length into each header, hence as many attempts as it takes.
async fn add_as_long(ana: &Person, patient: PatientId) {
	let at = ana.client.chain().finalized().await.unwrap();
	let size = at.record(patient, 0).await.unwrap().unwrap().document.unwrap().size;
	let keys = at.chart_keys(patient).await.unwrap().unwrap();
	let key = check_public_key(&keys.distributed.key).unwrap();
	let headers = Headers {
		title: "two".to_owned(),
		media_type: "application/octet-stream".to_owned(),
		file_name: Some("two".to_owned()),
		written_at: None,
	};
	let path = ana.home().join("as-long");
	let sealed = loop {
		let out = fs::File::create(&path).unwrap();
		let sealed = encrypt(&[key], &headers, TWO, TWO.len() as u64, out).unwrap();
		if sealed.size == size {
			break sealed;
		}
	};
	let vault = HospitalId(0);
	let file = ana.stored("as-long").await;
	let upload = Upload { patient, file: &file, digest: sealed.digest, size, prepared: false };
	ana.client.vault(vault).await.unwrap().upload(&upload, &unwatched()).await.unwrap();
	let document = Document { digest: sealed.digest, head: sealed.head, size, vault };
	let records = vec![NewRecord { document, in_reply_to: None }].try_into().unwrap();
	let call = Call::add_records(0, records, None);
	ana.client.chain().submit(ana.signer(), &call).await.unwrap();
}

/// Whether a letter does nothing but be seen, or end a line.
fn is_harmless(letter: char) -> bool {
	let turns = matches!(letter,
		'\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
	letter == '\n' || !(letter.is_control() || turns)
}

fn hex(bytes: &[u8]) -> String {
	let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
	format!("0x{digits}")
}

#[tokio::test]
async fn vault_is_believed_nothing_that_the_chain_does_not_name() {
	let scene = Scene::set().await;
	scene.honest_vault_is_believed().await;
	scene.other_bytes_are_not_kept().await;
	scene.nothing_but_a_sign_in_is_signed().await;
	scene.refusal_does_nothing_to_a_terminal().await;
	scene.endless_answer_is_not_waited_for().await;
	scene.full_disk_keeps_nothing().await;
	scene.files_that_were_exchanged_are_not_kept().await;
}

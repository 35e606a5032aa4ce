//! Patients, doctors and hospital staff, each with a client of their own.

use crate::{Chain, Gateway, Network, eventually};
use futures::future::join_all;
use medblock_client::{
	Client, Done, Keys, Mode, NewFile, Nodes, Witnesses,
	chain::{AccountId, Receipt},
	chart::Opener,
	emergency::EmergencyOf,
	medblock_crypto::{Digest, EpochSecret, Headers, Identity, Mnemonic, Seed, encrypt},
	profiles::{Practice, profile_digest},
	records::Entry,
	standing::{Decision, Pending},
	vault::{Upload, unwatched},
};
use medblock_platform::{
	Files, Folder,
	files::{File, UserFile},
};
use medblock_primitives::*;
use std::{
	io::Read,
	path::{Path, PathBuf},
	str::FromStr,
	sync::Arc,
};
use subxt_signer::{SecretUri, sr25519::Keypair};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

/// The hospitals that have a gateway, counted from 0.
const WITH_GATEWAY: [u16; 2] = [0, 1];

/// A network with the gateways of its first two hospitals.
pub struct Consortium {
	/// The gateways, in order of the hospitals.
	pub gateways: Vec<Gateway>,
	/// The nodes.
	pub network: Network,
	/// Held while a hospital's desk does what builds on its last step.
	turns: [Mutex<()>; 5],
}

impl Consortium {
	/// Starts four nodes and two gateways, whose addresses the chain names.
	pub async fn start() -> Self {
		Self::start_with(&[]).await
	}

	/// As [`Consortium::start`], with more options for the gateways.
	pub async fn start_with(more: &[&str]) -> Self {
		Self::of(&[], more).await
	}

	/// As [`Consortium::start`], with nodes that keep the state of each block: for attackers, who ask about all since the first,
	/// and for stories that read all of one.
	pub async fn with_archives() -> Self {
		Self::of(&["--state-pruning", "archive"], &[]).await
	}

	/// Nodes with these arguments, and gateways with these options.
	async fn of(arguments: &[&str], options: &[&str]) -> Self {
		let network = Network::start_naming(&WITH_GATEWAY, arguments).await;
		let starting = WITH_GATEWAY.map(|hospital| Gateway::start(&network, hospital, options));
		let gateways = join_all(starting).await;
		Self { gateways, ..Self::without_gateways(network) }
	}

	/// A network whose gateways the story starts by itself.
	pub fn without_gateways(network: Network) -> Self {
		Self { gateways: Vec::new(), network, turns: Default::default() }
	}

	/// Waits until the other nodes have made final what the first has, which people ask: another hospital's vault asks its
	/// own node.
	pub async fn others_catch_up(&self) {
		let number = Chain::connect(&self.network.url(0)).await.finalized().await.1.number;
		for index in 1..4 {
			let other = Chain::connect(&self.network.url(index)).await;
			eventually("another node has what is final on the first", || async {
				(other.finalized().await.1.number >= number).then_some(())
			})
			.await;
		}
	}

	/// A person with a new account.
	pub async fn newcomer(&self) -> Person {
		Person::with_words(&self.network, &Mnemonic::generate()).await
	}

	/// A registrar of a hospital. That of a fifth one, if it is admitted, has to be appointed, and to
	/// accept.
	pub async fn registrar(&self, hospital: u16) -> Person {
		let name =
			["//Alice//stash", "//Bob//stash", "//Charlie//stash", "//Dave//stash", "//Ferdie"]
				[usize::from(hospital)];
		Person::known(&self.network, name).await
	}

	/// Waits for a turn at a hospital's desk, for as long as the answer is kept.
	pub async fn turn(&self, hospital: u16) -> MutexGuard<'_, ()> {
		self.turns[usize::from(hospital)].lock().await
	}

	/// A verified patient of a hospital.
	pub async fn patient(&self, hospital: u16) -> (Person, PatientId) {
		let person = self.newcomer().await;
		let patient = self.admit(&person, hospital).await;
		(person, patient)
	}

	/// Registers a person as a patient, and has them verified.
	pub async fn admit(&self, person: &Person, hospital: u16) -> PatientId {
		let registering = person.client.register_patient(HospitalId(hospital.into()));
		let (registered, registrar) = tokio::join!(registering, Box::pin(self.registrar(hospital)));
		let receipt = must(registered);
		let event = receipt.event("PatientRegistered").expect("a registration");
		let patient = PatientId(event.number("patient").expect("an id"));
		// No turn: clients of one account in one program sign one after the other, and wait for the blocks at the same time.
		must(registrar.client.verify_patient(patient).await);
		patient
	}

	/// A verified doctor of a hospital.
	pub async fn doctor(&self, hospital: u16) -> (Person, DoctorId) {
		self.doctor_until(hospital, None).await
	}

	/// A verified doctor of a hospital whose licence runs out.
	pub async fn doctor_until(&self, hospital: u16, until: Option<Moment>) -> (Person, DoctorId) {
		let person = self.newcomer().await;
		let doctor = self.admit_doctor(&person, hospital, until).await;
		(person, doctor)
	}

	/// Registers a person as a doctor, and has them verified.
	pub async fn admit_doctor(
		&self,
		person: &Person,
		hospital: u16,
		until: Option<Moment>,
	) -> DoctorId {
		let practice = Practice {
			name: "Dr. Ada".to_owned(),
			specialty: "cardiology".to_owned(),
			qualification: "MD".to_owned(),
			practising_since: 2001,
		};
		let registering = person.client.register_doctor(HospitalId(hospital.into()), &practice);
		let (registered, registrar) = tokio::join!(registering, Box::pin(self.registrar(hospital)));
		let receipt = must(registered);
		let event = receipt.event("DoctorRegistered").expect("a registration");
		let doctor = DoctorId(event.number("doctor").expect("an id"));
		let digest =
			registrar.client.published_key_digest(doctor).await.expect("the doctor has a key");
		let profile = profile_digest(&practice.profile().expect("it is short"));
		// As in `admit`.
		must(registrar.client.verify_doctor(doctor, digest, profile, until).await);
		doctor
	}

	/// A hospital confirms a representative that its patient has named, by the key that it sees.
	pub async fn confirms(&self, hospital: u16, patient: PatientId, representative: PatientId) {
		let registrar = self.registrar(hospital).await;
		let _turn = self.turn(hospital).await;
		let shown = registrar.client.representative_to_confirm(patient, representative).await;
		let shown = shown.expect("the patient has named them");
		must(registrar.client.confirm_representative(&shown, shown.key.digest).await);
	}

	/// A hospital's desk, with a key of profiles: it opens what is sealed to the hospital.
	pub async fn desk(&self, hospital: u16) -> Person {
		let desk = self.registrar(hospital).await;
		let _turn = self.turn(hospital).await;
		must(desk.client.publish_registrar_key().await.map(|(done, _)| done));
		let shown = desk.client.profile_key_recipients().await.expect("registrars");
		let shown: Vec<AccountId> = shown.iter().map(|one| one.account).collect();
		must(desk.client.publish_profile_key(&shown).await.map(|published| published.done));
		desk
	}

	/// A hospital's desk confirms an emergency, or is refused.
	pub async fn confirms_emergency(
		&self,
		hospital: u16,
		desk: &Person,
		of: EmergencyOf,
	) -> medblock_client::Result<Done> {
		let _turn = self.turn(hospital).await;
		desk.client.confirm_emergency(of).await
	}

	/// A hospital decides about a patient or a doctor.
	pub async fn decides(
		&self,
		hospital: u16,
		person: medblock_primitives::Person,
		what: Decision,
	) {
		let registrar = self.registrar(hospital).await;
		let _turn = self.turn(hospital).await;
		must(registrar.client.decide(person, what).await);
	}
}

/// A person at their own machine.
pub struct Person {
	/// What they do.
	pub client: Client,
	home: TempDir,
}

impl Person {
	/// A well-known account of the presets.
	pub async fn known(network: &Network, name: &str) -> Self {
		Self::with_keys(&urls(network), known_keys(name)).await
	}

	/// The person with these words.
	pub async fn with_words(network: &Network, words: &Mnemonic) -> Self {
		let keys = Keys::from_seed(words.seed("")).expect("keys");
		Self::with_keys(&urls(network), keys).await
	}

	/// A person with these keys who uses these nodes.
	pub async fn with_keys(urls: &[String], keys: Keys) -> Self {
		Self::reaching(urls, keys).await.unwrap_or_else(|why| panic!("{why}"))
	}

	/// As [`Person::with_keys`], if two of the nodes answer.
	pub async fn reaching(urls: &[String], keys: Keys) -> medblock_client::Result<Self> {
		let nodes = Nodes::connect(urls, Witnesses::Two).await?;
		let home = TempDir::new().expect("a folder");
		let client =
			Client::new(nodes, keys, Arc::new(Folder::new(home.path())), Mode::Submit).await?;
		Ok(Self { client, home })
	}

	/// The same person after starting their client again, at nodes of these addresses.
	pub async fn restarted(self, urls: &[String], words: &Mnemonic) -> Self {
		let nodes = Nodes::connect(urls, Witnesses::Two).await.expect("nodes");
		let keys = Keys::from_seed(words.seed("")).expect("keys");
		let client = client(nodes, keys, self.home.path()).await;
		Self { client, home: self.home }
	}

	/// Waits until this account controls a patient: changes of account take effect after a delay.
	pub async fn takes_over(&self) -> PatientId {
		eventually("the account takes over", || async {
			let at = self.client.chain().finalized().await.ok()?;
			at.patient_of(self.client.keys().account()).await.ok()?
		})
		.await
	}

	/// Waits until the chain's time is this one or later, for as long as there are new final blocks.
	pub async fn waits_until(&self, time: Moment) {
		let mut last = 0;
		loop {
			let (number, now) = eventually("another final block", || async {
				let at = self.client.chain().finalized().await.ok()?;
				let now = at.now().await.ok()?;
				(at.number() > last).then_some((at.number(), now))
			})
			.await;
			if now >= time {
				return;
			}
			last = number;
		}
	}

	/// The key that their account signs with.
	pub fn signer(&self) -> &Keypair {
		self.client.keys().signer().expect("it is here")
	}

	/// Where their client keeps things.
	pub fn home(&self) -> &Path {
		self.home.path()
	}

	/// A file of theirs.
	pub fn file(&self, name: &str, content: &[u8]) -> NewFile {
		let path = self.home().join(name);
		std::fs::write(&path, content).expect("a file");
		new_file(path, name)
	}

	/// A file in their folder, as uploads take it.
	pub async fn stored(&self, name: &str) -> File {
		Folder::new(self.home()).open(name).await.expect("a folder").expect("a file")
	}

	/// Puts something into their own chart; gives its place.
	pub async fn adds(&self, name: &str, content: &[u8]) -> RecordIndex {
		let file = self.file(name, content);
		let receipt = must(self.client.add_records(&[file], &unwatched()).await);
		first(&receipt)
	}

	/// Uploads an age file for a chart that nothing names.
	pub async fn uploads_unnamed(&self, patient: PatientId) {
		let headers = Headers {
			title: "unnamed".to_owned(),
			media_type: "text/plain".to_owned(),
			file_name: None,
			written_at: None,
		};
		let mut ciphertext = Vec::new();
		let (to, body) = (EpochSecret::from_bytes([3; 32]).public_key(), b"never named");
		let length = body.len() as u64;
		encrypt(&[to], &headers, &body[..], length, &mut ciphertext).expect("ciphertext");
		std::fs::write(self.home().join("unnamed"), &ciphertext).expect("a file");
		let mut digest = Digest::new();
		digest.update(&ciphertext);
		let sealed = digest.finish().expect("an age file");
		let at = self.client.chain().finalized().await.expect("a block");
		let info = at.patient(patient).await.expect("an answer").expect("a patient");
		let vault = self.client.vault(info.hospital).await.expect("a vault");
		let (digest, size) = (sealed.digest, sealed.size);
		let file = self.stored("unnamed").await;
		let upload = Upload { patient, file: &file, digest, size, prepared: false };
		vault.upload(&upload, &unwatched()).await.expect("an upload");
	}

	/// Puts something into a patient's chart; gives its place.
	pub async fn appends(&self, patient: PatientId, name: &str, content: &[u8]) -> RecordIndex {
		let file = self.file(name, content);
		let receipt = must(self.client.append_records(patient, &[file], &unwatched()).await);
		first(&receipt)
	}

	/// The records of a chart, with their titles, as they see them.
	pub async fn lists(&self, patient: PatientId) -> Vec<Entry> {
		let at = self.client.chain().finalized().await.expect("a block");
		let page = self.client.list(&at, patient, None, None, &unwatched()).await;
		page.expect("a list").items
	}

	/// The people who wait for their hospital.
	pub async fn pending(&self) -> Pending {
		let at = self.client.chain().finalized().await.expect("a block");
		self.client.pending(&at).await.expect("an answer")
	}

	/// Every identity with which they can open a whole chart now, whose present epoch is this one or an earlier one.
	pub async fn keeps(&self, patient: PatientId, epochs: Epoch) -> Vec<Identity> {
		let at = self.client.chain().finalized().await.expect("a block");
		let opener = self.client.opener(&at, patient).await.expect("they have access");
		let Opener::Chart { secrets, own, .. } = opener else { panic!("they see the whole chart") };
		(0..=epochs).filter_map(|epoch| secrets.identity(epoch)).chain(own).collect()
	}

	/// What they read of a record.
	pub async fn reads(
		&self,
		patient: PatientId,
		record: RecordIndex,
	) -> medblock_client::Result<Vec<u8>> {
		let opened =
			self.client.open(patient, record, &Folder::new(self.home()), &unwatched()).await?;
		let mut content = Vec::new();
		opened.content.file.reader().read_to_end(&mut content).expect("what was opened");
		Ok(content)
	}
}

/// The keys of a well-known account of the presets, as [`Person::known`] has them.
pub(crate) fn known_keys(name: &str) -> Keys {
	let uri = SecretUri::from_str(name).expect("a name");
	let pair = Keypair::from_uri(&uri).expect("a key");
	Keys::new(pair, Some(known_seed(name)))
}

/// The seed of a well-known account of the presets, as [`Person::known`] has it.
pub fn known_seed(name: &str) -> Seed {
	// Only for tests: these names are well known.
	Mnemonic::parse(DEVELOPMENT_WORDS).expect("words").seed(name)
}

async fn client(nodes: Nodes, keys: Keys, home: &Path) -> Client {
	let files = Arc::new(Folder::new(home));
	Client::new(nodes, keys, files, Mode::Submit).await.expect("a client")
}

/// The words of the well-known development accounts.
const DEVELOPMENT_WORDS: &str =
	"bottom drive obey lake curtain smoke basket hold race lonely fit walk";

/// The first two nodes' addresses.
pub fn urls(network: &Network) -> Vec<String> {
	vec![network.url(0), network.url(1)]
}

/// A file to add, with a title.
pub fn new_file(path: PathBuf, title: &str) -> NewFile {
	let headers = Headers {
		title: title.to_owned(),
		media_type: "application/octet-stream".to_owned(),
		file_name: Some(title.to_owned()),
		written_at: None,
	};
	NewFile { file: UserFile::Given(path), headers, in_reply_to: None }
}

/// The receipt of what has to have succeeded.
pub fn must(outcome: medblock_client::Result<Done>) -> Receipt {
	let done = outcome.unwrap_or_else(|why| panic!("{why}"));
	done.receipt().expect("it was sent").clone()
}

/// The place of the first record that was added.
fn first(receipt: &Receipt) -> RecordIndex {
	receipt.event("RecordsAdded").and_then(|event| event.number("first")).expect("a place")
}

//! A chain of one real node, its hospital's gateway, and people with clients.

use super::{Gateway, built, challenge_in, clock::ahead, ports::Port};
use futures::channel::mpsc;
use medblock_client::{
	Client, Done, Keys, Mode, Nodes, Witnesses,
	chain::{At, Call, Chain, Receipt},
	council::Decision,
	medblock_crypto::{Challenge, Headers, Identity, Mnemonic, encrypt},
	profiles::{Practice, profile_digest},
};
use medblock_platform::Folder;
use medblock_primitives::*;
use medblock_tether::Tethered;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
	io::Write,
	path::{Path, PathBuf},
	process::{Command, Stdio},
	str::FromStr,
	sync::Arc,
	time::{Duration, Instant, UNIX_EPOCH},
};
use subxt_signer::{SecretUri, sr25519::Keypair};
use tempfile::{NamedTempFile, TempDir};
use tokio::task::JoinHandle;

/// How long a node may take to start: the first one compiles the runtime, beside other tests.
const PATIENCE: Duration = Duration::from_secs(180);

/// The node, its gateway, and the folders of their files.
pub struct Setup {
	node: Tethered,
	node_url: String,
	node_options: Vec<String>,
	_node_data: TempDir,
	pub gateway: Option<Gateway>,
	gateway_options: Vec<String>,
	pub data: TempDir,
	listen: String,
	_ports: [Port; 3],
}

/// A person with a client and an account.
pub struct Person {
	pub client: Client,
	home: TempDir,
}

/// A signed-in connection to the gateway.
pub struct Session {
	http: reqwest::Client,
	base: String,
	pub token: String,
}

impl Person {
	/// Where the client keeps things.
	pub fn home(&self) -> &Path {
		self.home.path()
	}
}

impl Setup {
	/// Starts everything, and sets the gateway's address on the chain.
	pub async fn start() -> Self {
		Self::start_with(&[]).await
	}

	/// As [`Self::start`], with more options for the gateway.
	pub async fn start_with(gateway_options: &[&str]) -> Self {
		let ports = [(); 3].map(|()| Port::take());
		let [rpc, p2p, http] = ports.each_ref().map(|port| port.number);
		let node_data = tempfile::tempdir().unwrap();
		let node_options = vec![
			format!("--base-path={}", node_data.path().display()),
			format!("--rpc-port={rpc}"),
			format!("--listen-addr=/ip4/127.0.0.1/tcp/{p2p}"),
		];
		let mut setup = Self {
			node: start_node(&node_options, &[], &[]),
			node_url: format!("ws://127.0.0.1:{rpc}"),
			node_options,
			_node_data: node_data,
			gateway: None,
			gateway_options: gateway_options.iter().map(ToString::to_string).collect(),
			data: tempfile::tempdir().unwrap(),
			listen: format!("127.0.0.1:{http}"),
			_ports: ports,
		};
		setup.until_final(1).await;
		let staff = setup.known("//Alice").await;
		staff.client.set_gateway(&format!("http://{}", setup.listen)).await.unwrap();
		setup.resume().await;
		setup
	}

	async fn until_final(&self, number: u32) {
		let deadline = Instant::now() + PATIENCE;
		loop {
			if let Ok(chain) = Chain::connect(&self.node_url).await
				&& chain.finalized().await.is_ok_and(|at| at.number() >= number)
			{
				return;
			}
			assert!(Instant::now() < deadline, "the node makes no blocks");
			// Without a pause, asking takes the processor that the node needs.
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
	}

	/// Ends the gateway, and starts it with other options.
	pub fn restart_gateway(&mut self, options: &[&str]) {
		self.kill_gateway();
		self.gateway_options = options.iter().map(ToString::to_string).collect();
		self.resume_unwell();
	}

	/// Starts the gateway with the same files as before, on the same port.
	pub async fn resume(&mut self) {
		self.resume_unwell();
		let health = self.get("/health").await;
		assert_ne!(health["status"], "degraded", "{health}");
	}

	/// The same, healthy or not.
	pub fn resume_unwell(&mut self) {
		let mut options = vec!["--node", &self.node_url, "--listen", &self.listen];
		options.extend(self.gateway_options.iter().map(String::as_str));
		self.gateway = Some(Gateway::start_at(self.data.path(), &options));
	}

	/// Ends the gateway as a power failure would.
	pub fn kill_gateway(&mut self) {
		self.gateway = None;
	}

	/// Ends the node in good order, starts it again with the same files and these options, and
	/// waits until the gateway has found it.
	pub async fn restart_node(&mut self, options: &[&str]) {
		self.replace_node(options);
		self.until_final(1).await;
		self.until_health("status", "ok").await;
	}

	/// Ends the node in good order, and starts one with the same files and these options.
	pub fn replace_node(&mut self, options: &[&str]) {
		self.end_node();
		self.node = start_node(&self.node_options, options, &[]);
	}

	/// As [`Self::restart_node`], by a clock that is so much ahead, and waits until the chain's time is there, too. It is the
	/// gateway's clock that is wrong then, and this program's.
	pub async fn restart_node_ahead(&mut self, by: &str) {
		// No block of before has a time like that.
		let before = self.final_block().await.now().await.unwrap() + 60_000;
		self.end_node();
		self.node = start_node(&self.node_options, &[], &ahead(by));
		let deadline = Instant::now() + PATIENCE;
		loop {
			if let Ok(chain) = Chain::connect(&self.node_url).await
				&& let Ok(at) = chain.finalized().await
				&& at.now().await.is_ok_and(|now| now > before)
			{
				break;
			}
			assert!(Instant::now() < deadline, "the chain's time does not go on");
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
		self.until_health("status", "ok").await;
	}

	fn end_node(&mut self) {
		let id = self.node.id().to_string();
		assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
		self.node.wait().unwrap();
	}

	/// Waits until a field of the gateway's health has this value.
	pub async fn until_health(&self, field: &str, value: &str) {
		let deadline = Instant::now() + PATIENCE;
		loop {
			let health = self.get("/health").await;
			if health[field] == value {
				return;
			}
			assert!(Instant::now() < deadline, "its {field} does not become {value}: {health}");
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
	}

	/// Ends the node as a power failure would.
	pub fn kill_node(&mut self) {
		self.node.kill().unwrap();
		self.node.wait().unwrap();
	}

	pub async fn get(&self, path: &str) -> Value {
		let url = format!("http://{}{path}", self.listen);
		reqwest::get(url).await.unwrap().json().await.unwrap()
	}

	pub async fn final_block(&self) -> At {
		Chain::connect(&self.node_url).await.unwrap().finalized().await.unwrap()
	}

	pub async fn best_block(&self) -> At {
		Chain::connect(&self.node_url).await.unwrap().best().await.unwrap()
	}

	/// A person with these keys.
	pub async fn person(&self, keys: Keys) -> Person {
		let nodes =
			Nodes::connect(std::slice::from_ref(&self.node_url), Witnesses::One).await.unwrap();
		let home = tempfile::tempdir().unwrap();
		let files = Arc::new(Folder::new(home.path()));
		let client = Client::new(nodes, keys, files, Mode::Submit).await.unwrap();
		Person { client, home }
	}

	pub async fn known(&self, name: &str) -> Person {
		let pair = Keypair::from_uri(&SecretUri::from_str(name).unwrap()).unwrap();
		self.person(Keys::new(pair, Some(Mnemonic::generate().seed("")))).await
	}

	/// The gateway's own vault, as a client: it has no words.
	pub async fn vault(&self) -> Person {
		let text = std::fs::read_to_string(self.data.path().join("vault-account")).unwrap();
		let mut secret = [0; 32];
		hex::decode_to_slice(text.trim(), &mut secret).unwrap();
		self.person(Keys::new(Keypair::from_secret_key(secret).unwrap(), None)).await
	}

	pub async fn somebody(&self) -> Person {
		self.person(Keys::from_seed(Mnemonic::generate().seed("")).unwrap()).await
	}

	/// A new account whose client reaches the node through the door alone, and signs in there once it can.
	pub async fn newcomer_at_the_door(&self) -> Person {
		let keys = Keys::from_seed(Mnemonic::generate().seed("")).unwrap();
		let door = format!("ws://{}/v1/rpc", self.listen);
		let home = tempfile::tempdir().unwrap();
		let files = Arc::new(Folder::new(home.path()));
		let door = std::slice::from_ref(&door);
		let connecting = Client::connect(door, Witnesses::One, keys, files, Mode::Submit);
		Person { client: connecting.await.unwrap(), home }
	}

	/// The address of the gateway, as the chain names it.
	pub fn address(&self) -> &str {
		&self.listen
	}

	/// The address of the node.
	pub fn node_url(&self) -> &str {
		&self.node_url
	}

	/// Has the council, of which the first hospital is the only member, decide something.
	pub async fn decides(&self, decision: Decision) {
		let staff = self.known("//Alice").await;
		let hospitals = self.final_block().await.hospitals().await.unwrap();
		let call = decision.call(staff.client.chain(), &hospitals).await.unwrap();
		let council = staff.client.council().await.unwrap();
		staff.client.propose(&council, call).await.unwrap();
	}

	/// Has the council admit a second hospital, with this gateway.
	pub async fn admit(&self, gateway: &str) -> Person {
		let controller = self.known("//Bob").await;
		self.decides(Decision::Admit {
			controller: controller.client.keys().account(),
			name: "South".into(),
			gateway: gateway.into(),
		})
		.await;
		controller
	}

	/// A registrar of a second hospital, which the council of the first one admits.
	pub async fn registrar_of_another_hospital(&self) -> Person {
		let controller = self.admit("https://south.example").await;
		let registrar = self.known("//Bob//stash").await;
		controller.client.appoint_registrar(registrar.client.keys().account()).await.unwrap();
		registrar.client.accept_appointment(None).await.unwrap();
		registrar
	}

	/// A person who has registered as a patient.
	pub async fn pending_patient(&self) -> (Person, PatientId) {
		let person = self.somebody().await;
		let id = self.registers(&person).await;
		(person, id)
	}

	pub async fn patient(&self) -> (Person, PatientId) {
		let person = self.somebody().await;
		let id = self.becomes_patient(&person).await;
		(person, id)
	}

	/// Registers a person as a patient, and has them verified.
	pub async fn becomes_patient(&self, person: &Person) -> PatientId {
		let (id, registrar) = tokio::join!(self.registers(person), self.known("//Alice//stash"));
		registrar.client.verify_patient(id).await.unwrap();
		id
	}

	async fn registers(&self, person: &Person) -> PatientId {
		let done = person.client.register_patient(HospitalId(0)).await.unwrap();
		let id = receipt(&done).event("PatientRegistered").unwrap().number("patient").unwrap();
		PatientId(id)
	}

	pub async fn doctor(&self) -> (Person, DoctorId) {
		let person = self.somebody().await;
		let practice = Practice {
			name: "Dr. Ada".into(),
			specialty: "cardiology".into(),
			qualification: "MD".into(),
			practising_since: 2001,
		};
		let registering = person.client.register_doctor(HospitalId(0), &practice);
		let (registered, registrar) = tokio::join!(registering, self.known("//Alice//stash"));
		let done = registered.unwrap();
		let id = receipt(&done).event("DoctorRegistered").unwrap().number("doctor").unwrap();
		let id = DoctorId(id);
		let digest = registrar.client.published_key_digest(id).await.unwrap();
		let profile = profile_digest(&practice.profile().unwrap());
		registrar.client.verify_doctor(id, digest, profile, None).await.unwrap();
		(person, id)
	}

	/// Signs a person in.
	pub async fn session(&self, person: &Person) -> Session {
		let http = reqwest::Client::new();
		let base = format!("http://{}", self.listen);
		let (answer, _) = self.try_sign_in(person).await;
		Session { http, base, token: answer["token"].as_str().expect("a token").into() }
	}

	/// The gateway's answer to a sign-in, and the text that was signed.
	pub async fn try_sign_in(&self, person: &Person) -> (Value, String) {
		sign_in(&self.listen, person.client.keys()).await
	}

	/// The status of the gateway's answer to a challenge that a person has signed and posts there.
	pub async fn post_signed(&self, path: &str, person: &Person) -> u16 {
		let (answer, _) = send_signed(&self.listen, path, person.client.keys()).await;
		answer.status().as_u16()
	}

	/// Names files in the patient's own chart, whether the vault has them or not.
	pub async fn name(&self, patient: &Person, files: &[&[u8]]) -> RecordIndex {
		self.name_at(patient, HospitalId(0), files).await
	}

	/// Names files in the patient's own chart, as if they were uploaded to this hospital's vault.
	pub async fn name_at(
		&self,
		patient: &Person,
		vault: HospitalId,
		files: &[&[u8]],
	) -> RecordIndex {
		let at = self.final_block().await;
		let own = patient.client.own_chart(&at).await.unwrap();
		let records: Vec<_> = files
			.iter()
			.map(|file| Document { vault, ..document(file) })
			.map(|document| NewRecord { document, in_reply_to: None })
			.collect();
		let call = Call::add_records(own.sealing_epoch, records.try_into().unwrap(), None);
		let signer = patient.client.keys().signer().unwrap();
		let receipt = patient.client.chain().submit(signer, &call).await.unwrap();
		receipt.event("RecordsAdded").unwrap().number("first").unwrap()
	}
}

/// Signs in at the gateway that listens there. Returns its answer, and the text that was signed.
async fn sign_in(listen: &str, keys: &Keys) -> (Value, String) {
	let (answer, text) = send_signed(listen, "/v1/session", keys).await;
	(answer.json().await.unwrap(), text)
}

/// Posts a signed challenge. Returns the gateway's answer, and the text that was signed.
async fn send_signed(listen: &str, path: &str, keys: &Keys) -> (reqwest::Response, String) {
	let url = format!("http://{listen}/v1/challenge?account={}", keys.account());
	let parts = reqwest::get(url).await.unwrap().json().await.unwrap();
	let text = challenge_in(parts).text();
	let body = signed(&text, keys);
	let url = format!("http://{listen}{path}");
	(reqwest::Client::new().post(url).json(&body).send().await.unwrap(), text)
}

/// What is posted to sign in: the text of a challenge, signed.
fn signed(text: &str, keys: &Keys) -> Value {
	let signature = keys.signer().unwrap().sign(&Challenge::signed_bytes(text)).0;
	json!({ "challenge": text, "signature": format!("0x{}", hex::encode(signature)) })
}

impl Drop for Setup {
	fn drop(&mut self) {
		let _ = self.node.kill();
		let _ = self.node.wait();
	}
}

impl Session {
	/// Signs in at the gateway that listens there; none while it does not answer. Each request has a new connection.
	pub async fn sign_in_at(listen: &str, keys: &Keys) -> Option<Self> {
		let base = format!("http://{listen}");
		let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
		let url = format!("{base}/v1/challenge?account={}", keys.account());
		let parts = http.get(url).send().await.ok()?.error_for_status().ok()?;
		let body = signed(&challenge_in(parts.json().await.ok()?).text(), keys);
		let answer = http.post(format!("{base}/v1/session")).json(&body).send().await.ok()?;
		let answer: Value = answer.error_for_status().ok()?.json().await.ok()?;
		let token = answer["token"].as_str()?.to_owned();
		Some(Self { http, base, token })
	}

	/// The same session at another gateway of the vault.
	pub fn at(&self, gateway: &Gateway) -> Self {
		self.through(&gateway.address.to_string())
	}

	/// The same session at another address, with a new connection for each request.
	pub fn through(&self, address: &str) -> Self {
		let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
		Self { http, base: format!("http://{address}"), token: self.token.clone() }
	}

	pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
		let method = method.parse().unwrap();
		self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
	}

	pub async fn send(&self, method: &str, path: &str) -> reqwest::Response {
		self.request(method, path).send().await.unwrap()
	}

	/// The status and stable code of a refusal.
	pub async fn refusal(&self, method: &str, path: &str) -> (u16, String) {
		let answer = self.send(method, path).await;
		let status = answer.status().as_u16();
		let body: Value = answer.json().await.unwrap_or_default();
		(status, body["error"].as_str().unwrap_or_default().to_owned())
	}

	/// Begins an upload, sends nothing of it, and waits until the gateway has accepted it.
	pub async fn begin(&self, patient: PatientId, file: &[u8]) -> Begun {
		let path = upload_path(patient, file);
		let (more, body) = mpsc::unbounded::<std::io::Result<Vec<u8>>>();
		let request = self.request("PATCH", &path).header("upload-offset", 0);
		let request = request.header("upload-length", file.len());
		let sending = tokio::spawn(request.body(reqwest::Body::wrap_stream(body)).send());
		let deadline = Instant::now() + Duration::from_secs(90);
		while self.send("HEAD", &path).await.status() != 200 {
			assert!(Instant::now() < deadline, "it does not begin");
		}
		Begun { more, sending }
	}

	/// Uploads a whole file.
	pub async fn upload(&self, patient: PatientId, file: &[u8]) -> reqwest::Response {
		let request = self.request("PATCH", &upload_path(patient, file));
		let request = request.header("upload-offset", 0).header("upload-length", file.len());
		request.body(file.to_vec()).send().await.unwrap()
	}
}

/// An upload that has begun and stands still.
pub struct Begun {
	more: mpsc::UnboundedSender<std::io::Result<Vec<u8>>>,
	sending: JoinHandle<reqwest::Result<reqwest::Response>>,
}

impl Begun {
	/// Ends the request without bytes. When this returns, the gateway has answered it.
	pub async fn end(self) {
		drop(self.more);
		assert_eq!(self.sending.await.unwrap().unwrap().status(), 202, "bytes are missing");
	}
}

pub fn upload_path(patient: PatientId, file: &[u8]) -> String {
	format!("/v1/patients/{}/uploads/{}", patient.0, hex::encode(Sha256::digest(file)))
}

pub fn document(file: &[u8]) -> Document {
	let digest = Sha256::digest(file).into();
	Document { digest, head: [0; 16], size: file.len() as u64, vault: HospitalId(0) }
}

/// An age header, and bytes after it that can't be decrypted: the vault can't tell.
pub fn age_file(seed: u8, length: usize) -> Vec<u8> {
	let headers = Headers {
		title: "Letter".into(),
		media_type: "text/plain".into(),
		file_name: None,
		written_at: None,
	};
	let mut file = Vec::new();
	let key = Identity::from_seed([seed; 32]).public_key();
	encrypt(&[key], &headers, &b""[..], 0, &mut file).unwrap();
	// At once, and not byte by byte: tests are not optimized.
	file.extend(vec![seed; length]);
	file
}

pub fn receipt(done: &Done) -> &Receipt {
	done.receipt().expect("it is final")
}

fn start_node(options: &[String], more: &[&str], environment: &[(String, String)]) -> Tethered {
	let node = node_binary();
	let mut command = Command::new(&node);
	if !more.iter().any(|option| option.starts_with("--chain=")) {
		command.arg("--chain").arg(specification(&node));
	}
	command
		.args(["--dev", "--no-prometheus", "--no-mdns"])
		.arg("--compiled-runtimes")
		.arg(node.with_file_name("compiled-runtimes"))
		.args(options)
		.args(more)
		.envs(environment.iter().map(|(name, value)| (name, value)));
	Tethered::spawn(&command, |started| {
		started.stderr(Stdio::null());
	})
	.unwrap()
}

/// The development chain with its genesis made, beside the node. From its name alone, each node would make the genesis
/// again, and compile the runtime for that.
fn specification(node: &Path) -> PathBuf {
	let built = std::fs::metadata(node).unwrap().modified().unwrap();
	let since = built.duration_since(UNIX_EPOCH).unwrap().as_nanos();
	let path = node.with_file_name(format!("dev-{since}.json"));
	if !path.exists() {
		let made = Command::new(node).args(["export-chain-spec", "--raw", "--chain=dev"]).output();
		let made = made.unwrap();
		assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
		// Other tests may do the same at the same time.
		let mut whole = NamedTempFile::new_in(path.parent().unwrap()).unwrap();
		whole.write_all(&made.stdout).unwrap();
		whole.persist(&path).unwrap();
	}
	path
}

/// The node: `MEDBLOCK_NODE`, or the one that was built beside the tests.
fn node_binary() -> PathBuf {
	std::env::var_os("MEDBLOCK_NODE").map_or_else(|| built("medblock-node"), PathBuf::from)
}

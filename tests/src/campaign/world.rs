//! The network of a campaign: four nodes that reach each other through relays, two vaults, a database and a bucket. It is
//! made for the campaign, in folders and on ports of its own, and ends with it.

use super::{
	lines::Lines,
	plan::{NODES, VAULTS},
	servers::{
		postgres::Server,
		s3::{KEY, REGION, SECRET, STORE, Service},
	},
	watch::page,
};
use crate::{Consortium, Hospital, Network, Person, Running, Specification, Up};
use medblock_client::{Keys, medblock_crypto::Mnemonic};
use medblock_launcher::{Error, Lifetime, Vault, eventually};
use serde_json::{Value, json};
use std::{
	cell::Cell,
	path::{Path, PathBuf},
	process::Command,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

/// What campaigns return: the error is one sentence about the harness or its machine, and no breach of a rule.
pub type Result<T> = std::result::Result<T, String>;

/// How long nodes and vaults may take to follow the chain again.
pub const HEALED: Duration = Duration::from_secs(240);

/// How long a node that is well may take to answer.
pub const ANSWERS: Duration = Duration::from_secs(60);

/// Blocks that a node's last final one may be behind the highest.
const BEHIND: u32 = 3;

/// The room of the vault whose disk is filled, if this machine lets a disk of its own be made.
const ROOM: &str = "size=256m,mode=0700";

/// The vault over the database and the bucket.
const SHARED: usize = 0;

/// How long it took until all was well, from the end of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Healed {
	/// Until all nodes followed the chain, and blocks became final again.
	pub followed: Duration,
	/// Until the vaults were healthy, too.
	pub well: Duration,
}

/// One vault.
pub struct House {
	/// Ends it in the end.
	_running: Running,
	/// The vault.
	pub vault: Vault,
	environment: Vec<(String, String)>,
	/// The address of its figures.
	pub metrics: String,
}

/// A disk of its own, which is taken away in the end.
struct Disk(PathBuf);

impl Disk {
	/// A disk in a folder, if this user may make one.
	fn at(folder: &Path) -> Option<Self> {
		std::fs::create_dir_all(folder).ok()?;
		let mut mount = Command::new("mount");
		mount.args(["-t", "tmpfs", "-o", ROOM, "medblock-campaign"]).arg(folder);
		runs(&mut mount).ok().map(|()| Self(folder.to_owned()))
	}
}

impl Drop for Disk {
	fn drop(&mut self) {
		// A disk that is still in use goes when it is not.
		let _ = runs(Command::new("umount").arg("--lazy").arg(&self.0));
	}
}

/// Work in other threads. What drops this waits for that work, which would write into folders that are gone.
#[derive(Default)]
struct Work(Arc<()>);

impl Work {
	/// Work goes on for as long as this is kept.
	fn begin(&self) -> Arc<()> {
		self.0.clone()
	}
}

impl Drop for Work {
	fn drop(&mut self) {
		while Arc::strong_count(&self.0) > 1 {
			std::thread::sleep(Duration::from_millis(5));
		}
	}
}

/// All that runs. What is dropped first comes first.
pub struct World {
	work: Work,
	/// The vaults.
	pub vaults: Vec<House>,
	disk: Option<Disk>,
	database: Arc<Mutex<Server>>,
	/// The folder of the database.
	pub database_folder: PathBuf,
	bucket: tokio::sync::Mutex<Service>,
	/// The lines between nodes.
	pub lines: Lines,
	/// The people's network.
	pub consortium: Consortium,
	up: Up,
	genesis: Value,
}

impl World {
	/// Starts all of it, and waits until it is well.
	pub async fn start(seed: u64) -> Result<Self> {
		let network = Network::new();
		let (lines, up) = begin(&network, seed).await?;
		let database_folder = TempDir::new().map_err(text)?;
		let path = database_folder.path().to_owned();
		let database = spawn_blocking(move || Server::start_in(database_folder, &[])).await;
		let database = database.map_err(text)?;
		let bucket = Service::start_in(TempDir::new_in(network.path()).map_err(text)?).await;
		let folder = network.path().join("vault-1/data");
		let disk = Disk::at(&folder);
		let mut vaults = Vec::new();
		for number in 0..VAULTS {
			let endpoint = (bucket.endpoint(), database.url());
			vaults.push(house(&network, number, endpoint)?);
		}
		let genesis = network.launcher().rpc(Hospital::North);
		let genesis = genesis.ask("chain_getBlockHash", json!([0])).await.map_err(text)?;
		let world = Self {
			work: Work::default(),
			vaults,
			disk,
			database: Arc::new(Mutex::new(database)),
			database_folder: path,
			bucket: tokio::sync::Mutex::new(bucket),
			lines,
			consortium: Consortium::without_gateways(network),
			up,
			genesis,
		};
		for number in 0..VAULTS {
			world.start_vault(number, &[])?;
		}
		world.heal().await?;
		for (house, controller) in world.vaults.iter().zip(["//Alice", "//Bob"]) {
			let controller = Person::known(world.network(), controller).await;
			controller.client.set_gateway(house.vault.url()).await.map_err(text)?;
			controller.client.name_vault_account().await.map_err(text)?;
		}
		Ok(world)
	}

	/// The nodes.
	pub fn network(&self) -> &Network {
		&self.consortium.network
	}

	/// The address of a node.
	pub fn url(&self, node: usize) -> String {
		self.network().url((node % NODES) as u16)
	}

	/// The addresses of all nodes, this one's first.
	pub fn urls(&self, first: usize) -> Vec<String> {
		(0..NODES).map(|number| self.url(first + number)).collect()
	}

	/// A person with these words at the nodes, this one first.
	pub async fn person(&self, words: &Mnemonic, first: usize) -> Result<Person> {
		let keys = Keys::from_seed(words.seed("")).map_err(text)?;
		Person::reaching(&self.urls(first), keys).await.map_err(text)
	}

	/// Whether the disk of the vault in its folder can be filled.
	pub fn has_disk(&self) -> bool {
		self.disk.is_some()
	}

	/// Refuses to go on if what answers is not what this began.
	pub async fn ensure_own(&self) -> Result<()> {
		for hospital in Hospital::ALL {
			let launcher = self.network().launcher();
			let (rpc, port) = (launcher.rpc(hospital), launcher.node(hospital).rpc_port);
			let is_own = async || {
				let asked = rpc.ask::<Value>("chain_getBlockHash", json!([0])).await;
				// A node that is busy answers later.
				let Ok(answer) = asked else { return Ok(None) };
				match answer == self.genesis && launcher.daemon(hospital).pid().is_some() {
					true => Ok(Some(())),
					false => Err(Error::other(format!(
						"port {port} is not of the network that this campaign began"
					))),
				}
			};
			eventually(ANSWERS, "a node to answer", is_own).await.map_err(text)?;
		}
		Ok(())
	}

	/// Starts a node that does not run, with these environment variables.
	pub fn start_node(&self, node: usize, environment: &[(String, String)]) -> Result<()> {
		let hospital = Hospital::ALL[node % NODES];
		let up = Up { environment: environment.to_vec(), ..self.up.clone() };
		self.network().launcher().start(hospital, &up).map_err(text)
	}

	/// Starts a vault that does not run, with these environment variables besides its own.
	pub fn start_vault(&self, number: usize, environment: &[(String, String)]) -> Result<()> {
		let house = &self.vaults[number % VAULTS];
		if house.vault.daemon().pid().is_some() {
			return Ok(());
		}
		let environment = [&house.environment[..], environment].concat();
		house.vault.spawn(&environment).map_err(text)
	}

	/// Does what takes long in a thread of its own.
	pub async fn does<F>(&self, what: F) -> Result<()>
	where
		F: FnOnce() -> Result<()> + Send + 'static,
	{
		let begun = self.work.begin();
		let working = move || {
			let done = what();
			drop(begun);
			done
		};
		spawn_blocking(working).await.map_err(text)?
	}

	/// Kills the database.
	pub async fn end_database(&self) -> Result<()> {
		self.with_database(Server::kill).await
	}

	/// Starts the database again.
	pub async fn start_database(&self) -> Result<()> {
		self.with_database(Server::start_again).await
	}

	async fn with_database(&self, change: fn(&mut Server)) -> Result<()> {
		let database = self.database.clone();
		self.does(move || {
			change(&mut database.lock().unwrap_or_else(PoisonError::into_inner));
			Ok(())
		})
		.await
	}

	/// Ends the bucket's service.
	pub async fn end_bucket(&self) {
		self.bucket.lock().await.stop().await;
	}

	/// Starts the bucket's service again.
	pub async fn start_bucket(&self) {
		self.bucket.lock().await.start_again().await;
	}

	/// Starts what does not run, opens all lines, and waits until all nodes follow the chain and all vaults serve.
	pub async fn heal(&self) -> Result<Healed> {
		let began = Instant::now();
		self.lines.all(super::lines::Line::Open);
		for node in 0..NODES {
			self.start_node(node, &[])?;
		}
		for vault in 0..VAULTS {
			self.start_vault(vault, &[])?;
		}
		let from = self.heads().await.into_iter().flatten().max().unwrap_or_default();
		let followed = Cell::new(None);
		let well = async || {
			let heads = self.heads().await;
			let highest = heads.iter().flatten().max().copied().unwrap_or_default();
			let follow = heads.iter().all(|one| one.is_some_and(|one| one + BEHIND >= highest));
			// That no node is behind another shows nothing while no block becomes final.
			if !follow || highest <= from + 1 {
				return Ok(None);
			}
			let first = followed.get().unwrap_or_else(|| began.elapsed());
			followed.set(Some(first));
			let healed = Healed { followed: first, well: began.elapsed() };
			Ok(self.all_serve().await.then_some(healed))
		};
		eventually(HEALED, "all nodes and vaults to be well", well).await.map_err(text)
	}

	/// Whether each node's process runs.
	pub fn nodes_run(&self) -> [bool; NODES] {
		Hospital::ALL.map(|hospital| self.network().daemon(hospital).pid().is_some())
	}

	/// The vaults whose processes do not run.
	pub fn ended_vaults(&self) -> Vec<usize> {
		let runs = |number: &usize| self.vaults[*number].vault.daemon().pid().is_some();
		(0..VAULTS).filter(|number| !runs(number)).collect()
	}

	/// The last final block of each node that answers.
	pub async fn heads(&self) -> Vec<Option<u32>> {
		let asking = Hospital::ALL.map(|hospital| async move {
			let head = self.network().launcher().rpc(hospital).finalized().await;
			head.ok().map(|block| block.number)
		});
		futures::future::join_all(asking).await
	}

	/// The number of others that a node is connected to, if it answers.
	pub async fn peers(&self, node: usize) -> Option<u32> {
		self.network().launcher().rpc(Hospital::ALL[node % NODES]).peers().await.ok()
	}

	async fn all_serve(&self) -> bool {
		let asking = self.vaults.iter().map(|house| async move {
			page(&format!("{}/health", house.vault.own_url())).await.is_some()
		});
		futures::future::join_all(asking).await.into_iter().all(|serves| serves)
	}
}

/// Starts the nodes, with a relay for each line.
async fn begin(network: &Network, seed: u64) -> Result<(Lines, Up)> {
	let launcher = network.launcher();
	let nodes = Hospital::ALL.map(|hospital| launcher.node(hospital));
	for node in &nodes {
		node.make_key().await.map_err(text)?;
	}
	let lines = Lines::to(nodes.each_ref().map(|node| node.peer_port), seed).await.map_err(text)?;
	let mut calling = Vec::new();
	for node in 0..NODES {
		let mut addresses = Vec::new();
		for (other, port) in lines.ports_of(node) {
			let peer = nodes[other].peer_id().map_err(text)?;
			addresses.push(format!("/ip4/127.0.0.1/tcp/{port}/p2p/{peer}"));
		}
		calling.push(addresses);
	}
	let mut specification = Specification::local().await.map_err(text)?;
	for (name, value) in [("sessionLength", 10), ("upgradeDelay", 20)] {
		specification.set(name, json!(value)).map_err(text)?;
	}
	let path = network.path().join("adjusted.json");
	specification.write(&path).map_err(text)?;
	let up = Up { specification: Some(path), calling, with_metrics: true, ..Up::default() };
	launcher.up(&up).await.map_err(text)?;
	Ok((lines, up))
}

/// A vault that is not started yet.
fn house(network: &Network, number: usize, shared: (String, String)) -> Result<House> {
	let hospital = u16::try_from(number).map_err(text)?;
	let folder = network.path().join(format!("vault-{number}"));
	let metrics = format!("127.0.0.1:{}", network.base_port() + 18 + hospital);
	let (own, witness) = (network.url(hospital), network.url(hospital + 1));
	let port = network.gateway_port(hospital);
	let vault = Vault::new(&folder, hospital, &own, port, Lifetime::Attached).map_err(text)?;
	let mut vault = vault.known_as(None).with(&["--witness", &witness, "--sweep-interval", "5"]);
	vault = vault.with(&["--anchor-interval", "1", "--metrics-listen", &metrics]);
	let mut environment = Vec::new();
	if number == SHARED {
		let (endpoint, state) = shared;
		vault = vault.with(&["--store", STORE, "--s3-endpoint", &endpoint, "--state", &state]);
		environment.extend(
			[("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_REGION", REGION)]
				.map(|(name, value)| (name.to_owned(), value.to_owned())),
		);
	} else {
		vault = vault.with(&["--disk-reserve", "16MiB"]);
	}
	let _running = Running::guard(vault.daemon());
	let metrics = format!("http://{metrics}/metrics");
	Ok(House { _running, vault, environment, metrics })
}

/// Runs a command of the system, which has to succeed.
pub fn runs(command: &mut Command) -> Result<()> {
	let output = command.output().map_err(text)?;
	match output.status.success() {
		true => Ok(()),
		false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
	}
}

/// An error as a sentence.
pub fn text(why: impl std::fmt::Display) -> String {
	why.to_string()
}

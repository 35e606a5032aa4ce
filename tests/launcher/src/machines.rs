//! The hospitals' machines of a drill: four founders, whose nodes are a [`Network`], and others that come
//! later.

use crate::{
	Daemon, Error, Hospital, Lifetime, Network, Node, Program, Result, Rpc, Service, Specification,
	Up, binary, vault::is_healthy,
};
use clap::{Subcommand, ValueEnum};
use futures::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
	collections::BTreeMap,
	fs,
	os::unix::fs::{PermissionsExt, symlink},
	path::{Path, PathBuf},
};

/// Blocks that a node's best one may be behind another's and have caught up.
const BEHIND: u32 = 3;
/// The same of its last final one.
const FINAL_BEHIND: u32 = 10;

/// All machines of a drill, in a folder of its own.
pub struct Machines {
	folder: PathBuf,
	book: Book,
}

/// What has to be known of machines, for the programs that run on them.
#[derive(Serialize, Deserialize)]
struct Book {
	base_port: u16,
	machines: BTreeMap<String, Entry>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
	/// Its place among the ports.
	place: u16,
	/// Its hospital's number.
	hospital: u16,
	/// The well-known account that acts for it.
	account: String,
}

/// One machine.
pub struct Machine<'a> {
	all: &'a Machines,
	name: String,
	entry: Entry,
	founder: Option<Hospital>,
}

/// What a drill asks about a machine.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Fact {
	/// The address of its node.
	Url,
	/// The port of its node for JSON-RPC.
	RpcPort,
	/// The address of its gateway.
	Gateway,
	/// The folder of its node.
	NodeFolder,
	/// Its hospital's number.
	Hospital,
	/// The number of its node's best block.
	Best,
	/// The number of its node's last final block.
	Final,
	/// The number of nodes that its node is connected to.
	Peers,
}

/// What a drill waits for.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Condition {
	/// Its node is connected to others
	HasPeers,
	/// Its node is connected to no other
	NoPeers,
	/// Its node is connected, and has the blocks of a founder's
	CaughtUp,
	/// As caught-up, and with what is final, which follows later and which transactions name
	UpToDate,
	/// A block beyond this number is final at its node
	FinalBeyond {
		/// The number
		number: u32,
	},
	/// Its node has a block beyond this number
	BestBeyond {
		/// The number
		number: u32,
	},
	/// Its node has ended
	Ended,
	/// Its gateway is healthy
	Serves,
}

impl Machines {
	/// Machines that there are none of yet.
	pub fn create(folder: &Path, base_port: u16) -> Result<Self> {
		let made = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
		let folder = made.map_err(|_| Error::NoFolder(folder.to_owned()))?;
		let all = Self { folder, book: Book { base_port, machines: BTreeMap::new() } };
		all.remember()?;
		Ok(all)
	}

	/// Those that are in a folder.
	pub fn open(folder: &Path) -> Result<Self> {
		let folder = folder.canonicalize()?;
		let book = serde_json::from_slice(&fs::read(folder.join("machines.json"))?)?;
		Ok(Self { folder, book })
	}

	/// The founders' nodes.
	pub fn network(&self) -> Result<Network> {
		let folder = self.folder.join("network");
		Network::open(&folder, Some(self.book.base_port), Lifetime::Detached)
	}

	/// Begins a chain of four hospitals with these settings in its genesis.
	pub async fn begin(&mut self, settings: &[(String, Value)]) -> Result<()> {
		let mut plain = Specification::local().await?;
		for (name, value) in settings {
			plain.set(name, value.clone())?;
		}
		let path = self.folder.join("plain.json");
		plain.write(&path)?;
		self.network()?.up(&Up { specification: Some(path), ..Up::default() }).await?;
		for hospital in Hospital::ALL {
			let number = hospital.number();
			self.add(hospital.name(), number, number, hospital.controller()).await?;
		}
		Ok(())
	}

	/// Adds a machine with nothing running on it: its folder, the programs that are on its `PATH`, and the
	/// account of its administrator. Its node's options are in `etc/node.env`, as the package has them.
	pub async fn add(
		&mut self,
		name: &str,
		place: u16,
		hospital: u16,
		account: &str,
	) -> Result<()> {
		let entry = Entry { place, hospital, account: account.to_owned() };
		self.book.machines.insert(name.to_owned(), entry);
		self.remember()?;
		self.machine(name)?.set_up().await
	}

	/// One of them.
	pub fn machine(&self, name: &str) -> Result<Machine<'_>> {
		let entry = self.book.machines.get(name).cloned();
		let entry = entry.ok_or_else(|| Error::other(format!("there is no machine {name}")))?;
		Ok(Machine { all: self, name: name.to_owned(), entry, founder: name.parse().ok() })
	}

	/// Ends everything that runs on them.
	pub async fn end(&self) -> Result<()> {
		let mut daemons = Vec::new();
		for name in self.book.machines.keys() {
			let machine = self.machine(name)?;
			daemons.extend([machine.daemon(Service::Gateway)?, machine.daemon(Service::Node)?]);
		}
		join_all(daemons.iter().map(Daemon::stop)).await;
		// Founders' nodes whose machines were never added.
		self.network()?.down().await;
		Ok(())
	}

	fn remember(&self) -> Result<()> {
		let path = self.folder.join("machines.json");
		Ok(fs::write(path, serde_json::to_vec_pretty(&self.book)?)?)
	}
}

impl Machine<'_> {
	/// Its folder, which stands for those of the system.
	pub fn folder(&self) -> PathBuf {
		self.all.folder.join(&self.name)
	}

	/// The hospital of the founders that it belongs to, unless it came later.
	pub fn founder(&self) -> Option<Hospital> {
		self.founder
	}

	/// Its hospital's number.
	pub fn hospital(&self) -> u16 {
		self.entry.hospital
	}

	/// Its node.
	pub fn node(&self) -> Result<Node> {
		if let Some(hospital) = self.founder {
			return Ok(self.all.network()?.node(hospital));
		}
		let rpc_port = self.all.book.base_port + 2 * self.entry.place;
		Ok(Node {
			folder: self.folder().join("node"),
			specification: self.folder().join("etc/chain.json"),
			rpc_port,
			peer_port: rpc_port + 1,
		})
	}

	/// The port of its gateway.
	pub fn gateway_port(&self) -> u16 {
		self.all.book.base_port + 14 + self.entry.place % 6
	}

	/// The address of its gateway.
	pub fn gateway(&self) -> String {
		format!("http://127.0.0.1:{}", self.gateway_port())
	}

	/// Questions to its node.
	pub fn rpc(&self) -> Result<Rpc> {
		Ok(self.node()?.rpc())
	}

	/// The process of a service on it.
	pub fn daemon(&self, service: Service) -> Result<Daemon> {
		match (service, self.founder) {
			(Service::Node, Some(hospital)) => Ok(self.all.network()?.daemon(hospital)),
			_ => Ok(Daemon::named(&self.folder(), service.name())),
		}
	}

	/// The network that a founder's node belongs to.
	pub fn network(&self) -> Result<Network> {
		self.all.network()
	}

	/// What a drill asks about it.
	pub async fn fact(&self, fact: Fact) -> Result<String> {
		Ok(match fact {
			Fact::Url => self.node()?.url(),
			Fact::RpcPort => self.node()?.rpc_port.to_string(),
			Fact::Gateway => self.gateway(),
			Fact::NodeFolder => self.node()?.folder.display().to_string(),
			Fact::Hospital => self.hospital().to_string(),
			Fact::Best => self.rpc()?.best().await?.number.to_string(),
			Fact::Final => self.rpc()?.finalized().await?.number.to_string(),
			Fact::Peers => self.rpc()?.peers().await?.to_string(),
		})
	}

	/// Whether something holds of it. A node that does not answer is an error, unless it is to have ended.
	pub async fn holds(&self, condition: Condition) -> Result<bool> {
		let rpc = self.rpc()?;
		Ok(match condition {
			Condition::HasPeers => rpc.peers().await? > 0,
			Condition::NoPeers => rpc.peers().await? == 0,
			Condition::CaughtUp => self.has_caught_up().await?,
			Condition::UpToDate => {
				let own = rpc.finalized().await?.number;
				let other = self.neighbour()?.rpc().finalized().await?.number;
				self.has_caught_up().await? && own + FINAL_BEHIND >= other
			},
			Condition::FinalBeyond { number } => rpc.finalized().await?.number > number,
			Condition::BestBeyond { number } => rpc.best().await?.number > number,
			Condition::Ended => self.daemon(Service::Node)?.pid().is_none(),
			Condition::Serves => is_healthy(&self.gateway()).await,
		})
	}

	async fn has_caught_up(&self) -> Result<bool> {
		let (rpc, other) = (self.rpc()?, self.neighbour()?.rpc());
		let (own, highest) = (rpc.best().await?.number, other.best().await?.number);
		Ok(rpc.peers().await? > 0 && own + BEHIND >= highest)
	}

	/// The founder's node that its own is compared with.
	fn neighbour(&self) -> Result<Node> {
		let other = match self.founder {
			Some(Hospital::North) => Hospital::East,
			_ => Hospital::North,
		};
		Ok(self.all.network()?.node(other))
	}

	/// Another hospital's node, which has to agree before the gateway deletes anything.
	pub fn witness(&self) -> Result<Node> {
		let other = match self.hospital() {
			0 => Hospital::East,
			_ => Hospital::North,
		};
		Ok(self.all.network()?.node(other))
	}

	async fn set_up(&self) -> Result<()> {
		let folder = self.folder();
		for name in ["bin", "etc", "vault"] {
			fs::create_dir_all(folder.join(name))?;
		}
		fs::create_dir_all(self.node()?.folder)?;
		let specification = self.all.network()?.specification();
		if specification.exists() {
			fs::copy(specification, folder.join("etc/chain.json"))?;
		}
		let options = format!("MEDBLOCK_NODE_OPTIONS=--validator --name {}\n", self.name);
		fs::write(folder.join("etc/node.env"), options)?;
		let bin = folder.join("bin");
		self.put_programs_into(&bin)?;
		let nodes = [self.node()?.url(), self.neighbour()?.url()];
		let list = serde_json::to_string(&nodes)?;
		fs::write(folder.join("config.toml"), format!("nodes = {list}\n"))?;
		let passphrase = self.all.folder.join("passphrase");
		let administrator = Program::sharing(&passphrase, &folder, &nodes)?;
		administrator.takes_account(&self.entry.account).await
	}

	/// Ours as they are; and those of the system that would reach beyond the machine's folder.
	fn put_programs_into(&self, bin: &Path) -> Result<()> {
		for name in ["medblock", "medblock-node", "medblock-gateway"] {
			let link = bin.join(name);
			if !link.exists() {
				symlink(binary(name)?, link)?;
			}
		}
		let launcher = binary("medblock-launcher")?;
		for name in ["systemctl", "journalctl", "chown"] {
			let program = bin.join(name);
			let (launcher, folder) = (launcher.display(), self.all.folder.display());
			let line =
				format!("exec '{launcher}' service {name} '{folder}' '{}' \"$@\"", self.name);
			fs::write(&program, format!("#!/bin/sh\n{line}\n"))?;
			fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
		}
		Ok(())
	}
}

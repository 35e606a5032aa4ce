//! Four hospitals' nodes.

use crate::{
	Daemon, Error, Hospital, Item, Lifetime, Node, Result, Rpc, Specification, Stopped, eventually,
	refuse_taken,
};
use futures::future::{join_all, try_join_all};
use std::{
	fs,
	path::{Path, PathBuf},
	time::Duration,
};

/// The first port unless another one is chosen.
pub const BASE_PORT: u16 = 9_944;

/// How long nodes may take to answer, to agree and to catch up, each. They compile the runtime first.
const PATIENCE: Duration = Duration::from_secs(300);

/// The block that is final on all four nodes when they have been started.
const FIRST_FINAL: u32 = 3;

/// Blocks that a node may be behind the best one and have caught up.
const BEHIND: u32 = 5;

/// A network of four in a folder of its own. Its ports are eight for the nodes, from the first on; a
/// fifth node takes the next two, vaults four from 10 on, and figures four from 14 on.
pub struct Network {
	folder: PathBuf,
	base_port: u16,
	lifetime: Lifetime,
	report: fn(&str),
}

/// How nodes are started.
#[derive(Clone, Debug, Default)]
pub struct Up {
	/// The nodes; all four if this is empty.
	pub only: Vec<Hospital>,
	/// The specification for a chain that has not begun yet, instead of the preset.
	pub specification: Option<PathBuf>,
	/// More items for the state of a chain that has not begun yet.
	pub items: Vec<Item>,
	/// More arguments.
	pub arguments: Vec<String>,
	/// More environment variables.
	pub environment: Vec<(String, String)>,
	/// Whether they serve their figures for Prometheus.
	pub with_metrics: bool,
	/// The addresses of others that each of them calls, in the order of the hospitals, and no others: where each line
	/// between two nodes is to be held. If this is empty, they call each other.
	pub calling: Vec<Vec<String>>,
	/// Another block than 3 that has to be final on all four, if all are to be started.
	pub first_final: Option<u32>,
}

impl Network {
	/// The network in a folder, which is made if it is missing. A network keeps its ports.
	pub fn open(folder: &Path, base_port: Option<u16>, lifetime: Lifetime) -> Result<Self> {
		let made = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
		let folder = made.map_err(|_| Error::NoFolder(folder.to_owned()))?;
		let kept = fs::read_to_string(folder.join("base-port")).unwrap_or_default();
		let base_port = match (kept.trim().parse(), base_port) {
			(Ok(port), Some(other)) if port != other => {
				return Err(Error::OtherPort { folder, port });
			},
			(Ok(port), _) => port,
			(Err(_), chosen) => chosen.unwrap_or(BASE_PORT),
		};
		Ok(Self { folder, base_port, lifetime, report: |_| () })
	}

	/// Has a function told what happens.
	pub fn reporting(self, report: fn(&str)) -> Self {
		Self { report, ..self }
	}

	/// The folder.
	pub fn path(&self) -> &Path {
		&self.folder
	}

	/// The first port.
	pub fn base_port(&self) -> u16 {
		self.base_port
	}

	/// The chain's specification, once it was made.
	pub fn specification(&self) -> PathBuf {
		self.folder.join("spec.json")
	}

	/// A hospital's node.
	pub fn node(&self, hospital: Hospital) -> Node {
		let number = hospital.number();
		Node {
			folder: self.folder.join(hospital.name()),
			specification: self.specification(),
			rpc_port: self.base_port + number,
			peer_port: self.base_port + 4 + number,
		}
	}

	/// The process of a hospital's node.
	pub fn daemon(&self, hospital: Hospital) -> Daemon {
		Daemon::of(&self.folder.join(hospital.name()))
	}

	/// Questions to a hospital's node.
	pub fn rpc(&self, hospital: Hospital) -> Rpc {
		self.node(hospital).rpc()
	}

	/// The port on which a hospital's node serves its figures.
	pub fn metrics_port(&self, hospital: Hospital) -> u16 {
		self.base_port.saturating_add(14 + hospital.number())
	}

	/// Starts the nodes that do not run, and waits until they have caught up. If all four were to be
	/// started, block 3 is final on all of them then, or the one that was named.
	pub async fn up(&self, up: &Up) -> Result<()> {
		let wanted = if up.only.is_empty() { &Hospital::ALL[..] } else { &up.only };
		self.refuse_taken_ports(wanted, up)?;
		self.prepare(up).await?;
		for hospital in wanted {
			self.start(*hospital, up)?;
		}
		let answering = async || Ok(self.all_answer(wanted).await.then_some(()));
		self.wait("the nodes to answer", wanted, answering).await?;
		if up.only.is_empty() {
			let first = up.first_final.unwrap_or(FIRST_FINAL);
			let final_everywhere = async || {
				let status = self.status().await;
				let common = &status.common;
				let all = common.number >= first && common.identical && status.all_answer();
				Ok(all.then_some(()))
			};
			let what = format!("block {first} to be final on all four");
			self.wait(&what, wanted, final_everywhere).await?;
		}
		let caught_up = async || Ok(self.have_caught_up(wanted).await.then_some(()));
		self.wait("the nodes to catch up", wanted, caught_up).await
	}

	/// Starts a node that does not run, and does not wait for it.
	pub fn start(&self, hospital: Hospital, up: &Up) -> Result<()> {
		let daemon = self.daemon(hospital);
		if daemon.pid().is_some() {
			return Ok(());
		}
		let node = self.node(hospital);
		let mut command = match up.calling.get(usize::from(hospital.number())) {
			Some(addresses) => node.validator_calling(hospital.name(), addresses)?,
			None => node.validator(hospital.name())?,
		};
		match up.with_metrics {
			true => command.args(["--prometheus-port", &self.metrics_port(hospital).to_string()]),
			false => command.arg("--no-prometheus"),
		};
		command.args(&up.arguments).envs(up.environment.iter().map(|(name, value)| (name, value)));
		daemon.start(command, self.lifetime)?;
		let (name, url, port) = (hospital.name(), node.url(), node.peer_port);
		(self.report)(&format!("{name} runs: JSON-RPC {url}, peers on port {port}"));
		Ok(())
	}

	/// Stops all nodes that run, and waits until they have ended.
	pub async fn down(&self) {
		let ending = Hospital::ALL.map(|hospital| async move {
			if self.daemon(hospital).stop().await != Stopped::DidNotRun {
				(self.report)(&format!("{hospital} stopped"));
			}
		});
		join_all(ending).await;
	}

	/// Stops nodes as a power failure would.
	pub fn kill(&self, hospitals: &[Hospital]) {
		for hospital in hospitals {
			if self.daemon(*hospital).kill() != Stopped::DidNotRun {
				(self.report)(&format!("{hospital} stopped"));
			}
		}
	}

	/// Deletes chains, keys and logs. No node may run.
	pub fn purge(&self) -> Result<()> {
		let folders = Hospital::ALL.map(|hospital| self.folder.join(hospital.name()));
		for folder in folders.iter().filter(|folder| folder.exists()) {
			fs::remove_dir_all(folder)?;
		}
		let files = ["spec.json", "base-port"].map(|name| self.folder.join(name));
		for file in files.iter().filter(|file| file.exists()) {
			fs::remove_file(file)?;
		}
		(self.report)(&format!("data in {} deleted", self.folder.display()));
		Ok(())
	}

	/// Before anything is written.
	fn refuse_taken_ports(&self, wanted: &[Hospital], up: &Up) -> Result<()> {
		let idle = wanted.iter().filter(|hospital| self.daemon(**hospital).pid().is_none());
		for hospital in idle {
			let node = self.node(*hospital);
			refuse_taken(node.rpc_port, hospital.name())?;
			refuse_taken(node.peer_port, hospital.name())?;
			if up.with_metrics {
				refuse_taken(self.metrics_port(*hospital), hospital.name())?;
			}
		}
		Ok(())
	}

	/// Makes keys and the chain's specification, once.
	async fn prepare(&self, up: &Up) -> Result<()> {
		let folder = self.folder.display();
		let port = self.base_port.to_string();
		fs::write(self.folder.join("base-port"), port + "\n").map_err(|_| {
			let why = "is the disk full, or the folder another user's?";
			Error::other(format!("cannot write to {folder}: {why}"))
		})?;
		let nodes = Hospital::ALL.map(|hospital| self.node(hospital));
		try_join_all(nodes.iter().map(Node::make_key)).await?;
		if !self.specification().exists() {
			let path = self.specification();
			(self.report)(&format!("writing {}", path.display()));
			let mut specification = match &up.specification {
				Some(plain) => Specification::read(plain)?,
				None => Specification::local().await?,
			};
			specification.belongs_to(&nodes)?;
			if !up.calling.is_empty() {
				specification.names_no_addresses();
			}
			specification.write_with_genesis(&path, &up.items).await?;
		}
		let inserting = Hospital::ALL.iter().zip(&nodes).map(async |(hospital, node)| {
			let secret = format!("//{}", hospital.controller());
			node.insert_session_keys(hospital.name(), &secret).await
		});
		try_join_all(inserting).await.map(drop)
	}

	/// Gives up when a node that was started ends, or it takes too long.
	async fn wait(
		&self,
		what: &str,
		wanted: &[Hospital],
		mut condition: impl AsyncFnMut() -> Result<Option<()>>,
	) -> Result<()> {
		let while_they_run = async || {
			let holds = condition().await?;
			for hospital in wanted {
				self.daemon(*hospital).must_run(hospital.name())?;
			}
			Ok(holds)
		};
		eventually(PATIENCE, what, while_they_run).await
	}

	async fn all_answer(&self, wanted: &[Hospital]) -> bool {
		let asking = wanted.iter().map(async |hospital| self.rpc(*hospital).peers().await.is_ok());
		join_all(asking).await.into_iter().all(|answers| answers)
	}

	/// Whether these are connected, and at most a few blocks behind the furthest that runs. One that runs alone has
	/// no others to be connected to.
	async fn have_caught_up(&self, wanted: &[Hospital]) -> bool {
		let status = self.status().await;
		let is_alone = status.nodes.iter().filter(|node| node.running).count() == 1;
		let known = |hospital: &Hospital| status.of(*hospital).knows.as_ref();
		let highest = Hospital::ALL.iter().filter_map(known).map(|knows| knows.best).max();
		let has_caught_up = |hospital| {
			known(hospital).is_some_and(|knows| {
				let is_connected = is_alone || knows.peers > 0;
				is_connected && knows.best + BEHIND >= highest.unwrap_or_default()
			})
		};
		wanted.iter().all(has_caught_up)
	}
}

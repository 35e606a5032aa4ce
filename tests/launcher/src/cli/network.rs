//! `medblock-launcher network`.

use super::say;
use clap::{Args, Subcommand};
use medblock_launcher::{
	Error, Hospital, Knows, Lifetime, Network, NetworkStatus, NodeStatus, Result, Up,
};
use std::{
	collections::BTreeSet,
	os::unix::process::CommandExt,
	path::{Path, PathBuf},
	process::ExitCode,
};

/// The lines of each log that are shown.
const LINES: &str = "40";

#[derive(Subcommand)]
pub enum Command {
	/// Start the nodes that do not run, and wait until they have caught up
	#[command(args_override_self = true)]
	Up(UpArgs),
	/// Stop all nodes, and wait until they have ended
	#[command(args_override_self = true)]
	Down {
		#[command(flatten)]
		place: Place,
		/// Delete their data, too
		#[arg(long)]
		purge: bool,
	},
	/// Print what each node knows; fail if one of the four is down
	#[command(args_override_self = true)]
	Status {
		#[command(flatten)]
		place: Place,
		/// Print JSON
		#[arg(long)]
		json: bool,
	},
	/// Print the nodes' logs
	#[command(args_override_self = true)]
	Logs {
		#[command(flatten)]
		place: Place,
		/// Go on printing what comes
		#[arg(long)]
		follow: bool,
		/// The nodes [default: all four]
		#[arg(value_name = "NODE")]
		nodes: Vec<Hospital>,
	},
	/// Stop nodes as a power failure would
	#[command(args_override_self = true)]
	Kill {
		#[command(flatten)]
		place: Place,
		/// The nodes
		#[arg(value_name = "NODE")]
		nodes: Vec<Hospital>,
	},
}

#[derive(Args)]
pub struct Place {
	/// Where chain data, keys, logs and ports are kept
	#[arg(long, value_name = "FOLDER")]
	dir: PathBuf,
}

#[derive(Args)]
pub struct UpArgs {
	#[command(flatten)]
	place: Place,
	/// The first of eight ports: four for JSON-RPC, then four for peers
	#[arg(long, value_name = "PORT", value_parser = base_port)]
	base_port: Option<u16>,
	/// A plain chain specification to use instead of the preset, with the first `up`
	#[arg(long, value_name = "FILE")]
	spec: Option<PathBuf>,
	/// An argument to pass on to each node; may be given several times
	#[arg(long, value_name = "ARG", allow_hyphen_values = true)]
	node_arg: Vec<String>,
	/// Have the nodes serve their figures for Prometheus, on ports 14 to 17 after the first
	#[arg(long)]
	metrics: bool,
	/// The nodes [default: all four]
	#[arg(value_name = "NODE")]
	nodes: Vec<Hospital>,
}

/// A first port after which there is room for all others.
pub fn base_port(word: &str) -> std::result::Result<u16, String> {
	let port = word.parse().ok().filter(|port| (1_024..=65_527).contains(port));
	port.ok_or_else(|| format!("--base-port wants a number from 1024 to 65527, not {word}"))
}

impl Place {
	fn network(&self, base_port: Option<u16>) -> Result<Network> {
		let network = Network::open(&self.dir, base_port, Lifetime::Detached)?;
		Ok(network.reporting(|line| say(&format!("network: {line}"))))
	}
}

impl Command {
	pub async fn run(self) -> Result<ExitCode> {
		match self {
			Self::Up(up) => up.run().await?,
			Self::Down { place, purge } => {
				let network = place.network(None)?;
				network.down().await;
				if purge {
					network.purge()?;
				}
			},
			Self::Status { place, json } => show(&place.network(None)?, json).await?,
			Self::Logs { place, follow, nodes } => logs(&place.network(None)?, follow, &nodes)?,
			Self::Kill { nodes, .. } if nodes.is_empty() => {
				return Err(Error::other("kill wants the nodes to kill"));
			},
			Self::Kill { place, nodes } => place.network(None)?.kill(&nodes),
		}
		Ok(ExitCode::SUCCESS)
	}
}

impl UpArgs {
	async fn run(self) -> Result<()> {
		let network = self.place.network(self.base_port)?;
		let all = self.nodes.is_empty();
		let up = Up {
			only: self.nodes,
			specification: self.spec,
			arguments: self.node_arg,
			with_metrics: self.metrics,
			..Up::default()
		};
		network.up(&up).await?;
		say("network: up");
		if all { show(&network, false).await } else { Ok(()) }
	}
}

async fn show(network: &Network, json: bool) -> Result<()> {
	let status = network.status().await;
	match json {
		true => println!("{}", serde_json::to_string_pretty(&status)?),
		false => print_table(&status),
	}
	if status.differs() {
		return Err(Error::Differ);
	}
	if status.all_answer() { Ok(()) } else { Err(Error::NotAll) }
}

fn print_table(status: &NetworkStatus) {
	let row = |cells: [&str; 7]| {
		let [node, rpc, best, last, peers, author, hash] = cells;
		let hash: String = hash.chars().take(18).collect();
		println!("{node:<6} {rpc:>5} {best:>7} {last:>7} {peers:>5}  {author:<21} {hash}");
	};
	row(["NODE", "RPC", "BEST", "FINAL", "PEERS", "AUTHORED BY", "FINALIZED HASH"]);
	let mut seated = BTreeSet::new();
	for NodeStatus { node, knows, .. } in &status.nodes {
		let Some(Knows { rpc_port, best, finalized, peers, author, finalized_hash, .. }) = knows
		else {
			row([node.name(), "-", "-", "-", "-", "(down)", "-"]);
			continue;
		};
		let numbers = [(*rpc_port).into(), *best, *finalized, *peers].map(|one| one.to_string());
		let [rpc, best, last, peers] = &numbers;
		let author = author.as_deref().unwrap_or("-");
		row([node.name(), rpc, best, last, peers, author, finalized_hash]);
		seated.extend(knows.iter().flat_map(|knows| &knows.seated).map(String::as_str));
	}
	println!("seated: {}", seated.into_iter().collect::<Vec<_>>().join(", "));
	let common = &status.common;
	let verdict = if common.identical { "identical" } else { "DIFFERENT" };
	if let Some(hash) = &common.hash {
		println!("final on all that run: block {} {hash}, {verdict}", common.number);
	}
}

fn logs(network: &Network, follow: bool, nodes: &[Hospital]) -> Result<()> {
	let nodes = if nodes.is_empty() { &Hospital::ALL } else { nodes };
	let files = nodes.iter().map(|hospital| network.daemon(*hospital).log().to_owned());
	let files: Vec<_> = files.filter(|file| file.is_file()).collect();
	if files.is_empty() {
		return Err(Error::other(format!("there are no logs in {}", network.path().display())));
	}
	let mut tail = std::process::Command::new("tail");
	tail.args(["-n", LINES]).args(follow.then_some("-F")).args(files.iter().map(Path::new));
	Err(tail.exec().into())
}

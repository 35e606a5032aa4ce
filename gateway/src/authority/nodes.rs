//! The nodes to ask, one at a time.

use super::View;
use crate::{errors::Refusal, files, metrics::Metrics};
use medblock_chain::{At, Chain, Error};
use medblock_primitives::HospitalId;
use serde::{Deserialize, Serialize};
use std::{
	io,
	path::{Path, PathBuf},
	sync::{
		Arc, OnceLock, PoisonError,
		atomic::{AtomicBool, AtomicUsize, Ordering},
	},
	time::Duration,
};
use tokio::sync::{Mutex, watch};

/// The pause before a node that failed is tried again.
const PAUSE: Duration = Duration::from_secs(2);
/// The time limit for a node that has answered before.
const PATIENCE: Duration = Duration::from_secs(5);

/// The nodes of one chain. The gateway asks the first one that answers with a fresh block, until it fails. A node
/// that failed is tried again in the background, so that no request waits for it.
pub struct Nodes {
	nodes: Vec<Arc<Node>>,
	preferred: AtomicUsize,
	bound: Arc<Bound>,
}

struct Node {
	url: String,
	chain: Mutex<Option<Chain>>,
	last: std::sync::Mutex<Option<View>>,
	state: watch::Sender<State>,
	bound: Arc<Bound>,
}

/// Whether a node can be asked.
#[derive(Clone)]
enum State {
	/// It was never tried.
	Unknown,
	/// It is being tried for the first time.
	Tried,
	/// It can be asked.
	Up,
	/// It can't be asked, for this reason. It is being tried again.
	Down(Refusal),
}

/// The chain that the vault's files belong to.
struct Bound {
	genesis: OnceLock<[u8; 32]>,
	file: PathBuf,
	is_written: AtomicBool,
	writing: std::sync::Mutex<()>,
	hospital: HospitalId,
	metrics: Arc<Metrics>,
}

/// The chain and the hospital that a vault's files belong to. On another chain, the same ids are other people's.
#[derive(Serialize, Deserialize)]
struct Binding {
	genesis: String,
	hospital: u32,
}

impl Nodes {
	/// The nodes at these WebSocket addresses, for the vault with its files in `data`. Fails if the files belong
	/// to another hospital.
	pub fn new(
		urls: &[String],
		data: &Path,
		hospital: HospitalId,
		metrics: Arc<Metrics>,
	) -> io::Result<Self> {
		let bound = Arc::new(Bound::open(data.join("vault.json"), hospital, metrics)?);
		let node = |url: &String| {
			let (state, _) = watch::channel(State::Unknown);
			let (url, bound) = (url.clone(), bound.clone());
			let (chain, last) = Default::default();
			Arc::new(Node { url, chain, last, state, bound })
		};
		let nodes = urls.iter().map(node).collect();
		Ok(Self { nodes, preferred: AtomicUsize::new(0), bound })
	}

	/// The chain that the vault belongs to, once known.
	pub fn genesis(&self) -> Option<[u8; 32]> {
		self.bound.genesis.get().copied()
	}

	/// As [`Self::genesis`], once the chain knows the hospital.
	pub fn settled_genesis(&self) -> Option<[u8; 32]> {
		self.genesis().filter(|_| self.bound.is_written.load(Ordering::Relaxed))
	}

	/// Binds the vault to this chain, unless it belongs to another one.
	pub fn bind(&self, genesis: [u8; 32]) -> Result<(), Refusal> {
		self.bound.bind(genesis)
	}

	/// The blocks of the first node whose final one is fresh. If there is none, a node that is behind is the reason, and
	/// not another that is down: much is served by a node that is behind.
	pub async fn view(&self) -> Result<View, Refusal> {
		let first = self.preferred.load(Ordering::Relaxed);
		let mut refusal = Refusal::NodeUnreachable;
		for step in 0..self.nodes.len() {
			let index = (first + step) % self.nodes.len();
			let Some(node) = self.nodes.get(index) else { continue };
			match node.view().await {
				Ok(view) => {
					self.preferred.store(index, Ordering::Relaxed);
					return Ok(view);
				},
				Err(_) if refusal == Refusal::NodeBehind => {},
				Err(why) => refusal = why,
			}
		}
		Err(refusal)
	}

	/// The blocks of the node that is ahead among those that answer although their final blocks are old.
	pub fn behind(&self) -> Option<View> {
		let is_behind =
			|node: &&Arc<Node>| matches!(*node.state.borrow(), State::Down(Refusal::NodeBehind));
		let last =
			|node: &Arc<Node>| node.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
		let views = self.nodes.iter().filter(is_behind).filter_map(last);
		views.max_by_key(|view| view.finalized.number())
	}

	/// The refusal of a request for which the node failed.
	pub fn failed(&self, why: &Error) -> Refusal {
		self.bound.failed(why)
	}
}

impl Node {
	/// The node's blocks, if it can be asked. Waits only for the very first attempt.
	async fn view(self: &Arc<Self>) -> Result<View, Refusal> {
		let begins = self.state.send_if_modified(|state| match state {
			State::Unknown => {
				*state = State::Tried;
				true
			},
			_ => false,
		});
		if begins {
			self.try_until_up();
		}
		let mut states = self.state.subscribe();
		let state = states.wait_for(|state| matches!(state, State::Up | State::Down(_))).await;
		if let State::Down(why) = &*state.map_err(|_| Refusal::ShuttingDown)? {
			return Err(why.clone());
		}
		let asked = tokio::time::timeout(PATIENCE, self.ask()).await;
		asked.unwrap_or(Err(Refusal::NodeUnreachable)).inspect_err(|why| {
			let fell = self.state.send_if_modified(|state| {
				let was_up = matches!(state, State::Up);
				*state = State::Down(why.clone());
				was_up
			});
			if fell {
				let code = why.code().as_str();
				tracing::warn!(url = self.url, code, "a node can't be asked");
				self.try_until_up();
			}
		})
	}

	/// Tries until the node can be asked, in the background.
	fn try_until_up(self: &Arc<Self>) {
		let node = self.clone();
		tokio::spawn(async move {
			while let Err(why) = node.ask().await {
				node.state.send_replace(State::Down(why));
				tokio::time::sleep(PAUSE).await;
			}
			node.state.send_replace(State::Up);
			tracing::info!(url = node.url, "a node can be asked");
		});
	}

	async fn ask(&self) -> Result<View, Refusal> {
		let chain = self.connected().await?;
		let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
		let view = View::of(&chain, last.as_ref()).await;
		let view = view.map_err(|why| self.bound.failed(&why))?;
		// A block belongs to one chain for ever, so that only a new one can belong to another.
		if last.is_none_or(|last| view.has_news(&last)) {
			self.same_chain(&chain).await?;
		}
		self.bound.write(&view.finalized).await?;
		*self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(view.clone());
		let age = i64::try_from(view.age() / 1_000).unwrap_or(i64::MAX);
		self.bound.metrics.finalized_age.set(age);
		view.fresh()
	}

	async fn connected(&self) -> Result<Chain, Refusal> {
		let mut slot = self.chain.lock().await;
		if let Some(chain) = slot.as_ref() {
			return Ok(chain.clone());
		}
		let chain = Chain::connect(&self.url).await.map_err(|why| self.bound.failed(&why))?;
		self.bound.bind(chain.genesis())?;
		*slot = Some(chain.clone());
		Ok(chain)
	}

	/// Asks again which chain the node follows: a lost connection is restored to any node that has the address
	/// by then.
	async fn same_chain(&self, chain: &Chain) -> Result<(), Refusal> {
		let first = chain.at_number(0).await.map_err(|why| self.bound.failed(&why))?;
		self.bound.bind(first.ok_or(Refusal::NodeUnreachable)?.hash().0)
	}
}

impl Bound {
	fn open(file: PathBuf, hospital: HospitalId, metrics: Arc<Metrics>) -> io::Result<Self> {
		let genesis = OnceLock::new();
		if let Some(bytes) = files::read_if_there(&file)? {
			let bound: Binding = serde_json::from_slice(&bytes)?;
			if bound.hospital != hospital.0 {
				let text = format!("its files belong to hospital {}", bound.hospital);
				return Err(io::Error::new(io::ErrorKind::InvalidData, text));
			}
			let mut bytes = [0; 32];
			let hex = bound.genesis.trim_start_matches("0x");
			hex::decode_to_slice(hex, &mut bytes).map_err(io::Error::other)?;
			let _ = genesis.set(bytes);
		}
		let is_written = AtomicBool::new(genesis.get().is_some());
		let writing = std::sync::Mutex::default();
		Ok(Self { genesis, file, is_written, writing, hospital, metrics })
	}

	/// Binds the vault to the chain that it was first used with.
	fn bind(&self, genesis: [u8; 32]) -> Result<(), Refusal> {
		let bound = self.genesis.get_or_init(|| genesis);
		if *bound != genesis {
			tracing::error!("a node follows another chain than this vault's files belong to");
			return Err(Refusal::OtherChain);
		}
		Ok(())
	}

	/// Writes the binding to disk once the chain knows the hospital. Before that, its number is a guess.
	async fn write(&self, at: &At) -> Result<(), Refusal> {
		if self.is_written.load(Ordering::Relaxed) {
			return Ok(());
		}
		let known = at.hospital(self.hospital).await.map_err(|why| self.failed(&why))?;
		match (known, self.genesis.get()) {
			(Some(_), Some(genesis)) => self.write_now(genesis),
			_ => Ok(()),
		}
	}

	fn write_now(&self, genesis: &[u8; 32]) -> Result<(), Refusal> {
		// The first requests may come at once, and each would move away the file that another is writing.
		let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
		if self.is_written.load(Ordering::Relaxed) {
			return Ok(());
		}
		let genesis = format!("0x{}", hex::encode(genesis));
		let binding = Binding { genesis, hospital: self.hospital.0 };
		files::write_json(&self.file, &binding).map_err(|why| {
			tracing::error!(%why, "the vault's binding to its chain can't be written");
			Refusal::from_io(&why)
		})?;
		self.is_written.store(true, Ordering::Relaxed);
		Ok(())
	}

	fn failed(&self, why: &Error) -> Refusal {
		self.metrics.failures.with_label_values(&["node"]).inc();
		tracing::debug!(%why, "a node does not answer");
		Refusal::NodeUnreachable
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn nodes(data: &Path, hospital: u32) -> io::Result<Nodes> {
		let metrics = Arc::new(Metrics::new().unwrap());
		Nodes::new(&["ws://127.0.0.1:1".into()], data, HospitalId(hospital), metrics)
	}

	#[test]
	fn files_belong_to_one_hospital_and_one_chain() {
		let folder = tempfile::tempdir().unwrap();
		let first = nodes(folder.path(), 3).unwrap();
		assert_eq!(first.genesis(), None);
		first.bound.bind([1; 32]).unwrap();
		assert_eq!(first.bound.bind([2; 32]), Err(Refusal::OtherChain));
		// Nothing is written before the chain knows the hospital.
		nodes(folder.path(), 4).unwrap();
		assert_eq!((first.genesis(), first.settled_genesis()), (Some([1; 32]), None));
		first.bound.write_now(&[1; 32]).unwrap();
		assert_eq!(first.settled_genesis(), Some([1; 32]));

		let again = nodes(folder.path(), 3).unwrap();
		assert_eq!(again.genesis(), Some([1; 32]));
		assert_eq!(again.bound.bind([2; 32]), Err(Refusal::OtherChain));
		again.bound.bind([1; 32]).unwrap();
		assert!(nodes(folder.path(), 4).is_err());
	}

	#[test]
	fn requests_that_come_at_once_write_down_the_chain_once() {
		for _ in 0..20 {
			let folder = tempfile::tempdir().unwrap();
			let first = nodes(folder.path(), 3).unwrap();
			let bound = &first.bound;
			std::thread::scope(|scope| {
				let write = |_| scope.spawn(move || bound.write_now(&[1; 32]));
				let writing: Vec<_> = (0..8).map(write).collect();
				for one in writing {
					assert_eq!(one.join().unwrap(), Ok(()));
				}
			});
			assert_eq!(nodes(folder.path(), 3).unwrap().genesis(), Some([1; 32]));
		}
	}

	#[tokio::test]
	async fn a_node_that_is_behind_is_the_reason_whatever_the_others_are() {
		let folder = tempfile::tempdir().unwrap();
		let metrics = Arc::new(Metrics::new().unwrap());
		let urls = ["ws://127.0.0.1:1", "ws://127.0.0.1:2"].map(str::to_owned);
		let nodes = Nodes::new(&urls, folder.path(), HospitalId(0), metrics).unwrap();
		for states in [
			[Refusal::NodeBehind, Refusal::NodeUnreachable],
			[Refusal::NodeUnreachable, Refusal::NodeBehind],
			[Refusal::NodeBehind, Refusal::OtherChain],
		] {
			for (node, state) in nodes.nodes.iter().zip(states) {
				node.state.send_replace(State::Down(state));
			}
			assert_eq!(nodes.view().await.err(), Some(Refusal::NodeBehind));
		}
	}

	#[tokio::test]
	async fn nobody_may_do_anything_while_no_node_answers() {
		let folder = tempfile::tempdir().unwrap();
		let nodes = nodes(folder.path(), 0).unwrap();
		assert_eq!(nodes.view().await.err(), Some(Refusal::NodeUnreachable));
		let began = std::time::Instant::now();
		assert_eq!(nodes.view().await.err(), Some(Refusal::NodeUnreachable));
		assert!(began.elapsed() < Duration::from_secs(1), "nobody waits for it again");
	}
}

//! Several hospitals' nodes, of which one is spoken to and another checks what it says.

use crate::{At, Chain, Error, Result, peer_id_bytes};
use futures::{join, try_join};
use medblock_platform::clock::{Duration, Instant, sleep};

/// How long a node may take to come to a block that is final on another.
const CATCHING_UP: Duration = Duration::from_secs(10);

/// The nodes that a client uses.
#[derive(Clone)]
pub struct Nodes {
	first: Chain,
	second: Option<Chain>,
	/// The address of a node that was to be the second, and why it can't be reached.
	missing: Option<(String, String)>,
}

impl Nodes {
	/// Connects to the first two of these nodes that answer, which should be different hospitals'.
	/// With `trust_one`, the first one that answers is believed alone.
	///
	/// # Errors
	///
	/// [`Error::BadAddress`] if one can't be a node's, [`Error::NodeUnreachable`] if none answers,
	/// [`Error::OtherChain`] if they follow different chains, [`Error::SameNode`] or
	/// [`Error::SameHospital`] if comparing them would show nothing.
	pub async fn connect(urls: &[String], trust_one: bool) -> Result<Self> {
		let wanted = if trust_one { 1 } else { 2 };
		let mut found: Vec<Chain> = Vec::new();
		let mut missing = None;
		for url in urls {
			if found.len() == wanted {
				break;
			}
			match Chain::connect(url).await {
				Ok(chain) => found.push(chain),
				Err(why @ Error::BadAddress(_)) => return Err(why),
				Err(Error::NodeUnreachable { url, why }) => missing = Some((url, why)),
				// Nor can one be used that refuses, or can't be understood.
				Err(why) => missing = Some((url.clone(), why.to_string())),
			}
		}
		let mut found = found.into_iter();
		let Some(first) = found.next() else {
			let (url, why) = missing.unwrap_or_default();
			return Err(Error::NodeUnreachable { url, why });
		};
		let second = found.next();
		if let Some(second) = &second {
			ensure_two(&first, second).await?;
		}
		let second = if trust_one { Some(first.clone()) } else { second };
		Ok(Self { first, second, missing })
	}

	/// The node that transactions go to.
	pub fn first(&self) -> &Chain {
		&self.first
	}

	fn second(&self) -> Result<&Chain> {
		self.second.as_ref().ok_or_else(|| match self.missing.clone() {
			Some((url, why)) => Error::NodeUnreachable { url, why },
			None => Error::OneNode,
		})
	}

	/// The last block that is final on both nodes, for reading what will be sealed to. It is the last
	/// one of whichever is further: a node that has stayed behind, or says so, could show keys that
	/// were replaced since.
	///
	/// # Errors
	///
	/// [`Error::OneNode`] if there is only one to ask, [`Error::NodeBehind`] if one stays behind,
	/// [`Error::NodesDisagree`] if they hold different blocks for final.
	pub async fn agreed(&self) -> Result<Agreed> {
		let (first, second) = (&self.first, self.second()?);
		let (one, two) = try_join!(first.finalized(), second.finalized())?;
		let number = one.number().max(two.number());
		let deadline = Instant::now() + CATCHING_UP;
		for (behind, ahead) in [(first, second), (second, first)] {
			loop {
				let reached = behind.finalized().await?.number();
				if reached >= number {
					break;
				}
				if Instant::now() > deadline {
					let (url, other) = (behind.url().to_owned(), ahead.url().to_owned());
					return Err(Error::NodeBehind { url, reached, other, number });
				}
				sleep(Duration::from_millis(100)).await;
			}
		}
		match try_join!(first.at_number(number), second.at_number(number))? {
			(Some(one), Some(two)) if one.hash() == two.hash() => {
				Ok(Agreed { first: one, second: two, nodes: self.clone() })
			},
			_ => Err(disagreement(first, second, "which block is final")),
		}
	}

	/// As [`Nodes::agreed`], of a block that both nodes hold for part of the best chain, final or not:
	/// for when nothing becomes final any more.
	pub async fn agreed_best(&self) -> Result<Agreed> {
		let second = self.second()?;
		let deadline = Instant::now() + CATCHING_UP;
		loop {
			let (one, two) = try_join!(self.first.best(), second.best())?;
			let number = one.number().min(two.number());
			let (one, two) = try_join!(self.first.at_number(number), second.at_number(number))?;
			match (one, two) {
				(Some(one), Some(two)) if one.hash() == two.hash() => {
					return Ok(Agreed { first: one, second: two, nodes: self.clone() });
				},
				// The newest block may differ for a moment.
				_ if Instant::now() < deadline => sleep(Duration::from_millis(100)).await,
				_ => return Err(disagreement(&self.first, second, "which chain is the best")),
			}
		}
	}
}

/// Whether these are nodes of the same chain, and of two hospitals.
async fn ensure_two(first: &Chain, second: &Chain) -> Result<()> {
	let urls = || (first.url().to_owned(), second.url().to_owned());
	if first.genesis() != second.genesis() {
		let (first, second) = urls();
		return Err(Error::OtherChain { first, second });
	}
	// Whoever reaches nodes through something that does not let this question pass sees to it
	// themselves that they are two.
	let (Ok(one), Ok(two)) = join!(first.peer_id(), second.peer_id()) else {
		return Ok(());
	};
	if one == two {
		let (first, second) = urls();
		return Err(Error::SameNode { first, second });
	}
	// By the second node, since it is the first that is to be checked.
	let at = second.best().await?;
	let (one, two) = (peer_id_bytes(&one)?, peer_id_bytes(&two)?);
	match try_join!(at.node_owner(&one), at.node_owner(&two))? {
		(Some(hospital), Some(other)) if hospital == other => {
			let (first, second) = urls();
			Err(Error::SameHospital { first, second, hospital })
		},
		_ => Ok(()),
	}
}

fn disagreement(first: &Chain, second: &Chain, what: &str) -> Error {
	Error::NodesDisagree {
		first: first.url().to_owned(),
		second: second.url().to_owned(),
		what: what.to_owned(),
	}
}

/// One final block, as two nodes know it.
pub struct Agreed {
	first: At,
	second: At,
	nodes: Nodes,
}

impl Agreed {
	/// The block, by the first node.
	pub fn at(&self) -> &At {
		&self.first
	}

	/// Asks both nodes and gives their answer if it is the same.
	pub async fn read<T, E, F>(&self, what: &str, question: impl Fn(At) -> F) -> Result<T, E>
	where
		T: PartialEq,
		E: From<Error>,
		F: Future<Output = Result<T, E>>,
	{
		let (one, two) = try_join!(question(self.first.clone()), question(self.second.clone()))?;
		if one != two {
			let second = self.nodes.second.as_ref().unwrap_or(&self.nodes.first);
			return Err(disagreement(&self.nodes.first, second, what).into());
		}
		Ok(one)
	}
}

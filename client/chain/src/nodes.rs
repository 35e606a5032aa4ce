//! Several hospitals' nodes. The client talks to the first, and a second one checks its answers.

mod connecting;
mod others;
mod revocation;

use crate::{
	At, Call, Chain, Error, Receipt, Result, Signer, Silence, Tokens, Until, peer_id_bytes,
	submit::rivals,
};
use futures::{join, try_join};
use medblock_platform::clock::{Duration, Instant, sleep};
use std::sync::Arc;

/// The time that a node has to reach a block that is final on another. It may have stood still for a while.
const CATCHING_UP: Duration = Duration::from_secs(30);

/// The number of nodes whose answers have to agree where keys depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witnesses {
	/// One node, which has to be trusted: the own one, or one that cannot do harm.
	One,
	/// Two nodes of different hospitals.
	Two,
}

/// The nodes that a client uses.
#[derive(Clone)]
pub struct Nodes {
	first: Chain,
	second: Option<Chain>,
	/// The address of the intended second node, and the reason why it can't be used.
	missing: Option<(String, String)>,
	/// The addresses of all other nodes that are known. They are asked to take revocations only.
	others: Arc<[String]>,
	tokens: Option<Arc<dyn Tokens>>,
}

impl Nodes {
	/// Connects to as many of these nodes as are wanted, at the same time: the first ones that answer, in the order of
	/// their addresses.
	///
	/// # Errors
	///
	/// [`Error::BadAddress`] if one can't be a node's, [`Error::NodeUnreachable`] if none answers,
	/// [`Error::OtherChain`] if they follow different chains, [`Error::SameNode`] or
	/// [`Error::SameHospital`] if comparing them would show nothing.
	pub async fn connect(urls: &[String], witnesses: Witnesses) -> Result<Self> {
		Self::connect_as(urls, witnesses, None).await
	}

	/// As [`Nodes::connect`], with tokens for the nodes behind gateways' doors; see
	/// [`Chain::connect_as`].
	pub async fn connect_as(
		urls: &[String],
		witnesses: Witnesses,
		tokens: Option<Arc<dyn Tokens>>,
	) -> Result<Self> {
		let wanted = match witnesses {
			Witnesses::One => 1,
			Witnesses::Two => 2,
		};
		let (found, missing) = connecting::first_ones(urls, wanted, tokens.clone()).await?;
		// From now on no other node answers in their place.
		let mut found = found.into_iter().map(Chain::patient);
		let Some(first) = found.next() else {
			let (url, why) = missing.unwrap_or_default();
			return Err(Error::NodeUnreachable { url, why });
		};
		let second = found.next();
		if let Some(second) = &second {
			ensure_two(&first, second).await?;
		}
		let is_used = |url: &str| {
			first.url() == url || second.as_ref().is_some_and(|second| second.url() == url)
		};
		let others = urls.iter().filter(|url| !is_used(url)).cloned().collect();
		let second = match witnesses {
			Witnesses::One => Some(first.clone()),
			Witnesses::Two => second,
		};
		Ok(Self { first, second, missing, others, tokens })
	}

	/// Two nodes that are connected already.
	///
	/// # Errors
	///
	/// [`Error::OtherChain`], [`Error::SameNode`] or [`Error::SameHospital`], as of [`Nodes::connect`].
	pub async fn of(first: Chain, second: Chain) -> Result<Self> {
		ensure_two(&first, &second).await?;
		let others = Arc::default();
		Ok(Self { first, second: Some(second), missing: None, others, tokens: None })
	}

	/// Has told when one of the nodes in use does not answer for some seconds. The client waits for it, half a minute for
	/// each answer.
	pub fn on_silence(&self, listener: Silence) {
		for node in [Some(&self.first), self.second.as_ref()].into_iter().flatten() {
			node.on_silence(listener.clone());
		}
	}

	/// The node that receives transactions.
	pub fn first(&self) -> &Chain {
		&self.first
	}

	/// The addresses of the nodes in use.
	pub fn urls(&self) -> impl Iterator<Item = &str> {
		let second = self.second.as_ref().map(Chain::url);
		[Some(self.first.url()), second].into_iter().flatten()
	}

	/// Whether the client knows a node beside the first one, though it may not have answered.
	pub fn knows_several(&self) -> bool {
		self.beside().is_some() || self.missing.is_some() || !self.others.is_empty()
	}

	/// The second node, if it is another one than the first.
	fn beside(&self) -> Option<&Chain> {
		self.second.as_ref().filter(|second| second.url() != self.first.url())
	}

	/// Signs the call and sends it through the first node: see [`Chain::submit_until`]. A revocation goes to all nodes that
	/// are known at once, and is made with the second if the first does not answer within a second: no node's failure may
	/// delay it, and sending it needs no agreement of two. All are asked what became of it, and
	/// [`Receipt::is_confirmed`] says whether two tell the same.
	pub async fn submit_until(
		&self,
		until: Until,
		signer: &(impl Signer + ?Sized),
		call: &Call,
	) -> Result<Receipt> {
		if !call.is_revocation() {
			return self.first.submit_until(until, signer, call).await;
		}
		let send = || revocation::submit(self, until, signer, call);
		match (rivals::outlast(send).await, self.beside()) {
			// Access that is taken back twice is taken back, so that sending another one does no harm.
			(Err(why), Some(second)) if why.is_of_the_node() || matches!(why, Error::Expired) => {
				second.submit_until(until, signer, call).await
			},
			(outcome, _) => outcome,
		}
	}

	fn second(&self) -> Result<&Chain> {
		self.second.as_ref().ok_or_else(|| match self.missing.clone() {
			Some((url, why)) => Error::NodeUnreachable { url, why },
			None => Error::OneNode,
		})
	}

	/// The last block that is final on both nodes, for reading the keys to which data will be
	/// sealed. The node that is further ahead decides which block that is: a node that has stayed
	/// behind, or claims so, could show keys that have since been replaced.
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

	/// Like [`Nodes::agreed`], but with a block that both nodes hold for part of the best chain,
	/// final or not: for use when finality has stopped.
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
	// Some proxies block this question. Users who reach their nodes through one have to make sure
	// themselves that the nodes are two.
	let (Ok(one), Ok(two)) = join!(first.peer_id(), second.peer_id()) else {
		return Ok(());
	};
	if one == two {
		let (first, second) = urls();
		return Err(Error::SameNode { first, second });
	}
	// The second node answers this, because the first is the one to check.
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

	/// Whether two nodes answer. With [`Witnesses::One`], one answers twice.
	pub fn is_of_two(&self) -> bool {
		let second = self.nodes.second.as_ref();
		second.is_some_and(|second| second.url() != self.nodes.first.url())
	}

	/// Asks both nodes, and returns their answer if it is the same.
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

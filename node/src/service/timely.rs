//! Blocks that are made in time, whatever waits for them.

use futures::{FutureExt, TryFutureExt, future::BoxFuture};
use medblock_runtime::{Header, OpaqueBlock as Block};
use sp_consensus::{Environment, ProposeArgs, Proposer};
use std::time::Duration;

/// Makes blocks, and adds transactions to each for at most this time.
///
/// After slots without a block, Aura gives the next one more time, and the more the more slots were skipped: a block may
/// begin with work that takes longer than a slot. If transactions took that time, too, the block would be late on the next
/// slot, whose author would make another one beside it. Then neither is final soon, more transactions wait, and more slots
/// are skipped.
pub struct Timely<E> {
	pub inner: E,
	/// The time in which transactions are added.
	pub most: Duration,
}

impl<E: Environment<Block>> Environment<Block> for Timely<E> {
	type Proposer = TimelyProposer<E::Proposer>;
	type CreateProposer = BoxFuture<'static, Result<Self::Proposer, E::Error>>;
	type Error = E::Error;

	fn init(&mut self, parent: &Header) -> Self::CreateProposer {
		let most = self.most;
		self.inner.init(parent).map_ok(move |inner| TimelyProposer { inner, most }).boxed()
	}
}

/// Makes one block.
pub struct TimelyProposer<P> {
	inner: P,
	most: Duration,
}

impl<P: Proposer<Block>> Proposer<Block> for TimelyProposer<P> {
	type Error = P::Error;
	type Proposal = P::Proposal;

	fn propose(self, args: ProposeArgs<Block>) -> Self::Proposal {
		let max_duration = args.max_duration.min(self.most);
		self.inner.propose(ProposeArgs { max_duration, ..args })
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::{executor::block_on, future};
	use medblock_runtime::Hash;
	use sp_consensus::{Error, Proposal};
	use sp_runtime::traits::Header as _;
	use std::sync::{Arc, Mutex};

	/// Makes no block, and notes the time that it is given.
	#[derive(Clone, Default)]
	struct Noting(Arc<Mutex<Vec<Duration>>>);

	impl Environment<Block> for Noting {
		type Proposer = Self;
		type CreateProposer = future::Ready<Result<Self, Error>>;
		type Error = Error;

		fn init(&mut self, _: &Header) -> Self::CreateProposer {
			future::ready(Ok(self.clone()))
		}
	}

	impl Proposer<Block> for Noting {
		type Error = Error;
		type Proposal = future::Ready<Result<Proposal<Block>, Error>>;

		fn propose(self, args: ProposeArgs<Block>) -> Self::Proposal {
			self.0.lock().unwrap().push(args.max_duration);
			future::ready(Err(Error::NoIntermediate))
		}
	}

	#[test]
	fn skipped_slots_give_transactions_no_more_time() {
		let noting = Noting::default();
		let mut timely = Timely { inner: noting.clone(), most: Duration::from_millis(500) };
		let (hash, digest) = (Hash::default(), Default::default());
		let parent = Header::new(1, hash, hash, hash, digest);
		for given in [300, 650, 5_000] {
			let max_duration = Duration::from_millis(given);
			let proposer = block_on(timely.init(&parent)).unwrap();
			let args = ProposeArgs { max_duration, ..ProposeArgs::default() };
			assert!(block_on(proposer.propose(args)).is_err());
		}
		assert_eq!(*noting.0.lock().unwrap(), [300, 500, 500].map(Duration::from_millis));
	}
}

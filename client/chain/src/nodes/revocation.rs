//! Sending a revocation. It goes to all nodes at once, so that a node that is away, silent or lying delays nothing.

use super::{Nodes, others};
use crate::{
	Call, Chain, Error, LIFETIME, Receipt, Result, Signer, Until,
	rpc::Handed,
	submit::{Sent, Signable},
};
use futures::future::{Either, join, ready, select};
use medblock_platform::clock::{Duration, sleep, timeout};
use std::pin::pin;

/// The time that the first node has before the second is asked for the same.
const HEAD_START: Duration = Duration::from_secs(1);
/// The time that the second node has to confirm that another transaction was in the way.
const CONFIRMATION: Duration = Duration::from_secs(3);
/// The time that the second node has to confirm that access is taken back. It may be behind by some blocks.
const AGREEMENT: Duration = Duration::from_secs(6);
/// The time that the nodes have beyond that, as long as one alone tells that access is taken back. The other may stand still
/// for a while: its machine is busy, or sleeps.
const STANDSTILL: Duration = Duration::from_secs(24);

/// Signs a revocation once, hands it to all nodes, and waits until one has it in a block, and another one confirms that or
/// does not answer.
pub(super) async fn submit(
	nodes: &Nodes,
	until: Until,
	signer: &(impl Signer + ?Sized),
	call: &Call,
) -> Result<Receipt> {
	let (first, second) = (&nodes.first, nodes.beside());
	let (by, signable) = match second {
		Some(second) => {
			one_of(made(first, until, signer, call), made(second, until, signer, call)).await?
		},
		None => made(first, until, signer, call).await?,
	};
	// A revocation has no turn.
	let (sent, _) = by.sign(signable, signer).await?;
	// The owner of a wallet is not asked to sign in at more nodes.
	let tokens = nodes.tokens.clone().filter(|_| signer.lifetime() == LIFETIME);
	let asked = async {
		match second {
			Some(second) => by_two(first, second, until, &sent).await,
			None => by_one(first, until, &sent).await,
		}
	};
	let again = async {
		match second {
			Some(second) => both(first.settle(until, &sent), second.settle(until, &sent)).await,
			None => Ok(None),
		}
	};
	with_others(asked, others::told(nodes, tokens, until, &sent), again).await
}

/// What becomes of it by the first node alone.
async fn by_one(first: &Chain, until: Until, sent: &Sent) -> Result<Receipt> {
	let handed = first.hand_over(until, sent).await?;
	match (first.settle(until, sent).await, handed) {
		// The transaction has expired, so the refusal was meant.
		(Err(Error::Expired), Handed::Perhaps(why @ Error::NodeRefused { .. })) => Err(why),
		(outcome, _) => outcome,
	}
}

/// What becomes of it by two nodes.
async fn by_two(first: &Chain, second: &Chain, until: Until, sent: &Sent) -> Result<Receipt> {
	let (one, two) = (pin!(first.hand_over(until, sent)), pin!(second.hand_over(until, sent)));
	match select(one, two).await {
		Either::Left((handed, other)) => {
			follow(until, sent, (first, handed), (second, other)).await
		},
		Either::Right((handed, other)) => {
			follow(until, sent, (second, handed), (first, other)).await
		},
	}
}

/// The outcome by those who were asked first. What the other nodes say counts where those leave it open, or none of them
/// confirms what one of them says. Then `again` asks the first ones once more.
async fn with_others(
	asked: impl Future<Output = Result<Receipt>>,
	others: impl Future<Output = Option<Receipt>>,
	again: impl Future<Output = Result<Option<Receipt>>>,
) -> Result<Receipt> {
	match select(pin!(asked), pin!(others)).await {
		Either::Left((outcome, others)) => backed(outcome, others, again).await,
		Either::Right((said, asked)) => backed(asked.await, ready(said), again).await,
	}
}

async fn backed(
	outcome: Result<Receipt>,
	others: impl Future<Output = Option<Receipt>>,
	again: impl Future<Output = Result<Option<Receipt>>>,
) -> Result<Receipt> {
	match outcome {
		Ok(receipt) if receipt.is_confirmed => Ok(receipt),
		Ok(receipt) => {
			let confirming = seconded(&receipt, others, again);
			let is_confirmed = match timeout(STANDSTILL, confirming).await {
				Ok(is_confirmed) => is_confirmed?,
				Err(_) => false,
			};
			Ok(Receipt { is_confirmed, ..receipt })
		},
		Err(why) if why.leaves_it_open() || why.is_of_the_node() => others.await.ok_or(why),
		Err(why) => Err(why),
	}
}

/// Whether what one node says is confirmed: by one beside the two, or by both of them.
///
/// # Errors
///
/// The chain's refusal, if only one of the two tells that.
async fn seconded(
	receipt: &Receipt,
	others: impl Future<Output = Option<Receipt>>,
	again: impl Future<Output = Result<Option<Receipt>>>,
) -> Result<bool> {
	let is_same = |said: Option<Receipt>| said.is_some_and(|said| said.block == receipt.block);
	match select(pin!(others), pin!(again)).await {
		Either::Left((said, again)) => {
			if is_same(said) {
				return Ok(true);
			}
			Ok(is_same(again.await?))
		},
		Either::Right((told, others)) => {
			if is_same(told?) {
				return Ok(true);
			}
			Ok(is_same(others.await))
		},
	}
}

/// What both nodes tell, if that is the same.
///
/// # Errors
///
/// The chain's refusal, if one of them tells that: one of the two lies, and access may not be taken back.
async fn both(
	one: impl Future<Output = Result<Receipt>>,
	two: impl Future<Output = Result<Receipt>>,
) -> Result<Option<Receipt>> {
	match join(one, two).await {
		(Err(why @ Error::Refused(_)), _) | (_, Err(why @ Error::Refused(_))) => Err(why),
		(Ok(one), Ok(two)) => Ok((one.block == two.block).then_some(one)),
		_ => Ok(None),
	}
}

/// The revocation up to its signature, and the node that it was made with.
async fn made<'a>(
	chain: &'a Chain,
	until: Until,
	signer: &(impl Signer + ?Sized),
	call: &'a Call,
) -> Result<(&'a Chain, Signable<'a>)> {
	Ok((chain, chain.make(until, signer.account(), signer.lifetime(), call).await?))
}

/// What becomes of a transaction that one node has answered about, and the other may still.
async fn follow(
	until: Until,
	sent: &Sent,
	(quick, handed): (&Chain, Result<Handed>),
	(slow, rest): (&Chain, impl Future<Output = Result<Handed>>),
) -> Result<Receipt> {
	let refusal = match handed {
		Ok(Handed::Over) => {
			// The other may refuse what this one has passed on to it, and it tells the outcome all the same.
			let other = async {
				let _ = rest.await;
				slow.settle(until, sent).await
			};
			return confirmed(quick.settle(until, sent), other).await;
		},
		Ok(Handed::Perhaps(why)) => (why, true),
		Err(why) => (why, false),
	};
	// All depends on the other one.
	match (refusal, rest.await) {
		(_, Ok(Handed::Over)) => {
			confirmed(slow.settle(until, sent), quick.settle(until, sent)).await
		},
		// It is sent again then, so that a node that refuses for another reason delays nothing.
		((_, false), Err(why @ Error::Overtaken)) => Err(why),
		((why, false), Err(_)) => Err(why),
		((why, _), _) => {
			match confirmed(quick.settle(until, sent), slow.settle(until, sent)).await {
				// The transaction has expired, so a refusal was meant.
				Err(Error::Expired) if matches!(why, Error::NodeRefused { .. }) => Err(why),
				outcome => outcome,
			}
		},
	}
}

/// The first good outcome of two. The second begins if the first has failed, or takes long.
async fn one_of<T>(
	first: impl Future<Output = Result<T>>,
	second: impl Future<Output = Result<T>>,
) -> Result<T> {
	let (first, second) = (pin!(first), pin!(second));
	match select(first, pin!(sleep(HEAD_START))).await {
		Either::Left((Ok(made), _)) => Ok(made),
		Either::Left((Err(why), _)) => second.await.map_err(|_| why),
		Either::Right(((), first)) => match select(first, second).await {
			Either::Left((Err(why), second)) => second.await.map_err(|_| why),
			Either::Right((Err(_), first)) => first.await,
			Either::Left((made, _)) | Either::Right((made, _)) => made,
		},
	}
}

/// A transaction's outcome by two nodes: by the one that tells it first, unless it leaves it open or the other soon
/// tells another one.
async fn confirmed(
	one: impl Future<Output = Result<Receipt>>,
	two: impl Future<Output = Result<Receipt>>,
) -> Result<Receipt> {
	match select(pin!(one), pin!(two)).await {
		Either::Left((outcome, other)) => settled(outcome, other).await,
		Either::Right((outcome, other)) => settled(outcome, other).await,
	}
}

async fn settled(
	outcome: Result<Receipt>,
	other: impl Future<Output = Result<Receipt>>,
) -> Result<Receipt> {
	match outcome {
		// It is sent again then, which does no harm if this node lies.
		Err(why @ Error::Overtaken) => match timeout(CONFIRMATION, other).await {
			Ok(Err(open)) if open.leaves_it_open() => Err(why),
			Ok(outcome) => outcome,
			Err(_) => Err(why),
		},
		Err(why) if why.leaves_it_open() => match other.await {
			Err(open) if open.leaves_it_open() => Err(why),
			outcome => outcome,
		},
		outcome => match (outcome, timeout(AGREEMENT, other).await) {
			// One of the two lies, and access may not be taken back.
			(Ok(_), Ok(Err(why @ Error::Refused(_))))
			| (Err(why @ Error::Refused(_)), Ok(Ok(_))) => Err(why),
			(Ok(receipt), Ok(Ok(other))) => {
				let is_confirmed = receipt.block == other.block;
				Ok(Receipt { is_confirmed, ..receipt })
			},
			(outcome, _) => outcome,
		},
	}
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::Refusal;
	use futures::{
		FutureExt,
		channel::oneshot,
		future::{pending, ready},
	};
	use medblock_platform::clock::Instant;
	use std::cell::Cell;
	use subxt::utils::H256;

	fn receipt(number: u32) -> Result<Receipt> {
		let (call, block, until) = ("revoke_access".into(), H256([7; 32]), Until::Final);
		let (events, took) = (Vec::new(), Duration::ZERO);
		Ok(Receipt { call, block, number, events, took, until, is_confirmed: false })
	}

	fn lost() -> Result<Receipt> {
		Err(Error::Unsettled { url: "ws://first".into(), why: "lost".into() })
	}

	fn refused() -> Result<Receipt> {
		Err(Error::refused("ws://second", "spent"))
	}

	fn failed() -> Result<Receipt> {
		let (name, sentence) = ("NotFound".into(), "there is no such grant".into());
		Err(Refusal { pallet: None, name, sentence }.into())
	}

	#[tokio::test]
	async fn silent_first_node_delays_nothing_for_more_than_a_second() {
		let began = Instant::now();
		assert_eq!(one_of(pending::<Result<u8>>(), ready(Ok(2))).await.unwrap(), 2);
		assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
	}

	#[tokio::test]
	async fn second_node_is_asked_if_the_first_fails_and_not_before() {
		let is_asked = Cell::new(false);
		let second = async {
			is_asked.set(true);
			Ok(2)
		};
		assert_eq!(one_of(ready(Ok(1)), second).await.unwrap(), 1);
		assert!(!is_asked.get(), "it is not needed");
		let away = || ready(Err(Error::unreachable("ws://first", "away")));
		assert_eq!(one_of(away(), ready(Ok(2))).await.unwrap(), 2);
		let neither = one_of::<u8>(away(), ready(Err(Error::Expired))).await;
		assert!(matches!(neither, Err(Error::NodeUnreachable { .. })));
		// The second fails while the first still works on it.
		let slow = async {
			sleep(HEAD_START.saturating_mul(2)).await;
			Ok(1)
		};
		assert_eq!(one_of(slow, ready(Err(Error::Expired))).await.unwrap(), 1);
	}

	#[tokio::test]
	async fn silent_node_hides_no_outcome_for_more_than_some_seconds() {
		let began = Instant::now();
		let told = confirmed(pending(), ready(receipt(5))).await.unwrap();
		assert_eq!((told.number, told.is_confirmed), (5, false), "it is one node's word");
		assert!(began.elapsed() < AGREEMENT.saturating_mul(2), "{:?}", began.elapsed());
	}

	#[tokio::test]
	async fn two_nodes_confirm_what_became_of_it() {
		let both = confirmed(ready(receipt(5)), ready(receipt(5))).now_or_never().unwrap().unwrap();
		assert_eq!((both.number, both.is_confirmed), (5, true));
		let elsewhere = receipt(5).map(|other| Receipt { block: H256([8; 32]), ..other });
		let told = confirmed(ready(receipt(5)), ready(elsewhere)).now_or_never().unwrap();
		assert!(!told.unwrap().is_confirmed, "it is in one final block only");
		let told = confirmed(ready(receipt(5)), ready(lost())).now_or_never().unwrap();
		assert!(!told.unwrap().is_confirmed);
		for (one, two) in [(receipt(5), failed()), (failed(), receipt(5))] {
			let told = confirmed(ready(one), ready(two)).now_or_never().unwrap();
			assert!(matches!(told, Err(Error::Refused(_))), "one of them lies: {told:?}");
		}
	}

	/// The other node, which stood still, tells the same as soon as it goes on.
	#[tokio::test]
	async fn node_that_stood_still_confirms_it_when_it_goes_on() {
		let again = both(ready(receipt(5)), ready(receipt(5)));
		let told = with_others(ready(receipt(5)), ready(None), again).now_or_never().unwrap();
		assert!(told.unwrap().is_confirmed);
		// It keeps no one from asking the third.
		let again = both(ready(receipt(5)), pending());
		let told = with_others(ready(receipt(5)), ready(receipt(5).ok()), again).now_or_never();
		assert!(told.unwrap().unwrap().is_confirmed);
		for other in [lost(), Err(Error::Expired)] {
			let again = both(ready(receipt(5)), ready(other));
			let told = with_others(ready(receipt(5)), ready(None), again).now_or_never().unwrap();
			let told = told.unwrap();
			assert_eq!((told.number, told.is_confirmed), (5, false), "it is done all the same");
		}
		let again = both(ready(receipt(5)), ready(failed()));
		let told = with_others(ready(receipt(5)), ready(None), again).now_or_never().unwrap();
		assert!(matches!(told, Err(Error::Refused(_))), "one of them lies: {told:?}");
	}

	#[tokio::test]
	async fn third_node_is_heard_although_the_others_leave_it_open() {
		let (tell, told) = oneshot::channel();
		let third = async { told.await.ok() };
		let mut outcome = pin!(with_others(ready(receipt(5)), third, ready(Ok(None))));
		assert!(outcome.as_mut().now_or_never().is_none(), "it may still confirm it");
		tell.send(receipt(5).unwrap()).unwrap();
		assert!(outcome.now_or_never().unwrap().unwrap().is_confirmed);
	}

	#[tokio::test]
	async fn third_node_confirms_what_the_second_does_not() {
		let with = |asked, said: Option<Receipt>| {
			with_others(ready(asked), ready(said), ready(Ok(None))).now_or_never().unwrap()
		};
		assert!(with(receipt(5), receipt(5).ok()).unwrap().is_confirmed);
		assert!(!with(receipt(5), None).unwrap().is_confirmed);
		let elsewhere = receipt(5).map(|other| Receipt { block: H256([8; 32]), ..other });
		assert!(!with(receipt(5), elsewhere.ok()).unwrap().is_confirmed);
		// It is alone to know it.
		let told = with(lost(), receipt(5).ok()).unwrap();
		assert_eq!((told.number, told.is_confirmed), (5, false));
		assert!(matches!(with(lost(), None), Err(Error::Unsettled { .. })));
		assert!(matches!(with(failed(), receipt(5).ok()), Err(Error::Refused(_))));
		// Nothing waits for it where two are agreed.
		let agreed = receipt(5).map(|told| Receipt { is_confirmed: true, ..told });
		let told = with_others(ready(agreed), pending(), pending()).now_or_never().unwrap();
		assert!(told.unwrap().is_confirmed);
	}

	#[tokio::test]
	async fn overtaken_revocation_is_sent_again_unless_the_other_node_knows_better() {
		let overtaken = || Err(Error::Overtaken);
		for other in [overtaken(), lost(), Err(Error::Expired)] {
			let told = settled(overtaken(), ready(other)).now_or_never();
			assert!(matches!(told, Some(Err(Error::Overtaken))));
		}
		let told = settled(overtaken(), ready(receipt(5))).now_or_never();
		assert_eq!(told.unwrap().unwrap().number, 5);
		let told = settled(lost(), ready(overtaken())).now_or_never();
		assert!(matches!(told, Some(Err(Error::Overtaken))));
		// A silent one delays it for some seconds only.
		assert!(matches!(settled(overtaken(), pending()).await, Err(Error::Overtaken)));
	}

	#[tokio::test]
	async fn open_outcome_is_asked_of_the_other_node() {
		for open in [lost(), Err(Error::Expired), Err(Error::Stalled(60))] {
			let told = settled(open, ready(refused())).now_or_never();
			assert!(matches!(told, Some(Err(Error::NodeRefused { .. }))));
		}
		let neither = settled(lost(), ready(Err(Error::Expired))).now_or_never();
		assert!(matches!(neither, Some(Err(Error::Unsettled { .. }))));
	}
}

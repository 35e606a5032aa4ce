//! The gateways of the active hospitals, kept for a minute.

use crate::errors::Refusal;
use medblock_portal_files::Origin;
use medblock_vault_protocol::Address;
use std::{
	future::Future,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};

/// How long the list is kept. Pages of a hospital that was expelled may ask for that much longer.
const LIFETIME: Duration = Duration::from_secs(60);
/// How long to wait before a node that could not be asked is asked again.
const RETRY: Duration = Duration::from_secs(5);

/// The list, and when to ask for it again.
#[derive(Default)]
pub struct Gateways {
	known: Mutex<Option<Known>>,
	/// Held while a node is asked: many requests at once cause one question.
	asking: tokio::sync::Mutex<()>,
}

/// The end of the list's lifetime, and the list.
type Known = (Instant, Arc<[Origin]>);

impl Gateways {
	/// The list, with this gateway's own address. `ask` gives a new one.
	pub async fn read<F>(&self, own: Option<&Address>, ask: impl FnOnce() -> F) -> Arc<[Origin]>
	where
		F: Future<Output = Result<Vec<Address>, Refusal>>,
	{
		let known = self.known();
		if let Some(list) = fresh(known.as_ref()) {
			return list;
		}
		let _turn = match (self.asking.try_lock(), &known) {
			(Ok(turn), _) => turn,
			// Another request asks: the list of before does until there is a new one.
			(Err(_), Some((_, list))) => return list.clone(),
			(Err(_), None) => self.asking.lock().await,
		};
		if let Some(list) = fresh(self.known().as_ref()) {
			return list;
		}
		let (list, lifetime) = match ask().await {
			Ok(found) => {
				let mut list: Vec<Origin> = Vec::new();
				for origin in own.into_iter().chain(&found).map(Origin::from) {
					if !list.contains(&origin) {
						list.push(origin);
					}
				}
				(list.into(), LIFETIME)
			},
			Err(_) => {
				let before = known.map(|(_, list)| list);
				let own = || own.map(Origin::from).into_iter().collect();
				(before.unwrap_or_else(own), RETRY)
			},
		};
		let until = Instant::now() + lifetime;
		let mut slot = self.known.lock().unwrap_or_else(PoisonError::into_inner);
		*slot = Some((until, Arc::clone(&list)));
		list
	}

	fn known(&self) -> Option<Known> {
		self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
	}
}

/// The list, if it need not be asked for again.
fn fresh(known: Option<&Known>) -> Option<Arc<[Origin]>> {
	known.filter(|(until, _)| Instant::now() < *until).map(|(_, list)| list.clone())
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::sync::atomic::{AtomicU32, Ordering};

	fn address(text: &str) -> Address {
		text.parse().unwrap()
	}

	#[tokio::test]
	async fn own_address_is_listed_once_and_without_a_node_too() {
		let own = address("https://own.example");
		let down = Gateways::default();
		let list = down.read(Some(&own), async || Err(Refusal::NodeUnreachable)).await;
		assert_eq!(*list, [Origin::from(&own)]);

		let up = Gateways::default();
		let found = vec![address("https://own.example/med"), address("https://north.example")];
		let list = up.read(Some(&own), async || Ok(found)).await;
		assert_eq!(*list, [Origin::from(&own), Origin::from(&address("https://north.example"))]);
		let again = up.read(Some(&own), async || panic!("it is known for a minute")).await;
		assert_eq!(*again, *list);
	}

	#[tokio::test]
	async fn many_requests_at_once_cause_one_question() {
		let (gateways, asked) = (Gateways::default(), AtomicU32::new(0));
		let ask = || async {
			asked.fetch_add(1, Ordering::Relaxed);
			tokio::task::yield_now().await;
			Ok(vec![address("https://north.example")])
		};
		let all = futures::future::join_all((0..20).map(|_| gateways.read(None, ask))).await;
		assert!(all.iter().all(|list| list.len() == 1));
		assert_eq!(asked.into_inner(), 1);
	}
}

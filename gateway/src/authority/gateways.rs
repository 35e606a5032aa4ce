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
pub struct Gateways(Mutex<Option<(Instant, Arc<[Origin]>)>>);

impl Gateways {
	/// The list, with this gateway's own address. `ask` gives a new one.
	pub async fn read<F>(&self, own: Option<&Address>, ask: impl FnOnce() -> F) -> Arc<[Origin]>
	where
		F: Future<Output = Result<Vec<Address>, Refusal>>,
	{
		let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
		if let Some((_, list)) = known.as_ref().filter(|(until, _)| Instant::now() < *until) {
			return list.clone();
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
		let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
		*slot = Some((until, Arc::clone(&list)));
		list
	}
}

#[cfg(test)]
mod tests {
	use super::*;

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
}

//! Copies that are counted nowhere. A bucket's service may end a `put` that the gateway gave up long before, and a database
//! may die in the middle of a change. Meanwhile another change may have found the marker without a copy, and removed it.

use super::{Account, Copies, OWNER, marker, object_name};
use crate::errors::Refusal;
use futures::{StreamExt, stream};
use medblock_vault_protocol::paths::parse_digest;
use std::sync::atomic::Ordering;

/// Copies that are looked at together.
const TOGETHER: usize = 8;

impl Copies {
	/// Looks at one folder of copies, and the next time at the next of 256. A copy without its marker gets one, and counts from
	/// then on: its owner may rely on it, since the change may have been repeated. Returns how many there were.
	pub async fn recount(&self) -> Result<u64, Refusal> {
		let folder = format!("at/{:02x}", self.next.fetch_add(1, Ordering::Relaxed));
		let mut names = self.stored(self.store.small_names(&folder).await)?;
		names.retain(|name| parse_digest(name).is_some());
		let looking = stream::iter(names).map(|name| async move {
			let owner = self.uncounted(&name).await;
			(owner, name)
		});
		let mut looking = looking.buffer_unordered(TOGETHER);
		let mut uncounted = Vec::new();
		while let Some((owner, name)) = looking.next().await {
			uncounted.extend(owner?.map(|owner| (owner, name)));
		}
		drop(looking);
		let mut counted = 0;
		for (owner, name) in uncounted {
			// Once more, without any other change of the account's.
			let counting = async {
				if self.uncounted(&name).await? == Some(owner) {
					self.stored(self.store.put_small(&marker(&owner, &name), Vec::new()).await)?;
					counted += 1;
				}
				Ok(())
			};
			self.alone(&owner, counting).await?;
		}
		if counted > 0 {
			tracing::warn!(counted, "copies of accounts' keys were counted nowhere, and are now");
		}
		Ok(counted)
	}

	/// The owner of a copy that has no marker.
	async fn uncounted(&self, name: &str) -> Result<Option<Account>, Refusal> {
		let object = self.stored(self.store.small(&object_name(name)).await)?;
		// One that is damaged tells its owner to nobody, and must not keep the others from being counted.
		let owner = object.and_then(|object| object.first_chunk::<OWNER>().copied());
		let Some(owner) = owner else { return Ok(None) };
		let found = self.stored(self.store.small(&marker(&owner, name)).await)?;
		Ok(found.is_none().then_some(owner))
	}
}

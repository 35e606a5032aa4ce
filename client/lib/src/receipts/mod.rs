//! Receipts of what vaults gave to this account, and what vaults' logs show of a chart.
//!
//! Whether a vault stands by what it signed is found out with the chain: [`Client::check_receipts`] for readers,
//! [`Client::check_disclosures`] for patients.

mod chart;
mod check;
mod missing;
mod store;

pub use chart::{Named, Proven, ProvenLine};
pub use check::{Checked, Found};
pub use medblock_receipts::{Capacity, Disclosure, Lie, Receipt, Subject};
pub(crate) use store::Receipts;
pub use store::forget;

use crate::{
	Result,
	chain::{At, DisclosureLogInfo},
	client::Client,
	vault::{Vault, Vaults, witnessed},
};
use medblock_primitives::{DisclosureAnchor, HospitalId};
use medblock_receipts::{LogId, Tree, check_growth};

/// What a client asks two nodes for, in words.
const WHAT: &str = "how far the log of that hospital's vault is on the chain";

impl Client {
	/// Keeps the receipts that came, and what came without one that was owed. Failing to keep some is no reason to give up
	/// what was read: they are kept with the next. What reads does this itself, unless it is dropped before its end: a program
	/// in which that happens calls this from time to time.
	pub async fn keep_receipts(&self) {
		keep_received(&self.vaults, &self.receipts).await;
		self.keep_unreceipted().await;
	}

	/// The receipts that this account has on this device, the oldest first, and whether each was found in the log on the
	/// chain.
	pub async fn receipts(&self) -> Result<Vec<(Receipt, bool)>> {
		self.keep_receipts().await;
		let all = self.receipts.all().await?.into_iter().flat_map(|segment| segment.receipts);
		Ok(all.map(|kept| (kept.receipt, kept.is_proven)).collect())
	}

	/// The account of a hospital's vault and its log, by two nodes.
	async fn log_of(&self, hospital: HospitalId) -> Result<DisclosureLogInfo> {
		let asked = |at: At| async move { at.disclosure_log(hospital).await };
		witnessed(&self.nodes, WHAT, asked).await
	}

	/// The anchors of a hospital's logs that the chain still has, by two nodes.
	async fn anchors_of(&self, hospital: HospitalId) -> Result<Vec<(u32, DisclosureAnchor)>> {
		let asked = |at: At| async move { at.disclosure_anchors(hospital, None).await };
		witnessed(&self.nodes, WHAT, asked).await
	}

	fn log_id(&self, hospital: HospitalId, number: u32) -> LogId {
		LogId { genesis: self.genesis(), hospital, number }
	}
}

/// Keeps the receipts that came.
async fn keep_received(vaults: &Vaults, receipts: &Receipts) {
	let mut received =
		Taken { vaults, left: vaults.take_receipts(), give_back: Vaults::return_receipts };
	if received.left.is_empty() {
		return;
	}
	match receipts.keep(received.left.clone()).await {
		Ok(()) => received.left.clear(),
		Err(why) => tracing::warn!("receipts are not kept now: {why}"),
	}
}

/// What was taken to be kept. What is left of it when this ends is given back, and kept with the next: a reader who leaves a
/// page drops the work that the page has asked for, also while this goes on.
struct Taken<'a, T> {
	vaults: &'a Vaults,
	left: Vec<T>,
	give_back: fn(&Vaults, Vec<T>),
}

impl<T> Drop for Taken<'_, T> {
	fn drop(&mut self) {
		(self.give_back)(self.vaults, std::mem::take(&mut self.left));
	}
}

fn tree_of(anchor: &DisclosureAnchor) -> Tree {
	Tree { size: anchor.size, root: anchor.root }
}

/// Whether a vault's log has grown from one tree to another, and nothing else.
async fn has_grown(vault: &Vault<'_>, before: &Tree, now: &Tree) -> Result<Result<(), Lie>> {
	// This needs no proof, and has none.
	if now.size < before.size {
		return Ok(check_growth(before, now, &[]));
	}
	let proof = vault.log_growth(before.size, now.size).await?;
	Ok(match proof {
		Some(proof) => check_growth(before, now, &proof),
		None => Err(Lie::Forked),
	})
}

//! Whether vaults stand by the receipts that they gave to this account.

use super::{Lie, Receipt, has_grown, missing, store::Segment, tree_of};
use crate::{
	Error, Result,
	chain::{self, BlockHash, DisclosureLogInfo},
	client::Client,
	vault::Vault as Server,
};
use medblock_primitives::{DisclosureAnchor, HospitalId, Moment};
use medblock_receipts::{ANCHORED_WITHIN, Anchor, Promise, Tree, Vault};
use std::collections::BTreeSet;

/// What was found out about the receipts of one hospital's vault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
	/// The receipts that the log on the chain has.
	pub proven: usize,
	/// The receipts that need not be on the chain yet.
	pub waiting: usize,
	/// The receipts that should be on the chain by now, and are not.
	pub late: usize,
	/// The receipts of a log that the hospital has given up: it can't be held to them but by its anchors. Also those by an
	/// earlier account of the vault's, if no node shows any more that it was the vault's, and the log has them not.
	pub given_up: usize,
	/// What contradicts the chain.
	pub lies: Vec<Found>,
}

/// A vault's contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
	/// The receipt; none if it is about the log as a whole, or if there should be one.
	pub receipt: Option<Box<Receipt>>,
	/// The contradiction.
	pub why: Lie,
}

/// What has become of a receipt.
enum Outcome {
	Proven,
	Waiting,
	Late,
	GivenUp,
	Lie(Lie),
}

/// What the chain has of a hospital's logs.
struct OnChain {
	hospital: HospitalId,
	found: DisclosureLogInfo,
	anchors: Vec<Anchor>,
	/// The chain's time: a wrong clock on this device is no vault's delay.
	now: Moment,
}

impl Client {
	/// Checks the receipts that this account has on this device: that the hospitals' logs on the chain have them, and have
	/// only grown since. Gives the answer about each hospital, or the reason why its vault could not be asked. What a vault gave
	/// without a receipt that it owed is among its contradictions, whether it can be asked or not.
	///
	/// # Errors
	///
	/// Those of the chain, and of this device's storage.
	pub async fn check_receipts(&self) -> Result<Vec<(HospitalId, Result<Checked>)>> {
		self.keep_receipts().await;
		let mut kept = self.receipts.all().await?;
		let without = self.receipts.unreceipted().await?;
		let receipts = kept.iter().flat_map(|segment| &segment.receipts);
		let hospitals: BTreeSet<HospitalId> = receipts
			.map(|one| one.receipt.promise.statement.log.hospital)
			.chain(without.iter().map(|one| one.hospital))
			.collect();
		let mut all = Vec::new();
		for hospital in hospitals {
			let missing = missing::of(hospital, &without);
			match self.check_those_of(hospital, &mut kept).await {
				Ok(mut checked) => {
					checked.lies.extend(missing);
					all.push((hospital, Ok(checked)));
				},
				Err(why @ Error::Vault(_)) => {
					if !missing.is_empty() {
						all.push((hospital, Ok(Checked { lies: missing, ..Checked::default() })));
					}
					all.push((hospital, Err(why)));
				},
				Err(why) => return Err(why),
			}
		}
		for segment in &kept {
			self.receipts.note_proven(segment).await?;
		}
		Ok(all)
	}

	async fn check_those_of(&self, hospital: HospitalId, kept: &mut [Segment]) -> Result<Checked> {
		let found = self.log_of(hospital).await?;
		let anchors = self.anchors_of(hospital).await?;
		let anchors = anchors.iter().map(|(_, anchor)| anchored(anchor)).collect();
		let server = self.vault(hospital).await?;
		let now = self.chain().finalized().await?.now().await?;
		let on_chain = OnChain { hospital, found, anchors, now };
		let mut checked = Checked::default();
		if let Err(why) = self.check_growth_of(&on_chain, &server).await? {
			checked.lies.push(Found { receipt: None, why });
		}
		for one in kept.iter_mut().flat_map(|segment| &mut segment.receipts) {
			let log = one.receipt.promise.statement.log;
			if log.hospital != hospital {
				continue;
			}
			if one.is_proven && log.number == on_chain.found.number {
				checked.proven += 1;
				continue;
			}
			match self.check_one(&one.receipt, &on_chain, &server).await? {
				Outcome::Proven => {
					one.is_proven = true;
					checked.proven += 1;
				},
				Outcome::Waiting => checked.waiting += 1,
				Outcome::Late => checked.late += 1,
				Outcome::GivenUp => checked.given_up += 1,
				Outcome::Lie(why) => {
					let receipt = Some(Box::new(one.receipt.clone()));
					checked.lies.push(Found { receipt, why });
				},
			}
		}
		Ok(checked)
	}

	/// Whether the log on the chain has grown out of the one that was believed last, and holds what was proven by that.
	async fn check_growth_of(
		&self,
		on_chain: &OnChain,
		server: &Server<'_>,
	) -> Result<Result<(), Lie>> {
		let OnChain { hospital, found, .. } = on_chain;
		let Some((_, anchor)) = &found.last else { return Ok(Ok(())) };
		let now = tree_of(anchor);
		let seen = self.receipts.seen().await?;
		if let Some((number, before)) = seen.tree(*hospital)
			&& number == found.number
		{
			// A check of a chart may have seen more of the log than there is on the chain.
			if before.size > now.size {
				return has_grown(server, &now, &before).await;
			}
			if let Err(lie) = has_grown(server, &before, &now).await? {
				return Ok(Err(lie));
			}
		}
		self.receipts.see(|seen| seen.believe(*hospital, found.number, now)).await?;
		Ok(Ok(()))
	}

	async fn check_one(
		&self,
		receipt: &Receipt,
		on_chain: &OnChain,
		server: &Server<'_>,
	) -> Result<Outcome> {
		match self.check_signature(receipt, &on_chain.found).await {
			Some(Ok(())) => self.check_place(receipt, on_chain, server).await,
			Some(Err(lie)) => Ok(Outcome::Lie(lie)),
			// What the log has is proven all the same, and nothing else is.
			None => Ok(match self.check_place(receipt, on_chain, server).await? {
				Outcome::Lie(_) | Outcome::Late => Outcome::GivenUp,
				outcome => outcome,
			}),
		}
	}

	/// Whether the log on the chain has a receipt's disclosure at its place.
	async fn check_place(
		&self,
		receipt: &Receipt,
		on_chain: &OnChain,
		server: &Server<'_>,
	) -> Result<Outcome> {
		let Promise { log, index, leaf, time } = receipt.promise.statement;
		match receipt.is_anchored(&on_chain.anchors) {
			Ok(true) => (),
			// The hospital has put nothing on the chain since.
			Ok(false) if time.saturating_add(ANCHORED_WITHIN) < on_chain.now => {
				let is_present = log.number == on_chain.found.number;
				return Ok(if is_present { Outcome::Late } else { Outcome::GivenUp });
			},
			Ok(false) => return Ok(Outcome::Waiting),
			Err(Lie::OtherLog) => return Ok(Outcome::GivenUp),
			Err(lie) => return Ok(Outcome::Lie(lie)),
		}
		// The vault shows its present log alone.
		if log.number != on_chain.found.number {
			return Ok(Outcome::GivenUp);
		}
		let of_log = on_chain.anchors.iter().filter(|anchor| anchor.log == log.number);
		let Some(Anchor { tree, .. }) = of_log.max_by_key(|anchor| anchor.tree.size) else {
			return Ok(Outcome::Waiting);
		};
		let Some(proof) = server.log_place(&leaf, index, tree.size).await? else {
			return Ok(Outcome::Lie(Lie::NotInLog { index }));
		};
		Ok(match receipt.is_in(tree, &proof) {
			Ok(true) => Outcome::Proven,
			Ok(false) => Outcome::Waiting,
			Err(lie) => Outcome::Lie(lie),
		})
	}

	/// Whether the receipt is signed with the key that the chain has for the vault: now, or at the block by which the vault
	/// decided. None if no node that can be asked knows that any more. The vault names the block, so that one that can't
	/// be asked must not keep other receipts from being checked.
	async fn check_signature(
		&self,
		receipt: &Receipt,
		found: &DisclosureLogInfo,
	) -> Option<Result<(), Lie>> {
		let log = receipt.promise.statement.log;
		let checked = |key: [u8; 32]| receipt.check(&Vault { log, key });
		if let Some(account) = found.vault_account
			&& checked(account.0).is_ok()
		{
			return Some(Ok(()));
		}
		let then = async {
			let at = self.chain().at(BlockHash::from(receipt.disclosure.block_hash)).await?;
			at.disclosure_log(log.hospital).await
		};
		match then.await {
			Ok(DisclosureLogInfo { vault_account: Some(account), .. }) => Some(checked(account.0)),
			// All nodes keep all blocks: the vault has made that one up.
			Ok(_) | Err(chain::Error::UnknownBlock(_)) => Some(Err(Lie::NotTheVaults)),
			Err(why) => {
				tracing::debug!("the block that a receipt names can't be asked: {why}");
				None
			},
		}
	}
}

fn anchored(anchor: &DisclosureAnchor) -> Anchor {
	let DisclosureAnchor { log, size, root, at } = *anchor;
	Anchor { log, tree: Tree { size, root }, at }
}

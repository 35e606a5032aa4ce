//! The logs of what hospitals' vaults gave out, as JSON.

use crate::{Account, Hex, Time};
use medblock_primitives::NumberedAnchor;
use pallet_consortium_runtime_api::DisclosureLogInfo;
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The log of what a hospital's vault gave out, as far as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct DisclosureLog {
	/// The vault's account, whose key signs receipts; `null` if the hospital has not named any.
	pub vault_account: Option<Account>,
	/// The number of the hospital's logs before this one.
	pub log: u32,
	/// The last anchor of this log; `null` if there is none yet.
	pub last: Option<DisclosureAnchor>,
}

impl<AccountId: AsRef<[u8; 32]>> From<DisclosureLogInfo<AccountId>> for DisclosureLog {
	fn from(info: DisclosureLogInfo<AccountId>) -> Self {
		Self {
			vault_account: info.vault_account.map(Account::new),
			log: info.number,
			last: info.last.map(|(number, anchor)| NumberedAnchor { number, anchor }.into()),
		}
	}
}

/// The size and root of a vault's log at some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct DisclosureAnchor {
	/// The anchor's number among the hospital's.
	pub number: u32,
	/// The log's number among the hospital's. A hospital that has lost its log begins another.
	pub log: u32,
	/// The number of disclosures in the log.
	pub size: u64,
	/// The root of the log's Merkle tree (RFC 9162, section 2.1.1).
	pub root: Hex<32>,
	/// The time of the block that has it.
	pub anchored_at: Time,
}

impl From<NumberedAnchor> for DisclosureAnchor {
	fn from(NumberedAnchor { number, anchor }: NumberedAnchor) -> Self {
		Self {
			number,
			log: anchor.log,
			size: anchor.size,
			root: Hex(anchor.root),
			anchored_at: anchor.at.into(),
		}
	}
}

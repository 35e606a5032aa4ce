//! The reasons to distrust a vault.

use medblock_primitives::Moment;

/// What a vault said that can't be true, or that it can't show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lie {
	/// The bytes are no such thing, or not the only encoding of it.
	#[error("these bytes are not what they should be")]
	Malformed,
	/// It is about another chain.
	#[error("this is about another chain")]
	OtherChain,
	/// It is about another hospital's vault.
	#[error("this is about another hospital's vault")]
	OtherVault,
	/// It is about a log that the hospital has given up, or has not begun yet.
	#[error("this is about another log of the hospital's vault")]
	OtherLog,
	/// It is about another patient's chart.
	#[error("this is about another chart")]
	OtherChart,
	/// The signature is not the vault's.
	#[error("the vault has not signed this")]
	NotTheVaults,
	/// The sign-in, or the request, is not signed by the reader: the disclosure is made up.
	#[error("the reader has not signed the request of this disclosure")]
	NotTheReaders,
	/// The reader asked at another time: the request may be an old one that the vault plays again.
	#[error("the reader asked for this at another time")]
	OtherTime,
	/// One request is shown as two disclosures.
	#[error("disclosure {number} repeats the request of an earlier one")]
	Replayed {
		/// The disclosure's number in the chart.
		number: u64,
	},
	/// A disclosure's number and predecessor are not those that the log commits to.
	#[error("disclosure {number} has another place in the chart than the log says")]
	BrokenLink {
		/// The number where the chart's chain of disclosures breaks.
		number: u64,
	},
	/// A disclosure is left out in between.
	#[error("disclosure {number} is missing")]
	Missing {
		/// The number of the first one that is left out.
		number: u64,
	},
	/// Disclosures are not in the order in which the log has them.
	#[error("disclosure {number} is out of order")]
	Reordered {
		/// The number that should have come.
		number: u64,
	},
	/// Disclosures are left out at the end.
	#[error("the vault says that there are {told} disclosures, and shows {shown}")]
	Truncated {
		/// The number of disclosures that the vault has signed for, or showed before.
		told: u64,
		/// The number up to which it shows them.
		shown: u64,
	},
	/// There are more disclosures than the vault has signed for.
	#[error("the vault says that there are {told} disclosures, and shows more")]
	Surplus {
		/// The number of disclosures that the vault has signed for.
		told: u64,
	},
	/// A disclosure differs from what the vault showed before.
	#[error("disclosure {number} is not what the vault showed before")]
	Rewritten {
		/// The disclosure's number in the chart.
		number: u64,
	},
	/// The log does not contain the disclosure at its place: it was altered, moved or made up.
	#[error("the log does not contain the disclosure at place {index}")]
	NotInLog {
		/// The disclosure's place in the log.
		index: u64,
	},
	/// The log has fewer disclosures than before.
	#[error("the log has shrunk from {before} disclosures to {now}")]
	Shrunk {
		/// The size before.
		before: u64,
		/// The size now.
		now: u64,
	},
	/// The log is not the one that it was, with more at its end.
	#[error("the log was rewritten")]
	Forked,
	/// The vault gave a receipt for a disclosure, and leaves it out of the chart's.
	#[error("the vault gave a receipt for the disclosure at place {index}, and does not list it")]
	Dropped {
		/// The disclosure's place in the log.
		index: u64,
	},
	/// The vault gave something without a receipt, although the chain names the account that signs them.
	#[error("the vault gave out what this account asked for, and no receipt for it")]
	NoReceipt {
		/// When, by the reader's clock, in milliseconds since 1970.
		at: Moment,
	},
	/// The hospital put its log on the chain without a disclosure for which the vault gave a receipt.
	#[error("the hospital put its log on the chain without the disclosure at place {index}")]
	NotAnchored {
		/// The disclosure's place in the log.
		index: u64,
		/// The time of the log on the chain, in milliseconds since 1970.
		at: Moment,
	},
}

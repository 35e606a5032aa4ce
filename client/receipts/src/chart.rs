//! All disclosures of one chart, as its patient checks them.

use crate::{ChartHead, Disclosure, Hash, Lie, Link, Receipt, Signed, Signer, Tree, Vault};
use medblock_primitives::PatientId;
use std::collections::{BTreeMap, BTreeSet};

/// A disclosure with what shows that it is in the log, and at which place of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
	/// The disclosure.
	pub disclosure: Disclosure,
	/// The link to the chart's disclosure before.
	pub link: Link,
	/// The disclosure's place in the log.
	pub index: u64,
	/// The proof that the tree of the [`ChartHead`] has it there.
	pub proof: Vec<Hash>,
}

/// What a client remembers of a chart's disclosures that it has checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
	/// The number of disclosures.
	pub count: u64,
	/// The leaf of the last one.
	pub last: Hash,
}

/// A check of a chart's disclosures, line by line.
#[derive(Debug)]
pub struct Check {
	vault: Vault,
	head: ChartHead,
	pin: Option<Pin>,
	/// The number that the next line has to have.
	next: u64,
	previous: Option<Hash>,
	/// The leaves so far, by their places in the log.
	leaves: BTreeMap<u64, Hash>,
	/// The requests so far: each session's key, and the nonce.
	requests: BTreeSet<([u8; 32], [u8; 16])>,
}

/// A chart's disclosures that were all checked.
#[derive(Debug)]
pub struct Checked {
	head: ChartHead,
	leaves: BTreeMap<u64, Hash>,
}

impl Check {
	/// Begins with what the vault says of the whole chart. `tree` is the one that the client believes: an anchor
	/// of the chain, or one that has grown out of it. `pin` is what it remembers of this log.
	///
	/// # Errors
	///
	/// What differs.
	pub fn begin(
		vault: Vault,
		patient: PatientId,
		head: &Signed<ChartHead>,
		tree: &Tree,
		pin: Option<Pin>,
	) -> Result<Self, Lie> {
		let head = *head.check(&vault)?;
		if head.patient != patient {
			return Err(Lie::OtherChart);
		}
		if head.head.tree() != *tree {
			return Err(Lie::Forked);
		}
		// A vault always keeps the last one. Without it, nothing would tie the head to what was shown before.
		if head.first > 0 && head.first >= head.count {
			return Err(Lie::Malformed);
		}
		if let Some(pin) = pin.filter(|pin| head.count < pin.count) {
			return Err(Lie::Truncated { told: pin.count, shown: head.count });
		}
		let (leaves, requests) = (BTreeMap::new(), BTreeSet::new());
		Ok(Self { vault, head, pin, next: head.first, previous: None, leaves, requests })
	}

	/// Checks the next line, and gives its reader.
	///
	/// # Errors
	///
	/// What is wrong with it.
	pub fn line(&mut self, line: &Line) -> Result<Signer, Lie> {
		let Line { disclosure, link, index, proof } = line;
		let signer = disclosure.check(&self.vault.log)?;
		let request = &disclosure.asked.request;
		if request.patient != self.head.patient {
			return Err(Lie::OtherChart);
		}
		let number = self.next;
		if number >= self.head.count {
			return Err(Lie::Surplus { told: self.head.count });
		}
		if link.hash() != disclosure.link {
			return Err(Lie::BrokenLink { number });
		}
		if link.number > number {
			return Err(Lie::Missing { number });
		}
		if link.number < number
			|| self.leaves.last_key_value().is_some_and(|(last, _)| last >= index)
		{
			return Err(Lie::Reordered { number });
		}
		// What came before the first one that the vault keeps can't be checked any more.
		let previous = self.previous.or((number == 0).then_some([0; 32]));
		if previous.is_some_and(|previous| link.previous != previous) {
			return Err(Lie::BrokenLink { number });
		}
		let leaf = disclosure.leaf();
		if !self.head.head.tree().includes(*index, &leaf, proof) {
			return Err(Lie::NotInLog { index: *index });
		}
		if self.pin.is_some_and(|pin| pin.count == number + 1 && pin.last != leaf) {
			return Err(Lie::Rewritten { number });
		}
		if !self.requests.insert((signer.key, request.nonce)) {
			return Err(Lie::Replayed { number });
		}
		self.leaves.insert(*index, leaf);
		(self.next, self.previous) = (number + 1, Some(leaf));
		Ok(signer)
	}

	/// Ends with the last line.
	///
	/// # Errors
	///
	/// [`Lie::Truncated`]: there should be more. [`Lie::Rewritten`]: there should be others.
	pub fn finish(self) -> Result<Checked, Lie> {
		let Self { head, next, previous, leaves, .. } = self;
		if next < head.count {
			return Err(Lie::Truncated { told: head.count, shown: next });
		}
		let last = previous.or((head.count == 0).then_some([0; 32]));
		if last.is_some_and(|last| last != head.last) {
			return Err(Lie::Rewritten { number: head.count.saturating_sub(1) });
		}
		Ok(Checked { head, leaves })
	}
}

impl Checked {
	/// What to remember.
	pub fn pin(&self) -> Pin {
		Pin { count: self.head.count, last: self.head.last }
	}

	/// Whether a receipt, which its reader has shown, is among the chart's disclosures. `false` if it came after
	/// the tree, or before what the vault still keeps. The receipt has to be [checked](Receipt::check).
	///
	/// # Errors
	///
	/// [`Lie::Dropped`]: the vault has signed two things that can't both be true.
	pub fn has(&self, receipt: &Receipt) -> Result<bool, Lie> {
		let promise = &receipt.promise.statement;
		promise.log.check(&self.head.head.log)?;
		if receipt.disclosure.asked.request.patient != self.head.patient {
			return Err(Lie::OtherChart);
		}
		let index = promise.index;
		let kept_from = match self.head.first {
			0 => Some(0),
			_ => self.leaves.keys().next().copied(),
		};
		if index >= self.head.head.size || kept_from.is_none_or(|from| index < from) {
			return Ok(false);
		}
		match self.leaves.get(&index) == Some(&promise.leaf) {
			true => Ok(true),
			false => Err(Lie::Dropped { index }),
		}
	}
}

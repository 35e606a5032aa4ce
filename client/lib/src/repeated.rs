//! Calls whose effect is there already: an earlier run has made them, whose outcome no second node confirmed in time, or
//! another device has. The chain refuses them. As what they are for is the case, that is their outcome.

use crate::{
	Result,
	chain::{At, Event, Receipt, Until},
	client::{Client, Done},
	notices::{Notice, Notices},
};
use medblock_platform::clock::Duration;

impl Client {
	/// The outcome of a call. If the chain refused it with one of these errors, `before` tells the outcome, provided that the
	/// effect is there.
	pub(crate) async fn or_done_before(
		&self,
		outcome: Result<Done>,
		refusals: &[&str],
		before: impl Future<Output = Result<Option<Done>>>,
	) -> Result<Done> {
		or_before(&self.vaults.notices, outcome, refusals, before).await
	}
}

async fn or_before(
	notices: &Notices,
	outcome: Result<Done>,
	refusals: &[&str],
	before: impl Future<Output = Result<Option<Done>>>,
) -> Result<Done> {
	let why = match outcome {
		Err(why) if refusals.iter().any(|name| why.is_refusal(name)) => why,
		outcome => return outcome,
	};
	match before.await {
		Ok(Some(done)) => {
			notices.tell(&Notice::DoneBefore);
			Ok(done)
		},
		Ok(None) => Err(why),
		Err(unknown) => {
			tracing::debug!("it is not known whether it was done before: {unknown}");
			Err(why)
		},
	}
}

/// The outcome of a call whose effect is there at a final block. `is_confirmed` says whether two nodes tell that.
pub(crate) fn done_before(at: &At, call: String, events: Vec<Event>, is_confirmed: bool) -> Done {
	Done::Sent(Receipt {
		call,
		block: at.hash(),
		number: at.number(),
		events,
		took: Duration::ZERO,
		until: Until::Final,
		is_confirmed,
	})
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::chain::{self, Prepared, Refusal};
	use futures::{FutureExt, future::ready};
	use std::sync::{Arc, Mutex};

	fn refused(name: &str) -> Result<Done> {
		let (name, sentence) = (name.to_owned(), String::new());
		Err(chain::Error::from(Refusal { pallet: None, name, sentence }).into())
	}

	fn done() -> Done {
		Done::Prepared(Prepared { name: "System.remark".to_owned(), data: Vec::new() })
	}

	/// The outcome, and what is told.
	fn met(outcome: Result<Done>, before: Result<Option<Done>>) -> (Result<Done>, Vec<Notice>) {
		let (notices, told) = (Notices::default(), Arc::new(Mutex::new(Vec::new())));
		let note = told.clone();
		notices.set(Arc::new(move |notice: &Notice| note.lock().unwrap().push(notice.clone())));
		let names = ["NotGranted", "RecordNotShared"];
		let outcome = or_before(&notices, outcome, &names, ready(before)).now_or_never().unwrap();
		let told = told.lock().unwrap().clone();
		(outcome, told)
	}

	#[test]
	fn what_was_done_before_succeeds_and_that_is_told() {
		for name in ["NotGranted", "RecordNotShared"] {
			let (outcome, told) = met(refused(name), Ok(Some(done())));
			assert!(outcome.is_ok(), "{outcome:?}");
			assert_eq!(told, [Notice::DoneBefore]);
		}
	}

	#[test]
	fn refusal_stands_if_the_effect_is_not_there_or_not_known() {
		for before in [Ok(None), Err(chain::Error::Expired.into())] {
			let (outcome, told) = met(refused("NotGranted"), before);
			assert!(outcome.unwrap_err().is_refusal("NotGranted"));
			assert!(told.is_empty());
		}
	}

	#[test]
	fn other_outcomes_stay() {
		let (outcome, told) = met(refused("NoRecordNamed"), Ok(Some(done())));
		assert!(outcome.unwrap_err().is_refusal("NoRecordNamed") && told.is_empty());
		let lost = chain::Error::Unsettled { url: "ws://one".to_owned(), why: "lost".to_owned() };
		let (outcome, told) = met(Err(lost.into()), Ok(Some(done())));
		assert!(outcome.unwrap_err().is_unreachable() && told.is_empty());
		let (outcome, told) = met(Ok(done()), Ok(None));
		assert!(outcome.is_ok() && told.is_empty());
	}
}

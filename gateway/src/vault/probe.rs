//! Whether the bucket can be used: looked at from the start on, so that a missing bucket or wrong credentials are told
//! before a patient finds out.

use super::{
	Vault,
	receive::blocking,
	store::{Store, heard},
};
use crate::errors::Refusal;
use futures::StreamExt;
use std::{
	error::Error,
	sync::{Mutex, PoisonError},
};

/// The longest of a service's own words that is told, in characters.
const LONGEST: usize = 300;

/// What is wrong with a bucket that this gateway may not change now.
const NOT_HELD: &str = "this gateway does not hold the bucket now, and takes no uploads: see whether the vault's other gateway \
	leads and reaches the bucket, and compare the machines' clocks";

/// What is wrong with the bucket, if anything is.
#[derive(Default)]
pub(super) struct Problem(Mutex<Option<String>>);

impl Store {
	/// What is wrong with the bucket, in one sentence for the vault's operator; nothing of a folder. It asks for the
	/// first page of names, which takes the same however many there are.
	pub async fn problem(&self) -> Option<String> {
		let bucket = self.bucket.as_ref()?;
		let mut names = self.objects.list(Some(&self.prefix));
		match heard(names.next()).await {
			Ok(None | Some(Ok(_))) => None,
			Ok(Some(Err(why))) => Some(sentence(bucket, &causes(&why))),
			Err(why) => Some(sentence(bucket, &why.to_string())),
		}
	}

	/// Whether it can be asked and changed at all.
	async fn answers(&self) -> bool {
		let Some(folder) = self.folder.clone() else {
			return self.is_held() && self.problem().await.is_none();
		};
		let looking = blocking(move || std::fs::read_dir(folder)?.next().transpose().map(drop));
		looking.await.is_ok()
	}
}

impl Vault {
	/// Looks whether the bucket can be used, notes it, and says so where that has changed. Returns whether it can.
	pub async fn look_at_store(&self) -> bool {
		let problem = self.store.problem().await;
		let is_well = problem.is_none();
		self.metrics.store_answers.set(is_well.into());
		let mut before = self.problem.0.lock().unwrap_or_else(PoisonError::into_inner);
		if *before != problem {
			match &problem {
				Some(why) => tracing::error!(%why, "the bucket can't be used"),
				None => tracing::info!("the bucket can be used again"),
			}
		}
		*before = problem;
		is_well
	}

	/// What was wrong with the bucket when it was last looked at, or that this gateway may not change it now: a balancer has to
	/// send uploads elsewhere.
	pub fn store_problem(&self) -> Option<String> {
		let known = self.problem.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
		known.or_else(|| (!self.store.is_held()).then(|| NOT_HELD.to_owned()))
	}

	/// Whether a failure with one chart's files is no reason to leave the others: the store answers all the same. It is the
	/// chart's folder that is damaged, or another user's.
	pub async fn is_one_charts(&self, why: &Refusal) -> bool {
		*why == Refusal::StoreFailed && self.store.answers().await
	}

	/// Whether files are in a folder, which needs no look.
	pub fn is_local(&self) -> bool {
		self.store.is_local()
	}
}

/// An error and its causes, as one text.
fn causes(why: &dyn Error) -> String {
	let mut text = why.to_string();
	let mut cause = why.source();
	while let Some(one) = cause {
		text.push_str(": ");
		text.push_str(&one.to_string());
		cause = one.source();
	}
	text
}

/// What is wrong with a bucket, by a service's own words.
fn sentence(bucket: &str, said: &str) -> String {
	let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
	if says(&["NoSuchBucket"]) {
		return format!(
			"the service has no bucket {bucket}: create it, or name another with --store"
		);
	}
	let refused = [
		"AccessDenied",
		"InvalidAccessKeyId",
		"SignatureDoesNotMatch",
		"403 Forbidden",
		"401 Unauthorized",
	];
	if says(&refused) {
		return format!(
			"the service refuses the credentials for bucket {bucket}: set AWS_ACCESS_KEY_ID and \
			 AWS_SECRET_ACCESS_KEY, and let them list, read, write and delete there"
		);
	}
	if std::env::var_os("AWS_ACCESS_KEY_ID").is_none_or(|set| set.is_empty()) {
		return format!(
			"there are no credentials for bucket {bucket}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
		);
	}
	let said: String = said.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
	format!("the service of bucket {bucket} can't be asked: {said}")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn services_words_are_told_apart() {
		let told = |said: &str| sentence("records", said);
		let missing = "404 Not Found: <Error><Code>NoSuchBucket</Code></Error>";
		assert!(told(missing).contains("no bucket records"));
		for refused in ["<Code>AccessDenied</Code>", "401 Unauthorized: ", "403 Forbidden: "] {
			assert!(told(refused).contains("refuses the credentials"), "{refused}");
		}
		assert!(!told("connection refused").contains("refuses the credentials"));
	}
}

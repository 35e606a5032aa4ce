//! Doctors who are named in a revocation and had no access. One of them may be a wrong number, so that the doctor who was
//! meant still has access.

use crate::{
	describe,
	exit::{Code, Failure},
	outcome,
	session::Session,
};
use medblock_client::{Client, Done, medblock_primitives::DoctorId};
use serde_json::Value;

/// The doctors of a revocation who had no access.
#[derive(Default)]
pub struct Missed {
	/// All their numbers.
	numbers: Vec<u32>,
	/// The numbers that are no doctor's.
	unknown: Vec<u32>,
	/// The names and numbers of the others.
	names: Vec<String>,
}

impl Missed {
	/// Those of a revocation that was carried out.
	pub async fn of(client: &Client, done: &Done) -> Self {
		let mut missed = Self::default();
		let Some(receipt) = done.receipt() else { return missed };
		let events = receipt.events.iter().filter(|event| event.name == "HadNoAccess");
		let mut numbers: Vec<u32> = events.filter_map(|event| event.number("doctor")).collect();
		// A doctor who is named twice has no access the second time.
		let revoked = receipt.events.iter().filter(|event| event.name == "AccessRevoked");
		let revoked: Vec<u32> = revoked.filter_map(|event| event.number("doctor")).collect();
		numbers.retain(|number| !revoked.contains(number));
		numbers.sort_unstable();
		numbers.dedup();
		for number in numbers {
			missed.numbers.push(number);
			match doctor(client, number).await {
				Some(None) => missed.unknown.push(number),
				Some(Some(name)) => missed.names.push(name),
				None => missed.names.push(format!("Doctor {number}")),
			}
		}
		missed
	}

	/// The numbers of all who had no access.
	pub fn numbers(&self) -> &[u32] {
		&self.numbers
	}

	/// Prints the outcome of the revocation. `sentence` is about those who had access, and empty if none had any.
	///
	/// # Errors
	///
	/// A refusal, with what was done all the same, if a number is no doctor's.
	pub fn print(
		&self,
		session: &Session<'_>,
		client: &Client,
		done: &Done,
		sentence: &str,
		more: Value,
	) -> Result<(), Failure> {
		let sentence = self.added_to(sentence, done.receipt().is_some());
		if self.unknown.is_empty() {
			return outcome::print(session.output, client, done, &sentence, more);
		}
		let mut found = outcome::document(client, done);
		if let (Some(found), Value::Object(more)) = (found.as_object_mut(), more) {
			found.extend(more);
		}
		Err(Failure { found: Some(found), ..Failure::new(Code::Refused, sentence) })
	}

	/// The sentence with what to say about these doctors.
	fn added_to(&self, sentence: &str, is_sent: bool) -> String {
		let mut parts = Vec::new();
		match &self.unknown[..] {
			[] => {},
			[one] => parts.push(format!("There is no doctor {one}.")),
			several => parts.push(format!("There are no doctors {}.", describe::numbers(several))),
		}
		if !self.names.is_empty() {
			parts.push(format!("{} had no access.", self.names.join(", ")));
		}
		match (sentence.is_empty() && is_sent, self.unknown.is_empty()) {
			(true, false) => parts.push("Nothing was revoked.".into()),
			(true, true) => parts.push("Nothing was taken back.".into()),
			(false, _) => parts.push(sentence.to_owned()),
		}
		parts.join(" ")
	}
}

/// A doctor's name and number; `Some(None)` for a number that is no doctor's, `None` if that can't be found out.
async fn doctor(client: &Client, number: u32) -> Option<Option<String>> {
	let at = client.chain().finalized().await.ok()?;
	let found = at.doctor(DoctorId(number)).await.ok()?;
	Some(found.map(|info| describe::name_and_number(&info)))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn missed(unknown: &[u32], names: &[&str]) -> Missed {
		Missed {
			numbers: Vec::new(),
			unknown: unknown.to_vec(),
			names: names.iter().map(|name| (*name).to_owned()).collect(),
		}
	}

	#[test]
	fn wrong_number_is_never_called_revoked() {
		let said = missed(&[55], &[]).added_to("", true);
		assert_eq!(said, "There is no doctor 55. Nothing was revoked.");
		let said = missed(&[], &["Dr. Ada (3)"]).added_to("", true);
		assert_eq!(said, "Dr. Ada (3) had no access. Nothing was taken back.");
		let said =
			missed(&[55], &["Dr. Ada (3)"]).added_to("Vaults give doctor 4 nothing more.", true);
		assert_eq!(
			said,
			"There is no doctor 55. Dr. Ada (3) had no access. Vaults give doctor 4 nothing more."
		);
		assert_eq!(missed(&[], &[]).added_to("Done.", true), "Done.");
		assert_eq!(missed(&[], &[]).added_to("", false), "");
	}
}

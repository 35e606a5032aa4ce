//! Doctors who are named in a revocation and had no access. One of them may be a wrong number, so that the doctor who was
//! meant still has access.

use super::who::Who;
use crate::describe;
use medblock_client::{Client, Done, medblock_primitives::DoctorId};
use medblock_platform::clock::{Duration, timeout};

/// The time in which a node has to say who they are. A silent one must not hide what became of the revocation.
const NAMES: Duration = Duration::from_secs(3);

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

	/// Whether this doctor had no access.
	pub fn has(&self, number: u32) -> bool {
		self.numbers.contains(&number)
	}

	/// Whether one of the numbers is no doctor's.
	pub fn has_unknown(&self) -> bool {
		!self.unknown.is_empty()
	}

	/// What became of the revocation. `sentence` is about those who had access, and empty if none had any.
	pub fn added_to(&self, sentence: &str, is_sent: bool) -> String {
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

/// A doctor at the beginning of a sentence; `Some(None)` for a number that is no doctor's, `None` if that can't be found out.
async fn doctor(client: &Client, number: u32) -> Option<Option<String>> {
	let asked = async {
		let at = client.chain().finalized().await.ok()?;
		at.doctor(DoctorId(number)).await.ok()
	};
	let found = timeout(NAMES, asked).await.ok()??;
	Some(found.map(|info| Who::of_doctor(&info, None).begins()))
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

//! A chart's new key, and the doctors who have it.

use super::who::Who;
use crate::{exit::Failure, outcome, session::Session};
use medblock_client::{
	Client, Done, medblock_primitives::DoctorId, names::Names, rotation::KeyHolders,
};
use serde_json::json;

/// Prints the outcome of a rotation, with the doctors who have the new key and those who don't yet.
pub async fn print(session: &Session<'_>, client: &Client, done: &Done) -> Result<(), Failure> {
	if done.receipt().is_none() {
		return outcome::print(session.output, client, done, "", json!({}));
	}
	let (holders, people) = match holders(client).await {
		Ok(found) => found,
		// The chart has its key all the same.
		Err(why) => {
			session.output.warn(format_args!(
				"it could not be asked which doctors have the key: {}",
				why.message
			));
			let sentence = "The chart has a new key.";
			return outcome::print(session.output, client, done, sentence, json!({}));
		},
	};
	let more = json!({ "doctors": holders.have, "notYet": holders.not_yet });
	outcome::print(session.output, client, done, &sentence(&people), more)
}

/// Those who have the key, and those who don't.
type People = (Vec<String>, Vec<String>);

async fn holders(client: &Client) -> Result<(KeyHolders, People), Failure> {
	let at = client.chain().finalized().await?;
	let holders = client.key_holders(&at).await?;
	let mut names = Names::new(&at);
	let have = named(&mut names, &holders.have).await?;
	let not_yet = named(&mut names, &holders.not_yet).await?;
	Ok((holders, (have, not_yet)))
}

async fn named(names: &mut Names<'_>, doctors: &[DoctorId]) -> Result<Vec<String>, Failure> {
	let mut people = Vec::new();
	for doctor in doctors {
		people.push(Who::doctor(names, *doctor).await?.to_string());
	}
	Ok(people)
}

fn sentence((have, not_yet): &People) -> String {
	let mut text = match have.is_empty() {
		true => "The chart has a new key. No doctor has it.".to_owned(),
		false => format!("The chart has a new key. Doctors who have it: {}.", have.join("; ")),
	};
	if !not_yet.is_empty() {
		text.push_str(&format!(
			" Not yet: {} (key not confirmed). Run this again when the hospital has confirmed the key.",
			not_yet.join("; ")
		));
	}
	text
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn doctors_without_the_key_are_named() {
		let name = |text: &str| text.to_owned();
		let said = sentence(&(vec![name("Dr. Ada (3)")], vec![name("Dr. Bones (5)")]));
		assert!(said.contains("Doctors who have it: Dr. Ada (3)."), "{said}");
		assert!(said.contains("Not yet: Dr. Bones (5) (key not confirmed)."), "{said}");
		assert_eq!(sentence(&(vec![], vec![])), "The chart has a new key. No doctor has it.");
	}
}

//! `medblock patient revoke` and `unshare`.

use super::{asking::Asking, emergency, granting::no_new_key, missed::Missed, who::Who};
use crate::{
	advice,
	exit::{Code, Failure},
	outcome,
	session::Session,
};
use medblock_client::{
	Client, Done,
	grants::{Confirmed, Revoked, Rotated, Unshared},
	medblock_primitives::{DoctorId, Person, RecordIndex},
	names::Named,
};
use medblock_platform::clock::{Duration, timeout};
use serde_json::{Value, json};

/// The time for names in what is printed. A node that is silent must not hide that access is taken back.
const NAMES: Duration = Duration::from_secs(3);

/// Stops sharing single records with a doctor.
pub async fn unshare(
	session: &Session<'_>,
	named: &Named,
	records: &[RecordIndex],
) -> Result<(), Failure> {
	let client = session.actor().await?;
	let doctor = doctor(session, &client, named, Among::Grants).await?;
	let Unshared { done, confirmed } = client.unshare(doctor, records).await?;
	let ended = done.receipt().is_some_and(|sent| sent.event("AccessRevoked").is_some());
	let left = outcome::number(&done, "RecordsUnshared", "records");
	let who = known(&client, doctor).await;
	let mut sentence = format!("Vaults no longer give {who} what you named.");
	match (ended, left) {
		(true, _) => {
			sentence.push_str(" Nothing else was shared, so that the doctor's access ends.")
		},
		(false, Some(1)) => sentence.push_str(" One record is still shared."),
		(false, Some(left)) => sentence.push_str(&format!(" {left} records are still shared.")),
		(false, None) => {},
	}
	sentence.push_str(" What the doctor could open before, they may have kept.");
	let more = who.with(json!({
		"records": records,
		"left": left,
		"accessEnded": ended,
		"confirmed": word(confirmed),
	}));
	print(session, &client, &done, confirmed, &sentence, more)
}

/// Takes back all access of doctors.
pub async fn revoke(session: &Session<'_>, named: &[Named]) -> Result<(), Failure> {
	let client = session.actor().await?;
	let mut doctors = Vec::new();
	for named in named {
		doctors.push(doctor(session, &client, named, Among::Grants).await?);
	}
	let Revoked { done, rotation, confirmed } = client.revoke(&doctors).await?;
	let missed = Missed::of(&client, &done).await;
	let mut people = Vec::new();
	for doctor in &doctors {
		people.push(known(&client, *doctor).await);
	}
	let open = timeout(NAMES, emergency::open_to(&client, &doctors)).await.unwrap_or_default();
	let open_to = |id: DoctorId| open.iter().find(|one| one.doctor == id);
	let whom = |in_emergency: bool| -> Vec<String> {
		let had_access = people.iter().zip(&doctors).filter(|(_, id)| !missed.has(id.0));
		let those = had_access.filter(|(_, id)| open_to(**id).is_some() == in_emergency);
		those.map(|(who, _)| who.to_string()).collect()
	};
	let (state, key) = told_of_key(session, &client, &rotation);
	let sentence = told(&whom(false), &whom(true), key);
	let sentence = missed.added_to(&sentence, done.receipt().is_some());
	for (who, id) in people.iter().zip(&doctors) {
		if let Some(one) = open_to(*id) {
			emergency::warn_of_open(session, who, one);
		}
	}
	let mut more = json!({
		"doctors": doctors,
		"people": people.iter().map(Who::fields).collect::<Vec<_>>(),
		"hadNoAccess": missed.numbers(),
		"inEmergency": open.iter().map(|one| one.doctor).collect::<Vec<_>>(),
		"confirmed": word(confirmed),
	});
	if let (Some(more), Value::Object(state)) = (more.as_object_mut(), state) {
		more.extend(state);
	}
	if missed.has_unknown() && confirmed != Confirmed::ByOneAlone {
		let found = Some(found(&client, &done, more));
		return Err(Failure { found, ..Failure::new(Code::Refused, sentence) });
	}
	print(session, &client, &done, confirmed, &sentence, more)
}

/// What became of the grants of those whose access has ended, and of those who read on in an emergency. `key` is about the
/// chart's new key. Empty if there is no one of either.
fn told(gone: &[String], in_emergency: &[String], key: &str) -> String {
	let mut parts = Vec::new();
	if !gone.is_empty() {
		parts.push(format!("Vaults give nothing more of your chart to: {}.", gone.join("; ")));
	}
	if !in_emergency.is_empty() {
		parts.push(format!(
			"What you granted is taken back from: {}. An emergency is open, in which vaults serve them all the same.",
			in_emergency.join("; ")
		));
	}
	if parts.is_empty() {
		return String::new();
	}
	if !key.is_empty() {
		parts.push(key.to_owned());
	}
	parts.push("What they could open before, they may have kept.".to_owned());
	parts.join(" ")
}

/// Prints that access is taken back, unless one node alone says so.
pub fn print(
	session: &Session<'_>,
	client: &Client,
	done: &Done,
	confirmed: Confirmed,
	sentence: &str,
	more: Value,
) -> Result<(), Failure> {
	match confirmed {
		Confirmed::ByOneAlone => return Err(unconfirmed(client, done, more)),
		Confirmed::ByTheOnlyOne => session.output.warn(
			"only one node says so, because you name no other: give a second hospital's --node to have it confirmed",
		),
		Confirmed::ByTwo | Confirmed::NotSent => {},
	}
	outcome::print(session.output, client, done, sentence, more)
}

/// Where a doctor who is named is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Among {
	/// Among those with a grant.
	Grants,
	/// Among those who ask for an emergency, or had one.
	Emergencies,
}

/// The doctor who is named. A number needs no node, so that none can delay what takes access back.
pub async fn doctor(
	session: &Session<'_>,
	client: &Client,
	named: &Named,
	among: Among,
) -> Result<DoctorId, Failure> {
	if let Named::Number(number) = named {
		return Ok(DoctorId(*number));
	}
	let at = client.chain().finalized().await?;
	let found = match among {
		Among::Grants => client.find_granted_doctor(&at, named).await?,
		Among::Emergencies => client.find_emergency_doctor(&at, named).await?,
	};
	Asking::of_names(session).meant(found, known(client, found.id)).await
}

/// A doctor by name, if that is known soon.
pub async fn known(client: &Client, doctor: DoctorId) -> Who {
	let known = timeout(NAMES, Who::doctor_if_known(client, doctor)).await;
	known.unwrap_or_else(|_| Who::numbered(Person::Doctor(doctor)))
}

/// What became of the chart's new key, in JSON and in words. Warns if there is none.
fn told_of_key(
	session: &Session<'_>,
	client: &Client,
	rotation: &Rotated,
) -> (Value, &'static str) {
	let sealed =
		"What is added from now on is sealed to a new key, which only the remaining doctors get.";
	match rotation {
		Rotated::To(epoch) => (json!({ "rotation": "done", "epoch": epoch }), sealed),
		Rotated::Separately(second) => {
			let rotated = outcome::document(client, second);
			(json!({ "rotation": "separate", "rotated": rotated }), sealed)
		},
		Rotated::Included => (json!({ "rotation": "included" }), ""),
		Rotated::NotNeeded => (json!({ "rotation": "not-needed" }), ""),
		Rotated::NotYet(why) => {
			session.output.warn(no_new_key(why));
			(json!({ "rotation": "pending", "problem": advice::told(why) }), "")
		},
	}
}

/// How many nodes say so, as a word for scripts.
pub fn word(confirmed: Confirmed) -> Option<&'static str> {
	match confirmed {
		Confirmed::ByTwo => Some("by-two-nodes"),
		Confirmed::ByTheOnlyOne => Some("by-the-only-node"),
		Confirmed::ByOneAlone => Some("by-one-node-alone"),
		Confirmed::NotSent => None,
	}
}

/// One node says that access is taken back, and no other does.
fn unconfirmed(client: &Client, done: &Done, more: Value) -> Failure {
	let found = Some(found(client, done, more));
	let block = done.receipt().map(|receipt| receipt.number);
	Failure { found, ..Failure::new(Code::Network, one_word(block)) }
}

/// What one node alone tells of access that is taken back, and how to have it confirmed.
fn one_word(block: Option<u32>) -> String {
	let place = block.map_or_else(String::new, |number| format!(" in block {number}"));
	format!(
		"one node says that access is taken back{place}, and no second one has confirmed it yet. The other may stand still or \
		 be behind; but if the first one is wrong, the doctors still have access. Run the same command again in a moment: \
		 it changes nothing that is done, and asks both. Ask your hospital if this goes on"
	)
}

/// What was done all the same, in JSON.
fn found(client: &Client, done: &Done, more: Value) -> Value {
	let mut found = outcome::document(client, done);
	if let (Some(found), Value::Object(more)) = (found.as_object_mut(), more) {
		found.extend(more);
	}
	found
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn word_of_one_node_is_told_with_what_is_done_and_how_it_is_confirmed() {
		let said = one_word(Some(7));
		for part in
			["is taken back in block 7", "no second one has confirmed it", "the same command again"]
		{
			assert!(said.contains(part), "{said}");
		}
		assert!(one_word(None).starts_with("one node says that access is taken back, and"));
	}

	#[test]
	fn who_reads_on_in_an_emergency_is_never_called_shut_out() {
		let (ada, eve) = (["Dr. Ada (3)".to_owned()], ["Dr. Eve (4)".to_owned()]);
		assert_eq!(
			told(&ada, &[], "The key is new."),
			"Vaults give nothing more of your chart to: Dr. Ada (3). The key is new. What they could open before, they may \
			 have kept."
		);
		let said = told(&ada, &eve, "");
		assert!(said.starts_with(
			"Vaults give nothing more of your chart to: Dr. Ada (3). What you granted"
		));
		assert!(said.contains("taken back from: Dr. Eve (4). An emergency is open"));
		assert!(!told(&[], &eve, "").contains("nothing more"));
		assert_eq!(told(&[], &[], "The key is new."), "");
	}
}

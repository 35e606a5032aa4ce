//! The chain's data in words.

pub mod grants;
pub mod representatives;

use crate::{advice, output::harmless};
use jiff::Timestamp;
use medblock_client::{
	access,
	chain::{AccountChangeInfo, At, DoctorInfo, PatientInfo},
	medblock_primitives::{DoctorProfile, Moment, Person, Scope, Standing},
	profiles::Profile,
	records::Entry,
};
use medblock_views::{BlockHash, BlockRef, Page};
use serde_json::{Value, json};

/// A time, to the minute, by universal time.
pub fn time(moment: Moment) -> String {
	let time = i64::try_from(moment).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
	match time {
		Some(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
		None => "never".into(),
	}
}

/// The block at which data was read, in JSON.
pub fn block(at: &At) -> BlockRef {
	BlockRef { number: at.number(), hash: BlockHash(at.hash().0) }
}

/// A whole list at a block, in JSON.
pub fn list<T>(items: Vec<T>, at: &At) -> Page<T, u32> {
	Page { items, next: None, at: block(at) }
}

/// Text from the chain.
pub fn words(bytes: &[u8]) -> String {
	harmless(&String::from_utf8_lossy(bytes))
}

/// Numbers of records or people, in a sentence.
pub fn numbers(numbers: &[u32]) -> String {
	numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// A person's standing with their hospital.
pub fn standing(standing: Standing) -> &'static str {
	match standing {
		Standing::Pending => "pending",
		Standing::Verified => "verified",
		Standing::Suspended => "suspended",
		Standing::Rejected => "rejected",
	}
}

/// The open part of a chart.
pub fn scope(scope: Scope) -> &'static str {
	match scope {
		Scope::Chart => "whole chart",
		Scope::Records => "single records",
	}
}

/// A patient for people. `hospital` is the patient's, by name.
pub fn patient(info: &PatientInfo, hospital: &str) -> String {
	let mut text = format!(
		"Patient    {}, {} at {}\nAccount    {}\nRegistered {}\nRecords    {}\nGrants     {}",
		info.id.0,
		standing(info.standing),
		hospital,
		info.account,
		time(info.registered_at),
		info.records,
		info.grants,
	);
	if let Some(to) = info.moving_to {
		text.push_str(&format!("\nMoving to  hospital {}", to.0));
	}
	if info.vault != info.hospital {
		text.push_str(&format!("\nNew files  go to hospital {}", info.vault.0));
	}
	if let Some(mirror) = info.mirror {
		text.push_str(&format!("\nMirror     hospital {}", mirror.0));
	}
	for one in &info.moves {
		let (from, to) = (one.from.0, one.to.0);
		text.push_str(&format!("\nMoved      from hospital {from} to hospital {to}"));
	}
	if info.sealing_epoch != info.epoch {
		text.push_str(
			"\nThe chart needs a new key, since a doctor lost access: the patient runs `medblock patient rotate`. \
			 Until then new records are encrypted to the remaining doctors' own keys: confirmed ones, and 61 at most.",
		);
	}
	text
}

/// A patient's profile in JSON.
pub fn profile_json(profile: &Profile) -> Value {
	json!({
		"name": profile.name,
		"birthDate": profile.birth_date,
		"contact": profile.contact,
	})
}

/// A patient's profile for people.
pub fn profile(profile: &Profile) -> String {
	let mut lines = vec![format!("Name       {}", harmless(&profile.name))];
	if let Some(date) = &profile.birth_date {
		lines.push(format!("Born       {}", harmless(date)));
	}
	if let Some(contact) = &profile.contact {
		// An address has several lines.
		let contact: Vec<String> = contact.lines().map(harmless).collect();
		lines.push(format!("Contact    {}", contact.join("\n           ")));
	}
	lines.join("\n")
}

/// Text of several lines, such as an address, in one.
pub fn in_one_line(text: &str) -> String {
	let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
	lines.collect::<Vec<_>>().join(", ")
}

/// A record by its number and title, for a question.
pub fn entry_line(entry: &Entry) -> String {
	let title = match &entry.title {
		Ok(title) => format!("\"{}\"", harmless(&title.headers.title)),
		Err(why) => format!("the title can't be read: {}", advice::told(why)),
	};
	let added = time(u64::from(entry.record.recorded_at.0) * 60_000);
	format!("record {}, {title}, added {added}", entry.index)
}

/// A directory entry for people, line by line.
pub fn entry(profile: &DoctorProfile) -> Vec<String> {
	vec![
		format!("Name           {}", words(&profile.name)),
		format!("Specialty      {}", words(&profile.specialty)),
		format!("Qualification  {}", words(&profile.qualification)),
		format!("Practises      since {}", profile.practising_since),
	]
}

/// A pending change of account for the person whose account it is.
pub fn account_change(change: &AccountChangeInfo) -> String {
	let who = match change.person {
		Person::Patient(_) => "patient",
		Person::Doctor(_) => "doctor",
	};
	format!(
		"The account {} takes over: {}. If you didn't ask for that, run `medblock {who} keep-account` and tell \
		 your hospital.",
		change.new,
		time(change.due),
	)
}

/// A doctor for people. `hospital` is the doctor's, by name.
pub fn doctor(info: &DoctorInfo, hospital: &str, key_digest: Option<[u8; 32]>) -> String {
	let mut lines =
		vec![format!("Doctor         {}, {} at {hospital}", info.id.0, standing(info.standing),)];
	lines.extend(info.profile.as_ref().map(entry).unwrap_or_default());
	if !info.details.is_empty() {
		lines.push(format!("Details        {}", words(&info.details)));
	}
	if let Some(end) = info.licence_expires {
		lines.push(format!("Licence        until {}", time(end)));
	}
	lines.push(format!("Account        {}", info.account));
	if let Some(digest) = key_digest {
		let vouched = match info.vouched_version == info.key_version {
			true => "confirmed by the hospital",
			false => "NOT confirmed by the hospital",
		};
		lines.push(format!("Key            version {}, {vouched}", info.key_version));
		lines.push(format!("Key digest     {}", hex::encode(digest)));
	}
	if let Err(why) = info.practises {
		let why = access::hindrance(why, info.standing);
		lines.push(format!("Nothing can be granted to this doctor now: {why}."));
	}
	lines.join("\n")
}

/// A doctor's name, or their number if they have none.
pub fn name(info: &DoctorInfo) -> String {
	info.profile.as_ref().map_or_else(|| format!("doctor {}", info.id.0), |own| words(&own.name))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn contact_keeps_its_lines_and_controls_nothing() {
		let contact = "Main Street 1\r\n\n12345 \u{1b}[2JTown\nName       Ben".to_owned();
		let own = Profile { name: "Ana".into(), birth_date: None, contact: Some(contact.clone()) };
		let expected = "Name       Ana\nContact    Main Street 1\n           \n           12345 \u{fffd}[2JTown\n           Name       Ben";
		assert_eq!(profile(&own), expected);
		let line = in_one_line(&contact);
		assert_eq!(line, "Main Street 1, 12345 \u{1b}[2JTown, Name       Ben");
	}

	#[test]
	fn times_are_universal() {
		assert_eq!(time(0), "1970-01-01 00:00 UTC");
		assert_eq!(time(Moment::MAX), "never");
	}
}

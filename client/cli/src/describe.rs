//! Things of the chain in words.

use crate::output::harmless;
use jiff::Timestamp;
use medblock_client::{
	chain::{DoctorInfo, PatientInfo},
	medblock_primitives::{Denied, KeyStatus, Moment, Scope, Standing},
	profiles::Profile,
};
use pallet_medical_records_runtime_api::GrantInfo;
use serde_json::{Value, json};

/// A time, to the minute, by universal time.
pub fn time(moment: Moment) -> String {
	let time = i64::try_from(moment).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
	match time {
		Some(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
		None => "never".into(),
	}
}

/// A time as RFC 3339 has it.
pub fn rfc3339(moment: Moment) -> Option<String> {
	let ms = i64::try_from(moment).ok()?;
	Some(Timestamp::from_millisecond(ms).ok()?.to_string())
}

/// Text that somebody has put on the chain.
pub fn words(bytes: &[u8]) -> String {
	harmless(&String::from_utf8_lossy(bytes))
}

/// Where somebody stands with their hospital.
pub fn standing(standing: Standing) -> &'static str {
	match standing {
		Standing::Pending => "pending",
		Standing::Verified => "verified",
		Standing::Suspended => "suspended",
		Standing::Rejected => "rejected",
	}
}

/// How much of a chart is open.
pub fn scope(scope: Scope) -> &'static str {
	match scope {
		Scope::Chart => "whole chart",
		Scope::Records => "single records",
	}
}

/// Why not, in JSON: the name of the reason in kebab case, as vaults have it.
pub fn denied(why: Denied) -> Value {
	let name = format!("{why:?}");
	let mut kebab = String::with_capacity(name.len() + 4);
	for letter in name.chars() {
		if letter.is_ascii_uppercase() && !kebab.is_empty() {
			kebab.push('-');
		}
		kebab.push(letter.to_ascii_lowercase());
	}
	json!({ "reason": kebab, "message": why.sentence() })
}

/// A patient in JSON.
pub fn patient_json(info: &PatientInfo) -> Value {
	json!({
		"patient": info.id.0,
		"account": info.account.to_string(),
		"hospital": info.hospital.0,
		"standing": standing(info.standing),
		"registeredAt": rfc3339(info.registered_at),
		"movingTo": info.moving_to.map(|to| to.0),
		"records": info.records,
		"grants": info.grants,
		"epoch": info.epoch,
		"sealingEpoch": info.sealing_epoch,
		"dueForRotation": info.sealing_epoch != info.epoch,
		"hasProfile": info.profile.is_some(),
	})
}

/// A patient for people.
pub fn patient(info: &PatientInfo) -> String {
	let mut text = format!(
		"Patient    {}, {} at hospital {}\nAccount    {}\nRegistered {}\nRecords    {}\nGrants     {}",
		info.id.0,
		standing(info.standing),
		info.hospital.0,
		info.account,
		time(info.registered_at),
		info.records,
		info.grants,
	);
	if let Some(to) = info.moving_to {
		text.push_str(&format!("\nMoving to  hospital {}", to.0));
	}
	if info.sealing_epoch != info.epoch {
		text.push_str(
			"\nThe chart needs a new key, since somebody lost access: `medblock patient rotate`.",
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
		lines.push(format!("Contact    {}", harmless(contact)));
	}
	lines.join("\n")
}

/// A grant in JSON.
pub fn grant_json(grant: &GrantInfo) -> Value {
	json!({
		"patient": grant.patient.0,
		"doctor": grant.doctor.0,
		"scope": scope(grant.scope),
		"mayAppend": grant.may_append,
		"expiresAt": grant.expires_at.and_then(rfc3339),
		"grantedAt": rfc3339(grant.granted_at),
		"open": grant.access.is_ok(),
		"awaitingKey": awaits_key(grant),
		"problem": grant.access.err().map(denied),
	})
}

/// What a grant is good for now.
pub fn grant_state(grant: &GrantInfo) -> &'static str {
	match grant.access {
		Err(why) => why.sentence(),
		Ok(_) if awaits_key(grant) => "open; new records await the patient's key",
		Ok(_) => "open",
	}
}

fn awaits_key(grant: &GrantInfo) -> bool {
	matches!(&grant.access, Ok(allowed) if allowed.key == KeyStatus::AwaitingPatient)
}

/// A doctor in JSON.
pub fn doctor_json(info: &DoctorInfo, key_digest: Option<&str>) -> Value {
	let profile = info.profile.as_ref().map(|profile| {
		json!({
			"name": words(&profile.name),
			"specialty": words(&profile.specialty),
			"qualification": words(&profile.qualification),
			"practisingSince": profile.practising_since,
		})
	});
	json!({
		"doctor": info.id.0,
		"account": info.account.to_string(),
		"hospital": info.hospital.0,
		"standing": standing(info.standing),
		"practises": info.practises.is_ok(),
		"problem": info.practises.err().map(denied),
		"registeredAt": rfc3339(info.registered_at),
		"movingTo": info.moving_to.map(|to| to.0),
		"licenceExpires": info.licence_expires.and_then(rfc3339),
		"profile": profile,
		"details": words(&info.details),
		"keyVersion": info.key_version,
		"vouchedVersion": info.vouched_version,
		"keyDigest": key_digest,
	})
}

/// A doctor for people.
pub fn doctor(info: &DoctorInfo, key_digest: Option<&str>) -> String {
	let mut lines = vec![format!(
		"Doctor         {}, {} at hospital {}",
		info.id.0,
		standing(info.standing),
		info.hospital.0
	)];
	if let Some(profile) = &info.profile {
		lines.push(format!("Name           {}", words(&profile.name)));
		lines.push(format!("Specialty      {}", words(&profile.specialty)));
		lines.push(format!("Qualification  {}", words(&profile.qualification)));
		lines.push(format!("Practises      since {}", profile.practising_since));
	}
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
		lines.push(format!("Key digest     {digest}"));
	}
	if let Err(why) = info.practises {
		lines.push(format!("Nothing can be granted to this doctor now: {}.", why.sentence()));
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
	fn reasons_are_named_as_vaults_name_them() {
		assert_eq!(denied(Denied::NotGranted)["reason"], "not-granted");
		assert_eq!(denied(Denied::RecordNotShared)["reason"], "record-not-shared");
	}

	#[test]
	fn times_are_universal() {
		assert_eq!(time(0), "1970-01-01 00:00 UTC");
		assert_eq!(rfc3339(1_500), Some("1970-01-01T00:00:01.5Z".into()));
		assert_eq!(time(Moment::MAX), "never");
	}
}

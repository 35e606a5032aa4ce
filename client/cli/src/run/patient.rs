//! `medblock patient`.

use super::{account::confirm, export, fhir, institution, moving, receipts, record, taking_over};
use crate::{
	advice,
	cli::{Mirror, PatientCommand, ProfileText, Which},
	describe,
	exit::Failure,
	outcome,
	output::Table,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Error,
	chart::Opener,
	grants::{Granted, Revoked, Rotated, Shared, Terms},
	keys,
	medblock_primitives::{Capacity, DoctorId, HospitalId, Moment, PatientId, Person, Scope},
	profiles::Profile,
};
use medblock_views::{AccountChange, Grant, Patient};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Runs a patient's command.
pub async fn run(command: PatientCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		PatientCommand::Register { hospital } => register(session, hospital).await,
		PatientCommand::Show { id, fhir } => show(session, id, fhir).await,
		PatientCommand::Profile(text) => {
			let client = session.actor().await?;
			let patient = own(&client).await?;
			write_profile(session, &client, patient, text).await
		},
		PatientCommand::RemoveProfile => {
			let client = session.actor().await?;
			let done = client.remove_profile().await?;
			let sentence = "The profile is removed: vaults stop giving it out. Readers who fetched it before \
			                may have kept it.";
			outcome::print(session.output, &client, &done, sentence, json!({}))
		},
		PatientCommand::Chart(list) => record::own(session, &list).await,
		PatientCommand::Grant(grant) => {
			let terms = Terms {
				may_append: grant.append,
				expires_at: grant.until.map(|until| until.moment),
			};
			let client = session.actor().await?;
			let granted = client.grant(DoctorId(grant.doctor), terms).await?;
			print_grant(session, &client, &granted, grant.doctor)
		},
		PatientCommand::Share(share) => {
			let terms = Terms {
				may_append: share.append,
				expires_at: share.until.map(|until| until.moment),
			};
			let client = session.actor().await?;
			let bar = session.output.bar("Verifying", Unit::Bytes);
			let doctor = DoctorId(share.doctor);
			let narrows = session.prepares() && sees_all(&client, doctor).await?;
			let shared = client.share(doctor, &share.records, terms, &bar.progress()).await?;
			drop(bar);
			print_share(session, &client, &shared, share.doctor, narrows).await
		},
		PatientCommand::Unshare { doctor, records } => unshare(session, doctor, &records).await,
		PatientCommand::Renew { doctor } => {
			let client = session.actor().await?;
			let done = client.renew_append_budget(DoctorId(doctor)).await?;
			let sentence = format!("Doctor {doctor} may add as many records again.");
			let more = json!({ "doctor": doctor });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		PatientCommand::Revoke { doctors } => revoke(session, &doctors).await,
		PatientCommand::Rotate => {
			let client = session.actor().await?;
			client.will_report().await;
			let done = client.rotate().await?;
			let sentence = "The chart has a new key, and every doctor who may see all of it.";
			outcome::print(session.output, &client, &done, sentence, json!({}))?;
			client.reported().await;
			Ok(())
		},
		PatientCommand::Grants { fhir } => grants(session, fhir).await,
		PatientCommand::Deposit(command) => institution::of_patient(command, session).await,
		PatientCommand::Disclosures { which, verify: true, .. } => {
			receipts::disclosures(session, &which).await
		},
		PatientCommand::Disclosures { which, fhir, .. } => disclosures(session, &which, fhir).await,
		PatientCommand::Export { folder, unpack } => export::run(session, &folder, unpack).await,
		PatientCommand::AgeIdentities { yes } => age_identities(session, yes).await,
		PatientCommand::ChangeAccount(change) => {
			taking_over::change_account(session, Capacity::Patient, change).await
		},
		PatientCommand::NewWords(words) => {
			taking_over::new_words(session, Capacity::Patient, words).await
		},
		PatientCommand::KeepAccount => taking_over::keep_account(session, Capacity::Patient).await,
		PatientCommand::Move(to) => moving::request_move(session, Capacity::Patient, &to).await,
		PatientCommand::ResealProfile => moving::reseal_profile(session).await,
		PatientCommand::Mirror(Mirror::Set { hospital }) => {
			set_mirror(session, Some(hospital)).await
		},
		PatientCommand::Mirror(Mirror::Clear) => set_mirror(session, None).await,
		PatientCommand::MoveVault { from, to } => move_vault(session, from, to).await,
	}
}

async fn own(client: &Client) -> Result<PatientId, Failure> {
	Ok(client.own_chart(&client.chain().finalized().await?).await?.id)
}

async fn register(session: &Session<'_>, hospital: u32) -> Result<(), Failure> {
	let client = session.actor().await?;
	let done = client.register_patient(HospitalId(hospital)).await?;
	let patient = outcome::number(&done, "PatientRegistered", "patient");
	let sentence = format!(
		"You are patient {}. Hospital {hospital} has to verify you within 14 days.",
		patient.map_or("?".into(), |id| id.to_string()),
	);
	let more = json!({ "patient": patient, "hospital": hospital });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn show(session: &Session<'_>, id: Option<u32>, as_fhir: bool) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let info = match id {
		Some(id) => at.known_patient(PatientId(id)).await?,
		None => client.own_chart(&at).await?,
	};
	let mut text = describe::patient(&info);
	let profile = match info.profile {
		None => None,
		Some(_) => match read_profile(session, &client, info.id).await {
			Ok(profile) => Some(profile),
			// The chain's facts are shown all the same.
			Err(why) => {
				session.output.warn(format_args!("the profile can't be shown: {}", why.message));
				None
			},
		},
	};
	if as_fhir {
		return fhir::print_patient(&client, &at, &info, profile.as_ref());
	}
	if let Some(profile) = &profile {
		text.push('\n');
		text.push_str(&describe::profile(profile));
	}
	// Doors tell it to the patient alone.
	let change = match info.account == client.keys().account() {
		true => at.account_change(Person::Patient(info.id)).await?,
		false => None,
	};
	if let Some(change) = &change {
		text.push('\n');
		text.push_str(&describe::account_change(change));
	}
	let document = json!({
		"value": Patient::from(info),
		"profile": profile.as_ref().map(describe::profile_json),
		"accountChange": change.map(AccountChange::from),
		"at": describe::block(&at),
	});
	session.output.result(&document, text)
}

/// Fetches and decrypts a profile.
pub async fn read_profile(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
) -> Result<Profile, Failure> {
	let bar = session.output.bar("Profile", Unit::Bytes);
	let read = client.read_profile(patient, &bar.progress()).await?;
	drop(bar);
	moving::warn_if_unreachable(session, client, patient, &read).await;
	Ok(read.profile)
}

/// Encrypts a profile and replaces the one before.
pub async fn write_profile(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	text: ProfileText,
) -> Result<(), Failure> {
	let ProfileText { name, birth_date, contact } = text;
	let profile = Profile { name, birth_date, contact };
	let waiting = record::settle(session, client, patient).await?;
	let bar = session.output.bar("Sending", Unit::Bytes);
	let done = client.set_profile(patient, &profile, &bar.progress()).await?;
	drop(bar);
	record::warn_if_kept(session, client, patient, waiting).await;
	let sentence =
		"The profile is written, encrypted for the patient, their doctors and their hospital.";
	outcome::print(session.output, client, &done, sentence, json!({ "patient": patient.0 }))
}

fn print_grant(
	session: &Session<'_>,
	client: &Client,
	granted: &Granted,
	doctor: u32,
) -> Result<(), Failure> {
	let rotation = granted.rotation.as_ref().map(|done| outcome::document(client, done));
	let Some(grant) = &granted.grant else {
		session.output.note(
			"The chart needs a new key before you can grant access. When your wallet has signed this and \
			 it is final, run the same command again.",
		);
		let Some(rotation) = &granted.rotation else { return Ok(()) };
		return outcome::print(session.output, client, rotation, "", json!({ "granted": false }));
	};
	if let Some(rotation) = &granted.rotation {
		session.output.note(outcome::text(
			client,
			rotation,
			"The chart got a new key first, since a doctor had lost access.",
		));
	}
	let sentence =
		format!("Doctor {doctor} may see your whole chart, and what is added to it later.");
	let more = json!({ "doctor": doctor, "granted": true, "rotation": rotation });
	outcome::print(session.output, client, grant, &sentence, more)
}

/// Whether the doctor's grant is to the whole chart.
async fn sees_all(client: &Client, doctor: DoctorId) -> Result<bool, Failure> {
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let grants = at.all_grants(patient).await?;
	Ok(grants.iter().any(|one| one.doctor == doctor && one.scope == Scope::Chart))
}

/// Prints the shared records. A doctor who saw the whole chart until now has lost it, and the chart
/// needs a new key.
async fn print_share(
	session: &Session<'_>,
	client: &Client,
	shared: &Shared,
	doctor: u32,
	narrows: bool,
) -> Result<(), Failure> {
	let (mut rotation, mut problem) = (None, None);
	if narrows {
		session.output.note(
			"This doctor sees your whole chart until now: give it a new key once this is final, with \
			 medblock patient rotate --prepare",
		);
	}
	if shared.done.receipt().is_some() {
		match client.rotate_if_due().await {
			Ok(None) => {},
			Ok(Some(done)) => {
				let sentence = "The chart got a new key, since a doctor had lost access.";
				session.output.note(outcome::text(client, &done, sentence));
				rotation = Some(outcome::document(client, &done));
			},
			Err(why) => {
				session.output.warn(no_new_key(&why));
				problem = Some(advice::told(&why));
			},
		}
	}
	let list = describe::numbers(&shared.records);
	let sentence = match shared.records.len() {
		0 => format!("Doctor {doctor} may see none of your records."),
		1 => format!("Doctor {doctor} may see record {list}, and no other."),
		_ => format!("Doctor {doctor} may see records {list}, and no others."),
	};
	let more = json!({
		"doctor": doctor,
		"records": shared.records,
		"rotation": rotation,
		"rotationProblem": problem,
	});
	outcome::print(session.output, client, &shared.done, &sentence, more)
}

async fn unshare(session: &Session<'_>, doctor: u32, records: &[u32]) -> Result<(), Failure> {
	let client = session.actor().await?;
	let done = client.unshare(DoctorId(doctor), records).await?;
	let ended = done
		.receipt()
		.is_some_and(|receipt| receipt.events.iter().any(|event| event.name == "AccessRevoked"));
	let left = outcome::number(&done, "RecordsUnshared", "records");
	let mut sentence = format!("Vaults no longer give doctor {doctor} what you named.");
	match (ended, left) {
		(true, _) => {
			sentence.push_str(" Nothing else was shared, so that the doctor's access ends.")
		},
		(false, Some(1)) => sentence.push_str(" One record is still shared."),
		(false, Some(left)) => sentence.push_str(&format!(" {left} records are still shared.")),
		(false, None) => {},
	}
	sentence.push_str(" What the doctor could open before, they may have kept.");
	let more = json!({ "doctor": doctor, "records": records, "left": left, "accessEnded": ended });
	outcome::print(session.output, &client, &done, &sentence, more)
}

fn no_new_key(why: &Error) -> String {
	format!(
		"the chart has no new key yet ({}): until `medblock patient rotate` succeeds, new records are \
		 encrypted to you and to the remaining doctors' own keys: confirmed ones, and 61 at most",
		advice::told(why),
	)
}

async fn revoke(session: &Session<'_>, doctors: &[u32]) -> Result<(), Failure> {
	let client = session.actor().await?;
	let ids: Vec<DoctorId> = doctors.iter().copied().map(DoctorId).collect();
	let Revoked { done, rotation } = client.revoke(&ids).await?;
	let had_none: Vec<u32> = done.receipt().map_or(Vec::new(), |receipt| {
		let events = receipt.events.iter().filter(|event| event.name == "HadNoAccess");
		events.filter_map(|event| event.number("doctor")).collect()
	});
	for doctor in &had_none {
		session.output.note(format_args!("Doctor {doctor} had no access."));
	}
	let (state, key) = match &rotation {
		Rotated::To(epoch) => (
			json!({ "rotation": "done", "epoch": epoch }),
			"What is added from now on is sealed to a new key, which only the remaining doctors get.",
		),
		Rotated::Separately(second) => (
			json!({ "rotation": "separate", "rotated": outcome::document(&client, second) }),
			"What is added from now on is sealed to a new key, which only the remaining doctors get.",
		),
		Rotated::Included => (json!({ "rotation": "included" }), ""),
		Rotated::NotNeeded => (json!({ "rotation": "not-needed" }), ""),
		Rotated::NotYet(why) => {
			session.output.warn(no_new_key(why));
			(json!({ "rotation": "pending", "problem": advice::told(why) }), "")
		},
	};
	let mut sentence = match doctors {
		[one] => format!("Vaults give doctor {one} nothing more of your chart."),
		_ => "Vaults give these doctors nothing more of your chart.".into(),
	};
	if !key.is_empty() {
		sentence.push(' ');
		sentence.push_str(key);
	}
	sentence.push_str(" What they could open before, they may have kept.");
	let mut more = json!({ "doctors": doctors, "hadNoAccess": had_none });
	if let (Some(more), Value::Object(state)) = (more.as_object_mut(), state) {
		more.extend(state);
	}
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn grants(session: &Session<'_>, as_fhir: bool) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let grants = at.all_grants(patient).await?;
	if as_fhir {
		return fhir::print_grants(&client, &at, &grants).await;
	}
	let mut table = Table::new(["doctor", "name", "may see", "may add", "until", "now"]);
	let mut items = Vec::new();
	for grant in grants {
		let name =
			at.doctor(grant.doctor).await?.map_or(String::new(), |info| describe::name(&info));
		table.row([
			grant.doctor.0.to_string(),
			name.clone(),
			describe::scope(grant.scope).into(),
			if grant.may_append { "yes" } else { "no" }.into(),
			grant.expires_at.map_or("you revoke it".into(), describe::time),
			describe::grant_state(&grant).into(),
		]);
		let mut fields = json!(Grant::from(grant));
		if let Some(fields) = fields.as_object_mut() {
			fields.insert("name".into(), json!(name));
		}
		items.push(fields);
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "No doctor has access.");
	}
	session.output.result(&document, table)
}

async fn disclosures(session: &Session<'_>, which: &Which, as_fhir: bool) -> Result<(), Failure> {
	let client = session.reader().await?;
	let mut disclosures = client.disclosures().await?;
	disclosures.retain(|(_, one)| is_wanted(which, one.time, one.doctor));
	if as_fhir {
		return fhir::print_disclosures(&client, &disclosures).await;
	}
	let mut table = Table::new(["when", "vault", "recipient", "what", "bytes", "block"]);
	let mut items = Vec::new();
	for (vault, one) in &disclosures {
		let recipient = match (one.doctor, one.registrar) {
			(Some(doctor), _) => format!("doctor {doctor}"),
			(None, Some(hospital)) => format!("registrar of hospital {hospital}"),
			(None, None) => "you".into(),
		};
		table.row([
			describe::time(one.time),
			format!("hospital {}", vault.0),
			recipient,
			one.record.map_or("profile".into(), |record| format!("record {record}")),
			format!("{} to {}", one.from, one.to),
			one.block.to_string(),
		]);
		let mut fields = json!(one);
		if let Some(fields) = fields.as_object_mut() {
			fields.insert("vault".into(), json!(vault.0));
		}
		items.push(fields);
	}
	let document = json!({ "items": items });
	if disclosures.is_empty() {
		return session.output.result(&document, "Nothing of your chart was given out.");
	}
	session.output.result(&document, table)
}

/// Whether something that was given out is a part of what is asked for.
pub fn is_wanted(which: &Which, time: Moment, doctor: Option<DoctorId>) -> bool {
	which.since.is_none_or(|since| time >= since)
		&& which.until.is_none_or(|until| time <= until)
		&& which.doctor.is_none_or(|wanted| doctor == Some(DoctorId(wanted)))
}

async fn age_identities(session: &Session<'_>, yes: bool) -> Result<(), Failure> {
	if !yes {
		let warning = "Anyone with these keys can open everything in your chart.";
		confirm(&session.account(None).await?, warning)?;
	}
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let Opener::Chart { secrets, .. } = client.opener(&at, patient).await? else {
		return Err(Error::Keys(keys::Error::NoSecret).into());
	};
	let mut items = Vec::new();
	let mut text = Zeroizing::new(String::new());
	// No epoch ever has this number.
	for (epoch, identity) in secrets.others(u32::MAX) {
		let identity = identity.to_bech32();
		if !text.is_empty() {
			text.push('\n');
		}
		text.push_str(&format!("# epoch {epoch} of the chart of patient {}\n", patient.0));
		text.push_str(&identity);
		items.push(json!({ "epoch": epoch, "ageIdentity": &*identity }));
	}
	session.output.result(&describe::list(items, &at), text.as_str())
}

async fn set_mirror(session: &Session<'_>, mirror: Option<u32>) -> Result<(), Failure> {
	let client = session.actor().await?;
	let done = client.set_mirror(mirror.map(HospitalId)).await?;
	let sentence = match mirror {
		Some(hospital) => format!("Hospital {hospital} is to keep a second copy of your records."),
		None => "No hospital mirrors your records any more.".to_owned(),
	};
	outcome::print(session.output, &client, &done, &sentence, json!({ "mirror": mirror }))
}

async fn move_vault(session: &Session<'_>, from: u32, to: u32) -> Result<(), Failure> {
	let client = session.actor().await?;
	let done = client.move_vault(HospitalId(from), HospitalId(to)).await?;
	let sentence = format!(
		"What hospital {from} kept of your chart moves to hospital {to}. New records go there, too, if they \
		 went to hospital {from}."
	);
	outcome::print(session.output, &client, &done, &sentence, json!({ "from": from, "to": to }))
}

//! `medblock hospital registrar`, and the key of profiles that registrars share.

use super::asking::Asking;
use crate::{
	cli::Registrar,
	describe,
	exit::{Code, Failure},
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	Client, Done,
	chain::{AccountId, RegistrarInfo},
	medblock_primitives::HospitalId,
	profile_keys::{Published, SharedProfileKey},
	registrars::Staff,
};
use medblock_views::{Appointment, ProfileKey, Registrar as RegistrarView};
use serde_json::{Value, json};
use std::fmt::Write;

/// Runs a registrar's command, or the controller's about registrars.
pub async fn run(command: Registrar, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		Registrar::List => list(session).await,
		Registrar::Appoint { account } => {
			let client = session.actor().await?;
			let done = client.appoint_registrar(account).await?;
			let sentence = format!(
				"{account} can verify people for your hospital as soon as its owner runs `medblock hospital \
				 registrar accept`."
			);
			print(session, &client, &done, &sentence, json!({ "account": account.to_string() }))
		},
		Registrar::Withdraw { account } => {
			let client = session.actor().await?;
			let done = client.withdraw_appointment(account).await?;
			let sentence = format!("{account} can no longer accept.");
			print(session, &client, &done, &sentence, json!({ "account": account.to_string() }))
		},
		Registrar::Remove { account, lose_key } => {
			let client = session.actor().await?;
			ensure_not_last(&client, account, lose_key).await?;
			let done = client.remove_registrar(account).await?;
			let sentence = format!(
				"{account} no longer verifies people for your hospital. If it held the key of profiles, have \
				 another registrar run `medblock hospital publish-key`."
			);
			print(session, &client, &done, &sentence, json!({ "account": account.to_string() }))
		},
		Registrar::Accept { hospital } => {
			let client = session.actor().await?;
			let (done, HospitalId(hospital)) =
				client.accept_appointment(hospital.map(HospitalId)).await?;
			let sentence = format!(
				"You verify people for hospital {hospital} now. To read patients' profiles, have another \
				 registrar run `medblock hospital share-key`, or `publish-key` if the hospital has no key yet."
			);
			print(session, &client, &done, &sentence, json!({ "hospital": hospital }))
		},
		Registrar::Resign { lose_key } => {
			let client = session.actor().await?;
			ensure_not_last(&client, client.keys().account(), lose_key).await?;
			let done = client.resign().await?;
			let sentence = "You no longer verify people for your hospital.";
			print(session, &client, &done, sentence, json!({}))
		},
		Registrar::OwnKey { lose_key } => {
			let client = session.actor().await?;
			ensure_not_last(&client, client.keys().account(), lose_key).await?;
			let (done, version) = client.publish_registrar_key().await?;
			let sentence = "Other registrars can give you the key of profiles now, with `medblock hospital \
				share-key`.";
			print(session, &client, &done, sentence, json!({ "keyVersion": version }))
		},
	}
}

/// `medblock hospital publish-key`.
pub async fn publish_key(session: &Session<'_>, yes: bool) -> Result<(), Failure> {
	let client = session.actor().await?;
	let shown = recipients(session, &client, yes, |_| true).await?;
	let Published { done, hospital, version, begins_anew, registrars, keyless } =
		client.publish_profile_key(&shown).await?;
	let mut sentence = format!(
		"Patients' profiles are encrypted to version {version} of your hospital's key now, which {} can open.",
		registrars_in_words(registrars.len())
	);
	if begins_anew {
		sentence.push_str(
			" No registrar held the version before: profiles that were encrypted to it stay closed until \
			 they are written again.",
		);
	}
	if !keyless.is_empty() {
		let _ = write!(
			sentence,
			" Not yet: {}. Each first has to run `medblock hospital registrar own-key`.",
			listed(&keyless)
		);
	}
	let more = json!({
		"hospital": hospital,
		"version": version,
		"beginsAnew": begins_anew,
		"registrars": named(&registrars),
		"keyless": named(&keyless),
	});
	print(session, &client, &done, &sentence, more)
}

/// `medblock hospital share-key`.
pub async fn share_key(session: &Session<'_>, yes: bool) -> Result<(), Failure> {
	let client = session.actor().await?;
	client.own_hospital().await?;
	let shown = recipients(session, &client, yes, |one| !one.holds_profile_key).await?;
	let Some(SharedProfileKey { done, version, registrars }) =
		client.share_profile_key(&shown).await?
	else {
		let document = json!({ "registrars": [] });
		return session.output.result(&document, "No registrar waits for the key.");
	};
	let sentence = format!("These can open patients' profiles now: {}.", listed(&registrars));
	let more = json!({ "version": version, "registrars": named(&registrars) });
	print(session, &client, &done, &sentence, more)
}

/// The accounts that would receive the key of profiles, once the user has looked at them. Anybody who
/// can sign as the controller can make an account a registrar.
pub async fn recipients(
	session: &Session<'_>,
	client: &Client,
	yes: bool,
	reached: impl Fn(&RegistrarInfo) -> bool,
) -> Result<Vec<AccountId>, Failure> {
	let mut registrars = client.profile_key_recipients().await?;
	registrars.retain(reached);
	let own = client.keys().account();
	if registrars.iter().any(|one| one.account != own) {
		let asking = Asking { yes, prepares: session.prepares() };
		asking.can_be_asked()?;
		let line = |one: &RegistrarInfo| {
			let mark = match (one.account == own, one.holds_profile_key) {
				(true, _) => "your own account",
				(false, true) => "has it now",
				(false, false) => "does NOT have it now",
			};
			format!("{}  {mark}", one.account)
		};
		let shown: Vec<String> = registrars.iter().map(line).collect();
		asking.confirm(
			"You are about to give these accounts the key of your patients' profiles. Each of them can then \
			 open all profiles. Compare the addresses with the people that you know:",
			&shown.join("\n"),
		)?;
	}
	Ok(registrars.iter().map(|one| one.account).collect())
}

async fn list(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let staff = client.staff(&at).await?;
	let mut table = Table::new(["account", "is", "key of profiles"]);
	for one in &staff.registrars {
		let key = match (&one.key, one.holds_profile_key) {
			(_, true) => "has it",
			(Some(_), false) => "waits for it",
			(None, false) => "has no key of its own",
		};
		table.row([one.account.to_string(), "registrar".into(), key.into()]);
	}
	for one in &staff.appointments {
		let is = format!("appointed until block {}", one.until);
		table.row([one.registrar.to_string(), is, String::new()]);
	}
	let key = key_in_words(&staff);
	let Staff { hospital, registrars, appointments, profile_key } = staff;
	let document = json!({
		"hospital": hospital,
		"registrars": registrars.into_iter().map(RegistrarView::from).collect::<Vec<_>>(),
		"appointments": appointments.into_iter().map(Appointment::from).collect::<Vec<_>>(),
		"profileKey": ProfileKey::from(profile_key),
		"at": describe::block(&at),
	});
	session.output.result(&document, format_args!("{table}\n{key}"))
}

fn key_in_words(staff: &Staff) -> String {
	let Some(key) = &staff.profile_key.key else {
		return "The hospital has no key of profiles yet: run `medblock hospital publish-key`."
			.into();
	};
	let version = key.version;
	match (staff.profile_key.holders, staff.profile_key.due) {
		(0, _) => format!(
			"No registrar holds version {version} of the key of profiles: run `medblock hospital publish-key`."
		),
		(_, true) => format!(
			"Version {version} of the key of profiles may be known to an account that is not listed as having \
			 it: have a registrar who has it run `medblock hospital publish-key`."
		),
		(_, false) => format!("The key of profiles has version {version}."),
	}
}

/// Fails if the hospital would lose its profile key with this account, unless that is accepted.
async fn ensure_not_last(
	client: &Client,
	account: AccountId,
	lose_key: bool,
) -> Result<(), Failure> {
	if lose_key {
		return Ok(());
	}
	let at = client.chain().finalized().await?;
	if client.staff(&at).await?.is_last_holder(account) {
		return Err(Failure::new(
			Code::Refused,
			"only this registrar holds the key of profiles, without which the hospital can't read those \
			 written so far: have `medblock hospital share-key` run first, or add --lose-key",
		));
	}
	Ok(())
}

fn print(
	session: &Session<'_>,
	client: &Client,
	done: &Done,
	sentence: &str,
	more: Value,
) -> Result<(), Failure> {
	outcome::print(session.output, client, done, sentence, more)
}

fn registrars_in_words(count: usize) -> String {
	match count {
		1 => "one registrar".into(),
		_ => format!("{count} registrars"),
	}
}

fn listed(accounts: &[AccountId]) -> String {
	named(accounts).join(", ")
}

fn named(accounts: &[AccountId]) -> Vec<String> {
	accounts.iter().map(ToString::to_string).collect()
}

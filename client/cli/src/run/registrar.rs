//! `medblock hospital registrar`, and the key of profiles that registrars share.

use super::{asking::Asking, who};
use crate::{
	cli::{Registrar, RegistrarStanding, Registrars},
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
	people::Search,
	profile_keys::{Published, SharedProfileKey},
	registrars::Staff,
};
use medblock_views::{Appointment, ProfileKey, Registrar as RegistrarView};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write};

/// Runs a registrar's command, or the controller's about registrars.
pub async fn run(command: Registrar, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		Registrar::List => list(session, &Registrars { search: None, standing: None }).await,
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
		Registrar::Remove { account, lose_key, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			ensure_not_last(&client, account, lose_key).await?;
			asking.confirm(
				"You are about to end this account's permission to verify people for your hospital. It would have to accept \
				 another offer, and be given the key of profiles again:",
				&account.to_string(),
			)?;
			let done = client.remove_registrar(account).await?;
			let sentence = format!(
				"{account} no longer verifies people for your hospital. If it held the key of profiles, have \
				 another registrar run `medblock hospital publish-key`."
			);
			print(session, &client, &done, &sentence, json!({ "account": account.to_string() }))
		},
		Registrar::Accept { hospital } => {
			let client = session.actor().await?;
			let hospital = match hospital {
				Some(named) => Some(who::meant_hospital(session, &client, &named).await?.0),
				None => None,
			};
			let (done, HospitalId(hospital)) =
				client.accept_appointment(hospital.map(HospitalId)).await?;
			let place = who::hospital_if_known(&client, HospitalId(hospital)).await;
			let sentence = format!(
				"You verify people for {place} now. To read patients' profiles, have another \
				 registrar run `medblock hospital share-key`, or `publish-key` if the hospital has no key yet."
			);
			print(session, &client, &done, &sentence, json!({ "hospital": hospital }))
		},
		Registrar::Resign { lose_key, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			ensure_not_last(&client, client.keys().account(), lose_key).await?;
			asking.confirm(
				"You are about to stop verifying people for your hospital.",
				"Only its controller can let you again.",
			)?;
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
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let shown = recipients(&client, &asking, true, |_| true).await?;
	let Published { done, hospital, version, begins_anew, registrars, keyless } =
		client.publish_profile_key(&shown).await?;
	let mut sentence = format!(
		"New profiles are encrypted to version {version} of your hospital's key, which {} can open.",
		registrars_in_words(registrars.len())
	);
	if version > 1 && !begins_anew {
		sentence.push_str(" The same registrars can go on reading those written before.");
	}
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
	let asking = Asking { yes, prepares: session.prepares() };
	let client = session.actor().await?;
	client.own_hospital().await?;
	let shown = recipients(&client, &asking, false, |one| !one.holds_profile_key).await?;
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

/// The accounts that would receive the key of profiles, once the user has looked at them. A thief who
/// can sign as the controller can make an account a registrar. `is_new` says that it is a new version, which is asked
/// about in any case: it can't be taken back.
pub async fn recipients(
	client: &Client,
	asking: &Asking,
	is_new: bool,
	reached: impl Fn(&RegistrarInfo) -> bool,
) -> Result<Vec<AccountId>, Failure> {
	let mut registrars = client.profile_key_recipients().await?;
	let is_held = registrars.iter().any(|one| one.holds_profile_key);
	registrars.retain(reached);
	let own = client.keys().account();
	if is_new || registrars.iter().any(|one| one.account != own) {
		asking.can_be_asked()?;
		let line = |one: &RegistrarInfo| {
			let mark = match (one.account == own, one.holds_profile_key) {
				(true, _) => "your own account",
				(false, true) => "has it now",
				(false, false) => "does NOT have it now",
			};
			format!("{}  {mark}", one.account)
		};
		let mut shown: Vec<String> = registrars.iter().map(line).collect();
		if is_new && !is_held {
			shown.push(
				"None of them holds a key now. If the hospital had one, profiles that were encrypted to it stay \
				 closed until they are written again."
					.to_owned(),
			);
		}
		asking.confirm(
			"You are about to give these accounts the key of your patients' profiles. Each of them can then \
			 open all profiles. Compare the addresses with the people that you know:",
			&shown.join("\n"),
		)?;
	}
	Ok(registrars.iter().map(|one| one.account).collect())
}

/// `medblock hospital registrars`.
pub async fn list(session: &Session<'_>, wanted: &Registrars) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let mut staff = client.staff(&at).await?;
	// The key of the whole staff, before the search leaves some of them out.
	let key = key_in_words(&staff);
	let here = names_here(session).await?;
	let search = Search::new(wanted.search.as_deref().unwrap_or_default(), None, false);
	let name = |account: &AccountId| here.get(account).cloned().unwrap_or_default();
	let fits = |standing: RegistrarStanding, account: &AccountId| {
		wanted.standing.is_none_or(|wanted| wanted == standing)
			&& search.is_in(&[&account.to_string(), &name(account)])
	};
	staff.registrars.retain(|one| fits(RegistrarStanding::Registrar, &one.account));
	staff.appointments.retain(|one| fits(RegistrarStanding::Appointed, &one.registrar));
	let mut table = Table::new(["account", "here", "is", "key of profiles"]);
	for one in &staff.registrars {
		let key = match (&one.key, one.holds_profile_key) {
			(_, true) => "has it",
			(Some(_), false) => "waits for it",
			(None, false) => "has no key of its own",
		};
		let here = name(&one.account);
		table.row([one.account.to_string(), here, "registrar".into(), key.into()]);
	}
	for one in &staff.appointments {
		let is = format!("appointed until block {}", one.until);
		let here = name(&one.registrar);
		table.row([one.registrar.to_string(), here, is, String::new()]);
	}
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

/// The names of accounts on this machine.
async fn names_here(session: &Session<'_>) -> Result<BTreeMap<AccountId, String>, Failure> {
	let all = session.keystore.list().await?;
	let named = all.into_iter().filter_map(|(name, entry)| {
		let account: AccountId = entry.ok()??.address.parse().ok()?;
		Some((account, name.to_string()))
	});
	Ok(named.collect())
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

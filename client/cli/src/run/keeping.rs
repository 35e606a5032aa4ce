//! An account's life on this machine: another passphrase, removal, and being unlocked for a while.

use super::account::ask;
use crate::{
	agent,
	cli::{NewPassphrase, Remove, Unlock},
	config::Config,
	describe,
	exit::Failure,
	passphrase::Source,
	session::Session,
	terminal,
};
use medblock_client::{chain::AccountId, forget_account, forget_every_account};
use medblock_keystore::{Entry, Name};
use medblock_platform::Folder;
use medblock_views::Time;
use serde_json::json;
use std::{fs, path::Path};

/// `medblock account passphrase`.
pub async fn change_passphrase(new: NewPassphrase, session: &Session<'_>) -> Result<(), Failure> {
	let name = session.account(new.name).await?;
	let source = Source::new(new.new_passphrase_file.as_deref())?;
	let present = session.passphrase(&name, &session.passphrases, "--passphrase-file").await?;
	// Before the new one is asked for: the present one may be wrong.
	session.keystore.unlock(&name, present.clone()).await?;
	let prompt = format!("New passphrase for the account {name}: ");
	let chosen = source.chosen(&prompt, "--new-passphrase-file")?;
	session.keystore.change_passphrase(&name, present, chosen).await?;
	lock_quietly(session, &name).await;
	let sentence = format!(
		"The account {name} has another passphrase now. Copies of its file that were made before, as in a \
		 back-up, still open with the old one."
	);
	session.output.result(&json!({ "account": name }), sentence)
}

/// `medblock account remove`.
pub async fn remove(Remove { name, yes }: Remove, session: &Session<'_>) -> Result<(), Failure> {
	let entry = session.entry(&name).await?;
	let mut others = session.keystore.names().await?;
	others.retain(|other| *other != name);
	if !yes {
		confirm(session, &name, entry.as_ref(), others.is_empty())?;
	}
	let files = Folder::new(&session.home);
	let account = entry.as_ref().and_then(|entry| entry.address.parse::<AccountId>().ok());
	// What is kept goes first: if this is interrupted, the same command does the rest.
	if others.is_empty() {
		forget_every_account(&files).await?;
	} else if let Some(account) = account {
		if !is_shared(session, &others, &account.to_string()).await {
			forget_account(&files, account).await?;
		}
	} else {
		session.output.warn(
			"the account's public part is missing, so what it has read can't be told from what others have: \
			 that stays, encrypted",
		);
	}
	session.keystore.remove(&name).await?;
	lock_quietly(session, &name).await;
	if Config::load(&session.home).is_ok_and(|config| config.account.as_ref() == Some(&name)) {
		session.output.note("config.toml still names it as the acting account: change that.");
	}
	let address = entry.map(|entry| entry.address);
	let document = json!({ "account": name, "address": address });
	session.output.result(&document, format_args!("The account {name} is gone from this machine."))
}

/// Says what is lost, and asks for the account's name.
fn confirm(
	session: &Session<'_>,
	name: &Name,
	entry: Option<&Entry>,
	is_last: bool,
) -> Result<(), Failure> {
	if !terminal::is_there() {
		return Err(Failure::usage(
			"there is no terminal to ask on whether you mean it: add --yes",
		));
	}
	let address = entry.map_or_else(String::new, |entry| format!(" ({})", entry.address));
	terminal::show(format_args!(
		"The account {name}{address} is removed from this machine, with the titles, names and notes that it \
		 has read here and its receipts of vaults. What it has on the chain and in vaults stays there.\n\
		 Only the account's words bring it back. Without them, that can never be opened again.",
	));
	let waiting = if is_last { in_flight(&session.home) } else { 0 };
	if waiting > 0 {
		terminal::show(format_args!(
			"{waiting} encrypted files here may not be in a vault yet. They are removed, too; `medblock record \
			 list` sends them first."
		));
	}
	terminal::show("Type the account's name to remove it:");
	if ask()?.trim() != name.as_str() {
		return Err(Failure::usage("that is not the account's name: nothing was removed"));
	}
	Ok(())
}

/// The number of encrypted files that no vault has confirmed.
fn in_flight(home: &Path) -> usize {
	let chains = fs::read_dir(home.join("outbox")).into_iter().flatten().flatten();
	let files = chains.filter_map(|chain| fs::read_dir(chain.path()).ok()).flatten().flatten();
	files
		.filter(|file| {
			file.path().extension().is_some_and(|kind| kind == "age" || kind == "upload")
		})
		.count()
}

/// Whether another account here has the same address, as one may that was imported twice.
async fn is_shared(session: &Session<'_>, others: &[Name], address: &str) -> bool {
	for other in others {
		let entry = session.keystore.entry(other).await;
		if entry.is_ok_and(|entry| entry.is_some_and(|entry| entry.address == address)) {
			return true;
		}
	}
	false
}

/// The agent's copy is of no use any more, whether it can be asked or not.
async fn lock_quietly(session: &Session<'_>, name: &Name) {
	let _ = agent::lock(&session.home, Some(name)).await;
}

/// `medblock account unlock`.
pub async fn unlock(unlock: Unlock, session: &Session<'_>) -> Result<(), Failure> {
	let name = session.account(unlock.name).await?;
	let passphrase = session.passphrase(&name, &session.passphrases, "--passphrase-file").await?;
	let held = session.keystore.hold(&name, passphrase).await?;
	let until = agent::hold(&session.home, &name, &held, unlock.seconds).await?;
	let sentence = format!(
		"The account {name} is unlocked until {}, for every program of yours on this machine. To lock it \
		 before: medblock account lock",
		describe::time(until),
	);
	session.output.result(&json!({ "account": name, "until": Time::from(until) }), sentence)
}

/// `medblock account lock`.
pub async fn lock(name: Option<Name>, session: &Session<'_>) -> Result<(), Failure> {
	let locked = agent::lock(&session.home, name.as_ref()).await?;
	let names: Vec<&str> = locked.iter().map(Name::as_str).collect();
	let sentence = match names.is_empty() {
		true => "No account was unlocked.".to_owned(),
		false => format!("Locked: {}.", names.join(", ")),
	};
	session.output.result(&json!({ "locked": names }), sentence)
}

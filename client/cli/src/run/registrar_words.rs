//! A registrar's new words: another account takes over, step by step. Each step looks at the chain first, so that the same
//! command goes on where an earlier run has ended.

use super::{asking::Asking, registrar::recipients, taking_over::Both};
use crate::{
	cli::NewWords,
	exit::{Code, Failure},
	outcome,
	session::{Session, keys_of},
};
use medblock_client::{Client, Error, accounts, chain::AccountId, medblock_primitives::HospitalId};
use medblock_keystore::Name;
use serde_json::json;

/// The two accounts, and their hospital.
struct Handover<'a> {
	session: &'a Session<'a>,
	old_name: Name,
	new_name: Name,
	new: Client,
	hospital: HospitalId,
	asking: Asking,
}

/// `medblock hospital new-words`.
pub async fn new_words(
	session: &Session<'_>,
	NewWords { change, yes }: NewWords,
) -> Result<(), Failure> {
	if session.prepares() {
		return Err(Failure::usage(
			"this takes several transactions, one after the other, so that none can be prepared: leave \
			 --prepare out",
		));
	}
	let asking = Asking::new(session, yes)?;
	let Both { present, old, new } = Both::with_other_words(session, &change).await?;
	let new_account = new.id;
	let old = session.client_with(keys_of(old)).await?;
	let new = session.client_with(keys_of(new)).await?;
	let (before, hospital, has_joined) = match (works_for(&old).await, works_for(&new).await) {
		(Ok(Some(one)), Ok(Some(other))) if one != other => {
			return Err(refused(format!(
				"{present} works for hospital {}, and {} for hospital {}",
				one.0, change.new, other.0,
			)));
		},
		(Ok(before), Ok(Some(hospital))) => (before, hospital, true),
		// Doors tell nothing to an account that they don't know yet, or no longer.
		(Err(_), Ok(Some(hospital))) => (None, hospital, true),
		(Ok(Some(hospital)), Ok(None) | Err(_)) => (Some(hospital), hospital, false),
		(Ok(None), Ok(None)) => {
			return Err(refused(format!(
				"neither {present} nor {} is a registrar of a hospital; a controller's account is replaced by \
				 `medblock hospital hand-over`",
				change.new,
			)));
		},
		(Err(why), _) | (_, Err(why)) => return Err(why.into()),
	};
	let handover =
		Handover { session, old_name: present, new_name: change.new, new, hospital, asking };
	if !has_joined && !handover.joins(new_account).await? {
		return Ok(());
	}
	if before.is_some() {
		if !handover.is_given_the_key(&old).await? {
			return Ok(());
		}
		let done = old.resign().await?;
		let sentence = format!("{} is no registrar any more.", handover.old_name);
		session.output.note(outcome::text(&old, &done, &sentence));
	}
	handover.renews_the_key().await
}

/// The hospital that an account verifies people for.
async fn works_for(client: &Client) -> Result<Option<HospitalId>, Error> {
	match client.own_hospital().await {
		Ok(hospital) => Ok(Some(hospital)),
		Err(Error::Account(accounts::Error::NotRegistrar(_))) => Ok(None),
		Err(why) => Err(why),
	}
}

fn refused(message: String) -> Failure {
	Failure::new(Code::Refused, message)
}

impl Handover<'_> {
	/// The new account accepts, if it was appointed. Says what is missing otherwise.
	async fn joins(&self, account: AccountId) -> Result<bool, Failure> {
		let appointments = self.new.own_appointments().await?;
		if !appointments.iter().any(|one| one.hospital == self.hospital) {
			let command = format!("medblock hospital registrar appoint {account}");
			let sentence = format!(
				"Have your hospital's controller run `{command}`. Then run the same command again.",
			);
			self.waits("appointment", &sentence)?;
			return Ok(false);
		}
		let (old, new) = (&self.old_name, &self.new_name);
		self.asking.confirm(
			&format!("You are about to replace the words of {old} by those of {new}."),
			&format!(
				"{new} becomes a registrar, is given the key of patients' profiles, and {old} resigns. The words of \
				 {old} open no profile that is written from then on. What they opened before, they still can. Have \
				 you written the new words down?"
			),
		)?;
		let (done, _) = self.new.accept_appointment(Some(self.hospital)).await?;
		let sentence = format!("{new} is a registrar now.");
		self.session.output.note(outcome::text(&self.new, &done, &sentence));
		Ok(true)
	}

	/// The old account gives the key of profiles to the new one, if there is one that the new one lacks. Says what is missing
	/// if the old one does not have it either.
	async fn is_given_the_key(&self, old: &Client) -> Result<bool, Failure> {
		let desk = self.new.desk_key().await?;
		if desk.is_held || desk.info.key.is_none() {
			return Ok(true);
		}
		if desk.info.holders > 0 && !old.desk_key().await?.is_held {
			let sentence = format!(
				"{} does not have the key of patients' profiles: have another registrar run `medblock hospital \
				 share-key`. Then run the same command again.",
				self.old_name,
			);
			self.waits("key", &sentence)?;
			return Ok(false);
		}
		// With no holder, the new account begins anew afterwards.
		if desk.info.holders > 0 {
			let shown = recipients(old, &self.asking, false, |one| !one.holds_profile_key).await?;
			if let Some(shared) = old.share_profile_key(&shown).await? {
				let sentence = format!("{} can open patients' profiles now.", self.new_name);
				self.session.output.note(outcome::text(old, &shared.done, &sentence));
			}
		}
		Ok(true)
	}

	/// The new account publishes the next version of the key, which the old words don't open.
	async fn renews_the_key(&self) -> Result<(), Failure> {
		let (session, new) = (self.session, &self.new);
		let desk = new.desk_key().await?;
		let more = json!({
			"hospital": self.hospital.0,
			"registrar": new.keys().account().to_string(),
			"step": "done",
		});
		if desk.info.key.is_none() || !desk.info.due {
			let sentence = format!(
				"{} verifies people for hospital {} in place of {}.",
				self.new_name, self.hospital.0, self.old_name,
			);
			return session.output.result(&more, sentence);
		}
		let shown = recipients(new, &self.asking, true, |_| true).await?;
		let published = new.publish_profile_key(&shown).await?;
		let sentence = format!(
			"{} verifies people for hospital {} in place of {}, whose words open no profile that is written from \
			 now on. What they opened before, they still can.",
			self.new_name, self.hospital.0, self.old_name,
		);
		outcome::print(session.output, new, &published.done, &sentence, more)
	}

	fn waits(&self, step: &str, sentence: &str) -> Result<(), Failure> {
		let document = json!({ "hospital": self.hospital.0, "step": step });
		self.session.output.result(&document, sentence)
	}
}

//! Another account takes over: with the same words, or with new ones.

use super::{asking::Asking, guardians};
use crate::{
	cli::{ChangeAccount, NewWords},
	describe,
	exit::Failure,
	outcome,
	passphrase::Source,
	session::{Session, keys_of},
};
use medblock_client::{
	Client, Error, accounts,
	chain::At,
	medblock_crypto::key_digest,
	medblock_primitives::{Capacity, DoctorId, Person},
};
use medblock_keystore::{Account, Name};
use medblock_views::{AccountChange, Hex};
use serde_json::json;

/// The acting account and the one that is to take over, both unlocked.
pub struct Both {
	/// The acting account's name.
	pub present: Name,
	/// The acting account.
	pub old: Account,
	/// The other one.
	pub new: Account,
}

impl Both {
	/// The acting account and one with other words.
	pub async fn with_other_words(
		session: &Session<'_>,
		change: &ChangeAccount,
	) -> Result<Self, Failure> {
		let both = Self::unlocked(session, change).await?;
		if both.have_same_words() {
			return Err(Failure::usage(format!(
				"{} has the same words as {}: make an account with words of its own first",
				change.new, both.present,
			)));
		}
		Ok(both)
	}

	async fn unlocked(session: &Session<'_>, change: &ChangeAccount) -> Result<Self, Failure> {
		let present = session.account(None).await?;
		let old = session.unlock(&present).await?;
		let new = match &change.new_passphrase_file {
			None => session.unlock(&change.new).await?,
			Some(file) => {
				let source = Source::new(Some(file))?;
				session.unlock_with(&change.new, &source, "--new-passphrase-file").await?
			},
		};
		Ok(Self { present, old, new })
	}

	fn have_same_words(&self) -> bool {
		*self.old.words.words() == *self.new.words.words()
	}
}

/// Lets another account on this machine take over.
pub async fn change_account(
	session: &Session<'_>,
	capacity: Capacity,
	change: ChangeAccount,
) -> Result<(), Failure> {
	let both = Both::unlocked(session, &change).await?;
	if !both.have_same_words() {
		let Both { present, .. } = both;
		return Err(Failure::usage(format!(
			"{} has other words than {present}, so it could not open the existing records: import \
			 the new account with the words of {present} (--words-file), or run `new-words` instead",
			change.new,
		)));
	}
	let client = session.actor().await?;
	request(session, &client, capacity, both.new, "").await
}

/// Asks the chain for the change.
async fn request(
	session: &Session<'_>,
	client: &Client,
	capacity: Capacity,
	new: Account,
	then: &str,
) -> Result<(), Failure> {
	if new.signer.is_none() {
		return Err(Failure::usage(format!(
			"the key of {} is in a wallet, and both accounts have to sign: import it here, with its words \
			 or as the wallet exports it",
			new.entry.name,
		)));
	}
	let (name, address) = (new.entry.name.clone(), new.entry.address.clone());
	let done = client.change_account(capacity, &keys_of(new)).await?;
	let at = client.chain().finalized().await?;
	let pending = match done.receipt() {
		Some(_) => client.own_account_change(&at, capacity).await?,
		None => None,
	};
	let when = pending.as_ref().map_or("later".into(), |change| describe::time(change.due));
	let sentence = format!(
		"The account {name} ({address}) takes over: {when}. Until then the present account stays in control, \
		 and it or your hospital can stop the change.{then}"
	);
	let more =
		json!({ "account": address, "due": pending.map(|one| AccountChange::from(one).due) });
	outcome::print(session.output, client, &done, &sentence, more)
}

/// Replaces the words, in two steps: the account first, and then the keys that come from the words.
pub async fn new_words(
	session: &Session<'_>,
	capacity: Capacity,
	NewWords { change, yes }: NewWords,
) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let both = Both::with_other_words(session, &change).await?;
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	match client.own_person(&at, capacity).await {
		Ok(person) => begin(session, &client, &at, (capacity, person), both, &asking).await,
		// The present account controls nobody any more, so the new one may.
		Err(Error::Account(accounts::Error::NotPatient(_) | accounts::Error::NotDoctor(_))) => {
			drop(client);
			let keys = keys_of(both.new).with_former(both.old.words.seed(""));
			let client = session.client_with(keys).await?;
			finish(session, &client, capacity, (&both.present, &change.new), &asking).await
		},
		Err(why) => Err(why.into()),
	}
}

async fn begin(
	session: &Session<'_>,
	client: &Client,
	at: &At,
	(capacity, person): (Capacity, Person),
	Both { present, new, .. }: Both,
	asking: &Asking,
) -> Result<(), Failure> {
	const THEN: &str = " Keep both accounts on this machine, and run the same command again then.";
	let Some(pending) = at.account_change(person).await? else {
		let what = format!(
			"You are about to replace the words of {present} by those of {}.",
			new.entry.name
		);
		asking.confirm(&what, effect(capacity))?;
		return request(session, client, capacity, new, THEN).await;
	};
	if pending.new != new.id {
		return Err(Failure::usage(format!(
			"another account, {}, is about to take over: stop that first, with `medblock {} keep-account`",
			pending.new,
			match capacity {
				Capacity::Patient => "patient",
				Capacity::Doctor => "doctor",
			},
		)));
	}
	let sentence = format!(
		"The account {} takes over: {}.{THEN}",
		new.entry.name,
		describe::time(pending.due)
	);
	let document = json!({ "pending": AccountChange::from(pending), "at": describe::block(at) });
	session.output.result(&document, sentence)
}

/// The effect of new words, for the question.
fn effect(capacity: Capacity) -> &'static str {
	match capacity {
		Capacity::Patient => {
			"After a delay, the new account controls your chart, and the old one no longer does. You then run \
			 the same command again, which gives the chart keys from the new words. The old words open nothing \
			 that is added from then on. What they opened before, they still can. Have you written the new words \
			 down?"
		},
		Capacity::Doctor => {
			"After a delay, the new account acts for you, and the old one no longer does. You then run the same \
			 command again, which publishes a key from the new words. Until your hospital has confirmed that key, \
			 patients can't grant you anything; what they granted before opens with the old words until they renew \
			 their charts' keys. Have you written the new words down?"
		},
	}
}

async fn finish(
	session: &Session<'_>,
	client: &Client,
	capacity: Capacity,
	(old, new): (&Name, &Name),
	asking: &Asking,
) -> Result<(), Failure> {
	let at = client.chain().finalized().await?;
	match client.own_person(&at, capacity).await? {
		Person::Patient(patient) => {
			let rotated = client.rotate_to_present_words().await?;
			if client.renew_acting_key().await?.is_some() {
				session.output.note(
					"Your key for acting for others comes from the new words now. The hospitals of those that you act for \
					 have to confirm it: show them the digest of `medblock patient for key`.",
				);
			}
			let Some(done) = rotated else {
				// The run that gave the chart its keys may have been interrupted before this.
				guardians::renew_if_due(session, client, capacity).await;
				let document = json!({ "patient": patient, "at": describe::block(&at) });
				let sentence = format!("The chart has keys from the words of {new} already.");
				return session.output.result(&document, sentence);
			};
			let sentence = format!(
				"The chart has keys from the words of {new} now. The words of {old} open nothing that is added \
				 from now on; what they opened before, they still can."
			);
			guardians::renew_after(session, client, capacity, &done).await;
			outcome::print(session.output, client, &done, &sentence, json!({ "patient": patient }))
		},
		Person::Doctor(doctor) => {
			finish_doctor(session, client, &at, doctor, (old, new), asking).await
		},
	}
}

async fn finish_doctor(
	session: &Session<'_>,
	client: &Client,
	at: &At,
	doctor: DoctorId,
	(old, new): (&Name, &Name),
	asking: &Asking,
) -> Result<(), Failure> {
	let version = at.known_doctor(doctor).await?.key_version;
	let own = key_digest(&client.keys().identity(version)?.public_key());
	if client.published_key_digest(doctor).await? == own {
		let document =
			json!({ "doctor": doctor, "keyDigest": Hex(own), "at": describe::block(at) });
		let sentence = format!("Your encryption key comes from the words of {new} already.");
		guardians::renew_if_due(session, client, Capacity::Doctor).await;
		return session.output.result(&document, sentence);
	}
	asking.confirm(
		&format!("You are about to publish an encryption key from the words of {new}."),
		"Until your hospital has confirmed it, patients can't grant you anything.",
	)?;
	let (done, digest) = client.renew_encryption_key().await?;
	let sentence = format!(
		"Your encryption key comes from the words of {new} now. Have your hospital confirm it, by this \
		 digest:\n{}\nKeep the account {old} until your patients have renewed their charts' keys: what they \
		 granted before opens only with its words. Name it by `--former {old}` when you read.",
		hex::encode(digest),
	);
	let more = json!({ "doctor": doctor, "keyDigest": Hex(digest) });
	guardians::renew_after(session, client, Capacity::Doctor, &done).await;
	outcome::print(session.output, client, &done, &sentence, more)
}

/// Stops a pending change of the acting account.
pub async fn keep_account(session: &Session<'_>, capacity: Capacity) -> Result<(), Failure> {
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let person = client.own_person(&at, capacity).await?;
	let done = client.keep_account(person).await?;
	let sentence = "The change is stopped: this account stays in control.";
	outcome::print(session.output, &client, &done, sentence, json!({}))
}

//! `medblock patient representatives` and `medblock hospital representatives`.

use super::{
	asking::Asking,
	granting::no_new_key,
	patient::read_profile,
	revoking::{self, word},
	terms,
};
use crate::{
	advice,
	cli::{Digest, HospitalRepresentatives, NameRepresentative, RepresentativesCommand},
	describe::{self, representatives as described},
	exit::Failure,
	outcome,
	output::Table,
	session::Session,
	terminal,
};
use medblock_client::{
	Client,
	grants::Rotated,
	medblock_primitives::{Moment, PatientId, Scopes},
	profiles::comes_of_age,
	representatives::{Ended, RepresentativeInfo, SealedTo, ToConfirm},
};
use medblock_views::{Hex, Representative, Time};
use serde_json::{Value, json};

/// Runs a patient's command.
pub async fn run(command: RepresentativesCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		RepresentativesCommand::Name(naming) => name(session, naming).await,
		RepresentativesCommand::List => list(session).await,
		RepresentativesCommand::Seal { representative } => {
			seal(session, PatientId(representative)).await
		},
		RepresentativesCommand::End { representative, yes } => {
			end(session, PatientId(representative), yes).await
		},
	}
}

async fn name(session: &Session<'_>, naming: NameRepresentative) -> Result<(), Failure> {
	let NameRepresentative { representative, may, until, until_age, yes } = naming;
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let scopes = Scopes(may.into_iter().fold(0, |sum, one| sum | Scopes::from(one).0));
	let until = match until_age {
		Some(years) => Some(of_age(session, &client, years).await?),
		None => terms::end(&client, until).await?,
	};
	let shown = format!(
		"Person         patient {representative}\nMay            {}\nUntil          {}",
		described::rights(scopes),
		until.map_or("you end it".into(), describe::time),
	);
	asking.confirm("You are about to let this person act for you:", &shown)?;
	let done = client.name_representative(PatientId(representative), scopes, until).await?;
	let sentence = format!(
		"Patient {representative} may act for you once your hospital has confirmed it: go there together within 14 days. \
		 May: {}.",
		described::rights(scopes),
	);
	let more = json!({
		"representative": representative,
		"scopes": scopes,
		"until": until.map(Time::from),
	});
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// The time at which this account's patient is so old.
async fn of_age(session: &Session<'_>, client: &Client, years: u8) -> Result<Moment, Failure> {
	let at = client.chain().finalized().await?;
	let own = client.own_chart(&at).await?.id;
	let born = read_profile(session, client, own).await?.birth_date.clone();
	let born = born.ok_or_else(|| {
		Failure::usage(
			"your profile has no birth date: write it with `medblock patient profile --birth-date`",
		)
	})?;
	comes_of_age(&born, years).ok_or_else(|| {
		Failure::usage("that age was reached before 1970: name the end with --until")
	})
}

async fn list(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let headings = ["representative", "may", "until", "now"];
	let (mut table, mut items) = (Table::new(headings), Vec::new());
	for one in client.own_representatives(&at).await? {
		table.row([
			one.info.representative.0.to_string(),
			described::rights(one.info.scopes),
			one.info.until.map_or("you end it".into(), describe::time),
			described::of_patient(one.state).into(),
		]);
		items.push(with_state(one.info, described::word(one.state)));
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "No one acts for you.");
	}
	session.output.result(&document, table)
}

/// What the chain knows, with the state as a word.
pub fn with_state(info: RepresentativeInfo, state: &str) -> Value {
	let mut fields = json!(Representative::from(info));
	if let Some(fields) = fields.as_object_mut() {
		fields.insert("state".into(), json!(state));
	}
	fields
}

async fn seal(session: &Session<'_>, representative: PatientId) -> Result<(), Failure> {
	let client = session.actor().await?;
	let SealedTo { rotation, done } = client.seal_to_representative(representative).await?;
	let number = representative.0;
	let sentence = format!("Representative {number} has your chart's present key.");
	let more = json!({
		"representative": number,
		"rotation": rotation.as_ref().map(|done| outcome::document(&client, done)),
	});
	let first = "The chart got a new key first, since someone had lost access.";
	match (done, rotation) {
		(Some(done), rotation) => {
			if let Some(rotation) = &rotation {
				session.output.note(outcome::text(&client, rotation, first));
			}
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		(None, Some(rotation)) => {
			if session.prepares() {
				session.output.note(
					"The chart needs a new key first. When your wallet has signed this and it is final, run the \
					 same command again.",
				);
			}
			outcome::print(session.output, &client, &rotation, &format!("{first} {sentence}"), more)
		},
		(None, None) => session.output.result(&more, sentence),
	}
}

async fn end(session: &Session<'_>, representative: PatientId, yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	asking.confirm(
		&format!("You are about to let patient {} no longer act for you.", representative.0),
		"Only your hospital can confirm them again, if you name them once more.",
	)?;
	let Ended { done, rotation, confirmed } = client.end_representation(representative).await?;
	let number = representative.0;
	let mut sentence =
		format!("Patient {number} no longer acts for you, and vaults give them nothing more.");
	let (state, problem) = match &rotation {
		Rotated::To(_) | Rotated::Separately(_) => {
			sentence.push_str(" Your chart has a new key, which they don't have.");
			("done", None)
		},
		Rotated::Included => ("none", None),
		Rotated::NotNeeded => ("not-needed", None),
		Rotated::NotYet(why) => {
			session.output.warn(no_new_key(why));
			("pending", Some(advice::told(why)))
		},
	};
	sentence.push_str(" What they could open before, they may have kept.");
	let more = json!({
		"representative": number,
		"rotation": state,
		"problem": problem,
		"confirmed": word(confirmed),
	});
	revoking::print(session, &client, &done, confirmed, &sentence, more)
}

/// Runs a registrar's command.
pub async fn of_hospital(
	command: HospitalRepresentatives,
	session: &Session<'_>,
) -> Result<(), Failure> {
	match command {
		HospitalRepresentatives::Pending => pending(session).await,
		HospitalRepresentatives::Confirm { patient, representative, key_digest } => {
			let pair = (PatientId(patient), PatientId(representative));
			confirm(session, pair, key_digest).await
		},
		HospitalRepresentatives::Refuse { patient, representative, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			asking.confirm(
				"You are about to refuse a representative.",
				&format!(
					"Patient {patient} has named patient {representative}, and can name them again."
				),
			)?;
			let pair = (PatientId(patient), PatientId(representative));
			let done = client.refuse_representative(pair.0, pair.1).await?;
			let sentence = format!("Patient {representative} does not act for patient {patient}.");
			let more = json!({ "patient": patient, "representative": representative });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
	}
}

async fn pending(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let headings = ["patient", "representative", "may", "until", "named"];
	let (mut table, mut items) = (Table::new(headings), Vec::new());
	for info in client.awaiting_representatives().await? {
		table.row([
			info.patient.0.to_string(),
			info.representative.0.to_string(),
			described::rights(info.scopes),
			info.until.map_or("the patient ends it".into(), describe::time),
			describe::time(info.named_at),
		]);
		items.push(Representative::from(info));
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "No representative waits for your hospital.");
	}
	session.output.result(&document, table)
}

async fn confirm(
	session: &Session<'_>,
	(patient, representative): (PatientId, PatientId),
	named: Option<Digest>,
) -> Result<(), Failure> {
	if named.is_none() && !terminal::is_there() {
		return Err(Failure::usage("there is no terminal to ask you on: add --key-digest"));
	}
	let client = session.actor().await?;
	let shown = client.representative_to_confirm(patient, representative).await?;
	let ToConfirm { info, key } = &shown;
	let digest = match named {
		Some(Digest(digest)) => digest,
		None => {
			let asking = Asking { yes: false, prepares: false };
			let about = format!(
				"Patient        {}\nRepresentative patient {}\nMay            {}\nUntil          {}\nKey            \
				 {}\n\nHave you seen both people and their papers, and has the representative told you the same key?",
				patient.0,
				representative.0,
				described::rights(info.scopes),
				info.until.map_or("the patient ends it".into(), describe::time),
				hex::encode(key.digest),
			);
			asking.confirm("You are about to confirm a representative:", &about)?;
			key.digest
		},
	};
	let done = client.confirm_representative(&shown, digest).await?;
	let sentence = format!("Patient {} may act for patient {}.", representative.0, patient.0);
	let more = json!({
		"patient": patient.0,
		"representative": representative.0,
		"keyDigest": Hex(digest),
	});
	outcome::print(session.output, &client, &done, &sentence, more)
}

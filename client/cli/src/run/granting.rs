//! `medblock patient grant` and `share`, and the question before a doctor is given access.

use super::{
	asking::Asking,
	terms,
	who::{self, Who},
};
use crate::{
	advice,
	cli::{Grant, Share},
	describe,
	exit::Failure,
	outcome,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Error,
	chain::At,
	grants::{Granted, NewTerms, Shared, WholeChart},
	medblock_primitives::{DoctorId, RecordIndex, Scope},
	names::{self, Named, Names},
};
use medblock_views::Time;
use serde_json::json;

/// The doctor who is given access.
struct Asked {
	doctor: DoctorId,
	who: Who,
	/// The terms: those that the user has seen, if the program has asked.
	terms: NewTerms,
}

/// Lets a doctor see the whole chart.
pub async fn grant(session: &Session<'_>, grant: Grant) -> Result<(), Failure> {
	let asking = Asking::new(session, grant.yes)?;
	let client = session.actor().await?;
	let terms = terms::of_grant(&client, grant.rights).await?;
	let Asked { doctor, who, terms } = ask(&client, &asking, &grant.doctor, None, terms).await?;
	let granted = client.grant_keeping(doctor, terms).await?;
	print_grant(session, &client, &granted, &who)
}

/// Lets a doctor see single records.
pub async fn share(session: &Session<'_>, share: Share) -> Result<(), Failure> {
	let asking = Asking::new(session, share.yes)?;
	let client = session.actor().await?;
	let terms = terms::of_grant(&client, share.rights).await?;
	let whole = if share.narrow { WholeChart::Ends } else { WholeChart::Stays };
	let sharing = Some((share.records.as_slice(), whole));
	let Asked { doctor, who, terms } = ask(&client, &asking, &share.doctor, sharing, terms).await?;
	let narrows = session.prepares() && sees_all(&client, doctor).await?;
	let bar = session.output.bar("Verifying", Unit::Bytes);
	let progress = bar.progress();
	let shared = client.share_keeping(doctor, &share.records, terms, whole, &progress).await?;
	drop(bar);
	print_share(session, &client, &shared, &who, narrows).await
}

/// The doctor who is named, once the user has seen who it is, with the entry as two nodes have it, and what the grant is
/// like after its change. Without `sharing`, the whole chart is granted.
async fn ask(
	client: &Client,
	asking: &Asking,
	named: &Named,
	sharing: Option<(&[RecordIndex], WholeChart)>,
	terms: NewTerms,
) -> Result<Asked, Failure> {
	let at = client.chain().finalized().await?;
	let doctor = asking.certain(names::doctor_to_grant(&at, named).await?)?;
	let info = client.doctors_entry(doctor).await?;
	let mut names = Names::new(&at);
	let who = Who::of_doctor(&info, names.of_hospital(info.hospital).await?);
	if !asking.asks() {
		return Ok(Asked { doctor, who, terms });
	}
	let after = client.terms_after(doctor, terms, sharing.map(|(_, whole)| whole)).await?;
	let sees = match sharing {
		None => "your whole chart, and what is added to it later".to_owned(),
		Some(([], _)) => "none of your records".to_owned(),
		Some((records, _)) => shared(client, &at, records).await?,
	};
	let adds = if after.may_append { "notes and records" } else { "nothing" };
	let until = after.expires_at.map_or("you revoke it".into(), describe::time);
	let hospital = who::hospital(&mut names, info.hospital).await?;
	let shown = format!(
		"{}\n\nMay see        {sees}\nMay add        {adds}\nUntil          {until}",
		describe::doctor(&info, &hospital, None),
	);
	asking.confirm(&format!("You are about to give access to {who}:"), &shown)?;
	Ok(Asked { doctor, who, terms: after.into() })
}

/// Records with their titles, one to a line.
async fn shared(client: &Client, at: &At, records: &[RecordIndex]) -> Result<String, Failure> {
	let patient = client.own_chart(at).await?.id;
	let entries = client.entries(at, patient, records).await?;
	let lines: Vec<String> = entries.iter().map(describe::entry_line).collect();
	Ok(lines.join("\n               "))
}

fn print_grant(
	session: &Session<'_>,
	client: &Client,
	granted: &Granted,
	who: &Who,
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
	let terms = granted.terms.unwrap_or_default();
	let sentence = format!(
		"{} may see your whole chart, and what is added to it later. {}",
		who.begins(),
		terms::told(terms),
	);
	let more = who.with(json!({
		"granted": true,
		"mayAppend": terms.may_append,
		"expiresAt": terms.expires_at.map(Time::from),
		"rotation": rotation,
	}));
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
	who: &Who,
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
		0 => format!("{} may see none of your records.", who.begins()),
		1 => format!("{} may see record {list}, and no other.", who.begins()),
		_ => format!("{} may see records {list}, and no others.", who.begins()),
	};
	let sentence = format!("{sentence} {}", terms::told(shared.terms));
	let more = who.with(json!({
		"records": shared.records,
		"mayAppend": shared.terms.may_append,
		"expiresAt": shared.terms.expires_at.map(Time::from),
		"rotation": rotation,
		"rotationProblem": problem,
	}));
	outcome::print(session.output, client, &shared.done, &sentence, more)
}

pub fn no_new_key(why: &Error) -> String {
	format!(
		"the chart has no new key yet ({}): until `medblock patient rotate` succeeds, new records are \
		 encrypted to you and to the remaining doctors' own keys: confirmed ones, and 61 at most",
		advice::told(why),
	)
}

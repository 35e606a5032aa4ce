//! `medblock patient guardians` and `medblock doctor guardians`.

use super::{
	asking::Asking,
	who::{self, Who},
};
use crate::{
	advice,
	cli::{Guardians as Chosen, GuardiansCommand},
	describe,
	exit::Failure,
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	Client, Done, Error,
	chain::At,
	delegates,
	medblock_crypto::{Error as CryptoError, MAX_SHARES, MIN_SHARES},
	medblock_primitives::{Capacity, Delegate, Moment, PatientId},
	names::{self, Names},
	recovery::{Choice, OwnGuardians},
};
use medblock_views::Guardians;
use serde_json::json;

/// Runs a command about a person's own guardians.
pub async fn run(
	command: GuardiansCommand,
	capacity: Capacity,
	session: &Session<'_>,
) -> Result<(), Failure> {
	match command {
		GuardiansCommand::Set(chosen) => set(session, capacity, chosen).await,
		GuardiansCommand::Show => show(session, capacity).await,
		GuardiansCommand::Renew { yes } => renew(session, capacity, yes).await,
		GuardiansCommand::Remove { yes } => remove(session, capacity, yes).await,
	}
}

async fn set(session: &Session<'_>, capacity: Capacity, chosen: Chosen) -> Result<(), Failure> {
	let Chosen { patients, doctors, desks, threshold, delay, yes } = chosen;
	let count = patients.len().saturating_add(doctors.len()).saturating_add(desks.len());
	let agree = usize::try_from(threshold).unwrap_or(usize::MAX);
	// Before anything is unlocked or asked.
	if agree < MIN_SHARES || agree > count || count > MAX_SHARES {
		return Err(Error::from(CryptoError::ShareCount { threshold: agree, count }).into());
	}
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let mut guardians: Vec<Delegate> =
		patients.into_iter().map(|id| Delegate::Patient(PatientId(id))).collect();
	for doctor in &doctors {
		guardians.push(Delegate::Doctor(asking.certain(names::doctor(&at, doctor).await?)?));
	}
	for desk in &desks {
		guardians.push(Delegate::Desk(asking.certain(names::hospital(&at, desk).await?)?));
	}
	let shown = listed(&at, &guardians).await?;
	asking.confirm(
		&format!(
			"You are about to choose guardians. Any {threshold} of these {count} together can take over your account, {} \
			 after they have agreed, unless you veto; and together they can read what you have now.",
			in_words(delay),
		),
		&shown,
	)?;
	let done = client.set_guardians(capacity, &Choice { guardians, threshold, delay }).await?;
	let sentence = format!(
		"Your guardians are chosen: any {threshold} of {count} together can give you a new account, and you have {} to \
		 veto it.",
		in_words(delay),
	);
	let more = json!({ "threshold": threshold, "guardians": count, "delay": delay });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn show(session: &Session<'_>, capacity: Capacity) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let Some(own) = client.own_guardians(&at, capacity).await? else {
		let document = json!({ "value": null, "at": describe::block(&at) });
		return session.output.result(&document, "You have no guardians.");
	};
	let (mut table, mut names) = (Table::new(["guardian", "number", "share"]), Names::new(&at));
	for one in &own.info.guardians {
		let share = match (one.able, own.outdated.contains(&one.delegate)) {
			(false, _) => "can't act now: choose another",
			(true, true) => "has another key by now: renew",
			(true, false) => "fits",
		};
		let (name, number) = (named(&mut names, one.delegate).await?, number(one.delegate));
		table.row([name, number.to_string(), share.into()]);
	}
	let mut text = format!(
		"Any {} of them together can give you a new account, and you have {} to veto it.\n{table}",
		own.info.commitments.len(),
		in_words(own.info.delay),
	);
	if let Some(advice) = advice_about(&own, capacity) {
		text.push('\n');
		text.push_str(&advice);
	}
	let document = json!({
		"value": Guardians::from(own.info),
		"ofPresentSecret": own.is_of_present_secret,
		"outdated": own.outdated,
		"at": describe::block(&at),
	});
	session.output.result(&document, text)
}

/// What to do about guardians whose shares do not fit any more.
fn advice_about(own: &OwnGuardians, capacity: Capacity) -> Option<String> {
	let who = word(capacity);
	if !own.is_of_present_secret {
		return Some(format!(
			"Their shares do not open what you have now: run `medblock {who} guardians renew`."
		));
	}
	own.are_outdated().then(|| {
		format!(
			"Run `medblock {who} guardians renew`, or `set` if others are to be your guardians."
		)
	})
}

async fn renew(session: &Session<'_>, capacity: Capacity, yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	asking.confirm(
		"You are about to give your guardians new shares.",
		"Requests for a new account that are pending end.",
	)?;
	let done = client.renew_guardians(capacity).await?;
	let sentence =
		"Your guardians have new shares. The earlier ones open nothing together with these.";
	outcome::print(session.output, &client, &done, sentence, json!({}))
}

async fn remove(session: &Session<'_>, capacity: Capacity, yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	asking.confirm(
		"You are about to give up your guardians.",
		"If you lose your words then, no one can give you your account or your data back.",
	)?;
	let done = client.remove_guardians(capacity).await?;
	let sentence = "You have no guardians any more.";
	outcome::print(session.output, &client, &done, sentence, json!({}))
}

/// Renews the guardians' shares after a call that has given the person another secret. The call's own outcome is
/// known, and does not change.
pub async fn renew_after(session: &Session<'_>, client: &Client, capacity: Capacity, done: &Done) {
	if done.receipt().is_some() {
		renew_if_due(session, client, capacity).await;
	}
}

/// Renews the guardians' shares, if they are of a secret that another one has replaced. Sends nothing if calls are only
/// prepared.
pub async fn renew_if_due(session: &Session<'_>, client: &Client, capacity: Capacity) {
	let who = word(capacity);
	if session.prepares() {
		return;
	}
	match client.renew_guardians_if_due(capacity).await {
		Ok(None) => {},
		Ok(Some(_)) => session.output.note("Your guardians have shares of your new secret now."),
		Err(why) => session.output.warn(format_args!(
			"your guardians' shares do not open what you have now ({}): run `medblock {who} guardians renew`",
			advice::told(&why),
		)),
	}
}

/// A delegate as the directory calls it, with its number.
pub async fn named(names: &mut Names<'_>, delegate: Delegate) -> Result<String, Failure> {
	Ok(match delegate {
		Delegate::Patient(_) => delegates::name_of(delegate),
		Delegate::Doctor(doctor) => Who::doctor(names, doctor).await?.to_string(),
		Delegate::Desk(hospital) => format!("desk of {}", who::hospital(names, hospital).await?),
	})
}

async fn listed(at: &At, guardians: &[Delegate]) -> Result<String, Failure> {
	let (mut lines, mut names) = (Vec::new(), Names::new(at));
	for one in guardians {
		lines.push(named(&mut names, *one).await?);
	}
	Ok(lines.join("\n"))
}

fn number(delegate: Delegate) -> u32 {
	match delegate {
		Delegate::Patient(patient) => patient.0,
		Delegate::Doctor(doctor) => doctor.0,
		Delegate::Desk(hospital) => hospital.0,
	}
}

fn word(capacity: Capacity) -> &'static str {
	match capacity {
		Capacity::Patient => "patient",
		Capacity::Doctor => "doctor",
	}
}

/// A span of time, in the largest unit that it is a multiple of.
pub fn in_words(span: Moment) -> String {
	let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second")];
	let fitting =
		units.into_iter().find(|(length, _)| span >= *length && span.is_multiple_of(*length));
	let (length, unit) = fitting.unwrap_or((1, "millisecond"));
	match span / length {
		1 => format!("1 {unit}"),
		count => format!("{count} {unit}s"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn spans_are_told_in_the_largest_unit_that_fits() {
		for (span, words) in [
			(86_400_000, "1 day"),
			(7 * 86_400_000, "7 days"),
			(36 * 3_600_000, "36 hours"),
			(90_000, "90 seconds"),
			(6_001, "6001 milliseconds"),
		] {
			assert_eq!(in_words(span), words);
		}
	}
}

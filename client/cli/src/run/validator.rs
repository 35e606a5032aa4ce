//! `medblock hospital`: the commands for its validator.

mod join;

use super::asking::Asking;
use crate::{
	advice,
	cli::{Sending, ValidatorCommand},
	exit::{Code, Failure},
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	Error,
	accounts::{self, controlled},
	chain::{At, Chain, peer_id_bytes},
	medblock_primitives::{HospitalId, KeysFile, Validator},
	operations::{Finding, Report, ValidatorKeys, check},
};
use medblock_platform::{disk, text};
use serde_json::{Value, json};
use std::path::Path;

/// The longest file with a validator's keys, in bytes.
const MAX_KEYS: usize = 16 * 1_024;

/// Runs a command about a hospital's validator.
pub async fn run(command: ValidatorCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		ValidatorCommand::Join { keys, node_id } => join::run(session, &keys, node_id).await,
		ValidatorCommand::SetKeys { keys, sending: Sending { not_final } } => {
			let validator = read(&keys)?;
			let checked = ValidatorKeys::of(&validator)?;
			let client = session.member(not_final).await?;
			let done = client.set_session_keys(&checked).await?;
			let sentence = "The session keys are registered. They take effect in the session after next. Until \
				then, keep earlier ones on the machine, if there were any.";
			let more = json!({ "aura": validator.aura, "grandpa": validator.grandpa });
			outcome::print(session.output, &client, &done, sentence, more)
		},
		ValidatorCommand::ReclaimSeat { sending: Sending { not_final } } => {
			let client = session.member(not_final).await?;
			let done = client.reclaim_seat().await?;
			let sentence = "The seat is yours again in one of the next sessions.";
			outcome::print(session.output, &client, &done, sentence, json!({}))
		},
		ValidatorCommand::HandOver { successor, yes } => {
			let asking = Asking { yes, prepares: session.prepares() };
			asking.can_be_asked()?;
			let client = session.actor().await?;
			asking.confirm(
				"You are about to let another account act for your hospital. Yours then no longer can, and \
				 only the council can undo that. Appointments that still wait end, and so do permissions to \
				 decide about more people. The account is",
				&successor.to_string(),
			)?;
			let done = client.hand_over(successor).await?;
			let sentence = format!("{successor} acts for your hospital now.");
			let more = json!({ "controller": successor.to_string() });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		ValidatorCommand::Check { hospital } => look(session, hospital).await,
	}
}

fn read(path: &Path) -> Result<Validator, Failure> {
	let bytes =
		disk::read(path, MAX_KEYS).map_err(|why| Failure::file("read the keys", path, &why))?;
	let wrong = |why: &dyn std::fmt::Display| {
		let printed = "what `medblock-node consortium keys` has printed";
		Failure::usage(format!("{} is not {printed}: {why}", path.display()))
	};
	let text = text::decoded(&bytes).map_err(|why| wrong(&why))?;
	let KeysFile { hospital } = toml::from_str(&text).map_err(|why| wrong(&why))?;
	match <[Validator; 1]>::try_from(hospital) {
		Ok([validator]) => Ok(validator),
		Err(several) => Err(wrong(&format!("it is about {} hospitals", several.len()))),
	}
}

/// Connects to other hospitals' nodes, to as many as possible. Fails if one is this machine's own
/// node under another address: if that node started before a tunnel, it listens at the tunnel's
/// port itself.
async fn reachable(
	session: &Session<'_>,
	own: &Chain,
	urls: &[String],
) -> Result<Vec<Chain>, Failure> {
	// A proxy before a node may withhold this; its operator then has to prevent this mistake.
	let id = own.peer_id().await.ok();
	let is_own = async |chain: &Chain| id.is_some() && chain.peer_id().await.ok() == id;
	let mut found = Vec::new();
	for url in urls {
		match Chain::connect(url).await {
			Ok(chain) if is_own(&chain).await => {
				let (first, second) = (own.url().to_owned(), url.clone());
				return Err(medblock_client::chain::Error::SameNode { first, second }.into());
			},
			Ok(chain) => found.push(chain),
			Err(why) => session.output.warn(advice::told_of_node(&why)),
		}
	}
	Ok(found)
}

async fn look(session: &Session<'_>, hospital: Option<u32>) -> Result<(), Failure> {
	let urls = session.urls()?;
	let (own, others) = urls.split_first().ok_or_else(|| Failure::usage("no node is named"))?;
	let own = Chain::connect(own).await?;
	let others = reachable(session, &own, others).await?;
	let other = others.first();
	let hospital = match hospital {
		Some(number) => HospitalId(number),
		None => own_hospital(session, &own, &other.unwrap_or(&own).best().await?).await?,
	};
	let Report { findings, silent } = check(&own, other, hospital).await?;
	let mut table = Table::new(["", "what", "found", "to do"]);
	for one in &findings {
		table.row([
			if one.good { "good" } else { "BAD" }.into(),
			one.what.into(),
			one.sentence.clone(),
			one.remedy.into(),
		]);
	}
	let document = json!({
		"hospital": hospital.0,
		"good": findings.iter().all(|one| one.good),
		"findings": findings.iter().map(finding_json).collect::<Vec<_>>(),
		"silent": silent.iter().map(|one| one.0).collect::<Vec<_>>(),
	});
	let mut text = table.to_string();
	if !silent.is_empty() {
		let numbers: Vec<_> = silent.iter().map(ToString::to_string).collect();
		text.push_str(&format!(
			"\n\nSeated, silent: hospital {}. Don't stop this validator before it is back.",
			numbers.join(", ")
		));
	}
	let bad: Vec<&Finding> = findings.iter().filter(|one| !one.good).collect();
	if bad.is_empty() {
		return session.output.result(&document, text);
	}
	if !session.output.is_json() {
		session.output.result(&document, text)?;
	}
	let code = if bad.iter().any(|one| one.what == "seat") { Code::Refused } else { Code::Network };
	let message = match bad.len() {
		1 => "one thing is not as it should be".to_owned(),
		several => format!("{several} things are not as they should be"),
	};
	let mut failure = Failure::new(code, message);
	failure.found = Some(document);
	Err(failure)
}

/// The hospital for which the account here acts. If there is none, as on a validator's machine, the
/// hospital that owns the node.
async fn own_hospital(session: &Session<'_>, own: &Chain, at: &At) -> Result<HospitalId, Failure> {
	if session.has_account().await? {
		match controlled(at, session.address().await?).await {
			Err(Error::Account(accounts::Error::NotController(_))) => (),
			found => return Ok(found?),
		}
	}
	let peer = own.peer_id().await?;
	at.node_owner(&peer_id_bytes(&peer)?).await?.ok_or_else(|| {
		Failure::usage(format!(
			"no account here acts for a hospital, and the node {peer} is not on the chain's list: name the \
			 hospital with --hospital, or see `medblock hospital join` if it is no member yet"
		))
	})
}

fn finding_json(finding: &Finding) -> Value {
	json!({
		"what": finding.what,
		"good": finding.good,
		"sentence": finding.sentence,
		"remedy": finding.remedy,
	})
}

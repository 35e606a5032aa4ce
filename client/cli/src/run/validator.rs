//! `medblock hospital`: what concerns its validator.

use crate::{
	cli::{Sending, ValidatorCommand},
	exit::{Code, Failure},
	keystore::file,
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	chain::{blake2_256, AccountId, Chain},
	council::Decision,
	medblock_primitives::HospitalId,
	operations::{check, controlled, Finding, Validator},
};
use serde::Deserialize;
use serde_json::{json, Value};
use std::path::Path;

/// The longest file with a validator's keys, in bytes.
const MAX_KEYS: usize = 16 * 1_024;

/// Runs a command about a hospital's validator.
pub async fn run(command: ValidatorCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		ValidatorCommand::Join { keys } => join(session, &keys).await,
		ValidatorCommand::SetKeys { keys, sending: Sending { not_final } } => {
			let validator = read(&keys)?;
			let checked = validator.keys()?;
			let client = session.member(not_final).await?;
			let done = client.set_session_keys(&checked).await?;
			let sentence =
				"The session keys are registered. They count from the session after next; keep \
				the old ones on the machine until then.";
			let more = json!({ "aura": validator.aura, "grandpa": validator.grandpa });
			outcome::print(session.output, &client, &done, sentence, more)
		},
		ValidatorCommand::ReclaimSeat { sending: Sending { not_final } } => {
			let client = session.member(not_final).await?;
			let done = client.reclaim_seat().await?;
			let sentence = "The seat is yours again in one of the next sessions.";
			outcome::print(session.output, &client, &done, sentence, json!({}))
		},
		ValidatorCommand::HandOver { successor } => {
			let client = session.actor().await?;
			let done = client.hand_over(successor).await?;
			let sentence = format!("{successor} acts for your hospital now.");
			let more = json!({ "controller": successor.to_string() });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		ValidatorCommand::Check { hospital } => look(session, hospital).await,
	}
}

/// What `medblock-node consortium keys` prints.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Printed {
	hospital: Vec<Validator>,
}

fn read(path: &Path) -> Result<Validator, Failure> {
	let bytes =
		file::read(path, MAX_KEYS).map_err(|why| Failure::file("read the keys", path, &why))?;
	let wrong = |why: &dyn std::fmt::Display| {
		let printed = "what `medblock-node consortium keys` has printed";
		Failure::usage(format!("{} is not {printed}: {why}", path.display()))
	};
	let text = std::str::from_utf8(&bytes).map_err(|why| wrong(&why))?;
	let Printed { hospital } = toml::from_str(text).map_err(|why| wrong(&why))?;
	match <[Validator; 1]>::try_from(hospital) {
		Ok([validator]) => Ok(validator),
		Err(several) => Err(wrong(&format!("it is about {} hospitals", several.len()))),
	}
}

async fn join(session: &Session<'_>, path: &Path) -> Result<(), Failure> {
	let validator = read(path)?;
	validator.keys()?;
	let Some(node) = validator.nodes.first() else {
		return Err(Failure::usage("the file names no node"));
	};
	let controller: AccountId = validator
		.controller
		.parse()
		.map_err(|_| Failure::usage("the controller is no SS58 address"))?;
	let chain = session.node().await?.first().clone();
	let best = chain.best().await?;
	let known = best.hospitals().await?;
	let next = best.next_hospital().await?.0;
	// A hospital that only has a new machine is not to be admitted once more.
	let member = known.iter().find(|one| one.controller == controller).map(|one| one.id.0);
	let (name, gateway) = (&validator.name, &validator.gateway);
	let admit = Decision::Admit { controller, name: name.clone(), gateway: gateway.clone() };
	let call = admit.call(&chain, &known).await?;
	let (hash, data) = (format!("{:?}", blake2_256(&call)), format!("0x{}", hex::encode(&call)));
	let admission = format!(
		"medblock council propose admit --controller {controller} --name {} --gateway {}",
		quoted(name),
		quoted(gateway),
	);
	let number = member.unwrap_or(next);
	let authorization = format!("medblock council propose authorize-node {number} {node}");
	let mut text = format!(
		"Session keys\n  aura     {}\n  grandpa  {}\n  proof    {}\nNode\n  {node}\n",
		validator.aura, validator.grandpa, validator.proof,
	);
	match member {
		Some(number) => text.push_str(&format!("\nThis is hospital {number} already.\n")),
		None => text.push_str(&format!(
			"\n1. A member of the council proposes to admit the hospital:\n\n   {admission}\n\n   The call \
			 has the hash {hash} and is\n   {data}\n",
		)),
	}
	text.push_str(&format!(
		"\n2. A member of the council proposes to let the node connect{}:\n\n   {authorization}\n\n3. When \
		 the node has caught up, the hospital's controller registers the session keys:\n\n   medblock \
		 hospital set-keys {}\n\n4. Two sessions later:\n\n   medblock hospital check",
		if member.is_none() {
			format!(", if the admitted hospital has the number {number}")
		} else {
			String::new()
		},
		quoted(&path.display().to_string()),
	));
	let document = json!({
		"aura": validator.aura,
		"grandpa": validator.grandpa,
		"proof": validator.proof,
		"node": node,
		"controller": controller.to_string(),
		"memberAs": member,
		"expectedHospital": number,
		"admission": { "command": admission, "hash": hash, "data": data },
		"authorization": { "command": authorization },
	});
	session.output.result(&document, text)
}

/// The text as a shell takes it for one word.
fn quoted(text: &str) -> String {
	format!("'{}'", text.replace('\'', "'\\''"))
}

async fn look(session: &Session<'_>, hospital: Option<u32>) -> Result<(), Failure> {
	let urls = session.urls()?;
	let (own, others) = urls.split_first().ok_or_else(|| Failure::usage("no node is named"))?;
	let own = Chain::connect(own).await?;
	let mut other = None;
	let mut findings = Vec::new();
	for url in others {
		match Chain::connect(url).await {
			Ok(chain) => {
				other = Some(chain);
				break;
			},
			Err(why) => session.output.warn(why),
		}
	}
	let hospital = match hospital {
		Some(number) => HospitalId(number),
		None => {
			controlled(&other.as_ref().unwrap_or(&own).best().await?, session.address()?).await?
		},
	};
	findings.extend(check(&own, other.as_ref(), hospital).await?);
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
	});
	let bad: Vec<&Finding> = findings.iter().filter(|one| !one.good).collect();
	if bad.is_empty() {
		return session.output.result(&document, table);
	}
	if !session.output.is_json() {
		session.output.result(&document, &table)?;
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

fn finding_json(finding: &Finding) -> Value {
	json!({
		"what": finding.what,
		"good": finding.good,
		"sentence": finding.sentence,
		"remedy": finding.remedy,
	})
}

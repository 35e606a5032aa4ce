//! What vaults can be held to: `medblock patient disclosures --verify` and `medblock doctor receipts`.

use super::{
	patient::Wanted,
	who::{self, Who},
};
use crate::{
	advice,
	cli::Which,
	describe,
	exit::{Code, Failure},
	output::Table,
	session::Session,
};
use medblock_client::{
	Error,
	medblock_primitives::HospitalId,
	names::Names,
	receipts::{Capacity, Checked, Disclosure, Found, Lie, Named, Proven, ProvenLine, Subject},
};
use medblock_views::{Hex, Time};
use serde_json::{Value, json};

/// What was found out about all vaults.
#[derive(Default)]
struct Findings {
	/// For JSON, vault by vault.
	vaults: Vec<Value>,
	/// For people, a sentence for each vault.
	sentences: Vec<String>,
	/// The first vault that contradicts itself or the chain, and how.
	contradiction: Option<(HospitalId, String)>,
	/// The first reason why a vault could not be asked.
	silence: Option<Error>,
}

impl Findings {
	fn contradicted(&mut self, hospital: HospitalId, why: String) {
		self.sentences.push(format!("Hospital {hospital}: {why}."));
		self.contradiction.get_or_insert((hospital, why));
	}

	fn silent(&mut self, hospital: HospitalId, why: Error) {
		let told = advice::told(&why);
		self.vaults.push(json!({ "hospital": hospital.0, "error": told }));
		self.sentences.push(format!("Hospital {hospital}: {told}"));
		self.silence.get_or_insert(why);
	}

	/// Prints what was found, and fails if a vault contradicts itself, or could not be asked.
	fn print(
		self,
		session: &Session<'_>,
		items: Vec<Value>,
		table: Option<Table>,
	) -> Result<(), Failure> {
		let Self { vaults, sentences, contradiction, silence } = self;
		let document = json!({ "items": items, "vaults": vaults });
		let table = table.map(|table| format!("{table}\n\n")).unwrap_or_default();
		let text = table + &sentences.join("\n");
		let failure = match (contradiction, silence) {
			(None, None) => return session.output.result(&document, text),
			(Some((hospital, why)), _) => Failure::new(
				Code::Contradicted,
				format!(
					"the vault of hospital {hospital} contradicts what it signed, or what is on the chain ({why}): keep \
					 this output and this program's files, and ask another hospital"
				),
			),
			(None, Some(why)) => why.into(),
		};
		if !session.output.is_json() {
			session.output.result(&document, text)?;
		}
		Err(Failure { found: Some(document), ..failure })
	}
}

/// Checks all that vaults gave out of the own chart, and lists a part of it.
pub async fn disclosures(session: &Session<'_>, which: &Which) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let (wanted, mut names) = (Wanted::new(&at, which).await?, Names::new(&at));
	let (mut findings, mut items) = (Findings::default(), Vec::new());
	let mut table = Table::new(["when", "vault", "recipient", "what", "bytes", "block"]);
	for (hospital, proven) in client.check_disclosures().await? {
		match proven {
			Ok(Proven::NotPromised) => {
				findings.vaults.push(json!({ "hospital": hospital.0, "verdict": "not-promised" }));
				findings.sentences.push(format!(
					"Hospital {hospital}: its vault gives no receipts, so what it gave out can't be checked."
				));
			},
			Ok(Proven::Whole { lines, anchor, late, begun_anew }) => {
				for line in lines.iter().filter(|line| is_listed(&wanted, line)) {
					let who = recipient(&mut names, line).await?;
					let vault = who::hospital(&mut names, hospital).await?;
					table.row(row(vault, line, who.clone()));
					items.push(item(hospital, line, who));
				}
				let gone = lines.first().map_or(0, |line| line.number);
				findings.vaults.push(json!({
					"hospital": hospital.0,
					"verdict": "whole",
					"disclosures": lines.len(),
					"noLongerKept": gone,
					"late": late,
					"begunAnew": begun_anew,
					"onChainSince": anchor.map(|anchor| Time::from(anchor.at)),
				}));
				let anchored = match anchor {
					Some(anchor) => format!("on the chain since {}", describe::time(anchor.at)),
					None => "not on the chain yet".to_owned(),
				};
				findings.sentences.push(format!(
					"Hospital {hospital}: all {} disclosures are signed by their readers, and none is missing; its log is \
					 {anchored}.",
					lines.len(),
				));
				if gone > 0 {
					findings.sentences.push(format!(
						"Hospital {hospital} says that it no longer keeps the {gone} disclosures before these: ask it since when."
					));
				}
				if begun_anew {
					findings.sentences.push(format!(
						"Hospital {hospital} has begun another log: what it gave out before can't be checked any more."
					));
				}
				let wrong = lines.iter().find(|line| line.named == Named::Wrong);
				if let Some(line) = wrong {
					let why = format!(
						"disclosure {} names another person than its account's",
						line.number
					);
					findings.contradicted(hospital, why);
				}
				if late > 0 {
					let why = format!("{late} disclosures should be on the chain, and are not");
					findings.contradicted(hospital, why);
				}
			},
			Ok(Proven::Contradicted(lie)) => {
				let why = lie.to_string();
				findings.vaults.push(json!({
					"hospital": hospital.0,
					"verdict": "contradicted",
					"why": why,
				}));
				findings.contradicted(hospital, why);
			},
			Err(why) => findings.silent(hospital, why),
		}
	}
	let table = (!items.is_empty()).then_some(table);
	findings.print(session, items, table)
}

fn is_listed(wanted: &Wanted, line: &ProvenLine) -> bool {
	let doctor = match line.disclosure.capacity {
		Capacity::Doctor(doctor) | Capacity::Emergency(doctor) => Some(doctor),
		Capacity::Patient | Capacity::Registrar(_) | Capacity::Representative(_) => None,
	};
	wanted.has(line.disclosure.time, doctor)
}

/// Lists the receipts on this machine.
pub async fn list(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.reader().await?;
	let (mut items, mut table) =
		(Vec::new(), Table::new(["when", "vault", "patient", "what", "place", "on the chain"]));
	for (receipt, is_proven) in client.receipts().await? {
		let Disclosure { asked, time, .. } = &receipt.disclosure;
		let promise = &receipt.promise.statement;
		table.row([
			describe::time(*time),
			format!("hospital {}", promise.log.hospital),
			asked.request.patient.to_string(),
			what(&receipt.disclosure),
			promise.index.to_string(),
			if is_proven { "yes" } else { "not checked" }.to_owned(),
		]);
		items.push(json!({
			"time": Time::from(*time),
			"vault": promise.log.hospital.0,
			"patient": asked.request.patient.0,
			"what": what(&receipt.disclosure),
			"log": promise.log.number,
			"index": promise.index,
			"leaf": Hex(promise.leaf),
			"onChain": is_proven,
		}));
	}
	let document = json!({ "items": items });
	if items.is_empty() {
		return session.output.result(&document, "There are no receipts on this machine.");
	}
	session.output.result(&document, table)
}

/// Checks the receipts on this machine.
pub async fn check(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.reader().await?;
	let mut findings = Findings::default();
	for (hospital, checked) in client.check_receipts().await? {
		match checked {
			Ok(Checked { proven, waiting, late, given_up, lies }) => {
				let told: Vec<Value> = lies.iter().map(lie).collect();
				findings.vaults.push(json!({
					"hospital": hospital.0,
					"proven": proven,
					"waiting": waiting,
					"late": late,
					"givenUp": given_up,
					"contradictions": told,
				}));
				let mut sentence =
					format!("Hospital {hospital}: {proven} receipts are in its log on the chain.");
				if waiting > 0 {
					sentence += &format!(" {waiting} need not be yet.");
				}
				if given_up > 0 {
					sentence +=
						&format!(" {given_up} are of a log that the hospital has given up.");
				}
				// Of a vault that can't be asked, only what came without a receipt is known.
				if proven + waiting + late + given_up > 0 || lies.is_empty() {
					findings.sentences.push(sentence);
				}
				if late > 0 {
					let why = format!("{late} receipts should be on the chain, and are not");
					findings.contradicted(hospital, why);
				}
				for Found { why, .. } in lies {
					let when = match why {
						Lie::NoReceipt { at } => format!(" ({})", describe::time(at)),
						_ => String::new(),
					};
					findings.contradicted(hospital, format!("{why}{when}"));
				}
			},
			Err(why) => findings.silent(hospital, why),
		}
	}
	if findings.vaults.is_empty() {
		findings.sentences.push("There are no receipts on this machine.".to_owned());
	}
	findings.print(session, Vec::new(), None)
}

/// A contradiction as JSON, with the receipt, which convinces anybody else, too.
fn lie(Found { receipt, why }: &Found) -> Value {
	let receipt = receipt.as_ref().map(|receipt| {
		json!({
			"disclosure": hex::encode(receipt.disclosure.to_bytes()),
			"log": receipt.promise.statement.log.number,
			"index": receipt.promise.statement.index,
			"signature": Hex(receipt.promise.signature),
		})
	});
	json!({ "why": why.to_string(), "receipt": receipt })
}

fn row(vault: String, line: &ProvenLine, who: String) -> [String; 6] {
	let Disclosure { asked, from, to, time, block, .. } = &line.disclosure;
	let bytes = match asked.request.subject {
		Subject::Titles { .. } => to.to_string(),
		_ => format!("{from} to {to}"),
	};
	[describe::time(*time), vault, who, what(&line.disclosure), bytes, block.to_string()]
}

fn item(hospital: HospitalId, line: &ProvenLine, who: String) -> Value {
	let Disclosure { asked, from, to, time, block, block_hash, .. } = &line.disclosure;
	let from = match asked.request.subject {
		Subject::Titles { .. } => 0,
		_ => *from,
	};
	let named = match line.named {
		Named::Right => Some(true),
		Named::Wrong => Some(false),
		Named::Unknown => None,
	};
	json!({
		"vault": hospital.0,
		"number": line.number,
		"index": line.index,
		"time": Time::from(*time),
		"recipient": who,
		"account": line.account.to_string(),
		"isTheirAccount": named,
		"what": what(&line.disclosure),
		"from": from,
		"to": to,
		"block": block,
		"blockHash": Hex(*block_hash),
	})
}

async fn recipient(names: &mut Names<'_>, line: &ProvenLine) -> Result<String, Failure> {
	let who = match line.disclosure.capacity {
		Capacity::Patient => "you".to_owned(),
		Capacity::Doctor(doctor) => Who::doctor(names, doctor).await?.to_string(),
		Capacity::Emergency(doctor) => {
			who::in_emergency(&Who::doctor(names, doctor).await?.to_string())
		},
		Capacity::Registrar(hospital) => who::registrar(names, hospital).await?,
		Capacity::Representative(patient) => who::representative(patient),
	};
	Ok(match line.named {
		Named::Right => who,
		Named::Wrong => format!("{who}, by another's account"),
		Named::Unknown => format!("{who}, as the vault says"),
	})
}

fn what(disclosure: &Disclosure) -> String {
	match &disclosure.asked.request.subject {
		Subject::Profile { .. } => "profile".to_owned(),
		Subject::Record { index, .. } => format!("record {index}"),
		Subject::Titles { .. } => match disclosure.titles().as_slice() {
			[one] => format!("title of record {one}"),
			many => format!("titles of {} records", many.len()),
		},
	}
}

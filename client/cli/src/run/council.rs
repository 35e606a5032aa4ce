//! `medblock council`.

use super::{asking::Asking, portal::digest_of};
use crate::{
	calls,
	cli::{Council as Options, CouncilCommand, Proposal, Vote},
	describe::time,
	exit::{Code, Failure},
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	Done,
	chain::{AccountId, Decoded, Motion, Until, blake2_256},
	council::{Council, Decision, Standing},
	medblock_primitives::HospitalId,
};
use medblock_platform::disk;
use medblock_views::{BlockHash, BlockRef, Time};
use serde_json::{Value, json};
use std::path::Path;

/// The largest runtime that is read, in bytes: more than fits into a block.
const MAX_RUNTIME: usize = 8 * 1_024 * 1_024;

/// Runs a command of the council.
pub async fn run(options: Options, session: &Session<'_>) -> Result<(), Failure> {
	let Options { yes, not_final, command } = options;
	let asking = Asking { yes, prepares: session.prepares() };
	match command {
		CouncilCommand::List => list(session, &read(session, not_final).await?),
		CouncilCommand::Show { proposal } => {
			let council = read(session, not_final).await?;
			let motion = council.motion(&proposal)?;
			session.output.result(&motion_json(&council, motion), motion_text(&council, motion))
		},
		CouncilCommand::Propose(proposal) => {
			asking.can_be_asked()?;
			let decision = decision(proposal)?;
			let client = session.member(not_final).await?;
			let council = client.council().await?;
			let call = decision.call(client.chain(), &council.hospitals).await?;
			let decoded = client.decoded(&call).await?;
			let hash = format!("{:?}", blake2_256(&call));
			let shown = format!("{}\nHash: {hash}", calls::text(&decoded, &council.hospitals));
			asking.confirm("You are about to propose this call:", &shown)?;
			let done = client.propose(&council, call.clone()).await?;
			let number = outcome::number(&done, "Proposed", "proposal_index");
			let sentence = match number {
				Some(number) => format!(
					"This is proposal {number} now, with the hash {hash}; {} of {} votes are needed.",
					council.threshold(),
					council.members.len(),
				),
				None => "The council decided this at once: it has one member.".into(),
			};
			let more = json!({
				"proposal": number,
				"hash": hash,
				"proposes": calls::document(&decoded),
				"proposedCall": format!("0x{}", hex::encode(&call)),
				"threshold": council.threshold(),
			});
			if let Done::Prepared(_) = done {
				session.output.note(&shown);
			}
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		CouncilCommand::Vote { proposal, vote } => {
			asking.can_be_asked_about(&proposal)?;
			let client = session.member(not_final).await?;
			let council = client.council().await?;
			let motion = council.motion(&proposal)?;
			let word = if vote == Vote::Aye { "aye" } else { "nay" };
			asking.confirm(
				&format!("You are about to vote {word} on proposal {}:", motion.number),
				&motion_text(&council, motion),
			)?;
			let done = client.vote(&council, motion, vote == Vote::Aye).await?;
			let sentence = format!("Voted {word} on proposal {}.", motion.number);
			let more = json!({ "proposal": motion.number, "hash": hash(motion), "vote": word });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		CouncilCommand::Close { proposal } => {
			asking.can_be_asked_about(&proposal)?;
			close(session, &asking, not_final, &proposal).await
		},
		CouncilCommand::CarryOut { decision } => {
			asking.can_be_asked()?;
			let client = session.member(not_final).await?;
			let council = client.council().await?;
			let waiting = council.waits(decision)?;
			let call = call_text(&council, waiting.decoded.as_ref());
			asking.confirm("You are about to carry out this decision:", &call)?;
			let done = client.carry_out(&council, decision).await?;
			let sentence = format!("Decision {decision} is carried out.");
			let more = json!({
				"decision": decision,
				"carriesOut": waiting.decoded.as_ref().map(calls::document),
			});
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		CouncilCommand::ApplyUpgrade { runtime } => {
			let code = read_runtime(&runtime)?;
			asking.can_be_asked()?;
			let client = session.member(not_final).await?;
			let council = client.council().await?;
			let call = client.upgrade_call(&council, &code).await?;
			asking.confirm(
				"You are about to put this runtime in force:",
				&calls::text(&call, &council.hospitals),
			)?;
			let done = client.apply_upgrade(&council, code).await?;
			let sentence = "The new runtime is in force from the next block on.";
			let more = json!({ "codeHash": council.upgrade.map(|hash| format!("{hash:?}")) });
			outcome::print(session.output, &client, &done, sentence, more)
		},
	}
}

async fn read(session: &Session<'_>, not_final: bool) -> Result<Council, Failure> {
	let until = if not_final { Until::Included } else { Until::Final };
	Ok(Council::read(&session.several().await?, until).await?)
}

fn decision(proposal: Proposal) -> Result<Decision, Failure> {
	Ok(match proposal {
		Proposal::Admit { controller, name, gateway } => {
			Decision::Admit { controller, name, gateway }
		},
		Proposal::Readmit { hospital, controller } => {
			Decision::Readmit(HospitalId(hospital), controller)
		},
		Proposal::Expel { hospital } => Decision::Expel(HospitalId(hospital)),
		Proposal::Rename { hospital, name } => Decision::Rename(HospitalId(hospital), name),
		Proposal::ChangeController { hospital, controller } => {
			Decision::ChangeController(HospitalId(hospital), controller)
		},
		Proposal::ReinstateSeat { hospital } => Decision::ReinstateSeat(HospitalId(hospital)),
		Proposal::AuthorizeNode { hospital, peer } => {
			Decision::AuthorizeNode(HospitalId(hospital), peer)
		},
		Proposal::RevokeNode { peer } => Decision::RevokeNode(peer),
		Proposal::ReplaceNode { old, new } => Decision::ReplaceNode(old, new),
		Proposal::Upgrade { runtime } => Decision::Upgrade(blake2_256(&read_runtime(&runtime)?)),
		Proposal::NoteStalled { delay, finalized } => Decision::NoteStalled { delay, finalized },
		Proposal::CallOff { decision } => Decision::CallOff(decision),
		Proposal::PortalRelease { portal, release } => {
			Decision::ListPortalRelease(digest_of(&portal)?.0, release)
		},
		Proposal::WithdrawPortalRelease { portal } => {
			Decision::WithdrawPortalRelease(digest_of(&portal)?.0)
		},
		Proposal::AllowDecisions { hospital, what, kind, number } => {
			Decision::AllowDecisions(HospitalId(hospital), what.into(), kind.into(), number)
		},
		Proposal::SetSuccessor { hospital, successor } => {
			Decision::SetSuccessor(HospitalId(hospital), successor.successor.map(HospitalId))
		},
		Proposal::Call { data } => {
			let bytes = hex::decode(data.trim_start_matches("0x"));
			Decision::Call(bytes.map_err(|_| Failure::usage("the call has to be hexadecimal"))?)
		},
	})
}

fn read_runtime(path: &Path) -> Result<Vec<u8>, Failure> {
	let code = disk::read(path, MAX_RUNTIME)
		.map_err(|why| Failure::file("read the runtime", path, &why))?;
	// The marks of WebAssembly, and of the compressed form in which the build leaves it.
	const WASM: [u8; 4] = *b"\0asm";
	const COMPRESSED: [u8; 8] = [82, 188, 83, 118, 70, 219, 142, 5];
	if !code.starts_with(&WASM) && !code.starts_with(&COMPRESSED) {
		return Err(Failure::new(Code::Local, format!("{} is no runtime", path.display())));
	}
	Ok(code.to_vec())
}

async fn close(
	session: &Session<'_>,
	asking: &Asking,
	not_final: bool,
	proposal: &str,
) -> Result<(), Failure> {
	let client = session.member(not_final).await?;
	let council = client.council().await?;
	let motion = council.motion(proposal)?;
	let standing = council.standing(motion);
	let outcome = match standing {
		Standing::Approved => Some("which carries this call out"),
		Standing::Rejected | Standing::Ended => Some("and nothing comes of this call"),
		// It is too early to close, so there is nothing to confirm.
		Standing::Open => None,
	};
	if let Some(outcome) = outcome {
		asking.confirm(
			&format!("You are about to close proposal {}, {outcome}:", motion.number),
			&motion_text(&council, motion),
		)?;
	}
	let done = client.close(&council, motion).await?;
	let mut sentence = match standing {
		Standing::Approved => format!("Proposal {} is approved and carried out.", motion.number),
		Standing::Rejected => format!("Proposal {} is rejected and closed.", motion.number),
		Standing::Ended | Standing::Open => {
			format!("Proposal {} is closed: it had too few votes in time.", motion.number)
		},
	};
	let hospital = outcome::number(&done, "HospitalAdmitted", "hospital");
	let waits = outcome::number(&done, "EnactmentDelayed", "enactment");
	let due = outcome::number(&done, "EnactmentDelayed", "due");
	let void_at = outcome::moment(&done, "EnactmentDelayed", "void_at");
	if let Some(hospital) = hospital {
		sentence.push_str(&format!(" The hospital has the number {hospital}."));
	}
	if let (Some(number), Some(due)) = (waits, due) {
		sentence.push_str(&format!(
			" It waits as decision {number} until block {due}: `medblock council carry-out {number}` then."
		));
	}
	if let Some(void_at) = void_at {
		let until = time(void_at);
		sentence.push_str(&format!(" If no hospital carries it out before {until}, it is void."));
	}
	let more = json!({
		"proposal": motion.number,
		"hash": hash(motion),
		"result": calls::standing(standing),
		"hospital": hospital,
		"decision": waits,
		"due": due,
		"voidAt": void_at.map(Time::from),
	});
	outcome::print(session.output, &client, &done, &sentence, more)
}

fn hash(motion: &Motion) -> String {
	format!("{:?}", motion.hash)
}

fn call_text(council: &Council, decoded: Option<&Decoded>) -> String {
	match decoded {
		Some(call) => calls::text(call, &council.hospitals),
		None => "This chain's runtime can't read the call.".into(),
	}
}

fn motion_text(council: &Council, motion: &Motion) -> String {
	let voters = |accounts: &[AccountId]| -> String {
		let lines: String = accounts
			.iter()
			.map(|one| format!("\n  {}", calls::named(one, &council.hospitals)))
			.collect();
		if lines.is_empty() { " none".into() } else { lines }
	};
	format!(
		"{}\nHash: {}\n{} until block {}; {} votes are needed.\nFor it:{}\nAgainst it:{}",
		call_text(council, motion.decoded.as_ref()),
		hash(motion),
		match council.standing(motion) {
			Standing::Open => "Open",
			Standing::Approved => "Approved, to be closed,",
			Standing::Rejected => "Rejected, to be closed,",
			Standing::Ended => "Ended, to be closed: it was open",
		},
		motion.end,
		motion.threshold,
		voters(&motion.ayes),
		voters(&motion.nays),
	)
}

fn motion_json(council: &Council, motion: &Motion) -> Value {
	let accounts =
		|some: &[AccountId]| -> Vec<String> { some.iter().map(ToString::to_string).collect() };
	json!({
		"proposal": motion.number,
		"hash": hash(motion),
		"proposedCall": format!("0x{}", hex::encode(&motion.call)),
		"proposes": motion.decoded.as_ref().map(calls::document),
		"standing": calls::standing(council.standing(motion)),
		"threshold": motion.threshold,
		"ayes": accounts(&motion.ayes),
		"nays": accounts(&motion.nays),
		"end": motion.end,
	})
}

fn list(session: &Session<'_>, council: &Council) -> Result<(), Failure> {
	let members: Vec<_> =
		council.members.iter().map(|one| calls::named(one, &council.hospitals)).collect();
	let mut text = format!(
		"Block {}. {} of these {} decide:\n  {}",
		council.block,
		council.threshold(),
		members.len(),
		members.join("\n  "),
	);
	if council.motions.is_empty() {
		text.push_str("\n\nNothing is proposed.");
	} else {
		let mut table =
			Table::new(["proposal", "state", "for", "against", "until", "call", "hash"]);
		for motion in &council.motions {
			table.row([
				motion.number.to_string(),
				calls::standing(council.standing(motion)).into(),
				format!("{} of {}", motion.ayes.len(), motion.threshold),
				motion.nays.len().to_string(),
				motion.end.to_string(),
				calls::brief(motion.decoded.as_ref(), council),
				hash(motion),
			]);
		}
		text.push_str(&format!("\n\n{table}"));
	}
	if !council.waiting.is_empty() {
		let mut table = Table::new(["decision", "from block", "until", "call"]);
		for one in &council.waiting {
			let until = match council.is_void(one) {
				true => "void".into(),
				false => time(one.void_at),
			};
			table.row([
				one.number.to_string(),
				one.due.to_string(),
				until,
				calls::brief(one.decoded.as_ref(), council),
			]);
		}
		text.push_str(&format!("\n\n{table}"));
	}
	if let Some(hash) = council.upgrade {
		let until = match council.upgrade_void_at {
			Some(end) => format!("until {}", time(end)),
			None => "now".into(),
		};
		text.push_str(&format!(
			"\n\nThe runtime with the hash {hash:?} may be put in force {until}."
		));
	}
	let document = json!({
		"at": BlockRef { number: council.block, hash: BlockHash(council.hash.0) },
		"members": council.members.iter().map(ToString::to_string).collect::<Vec<_>>(),
		"threshold": council.threshold(),
		"proposals": council.motions.iter().map(|one| motion_json(council, one)).collect::<Vec<_>>(),
		"waiting": council.waiting.iter().map(|one| json!({
			"decision": one.number,
			"due": one.due,
			"voidAt": Time::from(one.void_at),
			"carriesOut": one.decoded.as_ref().map(calls::document),
		})).collect::<Vec<_>>(),
		"authorizedUpgrade": council.upgrade.map(|hash| format!("{hash:?}")),
		"authorizedUpgradeVoidAt": council.upgrade_void_at.map(Time::from),
	});
	session.output.result(&document, text)
}

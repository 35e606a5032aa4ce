//! `medblock network`.

use crate::{
	advice,
	cli::NetworkCommand,
	describe::{self, words},
	exit::{Code, Failure},
	output::Table,
	session::Session,
};
use medblock_client::{
	Error,
	chain::{At, Chain, Health, HospitalInfo},
	medblock_primitives::{HospitalId, RegistrationMode},
	operations::Authors,
};
use medblock_views::{Hospital, SeatStatus};
use serde_json::{Value, json};

/// Runs a command about the network.
pub async fn run(command: NetworkCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		NetworkCommand::Status => status(session, &session.urls()?).await,
	}
}

/// A node's own report.
struct Told {
	chain: Chain,
	/// The peer id, unless a proxy before the node withholds it.
	peer_id: Option<String>,
	finalized: At,
	best: u32,
	health: Health,
}

async fn ask(url: &str) -> Result<Told, Error> {
	let chain = Chain::connect(url).await?;
	let peer_id = chain.peer_id().await.ok();
	let finalized = chain.finalized().await?;
	let best = chain.best().await?.number();
	let health = chain.health().await?;
	Ok(Told { chain, peer_id, finalized, best, health })
}

/// The state of a node that knows as much as the others.
const READY: &str = "ready";

/// A node's state. A node without peers can't know that it is behind.
fn state(health: &Health) -> &'static str {
	match health {
		Health { peers: 0, .. } => "no peers",
		Health { is_syncing: true, .. } => "catching up",
		Health { .. } => READY,
	}
}

/// The order in which nodes know the consortium best: ready ones first, then the furthest.
fn knowledge(health: &Health, best: u32) -> (bool, u32) {
	(state(health) == READY, best)
}

async fn status(session: &Session<'_>, urls: &[String]) -> Result<(), Failure> {
	let mut table = Table::new(["node", "final", "best", "peers", "state"]);
	let mut nodes = Vec::new();
	let (mut reached, mut problem) = (Vec::new(), None);
	for url in urls {
		match ask(url).await {
			Ok(told) => {
				table.row([
					url.clone(),
					told.finalized.number().to_string(),
					told.best.to_string(),
					told.health.peers.to_string(),
					state(&told.health).into(),
				]);
				nodes.push(node_json(url, &told));
				reached.push(told);
			},
			Err(why) => {
				table.row([
					url.clone(),
					String::new(),
					String::new(),
					String::new(),
					"not reachable".into(),
				]);
				let told = advice::told(&why);
				session.output.warn(&told);
				nodes.push(json!({ "url": url, "problem": told }));
				problem = Some(why);
			},
		}
	}
	if let Some((first, second)) = same(&reached) {
		session.output.note(&table);
		return Err(medblock_client::chain::Error::SameNode { first, second }.into());
	}
	let Some(told) = reached.iter().max_by_key(|one| knowledge(&one.health, one.best)) else {
		let why = problem.map_or_else(|| Failure::usage("no node is named"), Failure::from);
		return Err(why);
	};
	if let Some(what) = disagreement(&reached).await? {
		session.output.note(&table);
		let mut failure = Failure::new(Code::KeysDisagree, what);
		// The hospitals are left out, because it is open which node to believe about them.
		failure.found = Some(json!({ "nodes": nodes, "agree": false }));
		return Err(failure);
	}
	let hospitals = told.finalized.hospitals().await?;
	let silent = silent(session, told).await;
	let is_silent = |one: &HospitalInfo| silent.as_ref().map(|some| some.contains(&one.id));
	let mut houses = Table::new(["hospital", "name", "seat", "accepts", "gateway"]);
	for one in &hospitals {
		houses.row([
			one.id.0.to_string(),
			words(&one.name),
			if is_silent(one) == Some(true) { "seated, silent" } else { seat(one) }.into(),
			takes_in(one).into(),
			words(&one.gateway),
		]);
	}
	let document = json!({
		"genesis": genesis(&told.chain),
		"nodes": nodes,
		"agree": true,
		"hospitals": hospitals.iter().map(|one| hospital_json(one, is_silent(one))).collect::<Vec<_>>(),
		"at": describe::block(&told.finalized),
	});
	let agree = match reached.len() {
		1 => "Only one node answers: there is none to compare it with.",
		_ => "The nodes agree.",
	};
	session.output.result(
		&document,
		format_args!(
			"{table}\n\n{agree} The chain's first block is {}.\n\n{houses}",
			genesis(&told.chain)
		),
	)
}

/// The hospitals whose validators are seated and make no blocks. A node that is not ready can't tell.
async fn silent(session: &Session<'_>, told: &Told) -> Option<Vec<HospitalId>> {
	if state(&told.health) != READY {
		return None;
	}
	match Authors::of(&told.chain).await {
		Ok(authors) => Some(authors.silent().collect()),
		Err(why) => {
			let told = advice::told(&why);
			session.output.warn(format_args!("can't see which validators are away: {told}"));
			None
		},
	}
}

/// The addresses of two that are the same node, which would agree on everything.
fn same(reached: &[Told]) -> Option<(String, String)> {
	reached.iter().enumerate().find_map(|(at, one)| {
		let id = one.peer_id.as_ref()?;
		let twin = reached.iter().skip(at + 1).find(|other| other.peer_id.as_ref() == Some(id))?;
		Some((one.chain.url().to_owned(), twin.chain.url().to_owned()))
	})
}

/// The subject on which nodes disagree, if they do: the chain, or a block that both have finalized.
async fn disagreement(reached: &[Told]) -> Result<Option<String>, Failure> {
	let Some((first, others)) = reached.split_first() else { return Ok(None) };
	for other in others {
		let what = if first.chain.genesis() != other.chain.genesis() {
			Some("which chain this is".to_owned())
		} else {
			let height = first.finalized.number().min(other.finalized.number());
			let (one, two) = (hash(first, height).await?, hash(other, height).await?);
			(one != two).then(|| format!("block {height}, which both hold for final"))
		};
		if let Some(what) = what {
			return Ok(Some(format!(
				"the nodes at {} and {} don't agree on {what}: one of them may be lying",
				first.chain.url(),
				other.chain.url(),
			)));
		}
	}
	Ok(None)
}

async fn hash(node: &Told, height: u32) -> Result<Option<String>, Failure> {
	let at = node.chain.at_number(height).await?;
	Ok(at.map(|at| format!("{:?}", at.hash())))
}

fn genesis(chain: &Chain) -> String {
	format!("0x{}", hex::encode(chain.genesis()))
}

fn node_json(url: &str, told: &Told) -> Value {
	json!({
		"url": url,
		"genesis": genesis(&told.chain),
		"finalized": describe::block(&told.finalized),
		"best": told.best,
		"peers": told.health.peers,
		"syncing": told.health.is_syncing,
	})
}

fn hospital_json(info: &HospitalInfo, is_silent: Option<bool>) -> Value {
	let mut fields = json!(Hospital::from(info.clone()));
	if let Some(fields) = fields.as_object_mut() {
		fields.insert("silent".into(), json!(is_silent));
	}
	fields
}

fn seat(info: &HospitalInfo) -> &'static str {
	match info.seat {
		SeatStatus::Seated => "seated",
		SeatStatus::Waiting => "waiting",
		SeatStatus::Keyless => "keyless",
		SeatStatus::Benched => "benched",
		SeatStatus::Suspended => "suspended",
		SeatStatus::Expelled => "expelled",
	}
}

/// The accounts that a hospital accepts, in words. Without registrars it verifies no person.
fn takes_in(info: &HospitalInfo) -> &'static str {
	match info.registration {
		_ if info.registrars == 0 => "none yet",
		RegistrationMode::Open => "all",
		RegistrationMode::SponsoredOnly => "sponsored only",
		RegistrationMode::Closed => "none",
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn node_that_is_ready_knows_more_than_one_that_seems_further() {
		let node = |peers, is_syncing, best| knowledge(&Health { peers, is_syncing }, best);
		let ready = node(3, false, 100);
		assert!(ready > node(3, true, 200));
		assert!(ready > node(0, false, 200));
		assert!(ready < node(1, false, 101));
		// If none is ready, the furthest has to do.
		assert!(node(3, true, 200) < node(0, false, 201));
	}
}

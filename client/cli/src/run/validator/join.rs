//! `medblock hospital join`: the decisions and signatures until a validator takes part.

use super::{reachable, read};
use crate::{
	exit::{Code, Failure},
	session::Session,
};
use medblock_client::{
	chain::{AccountId, Chain, HospitalInfo, blake2_256, peer_id_bytes},
	council::Decision,
	medblock_primitives::{HospitalId, Validator},
	operations::{Finding, ValidatorKeys, same_chain},
};
use pallet_consortium_runtime_api::SeatStatus;
use serde_json::{Value, json};
use std::{
	path::Path,
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// The time that a node may take to answer after its start.
const STARTING: Duration = Duration::from_secs(60);

/// Shows the steps for the keys in this file, and for these nodes besides those in it.
pub async fn run(session: &Session<'_>, path: &Path, more: Vec<String>) -> Result<(), Failure> {
	let validator = read(path)?;
	ValidatorKeys::of(&validator)?;
	let Some(node) = validator.nodes.first() else {
		return Err(Failure::usage("the file names no node"));
	};
	let controller: AccountId = validator
		.controller
		.parse()
		.map_err(|_| Failure::usage("the controller is no SS58 address"))?;
	let mut nodes = validator.nodes.clone();
	nodes.extend(more);
	let ids = nodes.iter().map(|node| peer_id_bytes(node)).collect::<Result<Vec<_>, _>>()?;

	let urls = session.urls()?;
	let (own, others) = urls.split_first().ok_or_else(|| Failure::usage("no node is named"))?;
	let own = started(session, own).await?;
	let others = reachable(session, &own, others).await?;
	let strange = others.iter().map(|other| same_chain(&own, other)).find(|chain| !chain.good);
	if let Some(Finding { sentence, remedy, .. }) = strange {
		return Err(Failure::new(Code::KeysDisagree, format!("{sentence}: {remedy}")));
	}
	let running = own.peer_id().await?;
	if running != *node {
		return Err(Failure::usage(format!(
			"the node at {} is {running}, and {} names {node}: it runs with another key than the file's, \
			 most likely because the keys were made with another --chain-id or --base-path",
			own.url(),
			path.display(),
		)));
	}

	// This machine's node has old data: no other node sends it blocks before it is on the list.
	let chain = others.first().unwrap_or(&own);
	let best = chain.best().await?;
	if others.is_empty() {
		let at = best.number();
		if at == 0 {
			return Err(Failure::new(
				Code::Network,
				"no other hospital's node answers, and this one has no blocks yet, so it can't tell which \
				 hospitals were admitted: see that the tunnel to one is open, and that it is named after your \
				 own, with --node or in config.toml",
			));
		}
		session.output.warn(format_args!(
			"no other hospital's node answers: this one's knowledge is of block {at}"
		));
	}
	let known = best.hospitals().await?;
	let (number, decision) = admission(&validator, controller, &known);
	let hospital = match number {
		Some(number) => number,
		None => best.next_hospital().await?,
	};
	let proposed = match decision {
		None => None,
		Some((decision, command)) => {
			let call = decision.call(chain, &known).await?;
			let (hash, data) = (blake2_256(&call), hex::encode(&call));
			Some(Proposed { command, hash: format!("{hash:?}"), data: format!("0x{data}") })
		},
	};
	let mut listed = Vec::new();
	for id in &ids {
		listed.push(best.node_owner(id).await?);
	}
	let nodes: Vec<NodeToList> = nodes
		.into_iter()
		.zip(listed)
		.map(|(node, listed)| NodeToList {
			command: format!("medblock council propose authorize-node {} {node}", hospital.0),
			node,
			listed,
		})
		.collect();
	let document = json!({
		"aura": validator.aura,
		"grandpa": validator.grandpa,
		"proof": validator.proof,
		"node": node,
		"controller": controller.to_string(),
		"memberAs": proposed.is_none().then_some(hospital.0),
		"expectedHospital": hospital.0,
		"admission": proposed.as_ref().map(Proposed::json),
		"authorizations": nodes.iter().map(NodeToList::json).collect::<Vec<_>>(),
	});
	let text = joining(&validator, hospital, proposed.as_ref(), &nodes, path);
	session.output.result(&document, text)
}

/// Connects to the machine's own node, which may just have been started.
async fn started(session: &Session<'_>, url: &str) -> Result<Chain, Failure> {
	let deadline = Instant::now() + STARTING;
	let mut was_said = false;
	loop {
		match Chain::connect(url).await {
			Ok(chain) => return Ok(chain),
			Err(why) if why.is_unreachable() && Instant::now() < deadline => {
				if !was_said {
					session.output.note(format_args!("Waiting for this machine's node at {url} …"));
					was_said = true;
				}
				sleep(Duration::from_secs(1)).await;
			},
			Err(why) if why.is_unreachable() => {
				return Err(Failure::new(
					Code::Network,
					format_args!(
						"{why}. This is to be the node of this machine, which has to run: see `systemctl \
						 status medblock-node`"
					),
				));
			},
			Err(why) => return Err(why.into()),
		}
	}
}

/// The number that the hospital has already, and the decision that makes it a member, if the
/// council has to make one. A member may only have a new machine, and an expelled hospital comes
/// back under its number.
fn admission(
	validator: &Validator,
	controller: AccountId,
	known: &[HospitalInfo],
) -> (Option<HospitalId>, Option<(Decision, String)>) {
	let of_controller = |is_expelled: bool| {
		let mut own = known.iter().filter(|one| one.controller == controller);
		own.find(|one| (one.seat == SeatStatus::Expelled) == is_expelled).map(|one| one.id)
	};
	if let Some(member) = of_controller(false) {
		return (Some(member), None);
	}
	if let Some(former) = of_controller(true) {
		let command =
			format!("medblock council propose readmit {former} --controller {controller}");
		return (Some(former), Some((Decision::Readmit(former, controller), command)));
	}
	let (name, gateway) = (validator.name.clone(), validator.gateway.clone());
	let command = format!(
		"medblock council propose admit --controller {controller} --name {} --gateway {}",
		quoted(&name),
		quoted(&gateway),
	);
	(None, Some((Decision::Admit { controller, name, gateway }, command)))
}

/// A call for the council, and how a member proposes it.
struct Proposed {
	command: String,
	hash: String,
	data: String,
}

impl Proposed {
	fn json(&self) -> Value {
		json!({ "command": self.command, "hash": self.hash, "data": self.data })
	}
}

/// A node that the council has to put on the chain's list.
struct NodeToList {
	node: String,
	command: String,
	/// The hospital on behalf of which the list has it already.
	listed: Option<HospitalId>,
}

impl NodeToList {
	fn json(&self) -> Value {
		let listed = self.listed.map(|hospital| hospital.0);
		json!({ "node": self.node, "command": self.command, "listedFor": listed })
	}
}

/// The steps, in words.
fn joining(
	validator: &Validator,
	hospital: HospitalId,
	proposed: Option<&Proposed>,
	nodes: &[NodeToList],
	path: &Path,
) -> String {
	let number = hospital.0;
	let mut text = format!(
		"Session keys\n  aura     {}\n  grandpa  {}\n  proof    {}\nNodes\n",
		validator.aura, validator.grandpa, validator.proof,
	);
	for NodeToList { node, .. } in nodes {
		text.push_str(&format!("  {node}\n"));
	}
	let condition = match proposed {
		None => {
			text.push_str(&format!("\nThis is hospital {number} already.\n"));
			String::new()
		},
		Some(Proposed { command, hash, data }) => {
			text.push_str(&format!(
				"\n1. A member of the council proposes to admit the hospital:\n\n   {command}\n\n   The call \
				 has the hash {hash} and is\n   {data}\n",
			));
			format!(", if the admitted hospital has the number {number}")
		},
	};
	let each = if nodes.len() > 1 { "each node" } else { "the node" };
	text.push_str(&format!(
		"\n2. A member of the council proposes to let {each} connect{condition}:\n\n"
	));
	for NodeToList { node, command, listed } in nodes {
		match listed {
			None => text.push_str(&format!("   {command}\n")),
			Some(owner) => text.push_str(&format!(
				"   (The node {node} is on the chain's list already, as one of hospital {}.)\n",
				owner.0
			)),
		}
	}
	// A member's dead machine has to go from the list, because anyone who finds it could speak for
	// the hospital.
	if let (None, Some(node)) = (proposed, nodes.iter().find(|one| one.listed.is_none())) {
		text.push_str(&format!(
			"\n   Or, if its machine takes the place of one whose node is OLD:\n\n   medblock council propose \
			 replace-node OLD {}\n",
			node.node
		));
	}
	text.push_str(&format!(
		"\n3. When the validator's node has caught up, the hospital's controller registers the session \
		 keys:\n\n   medblock hospital set-keys {}\n\n4. Two sessions later:\n\n   medblock hospital check \
		 --hospital {number}",
		quoted(&path.display().to_string()),
	));
	text
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
	format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_client::medblock_primitives::RegistrationMode;

	fn account(byte: u8) -> AccountId {
		AccountId::from([byte; 32])
	}

	fn hospital(id: u32, controller: u8, seat: SeatStatus) -> HospitalInfo {
		HospitalInfo {
			id: HospitalId(id),
			name: Vec::new(),
			gateway: Vec::new(),
			controller: account(controller),
			seat_account: account(200),
			seat,
			registration: RegistrationMode::Open,
			registrars: 0,
		}
	}

	fn validator() -> Validator {
		let text = String::new;
		Validator {
			name: "St. John's".into(),
			gateway: "https://vault.example".into(),
			controller: text(),
			registrars: Vec::new(),
			aura: text(),
			grandpa: text(),
			proof: text(),
			nodes: Vec::new(),
		}
	}

	#[test]
	fn expelled_hospital_is_no_member_and_comes_back_under_its_number() {
		let known = [
			hospital(0, 1, SeatStatus::Seated),
			hospital(1, 2, SeatStatus::Expelled),
			hospital(2, 3, SeatStatus::Expelled),
			hospital(3, 3, SeatStatus::Keyless),
		];
		let of = |controller| admission(&validator(), account(controller), &known);
		assert_eq!(of(1), (Some(HospitalId(0)), None));
		let (number, decision) = of(2);
		assert_eq!(number, Some(HospitalId(1)));
		assert_eq!(decision.unwrap().0, Decision::Readmit(HospitalId(1), account(2)));
		// Admitted once more under another number.
		assert_eq!(of(3), (Some(HospitalId(3)), None));
		let (number, decision) = of(4);
		assert_eq!(number, None);
		assert!(decision.unwrap().1.contains("--name 'St. John'\\''s'"));
	}
}

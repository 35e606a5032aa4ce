//! Chain specifications.

use crate::{
	Error, Node, Result, binary,
	genesis::{self, hexadecimal},
	printed_by,
};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tokio::process::Command;

/// A plain chain specification, of which the runtime makes the genesis.
pub struct Specification(Value);

impl Specification {
	/// The `local` preset: four hospitals with well-known keys. What the node once said of it is kept beside the
	/// program, since it compiles the runtime for that.
	pub async fn local() -> Result<Self> {
		let node = binary("medblock-node")?;
		let kept = node.with_extension("local.json");
		let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
		if changed(&kept).is_some_and(|kept| changed(&node).is_some_and(|node| node < kept)) {
			return Self::read(&kept);
		}
		let mut command = Command::new(node);
		command.args(["export-chain-spec", "--chain", "local"]);
		let printed = printed_by(command, "cannot make the specification").await?;
		// Where nobody may write, it is made again.
		let _ = whole(&kept, &printed);
		Ok(Self(serde_json::from_slice(&printed)?))
	}

	/// One that is in a file.
	pub fn read(path: &Path) -> Result<Self> {
		let read = fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
		let problem =
			|| Error::other(format!("{} is not a JSON chain specification", path.display()));
		read.map(Self).ok_or_else(problem)
	}

	/// Gives a setting of the consortium another value.
	pub fn set(&mut self, setting: &str, value: Value) -> Result<()> {
		let settings = self.patch()?.pointer_mut("/consortium/settings");
		let slot = settings.and_then(|settings| settings.get_mut(setting));
		*slot.ok_or_else(|| Error::other(format!("there is no setting {setting}")))? = value;
		Ok(())
	}

	/// Has only the first so many hospitals validate. The others are admitted, and have no seat.
	pub fn seat(&mut self, count: usize) -> Result<()> {
		let keys = self.patch()?.pointer_mut("/session/keys").and_then(Value::as_array_mut);
		let keys = keys.ok_or_else(|| Error::other("the specification has no session keys"))?;
		keys.truncate(count);
		self.set("minimumSeats", json!(count))
	}

	/// Gives a hospital, by its number, these registrars too.
	pub fn add_registrars(&mut self, hospital: usize, accounts: &[String]) -> Result<()> {
		let path = format!("/consortium/hospitals/{hospital}/registrars");
		let registrars = self.patch()?.pointer_mut(&path).and_then(Value::as_array_mut);
		let missing = || Error::other(format!("the specification has no hospital {hospital}"));
		registrars.ok_or_else(missing)?.extend(accounts.iter().map(|account| json!(account)));
		Ok(())
	}

	/// Gives the vault of a hospital, by its number, this address.
	pub fn name_gateway(&mut self, hospital: u16, url: &str) -> Result<()> {
		let path = format!("/consortium/hospitals/{hospital}/gateway");
		let missing = || Error::other(format!("the specification has no hospital {hospital}"));
		*self.patch()?.pointer_mut(&path).ok_or_else(missing)? = json!(url);
		Ok(())
	}

	/// Has another runtime make the genesis, and run the chain at first.
	pub fn run_by(&mut self, runtime: &[u8]) -> Result<()> {
		let code = self.0.pointer_mut("/genesis/runtimeGenesis/code");
		let code =
			code.ok_or_else(|| Error::other("the specification is not plain: it has no runtime"))?;
		*code = json!(hexadecimal(runtime));
		Ok(())
	}

	/// Puts these nodes, in the order of their hospitals, in place of the first ones on the chain's
	/// list, and has all others call them. A second network on the same machine is another one.
	pub fn belongs_to(&mut self, nodes: &[Node]) -> Result<()> {
		let list = self.patch()?.pointer_mut("/nodeAuthorization/nodes");
		let list = list.and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default();
		let (listed, needed) = (list.len(), nodes.len());
		if listed < needed {
			let why = format!("the specification lists {listed} nodes, and {needed} are needed");
			return Err(Error::other(why));
		}
		let mut addresses = Vec::new();
		for (entry, node) in list.iter_mut().zip(nodes) {
			entry[0] = json!(node.peer_id_bytes()?);
			addresses.push(node.address()?);
		}
		self.0["bootNodes"] = json!(addresses);
		Ok(())
	}

	/// Has no node call another: each is told the addresses by itself.
	pub fn names_no_addresses(&mut self) {
		self.0["bootNodes"] = json!([]);
	}

	/// Writes all of it, or nothing.
	pub fn write(&self, path: &Path) -> Result<()> {
		whole(path, self.0.to_string().as_bytes())
	}

	/// As [`Specification::write`], with the genesis made, and with more items in its state. From a plain
	/// specification, each start of a node makes it again, and compiles the runtime for that.
	pub async fn write_with_genesis(&self, path: &Path, more: &[Item]) -> Result<()> {
		let mut made = match genesis::raw(&self.0["genesis"]["runtimeGenesis"])? {
			Some(raw) => self.with_raw(raw),
			None => self.made_by_node(path).await?,
		};
		add_items(&mut made, more)?;
		whole(path, &serde_json::to_vec(&made)?)
	}

	/// This specification with its genesis made.
	fn with_raw(&self, raw: Value) -> Value {
		let mut made = self.0.clone();
		made["genesis"] = json!({ "raw": raw });
		made
	}

	/// As a node makes it, by whatever runtime the specification names.
	async fn made_by_node(&self, path: &Path) -> Result<Value> {
		let plain = path.with_extension("plain");
		self.write(&plain)?;
		let mut command = Command::new(binary("medblock-node")?);
		command.args(["export-chain-spec", "--raw", "--chain"]).arg(&plain);
		let made = printed_by(command, "cannot make the genesis").await;
		fs::remove_file(&plain)?;
		Ok(serde_json::from_slice(&made?)?)
	}

	fn patch(&mut self) -> Result<&mut Value> {
		let patch = self.0.pointer_mut("/genesis/runtimeGenesis/patch");
		patch.ok_or_else(|| {
			Error::other("the specification is not plain: it has no genesis settings")
		})
	}
}

/// A key of a chain's state, and its value.
pub type Item = (Vec<u8>, Vec<u8>);

/// Puts more items into the state of a specification whose genesis is made.
fn add_items(made: &mut Value, more: &[Item]) -> Result<()> {
	let top = made.pointer_mut("/genesis/raw/top").and_then(Value::as_object_mut);
	let top = top.ok_or_else(|| Error::other("the specification has no genesis state"))?;
	for (key, value) in more {
		top.insert(hexadecimal(key), json!(hexadecimal(value)));
	}
	Ok(())
}

fn whole(path: &Path, bytes: &[u8]) -> Result<()> {
	let part = path.with_extension("part");
	let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
	let path = path.display();
	written.map_err(|_| Error::other(format!("cannot write {path}: is the disk full?")))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn plain() -> Specification {
		let settings = json!({ "settings": { "sessionLength": 60 } });
		let nodes = json!({ "nodes": [[[0], "owner"]] });
		let patch = json!({ "consortium": settings, "nodeAuthorization": nodes });
		Specification(json!({ "genesis": { "runtimeGenesis": { "patch": patch } } }))
	}

	#[test]
	fn only_settings_that_there_are_can_be_set() {
		let mut specification = plain();
		specification.set("sessionLength", json!(10)).expect("a setting");
		let patch = specification.patch().expect("it is plain");
		assert_eq!(patch["consortium"]["settings"], json!({ "sessionLength": 10 }));
		let why = specification.set("sessionlength", json!(10)).expect_err("another name");
		assert_eq!(why.to_string(), "there is no setting sessionlength");
	}

	#[test]
	fn fewer_hospitals_can_validate() {
		let mut specification = plain();
		assert!(specification.seat(1).is_err());
		let patch = specification.patch().expect("it is plain");
		patch["session"] = json!({ "keys": [["a", "b", {}], ["c", "d", {}]] });
		patch["consortium"]["settings"]["minimumSeats"] = json!(4);
		specification.seat(1).expect("it has keys");
		let patch = specification.patch().expect("it is plain");
		assert_eq!(patch["session"]["keys"], json!([["a", "b", {}]]));
		assert_eq!(patch["consortium"]["settings"]["minimumSeats"], 1);
	}

	#[test]
	fn hospitals_can_have_more_registrars() {
		let mut specification = plain();
		let patch = specification.patch().expect("it is plain");
		patch["consortium"]["hospitals"] = json!([{ "registrars": ["one"] }]);
		specification.add_registrars(0, &["two".to_owned()]).expect("there is one hospital");
		let patch = specification.patch().expect("it is plain");
		assert_eq!(patch["consortium"]["hospitals"][0]["registrars"], json!(["one", "two"]));
		let why = specification.add_registrars(1, &[]).expect_err("there is no second one");
		assert_eq!(why.to_string(), "the specification has no hospital 1");
	}

	#[test]
	fn gateways_can_have_other_addresses() {
		let mut specification = plain();
		let patch = specification.patch().expect("it is plain");
		patch["consortium"]["hospitals"] = json!([{ "gateway": "http://127.0.0.1:1" }]);
		specification.name_gateway(0, "http://127.0.0.1:2").expect("there is one hospital");
		let patch = specification.patch().expect("it is plain");
		assert_eq!(patch["consortium"]["hospitals"][0]["gateway"], "http://127.0.0.1:2");
		let why = specification.name_gateway(1, "http://127.0.0.1:2").expect_err("no second one");
		assert_eq!(why.to_string(), "the specification has no hospital 1");
	}

	#[test]
	fn a_specification_can_leave_the_addresses_to_each_node() {
		let mut specification = plain();
		specification.0["bootNodes"] = json!(["/ip4/127.0.0.1/tcp/1"]);
		specification.names_no_addresses();
		assert_eq!(specification.0["bootNodes"], json!([]));
	}

	#[test]
	fn another_runtime_takes_the_place_of_the_nodes_own() {
		let mut specification = plain();
		let why = specification.run_by(&[1]).expect_err("there is none to replace");
		assert_eq!(why.to_string(), "the specification is not plain: it has no runtime");
		specification.0["genesis"]["runtimeGenesis"]["code"] = json!("0x00");
		specification.run_by(&[0xab, 0x01]).expect("it is plain");
		assert_eq!(specification.0["genesis"]["runtimeGenesis"]["code"], json!("0xab01"));
	}

	#[test]
	fn only_this_runtimes_genesis_is_made_here() {
		let raw = |genesis: Value| genesis::raw(&genesis).expect("settings of this runtime");
		assert_eq!(raw(json!({ "code": "0x00", "patch": {} })), None);
		let Some(code) = medblock_runtime::WASM_BINARY.map(hexadecimal) else { return };
		assert_eq!(raw(json!({ "code": code, "config": {} })), None);
		let made = raw(json!({ "code": code, "patch": {} })).expect("a genesis");
		assert_eq!(made["top"]["0x3a636f6465"], code);
		assert!(genesis::raw(&json!({ "code": code, "patch": { "consortium": 1 } })).is_err());
	}

	#[test]
	fn more_items_come_into_the_state() {
		let mut made = json!({ "genesis": { "raw": { "top": { "0x00": "0x01" } } } });
		add_items(&mut made, &[(vec![2], vec![0xf3])]).expect("a state");
		assert_eq!(made["genesis"]["raw"]["top"], json!({ "0x00": "0x01", "0x02": "0xf3" }));
		assert!(add_items(&mut json!({}), &[]).is_err());
	}

	#[test]
	fn more_nodes_than_the_chain_lists_are_refused() {
		let node = Node {
			folder: "nowhere".into(),
			specification: "nowhere".into(),
			rpc_port: 1,
			peer_port: 2,
		};
		let why = plain().belongs_to(&[node.clone(), node]).expect_err("one is listed");
		assert_eq!(why.to_string(), "the specification lists 1 nodes, and 2 are needed");
	}
}

//! What blocks declare, against what they take: one kind of transaction after another on a network of real
//! nodes, whose blocks one of them then executes again.
//!
//! Usage: `medblock-e2e weights [PATIENTS]`; 256 if left out. Needs a node with its `benchmark` command:
//! `scripts/benchmark blocks` builds and runs it. Fails if blocks of some kind declare less than they take.

use medblock_e2e::{
	Chain, Network, Up, binary,
	made_up::{BATCH, DOCTORS, Patient, all, doctor, doctors, patient_ids, staff},
	well_known,
};
use medblock_primitives::RegistrationMode;
use medblock_runtime::RuntimeCall;
use pallet_medical_records::Call;
use std::{future::Future, process::Command};

/// The number of times that each block is executed.
const REPEAT: &str = "10";

/// What blocks with fewer transactions take says more about the block itself.
const LEAST: u32 = 8;

/// The least and the most that blocks should declare for each nanosecond that they take.
const LEAN: (f64, f64) = (1.1, 1.3);

/// What one kind of transaction does, and the blocks that have them.
struct Stage {
	what: &'static str,
	blocks: (u32, u32),
}

/// Notes the blocks in which this happens.
async fn stage(chain: &Chain, what: &'static str, happens: impl Future<Output = ()>) -> Stage {
	let from = chain.finalized().await.1.number + 1;
	happens.await;
	Stage { what, blocks: (from, chain.finalized().await.1.number) }
}

/// Compares all kinds.
pub async fn run(arguments: &[String]) -> Result<(), Box<dyn std::error::Error>> {
	let count = arguments.first().map_or(256, |word| word.parse().expect("a number"));
	let network = Network::new();
	let arguments = vec!["--state-pruning".to_owned(), "archive".to_owned()];
	network.up_as(&Up { arguments, ..Up::default() }).await;
	let stages = stages(&network, count).await;
	network.down().await;

	let ratios = stages.iter().map(|stage| ratio(&network, stage));
	match ratios.fold(f64::INFINITY, f64::min) {
		least if least < 1.0 => Err("some blocks declare less than they take".into()),
		_ => Ok(()),
	}
}

async fn stages(network: &Network, count: u32) -> Vec<Stage> {
	let chain = &Chain::connect(&network.url(0)).await;
	let patients = &(0..count).map(Patient::new).collect::<Vec<_>>()[..];
	doctors(chain).await;

	let sponsor = |one: &Patient| -> RuntimeCall {
		pallet_fair_use::Call::sponsor { account: one.account() }.into()
	};
	let mut stages = vec![
		stage(chain, "sponsoring", staff(chain, patients, sponsor)).await,
		stage(chain, "registering", all(chain, patients, |one| vec![one.registers()])).await,
	];
	let ids = &patient_ids(chain, patients).await;
	let verify =
		|one: &Patient| -> RuntimeCall { Call::verify_patient { patient: ids[&one.name] }.into() };
	stages.push(stage(chain, "verifying", staff(chain, patients, verify)).await);
	let adds =
		|one: &Patient| -> Vec<RuntimeCall> { (0..4).map(|number| one.adds(number, 1)).collect() };
	stages.push(stage(chain, "adding a record", all(chain, patients, adds)).await);
	let batch = |one: &Patient| -> Vec<RuntimeCall> { vec![one.adds(4, BATCH)] };
	stages.push(stage(chain, "adding 128 records", all(chain, patients, batch)).await);
	let grants = |one: &Patient| -> Vec<RuntimeCall> {
		(0..DOCTORS).map(|doctor| one.grants(doctor)).collect()
	};
	stages.push(stage(chain, "granting", all(chain, patients, grants)).await);
	let notes = async {
		let writing = (0..DOCTORS).map(|number| {
			let note = |one: &Patient| one.is_written_to(ids[&one.name], number);
			let notes: Vec<RuntimeCall> = patients.iter().map(note).collect();
			async move { chain.send_all(&doctor(number), notes).await }
		});
		futures::future::join_all(writing).await;
	};
	stages.push(stage(chain, "a doctor's record", notes).await);
	let revokes = |one: &Patient| -> Vec<RuntimeCall> {
		(0..DOCTORS).map(|doctor| one.revokes(doctor)).collect()
	};
	stages.push(stage(chain, "revoking", all(chain, patients, revokes)).await);
	stages.push(stage(chain, "a hospital's setting", settings(chain)).await);
	stages
}

/// Each hospital sets what it has set already.
async fn settings(chain: &Chain) {
	let setting = ["Alice", "Bob", "Charlie", "Dave"].map(|controller| async move {
		let mode = RegistrationMode::default();
		let call: RuntimeCall = pallet_consortium::Call::set_registration_mode { mode }.into();
		chain.send_all(&well_known(controller), vec![call; 64]).await;
	});
	futures::future::join_all(setting).await;
}

/// What the blocks of a stage declare for each nanosecond that they take, all together.
fn ratio(network: &Network, stage: &Stage) -> f64 {
	let (from, to) = stage.blocks;
	let output = Command::new(binary("medblock-node").expect("it is built"))
		.args(["benchmark", "block", "--state-pruning", "archive", "--enable-trie-cache"])
		.arg("--base-path")
		.arg(network.path().join("west"))
		.arg("--chain")
		.arg(network.path().join("spec.json"))
		.args(["--from", &from.to_string(), "--to", &to.to_string(), "--repeat", REPEAT])
		.output()
		.expect("the node runs");
	let said = [output.stdout, output.stderr].concat();
	let said = String::from_utf8_lossy(&said);
	assert!(output.status.success(), "it has no `benchmark` command, or failed:\n{said}");
	let blocks: Vec<_> =
		said.lines().filter_map(Block::read).filter(|block| block.count >= LEAST).collect();
	assert!(!blocks.is_empty(), "{}: no block has {LEAST} transactions:\n{said}", stage.what);
	let sum = |part: fn(&Block) -> f64| blocks.iter().map(part).sum::<f64>();
	let ratio = sum(|block| block.declared) / sum(|block| block.took);
	let remark = match ratio {
		ratio if ratio < 1.0 => ": LESS THAN IT TAKES",
		ratio if ratio < LEAN.0 => ": close",
		ratio if ratio > LEAN.1 => ": more than it needs",
		_ => "",
	};
	println!("{}: {} blocks, declared / measured = {ratio:.2}{remark}", stage.what, blocks.len());
	ratio
}

/// A block, with the nanoseconds that it took and declared.
struct Block {
	count: u32,
	took: f64,
	declared: f64,
}

impl Block {
	/// From a line such as `Block 7 with    17 tx used  88.12% of its weight (  1,234 of  1,400 ns)`.
	fn read(line: &str) -> Option<Self> {
		let (_, line) = line.split_once(" with ")?;
		let (count, line) = line.split_once(" tx used ")?;
		let (_, line) = line.split_once("weight (")?;
		let (took, line) = line.split_once(" of ")?;
		let (declared, _) = line.split_once(" ns)")?;
		let number = |text: &str| text.trim().replace(',', "").parse().ok();
		let count = count.trim().parse().ok()?;
		Some(Self { count, took: number(took)?, declared: number(declared)? })
	}
}

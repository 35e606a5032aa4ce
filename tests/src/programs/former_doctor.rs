//! What a doctor who has kept everything can still get at: `scripts/demo` asks it before and after a
//! revocation.
//!
//! Usage: `medblock-e2e former-doctor NODE,NODE PATIENT DOCTOR FOLDER`, with the doctor's words on standard input.
//! Tries every key that they hold, or that these open anywhere in the chain's history, on every file
//! in the folder; and asks the patient's vault for record 0. Prints JSON: the names of the files that
//! open, and of those that don't, and what the vault said: 200, or the status of its refusal.

use medblock_client::{
	Error, Keys, Nodes, Witnesses,
	chain::Chain,
	medblock_crypto::Mnemonic,
	vault::{self, Item, Vaults},
};
use medblock_e2e::{Attacker, files};
use medblock_primitives::{DoctorId, PatientId};
use std::{io::read_to_string, path::Path};

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn std::error::Error>> {
	let [nodes, patient, doctor, folder] = arguments else {
		return Err("wanted: NODE,NODE PATIENT DOCTOR FOLDER".into());
	};
	let seed = Mnemonic::parse(&read_to_string(std::io::stdin())?)?.seed("");
	let (doctor, patient) = (DoctorId(doctor.parse()?), PatientId(patient.parse()?));
	let identities = (1..=3).map(|version| seed.encryption_identity(version)).collect();
	let chain = Chain::connect(nodes.split(',').next().unwrap_or_default()).await?;
	let mut attacker = Attacker::new(identities, doctor, patient);
	attacker.study(&chain).await;

	let at = chain.finalized().await?;
	let record = at.record(patient, 0).await?.ok_or("the chart has no record 0")?;
	let document = record.document.ok_or("record 0 was withdrawn")?;
	let (keys, vaults) = (Keys::from_seed(seed)?, Vaults::new()?);
	let urls: Vec<String> = nodes.split(',').map(str::to_owned).collect();
	let nodes = Nodes::connect(&urls, Witnesses::Two).await?;
	let vault = vaults.of(document.vault, &nodes, &keys).await?;
	let status = match vault.beginning(patient, Item::Record(0), &document).await {
		Ok(_) => 200,
		Err(Error::Vault(vault::Error::Refused { status, .. })) => status,
		Err(why) => return Err(why.into()),
	};

	let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
	let opened = attacker.reads(Path::new(folder));
	let all = files(Path::new(folder));
	let shut = all.iter().filter(|path| !opened.contains_key(*path));
	let report = serde_json::json!({
		"opens": opened.keys().filter_map(|path| name(path)).collect::<Vec<_>>(),
		"shut": shut.filter_map(|path| name(path)).collect::<Vec<_>>(),
		"secrets": attacker.secrets(),
		"vault": status,
	});
	println!("{report:#}");
	Ok(())
}

//! What a doctor who has kept everything can still open: of each file in a folder, given the chain's
//! whole history. `scripts/demo` asks it before and after a revocation.
//!
//! Usage: `former-doctor NODE PATIENT DOCTOR FOLDER`, with the doctor's encryption identity
//! (`AGE-SECRET-KEY-PQ-1…`) on standard input. Prints JSON: the names of the files that open, and of
//! those that don't.

use medblock_client::{chain::Chain, medblock_crypto::Identity};
use medblock_e2e::{files, Attacker};
use medblock_primitives::{DoctorId, PatientId};
use std::{error::Error, io::read_to_string, path::Path};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
	let words: Vec<String> = std::env::args().skip(1).collect();
	let [node, patient, doctor, folder] = &words[..] else {
		return Err("wanted: NODE PATIENT DOCTOR FOLDER".into());
	};
	let identity = Identity::parse(read_to_string(std::io::stdin())?.trim())?;
	let (doctor, patient) = (DoctorId(doctor.parse()?), PatientId(patient.parse()?));
	let mut attacker = Attacker::new(vec![identity], doctor, patient);
	attacker.study(&Chain::connect(node).await?).await;
	let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
	let opened = attacker.reads(Path::new(folder));
	let all = files(Path::new(folder));
	let shut = all.iter().filter(|path| !opened.contains_key(*path));
	let report = serde_json::json!({
		"opens": opened.keys().filter_map(|path| name(path)).collect::<Vec<_>>(),
		"shut": shut.filter_map(|path| name(path)).collect::<Vec<_>>(),
		"secrets": attacker.secrets(),
	});
	println!("{report:#}");
	Ok(())
}

//! The people of the measurement: sponsored, registered and verified, which is a measurement itself.

use super::bench::{Bench, PROBING};
use futures::{StreamExt, stream};
use medblock_e2e::{
	Specification,
	load::{
		report::Registrations,
		signing::{Packed, Person, sign},
	},
	made_up::Patient,
};
use medblock_primitives::{HospitalId, PatientId, Standing};
use medblock_runtime::{AccountId, Nonce, Runtime, RuntimeCall};
use pallet_medical_records_runtime_api::PatientInfo;
use sp_core::{Pair, sr25519};
use sp_io::hashing::blake2_256;

/// The hospitals of the preset.
const HOSPITALS: u32 = 4;
/// Questions that are asked at the same time.
const AT_ONCE: usize = 32;

/// A registrar, with the places of the people that it takes care of.
struct Registrar {
	key: sr25519::Pair,
	nonce: Nonce,
	people: Vec<usize>,
}

fn key(hospital: u32, number: usize) -> sr25519::Pair {
	let name = format!("made-up registrar {number} of {hospital}");
	sr25519::Pair::from_seed(&blake2_256(name.as_bytes()))
}

/// Has each hospital begin with these registrars, too. One account's transactions would be too few.
pub fn prepare(specification: &mut Specification, registrars: usize) -> Result<(), String> {
	for hospital in 0..HOSPITALS {
		let account = |number| AccountId::from(key(hospital, number).public()).to_string();
		let accounts: Vec<String> = (0..registrars).map(account).collect();
		let added = specification.add_registrars(hospital as usize, &accounts);
		added.map_err(|why| why.to_string())?;
	}
	Ok(())
}

/// Sponsors, registers and verifies patients, who send and revoke from then on.
pub async fn register(bench: &mut Bench) -> Result<Registrations, String> {
	let wanted = bench.words.people + PROBING;
	let patients: Vec<Patient> = (0u32..).take(wanted).map(Patient::new).collect();
	let mut registrars = registrars(&patients, bench.words.registrars);

	let sponsor = |places: &[usize]| -> Option<RuntimeCall> {
		if let [place] = places {
			let account = patients[*place].account();
			return Some(pallet_fair_use::Call::<Runtime>::sponsor { account }.into());
		}
		let accounts: Vec<_> = places.iter().map(|place| patients[*place].account()).collect();
		let accounts = accounts.try_into().ok()?;
		Some(pallet_fair_use::Call::<Runtime>::sponsor_accounts { accounts }.into())
	};
	let signed = by_registrars(bench, &registrars, sponsor).await;
	let (sponsoring, _) = bench.stage("sponsoring", signed).await?;
	for registrar in &mut registrars {
		registrar.nonce += registrar.people.len().div_ceil(bench.words.desk) as Nonce;
	}

	let form = bench.preparing_form().await;
	let signed = sign(&form, &patients, |one| (one.key.clone(), 0, vec![one.registers()]));
	let (registering, _) = bench.stage("registering", signed).await?;
	let ids = ids(bench, &patients).await;

	let verify = |places: &[usize]| -> Option<RuntimeCall> {
		let patients: Vec<PatientId> = places.iter().filter_map(|place| ids[*place]).collect();
		if let [patient] = patients[..] {
			return Some(
				pallet_medical_records::Call::<Runtime>::verify_patient { patient }.into(),
			);
		}
		let is_any = !patients.is_empty();
		let patients = patients.try_into().ok()?;
		let all = pallet_medical_records::Call::<Runtime>::verify_patients { patients };
		is_any.then(|| all.into())
	};
	let signed = by_registrars(bench, &registrars, verify).await;
	let (verifying, _) = bench.stage("verifying", signed).await?;

	// A batch that succeeded has verified one of its patients at least.
	let is_verified = verified(bench, &ids).await;
	let kept = patients.into_iter().zip(is_verified).filter(|(_, is_verified)| *is_verified);
	// The registration was the first transaction of each.
	let mut kept = kept.map(|(patient, _)| Person { nonce: 1, ..Person::new(patient) });
	bench.probing = kept.by_ref().take(PROBING).collect();
	bench.people = kept.collect();
	let people = bench.probing.len() + bench.people.len();
	eprintln!("{people} of {wanted} people are patients");
	Ok(Registrations { people, time: sponsoring + registering + verifying })
}

/// The registrars of all hospitals, each with its part of the people.
fn registrars(patients: &[Patient], count: usize) -> Vec<Registrar> {
	let mut all = Vec::new();
	for hospital in 0..HOSPITALS {
		let own = patients.iter().enumerate();
		let own = own.filter(|(_, one)| one.hospital == HospitalId(hospital));
		let own: Vec<usize> = own.map(|(place, _)| place).collect();
		for number in 0..count {
			let people = own.iter().skip(number).step_by(count).copied().collect();
			all.push(Registrar { key: key(hospital, number), nonce: 0, people });
		}
	}
	all
}

/// What registrars sign about their people: one call for each, or for several.
async fn by_registrars(
	bench: &Bench,
	registrars: &[Registrar],
	call: impl Fn(&[usize]) -> Option<RuntimeCall> + Sync,
) -> Vec<Vec<Packed>> {
	let (form, desk) = (bench.preparing_form().await, bench.words.desk);
	sign(&form, registrars, |registrar| {
		let calls = registrar.people.chunks(desk).filter_map(&call).collect();
		(registrar.key.clone(), registrar.nonce, calls)
	})
}

/// The numbers of those who are registered.
async fn ids(bench: &Bench, patients: &[Patient]) -> Vec<Option<PatientId>> {
	let (at, _) = bench.chain.finalized().await;
	let asking = patients.iter().map(|one| {
		bench.chain.ask::<Option<PatientId>>("MedicalRecordsApi_patient_of", one.account(), at)
	});
	stream::iter(asking).buffered(AT_ONCE).collect().await
}

/// Which of these patients are verified.
async fn verified(bench: &Bench, ids: &[Option<PatientId>]) -> Vec<bool> {
	let (at, _) = bench.chain.finalized().await;
	let asking = ids.iter().copied().map(|id| async move {
		let Some(id) = id else { return false };
		let asked =
			bench.chain.ask::<Option<PatientInfo<AccountId>>>("MedicalRecordsApi_patient", id, at);
		asked.await.is_some_and(|info| info.standing == Standing::Verified)
	});
	stream::iter(asking).buffered(AT_ONCE).collect().await
}

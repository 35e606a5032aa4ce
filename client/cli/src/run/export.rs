//! Everything that there is of a patient, in a folder.

use super::{
	fhir::{self, Everything},
	gathering, leftover,
	manifest::{ContentOf, Manifest},
	many::{self, Fetched, Problem, Wanted},
	opening,
};
use crate::{
	describe,
	exit::{Code, Failure},
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Error,
	chain::{At, PatientInfo},
	medblock_primitives::{HospitalId, PatientId, Person},
	profiles::{self, Profile},
	records::packed::{MAX_FILES, pack},
	vault::{Disclosure, unwatched},
};
use medblock_platform::{Destination as Place, Files, sweep};
use medblock_views::{Emergency, EmergencyPlan, Grant, Guardians, Representative};
use pallet_medical_records_runtime_api::GrantInfo;
use serde::Serialize;
use serde_json::{Value, json};
use std::{fs, io, path::Path};

/// More files than an export writes besides records.
const OWN_FILES: usize = 100;

/// Writes everything that there is of the own patient into a folder, or into an archive, if the path ends in `.zip`.
pub async fn run(session: &Session<'_>, to: &Path, unpack: bool) -> Result<(), Failure> {
	let is_archive = to.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("zip"));
	// If the command is interrupted, what is in there already is not fetched again.
	let beside = to.with_extension("zip.unfinished");
	if is_archive && to.symlink_metadata().is_ok() {
		return finish(session, to, &beside).await;
	}
	if to == Path::new("-") {
		return Err(Failure::usage("everything goes into a folder or an archive: name one"));
	}
	let place = is_archive.then(|| opening::place_at(to, false)).transpose()?;
	if !is_archive && to.exists() && !to.is_dir() {
		return Err(Failure::usage(format!("{} is no folder", to.display())));
	}
	let folder = if is_archive { beside.as_path() } else { to };
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let own = client.own_chart(&at).await?;
	let chart = client.open_chart(&at, own.id).await?;
	let mut manifest = Manifest::open(folder)?;
	let records = many::present(&chart);
	let archive = is_archive.then(|| MAX_FILES.saturating_sub(records.len() + OWN_FILES));
	let wanted = Wanted { folder, unpack, force: false, archive };
	let mut fetched = many::fetch(session, &chart, &records, &wanted, &mut manifest).await?;
	fetched.problems.extend(facts(session, &client, &at, &own, &mut manifest).await?);
	manifest.finish()?;
	// What only the network kept away comes when the command is run again.
	let is_whole = fetched.problems.iter().all(|one| one.error != Code::Network.name());
	if let Some(place) = place.filter(|_| is_whole) {
		archive(session, folder, to, place).await?;
	}
	let shown = if is_whole { to } else { folder };
	let document = json!({
		"folder": shown.display().to_string(),
		"patient": own.id.0,
		"before": fetched.before,
		"items": fetched.lines,
		"problems": fetched.problems,
	});
	fetched.into_result(session, document, shown)
}

/// Ends an export that was killed once its archive was in place: removes the folder that it was packed from. Fails if this is
/// another archive, or lacks something of the folder.
async fn finish(session: &Session<'_>, to: &Path, folder: &Path) -> Result<(), Failure> {
	let there = || {
		let message = format!("{} is there already: nothing was overwritten", to.display());
		Failure::new(Code::Local, message)
	};
	let lines = leftover::packed(to, folder)?.ok_or_else(there)?;
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let own = client.own_chart(&at).await?.id;
	let records: Vec<&ContentOf> =
		lines.iter().filter_map(|line| line.content_of.as_ref()).collect();
	if records.iter().any(|one| one.patient != own.0) {
		return Err(there());
	}
	let chart = client.open_chart(&at, own).await?;
	let mut problems = Vec::new();
	for index in many::present(&chart) {
		if records.iter().all(|one| one.record != index) {
			let message = "the archive was packed without it: export into another one".to_owned();
			session.output.warn(format_args!("record {index}: {message}"));
			let (record, error) = (Some(index), Code::Incomplete.name());
			problems.push(Problem { record, what: None, error, message });
		}
	}
	remove(folder)?;
	let fetched = Fetched { lines: Vec::new(), before: records.len(), problems };
	let document = json!({
		"folder": to.display().to_string(),
		"patient": own.0,
		"before": fetched.before,
		"items": fetched.lines,
		"problems": fetched.problems,
	});
	fetched.into_result(session, document, to)
}

/// Removes the folder that an archive was packed from.
fn remove(folder: &Path) -> Result<(), Failure> {
	fs::remove_dir_all(folder).map_err(|why| Failure::file("remove", folder, &why))
}

/// Writes what there is besides the records' contents. Returns what could not be read.
async fn facts(
	session: &Session<'_>,
	client: &Client,
	at: &At,
	own: &PatientInfo,
	manifest: &mut Manifest,
) -> Result<Vec<Problem>, Failure> {
	let mut problems = Vec::new();
	let mut problem = |what: &str, why: Error| {
		let Failure { code, message, .. } = why.into();
		session.output.warn(format_args!("{what}: {message}"));
		let (error, what) = (code.name(), Some(what.to_owned()));
		problems.push(Problem { record: None, what, error, message });
	};
	let bar = session.output.bar("Titles", Unit::Records);
	let entries = client.list(at, own.id, None, None, &bar.progress()).await?.items;
	drop(bar);
	let profile = match profile(client, own.id).await {
		Ok(profile) => profile,
		Err(why) => {
			problem("the profile", why);
			None
		},
	};
	let grants = at.all_grants(own.id).await?;
	let representatives = at.representatives(own.id).await?;
	let plan = at.emergency_plan(own.id).await?;
	let emergencies = at.emergencies(own.id).await?;
	let mut disclosures: Vec<(HospitalId, Disclosure)> = Vec::new();
	for (hospital, answer) in client.disclosures_by_vault().await? {
		match answer {
			Ok(found) => disclosures.extend(found.into_iter().map(|one| (hospital, one))),
			Err(why) => problem(&format!("what hospital {hospital} gave out"), why),
		}
	}
	let all = Everything {
		info: own,
		profile: profile.as_ref(),
		entries: &entries,
		grants: &grants,
		representatives: &representatives,
		plan: plan.as_ref(),
		emergencies: &emergencies,
		disclosures: &disclosures,
	};
	let bundle = fhir::everything(client, at, all).await?;
	write(manifest, "chart.fhir.json", &bundle)?;
	let authors = opening::Authors::of(at, &entries).await?;
	let chart = entries.into_iter().map(|one| opening::entry_json(one, &authors));
	let chart: Vec<Value> = chart.collect();
	write(manifest, "chart.json", &describe::list(chart, at))?;
	if let Some(profile) = &profile {
		write(manifest, "profile.json", &describe::profile_json(profile))?;
	}
	let mut items = Vec::new();
	for grant in grants {
		let name = name(at, &grant).await?;
		items.push(with(json!(Grant::from(grant)), "name", json!(name)));
	}
	write(manifest, "grants.json", &describe::list(items, at))?;
	let given = disclosures.iter().map(|(vault, one)| with(json!(one), "vault", json!(vault.0)));
	let given: Vec<Value> = given.collect();
	write(manifest, "disclosures.json", &json!({ "items": given }))?;
	let guardians = at.guardians(Person::Patient(own.id)).await?;
	let representatives: Vec<_> = representatives.into_iter().map(Representative::from).collect();
	let emergencies: Vec<_> = emergencies.into_iter().map(Emergency::from).collect();
	let acting = json!({
		"guardians": guardians.map(Guardians::from),
		"representatives": representatives,
		"emergencyPlan": plan.map(EmergencyPlan::from),
		"emergencies": emergencies,
	});
	write(manifest, "acting.json", &acting)?;
	Ok(problems)
}

/// Packs a folder into an archive, and removes it then.
async fn archive(
	session: &Session<'_>,
	folder: &Path,
	to: &Path,
	place: Place,
) -> Result<(), Failure> {
	let bar = session.output.bar("Packing", Unit::Bytes);
	let files = gathering::files_in(folder)?;
	let packed = pack(to.display().to_string(), files, &bar.progress()).await?;
	let failed = |why| Failure::file("write", to, &why);
	if let Some(beside) = place.folder() {
		sweep(beside);
	}
	let content = place.storage(&session.home).scratch("").await;
	let content = content.map_err(|why| Failure::new(Code::Local, why))?;
	let (_, mut reader) = packed.open().map_err(failed)?;
	io::copy(&mut reader, &mut content.file.writer()).map_err(failed)?;
	opening::put(place, to, content, "")?;
	remove(folder)
}

/// The profile, if there is one.
async fn profile(client: &Client, patient: PatientId) -> Result<Option<Profile>, Error> {
	match client.profile(patient, &unwatched()).await {
		Ok(profile) => Ok(Some(profile)),
		Err(Error::Profile(profiles::Error::NoProfile)) => Ok(None),
		Err(why) => Err(why),
	}
}

/// The name of a grant's doctor.
async fn name(at: &At, grant: &GrantInfo) -> Result<String, Failure> {
	let doctor = at.doctor(grant.doctor).await?;
	Ok(doctor.map_or(String::new(), |info| describe::name(&info)))
}

/// A JSON object with one more field.
fn with(mut object: Value, name: &str, value: Value) -> Value {
	if let Some(fields) = object.as_object_mut() {
		fields.insert(name.to_owned(), value);
	}
	object
}

fn write(manifest: &mut Manifest, name: &str, document: &impl Serialize) -> Result<(), Failure> {
	let json = serde_json::to_vec_pretty(document);
	manifest.write(name, &json.map_err(|why| Failure::new(Code::Unexpected, why))?)
}

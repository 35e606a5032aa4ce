//! Results as FHIR R4 bundles.

use crate::{
	exit::{Code, Failure},
	output,
};
use jiff::Timestamp;
use medblock_client::{
	Client, Error,
	chain::{At, PatientInfo},
	emergency::{EmergencyInfo, EmergencyPlanInfo},
	medblock_primitives::{HospitalId, PatientId, RecordIndex, Scope},
	profiles::Profile,
	records,
	records::{Entry, Title},
	representatives::RepresentativeInfo,
	vault::Disclosure,
};
use medblock_fhir::{About, Bundle, Content, Names, Resource};
use medblock_platform::{Error as StorageError, Files, files::Scratch};
use pallet_medical_records_runtime_api::{GrantInfo, RecordInfo};
use std::io::{self, BufWriter, Write};

fn names(client: &Client) -> Names {
	Names::new(&client.chain().genesis())
}

fn bundle(client: &Client, at: &At, resources: Vec<Resource>) -> Bundle {
	Bundle::new(&names(client), &at.hash().0, Timestamp::now(), resources)
}

fn print(bundle: &Bundle) -> Result<(), Failure> {
	let json =
		serde_json::to_string_pretty(bundle).map_err(|why| Failure::new(Code::Unexpected, why))?;
	output::print_json(&json)
}

/// Prints a chart's records, with their authors, and with the grant by which a doctor sees them.
pub async fn print_chart(
	client: &Client,
	patient: PatientId,
	entries: &[Entry],
) -> Result<(), Failure> {
	let at = client.chain().finalized().await?;
	let mut resources = chart(client, patient, entries);
	resources.extend(own_consent(client, &at, patient).await?);
	print(&bundle(client, &at, resources))
}

/// A chart's records, with their authors.
fn chart(client: &Client, patient: PatientId, entries: &[Entry]) -> Vec<Resource> {
	let names = names(client);
	let mut resources: Vec<Resource> = Vec::new();
	for Entry { index, record, vaults, title } in entries {
		let (vaults, about) = (vaults.as_ref(), title.into());
		resources.push(names.document_reference(patient, *index, record, vaults, about).into());
		resources.push(names.provenance(patient, *index, record).into());
	}
	resources
}

/// What there is of a patient besides the records' contents.
pub struct Everything<'a> {
	/// The patient.
	pub info: &'a PatientInfo,
	/// The profile, if there is one.
	pub profile: Option<&'a Profile>,
	/// The records.
	pub entries: &'a [Entry],
	/// The grants.
	pub grants: &'a [GrantInfo],
	/// The people who act for the patient.
	pub representatives: &'a [RepresentativeInfo],
	/// The plan for emergencies, if there is one.
	pub plan: Option<&'a EmergencyPlanInfo>,
	/// The last emergencies.
	pub emergencies: &'a [EmergencyInfo],
	/// What vaults gave out.
	pub disclosures: &'a [(HospitalId, Disclosure)],
}

/// All of that as one bundle.
pub async fn everything(client: &Client, at: &At, all: Everything<'_>) -> Result<Bundle, Failure> {
	let (names, patient) = (names(client), all.info.id);
	let mut resources: Vec<Resource> = vec![names.patient_resource(all.info, all.profile).into()];
	resources.extend(chart(client, patient, all.entries));
	for grant in all.grants {
		resources.push(consent(client, at, grant).await?);
	}
	for one in all.representatives {
		resources.push(names.related_person(one).into());
		resources.push(names.representation_consent(one).into());
	}
	if let Some(plan) = all.plan {
		resources.push(names.emergency_consent(plan, all.emergencies).into());
	}
	for (vault, one) in all.disclosures {
		resources.push(names.audit_event(*vault, patient, one).into());
	}
	Ok(bundle(client, at, resources))
}

/// Prints grants.
pub async fn print_grants(client: &Client, at: &At, grants: &[GrantInfo]) -> Result<(), Failure> {
	let mut resources = Vec::new();
	for grant in grants {
		resources.push(consent(client, at, grant).await?);
	}
	print(&bundle(client, at, resources))
}

/// Prints a patient.
pub fn print_patient(
	client: &Client,
	at: &At,
	info: &PatientInfo,
	profile: Option<&Profile>,
) -> Result<(), Failure> {
	let resource = names(client).patient_resource(info, profile);
	print(&bundle(client, at, vec![resource.into()]))
}

/// Prints everything that vaults gave out of the patient's own chart.
pub async fn print_disclosures(
	client: &Client,
	disclosures: &[(HospitalId, Disclosure)],
) -> Result<(), Failure> {
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let names = names(client);
	let events = disclosures.iter().map(|(vault, one)| names.audit_event(*vault, patient, one));
	print(&bundle(client, &at, events.map(Into::into).collect()))
}

/// Puts an opened record into a bundle, in a scratch file of `storage`.
pub async fn wrapped(
	client: &Client,
	patient: PatientId,
	index: RecordIndex,
	title: &Title,
	opened: &Scratch,
	storage: &dyn Files,
) -> Result<Scratch, Failure> {
	let content = opened.to_file().and_then(Content::read).map_err(|why| {
		Failure::new(Code::Local, StorageError::cannot("read", "the decrypted record")(why))
	})?;
	let at = client.chain().finalized().await?;
	let RecordInfo { record, vaults, .. } = at
		.record_info(patient, index)
		.await?
		.ok_or(Error::Record(records::Error::NoSuchRecord(index)))?;
	// A record that was withdrawn during the download must not be given out any more.
	if record.document.is_none() {
		return Err(Error::Record(records::Error::Withdrawn(index)).into());
	}
	let names = names(client);
	let about = About::Opened(&title.headers, content);
	let mut resources: Vec<Resource> = vec![
		names.document_reference(patient, index, &record, vaults.as_ref(), about).into(),
		names.provenance(patient, index, &record).into(),
	];
	resources.extend(own_consent(client, &at, patient).await?);
	let unwritten = |why: io::Error| {
		Failure::new(Code::Local, StorageError::cannot("write into", storage.place(""))(why))
	};
	let scratch = storage.scratch("").await.map_err(|why| Failure::new(Code::Local, why))?;
	let mut out = BufWriter::new(scratch.file.writer());
	serde_json::to_writer_pretty(&mut out, &bundle(client, &at, resources))
		.map_err(|why| unwritten(why.into()))?;
	out.flush().map_err(unwritten)?;
	drop(out);
	Ok(scratch)
}

/// The file name of a record's bundle in a folder.
pub fn file_name(patient: PatientId, record: RecordIndex) -> String {
	format!("record-{}-{record}.fhir.json", patient.0)
}

/// The patient's consent to what this account sees of the chart as a doctor, if it acts for one.
async fn own_consent(
	client: &Client,
	at: &At,
	patient: PatientId,
) -> Result<Option<Resource>, Failure> {
	let Some(doctor) = at.doctor_of(client.keys().account()).await? else { return Ok(None) };
	match at.grant(patient, doctor).await? {
		Some(grant) => Ok(Some(consent(client, at, &grant).await?)),
		None => Ok(None),
	}
}

async fn consent(client: &Client, at: &At, grant: &GrantInfo) -> Result<Resource, Failure> {
	let shared: Vec<RecordIndex> = match grant.scope {
		Scope::Chart => Vec::new(),
		Scope::Records => {
			let share = at.share(grant.patient, grant.doctor).await?;
			share.records.iter().map(|one| one.record).collect()
		},
	};
	Ok(names(client).consent(grant, &shared).into())
}

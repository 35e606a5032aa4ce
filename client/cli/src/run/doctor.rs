//! `medblock doctor`.

use super::{
	asking::Asking, charts, emergency, following, gathering, guardians, kit, many,
	moving::request_move, opening, receipts, record, taking_over, who,
};
use crate::{
	cli::{DoctorCommand, Practice as PracticeText},
	describe,
	exit::Failure,
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	Error, accounts,
	chain::At,
	medblock_crypto::{check_public_key, key_digest},
	medblock_primitives::{Capacity, DoctorId, HospitalId, Person},
	names::{self, Named, Names},
	profiles::{Practice, profile_digest},
};
use medblock_views::{AccountChange, Doctor, DoctorProfile, Hex};
use serde_json::json;

/// Runs a doctor's command.
pub async fn run(command: DoctorCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		DoctorCommand::Register { hospital, practice } => {
			register(session, &hospital, practice).await
		},
		DoctorCommand::Show { doctor } => show(session, doctor.as_ref()).await,
		DoctorCommand::Profile(text) => {
			let client = session.actor().await?;
			let doctor = client.own_practice(&client.chain().finalized().await?).await?;
			let (done, entry) = client.change_practice(doctor, text.into()).await?;
			let digest = profile_digest(&entry);
			// A call that is only prepared has not said yet.
			let is_proposal =
				done.receipt().map(|sent| sent.event("DoctorProfileProposed").is_some());
			let sentence = match is_proposal {
				Some(true) => {
					"Your hospital has to confirm the change. Until then, patients see your entry as it was."
				},
				_ => "The directory entry is changed.",
			};
			let more = json!({
				"doctor": doctor.0,
				"proposed": is_proposal,
				"profileDigest": Hex(digest),
			});
			outcome::print(session.output, &client, &done, sentence, more)
		},
		DoctorCommand::KeepProfile => {
			let client = session.actor().await?;
			let doctor = client.own_practice(&client.chain().finalized().await?).await?;
			let done = client.discard_profile(doctor).await?;
			let sentence = "The change is withdrawn: your entry stays as it is.";
			outcome::print(session.output, &client, &done, sentence, json!({ "doctor": doctor.0 }))
		},
		DoctorCommand::Directory => directory(session).await,
		DoctorCommand::Inbox { follow: true, no_names, .. } => {
			following::inbox(session, no_names).await
		},
		DoctorCommand::Inbox { fhir, no_names, .. } => charts::inbox(session, fhir, no_names).await,
		DoctorCommand::Patients { search } => charts::patients(session, search).await,
		DoctorCommand::Receipts { check: false } => receipts::list(session).await,
		DoctorCommand::Receipts { check: true } => receipts::check(session).await,
		DoctorCommand::Chart { patient, list } => {
			let client = session.reader().await?;
			let at = client.chain().finalized().await?;
			let patient = client.find_patient_of_doctor(&at, &patient).await?.id;
			opening::list(session, &client, patient, &list).await
		},
		DoctorCommand::Open { patient, records, to } => {
			many::open(session, Some(&patient), &records, &to).await
		},
		DoctorCommand::Append(append) => {
			let files = gathering::new_files(session, &append.add).await?;
			let asking = Asking::new(session, append.add.folders.yes)?;
			let client = session.actor().await?;
			let (patient, who) = charts::ask(&client, &asking, &append.patient, &files).await?;
			record::put(session, &client, patient, Some(&who), &files, record::As::Doctor).await
		},
		DoctorCommand::Emergency(command) => emergency::of_doctor(command, session).await,
		DoctorCommand::Relinquish { patients, yes } => {
			charts::relinquish(session, &patients, yes).await
		},
		DoctorCommand::NewKey { yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			asking.confirm(
				"You are about to publish a new encryption key.",
				"Until your hospital has confirmed it, no patient can give you access, or renew it. The present key \
				 can't be used for that any more. What was granted to you before stays readable.",
			)?;
			let (done, digest) = client.renew_encryption_key().await?;
			let sentence = format!(
				"You have a new encryption key. Have your hospital confirm it, by this digest:\n{}\nUntil then \
				 patients can give you nothing new. What they gave you before, this account still opens.",
				hex::encode(digest),
			);
			let more = json!({ "keyDigest": Hex(digest) });
			guardians::renew_after(session, &client, Capacity::Doctor, &done).await;
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		DoctorCommand::Guardians(command) => {
			guardians::run(command, Capacity::Doctor, session).await
		},
		DoctorCommand::Kit(options) => kit::print(options, session).await,
		DoctorCommand::ChangeAccount(change) => {
			taking_over::change_account(session, Capacity::Doctor, change).await
		},
		DoctorCommand::NewWords(words) => {
			taking_over::new_words(session, Capacity::Doctor, words).await
		},
		DoctorCommand::KeepAccount => taking_over::keep_account(session, Capacity::Doctor).await,
		DoctorCommand::Move(to) => request_move(session, Capacity::Doctor, &to).await,
	}
}

/// A directory entry from the command line.
impl From<PracticeText> for Practice {
	fn from(text: PracticeText) -> Self {
		let PracticeText { name, specialty, qualification, since } = text;
		Self { name, specialty, qualification, practising_since: since }
	}
}

async fn register(
	session: &Session<'_>,
	hospital: &Named,
	text: PracticeText,
) -> Result<(), Failure> {
	let practice = Practice::from(text);
	// This checks that the entry can be written at all.
	let profile = profile_digest(&practice.profile()?);
	let client = session.actor().await?;
	let HospitalId(hospital) = who::meant_hospital(session, &client, hospital).await?;
	let at = client.chain().finalized().await?;
	let place = who::hospital(&mut Names::new(&at), HospitalId(hospital)).await?;
	let done = client.register_doctor(HospitalId(hospital), &practice).await?;
	let doctor = outcome::number(&done, "DoctorRegistered", "doctor");
	let digest = key_digest(&client.keys().identity(1)?.public_key());
	let sentence = format!(
		"You are doctor {}. A registrar of {place} has to verify you within 14 days: tell them, in person, \
		 the digest of your key:\n{}",
		doctor.map_or("?".into(), |id| id.to_string()),
		hex::encode(digest),
	);
	let more = json!({
		"doctor": doctor,
		"hospital": hospital,
		"keyDigest": Hex(digest),
		"profileDigest": Hex(profile),
	});
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn show(session: &Session<'_>, id: Option<&Named>) -> Result<(), Failure> {
	let node = session.node().await?;
	let at = node.first().finalized().await?;
	let doctor = match id {
		Some(id) => names::doctor(&at, id).await?.id,
		None => {
			let account = session.address().await?;
			at.doctor_of(account).await?.ok_or(Error::from(accounts::Error::NotDoctor(account)))?
		},
	};
	let info = at.known_doctor(doctor).await?;
	let digest = published_digest(&at, doctor).await?;
	let hospital = who::hospital(&mut Names::new(&at), info.hospital).await?;
	let mut text = describe::doctor(&info, &hospital, digest);
	// What is not confirmed is shown to the doctor alone.
	let (mut proposal, mut change) = (None, None);
	if id.is_none() {
		let asked = async {
			let proposal = at.proposed_profile(doctor).await?;
			Ok::<_, Error>((proposal, at.account_change(Person::Doctor(doctor)).await?))
		};
		match asked.await {
			Ok(found) => (proposal, change) = found,
			// A door answers it only to those who sign in.
			Err(why) => session.output.warn(format_args!("what is pending can't be shown: {why}")),
		}
	}
	if let Some(proposal) = &proposal {
		let entry = describe::entry(proposal).join("\n");
		text.push_str(&format!("\n\nYou propose, and your hospital has not confirmed:\n{entry}"));
	}
	if let Some(change) = &change {
		text.push('\n');
		text.push_str(&describe::account_change(change));
	}
	let profile = info.profile.as_ref().map(profile_digest);
	let document = json!({
		"value": Doctor::from(info),
		"keyDigest": digest.map(Hex),
		"profileDigest": profile.map(Hex),
		"proposal": proposal.map(DoctorProfile::from),
		"accountChange": change.map(AccountChange::from),
		"at": describe::block(&at),
	});
	session.output.result(&document, text)
}

/// The digest of a doctor's published key.
async fn published_digest(at: &At, doctor: DoctorId) -> Result<Option<[u8; 32]>, Failure> {
	let Some(key) = at.encryption_key(doctor).await? else { return Ok(None) };
	let key = check_public_key(&key.key).map_err(Error::from)?;
	Ok(Some(key_digest(&key)))
}

async fn directory(session: &Session<'_>) -> Result<(), Failure> {
	let node = session.node().await?;
	let at = node.first().finalized().await?;
	let doctors = at.all_doctors().await?;
	let mut names = Names::new(&at);
	let mut table = Table::new(["doctor", "name", "specialty", "hospital", "standing", "grants"]);
	for info in &doctors {
		let specialty = info.profile.as_ref().map(|profile| describe::words(&profile.specialty));
		table.row([
			info.id.0.to_string(),
			describe::name(info),
			specialty.unwrap_or_default(),
			who::hospital(&mut names, info.hospital).await?,
			describe::standing(info.standing).into(),
			if info.practises.is_ok() { "possible" } else { "not now" }.into(),
		]);
	}
	let is_empty = doctors.is_empty();
	let document = describe::list(doctors.into_iter().map(Doctor::from).collect(), &at);
	if is_empty {
		return session.output.result(&document, "No doctor is registered.");
	}
	session.output.result(&document, table)
}

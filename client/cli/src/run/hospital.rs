//! `medblock hospital`.

use super::{
	account::ask,
	asking::Asking,
	institution,
	patient::{read_profile, write_profile},
	people, registrar, registrar_words, validator,
};
use crate::{
	cli::{
		DecisionKind, Digest, HospitalCommand, Person as Named, PersonKind, Profile, ProfileText,
		Registration, Until, Verify,
	},
	describe,
	exit::Failure,
	outcome,
	output::{self, Table},
	session::Session,
};
use medblock_client::{
	Client,
	medblock_primitives::{DoctorId, DoctorProfile, PatientId, Person, RegistrationMode},
	profiles::profile_digest,
	standing::Decision,
};
use medblock_views::{AccountChange, Doctor, Hex, Patient, ProposedProfile, Time};
use serde_json::{Value, json};
use std::io::{IsTerminal, stdin};

/// Runs a hospital's command.
pub async fn run(command: HospitalCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		HospitalCommand::Pending => pending(session).await,
		HospitalCommand::Patients(wanted) => people::patients(session, wanted).await,
		HospitalCommand::Doctors(wanted) => people::doctors(session, wanted).await,
		HospitalCommand::Verify(Verify::Patient { patient }) => {
			let client = session.actor().await?;
			let done = client.verify_patient(PatientId(patient)).await?;
			let sentence = format!("Patient {patient} is verified.");
			let more = json!({ "patient": patient });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Verify(Verify::Doctor {
			doctor,
			key_digest,
			profile_digest,
			licence_until,
		}) => {
			can_be_asked(key_digest)?;
			can_be_shown(profile_digest)?;
			let client = session.actor().await?;
			let profile = match profile_digest {
				Some(Digest(digest)) => digest,
				None => {
					let entry = client.published_profile(DoctorId(doctor)).await?;
					seen(&format!("Doctor {doctor} is in the directory like this:"), &entry)?
				},
			};
			let digest = told(&client, doctor, key_digest).await?;
			let until = licence_until.map(|until| until.moment);
			let done = client.verify_doctor(DoctorId(doctor), digest, profile, until).await?;
			let sentence = format!("Doctor {doctor} is verified.");
			let more = json!({
				"doctor": doctor,
				"keyDigest": Hex(digest),
				"profileDigest": Hex(profile),
			});
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Reject(named) => {
			decide(session, named, Decision::Reject, "rejected").await
		},
		HospitalCommand::Suspend(named) => {
			decide(session, named, Decision::Suspend, "suspended").await
		},
		HospitalCommand::Reinstate(named) => {
			decide(session, named, Decision::Reinstate, "reinstated").await
		},
		HospitalCommand::NewWords(words) => registrar_words::new_words(session, words).await,
		HospitalCommand::TakeIn(named) => {
			let (person, who, more) = named_person(named);
			let client = session.actor().await?;
			let done = client.take_in(person).await?;
			let sentence = format!("{who} is with your hospital now.");
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Profile(profile) => profile_of(session, profile).await,
		HospitalCommand::DoctorProfile { doctor, practice } => {
			let client = session.actor().await?;
			let done = client.set_practice(DoctorId(doctor), &practice.into()).await?;
			let sentence = format!("The directory entry of doctor {doctor} is changed.");
			outcome::print(session.output, &client, &done, &sentence, json!({ "doctor": doctor }))
		},
		HospitalCommand::ConfirmProfile { doctor, profile_digest } => {
			can_be_shown(profile_digest)?;
			let client = session.actor().await?;
			let digest = match profile_digest {
				Some(Digest(digest)) => digest,
				None => {
					let present = client.published_profile(DoctorId(doctor)).await?;
					let proposed = client.proposal_of(DoctorId(doctor)).await?;
					let present = describe::entry(&present).join("\n");
					seen(
						&format!(
							"Patients see doctor {doctor} like this:\n\n{present}\n\nProposed:"
						),
						&proposed,
					)?
				},
			};
			let done = client.confirm_profile(DoctorId(doctor), digest).await?;
			let sentence = format!("The directory entry of doctor {doctor} is changed.");
			let more = json!({ "doctor": doctor, "profileDigest": Hex(digest) });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::DiscardProfile { doctor } => {
			let client = session.actor().await?;
			let done = client.discard_profile(DoctorId(doctor)).await?;
			let sentence = format!("The directory entry of doctor {doctor} stays as it is.");
			outcome::print(session.output, &client, &done, &sentence, json!({ "doctor": doctor }))
		},
		HospitalCommand::KeepAccount(named) => {
			let (person, who, more) = named_person(named);
			let client = session.actor().await?;
			let done = client.stop_account_change(person).await?;
			let sentence = format!("{who} keeps the present account.");
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Details { doctor, text, licence_until } => {
			details(session, doctor, &text, licence_until).await
		},
		HospitalCommand::ConfirmKey { doctor, key_digest } => {
			can_be_asked(key_digest)?;
			let client = session.actor().await?;
			let digest = told(&client, doctor, key_digest).await?;
			let done = client.confirm_encryption_key(DoctorId(doctor), digest).await?;
			let sentence = format!("The new key of doctor {doctor} is confirmed.");
			let more = json!({ "doctor": doctor, "keyDigest": Hex(digest) });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Sponsor { account, end } => {
			let client = session.actor().await?;
			let done = client.sponsor(account, !end).await?;
			let sentence = match end {
				false => format!("Your hospital sponsors {account}."),
				true => format!("Your hospital no longer sponsors {account}."),
			};
			let more = json!({ "account": account.to_string(), "sponsored": !end });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Allow { what, kind, number } => {
			let client = session.actor().await?;
			let done = client.allow_decisions(what.into(), kind.into(), number).await?;
			let people = match kind {
				PersonKind::Patient => "patients",
				PersonKind::Doctor => "doctors",
			};
			let (time, does, decisions) = match what {
				DecisionKind::Verifications => ("For a week", "verify", "verifications"),
				DecisionKind::Suspensions => ("Until tomorrow", "suspend", "suspensions"),
				DecisionKind::Corrections => ("Until tomorrow", "correct", "corrections"),
			};
			let sentence =
				format!("{time}, your hospital may {does} {number} {people} more than usually.");
			let more = json!({ "decisions": decisions, "kind": people, "number": number });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Registrar(command) => registrar::run(command, session).await,
		HospitalCommand::Institution(command) => institution::of_hospital(command, session).await,
		HospitalCommand::PublishKey { yes } => registrar::publish_key(session, yes).await,
		HospitalCommand::ShareKey { yes } => registrar::share_key(session, yes).await,
		HospitalCommand::Validator(command) => validator::run(command, session).await,
		HospitalCommand::Registration { mode } => {
			let (mode, sentence) = match mode {
				Registration::Open => {
					(RegistrationMode::Open, "Any account may register with your hospital now.")
				},
				Registration::Sponsored => (
					RegistrationMode::SponsoredOnly,
					"Only accounts that a registrar has sponsored may register with your hospital now.",
				),
				Registration::Closed => {
					(RegistrationMode::Closed, "Your hospital accepts no registrations now.")
				},
			};
			let client = session.actor().await?;
			let done = client.set_registration(mode).await?;
			outcome::print(
				session.output,
				&client,
				&done,
				sentence,
				json!({ "registration": mode }),
			)
		},
		HospitalCommand::Gateway { url } => {
			let client = session.actor().await?;
			let done = client.set_gateway(&url).await?;
			let sentence = format!("Your hospital's gateway is {url} now.");
			outcome::print(session.output, &client, &done, &sentence, json!({ "gateway": url }))
		},
		HospitalCommand::VaultAccount => {
			let client = session.actor().await?;
			let (done, account) = client.name_vault_account().await?;
			let sentence =
				format!("{account} is the account of your vault now: it gives receipts.");
			let more = json!({ "account": account.to_string() });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::BeginLog { yes } => {
			let asking = Asking { yes, prepares: session.prepares() };
			asking.can_be_asked()?;
			let warning = "Patients and doctors will see that your hospital has given up its vault's log, and can no \
				longer check what was in it.";
			asking.confirm("Your hospital's vault is to begin another log.", warning)?;
			let client = session.actor().await?;
			let done = client.begin_disclosure_log().await?;
			let sentence = "Your hospital's vault begins another log.";
			outcome::print(session.output, &client, &done, sentence, json!({}))
		},
	}
}

async fn pending(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let pending = client.pending(&at).await?;
	let mut table = Table::new(["who", "number", "name", "registered", "account", "wants"]);
	let wants = |moving: bool| if moving { "to move here" } else { "to be verified" }.to_owned();
	for info in &pending.patients {
		table.row([
			"patient".into(),
			info.id.0.to_string(),
			String::new(),
			describe::time(info.registered_at),
			info.account.to_string(),
			wants(info.moving_to.is_some()),
		]);
	}
	for info in &pending.doctors {
		table.row([
			"doctor".into(),
			info.id.0.to_string(),
			describe::name(info),
			describe::time(info.registered_at),
			info.account.to_string(),
			wants(info.moving_to.is_some()),
		]);
	}
	for proposal in &pending.proposals {
		table.row([
			"doctor".into(),
			proposal.doctor.0.to_string(),
			describe::words(&proposal.profile.name),
			String::new(),
			String::new(),
			"this entry: `medblock hospital confirm-profile`".into(),
		]);
	}
	for change in &pending.account_changes {
		let (who, id) = match change.person {
			Person::Patient(patient) => ("patient", patient.0),
			Person::Doctor(doctor) => ("doctor", doctor.0),
		};
		table.row([
			who.into(),
			id.to_string(),
			String::new(),
			String::new(),
			change.new.to_string(),
			format!("this account from {}", describe::time(change.due)),
		]);
	}
	let is_empty = pending.is_empty();
	let patients: Vec<_> = pending.patients.into_iter().map(Patient::from).collect();
	let doctors: Vec<_> = pending.doctors.into_iter().map(Doctor::from).collect();
	let proposals: Vec<_> = pending.proposals.into_iter().map(ProposedProfile::from).collect();
	let changes: Vec<_> = pending.account_changes.into_iter().map(AccountChange::from).collect();
	let document = json!({
		"patients": patients,
		"doctors": doctors,
		"proposals": proposals,
		"accountChanges": changes,
		"at": describe::block(&at),
	});
	if is_empty {
		return session.output.result(&document, "No person is waiting.");
	}
	session.output.result(&document, table)
}

async fn decide(
	session: &Session<'_>,
	named: Named,
	decision: Decision,
	outcome: &str,
) -> Result<(), Failure> {
	let (person, who, more) = named_person(named);
	let client = session.actor().await?;
	let done = client.decide(person, decision).await?;
	let sentence = format!("{who} is {outcome}.");
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// A person, in words, and as JSON.
fn named_person(Named { kind, id }: Named) -> (Person, String, Value) {
	match kind {
		PersonKind::Patient => {
			(Person::Patient(PatientId(id)), format!("Patient {id}"), json!({ "patient": id }))
		},
		PersonKind::Doctor => {
			(Person::Doctor(DoctorId(id)), format!("Doctor {id}"), json!({ "doctor": id }))
		},
	}
}

async fn profile_of(session: &Session<'_>, profile: Profile) -> Result<(), Failure> {
	let Profile { patient, name, birth_date, contact } = profile;
	let patient = PatientId(patient);
	match name {
		Some(name) => {
			let client = session.actor().await?;
			let text = ProfileText { name, birth_date, contact };
			write_profile(session, &client, patient, text).await
		},
		None => {
			let client = session.reader().await?;
			let profile = read_profile(session, &client, patient).await?;
			session.output.result(&describe::profile_json(&profile), describe::profile(&profile))
		},
	}
}

async fn details(
	session: &Session<'_>,
	doctor: u32,
	text: &str,
	licence_until: Option<Until>,
) -> Result<(), Failure> {
	let client = session.actor().await?;
	let until = licence_until.map(|until| until.moment);
	let done = client.set_details(DoctorId(doctor), text, until).await?;
	let licence = match until {
		Some(end) => format!("The licence expires at {}.", describe::time(end)),
		None => "The licence does not expire.".into(),
	};
	let sentence = format!("The details of doctor {doctor} are set. {licence}");
	let more = json!({ "doctor": doctor, "licenceExpires": until.map(Time::from) });
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// Fails if a digest has to be compared, and there is no terminal to ask on.
fn can_be_asked(named: Option<Digest>) -> Result<(), Failure> {
	if named.is_none() && !stdin().is_terminal() {
		return Err(Failure::usage(
			"there is no terminal to ask on whether the doctor told the same digest: add --key-digest",
		));
	}
	Ok(())
}

/// Fails if an entry has to be shown, and there is no terminal to show it on.
fn can_be_shown(named: Option<Digest>) -> Result<(), Failure> {
	if named.is_none() && !stdin().is_terminal() {
		return Err(Failure::usage(
			"there is no terminal to show you the directory entry on: add --profile-digest",
		));
	}
	Ok(())
}

/// The digest of an entry, once the registrar has seen it and agrees.
fn seen(what: &str, entry: &DoctorProfile) -> Result<[u8; 32], Failure> {
	output::say(format_args!(
		"{what}\n\n{}\n\nIs all of this right, by the doctor's documents? Type yes:",
		describe::entry(entry).join("\n"),
	));
	if ask()?.trim() != "yes" {
		return Err(Failure::usage("not confirmed: nothing was sent"));
	}
	Ok(profile_digest(entry))
}

/// The digest that the doctor told: the named one, or the published one if the registrar says that
/// it is the same.
async fn told(client: &Client, doctor: u32, named: Option<Digest>) -> Result<[u8; 32], Failure> {
	if let Some(Digest(digest)) = named {
		return Ok(digest);
	}
	let digest = client.published_key_digest(DoctorId(doctor)).await?;
	output::say(format_args!(
		"Doctor {doctor} has published a key with this digest:\n\n{}\n\nHas the doctor, in person, told \
		 you the same? Type yes:",
		hex::encode(digest),
	));
	if ask()?.trim() != "yes" {
		return Err(Failure::usage("not confirmed: nothing was sent"));
	}
	Ok(digest)
}

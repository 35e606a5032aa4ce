//! `medblock hospital`.

use super::{
	asking::Asking,
	desk, emergency, institution,
	patient::{read_profile, write_profile},
	people, registrar, registrar_words, representatives, sponsoring, terms, validator,
	who::Who,
};
use crate::{
	cli::{
		Decided, DecisionKind, DetailsChange, Digest, HospitalCommand, PersonKind, Profile,
		Registration, Verify,
	},
	describe,
	exit::Failure,
	outcome,
	output::harmless,
	session::Session,
	terminal,
};
use medblock_client::{
	Client,
	medblock_primitives::{DoctorId, DoctorProfile, RegistrationMode},
	names::Named,
	profiles::{Detailed, profile_digest},
	standing::Decision,
};
use medblock_views::{Hex, Time};
use serde_json::json;

/// Runs a hospital's command.
pub async fn run(command: HospitalCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		HospitalCommand::Pending { no_names } => desk::pending(session, no_names).await,
		HospitalCommand::Patients(wanted) => people::patients(session, wanted).await,
		HospitalCommand::Doctors(wanted) => people::doctors(session, wanted).await,
		HospitalCommand::Registrars(wanted) => registrar::list(session, &wanted).await,
		HospitalCommand::Verify(Verify::Patient { patients, yes }) => {
			desk::verify_patients(session, &patients, yes).await
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
			let (doctor, who) = desk::doctor(&client, &doctor).await?;
			let profile = match profile_digest {
				Some(Digest(digest)) => digest,
				None => {
					let entry = client.published_profile(doctor).await?;
					seen(&format!("{} is in the directory like this:", who.begins()), &entry)?
				},
			};
			let digest = told(&client, doctor, &who, key_digest).await?;
			let until = terms::end(&client, licence_until).await?;
			let done = client.verify_doctor(doctor, digest, profile, until).await?;
			let sentence = format!("{} is verified.", who.begins());
			let more = who.with(json!({
				"keyDigest": Hex(digest),
				"profileDigest": Hex(profile),
			}));
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::NewWords(words) => registrar_words::new_words(session, words).await,
		HospitalCommand::Reject(named) => desk::decide(session, named, Decision::Reject).await,
		HospitalCommand::Suspend(named) => desk::decide(session, named, Decision::Suspend).await,
		HospitalCommand::Reinstate(person) => {
			// It takes nothing away that can't be taken away again.
			desk::decide(session, Decided { person, yes: true }, Decision::Reinstate).await
		},
		HospitalCommand::TakeIn(named) => desk::take_in(session, named).await,
		HospitalCommand::Decline(named) => desk::decline(session, named).await,
		HospitalCommand::Profile(profile) => profile_of(session, profile).await,
		HospitalCommand::DoctorProfile { doctor, practice } => {
			let client = session.actor().await?;
			let (doctor, who) = desk::meant_doctor(session, &client, &doctor).await?;
			let (done, _) = client.change_practice(doctor, practice.into()).await?;
			let sentence = format!("The directory entry of {who} is changed.");
			outcome::print(session.output, &client, &done, &sentence, who.fields())
		},
		HospitalCommand::ConfirmProfile { doctor, profile_digest } => {
			can_be_shown(profile_digest)?;
			let client = session.actor().await?;
			let (doctor, who) = desk::doctor(&client, &doctor).await?;
			let digest = match profile_digest {
				Some(Digest(digest)) => digest,
				None => {
					let present = client.published_profile(doctor).await?;
					let proposed = client.proposal_of(doctor).await?;
					let present = describe::entry(&present).join("\n");
					let shown = format!("Patients see {who} like this:\n\n{present}\n\nProposed:");
					seen(&shown, &proposed)?
				},
			};
			let done = client.confirm_profile(doctor, digest).await?;
			let sentence = format!("The directory entry of {who} is changed.");
			let more = who.with(json!({ "profileDigest": Hex(digest) }));
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::DiscardProfile { doctor } => {
			let client = session.actor().await?;
			let (doctor, who) = desk::meant_doctor(session, &client, &doctor).await?;
			let done = client.discard_profile(doctor).await?;
			let sentence = format!("The directory entry of {who} stays as it is.");
			outcome::print(session.output, &client, &done, &sentence, who.fields())
		},
		HospitalCommand::KeepAccount(named) => {
			let client = session.actor().await?;
			let (person, who) = desk::meant_person(session, &client, &named).await?;
			let done = client.stop_account_change(person).await?;
			let sentence = format!("{} keeps the present account.", who.begins());
			outcome::print(session.output, &client, &done, &sentence, who.fields())
		},
		HospitalCommand::Details { doctor, details } => {
			set_details(session, &doctor, details).await
		},
		HospitalCommand::ConfirmKey { doctor, key_digest } => {
			can_be_asked(key_digest)?;
			let client = session.actor().await?;
			let (doctor, who) = desk::doctor(&client, &doctor).await?;
			let digest = told(&client, doctor, &who, key_digest).await?;
			let done = client.confirm_encryption_key(doctor, digest).await?;
			let sentence = format!("The new key of {who} is confirmed.");
			let more = who.with(json!({ "keyDigest": Hex(digest) }));
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Sponsor(named) => sponsoring::run(session, named).await,
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
			let sentence = match number {
				0 => format!("Your hospital may {does} as many {people} as usual, and no more."),
				_ => format!("{time}, your hospital may {does} {number} {people} more than usual."),
			};
			let more = json!({ "decisions": decisions, "kind": people, "number": number });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		HospitalCommand::Registrar(command) => registrar::run(command, session).await,
		HospitalCommand::Institution(command) => institution::of_hospital(command, session).await,
		HospitalCommand::PublishKey { yes } => registrar::publish_key(session, yes).await,
		HospitalCommand::ShareKey { yes } => registrar::share_key(session, yes).await,
		HospitalCommand::Representatives(command) => {
			representatives::of_hospital(command, session).await
		},
		HospitalCommand::Emergency(command) => emergency::of_hospital(command, session).await,
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

async fn profile_of(session: &Session<'_>, profile: Profile) -> Result<(), Failure> {
	let Profile { patient, text } = profile;
	match text.changes() {
		true => {
			let client = session.actor().await?;
			let patient = desk::meant_patient(session, &client, &patient).await?;
			write_profile(session, &client, patient, text).await
		},
		false => {
			let client = session.reader().await?;
			let patient = desk::patient(&client, &patient).await?;
			let profile = read_profile(session, &client, patient).await?;
			session.output.result(&describe::profile_json(&profile), describe::profile(&profile))
		},
	}
}

async fn set_details(
	session: &Session<'_>,
	doctor: &Named,
	details: DetailsChange,
) -> Result<(), Failure> {
	let DetailsChange { text, clear_text, licence_until, clear_licence } = details;
	let client = session.actor().await?;
	let (doctor, who) = desk::meant_doctor(session, &client, doctor).await?;
	let text = terms::text_or_none(text, clear_text);
	let end = terms::new_end(&client, licence_until, clear_licence).await?;
	let Detailed { done, details, licence_expires } =
		client.change_details(doctor, text, end).await?;
	let shown = match details.is_empty() {
		true => "Your hospital publishes no details.".into(),
		false => format!("The details: {}.", harmless(&details)),
	};
	let licence = match licence_expires {
		Some(end) => format!("The licence expires at {}.", describe::time(end)),
		None => "The licence does not expire.".into(),
	};
	let sentence = format!("The entry of {who} is changed. {shown} {licence}");
	let more = who.with(json!({
		"details": details,
		"licenceExpires": licence_expires.map(Time::from),
	}));
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// Fails if a digest has to be compared, and there is no terminal to ask on.
fn can_be_asked(named: Option<Digest>) -> Result<(), Failure> {
	if named.is_none() && !terminal::is_there() {
		return Err(Failure::usage(
			"there is no terminal to ask on whether the doctor told the same digest: add --key-digest",
		));
	}
	Ok(())
}

/// Fails if an entry has to be shown, and there is no terminal to show it on.
fn can_be_shown(named: Option<Digest>) -> Result<(), Failure> {
	if named.is_none() && !terminal::is_there() {
		return Err(Failure::usage(
			"there is no terminal to show you the directory entry on: add --profile-digest",
		));
	}
	Ok(())
}

/// The digest of an entry, once the registrar has seen it and agrees.
fn seen(what: &str, entry: &DoctorProfile) -> Result<[u8; 32], Failure> {
	terminal::show(format_args!(
		"{what}\n\n{}\n\nIs all of this right, by the doctor's documents? Type yes:",
		describe::entry(entry).join("\n"),
	));
	if !terminal::agrees()? {
		return Err(Failure::usage("not confirmed: nothing was sent"));
	}
	Ok(profile_digest(entry))
}

/// The digest that the doctor told: the named one, or the published one if the registrar says that
/// it is the same.
async fn told(
	client: &Client,
	doctor: DoctorId,
	who: &Who,
	named: Option<Digest>,
) -> Result<[u8; 32], Failure> {
	if let Some(Digest(digest)) = named {
		return Ok(digest);
	}
	let digest = client.published_key_digest(doctor).await?;
	terminal::show(format_args!(
		"{} has published a key with this digest:\n\n{}\n\nHas the doctor, in person, told you the same? Type \
		 yes:",
		who.begins(),
		hex::encode(digest),
	));
	if !terminal::agrees()? {
		return Err(Failure::usage("not confirmed: nothing was sent"));
	}
	Ok(digest)
}

//! A registrar's decisions about people. The program shows each person first.

use super::{
	asking::Asking,
	emergency, guarded,
	who::{self, Who},
};
use crate::{
	advice,
	cli::{Decided, Person as NamedPerson, PersonKind},
	describe,
	exit::{Code, Failure},
	outcome,
	output::Table,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Done, Error,
	chain::{At, RecoveryInfo},
	medblock_primitives::{Delegate, DoctorId, MAX_DESK_BATCH, PatientId, Person},
	names::{Found, Named, Names},
	people::Listed,
	registration,
	standing::{Decision, Pending},
};
use medblock_views::{AccountChange, Doctor, EmergencyRequest, Patient, ProposedProfile};
use serde_json::{Value, json};

/// `medblock hospital pending`.
pub async fn pending(session: &Session<'_>, no_names: bool) -> Result<(), Failure> {
	let client = match no_names {
		true => session.watcher().await?,
		false => session.reader().await?,
	};
	let at = client.chain().finalized().await?;
	let Pending { patients, doctors, keys, proposals, account_changes } =
		client.pending(&at).await?;
	let patients = named(session, &client, &at, patients, no_names).await?;
	let mut names = Names::new(&at);
	let mut table = Table::new(["who", "number", "name", "born", "registered", "account", "wants"]);
	let wants = |moving: bool| if moving { "to move here" } else { "to be verified" }.to_owned();
	for Listed { info, profile } in &patients {
		let profile = profile.as_ref().and_then(|read| read.as_ref().ok());
		table.row([
			"patient".into(),
			info.id.0.to_string(),
			profile.map_or_else(String::new, |own| own.name.clone()),
			profile.and_then(|own| own.birth_date.clone()).unwrap_or_default(),
			describe::time(info.registered_at),
			info.account.to_string(),
			wants(info.moving_to.is_some()),
		]);
	}
	let waiting = doctors.iter().map(|info| (info, wants(info.moving_to.is_some())));
	let confirm = "this key: `medblock hospital confirm-key`".to_owned();
	let renewed = keys.iter().map(|info| (info, confirm.clone()));
	for (info, wants) in waiting.chain(renewed) {
		table.row([
			"doctor".into(),
			info.id.0.to_string(),
			describe::name(info),
			String::new(),
			describe::time(info.registered_at),
			info.account.to_string(),
			wants,
		]);
	}
	for proposal in &proposals {
		table.row([
			"doctor".into(),
			proposal.doctor.0.to_string(),
			describe::words(&proposal.profile.name),
			String::new(),
			String::new(),
			String::new(),
			"this entry: `medblock hospital confirm-profile`".into(),
		]);
	}
	for change in &account_changes {
		let (who, id) = match change.person {
			Person::Patient(patient) => ("patient", patient.0),
			Person::Doctor(doctor) => ("doctor", doctor.0),
		};
		let name = match change.person {
			Person::Patient(patient) => name_at_desk(&client, &at, patient, !no_names).await,
			Person::Doctor(doctor) => names.of_doctor(doctor).await?,
		};
		table.row([
			who.into(),
			id.to_string(),
			name.unwrap_or_default(),
			String::new(),
			String::new(),
			change.new.to_string(),
			format!("this account from {}", describe::time(change.due)),
		]);
	}
	let recoveries = at_desk(session, &client, &at).await;
	for one in &recoveries {
		let (who, id) = match one.person {
			Person::Patient(patient) => ("patient", patient.0),
			Person::Doctor(doctor) => ("doctor", doctor.0),
		};
		table.row([
			who.into(),
			id.to_string(),
			String::new(),
			String::new(),
			describe::time(one.requested_at),
			one.new.to_string(),
			"this account, since theirs is lost; you are a guardian: `medblock recovery list`"
				.into(),
		]);
	}
	let emergencies = emergency::asked(&client).await;
	for one in &emergencies {
		table.row([
			"doctor".into(),
			one.doctor.0.to_string(),
			names.of_doctor(one.doctor).await?.unwrap_or_default(),
			String::new(),
			describe::time(one.asked_at),
			String::new(),
			format!(
				"patient {}'s chart in an emergency: `medblock hospital emergency pending`",
				one.patient
			),
		]);
	}
	let is_empty = patients.is_empty()
		&& recoveries.is_empty()
		&& emergencies.is_empty()
		&& doctors.is_empty()
		&& keys.is_empty()
		&& proposals.is_empty()
		&& account_changes.is_empty();
	let document = json!({
		"patients": patients.into_iter().map(patient_json).collect::<Vec<_>>(),
		"doctors": doctors.into_iter().map(Doctor::from).collect::<Vec<_>>(),
		"keys": keys.into_iter().map(Doctor::from).collect::<Vec<_>>(),
		"proposals": proposals.into_iter().map(ProposedProfile::from).collect::<Vec<_>>(),
		"recoveries": recoveries.into_iter().map(guarded::with_digest).collect::<Vec<_>>(),
		"accountChanges": account_changes.into_iter().map(AccountChange::from).collect::<Vec<_>>(),
		"emergencies": emergencies.into_iter().map(EmergencyRequest::from).collect::<Vec<_>>(),
		"at": describe::block(&at),
	});
	if is_empty {
		return session.output.result(&document, "No person is waiting.");
	}
	session.output.result(&document, table)
}

/// The new accounts that the desk is asked to support, as a guardian.
async fn at_desk(session: &Session<'_>, client: &Client, at: &At) -> Vec<RecoveryInfo> {
	match client.guarded(at).await {
		Ok(all) => {
			let of_desk = all.into_iter().filter(|one| matches!(one.guardian, Delegate::Desk(_)));
			of_desk.flat_map(|one| one.recoveries).collect()
		},
		// Those who wait for the hospital are shown all the same.
		Err(why) => {
			session.output.warn(format_args!(
				"it could not be asked whose guardian the desk is: {}",
				advice::told(&why)
			));
			Vec::new()
		},
	}
}

/// The patients who wait, with their profiles as far as they can be read.
async fn named(
	session: &Session<'_>,
	client: &Client,
	at: &At,
	patients: Vec<medblock_client::chain::PatientInfo>,
	no_names: bool,
) -> Result<Vec<Listed>, Failure> {
	let unnamed = |info| Listed { info, profile: None };
	if no_names {
		return Ok(patients.into_iter().map(unnamed).collect());
	}
	let bar = session.output.bar("Names", Unit::Records);
	match client.named_at_desk(at, patients.clone(), &bar.progress()).await {
		Ok(listed) => Ok(listed),
		// Those who wait are shown all the same.
		Err(why) => {
			session.output.warn(format_args!("names can't be read: {}", advice::told(&why)));
			Ok(patients.into_iter().map(unnamed).collect())
		},
	}
}

/// The name of one of the hospital's patients, as far as it can be read.
async fn name_at_desk(client: &Client, at: &At, patient: PatientId, reads: bool) -> Option<String> {
	let listed = client.patient_at_desk(at, patient, reads).await.ok()?;
	Some(listed.profile?.ok()?.name.clone())
}

fn patient_json(listed: Listed) -> Value {
	let Listed { info, profile } = listed;
	let profile = profile.and_then(Result::ok).map(|own| describe::profile_json(&own));
	let mut fields = json!(Patient::from(info));
	if let Some(fields) = fields.as_object_mut() {
		fields.insert("profile".into(), json!(profile));
	}
	fields
}

/// `medblock hospital verify patient`.
pub async fn verify_patients(
	session: &Session<'_>,
	named: &[Named],
	yes: bool,
) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	match named {
		[one] => verify_patient(session, one, &asking).await,
		several => verify_several(session, several, &asking).await,
	}
}

async fn verify_patient(
	session: &Session<'_>,
	named: &Named,
	asking: &Asking,
) -> Result<(), Failure> {
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let found = client.find_patient_at_desk(&at, named).await?;
	let (patient, who) = ask_about_patient(&client, asking, found, |who| {
		format!(
			"You are about to confirm that {who} is who they say they are. Compare this with the person's papers:"
		)
	})
	.await?;
	let done = client.verify_patient(patient).await?;
	let sentence = format!("{} is verified.", who.begins());
	outcome::print(session.output, &client, &done, &sentence, who.fields())
}

/// Several patients, who are all shown before the one question.
async fn verify_several(
	session: &Session<'_>,
	named: &[Named],
	asking: &Asking,
) -> Result<(), Failure> {
	if named.len() > MAX_DESK_BATCH as usize {
		return Err(Error::from(registration::Error::TooManyNamed).into());
	}
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let mut people: Vec<(PatientId, Who)> = Vec::new();
	let mut shown = Vec::new();
	for one in named {
		let patient = asking.certain(client.find_patient_at_desk(&at, one).await?)?;
		if people.iter().all(|(known, _)| *known != patient) {
			let (who, about) = shown_patient(&client, asking, patient).await?;
			people.push((patient, who));
			shown.push(about);
		}
	}
	let what = format!(
		"You are about to confirm that these {} people are who they say they are. Compare each with the person's papers:",
		people.len()
	);
	asking.confirm(&what, &shown.join("\n\n"))?;
	let ids: Vec<PatientId> = people.iter().map(|(patient, _)| *patient).collect();
	let batch = client.verify_patients(&ids).await?;
	let mut refused = Vec::new();
	let mut items = Vec::new();
	for (patient, who) in &people {
		let why = batch.refusal(patient).map(|why| &why.sentence);
		refused.extend(why.map(|why| format!("{} is not verified: {why}.", who.begins())));
		items.push(who.with(json!({
			"verified": why.is_none() && batch.done.receipt().is_some(),
			"why": why,
		})));
	}
	let verified = match people.len() - refused.len() {
		1 => "1 patient is verified.".to_owned(),
		count => format!("{count} patients are verified."),
	};
	batched(session, &client, &batch.done, &verified, &refused, json!({ "items": items }))
}

/// Prints the outcome of a batch. A failure if the chain refused some of it; the document has the rest.
pub fn batched(
	session: &Session<'_>,
	client: &Client,
	done: &Done,
	sentence: &str,
	refused: &[String],
	more: Value,
) -> Result<(), Failure> {
	if refused.is_empty() {
		return outcome::print(session.output, client, done, sentence, more);
	}
	let mut document = outcome::document(client, done);
	if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
		document.extend(more);
	}
	let message = format!("{}\n{sentence}", refused.join("\n"));
	Err(Failure { found: Some(document), ..Failure::new(Code::Refused, message) })
}

/// `medblock hospital reject`, `suspend` and `reinstate`.
pub async fn decide(
	session: &Session<'_>,
	named: Decided,
	decision: Decision,
) -> Result<(), Failure> {
	let (about_to, outcome) = match decision {
		Decision::Reject => ("refuse to confirm", "rejected"),
		Decision::Suspend => ("suspend", "suspended"),
		Decision::Reinstate => ("end the suspension of", "reinstated"),
	};
	let asking = Asking::new(session, named.yes)?;
	let client = session.actor().await?;
	let what = |who: &Who| format!("You are about to {about_to} {who}:");
	let (person, who) = ask_about(&client, &asking, &named.person, what).await?;
	let done = client.decide(person, decision).await?;
	let sentence = format!("{} is {outcome}.", who.begins());
	outcome::print(session.output, &client, &done, &sentence, who.fields())
}

/// `medblock hospital take-in`.
pub async fn take_in(session: &Session<'_>, named: Decided) -> Result<(), Failure> {
	let asking = Asking::new(session, named.yes)?;
	let client = session.actor().await?;
	let what = |who: &Who| format!("You are about to take in {who}:");
	let (person, who) = ask_about(&client, &asking, &named.person, what).await?;
	let done = client.take_in(person).await?;
	let sentence = format!("{} is with your hospital now.", who.begins());
	outcome::print(session.output, &client, &done, &sentence, who.fields())
}

/// `medblock hospital decline`.
pub async fn decline(session: &Session<'_>, named: Decided) -> Result<(), Failure> {
	let asking = Asking::new(session, named.yes)?;
	let client = session.actor().await?;
	let what = |who: &Who| format!("You are about to decline that {who} moves to your hospital:");
	let (person, who) = ask_about(&client, &asking, &named.person, what).await?;
	let done = client.decline_move(person).await?;
	let sentence = format!("{} stays with the present hospital.", who.begins());
	outcome::print(session.output, &client, &done, &sentence, who.fields())
}

/// The person who is named, once the user has seen who it is.
async fn ask_about(
	client: &Client,
	asking: &Asking,
	named: &NamedPerson,
	what: impl FnOnce(&Who) -> String,
) -> Result<(Person, Who), Failure> {
	let at = client.chain().finalized().await?;
	match named.kind {
		PersonKind::Patient => {
			let found = client.find_patient_at_desk(&at, &named.id).await?;
			let (patient, who) = ask_about_patient(client, asking, found, what).await?;
			Ok((Person::Patient(patient), who))
		},
		PersonKind::Doctor => {
			let found = client.find_doctor_at_desk(&at, &named.id).await?;
			let doctor = asking.certain(found)?;
			let who = Who::doctor_if_known(client, doctor).await;
			if asking.asks() {
				let info = at.known_doctor(doctor).await?;
				let hospital = who::hospital(&mut Names::new(&at), info.hospital).await?;
				let shown = describe::doctor(&info, &hospital, None);
				asking.confirm(&what(&who), &shown)?;
			}
			Ok((Person::Doctor(doctor), who))
		},
	}
}

async fn ask_about_patient(
	client: &Client,
	asking: &Asking,
	found: Found<PatientId>,
	what: impl FnOnce(&Who) -> String,
) -> Result<(PatientId, Who), Failure> {
	let patient = asking.certain(found)?;
	let (who, shown) = shown_patient(client, asking, patient).await?;
	asking.confirm(&what(&who), &shown)?;
	Ok((patient, who))
}

/// A patient at the desk, with what the user compares.
async fn shown_patient(
	client: &Client,
	asking: &Asking,
	patient: PatientId,
) -> Result<(Who, String), Failure> {
	let shown = async {
		let at = client.chain().finalized().await?;
		// A script has named the patient, and needs no look.
		let listed = client.patient_at_desk(&at, patient, asking.asks()).await?;
		who::at_desk(&at, &listed).await
	};
	match shown.await {
		Err(_) if !asking.asks() => Ok((Who::numbered(Person::Patient(patient)), String::new())),
		shown => shown,
	}
}

/// A doctor of the own hospital, or one who waits for it: for reading, or where a digest says who is meant.
pub async fn doctor(client: &Client, named: &Named) -> Result<(DoctorId, Who), Failure> {
	let at = client.chain().finalized().await?;
	let doctor = client.find_doctor_at_desk(&at, named).await?.id;
	Ok((doctor, Who::doctor_if_known(client, doctor).await))
}

/// The same for a change that asks about nothing but names.
pub async fn meant_doctor(
	session: &Session<'_>,
	client: &Client,
	named: &Named,
) -> Result<(DoctorId, Who), Failure> {
	let at = client.chain().finalized().await?;
	let found = client.find_doctor_at_desk(&at, named).await?;
	let who = Who::doctor_if_known(client, found.id);
	let doctor = Asking::of_names(session).meant(found, who).await?;
	Ok((doctor, Who::doctor_if_known(client, doctor).await))
}

/// A patient of the own hospital, or one who waits for it, for a change that asks about nothing but names.
pub async fn meant_patient(
	session: &Session<'_>,
	client: &Client,
	named: &Named,
) -> Result<PatientId, Failure> {
	let at = client.chain().finalized().await?;
	let found = client.find_patient_at_desk(&at, named).await?;
	Asking::of_names(session).meant(found, patient_if_known(client, &at, found.id)).await
}

/// A patient at the desk, by a name that was read before.
async fn patient_if_known(client: &Client, at: &At, patient: PatientId) -> Who {
	let known = async {
		let listed = client.patient_at_desk(at, patient, false).await?;
		who::at_desk(at, &listed).await
	};
	let known: Result<_, Failure> = known.await;
	known.map_or_else(|_| Who::numbered(Person::Patient(patient)), |(who, _)| who)
}

/// The same for reading.
pub async fn patient(client: &Client, named: &Named) -> Result<PatientId, Failure> {
	let at = client.chain().finalized().await?;
	Ok(client.find_patient_at_desk(&at, named).await?.id)
}

/// A person of the own hospital, for a change that asks about nothing but names.
pub async fn meant_person(
	session: &Session<'_>,
	client: &Client,
	named: &NamedPerson,
) -> Result<(Person, Who), Failure> {
	match named.kind {
		PersonKind::Patient => {
			let person = Person::Patient(meant_patient(session, client, &named.id).await?);
			Ok((person, Who::numbered(person)))
		},
		PersonKind::Doctor => {
			let (doctor, who) = meant_doctor(session, client, &named.id).await?;
			Ok((Person::Doctor(doctor), who))
		},
	}
}

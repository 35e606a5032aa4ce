//! `medblock patient`.

use super::{
	account::confirm,
	acting,
	asking::Asking,
	emergency, export, fhir, granting, guarded, guardians, institution, kit, looks, moving,
	new_key, receipts, record, representatives,
	revoking::{self, Among},
	taking_over,
	who::{self, Who},
};
use crate::{
	cli::{Mirror, PatientCommand, ProfileText, Which},
	describe,
	exit::Failure,
	outcome,
	output::Table,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	Client, Error,
	chain::At,
	chart::Opener,
	grants::Opened,
	keys,
	medblock_primitives::{Capacity, DoctorId, HospitalId, Moment, PatientId, Person, Scope},
	names::{self, Named, Names},
	profiles::Profile,
};
use medblock_views::{AccountChange, Grant, Patient};
use serde_json::json;
use zeroize::Zeroizing;

/// Runs a patient's command.
pub async fn run(command: PatientCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		PatientCommand::Register { hospital } => register(session, &hospital).await,
		PatientCommand::Show { id, fhir } => show(session, id, fhir).await,
		PatientCommand::Profile(text) => {
			if !text.changes() {
				return Err(Failure::usage(
					"name what changes of your profile, such as --contact; `medblock patient show` shows it",
				));
			}
			let client = session.actor().await?;
			let patient = own(&client).await?;
			write_profile(session, &client, patient, text).await
		},
		PatientCommand::RemoveProfile { yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			asking.confirm(
				"You are about to remove your profile.",
				"Vaults stop giving it out, and delete it. Your doctors and your hospital no longer see who you are, until you \
				 write another.",
			)?;
			let done = client.remove_profile().await?;
			let sentence = "The profile is removed: vaults stop giving it out. Readers who fetched it before \
			                may have kept it.";
			outcome::print(session.output, &client, &done, sentence, json!({}))
		},
		PatientCommand::Chart(list) => record::own(session, &list).await,
		PatientCommand::Grant(grant) => granting::grant(session, grant).await,
		PatientCommand::Share(share) => granting::share(session, share).await,
		PatientCommand::Unshare { doctor, records } => {
			revoking::unshare(session, &doctor, &records).await
		},
		PatientCommand::Renew { doctor } => {
			let client = session.actor().await?;
			let doctor = revoking::doctor(session, &client, &doctor, Among::Grants).await?;
			let done = client.renew_append_budget(doctor).await?;
			let who = Who::doctor_if_known(&client, doctor).await;
			let sentence = format!("{} may add as many records again.", who.begins());
			outcome::print(session.output, &client, &done, &sentence, who.fields())
		},
		PatientCommand::Revoke { doctors } => revoking::revoke(session, &doctors).await,
		PatientCommand::Rotate => {
			let client = session.actor().await?;
			client.will_report().await;
			let done = client.rotate().await?;
			new_key::print(session, &client, &done).await?;
			client.reported().await;
			Ok(())
		},
		PatientCommand::Grants { record, fhir } => grants(session, None, record, fhir).await,
		PatientCommand::Deposit(command) => institution::of_patient(command, session).await,
		PatientCommand::Guardians(command) => {
			guardians::run(command, Capacity::Patient, session).await
		},
		PatientCommand::Kit(options) => kit::print(options, session).await,
		PatientCommand::Representatives(command) => representatives::run(command, session).await,
		PatientCommand::For(command) => acting::run(command, session).await,
		PatientCommand::Emergency(command) => emergency::of_patient(command, session).await,
		PatientCommand::Disclosures { which, verify: true, .. } => {
			receipts::disclosures(session, &which).await
		},
		PatientCommand::Disclosures { which, others, fhir, .. } => {
			disclosures(session, &which, others, fhir).await
		},
		PatientCommand::Export { folder, unpack } => export::run(session, &folder, unpack).await,
		PatientCommand::AgeIdentities { yes } => age_identities(session, yes).await,
		PatientCommand::ChangeAccount(change) => {
			taking_over::change_account(session, Capacity::Patient, change).await
		},
		PatientCommand::NewWords(words) => {
			taking_over::new_words(session, Capacity::Patient, words).await
		},
		PatientCommand::KeepAccount => taking_over::keep_account(session, Capacity::Patient).await,
		PatientCommand::Move(to) => moving::request_move(session, Capacity::Patient, &to).await,
		PatientCommand::ResealProfile => moving::reseal_profile(session).await,
		PatientCommand::Mirror(Mirror::Set { hospital }) => {
			set_mirror(session, Some(&hospital)).await
		},
		PatientCommand::Mirror(Mirror::Clear) => set_mirror(session, None).await,
		PatientCommand::MoveVault { from, to } => move_vault(session, &from, &to).await,
	}
}

async fn own(client: &Client) -> Result<PatientId, Failure> {
	Ok(client.own_chart(&client.chain().finalized().await?).await?.id)
}

async fn register(session: &Session<'_>, hospital: &Named) -> Result<(), Failure> {
	let client = session.actor().await?;
	let HospitalId(hospital) = who::meant_hospital(session, &client, hospital).await?;
	let at = client.chain().finalized().await?;
	let place = who::hospital(&mut Names::new(&at), HospitalId(hospital)).await?;
	let done = client.register_patient(HospitalId(hospital)).await?;
	let patient = outcome::number(&done, "PatientRegistered", "patient");
	let sentence = format!(
		"You are patient {}. Go to {place} with this number and a proof of your identity: it has to verify you \
		 within 14 days.",
		patient.map_or("?".into(), |id| id.to_string()),
	);
	let more = json!({ "patient": patient, "hospital": hospital });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn show(session: &Session<'_>, id: Option<Named>, as_fhir: bool) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let info = match id {
		Some(id) => {
			let patient = who::patient(&client, &at, &id).await?.id;
			at.known_patient(patient).await?
		},
		None => client.own_chart(&at).await?,
	};
	let hospital = who::hospital(&mut Names::new(&at), info.hospital).await?;
	let mut text = describe::patient(&info, &hospital);
	let profile = match info.profile {
		None => None,
		Some(_) => match read_profile(session, &client, info.id).await {
			Ok(profile) => Some(profile),
			// The chain's facts are shown all the same.
			Err(why) => {
				session.output.warn(format_args!("the profile can't be shown: {}", why.message));
				None
			},
		},
	};
	if as_fhir {
		return fhir::print_patient(&client, &at, &info, profile.as_ref());
	}
	text.extend(profile.as_ref().map(|profile| format!("\n{}", describe::profile(profile))));
	let mut change = None;
	// Doors tell it to the patient alone.
	if info.account == client.keys().account() {
		emergency::warn_if_urgent(session, &client, &at).await;
		guarded::warn(session, &client, &at).await;
		change = at.account_change(Person::Patient(info.id)).await?;
	}
	text.extend(change.as_ref().map(|change| format!("\n{}", describe::account_change(change))));
	let document = json!({
		"value": Patient::from(info),
		"profile": profile.as_ref().map(describe::profile_json),
		"accountChange": change.map(AccountChange::from),
		"at": describe::block(&at),
	});
	session.output.result(&document, text)
}

/// Fetches and decrypts a profile.
pub async fn read_profile(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
) -> Result<Profile, Failure> {
	let bar = session.output.bar("Profile", Unit::Bytes);
	let read = client.read_profile(patient, &bar.progress()).await?;
	drop(bar);
	moving::warn_if_unreachable(session, client, patient, &read).await;
	Ok(read.profile)
}

/// Changes what is named of a profile, and encrypts it.
pub async fn write_profile(
	session: &Session<'_>,
	client: &Client,
	patient: PatientId,
	text: ProfileText,
) -> Result<(), Failure> {
	// Of what a registrar sent before and no one needs any more, a door does not tell them that.
	let waiting = match record::settle(session, client, patient).await {
		Ok(waiting) => waiting,
		Err(_) => client.waiting(patient).await?,
	};
	let bar = session.output.bar("Sending", Unit::Bytes);
	let done = client.change_profile(patient, text.into(), &bar.progress()).await?;
	drop(bar);
	record::warn_if_kept(session, client, patient, waiting).await;
	let sentence =
		"The profile is written, encrypted for the patient, their doctors and their hospital.";
	outcome::print(session.output, client, &done, sentence, json!({ "patient": patient.0 }))
}

/// Lists the grants of a patient, or else of the account's own.
pub async fn grants(
	session: &Session<'_>,
	of: Option<PatientId>,
	record: Option<u32>,
	as_fhir: bool,
) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let (patient, endless) = match of {
		Some(patient) => (patient, describe::grants::UNTIL_REVOKED),
		None => {
			emergency::warn_if_urgent(session, &client, &at).await;
			(client.own_chart(&at).await?.id, "you revoke it")
		},
	};
	let mut grants = client.opened(&at, patient).await?;
	grants.retain(|one| record.is_none_or(|record| one.opens(record)));
	if as_fhir {
		let grants: Vec<_> = grants.into_iter().map(|one| one.grant).collect();
		return fhir::print_grants(&client, &at, &grants).await;
	}
	let headings =
		["doctor", "name", "specialty", "hospital", "may see", "may add", "until", "now"];
	let (mut table, mut items) = (Table::new(headings), Vec::new());
	let mut names = Names::new(&at);
	for Opened { grant, records } in grants {
		let doctor = names.doctor(grant.doctor).await?.cloned();
		let who = Who::doctor(&mut names, grant.doctor).await?;
		let name = who.name().unwrap_or_default();
		table.row([
			grant.doctor.0.to_string(),
			name.clone(),
			who.specialty().unwrap_or_default(),
			who.hospital().unwrap_or_default(),
			match grant.scope {
				Scope::Chart => describe::scope(grant.scope).into(),
				Scope::Records if records.is_empty() => "no record".into(),
				Scope::Records => format!("records {}", describe::numbers(&records)),
			},
			if grant.may_append { "yes" } else { "no" }.into(),
			grant.expires_at.map_or(endless.into(), describe::time),
			describe::grants::of_patient(&grant, doctor.as_ref()).into(),
		]);
		let is_single = grant.scope == Scope::Records;
		let mut fields = json!(Grant::from(grant));
		if let Some(fields) = fields.as_object_mut() {
			fields.insert("name".into(), json!(name));
			fields.insert("specialty".into(), json!(who.specialty()));
			fields.insert("hospitalName".into(), json!(who.hospital()));
			if is_single {
				fields.insert("records".into(), json!(records));
			}
		}
		items.push(fields);
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		let none = match record {
			Some(record) => format!("No doctor may see record {record}."),
			None => "No doctor has access.".to_owned(),
		};
		return session.output.result(&document, none);
	}
	session.output.result(&document, table)
}

async fn disclosures(
	session: &Session<'_>,
	which: &Which,
	others: bool,
	as_fhir: bool,
) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let wanted = Wanted::new(&at, which).await?;
	let mut disclosures = client.disclosures().await?;
	let none = match disclosures.is_empty() {
		true => "Nothing of your chart was given out.",
		false => "Of what was given out of your chart, nothing fits.",
	};
	disclosures.retain(|(_, one)| wanted.has(one.time, one.doctor));
	disclosures.retain(|(_, one)| {
		let is_staff = one.doctor.is_some() || one.registrar.is_some();
		!others || is_staff || one.representative.is_some()
	});
	if as_fhir {
		return fhir::print_disclosures(&client, &disclosures).await;
	}
	let titles = looks::titles(&client).await.unwrap_or_default();
	let mut table = Table::new(["when", "vault", "recipient", "what", "bytes", "block"]);
	let (mut items, mut names) = (Vec::new(), Names::new(&at));
	for (vault, one) in &disclosures {
		let recipient = match (one.doctor, one.registrar, one.representative) {
			(Some(doctor), ..) if one.emergency => {
				who::in_emergency(&Who::doctor(&mut names, doctor).await?.to_string())
			},
			(Some(doctor), ..) => Who::doctor(&mut names, doctor).await?.to_string(),
			(None, Some(hospital), _) => who::registrar(&mut names, hospital).await?,
			(None, None, Some(patient)) => who::representative(patient),
			(None, None, None) => "you".into(),
		};
		table.row([
			describe::time(one.time),
			who::hospital(&mut names, *vault).await?,
			recipient.clone(),
			looks::what(one.record, &titles),
			format!("{} to {}", one.from, one.to),
			one.block.to_string(),
		]);
		let mut fields = json!(one);
		if let Some(fields) = fields.as_object_mut() {
			fields.insert("vault".into(), json!(vault.0));
			fields.insert("title".into(), json!(one.record.and_then(|index| titles.get(&index))));
			fields.insert("recipient".into(), json!(recipient));
		}
		items.push(fields);
	}
	let document = json!({ "items": items });
	if disclosures.is_empty() {
		return session.output.result(&document, none);
	}
	session.output.result(&document, table)
}

/// The part of what was given out that is asked for.
pub struct Wanted {
	since: Option<Moment>,
	until: Option<Moment>,
	doctor: Option<DoctorId>,
}

impl Wanted {
	/// What the command line asks for. A doctor's name is looked for in the directory: the grant may have ended.
	pub async fn new(at: &At, which: &Which) -> Result<Self, Failure> {
		let doctor = match &which.doctor {
			Some(named) => Some(names::doctor(at, named).await?.id),
			None => None,
		};
		Ok(Self { since: which.since, until: which.until, doctor })
	}

	/// Whether something that was given out is a part of it.
	pub fn has(&self, time: Moment, doctor: Option<DoctorId>) -> bool {
		self.since.is_none_or(|since| time >= since)
			&& self.until.is_none_or(|until| time <= until)
			&& self.doctor.is_none_or(|wanted| doctor == Some(wanted))
	}
}

async fn age_identities(session: &Session<'_>, yes: bool) -> Result<(), Failure> {
	if !yes {
		let warning = "Anyone with these keys can open everything in your chart.";
		confirm(&session.account(None).await?, warning)?;
	}
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let Opener::Chart { secrets, .. } = client.opener(&at, patient).await? else {
		return Err(Error::Keys(keys::Error::NoSecret).into());
	};
	let mut items = Vec::new();
	let mut text = Zeroizing::new(String::new());
	// No epoch ever has this number.
	for (epoch, identity) in secrets.others(u32::MAX) {
		let identity = identity.to_bech32();
		if !text.is_empty() {
			text.push('\n');
		}
		text.push_str(&format!("# epoch {epoch} of the chart of patient {}\n", patient.0));
		text.push_str(&identity);
		items.push(json!({ "epoch": epoch, "ageIdentity": &*identity }));
	}
	session.output.result(&describe::list(items, &at), text.as_str())
}

async fn set_mirror(session: &Session<'_>, mirror: Option<&Named>) -> Result<(), Failure> {
	let client = session.actor().await?;
	let mirror = match mirror {
		Some(mirror) => Some(who::meant_hospital(session, &client, mirror).await?.0),
		None => None,
	};
	let done = client.set_mirror(mirror.map(HospitalId)).await?;
	let sentence = match mirror {
		Some(hospital) => format!("Hospital {hospital} is to keep a second copy of your records."),
		None => "No hospital mirrors your records any more.".to_owned(),
	};
	outcome::print(session.output, &client, &done, &sentence, json!({ "mirror": mirror }))
}

async fn move_vault(session: &Session<'_>, from: &Named, to: &Named) -> Result<(), Failure> {
	let client = session.actor().await?;
	let HospitalId(from) = who::meant_hospital(session, &client, from).await?;
	let HospitalId(to) = who::meant_hospital(session, &client, to).await?;
	let done = client.move_vault(HospitalId(from), HospitalId(to)).await?;
	let sentence = format!(
		"What hospital {from} kept of your chart moves to hospital {to}. New records go there, too, if they \
		 went to hospital {from}."
	);
	outcome::print(session.output, &client, &done, &sentence, json!({ "from": from, "to": to }))
}

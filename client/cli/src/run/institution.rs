//! `medblock institution`, `medblock hospital institution` and `medblock patient deposit`.

use super::{asking::Asking, charts, gathering, record, terms, who};
use crate::{
	cli::{Add, Deposit, DepositCommand, Institution, InstitutionCommand},
	describe,
	exit::Failure,
	outcome,
	output::Table,
	session::Session,
};
use medblock_client::{
	Client,
	institutions::{Department, Depositor},
	medblock_primitives::{InstitutionId, InstitutionKind, PatientId},
	names::{self, Found, Named},
};
use medblock_views::{
	Deposit as DepositView, Institution as InstitutionView, Operators as OperatorsView, Time,
};
use serde_json::{Value, json};

/// Runs an institution's command.
pub async fn run(command: InstitutionCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		InstitutionCommand::List => list_all(session).await,
		InstitutionCommand::Accept { institution } => {
			let client = session.actor().await?;
			let InstitutionId(institution) = meant(session, &client, &institution).await?;
			let done = client.join_institution(InstitutionId(institution)).await?;
			let sentence = format!("You add records for institution {institution} now.");
			let more = json!({ "institution": institution });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		InstitutionCommand::Deposit(deposit) => put(session, deposit).await,
		InstitutionCommand::Resign { yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			asking.confirm(
				"You are about to stop adding records for your institution.",
				"Only the hospital's controller can let you again.",
			)?;
			let done = client.leave_institution().await?;
			let sentence = "You no longer add records for your institution.";
			outcome::print(session.output, &client, &done, sentence, json!({}))
		},
	}
}

async fn put(session: &Session<'_>, deposit: Deposit) -> Result<(), Failure> {
	let Deposit { patient, files, title, media_type, folders } = deposit;
	let add = Add { files, title, media_type, in_reply_to: None, folders };
	let files = gathering::new_files(session, &add).await?;
	let asking = Asking::new(session, add.folders.yes)?;
	let titles = charts::titles(&files);
	asking.confirm(
		&format!("You are about to add to the chart of patient {patient}: {titles}"),
		"An institution reads no names, so the program can't show whose chart this is. Compare the number with the order.",
	)?;
	let client = session.actor().await?;
	record::put(session, &client, PatientId(patient), None, &files, record::As::Institution).await
}

async fn list_all(session: &Session<'_>) -> Result<(), Failure> {
	let node = session.node().await?;
	let at = node.first().finalized().await?;
	let mut all = at.institutions().await?;
	all.retain(|info| info.open);
	let mut table = Table::new(["institution", "name", "kind", "hospital"]);
	for info in &all {
		table.row([
			info.id.0.to_string(),
			describe::words(&info.name),
			kind(info.kind).into(),
			info.hospital.0.to_string(),
		]);
	}
	let is_empty = all.is_empty();
	let document = describe::list(all.into_iter().map(InstitutionView::from).collect(), &at);
	if is_empty {
		return session.output.result(&document, "There is no institution.");
	}
	session.output.result(&document, table)
}

/// Runs a command about a hospital's institutions.
pub async fn of_hospital(command: Institution, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		Institution::Add { kind, name } => {
			let client = session.actor().await?;
			let done = client.add_institution(kind.into(), &name).await?;
			let institution = outcome::number(&done, "InstitutionAdded", "institution");
			let sentence = format!(
				"Your hospital has institution {}. Appoint the accounts that add records for it.",
				institution.map_or("?".into(), |id| id.to_string()),
			);
			let more = json!({ "institution": institution, "name": name });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		Institution::List => list_own(session).await,
		Institution::Close { institution, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			let InstitutionId(institution) = asking.certain(found(&client, &institution).await?)?;
			if asking.asks() {
				let at = client.chain().finalized().await?;
				let info = at.known_institution(InstitutionId(institution)).await?;
				let name = describe::words(&info.name);
				asking.confirm(
					"You are about to close this institution, for ever:",
					&format!("institution {institution}, {name}, {}", kind(info.kind)),
				)?;
			}
			let done = client.close_institution(InstitutionId(institution)).await?;
			let sentence =
				format!("Institution {institution} is closed, and adds no more records.");
			let more = json!({ "institution": institution });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		Institution::Appoint { institution, account } => {
			let client = session.actor().await?;
			let InstitutionId(institution) = meant(session, &client, &institution).await?;
			let done = client.appoint_operator(InstitutionId(institution), account).await?;
			let sentence = format!(
				"{account} can add records for institution {institution} as soon as its owner runs \
				 `medblock institution accept {institution}`."
			);
			let more = json!({ "institution": institution, "account": account.to_string() });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		Institution::Remove { institution, account, yes } => {
			let asking = Asking::new(session, yes)?;
			let client = session.actor().await?;
			let InstitutionId(institution) = asking.certain(found(&client, &institution).await?)?;
			let who = who::institution_if_known(&client, InstitutionId(institution)).await;
			asking.confirm(
				"You are about to stop this account from adding records. It would have to accept another offer:",
				&format!("{account}\n{who}"),
			)?;
			let done = client.remove_operator(InstitutionId(institution), account).await?;
			let sentence = format!("{account} adds no records for institution {institution}.");
			let more = json!({ "institution": institution, "account": account.to_string() });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
	}
}

async fn list_own(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let (hospital, departments) = client.departments(&at).await?;
	let mut table = Table::new(["institution", "name", "kind", "account", "is"]);
	let mut items = Vec::new();
	for Department { info, operators } in departments {
		let mut row = |account: String, is: String| {
			table.row([
				info.id.0.to_string(),
				describe::words(&info.name),
				kind(info.kind).into(),
				account,
				is,
			]);
		};
		match &operators {
			None => row(String::new(), "closed".into()),
			Some(staff) if staff.operators.is_empty() && staff.appointed.is_empty() => {
				row(String::new(), "no account appointed".into());
			},
			Some(staff) => {
				for account in &staff.operators {
					row(account.to_string(), "adds records".into());
				}
				for (account, until) in &staff.appointed {
					row(account.to_string(), format!("appointed until block {until}"));
				}
			},
		}
		let mut fields = json!(InstitutionView::from(info));
		if let (Some(fields), Some(staff)) = (fields.as_object_mut(), operators) {
			let OperatorsView { operators, appointed, .. } = OperatorsView::from(staff);
			fields.insert("operators".into(), json!(operators));
			fields.insert("appointed".into(), json!(appointed));
		}
		items.push(fields);
	}
	let is_empty = items.is_empty();
	let document = json!({ "hospital": hospital, "items": items, "at": describe::block(&at) });
	if is_empty {
		return session.output.result(&document, "Your hospital has no institution.");
	}
	session.output.result(&document, table)
}

/// Runs a patient's command about deposits.
pub async fn of_patient(command: DepositCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		DepositCommand::Allow { institution, until, clear_until } => {
			let client = session.actor().await?;
			let InstitutionId(institution) = meant(session, &client, &institution).await?;
			let until = terms::new_end(&client, until, clear_until).await?;
			let (done, end) =
				client.allow_deposit_keeping(InstitutionId(institution), until).await?;
			let lasts = match end {
				Some(end) => format!("That ends at {}.", describe::time(end)),
				None => "That lasts until you end it.".into(),
			};
			let who = who::institution_if_known(&client, InstitutionId(institution)).await;
			let sentence =
				format!("{who} may add records to your chart, and can read nothing of it. {lasts}");
			let more = json!({ "institution": institution, "expiresAt": end.map(Time::from) });
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		DepositCommand::End { institutions } => {
			let client = session.actor().await?;
			let mut ids = Vec::new();
			for one in &institutions {
				ids.push(meant(session, &client, one).await?);
			}
			let institutions: Vec<u32> = ids.iter().map(|id| id.0).collect();
			let done = client.end_deposits(&ids).await?;
			// One of them may be a wrong number, so that the one that was meant goes on adding.
			let events = done.receipt().into_iter().flat_map(|receipt| &receipt.events);
			let events = events.filter(|event| event.name == "HadNoDeposit");
			let missed: Vec<u32> = events.filter_map(|event| event.number("institution")).collect();
			let more = json!({ "institutions": institutions, "hadNoDeposit": missed });
			let sentence = ended(&institutions, &missed);
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		DepositCommand::List => list_deposits(session).await,
	}
}

/// What became of permissions that were to end. `missed` are institutions that had none.
fn ended(institutions: &[u32], missed: &[u32]) -> String {
	let some = |numbers: &[u32]| match numbers {
		[one] => format!("Institution {one}"),
		several => format!("Institutions {}", describe::numbers(several)),
	};
	let ended: Vec<u32> =
		institutions.iter().copied().filter(|one| !missed.contains(one)).collect();
	let mut parts = Vec::new();
	if !missed.is_empty() {
		parts.push(format!("{} could add no records anyway: check the number.", some(missed)));
	}
	parts.push(match ended.is_empty() {
		true => "Nothing was ended.".to_owned(),
		false => format!("{} may add no more records.", some(&ended)),
	});
	parts.join(" ")
}

async fn list_deposits(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let depositors = client.depositors(&at).await?;
	let mut table = Table::new(["institution", "name", "kind", "may add", "until", "now"]);
	let mut items: Vec<Value> = Vec::new();
	for Depositor { deposit, institution } in depositors {
		let name = describe::words(&institution.name);
		table.row([
			deposit.institution.0.to_string(),
			name.clone(),
			kind(institution.kind).into(),
			format!("{} records", deposit.appends_left),
			deposit.expires_at.map_or("you end it".into(), describe::time),
			match (institution.open, deposit.live) {
				(false, _) => "the institution is closed",
				(true, false) => "expired",
				(true, true) => "may add, reads nothing",
			}
			.into(),
		]);
		let mut fields = json!(DepositView::from(deposit));
		if let Some(fields) = fields.as_object_mut() {
			fields.insert("name".into(), json!(name));
		}
		items.push(fields);
	}
	let is_empty = items.is_empty();
	let document = describe::list(items, &at);
	if is_empty {
		return session.output.result(&document, "No institution may add records.");
	}
	session.output.result(&document, table)
}

/// An institution by number or by name. A number needs no node.
async fn found(client: &Client, named: &Named) -> Result<Found<InstitutionId>, Failure> {
	if let Named::Number(number) = named {
		return Ok(Found { id: InstitutionId(*number), is_certain: true });
	}
	let at = client.chain().finalized().await?;
	Ok(names::institution(&at, named).await?)
}

/// The same in a command that asks about nothing else.
async fn meant(
	session: &Session<'_>,
	client: &Client,
	named: &Named,
) -> Result<InstitutionId, Failure> {
	let found = found(client, named).await?;
	Asking::of_names(session).meant(found, who::institution_if_known(client, found.id)).await
}

/// The kind of an institution, in words.
fn kind(kind: InstitutionKind) -> &'static str {
	match kind {
		InstitutionKind::Laboratory => "laboratory",
		InstitutionKind::Imaging => "imaging",
		InstitutionKind::RecordsDepartment => "records department",
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn institution_that_had_no_permission_is_not_called_ended() {
		assert_eq!(ended(&[2], &[]), "Institution 2 may add no more records.");
		assert_eq!(ended(&[2, 3], &[]), "Institutions 2, 3 may add no more records.");
		let wrong = "Institution 55 could add no records anyway: check the number.";
		assert_eq!(ended(&[55], &[55]), format!("{wrong} Nothing was ended."));
		let said = ended(&[2, 55], &[55]);
		assert_eq!(said, format!("{wrong} Institution 2 may add no more records."));
	}
}

//! `medblock hospital patients` and `medblock hospital doctors`.

use crate::{
	cli::{Doctors, Patients, StandingOf},
	describe,
	exit::Failure,
	output::Table,
	progress::Unit,
	session::Session,
};
use medblock_client::{
	medblock_primitives::Standing,
	people::{Listed, Search},
};
use medblock_views::{Doctor, Patient};
use serde_json::{Value, json};

impl From<StandingOf> for Standing {
	fn from(wanted: StandingOf) -> Self {
		match wanted {
			StandingOf::Pending => Self::Pending,
			StandingOf::Verified => Self::Verified,
			StandingOf::Suspended => Self::Suspended,
			StandingOf::Rejected => Self::Rejected,
		}
	}
}

/// Lists the hospital's patients.
pub async fn patients(session: &Session<'_>, wanted: Patients) -> Result<(), Failure> {
	let text = wanted.search.unwrap_or_default();
	let search = Search::new(&text, wanted.standing.map(Into::into), wanted.names);
	// Without names, a locked account is enough.
	let client = match search.reads_names() {
		true => session.reader().await?,
		false => session.watcher().await?,
	};
	let at = client.chain().finalized().await?;
	let bar = session.output.bar("patients", Unit::Records);
	let found =
		client.patients_of_own_hospital(&at, &search, (None, usize::MAX), &bar.progress()).await?;
	drop(bar);
	if found.unread > 0 {
		session.output.warn(format_args!(
			"{} patients' profiles can't be read, so their names are missing here",
			found.unread
		));
	}
	let mut table = Table::new(["number", "name", "born", "standing", "registered", "records"]);
	let mut items = Vec::new();
	for Listed { info, profile } in found.items {
		let profile = profile.and_then(Result::ok);
		table.row([
			info.id.0.to_string(),
			profile.as_ref().map_or(String::new(), |own| own.name.clone()),
			profile.as_ref().and_then(|own| own.birth_date.clone()).unwrap_or_default(),
			describe::standing(info.standing).into(),
			describe::time(info.registered_at),
			info.records.to_string(),
		]);
		items.push(json!({
			"value": Patient::from(info),
			"profile": profile.as_ref().map(describe::profile_json),
		}));
	}
	print(session, items, &at, table, "There is no such patient of your hospital.")
}

/// Lists the hospital's doctors.
pub async fn doctors(session: &Session<'_>, wanted: Doctors) -> Result<(), Failure> {
	let text = wanted.search.unwrap_or_default();
	let search = Search::new(&text, wanted.standing.map(Into::into), false);
	let client = session.watcher().await?;
	let at = client.chain().finalized().await?;
	let mut table = Table::new(["number", "name", "specialty", "standing", "licence until", "key"]);
	let mut items = Vec::new();
	for info in client.doctors_of_own_hospital(&at, &search).await? {
		table.row([
			info.id.0.to_string(),
			describe::name(&info),
			info.profile.as_ref().map_or(String::new(), |own| describe::words(&own.specialty)),
			describe::standing(info.standing).into(),
			info.licence_expires.map_or_else(String::new, describe::time),
			if info.vouched_version == info.key_version { "confirmed" } else { "not confirmed" }
				.into(),
		]);
		items.push(json!(Doctor::from(info)));
	}
	print(session, items, &at, table, "There is no such doctor of your hospital.")
}

fn print(
	session: &Session<'_>,
	items: Vec<Value>,
	at: &medblock_client::chain::At,
	table: Table,
	nobody: &str,
) -> Result<(), Failure> {
	let is_empty = items.is_empty();
	let document = describe::list(items, at);
	if is_empty {
		return session.output.result(&document, nobody);
	}
	session.output.result(&document, table)
}

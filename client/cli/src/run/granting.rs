//! The question before a doctor is given access.

use super::{asking::Asking, who::Who};
use crate::{describe, exit::Failure};
use medblock_client::{
	Client,
	chain::At,
	grants::Terms,
	medblock_primitives::{DoctorId, RecordIndex},
	names::{self, Named, Names},
};

/// The doctor who is named, once the user has seen who it is: with the entry as two nodes have it. Without `records`, the
/// whole chart is granted.
pub async fn ask(
	client: &Client,
	asking: &Asking,
	named: &Named,
	records: Option<&[RecordIndex]>,
	terms: &Terms,
) -> Result<(DoctorId, Who), Failure> {
	let at = client.chain().finalized().await?;
	let doctor = asking.certain(names::doctor_to_grant(&at, named).await?)?;
	let info = client.doctors_entry(doctor).await?;
	let hospital = Names::new(&at).of_hospital(info.hospital).await?;
	let who = Who::of_doctor(&info, hospital);
	if asking.asks() {
		let sees = match records {
			None => "your whole chart, and what is added to it later".to_owned(),
			Some([]) => "none of your records".to_owned(),
			Some(records) => shared(client, &at, records).await?,
		};
		let adds = if terms.may_append { "notes and records" } else { "nothing" };
		let until = terms.expires_at.map_or("you revoke it".into(), describe::time);
		let shown = format!(
			"{}\n\nMay see        {sees}\nMay add        {adds}\nUntil          {until}",
			describe::doctor(&info, None),
		);
		asking.confirm(&format!("You are about to give access to {who}:"), &shown)?;
	}
	Ok((doctor, who))
}

/// Records with their titles, one to a line.
async fn shared(client: &Client, at: &At, records: &[RecordIndex]) -> Result<String, Failure> {
	let patient = client.own_chart(at).await?.id;
	let entries = client.entries(at, patient, records).await?;
	let lines: Vec<String> = entries.iter().map(describe::entry_line).collect();
	Ok(lines.join("\n               "))
}

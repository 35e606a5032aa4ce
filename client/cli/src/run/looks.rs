//! The titles of what vaults have given out, as this machine knows them.

use medblock_client::{Client, Result, medblock_primitives::RecordIndex, records::Known};
use std::collections::BTreeMap;

/// The titles of the own chart's records that this machine has kept. No vault is asked: looking at who looked is no look.
pub async fn titles(client: &Client) -> Result<BTreeMap<RecordIndex, String>> {
	let at = client.chain().finalized().await?;
	let patient = client.own_chart(&at).await?.id;
	let known = client.list_known(&at, patient, None, None).await?;
	let titled = |Known { index, title, .. }: Known| Some((index, title?.ok()?.headers.title));
	Ok(known.items.into_iter().filter_map(titled).collect())
}

/// A record, or the profile, with the title.
pub fn what(record: Option<RecordIndex>, titles: &BTreeMap<RecordIndex, String>) -> String {
	match record.map(|record| (record, titles.get(&record))) {
		None => "profile".to_owned(),
		Some((record, None)) => format!("record {record}"),
		Some((record, Some(title))) => format!("record {record}, \"{title}\""),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn records_have_their_titles_where_they_are_known() {
		let titles = BTreeMap::from([(3, "Blood test".to_owned())]);
		assert_eq!(what(Some(3), &titles), "record 3, \"Blood test\"");
		assert_eq!(what(Some(4), &titles), "record 4");
		assert_eq!(what(None, &titles), "profile");
	}
}

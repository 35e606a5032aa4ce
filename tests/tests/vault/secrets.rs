//! What only people's own machines have: searched for wherever else it could be.

use super::*;
use medblock_client::{access, profiles::Profile};
use medblock_e2e::Chain;
use serde_json::json;
use std::collections::BTreeSet;

pub(super) async fn records_and_notes_are_shared_and_nothing_of_them_is_readable_anywhere_else(
	consortium: &Consortium,
) {
	let ((ana, patient), (first, first_id), (second, second_id)) =
		tokio::join!(consortium.patient(0), consortium.doctor(1), consortium.doctor(1));
	let planted = ["Zyxwvut-Patient-Name", "Qpwoeir-Title", "Mznxbcv-Content", "Lkjhgfd-Note"];

	let profile = Profile {
		name: planted[0].to_owned(),
		birth_date: Some("1984-05-06".to_owned()),
		contact: None,
	};
	must(ana.client.set_profile(patient, &profile, &unwatched()).await);
	let record = ana.adds(planted[1], planted[2].repeat(5_000).as_bytes()).await;
	let refused = first.reads(patient, record).await.unwrap_err();
	assert!(
		matches!(refused, Error::Access(access::Error::Denied(Denied::NotGranted))),
		"{refused}"
	);

	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(first_id, terms).await.unwrap();
	assert_eq!(first.reads(patient, record).await.unwrap(), planted[2].repeat(5_000).as_bytes());
	assert_eq!(first.client.profile(patient, &unwatched()).await.unwrap().name, planted[0]);
	let mut note = first.file("note", planted[3].as_bytes());
	note.in_reply_to = Some(record);
	let receipt = must(first.client.append_records(patient, &[note], &unwatched()).await);
	let note = receipt.event("RecordsAdded").unwrap().number("first").unwrap();

	// Whoever comes later sees it all, and whose note it is.
	ana.client.grant(second_id, Terms::default()).await.unwrap();
	assert_eq!(second.reads(patient, note).await.unwrap(), planted[3].as_bytes());
	let entries = second.lists(patient).await;
	assert_eq!(entries[0].title.as_ref().unwrap().headers.title, planted[1]);
	assert_eq!(entries[1].record.author, Author::Doctor(first_id));
	assert_eq!(entries[1].record.in_reply_to, Some(record));
	let refused = second.client.append_records(patient, &[], &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Access(access::Error::MayNotAppend)), "{refused}");

	must(ana.client.revoke(&[first_id]).await.map(|revoked| revoked.done));
	let refused = first.reads(patient, record).await.unwrap_err();
	assert!(
		matches!(refused, Error::Access(access::Error::Denied(Denied::NotGranted))),
		"{refused}"
	);
	assert_eq!(second.reads(patient, record).await.unwrap().len(), 75_000);
	let disclosures = ana.client.disclosures().await.unwrap();
	let readers: Vec<_> = disclosures.iter().filter_map(|(_, one)| one.doctor).collect();
	assert!(readers.contains(&first_id) && readers.contains(&second_id), "{readers:?}");

	// Nothing that was planted is anywhere but at people's own machines: not in any node's database
	// or log, not in a vault, its logs or its accounts.
	let (mut searched, mut found_public) = (0u64, false);
	let folders = consortium.gateways.iter().map(|gateway| gateway.path().to_owned());
	for folder in folders.chain([consortium.network.path().to_owned()]) {
		for file in files(&folder) {
			let Ok(bytes) = std::fs::read(&file) else { continue };
			searched += bytes.len() as u64;
			// A doctor's name is public: a search that does not find it would find nothing.
			found_public |= file.components().any(|part| part.as_os_str() == "chains")
				&& contains(&bytes, b"Dr. Ada");
			for word in planted.iter().chain(&["1984-05-06"]) {
				assert!(!contains(&bytes, word.as_bytes()), "{word} is in {}", file.display());
			}
		}
	}
	assert!(searched > 1_000_000, "there was something to search");
	assert!(found_public, "what is public is found in a node's database");
	let chain = Chain::connect(&consortium.network.url(0)).await;
	let dump = chain.whole_state().await;
	assert!(dump.len() > 10_000, "the state has been read");
	assert!(contains(&dump, b"Dr. Ada"), "what is public is found in the state");
	for word in planted.iter().chain(&["1984-05-06"]) {
		assert!(!contains(&dump, word.as_bytes()), "{word} is on the chain");
	}
	let parameters =
		[json!([]), json!([0]), json!([0, 0]), json!([0, null, 256]), json!([0, 0, 0])];
	let answers = chain.answers(&parameters).await;
	let methods: BTreeSet<_> = answers.iter().map(|(method, _)| method).collect();
	assert!(methods.len() > 20, "the node has answered: {methods:?}");
	let is_public = |answer: &str| answer.contains("Dr. Ada") || answer.contains(&hex("Dr. Ada"));
	assert!(answers.iter().any(|(_, answer)| is_public(answer)), "some of it about people");
	for (method, answer) in &answers {
		for word in planted {
			let told = answer.contains(word) || answer.contains(&hex(word));
			assert!(!told, "{method} tells {word}");
		}
	}
	println!(
		"searched {searched} bytes of files, {} of state, {} answers of {} methods: 0 hits",
		dump.len(),
		answers.len(),
		methods.len()
	);
}

/// As nodes print bytes.
fn hex(word: &str) -> String {
	word.bytes().map(|byte| format!("{byte:02x}")).collect()
}

//! Connections that are lost at the worst moments: what was sent is not taken for refused, nothing
//! happens twice, and what was fetched is whole.

#![allow(clippy::unwrap_used)]

use medblock_client::{medblock_crypto::Mnemonic, vault::unwatched, Done, Keys};
use medblock_e2e::{eventually, must, Consortium, Cut, HiddenGateway, Network, Person, Then, Wire};
use medblock_primitives::*;

const SUBMIT: &str = "author_submitExtrinsic";

/// How many records a chart has.
async fn records(person: &Person, patient: PatientId) -> RecordIndex {
	let at = person.client.chain().finalized().await.unwrap();
	at.patient(patient).await.unwrap().unwrap().records
}

/// Adds a record over a wire that is cut meanwhile, and mended when the record is final.
async fn adds_over(
	wire: &Wire,
	(when, then): (Cut, Then),
	person: &Person,
	content: &[u8],
	witness: &Person,
	patient: PatientId,
) -> medblock_client::Result<Done> {
	let (before, index) = (wire.cuts(), records(witness, patient).await);
	wire.cut(when, then);
	let file = person.file(&format!("record-{index}"), content);
	let (files, progress) = (std::slice::from_ref(&file), unwatched());
	let adding = person.client.add_records(files, &progress);
	let mending = async {
		eventually("the record is final", || async {
			let at = witness.client.chain().finalized().await.ok()?;
			at.record(patient, index).await.ok()?
		})
		.await;
		wire.mend();
	};
	let (added, ()) = tokio::join!(adding, mending);
	assert_eq!(wire.cuts(), before + 1, "{when:?}: the connection was lost");
	assert_eq!(records(witness, patient).await, index + 1, "{when:?}, {then:?}: once");
	assert_eq!(witness.reads(patient, index).await.unwrap(), content, "{when:?}, {then:?}");
	added
}

#[tokio::test]
async fn nothing_is_lost_nor_done_twice_when_connections_break() {
	let network = Network::started_with(&[], &[]);
	let vault = Wire::to(&format!("http://127.0.0.1:{}", network.gateway_port(0))).await;
	let gateway = HiddenGateway::start(&network, 0, vault.url()).await;
	let consortium = Consortium { gateways: Vec::new(), network };
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(vault.url()).await);
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let patient = consortium.admit(&ana, 0).await;

	// The same patient, whose connection to the node that she sends to can be cut.
	let node = Wire::to(&consortium.network.url(0)).await;
	let urls = [node.url().to_owned(), consortium.network.url(1)];
	let far = Person::with_keys(&urls, Keys::from_seed(words.seed("")).unwrap()).await;

	// Once the node has the transaction, and before the client knows. It sends it again: at once, when
	// the node has it still, and later, when the node finds it outdated.
	for (then, content) in [(Then::Serve, &b"sent again"[..]), (Then::Refuse, &b"sent late"[..])] {
		let plan = (Cut::BeforeAnswer(SUBMIT), then);
		match adds_over(&node, plan, &far, content, &ana, patient).await {
			Ok(done) => assert!(done.receipt().unwrap().event("RecordsAdded").is_some()),
			// That it may have been sent is true, too; that it was refused is not.
			Err(why) => assert!(why.is_unreachable(), "{then:?}: {why}"),
		}
	}

	// While the client waits until it is final.
	let plan = (Cut::AfterAnswer(SUBMIT), Then::Refuse);
	let added = adds_over(&node, plan, &far, b"waited for", &ana, patient).await;
	assert!(must(added).event("RecordsAdded").is_some());

	// In the middle of what a vault sends.
	let content: Vec<u8> =
		(0..5u32 << 20).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
	let record = ana.adds("large", &content).await;
	let before = vault.cuts();
	vault.cut(Cut::AfterBytes { bytes: 1 << 20, times: 3 }, Then::Serve);
	assert!(ana.reads(patient, record).await.unwrap() == content, "byte for byte");
	assert_eq!(vault.cuts(), before + 3, "the connection was lost");
	let disclosures = ana.client.disclosures().await.unwrap();
	let parts = disclosures.iter().filter(|(_, one)| one.record == Some(record));
	let parts: Vec<u64> = parts.map(|(_, one)| one.from).collect();
	assert!(parts.len() > 3, "{parts:?}");
	assert!(parts.is_sorted() && parts[1] > 0, "it went on where it was: {parts:?}");
	drop(gateway);
}

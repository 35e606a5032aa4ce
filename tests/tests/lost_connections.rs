//! Connections that are lost at the worst moments: what was sent is not taken for refused, nothing
//! happens twice, and what was fetched is whole.

use medblock_client::{
	Done, Keys,
	chain::Chain,
	grants::{Confirmed, Rotated, Terms},
	medblock_crypto::Mnemonic,
	vault::unwatched,
};
use medblock_e2e::{Consortium, Cut, Gateway, Network, Person, Then, Wire, eventually, must};
use medblock_primitives::*;
use std::cell::Cell;
use tokio::{
	io::copy_bidirectional,
	net::{TcpListener, TcpSocket, TcpStream},
};

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

/// As `ssh -L` does: the address of an end here.
async fn tunnel(there: String) -> String {
	let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
	let url = format!("ws://{}", listener.local_addr().unwrap());
	tokio::spawn(async move {
		while let Ok((mut client, _)) = listener.accept().await {
			// The other end is called once somebody has called this one, and nobody may answer.
			if let Ok(mut server) = TcpStream::connect(&there).await {
				let _ = copy_bidirectional(&mut client, &mut server).await;
			}
		}
	});
	url
}

/// An address at which no program listens, and none can begin to as long as the socket is kept.
fn unanswered() -> (TcpSocket, String) {
	let socket = TcpSocket::new_v4().unwrap();
	socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
	let address = socket.local_addr().unwrap().to_string();
	(socket, address)
}

async fn why_not(url: &str) -> String {
	Chain::connect(url).await.map(|_| ()).unwrap_err().to_string()
}

#[tokio::test]
async fn nothing_is_lost_nor_done_twice_when_connections_break() {
	let network = Network::start().await;

	// That there is no connection is said with the reason, and not after ten seconds without.
	let node = format!("127.0.0.1:{}", network.url(0).rsplit(':').next().unwrap());
	let why = why_not(&tunnel(node).await).await;
	assert!(why.contains("answers only to its own port"), "{why}");
	let (_kept, nobody) = unanswered();
	let why = why_not(&tunnel(nobody.clone()).await).await;
	assert!(why.contains("closed the connection"), "{why}");
	let why = why_not(&format!("ws://{nobody}")).await;
	assert!(why.contains("refused"), "{why}");
	let vault = Wire::to(&format!("http://127.0.0.1:{}", network.gateway_port(0))).await;
	let gateway = Gateway::hidden(&network, 0, vault.url()).await;
	let consortium = Consortium::without_gateways(network);
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

	// For a list of titles, only where they stand is fetched.
	let entries = ana.lists(patient).await;
	assert_eq!(entries.last().unwrap().title.as_ref().unwrap().headers.title, "large");
	let all = ana.client.disclosures().await.unwrap();
	let since = all.iter().filter(|(_, one)| one.number >= disclosures.len() as u64);
	let fetched: Vec<u64> = since.map(|(_, one)| one.to - one.from).collect();
	assert_eq!(fetched.len(), entries.len());
	assert!(fetched.iter().all(|bytes| *bytes <= 128 << 10), "{fetched:?}");

	// A revocation is sent through the other node if the connection is lost while it is sent: whether the
	// node has it, or has not.
	let (_, doctor) = consortium.doctor(1).await;
	for when in [Cut::BeforeRequest(SUBMIT), Cut::BeforeAnswer(SUBMIT)] {
		ana.client.grant(doctor, Terms::default()).await.unwrap();
		let before = node.cuts();
		node.cut(when, Then::Refuse);
		let revoked = far.client.revoke(&[doctor]).await.unwrap();
		// The other node may have been quicker.
		eventually(&format!("{when:?}: the connection is lost, once"), || async {
			(node.cuts() == before + 1).then_some(())
		})
		.await;
		let receipt = revoked.done.receipt().expect("it is final");
		assert!(receipt.event("AccessRevoked").is_some(), "{when:?}");
		node.mend();
	}

	// It does not wait for the node that is gone, as the other one is there.
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	node.cut(Cut::AfterBytes { bytes: 1, times: 1 }, Then::Refuse);
	let revoked = far.client.revoke(&[doctor]).await.unwrap();
	let receipt = revoked.done.receipt().expect("it is final");
	assert!(receipt.event("AccessRevoked").is_some());
	assert!(matches!(revoked.rotation, Rotated::NotYet(_)), "two nodes are needed for a new key");
	assert_eq!(revoked.confirmed, Confirmed::ByOneAlone, "it is not done by one node's word");
	node.mend();

	// A node that takes requests and answers none delays it by seconds, and not by a time-out for each question.
	must(ana.client.rotate().await);
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	eventually("it is connected again", || async { far.client.chain().finalized().await.ok() })
		.await;
	let other = Chain::connect(&consortium.network.url(1)).await.unwrap();
	node.fall_silent();
	// The time is told in questions to the other node, a tenth of a second apart: it stands still while this program or that
	// node does, as on a busy machine.
	let asked = Cell::new(0);
	let lost = eventually("access is taken back", || async {
		asked.set(asked.get() + 1);
		let at = other.best().await.ok()?;
		let denied = at.access(patient, doctor, None).await.ok()?.is_err();
		denied.then_some(())
	});
	let doctors = [doctor];
	let (revoked, ()) = tokio::join!(far.client.revoke(&doctors), lost);
	assert!(asked.get() < 120, "{} tenths of a second", asked.get());
	let revoked = revoked.unwrap();
	assert_eq!(revoked.confirmed, Confirmed::ByOneAlone);
	let receipt = revoked.done.receipt().cloned().expect("it is final");
	assert!(receipt.event("AccessRevoked").is_some());
	node.speak();
	drop(gateway);
}

//! What vaults delete: nothing on one node's word, and never much at once.

use medblock_e2e::{Consortium, Gateway, Liar, Lie, Network, Person, eventually, files, must};
use std::sync::{
	Arc,
	atomic::{AtomicBool, Ordering},
};

/// Waits until the gateway says why it deletes nothing.
async fn holds(gateway: &Gateway, reason: &str) {
	eventually(reason, || async { gateway.log().contains(reason).then_some(()) }).await;
}

#[tokio::test]
async fn vault_deletes_nothing_on_one_nodes_word_and_never_much_at_once() {
	let network = Network::start().await;
	let lies = Arc::new(AtomicBool::new(false));
	let node = Liar::start(&network.url(0), Lie::EmptyCharts(lies.clone())).await;
	let gateway = Gateway::asking(&node.url(), &network, 0, &["--sweep-interval", "1"]).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(gateway.url()).await);
	let (ana, patient) = consortium.patient(0).await;
	let record = ana.adds("named", b"on the chain").await;
	ana.uploads_unnamed(patient).await;
	let blobs = gateway.data().join("blobs");
	assert_eq!(files(&blobs).len(), 2);

	// The gateway's own node forgets every chart. Another hospital's remembers.
	gateway.kill();
	gateway.let_all_time_pass().await;
	lies.store(true, Ordering::Relaxed);
	gateway.resume().await;
	holds(&gateway, "disagreement").await;
	assert_eq!((files(&blobs).len(), gateway.quarantined().await.len()), (2, 0));

	// Both agree: only what no chart names goes, and not at once.
	lies.store(false, Ordering::Relaxed);
	eventually("one file is in quarantine", || async {
		(gateway.quarantined().await.len() == 1).then_some(())
	})
	.await;
	assert_eq!(files(&blobs).len(), 2);
	gateway.kill();
	gateway.let_all_time_pass().await;
	gateway.resume().await;
	eventually("it is deleted", || async { (files(&blobs).len() == 1).then_some(()) }).await;
	assert_eq!(ana.reads(patient, record).await.unwrap(), b"on the chain");

	// More than a few at once is more likely a fault.
	for _ in 0..6 {
		ana.uploads_unnamed(patient).await;
	}
	gateway.kill();
	gateway.let_all_time_pass().await;
	gateway.resume().await;
	holds(&gateway, "too-much").await;
	assert_eq!((files(&blobs).len(), gateway.quarantined().await.len()), (7, 0));
}

/// A node that makes up later times makes no file old.
#[tokio::test]
async fn vault_deletes_nothing_since_a_node_says_that_it_is_later() {
	let network = Network::start().await;
	let lies = Arc::new(AtomicBool::new(false));
	let node = Liar::start(&network.url(0), Lie::LaterTime(lies.clone())).await;
	let gateway = Gateway::asking(&node.url(), &network, 0, &["--sweep-interval", "1"]).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(gateway.url()).await);
	let (ana, patient) = consortium.patient(0).await;
	let record = ana.adds("named", b"on the chain").await;
	ana.uploads_unnamed(patient).await;
	let blobs = gateway.data().join("blobs");

	// By its clock, a day is over for what no chart names, and then another 30.
	lies.store(true, Ordering::Relaxed);
	let collections = || gateway.log().matches("garbage collected").count();
	let before = collections();
	eventually("it has looked several times", || async {
		(collections() > before + 3).then_some(())
	})
	.await;
	assert_eq!((files(&blobs).len(), gateway.quarantined().await.len()), (2, 0));

	// What is due by this machine's clock stays, too: another hospital's node tells another time.
	gateway.kill();
	gateway.let_all_time_pass().await;
	gateway.resume().await;
	holds(&gateway, "disagreement").await;
	assert_eq!((files(&blobs).len(), gateway.quarantined().await.len()), (2, 0));
	lies.store(false, Ordering::Relaxed);
	eventually("one file is in quarantine", || async {
		(gateway.quarantined().await.len() == 1).then_some(())
	})
	.await;
	assert_eq!(ana.reads(patient, record).await.unwrap(), b"on the chain");
}

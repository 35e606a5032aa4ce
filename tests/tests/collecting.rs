//! What vaults delete: nothing on one node's word, and never much at once.

use medblock_e2e::{Consortium, Gateway, Liar, Lie, Network, Person, eventually, files, must};
use medblock_primitives::{PatientId, RecordIndex};
use std::{
	path::PathBuf,
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
};

/// A vault whose own node lies from some time on. It has one file that a chart names, and one that none does.
struct Scene {
	gateway: Gateway,
	/// Where it keeps the files.
	blobs: PathBuf,
	/// Whether the node lies.
	lies: Arc<AtomicBool>,
	ana: Person,
	patient: PatientId,
	record: RecordIndex,
	_node: Liar,
	_consortium: Consortium,
}

impl Scene {
	async fn begin(lie: impl Fn(Arc<AtomicBool>) -> Lie) -> Self {
		let network = Network::start().await;
		let lies = Arc::new(AtomicBool::new(false));
		let node = Liar::start(&network.url(0), lie(lies.clone())).await;
		let gateway = Gateway::asking(&node.url(), &network, 0, &["--sweep-interval", "1"]).await;
		let consortium = Consortium::without_gateways(network);
		let controller = Person::known(&consortium.network, "//Alice").await;
		must(controller.client.set_gateway(gateway.url()).await);
		let (ana, patient) = consortium.patient(0).await;
		let record = ana.adds("named", b"on the chain").await;
		ana.uploads_unnamed(patient).await;
		let blobs = gateway.data().join("blobs");
		assert_eq!(files(&blobs).len(), 2);
		Self { gateway, blobs, lies, ana, patient, record, _node: node, _consortium: consortium }
	}

	/// The files that the vault has, and how many of them are in quarantine.
	async fn has(&self) -> (usize, usize) {
		(files(&self.blobs).len(), self.gateway.quarantined().await.len())
	}

	/// Starts the gateway again when all that may be deleted is old enough for that.
	async fn later(&self) {
		self.gateway.kill();
		self.gateway.let_all_time_pass().await;
		self.gateway.resume().await;
	}

	/// Waits until one file is in quarantine.
	async fn quarantines_one(&self) {
		eventually("one file is in quarantine", || async {
			(self.gateway.quarantined().await.len() == 1).then_some(())
		})
		.await;
	}

	/// How often the gateway has said that it deletes nothing for this reason.
	fn said(&self, reason: &str) -> usize {
		self.gateway.log().matches(reason).count()
	}

	/// Waits until the gateway says it again.
	async fn holds(&self, reason: &str, before: usize) {
		eventually(reason, || async { (self.said(reason) > before).then_some(()) }).await;
	}

	/// What the chart names can still be read.
	async fn is_readable(&self) {
		assert_eq!(self.ana.reads(self.patient, self.record).await.unwrap(), b"on the chain");
	}
}

#[tokio::test]
async fn vault_deletes_nothing_on_one_nodes_word_and_never_much_at_once() {
	let scene = Scene::begin(Lie::EmptyCharts).await;

	// The gateway's own node forgets every chart. Another hospital's remembers.
	scene.gateway.kill();
	scene.gateway.let_all_time_pass().await;
	scene.lies.store(true, Ordering::Relaxed);
	let before = scene.said("disagreement");
	scene.gateway.resume().await;
	scene.holds("disagreement", before).await;
	assert_eq!(scene.has().await, (2, 0));

	// Both agree: only what no chart names goes, and not at once.
	scene.lies.store(false, Ordering::Relaxed);
	scene.quarantines_one().await;
	assert_eq!(files(&scene.blobs).len(), 2);
	scene.later().await;
	eventually("it is deleted", || async { (files(&scene.blobs).len() == 1).then_some(()) }).await;
	scene.is_readable().await;

	// More than a few at once is more likely a fault.
	for _ in 0..6 {
		scene.ana.uploads_unnamed(scene.patient).await;
	}
	let before = scene.said("too-much");
	scene.later().await;
	scene.holds("too-much", before).await;
	assert_eq!(scene.has().await, (7, 0));
}

/// A node that makes up later times makes no file old.
#[tokio::test]
async fn vault_deletes_nothing_since_a_node_says_that_it_is_later() {
	let scene = Scene::begin(Lie::LaterTime).await;

	// By its clock, a day is over for what no chart names, and then another 30.
	scene.lies.store(true, Ordering::Relaxed);
	let collections = || scene.gateway.log().matches("garbage collected").count();
	let before = collections();
	eventually("it has looked several times", || async {
		(collections() > before + 3).then_some(())
	})
	.await;
	assert_eq!(scene.has().await, (2, 0));

	// What is due by this machine's clock stays, too: another hospital's node tells another time.
	let before = scene.said("disagreement");
	scene.later().await;
	scene.holds("disagreement", before).await;
	assert_eq!(scene.has().await, (2, 0));
	scene.lies.store(false, Ordering::Relaxed);
	scene.quarantines_one().await;
	scene.is_readable().await;
}

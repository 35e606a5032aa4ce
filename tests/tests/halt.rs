//! A chain that stands still for two days, by the clocks of all machines, and a machine whose clock jumps: vaults lose
//! nothing.

use medblock_e2e::{Consortium, Up, ahead, eventually, files};

#[tokio::test]
async fn vault_forgets_nothing_while_the_chain_stands_still() {
	let consortium = Consortium::start_with(&["--sweep-interval", "1"]).await;
	let (ana, patient) = consortium.patient(0).await;
	let named = ana.adds("named", b"on the chain").await;
	ana.uploads_unnamed(patient).await;
	let blobs = consortium.gateways[0].data().join("blobs");
	assert_eq!(files(&blobs).len(), 2);

	let in_two_days = ahead("+2d");
	// Two days go by for the vault, and the chain stands still.
	consortium.network.down().await;
	let gateway = &consortium.gateways[0];
	gateway.kill();
	gateway.spawn(&in_two_days);
	let health = format!("{}/health", gateway.url());
	eventually("the vault knows that it is cut off", || async {
		let answer = reqwest::get(&health).await.ok()?;
		(answer.status().as_u16() == 503).then_some(())
	})
	.await;
	// Not before it has tried to collect in that state.
	let tried = || gateway.log().matches("garbage collection stopped").count();
	let before = tried();
	eventually("the vault has begun to collect", || async { (tried() > before).then_some(()) })
		.await;
	assert_eq!(files(&blobs).len(), 2, "nothing is lost");

	// The chain goes on, two days later.
	consortium.network.up_as(&Up { environment: in_two_days, ..Up::default() }).await;
	eventually("the vault is healthy", || async {
		reqwest::get(&health).await.ok().filter(|answer| answer.status().is_success())
	})
	.await;
	eventually("what was never named is in quarantine", || async {
		(!gateway.quarantined().await.is_empty()).then_some(())
	})
	.await;
	assert_eq!(files(&blobs).len(), 2, "it stays there for 30 days");
	let chain = ana.client.chain();
	let at = chain.finalized().await.unwrap();
	let document = at.record(patient, named).await.unwrap().unwrap().document.unwrap();
	let digest = format!("{:?}", sp_core::H256(document.digest));
	let named = digest.strip_prefix("0x").unwrap();
	assert!(gateway.quarantined().await.iter().all(|one| one != named));
}

#[tokio::test]
async fn vault_whose_clock_jumps_deletes_nothing_and_goes_on_when_it_is_right() {
	let consortium = Consortium::start_with(&["--sweep-interval", "1"]).await;
	let (ana, patient) = consortium.patient(0).await;
	let record = ana.adds("named", b"on the chain").await;
	ana.uploads_unnamed(patient).await;
	let gateway = &consortium.gateways[0];
	let blobs = gateway.data().join("blobs");

	// Ahead, each block is too old to decide by. Behind, each is of the future.
	for (by, says) in [("+40d", "garbage collection stopped"), ("-40d", "reason=\"clock\"")] {
		gateway.kill();
		gateway.let_all_time_pass().await;
		let said = || gateway.log().matches(says).count();
		let before = said();
		gateway.spawn(&ahead(by));
		eventually("it has tried to collect", || async { (said() > before + 1).then_some(()) })
			.await;
		assert_eq!((files(&blobs).len(), gateway.quarantined().await.len()), (2, 0), "{by}");
	}

	gateway.kill();
	gateway.resume().await;
	eventually("what was never named is in quarantine", || async {
		(gateway.quarantined().await.len() == 1).then_some(())
	})
	.await;
	assert_eq!(ana.reads(patient, record).await.unwrap(), b"on the chain");
}

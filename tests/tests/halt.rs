//! A chain that stands still for two days, by the clocks of all machines: vaults lose nothing.

use medblock_client::{
	medblock_crypto::{Digest, EpochSecret, Headers, encrypt},
	vault::{Upload, unwatched},
};
use medblock_e2e::{Consortium, Person, Up, eventually, files};
use medblock_primitives::*;

/// What runs a program two days later, by its wall clock. The library by itself: Debian's `faketime`
/// command waits for whatever the program leaves running.
fn in_two_days() -> Vec<(String, String)> {
	let faketime = std::fs::read_dir("/usr/lib")
		.unwrap()
		.map(|entry| entry.unwrap().path().join("faketime/libfaketimeMT.so.1"))
		.find(|path| path.exists())
		.expect("Debian's faketime: run scripts/setup");
	let library = faketime.display().to_string();
	[("FAKETIME", "+2d"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("LD_PRELOAD", &library)]
		.map(|(name, value)| (name.to_owned(), value.to_owned()))
		.into()
}

/// Uploads an age file that nothing names.
async fn uploads_something(who: &Person, patient: PatientId) {
	let headers = Headers {
		title: "unnamed".to_owned(),
		media_type: "text/plain".to_owned(),
		file_name: None,
		written_at: None,
	};
	let mut ciphertext = Vec::new();
	let (to, body) = (EpochSecret::from_bytes([3; 32]).public_key(), b"never named");
	encrypt(&[to], &headers, &body[..], body.len() as u64, &mut ciphertext).unwrap();
	let path = who.home().join("unnamed");
	std::fs::write(&path, &ciphertext).unwrap();
	let mut digest = Digest::new();
	digest.update(&ciphertext);
	let sealed = digest.finish().unwrap();
	let at = who.client.chain().finalized().await.unwrap();
	let hospital = at.patient(patient).await.unwrap().unwrap().hospital;
	let vault = who.client.vault(hospital).await.unwrap();
	let (digest, size) = (sealed.digest, sealed.size);
	let file = who.stored("unnamed").await;
	let upload = Upload { patient, file: &file, digest, size, prepared: false };
	vault.upload(&upload, &unwatched()).await.unwrap();
}

#[tokio::test]
async fn vault_forgets_nothing_while_the_chain_stands_still() {
	let consortium = Consortium::start_with(&["--sweep-interval", "1"]).await;
	let (ana, patient) = consortium.patient(0).await;
	let named = ana.adds("named", b"on the chain").await;
	uploads_something(&ana, patient).await;
	let blobs = consortium.gateways[0].data().join("blobs");
	assert_eq!(files(&blobs).len(), 2);

	let in_two_days = in_two_days();
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
	eventually("what was never named is forgotten", || async {
		(files(&blobs).len() == 1).then_some(())
	})
	.await;
	let (kept, chain) = (files(&blobs).remove(0), ana.client.chain());
	let at = chain.finalized().await.unwrap();
	let document = at.record(patient, named).await.unwrap().unwrap().document.unwrap();
	let digest = format!("{:?}", sp_core::H256(document.digest));
	assert_eq!(kept.file_name().unwrap().to_str(), digest.strip_prefix("0x"));
}

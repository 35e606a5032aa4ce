//! Nodes that answer with keys of their own: clients notice, and send nothing.

use medblock_client::{
	Error, Keys, Nodes, Witnesses, chain,
	grants::{Rotated, Terms},
	medblock_crypto::{EpochSecret, Mnemonic},
	trust,
	vault::unwatched,
};
use medblock_e2e::{Consortium, Liar, Lie, Person, eventually, must};
use medblock_primitives::*;

/// A key whose secret another person has.
fn foreign_key() -> PublicKey {
	let key = EpochSecret::from_bytes([13; 32]).public_key();
	key.to_vec().try_into().unwrap()
}

/// The same person, at nodes of these addresses.
async fn at(urls: &[String], words: &Mnemonic) -> Person {
	Person::with_keys(urls, Keys::from_seed(words.seed("")).unwrap()).await
}

async fn sent(person: &Person) -> u64 {
	let at = person.client.chain().best().await.unwrap();
	at.nonce(person.client.keys().account()).await.unwrap()
}

#[tokio::test]
async fn revocation_goes_all_the_same_without_a_new_key() {
	let consortium = Consortium::start().await;
	let honest = |index| consortium.network.url(index);
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let (_, (_, friend), (_, former)) =
		tokio::join!(consortium.admit(&ana, 0), consortium.doctor(1), consortium.doctor(0));
	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(friend, terms).await.unwrap();
	ana.client.grant(former, terms).await.unwrap();

	let liars = [
		Liar::start(&honest(0), Lie::DoctorsKey(foreign_key())).await,
		Liar::start(&honest(1), Lie::DoctorsKey(foreign_key())).await,
	];
	let urls = [liars[0].url(), liars[1].url()];
	let told = at(&urls, &words).await;
	std::fs::copy(ana.home().join("pins.json"), told.home().join("pins.json")).unwrap();
	let told = told.restarted(&urls, &words).await;
	let revoked = told.client.revoke(&[former]).await.unwrap();
	assert!(matches!(
		revoked.rotation,
		Rotated::NotYet(Error::Trust(trust::Error::PinMismatch { .. }))
	));
}

#[tokio::test]
async fn client_that_is_told_a_wrong_key_sends_nothing() {
	let consortium = Consortium::start().await;
	let honest = |index| consortium.network.url(index);
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let doctor_words = Mnemonic::generate();
	let doctor = Person::with_words(&consortium.network, &doctor_words).await;
	let (patient, (_, friend), doctor_id) = tokio::join!(
		consortium.admit(&ana, 0),
		consortium.doctor(1),
		consortium.admit_doctor(&doctor, 1, None),
	);
	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(doctor_id, terms).await.unwrap();
	let before = sent(&ana).await;

	// One of two nodes lies about a doctor's key: it does not matter which.
	let liar = Liar::start(&honest(0), Lie::DoctorsKey(foreign_key())).await;
	for urls in [[liar.url(), honest(1)], [honest(1), liar.url()]] {
		let told = at(&urls, &words).await;
		let refused = told.client.grant(friend, terms).await.unwrap_err();
		assert!(matches!(refused, Error::Chain(chain::Error::NodesDisagree { .. })), "{refused}");
		let refused = told.client.share(friend, &[], terms, &unwatched()).await.unwrap_err();
		assert!(matches!(refused, Error::Chain(chain::Error::NodesDisagree { .. })), "{refused}");
	}
	// Both lie, but the key was seen before.
	let second = Liar::start(&honest(1), Lie::DoctorsKey(foreign_key())).await;
	let told = at(&[liar.url(), second.url()], &words).await;
	std::fs::copy(ana.home().join("pins.json"), told.home().join("pins.json")).unwrap();
	let told = told.restarted(&[liar.url(), second.url()], &words).await;
	let refused = told.client.grant(doctor_id, terms).await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::PinMismatch { .. })), "{refused}");
	assert_eq!(sent(&ana).await, before, "nothing was sent");

	// A node that lies about the chart's key fools neither the patient …
	let before = sent(&ana).await;
	let liars = [
		Liar::start(&honest(0), Lie::ChartKey(foreign_key())).await,
		Liar::start(&honest(1), Lie::ChartKey(foreign_key())).await,
	];
	let told = at(&[liars[0].url(), liars[1].url()], &words).await;
	let file = told.file("record", b"not for the liar");
	let refused = told.client.add_records(&[file], &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::ChartKeyMismatch(0))), "{refused}");
	let refused = told.client.grant(friend, terms).await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::ChartKeyMismatch(0))), "{refused}");
	let refused = told.client.rotate().await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::ChartKeyMismatch(0))), "{refused}");
	assert_eq!(sent(&ana).await, before, "nothing was sent");

	// … nor a doctor who holds the secret, be it about that key or about the standby.
	let before = sent(&doctor).await;
	let told = at(&[liars[0].url(), liars[1].url()], &doctor_words).await;
	let note = told.file("note", b"not for the liar");
	let files = std::slice::from_ref(&note);
	let refused = told.client.append_records(patient, files, &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::ChartKeyMismatch(0))), "{refused}");
	let liars = [
		Liar::start(&honest(0), Lie::StandbyKey(foreign_key())).await,
		Liar::start(&honest(1), Lie::StandbyKey(foreign_key())).await,
	];
	let told = at(&[liars[0].url(), liars[1].url()], &doctor_words).await;
	let refused = told.client.append_records(patient, files, &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::StandbyKeyMismatch)), "{refused}");
	assert_eq!(sent(&doctor).await, before, "nothing was sent");
	must(doctor.client.append_records(patient, files, &unwatched()).await);

	// A node that stays at an old block, at which a key was another one than now, is found out.
	let old = ana.client.chain().finalized().await.unwrap();
	for index in [0, 1] {
		let node = chain::Chain::connect(&honest(index)).await.unwrap();
		eventually("each honest node has another final block", || async {
			let now = node.finalized().await.ok()?;
			(now.number() > old.number()).then_some(())
		})
		.await;
	}
	let before = sent(&ana).await;
	let liar = Liar::start(&honest(0), Lie::Past(sp_core::H256(old.hash().0))).await;
	for urls in [[liar.url(), honest(1)], [honest(1), liar.url()]] {
		let told = at(&urls, &words).await;
		let refused = told.client.grant(friend, terms).await.unwrap_err();
		let found = matches!(&refused, Error::Chain(chain::Error::NodeBehind { url, .. }) if *url == liar.url());
		assert!(found, "{refused}");
	}
	assert_eq!(sent(&ana).await, before, "nothing was sent");

	// One that claims to be far ahead has no say in where records are sent, though the other seems behind.
	let liar = Liar::start(&honest(0), Lie::Future).await;
	let told = at(&[liar.url(), honest(1)], &words).await;
	let vault = told.client.vault(HospitalId(0)).await.map(|_| ());
	let found = matches!(&vault, Err(Error::Chain(chain::Error::NodeBehind { other, .. })) if *other == liar.url());
	assert!(found, "{vault:?}");

	// A second node that can't be reached is not one that was never named.
	let nowhere = "ws://127.0.0.1:1".to_owned();
	for urls in [[honest(0), nowhere.clone()], [nowhere.clone(), honest(0)]] {
		let told = at(&urls, &words).await;
		let refused = told.client.grant(friend, terms).await.unwrap_err();
		let found = matches!(&refused, Error::Chain(chain::Error::NodeUnreachable { url, .. }) if *url == nowhere);
		assert!(found, "{refused}");
	}
	// With a single node, and nobody to compare with, nothing is sealed.
	let alone = at(&[honest(0)], &words).await;
	let refused = alone.client.grant(friend, terms).await.unwrap_err();
	assert!(matches!(refused, Error::Chain(chain::Error::OneNode)), "{refused}");

	// Nor if two addresses are one node's: it would only be compared with itself.
	let way = Liar::start(&honest(0), Lie::Nothing).await;
	for urls in [[honest(0), honest(0)], [honest(0), way.url()], [way.url(), honest(0)]] {
		let connected = Nodes::connect(&urls, Witnesses::Two).await.map(|_| ());
		assert!(matches!(connected, Err(chain::Error::SameNode { .. })), "{urls:?}: {connected:?}");
	}
	Nodes::connect(&[way.url(), honest(1)], Witnesses::Two).await.map(|_| ()).unwrap();

	// One of two nodes lies about what was shared before, or about what a record is that is to be shared: nothing more
	// is shared than the patient has chosen, and no other file's key is given away.
	let first = ana.adds("first", b"for the friend").await;
	let second = ana.adds("second", b"for nobody").await;
	let third = ana.adds("third", b"for the friend, later").await;
	ana.client.share(friend, &[first], Terms::default(), &unwatched()).await.unwrap();
	let at_last = ana.client.chain().finalized().await.unwrap();
	let other = at_last.record(patient, second).await.unwrap().unwrap().document.unwrap();
	let before = sent(&ana).await;
	for (lie, named) in [(Lie::Share(second), first), (Lie::Record(other), third)] {
		let liar = Liar::start(&honest(0), lie).await;
		for urls in [[liar.url(), honest(1)], [honest(1), liar.url()]] {
			let told = at(&urls, &words).await;
			let sharing = told.client.share(friend, &[named], Terms::default(), &unwatched()).await;
			let refused = sharing.unwrap_err();
			assert!(
				matches!(refused, Error::Chain(chain::Error::NodesDisagree { .. })),
				"{refused}"
			);
		}
	}
	assert_eq!(sent(&ana).await, before, "nothing was sent");
}

//! The ownership of a bucket.

use super::*;
use crate::vault::lease::{Claimant, Lease, Refused, Terms};
use medblock_primitives::HospitalId;

const SHORT: Terms =
	Terms { renewal: Duration::from_millis(300), lapse: Duration::from_millis(1_500) };

/// A vault of this hospital, and of the chain with so many ones, which wants a bucket.
fn claimant(hospital: u32, genesis: Option<u8>, holder: &str) -> Claimant<'static> {
	Claimant {
		hospital: HospitalId(hospital),
		genesis: genesis.map(|byte| [byte; 32]),
		holder: holder.into(),
		adopts: false,
		ledger: None,
	}
}

impl Service {
	/// A store in the bucket, once the vault holds it.
	async fn claimed(&self, claimant: &Claimant<'_>) -> Result<(Store, Lease), Refused> {
		let store = self.store(SECRET).leased();
		let lease = Lease::claim(&store, claimant, SHORT).await?;
		Ok((store, lease))
	}

	fn write(&self, name: &str, content: &str) {
		std::fs::create_dir_all(self.files()).unwrap();
		std::fs::write(self.files().join(name), content).unwrap();
	}
}

fn some_blob() -> BlobId {
	uploader(ALICE, Digest([7; 32])).id.blob
}

fn not_held<T>(outcome: Result<T, store::Error>) -> bool {
	matches!(outcome, Err(store::Error::NotHeld))
}

#[tokio::test]
async fn a_bucket_stays_with_one_hospital_and_one_chain() {
	let service = Service::start().await;
	let genesis =
		async |claimant: Claimant<'static>| service.claimed(&claimant).await.unwrap().1.genesis();
	assert_eq!(genesis(claimant(0, None, "a")).await, None);
	assert_eq!(genesis(claimant(0, Some(1), "a")).await, Some([1; 32]));
	// It tells that to a vault whose own files are lost.
	assert_eq!(genesis(claimant(0, None, "a")).await, Some([1; 32]));
	let other = service.claimed(&claimant(0, Some(2), "a")).await;
	assert!(matches!(other, Err(Refused::OtherChain)));
	let other = service.claimed(&claimant(1, Some(1), "a")).await;
	assert!(matches!(other, Err(Refused::OtherHospital(0))));
	service.write("vault.json", "{");
	let damaged = service.claimed(&claimant(0, Some(1), "a")).await;
	assert!(matches!(damaged, Err(Refused::Damaged)));
}

#[tokio::test]
async fn one_gateway_holds_a_bucket_and_another_takes_it_over_when_that_one_is_gone() {
	let service = Service::start().await;
	let (first, lease) = service.claimed(&claimant(0, Some(1), "a")).await.unwrap();
	first.delete(&some_blob()).await.unwrap();
	let second = claimant(0, Some(1), "b");
	assert!(matches!(service.claimed(&second).await, Err(Refused::InUse)));

	let keeping = tokio::spawn(lease.keep(|| None));
	tokio::time::sleep(2 * SHORT.lapse).await;
	assert!(matches!(service.claimed(&second).await, Err(Refused::InUse)), "it is renewed");
	first.delete(&some_blob()).await.unwrap();

	keeping.abort();
	tokio::time::sleep(2 * SHORT.lapse).await;
	assert!(not_held(first.delete(&some_blob()).await));
	assert!(not_held(first.put_small("at/x", vec![1]).await));
	assert!(not_held(first.delete_small("at/x").await));
	assert!(not_held(first.send(&some_blob(), Path::new("/nowhere")).await));
	let (taken, _) = service.claimed(&second).await.unwrap();
	taken.delete(&some_blob()).await.unwrap();
}

#[tokio::test]
async fn a_gateway_learns_that_another_has_taken_its_bucket_over() {
	let service = Service::start().await;
	let (first, lease) = service.claimed(&claimant(0, Some(1), "a")).await.unwrap();
	tokio::time::sleep(2 * SHORT.lapse).await;
	let (second, _lease) = service.claimed(&claimant(0, Some(1), "b")).await.unwrap();
	assert!(matches!(lease.keep(|| None).await, Refused::InUse));
	assert!(not_held(first.delete(&some_blob()).await));
	second.delete(&some_blob()).await.unwrap();
}

#[tokio::test]
async fn a_renewal_whose_answer_was_lost_is_the_gateways_own() {
	let service = Service::start().await;
	let (store, mut lease) = service.claimed(&claimant(0, None, "a")).await.unwrap();
	let mut unanswered = lease.clone();
	lease.renew(Some([3; 32])).await.unwrap();
	tokio::time::sleep(2 * SHORT.lapse).await;
	assert!(not_held(store.delete(&some_blob()).await));
	unanswered.renew(Some([3; 32])).await.unwrap();
	store.delete(&some_blob()).await.unwrap();
	let (_, lease) = service.claimed(&claimant(0, None, "a")).await.unwrap();
	assert_eq!(lease.genesis(), Some([3; 32]), "the chain was not known at first");
}

/// The client of the service sends a request once more that was answered with 503, and gets 412 then.
#[tokio::test]
async fn what_the_service_has_written_without_saying_so_is_the_gateways_own() {
	let service = Service::start().await;
	service.lose_answers(1);
	let (store, mut lease) = service.claimed(&claimant(0, Some(1), "a")).await.unwrap();
	store.delete(&some_blob()).await.unwrap();
	service.lose_answers(2);
	lease.renew(None).await.unwrap();
	service.lose_answers(1);
	let (_, mut next) = service.claimed(&claimant(0, Some(1), "a")).await.unwrap();
	assert!(matches!(lease.renew(None).await, Err(Refused::InUse)), "another process holds it");
	service.lose_answers(0);
	next.renew(None).await.unwrap();
}

#[tokio::test]
async fn a_bucket_that_is_not_empty_is_refused_unless_it_is_the_vaults_own() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let file = age_file(1_000);
	let who = uploader(ALICE, digest_of(&file));
	// A gateway of an earlier version has written it.
	let vault = service.vault(data.path()).await;
	vault.upload(&who, &file).await.unwrap();
	let new = || claimant(0, None, "a");
	let ledger = Some(vault.ledger());
	for stranger in [
		new(),
		claimant(0, Some(1), "a"),
		// Its ledger is another chain's, perhaps.
		Claimant { ledger, ..new() },
	] {
		assert!(matches!(service.claimed(&stranger).await, Err(Refused::NotEmpty)));
	}
	let own = Claimant { ledger, ..claimant(0, Some(1), "a") };
	service.claimed(&own).await.unwrap();

	let service = Service::start().await;
	service.write("notes.txt", "not a vault's");
	is_taken_on_demand_only(&service).await;
	let service = Service::start().await;
	service.store(SECRET).put_small("at/x", vec![1]).await.unwrap();
	is_taken_on_demand_only(&service).await;
}

async fn is_taken_on_demand_only(service: &Service) {
	let found = service.claimed(&claimant(0, Some(1), "a")).await;
	assert!(matches!(found, Err(Refused::NotEmpty)));
	let adopts = Claimant { adopts: true, ..claimant(0, Some(1), "a") };
	service.claimed(&adopts).await.unwrap();
	service.claimed(&claimant(0, Some(1), "a")).await.unwrap();
}

//! Single records: one more of them, and one fewer.

use super::*;
use medblock_client::access;

/// A large record was shared before. Its key is known without it, also for the doctor's next key.
pub(super) async fn sharing_one_more_record_fetches_no_other(consortium: &Consortium) {
	let ((ana, patient), (friend, friend_id)) =
		tokio::join!(consortium.patient(0), consortium.doctor(1));
	let large = ana.adds("large", &vec![7; 2_000_000]).await;
	let small = ana.adds("small", b"thirteen byte").await;
	let other = ana.adds("other", b"not shared").await;
	let share = async |record| {
		let terms = Terms::default();
		ana.client.share(friend_id, &[record], terms, &unwatched()).await.unwrap().records
	};
	assert_eq!(share(large).await, [large]);
	let fetched = async |record| {
		let all = ana.client.disclosures().await.unwrap();
		let own = all.iter().filter(|(_, one)| one.doctor.is_none());
		own.filter(|(_, one)| one.record == Some(record)).count()
	};
	let (of_large, of_small) = (fetched(large).await, fetched(small).await);
	assert_eq!(share(small).await, [large, small]);
	assert_eq!(fetched(large).await, of_large);
	assert!(fetched(small).await > of_small);
	let at = ana.client.chain().finalized().await.unwrap();
	let key = at.share(patient, friend_id).await.unwrap().key.unwrap();
	assert_eq!((key.generation, key.key_version), (1, 1));
	assert_eq!(friend.reads(patient, large).await.unwrap().len(), 2_000_000);
	assert_eq!(friend.reads(patient, small).await.unwrap(), b"thirteen byte");

	let unshared = ana.client.unshare(friend_id, &[large]).await.unwrap();
	assert_eq!(unshared.confirmed, Confirmed::ByTwo);
	for record in [large, other] {
		let refused = friend.reads(patient, record).await.unwrap_err();
		assert!(
			matches!(refused, Error::Access(access::Error::Denied(Denied::RecordNotShared))),
			"{refused}"
		);
	}
	assert_eq!(friend.reads(patient, small).await.unwrap(), b"thirteen byte");
	let unshared = ana.client.unshare(friend_id, &[small]).await.unwrap();
	assert!(unshared.done.receipt().is_some_and(|sent| sent.event("AccessRevoked").is_some()));
	let refused = friend.reads(patient, small).await.unwrap_err();
	assert!(
		matches!(refused, Error::Access(access::Error::Denied(Denied::NotGranted))),
		"{refused}"
	);
}

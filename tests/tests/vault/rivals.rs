//! Revocations of one account with the same nonce: from two devices, or by a thief who wants to be in the way.

use super::*;
use medblock_client::chain::Chain;

/// A node refuses one while another waits with it, and another node may put the other one into its block.
pub(super) async fn revocations_that_are_sent_at_once_all_take_effect(consortium: &Consortium) {
	let ((ana, patient), doctors) = tokio::join!(
		consortium.patient(0),
		join_all([consortium.doctor(0), consortium.doctor(1), consortium.doctor(1)]),
	);
	let doctors: Vec<DoctorId> = doctors.into_iter().map(|(_, doctor)| doctor).collect();
	for doctor in &doctors {
		ana.client.grant(*doctor, Terms { may_append: true, expires_at: None }).await.unwrap();
	}
	// One more than doctors, and one that takes back nothing: two at each of two nodes.
	let named = doctors.iter().copied().chain([DoctorId(u32::MAX)]);
	let urls = [0, 0, 1, 1].map(|index| consortium.network.url(index));
	let revoking = named.zip(&urls).map(|(doctor, url)| {
		let signer = ana.signer();
		async move {
			let node = Chain::connect(url).await.unwrap();
			let call = Call::revoke_access(DoctorIds::truncate_from(vec![doctor]), None);
			node.submit(signer, &call).await.unwrap()
		}
	});
	let receipts = join_all(revoking).await;
	let count = |name| receipts.iter().filter(|receipt| receipt.event(name).is_some()).count();
	assert_eq!((count("AccessRevoked"), count("HadNoAccess")), (doctors.len(), 1));
	for doctor in doctors {
		eventually("access is lost", || async {
			let at = ana.client.chain().finalized().await.unwrap();
			at.access(patient, doctor, None).await.unwrap().is_err().then_some(())
		})
		.await;
	}
}

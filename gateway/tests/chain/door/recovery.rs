//! A new device, which the chain does not know, takes its owner over.

use super::*;
use crate::two::until;
use medblock_client::{Client, chain::RecoveryInfo, recovery::Choice};
use medblock_primitives::{Capacity, Delegate, Person as PersonId};
use medblock_vault_protocol::door::Refused;

/// What a new device is told of its request, if the door answers it at all.
async fn state(client: &Client, person: PersonId) -> Option<RecoveryInfo> {
	let at = client.chain().finalized().await.unwrap();
	client.recovery_of(&at, person).await.ok().flatten()
}

#[tokio::test]
async fn a_new_device_takes_its_owner_over_through_the_door_alone() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let ((ana, patient), (ben, bens), (doctor, doctors)) =
		tokio::join!(setup.patient(), setup.patient(), setup.doctor());
	ben.client.set_acting_key().await.unwrap();
	let guardians = vec![Delegate::Patient(bens), Delegate::Doctor(doctors)];
	let choice = Choice { guardians, threshold: 2, delay: 6_000 };
	ana.client.set_guardians(Capacity::Patient, &choice).await.unwrap();

	let person = PersonId::Patient(patient);
	let (device, thief) = (setup.newcomer_at_the_door().await, setup.newcomer_at_the_door().await);
	let (device, thief) = (&device.client, &thief.client);
	let request = device.begin_recovery(person).await.unwrap();
	assert!(state(device, person).await.is_none(), "nobody has asked for it yet");
	ben.client.request_recovery(None, &request).await.unwrap();
	until("the door to let the new device in", || async { state(device, person).await.is_some() })
		.await;
	let at = device.chain().finalized().await.unwrap();
	assert!(at.patient(patient).await.is_err(), "it is nobody yet");
	assert!(state(thief, person).await.is_none(), "it has said whom it wants to be");
	let at = thief.chain().finalized().await.unwrap();
	let why = at.recoveries(person).await.unwrap_err();
	assert_eq!(why.of_door(), Some(Refused::NotSignedIn), "to say so is not enough");

	let (new, digest) = (request.account, request.key_digest());
	doctor.client.approve_recovery(None, person, new, digest).await.unwrap();
	until("the end of the delay", || async {
		let at = ben.client.chain().finalized().await.unwrap();
		!ben.client.due_hand_overs(&at).await.unwrap().is_empty()
	})
	.await;
	for guardian in [&ben, &doctor] {
		guardian.client.hand_over_share(None, person, new).await.unwrap();
	}
	until("both shares", || async {
		state(device, person).await.is_some_and(|found| found.handed_over.len() == 2)
	})
	.await;
	device.finish_recovery(person).await.unwrap();
	let at = device.chain().finalized().await.unwrap();
	assert_eq!(device.own_chart(&at).await.unwrap().id, patient);
}

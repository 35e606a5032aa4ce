//! A patient's device renews grants while another one takes access back: what was taken back stays so.

use medblock_client::{
	Error, Keys,
	chain::Call,
	grants::{self, Terms},
	medblock_crypto::Mnemonic,
};
use medblock_e2e::{Consortium, Hold, Liar, Lie, Person, eventually, must};
use medblock_primitives::*;
use std::cell::Cell;

/// A day, in milliseconds.
const DAY: Moment = 24 * 60 * 60 * 1_000;

/// A patient with two devices. A node holds one of them after its first transaction.
struct Patient {
	id: PatientId,
	held: Person,
	free: Person,
	hold: Hold,
	_node: Liar,
}

impl Patient {
	async fn of(consortium: &Consortium) -> Self {
		let words = Mnemonic::generate();
		let free = Person::with_words(&consortium.network, &words).await;
		let id = consortium.admit(&free, 0).await;
		let hold = Hold::default();
		let node = Liar::start(&consortium.network.url(0), Lie::Hold(hold.clone())).await;
		let urls = [node.url(), consortium.network.url(1)];
		let held = Person::with_keys(&urls, Keys::from_seed(words.seed("")).unwrap()).await;
		Self { id, held, free, hold, _node: node }
	}

	/// Runs what the held device does. The free one acts between the first transaction, once it is
	/// final, and the next step.
	async fn meanwhile<T>(&self, held: impl Future<Output = T>, acts: impl AsyncFnOnce()) -> T {
		let before = self.sent().await;
		let acting = async {
			self.hold.reached().await;
			eventually("the first transaction is final", || async {
				(self.sent().await > before).then_some(())
			})
			.await;
			acts().await;
			self.hold.release();
		};
		tokio::join!(held, acting).0
	}

	/// The number of the account's final transactions.
	async fn sent(&self) -> u64 {
		let at = self.free.client.chain().finalized().await.unwrap();
		at.nonce(self.free.client.keys().account()).await.unwrap()
	}

	async fn grants(&self, doctor: DoctorId) {
		self.free.client.grant(doctor, Terms::default()).await.unwrap();
	}

	async fn access(&self, doctor: DoctorId) -> Result<Allowed, Denied> {
		let at = self.free.client.chain().finalized().await.unwrap();
		at.access(self.id, doctor, None).await.unwrap()
	}

	async fn waits(&self, doctor: DoctorId) -> bool {
		matches!(self.access(doctor).await, Ok(Allowed { key: KeyStatus::AwaitingPatient, .. }))
	}

	/// Neither access nor a sealed key is left.
	async fn has_taken_back(&self, doctor: DoctorId) {
		assert_eq!(self.access(doctor).await, Err(Denied::NotGranted));
		let at = self.free.client.chain().finalized().await.unwrap();
		assert!(at.grant_key(self.id, doctor).await.unwrap().is_none(), "a key is sealed to them");
	}
}

#[tokio::test]
async fn access_that_another_device_takes_back_meanwhile_stays_taken_back() {
	let consortium = Consortium::start().await;
	tokio::join!(
		repair_seals_to_a_doctors_new_key(&consortium),
		repair_renews_no_grant_that_was_taken_back(&consortium),
		extending_gives_nothing_back(&consortium),
	);
}

async fn repair_seals_to_a_doctors_new_key(consortium: &Consortium) {
	let (patient, (person, doctor)) = tokio::join!(Patient::of(consortium), consortium.doctor(1));
	let registrar = consortium.registrar(1).await;
	patient.grants(doctor).await;
	let (done, digest) = person.client.renew_encryption_key().await.unwrap();
	must(Ok(done));
	must(registrar.client.confirm_encryption_key(doctor, digest).await);
	assert_eq!(patient.access(doctor).await.unwrap().key, KeyStatus::EarlierKey);
	let repaired = patient.free.client.repair().await.unwrap();
	assert!(repaired.rotation.is_none() && repaired.problems.is_empty(), "{repaired:?}");
	let renewed: Vec<DoctorId> = repaired.renewed.iter().map(|(doctor, _)| *doctor).collect();
	assert_eq!(renewed, [doctor]);
	assert_eq!(patient.access(doctor).await.unwrap().key, KeyStatus::Current);
}

async fn repair_renews_no_grant_that_was_taken_back(consortium: &Consortium) {
	let (patient, one, other) =
		tokio::join!(Patient::of(consortium), consortium.doctor(1), consortium.doctor(1));
	let (registrar, doctors) = (consortium.registrar(1).await, [one, other]);
	let mut digests = Vec::new();
	for (person, doctor) in &doctors {
		patient.grants(*doctor).await;
		let (done, digest) = person.client.renew_encryption_key().await.unwrap();
		must(Ok(done));
		digests.push((*doctor, digest));
	}
	// The chart's new key can be sealed to neither: the hospital has yet to confirm both of theirs.
	must(patient.free.client.rotate().await);
	for (doctor, digest) in digests {
		must(registrar.client.confirm_encryption_key(doctor, digest).await);
		assert!(patient.waits(doctor).await, "they wait for the chart's key");
	}
	let [one, other] = doctors.map(|(_, doctor)| doctor);

	// Both are on the list. One gets the key, and then the patient takes the other's access back.
	let taken_back = Cell::new(None);
	let repaired = patient.meanwhile(patient.held.client.repair(), async || {
		let last = if patient.waits(one).await { one } else { other };
		assert!(patient.waits(last).await, "only one has been renewed");
		patient.free.client.revoke(&[last]).await.unwrap();
		taken_back.set(Some(last));
	});
	let repaired = repaired.await.unwrap();
	let last = taken_back.get().unwrap();
	let first = if last == one { other } else { one };
	let renewed: Vec<DoctorId> = repaired.renewed.iter().map(|(doctor, _)| *doctor).collect();
	assert_eq!(renewed, [first]);
	assert!(repaired.problems.is_empty(), "{:?}", repaired.problems);
	patient.has_taken_back(last).await;
	let allowed = patient.access(first).await.unwrap();
	assert_eq!(allowed.key, KeyStatus::Current, "the first one reads on");
}

async fn extending_gives_nothing_back(consortium: &Consortium) {
	let (patient, (_, doctor), (_, former)) =
		tokio::join!(Patient::of(consortium), consortium.doctor(1), consortium.doctor(1));
	for one in [doctor, former] {
		patient.grants(one).await;
	}
	// As from a wallet, without a new key: the chart gets one before anything is sealed.
	let call = Call::revoke_access(vec![former].try_into().unwrap(), None);
	patient.free.client.chain().submit(patient.free.signer(), &call).await.unwrap();

	let now = patient.free.client.chain().finalized().await.unwrap().now().await.unwrap();
	let extending = patient.held.client.extend(doctor, Some(now + DAY));
	let refused = patient.meanwhile(extending, async || {
		patient.free.client.revoke(&[doctor]).await.unwrap();
	});
	let refused = refused.await.unwrap_err();
	let is_gone = matches!(refused, Error::Grant(grants::Error::NoGrant(named)) if named == doctor);
	assert!(is_gone, "{refused}");
	patient.has_taken_back(doctor).await;
}

//! What MedBlock promises: a doctor who lost access opens nothing that is added afterwards, even with
//! all ciphertext and the chain's whole history; and the patient's words and the chain restore
//! everything. `delegated_promise.rs` has those who acted for a patient.

use futures::future::join_all;
use medblock_client::{
	Error, Keys, accounts,
	chain::{Call, Chain as Node},
	grants::{Confirmed, Rotated, Terms},
	medblock_crypto::{Mnemonic, Seed},
	profiles::Profile,
	standing::Decision,
	trust,
	vault::unwatched,
};
use medblock_e2e::{
	Attacker, Chain, Consortium, Person, council_admits_fifth, council_expels_fifth, eventually,
	files, must, urls,
};
use medblock_primitives::{Person as Subject, *};
use sp_core::Pair;
use subxt_signer::sr25519::Keypair;

/// A doctor whose words are known, so that a thief can have them, too.
struct Doctor {
	person: Person,
	id: DoctorId,
	seed: Seed,
}

impl Doctor {
	/// What they keep, whatever happens.
	fn keeps(&self, patient: PatientId) -> Attacker {
		let identities = (1..=3).map(|version| self.seed.encryption_identity(version)).collect();
		Attacker::new(identities, self.id, patient)
	}
}

async fn doctor(consortium: &Consortium, hospital: u16, until: Option<Moment>) -> Doctor {
	let words = Mnemonic::generate();
	let person = Person::with_words(&consortium.network, &words).await;
	let id = consortium.admit_doctor(&person, hospital, until).await;
	Doctor { person, id, seed: words.seed("") }
}

async fn now(person: &Person) -> Moment {
	person.client.chain().finalized().await.unwrap().now().await.unwrap()
}

/// What a doctor may do, in the last final block.
async fn access(person: &Person, patient: PatientId, doctor: DoctorId) -> Result<Allowed, Denied> {
	let at = person.client.chain().finalized().await.unwrap();
	at.access(patient, doctor, None).await.unwrap()
}

async fn until_lost(person: &Person, patient: PatientId, doctor: DoctorId) {
	eventually("access is lost", || async {
		let allowed = access(person, patient, doctor).await;
		(!matches!(allowed, Ok(Allowed { scope: Scope::Chart, .. }))).then_some(())
	})
	.await;
}

fn profile(name: &str) -> Profile {
	Profile { name: name.to_owned(), birth_date: None, contact: None }
}

/// People who have nothing to do with each other, on one network.
#[tokio::test]
async fn what_was_promised_is_kept() {
	let consortium = Consortium::with_archives().await;
	tokio::join!(
		whoever_lost_access_in_any_way_opens_nothing_that_comes_later(&consortium),
		sealed_key_of_a_failed_rotation_opens_nothing_after_its_retry(&consortium),
		words_and_chain_alone_restore_everything_also_after_the_account_has_changed(&consortium),
		words_that_were_replaced_open_nothing_that_comes_later(&consortium),
	);
}

async fn whoever_lost_access_in_any_way_opens_nothing_that_comes_later(consortium: &Consortium) {
	// A hospital that will be expelled, and never had a seat.
	let council = Chain::connect(&consortium.network.url(0)).await;
	council_admits_fifth(&council, "https://vault.fifth.example").await;
	let fifth = Person::known(&consortium.network, "//Eve").await;
	let registrar = consortium.registrar(4).await;
	must(fifth.client.appoint_registrar(registrar.client.keys().account()).await);
	must(registrar.client.accept_appointment(None).await.map(|(done, _)| done));

	let ways =
		["revoked", "expired", "relinquished", "downgraded", "suspended", "unlicensed", "expelled"];
	let council = &council;
	let scenes = ways.map(async |way| {
		let scene = Scene::set(consortium, way).await;
		scene.unfolds(consortium, council).await;
	});
	join_all(scenes).await;
	let vault = consortium.gateways[0].data().join("blobs");
	assert!(files(&vault).len() > 20, "the vault holds all of it");
}

/// How long what ends by itself lasts, in milliseconds. All that is shown of it before has to be over by then, on a slow
/// machine, too.
const SOON: Moment = 75_000;

/// A patient, and a doctor who is about to lose access in one of the ways.
struct Scene {
	way: &'static str,
	ana: Person,
	patient: PatientId,
	record: RecordIndex,
	holder: Doctor,
}

impl Scene {
	async fn set(consortium: &Consortium, way: &'static str) -> Self {
		let (ana, patient) = consortium.patient(0).await;
		let record = ana.adds("before", b"before anybody lost access").await;
		let licence = match way {
			"unlicensed" => Some(now(&ana).await + SOON),
			_ => None,
		};
		let hospital = if way == "expelled" { 4 } else { 1 };
		let holder = doctor(consortium, hospital, licence).await;
		Self { way, ana, patient, record, holder }
	}

	async fn unfolds(self, consortium: &Consortium, council: &Chain) {
		let Self { way, ana, patient, record, holder } = &self;
		let (patient, record) = (*patient, *record);
		let vault = consortium.gateways[0].data().join("blobs");
		let node = Node::connect(&consortium.network.url(0)).await.unwrap();
		let expires_at = match *way {
			"expired" => Some(now(ana).await + SOON),
			_ => None,
		};
		ana.client.grant(holder.id, Terms { may_append: true, expires_at }).await.unwrap();
		assert_eq!(
			holder.person.reads(patient, record).await.unwrap(),
			b"before anybody lost access",
			"{way}: it was a real grant"
		);
		let mut attacker = holder.keeps(patient);
		attacker.study(&node).await;
		assert!(attacker.secrets() > 0, "{way}: they really held a secret");
		let could_read = attacker.reads(&vault);
		assert!(!could_read.is_empty(), "{way}: with which they could read");

		self.access_is_lost(consortium, council).await;
		until_lost(ana, patient, holder.id).await;

		let later = format!("{way}: nobody who lost access reads this");
		ana.adds("later", later.as_bytes()).await;
		must(ana.client.set_profile(patient, &profile(&later), &unwatched()).await);
		attacker.study(&node).await;
		let newly = |attacker: &Attacker| {
			let mut reads = attacker.reads(&vault);
			reads.retain(|path, _| !could_read.contains_key(path));
			reads.len()
		};
		assert_eq!(newly(&attacker), 0, "{way}");

		// Nor after the patient has given those who remain a new key.
		must(ana.client.rotate().await);
		ana.adds("later still", later.as_bytes()).await;
		attacker.study(&node).await;
		assert_eq!(newly(&attacker), 0, "{way}, rotated");
		println!("{way}: opened {} before, 0 of what came later", could_read.len());
	}

	/// What ends the access, unless it ends by itself.
	async fn access_is_lost(&self, consortium: &Consortium, council: &Chain) {
		let Self { way, ana, patient, record, holder } = self;
		match *way {
			"revoked" => {
				// As from a wallet that cannot encrypt: the hardest case.
				let doctors = vec![holder.id].try_into().unwrap();
				let call = Call::revoke_access(doctors, None);
				ana.client.chain().submit(ana.signer(), &call).await.unwrap();
			},
			"relinquished" => {
				must(holder.person.client.relinquish(&[*patient]).await);
			},
			"downgraded" => {
				let terms = Terms::default();
				let shared = ana.client.share(holder.id, &[*record], terms, &unwatched()).await;
				must(shared.map(|shared| shared.done));
			},
			"suspended" => {
				consortium.decides(1, Subject::Doctor(holder.id), Decision::Suspend).await;
			},
			"expelled" => {
				council_expels_fifth(council).await;
			},
			_ => {},
		}
	}
}

async fn sealed_key_of_a_failed_rotation_opens_nothing_after_its_retry(consortium: &Consortium) {
	let ((ana, patient), first, second) = tokio::join!(
		consortium.patient(0),
		doctor(consortium, 1, None),
		doctor(consortium, 1, None),
	);
	let vault = consortium.gateways[0].data().join("blobs");
	let node = Node::connect(&consortium.network.url(0)).await.unwrap();
	for holder in [&first, &second] {
		ana.client.grant(holder.id, Terms::default()).await.unwrap();
	}
	// Revoking the first, with a new key that is sealed to the second. It never comes into a block,
	// but the second has seen the transaction on its way.
	let lost = ana.client.prepared_rotation(&[first.id]).await.unwrap();
	let mut attacker = second.keeps(patient);
	attacker.overhear(&node, &lost);
	let held = attacker.secrets();
	assert_eq!(held, 1, "the sealed key is good");

	// Now the second is revoked, and then a rotation happens for good.
	let revoked = ana.client.revoke(&[first.id, second.id]).await.unwrap();
	assert!(matches!(revoked.rotation, Rotated::To(_)), "{:?}", revoked.rotation);
	assert_eq!(revoked.confirmed, Confirmed::ByTwo);
	ana.adds("later", b"not for either of them").await;
	attacker.study(&node).await;
	assert!(attacker.secrets() > held, "they do hold the epoch that was theirs");
	assert!(attacker.reads(&vault).is_empty(), "nothing later opens");
	assert!(!files(&vault).is_empty(), "there is something to open");
}

async fn words_and_chain_alone_restore_everything_also_after_the_account_has_changed(
	consortium: &Consortium,
) {
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	let patient = consortium.admit(&ana, 0).await;
	let mut kept = Vec::new();
	for round in 0..3 {
		let text = format!("record of round {round}");
		kept.push((ana.adds("record", text.as_bytes()).await, text));
		must(ana.client.rotate().await);
		let text = format!("record of round {round}, after rotating");
		kept.push((ana.adds("record", text.as_bytes()).await, text));
	}
	// Another machine, with nothing but the words.
	let elsewhere = Person::with_words(&consortium.network, &words).await;
	for (record, text) in &kept {
		assert_eq!(elsewhere.reads(patient, *record).await.unwrap(), text.as_bytes());
	}
	// Other words open nothing, and say so.
	let stranger = consortium.newcomer().await;
	let refused = stranger.reads(patient, 0).await.unwrap_err();
	assert!(matches!(refused, Error::Account(accounts::Error::NotDoctor(_))), "{refused}");

	let new = sp_core::sr25519::Pair::generate().1;
	let new_keys = || {
		let pair = Keypair::from_secret_key(new).unwrap();
		Keys::new(pair, Some(words.seed("")))
	};
	must(ana.client.change_account(Capacity::Patient, &new_keys()).await);
	let moved = Person::with_keys(&urls(&consortium.network), new_keys()).await;
	assert_eq!(moved.takes_over().await, patient);
	for (record, text) in &kept {
		assert_eq!(moved.reads(patient, *record).await.unwrap(), text.as_bytes());
	}
	moved.adds("record", b"from the new account").await;
	must(moved.client.rotate().await);
	let refused = ana.reads(patient, 0).await.unwrap_err();
	assert!(
		matches!(refused, Error::Account(accounts::Error::NotDoctor(_))),
		"the old account is nobody now: {refused}"
	);
}

async fn words_that_were_replaced_open_nothing_that_comes_later(consortium: &Consortium) {
	let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
	let ana = Person::with_words(&consortium.network, &old).await;
	let patient = consortium.admit(&ana, 0).await;
	let before = ana.adds("before", b"under the old words").await;

	let urls = urls(&consortium.network);
	let new_keys = || Keys::from_seed(new.seed("")).unwrap();
	must(ana.client.change_account(Capacity::Patient, &new_keys()).await);
	let moved = Person::with_keys(&urls, new_keys().with_former(old.seed(""))).await;
	assert_eq!(moved.takes_over().await, patient);
	assert_eq!(moved.reads(patient, before).await.unwrap(), b"under the old words");
	assert!(moved.client.rotate_to_present_words().await.unwrap().is_some());
	assert!(moved.client.rotate_to_present_words().await.unwrap().is_none(), "once is enough");
	let after = moved.adds("after", b"under the new words").await;

	// Another machine, with nothing but the new words.
	let elsewhere = Person::with_words(&consortium.network, &new).await;
	assert_eq!(elsewhere.reads(patient, before).await.unwrap(), b"under the old words");
	assert_eq!(elsewhere.reads(patient, after).await.unwrap(), b"under the new words");
	// The old words open nothing new, even for someone who could sign for the account.
	let signer = Keypair::from_secret_key(*new.seed("").account()).unwrap();
	let thief = Person::with_keys(&urls, Keys::new(signer, Some(old.seed("")))).await;
	let refused = thief.reads(patient, after).await.unwrap_err();
	assert!(matches!(refused, Error::Trust(trust::Error::ChartKeyMismatch(_))), "{refused}");
}

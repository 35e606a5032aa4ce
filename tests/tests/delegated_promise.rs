//! The promise, for those who act for others: a former representative, the doctor of an emergency that has closed, guardians
//! and a lost device open nothing that is added afterwards, even with all ciphertext and the chain's whole history. One
//! hospital alone opens nothing at all.

use medblock_client::{
	Keys,
	chain::{AccountId, Call, Chain as Node},
	emergency::{Chosen, DoctorsEmergency, EmergencyOf, NewPlan},
	medblock_crypto::{Identity, Mnemonic, Seed},
	recovery::Choice,
	standing::Decision,
	vault::unwatched,
};
use medblock_e2e::{Attacker, Consortium, Person, eventually, known_seed, must, urls};
use medblock_primitives::{Person as Subject, *};
use std::{
	collections::BTreeMap,
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};
use tokio::{
	runtime::Handle,
	sync::Barrier,
	task::{JoinHandle, spawn_blocking},
	time::timeout,
};

const BEFORE: &[u8] = b"before anybody lost anything";

/// How long a representation that ends by itself lasts, in milliseconds: it is confirmed and used in this time.
const SOON: Moment = 75_000;
/// How long an emergency that runs out is open, in milliseconds: its doctor reads in this time.
const OPEN: Moment = 60_000;
/// The same for one that is ended before. Attackers look at everything meanwhile, which takes minutes on a busy machine.
const LONG: Moment = 20 * 60_000;
/// The delay of recoveries: the preset's shortest.
const DELAY: Moment = 6_000;
/// How long one of those who share a network waits for the others.
const PATIENCE: Duration = Duration::from_secs(180);
/// For attackers who are no doctors.
const NO_DOCTOR: DoctorId = DoctorId(u32::MAX);

/// A network, and the desks of its first two hospitals, which have profile keys.
struct Stage {
	consortium: Consortium,
	desks: [Person; 2],
	node: Node,
	vault: PathBuf,
	/// The four stories on this network, some of which have little time to read.
	readers: Barrier,
}

impl Stage {
	async fn set() -> Self {
		let consortium = Consortium::with_archives().await;
		let (first, second) = tokio::join!(consortium.desk(0), consortium.desk(1));
		let desks = [first, second];
		let node = Node::connect(&consortium.network.url(0)).await.unwrap();
		let vault = consortium.gateways[0].data().join("blobs");
		Self { consortium, desks, node, vault, readers: Barrier::new(4) }
	}

	/// Waits until all four stories have read what they have to read in time. Attackers begin after that, since they take the
	/// processor from the others.
	async fn all_have_read(&self) {
		timeout(PATIENCE, self.readers.wait()).await.expect("the others read, too");
	}

	/// A person whose words are known, so that a thief can have them, too.
	async fn newcomer(&self) -> (Person, Seed) {
		let words = Mnemonic::generate();
		(Person::with_words(&self.consortium.network, &words).await, words.seed(""))
	}

	/// A patient of the first hospital with a record.
	async fn patient(&self) -> (Person, Seed, PatientId, RecordIndex) {
		let (ana, seed) = self.newcomer().await;
		let patient = self.consortium.admit(&ana, 0).await;
		let record = ana.adds("before", BEFORE).await;
		(ana, seed, patient, record)
	}

	/// What an attacker opens, which has to be something.
	async fn opened(&self, attacker: &mut Attacker, way: &str) -> BTreeMap<PathBuf, Vec<u8>> {
		attacker.study(&self.node).await;
		let opened = attacker.reads(&self.vault);
		assert!(!opened.is_empty(), "{way}: it was a real right");
		opened
	}

	/// The patient adds something, and again after a rotation. The attackers, each with what they could open before, open
	/// nothing of it.
	async fn later_is_closed(
		&self,
		way: &str,
		ana: &Person,
		attackers: &mut [(Attacker, BTreeMap<PathBuf, Vec<u8>>)],
	) {
		for round in ["later", "later still"] {
			ana.adds(round, format!("{way}: not for them").as_bytes()).await;
			for (attacker, before) in &mut *attackers {
				attacker.study(&self.node).await;
				let opened = attacker.reads(&self.vault);
				let newly = opened.keys().filter(|path| !before.contains_key(*path)).count();
				assert_eq!(newly, 0, "{way}, {round}");
			}
			must(ana.client.rotate().await);
		}
		println!("{way}: 0 of what came later");
	}

	/// The desks confirm a doctor's emergency, one after the other.
	async fn confirm(&self, hospitals: &[u16], patient: PatientId, doctor: DoctorId) {
		for hospital in hospitals {
			let (desk, of) = (&self.desks[usize::from(*hospital)], EmergencyOf { patient, doctor });
			must(self.consortium.confirms_emergency(*hospital, desk, of).await);
		}
	}

	/// Both desks guard the patient.
	async fn guard(&self, ana: &Person) {
		let guardians = [0, 1].map(|hospital| Delegate::Desk(HospitalId(hospital))).into();
		let choice = Choice { guardians, threshold: 2, delay: DELAY };
		must(ana.client.set_guardians(Capacity::Patient, &choice).await);
	}

	/// A new device, which both desks have approved.
	async fn approved(&self, subject: Subject) -> (Person, Seed) {
		let (new, seed) = self.newcomer().await;
		let request = new.client.begin_recovery(subject).await.unwrap();
		let [first, second] = &self.desks;
		{
			let _turn = self.consortium.turn(0).await;
			let desk = Some(ActingAs::Desk);
			must(first.client.request_recovery(desk, &request).await);
		}
		let (account, digest) = (request.account, request.key_digest());
		let _turn = self.consortium.turn(1).await;
		let desk = Some(ActingAs::Desk);
		must(second.client.approve_recovery(desk, subject, account, digest).await);
		(new, seed)
	}

	async fn hand_over(&self, subject: Subject, new: AccountId) {
		for (hospital, desk) in (0..).zip(&self.desks) {
			let _turn = self.consortium.turn(hospital).await;
			must(desk.client.hand_over_share(Some(ActingAs::Desk), subject, new).await);
		}
	}
}

/// Every key that these words give.
fn keys_of(seed: &Seed) -> Vec<Identity> {
	let published = (1..=3).flat_map(|version| {
		[
			seed.encryption_identity(version),
			seed.acting_identity(version),
			seed.registrar_identity(version),
		]
	});
	published.chain([seed.recovery_identity()]).collect()
}

/// The keys of the first desks' registrars.
fn keys_of_desks(desks: &[&str]) -> Vec<Identity> {
	desks.iter().flat_map(|name| keys_of(&known_seed(name))).collect()
}

const FIRST_DESK: &str = "//Alice//stash";
const SECOND_DESK: &str = "//Bob//stash";

async fn now(person: &Person) -> Moment {
	person.client.chain().finalized().await.unwrap().now().await.unwrap()
}

// People who have nothing to do with each other share a network. Each has a thread: an attacker who tries keys would keep the
// others from what they have to do within a minute.

/// Runs a story on a thread of its own.
fn apart<F, S>(stage: &Arc<Stage>, story: F) -> JoinHandle<()>
where
	F: FnOnce(Arc<Stage>) -> S + Send + 'static,
	S: Future<Output = ()>,
{
	let (stage, here) = (stage.clone(), Handle::current());
	spawn_blocking(move || here.block_on(story(stage)))
}

#[tokio::test(flavor = "multi_thread")]
async fn former_representatives_open_nothing_that_comes_later() {
	let stage = Arc::new(Stage::set().await);
	for one in [
		apart(&stage, |stage| async move { representation_is_lost(&stage, "ended").await }),
		apart(&stage, |stage| async move { representation_is_lost(&stage, "resigned").await }),
		apart(&stage, |stage| async move { representation_is_lost(&stage, "over").await }),
		apart(&stage, |stage| async move { representation_is_lost(&stage, "suspended").await }),
	] {
		one.await.unwrap();
	}
	assert!(has_files(&stage.vault));
}

#[tokio::test(flavor = "multi_thread")]
async fn doctors_of_past_emergencies_open_nothing_that_comes_later() {
	let stage = Arc::new(Stage::set().await);
	for one in [
		apart(&stage, |stage| async move { emergency_is_lost(&stage, "closed").await }),
		apart(&stage, |stage| async move { emergency_is_lost(&stage, "run out").await }),
		apart(&stage, |stage| async move { emergency_is_lost(&stage, "replaced").await }),
		apart(&stage, |stage| async move { one_hospital_alone_opens_nothing_at_all(&stage).await }),
	] {
		one.await.unwrap();
	}
	assert!(has_files(&stage.vault));
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_devices_and_former_guardians_open_nothing_that_comes_later() {
	let stage = Arc::new(Stage::set().await);
	for one in [
		apart(&stage, |stage| async move {
			recovery_leaves_lost_device_and_guardians_behind(&stage).await
		}),
		apart(&stage, |stage| async move {
			changed_guardians_and_words_leave_the_former_behind(&stage).await
		}),
		apart(&stage, |stage| async move { vetoed_device_opens_nothing_at_all(&stage).await }),
	] {
		one.await.unwrap();
	}
	assert!(has_files(&stage.vault));
}

fn has_files(vault: &Path) -> bool {
	medblock_e2e::files(vault).len() > 5
}

async fn representation_is_lost(stage: &Stage, way: &str) {
	let (ana, _, patient, record) = stage.patient().await;
	let (bea, seed) = stage.newcomer().await;
	let id = stage.consortium.admit(&bea, 0).await;
	must(bea.client.ensure_acting_key().await.map(|done| done.expect("there was none")));
	let until = if way == "over" { Some(now(&ana).await + SOON) } else { None };
	must(ana.client.name_representative(id, Scopes::SEE, until).await);
	stage.consortium.confirms(0, patient, id).await;
	ana.client.seal_to_representative(id).await.unwrap();
	assert_eq!(bea.reads(patient, record).await.unwrap(), BEFORE, "{way}");
	stage.all_have_read().await;
	let mut attacker = Attacker::new(keys_of(&seed), NO_DOCTOR, patient).acting_as(id);
	let before = stage.opened(&mut attacker, way).await;

	match way {
		"ended" => {
			// As from a wallet that cannot encrypt: the hardest case.
			let end = Call::end_representation(id);
			ana.client.chain().submit(ana.signer(), &end).await.unwrap();
		},
		"resigned" => {
			must(bea.client.resign_representation(patient).await);
		},
		"suspended" => {
			stage.consortium.decides(0, Subject::Patient(id), Decision::Suspend).await;
		},
		_ => ana.waits_until(until.expect("it ends by itself")).await,
	}
	eventually("the representative's access ends", || async {
		let at = ana.client.chain().finalized().await.unwrap();
		at.representative_access(patient, id, None).await.unwrap().err()
	})
	.await;
	assert!(bea.reads(patient, record).await.is_err(), "{way}: nor does the vault give anything");
	stage.later_is_closed(way, &ana, &mut [(attacker, before)]).await;
}

/// A plan for the whole chart, for both hospitals.
fn plan(duration: Moment) -> NewPlan {
	let holders = [0, 1].map(HospitalId).into();
	NewPlan { holders, threshold: 2, duration, chosen: Chosen::Chart }
}

async fn emergency_is_lost(stage: &Stage, way: &str) {
	let (ana, _, patient, record) = stage.patient().await;
	let (ada, seed) = stage.newcomer().await;
	let doctor = stage.consortium.admit_doctor(&ada, 1, None).await;
	let duration = if way == "run out" { OPEN } else { LONG };
	ana.client.set_emergency_plan(&plan(duration), &unwatched()).await.unwrap();
	let reason = EmergencyReason::Unconscious;
	ada.client.request_emergency(patient, reason, "Found at the station.").await.unwrap();
	stage.confirm(&[0, 1], patient, doctor).await;
	let read = eventually("the vault serves", || async { ada.reads(patient, record).await.ok() });
	assert_eq!(read.await, BEFORE, "{way}");
	stage.all_have_read().await;
	let mut attacker = Attacker::new(keys_of(&seed), doctor, patient);
	let before = stage.opened(&mut attacker, way).await;

	match way {
		"closed" => {
			must(ana.client.end_emergency(doctor).await);
		},
		"replaced" => {
			ana.client.set_emergency_plan(&plan(LONG), &unwatched()).await.unwrap();
		},
		_ => {
			let at = ada.client.chain().finalized().await.unwrap();
			let state = ada.client.emergency_state(&at, patient).await.unwrap();
			// The attackers may have taken longer than it lasts.
			if let DoctorsEmergency::Open(open) = state {
				ada.waits_until(open.until).await;
			}
		},
	}
	eventually("the emergency is over", || async {
		let at = ana.client.chain().finalized().await.unwrap();
		at.access(patient, doctor, None).await.unwrap().err()
	})
	.await;
	assert!(ada.reads(patient, record).await.is_err(), "{way}: nor does the vault give anything");
	stage.later_is_closed(way, &ana, &mut [(attacker, before)]).await;
}

async fn recovery_leaves_lost_device_and_guardians_behind(stage: &Stage) {
	let (ana, seed, patient, record) = stage.patient().await;
	let subject = Subject::Patient(patient);
	stage.guard(&ana).await;
	let (new, _) = stage.approved(subject).await;
	let account = new.client.keys().account();
	eventually("the delay is over", || async {
		let at = new.client.chain().finalized().await.unwrap();
		let due = new.client.recovery_of(&at, subject).await.unwrap()?.due?;
		(due <= at.now().await.unwrap()).then_some(())
	})
	.await;
	stage.hand_over(subject, account).await;
	must(new.client.finish_recovery(subject).await);
	assert_eq!(new.takes_over().await, patient);
	assert_eq!(new.reads(patient, record).await.unwrap(), BEFORE, "the data is there");
	assert!(ana.reads(patient, record).await.is_err(), "the lost device is no one's");

	let lost = Attacker::new(keys_of(&seed), NO_DOCTOR, patient).with_root(&seed.root());
	let desks = keys_of_desks(&[FIRST_DESK, SECOND_DESK]);
	let guardians = Attacker::new(desks, NO_DOCTOR, patient);
	let mut attackers = Vec::new();
	for (mut attacker, way) in [(lost, "the lost device"), (guardians, "both guardians")] {
		let before = stage.opened(&mut attacker, way).await;
		attackers.push((attacker, before));
	}
	stage.later_is_closed("recovered", &new, &mut attackers).await;
}

/// One of the former guardians is among the new ones.
async fn changed_guardians_and_words_leave_the_former_behind(stage: &Stage) {
	let network = &stage.consortium.network;
	let (old, new) = (Mnemonic::generate(), Mnemonic::generate());
	let ana = Person::with_words(network, &old).await;
	let patient = stage.consortium.admit(&ana, 0).await;
	ana.adds("before", BEFORE).await;
	stage.guard(&ana).await;
	let desks = keys_of_desks(&[FIRST_DESK, SECOND_DESK]);
	let mut former = Attacker::new(desks, NO_DOCTOR, patient);
	let before = stage.opened(&mut former, "both former guardians").await;

	let keys = || Keys::from_seed(new.seed("")).unwrap();
	must(ana.client.change_account(Capacity::Patient, &keys()).await);
	let moved = Person::with_keys(&urls(network), keys().with_former(old.seed(""))).await;
	assert_eq!(moved.takes_over().await, patient);
	assert!(moved.client.rotate_to_present_words().await.unwrap().is_some());
	let (bea, guardian) = stage.consortium.patient(0).await;
	must(bea.client.ensure_acting_key().await.map(|done| done.expect("there was none")));
	let guardians = vec![Delegate::Desk(HospitalId(1)), Delegate::Patient(guardian)];
	let choice = Choice { guardians, threshold: 2, delay: DELAY };
	must(moved.client.set_guardians(Capacity::Patient, &choice).await);
	stage.later_is_closed("guardians changed", &moved, &mut [(former, before)]).await;
}

async fn vetoed_device_opens_nothing_at_all(stage: &Stage) {
	let (ana, _, patient, _) = stage.patient().await;
	let subject = Subject::Patient(patient);
	stage.guard(&ana).await;
	let (thief, seed) = stage.approved(subject).await;
	let account = thief.client.keys().account();
	must(ana.client.veto_recovery(subject, account).await);
	for (hospital, desk) in (0..).zip(&stage.desks) {
		let _turn = stage.consortium.turn(hospital).await;
		let late = desk.client.hand_over_share(Some(ActingAs::Desk), subject, account).await;
		assert!(late.is_err(), "there is nothing to hand over to");
	}
	assert!(thief.client.finish_recovery(subject).await.is_err());
	ana.adds("later", b"still hers").await;
	let mut attacker = Attacker::new(keys_of(&seed), NO_DOCTOR, patient);
	attacker.study(&stage.node).await;
	assert!(attacker.reads(&stage.vault).is_empty());
}

/// It keeps the patient's files, guards her, holds a share of her plan, and has a doctor of its own.
async fn one_hospital_alone_opens_nothing_at_all(stage: &Stage) {
	let (ana, _, patient, record) = stage.patient().await;
	let subject = Subject::Patient(patient);
	stage.guard(&ana).await;
	ana.client.set_emergency_plan(&plan(LONG), &unwatched()).await.unwrap();
	let (own, seed) = stage.newcomer().await;
	let doctor = stage.consortium.admit_doctor(&own, 0, None).await;
	let reason = EmergencyReason::LifeThreatening;
	own.client.request_emergency(patient, reason, "There is none.").await.unwrap();
	stage.confirm(&[0], patient, doctor).await;
	let (device, device_seed) = stage.newcomer().await;
	let request = device.client.begin_recovery(subject).await.unwrap();
	{
		let _turn = stage.consortium.turn(0).await;
		let desk = &stage.desks[0].client;
		let again = desk.confirm_emergency(EmergencyOf { patient, doctor }).await;
		assert!(again.is_err(), "once is once");
		must(desk.request_recovery(Some(ActingAs::Desk), &request).await);
	}
	assert!(own.reads(patient, record).await.is_err());
	ana.adds("later", b"still hers alone").await;
	stage.all_have_read().await;

	let mut keys = keys_of(&seed);
	keys.extend(keys_of(&device_seed));
	keys.extend(keys_of_desks(&[FIRST_DESK]));
	let mut alone = Attacker::new(keys, doctor, patient);
	alone.study(&stage.node).await;
	assert!(alone.reads(&stage.vault).is_empty(), "one hospital alone");
	assert_eq!(alone.secrets(), 0);
	// The attacker would notice: with the other desk's keys it is all.
	let mut both = alone.with_keys(keys_of_desks(&[SECOND_DESK]));
	both.study(&stage.node).await;
	assert!(both.reads(&stage.vault).len() >= 2, "two hospitals together");
}

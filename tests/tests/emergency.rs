//! Emergencies: hospitals together open a chart to one doctor, for a while and for its patient to see. None of them can alone,
//! and nothing that comes later opens.

use medblock_client::{
	Done, Error, Result,
	chain::At,
	emergency::{
		self, Chosen, DoctorsEmergency, EmergencyOf, EmergencyPlanInfo, NewPlan, OwnEmergencies,
		PlanState, Requested,
	},
	grants::Terms,
	medblock_crypto::{
		DividedKind, DividedSecret, EmergencyPlan, EpochSecret, Identity, Keeper, Mnemonic,
		ProfileSecret, ProfileVersion, SealContext, SecretShare, join, unseal, unseal_share,
	},
	receipts::{Capacity, Named, Proven},
	vault::unwatched,
};
use medblock_e2e::{Chain, Consortium, Person, Program, eventually, must, opened};
use medblock_primitives::*;
use serde_json::{Value, json};

/// What doctors say, in words.
const WORDS: &str = "Found unconscious in the street, no relatives known.";

const HOUR: Moment = 3_600_000;

/// How long an emergency lasts that closes by itself, in milliseconds: its doctor reads in this time.
const SOON: Moment = 60_000;

/// The hospitals that can confirm emergencies: two of them have to. The third one has no gateway.
const HOLDERS: [HospitalId; 3] = [HospitalId(0), HospitalId(1), HospitalId(2)];

/// Those of them that have a gateway. A doctor who asks the third one, too, waits for its gateway for half a minute.
const REACHED: [HospitalId; 2] = [HospitalId(0), HospitalId(1)];

#[tokio::test(flavor = "multi_thread")]
async fn hospitals_open_a_chart_together_for_a_while_and_never_alone() {
	let consortium = Consortium::with_archives().await;
	let (first, second, third) =
		tokio::join!(consortium.desk(0), consortium.desk(1), consortium.desk(2));
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.name_vault_account().await.map(|(done, _)| done));
	let hospitals = Hospitals { consortium, desks: [first, second, third] };
	tokio::join!(
		unconscious_patients_chart_is_opened_by_two_hospitals_and_closed_after(&hospitals),
		patient_who_is_awake_refuses(&hospitals),
		abused_emergency_is_closed_and_judged(&hospitals),
		emergency_ends_in_the_middle_of_reading(&hospitals),
		emergency_closes_nothing_that_was_shared(&hospitals),
		hospital_alone_opens_nothing(&hospitals),
	);
}

/// The whole story by commands, as a patient, a doctor and two desks type them.
#[tokio::test(flavor = "multi_thread")]
async fn unconscious_patients_chart_is_opened_by_commands_within_a_minute() {
	/// The program's exit code for a lack of access.
	const DENIED: i32 = 4;
	const USAGE: i32 = 2;
	let consortium = Consortium::start().await;
	let network = &consortium.network;
	let (patients, doctors) = (Mnemonic::generate(), Mnemonic::generate());
	let ana = Person::with_words(network, &patients).await;
	let ada = Person::with_words(network, &doctors).await;
	let (patient, doctor) =
		tokio::join!(consortium.admit(&ana, 0), consortium.admit_doctor(&ada, 1, None));
	ana.adds("letter", b"allergic to penicillin").await;
	let (patient, doctor) = (patient.to_string(), doctor.to_string());
	let phone = Program::with_words(network, &patients).await;
	let ambulance = Program::with_words(network, &doctors).await;
	let desks = [
		Program::known(network, "Alice//stash").await,
		Program::known(network, "Bob//stash").await,
	];
	let [north, east] = &desks;
	for words in [["hospital", "registrar", "own-key"], ["hospital", "publish-key", "--yes"]] {
		tokio::join!(does(north, &words), does(east, &words));
	}
	let set = ["patient", "emergency", "set", "--holder", "0", "--holder", "1", "--all", "--yes"];
	does(&phone, &set).await;

	let request = ["doctor", "emergency", "request", &patient, "--reason", "unconscious"];
	let asked = does(&ambulance, &[&request[..], &["--text", WORDS, "--yes"]].concat()).await;
	assert_eq!((&asked["told"], &asked["untold"]), (&json!([0, 1]), &json!([])));
	let asked_in = block(&ana).await.number();
	let waiting = does(&desks[0], &["hospital", "emergency", "pending"]).await;
	assert_eq!(waiting["items"][0]["text"], WORDS);
	let confirm = ["hospital", "emergency", "confirm", &patient, &doctor, "--yes"];
	let open = ["doctor", "emergency", "open", &patient, "0", "--output", "-"];
	assert_eq!(does(&desks[0], &confirm).await["open"], false);
	let alone = ambulance.run(&open).await;
	assert_eq!(alone.code, DENIED, "one hospital alone opens nothing: {alone:?}");
	assert_eq!(does(&desks[1], &confirm).await["open"], true);
	// There is a block each second, unless the whole machine stands still.
	let took = block(&ana).await.number() - asked_in;
	assert!(took < 60, "it took {took} blocks");
	let read = eventually("the vault serves", || async {
		let ran = ambulance.run(&open).await;
		(ran.code == 0).then_some(ran.printed)
	});
	assert_eq!(read.await, "allergic to penicillin");
	let show = ["doctor", "emergency", "show", patient.as_str()];
	assert_eq!(does(&ambulance, &show).await["state"], "open");

	// The end of a grant closes no emergency, and no one is told that it does.
	let revoked = does(&phone, &["patient", "revoke", &doctor]).await;
	assert_eq!(revoked["inEmergency"].as_array().map(Vec::len), Some(1), "{revoked}");
	assert_eq!(does(&ambulance, &show).await["state"], "open");

	does(&ambulance, &["doctor", "emergency", "end", "--yes", &patient]).await;
	let late = ambulance.run(&open).await;
	assert_eq!(late.code, DENIED, "{late:?}");
	assert_eq!(does(&ambulance, &show).await["state"], "none");
	let judge = ["patient", "emergency", "judge", &doctor, "justified"];
	let unasked = phone.run(&judge).await;
	assert!(unasked.code == USAGE && unasked.said.contains("add --yes"), "{unasked:?}");
	let judged = does(&phone, &[&judge[..], &["--yes"]].concat()).await;
	assert_eq!(judged["review"], "justified");
	let looks = does(&phone, &["patient", "disclosures", "--others"]).await;
	let looks = looks["items"].as_array().unwrap();
	assert!(!looks.is_empty() && looks.iter().all(|one| one["emergency"] == true), "{looks:?}");
}

/// Runs a command, which has to succeed.
async fn does(program: &Program, words: &[&str]) -> Value {
	let ran = program.run(&[words, &["--json"]].concat()).await;
	assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
	ran.json().unwrap()
}

/// The hospitals, and the people at their desks.
struct Hospitals {
	consortium: Consortium,
	desks: [Person; 3],
}

/// A patient of the first hospital who has planned for emergencies, and a doctor.
struct Scene<'a> {
	hospitals: &'a Hospitals,
	/// The hospitals that can confirm an emergency.
	holders: &'static [HospitalId],
	words: Mnemonic,
	ana: Person,
	patient: PatientId,
	ada: Person,
	of: EmergencyOf,
}

impl<'a> Scene<'a> {
	/// The patient, and a doctor of this hospital. A plan for these holders is still to be made.
	async fn new(hospitals: &'a Hospitals, hospital: u16, holders: &'static [HospitalId]) -> Self {
		let (consortium, words) = (&hospitals.consortium, Mnemonic::generate());
		let ana = Person::with_words(&consortium.network, &words).await;
		let (patient, (ada, doctor)) =
			tokio::join!(consortium.admit(&ana, 0), consortium.doctor(hospital));
		let of = EmergencyOf { patient, doctor };
		Self { hospitals, holders, words, ana, patient, ada, of }
	}

	async fn plans(&self, duration: Moment, chosen: Chosen) {
		let plan = NewPlan { holders: self.holders.to_vec(), threshold: 2, duration, chosen };
		let planned = self.ana.client.set_emergency_plan(&plan, &unwatched()).await.unwrap();
		assert!(planned.plan.is_some());
		assert_eq!(self.own().await.state, PlanState::Ready);
	}

	async fn asks(&self, reason: EmergencyReason) {
		let asked = self.ada.client.request_emergency(self.patient, reason, WORDS).await;
		let Requested { done, told, untold } = asked.unwrap();
		must(Ok(done));
		assert_eq!(told, REACHED, "their gateways keep the words");
		let untold: Vec<_> = untold.iter().map(|(one, _)| *one).collect();
		assert_eq!(untold, self.holders[REACHED.len()..]);
	}

	/// One of the hospitals confirms it.
	async fn confirms(&self, hospital: u16) -> Result<Done> {
		let Hospitals { consortium, desks } = self.hospitals;
		let desk = &desks[usize::from(hospital)];
		consortium.confirms_emergency(hospital, desk, self.of).await
	}

	/// The doctor asks, and two hospitals confirm it.
	async fn is_opened(&self, reason: EmergencyReason) {
		self.asks(reason).await;
		must(self.confirms(0).await);
		must(self.confirms(1).await).event("EmergencyOpened").expect("two are enough");
	}

	/// What the patient sees.
	async fn own(&self) -> OwnEmergencies {
		self.ana.client.own_emergencies(&block(&self.ana).await).await.unwrap()
	}

	/// What the doctor sees.
	async fn state(&self) -> DoctorsEmergency {
		let at = block(&self.ada).await;
		self.ada.client.emergency_state(&at, self.patient).await.unwrap()
	}

	async fn doctor_reads(&self, record: RecordIndex) -> Result<Vec<u8>> {
		self.ada.reads(self.patient, record).await
	}
}

async fn block(person: &Person) -> At {
	person.client.chain().finalized().await.unwrap()
}

fn why<T>(refused: Result<T>) -> emergency::Error {
	match refused {
		Err(Error::Emergency(why)) => why,
		Err(other) => panic!("{other}"),
		Ok(_) => panic!("it is not refused"),
	}
}

async fn unconscious_patients_chart_is_opened_by_two_hospitals_and_closed_after(all: &Hospitals) {
	let scene = Scene::new(all, 1, &HOLDERS).await;
	let Scene { ana, patient, ada, of, .. } = &scene;
	let letter = ana.adds("letter", b"allergic to penicillin").await;
	let unplanned = ada.client.request_emergency(*patient, EmergencyReason::Unable, WORDS).await;
	assert_eq!(why(unplanned), emergency::Error::NoPlan(*patient));
	scene.plans(HOUR, Chosen::Chart).await;
	// Each new key reaches the plan by itself.
	must(ana.client.rotate().await);
	let later = ana.adds("later", b"under the next key").await;
	assert_eq!(scene.own().await.state, PlanState::Ready);
	assert!(scene.doctor_reads(letter).await.is_err(), "nobody has asked");

	scene.asks(EmergencyReason::Unconscious).await;
	let own = scene.own().await;
	assert!(own.is_urgent());
	let details = own.requests[0].details;
	for (place, desk) in all.desks[..2].iter().enumerate() {
		let asked = desk.client.emergencies_asked().await.unwrap();
		let request = asked.iter().find(|one| one.patient == *patient).expect("desks are asked");
		assert_eq!((request.doctor, request.details), (of.doctor, details));
		let words = desk.client.emergency_text(*of, details).await.unwrap();
		assert_eq!(words.expect("its gateway has them").as_str(), WORDS, "desk {place}");
	}
	for person in [ana, ada] {
		let words = person.client.emergency_text(*of, details).await.unwrap();
		assert_eq!(words.expect("a gateway has them").as_str(), WORDS);
	}
	must(scene.confirms(0).await);
	assert!(matches!(scene.state().await, DoctorsEmergency::Asked(_)));
	assert!(scene.doctor_reads(letter).await.is_err(), "one is not enough");
	// The hospital without a gateway has a telephone.
	must(scene.confirms(2).await).event("EmergencyOpened").expect("two are enough");

	let DoctorsEmergency::Open(open) = scene.state().await else { panic!("it is open") };
	assert_eq!(open.until - open.opened_at, HOUR);
	assert_eq!(scene.doctor_reads(letter).await.unwrap(), b"allergic to penicillin");
	assert_eq!(scene.doctor_reads(later).await.unwrap(), b"under the next key");
	assert_eq!(ada.lists(*patient).await.len(), 2, "with their titles");
	let file = ada.file("note", b"adrenaline given");
	assert!(ada.client.append_records(*patient, &[file], &unwatched()).await.is_err());

	must(ada.client.withdraw_emergency(*patient).await);
	assert!(scene.doctor_reads(letter).await.is_err());
	let again = ada.client.withdraw_emergency(*patient).await;
	assert_eq!(why(again), emergency::Error::NotOpen(*patient));

	// Awake again: who looked, when and why, also proven by the vault's log.
	let looks = ana.client.disclosures().await.unwrap();
	let by_doctor: Vec<_> = looks.iter().filter(|(_, one)| one.doctor == Some(of.doctor)).collect();
	assert!(!by_doctor.is_empty() && by_doctor.iter().all(|(_, one)| one.emergency));
	let checked = ana.client.check_disclosures().await.unwrap();
	let proven = checked.into_iter().find(|(hospital, _)| *hospital == HOLDERS[0]);
	let Some((_, Ok(Proven::Whole { lines, .. }))) = proven else { panic!("{proven:?}") };
	let is_named = lines.iter().any(|line| {
		line.disclosure.capacity == Capacity::Emergency(of.doctor) && line.named == Named::Right
	});
	assert!(is_named, "{lines:?}");
	let own = scene.own().await;
	let [closed] = &own.emergencies[..] else { panic!("there was one: {own:?}") };
	assert!(!closed.open && closed.confirmed == [HOLDERS[0], HOLDERS[2]]);
	let words = ana.client.emergency_text(*of, closed.details).await.unwrap();
	assert_eq!(words.expect("they are kept").as_str(), WORDS);
	let review = ana.client.review_emergency(of.doctor, closed.opened_at, Review::Justified).await;
	must(review);
	// The doctor has the plan's key.
	assert_eq!(own.state, PlanState::Used);
	scene.plans(HOUR, Chosen::Chart).await;
}

async fn patient_who_is_awake_refuses(all: &Hospitals) {
	let scene = Scene::new(all, 1, &REACHED).await;
	let Scene { hospitals, words, ana, patient, ada, of, .. } = &scene;
	let letter = ana.adds("letter", b"not for the curious").await;
	let phone = Program::with_words(&hospitals.consortium.network, words).await;
	let hospitals = ["--holder", "0", "--holder", "1"];
	let set = [&["patient", "emergency", "set", "--all", "--yes"][..], &hospitals].concat();
	let planned = phone.run(&set).await;
	assert_eq!(planned.code, 0, "{planned:?}");

	scene.asks(EmergencyReason::Other).await;
	let shown = phone.run(&["patient", "show"]).await;
	assert!(shown.said.contains("asks hospitals to open your chart"), "{shown:?}");
	let shown = phone.run(&["patient", "emergency", "show", "--json"]).await;
	let shown: Value = shown.json().unwrap();
	assert_eq!(shown["state"], "ready");
	assert_eq!(shown["requests"][0]["text"], WORDS);
	let doctor = of.doctor.0.to_string();
	let refused = phone.run(&["patient", "emergency", "refuse", &doctor, "--json"]).await;
	let refused: Value = refused.json().unwrap();
	assert_eq!(refused["wasOpen"], false);

	assert_eq!(why(scene.confirms(1).await), emergency::Error::NotAsked(*of));
	assert_eq!(scene.state().await, DoctorsEmergency::None);
	assert!(scene.doctor_reads(letter).await.is_err());
	let again = ana.client.end_emergency(of.doctor).await;
	assert_eq!(why(again), emergency::Error::NothingToEnd(of.doctor));

	// The doctor asks again, and thinks better of it.
	scene.asks(EmergencyReason::Other).await;
	must(ada.client.withdraw_emergency(*patient).await);
	let own = scene.own().await;
	assert!(!own.is_urgent() && own.emergencies.is_empty());
	assert_eq!(own.state, PlanState::Ready, "nobody has the plan's key");
}

async fn abused_emergency_is_closed_and_judged(all: &Hospitals) {
	let scene = Scene::new(all, 1, &REACHED).await;
	let Scene { ana, patient, ada, of, .. } = &scene;
	let vault = all.consortium.gateways[0].data().join("blobs");
	let letter = ana.adds("letter", b"what a neighbour wants to know").await;
	scene.plans(HOUR, Chosen::Chart).await;
	scene.is_opened(EmergencyReason::LifeThreatening).await;
	assert_eq!(scene.doctor_reads(letter).await.unwrap(), b"what a neighbour wants to know");
	let kept = ada.keeps(*patient, 8).await;
	let could_open = opened(&vault, &kept);
	assert!(could_open > 0, "it is a real key");

	// The patient sees it, and is no patient of that doctor's.
	let own = scene.own().await;
	let opened_at = own.open().next().expect("it is shown").opened_at;
	let judge = async |review| ana.client.review_emergency(of.doctor, opened_at, review).await;
	assert!(judge(Review::Unjustified).await.is_err(), "it is judged when it is over");
	let closed = must(ana.client.end_emergency(of.doctor).await);
	assert!(closed.event("EmergencyClosed").is_some());
	assert!(scene.doctor_reads(letter).await.is_err());
	must(judge(Review::Unjustified).await);
	assert!(judge(Review::Justified).await.is_err(), "once and for all");
	for desk in &all.desks {
		let seen = desk.client.emergencies_of(*patient).await.unwrap();
		assert_eq!(seen.last().and_then(|one| one.review), Some(Review::Unjustified));
	}

	// What comes later is closed to what the doctor keeps, with all ciphertext.
	ana.adds("later", b"not for the neighbour").await;
	must(ana.client.rotate().await);
	ana.adds("later still", b"nor is this").await;
	assert_eq!(scene.own().await.state, PlanState::Used, "its key gets no new one");
	scene.plans(HOUR, Chosen::Chart).await;
	assert_eq!(opened(&vault, &kept), could_open);
}

async fn emergency_ends_in_the_middle_of_reading(all: &Hospitals) {
	let scene = Scene::new(all, 0, &REACHED).await;
	let Scene { ana, patient, ada, of, .. } = &scene;
	let summary = ana.adds("summary", b"insulin, twice a day").await;
	let other = ana.adds("diary", b"what is nobody's business").await;
	let more = ana.adds("plan", b"how much insulin").await;
	scene.plans(SOON, Chosen::Records(vec![summary, more])).await;
	scene.is_opened(EmergencyReason::Unable).await;
	let DoctorsEmergency::Open(open) = scene.state().await else { panic!("it is open") };
	assert_eq!(scene.doctor_reads(summary).await.unwrap(), b"insulin, twice a day");
	let refused = scene.doctor_reads(other).await;
	assert!(refused.is_err(), "it was not chosen");

	ada.waits_until(open.until).await;
	eventually("the emergency is over", || async {
		let access = block(ada).await.access(*patient, of.doctor, None).await.unwrap();
		access.is_err().then_some(())
	})
	.await;
	for record in [summary, more] {
		assert!(scene.doctor_reads(record).await.is_err());
	}
	assert_eq!(scene.state().await, DoctorsEmergency::None);
	let own = scene.own().await;
	assert!(!own.is_urgent() && own.emergencies.len() == 1);
	let chart = ana.client.own_chart(&block(ana).await).await.unwrap();
	assert_eq!(chart.sealing_epoch, chart.epoch, "the chart's own key has not left");
}

async fn emergency_closes_nothing_that_was_shared(all: &Hospitals) {
	let scene = Scene::new(all, 1, &REACHED).await;
	let Scene { ana, patient, ada, of, .. } = &scene;
	let letter = ana.adds("letter", b"allergic to penicillin").await;
	scene.plans(HOUR, Chosen::Chart).await;
	scene.is_opened(EmergencyReason::Unconscious).await;
	// The plan's key does not open what is added meanwhile.
	let result = ana.adds("result", b"potassium 6.1").await;
	let diary = ana.adds("diary", b"what is nobody's business").await;
	assert!(scene.doctor_reads(result).await.is_err());
	let sharing = ana.client.share(of.doctor, &[result], Terms::default(), &unwatched()).await;
	must(sharing.map(|shared| shared.done));
	assert_eq!(scene.doctor_reads(result).await.unwrap(), b"potassium 6.1");
	assert_eq!(scene.doctor_reads(letter).await.unwrap(), b"allergic to penicillin");
	assert!(scene.doctor_reads(diary).await.is_err());
	let listed = ada.lists(*patient).await;
	let titled = listed.iter().filter(|entry| entry.title.is_ok()).map(|entry| entry.index);
	assert_eq!(titled.collect::<Vec<_>>(), [letter, result]);

	// The next plan is for chosen records, and closes what is open. The grant has no end.
	scene.plans(HOUR, Chosen::Records(vec![letter])).await;
	assert!(scene.doctor_reads(letter).await.is_err());
	assert_eq!(scene.doctor_reads(result).await.unwrap(), b"potassium 6.1");
	scene.is_opened(EmergencyReason::Unconscious).await;
	assert_eq!(scene.doctor_reads(letter).await.unwrap(), b"allergic to penicillin");
	assert_eq!(scene.doctor_reads(result).await.unwrap(), b"potassium 6.1");
	assert!(scene.doctor_reads(diary).await.is_err());
	must(ada.client.withdraw_emergency(*patient).await);
	assert!(scene.doctor_reads(letter).await.is_err());
	assert_eq!(scene.doctor_reads(result).await.unwrap(), b"potassium 6.1");
}

/// The first hospital has the vault with all ciphertext, its share, a doctor, and the chain.
async fn hospital_alone_opens_nothing(all: &Hospitals) {
	let scene = Scene::new(all, 0, &HOLDERS).await;
	let Scene { ana, patient, ada, of, .. } = &scene;
	let letter = ana.adds("letter", b"for two hospitals together").await;
	scene.plans(HOUR, Chosen::Chart).await;
	scene.asks(EmergencyReason::LifeThreatening).await;
	must(scene.confirms(0).await);
	assert!(scene.confirms(0).await.is_err(), "the same hospital twice is not two");
	assert!(matches!(scene.state().await, DoctorsEmergency::Asked(_)));
	assert!(scene.doctor_reads(letter).await.is_err());

	let (desk, at) = (&all.desks[0], block(&all.desks[0]).await);
	let genesis = desk.client.chain().genesis();
	let of_plan = DividedSecret { genesis, kind: DividedKind::EmergencyKey, owner: patient.0 };
	let plan = at.emergency_plan(*patient).await.unwrap().expect("a plan");
	let profiles = profile_key(desk, &at).await;
	let shares = shares_of(&at, &of_plan, &plan, &profiles).await;
	let [(1, share)] = &shares[..] else { panic!("its own share, and no other") };

	// What the hospital has sealed to its own doctor is the same share again.
	let doctor = ada.client.keys().identity(1).unwrap();
	let to_doctor = SealContext::handed_share(&of_plan, &plan.commitments, &doctor.public_key());
	let mut handed = Vec::new();
	for hospital in HOLDERS {
		let sealed = at.confirmed_share(*patient, of.doctor, hospital).await.unwrap();
		handed.extend(sealed.and_then(|sealed| unseal_share(&doctor, &to_doctor, &sealed.0).ok()));
	}
	assert!(handed.len() == 1 && handed[0].expose() == share.expose());
	for numbers in [&[1][..], &[1, 1], &[1, 2], &[1, 3], &[2, 3], &[1, 2, 3]] {
		let shares: Vec<_> = numbers.iter().map(|number| (*number, share.clone())).collect();
		assert!(join(&of_plan, &plan.commitments, &plan.secret.0, &shares).is_err());
	}

	// None of its keys, nor half of a share taken for one, opens what the plan opens, or the vault's files.
	let value: [u8; 32] = share.expose()[..32].try_into().unwrap();
	let blinding: [u8; 32] = share.expose()[32..].try_into().unwrap();
	let this = EmergencyPlan::of(genesis, patient.0, &plan.commitments);
	let set = at.emergency_set(*patient).await.unwrap();
	let Some(EmergencySet::Chart(sealed)) = set else { panic!("the whole chart") };
	let guessed = [value, blinding].map(|half| EpochSecret::from_bytes(half).identity());
	let taken = [value, blinding].map(Identity::from_seed);
	let keys = [&[profiles, doctor][..], &guessed, &taken].concat();
	let context = SealContext::emergency_epoch(this, sealed.epoch);
	assert!(keys.iter().all(|key| unseal(key, &context, &sealed.key.0).is_err()));
	let vault = all.consortium.gateways[0].data().join("blobs");
	assert_eq!(opened(&vault, &keys), 0);
	// With the patient's key of the plan, it would.
	let right = this.identity(&ana.client.keys().root().unwrap());
	let epoch = unseal(&right, &context, &sealed.key.0).unwrap();
	let epoch = EpochSecret::from_bytes(*epoch);
	assert!(opened(&vault, &[epoch.identity()]) > 0);

	// Nor does the chain hold any of these secrets.
	let chain = Chain::connect(&all.consortium.network.url(0)).await;
	let state = chain.whole_state().await;
	let has = |bytes: &[u8; 32]| state.windows(32).any(|window| window == bytes);
	assert!(has(&plan.commitments[0]), "the state was read");
	let secret = this.secret(&ana.client.keys().root().unwrap());
	assert!(![&*secret, &value, &blinding, epoch.expose()].into_iter().any(has));
}

/// The present key of the profiles of a desk's hospital.
async fn profile_key(desk: &Person, at: &At) -> Identity {
	let keys = desk.client.keys();
	let held = at.held_profile_key(keys.account()).await.unwrap().expect("the desk has it");
	let own = keys.registrar_identity(held.key_version).unwrap();
	let genesis = desk.client.chain().genesis();
	let this = ProfileVersion { genesis, hospital: held.hospital.0, version: held.version };
	let context = SealContext::profile_key(this, keys.account().0, held.key_version);
	ProfileSecret::from_bytes(*unseal(&own, &context, &held.key.0).unwrap()).identity()
}

/// The shares of a plan that a key opens, of all that the chain has, with their numbers.
async fn shares_of(
	at: &At,
	of: &DividedSecret,
	plan: &EmergencyPlanInfo,
	key: &Identity,
) -> Vec<(usize, SecretShare)> {
	let mut shares = Vec::new();
	for (place, holder) in plan.holders.iter().enumerate() {
		let hospital = HOLDERS[place];
		assert_eq!(holder.delegate, Delegate::Desk(hospital));
		let (keeper, version) = (Keeper::Desk(hospital.0), holder.key_version);
		let context = SealContext::kept_share(of, &plan.commitments, keeper, version);
		let sealed = at.emergency_share(plan.patient, hospital).await.unwrap().expect("a share");
		let opened = unseal_share(key, &context, &sealed.0).ok();
		shares.extend(opened.map(|share| (place + 1, share)));
	}
	shares
}

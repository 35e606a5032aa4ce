//! A hospital's profile key belongs to no person: registrars come and go, and profiles stay readable.

use medblock_client::{
	Error,
	chain::AccountId,
	people::Search,
	profile_keys::{self, Published, SharedProfileKey},
	profiles::{self, Profile},
	registrars,
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, must};
use medblock_primitives::{Capacity, HospitalId, PatientId};

/// What a registrar reads as a patient's name.
async fn name_for(who: &Person, patient: PatientId) -> medblock_client::Result<String> {
	Ok(who.client.profile(patient, &unwatched()).await?.name.clone())
}

async fn writes(patient: &Person, id: PatientId, name: &str) {
	let profile = Profile { name: name.to_owned(), birth_date: None, contact: None };
	must(patient.client.set_profile(id, &profile, &unwatched()).await);
}

/// An account that the first hospital appoints, and that has accepted with its first transaction.
async fn joins(consortium: &Consortium) -> Person {
	let controller = Person::known(&consortium.network, "//Alice").await;
	let clerk = consortium.newcomer().await;
	let refused = clerk.client.accept_appointment(None).await;
	assert!(
		matches!(refused, Err(Error::Registrar(registrars::Error::NotAppointed(_)))),
		"{refused:?}"
	);
	must(controller.client.appoint_registrar(clerk.client.keys().account()).await);
	must(clerk.client.accept_appointment(None).await.map(|(done, _)| done));
	clerk
}

/// The registrars who can receive the profile key, by a person who has looked at them.
async fn known_to(who: &Person) -> Vec<AccountId> {
	let all = who.client.profile_key_recipients().await.unwrap();
	all.iter().map(|one| one.account).collect()
}

async fn publishes(who: &Person) -> medblock_client::Result<Published> {
	who.client.publish_profile_key(&known_to(who).await).await
}

async fn shares(who: &Person) -> medblock_client::Result<Option<SharedProfileKey>> {
	who.client.share_profile_key(&known_to(who).await).await
}

/// One who can sign as the controller appoints an accomplice, and makes a new version due.
#[tokio::test(flavor = "multi_thread")]
async fn profile_key_reaches_no_registrar_whom_its_holder_has_not_seen() {
	let consortium = Consortium::start().await;
	let controller = Person::known(&consortium.network, "//Alice").await;
	let honest = consortium.registrar(0).await;
	honest.client.publish_registrar_key().await.unwrap();
	let leaver = joins(&consortium).await;
	let seen = known_to(&honest).await;
	honest.client.publish_profile_key(&seen).await.unwrap();
	let accomplice = joins(&consortium).await;
	must(controller.client.remove_registrar(leaver.client.keys().account()).await);
	assert!(honest.client.desk_key().await.unwrap().info.due);

	let not_shown = |refused: Error| {
		let is_it = matches!(
			&refused,
			Error::ProfileKey(profile_keys::Error::NotShown(account))
				if *account == accomplice.client.keys().account()
		);
		assert!(is_it, "{refused}");
	};
	not_shown(honest.client.publish_profile_key(&seen).await.unwrap_err());
	not_shown(honest.client.share_profile_key(&seen).await.unwrap_err());
	let staff = honest.client.desk_key().await.unwrap();
	assert_eq!((staff.version(), staff.info.holders), (1, 1), "nothing was sent");

	// What the controller makes is known to the controller, who is no registrar.
	must(honest.client.resign().await);
	publishes(&controller).await.unwrap();
	assert!(accomplice.client.desk_key().await.unwrap().info.due);
	assert!(!publishes(&accomplice).await.unwrap().begins_anew);
	assert!(!accomplice.client.desk_key().await.unwrap().info.due);

	// The only holder replaces the own key, and can't open the old version any more.
	accomplice.client.publish_registrar_key().await.unwrap();
	let published = publishes(&accomplice).await.unwrap();
	assert_eq!((published.version, published.begins_anew), (4, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_stay_readable_while_registrars_come_and_go() {
	let consortium = Consortium::start().await;
	let first = consortium.registrar(0).await;
	let controller = Person::known(&consortium.network, "//Alice").await;
	let before = first.client.chain().finalized().await.unwrap();
	let ((ana, anas), (ben, bens)) = tokio::join!(consortium.patient(0), consortium.patient(0));

	// A list that takes long is read on at newer blocks than the one at which it began.
	let (search, progress) = (Search::default(), unwatched());
	let all = (None, usize::MAX);
	let listing = first.client.patients_of_own_hospital(&before, &search, all, &progress);
	let listed: Vec<_> = listing.await.unwrap().items.iter().map(|one| one.info.id).collect();
	assert!(listed.contains(&anas) && listed.contains(&bens), "{listed:?}");

	// A registrar of the genesis has no key before publishing one.
	let refused = publishes(&controller).await.unwrap_err();
	assert!(
		matches!(refused, Error::ProfileKey(profile_keys::Error::NoRegistrarKey(_))),
		"{refused}"
	);
	let (done, version) = first.client.publish_registrar_key().await.unwrap();
	must(Ok(done));
	assert_eq!(version, 1);
	writes(&ana, anas, "Ana before there was a key").await;
	let refused = name_for(&first, anas).await.unwrap_err();
	assert!(matches!(refused, Error::Profile(profiles::Error::NoHospitalKey)), "{refused}");
	let published = publishes(&controller).await.unwrap();
	assert_eq!((published.version, published.begins_anew), (1, false));
	let refused = name_for(&first, anas).await.unwrap_err();
	assert!(matches!(refused, Error::Profile(profiles::Error::NotForHospital)), "{refused}");
	writes(&ben, bens, "Ben under the first version").await;
	assert_eq!(name_for(&first, bens).await.unwrap(), "Ben under the first version");

	// One who joins later reads nothing before another registrar has shared the key, and then all.
	let second = joins(&consortium).await;
	let not_held = |refused: Error| {
		let is_it = matches!(refused, Error::ProfileKey(profile_keys::Error::KeyNotHeld(_)));
		assert!(is_it, "{refused}");
	};
	not_held(name_for(&second, bens).await.unwrap_err());
	not_held(publishes(&second).await.unwrap_err());
	not_held(shares(&second).await.unwrap_err());
	not_held(publishes(&controller).await.unwrap_err());
	let shared = shares(&first).await.unwrap().expect("one waits");
	assert_eq!(shared.registrars, [second.client.keys().account()]);
	assert!(shares(&first).await.unwrap().is_none(), "nobody waits any more");
	assert_eq!(name_for(&second, bens).await.unwrap(), "Ben under the first version");

	// After a second version, both read what was written before and after.
	assert_eq!(publishes(&second).await.unwrap().version, 2);
	writes(&ana, anas, "Ana under the second version").await;
	for registrar in [&first, &second] {
		assert_eq!(name_for(registrar, bens).await.unwrap(), "Ben under the first version");
		assert_eq!(name_for(registrar, anas).await.unwrap(), "Ana under the second version");
	}

	// One who leaves is not in the next version; one who joins then still opens the first.
	must(first.client.resign().await);
	assert!(second.client.desk_key().await.unwrap().info.due);
	let third = joins(&consortium).await;
	let published = publishes(&second).await.unwrap();
	let leaver = first.client.keys().account();
	assert_eq!((published.version, published.registrars.len()), (3, 2));
	assert!(!published.registrars.contains(&leaver));
	assert!(!third.client.desk_key().await.unwrap().info.due);
	writes(&ana, anas, "Ana under the third version").await;
	assert_eq!(name_for(&third, anas).await.unwrap(), "Ana under the third version");
	assert_eq!(name_for(&third, bens).await.unwrap(), "Ben under the first version");
	assert!(name_for(&first, bens).await.is_err());

	// Another hospital's registrar is told which hospital it would have to be.
	let east = consortium.registrar(1).await;
	let refused = name_for(&east, bens).await.unwrap_err();
	assert!(matches!(refused, Error::Profile(profiles::Error::OtherHospital(_))), "{refused}");

	// When the last holder has gone, the hospital begins anew.
	must(second.client.resign().await);
	must(controller.client.remove_registrar(third.client.keys().account()).await);
	let fourth = joins(&consortium).await;
	let published = publishes(&fourth).await.unwrap();
	assert_eq!((published.version, published.begins_anew), (4, true));
	let refused = name_for(&fourth, bens).await.unwrap_err();
	assert!(matches!(refused, Error::Profile(profiles::Error::NotForHospital)), "{refused}");
	writes(&ben, bens, "Ben, written anew").await;
	assert_eq!(name_for(&fourth, bens).await.unwrap(), "Ben, written anew");
}

/// A patient who moves, and one who was with the hospital before it had a key.
#[tokio::test(flavor = "multi_thread")]
async fn hospital_that_takes_a_patient_in_reads_the_profile_at_once() {
	let consortium = Consortium::start().await;
	let (north, east) = (consortium.registrar(0).await, consortium.registrar(1).await);
	east.client.publish_registrar_key().await.unwrap();
	publishes(&east).await.unwrap();
	let ((ana, anas), (ben, bens)) = tokio::join!(consortium.patient(0), consortium.patient(0));
	writes(&ana, anas, "Ana").await;
	let reseals = async || ana.client.reseal_profile(&unwatched()).await;
	assert!(reseals().await.unwrap().is_none(), "no hospital of hers has a key");

	must(ana.client.request_move(Capacity::Patient, Some(HospitalId(1))).await);
	assert!(reseals().await.unwrap().is_some());
	assert!(reseals().await.unwrap().is_none(), "once is enough");
	must(east.client.take_in(medblock_primitives::Person::Patient(anas)).await);
	assert_eq!(name_for(&east, anas).await.unwrap(), "Ana");
	let read = ana.client.read_profile(anas, &unwatched()).await.unwrap();
	assert_eq!(read.hospitals, Some(vec![HospitalId(1)]), "and no other hospital has a key");

	// The other hospital's first key comes later than the profile.
	writes(&ben, bens, "Ben").await;
	north.client.publish_registrar_key().await.unwrap();
	publishes(&north).await.unwrap();
	assert!(name_for(&north, bens).await.is_err());
	let read = ben.client.read_profile(bens, &unwatched()).await.unwrap();
	let missing = ben.client.hospital_without_profile(bens, &read).await.unwrap();
	assert_eq!(missing, Some(HospitalId(0)), "the patient is told");
	must(ben.client.reseal_profile(&unwatched()).await.map(|done| done.unwrap()));
	assert_eq!(name_for(&north, bens).await.unwrap(), "Ben");
	let read = ben.client.read_profile(bens, &unwatched()).await.unwrap();
	assert_eq!(ben.client.hospital_without_profile(bens, &read).await.unwrap(), None);
}

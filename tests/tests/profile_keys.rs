//! A hospital's profile key belongs to no person: registrars come and go, and profiles stay readable.

use medblock_client::{
	Error,
	people::{Readings, Search},
	profile_keys,
	profiles::{self, Profile},
	registrars,
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, must};
use medblock_primitives::PatientId;

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

#[tokio::test(flavor = "multi_thread")]
async fn profiles_stay_readable_while_registrars_come_and_go() {
	let consortium = Consortium::start().await;
	let first = consortium.registrar(0).await;
	let controller = Person::known(&consortium.network, "//Alice").await;
	let before = first.client.chain().finalized().await.unwrap();
	let ((ana, anas), (ben, bens)) = tokio::join!(consortium.patient(0), consortium.patient(0));

	// A list that takes long is read on at newer blocks than the one at which it began.
	let (search, readings) = (Search::default(), Readings::default());
	let listing = first.client.patients_of_own_hospital(
		&before,
		&search,
		(None, usize::MAX),
		&readings,
		&unwatched(),
	);
	let listed: Vec<_> = listing.await.unwrap().items.iter().map(|one| one.info.id).collect();
	assert!(listed.contains(&anas) && listed.contains(&bens), "{listed:?}");

	// A registrar of the genesis has no key before publishing one.
	let refused = controller.client.publish_profile_key().await.unwrap_err();
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
	let published = controller.client.publish_profile_key().await.unwrap();
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
	not_held(second.client.publish_profile_key().await.unwrap_err());
	not_held(second.client.share_profile_key().await.unwrap_err());
	not_held(controller.client.publish_profile_key().await.unwrap_err());
	let shared = first.client.share_profile_key().await.unwrap().expect("one waits");
	assert_eq!(shared.registrars, [second.client.keys().account()]);
	assert!(first.client.share_profile_key().await.unwrap().is_none(), "nobody waits any more");
	assert_eq!(name_for(&second, bens).await.unwrap(), "Ben under the first version");

	// After a second version, both read what was written before and after.
	assert_eq!(second.client.publish_profile_key().await.unwrap().version, 2);
	writes(&ana, anas, "Ana under the second version").await;
	for registrar in [&first, &second] {
		assert_eq!(name_for(registrar, bens).await.unwrap(), "Ben under the first version");
		assert_eq!(name_for(registrar, anas).await.unwrap(), "Ana under the second version");
	}

	// One who leaves is not in the next version; one who joins then still opens the first.
	must(first.client.resign().await);
	assert!(second.client.desk_key().await.unwrap().info.due);
	let third = joins(&consortium).await;
	let published = second.client.publish_profile_key().await.unwrap();
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
	let published = fourth.client.publish_profile_key().await.unwrap();
	assert_eq!((published.version, published.begins_anew), (4, true));
	let refused = name_for(&fourth, bens).await.unwrap_err();
	assert!(matches!(refused, Error::Profile(profiles::Error::NotForHospital)), "{refused}");
	writes(&ben, bens, "Ben, written anew").await;
	assert_eq!(name_for(&fourth, bens).await.unwrap(), "Ben, written anew");
}

//! People who act for a patient: a parent adds and shares for a child, who later takes over; and what an end by date ends.

use medblock_client::{
	Error, Keys,
	chain::At,
	grants::{Confirmed, Rotated, Terms},
	medblock_crypto::Mnemonic,
	representatives::{self, State},
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, eventually, must, opened, urls};
use medblock_primitives::*;

/// Everything that a representative may do.
const ALL: Scopes = Scopes(15);

/// How long what ends by itself lasts, in milliseconds: it is confirmed and used in this time.
const SOON: Moment = 65_000;

#[tokio::test]
async fn people_act_for_patients_within_their_rights_and_no_longer() {
	let consortium = Consortium::start().await;
	tokio::join!(
		parent_acts_for_a_child_who_later_takes_over(&consortium),
		representation_ends_at_its_date(&consortium),
		one_who_may_only_add_sees_nothing(&consortium),
	);
}

async fn block(person: &Person) -> At {
	person.client.chain().finalized().await.unwrap()
}

/// Names a parent of hospital 0 to act for a child, and has that confirmed. The parent was given no key yet.
async fn named(
	consortium: &Consortium,
	child: (&Person, PatientId),
	parent: (&Person, PatientId),
	scopes: Scopes,
	until: Option<Moment>,
) {
	assert!(parent.0.client.ensure_acting_key().await.unwrap().is_some());
	assert!(parent.0.client.ensure_acting_key().await.unwrap().is_none(), "one is enough");
	must(child.0.client.name_representative(parent.1, scopes, until).await);
	assert_eq!(state(child.0, parent.1).await, State::Waiting);
	consortium.confirms(0, child.1, parent.1).await;
}

/// What a patient's list says of a representative.
async fn state(child: &Person, representative: PatientId) -> State {
	let all = child.client.own_representatives(&block(child).await).await.unwrap();
	all.iter().find(|one| one.info.representative == representative).expect("they are named").state
}

async fn adds_for(acting: &Person, patient: PatientId, name: &str, text: &[u8]) -> RecordIndex {
	let file = acting.file(name, text);
	let added = acting.client.add_records_for(patient, &[file], &unwatched()).await;
	must(added).event("RecordsAdded").and_then(|event| event.number("first")).unwrap()
}

fn is_no_representative<T>(outcome: Result<T, Error>) -> bool {
	use representatives::Error::NotRepresentative;
	matches!(outcome, Err(Error::Representative(NotRepresentative(_))))
}

async fn parent_acts_for_a_child_who_later_takes_over(consortium: &Consortium) {
	let words = Mnemonic::generate();
	let child = Person::with_words(&consortium.network, &words).await;
	let (patient, (parent, own), (ada, doctor)) =
		tokio::join!(consortium.admit(&child, 0), consortium.patient(0), consortium.doctor(1));
	let vault = consortium.gateways[0].data().join("blobs");
	let before = child.adds("before", b"before anyone acted").await;
	assert!(is_no_representative(parent.reads(patient, before).await));
	named(consortium, (&child, patient), (&parent, own), ALL, None).await;
	assert_eq!(state(&child, own).await, State::WithoutKey);

	// The child's device gives the key, by itself before the next record.
	let given = child.client.reseal().await.unwrap().given;
	assert_eq!(given.iter().map(|(to, _)| *to).collect::<Vec<_>>(), [own]);
	assert_eq!(state(&child, own).await, State::WithKey);
	assert_eq!(parent.reads(patient, before).await.unwrap(), b"before anyone acted");
	let added = adds_for(&parent, patient, "by the parent", b"a vaccination").await;
	let entries = child.lists(patient).await;
	assert_eq!(entries[1].record.author, Author::Representative(own));
	assert_eq!(child.reads(patient, added).await.unwrap(), b"a vaccination");

	// The parent shares, and takes back.
	let terms = Terms { may_append: true, expires_at: None };
	let granted = parent.client.grant_for(patient, doctor, terms.into()).await.unwrap();
	assert_eq!((granted.terms, granted.is_due), (terms, false));
	assert_eq!(ada.reads(patient, added).await.unwrap(), b"a vaccination");
	let revoked = parent.client.revoke_for(patient, &[doctor]).await.unwrap();
	assert_eq!(revoked.confirmed, Confirmed::ByTwo);
	assert!(ada.reads(patient, added).await.is_err());

	// The chart is due. Until the child's device makes a new key, the parent reads on.
	let meanwhile = adds_for(&parent, patient, "meanwhile", b"while the child is away").await;
	assert_eq!(parent.reads(patient, meanwhile).await.unwrap(), b"while the child is away");
	must(child.client.rotate().await);
	assert_eq!(state(&child, own).await, State::WithKey, "the new key reaches the parent");
	let later = child.adds("later", b"under the new key").await;
	assert_eq!(parent.reads(patient, later).await.unwrap(), b"under the new key");
	let looks = child.client.disclosures().await.unwrap();
	let by_parent = looks.iter().filter(|(_, one)| one.representative == Some(own));
	assert!(by_parent.count() > 0, "who looked is told");
	let kept = parent.keeps(patient, 8).await;
	let could_open = opened(&vault, &kept);
	assert!(could_open >= 4, "they opened {could_open} files");

	// The child is old enough: own words, and a device of their own.
	let new = Mnemonic::generate();
	let new_keys = || Keys::from_seed(new.seed("")).unwrap();
	must(child.client.change_account(Capacity::Patient, &new_keys()).await);
	let urls = urls(&consortium.network);
	let grown = Person::with_keys(&urls, new_keys().with_former(words.seed(""))).await;
	assert_eq!(grown.takes_over().await, patient);
	let ended = grown.client.end_representation(own).await.unwrap();
	assert_eq!(ended.confirmed, Confirmed::ByTwo);
	assert!(matches!(ended.rotation, Rotated::Separately(_)), "{:?}", ended.rotation);
	grown.client.rotate_to_present_words().await.unwrap();
	let elsewhere = Person::with_words(&consortium.network, &new).await;
	elsewhere.adds("grown", b"not for the parent").await;
	assert_eq!(elsewhere.reads(patient, before).await.unwrap(), b"before anyone acted");
	assert!(is_no_representative(parent.reads(patient, before).await));
	let file = parent.file("too late", b"too late");
	let refused = parent.client.add_records_for(patient, &[file], &unwatched()).await;
	assert!(is_no_representative(refused));
	let refused = parent.client.grant_for(patient, doctor, terms.into()).await;
	assert!(is_no_representative(refused));
	assert_eq!(opened(&vault, &kept), could_open, "nothing later opens, with all ciphertext");
}

async fn representation_ends_at_its_date(consortium: &Consortium) {
	let ((child, patient), (parent, own)) =
		tokio::join!(consortium.patient(0), consortium.patient(0));
	let vault = consortium.gateways[0].data().join("blobs");
	let record = child.adds("before", b"in time").await;
	let until = block(&child).await.now().await.unwrap() + SOON;
	named(consortium, (&child, patient), (&parent, own), ALL, Some(until)).await;
	let sealed = child.client.seal_to_representative(own).await.unwrap();
	assert!(sealed.done.is_some() && sealed.rotation.is_none());
	assert_eq!(parent.reads(patient, record).await.unwrap(), b"in time");
	let kept = parent.keeps(patient, 2).await;
	let could_open = opened(&vault, &kept);
	assert!(could_open > 0);

	eventually("the representation is over", || async {
		let access = block(&parent).await.representative_access(patient, own, None).await.unwrap();
		access.is_err().then_some(())
	})
	.await;
	assert!(parent.reads(patient, record).await.is_err());
	// The child did nothing: the chart is due by itself.
	child.adds("after", b"after the end").await;
	must(child.client.rotate().await);
	child.adds("later", b"under the next key").await;
	assert_eq!(opened(&vault, &kept), could_open);
}

async fn one_who_may_only_add_sees_nothing(consortium: &Consortium) {
	let ((patient, id), (carer, own), (_, doctor)) =
		tokio::join!(consortium.patient(0), consortium.patient(0), consortium.doctor(1));
	let record = patient.adds("own", b"the patient's own").await;
	named(consortium, (&patient, id), (&carer, own), Scopes::ADD, None).await;
	assert_eq!(state(&patient, own).await, State::WithoutSight);
	let added = adds_for(&carer, id, "reading", b"120/80").await;
	assert_eq!(patient.reads(id, added).await.unwrap(), b"120/80");
	for one in [record, added] {
		assert!(is_no_representative(carer.reads(id, one).await));
	}
	let refused = carer.client.grant_for(id, doctor, Terms::default().into()).await.unwrap_err();
	let is_out_of_scope = matches!(
		refused,
		Error::Representative(representatives::Error::OutOfScope { scope: Scopes::GRANT, .. })
	);
	assert!(is_out_of_scope, "{refused}");
	assert!(carer.client.revoke_for(id, &[doctor]).await.is_err());
	let refused = patient.client.seal_to_representative(own).await.unwrap_err();
	let sees_nothing =
		matches!(refused, Error::Representative(representatives::Error::SeesNothing(_)));
	assert!(sees_nothing, "{refused}");
	must(carer.client.resign_representation(id).await);
	let file = carer.file("after", b"after");
	assert!(is_no_representative(carer.client.add_records_for(id, &[file], &unwatched()).await));

	// The desk compares the key: another digest is refused before anything is sent.
	must(patient.client.name_representative(own, Scopes::SEE, None).await);
	let registrar = consortium.registrar(0).await;
	let shown = registrar.client.representative_to_confirm(id, own).await.unwrap();
	let refused = registrar.client.confirm_representative(&shown, [9; 32]).await.unwrap_err();
	let is_refused =
		matches!(refused, Error::Representative(representatives::Error::OtherKeyDigest(_)));
	assert!(is_refused, "{refused}");
}

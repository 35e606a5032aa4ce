//! An inpatient's doctors go on reading when one of them leaves, although the patient is away and can make no new
//! key. The one who left opens nothing that comes later, even with all ciphertext.

use medblock_client::{
	Error, Keys, NewFile,
	access::Error as AccessError,
	chain::{self, Call, Chain as Node},
	grants::Terms,
	medblock_crypto::{Mnemonic, Seed, key_digest},
	profiles::Profile,
	trust,
	vault::unwatched,
};
use medblock_e2e::{Attacker, Consortium, Hold, Liar, Lie, Person, eventually, must};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::RecipientInfo;
use std::path::PathBuf;

/// How long the resident's grant lasts: seven days of a hospital, in milliseconds.
const SEVEN_DAYS: Moment = 30_000;

/// A doctor whose words are known, so that a thief can have them, too.
struct Doctor {
	person: Person,
	id: DoctorId,
	seed: Seed,
}

impl Doctor {
	async fn of(consortium: &Consortium) -> Self {
		let words = Mnemonic::generate();
		let person = Person::with_words(&consortium.network, &words).await;
		let id = consortium.admit_doctor(&person, 1, None).await;
		Self { person, id, seed: words.seed("") }
	}

	/// What they keep, whatever happens.
	fn keeps(&self, patient: PatientId) -> Attacker {
		Attacker::new(vec![self.seed.encryption_identity(1)], self.id, patient)
	}

	/// The same doctor at a node that takes their first transaction late.
	async fn delayed(&self, consortium: &Consortium) -> (Person, Hold, Liar) {
		let hold = Hold::default();
		let node = Liar::start(&consortium.network.url(0), Lie::Delay(hold.clone())).await;
		let urls = [node.url(), consortium.network.url(1)];
		let keys = Keys::from_seed(self.seed.clone()).unwrap();
		(Person::with_keys(&urls, keys).await, hold, node)
	}
}

/// A patient with three doctors who may see and add everything.
struct Ward {
	ana: Person,
	patient: PatientId,
	ward: Doctor,
	consultant: Doctor,
	resident: Doctor,
	vault: PathBuf,
	node: Node,
}

impl Ward {
	async fn admits(consortium: &Consortium) -> Self {
		let ((ana, patient), ward, consultant, resident) = tokio::join!(
			consortium.patient(0),
			Doctor::of(consortium),
			Doctor::of(consortium),
			Doctor::of(consortium),
		);
		ana.adds("admission", b"admitted").await;
		for doctor in [&ward, &consultant, &resident] {
			let terms = Terms { may_append: true, expires_at: None };
			ana.client.grant(doctor.id, terms).await.unwrap();
		}
		let node = Node::connect(&consortium.network.url(0)).await.unwrap();
		let vault = consortium.gateways[0].data().join("blobs");
		Self { ana, patient, ward, consultant, resident, vault, node }
	}

	async fn access(&self, doctor: &Doctor) -> Result<Allowed, Denied> {
		let at = self.node.finalized().await.unwrap();
		at.access(self.patient, doctor.id, None).await.unwrap()
	}

	/// Everybody but those who left reads it.
	async fn is_read(&self, record: RecordIndex, text: &[u8], readers: &[&Person]) {
		for reader in readers {
			assert_eq!(reader.reads(self.patient, record).await.unwrap(), text);
			let entries = reader.lists(self.patient).await;
			let title = entries[record as usize].title.as_ref().unwrap();
			assert_eq!(title.really_sealed_to, None);
		}
	}
}

#[tokio::test]
async fn ward_reads_on_when_the_residents_seven_days_are_over() {
	let consortium = Consortium::with_archives().await;
	let ward = Ward::admits(&consortium).await;
	reads_on_without_the_patient(&ward).await;
	lying_node_gets_nobody_in(&consortium, &ward).await;
	file_for_a_doctor_who_has_just_left_is_refused(&ward).await;
	delayed_author_encrypts_anew(&consortium, &ward).await;
	next_key_covers_doctors_who_come_later(&consortium, &ward).await;
}

async fn reads_on_without_the_patient(story: &Ward) {
	let Ward { ana, patient, ward, consultant, resident, vault, node } = story;
	let before = resident.person.appends(*patient, "note", b"by the resident").await;
	story.is_read(before, b"by the resident", &[&ward.person, &resident.person]).await;
	let mut former = resident.keeps(*patient);
	former.study(node).await;
	let kept = former.reads(vault).len();
	assert!(kept >= 2, "what they could read, they may have kept");
	// The end is set only now: a busy machine could take longer than that for what comes before.
	let end = node.finalized().await.unwrap().now().await.unwrap() + SEVEN_DAYS;
	let terms = Terms { may_append: true, expires_at: Some(end) };
	ana.client.grant(resident.id, terms).await.unwrap();
	eventually("the resident's grant has run out", || async {
		(story.access(resident).await == Err(Denied::GrantExpired)).then_some(())
	})
	.await;

	// The patient is away from here on. On the tree before, the author could not open the own note.
	let note = ward.person.appends(*patient, "round", b"by the ward").await;
	story.is_read(note, b"by the ward", &[&ward.person, &consultant.person]).await;
	let answer = consultant.person.appends(*patient, "consult", b"by the consultant").await;
	story.is_read(answer, b"by the consultant", &[&ward.person, &consultant.person]).await;
	for doctor in [ward, consultant] {
		assert_eq!(story.access(doctor).await.unwrap().key, KeyStatus::OwnKey);
	}
	let refused = resident.person.reads(*patient, note).await.unwrap_err();
	let denied = matches!(refused, Error::Access(AccessError::Denied(Denied::GrantExpired)));
	assert!(denied, "{refused}");

	// The patient looks in from a device that does not rotate: reads all, adds, and writes the profile.
	story.is_read(note, b"by the ward", &[ana]).await;
	let added = ana.adds("letter", b"by the patient").await;
	story.is_read(added, b"by the patient", &[&ward.person, &consultant.person]).await;
	let profile = Profile { name: "Ana".to_owned(), birth_date: None, contact: None };
	must(ana.client.set_profile(*patient, &profile, &unwatched()).await);
	let seen = ward.person.client.profile(*patient, &unwatched()).await.unwrap();
	assert_eq!(seen.name, "Ana");

	former.study(node).await;
	assert_eq!(former.reads(vault).len(), kept, "nothing that came later opens");
}

/// A node that names one more doctor, or gives another key of one, is found out before anything is encrypted.
async fn lying_node_gets_nobody_in(consortium: &Consortium, story: &Ward) {
	let Ward { patient, ward, resident, .. } = story;
	let honest = |index| consortium.network.url(index);
	let account = ward.person.client.keys().account();
	let sent = async || story.node.best().await.unwrap().nonce(account).await.unwrap();
	let before = sent().await;
	let foreign = resident.seed.encryption_identity(1).public_key();
	let one =
		RecipientInfo { doctor: resident.id, key_version: 1, key_digest: key_digest(&foreign) };
	let named = Liar::start(&honest(0), Lie::Recipient(one)).await;
	let key = foreign.to_vec().try_into().unwrap();
	let keyed = Liar::start(&honest(0), Lie::DoctorsKey(key)).await;
	for (urls, disagree) in [
		([named.url(), honest(1)], true),
		([honest(1), named.url()], true),
		([keyed.url(), honest(1)], false),
	] {
		let told = Person::with_keys(&urls, Keys::from_seed(ward.seed.clone()).unwrap()).await;
		let files = [told.file("note", b"not for the resident")];
		let refused = told.client.append_records(*patient, &files, &unwatched()).await.unwrap_err();
		match disagree {
			true => assert!(
				matches!(refused, Error::Chain(chain::Error::NodesDisagree { .. })),
				"{refused}"
			),
			false => assert!(
				matches!(refused, Error::Trust(trust::Error::RecipientKeyMismatch(_))),
				"{refused}"
			),
		}
	}
	assert_eq!(sent().await, before, "nothing was sent");
}

/// Between the reading of the recipients and the block, the patient takes one's access back.
async fn file_for_a_doctor_who_has_just_left_is_refused(story: &Ward) {
	let Ward { ana, patient, ward, consultant, .. } = story;
	let read = story.node.finalized().await.unwrap().recipients(*patient).await.unwrap();
	assert_eq!(read.doctors.len(), 2);
	let doctors = vec![consultant.id].try_into().unwrap();
	// As from a wallet, without a new key.
	let revoke = Call::revoke_access(doctors, None);
	ana.client.chain().submit(ana.signer(), &revoke).await.unwrap();
	let document = Document { digest: [7; 32], head: [7; 16], size: 4_096, vault: HospitalId(0) };
	let records: NewRecords = vec![NewRecord { document, in_reply_to: None }].try_into().unwrap();
	let call = Call::append_records(*patient, read.sealing_epoch, records, read.digest);
	let refused = ward.person.client.chain().submit(ward.person.signer(), &call).await;
	assert!(refused.unwrap_err().is_refusal("StaleRecipients"));
}

/// The author's transaction reaches the chain late: the consultant, who is back, has left again by then.
async fn delayed_author_encrypts_anew(consortium: &Consortium, story: &Ward) {
	let Ward { ana, patient, ward, consultant, vault, node, .. } = story;
	// Without a new key of the chart: the grant is of the old one, and the chart stays due.
	let own = ana.client.chain().finalized().await.unwrap().known_patient(*patient).await.unwrap();
	assert_ne!(own.epoch, own.sealing_epoch);
	let (third, lost) = tokio::join!(Doctor::of(consortium), Doctor::of(consortium));
	let mut former = third.keeps(*patient);
	ana.client.grant(third.id, Terms { may_append: true, expires_at: None }).await.unwrap();
	// That rotated: the next loss makes the chart due again, with `third` among those who remain.
	ana.client.grant(lost.id, Terms::default()).await.unwrap();
	let revoke = |doctor: DoctorId| Call::revoke_access(vec![doctor].try_into().unwrap(), None);
	ana.client.chain().submit(ana.signer(), &revoke(lost.id)).await.unwrap();
	former.study(node).await;
	let kept = former.reads(vault).len();

	let (late, hold, _node) = ward.delayed(consortium).await;
	let file: NewFile = late.file("late", b"written while the third doctor left");
	let files = [file];
	let progress = unwatched();
	let appending = late.client.append_records(*patient, &files, &progress);
	let leaving = async {
		hold.reached().await;
		ana.client.chain().submit(ana.signer(), &revoke(third.id)).await.unwrap();
		hold.release();
	};
	let receipt = must(tokio::join!(appending, leaving).0);
	let event = receipt.event("RecordsAdded").unwrap();
	let record = event.number("first").unwrap();
	story.is_read(record, b"written while the third doctor left", &[&ward.person, ana]).await;
	former.study(node).await;
	assert_eq!(former.reads(vault).len(), kept, "the stale upload was deleted");
	assert_eq!(story.access(consultant).await, Err(Denied::NotGranted));
}

/// Doctors who are granted later read what was written meanwhile, and others what they write.
async fn next_key_covers_doctors_who_come_later(consortium: &Consortium, story: &Ward) {
	let Ward { ana, patient, ward, .. } = story;
	let meanwhile = ward.person.appends(*patient, "meanwhile", b"while the chart was due").await;
	let later = Doctor::of(consortium).await;
	ana.client.grant(later.id, Terms { may_append: true, expires_at: None }).await.unwrap();
	story.is_read(meanwhile, b"while the chart was due", &[&later.person, &ward.person]).await;
	for doctor in [ward, &later] {
		assert_eq!(story.access(doctor).await.unwrap().key, KeyStatus::Current);
	}
	let last = later.person.appends(*patient, "last", b"after the new key").await;
	story.is_read(last, b"after the new key", &[&ward.person, ana]).await;
}

//! Charts and vaults under attack, and under bad luck: real files, nodes and gateways.

use medblock_client::{
	Error, Keys, NewFile, access,
	chain::Call,
	grants::Terms,
	medblock_crypto::{Headers, Mnemonic, PublicKey as CryptoKey, check_public_key, encrypt},
	profiles::Practice,
	profiles::Profile,
	registration,
	standing::Decision,
	vault::{self, Upload, copies, unwatched},
};
use medblock_e2e::{
	Consortium,
	Hospital::{South, West},
	Person, eventually, files, must, new_file,
};
use medblock_platform::{Folder, files::UserFile};
use medblock_primitives::*;
use serde_json::json;
use std::{
	collections::BTreeSet,
	io::Write,
	path::{Path, PathBuf},
};

#[path = "vault/homes.rs"]
mod homes;
#[path = "vault/rivals.rs"]
mod rivals;
#[path = "vault/shares.rs"]
mod shares;

/// Uploads ciphertext of a person's own making, and names it in a chart.
async fn smuggle(
	who: &Person,
	patient: PatientId,
	ciphertext: &[u8],
	call: impl Fn(Epoch, NewRecords) -> Call,
) -> RecordIndex {
	let mut digest = medblock_client::medblock_crypto::Digest::new();
	digest.update(ciphertext);
	let sealed = digest.finish().unwrap();
	let path = who.home().join("smuggled");
	std::fs::write(&path, ciphertext).unwrap();
	let at = who.client.chain().finalized().await.unwrap();
	let info = at.patient(patient).await.unwrap().unwrap();
	let vault = who.client.vault(info.hospital).await.unwrap();
	let (digest, size) = (sealed.digest, sealed.size);
	let file = who.stored("smuggled").await;
	let upload = Upload { patient, file: &file, digest, size, prepared: false };
	vault.upload(&upload, &unwatched()).await.unwrap();
	let document = Document { digest, head: sealed.head, size, vault: info.hospital };
	let records = vec![NewRecord { document, in_reply_to: None }].try_into().unwrap();
	let call = call(info.sealing_epoch, records);
	let receipt = who.client.chain().submit(who.signer(), &call).await.unwrap();
	receipt.event("RecordsAdded").unwrap().number("first").unwrap()
}

fn encrypted(to: CryptoKey, title: &str, body: &[u8]) -> Vec<u8> {
	let headers = Headers {
		title: title.to_owned(),
		media_type: "text/plain".to_owned(),
		file_name: None,
		written_at: None,
	};
	let mut out = Vec::new();
	encrypt(&[to], &headers, body, body.len() as u64, &mut out).unwrap();
	out
}

fn refused_with(outcome: medblock_client::Result<Vec<u8>>, expected: u16) {
	match outcome {
		Err(Error::Vault(vault::Error::Refused { status, .. })) => assert_eq!(status, expected),
		other => panic!("not refused with {expected}: {other:?}"),
	}
}

/// A file of this many mebibytes that does not compress.
fn path_of(file: &NewFile) -> &Path {
	match &file.file {
		UserFile::Given(path) => path,
		UserFile::Bytes { .. } | UserFile::Joined(_) => panic!("this is no file of one path"),
	}
}

fn large(who: &Person, name: &str, mebibytes: usize) -> NewFile {
	let path: PathBuf = who.home().join(name);
	let mut file = std::fs::File::create(&path).unwrap();
	let mut state = 1u64;
	let mut piece = vec![0u8; 1 << 20];
	for _ in 0..mebibytes {
		for word in piece.chunks_exact_mut(8) {
			state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
			word.copy_from_slice(&state.to_le_bytes());
		}
		file.write_all(&piece).unwrap();
	}
	new_file(path, name)
}

/// People who have nothing to do with each other, on one network.
#[tokio::test]
async fn charts_are_shared_under_attack() {
	let consortium = Consortium::start().await;
	tokio::join!(
		naming_somebody_elses_digest_gives_nothing_and_takes_nothing(&consortium),
		header_of_another_record_does_not_make_a_patient_share_that_record(&consortium),
		record_that_is_sealed_to_an_older_epoch_than_it_says_is_flagged(&consortium),
		two_connections_of_an_account_send_at_once(&consortium),
		copy_of_an_accounts_keys_is_found_without_an_account(&consortium),
		titles_that_were_read_are_not_fetched_again(&consortium),
		shares::sharing_one_more_record_fetches_no_other(&consortium),
		homes::files_are_read_wherever_they_are(&consortium),
		rivals::revocations_that_are_sent_at_once_all_take_effect(&consortium),
	);
	records_and_notes_are_shared_and_nothing_of_them_is_readable_anywhere_else(&consortium).await;
	// Ends with a hospital that takes in only whom it has invited.
	people_move_to_another_hospital_and_take_their_charts_along(&consortium).await;
}

/// On one network, which is put right again after each of them.
#[tokio::test]
async fn charts_are_shared_under_bad_luck() {
	let consortium = Consortium::start().await;
	revocation_counts_before_it_is_final(&consortium).await;
	revoking_in_the_middle_of_an_upload_makes_it_start_anew(&consortium).await;
	killed_gateway_goes_on_where_it_was_and_never_serves_half_a_file(&consortium).await;
	homes::dead_home_delays_no_file(&consortium).await;
	// Ends with a vault that has lost what it had.
	ciphertext_stays_at_the_patients_until_the_vault_says_that_it_is_safe(&consortium).await;
}

/// Two connections of one account in one program, to two nodes.
async fn two_connections_of_an_account_send_at_once(consortium: &Consortium) {
	let words = Mnemonic::generate();
	let one = Person::with_words(&consortium.network, &words).await;
	let patient = consortium.admit(&one, 0).await;
	let urls = [1, 0].map(|index| consortium.network.url(index));
	let two = Person::with_keys(&urls, Keys::from_seed(words.seed("")).unwrap()).await;
	for round in 0..3 {
		let [first, second] = [&one, &two].map(|person| {
			let name = format!("round-{round}");
			[person.file(&name, person.home().as_os_str().as_encoded_bytes())]
		});
		let progress = unwatched();
		let (added, also) = tokio::join!(
			one.client.add_records(&first, &progress),
			two.client.add_records(&second, &progress),
		);
		must(added);
		must(also);
	}
	let at = one.client.chain().finalized().await.unwrap();
	assert_eq!(at.patient(patient).await.unwrap().unwrap().records, 6);
}

/// A new device has the passkey's locator, and nothing else.
async fn copy_of_an_accounts_keys_is_found_without_an_account(consortium: &Consortium) {
	let (ana, _) = consortium.patient(1).await;
	let (ben, _) = consortium.patient(0).await;
	let (locator, file) = ([7; 32], b"age-encryption.org/v1\n-> a stanza of a passkey's\n");
	let vault = ana.client.vault(HospitalId(1)).await.unwrap();
	vault.put_copy(&locator, file).await.unwrap();
	let find = |first| copies::find(ana.client.nodes(), first, &locator, |_, _| true);
	for first in [None, Some(HospitalId(0)), Some(HospitalId(1)), Some(HospitalId(99))] {
		let found = find(first).await.unwrap().unwrap();
		assert_eq!((found.hospital, &found.file[..]), (HospitalId(1), &file[..]));
	}
	let others = ben.client.vault(HospitalId(1)).await.unwrap();
	let refused = others.put_copy(&locator, file).await;
	assert!(matches!(refused, Err(Error::Vault(vault::Error::Refused { status: 404, .. }))));
	others.remove_copy(&locator).await.unwrap();
	others.remove_copies().await.unwrap();
	let found = find(Some(HospitalId(1))).await.unwrap();
	assert!(found.is_some(), "only its owner removes it");
	// Another hospital gives another file, which the passkey does not open.
	let forged = b"age-encryption.org/v1\n-> another stanza\n";
	let elsewhere = ben.client.vault(HospitalId(0)).await.unwrap();
	elsewhere.put_copy(&locator, forged).await.unwrap();
	let opens = |_, file: &[u8]| file != forged;
	let nodes = ana.client.nodes();
	let found = copies::find(nodes, Some(HospitalId(0)), &locator, opens).await.unwrap().unwrap();
	assert_eq!((found.hospital, &found.file[..]), (HospitalId(1), &file[..]));
	elsewhere.remove_copies().await.unwrap();
	vault.remove_copy(&locator).await.unwrap();
	vault.remove_copy(&locator).await.unwrap();
	let log = consortium.gateways.iter().map(|gateway| gateway.log()).collect::<String>();
	assert!(log.contains("/v1/keys/{locator}"));
	assert!(!log.contains(&"07".repeat(32)));
}

/// The vault's own list of what it gave out says how many beginnings of files were fetched.
async fn titles_that_were_read_are_not_fetched_again(consortium: &Consortium) {
	let ((ana, patient), (doctor, id)) = tokio::join!(consortium.patient(0), consortium.doctor(1));
	for name in ["one", "two", "three"] {
		ana.adds(name, name.as_bytes()).await;
	}
	ana.client.grant(id, Terms::default()).await.unwrap();
	let looks = async || ana.client.disclosures().await.unwrap().len();
	let list = async |person: &Person| -> Vec<String> {
		let titles = person.lists(patient).await.into_iter();
		titles.filter_map(|one| Some(one.title.ok()?.headers.title)).collect()
	};
	let known = async |person: &Person| {
		let at = person.client.chain().finalized().await.unwrap();
		let page = person.client.list_known(&at, patient, None, None).await;
		page.map(|page| page.items.iter().filter(|one| matches!(one.title, Some(Ok(_)))).count())
	};
	assert_eq!(known(&doctor).await.unwrap(), 0);
	for reader in [&ana, &doctor] {
		let before = looks().await;
		assert_eq!(list(reader).await, ["one", "two", "three"]);
		assert_eq!(looks().await, before + 3);
		assert_eq!(list(reader).await, ["one", "two", "three"]);
		assert_eq!(known(reader).await.unwrap(), 3);
		assert_eq!(looks().await, before + 3, "none was fetched again");
	}
	let titles = doctor.home().join("titles");
	let kept = || files(&titles);
	assert_eq!(kept().len(), 1);
	let bytes = std::fs::read(&kept()[0]).unwrap();
	assert!(!contains(&bytes, b"three"));

	// One that is new is fetched, and only that one. What was withdrawn goes.
	ana.adds("four", b"four").await;
	must(ana.client.withdraw(&[1]).await);
	let before = looks().await;
	assert_eq!(list(&doctor).await, ["one", "three", "four"]);
	assert_eq!(looks().await, before + 1);
	assert_eq!(known(&ana).await.unwrap(), 2);

	// A changed file is none: it is written anew.
	std::fs::write(&kept()[0], b"something else").unwrap();
	assert_eq!(list(&doctor).await, ["one", "three", "four"]);
	assert_eq!(looks().await, before + 4);
	assert_eq!(known(&doctor).await.unwrap(), 3);

	// Once access has ended, nothing is shown, and nothing stays.
	must(ana.client.revoke(&[id]).await.map(|revoked| revoked.done));
	doctor.client.inbox(&doctor.client.chain().finalized().await.unwrap()).await.unwrap();
	assert_eq!(kept().len(), 0);
	assert!(known(&doctor).await.is_err());
}

/// The file of a record on the disk of the first hospital's vault.
async fn blob_of(
	consortium: &Consortium,
	owner: &Person,
	patient: PatientId,
	record: RecordIndex,
) -> PathBuf {
	let at = owner.client.chain().finalized().await.unwrap();
	let document = at.record(patient, record).await.unwrap().unwrap().document.unwrap();
	let name: String = document.digest.iter().map(|byte| format!("{byte:02x}")).collect();
	let blobs = files(&consortium.gateways[0].data().join("blobs"));
	blobs.into_iter().find(|path| path.ends_with(&name)).expect("the vault has it")
}

async fn records_and_notes_are_shared_and_nothing_of_them_is_readable_anywhere_else(
	consortium: &Consortium,
) {
	let ((ana, patient), (first, first_id), (second, second_id)) =
		tokio::join!(consortium.patient(0), consortium.doctor(1), consortium.doctor(1));
	let planted = ["Zyxwvut-Patient-Name", "Qpwoeir-Title", "Mznxbcv-Content", "Lkjhgfd-Note"];

	let profile = Profile {
		name: planted[0].to_owned(),
		birth_date: Some("1984-05-06".to_owned()),
		contact: None,
	};
	must(ana.client.set_profile(patient, &profile, &unwatched()).await);
	let record = ana.adds(planted[1], planted[2].repeat(5_000).as_bytes()).await;
	let refused = first.reads(patient, record).await.unwrap_err();
	assert!(
		matches!(refused, Error::Access(access::Error::Denied(Denied::NotGranted))),
		"{refused}"
	);

	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(first_id, terms).await.unwrap();
	assert_eq!(first.reads(patient, record).await.unwrap(), planted[2].repeat(5_000).as_bytes());
	assert_eq!(first.client.profile(patient, &unwatched()).await.unwrap().name, planted[0]);
	let mut note = first.file("note", planted[3].as_bytes());
	note.in_reply_to = Some(record);
	let receipt = must(first.client.append_records(patient, &[note], &unwatched()).await);
	let note = receipt.event("RecordsAdded").unwrap().number("first").unwrap();

	// Whoever comes later sees it all, and whose note it is.
	ana.client.grant(second_id, Terms::default()).await.unwrap();
	assert_eq!(second.reads(patient, note).await.unwrap(), planted[3].as_bytes());
	let entries = second.lists(patient).await;
	assert_eq!(entries[0].title.as_ref().unwrap().headers.title, planted[1]);
	assert_eq!(entries[1].record.author, Author::Doctor(first_id));
	assert_eq!(entries[1].record.in_reply_to, Some(record));
	let refused = second.client.append_records(patient, &[], &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Access(access::Error::MayNotAppend)), "{refused}");

	must(ana.client.revoke(&[first_id]).await.map(|revoked| revoked.done));
	let refused = first.reads(patient, record).await.unwrap_err();
	assert!(
		matches!(refused, Error::Access(access::Error::Denied(Denied::NotGranted))),
		"{refused}"
	);
	assert_eq!(second.reads(patient, record).await.unwrap().len(), 75_000);
	let disclosures = ana.client.disclosures().await.unwrap();
	let readers: Vec<_> = disclosures.iter().filter_map(|(_, one)| one.doctor).collect();
	assert!(readers.contains(&first_id) && readers.contains(&second_id), "{readers:?}");

	// Nothing that was planted is anywhere but at people's own machines: not in any node's database
	// or log, not in a vault, its logs or its accounts.
	let (mut searched, mut found_public) = (0u64, false);
	let folders = consortium.gateways.iter().map(|gateway| gateway.path().to_owned());
	for folder in folders.chain([consortium.network.path().to_owned()]) {
		for file in files(&folder) {
			let Ok(bytes) = std::fs::read(&file) else { continue };
			searched += bytes.len() as u64;
			// A doctor's name is public: a search that does not find it would find nothing.
			found_public |= file.components().any(|part| part.as_os_str() == "chains")
				&& contains(&bytes, b"Dr. Ada");
			for word in planted.iter().chain(&["1984-05-06"]) {
				assert!(!contains(&bytes, word.as_bytes()), "{word} is in {}", file.display());
			}
		}
	}
	assert!(searched > 1_000_000, "there was something to search");
	assert!(found_public, "what is public is found in a node's database");
	let chain = medblock_e2e::Chain::connect(&consortium.network.url(0)).await;
	let dump = chain.whole_state().await;
	assert!(dump.len() > 10_000, "the state has been read");
	assert!(contains(&dump, b"Dr. Ada"), "what is public is found in the state");
	for word in planted.iter().chain(&["1984-05-06"]) {
		assert!(!contains(&dump, word.as_bytes()), "{word} is on the chain");
	}
	let parameters =
		[json!([]), json!([0]), json!([0, 0]), json!([0, null, 256]), json!([0, 0, 0])];
	let answers = chain.answers(&parameters).await;
	let methods: BTreeSet<_> = answers.iter().map(|(method, _)| method).collect();
	assert!(methods.len() > 20, "the node has answered: {methods:?}");
	let is_public = |answer: &str| answer.contains("Dr. Ada") || answer.contains(&hex("Dr. Ada"));
	assert!(answers.iter().any(|(_, answer)| is_public(answer)), "some of it about people");
	for (method, answer) in &answers {
		for word in planted {
			let told = answer.contains(word) || answer.contains(&hex(word));
			assert!(!told, "{method} tells {word}");
		}
	}
	println!(
		"searched {searched} bytes of files, {} of state, {} answers of {} methods: 0 hits",
		dump.len(),
		answers.len(),
		methods.len()
	);
}

/// As nodes print bytes.
fn hex(word: &str) -> String {
	word.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
	bytes.windows(word.len()).any(|window| window == word)
}

async fn naming_somebody_elses_digest_gives_nothing_and_takes_nothing(consortium: &Consortium) {
	let ((ana, victim), (mallory, attacker)) =
		tokio::join!(consortium.patient(0), consortium.patient(0));
	let record = ana.adds("record", b"Ana's").await;
	let at = ana.client.chain().finalized().await.unwrap();
	let named = at.record(victim, record).await.unwrap().unwrap();

	let document = named.document.unwrap();
	let records = vec![NewRecord { document, in_reply_to: None }].try_into().unwrap();
	let call = Call::add_records(0, records, None);
	mallory.client.chain().submit(mallory.signer(), &call).await.unwrap();
	refused_with(mallory.reads(attacker, 0).await, 404);
	must(mallory.client.withdraw(&[0]).await);
	assert_eq!(ana.reads(victim, record).await.unwrap(), b"Ana's");
}

async fn header_of_another_record_does_not_make_a_patient_share_that_record(
	consortium: &Consortium,
) {
	let ((ana, patient), (mallory, mallory_id), (_, friend_id)) =
		tokio::join!(consortium.patient(0), consortium.doctor(1), consortium.doctor(1));
	let secret = ana.adds("secret", b"what Mallory may not pass on").await;
	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(mallory_id, terms).await.unwrap();

	// The whole header, with its authentication, before other content.
	let blob = blob_of(consortium, &ana, patient, secret).await;
	let mut ciphertext = std::fs::read(blob).unwrap();
	let header = medblock_client::medblock_crypto::check_header(&ciphertext).unwrap();
	for byte in &mut ciphertext[header + 16..] {
		*byte ^= 1;
	}
	let trap = smuggle(&mallory, patient, &ciphertext, |epoch, records| {
		Call::append_records(patient, epoch, records, None)
	})
	.await;
	let refused =
		ana.client.share(friend_id, &[trap], Terms::default(), &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Crypto(_)), "{refused}");

	// Only its stanza, under an authentication of its own, is refused too.
	let at = ana.client.chain().finalized().await.unwrap();
	let keys = at.chart_keys(patient).await.unwrap().unwrap();
	let own = encrypted(check_public_key(&keys.distributed.key).unwrap(), "bait", b"harmless");
	let own_header = medblock_client::medblock_crypto::check_header(&own).unwrap();
	let stanzas = |file: &[u8], end: usize| {
		let text = &file[..end];
		text.windows(4).position(|window| window == b"\n---").unwrap()
	};
	let mut spliced = ciphertext[..stanzas(&ciphertext, header)].to_vec();
	spliced.extend(&own[stanzas(&own, own_header)..]);
	let trap = smuggle(&mallory, patient, &spliced, |epoch, records| {
		Call::append_records(patient, epoch, records, None)
	})
	.await;
	let refused =
		ana.client.share(friend_id, &[trap], Terms::default(), &unwatched()).await.unwrap_err();
	assert!(matches!(refused, Error::Crypto(_)), "{refused}");
}

async fn record_that_is_sealed_to_an_older_epoch_than_it_says_is_flagged(consortium: &Consortium) {
	let ((ana, patient), (doctor, id)) = tokio::join!(consortium.patient(0), consortium.doctor(1));
	let at = ana.client.chain().finalized().await.unwrap();
	let old = at.chart_keys(patient).await.unwrap().unwrap().distributed.key;
	must(ana.client.rotate().await);
	let terms = Terms { may_append: true, expires_at: None };
	ana.client.grant(id, terms).await.unwrap();

	let stale =
		encrypted(check_public_key(&old).unwrap(), "stale", b"whoever had epoch 0 reads this");
	let append = |epoch, records| Call::append_records(patient, epoch, records, None);
	let record = smuggle(&doctor, patient, &stale, append).await;
	for reader in [&ana, &doctor] {
		let entries = reader.lists(patient).await;
		let title = entries[record as usize].title.as_ref().unwrap();
		assert_eq!(title.really_sealed_to, Some(0));
		assert_eq!(entries[record as usize].record.sealed_to, 2);
		let opened = reader
			.client
			.open(patient, record, &Folder::new(reader.home()), &unwatched())
			.await
			.unwrap();
		assert_eq!(opened.title.really_sealed_to, Some(0));
	}
}

async fn revocation_counts_before_it_is_final(consortium: &Consortium) {
	let ((ana, patient), (doctor, id)) = tokio::join!(consortium.patient(0), consortium.doctor(1));
	let record = ana.adds("record", b"read me").await;
	ana.client.grant(id, Terms::default()).await.unwrap();
	assert_eq!(doctor.reads(patient, record).await.unwrap(), b"read me");

	// Two of four nodes are gone: blocks still come, but none becomes final.
	consortium.network.kill(&[South, West]);
	let before = ana.client.chain().finalized().await.unwrap().number();
	let doctors = vec![id].try_into().unwrap();
	let chain = ana.client.chain().clone();
	let signer = ana.signer().clone();
	let revoke = Call::revoke_access(doctors, None);
	let revoking = tokio::spawn(async move { chain.submit(&signer, &revoke).await });
	eventually("the best block knows the revocation", || async {
		let at = ana.client.chain().best().await.ok()?;
		at.access(patient, id, Some(record)).await.ok()?.err()
	})
	.await;
	let at = ana.client.chain().finalized().await.unwrap();
	assert!(at.number() <= before + 3, "finality stalls");
	assert!(at.access(patient, id, Some(record)).await.unwrap().is_ok(), "it is not final");
	let vault = doctor.client.vault(HospitalId(0)).await.unwrap();
	let document = at.record(patient, record).await.unwrap().unwrap().document.unwrap();
	let item = medblock_client::vault::Item::Record(record);
	let refused = vault.beginning(patient, item, &document).await.unwrap_err();
	assert!(
		matches!(refused, Error::Vault(vault::Error::Refused { status: 403, .. })),
		"{refused}"
	);

	consortium.network.up(&[South, West]).await;
	revoking.await.unwrap().unwrap();
}

async fn people_move_to_another_hospital_and_take_their_charts_along(consortium: &Consortium) {
	let ((ana, patient), (ada, doctor)) = tokio::join!(consortium.patient(0), consortium.doctor(0));
	let before = ana.adds("letter", b"before the move").await;
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	let north = consortium.registrar(0).await;
	let east = consortium.registrar(1).await;
	let refused = east.client.take_in(medblock_primitives::Person::Patient(patient)).await;
	assert!(
		format!("{refused:?}").contains("NotMoving"),
		"nobody is taken in unasked: {refused:?}"
	);

	must(ana.client.request_move(Capacity::Patient, Some(HospitalId(1))).await);
	must(ada.client.request_move(Capacity::Doctor, Some(HospitalId(1))).await);
	let waiting = east.pending().await;
	assert_eq!(waiting.patients.iter().map(|one| one.id).collect::<Vec<_>>(), [patient]);
	assert_eq!(waiting.doctors.iter().map(|one| one.id).collect::<Vec<_>>(), [doctor]);
	must(ana.client.request_move(Capacity::Patient, None).await);
	assert_eq!(east.pending().await.patients.len(), 0, "she would rather stay");
	must(ana.client.request_move(Capacity::Patient, Some(HospitalId(1))).await);
	for person in
		[medblock_primitives::Person::Patient(patient), medblock_primitives::Person::Doctor(doctor)]
	{
		must(east.client.take_in(person).await);
		let refused = north.client.decide(person, Decision::Suspend).await;
		assert!(format!("{refused:?}").contains("OtherHospital"), "{refused:?}");
	}
	let after = ana.adds("second", b"after the move").await;
	assert_eq!(ada.reads(patient, before).await.unwrap(), b"before the move");
	assert_eq!(ada.reads(patient, after).await.unwrap(), b"after the move");
	let at = ana.client.chain().finalized().await.unwrap();
	let vault = |record: Record| record.document.unwrap().vault;
	let vaults = [before, after].map(|index| at.record(patient, index));
	let [first, second] = futures::future::join_all(vaults).await.try_into().ok().unwrap();
	assert_eq!(vault(first.unwrap().unwrap()), HospitalId(0), "files stay where they are");
	assert_eq!(vault(second.unwrap().unwrap()), HospitalId(1));

	let practice = Practice {
		name: "Dr. Ada Example".to_owned(),
		specialty: "cardiology".to_owned(),
		qualification: "MD, PhD".to_owned(),
		practising_since: 2001,
	};
	must(east.client.set_practice(doctor, &practice).await);
	let entry = ada.client.directory().await.unwrap().into_iter().find(|one| one.id == doctor);
	assert_eq!(entry.unwrap().profile, Some(practice.profile().unwrap()));
	let controller = Person::known(&consortium.network, "//Bob").await;
	must(controller.client.set_registration(RegistrationMode::Closed).await);
	let newcomer = consortium.newcomer().await;
	// No node takes it: an account that has nothing may send only what can succeed.
	let refused = newcomer.client.register_patient(HospitalId(1)).await;
	assert!(
		matches!(refused, Err(Error::Registration(registration::Error::Closed(HospitalId(1))))),
		"{refused:?}"
	);
	must(controller.client.set_registration(RegistrationMode::SponsoredOnly).await);
	let refused = newcomer.client.register_patient(HospitalId(1)).await;
	assert!(
		matches!(refused, Err(Error::Registration(registration::Error::NotInvited { .. }))),
		"{refused:?}"
	);
	must(east.client.sponsor(newcomer.client.keys().account(), true).await);
	must(newcomer.client.register_patient(HospitalId(1)).await);
	let refused = newcomer.client.register_patient(HospitalId(0)).await;
	assert!(format!("{refused:?}").contains("AlreadyRegistered"), "{refused:?}");
}

async fn revoking_in_the_middle_of_an_upload_makes_it_start_anew(consortium: &Consortium) {
	let ((ana, patient), (_, id)) = tokio::join!(consortium.patient(0), consortium.doctor(1));
	let [blobs, staging] =
		["blobs", "staging"].map(|name| consortium.gateways[0].data().join(name));
	let (kept_before, staged_before) = (files(&blobs), files(&staging));
	ana.client.grant(id, Terms::default()).await.unwrap();
	let file = large(&ana, "large", 512);
	let files_of = std::slice::from_ref(&file);
	let progress = unwatched();
	let adding = ana.client.add_records(files_of, &progress);
	let revoking = async {
		eventually("the upload has begun", || async {
			files(&staging).iter().any(|path| !staged_before.contains(path)).then_some(())
		})
		.await;
		let doctors = vec![id].try_into().unwrap();
		let call = Call::revoke_access(doctors, None);
		ana.client.chain().submit(ana.signer(), &call).await.unwrap()
	};
	let (added, _) = tokio::join!(adding, revoking);
	let receipt = must(added);
	let record = receipt.event("RecordsAdded").unwrap().number("first").unwrap();
	let at = ana.client.chain().finalized().await.unwrap();
	let named = at.record(patient, record).await.unwrap().unwrap();
	assert_eq!(named.sealed_to, 1, "sealed to the standby");
	let mut kept = files(&blobs);
	kept.retain(|path| path.extension().is_none() && !kept_before.contains(path));
	assert_eq!(kept.len(), 1, "the stale ciphertext is gone: {kept:?}");
	let content = ana.reads(patient, record).await.unwrap();
	assert!(content == std::fs::read(path_of(&file)).unwrap(), "byte for byte");
}

async fn killed_gateway_goes_on_where_it_was_and_never_serves_half_a_file(consortium: &Consortium) {
	let (ana, patient) = consortium.patient(0).await;
	let kept = ana.adds("small", b"acknowledged before").await;
	let file = large(&ana, "large", 256);
	let staging = consortium.gateways[0].data().join("staging");
	let staged_before = files(&staging);
	let (files_of, progress) = (std::slice::from_ref(&file), unwatched());
	let adding = ana.client.add_records(files_of, &progress);
	let gateway = &consortium.gateways[0];
	let interrupting = async {
		eventually("some of it has arrived", || async {
			let mut found = files(&staging);
			found.retain(|path| !staged_before.contains(path));
			let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |found| found.len());
			found.iter().any(|path| size(path) > 4 << 20).then_some(())
		})
		.await;
		gateway.kill();
		gateway.resume().await;
	};
	let (added, ()) = tokio::join!(adding, interrupting);
	let receipt = must(added);
	let record = receipt.event("RecordsAdded").unwrap().number("first").unwrap();
	assert!(ana.reads(patient, record).await.unwrap() == std::fs::read(path_of(&file)).unwrap());
	assert_eq!(ana.reads(patient, kept).await.unwrap(), b"acknowledged before");
}

async fn ciphertext_stays_at_the_patients_until_the_vault_says_that_it_is_safe(
	consortium: &Consortium,
) {
	let (ana, patient) = consortium.patient(0).await;
	// Two of four nodes are gone: blocks still come, but none becomes final.
	consortium.network.kill(&[South, West]);
	let file = ana.file("letter", b"kept until it is safe");
	let (files_of, progress) = (std::slice::from_ref(&file), unwatched());
	let adding = ana.client.add_records(files_of, &progress);
	let gateway = &consortium.gateways[0];
	let data = gateway.data();
	let interrupting = async {
		eventually("the best block names the record", || async {
			let at = ana.client.chain().best().await.ok()?;
			at.record(patient, 0).await.ok()?
		})
		.await;
		gateway.kill();
		consortium.network.up(&[South, West]).await;
	};
	let (added, ()) = tokio::join!(adding, interrupting);
	must(added);
	assert_eq!(ana.client.waiting(patient).await.unwrap(), 1, "the vault could not be asked");
	let settled = ana.client.settle_outbox(patient, &progress).await.unwrap();
	assert!(settled.problem.is_some_and(|why| why.is_unreachable()), "nor can it now");
	assert_eq!((settled.sent, settled.waiting), (0, 1));

	// Its disk is lost, too.
	let mut lost = files(&data.join("blobs"));
	assert!(!lost.is_empty(), "there is something to lose");
	lost.push(data.join("state.sqlite"));
	// What SQLite had not written into it, and nothing is left of that without it.
	let beside = ["state.sqlite-wal", "state.sqlite-shm"].map(|name| data.join(name));
	lost.extend(beside.into_iter().filter(|path| path.exists()));
	lost.iter().for_each(|path| std::fs::remove_file(path).unwrap());
	gateway.resume().await;
	let settled = ana.client.settle_outbox(patient, &progress).await.unwrap();
	assert_eq!((settled.sent, settled.waiting), (1, 0), "{settled:?}");
	assert_eq!(ana.reads(patient, 0).await.unwrap(), b"kept until it is safe");
}

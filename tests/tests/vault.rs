//! Charts and vaults under attack, and under bad luck: real files, nodes and gateways.

use futures::future::join_all;
use medblock_client::{
	Error, Keys,
	chain::Call,
	grants::{Confirmed, Terms},
	medblock_crypto::Mnemonic,
	vault::{self, copies, unwatched},
};
use medblock_e2e::{Consortium, Person, eventually, files, must};
use medblock_primitives::*;
use std::path::PathBuf;

#[path = "vault/attacks.rs"]
mod attacks;
#[path = "vault/bad_luck.rs"]
mod bad_luck;
#[path = "vault/homes.rs"]
mod homes;
#[path = "vault/moves.rs"]
mod moves;
#[path = "vault/rivals.rs"]
mod rivals;
#[path = "vault/secrets.rs"]
mod secrets;
#[path = "vault/shares.rs"]
mod shares;

/// People who have nothing to do with each other, on one network.
#[tokio::test]
async fn charts_are_shared_under_attack() {
	let consortium = Consortium::start().await;
	tokio::join!(
		attacks::naming_somebody_elses_digest_gives_nothing_and_takes_nothing(&consortium),
		attacks::header_of_another_record_does_not_make_a_patient_share_that_record(&consortium),
		attacks::record_that_is_sealed_to_an_older_epoch_than_it_says_is_flagged(&consortium),
		two_connections_of_an_account_send_at_once(&consortium),
		copy_of_an_accounts_keys_is_found_without_an_account(&consortium),
		titles_that_were_read_are_not_fetched_again(&consortium),
		shares::sharing_one_more_record_fetches_no_other(&consortium),
		homes::files_are_read_wherever_they_are(&consortium),
		rivals::revocations_that_are_sent_at_once_all_take_effect(&consortium),
	);
	secrets::records_and_notes_are_shared_and_nothing_of_them_is_readable_anywhere_else(
		&consortium,
	)
	.await;
	// Ends with a hospital that takes in only whom it has invited.
	moves::people_move_to_another_hospital_and_take_their_charts_along(&consortium).await;
}

/// On one network, which is put right again after each of them.
#[tokio::test]
async fn charts_are_shared_under_bad_luck() {
	let consortium = &Consortium::start().await;
	// All register before anything happens.
	let patients = join_all([0; 5].map(|hospital| consortium.patient(hospital)));
	let (patients, reader, (_, former)) =
		tokio::join!(patients, consortium.doctor(1), consortium.doctor(1));
	let [one, two, three, four, five] = &patients[..] else { panic!("five patients") };
	bad_luck::revocation_counts_before_it_is_final(consortium, one, &reader).await;
	bad_luck::revoking_in_the_middle_of_an_upload_makes_it_start_anew(consortium, two, former)
		.await;
	bad_luck::killed_gateway_goes_on_where_it_was_and_never_serves_half_a_file(consortium, three)
		.await;
	homes::dead_home_delays_no_file(consortium, four).await;
	// Ends with a vault that has lost what it had.
	bad_luck::ciphertext_stays_at_the_patients_until_the_vault_says_that_it_is_safe(
		consortium, five,
	)
	.await;
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
	// The second connection's node may be ahead of the first one's.
	eventually("all of them are final at the first node", || async {
		let at = one.client.chain().finalized().await.ok()?;
		(at.patient(patient).await.ok()??.records == 6).then_some(())
	})
	.await;
}

/// A new device has the passkey's locator, and nothing else.
async fn copy_of_an_accounts_keys_is_found_without_an_account(consortium: &Consortium) {
	let ((ana, _), (ben, _)) = tokio::join!(consortium.patient(1), consortium.patient(0));
	consortium.others_catch_up().await;
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

fn contains(bytes: &[u8], word: &[u8]) -> bool {
	bytes.windows(word.len()).any(|window| window == word)
}

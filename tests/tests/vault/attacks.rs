//! Files of an attacker's own making, named in charts.

use super::*;
use medblock_client::{
	medblock_crypto::{
		Digest as Hashing, Headers, PublicKey as CryptoKey, check_header, check_public_key, encrypt,
	},
	vault::Upload,
};
use medblock_platform::Folder;

pub(super) async fn naming_somebody_elses_digest_gives_nothing_and_takes_nothing(
	consortium: &Consortium,
) {
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

pub(super) async fn header_of_another_record_does_not_make_a_patient_share_that_record(
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
	let header = check_header(&ciphertext).unwrap();
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
	let own_header = check_header(&own).unwrap();
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

pub(super) async fn record_that_is_sealed_to_an_older_epoch_than_it_says_is_flagged(
	consortium: &Consortium,
) {
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

/// Uploads ciphertext of a person's own making, and names it in a chart.
async fn smuggle(
	who: &Person,
	patient: PatientId,
	ciphertext: &[u8],
	call: impl Fn(Epoch, NewRecords) -> Call,
) -> RecordIndex {
	let mut digest = Hashing::new();
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

//! Nodes and gateways that end at the wrong moment.

use super::*;
use medblock_client::NewFile;
use medblock_e2e::{
	Hospital::{South, West},
	new_file,
};
use medblock_platform::files::UserFile;
use std::{io::Write, path::Path};

pub(super) async fn revocation_counts_before_it_is_final(
	consortium: &Consortium,
	(ana, patient): &(Person, PatientId),
	(doctor, id): &(Person, DoctorId),
) {
	let (patient, id) = (*patient, *id);
	let record = ana.adds("record", b"read me").await;
	ana.client.grant(id, Terms::default()).await.unwrap();
	assert_eq!(doctor.reads(patient, record).await.unwrap(), b"read me");

	// Two of four nodes are gone: blocks still come, but none becomes final.
	consortium.network.kill(&[South, West]);
	let before = ana.client.chain().best().await.unwrap().number();
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

pub(super) async fn revoking_in_the_middle_of_an_upload_makes_it_start_anew(
	consortium: &Consortium,
	(ana, patient): &(Person, PatientId),
	id: DoctorId,
) {
	let patient = *patient;
	let [blobs, staging] =
		["blobs", "staging"].map(|name| consortium.gateways[0].data().join(name));
	let (kept_before, staged_before) = (files(&blobs), files(&staging));
	ana.client.grant(id, Terms::default()).await.unwrap();
	let file = large(ana, "large", 512);
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

pub(super) async fn killed_gateway_goes_on_where_it_was_and_never_serves_half_a_file(
	consortium: &Consortium,
	(ana, patient): &(Person, PatientId),
) {
	let patient = *patient;
	let kept = ana.adds("small", b"acknowledged before").await;
	let file = large(ana, "large", 256);
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

pub(super) async fn ciphertext_stays_at_the_patients_until_the_vault_says_that_it_is_safe(
	consortium: &Consortium,
	(ana, patient): &(Person, PatientId),
) {
	let patient = *patient;
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

fn path_of(file: &NewFile) -> &Path {
	match &file.file {
		UserFile::Given(path) => path,
		UserFile::Bytes { .. } | UserFile::Joined(_) => panic!("this is no file of one path"),
	}
}

/// A file of this many mebibytes that does not compress.
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

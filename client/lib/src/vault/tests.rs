//! Vaults that are away, and doors that did not know the account.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::notices::Notice;
use futures::future::join_all;
use medblock_crypto::Mnemonic;
use medblock_platform::{Files, Memory, clock::Instant};
use medblock_primitives::Document;
use std::{cell::Cell, net::TcpListener};

/// A port of this machine that takes connections and never answers.
fn a_silent_port() -> (TcpListener, Address) {
	let listener = TcpListener::bind("127.0.0.1:0").unwrap();
	let address = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
	(listener, address)
}

fn a_closed_port() -> Address {
	let (_, address) = a_silent_port();
	address
}

fn a_document() -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_640, vault: HospitalId(0) }
}

fn keys() -> Keys {
	Keys::from_seed(Mnemonic::generate().seed("")).unwrap()
}

#[test]
fn what_a_proxy_says_of_a_vault_that_is_away_passes() {
	let refused = |status: u16| {
		let (url, message) = ("https://a.example".to_owned(), String::new());
		let code = Reason::Unknown(status.to_string());
		Error::Refused { url, status, code, message, retry_after: None }.into()
	};
	for (status, passes) in [(502, true), (503, true), (504, true), (403, false), (507, false)] {
		assert_eq!(is_passing(&refused(status)), passes, "{status}");
	}
	assert!(!is_passing(&Error::ProxyLimit("https://a.example".to_owned()).into()));
}

#[tokio::test]
async fn vault_that_has_no_time_is_waited_for_as_it_asks_and_that_is_told() {
	let (vaults, keys, told) = (Vaults::new().unwrap(), keys(), Arc::new(Mutex::new(Vec::new())));
	let note = told.clone();
	let listener = move |notice: &Notice| note.lock().unwrap().push(notice.clone());
	vaults.notices.set(Arc::new(listener));
	let vault = vaults.at("https://a.example".parse().unwrap(), &keys, [7; 32]);
	let (asked, began) = (Cell::new(0), Instant::now());
	let answer = vault.patiently(|| async {
		asked.set(asked.get() + 1);
		let (url, message) = ("https://a.example".to_owned(), "it is upgraded".to_owned());
		let (code, retry_after) = (Reason::Unknown("503".to_owned()), Some(1));
		match asked.get() {
			1 => Err(Error::Refused { url, status: 503, code, message, retry_after }.into()),
			_ => Ok(7),
		}
	});
	assert_eq!(answer.await.unwrap(), 7);
	assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
	let why = "the vault at https://a.example can't do it now (it is upgraded)".to_owned();
	let expected = [Notice::Waiting { why, time: Duration::from_secs(1) }];
	assert_eq!(*told.lock().unwrap(), expected);
}

#[test]
fn reconnecting_forgets_no_refusal_and_registering_all() {
	let vaults = Vaults::new().unwrap();
	let door: Address = "https://a.example".parse().unwrap();
	vaults.declined.note(door.clone(), true);
	vaults.forget_places();
	assert!(vaults.declined.holds(&door), "a wallet's owner would be asked at each reconnection");
	vaults.registered();
	assert!(!vaults.declined.holds(&door));
}

#[test]
fn new_device_is_asked_about_once_for_the_person_whom_it_takes_over() {
	let vaults = Vaults::new().unwrap();
	let door: Address = "https://a.example".parse().unwrap();
	let [one, other] = [7, 8].map(|id| Person::Patient(PatientId(id)));
	vaults.declined.note(door.clone(), true);
	vaults.is_to_recover(one);
	assert!(!vaults.declined.holds(&door), "a sign-in may say more now");
	vaults.declined.note(door.clone(), true);
	vaults.is_to_recover(one);
	assert!(vaults.declined.holds(&door), "it would say the same");
	assert_eq!(vaults.recovers(), Some(one));
	vaults.is_to_recover(other);
	assert!(!vaults.declined.holds(&door));
	assert_eq!(vaults.recovers(), Some(other));
	vaults.declined.note(door.clone(), true);
	vaults.has_recovered();
	assert!(!vaults.declined.holds(&door), "it is the person's account now");
	assert_eq!(vaults.recovers(), None);
}

#[tokio::test]
async fn closed_vault_is_passed_over_at_once_if_another_may_have_the_document() {
	let (vaults, keys, address) = (Vaults::new().unwrap(), keys(), a_closed_port());
	let vault = vaults.at(address, &keys, [7; 32]).with(Patience::Short);
	let scratch = Memory::new().scratch("").await.unwrap();
	let (document, item, began) = (a_document(), Item::Record(0), Instant::now());
	let read = vault.beginning(PatientId(0), item, &document).await;
	assert!(read.unwrap_err().is_unreachable());
	let (file, progress) = (&scratch.file, unwatched());
	let downloaded = vault.download(PatientId(0), item, &document, file, &progress).await;
	assert!(downloaded.unwrap_err().is_unreachable());
	assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

/// A page of titles asks for several at once, and each begins with a sign-in.
#[tokio::test]
async fn vault_that_takes_requests_and_never_answers_delays_a_page_by_seconds() {
	let (vaults, keys, (listener, address)) = (Vaults::new().unwrap(), keys(), a_silent_port());
	let (document, began) = (a_document(), Instant::now());
	let read = join_all((0..8).map(|record| {
		let vault = vaults.at(address.clone(), &keys, [7; 32]).with(Patience::Short);
		let document = &document;
		async move { vault.beginning(PatientId(0), Item::Record(record), document).await }
	}));
	for outcome in read.await {
		assert!(outcome.unwrap_err().is_unreachable());
	}
	assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
	drop(listener);
}

//! Real proxies before the gateway, set up as they come: with the address to pass requests on to, and nothing else.

use super::*;
use crate::common::{chain::Person, ports::Port, proxy::Proxy};
use medblock_client::{NewFile, vault::unwatched};
use medblock_crypto::Headers;
use medblock_platform::{Memory, files::UserFile};
use medblock_primitives::PatientId;

/// Longer than what any of them takes in one request, or keeps in memory.
const LENGTH: usize = 9_000_000;

fn new_file(folder: &Path, content: &[u8]) -> NewFile {
	let path = folder.join("scan");
	std::fs::write(&path, content).unwrap();
	let headers = Headers {
		title: "Scan".into(),
		media_type: "application/octet-stream".into(),
		file_name: None,
		written_at: None,
	};
	NewFile { file: UserFile::Given(path), headers, in_reply_to: None }
}

/// A person adds a file through the proxy, and reads it.
async fn adds_and_reads(patient: &Person, id: PatientId, content: &[u8]) {
	let folder = tempfile::tempdir().unwrap();
	let file = new_file(folder.path(), content);
	let done = patient.client.add_records(&[file], &unwatched()).await.unwrap();
	let event = common::chain::receipt(&done).event("RecordsAdded").unwrap();
	let record = event.number("first").unwrap();
	let memory = Memory::new();
	let opened = patient.client.open(id, record, &memory, &unwatched()).await.unwrap();
	let mut read = Vec::new();
	std::io::Read::read_to_end(&mut opened.content.file.reader(), &mut read).unwrap();
	assert!(read == content);
}

/// A file goes to the vault once, and a vault that is away for some seconds is waited for.
async fn serves_behind(start: impl FnOnce(&str, &str) -> Proxy) {
	let port = Port::take();
	let listens = port.address();
	let url = format!("http://{listens}");
	let mut setup = Setup::start_with(&["--url", &url]).await;
	let gateway = setup.gateway.as_ref().unwrap().address.to_string();
	let _proxy = start(&listens, &gateway);
	setup.known("//Alice").await.client.set_gateway(&url).await.unwrap();
	let (patient, id) = setup.patient().await;
	adds_and_reads(&patient, id, &vec![7; LENGTH]).await;
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	let received = "medblock_gateway_received_bytes_total ";
	let received = metrics.lines().find_map(|line| line.strip_prefix(received)).unwrap();
	let received: usize = received.parse().unwrap();
	assert!((LENGTH..LENGTH + LENGTH / 20).contains(&received), "{received}: once, and whole");

	setup.kill_gateway();
	let adding = adds_and_reads(&patient, id, b"said while it was away");
	let returning = async {
		tokio::time::sleep(Duration::from_secs(3)).await;
		setup.resume().await;
	};
	tokio::join!(adding, returning);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_as_it_comes() {
	serves_behind(Proxy::nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_as_it_comes() {
	serves_behind(Proxy::caddy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_as_it_comes() {
	serves_behind(Proxy::haproxy).await;
}

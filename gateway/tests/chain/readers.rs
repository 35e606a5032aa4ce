//! Readers that take what they are given slowly, or not at all.

use super::*;
use common::chain::Session;
use std::net::SocketAddr;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::{TcpSocket, TcpStream},
};

/// Longer than what the two ends of a connection hold for a reader.
const LENGTH: usize = 8 << 20;

/// Asks for a record, through a connection whose system keeps little for the reader. Returns the connection once the
/// headers have come, with the status and what came with them.
async fn ask(at: SocketAddr, session: &Session, path: &str) -> (TcpStream, u16, usize) {
	let socket = TcpSocket::new_v4().unwrap();
	socket.set_recv_buffer_size(32 * 1024).unwrap();
	let mut stream = socket.connect(at).await.unwrap();
	let token = &session.token;
	let request =
		format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
	stream.write_all(request.as_bytes()).await.unwrap();
	let mut head = Vec::new();
	let end = loop {
		assert_ne!(stream.read_buf(&mut head).await.unwrap(), 0, "it is hung up on");
		if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
			break end + 4;
		}
	};
	let status = std::str::from_utf8(&head[9..12]).unwrap().parse().unwrap();
	(stream, status, head.len() - end)
}

#[tokio::test]
async fn who_reads_slowly_gets_all_of_it() {
	let setup = Setup::start_with(&["--idle-timeout", "30"]).await;
	let file = age_file(1, LENGTH);
	let Kept { own, path, .. } = Kept::new(&setup, &file).await;
	let at = setup.gateway.as_ref().unwrap().address;
	let (mut stream, status, mut came) = ask(at, &own, &path).await;
	assert_eq!(status, 200);
	// 20 kB a second, for longer than a connection may stand still.
	let mut piece = vec![0; 20_000];
	for _ in 0..40 {
		tokio::time::sleep(Duration::from_secs(1)).await;
		stream.read_exact(&mut piece).await.unwrap();
		came += piece.len();
	}
	let mut rest = vec![0; file.len() - came];
	stream.read_exact(&mut rest).await.unwrap();
	assert!(rest[..] == file[came..]);
}

#[tokio::test]
async fn who_reads_slowly_gets_no_more_once_access_has_ended() {
	let setup = Setup::start().await;
	let file = age_file(1, LENGTH);
	let (kept, (doctor, doctor_id)) = tokio::join!(Kept::new(&setup, &file), setup.doctor());
	let Kept { patient, path, .. } = kept;
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let doctors = setup.session(&doctor).await;
	let at = setup.gateway.as_ref().unwrap().address;
	let (mut stream, status, mut came) = ask(at, &doctors, &path).await;
	assert_eq!(status, 200);
	patient.client.revoke(&[doctor_id]).await.unwrap();
	let gateway = setup.gateway.as_ref().unwrap();
	let refused = r#"medblock_gateway_refusals_total{reason="not-granted"} 1"#;
	let deadline = Instant::now() + Duration::from_secs(90);
	while !gateway.metrics().await.contains(refused) {
		assert!(Instant::now() < deadline, "the answer is not cut");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
	// What the connection holds comes. The end may be a broken connection's.
	let mut rest = Vec::new();
	let _ = stream.read_to_end(&mut rest).await;
	came += rest.len();
	assert!(came < file.len() / 2, "{came} of {}", file.len());
}

#[tokio::test]
async fn who_stops_reading_gives_the_slot_back() {
	let options = ["--idle-timeout", "15", "--max-downloads-per-account", "1"];
	let setup = Setup::start_with(&options).await;
	let Kept { own, path, .. } = Kept::new(&setup, &age_file(1, LENGTH)).await;
	let at = setup.gateway.as_ref().unwrap().address;
	let (_stopped, status, _) = ask(at, &own, &path).await;
	assert_eq!(status, 200);
	assert_eq!(ask(at, &own, &path).await.1, 429);
	let deadline = Instant::now() + Duration::from_secs(90);
	while ask(at, &own, &path).await.1 != 200 {
		assert!(Instant::now() < deadline, "the slot does not come back");
		tokio::time::sleep(Duration::from_millis(200)).await;
	}
}

#[tokio::test]
async fn one_accounts_slow_reads_take_little_memory_and_nobodys_place() {
	let setup = Setup::start().await;
	let file = age_file(1, LENGTH);
	let Kept { own, path, .. } = Kept::new(&setup, &file).await;
	let Kept { own: others, path: theirs, .. } = Kept::new(&setup, &file).await;
	let gateway = setup.gateway.as_ref().unwrap();
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	let before = gateway.memory("VmRSS");
	let mut held = Vec::new();
	for number in 0..60 {
		let (stream, status, _) = ask(gateway.address, &own, &path).await;
		assert_eq!(status, if number < 16 { 200 } else { 429 }, "{number}");
		held.push(stream);
	}
	assert_eq!(others.send("GET", &theirs).await.status(), 200);
	// The other account's reading ends with its connection.
	let deadline = Instant::now() + Duration::from_secs(90);
	while !gateway.metrics().await.contains("medblock_gateway_downloads 16\n") {
		assert!(Instant::now() < deadline, "{}", gateway.metrics().await);
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
	let above = gateway.memory("VmRSS").saturating_sub(before);
	assert!(above <= 32 << 10, "{above} KiB above {before} KiB");
	drop(held);
	let deadline = Instant::now() + Duration::from_secs(90);
	while own.send("GET", &path).await.status() != 200 {
		assert!(Instant::now() < deadline, "the slots do not come back");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
}

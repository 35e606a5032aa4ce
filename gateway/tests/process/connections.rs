//! Limits of connections: their number, and the time that headers and bodies take.

use super::*;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::TcpSocket,
};

#[tokio::test]
async fn who_sends_no_headers_in_time_is_hung_up_on() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--header-timeout", "1"]);
	for (address, path) in [(gateway.address, "/v1/nothing"), (gateway.metrics_address, "/metrics")]
	{
		for begun in [String::new(), format!("GET {path} HT")] {
			let began = Instant::now();
			assert_eq!(raw(address, begun.as_bytes()), "");
			assert!(began.elapsed() < Duration::from_secs(10), "{begun:?}");
		}
		// Nor may a connection stay that has been of use before.
		let began = Instant::now();
		let answer = raw(address, format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes());
		assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
		assert!(began.elapsed() < Duration::from_secs(10), "{path}");
	}
}

#[tokio::test]
async fn who_announces_a_body_and_sends_none_is_told_so_and_hung_up_on() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--idle-timeout", "1"]);
	let in_chunks = BODY_TO_COME.replace("content-length: 4096", "transfer-encoding: chunked");
	for request in [BODY_TO_COME, &in_chunks] {
		let began = Instant::now();
		let answer = gateway.raw(request.as_bytes());
		assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
		assert!(answer.contains(r#""error":"body-timeout""#), "{answer}");
		assert!(began.elapsed() < Duration::from_secs(10));
	}
	let metrics = gateway.metrics().await;
	assert!(metrics.contains(r#"medblock_gateway_refusals_total{reason="body-timeout"} 2"#));
}

#[tokio::test]
async fn a_body_that_trickles_gets_no_more_time_than_one_that_does_not_come() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--idle-timeout", "1"]);
	let mut stream = TcpStream::connect(gateway.address).unwrap();
	stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
	stream.write_all(BODY_TO_COME.as_bytes()).unwrap();
	let began = Instant::now();
	// Until it is answered, or hung up on.
	loop {
		let _ = stream.write_all(b" ");
		match stream.peek(&mut [0; 1]) {
			Err(why) if why.kind() == ErrorKind::WouldBlock => (),
			_ => break,
		}
		assert!(began.elapsed() < Duration::from_secs(10), "it goes on");
	}
}

#[tokio::test]
async fn who_wants_no_body_does_not_wait_for_one() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let upload = format!("PATCH /v1/patients/1/uploads/{}", "ab".repeat(32));
	for (request, status) in [
		("GET /health", 503),
		("GET /v1/nothing", 404),
		("DELETE /v1/session", 401),
		(&upload, 401),
	] {
		let began = Instant::now();
		let announced = "host: x\r\ncontent-length: 100\r\n\r\n";
		let answer = gateway.raw(format!("{request} HTTP/1.1\r\n{announced}").as_bytes());
		assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
		assert!(began.elapsed() < Duration::from_secs(10), "{request}: it is hung up on");
	}
}

#[tokio::test]
async fn connections_that_send_no_body_give_their_places_back() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--max-connections", "2", "--idle-timeout", "1"]);
	let silent = [(); 2].map(|()| {
		let mut stream = TcpStream::connect(gateway.address).unwrap();
		stream.write_all(BODY_TO_COME.as_bytes()).unwrap();
		stream
	});
	let answer = gateway.raw(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
	assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
	drop(silent);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--max-connections", "2", "--header-timeout", "90"]);
	for (address, path, expected) in [
		(gateway.address, "/v1/nothing", "HTTP/1.1 404"),
		(gateway.metrics_address, "/metrics", "HTTP/1.1 200"),
	] {
		let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
		let open = |_| {
			let mut stream = TcpStream::connect(address).unwrap();
			stream.write_all(request.as_bytes()).unwrap();
			stream.read_exact(&mut [0; 12]).unwrap();
			stream
		};
		let busy: Vec<_> = (0..2).map(open).collect();
		let mut third = TcpStream::connect(address).unwrap();
		third.write_all(request.as_bytes()).unwrap();
		third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
		assert!(third.read_exact(&mut [0; 1]).is_err(), "it is not answered");
		drop(busy);
		third.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
		let mut status = [0; 12];
		third.read_exact(&mut status).unwrap();
		assert_eq!(status, expected.as_bytes());
	}
}

/// The time that a request waits for room that there is none of.
const IN_VAIN: Duration = Duration::from_secs(2);
/// The time that an answer may take if there is room. Shorter than a body may stand still, after which there is room again.
const SERVED: Duration = Duration::from_secs(25);

/// A connection from an address of this machine, with a request on it that was answered if there was room in this time.
async fn from(
	address: [u8; 4],
	gateway: &Gateway,
	time: Duration,
) -> (tokio::net::TcpStream, bool) {
	let socket = TcpSocket::new_v4().unwrap();
	socket.bind((address, 0).into()).unwrap();
	let mut stream = socket.connect(gateway.address).await.unwrap();
	// A connection beyond the limit may be closed already.
	let _ = stream.write_all(b"GET /v1/nothing HTTP/1.1\r\nhost: x\r\n\r\n").await;
	let mut status = [0; 12];
	let answered = tokio::time::timeout(time, stream.read_exact(&mut status));
	let is_answered = answered.await.is_ok_and(|read| read.is_ok());
	(stream, is_answered)
}

#[tokio::test]
async fn one_address_leaves_connections_to_the_others() {
	let data = tempfile::tempdir().unwrap();
	// No address of this machine is a proxy's, as if clients came from elsewhere.
	let options = ["--max-connections", "8", "--proxy", "192.0.2.1", "--header-timeout", "90"];
	let gateway = bound(data.path(), &options);
	let mut held = Vec::new();
	for number in 0..8 {
		let time = if number < 2 { SERVED } else { IN_VAIN };
		let (stream, is_answered) = from([127, 0, 0, 2], &gateway, time).await;
		assert_eq!(is_answered, number < 2, "{number}");
		held.push(stream);
	}
	let (_other, is_answered) = from([127, 0, 0, 3], &gateway, SERVED).await;
	assert!(is_answered, "another address has a share of its own");
	held.truncate(1);
	let deadline = Instant::now() + Duration::from_secs(60);
	while !from([127, 0, 0, 2], &gateway, IN_VAIN).await.1 {
		assert!(Instant::now() < deadline, "places do not come back");
	}
}

#[tokio::test]
async fn a_proxys_address_may_have_all_connections() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--max-connections", "8"]);
	let mut held = Vec::new();
	for number in 0..8 {
		let (stream, is_answered) = from([127, 0, 0, 2], &gateway, SERVED).await;
		assert!(is_answered, "{number}");
		held.push(stream);
	}
}

#[tokio::test]
async fn clients_behind_a_proxy_have_so_many_requests_each() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &["--connections-per-address", "2"]);
	let silent = |client: &str| {
		let mut stream = TcpStream::connect(gateway.address).unwrap();
		let header = format!("host: x\r\nx-forwarded-for: {client}");
		stream.write_all(BODY_TO_COME.replace("host: x", &header).as_bytes()).unwrap();
		stream
	};
	let ask = |client: &str| {
		let request = format!(
			"GET /v1/nothing HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {client}\r\n\
			 connection: close\r\n\r\n"
		);
		gateway.raw(request.as_bytes())
	};
	let held = [silent("203.0.113.9"), silent("203.0.113.9")];
	let deadline = Instant::now() + Duration::from_secs(90);
	let answer = loop {
		let answer = ask("203.0.113.9");
		if answer.starts_with("HTTP/1.1 429") {
			break answer;
		}
		assert!(Instant::now() < deadline, "there is no end to it: {answer}");
	};
	assert!(answer.contains("too-many-requests"), "{answer}");
	assert!(ask("203.0.113.10").starts_with("HTTP/1.1 404"), "another client has its own");
	drop(held);
	while !ask("203.0.113.9").starts_with("HTTP/1.1 404") {
		assert!(Instant::now() < deadline, "they do not come back");
	}
}

#[tokio::test]
async fn six_hundred_slow_connections_of_one_address_leave_the_others_served() {
	let data = tempfile::tempdir().unwrap();
	// No address of this machine is a proxy's, as if clients came from elsewhere.
	let gateway = bound(data.path(), &["--proxy", "192.0.2.1"]);
	let mut held = Vec::new();
	for _ in 0..600 {
		let socket = TcpSocket::new_v4().unwrap();
		socket.bind(([127, 0, 0, 2], 0).into()).unwrap();
		let Ok(mut stream) = socket.connect(gateway.address).await else { continue };
		let _ = stream.write_all(BODY_TO_COME.as_bytes()).await;
		held.push(stream);
	}
	let began = Instant::now();
	let (_stream, is_answered) = from([127, 0, 0, 3], &gateway, SERVED).await;
	assert!(is_answered, "after {:?}", began.elapsed());
	assert!(gateway.metrics().await.contains("medblock_gateway_connections 129"));
}

//! Requests natively, to a server that writes down what it hears.

use futures::StreamExt;
use medblock_platform::{Files, Memory, http};
use std::{
	io::{Read, Write},
	net::TcpListener,
	sync::{Arc, Mutex},
	thread::{self, JoinHandle},
};

/// Answers one request, and gives what was asked.
fn answering(answer: &'static str, body: usize) -> (String, JoinHandle<String>) {
	let listener = TcpListener::bind("127.0.0.1:0").unwrap();
	let url = format!("http://{}/", listener.local_addr().unwrap());
	let heard = thread::spawn(move || {
		let (mut connection, _) = listener.accept().unwrap();
		let mut heard = Vec::new();
		let mut piece = [0; 4_096];
		loop {
			let read = connection.read(&mut piece).unwrap();
			heard.extend_from_slice(&piece[..read]);
			let head = heard.windows(4).position(|four| four == b"\r\n\r\n");
			if read == 0 || head.is_some_and(|head| heard.len() >= head + 4 + body) {
				break;
			}
		}
		connection.write_all(answer.as_bytes()).unwrap();
		String::from_utf8(heard).unwrap()
	});
	(url, heard)
}

#[tokio::test]
async fn part_of_a_file_is_streamed_with_its_progress() {
	let (url, heard) = answering("HTTP/1.1 204 No Content\r\n\r\n", 600_000);
	let scratch = Memory::new().scratch("").await.unwrap();
	scratch.file.write_at(&vec![b'x'; 700_000], 0).unwrap();
	let seen = Arc::new(Mutex::new(Vec::new()));
	let note = seen.clone();
	let progress: http::Progress =
		Arc::new(move |done, total| note.lock().unwrap().push((done, total)));
	let client = http::client("test/1").unwrap();
	let request = client.patch(&url).header("Content-Length", 600_000);
	let part = http::Part {
		file: &scratch.file,
		from: 100_000,
		length: 600_000,
		total: 700_000,
		progress: &progress,
	};
	assert_eq!(http::send_file(request, part).await.unwrap().unwrap().status(), 204);
	let heard = heard.join().unwrap();
	assert!(heard.starts_with("PATCH / HTTP/1.1\r\n"));
	assert!(heard.contains("user-agent: test/1\r\n"), "{}", &heard[..200]);
	assert!(heard.ends_with(&"x".repeat(600_000)));
	assert_eq!(*seen.lock().unwrap(), [(362_144, 700_000), (624_288, 700_000), (700_000, 700_000)]);
}

#[tokio::test]
async fn redirect_is_not_followed() {
	let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
	let (url, heard) = answering(answer, 0);
	let request = http::client("test/1").unwrap().get(&url);
	assert_eq!(http::send(request).await.unwrap().status(), 302);
	heard.join().unwrap();
}

#[tokio::test]
async fn answer_comes_in_pieces_and_its_early_end_is_an_error() {
	let (url, heard) = answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfive", 0);
	let answer = http::send(http::client("test/1").unwrap().get(&url)).await.unwrap();
	let mut pieces = http::pieces(answer);
	assert_eq!(pieces.next().await.unwrap().unwrap(), "five");
	let error = pieces.next().await.unwrap().unwrap_err();
	assert!(!error.to_string().contains("127.0.0.1"), "{error}");
	heard.join().unwrap();
}

#[tokio::test]
async fn error_names_its_cause_but_not_the_address() {
	let listener = TcpListener::bind("127.0.0.1:0").unwrap();
	let url = format!("http://{}/v1/patients/7", listener.local_addr().unwrap());
	drop(listener);
	let error = http::send(http::client("test/1").unwrap().get(&url)).await.unwrap_err();
	assert!(error.to_string().contains("refused"), "{error}");
	assert!(!error.to_string().contains("patients"), "{error}");
}

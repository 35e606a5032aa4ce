//! A large file over a slow line, through nginx as it comes.

use super::{
	super::sharing::random_file,
	report, seconds,
	servers::{free_address, proxy::Proxy},
};
use axum::{Router, body::Body, extract::DefaultBodyLimit, routing::put};
use futures::StreamExt;
use medblock_client::vault::unwatched;
use medblock_e2e::{Consortium, Gateway, Line, Network, Person, must, new_file};
use std::{
	path::Path,
	time::{Duration, Instant},
};
use tokio_util::io::ReaderStream;

/// Sends a file of so many mebibytes at so many bytes a second, and beside it one of the same length without MedBlock, over
/// another line of the same pace.
pub async fn run(mebibytes: u64, pace: u64) {
	let network = Network::start().await;
	let listens = free_address();
	let gateway = format!("127.0.0.1:{}", network.gateway_port(0));
	let _nginx = Proxy::nginx(&listens, &gateway);
	let line = Line::to(&listens, Some(pace)).await;
	let _gateway = Gateway::hidden(&network, 0, &line.url()).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(&line.url()).await);
	let (ana, _) = consortium.patient(0).await;
	let path = ana.home().join("large");
	random_file(&path, mebibytes);

	let before = line.sent();
	let sending = async {
		let began = Instant::now();
		let file = new_file(path.clone(), "large");
		let receipt = must(ana.client.add_records(&[file], &unwatched()).await);
		began.elapsed().saturating_sub(receipt.took)
	};
	let (took, plainly) = tokio::join!(sending, copies(&path, pace));
	let length = (mebibytes << 20) as f64;
	report(&format!("{mebibytes} MiB at {pace} bytes a second, through nginx"), seconds(took));
	report("the same by plain HTTP, over a line of the same pace", seconds(plainly));
	let ratio = took.as_secs_f64() / plainly.as_secs_f64();
	report("time of the one against the other", format!("{ratio:.3}"));
	let sent = (line.sent() - before) as f64 / length;
	report("bytes over the line, for each byte of the file", format!("{sent:.3}"));
	assert!(sent < 1.02, "it was sent once");
}

/// Sends a file to a server that only counts it, and returns how long that took.
async fn copies(path: &Path, pace: u64) -> Duration {
	let app = Router::new().route("/", put(takes)).layer(DefaultBodyLimit::disable());
	let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
	let address = listener.local_addr().expect("an address").to_string();
	tokio::spawn(async move { axum::serve(listener, app).await });
	let line = Line::to(&address, Some(pace)).await;
	let file = tokio::fs::File::open(path).await.expect("a file");
	let length = file.metadata().await.expect("a length").len();
	let began = Instant::now();
	let body = reqwest::Body::wrap_stream(ReaderStream::with_capacity(file, 1 << 18));
	let answer = reqwest::Client::new().put(line.url()).body(body).send().await;
	let taken = answer.expect("an answer").text().await.expect("a number");
	assert_eq!(taken, length.to_string());
	began.elapsed()
}

async fn takes(body: Body) -> String {
	let mut pieces = body.into_data_stream();
	let mut taken = 0;
	while let Some(piece) = pieces.next().await {
		taken += piece.expect("bytes").len();
	}
	taken.to_string()
}

//! What sharing costs: memory and throughput of a large file, and how a large chart responds.
//!
//! Usage: `medblock-e2e sharing [MEBIBYTES] [RECORDS]`; 1024 and 10000 if left out. Starts a network and
//! two gateways of its own, prints one table, and compares the large file with encrypting it and
//! copying it over plain HTTP, in the same run on the same disks. `scripts/measure-sharing` builds and
//! runs it.

use axum::{Router, body::Body, extract::State, routing::get};
use futures::StreamExt;
use medblock_client::{
	NewFile,
	grants::Terms,
	medblock_crypto::{EpochSecret, Headers, Key, encrypt, open},
	vault::unwatched,
};
use medblock_e2e::{Consortium, Person, arguments::numbers, must, new_file};
use medblock_platform::Folder;
use medblock_primitives::*;
use std::{
	error::Error,
	fs::File,
	io::{BufReader, BufWriter, Read, Write},
	path::{Path, PathBuf},
	time::{Duration, Instant},
};
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let [mebibytes, records] = numbers(arguments, [("MEBIBYTES", 1_024), ("RECORDS", 10_000)])?;
	let records = usize::try_from(records)?;
	let consortium = Consortium::start().await;
	large_file(&consortium, mebibytes).await;
	large_chart(&consortium, records).await;
	Ok(())
}

/// A line of the report.
fn report(what: &str, value: String) {
	println!("{what:<58} {value:>14}");
}

async fn large_file(consortium: &Consortium, mebibytes: u64) {
	let (ana, patient) = consortium.patient(0).await;
	let (doctor, id) = consortium.doctor(1).await;
	ana.client.grant(id, Terms::default()).await.expect("a grant");
	let plain = ana.home().join("large");
	random_file(&plain, mebibytes);
	let gateway = consortium.gateways[0].pid();
	let (idle, gateway_idle) = (reset_peak("self"), reset_peak(&gateway.to_string()));

	let started = Instant::now();
	let file = new_file(plain.clone(), "large");
	let receipt = must(ana.client.add_records(&[file], &unwatched()).await);
	let uploading = started.elapsed().saturating_sub(receipt.took);
	let started = Instant::now();
	let opened = doctor
		.client
		.open(patient, 0, &Folder::new(doctor.home()), &unwatched())
		.await
		.expect("the record");
	let downloading = started.elapsed();
	// Before the comparison, which takes memory, too.
	let (most, gateway_most) = (peak("self"), peak(&gateway.to_string()));
	let opened = opened.content.into_path().expect("a path");
	assert!(same(&plain, &opened), "byte for byte");
	let mib = |kib: u64| format!("{:.1} MiB", kib as f64 / 1_024.0);
	report("client's peak memory above idle", mib(most.saturating_sub(idle)));
	report("gateway's peak memory above idle", mib(gateway_most.saturating_sub(gateway_idle)));
	drop(opened);

	let plainly = baseline(ana.home(), &plain).await;
	let rate = |time: Duration| format!("{:.0} MiB/s", mebibytes as f64 / time.as_secs_f64());
	report("encrypt and upload", rate(uploading));
	report("encrypt and copy by plain HTTP", rate(plainly.0));
	report("download, verify and decrypt", rate(downloading));
	report("copy by plain HTTP and decrypt", rate(plainly.1));
	let (ours, theirs) = (uploading + downloading, plainly.0 + plainly.1);
	let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
	report("time of both, against plain", format!("{ratio:.2}"));
}

/// The same work without MedBlock: encrypt to a file, copy that to a server and back, decrypt.
async fn baseline(folder: &Path, plain: &Path) -> (Duration, Duration) {
	let stored = folder.join("stored");
	let app = Router::new()
		.route("/", get(serve).put(store))
		.layer(axum::extract::DefaultBodyLimit::disable())
		.with_state(stored.clone());
	let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
	let url = format!("http://{}/", listener.local_addr().expect("an address"));
	tokio::spawn(async move { axum::serve(listener, app).await });
	let http = reqwest::Client::new();
	let secret = EpochSecret::from_bytes([7; 32]);

	let started = Instant::now();
	let ciphertext = folder.join("ciphertext");
	let (to, source, target) = (secret.public_key(), plain.to_owned(), ciphertext.clone());
	let encrypting = move || {
		let headers = Headers {
			title: "large".to_owned(),
			media_type: "application/octet-stream".to_owned(),
			file_name: None,
			written_at: None,
		};
		let input = File::open(source).expect("a file");
		let length = input.metadata().expect("a length").len();
		let mut output = BufWriter::with_capacity(1 << 18, File::create(target).expect("a file"));
		encrypt(&[to], &headers, input, length, &mut output).expect("it encrypts");
		output.flush().expect("space");
	};
	tokio::task::spawn_blocking(encrypting).await.expect("it encrypts");
	let file = tokio::fs::File::open(&ciphertext).await.expect("a file");
	let body = reqwest::Body::wrap_stream(ReaderStream::with_capacity(file, 1 << 18));
	let answer = http.put(&url).body(body).send().await.expect("an answer");
	assert!(answer.status().is_success());
	let uploading = started.elapsed();

	let started = Instant::now();
	let fetched = folder.join("fetched");
	let mut stream = http.get(&url).send().await.expect("an answer").bytes_stream();
	let mut file = tokio::fs::File::create(&fetched).await.expect("a file");
	while let Some(piece) = stream.next().await {
		file.write_all(&piece.expect("bytes")).await.expect("space");
	}
	file.sync_all().await.expect("a disk");
	let identity = secret.identity();
	let target = folder.join("decrypted");
	let decrypting = move || {
		let input = BufReader::with_capacity(1 << 18, File::open(fetched).expect("a file"));
		let (_, mut body) = open(Key::Identities(&[identity]), input).expect("it opens");
		let mut output = File::create(target).expect("a file");
		std::io::copy(&mut body, &mut output).expect("it decrypts");
		output.sync_all().expect("a disk");
	};
	tokio::task::spawn_blocking(decrypting).await.expect("it decrypts");
	(uploading, started.elapsed())
}

async fn store(State(path): State<PathBuf>, body: Body) {
	let mut file = tokio::fs::File::create(&path).await.expect("a file");
	let mut stream = body.into_data_stream();
	while let Some(piece) = stream.next().await {
		file.write_all(&piece.expect("bytes")).await.expect("space");
	}
	file.sync_all().await.expect("a disk");
}

async fn serve(State(path): State<PathBuf>) -> Body {
	let file = tokio::fs::File::open(&path).await.expect("a file");
	Body::from_stream(ReaderStream::with_capacity(file, 1 << 18))
}

async fn large_chart(consortium: &Consortium, records: usize) {
	let (ana, patient) = consortium.patient(0).await;
	let (doctor, id) = consortium.doctor(1).await;
	let (writer, writer_id) = consortium.doctor(1).await;
	let terms = Terms { may_append: true, ..Terms::default() };
	ana.client.grant(writer_id, terms).await.expect("a grant");
	for (size, label) in [(0, "an empty chart"), (records, "the large chart")] {
		fill(&ana, &writer, patient, size).await;
		let started = Instant::now();
		ana.client.grant(id, Terms::default()).await.expect("a grant");
		report(&format!("grant, {label}, until final"), seconds(started));
		let started = Instant::now();
		let at = doctor.client.chain().finalized().await.expect("a block");
		let page = doctor.client.list(&at, patient, None, Some(100), &unwatched()).await;
		let page = page.expect("a list").items;
		assert_eq!(page.len(), size.min(100));
		assert!(page.iter().all(|entry| entry.title.is_ok()), "every title can be read");
		report(&format!("list of the first 100 titles, {label}"), seconds(started));
		let started = Instant::now();
		ana.client.revoke(&[id]).await.expect("a revocation");
		report(&format!("revoke with a new key, {label}, until final"), seconds(started));
	}
	report("records in the large chart", records.to_string());
	let started = Instant::now();
	assert_eq!(ana.lists(patient).await.len(), records);
	report("list of all titles", seconds(started));
}

/// Adds records by the hundred until there are this many: three quarters by the patient, the others by
/// a doctor, since neither's allowance is for 10,000 in one evening.
pub(super) async fn fill(ana: &Person, writer: &Person, patient: PatientId, records: usize) {
	let started = Instant::now();
	let files: Vec<NewFile> =
		(0..records).map(|number| ana.file(&format!("record-{number}"), b"short")).collect();
	let (own, others) = files.split_at(records * 3 / 4);
	for batch in own.chunks(MAX_BATCH as usize) {
		must(ana.client.add_records(batch, &unwatched()).await);
		eprintln!(
			"{:.0} s: the patient has added {}",
			started.elapsed().as_secs_f64(),
			batch.len()
		);
	}
	for batch in others.chunks(MAX_BATCH as usize) {
		must(writer.client.append_records(patient, batch, &unwatched()).await);
		eprintln!("{:.0} s: a doctor has added {}", started.elapsed().as_secs_f64(), batch.len());
	}
}

fn seconds(started: Instant) -> String {
	format!("{:.2} s", started.elapsed().as_secs_f64())
}

/// Forgets a process's peak memory; gives what it uses now, in KiB.
fn reset_peak(process: &str) -> u64 {
	std::fs::write(format!("/proc/{process}/clear_refs"), "5").expect("Linux");
	peak(process)
}

/// The most memory that a process has used, in KiB.
fn peak(process: &str) -> u64 {
	let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux");
	let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
	line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number")
}

pub(super) fn random_file(path: &Path, mebibytes: u64) {
	let mut random = File::open("/dev/urandom").expect("Linux");
	let mut piece = vec![0; 1 << 20];
	let mut file = File::create(path).expect("a file");
	for _ in 0..mebibytes {
		random.read_exact(&mut piece).expect("random bytes");
		file.write_all(&piece).expect("space");
	}
	file.sync_all().expect("a disk");
}

fn same(one: &Path, two: &Path) -> bool {
	let open = |path: &Path| BufReader::with_capacity(1 << 20, File::open(path).expect("a file"));
	let (mut one, mut two) = (open(one), open(two));
	let (mut left, mut right) = (vec![0; 1 << 20], vec![0; 1 << 20]);
	loop {
		let count = one.read(&mut left).expect("a file");
		if count == 0 {
			return two.read(&mut right).expect("a file") == 0;
		}
		if two.read_exact(&mut right[..count]).is_err() || left[..count] != right[..count] {
			return false;
		}
	}
}

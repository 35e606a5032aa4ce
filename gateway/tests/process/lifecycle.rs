//! Start, signals, settings and certificates.

use super::*;
use common::s3::Service;

#[tokio::test]
async fn an_address_that_is_taken_is_said_with_its_option() {
	let data = tempfile::tempdir().unwrap();
	let other = TcpListener::bind("127.0.0.1:0").unwrap();
	let taken = other.local_addr().unwrap().to_string();
	for [free, wanted] in [["--metrics-listen", "--listen"], ["--listen", "--metrics-listen"]] {
		let options = [free, "127.0.0.1:0", wanted, &taken];
		let output = command(data.path()).args(NO_NODE).args(options).output().unwrap();
		assert_eq!(output.status.code(), Some(1));
		let said = String::from_utf8_lossy(&output.stderr).into_owned();
		let expected = format!("error: {wanted}: {taken} can't be listened on: ");
		assert!(said.contains(&expected), "{said}");
	}
}

#[tokio::test]
async fn a_signal_ends_it_once_running_requests_are_answered() {
	let data = tempfile::tempdir().unwrap();
	let mut gateway = bound(data.path(), &[]);
	let mut running = TcpStream::connect(gateway.address).unwrap();
	let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
		content-length: 2\r\nexpect: 100-continue\r\n\r\n";
	running.write_all(head.as_bytes()).unwrap();
	// It has begun to read the body when it says to go on.
	let mut go_on = [0; 25];
	running.read_exact(&mut go_on).unwrap();
	assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
	gateway.signal("TERM");
	gateway.wait_for_log("ending");
	running.write_all(b"[]").unwrap();
	let mut answer = String::new();
	running.read_to_string(&mut answer).unwrap();
	assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
	assert_eq!(gateway.wait(), Some(0));
	for address in [gateway.address, gateway.metrics_address] {
		assert!(TcpStream::connect(address).is_err());
	}
}

#[tokio::test]
async fn a_vault_without_a_certificate_is_not_ended_by_a_reload() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	gateway.signal("HUP");
	gateway.wait_for_log("no certificate to read again");
	assert_eq!(get(&gateway, "/v1/nothing").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_signal_ends_it_when_nobody_reads_its_log_any_more() {
	let data = tempfile::tempdir().unwrap();
	let mut process =
		command(data.path()).args(NO_NODE).args(["--listen", "127.0.0.1:0"]).spawn().unwrap();
	let mut log = BufReader::new(process.stderr.take().unwrap());
	let mut line = String::new();
	while !line.contains("listening") {
		line.clear();
		assert!(log.read_line(&mut line).unwrap() > 0, "it listens");
	}
	drop(log);
	let id = process.id().to_string();
	assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
	let deadline = Instant::now() + Duration::from_secs(90);
	let ended = loop {
		match process.try_wait().unwrap() {
			Some(status) => break status.code(),
			None if Instant::now() > deadline => {
				process.kill().unwrap();
				panic!("it goes on");
			},
			None => tokio::time::sleep(Duration::from_millis(20)).await,
		}
	};
	assert_eq!(ended, Some(0));
}

#[tokio::test]
async fn one_gateway_at_a_time_uses_a_folder_and_only_its_hospitals() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let said = |output: std::process::Output| {
		assert_eq!(output.status.code(), Some(1));
		String::from_utf8_lossy(&output.stderr).into_owned()
	};
	let second = command(data.path()).args(NO_NODE).output().unwrap();
	assert!(said(second).contains("another gateway uses"));
	drop(gateway);
	let binding = json!({ "genesis": "0x00", "hospital": 5 });
	std::fs::write(data.path().join("vault.json"), binding.to_string()).unwrap();
	let other = command(data.path()).args(NO_NODE).output().unwrap();
	assert!(said(other).contains("belong to hospital 5"));
}

#[tokio::test]
async fn settings_that_can_not_be_used_are_a_usage_error() {
	let data = tempfile::tempdir().unwrap();
	for (wrong, word) in [
		(["--url", "http://gateway.example"].as_slice(), "--url"),
		(&["--store", "ftp://x"], "--store"),
		(&["--tls-key", "x"], "--tls-certificate"),
	] {
		let output = command(data.path()).args(NO_NODE).args(wrong).output().unwrap();
		assert_eq!(output.status.code(), Some(2), "{wrong:?}");
		assert!(String::from_utf8_lossy(&output.stderr).contains(word));
	}
}

#[tokio::test]
async fn the_exit_code_is_the_same_when_nobody_reads_why() {
	let data = tempfile::tempdir().unwrap();
	let other = TcpListener::bind("127.0.0.1:0").unwrap();
	let taken = other.local_addr().unwrap().to_string();
	for (wrong, code) in [(["--url", "http://gateway.example"], 2), (["--listen", &taken], 1)] {
		let (reader, writer) = std::io::pipe().unwrap();
		drop(reader);
		let ended = command(data.path()).args(NO_NODE).args(wrong).stderr(writer).status();
		assert_eq!(ended.unwrap().code(), Some(code), "{wrong:?}");
	}
}

#[tokio::test]
async fn tls_is_spoken_and_its_certificate_renewed() {
	let data = tempfile::tempdir().unwrap();
	let [certificate, key] = ["cert.pem", "key.pem"].map(|name| data.path().join(name));
	let issue = |last_year| issue(data.path(), last_year);
	let first = issue(2050);
	let paths = [certificate.to_str().unwrap(), key.to_str().unwrap()];
	let gateway = bound(data.path(), &["--tls-certificate", paths[0], "--tls-key", paths[1]]);
	let url = format!("https://localhost:{}/v1/nothing", gateway.address.port());
	let answer = first.get(&url).send().await.unwrap();
	let found = (answer.status(), answer.version());
	assert_eq!(found, (StatusCode::NOT_FOUND, reqwest::Version::HTTP_2));
	let expires = "medblock_gateway_certificate_expires_timestamp_seconds";
	// 1 January 2050, then 2051.
	let shown = gateway.metrics().await;
	assert!(shown.contains(&format!("{expires} 2524608000")), "{shown}");
	let in_clear = gateway.raw(b"GET /v1/nothing HTTP/1.1\r\nhost: x\r\n\r\n");
	assert!(!in_clear.contains("not-found"), "{in_clear}");
	let second = issue(2051);
	gateway.signal("HUP");
	gateway.wait_for_log("read again");
	assert_eq!(second.get(&url).send().await.unwrap().status(), 404);
	assert!(gateway.metrics().await.contains(&format!("{expires} 2556144000")));
	std::fs::write(&certificate, "nothing").unwrap();
	gateway.signal("HUP");
	gateway.wait_for_log("the old certificate stays");
	assert_eq!(second.get(&url).send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_is_not_there_is_said_at_the_start() {
	let service = Service::start().await;
	let data = tempfile::tempdir().unwrap();
	let endpoint = service.endpoint();
	let gateway =
		bound(data.path(), &["--store", "s3://nowhere/north", "--s3-endpoint", &endpoint]);
	gateway.wait_for_log("the service has no bucket nowhere");
	let (status, health) = get(&gateway, "/health").await;
	assert_eq!((status.as_u16(), &health["reason"]), (503, &json!("store-failed")));
	assert!(health["message"].as_str().unwrap().contains("no bucket nowhere"), "{health}");
	assert!(gateway.metrics().await.contains("medblock_gateway_store_answers 0"));
}

/// Runs a command beside the gateway, and returns its exit code and what it printed.
fn beside(data: &Path, arguments: &[&str]) -> (i32, String) {
	let node = ["--node", "ws://127.0.0.1:1"];
	let ran = command(data).args(node).args(arguments).output().unwrap();
	(ran.status.code().unwrap(), String::from_utf8(ran.stdout).unwrap())
}

#[tokio::test]
async fn an_administrator_looks_after_the_files_while_the_gateway_runs() {
	let data = tempfile::tempdir().unwrap();
	let gateway = bound(data.path(), &[]);
	let (code, said) = beside(data.path(), &["vault", "verify"]);
	assert_eq!(
		(code, said.as_str()),
		(0, "0 of 0 files hashed, 0 bytes: 0 damaged, 0 unreadable\n")
	);
	let digest = "ab".repeat(32);
	let folder = data.path().join("blobs/7/ab");
	std::fs::create_dir_all(&folder).unwrap();
	std::fs::write(folder.join(&digest), "other bytes").unwrap();
	let (code, said) = beside(data.path(), &["vault", "verify"]);
	assert_eq!(code, 3);
	assert!(said.starts_with(&format!("damaged: 7/ab/{digest}\n1 of 1 files hashed")), "{said}");
	let (code, said) = beside(data.path(), &["vault", "verify", "--json", "--set-aside"]);
	let said: Value = serde_json::from_str(&said).unwrap();
	assert_eq!((code, &said["damaged"][0]["digest"]), (3, &digest.into()));
	assert_eq!(beside(data.path(), &["vault", "verify"]).0, 0, "it is out of the way");

	let limits = || async {
		let answer = reqwest::get(gateway.url("/v1/limits")).await.unwrap();
		answer.json::<Value>().await.unwrap()
	};
	assert_eq!(limits().await["backedUp"], Value::Null);
	let began = |time| beside(data.path(), &["vault", "backed-up", "--began", time]).0;
	assert_eq!([began("yesterday"), began("2999-01-01T00:00:00Z")], [1, 1]);
	assert_eq!(began("2020-01-01T02:00:00Z"), 0);
	assert_eq!(limits().await["backedUp"], "2020-01-01T02:00:00Z");
}

//! Two gateways of one vault: behind a balancer, over one bucket and one PostgreSQL.

use super::*;
use common::{
	Gateway,
	balancer::Balancer,
	chain::{Person, Session},
	postgres::Server,
};
use medblock_primitives::PatientId;
use std::net::SocketAddr;
use tempfile::TempDir;

/// What the gateways need, and they.
pub(super) struct Two {
	pub(super) setup: Setup,
	pub(super) server: Server,
	_service: Option<Service>,
	balancer: Balancer,
	options: Vec<String>,
	data: [TempDir; 2],
	pub(super) gateways: [Option<Gateway>; 2],
}

impl Two {
	async fn start(more: &[&str]) -> Self {
		let service = Service::start().await;
		let two = Self::over(&service.endpoint(), more).await;
		Self { _service: Some(service), ..two }
	}

	/// Over the bucket of a service that runs already.
	pub(super) async fn over(endpoint: &str, more: &[&str]) -> Self {
		let server = Server::start();
		let mut setup = Setup::start().await;
		// The one that it starts has its own files.
		setup.kill_gateway();
		let mut options = vec!["--node".to_owned(), setup.node_url().to_owned()];
		for (option, value) in [
			("--store", STORE.to_owned()),
			("--s3-endpoint", endpoint.to_owned()),
			("--state", server.url()),
			("--sweep-interval", "1".to_owned()),
		] {
			options.extend([option.to_owned(), value]);
		}
		options.extend(more.iter().map(ToString::to_string));
		let balancer = Balancer::start(setup.address(), Vec::new()).await;
		let data = [(); 2].map(|()| tempfile::tempdir().unwrap());
		let gateways = [None, None];
		let _service = None;
		let mut two = Self { setup, server, _service, balancer, options, data, gateways };
		(0..2).for_each(|index| two.resume(index));
		two
	}

	/// Starts a gateway with the same files as before.
	pub(super) fn resume(&mut self, index: usize) {
		let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
		self.gateways[index] = Some(Gateway::start(self.data[index].path(), &options));
		self.balancer.set(self.addresses());
	}

	/// Ends a gateway as a power failure would.
	pub(super) fn kill(&mut self, index: usize) {
		self.gateways[index] = None;
		self.balancer.set(self.addresses());
	}

	fn addresses(&self) -> Vec<SocketAddr> {
		self.gateways.iter().flatten().map(|one| one.address).collect()
	}

	/// A patient, and their session at each gateway.
	async fn patient(&self) -> (Person, PatientId, [Session; 2]) {
		let (patient, id) = self.setup.patient().await;
		// The challenge is of one gateway, and the token of the other.
		let session = self.setup.session(&patient).await;
		let sessions = self.gateways.each_ref().map(|one| session.at(one.as_ref().unwrap()));
		(patient, id, sessions)
	}
}

/// Whether the vault has all of an upload, and how many bytes otherwise.
pub(super) async fn progress(session: &Session, id: PatientId, file: &[u8]) -> Option<(bool, u64)> {
	progress_at(session, &upload_path(id, file)).await
}

/// The same, of the upload at a path.
pub(super) async fn progress_at(session: &Session, path: &str) -> Option<(bool, u64)> {
	let answer = session.request("HEAD", path).send().await.ok()?;
	let header = |name: &str| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
	Some((header("upload-complete")? == "?1", header("upload-offset")?.parse().ok()?))
}

/// Waits until something is so.
pub(super) async fn until<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
	let deadline = Instant::now() + Duration::from_secs(90);
	while !ask().await {
		assert!(Instant::now() < deadline, "{what}");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_are_one_vault() {
	let two = Two::start(&[]).await;
	let (patient, id, [first, second]) = two.patient().await;
	let file = age_file(1, 1 << 20);
	assert_eq!(first.upload(id, &file).await.status(), 201);
	assert_eq!(progress(&second, id, &file).await, Some((true, file.len() as u64)));
	let record = two.setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	for session in [&first, &second, &first] {
		assert!(session.send("GET", &path).await.bytes().await.unwrap() == file);
	}
	let list = format!("/v1/patients/{}/disclosures", id.0);
	for session in [&first, &second] {
		let page: Value = session.send("GET", &list).await.json().await.unwrap();
		let items = page["items"].as_array().unwrap().iter();
		let numbers: Vec<_> = items.map(|one| one["number"].as_u64().unwrap()).collect();
		assert_eq!(numbers, [0, 1, 2]);
	}
	assert_eq!(second.refusal("DELETE", &upload_path(id, &file)).await, refused(409, "referenced"));
	assert_eq!(second.send("DELETE", "/v1/session").await.status(), 204);
	until("the other one hears of it", || async {
		first.refusal("GET", &path).await == refused(401, "not-signed-in")
	})
	.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_have_one_quota() {
	let two = Two::start(&["--quota-per-account", "1MiB"]).await;
	let (_, id, [first, second]) = two.patient().await;
	let files = [1, 2].map(|seed| age_file(seed, 600 << 10));
	assert_eq!(first.upload(id, &files[0]).await.status(), 201);
	let answer = second.upload(id, &files[1]).await;
	let body: Value = answer.json().await.unwrap();
	assert_eq!(body["error"], "quota-exceeded");
	assert_eq!(second.send("DELETE", &upload_path(id, &files[0])).await.status(), 204);
	assert_eq!(second.upload(id, &files[1]).await.status(), 201);
	assert_eq!(progress(&first, id, &files[0]).await, None);
}

/// Of a machine without a line, the database hears as little.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_gateway_leads_when_the_one_that_led_stands_still() {
	let two = Two::start(&[]).await;
	let leads = |gateway: &Gateway| gateway.log().contains(r#""leads":true"#);
	let gateways: Vec<&Gateway> = two.gateways.iter().flatten().collect();
	until("one leads", || async { gateways.iter().any(|&one| leads(one)) }).await;
	let first = gateways.iter().position(|&one| leads(one)).unwrap();
	gateways[first].signal("STOP");
	until("the other one leads", || async { leads(gateways[1 - first]) }).await;
	gateways[first].signal("CONT");
	until("the first one knows", || async { gateways[first].log().contains(r#""leads":false"#) })
		.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_gateway_goes_on_when_the_other_is_gone_and_both_when_the_database_is_back() {
	let mut two = Two::start(&[]).await;
	let (_, id, [first, second]) = two.patient().await;
	let file = age_file(1, 1 << 20);
	let half = file.len() / 2;
	let begin = first.request("PATCH", &upload_path(id, &file)).header("upload-offset", 0);
	let begin = begin.header("upload-length", file.len()).body(file[..half].to_vec());
	assert_eq!(begin.send().await.unwrap().status(), 202);
	assert_eq!(progress(&first, id, &file).await, Some((false, half as u64)));
	two.kill(0);
	// The other one has them from the bucket.
	assert_eq!(progress(&second, id, &file).await, Some((false, half as u64)));
	let rest = second.request("PATCH", &upload_path(id, &file)).header("upload-offset", half);
	assert_eq!(rest.body(file[half..].to_vec()).send().await.unwrap().status(), 201);
	two.resume(0);
	let first = first.at(two.gateways[0].as_ref().unwrap());
	assert_eq!(progress(&first, id, &file).await, Some((true, file.len() as u64)));

	two.server.kill();
	let other = age_file(2, 1_000);
	let refusal = second.upload(id, &other).await;
	assert_eq!(refusal.status(), 503);
	let body: Value = refusal.json().await.unwrap();
	assert_eq!(body["error"], "state-failed");
	let health = two.gateways[1].as_ref().unwrap().url("/health");
	until("it says so", || async {
		let said: Value = reqwest::get(health.as_str()).await.unwrap().json().await.unwrap();
		said["status"] == "degraded" && said["reason"] == "state-failed"
	})
	.await;
	let metrics = two.gateways[1].as_ref().unwrap().metrics().await;
	assert!(metrics.contains("\nmedblock_gateway_state_answers 0\n"), "{metrics}");
	two.server.start_again();
	until("both go on", || async {
		second.upload(id, &other).await.status() == 201
			&& progress(&first, id, &other).await.is_some_and(|(is_whole, _)| is_whole)
	})
	.await;
	let gateway = two.gateways[1].as_ref().unwrap();
	until("its figures say so", || async {
		gateway.metrics().await.contains("\nmedblock_gateway_state_answers 1\n")
	})
	.await;
}

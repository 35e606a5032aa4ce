//! Throughput of one gateway against two, over the same bucket and the same database.

use super::{
	report, seconds,
	servers::{
		balancer::Balancer,
		free_address,
		postgres::Server,
		s3::{KEY, REGION, SECRET, STORE, Service},
	},
};
use futures::future::join_all;
use medblock_client::vault::unwatched;
use medblock_e2e::{Consortium, Network, Person, Running, eventually, must};
use medblock_launcher::{Lifetime, Vault};
use medblock_platform::Memory;
use medblock_primitives::PatientId;
use std::{
	net::SocketAddr,
	time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long small records are read.
const READING: Duration = Duration::from_secs(20);
/// The same before anything counts: connections are there then, and caches are warm. Else the first round has to pay for that.
const WARMING: Duration = Duration::from_secs(2);

/// So many people add and read records of so many mebibytes, all at the same time: first through two gateways, and then
/// others through one of them.
pub async fn run(people: u64, mebibytes: u64) {
	let (service, server) = (Service::start().await, Server::start());
	let network = Network::start().await;
	let address = free_address();
	let url = format!("http://{address}");
	let both = [(); 2].map(|()| Gateway::new(&network, &url, &service, &server));
	let balancer = Balancer::start(&address, Vec::new()).await;
	for gateway in &both {
		gateway.serves().await;
	}
	let addresses: Vec<SocketAddr> = both.iter().map(|one| one.address).collect();
	balancer.set(addresses.clone());
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(&url).await);

	measure(&consortium, people, 1, WARMING).await;
	let mut rates = Vec::new();
	for gateways in [2, 1] {
		balancer.set(addresses[..gateways].to_vec());
		let measured = measure(&consortium, people, mebibytes, READING).await;
		for (what, rate) in measured.lines() {
			report(&format!("{what}, {gateways} gateways"), format!("{rate:.1}"));
		}
		rates.push(measured);
	}
	let [two, one] = &rates[..] else { return };
	for ((what, two), (_, one)) in two.lines().into_iter().zip(one.lines()) {
		report(&format!("{what}, two against one"), format!("{:.2}", two / one));
	}
}

/// What came of one round.
struct Measured {
	/// MiB a second.
	adding: f64,
	/// MiB a second.
	opening: f64,
	/// Small records a second.
	reading: f64,
}

impl Measured {
	fn lines(&self) -> [(&'static str, f64); 3] {
		[
			("MiB/s encrypted and uploaded", self.adding),
			("MiB/s downloaded and decrypted", self.opening),
			("small records opened a second", self.reading),
		]
	}
}

async fn measure(consortium: &Consortium, people: u64, mebibytes: u64, time: Duration) -> Measured {
	let patients = join_all((0..people).map(|_| consortium.patient(0))).await;
	let content = vec![7; (mebibytes << 20) as usize];
	let total = (people * mebibytes) as f64;

	let began = Instant::now();
	let adding = patients.iter().map(async |(ana, _)| {
		let file = ana.file("large", &content);
		let receipt = must(ana.client.add_records(&[file], &unwatched()).await);
		began.elapsed().saturating_sub(receipt.took)
	});
	let took = join_all(adding).await.into_iter().max().unwrap_or_default();
	eprintln!("all has been added after {}", seconds(began.elapsed()));
	let adding = total / took.as_secs_f64();

	let began = Instant::now();
	join_all(patients.iter().map(async |(ana, patient)| opens(ana, *patient, 0).await)).await;
	let opening = total / began.elapsed().as_secs_f64();

	join_all(patients.iter().map(async |(ana, _)| ana.adds("small", b"short").await)).await;
	let began = Instant::now();
	let reading = patients.iter().map(async |(ana, patient)| {
		let mut read = 0_u32;
		while began.elapsed() < time {
			opens(ana, *patient, 1).await;
			read += 1;
		}
		read
	});
	let read: u32 = join_all(reading).await.into_iter().sum();
	Measured { adding, opening, reading: f64::from(read) / began.elapsed().as_secs_f64() }
}

async fn opens(ana: &Person, patient: PatientId, record: u32) {
	let opened = ana.client.open(patient, record, &Memory::new(), &unwatched()).await;
	opened.unwrap_or_else(|why| panic!("{why}"));
}

/// One of the gateways of the first hospital. Ends when it is dropped.
struct Gateway {
	_running: Running,
	vault: Vault,
	address: SocketAddr,
	_folder: TempDir,
}

impl Gateway {
	/// Starts it.
	fn new(network: &Network, url: &str, service: &Service, server: &Server) -> Self {
		let folder = TempDir::new().expect("a folder");
		let address: SocketAddr = free_address().parse().expect("an address");
		let node = network.url(0);
		let vault = Vault::new(folder.path(), 0, &node, address.port(), Lifetime::Attached);
		let vault = vault.expect("a folder").known_as(Some(url));
		let vault = vault.with(&["--witness", &network.url(1), "--store", STORE]);
		let vault = vault.with(&["--s3-endpoint", &service.endpoint(), "--state", &server.url()]);
		let environment =
			[("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_REGION", REGION)]
				.map(|(name, value)| (name.to_owned(), value.to_owned()));
		vault.spawn(&environment).unwrap_or_else(|why| panic!("{why}"));
		let running = Running::guard(vault.daemon());
		Self { _running: running, vault, address, _folder: folder }
	}

	/// Waits until it does.
	async fn serves(&self) {
		let health = format!("{}/health", self.vault.own_url());
		eventually("the gateway is healthy", || async {
			let answer = reqwest::get(&health).await;
			answer.is_ok_and(|answer| answer.status().is_success()).then_some(())
		})
		.await;
	}
}

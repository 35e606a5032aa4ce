//! A person whose network lets nothing out but through a proxy, as their environment names it.

use medblock_client::medblock_crypto::Mnemonic;
use medblock_e2e::{ConnectProxy, Consortium, Gateway, Network, Person, Program, Secured, must};
use tempfile::TempDir;

/// The exit code when a node or a vault can't be reached.
const NETWORK: i32 = 6;

const NORTH: &str = "vault.north.example";
const EAST: &str = "vault.east.example";

/// A network whose gateways are known by names to which only the proxy leads.
async fn behind(proxy: &ConnectProxy, secured: &Secured) -> (Consortium, Vec<Gateway>) {
	let consortium = Consortium::without_gateways(Network::start().await);
	let mut gateways = Vec::new();
	for (hospital, name, controller) in [(0, NORTH, "//Alice"), (1, EAST, "//Bob")] {
		let url = format!("https://{name}");
		let gateway = Gateway::hidden(&consortium.network, hospital, &url).await;
		let own = gateway.own_url();
		let address = secured.before(own.strip_prefix("http://").unwrap()).await;
		proxy.leads(name, &address);
		let staff = Person::known(&consortium.network, controller).await;
		must(staff.client.set_gateway(&url).await);
		gateways.push(gateway);
	}
	(consortium, gateways)
}

#[tokio::test]
async fn vaults_and_nodes_are_reached_through_the_proxy_and_this_machine_without() {
	let (folder, proxy) = (TempDir::new().unwrap(), ConnectProxy::start().await);
	let secured = Secured::new(folder.path(), &[NORTH, EAST]);
	let (consortium, _gateways) = behind(&proxy, &secured).await;
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	consortium.admit(&ana, 0).await;
	let file = folder.path().join("letter");
	std::fs::write(&file, "through the proxy").unwrap();
	let file = file.display().to_string();
	let add = ["record", "add", &file, "--json"];
	let certificate = secured.certificate();
	let environment = [("HTTPS_PROXY", proxy.url()), ("SSL_CERT_FILE", &certificate[..])];

	// Both nodes are doors, and the vault is behind one of them.
	let doors = [NORTH, EAST].map(|name| format!("wss://{name}/v1/rpc"));
	let program = Program::at_nodes(&doors, &words).await;
	let ran = program.run_in(&add, &environment).await;
	assert_eq!(ran.code, 0, "{ran:?}");
	assert_eq!(ran.json().unwrap()["records"], serde_json::json!([0]));
	let (of_north, of_east) = (proxy.asked(NORTH), proxy.asked(EAST));
	assert!(of_north >= 2 && of_east >= 1, "{of_north} and {of_east}: the node and the vault");
	let opened = folder.path().join("opened");
	let open = ["record", "open", "0", "--output", &opened.display().to_string()];
	let ran = program.run_in(&open, &environment).await;
	assert_eq!(ran.code, 0, "{ran:?}");
	assert_eq!(std::fs::read_to_string(&opened).unwrap(), "through the proxy");

	// Nodes on this machine are reached without it, and the vault is not.
	let near = Program::with_words(&consortium.network, &words).await;
	let before = proxy.all();
	let ran = near.run_in(&["patient", "show"], &environment).await;
	assert_eq!(ran.code, 0, "{ran:?}");
	assert_eq!(proxy.all(), before, "a node on this machine was asked through the proxy");
	let ran = near.run_in(&add, &environment).await;
	assert_eq!(ran.code, 0, "{ran:?}");
	assert!(proxy.all() > before);

	// A proxy that refuses, or is none, is told.
	proxy.refuse(true);
	let ran = program.run_in(&["patient", "show"], &environment).await;
	assert_eq!(ran.code, NETWORK, "{ran:?}");
	assert!(ran.said.contains("proxy") && ran.said.contains("answered 403"), "{ran:?}");
	let environment = [("HTTPS_PROXY", "socks5://127.0.0.1:1080")];
	let ran = program.run_in(&["patient", "show"], &environment).await;
	assert_eq!(ran.code, NETWORK, "{ran:?}");
	assert!(ran.said.contains("names no proxy that can be used"), "{ran:?}");
}

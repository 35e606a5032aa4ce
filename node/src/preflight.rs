//! Checks before a node starts: a mistake gives one clear sentence, before anything has changed.

use medblock_runtime::OpaqueBlock as Block;
use sc_cli::{CryptoScheme, Error};
use sc_network::multiaddr::{Multiaddr, Protocol};
use sc_service::{BlocksPruning, BuildGenesisBlock, Configuration, GenesisBlockBuilder};
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as _;
use std::{
	net::{IpAddr, SocketAddr, TcpListener},
	path::Path,
	sync::Arc,
};

/// Refuses to start if another process holds a port that the node needs. The libraries would go on
/// without the port, or on another one, and the node would be unreachable.
pub fn ports(config: &Configuration) -> Result<(), Error> {
	let listening = config.network.listen_addresses.iter().filter_map(tcp);
	for address in listening {
		free(address, "--port", "other nodes")?;
	}
	for endpoint in config.rpc.addr.iter().flatten() {
		if !endpoint.is_optional {
			free(endpoint.listen_addr, "--rpc-port", "JSON-RPC")?;
		}
	}
	if let Some(prometheus) = &config.prometheus_config {
		free(prometheus.port, "--prometheus-port", "metrics")?;
	}
	Ok(())
}

/// Refuses to run a node that deletes old blocks. A node that catches up asks each connected node; if
/// one of them lacks the blocks, it asks that one again and again, and gets no further. ADR 20.
pub fn old_blocks(config: &Configuration) -> Result<(), Error> {
	match config.blocks_pruning {
		BlocksPruning::KeepAll | BlocksPruning::KeepFinalized => Ok(()),
		BlocksPruning::Some(_) => Err(Error::Input(
			"--blocks-pruning can only be `archive` or `archive-canonical`: while a node without old \
			blocks is connected, no new node can catch up"
				.into(),
		)),
	}
}

fn free(address: SocketAddr, option: &str, purpose: &str) -> Result<(), Error> {
	if address.port() == 0 {
		return Ok(());
	}
	match TcpListener::bind(address) {
		Err(why) if why.kind() == std::io::ErrorKind::AddrInUse => Err(Error::Input(format!(
			"port {} for {purpose} is in use by another process: stop that one, or choose another \
			port with {option}",
			address.port()
		))),
		_ => Ok(()),
	}
}

fn tcp(address: &Multiaddr) -> Option<SocketAddr> {
	let mut parts = address.iter();
	let ip: IpAddr = match parts.next()? {
		Protocol::Ip4(ip) => ip.into(),
		Protocol::Ip6(ip) => ip.into(),
		_ => return None,
	};
	match parts.next()? {
		Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
		_ => None,
	}
}

/// Refuses a session key that no validator can use. In the keystore it would do nothing, and the
/// validator would author nothing for no visible reason.
pub fn key_type(kind: &str, scheme: CryptoScheme) -> Result<(), Error> {
	match (kind, scheme) {
		("aura", CryptoScheme::Sr25519) | ("gran", CryptoScheme::Ed25519) => Ok(()),
		("aura", _) => Err(Error::Input("aura keys are sr25519: use --scheme sr25519".into())),
		("gran", _) => Err(Error::Input("gran keys are ed25519: use --scheme ed25519".into())),
		_ => Err(Error::Input(format!(
			"a validator's key types are aura and gran; there is no {kind} on this chain"
		))),
	}
}

/// Refuses to start if the disk is about to fill up. A database that cannot write would stop the node
/// at a worse moment.
pub fn free_space(path: &Path, minimum_mib: u64) -> Result<(), Error> {
	let free = free_mib(path)?;
	if free < minimum_mib {
		return Err(Error::Input(format!(
			"only {free} MiB are free where {} lies, and the node wants {minimum_mib}: free some \
			space, choose another --base-path, or lower --minimum-free-space",
			path.display()
		)));
	}
	Ok(())
}

/// The free MiB on the disk of `path`, which need not exist yet.
pub fn free_mib(path: &Path) -> Result<u64, Error> {
	let existing = path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
	let bytes = fs4::available_space(existing).map_err(|why| {
		Error::Input(format!("cannot see how much space {} has: {why}", existing.display()))
	})?;
	Ok(bytes / (1024 * 1024))
}

/// Refuses a database of another chain. The SDK tells chains apart only by their ids, and two consortia
/// may have chosen the same.
pub fn same_genesis<C, B, E>(
	config: &Configuration,
	client: &C,
	backend: Arc<B>,
	executor: E,
) -> Result<(), Error>
where
	C: HeaderBackend<Block>,
	B: sc_client_api::Backend<Block> + 'static,
	E: sc_executor::RuntimeVersionOf + Clone,
{
	let builder = GenesisBlockBuilder::<Block, B, E>::new(
		config.chain_spec.as_storage_builder(),
		false,
		backend,
		executor,
	)?;
	let (genesis, _) = builder.build_genesis_block().map_err(sc_service::Error::from)?;
	let (expected, found) = (genesis.header().hash(), client.info().genesis_hash);
	if expected != found {
		return Err(Error::Input(format!(
			"the data in {} belongs to another chain: its genesis is {found:?}, that of \"{}\" is \
			{expected:?}. Choose another --base-path, or delete the old data with \
			`medblock-node purge-chain`",
			config.base_path.path().display(),
			config.chain_spec.name(),
		)));
	}
	Ok(())
}

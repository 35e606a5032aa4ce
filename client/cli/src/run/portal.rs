//! `medblock portal`.

use crate::{
	cli::{Portal as Options, PortalCommand},
	describe,
	exit::{Code, Failure},
	output::Table,
	session::Session,
};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, StatusCode, body::Incoming, service::service_fn};
use hyper_util::{
	rt::{TokioExecutor, TokioIo, TokioTimer},
	server::conn::auto::Builder,
};
use medblock_client::{chain::Chain, council::portal_releases};
use medblock_platform::disk;
use medblock_portal_files::{Digest, Fault, Listing, Manifest, Origin, Policy, Portal, Remote};
use medblock_vault_protocol::Address;
use medblock_views::{PortalRelease, SeatStatus};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
	convert::Infallible,
	fmt::Display,
	net::{IpAddr, Ipv4Addr, Ipv6Addr},
	path::Path,
	sync::Arc,
	time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// The most bytes of a manifest.
const MAX_MANIFEST: usize = 2 * 1024 * 1024;
/// Connections at once: a browser opens six.
const CONNECTIONS: usize = 64;
/// The time for a request's headers.
const HEADERS: Duration = Duration::from_secs(10);

/// Runs a command about the portal.
pub async fn run(options: Options, session: &Session<'_>) -> Result<(), Failure> {
	match options.command {
		Some(PortalCommand::Verify { url, folder, without_chain }) => {
			verify(&url, folder.as_deref(), without_chain, session).await
		},
		Some(PortalCommand::Releases) => releases(session).await,
		None => serve(&options.folder, options.port, session).await,
	}
}

fn open(folder: &Path) -> Result<Portal, Failure> {
	let failed = |why| Failure::new(Code::Local, format!("the portal can't be served: {why}"));
	Portal::open(folder).map_err(failed)
}

/// Serves the folder until a signal ends it.
async fn serve(folder: &Path, port: u16, session: &Session<'_>) -> Result<(), Failure> {
	let portal = open(folder)?;
	let policy = Policy::new(&hospitals(&portal, session).await, false);
	let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
	let mut listeners = Vec::new();
	let mut problem = None;
	for address in loopback {
		match TcpListener::bind((address, port)).await {
			Ok(listener) => listeners.push(listener),
			Err(why) => problem = Some(why),
		}
	}
	// One of the two suffices: `localhost` may have no address in IPv6.
	let port = match (listeners.first().and_then(|one| one.local_addr().ok()), problem) {
		(Some(address), _) => address.port(),
		(None, Some(why)) => {
			return Err(Failure::new(Code::Local, format!("cannot listen on port {port}: {why}")));
		},
		(None, None) => return Err(Failure::new(Code::Local, "there is no loopback address")),
	};
	let digest = portal.digest();
	let (url, sha256) = (format!("http://localhost:{port}"), digest.to_string());
	let text = format!("The portal is at {url}\nIts digest is {sha256}\nCtrl-C ends it.");
	session.output.result(&json!({ "url": url, "digest": sha256 }), text)?;
	let served = Arc::new((portal, policy));
	let room = Arc::new(Semaphore::new(CONNECTIONS));
	let accepting = listeners.into_iter().map(|one| accept(one, served.clone(), room.clone()));
	// Readers need not wait for the nodes' answer.
	futures::join!(futures::future::join_all(accepting), tell_listing(session, digest));
	Ok(())
}

/// Says whether the hospitals list the portal that is served.
async fn tell_listing(session: &Session<'_>, portal: Digest) {
	match listing(session, portal).await {
		Ok(Listing::Unlisted) => session.output.warn(
			"the hospitals do not list this portal: install one that they list (`medblock portal releases`)",
		),
		Ok(listing) => session.output.note(listing_text(&listing)),
		Err(why) => session
			.output
			.warn(format!("whether the hospitals list this portal is not known: {}", why.message)),
	}
}

async fn accept(listener: TcpListener, served: Arc<(Portal, Policy)>, room: Arc<Semaphore>) {
	loop {
		let Ok(place) = room.clone().acquire_owned().await else { return };
		let Ok((stream, _)) = listener.accept().await else {
			// Too many open files, for instance: some will be closed.
			tokio::time::sleep(Duration::from_millis(100)).await;
			continue;
		};
		let served = served.clone();
		tokio::spawn(async move {
			let service = service_fn(move |request| {
				let answer = answer(&served, &request);
				async move { Ok::<_, Infallible>(answer) }
			});
			let mut server = Builder::new(TokioExecutor::new()).http1_only();
			server.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
			// A client that went away is no problem.
			let _ = server.serve_connection(TokioIo::new(stream), service).await;
			drop(place);
		});
	}
}

fn answer(served: &(Portal, Policy), request: &Request<Incoming>) -> Response<Full<Bytes>> {
	let (portal, policy) = served;
	let (method, path) = (request.method(), request.uri().path());
	match portal.answer(method, path, request.headers(), policy) {
		Some(answer) => answer.map(Full::new),
		None => {
			let mut answer = Response::new(Full::default());
			*answer.status_mut() = StatusCode::NOT_FOUND;
			answer
		},
	}
}

/// The hospitals that pages may ask: those that the portal itself names, and, if a node answers, all active ones.
async fn hospitals(portal: &Portal, session: &Session<'_>) -> Vec<Origin> {
	let mut found: Vec<Origin> = named(portal);
	match on_chain(session).await {
		Ok(active) => {
			for origin in active {
				if !found.contains(&origin) {
					found.push(origin);
				}
			}
		},
		Err(why) => session.output.warn(format!(
			"no node says which hospitals there are ({}), so the portal asks only those that it names itself",
			why.message
		)),
	}
	found
}

/// The portal's own list of hospitals.
const CONSORTIUM: &str = "/consortium.json";

fn named(portal: &Portal) -> Vec<Origin> {
	#[derive(Deserialize)]
	struct Hospital {
		url: String,
	}
	#[derive(Deserialize)]
	struct Consortium {
		hospitals: Vec<Hospital>,
	}
	let found = portal.bytes(CONSORTIUM).and_then(|bytes| serde_json::from_slice(&bytes).ok());
	let Some(Consortium { hospitals }) = found else { return Vec::new() };
	let address = |one: Hospital| {
		let http = one.url.strip_prefix("ws").map(|rest| format!("http{rest}"));
		http.unwrap_or(one.url).parse::<Address>().ok()
	};
	hospitals.into_iter().filter_map(address).map(|one| Origin::from(&one)).collect()
}

async fn on_chain(session: &Session<'_>) -> Result<Vec<Origin>, Failure> {
	let mut problem = Failure::usage("no node is named");
	for url in session.urls()? {
		let asked = async {
			let at = Chain::connect(&url).await?.finalized().await?;
			at.hospitals().await
		};
		match asked.await {
			Ok(hospitals) => {
				let active = hospitals.into_iter().filter(|one| one.seat != SeatStatus::Expelled);
				let address = active
					.filter_map(|one| String::from_utf8(one.gateway).ok()?.parse::<Address>().ok());
				return Ok(address.map(|one| Origin::from(&one)).collect());
			},
			Err(why) => problem = why.into(),
		}
	}
	Err(problem)
}

/// Fetches a portal, and compares it: with its manifest, the own copy, and the hospitals' list.
async fn verify(
	url: &Address,
	own: Option<&Path>,
	without_chain: bool,
	session: &Session<'_>,
) -> Result<(), Failure> {
	let own = own.map(open).transpose()?;
	let remote = Remote::new().map_err(|why| Failure::new(Code::Network, why))?;
	let faulty = |why| fault(url, &why);
	let visit = remote.visit(url).await.map_err(faulty)?;
	let digest = visit.served.digest;
	if let Some(own) = own.as_ref().filter(|own| own.digest() != digest) {
		return Err(Failure::new(
			Code::KeysDisagree,
			format!(
				"{url} serves the portal {digest}, and your copy is {}: ask the hospital which release it serves",
				own.digest()
			),
		));
	}
	// The gateways that its pages may ask are not compared with the chain: no node may have been named.
	let served = remote.compare(url, visit, None).await.map_err(faulty)?;
	let (files, same) = (served.manifest.files.len(), own.is_some());
	let compared = match same {
		true => format!("All {files} files at {url} are those of your copy: {digest}"),
		false => format!("All {files} files at {url} are as its manifest says: {digest}"),
	};
	let mut document = json!({
		"url": url.to_string(),
		"digest": digest.to_string(),
		"files": files,
		"sameAsCopy": same.then_some(true),
		"listed": null,
		"version": null,
	});
	if without_chain {
		return session.output.result(&document, compared);
	}
	let listing = match listing(session, digest).await {
		Ok(listing) => listing,
		Err(mut failure) => {
			session.output.note(&compared);
			failure.message = format!(
				"whether the hospitals list this portal is not known: {}; --without-chain leaves that out",
				failure.message
			);
			failure.found = Some(document);
			return Err(failure);
		},
	};
	if let Some(fields) = document.as_object_mut() {
		fields.extend(listing_json(&listing));
	}
	if listing == Listing::Unlisted {
		session.output.note(&compared);
		let mut failure = Failure::new(
			Code::Unlisted,
			format!(
				"the hospitals do not list {digest}, which {url} serves: don't enter anything there, and \
				tell the hospital"
			),
		);
		failure.found = Some(document);
		return Err(failure);
	}
	session.output.result(&document, format!("{compared}\n{}", listing_text(&listing)))
}

/// What is wrong with a portal, as a failure of the command.
fn fault(url: &Address, why: &Fault) -> Failure {
	match why.is_change() {
		true => Failure::new(Code::KeysDisagree, format!("{url} {why}: tell the hospital")),
		false => Failure::new(Code::Network, format!("{url} {why}")),
	}
}

/// What two hospitals' nodes say of a portal, or the first one with `--trust-one-node`.
async fn listing(session: &Session<'_>, portal: Digest) -> Result<Listing, Failure> {
	let (releases, _) = portal_releases(&session.several().await?).await?;
	Ok(Listing::of(portal, &releases))
}

fn listing_text(listing: &Listing) -> String {
	match listing {
		Listing::Listed(version) => format!("The hospitals list it as version {version}."),
		Listing::Unlisted => "The hospitals list other portals, and not this one.".to_owned(),
		Listing::NoneYet => "The hospitals have not listed any portal yet.".to_owned(),
	}
}

/// Whether a portal is listed, and the version: both `null` while nothing is.
fn listing_json(listing: &Listing) -> [(String, Value); 2] {
	let (listed, version) = match listing {
		Listing::Listed(version) => (json!(true), json!(version)),
		Listing::Unlisted => (json!(false), Value::Null),
		Listing::NoneYet => (Value::Null, Value::Null),
	};
	[("listed".to_owned(), listed), ("version".to_owned(), version)]
}

/// Lists the portals that hospitals may serve.
async fn releases(session: &Session<'_>) -> Result<(), Failure> {
	let (listed, at) = portal_releases(&session.several().await?).await?;
	let shown: Vec<_> = listed.into_iter().map(PortalRelease::from).collect();
	let document = json!({ "value": shown, "at": describe::block(&at) });
	if shown.is_empty() {
		return session.output.result(&document, listing_text(&Listing::NoneYet));
	}
	let mut table = Table::new(["version", "listed", "digest"]);
	for release in &shown {
		table.row([
			release.version.clone(),
			describe::time(release.listed_at.into()),
			Digest(release.digest.0).to_string(),
		]);
	}
	session.output.result(&document, table)
}

/// The digest of a portal that a person names: by the digest itself, by its folder, whose files are compared, or by its
/// manifest alone.
pub fn digest_of(named: &str) -> Result<Digest, Failure> {
	let hexadecimal = || {
		let mut bytes = [0; 32];
		let digits = named.strip_prefix("0x").unwrap_or(named);
		hex::decode_to_slice(digits, &mut bytes).ok().map(|()| Digest(bytes))
	};
	if let Some(digest) = named.parse().ok().or_else(hexadecimal) {
		return Ok(digest);
	}
	let path = Path::new(named);
	if path.is_dir() {
		return Ok(open(path)?.digest());
	}
	let bytes = disk::read(path, MAX_MANIFEST)
		.map_err(|why| Failure::file("read the portal's manifest", path, &why))?;
	let no_manifest = |why: &dyn Display| {
		Failure::new(Code::Local, format!("{} is no portal's manifest: {why}", path.display()))
	};
	let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|why| no_manifest(&why))?;
	manifest.check().map_err(|why| no_manifest(&why))?;
	Ok(Digest::of(&bytes))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn portal_is_named_by_digest_folder_or_manifest() {
		let folder = tempfile::tempdir().unwrap();
		let page = Digest::of(b"<!doctype html>");
		let manifest = json!({ "files": { "index.html": page.to_string() } }).to_string();
		let file = folder.path().join("manifest.json");
		std::fs::write(&file, &manifest).unwrap();
		std::fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
		let expected = Digest::of(manifest.as_bytes());
		let digits = hex::encode(expected.0);
		for named in [
			expected.to_string(),
			digits.clone(),
			format!("0x{digits}"),
			folder.path().display().to_string(),
			file.display().to_string(),
		] {
			assert_eq!(digest_of(&named).unwrap(), expected, "{named}");
		}
		// A folder's files have to be there and right; a manifest by itself has none.
		std::fs::write(folder.path().join("index.html"), "changed").unwrap();
		let refused = digest_of(&folder.path().display().to_string()).unwrap_err();
		assert!(refused.message.contains("index.html has the digest"), "{}", refused.message);
		digest_of(&file.display().to_string()).unwrap();
		std::fs::write(&file, "{}").unwrap();
		let refused = digest_of(&file.display().to_string()).unwrap_err();
		assert!(refused.message.contains("is no portal's manifest"), "{}", refused.message);
		assert_eq!(digest_of("sha256-AAAA").unwrap_err().code, Code::Local);
	}
}

//! `medblock portal`.

use crate::{
	cli::{Portal as Options, PortalCommand},
	exit::{Code, Failure},
	session::Session,
};
use bytes::Bytes;
use futures::StreamExt;
use http_body_util::Full;
use hyper::{Request, Response, StatusCode, body::Incoming, service::service_fn};
use hyper_util::{
	rt::{TokioExecutor, TokioIo, TokioTimer},
	server::conn::auto::Builder,
};
use medblock_client::chain::Chain;
use medblock_platform::http::{client, pieces, send};
use medblock_portal_files::{Digest, ENCODINGS, INDEX, MANIFEST, Manifest, Origin, Policy, Portal};
use medblock_vault_protocol::Address;
use medblock_views::SeatStatus;
use serde::Deserialize;
use serde_json::json;
use std::{
	convert::Infallible,
	net::{IpAddr, Ipv4Addr, Ipv6Addr},
	path::Path,
	sync::Arc,
	time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// The most bytes of a file that a gateway may send.
const MAX_FILE: usize = 64 * 1024 * 1024;
/// Connections at once: a browser opens six.
const CONNECTIONS: usize = 64;
/// The time for a request's headers.
const HEADERS: Duration = Duration::from_secs(10);

/// Runs a command about the portal.
pub async fn run(options: Options, session: &Session<'_>) -> Result<(), Failure> {
	match options.command {
		Some(PortalCommand::Verify { url, folder }) => {
			verify(&url, folder.as_deref(), session).await
		},
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
	futures::future::join_all(accepting).await;
	Ok(())
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

/// Fetches a portal, and compares it.
async fn verify(url: &Address, own: Option<&Path>, session: &Session<'_>) -> Result<(), Failure> {
	let own = own.map(open).transpose()?;
	let listed = fetch(url, MANIFEST, None).await?;
	let digest = Digest::of(&listed);
	let malformed = |why| differs(format!("{url} has a manifest of another form: {why}"));
	let manifest: Manifest = serde_json::from_slice(&listed).map_err(malformed)?;
	// Before a name is asked for, or printed.
	let wrong = |why| differs(format!("{url} serves no portal: {why}"));
	manifest.check().map_err(wrong)?;
	if let Some(own) = own.as_ref().filter(|own| own.digest() != digest) {
		return Err(differs(format!(
			"{url} serves the portal {digest}, and your copy is {}: ask the hospital which release it serves",
			own.digest()
		)));
	}
	for (name, encoding, expected) in forms(&manifest) {
		let found = Digest::of(&fetch(url, name, encoding).await?);
		let name = if name.is_empty() { "its first page" } else { name };
		if found != expected {
			let form = encoding.map(|encoding| format!(", compressed as {encoding},"));
			return Err(differs(format!(
				"{url} serves {name}{} with the digest {found}, and its manifest says {expected}: tell the hospital",
				form.unwrap_or_default()
			)));
		}
	}
	let (files, same) = (manifest.files.len(), own.is_some());
	let text = match same {
		true => format!("All {files} files at {url} are those of your copy: {digest}"),
		false => format!(
			"All {files} files at {url} are as its manifest says. Its digest is {digest}: compare it with the release's"
		),
	};
	let document = json!({
		"url": url.to_string(),
		"digest": digest.to_string(),
		"files": files,
		"sameAsCopy": same.then_some(true),
	});
	session.output.result(&document, text)
}

/// Everything that a browser may be served: the name that it asks for, the encoding in which it takes it, and the digest
/// that the manifest lists for that.
fn forms(manifest: &Manifest) -> Vec<(&str, Option<&'static str>, Digest)> {
	let mut forms = Vec::new();
	for (name, digest) in &manifest.files {
		let compressed = ENCODINGS.iter().filter_map(|(encoding, ending)| {
			let digest = manifest.files.get(&format!("{name}{ending}"))?;
			Some((Some(*encoding), *digest))
		});
		for (encoding, digest) in std::iter::once((None, *digest)).chain(compressed) {
			forms.push((name.as_str(), encoding, digest));
			if name == INDEX {
				// What a browser asks for first has no name.
				forms.push(("", encoding, digest));
			}
		}
	}
	forms
}

fn differs(message: String) -> Failure {
	Failure::new(Code::KeysDisagree, message)
}

/// A file's bytes, as a browser gets them that takes this encoding.
async fn fetch(
	url: &Address,
	name: &str,
	encoding: Option<&'static str>,
) -> Result<Vec<u8>, Failure> {
	let failed = |why: String| Failure::new(Code::Network, format!("{url} gives no {name}: {why}"));
	let http = client(concat!("medblock/", env!("CARGO_PKG_VERSION")));
	let http = http.map_err(|why| failed(why.to_string()))?;
	let mut asked = http.get(url.at(name));
	if let Some(encoding) = encoding {
		asked = asked.header("accept-encoding", encoding);
	}
	let answer = send(asked).await.map_err(|why| failed(why.to_string()))?;
	if !answer.status().is_success() {
		return Err(failed(format!("it answered {}", answer.status())));
	}
	let mut bytes = Vec::new();
	let mut body = pieces(answer);
	while let Some(piece) = body.next().await {
		bytes.extend_from_slice(&piece.map_err(|why| failed(why.to_string()))?);
		if bytes.len() > MAX_FILE {
			return Err(failed("it is too large".to_owned()));
		}
	}
	Ok(bytes)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn first_page_and_compressed_forms_are_compared_too() {
		let digest = |text: &str| Digest::of(text.as_bytes());
		let names = ["a.js", "a.js.br", "a.js.gz", "index.html", "index.html.br"];
		let files = names.map(|name| (name.to_owned(), digest(name)));
		let manifest = Manifest { files: files.into() };
		let forms = forms(&manifest);
		for expected in [
			("a.js", None, digest("a.js")),
			("a.js", Some("br"), digest("a.js.br")),
			("a.js", Some("gzip"), digest("a.js.gz")),
			("a.js.br", None, digest("a.js.br")),
			("", None, digest("index.html")),
			("", Some("br"), digest("index.html.br")),
			("index.html", Some("br"), digest("index.html.br")),
		] {
			assert!(forms.contains(&expected), "{expected:?}");
		}
		assert_eq!(forms.len(), 10);
	}
}

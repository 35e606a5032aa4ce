//! The way out of a company's network: a proxy that knows only `CONNECT`, and names that no one else knows.

use std::{
	collections::HashMap,
	path::{Path, PathBuf},
	sync::{
		Arc, Mutex, MutexGuard, PoisonError,
		atomic::{AtomicBool, Ordering},
	},
};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
	net::{TcpListener, TcpStream},
	task::JoinHandle,
};
use tokio_rustls::{
	TlsAcceptor,
	rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer},
};

/// The longest question, in bytes.
const LONGEST: usize = 8 * 1024;

/// A proxy. Takes no more connections once it is dropped.
pub struct ConnectProxy {
	url: String,
	known: Arc<Known>,
	accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Known {
	/// Where each name leads.
	names: Mutex<HashMap<String, String>>,
	/// The names that tunnels were asked for.
	asked: Mutex<Vec<String>>,
	refuses: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ConnectProxy {
	/// A proxy that knows no name yet.
	pub async fn start() -> Self {
		let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
		let url = format!("http://{}", listener.local_addr().expect("an address"));
		let known = Arc::<Known>::default();
		let serving = known.clone();
		let accepting = tokio::spawn(async move {
			while let Ok((client, _)) = listener.accept().await {
				tokio::spawn(serve(client, serving.clone()));
			}
		});
		Self { url, known, accepting }
	}

	/// Its address.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// Has a name lead to an address on this machine.
	pub fn leads(&self, name: &str, to: &str) {
		locked(&self.known.names).insert(name.to_owned(), to.to_owned());
	}

	/// Refuses all from now on, or none.
	pub fn refuse(&self, refuses: bool) {
		self.known.refuses.store(refuses, Ordering::Relaxed);
	}

	/// The number of tunnels that were asked for to this name.
	pub fn asked(&self, name: &str) -> usize {
		locked(&self.known.asked).iter().filter(|asked| *asked == name).count()
	}

	/// The number of tunnels that were asked for.
	pub fn all(&self) -> usize {
		locked(&self.known.asked).len()
	}
}

impl Drop for ConnectProxy {
	fn drop(&mut self) {
		self.accepting.abort();
	}
}

async fn serve(mut client: TcpStream, known: Arc<Known>) {
	let mut head = Vec::new();
	while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST {
		match client.read_u8().await {
			Ok(byte) => head.push(byte),
			Err(_) => return,
		}
	}
	let head = String::from_utf8_lossy(&head).into_owned();
	let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
	let name = target.and_then(|target| target.rsplit_once(':')).map(|(name, _)| name.to_owned());
	let Some(name) = name else {
		let _ = client.write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n").await;
		return;
	};
	locked(&known.asked).push(name.clone());
	let to = locked(&known.names).get(&name).cloned();
	let to = to.filter(|_| !known.refuses.load(Ordering::Relaxed));
	let Some(to) = to else {
		let _ = client.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
		return;
	};
	let Ok(mut server) = TcpStream::connect(&to).await else {
		let _ = client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
		return;
	};
	if client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.is_ok() {
		let _ = copy_bidirectional(&mut client, &mut server).await;
	}
}

/// TLS before servers that speak without, with one certificate for some names.
pub struct Secured {
	acceptor: TlsAcceptor,
	certificate: PathBuf,
}

impl Secured {
	/// Makes a certificate for these names, and writes it into a folder.
	pub fn new(folder: &Path, names: &[&str]) -> Self {
		let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
		let params = rcgen::CertificateParams::new(names).expect("names");
		let key = rcgen::KeyPair::generate().expect("a key");
		let made = params.self_signed(&key).expect("a certificate");
		let certificate = folder.join("certificate.pem");
		std::fs::write(&certificate, made.pem()).expect("a file");
		let key = PrivatePkcs8KeyDer::from(key.serialize_der());
		let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
			.with_safe_default_protocol_versions()
			.expect("versions")
			.with_no_client_auth()
			.with_single_cert(vec![made.der().clone()], key.into())
			.expect("a certificate");
		Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate }
	}

	/// The certificate's file, to be trusted.
	pub fn certificate(&self) -> String {
		self.certificate.display().to_string()
	}

	/// An address that speaks TLS, and passes on to another one, which does not. It is there until the test ends.
	pub async fn before(&self, target: &str) -> String {
		let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
		let address = listener.local_addr().expect("an address").to_string();
		let (acceptor, target) = (self.acceptor.clone(), target.to_owned());
		tokio::spawn(async move {
			while let Ok((client, _)) = listener.accept().await {
				let (acceptor, target) = (acceptor.clone(), target.clone());
				tokio::spawn(async move {
					let Ok(mut client) = acceptor.accept(client).await else { return };
					if let Ok(mut server) = TcpStream::connect(&target).await {
						let _ = copy_bidirectional(&mut client, &mut server).await;
					}
				});
			}
		});
		address
	}
}

//! A connection through a proxy (RFC 9110, section 9.3.6), and TLS.

use super::{Proxy, bare};
use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::{ClientConfig, crypto::ring, pki_types::ServerName};
use rustls_platform_verifier::BuilderVerifierExt;
use std::{
	io::{Error, ErrorKind, Result},
	sync::Arc,
};
use tokio::{
	io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
	net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// The longest head of a proxy's answer, in bytes.
const LONGEST_HEAD: usize = 8 * 1024;

/// A connection.
pub trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// A connection of whatever kind.
pub type Stream = Box<dyn Connection>;

impl Proxy {
	/// A connection to a host and a port, through this proxy.
	///
	/// # Errors
	///
	/// Of the connection, or with the status that the proxy answers.
	pub async fn connect(&self, host: &str, port: u16) -> Result<Stream> {
		let own = self.0.host_str().unwrap_or_default();
		let stream = TcpStream::connect((bare(own), self.port())).await?;
		stream.set_nodelay(true)?;
		let mut stream: Stream = match self.0.scheme() {
			"https" => secured(stream, own).await?,
			_ => Box::new(stream),
		};
		stream.write_all(self.request(host, port).as_bytes()).await?;
		stream.flush().await?;
		accepted(&mut stream).await?;
		Ok(stream)
	}

	/// The question for a tunnel.
	fn request(&self, host: &str, port: u16) -> String {
		let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
		if !self.0.username().is_empty() {
			let mut plain = decoded(self.0.username());
			plain.push(b':');
			plain.extend(decoded(self.0.password().unwrap_or_default()));
			request += &format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(plain));
		}
		request + "\r\n"
	}
}

/// Reads the head of the answer, and nothing behind it.
async fn accepted(stream: &mut Stream) -> Result<()> {
	let mut head = Vec::new();
	while !head.ends_with(b"\r\n\r\n") {
		if head.len() >= LONGEST_HEAD {
			return Err(Error::new(ErrorKind::InvalidData, "its answer is too long"));
		}
		head.push(stream.read_u8().await?);
	}
	let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
	let line = String::from_utf8_lossy(line);
	let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1));
	match status {
		Some(status) if status.starts_with('2') => Ok(()),
		Some("407") => Err(Error::new(
			ErrorKind::PermissionDenied,
			"it wants a user and a password: http://user:password@host:port",
		)),
		Some(status) if status.bytes().all(|byte| byte.is_ascii_digit()) => {
			Err(Error::new(ErrorKind::ConnectionRefused, format!("it answered {status}")))
		},
		_ => Err(Error::new(ErrorKind::InvalidData, "it is no proxy")),
	}
}

/// TLS on a connection, to a host that this machine's certificates vouch for.
pub async fn secured(
	stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
	host: &str,
) -> Result<Stream> {
	let provider = Arc::new(ring::default_provider());
	let config = ClientConfig::builder_with_provider(provider)
		.with_safe_default_protocol_versions()
		.map_err(Error::other)?
		.with_platform_verifier()
		.with_no_client_auth();
	let name = ServerName::try_from(bare(host).to_owned())
		.map_err(|why| Error::new(ErrorKind::InvalidInput, why))?;
	Ok(Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await?))
}

/// The bytes that a URL's part stands for.
fn decoded(part: &str) -> Vec<u8> {
	let mut bytes = Vec::new();
	let mut rest = part.as_bytes();
	while let Some((first, after)) = rest.split_first() {
		let digits = after.get(..2).filter(|_| *first == b'%');
		let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
		match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
			Some(byte) => {
				bytes.push(byte);
				rest = after.get(2..).unwrap_or_default();
			},
			None => {
				bytes.push(*first);
				rest = after;
			},
		}
	}
	bytes
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use tokio::net::TcpListener;

	/// A proxy that gives this answer, and then says so itself at the other end.
	async fn asked(answer: &'static str, user: &str) -> (Result<Stream>, String) {
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let address = listener.local_addr().unwrap();
		let heard = tokio::spawn(async move {
			let (mut stream, _) = listener.accept().await.unwrap();
			let mut heard = Vec::new();
			while !heard.ends_with(b"\r\n\r\n") {
				heard.push(stream.read_u8().await.unwrap());
			}
			stream.write_all(answer.as_bytes()).await.unwrap();
			String::from_utf8(heard).unwrap()
		});
		let proxy = Proxy::parse(&format!("http://{user}{address}")).unwrap();
		let connected = proxy.connect("node.example", 9443).await;
		(connected, heard.await.unwrap())
	}

	#[tokio::test]
	async fn tunnel_begins_behind_the_answers_head() {
		let answer = "HTTP/1.1 200 Connection established\r\nVia: 1.1 it\r\n\r\nhello";
		let (connected, heard) = asked(answer, "an%40na:se:cret@").await;
		assert!(
			heard.starts_with("CONNECT node.example:9443 HTTP/1.1\r\nHost: node.example:9443\r\n")
		);
		let expected =
			format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode("an@na:se:cret"));
		assert!(heard.contains(&expected), "{heard}");
		let mut behind = String::new();
		connected.unwrap().read_to_string(&mut behind).await.unwrap();
		assert_eq!(behind, "hello");
	}

	#[tokio::test]
	async fn refusal_is_told() {
		for (answer, why) in [
			("HTTP/1.1 403 Forbidden\r\n\r\n", "it answered 403"),
			("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "user:password"),
			("SSH-2.0-OpenSSH\r\n\r\n", "it is no proxy"),
			("HTTP/1.1 ", "end of file"),
		] {
			let (connected, heard) = asked(answer, "").await;
			assert!(!heard.contains("Authorization"));
			let said = connected.err().unwrap().to_string();
			assert!(said.contains(why), "{answer}: {said}");
		}
	}
}

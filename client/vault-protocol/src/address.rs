//! The addresses that a vault may have.

use std::{fmt, str::FromStr};
use url::{Host, Url};

/// A vault's address: an `https` URL, or an `http` one on this machine. Its path ends with a slash, and it
/// has neither query nor fragment.
///
/// The chain checks the address that a hospital gives (`medblock_primitives::is_gateway`) by a rule of its
/// own, which needs no URL parser: it lets no `http` address pass that is not one here, too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(Url);

/// The text or URL is no vault's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl fmt::Display for NotAnAddress {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str("a vault's address has to be https, or http on this machine")
	}
}

impl std::error::Error for NotAnAddress {}

impl Address {
	/// The domain that people sign in to: the host in lower case, and the port unless it is the scheme's
	/// own. An IPv6 address stands in brackets.
	pub fn domain(&self) -> String {
		let host = self.0.host_str().unwrap_or_default();
		self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
	}

	/// The URL of one of the [`paths`](crate::paths) at this address.
	pub fn at(&self, path: &str) -> Url {
		let mut url = self.0.clone();
		url.set_path(&format!("{}{}", self.0.path(), path.trim_start_matches('/')));
		url
	}

	/// The URL of the [door](crate::door) to the hospital's node: `wss`, or `ws` on this machine.
	pub fn rpc(&self) -> Url {
		let mut url = self.at(crate::paths::RPC);
		let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
		// A change between these four always succeeds: the URL standard has them in one class.
		let _ = url.set_scheme(scheme);
		url
	}

	/// The gateway whose door has this URL, if it is a door's: the inverse of [`Address::rpc`].
	pub fn of_door(url: &str) -> Option<Self> {
		let gateway = url.strip_suffix(crate::paths::RPC)?;
		// `ws` becomes `http`, and `wss` becomes `https`.
		format!("http{}", gateway.strip_prefix("ws")?).parse().ok()
	}

	/// The address as a URL.
	pub fn as_url(&self) -> &Url {
		&self.0
	}
}

impl TryFrom<Url> for Address {
	type Error = NotAnAddress;

	fn try_from(mut url: Url) -> Result<Self, NotAnAddress> {
		if !is_private(&url) {
			return Err(NotAnAddress);
		}
		if !url.path().ends_with('/') {
			url.set_path(&format!("{}/", url.path()));
		}
		url.set_query(None);
		url.set_fragment(None);
		Ok(Self(url))
	}
}

impl FromStr for Address {
	type Err = NotAnAddress;

	fn from_str(text: &str) -> Result<Self, NotAnAddress> {
		Url::parse(text).map_err(|_| NotAnAddress)?.try_into()
	}
}

impl fmt::Display for Address {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		self.0.fmt(formatter)
	}
}

/// Whether requests to this URL can't be read on their way: it is `https`, or `http` on this machine.
pub fn is_private(url: &Url) -> bool {
	match url.scheme() {
		"https" => true,
		"http" => is_loopback(url),
		_ => false,
	}
}

/// Whether the URL's host is this machine: `localhost`, or an address of the loopback interface (RFC 1122,
/// §3.2.1.3; RFC 4291, §2.5.3).
pub fn is_loopback(url: &Url) -> bool {
	match url.host() {
		Some(Host::Domain(name)) => name == "localhost",
		Some(Host::Ipv4(address)) => address.is_loopback(),
		Some(Host::Ipv6(address)) => address.is_loopback(),
		None => false,
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::paths;
	use medblock_primitives::is_gateway;

	#[test]
	fn a_domain_is_a_host_and_an_unusual_port() {
		for (text, domain) in [
			("https://gateway.example", Some("gateway.example")),
			("https://GATEWAY.example:443/", Some("gateway.example")),
			("https://gateway.example:8440", Some("gateway.example:8440")),
			("https://gateway.example/med?x=1#y", Some("gateway.example")),
			("http://127.0.0.1:8440", Some("127.0.0.1:8440")),
			("http://127.0.0.2", Some("127.0.0.2")),
			("http://[::1]:8440", Some("[::1]:8440")),
			("http://localhost", Some("localhost")),
			("http://gateway.example", None),
			("http://127.0.0.1.example", None),
			("http://localhost.example", None),
			("ftp://127.0.0.1", None),
			("ftp://gateway.example", None),
			("file:///etc", None),
			("vault", None),
			("", None),
		] {
			let address = text.parse::<Address>().ok();
			assert_eq!(address.map(|address| address.domain()).as_deref(), domain, "{text}");
		}
	}

	#[test]
	fn paths_are_below_the_address() {
		for (text, url) in [
			("https://gateway.example", "https://gateway.example/v1/session"),
			("https://gateway.example:8440/med", "https://gateway.example:8440/med/v1/session"),
			("http://[::1]/med/?x=1#y", "http://[::1]/med/v1/session"),
		] {
			assert_eq!(text.parse::<Address>().unwrap().at(paths::SESSION).as_str(), url);
		}
	}

	#[test]
	fn door_is_as_private_as_the_vault() {
		for (text, url) in [
			("https://gateway.example", "wss://gateway.example/v1/rpc"),
			("https://gateway.example:8440/med", "wss://gateway.example:8440/med/v1/rpc"),
			("http://127.0.0.1:8440", "ws://127.0.0.1:8440/v1/rpc"),
		] {
			let address = text.parse::<Address>().unwrap();
			assert_eq!(address.rpc().as_str(), url);
			assert_eq!(Address::of_door(url), Some(address));
		}
		for url in ["wss://node.example", "ws://gateway.example/v1/rpc", "https://a.example/v1/rpc"]
		{
			assert_eq!(Address::of_door(url), None, "{url}");
		}
	}

	#[test]
	fn clients_take_the_plain_addresses_that_the_chain_takes() {
		for host in ["127.0.0.1", "localhost", "[::1]"] {
			for rest in ["", ":8440", "/", ":8440/med"] {
				let text = format!("http://{host}{rest}");
				assert!(is_gateway(text.as_bytes()), "{text}");
				assert!(text.parse::<Address>().is_ok(), "{text}");
			}
		}
	}
}

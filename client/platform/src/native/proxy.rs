//! The proxy through which this machine reaches others, as its environment names it.
//!
//! | variable | what |
//! |---|---|
//! | `HTTPS_PROXY`, or else `ALL_PROXY` | the proxy for `https` and `wss`: `http://`, or `https://`, host and port, and perhaps `user:password@` |
//! | `NO_PROXY` | hosts that are reached without it: names, with all below them; addresses; networks, such as `10.0.0.0/8`; `*` for all |
//!
//! Small letters count too, and first. What is empty is unset. This machine itself is never reached through a proxy, and
//! neither is anything by `http` or `ws`: the first goes to this machine only, and the second within a hospital.

mod tunnel;

pub use tunnel::{Stream, secured};

use reqwest::Url;
use std::{env, fmt, net::IpAddr, sync::OnceLock};

/// A proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(Url);

/// Without the user and the password.
impl fmt::Display for Proxy {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		let host = self.0.host_str().unwrap_or_default();
		write!(formatter, "{}://{host}:{}", self.0.scheme(), self.port())
	}
}

impl fmt::Debug for Proxy {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(formatter, "Proxy({self})")
	}
}

impl Proxy {
	fn port(&self) -> u16 {
		self.0.port_or_known_default().unwrap_or(80)
	}

	/// As the setting names it. Without a scheme, it is `http`.
	fn parse(text: &str) -> Result<Self, BadProxy> {
		let whole = match text.contains("://") {
			true => text.to_owned(),
			false => format!("http://{text}"),
		};
		let url = Url::parse(&whole).map_err(|_| BadProxy)?;
		let fits = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
		fits.then_some(Self(url)).ok_or(BadProxy)
	}

	pub(crate) fn url(&self) -> Url {
		self.0.clone()
	}
}

/// The environment names a proxy that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadProxy;

impl fmt::Display for BadProxy {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		formatter.write_str(
			"HTTPS_PROXY or ALL_PROXY names no proxy that can be used: it has to be http://host:port or \
			 https://host:port",
		)
	}
}

impl std::error::Error for BadProxy {}

/// Which hosts are reached through which proxy.
#[derive(Clone, Debug)]
pub struct Proxies {
	proxy: Result<Option<Proxy>, BadProxy>,
	without: Vec<Without>,
}

/// Hosts that are reached without a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Without {
	All,
	/// A name, in small letters, and all names below it.
	Name(String),
	/// A network: its address, and how many bits of it count.
	Network(IpAddr, u32),
}

impl Proxies {
	/// Those of this program's environment, as it was when this was first asked for.
	pub fn of_environment() -> &'static Self {
		static FOUND: OnceLock<Proxies> = OnceLock::new();
		FOUND.get_or_init(|| Self::of(|name| env::var(name).ok()))
	}

	/// Those that these variables name.
	fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
		let value = |name: &str| {
			let found = variable(&name.to_lowercase()).filter(|value| !value.trim().is_empty());
			found.or_else(|| variable(name)).map(|value| value.trim().to_owned())
		};
		let named = |name| value(name).filter(|value| !value.is_empty());
		let proxy = named("HTTPS_PROXY").or_else(|| named("ALL_PROXY"));
		let proxy = proxy.map(|text| Proxy::parse(&text)).transpose();
		let without = named("NO_PROXY").unwrap_or_default();
		let between = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|');
		let without = without.split(between).filter_map(Without::parse).collect();
		Self { proxy, without }
	}

	/// The proxy through which an address is reached, if any.
	///
	/// # Errors
	///
	/// [`BadProxy`] if the address needs one, and the environment names none that can be used.
	pub fn of_url(&self, url: &Url) -> Result<Option<Proxy>, BadProxy> {
		let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "https" | "wss")) else {
			return Ok(None);
		};
		let host = bare(host).trim_end_matches('.').to_lowercase();
		let address: Option<IpAddr> = host.parse().ok();
		let is_local = match address {
			Some(address) => address.to_canonical().is_loopback(),
			None => host == "localhost" || host.ends_with(".localhost"),
		};
		match is_local || self.without.iter().any(|without| without.has(&host, address)) {
			true => Ok(None),
			false => self.proxy.clone(),
		}
	}
}

impl Without {
	fn parse(text: &str) -> Option<Self> {
		let text = text.to_lowercase();
		if text == "*" {
			return Some(Self::All);
		}
		// As an address of the web, of which only the host counts.
		let text = text.split_once("://").map_or(&text[..], |(_, rest)| rest);
		if let Some((address, bits)) = text.split_once('/')
			&& let (Ok(address), Ok(bits)) = (bare(address).parse(), bits.parse())
		{
			return Some(Self::Network(address, bits));
		}
		let text = text.split('/').next().unwrap_or_default();
		if let Ok(address) = bare(text).parse::<IpAddr>() {
			return Some(Self::Network(address, 128));
		}
		// Ports are not told apart.
		let name = text.rsplit_once(':').map_or(text, |(name, _)| name);
		if let Ok(address) = bare(name).parse::<IpAddr>() {
			return Some(Self::Network(address, 128));
		}
		let name = name.trim_start_matches('*').trim_matches('.');
		(!name.is_empty()).then(|| Self::Name(name.to_owned()))
	}

	fn has(&self, host: &str, address: Option<IpAddr>) -> bool {
		match self {
			Self::All => true,
			Self::Name(name) => {
				let rest = host.strip_suffix(&name[..]);
				rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
			},
			Self::Network(network, bits) => {
				address.is_some_and(|address| is_within(address, *network, *bits))
			},
		}
	}
}

/// Whether the first bits of two addresses are the same.
fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
	let (one, two, length) = match (address, network) {
		(IpAddr::V4(one), IpAddr::V4(two)) => (u128::from(one.to_bits()), two.to_bits().into(), 32),
		(IpAddr::V6(one), IpAddr::V6(two)) => (one.to_bits(), two.to_bits(), 128),
		_ => return false,
	};
	let left = u32::saturating_sub(length, bits);
	one.checked_shr(left).unwrap_or_default() == two.checked_shr(left).unwrap_or_default()
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
	host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn proxies(variables: &[(&str, &str)]) -> Proxies {
		let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
		Proxies::of(|name| find(name).map(|(_, value)| (*value).to_owned()))
	}

	fn through(proxies: &Proxies, url: &str) -> Option<String> {
		proxies.of_url(&url.parse().unwrap()).unwrap().map(|proxy| proxy.to_string())
	}

	#[test]
	fn vaults_and_nodes_are_reached_through_the_proxy_and_this_machine_never() {
		let proxies = proxies(&[("HTTPS_PROXY", "http://proxy.example:3128")]);
		let proxy = Some("http://proxy.example:3128".to_owned());
		for url in ["https://vault.north.example", "wss://vault.north.example:9443/v1/rpc"] {
			assert_eq!(through(&proxies, url), proxy, "{url}");
		}
		for url in [
			"https://localhost:8440",
			"https://LOCALHOST.:8440",
			"https://vault.localhost",
			"https://127.0.0.1:8440",
			"https://127.8.0.1",
			"wss://[::1]:9944",
			"https://[::ffff:127.0.0.1]:8440",
			"http://vault.north.example",
			"ws://10.0.0.7:9944",
		] {
			assert_eq!(through(&proxies, url), None, "{url}");
		}
	}

	#[test]
	fn hosts_without_a_proxy_are_names_addresses_and_networks() {
		let proxies = proxies(&[
			("https_proxy", "proxy.example:3128"),
			("HTTPS_PROXY", "http://other.example:1"),
			(
				"NO_PROXY",
				"north.example, .east.example,*.west.example 10.0.0.0/8,192.168.7.1,fd00::/8,south.example:443",
			),
		]);
		for url in [
			"https://north.example",
			"https://vault.north.example",
			"https://vault.east.example",
			"https://a.west.example",
			"https://south.example:8440",
			"https://10.200.0.1",
			"https://192.168.7.1",
			"https://[fd12::1]",
		] {
			assert_eq!(through(&proxies, url), None, "{url}");
		}
		for url in [
			"https://notnorth.example",
			"https://example",
			"https://11.0.0.1",
			"https://192.168.7.2",
			"https://[fe80::1]",
		] {
			assert_eq!(through(&proxies, url).unwrap(), "http://proxy.example:3128", "{url}");
		}
		let (mut written, several) = (
			proxies,
			[
				"north.example.",
				"vault.NORTH.example;east.example",
				"east.example|.north.example",
				"east.example\t\n*.north.example",
				"https://vault.north.example/",
				"https://vault.north.example:8440",
			],
		);
		for text in several {
			written.without = self::proxies(&[("no_proxy", text)]).without;
			assert_eq!(through(&written, "https://vault.north.example:8440"), None, "{text}");
			assert!(through(&written, "https://vault.south.example").is_some(), "{text}");
		}
		for text in ["[fd00::1]:8440", "[fd00::1]", "fd00::1", "[fd00::]/8", "https://[fd00::1]/"] {
			written.without = self::proxies(&[("no_proxy", text)]).without;
			assert_eq!(through(&written, "https://[fd00::1]:8440"), None, "{text}");
			assert!(through(&written, "https://[fe80::1]").is_some(), "{text}");
		}
		for text in ["10.0.0.1:8440", "http://10.0.0.1", "10.0.0.1/32"] {
			written.without = self::proxies(&[("no_proxy", text)]).without;
			assert_eq!(through(&written, "https://10.0.0.1"), None, "{text}");
			assert!(through(&written, "https://10.0.0.2").is_some(), "{text}");
		}
		let all = super::Proxies { without: vec![Without::All], ..written };
		assert_eq!(through(&all, "https://11.0.0.1"), None);
	}

	#[test]
	fn setting_that_is_empty_is_none_and_a_wrong_one_is_told_when_it_is_needed() {
		let url: Url = "https://vault.north.example".parse().unwrap();
		assert_eq!(proxies(&[]).of_url(&url), Ok(None));
		let empty = proxies(&[("https_proxy", ""), ("HTTPS_PROXY", " "), ("ALL_PROXY", "a:1")]);
		assert_eq!(through(&empty, url.as_str()).unwrap(), "http://a:1");
		for wrong in ["socks5://proxy.example:1080", "http://", "::::"] {
			let proxies = proxies(&[("HTTPS_PROXY", wrong)]);
			assert_eq!(proxies.of_url(&url), Err(BadProxy), "{wrong}");
			assert_eq!(through(&proxies, "https://127.0.0.1"), None);
		}
	}

	#[test]
	fn password_is_not_shown() {
		let proxies = proxies(&[("HTTPS_PROXY", "http://anna:secret@proxy.example:3128")]);
		let shown = format!("{proxies:?} {}", through(&proxies, "https://a.example").unwrap());
		assert!(shown.contains("proxy.example:3128") && !shown.contains("secret"), "{shown}");
	}
}

//! The addresses of clients that come through a proxy.

use axum::http::HeaderMap;
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{
	net::{IpAddr, Ipv4Addr, Ipv6Addr},
	str::FromStr,
};

/// The header in which a proxy names its client, after those that it was told of.
const FORWARDED: &str = "x-forwarded-for";

/// An address, or a network of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
	address: IpAddr,
	bits: u32,
}

impl Network {
	/// This machine.
	pub const LOOPBACK: [Self; 2] = [
		Self { address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), bits: 8 },
		Self { address: IpAddr::V6(Ipv6Addr::LOCALHOST), bits: 128 },
	];

	/// Whether an address is in the network.
	pub fn contains(&self, address: IpAddr) -> bool {
		let shared = match (self.address, address.to_canonical()) {
			(IpAddr::V4(own), IpAddr::V4(other)) => {
				(own.to_bits() ^ other.to_bits()).leading_zeros()
			},
			(IpAddr::V6(own), IpAddr::V6(other)) => {
				(own.to_bits() ^ other.to_bits()).leading_zeros()
			},
			_ => return false,
		};
		shared >= self.bits
	}
}

impl FromStr for Network {
	type Err = &'static str;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		let wrong = "a network has to be an address, or one with a slash and the bits that count";
		let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
		let address: IpAddr = address.parse().map_err(|_| wrong)?;
		let most = if address.is_ipv4() { 32 } else { 128 };
		let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong))?;
		if bits > most { Err(wrong) } else { Ok(Self { address, bits }) }
	}
}

impl<'de> Deserialize<'de> for Network {
	fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
		String::deserialize(from)?.parse().map_err(D::Error::custom)
	}
}

/// The address of a request's client: the connection's, unless that is a proxy's. A proxy's header is read from its
/// end, and as long as proxies wrote it: what stands before that, the client may have written itself.
pub fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
	let is_proxy = |address: IpAddr| proxies.iter().any(|one| one.contains(address));
	let mut client = peer.to_canonical();
	let values = headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok());
	let named: Vec<_> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
	for name in named.into_iter().rev() {
		if !is_proxy(client) {
			break;
		}
		let Ok(address) = name.parse::<IpAddr>() else { break };
		client = address.to_canonical();
	}
	client
}

#[cfg(test)]
mod tests {
	use super::*;
	use axum::http::HeaderValue;

	fn of(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
		let mut headers = HeaderMap::new();
		for value in forwarded {
			headers.append(FORWARDED, HeaderValue::try_from(*value).unwrap());
		}
		let proxies: Vec<Network> = proxies.iter().map(|one| one.parse().unwrap()).collect();
		client(peer.parse().unwrap(), &headers, &proxies).to_string()
	}

	#[test]
	fn only_a_proxys_word_counts() {
		assert_eq!(of("192.0.2.1", &["198.51.100.7"], &["10.0.0.0/8"]), "192.0.2.1");
		assert_eq!(of("10.1.2.3", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
		assert_eq!(of("10.1.2.3", &[], &["10.0.0.0/8"]), "10.1.2.3");
		assert_eq!(of("::ffff:10.1.2.3", &["2001:db8::1"], &["10.0.0.0/8"]), "2001:db8::1");
		assert_eq!(of("::1", &["198.51.100.7"], &["127.0.0.0/8", "::1"]), "198.51.100.7");
	}

	#[test]
	fn what_a_client_wrote_before_the_proxy_does_not_count() {
		let forged = ["203.0.113.9, 198.51.100.7"];
		assert_eq!(of("10.1.2.3", &forged, &["10.0.0.0/8"]), "198.51.100.7");
		let through_two = ["203.0.113.9", "198.51.100.7, 10.9.9.9"];
		assert_eq!(of("10.1.2.3", &through_two, &["10.0.0.0/8"]), "198.51.100.7");
		assert_eq!(of("10.1.2.3", &["nonsense"], &["10.0.0.0/8"]), "10.1.2.3");
	}

	#[test]
	fn networks_are_read_strictly() {
		for good in ["10.0.0.0/8", "127.0.0.1", "::1", "2001:db8::/32", "0.0.0.0/0"] {
			assert!(good.parse::<Network>().is_ok(), "{good}");
		}
		for bad in ["", "10.0.0.0/33", "::1/129", "10.0.0/8", "host", "10.0.0.0/-1", "10.0.0.0/"] {
			assert!(bad.parse::<Network>().is_err(), "{bad}");
		}
	}
}

//! The servers that the gateway's own tests start, too.

#[path = "../../../../gateway/tests/common/balancer.rs"]
#[allow(clippy::unwrap_used, dead_code)]
pub mod balancer;
#[path = "../../../../gateway/tests/common/postgres.rs"]
#[allow(clippy::unwrap_used, dead_code)]
pub mod postgres;
#[path = "../../../../gateway/tests/common/proxy.rs"]
#[allow(clippy::unwrap_used, dead_code)]
pub mod proxy;
#[path = "../../../../gateway/tests/common/s3.rs"]
#[allow(clippy::unwrap_used, dead_code)]
pub mod s3;

/// Host and port of an address that nothing listens on.
pub fn free_address() -> String {
	let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
	listener.local_addr().expect("an address").to_string()
}

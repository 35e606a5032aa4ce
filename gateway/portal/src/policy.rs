//! The headers that keep the portal's pages from doing, or being made to do, what they need not.

use http::{
	HeaderMap, HeaderName, HeaderValue,
	header::{
		CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
		X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
	},
};
use medblock_vault_protocol::Address;

/// The folder of files that are loaded by a frame without an origin of its own.
pub(crate) const PREVIEW: &str = "preview/";

/// What pages may use of a device. Everything else is off.
const PERMISSIONS: &str = "camera=(self), clipboard-write=(self), publickey-credentials-create=(self), \
	publickey-credentials-get=(self), accelerometer=(), autoplay=(), clipboard-read=(), \
	display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
	magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), \
	xr-spatial-tracking=()";

/// A preview's frame: scripts of its own folder, and bytes that the page hands to it as messages, so that it asks
/// no one. `sandbox` takes its origin away even if it is opened by itself.
const OF_PREVIEWS: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
	img-src blob: data:; font-src 'self' data:; connect-src 'none'; form-action 'none'; base-uri 'none'; \
	frame-ancestors 'self'; sandbox allow-scripts";

/// A hospital's gateway as browsers name it: scheme, host and port, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
	/// The origin over HTTP, such as `https://gateway.example:8440`.
	pub http: String,
	/// The same over WebSocket, such as `wss://gateway.example:8440`.
	pub ws: String,
}

impl From<&Address> for Origin {
	fn from(address: &Address) -> Self {
		let http = address.as_url().origin().ascii_serialization();
		let ws = http.strip_prefix("http").map(|rest| format!("ws{rest}"));
		let ws = ws.unwrap_or_default();
		Self { http, ws }
	}
}

impl Origin {
	/// Whether a policy may name it. A host of a URL may have signs, such as `;` or `*`, that end a source or widen it:
	/// one hospital's address must not change what other hospitals' pages may do.
	pub(crate) fn is_plain(&self) -> bool {
		let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:/[]".contains(&byte);
		[&self.http, &self.ws].iter().all(|one| !one.is_empty() && one.bytes().all(is_plain))
	}
}

/// The headers of all files.
#[derive(Clone, Debug)]
pub struct Policy {
	of_pages: HeaderValue,
	is_secure: bool,
}

impl Policy {
	/// For pages that may ask these hospitals' gateways, besides the server that they come from. With
	/// `is_secure`, browsers are told to use nothing but TLS from now on.
	pub fn new(hospitals: &[Origin], is_secure: bool) -> Self {
		let mut connect = String::from("'self'");
		for origin in hospitals.iter().filter(|origin| origin.is_plain()) {
			for one in [&origin.http, &origin.ws] {
				connect.push(' ');
				connect.push_str(one);
			}
		}
		let text = format!(
			"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
			style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src {connect}; \
			frame-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; \
			frame-ancestors 'none'; require-trusted-types-for 'script'; \
			trusted-types svelte-trusted-html mb-worker"
		);
		// An origin is ASCII. Without it, nothing may be asked and nothing runs.
		let of_pages = HeaderValue::try_from(text)
			.unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
		Self { of_pages, is_secure }
	}

	/// Adds the headers of a file.
	pub(crate) fn apply(&self, name: &str, is_page: bool, to: &mut HeaderMap) {
		let mut set = |name: HeaderName, value: &'static str| {
			to.insert(name, HeaderValue::from_static(value));
		};
		set(X_CONTENT_TYPE_OPTIONS, "nosniff");
		set(REFERRER_POLICY, "no-referrer");
		set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
		if self.is_secure {
			set(STRICT_TRANSPORT_SECURITY, "max-age=63072000");
		}
		let resources = HeaderName::from_static("cross-origin-resource-policy");
		if name.starts_with(PREVIEW) {
			// The frame has no origin, so that its own files are another's to it.
			set(http::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
			set(resources, "cross-origin");
			set(CONTENT_SECURITY_POLICY, OF_PREVIEWS);
			return;
		}
		set(resources, "same-origin");
		// Not for previews: browsers complain of an agent cluster for what has no origin.
		set(HeaderName::from_static("origin-agent-cluster"), "?1");
		set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
		set(X_FRAME_OPTIONS, "DENY");
		if is_page {
			// Each script of a page is named with its digest there.
			set(HeaderName::from_static("integrity-policy"), "blocked-destinations=(script)");
		}
		to.insert(CONTENT_SECURITY_POLICY, self.of_pages.clone());
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn policy(hospitals: &[&str], is_secure: bool) -> Policy {
		let origin = |text: &&str| Origin::from(&text.parse::<Address>().unwrap());
		Policy::new(&hospitals.iter().map(origin).collect::<Vec<_>>(), is_secure)
	}

	fn headers(policy: &Policy, name: &str, is_page: bool) -> HeaderMap {
		let mut headers = HeaderMap::new();
		policy.apply(name, is_page, &mut headers);
		headers
	}

	fn directive<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
		let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
		policy.split("; ").find_map(|one| one.strip_prefix(name).map(str::trim))
	}

	#[test]
	fn pages_run_their_own_scripts_and_ask_hospitals_alone() {
		let policy = policy(&["https://north.example/med", "http://127.0.0.1:8441"], true);
		let headers = headers(&policy, "index.html", true);
		for (name, value) in [
			("default-src", "'none'"),
			("script-src", "'self' 'wasm-unsafe-eval'"),
			("worker-src", "'self'"),
			("style-src", "'self'"),
			("img-src", "'self' blob: data:"),
			("frame-src", "'self'"),
			("manifest-src", "'self'"),
			("form-action", "'none'"),
			("base-uri", "'none'"),
			("frame-ancestors", "'none'"),
			("require-trusted-types-for", "'script'"),
			(
				"connect-src",
				"'self' https://north.example wss://north.example http://127.0.0.1:8441 \
				ws://127.0.0.1:8441",
			),
		] {
			assert_eq!(directive(&headers, name), Some(value), "{name}");
		}
		assert!(!headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("unsafe-inline"));
		for (name, value) in [
			("cross-origin-opener-policy", "same-origin"),
			("cross-origin-resource-policy", "same-origin"),
			("x-content-type-options", "nosniff"),
			("x-frame-options", "DENY"),
			("referrer-policy", "no-referrer"),
			("strict-transport-security", "max-age=63072000"),
			("integrity-policy", "blocked-destinations=(script)"),
		] {
			assert_eq!(headers[name], value, "{name}");
		}
		let permissions = headers["permissions-policy"].to_str().unwrap();
		assert!(permissions.contains("camera=(self)") && permissions.contains("microphone=()"));
		assert!(permissions.contains("publickey-credentials-get=(self)"));
		assert!(!headers.contains_key("access-control-allow-origin"));
	}

	#[test]
	fn without_tls_browsers_are_not_told_to_insist_on_it() {
		let headers = headers(&policy(&[], false), "index.html", true);
		assert!(!headers.contains_key("strict-transport-security"));
		assert_eq!(directive(&headers, "connect-src"), Some("'self'"));
	}

	#[test]
	fn a_hospitals_address_does_not_change_the_policy() {
		for strange in [
			"https://a;sandbox",
			"https://*",
			"https://*.example",
			"https://a'unsafe-inline'",
			"https://a,b",
			"https://a$b",
			"https://a_b",
		] {
			if let Ok(address) = strange.parse::<Address>() {
				let own = "https://north.example".parse::<Address>().unwrap();
				let hospitals = [Origin::from(&address), Origin::from(&own)];
				let headers = headers(&Policy::new(&hospitals, true), "index.html", true);
				let expected = "'self' https://north.example wss://north.example";
				assert_eq!(directive(&headers, "connect-src"), Some(expected), "{strange}");
				assert_eq!(directive(&headers, "sandbox"), None, "{strange}");
			}
		}
		let plain = policy(&["https://[::1]:8440", "https://a-b.example"], true);
		let headers = headers(&plain, "index.html", true);
		let expected =
			"'self' https://[::1]:8440 wss://[::1]:8440 https://a-b.example wss://a-b.example";
		assert_eq!(directive(&headers, "connect-src"), Some(expected));
	}

	#[test]
	fn previews_have_no_origin_and_ask_nobody_else() {
		let policy = policy(&["https://north.example"], true);
		let headers = headers(&policy, "preview/frame.html", true);
		assert_eq!(headers["access-control-allow-origin"], "*");
		assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
		assert_eq!(directive(&headers, "sandbox"), Some("allow-scripts"));
		assert_eq!(directive(&headers, "connect-src"), Some("'none'"));
		assert_eq!(directive(&headers, "frame-ancestors"), Some("'self'"));
		assert!(!headers.contains_key("x-frame-options"));
	}
}

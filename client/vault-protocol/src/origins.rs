//! What pages of other origins may ask a vault for (the Fetch standard, §3.3).
//!
//! Pages of active hospitals' gateways may, and pages of the reader's own machine: `http://localhost` and
//! loopback addresses, at any port. The vault names the page's origin and never `*`, and takes no credentials
//! of the browser's. Preflights of other origins are refused with [`Code::OtherOrigin`](crate::Code::OtherOrigin).

/// The methods that pages may use, as one header's value.
pub const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";

/// The headers that pages may send, as one header's value.
pub const REQUEST_HEADERS: &str = "authorization, content-type, if-range, prepared, range, read-request, \
	upload-length, upload-offset";

/// The headers of an answer that pages may read, as one header's value.
pub const EXPOSED: &str = "accept-ranges, content-length, content-range, etag, receipt, retry-after, \
	upload-complete, upload-length, upload-offset, upload-storing, www-authenticate, x-finalized-block, \
	x-request-id";

#[cfg(test)]
mod tests {
	use super::*;
	use crate::headers::*;

	#[test]
	fn pages_get_every_header_of_the_protocol() {
		let lists = |list: &str, name: &str| list.split(", ").any(|one| one == name);
		let exposed = [UPLOAD_OFFSET, UPLOAD_LENGTH, UPLOAD_COMPLETE, UPLOAD_STORING];
		for name in exposed.into_iter().chain([FINALIZED_BLOCK, RECEIPT, REQUEST_ID]) {
			assert!(lists(EXPOSED, name), "{name}");
		}
		for name in [
			UPLOAD_OFFSET,
			UPLOAD_LENGTH,
			PREPARED,
			READ_REQUEST,
			"authorization",
			"range",
			"if-range",
		] {
			assert!(lists(REQUEST_HEADERS, name), "{name}");
		}
	}
}

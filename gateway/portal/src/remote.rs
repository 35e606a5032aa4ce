//! A portal as a gateway serves it, compared with its manifest: for `medblock portal verify`, and for gateways that watch
//! each other.

mod browser;
mod fault;

pub use fault::Fault;

use crate::{
	Origin,
	files::{ENCODINGS, INDEX, MAX_BYTES},
	headers,
	manifest::{Digest, MANIFEST, Manifest},
};
use browser::OVER_TLS;
use futures::StreamExt;
use medblock_platform::{
	clock::{Duration, sleep, timeout},
	http::{self, client, pieces, send},
};
use medblock_vault_protocol::Address;
use reqwest::{
	Client, StatusCode,
	header::{CONTENT_ENCODING, HeaderMap},
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// The most bytes of the manifest.
const MAX_MANIFEST: usize = 2 * 1024 * 1024;
/// The most bytes of a file.
const MAX_FILE: usize = 64 * 1024 * 1024;
/// The most bytes of all files, each in up to three forms.
const MAX_TOTAL: usize = 3 * MAX_BYTES;
/// The most bytes of the first page in which names of files are looked for.
const MAX_LOOKED_THROUGH: usize = 64 * 1024;
/// How long a gateway is waited for.
const PATIENCE: Patience = Patience {
	pauses: [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(10)],
	first: Duration::from_secs(60),
	file: Duration::from_secs(90),
	rest: Duration::from_secs(240),
};

/// The manifest that a gateway serves.
#[derive(Clone, Debug)]
pub struct Served {
	/// The list of files, which was checked.
	pub manifest: Manifest,
	/// The digest of the manifest, which stands for the whole portal.
	pub digest: Digest,
}

/// The beginning of a browser's visit: the manifest, and what was fetched before it.
pub struct Visit {
	/// The manifest.
	pub served: Served,
	/// The headers of the manifest.
	headers: HeaderMap,
	/// The first page and the files that it names, with what is wrong with them by themselves.
	fetched: Vec<(String, Result<Fetched, Fault>)>,
}

/// A file that was fetched.
struct Fetched {
	headers: HeaderMap,
	digest: Digest,
	length: usize,
	/// As many of its first bytes as were to be kept.
	start: Vec<u8>,
}

/// Asks gateways for their portals. Follows no redirect.
pub struct Remote {
	client: Client,
	patience: Patience,
}

/// How long a gateway is waited for.
struct Patience {
	/// The pauses before a file is asked for again that does not come while others do.
	pauses: [Duration; 3],
	/// The time limit of a check's first page.
	first: Duration,
	/// The time limit of another file, with all attempts to get it.
	file: Duration,
	/// The time limit of a check after the first page.
	rest: Duration,
}

impl Remote {
	/// With the limits of [`medblock_platform::http`].
	pub fn new() -> Result<Self, http::Error> {
		let client = client(browser::USER_AGENT)?;
		Ok(Self { client, patience: PATIENCE })
	}

	/// Fetches the first page and what it names, then the manifest, as a browser does that opens the portal. Fails if
	/// there is no manifest, or a malformed one. Nothing is compared yet.
	pub async fn visit(&self, gateway: &Address) -> Result<Visit, Fault> {
		let first = self.first_page(gateway).await?;
		self.visit_after(gateway, first).await
	}

	/// The first page, or the gateway's refusal to serve one.
	async fn first_page(&self, gateway: &Address) -> Result<Result<Fetched, Fault>, Fault> {
		match self.get(gateway, "", OVER_TLS, MAX_FILE, MAX_LOOKED_THROUGH).await {
			Err(why) if !is_refusal(&why) => Err(why),
			first => Ok(first),
		}
	}

	/// The visit after its first page.
	async fn visit_after(
		&self,
		gateway: &Address,
		first: Result<Fetched, Fault>,
	) -> Result<Visit, Fault> {
		let named = match &first {
			Ok(page) => browser::named_by(&page.start),
			Err(_) => Vec::new(),
		};
		let is_served = first.is_ok();
		let mut fetched = vec![(String::new(), first)];
		let mut room = MAX_TOTAL;
		for name in named {
			let file = self.get_of_served(gateway, &name, OVER_TLS, MAX_FILE.min(room), 0).await;
			let file = match file {
				// Whether a portal has it, only the manifest says.
				Err(why) if !matches!(why, Fault::NotServed { .. }) => return Err(why),
				file => file,
			};
			room = room.saturating_sub(file.as_ref().map_or(0, |file| file.length));
			fetched.push((name, file));
		}
		let list = match is_served {
			true => {
				self.get_of_served(gateway, MANIFEST, OVER_TLS, MAX_MANIFEST, MAX_MANIFEST).await
			},
			false => self.get(gateway, MANIFEST, OVER_TLS, MAX_MANIFEST, MAX_MANIFEST).await,
		};
		let list = match list {
			Ok(list) => list,
			Err(Fault::NotServed { status, .. }) => {
				let first = match fetched.into_iter().next() {
					Some((_, Err(Fault::NotServed { status, .. }))) => Some(status),
					_ => None,
				};
				return Err(self.without_manifest(gateway, first, status).await);
			},
			Err(why) => return Err(why),
		};
		if list.headers.contains_key(CONTENT_ENCODING) {
			return Err(Fault::Encoding { name: MANIFEST.to_owned() });
		}
		let manifest: Manifest = serde_json::from_slice(&list.start).map_err(Fault::Malformed)?;
		// Before a name is asked for, or printed.
		manifest.check()?;
		let served = Served { manifest, digest: list.digest };
		Ok(Visit { served, headers: list.headers, fetched })
	}

	/// Judges a gateway that refused its manifest with this status, and its first page with the status `first`, if it did.
	/// A server with changed pages must not pass for one without a portal.
	async fn without_manifest(
		&self,
		gateway: &Address,
		first: Option<StatusCode>,
		status: StatusCode,
	) -> Fault {
		let Some(first) = first else { return Fault::NoManifest { status } };
		let index = match self.get(gateway, INDEX, OVER_TLS, MAX_FILE, 0).await {
			Ok(_) => return Fault::NoManifest { status },
			Err(Fault::NotServed { status, .. }) if !leads_elsewhere(status) => status,
			Err(why) => return why,
		};
		match [first, index, status].into_iter().find(|status| !is_absence(*status)) {
			None => Fault::NoPortal,
			// Nothing is known of a portal there: a proxy may answer for a gateway without one.
			Some(other) => Fault::Unreachable {
				name: MANIFEST.to_owned(),
				why: format!("it answered {other}"),
			},
		}
	}

	/// Fetches every file in every form that browsers get, and compares it with the manifest. Compares the headers, too:
	/// pages may ask these hospitals, or any gateway if they are not known.
	pub async fn compare(
		&self,
		gateway: &Address,
		visit: Visit,
		hospitals: Option<&[Origin]>,
	) -> Result<Served, Fault> {
		let Visit { served, headers, fetched } = visit;
		let manifest = &served.manifest;
		let mut compared = Compared { manifest, hospitals, plain: BTreeSet::new(), total: 0 };
		compared.headers(MANIFEST, &headers)?;
		let mut known = BTreeSet::new();
		for (name, file) in fetched {
			// A page may name what is no file of the portal. Then the page differs from the list.
			if name.is_empty() || manifest.files.contains_key(&name) {
				compared.file(&name, &file?)?;
				known.insert(name);
			}
		}
		for name in browser::in_order(manifest) {
			if !known.contains(name) {
				let file = self.get_of_served(gateway, name, OVER_TLS, MAX_FILE, 0).await?;
				compared.file(name, &file)?;
			}
		}
		for (name, encodings) in browser::other_forms(manifest, &compared.plain) {
			let file = self.get_of_served(gateway, name, encodings, MAX_FILE, 0).await?;
			compared.file(name, &file)?;
		}
		Ok(served)
	}

	/// Visits a gateway and compares all files. A gateway that takes another release meanwhile is compared anew. It
	/// counts as changed if that happens between its first page and its manifest: a second look at the first page would
	/// show the right one to a check that has just seen another. Ends within five minutes.
	pub async fn check(
		&self,
		gateway: &Address,
		hospitals: Option<&[Origin]>,
	) -> Result<Served, Fault> {
		let too_slow = || "it came too slowly".to_owned();
		let first = timeout(self.patience.first, self.first_page(gateway)).await;
		let first = first.unwrap_or_else(|_| {
			Err(Fault::Unreachable { name: shown("", None), why: too_slow() })
		})?;
		let is_served = first.is_ok();
		let rest = timeout(self.patience.rest, self.check_after(gateway, first, hospitals)).await;
		rest.unwrap_or_else(|_| {
			let (name, why) = ("the rest of its portal".to_owned(), too_slow());
			Err(match is_served {
				true => Fault::HeldBack { name, why },
				false => Fault::Unreachable { name, why },
			})
		})
	}

	/// The check after its first page.
	async fn check_after(
		&self,
		gateway: &Address,
		first: Result<Fetched, Fault>,
		hospitals: Option<&[Origin]>,
	) -> Result<Served, Fault> {
		let visit = self.visit_after(gateway, first).await?;
		let digest = visit.served.digest;
		let why = match self.compare(gateway, visit, hospitals).await {
			Ok(served) => return Ok(served),
			Err(why) if !why.is_change() => return Err(why),
			Err(why) => why,
		};
		match self.visit(gateway).await {
			Ok(again) if again.served.digest != digest => {
				self.compare(gateway, again, hospitals).await
			},
			// Hiding now does not undo what was seen.
			_ => Err(why),
		}
	}

	/// Fetches a file of a portal of which others were served. A server that is in trouble, or starts anew, sends it a
	/// little later. One that goes on to hold back this one may hide a change from those who look for it.
	async fn get_of_served(
		&self,
		gateway: &Address,
		name: &str,
		encodings: &'static str,
		limit: usize,
		kept: usize,
	) -> Result<Fetched, Fault> {
		let held_back = |why: String| Fault::HeldBack { name: shown(name, None), why };
		let mut last = "it came too slowly".to_owned();
		let attempts = async {
			let mut pauses = self.patience.pauses.iter();
			loop {
				match self.get(gateway, name, encodings, limit, kept).await {
					Err(Fault::Unreachable { why, .. }) => last = why,
					other => return other,
				}
				match pauses.next() {
					Some(pause) => sleep(*pause).await,
					None => return Err(held_back(last.clone())),
				}
			}
		};
		let attempts = timeout(self.patience.file, attempts).await;
		attempts.unwrap_or_else(|_| Err(held_back(last)))
	}

	/// Fetches a file as a browser does that takes these encodings; the first page has no name.
	async fn get(
		&self,
		gateway: &Address,
		name: &str,
		encodings: &'static str,
		limit: usize,
		kept: usize,
	) -> Result<Fetched, Fault> {
		let shown = || shown(name, None);
		let unreachable = |why: String| Fault::Unreachable { name: shown(), why };
		let asked = self.client.get(gateway.at(name)).headers(browser::headers(name, encodings));
		let answer = send(asked).await.map_err(|why| unreachable(why.to_string()))?;
		let status = answer.status();
		if status.is_server_error()
			|| matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
		{
			return Err(unreachable(format!("it answered {status}")));
		}
		if status != StatusCode::OK {
			return Err(Fault::NotServed { name: shown(), status });
		}
		let headers = answer.headers().clone();
		let (mut hash, mut length, mut start) = (Sha256::new(), 0_usize, Vec::new());
		let mut body = pieces(answer);
		while let Some(piece) = body.next().await {
			let piece = piece.map_err(|why| unreachable(why.to_string()))?;
			length = length.saturating_add(piece.len());
			if length > limit {
				return Err(Fault::TooLarge { name: shown() });
			}
			hash.update(&piece);
			let room = kept.saturating_sub(start.len());
			start.extend(piece.iter().take(room));
		}
		Ok(Fetched { headers, digest: Digest(hash.finalize().into()), length, start })
	}
}

/// Whether a status, of those but 200, is a page or the way to one: browsers show or follow it.
fn leads_elsewhere(status: StatusCode) -> bool {
	status.is_success() || status.is_redirection()
}

/// Whether a gateway refused a file, and led to nothing else in its place.
fn is_refusal(why: &Fault) -> bool {
	matches!(why, Fault::NotServed { status, .. } if !leads_elsewhere(*status))
}

/// Whether a status says that there is no such file.
fn is_absence(status: StatusCode) -> bool {
	matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

/// A comparison that is going on.
struct Compared<'a> {
	manifest: &'a Manifest,
	hospitals: Option<&'a [Origin]>,
	/// The names of the files that came without an encoding.
	plain: BTreeSet<String>,
	/// The bytes of all files so far.
	total: usize,
}

impl Compared<'_> {
	/// Compares a file, in the form in which it came. The first page has no name.
	fn file(&mut self, name: &str, fetched: &Fetched) -> Result<(), Fault> {
		let (encoding, listed) = self
			.listed(name, &fetched.headers)
			.ok_or_else(|| Fault::Encoding { name: shown(name, None) })?;
		if fetched.digest != listed {
			let name = shown(name, encoding);
			return Err(Fault::Differs { name, found: fetched.digest, listed });
		}
		self.headers(name, &fetched.headers)?;
		self.total = self.total.saturating_add(fetched.length);
		if self.total > MAX_TOTAL {
			return Err(Fault::TooLarge { name: shown(name, encoding) });
		}
		if encoding.is_none() {
			self.plain.insert(name.to_owned());
		}
		Ok(())
	}

	fn headers(&self, name: &str, found: &HeaderMap) -> Result<(), Fault> {
		headers::check(name, found, self.hospitals)
			.map_err(|why| Fault::Headers { name: shown(name, None), why })
	}

	/// The encoding in which a file came, and its digest in that form; none if the manifest does not list that form.
	fn listed(&self, name: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, Digest)> {
		let file = if name.is_empty() { INDEX } else { name };
		let mut found = headers.get_all(CONTENT_ENCODING).iter();
		let (encoding, ending) = match (found.next(), found.next()) {
			(None, _) => (None, ""),
			(Some(found), None) => {
				let known =
					|encoding: &str| found.as_bytes().eq_ignore_ascii_case(encoding.as_bytes());
				let (encoding, ending) =
					ENCODINGS.into_iter().find(|(encoding, _)| known(encoding))?;
				(Some(encoding), ending)
			},
			_ => return None,
		};
		Some((encoding, *self.manifest.files.get(&format!("{file}{ending}"))?))
	}
}

/// A form of a file, for people.
fn shown(name: &str, encoding: Option<&str>) -> String {
	let name = if name.is_empty() { "its first page" } else { name };
	match encoding {
		Some(encoding) => format!("{name}, compressed as {encoding},"),
		None => name.to_owned(),
	}
}

#[cfg(test)]
mod tests;

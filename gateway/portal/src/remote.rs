//! A portal as a gateway serves it, compared with its manifest: for `medblock portal verify`, and for gateways that watch
//! each other.

use crate::{
	files::{ENCODINGS, INDEX, MAX_BYTES, NotAPortal},
	manifest::{Digest, MANIFEST, Manifest},
};
use futures::StreamExt;
use medblock_platform::http::{self, client, pieces, send};
use medblock_vault_protocol::Address;
use reqwest::{
	Client, StatusCode,
	header::{ACCEPT_ENCODING, CONTENT_ENCODING},
};
use sha2::{Digest as _, Sha256};

/// The most bytes of the manifest.
const MAX_MANIFEST: usize = 2 * 1024 * 1024;
/// The most bytes of a file.
const MAX_FILE: usize = 64 * 1024 * 1024;
/// The most bytes of all files, each in up to three forms.
const MAX_TOTAL: usize = 3 * MAX_BYTES;

/// What a browser says of itself. A server that changes pages must not learn which requests compare them.
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What is wrong with a portal that a gateway serves. As text, it follows the gateway's name.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
	/// There is no manifest.
	#[error("serves no portal")]
	NoPortal,
	/// The gateway can't be reached, or can't answer now.
	#[error("gives no {name}: {why}")]
	Unreachable {
		/// The file.
		name: String,
		/// The reason.
		why: String,
	},
	/// The manifest can't be read.
	#[error("has a manifest of another form: {0}")]
	Malformed(serde_json::Error),
	/// The manifest is none of a portal.
	#[error("serves no portal: {0}")]
	NotAPortal(#[from] NotAPortal),
	/// The gateway refuses to serve a file that its manifest lists, or sends readers elsewhere.
	#[error("does not serve {name}, which its manifest lists: it answered {status}")]
	NotServed {
		/// The file.
		name: String,
		/// The status of the answer.
		status: StatusCode,
	},
	/// A file is larger than a portal's.
	#[error("sends more of {name} than a portal has")]
	TooLarge {
		/// The file.
		name: String,
	},
	/// A file has other bytes than the manifest says.
	#[error("serves {name} with the digest {found}, and its manifest says {listed}")]
	Differs {
		/// The file, and how it was compressed.
		name: String,
		/// The digest of what was served.
		found: Digest,
		/// The digest in the manifest.
		listed: Digest,
	},
}

impl Fault {
	/// Whether the gateway serves something else than a right portal. Otherwise it serves none, or nothing can be
	/// said now.
	pub fn is_change(&self) -> bool {
		!matches!(self, Self::NoPortal | Self::Unreachable { .. })
	}
}

/// The manifest that a gateway serves.
#[derive(Clone, Debug)]
pub struct Served {
	/// The list of files, which was checked.
	pub manifest: Manifest,
	/// The digest of the manifest, which stands for the whole portal.
	pub digest: Digest,
}

/// Asks gateways for their portals. Follows no redirect.
pub struct Remote(Client);

impl Remote {
	/// With the limits of [`medblock_platform::http`].
	pub fn new() -> Result<Self, http::Error> {
		client(USER_AGENT).map(Self)
	}

	/// Fetches the manifest.
	pub async fn manifest(&self, gateway: &Address) -> Result<Served, Fault> {
		let mut bytes = Vec::new();
		let keep = |piece: &[u8]| bytes.extend_from_slice(piece);
		let fetched = self.fetch(gateway, MANIFEST, None, MAX_MANIFEST, keep).await;
		fetched.map_err(|why| match why {
			Fault::NotServed { status: StatusCode::NOT_FOUND | StatusCode::GONE, .. } => {
				Fault::NoPortal
			},
			// Nothing is known of a portal there: a proxy may answer for a gateway without one.
			Fault::NotServed { name, status } => {
				Fault::Unreachable { name, why: format!("it answered {status}") }
			},
			why => why,
		})?;
		let manifest: Manifest = serde_json::from_slice(&bytes).map_err(Fault::Malformed)?;
		// Before a name is asked for, or printed.
		manifest.check()?;
		Ok(Served { manifest, digest: Digest::of(&bytes) })
	}

	/// Fetches every file in every form that browsers get, and compares it with the manifest.
	pub async fn compare(&self, gateway: &Address, served: &Served) -> Result<(), Fault> {
		let mut total = 0_usize;
		for form in forms(&served.manifest) {
			let (mut hash, mut length) = (Sha256::new(), 0_usize);
			let note = |piece: &[u8]| {
				hash.update(piece);
				length = length.saturating_add(piece.len());
			};
			let fetched = self.fetch(gateway, form.name, form.encoding, MAX_FILE, note).await?;
			let listed = if fetched.is_encoded { form.digest } else { form.plain };
			let found = Digest(hash.finalize().into());
			if found != listed {
				return Err(Fault::Differs { name: form.shown(), found, listed });
			}
			total = total.saturating_add(length);
			if total > MAX_TOTAL {
				return Err(Fault::TooLarge { name: form.shown() });
			}
		}
		Ok(())
	}

	/// Fetches the manifest and compares all files with it. A gateway that takes another release meanwhile is
	/// compared anew.
	pub async fn check(&self, gateway: &Address) -> Result<Served, Fault> {
		let served = self.manifest(gateway).await?;
		let Err(why) = self.compare(gateway, &served).await else { return Ok(served) };
		if !why.is_change() {
			return Err(why);
		}
		let again = self.manifest(gateway).await?;
		if again.digest == served.digest {
			return Err(why);
		}
		self.compare(gateway, &again).await?;
		Ok(again)
	}

	/// Passes a file's bytes on, as a browser gets them that takes this encoding.
	async fn fetch(
		&self,
		gateway: &Address,
		name: &str,
		encoding: Option<&'static str>,
		limit: usize,
		mut pass_on: impl FnMut(&[u8]),
	) -> Result<Fetched, Fault> {
		let shown = || shown(name, encoding);
		let unreachable = |why: String| Fault::Unreachable { name: shown(), why };
		let asked = self.0.get(gateway.at(name));
		let asked = asked.header(ACCEPT_ENCODING, encoding.unwrap_or("identity"));
		let answer = send(asked).await.map_err(|why| unreachable(why.to_string()))?;
		let status = answer.status();
		if status.is_server_error()
			|| matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
		{
			return Err(unreachable(format!("it answered {status}")));
		}
		if !status.is_success() {
			return Err(Fault::NotServed { name: shown(), status });
		}
		// A proxy before the gateway may ask it for plain files only.
		let is_encoded = encoding.is_some_and(|encoding| {
			let found = answer.headers().get(CONTENT_ENCODING);
			found.is_some_and(|found| found.as_bytes().eq_ignore_ascii_case(encoding.as_bytes()))
		});
		let mut length = 0_usize;
		let mut body = pieces(answer);
		while let Some(piece) = body.next().await {
			let piece = piece.map_err(|why| unreachable(why.to_string()))?;
			length = length.saturating_add(piece.len());
			if length > limit {
				return Err(Fault::TooLarge { name: shown() });
			}
			pass_on(&piece);
		}
		Ok(Fetched { is_encoded })
	}
}

/// A file that was fetched.
struct Fetched {
	/// Whether it came in the encoding that was asked for.
	is_encoded: bool,
}

/// One form of a file that browsers may get.
#[derive(Debug, PartialEq, Eq)]
struct Form<'a> {
	/// The name that a browser asks for; what it asks for first has none.
	name: &'a str,
	/// The encoding that the browser takes.
	encoding: Option<&'static str>,
	/// The digest of the file in this encoding.
	digest: Digest,
	/// The digest of the file itself.
	plain: Digest,
}

impl Form<'_> {
	fn shown(&self) -> String {
		shown(self.name, self.encoding)
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

/// Everything that a browser may be served.
fn forms(manifest: &Manifest) -> Vec<Form<'_>> {
	let mut forms = Vec::new();
	for (name, plain) in &manifest.files {
		let compressed = ENCODINGS.iter().filter_map(|(encoding, ending)| {
			let digest = manifest.files.get(&format!("{name}{ending}"))?;
			Some((Some(*encoding), *digest))
		});
		for (encoding, digest) in std::iter::once((None, *plain)).chain(compressed) {
			let mut form = |name| forms.push(Form { name, encoding, digest, plain: *plain });
			form(name.as_str());
			if name == INDEX {
				form("");
			}
		}
	}
	forms
}

#[cfg(test)]
mod tests;

//! What can be wrong with a portal that a gateway serves.

use crate::{files::NotAPortal, manifest::Digest};
use reqwest::StatusCode;

/// What is wrong with a portal that a gateway serves. As text, it follows the gateway's name.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
	/// There is neither a manifest nor a first page.
	#[error("serves no portal")]
	NoPortal,
	/// There is a first page, and no manifest.
	#[error("serves a first page, and no manifest.json: it answered {status}")]
	NoManifest {
		/// The status of the answer to the request for the manifest.
		status: StatusCode,
	},
	/// The gateway can't be reached, or can't answer now.
	#[error("does not send {name}: {why}")]
	Unreachable {
		/// The file.
		name: String,
		/// The reason.
		why: String,
	},
	/// The gateway sends other files of the portal, and not this one, however often it is asked.
	#[error("sends other files and holds back {name}: {why}")]
	HeldBack {
		/// The file.
		name: String,
		/// The reason, as the last attempt had it.
		why: String,
	},
	/// The manifest can't be read.
	#[error("has a manifest of another form: {0}")]
	Malformed(serde_json::Error),
	/// The manifest is none of a portal.
	#[error("serves no portal: {0}")]
	NotAPortal(#[from] NotAPortal),
	/// The gateway refuses to serve a file of the portal, or sends readers elsewhere.
	#[error("does not serve {name}, which a portal has: it answered {status}")]
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
	/// A file is compressed in a way that the manifest does not list.
	#[error("sends {name} in an encoding that its manifest does not list")]
	Encoding {
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
	/// A file has other headers than gateways send.
	#[error("sends {name} {why}")]
	Headers {
		/// The file.
		name: String,
		/// The header, and what is wrong with it.
		why: String,
	},
}

impl Fault {
	/// Whether the gateway serves something else than a right portal. Otherwise it serves none, or nothing can be
	/// said now.
	pub fn is_change(&self) -> bool {
		!matches!(self, Self::NoPortal | Self::Unreachable { .. })
	}
}

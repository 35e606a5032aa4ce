//! Releases of the portal, as JSON.

use crate::{Hex, Time, text};
use medblock_primitives as primitives;
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A release of the web portal that hospitals may serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct PortalRelease {
	/// The SHA-256 (FIPS 180-4) of the release's `manifest.json`, which names every file's digest.
	pub digest: Hex<32>,
	/// The release's name, for people.
	pub version: String,
	/// The time at which the council listed the release.
	pub listed_at: Time,
}

impl From<primitives::PortalRelease> for PortalRelease {
	fn from(release: primitives::PortalRelease) -> Self {
		Self {
			digest: Hex(release.digest),
			version: text(&release.version),
			listed_at: release.listed_at.into(),
		}
	}
}

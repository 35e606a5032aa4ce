//! Whether a vault can serve requests, for monitoring.

use crate::Reason;
use serde::{Deserialize, Serialize};

/// The answer to a question for the vault's health: with status 200, or 503 if the vault refuses all requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Health {
	/// The vault can serve requests.
	Ok {
		/// The number of its node's final block.
		finalized: u32,
		/// The age of that block, in seconds by the vault's clock.
		finalized_age_seconds: u64,
		/// What it is to keep and lacks; none if it has not compared itself with the chain.
		#[serde(default, skip_serializing_if = "Option::is_none")]
		lacking: Option<Lacking>,
		/// The gateway's version.
		version: String,
	},
	/// The vault refuses some requests: reading goes on.
	Strained {
		/// The number of its node's final block.
		finalized: u32,
		/// The age of that block, in seconds by the vault's clock.
		finalized_age_seconds: u64,
		/// What it refuses, and why.
		troubles: Vec<Trouble>,
		/// What it is to keep and lacks; none if it has not compared itself with the chain.
		#[serde(default, skip_serializing_if = "Option::is_none")]
		lacking: Option<Lacking>,
		/// The gateway's version.
		version: String,
	},
	/// The vault refuses all requests.
	Degraded {
		/// The code of the refusal.
		reason: Reason,
		/// The refusal in one English sentence.
		message: String,
		/// The gateway's version.
		version: String,
	},
}

/// The files that the chain gives a vault to keep and that it does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lacking {
	/// Those that another vault may have. It fetches them.
	pub files: u64,
	/// Those that no vault has.
	pub nowhere: u64,
}

/// Something that makes a vault refuse some requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
	/// Its name for programs: [`Strain::as_str`], or a newer vault's.
	pub what: String,
	/// What happened and what to do, in one English sentence without its first capital and full stop.
	pub message: String,
}

/// Defines the strains: each with its name and its sentence.
macro_rules! strains {
	($($(#[$docs:meta])* $name:ident = $text:literal $sentence:literal,)*) => {
		/// What can make a vault refuse some requests.
		#[derive(Clone, Copy, Debug, PartialEq, Eq)]
		pub enum Strain {
			$($(#[$docs])* $name,)*
		}

		impl Strain {
			/// All of them.
			pub const ALL: &[Self] = &[$(Self::$name),*];

			/// Its name for programs, which never changes.
			pub const fn as_str(self) -> &'static str {
				match self {
					$(Self::$name => $text,)*
				}
			}

			/// What happened and what to do, for the vault's operator.
			pub const fn sentence(self) -> &'static str {
				match self {
					$(Self::$name => $sentence,)*
				}
			}
		}
	};
}

strains! {
	/// The free disk has come down to the reserve.
	DiskReserve = "disk-reserve"
		"uploads are refused, so that reading can go on: the disk has no more free than --disk-reserve; add room",
	/// The uploads that nothing names fill their quota.
	QuotaUnnamed = "quota-unnamed"
		"new uploads are refused: those that no transaction names yet fill --quota-unnamed; they go after a day",
	/// All slots of uploads are taken.
	UploadsFull = "uploads-full"
		"new uploads have to wait: as many as --max-uploads are under way",
	/// All slots of downloads are taken.
	DownloadsFull = "downloads-full"
		"new downloads have to wait: as many as --max-downloads are under way",
}

impl From<Strain> for Trouble {
	fn from(strain: Strain) -> Self {
		Self { what: strain.as_str().to_owned(), message: strain.sentence().to_owned() }
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::Code;
	use serde_json::{from_value, json, to_value};

	#[test]
	fn health_says_its_status_first() {
		let version = String::from("0.1.0");
		let good = |lacking| Health::Ok {
			finalized: 7,
			finalized_age_seconds: 1,
			lacking,
			version: version.clone(),
		};
		let mut shown =
			json!({ "status": "ok", "finalized": 7, "finalizedAgeSeconds": 1, "version": "0.1.0" });
		assert_eq!(to_value(good(None)).unwrap(), shown);
		shown["lacking"] = json!({ "files": 2, "nowhere": 1 });
		let lacks = good(Some(Lacking { files: 2, nowhere: 1 }));
		assert_eq!(to_value(&lacks).unwrap(), shown);
		assert_eq!(from_value::<Health>(shown).unwrap(), lacks);
		let (reason, message) = (Code::NodeBehind.into(), String::from("…"));
		assert_eq!(
			to_value(Health::Degraded { reason, message, version }).unwrap(),
			json!({
				"status": "degraded",
				"reason": "node-behind",
				"message": "…",
				"version": "0.1.0",
			})
		);
	}

	#[test]
	fn troubles_have_names_of_their_own_and_newer_ones_can_be_read() {
		let names: std::collections::BTreeSet<_> =
			Strain::ALL.iter().map(|one| one.as_str()).collect();
		assert_eq!(names.len(), Strain::ALL.len());
		let newer = json!({
			"status": "strained",
			"finalized": 7,
			"finalizedAgeSeconds": 1,
			"troubles": [{ "what": "on-fire", "message": "…" }],
			"version": "9",
		});
		let read: Health = from_value(newer).unwrap();
		assert!(matches!(read, Health::Strained { troubles, .. } if troubles[0].what == "on-fire"));
	}
}

//! Whether a vault can serve requests, for monitoring.

use crate::Reason;
use serde::{Deserialize, Serialize};

/// The answer to a question for the vault's health: with status 200 or 503.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Health {
	/// The vault can serve requests.
	Ok {
		/// The number of its node's final block.
		finalized: u32,
		/// The age of that block, in seconds by the vault's clock.
		finalized_age_seconds: u64,
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

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::Code;
	use serde_json::{json, to_value};

	#[test]
	fn health_says_its_status_first() {
		let version = String::from("0.1.0");
		let good = Health::Ok { finalized: 7, finalized_age_seconds: 1, version: version.clone() };
		assert_eq!(
			to_value(good).unwrap(),
			json!({ "status": "ok", "finalized": 7, "finalizedAgeSeconds": 1, "version": "0.1.0" })
		);
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
}

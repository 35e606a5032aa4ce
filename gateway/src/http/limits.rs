//! How much the vault takes.

use super::App;
use axum::{Json, extract::State};
use medblock_vault_protocol::{Limits, heads::MAX_HEADS};
use std::sync::Arc;

/// `GET /v1/limits`: the limits of files and accounts, which clients check before they encrypt.
pub(super) async fn limits(State(app): State<Arc<App>>) -> Json<Limits> {
	let limits = app.vault.limits();
	// Without it, clients keep their copies for longer.
	let backed_up = app.vault.backed_up().await.ok().flatten();
	Json(Limits {
		max_file: limits.max_file,
		quota_per_account: limits.quotas.per_account,
		quota_per_patient: limits.quotas.per_patient,
		uploads_at_once: app.uploads.per_account() as u64,
		downloads_at_once: app.download_slots.per_account() as u64,
		heads_at_once: MAX_HEADS as u64,
		backed_up,
	})
}

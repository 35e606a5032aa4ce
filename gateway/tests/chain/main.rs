//! The gateway on a real node: who may read what, and what survives.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod access;
mod copies;
mod door;
mod full;
mod heads;
mod kept;
mod kills;
mod limits;
mod portal;
mod proxies;
mod readers;
mod receipts;
mod storage;
mod two;
mod vaults;

use common::{
	chain::{Setup, age_file, document, upload_path},
	s3::{STORE, Service},
};
use futures::StreamExt;
use kept::Kept;
use medblock_client::grants::Terms;
use medblock_primitives::PatientId;
use serde_json::{Value, json};
use std::{
	collections::BTreeSet,
	path::{Path, PathBuf},
	time::{Duration, Instant},
};

fn refused(status: u16, code: &str) -> (u16, String) {
	(status, code.to_owned())
}

/// Checks the answer to a client beyond its limit.
async fn is_told_to_try_again(answer: reqwest::Response) {
	assert_eq!(answer.status(), 429);
	assert_eq!(answer.headers()["retry-after"], "1");
	let body: Value = answer.json().await.unwrap();
	assert_eq!(body["error"], "too-many-requests");
}

/// Makes a chart's folder one that can't be walked through, whatever the user may. Returns what makes it so.
fn make_unreadable(setup: &Setup, patient: PatientId) -> PathBuf {
	let folder = setup.data.path().join("blobs").join(patient.0.to_string());
	std::fs::create_dir_all(&folder).unwrap();
	let endless = folder.join("endless");
	std::os::unix::fs::symlink(&folder, &endless).unwrap();
	endless
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
	let mut found = BTreeSet::new();
	for entry in std::fs::read_dir(folder).unwrap() {
		let path = entry.unwrap().path();
		if path.is_dir() {
			found.extend(files_below(&path));
		} else {
			found.insert(path);
		}
	}
	found
}

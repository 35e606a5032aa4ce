//! Folders with portals.

use medblock_portal_files::Digest;
use std::{fs, path::Path};
use tempfile::TempDir;

/// A folder with these files and their manifest.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
	let folder = tempfile::tempdir().unwrap();
	let mut listed = serde_json::Map::new();
	for (name, text) in files {
		let path = folder.path().join(name);
		fs::create_dir_all(path.parent().unwrap()).unwrap();
		fs::write(path, text).unwrap();
		listed.insert((*name).into(), Digest::of(text.as_bytes()).to_string().into());
	}
	let manifest = serde_json::json!({ "files": listed }).to_string();
	fs::write(folder.path().join("manifest.json"), manifest).unwrap();
	folder
}

/// The digest by which the council lists the portal in a folder.
pub fn digest(folder: &Path) -> [u8; 32] {
	Digest::of(&fs::read(folder.join("manifest.json")).unwrap()).0
}

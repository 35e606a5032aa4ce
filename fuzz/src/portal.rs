//! The list of a portal's files, as another hospital's gateway gives it.

use medblock_portal_files::{Digest, Manifest};

/// A list that is taken names files within their folder, and digests of one form.
pub(crate) fn manifest(bytes: &[u8]) {
	if let Ok(text) = std::str::from_utf8(bytes)
		&& let Ok(digest) = text.parse::<Digest>()
	{
		assert_eq!(digest.to_string(), text);
	}
	let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) else { return };
	if manifest.check().is_ok() {
		for name in manifest.files.keys() {
			assert!(
				name.is_ascii()
					&& !name.starts_with('/')
					&& name.split('/').all(|part| part != ".."),
				"{name}"
			);
		}
	}
}

pub(crate) fn manifest_seeds() -> Vec<Vec<u8>> {
	let digest = Digest::of(b"a page").to_string();
	let list = format!(r#"{{"files":{{"index.html":"{digest}","assets/app-1.js":"{digest}"}}}}"#);
	vec![list.into(), digest.into()]
}

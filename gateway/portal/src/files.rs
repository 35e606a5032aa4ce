//! Reading the folder.

use crate::{
	manifest::{Digest, MANIFEST, Manifest},
	media,
};
use bytes::Bytes;
use http::HeaderValue;
use std::{
	collections::BTreeMap,
	fs, io,
	path::{Path, PathBuf},
};

/// The most bytes of all files. They are kept in memory, so that what is served is what was checked.
pub(crate) const MAX_BYTES: usize = 128 * 1024 * 1024;
/// The most files.
pub(crate) const MAX_FILES: usize = 4_096;

/// The page that stands for the folder.
pub const INDEX: &str = "index.html";

/// Encodings of files that lie compressed beside the file itself, the smallest first: `app.js.br`.
pub const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The folder is not served.
#[derive(Debug, thiserror::Error)]
pub enum NotAPortal {
	/// A file or the folder can't be read.
	#[error("{}: {why}", .path.display())]
	Unreadable {
		/// The file or folder.
		path: PathBuf,
		/// The system's reason.
		why: io::Error,
	},
	/// The list has another form.
	#[error("{}: {why}", .path.display())]
	Malformed {
		/// The list.
		path: PathBuf,
		/// The parser's reason.
		why: serde_json::Error,
	},
	/// The list names something that is no plain path, or is the gateway's own.
	#[error("the manifest lists {0:?}, which can't be a file of the portal")]
	BadName(String),
	/// A listed file is not there.
	#[error("the manifest lists {0}, which is not in the folder")]
	Missing(String),
	/// A file has other bytes than the list says.
	#[error("{name} has the digest {found}, and the manifest says {listed}")]
	Changed {
		/// The file.
		name: String,
		/// The digest of its bytes.
		found: Digest,
		/// The digest in the list.
		listed: Digest,
	},
	/// There is a file that the list does not have.
	#[error("{0} is in the folder, and the manifest does not list it")]
	Unlisted(String),
	/// Something is neither a folder nor a file, such as a link.
	#[error("{} is neither a file nor a folder", .0.display())]
	NoFile(PathBuf),
	/// The list has no index.html.
	#[error("the manifest lists no {INDEX}")]
	NoIndex,
	/// The files are more, or larger, than a portal's.
	#[error("the folder has more than {MAX_FILES} files or {} MiB", MAX_BYTES / 1024 / 1024)]
	TooLarge,
}

/// A portal, read and checked.
pub struct Portal {
	files: BTreeMap<String, File>,
	digest: Digest,
}

/// One of its files.
pub(crate) struct File {
	pub(crate) bytes: Bytes,
	pub(crate) media_type: HeaderValue,
	pub(crate) etag: HeaderValue,
	pub(crate) is_immutable: bool,
}

impl Portal {
	/// Reads a folder. Every file has to be the one that the manifest lists.
	pub fn open(folder: &Path) -> Result<Self, NotAPortal> {
		let path = folder.join(MANIFEST);
		let listed = read(&path)?;
		let manifest: Manifest = match serde_json::from_slice(&listed) {
			Ok(manifest) => manifest,
			Err(why) => return Err(NotAPortal::Malformed { path, why }),
		};
		manifest.check()?;
		let names = names_below(folder)?;
		if let Some(missing) = manifest.files.keys().find(|name| !names.contains(name)) {
			return Err(NotAPortal::Missing(missing.clone()));
		}
		let mut files = BTreeMap::new();
		let mut total = 0_usize;
		for name in names.into_iter().filter(|name| name != MANIFEST) {
			let Some(listed) = manifest.files.get(&name) else {
				return Err(NotAPortal::Unlisted(name));
			};
			let bytes = read(&folder.join(&name))?;
			let found = Digest::of(&bytes);
			if found != *listed {
				return Err(NotAPortal::Changed { name, found, listed: *listed });
			}
			total = total.saturating_add(bytes.len());
			if total > MAX_BYTES {
				return Err(NotAPortal::TooLarge);
			}
			files.insert(name.clone(), File::new(&name, bytes, found));
		}
		let digest = Digest::of(&listed);
		files.insert(MANIFEST.to_owned(), File::new(MANIFEST, listed, digest));
		Ok(Self { files, digest })
	}

	/// The digest of the manifest, which stands for the whole portal.
	pub fn digest(&self) -> Digest {
		self.digest
	}

	/// How many files there are.
	pub fn count(&self) -> usize {
		self.files.len()
	}

	/// The bytes of a file, by its path in a URL.
	pub fn bytes(&self, path: &str) -> Option<Bytes> {
		self.find(path).map(|(_, file)| file.bytes.clone())
	}

	/// A file by its path in a URL, and its name.
	pub(crate) fn find(&self, path: &str) -> Option<(&str, &File)> {
		let name = match path.strip_prefix('/')? {
			"" => INDEX,
			name => name,
		};
		self.files.get_key_value(name).map(|(name, file)| (name.as_str(), file))
	}

	/// A file's compressed form in this encoding, if the folder has one.
	pub(crate) fn compressed(&self, name: &str, ending: &str) -> Option<&File> {
		self.files.get(&format!("{name}{ending}"))
	}
}

impl File {
	fn new(name: &str, bytes: Vec<u8>, digest: Digest) -> Self {
		// Base64 and quotes: always a header's value.
		let etag = HeaderValue::try_from(format!("\"{}\"", hex::encode(digest.0)));
		Self {
			bytes: bytes.into(),
			media_type: HeaderValue::from_static(media::type_of(name)),
			etag: etag.unwrap_or_else(|_| HeaderValue::from_static("\"\"")),
			is_immutable: media::is_named_by_digest(name),
		}
	}
}

fn read(path: &Path) -> Result<Vec<u8>, NotAPortal> {
	fs::read(path).map_err(|why| NotAPortal::Unreadable { path: path.to_owned(), why })
}

/// The names of all files below the folder, with slashes.
fn names_below(folder: &Path) -> Result<Vec<String>, NotAPortal> {
	let mut names = Vec::new();
	let mut folders = vec![(folder.to_owned(), String::new())];
	while let Some((path, prefix)) = folders.pop() {
		let unreadable = |why| NotAPortal::Unreadable { path: path.clone(), why };
		for entry in fs::read_dir(&path).map_err(unreadable)? {
			let entry = entry.map_err(unreadable)?;
			let kind = entry.file_type().map_err(unreadable)?;
			let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
			if kind.is_dir() {
				folders.push((entry.path(), format!("{name}/")));
			} else if kind.is_file() {
				names.push(name);
			} else {
				return Err(NotAPortal::NoFile(entry.path()));
			}
			if names.len() > MAX_FILES || folders.len() > MAX_FILES {
				return Err(NotAPortal::TooLarge);
			}
		}
	}
	names.sort();
	Ok(names)
}

#[cfg(test)]
pub(crate) mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use serde_json::json;
	use tempfile::TempDir;

	/// A folder with these files and a manifest that lists them.
	pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
		let folder = tempfile::tempdir().unwrap();
		let mut listed = serde_json::Map::new();
		for (name, bytes) in files {
			let path = folder.path().join(name);
			fs::create_dir_all(path.parent().unwrap()).unwrap();
			fs::write(path, bytes).unwrap();
			listed.insert((*name).into(), Digest::of(bytes).to_string().into());
		}
		list(&folder, json!({ "files": listed }));
		folder
	}

	fn list(folder: &TempDir, manifest: serde_json::Value) {
		fs::write(folder.path().join(MANIFEST), manifest.to_string()).unwrap();
	}

	fn refusal(folder: &TempDir) -> String {
		Portal::open(folder.path()).err().unwrap().to_string()
	}

	const PAGE: (&str, &[u8]) = (INDEX, b"<!doctype html>");

	#[test]
	fn folder_as_listed_is_read() {
		let folder = folder(&[PAGE, ("assets/a.js", b"1")]);
		let portal = Portal::open(folder.path()).unwrap();
		assert_eq!(portal.count(), 3);
		let manifest = fs::read(folder.path().join(MANIFEST)).unwrap();
		assert_eq!(portal.digest(), Digest::of(&manifest));
		for path in ["/", "/index.html", "/assets/a.js", "/manifest.json"] {
			assert!(portal.find(path).is_some(), "{path}");
		}
		for path in
			["", "index.html", "/assets", "/assets/", "//index.html", "/../index.html", "/a"]
		{
			assert!(portal.find(path).is_none(), "{path}");
		}
	}

	#[test]
	fn folder_that_does_not_fit_its_list_is_refused() {
		let changed = folder(&[PAGE, ("a.js", b"1")]);
		fs::write(changed.path().join("a.js"), b"2").unwrap();
		assert!(refusal(&changed).starts_with("a.js has the digest sha256-"));
		let missing = folder(&[PAGE, ("a.js", b"1")]);
		fs::remove_file(missing.path().join("a.js")).unwrap();
		assert_eq!(refusal(&missing), "the manifest lists a.js, which is not in the folder");
		let unlisted = folder(&[PAGE]);
		fs::write(unlisted.path().join("b.js"), b"2").unwrap();
		assert_eq!(refusal(&unlisted), "b.js is in the folder, and the manifest does not list it");
		let link = folder(&[PAGE]);
		std::os::unix::fs::symlink("/etc/passwd", link.path().join("c.js")).unwrap();
		assert!(refusal(&link).ends_with("c.js is neither a file nor a folder"));
		assert_eq!(refusal(&folder(&[("a.js", b"1")])), "the manifest lists no index.html");
	}

	#[test]
	fn list_of_another_form_is_refused() {
		let empty = tempfile::tempdir().unwrap();
		assert!(refusal(&empty).contains("manifest.json"));
		for bad in [
			json!([]),
			json!({}),
			json!({ "files": [] }),
			json!({ "files": { INDEX: "md5-AAAA" } }),
			json!({ "files": { INDEX: 1 } }),
		] {
			let folder = folder(&[PAGE]);
			list(&folder, bad.clone());
			assert!(refusal(&folder).contains("manifest.json"), "{bad}");
		}
		for name in ["../index.html", "/etc/passwd", "v1/rpc", "manifest.json"] {
			let folder = folder(&[PAGE]);
			list(&folder, json!({ "files": { name: Digest::of(b"").to_string() } }));
			assert!(refusal(&folder).contains("can't be a file of the portal"), "{name}");
		}
	}
}

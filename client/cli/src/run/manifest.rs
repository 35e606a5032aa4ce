//! What is in a folder that records were fetched into: `manifest.jsonl`, a JSON document on a line for each file.
//!
//! A line is added once its file is whole and has its name. So an interrupted command knows what it has done.

use super::unpacking::form;
use crate::exit::Failure;
use medblock_platform::{disk, put_bytes};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
	collections::{BTreeMap, BTreeSet},
	fs::{self, File, OpenOptions},
	io::{self, ErrorKind, Read, Write},
	path::{Path, PathBuf},
};

/// The manifest's name.
pub const NAME: &str = "manifest.jsonl";

/// The longest manifest that is read, in bytes.
const LONGEST: u64 = 256 * 1024 * 1024;

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
	/// Its path in the folder. The folder of an unpacked record ends in `/`.
	pub file: String,
	/// Its length in bytes; that of the archive that was unpacked.
	pub bytes: u64,
	/// Its SHA-256 in hexadecimal; that of the archive that was unpacked.
	pub sha256: String,
	/// The record that it is the content of.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub content_of: Option<ContentOf>,
	/// The files in an unpacked record's folder.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub files: Vec<Inside>,
}

/// A record of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentOf {
	/// The patient's number.
	pub patient: u32,
	/// The record's number.
	pub record: u32,
	/// SHA-256 of the record as it is encrypted, in hexadecimal: the chain has it.
	pub document: String,
	/// The author's title.
	pub title: String,
	/// The media type, as the author says.
	pub media_type: String,
}

/// A file in an unpacked record's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
	/// Its path in that folder.
	pub file: String,
	/// Its length in bytes.
	pub bytes: u64,
	/// Its SHA-256 in hexadecimal.
	pub sha256: String,
}

/// The manifest of one folder.
pub struct Manifest {
	folder: PathBuf,
	lines: BTreeMap<String, Line>,
	/// The files by the form that some systems take for their name.
	forms: BTreeMap<String, BTreeSet<String>>,
	out: File,
}

impl Manifest {
	/// The manifest of a folder, which is made if it does not exist.
	pub fn open(folder: &Path) -> Result<Self, Failure> {
		disk::create_folder(folder)
			.map_err(|why| Failure::file("make the folder", folder, &why))?;
		let path = folder.join(NAME);
		let unread = |why| Failure::file("read", &path, &why);
		let text = match read(&path) {
			Err(why) if why.kind() == ErrorKind::NotFound => Vec::new(),
			read => read.map_err(unread)?,
		};
		// A line that was not finished is as if it were not there.
		let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
		let found = lines_of(text.get(..whole).unwrap_or_default())
			.ok_or_else(|| unread(io::Error::other("it is another program's")))?;
		let unwritten = |why| Failure::file("write", &path, &why);
		let mut options = OpenOptions::new();
		options.create(true).append(true);
		#[cfg(unix)]
		std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
		let out = options.open(&path).map_err(unwritten)?;
		if whole < text.len() {
			out.set_len(whole as u64).map_err(unwritten)?;
		}
		let (folder, lines, forms) = (folder.to_owned(), BTreeMap::new(), BTreeMap::new());
		let mut manifest = Self { folder, lines, forms, out };
		found.into_iter().for_each(|line| manifest.note(line));
		Ok(manifest)
	}

	/// Whether a record's content is in the folder, as far as its length tells.
	pub fn has(&self, patient: u32, record: u32, document: &str) -> bool {
		let is_it = |of: &ContentOf| {
			of.patient == patient && of.record == record && of.document == document
		};
		let mut lines = self.lines.values();
		lines.any(|line| line.content_of.as_ref().is_some_and(is_it) && self.is_there(line))
	}

	/// Whether a file of the folder is the content of another record, under this name or one that some system takes for it.
	pub fn is_of_another(&self, file: &str, of: &ContentOf) -> bool {
		let is_it = |found: &ContentOf| {
			found.patient == of.patient
				&& found.record == of.record
				&& found.document == of.document
		};
		let names = self.forms.get(&form(file)).into_iter().flatten();
		let mut lines = names.filter_map(|name| self.lines.get(name));
		lines.any(|line| {
			line.content_of.as_ref().is_some_and(|found| !is_it(found)) && self.is_there(line)
		})
	}

	/// The number of files that it names, with those in folders.
	pub fn files(&self) -> usize {
		self.lines.values().map(|line| line.files.len().max(1)).sum()
	}

	fn is_there(&self, line: &Line) -> bool {
		let found = fs::symlink_metadata(self.folder.join(&line.file));
		found.is_ok_and(|found| match line.file.ends_with('/') {
			true => found.is_dir(),
			false => found.is_file() && found.len() == line.bytes,
		})
	}

	/// Notes a file that is whole and has its name.
	pub fn add(&mut self, line: Line) -> Result<(), Failure> {
		let path = self.folder.join(NAME);
		let unwritten = |why: io::Error| Failure::file("write", &path, &why);
		let mut text = serde_json::to_vec(&line).map_err(|why| unwritten(why.into()))?;
		text.push(b'\n');
		self.out.write_all(&text).map_err(unwritten)?;
		self.note(line);
		Ok(())
	}

	fn note(&mut self, line: Line) {
		self.forms.entry(form(&line.file)).or_default().insert(line.file.clone());
		self.lines.insert(line.file.clone(), line);
	}

	/// Writes a file of this program's own into the folder, in place of an earlier one, and notes it.
	pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
		let path = self.folder.join(name);
		put_bytes(&path, bytes).map_err(|why| Failure::file("write", &path, &why))?;
		self.add(Line {
			file: name.to_owned(),
			bytes: bytes.len() as u64,
			sha256: hex::encode(Sha256::digest(bytes)),
			content_of: None,
			files: Vec::new(),
		})
	}

	/// Writes the manifest anew, with one line for each file, in their order.
	pub fn finish(self) -> Result<(), Failure> {
		let path = self.folder.join(NAME);
		let mut text = Vec::new();
		for line in self.lines.values() {
			serde_json::to_writer(&mut text, line)
				.map_err(|why| Failure::file("write", &path, &why.into()))?;
			text.push(b'\n');
		}
		put_bytes(&path, &text).map_err(|why| Failure::file("write", &path, &why))
	}
}

/// The lines of a manifest; nothing if it is another program's.
pub fn lines_of(text: &[u8]) -> Option<Vec<Line>> {
	let lines = text.split_inclusive(|byte| *byte == b'\n');
	lines.map(|line| serde_json::from_slice(line).ok()).collect()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
	let file = File::open(path)?;
	let found = file.metadata()?;
	if !found.is_file() || found.len() > LONGEST {
		return Err(io::Error::other("it is no file, or too long to be this program's"));
	}
	let mut text = Vec::new();
	file.take(LONGEST).read_to_end(&mut text)?;
	Ok(text)
}

/// The SHA-256 of everything that a reader gives.
pub fn sha256(mut reader: impl Read) -> io::Result<[u8; 32]> {
	let mut digest = Sha256::new();
	io::copy(&mut reader, &mut digest)?;
	Ok(digest.finalize().into())
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::exit::Code;
	use tempfile::TempDir;

	fn line(file: &str, record: u32) -> Line {
		let content_of = ContentOf {
			patient: 3,
			record,
			document: "ab".into(),
			title: "A letter".into(),
			media_type: "text/plain".into(),
		};
		let (bytes, sha256) = (4, "00".into());
		Line { file: file.into(), bytes, sha256, content_of: Some(content_of), files: Vec::new() }
	}

	#[test]
	fn what_was_done_is_known_after_an_interruption() {
		let folder = TempDir::new().unwrap();
		let path = folder.path().join("records");
		let mut manifest = Manifest::open(&path).unwrap();
		for (name, record) in [("0001 a", 1), ("0002 b", 2), ("0003 c/", 3)] {
			manifest.add(line(name, record)).unwrap();
		}
		fs::write(path.join("0001 a"), "four").unwrap();
		fs::write(path.join("0002 b"), "cut").unwrap();
		fs::create_dir(path.join("0003 c")).unwrap();
		drop(manifest);
		// The program was ended while it wrote a line.
		let mut file = OpenOptions::new().append(true).open(path.join(NAME)).unwrap();
		file.write_all(b"{\"file\":\"0004").unwrap();
		let mut manifest = Manifest::open(&path).unwrap();
		let there: Vec<_> = (0..5).filter(|record| manifest.has(3, *record, "ab")).collect();
		assert_eq!(there, [1, 3]);
		assert!(!manifest.has(4, 1, "ab") && !manifest.has(3, 1, "cd"));
		manifest.write("profile.json", b"{}").unwrap();
		manifest.write("profile.json", b"[]").unwrap();
		manifest.finish().unwrap();
		let text = fs::read_to_string(path.join(NAME)).unwrap();
		assert_eq!(text.lines().count(), 4, "{text}");
		assert!(Manifest::open(&path).unwrap().has(3, 1, "ab"));
	}

	#[test]
	fn file_is_another_records_in_whatever_form_its_name_is_written() {
		let folder = TempDir::new().unwrap();
		let name = "0001 e\u{301}.txt";
		Manifest::open(folder.path()).unwrap().add(line(name, 1)).unwrap();
		fs::write(folder.path().join(name), "four").unwrap();
		let manifest = Manifest::open(folder.path()).unwrap();
		let of = |record| line(name, record).content_of.unwrap();
		for alike in [name, "0001 \u{e9}.txt", "0001 \u{c9}.TXT"] {
			assert!(manifest.is_of_another(alike, &of(2)), "{alike}");
			assert!(!manifest.is_of_another(alike, &of(1)), "{alike}");
		}
		assert!(!manifest.is_of_another("0001 e.txt", &of(2)));
	}

	#[test]
	fn another_programs_file_stays_as_it_is() {
		let folder = TempDir::new().unwrap();
		fs::write(folder.path().join(NAME), "something else\n").unwrap();
		assert_eq!(Manifest::open(folder.path()).err().unwrap().code, Code::Local);
		assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), b"something else\n");
	}
}

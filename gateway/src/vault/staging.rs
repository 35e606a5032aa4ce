//! The bytes of incomplete uploads, on this machine's disk. What is known of them is in the [ledger](super::ledger).

use crate::{
	blob::{BlobId, Digest},
	files,
};
use medblock_primitives::PatientId;
use medblock_vault_protocol::paths::parse_number;
use std::{
	fs, io,
	path::{Path, PathBuf},
};

/// An upload of an account. Each account sends all bytes itself, so each has a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UploadId {
	/// The file.
	pub blob: BlobId,
	/// The account.
	pub account: [u8; 32],
}

/// The folder of incomplete uploads.
pub struct Staging {
	folder: PathBuf,
}

impl Staging {
	/// Opens the folder.
	pub fn open(folder: PathBuf) -> io::Result<Self> {
		files::create_folder(&folder)?;
		Ok(Self { folder })
	}

	/// The folder.
	pub fn folder(&self) -> &Path {
		&self.folder
	}

	/// The path of the bytes.
	pub fn data(&self, id: &UploadId) -> PathBuf {
		let name = format!("{}.{}.part", id.blob.digest, hex::encode(id.account));
		self.folder.join(id.blob.patient.0.to_string()).join(name)
	}

	/// The number of bytes that have arrived.
	pub fn arrived(&self, id: &UploadId) -> io::Result<u64> {
		match fs::metadata(self.data(id)) {
			Ok(found) => Ok(found.len()),
			// The gateway was killed before the first byte, or the disk is another one.
			Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(0),
			Err(why) => Err(why),
		}
	}

	/// Makes the file for the bytes, unless it is there.
	pub fn create(&self, id: &UploadId) -> io::Result<()> {
		let path = self.data(id);
		if let Some(folder) = path.parent() {
			files::create_folder(folder)?;
		}
		files::private().open(path).map(drop)
	}

	/// Removes the bytes.
	pub fn discard(&self, id: &UploadId) -> io::Result<()> {
		let path = self.data(id);
		files::remove_if_there(&path)?;
		if let Some(folder) = path.parent() {
			// Others' uploads may be in it.
			let _ = fs::remove_dir(folder);
		}
		Ok(())
	}

	/// The uploads of which there are bytes.
	pub fn all(&self) -> io::Result<Vec<UploadId>> {
		let mut all = Vec::new();
		for folder in fs::read_dir(&self.folder)? {
			let folder = folder?;
			let patient = folder.file_name().to_str().and_then(parse_number).map(PatientId);
			let Some(patient) = patient else { continue };
			let files = match fs::read_dir(folder.path()) {
				Ok(files) => files,
				// The last upload in it has just ended.
				Err(why) if why.kind() == io::ErrorKind::NotFound => continue,
				Err(why) => return Err(why),
			};
			for file in files {
				let name = file?.file_name();
				all.extend(name.to_str().and_then(|name| parse_name(patient, name)));
			}
		}
		Ok(all)
	}
}

/// The upload that a file belongs to, by the file's name.
fn parse_name(patient: PatientId, name: &str) -> Option<UploadId> {
	let (digest, account) = name.strip_suffix(".part")?.split_once('.')?;
	let blob = BlobId { patient, digest: Digest::parse(digest)? };
	Some(UploadId { blob, account: Digest::parse(account)?.0 })
}

//! Incomplete uploads: files that are still arriving, each with a sidecar file that says how long it will be.

use crate::{
	blob::{BlobId, Digest},
	files,
};
use medblock_primitives::{Moment, PatientId};
use medblock_vault_protocol::paths::parse_number;
use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf};

/// An upload of an account. Each account sends all bytes itself, so each has a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UploadId {
	/// The file.
	pub blob: BlobId,
	/// The account.
	pub account: [u8; 32],
}

/// The facts about an upload, in its sidecar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
	/// The length of the complete file.
	pub length: u64,
	/// Whether the transaction that names the file is signed elsewhere, later.
	pub prepared: bool,
	/// When the upload began or was last resumed: a final block's time.
	pub active: Moment,
}

/// An incomplete upload.
#[derive(Clone, Debug)]
pub struct Staged {
	/// The facts about it.
	pub sidecar: Sidecar,
	/// The bytes that have arrived.
	pub offset: u64,
}

/// The folder of incomplete uploads.
pub struct Staging {
	folder: PathBuf,
}

impl Staging {
	/// Opens the folder, and clears the remains of uploads that a crash has left.
	pub fn open(folder: PathBuf) -> io::Result<Self> {
		files::create_folder(&folder)?;
		let staging = Self { folder };
		let mut left = Vec::new();
		staging.each(|id, staged| left.extend(staged.is_none().then_some(id)))?;
		left.iter().try_for_each(|id| staging.discard(id))?;
		Ok(staging)
	}

	/// The path of the bytes.
	pub fn data(&self, id: &UploadId) -> PathBuf {
		self.file(id, "part")
	}

	fn sidecar(&self, id: &UploadId) -> PathBuf {
		self.file(id, "json")
	}

	fn file(&self, id: &UploadId, kind: &str) -> PathBuf {
		let name = format!("{}.{}.{kind}", id.blob.digest, hex::encode(id.account));
		self.folder.join(id.blob.patient.0.to_string()).join(name)
	}

	/// The upload, if it has begun.
	pub fn find(&self, id: &UploadId) -> io::Result<Option<Staged>> {
		let Some(bytes) = files::read_if_there(&self.sidecar(id))? else { return Ok(None) };
		let length = match fs::metadata(self.data(id)) {
			Ok(found) => found.len(),
			// The gateway was killed before the first byte, or before the last step.
			Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
			Err(why) => return Err(why),
		};
		let sidecar: Sidecar = serde_json::from_slice(&bytes)?;
		Ok(Some(Staged { offset: length.min(sidecar.length), sidecar }))
	}

	/// Begins an upload, or notes that it is resumed.
	pub fn begin(&self, id: &UploadId, sidecar: &Sidecar) -> io::Result<()> {
		let path = self.sidecar(id);
		if let Some(folder) = path.parent() {
			files::create_folder(folder)?;
		}
		files::write_json(&path, sidecar)?;
		files::private().open(self.data(id)).map(drop)
	}

	/// Removes an upload.
	pub fn discard(&self, id: &UploadId) -> io::Result<()> {
		files::remove_if_there(&self.data(id))?;
		files::remove_if_there(&self.sidecar(id))?;
		files::remove_if_there(&self.file(id, "new"))?;
		if let Some(folder) = self.data(id).parent() {
			// Others' uploads may be in it.
			let _ = fs::remove_dir(folder);
		}
		Ok(())
	}

	/// Passes every upload to `show`, and none in place of one whose files are incomplete. An upload that begins or
	/// ends in the meantime looks like that, too.
	pub fn each(&self, mut show: impl FnMut(UploadId, Option<Staged>)) -> io::Result<()> {
		for folder in fs::read_dir(&self.folder)? {
			let folder = folder?;
			let patient = folder.file_name().to_str().and_then(parse_number).map(PatientId);
			let Some(patient) = patient else { continue };
			for file in fs::read_dir(folder.path())? {
				let name = file?.file_name();
				let Some((id, kind)) = name.to_str().and_then(|name| parse_name(patient, name))
				else {
					continue;
				};
				match (kind, self.find(&id).ok().flatten()) {
					// It is passed once, with its sidecar.
					(Kind::Other, Some(_)) => (),
					(_, staged) => show(id, staged),
				}
			}
		}
		Ok(())
	}
}

enum Kind {
	Sidecar,
	Other,
}

/// The upload that a file belongs to, by the file's name.
fn parse_name(patient: PatientId, name: &str) -> Option<(UploadId, Kind)> {
	let mut parts = name.split('.');
	let digest = Digest::parse(parts.next()?)?;
	let account = Digest::parse(parts.next()?)?.0;
	let kind = match parts.next()? {
		"json" => Kind::Sidecar,
		"part" | "new" => Kind::Other,
		_ => return None,
	};
	Some((UploadId { blob: BlobId { patient, digest }, account }, kind))
}

//! Files that are still arriving, each with a small one beside it that says how long it will be.

use crate::{
	blob::{BlobId, Digest, parse_id},
	files,
};
use medblock_primitives::{Moment, PatientId};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf};

/// Who uploads what. Each account sends all bytes itself, so each has a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UploadId {
	/// What.
	pub blob: BlobId,
	/// Who.
	pub account: [u8; 32],
}

/// What is known of a file before it has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
	/// How long it will be.
	pub length: u64,
	/// Whether its transaction is to be signed elsewhere, later.
	pub prepared: bool,
	/// When its upload began or went on last: a final block's time.
	pub active: Moment,
}

/// A file that is arriving.
#[derive(Clone, Debug)]
pub struct Staged {
	/// What was announced.
	pub sidecar: Sidecar,
	/// How much is there.
	pub offset: u64,
}

/// The folder of files that are arriving.
pub struct Staging {
	folder: PathBuf,
}

impl Staging {
	/// Opens the folder, and clears what a crash has left that is no upload any more.
	pub fn open(folder: PathBuf) -> io::Result<Self> {
		files::create_folder(&folder)?;
		let staging = Self { folder };
		let mut left = Vec::new();
		staging.each(|id, staged| left.extend(staged.is_none().then_some(id)))?;
		left.iter().try_for_each(|id| staging.discard(id))?;
		Ok(staging)
	}

	/// Where the bytes are.
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

	/// An upload that has begun.
	pub fn find(&self, id: &UploadId) -> io::Result<Option<Staged>> {
		let Some(bytes) = files::read_if_there(&self.sidecar(id))? else { return Ok(None) };
		let length = match fs::metadata(self.data(id)) {
			Ok(found) => found.len(),
			// Begun, and killed before the first byte; or finished, and killed before the last step.
			Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
			Err(why) => return Err(why),
		};
		let sidecar: Sidecar = serde_json::from_slice(&bytes)?;
		Ok(Some(Staged { offset: length.min(sidecar.length), sidecar }))
	}

	/// Begins an upload, or notes that it goes on.
	pub fn begin(&self, id: &UploadId, sidecar: &Sidecar) -> io::Result<()> {
		let path = self.sidecar(id);
		if let Some(folder) = path.parent() {
			files::create_folder(folder)?;
		}
		files::write_json(&path, sidecar)?;
		files::private().open(self.data(id)).map(drop)
	}

	/// Ends an upload: nothing is left of it here.
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

	/// Shows every upload, and nothing in place of one of which only some files are there. One that
	/// is begun or finished meanwhile looks like that, too.
	pub fn each(&self, mut show: impl FnMut(UploadId, Option<Staged>)) -> io::Result<()> {
		for folder in fs::read_dir(&self.folder)? {
			let folder = folder?;
			let patient = folder.file_name().to_str().and_then(parse_id).map(PatientId);
			let Some(patient) = patient else { continue };
			for file in fs::read_dir(folder.path())? {
				let name = file?.file_name();
				let Some((id, kind)) = name.to_str().and_then(|name| parse_name(patient, name))
				else {
					continue;
				};
				match (kind, self.find(&id).ok().flatten()) {
					// It is shown once, with its sidecar.
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

/// The upload that a file belongs to.
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

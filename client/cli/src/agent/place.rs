//! Where the agent is: a socket in a folder that is its user's alone.

use medblock_platform::disk;
use rustix::process::geteuid;
use std::{
	env, fs, io,
	os::unix::fs::{MetadataExt, PermissionsExt},
	path::{Path, PathBuf},
};
use tokio::net::UnixStream;

/// The socket, and the file that the agent keeps locked as long as it runs.
const SOCKET: &str = "agent";
const LOCK: &str = "agent.lock";

/// A folder that is the user's alone.
pub struct Place(PathBuf);

impl Place {
	/// The folder, if it is there.
	///
	/// # Errors
	///
	/// [`io::ErrorKind::PermissionDenied`] if others may look into it.
	pub fn found() -> io::Result<Option<Self>> {
		let folder = folder();
		match fs::symlink_metadata(&folder) {
			Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
			Err(why) => Err(why),
			Ok(found) => match is_private(&found) {
				true => Ok(Some(Self(folder))),
				false => Err(of_others(&folder)),
			},
		}
	}

	/// The folder, which is made if need be.
	pub fn made() -> io::Result<Self> {
		disk::create_folder(&folder())?;
		Self::found()?.ok_or_else(|| io::ErrorKind::NotFound.into())
	}

	/// The socket's path.
	pub fn socket(&self) -> PathBuf {
		self.0.join(SOCKET)
	}

	/// The path of the file that the agent keeps locked.
	pub fn lock(&self) -> PathBuf {
		self.0.join(LOCK)
	}
}

/// In the user's runtime folder, which goes when the user signs out; where there is none, in the folder for temporary files.
/// Programs such as sudo and su may leave another user's in the environment, in which nothing must be left.
fn folder() -> PathBuf {
	let uid = geteuid().as_raw();
	let named = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| is_own(path));
	let usual = || {
		let usual = PathBuf::from(format!("/run/user/{uid}"));
		fs::symlink_metadata(&usual).is_ok_and(|found| is_private(&found)).then_some(usual)
	};
	match named.or_else(usual) {
		Some(runtime) => runtime.join("medblock"),
		None => env::temp_dir().join(format!("medblock-{uid}")),
	}
}

/// Whether this is the absolute path of a folder of the user's.
fn is_own(path: &Path) -> bool {
	let is_owned = |found: fs::Metadata| found.is_dir() && found.uid() == geteuid().as_raw();
	path.is_absolute() && fs::metadata(path).is_ok_and(is_owned)
}

/// Whether this is a folder of the user's, and no link to one, into which no one else can look.
fn is_private(found: &fs::Metadata) -> bool {
	found.is_dir() && found.uid() == geteuid().as_raw() && found.permissions().mode() & 0o077 == 0
}

fn of_others(folder: &Path) -> io::Error {
	let why = format!("others may look into the folder {}", folder.display());
	io::Error::new(io::ErrorKind::PermissionDenied, why)
}

/// Fails unless the process at the other end is the same user's.
pub fn ensure_own(stream: &UnixStream) -> io::Result<()> {
	match stream.peer_cred()?.uid() == geteuid().as_raw() {
		true => Ok(()),
		false => Err(io::ErrorKind::PermissionDenied.into()),
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use std::os::unix::fs::symlink;

	#[test]
	fn only_a_folder_that_is_the_users_alone_is_private() {
		let outside = tempfile::tempdir().unwrap();
		let folder = outside.path().join("runtime");
		disk::create_folder(&folder).unwrap();
		let is_private = |path: &Path| is_private(&fs::symlink_metadata(path).unwrap());
		assert!(is_private(&folder));
		let link = outside.path().join("link");
		symlink(&folder, &link).unwrap();
		assert!(!is_private(&link), "a link may lead elsewhere tomorrow");
		for mode in [0o701, 0o710, 0o750, 0o777] {
			fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
			assert!(!is_private(&folder), "{mode:o}");
		}
		let file = outside.path().join("file");
		disk::create(&file, b"").unwrap();
		assert!(!is_private(&file));
	}

	#[test]
	fn runtime_folder_is_one_that_is_there_and_the_users_own() {
		let folder = tempfile::tempdir().unwrap();
		assert!(is_own(folder.path()));
		let link = folder.path().join("link");
		symlink(folder.path(), &link).unwrap();
		assert!(is_own(&link));
		let file = folder.path().join("file");
		disk::create(&file, b"").unwrap();
		let missing = folder.path().join("missing");
		for path in [file.as_path(), missing.as_path(), Path::new("."), Path::new("")] {
			assert!(!is_own(path), "{path:?}");
		}
	}

	#[tokio::test]
	async fn process_of_the_same_user_is_known() {
		let (one, other) = UnixStream::pair().unwrap();
		ensure_own(&one).unwrap();
		ensure_own(&other).unwrap();
	}
}

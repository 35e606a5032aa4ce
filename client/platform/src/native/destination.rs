//! The places that users name for something in clear.

use super::nameless::{self, copy, folder_of};
use crate::{Error, Folder, Result, files::Scratch};
use std::{
	env,
	fs::{self, File, Metadata},
	io::{self, ErrorKind, stdout},
	path::{Path, PathBuf},
};

/// What stands for standard output in place of a path.
const OUTPUT: &str = "-";

/// Paths of standard output.
const OUTPUTS: [&str; 4] =
	["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1"];

/// How many links are followed, as many as systems do.
const LINKS: usize = 40;

/// How many names are tried for a file in a folder.
const NAMES: u32 = 10_000;

/// A place for something in clear, as it was found before anything was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
	/// Standard output.
	Output,
	/// A folder, in which the file gets a name.
	Folder {
		/// The folder.
		path: PathBuf,
		/// Whether the file replaces one of its name. Otherwise, it gets another name.
		replaces: bool,
	},
	/// A file.
	File {
		/// The file.
		path: PathBuf,
		/// Whether it replaces another.
		replaces: bool,
	},
	/// What is no regular file, such as a device or a FIFO: it is written to, and never replaced.
	Special {
		/// Its path.
		path: PathBuf,
		/// Whether the path stands for a regular file that another program has opened, as `/dev/fd/3` may.
		is_file: bool,
	},
}

impl Destination {
	/// The destination at a path. It can be written to, as far as that can be told beforehand.
	///
	/// # Errors
	///
	/// [`ErrorKind::AlreadyExists`] if a file is there, or a disk, and it is not to be replaced, and others if nothing can be
	/// written there: no folder is made.
	pub fn at(path: &Path, replaces: bool) -> Result<Self> {
		let leads_to = leads_to(path);
		if path == Path::new(OUTPUT) || OUTPUTS.iter().any(|one| leads_to == Path::new(one)) {
			return Ok(Self::Output);
		}
		let refused = |kind: ErrorKind, why: &'static str| cannot(path)(io::Error::new(kind, why));
		let owned = || path.to_owned();
		match fs::metadata(path) {
			Ok(found) if found.is_dir() => {
				writable(path)?;
				Ok(Self::Folder { path: owned(), replaces })
			},
			Ok(found) if !found.is_file() => {
				special(&found, replaces).map_err(cannot(path))?;
				may_write(path).map_err(cannot(path))?;
				Ok(Self::Special { path: owned(), is_file: false })
			},
			Ok(_) if is_systems(folder_of(&leads_to)) => {
				may_write(path).map_err(cannot(path))?;
				Ok(Self::Special { path: owned(), is_file: true })
			},
			// A link that points to nothing is there, too.
			Ok(_) => file(path, replaces),
			Err(why) if why.kind() == ErrorKind::NotFound && path.symlink_metadata().is_ok() => {
				file(path, replaces)
			},
			Err(why) if why.kind() != ErrorKind::NotFound => Err(cannot(path)(why)),
			Err(_) if ends_in_separator(path) || path.file_name().is_none() => {
				Err(refused(ErrorKind::NotFound, "there is no such folder"))
			},
			Err(_) if !folder_of(path).is_dir() => {
				let why = io::Error::new(ErrorKind::NotFound, "there is no such folder");
				Err(Error::cannot("write into", folder_of(path).display().to_string())(why))
			},
			Err(_) if is_systems(folder_of(path)) => {
				Err(refused(ErrorKind::NotFound, "there is no such device"))
			},
			Err(_) => {
				writable(folder_of(path))?;
				Ok(Self::File { path: owned(), replaces })
			},
		}
	}

	/// Storage for the content in the making, whose scratch files have no name: on the destination's own file system, or else
	/// in `home`, or for a home that can't be written to, in the folder for temporary files.
	pub fn storage(&self, home: &Path) -> Folder {
		let folder = match self {
			Self::Folder { path, .. } => path.clone(),
			Self::File { path, .. } => folder_of(path).to_owned(),
			Self::Output | Self::Special { .. } => match nameless::create(home) {
				Ok(_) => home.to_owned(),
				Err(_) => env::temp_dir(),
			},
		};
		Folder::new(folder).nameless()
	}

	/// The folder in which a crash may have left something; none if nothing gets a name.
	pub fn folder(&self) -> Option<&Path> {
		match self {
			Self::Folder { path, .. } => Some(path),
			Self::File { path, .. } => Some(folder_of(path)),
			Self::Output | Self::Special { .. } => None,
		}
	}

	/// Writes the content there. In a folder, it gets this name, which has to be a harmless one, or a similar one that is free.
	/// Returns the file's path, if it is a file. A reader that closes a pipe has seen enough.
	pub fn put(self, content: Scratch, name: &str) -> Result<Option<PathBuf>> {
		let streamed = |written: io::Result<()>, to: &Path| match written {
			Err(why) if why.kind() != ErrorKind::BrokenPipe => Err(cannot(to)(why)),
			_ => Ok(None),
		};
		let (path, replaces) = match self {
			Self::Output => {
				let written = copy(&content.file, &mut stdout().lock());
				return streamed(written, Path::new("the output"));
			},
			Self::Special { path, is_file } => {
				let written =
					opened(&path, is_file).and_then(|mut to| copy(&content.file, &mut to));
				return streamed(written, &path);
			},
			Self::File { path, replaces } => (path, replaces),
			Self::Folder { path, replaces } => named(&path, name, replaces),
		};
		content.put(&path, replaces).map_err(cannot(&path))?;
		Ok(Some(path))
	}
}

fn file(path: &Path, replaces: bool) -> Result<Destination> {
	if !replaces {
		return Err(cannot(path)(ErrorKind::AlreadyExists.into()));
	}
	writable(folder_of(path))?;
	Ok(Destination::File { path: path.to_owned(), replaces })
}

/// The file of a name in a folder, and whether it replaces another: it never replaces what is no file.
fn named(folder: &Path, name: &str, replaces: bool) -> (PathBuf, bool) {
	let first = folder.join(name);
	match first.symlink_metadata() {
		Err(_) => return (first, false),
		Ok(found) if replaces && (found.is_file() || found.is_symlink()) => return (first, true),
		Ok(_) => (),
	}
	let mut others = (2..NAMES).map(|number| folder.join(numbered(name, number)));
	// If all are taken, writing fails and says so.
	let free = others.find(|path| path.symlink_metadata().is_err());
	(free.unwrap_or(first), false)
}

/// A file's name with a number before its extension: `letter (2).pdf`.
fn numbered(name: &str, number: u32) -> String {
	match name.rsplit_once('.') {
		Some((stem, extension)) if !stem.is_empty() => format!("{stem} ({number}).{extension}"),
		_ => format!("{name} ({number})"),
	}
}

/// Whether a folder holds devices and open files of the system's: nothing in it is ever made or replaced.
fn is_systems(folder: &Path) -> bool {
	let Ok(folder) = folder.canonicalize() else { return false };
	folder == Path::new("/dev") || ["/proc", "/sys"].iter().any(|one| folder.starts_with(one))
}

/// Where links lead, as far as to something in such a folder: behind it may be a file that another program has opened.
fn leads_to(path: &Path) -> PathBuf {
	let mut path = path.to_owned();
	for _ in 0..LINKS {
		if is_systems(folder_of(&path)) {
			break;
		}
		let Ok(next) = fs::read_link(&path) else { break };
		path = folder_of(&path).join(next);
	}
	path
}

fn ends_in_separator(path: &Path) -> bool {
	path.as_os_str()
		.as_encoded_bytes()
		.last()
		.is_some_and(|last| std::path::is_separator((*last).into()))
}

/// Checks that files can be made in a folder.
fn writable(folder: &Path) -> Result<()> {
	let failed = Error::cannot("write into", folder.display().to_string());
	nameless::create(folder).map(drop).map_err(failed)
}

/// Checks that something that is no regular file may be written to.
#[cfg(unix)]
fn special(found: &Metadata, replaces: bool) -> io::Result<()> {
	use std::os::unix::fs::FileTypeExt;
	let kind = found.file_type();
	if kind.is_socket() {
		return Err(io::Error::new(ErrorKind::InvalidInput, "this is a socket"));
	}
	// All that is on the disk would be lost.
	if kind.is_block_device() && !replaces {
		return Err(ErrorKind::AlreadyExists.into());
	}
	Ok(())
}

#[cfg(not(unix))]
fn special(_: &Metadata, _: bool) -> io::Result<()> {
	Ok(())
}

#[cfg(unix)]
fn may_write(path: &Path) -> io::Result<()> {
	Ok(rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?)
}

#[cfg(not(unix))]
fn may_write(_: &Path) -> io::Result<()> {
	Ok(())
}

/// Opens what is no regular file, or stands for an open one. A FIFO waits here for its reader.
fn opened(path: &Path, is_file: bool) -> io::Result<File> {
	let file = match is_file {
		true => File::options().append(true).open(path)?,
		false => File::options().write(true).open(path)?,
	};
	if file.metadata()?.is_file() != is_file {
		return Err(io::Error::other("it was replaced meanwhile"));
	}
	Ok(file)
}

fn cannot(path: &Path) -> impl FnOnce(io::Error) -> Error {
	Error::cannot("write", path.display().to_string())
}

#[cfg(test)]
mod tests;

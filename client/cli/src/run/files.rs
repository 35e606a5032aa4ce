//! Single files for a chart that the command line names, with their titles and types.

use crate::{cli::Add, exit::Failure};
use jiff::Timestamp;
use medblock_client::{
	Error, NewFile,
	medblock_crypto::{Headers, title_of, titles_of},
	records::{FACTS, dicom_title, media_type},
};
use medblock_platform::files::UserFile;
use std::{ffi::OsStr, fs, io::Read, path::Path, time::UNIX_EPOCH};

/// Fails if no record may have the title or the type that the command line names. An empty title is as if there were none.
pub fn check(add: &Add) -> Result<(), Failure> {
	let title = add.title.clone().filter(|title| !title.is_empty());
	let headers = Headers {
		title: title.unwrap_or_else(|| "record".to_owned()),
		media_type: add.media_type.clone().unwrap_or_else(|| "text/plain".to_owned()),
		file_name: None,
		written_at: None,
	};
	Ok(headers.check().map_err(Error::from)?)
}

/// The files that the command line names, checked before anything else happens.
pub fn new_files(add: &Add) -> Result<Vec<NewFile>, Failure> {
	check(add)?;
	if add.title.is_some() && add.files.len() > 1 {
		return Err(Failure::usage("--title is for a single file"));
	}
	let mut files: Vec<_> =
		add.files.iter().map(|path| new_file(path, add)).collect::<Result<_, _>>()?;
	give_titles(files.iter_mut().map(|file| {
		let Headers { title, file_name, .. } = &mut file.headers;
		(title, file_name.as_deref())
	}));
	Ok(files)
}

/// The file at a path, with a type, and with the title that is asked for or that a DICOM file has, or an empty one.
pub fn new_file(path: &Path, add: &Add) -> Result<NewFile, Failure> {
	let failed = |why: &std::io::Error| Failure::file("read", path, why);
	let found = fs::metadata(path).map_err(|why| match path == Path::new("-") {
		true => Failure::usage("records are not read from standard input: name a file"),
		false => failed(&why),
	})?;
	if !found.is_file() {
		return Err(failed(&std::io::Error::other("this is no file")));
	}
	// This checks that the program may read it.
	let file = fs::File::open(path).map_err(|why| failed(&why))?;
	let media_type = match &add.media_type {
		Some(named) => named.clone(),
		None => {
			let name = path.file_name().unwrap_or_default().to_string_lossy();
			media_type(&name, file).map_err(|why| failed(&why))?.to_owned()
		},
	};
	// Without any, it comes from the names of all files, so that they can be told apart: see `give_titles`.
	let title = add.title.clone().or_else(|| dicom_title_at(path, &media_type));
	let title = title.unwrap_or_default();
	let (file_name, written_at) = (path.file_name().map(readable), written_at(&found));
	let headers = Headers { title, media_type, file_name, written_at };
	Ok(NewFile { file: UserFile::Given(path.to_owned()), headers, in_reply_to: add.in_reply_to })
}

/// When a file was changed last, in seconds since 1970. Nothing if records have no such time: broken clocks and archives leave
/// files of the year 30000, or of before 1970.
pub fn written_at(found: &fs::Metadata) -> Option<i64> {
	let since = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
	let seconds = i64::try_from(since.as_secs()).ok()?;
	Some(seconds).filter(|seconds| Timestamp::from_second(*seconds).is_ok())
}

/// A file's name, without the bytes that are no text.
pub fn readable(name: &OsStr) -> String {
	name.to_string_lossy().replace(char::REPLACEMENT_CHARACTER, "")
}

/// What a DICOM file says of its study.
fn dicom_title_at(path: &Path, media_type: &str) -> Option<String> {
	if media_type != "application/dicom" {
		return None;
	}
	let mut beginning = Vec::new();
	fs::File::open(path).ok()?.take(FACTS).read_to_end(&mut beginning).ok()?;
	dicom_title(&beginning).map(|title| title_of(&title))
}

/// Gives titles to those that have none, by the names of their files.
pub fn give_titles<'a>(files: impl Iterator<Item = (&'a mut String, Option<&'a str>)>) {
	let untitled = files.filter(|(title, _)| title.is_empty());
	let (titles, names): (Vec<&mut String>, Vec<&str>) =
		untitled.map(|(title, name)| (title, name.unwrap_or_default())).unzip();
	for (title, found) in titles.into_iter().zip(titles_of(&names)) {
		*title = found;
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{cli::Folders, exit::Code};

	fn add(files: &[&Path], title: Option<&str>) -> Add {
		Add {
			files: files.iter().map(|path| path.to_path_buf()).collect(),
			title: title.map(str::to_owned),
			media_type: None,
			in_reply_to: Some(4),
			folders: Folders::default(),
		}
	}

	#[test]
	fn file_is_called_as_it_is_unless_said_otherwise() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("Blood test.pdf");
		fs::write(&path, "content").unwrap();
		let files = new_files(&add(&[&path], None)).unwrap();
		assert_eq!(files[0].headers.title, "Blood test");
		assert_eq!(files[0].headers.file_name.as_deref(), Some("Blood test.pdf"));
		assert_eq!(files[0].headers.media_type, "application/pdf");
		assert_eq!(files[0].in_reply_to, Some(4));
		assert!(files[0].headers.written_at.unwrap() > 0);
		let files = new_files(&add(&[&path], Some("Result"))).unwrap();
		assert_eq!(files[0].headers.title, "Result");
		assert_eq!(new_files(&add(&[&path, &path], Some("x"))).unwrap_err().code, Code::Usage);
		assert_eq!(new_files(&add(&[&path], Some(""))).unwrap()[0].headers.title, "Blood test");
		// A vault or a node is not asked for what no record may have.
		for title in ["  ", "\u{200d}", "a\nb", "a\u{202e}b", &"x".repeat(257)] {
			let refused = new_files(&add(&[&path], Some(title))).unwrap_err();
			assert_eq!(refused.code, Code::Usage, "{title:?}");
		}
		let typed = Add { media_type: Some("text".into()), ..add(&[&path], None) };
		assert_eq!(new_files(&typed).unwrap_err().code, Code::Usage);
	}

	#[test]
	fn what_is_no_file_is_refused_at_once() {
		let folder = tempfile::tempdir().unwrap();
		for path in [folder.path(), &folder.path().join("missing"), Path::new("/dev/null")] {
			let failure = new_files(&add(&[path], None)).unwrap_err();
			assert_eq!(failure.code, Code::Local, "{}", path.display());
		}
		let input = new_files(&add(&[Path::new("-")], None)).unwrap_err();
		assert_eq!(input.code, Code::Usage);
		assert!(input.message.contains("standard input"), "{}", input.message);
	}

	/// What a file system does not keep, it cuts to what it does.
	#[test]
	fn files_of_any_time_are_taken() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("letter.txt");
		let file = fs::File::create(&path).unwrap();
		let second = std::time::Duration::from_secs(1);
		for time in [UNIX_EPOCH - second, UNIX_EPOCH, UNIX_EPOCH + second * u32::MAX * 200] {
			if file.set_modified(time).is_ok() {
				let files = new_files(&add(&[&path], None)).unwrap();
				assert!(files[0].headers.check().is_ok(), "{time:?}");
			}
		}
	}

	/// As people's systems name files.
	#[test]
	fn files_of_any_name_are_taken_with_clean_titles() {
		use std::os::unix::ffi::OsStrExt;

		let folder = tempfile::tempdir().unwrap();
		let long = format!("{}.pdf", "x".repeat(251));
		let not_utf8 = std::ffi::OsStr::from_bytes(b"caf\xe9.pdf");
		let names = [
			"\u{2028}x.jpg",
			"\u{2029}y.pdf",
			"\u{feff}scan.pdf",
			"\u{200e}film.pdf",
			"\u{202e}gpj.exe",
			"a.pdf",
			"a.docx",
			long.as_str(),
		];
		let names = names.iter().map(std::ffi::OsStr::new).chain([not_utf8]);
		let paths: Vec<_> = names.map(|name| folder.path().join(name)).collect();
		for path in &paths {
			fs::write(path, "content").unwrap();
		}
		let paths: Vec<&Path> = paths.iter().map(|path| path.as_path()).collect();
		let files = new_files(&add(&paths, None)).unwrap();
		let titles: Vec<&str> = files.iter().map(|file| file.headers.title.as_str()).collect();
		let expected = ["x", "y", "scan", "film", "gpj", "a.pdf", "a.docx", &long[..251], "caf"];
		assert_eq!(titles, expected);
		let mut names = files.iter().map(|file| file.headers.file_name.as_deref());
		assert_eq!(names.next_back(), Some(Some("caf.pdf")));
	}
}

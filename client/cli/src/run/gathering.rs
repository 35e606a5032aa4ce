//! The files for a chart that the command line names: single ones, and what is in folders.

use super::{asking::Asking, files, unpacking::unique};
use crate::{cli::Add, exit::Failure, output::harmless, progress::Unit, session::Session};
use indicatif::{HumanBytes, HumanCount};
use medblock_client::{
	NewFile,
	medblock_crypto::{Headers, safe_file_name, title_of},
	medblock_primitives::MAX_BATCH,
	records::packed::{Found, MAX_FILES, PACKED_TYPE, Sorted, Study, archive_name, pack, sort},
};
use medblock_platform::files::UserFile;
use std::{
	collections::HashSet,
	fs,
	path::{Path, PathBuf},
};

/// The most records that are shown before they are added.
const SHOWN: usize = 20;

/// What systems leave in folders, and people don't mean to add.
const LITTER: [&str; 4] = ["thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"];

/// The files that the command line names, checked before anything else happens. Shows what is in folders, and asks.
pub async fn new_files(session: &Session<'_>, add: &Add) -> Result<Vec<NewFile>, Failure> {
	let (folders, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
		add.files.iter().partition(|path| path.is_dir());
	if folders.is_empty() {
		if add.folders.as_one {
			return Err(Failure::usage("--as-one is for folders"));
		}
		return files::new_files(add);
	}
	if add.media_type.is_some() {
		return Err(Failure::usage("--type is for single files, not for folders"));
	}
	check_title(add)?;
	let asking = Asking::new(session, add.folders.yes)?;
	let mut plan = Plan::default();
	for path in files {
		plan.take_file(path.clone(), add)?;
	}
	for folder in folders {
		let walked = Walked::of(folder)?;
		plan.note(folder, &walked);
		if add.folders.as_one {
			plan.take_whole(folder, walked, add);
			continue;
		}
		let bar = session.output.bar("Looking", Unit::Records);
		let sorted = sort(walked.files, &bar.progress()).await?;
		plan.take_sorted(sorted, add)?;
	}
	let count = plan.records.len();
	if add.title.is_some() && count > 1 {
		return Err(Failure::usage(format!(
			"--title is for a single record, and these are {count}"
		)));
	}
	if count > MAX_BATCH as usize {
		return Err(Failure::usage(format!(
			"these are {count} records, and at most {MAX_BATCH} can be added at once: add a part of them, or make each \
			 folder one record with --as-one",
		)));
	}
	plan.give_titles();
	let shown = plan.shown();
	match asking.asks() {
		false => session.output.note(&shown),
		true => asking.confirm("You are about to add what is in folders.", &shown)?,
	}
	let mut files = Vec::with_capacity(count);
	for planned in plan.records {
		files.push(planned.into_file(session, add).await?);
	}
	Ok(files)
}

/// Fails if what is in folders can't have the title or type that the command line names. A single file without a title is called
/// as it is. What is in a folder may have no such name, so that an empty title is a mistake.
fn check_title(add: &Add) -> Result<(), Failure> {
	if add.title.as_deref() == Some("") {
		return Err(Failure::usage(
			"--title is empty: write one, or leave it out, and the program finds one",
		));
	}
	files::check(add)
}

/// All files in a folder that this program has written, whatever they are called. Only what is unfinished begins with a dot.
pub fn files_in(folder: &Path) -> Result<Vec<Found>, Failure> {
	Ok(Walked::without(|name| name.starts_with('.'), folder)?.files)
}

/// What becomes of one record.
struct Planned {
	title: String,
	files: usize,
	bytes: u64,
	what: What,
}

enum What {
	File(Box<NewFile>),
	Study(Study),
	Folder(Vec<Found>),
}

impl Planned {
	async fn into_file(self, session: &Session<'_>, add: &Add) -> Result<NewFile, Failure> {
		let Self { title, what, .. } = self;
		let bar = session.output.bar("Reading", Unit::Bytes);
		let mut new = match what {
			What::File(file) => *file,
			What::Study(study) => study.into_file(add.in_reply_to, &bar.progress()).await?,
			What::Folder(files) => {
				let written_at = files.iter().filter_map(|one| one.written_at).max();
				let file = pack(title.clone(), files, &bar.progress()).await?;
				let file_name = Some(archive_name(&title));
				let media_type = PACKED_TYPE.to_owned();
				let headers = Headers { title: title.clone(), media_type, file_name, written_at };
				NewFile { file, headers, in_reply_to: add.in_reply_to }
			},
		};
		new.headers.title = title;
		Ok(new)
	}
}

/// The records to be, and what is worth knowing of them.
#[derive(Default)]
struct Plan {
	records: Vec<Planned>,
	notes: Vec<String>,
}

impl Plan {
	fn take_file(&mut self, path: PathBuf, add: &Add) -> Result<(), Failure> {
		let file = files::new_file(&path, add)?;
		let bytes = file.file.length().map_err(|why| Failure::file("read", &path, &why))?;
		let title = file.headers.title.clone();
		self.records.push(Planned { title, files: 1, bytes, what: What::File(file.into()) });
		Ok(())
	}

	/// All of a folder as one record.
	fn take_whole(&mut self, folder: &Path, walked: Walked, add: &Add) {
		let (files, bytes) = (walked.files.len(), length_of(&walked.files));
		let title = add.title.clone().unwrap_or_else(|| name_of(folder));
		self.records.push(Planned { title, files, bytes, what: What::Folder(walked.files) });
	}

	fn take_sorted(&mut self, sorted: Sorted, add: &Add) -> Result<(), Failure> {
		let Sorted { studies, others, left_out, people } = sorted;
		for study in studies {
			let (files, bytes) = (study.files.len(), length_of(&study.files));
			let title = add.title.clone().unwrap_or_else(|| title_of(&study.title));
			self.records.push(Planned { title, files, bytes, what: What::Study(study) });
		}
		for Found { file, .. } in others {
			// What a folder has are paths.
			if let UserFile::Given(path) = file {
				self.take_file(path, add)?;
			}
		}
		for one in left_out {
			self.notes.push(format!(
				"{} lists several studies, and is left out: the images say the same.",
				one.path
			));
		}
		if people > 1 {
			self.notes.push(format!(
				"These images name {people} patients: check that all of them belong into this chart.",
			));
		}
		Ok(())
	}

	/// Gives titles to files that say none themselves.
	fn give_titles(&mut self) {
		files::give_titles(self.records.iter_mut().filter_map(|planned| match planned {
			Planned { title, what: What::File(file), .. } => {
				Some((title, file.headers.file_name.as_deref()))
			},
			_ => None,
		}));
	}

	fn note(&mut self, folder: &Path, walked: &Walked) {
		for (count, what) in [
			(walked.hidden, "hidden"),
			(walked.links, "symbolic links"),
			(walked.special, "neither files nor folders"),
		] {
			if count > 0 {
				let folder = folder.display();
				self.notes.push(format!("Left out in {folder}, since they are {what}: {count}."));
			}
		}
	}

	/// What is to be added, for people.
	fn shown(&self) -> String {
		let files = self.records.iter().map(|one| one.files).sum::<usize>() as u64;
		let bytes = self.records.iter().map(|one| one.bytes).fold(0, u64::saturating_add);
		let records = match self.records.len() {
			1 => "1 record".to_owned(),
			count => format!("{count} records"),
		};
		let files = match files {
			1 => "1 file".to_owned(),
			count => format!("{} files", HumanCount(count)),
		};
		let mut lines = vec![format!("{files} ({}) become {records}:", HumanBytes(bytes))];
		for Planned { title, files, bytes, .. } in self.records.iter().take(SHOWN) {
			let several = match files {
				1 => String::new(),
				count => format!("{} files, ", HumanCount(*count as u64)),
			};
			lines.push(format!("  {} ({several}{})", harmless(title), HumanBytes(*bytes)));
		}
		if let Some(more) = self.records.len().checked_sub(SHOWN).filter(|more| *more > 0) {
			lines.push(format!("  … and {more} more"));
		}
		lines.extend(self.notes.iter().map(|note| harmless(note)));
		lines.join("\n")
	}
}

/// The files in a folder and in the folders in it.
#[derive(Default)]
struct Walked {
	files: Vec<Found>,
	hidden: usize,
	links: usize,
	special: usize,
}

impl Walked {
	/// Those of this folder, in the order of their paths. A link to it is followed, and none inside.
	fn of(folder: &Path) -> Result<Self, Failure> {
		let walked = Self::without(is_hidden, folder)?;
		if walked.files.is_empty() {
			return Err(Failure::usage(format!("there is no file in {}", folder.display())));
		}
		Ok(walked)
	}

	/// The same, and none is no failure, without those whose name, or a folder's above them, is left out.
	fn without(is_left_out: fn(&str) -> bool, folder: &Path) -> Result<Self, Failure> {
		let mut walked = Self::default();
		let mut left = vec![(folder.to_owned(), String::new())];
		while let Some((path, prefix)) = left.pop() {
			let failed = |why| Failure::file("look into", &path, &why);
			for entry in fs::read_dir(&path).map_err(failed)? {
				let entry = entry.map_err(failed)?;
				let whole = entry.file_name();
				let name = files::readable(&whole);
				let kind = entry.file_type().map_err(failed)?;
				if is_left_out(&whole.to_string_lossy()) {
					walked.hidden += 1;
				} else if kind.is_symlink() {
					walked.links += 1;
				} else if kind.is_dir() {
					left.push((entry.path(), format!("{prefix}{}/", clean(&name))));
				} else if kind.is_file() {
					walked.take(entry.path(), format!("{prefix}{}", clean(&name)))?;
				} else {
					walked.special += 1;
				}
			}
		}
		walked.name();
		Ok(walked)
	}

	/// Puts the files in order, and gives each a path of its own: two names may differ only in what is not text.
	fn name(&mut self) {
		let place = |one: &Found| match &one.file {
			UserFile::Given(place) => Some(place.clone()),
			_ => None,
		};
		self.files.sort_by_cached_key(|one| (one.path.clone(), place(one)));
		let mut taken = HashSet::new();
		for one in &mut self.files {
			one.path = unique(&one.path, &mut taken);
		}
	}

	fn take(&mut self, place: PathBuf, path: String) -> Result<(), Failure> {
		let failed = |why: &std::io::Error| Failure::file("read", &place, why);
		// This checks that the program may read it, before thousands of others are read.
		let found = fs::File::open(&place).and_then(|file| file.metadata());
		let found = found.map_err(|why| failed(&why))?;
		let written_at = files::written_at(&found);
		self.files.push(Found { path, file: UserFile::Given(place), written_at });
		match self.files.len() > MAX_FILES {
			true => Err(Failure::usage(format!(
				"there are more than {MAX_FILES} files in the folder: add a part of it",
			))),
			false => Ok(()),
		}
	}
}

/// Whether a name is hidden, or a system's litter.
fn is_hidden(name: &str) -> bool {
	name.starts_with('.') || LITTER.iter().any(|litter| name.eq_ignore_ascii_case(litter))
}

/// A name as it stands in a path inside a record: the same one, unless it could mislead, or would be no name there.
fn clean(name: &str) -> String {
	let is_clean = !name.contains('\\') && harmless(name) == name;
	match is_clean && !name.trim_matches('.').is_empty() {
		true => name.to_owned(),
		false => safe_file_name(&name.replace('\\', "_")),
	}
}

/// A folder's name as a title.
fn name_of(folder: &Path) -> String {
	let whole = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
	let name = whole.file_name().unwrap_or_default().to_string_lossy();
	title_of(&name)
}

fn length_of(files: &[Found]) -> u64 {
	files.iter().map(|one| one.file.length().unwrap_or(0)).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{cli::Folders, exit::Code};
	use tempfile::TempDir;

	fn folder() -> TempDir {
		let folder = TempDir::new().unwrap();
		let path = folder.path();
		fs::create_dir_all(path.join("b/.git")).unwrap();
		for name in ["b/2.txt", "b/.git/config", "a.txt", ".hidden", "Thumbs.db", "c.pdf"] {
			fs::write(path.join(name), "%PDF-").unwrap();
		}
		#[cfg(unix)]
		std::os::unix::fs::symlink("/etc", path.join("link")).unwrap();
		folder
	}

	fn add(title: Option<&str>) -> Add {
		Add {
			files: Vec::new(),
			title: title.map(str::to_owned),
			media_type: None,
			in_reply_to: None,
			folders: Folders::default(),
		}
	}

	#[test]
	fn folders_are_walked_in_order_without_hidden_files_and_links() {
		let folder = folder();
		let walked = Walked::of(folder.path()).unwrap();
		let paths: Vec<_> = walked.files.iter().map(|one| one.path.as_str()).collect();
		assert_eq!(paths, ["a.txt", "b/2.txt", "c.pdf"]);
		assert_eq!((walked.hidden, walked.links, walked.special), (3, 1, 0));
		assert!(walked.files.iter().all(|one| one.written_at.unwrap() > 0));
		// An export leaves nothing out that was in a record.
		assert!(files_in(TempDir::new().unwrap().path()).unwrap().is_empty());
		let all = files_in(folder.path()).unwrap();
		let paths: Vec<_> = all.iter().map(|one| one.path.as_str()).collect();
		assert_eq!(paths, ["Thumbs.db", "a.txt", "b/2.txt", "c.pdf"]);
		let empty = TempDir::new().unwrap();
		assert_eq!(Walked::of(empty.path()).err().unwrap().code, Code::Usage);
		let missing = empty.path().join("missing");
		assert_eq!(Walked::of(&missing).err().unwrap().code, Code::Local);
	}

	/// Such names are equal once they are clean.
	#[cfg(unix)]
	#[test]
	fn files_with_names_of_any_bytes_have_paths_of_their_own() {
		use std::os::unix::ffi::OsStrExt;
		let folder = TempDir::new().unwrap();
		for name in [
			&b"caf\xe8.txt"[..],
			b"caf\xe9.txt",
			"\u{200e}scan.txt".as_bytes(),
			"\u{202e}scan.txt".as_bytes(),
			b"a\\b",
			b"\xff\xff",
			"กิ่ง.txt".as_bytes(),
		] {
			fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "one").unwrap();
		}
		let walked = Walked::of(folder.path()).unwrap();
		let paths: Vec<_> = walked.files.iter().map(|one| one.path.as_str()).collect();
		assert_eq!(
			paths,
			["a_b", "caf.txt", "caf (2).txt", "record", "scan.txt", "scan (2).txt", "กิ่ง.txt"]
		);
	}

	#[test]
	fn the_plan_says_how_much_becomes_of_what() {
		let folder = folder();
		let walked = Walked::of(folder.path()).unwrap();
		let mut plan = Plan::default();
		plan.note(Path::new("FOLDER"), &walked);
		let sorted = Sorted { others: walked.files, people: 2, ..Sorted::default() };
		plan.take_sorted(sorted, &add(None)).unwrap();
		plan.give_titles();
		assert_eq!(
			plan.shown(),
			"3 files (15 B) become 3 records:\n  a (5 B)\n  2 (5 B)\n  c (5 B)\n\
			 Left out in FOLDER, since they are hidden: 3.\n\
			 Left out in FOLDER, since they are symbolic links: 1.\n\
			 These images name 2 patients: check that all of them belong into this chart.",
		);
		let mut plan = Plan::default();
		let walked = Walked::of(folder.path()).unwrap();
		plan.take_whole(folder.path(), walked, &add(Some("Letters")));
		assert_eq!(plan.shown(), "3 files (15 B) become 1 record:\n  Letters (3 files, 15 B)");
	}

	#[test]
	fn titles_that_no_record_may_have_are_refused_before_a_folder_is_looked_into() {
		for title in ["", "  ", "a\nb"] {
			let refused = check_title(&add(Some(title))).unwrap_err();
			assert_eq!(refused.code, Code::Usage, "{title:?}");
		}
		assert!(check_title(&add(None)).is_ok() && check_title(&add(Some("Letters"))).is_ok());
	}

	#[test]
	fn a_folders_name_makes_a_title() {
		let folder = TempDir::new().unwrap();
		let path = folder.path().join("Knie links");
		fs::create_dir(&path).unwrap();
		assert_eq!(name_of(&path), "Knie links");
		assert_eq!(name_of(&path.join(".")), "Knie links");
		assert!(!name_of(Path::new("/")).is_empty());
	}
}

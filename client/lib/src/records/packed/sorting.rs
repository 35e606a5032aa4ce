//! The files of a folder, sorted into studies and others.

use super::{PACKED_TYPE, pack};
use crate::{
	Result,
	records::dicom::{FACTS, Facts, facts},
	staging::NewFile,
	vault::Progress,
};
use medblock_crypto::Headers;
use medblock_platform::{Error as StorageError, files::UserFile, tasks};
use medblock_primitives::RecordIndex;
use std::{
	collections::{BTreeMap, BTreeSet},
	io::{self, Read},
};

/// A file of a folder.
#[derive(Clone, Debug)]
pub struct Found {
	/// Its path in the folder: names with `/` between them.
	pub path: String,
	/// The file.
	pub file: UserFile,
	/// The time of its last change, in seconds since 1970.
	pub written_at: Option<i64>,
}

/// The images of one study, to become one record.
#[derive(Debug)]
pub struct Study {
	/// The title: the study's description, modality and date, and how many files.
	pub title: String,
	/// Its files, in the order of their paths; the medium's directory, too, if it lists no other study.
	pub files: Vec<Found>,
}

/// What is in a folder.
#[derive(Debug, Default)]
pub struct Sorted {
	/// Studies of several images.
	pub studies: Vec<Study>,
	/// Every other file: each becomes a record of its own.
	pub others: Vec<Found>,
	/// Directories of media that list several studies, and so are left out. Images say themselves what is in them.
	pub left_out: Vec<Found>,
	/// How many people the images are about.
	pub people: usize,
}

/// Sorts the files of a folder, by what is in them. Reads the beginning of each.
///
/// # Errors
///
/// [`crate::Error::File`] for a file that can't be read.
pub async fn sort(files: Vec<Found>, progress: &Progress) -> Result<Sorted> {
	let progress = progress.clone();
	let sorting = tasks::blocking(move || sorted(files, &progress));
	sorting.await.map_err(StorageError::cannot("finish", "this"))?
}

fn sorted(mut files: Vec<Found>, progress: &Progress) -> Result<Sorted> {
	files.sort_by(|one, other| one.path.cmp(&other.path));
	let (mut studies, mut others, mut directories) =
		(BTreeMap::<String, Vec<(Found, Facts)>>::new(), Vec::new(), Vec::new());
	let (mut people, mut order) = (BTreeSet::new(), Vec::new());
	let total = files.len() as u64;
	for (done, one) in (1..).zip(files) {
		let beginning =
			beginning(&one.file).map_err(StorageError::cannot("read", one.file.place()))?;
		match facts(&beginning) {
			Some(facts) if facts.is_directory => directories.push(one),
			Some(facts) => {
				people.extend(facts.person);
				match facts.study.clone() {
					Some(study) => {
						if !studies.contains_key(&study) {
							order.push(study.clone());
						}
						studies.entry(study).or_default().push((one, facts));
					},
					None => others.push(one),
				}
			},
			None => others.push(one),
		}
		progress(done, total);
	}
	let mut sorted = Sorted { people: people.len(), ..Sorted::default() };
	let is_one = studies.len() == 1;
	for images in order.iter().filter_map(|study| studies.remove(study)) {
		let title = title(&images);
		let mut files: Vec<Found> = images.into_iter().map(|(found, _)| found).collect();
		if is_one {
			files.append(&mut directories);
			files.sort_by(|one, other| one.path.cmp(&other.path));
		}
		match files.len() {
			1 => others.append(&mut files),
			_ => sorted.studies.push(Study { title, files }),
		}
	}
	match order.is_empty() {
		// A directory without images may be all that a person wants to keep.
		true => others.append(&mut directories),
		false => sorted.left_out = directories,
	}
	others.sort_by(|one, other| one.path.cmp(&other.path));
	sorted.others = others;
	Ok(sorted)
}

/// The title of a study, by the first of its images that has one.
fn title(images: &[(Found, Facts)]) -> String {
	let count = images.len();
	let title = images.iter().find_map(|(_, facts)| facts.title());
	let title = title.unwrap_or_else(|| "DICOM".to_owned());
	match count {
		1 => title,
		count => format!("{title} ({count} images)"),
	}
}

/// The name of the archive that has this title. What separates folders would cut the title off.
pub fn archive_name(title: &str) -> String {
	format!("{}.zip", title.replace(['/', '\\'], "_"))
}

fn beginning(file: &UserFile) -> io::Result<Vec<u8>> {
	let mut beginning = Vec::new();
	file.open()?.1.take(FACTS).read_to_end(&mut beginning)?;
	Ok(beginning)
}

impl Study {
	/// The study as the file of one record, which answers another. Reads all of it.
	///
	/// # Errors
	///
	/// As of [`pack`].
	pub async fn into_file(
		self,
		in_reply_to: Option<RecordIndex>,
		progress: &Progress,
	) -> Result<NewFile> {
		let Self { title, files } = self;
		let written_at = files.iter().filter_map(|one| one.written_at).max();
		let file = pack(title.clone(), files, progress).await?;
		let file_name = Some(archive_name(&title));
		let media_type = PACKED_TYPE.to_owned();
		Ok(NewFile {
			file,
			headers: Headers { title, media_type, file_name, written_at },
			in_reply_to,
		})
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::{
		records::{
			dicom::tests::{directory, image},
			packed::tests::found,
		},
		vault::unwatched,
	};

	fn paths(files: &[Found]) -> Vec<&str> {
		files.iter().map(|one| one.path.as_str()).collect()
	}

	#[test]
	fn images_of_one_study_are_one_whatever_they_are_called() {
		let (one, other) = (image("1.2.3", "77"), image("1.2.4", "77"));
		let sorted = sorted(
			vec![
				found("b/IM000002", &one),
				found("report", b"%PDF-1.7"),
				found("a/IM000001", &one),
				found("DICOMDIR", &directory()),
				found("single.dcm", &other),
				found("c/IM000001", &one),
			],
			&unwatched(),
		);
		let sorted = sorted.unwrap();
		assert_eq!(sorted.people, 1);
		let [study] = &sorted.studies[..] else { panic!("{:?}", sorted.studies) };
		assert_eq!(study.title, "Thorax nativ, CT, 2026-03-02 (3 images)");
		assert_eq!(paths(&study.files), ["a/IM000001", "b/IM000002", "c/IM000001"]);
		assert_eq!(paths(&sorted.others), ["report", "single.dcm"]);
		// It lists the other study, too.
		assert_eq!(paths(&sorted.left_out), ["DICOMDIR"]);
	}

	#[test]
	fn a_mediums_directory_goes_with_its_only_study() {
		let image = image("1.2.3", "77");
		let files =
			vec![found("DICOMDIR", &directory()), found("IM1", &image), found("IM2", &image)];
		let sorted = sorted(files, &unwatched()).unwrap();
		let [study] = &sorted.studies[..] else { panic!("{:?}", sorted.studies) };
		assert_eq!(paths(&study.files), ["DICOMDIR", "IM1", "IM2"]);
		assert!(study.title.ends_with("(2 images)"), "{}", study.title);
		assert!(sorted.others.is_empty() && sorted.left_out.is_empty());
	}

	#[test]
	fn images_of_two_people_are_noticed() {
		let files = vec![
			found("1", &image("1.2.3", "77")),
			found("2", &image("1.2.3", "78")),
			found("3", b"no image"),
		];
		assert_eq!(sorted(files, &unwatched()).unwrap().people, 2);
		let alone = sorted(vec![found("DICOMDIR", &directory())], &unwatched()).unwrap();
		assert_eq!((paths(&alone.others), alone.people), (vec!["DICOMDIR"], 0));
	}

	#[test]
	fn a_study_is_one_file_with_an_index() {
		let image = image("1.2.3", "77");
		let mut one = found("IM1", &image);
		one.written_at = Some(5);
		let title = "CT Thorax/Abdomen".to_owned();
		let study = Study { title, files: vec![one, found("IM2", &image)] };
		let unwatched = unwatched();
		let packing = study.into_file(Some(4), &unwatched);
		let runtime = tokio::runtime::Runtime::new().unwrap();
		let new = runtime.block_on(packing).unwrap();
		assert!(new.file.index().is_some());
		assert_eq!((new.in_reply_to, new.headers.written_at), (Some(4), Some(5)));
		assert_eq!(new.headers.file_name.as_deref(), Some("CT Thorax_Abdomen.zip"));
	}
}

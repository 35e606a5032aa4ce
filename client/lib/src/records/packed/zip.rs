//! The container: a ZIP file (APPNOTE 6.3) of stored files, whose central directory also has their digests.
//!
//! Only what [`Writer`] writes is read: no compression, no comment, no encryption, names in UTF-8, one disk. The fields for
//! long files (Zip64) are there only where they are needed. Each entry of the directory has an extra field `Mb` (0x624d)
//! with the SHA-256 of the file, which other programs skip.

use super::{Corrupt, MAX_FILES, MAX_PATH, Member};

/// The signatures of a ZIP file's parts.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LONG_END: u32 = 0x0606_4b50;
const LONG_LOCATOR: u32 = 0x0706_4b50;

/// The lengths of their fixed fields.
const LOCAL_LENGTH: u64 = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
const LONG_END_LENGTH: usize = 56;
const LOCATOR_LENGTH: usize = 20;

/// The extra fields: Zip64's, and ours with the digest.
const LONG: u16 = 0x0001;
const DIGEST: u16 = 0x624d;

/// The length of a long file's extra field in its local header: both lengths.
const LOCAL_LONG: u16 = 16;

/// What stands in a field of 32 bits whose value is in the extra field.
const ELSEWHERE: u32 = u32::MAX;

/// The version of the format that a reader needs for long files, and for others.
const NEEDS_LONG: u16 = 45;
const NEEDS: u16 = 20;

/// Names are in UTF-8.
const UTF8: u16 = 1 << 11;

/// 1980-01-01, midnight: the files' own times are not kept.
const DATE: u16 = 0x21;

/// Made on Unix, which gives the attributes their meaning: a file that its owner may read and write.
const MADE_BY: u16 = 3 << 8 | NEEDS_LONG;
const ATTRIBUTES: u32 = 0o100_600 << 16;

/// The fewest bytes of a container's end that tell the whole index's length.
pub(super) const ENDING: u64 = (END_LENGTH + LOCATOR_LENGTH + LONG_END_LENGTH) as u64;

/// The longest index, in bytes.
pub(super) const LONGEST: u64 =
	MAX_FILES as u64 * (CENTRAL_LENGTH + MAX_PATH + 28 + 36) as u64 + ENDING;

/// A file before its place is known.
pub(super) struct New<'a> {
	pub(super) path: &'a str,
	pub(super) length: u64,
	pub(super) checksum: u32,
	pub(super) digest: [u8; 32],
}

/// Writes what stands around the files.
#[derive(Default)]
pub(super) struct Writer {
	directory: Vec<u8>,
	files: u64,
	/// Where the next file begins.
	at: u64,
}

impl Writer {
	/// What stands before a file, which has to follow at once.
	pub(super) fn file(&mut self, new: &New<'_>) -> Vec<u8> {
		let New { path, length, checksum, digest } = new;
		let (name, offset) = (path.as_bytes(), self.at);
		let short = short(*length);
		let is_long = short == ELSEWHERE;
		let mut header = Vec::with_capacity(LOCAL_LENGTH as usize + name.len() + 20);
		put32(&mut header, LOCAL);
		put_common(&mut header, is_long, *checksum, short, name.len());
		put16(&mut header, if is_long { LOCAL_LONG + 4 } else { 0 });
		header.extend_from_slice(name);
		if is_long {
			put16(&mut header, LONG);
			put16(&mut header, LOCAL_LONG);
			put64(&mut header, *length);
			put64(&mut header, *length);
		}

		let mut extra = Vec::new();
		let far: Vec<u64> =
			[(is_long, *length), (is_long, *length), (self::short(offset) == ELSEWHERE, offset)]
				.into_iter()
				.filter_map(|(is_elsewhere, value)| is_elsewhere.then_some(value))
				.collect();
		if !far.is_empty() {
			put16(&mut extra, LONG);
			put16(&mut extra, far.len() as u16 * 8);
			far.iter().for_each(|value| put64(&mut extra, *value));
		}
		put16(&mut extra, DIGEST);
		put16(&mut extra, digest.len() as u16);
		extra.extend_from_slice(digest);
		let directory = &mut self.directory;
		put32(directory, CENTRAL);
		put16(directory, MADE_BY);
		put_common(directory, !far.is_empty(), *checksum, short, name.len());
		put16(directory, extra.len() as u16);
		// No comment, the first disk, no internal attributes.
		[0; 3].iter().for_each(|none| put16(directory, *none));
		put32(directory, ATTRIBUTES);
		put32(directory, self::short(offset));
		directory.extend_from_slice(name);
		directory.extend_from_slice(&extra);

		self.files = self.files.saturating_add(1);
		self.at = offset.saturating_add(header.len() as u64).saturating_add(*length);
		header
	}

	/// The index: the directory, and what ends the container.
	pub(super) fn index(self) -> Vec<u8> {
		let Self { directory: mut index, files, at } = self;
		let length = index.len() as u64;
		if short(at) == ELSEWHERE {
			put32(&mut index, LONG_END);
			put64(&mut index, LONG_END_LENGTH as u64 - 12);
			put16(&mut index, MADE_BY);
			put16(&mut index, NEEDS_LONG);
			[0; 2].iter().for_each(|disk| put32(&mut index, *disk));
			[files, files, length, at].iter().for_each(|value| put64(&mut index, *value));
			put32(&mut index, LONG_LOCATOR);
			put32(&mut index, 0);
			put64(&mut index, at.saturating_add(length));
			put32(&mut index, 1);
		}
		put32(&mut index, END);
		[0; 2].iter().for_each(|disk| put16(&mut index, *disk));
		[files; 2].iter().for_each(|files| put16(&mut index, *files as u16));
		put32(&mut index, length as u32);
		put32(&mut index, short(at));
		put16(&mut index, 0);
		index
	}
}

/// The fields that a file's header and its entry in the directory share, up to the name's length.
fn put_common(out: &mut Vec<u8>, is_long: bool, checksum: u32, length: u32, name: usize) {
	put16(out, if is_long { NEEDS_LONG } else { NEEDS });
	put16(out, UTF8);
	// Stored, at midnight.
	[0; 2].iter().for_each(|none| put16(out, *none));
	put16(out, DATE);
	put32(out, checksum);
	put32(out, length);
	put32(out, length);
	put16(out, name as u16);
}

/// A value for a field of 32 bits.
fn short(value: u64) -> u32 {
	u32::try_from(value).unwrap_or(ELSEWHERE)
}

fn put16(out: &mut Vec<u8>, value: u16) {
	out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
	out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
	out.extend_from_slice(&value.to_le_bytes());
}

/// The end of a container.
struct Ending {
	files: u64,
	directory: u64,
	/// The directory's place in the container.
	at: u64,
	/// The length of what follows the directory.
	behind: usize,
}

impl Ending {
	/// The one at the end of these bytes, which may be all or less of a container.
	fn read(bytes: &[u8]) -> Option<Self> {
		let from = bytes.len().checked_sub(END_LENGTH)?;
		let mut end = Fields(bytes.get(from..)?);
		end.expect32(END)?;
		end.expect32(0)?;
		let files = end.u16()?;
		(end.u16()? == files).then_some(())?;
		let (directory, at) = (end.u32()?, end.u32()?);
		(end.u16()? == 0).then_some(())?;
		if at != ELSEWHERE {
			let (files, directory, at) = (files.into(), directory.into(), at.into());
			return Some(Self { files, directory, at, behind: END_LENGTH });
		}
		let from = from.checked_sub(LOCATOR_LENGTH + LONG_END_LENGTH)?;
		let mut end = Fields(bytes.get(from..)?);
		end.expect32(LONG_END)?;
		end.skip(8 + 2 + 2 + 4 + 4)?;
		let found = end.u64()?;
		(end.u64()? == found && found == u64::from(files)).then_some(())?;
		let (long, at) = (end.u64()?, end.u64()?);
		end.expect32(LONG_LOCATOR)?;
		(long == u64::from(directory)).then_some(())?;
		let behind = END_LENGTH + LOCATOR_LENGTH + LONG_END_LENGTH;
		Some(Self { files: found, directory: long, at, behind })
	}
}

/// The length of the index of a container that ends with these bytes: at least [`ENDING`] of them, or all.
pub(super) fn index_length(end: &[u8]) -> Result<u64, Corrupt> {
	let Ending { directory, behind, .. } = Ending::read(end).ok_or(Corrupt)?;
	let length = directory.saturating_add(behind as u64);
	if length > LONGEST { Err(Corrupt) } else { Ok(length) }
}

/// The files that an index names, and the length of the container that it ends.
pub(super) fn read_index(index: &[u8]) -> Result<(Vec<Member>, u64), Corrupt> {
	let Ending { files, directory, at, behind } = Ending::read(index).ok_or(Corrupt)?;
	let length = index.len() as u64;
	if directory.checked_add(behind as u64) != Some(length) || files > MAX_FILES as u64 {
		return Err(Corrupt);
	}
	let entries = index.get(..index.len().saturating_sub(behind)).ok_or(Corrupt)?;
	let (mut fields, mut all, mut next) = (Fields(entries), Vec::new(), 0);
	for _ in 0..files {
		let (member, header) = member(&mut fields).ok_or(Corrupt)?;
		// Files lie one behind another, as they were written: none overlaps another, or the index.
		if header != next {
			return Err(Corrupt);
		}
		next = member.at.checked_add(member.length).ok_or(Corrupt)?;
		all.push(member);
	}
	if next != at || !fields.0.is_empty() {
		return Err(Corrupt);
	}
	Ok((all, at.checked_add(length).ok_or(Corrupt)?))
}

/// The next entry of a directory, and where that file's header is.
fn member(fields: &mut Fields<'_>) -> Option<(Member, u64)> {
	fields.expect32(CENTRAL)?;
	// Who made it, and which version reads it.
	fields.skip(4)?;
	(fields.u16()? == UTF8).then_some(())?;
	// Stored.
	(fields.u16()? == 0).then_some(())?;
	// Time, date, and the checksum for other programs.
	fields.skip(8)?;
	let (stored, length) = (fields.u32()?, fields.u32()?);
	(stored == length).then_some(())?;
	let (name, extra) = (usize::from(fields.u16()?), usize::from(fields.u16()?));
	// Comment, disk, and attributes.
	(fields.u16()? == 0).then_some(())?;
	fields.skip(8)?;
	let offset = fields.u32()?;
	let path = std::str::from_utf8(fields.take(name)?).ok()?;
	super::is_path(path).then_some(())?;
	let mut extra = Fields(fields.take(extra)?);
	let (is_long, is_far) = (length == ELSEWHERE, offset == ELSEWHERE);
	let (mut length, mut offset) = (u64::from(length), u64::from(offset));
	if is_long || is_far {
		(extra.u16()? == LONG).then_some(())?;
		let wanted = 8 * (2 * u16::from(is_long) + u16::from(is_far));
		(extra.u16()? == wanted).then_some(())?;
		if is_long {
			length = extra.u64()?;
			(extra.u64()? == length).then_some(())?;
		}
		if is_far {
			offset = extra.u64()?;
		}
	}
	(extra.u16()? == DIGEST && extra.u16()? == 32).then_some(())?;
	let digest = extra.take(32)?.try_into().ok()?;
	extra.0.is_empty().then_some(())?;
	let long = if is_long { u64::from(LOCAL_LONG) + 4 } else { 0 };
	let at = offset.checked_add(LOCAL_LENGTH + name as u64 + long)?;
	Some((Member { path: path.to_owned(), length, digest, at }, offset))
}

/// Little-endian fields, one after another; nothing once they end.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
	fn take(&mut self, count: usize) -> Option<&'a [u8]> {
		let (taken, rest) = self.0.split_at_checked(count)?;
		self.0 = rest;
		Some(taken)
	}

	fn skip(&mut self, count: usize) -> Option<()> {
		self.take(count).map(drop)
	}

	fn u16(&mut self) -> Option<u16> {
		Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
	}

	fn u32(&mut self) -> Option<u32> {
		Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
	}

	fn u64(&mut self) -> Option<u64> {
		Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
	}

	fn expect32(&mut self, expected: u32) -> Option<()> {
		(self.u32()? == expected).then_some(())
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn new(path: &str, length: u64) -> New<'_> {
		New { path, length, checksum: 7, digest: [9; 32] }
	}

	/// The index of files of these lengths, and where each begins.
	fn written(files: &[(&str, u64)]) -> (Vec<u8>, Vec<u64>) {
		let (mut writer, mut places, mut at) = (Writer::default(), Vec::new(), 0);
		for (path, length) in files {
			at += writer.file(&new(path, *length)).len() as u64;
			places.push(at);
			at += length;
		}
		(writer.index(), places)
	}

	#[test]
	fn files_are_found_where_they_were_written() {
		let gibibytes = |count: u64| count << 30;
		for files in [
			&[("a", 0)][..],
			&[],
			&[("a", 5), ("b/ü.dcm", 0), ("b/c/d", 70_000)],
			// Longer than 32 bits tell, and behind what they tell.
			&[("a", gibibytes(5)), ("b", 1), ("c", u64::from(u32::MAX))],
			&[("a", gibibytes(3)), ("b", gibibytes(3)), ("c", 1)],
		] {
			let (index, places) = written(files);
			let end = &index[index.len().saturating_sub(ENDING as usize)..];
			assert_eq!(index_length(end), Ok(index.len() as u64));
			let (members, length) = read_index(&index).unwrap();
			let found: Vec<_> = members.iter().map(|one| (one.path.as_str(), one.length)).collect();
			assert_eq!(found, files);
			assert_eq!(members.iter().map(|one| one.at).collect::<Vec<_>>(), places);
			assert!(members.iter().all(|one| one.digest == [9; 32]));
			let before = files.last().map_or(0, |last| places.last().unwrap() + last.1);
			assert_eq!(length, before + index.len() as u64);
		}
	}

	#[test]
	fn an_index_that_was_changed_or_cut_is_none() {
		let (index, _) = written(&[("a", 5), ("b", 6)]);
		for end in 0..index.len() {
			assert_eq!(read_index(&index[..end]).err(), Some(Corrupt), "{end}");
			assert_eq!(read_index(&index[end + 1..]).err(), Some(Corrupt), "{end}");
		}
		let name = CENTRAL_LENGTH;
		for hostile in [b"/", b".", b"\0", b"\\", b"\xff"] {
			let mut changed = index.clone();
			changed[name] = hostile[0];
			assert_eq!(read_index(&changed).err(), Some(Corrupt), "{hostile:?}");
		}
		// Each of the first file's two lengths.
		for at in [20, 24] {
			let mut changed = index.clone();
			changed[at] += 1;
			assert_eq!(read_index(&changed).err(), Some(Corrupt), "{at}");
		}
		let mut many = index;
		let (from, to) = (many.len() - 14, many.len() - 10);
		many[from..to].fill(0xff);
		assert_eq!(read_index(&many).err(), Some(Corrupt));
	}

	#[test]
	fn an_ordinary_archive_is_not_taken_for_one() {
		// The shortest: it has no file.
		let mut empty = b"PK\x05\x06".to_vec();
		empty.resize(END_LENGTH, 0);
		assert_eq!(read_index(&empty).unwrap().0.len(), 0);
		empty.extend_from_slice(b"a comment");
		assert_eq!(index_length(&empty).err(), Some(Corrupt));
	}
}

//! What a log has of each chart: a file for each patient, with a line of JSON for each disclosure.

use crate::files;
use medblock_primitives::{Moment, PatientId};
use medblock_receipts::{Disclosure, Hash, Lie, Line, Link, MAX_ENCODED};
use medblock_vault_protocol::{paths::parse_number, receipts::LogLine};
use std::{
	fs::{self, File},
	io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
	path::PathBuf,
};

/// The longest line, in bytes: a disclosure in hexadecimal, and what shows its place.
const MAX_LINE: u64 = 2 * MAX_ENCODED as u64 + 1_024;

/// The end of a chart's file, and what the next disclosure follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct End {
	/// The file's length in bytes.
	pub(super) length: u64,
	/// The number of disclosures.
	pub(super) count: u64,
	/// The leaf of the last one.
	pub(super) last: Hash,
}

/// The files of all charts.
pub(super) struct Charts(PathBuf);

impl Charts {
	/// Those in a folder, which is created.
	pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
		files::create_folder(&folder)?;
		Ok(Self(folder))
	}

	/// The end of a chart's file, found from its end. A line without an end was torn by a crash: nothing was given out
	/// for it.
	pub(super) fn end(&self, patient: PatientId) -> io::Result<End> {
		let mut file = match File::open(self.path(patient)) {
			Ok(file) => file,
			Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(End::default()),
			Err(why) => return Err(why),
		};
		let length = file.metadata()?.len();
		// A whole line, and one that is torn.
		let from = length.saturating_sub(2 * MAX_LINE);
		file.seek(SeekFrom::Start(from))?;
		let mut tail = Vec::new();
		file.take(length - from).read_to_end(&mut tail)?;
		let Some(end) = tail.iter().rposition(|byte| *byte == b'\n') else {
			return match from {
				0 => Ok(End::default()),
				_ => Err(damaged()),
			};
		};
		let begin = tail[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
		let line = parse(&tail[begin..end])?;
		Ok(End {
			length: from + end as u64 + 1,
			count: line.link.number + 1,
			last: line.disclosure.leaf(),
		})
	}

	/// Writes lines after the end that is known, durably.
	pub(super) fn append(&self, patient: PatientId, end: &End, lines: &[u8]) -> io::Result<()> {
		let path = self.path(patient);
		let is_new = !path.exists();
		let mut file = files::private().open(&path)?;
		// Cuts off the part of a line that a crash, or a full disk, has left.
		file.set_len(end.length)?;
		file.seek(SeekFrom::Start(end.length))?;
		let kept = file.write_all(lines).and_then(|()| file.sync_data());
		if kept.is_err() {
			// A disk says only once what it could not keep. The next line must not follow one that may be gone.
			file.set_len(end.length)?;
		}
		kept?;
		if is_new {
			files::sync_folder_of(&path)?;
		}
		Ok(())
	}

	/// Passes the disclosures from a place of the file on to `show`, until it says that it has enough, or the file is at
	/// its end. Gives the place of the first one that was not shown.
	pub(super) fn read(
		&self,
		patient: PatientId,
		from: u64,
		mut show: impl FnMut(Line) -> bool,
	) -> io::Result<u64> {
		let mut file = match File::open(self.path(patient)) {
			Ok(file) => file,
			Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(from),
			Err(why) => return Err(why),
		};
		file.seek(SeekFrom::Start(from))?;
		let (mut lines, mut line, mut at) = (BufReader::new(file), Vec::new(), from);
		loop {
			line.clear();
			let read = (&mut lines).take(MAX_LINE).read_until(b'\n', &mut line)?;
			if line.pop() != Some(b'\n') {
				return Ok(at);
			}
			if !show(parse(&line)?) {
				return Ok(at);
			}
			at += read as u64;
		}
	}

	/// The number of the first line that there is of a chart; 0 if there is none.
	pub(super) fn first(&self, patient: PatientId) -> io::Result<u64> {
		let mut first = 0;
		self.read(patient, 0, |line| {
			first = line.link.number;
			false
		})?;
		Ok(first)
	}

	/// The charts with a file.
	pub(super) fn patients(&self) -> io::Result<Vec<PatientId>> {
		let mut all = Vec::new();
		for entry in fs::read_dir(&self.0)? {
			let name = entry?.file_name();
			let number = name.to_str().and_then(|name| parse_number(name.strip_suffix(".jsonl")?));
			all.extend(number.map(PatientId));
		}
		Ok(all)
	}

	/// Removes the first lines of a chart: those from before a time, up to one that is not, and never the last one, which
	/// the next one follows. Returns whether there were any.
	pub(super) fn forget(&self, patient: PatientId, before: Moment) -> io::Result<bool> {
		let end = self.end(patient)?;
		let is_old = |line: Line| {
			line.disclosure.time < before && line.link.number.saturating_add(1) < end.count
		};
		let place = self.read(patient, 0, is_old)?;
		if place == 0 {
			return Ok(false);
		}
		let path = self.path(patient);
		let beside = path.with_extension("new");
		let mut file = File::open(&path)?;
		file.seek(SeekFrom::Start(place))?;
		let mut copy = files::private().truncate(true).open(&beside)?;
		io::copy(&mut file.take(end.length.saturating_sub(place)), &mut copy)?;
		copy.sync_all()?;
		files::rename(&beside, &path)?;
		Ok(true)
	}

	fn path(&self, patient: PatientId) -> PathBuf {
		self.0.join(format!("{}.jsonl", patient.0))
	}
}

/// A disclosure as a file has it: without proof, which the tree gives.
pub(super) fn line(disclosure: Disclosure, link: Link, index: u64) -> io::Result<Vec<u8>> {
	let line = Line { disclosure, link, index, proof: Vec::new() };
	let mut bytes = serde_json::to_vec(&LogLine::from(&line))?;
	bytes.push(b'\n');
	Ok(bytes)
}

pub(super) fn parse(line: &[u8]) -> io::Result<Line> {
	let line: LogLine = serde_json::from_slice(line)?;
	Line::try_from(line).map_err(|_: Lie| damaged())
}

fn damaged() -> io::Error {
	io::Error::new(io::ErrorKind::InvalidData, "a chart's part of the log is damaged")
}

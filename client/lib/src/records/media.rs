//! A file's type, by its content, or else by its name.

use super::dicom::{self, FACTS};
use std::io::{self, Read};

/// The bytes at an archive's beginning in which the names of an office document's parts stand. What is stored farther back may
/// be whole documents.
const PARTS: usize = 4 * 1_024;

/// As much of a JSON document is searched for the member that marks FHIR: members may stand in any order, behind
/// images of many megabytes.
const SEARCHED: u64 = 64 * 1_024 * 1_024;

/// The bytes that are searched at a time.
const PIECE: usize = 64 * 1_024;

/// The type of a file that nothing is known of.
const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file (IANA's registry). Its first bytes decide, since names lie, or say nothing; where they could
/// begin several kinds of files, the name's extension chooses. A `resourceType` in the outermost object, wherever it stands,
/// marks FHIR resources in JSON (HL7 FHIR R4, §2.6.2).
///
/// # Errors
///
/// Those of reading the content.
pub fn media_type(name: &str, mut content: impl Read) -> io::Result<&'static str> {
	let mut beginning = Vec::new();
	// As much as is read of a file in a folder, so that one file is of one kind wherever it is.
	content.by_ref().take(FACTS).read_to_end(&mut beginning)?;
	let named = by_name(name);
	if let Some(found) = by_content(&beginning, named) {
		return Ok(found);
	}
	let is_json = match named {
		Some(JSON | LINES) => true,
		Some(_) => false,
		None => visible(&beginning).starts_with(b"{"),
	};
	if is_json && is_fhir(beginning.as_slice().chain(content).take(SEARCHED))? {
		return Ok(match named {
			Some(LINES) => "application/fhir+ndjson",
			_ => "application/fhir+json",
		});
	}
	Ok(match named {
		Some(named) => in_charset(named, &beginning),
		None => text(&beginning).unwrap_or(UNKNOWN),
	})
}

/// The type with the charset that the text has: office programs write tables in UTF-16 or in their country's charset, too.
fn in_charset(named: &'static str, bytes: &[u8]) -> &'static str {
	let Some(bare) = named.strip_suffix(UTF_8).filter(|_| !bytes.is_empty()) else { return named };
	match (text(bytes), bare) {
		(Some(TEXT), _) => named,
		(Some(utf16), "text/plain") => utf16,
		(Some(_), "text/csv") => "text/csv; charset=utf-16",
		// What charset it is, only a reader can tell.
		_ => bare,
	}
}

/// The charset that a text's type names as a rule.
const UTF_8: &str = "; charset=utf-8";

/// Text in UTF-8.
const TEXT: &str = "text/plain; charset=utf-8";

/// One document, and one in each line (<https://github.com/ndjson/ndjson-spec>).
const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// A page.
const HTML: &str = "text/html";

/// A message of HL7 version 2, with bars and hats.
const MESSAGE: &str = "x-application/hl7-v2+er7";

/// The types that begin with the bytes of a ZIP file.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";
const EPUB: &str = "application/epub+zip";

fn by_name(name: &str) -> Option<&'static str> {
	let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
	Some(match extension.to_ascii_lowercase().as_str() {
		"7z" => "application/x-7z-compressed",
		"avi" => "video/x-msvideo",
		"avif" => "image/avif",
		"bmp" => "image/bmp",
		"csv" => "text/csv; charset=utf-8",
		"dcm" | "dicom" | "ima" => "application/dicom",
		"doc" => "application/msword",
		"docx" => DOCX,
		"eml" => "message/rfc822",
		"epub" => EPUB,
		"flac" => "audio/flac",
		"gif" => "image/gif",
		"gz" => "application/gzip",
		"heic" => "image/heic",
		"heif" => "image/heif",
		"hl7" => MESSAGE,
		"htm" | "html" => HTML,
		"ics" => "text/calendar; charset=utf-8",
		"jfif" | "jpg" | "jpeg" => "image/jpeg",
		"jp2" => "image/jp2",
		"json" => JSON,
		"m4a" => "audio/mp4",
		"m4v" | "mp4" => "video/mp4",
		"md" => "text/markdown; charset=utf-8",
		"mkv" => "video/matroska",
		"mov" => "video/quicktime",
		"mp3" => "audio/mpeg",
		"mpeg" | "mpg" => "video/mpeg",
		"ndjson" => LINES,
		"odp" => ODP,
		"ods" => ODS,
		"odt" => ODT,
		"oga" | "ogg" | "opus" => "audio/ogg",
		"ogv" => "video/ogg",
		"pdf" => "application/pdf",
		"png" => "image/png",
		"ppt" => "application/vnd.ms-powerpoint",
		"pptx" => PPTX,
		"rtf" => "application/rtf",
		"svg" => "image/svg+xml",
		"tif" | "tiff" => "image/tiff",
		"tsv" => "text/tab-separated-values; charset=utf-8",
		"txt" => TEXT,
		"vcf" => "text/vcard; charset=utf-8",
		"wav" => "audio/wav",
		"webm" => "video/webm",
		"webp" => "image/webp",
		"xls" => "application/vnd.ms-excel",
		"xlsx" => XLSX,
		"xml" => "application/xml",
		"zip" => "application/zip",
		_ => return None,
	})
}

/// The type that these first bytes show.
fn by_content(bytes: &[u8], named: Option<&'static str>) -> Option<&'static str> {
	// First, since the bytes before its mark may be those of another kind: many viewers open them as TIFF.
	if dicom::is_dicom(bytes) {
		return Some("application/dicom");
	}
	for (magic, found) in [
		(&b"%PDF-"[..], "application/pdf"),
		(&b"\x89PNG\r\n\x1a\n"[..], "image/png"),
		(&b"\xff\xd8\xff"[..], "image/jpeg"),
		(&b"GIF87a"[..], "image/gif"),
		(&b"GIF89a"[..], "image/gif"),
		(&b"II*\0"[..], "image/tiff"),
		(&b"MM\0*"[..], "image/tiff"),
		(&b"\0\0\0\x0cjP  \r\n\x87\n"[..], "image/jp2"),
		(&b"{\\rtf"[..], "application/rtf"),
		(&b"\x1f\x8b\x08"[..], "application/gzip"),
		(&b"7z\xbc\xaf\x27\x1c"[..], "application/x-7z-compressed"),
		(&b"fLaC"[..], "audio/flac"),
		(&b"ID3"[..], "audio/mpeg"),
	] {
		if bytes.starts_with(magic) {
			return Some(found);
		}
	}
	match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
		(_, Some(b"ftyp"), Some(brand)) => return Some(of_brand(brand)),
		(Some(b"RIFF"), _, Some(b"WEBP")) => return Some("image/webp"),
		(Some(b"RIFF"), _, Some(b"WAVE")) => return Some("audio/wav"),
		(Some(b"RIFF"), _, Some(b"AVI ")) => return Some("video/x-msvideo"),
		(Some(b"OggS"), ..) => return Some(ogg(bytes)),
		(Some(b"\x1a\x45\xdf\xa3"), ..) => return matroska(bytes),
		(Some(b"PK\x03\x04"), ..) => return Some(zipped(bytes, named)),
		// Older office documents, which only their names tell apart.
		(Some(b"\xd0\xcf\x11\xe0"), Some(b"\xa1\xb1\x1a\xe1"), _) => {
			return Some(named.unwrap_or(UNKNOWN));
		},
		(Some([b'B', b'M', ..]), ..) if is_bitmap(bytes) => return Some("image/bmp"),
		_ => {},
	}
	// What a text says of itself does not make a table or a program's source something else.
	if named.is_some() {
		return None;
	}
	let text = visible(bytes);
	let begins = |with: &[u8]| {
		text.get(..with.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(with))
	};
	if begins(b"<?xml") {
		return Some("application/xml");
	}
	if begins(b"<!doctype html") || begins(b"<html") {
		return Some(HTML);
	}
	// Each message begins with its separators; the first four are these as good as always.
	text.starts_with(b"MSH|^~\\&").then_some(MESSAGE)
}

/// A bitmap of Windows: after the mark and the file's length, four zeros, and the length of one of its headers.
fn is_bitmap(bytes: &[u8]) -> bool {
	bytes.starts_with(b"BM")
		&& bytes.get(6..10) == Some(&[0; 4])
		&& matches!(bytes.get(14..18), Some([12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// A text from its first letter on: without the mark of UTF-8, and without white space, or the byte that begins a message
/// on a line.
fn visible(bytes: &[u8]) -> &[u8] {
	let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
	bytes.strip_prefix(b"\x0b").unwrap_or(bytes).trim_ascii_start()
}

/// A file of the ISO base media format (ISO/IEC 14496-12), by its major brand.
fn of_brand(brand: &[u8]) -> &'static str {
	match brand {
		b"heic" | b"heix" | b"heim" | b"heis" => "image/heic",
		b"mif1" | b"msf1" | b"hevc" | b"hevx" => "image/heif",
		b"avif" | b"avis" => "image/avif",
		b"qt  " => "video/quicktime",
		b"M4A " => "audio/mp4",
		_ => "video/mp4",
	}
}

/// An Ogg file (RFC 5334): a video, if the first page begins one.
fn ogg(bytes: &[u8]) -> &'static str {
	let page = bytes.get(..64).unwrap_or(bytes);
	match page.windows(7).any(|window| window == b"\x80theora") {
		true => "video/ogg",
		false => "audio/ogg",
	}
}

/// A film in EBML (RFC 8794), of which the head names the kind. Nothing for other documents in it.
fn matroska(bytes: &[u8]) -> Option<&'static str> {
	let head = bytes.get(..64).unwrap_or(bytes);
	let has = |kind: &[u8]| head.windows(kind.len()).any(|window| window == kind);
	match (has(b"webm"), has(b"matroska")) {
		(true, _) => Some("video/webm"),
		(_, true) => Some("video/matroska"),
		_ => None,
	}
}

/// A ZIP file: often a document of an office program.
fn zipped(bytes: &[u8], named: Option<&'static str>) -> &'static str {
	let documents = [DOCX, XLSX, PPTX, ODT, ODS, ODP];
	// Open documents name their type in their first file, which is not compressed (OpenDocument 1.3, part 2, §3.3).
	if bytes.get(30..38) == Some(&b"mimetype"[..]) {
		let rest = bytes.get(38..).unwrap_or_default();
		let mut open = [ODT, ODS, ODP, EPUB].into_iter();
		return open.find(|kind| rest.starts_with(kind.as_bytes())).unwrap_or("application/zip");
	}
	let parts = bytes.get(..PARTS).unwrap_or(bytes);
	let has = |part: &[u8]| parts.windows(part.len()).any(|window| window == part);
	if has(b"[Content_Types].xml") || has(b"_rels/.rels") {
		for (part, kind) in [(&b"word/"[..], DOCX), (&b"xl/"[..], XLSX), (&b"ppt/"[..], PPTX)] {
			if has(part) {
				return kind;
			}
		}
	}
	named.filter(|named| documents.contains(named)).unwrap_or("application/zip")
}

/// Text, if these are bytes of one: characters in UTF-8, of which the last may be cut off, or in UTF-16 with its mark.
fn text(bytes: &[u8]) -> Option<&'static str> {
	if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
		return Some("text/plain; charset=utf-16");
	}
	let whole = match std::str::from_utf8(bytes) {
		Ok(text) => text,
		Err(why) if why.error_len().is_none() => {
			std::str::from_utf8(bytes.get(..why.valid_up_to())?).ok()?
		},
		Err(_) => return None,
	};
	let is_written = |letter: char| !letter.is_control() || "\t\n\r\u{c}".contains(letter);
	(!whole.is_empty() && whole.chars().all(is_written)).then_some(TEXT)
}

/// Whether the outermost object of a JSON document says that it is a FHIR resource.
fn is_fhir(mut json: impl Read) -> io::Result<bool> {
	let (mut members, mut piece) = (Members::default(), vec![0; PIECE]);
	loop {
		let some = match json.read(&mut piece) {
			Ok(0) => return Ok(false),
			Ok(some) => some,
			Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
			Err(why) => return Err(why),
		};
		let read = piece.get(..some).unwrap_or_default();
		if read.iter().any(|byte| members.take(*byte)) {
			return Ok(true);
		}
	}
}

/// The name of the member that marks FHIR.
const MARK: &[u8] = b"resourceType";

/// A look at the members of a document's outermost object, byte by byte.
#[derive(Default)]
struct Members {
	/// How many objects and lists are open.
	depth: usize,
	/// Inside a text: how many bytes of the mark it has so far, or none if it is another one.
	text: Option<Option<usize>>,
	is_escaped: bool,
	/// The text before this was the mark, in the outermost object.
	is_mark: bool,
}

impl Members {
	/// Takes the next byte. True if it ends the name of the member that marks FHIR.
	fn take(&mut self, byte: u8) -> bool {
		if let Some(so_far) = self.text {
			if byte == b'"' && !self.is_escaped {
				self.is_mark = self.depth == 1 && so_far == Some(MARK.len());
				self.text = None;
			} else {
				self.is_escaped = byte == b'\\' && !self.is_escaped;
				let next = so_far.filter(|count| MARK.get(*count) == Some(&byte));
				self.text = Some(next.map(|count| count + 1));
			}
			return false;
		}
		match byte {
			b':' if self.is_mark => return true,
			b'"' => self.text = Some(Some(0)),
			b'{' | b'[' => self.depth = self.depth.saturating_add(1),
			b'}' | b']' => self.depth = self.depth.saturating_sub(1),
			_ => {},
		}
		self.is_mark &= byte.is_ascii_whitespace();
		false
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	/// The type of a file with this content.
	fn media_type(name: &str, content: &[u8]) -> &'static str {
		super::media_type(name, content).unwrap()
	}

	#[test]
	fn type_comes_from_the_name_and_fhir_from_the_content() {
		for (name, content, expected) in [
			("scan.DCM", "", "application/dicom"),
			("letter.pdf", "", "application/pdf"),
			("bundle.json", "{\n \"resourceType\": \"Bundle\"}", "application/fhir+json"),
			("bundle", "{\n \"resourceType\": \"Bundle\"}", "application/fhir+json"),
			("other.json", "{}", "application/json"),
			("letter.txt", "all well", "text/plain; charset=utf-8"),
			("letter", "all well\n", "text/plain; charset=utf-8"),
			("notes", "", "application/octet-stream"),
			("x.unknown", "", "application/octet-stream"),
			("", "", "application/octet-stream"),
		] {
			assert_eq!(media_type(name, content.as_bytes()), expected, "{name}");
		}
	}

	#[test]
	fn content_decides_where_names_say_nothing_or_lie() {
		let zip = |rest: &[u8]| [&b"PK\x03\x04"[..], &[b'.'; 26][..], rest].concat();
		let docx = zip(b"[Content_Types].xml....word/document.xml");
		let odt = zip(b"mimetypeapplication/vnd.oasis.opendocument.textPK");
		for (name, content, expected) in [
			("report", &b"%PDF-1.7\n"[..], "application/pdf"),
			("photo.pdf", &b"\xff\xd8\xff\xe0\0\x10JFIF"[..], "image/jpeg"),
			("IMG_0001", &b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "image/heic"),
			("IMG_0001.heic", &b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"[..], "image/heif"),
			("film", &b"\0\0\0\x18ftypisom\0\0\0\0"[..], "video/mp4"),
			("letter", &docx[..], DOCX),
			("letter.docx", &b"PK\x03\x04 and a beginning that does not say more"[..], DOCX),
			("letter", &odt[..], ODT),
			("archive.pdf", &zip(b"file")[..], "application/zip"),
			("old.doc", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."[..], "application/msword"),
			("old", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."[..], UNKNOWN),
			("scan", &b"II*\0...."[..], "image/tiff"),
			("cda", &b"<?xml version=\"1.0\"?><ClinicalDocument/>"[..], "application/xml"),
			("Befund.txt", &b"Gr\xfc\xdfe"[..], "text/plain"),
			("Befund.txt", &b"\xff\xfeG\0r\0"[..], "text/plain; charset=utf-16"),
			("bytes", &b"\x01\x02\x03"[..], UNKNOWN),
		] {
			assert_eq!(media_type(name, content), expected, "{name}");
		}
		// A character that the beginning cuts off is no reason to doubt the rest.
		let long = "ü".repeat(FACTS as usize);
		let (cut, _) = long.as_bytes().split_at(FACTS as usize - 1);
		assert_eq!(media_type("letter", cut), TEXT);
		assert_eq!(media_type("letter", format!("a{long}").as_bytes()), TEXT);
		// An archive of documents is none itself.
		let names = b"[Content_Types].xml....word/document.xml";
		let archive = zip(&[&[b'.'; 2 * PARTS][..], names].concat());
		assert_eq!(media_type("letters.zip", &archive), "application/zip");
	}

	/// Some devices write data alone, with much in it before what names the study.
	#[test]
	fn a_study_is_found_as_far_back_as_in_a_folder() {
		for (before, expected) in [
			(0, "application/dicom"),
			(5 * 1_024, "application/dicom"),
			(100 * 1_024, "application/dicom"),
			(FACTS as usize, UNKNOWN),
		] {
			let data = dicom::tests::data_behind(before);
			assert_eq!(media_type("IM000001", &data), expected, "{before}");
			let beginning = data.get(..FACTS as usize).unwrap_or(&data);
			assert_eq!(dicom::is_dicom(beginning), expected != UNKNOWN, "{before}");
		}
	}

	/// As people's systems write them, and as they are called there.
	#[test]
	fn usual_files_are_known() {
		let bitmap = [&b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..], &[1; 40]].concat();
		let docx =
			[&b"PK\x03\x04"[..], &[b'.'; 26], b"[Content_Types].xml..word/document.xml"].concat();
		let image = dicom::tests::image("1.2.3", "77");
		let (_, unmarked) = image.split_at(128 + 4);
		let dual = [&b"II*\0"[..], &image[4..]].concat();
		for (name, content, expected) in [
			("IM000000", &image[..], "application/dicom"),
			("IM1", unmarked, "application/dicom"),
			("scan.tif", &dual[..], "application/dicom"),
			("scan.ima", &image[..], "application/dicom"),
			("scan.IMA", &b"of an older device"[..], "application/dicom"),
			("scan.tmp", &b"\xff\xd8\xff\xe1\0\x10Exif"[..], "image/jpeg"),
			("archive", &b"PK\x03\x04\x14\0\0\0\x08\0"[..], "application/zip"),
			("photo.heic", &b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "image/heic"),
			("photo.webp", &b"RIFF\x24\0\0\0WEBPVP8 "[..], "image/webp"),
			("photo", &b"RIFF\x24\0\0\0WEBPVP8 "[..], "image/webp"),
			("photo.gif", &b"GIF89a\x01\0\x01\0"[..], "image/gif"),
			("photo.bmp", &bitmap[..], "image/bmp"),
			("photo", &bitmap[..], "image/bmp"),
			("film.mp4", &b"\0\0\0\x20ftypisom\0\0\x02\0"[..], "video/mp4"),
			("letter.docx", &docx[..], DOCX),
			("letter.rtf", &b"{\\rtf1\\ansi Befund}"[..], "application/rtf"),
			("letter", &b"{\\rtf1\\ansi Befund}"[..], "application/rtf"),
			("page.html", &b"<!DOCTYPE html><html></html>"[..], HTML),
			("page", &b"\xef\xbb\xbf\r\n<!DocType HTML>"[..], HTML),
			("page", &b"<HTML lang=en>"[..], HTML),
			("result.hl7", &b"MSH|^~\\&|LAB|NORTH\rPID|1"[..], MESSAGE),
			("result", &b"\x0bMSH|^~\\&|LAB|NORTH\rPID|1"[..], MESSAGE),
			("lines.ndjson", &b"{\"a\":1}\n{\"a\":2}\n"[..], LINES),
			("lines.txt.gz", &b"\x1f\x8b\x08\0\0\0\0\0"[..], "application/gzip"),
			("lines", &b"\x1f\x8b\x08\0\0\0\0\0"[..], "application/gzip"),
			("photo.jfif", &b"\xff\xd8\xff\xe0\0\x10JFIF"[..], "image/jpeg"),
			("film", &b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"[..], "video/webm"),
			("film.webm", &b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska"[..], "video/matroska"),
			("film", &b"RIFF\x24\0\0\0AVI LIST"[..], "video/x-msvideo"),
			("voice", &b"OggS\0\x02........OpusHead"[..], "audio/ogg"),
			("film", &b"OggS\0\x02........\x80theora"[..], "video/ogg"),
			("voice.m4a", &b"\0\0\0\x20ftypM4A \0\0\0\0"[..], "audio/mp4"),
			("archive", &b"7z\xbc\xaf\x27\x1c\0\x04"[..], "application/x-7z-compressed"),
			("letter.eml", &b"From: ana@example.org\r\n\r\nDear"[..], "message/rfc822"),
			("visit.ics", &b"BEGIN:VCALENDAR\r\n"[..], "text/calendar; charset=utf-8"),
			// As office programs write tables.
			("table.csv", &b"Name;Gr\xc3\xb6\xc3\x9fe\n"[..], "text/csv; charset=utf-8"),
			("table.csv", &b"Name;Gr\xf6\xdfe\n"[..], "text/csv"),
			("table.csv", &b"\xff\xfeN\0a\0"[..], "text/csv; charset=utf-16"),
			("notes.md", &b"Gr\xf6\xdfe\n"[..], "text/markdown"),
			("notes.md", &b"\xfe\xff\0N"[..], "text/markdown"),
			("table.csv", &b""[..], "text/csv; charset=utf-8"),
			// Text that begins as some of them do.
			("BMI", &b"BMI 24, weight 70 kg, and so on"[..], TEXT),
			("MSH.txt", &b"MSH|^~\\& begins each message"[..], TEXT),
		] {
			assert_eq!(media_type(name, content), expected, "{name}: {content:?}");
		}
	}

	#[test]
	fn fhir_is_known_wherever_its_mark_stands() {
		let behind = |length: usize| {
			format!("{{\"text\":\"{}\",\"resourceType\" : \"Bundle\"}}", "x".repeat(length))
		};
		for length in [0, 5 * 1_024, 3 * PIECE, 2_000_000] {
			for (name, expected) in
				[("bundle.json", "application/fhir+json"), ("bundle", "application/fhir+json")]
			{
				assert_eq!(media_type(name, behind(length).as_bytes()), expected, "{length}");
			}
		}
		let lines = "{\"id\":\"1\",\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}";
		assert_eq!(media_type("export.ndjson", lines.as_bytes()), "application/fhir+ndjson");
		let marked = "\u{feff}\r\n{\"resourceType\":\"Bundle\"}";
		assert_eq!(media_type("bundle", marked.as_bytes()), "application/fhir+json");
		// Not a member of the outermost object.
		for other in [
			"{\"inside\":{\"resourceType\":\"Bundle\"}}",
			"[{\"resourceType\":\"Bundle\"}]",
			"{\"a\":\"resourceType\",\"b\":\"x\"}",
			"{\"a\":\"\\\"resourceType\\\":\"}",
			"{\"resourceTypes\":1}",
			"{\"resource\":1}",
			"{\"\\\\\":{\"resourceType\":1}}",
			"{}",
		] {
			assert_eq!(media_type("other.json", other.as_bytes()), JSON, "{other}");
		}
	}
}

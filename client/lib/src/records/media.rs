//! A file's type, by its content, or else by its name.

use super::dicom;

/// The number of bytes at a file's beginning that [`media_type`] looks at.
pub const BEGINNING: u64 = 4 * 1_024;

/// The type of a file that nothing is known of.
const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file (IANA's registry). Its first bytes decide, since names lie, or say nothing; where they could
/// begin several kinds of files, the name's extension chooses. A `resourceType` at the beginning marks FHIR resources in JSON
/// (HL7 FHIR R4, §2.6.2).
pub fn media_type(name: &str, beginning: &[u8]) -> &'static str {
	let named = by_name(name);
	if let Some(found) = by_content(beginning, named) {
		return found;
	}
	match named {
		Some("application/json") if is_fhir(beginning) => "application/fhir+json",
		Some(TEXT) if !beginning.is_empty() => text(beginning).unwrap_or("text/plain"),
		Some(named) => named,
		None if beginning.trim_ascii_start().starts_with(b"{") && is_fhir(beginning) => {
			"application/fhir+json"
		},
		None => text(beginning).unwrap_or(UNKNOWN),
	}
}

/// Text in UTF-8.
const TEXT: &str = "text/plain; charset=utf-8";

/// The types that begin with the bytes of a ZIP file.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";

fn by_name(name: &str) -> Option<&'static str> {
	let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
	Some(match extension.to_ascii_lowercase().as_str() {
		"avif" => "image/avif",
		"bmp" => "image/bmp",
		"csv" => "text/csv; charset=utf-8",
		"dcm" | "dicom" => "application/dicom",
		"doc" => "application/msword",
		"docx" => DOCX,
		"gif" => "image/gif",
		"gz" => "application/gzip",
		"heic" => "image/heic",
		"heif" => "image/heif",
		"htm" | "html" => "text/html",
		"jp2" => "image/jp2",
		"jpg" | "jpeg" => "image/jpeg",
		"json" => "application/json",
		"md" => "text/markdown; charset=utf-8",
		"mov" => "video/quicktime",
		"mp3" => "audio/mpeg",
		"mp4" => "video/mp4",
		"odp" => ODP,
		"ods" => ODS,
		"odt" => ODT,
		"pdf" => "application/pdf",
		"png" => "image/png",
		"ppt" => "application/vnd.ms-powerpoint",
		"pptx" => PPTX,
		"rtf" => "application/rtf",
		"svg" => "image/svg+xml",
		"tif" | "tiff" => "image/tiff",
		"txt" => TEXT,
		"wav" => "audio/wav",
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
		(Some(b"PK\x03\x04"), ..) => return Some(zipped(bytes, named)),
		// Older office documents, which only their names tell apart.
		(Some(b"\xd0\xcf\x11\xe0"), Some(b"\xa1\xb1\x1a\xe1"), _) => {
			return Some(named.unwrap_or(UNKNOWN));
		},
		(Some(b"<?xm"), ..) if named.is_none() => return Some("application/xml"),
		_ => {},
	}
	dicom::is_dicom(bytes).then_some("application/dicom")
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

/// A ZIP file: often a document of an office program.
fn zipped(bytes: &[u8], named: Option<&'static str>) -> &'static str {
	let documents = [DOCX, XLSX, PPTX, ODT, ODS, ODP];
	// Open documents name their type in their first file, which is not compressed (OpenDocument 1.3, part 2, §3.3).
	if bytes.get(30..38) == Some(&b"mimetype"[..]) {
		let rest = bytes.get(38..).unwrap_or_default();
		let mut open = [ODT, ODS, ODP].into_iter();
		return open.find(|kind| rest.starts_with(kind.as_bytes())).unwrap_or("application/zip");
	}
	let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
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

fn is_fhir(beginning: &[u8]) -> bool {
	let needle = b"\"resourceType\"";
	beginning.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
	use super::*;

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
		let long = "ü".repeat(BEGINNING as usize);
		let (cut, _) = long.as_bytes().split_at(BEGINNING as usize - 1);
		assert_eq!(media_type("letter", cut), TEXT);
	}
}

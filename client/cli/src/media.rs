//! A file's type, by its name.

use std::{
	fs::File,
	io::{self, Read},
	path::Path,
};

/// The number of bytes of a JSON file that are searched for the marks of FHIR resources.
const BEGINNING: u64 = 4 * 1_024;

/// The media type for a file's name (IANA's registry). A `resourceType` marks FHIR resources in
/// JSON (HL7 FHIR R4, §2.6.2).
pub fn media_type(path: &Path) -> io::Result<&'static str> {
	let extension = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
	Ok(match extension.to_ascii_lowercase().as_str() {
		"json" if is_fhir(path)? => "application/fhir+json",
		"json" => "application/json",
		"pdf" => "application/pdf",
		"dcm" | "dicom" => "application/dicom",
		"xml" => "application/xml",
		"png" => "image/png",
		"jpg" | "jpeg" => "image/jpeg",
		"tif" | "tiff" => "image/tiff",
		"txt" => "text/plain; charset=utf-8",
		"md" => "text/markdown; charset=utf-8",
		"csv" => "text/csv; charset=utf-8",
		"zip" => "application/zip",
		_ => "application/octet-stream",
	})
}

fn is_fhir(path: &Path) -> io::Result<bool> {
	let mut beginning = Vec::new();
	File::open(path)?.take(BEGINNING).read_to_end(&mut beginning)?;
	let needle = b"\"resourceType\"";
	Ok(beginning.windows(needle.len()).any(|window| window == needle))
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn type_comes_from_the_name_and_fhir_from_the_content() {
		let folder = tempfile::tempdir().unwrap();
		for (name, content, expected) in [
			("scan.DCM", "", "application/dicom"),
			("letter.pdf", "", "application/pdf"),
			("bundle.json", "{\n \"resourceType\": \"Bundle\"}", "application/fhir+json"),
			("other.json", "{}", "application/json"),
			("notes", "", "application/octet-stream"),
			("x.unknown", "", "application/octet-stream"),
		] {
			let path = folder.path().join(name);
			std::fs::write(&path, content).unwrap();
			assert_eq!(media_type(&path).unwrap(), expected, "{name}");
		}
	}
}

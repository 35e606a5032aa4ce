//! A file's type, by its name.

/// The number of bytes at a file's beginning that [`media_type`] looks at.
pub const BEGINNING: u64 = 4 * 1_024;

/// The media type for a file's name (IANA's registry). A `resourceType` at the beginning marks FHIR
/// resources in JSON (HL7 FHIR R4, §2.6.2).
pub fn media_type(name: &str, beginning: &[u8]) -> &'static str {
	let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
	match extension.to_ascii_lowercase().as_str() {
		"json" if is_fhir(beginning) => "application/fhir+json",
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
	}
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
			("other.json", "{}", "application/json"),
			("notes", "", "application/octet-stream"),
			("x.unknown", "", "application/octet-stream"),
			("", "", "application/octet-stream"),
		] {
			assert_eq!(media_type(name, content.as_bytes()), expected, "{name}");
		}
	}
}

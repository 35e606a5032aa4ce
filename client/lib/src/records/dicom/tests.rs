#![allow(clippy::unwrap_used)]

use super::*;

/// One element, explicit in little endian.
fn element(tag: (u16, u16), kind: &[u8; 2], value: &[u8]) -> Vec<u8> {
	let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), *kind].concat();
	match kind {
		b"SQ" | b"UN" | b"OB" => {
			bytes.extend_from_slice(&[0; 2]);
			bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
		},
		_ => bytes.extend_from_slice(&(value.len() as u16).to_le_bytes()),
	}
	bytes.extend_from_slice(value);
	bytes
}

/// A sequence of undefined length with an item of undefined length, which has one element.
fn endless(tag: (u16, u16), kind: &[u8; 2], inside: &[u8]) -> Vec<u8> {
	let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), *kind, [0; 2]].concat();
	bytes.extend_from_slice(&[0xff; 4]);
	bytes.extend_from_slice(b"\xfe\xff\x00\xe0\xff\xff\xff\xff");
	bytes.extend_from_slice(inside);
	bytes.extend_from_slice(b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0");
	bytes
}

fn marked(syntax: &str, class: &str, data: &[u8]) -> Vec<u8> {
	let mut bytes = vec![0; PREAMBLE];
	bytes.extend_from_slice(MARK);
	bytes.extend(element(CLASS, b"UI", class.as_bytes()));
	bytes.extend(element(SYNTAX, b"UI", syntax.as_bytes()));
	bytes.extend_from_slice(data);
	bytes
}

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

/// The data of an image of this study.
fn data(study: &str, person: &str) -> Vec<u8> {
	[
		element(CHARACTERS, b"CS", b"ISO_IR 100"),
		element(STUDY_DATE, b"DA", b"20260302"),
		element(MODALITY, b"CS", b"CT"),
		// A reference in a sequence comes before the description.
		endless((0x0008, 0x1032), b"SQ", &element(STUDY_TEXT, b"LO", b"inside")),
		element(STUDY_TEXT, b"LO", b"Thorax_nativ "),
		element(SERIES_TEXT, b"LO", b"1.0 mm"),
		element(NAME, b"PN", b"Muster^Maria"),
		element(NUMBER, b"LO", person.as_bytes()),
		element(STUDY, b"UI", format!("{study}\0").as_bytes()),
		element((0x0020, 0x0013), b"IS", b"7"),
	]
	.concat()
}

/// Data alone, with a value of so many bytes before the study.
pub fn data_behind(length: usize) -> Vec<u8> {
	let first = element(MODALITY, b"CS", b"CT");
	let long = element((0x0008, 0x1140), b"UN", &vec![3; length]);
	[first, long, element(STUDY, b"UI", b"1.2.3")].concat()
}

/// An image of this study, about this person.
pub fn image(study: &str, person: &str) -> Vec<u8> {
	let mut image = marked(EXPLICIT, CT, &data(study, person));
	image.extend(element((0x7fe0, 0x0010), b"OB", &[5; 1_000]));
	image
}

/// The directory of a medium.
pub fn directory() -> Vec<u8> {
	marked(EXPLICIT, DIRECTORY, &element((0x0004, 0x1130), b"CS", b"CD"))
}

#[test]
fn an_image_tells_its_study_and_not_its_patients_name() {
	let found = facts(&image("1.2.3", "77")).unwrap();
	assert_eq!(found.study.as_deref(), Some("1.2.3"));
	assert_eq!(found.title().as_deref(), Some("Thorax nativ, CT, 2026-03-02"));
	assert!(!found.is_directory && !format!("{found:?}").contains("Muster"));
	assert_eq!(found.person, facts(&image("1.2.4", "77")).unwrap().person);
	assert_ne!(found.person, facts(&image("1.2.3", "78")).unwrap().person);
	let found = facts(&directory()).unwrap();
	assert!(found.is_directory && found.study.is_none() && found.title().is_none());
}

#[test]
fn data_alone_is_known_by_its_study() {
	let found = facts(&data("1.2.3", "77")).unwrap();
	assert_eq!(found.title().as_deref(), Some("Thorax nativ, CT, 2026-03-02"));
	assert!(is_dicom(&data("1.2.3", "77")));
	for other in [&b""[..], b"\x08\0", b"\x08\0\x05\0text that begins like it", &[8; 400]] {
		assert!(facts(other).is_none() && !is_dicom(other), "{other:?}");
	}
}

/// As libraries write images, with the length of what comes before the data, its version, and their own name.
#[test]
fn images_of_libraries_are_known_with_their_preamble_and_without() {
	let meta = [
		element((0x0002, 0x0000), b"UL", &[0xce, 0, 0, 0]),
		element((0x0002, 0x0001), b"OB", &[0, 1]),
		element(CLASS, b"UI", format!("{CT}\0").as_bytes()),
		element((0x0002, 0x0003), b"UI", b"1.2.826.0.1.3680043.8.498.666122877664624614"),
		element(SYNTAX, b"UI", format!("{EXPLICIT}\0").as_bytes()),
		element((0x0002, 0x0013), b"SH", b"LIBRARY 2.1.0 "),
	];
	let image = [meta.concat(), data("1.2.3", "77")].concat();
	let whole = [&[0; PREAMBLE][..], MARK, &image].concat();
	let found = facts(&whole).unwrap();
	assert_eq!(found.title().as_deref(), Some("Thorax nativ, CT, 2026-03-02"));
	// Viewers open some files as TIFF, by what is before the mark.
	let dual = [b"II*\0", &whole[4..]].concat();
	// What programs leave out: the preamble, the mark, and what comes before the data.
	let (_, mark_first) = whole.split_at(PREAMBLE);
	for other in [&dual, mark_first, &image, &data("1.2.3", "77")] {
		assert_eq!(facts(other).unwrap(), found);
		assert!(is_dicom(other));
	}
	assert!(facts(&meta.concat()).is_none(), "it names no study");
}

#[test]
fn other_transfer_syntaxes_are_read() {
	let implicit = |tag: (u16, u16), value: &[u8]| {
		let length = (value.len() as u32).to_le_bytes();
		[&tag.0.to_le_bytes()[..], &tag.1.to_le_bytes(), &length, value].concat()
	};
	let big = |tag: (u16, u16), kind: &[u8; 2], value: &[u8]| {
		let length = (value.len() as u16).to_be_bytes();
		[&tag.0.to_be_bytes()[..], &tag.1.to_be_bytes(), kind, &length, value].concat()
	};
	let data = [implicit(MODALITY, b"MR"), implicit(STUDY, b"1.2")].concat();
	let found = facts(&marked(IMPLICIT, CT, &data)).unwrap();
	assert_eq!((found.title().as_deref(), found.study.as_deref()), (Some("MR"), Some("1.2")));
	assert_eq!(facts(&data).unwrap(), found);
	let data = [big(MODALITY, b"CS", b"MR"), big(STUDY, b"UI", b"1.2")].concat();
	assert_eq!(facts(&marked(BIG_ENDIAN, CT, &data)).unwrap(), found);
	assert_eq!(facts(&data).unwrap(), found);
	// Compressed as a whole: nothing is known but what it is.
	let found = facts(&marked(DEFLATED, CT, b"\x78\x9c")).unwrap();
	assert_eq!(found, Facts::default());
}

#[test]
fn unknown_values_of_undefined_length_are_implicit_inside() {
	let inside =
		[&STUDY_TEXT.0.to_le_bytes()[..], &STUDY_TEXT.1.to_le_bytes(), &[2, 0, 0, 0], b"no"];
	let data = [endless((0x0009, 0x1001), b"UN", &inside.concat()), element(STUDY, b"UI", b"1.2")]
		.concat();
	let found = facts(&marked(EXPLICIT, CT, &data)).unwrap();
	assert_eq!((found.study.as_deref(), found.title()), (Some("1.2"), None));
}

#[test]
fn values_that_make_no_sense_are_left_out() {
	let titled =
		|elements: &[Vec<u8>]| facts(&marked(EXPLICIT, CT, &elements.concat())).unwrap().title();
	for (tag, kind, value) in [
		(STUDY_DATE, b"DA", &b"20261302"[..]),
		(STUDY_DATE, b"DA", &b"2026"[..]),
		(STUDY_DATE, b"DA", &b"yesterda"[..]),
		(MODALITY, b"CS", &b"ct scan"[..]),
		(STUDY_TEXT, b"LO", &b"   \0"[..]),
		(STUDY_TEXT, b"LO", &b"\x1b$B4X\x1b(B"[..]),
		(STUDY_TEXT, b"LO", &b"\x93\xfa"[..]),
	] {
		assert_eq!(titled(&[element(tag, kind, value)]), None, "{value:?}");
	}
	let latin =
		[element(CHARACTERS, b"CS", b"ISO_IR 100"), element(STUDY_TEXT, b"LO", b"Sch\xe4del")];
	assert_eq!(titled(&latin).as_deref(), Some("Schädel"));
	let unicode = [
		element(CHARACTERS, b"CS", b"ISO_IR 192"),
		element(STUDY_TEXT, b"LO", "頭部\nb".as_bytes()),
	];
	assert_eq!(titled(&unicode).as_deref(), Some("頭部 b"));
	// The series' stands in where the study's can't be read.
	let series = [element(STUDY_TEXT, b"LO", b"\xff"), element(SERIES_TEXT, b"LO", b"axial")];
	assert_eq!(titled(&series).as_deref(), Some("axial"));
}

#[test]
fn no_bytes_make_the_reader_fail_or_go_on_without_end() {
	let image = image("1.2.3", "77");
	for end in 0..image.len() {
		let _ = facts(&image[..end]);
	}
	for at in PREAMBLE..500 {
		for value in [0, 0xff, 0xfe, b'S'] {
			let mut changed = image.clone();
			changed[at] = value;
			let _ = facts(&changed);
		}
	}
	// Sequences in sequences, each of undefined length.
	let mut deep = Vec::new();
	for _ in 0..10_000 {
		deep.extend_from_slice(
			b"\x08\0\x32\x10SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff",
		);
	}
	assert!(facts(&marked(EXPLICIT, CT, &deep)).unwrap().study.is_none());
}

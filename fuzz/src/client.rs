//! Files that people choose or are sent, as a client reads them.

use medblock_client::{
	names::Named,
	records::{dicom_title, media_type, packed},
	recovery::Request,
};

/// A DICOM file's title is one short line, and no bytes keep the reader busy.
pub(crate) fn dicom(bytes: &[u8]) {
	if let Some(title) = dicom_title(bytes) {
		assert!(!title.is_empty() && title.chars().count() <= 64 + 2 + 16 + 2 + 10, "{title}");
		assert!(!title.chars().any(char::is_control), "{title:?}");
	}
}

/// An element of a DICOM file, explicit in little endian.
fn element(tag: (u16, u16), kind: &[u8; 2], value: &[u8]) -> Vec<u8> {
	let length = u16::try_from(value.len()).unwrap_or_default();
	let head = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), *kind, length.to_le_bytes()].concat();
	[&head[..], value].concat()
}

pub(crate) fn dicom_seeds() -> Vec<Vec<u8>> {
	// A sequence and an item without lengths begin, as deep as nothing ends.
	let begins = b"\x08\0\x32\x10SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff";
	let ends = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0";
	let data = [
		element((8, 5), b"CS", b"ISO_IR 100"),
		element((8, 0x20), b"DA", b"20260302"),
		element((8, 0x60), b"CS", b"CT"),
		[&begins[..], &element((8, 0x1030), b"LO", b"inside"), ends].concat(),
		element((8, 0x1030), b"LO", b"Thorax_nativ "),
		element((0x10, 0x10), b"PN", b"Muster^Maria"),
		element((0x20, 0xd), b"UI", b"1.2.3\0"),
	]
	.concat();
	let marked = |syntax: &[u8]| {
		let beginning = [&[0; 128][..], b"DICM", &element((2, 0x10), b"UI", syntax)].concat();
		[beginning, data.clone()].concat()
	};
	vec![
		marked(b"1.2.840.10008.1.2.1\0"),
		marked(b"1.2.840.10008.1.2\0"),
		marked(b"1.2.840.10008.1.2.2\0"),
		[&[0; 128][..], b"DICM", &begins.repeat(40)].concat(),
		data,
	]
}

/// A file's kind is a media type, whatever its name and content.
pub(crate) fn media(bytes: &[u8]) {
	let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
	let (name, content) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
	let name = String::from_utf8_lossy(name);
	let found = media_type(&name, content).expect("bytes can be read");
	assert!(found.contains('/') && found.is_ascii());
}

pub(crate) fn media_seeds() -> Vec<Vec<u8>> {
	let deep = [&b"a.json\n{\"a\":"[..], &b"[".repeat(500)].concat();
	let others = [
		&b"a.json\n{\"id\":\"1\",\"resourceType\":\"Bundle\"}"[..],
		b"a.ndjson\n{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Consent\"}",
		b"a.docx\nPK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0mimetypeapplication/",
		b"scan\n\0\0\0\x18ftypheic",
		b"message\n\x0bMSH|^~\\&|A|B",
		b"picture.bmp\nBM",
	];
	others.into_iter().map(<[u8]>::to_vec).chain([deep]).collect()
}

/// The files of an index lie one behind another, with paths that stay in their folder.
pub(crate) fn packed(bytes: &[u8]) {
	let Some(members) = packed::read_index(bytes) else { return };
	assert!(members.len() <= packed::MAX_FILES && members.len() * 82 <= bytes.len());
	for member in members {
		let path = &member.path;
		assert!(!path.is_empty() && path.len() <= packed::MAX_PATH && !path.starts_with('/'));
		assert!(!path.contains(['\\', '\0', '\n']) && path.split('/').all(|name| name != ".."));
	}
}

pub(crate) fn packed_seeds() -> Vec<Vec<u8>> {
	let names: [&[&str]; 3] = [&[], &["a"], &["a/b.dcm", "ü"]];
	names.map(index_of).into()
}

/// The index of files of two bytes with these names.
fn index_of(names: &[&str]) -> Vec<u8> {
	let (mut index, mut at) = (Vec::new(), 0_u32);
	let put = |to: &mut Vec<u8>, fields: &[u16]| {
		fields.iter().for_each(|field| to.extend_from_slice(&field.to_le_bytes()));
	};
	for name in names {
		let length = u16::try_from(name.len()).unwrap_or_default();
		index.extend_from_slice(b"PK\x01\x02");
		put(
			&mut index,
			&[0x32d, 20, 1 << 11, 0, 0, 0x21, 7, 0, 2, 0, 2, 0, length, 36, 0, 0, 0, 0, 0],
		);
		index.extend_from_slice(&at.to_le_bytes());
		index.extend_from_slice(name.as_bytes());
		put(&mut index, &[0x624d, 32]);
		index.extend_from_slice(&[9; 32]);
		at += 30 + u32::from(length) + 2;
	}
	let (files, length) = (names.len() as u16, index.len() as u32);
	index.extend_from_slice(b"PK\x05\x06\0\0\0\0");
	put(&mut index, &[files, files]);
	index.extend_from_slice(&length.to_le_bytes());
	index.extend_from_slice(&at.to_le_bytes());
	index.extend_from_slice(&[0; 2]);
	index
}

/// What a new device shows to a guardian reads back, and a person's name is a number or has letters.
pub(crate) fn recovery(bytes: &[u8]) {
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	if let Ok(request) = Request::parse(text) {
		let again = Request::parse(&request.to_json()).expect("it was written");
		assert!(again == request);
	}
	if let Ok(named) = text.parse::<Named>() {
		assert_eq!(named.to_string().parse(), Ok(named));
	}
}

pub(crate) fn recovery_seeds() -> Vec<Vec<u8>> {
	let request = |key: &str| {
		format!(
			r#"{{"form":"medblock-recovery-1","person":{{"patient":5}},"account":"{}","key":"0x{key}","proof":"0x{}"}}"#,
			"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
			"07".repeat(64)
		)
	};
	vec![
		request("01").into(),
		request(&"00".repeat(1_216)).into(),
		b"0012".to_vec(),
		b"Dr. Ada".to_vec(),
	]
}

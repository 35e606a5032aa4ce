//! Small DICOM files (PS3.10), in the form that scanners write: explicit, little endian.

use std::{fs, path::Path};

/// The transfer syntax, and the class of a CT image.
const SYNTAX: &str = "1.2.840.10008.1.2.1";
const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

/// The class of a medium's directory.
const DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// The images in one folder of a study.
const IN_FOLDER: u32 = 100;

/// The title that a record of a study of these images gets, but for their number.
pub const TITLE: &str = "Thorax nativ, CT, 2026-03-02";

/// The name of the patient in the images, which is in no title.
pub const NAME: &str = "Muster^Maria";

fn element(tag: [u16; 2], kind: &[u8; 2], value: &[u8]) -> Vec<u8> {
	let mut bytes = [tag[0].to_le_bytes(), tag[1].to_le_bytes(), *kind].concat();
	match kind {
		b"OB" => {
			bytes.extend_from_slice(&[0; 2]);
			bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
		},
		_ => bytes.extend_from_slice(&(value.len() as u16).to_le_bytes()),
	}
	bytes.extend_from_slice(value);
	bytes
}

fn marked(class: &str) -> Vec<u8> {
	let mut bytes = vec![0; 128];
	bytes.extend_from_slice(b"DICM");
	bytes.extend(element([0x0002, 0x0002], b"UI", class.as_bytes()));
	bytes.extend(element([0x0002, 0x0010], b"UI", SYNTAX.as_bytes()));
	bytes
}

/// An image of a study, with so many bytes of pixels, which differ from image to image and do not compress.
pub fn image(study: &str, number: u32, pixels: usize) -> Vec<u8> {
	let (mut image, instance) = (marked(CT), number.to_string());
	for (tag, kind, value) in [
		([0x0008, 0x0005], b"CS", "ISO_IR 100"),
		([0x0008, 0x0020], b"DA", "20260302"),
		([0x0008, 0x0060], b"CS", "CT"),
		([0x0008, 0x1030], b"LO", "Thorax nativ"),
		([0x0010, 0x0010], b"PN", NAME),
		([0x0010, 0x0020], b"LO", "7712"),
		([0x0020, 0x000d], b"UI", study),
		([0x0020, 0x0013], b"IS", instance.as_str()),
	] {
		image.extend(element(tag, kind, value.as_bytes()));
	}
	let mut state = u64::from(number) + 1;
	let mut noise = Vec::with_capacity(pixels + 8);
	while noise.len() < pixels {
		state =
			state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
		noise.extend_from_slice(&(state ^ (state >> 29)).to_le_bytes());
	}
	noise.truncate(pixels);
	image.extend(element([0x7fe0, 0x0010], b"OB", &noise));
	image
}

/// A study in a folder, as it is on a disc: images without extensions in folders, and a directory. Returns the images' paths
/// in it, in order.
pub fn study(folder: &Path, images: u32, pixels: usize) -> Vec<String> {
	fs::create_dir_all(folder).expect("a folder");
	fs::write(folder.join("DICOMDIR"), marked(DIRECTORY)).expect("a file");
	let mut paths = Vec::new();
	for number in 0..images {
		let series = format!("SE{:06}", number / IN_FOLDER);
		fs::create_dir_all(folder.join(&series)).expect("a folder");
		let path = format!("{series}/IM{number:06}");
		fs::write(folder.join(&path), image("1.2.276.0.7", number, pixels)).expect("a file");
		paths.push(path);
	}
	paths
}

//! `medblock patient kit`, and words from two of its sheets.

use super::account::{confirm, in_lines};
use crate::{
	cli::Kit,
	exit::{Code, Failure},
	passphrase::Source,
	session::Session,
};
use medblock_crypto::{Mnemonic, SHEETS, Sheet};
use medblock_keystore::{Error, ExposeSecret};
use medblock_platform::disk;
use qrcode::{
	EcLevel, QrCode,
	render::{svg, unicode::Dense1x2},
};
use serde_json::{Value, json};
use std::{
	fs,
	path::{Path, PathBuf, absolute},
};
use tokio::task::yield_now;
use zeroize::Zeroizing;

/// What a sheet says of itself.
const PURPOSE: &str = "Any two of the three sheets of this kit give the account's words back: medblock account import NAME \
	--sheets. One sheet alone says nothing.";

/// Prints a new kit for the acting account's words, or writes it into a folder.
pub async fn print(Kit { folder, yes }: Kit, session: &Session<'_>) -> Result<(), Failure> {
	let name = session.account(None).await?;
	if !yes {
		confirm(
			&name,
			"Anyone with two of these sheets has the account's words, and all that they open.",
		)?;
	}
	let account = session.unlock_anew(&name).await?;
	let sheets = Sheet::print(&account.words).map_err(Error::Words)?;
	// A user who has pressed Ctrl-C meanwhile does not want to see it any more.
	yield_now().await;
	let address = account.entry.address.as_str();
	match folder {
		None => shown(&sheets, address, session),
		Some(folder) => written(&sheets, address, &folder, session),
	}
}

fn shown(sheets: &[Sheet; SHEETS], address: &str, session: &Session<'_>) -> Result<(), Failure> {
	let mut text = Zeroizing::new(String::new());
	for sheet in sheets {
		if !text.is_empty() {
			text.push_str("\n\n");
		}
		text.push_str(&format!("{}\n\n", heading(sheet, address)));
		let square = code(sheet)?;
		let mut square = square.render::<Dense1x2>();
		// A terminal's background is dark, as a rule.
		square.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
		let square = Zeroizing::new(square.build());
		text.push_str(&square);
		text.push_str("\n\n");
		text.push_str(&in_lines(&sheet.words()));
		text.push('\n');
		text.push_str(PURPOSE);
	}
	let all: Vec<Value> = sheets
		.iter()
		.map(|sheet| {
			let (words, code) = (sheet.words(), sheet.code());
			json!({ "number": sheet.number(), "words": &*words, "code": &*code })
		})
		.collect();
	session.output.result(&json!({ "kit": kit(sheets), "sheets": all }), text.as_str())
}

fn written(
	sheets: &[Sheet; SHEETS],
	address: &str,
	folder: &Path,
	session: &Session<'_>,
) -> Result<(), Failure> {
	let folder = absolute(folder).map_err(|why| Failure::file("make the folder", folder, &why))?;
	disk::create_folder(&folder).map_err(|why| Failure::file("make the folder", &folder, &why))?;
	let mut pictures = Vec::new();
	for sheet in sheets {
		let file = folder.join(format!("kit-{}-sheet-{}.svg", sheet.kit(), sheet.number()));
		pictures.push((file, Zeroizing::new(picture(sheet, address)?)));
	}
	put(&pictures)?;
	let files: Vec<String> = pictures.iter().map(|(file, _)| file.display().to_string()).collect();
	let sentence = format!(
		"Print these three, and delete them: while they are together on a disk, anyone who reads it has your words.\n{}",
		files.join("\n"),
	);
	session.output.result(&json!({ "kit": kit(sheets), "files": files }), sentence)
}

/// Writes all of these, or none: of two that a full disk leaves behind, no one would be told that they are the words.
fn put(pictures: &[(PathBuf, Zeroizing<String>)]) -> Result<(), Failure> {
	for (written, (file, picture)) in pictures.iter().enumerate() {
		if let Err(why) = disk::create(file, picture.as_bytes()) {
			for (file, _) in pictures.iter().take(written) {
				let _ = fs::remove_file(file);
			}
			return Err(Failure::file("write the sheet", file, &why));
		}
	}
	Ok(())
}

fn kit(sheets: &[Sheet; SHEETS]) -> String {
	sheets.first().map(Sheet::kit).unwrap_or_default()
}

fn heading(sheet: &Sheet, address: &str) -> String {
	format!(
		"MedBlock: sheet {} of {SHEETS}, kit {}\nof the account {address}",
		sheet.number(),
		sheet.kit()
	)
}

fn code(sheet: &Sheet) -> Result<QrCode, Failure> {
	QrCode::with_error_correction_level(sheet.code().as_bytes(), EcLevel::M)
		.map_err(|why| Failure::new(Code::Unexpected, why))
}

/// The sheet as an SVG picture of the size of A4.
fn picture(sheet: &Sheet, address: &str) -> Result<String, Failure> {
	let square = code(sheet)?.render::<svg::Color>().min_dimensions(420, 420).build();
	// The picture in the picture has no declaration.
	let square = square.find("<svg").and_then(|start| square.get(start..)).unwrap_or_default();
	let words = sheet.words();
	let heading = heading(sheet, address);
	let mut lines: Vec<&str> = heading.lines().collect();
	let numbered = in_lines(&words);
	lines.push("");
	lines.extend(numbered.lines());
	lines.extend(["", "Any two of the three sheets of this kit give the account's words back:"]);
	lines.extend(["medblock account import NAME --sheets", "One sheet alone says nothing."]);
	let mut text = Zeroizing::new(String::new());
	for (row, line) in lines.into_iter().enumerate() {
		let y = row.saturating_mul(30).saturating_add(560);
		text.push_str(&format!("<text x=\"60\" y=\"{y}\" xml:space=\"preserve\">{line}</text>\n"));
	}
	Ok(format!(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 840 1188\">\n\
		 <rect width=\"840\" height=\"1188\" fill=\"#fff\"/>\n<g transform=\"translate(60,60)\">{square}</g>\n\
		 <g font-family=\"monospace\" font-size=\"18\">\n{}</g>\n</svg>\n",
		text.as_str(),
	))
}

/// The words from two sheets in a text: their codes, each on a line, or their words, with an empty line between.
pub fn joined(text: &str) -> Result<Mnemonic, Failure> {
	let codes = || text.lines().map(str::trim).filter(|line| is_code(line));
	let parts: Vec<Zeroizing<String>> = match codes().next() {
		Some(_) => codes().map(|line| Zeroizing::new(line.to_owned())).collect(),
		None => blocks(text),
	};
	match &parts[..] {
		[one, two] | [one, two, _] => join(one, two),
		_ => Err(Failure::new(
			Code::WrongKey,
			"write two sheets into the file: their codes, each on a line, or their words, with an empty line between",
		)),
	}
}

fn is_code(line: &str) -> bool {
	line.to_ascii_lowercase().starts_with("medblock-sheet-")
}

/// The parts of a text between empty lines.
fn blocks(text: &str) -> Vec<Zeroizing<String>> {
	let mut blocks: Vec<Zeroizing<String>> = Vec::new();
	let mut ends = true;
	for line in text.lines() {
		if line.trim().is_empty() {
			ends = true;
			continue;
		}
		if ends {
			blocks.push(Zeroizing::new(String::with_capacity(text.len())));
			ends = false;
		}
		if let Some(block) = blocks.last_mut() {
			block.push_str(line);
			block.push(' ');
		}
	}
	blocks
}

fn join(one: &str, two: &str) -> Result<Mnemonic, Failure> {
	let (one, two) =
		(Sheet::parse(one).map_err(Error::Words)?, Sheet::parse(two).map_err(Error::Words)?);
	Ok(one.join(&two).map_err(Error::Words)?)
}

/// The words from two sheets, which the person types or scans, each in one line, and which are not shown.
pub fn ask() -> Result<Mnemonic, Failure> {
	let typed = |which: &str| {
		let prompt = format!("The {which} sheet's words or code, in one line (not shown): ");
		Source::Terminal.existing(&prompt, "--sheets-file")
	};
	let (one, two) = (typed("first")?, typed("second")?);
	join(one.expose_secret(), two.expose_secret())
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn kit_of(words: &Mnemonic) -> [Sheet; SHEETS] {
		Sheet::print(words).unwrap()
	}

	#[test]
	fn two_sheets_of_a_file_give_the_words_back() {
		let words = Mnemonic::generate();
		let [one, two, three] = kit_of(&words);
		let numbered = |sheet: &Sheet| in_lines(&sheet.words()).to_string();
		for text in [
			format!("{}\n{}\n", one.code().as_str(), three.code().as_str()),
			format!("{}\n\n{}", two.words().as_str(), one.words().as_str()),
			format!("\n{}\n \n\n{}\n", numbered(&one), numbered(&two)),
			[&one, &two, &three].map(|sheet| sheet.code().to_lowercase()).join("\r\n"),
		] {
			assert_eq!(*joined(&text).unwrap().words(), *words.words(), "{text}");
		}
	}

	#[test]
	fn one_sheet_is_not_enough_and_neither_are_two_that_are_the_same() {
		let words = Mnemonic::generate();
		let [one, ..] = kit_of(&words);
		let code = one.code();
		for text in
			[code.to_string(), format!("{}\n{}", code.as_str(), code.as_str()), String::new()]
		{
			assert!(joined(&text).is_err(), "{text}");
		}
	}

	#[test]
	fn picture_has_the_words_and_is_one_document() {
		let [one, two, _] = kit_of(&Mnemonic::generate());
		let picture = picture(&one, "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV").unwrap();
		assert_eq!((picture.matches("<svg").count(), picture.matches("<?xml").count()), (2, 0));
		for word in one.words().split(' ') {
			assert!(picture.contains(word), "{word}");
		}
		assert!(picture.contains("sheet 1 of 3") && picture.contains(&one.kit()));
		assert!(!picture.contains(two.code().as_str()));
	}

	#[test]
	fn sheets_are_all_written_or_none_is() {
		let folder = tempfile::tempdir().unwrap();
		let pictures = ["one", "two", "three"]
			.map(|name| (folder.path().join(name), Zeroizing::new(name.to_owned())));
		let [(one, _), (two, _), (three, _)] = &pictures;
		fs::write(three, "another's").unwrap();
		assert_eq!(put(&pictures).unwrap_err().code, Code::Local);
		assert!(!one.exists() && !two.exists());
		assert_eq!(fs::read_to_string(three).unwrap(), "another's");
		fs::remove_file(three).unwrap();
		put(&pictures).unwrap();
		assert!(pictures.iter().all(|(file, _)| file.exists()));
	}

	#[test]
	fn code_is_small_enough_to_be_scanned_from_paper() {
		let [one, ..] = kit_of(&Mnemonic::generate());
		// In capital letters, so that two of them take eleven bits.
		assert!(code(&one).unwrap().width() <= 41);
	}
}

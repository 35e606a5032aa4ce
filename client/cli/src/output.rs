//! The program's output: one result on standard output, everything else on standard error.

use crate::{
	exit::{Code, Failure},
	progress::{Bar, Unit},
};
use serde::Serialize;
use serde_json::Value;
use std::{
	borrow::Cow,
	env,
	fmt::{self, Display},
	io::{self, ErrorKind, IsTerminal, Write, stderr, stdout},
};
use unicode_width::UnicodeWidthStr;

/// What stands for a character that would control the terminal.
const REPLACED: char = char::REPLACEMENT_CHARACTER;

/// The form of results and messages.
pub struct Output {
	json: bool,
	quiet: bool,
}

impl Output {
	/// The form that the options `--json` and `--quiet` ask for.
	pub fn new(json: bool, quiet: bool) -> Self {
		Self { json, quiet }
	}

	/// Whether results are JSON.
	pub fn is_json(&self) -> bool {
		self.json
	}

	/// Whether messages about the progress are not wanted.
	pub fn is_quiet(&self) -> bool {
		self.quiet
	}

	/// Prints the result: one JSON document, or the text for people, in which others' words control nothing.
	pub fn result(&self, document: &impl Serialize, text: impl Display) -> Result<(), Failure> {
		if self.json {
			let json = serde_json::to_string_pretty(document)
				.map_err(|why| Failure::new(Code::Unexpected, why))?;
			return print_json(&json);
		}
		raw(format_args!("{}\n", Lines(text)))
	}

	/// Prints one of many results, on a line of its own: a JSON document, or the text for people. False if the reader has
	/// closed the pipe, and wants no more of them.
	pub fn line(&self, document: &impl Serialize, text: impl Display) -> Result<bool, Failure> {
		if self.json {
			let json = serde_json::to_string(document)
				.map_err(|why| Failure::new(Code::Unexpected, why))?;
			return is_read(escaped(&json) + "\n");
		}
		is_read(format_args!("{}\n", harmless(&text.to_string())))
	}

	/// Prints a message about the progress or the outcome.
	pub fn note(&self, message: impl Display) {
		if !self.quiet {
			say(format_args!("{message}"));
		}
	}

	/// Prints a warning, even with `--quiet`.
	pub fn warn(&self, message: impl Display) {
		say_behind(format_args!("{} ", colored("warning:", "1;33")), message);
	}

	/// A progress bar, if there is a terminal for it.
	pub fn bar(&self, what: &'static str, unit: Unit) -> Bar {
		Bar::new(!self.json && !self.quiet && stderr().is_terminal(), what, unit)
	}

	/// Prints why the command failed. As JSON, this is the result.
	pub fn failure(&self, failure: &Failure) {
		say_behind(format_args!("{} ", colored("error:", "1;31")), &failure.message);
		if self.json {
			document(failure);
		}
	}
}

/// Prints why the command failed as the result, in JSON.
pub fn document(failure: &Failure) {
	let mut document = serde_json::json!({
		"error": failure.code.name(),
		"message": failure.message,
	});
	if let (Some(document), Some(found)) =
		(document.as_object_mut(), failure.found.as_ref().and_then(Value::as_object))
	{
		document.extend(found.clone());
	}
	// If this fails, too, there is no other way to report it.
	let _ = print_json(&format!("{document:#}"));
}

/// Prints a JSON document on standard output, with nothing in its strings that controls a terminal.
pub fn print_json(json: &str) -> Result<(), Failure> {
	raw(escaped(json) + "\n")
}

/// Prints on standard output without changes. A reader that closes the pipe, as `head` does, has seen enough.
pub fn raw(text: impl Display) -> Result<(), Failure> {
	is_read(text).map(drop)
}

/// Prints on standard output without changes, and says whether it is still read.
fn is_read(text: impl Display) -> Result<bool, Failure> {
	let mut out = stdout().lock();
	match write!(out, "{text}").and_then(|()| out.flush()) {
		Ok(()) => Ok(true),
		Err(why) if why.kind() == ErrorKind::BrokenPipe => Ok(false),
		Err(why) => Err(unwritten(&why)),
	}
}

/// Standard output could not be written to.
pub fn unwritten(why: &io::Error) -> Failure {
	Failure::new(Code::Local, format!("cannot write the output: {why}"))
}

/// Prints on standard error. The message may contain text from a node or a vault. A failure to
/// print can't be reported.
pub fn say(message: impl Display) {
	say_behind("", message);
}

/// Like [`say`], after a word that may be colored.
fn say_behind(word: impl Display, message: impl Display) {
	let _ = writeln!(stderr().lock(), "{word}{}", harmless_lines(message));
}

/// The message with its lines, and with nothing in them that controls a terminal.
pub fn harmless_lines(message: impl Display) -> String {
	Lines(message).to_string()
}

/// Shows a text as [`harmless`] does, and keeps its lines. It makes no copy, since the text may be a secret.
struct Lines<T>(T);

impl<T: Display> Display for Lines<T> {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Write::write_fmt(&mut Filter(formatter), format_args!("{}", self.0))
	}
}

/// Lets lines through, and nothing else that controls a terminal.
struct Filter<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Filter<'_, '_> {
	fn write_str(&mut self, text: &str) -> fmt::Result {
		for letter in text.chars() {
			let is_shown = letter == '\n' || !misleads(letter);
			let shown = if is_shown { letter } else { REPLACED };
			self.0.write_str(shown.encode_utf8(&mut [0; 4]))?;
		}
		Ok(())
	}
}

/// The text in a color, if standard error shows colors and no setting forbids them
/// (<https://no-color.org>).
fn colored(text: &'static str, code: &str) -> Cow<'static, str> {
	let objected = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
	if objected || !stderr().is_terminal() || env::var_os("TERM").is_some_and(|t| t == "dumb") {
		return text.into();
	}
	format!("\x1b[{code}m{text}\x1b[0m").into()
}

/// Columns of text under headings.
pub struct Table {
	rows: Vec<Vec<String>>,
}

impl Table {
	/// A table with only headings.
	pub fn new<const N: usize>(headings: [&str; N]) -> Self {
		Self { rows: vec![headings.map(str::to_uppercase).into()] }
	}

	/// Adds a row. Replaces everything that could control the terminal.
	pub fn row<const N: usize>(&mut self, cells: [String; N]) {
		self.rows.push(cells.map(|cell| harmless(&cell)).into());
	}
}

impl Display for Table {
	fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
		let columns = self.rows.first().map_or(0, Vec::len);
		let width = |column: usize| {
			let cells = self.rows.iter().filter_map(|row| row.get(column));
			cells.map(|cell| cell.width()).max().unwrap_or(0)
		};
		let widths: Vec<usize> = (0..columns).map(width).collect();
		for (index, row) in self.rows.iter().enumerate() {
			// Letters of some scripts take two columns, and some signs none.
			let cells = row.iter().zip(&widths).map(|(cell, width)| {
				format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
			});
			let line = cells.collect::<Vec<_>>().join("  ");
			let end = if index + 1 < self.rows.len() { "\n" } else { "" };
			write!(formatter, "{}{end}", line.trim_end())?;
		}
		Ok(())
	}
}

/// The text with everything replaced that controls a terminal or the reading direction, for text of
/// other parties.
pub fn harmless(text: &str) -> String {
	text.chars().map(|letter| if misleads(letter) { REPLACED } else { letter }).collect()
}

/// The same JSON, with everything escaped in its strings that controls a terminal and that
/// serde_json leaves as it is (RFC 8259, §7). All of it lies in the Basic Multilingual Plane.
fn escaped(json: &str) -> String {
	let mut text = String::with_capacity(json.len());
	for letter in json.chars() {
		match letter {
			'\n' => text.push(letter),
			_ if misleads(letter) => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
			_ => text.push(letter),
		}
	}
	text
}

/// Whether the letter controls a terminal or the reading direction, begins another line, or marks the order of bytes.
fn misleads(letter: char) -> bool {
	letter.is_control()
		|| matches!(letter,
			'\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' |
			'\u{feff}')
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn columns_are_as_wide_as_what_is_in_them() {
		let mut table = Table::new(["name", "age"]);
		table.row(["Ö".into(), "103".into()]);
		table.row(["Bartholomew".into(), "7".into()]);
		assert_eq!(table.to_string(), "NAME         AGE\nÖ            103\nBartholomew  7");
	}

	#[test]
	fn columns_align_in_wide_scripts() {
		let mut table = Table::new(["name", "age"]);
		table.row(["王秀英".into(), "103".into()]);
		table.row(["กิ่งแก้ว".into(), "7".into()]);
		table.row(["Bartholomew".into(), "7".into()]);
		let shown = table.to_string();
		let lines: Vec<&str> = shown.lines().collect();
		// The name takes six columns, as many as two for each letter.
		assert_eq!(lines[1], format!("王秀英{}103", " ".repeat(7)));
		// Five letters, and three signs above them.
		assert_eq!(lines[2], format!("กิ่งแก้ว{}7", " ".repeat(8)));
		assert_eq!(lines[3], "Bartholomew  7");
	}

	#[test]
	fn what_others_wrote_cannot_control_the_terminal() {
		let mut table = Table::new(["title"]);
		table.row(["\u{1b}[2J\u{202e}gpj.exe\n".into()]);
		assert_eq!(table.to_string(), "TITLE\n\u{fffd}[2J\u{fffd}gpj.exe\u{fffd}");
		let document = serde_json::json!({ "title": "\u{1b}[2J\u{202e}\u{9b}é\n" });
		let text = escaped(&format!("{document:#}"));
		assert!(!text.chars().any(|letter| letter != '\n' && misleads(letter)), "{text}");
		assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), document);
		assert_eq!(harmless("a\u{2028}b\u{feff}"), "a\u{fffd}b\u{fffd}");
		let message = format!("Hospital 1: {}\nsays so: {:>2}", "\u{1b}[2J\u{202e}\r", 7);
		assert_eq!(harmless_lines(message), "Hospital 1: \u{fffd}[2J\u{fffd}\u{fffd}\nsays so:  7");
	}
}

//! The terminal, at which a person can be asked, even if standard input is a pipe.

use crate::{
	exit::{Code, Failure},
	output,
};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use std::{
	fmt::Display,
	fs::File,
	io::{BufRead, BufReader, IsTerminal, Read, Write, stderr, stdin},
	sync::Mutex,
};

/// The terminal that the program belongs to, if it belongs to one.
const TERMINAL: &str = "/dev/tty";

/// More than a person types as an answer, in bytes.
const LONGEST: u64 = 4 * 1_024;

/// The terminal's settings before a prompt that does not show what is typed, while there is one.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Whether there is a person to ask: one who types, or who reads the questions while something else is piped in.
pub fn is_there() -> bool {
	stdin().is_terminal() || (stderr().is_terminal() && File::open(TERMINAL).is_ok())
}

/// Shows a question to the person who answers it: on standard error, or if that goes into a file, on the terminal. Otherwise
/// the program would wait for an answer to a question that no one has seen.
pub fn show(question: impl Display) {
	if stdin().is_terminal()
		&& !stderr().is_terminal()
		&& let Ok(mut terminal) = File::options().write(true).open(TERMINAL)
	{
		// A failure to print can't be reported, as on standard error.
		let _ = writeln!(terminal, "{}", output::harmless_lines(question));
		return;
	}
	output::say(question);
}

/// Runs a prompt that changes the terminal's settings. If a signal ends the program before the prompt returns, [`restore`]
/// undoes the change.
pub fn changing<T>(prompt: impl FnOnce() -> T) -> T {
	remember(File::open(TERMINAL).ok().and_then(|terminal| tcgetattr(terminal).ok()));
	let answer = prompt();
	remember(None);
	answer
}

fn remember(settings: Option<Termios>) {
	if let Ok(mut before) = BEFORE.lock() {
		*before = settings;
	}
}

/// Undoes what a prompt has changed that has not returned. For the end of the program.
pub fn restore() {
	let Some(settings) = BEFORE.lock().ok().and_then(|mut before| before.take()) else { return };
	if let Ok(terminal) = File::open(TERMINAL) {
		// The program ends, and can't do more if this fails.
		let _ = tcsetattr(terminal, OptionalActions::Now, &settings);
	}
}

/// A line that the person types.
pub fn line() -> Result<String, Failure> {
	let mut answer = String::new();
	let read = match stdin().is_terminal() {
		true => stdin().read_line(&mut answer),
		false => File::open(TERMINAL)
			.and_then(|terminal| BufReader::new(terminal.take(LONGEST)).read_line(&mut answer)),
	};
	read.map_err(|why| Failure::new(Code::Local, format!("cannot read the answer: {why}")))?;
	Ok(answer)
}

/// Whether the person types `yes`. Some keyboards begin with a capital letter.
pub fn agrees() -> Result<bool, Failure> {
	Ok(is_yes(&line()?))
}

fn is_yes(answer: &str) -> bool {
	answer.trim().eq_ignore_ascii_case("yes")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn nothing_but_yes_is_an_agreement() {
		for answer in ["yes\n", "Yes\r\n", " YES "] {
			assert!(is_yes(answer), "{answer:?}");
		}
		for answer in ["", "\n", "y", "no", "yes no", "yess", "ja", "\u{1b}yes"] {
			assert!(!is_yes(answer), "{answer:?}");
		}
	}
}

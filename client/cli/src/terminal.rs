//! The terminal, at which a person can be asked, even if standard input is a pipe.

use crate::exit::{Code, Failure};
use std::{
	fs::File,
	io::{BufRead, BufReader, IsTerminal, Read, stderr, stdin},
};

/// The terminal that the program belongs to, if it belongs to one.
const TERMINAL: &str = "/dev/tty";

/// More than a person types as an answer, in bytes.
const LONGEST: u64 = 4 * 1_024;

/// Whether there is a person to ask: one who types, or who reads the questions while something else is piped in.
pub fn is_there() -> bool {
	stdin().is_terminal() || (stderr().is_terminal() && File::open(TERMINAL).is_ok())
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

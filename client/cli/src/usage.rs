//! Reading the command line, and what is said if it makes no sense.

use crate::{
	cli::{self, Cli},
	exit::Failure,
	output::{self, Output},
};
use clap::{Command, Error, FromArgMatches, builder::Resettable, error::ErrorKind};
use std::{
	env,
	ffi::{OsStr, OsString},
	io,
	process::ExitCode,
};

/// The command line; or the program's exit code, after it has said what is wrong, or what was asked of it.
pub fn read() -> Result<Cli, ExitCode> {
	let command = without_empty(cli::command(), set);
	let parsed = command.try_get_matches().and_then(|mut matches| {
		Cli::from_arg_matches_mut(&mut matches).map_err(|why| why.format(&mut cli::command()))
	});
	parsed.map_err(|why| told(&why, env::args_os().skip(1)))
}

/// What a variable of the environment is set to.
fn set(name: &OsStr) -> Option<OsString> {
	env::var_os(name)
}

/// The command, to which empty variables of the environment are as unset ones.
fn without_empty(command: Command, value: impl Fn(&OsStr) -> Option<OsString>) -> Command {
	command.mut_args(|argument| match argument.get_env().and_then(&value) {
		Some(set) if set.is_empty() => argument.env(Resettable::<clap::builder::OsStr>::Reset),
		_ => argument,
	})
}

/// Prints what clap has to say, which may be the help that was asked for. A mistake is also the result, if that
/// is to be JSON.
fn told(why: &Error, arguments: impl Iterator<Item = OsString>) -> ExitCode {
	// A reader that has closed the pipe has seen enough, and of a mistake the exit code tells, too.
	if let Err(lost) = why.print()
		&& lost.kind() != io::ErrorKind::BrokenPipe
		&& !why.use_stderr()
	{
		let failure = output::unwritten(&lost);
		Output::new(wants_json(arguments), false).failure(&failure);
		return failure.code.into();
	}
	if why.use_stderr() && wants_json(arguments) {
		output::document(&Failure::usage(sentence(why.kind(), &why.render().to_string())));
	}
	u8::try_from(why.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Whether the result is to be JSON, as far as a command line says so that makes no sense.
fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
	arguments.take_while(|one| one != "--").any(|one| one == "--json")
}

/// What is wrong, without the advice for people.
fn sentence(kind: ErrorKind, said: &str) -> String {
	if kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
		return "a command is missing".to_owned();
	}
	let said = said.strip_prefix("error: ").unwrap_or(said);
	let first = said.split("\n\n").next().unwrap_or_default();
	first.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
	use super::*;

	fn words(line: &str) -> impl Iterator<Item = OsString> {
		line.split(' ').map(OsString::from)
	}

	fn parsed(line: &str, value: &str) -> Result<Cli, Error> {
		// As if each variable had this value.
		let command = without_empty(cli::command(), |_| Some(value.into()));
		let mut matches = command.try_get_matches_from(words(line))?;
		Cli::from_arg_matches_mut(&mut matches)
	}

	#[test]
	fn empty_settings_are_unset_ones() {
		let command = without_empty(cli::command(), |_| Some(OsString::new()));
		assert!(command.get_arguments().all(|argument| argument.get_env().is_none()));
		let command = without_empty(cli::command(), |_| Some("x".into()));
		assert!(command.get_arguments().any(|argument| argument.get_env().is_some()));
		let cli = parsed("medblock account list", "").unwrap_or_else(|why| panic!("{why}"));
		assert!(cli.global.account.is_none() && cli.global.home.is_none());
		assert!(cli.network.node.is_empty());
	}

	#[test]
	fn mistakes_are_told_in_a_sentence() {
		for (line, part) in [
			("medblock record open abc", "invalid value 'abc' for '[RECORD]...'"),
			("medblock patient grant 3 --until soon", "'--until <WHEN>': write a day like"),
			("medblock patient bogus", "unrecognized subcommand 'bogus'"),
			("medblock record add", "required arguments were not provided: <FILE>"),
			("medblock account list --node", "a value is required for '--node <URL>'"),
			("medblock patient", "a command is missing"),
		] {
			let Err(why) = parsed(line, "") else { panic!("{line}") };
			let said = sentence(why.kind(), &why.render().to_string());
			assert!(said.contains(part) && !said.contains('\n'), "{line}: {said}");
			assert_eq!(why.exit_code(), 2, "{line}");
		}
	}

	#[test]
	fn json_is_wanted_if_it_is_said_before_the_words_after_two_dashes() {
		assert!(wants_json(words("patient grant abc --json")));
		assert!(!wants_json(words("record add -- --json")));
		assert!(!wants_json(words("patient bogus")));
	}
}

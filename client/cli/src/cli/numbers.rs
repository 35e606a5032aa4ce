//! Numbers on the command line. A text that is none gets an answer that says where the numbers are.

use super::Cli;
use clap::{Command, CommandFactory};
use std::any::TypeId;

/// The command line.
pub fn command() -> Command {
	numbered(Cli::command())
}

fn numbered(command: Command) -> Command {
	let numbers = command.mut_args(|argument| match advice(argument.get_id().as_str()) {
		Some(advice) if argument.get_value_parser().type_id() == TypeId::of::<u32>() => {
			argument.value_parser(move |text: &str| number(text, advice))
		},
		_ => argument,
	});
	numbers.mut_subcommands(numbered)
}

/// Where the numbers are of what an argument of this name names.
fn advice(argument: &str) -> Option<&'static str> {
	Some(match argument {
		"record" | "records" | "in_reply_to" | "after" => {
			"write a record's number: `medblock record list` shows yours, and `medblock doctor chart` a patient's"
		},
		"doctor" | "doctors" => "write a doctor's number: `medblock doctor directory` shows them",
		"patient" | "patients" | "id" => {
			"write a number: `medblock hospital pending`, `hospital patients`, `doctor inbox` and `doctor directory` \
			 show them"
		},
		"representative" => {
			"write the number of the person's own chart, which `medblock patient show` tells them"
		},
		"hospital" | "from" | "to" | "successor" => {
			"write a hospital's number: `medblock network status` shows them"
		},
		"institution" | "institutions" => {
			"write an institution's number: `medblock institution list` shows them"
		},
		"decision" => "write a decision's number: `medblock council list` shows them",
		_ => return None,
	})
}

fn number(text: &str, advice: &'static str) -> Result<u32, &'static str> {
	let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
	text.parse().map_err(|_| if is_number { "there is no such number" } else { advice })
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::cli;
	use clap::FromArgMatches;

	fn said(line: &str) -> String {
		let parsed = command().try_get_matches_from(line.split(' '));
		let Err(why) = parsed else { panic!("{line} is taken") };
		why.to_string()
	}

	#[test]
	fn text_in_place_of_a_number_is_told_where_numbers_are() {
		for (line, where_they_are) in [
			("medblock record open letter", "`medblock record list`"),
			("medblock record withdraw 1 letter", "`medblock record list`"),
			("medblock council carry-out soon", "`medblock council list`"),
		] {
			let said = said(line);
			assert!(said.contains(where_they_are) && !said.contains("invalid digit"), "{said}");
		}
		assert!(said("medblock record open 4294967296").contains("there is no such number"));
		assert!(said("medblock record open -- -1").contains("`medblock record list`"));
	}

	#[test]
	fn numbers_are_taken_as_before() {
		let line = "medblock record withdraw 0 4294967295";
		let matches = command().try_get_matches_from(line.split(' '));
		let matches = matches.unwrap_or_else(|why| panic!("{why}"));
		let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|why| panic!("{why}"));
		match cli.command {
			cli::Command::Record(cli::RecordCommand::Withdraw { records, .. }) => {
				assert_eq!(records, [0, u32::MAX]);
			},
			_ => panic!("{line} withdraws"),
		}
	}

	/// No number of a record, person or decision is forgotten: clap would speak of digits.
	#[test]
	fn every_number_has_advice_or_is_a_count() {
		const COUNTS: [&str; 7] =
			["key_version", "limit", "number", "delay", "finalized", "threshold", "confirm"];
		fn look(command: &Command) {
			for argument in command.get_arguments() {
				let name = argument.get_id().as_str();
				if argument.get_value_parser().type_id() == TypeId::of::<u32>() {
					assert!(
						advice(name).is_some() || COUNTS.contains(&name),
						"{}: {name}",
						command.get_name()
					);
				}
			}
			command.get_subcommands().for_each(look);
		}
		look(&command());
	}
}

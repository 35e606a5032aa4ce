//! What people see at a terminal, and what programs read there; and that every command takes the
//! options that all have.

use serde_json::{Value, json};
use std::{
	io::{BufRead, BufReader, Read, Write},
	path::Path,
	process::{Child, Command, Output, Stdio},
};

/// A terminal that shows colors.
const TERMINAL: (&str, &str) = ("TERM", "xterm-256color");

/// Begins everything that a terminal does other than show text.
const ESCAPE: char = '\u{1b}';

/// Help, wrong use, and a failure, as lines of shell.
const LINES: [&str; 4] = [
	r#""$PROGRAM" --help"#,
	r#""$PROGRAM" patient grant --help"#,
	r#""$PROGRAM" patient revoke"#,
	r#""$PROGRAM" --home "$FOLDER" patient show"#,
];

/// A command with nothing in its environment that could change what is shown, but for this.
fn clean(program: &str, folder: &Path, more: &[(&str, &str)]) -> Command {
	let mut command = Command::new(program);
	command
		.env_clear()
		.env("PATH", std::env::var_os("PATH").unwrap())
		.env("SHELL", "/bin/sh")
		.env("PROGRAM", env!("CARGO_BIN_EXE_medblock"))
		.env("FOLDER", folder)
		.envs(more.iter().copied());
	command
}

/// A terminal on which a line of shell runs: what is written to it is typed, and what is read was shown.
fn terminal(line: &str, folder: &Path, more: &[(&str, &str)]) -> Child {
	clean("script", folder, more)
		.args(["--quiet", "--flush", "--command", line, "/dev/null"])
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.spawn()
		.expect("script, of util-linux")
}

/// What a line of shell shows on a terminal of its own.
fn on_terminal(line: &str, folder: &Path, more: &[(&str, &str)]) -> String {
	let mut script = terminal(line, folder, more);
	// Kept until it has ended: at the end of its input, it would type ^D.
	let input = script.stdin.take();
	let ended = script.wait_with_output().unwrap();
	drop(input);
	String::from_utf8(ended.stdout).unwrap()
}

/// What the same line prints into pipes.
fn in_pipes(line: &str, folder: &Path) -> String {
	let Output { stdout, stderr, .. } =
		clean("/bin/sh", folder, &[TERMINAL]).args(["-c", line]).output().unwrap();
	String::from_utf8([stdout, stderr].concat()).unwrap()
}

#[test]
fn help_and_errors_have_colors_on_a_terminal_and_nowhere_else() {
	let folder = tempfile::tempdir().unwrap();
	let folder = folder.path();
	for line in LINES {
		let shown = on_terminal(line, folder, &[TERMINAL]);
		assert!(shown.contains(ESCAPE), "{line}: {shown:?}");
		for objection in [("NO_COLOR", "1"), ("TERM", "dumb")] {
			let plain = on_terminal(line, folder, &[TERMINAL, objection]);
			assert!(plain.len() > 20 && !plain.contains(ESCAPE), "{line}: {plain:?}");
		}
		let piped = in_pipes(line, folder);
		assert!(piped.len() > 20 && !piped.contains(ESCAPE), "{line}: {piped:?}");
	}
	// As people read it page by page.
	let piped = on_terminal(r#""$PROGRAM" --help | cat"#, folder, &[TERMINAL]);
	assert!(piped.contains("Usage:") && !piped.contains(ESCAPE), "{piped:?}");
}

#[test]
fn json_is_one_document_and_nothing_else_on_a_terminal_too() {
	let folder = tempfile::tempdir().unwrap();
	let folder = folder.path();
	for (line, expected) in [
		(r#""$PROGRAM" --home "$FOLDER" --json account list"#, json!({ "items": [] })),
		(r#""$PROGRAM" --home "$FOLDER" --json patient show 2> /dev/null"#, json!("usage")),
		(
			r#""$PROGRAM" --json network status --node ws://127.0.0.1:1 2> /dev/null"#,
			json!("network"),
		),
	] {
		let shown = on_terminal(line, folder, &[TERMINAL]);
		assert!(!shown.contains(ESCAPE), "{line}: {shown:?}");
		// Anything before or after the document would be an error.
		let document: Value =
			serde_json::from_str(&shown).unwrap_or_else(|why| panic!("{line}: {why}: {shown:?}"));
		let found = document.get("error").unwrap_or(&document);
		assert_eq!(*found, expected, "{line}");
	}
}

#[test]
fn interrupted_prompt_exits_with_130_and_what_is_typed_is_shown_again() {
	let folder = tempfile::tempdir().unwrap();
	// Says when the prompt takes ^C itself: before that, the terminal would end the shell as well.
	let line = r#"stty echo
		until stty -a < /dev/tty | grep -q -e -isig; do sleep 0.1; done && echo asked &
		"$PROGRAM" --home "$FOLDER" account new maria
		echo "code $?"
		stty -a"#;
	let mut script = terminal(line, folder.path(), &[("TERM", "dumb")]);
	let mut typed = script.stdin.take().unwrap();
	let mut output = BufReader::new(script.stdout.take().unwrap());
	let mut shown = String::new();
	while !shown.contains("asked") {
		assert_ne!(output.read_line(&mut shown).unwrap(), 0, "{shown:?}");
	}
	typed.write_all(b"\x03").unwrap();
	output.read_to_string(&mut shown).unwrap();
	drop(typed);
	script.wait().unwrap();
	let settings = shown.split_once("error: interrupted\r\ncode 130\r\n");
	let (_, settings) = settings.unwrap_or_else(|| panic!("{shown:?}"));
	assert!(settings.split_whitespace().any(|word| word == "echo"), "{settings}");
}

/// A prompt does not hear that the program ends, and must not leave a terminal that shows nothing any more.
#[test]
fn whatever_signal_ends_a_prompt_what_is_typed_is_shown_again() {
	let line = r#"stty echo
		until stty -a < /dev/tty | grep -q -e -isig; do sleep 0.1; done && kill "-$SIGNAL" "$(cat "$FOLDER/id")" &
		sh -c 'echo $$ > "$FOLDER/id"; exec "$PROGRAM" --home "$FOLDER" account new maria'
		echo "code $?"
		stty -a"#;
	for signal in ["INT", "TERM"] {
		let folder = tempfile::tempdir().unwrap();
		let shown = on_terminal(line, folder.path(), &[("TERM", "dumb"), ("SIGNAL", signal)]);
		let settings = shown.split_once("code 130\r\n");
		let (_, settings) = settings.unwrap_or_else(|| panic!("{signal}: {shown:?}"));
		for setting in ["echo", "icanon", "isig"] {
			assert!(
				settings.split_whitespace().any(|word| word == setting),
				"{signal}: {settings}"
			);
		}
	}
}

/// Shows what comes until this is among it.
fn shows(output: &mut impl Read, expected: &str) -> String {
	let mut shown = String::new();
	let mut byte = [0];
	while !shown.contains(expected) {
		assert_ne!(output.read(&mut byte).unwrap(), 0, "{expected}: {shown:?}");
		shown.push(byte[0].into());
	}
	shown
}

/// As in a loop over a list: `cat patients | while read n; do medblock … $n; done`.
#[test]
fn questions_are_asked_on_the_terminal_though_something_is_piped_in() {
	let folder = tempfile::tempdir().unwrap();
	let line = r#"echo piped | "$PROGRAM" --home "$FOLDER" --quiet account new maria
		echo "made $?"
		echo piped | "$PROGRAM" --home "$FOLDER" account export maria --words
		echo "shown $?"; echo done"#;
	let mut script = terminal(line, folder.path(), &[("TERM", "dumb")]);
	let mut typed = script.stdin.take().unwrap();
	let mut output = script.stdout.take().unwrap();
	for (question, answer) in [
		("New passphrase", "correct horse\n"),
		("The same again", "correct horse\n"),
		("made 0", ""),
		("Type the account's name", "maria\n"),
		("Passphrase of the account", "correct horse\n"),
		("shown 0", ""),
	] {
		shows(&mut output, question);
		typed.write_all(answer.as_bytes()).unwrap();
	}
	shows(&mut output, "done");
	drop(typed);
	script.wait().unwrap();
}

#[test]
fn words_are_typed_in_as_many_lines_as_one_likes() {
	let folder = tempfile::tempdir().unwrap();
	let line = r#""$PROGRAM" --home "$FOLDER" account import maria; echo "code $?""#;
	let mut script = terminal(line, folder.path(), &[("TERM", "dumb")]);
	let mut typed = script.stdin.take().unwrap();
	let mut output = BufReader::new(script.stdout.take().unwrap());
	for (prompt, answer) in [
		("(they are not shown): ", "Bottom drive obey lake curtain smoke"),
		("if these are all: ", "  basket hold race lonely fit walk"),
		("12 words. The others, or just Enter if these are all: ", ""),
		("account maria: ", "correct horse battery"),
		("The same again: ", "correct horse battery"),
	] {
		shows(&mut output, prompt);
		typed.write_all(format!("{answer}\n").as_bytes()).unwrap();
	}
	let mut shown = String::new();
	output.read_to_string(&mut shown).unwrap();
	drop(typed);
	script.wait().unwrap();
	assert!(shown.contains("5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV"), "{shown:?}");
	assert!(shown.contains("code 0"), "{shown:?}");
}

/// Makes the account `maria`.
fn make_account(folder: &Path) {
	let passphrase = folder.join("passphrase");
	std::fs::write(&passphrase, "correct horse battery\n").unwrap();
	let new = ["--home", folder.to_str().unwrap(), "account", "new", "maria"];
	let new = [&["--passphrase-file", passphrase.to_str().unwrap()], &new[..]].concat();
	assert!(medblock(&[], &new).status.success());
}

/// As in a script that keeps a log of what goes wrong, or wants none of it.
#[test]
fn questions_are_asked_on_the_terminal_though_errors_go_into_a_file() {
	let folder = tempfile::tempdir().unwrap();
	make_account(folder.path());
	let line =
		r#""$PROGRAM" --home "$FOLDER" account remove maria 2> "$FOLDER/log"; echo "code $?""#;
	let mut script = terminal(line, folder.path(), &[("TERM", "dumb")]);
	let mut typed = script.stdin.take().unwrap();
	let mut output = BufReader::new(script.stdout.take().unwrap());
	let mut shown = shows(&mut output, "Type the account's name to remove it:");
	typed.write_all(b"jan\n").unwrap();
	output.read_to_string(&mut shown).unwrap();
	drop(typed);
	script.wait().unwrap();
	assert!(shown.contains("can never be opened again") && shown.contains("code 2"), "{shown:?}");
	let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
	assert_eq!(log, "error: that is not the account's name: nothing was removed\n");
}

#[test]
fn account_is_removed_once_its_name_is_typed() {
	let folder = tempfile::tempdir().unwrap();
	make_account(folder.path());
	let line = r#""$PROGRAM" --home "$FOLDER" account remove maria; echo "code $?""#;
	for (answer, code) in [("jan", "code 2"), ("maria", "code 0")] {
		assert!(folder.path().join("accounts/maria.age").exists());
		let mut script = terminal(line, folder.path(), &[("TERM", "dumb")]);
		let mut typed = script.stdin.take().unwrap();
		let mut output = BufReader::new(script.stdout.take().unwrap());
		let mut shown = shows(&mut output, "Type the account's name to remove it:");
		typed.write_all(format!("{answer}\n").as_bytes()).unwrap();
		output.read_to_string(&mut shown).unwrap();
		drop(typed);
		script.wait().unwrap();
		assert!(shown.contains("can never be opened again") && shown.contains(code), "{shown:?}");
	}
	assert!(!folder.path().join("accounts/maria.age").exists());
}

fn medblock(words: &[String], more: &[&str]) -> Output {
	Command::new(env!("CARGO_BIN_EXE_medblock")).args(words).args(more).output().unwrap()
}

/// The commands below this one, or this one if there are none.
fn last_commands(words: Vec<String>) -> Vec<Vec<String>> {
	let help = String::from_utf8(medblock(&words, &["-h"]).stdout).unwrap();
	let names: Vec<&str> = help
		.lines()
		.skip_while(|line| *line != "Commands:")
		.skip(1)
		.take_while(|line| !line.is_empty())
		// What follows on further lines is further in.
		.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')))
		.filter_map(|line| line.split(' ').next())
		.collect();
	if names.is_empty() {
		return vec![words];
	}
	let below = |name: &&str| last_commands([&words[..], &[name.to_string()]].concat());
	names.iter().flat_map(below).collect()
}

#[test]
fn every_command_takes_the_options_of_all() {
	let commands = last_commands(Vec::new());
	for known in ["patient revoke", "hospital verify doctor", "council propose admit", "man"] {
		assert!(commands.iter().any(|words| words.join(" ") == known), "{known}: {commands:?}");
	}
	assert!(commands.len() > 60, "{commands:?}");
	for words in &commands {
		let name = words.join(" ");
		let options = ["--json", "--quiet", "--prepare", "--trust-one-node", "--help"];
		let Output { status, stdout, stderr } = medblock(words, &options);
		let said = String::from_utf8_lossy(&stderr);
		assert!(status.success(), "{name}: {said}");
		let help = String::from_utf8(stdout).unwrap();
		assert!(help.contains(&format!("Usage: medblock {name}")), "{name}: {help}");
	}
}

//! Inputs as people's systems write them: settings, homes, word lists, wrong arguments, pipes.

use serde_json::Value;
use std::{
	fs,
	path::Path,
	process::{Command, Output, Stdio},
};

const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const ADDRESS: &str = "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV";

fn medblock(home: &Path, more: &[(&str, &str)], arguments: &[&str]) -> Output {
	Command::new(env!("CARGO_BIN_EXE_medblock"))
		.env_clear()
		.envs(more.iter().copied())
		.arg("--home")
		.arg(home)
		.args(arguments)
		.stdin(Stdio::null())
		.output()
		.unwrap()
}

fn said(output: &Output) -> String {
	String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn wrong_arguments_are_a_json_document_too() {
	let home = tempfile::tempdir().unwrap();
	for (line, part) in [
		("record open abc", "invalid value 'abc'"),
		("patient grant 3 --until soon", "write a day like"),
		("patient grant 3 --until 2030-12-31T12:00", "write a day like"),
		("patient bogus", "unrecognized subcommand"),
		("patient grant abc --yes", "there is no account here yet"),
		("patient grant abc", "there is no terminal to ask you on"),
		("patient profile --birth-date 1980-5-1", "the birth date has to be a day"),
		("patient profile --birth-date 0000", "the birth date has to be a day"),
		("patient profile --birth-date 31.12.1980", "the birth date has to be a day"),
		("patient profile --birth-date 1980-02-30", "the birth date has to be a day"),
		("patient profile --birth-date 1980-13-01", "the birth date has to be a day"),
		("patient profile --birth-date 3000-01-01", "the birth date is in the future"),
		("doctor profile --since 20011", "write a year like 2001"),
		("hospital doctor-profile 3 --since 3000", "that year is yet to come"),
		("patient profile", "name what changes"),
		("hospital details 3", "were not provided"),
		("record add", "were not provided"),
		("account list --node", "a value is required"),
		("patient", "a command is missing"),
	] {
		let arguments: Vec<&str> = ["--json"].into_iter().chain(line.split(' ')).collect();
		let output = medblock(home.path(), &[], &arguments);
		assert_eq!(output.status.code(), Some(2), "{line}: {}", said(&output));
		let document: Value = serde_json::from_slice(&output.stdout).unwrap();
		assert_eq!(document["error"], "usage", "{line}");
		assert!(document["message"].as_str().unwrap().contains(part), "{line}: {document}");
		assert!(!output.stderr.is_empty(), "{line}: people are told, too");
		let alone = medblock(home.path(), &[], &arguments[1..]);
		assert!(alone.stdout.is_empty(), "{line}");
	}
}

#[test]
fn completions_are_a_json_document_too() {
	let home = tempfile::tempdir().unwrap();
	let output = medblock(home.path(), &[], &["--json", "completions", "bash"]);
	assert!(output.status.success(), "{}", said(&output));
	let document: Value = serde_json::from_slice(&output.stdout).unwrap();
	assert!(document["script"].as_str().unwrap().starts_with("_medblock()"), "{document}");
}

#[test]
fn empty_settings_are_as_unset_ones() {
	let home = tempfile::tempdir().unwrap();
	let names = ["ACCOUNT", "FORMER", "HOME", "PASSPHRASE_FILE", "NODE"];
	let names: Vec<String> = names.iter().map(|name| format!("MEDBLOCK_{name}")).collect();
	let empty: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
	fs::write(home.path().join("config.toml"), "\u{feff}account = ''\r\nnodes = ['']\r\n").unwrap();
	let output = medblock(home.path(), &empty, &["account", "list"]);
	assert!(output.status.success(), "{}", said(&output));
	let output = medblock(home.path(), &empty, &["account", "new", "maria"]);
	assert!(said(&output).contains("there is no terminal"), "{}", said(&output));
	// Among options, an address that is none is as if it were not said, and a folder has to be one.
	let output = medblock(home.path(), &[], &["--node", "", "network", "status"]);
	assert_ne!(output.status.code(), Some(2), "{}", said(&output));
	let output = Command::new(env!("CARGO_BIN_EXE_medblock"))
		.args(["--home", "", "account", "list"])
		.output()
		.unwrap();
	assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn words_and_passphrases_of_any_editor_are_read() {
	let utf16 = |text: &str| -> Vec<u8> {
		let units = std::iter::once(0xfeff).chain(text.encode_utf16());
		units.flat_map(u16::to_le_bytes).collect()
	};
	let wide = |letter: char| match letter.is_ascii_alphabetic() {
		true => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
		false => letter,
	};
	let big_endian: Vec<u8> = utf16(WORDS).chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
	let numbered: Vec<String> =
		WORDS.split(' ').enumerate().map(|(at, word)| format!("{}. {word}", at + 1)).collect();
	for (name, words) in [
		("mark", format!("\u{feff}{WORDS}\r\n").into_bytes()),
		("utf16", utf16(WORDS)),
		("nbsp", WORDS.replace(' ', "\u{a0}").into_bytes()),
		("latin-1", WORDS.bytes().map(|byte| if byte == b' ' { 0xa0 } else { byte }).collect()),
		("upper", WORDS.to_uppercase().into_bytes()),
		("numbered", numbered.join("\r\n").into_bytes()),
		("big-endian", big_endian),
		("carriage-returns", numbered.join("\r").into_bytes()),
		("wide", WORDS.chars().map(wide).collect::<String>().into_bytes()),
	] {
		let home = tempfile::tempdir().unwrap();
		let [list, passphrase] = ["words", "passphrase"].map(|one| home.path().join(one));
		fs::write(&list, words).unwrap();
		fs::write(&passphrase, utf16("correct horse\r\n")).unwrap();
		let [list, by_editor] = [&list, &passphrase].map(|path| path.to_str().unwrap());
		let import =
			["--passphrase-file", by_editor, "account", "import", "maria", "--words-file", list];
		let output = medblock(home.path(), &[], &import);
		assert!(output.status.success(), "{name}: {}", said(&output));
		assert!(String::from_utf8_lossy(&output.stdout).contains(ADDRESS), "{name}");
		// The same passphrase from another editor.
		fs::write(&passphrase, "\u{feff}correct horse\rmy note\r").unwrap();
		let export =
			["--passphrase-file", by_editor, "account", "export", "maria", "--words", "--yes"];
		let output = medblock(home.path(), &[], &export);
		assert_eq!(
			String::from_utf8_lossy(&output.stdout).trim(),
			WORDS,
			"{name}: {}",
			said(&output)
		);
	}
}

/// Without a home, the program must not take the folder in which it happens to run.
#[test]
fn homes_that_are_none_are_refused_in_a_sentence() {
	let folder = tempfile::tempdir().unwrap();
	let output = Command::new(env!("CARGO_BIN_EXE_medblock"))
		.env_clear()
		.env("HOME", "")
		.current_dir(folder.path())
		.args(["account", "list"])
		.output()
		.unwrap();
	// Some systems know the home without the variable.
	assert!(matches!(output.status.code(), Some(0 | 7)), "{}", said(&output));
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
	let passphrase = folder.path().join("passphrase");
	fs::write(&passphrase, "correct horse").unwrap();
	// No one can make a folder there.
	let arguments = ["--passphrase-file", passphrase.to_str().unwrap(), "account", "new", "maria"];
	let output = medblock(Path::new("/proc/medblock"), &[], &arguments);
	assert_eq!(output.status.code(), Some(7), "{}", said(&output));
	assert!(said(&output).starts_with("error: cannot "), "{}", said(&output));
}

#[test]
fn readers_may_close_the_pipe_and_locales_may_be_odd() {
	let home = tempfile::tempdir().unwrap();
	for arguments in
		["--help", "patient --help", "patient bogus", "completions bash", "account list"]
	{
		let line = format!(r#""$PROGRAM" --home "$FOLDER" {arguments} | true"#);
		for locale in ["C", "tr_TR.ISO-8859-9", "nonsense"] {
			let output = Command::new("/bin/sh")
				.env_clear()
				.env("PATH", std::env::var_os("PATH").unwrap())
				.env("PROGRAM", env!("CARGO_BIN_EXE_medblock"))
				.env("FOLDER", home.path())
				.env("LC_ALL", locale)
				.args(["-c", &line])
				.output()
				.unwrap();
			assert!(!said(&output).contains("panicked"), "{arguments}: {}", said(&output));
		}
	}
	let output =
		medblock(home.path(), &[("LC_ALL", "C")], &["--account", "ünï", "account", "list"]);
	assert!(said(&output).contains("'ünï'"), "{}", said(&output));
}

/// What was asked for and could not be written is no success.
#[test]
fn output_that_is_lost_is_a_failure() {
	let home = tempfile::tempdir().unwrap();
	for arguments in ["--help", "--version", "patient --help", "completions bash", "account list"] {
		let full = fs::File::options().write(true).open("/dev/full").unwrap();
		let output = Command::new(env!("CARGO_BIN_EXE_medblock"))
			.env_clear()
			.arg("--home")
			.arg(home.path())
			.args(arguments.split(' '))
			.stdout(full)
			.output()
			.unwrap();
		assert_eq!(output.status.code(), Some(7), "{arguments}: {}", said(&output));
		assert!(said(&output).starts_with("error: cannot write the output: "), "{arguments}");
	}
}

/// As a full disk, another version of the program, or a mistaken copy leaves it.
#[test]
fn one_damaged_file_keeps_no_command_from_the_others() {
	let home = tempfile::tempdir().unwrap();
	let at = |name: &str| home.path().join(name);
	for (name, text) in [("passphrase", "correct horse battery"), ("words", WORDS)] {
		fs::write(at(name), text).unwrap();
	}
	let (passphrase, words) = (at("passphrase"), at("words"));
	let (passphrase, words) = (passphrase.to_str().unwrap(), words.to_str().unwrap());
	let with = ["--passphrase-file", passphrase, "account"];
	let run =
		|arguments: &[&str]| medblock(home.path(), &[], &[with.as_slice(), arguments].concat());
	assert!(run(&["import", "maria", "--words-file", words]).status.success());
	assert!(run(&["new", "jan"]).status.success());
	let public = at("accounts/maria.json");
	let whole = fs::read_to_string(&public).unwrap();
	for useless in ["", "{\"name\": \"maria\"", &whole.replacen('{', "{\"more\": 1,", 1)] {
		fs::write(&public, useless).unwrap();
		let listed = run(&["list"]);
		let (out, told) = (String::from_utf8_lossy(&listed.stdout), said(&listed));
		assert!(listed.status.success() && out.contains("jan "), "{useless}: {out}{told}");
		for part in [public.to_str().unwrap(), "delete it"] {
			assert!(told.contains(part), "{useless}: {told}");
		}
		// Which account is meant is the question, not what is wrong with one of them.
		let unnamed = run(&["show"]);
		assert_eq!(unnamed.status.code(), Some(2), "{}", said(&unnamed));
		assert!(said(&unnamed).contains("(jan, maria)"), "{}", said(&unnamed));
		assert!(run(&["show", "jan"]).status.success());
		let shown = run(&["show", "maria"]);
		assert!(String::from_utf8_lossy(&shown.stdout).contains(ADDRESS), "{}", said(&shown));
		assert_eq!(fs::read_to_string(&public).unwrap(), whole, "it is written again");
	}
	fs::remove_file(&public).unwrap();
	fs::create_dir(&public).unwrap();
	assert!(run(&["list"]).status.success());
	assert!(run(&["show", "jan"]).status.success());
	let refused = run(&["show", "maria"]);
	assert!(
		!refused.status.success() && said(&refused).contains("delete it"),
		"{}",
		said(&refused)
	);
}

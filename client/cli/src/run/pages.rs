//! `medblock completions` and `medblock man`.

use crate::{
	cli::Cli,
	exit::Failure,
	output::{self, Output},
};
use clap::CommandFactory;
use clap_complete::Shell;
use std::{fs, path::Path};

/// Prints a completion script.
pub fn completions(shell: Shell, output: &Output) -> Result<(), Failure> {
	let mut script = Vec::new();
	clap_complete::generate(shell, &mut Cli::command(), "medblock", &mut script);
	let script = String::from_utf8_lossy(&script);
	match output.is_json() {
		true => output.result(&serde_json::json!({ "script": script }), ""),
		false => output::raw(script),
	}
}

/// Writes one manual page for each command.
pub fn manual(folder: &Path, output: &Output) -> Result<(), Failure> {
	fs::create_dir_all(folder)
		.and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
		.map_err(|why| Failure::file("write manual pages into", folder, &why))?;
	let document = serde_json::json!({ "folder": folder.display().to_string() });
	output.result(&document, format_args!("The manual pages are in {}.", folder.display()))
}

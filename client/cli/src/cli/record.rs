//! `medblock record`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What a patient does with records.
#[derive(Subcommand)]
pub enum RecordCommand {
	/// Encrypt files and put them into your chart, up to 128 at once.
	Add(Add),

	/// List the records in your chart, with their titles.
	List(List),

	/// Fetch a record, verify it and decrypt it.
	Open {
		/// The record's number.
		record: u32,

		/// Where to.
		#[command(flatten)]
		to: Destination,
	},

	/// Withdraw a record: nobody is given it any more, and the vault deletes it.
	///
	/// What somebody has fetched before, they may have kept. That there was a record remains visible.
	Withdraw {
		/// The record's number.
		record: u32,
	},
}

/// What to put into a chart.
#[derive(Args)]
pub struct Add {
	/// The files.
	#[arg(required = true, value_name = "FILE")]
	pub files: Vec<PathBuf>,

	/// What to call the record; otherwise as the file is called. For a single file.
	#[arg(long)]
	pub title: Option<String>,

	/// The media type, such as application/pdf; otherwise guessed from the file's name.
	#[arg(long = "type", value_name = "TYPE")]
	pub media_type: Option<String>,

	/// The record that this one is a note to.
	#[arg(long, value_name = "RECORD")]
	pub in_reply_to: Option<u32>,
}

/// Which part of a chart to list.
#[derive(Args)]
pub struct List {
	/// Only records with numbers greater than this.
	#[arg(long, value_name = "RECORD")]
	pub after: Option<u32>,

	/// At most this many records.
	#[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
	pub limit: Option<u32>,

	/// Print a FHIR R4 bundle of documents, without their contents.
	#[arg(long)]
	pub fhir: bool,
}

/// Where to put a decrypted record.
#[derive(Args)]
pub struct Destination {
	/// A file, a folder, or - for standard output; otherwise the present folder. In a folder, the file
	/// is called as its author called it, as far as that is harmless; a bundle, by its numbers.
	#[arg(long, short, value_name = "PATH", default_value = ".", hide_default_value = true)]
	pub output: PathBuf,

	/// Replace a file that is there already.
	#[arg(long)]
	pub force: bool,

	/// Write a FHIR R4 bundle that has the record in it, who added it, and a doctor's consent to see it.
	#[arg(long)]
	pub fhir: bool,
}

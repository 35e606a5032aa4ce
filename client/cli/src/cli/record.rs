//! `medblock record`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// A patient's commands for records.
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

		/// The destination.
		#[command(flatten)]
		to: Destination,
	},

	/// Send again what vaults have lost and this machine still has; doctors, too.
	///
	/// This machine keeps what you have sent, encrypted, until a second vault or a back-up has it, and for 30 days at
	/// most. After a vault was restored from an older back-up, run this on each machine that you add records on. Of your
	/// own chart, it also lists what no vault has any more.
	Repair,

	/// Withdraw records, up to 128 at once: vaults stop giving them out, and delete them.
	///
	/// Readers who have fetched them before may have kept them. The chart has room for others, and the
	/// chain still shows that there were records. All are withdrawn, or none.
	Withdraw {
		/// The records' numbers.
		#[arg(required = true, value_name = "RECORD")]
		records: Vec<u32>,
	},
}

/// The files for a chart.
#[derive(Args)]
pub struct Add {
	/// The files.
	#[arg(required = true, value_name = "FILE")]
	pub files: Vec<PathBuf>,

	/// The record's title; otherwise the file's name. For a single file.
	#[arg(long)]
	pub title: Option<String>,

	/// The media type, such as application/pdf; otherwise guessed from the file's name.
	#[arg(long = "type", value_name = "TYPE")]
	pub media_type: Option<String>,

	/// The record to which this one is a note.
	#[arg(long, value_name = "RECORD")]
	pub in_reply_to: Option<u32>,
}

/// The part of a chart to list.
#[derive(Args)]
pub struct List {
	/// Only records with numbers greater than this.
	#[arg(long, value_name = "RECORD")]
	pub after: Option<u32>,

	/// The largest number of records to list.
	#[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
	pub limit: Option<u32>,

	/// Print a FHIR R4 bundle of documents, without their contents.
	#[arg(long)]
	pub fhir: bool,
}

/// The destination of a decrypted record.
#[derive(Args)]
pub struct Destination {
	/// A file, a folder, or - for standard output; otherwise the present folder. In a folder, the
	/// file gets the author's name for it, as far as that is harmless, and a number if that name is
	/// taken; a bundle is named by its numbers. A device or a FIFO is written to. No folder is made.
	#[arg(long, short, value_name = "PATH", default_value = ".", hide_default_value = true)]
	pub output: PathBuf,

	/// Replace an existing file, or a symbolic link itself.
	#[arg(long)]
	pub force: bool,

	/// Write a FHIR R4 bundle with the record, its author, and a doctor's consent to see it.
	#[arg(long)]
	pub fhir: bool,
}

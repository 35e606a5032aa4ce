//! `medblock record`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// A patient's commands for records.
#[derive(Subcommand)]
pub enum RecordCommand {
	/// Encrypt files and put them into your chart, up to 128 at once.
	///
	/// All that is in a folder is added, except for hidden files and links. The images of a DICOM study become one record,
	/// whatever the files are called, and every other file one of its own. The program shows what it would add, and asks.
	Add(Add),

	/// List the records in your chart, with their titles.
	List(List),

	/// Fetch records, verify them and decrypt them.
	///
	/// Several go into a folder, under their numbers and names, with their digests in manifest.jsonl. If the command is
	/// interrupted, the same command goes on: it fetches what is not in the folder yet.
	Open {
		/// The records.
		#[command(flatten)]
		records: Records,

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
	/// chain still shows that there were records. All are withdrawn, or none. The program shows their
	/// titles, and asks.
	Withdraw {
		/// The records' numbers.
		#[arg(required = true, value_name = "RECORD")]
		records: Vec<u32>,

		/// Don't ask, for scripts.
		#[arg(long)]
		yes: bool,
	},
}

/// The records to open.
#[derive(Args)]
pub struct Records {
	/// The records' numbers.
	#[arg(value_name = "RECORD", required_unless_present = "all")]
	pub records: Vec<u32>,

	/// Open all records of the chart.
	#[arg(long, conflicts_with = "records")]
	pub all: bool,

	/// Unpack studies and folders, each into a folder of its own.
	#[arg(long)]
	pub unpack: bool,

	/// List the files that are in the record of a study or a folder, and fetch none.
	#[arg(long, conflicts_with_all = ["all", "unpack", "files", "force", "fhir"])]
	pub contents: bool,

	/// Of a study or a folder, fetch just this file. May be repeated.
	#[arg(long = "file", value_name = "PATH", conflicts_with_all = ["all", "unpack", "fhir"])]
	pub files: Vec<String>,
}

/// What becomes of folders, and whether the program asks.
#[derive(Args, Clone, Copy, Default)]
pub struct Folders {
	/// Make each folder one record, with all of its files in it as they are.
	#[arg(long)]
	pub as_one: bool,

	/// Don't ask, for scripts.
	#[arg(long)]
	pub yes: bool,
}

/// The files for a chart.
#[derive(Args)]
pub struct Add {
	/// The files, and folders.
	#[arg(required = true, value_name = "FILE")]
	pub files: Vec<PathBuf>,

	/// The record's title; otherwise the file's name, or what a DICOM file says of its study. For a single record.
	#[arg(long)]
	pub title: Option<String>,

	/// The media type, such as application/pdf; otherwise guessed from the file's content and name.
	#[arg(long = "type", value_name = "TYPE")]
	pub media_type: Option<String>,

	/// The record to which this one is a note.
	#[arg(long, value_name = "RECORD")]
	pub in_reply_to: Option<u32>,

	/// What becomes of folders, and whether the program asks.
	#[command(flatten)]
	pub folders: Folders,
}

/// The part of a chart to list.
#[derive(Args)]
pub struct List {
	/// Only records with numbers greater than this.
	#[arg(long, value_name = "RECORD")]
	pub after: Option<u32>,

	/// Only records in whose number, title, file name, type or author each of these words is.
	#[arg(long, value_name = "TEXT")]
	pub search: Option<String>,

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
	/// taken; a bundle is named by its numbers. A device or a FIFO is written to. No folder is made for a single record.
	#[arg(long, short, value_name = "PATH", default_value = ".", hide_default_value = true)]
	pub output: PathBuf,

	/// Replace an existing file, or a symbolic link itself.
	#[arg(long)]
	pub force: bool,

	/// Write a FHIR R4 bundle with the record, its author, and a doctor's consent to see it.
	#[arg(long)]
	pub fhir: bool,
}

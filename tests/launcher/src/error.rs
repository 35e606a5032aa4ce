//! Why something could not be done.

use crate::Hospital;
use std::{fmt::Display, path::PathBuf};

/// Why the launcher could not do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// A program that is needed was not built.
	#[error("there is no {0} beside this program")]
	NotBuilt(String),
	/// A folder can't be made.
	#[error("cannot create {}", .0.display())]
	NoFolder(PathBuf),
	/// Something else listens where a program of ours was to.
	#[error("port {port}, for {program}, is in use by another process")]
	PortTaken {
		/// The port.
		port: u16,
		/// The program that was to listen there.
		program: String,
	},
	/// A network keeps the ports that it began with.
	#[error("the network in {} has base port {port}", folder.display())]
	OtherPort {
		/// The network's folder.
		folder: PathBuf,
		/// Its first port.
		port: u16,
	},
	/// What was waited for did not come in time.
	#[error("gave up waiting for {0}")]
	TimedOut(String),
	/// A program ended that should have run on.
	#[error("{name} ended: {why}")]
	Ended {
		/// The program.
		name: String,
		/// What its log says last of errors.
		why: String,
	},
	/// The nodes don't agree on what is final.
	#[error("the nodes hold different blocks for final")]
	Differ,
	/// Some of the four nodes are down or silent.
	#[error("not all four nodes run")]
	NotAll,
	/// There is no hospital of this name.
	#[error("there is no node {0}; they are {names}", names = Hospital::ALL.map(Hospital::name).join(" "))]
	NoHospital(String),
	/// Anything else, in one sentence.
	#[error("{0}")]
	Other(String),
}

/// What the launcher's functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
	/// One sentence.
	pub fn other(why: impl Display) -> Self {
		Self::Other(why.to_string())
	}
}

impl From<std::io::Error> for Error {
	fn from(why: std::io::Error) -> Self {
		Self::other(why)
	}
}

impl From<serde_json::Error> for Error {
	fn from(why: serde_json::Error) -> Self {
		Self::other(why)
	}
}

impl From<reqwest::Error> for Error {
	fn from(why: reqwest::Error) -> Self {
		Self::other(why)
	}
}

//! Errors of storage.

use std::io;

/// The outcome of storage.
pub type Result<T> = std::result::Result<T, Error>;

/// A name or file that could not be used. Prints as `cannot write /home/maria/pins.json: disk full`.
#[derive(Debug)]
pub struct Error {
	/// What was tried, as in `cannot write`.
	pub what: &'static str,
	/// The place, for people: natively a path.
	pub place: String,
	/// The cause.
	pub why: io::Error,
}

impl Error {
	/// Says what failed, and where.
	pub fn cannot(what: &'static str, place: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
		let place = place.into();
		move |why| Self { what, place, why }
	}
}

impl std::fmt::Display for Error {
	fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		write!(formatter, "cannot {} {}: {}", self.what, self.place, self.why)
	}
}

impl std::error::Error for Error {
	fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
		Some(&self.why)
	}
}

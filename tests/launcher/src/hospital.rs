//! The four hospitals of a local network.

use crate::Error;
use serde::Serialize;
use std::{
	fmt::{self, Display},
	str::FromStr,
};

/// One of the four hospitals that the `local` preset founds its chain with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Hospital {
	/// Northern General.
	North,
	/// Eastside Clinic.
	East,
	/// South Shore Hospital.
	South,
	/// Westfield Infirmary.
	West,
}

impl Hospital {
	/// All four, in the order of their numbers.
	pub const ALL: [Self; 4] = [Self::North, Self::East, Self::South, Self::West];

	/// The word for it on command lines and in folders.
	pub fn name(self) -> &'static str {
		match self {
			Self::North => "north",
			Self::East => "east",
			Self::South => "south",
			Self::West => "west",
		}
	}

	/// Its number on the chain.
	pub fn number(self) -> u16 {
		self as u16
	}

	/// The well-known account that acts for it.
	pub fn controller(self) -> &'static str {
		match self {
			Self::North => "Alice",
			Self::East => "Bob",
			Self::South => "Charlie",
			Self::West => "Dave",
		}
	}
}

impl Display for Hospital {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(self.name())
	}
}

impl FromStr for Hospital {
	type Err = Error;

	fn from_str(word: &str) -> Result<Self, Error> {
		let mut all = Self::ALL.into_iter();
		all.find(|one| one.name() == word).ok_or_else(|| Error::NoHospital(word.to_owned()))
	}
}

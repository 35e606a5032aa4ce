//! People, hospitals and institutions by the names that the caller may read, where a number would do.
//!
//! Doctors', hospitals' and institutions' names are public. Patients' are not: a doctor reads those of the charts that
//! are open as a whole, and a registrar those of the own hospital. **Each reading is a look that the patient sees**, so
//! names that were read are kept on this device, encrypted; see [`forget`].

mod asked;
mod charts;
mod desk;
mod finding;
mod index;
mod matching;

pub use asked::Names;
pub use charts::Charted;
pub use finding::{doctor, doctor_to_grant, hospital, institution};
pub use index::forget;
pub use matching::Found;

pub(crate) use index::{Index, Read};

use std::{
	fmt::{self, Display, Formatter},
	str::FromStr,
};

/// The most candidates that an error lists.
const LISTED: usize = 20;

/// A person, hospital or institution as users write it: a number, or a name or the beginnings of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
	/// The number on the chain.
	Number(u32),
	/// A name, or a part of it.
	Name(String),
}

impl FromStr for Named {
	type Err = &'static str;

	fn from_str(text: &str) -> Result<Self, &'static str> {
		let text = text.trim();
		if text.is_empty() {
			return Err("write a number or a name");
		}
		if text.chars().all(|letter| letter.is_ascii_digit()) {
			return text.parse().map(Self::Number).map_err(|_| "there is no such number");
		}
		if !text.chars().any(char::is_alphabetic) {
			return Err("write a number or a name");
		}
		Ok(Self::Name(text.to_owned()))
	}
}

impl Display for Named {
	fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
		match self {
			Self::Number(number) => write!(formatter, "{number}"),
			Self::Name(name) => formatter.write_str(name),
		}
	}
}

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
	/// A doctor.
	Doctor,
	/// A patient.
	Patient,
	/// A hospital.
	Hospital,
	/// A laboratory or another institution.
	Institution,
}

impl Display for What {
	fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
		formatter.write_str(match self {
			Self::Doctor => "doctor",
			Self::Patient => "patient",
			Self::Hospital => "hospital",
			Self::Institution => "institution",
		})
	}
}

/// One of several who a name may mean.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
	/// The number.
	pub number: u32,
	/// The name, and what tells people of the same name apart.
	pub text: String,
}

/// Without the text, which may be a patient's name.
impl fmt::Debug for Candidate {
	fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
		write!(formatter, "Candidate({})", self.number)
	}
}

/// The reason why a name does not say who is meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// No name that the caller may read fits.
	#[error("no {what} is called \"{name}\", among those whose names you can read")]
	Nobody {
		/// What was looked for.
		what: What,
		/// The name.
		name: String,
	},
	/// Several names fit.
	#[error("\"{name}\" may be {}", listed(.candidates))]
	Several {
		/// What was looked for.
		what: What,
		/// The name.
		name: String,
		/// Those who are called so, in order of their numbers.
		candidates: Vec<Candidate>,
	},
}

fn listed(candidates: &[Candidate]) -> String {
	let shown = candidates.iter().take(LISTED);
	let mut parts: Vec<String> =
		shown.map(|one| format!("{} ({})", one.number, one.text)).collect();
	match candidates.len().saturating_sub(LISTED) {
		0 => {},
		more => parts.push(format!("one of {more} more")),
	}
	let last = parts.pop().unwrap_or_default();
	match parts.is_empty() {
		true => last,
		false => format!("{}, or {last}", parts.join(", ")),
	}
}

/// Text from the chain.
pub(crate) fn text(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn digits_are_a_number_and_all_else_is_a_name() {
		let named = |text: &str| text.parse::<Named>();
		assert_eq!(named(" 12 "), Ok(Named::Number(12)));
		assert_eq!(named("Dr. Bones"), Ok(Named::Name("Dr. Bones".to_owned())));
		assert_eq!(named("山田太郎"), Ok(Named::Name("山田太郎".to_owned())));
		assert_eq!(named("ward 7"), Ok(Named::Name("ward 7".to_owned())));
		for bad in ["", "  ", "-1", "4294967296", "1.5", "..", "#"] {
			assert!(named(bad).is_err(), "{bad:?}");
		}
	}

	#[test]
	fn error_lists_those_who_may_be_meant_and_its_debug_form_names_none() {
		let candidate = |number: u32| Candidate { number, text: format!("Ana {number}") };
		let several = |count: u32| Error::Several {
			what: What::Patient,
			name: "Ana".to_owned(),
			candidates: (0..count).map(candidate).collect(),
		};
		assert_eq!(several(2).to_string(), "\"Ana\" may be 0 (Ana 0), or 1 (Ana 1)");
		assert!(several(25).to_string().ends_with("19 (Ana 19), or one of 5 more"));
		assert_eq!(format!("{:?}", candidate(3)), "Candidate(3)");
	}
}

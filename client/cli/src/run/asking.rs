//! Asking somebody at a terminal before something is signed that can't be taken back.

use super::account::ask;
use crate::{exit::Failure, output};
use std::io::{IsTerminal, stdin};

/// Whether somebody is asked before something is signed.
pub struct Asking {
	/// Nobody is there who could be.
	pub yes: bool,
	/// Nothing is signed here.
	pub prepares: bool,
}

impl Asking {
	/// Fails if somebody has to be asked, and nobody is there.
	pub fn can_be_asked(&self) -> Result<(), Failure> {
		if !self.yes && !self.prepares && !stdin().is_terminal() {
			return Err(Failure::usage(
				"somebody at a terminal has to look at the call before it is signed, or say --yes",
			));
		}
		Ok(())
	}

	/// As [`Self::can_be_asked`]. A proposal that nobody looks at is known by nothing but its call's hash:
	/// its number may be another one's than whoever typed it believes.
	pub fn can_be_asked_about(&self, proposal: &str) -> Result<(), Failure> {
		self.can_be_asked()?;
		if self.yes && !proposal.starts_with("0x") {
			return Err(Failure::usage(
				"with --yes nobody looks at the call: name the proposal by its hash, which is that of the \
				 call",
			));
		}
		Ok(())
	}

	/// Shows what is going to be signed, and fails unless they type `yes`.
	pub fn confirm(&self, what: &str, shown: &str) -> Result<(), Failure> {
		if self.yes || self.prepares {
			return Ok(());
		}
		output::say(format_args!("{what}\n\n{shown}\n\nType yes to go on:"));
		if ask()?.trim() != "yes" {
			return Err(Failure::usage("not confirmed: nothing was sent"));
		}
		Ok(())
	}
}

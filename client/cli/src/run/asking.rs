//! Asking the user at a terminal before signing something that can't be undone.

use super::account::ask;
use crate::{exit::Failure, output, terminal};

/// Whether the program asks before it signs.
pub struct Asking {
	/// The user has answered in advance, with --yes.
	pub yes: bool,
	/// The program only prepares calls.
	pub prepares: bool,
}

impl Asking {
	/// Fails if the program has to ask, and has no terminal.
	pub fn can_be_asked(&self) -> Result<(), Failure> {
		if !self.yes && !self.prepares && !terminal::is_there() {
			return Err(Failure::usage(
				"there is no terminal to show you the call on before you sign it: add --yes",
			));
		}
		Ok(())
	}

	/// Like [`Self::can_be_asked`]. Without a look at the call, only its hash identifies a
	/// proposal: its number may belong to another one than the user believes.
	pub fn can_be_asked_about(&self, proposal: &str) -> Result<(), Failure> {
		self.can_be_asked()?;
		if self.yes && !proposal.starts_with("0x") {
			return Err(Failure::usage(
				"with --yes you don't see the call: name the proposal by its hash, which is the call's",
			));
		}
		Ok(())
	}

	/// Shows what the user is about to sign, and fails unless they type `yes`.
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

//! Asking the user at a terminal before signing something that can't be undone.

use crate::{exit::Failure, session::Session, terminal};
use medblock_client::names::Found;
use std::fmt::Display;

/// Whether the program asks before it signs.
pub struct Asking {
	/// The user has answered in advance, with --yes.
	pub yes: bool,
	/// The program only prepares calls.
	pub prepares: bool,
}

impl Asking {
	/// What a command with --yes, or without, asks in this session. Fails if it has to ask, and has no terminal: before
	/// anything is unlocked, fetched or sent.
	pub fn new(session: &Session<'_>, yes: bool) -> Result<Self, Failure> {
		let asking = Self { yes, prepares: session.prepares() };
		if asking.asks() && !terminal::is_there() {
			return Err(Failure::usage("there is no terminal to ask you on first: add --yes"));
		}
		Ok(asking)
	}

	/// That of a command that asks about nothing but names: see [`Self::meant`]. Without a terminal, it does not ask.
	pub fn of_names(session: &Session<'_>) -> Self {
		Self { yes: !terminal::is_there(), prepares: session.prepares() }
	}

	/// Whether the program asks.
	pub fn asks(&self) -> bool {
		!self.yes && !self.prepares
	}

	/// The person that was found by a name. Fails if the program does not ask, and the name may be another person's, too.
	pub fn certain<T>(&self, found: Found<T>) -> Result<T, Failure> {
		match found.is_certain || self.asks() {
			true => Ok(found.id),
			false => Err(Failure::usage(
				"the program does not ask you whether it has found the right one, and a part of a name may fit \
				 others: write the number, or a whole name that only one has",
			)),
		}
	}

	/// The same in a command that asks about nothing else. A number, and a whole name that only one has, need no question. A
	/// part of a name does: the user is told who was found.
	pub async fn meant<T>(
		&self,
		found: Found<T>,
		who: impl Future<Output = impl Display>,
	) -> Result<T, Failure> {
		let is_certain = found.is_certain;
		let meant = self.certain(found)?;
		if !is_certain {
			self.confirm(
				"What you wrote is a part of a name, which may fit others, too. You are about to go on with:",
				&who.await.to_string(),
			)?;
		}
		Ok(meant)
	}

	/// Fails if the program has to ask, and has no terminal.
	pub fn can_be_asked(&self) -> Result<(), Failure> {
		if self.asks() && !terminal::is_there() {
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
		if !self.asks() {
			return Ok(());
		}
		terminal::show(format_args!("{what}\n\n{shown}\n\nType yes to go on:"));
		if !terminal::agrees()? {
			return Err(Failure::usage("not confirmed: nothing was sent"));
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use crate::exit::Code;
	use futures::executor::block_on;

	#[test]
	fn name_that_may_be_anothers_is_taken_only_where_the_user_looks() {
		let found = |is_certain| Found { id: 3, is_certain };
		for (yes, prepares, asks) in
			[(false, false, true), (true, false, false), (false, true, false)]
		{
			let asking = Asking { yes, prepares };
			assert_eq!(asking.certain(found(true)).unwrap(), 3);
			let part = asking.certain(found(false));
			assert_eq!(part.is_ok(), asks, "{yes} {prepares}");
			assert!(part.err().is_none_or(|why| why.code == Code::Usage));
		}
	}

	#[test]
	fn names_are_asked_about_only_if_they_may_be_anothers() {
		let found = |is_certain| Found { id: 3, is_certain };
		// No question needs to know who that is.
		let nobody = std::future::pending::<String>;
		for (yes, prepares) in [(false, false), (true, false), (false, true)] {
			let asking = Asking { yes, prepares };
			assert_eq!(block_on(asking.meant(found(true), nobody())).unwrap(), 3);
			if !asking.asks() {
				let part = block_on(asking.meant(found(false), nobody()));
				assert_eq!(part.unwrap_err().code, Code::Usage, "{yes} {prepares}");
			}
		}
	}
}

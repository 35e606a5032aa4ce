//! The kinds that a hospital's commands tell apart.

use clap::ValueEnum;
use medblock_client::medblock_primitives::{Capacity, Paced};

/// A hospital's registration mode.
#[derive(Clone, Copy, ValueEnum)]
pub enum Registration {
	/// Any account may register.
	Open,
	/// Only accounts that a registrar has sponsored may register; see `medblock hospital sponsor`.
	Sponsored,
	/// No account may register for now.
	Closed,
}

/// The kind of a registered person.
#[derive(Clone, Copy, ValueEnum)]
pub enum PersonKind {
	/// A patient.
	Patient,
	/// A doctor.
	Doctor,
}

impl From<PersonKind> for Capacity {
	fn from(kind: PersonKind) -> Self {
		match kind {
			PersonKind::Patient => Self::Patient,
			PersonKind::Doctor => Self::Doctor,
		}
	}
}

/// A kind of decisions of which a hospital makes only so many in a day.
#[derive(Clone, Copy, ValueEnum)]
pub enum DecisionKind {
	/// Verify people.
	Verifications,
	/// Suspend people, or end a doctor's licence within a week.
	Suspensions,
	/// Replace patients' profiles, or doctors' entries and details.
	Corrections,
}

impl From<DecisionKind> for Paced {
	fn from(kind: DecisionKind) -> Self {
		match kind {
			DecisionKind::Verifications => Self::Verification,
			DecisionKind::Suspensions => Self::Suspension,
			DecisionKind::Corrections => Self::Correction,
		}
	}
}

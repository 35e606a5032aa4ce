//! Keys for which a client does not trust a single node: a chart's, doctors' and registrars'.
//!
//! The client reads all from two hospitals' nodes. It compares doctors' and registrars' keys with
//! those seen before ([`Pins`]), and a chart's with its own derivation
//! ([`Secrets`](crate::Secrets)).

mod pins;

pub use pins::{Owner, Pins};

use medblock_primitives::{DoctorId, Epoch, PatientId};

/// Keys that disagree. The client sends nothing then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// A key has changed since it was last seen.
	#[error(
		"{whose} had another encryption key when you last gave them something, and no new \
		version has been announced: a node may be lying; nothing was sent. Ask them for the key's digest"
	)]
	PinMismatch {
		/// The key's owner, such as `doctor 7`.
		whose: String,
	},
	/// The chart's public key on the chain is not the one that the secret gives.
	#[error(
		"epoch {0} of your chart has another key on the chain than your secret words give: the \
		node is lying, or these are another account's words; nothing was sent"
	)]
	ChartKeyMismatch(Epoch),
	/// A doctor's key is not the one that two nodes name.
	#[error(
		"the first node gives another encryption key of doctor {} than two nodes name: it is lying; \
		nothing was sent", .0.0
	)]
	RecipientKeyMismatch(DoctorId),
	/// A representative's key is not the one that two nodes name.
	#[error(
		"the first node gives another key of representative {} than two nodes name: it is lying; nothing was sent",
		.0.0
	)]
	RepresentativeKeyMismatch(PatientId),
	/// The distributed epoch does not vouch for the standby key.
	#[error(
		"the chart's standby key was not made by the patient: the node is lying; nothing was sent"
	)]
	StandbyKeyMismatch,
}

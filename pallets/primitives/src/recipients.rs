//! The doctors to whose own keys the files of a due chart are encrypted too.

/// The maximum number of doctors to whose own keys one file is encrypted. An age header has room for 64
/// stanzas: theirs, the chart's, the hospital's in a profile, and one that the age library makes up.
pub const MAX_RECIPIENT_DOCTORS: u32 = 61;

/// The number of these if the chart has representatives who see it: a file is encrypted to their keys, too.
pub const MAX_RECIPIENT_DOCTORS_BESIDE_REPRESENTATIVES: u32 =
	MAX_RECIPIENT_DOCTORS - crate::MAX_REPRESENTATIVES;

/// The digest of the doctors that a due chart's files are encrypted to, and of the versions of their
/// keys: Blake2b-128 of the SCALE encoding of `(PatientId, Epoch, Vec<(DoctorId, u32)>)`, in the order
/// of their ids. The epoch is the one that files have to be sealed to. If the chart has representatives who see it, a
/// fourth part follows, `Vec<(PatientId, u32)>`, with these and the versions of their keys.
///
/// A transaction names it, so that the chain can refuse files whose recipients are no longer the right
/// ones.
pub type RecipientsDigest = [u8; 16];

/// In place of such a digest: no doctor's own key opens the files, but the chain may look at all of the
/// chart's grants. No recipients have this digest.
pub const NO_RECIPIENTS: RecipientsDigest = [0; 16];

/// The number of grants that a call which adds records or a profile looks at without such a digest, to find
/// out whether the chart is due. The look is the most expensive part of the call, and a call has to declare
/// the most that it may take.
pub const MAX_LOOK: u32 = 8;

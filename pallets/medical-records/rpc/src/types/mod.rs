//! What is answered, as JSON.

mod answers;
mod grants;
mod inbox;
mod keys;
mod people;
mod records;

pub use answers::{Answer, BlockRef, Page};
pub use grants::{Access, Allowed, Grant, KeyStatus, Scope};
pub use inbox::{InboxEvent, InboxNotification};
pub use keys::{ChartKeys, EncryptionKey, EpochKey, PastEpoch, Share, ShareKey, SharedRecord};
pub use people::{Denial, DenialReason, Doctor, DoctorProfile, Patient, Standing};
pub use records::{Author, Document, Record, SealedDocument};

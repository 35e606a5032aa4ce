//! What the chain knows, as JSON.
//!
//! Every program that shows chain data to another program uses these types: nodes in their answers to
//! JSON-RPC, `medblock --json`, and by way of the nodes' OpenRPC document the generated clients. So a
//! thing has one shape, wherever it comes from.
//!
//! ## The dialect
//!
//! | what | as JSON |
//! |---|---|
//! | names of fields | camelCase |
//! | ids, places, counts, block numbers | numbers |
//! | times | RFC 3339 strings in UTC: `2026-11-23T09:12:00Z`, `2026-11-23T09:12:00.25Z` |
//! | accounts | SS58 strings with the chain's prefix; any prefix is accepted |
//! | digests, keys, salts and other bytes | `0x` and lower-case hex digits |
//! | enums | the variant's name in kebab case: `sponsored-only`, `not-granted` |
//! | what is not there | `null`; no field is ever left out |
//! | what was read from the chain | with `at`, the block whose state was read: [`Answer`], [`Page`] |
//!
//! Times have the chain's own precision, milliseconds, with as many decimals as it takes. Times after the
//! year 9998 are shown as `9999-01-01T00:00:00Z`: they are as good as never.
//!
//! With the feature `schema`, everything has a JSON schema.

mod answers;
mod delegation;
mod disclosures;
mod grants;
mod hospitals;
mod inbox;
mod institutions;
mod keys;
mod people;
mod portal;
mod records;
mod registrars;
mod scalars;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(test)]
mod tests;
mod time;

pub use answers::{Answer, BlockRef, Page};
pub use delegation::{
	Emergency, EmergencyPlan, EmergencyRequest, Guardians, Keeper, Recovery, Representative,
};
pub use disclosures::{DisclosureAnchor, DisclosureLog};
pub use grants::{Access, Allowed, Denial, Grant};
pub use hospitals::Hospital;
pub use inbox::{InboxEvent, InboxNotification};
pub use institutions::{Deposit, Institution, OperatorAppointment, Operators};
pub use keys::{
	ChartKeys, EncryptionKey, EpochKey, PastEpoch, Recipient, Recipients, RepresentativeRecipient,
	Share, ShareKey, SharedRecord,
};
pub use medblock_primitives::{
	Author, Delegate, Denied, EmergencyReason, InstitutionKind, KeyStatus, RegistrationMode,
	Review, Scope, Scopes, Standing, Succession, VaultMove, Vaults,
};
pub use pallet_consortium_runtime_api::SeatStatus;
pub use pallet_delegation_runtime_api::{EmergencyOf, Representing};
pub use people::{AccountChange, Doctor, DoctorProfile, Patient, ProposedProfile};
pub use portal::PortalRelease;
pub use records::{Document, Record, SealedDocument};
pub use registrars::{Appointment, HeldProfileKey, ProfileKey, ProfileKeyVersion, Registrar};
pub use scalars::{Account, BlockHash, Bytes, Hex};
pub use time::{LAST, Time};

/// Text on the chain, by any author. Pallets accept only UTF-8.
fn text(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

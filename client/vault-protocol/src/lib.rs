//! The protocol between a vault and its clients: HTTP/1.1 or HTTP/2 (RFC 9112, RFC 9113) with JSON bodies,
//! written once for both ends.
//!
//! This crate has no server, no HTTP client and no clock: it names paths, headers, bodies, limits and codes.
//! The gateway builds its routes from the same [`paths`] from which clients build their URLs.
//!
//! | request | by | body or headers | answer |
//! |---|---|---|---|
//! | `GET` [`HEALTH`](paths::HEALTH) | any caller | | [`Health`] |
//! | `GET` [`LIMITS`](paths::LIMITS) | any caller | | [`Limits`] |
//! | `GET` [`CHALLENGE`](paths::CHALLENGE) | any caller | [`ChallengeQuery`] | [`ChallengeOffer`] |
//! | `POST` [`SESSION`](paths::SESSION) | any caller | [`SignIn`] | 201 with [`SignedIn`] |
//! | `DELETE` [`SESSION`](paths::SESSION) | the token's holder | | 204 |
//! | `HEAD` [`UPLOAD`](paths::UPLOAD) | an account that may upload | | [`UploadState`] |
//! | `PATCH` [`UPLOAD`](paths::UPLOAD) | an account that may upload | [`uploads`] | 201 or 202 with [`UploadState`] |
//! | `DELETE` [`UPLOAD`](paths::UPLOAD) | the uploader | | 204 |
//! | `GET`, `HEAD` [`RECORD`](paths::RECORD), [`PROFILE`](paths::PROFILE) | an account that may read | [`ranges`], [`receipts`] | the encrypted file |
//! | `GET`, `HEAD` [`RECORD_FILE`](paths::RECORD_FILE), [`PROFILE_FILE`](paths::PROFILE_FILE) | the account of a vault that is to keep it | [`ranges`] | the encrypted file |
//! | `POST` [`HEADS`](paths::HEADS) | an account that may read | [`heads::HeadsQuery`], [`receipts`] | [`heads`] |
//! | `GET` [`DISCLOSURES`](paths::DISCLOSURES) | the patient | [`DisclosuresQuery`] | [`DisclosuresPage`] |
//! | `GET` [`CHART_LOG`](paths::CHART_LOG) | the patient | [`ChartLogQuery`](receipts::ChartLogQuery) | [`ChartLogPage`](receipts::ChartLogPage) |
//! | `GET` [`LOG`](paths::LOG) | any caller | | [`Log`](receipts::Log) |
//! | `GET` [`LOG_ACCOUNT`](paths::LOG_ACCOUNT) | any caller | | [`VaultAccount`](receipts::VaultAccount) |
//! | `GET` [`LOG_GROWTH`](paths::LOG_GROWTH) | any caller | [`GrowthQuery`](receipts::GrowthQuery) | [`Growth`](receipts::Growth) |
//! | `GET` [`LOG_LEAF`](paths::LOG_LEAF) | any caller who knows the leaf | [`PlaceQuery`](receipts::PlaceQuery) | [`Place`](receipts::Place) |
//! | `GET`, `HEAD` [`KEY_COPY`](paths::KEY_COPY) | any caller who knows the locator | [`copies`] | the age file |
//! | `PUT` [`KEY_COPY`](paths::KEY_COPY) | an account that the chain knows | the age file | 204 |
//! | `DELETE` [`KEY_COPY`](paths::KEY_COPY), [`KEY_COPIES`](paths::KEY_COPIES) | the copies' owner | | 204 |
//! | `POST` [`KEY_COPIES_REMOVAL`](paths::KEY_COPIES_REMOVAL) | any account, for its own copies | [`SignIn`] | 204 |
//! | `PUT` [`EMERGENCY_TEXT`](paths::EMERGENCY_TEXT) | the doctor who asks for the emergency | [`emergencies`] | 204 |
//! | `GET` [`EMERGENCY_TEXT`](paths::EMERGENCY_TEXT) | the patient, that doctor, the hospital's registrars | | [`emergencies`] |
//! | `GET` [`RPC`](paths::RPC), upgraded to a WebSocket | any caller | [`door`] | |
//!
//! Any request may be refused, with a [`Problem`] in place of the answer. Signed-in requests carry their
//! token as `Authorization: Bearer …` (RFC 6750). JSON has camelCase keys; times are RFC 3339 in UTC; hashes
//! and signatures are lower-case hexadecimal after `0x`.
//!
//! ```
//! use medblock_primitives::{PatientId, RecordIndex};
//! use medblock_vault_protocol::{Address, Item, paths};
//!
//! let vault: Address = "https://vault.example:8440".parse()?;
//! assert_eq!(vault.domain(), "vault.example:8440");
//! let record = vault.at(&paths::document(PatientId(7), Item::Record(3)));
//! assert_eq!(record.as_str(), "https://vault.example:8440/v1/patients/7/records/3");
//! # Ok::<(), medblock_vault_protocol::NotAnAddress>(())
//! ```

mod address;
pub mod copies;
mod disclosures;
pub mod door;
pub mod emergencies;
pub mod headers;
pub mod heads;
mod health;
mod limits;
pub mod origins;
pub mod paths;
pub mod ranges;
pub mod receipts;
mod refusals;
mod sessions;
pub mod times;
pub mod uploads;

pub use address::{Address, NotAnAddress, is_loopback, is_private};
pub use disclosures::{Disclosure, DisclosuresPage, DisclosuresQuery, MAX_DISCLOSURES};
pub use health::{Health, Lacking, Strain, Trouble};
pub use limits::Limits;
pub use paths::Item;
pub use refusals::{Code, Problem, Reason, UnknownCode};
pub use sessions::{
	CHALLENGE_LIFETIME, ChallengeOffer, ChallengeQuery, MAX_JSON, SignIn, SignedIn, TOKEN_LENGTH,
	TOKEN_LIFETIME,
};
pub use uploads::UploadState;

//! One module for each concern.

#![allow(clippy::unwrap_used)]

mod account_changes;
mod accounts;
mod charges;
mod completeness;
mod costs;
mod deposit_limits;
mod deposits;
mod directory;
mod due;
mod encoding;
mod grants;
mod housekeeping;
mod invariants;
mod keys;
mod lapses;
mod life;
mod migrations;
mod model;
mod moves;
mod news;
mod profiles;
mod queries;
mod recipients;
mod records;
mod registration;
mod revocation;
mod rotation;
mod shares;
mod standing;
mod vaults;

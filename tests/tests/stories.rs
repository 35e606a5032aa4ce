//! Stories on networks of real nodes and vaults. One program has all of them, so that it is linked once.

#![allow(clippy::unwrap_used)]

mod campaigns;
mod clocks;
mod collecting;
mod commands;
mod delegated_promise;
mod emergency;
mod finality;
mod founding;
mod guarded;
mod halt;
mod hospital_flood;
mod inpatient;
mod institutions;
mod interrupted;
mod keeping;
mod liars;
mod lost;
mod lost_connections;
mod lying_vaults;
mod many;
mod membership;
mod metrics;
mod mirrors;
mod mistakes;
mod names;
mod nothing_in_clear;
mod overload;
mod portal_releases;
mod prepare;
mod profile_keys;
mod promise;
mod proxied;
mod receipts;
mod recovery;
mod rehearsal;
mod renewing;
mod representatives;
mod rpc;
mod sharing;
mod tasks;
mod texts;
mod together;
mod upgrade;
mod vault;

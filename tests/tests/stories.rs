//! Stories on networks of real nodes and vaults. One program has all of them, so that it is linked once.

#![allow(clippy::unwrap_used)]

mod collecting;
mod commands;
mod finality;
mod founding;
mod halt;
mod hospital_flood;
mod inpatient;
mod institutions;
mod liars;
mod lost_connections;
mod lying_vaults;
mod membership;
mod metrics;
mod mirrors;
mod mistakes;
mod portal_releases;
mod prepare;
mod profile_keys;
mod promise;
mod rehearsal;
mod renewing;
mod rpc;
mod sharing;
mod upgrade;
mod vault;

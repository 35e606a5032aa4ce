//! Load on a network of real nodes, and what becomes of it.
//!
//! - [`words`]: what a run is asked to measure
//! - [`signing`]: transactions that are signed before the clock starts
//! - [`ledger`]: what became of each of them
//! - [`follower`]: a node's news of blocks
//! - [`offer`]: sending at a pace
//! - [`processes`], [`tasks`]: the time that nodes take, by threads and by tasks
//! - [`summary`]: the figures of one phase
//! - [`report`]: all figures, as tables and as JSON
//!
//! `medblock-e2e throughput` puts them together.

pub mod follower;
pub mod ledger;
pub mod offer;
pub mod processes;
pub mod report;
pub mod signing;
pub mod summary;
pub mod tasks;
pub mod times;
pub mod words;

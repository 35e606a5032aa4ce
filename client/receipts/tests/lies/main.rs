//! A vault, and each way in which it can lie.

#![allow(clippy::unwrap_used)]

mod gateway;
mod heads;
mod lines;
mod promises;

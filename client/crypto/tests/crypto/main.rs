//! What the crate promises, and each bad input that it has to refuse.

#![allow(clippy::unwrap_used)]

mod cache;
mod challenges;
mod damage;
mod dividing;
mod emergency;
mod epochs;
mod file_names;
mod files;
mod headers;
mod keys;
mod mime;
mod parts;
mod profile_keys;
mod sealing;
mod secrets;
mod sharing;
mod sheets;
mod support;
mod titles;
mod vectors;

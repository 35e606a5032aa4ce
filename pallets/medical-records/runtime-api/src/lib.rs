//! What a node or a client may ask the runtime about patients, doctors, records and grants.

#![cfg_attr(not(feature = "std"), no_std)]

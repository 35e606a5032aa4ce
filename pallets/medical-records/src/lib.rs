//! Patients, doctors, charts, records, grants and notes.

#![cfg_attr(not(feature = "std"), no_std)]

//! Feeless admission: nonce and allowance in one transaction extension.

#![cfg_attr(not(feature = "std"), no_std)]

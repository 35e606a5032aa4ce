//! Every parser that meets strangers, as a function of bytes.
//!
//! A [`Target`] reads bytes as an attacker could have written them, and panics if the parser does, or if what it took breaks
//! a promise: most often that it writes again what it has read. `scripts/fuzz` runs targets under libFuzzer, which follows
//! the code that inputs reach. `tests/seeds.rs` runs them on their seeds and on [mutations](mutate) of these, with every
//! change.
//!
//! Calls of the runtime have a target of their own, in `runtime/tests/arbitrary.rs`.

mod chain;
mod client;
mod crypto;
mod gateway;
mod keystore;
pub mod mutate;
mod portal;
mod protocol;
mod receipts;

/// A parser under test.
#[derive(Clone, Copy)]
pub struct Target {
	/// The name by which `scripts/fuzz` knows it.
	pub name: &'static str,
	/// Gives the parser these bytes.
	pub run: fn(&[u8]),
	/// Inputs that the parser takes, or nearly.
	pub seeds: fn() -> Vec<Vec<u8>>,
}

/// A macro, since each name stands for three things.
macro_rules! targets {
	($($name:literal: $run:path, $seeds:path;)*) => {
		/// All targets.
		pub const TARGETS: &[Target] = &[$(Target { name: $name, run: $run, seeds: $seeds }),*];
	};
}

targets! {
	"header": crypto::header, crypto::header_seeds;
	"mime": crypto::mime, crypto::mime_seeds;
	"challenge": crypto::challenge, crypto::challenge_seeds;
	"sealed": crypto::sealed, crypto::sealed_seeds;
	"shares": crypto::shares, crypto::shares_seeds;
	"file_name": crypto::file_name, crypto::file_name_seeds;
	"keys": crypto::keys, crypto::keys_seeds;
	"sheet": crypto::sheet, crypto::sheet_seeds;
	"headers": gateway::headers, gateway::headers_seeds;
	"door_message": gateway::door_message, gateway::door_message_seeds;
	"door_call": gateway::door_call, gateway::door_call_seeds;
	"door_storage": gateway::door_storage, gateway::door_storage_seeds;
	"bodies": protocol::bodies, protocol::bodies_seeds;
	"values": protocol::values, protocol::values_seeds;
	"answers": protocol::answers, protocol::answers_seeds;
	"disclosure": receipts::disclosure, receipts::disclosure_seeds;
	"proof": receipts::proof, receipts::proof_seeds;
	"dicom": client::dicom, client::dicom_seeds;
	"media": client::media, client::media_seeds;
	"packed": client::packed, client::packed_seeds;
	"recovery": client::recovery, client::recovery_seeds;
	"chain": chain::answer, chain::answer_seeds;
	"keystore": keystore::files, keystore::files_seeds;
	"manifest": portal::manifest, portal::manifest_seeds;
}

/// The target with this name.
pub fn find(name: &str) -> Option<&'static Target> {
	TARGETS.iter().find(|target| target.name == name)
}

//! The chain that the runtime's tests run on.

use medblock_runtime::{genesis, RuntimeGenesisConfig};
use sp_runtime::BuildStorage;

/// The presets' chain with four hospitals.
pub fn local() -> sp_io::TestExternalities {
	let json = genesis::preset(&genesis::LOCAL_PRESET.into()).expect("the preset exists");
	let patch: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
	let mut config =
		serde_json::to_value(RuntimeGenesisConfig::default()).expect("the default is JSON");
	merge(&mut config, patch);
	let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("a genesis");
	config.build_storage().expect("it builds").into()
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
	match (into, patch) {
		(serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(into.entry(key).or_insert(serde_json::Value::Null), value);
			}
		},
		(into, patch) => *into = patch,
	}
}

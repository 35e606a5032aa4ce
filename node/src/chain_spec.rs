//! The chains that a node can be started on.

use medblock_runtime::{genesis, WASM_BINARY};
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::Value;
use std::path::PathBuf;

/// A specification of a MedBlock chain.
pub type ChainSpec = GenericChainSpec;

/// What `--chain` means: a preset, or a file.
pub fn load(id: &str) -> Result<ChainSpec, String> {
	match id {
		"dev" | "development" => preset(
			"MedBlock Development",
			"medblock_dev",
			genesis::DEVELOPMENT_PRESET,
			ChainType::Development,
		),
		"" | "local" => {
			preset("MedBlock Local", "medblock_local", genesis::LOCAL_PRESET, ChainType::Local)
		},
		path => ChainSpec::from_json_file(PathBuf::from(path)).map_err(|why| {
			format!(
				"{path} is not a chain specification ({why}); give `dev`, `local`, or a file that \
				`medblock-node consortium spec` made"
			)
		}),
	}
}

/// A production chain.
pub fn production(name: &str, id: &str, config: Value) -> Result<ChainSpec, String> {
	Ok(ChainSpec::builder(wasm()?, Default::default())
		.with_name(name)
		.with_id(id)
		.with_protocol_id(id)
		.with_chain_type(ChainType::Live)
		.with_properties(properties())
		.with_genesis_config_patch(config)
		.build())
}

fn preset(name: &str, id: &str, preset: &str, kind: ChainType) -> Result<ChainSpec, String> {
	Ok(ChainSpec::builder(wasm()?, Default::default())
		.with_name(name)
		.with_id(id)
		.with_protocol_id(id)
		.with_chain_type(kind)
		.with_properties(properties())
		.with_genesis_config_preset_name(preset)
		.build())
}

fn wasm() -> Result<&'static [u8], String> {
	WASM_BINARY.ok_or_else(|| {
		"this node was built without a runtime (SKIP_WASM_BUILD): build it again, or name a chain \
		specification file"
			.into()
	})
}

/// What wallets show. There is no token, but some insist on a unit.
fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("ss58Format".into(), medblock_runtime::configs::SS58Prefix::get().into());
	properties.insert("tokenDecimals".into(), 0.into());
	properties.insert("tokenSymbol".into(), "none".into());
	properties
}

//! The specifications of the chains that a node can run.

use medblock_runtime::{WASM_BINARY, configs::SS58Prefix, genesis};
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::Value;
use std::path::PathBuf;

/// A specification of a MedBlock chain.
pub type ChainSpec = GenericChainSpec;

/// The property of a specification that states the prefix of addresses.
const ADDRESS_PREFIX: &str = "ss58Format";

/// The specification that `--chain` names: a preset, or a file.
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

/// The prefix of addresses on this chain.
pub fn address_prefix(spec: &dyn sc_service::ChainSpec) -> u16 {
	let stated = spec.properties().get(ADDRESS_PREFIX).and_then(Value::as_u64);
	stated.and_then(|prefix| prefix.try_into().ok()).unwrap_or(SS58Prefix::get())
}

/// The properties for wallets. There is no token, but some wallets insist on a unit.
fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert(ADDRESS_PREFIX.into(), SS58Prefix::get().into());
	properties.insert("tokenDecimals".into(), 0.into());
	properties.insert("tokenSymbol".into(), "none".into());
	properties
}

#[cfg(test)]
mod tests {
	use super::*;

	fn with_properties(properties: Properties) -> ChainSpec {
		ChainSpec::builder(&[], Default::default()).with_properties(properties).build()
	}

	#[test]
	fn addresses_have_the_prefix_that_the_specification_states() {
		assert_eq!(address_prefix(&with_properties(properties())), SS58Prefix::get());
		let other = Properties::from_iter([(ADDRESS_PREFIX.to_owned(), 7.into())]);
		assert_eq!(address_prefix(&with_properties(other)), 7);
		assert_eq!(address_prefix(&with_properties(Properties::new())), SS58Prefix::get());
	}
}

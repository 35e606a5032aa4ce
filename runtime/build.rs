//! Compiles the runtime to WebAssembly; with `upgrade-rehearsal` once more as its own successor.

fn main() {
	#[cfg(feature = "std")]
	{
		let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
		#[cfg(feature = "metadata-hash")]
		let builder = builder.enable_metadata_hash("", 0);
		builder.build();

		#[cfg(feature = "upgrade-rehearsal")]
		substrate_wasm_builder::WasmBuilder::init_with_defaults()
			.enable_feature("next-spec-version")
			.set_file_name("next_wasm_binary.rs")
			.build();
	}
}

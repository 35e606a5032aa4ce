//! Compiles the runtime to WebAssembly, and with `upgrade-rehearsal` once more as its own successor.

fn main() {
	#[cfg(feature = "std")]
	{
		let builder = builder();
		#[cfg(feature = "metadata-hash")]
		let builder = builder.enable_metadata_hash("", 0);
		builder.build();

		#[cfg(feature = "upgrade-rehearsal")]
		builder_of_next().build();
	}
}

#[cfg(feature = "std")]
fn builder() -> substrate_wasm_builder::WasmBuilder {
	let mut builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
	for (folder, name) in folders() {
		// Flags are separated by spaces.
		let folder = folder.display().to_string();
		if !folder.contains(' ') {
			builder = builder.append_to_rust_flags(format!("--remap-path-prefix={folder}={name}"));
		}
	}
	builder
}

#[cfg(all(feature = "std", feature = "upgrade-rehearsal"))]
fn builder_of_next() -> substrate_wasm_builder::WasmBuilder {
	builder().enable_feature("next-spec-version").set_file_name("next_wasm_binary.rs")
}

/// The folders on this machine that panic messages would name, and their names in the runtime.
#[cfg(feature = "std")]
fn folders() -> Vec<(std::path::PathBuf, &'static str)> {
	use std::{env::var_os, path::PathBuf};
	let cargo = var_os("CARGO_HOME").map(PathBuf::from);
	let cargo = cargo.or_else(|| Some(PathBuf::from(var_os("HOME")?).join(".cargo")));
	let registry = cargo.map(|folder| (folder.join("registry/src"), "/cargo"));
	let source = var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
	let source = source.and_then(|folder| Some((folder.parent()?.to_owned(), "/medblock")));
	registry.into_iter().chain(source).collect()
}

//! Makes an ES module and its types of the client for browsers, as wasm-bindgen's own program does.
//!
//! That program has to be of the very version that the client was compiled with, and takes minutes to
//! build, mostly for its other uses. Here `Cargo.lock` keeps both in step.
//!
//! Usage: medblock-web-bindgen WASM FOLDER

use std::{env, error::Error, io, path::PathBuf};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
	let arguments: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
	let [wasm, folder] = arguments.as_slice() else {
		return Err(io::Error::other("usage: medblock-web-bindgen WASM FOLDER").into());
	};
	// The module finds the WebAssembly beside itself.
	let mut bindgen = Bindgen::new();
	bindgen.input_path(wasm).web(true)?.typescript(true).omit_default_module_path(false);
	bindgen.generate(folder)?;
	Ok(())
}

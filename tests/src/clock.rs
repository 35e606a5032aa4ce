//! Wall clocks that are wrong.

/// What runs a program with a wall clock that is so much ahead. The library by itself: Debian's `faketime`
/// command waits for whatever the program leaves running.
pub fn ahead(by: &str) -> Vec<(String, String)> {
	let libraries = std::fs::read_dir("/usr/lib").expect("a folder").flatten();
	let faketime = libraries
		.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
		.find(|path| path.exists())
		.expect("Debian's faketime: run scripts/setup --tests");
	let library = faketime.display().to_string();
	[("FAKETIME", by), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("LD_PRELOAD", &library)]
		.map(|(name, value)| (name.to_owned(), value.to_owned()))
		.into()
}

//! Disks that could not keep what they were given, and say so once, as those of Linux do.

use std::{
	path::{Path, PathBuf},
	process::Command,
};

/// Where a test finds its folder when it runs itself in a process that is traced.
const FOLDER: &str = "MEDBLOCK_TEST_TRACED";

/// A sync that the kernel is not asked for, and that fails: the bytes may not be on the disk.
#[derive(Clone, Copy)]
pub(crate) struct LostSync {
	/// The system call: `fsync` syncs a whole file, and `fdatasync` its bytes.
	pub(crate) call: &'static str,
	/// Which of the calls for the file it is, counted from 1. The others are as ever.
	pub(crate) which: u32,
}

/// Runs a test in a process of its own, with a folder in which one sync of one file fails. `file` gives the file's path,
/// and makes there what the test needs.
pub(crate) fn with_a_lost_sync(
	name: &str,
	lost: LostSync,
	file: impl FnOnce(&Path) -> PathBuf,
	test: impl AsyncFnOnce(&Path),
) {
	if let Some(folder) = std::env::var_os(FOLDER) {
		// One thread waits for the disk: the calls of each thread are counted by themselves.
		let runtime = tokio::runtime::Builder::new_current_thread()
			.enable_all()
			.max_blocking_threads(1)
			.build();
		runtime.unwrap().block_on(test(Path::new(&folder)));
		return;
	}
	let folder = tempfile::tempdir().unwrap();
	// As the system names it.
	let real = folder.path().canonicalize().unwrap();
	let LostSync { call, which } = lost;
	let output = Command::new("strace")
		.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")])
		.args(["-e", &format!("inject={call}:error=EIO:when={which}"), "-P"])
		.arg(file(&real))
		.arg(std::env::current_exe().unwrap())
		.args(["--exact", name])
		.env(FOLDER, &real)
		.output()
		.expect("scripts/setup --tests installs strace");
	let said = String::from_utf8_lossy(&output.stdout).into_owned()
		+ &String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

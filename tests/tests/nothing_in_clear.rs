//! A program that is killed while it opens a record leaves nothing in clear: the record is where it was wanted, whole, or
//! nowhere.

use medblock_client::medblock_crypto::Mnemonic;
use medblock_e2e::{Consortium, Person, Program, binary, files, urls};
use std::{
	fs,
	io::Read,
	path::Path,
	process::{Child, Command, Stdio},
	thread,
	time::Duration,
};
use tempfile::TempDir;

/// What can be told again, wherever it lies.
const IN_CLEAR: &[u8] = b"haemoglobin 14, in clear";

/// How often the program is killed while it writes a file.
const KILLS: u64 = 24;

/// The time by which each of them comes later, in milliseconds: a command takes one to two seconds.
const STEP: u64 = 80;

/// Many pipes full.
fn content() -> Vec<u8> {
	IN_CLEAR.repeat(8 * 1_024 * 1_024 / IN_CLEAR.len())
}

/// Begins to open record 0.
fn opens(consortium: &Consortium, program: &Program, output: &Path, stdout: Stdio) -> Child {
	let mut command = Command::new(binary("medblock").unwrap());
	command.args(["record", "open", "0", "--force", "--output"]).arg(output);
	command.arg("--home").arg(program.home());
	command.arg("--passphrase-file").arg(program.home().join("passphrase"));
	command.args(["--node", &urls(&consortium.network).join(",")]);
	command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::null()).spawn().unwrap()
}

/// The files in a folder that show something in clear.
fn in_clear(folder: &Path) -> Vec<std::path::PathBuf> {
	let shows = |path: &std::path::PathBuf| {
		let bytes = fs::read(path).unwrap_or_default();
		bytes.windows(IN_CLEAR.len()).any(|piece| piece == IN_CLEAR)
	};
	files(folder).into_iter().filter(shows).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_program_leaves_nothing_in_clear() {
	let consortium = Consortium::start().await;
	let words = Mnemonic::generate();
	let ana = Person::with_words(&consortium.network, &words).await;
	consortium.admit(&ana, 0).await;
	ana.adds("blood", &content()).await;
	let program = Program::with_words(&consortium.network, &words).await;

	killed_while_nothing_reads_on(&consortium, &program);
	killed_at_any_moment(&consortium, &program);
}

/// The reader of standard output has stopped, so that all is decrypted, and most not written yet.
fn killed_while_nothing_reads_on(consortium: &Consortium, program: &Program) {
	let mut child = opens(consortium, program, Path::new("-"), Stdio::piped());
	let mut beginning = vec![0; IN_CLEAR.len()];
	child.stdout.as_mut().unwrap().read_exact(&mut beginning).unwrap();
	assert_eq!(beginning, IN_CLEAR);
	child.kill().unwrap();
	child.wait().unwrap();
	assert!(in_clear(program.home()).is_empty());
}

/// It writes into a folder, also in place of another file.
fn killed_at_any_moment(consortium: &Consortium, program: &Program) {
	let folder = TempDir::new().unwrap();
	let (path, whole) = (folder.path().join("blood.txt"), content());
	let mut whole_ones = 0;
	for moment in 0..KILLS {
		let mut child = opens(consortium, program, &path, Stdio::null());
		// Some end by themselves.
		thread::sleep(Duration::from_millis(STEP * moment));
		let _ = child.kill();
		child.wait().unwrap();
		for found in in_clear(folder.path()) {
			assert_eq!(found, path, "after {moment} steps");
			assert!(fs::read(&found).unwrap() == whole, "after {moment} steps, it is not whole");
			whole_ones += 1;
		}
		assert!(in_clear(program.home()).is_empty(), "after {moment} steps");
	}
	println!("of {KILLS} that were killed, the file was there after {whole_ones}");
	assert!(files(folder.path()).len() <= 1, "{:?}", files(folder.path()));
}

//! Accounts that are unlocked for a while: commands ask for no passphrase, and afterwards they do again.

use std::{
	fs,
	io::Read,
	os::unix::fs::{FileTypeExt, PermissionsExt},
	path::PathBuf,
	process::{Child, Command, Output, Stdio},
	thread,
	time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long something is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A user with one account, and a runtime folder of their own.
struct User {
	home: TempDir,
	runtime: TempDir,
}

impl User {
	fn new() -> Self {
		let user =
			Self { home: tempfile::tempdir().unwrap(), runtime: tempfile::tempdir().unwrap() };
		fs::write(user.passphrase(), "correct horse battery\n").unwrap();
		user.does(&[
			"--passphrase-file",
			user.passphrase().to_str().unwrap(),
			"account",
			"new",
			"maria",
		]);
		user
	}

	fn passphrase(&self) -> PathBuf {
		self.home.path().join("passphrase")
	}

	fn socket(&self) -> PathBuf {
		self.runtime.path().join("medblock/agent")
	}

	fn program(&self) -> Command {
		let mut command = Command::new(env!("CARGO_BIN_EXE_medblock"));
		command.env("XDG_RUNTIME_DIR", self.runtime.path()).env("MEDBLOCK_HOME", self.home.path());
		command.env_remove("MEDBLOCK_PASSPHRASE_FILE").env_remove("MEDBLOCK_ACCOUNT");
		command.stdin(Stdio::null());
		command
	}

	fn runs(&self, words: &[&str]) -> Output {
		self.program().args(words).output().unwrap()
	}

	fn does(&self, words: &[&str]) -> String {
		let Output { status, stdout, stderr } = self.runs(words);
		assert!(status.success(), "{words:?}: {}", String::from_utf8_lossy(&stderr));
		String::from_utf8(stdout).unwrap()
	}

	fn unlocks(&self, span: &str) {
		let passphrase = self.passphrase();
		let passphrase = passphrase.to_str().unwrap();
		self.does(&["--passphrase-file", passphrase, "account", "unlock", "maria", "--for", span]);
	}

	/// Whether a command that needs the account's secrets succeeds without a terminal to ask for the passphrase on.
	fn is_unlocked(&self) -> bool {
		// Without its public part, showing the account takes its secrets.
		let _ = fs::remove_file(self.home.path().join("accounts/maria.json"));
		let Output { status, stderr, .. } = self.runs(&["account", "show", "maria"]);
		let said = String::from_utf8(stderr).unwrap();
		assert!(status.success() || said.contains("there is no terminal"), "{said}");
		status.success()
	}

	/// Waits until no agent runs.
	fn agent_ends(&self) {
		let started = Instant::now();
		while self.socket().exists() {
			assert!(started.elapsed() < PATIENCE, "the agent goes on");
			thread::sleep(Duration::from_millis(50));
		}
	}

	/// An agent as `account unlock` starts it.
	fn agent(&self) -> Child {
		let mut agent = self.program().arg("agent").stdout(Stdio::piped()).spawn().unwrap();
		let mut told = [0];
		agent.stdout.as_mut().unwrap().read_exact(&mut told).unwrap();
		agent
	}
}

impl Drop for User {
	fn drop(&mut self) {
		self.runs(&["account", "lock"]);
	}
}

#[test]
fn account_is_unlocked_until_it_is_locked() {
	let user = User::new();
	assert!(!user.is_unlocked());
	assert_eq!(user.does(&["account", "lock"]), "No account was unlocked.\n");
	user.unlocks("5m");
	assert!(user.is_unlocked());
	let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
	assert_eq!(mode(user.socket()), 0o600);
	assert_eq!(mode(user.runtime.path().join("medblock")), 0o700);
	assert!(fs::metadata(user.socket()).unwrap().file_type().is_socket());
	let listed = user.does(&["account", "list", "--json"]);
	assert!(listed.contains("unlockedUntil"), "{listed}");
	let secret = user.runs(&["account", "export", "maria", "--words", "--yes"]);
	assert_eq!(secret.status.code(), Some(2), "the words take the passphrase");
	assert_eq!(user.does(&["account", "lock"]), "Locked: maria.\n");
	assert!(!user.is_unlocked());
	user.agent_ends();
}

#[test]
fn account_is_locked_when_its_time_is_over() {
	let user = User::new();
	user.unlocks("2s");
	user.agent_ends();
	assert!(!user.is_unlocked());
}

#[test]
fn another_passphrase_or_another_folder_ends_it() {
	let user = User::new();
	user.unlocks("5m");
	let elsewhere = tempfile::tempdir().unwrap();
	fs::create_dir(elsewhere.path().join("accounts")).unwrap();
	let file = "accounts/maria.age";
	fs::copy(user.home.path().join(file), elsewhere.path().join(file)).unwrap();
	let home = elsewhere.path().to_str().unwrap();
	let copied = user.runs(&["--home", home, "account", "show", "maria"]);
	assert_eq!(copied.status.code(), Some(2), "it was unlocked in its own folder");
	assert!(user.is_unlocked());

	let (old, new) = (user.passphrase(), user.home.path().join("new"));
	fs::write(&new, "another horse battery\n").unwrap();
	let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
	let change = ["account", "passphrase", "maria", "--new-passphrase-file", new];
	user.does(&[&["--passphrase-file", old], &change[..]].concat());
	assert!(!user.is_unlocked());
}

#[test]
fn agent_that_was_killed_is_followed_by_another() {
	let user = User::new();
	let mut agent = user.agent();
	user.unlocks("5m");
	assert!(user.is_unlocked());
	agent.kill().unwrap();
	agent.wait().unwrap();
	assert!(user.socket().exists(), "it had no time to tidy up");
	assert!(!user.is_unlocked());
	user.unlocks("5m");
	assert!(user.is_unlocked());
}

#[test]
fn second_agent_leaves_the_accounts_to_the_first() {
	let user = User::new();
	let mut first = user.agent();
	let mut second = user.agent();
	assert!(second.wait().unwrap().success());
	user.unlocks("5m");
	assert!(user.is_unlocked());
	user.does(&["account", "lock"]);
	assert!(first.wait().unwrap().success());
}

#[test]
fn folder_that_others_can_look_into_is_not_used() {
	let user = User::new();
	let folder = user.runtime.path().join("medblock");
	fs::create_dir(&folder).unwrap();
	fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
	let passphrase = user.passphrase();
	let unlock = ["--passphrase-file", passphrase.to_str().unwrap(), "account", "unlock", "maria"];
	let Output { status, stderr, .. } = user.runs(&unlock);
	let said = String::from_utf8(stderr).unwrap();
	assert_eq!(status.code(), Some(7), "{said}");
	assert!(said.contains("cannot keep accounts unlocked here: others may look into"), "{said}");
	assert!(!user.is_unlocked());
}

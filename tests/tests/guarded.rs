//! What the scripts of tests have started ends with them.

use medblock_e2e::{Running, binary, eventually};
use medblock_launcher::{Daemon, Lifetime};
use std::{fs, path::Path, process::Stdio};
use tempfile::TempDir;
use tokio::{
	io::{AsyncBufReadExt, BufReader},
	process::Command,
};

/// A run of a script, which goes on for ten minutes, and says when it is guarded.
const RUN: &str = r#"set -e; "$0/tests/guard" "$$" "$1" "$2"; echo guarded; exec sleep 600"#;

/// No script runs its trap then.
#[tokio::test]
async fn vault_of_a_script_that_is_killed_is_ended() {
	let folder = TempDir::new().unwrap();
	let vault = folder.path().join("vault-0");
	fs::create_dir(&vault).unwrap();
	let vault = Daemon::of(&vault);
	let mut program = std::process::Command::new("sleep");
	// By itself it would end long after this has waited for it in vain.
	program.arg("600");
	vault.start(program, Lifetime::Detached).unwrap();
	let _running = Running::guard(vault.clone());

	let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
	let launcher = binary("medblock-launcher").unwrap();
	let mut script = Command::new("bash");
	script.args(["-c", RUN]).arg(root).arg(folder.path()).arg(launcher.parent().unwrap());
	script.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
	let mut script = script.spawn().unwrap();
	let mut said = BufReader::new(script.stdout.take().unwrap()).lines();
	assert_eq!(said.next_line().await.unwrap().as_deref(), Some("guarded"));
	assert!(vault.pid().is_some());
	script.kill().await.unwrap();
	eventually("the vault has ended", || async { vault.pid().is_none().then_some(()) }).await;
}

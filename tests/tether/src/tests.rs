//! With programs that would go on for a minute.

use super::*;
use std::{
	env, fs,
	io::{BufRead, BufReader},
	thread,
	time::{Duration, Instant},
};

/// Set for the process that [`is_killed_with_its_program_running`] is.
const ASKED: &str = "MEDBLOCK_TEST_TETHER";

/// How long a process may take to be gone.
const PATIENCE: Duration = Duration::from_secs(30);

fn sleeping() -> Tethered {
	let mut command = Command::new("sleep");
	command.arg("60");
	Tethered::spawn(&command, |_| {}).expect("it starts")
}

/// Whether a process runs. One that has ended, and that its parent has yet to take from the system's list, does not.
fn runs(process: u32) -> bool {
	let Ok(status) = fs::read_to_string(format!("/proc/{process}/stat")) else { return false };
	// The state follows the name, which may have any letters in it.
	let state = status.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
	!matches!(state, Some('Z' | 'X') | None)
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
	let deadline = Instant::now() + PATIENCE;
	while !holds() {
		assert!(Instant::now() < deadline, "{what}");
		thread::sleep(Duration::from_millis(10));
	}
}

fn is_sleep(process: u32) -> bool {
	fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|name| name.trim() == "sleep")
}

#[test]
fn program_is_killed_with_the_process_that_has_started_it() {
	let mut parent = Command::new(env::current_exe().expect("this program"))
		.args(["--exact", "tests::is_killed_with_its_program_running", "--ignored", "--nocapture"])
		.env(ASKED, "yes")
		.stdin(Stdio::null())
		.stdout(Stdio::null())
		.stderr(Stdio::piped())
		.spawn()
		.expect("it starts");
	let mut said = BufReader::new(parent.stderr.take().expect("a pipe"));
	let mut line = String::new();
	said.read_line(&mut line).expect("it says something");
	let program: u32 = line.trim().parse().expect("a number");
	until("the program does not begin", || is_sleep(program));
	parent.kill().expect("it runs");
	parent.wait().expect("it ends");
	until("the program goes on", || !runs(program));
}

#[test]
#[ignore = "a process that the other test starts"]
fn is_killed_with_its_program_running() {
	if env::var_os(ASKED).is_some() {
		let mut program = sleeping();
		eprintln!("{}", program.id());
		program.wait().expect("it ends");
	}
}

#[test]
fn program_outlives_the_thread_that_has_started_it() {
	let mut program = thread::spawn(sleeping).join().expect("no panic");
	until("the program does not begin", || is_sleep(program.id()));
	assert!(program.try_wait().expect("it was started").is_none());
	assert!(runs(program.id()));
}

#[test]
fn program_and_guard_are_gone_when_it_is_dropped() {
	let program = sleeping();
	let guard = program.guard.as_ref().map(Child::id).expect("it has one");
	let processes = [program.id(), guard];
	assert!(processes.into_iter().all(runs));
	drop(program);
	for process in processes {
		assert!(!fs::exists(format!("/proc/{process}")).expect("Linux"));
	}
}

#[test]
fn program_has_its_words_its_folder_and_its_variables() {
	let folder = env::temp_dir().canonicalize().expect("it is there");
	let mut command = Command::new("sh");
	let script = r#"echo "$1 $(pwd -P) $ADDED ${CARGO_PKG_NAME-none}" >&2; cat; exit 7"#;
	command.args(["-c", script, "sh", "two words"]);
	command.current_dir(&folder).env("ADDED", "$0").env_remove("CARGO_PKG_NAME");
	let mut program = Tethered::spawn(&command, |started| {
		started.stderr(Stdio::piped());
	})
	.expect("it starts");
	let mut said = BufReader::new(program.stderr().expect("a pipe"));
	let mut line = String::new();
	said.read_line(&mut line).expect("it says something");
	assert_eq!(line.trim(), format!("two words {} $0 none", folder.display()));
	// With something on standard input, `cat` would go on.
	assert_eq!(program.wait().expect("it ends").code(), Some(7));
}

#[test]
fn program_that_does_not_exist_ends_with_127() {
	let command = Command::new("/nowhere/program");
	let mut program = Tethered::spawn(&command, |started| {
		started.stderr(Stdio::null());
	})
	.expect("the shell starts");
	assert_eq!(program.wait().expect("it ends").code(), Some(127));
}

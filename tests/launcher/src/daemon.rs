//! A program in the background.

use crate::{Error, Result, eventually};
use medblock_tether::Tethered;
use rustix::process::{Pid, Signal, kill_process};
use std::{
	fs::{self, File},
	io,
	os::unix::process::CommandExt,
	path::{Path, PathBuf},
	process::{Child, Command, ExitStatus, Stdio},
	thread,
	time::Duration,
};

/// The time that a program has to end by itself: what systemd gives a service.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a program's life depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
	/// On nothing: it runs until it is stopped. Signals from the launcher's terminal do not reach it.
	Detached,
	/// On the process that starts it: it is killed when that one ends, even if that one is killed itself. The two are of one
	/// process group, and are interrupted together.
	Attached,
}

/// How a program ended that was to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
	/// It did not run.
	DidNotRun,
	/// By itself, as it was asked to.
	Ended,
	/// It had to be killed.
	Killed,
}

/// A program in the background. Its number and its log are files in the folder that it runs in.
#[derive(Clone, Debug)]
pub struct Daemon {
	folder: PathBuf,
	pid: PathBuf,
	log: PathBuf,
}

impl Daemon {
	/// The only program of a folder: its files are `pid` and `log`.
	pub fn of(folder: &Path) -> Self {
		Self { folder: folder.to_owned(), pid: folder.join("pid"), log: folder.join("log") }
	}

	/// One of several programs of a folder: its files are `NAME.pid` and `NAME.log`.
	pub fn named(folder: &Path, name: &str) -> Self {
		Self {
			folder: folder.to_owned(),
			pid: folder.join(format!("{name}.pid")),
			log: folder.join(format!("{name}.log")),
		}
	}

	/// The file that it writes to.
	pub fn log(&self) -> &Path {
		&self.log
	}

	/// The last lines that it has written.
	pub fn last_lines(&self, count: usize) -> String {
		// A log that was cut in the middle of a letter is shown all the same.
		let bytes = fs::read(&self.log).unwrap_or_default();
		let text = String::from_utf8_lossy(&bytes);
		let lines: Vec<_> = text.lines().collect();
		lines[lines.len().saturating_sub(count)..].join("\n")
	}

	/// Its number, if it runs. A number that the system has given to another program since is not.
	pub fn pid(&self) -> Option<u32> {
		let pid = fs::read_to_string(&self.pid).ok()?.trim().parse().ok()?;
		let folder = fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
		(folder == self.folder.canonicalize().ok()?).then_some(pid)
	}

	/// Starts it.
	pub fn start(&self, mut command: Command, lifetime: Lifetime) -> Result<()> {
		let log =
			File::options().create(true).append(true).open(&self.log).map_err(|why| {
				Error::other(format!("cannot write {}: {why}", self.log.display()))
			})?;
		command.current_dir(&self.folder);
		let program = command.get_program().to_owned();
		let mut process = Process::start(command, log, lifetime)
			.map_err(|why| Error::other(format!("cannot start {}: {why}", program.display())))?;
		if let Err(why) = fs::write(&self.pid, format!("{}\n", process.id())) {
			process.kill()?;
			process.wait()?;
			return Err(Error::other(format!("cannot write {}: {why}", self.pid.display())));
		}
		// So that it is gone from the system's list as soon as it ends.
		thread::spawn(move || process.wait());
		Ok(())
	}

	/// The error of a program that should run, if it does not.
	pub fn must_run(&self, name: &str) -> Result<()> {
		if self.pid().is_some() {
			return Ok(());
		}
		let log = self.last_lines(200);
		let is_error = |line: &&str| line.contains("Error") || line.contains("error");
		let why = log.lines().rev().find(is_error).or(log.lines().last());
		Err(Error::Ended {
			name: name.to_owned(),
			why: why.unwrap_or("it wrote nothing").to_owned(),
		})
	}

	/// Asks it to end, as a service manager does, and waits until it has. A program that does not end
	/// is killed.
	pub async fn stop(&self) -> Stopped {
		let Some(pid) = self.signal(Signal::TERM) else { return Stopped::DidNotRun };
		let ended = async || Ok((!is_left(pid)).then_some(()));
		if eventually(PATIENCE, "it to end", ended).await.is_err() {
			return self.kill();
		}
		self.forget();
		Stopped::Ended
	}

	/// Ends it as a power failure would, and returns when it is gone.
	pub fn kill(&self) -> Stopped {
		let Some(pid) = self.signal(Signal::KILL) else { return Stopped::DidNotRun };
		while is_left(pid) {
			thread::sleep(Duration::from_millis(5));
		}
		self.forget();
		Stopped::Killed
	}

	/// Stops it where it is, as SIGSTOP does, until [`Daemon::go_on`]. Its connections stay, and nothing answers.
	pub fn hold(&self) {
		self.signal(Signal::STOP);
	}

	/// Has it go on after [`Daemon::hold`].
	pub fn go_on(&self) {
		self.signal(Signal::CONT);
	}

	/// Sends it a signal, if it runs. Returns its number.
	fn signal(&self, signal: Signal) -> Option<u32> {
		let pid = self.pid()?;
		let known = Pid::from_raw(pid.try_into().ok()?)?;
		kill_process(known, signal).is_ok().then_some(pid)
	}

	fn forget(&self) {
		// It may not be there, and nothing depends on it.
		let _ = fs::remove_file(&self.pid);
	}
}

/// A process, of one lifetime or the other.
enum Process {
	Detached(Child),
	Attached(Tethered),
}

impl Process {
	fn start(mut command: Command, log: File, lifetime: Lifetime) -> io::Result<Self> {
		let errors = log.try_clone()?;
		match lifetime {
			Lifetime::Detached => {
				command.stdin(Stdio::null()).stdout(log).stderr(errors).process_group(0);
				command.spawn().map(Self::Detached)
			},
			Lifetime::Attached => {
				let to_log = |started: &mut Command| {
					started.stdout(log).stderr(errors);
				};
				Tethered::spawn(&command, to_log).map(Self::Attached)
			},
		}
	}

	fn id(&self) -> u32 {
		match self {
			Self::Detached(child) => child.id(),
			Self::Attached(tethered) => tethered.id(),
		}
	}

	fn kill(&mut self) -> io::Result<()> {
		match self {
			Self::Detached(child) => child.kill(),
			Self::Attached(tethered) => tethered.kill(),
		}
	}

	fn wait(&mut self) -> io::Result<ExitStatus> {
		match self {
			Self::Detached(child) => child.wait(),
			Self::Attached(tethered) => tethered.wait(),
		}
	}
}

/// Whether anything is left of a process but its entry in the system's list, which its parent has yet to take away. Its
/// first thread ends before others, which have its files open, and locked, for a while more.
fn is_left(pid: u32) -> bool {
	let Ok(status) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
	// The state follows the name, which may have any letters in it.
	let state = status.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
	let threads = fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
	threads > 1 || !matches!(state, Some('Z' | 'X') | None)
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::process;

	/// The folder of the program, for the process that [`starts_a_program_and_is_killed`] is.
	const FOLDER: &str = "MEDBLOCK_TEST_FOLDER";

	fn sleeping(folder: &Path, lifetime: Lifetime) -> Daemon {
		let daemon = Daemon::named(folder, "sleeper");
		let mut command = Command::new("sleep");
		command.arg("60");
		daemon.start(command, lifetime).expect("it starts");
		daemon
	}

	fn folder(name: &str) -> PathBuf {
		let folder =
			std::env::temp_dir().join(format!("medblock-launcher-{name}-{}", process::id()));
		fs::create_dir_all(&folder).expect("a folder");
		folder
	}

	#[tokio::test]
	async fn a_program_is_found_again_until_it_has_ended() {
		let folder = folder("found");
		let daemon = sleeping(&folder, Lifetime::Attached);
		let again = Daemon::named(&folder, "sleeper");
		assert_eq!(again.pid(), daemon.pid());
		assert!(again.pid().is_some() && again.must_run("sleeper").is_ok());
		assert_eq!(again.stop().await, Stopped::Ended);
		assert_eq!((daemon.pid(), again.stop().await), (None, Stopped::DidNotRun));
		let why = daemon.must_run("sleeper").expect_err("it has ended");
		assert_eq!(why.to_string(), "sleeper ended: it wrote nothing");
		sleeping(&folder, Lifetime::Detached);
		assert_eq!((again.kill(), again.kill()), (Stopped::Killed, Stopped::DidNotRun));
		fs::remove_dir_all(folder).expect("it is there");
	}

	#[tokio::test]
	async fn a_program_that_is_held_runs_and_can_be_killed() {
		let folder = folder("held");
		let daemon = sleeping(&folder, Lifetime::Detached);
		let pid = daemon.pid().expect("it runs");
		for held in [true, false, true] {
			if held {
				daemon.hold();
			} else {
				daemon.go_on();
			}
			let changed = async || {
				let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
				let state = status.rsplit_once(')').map(|(_, rest)| rest.trim_start());
				let is_held = state.is_some_and(|state| state.starts_with('T'));
				Ok((is_held == held).then_some(()))
			};
			eventually(PATIENCE, "it to stop, or to go on", changed).await.expect("it does");
		}
		assert_eq!(daemon.kill(), Stopped::Killed);
		assert_eq!(daemon.pid(), None);
		fs::remove_dir_all(folder).expect("it is there");
	}

	#[tokio::test]
	async fn a_program_is_gone_when_its_last_thread_is() {
		// Its first thread ends, and another one goes on: so it is for a moment with each program that is killed.
		const OUTLIVED: &str = "import ctypes, threading, time\n\
			threading.Thread(target=time.sleep, args=[60]).start()\n\
			ctypes.CDLL(None).pthread_exit(None)";
		let folder = folder("threads");
		let daemon = Daemon::named(&folder, "outlived");
		let mut command = Command::new("python3");
		command.args(["-c", OUTLIVED]);
		daemon.start(command, Lifetime::Detached).expect("it starts");
		let pid = daemon.pid().expect("it runs");
		let first_has_ended = async || Ok(daemon.pid().is_none().then_some(()));
		eventually(PATIENCE, "the first thread to end", first_has_ended).await.expect("it ends");
		assert!(is_left(pid));
		kill_process(Pid::from_raw(pid.try_into().expect("a number")).expect("one"), Signal::KILL)
			.expect("it is there");
		let gone = async || Ok((!is_left(pid)).then_some(()));
		eventually(PATIENCE, "the other one to end", gone).await.expect("it ends");
		fs::remove_dir_all(folder).expect("it is there");
	}

	#[tokio::test]
	async fn an_attached_program_is_killed_with_the_process_that_has_started_it() {
		let folder = folder("attached");
		let mut parent = Command::new(std::env::current_exe().expect("this program"));
		parent.args(["--exact", "daemon::tests::starts_a_program_and_is_killed", "--ignored"]);
		parent.env(FOLDER, &folder);
		parent.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
		let mut parent = parent.spawn().expect("it starts");
		let daemon = Daemon::named(&folder, "sleeper");
		let begun = async || Ok(daemon.pid());
		let pid = eventually(PATIENCE, "the program to run", begun).await.expect("it runs");
		parent.kill().expect("it runs");
		parent.wait().expect("it ends");
		let gone = async || Ok((!is_left(pid)).then_some(()));
		eventually(PATIENCE, "the program to end", gone).await.expect("it ends");
		fs::remove_dir_all(folder).expect("it is there");
	}

	#[test]
	#[ignore = "a process that the other test starts"]
	fn starts_a_program_and_is_killed() {
		let Some(folder) = std::env::var_os(FOLDER) else { return };
		sleeping(Path::new(&folder), Lifetime::Attached);
		// Without the other test, it ends.
		thread::sleep(Duration::from_secs(60));
	}

	#[tokio::test]
	async fn a_number_that_another_program_has_now_is_left_alone() {
		let folder = folder("other");
		// This very process runs in another folder.
		fs::write(folder.join("sleeper.pid"), process::id().to_string()).expect("a file");
		let daemon = Daemon::named(&folder, "sleeper");
		assert_eq!(daemon.pid(), None);
		assert_eq!((daemon.kill(), daemon.stop().await), (Stopped::DidNotRun, Stopped::DidNotRun));
		fs::remove_dir_all(folder).expect("it is there");
	}
}

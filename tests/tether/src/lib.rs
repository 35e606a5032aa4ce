//! Programs that end with the process that has started them.
//!
//! A destructor runs when a test fails, but not when its process is killed, aborts or exits. A node or a gateway would go
//! on then, hold its ports and its memory, and be in the way of later tests.
//!
//! A second process, the guard, ends the program: it reads from a pipe that only the starting process can write to, and
//! which the system closes when that process is gone. Linux's own "signal at the parent's death" is of no use here: it is
//! sent when the *thread* ends that has started the program.

use std::{
	io::{self, Write},
	os::unix::process::CommandExt,
	process::{Child, ChildStderr, Command, ExitStatus, Stdio},
};

/// The shell of both scripts.
const SHELL: &str = "/bin/sh";

/// Waits for a line, and becomes the program, which has the process number of this shell. If the pipe ends without a line,
/// the starting process ended before there was a guard: nothing begins.
const BEGIN: &str = r#"read -r line && exec "$0" "$@" </dev/null"#;

/// The guard. A line tells it that the program has ended; without one, it kills the program.
const GUARD: &str = r#"read -r line || kill -9 "$0""#;

/// A program that is killed when this is dropped, and when this process ends in any way.
#[derive(Debug)]
pub struct Tethered {
	program: Child,
	/// Until the program has ended, and its number may be another program's.
	guard: Option<Child>,
}

impl Tethered {
	/// Starts a command: its program, arguments, environment variables and folder. It has nothing on standard input. A
	/// command does not tell what else was set, such as its outputs and its user: `set_up` sets these on the command that
	/// is started in its place.
	///
	/// Fails if the shell can't be started, or the user can't be taken. A program that does not exist ends with the exit
	/// code 127, after a word on standard error.
	pub fn spawn(command: &Command, set_up: impl FnOnce(&mut Command)) -> io::Result<Self> {
		let mut beginning = Command::new(SHELL);
		beginning.args(["-c", BEGIN]).arg(command.get_program()).args(command.get_args());
		for (name, value) in command.get_envs() {
			match value {
				Some(value) => beginning.env(name, value),
				None => beginning.env_remove(name),
			};
		}
		if let Some(folder) = command.get_current_dir() {
			beginning.current_dir(folder);
		}
		set_up(&mut beginning);
		let mut program = beginning.stdin(Stdio::piped()).spawn()?;
		// If there is no guard, the shell's input ends here, and so does the shell.
		let guard = guard_of(program.id())?;
		if let Some(mut input) = program.stdin.take() {
			// If something has killed it already, its exit code says so.
			let _ = input.write_all(b"\n");
		}
		Ok(Self { program, guard: Some(guard) })
	}

	/// Its process number.
	pub fn id(&self) -> u32 {
		self.program.id()
	}

	/// What it writes to standard error, once, if that was set to be a pipe.
	pub fn stderr(&mut self) -> Option<ChildStderr> {
		self.program.stderr.take()
	}

	/// Kills it. Its number is taken until [`Tethered::wait`] returns.
	pub fn kill(&mut self) -> io::Result<()> {
		self.program.kill()
	}

	/// Waits until it has ended.
	pub fn wait(&mut self) -> io::Result<ExitStatus> {
		let status = self.program.wait()?;
		self.release();
		Ok(status)
	}

	/// How it has ended, if it has.
	pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
		let status = self.program.try_wait()?;
		if status.is_some() {
			self.release();
		}
		Ok(status)
	}

	/// Ends the guard of a program that has ended.
	fn release(&mut self) {
		let Some(mut guard) = self.guard.take() else { return };
		if let Some(input) = &mut guard.stdin {
			// A guard that was killed reads nothing, and kills nothing.
			let _ = input.write_all(b"\n");
		}
		let _ = guard.wait();
	}
}

impl Drop for Tethered {
	fn drop(&mut self) {
		// A program that has ended is left alone.
		let _ = self.kill();
		let _ = self.wait();
	}
}

/// Starts the guard of a process. It is in a group of its own, out of reach of signals to the group of tests, and in no
/// folder that may have to go.
fn guard_of(process: u32) -> io::Result<Child> {
	Command::new(SHELL)
		.args(["-c", GUARD, &process.to_string()])
		.current_dir("/")
		.process_group(0)
		.stdin(Stdio::piped())
		.stdout(Stdio::null())
		.stderr(Stdio::null())
		.spawn()
}

#[cfg(test)]
mod tests;

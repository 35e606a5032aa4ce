//! A process that keeps accounts unlocked for a while: asking it, and starting it.
//!
//! It serves one user, at a socket in the user's runtime folder. Both ends check that the other one is that user.

mod place;
mod serving;
mod wire;

pub use serving::{LONGEST, serve};

use crate::exit::{Code, Failure};
use medblock_keystore::{Account, Held, Keystore, Name};
use place::Place;
use std::{
	env, fs,
	io::{self, ErrorKind, Read},
	path::Path,
	process::{Command, Stdio},
	time::Duration,
};
use tokio::{net::UnixStream, time::timeout};
use wire::{Answer, Asked, Question, Unlocked};
use zeroize::Zeroizing;

/// The hidden command that is this process.
pub const COMMAND: &str = "agent";

/// How long one of the two waits for the other.
const PATIENCE: Duration = Duration::from_secs(5);

/// An account as the agent holds it, opened; nothing if there is no agent, or it has nothing that opens the account.
pub async fn unlocked(home: &Path, keystore: &Keystore, name: &Name) -> Option<Account> {
	let question = Question::Give { home: named(home)?, name: name.clone() };
	let Ok(Some((_, held))) = ask(question, &[]).await else { return None };
	if held.is_empty() {
		return None;
	}
	// If it can't be opened like this, the passphrase says why.
	keystore.unlock_held(name, Held::from_bytes(held)).await.ok().flatten()
}

/// Has an account held for so many seconds. Starts the agent if there is none.
pub async fn hold(home: &Path, name: &Name, held: &Held, seconds: u64) -> Result<u64, Failure> {
	let home = named(home).ok_or_else(|| failed(ErrorKind::NotFound.into()))?;
	let question = || Question::Hold { home: home.clone(), name: name.clone(), seconds };
	let answered = match ask(question(), held.bytes()).await.map_err(failed)? {
		Some(answered) => Some(answered),
		None => {
			start().map_err(failed)?;
			ask(question(), held.bytes()).await.map_err(failed)?
		},
	};
	let until =
		answered.and_then(|(answer, _)| answer.accounts.into_iter().find(|one| one.name == *name));
	until.map(|one| one.until).ok_or_else(|| failed(io::Error::other("it ended at once")))
}

/// Has one account locked again, or all of a folder. Returns those that were unlocked.
pub async fn lock(home: &Path, name: Option<&Name>) -> Result<Vec<Name>, Failure> {
	let Some(home) = named(home) else { return Ok(Vec::new()) };
	let answered = ask(Question::Lock { home, name: name.cloned() }, &[]).await.map_err(failed)?;
	let accounts = answered.map(|(answer, _)| answer.accounts).unwrap_or_default();
	Ok(accounts.into_iter().map(|one| one.name).collect())
}

/// The accounts of a folder that are unlocked now, and until when: in milliseconds since 1970.
pub async fn list(home: &Path) -> Vec<Unlocked> {
	let Some(home) = named(home) else { return Vec::new() };
	match ask(Question::List { home }, &[]).await {
		Ok(Some((answer, _))) => answer.accounts,
		_ => Vec::new(),
	}
}

/// Asks the agent; nothing if there is none.
async fn ask(
	question: Question,
	secret: &[u8],
) -> io::Result<Option<(Answer, Zeroizing<Vec<u8>>)>> {
	let asking = async {
		let Some(place) = Place::found()? else { return Ok(None) };
		let mut stream = match UnixStream::connect(place.socket()).await {
			Ok(stream) => stream,
			// Nothing is there, or what was there was killed.
			Err(why)
				if matches!(why.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) =>
			{
				return Ok(None);
			},
			Err(why) => return Err(why),
		};
		place::ensure_own(&stream)?;
		wire::write(&mut stream, &Asked::now(question), secret).await?;
		wire::read(&mut stream).await.map(Some)
	};
	timeout(PATIENCE, asking).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}

/// Starts the agent. It can be asked when this returns.
// It outlives this program.
#[allow(clippy::zombie_processes)]
fn start() -> io::Result<()> {
	let mut command = Command::new(env::current_exe()?);
	command.arg(COMMAND).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
	// It keeps no folder of the user's in use.
	command.current_dir("/");
	let mut child = command.spawn()?;
	let mut told = [0];
	// It prints one byte when it listens, and closes its output when it does not.
	let listens = child.stdout.take().map(|mut output| output.read(&mut told)).transpose()?;
	if listens == Some(1) {
		return Ok(());
	}
	let mut said = String::new();
	if let Some(errors) = child.stderr.take() {
		errors.take(4_096).read_to_string(&mut said)?;
	}
	child.wait()?;
	Err(io::Error::other(said.trim().trim_start_matches("error: ").to_owned()))
}

/// A folder's name for the agent, which may have been started elsewhere; none if there is no such folder.
fn named(home: &Path) -> Option<String> {
	let whole = fs::canonicalize(home).ok()?;
	Some(hex::encode(whole.as_os_str().as_encoded_bytes()))
}

fn failed(why: io::Error) -> Failure {
	Failure::new(Code::Local, format!("cannot keep accounts unlocked here: {why}"))
}

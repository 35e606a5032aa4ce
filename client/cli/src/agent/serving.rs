//! The agent's own side: it holds accounts until their time is over, and ends with the last one.

use super::{
	PATIENCE,
	place::{self, Place},
	wire::{self, Answer, Asked, Question, Unlocked},
};
use crate::exit::{Code, Failure};
use medblock_keystore::Name;
use medblock_platform::clock;
use std::{
	collections::BTreeMap,
	fs::{self, File, TryLockError},
	io::{self, Write, stdout},
	os::unix::fs::PermissionsExt,
	path::PathBuf,
	time::Duration,
};
use tokio::{
	net::{UnixListener, UnixStream},
	time::{Instant, sleep_until, timeout},
};
use zeroize::Zeroizing;

/// How long an agent without accounts waits for the first one.
const IDLE: Duration = Duration::from_secs(10);

/// How often the clock is looked at: a machine that was asleep has not counted that time.
const LOOK: Duration = Duration::from_secs(15);

/// The longest time for which an account is held, in seconds.
pub const LONGEST: u64 = 12 * 60 * 60;

/// Holds accounts until the last one's time is over. Prints one byte when it can be asked.
pub async fn serve() -> Result<(), Failure> {
	let failed = |why| Failure::new(Code::Local, why);
	// The terminal that it was started from may be closed.
	let _ = rustix::process::setsid();
	hide();
	let place = Place::made().map_err(failed)?;
	let Some(listening) = Listening::at(&place).map_err(failed)? else {
		// Another agent runs already.
		return tell().map_err(failed);
	};
	tell().map_err(failed)?;
	listening.answer().await.map_err(failed)
}

/// Says to the program that has started this one that it can be asked.
fn tell() -> io::Result<()> {
	let mut out = stdout().lock();
	out.write_all(b"\n")?;
	out.flush()
}

/// Keeps secrets out of core dumps and other processes' sight, and out of swap where that is allowed. What can't be hidden
/// now is as it is in every other command.
fn hide() {
	#[cfg(target_os = "linux")]
	{
		use rustix::{
			mm::{MlockAllFlags, mlockall},
			process::{DumpableBehavior, Resource, getrlimit, set_dumpable_behavior},
		};
		let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
		// With a limit, memory that is asked for later could be refused.
		if getrlimit(Resource::Memlock).current.is_none() {
			let _ =
				mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT);
		}
	}
}

/// The socket. It is removed when dropped.
struct Listening {
	listener: UnixListener,
	socket: PathBuf,
	/// Locked as long as this agent runs, so that there is one.
	_lock: File,
}

impl Drop for Listening {
	fn drop(&mut self) {
		let _ = fs::remove_file(&self.socket);
	}
}

impl Listening {
	/// Listens; nothing if another agent does.
	fn at(place: &Place) -> io::Result<Option<Self>> {
		let lock = File::options().create(true).truncate(false).write(true).open(place.lock())?;
		match lock.try_lock() {
			Ok(()) => (),
			Err(TryLockError::WouldBlock) => return Ok(None),
			Err(TryLockError::Error(why)) => return Err(why),
		}
		let socket = place.socket();
		// One that was killed has left it.
		match fs::remove_file(&socket) {
			Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
			_ => (),
		}
		let listener = UnixListener::bind(&socket)?;
		fs::set_permissions(&socket, fs::Permissions::from_mode(0o600))?;
		Ok(Some(Self { listener, socket, _lock: lock }))
	}

	async fn answer(self) -> io::Result<()> {
		let mut accounts = Accounts::default();
		let mut idle_until = Some(Instant::now() + IDLE);
		loop {
			let look = Instant::now() + LOOK;
			let next = accounts.next_end().or(idle_until).unwrap_or(look).min(look);
			tokio::select! {
				stream = self.listener.accept() => {
					// One that says nothing, or nonsense, is not answered.
					let _ = timeout(PATIENCE, reply(&mut accounts, stream?.0)).await;
				},
				() = sleep_until(next) => {},
			}
			accounts.end_those_that_are_over();
			if !accounts.0.is_empty() {
				idle_until = None;
			} else if idle_until.is_none_or(|until| until <= Instant::now()) {
				return Ok(());
			}
		}
	}
}

async fn reply(accounts: &mut Accounts, mut stream: UnixStream) -> io::Result<()> {
	place::ensure_own(&stream)?;
	let (asked, secret) = wire::read::<Asked>(&mut stream).await?;
	accounts.end_those_that_are_over();
	let (answer, secret) = accounts.answer(asked.question()?, secret);
	wire::write(&mut stream, &answer, &secret).await
}

/// The accounts that are unlocked, by their folders and names.
#[derive(Default)]
struct Accounts(BTreeMap<(String, Name), One>);

struct One {
	secret: Zeroizing<Vec<u8>>,
	/// The end by a clock that is never set, and by the one that goes on while the machine is asleep: whichever is first.
	end: Instant,
	until: u64,
}

impl Accounts {
	fn answer(
		&mut self,
		question: Question,
		secret: Zeroizing<Vec<u8>>,
	) -> (Answer, Zeroizing<Vec<u8>>) {
		let nothing = || Zeroizing::new(Vec::new());
		match question {
			Question::Hold { home, name, seconds } => {
				let seconds = seconds.min(LONGEST);
				let until = clock::now().saturating_add(seconds.saturating_mul(1_000));
				let end = Instant::now() + Duration::from_secs(seconds);
				let accounts = vec![Unlocked { name: name.clone(), until }];
				self.0.insert((home, name), One { secret, end, until });
				(Answer { accounts }, nothing())
			},
			Question::Give { home, name } => match self.0.get(&(home, name.clone())) {
				Some(one) => {
					let accounts = vec![Unlocked { name, until: one.until }];
					(Answer { accounts }, one.secret.clone())
				},
				None => (Answer::default(), nothing()),
			},
			Question::Lock { home, name } => {
				let is_meant = |(of, one): &(String, Name)| {
					*of == home && name.as_ref().is_none_or(|name| name == one)
				};
				let accounts = self.listed(is_meant);
				self.0.retain(|key, _| !is_meant(key));
				(Answer { accounts }, nothing())
			},
			Question::List { home } => {
				(Answer { accounts: self.listed(|(of, _)| *of == home) }, nothing())
			},
		}
	}

	fn listed(&self, is_meant: impl Fn(&(String, Name)) -> bool) -> Vec<Unlocked> {
		let meant = self.0.iter().filter(|(key, _)| is_meant(key));
		meant.map(|((_, name), one)| Unlocked { name: name.clone(), until: one.until }).collect()
	}

	fn next_end(&self) -> Option<Instant> {
		self.0.values().map(|one| one.end).min()
	}

	fn end_those_that_are_over(&mut self) {
		let (now, time) = (Instant::now(), clock::now());
		self.0.retain(|_, one| one.end > now && one.until > time);
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn name(text: &str) -> Name {
		text.parse().unwrap()
	}

	fn secret(text: &str) -> Zeroizing<Vec<u8>> {
		Zeroizing::new(text.as_bytes().to_vec())
	}

	fn holding(names: &[&str], seconds: u64) -> Accounts {
		let mut accounts = Accounts::default();
		for one in names {
			let question = Question::Hold { home: "a".into(), name: name(one), seconds };
			let (answer, given) = accounts.answer(question, secret(one));
			assert_eq!((answer.accounts.len(), given.len()), (1, 0));
		}
		accounts
	}

	fn given(accounts: &mut Accounts, home: &str, one: &str) -> Vec<u8> {
		let question = Question::Give { home: home.into(), name: name(one) };
		accounts.answer(question, secret("")).1.to_vec()
	}

	#[tokio::test]
	async fn account_is_given_by_its_name_and_folder_until_it_is_locked() {
		let mut accounts = holding(&["maria", "jan"], 60);
		assert_eq!(given(&mut accounts, "a", "maria"), b"maria");
		assert_eq!(given(&mut accounts, "b", "maria"), b"", "of another folder");
		assert_eq!(given(&mut accounts, "a", "eve"), b"");
		let lock = |name| Question::Lock { home: "a".into(), name };
		let (locked, _) = accounts.answer(lock(Some(name("maria"))), secret(""));
		assert_eq!(locked.accounts[0].name, name("maria"));
		assert_eq!(given(&mut accounts, "a", "maria"), b"");
		assert_eq!(given(&mut accounts, "a", "jan"), b"jan");
		let (all, _) = accounts.answer(Question::List { home: "a".into() }, secret(""));
		assert_eq!(all.accounts.len(), 1);
		let (locked, _) = accounts.answer(lock(None), secret(""));
		assert_eq!(locked.accounts.len(), 1);
		assert!(accounts.0.is_empty());
	}

	#[tokio::test]
	async fn account_ends_with_its_time_by_either_clock() {
		let mut accounts = holding(&["maria"], 0);
		accounts.end_those_that_are_over();
		assert!(accounts.0.is_empty());
		let mut accounts = holding(&["maria", "jan", "eve"], u64::MAX);
		let longest = clock::now() + LONGEST * 1_000;
		assert!(accounts.0.values().all(|one| one.until <= longest), "never for longer");
		for (key, one) in &mut accounts.0 {
			match key.1.as_str() {
				// The machine was asleep.
				"maria" => one.until = clock::now(),
				// Its clock was set back.
				"jan" => one.end = Instant::now(),
				_ => (),
			}
		}
		accounts.end_those_that_are_over();
		assert_eq!(accounts.listed(|_| true)[0].name, name("eve"));
		assert_eq!(accounts.0.len(), 1);
	}
}

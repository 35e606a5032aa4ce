//! MedBlock's programs, as people run them.

use crate::{Error, Result};
use serde_json::Value;
use std::{
	ffi::OsStr,
	fs::{self, File},
	io::Read,
	path::{Path, PathBuf},
	process::{Output, Stdio},
	time::Duration,
};
use tokio::{
	io::{AsyncBufReadExt, BufReader},
	process::Command,
	time::timeout,
};

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// What the exit code is of a command that took longer, as of `timeout`.
const TIMED_OUT: i32 = 124;

/// What `medblock` may read its options from, besides its command line.
const ENVIRONMENT: [&str; 5] = [
	"MEDBLOCK_ACCOUNT",
	"MEDBLOCK_FORMER",
	"MEDBLOCK_HOME",
	"MEDBLOCK_NODE",
	"MEDBLOCK_PASSPHRASE_FILE",
];

/// What may send `medblock` through a proxy.
const PROXIES: [&str; 6] =
	["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/// Where one of our programs is: beside this one, or above it, where cargo puts those that it builds.
pub fn binary(name: &str) -> Result<PathBuf> {
	let own = std::env::current_exe()?;
	let mut candidates = own.ancestors().skip(1).map(|folder| folder.join(name));
	candidates.find(|path| path.is_file()).ok_or_else(|| Error::NotBuilt(name.to_owned()))
}

/// What a command prints, if it succeeds. Else the last line that it says is the error, after `what`.
pub async fn printed_by(mut command: Command, what: &str) -> Result<Vec<u8>> {
	let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await?;
	if output.status.success() {
		return Ok(output.stdout);
	}
	let said = String::from_utf8_lossy(&output.stderr);
	let why = said.lines().last().unwrap_or("it said nothing");
	Err(Error::other(format!("{what}: {why}")))
}

/// The `medblock` of one person: their folder, and the nodes that they use.
pub struct Program {
	home: PathBuf,
	passphrase: PathBuf,
	nodes: String,
}

/// What came of a command.
#[derive(Debug)]
pub struct Ran {
	/// Its exit code.
	pub code: i32,
	/// Its standard output.
	pub printed: String,
	/// Its standard error.
	pub said: String,
}

impl Ran {
	fn of(output: &Output) -> Self {
		let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
		Self {
			// What was killed has none.
			code: output.status.code().unwrap_or(-1),
			printed: text(&output.stdout),
			said: text(&output.stderr),
		}
	}

	/// The one JSON document that it printed.
	pub fn json(&self) -> Result<Value> {
		serde_json::from_str(&self.printed)
			.map_err(|why| Error::other(format!("no JSON was printed: {why}: {self:?}")))
	}
}

impl Program {
	/// The program of a person with this folder, which has the passphrase of their accounts, too.
	pub fn at(home: &Path, nodes: &[String]) -> Result<Self> {
		fs::create_dir_all(home).map_err(|_| Error::NoFolder(home.to_owned()))?;
		Self::sharing(&home.join("passphrase"), home, nodes)
	}

	/// As [`Program::at`], with a passphrase that other people may share. It is made if it is missing.
	pub fn sharing(passphrase: &Path, home: &Path, nodes: &[String]) -> Result<Self> {
		if !passphrase.exists() {
			let mut random = [0; 24];
			File::open("/dev/urandom")?.read_exact(&mut random)?;
			fs::write(passphrase, bs58::encode(random).into_string() + "\n")?;
		}
		let (home, passphrase) = (home.to_owned(), passphrase.to_owned());
		Ok(Self { home, passphrase, nodes: nodes.join(",") })
	}

	/// Where it keeps things.
	pub fn home(&self) -> &Path {
		&self.home
	}

	/// The file with the passphrase of its accounts.
	pub fn passphrase_file(&self) -> &Path {
		&self.passphrase
	}

	/// Runs it with these words, and those that say where its accounts and the nodes are. It is ended
	/// after three minutes.
	pub async fn run(&self, words: &[&str]) -> Result<Ran> {
		self.run_in::<&str, &str>(words, &[]).await
	}

	/// As [`Program::run`], with these environment variables.
	pub async fn run_in<Name: AsRef<OsStr>, Content: AsRef<OsStr>>(
		&self,
		words: &[&str],
		environment: &[(Name, Content)],
	) -> Result<Ran> {
		let mut command = self.command(words)?;
		command.envs(environment.iter().map(|(name, content)| (name, content)));
		let Ok(output) = timeout(PATIENCE, command.output()).await else {
			let said = "it took too long".to_owned();
			return Ok(Ran { code: TIMED_OUT, printed: String::new(), said });
		};
		Ok(Ran::of(&output?))
	}

	/// As [`Program::run`], and kills it at once after this time, as `kill -9` does. It has printed little, if anything, by
	/// then. What was killed has the code -1.
	pub async fn run_for(&self, words: &[&str], time: Duration) -> Result<Ran> {
		let mut command = self.command(words)?;
		let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
		if timeout(time, child.wait()).await.is_err() {
			// Returns when it has ended.
			child.kill().await?;
		}
		Ok(Ran::of(&child.wait_with_output().await?))
	}

	/// The command with these words, and those that say where its accounts and the nodes are.
	pub fn command(&self, words: &[&str]) -> Result<Command> {
		let mut command = Command::new(binary("medblock")?);
		command.args(words).arg("--home").arg(&self.home);
		command.arg("--passphrase-file").arg(&self.passphrase);
		command.args(["--node", &self.nodes]).stdin(Stdio::null()).kill_on_drop(true);
		for name in ENVIRONMENT.iter().chain(&PROXIES) {
			command.env_remove(name);
		}
		Ok(command)
	}

	/// Runs a command that goes on by itself, until it prints a line that has this text. Gives that line, and ends the
	/// command.
	pub async fn follow(&self, words: &[&str], text: &str) -> Result<String> {
		let mut running = self.command(words)?.stdout(Stdio::piped()).spawn()?;
		let printed = running.stdout.take().ok_or_else(|| Error::other("it prints nothing"))?;
		let mut lines = BufReader::new(printed).lines();
		let reading = async {
			while let Some(line) = lines.next_line().await? {
				if line.contains(text) {
					return Ok(line);
				}
			}
			Err(Error::other(format!("{words:?} ends without {text}")))
		};
		let late = |_| Err(Error::other(format!("{words:?} does not print {text} in time")));
		let read = timeout(PATIENCE, reading).await.unwrap_or_else(late);
		running.kill().await?;
		read
	}

	/// The JSON that a command prints, which has to succeed.
	pub async fn does(&self, words: &[&str]) -> Result<Value> {
		let ran = self.run(&[words, &["--json", "--quiet"]].concat()).await?;
		match ran.code {
			0 => ran.json(),
			code => {
				let Ran { printed, said, .. } = ran;
				Err(Error::other(format!("{words:?} exits with {code}: {said}{printed}")))
			},
		}
	}

	/// Makes a new account, which is used from then on.
	pub async fn makes_account(&self) -> Result<()> {
		self.does(&["account", "new", "me"]).await.map(drop)
	}

	/// Takes a well-known account of the presets, such as `Alice//stash`, for its own.
	pub async fn takes_account(&self, path: &str) -> Result<()> {
		self.does(&["account", "import", "me", "--dev", path]).await.map(drop)
	}
}

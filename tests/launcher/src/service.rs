//! What `systemctl`, `journalctl` and `chown` are on a drill's machine.

use crate::{Error, Lifetime, Machine, Result, Stopped, Up, binary};
use rustix::process::{getgid, getuid};
use std::{fs, process::Command, str::FromStr};

/// A service of the packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
	/// `medblock-node`.
	Node,
	/// `medblock-gateway`.
	Gateway,
}

impl Service {
	/// The unit's name.
	pub fn name(self) -> &'static str {
		match self {
			Self::Node => "medblock-node",
			Self::Gateway => "medblock-gateway",
		}
	}
}

impl FromStr for Service {
	type Err = Error;

	fn from_str(word: &str) -> Result<Self> {
		let mut both = [Self::Node, Self::Gateway].into_iter();
		let problem = || Error::other(format!("there is no service {word}"));
		both.find(|one| one.name() == word).ok_or_else(problem)
	}
}

/// `systemctl`, with the words that runbooks use.
pub async fn systemctl(machine: &Machine<'_>, words: &[String]) -> Result<()> {
	let words: Vec<&str> = words.iter().map(String::as_str).collect();
	let (action, now, services) = match &words[..] {
		[action, "--now", services @ ..] => (*action, true, services),
		[action, services @ ..] => (*action, false, services),
		[] => return Err(Error::other("systemctl wants a command")),
	};
	for service in services {
		let service = service.parse()?;
		match action {
			"start" => start(machine, service).await?,
			"stop" => stop(machine, service).await?,
			"restart" => {
				stop(machine, service).await?;
				start(machine, service).await?;
			},
			// A drill's machine is never booted.
			"enable" if now => start(machine, service).await?,
			"disable" if now => stop(machine, service).await?,
			// Starts are not counted here.
			"enable" | "disable" | "reset-failed" => {},
			_ => return Err(Error::other(format!("there is no systemctl {action} here"))),
		}
	}
	Ok(())
}

async fn start(machine: &Machine<'_>, service: Service) -> Result<()> {
	let daemon = machine.daemon(service)?;
	if daemon.pid().is_some() {
		return Ok(());
	}
	let node = machine.node()?;
	match (service, machine.founder()) {
		(Service::Node, Some(hospital)) => {
			// The first three are those that the network gives each: that it is a validator, and its name.
			let arguments = options(machine)?.into_iter().skip(3).collect();
			let up = Up { only: vec![hospital], arguments, ..Up::default() };
			machine.network()?.up(&up).await
		},
		(Service::Node, None) => {
			let mut command = node.command()?;
			command.arg("--no-prometheus").args(options(machine)?);
			daemon.start(command, Lifetime::Detached)
		},
		(Service::Gateway, _) => {
			let mut command = Command::new(binary(service.name())?);
			command.args(["--hospital", &machine.hospital().to_string(), "--node", &node.url()]);
			command.args(["--witness", &machine.witness()?.url()]);
			command.args(["--url", &machine.gateway()]);
			command.args(["--listen", &format!("127.0.0.1:{}", machine.gateway_port())]);
			command.arg("--data").arg(machine.folder().join("vault"));
			daemon.start(command, Lifetime::Detached)
		},
	}
}

/// The node's options as systemd takes them, word by word.
fn options(machine: &Machine<'_>) -> Result<Vec<String>> {
	let file = fs::read_to_string(machine.folder().join("etc/node.env"))?;
	let line =
		file.lines().filter_map(|line| line.strip_prefix("MEDBLOCK_NODE_OPTIONS=")).next_back();
	Ok(line.unwrap_or_default().split_whitespace().map(str::to_owned).collect())
}

async fn stop(machine: &Machine<'_>, service: Service) -> Result<()> {
	match machine.daemon(service)?.stop().await {
		Stopped::Killed => Err(Error::other(format!("{} does not end", service.name()))),
		Stopped::DidNotRun | Stopped::Ended => Ok(()),
	}
}

/// `journalctl --namespace=SERVICE --lines NUMBER --no-pager`, which is all that runbooks use: as the
/// services are set up, only their own journals have what they say.
pub fn journalctl(machine: &Machine<'_>, words: &[String]) -> Result<String> {
	let words: Vec<&str> = words.iter().map(String::as_str).collect();
	let asked = match &words[..] {
		[namespace, "--lines", number, "--no-pager"] => {
			namespace.strip_prefix("--namespace=").zip(number.parse().ok())
		},
		_ => None,
	};
	let Some((service, lines)) = asked else {
		let why = "only --namespace=NAME --lines NUMBER --no-pager is understood here";
		return Err(Error::other(why));
	};
	Ok(machine.daemon(service.parse()?)?.last_lines(lines))
}

/// `chown`, where the user who runs the drill is all users. Gives its exit code.
pub fn chown(words: &[String]) -> Result<i32> {
	let own = format!("{}:{}", getuid().as_raw(), getgid().as_raw());
	let words = words.iter().map(|word| match word.as_str() {
		"medblock-node:" | "medblock-gateway:" => &own,
		_ => word,
	});
	let status = Command::new("/bin/chown").args(words).status()?;
	Ok(status.code().unwrap_or(1))
}

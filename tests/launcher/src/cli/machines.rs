//! `medblock-launcher machines`.

use super::network::base_port;
use clap::{Args, Subcommand};
use medblock_launcher::{Condition, Error, Fact, Machines as All, Result, Up};
use serde_json::Value;
use std::{path::PathBuf, process::ExitCode};

#[derive(Args)]
pub struct Machines {
	/// The folder of all of them
	#[arg(long, value_name = "FOLDER")]
	dir: PathBuf,
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Make room for machines
	Create {
		/// The first of twenty ports
		#[arg(long, value_name = "PORT", value_parser = base_port)]
		base_port: u16,
	},
	/// Begin a chain of four, with these settings in its genesis
	Begin {
		/// A setting of the consortium
		#[arg(value_name = "SETTING=VALUE", value_parser = setting)]
		settings: Vec<(String, Value)>,
	},
	/// Add a machine besides the founders', with nothing running on it
	Add {
		/// What it is called
		name: String,
		/// Its place among the ports
		place: u16,
		/// The number of its hospital
		hospital: u16,
		/// The well-known account that acts for it
		account: String,
	},
	/// Start a founder's node with these environment variables, and do not wait for it
	Start {
		/// The machine
		name: String,
		/// A variable of the environment
		#[arg(value_name = "NAME=VALUE", value_parser = variable)]
		environment: Vec<(String, String)>,
	},
	/// Print something about a machine
	Show {
		/// The machine
		name: String,
		/// What to print
		fact: Fact,
	},
	/// Print the result of a question to a machine's node
	Ask {
		/// The machine
		name: String,
		/// The method
		method: String,
		/// Its parameters as JSON
		#[arg(default_value = "[]", value_parser = json)]
		parameters: Value,
	},
	/// Succeed if something holds of a machine now
	Check {
		/// The machine
		name: String,
		/// What has to hold
		#[command(subcommand)]
		condition: Condition,
	},
	/// End everything that runs on them
	End,
}

fn variable(word: &str) -> std::result::Result<(String, String), String> {
	let pair = word.split_once('=').ok_or_else(|| format!("{word} has no value"))?;
	Ok((pair.0.to_owned(), pair.1.to_owned()))
}

fn json(word: &str) -> std::result::Result<Value, String> {
	word.parse().map_err(|why| format!("{word}: {why}"))
}

fn setting(word: &str) -> std::result::Result<(String, Value), String> {
	let (name, value) = variable(word)?;
	Ok((name, json(&value)?))
}

impl Machines {
	pub async fn run(self) -> Result<ExitCode> {
		if let Command::Create { base_port } = self.command {
			return All::create(&self.dir, base_port).map(|_| ExitCode::SUCCESS);
		}
		let mut all = All::open(&self.dir)?;
		match self.command {
			Command::Create { .. } => {},
			Command::Begin { settings } => all.begin(&settings).await?,
			Command::Add { name, place, hospital, account } => {
				all.add(&name, place, hospital, &account).await?;
			},
			Command::Start { name, environment } => {
				let machine = all.machine(&name)?;
				let founder = machine.founder();
				let hospital =
					founder.ok_or_else(|| Error::other(format!("{name} is no founder's")))?;
				let up = Up { environment, ..Up::default() };
				machine.network()?.start(hospital, &up)?;
			},
			Command::Show { name, fact } => {
				println!("{}", all.machine(&name)?.fact(fact).await?);
			},
			Command::Ask { name, method, parameters } => {
				let answer: Value = all.machine(&name)?.rpc()?.ask(&method, parameters).await?;
				println!("{answer}");
			},
			Command::Check { name, condition } => {
				let holds = all.machine(&name)?.holds(condition).await?;
				return Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE });
			},
			Command::End => all.end().await?,
		}
		Ok(ExitCode::SUCCESS)
	}
}

//! The client's folder and the settings in it.

use crate::exit::{Code, Failure};
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use medblock_keystore::Name;
use medblock_platform::{disk, text};
use rustix::process::geteuid;
use serde::{Deserialize, Deserializer, de::Error};
use std::{
	env, fs,
	io::ErrorKind,
	os::unix::fs::MetadataExt,
	path::{Path, PathBuf},
};

/// The longest configuration that is read, in bytes.
const MAX_LENGTH: usize = 64 * 1_024;

/// The settings in `config.toml`. All are optional.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
	/// The nodes to ask, of two hospitals at least.
	#[serde(default, deserialize_with = "nodes")]
	pub nodes: Vec<String>,
	/// The acting account if the command line names none.
	#[serde(default, deserialize_with = "account")]
	pub account: Option<Name>,
}

fn nodes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
	Ok(addresses(&Vec::<String>::deserialize(from)?))
}

/// The addresses that are not empty, without the blanks that lists have around them.
pub fn addresses(typed: &[String]) -> Vec<String> {
	typed.iter().map(|url| url.trim()).filter(|url| !url.is_empty()).map(str::to_owned).collect()
}

/// The name, unless it is empty: that is as if there were none.
fn account<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Name>, D::Error> {
	match String::deserialize(from)? {
		empty if empty.is_empty() => Ok(None),
		name => Name::try_from(name).map(Some).map_err(D::Error::custom),
	}
}

impl Config {
	/// Reads `config.toml` in the client's folder. Without the file, all settings are empty.
	pub fn load(home: &Path) -> Result<Self, Failure> {
		let path = home.join("config.toml");
		let bytes = match disk::read(&path, MAX_LENGTH) {
			Ok(bytes) => bytes,
			Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Self::default()),
			Err(why) => return Err(Failure::file("read", &path, &why)),
		};
		let wrong = |why: &dyn std::fmt::Display| {
			Failure::new(Code::Local, format!("{} is wrong: {why}", path.display()))
		};
		let text = text::decoded(&bytes).map_err(|why| wrong(&why))?;
		toml::from_str(&text).map_err(|why| wrong(&why))
	}
}

/// The folder with this person's accounts and settings: the named one, or `medblock` in the user's
/// data folder (XDG base directories; `~/.local/share` on Linux).
pub fn home(named: Option<&Path>) -> Result<PathBuf, Failure> {
	if let Some(folder) = named {
		return Ok(folder.to_owned());
	}
	let application = AppStrategyArgs {
		top_level_domain: "org".into(),
		author: "MedBlock".into(),
		app_name: "medblock".into(),
	};
	let folder = choose_app_strategy(application).ok().map(|strategy| strategy.data_dir());
	// An empty HOME would make it a folder of wherever the program runs.
	let folder = folder.filter(|folder| folder.is_absolute()).ok_or_else(|| {
		Failure::new(Code::Local, "there is no home folder here: name one with --home")
	})?;
	let caller = env::var("SUDO_UID").ok().filter(|_| geteuid().is_root());
	match caller.is_some_and(|caller| is_of(&folder, &caller)) {
		true => Err(Failure::usage(format!(
			"sudo has left your own home in the environment, and what root writes into {}, you could no longer use: run \
			 this without sudo, or name a folder with --home",
			folder.display(),
		))),
		false => Ok(folder),
	}
}

/// Whether a folder, or the one in which it would be made, is this user's, who is not root.
fn is_of(folder: &Path, user: &str) -> bool {
	let found = folder.ancestors().find_map(|one| fs::metadata(one).ok());
	found.is_some_and(|found| found.uid() != 0 && found.uid().to_string() == user)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn config(text: &str) -> Result<Config, Failure> {
		let home = tempfile::tempdir().unwrap();
		std::fs::write(home.path().join("config.toml"), text).unwrap();
		Config::load(home.path())
	}

	#[test]
	fn settings_are_optional() {
		let empty = tempfile::tempdir().unwrap();
		assert_eq!(Config::load(empty.path()).unwrap(), Config::default());
		assert_eq!(config("").unwrap(), Config::default());
		// As unset ones.
		assert_eq!(config("nodes = ['']\naccount = ''").unwrap(), Config::default());
		assert_eq!(config("\u{feff}nodes = []\r\n").unwrap(), Config::default());
		let all = config("nodes = ['ws://a:1 ', ' ws://b:2', ' ']\naccount = 'maria'").unwrap();
		assert_eq!(all.nodes, ["ws://a:1", "ws://b:2"]);
		assert_eq!(all.account, Some("maria".parse().unwrap()));
	}

	#[test]
	fn wrong_settings_are_refused() {
		for text in ["node = ['a']", "nodes = 3", "account = '../up'", "[", "\u{0}"] {
			assert_eq!(config(text).unwrap_err().code, Code::Local, "{text}");
		}
	}

	#[test]
	fn endless_settings_are_refused() {
		let failure = config(&"#".repeat(MAX_LENGTH + 1)).unwrap_err();
		assert_eq!(failure.code, Code::Local);
		assert!(failure.message.contains("longer than"), "{}", failure.message);
	}

	/// As sudo leaves it on some systems, and with `-E` on all.
	#[test]
	fn home_of_who_calls_root_is_known() {
		let home = tempfile::tempdir().unwrap();
		let owner = |path: &Path| fs::metadata(path).unwrap().uid();
		if owner(home.path()) == 0
			&& std::os::unix::fs::chown(home.path(), Some(1), Some(1)).is_err()
		{
			// Root may not do that in each container.
			return;
		}
		let user = owner(home.path()).to_string();
		for folder in [home.path().to_owned(), home.path().join(".local/share/medblock")] {
			assert!(is_of(&folder, &user), "{folder:?}");
			assert!(!is_of(&folder, "0") && !is_of(&folder, "") && !is_of(&folder, "x"));
		}
		assert!(!is_of(Path::new("/"), "0"), "root's own");
	}
}

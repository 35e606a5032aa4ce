//! The common ground of commands: the acting account, its folder, and its nodes.

use crate::{
	cli::{Global, Network},
	config::{self, Config},
	exit::Failure,
	output::Output,
	passphrase::Source,
	wallet::{AskingWallet, NoWallet},
};
use medblock_client::{
	Client, Error, Keys, Mode, Nodes, Witnesses, chain::AccountId, keys, vault::Wait,
};
use medblock_keystore::{Account, Keystore, Name, WorkFactor};
use medblock_platform::{Folder, disk};
use std::{
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};

/// The nodes of the local network, for users who have set no others.
const LOCAL: [&str; 2] = ["ws://127.0.0.1:9944", "ws://127.0.0.1:9945"];

/// One run of the program.
pub struct Session<'a> {
	/// The destination of results.
	pub output: &'a Output,
	/// The accounts.
	pub keystore: Keystore,
	/// The source of the account's passphrase.
	pub passphrases: Source,
	/// The client's folder.
	pub home: PathBuf,
	named: Option<Name>,
	former: Option<Name>,
	network: &'a Network,
}

impl<'a> Session<'a> {
	/// A session with these options. It has not asked, read or written anything yet.
	pub fn new(global: &Global, network: &'a Network, output: &'a Output) -> Result<Self, Failure> {
		let home = config::home(global.home.as_deref())?;
		Ok(Self {
			output,
			keystore: Keystore::new(Arc::new(Folder::new(&home)), WorkFactor::NATIVE),
			passphrases: Source::new(global.passphrase_file.as_deref())?,
			home,
			named: global.account.clone(),
			former: global.former.clone(),
			network,
		})
	}

	/// The acting account: the one that the command or the option names, or the settings, or the
	/// only one there is.
	pub async fn account(&self, named: Option<Name>) -> Result<Name, Failure> {
		if let Some(name) = self.chosen(named).await? {
			return Ok(name);
		}
		Err(Failure::usage(match self.keystore.list().await?.is_empty() {
			true => "there is no account here yet: make one with `medblock account new NAME`",
			false => "there are several accounts here: name one with --account",
		}))
	}

	/// Like [`Self::account`]; `None` if there is none, or none of several is named.
	async fn chosen(&self, named: Option<Name>) -> Result<Option<Name>, Failure> {
		if let Some(name) = named.or_else(|| self.named.clone()) {
			return Ok(Some(name));
		}
		if let Some(name) = Config::load(&self.home)?.account {
			return Ok(Some(name));
		}
		let mut names = self.keystore.list().await?.into_iter().map(|(name, _)| name);
		Ok(names.next().filter(|_| names.next().is_none()))
	}

	/// Whether there is an acting account.
	pub async fn has_account(&self) -> Result<bool, Failure> {
		Ok(self.chosen(None).await?.is_some())
	}

	/// Unlocks an account.
	pub async fn unlock(&self, name: &Name) -> Result<Account, Failure> {
		self.unlock_with(name, &self.passphrases, "--passphrase-file").await
	}

	/// Unlocks an account whose passphrase has another source; `option` is the option for it.
	pub async fn unlock_with(
		&self,
		name: &Name,
		passphrases: &Source,
		option: &str,
	) -> Result<Account, Failure> {
		// This fails before the program asks for the passphrase of an account that does not exist.
		self.keystore.entry(name).await?;
		let prompt = format!("Passphrase of the account {name}: ");
		let passphrase = passphrases.existing(&prompt, option)?;
		Ok(self.keystore.unlock(name, passphrase).await?)
	}

	/// The account's address. It needs no passphrase.
	pub async fn address(&self) -> Result<AccountId, Failure> {
		let name = self.account(None).await?;
		match self.keystore.entry(&name).await? {
			Some(entry) => entry
				.address
				.parse()
				.map_err(|_| Failure::usage(format!("the address of {name} is damaged"))),
			None => Ok(self.unlock(&name).await?.id),
		}
	}

	/// Connects to one node, for public questions.
	pub async fn node(&self) -> Result<Nodes, Failure> {
		Ok(Nodes::connect(&self.urls()?, Witnesses::One).await?)
	}

	/// The addresses of the nodes to ask.
	pub fn urls(&self) -> Result<Vec<String>, Failure> {
		if !self.network.node.is_empty() {
			return Ok(self.network.node.clone());
		}
		let configured = Config::load(&self.home)?.nodes;
		Ok(if configured.is_empty() { LOCAL.map(str::to_owned).into() } else { configured })
	}

	/// A client that changes something. Its account is unlocked, and can sign unless the client
	/// only prepares calls.
	pub async fn actor(&self) -> Result<Client, Failure> {
		let account = self.unlock(&self.account(None).await?).await?;
		if account.signer.is_none() && !self.network.prepare {
			return Err(Error::from(keys::Error::InWallet).into());
		}
		self.client(account, self.mode()).await
	}

	/// Like [`Self::actor`], but without waiting for a final block if finality itself needs repair.
	pub async fn member(&self, not_final: bool) -> Result<Client, Failure> {
		let account = self.unlock(&self.account(None).await?).await?;
		let mode = match (self.network.prepare, not_final) {
			(true, _) => Mode::Prepare,
			(false, true) => Mode::Include,
			(false, false) => Mode::Submit,
		};
		if account.signer.is_none() && mode != Mode::Prepare {
			return Err(Error::from(keys::Error::InWallet).into());
		}
		self.client(account, mode).await
	}

	/// Connects to two hospitals' nodes, for questions whose answer has to be the same on both.
	pub async fn several(&self) -> Result<Nodes, Failure> {
		let (urls, witnesses) = self.witnesses()?;
		Ok(Nodes::connect(&urls, witnesses).await?)
	}

	/// Whether calls are only prepared.
	pub fn prepares(&self) -> bool {
		self.network.prepare
	}

	/// A client that opens encrypted data, with an unlocked account.
	pub async fn reader(&self) -> Result<Client, Failure> {
		let account = self.unlock(&self.account(None).await?).await?;
		self.client(account, self.mode()).await
	}

	/// A client that asks only public questions, with a locked account.
	pub async fn watcher(&self) -> Result<Client, Failure> {
		let keys = Keys::in_wallet(self.address().await?, Box::new(NoWallet), None);
		Ok(Client::new(self.node().await?, keys, self.files(), self.mode()).await?)
	}

	/// The nodes to ask, and how many of them have to agree.
	fn witnesses(&self) -> Result<(Vec<String>, Witnesses), Failure> {
		let mut urls = self.urls()?;
		if self.network.trust_one_node {
			// An outage must not decide which node the client trusts.
			urls.truncate(1);
			return Ok((urls, Witnesses::One));
		}
		Ok((urls, Witnesses::Two))
	}

	fn mode(&self) -> Mode {
		if self.network.prepare { Mode::Prepare } else { Mode::Submit }
	}

	/// A client with these keys, which can sign.
	pub async fn client_with(&self, keys: Keys) -> Result<Client, Failure> {
		let (urls, witnesses) = self.witnesses()?;
		Ok(Client::connect(&urls, witnesses, keys, self.files(), self.mode()).await?)
	}

	async fn client(&self, account: Account, mode: Mode) -> Result<Client, Failure> {
		let (urls, witnesses) = self.witnesses()?;
		let mut keys = keys_of(account);
		if let Some(former) = &self.former {
			keys = keys.with_former(self.unlock(former).await?.words.seed(""));
		}
		let client = Client::connect(&urls, witnesses, keys, self.files(), mode).await?;
		let output = *self.output;
		client.on_waiting(Arc::new(move |what: Wait<'_>, pause: Duration| {
			let seconds = pause.as_secs_f64().ceil();
			match what {
				Wait::Vault(url) => {
					output.note(format_args!("Waiting {seconds} seconds for the vault at {url} …"));
				},
				Wait::Finality => output.note(format_args!(
					"Waiting for the transaction to become final; {seconds} seconds without a final block end it …",
				)),
			}
		}));
		Ok(client)
	}

	/// The client's own files.
	fn files(&self) -> Arc<Folder> {
		Arc::new(Folder::new(&self.home))
	}
}

/// The keys of an unlocked account.
pub fn keys_of(account: Account) -> Keys {
	let seed = Some(account.words.seed(""));
	match account.signer {
		Some(signer) => Keys::new(signer, seed),
		None => Keys::in_wallet(account.id, Box::new(AskingWallet::new(account.id)), seed),
	}
}

/// The client's folder. It is made if it does not exist.
pub fn made(home: &Path) -> Result<&Path, Failure> {
	disk::create_folder(home).map_err(|why| Failure::file("make the folder", home, &why))?;
	Ok(home)
}

//! The common ground of commands: the acting account, its folder, and its nodes.

use crate::{
	agent,
	cli::{Global, Network},
	config::{self, Config},
	exit::Failure,
	output::{self, Output},
	passphrase::Source,
	wallet::{AskingWallet, NoWallet},
};
use futures::future::{Either, select};
use medblock_client::{
	Client, Error, Keys, Mode, Nodes, Witnesses, chain::AccountId, keys, notices::Notice,
};
use medblock_keystore::{
	self as keystore, Account, Entry, Keystore, Name, SecretString, WorkFactor,
};
use medblock_platform::{
	Folder,
	clock::{Duration, sleep},
	sweep_own,
};
use std::{path::PathBuf, pin::pin, sync::Arc};

/// The nodes of the local network, for users who have set no others.
const LOCAL: [&str; 2] = ["ws://127.0.0.1:9944", "ws://127.0.0.1:9945"];

/// The time in which nodes are connected to, as a rule.
const USUALLY_CONNECTED: Duration = Duration::from_secs(4);

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
		let names = self.keystore.names().await?;
		if names.is_empty() {
			let missing = "there is no account here yet: make one with `medblock account new NAME`";
			return Err(Failure::usage(missing));
		}
		let names: Vec<String> = names.iter().map(Name::to_string).collect();
		Err(Failure::usage(format!(
			"there are several accounts here ({}): name one with --account, or with a line like account = \"{}\" in {}",
			names.join(", "),
			names.first().map_or("NAME", String::as_str),
			self.home.join("config.toml").display(),
		)))
	}

	/// Like [`Self::account`]; `None` if there is none, or none of several is named.
	async fn chosen(&self, named: Option<Name>) -> Result<Option<Name>, Failure> {
		if let Some(name) = named.or_else(|| self.named.clone()) {
			return Ok(Some(name));
		}
		if let Some(name) = Config::load(&self.home)?.account {
			return Ok(Some(name));
		}
		let mut names = self.keystore.names().await?.into_iter();
		Ok(names.next().filter(|_| names.next().is_none()))
	}

	/// Whether there is an acting account.
	pub async fn has_account(&self) -> Result<bool, Failure> {
		Ok(self.chosen(None).await?.is_some())
	}

	/// Unlocks an account: with what the agent holds of it, or else with its passphrase.
	pub async fn unlock(&self, name: &Name) -> Result<Account, Failure> {
		if self.passphrases.is_terminal()
			&& let Some(account) = agent::unlocked(&self.home, &self.keystore, name).await
		{
			return Ok(account);
		}
		self.unlock_anew(name).await
	}

	/// Unlocks an account with its passphrase, whatever the agent holds.
	pub async fn unlock_anew(&self, name: &Name) -> Result<Account, Failure> {
		self.unlock_with(name, &self.passphrases, "--passphrase-file").await
	}

	/// Unlocks an account whose passphrase has another source; `option` is the option for it.
	pub async fn unlock_with(
		&self,
		name: &Name,
		passphrases: &Source,
		option: &str,
	) -> Result<Account, Failure> {
		let passphrase = self.passphrase(name, passphrases, option).await?;
		Ok(self.keystore.unlock(name, passphrase).await?)
	}

	/// The passphrase of an account that is here; `option` is the option for its source.
	pub async fn passphrase(
		&self,
		name: &Name,
		passphrases: &Source,
		option: &str,
	) -> Result<SecretString, Failure> {
		// This fails before the program asks for the passphrase of an account that does not exist.
		self.keystore.ensure_there(name).await?;
		passphrases.existing(&format!("Passphrase of the account {name}: "), option)
	}

	/// The public part of an account, unless it is missing, or can't be used, of which this warns: then unlocking the account
	/// tells the same.
	pub async fn entry(&self, name: &Name) -> Result<Option<Entry>, Failure> {
		match self.keystore.entry(name).await {
			Err(why @ keystore::Error::BadEntry(_)) => {
				self.output.warn(Failure::from(why).message);
				Ok(None)
			},
			found => Ok(found?),
		}
	}

	/// The account's address. It needs no passphrase.
	pub async fn address(&self) -> Result<AccountId, Failure> {
		let name = self.account(None).await?;
		match self.entry(&name).await? {
			Some(entry) => entry
				.address
				.parse()
				.map_err(|_| Failure::usage(format!("the address of {name} is damaged"))),
			None => Ok(self.unlock(&name).await?.id),
		}
	}

	/// Connects to one node, for public questions.
	pub async fn node(&self) -> Result<Nodes, Failure> {
		let urls = self.urls()?;
		Ok(self.reached(Nodes::connect(&urls, Witnesses::One)).await?)
	}

	/// The addresses of the nodes to ask.
	pub fn urls(&self) -> Result<Vec<String>, Failure> {
		// What is empty is as if it were not said.
		let named = config::addresses(&self.network.node);
		if !named.is_empty() {
			return Ok(named);
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
		Ok(self.reached(Nodes::connect(&urls, witnesses)).await?)
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
		let connecting = Client::connect(&urls, witnesses, keys, self.files(), self.mode());
		Ok(self.heard(self.reached(connecting).await?))
	}

	async fn client(&self, account: Account, mode: Mode) -> Result<Client, Failure> {
		let (urls, witnesses) = self.witnesses()?;
		let mut keys = keys_of(account);
		if let Some(former) = &self.former {
			keys = keys.with_former(self.unlock(former).await?.words.seed(""));
		}
		let connecting = Client::connect(&urls, witnesses, keys, self.files(), mode);
		Ok(self.heard(self.reached(connecting).await?))
	}

	/// Connects to nodes, and says so if that takes long.
	async fn reached<T>(&self, connecting: impl Future<Output = T>) -> T {
		match select(pin!(connecting), pin!(sleep(USUALLY_CONNECTED))).await {
			Either::Left((connected, _)) => connected,
			Either::Right(((), connecting)) => {
				self.output.note("Waiting for a node to answer, half a minute at most …");
				connecting.await
			},
		}
	}

	/// The client, which says what it waits for.
	fn heard(&self, client: Client) -> Client {
		if !self.output.is_quiet() {
			client.on_notice(Arc::new(|notice: &Notice| output::say(waits(notice))));
		}
		client
	}

	/// The client's own files, without what programs that were killed have left among them.
	fn files(&self) -> Arc<Folder> {
		sweep_own(&self.home);
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

/// What a client tells while it goes on.
fn waits(notice: &Notice) -> String {
	match notice {
		Notice::Waiting { why, time } => {
			format!("{why}: trying again in {} s", time.as_millis().div_ceil(1_000))
		},
		Notice::Finality => {
			"Waiting for the transaction to become final. It ends if no block does so for a minute …".to_owned()
		},
		Notice::Silent { url } => {
			format!("The node at {url} does not answer for now: waiting for it, half a minute at most …")
		},
		Notice::DoneBefore => "This was so already: nothing has changed.".to_owned(),
		Notice::GoesOn => "An earlier run of this was interrupted: going on with it.".to_owned(),
		Notice::NoReceipt { hospital } => format!(
			"The vault of hospital {hospital} gave this without a receipt, although the hospital has named an account that \
			 signs them: the patient may not see it. Tell the hospital. `medblock doctor receipts --check` lists it."
		),
	}
}

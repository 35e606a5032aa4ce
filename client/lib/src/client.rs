//! The common ground of patients', doctors' and hospitals' actions.

use crate::{
	Keys, Pins, Result,
	chain::{Call, Chain, Nodes, Prepared, Receipt, Until, Witnesses},
	names::Index,
	notebook::Notebook,
	outbox::{Outbox, begun::Key},
	profile_keys::ProfileSecrets,
	receipts::Receipts,
	recovery::Recovered,
	titles::Titles,
	vault::{Sessions, Vault, Vaults},
};
use futures::lock::Mutex;
use medblock_platform::Files;
use medblock_primitives::*;
use std::sync::Arc;

/// Whether the client sends calls, or returns them for a wallet to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
	/// Sign and send, and wait until the call is final.
	Submit,
	/// Sign and send, and wait until the call is in a block, for use when finality has stopped.
	Include,
	/// Do everything else, and return the call.
	Prepare,
}

#[cfg(not(target_family = "wasm"))]
impl Mode {
	/// The state that a block must have before the client builds on it.
	pub(crate) fn until(self) -> Until {
		match self {
			Self::Include => Until::Included,
			Self::Submit | Self::Prepare => Until::Final,
		}
	}
}

/// The outcome of a call.
#[derive(Clone, Debug)]
pub enum Done {
	/// It is in a block: a final one, unless the mode was [`Mode::Include`].
	Sent(Receipt),
	/// The call is for another party to sign.
	Prepared(Prepared),
}

impl Done {
	/// The receipt, if it was sent.
	pub fn receipt(&self) -> Option<&Receipt> {
		match self {
			Self::Sent(receipt) => Some(receipt),
			Self::Prepared(_) => None,
		}
	}
}

/// The client of one account.
pub struct Client {
	pub(crate) nodes: Nodes,
	pub(crate) keys: Arc<Keys>,
	pub(crate) vaults: Arc<Vaults>,
	pub(crate) pins: Mutex<Pins>,
	pub(crate) outbox: Outbox,
	pub(crate) titles: Titles,
	pub(crate) names: Index,
	pub(crate) notebook: Notebook,
	pub(crate) receipts: Receipts,
	pub(crate) recovered: Recovered,
	pub(crate) mode: Mode,
	/// The secrets of the hospital's profile key that were opened last.
	pub(crate) profile_secrets: Mutex<Option<Arc<ProfileSecrets>>>,
	/// The commands whose outcome the program has yet to tell, if it says when it has.
	pub(crate) unreported: Mutex<Option<Vec<Key>>>,
}

impl Client {
	/// A client with these keys. `files` keep pinned keys, ciphertext in flight, and, encrypted, titles and
	/// names that were read and the notebook.
	pub async fn new(nodes: Nodes, keys: Keys, files: Arc<dyn Files>, mode: Mode) -> Result<Self> {
		Self::of(nodes, keys.into(), Vaults::new()?.into(), files, mode).await
	}

	/// As [`Client::new`], with connections of its own: to nodes, and to gateways' doors, where the
	/// account signs in. See [`Nodes::connect`].
	pub async fn connect(
		urls: &[String],
		witnesses: Witnesses,
		keys: Keys,
		files: Arc<dyn Files>,
		mode: Mode,
	) -> Result<Self> {
		Self::connect_with(urls, witnesses, keys.into(), Vaults::new()?.into(), files, mode).await
	}

	/// As [`Client::connect`], with the sessions at gateways that an earlier client of the same account
	/// has left.
	pub async fn connect_with(
		urls: &[String],
		witnesses: Witnesses,
		keys: Arc<Keys>,
		vaults: Arc<Vaults>,
		files: Arc<dyn Files>,
		mode: Mode,
	) -> Result<Self> {
		let sessions = Sessions { vaults: vaults.clone(), keys: keys.clone() };
		let nodes = Nodes::connect_as(urls, witnesses, Some(Arc::new(sessions))).await?;
		Self::of(nodes, keys, vaults, files, mode).await
	}

	async fn of(
		nodes: Nodes,
		keys: Arc<Keys>,
		vaults: Arc<Vaults>,
		files: Arc<dyn Files>,
		mode: Mode,
	) -> Result<Self> {
		let genesis = nodes.first().genesis();
		let outbox = Outbox::open(files.clone(), &genesis).await?;
		let titles = Titles::new(files.clone(), &keys, genesis);
		let names = Index::new(files.clone(), &keys, genesis);
		let notebook = Notebook::new(files.clone(), &keys, genesis);
		let receipts = Receipts::new(files.clone(), &keys, genesis);
		let recovered = Recovered::new(files.clone(), &keys, genesis);
		keys.recover(recovered.read().await?);
		let pins = Mutex::new(Pins::open(files).await?);
		let profile_secrets = Mutex::new(None);
		Ok(Self {
			nodes,
			keys,
			vaults,
			pins,
			outbox,
			titles,
			names,
			notebook,
			receipts,
			recovered,
			mode,
			profile_secrets,
			unreported: Mutex::default(),
		})
	}

	/// The node to which the client talks.
	pub fn chain(&self) -> &Chain {
		self.nodes.first()
	}

	/// All nodes that the client uses.
	pub fn nodes(&self) -> &Nodes {
		&self.nodes
	}

	/// The keys of this client's account.
	pub fn keys(&self) -> &Keys {
		&self.keys
	}

	pub(crate) fn genesis(&self) -> [u8; 32] {
		self.chain().genesis()
	}

	/// A hospital's vault.
	pub async fn vault(&self, hospital: HospitalId) -> Result<Vault<'_>> {
		self.vaults.of(hospital, &self.nodes, &self.keys).await
	}

	/// Sends the call, or returns it, depending on the mode.
	pub(crate) async fn conclude(&self, call: &Call) -> Result<Done> {
		// Doors take a revocation from everyone, so that nothing delays it.
		if !call.is_revocation() {
			self.sign_in_first().await?;
		}
		Ok(match self.mode {
			Mode::Submit => Done::Sent(self.submit(call).await?),
			Mode::Include => {
				self.keys.ensure_signs()?;
				let signer = &*self.keys;
				Done::Sent(self.nodes.submit_until(Until::Included, signer, call).await?)
			},
			Mode::Prepare => Done::Prepared(self.chain().prepare(call).await?),
		})
	}

	/// Signs in at the doors in use if the account's key is in a wallet, whose owner needs longer than a door's question
	/// waits. Asks nothing of an owner who is signed in, of an account that the doors do not know yet, or of one that signs
	/// elsewhere.
	pub(crate) async fn sign_in_first(&self) -> Result<()> {
		if self.keys.are_in_wallet() && self.mode != Mode::Prepare {
			let urls: Vec<String> = self.nodes.urls().map(str::to_owned).collect();
			self.vaults.sign_in_at_doors(&urls, self.genesis(), &self.keys).await?;
		}
		Ok(())
	}

	/// Sends the call.
	pub(crate) async fn submit(&self, call: &Call) -> Result<Receipt> {
		self.keys.ensure_signs()?;
		Ok(self.until_final(self.nodes.submit_until(Until::Final, &*self.keys, call)).await?)
	}
}

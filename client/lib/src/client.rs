//! What patients', doctors' and hospitals' actions have in common.

use crate::{
	Keys, Pins, Result,
	chain::{Call, Chain, Nodes, Prepared, Receipt, Until},
	outbox::Outbox,
	vault::{Vault, Vaults},
};
use futures::lock::Mutex;
use medblock_platform::Files;
use medblock_primitives::*;
use std::sync::Arc;

/// Whether calls are sent, or given out for a wallet to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
	/// Sign and send, and wait until it is final.
	Submit,
	/// Sign and send, and wait until it is in a block: for when finality has stopped.
	Include,
	/// Do everything else, and give the call out.
	Prepare,
}

#[cfg(not(target_family = "wasm"))]
impl Mode {
	/// How far what is built on has to be settled.
	pub(crate) fn until(self) -> Until {
		match self {
			Self::Include => Until::Included,
			Self::Submit | Self::Prepare => Until::Final,
		}
	}
}

/// What became of a call.
#[derive(Clone, Debug)]
pub enum Done {
	/// It is in a block: a final one, unless the mode was [`Mode::Include`].
	Final(Receipt),
	/// It is for somebody to sign.
	Prepared(Prepared),
}

impl Done {
	/// The receipt, if it is final.
	pub fn receipt(&self) -> Option<&Receipt> {
		match self {
			Self::Final(receipt) => Some(receipt),
			Self::Prepared(_) => None,
		}
	}
}

/// Somebody at work.
pub struct Client {
	pub(crate) nodes: Nodes,
	pub(crate) keys: Keys,
	pub(crate) vaults: Vaults,
	pub(crate) pins: Mutex<Pins>,
	pub(crate) outbox: Outbox,
	pub(crate) mode: Mode,
}

impl Client {
	/// A client with these keys. `files` keep pinned keys, and ciphertext that is on its way.
	pub async fn new(nodes: Nodes, keys: Keys, files: Arc<dyn Files>, mode: Mode) -> Result<Self> {
		let outbox = Outbox::open(files.clone(), &nodes.first().genesis()).await?;
		let pins = Mutex::new(Pins::open(files).await?);
		Ok(Self { nodes, keys, vaults: Vaults::new()?, pins, outbox, mode })
	}

	/// The node that is spoken to.
	pub fn chain(&self) -> &Chain {
		self.nodes.first()
	}

	/// Whose client this is.
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

	/// Sends the call, or gives it out, as the mode has it.
	pub(crate) async fn conclude(&self, call: &Call) -> Result<Done> {
		Ok(match self.mode {
			Mode::Submit => Done::Final(self.submit(call).await?),
			Mode::Include => {
				let signer = self.keys.signer()?;
				Done::Final(self.chain().submit_until(Until::Included, signer, call).await?)
			},
			Mode::Prepare => Done::Prepared(self.chain().prepare(call).await?),
		})
	}

	/// Sends the call.
	pub(crate) async fn submit(&self, call: &Call) -> Result<Receipt> {
		Ok(self.chain().submit(self.keys.signer()?, call).await?)
	}
}

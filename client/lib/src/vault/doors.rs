//! Signing in at gateways' doors, with the account's key.

use super::{Code, Error, Vaults};
use crate::{Keys, Result, chain::Tokens};
use futures::{
	FutureExt,
	channel::oneshot,
	future::{BoxFuture, ready},
};
use medblock_platform::tasks;
use medblock_vault_protocol::Address;
use std::sync::Arc;

/// The number of doors that a client uses.
const DOORS: usize = 2;

/// The sessions that this client has at vaults, for the doors of the same gateways.
pub(crate) struct Sessions {
	pub(crate) vaults: Arc<Vaults>,
	pub(crate) keys: Arc<Keys>,
}

impl Tokens for Sessions {
	fn token(
		&self,
		gateway: &Address,
		genesis: [u8; 32],
		refused: bool,
	) -> BoxFuture<'static, Result<Option<String>, String>> {
		let (vaults, keys, address) = (self.vaults.clone(), self.keys.clone(), gateway.clone());
		let (sender, receiver) = oneshot::channel();
		// In a browser, what asks over HTTP can't leave its thread, which this future may.
		tasks::spawn(async move {
			let token = match vaults.declined.holds(&address) {
				true => Ok(None),
				false => match vaults.at(address.clone(), &keys, genesis).token(refused).await {
					Ok(token) => Ok(Some(token)),
					Err(why) if is_unknown_account(&why) => {
						vaults.declined.note(address, keys.are_in_wallet());
						Ok(None)
					},
					Err(why) => Err(why.to_string()),
				},
			};
			// Nothing waits for it any more if the connection was given up.
			let _ = sender.send(token);
		});
		receiver
			.then(|token| ready(token.unwrap_or_else(|_| Err("the sign-in was ended".to_owned()))))
			.boxed()
	}
}

impl Vaults {
	/// Signs in at the first doors among nodes' addresses that can be reached, as many as a client uses, and
	/// waits as long as it takes.
	///
	/// For accounts in wallets, before connecting: a door's answer is waited for only some seconds, in which the
	/// wallet's owner can't be asked. An account that the chain does not know is asked for once, since every
	/// door would ask in vain. After that, no door is signed in to before [`Vaults::registered`].
	///
	/// # Errors
	///
	/// Those of the wallet. A door that can't be reached is passed over.
	pub async fn sign_in_at_doors(
		&self,
		urls: &[String],
		genesis: [u8; 32],
		keys: &Keys,
	) -> Result<()> {
		let doors: Vec<Address> = urls.iter().filter_map(|url| Address::of_door(url)).collect();
		let mut reached = 0;
		for address in &doors {
			if self.declined.holds(address) {
				continue;
			}
			match self.at(address.clone(), keys, genesis).token(false).await {
				Ok(_) => reached += 1,
				Err(why) if is_unknown_account(&why) => {
					for door in &doors {
						self.declined.note(door.clone(), true);
					}
					return Ok(());
				},
				Err(why @ crate::Error::Keys(_)) => return Err(why),
				Err(_) => {},
			}
			if reached == DOORS {
				break;
			}
		}
		Ok(())
	}
}

fn is_unknown_account(why: &crate::Error) -> bool {
	matches!(
		why,
		crate::Error::Vault(Error::Refused { code, .. })
			if code.code() == Some(Code::UnknownAccount)
	)
}

//! Signing in at gateways' doors, with the account's key.

use super::{Code, Error, Vaults};
use crate::{Keys, chain::Tokens};
use futures::{
	FutureExt,
	channel::oneshot,
	future::{BoxFuture, ready},
};
use medblock_platform::tasks;
use medblock_vault_protocol::Address;
use std::sync::Arc;

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
						vaults.declined.note(address);
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

fn is_unknown_account(why: &crate::Error) -> bool {
	matches!(
		why,
		crate::Error::Vault(Error::Refused { code, .. })
			if code.code() == Some(Code::UnknownAccount)
	)
}

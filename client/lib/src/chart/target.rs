//! Which key something has to be encrypted to, and how that is known.

use super::{ChartEpochs, Opener, Secrets};
use crate::{
	Error, Result,
	chain::{Agreed, PatientInfo},
	client::Client,
	trust,
};
use medblock_crypto::PublicKey as CryptoKey;
use medblock_primitives::*;

/// What records of a chart are encrypted to now.
pub(crate) struct Target {
	pub(crate) agreed: Agreed,
	pub(crate) info: PatientInfo,
	pub(crate) epoch: Epoch,
	pub(crate) key: CryptoKey,
}

impl Client {
	/// Reads the chart's sealing key from two nodes. Patients compare it with their own derivation;
	/// doctors who hold the current secret with that, the standby by its tag. Whoever holds no
	/// secret of the chart, a laboratory say, has the two nodes' word for it.
	pub(crate) async fn sealing_target(&self, patient: PatientId) -> Result<Target> {
		let agreed = self.nodes.agreed().await?;
		let info =
			agreed.read("the chart", |at| async move { at.known_patient(patient).await }).await?;
		let epochs = ChartEpochs::agreed(&agreed, patient).await?;
		if info.account == self.keys.account() {
			Secrets::of_patient(&self.keys, self.genesis(), &epochs)?;
		} else {
			match self.opener(agreed.at(), patient).await {
				// Verified on the way to the secrets.
				Ok(Opener::Chart(_) | Opener::Shared(_)) => {},
				Err(
					why @ (Error::Trust(trust::Error::ChartKeyMismatch(_))
					| Error::Trust(trust::Error::StandbyKeyMismatch)),
				) => {
					return Err(why);
				},
				Err(why @ Error::Crypto(_)) => return Err(why),
				Err(_) => {},
			}
		}
		let epoch = info.sealing_epoch;
		let key = epochs.sealing_key(epoch)?;
		Ok(Target { agreed, info, epoch, key })
	}
}

//! The keys for encrypting to a chart, and the checks of the chart's own.

use super::{ChartEpochs, Opener, Secrets};
use crate::{
	Error, Result,
	chain::{self, Agreed, PatientInfo},
	client::Client,
	trust,
};
use medblock_crypto::PublicKey as CryptoKey;
use medblock_primitives::*;

/// The keys for encrypting a chart's records now.
pub(crate) struct Target {
	pub(crate) agreed: Agreed,
	pub(crate) info: PatientInfo,
	pub(crate) epoch: Epoch,
	/// The chart's key, and the doctors' own ones.
	pub(crate) keys: Vec<CryptoKey>,
	/// The digest of these doctors, if the chart is due; or [`NO_RECIPIENTS`], if the chart has many.
	pub(crate) recipients: Option<RecipientsDigest>,
}

impl Target {
	/// The target of files that only the chart's key opens.
	fn of(agreed: Agreed, info: PatientInfo, epochs: &ChartEpochs) -> Result<Self> {
		let epoch = info.sealing_epoch;
		let keys = vec![epochs.sealing_key(epoch)?];
		// The chain looks at more doctors than that only if the call says so.
		let recipients = (info.grants > MAX_LOOK).then_some(NO_RECIPIENTS);
		Ok(Self { agreed, info, epoch, keys, recipients })
	}
}

impl Client {
	/// Reads the chart's sealing key from two nodes. Patients compare it with their own derivation.
	/// Doctors who hold the current secret compare it with that, or check the standby by its tag. A
	/// doctor without any secret of the chart, for example a laboratory, has to believe the two
	/// nodes. Of a due chart, the keys of doctors are still to be added: [`Client::with_recipients`].
	pub(crate) async fn sealing_target(&self, patient: PatientId) -> Result<Target> {
		let agreed = self.nodes.agreed().await?;
		let info =
			agreed.read("the chart", |at| async move { at.known_patient(patient).await }).await?;
		let is_own = info.account == self.keys.account();
		let epochs = match is_own {
			true => ChartEpochs::agreed(&agreed, patient).await?,
			// Doors tell the earlier epochs to those alone who may read the whole chart.
			false => present(&agreed, &info).await?,
		};
		if is_own {
			Secrets::of_patient(&self.keys, self.genesis(), &epochs)?;
		} else {
			match self.opener(agreed.at(), patient).await {
				// The code that gave the secrets has verified it.
				Ok(Opener::Chart { .. } | Opener::Shared(_)) => {},
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
		Target::of(agreed, info, &epochs)
	}

	/// As [`Client::sealing_target`], for an institution. It has no secret of the chart with which it could check
	/// the key, so the two nodes have to agree. It asks for nothing that the key does not need.
	pub(crate) async fn depositing_target(&self, patient: PatientId) -> Result<Target> {
		let agreed = self.nodes.agreed().await?;
		let info =
			agreed.read("the chart", |at| async move { at.known_patient(patient).await }).await?;
		let epochs = present(&agreed, &info).await?;
		Target::of(agreed, info, &epochs)
	}
}

/// The chart's present keys, without the epochs before.
async fn present(agreed: &Agreed, info: &PatientInfo) -> Result<ChartEpochs> {
	let patient = info.id;
	let keys = agreed
		.read("the chart's keys", |at| async move {
			let found = at.chart_keys(patient).await?;
			Ok::<_, Error>(found.ok_or(chain::Error::NoSuchPatient(patient))?)
		})
		.await?;
	Ok(ChartEpochs { keys, past: Vec::new(), epoch: info.epoch })
}

//! The keys of a chart: those that its patient derives, those that a doctor or a representative was given, and the
//! checks that they fit the chain.

mod epochs;
mod opener;
mod recipients;
mod represented;
mod target;
#[cfg(test)]
mod tests;

pub use epochs::{ChartEpochs, HeldGrant, Secrets};
pub(crate) use epochs::{epoch_context, representative_context};
pub use opener::Opener;
pub use represented::GivenKey;
pub(crate) use represented::acting_identities;
pub(crate) use target::Target;

use crate::{
	Result,
	chain::{Agreed, PatientInfo},
	client::Client,
};

/// A patient's own chart before sealing: the same on two nodes, and with the keys that the
/// patient's own secret gives.
pub(crate) struct OwnChart {
	pub(crate) agreed: Agreed,
	pub(crate) info: PatientInfo,
	pub(crate) secrets: Secrets,
}

impl Client {
	pub(crate) async fn own_agreed_chart(&self) -> Result<OwnChart> {
		let agreed = self.nodes.agreed().await?;
		let info = agreed.read("your chart", |at| async move { self.own_chart(&at).await }).await?;
		let epochs = ChartEpochs::agreed(&agreed, info.id).await?;
		let secrets = Secrets::of_patient(&self.keys, self.genesis(), &epochs)?;
		Ok(OwnChart { agreed, info, secrets })
	}
}

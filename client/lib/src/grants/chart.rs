//! Granting a doctor the whole chart.

use super::Terms;
use crate::{
	Error, Result, access,
	chain::Call,
	chart::OwnChart,
	client::{Client, Done},
	grants,
	overtaken::{ATTEMPTS, came_late},
	rotation::seal_epoch,
	trust,
};
use medblock_primitives::*;

/// A grant, and the new key that the chart needed first.
#[derive(Debug)]
pub struct Granted {
	/// The new key, if the chart needed one. If it is only prepared, the grant is still missing.
	pub rotation: Option<Done>,
	/// The grant.
	pub grant: Option<Done>,
	/// Its terms.
	pub terms: Option<Terms>,
}

impl Client {
	/// Lets a doctor see the whole chart, on these terms and no others; see [`Client::grant_keeping`] to change
	/// some of them. If a doctor has lost access since the chart got its key,
	/// the chart first gets a new key, so that the new doctor also sees what was added meanwhile.
	pub async fn grant(&self, doctor: DoctorId, terms: Terms) -> Result<Granted> {
		self.grant_again(doctor, async |_| Ok(terms)).await
	}

	/// As [`Client::grant`], on terms that are found in the block at which the key is sealed, after any
	/// new key: what was true before may have changed meanwhile.
	pub(super) async fn grant_again(
		&self,
		doctor: DoctorId,
		terms: impl AsyncFnOnce(&OwnChart) -> Result<Terms>,
	) -> Result<Granted> {
		let mut own = self.own_agreed_chart().await?;
		access::ensure_verified(&own.info)?;
		let mut rotation = None;
		if own.info.sealing_epoch != own.info.epoch {
			let done = self.rotate_now().await?;
			let prepared = matches!(done, Done::Prepared(_));
			rotation = Some(done);
			if prepared {
				return Ok(Granted { rotation, grant: None, terms: None });
			}
			own = self.own_agreed_chart().await?;
		}
		let (terms, before) = (terms(&own).await?, present(&own, doctor).await?);
		let mut attempt = 0;
		loop {
			attempt += 1;
			let call = self.sealed_grant(&own, doctor, terms).await?;
			let why = match self.conclude(&call).await {
				Ok(grant) => {
					return Ok(Granted { rotation, grant: Some(grant), terms: Some(terms) });
				},
				Err(why) if why.is_final() => why,
				Err(why) => return Err(why),
			};
			if attempt < ATTEMPTS && came_late(&why) {
				let epoch = own.info.epoch;
				own = self.own_agreed_chart().await?;
				// Another device gave the chart the next key first, so that the sealed one opens nothing that is added now. It may
				// have taken this doctor's grant back, which must not come back then.
				let is_replaced = own.info.epoch > epoch;
				let is_current = own.info.epoch == own.info.sealing_epoch;
				if is_replaced && is_current && present(&own, doctor).await? == before {
					continue;
				}
				if is_replaced {
					return Err(why);
				}
			}
			// The doctor may have seen the sealed key in flight, or in a block that reverted the
			// call.
			return Err(Error::Grant(grants::Error::KeyWasOut {
				why: Box::new(why),
				rotation: self.rotate_now().await.err().map(Box::new),
			}));
		}
	}

	/// The call that gives a doctor the chart's present key.
	async fn sealed_grant(&self, own: &OwnChart, doctor: DoctorId, terms: Terms) -> Result<Call> {
		let info = own.agreed.at().known_doctor(doctor).await?;
		access::ensure_practising(&info)?;
		let (version, key) = self.key_of(&own.agreed, doctor).await?;
		let epoch = own.info.epoch;
		let secret =
			own.secrets.secret(epoch).ok_or(Error::Trust(trust::Error::ChartKeyMismatch(epoch)))?;
		let sealed = seal_epoch(&key, self.genesis(), &own.info, doctor, version, epoch, secret)?;
		Ok(Call::grant_access(epoch, sealed, terms.may_append, terms.expires_at))
	}
}

/// What the patient has set of a doctor's grant, as two nodes have it.
async fn present(
	own: &OwnChart,
	doctor: DoctorId,
) -> Result<Option<(Scope, bool, Option<Moment>)>> {
	let patient = own.info.id;
	let grant =
		own.agreed.read("the grant", |at| async move { at.grant(patient, doctor).await }).await?;
	Ok(grant.map(|grant| (grant.scope, grant.may_append, grant.expires_at)))
}

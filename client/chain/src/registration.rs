//! The time that a hospital has to verify a registration.

use crate::{At, Result};
use codec::DecodeAll;
use medblock_primitives::Moment;

impl At {
	/// The milliseconds after which a registration that no hospital has verified lapses.
	pub async fn registration_period(&self) -> Result<Moment> {
		let client = self.described().await?;
		let pallet = client.metadata_ref().pallet_by_name("MedicalRecords");
		let constant = pallet.and_then(|found| found.constant_by_name("RegistrationPeriod"));
		let period = constant.and_then(|found| Moment::decode_all(&mut found.value()).ok());
		period.ok_or_else(|| self.rpc.incomprehensible("registration period"))
	}
}

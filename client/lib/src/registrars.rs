//! Registrars: appointing accounts, accepting an appointment, and leaving.

use crate::{
	Result,
	chain::{AccountId, AppointmentInfo, At, Call, RegistrarInfo},
	client::{Client, Done},
	rotation::public,
};
use medblock_primitives::*;
use pallet_consortium_runtime_api::ProfileKeyInfo;

/// The reason why the account can't become a registrar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// No hospital has appointed the account.
	#[error("no hospital has appointed the account {0}, or the appointment has expired")]
	NotAppointed(AccountId),
	/// Another hospital has appointed the account, or none.
	#[error("hospital {} has not appointed the account {account}, or the appointment has expired", .hospital.0)]
	NotAppointedBy {
		/// The hospital that was named.
		hospital: HospitalId,
		/// The account.
		account: AccountId,
	},
	/// Several hospitals have appointed the account.
	#[error("several hospitals have appointed this account: {}", listed(.0))]
	SeveralAppointments(Vec<HospitalId>),
}

fn listed(hospitals: &[HospitalId]) -> String {
	hospitals.iter().map(|hospital| hospital.0.to_string()).collect::<Vec<_>>().join(", ")
}

/// A hospital's registrars, the accounts that it has appointed, and the key that they share.
#[derive(Clone, Debug)]
pub struct Staff {
	/// The hospital.
	pub hospital: HospitalId,
	/// The registrars.
	pub registrars: Vec<RegistrarInfo>,
	/// The appointments that wait to be accepted.
	pub appointments: Vec<AppointmentInfo>,
	/// The state of the profile key.
	pub profile_key: ProfileKeyInfo,
}

impl Staff {
	/// Whether this account is the only one that can open the hospital's profile key. If it left, the
	/// profiles written so far would be closed to the hospital.
	pub fn is_last_holder(&self, account: AccountId) -> bool {
		let mut holders = self.registrars.iter().filter(|one| one.holds_profile_key);
		holders.next().is_some_and(|one| one.account == account) && holders.next().is_none()
	}
}

impl Client {
	/// Offers an account to verify people for the hospital that this one controls. It becomes a
	/// registrar when it accepts.
	pub async fn appoint_registrar(&self, account: AccountId) -> Result<Done> {
		self.conclude(&Call::appoint_registrar(account)).await
	}

	/// Takes an appointment back that the account has not accepted.
	pub async fn withdraw_appointment(&self, account: AccountId) -> Result<Done> {
		self.conclude(&Call::withdraw_appointment(account)).await
	}

	/// Ends an account's work for the hospital that this one controls. If the account held the
	/// hospital's profile key, a new version is due.
	pub async fn remove_registrar(&self, account: AccountId) -> Result<Done> {
		self.conclude(&Call::remove_registrar(account)).await
	}

	/// Ends this account's work as a registrar.
	pub async fn resign(&self) -> Result<Done> {
		self.own_hospital().await?;
		self.conclude(&Call::resign()).await
	}

	/// The appointments that this account can accept.
	pub async fn own_appointments(&self) -> Result<Vec<AppointmentInfo>> {
		let at = self.chain().finalized().await?;
		Ok(at.appointments_of(self.keys.account()).await?)
	}

	/// Accepts a hospital's appointment, with a key from this account's secret. It may be the
	/// account's first transaction. Without a hospital, accepts the only appointment.
	pub async fn accept_appointment(
		&self,
		hospital: Option<HospitalId>,
	) -> Result<(Done, HospitalId)> {
		// Nodes refuse a new account's transaction without a reason, if it would fail.
		let account = self.keys.account();
		let appointments = self.own_appointments().await?;
		let by: Vec<HospitalId> = appointments.into_iter().map(|one| one.hospital).collect();
		let hospital = match (hospital, &by[..]) {
			(Some(named), by) if by.contains(&named) => named,
			(Some(hospital), _) => return Err(Error::NotAppointedBy { hospital, account }.into()),
			(None, [only]) => *only,
			(None, []) => return Err(Error::NotAppointed(account).into()),
			(None, _) => return Err(Error::SeveralAppointments(by).into()),
		};
		let key = public(&self.keys.registrar_identity(1)?.public_key());
		let call = Call::accept_appointment(hospital, SUITE_X_WING, key);
		let done = self.conclude(&call).await?;
		// From now on doors let the account sign in.
		self.vaults.registered();
		Ok((done, hospital))
	}

	/// Publishes the next version of this registrar's own key, from this account's secret. Another
	/// registrar then has to give this one the hospital's profile key. Returns the version.
	pub async fn publish_registrar_key(&self) -> Result<(Done, u32)> {
		let hospital = self.own_hospital().await?;
		let account = self.keys.account();
		// One lying node could let the client publish an old version's key as a new one.
		let agreed = self.nodes.agreed().await?;
		let registrars = agreed
			.read("your own key as a registrar", |at| async move {
				Ok::<_, crate::Error>(at.registrars(hospital).await?)
			})
			.await?;
		let own = registrars.into_iter().find(|one| one.account == account);
		let before = own.and_then(|own| own.key).map_or(0, |key| key.version);
		let version = before.saturating_add(1);
		let key = public(&self.keys.registrar_identity(version)?.public_key());
		let done = self.conclude(&Call::set_registrar_key(version, SUITE_X_WING, key)).await?;
		Ok((done, version))
	}

	/// The staff of the hospital for which this account verifies people, or which it controls.
	pub async fn staff(&self, at: &At) -> Result<Staff> {
		let hospital = self.staffed_hospital(at).await?;
		let (registrars, appointments, profile_key) = futures::try_join!(
			at.registrars(hospital),
			at.appointments(hospital),
			at.profile_key(hospital)
		)?;
		Ok(Staff { hospital, registrars, appointments, profile_key })
	}
}

//! Registering as a patient or a doctor, and sponsoring an account before its registration. What is refused because of the
//! standing of a person who has registered has its error here, too.

use crate::{
	Result,
	chain::{AccountId, At, Call},
	client::{Client, Done},
	profiles::Practice,
	rotation::{chart_keys, public},
	standing::{Batch, each_once},
};
use medblock_primitives::*;

/// The reason why a registration, or a decision about one, is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The hospital accepts no registrations.
	#[error("hospital {} accepts no registrations", .0.0)]
	Closed(HospitalId),
	/// The hospital accepts registrations of sponsored accounts only.
	#[error(
		"hospital {} accepts only accounts that it sponsors, and {account} is not one of them",
		.hospital.0
	)]
	NotInvited {
		/// The hospital.
		hospital: HospitalId,
		/// The account that would have to be sponsored.
		account: AccountId,
	},
	/// The account is a patient's or a doctor's already, whether a hospital has verified it or not.
	#[error("account {0} is registered already")]
	AlreadyRegistered(AccountId),
	/// A desk's call has room for fewer people or accounts.
	#[error("a desk decides about at most {MAX_DESK_BATCH} people or accounts at once")]
	TooManyNamed,
	/// The person's hospital has made another decision about them, or none yet.
	#[error("{} {}", who(*.person), decided(*.standing))]
	Decided {
		/// The person.
		person: Person,
		/// The decision.
		standing: Standing,
	},
}

/// A person's kind and number.
fn who(person: Person) -> String {
	match person {
		Person::Patient(patient) => format!("patient {}", patient.0),
		Person::Doctor(doctor) => format!("doctor {}", doctor.0),
	}
}

/// The decision about a person, as the end of a sentence.
fn decided(standing: Standing) -> &'static str {
	match standing {
		Standing::Pending => "is neither verified nor rejected yet",
		Standing::Verified => "is verified already",
		Standing::Suspended => "was verified, and is suspended now",
		Standing::Rejected => "was rejected: they can register again",
	}
}

impl Client {
	/// Registers as a patient of a hospital, with keys from this account's secret.
	pub async fn register_patient(&self, hospital: HospitalId) -> Result<Done> {
		// Keys are bound to the chain, so it has to be the right one.
		let agreed = self.nodes.agreed().await?;
		agreed.at().known_hospital(hospital).await?;
		let best = self.chain().best().await?;
		// Doors tell newcomers nothing of accounts. Then the chain decides.
		if let Ok(Some(patient)) = best.patient_of(self.keys.account()).await {
			let found = best.patient(patient).await?;
			self.ensure_new(found.map(|found| found.standing))?;
		}
		let (keys, _) = chart_keys(&self.keys.root()?, &self.genesis(), 0, None);
		let call = Call::register_patient(hospital, keys, None);
		self.register(hospital, &call).await
	}

	/// Registers as a doctor of a hospital, and publishes the first encryption key.
	pub async fn register_doctor(&self, hospital: HospitalId, practice: &Practice) -> Result<Done> {
		let key = public(&self.keys.identity(1)?.public_key());
		let profile = practice.profile()?;
		let best = self.chain().best().await?;
		if let Ok(Some(doctor)) = best.doctor_of(self.keys.account()).await {
			let found = best.doctor(doctor).await?;
			self.ensure_new(found.map(|found| found.standing))?;
		}
		let call = Call::register_doctor(hospital, profile, SUITE_X_WING, key);
		self.register(hospital, &call).await
	}

	/// Sponsors an account, so that its registration need not wait, or ends that.
	pub async fn sponsor(&self, account: AccountId, sponsored: bool) -> Result<Done> {
		let call = if sponsored { Call::sponsor(account) } else { Call::end_sponsorship(account) };
		self.conclude(&call).await
	}

	/// Sponsors several accounts, up to [`MAX_DESK_BATCH`], each once.
	pub async fn sponsor_accounts(&self, accounts: &[AccountId]) -> Result<Batch<AccountId>> {
		let accounts = each_once(accounts);
		let named = AccountBatch::try_from(accounts).map_err(|_| Error::TooManyNamed)?;
		let done = self.conclude(&Call::sponsor_accounts(named)).await?;
		Ok(Batch::new(done, |event| match event.name.as_str() {
			"SponsorshipRefused" => event.account("account"),
			_ => None,
		}))
	}

	/// Which of these accounts this account's hospital does not sponsor yet, each once.
	pub async fn not_sponsored(&self, at: &At, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
		let hospital = self.own_hospital().await?;
		let mut left = Vec::new();
		for account in each_once(accounts) {
			if !at.is_sponsored(account, hospital).await? {
				left.push(account);
			}
		}
		Ok(left)
	}

	/// Nodes refuse another registration of a person who waits for a hospital, without a reason of its own. They judge by
	/// their best block: in the last final one, a rejected person may still wait.
	fn ensure_new(&self, standing: Option<Standing>) -> Result<()> {
		// Who was rejected may register again.
		if standing.is_none_or(|standing| standing == Standing::Rejected) {
			return Ok(());
		}
		// The transaction before may have taken effect unnoticed.
		self.vaults.registered();
		Err(Error::AlreadyRegistered(self.keys.account()).into())
	}

	/// Sends a registration. A new account may send only transactions that will succeed, and nodes
	/// refuse all others without a reason. So the client checks the hospital's own rules first.
	pub(crate) async fn register(&self, hospital: HospitalId, call: &Call) -> Result<Done> {
		let account = self.keys.account();
		let at = self.chain().finalized().await?;
		if at.nonce(account).await? == 0 {
			match at.known_hospital(hospital).await?.registration {
				RegistrationMode::Open => {},
				RegistrationMode::SponsoredOnly => {
					if !at.is_sponsored(account, hospital).await? {
						return Err(Error::NotInvited { hospital, account }.into());
					}
				},
				RegistrationMode::Closed => {
					return Err(Error::Closed(hospital).into());
				},
			}
		}
		let done = self.conclude(call).await;
		// From now on doors let the account sign in, also if its transaction took effect unnoticed. The owner of a
		// wallet would then be asked in vain after each registration that failed.
		if matches!(done, Ok(Done::Sent(_))) || !self.keys.are_in_wallet() {
			self.vaults.registered();
		}
		// A door waits only some seconds for a sign-in, in which the owner of a wallet can't be asked.
		if done.is_ok() {
			// Without a sign-in the registration stands. What asks next says that it is missing.
			let _ = self.sign_in_first().await;
		}
		done
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn decision_that_stands_is_named() {
		let said = |person, standing| Error::Decided { person, standing }.to_string();
		let (patient, doctor) = (Person::Patient(PatientId(0)), Person::Doctor(DoctorId(7)));
		assert_eq!(said(patient, Standing::Verified), "patient 0 is verified already");
		assert_eq!(
			said(doctor, Standing::Suspended),
			"doctor 7 was verified, and is suspended now"
		);
		assert_eq!(
			said(patient, Standing::Pending),
			"patient 0 is neither verified nor rejected yet"
		);
	}
}

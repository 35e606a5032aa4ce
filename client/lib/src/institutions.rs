//! Institutions: laboratories, imaging and records departments of hospitals, which add to charts where patients
//! allow it, and read nothing.

use crate::{
	Error as AnyError, Result,
	chain::{AccountId, At, Call, OperatorsInfo},
	client::{Client, Done},
	staging::NewFile,
	vault::Progress,
};
use medblock_primitives::*;
use pallet_consortium_runtime_api::InstitutionInfo;
use pallet_medical_records_runtime_api::DepositInfo;

/// The reason why an institution can't do something, or nothing can be done with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
	/// The account adds records for no institution.
	#[error("the account {0} adds records for no institution")]
	NotOperator(AccountId),
	/// The institution's hospital has not appointed the account.
	#[error(
		"institution {} has not appointed the account {account}, or the appointment has expired",
		.institution.0
	)]
	NotAppointed {
		/// The institution.
		institution: InstitutionId,
		/// The account.
		account: AccountId,
	},
	/// The patient does not allow the institution to add records.
	#[error(
		"patient {} does not allow institution {} to add records, or no longer does",
		.patient.0, .institution.0
	)]
	NotAllowed {
		/// The patient.
		patient: PatientId,
		/// The institution.
		institution: InstitutionId,
	},
	/// The call would name more institutions than one call may.
	#[error("at most {MAX_DEPOSITS} institutions can be named at once")]
	TooManyNamed,
	/// A note was to be deposited.
	#[error("an institution reads no record, and so can answer none")]
	CannotAnswer,
}

/// An institution of one's own hospital, with its operators.
#[derive(Clone, Debug)]
pub struct Department {
	/// The institution.
	pub info: InstitutionInfo,
	/// Its operators; none if it is closed.
	pub operators: Option<OperatorsInfo>,
}

/// A patient's permission, and the institution that has it.
#[derive(Clone, Debug)]
pub struct Depositor {
	/// The permission.
	pub deposit: DepositInfo,
	/// The institution.
	pub institution: InstitutionInfo,
}

impl Client {
	/// Adds an institution to the hospital that this account controls.
	///
	/// # Errors
	///
	/// [`AnyError::BadValue`] if the name is not one line of at most 64 characters.
	pub async fn add_institution(&self, kind: InstitutionKind, name: &str) -> Result<Done> {
		ensure_name(name)?;
		self.conclude(&Call::add_institution(kind, name.as_bytes().to_vec())).await
	}

	/// Closes an institution of the hospital that this account controls, for ever.
	pub async fn close_institution(&self, institution: InstitutionId) -> Result<Done> {
		self.conclude(&Call::close_institution(institution)).await
	}

	/// Offers an account to add records for an institution of the hospital that this one controls.
	pub async fn appoint_operator(
		&self,
		institution: InstitutionId,
		operator: AccountId,
	) -> Result<Done> {
		self.conclude(&Call::appoint_operator(institution, operator)).await
	}

	/// Ends an account's work for an institution of the hospital that this one controls, or takes the offer
	/// back.
	pub async fn remove_operator(
		&self,
		institution: InstitutionId,
		operator: AccountId,
	) -> Result<Done> {
		self.conclude(&Call::remove_operator(institution, operator)).await
	}

	/// The institutions of the hospital for which this account verifies people, or which it controls.
	pub async fn departments(&self, at: &At) -> Result<(HospitalId, Vec<Department>)> {
		let hospital = self.staffed_hospital(at).await?;
		let (all, mut staff) = futures::try_join!(at.institutions(), at.operators(hospital))?;
		let own = all.into_iter().filter(|info| info.hospital == hospital);
		let departments = own.map(|info| {
			let place = staff.iter().position(|one| one.institution == info.id);
			Department { operators: place.map(|place| staff.swap_remove(place)), info }
		});
		Ok((hospital, departments.collect()))
	}

	/// Accepts to add records for an institution. It may be the account's first transaction.
	pub async fn join_institution(&self, institution: InstitutionId) -> Result<Done> {
		// Nodes refuse a new account's transaction without a reason, if it would fail.
		let account = self.keys.account();
		let at = self.chain().finalized().await?;
		if at.operator_appointment(institution, account).await?.is_none() {
			return Err(Error::NotAppointed { institution, account }.into());
		}
		let done = self.conclude(&Call::join_institution(institution)).await?;
		// From now on doors let the account sign in.
		self.vaults.registered();
		Ok(done)
	}

	/// Ends this account's work for its institution.
	pub async fn leave_institution(&self) -> Result<Done> {
		self.own_institution(&self.chain().finalized().await?).await?;
		self.conclude(&Call::leave_institution()).await
	}

	/// The institution that this account adds records for.
	pub async fn own_institution(&self, at: &At) -> Result<InstitutionId> {
		let account = self.keys.account();
		Ok(at.operator_of(account).await?.ok_or(Error::NotOperator(account))?)
	}

	/// Lets an institution add records to one's own chart, until `expires_at` if it is given. It reads
	/// nothing.
	pub async fn allow_deposit(
		&self,
		institution: InstitutionId,
		expires_at: Option<Moment>,
	) -> Result<Done> {
		self.conclude(&Call::allow_deposit(institution, expires_at)).await
	}

	/// No longer lets institutions add records to one's own chart.
	pub async fn end_deposits(&self, institutions: &[InstitutionId]) -> Result<Done> {
		let named =
			InstitutionIds::try_from(institutions.to_vec()).map_err(|_| Error::TooManyNamed)?;
		self.conclude(&Call::end_deposit(named)).await
	}

	/// The institutions that may add to one's own chart, expired ones included.
	pub async fn depositors(&self, at: &At) -> Result<Vec<Depositor>> {
		let patient = self.own_chart(at).await?.id;
		let mut depositors = Vec::new();
		// At most 32.
		for deposit in at.deposits(patient).await? {
			let institution = at.known_institution(deposit.institution).await?;
			depositors.push(Depositor { deposit, institution });
		}
		Ok(depositors)
	}

	/// Encrypts files and puts them into the chart of a patient who allows this account's institution to add
	/// records. No one here can open them afterwards.
	pub async fn deposit(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		if files.iter().any(|file| file.in_reply_to.is_some()) {
			return Err(Error::CannotAnswer.into());
		}
		// This refusal comes before gigabytes are encrypted and sent.
		let at = self.chain().finalized().await?;
		let institution = self.own_institution(&at).await?;
		let deposit = at.deposit(patient, institution).await?;
		if !deposit.is_some_and(|deposit| deposit.live) {
			return Err(Error::NotAllowed { patient, institution }.into());
		}
		self.deposit_files(patient, files, progress).await
	}
}

/// Fails if the chain would refuse this name.
fn ensure_name(name: &str) -> Result<()> {
	if is_name(name.as_bytes()) {
		return Ok(());
	}
	Err(AnyError::BadValue {
		what: "the institution's name",
		problem: "has to be one line of 1 to 64 characters",
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_are_one_line() {
		let (longest, long) = ("ก".repeat(64), "n".repeat(65));
		for (name, is_good) in [
			("Central laboratory", true),
			("Röntgen, Haus 2", true),
			(&longest, true),
			(&long, false),
			("", false),
			(" ", false),
			("a\nb", false),
		] {
			assert_eq!(ensure_name(name).is_ok(), is_good, "{name}");
		}
	}
}

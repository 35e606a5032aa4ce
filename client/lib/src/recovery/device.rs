//! What the new device does to take over.

use super::{
	Error, Request, divided, going_on,
	guarding::{ensure_due, recovery_of},
};
use crate::{
	Error as AnyError, Result,
	chain::{Agreed, At, Call, RecoveryInfo},
	chart::{ChartEpochs, OwnChart, Secrets},
	client::{Client, Done},
	overtaken::Attempts,
	rotation::public,
	trust,
};
use medblock_crypto::{
	Error as CryptoError, Identity, Root, SealContext, check_share, join, unseal_share,
};
use medblock_primitives::*;
use medblock_vault_protocol::door::Refused;
use zeroize::Zeroizing;

impl Client {
	/// The request by which this account is to take a person over, for one of the person's guardians. Nothing is sent.
	pub async fn begin_recovery(&self, person: Person) -> Result<Request> {
		self.vaults.is_to_recover(person);
		let at = self.chain().finalized().await?;
		// Doors tell strangers nothing of others. Then the guardian finds out.
		if let Ok(None) = at.guardians(person).await {
			return Err(Error::NoGuardians(person).into());
		}
		Request::new(&self.keys, self.genesis(), person)
	}

	/// The state of this account's request to take a person over; nothing before a guardian has made it, and after it
	/// has ended.
	pub async fn recovery_of(&self, at: &At, person: Person) -> Result<Option<RecoveryInfo>> {
		self.vaults.is_to_recover(person);
		let account = self.keys.account();
		match at.recoveries(person).await {
			// A door lets a new account ask once a guardian has asked for it.
			Err(why) if why.of_door() == Some(Refused::NotSignedIn) => Ok(None),
			all => match all?.into_iter().find(|one| one.new == account) {
				Some(found) => Ok(going_on(vec![found], at.now().await?).pop()),
				None => Ok(None),
			},
		}
	}

	/// Takes this account's own request back.
	pub async fn cancel_recovery(&self, person: Person) -> Result<Done> {
		self.vaults.is_to_recover(person);
		self.conclude(&Call::cancel_recovery(person)).await
	}

	/// Takes the person over, with what the guardians have handed over. A patient's chart gets keys of this account's
	/// words; a doctor gets a new key, which the hospital has to confirm.
	///
	/// # Errors
	///
	/// [`Error::NotApproved`] and [`Error::NotDue`] before it is time, [`Error::TooFewShares`], and
	/// [`Error::OtherSecret`] if the guardians had shares of an earlier secret.
	pub async fn finish_recovery(&self, person: Person) -> Result<Done> {
		self.vaults.is_to_recover(person);
		let mut attempts = Attempts::new();
		loop {
			let agreed = self.nodes.agreed().await?;
			let secret = self.handed_secret(&agreed, person).await?;
			let with = match person {
				Person::Patient(patient) => {
					NewSecrets::Patient(self.recovering_rotation(agreed, patient, &secret).await?)
				},
				Person::Doctor(doctor) => self.new_doctors_key(&agreed, doctor, &secret).await?,
			};
			let outcome = self.conclude(&Call::finish_recovery(person, with)).await;
			if let Some(done) = attempts.settled(outcome)? {
				self.vaults.has_recovered();
				self.reseal_after(person).await;
				return Ok(done);
			}
		}
	}

	/// Gives a recovered patient's new key to those who act for the patient. They can wait for it.
	async fn reseal_after(&self, person: Person) {
		let Person::Patient(_) = person else { return };
		if let Err(why) = self.reseal().await {
			tracing::debug!("the new key was given to doctors only: {why}");
		}
	}

	/// What the guardians' shares open. Each is checked by the commitments that two nodes tell.
	async fn handed_secret(&self, agreed: &Agreed, person: Person) -> Result<Zeroizing<[u8; 32]>> {
		let account = self.keys.account();
		let (info, recovery) = agreed
			.read("the guardians", |at| async move {
				let info = at.guardians(person).await?.ok_or(Error::NoGuardians(person))?;
				Ok::<_, AnyError>((info, recovery_of(&at, person, account).await?))
			})
			.await?;
		ensure_due(&info, &recovery, agreed.at().now().await?)?;
		let of = divided(self.genesis(), person);
		let own = self.keys.recovery_identity()?;
		let context = SealContext::handed_share(&of, &info.commitments, &own.public_key());
		let (mut right, mut wrong) = (Vec::new(), Vec::new());
		for (place, keeper) in info.guardians.iter().enumerate() {
			if !recovery.handed_over.contains(&keeper.delegate) {
				continue;
			}
			let sealed = agreed.at().recovery_share(person, account, keeper.delegate).await?;
			let share = sealed.and_then(|sealed| unseal_share(&own, &context, &sealed.0).ok());
			let number = place.saturating_add(1);
			match share {
				Some(share) if check_share(&info.commitments, number, &share).is_ok() => {
					right.push((number, share));
				},
				_ => wrong.push(keeper.delegate),
			}
		}
		match join(&of, &info.commitments, &info.secret.0, &right) {
			Err(CryptoError::TooFewShares { needed, given }) => {
				Err(Error::TooFewShares { given, needed, wrong }.into())
			},
			Err(CryptoError::WrongDivision) => Err(Error::OtherSecret(person).into()),
			opened => Ok(opened?),
		}
	}

	/// The chart's next keys, of this account's root. `root` is the lost device's, which opens what there is.
	async fn recovering_rotation(
		&self,
		agreed: Agreed,
		patient: PatientId,
		root: &[u8; 32],
	) -> Result<Rotation> {
		let mut info = agreed
			.read(
				"the chart",
				|at| async move { Ok::<_, AnyError>(at.known_patient(patient).await?) },
			)
			.await?;
		let epochs = ChartEpochs::agreed(&agreed, patient).await?;
		let roots = [Root::from_bytes(*root)];
		let secrets = match Secrets::of_roots(&roots, self.genesis(), &epochs) {
			Err(AnyError::Trust(trust::Error::ChartKeyMismatch(_))) => {
				return Err(Error::OtherSecret(Person::Patient(patient)).into());
			},
			secrets => secrets?,
		};
		// The doctors read the new key after the recovery, which the chain counts.
		info.generation = info.generation.saturating_add(1);
		self.rotation(&OwnChart { agreed, info, secrets }, &[]).await
	}

	/// A doctor's next key. The lost device's, whose seed this is, is kept on this device: it opens what patients have
	/// sealed to it, until they give the doctor their charts' next keys.
	async fn new_doctors_key(
		&self,
		agreed: &Agreed,
		doctor: DoctorId,
		seed: &[u8; 32],
	) -> Result<NewSecrets> {
		let version = agreed
			.read("your key", |at| async move {
				Ok::<_, AnyError>(at.known_doctor(doctor).await?.key_version)
			})
			.await?;
		self.recovered.keep(version, seed).await?;
		self.keys.recover(vec![(version, Identity::from_seed(*seed))]);
		let key = self.keys.identity(version.saturating_add(1))?.public_key();
		Ok(NewSecrets::Doctor { suite: SUITE_X_WING, key: public(&key) })
	}
}

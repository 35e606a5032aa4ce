//! A person's own guardians.

use super::{Error, GuardiansInfo, divided, going_on};
use crate::{
	Result,
	chain::{AccountId, Agreed, At, Call, RecoveryInfo},
	chart::ChartEpochs,
	client::{Client, Done},
	delegates::keeper,
	overtaken::Attempts,
	rotation::sealed_share,
};
use medblock_crypto::{SealContext, divide, is_division_of, key_digest, seal_share};
use medblock_primitives::*;
use zeroize::Zeroizing;

/// A person's choice of guardians.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
	/// The guardians, two to eight.
	pub guardians: Vec<Delegate>,
	/// The number of them who have to agree: two at least.
	pub threshold: u32,
	/// The time in which the person can veto, in milliseconds.
	pub delay: Moment,
}

/// A person's guardians, as the person's own device sees them.
#[derive(Clone, Debug)]
pub struct OwnGuardians {
	/// The person.
	pub person: Person,
	/// The guardians.
	pub info: GuardiansInfo,
	/// Whether what they open is this account's present secret. After new words it is not, and the guardians are to be
	/// renewed.
	pub is_of_present_secret: bool,
	/// The guardians who can't act now, or have another key than the one that their share is sealed to.
	pub outdated: Vec<Delegate>,
}

impl OwnGuardians {
	/// Whether guardians who can act have other keys than those that their shares are sealed to, so that new shares help.
	pub fn have_other_keys(&self) -> bool {
		let is_able = |one: &Delegate| {
			self.info.guardians.iter().any(|guardian| guardian.delegate == *one && guardian.able)
		};
		self.outdated.iter().any(is_able)
	}

	/// Whether the guardians should be given new shares, or others be chosen.
	pub fn are_outdated(&self) -> bool {
		!self.is_of_present_secret || !self.outdated.is_empty()
	}

	/// The same choice again.
	pub fn choice(&self) -> Choice {
		Choice {
			guardians: self.info.guardians.iter().map(|one| one.delegate).collect(),
			threshold: u32::try_from(self.info.commitments.len()).unwrap_or(u32::MAX),
			delay: self.info.delay,
		}
	}
}

impl Client {
	/// The guardians of the person that this account is, if there are any.
	pub async fn own_guardians(&self, at: &At, capacity: Capacity) -> Result<Option<OwnGuardians>> {
		let person = self.own_person(at, capacity).await?;
		let Some(info) = at.guardians(person).await? else { return Ok(None) };
		let mut outdated = Vec::new();
		for one in &info.guardians {
			let current = match one.delegate {
				Delegate::Patient(patient) => at.acting_key(patient).await?,
				Delegate::Doctor(doctor) => at.encryption_key(doctor).await?,
				Delegate::Desk(hospital) => at.hospital_key(hospital).await?,
			};
			if !one.able || current.is_none_or(|key| key.version != one.key_version) {
				outdated.push(one.delegate);
			}
		}
		let is_of_present_secret = match self.present_secret(at, person).await {
			Ok(secret) => {
				is_division_of(&divided(self.genesis(), person), &info.commitments, &secret)
			},
			// An account that has no words here can't tell, and says nothing.
			Err(crate::Error::Keys(_)) => true,
			Err(why) => return Err(why),
		};
		Ok(Some(OwnGuardians { person, info, is_of_present_secret, outdated }))
	}

	/// Chooses guardians, in place of earlier ones. Requests for recovery that are pending end.
	///
	/// # Errors
	///
	/// [`Error::NotPresentWords`] if what they would open is not what opens the data, and that of a number of guardians
	/// that can't be ([`medblock_crypto::Error::ShareCount`]).
	pub async fn set_guardians(&self, capacity: Capacity, choice: &Choice) -> Result<Done> {
		let mut attempts = Attempts::new();
		loop {
			let agreed = self.nodes.agreed().await?;
			let call = self.choosing(&agreed, capacity, choice).await?;
			let outcome = self.conclude(&call).await;
			if let Some(done) = attempts.settled(outcome)? {
				return Ok(done);
			}
		}
	}

	/// Gives the same guardians new shares, sealed to their present keys. The earlier shares open nothing together with
	/// these.
	pub async fn renew_guardians(&self, capacity: Capacity) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let person = self.own_person(&at, capacity).await?;
		let own = self.own_guardians(&at, capacity).await?.ok_or(Error::NoGuardians(person))?;
		self.set_guardians(capacity, &own.choice()).await
	}

	/// As [`Client::renew_guardians`], if what the guardians open is not the present secret any more: other words, or a
	/// new encryption key, have replaced it.
	pub async fn renew_guardians_if_due(&self, capacity: Capacity) -> Result<Option<Done>> {
		let at = self.chain().finalized().await?;
		match self.own_guardians(&at, capacity).await? {
			Some(own) if !own.is_of_present_secret => {
				self.set_guardians(capacity, &own.choice()).await.map(Some)
			},
			_ => Ok(None),
		}
	}

	/// Gives up one's guardians. Requests for recovery that are pending end.
	pub async fn remove_guardians(&self, capacity: Capacity) -> Result<Done> {
		self.conclude(&Call::remove_guardians(capacity)).await
	}

	/// The new accounts that ask to take over the people that this account is. Show them loudly: the account can veto.
	pub async fn own_recoveries(&self, at: &At) -> Result<Vec<RecoveryInfo>> {
		let mut all = Vec::new();
		for (_, delegate) in self.own_delegates(at).await? {
			if let Some(person) = delegate.person() {
				all.extend(at.recoveries(person).await?);
			}
		}
		// Most people never see one.
		if all.is_empty() {
			return Ok(all);
		}
		Ok(going_on(all, at.now().await?))
	}

	/// Stops a recovery by which another account would take over a person that this account is.
	pub async fn veto_recovery(&self, person: Person, new: AccountId) -> Result<Done> {
		self.conclude(&Call::veto_recovery(person, new)).await
	}

	/// The call that chooses these guardians.
	async fn choosing(&self, agreed: &Agreed, capacity: Capacity, choice: &Choice) -> Result<Call> {
		let person = self.own_person(agreed.at(), capacity).await?;
		let secret = self.published_secret(agreed, person).await?;
		let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
		let of = divided(self.genesis(), person);
		let division = divide(&of, &secret, count(choice.threshold), choice.guardians.len())?;
		let mut shares = SharesFor::default();
		for (delegate, share) in choice.guardians.iter().zip(&division.shares) {
			let (key_version, key) = self.delegate_key(agreed, *delegate).await?;
			let kept = keeper(*delegate);
			let context = SealContext::kept_share(&of, &division.commitments, kept, key_version);
			let share = sealed_share(seal_share(&key, &context, share)?);
			// No more than a secret is divided into.
			let _ = shares.try_push(ShareFor { delegate: *delegate, key_version, share });
		}
		let divided = Divided {
			commitments: Commitments::truncate_from(division.commitments),
			secret: WrappedSecret(division.secret),
			shares,
		};
		Ok(Call::set_guardians(capacity, divided, choice.delay))
	}

	/// The secret that guardians are to open, once two nodes say that it is the one that opens the data.
	async fn published_secret(
		&self,
		agreed: &Agreed,
		person: Person,
	) -> Result<Zeroizing<[u8; 32]>> {
		let is_present = match person {
			Person::Patient(patient) => {
				let epochs = ChartEpochs::agreed(agreed, patient).await?;
				epochs.come_from(&self.keys.root()?, &self.genesis())
			},
			Person::Doctor(doctor) => {
				let version = agreed.at().known_doctor(doctor).await?.key_version;
				let own = key_digest(&self.keys.identity(version)?.public_key());
				self.published_key_digest(doctor).await? == own
			},
		};
		match is_present {
			true => self.present_secret(agreed.at(), person).await,
			false => Err(Error::NotPresentWords.into()),
		}
	}

	/// The secret that this account's present words give for a person.
	async fn present_secret(&self, at: &At, person: Person) -> Result<Zeroizing<[u8; 32]>> {
		Ok(Zeroizing::new(match person {
			Person::Patient(_) => *self.keys.root()?.expose(),
			Person::Doctor(doctor) => {
				let version = at.known_doctor(doctor).await?.key_version;
				*self.keys.identity(version)?.seed()
			},
		}))
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use pallet_delegation_runtime_api::KeeperInfo;

	fn own(is_of_present_secret: bool, outdated: Vec<Delegate>) -> OwnGuardians {
		let person = Person::Patient(PatientId(5));
		let keeper = |delegate| KeeperInfo { delegate, key_version: 1, able: true };
		let guardians = [Delegate::Doctor(DoctorId(1)), Delegate::Desk(HospitalId(0))];
		OwnGuardians {
			person,
			info: GuardiansInfo {
				person,
				commitments: vec![[1; 32]; 2],
				secret: WrappedSecret([0; 60]),
				guardians: guardians.map(keeper).to_vec(),
				delay: 7,
				set_at: 0,
			},
			is_of_present_secret,
			outdated,
		}
	}

	#[test]
	fn renewal_keeps_the_choice() {
		let choice = own(true, vec![]).choice();
		assert_eq!((choice.threshold, choice.delay), (2, 7));
		assert_eq!(
			choice.guardians,
			[Delegate::Doctor(DoctorId(1)), Delegate::Desk(HospitalId(0))]
		);
	}

	#[test]
	fn guardians_of_earlier_words_or_with_other_keys_are_outdated() {
		assert!(!own(true, vec![]).are_outdated());
		assert!(own(false, vec![]).are_outdated());
		assert!(own(true, vec![Delegate::Doctor(DoctorId(1))]).are_outdated());
	}

	#[test]
	fn new_share_helps_a_guardian_with_another_key_and_not_one_who_cannot_act() {
		let doctor = Delegate::Doctor(DoctorId(1));
		assert!(!own(true, vec![]).have_other_keys());
		assert!(own(true, vec![doctor]).have_other_keys());
		let mut lost = own(true, vec![doctor]);
		lost.info.guardians[0].able = false;
		assert!(!lost.have_other_keys());
		assert!(lost.are_outdated(), "another has to be chosen");
	}
}

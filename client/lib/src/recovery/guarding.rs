//! What a guardian does for those who have chosen them.

use super::{Error, GuardiansInfo, KeeperInfo, Request, WardInfo, divided, going_on};
use crate::{
	Error as AnyError, Result,
	chain::{AccountId, At, Call, RecoveryInfo},
	client::{Client, Done},
	delegates::keeper,
	rotation::{public, sealed_share},
};
use medblock_crypto::{
	SealContext, SecretShare, check_public_key, check_share, key_digest, seal_share,
};
use medblock_primitives::*;
use subxt::utils::MultiSignature;

/// A person whose guardian this account is.
#[derive(Clone, Debug)]
pub struct Guarded {
	/// The capacity in which it is.
	pub acting: ActingAs,
	/// The guardian.
	pub guardian: Delegate,
	/// The person.
	pub ward: WardInfo,
	/// The new accounts that ask to take the person over.
	pub recoveries: Vec<RecoveryInfo>,
}

/// A share that can be handed over now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
	/// The capacity in which this account is a guardian.
	pub acting: ActingAs,
	/// The person.
	pub person: Person,
	/// The new account.
	pub new: AccountId,
}

/// One of a person's guardians that this account is.
struct OwnPlace {
	acting: ActingAs,
	guardian: Delegate,
	info: GuardiansInfo,
}

impl OwnPlace {
	/// The number of the own share, from 1, and the version of the key that it is sealed to.
	fn share(&self) -> Option<(usize, u32)> {
		let mut all = self.info.guardians.iter().enumerate();
		let found = all.find(|(_, one)| one.delegate == self.guardian);
		found.map(|(place, KeeperInfo { key_version, .. })| (place + 1, *key_version))
	}
}

impl Client {
	/// The people whose guardian this account is, with the new accounts that ask to take them over.
	pub async fn guarded(&self, at: &At) -> Result<Vec<Guarded>> {
		let mut all = Vec::new();
		for (acting, guardian) in self.own_delegates(at).await? {
			for ward in at.wards(guardian).await? {
				let recoveries = match ward.recoveries {
					0 => Vec::new(),
					_ => going_on(at.recoveries(ward.person).await?, at.now().await?),
				};
				all.push(Guarded { acting, guardian, ward, recoveries });
			}
		}
		Ok(all)
	}

	/// The shares that this account has approved to hand over, and whose time has come. A guardian's device may do so by
	/// itself.
	pub async fn due_hand_overs(&self, at: &At) -> Result<Vec<HandOver>> {
		let (all, now) = (self.guarded(at).await?, at.now().await?);
		Ok(all.iter().flat_map(|one| due(one, now)).collect())
	}

	/// Checks the share that this account keeps of a person: that it opens, and that it is one of the secret that the
	/// person has divided.
	///
	/// # Errors
	///
	/// [`Error::NotGuardian`], and [`Error::OwnShareWrong`] if it is worth nothing: tell the person.
	pub async fn check_own_share(&self, at: &At, person: Person) -> Result<()> {
		let own = self.own_place(at, person, None, |_| true).await?;
		self.own_share(at, person, &own).await.map(|_| ())
	}

	/// Asks that a person gets a new account, for a device that has made this request. The guardian approves it thereby,
	/// and has compared the key's digest with the person.
	pub async fn request_recovery(
		&self,
		acting: Option<ActingAs>,
		request: &Request,
	) -> Result<Done> {
		request.check(self.genesis())?;
		let at = self.chain().finalized().await?;
		let own = self.own_place(&at, request.person, acting, |_| true).await?;
		let Request { person, account, key, proof } = request;
		let proof = MultiSignature::Sr25519(*proof);
		let key = public(key);
		self.conclude(&Call::request_recovery(
			*person,
			own.acting,
			*account,
			SUITE_X_WING,
			key,
			proof,
		))
		.await
	}

	/// Approves that a person gets a new account. `digest` is the SHA-256 of the new device's key, as the person told it.
	pub async fn approve_recovery(
		&self,
		acting: Option<ActingAs>,
		person: Person,
		new: AccountId,
		digest: [u8; 32],
	) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let recovery = recovery_of(&at, person, new).await?;
		let key = check_public_key(&recovery.key)?;
		if key_digest(&key) != digest {
			return Err(Error::OtherKeyDigest(person).into());
		}
		let waits = |one: &Delegate| !recovery.approvals.contains(one);
		let own = self.own_place(&at, person, acting, waits).await?;
		self.conclude(&Call::approve_recovery(person, own.acting, new, digest)).await
	}

	/// Takes an own approval back.
	pub async fn withdraw_approval(
		&self,
		acting: Option<ActingAs>,
		person: Person,
		new: AccountId,
	) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let recovery = recovery_of(&at, person, new).await?;
		let has = |one: &Delegate| recovery.approvals.contains(one);
		let own = self.own_place(&at, person, acting, has).await?;
		self.conclude(&Call::withdraw_approval(person, own.acting, new)).await
	}

	/// Hands the own share over to a person's new device, after the delay.
	///
	/// # Errors
	///
	/// [`Error::NotApproved`] and [`Error::NotDue`] before, and [`Error::OwnShareWrong`].
	pub async fn hand_over_share(
		&self,
		acting: Option<ActingAs>,
		person: Person,
		new: AccountId,
	) -> Result<Done> {
		// A single lying node could put another key in the place of the device's.
		let agreed = self.nodes.agreed().await?;
		let (info, recovery) = agreed
			.read("the new account's key", |at| async move {
				let info = at.guardians(person).await?.ok_or(Error::NoGuardians(person))?;
				Ok::<_, AnyError>((info, recovery_of(&at, person, new).await?))
			})
			.await?;
		ensure_due(&info, &recovery, agreed.at().now().await?)?;
		let waits = |one: &Delegate| {
			recovery.approvals.contains(one) && !recovery.handed_over.contains(one)
		};
		let own = self.own_place(agreed.at(), person, acting, waits).await?;
		if own.info != info {
			return Err(Error::NoRequest { person, account: new }.into());
		}
		let share = self.own_share(agreed.at(), person, &own).await?;
		let (of, key) = (divided(self.genesis(), person), check_public_key(&recovery.key)?);
		let context = SealContext::handed_share(&of, &info.commitments, &key);
		let sealed = sealed_share(seal_share(&key, &context, &share)?);
		self.conclude(&Call::hand_over_share(person, own.acting, new, sealed)).await
	}

	/// One of a person's guardians that this account is: rather one that is `wanted`.
	async fn own_place(
		&self,
		at: &At,
		person: Person,
		acting: Option<ActingAs>,
		wanted: impl Fn(&Delegate) -> bool,
	) -> Result<OwnPlace> {
		let info = at.guardians(person).await?.ok_or(Error::NoGuardians(person))?;
		let mut own = self.own_delegates(at).await?;
		own.retain(|(as_what, delegate)| {
			acting.is_none_or(|acting| acting == *as_what)
				&& info.guardians.iter().any(|one| one.delegate == *delegate)
		});
		let found = own.iter().find(|one| wanted(&one.1)).or(own.first());
		let (acting, guardian) = *found.ok_or(Error::NotGuardian(person))?;
		Ok(OwnPlace { acting, guardian, info })
	}

	/// The own share, once it is known to be right.
	async fn own_share(&self, at: &At, person: Person, own: &OwnPlace) -> Result<SecretShare> {
		let (number, version) = own.share().ok_or(Error::NotGuardian(person))?;
		let sealed = at.guardian_share(person, own.guardian).await?;
		let sealed = sealed.ok_or(Error::NotGuardian(person))?;
		let (of, commitments) = (divided(self.genesis(), person), &own.info.commitments);
		let context = SealContext::kept_share(&of, commitments, keeper(own.guardian), version);
		let opened = self.kept_share(at, own.guardian, version, &context, &sealed).await;
		let share = match opened {
			Ok(share) => share,
			// The keeper has no key of this version any more, or there is something else in it.
			Err(AnyError::Crypto(_)) => return Err(Error::OwnShareWrong(person).into()),
			Err(why) => return Err(why),
		};
		check_share(commitments, number, &share).map_err(|_| Error::OwnShareWrong(person))?;
		Ok(share)
	}
}

/// The request that a person gets this account.
pub(super) async fn recovery_of(at: &At, person: Person, new: AccountId) -> Result<RecoveryInfo> {
	let found = at.recoveries(person).await?.into_iter().find(|one| one.new == new);
	Ok(found.ok_or(Error::NoRequest { person, account: new })?)
}

/// Fails before enough guardians have approved, and before the person's time to veto is over.
pub(super) fn ensure_due(
	info: &GuardiansInfo,
	recovery: &RecoveryInfo,
	now: Moment,
) -> Result<(), Error> {
	let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
	match recovery.due {
		None => Err(Error::NotApproved {
			approvals: count(recovery.approvals.len()),
			needed: count(info.commitments.len()),
		}),
		Some(due) if due > now => Err(Error::NotDue { person: recovery.person, due }),
		Some(_) => Ok(()),
	}
}

/// What a guardian can hand over now.
fn due(one: &Guarded, now: Moment) -> impl Iterator<Item = HandOver> + '_ {
	let Guarded { acting, guardian, ward, recoveries } = one;
	let is_due = move |recovery: &&RecoveryInfo| {
		recovery.approvals.contains(guardian)
			&& !recovery.handed_over.contains(guardian)
			&& recovery.due.is_some_and(|due| due <= now)
			&& now < recovery.ends_at
	};
	recoveries.iter().filter(is_due).map(move |recovery| HandOver {
		acting: *acting,
		person: ward.person,
		new: recovery.new,
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	const DESK: Delegate = Delegate::Desk(HospitalId(0));

	fn recovery(due: Option<Moment>, handed_over: Vec<Delegate>) -> RecoveryInfo {
		RecoveryInfo {
			person: Person::Patient(PatientId(5)),
			new: AccountId::from([1; 32]),
			suite: SUITE_X_WING,
			key: PublicKey::default(),
			requested_at: 0,
			due,
			ends_at: 100,
			approvals: vec![DESK],
			handed_over,
		}
	}

	fn guarded(recoveries: Vec<RecoveryInfo>) -> Guarded {
		let ward = WardInfo { person: Person::Patient(PatientId(5)), threshold: 2, recoveries: 1 };
		Guarded { acting: ActingAs::Desk, guardian: DESK, ward, recoveries }
	}

	#[test]
	fn shares_are_handed_over_after_the_delay_once_and_not_too_late() {
		let count = |recovery: RecoveryInfo, now| due(&guarded(vec![recovery]), now).count();
		assert_eq!(count(recovery(None, vec![]), 50), 0, "too few have approved");
		assert_eq!(count(recovery(Some(50), vec![]), 49), 0, "the person can still veto");
		assert_eq!(count(recovery(Some(50), vec![]), 50), 1);
		assert_eq!(count(recovery(Some(50), vec![DESK]), 50), 0, "once");
		assert_eq!(count(recovery(Some(50), vec![]), 100), 0, "it has lapsed");
		let others = RecoveryInfo { approvals: vec![], ..recovery(Some(50), vec![]) };
		assert_eq!(count(others, 50), 0, "this guardian has not approved it");
	}

	/// The chain may not have had time to clear it away.
	#[test]
	fn request_that_has_lapsed_is_shown_to_no_one() {
		let count = |now| going_on(vec![recovery(Some(50), vec![])], now).len();
		assert_eq!(count(99), 1);
		assert_eq!(count(100), 0);
	}

	#[test]
	fn what_is_missing_before_a_hand_over_is_said() {
		let info = GuardiansInfo {
			person: Person::Patient(PatientId(5)),
			commitments: vec![[1; 32]; 2],
			secret: WrappedSecret([0; 60]),
			guardians: vec![],
			delay: 0,
			set_at: 0,
		};
		let missing = |recovery: RecoveryInfo, now| ensure_due(&info, &recovery, now);
		let few = missing(recovery(None, vec![]), 50).unwrap_err().to_string();
		assert_eq!(few, "too few guardians have approved it: 1 of 2");
		let early = missing(recovery(Some(50), vec![]), 49).unwrap_err().to_string();
		assert_eq!(early, "the time in which patient 5 can veto is not over");
		assert!(missing(recovery(Some(50), vec![]), 50).is_ok());
	}
}

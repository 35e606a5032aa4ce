//! Opening a chart in an emergency: the doctor joins the shares that holders have sealed to them.

use super::{EmergencyPlanInfo, Error, divided, plan_of};
use crate::{Result, chain::At, client::Client, rotation::public};
use medblock_crypto::{
	DividedSecret, EpochSecret, FileKey, Identity, SealContext, ShareContext, check_share, join,
	unseal, unseal_share,
};
use medblock_primitives::*;
use std::collections::BTreeMap;

/// The number of a doctor's own keys that are tried, the newest first. The doctor may have replaced the one that asked.
const OWN_KEYS: u32 = 4;

/// What an emergency gives a doctor.
pub(crate) enum Opened {
	/// The secret of the chart's epoch that the plan has.
	Chart(Epoch, EpochSecret),
	/// The file keys of the chosen records.
	Records(BTreeMap<RecordIndex, FileKey>),
}

impl Client {
	/// What an emergency gives this doctor, if enough holders have confirmed it. That it is open, the caller has to know.
	///
	/// # Errors
	///
	/// [`Error::BadShare`] if too few shares are left because one does not fit, and [`Error::DamagedPlan`].
	pub(crate) async fn opened_in_emergency(
		&self,
		at: &At,
		patient: PatientId,
		doctor: DoctorId,
	) -> Result<Option<Opened>> {
		let Some(plan) = at.emergency_plan(patient).await? else { return Ok(None) };
		let Some(set) = at.emergency_set(patient).await? else { return Ok(None) };
		let mut sealed = Vec::new();
		for (place, holder) in plan.holders.iter().enumerate() {
			let Delegate::Desk(hospital) = holder.delegate else { continue };
			let share = at.confirmed_share(patient, doctor, hospital).await?;
			sealed.extend(share.map(|share| (place.saturating_add(1), hospital, share)));
		}
		if sealed.len() < plan.commitments.len() {
			return Ok(None);
		}
		let newest = at.known_doctor(doctor).await?.key_version;
		let versions = (1..=newest).rev().take(OWN_KEYS as usize);
		let own = versions.map(|version| self.keys.identities(version));
		let own: Vec<Identity> = own.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
		let of = divided(self.genesis(), patient);
		let secret = joined(&of, &plan, &own, &sealed)?;
		opened(self.genesis(), &plan, &set, secret).map(Some)
	}
}

/// The plan's key, from the shares that were sealed to one of these keys.
fn joined(
	of: &DividedSecret,
	plan: &EmergencyPlanInfo,
	own: &[Identity],
	sealed: &[(usize, HospitalId, SealedShare)],
) -> Result<Identity> {
	let contexts: Vec<_> = own
		.iter()
		.map(|key| (key, SealContext::handed_share(of, &plan.commitments, &key.public_key())))
		.collect();
	let (mut shares, mut bad) = (Vec::new(), None);
	for (number, hospital, sealed) in sealed {
		let mut opened =
			contexts.iter().filter_map(|(key, context)| unseal_share(key, context, &sealed.0).ok());
		match opened.next() {
			Some(share) if check_share(&plan.commitments, *number, &share).is_ok() => {
				shares.push((*number, share));
			},
			// One hospital's mistake, or malice, must not spoil what the others have confirmed.
			_ => bad = Some(*hospital),
		}
	}
	if let Some(hospital) = bad.filter(|_| shares.len() < plan.commitments.len()) {
		return Err(Error::BadShare(hospital).into());
	}
	let secret = join(of, &plan.commitments, &plan.secret.0, &shares)?;
	let key = Identity::from_seed(*secret);
	match plan.key == public(&key.public_key()) {
		true => Ok(key),
		false => Err(Error::DamagedPlan.into()),
	}
}

/// What a plan's key opens.
fn opened(
	genesis: [u8; 32],
	plan: &EmergencyPlanInfo,
	set: &EmergencySet,
	key: Identity,
) -> Result<Opened> {
	let this = plan_of(genesis, plan);
	match set {
		EmergencySet::Chart(SealedEpoch { epoch, key: sealed }) => {
			let context = SealContext::emergency_epoch(this, *epoch);
			let secret = unseal(&key, &context, &sealed.0).map_err(|_| Error::DamagedPlan)?;
			Ok(Opened::Chart(*epoch, EpochSecret::from_bytes(*secret)))
		},
		EmergencySet::Records { key: sealed, records } => {
			let context = SealContext::emergency_records(this);
			let secret = unseal(&key, &context, &sealed.0).map_err(|_| Error::DamagedPlan)?;
			let share_key = medblock_crypto::ShareKey::from_bytes(*secret);
			let mut keys = BTreeMap::new();
			for (index, wrapped) in records {
				let context = ShareContext::emergency(this, *index);
				let file_key = share_key.unwrap(&context, &wrapped.0);
				keys.insert(*index, file_key.map_err(|_| Error::DamagedPlan)?);
			}
			Ok(Opened::Records(keys))
		},
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::{
		super::tests::{GENESIS, PATIENT, a_plan},
		*,
	};
	use crate::rotation::{sealed_key, sealed_share};
	use medblock_crypto::{Division, Mnemonic, Root, seal, seal_share};

	fn root() -> Root {
		Mnemonic::generate().seed("").root()
	}

	fn of() -> DividedSecret {
		divided(GENESIS, PATIENT)
	}

	fn doctor(number: u8) -> Identity {
		Identity::from_seed([number; 32])
	}

	/// The share of a holder, sealed to the doctor by one who passes another on.
	fn sealed(
		division: &Division,
		to: &Identity,
		holder: usize,
		share: usize,
	) -> (usize, HospitalId, SealedShare) {
		let key = to.public_key();
		let context = SealContext::handed_share(&of(), &division.commitments, &key);
		let sealed = seal_share(&key, &context, &division.shares[share]).unwrap();
		(holder + 1, HospitalId(holder as u32), sealed_share(sealed))
	}

	#[test]
	fn two_of_three_shares_give_the_plans_key() {
		let root = root();
		let (plan, division) = a_plan(&root);
		let own = [doctor(2), doctor(1)];
		for (one, other) in [(0, 1), (0, 2), (2, 1)] {
			let shares = [one, other].map(|at| sealed(&division, &own[1], at, at));
			let key = joined(&of(), &plan, &own, &shares).unwrap();
			assert_eq!(public(&key.public_key()), plan.key);
		}
	}

	#[test]
	fn one_share_gives_nothing_nor_do_those_of_another_doctor() {
		let (plan, division) = a_plan(&root());
		let own = [doctor(1)];
		let one = [sealed(&division, &own[0], 0, 0)];
		assert!(joined(&of(), &plan, &own, &one).is_err());
		let twice = [one[0].clone(), one[0].clone()];
		assert!(joined(&of(), &plan, &own, &twice).is_err());
		let others = [0, 1].map(|at| sealed(&division, &doctor(3), at, at));
		assert!(joined(&of(), &plan, &own, &others).is_err());
	}

	/// A share of another plan, another holder's, or garbage.
	#[test]
	fn share_that_does_not_fit_is_its_holders_fault_and_spoils_nothing() {
		let root = root();
		let ((plan, division), (_, former)) = (a_plan(&root), a_plan(&root));
		let own = [doctor(1)];
		let good = |at| sealed(&division, &own[0], at, at);
		let garbage = (2, HospitalId(1), SealedShare::new([1; SEALED_SHARE_LENGTH as usize]));
		let bad = [sealed(&division, &own[0], 1, 2), sealed(&former, &own[0], 1, 1), garbage];
		for bad in bad {
			let refused = joined(&of(), &plan, &own, &[good(0), bad.clone()]).err().unwrap();
			let expected = Error::BadShare(HospitalId(1));
			assert!(matches!(refused, crate::Error::Emergency(why) if why == expected));
			assert!(joined(&of(), &plan, &own, &[good(0), bad, good(2)]).is_ok());
		}
	}

	#[test]
	fn plan_opens_the_chart_or_the_chosen_records() {
		let root = root();
		let (plan, _) = a_plan(&root);
		let this = plan_of(GENESIS, &plan);
		let key = || this.identity(&root);
		let to = key().public_key();
		let seal = |context, secret: &[u8; 32]| sealed_key(seal(&to, &context, secret).unwrap());
		let sealed = seal(SealContext::emergency_epoch(this, 4), &[9; 32]);
		let chart = EmergencySet::Chart(SealedEpoch { epoch: 4, key: sealed.clone() });
		match opened(GENESIS, &plan, &chart, key()).unwrap() {
			Opened::Chart(4, secret) => assert_eq!(secret.expose(), &[9; 32]),
			_ => panic!("it is the chart"),
		}
		let moved = EmergencySet::Chart(SealedEpoch { epoch: 6, key: sealed });
		assert!(opened(GENESIS, &plan, &moved, key()).is_err(), "another epoch's");

		let share_key = medblock_crypto::ShareKey::generate();
		let wrap = |index: u32| {
			let context = ShareContext::emergency(this, index);
			WrappedFileKey(share_key.wrap(&context, &FileKey::from_bytes([index as u8; 16])))
		};
		let sealed = seal(SealContext::emergency_records(this), share_key.expose());
		let set = |records: &[(u32, u32)]| EmergencySet::Records {
			key: sealed.clone(),
			records: BTreeMap::from_iter(records.iter().map(|(at, of)| (*at, wrap(*of))))
				.try_into()
				.unwrap(),
		};
		match opened(GENESIS, &plan, &set(&[(1, 1), (7, 7)]), key()).unwrap() {
			Opened::Records(keys) => {
				let found: Vec<_> = keys.iter().map(|(at, key)| (*at, *key.expose())).collect();
				assert_eq!(found, [(1, [1; 16]), (7, [7; 16])]);
			},
			Opened::Chart(..) => panic!("it is records"),
		}
		assert!(opened(GENESIS, &plan, &set(&[(1, 7)]), key()).is_err(), "another record's key");
		assert!(opened(GENESIS, &plan, &chart, doctor(1)).is_err(), "another key");
	}
}

//! Checks of the properties that the crate's documentation names.

use crate::*;
use alloc::collections::BTreeSet;
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use medblock_primitives::is_version;
use sp_io::hashing::sha2_256;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let active = ActiveHospitals::<T>::get();
		ensure!(active.windows(2).all(|pair| pair[0] < pair[1]), "profiles: unsorted");
		for (id, hospital) in Hospitals::<T>::iter() {
			let listed = active.contains(&id);
			ensure!(listed == (hospital.standing == Standing::Active), "profiles: listing");
			ensure!(Profiles::<T>::contains_key(id), "profiles: one is missing");
			ensure!(id < NextHospital::<T>::get(), "profiles: an id from the future");
			let controlled = ControllerOf::<T>::get(&hospital.controller) == Some(id);
			ensure!(!listed || controlled, "controllers: an active hospital has none");
		}
		ensure!(ControllerOf::<T>::iter().count() == active.len(), "controllers: one too many");

		let mut registrars = 0;
		for (id, list) in Registrars::<T>::iter() {
			ensure!(list.is_empty() || active.contains(&id), "registrars: of an inactive hospital");
			ensure!(list.windows(2).all(|pair| pair[0] < pair[1]), "registrars: unsorted");
			let all = list.iter().all(|one| RegistrarOf::<T>::get(one) == Some(id));
			ensure!(all, "registrars: listed with one, working for another");
			registrars += list.len();
		}
		ensure!(RegistrarOf::<T>::iter().count() == registrars, "registrars: unlisted");

		for (id, waiting) in Appointments::<T>::iter() {
			ensure!(active.contains(&id), "appointments: of an inactive hospital");
			let distinct: BTreeSet<_> = waiting.iter().map(|one| &one.account).collect();
			ensure!(distinct.len() == waiting.len(), "appointments: one account twice");
			let own = waiting.iter().any(|one| RegistrarOf::<T>::get(&one.account) == Some(id));
			ensure!(!own, "appointments: of a registrar of the hospital");
		}

		Self::check_institutions(&active)?;
		Self::check_disclosure_logs(&active)?;
		Self::check_decisions(&active)?;

		for registrar in RegistrarKeys::<T>::iter_keys() {
			ensure!(
				RegistrarOf::<T>::contains_key(registrar),
				"profile-keys: a key of no registrar"
			);
		}
		for (id, registrar, held) in SealedProfileKeys::<T>::iter() {
			ensure!(RegistrarOf::<T>::get(&registrar) == Some(id), "profile-keys: held by others");
			let own = RegistrarKeys::<T>::get(&registrar).map(|own| own.version);
			ensure!(own == Some(held.key_version), "profile-keys: sealed to another key");
		}
		for id in Hospitals::<T>::iter_keys() {
			let holders = SealedProfileKeys::<T>::iter_prefix(id).count();
			let state = ProfileKeyStates::<T>::get(id);
			ensure!(holders == state.holders as usize, "profile-keys: holders are miscounted");
			let key = EncryptionKeys::<T>::get(id);
			ensure!(key.is_some() || holders == 0, "profile-keys: held, and not published");
			ensure!(
				key.is_none() || active.contains(&id),
				"profile-keys: current, of an inactive hospital"
			);
			let links = ProfileKeyVersions::<T>::iter_prefix(id).count();
			ensure!(links == state.version as usize, "profile-keys: versions have a gap");
			if let Some(key) = key {
				ensure!(key.version == state.version, "profile-keys: an older version is current");
				let newest = ProfileKeyVersions::<T>::get(id, key.version);
				let digest = newest.map(|link| link.key_digest);
				ensure!(
					digest == Some(sha2_256(&key.key)),
					"profile-keys: the current version is of another key"
				);
			}
		}

		let seats = Seats::<T>::get();
		let distinct: BTreeSet<_> = seats.iter().copied().collect();
		ensure!(distinct.len() == seats.len(), "seats: a hospital is seated twice");
		ensure!(active.is_empty() || !seats.is_empty(), "seats: no hospital is seated");
		let timed: BTreeSet<_> = LastAuthored::<T>::iter_keys().collect();
		ensure!(timed == distinct, "seats: entries of others are left");

		let has_end = UpgradeVoidAt::<T>::exists();
		ensure!(has_end || !Self::is_upgrade_authorized(), "upgrade: one without an end");

		let releases = PortalReleases::<T>::get();
		let digests: BTreeSet<_> = releases.iter().map(|release| release.digest).collect();
		ensure!(digests.len() == releases.len(), "portal-releases: one is listed twice");
		let named = releases.iter().all(|release| is_version(&release.version));
		ensure!(named, "portal-releases: one has no name");

		Ok(())
	}

	/// `enactments`, `motions`, `paces`
	fn check_decisions(active: &[HospitalId]) -> Result<(), TryRuntimeError> {
		let waiting = PendingEnactments::<T>::count();
		let stored = PendingEnactments::<T>::iter_keys().count();
		ensure!(u32::try_from(stored) == Ok(waiting), "enactments: they are miscounted");
		ensure!(waiting <= T::MaxPending::get(), "enactments: too many wait");
		let next = NextEnactment::<T>::get();
		let are_earlier = PendingEnactments::<T>::iter_keys().all(|enactment| enactment < next);
		ensure!(are_earlier, "enactments: a number from the future");

		let proposers = Proposers::<T>::get();
		let distinct: BTreeSet<_> = proposers.iter().map(|(motion, _)| motion).collect();
		ensure!(distinct.len() == proposers.len(), "motions: one has two proposers");
		let are_known =
			proposers.iter().all(|(_, hospital)| Hospitals::<T>::contains_key(hospital));
		ensure!(are_known, "motions: one was proposed by no hospital");

		let now = T::Time::now();
		for (hospital, _, pace) in Paces::<T>::iter() {
			ensure!(Hospitals::<T>::contains_key(hospital), "paces: of no hospital");
			ensure!(!pace.is_beyond(now), "paces: busy for more than a day");
			let has_permission = (pace.extra, pace.extra_until) != (0, 0);
			ensure!(
				!has_permission || active.contains(&hospital),
				"paces: an inactive hospital may decide more often"
			);
		}
		Ok(())
	}

	/// `disclosure-logs`
	fn check_disclosure_logs(active: &[HospitalId]) -> Result<(), TryRuntimeError> {
		for (id, account) in VaultAccounts::<T>::iter() {
			ensure!(active.contains(&id), "disclosure-logs: a vault of an inactive hospital");
			let own = VaultOf::<T>::get(account) == Some(id);
			ensure!(own, "disclosure-logs: a vault account of another hospital");
		}
		let accounts = VaultAccounts::<T>::iter().count();
		ensure!(VaultOf::<T>::iter().count() == accounts, "disclosure-logs: one account too many");
		for (id, log) in DisclosureLogs::<T>::iter() {
			let kept = log.kept();
			let stored = DisclosureAnchors::<T>::iter_prefix(id).count();
			ensure!(stored == kept.len(), "disclosure-logs: not the last anchors are kept");
			let mut last = None;
			for number in kept {
				let found = DisclosureAnchors::<T>::get(id, number);
				ensure!(found.is_some(), "disclosure-logs: anchors have a gap");
				last = found;
			}
			ensure!(log.last == last, "disclosure-logs: another anchor is the last");
		}
		Ok(())
	}

	/// `institutions`
	fn check_institutions(active: &[HospitalId]) -> Result<(), TryRuntimeError> {
		let mut open = BTreeSet::new();
		for (id, institution) in Institutions::<T>::iter() {
			ensure!(id < NextInstitution::<T>::get(), "institutions: an id from the future");
			let listed = InstitutionsOf::<T>::get(institution.hospital).contains(&id);
			ensure!(listed == institution.open, "institutions: listing");
			let has_hospital = active.contains(&institution.hospital);
			ensure!(!institution.open || has_hospital, "institutions: open without a hospital");
			if institution.open {
				open.insert(id);
			}
		}
		let mut listed = 0;
		for (_, list) in InstitutionsOf::<T>::iter() {
			ensure!(list.windows(2).all(|pair| pair[0] < pair[1]), "institutions: unsorted");
			listed += list.len();
		}
		ensure!(listed == open.len(), "institutions: one is listed twice");

		let mut operators = 0;
		for (id, list) in Operators::<T>::iter() {
			ensure!(open.contains(&id), "institutions: operators of a closed one");
			ensure!(list.windows(2).all(|pair| pair[0] < pair[1]), "institutions: unsorted staff");
			let all = list.iter().all(|one| OperatorOf::<T>::get(one) == Some(id));
			ensure!(all, "institutions: listed with one, working for another");
			operators += list.len();
		}
		ensure!(OperatorOf::<T>::iter().count() == operators, "institutions: unlisted staff");
		for (id, waiting) in OperatorAppointments::<T>::iter() {
			ensure!(open.contains(&id), "institutions: appointments of a closed one");
			let distinct: BTreeSet<_> = waiting.iter().map(|one| &one.account).collect();
			ensure!(distinct.len() == waiting.len(), "institutions: one account appointed twice");
			let own = waiting.iter().any(|one| OperatorOf::<T>::get(&one.account) == Some(id));
			ensure!(!own, "institutions: an operator is appointed again");
		}
		Ok(())
	}
}

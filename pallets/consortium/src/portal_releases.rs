//! The releases of the web portal that hospitals may serve.

use crate::*;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use medblock_primitives::is_version;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_list_portal_release(
		digest: [u8; 32],
		version: PortalVersion,
	) -> DispatchResult {
		ensure!(is_version(&version), Error::<T>::InvalidVersion);
		PortalReleases::<T>::try_mutate(|releases| {
			let known = releases.iter().any(|one| one.digest == digest);
			ensure!(!known, Error::<T>::PortalReleaseAlreadyListed);
			let listed_at = T::Time::now();
			releases
				.try_push(PortalRelease { digest, version: version.clone(), listed_at })
				.map_err(|_| Error::<T>::MaxPortalReleasesExceeded)
		})?;
		Self::deposit_event(Event::PortalReleaseListed { digest, version });
		Ok(())
	}

	pub(crate) fn do_withdraw_portal_release(digest: [u8; 32]) -> DispatchResult {
		PortalReleases::<T>::try_mutate(|releases| {
			let known = releases.iter().any(|one| one.digest == digest);
			ensure!(known, Error::<T>::PortalReleaseNotFound);
			ensure!(releases.len() > 1, Error::<T>::LastPortalRelease);
			releases.retain(|one| one.digest != digest);
			Ok::<_, Error<T>>(())
		})?;
		Self::deposit_event(Event::PortalReleaseWithdrawn { digest });
		Ok(())
	}
}

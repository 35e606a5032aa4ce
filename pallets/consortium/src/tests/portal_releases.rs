use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

const FIRST: [u8; 32] = [1; 32];
const SECOND: [u8; 32] = [2; 32];

fn version(text: &str) -> PortalVersion {
	text.as_bytes().to_vec().try_into().expect("short enough")
}

fn listed() -> Vec<[u8; 32]> {
	PortalReleases::<Test>::get().into_iter().map(|release| release.digest).collect()
}

#[test]
fn council_lists_releases_in_their_order() {
	consortium(|| {
		System::set_block_number(7);
		assert_ok!(Consortium::list_portal_release(council(), SECOND, version("1.0.0")));
		let event = Event::PortalReleaseListed { digest: SECOND, version: version("1.0.0") };
		assert_eq!(last_event(), event);
		// The same version with another list of hospitals.
		assert_ok!(Consortium::list_portal_release(council(), FIRST, version("1.0.0")));
		let releases = PortalReleases::<Test>::get();
		let release =
			|digest| PortalRelease { digest, version: version("1.0.0"), listed_at: 7_000 };
		assert_eq!(releases.into_inner(), [release(SECOND), release(FIRST)]);
	});
}

#[test]
fn release_is_listed_once_and_by_a_plain_name() {
	consortium(|| {
		assert_ok!(Consortium::list_portal_release(council(), FIRST, version("1.0.0")));
		assert_noop!(
			Consortium::list_portal_release(council(), FIRST, version("1.0.1")),
			Error::<Test>::PortalReleaseAlreadyListed
		);
		for bad in ["", "1 0", "1.0\n", "\u{202e}1"] {
			assert_noop!(
				Consortium::list_portal_release(council(), SECOND, version(bad)),
				Error::<Test>::InvalidVersion
			);
		}
	});
}

#[test]
fn list_has_a_bound() {
	consortium(|| {
		for number in 0..MAX_PORTAL_RELEASES {
			let digest = [number as u8; 32];
			assert_ok!(Consortium::list_portal_release(council(), digest, version("1.0.0")));
		}
		assert_noop!(
			Consortium::list_portal_release(council(), [99; 32], version("1.0.0")),
			Error::<Test>::MaxPortalReleasesExceeded
		);
		assert_ok!(Consortium::withdraw_portal_release(council(), FIRST));
		assert_ok!(Consortium::list_portal_release(council(), [99; 32], version("1.0.0")));
	});
}

#[test]
fn withdrawn_release_is_not_listed_any_more() {
	consortium(|| {
		assert_ok!(Consortium::list_portal_release(council(), FIRST, version("1.0.0")));
		assert_ok!(Consortium::list_portal_release(council(), SECOND, version("1.1.0")));
		assert_ok!(Consortium::withdraw_portal_release(council(), FIRST));
		assert_eq!(last_event(), Event::PortalReleaseWithdrawn { digest: FIRST });
		assert_eq!(listed(), [SECOND]);
		assert_noop!(
			Consortium::withdraw_portal_release(council(), FIRST),
			Error::<Test>::PortalReleaseNotFound
		);
	});
}

/// An empty list lets hospitals serve what they have.
#[test]
fn only_release_stays_until_another_is_listed() {
	consortium(|| {
		assert_ok!(Consortium::list_portal_release(council(), FIRST, version("1.0.0")));
		assert_noop!(
			Consortium::withdraw_portal_release(council(), FIRST),
			Error::<Test>::LastPortalRelease
		);
		assert_noop!(
			Consortium::withdraw_portal_release(council(), SECOND),
			Error::<Test>::PortalReleaseNotFound
		);
	});
}

#[test]
fn no_hospital_decides_alone_about_releases() {
	consortium(|| {
		assert_ok!(Consortium::list_portal_release(council(), FIRST, version("1.0.0")));
		for origin in [signed(3), signed(103), half_the_council(), RuntimeOrigin::root()] {
			assert_noop!(
				Consortium::list_portal_release(origin.clone(), SECOND, version("1.1.0")),
				BadOrigin
			);
			assert_noop!(Consortium::withdraw_portal_release(origin, FIRST), BadOrigin);
		}
	});
}

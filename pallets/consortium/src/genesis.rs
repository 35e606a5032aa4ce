//! The first block: the consortium's choices, and its founders.

use crate::*;
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use frame_support::{
	BoundedVec,
	pallet_macros::pallet_section,
	traits::{Get, InitializeMembers},
};

/// The numbers of blocks for which motions may be open. A shorter motion would end before members could
/// vote; after a year of seconds, none would remember its purpose.
const MOTION_DURATIONS: RangeInclusive<u32> = 10..=365 * 86_400;

/// The description of the first block.
#[pallet_section]
mod genesis {
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The consortium's choices.
		pub settings: Settings,
		/// The founding hospitals, which get the ids 0, 1, 2 …
		pub hospitals: Vec<Founder<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::found(self.settings, &self.hospitals);
		}
	}
}

impl<T: Config> Pallet<T> {
	/// The genesis. A description that founds no chain is the operator's mistake, so this stops at once
	/// and names the reason.
	pub(crate) fn found(settings: Settings, founders: &[Founder<T::AccountId>]) {
		assert!(settings.slot_duration >= 200, "slotDuration is in milliseconds, at least 200");
		assert!(settings.session_length > 1, "sessionLength has to be at least 2 blocks");
		assert!(settings.minimum_seats > 0, "minimumSeats has to be at least 1");
		assert!(
			MOTION_DURATIONS.contains(&settings.motion_duration),
			"motionDuration has to be at least 10 blocks, and at most 31536000"
		);
		assert!(
			u32::try_from(founders.len()).is_ok_and(|founders| founders <= settings.session_length),
			"sessionLength has to be at least the number of hospitals: in a shorter session, some \
			validators would have no turn, and lose their seats for it"
		);
		ConsortiumSettings::<T>::put(settings);
		let mut council = Vec::new();
		for founder in founders {
			let name: Name = bounded(&founder.name);
			let gateway: Gateway = bounded(&founder.gateway);
			let controller = founder.controller.clone().expect("every founder has a controller");
			let hospital = NextHospital::<T>::get();
			Self::ensure_name(&name)
				.expect("every founder has a printable name of up to 64 characters");
			Self::ensure_gateway(&gateway).expect("every founder has an https:// gateway address");
			Self::activate(hospital, &controller)
				.expect("founders are few enough and have a controller each");
			NextHospital::<T>::put(HospitalId(hospital.0.saturating_add(1)));
			Hospitals::<T>::insert(
				hospital,
				Hospital {
					controller: controller.clone(),
					standing: Standing::Active,
					seat: Seat::Ready,
					cleared_before: 0,
					registration: RegistrationMode::default(),
				},
			);
			Profiles::<T>::insert(hospital, Profile { name, gateway });
			council.push(controller);
			for registrar in &founder.registrars {
				Self::join(hospital, registrar)
					.expect("a founder's registrars are no other founder's");
			}
		}
		council.sort();
		T::Council::initialize_members(&council);
	}
}

/// The text's bytes, or none if the text is too long: the checks then refuse it as empty.
fn bounded<Bound: Get<u32>>(text: &str) -> BoundedVec<u8, Bound> {
	text.as_bytes().to_vec().try_into().unwrap_or_default()
}

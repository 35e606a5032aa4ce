//! Each call at its most expensive: a full consortium whose validators all have session keys.

use crate::*;
use alloc::{boxed::Box, vec, vec::Vec};
use core::ops::Range;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{EnsureOrigin, Get, ValidatorRegistration, ValidatorSet},
};
use frame_system::{Pallet as System, RawOrigin};
use medblock_primitives::{Capacity, SEALED_KEY_LENGTH, SUITE_X_WING, SealedKey};

/// The parts of the runtime that the measurements need.
pub trait Helper<AccountId, RuntimeCall> {
	/// Registers some session keys for the hospital that an account controls.
	fn set_session_keys(controller: &AccountId, seed: u32);
	/// Opens as many motions as the council may have, and has every member vote on each: a change of
	/// members goes through them all.
	fn open_motions();
	/// A call that has to wait.
	fn delayed() -> RuntimeCall;
}

fn name<T: Config>() -> Name {
	vec![b'n'; 64].try_into().expect("within bounds")
}

fn gateway<T: Config>() -> Gateway {
	let mut url = b"https://".to_vec();
	url.resize(128, b'g');
	url.try_into().expect("within bounds")
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// Fills the consortium up to `hospitals`, all with keys; gives the last one admitted.
fn fill<T: Config>(hospitals: u32) -> (HospitalId, T::AccountId) {
	let mut last = None;
	ConsortiumSettings::<T>::mutate(|settings| {
		settings.session_length = settings.session_length.max(T::MaxHospitals::get());
	});
	while (ActiveHospitals::<T>::get().len() as u32) < hospitals {
		let hospital = NextHospital::<T>::get();
		let controller: T::AccountId = account("controller", hospital.0, 0);
		assert_ok!(Pallet::<T>::do_admit(controller.clone(), name::<T>(), gateway::<T>()));
		T::Helper::set_session_keys(&controller, hospital.0);
		last = Some((hospital, controller));
	}
	last.unwrap_or_else(|| {
		let hospital = *ActiveHospitals::<T>::get().last().expect("there is one");
		(hospital, Hospitals::<T>::get(hospital).expect("it is active").controller)
	})
}

/// A full consortium, all of it seated.
fn full<T: Config>() -> (HospitalId, T::AccountId) {
	let last = fill::<T>(T::MaxHospitals::get());
	let all = ActiveHospitals::<T>::get();
	for hospital in &all {
		LastAuthored::<T>::insert(hospital, 0);
	}
	Seats::<T>::put(all);
	last
}

/// A full consortium whose council is as busy as it may be.
fn full_and_busy<T: Config>() -> (HospitalId, T::AccountId) {
	let last = full::<T>();
	T::Helper::open_motions();
	last
}

fn unseat<T: Config>(hospital: HospitalId) {
	Seats::<T>::mutate(|seats| seats.retain(|id| *id != hospital));
	LastAuthored::<T>::remove(hospital);
}

/// A key that can be sealed to.
fn key() -> PublicKey {
	vec![7; 1_216].try_into().expect("within bounds")
}

fn registrar<T: Config>(index: u32) -> T::AccountId {
	account("registrar", index, 0)
}

/// So many registrars who have keys of their own.
fn add_registrars<T: Config>(hospital: HospitalId, count: u32) {
	for index in 0..count {
		let registrar = registrar::<T>(index);
		assert_ok!(Pallet::<T>::do_appoint_registrar(hospital, registrar.clone()));
		assert_ok!(Pallet::<T>::do_accept_appointment(registrar, hospital, 1, key()));
	}
}

/// The secret of a profile key for these registrars.
fn sealed<T: Config>(registrars: Range<u32>) -> KeysForRegistrars<T> {
	let mut bytes = [7; SEALED_KEY_LENGTH as usize];
	bytes[0] = SUITE_X_WING;
	let one = |index| KeyForRegistrar {
		registrar: registrar::<T>(index),
		key_version: 1,
		key: SealedKey::new(bytes),
	};
	registrars.map(one).collect::<Vec<_>>().try_into().expect("within bounds")
}

/// The hospital's first profile key, for these registrars.
fn publish<T: Config>(hospital: HospitalId, registrars: u32) {
	let first = EncryptionKey::new(1, key(), 1).expect("a key");
	let (who, sealed) = (registrar::<T>(0), sealed::<T>(0..registrars));
	assert_ok!(Pallet::<T>::do_publish_profile_key(who, hospital, first, None, sealed));
}

/// As many appointments as a hospital may have waiting, but for these.
fn appoint<T: Config>(hospital: HospitalId, left: u32) {
	for index in left..T::MaxAppointments::get() {
		let one = account("appointed", index, 0);
		assert_ok!(Pallet::<T>::do_appoint_registrar(hospital, one));
	}
}

fn set_seat<T: Config>(hospital: HospitalId, seat: Seat) {
	Hospitals::<T>::mutate(hospital, |slot| {
		if let Some(found) = slot {
			found.seat = seat;
		}
	});
}

fn wait<T: Config>() -> u32 {
	let enactment = NextEnactment::<T>::get();
	assert_ok!(Pallet::<T>::do_enact(T::Helper::delayed()));
	enactment
}

fn version() -> PortalVersion {
	vec![b'9'; 32].try_into().expect("within bounds")
}

/// Lists so many portal releases; gives the last one's digest.
fn list_releases<T: Config>(count: u32) -> [u8; 32] {
	let mut digest = [0; 32];
	for number in 0..count {
		digest = [number as u8; 32];
		assert_ok!(Pallet::<T>::do_list_portal_release(digest, version()));
	}
	digest
}

#[benchmarks]
mod benches {
	use super::*;

	#[benchmark]
	fn admit_hospital() -> Result<(), BenchmarkError> {
		fill::<T>(T::MaxHospitals::get() - 1);
		T::Helper::open_motions();
		let origin = council::<T>()?;
		let controller: T::AccountId = account("new", 0, 0);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, controller.clone(), name::<T>(), gateway::<T>());
		assert!(ControllerOf::<T>::contains_key(controller));
		Ok(())
	}

	#[benchmark]
	fn readmit_hospital() -> Result<(), BenchmarkError> {
		let (hospital, controller) = full_and_busy::<T>();
		assert_ok!(Pallet::<T>::do_expel(hospital));
		unseat::<T>(hospital);
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital, controller);
		assert!(Pallet::<T>::is_active(hospital));
		Ok(())
	}

	#[benchmark]
	fn expel_hospital(r: Linear<0, { T::MaxRegistrars::get() }>) -> Result<(), BenchmarkError> {
		let (hospital, _) = full_and_busy::<T>();
		add_registrars::<T>(hospital, r);
		if r > 0 {
			publish::<T>(hospital, r);
		}
		appoint::<T>(hospital, 0);
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital);
		assert!(!Pallet::<T>::is_active(hospital));
		Ok(())
	}

	#[benchmark]
	fn rename_hospital() -> Result<(), BenchmarkError> {
		let (hospital, _) = full::<T>();
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital, name::<T>());
		Ok(())
	}

	#[benchmark]
	fn change_controller() -> Result<(), BenchmarkError> {
		let (hospital, _) = full_and_busy::<T>();
		let origin = council::<T>()?;
		let new: T::AccountId = account("new", 0, 0);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital, new.clone());
		assert_eq!(ControllerOf::<T>::get(new), Some(hospital));
		Ok(())
	}

	#[benchmark]
	fn set_gateway() {
		let (_, controller) = full::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), gateway::<T>());
	}

	#[benchmark]
	fn set_registration_mode() {
		let (_, controller) = full::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), RegistrationMode::Closed);
	}

	#[benchmark]
	fn remove_registrar() {
		let (hospital, controller) = full::<T>();
		add_registrars::<T>(hospital, T::MaxRegistrars::get());
		publish::<T>(hospital, T::MaxRegistrars::get());
		let registrar = registrar::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), registrar.clone());
		assert_eq!(RegistrarOf::<T>::get(registrar), None);
	}

	#[benchmark]
	fn reclaim_seat() {
		let (hospital, controller) = full::<T>();
		set_seat::<T>(hospital, Seat::Benched);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller));
		assert_eq!(Hospitals::<T>::get(hospital).map(|h| h.seat), Some(Seat::Ready));
	}

	#[benchmark]
	fn reinstate_seat() -> Result<(), BenchmarkError> {
		let (hospital, _) = full::<T>();
		set_seat::<T>(hospital, Seat::Suspended);
		unseat::<T>(hospital);
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital);
		assert_eq!(Hospitals::<T>::get(hospital).map(|h| h.seat), Some(Seat::Ready));
		Ok(())
	}

	/// Without the inner call, whose own weight is added: the delayed branch, which does more here, after
	/// as many decisions as may wait have become void.
	#[benchmark]
	fn enact() -> Result<(), BenchmarkError> {
		for _ in 0..T::MaxPending::get() {
			wait::<T>();
		}
		for enactment in 0..NextEnactment::<T>::get() {
			PendingEnactments::<T>::mutate(enactment, |slot| {
				if let Some(pending) = slot {
					pending.void_at = 0;
				}
			});
		}
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, Box::new(T::Helper::delayed()));
		assert_eq!(PendingEnactments::<T>::count(), 1);
		Ok(())
	}

	#[benchmark]
	fn carry_out() {
		let (_, controller) = full::<T>();
		let enactment = wait::<T>();
		let due = PendingEnactments::<T>::get(enactment).expect("it waits").due;
		System::<T>::set_block_number(due);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), enactment);
		assert_eq!(PendingEnactments::<T>::count(), 0);
	}

	#[benchmark]
	fn call_off() -> Result<(), BenchmarkError> {
		let enactment = wait::<T>();
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, enactment);
		assert_eq!(PendingEnactments::<T>::count(), 0);
		Ok(())
	}

	#[benchmark]
	fn list_portal_release() -> Result<(), BenchmarkError> {
		list_releases::<T>(MAX_PORTAL_RELEASES - 1);
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, [u8::MAX; 32], version());
		assert_eq!(PortalReleases::<T>::get().len() as u32, MAX_PORTAL_RELEASES);
		Ok(())
	}

	/// The newest one, which is found last.
	#[benchmark]
	fn withdraw_portal_release() -> Result<(), BenchmarkError> {
		let newest = list_releases::<T>(MAX_PORTAL_RELEASES);
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, newest);
		assert_eq!(PortalReleases::<T>::get().len() as u32, MAX_PORTAL_RELEASES - 1);
		Ok(())
	}

	/// One offender of an equivocation report.
	#[benchmark]
	fn suspend() {
		let (hospital, _) = full::<T>();
		let session = T::Sessions::session_index();
		assert!(T::Sessions::is_registered(&Pallet::<T>::seat_account(hospital)));
		#[block]
		{
			Pallet::<T>::suspend_for_equivocation(hospital, session);
		}
		assert_eq!(Hospitals::<T>::get(hospital).map(|h| h.seat), Some(Seat::Suspended));
	}

	#[benchmark]
	fn appoint_registrar() {
		let (hospital, controller) = full::<T>();
		appoint::<T>(hospital, 1);
		let new: T::AccountId = account("new", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), new.clone());
		assert!(Pallet::<T>::appointment(hospital, &new).is_some());
	}

	#[benchmark]
	fn withdraw_appointment() {
		let (hospital, controller) = full::<T>();
		appoint::<T>(hospital, 0);
		let last: T::AccountId = account("appointed", T::MaxAppointments::get() - 1, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), last.clone());
		assert!(Pallet::<T>::appointment(hospital, &last).is_none());
	}

	#[benchmark]
	fn accept_appointment() {
		let (hospital, _) = full::<T>();
		add_registrars::<T>(hospital, T::MaxRegistrars::get() - 1);
		appoint::<T>(hospital, 0);
		let last: T::AccountId = account("appointed", T::MaxAppointments::get() - 1, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(last.clone()), hospital, 1, key());
		assert_eq!(RegistrarOf::<T>::get(last), Some(hospital));
	}

	#[benchmark]
	fn resign() {
		let (hospital, _) = full::<T>();
		add_registrars::<T>(hospital, T::MaxRegistrars::get());
		publish::<T>(hospital, T::MaxRegistrars::get());
		let registrar = registrar::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(registrar.clone()));
		assert_eq!(RegistrarOf::<T>::get(registrar), None);
	}

	#[benchmark]
	fn set_registrar_key() {
		let (hospital, _) = full::<T>();
		add_registrars::<T>(hospital, T::MaxRegistrars::get());
		publish::<T>(hospital, T::MaxRegistrars::get());
		let registrar = registrar::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(registrar.clone()), 2, 1, key());
		assert_eq!(RegistrarKeys::<T>::get(registrar).map(|own| own.version), Some(2));
	}

	#[benchmark]
	fn allow_suspensions() {
		let (hospital, controller) = full::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), hospital, Capacity::Doctor, u32::MAX);
		assert_eq!(Suspensions::<T>::get(hospital).doctors.extra, u32::MAX);
	}

	#[benchmark]
	fn publish_profile_key(r: Linear<1, { T::MaxRegistrars::get() }>) {
		let (hospital, _) = full::<T>();
		add_registrars::<T>(hospital, r);
		publish::<T>(hospital, r);
		let previous = Some(WrappedSecret([7; 60]));
		let sealed = sealed::<T>(0..r);
		#[extrinsic_call]
		_(RawOrigin::Signed(registrar::<T>(0)), hospital, 2, 1, key(), previous, sealed);
		assert_eq!(Pallet::<T>::profile_key_version(hospital), 2);
	}

	/// With one registrar less than there may be at most: the first one holds the key.
	#[benchmark]
	fn share_profile_key(r: Linear<1, { T::MaxRegistrars::get() - 1 }>) {
		let (hospital, _) = full::<T>();
		add_registrars::<T>(hospital, 1);
		publish::<T>(hospital, 1);
		for index in 1..=r {
			let registrar = registrar::<T>(index);
			assert_ok!(Pallet::<T>::do_appoint_registrar(hospital, registrar.clone()));
			assert_ok!(Pallet::<T>::do_accept_appointment(registrar, hospital, 1, key()));
		}
		let sealed = sealed::<T>(1..r + 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(registrar::<T>(0)), 1, sealed);
		assert_eq!(Pallet::<T>::profile_key(hospital).holders, r + 1);
	}
}

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
use medblock_primitives::{Capacity, Paced, SEALED_KEY_LENGTH, SUITE_X_WING, SealedKey};

/// The parts of the runtime that the measurements need.
pub trait Helper<AccountId, RuntimeCall, Signature> {
	/// Registers some session keys for the hospital that an account controls.
	fn set_session_keys(controller: &AccountId, seed: u32);
	/// Opens as many motions as the council may have, and has every member vote on each: a change of
	/// members goes through them all.
	fn open_motions();
	/// A new account, and its signature of this message.
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature);
	/// A call that has to wait.
	fn delayed() -> RuntimeCall;
}

fn name<T: Config>() -> Name {
	"\u{20bb7}".repeat(64).into_bytes().try_into().expect("within bounds")
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

fn add_institution<T: Config>(hospital: HospitalId) -> InstitutionId {
	let institution = NextInstitution::<T>::get();
	let kind = InstitutionKind::Laboratory;
	assert_ok!(Pallet::<T>::do_add_institution(hospital, kind, name::<T>()));
	institution
}

fn operator<T: Config>(institution: InstitutionId, index: u32) -> T::AccountId {
	account("operator", institution.0, index)
}

/// So many operators of one institution.
fn add_operators<T: Config>(hospital: HospitalId, institution: InstitutionId, count: u32) {
	for index in 0..count {
		let operator = operator::<T>(institution, index);
		assert_ok!(Pallet::<T>::do_appoint_operator(hospital, institution, operator.clone()));
		assert_ok!(Pallet::<T>::do_join_institution(operator, institution));
	}
}

/// As many appointments of operators as an institution may have waiting. The last one's account.
fn appoint_operators<T: Config>(hospital: HospitalId, institution: InstitutionId) -> T::AccountId {
	let mut last = None;
	for index in 0..T::MaxOperators::get() {
		let one: T::AccountId = account("appointed operator", institution.0, index);
		assert_ok!(Pallet::<T>::do_appoint_operator(hospital, institution, one.clone()));
		last = Some(one);
	}
	last.expect("there may be some")
}

/// As many institutions as a hospital may have, with so many operators in all.
fn add_institutions<T: Config>(hospital: HospitalId, mut operators: u32) {
	for _ in 0..T::MaxInstitutions::get() {
		let institution = add_institution::<T>(hospital);
		let count = operators.min(T::MaxOperators::get());
		operators -= count;
		add_operators::<T>(hospital, institution, count);
		appoint_operators::<T>(hospital, institution);
	}
}

/// A hospital's vault account, which has anchored as often as is kept.
fn anchored_vault<T: Config>(hospital: HospitalId) -> T::AccountId {
	let vault: T::AccountId = account("vault", hospital.0, 0);
	Pallet::<T>::install_vault(hospital, vault.clone());
	let anchor = DisclosureAnchor { log: 0, size: 1, root: [1; 32], at: 0 };
	for number in 0..MAX_ANCHORS {
		DisclosureAnchors::<T>::insert(hospital, number, anchor);
	}
	let log = DisclosureLog { number: 0, anchors: MAX_ANCHORS, last: Some(anchor) };
	DisclosureLogs::<T>::insert(hospital, log);
	vault
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
	fn expel_hospital(
		r: Linear<0, { T::MaxRegistrars::get() }>,
		o: Linear<0, { T::MaxInstitutions::get() * T::MaxOperators::get() }>,
	) -> Result<(), BenchmarkError> {
		let (hospital, _) = full_and_busy::<T>();
		add_institutions::<T>(hospital, o);
		anchored_vault::<T>(hospital);
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

	/// By the controller, who has to be looked up, and not by the council.
	#[benchmark]
	fn change_controller() {
		let (hospital, controller) = full_and_busy::<T>();
		let new: T::AccountId = account("new", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), hospital, new.clone());
		assert_eq!(ControllerOf::<T>::get(new), Some(hospital));
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

	/// Of an upgrade that was authorized and not put in force.
	#[benchmark]
	fn end_upgrade() {
		UpgradeVoidAt::<T>::put(1);
		System::<T>::do_authorize_upgrade(Default::default(), true);
		#[block]
		{
			Pallet::<T>::end_upgrade(1);
		}
		assert!(!Pallet::<T>::is_upgrade_authorized());
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
	fn allow_decisions() {
		let (hospital, controller) = full::<T>();
		let (what, capacity) = (Paced::Correction, Capacity::Doctor);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), hospital, what, capacity, u32::MAX);
		assert_eq!(Paces::<T>::get(hospital, (what, capacity)).extra, u32::MAX);
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

	#[benchmark]
	fn add_institution() {
		let (hospital, controller) = full::<T>();
		for _ in 1..T::MaxInstitutions::get() {
			super::add_institution::<T>(hospital);
		}
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), InstitutionKind::Imaging, name::<T>());
		let count = InstitutionsOf::<T>::get(hospital).len() as u32;
		assert_eq!(count, T::MaxInstitutions::get());
	}

	#[benchmark]
	fn close_institution(o: Linear<0, { T::MaxOperators::get() }>) {
		let (hospital, controller) = full::<T>();
		add_institutions::<T>(hospital, o);
		let institution = InstitutionsOf::<T>::get(hospital)[0];
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), institution);
		assert_eq!(Pallet::<T>::institution_hospital(institution), None);
	}

	#[benchmark]
	fn appoint_operator() {
		let (hospital, controller) = full::<T>();
		let institution = super::add_institution::<T>(hospital);
		let last = appoint_operators::<T>(hospital, institution);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), institution, last.clone());
		assert!(Pallet::<T>::operator_appointment(institution, &last).is_some());
	}

	#[benchmark]
	fn remove_operator() {
		let (hospital, controller) = full::<T>();
		let institution = super::add_institution::<T>(hospital);
		let count = T::MaxOperators::get();
		add_operators::<T>(hospital, institution, count);
		let last = operator::<T>(institution, count - 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), institution, last.clone());
		assert_eq!(OperatorOf::<T>::get(last), None);
	}

	#[benchmark]
	fn join_institution() {
		let (hospital, _) = full::<T>();
		let institution = super::add_institution::<T>(hospital);
		add_operators::<T>(hospital, institution, T::MaxOperators::get() - 1);
		let last = appoint_operators::<T>(hospital, institution);
		#[extrinsic_call]
		_(RawOrigin::Signed(last.clone()), institution);
		assert_eq!(OperatorOf::<T>::get(last), Some(institution));
	}

	/// In place of another account.
	#[benchmark]
	fn set_vault_account() {
		let (hospital, controller) = full::<T>();
		anchored_vault::<T>(hospital);
		let message =
			|account: &T::AccountId| Pallet::<T>::vault_account_message(hospital, account);
		let (new, proof) = T::Helper::new_account(message);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), new.clone(), proof);
		assert_eq!(VaultOf::<T>::get(new), Some(hospital));
	}

	/// After as many anchors as are kept, so that the oldest one is removed.
	#[benchmark]
	fn anchor_disclosures() {
		let (hospital, _) = full::<T>();
		let vault = anchored_vault::<T>(hospital);
		// The clock of a measurement stands at 0, which is too soon after any other.
		DisclosureLogs::<T>::mutate(hospital, |log| log.last = None);
		#[extrinsic_call]
		_(RawOrigin::Signed(vault), 2, [2; 32]);
		assert!(!DisclosureAnchors::<T>::contains_key(hospital, 0));
		assert!(DisclosureAnchors::<T>::contains_key(hospital, MAX_ANCHORS));
	}

	#[benchmark]
	fn begin_disclosure_log() {
		let (hospital, controller) = full::<T>();
		anchored_vault::<T>(hospital);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller));
		assert_eq!(DisclosureLogs::<T>::get(hospital).number, 1);
	}

	#[benchmark]
	fn leave_institution() {
		let (hospital, _) = full::<T>();
		let institution = super::add_institution::<T>(hospital);
		let count = T::MaxOperators::get();
		add_operators::<T>(hospital, institution, count);
		let last = operator::<T>(institution, count - 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(last.clone()));
		assert_eq!(OperatorOf::<T>::get(last), None);
	}
}

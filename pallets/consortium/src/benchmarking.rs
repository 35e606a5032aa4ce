//! Each call at its most expensive: a full consortium whose validators all have session keys.

mod setup;

use crate::*;
use alloc::{boxed::Box, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{Get, ValidatorRegistration, ValidatorSet},
};
use frame_system::{Pallet as System, RawOrigin};
use medblock_primitives::{Capacity, Paced};
use setup::*;
use sp_staking::SessionIndex;

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
	/// Puts the validators of these seats in office, and no others. They have just come.
	fn put_in_office(seats: &[AccountId]);
	/// Lists as many nodes as there can be, all of this seat's hospital.
	fn own_nodes(seat: &AccountId);
	/// Makes this the number of the current session, in which one is forgotten.
	fn set_session(index: SessionIndex);
	/// Ends the current session.
	fn end_session();
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
		_(origin as T::RuntimeOrigin, controller.clone(), name(), gateway());
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
		allow::<T>(hospital);
		let origin = council::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital);
		assert!(!Pallet::<T>::is_active(hospital));
		Ok(())
	}

	/// The consequences that the runtime adds to an expulsion, of a hospital whose nodes are all that there can be.
	#[benchmark]
	fn leave() {
		let (hospital, _) = full::<T>();
		let seat = Pallet::<T>::seat_account(hospital);
		T::Helper::own_nodes(&seat);
		#[block]
		{
			T::OnExpulsion::on_expulsion(hospital, &seat);
		}
	}

	#[benchmark]
	fn rename_hospital() -> Result<(), BenchmarkError> {
		let (hospital, _) = full::<T>();
		let origin = council::<T>()?;
		let mut other = name();
		other[0] = b'm';
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hospital, other.clone());
		assert_eq!(Profiles::<T>::get(hospital).map(|profile| profile.name), Some(other));
		Ok(())
	}

	/// By the controller, who has to be looked up, and not by the council. As many accounts are appointed as there
	/// may be, and all permissions are given.
	#[benchmark]
	fn change_controller() {
		let (hospital, controller) = full_and_busy::<T>();
		add_institutions::<T>(hospital, 0);
		appoint::<T>(hospital, 0);
		allow::<T>(hospital);
		let new: T::AccountId = account("new", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), hospital, new.clone());
		assert_eq!(ControllerOf::<T>::get(new), Some(hospital));
	}

	#[benchmark]
	fn set_gateway() {
		let (hospital, controller) = full::<T>();
		let mut other = gateway();
		other[8] = b'h';
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), other.clone());
		assert_eq!(Profiles::<T>::get(hospital).map(|profile| profile.gateway), Some(other));
	}

	#[benchmark]
	fn set_registration_mode() {
		let (hospital, controller) = full::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), RegistrationMode::Closed);
		let found = Hospitals::<T>::get(hospital).map(|found| found.registration);
		assert_eq!(found, Some(RegistrationMode::Closed));
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

	/// Of the last of as many decisions as may wait, which ends the others.
	#[benchmark]
	fn carry_out() {
		let (_, controller) = full::<T>();
		for _ in 1..T::MaxPending::get() {
			wait::<T>();
		}
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
			setup::add_institution::<T>(hospital);
		}
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), InstitutionKind::Imaging, name());
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
		let institution = setup::add_institution::<T>(hospital);
		let last = appoint_operators::<T>(hospital, institution);
		#[extrinsic_call]
		_(RawOrigin::Signed(controller), institution, last.clone());
		assert!(Pallet::<T>::operator_appointment(institution, &last).is_some());
	}

	#[benchmark]
	fn remove_operator() {
		let (hospital, controller) = full::<T>();
		let institution = setup::add_institution::<T>(hospital);
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
		let institution = setup::add_institution::<T>(hospital);
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

	/// All validators have fallen silent, and no motion was decided in its time. The set that comes into office is another
	/// one than before, and the oldest session is forgotten.
	#[benchmark]
	fn end_session() {
		let (hospital, _) = full_and_busy::<T>();
		T::Helper::set_session(T::HistoryDepth::get().saturating_add(T::SilenceLimit::get()));
		System::<T>::set_block_number(u32::MAX.into());
		#[block]
		{
			T::Helper::end_session();
		}
		let benched = |id| Hospitals::<T>::get(id).is_some_and(|found| found.seat == Seat::Benched);
		assert!(benched(hospital) || ActiveHospitals::<T>::get().into_iter().any(benched));
	}

	#[benchmark]
	fn leave_institution() {
		let (hospital, _) = full::<T>();
		let institution = setup::add_institution::<T>(hospital);
		let count = T::MaxOperators::get();
		add_operators::<T>(hospital, institution, count);
		let last = operator::<T>(institution, count - 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(last.clone()));
		assert_eq!(OperatorOf::<T>::get(last), None);
	}
}

//! Calls that mostly succeed: of the people who may send them, about what there is.

use super::{charts::verify_doctor, world::*};
use crate::{Numbers, common::*};
use medblock_primitives::*;
use medblock_runtime::{AccountId, MedicalRecords, Runtime, RuntimeCall};
use pallet_consortium::Registrars;
use pallet_delegation::{ActingKeys, Representatives};
use pallet_medical_records::{Call, DoctorOf, Doctors, Grants, PatientOf, Patients, Records};
use sp_io::hashing::sha2_256;

/// The first of the accounts that no one else in these tests uses.
const FIRST_NEWCOMER: u32 = 25;
/// An hour, in milliseconds.
const HOUR: Moment = 3_600_000;

/// A call, and the account that sends it.
type Sent = (AccountId, RuntimeCall);

/// One of these calls, if the dice find people for it.
pub fn valid(numbers: &mut Numbers) -> Option<Sent> {
	match numbers.below(20) {
		0..=2 => registers(numbers),
		3..=5 => decides_on_patient(numbers),
		6 | 7 => decides_on_doctor(numbers),
		8..=10 => adds(numbers),
		11 | 12 => grants(numbers),
		13 => appends(numbers),
		14 => revokes(numbers),
		15 => rotates(numbers),
		16 => withdraws(numbers),
		17 => shares(numbers),
		18 => moves(numbers),
		_ => represents(numbers),
	}
}

/// A verified patient.
struct Own {
	patient: PatientId,
	account: AccountId,
	hospital: HospitalId,
}

impl Own {
	fn one(numbers: &mut Numbers) -> Option<Self> {
		let all = Patients::<Runtime>::iter();
		let all = all.filter(|(_, found)| found.registration.standing == Standing::Verified);
		let (patient, found) = numbers.one_of(all.collect())?;
		let (account, hospital) = (found.registration.account, found.registration.hospital);
		Some(Self { patient, account, hospital })
	}

	fn sends(self, call: Call<Runtime>) -> Option<Sent> {
		Some((self.account, call.into()))
	}
}

/// A doctor that a patient can seal a key to, with the version of the doctor's own.
fn trusted(numbers: &mut Numbers) -> Option<(DoctorId, u32)> {
	let all = Doctors::<Runtime>::iter().filter(|(_, found)| {
		found.registration.standing == Standing::Verified && found.is_key_vouched()
	});
	let (doctor, found) = numbers.one_of(all.collect())?;
	Some((doctor, found.key_version))
}

/// A registrar of the hospital.
fn desk_of(hospital: HospitalId) -> Option<AccountId> {
	Registrars::<Runtime>::get(hospital).first().cloned()
}

fn vault(numbers: &mut Numbers) -> HospitalId {
	HospitalId(numbers.below(4))
}

/// An end in the next two days, or none.
fn end(numbers: &mut Numbers) -> Option<Moment> {
	let now = pallet_timestamp::Now::<Runtime>::get();
	let end = now + HOUR * (1 + u64::from(numbers.below(48)));
	(numbers.below(4) == 0).then_some(end)
}

fn registers(numbers: &mut Numbers) -> Option<Sent> {
	let count = u32::from(PERSONS) - FIRST_NEWCOMER;
	let who = person((FIRST_NEWCOMER + numbers.below(count)) as u8);
	let hospital = numbers.below(4);
	let is_patient = PatientOf::<Runtime>::contains_key(&who);
	let is_doctor = DoctorOf::<Runtime>::contains_key(&who);
	match numbers.below(3) {
		0 if !is_doctor => Some((who, register_doctor(hospital))),
		1 | 2 if !is_patient => Some((who, register_patient(hospital))),
		_ => None,
	}
}

fn decides_on_patient(numbers: &mut Numbers) -> Option<Sent> {
	let (patient, found) = numbers.one_of(Patients::<Runtime>::iter().collect())?;
	let call: Call<Runtime> = match found.registration.standing {
		Standing::Pending if numbers.below(8) == 0 => Call::reject_patient { patient },
		Standing::Pending => Call::verify_patient { patient },
		Standing::Suspended => Call::reinstate_patient { patient },
		Standing::Verified if numbers.below(8) == 0 => Call::suspend_patient { patient },
		Standing::Verified | Standing::Rejected => return None,
	};
	Some((desk_of(found.registration.hospital)?, call.into()))
}

fn decides_on_doctor(numbers: &mut Numbers) -> Option<Sent> {
	let (doctor, found) = numbers.one_of(Doctors::<Runtime>::iter().collect())?;
	let call = match found.registration.standing {
		Standing::Pending => verify_doctor(doctor),
		Standing::Suspended => Call::reinstate_doctor { doctor },
		Standing::Verified if numbers.below(8) == 0 => Call::suspend_doctor { doctor },
		Standing::Verified | Standing::Rejected => return None,
	};
	Some((desk_of(found.registration.hospital)?, call.into()))
}

fn adds(numbers: &mut Numbers) -> Option<Sent> {
	let own = Own::one(numbers)?;
	let (sealed_to, recipients) = sealing(own.patient);
	let records = records(vault(numbers), 1 + numbers.below(3) as usize);
	own.sends(Call::add_records { sealed_to, records, recipients })
}

fn grants(numbers: &mut Numbers) -> Option<Sent> {
	let (own, (doctor, version)) = (Own::one(numbers)?, trusted(numbers)?);
	let (epoch, key) = (epoch(own.patient), sealed_for(doctor, version));
	let (may_append, expires_at) = (numbers.below(2) == 0, end(numbers));
	own.sends(Call::grant_access { epoch, key, may_append, expires_at })
}

fn appends(numbers: &mut Numbers) -> Option<Sent> {
	let all = Grants::<Runtime>::iter().filter(|(_, _, grant)| grant.may_append);
	let (patient, doctor, _) = numbers.one_of(all.collect())?;
	let who = Doctors::<Runtime>::get(doctor)?.registration.account;
	let (sealed_to, recipients) = sealing(patient);
	let records = records(vault(numbers), 1);
	let append = Call::<Runtime>::append_records { patient, sealed_to, records, recipients };
	Some((who, append.into()))
}

fn revokes(numbers: &mut Numbers) -> Option<Sent> {
	let own = Own::one(numbers)?;
	let all = Grants::<Runtime>::iter_key_prefix(own.patient);
	let doctor = numbers.one_of(all.collect())?;
	let doctors = vec![doctor].try_into().unwrap();
	own.sends(Call::revoke_access { doctors, rotation: None })
}

/// Where the chain names those who are to have the new key, or there are none.
fn rotates(numbers: &mut Numbers) -> Option<Sent> {
	let own = Own::one(numbers)?;
	let found = MedicalRecords::recipients(own.patient)?;
	let has_grants = Grants::<Runtime>::iter_key_prefix(own.patient).next().is_some();
	if has_grants && found.digest.is_none() {
		return None;
	}
	let sealed = found.doctors.iter().map(|one| sealed_for(one.doctor, one.key_version));
	let rotation = rotation(own.patient, sealed.collect());
	own.sends(Call::rotate_chart_key { rotation })
}

/// One of a patient's records that has not been withdrawn.
fn record_of(numbers: &mut Numbers, patient: PatientId) -> Option<RecordIndex> {
	let count = Patients::<Runtime>::get(patient)?.chart.records;
	let record = (count > 0).then(|| numbers.below(count))?;
	let found = Records::<Runtime>::get(patient, record)?;
	found.document.is_some().then_some(record)
}

fn withdraws(numbers: &mut Numbers) -> Option<Sent> {
	let own = Own::one(numbers)?;
	let record = record_of(numbers, own.patient)?;
	own.sends(Call::withdraw_records { records: vec![record].try_into().unwrap() })
}

fn shares(numbers: &mut Numbers) -> Option<Sent> {
	let (own, (doctor, key_version)) = (Own::one(numbers)?, trusted(numbers)?);
	let record = record_of(numbers, own.patient)?;
	let generation = Patients::<Runtime>::get(own.patient)?.chart.shares + 1;
	let under = ShareUnder::New(ShareKey { generation, key_version, key: sealed_key() });
	let shared = SharedRecord { record, key: WrappedFileKey([1; 44]) };
	let (may_append, expires_at) = (numbers.below(2) == 0, end(numbers));
	let records = vec![shared].try_into().unwrap();
	own.sends(Call::share_records { doctor, under, records, may_append, expires_at })
}

/// A patient asks to move, or the other hospital accepts.
fn moves(numbers: &mut Numbers) -> Option<Sent> {
	if numbers.below(2) == 0 {
		let (own, to) = (Own::one(numbers)?, vault(numbers));
		return own.sends(Call::request_move { capacity: Capacity::Patient, to: Some(to) });
	}
	let all = Patients::<Runtime>::iter();
	let all = all.filter_map(|(patient, found)| Some((patient, found.registration.moving_to?)));
	let (patient, to) = numbers.one_of(all.collect())?;
	Some((desk_of(to)?, Call::<Runtime>::accept_patient { patient }.into()))
}

/// A patient names a representative, the hospital confirms that, and the patient ends it.
fn represents(numbers: &mut Numbers) -> Option<Sent> {
	use pallet_delegation::Call;
	let (own, other) = (Own::one(numbers)?, Own::one(numbers)?);
	let (patient, representative) = (own.patient, other.patient);
	if patient == representative {
		return None;
	}
	let Some(key) = ActingKeys::<Runtime>::get(representative).and_then(|found| found.current)
	else {
		let (suite, key) = (SUITE_X_WING, x_wing_key(5));
		let call = Call::<Runtime>::set_acting_key { suite, key };
		return Some((other.account, call.into()));
	};
	let (who, call) = match Representatives::<Runtime>::get(patient).get(&representative) {
		None => {
			let (scopes, until) = (Scopes(15), end(numbers));
			let name = Call::<Runtime>::name_representative { representative, scopes, until };
			(own.account, name)
		},
		Some(naming) if !naming.confirmed => {
			let (scopes, until, key_digest) = (naming.scopes, naming.until, sha2_256(&key.key));
			let confirm =
				Call::confirm_representative { patient, representative, scopes, until, key_digest };
			(desk_of(own.hospital)?, confirm)
		},
		Some(_) => (own.account, Call::end_representation { representative }),
	};
	Some((who, call.into()))
}

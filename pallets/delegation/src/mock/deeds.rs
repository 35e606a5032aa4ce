//! What people do with charts and for each other.

use super::*;
use frame_support::{assert_ok, pallet_prelude::BoundedBTreeMap};
use sp_io::hashing::sha2_256;
use sp_runtime::DispatchResult;

pub fn sealed_key() -> SealedKey {
	SealedKey::new([1; SEALED_KEY_LENGTH as usize])
}

/// A key of another suite than any.
pub fn malformed_key() -> SealedKey {
	SealedKey::new([9; SEALED_KEY_LENGTH as usize])
}

pub fn sealed_share() -> SealedShare {
	SealedShare::new([1; SEALED_SHARE_LENGTH as usize])
}

/// A share of another suite than any, and what is no longer than a key.
pub fn malformed_shares() -> [SealedShare; 2] {
	let short = vec![1; SEALED_KEY_LENGTH as usize];
	let short = SealedShare(short.try_into().expect("shorter than a share"));
	[SealedShare::new([9; SEALED_SHARE_LENGTH as usize]), short]
}

pub fn epoch_of(patient: PatientId) -> Epoch {
	<MedicalRecords as Charts<AccountId>>::epoch(patient).expect("registered")
}

pub fn is_due(patient: PatientId) -> bool {
	<MedicalRecords as Charts<AccountId>>::is_due(patient)
}

pub fn sealing_epoch(patient: PatientId) -> Epoch {
	epoch_of(patient) + u32::from(is_due(patient))
}

pub fn sealed_epoch(patient: PatientId) -> SealedEpoch {
	SealedEpoch { epoch: epoch_of(patient), key: sealed_key() }
}

pub fn new_records(count: usize) -> NewRecords {
	let document = Document { digest: [1; 32], head: [2; 16], size: 4_096, vault: NORTH };
	vec![NewRecord { document, in_reply_to: None }; count].try_into().expect("few enough")
}

pub fn recipients(patient: PatientId) -> Option<RecipientsDigest> {
	MedicalRecords::recipients(patient).expect("registered").digest
}

pub fn adds(patient: PatientId, count: usize) {
	let (epoch, named) = (sealing_epoch(patient), recipients(patient));
	assert_ok!(MedicalRecords::add_records(by(patient), epoch, new_records(count), named));
}

pub fn key_for(doctor: DoctorId) -> KeyForDoctor {
	let found = pallet_medical_records::Doctors::<Test>::get(doctor).expect("registered");
	KeyForDoctor { doctor, key_version: found.key_version, key: sealed_key() }
}

pub fn grants(patient: PatientId, doctor: DoctorId) {
	let epoch = epoch_of(patient);
	assert_ok!(MedicalRecords::grant_access(by(patient), epoch, key_for(doctor), true, None));
}

/// The rotation that a good client sends now.
pub fn rotation(patient: PatientId) -> Rotation {
	let epoch = epoch_of(patient) + 2;
	let sealed: Vec<_> = pallet_medical_records::Grants::<Test>::iter_prefix(patient)
		.filter(|(_, grant)| grant.seal.is_some())
		.map(|(doctor, _)| doctor)
		.filter(|doctor| MedicalRecords::access(patient, *doctor, None).is_ok())
		.filter(|doctor| {
			pallet_medical_records::Doctors::<Test>::get(doctor)
				.is_some_and(|found| found.is_key_vouched())
		})
		.map(key_for)
		.collect();
	Rotation { epoch, keys: chart_keys(epoch), sealed: sealed.try_into().expect("few enough") }
}

pub fn rotates(patient: PatientId) {
	assert_ok!(MedicalRecords::rotate_chart_key(by(patient), rotation(patient)));
}

pub fn sees(patient: PatientId, doctor: DoctorId, record: Option<RecordIndex>) -> bool {
	MedicalRecords::access(patient, doctor, record).is_ok()
}

pub fn represents(patient: PatientId, representative: PatientId) -> bool {
	Delegation::representative_access(patient, representative, None).is_ok()
}

/// The version of a delegate's key.
fn version_of(delegate: Delegate) -> u32 {
	match delegate {
		Delegate::Patient(patient) => Delegation::acting_key(patient).map_or(0, |key| key.version),
		Delegate::Doctor(doctor) => key_for(doctor).key_version,
		Delegate::Desk(hospital) => <MockHospitals as Desks>::key_version(hospital).unwrap_or(0),
	}
}

/// A secret divided among these; `threshold` of them have to agree.
pub fn divided(threshold: usize, among: &[Delegate]) -> Divided {
	let share = |delegate: &Delegate| ShareFor {
		delegate: *delegate,
		key_version: version_of(*delegate),
		share: sealed_share(),
	};
	let shares: Vec<_> = among.iter().map(share).collect();
	Divided {
		commitments: vec![[7; 32]; threshold].try_into().expect("few enough"),
		secret: WrappedSecret([8; 60]),
		shares: shares.try_into().expect("few enough"),
	}
}

pub fn capacity_of(person: Person) -> Capacity {
	match person {
		Person::Patient(_) => Capacity::Patient,
		Person::Doctor(_) => Capacity::Doctor,
	}
}

pub fn chooses_guardians(
	person: impl Into<Person>,
	threshold: usize,
	guardians: &[Delegate],
) -> DispatchResult {
	let person = person.into();
	let divided = divided(threshold, guardians);
	Delegation::set_guardians(by(person), capacity_of(person), divided, DAY)
}

/// The origin and capacity in which a delegate acts.
pub fn acting(delegate: Delegate) -> (RuntimeOrigin, ActingAs) {
	match delegate {
		Delegate::Patient(patient) => (by(patient), ActingAs::Patient),
		Delegate::Doctor(doctor) => (by(doctor), ActingAs::Doctor),
		Delegate::Desk(hospital) => (registrar(hospital), ActingAs::Desk),
	}
}

/// The key of a new device.
pub fn device_key() -> PublicKey {
	x_wing_key(77)
}

/// The consent of a new account.
pub fn asks(new: AccountId, person: Person) -> TestSignature {
	TestSignature(new, Delegation::recovery_message(person, &new, 1, &device_key()))
}

pub fn requests(guardian: Delegate, person: impl Into<Person>, new: AccountId) -> DispatchResult {
	let (person, (origin, acting)) = (person.into(), acting(guardian));
	let proof = asks(new, person);
	Delegation::request_recovery(origin, person, acting, new, 1, device_key(), proof)
}

pub fn approves(guardian: Delegate, person: impl Into<Person>, new: AccountId) -> DispatchResult {
	let (origin, acting) = acting(guardian);
	let digest = sha2_256(&device_key());
	Delegation::approve_recovery(origin, person.into(), acting, new, digest)
}

pub fn withdraws(guardian: Delegate, person: impl Into<Person>, new: AccountId) -> DispatchResult {
	let (origin, acting) = acting(guardian);
	Delegation::withdraw_approval(origin, person.into(), acting, new)
}

pub fn hands_over(guardian: Delegate, person: impl Into<Person>, new: AccountId) -> DispatchResult {
	let (origin, acting) = acting(guardian);
	Delegation::hand_over_share(origin, person.into(), acting, new, sealed_share())
}

/// The new secrets that a good client makes.
pub fn new_secrets(person: Person) -> NewSecrets {
	match person {
		Person::Patient(patient) => NewSecrets::Patient(rotation(patient)),
		Person::Doctor(_) => NewSecrets::Doctor { suite: 1, key: x_wing_key(99) },
	}
}

pub fn finishes(new: AccountId, person: impl Into<Person>) -> DispatchResult {
	let person = person.into();
	Delegation::finish_recovery(signed(new), person, new_secrets(person))
}

/// Names a representative, and has the hospital confirm it.
pub fn has_representative(
	patient: PatientId,
	representative: PatientId,
	scopes: Scopes,
	until: Option<Moment>,
) {
	assert_ok!(Delegation::name_representative(by(patient), representative, scopes, until));
	assert_ok!(confirms(patient, representative, scopes, until));
}

pub fn confirms(
	patient: PatientId,
	representative: PatientId,
	scopes: Scopes,
	until: Option<Moment>,
) -> DispatchResult {
	let digest = acting_digest(representative);
	let desk = registrar(NORTH);
	Delegation::confirm_representative(desk, patient, representative, scopes, until, digest)
}

/// Gives the representative the chart's current key.
pub fn seals_to(patient: PatientId, representative: PatientId) -> DispatchResult {
	let version = version_of(Delegate::Patient(representative));
	let sealed = sealed_epoch(patient);
	Delegation::seal_to_representative(by(patient), representative, version, sealed)
}

/// A plan that opens the whole chart for a day.
pub fn plans(patient: PatientId, threshold: usize, holders: &[HospitalId]) -> DispatchResult {
	plans_set(patient, threshold, holders, EmergencySet::Chart(sealed_epoch(patient)))
}

pub fn plans_set(
	patient: PatientId,
	threshold: usize,
	holders: &[HospitalId],
	set: EmergencySet,
) -> DispatchResult {
	let desks: Vec<_> = holders.iter().copied().map(Delegate::Desk).collect();
	let divided = divided(threshold, &desks);
	Delegation::set_emergency_plan(by(patient), divided, 1, x_wing_key(5), set, DAY)
}

/// These records, under a key of their own.
pub fn chosen(records: &[RecordIndex]) -> EmergencySet {
	let wrapped = |record: &RecordIndex| (*record, WrappedFileKey([7; 44]));
	let records: BTreeMap<_, _> = records.iter().map(wrapped).collect();
	EmergencySet::Records {
		key: sealed_key(),
		records: BoundedBTreeMap::try_from(records).expect("few enough"),
	}
}

pub fn asks_for_emergency(doctor: DoctorId, patient: PatientId) -> DispatchResult {
	Delegation::request_emergency(by(doctor), patient, EmergencyReason::Unconscious, [3; 32])
}

pub fn confirms_emergency(
	hospital: HospitalId,
	patient: PatientId,
	doctor: DoctorId,
) -> DispatchResult {
	let version = key_for(doctor).key_version;
	let desk = registrar(hospital);
	Delegation::confirm_emergency(desk, patient, doctor, version, sealed_share())
}

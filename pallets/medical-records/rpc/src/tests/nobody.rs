//! A server that knows the methods and their parameters, and no answer.

use crate::{Discover, DiscoveryServer, MedicalRecordsApiServer, errors, errors::internal};
use jsonrpsee::{
	RpcModule,
	core::{RpcResult, async_trait},
	server::{PendingSubscriptionSink, SubscriptionCloseResponse},
};
use medblock_primitives::{
	DoctorId, Epoch, HospitalId, InstitutionId, PatientId, Person, RecordIndex,
};
use medblock_views::{
	Access, Account, AccountChange, Answer, Appointment, BlockHash, Bytes, ChartKeys, Deposit,
	DisclosureAnchor, DisclosureLog, Doctor, DoctorProfile, Emergency, EmergencyOf, EmergencyPlan,
	EmergencyRequest, EncryptionKey, Grant, Guardians, HeldProfileKey, Hospital, Institution,
	OperatorAppointment, Operators, Page, PastEpoch, Patient, PortalRelease, ProfileKey,
	ProfileKeyVersion, ProposedProfile, Recipients, Record, Recovery, Registrar, Representative,
	Representing, Share, Succession,
};
use pallet_consortium_rpc::ConsortiumApiServer;
use pallet_delegation_rpc::DelegationApiServer;

pub struct Nobody;

/// What it says when the parameters were understood.
pub const UNDERSTOOD: i32 = errors::INTERNAL;

pub fn module() -> RpcModule<()> {
	let mut module = RpcModule::new(());
	module.merge(ConsortiumApiServer::into_rpc(Nobody)).unwrap();
	module.merge(DelegationApiServer::into_rpc(Nobody)).unwrap();
	module.merge(MedicalRecordsApiServer::into_rpc(Nobody)).unwrap();
	module.merge(Discover.into_rpc()).unwrap();
	module
}

macro_rules! methods {
	($($name:ident($($parameter:ident: $kind:ty),*) -> $answer:ty;)*) => {
		$(
			fn $name(&self, $($parameter: $kind),*) -> RpcResult<$answer> {
				Err(internal(format_args!("{:?}", ($(&$parameter,)*))))
			}
		)*
	};
}

type Id<T> = Option<T>;
type Limit = Option<u32>;
type At = Option<BlockHash>;

#[async_trait]
impl ConsortiumApiServer for Nobody {
	methods! {
		hospitals(after: Id<HospitalId>, limit: Limit, at: At) -> Page<Hospital, HospitalId>;
		hospital(hospital: HospitalId, at: At) -> Answer<Hospital>;
		registrars(hospital: HospitalId, at: At) -> Answer<Vec<Registrar>>;
		appointments(hospital: HospitalId, at: At) -> Answer<Vec<Appointment>>;
		appointments_of(account: Account, at: At) -> Answer<Vec<Appointment>>;
		institutions(after: Id<InstitutionId>, limit: Limit, at: At)
			-> Page<Institution, InstitutionId>;
		institution(institution: InstitutionId, at: At) -> Answer<Institution>;
		operator_of(account: Account, at: At) -> Answer<Option<InstitutionId>>;
		operators(hospital: HospitalId, at: At) -> Answer<Vec<Operators>>;
		operator_appointment(institution: InstitutionId, account: Account, at: At)
			-> Answer<Option<OperatorAppointment>>;
		profile_key(hospital: HospitalId, at: At) -> Answer<ProfileKey>;
		profile_key_versions(hospital: HospitalId, after: Id<u32>, limit: Limit, at: At)
			-> Page<ProfileKeyVersion, u32>;
		held_profile_key(account: Account, at: At) -> Answer<Option<HeldProfileKey>>;
		disclosure_log(hospital: HospitalId, at: At) -> Answer<DisclosureLog>;
		disclosure_anchors(hospital: HospitalId, after: Id<u32>, limit: Limit, at: At)
			-> Page<DisclosureAnchor, u32>;
		author(at: At) -> Answer<Option<HospitalId>>;
		authorized_nodes(at: At) -> Answer<Vec<String>>;
		portal_releases(at: At) -> Answer<Vec<PortalRelease>>;
	}
}

#[async_trait]
impl DelegationApiServer for Nobody {
	methods! {
		acting_key(patient: PatientId, at: At) -> Answer<Option<EncryptionKey>>;
		guardians(person: Person, at: At) -> Answer<Option<Guardians>>;
		recoveries(person: Person, at: At) -> Answer<Vec<Recovery>>;
		representatives(patient: PatientId, at: At) -> Answer<Vec<Representative>>;
		represented(patient: PatientId, at: At) -> Answer<Vec<Representative>>;
		awaiting_representatives(
			hospital: HospitalId, after: Id<Representing>, limit: Limit, at: At
		) -> Page<Representative, Representing>;
		emergency_plan(patient: PatientId, at: At) -> Answer<Option<EmergencyPlan>>;
		emergency_requests(patient: PatientId, at: At) -> Answer<Vec<EmergencyRequest>>;
		emergencies_asked(hospital: HospitalId, after: Id<EmergencyOf>, limit: Limit, at: At)
			-> Page<EmergencyRequest, EmergencyOf>;
		emergencies(patient: PatientId, at: At) -> Answer<Vec<Emergency>>;
	}
}

#[async_trait]
impl MedicalRecordsApiServer for Nobody {
	methods! {
		doctors(after: Id<DoctorId>, limit: Limit, at: At) -> Page<Doctor, DoctorId>;
		doctor(doctor: DoctorId, at: At) -> Answer<Doctor>;
		doctor_of(account: Account, at: At) -> Answer<Option<DoctorId>>;
		encryption_key(doctor: DoctorId, at: At) -> Answer<Option<EncryptionKey>>;
		patient(patient: PatientId, at: At) -> Answer<Patient>;
		patient_of(account: Account, at: At) -> Answer<Option<PatientId>>;
		records(patient: PatientId, after: Id<RecordIndex>, limit: Limit, at: At)
			-> Page<Record, RecordIndex>;
		record(patient: PatientId, record: RecordIndex, at: At) -> Answer<Record>;
		grants_of_patient(patient: PatientId, after: Id<DoctorId>, limit: Limit, at: At)
			-> Page<Grant, DoctorId>;
		grants_to_doctor(doctor: DoctorId, after: Id<PatientId>, limit: Limit, at: At)
			-> Page<Grant, PatientId>;
		grant(patient: PatientId, doctor: DoctorId, at: At) -> Answer<Option<Grant>>;
		deposits(patient: PatientId, at: At) -> Answer<Vec<Deposit>>;
		deposit(patient: PatientId, institution: InstitutionId, at: At)
			-> Answer<Option<Deposit>>;
		access(patient: PatientId, doctor: DoctorId, record: Id<RecordIndex>, at: At)
			-> Answer<Access>;
		chart_keys(patient: PatientId, at: At) -> Answer<Option<ChartKeys>>;
		past_epochs(patient: PatientId, after: Id<Epoch>, limit: Limit, at: At)
			-> Page<PastEpoch, Epoch>;
		recipients(patient: PatientId, at: At) -> Answer<Recipients>;
		grant_key(patient: PatientId, doctor: DoctorId, at: At) -> Answer<Option<Bytes>>;
		share(patient: PatientId, doctor: DoctorId, at: At) -> Answer<Share>;
		awaiting_patients(hospital: HospitalId, after: Id<PatientId>, limit: Limit, at: At)
			-> Page<Patient, PatientId>;
		patients_of_hospital(hospital: HospitalId, after: Id<PatientId>, limit: Limit, at: At)
			-> Page<Patient, PatientId>;
		successors(at: At) -> Answer<Vec<Succession>>;
		awaiting_doctors(hospital: HospitalId, after: Id<DoctorId>, limit: Limit, at: At)
			-> Page<Doctor, DoctorId>;
		proposed_profile(doctor: DoctorId, at: At) -> Answer<Option<DoctorProfile>>;
		proposed_profiles(hospital: HospitalId, after: Id<DoctorId>, limit: Limit, at: At)
			-> Page<ProposedProfile, DoctorId>;
		account_change(person: Person, at: At) -> Answer<Option<AccountChange>>;
		account_changes(hospital: HospitalId, after: Id<Person>, limit: Limit, at: At)
			-> Page<AccountChange, Person>;
	}

	async fn subscribe_inbox(
		&self,
		pending: PendingSubscriptionSink,
		doctor: DoctorId,
		after: Option<u32>,
	) -> SubscriptionCloseResponse {
		let understood = internal(format_args!("{:?}", (doctor, after)));
		pending.reject(understood).await;
		SubscriptionCloseResponse::None
	}
}

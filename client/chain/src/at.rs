//! Queries at one block.

mod emergencies;
mod paging;
mod recovery;
mod representatives;

pub use paging::Paging;
pub use recovery::RecoveryInfo;

use crate::{AccountId, Error, Result, rpc::Rpc};
use codec::{Decode, DecodeAll, Encode};
use medblock_primitives::*;
use paging::{OTHERS, PATIENTS, PEOPLE, every, every_unordered};
use pallet_consortium_runtime_api::{
	AppointmentInfo as AppointmentInfoOf, DisclosureLogInfo as DisclosureLogInfoOf, HeldProfileKey,
	HospitalInfo as HospitalInfoOf, InstitutionInfo, OperatorsInfo as OperatorsInfoOf,
	ProfileKeyInfo, RegistrarInfo as RegistrarInfoOf,
};
use pallet_medical_records_runtime_api::{
	AccountChangeInfo as AccountChangeInfoOf, DepositInfo, DoctorInfo as DoctorInfoOf, GrantInfo,
	MAX_PAGE, Page, PatientInfo as PatientInfoOf, ProposalInfo, RecipientsInfo, RecordInfo,
	ShareInfo,
	earlier::{self, PatientInfoV3, Present, RecordInfoV3},
};
use subxt::{OnlineClient, SubstrateConfig, utils::H256};

/// A patient, as recorded on the chain.
pub type PatientInfo = PatientInfoOf<AccountId>;
/// A doctor, as recorded on the chain.
pub type DoctorInfo = DoctorInfoOf<AccountId>;
/// A pending change of account, as recorded on the chain.
pub type AccountChangeInfo = AccountChangeInfoOf<AccountId>;
/// A hospital, as recorded on the chain.
pub type HospitalInfo = HospitalInfoOf<AccountId>;
/// A registrar, as recorded on the chain.
pub type RegistrarInfo = RegistrarInfoOf<AccountId>;
/// An appointment that waits to be accepted, as recorded on the chain.
pub type AppointmentInfo = AppointmentInfoOf<AccountId, u32>;

/// The log of a hospital's vault, as recorded on the chain.
pub type DisclosureLogInfo = DisclosureLogInfoOf<AccountId>;

/// The operators of an institution, as recorded on the chain.
pub type OperatorsInfo = OperatorsInfoOf<AccountId, u32>;

/// A block. It answers every query from the state after it.
#[derive(Clone)]
pub struct At {
	pub(crate) rpc: Rpc,
	pub(crate) client: OnlineClient<SubstrateConfig>,
	hash: H256,
	number: u32,
}

/// Twox-128 of `Timestamp`, then of `Now`: the storage key of the chain's clock.
const CLOCK: [u8; 32] = [
	0xf0, 0xc3, 0x65, 0xc3, 0xcf, 0x59, 0xd6, 0x71, 0xeb, 0x72, 0xda, 0x0e, 0x7a, 0x41, 0x13, 0xc4,
	0x9f, 0x1f, 0x05, 0x15, 0xf4, 0x62, 0xcd, 0xcf, 0x84, 0xe0, 0xf1, 0xd6, 0x04, 0x5d, 0xfc, 0xbb,
];

impl At {
	pub(crate) fn new(
		rpc: Rpc,
		client: OnlineClient<SubstrateConfig>,
		hash: H256,
		number: u32,
	) -> Self {
		Self { rpc, client, hash, number }
	}

	/// The block's hash.
	pub fn hash(&self) -> H256 {
		self.hash
	}

	/// The block's number.
	pub fn number(&self) -> u32 {
		self.number
	}

	/// The block's time, in milliseconds since 1970.
	pub async fn now(&self) -> Result<Moment> {
		match self.rpc.storage(&CLOCK, self.hash).await? {
			None => Ok(0),
			Some(bytes) => {
				Moment::decode_all(&mut &bytes[..]).map_err(|_| self.rpc.incomprehensible("time"))
			},
		}
	}

	pub(crate) async fn ask<T: Decode>(
		&self,
		function: &'static str,
		arguments: impl Encode,
	) -> Result<T> {
		let answer = self.rpc.call(function, &arguments.encode(), self.hash).await?;
		T::decode_all(&mut &answer[..]).map_err(|_| self.rpc.incomprehensible(function))
	}

	/// Asks what the last release's runtime answers in another shape. Vaults are upgraded before the chain,
	/// and read both.
	async fn ask_either<Now, Then>(
		&self,
		function: &'static str,
		arguments: impl Encode,
	) -> Result<Now>
	where
		Now: Decode + PartialEq,
		Then: Decode + Present<Now>,
	{
		let answer = self.rpc.call(function, &arguments.encode(), self.hash).await?;
		earlier::read::<Now, Then>(&answer).ok_or_else(|| self.rpc.incomprehensible(function))
	}

	/// The answer about the own account. A door lets an account sign in as soon as the chain knows it: an
	/// account that can't is no one yet.
	fn known<T>(&self, answer: Result<Option<T>>) -> Result<Option<T>> {
		match answer {
			Err(why) if self.rpc.signs_in && why.is_not_signed_in() => Ok(None),
			answer => answer,
		}
	}

	/// The number of an account's included transactions, which is the nonce of the next one.
	pub async fn nonce(&self, account: AccountId) -> Result<u64> {
		let nonce: u32 = self.ask("AccountNonceApi_account_nonce", account).await?;
		Ok(nonce.into())
	}

	/// The runtime's metadata in version 14, SCALE-encoded, which every wallet reads.
	pub async fn metadata(&self) -> Result<Vec<u8>> {
		let found: Option<Vec<u8>> = self.ask("Metadata_metadata_at_version", 14_u32).await?;
		found.ok_or_else(|| self.rpc.incomprehensible("metadata"))
	}

	/// The version of the runtime that the block leaves in force.
	pub async fn spec_version(&self) -> Result<u32> {
		/// A runtime's version, as far as it is read.
		#[derive(Decode)]
		struct Version {
			_spec_name: String,
			_impl_name: String,
			_authoring_version: u32,
			spec_version: u32,
		}
		let answer = self.rpc.call("Core_version", &[], self.hash).await?;
		let version = Version::decode(&mut &answer[..]);
		Ok(version.map_err(|_| self.rpc.incomprehensible("version"))?.spec_version)
	}

	/// The doctor with this id.
	pub async fn doctor(&self, doctor: DoctorId) -> Result<Option<DoctorInfo>> {
		self.ask("MedicalRecordsApi_doctor", doctor).await
	}

	/// The doctor that an account acts for.
	pub async fn doctor_of(&self, account: AccountId) -> Result<Option<DoctorId>> {
		self.known(self.ask("MedicalRecordsApi_doctor_of", account).await)
	}

	/// A page of the directory; see `MedicalRecordsApi::doctors`.
	pub async fn doctors(
		&self,
		after: Option<DoctorId>,
		limit: u32,
	) -> Result<Page<DoctorInfo, DoctorId>> {
		self.ask("MedicalRecordsApi_doctors", (after, limit)).await
	}

	/// The whole directory.
	pub async fn all_doctors(&self) -> Result<Vec<DoctorInfo>> {
		let paging = self.paging("doctors", PEOPLE, None);
		every(paging, |after| self.doctors(after, MAX_PAGE)).await
	}

	/// The encryption key that a doctor has published.
	pub async fn encryption_key(&self, doctor: DoctorId) -> Result<Option<EncryptionKey>> {
		self.ask("MedicalRecordsApi_encryption_key", doctor).await
	}

	/// The patient with this id.
	pub async fn patient(&self, patient: PatientId) -> Result<Option<PatientInfo>> {
		type Then = Option<PatientInfoV3<AccountId>>;
		self.ask_either::<_, Then>("MedicalRecordsApi_patient", patient).await
	}

	/// The patient that an account controls.
	pub async fn patient_of(&self, account: AccountId) -> Result<Option<PatientId>> {
		self.known(self.ask("MedicalRecordsApi_patient_of", account).await)
	}

	/// A page of a chart's records, in order.
	pub async fn records(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: u32,
	) -> Result<Page<RecordInfo, RecordIndex>> {
		type Then = Page<RecordInfoV3, RecordIndex>;
		self.ask_either::<_, Then>("MedicalRecordsApi_records", (patient, after, limit)).await
	}

	/// All records of a chart with an index greater than `after`, in order.
	pub async fn all_records(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
	) -> Result<Vec<RecordInfo>> {
		let paging = self.paging("records", OTHERS, after);
		every(paging, |after| self.records(patient, after, MAX_PAGE)).await
	}

	/// One record of a chart.
	pub async fn record(&self, patient: PatientId, index: RecordIndex) -> Result<Option<Record>> {
		Ok(self.record_info(patient, index).await?.map(|one| one.record))
	}

	/// One record of a chart, with the vaults of its document.
	pub async fn record_info(
		&self,
		patient: PatientId,
		index: RecordIndex,
	) -> Result<Option<RecordInfo>> {
		type Then = Option<RecordInfoV3>;
		self.ask_either::<_, Then>("MedicalRecordsApi_record", (patient, index)).await
	}

	/// A page of a chart's grants, in order of the doctors' ids.
	pub async fn grants_of_patient(
		&self,
		patient: PatientId,
		after: Option<DoctorId>,
		limit: u32,
	) -> Result<Page<GrantInfo, DoctorId>> {
		self.ask("MedicalRecordsApi_grants_of_patient", (patient, after, limit)).await
	}

	/// A patient's grant to one doctor.
	pub async fn grant(&self, patient: PatientId, doctor: DoctorId) -> Result<Option<GrantInfo>> {
		self.ask("MedicalRecordsApi_grant", (patient, doctor)).await
	}

	/// All of a chart's grants, of which there are at most [`MAX_GRANTS`].
	pub async fn all_grants(&self, patient: PatientId) -> Result<Vec<GrantInfo>> {
		Ok(self.grants_of_patient(patient, None, MAX_PAGE).await?.items)
	}

	/// A page of the grants to a doctor, in no particular order.
	pub async fn grants_to_doctor(
		&self,
		doctor: DoctorId,
		after: Option<PatientId>,
		limit: u32,
	) -> Result<Page<GrantInfo, PatientId>> {
		self.ask("MedicalRecordsApi_grants_to_doctor", (doctor, after, limit)).await
	}

	/// All grants to a doctor, in no particular order.
	pub async fn all_grants_to_doctor(&self, doctor: DoctorId) -> Result<Vec<GrantInfo>> {
		let page = |after: Option<PatientId>| self.grants_to_doctor(doctor, after, MAX_PAGE);
		every_unordered(self.paging("grants", PEOPLE, None), page).await
	}

	/// The institutions that may add to a chart, of which there are at most [`MAX_DEPOSITS`].
	pub async fn deposits(&self, patient: PatientId) -> Result<Vec<DepositInfo>> {
		self.ask("MedicalRecordsApi_deposits", patient).await
	}

	/// A patient's permission to one institution to add to the chart.
	pub async fn deposit(
		&self,
		patient: PatientId,
		institution: InstitutionId,
	) -> Result<Option<DepositInfo>> {
		self.ask("MedicalRecordsApi_deposit", (patient, institution)).await
	}

	/// A doctor's access to a chart or to one of its records, or the reason for its absence.
	pub async fn access(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		record: Option<RecordIndex>,
	) -> Result<std::result::Result<Allowed, Denied>> {
		self.ask("MedicalRecordsApi_access", (patient, doctor, record)).await
	}

	/// The public keys of a chart's current epoch and its standby.
	pub async fn chart_keys(&self, patient: PatientId) -> Result<Option<ChartKeys>> {
		self.ask("MedicalRecordsApi_chart_keys", patient).await
	}

	/// The remainder of a chart's earlier epochs, in order.
	pub async fn past_epochs(&self, patient: PatientId) -> Result<Vec<(Epoch, PastEpoch)>> {
		let page = |after: Option<Epoch>| {
			self.ask("MedicalRecordsApi_past_epochs", (patient, after, MAX_PAGE))
		};
		every(self.paging("epochs", OTHERS, None), page).await
	}

	/// The doctors to whose own keys a due chart's files are encrypted too.
	pub async fn recipients(&self, patient: PatientId) -> Result<RecipientsInfo> {
		let found: Option<RecipientsInfo> =
			self.ask("MedicalRecordsApi_recipients", patient).await?;
		found.ok_or(Error::NoSuchPatient(patient))
	}

	/// The epoch secret that came with a grant to the whole chart.
	pub async fn grant_key(
		&self,
		patient: PatientId,
		doctor: DoctorId,
	) -> Result<Option<SealedKey>> {
		self.ask("MedicalRecordsApi_grant_key", (patient, doctor)).await
	}

	/// The keys that open the single records shared with a doctor.
	pub async fn share(&self, patient: PatientId, doctor: DoctorId) -> Result<ShareInfo> {
		self.ask("MedicalRecordsApi_share", (patient, doctor)).await
	}

	/// The patients who wait for a hospital's decision.
	pub async fn awaiting_patients(&self, hospital: HospitalId) -> Result<Vec<PatientInfo>> {
		let page = |after: Option<PatientId>| {
			self.ask("MedicalRecordsApi_awaiting_patients", (hospital, after, MAX_PAGE))
		};
		every(self.paging("patients", PEOPLE, None), page).await
	}

	/// A page of a hospital's patients with ids greater than `after`; see
	/// `MedicalRecordsApi::patients_of_hospital`. It may be empty without being the last.
	pub async fn patients_of_hospital(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: u32,
	) -> Result<Page<PatientInfo, PatientId>> {
		self.ask("MedicalRecordsApi_patients_of_hospital", (hospital, after, limit)).await
	}

	/// The way through a hospital's patients after this one, page by page.
	pub fn paging_patients(&self, after: Option<PatientId>) -> Paging<PatientId> {
		self.paging("patients", PATIENTS, after)
	}

	/// The hospitals that keep the documents of those that have left.
	pub async fn successors(&self) -> Result<Vec<Succession>> {
		self.ask("MedicalRecordsApi_successors", ()).await
	}

	/// A page of the patients who have chosen a hospital's vault; see
	/// `MedicalRecordsApi::patients_of_vault`. Doors don't answer it.
	pub async fn patients_of_vault(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: u32,
	) -> Result<Page<PatientId, PatientId>> {
		self.ask("MedicalRecordsApi_patients_of_vault", (hospital, after, limit)).await
	}

	/// The doctors who wait for a hospital's decision.
	pub async fn awaiting_doctors(&self, hospital: HospitalId) -> Result<Vec<DoctorInfo>> {
		let page = |after: Option<DoctorId>| {
			self.ask("MedicalRecordsApi_awaiting_doctors", (hospital, after, MAX_PAGE))
		};
		every(self.paging("doctors", PEOPLE, None), page).await
	}

	/// The change that a doctor proposes to the directory entry. Doors answer it to the doctor alone.
	pub async fn proposed_profile(&self, doctor: DoctorId) -> Result<Option<DoctorProfile>> {
		self.ask("MedicalRecordsApi_proposed_profile", doctor).await
	}

	/// The changes to directory entries that wait for a hospital, in no particular order.
	pub async fn proposed_profiles(&self, hospital: HospitalId) -> Result<Vec<ProposalInfo>> {
		let page = |after: Option<DoctorId>| {
			self.ask("MedicalRecordsApi_proposed_profiles", (hospital, after, MAX_PAGE))
		};
		every_unordered(self.paging("proposed profiles", PEOPLE, None), page).await
	}

	/// The pending change of a person's account. Doors answer it to the person alone.
	pub async fn account_change(&self, person: Person) -> Result<Option<AccountChangeInfo>> {
		self.ask("MedicalRecordsApi_account_change", person).await
	}

	/// The pending changes of account that a hospital can stop, in no particular order.
	pub async fn account_changes(&self, hospital: HospitalId) -> Result<Vec<AccountChangeInfo>> {
		let page = |after: Option<Person>| {
			self.ask("MedicalRecordsApi_account_changes", (hospital, after, MAX_PAGE))
		};
		every_unordered(self.paging("changes of account", PEOPLE, None), page).await
	}

	/// Every hospital, expelled ones included.
	pub async fn hospitals(&self) -> Result<Vec<HospitalInfo>> {
		let page =
			|after: Option<HospitalId>| self.ask("ConsortiumApi_hospitals", (after, MAX_PAGE));
		every(self.paging("hospitals", OTHERS, None), page).await
	}

	/// The hospital with this id.
	pub async fn hospital(&self, hospital: HospitalId) -> Result<Option<HospitalInfo>> {
		self.ask("ConsortiumApi_hospital", hospital).await
	}

	/// The hospital for which an account verifies people.
	pub async fn registrar_of(&self, account: AccountId) -> Result<Option<HospitalId>> {
		self.known(self.ask("ConsortiumApi_registrar_of", account).await)
	}

	/// The hospital's key, to which patients' profiles are sealed.
	pub async fn hospital_key(&self, hospital: HospitalId) -> Result<Option<EncryptionKey>> {
		self.ask("ConsortiumApi_encryption_key", hospital).await
	}

	/// A hospital's registrars, in order of their accounts.
	pub async fn registrars(&self, hospital: HospitalId) -> Result<Vec<RegistrarInfo>> {
		self.ask("ConsortiumApi_registrars", hospital).await
	}

	/// A hospital's appointments that wait to be accepted.
	pub async fn appointments(&self, hospital: HospitalId) -> Result<Vec<AppointmentInfo>> {
		self.ask("ConsortiumApi_appointments", hospital).await
	}

	/// The appointments that an account can accept.
	pub async fn appointments_of(&self, account: AccountId) -> Result<Vec<AppointmentInfo>> {
		self.ask("ConsortiumApi_appointments_of", account).await
	}

	/// Every institution, closed ones included.
	pub async fn institutions(&self) -> Result<Vec<InstitutionInfo>> {
		let page = |after: Option<InstitutionId>| {
			self.ask("ConsortiumApi_institutions", (after, MAX_PAGE))
		};
		every(self.paging("institutions", OTHERS, None), page).await
	}

	/// The institution with this id.
	pub async fn institution(&self, institution: InstitutionId) -> Result<Option<InstitutionInfo>> {
		self.ask("ConsortiumApi_institution", institution).await
	}

	/// The institution that an account adds records for. Runtimes of the last release know of none: vaults
	/// are upgraded before the chain, and go on serving everyone else.
	pub async fn operator_of(&self, account: AccountId) -> Result<Option<InstitutionId>> {
		let function = "ConsortiumApi_operator_of";
		match self.known(self.ask(function, account).await) {
			Err(why) if why.is_lack_of(function) => Ok(None),
			answer => answer,
		}
	}

	/// The account of a hospital's vault, and the log that it keeps. Runtimes of the last release know of none.
	pub async fn disclosure_log(&self, hospital: HospitalId) -> Result<DisclosureLogInfo> {
		let function = "ConsortiumApi_disclosure_log";
		match self.ask(function, hospital).await {
			Err(why) if why.is_lack_of(function) => {
				Ok(DisclosureLogInfo { vault_account: None, number: 0, last: None })
			},
			answer => answer,
		}
	}

	/// The anchors of a hospital's logs with numbers greater than `after`, as far as the chain keeps them.
	pub async fn disclosure_anchors(
		&self,
		hospital: HospitalId,
		after: Option<u32>,
	) -> Result<Vec<(u32, DisclosureAnchor)>> {
		let page = |after: Option<u32>| {
			self.ask("ConsortiumApi_disclosure_anchors", (hospital, after, MAX_PAGE))
		};
		let all: Vec<NumberedAnchor> = every(self.paging("anchors", OTHERS, after), page).await?;
		Ok(all.into_iter().map(|found| (found.number, found.anchor)).collect())
	}

	/// The hospital whose vault's account this is. Runtimes of the last release know of none.
	pub async fn vault_of(&self, account: AccountId) -> Result<Option<HospitalId>> {
		let function = "ConsortiumApi_vault_of";
		match self.known(self.ask(function, account).await) {
			Err(why) if why.is_lack_of(function) => Ok(None),
			answer => answer,
		}
	}

	/// The operators of each open institution of a hospital.
	pub async fn operators(&self, hospital: HospitalId) -> Result<Vec<OperatorsInfo>> {
		self.ask("ConsortiumApi_operators", hospital).await
	}

	/// The first block in which an account can no longer join an institution, if it can now.
	pub async fn operator_appointment(
		&self,
		institution: InstitutionId,
		account: AccountId,
	) -> Result<Option<u32>> {
		self.ask("ConsortiumApi_operator_appointment", (institution, account)).await
	}

	/// The state of a hospital's profile key.
	pub async fn profile_key(&self, hospital: HospitalId) -> Result<ProfileKeyInfo> {
		self.ask("ConsortiumApi_profile_key", hospital).await
	}

	/// All versions of a hospital's profile key, in order.
	pub async fn profile_key_versions(
		&self,
		hospital: HospitalId,
	) -> Result<Vec<(u32, ProfileKeyVersion)>> {
		let page = |after: Option<u32>| {
			self.ask("ConsortiumApi_profile_key_versions", (hospital, after, MAX_PAGE))
		};
		every(self.paging("profile keys", OTHERS, None), page).await
	}

	/// The secret of the hospital's current profile key, as sealed to a registrar.
	pub async fn held_profile_key(&self, registrar: AccountId) -> Result<Option<HeldProfileKey>> {
		self.known(self.ask("ConsortiumApi_held_profile_key", registrar).await)
	}

	/// The hospital, or an error if it does not exist.
	pub async fn known_hospital(&self, hospital: HospitalId) -> Result<HospitalInfo> {
		self.hospital(hospital).await?.ok_or(Error::NoSuchHospital(hospital))
	}

	/// The patient, or an error if there is no such patient.
	pub async fn known_patient(&self, patient: PatientId) -> Result<PatientInfo> {
		self.patient(patient).await?.ok_or(Error::NoSuchPatient(patient))
	}

	/// The institution, or an error if there is no such institution.
	pub async fn known_institution(&self, institution: InstitutionId) -> Result<InstitutionInfo> {
		self.institution(institution).await?.ok_or(Error::NoSuchInstitution(institution))
	}

	/// The doctor, or an error if there is no such doctor.
	pub async fn known_doctor(&self, doctor: DoctorId) -> Result<DoctorInfo> {
		self.doctor(doctor).await?.ok_or(Error::NoSuchDoctor(doctor))
	}
}

//! The runtime's answers to nodes and clients.

use crate::{
	AccountId, Aura, Balance, Block, Consortium, Delegation, Executive, Grandpa, Historical,
	InherentDataExt, MedicalRecords, NodeAuthorization, Nonce, Runtime, RuntimeCall,
	RuntimeGenesisConfig, SessionKeys, System, VERSION, genesis, migrations::is_current,
};
use alloc::vec::Vec;
use frame_support::{
	dispatch::GetDispatchInfo,
	genesis_builder_helper::{build_state, get_preset},
	traits::KeyOwnerProofSystem,
	weights::Weight,
};
use medblock_primitives::{
	Allowed, ChartKeys, Delegate, Denied, DoctorId, DoctorProfile, EmergencySet, EncryptionKey,
	Epoch, HospitalId, InstitutionId, NumberedAnchor, PastEpoch, PatientId, Person, PortalRelease,
	ProfileKeyVersion, RecordIndex, SealedKey, SealedShare, Succession,
};
use pallet_consortium_runtime_api::{
	AppointmentInfo, DisclosureLogInfo, HeldProfileKey, HospitalInfo, InstitutionInfo,
	OperatorsInfo, ProfileKeyInfo, RegistrarInfo,
};
use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyOf, EmergencyPlanInfo, EmergencyRequestInfo, GuardiansInfo,
	RecoveryInfo, RepresentativeInfo, Representing, WardInfo,
};
use pallet_medical_records_runtime_api::{
	AccountChangeInfo, Change, DepositInfo, DoctorInfo, GrantInfo, Page, PatientInfo, ProposalInfo,
	RecipientsInfo, RecordInfo, ShareInfo,
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{OpaqueMetadata, crypto::KeyTypeId};
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
	ApplyExtrinsicResult, ExtrinsicInclusionMode,
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block);
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: frame_support::view_functions::ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: InherentData,
		) -> CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			transaction: <Block as BlockT>::Extrinsic,
			block: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, transaction, block)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> sp_consensus_aura::SlotDuration {
			sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
		}

		fn authorities() -> Vec<AuraId> {
			pallet_aura::Authorities::<Runtime>::get().into_inner()
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			let key_owner_proof = key_owner_proof.decode()?;
			Grandpa::submit_unsigned_equivocation_report(equivocation, key_owner_proof)
		}

		fn generate_key_ownership_proof(
			_: sp_consensus_grandpa::SetId,
			authority: GrandpaId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority))
				.map(|proof| codec::Encode::encode(&proof))
				.map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(
			owner: Vec<u8>,
			seed: Option<Vec<u8>>,
		) -> OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	// Wallets ask for a transaction's cost before they offer to sign it.
	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
		fn query_info(
			transaction: <Block as BlockT>::Extrinsic,
			_: u32,
		) -> RuntimeDispatchInfo<Balance> {
			free(transaction.get_dispatch_info())
		}

		fn query_fee_details(_: <Block as BlockT>::Extrinsic, _: u32) -> FeeDetails<Balance> {
			FeeDetails { inclusion_fee: None, tip: 0 }
		}

		fn query_weight_to_fee(_: Weight) -> Balance {
			0
		}

		fn query_length_to_fee(_: u32) -> Balance {
			0
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall>
		for Runtime
	{
		fn query_call_info(call: RuntimeCall, _: u32) -> RuntimeDispatchInfo<Balance> {
			free(call.get_dispatch_info())
		}

		fn query_call_fee_details(_: RuntimeCall, _: u32) -> FeeDetails<Balance> {
			FeeDetails { inclusion_fee: None, tip: 0 }
		}

		fn query_weight_to_fee(_: Weight) -> Balance {
			0
		}

		fn query_length_to_fee(_: u32) -> Balance {
			0
		}
	}

	impl pallet_medical_records_runtime_api::MedicalRecordsApi<Block, AccountId> for Runtime {
		fn doctors(
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<DoctorInfo<AccountId>, DoctorId> {
			only_if_current();
			MedicalRecords::doctors(after, limit)
		}

		fn doctor(doctor: DoctorId) -> Option<DoctorInfo<AccountId>> {
			only_if_current();
			MedicalRecords::doctor(doctor)
		}

		fn doctor_of(account: AccountId) -> Option<DoctorId> {
			only_if_current();
			pallet_medical_records::DoctorOf::<Runtime>::get(account)
		}

		fn encryption_key(doctor: DoctorId) -> Option<EncryptionKey> {
			only_if_current();
			pallet_medical_records::EncryptionKeys::<Runtime>::get(doctor)
		}

		fn patient(patient: PatientId) -> Option<PatientInfo<AccountId>> {
			only_if_current();
			MedicalRecords::patient(patient)
		}

		fn patient_of(account: AccountId) -> Option<PatientId> {
			only_if_current();
			pallet_medical_records::PatientOf::<Runtime>::get(account)
		}

		fn records(
			patient: PatientId,
			after: Option<RecordIndex>,
			limit: u32,
		) -> Page<RecordInfo, RecordIndex> {
			only_if_current();
			MedicalRecords::records(patient, after, limit)
		}

		fn record(patient: PatientId, record: RecordIndex) -> Option<RecordInfo> {
			only_if_current();
			MedicalRecords::record(patient, record)
		}

		fn grants_of_patient(
			patient: PatientId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<GrantInfo, DoctorId> {
			only_if_current();
			MedicalRecords::grants_of_patient(patient, after, limit)
		}

		fn grant(patient: PatientId, doctor: DoctorId) -> Option<GrantInfo> {
			only_if_current();
			MedicalRecords::grant(patient, doctor)
		}

		fn deposits(patient: PatientId) -> Vec<DepositInfo> {
			only_if_current();
			MedicalRecords::deposits(patient)
		}

		fn deposit(patient: PatientId, institution: InstitutionId) -> Option<DepositInfo> {
			only_if_current();
			MedicalRecords::deposit(patient, institution)
		}

		fn grants_to_doctor(
			doctor: DoctorId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<GrantInfo, PatientId> {
			only_if_current();
			MedicalRecords::grants_to_doctor(doctor, after, limit)
		}

		fn access(
			patient: PatientId,
			doctor: DoctorId,
			record: Option<RecordIndex>,
		) -> Result<Allowed, Denied> {
			only_if_current();
			MedicalRecords::access(patient, doctor, record)
		}

		fn chart_keys(patient: PatientId) -> Option<ChartKeys> {
			only_if_current();
			pallet_medical_records::CurrentKeys::<Runtime>::get(patient)
		}

		fn past_epochs(
			patient: PatientId,
			after: Option<Epoch>,
			limit: u32,
		) -> Page<(Epoch, PastEpoch), Epoch> {
			only_if_current();
			MedicalRecords::past_epochs(patient, after, limit)
		}

		fn recipients(patient: PatientId) -> Option<RecipientsInfo> {
			only_if_current();
			MedicalRecords::recipients(patient)
		}

		fn grant_key(patient: PatientId, doctor: DoctorId) -> Option<SealedKey> {
			only_if_current();
			pallet_medical_records::GrantKeys::<Runtime>::get(patient, doctor)
		}

		fn share(patient: PatientId, doctor: DoctorId) -> ShareInfo {
			only_if_current();
			MedicalRecords::share(patient, doctor)
		}

		fn awaiting_patients(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientInfo<AccountId>, PatientId> {
			only_if_current();
			MedicalRecords::awaiting_patients(hospital, after, limit)
		}

		fn patients_of_hospital(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientInfo<AccountId>, PatientId> {
			only_if_current();
			MedicalRecords::patients_of_hospital(hospital, after, limit)
		}

		fn patients_of_vault(
			hospital: HospitalId,
			after: Option<PatientId>,
			limit: u32,
		) -> Page<PatientId, PatientId> {
			only_if_current();
			MedicalRecords::patients_of_vault(hospital, after, limit)
		}

		fn successors() -> Vec<Succession> {
			only_if_current();
			MedicalRecords::successors()
		}

		fn awaiting_doctors(
			hospital: HospitalId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<DoctorInfo<AccountId>, DoctorId> {
			only_if_current();
			MedicalRecords::awaiting_doctors(hospital, after, limit)
		}

		fn proposed_profile(doctor: DoctorId) -> Option<DoctorProfile> {
			only_if_current();
			MedicalRecords::proposed_profile(doctor)
		}

		fn proposed_profiles(
			hospital: HospitalId,
			after: Option<DoctorId>,
			limit: u32,
		) -> Page<ProposalInfo, DoctorId> {
			only_if_current();
			MedicalRecords::proposed_profiles(hospital, after, limit)
		}

		fn account_change(person: Person) -> Option<AccountChangeInfo<AccountId>> {
			only_if_current();
			MedicalRecords::account_change(person)
		}

		fn account_changes(
			hospital: HospitalId,
			after: Option<Person>,
			limit: u32,
		) -> Page<AccountChangeInfo<AccountId>, Person> {
			only_if_current();
			MedicalRecords::account_changes(hospital, after, limit)
		}

		fn news(after: Option<u32>, limit: u32) -> Page<Change<AccountId>, u32> {
			// Goes by events alone, of which a migration has none.
			MedicalRecords::news(after, limit)
		}
	}

	impl pallet_consortium_runtime_api::ConsortiumApi<Block, AccountId> for Runtime {
		fn hospitals(
			after: Option<HospitalId>,
			limit: u32,
		) -> Page<HospitalInfo<AccountId>, HospitalId> {
			Consortium::hospitals(after, limit)
		}

		fn hospital(hospital: HospitalId) -> Option<HospitalInfo<AccountId>> {
			Consortium::hospital(hospital)
		}

		fn registrar_of(account: AccountId) -> Option<HospitalId> {
			Consortium::registrar_of(&account)
		}

		fn encryption_key(hospital: HospitalId) -> Option<EncryptionKey> {
			pallet_consortium::EncryptionKeys::<Runtime>::get(hospital)
		}

		fn registrars(hospital: HospitalId) -> Vec<RegistrarInfo<AccountId>> {
			Consortium::registrars(hospital)
		}

		fn appointments(hospital: HospitalId) -> Vec<AppointmentInfo<AccountId, u32>> {
			Consortium::appointments(hospital)
		}

		fn appointments_of(account: AccountId) -> Vec<AppointmentInfo<AccountId, u32>> {
			Consortium::appointments_of(&account)
		}

		fn profile_key(hospital: HospitalId) -> ProfileKeyInfo {
			Consortium::profile_key(hospital)
		}

		fn profile_key_versions(
			hospital: HospitalId,
			after: Option<u32>,
			limit: u32,
		) -> Page<(u32, ProfileKeyVersion), u32> {
			Consortium::profile_key_versions(hospital, after, limit)
		}

		fn held_profile_key(registrar: AccountId) -> Option<HeldProfileKey> {
			Consortium::held_profile_key(&registrar)
		}

		fn institutions(
			after: Option<InstitutionId>,
			limit: u32,
		) -> Page<InstitutionInfo, InstitutionId> {
			Consortium::institutions(after, limit)
		}

		fn institution(institution: InstitutionId) -> Option<InstitutionInfo> {
			Consortium::institution(institution)
		}

		fn operator_of(account: AccountId) -> Option<InstitutionId> {
			Consortium::operator_of(&account)
		}

		fn operators(hospital: HospitalId) -> Vec<OperatorsInfo<AccountId, u32>> {
			Consortium::operators(hospital)
		}

		fn operator_appointment(institution: InstitutionId, account: AccountId) -> Option<u32> {
			Consortium::operator_appointment(institution, &account)
		}

		fn disclosure_log(hospital: HospitalId) -> DisclosureLogInfo<AccountId> {
			Consortium::disclosure_log(hospital)
		}

		fn disclosure_anchors(
			hospital: HospitalId,
			after: Option<u32>,
			limit: u32,
		) -> Page<NumberedAnchor, u32> {
			Consortium::disclosure_anchors(hospital, after, limit)
		}

		fn vault_of(account: AccountId) -> Option<HospitalId> {
			Consortium::vault_of(&account)
		}

		fn author() -> Option<HospitalId> {
			pallet_consortium::Author::<Runtime>::get()
		}

		fn authorized_nodes() -> Vec<Vec<u8>> {
			NodeAuthorization::well_known_nodes().into_iter().map(|node| node.0).collect()
		}

		fn portal_releases() -> Vec<PortalRelease> {
			pallet_consortium::PortalReleases::<Runtime>::get().into_inner()
		}
	}

	impl pallet_delegation_runtime_api::DelegationApi<Block, AccountId> for Runtime {
		fn acting_key(patient: PatientId) -> Option<EncryptionKey> {
			Delegation::acting_key(patient)
		}

		fn guardians(person: Person) -> Option<GuardiansInfo> {
			only_if_current();
			Delegation::guardians(person)
		}

		fn guardian_share(person: Person, guardian: Delegate) -> Option<SealedShare> {
			pallet_delegation::GuardianShares::<Runtime>::get(person, guardian)
		}

		fn wards(
			guardian: Delegate,
			after: Option<Person>,
			limit: u32,
		) -> Page<WardInfo, Person> {
			Delegation::wards(guardian, after, limit)
		}

		fn recoveries(person: Person) -> Vec<RecoveryInfo<AccountId>> {
			Delegation::recoveries(person)
		}

		fn recovery_share(
			person: Person,
			new: AccountId,
			guardian: Delegate,
		) -> Option<SealedShare> {
			pallet_delegation::RecoveryShares::<Runtime>::get((person, new), guardian)
		}

		fn representatives(patient: PatientId) -> Vec<RepresentativeInfo> {
			only_if_current();
			Delegation::representatives(patient)
		}

		fn represented(representative: PatientId) -> Vec<RepresentativeInfo> {
			only_if_current();
			Delegation::represented(representative)
		}

		fn awaiting_representatives(
			hospital: HospitalId,
			after: Option<Representing>,
			limit: u32,
		) -> Page<RepresentativeInfo, Representing> {
			only_if_current();
			Delegation::awaiting_representatives(hospital, after, limit)
		}

		fn representative_key(
			patient: PatientId,
			representative: PatientId,
		) -> Option<SealedKey> {
			pallet_delegation::RepresentativeKeys::<Runtime>::get(patient, representative)
		}

		fn representative_access(
			patient: PatientId,
			representative: PatientId,
			record: Option<RecordIndex>,
		) -> Result<Allowed, Denied> {
			only_if_current();
			Delegation::representative_access(patient, representative, record)
		}

		fn emergency_plan(patient: PatientId) -> Option<EmergencyPlanInfo> {
			only_if_current();
			Delegation::emergency_plan(patient)
		}

		fn emergency_set(patient: PatientId) -> Option<EmergencySet> {
			pallet_delegation::EmergencySets::<Runtime>::get(patient)
		}

		fn emergency_share(patient: PatientId, hospital: HospitalId) -> Option<SealedShare> {
			pallet_delegation::EmergencyShares::<Runtime>::get(patient, hospital)
		}

		fn emergency_requests(patient: PatientId) -> Vec<EmergencyRequestInfo> {
			Delegation::emergency_requests(patient)
		}

		fn emergencies_asked(
			hospital: HospitalId,
			after: Option<EmergencyOf>,
			limit: u32,
		) -> Page<EmergencyRequestInfo, EmergencyOf> {
			Delegation::emergencies_asked(hospital, after, limit)
		}

		fn confirmed_share(
			patient: PatientId,
			doctor: DoctorId,
			hospital: HospitalId,
		) -> Option<SealedShare> {
			pallet_delegation::ConfirmedShares::<Runtime>::get((patient, doctor), hospital)
		}

		fn emergencies(patient: PatientId) -> Vec<EmergencyInfo> {
			Delegation::emergencies(patient)
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(json)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis::preset_names()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(
			extra: bool,
		) -> (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		) {
			use frame_benchmarking::BenchmarkList;
			use frame_support::traits::StorageInfoTrait;
			let mut list = Vec::<BenchmarkList>::new();
			list_benchmarks!(list, extra);
			(list, crate::AllPalletsWithSystem::storage_info())
		}

		#[allow(non_local_definitions)]
		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			use frame_benchmarking::BenchmarkBatch;
			use frame_support::traits::{TrackedStorageKey, WhitelistedStorageKeys};
			impl frame_system_benchmarking::Config for Runtime {}
			let whitelist: Vec<TrackedStorageKey> =
				crate::AllPalletsWithSystem::whitelisted_storage_keys();
			let mut batches = Vec::<BenchmarkBatch>::new();
			let params = (&config, &whitelist);
			add_benchmarks!(params, batches);
			Ok(batches)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			use frame_support::defensive_assert;
			let result = Executive::try_runtime_upgrade(checks);
			defensive_assert!(result.is_ok(), "the upgrade's checks pass");
			(
				result.unwrap_or_default(),
				crate::configs::RuntimeBlockWeights::get().max_block,
			)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.unwrap_or_default()
		}
	}
}

/// Refuses to answer about people while some entries have an old shape. An answer would leave them out, and
/// vaults delete what the chain does not name. A panic is the one refusal that a question of any type can
/// have. It reaches the node's caller as an error, and touches no block.
fn only_if_current() {
	assert!(is_current::<MedicalRecords>(), "the chain is migrating: ask again in some blocks");
}

/// The cost of a transaction: a real weight, and a fee of 0.
fn free(info: frame_support::dispatch::DispatchInfo) -> RuntimeDispatchInfo<Balance> {
	RuntimeDispatchInfo { weight: info.total_weight(), class: info.class, partial_fee: 0 }
}

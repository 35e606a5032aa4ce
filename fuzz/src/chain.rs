//! A node's answers to clients, which a hospital that lies may have written.

use codec::{DecodeAll, Encode};
use medblock_chain::{AccountId, peer_id_bytes};
use medblock_primitives::{
	Allowed, ChartKeys, Denied, DisclosureAnchor, DoctorId, DoctorProfile, EncryptionKey, Epoch,
	Page, PastEpoch, PatientId, PortalRelease, ProfileKeyVersion, Record, RecordIndex, SealedKey,
	Succession,
};
use pallet_consortium_runtime_api::{
	AppointmentInfo, DisclosureLogInfo, HeldProfileKey, HospitalInfo, InstitutionInfo,
	OperatorsInfo, ProfileKeyInfo, RegistrarInfo,
};
use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyPlanInfo, EmergencyRequestInfo, GuardiansInfo, RecoveryInfo,
	RepresentativeInfo, WardInfo,
};
use pallet_medical_records_runtime_api::{
	AccountChangeInfo, DepositInfo, DoctorInfo, GrantInfo, PatientInfo, ProposalInfo,
	RecipientsInfo, RecordInfo, ShareInfo,
};

/// Whatever is decoded has one encoding, which is read as the same.
fn reads_back<T: DecodeAll + Encode>(bytes: &[u8]) {
	if let Ok(value) = T::decode_all(&mut &bytes[..]) {
		let written = value.encode();
		let again = T::decode_all(&mut &written[..]).expect("it was written by its type");
		assert_eq!(again.encode(), written);
	}
}

/// The types of answers. The first byte of an input chooses one.
const ANSWERS: &[fn(&[u8])] = &[
	reads_back::<Page<PatientInfo<AccountId>, PatientId>>,
	reads_back::<Page<DoctorInfo<AccountId>, DoctorId>>,
	reads_back::<Page<RecordInfo, RecordIndex>>,
	reads_back::<Page<GrantInfo, DoctorId>>,
	reads_back::<Page<(Epoch, PastEpoch), Epoch>>,
	reads_back::<Option<Record>>,
	reads_back::<Option<ChartKeys>>,
	reads_back::<Option<EncryptionKey>>,
	reads_back::<Option<DoctorProfile>>,
	reads_back::<Option<SealedKey>>,
	reads_back::<Result<Allowed, Denied>>,
	reads_back::<Vec<DepositInfo>>,
	reads_back::<Vec<ProposalInfo>>,
	reads_back::<Vec<AccountChangeInfo<AccountId>>>,
	reads_back::<Vec<Succession>>,
	reads_back::<ShareInfo>,
	reads_back::<RecipientsInfo>,
	reads_back::<Vec<HospitalInfo<AccountId>>>,
	reads_back::<Vec<RegistrarInfo<AccountId>>>,
	reads_back::<Vec<AppointmentInfo<AccountId, u32>>>,
	reads_back::<Vec<InstitutionInfo>>,
	reads_back::<Vec<OperatorsInfo<AccountId, u32>>>,
	reads_back::<Vec<(u32, DisclosureAnchor)>>,
	reads_back::<Vec<(u32, ProfileKeyVersion)>>,
	reads_back::<Vec<PortalRelease>>,
	reads_back::<DisclosureLogInfo<AccountId>>,
	reads_back::<ProfileKeyInfo>,
	reads_back::<Option<HeldProfileKey>>,
	reads_back::<Option<GuardiansInfo>>,
	reads_back::<Vec<WardInfo>>,
	reads_back::<Vec<RecoveryInfo<AccountId>>>,
	reads_back::<Vec<RepresentativeInfo>>,
	reads_back::<Option<EmergencyPlanInfo>>,
	reads_back::<Vec<EmergencyRequestInfo>>,
	reads_back::<Vec<EmergencyInfo>>,
	peer_id,
];

/// A peer's id has the length of one.
fn peer_id(bytes: &[u8]) {
	let id = std::str::from_utf8(bytes).map(peer_id_bytes);
	assert!(!matches!(id, Ok(Ok(bytes)) if bytes.len() != 38));
}

/// No answer makes the decoder panic, or reserve much more than it was sent.
pub(crate) fn answer(bytes: &[u8]) {
	let Some((choice, rest)) = bytes.split_first() else { return };
	if let Some(read) = ANSWERS.get(usize::from(*choice)) {
		read(rest);
	}
}

pub(crate) fn answer_seeds() -> Vec<Vec<u8>> {
	let choices = (0..=u8::MAX).take(ANSWERS.len());
	let zeros = choices.clone().map(|choice| [&[choice][..], &[0; 160]].concat());
	// A list, or something that is there, and then a list that says it is longer than the memory.
	let long =
		choices.map(|choice| [&[choice, 4][..], &[1; 120], &[0xfe, 0xff, 0xff, 0xff]].concat());
	zeros.chain(long).collect()
}

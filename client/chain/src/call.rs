//! Calls: the actions of transactions.
//!
//! The client looks pallets and calls up by name, in the metadata of the runtime that will execute
//! them. It therefore keeps working after upgrades that move them. It encodes arguments by types
//! that client and runtime share.

use crate::AccountId;
use codec::{Compact, Decode, Encode, Output};
use medblock_primitives::*;
use subxt::{
	ext::{
		scale_decode::TypeResolver,
		scale_encode::{EncodeAsFields, Error, FieldIter},
	},
	tx::Payload,
	utils::{H256, MultiAddress, MultiSignature},
};

/// A call, ready to be signed.
#[derive(Clone, Debug)]
pub struct Call {
	pallet: &'static str,
	name: &'static str,
	arguments: Arguments,
	is_next: bool,
}

/// What pays for a call, as pallet-fair-use decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Funds {
	/// The account's own allowance, or its hospital's.
	Allowance,
	/// The account's own allowance, and its reserve.
	Reserve,
	/// The same, and a debt, if the call certainly undoes something.
	Debt,
}

/// A call for another party to sign, usually in a wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
	/// The call's name: pallet and function.
	pub name: String,
	/// The call, SCALE-encoded.
	pub data: Vec<u8>,
}

impl Prepared {
	/// The page of Polkadot.js Apps, for a node's address, that shows the call and asks the wallet
	/// to sign it.
	pub fn link(&self, node: &str) -> String {
		let node: String = url::form_urlencoded::byte_serialize(node.as_bytes()).collect();
		let data = hex::encode(&self.data);
		format!("https://polkadot.js.org/apps/?rpc={node}#/extrinsics/decode/0x{data}")
	}
}

/// An encoded call inside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedCall(pub Vec<u8>);

impl Encode for EncodedCall {
	fn size_hint(&self) -> usize {
		self.0.len()
	}

	fn encode_to<T: Output + ?Sized>(&self, out: &mut T) {
		out.write(&self.0);
	}
}

/// The weight of a call: picoseconds, and bytes of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Weight {
	#[codec(compact)]
	ref_time: u64,
	#[codec(compact)]
	proof_size: u64,
}

/// The public halves of a validator's signing keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct SessionKeys {
	/// The key for blocks: sr25519.
	pub aura: [u8; 32],
	/// The key for finality votes: ed25519.
	pub grandpa: [u8; 32],
}

/// Encoded arguments, and the names that the runtime has to know them by.
#[derive(Clone, Debug)]
pub struct Arguments {
	names: &'static [&'static str],
	encoded: Vec<u8>,
}

impl EncodeAsFields for Arguments {
	fn encode_as_fields_to<R: TypeResolver>(
		&self,
		fields: &mut dyn FieldIter<'_, R::TypeId>,
		_: &R,
		out: &mut Vec<u8>,
	) -> Result<(), Error> {
		let expected: Vec<Option<String>> =
			fields.map(|field| field.name.map(str::to_owned)).collect();
		let same = expected.len() == self.names.len()
			&& expected.iter().zip(self.names).all(|(one, two)| one.as_deref() == Some(*two));
		if !same {
			return Err(Error::custom_str("this call's arguments have changed on the chain"));
		}
		out.extend_from_slice(&self.encoded);
		Ok(())
	}
}

impl Payload for Call {
	type CallData = Arguments;

	fn pallet_name(&self) -> &str {
		self.pallet
	}

	fn call_name(&self) -> &str {
		self.name
	}

	fn call_data(&self) -> &Arguments {
		&self.arguments
	}
}

/// The name of the call that takes doctors' access back.
const REVOCATION: &str = "MedicalRecords.revoke_access";

/// The calls that take access back, or keep another account from taking over. Nothing may delay them.
const REVOCATIONS: [&str; 6] = [
	REVOCATION,
	"Delegation.veto_recovery",
	"Delegation.revoke_access_for",
	"Delegation.end_representation",
	"Delegation.end_emergency",
	"Delegation.remove_emergency_plan",
];

/// Whether the call of this name takes access back.
pub(crate) fn is_revocation(name: &str) -> bool {
	REVOCATIONS.contains(&name)
}

/// The calls that only take away what their account gave, or could do for others, which the chain takes before all
/// others of the account: `is_urgent` of the runtime's policy.
const UNDOING: [&str; 9] = [
	REVOCATION,
	"MedicalRecords.unshare_records",
	"MedicalRecords.end_deposit",
	"Delegation.veto_recovery",
	"Delegation.revoke_access_for",
	"Delegation.end_representation",
	"Delegation.resign_representation",
	"Delegation.end_emergency",
	"Delegation.remove_emergency_plan",
];

impl Call {
	/// The pallet's and the call's name.
	pub fn name(&self) -> String {
		format!("{}.{}", self.pallet, self.name)
	}

	/// Whether the call takes access back. Nothing may delay such a call.
	pub fn is_revocation(&self) -> bool {
		is_revocation(&self.name())
	}

	/// The same call, as the very next transaction of the account: in place of those that are pending, which
	/// may be a thief's. Only for calls that the chain takes before all others of the account.
	#[must_use]
	pub fn as_next(self) -> Self {
		Self { is_next: true, ..self }
	}

	/// Whether the call takes the place of the account's pending transactions: it undoes what the account, or a thief of
	/// its key, has done.
	pub(crate) fn is_next(&self) -> bool {
		self.is_next || UNDOING.contains(&self.name().as_str())
	}

	/// What pays for the call.
	pub(crate) fn funds(&self) -> Funds {
		match self.name().as_str() {
			REVOCATION => {
				let mut rest = &self.arguments.encoded[..];
				// The doctors, and no rotation.
				let is_alone = DoctorIds::decode(&mut rest).is_ok() && rest == [0];
				if is_alone { Funds::Debt } else { Funds::Reserve }
			},
			"MedicalRecords.end_deposit"
			| "Delegation.veto_recovery"
			| "Delegation.revoke_access_for"
			| "Delegation.end_representation"
			| "Delegation.resign_representation"
			| "Delegation.end_emergency"
			| "Delegation.remove_emergency_plan" => Funds::Debt,
			"MedicalRecords.rotate_chart_key" | "MedicalRecords.unshare_records" => Funds::Reserve,
			// The stop of a change of one's own account.
			_ if self.is_next => Funds::Debt,
			_ => Funds::Allowance,
		}
	}
}

/// Defines a constructor for each call, which has the call's name on the chain.
macro_rules! calls {
	($pallet:literal: $(
		$(#[$docs:meta])* $name:ident ($($argument:ident: $type:ty),*);
	)*) => {
		impl Call {
			$($(#[$docs])*
			pub fn $name($($argument: $type),*) -> Self {
				#[allow(unused_mut)]
				let mut encoded = Vec::new();
				$($argument.encode_to(&mut encoded);)*
				let arguments = Arguments { names: &[$(stringify!($argument)),*], encoded };
				Self { pallet: $pallet, name: stringify!($name), arguments, is_next: false }
			})*
		}
	};
}

// After the macro, which is known from here on.
mod emergencies;
mod recovery;
mod representatives;

calls! { "MedicalRecords":
	/// Register as a patient of a hospital.
	register_patient(hospital: HospitalId, keys: ChartKeys, profile: Option<Document>);
	/// Register as a doctor of a hospital.
	register_doctor(hospital: HospitalId, profile: DoctorProfile, suite: u8, key: PublicKey);
	/// Let another account control one's own chart, or act for oneself as a doctor, after a delay;
	/// `proof` is its signature.
	change_account(capacity: Capacity, new: AccountId, proof: MultiSignature);
	/// Confirm that a patient is who they say they are.
	verify_patient(patient: PatientId);
	/// Confirm that several patients are who they say they are.
	verify_patients(patients: PatientBatch);
	/// Refuse to confirm a patient.
	reject_patient(patient: PatientId);
	/// Suspend a patient.
	suspend_patient(patient: PatientId);
	/// End a patient's suspension.
	reinstate_patient(patient: PatientId);
	/// Confirm that a doctor is who they say they are, and that a key and a directory entry are theirs.
	verify_doctor(
		doctor: DoctorId,
		key_digest: [u8; 32],
		profile_digest: [u8; 32],
		licence_expires: Option<Moment>
	);
	/// Refuse to confirm a doctor.
	reject_doctor(doctor: DoctorId);
	/// Suspend a doctor.
	suspend_doctor(doctor: DoctorId);
	/// End a doctor's suspension.
	reinstate_doctor(doctor: DoctorId);
	/// Replace a patient's encrypted profile.
	update_patient_profile(
		patient: PatientId,
		document: Document,
		sealed_to: Epoch,
		recipients: Option<RecipientsDigest>
	);
	/// Change a doctor's entry in the directory; for a verified doctor, propose the change.
	update_doctor_profile(doctor: DoctorId, profile: DoctorProfile);
	/// Set the hospital's details about a doctor.
	set_doctor_details(doctor: DoctorId, details: Details, licence_expires: Option<Moment>);
	/// Publish a doctor's new encryption key.
	set_encryption_key(suite: u8, key: PublicKey);
	/// Confirm a doctor's new encryption key.
	confirm_encryption_key(doctor: DoctorId, key_digest: [u8; 32]);
	/// Ask to move to another hospital.
	request_move(capacity: Capacity, to: Option<HospitalId>);
	/// Take in a patient from another hospital.
	accept_patient(patient: PatientId);
	/// Take in a doctor from another hospital.
	accept_doctor(doctor: DoctorId);
	/// Decline a person's request to move to one's own hospital.
	decline_move(person: Person);
	/// Add records to one's own chart.
	add_records(sealed_to: Epoch, records: NewRecords, recipients: Option<RecipientsDigest>);
	/// Add records and notes to a patient's chart.
	append_records(
		patient: PatientId,
		sealed_to: Epoch,
		records: NewRecords,
		recipients: Option<RecipientsDigest>
	);
	/// Withdraw records from one's own chart.
	withdraw_records(records: RecordIndices);
	/// Let a doctor see the whole chart.
	grant_access(epoch: Epoch, key: KeyForDoctor, may_append: bool, expires_at: Option<Moment>);
	/// Let a doctor see single records.
	share_records(
		doctor: DoctorId,
		under: ShareUnder,
		records: SharedRecords,
		may_append: bool,
		expires_at: Option<Moment>
	);
	/// Revoke grants.
	revoke_access(doctors: DoctorIds, rotation: Option<Rotation>);
	/// Give the chart a new key.
	rotate_chart_key(rotation: Rotation);
	/// Give up access to patients' charts.
	relinquish_access(patients: PatientIds);
	/// Remove one's own encrypted profile.
	remove_patient_profile();
	/// Stop sharing single records with a doctor.
	unshare_records(doctor: DoctorId, records: RecordIndices);
	/// Let a doctor add as many records again as when it was granted.
	renew_append_budget(doctor: DoctorId);
	/// Let an institution add records to one's own chart.
	allow_deposit(institution: InstitutionId, expires_at: Option<Moment>);
	/// No longer let institutions add records to one's own chart.
	end_deposit(institutions: InstitutionIds);
	/// Add records to a patient's chart for an institution.
	deposit_records(
		patient: PatientId,
		sealed_to: Epoch,
		records: NewRecords,
		recipients: Option<RecipientsDigest>
	);
	/// Confirm the change that a doctor proposes to the directory entry.
	confirm_doctor_profile(doctor: DoctorId, profile_digest: [u8; 32]);
	/// Discard the change that a doctor proposes to the directory entry.
	discard_doctor_profile(doctor: DoctorId);
	/// Stop a pending change of a person's account.
	stop_account_change(person: Person);
	/// Let another hospital's vault keep a second copy of one's own documents, or no longer.
	set_mirror(mirror: Option<HospitalId>);
	/// Move one's own documents from one hospital's vault to another's.
	move_vault(from: HospitalId, to: HospitalId);
	/// Let a hospital keep the documents of one that has left, or no longer.
	set_successor(left: HospitalId, successor: Option<HospitalId>);
}

calls! { "Consortium":
	/// Set the address of a hospital's gateway.
	set_gateway(gateway: Vec<u8>);
	/// Set a hospital's registration mode.
	set_registration_mode(mode: RegistrationMode);
	/// Offer an account to verify people for a hospital.
	appoint_registrar(registrar: AccountId);
	/// Take that offer back.
	withdraw_appointment(registrar: AccountId);
	/// Accept to verify people for a hospital, with the account's own key.
	accept_appointment(hospital: HospitalId, suite: u8, key: PublicKey);
	/// End an account's permission to verify people for a hospital.
	remove_registrar(registrar: AccountId);
	/// Stop verifying people for a hospital.
	resign();
	/// Add an institution to a hospital.
	add_institution(kind: InstitutionKind, name: Vec<u8>);
	/// Close an institution for ever.
	close_institution(institution: InstitutionId);
	/// Offer an account to add records for an institution.
	appoint_operator(institution: InstitutionId, operator: AccountId);
	/// End an account's permission to add records for an institution, or take the offer back.
	remove_operator(institution: InstitutionId, operator: AccountId);
	/// Accept to add records for an institution.
	join_institution(institution: InstitutionId);
	/// Stop adding records for an institution.
	leave_institution();
	/// Choose the account of a hospital's vault; `proof` is its signature.
	set_vault_account(account: AccountId, proof: MultiSignature);
	/// Put the size and root of a vault's log of disclosures on the chain.
	anchor_disclosures(size: u64, root: [u8; 32]);
	/// Give up a vault's log of disclosures, and begin another.
	begin_disclosure_log();
	/// Publish a registrar's own key.
	set_registrar_key(version: u32, suite: u8, key: PublicKey);
	/// Publish the next version of a hospital's profile key, sealed to its registrars.
	publish_profile_key(
		hospital: HospitalId,
		version: u32,
		suite: u8,
		key: PublicKey,
		previous: Option<WrappedSecret>,
		sealed: Vec<KeyForRegistrar<AccountId>>
	);
	/// Give a hospital's profile key to registrars who do not have it.
	share_profile_key(version: u32, sealed: Vec<KeyForRegistrar<AccountId>>);
}

calls! { "FairUse":
	/// Sponsor an account, so that its registration need not wait for others.
	sponsor(account: AccountId);
	/// End an account's sponsorship.
	end_sponsorship(account: AccountId);
	/// Sponsor several accounts.
	sponsor_accounts(accounts: AccountBatch<AccountId>);
}

calls! { "Consortium":
	/// Admit a hospital.
	admit_hospital(controller: AccountId, name: Vec<u8>, gateway: Vec<u8>);
	/// Readmit an expelled hospital.
	readmit_hospital(hospital: HospitalId, controller: AccountId);
	/// Expel a hospital.
	expel_hospital(hospital: HospitalId);
	/// Change a hospital's name.
	rename_hospital(hospital: HospitalId, name: Vec<u8>);
	/// Let another account act for a hospital.
	change_controller(hospital: HospitalId, new: AccountId);
	/// Take a benched seat back.
	reclaim_seat();
	/// Give a hospital its seat back after conflicting votes.
	reinstate_seat(hospital: HospitalId);
	/// Let the chain itself make a call.
	enact(call: EncodedCall);
	/// Carry out a decision whose delay has passed.
	carry_out(enactment: u32);
	/// Cancel a pending decision.
	call_off(enactment: u32);
	/// List a release of the portal that hospitals may serve, by its manifest's SHA-256.
	list_portal_release(digest: [u8; 32], version: Vec<u8>);
	/// Withdraw a listed release of the portal.
	withdraw_portal_release(digest: [u8; 32]);
	/// Let a hospital verify, suspend or correct more people within the next days.
	allow_decisions(hospital: HospitalId, what: Paced, capacity: Capacity, number: u32);
}

calls! { "Council":
	/// Put a call to the vote.
	propose(threshold: Compact<u32>, proposal: EncodedCall, length_bound: Compact<u32>);
	/// Vote on a call.
	vote(proposal: H256, index: Compact<u32>, approve: bool);
	/// Count the votes, and carry the call out if it has enough.
	close(
		proposal_hash: H256,
		index: Compact<u32>,
		proposal_weight_bound: Weight,
		length_bound: Compact<u32>
	);
}

calls! { "NodeAuthorization":
	/// Let a node connect, on behalf of the hospital with this seat account.
	add_well_known_node(node: Vec<u8>, owner: MultiAddress<AccountId, ()>);
	/// End a node's permission to connect.
	remove_well_known_node(node: Vec<u8>);
	/// Let a node connect in place of another.
	swap_well_known_node(remove: Vec<u8>, add: Vec<u8>);
}

calls! { "System":
	/// Announce a runtime by its hash.
	authorize_upgrade(code_hash: H256);
	/// Put an announced runtime in force.
	apply_authorized_upgrade(code: Vec<u8>);
}

calls! { "Grandpa":
	/// Restart finality from a block, after some more blocks.
	note_stalled(delay: u32, best_finalized_block_number: u32);
}

calls! { "Session":
	/// Set a validator's session keys; `proof` shows that it holds them.
	set_keys(keys: SessionKeys, proof: Vec<u8>);
}

#[cfg(test)]
mod tests {
	use super::*;

	/// A thief who has an account's words can fill the account's places in the pool.
	#[test]
	fn own_stop_of_a_change_takes_the_place_of_pending_transactions() {
		let stop = || Call::stop_account_change(Person::Patient(PatientId(0)));
		assert!(stop().as_next().is_next());
		assert!(!stop().is_next(), "a registrar's waits for its turn");
	}

	#[test]
	fn funds_of_a_call_are_those_that_the_chain_takes() {
		let revocation = |rotation| {
			Call::revoke_access(DoctorIds::truncate_from(vec![DoctorId(0); 3]), rotation).funds()
		};
		assert_eq!(revocation(None), Funds::Debt);
		// Its last byte is 0, as that of a revocation without a rotation.
		let epoch = |previous| EpochKey { key: PublicKey::default(), salt: [1; 16], previous };
		let keys = ChartKeys {
			suite: SUITE_X_WING,
			distributed: epoch(None),
			standby: epoch(None),
			standby_tag: [0; 32],
		};
		let rotation = Rotation { epoch: 0, keys, sealed: Default::default() };
		assert_eq!(rotation.encode().last(), Some(&0));
		assert_eq!(revocation(Some(rotation.clone())), Funds::Reserve);
		assert_eq!(Call::rotate_chart_key(rotation).funds(), Funds::Reserve);
		let records = RecordIndices::truncate_from(vec![0]);
		assert_eq!(Call::unshare_records(DoctorId(0), records).funds(), Funds::Reserve);
		let institutions = InstitutionIds::truncate_from(vec![InstitutionId(0)]);
		assert_eq!(Call::end_deposit(institutions).funds(), Funds::Debt);
		let stop = Call::stop_account_change(Person::Patient(PatientId(0)));
		assert_eq!(stop.clone().as_next().funds(), Funds::Debt);
		assert_eq!(stop.funds(), Funds::Allowance, "a registrar's, which the hospital pays for");
		assert_eq!(Call::remove_patient_profile().funds(), Funds::Allowance);
	}

	fn doctors_of(ids: &[u32]) -> DoctorIds {
		DoctorIds::truncate_from(ids.iter().copied().map(DoctorId).collect())
	}

	#[test]
	fn what_takes_access_back_goes_to_all_nodes() {
		for call in [
			Call::revoke_access(doctors_of(&[0]), None),
			Call::revoke_access_for(PatientId(1), doctors_of(&[0])),
			Call::end_representation(PatientId(1)),
			Call::veto_recovery(Person::Patient(PatientId(1)), AccountId::from([2; 32])),
			Call::end_emergency(DoctorId(0)),
			Call::remove_emergency_plan(),
		] {
			assert!(call.is_revocation(), "{}", call.name());
			assert_eq!(call.funds(), Funds::Debt, "{}", call.name());
		}
		let resignation = Call::resign_representation(PatientId(1));
		assert!(!resignation.is_revocation());
		assert_eq!(resignation.funds(), Funds::Debt);
	}

	/// The end of a deposit waited behind a thief's transactions, for which the chain has no units left.
	#[test]
	fn calls_that_only_take_away_take_the_place_of_pending_transactions() {
		let doctors = DoctorIds::truncate_from(vec![DoctorId(0)]);
		let institutions = InstitutionIds::truncate_from(vec![InstitutionId(0)]);
		let records = RecordIndices::truncate_from(vec![0]);
		for call in [
			Call::revoke_access(doctors, None),
			Call::unshare_records(DoctorId(0), records),
			Call::end_deposit(institutions),
			Call::revoke_access_for(PatientId(1), doctors_of(&[0])),
			Call::end_representation(PatientId(1)),
			Call::resign_representation(PatientId(1)),
			Call::veto_recovery(Person::Patient(PatientId(1)), AccountId::from([2; 32])),
			Call::end_emergency(DoctorId(0)),
			Call::remove_emergency_plan(),
		] {
			assert!(call.is_next(), "{}", call.name());
		}
		// Their priority replaces none of the account's, so that the next nonce would be refused while one waits.
		let patients = PatientIds::truncate_from(vec![PatientId(0)]);
		for call in [
			Call::relinquish_access(patients),
			Call::remove_patient_profile(),
			Call::allow_deposit(InstitutionId(0), None),
			Call::leave_institution(),
		] {
			assert!(!call.is_next(), "{}", call.name());
		}
	}
}

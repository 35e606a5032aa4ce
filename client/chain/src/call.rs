//! What a transaction is to do.
//!
//! Pallets and calls are looked up by name in the metadata of the runtime that will execute them, so
//! that a client outlives upgrades which move them; arguments are encoded by the types that client
//! and runtime share.

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
}

/// A call for somebody else to sign, usually in a wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
	/// The call's name: pallet and function.
	pub name: String,
	/// The call, SCALE-encoded.
	pub data: Vec<u8>,
}

impl Prepared {
	/// The page of Polkadot.js Apps that shows the call and has it signed, for a node's address.
	pub fn link(&self, node: &str) -> String {
		let node: String = url::form_urlencoded::byte_serialize(node.as_bytes()).collect();
		let data = hex::encode(&self.data);
		format!("https://polkadot.js.org/apps/?rpc={node}#/extrinsics/decode/0x{data}")
	}
}

/// A call inside another, already encoded.
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

/// How much of a block a call takes: picoseconds, and bytes of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Weight {
	#[codec(compact)]
	ref_time: u64,
	#[codec(compact)]
	proof_size: u64,
}

/// The public halves of what a validator signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct SessionKeys {
	/// For blocks: sr25519.
	pub aura: [u8; 32],
	/// For votes on finality: ed25519.
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
			return Err(Error::custom_str("this call has other arguments on the chain by now"));
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

impl Call {
	/// The pallet's and the call's name.
	pub fn name(&self) -> String {
		format!("{}.{}", self.pallet, self.name)
	}

	/// Whether it takes access back, which nothing may delay.
	pub(crate) fn is_revocation(&self) -> bool {
		(self.pallet, self.name) == ("MedicalRecords", "revoke_access")
	}
}

/// Defines constructors of calls, each named as on the chain unless it says otherwise.
macro_rules! calls {
	(@name $name:ident) => { stringify!($name) };
	(@name $name:ident $call:literal) => { $call };
	($pallet:literal: $(
		$(#[$docs:meta])* $name:ident $($call:literal)? ($($argument:ident: $type:ty),*);
	)*) => {
		impl Call {
			$($(#[$docs])*
			pub fn $name($($argument: $type),*) -> Self {
				#[allow(unused_mut)]
				let mut encoded = Vec::new();
				$($argument.encode_to(&mut encoded);)*
				let arguments = Arguments { names: &[$(stringify!($argument)),*], encoded };
				Self { pallet: $pallet, name: calls!(@name $name $($call)?), arguments }
			})*
		}
	};
}

calls! { "MedicalRecords":
	/// Register as a patient of a hospital.
	register_patient(hospital: HospitalId, keys: ChartKeys, profile: Option<Document>);
	/// Register as a doctor of a hospital.
	register_doctor(hospital: HospitalId, profile: DoctorProfile, suite: u8, key: PublicKey);
	/// Let another account control one's chart, or act for one as a doctor; `proof` is its signature.
	change_account(capacity: Capacity, new: AccountId, proof: MultiSignature);
	/// Confirm that a patient is who they say they are.
	verify_patient(patient: PatientId);
	/// Refuse to confirm a patient.
	reject_patient(patient: PatientId);
	/// Suspend a patient.
	suspend_patient(patient: PatientId);
	/// End a patient's suspension.
	reinstate_patient(patient: PatientId);
	/// Confirm that a doctor is who they say they are, and that a key is theirs.
	verify_doctor(doctor: DoctorId, key_digest: [u8; 32], licence_expires: Option<Moment>);
	/// Refuse to confirm a doctor.
	reject_doctor(doctor: DoctorId);
	/// Suspend a doctor.
	suspend_doctor(doctor: DoctorId);
	/// End a doctor's suspension.
	reinstate_doctor(doctor: DoctorId);
	/// Replace a patient's encrypted profile.
	update_patient_profile(patient: PatientId, document: Document, sealed_to: Epoch);
	/// Change a doctor's entry in the directory.
	update_doctor_profile(doctor: DoctorId, profile: DoctorProfile);
	/// Set what the hospital says of a doctor.
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
	/// Add records to one's own chart.
	add_records(sealed_to: Epoch, records: NewRecords);
	/// Add records and notes to a patient's chart.
	append_records(patient: PatientId, sealed_to: Epoch, records: NewRecords);
	/// Withdraw a record from one's own chart.
	withdraw_record(record: RecordIndex);
	/// Let a doctor see the whole chart.
	grant_access(epoch: Epoch, key: KeyForDoctor, may_append: bool, expires_at: Option<Moment>);
	/// Let a doctor see single records.
	share_records(
		doctor: DoctorId,
		key: Option<ShareKey>,
		records: SharedRecords,
		may_append: bool,
		expires_at: Option<Moment>
	);
	/// Take back what was granted.
	revoke_access(doctors: DoctorIds, rotation: Option<Rotation>);
	/// Give the chart a new key.
	rotate_chart_key(rotation: Rotation);
	/// Give up access to a patient's chart.
	relinquish_access(patient: PatientId);
}

calls! { "Consortium":
	/// Say where a hospital's gateway is.
	set_gateway(gateway: Vec<u8>);
	/// Say how a hospital takes in people.
	set_registration_mode(mode: RegistrationMode);
	/// Publish the key that patients' profiles are sealed to for a hospital.
	set_hospital_key "set_encryption_key" (suite: u8, key: PublicKey);
	/// Have an account verify people for a hospital.
	add_registrar(registrar: AccountId);
	/// Have an account no longer verify people for a hospital.
	remove_registrar(registrar: AccountId);
}

calls! { "FairUse":
	/// Vouch for an account, so that its registration need not wait for others.
	sponsor(account: AccountId);
	/// No longer vouch for an account.
	end_sponsorship(account: AccountId);
}

calls! { "Consortium":
	/// Admit a hospital.
	admit_hospital(controller: AccountId, name: Vec<u8>, gateway: Vec<u8>);
	/// Admit a hospital again that was expelled.
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
	/// Have the chain itself make a call.
	enact(call: EncodedCall);
	/// Carry out a decision whose delay has passed.
	carry_out(enactment: u32);
	/// Call off a decision that waits.
	call_off(enactment: u32);
}

calls! { "Council":
	/// Put a call to the vote.
	propose(threshold: Compact<u32>, proposal: EncodedCall, length_bound: Compact<u32>);
	/// Vote on a call.
	vote(proposal: H256, index: Compact<u32>, approve: bool);
	/// Count the votes, and carry the call out if there are enough.
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
	/// No longer let a node connect.
	remove_well_known_node(node: Vec<u8>);
	/// Let a node connect in another one's place.
	swap_well_known_node(remove: Vec<u8>, add: Vec<u8>);
}

calls! { "System":
	/// Announce a runtime by its hash.
	authorize_upgrade(code_hash: H256);
	/// Put a runtime in force that was announced.
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

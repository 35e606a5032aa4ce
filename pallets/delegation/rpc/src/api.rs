//! The methods. Their documentation is what `openrpc.json` says of them.

use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use medblock_primitives::{HospitalId, PatientId, Person};
use medblock_views::{
	Answer, BlockHash, Emergency, EmergencyOf, EmergencyPlan, EmergencyRequest, EncryptionKey,
	Guardians, Page, Recovery, Representative, Representing,
};

/// The methods. `at` is a block hash, and the last finalized block if left out; `after` is `next` of
/// the page before, and the beginning if left out; `limit` is 1 to 256, and 64 if left out.
#[rpc(client, server)]
pub trait DelegationApi {
	/// Gives the key with which a patient acts for others, or `null` if there is none.
	#[method(name = "delegation_actingKey", blocking)]
	fn acting_key(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EncryptionKey>>>;

	/// Gives the guardians of a patient or a doctor, or `null` if there are none.
	#[method(name = "delegation_guardians", blocking)]
	fn guardians(
		&self,
		person: Person,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<Guardians>>>;

	/// Lists the new accounts that ask to take a patient or a doctor over.
	#[method(name = "delegation_recoveries", blocking)]
	fn recoveries(&self, person: Person, at: Option<BlockHash>)
	-> RpcResult<Answer<Vec<Recovery>>>;

	/// Lists the people who act for a patient, or are named to.
	#[method(name = "delegation_representatives", blocking)]
	fn representatives(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Representative>>>;

	/// Lists the patients that a person represents. The person is named by the number of their own chart.
	#[method(name = "delegation_represented", blocking)]
	fn represented(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Representative>>>;

	/// Lists the representatives who wait for a hospital to confirm them, in no particular order.
	#[method(name = "delegation_awaitingRepresentatives", blocking)]
	fn awaiting_representatives(
		&self,
		hospital: HospitalId,
		after: Option<Representing>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Representative, Representing>>;

	/// Gives what a patient has planned for an emergency, or `null` if there is no plan.
	#[method(name = "delegation_emergencyPlan", blocking)]
	fn emergency_plan(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<EmergencyPlan>>>;

	/// Lists the doctors who ask for an emergency of a patient.
	#[method(name = "delegation_emergencyRequests", blocking)]
	fn emergency_requests(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<EmergencyRequest>>>;

	/// Lists the emergencies that a hospital can confirm, in no particular order.
	#[method(name = "delegation_emergenciesAsked", blocking)]
	fn emergencies_asked(
		&self,
		hospital: HospitalId,
		after: Option<EmergencyOf>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<EmergencyRequest, EmergencyOf>>;

	/// Lists the last emergencies of a patient, oldest first. The chain keeps 16 of them.
	#[method(name = "delegation_emergencies", blocking)]
	fn emergencies(
		&self,
		patient: PatientId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Emergency>>>;
}

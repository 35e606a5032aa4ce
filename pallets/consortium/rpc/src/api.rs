//! The methods. Their documentation is what `openrpc.json` says of them.

use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use medblock_primitives::{HospitalId, InstitutionId};
use medblock_views::{
	Account, Answer, Appointment, BlockHash, DisclosureAnchor, DisclosureLog, HeldProfileKey,
	Hospital, Institution, OperatorAppointment, Operators, Page, PortalRelease, ProfileKey,
	ProfileKeyVersion, Registrar,
};

/// The version of a profile key.
pub type Version = u32;

/// The number of an anchor.
pub type AnchorNumber = u32;

/// The methods. `at` is a block hash, and the last finalized block if left out; `after` is `next` of
/// the page before, and the beginning if left out; `limit` is 1 to 256, and 64 if left out.
#[rpc(client, server)]
pub trait ConsortiumApi {
	/// Lists the hospitals in order of their ids, expelled ones included.
	#[method(name = "consortium_hospitals", blocking)]
	fn hospitals(
		&self,
		after: Option<HospitalId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Hospital, HospitalId>>;

	/// Gives a hospital's entry.
	#[method(name = "consortium_hospital", blocking)]
	fn hospital(&self, hospital: HospitalId, at: Option<BlockHash>) -> RpcResult<Answer<Hospital>>;

	/// Lists a hospital's registrars, in order of their accounts, with their own keys.
	#[method(name = "consortium_registrars", blocking)]
	fn registrars(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Registrar>>>;

	/// Lists a hospital's appointments of registrars that wait to be accepted.
	#[method(name = "consortium_appointments", blocking)]
	fn appointments(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Appointment>>>;

	/// Lists the appointments that an account can accept.
	#[method(name = "consortium_appointmentsOf", blocking)]
	fn appointments_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Appointment>>>;

	/// Lists the hospitals' institutions in order of their ids, closed ones included.
	#[method(name = "consortium_institutions", blocking)]
	fn institutions(
		&self,
		after: Option<InstitutionId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Institution, InstitutionId>>;

	/// Gives an institution's entry.
	#[method(name = "consortium_institution", blocking)]
	fn institution(
		&self,
		institution: InstitutionId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Institution>>;

	/// Gives the id of the institution that an account adds records for, or `null`.
	#[method(name = "consortium_operatorOf", blocking)]
	fn operator_of(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<InstitutionId>>>;

	/// Lists the accounts that add records for a hospital's open institutions, or are appointed to.
	#[method(name = "consortium_operators", blocking)]
	fn operators(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Vec<Operators>>>;

	/// Gives the appointment by which an account can join an institution, or `null` if it can't.
	#[method(name = "consortium_operatorAppointment", blocking)]
	fn operator_appointment(
		&self,
		institution: InstitutionId,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<OperatorAppointment>>>;

	/// Gives the key that patients' profiles are sealed to for a hospital, and whether it is due for a
	/// new version.
	#[method(name = "consortium_profileKey", blocking)]
	fn profile_key(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<ProfileKey>>;

	/// Lists the versions of a hospital's profile key, oldest first. The secret of each opens the one
	/// before.
	#[method(name = "consortium_profileKeyVersions", blocking)]
	fn profile_key_versions(
		&self,
		hospital: HospitalId,
		after: Option<Version>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<ProfileKeyVersion, Version>>;

	/// Gives the secret of the hospital's current profile key, sealed to a registrar; `null` if the
	/// account has none.
	#[method(name = "consortium_heldProfileKey", blocking)]
	fn held_profile_key(
		&self,
		account: Account,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<Option<HeldProfileKey>>>;

	/// Gives the account of a hospital's vault, and how far the vault's log of disclosures is on the chain.
	#[method(name = "consortium_disclosureLog", blocking)]
	fn disclosure_log(
		&self,
		hospital: HospitalId,
		at: Option<BlockHash>,
	) -> RpcResult<Answer<DisclosureLog>>;

	/// Lists the last anchors of a hospital's log of disclosures, oldest first.
	///
	/// The chain keeps 1,024 of them. Those before are found in older blocks.
	#[method(name = "consortium_disclosureAnchors", blocking)]
	fn disclosure_anchors(
		&self,
		hospital: HospitalId,
		after: Option<AnchorNumber>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<DisclosureAnchor, AnchorNumber>>;

	/// Gives the id of the hospital that authored the block, or `null` for the genesis.
	#[method(name = "consortium_author", blocking)]
	fn author(&self, at: Option<BlockHash>) -> RpcResult<Answer<Option<HospitalId>>>;

	/// Lists the peer ids, in base58, of the nodes that may take part in the network.
	#[method(name = "consortium_authorizedNodes", blocking)]
	fn authorized_nodes(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<String>>>;

	/// Lists the releases of the portal that hospitals may serve, the oldest first.
	///
	/// There are at most 16. The list is empty until the council has listed the first one.
	#[method(name = "consortium_portalReleases", blocking)]
	fn portal_releases(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<PortalRelease>>>;
}

//! The decisions that a member can propose, and the checks that the chain would only make after the
//! vote.

use super::Problem;
use crate::{
	Error, Result,
	chain::{self, AccountId, BlockHash, Call, Chain, EncodedCall, HospitalInfo, peer_id_bytes},
	consortium::ensure_gateway,
};
use medblock_primitives::{
	Capacity, HospitalId, MAX_PORTAL_RELEASES, Paced, PortalRelease, PortalVersion, is_name,
	is_version,
};
use pallet_consortium_runtime_api::SeatStatus;

/// A decision of the council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
	/// Admit a hospital.
	Admit {
		/// The account that will act for it.
		controller: AccountId,
		/// Its name.
		name: String,
		/// The URL of its gateway.
		gateway: String,
	},
	/// Readmit an expelled hospital.
	Readmit(HospitalId, AccountId),
	/// Expel a hospital.
	Expel(HospitalId),
	/// Change a hospital's name.
	Rename(HospitalId, String),
	/// Let another account act for a hospital whose controller's key is lost.
	ChangeController(HospitalId, AccountId),
	/// Give a hospital its seat back after conflicting votes.
	ReinstateSeat(HospitalId),
	/// Let a hospital's node connect, by its peer id.
	AuthorizeNode(HospitalId, String),
	/// End a node's permission to connect.
	RevokeNode(String),
	/// Let a node connect in place of another. The old node comes first.
	ReplaceNode(String, String),
	/// Announce the runtime with this hash, to be put in force after the delay.
	Upgrade(BlockHash),
	/// Restart finality with the validators of the next session.
	NoteStalled {
		/// The number of blocks after that session's beginning.
		delay: u32,
		/// The last final block.
		finalized: u32,
	},
	/// Cancel a pending decision.
	CallOff(u32),
	/// List a release of the portal: the SHA-256 of its manifest, and its version.
	ListPortalRelease([u8; 32], String),
	/// Withdraw a listed release of the portal.
	WithdrawPortalRelease([u8; 32]),
	/// Let a hospital make so many more decisions of one kind about people of one kind: verifications within
	/// a week, and others within a day.
	AllowDecisions(HospitalId, Paced, Capacity, u32),
	/// Let a hospital keep the documents of one that has left, which comes first; with no hospital, no
	/// longer.
	SetSuccessor(HospitalId, Option<HospitalId>),
	/// Any call, encoded.
	Call(Vec<u8>),
}

impl Decision {
	/// This decision's call, encoded.
	///
	/// # Errors
	///
	/// Problems that the chain would only find after the vote: [`chain::Error::NoSuchHospital`],
	/// [`Error::BadValue`], and [`Problem`]s of a hospital's standing, of its account, its nodes,
	/// pending decisions or the portal's releases.
	pub async fn call(&self, chain: &Chain, hospitals: &[HospitalInfo]) -> Result<Vec<u8>> {
		self.ensure_possible(hospitals)?;
		let own = |text: &str| text.as_bytes().to_vec();
		let call = match self {
			Self::Admit { controller, name, gateway } => {
				Call::admit_hospital(*controller, own(name), own(gateway))
			},
			Self::Readmit(hospital, controller) => Call::readmit_hospital(*hospital, *controller),
			Self::Expel(hospital) => Call::expel_hospital(*hospital),
			Self::Rename(hospital, name) => Call::rename_hospital(*hospital, own(name)),
			Self::ChangeController(hospital, new) => Call::change_controller(*hospital, *new),
			Self::ReinstateSeat(hospital) => Call::reinstate_seat(*hospital),
			Self::CallOff(enactment) => {
				let waiting = chain.best().await?.waiting().await?;
				if !waiting.iter().any(|one| one.number == *enactment) {
					return Err(Problem::NothingWaits(*enactment).into());
				}
				Call::call_off(*enactment)
			},
			Self::AuthorizeNode(hospital, node) => {
				let owner = active(hospitals, *hospital)?.seat_account;
				let node = ensure_unlisted(chain, node).await?;
				enacted(chain, &Call::add_well_known_node(node, owner.into())).await?
			},
			Self::RevokeNode(node) => {
				let node = ensure_listed(chain, node).await?;
				enacted(chain, &Call::remove_well_known_node(node)).await?
			},
			Self::ReplaceNode(old, new) => {
				let (old, new) =
					(ensure_listed(chain, old).await?, ensure_unlisted(chain, new).await?);
				enacted(chain, &Call::swap_well_known_node(old, new)).await?
			},
			Self::Upgrade(hash) => enacted(chain, &Call::authorize_upgrade(*hash)).await?,
			Self::NoteStalled { delay, finalized } => {
				enacted(chain, &Call::note_stalled(*delay, *finalized)).await?
			},
			Self::ListPortalRelease(digest, version) => {
				ensure_listable(&chain.best().await?.portal_releases().await?, digest)?;
				Call::list_portal_release(*digest, own(version))
			},
			Self::WithdrawPortalRelease(digest) => {
				ensure_withdrawable(&chain.best().await?.portal_releases().await?, digest)?;
				Call::withdraw_portal_release(*digest)
			},
			Self::AllowDecisions(hospital, what, capacity, number) => {
				Call::allow_decisions(*hospital, *what, *capacity, *number)
			},
			Self::SetSuccessor(left, successor) => {
				let known = chain.best().await?.successors().await?;
				if successor.is_none() && !known.iter().any(|one| one.left == *left) {
					return Err(Problem::NoSuccessor(*left).into());
				}
				Call::set_successor(*left, *successor)
			},
			Self::Call(bytes) => return Ok(bytes.clone()),
		};
		Ok(chain.prepare(&call).await?.data)
	}

	/// Fails if the chain would refuse this because of the hospitals' state.
	fn ensure_possible(&self, hospitals: &[HospitalInfo]) -> Result<()> {
		match self {
			Self::Admit { controller, name, gateway } => {
				ensure_free(hospitals, *controller)?;
				ensure_name(name)?;
				ensure_gateway(gateway)?;
			},
			Self::Readmit(hospital, controller) => {
				if known(hospitals, *hospital)?.seat != SeatStatus::Expelled {
					return Err(Problem::Member(*hospital).into());
				}
				ensure_free(hospitals, *controller)?;
			},
			Self::Expel(hospital)
			| Self::AuthorizeNode(hospital, _)
			| Self::AllowDecisions(hospital, ..) => {
				active(hospitals, *hospital)?;
			},
			Self::Rename(hospital, name) => {
				active(hospitals, *hospital)?;
				ensure_name(name)?;
			},
			Self::ChangeController(hospital, new) => {
				active(hospitals, *hospital)?;
				ensure_free(hospitals, *new)?;
			},
			Self::ReinstateSeat(hospital) => {
				if active(hospitals, *hospital)?.seat != SeatStatus::Suspended {
					return Err(Problem::NotSuspended(*hospital).into());
				}
			},
			Self::SetSuccessor(left, successor) => {
				let seat = known(hospitals, *left)?.seat;
				if let Some(successor) = successor {
					active(hospitals, *successor)?;
					if seat != SeatStatus::Expelled {
						return Err(Problem::Member(*left).into());
					}
				}
			},
			Self::RevokeNode(_)
			| Self::ReplaceNode(..)
			| Self::Upgrade(_)
			| Self::NoteStalled { .. }
			| Self::CallOff(_)
			| Self::WithdrawPortalRelease(_)
			| Self::Call(_) => {},
			Self::ListPortalRelease(_, version) => {
				ensure_version(version)?;
			},
		}
		Ok(())
	}
}

fn known(hospitals: &[HospitalInfo], id: HospitalId) -> Result<&HospitalInfo> {
	hospitals.iter().find(|one| one.id == id).ok_or(chain::Error::NoSuchHospital(id).into())
}

/// The hospital, or an error if it does not belong to the consortium.
fn active(hospitals: &[HospitalInfo], id: HospitalId) -> Result<&HospitalInfo> {
	let found = known(hospitals, id)?;
	if found.seat == SeatStatus::Expelled {
		return Err(Problem::NoMember(id).into());
	}
	Ok(found)
}

/// Fails if the account acts for a hospital.
fn ensure_free(hospitals: &[HospitalInfo], account: AccountId) -> Result<()> {
	let mut members = hospitals.iter().filter(|one| one.seat != SeatStatus::Expelled);
	match members.find(|one| one.controller == account) {
		Some(found) => Err(Problem::Controls { account, hospital: found.id }.into()),
		None => Ok(()),
	}
}

fn ensure_name(name: &str) -> Result<()> {
	if is_name(name.as_bytes()) {
		return Ok(());
	}
	Err(Error::BadValue {
		what: "the hospital's name",
		problem: "has to be one line of 1 to 64 characters",
	})
}

/// The version as the chain has it, or an error if it can't name a release.
fn ensure_version(version: &str) -> Result<PortalVersion> {
	let bytes = PortalVersion::try_from(version.as_bytes().to_vec()).ok();
	bytes.filter(|bytes| is_version(bytes)).ok_or(Error::BadValue {
		what: "the portal's version",
		problem: "has to be 1 to 32 letters, digits, dots, hyphens, plus signs or underscores",
	})
}

/// Fails if the release is listed, or there is no room for it.
fn ensure_listable(listed: &[PortalRelease], digest: &[u8; 32]) -> Result<()> {
	if let Some(known) = listed.iter().find(|one| one.digest == *digest) {
		let version = String::from_utf8_lossy(&known.version).into_owned();
		return Err(Problem::ReleaseListed(version).into());
	}
	if listed.len() >= MAX_PORTAL_RELEASES as usize {
		return Err(Problem::TooManyReleases.into());
	}
	Ok(())
}

/// Fails if the release is not listed, or is the only one.
fn ensure_withdrawable(listed: &[PortalRelease], digest: &[u8; 32]) -> Result<()> {
	if !listed.iter().any(|one| one.digest == *digest) {
		return Err(Problem::ReleaseNotListed.into());
	}
	if listed.len() == 1 {
		return Err(Problem::LastRelease.into());
	}
	Ok(())
}

/// The call by which the chain itself makes another.
async fn enacted(chain: &Chain, call: &Call) -> Result<Call> {
	Ok(Call::enact(EncodedCall(chain.prepare(call).await?.data)))
}

/// The bytes of a node's id, or an error if the node may connect already.
async fn ensure_unlisted(chain: &Chain, node: &str) -> Result<Vec<u8>> {
	let id = peer_id_bytes(node)?;
	match chain.best().await?.node_owner(&id).await? {
		Some(owner) => Err(Problem::NodeListed(node.to_owned(), owner).into()),
		None => Ok(id),
	}
}

/// The bytes of a node's id, or an error if the node may not connect.
async fn ensure_listed(chain: &Chain, node: &str) -> Result<Vec<u8>> {
	let id = peer_id_bytes(node)?;
	match chain.best().await?.node_owner(&id).await? {
		Some(_) => Ok(id),
		None => Err(Problem::NodeNotListed(node.to_owned()).into()),
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_primitives::RegistrationMode;

	fn account(byte: u8) -> AccountId {
		AccountId::from([byte; 32])
	}

	/// A member, a hospital whose seat is suspended, and an expelled one. Each acts with the
	/// account of its number.
	fn hospitals() -> Vec<HospitalInfo> {
		[SeatStatus::Seated, SeatStatus::Suspended, SeatStatus::Expelled]
			.into_iter()
			.zip(0..)
			.map(|(seat, number)| HospitalInfo {
				id: HospitalId(number.into()),
				name: Vec::new(),
				gateway: Vec::new(),
				controller: account(number),
				seat_account: account(200),
				seat,
				registration: RegistrationMode::Open,
				registrars: 0,
			})
			.collect()
	}

	fn admit(controller: u8, name: &str, gateway: &str) -> Decision {
		let (name, gateway) = (name.to_owned(), gateway.to_owned());
		Decision::Admit { controller: account(controller), name, gateway }
	}

	#[test]
	fn nobody_votes_on_what_the_chain_would_refuse() {
		use Decision::*;
		let id = HospitalId;
		let gateway = "https://vault.example";
		for (decision, why) in [
			(admit(0, "Saint-Anne", gateway), "acts for hospital 0 already"),
			(admit(7, "Saint\nAnne", gateway), "has to be one line"),
			(admit(7, "Saint-Anne", "vault.example"), "begin with https://"),
			(admit(7, "Saint-Anne", "http://vault.example"), "begin with https://"),
			(Readmit(id(0), account(7)), "belongs to the consortium already"),
			(Readmit(id(2), account(1)), "acts for hospital 1 already"),
			(Readmit(id(9), account(7)), "there is no hospital 9"),
			(Expel(id(2)), "does not belong to the consortium any more"),
			(Rename(id(2), "Saint-Anne".into()), "does not belong to the consortium any more"),
			(Rename(id(0), "\u{202e}".into()), "has to be one line"),
			(ChangeController(id(0), account(1)), "acts for hospital 1 already"),
			(ReinstateSeat(id(0)), "not suspended"),
			(AuthorizeNode(id(2), String::new()), "does not belong to the consortium any more"),
			(
				AllowDecisions(id(2), Paced::Suspension, Capacity::Doctor, 9),
				"does not belong to the consortium any more",
			),
			(SetSuccessor(id(0), Some(id(1))), "belongs to the consortium already"),
			(SetSuccessor(id(2), Some(id(2))), "does not belong to the consortium any more"),
			(SetSuccessor(id(9), Some(id(0))), "there is no hospital 9"),
			(SetSuccessor(id(2), Some(id(9))), "there is no hospital 9"),
			(ListPortalRelease([0; 32], String::new()), "has to be 1 to 32 letters"),
			(ListPortalRelease([0; 32], "1 0".into()), "has to be 1 to 32 letters"),
			(ListPortalRelease([0; 32], "9".repeat(33)), "has to be 1 to 32 letters"),
		] {
			let refused = decision.ensure_possible(&hospitals()).unwrap_err().to_string();
			assert!(refused.contains(why), "{decision:?}: {refused}");
		}
	}

	#[test]
	fn releases_are_listed_once_and_never_all_withdrawn() {
		let release = |byte| PortalRelease {
			digest: [byte; 32],
			version: ensure_version("1.4.0").unwrap(),
			listed_at: 0,
		};
		let refusal = |outcome: Result<()>| outcome.unwrap_err().to_string();
		let full: Vec<_> = (0..16).map(release).collect();
		ensure_listable(&full[..15], &[15; 32]).unwrap();
		assert!(refusal(ensure_listable(&full, &[16; 32])).contains("list 16 portals already"));
		assert!(refusal(ensure_listable(&full, &[3; 32])).ends_with("as version 1.4.0"));
		ensure_withdrawable(&full, &[3; 32]).unwrap();
		assert!(refusal(ensure_withdrawable(&full, &[16; 32])).contains("list no portal"));
		assert!(refusal(ensure_withdrawable(&full[..1], &[0; 32])).contains("the only portal"));
	}

	#[test]
	fn what_is_possible_is_put_to_the_vote() {
		use Decision::*;
		let id = HospitalId;
		for decision in [
			// An expelled hospital's account acts for no hospital.
			admit(2, "Saint-Anne", "https://vault.example:8440"),
			Readmit(id(2), account(2)),
			Expel(id(1)),
			Rename(id(0), "王秀英".into()),
			ChangeController(id(0), account(2)),
			ReinstateSeat(id(1)),
			AuthorizeNode(id(0), String::new()),
			AllowDecisions(id(1), Paced::Verification, Capacity::Patient, 500),
			SetSuccessor(id(2), Some(id(1))),
			// Of one that has come back, too.
			SetSuccessor(id(0), None),
			ListPortalRelease([0; 32], "1.4.0-rc.1".into()),
		] {
			decision.ensure_possible(&hospitals()).unwrap();
		}
	}
}

//! Copies of an account's keys in vaults, each sealed to a passkey (see [`medblock_vault_protocol::copies`]).

use super::{
	Error, Patience, Vault, Vaults, address_in, server::Server, status_of, wanted_pause, witnessed,
};
use crate::{
	Nodes, Result,
	chain::{self, At},
};
use medblock_platform::clock;
use medblock_primitives::HospitalId;
use medblock_vault_protocol::{
	Code,
	copies::{LOCATOR_LENGTH, MAX_LENGTH, is_age_file},
	headers::DOCUMENT,
	paths,
};
use pallet_consortium_runtime_api::SeatStatus;
use reqwest::header::CONTENT_TYPE;

/// The place of a copy, which is a secret.
pub type Locator = [u8; LOCATOR_LENGTH];

/// A copy that was found.
pub struct Found {
	/// The hospital whose vault has it.
	pub hospital: HospitalId,
	/// The age file.
	pub file: Vec<u8>,
}

/// Looks for a copy in hospitals' vaults, without an account: first in that of `first`, if that is known, then in
/// the others'. A copy that `accepts` refuses is passed over, since any vault may give another file than the
/// passkey's. Nothing if none has one.
///
/// # Errors
///
/// [`Error::Unreachable`] if none has it, and one of them could not be asked.
pub async fn find(
	nodes: &Nodes,
	first: Option<HospitalId>,
	locator: &Locator,
	accepts: impl Fn(HospitalId, &[u8]) -> bool,
) -> Result<Option<Found>> {
	let named = |at: At| async move {
		let all = at.hospitals().await?.into_iter();
		let known = all.map(|one| (one.id, one.gateway, one.seat != SeatStatus::Expelled));
		Ok::<_, chain::Error>(known.collect::<Vec<_>>())
	};
	let mut hospitals = witnessed(nodes, "where hospitals' vaults are", named).await?;
	hospitals.sort_by_key(|(hospital, ..)| (Some(*hospital) != first, hospital.0));
	let (vaults, path) = (Vaults::new()?, paths::key_copy(locator));
	let mut problem = None;
	for (hospital, gateway, is_member) in hospitals {
		let asked = async {
			let (http, address) = (vaults.http.clone(), address_in(&gateway)?);
			let server = Server { http, address, patience: Patience::Long };
			server.copy(&path).await
		};
		match asked.await {
			Ok(Some(file)) if accepts(hospital, &file) => {
				return Ok(Some(Found { hospital, file }));
			},
			Ok(_) => {},
			// The vault of a hospital that has left may be gone for good.
			Err(why) if is_member => problem = Some(why),
			Err(_) => {},
		}
	}
	match problem {
		Some(why) => Err(why),
		None => Ok(None),
	}
}

/// Whether a vault refused with this code.
pub fn is_refused(why: &crate::Error, refusal: Code) -> bool {
	matches!(why, crate::Error::Vault(Error::Refused { code, .. }) if code.code() == Some(refusal))
}

impl Server {
	/// A copy; nothing if this vault does not have it.
	async fn copy(&self, path: &str) -> Result<Option<Vec<u8>>> {
		let mut waited = false;
		let answer = loop {
			let answer = self.sent(self.http.get(self.at(path))).await?;
			match self.checked(answer).await {
				Err(why) if !waited => match wanted_pause(&why) {
					Some(pause) => clock::sleep(pause).await,
					None => break Err(why),
				},
				outcome => break outcome,
			}
			waited = true;
		};
		match answer {
			Ok(answer) => {
				let file = self.bytes(answer, MAX_LENGTH).await?;
				is_age_file(&file).then_some(file).map(Some).ok_or_else(|| self.strange(NO_COPY))
			},
			// A vault of an earlier version has no such path.
			Err(why) if status_of(&why) == Some(404) => Ok(None),
			Err(why) => Err(why),
		}
	}
}

/// The reason when an answer is no age file.
const NO_COPY: &str = "its answer is no copy of an account's keys";

impl Vault<'_> {
	/// Keeps a copy of the account's, or replaces it. When this returns, the copy is durable.
	///
	/// # Errors
	///
	/// [`Error::Refused`] with [`Code::QuotaExceeded`] if the account has as many copies there as it may, and with
	/// [`Code::NoSuchCopy`] if another account has one under this locator: then the passkey has to be made anew.
	pub async fn put_copy(&self, locator: &Locator, file: &[u8]) -> Result<()> {
		let file = file.to_vec();
		let request = |http: &reqwest::Client, url| {
			http.put(url).header(CONTENT_TYPE, DOCUMENT).body(file.clone())
		};
		self.send(request, &paths::key_copy(locator)).await.map(drop)
	}

	/// Removes a copy of the account's. Succeeds if there is none.
	pub async fn remove_copy(&self, locator: &Locator) -> Result<()> {
		let removed = self.send(|http, url| http.delete(url), &paths::key_copy(locator)).await;
		match removed {
			Err(why) if is_refused(&why, Code::NoSuchCopy) => Ok(()),
			removed => removed.map(drop),
		}
	}

	/// Removes all copies of the account's, also those whose locators are lost. The chain need not know the account.
	pub async fn remove_copies(&self) -> Result<()> {
		match self.send(|http, url| http.delete(url), paths::KEY_COPIES).await {
			// An account that the chain does not know any more gets no session, and may still have copies here.
			Err(why) if is_refused(&why, Code::UnknownAccount) => {
				let (body, _) = self.signed_challenge(None).await?;
				let url = self.server.at(paths::KEY_COPIES_REMOVAL);
				let answer = self.server.sent(self.server.http.post(url).json(&body)).await?;
				self.server.checked(answer).await.map(drop)
			},
			removed => removed.map(drop),
		}
	}
}

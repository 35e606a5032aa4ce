//! What doctors who ask for emergencies tell, at the gateways of the hospitals that can confirm them (see
//! [`medblock_vault_protocol::emergencies`]).

use super::{ATTEMPTS, Error, Vault, copies::is_refused};
use crate::Result;
use medblock_primitives::{DoctorId, PatientId};
use medblock_vault_protocol::{Code, emergencies::MAX_LENGTH, headers::DOCUMENT, paths};
use reqwest::header::CONTENT_TYPE;

impl Vault<'_> {
	/// Leaves what a doctor tells of an emergency, which the chain names by this digest. A gateway whose node has not seen
	/// the request yet is asked again.
	pub(crate) async fn put_emergency_text(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		digest: &[u8; 32],
		file: &[u8],
	) -> Result<()> {
		let path = paths::emergency_text(patient, doctor, digest);
		let mut attempt = 0;
		loop {
			let request = |http: &reqwest::Client, url| {
				http.put(url).header(CONTENT_TYPE, DOCUMENT).body(file.to_vec())
			};
			let put = self.patiently(|| async { self.send(request, &path).await.map(drop) }).await;
			match put {
				Err(why) if is_refused(&why, Code::NotAsked) && attempt + 1 < ATTEMPTS => {
					attempt += 1;
					self.wait(attempt, Some(&why)).await;
				},
				outcome => return outcome,
			}
		}
	}

	/// What a doctor has told of an emergency; nothing if this gateway does not have it, or not for this account.
	pub(crate) async fn emergency_text(
		&self,
		patient: PatientId,
		doctor: DoctorId,
		digest: &[u8; 32],
	) -> Result<Option<Vec<u8>>> {
		let path = paths::emergency_text(patient, doctor, digest);
		match self.send(|http, url| http.get(url), &path).await {
			Ok(answer) => self.server.bytes(answer, MAX_LENGTH).await.map(Some),
			Err(why) if is_refused(&why, Code::NoSuchText) => Ok(None),
			// A gateway of an earlier version has no such path.
			Err(crate::Error::Vault(Error::Refused { status: 404, .. })) => Ok(None),
			Err(why) => Err(why),
		}
	}
}

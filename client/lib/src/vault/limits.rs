//! How much a vault takes, asked before anything is encrypted for it.

use super::{Code, Error, Vault};
use crate::{Result, client::Client, staging::NewFile};
use medblock_crypto::length_without_header;
use medblock_platform::Error as StorageError;
use medblock_primitives::{HospitalId, PatientId};
use medblock_vault_protocol::{Limits, paths};

impl Vault<'_> {
	/// The vault's limits; nothing if it is of a version that names none. They are asked for once.
	pub async fn limits(&self) -> Result<Option<Limits>> {
		let address = &self.server.address;
		let known = self.vaults.limits.lock().ok().and_then(|all| all.get(address).copied());
		if let Some(limits) = known {
			return Ok(limits);
		}
		let answer = self.server.sent(self.server.http.get(self.server.at(paths::LIMITS))).await?;
		let limits = match self.server.checked(answer).await {
			Ok(answer) => Some(self.server.json(answer).await?),
			Err(why) if super::status_of(&why) == Some(404) => None,
			Err(why) => return Err(why),
		};
		if let Ok(mut all) = self.vaults.limits.lock() {
			all.insert(address.clone(), limits);
		}
		Ok(limits)
	}
}

impl Client {
	/// Of files for a chart, the places of those that are larger than its vault takes, with the refusals: the others can be
	/// added without them. Nothing if the vault does not say, or can't be asked now.
	///
	/// # Errors
	///
	/// If there is no such patient, or a file can't be read.
	pub async fn too_large(
		&self,
		patient: PatientId,
		files: &[NewFile],
	) -> Result<Vec<(usize, crate::Error)>> {
		let info = self.chain().finalized().await?.known_patient(patient).await?;
		let Some((limits, url)) = self.known_limits(info.vault).await else {
			return Ok(Vec::new());
		};
		let mut refused = Vec::new();
		for (place, file) in files.iter().enumerate() {
			if let Some(message) = larger(&limits, file, length(file)?) {
				refused.push((place, refusal(&url, Code::TooLarge, message)));
			}
		}
		Ok(refused)
	}

	/// Refuses files that a hospital's vault would refuse, in its words. A vault that does not say, or can't be asked now,
	/// has the last word when it gets them.
	pub(crate) async fn ensure_taken(&self, hospital: HospitalId, files: &[NewFile]) -> Result<()> {
		let lengths = files.iter().map(length).collect::<Result<Vec<u64>>>()?;
		let Some((limits, url)) = self.known_limits(hospital).await else { return Ok(()) };
		let mut all = files.iter().zip(&lengths);
		if let Some(message) = all.find_map(|(file, length)| larger(&limits, file, *length)) {
			return Err(refusal(&url, Code::TooLarge, message));
		}
		match beyond_quota(&limits, &lengths) {
			Some(message) => Err(refusal(&url, Code::QuotaExceeded, message)),
			None => Ok(()),
		}
	}

	/// The limits of a hospital's vault, and its address.
	async fn known_limits(&self, hospital: HospitalId) -> Option<(Limits, String)> {
		let asking = async {
			let vault = self.vault(hospital).await?;
			let limits = vault.limits().await?;
			Ok::<_, crate::Error>(limits.map(|limits| (limits, vault.url().to_string())))
		};
		asking.await.unwrap_or_else(|why| {
			tracing::debug!("a vault's limits are not known: {why}");
			None
		})
	}
}

/// The length of a file once it is encrypted, without what comes before its content.
fn length(file: &NewFile) -> Result<u64> {
	let NewFile { file, headers, .. } = file;
	let length = file.length().map_err(StorageError::cannot("read", file.place()))?;
	Ok(length_without_header(headers, length))
}

fn refusal(url: &str, code: Code, message: String) -> crate::Error {
	let (url, status) = (url.to_owned(), code.status());
	Error::Refused { url, status, code: code.into(), message, retry_after: None }.into()
}

/// The sentence about a file of this length, if it is larger than the vault takes.
fn larger(limits: &Limits, file: &NewFile, length: u64) -> Option<String> {
	(length > limits.max_file).then(|| {
		let (name, most) = (file.file.place(), limits.max_file);
		format!("{name} is larger than the {most} bytes that this vault takes")
	})
}

/// The sentence about files of these lengths, if all of them are more than the vault takes.
fn beyond_quota(limits: &Limits, lengths: &[u64]) -> Option<String> {
	let all = lengths.iter().fold(0_u64, |all, length| all.saturating_add(*length));
	let quota = limits.quota_per_account.min(limits.quota_per_patient);
	(all > quota)
		.then(|| format!("these files are larger than the {quota} bytes that it takes at once"))
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_crypto::Headers;
	use medblock_platform::files::UserFile;

	#[test]
	fn files_are_compared_with_each_limit() {
		let limits = Limits {
			max_file: 10,
			quota_per_account: 25,
			quota_per_patient: 30,
			uploads_at_once: 8,
			downloads_at_once: 16,
			heads_at_once: 64,
			backed_up: None,
		};
		let file = NewFile {
			file: UserFile::Bytes { name: "scan".to_owned(), bytes: Vec::<u8>::new().into() },
			headers: Headers {
				title: "Scan".to_owned(),
				media_type: "text/plain".to_owned(),
				file_name: None,
				written_at: None,
			},
			in_reply_to: None,
		};
		assert_eq!(larger(&limits, &file, 10), None);
		for length in [11, u64::MAX] {
			let said = larger(&limits, &file, length);
			assert_eq!(
				said.as_deref(),
				Some("scan is larger than the 10 bytes that this vault takes")
			);
		}
		for (lengths, fits) in [
			(&[][..], true),
			(&[10, 10, 5][..], true),
			(&[10, 10, 6][..], false),
			(&[u64::MAX; 2][..], false),
		] {
			assert_eq!(beyond_quota(&limits, lengths).is_none(), fits, "{lengths:?}");
		}
	}
}

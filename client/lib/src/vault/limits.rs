//! How much a vault takes, asked before anything is encrypted for it.

use super::{Code, Error, Vault};
use crate::{Result, client::Client, staging::NewFile};
use medblock_crypto::length_without_header;
use medblock_platform::Error as StorageError;
use medblock_primitives::HospitalId;
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
	/// Refuses files that a hospital's vault would refuse, in its words. A vault that does not say, or can't be asked now,
	/// has the last word when it gets them.
	pub(crate) async fn ensure_taken(&self, hospital: HospitalId, files: &[NewFile]) -> Result<()> {
		let mut lengths = Vec::with_capacity(files.len());
		for NewFile { file, headers, .. } in files {
			let length = file.length().map_err(StorageError::cannot("read", file.place()))?;
			lengths.push(length_without_header(headers, length));
		}
		let asking = async {
			let vault = self.vault(hospital).await?;
			let limits = vault.limits().await?;
			Ok::<_, crate::Error>(limits.map(|limits| (limits, vault.url().to_string())))
		};
		let known = asking.await.unwrap_or_else(|why| {
			tracing::debug!("a vault's limits are not known: {why}");
			None
		});
		let Some((limits, url)) = known else { return Ok(()) };
		let Some((code, message)) = exceeded(&limits, &lengths) else { return Ok(()) };
		let status = code.status();
		Err(Error::Refused { url, status, code: code.into(), message, retry_after: None }.into())
	}
}

/// The limit that files of these lengths exceed.
fn exceeded(limits: &Limits, lengths: &[u64]) -> Option<(Code, String)> {
	let all = lengths.iter().fold(0_u64, |all, length| all.saturating_add(*length));
	if lengths.iter().any(|length| *length > limits.max_file) {
		let message =
			format!("the file is larger than the {} bytes that this vault takes", limits.max_file);
		return Some((Code::TooLarge, message));
	}
	let quota = limits.quota_per_account.min(limits.quota_per_patient);
	(all > quota).then(|| {
		let message =
			format!("these files are larger than the {quota} bytes that it takes at once");
		(Code::QuotaExceeded, message)
	})
}

#[cfg(test)]
mod tests {
	use super::*;

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
		let code = |lengths: &[u64]| exceeded(&limits, lengths).map(|(code, _)| code);
		assert_eq!(code(&[]), None);
		assert_eq!(code(&[10, 10]), None);
		assert_eq!(code(&[1, 11]), Some(Code::TooLarge));
		assert_eq!(code(&[10, 10, 6]), Some(Code::QuotaExceeded));
		assert_eq!(code(&[u64::MAX, u64::MAX]), Some(Code::TooLarge));
	}
}

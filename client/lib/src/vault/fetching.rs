//! Fetching a document from whichever of its vaults gives it out.

use super::{Item, Place, Places, Progress, Vault};
use crate::{Result, client::Client};
use medblock_platform::{Files, Memory, files::Scratch};
use medblock_primitives::{Document, PatientId, Vaults};

/// Ciphertext of at most so many bytes is fetched into memory, so that profiles can be read where the home can't be
/// written to.
const IN_MEMORY: u64 = 256 * 1_024;

impl Client {
	/// The vaults of a document, in the order in which they are to be asked now.
	pub(crate) fn places(&self, vaults: &Vaults) -> Places<'_> {
		Places::of(vaults, &self.vaults.silent)
	}

	/// The vault to ask, with the patience that it deserves.
	pub(crate) async fn vault_at(&self, place: Place) -> Result<Vault<'_>> {
		Ok(self.vault(place.hospital).await?.with(place.patience))
	}

	/// The whole ciphertext of a document, verified, from the first of its vaults that gives it out.
	pub(crate) async fn fetch_whole(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		vaults: &Vaults,
		progress: &Progress,
	) -> Result<Scratch> {
		let mut places = self.places(vaults);
		loop {
			// What another vault gave before is of no use.
			let scratch = match document.size <= IN_MEMORY {
				true => Memory::new().scratch("").await?,
				false => self.outbox.scratch().await?,
			};
			let place = places.now();
			let asking = async {
				let vault = self.vault_at(place).await?;
				vault.download(patient, item, document, &scratch.file, progress).await
			};
			let outcome = asking.await;
			self.keep_receipts().await;
			match outcome {
				Ok(()) => {
					places.answered();
					return Ok(scratch);
				},
				Err(why) => places.go_on(why)?,
			}
		}
	}

	/// The beginning of a document, which holds its title, from the first of its vaults that gives it
	/// out.
	pub(crate) async fn fetch_beginning(
		&self,
		patient: PatientId,
		item: Item,
		document: &Document,
		vaults: &Vaults,
	) -> Result<Vec<u8>> {
		let mut places = self.places(vaults);
		loop {
			let place = places.now();
			let asking =
				async { self.vault_at(place).await?.beginning(patient, item, document).await };
			let outcome = asking.await;
			self.keep_receipts().await;
			match outcome {
				Ok(bytes) => {
					places.answered();
					return Ok(bytes);
				},
				Err(why) => places.go_on(why)?,
			}
		}
	}
}

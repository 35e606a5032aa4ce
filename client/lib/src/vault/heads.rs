//! The beginnings of many records, which hold their titles, by few requests.

use super::{
	CameTitles, NO_VAULT, Place, Reading, Vault,
	silent::{Patience, is_silence},
};
use crate::{Result, client::Client};
use futures::StreamExt;
use medblock_crypto::{PEEK_LENGTH, head_of};
use medblock_platform::http;
use medblock_primitives::{Document, HospitalId, PatientId, RecordIndex};
use medblock_receipts::Subject;
use medblock_vault_protocol::{
	heads::{FRAME, HeadsQuery, MAX_HEADS, parse},
	paths,
};
use pallet_medical_records_runtime_api::RecordInfo;
use std::collections::HashMap;

/// The longest answer, in bytes.
const LONGEST: u64 = (PEEK_LENGTH + FRAME as u64) * MAX_HEADS as u64;

/// Beginnings of records, by the records' places in the chart.
pub(crate) type Beginnings = HashMap<RecordIndex, Vec<u8>>;

impl Vault<'_> {
	/// The beginnings of records, each compared with the head that the chain names. The vault may leave some out, and so
	/// does this with other files' beginnings: they are to be asked for one by one.
	async fn beginnings(
		&self,
		patient: PatientId,
		wanted: &HashMap<RecordIndex, &Document>,
	) -> Result<Beginnings> {
		let mut records: Vec<RecordIndex> = wanted.keys().copied().collect();
		records.sort_unstable();
		let signed =
			records.iter().filter_map(|record| Some((*record, &wanted.get(record)?.digest)));
		let reading = Reading::titles(patient, Subject::titles(signed));
		let query = HeadsQuery { records };
		let request = |http: &reqwest::Client, url| http.post(url).json(&query);
		let path = paths::heads(patient);
		let (answer, noted) = self.send_signed(request, &path, Some(&reading)).await?;
		let (mut came, mut pieces) = (CameTitles::of(self, noted), http::pieces(answer));
		while let Some(piece) = pieces.next().await {
			came.add(&piece.map_err(|why| self.server.unreachable(why))?);
			if came.answer().len() as u64 > LONGEST {
				return Err(self.server.strange("its answer is too long"));
			}
		}
		let heads = parse(came.answer()).ok_or_else(|| self.server.strange(NO_VAULT))?;
		let right = heads.into_iter().filter(|head| {
			let document = wanted.get(&head.record).filter(|_| head.status == 200);
			let is_of = |document: &&Document| {
				head_of(head.bytes).is_ok_and(|found| found == document.head)
			};
			document.is_some_and(is_of)
		});
		Ok(right.map(|head| (head.record, head.bytes.to_vec())).collect())
	}
}

impl Client {
	/// The beginnings of those of these records, at most [`MAX_HEADS`] of them, that their first vaults give out together.
	/// A vault that can't is asked for each by itself, which also tells why.
	pub(crate) async fn fetch_beginnings(
		&self,
		patient: PatientId,
		records: &[&RecordInfo],
	) -> Beginnings {
		let mut by_vault: HashMap<HospitalId, HashMap<RecordIndex, &Document>> = HashMap::new();
		for RecordInfo { index, record, vaults } in records {
			if let (Some(document), Some(vaults)) = (&record.document, vaults) {
				let Place { hospital, .. } = self.places(vaults).now();
				by_vault.entry(hospital).or_default().insert(*index, document);
			}
		}
		let mut all = Beginnings::new();
		for (hospital, wanted) in by_vault {
			if wanted.len() < 2 {
				continue;
			}
			let asking = async {
				let vault = self.vault_at(Place { hospital, patience: Patience::Short }).await?;
				let most = vault.limits().await?.map_or(0, |limits| limits.heads_at_once);
				match wanted.len() as u64 <= most {
					true => vault.beginnings(patient, &wanted).await,
					false => Ok(Beginnings::new()),
				}
			};
			let outcome = asking.await;
			// A vault may have given some before it failed.
			self.keep_receipts().await;
			match outcome {
				Ok(found) => all.extend(found),
				Err(why) => {
					tracing::debug!("hospital {hospital} gives no titles at once: {why}");
					if is_silence(&why) {
						self.vaults.silent.note(hospital, Patience::Short);
					}
				},
			}
		}
		all
	}
}

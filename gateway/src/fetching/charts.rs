//! One chart after another: which of its files are missing here, and fetching them.

use super::{
	Own, Source, Why,
	missing::{Missing, Part},
	resting::Resting,
	seen::Seen,
	source::Asking,
};
use crate::{
	authority::Kept,
	blob::{BlobId, Digest},
	errors::Refusal,
	http::{App, now},
	vault::{
		Uploader,
		receive::{Part as Sent, Received},
		staging::UploadId,
	},
};
use bytes::Bytes;
use futures::{
	StreamExt,
	stream::{self, BoxStream},
};
use medblock_chain::PatientInfo;
use medblock_platform::http;
use medblock_primitives::{HospitalId, PatientId, RecordIndex};
use medblock_vault_protocol::{Item, paths};
use sha2::{Digest as _, Sha256};
use std::{
	collections::{BTreeSet, HashMap, HashSet},
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// Files of a chart that are fetched at once. They share the other vault's slots with its readers.
const AT_ONCE: usize = 4;

/// How long a file may come in one round, so that a slow vault keeps none of the others waiting for ever. The next round
/// goes on with it.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// A document that is missing here.
#[derive(Clone)]
struct Wanted {
	item: Item,
	kept: Kept,
}

/// All charts that were looked at.
pub struct Charts {
	app: Arc<App>,
	asking: Asking,
	/// The other hospitals' vaults.
	sources: Vec<Source>,
	/// Those that did not answer in this round; the own one, if it has no room.
	away: Mutex<HashSet<HospitalId>>,
	/// What they did not give, or gave wrong.
	resting: Mutex<Resting>,
	/// Whether the chain names the own vault's account. Without it, no vault gives anything.
	may_ask: bool,
	/// Whether the administrator was told that it does not.
	was_told: bool,
	pub seen: Seen,
	missing: Missing,
	/// Those of which it could not be read what the vault has.
	unread: BTreeSet<PatientId>,
}

impl Charts {
	pub fn new(app: Arc<App>) -> Result<Self, http::Error> {
		let (sources, away, resting, seen, missing) = Default::default();
		let (may_ask, was_told, unread) = Default::default();
		let asking = Asking::new()?;
		Ok(Self { app, asking, sources, away, resting, may_ask, was_told, seen, missing, unread })
	}

	/// Begins a round, with these vaults.
	pub fn begin(&mut self, sources: Vec<Source>, may_ask: bool) {
		self.sources = sources;
		self.may_ask = may_ask;
		self.away.lock().unwrap_or_else(PoisonError::into_inner).clear();
	}

	/// Forgets all charts.
	pub fn rest(&mut self) {
		(self.seen, self.missing, self.unread) = Default::default();
		self.missing.show(&self.app.metrics);
		self.app.metrics.looked.set(0);
	}

	/// Ends a round.
	pub fn end(&mut self) {
		self.missing.show(&self.app.metrics);
		self.app.metrics.looked.set(i64::try_from(now()).unwrap_or(i64::MAX));
		let is_told = !self.may_ask && !self.missing.is_nothing();
		if is_told && !self.was_told {
			tracing::warn!(
				"files are missing that other vaults have: they give none before the hospital's controller has named this \
				 vault's account"
			);
		}
		self.was_told = is_told;
	}

	/// The charts to look at again, also if no list leads to them.
	pub fn open(&self) -> BTreeSet<PatientId> {
		self.missing.charts().into_iter().chain(self.unread.iter().copied()).collect()
	}

	/// Whether no other vault may have anything that is missing of the charts that were looked at.
	pub fn is_whole(&self) -> bool {
		self.missing.is_nothing() && self.unread.is_empty()
	}

	/// Looks at what is new in a chart, and fetches what is missing of it. A chart that is to be remembered is looked at
	/// again only when it has changed.
	pub async fn look(&mut self, info: &PatientInfo, remember: bool) -> Result<(), Refusal> {
		let Some(from) = self.seen.next(info) else { return Ok(()) };
		let wanted = self.lacking(info, from).await;
		if let Err(why) = &wanted
			&& self.app.vault.is_one_charts(why).await
		{
			// Charts after it would never have their turn. The log names no person.
			tracing::error!("a chart's files can't be read, so that what it lacks is not known");
			self.unread.insert(info.id);
			self.seen.looked_at(info);
			return Ok(());
		}
		let wanted = wanted?;
		self.unread.remove(&info.id);
		self.seen.looked_at(info);
		let mut part = Part::default();
		wanted.iter().for_each(|one| part.add(one.kept.document.size));
		self.note(info.id, part);
		let part = self.fetch_all(info.id, wanted).await;
		self.note(info.id, part);
		if part == Part::default() && remember {
			self.seen.complete(info);
		}
		Ok(())
	}

	fn note(&mut self, patient: PatientId, part: Part) {
		self.missing.set(patient, part, now());
		self.missing.show(&self.app.metrics);
	}

	/// The documents of a chart, from some record on, that the vault is to keep and does not have.
	async fn lacking(&self, info: &PatientInfo, from: u32) -> Result<Vec<Wanted>, Refusal> {
		let (authority, patient) = (&self.app.authority, info.id);
		// One list instead of a question for each file.
		let stored = match from {
			0 => Some(self.app.vault.stored(patient).await?),
			_ => None,
		};
		let mut lacking = Vec::new();
		if let (0, Some(profile), Some(vaults)) = (from, &info.profile, &info.profile_vaults) {
			let kept = Kept { document: profile.document.clone(), vaults: vaults.clone() };
			let wanted = Wanted { item: Item::Profile, kept };
			lacking.extend(self.unless_here(patient, wanted, stored.as_ref()).await?);
		}
		let mut after: Option<RecordIndex> = from.checked_sub(1);
		loop {
			let page = authority.records(patient, after).await?;
			for one in page.items {
				let Some((document, vaults)) = one.record.document.zip(one.vaults) else {
					continue;
				};
				let kept = Kept { document, vaults };
				let wanted = Wanted { item: Item::Record(one.index), kept };
				lacking.extend(self.unless_here(patient, wanted, stored.as_ref()).await?);
			}
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => return Ok(lacking),
			}
		}
	}

	/// The document, if the vault is to keep it and does not have it.
	async fn unless_here(
		&self,
		patient: PatientId,
		wanted: Wanted,
		stored: Option<&HashMap<Digest, u64>>,
	) -> Result<Option<Wanted>, Refusal> {
		let document = &wanted.kept.document;
		if !wanted.kept.belongs_to(self.app.authority.hospital()) {
			return Ok(None);
		}
		let digest = Digest(document.digest);
		let length = match stored {
			Some(all) => all.get(&digest).copied(),
			None => self.app.vault.length(&BlobId { patient, digest }).await?,
		};
		Ok((length != Some(document.size)).then_some(wanted))
	}

	/// Fetches documents of a chart. Returns what is still missing.
	async fn fetch_all(&self, patient: PatientId, wanted: Vec<Wanted>) -> Part {
		let fetching = stream::iter(wanted).map(|one| async move {
			let size = one.kept.document.size;
			(size, self.fetch(patient, one).await)
		});
		let mut fetching = fetching.buffer_unordered(AT_ONCE);
		let (mut part, mut came) = (Part::default(), false);
		while let Some((size, fetched)) = fetching.next().await {
			match fetched {
				Ok(()) => came = true,
				Err(Why::Absent) => part.add_nowhere(),
				Err(_) => part.add(size),
			}
		}
		drop(fetching);
		if came {
			// The chain names these files, so that they count towards no account's quota of unnamed ones. If that fails,
			// garbage collection does it.
			let settled = self.app.vault.settle(&self.app.authority, patient).await;
			if let Err(why) = settled {
				tracing::debug!(%why, "fetched files are settled later");
			}
		}
		part
	}

	/// Fetches a document from the first vault that gives it.
	async fn fetch(&self, patient: PatientId, wanted: Wanted) -> Result<(), Why> {
		let own = self.app.authority.hospital();
		let others = wanted.kept.others(own);
		if !self.may_ask && !others.is_empty() {
			return Err(Why::NoAccount);
		}
		if self.is_away(own) {
			return Err(Why::NotTaken);
		}
		let blob = BlobId { patient, digest: Digest(wanted.kept.document.digest) };
		let mut reason = Why::Absent;
		for hospital in others {
			let Some(source) = self.sources.iter().find(|one| one.hospital == hospital) else {
				continue;
			};
			if self.is_away(hospital) {
				reason = if source.has_left { reason } else { Why::Away };
				continue;
			}
			if self.resting().rests(hospital, &blob, Instant::now()) {
				reason = if source.has_left { reason } else { Why::Unread };
				continue;
			}
			let why = match self.fetch_from(source, patient, &wanted).await {
				Ok(()) => {
					self.resting().forget(hospital, &blob);
					self.drop_beginnings(&wanted, &blob, hospital).await;
					return Ok(());
				},
				Err(why) => why,
			};
			let is_over = match why {
				Why::Away => true,
				Why::Unread => !self.resting().is_unread(hospital, &blob, Instant::now()),
				Why::WrongBytes => !self.resting().is_wrong(hospital, &blob, Instant::now()),
				_ => false,
			};
			if is_over {
				self.note_away(hospital);
			}
			if Why::COUNTED.contains(&why) {
				self.app.metrics.fetch_failures.with_label_values(&[why.as_str()]).inc();
				tracing::debug!(hospital = hospital.0, why = why.as_str(), "a file did not come");
			}
			match why {
				// Another vault's bytes would find no room either. They may find a quota that is not used up.
				Why::NotTaken if self.is_away(own) => return Err(why),
				// One that has left for good never answers again.
				Why::Absent => {},
				_ if source.has_left => {},
				why => reason = why,
			}
		}
		Err(reason)
	}

	/// A poisoned lock still holds valid state: no operation leaves it half changed.
	fn resting(&self) -> MutexGuard<'_, Resting> {
		self.resting.lock().unwrap_or_else(PoisonError::into_inner)
	}

	fn note_away(&self, hospital: HospitalId) {
		self.away.lock().unwrap_or_else(PoisonError::into_inner).insert(hospital);
	}

	fn is_away(&self, hospital: HospitalId) -> bool {
		self.away.lock().unwrap_or_else(PoisonError::into_inner).contains(&hospital)
	}

	/// Drops what came of a document from other vaults than this one, which has given all of it.
	async fn drop_beginnings(&self, wanted: &Wanted, blob: &BlobId, from: HospitalId) {
		let own = self.app.authority.hospital();
		for other in wanted.kept.others(own).into_iter().filter(|one| *one != from) {
			// What stays is deleted as an upload that nobody goes on with.
			let _ = self.app.vault.discard(&self.beginning(blob, other), true).await;
		}
	}

	/// What has come of a file from one vault.
	fn beginning(&self, blob: &BlobId, from: HospitalId) -> UploadId {
		UploadId { blob: *blob, account: account_of(&self.app.receipts.account().0, from) }
	}

	/// Fetches a document from one vault. What came of it before, from the same vault, is continued.
	async fn fetch_from(
		&self,
		source: &Source,
		patient: PatientId,
		wanted: &Wanted,
	) -> Result<(), Why> {
		let Wanted { item, kept } = wanted;
		let (digest, size) = (Digest(kept.document.digest), kept.document.size);
		let id = self.beginning(&BlobId { patient, digest }, source.hospital);
		// It may know what others have uploaded, as the patient may.
		let uploader = Uploader { id, is_patient: true, pending: false };
		let path = paths::file(patient, *item);
		let progress = self.app.vault.progress(&uploader).await;
		let offset = match progress.map_err(|why| self.not_taken(&why))? {
			Some(state) if state.complete && state.length == size => return Ok(()),
			Some(state) if !state.complete => state.offset,
			// There is none, or one that was cut short.
			_ => 0,
		};
		self.receive(source, &uploader, &path, offset, size).await
	}

	async fn receive(
		&self,
		source: &Source,
		uploader: &Uploader,
		path: &str,
		offset: u64,
		size: u64,
	) -> Result<(), Why> {
		let (vault, authority) = (&self.app.vault, &self.app.authority);
		let genesis = authority.genesis().ok_or(Why::Away)?;
		let own = Own { key: self.app.receipts.key(), genesis };
		let body: BoxStream<'static, Result<Bytes, http::Error>> = match offset < size {
			true => {
				let bytes = self.asking.bytes(&own, source, path, offset..size).await?;
				bytes.take_until(sleep(LONGEST)).boxed()
			},
			// All bytes came before, and the store failed.
			false => stream::empty().boxed(),
		};
		let now = authority.view().await.map_err(|why| self.not_taken(&why))?.block().time;
		vault
			.make_room(authority, uploader, Some(size))
			.await
			.map_err(|why| self.not_taken(&why))?;
		let sent = Sent { offset, length: Some(size), body: None, prepared: false };
		let whole = match vault.receive(uploader, sent, body, now).await {
			Ok(Received::Whole(whole)) => whole,
			Ok(Received::Part { .. }) | Err(Refusal::BodyBroken | Refusal::BodyTimeout) => {
				let progress = vault.progress(uploader).await;
				let state = progress.map_err(|why| self.not_taken(&why))?;
				let has_come = state.is_some_and(|state| state.offset > offset);
				return Err(if has_come { Why::Away } else { Why::Unread });
			},
			Err(Refusal::DigestMismatch | Refusal::NotAnAgeFile | Refusal::OverLong) => {
				// Of a body that is too long, what came stays.
				let _ = vault.discard(&uploader.id, true).await;
				let hospital = source.hospital.0;
				tracing::warn!(hospital, "a vault gave other bytes than the chain names");
				return Err(Why::WrongBytes);
			},
			Err(why) => return Err(self.not_taken(&why)),
		};
		vault.keep(whole, now).await.map_err(|why| self.not_taken(&why))?;
		self.app.metrics.fetched_files.inc();
		self.app.metrics.fetched_bytes.inc_by(size);
		Ok(())
	}

	/// Notes that the own vault could not take a file. Without room, it takes no other one in this round either.
	fn not_taken(&self, why: &Refusal) -> Why {
		tracing::debug!(code = why.code().as_str(), "a file of another vault can't be taken");
		if matches!(why, Refusal::DiskFull | Refusal::StoreFailed | Refusal::StateFailed) {
			self.note_away(self.app.authority.hospital());
		}
		Why::NotTaken
	}
}

/// The account in whose name a file comes from one vault, for staging and quotas. Each vault has one of its own: if one vault's
/// bytes were continued with another's, a vault that gives half a file of wrong bytes in each round could spoil for ever what
/// a slow one gives over several rounds, and fill the quota of what others give.
fn account_of(own: &[u8; 32], from: HospitalId) -> [u8; 32] {
	let number = from.0.to_be_bytes();
	Sha256::digest([b"medblock/fetched/".as_slice(), own, &number].concat()).into()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn bytes_of_two_vaults_are_never_one_upload() {
		let all: HashSet<[u8; 32]> = [[1; 32], [2; 32]]
			.iter()
			.flat_map(|own| (0..3).map(move |from| account_of(own, HospitalId(from))))
			.collect();
		assert_eq!(all.len(), 6);
		assert_eq!(account_of(&[1; 32], HospitalId(2)), account_of(&[1; 32], HospitalId(2)));
	}
}

//! The ownership of a bucket. An object in it names the hospital and the chain that its files belong to, and the gateway that
//! holds it: on another chain the same ids are other people's, and two gateways would not know of each other's uploads.
//!
//! The object is written on the condition that nothing has written it since it was read, so that one of two gateways
//! gets the bucket. The holder renews its hold. When it could not for some minutes, it changes nothing in the bucket any
//! more, and another gateway may take it over. Gateways that share a database are one holder: the one that leads renews
//! the hold, and the others look whether it did.

use super::{
	ledger::Ledger,
	store::{self, Store},
};
use crate::authority::wall_clock;
use futures::TryStreamExt;
use medblock_primitives::{HospitalId, Moment};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, UpdateVersion, path::Path as Key};
use rand::{RngCore, rngs::OsRng};
use serde::{Deserialize, Serialize};
use std::{
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::{Duration, Instant},
};

/// The object's name. No patient's folder has a name like that.
const NAME: &str = "vault.json";

/// The most attempts to write it over what the same process has written.
const OWN_WRITES: u32 = 3;

/// How often it is looked at between two renewals whether the hold lasts.
const LOOKS: u32 = 12;

/// How long a hold lasts.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
	/// The time between two renewals.
	pub renewal: Duration,
	/// The time without a renewal after which another gateway may take the bucket over.
	pub lapse: Duration,
}

impl Default for Terms {
	fn default() -> Self {
		Self { renewal: Duration::from_secs(60), lapse: Duration::from_secs(240) }
	}
}

impl Terms {
	/// The time for which the holder may change the bucket after a renewal. It ends before the hold lapses, so that what
	/// the holder has begun then is done.
	fn valid(self) -> Duration {
		self.lapse.saturating_sub(self.renewal)
	}
}

/// A gateway that wants a bucket.
pub struct Claimant<'a> {
	/// The hospital whose vault it is.
	pub hospital: HospitalId,
	/// The chain that its files belong to, if it has ever worked.
	pub genesis: Option<[u8; 32]>,
	/// The name of its data folder.
	pub holder: String,
	/// Whether it may take a bucket with files that nothing shows to be its own.
	pub adopts: bool,
	/// What it knows of files.
	pub ledger: Option<&'a Ledger>,
}

/// Why a gateway does not get a bucket, or has lost it.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
	/// Its files belong to another hospital.
	#[error("the bucket belongs to hospital {0}")]
	OtherHospital(u32),
	/// Its files belong to another chain.
	#[error("the bucket belongs to another chain than the vault's files")]
	OtherChain,
	/// Another gateway holds it.
	#[error(
		"another gateway uses the bucket, or did until a few minutes ago: end it, and start this one again"
	)]
	InUse,
	/// There are files in it, and nothing says whose.
	#[error(
		"the bucket is not empty, and nothing shows that its files are this vault's: name an empty one, or give \
		 --adopt-bucket once if they are"
	)]
	NotEmpty,
	/// The object that says whose it is can't be read.
	#[error(
		"the object vault.json in the bucket is damaged: restore it from the bucket's versions"
	)]
	Damaged,
	/// The service does not do what the hold needs.
	#[error(
		"the bucket's service ignores the condition of a write (If-None-Match), so that two gateways could use the \
		 bucket at once: it needs another version, or another service"
	)]
	Unconditional,
	/// The service fails.
	#[error("the bucket can't be used: {0}")]
	Store(#[from] store::Error),
}

impl From<object_store::Error> for Refused {
	fn from(why: object_store::Error) -> Self {
		match why {
			object_store::Error::AlreadyExists { .. }
			| object_store::Error::Precondition { .. } => Self::InUse,
			why => Self::Store(why.into()),
		}
	}
}

/// The content of the object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Deed {
	hospital: u32,
	/// The hash of the chain's first block in hexadecimal with 0x, once the chain knows the hospital.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	genesis: Option<String>,
	/// The name of the holder's data folder.
	holder: String,
	/// The name of the holder's process.
	run: String,
	/// When the holder renewed its hold, in milliseconds since 1970 by its clock.
	renewed: Moment,
}

impl Deed {
	fn genesis(&self) -> Result<Option<[u8; 32]>, Refused> {
		let Some(text) = &self.genesis else { return Ok(None) };
		let mut genesis = [0; 32];
		hex::decode_to_slice(text.trim_start_matches("0x"), &mut genesis)
			.map_err(|_| Refused::Damaged)?;
		Ok(Some(genesis))
	}

	/// Refuses a vault of another hospital or another chain.
	fn ensure_of(&self, claimant: &Claimant<'_>) -> Result<(), Refused> {
		if self.hospital != claimant.hospital.0 {
			return Err(Refused::OtherHospital(self.hospital));
		}
		match (self.genesis()?, claimant.genesis) {
			(Some(bucket), Some(own)) if bucket != own => Err(Refused::OtherChain),
			_ => Ok(()),
		}
	}
}

/// The time until which this gateway may change a bucket.
#[derive(Default)]
pub(super) struct Hold(Mutex<Option<Clocks>>);

impl Hold {
	pub(super) fn lasts(&self) -> bool {
		self.lasts_at(Clocks::now())
	}

	fn lasts_at(&self, now: Clocks) -> bool {
		self.until().is_some_and(|until| now.steady < until.steady && now.wall < until.wall)
	}

	/// A poisoned lock still holds valid state: it is one value.
	fn until(&self) -> MutexGuard<'_, Option<Clocks>> {
		self.0.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

/// A time by two clocks. The steady one stands still while the machine is suspended, and the wall clock may be set back: a
/// hold is over when it is by either.
#[derive(Clone, Copy, Debug)]
struct Clocks {
	steady: Instant,
	/// In milliseconds since 1970.
	wall: Moment,
}

impl Clocks {
	fn now() -> Self {
		Self { steady: Instant::now(), wall: wall_clock() }
	}

	fn after(self, time: Duration) -> Self {
		let milliseconds = Moment::try_from(time.as_millis()).unwrap_or(Moment::MAX);
		Self { steady: self.steady + time, wall: self.wall.saturating_add(milliseconds) }
	}
}

/// A bucket that this gateway holds.
#[cfg_attr(test, derive(Clone))]
pub struct Lease {
	store: Store,
	deed: Deed,
	genesis: Option<[u8; 32]>,
	version: UpdateVersion,
	hold: Arc<Hold>,
	terms: Terms,
}

impl Lease {
	/// Takes the bucket of a [leased](Store::leased) store, which changes it as long as the hold lasts.
	pub async fn claim(
		store: &Store,
		claimant: &Claimant<'_>,
		terms: Terms,
	) -> Result<Self, Refused> {
		let found = read(store).await?;
		if found.is_none() && !claimant.adopts && !is_own(store, claimant).await? {
			return Err(Refused::NotEmpty);
		}
		let (mode, genesis) = match found {
			None => (PutMode::Create, claimant.genesis),
			Some((deed, version)) => {
				deed.ensure_of(claimant)?;
				if deed.holder != claimant.holder {
					ensure_lapsed(store, &deed, &version, terms).await?;
				}
				(PutMode::Update(version), claimant.genesis.or(deed.genesis()?))
			},
		};
		let mut run = [0; 16];
		OsRng.fill_bytes(&mut run);
		let deed = Deed {
			hospital: claimant.hospital.0,
			genesis: genesis.map(in_hexadecimal),
			holder: claimant.holder.clone(),
			run: hex::encode(run),
			renewed: wall_clock(),
		};
		let begun = Clocks::now();
		let version = write_own(store, &deed, mode).await?;
		ensure_conditional(store, &deed).await?;
		let hold = store.hold.clone().unwrap_or_default();
		*hold.until() = Some(begun.after(terms.valid()));
		Ok(Self { store: store.clone(), deed, genesis, version, hold, terms })
	}

	/// The chain that the bucket belongs to, if it has belonged to one.
	pub fn genesis(&self) -> Option<[u8; 32]> {
		self.genesis
	}

	/// Renews the hold until the bucket is another's, and returns why. `genesis` gives the chain that the vault belongs
	/// to, once it is known.
	pub async fn keep(mut self, genesis: impl Fn() -> Option<[u8; 32]>) -> Refused {
		loop {
			for _ in 0..LOOKS {
				tokio::time::sleep(self.terms.renewal / LOOKS).await;
				// The machine was suspended, its clock was set, or the service is away.
				if !self.hold.lasts() {
					break;
				}
			}
			match self.renew(genesis()).await {
				Ok(()) => (),
				Err(Refused::Store(why)) => {
					tracing::warn!(why = why.kind(), "the hold on the bucket can't be renewed now");
				},
				Err(why) => {
					*self.hold.until() = None;
					return why;
				},
			}
		}
	}

	/// Renews the hold once.
	pub async fn renew(&mut self, genesis: Option<[u8; 32]>) -> Result<(), Refused> {
		let begun = Clocks::now();
		self.genesis = self.genesis.or(genesis);
		self.deed.genesis = self.genesis.map(in_hexadecimal);
		self.deed.renewed = wall_clock();
		let mode = PutMode::Update(self.version.clone());
		self.version = write_own(&self.store, &self.deed, mode).await?;
		*self.hold.until() = Some(begun.after(self.terms.valid()));
		Ok(())
	}
}

/// A gateway that uses a bucket which another one of the same vault holds for all of them.
#[derive(Default)]
pub struct Follower {
	/// The last renewal that it saw.
	seen: Option<UpdateVersion>,
}

impl Follower {
	/// Looks whether the hold was renewed. If it was, this gateway may change the bucket, too, for as long as the holder.
	pub async fn look(
		&mut self,
		store: &Store,
		claimant: &Claimant<'_>,
		terms: Terms,
	) -> Result<(), Refused> {
		let begun = Clocks::now();
		// The gateway that leads has yet to take it.
		let Some((deed, version)) = read(store).await? else { return Ok(()) };
		deed.ensure_of(claimant)?;
		if deed.holder != claimant.holder {
			if let Some(hold) = &store.hold {
				*hold.until() = None;
			}
			return Err(Refused::InUse);
		}
		// By a version and not by the time alone: the holder's clock may be wrong.
		if self.seen.as_ref() != Some(&version)
			&& let Some(hold) = &store.hold
		{
			let age = Duration::from_millis(wall_clock().saturating_sub(deed.renewed));
			*hold.until() = Some(begun.after(terms.valid().saturating_sub(age)));
			self.seen = Some(version);
		}
		Ok(())
	}
}

fn in_hexadecimal(genesis: [u8; 32]) -> String {
	format!("0x{}", hex::encode(genesis))
}

fn key(store: &Store) -> Key {
	store.prefix.clone().join(NAME)
}

async fn read(store: &Store) -> Result<Option<(Deed, UpdateVersion)>, Refused> {
	let found = match store.objects.get(&key(store)).await {
		Ok(found) => found,
		Err(object_store::Error::NotFound { .. }) => return Ok(None),
		Err(why) => return Err(why.into()),
	};
	let version =
		UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
	let bytes = found.bytes().await?;
	let deed = serde_json::from_slice(&bytes).map_err(|_| Refused::Damaged)?;
	Ok(Some((deed, version)))
}

async fn write(store: &Store, deed: &Deed, mode: PutMode) -> Result<UpdateVersion, Refused> {
	let bytes = serde_json::to_vec(deed).map_err(|_| Refused::Damaged)?;
	let written = store.objects.put_opts(&key(store), bytes.into(), mode.into()).await?;
	Ok(written.into())
}

/// Writes the object of a process's own hold. A service may write it and fail to say so: then it refuses what is sent once
/// more, as if another gateway had been quicker. The object tells whose it is.
async fn write_own(
	store: &Store,
	deed: &Deed,
	mut mode: PutMode,
) -> Result<UpdateVersion, Refused> {
	for _ in 0..OWN_WRITES {
		match write(store, deed, mode).await {
			Err(Refused::InUse) => (),
			written => return written,
		}
		mode = match read(store).await? {
			Some((found, version)) if found == *deed => return Ok(version),
			// An earlier one of this process: that one's answer was lost.
			Some((found, version)) if found.run == deed.run => PutMode::Update(version),
			_ => break,
		};
	}
	Err(Refused::InUse)
}

/// Checks that the object can't be written again as if there were none.
async fn ensure_conditional(store: &Store, deed: &Deed) -> Result<(), Refused> {
	match write(store, deed, PutMode::Create).await {
		Err(Refused::InUse) => Ok(()),
		Ok(_) => Err(Refused::Unconditional),
		Err(why) => Err(why),
	}
}

/// Refuses a bucket whose holder may be running.
async fn ensure_lapsed(
	store: &Store,
	deed: &Deed,
	version: &UpdateVersion,
	terms: Terms,
) -> Result<(), Refused> {
	let age = Duration::from_millis(wall_clock().abs_diff(deed.renewed));
	if age < terms.lapse {
		return Err(Refused::InUse);
	}
	// The holder's clock may be wrong. If it runs, it renews its hold meanwhile.
	tokio::time::sleep(terms.renewal.saturating_mul(3) / 2).await;
	match read(store).await? {
		Some((_, now)) if now == *version => Ok(()),
		_ => Err(Refused::InUse),
	}
}

/// Whether a bucket that says nothing of whose it is has no files, or those of this vault: earlier versions of the
/// gateway wrote no object.
async fn is_own(store: &Store, claimant: &Claimant<'_>) -> Result<bool, Refused> {
	let mut objects = store.objects.list(Some(&store.prefix));
	let mut is_empty = true;
	while let Some(found) = objects.try_next().await? {
		if let Some(blob) = store.blob_at(&found.location) {
			let Some(ledger) = claimant.ledger.filter(|_| claimant.genesis.is_some()) else {
				return Ok(false);
			};
			return Ok(ledger.entry(&blob).await.map_err(store::Error::from)?.is_some());
		}
		if !store.is_small(&found.location) && !store.is_piece(&found.location) {
			return Ok(false);
		}
		is_empty = false;
	}
	Ok(is_empty)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_hold_is_over_when_it_is_by_either_clock() {
		let (hold, now) = (Hold::default(), Clocks::now());
		assert!(!hold.lasts_at(now), "it has not begun");
		let valid = Terms::default().valid();
		*hold.until() = Some(now.after(valid));
		assert!(hold.lasts_at(now));
		let hour = 3_600_000;
		let suspended = Clocks { wall: now.wall + hour, ..now };
		assert!(!hold.lasts_at(suspended), "another gateway may have taken the bucket over");
		let set_back = Clocks { wall: now.wall - hour, ..now };
		assert!(hold.lasts_at(set_back));
		let later = Clocks { wall: set_back.wall, ..now.after(valid) };
		assert!(!hold.lasts_at(later));
	}
}

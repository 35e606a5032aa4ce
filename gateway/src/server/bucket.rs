//! Holding the vault's bucket.

use crate::{
	authority::Authority,
	config::Config,
	state::Leader,
	vault::{
		lease::{Claimant, Follower, Lease, Refused, Terms},
		ledger::Ledger,
		store::Store,
	},
};
use medblock_primitives::HospitalId;
use std::time::{Duration, Instant};

/// The time until the bucket is tried again whose service is away.
const AGAIN: Duration = Duration::from_secs(5);
/// The time until the bucket is looked at again at the start.
const SOON: Duration = Duration::from_millis(200);

/// The bucket that the settings name.
pub(super) struct Bucket {
	store: Store,
	hospital: HospitalId,
	holder: String,
	adopts: bool,
	ledger: Ledger,
}

impl Bucket {
	/// The bucket of a store, for the vault of these settings, which is known by this name.
	pub(super) fn new(store: &Store, config: &Config, holder: String, ledger: &Ledger) -> Self {
		Self {
			store: store.clone(),
			hospital: config.hospital,
			holder,
			adopts: config.adopt_bucket,
			ledger: ledger.clone(),
		}
	}

	fn claimant(&self, authority: &Authority) -> Claimant<'_> {
		Claimant {
			hospital: self.hospital,
			genesis: authority.genesis(),
			holder: self.holder.clone(),
			adopts: self.adopts,
			ledger: Some(&self.ledger),
		}
	}

	/// Takes the bucket, and binds the vault to its chain. There is no lease while the service is away.
	pub(super) async fn take(&self, authority: &Authority) -> Result<Option<Lease>, Refused> {
		let claimant = self.claimant(authority);
		let lease = match Lease::claim(&self.store, &claimant, Terms::default()).await {
			Ok(lease) => lease,
			Err(Refused::Store(why)) => {
				tracing::error!(why = why.kind(), "the bucket can't be used now");
				return Ok(None);
			},
			Err(why) => return Err(why),
		};
		if let Some(genesis) = lease.genesis() {
			authority.bind(genesis).map_err(|_| Refused::OtherChain)?;
		}
		Ok(Some(lease))
	}

	/// Keeps the bucket, and returns why that is no longer possible. Takes it first if there is no lease.
	pub(super) async fn keep(&self, mut lease: Option<Lease>, authority: &Authority) -> Refused {
		loop {
			if let Some(lease) = lease.take() {
				return lease.keep(|| authority.genesis()).await;
			}
			tokio::time::sleep(AGAIN).await;
			match self.take(authority).await {
				Ok(taken) => lease = taken,
				Err(why) => return why,
			}
		}
	}
}

/// The hold of all gateways of a vault on its bucket.
#[derive(Default)]
pub(super) struct Shared {
	lease: Option<Lease>,
	renewed: Option<Instant>,
	follower: Follower,
}

impl Shared {
	/// Takes or renews the hold as the gateway that leads, or looks whether that one has.
	pub(super) async fn turn(
		&mut self,
		bucket: &Bucket,
		authority: &Authority,
		leader: &Leader,
	) -> Result<(), Refused> {
		let terms = Terms::default();
		if !leader.leads() {
			self.lease = None;
			return self.look(bucket, authority, terms).await;
		}
		let Some(lease) = &mut self.lease else {
			match bucket.take(authority).await {
				Ok(lease) => (self.lease, self.renewed) = (lease, Some(Instant::now())),
				// Another gateway of the vault was quicker, or it is another vault's.
				Err(Refused::InUse) => return self.look(bucket, authority, terms).await,
				Err(why) => return Err(why),
			}
			return Ok(());
		};
		let is_new = self.renewed.is_some_and(|at| at.elapsed() < terms.renewal);
		// The machine may have been suspended since, or its clock was set.
		if is_new && bucket.store.is_held() {
			return Ok(());
		}
		match lease.renew(authority.genesis()).await {
			Ok(()) => {
				self.renewed = Some(Instant::now());
				Ok(())
			},
			// Another gateway of the vault leads by now, or its bucket is another vault's. The next turn tells.
			Err(Refused::InUse) => {
				self.lease = None;
				Ok(())
			},
			Err(why) => passing(Err(why)),
		}
	}

	/// Looks whether the gateway that leads has renewed the hold.
	async fn look(
		&mut self,
		bucket: &Bucket,
		authority: &Authority,
		terms: Terms,
	) -> Result<(), Refused> {
		let claimant = bucket.claimant(authority);
		passing(self.follower.look(&bucket.store, &claimant, terms).await)
	}

	/// Takes turns until the bucket is held.
	pub(super) async fn first(
		&mut self,
		bucket: &Bucket,
		authority: &Authority,
		leader: &Leader,
	) -> Result<(), Refused> {
		loop {
			self.turn(bucket, authority, leader).await?;
			if bucket.store.is_held() {
				return Ok(());
			}
			tokio::time::sleep(if leader.leads() { AGAIN } else { SOON }).await;
		}
	}

	/// Takes turns, and returns why that is no longer possible.
	pub(super) async fn keep(
		mut self,
		bucket: &Bucket,
		authority: &Authority,
		leader: &Leader,
	) -> Refused {
		loop {
			if let Err(why) = self.turn(bucket, authority, leader).await {
				return why;
			}
			tokio::time::sleep(AGAIN).await;
		}
	}
}

/// Passes over a failure of the service.
fn passing(turn: Result<(), Refused>) -> Result<(), Refused> {
	match turn {
		Err(Refused::Store(why)) => {
			tracing::warn!(why = why.kind(), "the hold on the bucket can't be renewed now");
			Ok(())
		},
		turn => turn,
	}
}

//! Fetching from other vaults what this one is to keep and lacks.
//!
//! The chain says which documents these are: those of which the hospital is the home or a mirror. So a mirror comes to
//! have what its patients have chosen it for, a new home what was moved to it, a successor what the hospital kept that
//! has left, and a vault that was lost, or restored from an older back-up, what another one still has.
//!
//! Of several gateways of a vault, the one that leads does it. Each vault asks with its own account. It takes no file whose bytes have another digest than the chain names.

mod charts;
mod missing;
mod resting;
mod seen;
mod source;
mod walked;

pub use source::Why;

use crate::{
	authority::{address_of, reachable},
	errors::Refusal,
	http::App,
};
use charts::Charts;
use medblock_chain::HospitalInfo;
use medblock_platform::http;
use medblock_primitives::{HospitalId, PatientId};
use pallet_consortium_runtime_api::SeatStatus;
use source::{Own, Source};
use std::{
	collections::BTreeSet,
	future::Future,
	path::PathBuf,
	sync::Arc,
	time::{Duration, Instant},
};
use walked::Walked;

/// How long a chart counts as complete. After that, files that were lost meanwhile are noticed, too.
const COMPLETE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest time until a look that no node answered is tried again.
const SOON: Duration = Duration::from_secs(60);

/// Looks at each interval for what is missing, and fetches it, for as long as the gateway runs.
pub fn keep(
	app: Arc<App>,
	data: PathBuf,
	interval: Duration,
) -> Result<impl Future<Output = ()> + Send + 'static, http::Error> {
	let (walked, charts) = (Walked::read(&data), Charts::new(app.clone())?);
	let (forgotten, is_new) = (Instant::now(), true);
	let mut fetching = Fetching { app, charts, walked, forgotten, is_new };
	Ok(async move {
		loop {
			// Of several gateways, one is enough.
			let looked = match fetching.app.leader.leads() {
				true => fetching.round().await,
				false => {
					fetching.rest();
					Ok(())
				},
			};
			let pause = match looked {
				Ok(()) => interval,
				Err(why) => {
					let code = why.code().as_str();
					tracing::warn!(
						code,
						"what other vaults have was not looked for; it is tried again soon"
					);
					interval.min(SOON)
				},
			};
			tokio::time::sleep(pause).await;
		}
	})
}

/// What is kept from one look to the next.
struct Fetching {
	app: Arc<App>,
	charts: Charts,
	/// The hospitals of whose documents all charts were looked at.
	walked: Walked,
	/// When the complete charts were forgotten last.
	forgotten: Instant,
	/// Whether the charts of which the vault has files are to be looked at, too.
	is_new: bool,
}

impl Fetching {
	/// Forgets what is missing, and leaves it to another gateway.
	fn rest(&mut self) {
		self.charts.rest();
		self.is_new = true;
	}

	/// Looks at all charts of which the vault may have to keep something.
	async fn round(&mut self) -> Result<(), Refusal> {
		let app = self.app.clone();
		app.vault.ensure_held()?;
		let authority = &app.authority;
		let own = authority.hospital();
		let hospitals = authority.hospitals().await?;
		let successions = authority.successions().await?;
		let may_ask = authority.is_own_vaults(&app.receipts.account()).await?;
		self.charts.begin(sources(&app, &hospitals), may_ask);
		if self.charts.seen.begin(&hospitals, &successions) {
			self.is_new = true;
		}
		if self.forgotten.elapsed() > COMPLETE_FOR {
			self.charts.seen.forget();
			(self.forgotten, self.is_new) = (Instant::now(), true);
		}
		let succeeded = successions.iter().filter(|one| one.successor == own).map(|one| one.left);
		let keepers: BTreeSet<HospitalId> = succeeded.chain([own]).collect();
		for hospital in &keepers {
			self.people_of(*hospital, true).await?;
			self.choosers_of(*hospital).await?;
		}
		if self.is_new {
			for patient in app.vault.patients().await? {
				self.chart_of(patient, true).await?;
			}
			self.is_new = false;
		}
		// Of charts that are in none of these lists.
		for patient in self.charts.open() {
			self.chart_of(patient, false).await?;
		}
		self.everybody(&hospitals, &keepers).await?;
		self.charts.end();
		Ok(())
	}

	/// Looks at the charts of a hospital's patients.
	async fn people_of(&mut self, hospital: HospitalId, remember: bool) -> Result<(), Refusal> {
		let mut after: Option<PatientId> = None;
		loop {
			let page = self.app.authority.people_of(hospital, after).await?;
			for info in &page.items {
				self.charts.look(info, remember).await?;
			}
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => return Ok(()),
			}
		}
	}

	/// Looks at the charts of the patients who have chosen a hospital's vault.
	async fn choosers_of(&mut self, hospital: HospitalId) -> Result<(), Refusal> {
		let mut after: Option<PatientId> = None;
		loop {
			let page = self.app.authority.choosers_of(hospital, after).await?;
			for patient in page.items {
				self.chart_of(patient, true).await?;
			}
			match page.next {
				Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
				_ => return Ok(()),
			}
		}
	}

	async fn chart_of(&mut self, patient: PatientId, remember: bool) -> Result<(), Refusal> {
		match self.app.authority.patient(patient).await? {
			Some(info) => self.charts.look(&info, remember).await,
			None => Ok(()),
		}
	}

	/// Looks once at the charts of all other hospitals' patients, for a vault that is new, and again for each hospital that
	/// it succeeds: people who have moved on have left documents that no list leads to.
	async fn everybody(
		&mut self,
		hospitals: &[HospitalInfo],
		keepers: &BTreeSet<HospitalId>,
	) -> Result<(), Refusal> {
		if !self.walked.covers(keepers) {
			let all = hospitals.iter().map(|one| one.id);
			let others: Vec<HospitalId> = all.filter(|one| !keepers.contains(one)).collect();
			for hospital in others {
				self.people_of(hospital, false).await?;
			}
			self.walked.add(keepers);
		}
		// After a restart, only another walk would lead to what is missing.
		if self.charts.is_whole() {
			self.walked.write();
		}
		Ok(())
	}
}

/// The other hospitals' vaults.
fn sources(app: &App, hospitals: &[HospitalInfo]) -> Vec<Source> {
	let own = app.authority.hospital();
	let on_chain = hospitals.iter().find(|one| one.id == own).and_then(address_of);
	let own_address = app.authority.address().cloned().or(on_chain);
	let others = hospitals.iter().filter(|one| one.id != own);
	let source = |one: &HospitalInfo| Source {
		hospital: one.id,
		address: reachable(address_of(one), own_address.as_ref()).ok(),
		has_left: one.seat == SeatStatus::Expelled,
	};
	others.map(source).collect()
}

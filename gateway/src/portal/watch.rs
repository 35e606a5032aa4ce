//! The check of all hospitals' portals, at each interval.

use super::{
	Pages,
	check::{self, Outcome},
};
use crate::{
	authority::{address_of as address, reachable},
	errors::Refusal,
	http::App,
};
use futures::{StreamExt, stream};
use medblock_platform::http;
use medblock_portal_files::{Origin, Portal, Remote};
use medblock_primitives::{HospitalId, PortalRelease};
use pallet_consortium_runtime_api::SeatStatus;
use rand::Rng;
use std::{
	collections::BTreeSet,
	future::Future,
	sync::Arc,
	time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The longest time until the first check, and until a check that no node answered is made again.
const SOON: Duration = Duration::from_secs(60);
/// The longest time until a check after one that found a file held back.
const AGAIN: Duration = Duration::from_secs(300);
/// The portals that are checked at once.
const AT_ONCE: usize = 4;

/// Checks all portals at each interval, for as long as the gateway runs. Gateways that started together do not all ask at
/// the same moment.
pub fn watch(
	app: Arc<App>,
	interval: Duration,
) -> Result<impl Future<Output = ()> + Send + 'static, http::Error> {
	let remote = Remote::new()?;
	Ok(async move {
		let mut last = Last::default();
		let mut pause = interval.min(SOON).mul_f64(random(0.0, 1.0));
		loop {
			tokio::time::sleep(pause).await;
			pause = match round(&app, &remote, &mut last).await {
				Ok(()) if last.is_one_held_back_anew => interval.min(AGAIN),
				Ok(()) => interval.mul_f64(random(0.9, 1.1)),
				Err(why) => {
					let code = why.code().as_str();
					tracing::warn!(code, "portals were not checked; it is tried again soon");
					interval.min(SOON)
				},
			};
		}
	})
}

fn random(from: f64, to: f64) -> f64 {
	rand::thread_rng().gen_range(from..to)
}

/// What the last round has left.
#[derive(Default)]
struct Last {
	/// The hospitals with metrics.
	checked: BTreeSet<HospitalId>,
	/// The gateways of the hospitals.
	gateways: Vec<Origin>,
	/// The hospitals whose gateways held back a file when their portals were last seen.
	held_back: BTreeSet<HospitalId>,
	/// Whether the round has found the first such file of a hospital.
	is_one_held_back_anew: bool,
}

/// Checks every active hospital's portal once.
async fn round(app: &App, remote: &Remote, last: &mut Last) -> Result<(), Refusal> {
	let listed = app.authority.portal_releases().await?;
	let hospitals = app.authority.hospitals().await?;
	let own = app.authority.hospital();
	let own_address = app
		.authority
		.address()
		.cloned()
		.or_else(|| hospitals.iter().find(|one| one.id == own).and_then(address));
	let others: Vec<_> = hospitals
		.iter()
		.filter(|one| one.id != own && one.seat != SeatStatus::Expelled)
		.map(|one| (one.id, reachable(address(one), own_address.as_ref())))
		.collect();
	let mut checked: BTreeSet<_> = others.iter().map(|(hospital, _)| *hospital).collect();
	if let Some(pages) = &app.portal {
		checked.insert(own);
		check_own(app, pages, &listed).await;
	}
	let gateways: Vec<_> =
		hospitals.iter().filter_map(address).map(|address| Origin::from(&address)).collect();
	// Gateways learn of changes a little later, so their pages may still ask those of the last round.
	let asked = [&gateways[..], &last.gateways[..]].concat();
	let (listed, asked, before) = (&listed[..], &asked[..], &last.held_back);
	let checks = others.into_iter().map(|(hospital, address)| async move {
		let outcome = match address {
			Ok(address) => {
				let fetched = remote.check(&address, Some(asked)).await;
				Outcome::of(fetched, listed, before.contains(&hospital))
			},
			Err(why) => Outcome::Unreachable(why),
		};
		note(app, hospital, &outcome);
		(hospital, outcome)
	});
	let outcomes: Vec<_> = stream::iter(checks).buffer_unordered(AT_ONCE).collect().await;
	let (held_back, is_one_held_back_anew) = held_back(&last.held_back, &outcomes);
	// Expelled hospitals' figures end.
	for gone in last.checked.difference(&checked) {
		let label = gone.0.to_string();
		let _ = app.metrics.portal_mismatch.remove_label_values(&[&label]);
		let _ = app.metrics.portal_unreachable.remove_label_values(&[&label]);
	}
	*last = Last { checked, gateways, held_back, is_one_held_back_anew };
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	app.metrics.portals_checked.set(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
	Ok(())
}

/// The hospitals whose gateways held back a file when their portals were last seen, and whether one of them has done so for
/// the first time. A hospital that can't be reached meanwhile has not shown that it sends everything.
fn held_back(
	before: &BTreeSet<HospitalId>,
	outcomes: &[(HospitalId, Outcome)],
) -> (BTreeSet<HospitalId>, bool) {
	let mut now = BTreeSet::new();
	let mut is_new = false;
	for (hospital, outcome) in outcomes {
		let is_known = before.contains(hospital);
		match outcome {
			Outcome::HeldBack { .. } => {
				is_new |= !is_known;
				now.insert(*hospital);
			},
			Outcome::Unreachable(_) | Outcome::NoPortal if is_known => {
				now.insert(*hospital);
			},
			_ => {},
		}
	}
	(now, is_new)
}

/// Sets the figures of another hospital's portal. A hospital that can't be reached, or that serves none, keeps the last
/// mismatch: hiding must not end an alert. After a start there is no last one, and no figure until a portal was seen: a
/// zero would say that it is right.
fn note(app: &App, hospital: HospitalId, outcome: &Outcome) {
	let (metrics, label) = (&app.metrics, hospital.0.to_string());
	metrics.portal_checks.with_label_values(&[outcome.label()]).inc();
	let is_unreachable = matches!(outcome, Outcome::Unreachable(_) | Outcome::HeldBack { .. });
	metrics.portal_unreachable.with_label_values(&[&label]).set(is_unreachable.into());
	let set = |is_mismatch: bool| {
		metrics.portal_mismatch.with_label_values(&[&label]).set(is_mismatch.into());
	};
	let hospital = hospital.0;
	match outcome.is_mismatch() {
		Some(true) => {
			set(true);
			tracing::error!(hospital, %outcome, "a hospital's portal is not a listed one");
		},
		Some(false) => {
			set(false);
			tracing::debug!(hospital, %outcome, "a hospital's portal was checked");
		},
		None if is_unreachable => {
			tracing::warn!(hospital, %outcome, "a hospital's portal can't be checked");
		},
		None => tracing::debug!(hospital, %outcome, "a hospital has no portal to check"),
	}
}

/// Checks the own portal: its folder, and whether it is still listed.
async fn check_own(app: &App, pages: &Pages, listed: &[PortalRelease]) {
	let folder = pages.folder().to_owned();
	let read = move || Portal::open(&folder).map(|portal| portal.digest());
	// It ends with the gateway only.
	let Ok(in_folder) = tokio::task::spawn_blocking(read).await else { return };
	let wrong = check::own(pages.digest(), in_folder, listed);
	let hospital = app.authority.hospital().0;
	let label = hospital.to_string();
	app.metrics.portal_mismatch.with_label_values(&[&label]).set(wrong.is_some().into());
	let outcome = if wrong.is_some() { "own-changed" } else { "right" };
	app.metrics.portal_checks.with_label_values(&[outcome]).inc();
	if let Some(why) = wrong {
		tracing::error!(hospital, why, "this gateway's own portal is not as it should be");
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_portal_files::Fault;

	#[test]
	fn being_away_does_not_undo_that_a_file_was_held_back() {
		let one = HospitalId(1);
		let held = || {
			let why = Fault::HeldBack { name: "a.js".into(), why: "it answered 503".into() };
			Outcome::of(Err(why), &[], false)
		};
		let away = || Outcome::Unreachable("is away".into());
		let (none, known) = (BTreeSet::new(), BTreeSet::from([one]));
		for (before, outcome, expected) in [
			(&none, held(), (&known, true)),
			(&known, held(), (&known, false)),
			(&known, away(), (&known, false)),
			(&known, Outcome::NoPortal, (&known, false)),
			(&none, away(), (&none, false)),
			(&known, Outcome::Right, (&none, false)),
		] {
			let (now, is_new) = held_back(before, &[(one, outcome)]);
			assert_eq!((&now, is_new), expected);
		}
	}
}

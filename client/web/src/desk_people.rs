//! The hospital's people at the desk, page by page.

use crate::{
	desk::DeskPatient,
	failure::Failure,
	people::Patient,
	running::{Outcome, read, until, value, watched},
	session::Session,
};
use js_sys::Function;
use medblock_client::{
	medblock_primitives::{PatientId, Standing},
	people::{Listed, Part, Search},
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The number of patients of a page, unless another is asked for.
const PAGE: u32 = 50;

/// Which of the hospital's patients.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Query {
	search: String,
	standing: Option<Standing>,
	names: bool,
	after: Option<u32>,
	limit: Option<u32>,
}

/// A part of the hospital's patients.
#[derive(Serialize)]
struct Page {
	items: Vec<DeskPatient>,
	next: Option<PatientId>,
	unread: u64,
}

#[wasm_bindgen]
impl Session {
	/// The own hospital's patients.
	#[wasm_bindgen(js_name = deskPatients)]
	pub async fn patients_at_desk(
		&self,
		query: JsValue,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let query: Query = read(query)?;
		let asking = async {
			let (at, period) = (self.at().await?, self.period().await?);
			let search = Search::new(&query.search, query.standing, query.names);
			let limit = usize::try_from(query.limit.unwrap_or(PAGE)).unwrap_or(usize::MAX);
			let part = (query.after.map(PatientId), limit);
			let progress = watched(progress);
			let found = self.client.patients_of_own_hospital(&at, &search, part, &progress);
			let Part { items, next, unread } = found.await?;
			let shown = |Listed { info, profile }| {
				let (profile, problem) = match profile {
					None => (None, None),
					Some(Ok(profile)) => (Some(profile.into()), None),
					Some(Err(why)) => (None, Some(Failure::from(why))),
				};
				DeskPatient::new(Patient::new(&info, period), profile, problem, info.standing)
			};
			value(&Page { items: items.into_iter().map(shown).collect(), next, unread })
		};
		until(signal, asking).await
	}
}

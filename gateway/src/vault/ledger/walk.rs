//! How far garbage collection has come on its way through all charts. Each question takes as long as its answer, however much
//! the vault has.

use super::Ledger;
use crate::state::{Value, places, values};
use medblock_primitives::PatientId;
use std::io;

/// The patients that one statement asks about.
const ROWS: usize = 256;

/// The patients with files, from one on, so many of them: one step in the index for each.
const CHARTS: &str = "WITH RECURSIVE charts (patient, place) AS (\
	SELECT (SELECT min(patient) FROM files WHERE patient >= $1), 1 \
	UNION ALL \
	SELECT (SELECT min(files.patient) FROM files WHERE files.patient > charts.patient), place + 1 \
	FROM charts WHERE charts.patient IS NOT NULL AND place < $2) \
	SELECT patient FROM charts WHERE patient IS NOT NULL";

/// How far a walk through all charts has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walk {
	/// The first patient whose chart comes next.
	pub next: u32,
	/// The files of the charts before that.
	pub files: u64,
	/// Those of them that came into quarantine or were deleted.
	pub taken: u64,
	/// The files of all charts in the walk before.
	pub all: u64,
}

impl Ledger {
	/// How far the walk has come.
	pub async fn walk(&self) -> io::Result<Walk> {
		let statement = "SELECT next, files, taken, all_files FROM walk";
		match self.state.one(statement, values![]).await? {
			Some(row) => Ok(Walk {
				next: row.short(0)?,
				files: row.number(1)?,
				taken: row.number(2)?,
				all: row.number(3)?,
			}),
			None => Ok(Walk::default()),
		}
	}

	/// Notes how far it has come.
	pub async fn note_walk(&self, walk: &Walk) -> io::Result<()> {
		let Walk { next, files, taken, all } = *walk;
		let mut change = self.state.change().await?;
		change.run("DELETE FROM walk", values![]).await?;
		let statement = "INSERT INTO walk (next, files, taken, all_files) VALUES ($1, $2, $3, $4)";
		change.run(statement, values![next, files, taken, all]).await?;
		change.commit().await
	}

	/// The patients with entries from `first` on, in their order, so many of them at most.
	pub async fn patients_from(&self, first: u32, most: usize) -> io::Result<Vec<PatientId>> {
		let rows = self.state.all(CHARTS, values![first, most as u64]).await?;
		rows.iter().map(|row| row.short(0).map(PatientId)).collect()
	}

	/// Those of these patients who have no entry.
	pub async fn unknown(&self, patients: &[PatientId]) -> io::Result<Vec<PatientId>> {
		let mut unknown = Vec::new();
		for some in patients.chunks(ROWS) {
			let listed = places(some.len(), 1);
			let statement = format!(
				"SELECT column1 FROM (VALUES {listed}) AS listed WHERE NOT EXISTS \
				 (SELECT 1 FROM files WHERE files.patient = listed.column1)"
			);
			let values: Vec<Value> = some.iter().map(|one| Value::from(one.0)).collect();
			for row in self.state.all(&statement, values).await? {
				unknown.push(PatientId(row.short(0)?));
			}
		}
		Ok(unknown)
	}

	/// The number of files with entries, of the patients from one to another.
	pub async fn files_of(&self, first: PatientId, last: PatientId) -> io::Result<u64> {
		let statement = "SELECT count(*) FROM files WHERE patient >= $1 AND patient <= $2";
		let row = self.state.one(statement, values![first.0, last.0]).await?;
		row.map_or(Ok(0), |row| row.number(0))
	}

	/// The number of files in quarantine.
	pub async fn waiting(&self) -> io::Result<u64> {
		let statement = "SELECT count(*) FROM files WHERE quarantined IS NOT NULL";
		let row = self.state.one(statement, values![]).await?;
		row.map_or(Ok(0), |row| row.number(0))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		blob::{BlobId, Digest},
		state::{State, tests::with_each},
	};
	use medblock_primitives::HospitalId;

	/// Charts with a file each, and every tenth with another.
	async fn with_charts(state: &State, patients: impl Iterator<Item = u32>) -> Ledger {
		let ledger = Ledger::new(state.clone());
		for patient in patients.map(PatientId) {
			for number in 0..=u8::from(patient.0 % 10 == 0) {
				let digest = Digest([number; 32]);
				assert!(ledger.adopt(&BlobId { patient, digest }, 1, 1).await.unwrap());
			}
		}
		ledger
	}

	#[tokio::test]
	async fn charts_are_walked_through_a_few_at_a_time() {
		with_each(async |place| {
			let state = State::open(&place, HospitalId(0)).await.unwrap();
			let ledger = with_charts(&state, (5..40).step_by(5)).await;
			let from = async |first, most| -> Vec<u32> {
				let found = ledger.patients_from(first, most).await.unwrap();
				found.into_iter().map(|one| one.0).collect()
			};
			assert_eq!(from(0, 3).await, [5, 10, 15]);
			assert_eq!(from(16, 3).await, [20, 25, 30]);
			assert_eq!(from(31, 3).await, [35]);
			assert_eq!(from(36, 3).await, Vec::<u32>::new());
			assert_eq!(from(u32::MAX, 3).await, Vec::<u32>::new());
			assert_eq!(ledger.files_of(PatientId(10), PatientId(20)).await.unwrap(), 5);
			assert_eq!(ledger.files_of(PatientId(0), PatientId(u32::MAX)).await.unwrap(), 10);
			assert_eq!(ledger.waiting().await.unwrap(), 0);
			let many: Vec<PatientId> = (0..600).map(PatientId).collect();
			let unknown = ledger.unknown(&many).await.unwrap();
			assert_eq!(unknown.len(), 600 - 7);
			assert!(!unknown.contains(&PatientId(35)) && unknown.contains(&PatientId(599)));

			assert_eq!(ledger.walk().await.unwrap(), Walk::default());
			let walk = Walk { next: 31, files: 8, taken: 2, all: 10 };
			ledger.note_walk(&Walk::default()).await.unwrap();
			ledger.note_walk(&walk).await.unwrap();
			assert_eq!(ledger.walk().await.unwrap(), walk);
		})
		.await;
	}

	/// SQLite says how it would answer.
	#[tokio::test]
	async fn no_question_of_a_walk_reads_all_files() {
		let folder = tempfile::tempdir().unwrap();
		let place = crate::state::Place::File(folder.path().join("state.sqlite"));
		let state = State::open(&place, HospitalId(0)).await.unwrap();
		let statements = [
			(CHARTS, values![0u32, 1u32]),
			(
				"SELECT count(*) FROM files WHERE patient >= $1 AND patient <= $2",
				values![0u32, 1u32],
			),
			("SELECT count(*) FROM files WHERE quarantined IS NOT NULL", values![]),
			("SELECT patient FROM files WHERE deleting <= $1", values![0u32]),
			("SELECT patient FROM files WHERE deleting > $1", values![0u32]),
			("SELECT patient FROM uploads WHERE active <= $1", values![0u32]),
		];
		for (statement, values) in statements {
			let plan = format!("EXPLAIN QUERY PLAN {statement}");
			for row in state.all(&plan, values).await.unwrap() {
				let step = row.text(3).unwrap();
				let is_whole = step.contains("SCAN files") && !step.contains("files_quarantined");
				assert!(!is_whole && !step.contains("SCAN uploads"), "{statement}: {step}");
			}
		}
	}
}

//! What inboxes have to say, worked out from the chain's events by other means than the node's.

use medblock_e2e::Chain;
use medblock_primitives::{Author, DoctorId, PatientId, RecordIndex};
use medblock_runtime::{Runtime, RuntimeEvent};
use medblock_views::Time;
use pallet_medical_records::Event;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a doctor may see of a chart.
#[derive(Clone)]
enum Sight {
	All,
	Only(BTreeSet<RecordIndex>),
}

/// What each doctor may see, as far as events tell.
#[derive(Clone, Default)]
struct World {
	sights: BTreeMap<(PatientId, DoctorId), Sight>,
	suspended: BTreeSet<DoctorId>,
	/// What is going to be shared, which the events do not say.
	shares: Vec<BTreeSet<RecordIndex>>,
}

impl World {
	fn moves_on(&mut self, event: &Event<Runtime>) {
		match event {
			Event::AccessGranted { patient, doctor, .. } => {
				self.sights.insert((*patient, *doctor), Sight::All);
			},
			Event::RecordsShared { patient, doctor, .. } => {
				let records = self.shares.remove(0);
				self.sights.insert((*patient, *doctor), Sight::Only(records));
			},
			Event::AccessRevoked { patient, doctor }
			| Event::AccessRelinquished { patient, doctor } => {
				self.sights.remove(&(*patient, *doctor));
			},
			Event::DoctorSuspended { doctor } => drop(self.suspended.insert(*doctor)),
			Event::DoctorReinstated { doctor } => drop(self.suspended.remove(doctor)),
			_ => {},
		}
	}

	fn sight(&self, patient: PatientId, doctor: DoctorId) -> Option<&Sight> {
		let sight = self.sights.get(&(patient, doctor));
		sight.filter(|_| !self.suspended.contains(&doctor))
	}

	/// Whether a doctor is told of something that happened to a record.
	fn shows(&self, patient: PatientId, doctor: DoctorId, record: RecordIndex) -> bool {
		match self.sight(patient, doctor) {
			Some(Sight::All) => true,
			Some(Sight::Only(records)) => records.contains(&record),
			None => false,
		}
	}
}

/// What each doctor has to be told of the blocks behind `begin`, up to `end`.
pub async fn expected(
	chain: &Chain,
	begin: u32,
	end: u32,
	shares: &[Vec<RecordIndex>],
) -> BTreeMap<DoctorId, Vec<(u32, Value)>> {
	let shares = shares.iter().map(|records| records.iter().copied().collect()).collect();
	let mut world = World { shares, ..World::default() };
	let mut told: BTreeMap<DoctorId, Vec<(u32, Value)>> = BTreeMap::new();
	for number in 1..=end {
		let hash = chain.hash_of(number).await.unwrap();
		let events: Vec<_> = chain
			.events(hash)
			.await
			.into_iter()
			.filter_map(|event| match event {
				RuntimeEvent::MedicalRecords(event) => Some(event),
				_ => None,
			})
			.collect();
		for event in &events {
			if let Event::DoctorRegistered { doctor, .. } = event {
				told.insert(*doctor, Vec::new());
			}
			world.moves_on(event);
		}
		if number <= begin {
			continue;
		}
		for (doctor, inbox) in &mut told {
			for event in &events {
				inbox.extend(shown(&world, *doctor, event).map(|event| (number, event)));
			}
		}
	}
	told
}

/// What a doctor is told of an event. No patient of this story shares records in the block that adds them.
fn shown(world: &World, who: DoctorId, event: &Event<Runtime>) -> Option<Value> {
	match event.clone() {
		Event::AccessGranted { patient, doctor, may_append, expires_at } if doctor == who => {
			Some(json!({
				"type": "granted", "patient": patient, "scope": "chart", "records": null,
				"mayAppend": may_append, "expiresAt": expires_at.map(Time::from),
			}))
		},
		Event::RecordsShared { patient, doctor, records, may_append, expires_at }
			if doctor == who =>
		{
			Some(json!({
				"type": "granted", "patient": patient, "scope": "records",
				"records": records, "mayAppend": may_append, "expiresAt": expires_at.map(Time::from),
			}))
		},
		Event::AccessRevoked { patient, doctor } if doctor == who => {
			Some(json!({ "type": "revoked", "patient": patient }))
		},
		Event::AccessRelinquished { patient, doctor } if doctor == who => {
			Some(json!({ "type": "relinquished", "patient": patient }))
		},
		Event::RecordsAdded { patient, author: Author::Patient, first, count } => {
			world.shows(patient, who, first).then(|| {
				json!({
					"type": "records-added", "patient": patient, "author": "patient",
					"first": first, "count": count,
				})
			})
		},
		Event::RecordWithdrawn { patient, record } => world
			.shows(patient, who, record)
			.then(|| json!({ "type": "record-withdrawn", "patient": patient, "record": record })),
		Event::ChartKeyRotated { patient, epoch } => {
			matches!(world.sight(patient, who), Some(Sight::All))
				.then(|| json!({ "type": "chart-key-rotated", "patient": patient, "epoch": epoch }))
		},
		Event::DoctorSuspended { doctor } if doctor == who => {
			Some(json!({ "type": "standing-changed", "doctor": doctor, "standing": "suspended" }))
		},
		Event::DoctorReinstated { doctor } if doctor == who => {
			Some(json!({ "type": "standing-changed", "doctor": doctor, "standing": "verified" }))
		},
		Event::EncryptionKeySet { doctor, version } if doctor == who => {
			Some(json!({ "type": "encryption-key-set", "doctor": doctor, "version": version }))
		},
		_ => None,
	}
}

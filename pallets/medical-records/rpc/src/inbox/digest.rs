//! What one block brought, for all doctors.

use crate::{MedicalRecordsRuntimeApi, earlier, errors::not_answered};
use jsonrpsee::core::RpcResult;
use medblock_primitives::{DoctorId, Page, PatientId, RecordIndex, Scope};
use medblock_views::{Account, BlockHash, BlockRef, InboxEvent, Time};
use pallet_medical_records_runtime_api::{Change, MAX_PAGE};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{AccountId32, traits::Block as BlockT};
use std::collections::{BTreeMap, BTreeSet};

/// How much of a chart a doctor may see when the block ends.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reach {
	Chart,
	/// These; or, before the block, these.
	Records(BTreeSet<RecordIndex>),
}

type Readers = BTreeMap<DoctorId, Reach>;

/// A block's changes, and who may know of those that happened to charts.
pub(super) struct Digest {
	block: BlockRef,
	changes: Vec<Change<AccountId32>>,
	readers: BTreeMap<PatientId, Readers>,
}

impl Digest {
	/// Reads a finalized block's.
	pub fn read<C, B>(client: &C, block: BlockRef) -> RpcResult<Self>
	where
		B: BlockT<Hash = H256>,
		C: ProvideRuntimeApi<B> + HeaderBackend<B>,
		C::Api: MedicalRecordsRuntimeApi<B, AccountId32>,
	{
		let BlockRef { number, hash: BlockHash(hash) } = block;
		let at = H256(hash);
		let failed = |why| not_answered(number, why);
		let changes =
			Page::all(|after| client.runtime_api().news(at, after, MAX_PAGE)).map_err(failed)?;
		let mut readers = BTreeMap::new();
		for patient in changes.iter().filter_map(chart) {
			if readers.contains_key(&patient) {
				continue;
			}
			let withdrawn = |change: &Change<_>| matches!(change, Change::RecordWithdrawn { patient: whose, .. } if *whose == patient);
			// Who had a record that is withdrawn now, only the state before can tell.
			let before = match changes.iter().any(withdrawn) {
				true => parent(client, number)?,
				false => None,
			};
			let found = readers_of(client, patient, at, before).map_err(failed)?;
			readers.insert(patient, found);
		}
		Ok(Self { block, changes, readers })
	}

	/// Which block it is.
	pub fn block(&self) -> BlockRef {
		self.block
	}

	/// What concerns a doctor, in order.
	pub fn events_for(&self, doctor: DoctorId) -> Vec<InboxEvent> {
		self.changes.iter().flat_map(|change| self.seen_by(doctor, change)).collect()
	}

	fn seen_by(&self, who: DoctorId, change: &Change<AccountId32>) -> Vec<InboxEvent> {
		let reach = chart(change)
			.and_then(|patient| self.readers.get(&patient))
			.and_then(|readers| readers.get(&who));
		let seen = match (change.clone(), reach) {
			(Change::Granted { patient, doctor, scope, records, may_append, expires_at }, _)
				if doctor == who =>
			{
				let expires_at = expires_at.map(Time::from);
				InboxEvent::Granted { patient, scope, records, may_append, expires_at }
			},
			(Change::Revoked { patient, doctor }, _) if doctor == who => {
				InboxEvent::Revoked { patient }
			},
			(Change::Relinquished { patient, doctor }, _) if doctor == who => {
				InboxEvent::Relinquished { patient }
			},
			(Change::RecordsAdded { patient, author, first, count }, Some(Reach::Chart)) => {
				InboxEvent::RecordsAdded { patient, author, first, count }
			},
			(
				Change::RecordsAdded { patient, author, first, count },
				Some(Reach::Records(shared)),
			) => {
				return runs(shared.range(first..first.saturating_add(count)))
					.into_iter()
					.map(|(first, count)| InboxEvent::RecordsAdded {
						patient,
						author,
						first,
						count,
					})
					.collect();
			},
			(Change::RecordWithdrawn { patient, record }, Some(Reach::Chart)) => {
				InboxEvent::RecordWithdrawn { patient, record }
			},
			(Change::RecordWithdrawn { patient, record }, Some(Reach::Records(shared)))
				if shared.contains(&record) =>
			{
				InboxEvent::RecordWithdrawn { patient, record }
			},
			(Change::ChartKeyRotated { patient, epoch }, Some(Reach::Chart)) => {
				InboxEvent::ChartKeyRotated { patient, epoch }
			},
			(Change::PatientProfileUpdated { patient, by_hospital }, Some(Reach::Chart)) => {
				InboxEvent::PatientProfileUpdated { patient, by_hospital }
			},
			(change, _) => match own(change) {
				Some((doctor, event)) if doctor == who => event,
				_ => return Vec::new(),
			},
		};
		vec![seen]
	}
}

/// What happened to a doctor's own entry.
fn own(change: Change<AccountId32>) -> Option<(DoctorId, InboxEvent)> {
	Some(match change {
		Change::DoctorStandingChanged { doctor, standing } => {
			(doctor, InboxEvent::StandingChanged { doctor, standing })
		},
		Change::DoctorProfileUpdated { doctor, by_hospital } => {
			(doctor, InboxEvent::ProfileUpdated { doctor, by_hospital })
		},
		Change::DoctorProfileProposed { doctor } => {
			(doctor, InboxEvent::ProfileProposed { doctor })
		},
		Change::DoctorProfileDiscarded { doctor, by_hospital } => {
			(doctor, InboxEvent::ProfileDiscarded { doctor, by_hospital })
		},
		Change::DoctorAccountChangeRequested { doctor, new, due } => {
			let (new, due) = (Account::new(new), due.into());
			(doctor, InboxEvent::AccountChangeRequested { doctor, new, due })
		},
		Change::DoctorAccountChangeStopped { doctor, why } => {
			(doctor, InboxEvent::AccountChangeStopped { doctor, why })
		},
		Change::DoctorDetailsSet { doctor, licence_expires } => {
			let licence_expires = licence_expires.map(Time::from);
			(doctor, InboxEvent::DetailsSet { doctor, licence_expires })
		},
		Change::EncryptionKeySet { doctor, version } => {
			(doctor, InboxEvent::EncryptionKeySet { doctor, version })
		},
		Change::EncryptionKeyConfirmed { doctor, version } => {
			(doctor, InboxEvent::EncryptionKeyConfirmed { doctor, version })
		},
		Change::DoctorAccountChanged { doctor, old, new } => {
			let (old, new) = (Account::new(old), Account::new(new));
			(doctor, InboxEvent::AccountChanged { doctor, old, new })
		},
		Change::DoctorMoved { doctor, from, to } => {
			(doctor, InboxEvent::Moved { doctor, from, to })
		},
		Change::DoctorMoveDeclined { doctor, hospital } => {
			(doctor, InboxEvent::MoveDeclined { doctor, hospital })
		},
		Change::DoctorMoveLapsed { doctor, hospital } => {
			(doctor, InboxEvent::MoveLapsed { doctor, hospital })
		},
		Change::DoctorRegistrationLapsed { doctor } => {
			(doctor, InboxEvent::RegistrationLapsed { doctor })
		},
		Change::Granted { .. }
		| Change::Revoked { .. }
		| Change::Relinquished { .. }
		| Change::RecordsAdded { .. }
		| Change::RecordWithdrawn { .. }
		| Change::ChartKeyRotated { .. }
		| Change::PatientProfileUpdated { .. } => return None,
	})
}

/// The chart that something happened to which its readers are told.
fn chart<AccountId>(change: &Change<AccountId>) -> Option<PatientId> {
	match change {
		Change::RecordsAdded { patient, .. }
		| Change::RecordWithdrawn { patient, .. }
		| Change::ChartKeyRotated { patient, .. }
		| Change::PatientProfileUpdated { patient, .. } => Some(*patient),
		_ => None,
	}
}

/// Places in a row, as the first and how many there are.
fn runs<'a>(places: impl Iterator<Item = &'a RecordIndex>) -> Vec<(RecordIndex, u32)> {
	let mut runs: Vec<(RecordIndex, u32)> = Vec::new();
	for place in places {
		match runs.last_mut() {
			Some((first, count)) if first.saturating_add(*count) == *place => *count += 1,
			_ => runs.push((*place, 1)),
		}
	}
	runs
}

fn parent<C, B>(client: &C, number: u32) -> RpcResult<Option<H256>>
where
	B: BlockT<Hash = H256>,
	C: HeaderBackend<B>,
{
	client.hash(number.saturating_sub(1).into()).map_err(crate::errors::internal)
}

/// The doctors who may see something of a chart.
fn readers_of<C, B>(
	client: &C,
	patient: PatientId,
	at: H256,
	before: Option<H256>,
) -> Result<Readers, ApiError>
where
	B: BlockT<Hash = H256>,
	C: ProvideRuntimeApi<B>,
	C::Api: MedicalRecordsRuntimeApi<B, AccountId32>,
{
	let ask = |after| {
		let api = client.runtime_api();
		earlier::grants_of_patient::<B, _>(&*api, at, patient, after, MAX_PAGE)
	};
	let grants = Page::all(ask)?;
	let mut readers = Readers::new();
	for grant in grants.into_iter().filter(|grant| grant.access.is_ok()) {
		let reach = match grant.scope {
			Scope::Chart => Reach::Chart,
			Scope::Records => {
				let mut shared = BTreeSet::new();
				for at in [Some(at), before].into_iter().flatten() {
					let share = client.runtime_api().share(at, patient, grant.doctor)?;
					shared.extend(share.records.iter().map(|record| record.record));
				}
				Reach::Records(shared)
			},
		};
		readers.insert(grant.doctor, reach);
	}
	Ok(readers)
}

#[cfg(test)]
mod tests;

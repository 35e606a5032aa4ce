//! Answers in the shapes that earlier runtimes give them: nodes are upgraded before their chain is.

use crate::{GrantInfo, PatientInfo, RecordInfo};
use alloc::vec::Vec;
use codec::{Decode, DecodeAll, Encode};
use medblock_primitives::*;

/// An answer that has a present shape.
pub trait Present<Now> {
	/// The answer in its present shape.
	fn present(self) -> Now;
}

impl<Then: Into<Now>, Now> Present<Option<Now>> for Option<Then> {
	fn present(self) -> Option<Now> {
		self.map(Into::into)
	}
}

impl<Then: Into<Now>, Now, Cursor> Present<Page<Now, Cursor>> for Page<Then, Cursor> {
	fn present(self) -> Page<Now, Cursor> {
		Page { items: self.items.into_iter().map(Into::into).collect(), next: self.next }
	}
}

/// Reads an answer of a runtime that may be of today or earlier; nothing if this is an answer of neither, or
/// would say different things as an answer of either.
pub fn read<Now, Then>(answer: &[u8]) -> Option<Now>
where
	Now: Decode + PartialEq,
	Then: Decode + Present<Now>,
{
	let now = Now::decode_all(&mut &answer[..]).ok();
	let then = Then::decode_all(&mut &answer[..]).ok().map(Present::present);
	match (now, then) {
		(Some(now), Some(then)) if now != then => None,
		(now, then) => now.or(then),
	}
}

/// The only vault of a document, before documents could have several.
fn only(document: &Document) -> Vaults {
	Vaults { home: document.vault, mirror: None, former: Vec::new() }
}

/// A patient, in version 3 of the API: of the runtimes up to `spec_version` 100.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PatientInfoV3<AccountId> {
	/// The patient's id.
	pub id: PatientId,
	/// The account that controls the chart.
	pub account: AccountId,
	/// The number of times that control was recovered.
	pub generation: u32,
	/// The hospital that answers for the person's identity.
	pub hospital: HospitalId,
	/// The hospital's decision about the person.
	pub standing: Standing,
	/// The time of registration.
	pub registered_at: Moment,
	/// The hospital that the person has asked to move to.
	pub moving_to: Option<HospitalId>,
	/// The encrypted profile.
	pub profile: Option<SealedDocument>,
	/// The number of records in the chart, withdrawn ones included.
	pub records: u32,
	/// The number of doctors who have a grant, expired ones included.
	pub grants: u32,
	/// The number of share keys that there have been.
	pub shares: u32,
	/// The epoch whose secret doctors have.
	pub epoch: Epoch,
	/// The epoch that records have to be sealed to now.
	pub sealing_epoch: Epoch,
}

impl<AccountId> From<PatientInfoV3<AccountId>> for PatientInfo<AccountId> {
	fn from(earlier: PatientInfoV3<AccountId>) -> Self {
		Self {
			id: earlier.id,
			account: earlier.account,
			generation: earlier.generation,
			hospital: earlier.hospital,
			standing: earlier.standing,
			registered_at: earlier.registered_at,
			moving_to: earlier.moving_to,
			profile_vaults: earlier.profile.as_ref().map(|profile| only(&profile.document)),
			profile: earlier.profile,
			records: earlier.records,
			// Withdrawn records take up room there, too.
			live: earlier.records,
			grants: earlier.grants,
			shares: earlier.shares,
			epoch: earlier.epoch,
			sealing_epoch: earlier.sealing_epoch,
			vault: earlier.hospital,
			mirror: None,
			moves: Vec::new(),
		}
	}
}

/// A record and its place, in version 3 of the API.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RecordInfoV3 {
	/// The record's place in the chart.
	pub index: RecordIndex,
	/// The record.
	pub record: Record,
}

impl From<RecordInfoV3> for RecordInfo {
	fn from(earlier: RecordInfoV3) -> Self {
		let RecordInfoV3 { index, record } = earlier;
		let vaults = record.document.as_ref().map(only);
		Self { index, record, vaults }
	}
}

/// A grant, in version 3 of the API.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct GrantInfoV3 {
	/// The patient whose chart it is.
	pub patient: PatientId,
	/// The doctor who may see it.
	pub doctor: DoctorId,
	/// The part of the chart that the grant opens.
	pub scope: Scope,
	/// Whether the doctor may add records and notes.
	pub may_append: bool,
	/// The end of the grant, if it has one.
	pub expires_at: Option<Moment>,
	/// The time at which the patient last gave or changed the grant.
	pub granted_at: Moment,
	/// The newest epoch whose secret the doctor was given, for a grant to the whole chart.
	pub epoch: Option<Epoch>,
	/// The version of the doctor's key that this secret is sealed to.
	pub key_version: Option<u32>,
	/// The access that the doctor has now, or the reason for none.
	pub access: Result<Allowed, Denied>,
}

impl From<GrantInfoV3> for GrantInfo {
	fn from(earlier: GrantInfoV3) -> Self {
		Self {
			patient: earlier.patient,
			doctor: earlier.doctor,
			scope: earlier.scope,
			may_append: earlier.may_append,
			expires_at: earlier.expires_at,
			granted_at: earlier.granted_at,
			// That runtime sets no limit.
			appends_left: u32::MAX,
			epoch: earlier.epoch,
			key_version: earlier.key_version,
			access: earlier.access,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// What is silent and wrong is worse than an error: the epoch is gone, and the budget made up.
	#[test]
	fn earlier_grant_reads_as_another_one_of_today() {
		let earlier = GrantInfoV3 {
			patient: PatientId(3),
			doctor: DoctorId(4),
			scope: Scope::Chart,
			may_append: true,
			expires_at: Some(7),
			granted_at: 5,
			epoch: Some(6),
			key_version: Some(1),
			access: Err(Denied::NotGranted),
		};
		let misread = GrantInfo::decode(&mut &earlier.encode()[..]);
		assert!(misread.is_ok_and(|grant| grant.epoch.is_none()));
		let now = GrantInfo::from(earlier);
		assert_eq!((now.epoch, now.key_version), (Some(6), Some(1)));
		assert_eq!((now.appends_left, now.access), (u32::MAX, Err(Denied::NotGranted)));
	}

	fn patient(moving_to: Option<HospitalId>, number: u32) -> PatientInfoV3<[u8; 32]> {
		let document = Document { digest: [1; 32], head: [1; 16], size: 1, vault: HospitalId(8) };
		PatientInfoV3 {
			id: PatientId(number),
			account: [1; 32],
			generation: number,
			hospital: HospitalId(1),
			standing: Standing::Verified,
			registered_at: number.into(),
			moving_to,
			profile: (number > 1).then_some(SealedDocument { document, sealed_to: number }),
			records: 20,
			grants: 3,
			shares: 4,
			epoch: 6,
			sealing_epoch: 7,
		}
	}

	fn record(index: RecordIndex) -> RecordInfoV3 {
		let document = Document { digest: [7; 32], head: [0; 16], size: 1, vault: HospitalId(2) };
		let record = Record {
			document: (index != 1).then_some(document),
			author: Author::Patient,
			sealed_to: index,
			in_reply_to: None,
			recorded_at: Minute(5),
		};
		RecordInfoV3 { index, record }
	}

	#[test]
	fn earlier_patient_counts_all_records_as_room_and_has_moved_nothing() {
		let now = PatientInfo::from(patient(Some(HospitalId(2)), 3));
		assert_eq!((now.records, now.live, now.grants, now.shares), (20, 20, 3, 4));
		assert_eq!((now.epoch, now.sealing_epoch, now.moving_to), (6, 7, Some(HospitalId(2))));
		assert_eq!((now.vault, now.mirror, now.moves.len()), (HospitalId(1), None, 0));
		let vaults = Vaults { home: HospitalId(8), mirror: None, former: Vec::new() };
		assert_eq!(now.profile_vaults, Some(vaults));
	}

	type Patients = Option<PatientInfo<[u8; 32]>>;

	fn read_patient(answer: &[u8]) -> Option<Patients> {
		read::<Patients, Option<PatientInfoV3<[u8; 32]>>>(answer)
	}

	#[test]
	fn patients_of_both_runtimes_are_read() {
		for number in [0, 1, 2, 256, u32::MAX] {
			for moving_to in [None, Some(HospitalId(number))] {
				let earlier = patient(moving_to, number);
				let now = PatientInfo::from(earlier.clone());
				assert_eq!(read_patient(&Some(earlier).encode()), Some(Some(now.clone())));
				assert_eq!(read_patient(&Some(&now).encode()), Some(Some(now)));
			}
		}
		assert_eq!(read_patient(&[0]), Some(None));
		for strange in [&[][..], &[1], &[0, 0], &[2]] {
			assert_eq!(read_patient(strange), None);
		}
	}

	#[test]
	fn pages_of_records_of_both_runtimes_are_read() {
		type Now = Page<RecordInfo, RecordIndex>;
		type Then = Page<RecordInfoV3, RecordIndex>;
		for count in [0, 1, 2, 30] {
			for next in [None, Some(count)] {
				let then = Page { items: (0..count).map(record).collect(), next };
				let now: Now = then.clone().present();
				assert!(now.items.iter().all(|one| one.vaults.is_some() == (one.index != 1)));
				assert_eq!(read::<Now, Then>(&then.encode()).as_ref(), Some(&now));
				assert_eq!(read::<Now, Then>(&now.encode()), Some(now));
			}
		}
		assert_eq!(read::<Now, Then>(&[4]), None);
	}

	/// A document's digest is its author's choice: it must not decide how the chain is understood.
	#[test]
	fn answer_that_could_be_of_either_runtime_is_none() {
		#[derive(Debug, PartialEq, Decode)]
		struct Now(u8, u8);
		#[derive(Decode)]
		struct Then(u16);
		impl Present<Now> for Then {
			fn present(self) -> Now {
				Now(0, self.0.to_le_bytes()[0])
			}
		}
		assert_eq!(read::<Now, Then>(&[0, 0]), Some(Now(0, 0)));
		assert_eq!(read::<Now, Then>(&[1, 0]), None);
	}
}

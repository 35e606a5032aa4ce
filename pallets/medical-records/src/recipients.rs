//! The doctors to whose own keys the files of a due chart are encrypted too, so that they can go on
//! reading it until its patient rotates.
//!
//! The chain can't see the keys that a file is encrypted to. But the author names the doctors that the client
//! read, by a digest, and the chain compares it with the doctors of this very block. So no file reaches
//! a doctor who lost access between the reading and the block, in whatever way.

use crate::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_support::ensure;
use pallet_medical_records_runtime_api::{RecipientInfo, RecipientsInfo, RepresentativeRecipient};
use sp_io::hashing::{blake2_128, sha2_256};

/// The keys that a call's files are encrypted to, as the call says.
pub(crate) struct SealedTo {
	/// The chart's epoch.
	pub(crate) epoch: Epoch,
	/// The doctors' own keys; none if the chart's key is the only one.
	pub(crate) recipients: Option<RecipientsDigest>,
}

impl SealedTo {
	/// The number of grants that the call may look at, to find out whether the chart is due. Only a call that
	/// names recipients, or says that there are none, has declared the weight of a look at all.
	fn may_look_at(&self) -> u32 {
		self.recipients.map_or(MAX_LOOK, |_| MAX_GRANTS)
	}
}

/// The numbers of grants that a call looked at.
#[derive(Clone, Copy)]
pub(crate) struct LookedAt {
	/// To settle the chart.
	pub(crate) settling: u32,
	/// To find the doctors to whose own keys its files may be encrypted. Includes settling the chart.
	pub(crate) recipients: u32,
}

/// The doctors who can read what is added to a due chart, among those who may see all of it and have a
/// confirmed key.
pub(crate) enum ReadersOn {
	/// All of them: a file has room for so many.
	All,
	/// The first by number, in order.
	First(Vec<DoctorId>),
}

impl ReadersOn {
	pub(crate) fn include(&self, doctor: DoctorId) -> bool {
		match self {
			Self::All => true,
			Self::First(first) => first.binary_search(&doctor).is_ok(),
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Settles the chart, and checks that no doctor who has lost access can open files that are
	/// encrypted to these keys. Files that are encrypted to the chart's key alone need no further check.
	pub(crate) fn ensure_sealed_to(
		patient: PatientId,
		chart: &mut Chart,
		to: SealedTo,
		now: Moment,
	) -> Result<LookedAt, Error<T>> {
		ensure!(
			chart.grants <= to.may_look_at() || !Self::has_to_look(chart, Lapses::<T>::get(), now),
			Error::<T>::RecipientsNeeded
		);
		let settling = Self::settle(patient, chart, now);
		ensure!(to.epoch == chart.sealing_epoch(), Error::<T>::StaleEpoch);
		// Unless the chart is due, the doctors' own keys open nothing that their epoch's secret doesn't.
		let is_named = |named: &RecipientsDigest| chart.is_due() && *named != NO_RECIPIENTS;
		let Some(named) = to.recipients.filter(is_named) else {
			return Ok(LookedAt { settling, recipients: 0 });
		};
		let representatives = T::Delegates::recipients(patient, now);
		let recipients = Self::recipients_at(patient, now, room_beside(&representatives));
		let digest = Self::recipients_digest(patient, chart, &recipients, &representatives);
		ensure!(named == digest, Error::<T>::StaleRecipients);
		// Representatives are looked up for a chart without grants, too.
		Ok(LookedAt { settling, recipients: chart.grants.max(1) })
	}

	/// The doctors who may see the whole chart, in order of their ids, with the versions of their keys,
	/// if their hospitals have confirmed these: the first `most` of them. Looks at all of the chart's grants.
	pub(crate) fn recipients_at(
		patient: PatientId,
		now: Moment,
		most: u32,
	) -> Vec<(DoctorId, u32)> {
		let mut recipients: Vec<_> = Grants::<T>::iter_prefix(patient)
			.filter(|(_, grant)| grant.scope() == Scope::Chart)
			.filter_map(|(doctor, grant)| {
				let found = Doctors::<T>::get(doctor)?;
				let may_read = Self::live(&found, &grant, now).is_ok() && found.is_key_vouched();
				may_read.then_some((doctor, found.key_version))
			})
			.collect();
		recipients.sort();
		recipients.truncate(usize::try_from(most).unwrap_or(0));
		recipients
	}

	/// The doctors who read on until the chart's next epoch; nothing if it is not due for one. Looks at the
	/// chart's grants for that only if these are more than the doctors that a file has room for. Second, the
	/// number of grants looked at.
	pub(crate) fn readers_on(patient: PatientId, chart: &Chart) -> (Option<ReadersOn>, u32) {
		let now = Self::now();
		let (sealing_epoch, looked_at) = Self::look(patient, chart, now);
		if sealing_epoch == chart.epoch {
			return (None, looked_at);
		}
		let most = room_beside(&T::Delegates::recipients(patient, now));
		if chart.grants <= most {
			return (Some(ReadersOn::All), looked_at);
		}
		let first = Self::recipients_at(patient, now, most).into_iter().map(|(doctor, _)| doctor);
		(Some(ReadersOn::First(first.collect())), looked_at.saturating_add(chart.grants))
	}

	/// See [`RecipientsDigest`]. The chart has to be settled.
	pub(crate) fn recipients_digest(
		patient: PatientId,
		chart: &Chart,
		recipients: &[(DoctorId, u32)],
		representatives: &[(PatientId, u32)],
	) -> RecipientsDigest {
		let mut named = (patient, chart.sealing_epoch(), recipients).encode();
		if !representatives.is_empty() {
			representatives.encode_to(&mut named);
		}
		blake2_128(&named)
	}

	/// See `MedicalRecordsApi::recipients`.
	pub fn recipients(patient: PatientId) -> Option<RecipientsInfo> {
		let mut chart = Patients::<T>::get(patient)?.chart;
		let now = Self::now();
		Self::settle(patient, &mut chart, now);
		let sealing_epoch = chart.sealing_epoch();
		if !chart.is_due() {
			return Some(RecipientsInfo {
				sealing_epoch,
				digest: None,
				doctors: Vec::new(),
				representatives: Vec::new(),
			});
		}
		let representatives = T::Delegates::recipients(patient, now);
		let recipients = Self::recipients_at(patient, now, room_beside(&representatives));
		let digest = Self::recipients_digest(patient, &chart, &recipients, &representatives);
		let doctors = recipients.into_iter().filter_map(|(doctor, key_version)| {
			let key_digest = sha2_256(&EncryptionKeys::<T>::get(doctor)?.key);
			Some(RecipientInfo { doctor, key_version, key_digest })
		});
		let representatives =
			representatives.into_iter().filter_map(|(representative, key_version)| {
				let key_digest = T::Delegates::key_digest(representative)?;
				Some(RepresentativeRecipient { representative, key_version, key_digest })
			});
		Some(RecipientsInfo {
			sealing_epoch,
			digest: Some(digest),
			doctors: doctors.collect(),
			representatives: representatives.collect(),
		})
	}
}

/// The number of doctors to whose keys a file is encrypted, beside those of these representatives.
fn room_beside(representatives: &[(PatientId, u32)]) -> u32 {
	match representatives.is_empty() {
		true => MAX_RECIPIENT_DOCTORS,
		false => MAX_RECIPIENT_DOCTORS_BESIDE_REPRESENTATIVES,
	}
}

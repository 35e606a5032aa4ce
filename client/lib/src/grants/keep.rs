//! Changing a grant without losing what of it is not named: its end, whether the doctor may add, and how much
//! of the chart the doctor may see.

use super::{Granted, Shared, Terms};
use crate::{
	Result,
	chain::{Agreed, At},
	chart::OwnChart,
	client::{Client, Done},
	grants,
	profiles::Change,
	vault::Progress,
};
use medblock_primitives::*;
use pallet_medical_records_runtime_api::GrantInfo;

/// A change of the terms of a grant. What it does not name stays as the present grant has it; a grant that
/// has ended counts as none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewTerms {
	/// Whether the doctor may add records and notes.
	pub may_append: Option<bool>,
	/// The end.
	pub expires_at: Change<Moment>,
}

impl NewTerms {
	/// The terms after the change of those of this grant, if there is one that has not ended at `now`.
	pub fn over(self, before: Option<&GrantInfo>, now: Moment) -> Terms {
		let before = before.filter(|grant| is_going_on(grant, now));
		Terms {
			may_append: self
				.may_append
				.unwrap_or_else(|| before.is_some_and(|grant| grant.may_append)),
			expires_at: self.expires_at.over(before.and_then(|grant| grant.expires_at)),
		}
	}
}

impl From<Terms> for NewTerms {
	fn from(Terms { may_append, expires_at }: Terms) -> Self {
		let expires_at = Change::of(expires_at, expires_at.is_none());
		Self { may_append: Some(may_append), expires_at }
	}
}

/// What becomes of a doctor's access to the whole chart when single records are shared with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeChart {
	/// The sharing is refused: the doctor may see these records anyway.
	Stays,
	/// It ends: the doctor may then see the shared records alone.
	Ends,
}

/// A grant, with the single records that it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
	/// The grant.
	pub grant: GrantInfo,
	/// The single records that it opens; none of them is named if it opens the whole chart.
	pub records: Vec<RecordIndex>,
}

impl Opened {
	/// Whether the grant opens this record. It may have ended; see its `access`.
	pub fn opens(&self, record: RecordIndex) -> bool {
		self.grant.scope == Scope::Chart || self.records.contains(&record)
	}
}

impl Client {
	/// As [`Client::grant`], and keeps what `terms` do not name of the doctor's present grant.
	pub async fn grant_keeping(&self, doctor: DoctorId, terms: NewTerms) -> Result<Granted> {
		let terms =
			async |own: &OwnChart| merged(&own.agreed, own.info.id, doctor, terms, None).await;
		self.grant_again(doctor, terms).await
	}

	/// As [`Client::share`], and keeps what `terms` do not name of the doctor's present grant.
	///
	/// # Errors
	///
	/// Those of [`Client::share`], and [`grants::Error::SeesAll`] if the doctor may see the whole chart and
	/// that is to stay.
	pub async fn share_keeping(
		&self,
		doctor: DoctorId,
		records: &[RecordIndex],
		terms: NewTerms,
		whole: WholeChart,
		progress: &Progress,
	) -> Result<Shared> {
		let terms = async |own: &OwnChart| {
			merged(&own.agreed, own.info.id, doctor, terms, Some(whole)).await
		};
		self.share_again(doctor, records, terms, progress).await
	}

	/// The terms that a doctor's grant would have after a change, as two nodes have it now: to show them before it is
	/// made. `sharing` is for a change that shares single records.
	///
	/// # Errors
	///
	/// As [`Client::share_keeping`], [`grants::Error::SeesAll`].
	pub async fn terms_after(
		&self,
		doctor: DoctorId,
		terms: NewTerms,
		sharing: Option<WholeChart>,
	) -> Result<Terms> {
		let own = self.own_agreed_chart().await?;
		merged(&own.agreed, own.info.id, doctor, terms, sharing).await
	}

	/// Lets an institution add records to one's own chart, and keeps the end that it may do so until, unless
	/// another is named.
	pub async fn allow_deposit_keeping(
		&self,
		institution: InstitutionId,
		expires_at: Change<Moment>,
	) -> Result<(Done, Option<Moment>)> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		let before = at.deposit(patient, institution).await?;
		let now = at.now().await?;
		let end = before.and_then(|deposit| deposit.expires_at).filter(|end| *end > now);
		let expires_at = expires_at.over(end);
		Ok((self.allow_deposit(institution, expires_at).await?, expires_at))
	}

	/// The grants of a chart, each with the single records that it opens.
	pub async fn opened(&self, at: &At, patient: PatientId) -> Result<Vec<Opened>> {
		let mut all = Vec::new();
		// At most 64.
		for grant in at.all_grants(patient).await? {
			let records = match grant.scope {
				Scope::Chart => Vec::new(),
				Scope::Records => {
					let share = at.share(patient, grant.doctor).await?;
					share.records.into_iter().map(|one| one.record).collect()
				},
			};
			all.push(Opened { grant, records });
		}
		Ok(all)
	}
}

/// The terms after a change, as two nodes have it. Fails if single records are to be shared, and the doctor may see the
/// whole chart, and that is to stay.
pub(crate) async fn merged(
	agreed: &Agreed,
	patient: PatientId,
	doctor: DoctorId,
	terms: NewTerms,
	sharing: Option<WholeChart>,
) -> Result<Terms> {
	let before =
		agreed.read("the grant", |at| async move { at.grant(patient, doctor).await }).await?;
	let now = agreed.at().now().await?;
	let going_on = before.as_ref().filter(|grant| is_going_on(grant, now));
	match (sharing, going_on.map(|grant| grant.scope)) {
		(Some(WholeChart::Stays), Some(Scope::Chart)) => Err(grants::Error::SeesAll(doctor).into()),
		_ => Ok(terms.over(before.as_ref(), now)),
	}
}

/// Whether a grant has not reached its end. The doctor may still be kept from using it for now.
fn is_going_on(grant: &GrantInfo, now: Moment) -> bool {
	grant.expires_at.is_none_or(|end| end > now)
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: Moment = 1_000;

	fn grant(may_append: bool, expires_at: Option<Moment>) -> GrantInfo {
		GrantInfo {
			patient: PatientId(2),
			doctor: DoctorId(3),
			scope: Scope::Chart,
			may_append,
			expires_at,
			granted_at: 1,
			appends_left: 10,
			epoch: None,
			key_version: None,
			access: Err(Denied::LicenceExpired),
		}
	}

	#[test]
	fn later_grant_keeps_end_and_rights() {
		let before = grant(true, Some(2_000));
		let kept = NewTerms::default().over(Some(&before), NOW);
		assert_eq!(kept, Terms { may_append: true, expires_at: Some(2_000) });
		let longer = NewTerms { expires_at: Change::To(9_000), ..NewTerms::default() };
		let expected = Terms { may_append: true, expires_at: Some(9_000) };
		assert_eq!(longer.over(Some(&before), NOW), expected);
		let readers = NewTerms { may_append: Some(false), ..NewTerms::default() };
		let expected = Terms { may_append: false, expires_at: Some(2_000) };
		assert_eq!(readers.over(Some(&before), NOW), expected);
		let endless = NewTerms { expires_at: Change::Clear, ..NewTerms::default() };
		assert_eq!(endless.over(Some(&before), NOW).expires_at, None);
	}

	#[test]
	fn nothing_stays_of_a_grant_that_has_ended() {
		let before = grant(true, Some(NOW));
		assert_eq!(NewTerms::default().over(Some(&before), NOW), Terms::default());
		assert_eq!(NewTerms::default().over(None, NOW), Terms::default());
	}

	#[test]
	fn whole_terms_replace_all() {
		for terms in [Terms::default(), Terms { may_append: true, expires_at: Some(5) }] {
			let before = grant(true, Some(2_000));
			assert_eq!(NewTerms::from(terms).over(Some(&before), NOW), terms);
		}
	}

	#[test]
	fn record_is_open_to_those_who_see_it() {
		let whole = Opened { grant: grant(false, None), records: Vec::new() };
		assert!(whole.opens(7));
		let scope = Scope::Records;
		let single = Opened { grant: GrantInfo { scope, ..grant(false, None) }, records: vec![7] };
		assert!(single.opens(7) && !single.opens(8));
	}
}

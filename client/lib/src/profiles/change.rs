//! Changes of a part of a profile, an entry, or the details about a doctor. What a change does not name stays.

use super::{Practice, Profile};
use crate::{
	Error, Result, chain,
	client::{Client, Done},
	profiles,
	vault::Progress,
};
use medblock_primitives::*;

/// A change of one value that may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
	/// It stays as it is.
	#[default]
	Keep,
	/// There is none any more.
	Clear,
	/// This one, in place of any other.
	To(T),
}

impl<T> Change<T> {
	/// The change that a program's two options say: a value, or to have none.
	pub fn of(value: Option<T>, clear: bool) -> Self {
		match (value, clear) {
			(Some(value), _) => Self::To(value),
			(None, true) => Self::Clear,
			(None, false) => Self::Keep,
		}
	}

	/// The value after the change of this one.
	pub fn over(self, before: Option<T>) -> Option<T> {
		match self {
			Self::Keep => before,
			Self::Clear => None,
			Self::To(value) => Some(value),
		}
	}

	/// Whether the value stays.
	pub fn keeps(&self) -> bool {
		matches!(self, Self::Keep)
	}

	/// The change of a value that is made from this one's.
	pub fn map<U>(self, made: impl FnOnce(T) -> U) -> Change<U> {
		match self {
			Self::Keep => Change::Keep,
			Self::Clear => Change::Clear,
			Self::To(value) => Change::To(made(value)),
		}
	}
}

/// A change of a patient's profile.
#[derive(Clone, Default)]
pub struct ProfileChange {
	/// Another name.
	pub name: Option<String>,
	/// The birth date.
	pub birth_date: Change<String>,
	/// The contact details.
	pub contact: Change<String>,
}

impl ProfileChange {
	/// Whether nothing of the profile before stays, so that it need not be read.
	fn is_whole(&self) -> bool {
		self.name.is_some() && !self.birth_date.keeps() && !self.contact.keeps()
	}

	/// The profile after the change of this one.
	fn over(self, before: Option<Profile>) -> Result<Profile> {
		let (birth_date, contact) = match &before {
			Some(own) => (own.birth_date.clone(), own.contact.clone()),
			None => (None, None),
		};
		let name = self.name.or_else(|| before.as_ref().map(|own| own.name.clone()));
		Ok(Profile {
			name: name.ok_or(Error::Profile(profiles::Error::NoName))?,
			birth_date: self.birth_date.over(birth_date),
			contact: self.contact.over(contact),
		})
	}
}

/// A change of a doctor's directory entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PracticeChange {
	/// Another name.
	pub name: Option<String>,
	/// Another specialty.
	pub specialty: Option<String>,
	/// Another qualification.
	pub qualification: Option<String>,
	/// Another year in which they began to practise.
	pub practising_since: Option<u16>,
}

impl PracticeChange {
	/// The entry after the change of this one.
	fn over(self, before: &DoctorProfile) -> Practice {
		let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
		Practice {
			name: self.name.unwrap_or_else(|| text(&before.name)),
			specialty: self.specialty.unwrap_or_else(|| text(&before.specialty)),
			qualification: self.qualification.unwrap_or_else(|| text(&before.qualification)),
			practising_since: self.practising_since.unwrap_or(before.practising_since),
		}
	}
}

/// What a hospital says of a doctor, after a change.
#[derive(Clone, Debug)]
pub struct Detailed {
	/// The transaction.
	pub done: Done,
	/// Department, room, hours; empty if the hospital publishes nothing.
	pub details: String,
	/// When the licence expires, if it does.
	pub licence_expires: Option<Moment>,
}

impl Client {
	/// Changes a part of a profile. Reads the one before, unless nothing of it stays; its patient sees that a
	/// registrar has read it.
	///
	/// # Errors
	///
	/// [`profiles::Error::NoName`] if there is no profile yet, and the change has no name; those of reading a
	/// profile, since what can't be read must not be lost by accident; and those of [`Client::set_profile`].
	pub async fn change_profile(
		&self,
		patient: PatientId,
		change: ProfileChange,
		progress: &Progress,
	) -> Result<Done> {
		let before = match change.is_whole() {
			true => None,
			false => match self.profile(patient, progress).await {
				Ok(profile) => Some(profile),
				Err(Error::Profile(profiles::Error::NoProfile)) => None,
				Err(why) => return Err(why),
			},
		};
		self.set_profile(patient, &change.over(before)?, progress).await
	}

	/// Changes a part of a doctor's directory entry; see [`Client::set_practice`]. A doctor's change adds to the one
	/// that the hospital has not confirmed yet. Returns the entry with it, too.
	///
	/// # Errors
	///
	/// Those of [`Client::set_practice`], and [`chain::Error::NoSuchDoctor`].
	pub async fn change_practice(
		&self,
		doctor: DoctorId,
		change: PracticeChange,
	) -> Result<(Done, DoctorProfile)> {
		let agreed = self.nodes.agreed().await?;
		let info = agreed
			.read("the doctor's entry", |at| async move { at.known_doctor(doctor).await })
			.await?;
		let proposed = match info.account == self.keys.account() {
			true => agreed.at().proposed_profile(doctor).await?,
			false => None,
		};
		let before = proposed.or(info.profile).ok_or(chain::Error::NoSuchDoctor(doctor))?;
		let practice = change.over(&before);
		let entry = practice.profile()?;
		Ok((self.set_practice(doctor, &practice).await?, entry))
	}

	/// Changes a part of what the hospital says of a doctor: the details, or the end of the licence.
	///
	/// # Errors
	///
	/// Those of [`Client::set_details`], and [`chain::Error::NoSuchDoctor`].
	pub async fn change_details(
		&self,
		doctor: DoctorId,
		details: Change<String>,
		licence_expires: Change<Moment>,
	) -> Result<Detailed> {
		let agreed = self.nodes.agreed().await?;
		let info = agreed
			.read("the doctor's entry", |at| async move { at.known_doctor(doctor).await })
			.await?;
		let before = String::from_utf8_lossy(&info.details).into_owned();
		let details = details.over(Some(before)).unwrap_or_default();
		let licence_expires = licence_expires.over(info.licence_expires);
		let done = self.set_details(doctor, &details, licence_expires).await?;
		Ok(Detailed { done, details, licence_expires })
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	fn ana() -> Profile {
		Profile {
			name: "Ana".into(),
			birth_date: Some("1980-05".into()),
			contact: Some("ana@example.org".into()),
		}
	}

	#[test]
	fn what_a_change_does_not_name_stays() {
		let contact = ProfileChange { contact: Change::To("+1".into()), ..Default::default() };
		let after = contact.over(Some(ana())).unwrap();
		assert_eq!((after.name.as_str(), after.birth_date.as_deref()), ("Ana", Some("1980-05")));
		assert_eq!(after.contact.as_deref(), Some("+1"));
		let cleared = ProfileChange { birth_date: Change::Clear, ..Default::default() };
		let after = cleared.over(Some(ana())).unwrap();
		assert_eq!((after.name.as_str(), after.birth_date.as_deref()), ("Ana", None));
		assert_eq!(after.contact.as_deref(), Some("ana@example.org"));
	}

	#[test]
	fn first_profile_needs_a_name() {
		let nameless = ProfileChange { contact: Change::To("+1".into()), ..Default::default() };
		let refused = nameless.over(None);
		assert!(matches!(refused, Err(Error::Profile(profiles::Error::NoName))));
	}

	#[test]
	fn profile_of_which_nothing_stays_need_not_be_read() {
		let mut change = ProfileChange { name: Some("Ana".into()), ..Default::default() };
		assert!(!change.is_whole());
		(change.birth_date, change.contact) = (Change::Clear, Change::To("+1".into()));
		assert!(change.is_whole());
	}

	#[test]
	fn entry_keeps_what_is_not_named() {
		let before = Practice {
			name: "Ada".into(),
			specialty: "cardiology".into(),
			qualification: "MD".into(),
			practising_since: 2001,
		};
		let change = PracticeChange { specialty: Some("surgery".into()), ..Default::default() };
		let after = change.over(&before.profile().unwrap());
		assert_eq!(after, Practice { specialty: "surgery".into(), ..before });
	}

	#[test]
	fn options_say_what_changes() {
		assert_eq!(Change::of(Some(1), false), Change::To(1));
		assert_eq!(Change::<u8>::of(None, true), Change::Clear);
		assert_eq!(Change::<u8>::of(None, false), Change::Keep);
		assert_eq!(Change::Keep.over(Some(1)), Some(1));
		assert_eq!(Change::Clear.over(Some(1)), None);
		assert_eq!(Change::To(2).over(Some(1)), Some(2));
	}
}

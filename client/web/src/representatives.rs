//! People who act for patients: for the patient, and for who acts.

use crate::{
	failure::Failure,
	people::{Receipt, receipt},
	records::{added, new_files},
	running::{Outcome, read, to_the_end, until, value, watched},
	session::{Session, finished},
};
use js_sys::{Function, Object};
use medblock_client::{
	Error,
	grants::{Confirmed, NewTerms, Rotated, Terms},
	medblock_primitives::{self as primitives, DoctorId, PatientId},
	profiles::{self, comes_of_age},
	representatives::{self, Ended, RepresentativeInfo},
	vault::unwatched,
};
use medblock_views::Time;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The age at which people decide for themselves, in years.
const OF_AGE: u8 = 18;

/// What a representative may do.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scopes {
	see: bool,
	add: bool,
	grant: bool,
	revoke: bool,
}

impl From<primitives::Scopes> for Scopes {
	fn from(scopes: primitives::Scopes) -> Self {
		use primitives::Scopes;
		Self {
			see: scopes.include(Scopes::SEE),
			add: scopes.include(Scopes::ADD),
			grant: scopes.include(Scopes::GRANT),
			revoke: scopes.include(Scopes::REVOKE),
		}
	}
}

impl From<Scopes> for primitives::Scopes {
	fn from(scopes: Scopes) -> Self {
		let parts = [
			(scopes.see, Self::SEE),
			(scopes.add, Self::ADD),
			(scopes.grant, Self::GRANT),
			(scopes.revoke, Self::REVOKE),
		];
		Self(parts.iter().fold(0, |sum, (has, part)| if *has { sum | part.0 } else { sum }))
	}
}

/// What a representative can do now, and what is missing.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
	Waiting,
	Inactive,
	KeyChanged,
	NoKey,
	Earlier,
	Current,
	NoSight,
}

impl From<representatives::State> for State {
	fn from(state: representatives::State) -> Self {
		use representatives::State;
		match state {
			State::Waiting => Self::Waiting,
			State::Inactive => Self::Inactive,
			State::WithoutSight => Self::NoSight,
			State::KeyNotConfirmed => Self::KeyChanged,
			State::WithoutKey => Self::NoKey,
			State::WithEarlierKey => Self::Earlier,
			State::WithKey => Self::Current,
		}
	}
}

/// What a patient has named.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Naming {
	patient: PatientId,
	representative: PatientId,
	scopes: Scopes,
	until: Option<Time>,
	named_at: Time,
}

impl From<&RepresentativeInfo> for Naming {
	fn from(info: &RepresentativeInfo) -> Self {
		Self {
			patient: info.patient,
			representative: info.representative,
			scopes: info.scopes.into(),
			until: info.until.map(Into::into),
			named_at: info.named_at.into(),
		}
	}
}

/// A person who acts for a patient, or is named to.
#[derive(Serialize)]
struct Representative {
	#[serde(flatten)]
	naming: Naming,
	state: State,
}

impl From<&representatives::Representative> for Representative {
	fn from(one: &representatives::Representative) -> Self {
		Self { naming: (&one.info).into(), state: one.state.into() }
	}
}

/// A patient that the account represents.
#[derive(Serialize)]
struct Represented {
	#[serde(flatten)]
	representative: Representative,
	name: Option<String>,
}

/// The people who were given the chart's key.
#[derive(Serialize)]
struct Sealed {
	given: Vec<PatientId>,
	problems: Vec<NotSealed>,
}

#[derive(Serialize)]
struct NotSealed {
	representative: PatientId,
	problem: Failure,
}

/// A representation that was ended.
#[derive(Serialize)]
struct NoLonger {
	receipt: Option<Receipt>,
	rotated: bool,
	problem: Option<Failure>,
	confirmed: bool,
}

/// The terms of a grant.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ForDoctor {
	may_append: bool,
	until: Option<Time>,
}

#[wasm_bindgen]
impl Session {
	/// The people who act for the patient, or are named to.
	pub async fn representatives(&self) -> Outcome {
		let all = self.client.own_representatives(&self.at().await?).await?;
		value(&all.iter().map(Representative::from).collect::<Vec<_>>())
	}

	/// When the patient comes of age, if that is known and still to come.
	#[wasm_bindgen(js_name = ofAge)]
	pub async fn of_age(&self, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let at = self.at().await?;
			let own = self.own(&at).await?;
			let profile = match self.client.profile(own, &unwatched()).await {
				Err(Error::Profile(profiles::Error::NoProfile)) => return Ok(JsValue::NULL),
				profile => profile?,
			};
			let age = profile.birth_date.as_deref().and_then(|date| comes_of_age(date, OF_AGE));
			let now = at.now().await?;
			value(&age.filter(|age| *age > now).map(Time::from))
		};
		until(signal, asking).await
	}

	/// Names a person to act for the patient.
	#[wasm_bindgen(js_name = nameRepresentative)]
	pub async fn name_representative(
		&self,
		representative: u32,
		scopes: JsValue,
		end: JsValue,
	) -> Outcome {
		let (scopes, end): (Scopes, Option<Time>) = (read(scopes)?, read(end)?);
		let (representative, end) = (PatientId(representative), end.map(Into::into));
		finished(&self.client.name_representative(representative, scopes.into(), end).await?)
	}

	/// Gives the chart's key to those who wait for it. A chart that needs a new one gets it first.
	#[wasm_bindgen(js_name = sealToRepresentatives)]
	pub async fn seal_to_representatives(&self, signal: Option<AbortSignal>) -> Outcome {
		let sealing = async {
			self.client.rotate_if_due().await?;
			let resealed = self.client.reseal().await?;
			let problems = resealed.problems.into_iter();
			value(&Sealed {
				given: resealed.given.iter().map(|(representative, _)| *representative).collect(),
				problems: problems
					.map(|(representative, why)| NotSealed { representative, problem: why.into() })
					.collect(),
			})
		};
		to_the_end(signal, sealing).await
	}

	/// No longer lets a person act for the patient.
	#[wasm_bindgen(js_name = endRepresentation)]
	pub async fn end_representation(
		&self,
		representative: u32,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let ending = async {
			let ended = self.client.end_representation(PatientId(representative)).await?;
			let Ended { done, rotation, confirmed } = ended;
			let problem = match rotation {
				Rotated::NotYet(why) => Some(Failure::from(why)),
				_ => None,
			};
			let (receipt, confirmed) = (receipt(&done), confirmed == Confirmed::ByTwo);
			value(&NoLonger { receipt, rotated: problem.is_none(), problem, confirmed })
		};
		to_the_end(signal, ending).await
	}

	/// The patients that the account represents, with their names if wanted.
	pub async fn represented(&self, names: bool, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let mut all = Vec::new();
			for one in self.client.represented(&self.at().await?).await? {
				let sees = names && one.state == representatives::State::WithKey;
				let name = match sees {
					true => self.name_of(one.info.patient).await,
					false => None,
				};
				all.push(Represented { representative: (&one).into(), name });
			}
			value(&all)
		};
		until(signal, asking).await
	}

	/// No longer acts for a patient.
	#[wasm_bindgen(js_name = resignRepresentation)]
	pub async fn resign_representation(&self, patient: u32) -> Outcome {
		finished(&self.client.resign_representation(PatientId(patient)).await?)
	}

	/// Puts records into the chart of a patient that the account represents.
	#[wasm_bindgen(js_name = addRecordsFor)]
	pub async fn add_records_for(
		&self,
		patient: u32,
		records: Vec<Object>,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let (files, patient) = (new_files(records)?, PatientId(patient));
		let adding = async {
			self.settle_what_waits(patient).await;
			let done = self.client.add_records_for(patient, &files, &watched(progress)).await?;
			added(&self.client, patient, done, Vec::new()).await
		};
		until(signal, adding).await
	}

	/// A patient's grants.
	#[wasm_bindgen(js_name = accessOf)]
	pub async fn access_of(&self, patient: u32) -> Outcome {
		value(&self.grants_of(&self.at().await?, PatientId(patient)).await?)
	}

	/// Lets a doctor see the whole chart of a patient that the account represents.
	#[wasm_bindgen(js_name = grantFor)]
	pub async fn grant_for(
		&self,
		patient: u32,
		doctor: u32,
		terms: JsValue,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let ForDoctor { may_append, until } = read(terms)?;
		let terms: NewTerms = Terms { may_append, expires_at: until.map(Into::into) }.into();
		let (patient, doctor) = (PatientId(patient), DoctorId(doctor));
		let granting =
			async { finished(&self.client.grant_for(patient, doctor, terms).await?.done) };
		to_the_end(signal, granting).await
	}

	/// Takes back what a patient that the account represents has granted.
	#[wasm_bindgen(js_name = revokeFor)]
	pub async fn revoke_for(
		&self,
		patient: u32,
		doctors: Vec<u32>,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let doctors: Vec<DoctorId> = doctors.into_iter().map(DoctorId).collect();
		let revoking =
			async { finished(&self.client.revoke_for(PatientId(patient), &doctors).await?.done) };
		to_the_end(signal, revoking).await
	}
}

impl Session {
	/// A patient's name, if the account can read it.
	pub(crate) async fn name_of(&self, patient: PatientId) -> Option<String> {
		let profile = self.client.profile(patient, &unwatched()).await.ok()?;
		Some(profile.name.clone())
	}
}

//! Emergencies: for the patient, for the doctor who asks, and for the desks that confirm.

use crate::{
	failure::Failure,
	guardians::{Keeper, keepers},
	people::{Doctor, Names, Receipt, receipt},
	recovery::Recovery,
	running::{Outcome, read, to_the_end, until, value},
	session::{Session, finished},
};
use medblock_client::{
	chain::At,
	emergency::{
		Chosen, DoctorsEmergency, EmergencyInfo, EmergencyOf, EmergencyPlanInfo,
		EmergencyRequestInfo, NewPlan, PlanState, Renewal, Requested,
	},
	medblock_primitives::{
		DoctorId, EmergencyReason, HospitalId, Moment, PatientId, RecordIndex, Review,
	},
	vault::unwatched,
};
use medblock_views::{Hex, Time};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;
use zeroize::Zeroizing;

/// What the person has to see at once.
#[derive(Serialize)]
pub(crate) struct Alerts {
	recoveries: Vec<Recovery>,
	requests: Vec<Request>,
	emergencies: Vec<Emergency>,
	/// The number of emergencies that the account's desk can confirm.
	asked: u32,
}

/// A doctor's request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
	patient: PatientId,
	doctor: DoctorId,
	doctor_name: Option<String>,
	reason: EmergencyReason,
	details: Hex<32>,
	asked_at: Time,
	ends_at: Time,
	confirmed: Vec<HospitalId>,
	threshold: u32,
}

impl Request {
	async fn new(info: EmergencyRequestInfo, names: &mut Names<'_>) -> Result<Self, Failure> {
		Ok(Self {
			patient: info.patient,
			doctor: info.doctor,
			doctor_name: names.of(info.doctor).await?,
			reason: info.reason,
			details: Hex(info.details),
			asked_at: info.asked_at.into(),
			ends_at: info.ends_at.into(),
			confirmed: info.confirmed,
			threshold: info.threshold,
		})
	}
}

/// An emergency that was opened.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Emergency {
	patient: PatientId,
	doctor: DoctorId,
	doctor_name: Option<String>,
	reason: EmergencyReason,
	details: Hex<32>,
	confirmed: Vec<HospitalId>,
	opened_at: Time,
	until: Time,
	open: bool,
	review: Option<Review>,
}

impl Emergency {
	async fn new(info: EmergencyInfo, names: &mut Names<'_>) -> Result<Self, Failure> {
		Ok(Self {
			patient: info.patient,
			doctor: info.doctor,
			doctor_name: names.of(info.doctor).await?,
			reason: info.reason,
			details: Hex(info.details),
			confirmed: info.confirmed,
			opened_at: info.opened_at.into(),
			until: info.until.into(),
			open: info.open,
			review: info.review,
		})
	}
}

/// What a patient has planned.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
	holders: Vec<Keeper>,
	threshold: usize,
	records: Option<Vec<RecordIndex>>,
	duration: Moment,
	set_at: Time,
}

/// The state of a plan.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
	None,
	Ready,
	NewKeyNeeded,
	Used,
	OtherWords,
	TooFewHolders,
	OpensNothing,
}

impl From<PlanState> for State {
	fn from(state: PlanState) -> Self {
		match state {
			PlanState::None => Self::None,
			PlanState::Ready => Self::Ready,
			PlanState::NewKeyNeeded => Self::NewKeyNeeded,
			PlanState::Used => Self::Used,
			PlanState::OtherWords => Self::OtherWords,
			PlanState::TooFewHolders => Self::TooFewHolders,
			PlanState::OpensNothing => Self::OpensNothing,
		}
	}
}

/// A patient's plan, and what came of it.
#[derive(Serialize)]
struct Mine {
	plan: Option<Plan>,
	state: State,
	requests: Vec<Request>,
	emergencies: Vec<Emergency>,
}

/// A plan to set: without records, it opens the whole chart.
#[derive(Deserialize)]
struct Wanted {
	holders: Vec<HospitalId>,
	threshold: u32,
	records: Option<Vec<RecordIndex>>,
	duration: Moment,
}

/// A patient's plan, as far as a doctor learns of it.
#[derive(Serialize)]
struct Planned {
	holders: Vec<Keeper>,
	threshold: usize,
	whole: bool,
}

/// What there is between a doctor and a patient.
#[derive(Serialize)]
struct Between {
	plan: Option<Planned>,
	request: Option<Request>,
	emergency: Option<Emergency>,
}

/// A request that was made.
#[derive(Serialize)]
struct Asked {
	receipt: Option<Receipt>,
	told: Vec<HospitalId>,
	untold: Vec<Untold>,
}

/// A hospital whose gateway has not got the doctor's words.
#[derive(Serialize)]
struct Untold {
	hospital: HospitalId,
	problem: Failure,
}

/// A request at a desk.
#[derive(Serialize)]
struct DeskRequest {
	#[serde(flatten)]
	request: Request,
	about: Option<Doctor>,
}

#[wasm_bindgen]
impl Session {
	/// The own plan, requests for it, and the last emergencies, the newest first.
	#[wasm_bindgen(js_name = ownEmergencies)]
	pub async fn own_emergencies(&self) -> Outcome {
		let at = self.at().await?;
		let own = self.client.own_emergencies(&at).await?;
		let (state, mut names) = (own.state.into(), Names::new(&at));
		let plan = match own.plan {
			Some(EmergencyPlanInfo { commitments, holders, records, duration, set_at, .. }) => {
				let (threshold, set_at) = (commitments.len(), set_at.into());
				let holders = keepers(&at, holders).await?;
				Some(Plan { holders, threshold, records, duration, set_at })
			},
			None => None,
		};
		let requests = requests(own.requests, &mut names).await?;
		let emergencies = emergencies(own.emergencies.into_iter().rev(), &mut names).await?;
		value(&Mine { plan, state, requests, emergencies })
	}

	/// Sets the plan.
	#[wasm_bindgen(js_name = setEmergencyPlan)]
	pub async fn set_emergency_plan(&self, plan: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let Wanted { holders, threshold, records, duration } = read(plan)?;
		let chosen = records.map_or(Chosen::Chart, Chosen::Records);
		let plan = NewPlan { holders, threshold, duration, chosen };
		let setting = async {
			let planned = self.client.set_emergency_plan(&plan, &unwatched()).await?;
			value(&planned.plan.as_ref().and_then(receipt))
		};
		to_the_end(signal, setting).await
	}

	/// Gives the plan the chart's present key. Nothing if it has it.
	#[wasm_bindgen(js_name = renewEmergencyPlan)]
	pub async fn renew_emergency_plan(&self, signal: Option<AbortSignal>) -> Outcome {
		let renewing = async {
			match self.client.renew_emergency_plan().await? {
				Renewal::Renewed(done) => finished(&done),
				Renewal::Refused(why) => Err(why.into()),
				// The page says what to do with a plan that has to be replaced.
				Renewal::NotNeeded | Renewal::Replace(_) => Ok(JsValue::NULL),
			}
		};
		to_the_end(signal, renewing).await
	}

	/// No longer has a plan.
	#[wasm_bindgen(js_name = removeEmergencyPlan)]
	pub async fn remove_emergency_plan(&self) -> Outcome {
		finished(&self.client.remove_emergency_plan().await?)
	}

	/// Refuses a doctor's request, or closes what is open.
	#[wasm_bindgen(js_name = endEmergency)]
	pub async fn end_emergency(&self, doctor: u32) -> Outcome {
		finished(&self.client.end_emergency(DoctorId(doctor)).await?)
	}

	/// Says whether an emergency was one.
	#[wasm_bindgen(js_name = reviewEmergency)]
	pub async fn review_emergency(
		&self,
		doctor: u32,
		opened_at: JsValue,
		review: JsValue,
	) -> Outcome {
		let (opened_at, review): (Time, Review) = (read(opened_at)?, read(review)?);
		let (doctor, opened_at) = (DoctorId(doctor), opened_at.into());
		finished(&self.client.review_emergency(doctor, opened_at, review).await?)
	}

	/// What there is about a patient, as the doctor sees it.
	#[wasm_bindgen(js_name = emergencyState)]
	pub async fn emergency_state(&self, patient: u32) -> Outcome {
		let at = self.at().await?;
		let mut names = Names::new(&at);
		let (request, emergency) = match self
			.client
			.emergency_state(&at, PatientId(patient))
			.await?
		{
			DoctorsEmergency::None => (None, None),
			DoctorsEmergency::Asked(info) => (Some(Request::new(info, &mut names).await?), None),
			DoctorsEmergency::Open(info) => (None, Some(Emergency::new(info, &mut names).await?)),
		};
		let plan = match at.emergency_plan(PatientId(patient)).await? {
			Some(EmergencyPlanInfo { commitments, holders, records, .. }) => {
				let (threshold, whole) = (commitments.len(), records.is_none());
				Some(Planned { holders: keepers(&at, holders).await?, threshold, whole })
			},
			None => None,
		};
		value(&Between { plan, request, emergency })
	}

	/// Asks hospitals to open a patient's chart.
	#[wasm_bindgen(js_name = requestEmergency)]
	pub async fn request_emergency(&self, patient: u32, reason: JsValue, text: String) -> Outcome {
		let (reason, text): (EmergencyReason, _) = (read(reason)?, Zeroizing::new(text));
		let asked = self.client.request_emergency(PatientId(patient), reason, &text).await?;
		let Requested { done, told, untold } = asked;
		let untold = untold
			.into_iter()
			.map(|(hospital, why)| Untold { hospital, problem: why.into() })
			.collect();
		value(&Asked { receipt: receipt(&done), told, untold })
	}

	/// Takes the request back, or ends what is open.
	#[wasm_bindgen(js_name = withdrawEmergency)]
	pub async fn withdraw_emergency(&self, patient: u32) -> Outcome {
		finished(&self.client.withdraw_emergency(PatientId(patient)).await?)
	}

	/// What the doctor wrote. Nothing if no gateway has it.
	#[wasm_bindgen(js_name = emergencyText)]
	pub async fn emergency_text(&self, patient: u32, doctor: u32, details: JsValue) -> Outcome {
		let Hex(details): Hex<32> = read(details)?;
		let of = EmergencyOf { patient: PatientId(patient), doctor: DoctorId(doctor) };
		let text = self.client.emergency_text(of, details).await?;
		// Straight into the browser's memory: a `String` that is returned is freed without being wiped.
		Ok(text.map_or(JsValue::NULL, |text| JsValue::from_str(&text)))
	}

	/// A patient's last emergencies, the newest first, for desks that may know.
	#[wasm_bindgen(js_name = emergenciesOf)]
	pub async fn emergencies_of(&self, patient: u32) -> Outcome {
		let at = self.at().await?;
		let all = self.client.emergencies_of(PatientId(patient)).await?;
		value(&emergencies(all.into_iter().rev(), &mut Names::new(&at)).await?)
	}

	/// Requests that the own desk can confirm.
	#[wasm_bindgen(js_name = emergenciesAsked)]
	pub async fn emergencies_asked(&self, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let (at, period) = (self.at().await?, self.period().await?);
			let (mut names, mut all) = (Names::new(&at), Vec::new());
			for info in self.client.emergencies_asked().await? {
				let about = at.doctor(info.doctor).await?;
				all.push(DeskRequest {
					request: Request::new(info, &mut names).await?,
					about: about.map(|doctor| Doctor::new(doctor, period)),
				});
			}
			value(&all)
		};
		until(signal, asking).await
	}

	/// Confirms one: the hospital's share goes to the doctor.
	#[wasm_bindgen(js_name = confirmEmergency)]
	pub async fn confirm_emergency(&self, patient: u32, doctor: u32) -> Outcome {
		let of = EmergencyOf { patient: PatientId(patient), doctor: DoctorId(doctor) };
		finished(&self.client.confirm_emergency(of).await?)
	}
}

impl Session {
	/// What the person has to see at once. `desk` is the hospital for which the account verifies people.
	pub(crate) async fn alerts(
		&self,
		at: &At,
		desk: Option<HospitalId>,
	) -> Result<Alerts, Failure> {
		let mut names = Names::new(at);
		let recoveries = self.client.own_recoveries(at).await?;
		let recoveries = recoveries.iter().map(Recovery::new).collect::<Result<_, _>>()?;
		let account = self.client.keys().account();
		let (asked, opened) = match at.patient_of(account).await? {
			Some(patient) => {
				let (mut asked, now) = (at.emergency_requests(patient).await?, at.now().await?);
				// What has lapsed may stay until a block has time for it.
				asked.retain(|one| now < one.ends_at);
				(asked, at.emergencies(patient).await?)
			},
			None => (Vec::new(), Vec::new()),
		};
		let waiting = match desk {
			Some(hospital) => {
				let (waiting, now) = (at.emergencies_asked(hospital).await?, at.now().await?);
				waiting.iter().filter(|one| now < one.ends_at).count()
			},
			None => 0,
		};
		Ok(Alerts {
			recoveries,
			requests: requests(asked, &mut names).await?,
			emergencies: emergencies(opened.into_iter().filter(|one| one.open), &mut names).await?,
			asked: u32::try_from(waiting).unwrap_or(u32::MAX),
		})
	}
}

async fn requests(
	infos: Vec<EmergencyRequestInfo>,
	names: &mut Names<'_>,
) -> Result<Vec<Request>, Failure> {
	let mut all = Vec::new();
	for info in infos {
		all.push(Request::new(info, names).await?);
	}
	Ok(all)
}

async fn emergencies(
	infos: impl Iterator<Item = EmergencyInfo>,
	names: &mut Names<'_>,
) -> Result<Vec<Emergency>, Failure> {
	let mut all = Vec::new();
	for info in infos {
		all.push(Emergency::new(info, names).await?);
	}
	Ok(all)
}

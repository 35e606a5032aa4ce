//! A person at work: an unlocked account, and two hospitals' nodes.

use crate::{
	emergency::Alerts,
	failure::Failure,
	people::{Doctor, Grant, Hospital, Names, Patient, block, receipt},
	running::{Outcome, value},
};
use futures::{StreamExt, channel::mpsc};
use js_sys::Function;
use medblock_client::{
	Client, Done,
	chain::{self, AccountId, At, HospitalInfo},
	medblock_primitives::{Capacity, DoctorId, HospitalId, Moment, PatientId, Scope},
	notices::Notice,
	vault::unwatched,
};
use medblock_platform::{
	Files,
	clock::{Duration, timeout},
};
use medblock_views::{Account, BlockRef, Time};
use pallet_consortium_runtime_api::SeatStatus;
use serde::Serialize;
use std::{cell::Cell, sync::Arc};
use wasm_bindgen::prelude::*;

/// The time that two nodes have to agree before the page goes on with one. It is asked again, later.
const AGREEING: Duration = Duration::from_secs(10);

/// A person at work: an unlocked account, and two hospitals' nodes.
#[wasm_bindgen]
pub struct Session {
	pub(crate) client: Client,
	/// Where ciphertext lies while it is fetched.
	pub(crate) files: Arc<dyn Files>,
	/// The time that hospitals have to verify registrations, once it is known.
	period: Cell<Option<Moment>>,
}

/// An account that is about to take over.
#[derive(Serialize)]
pub(crate) struct PendingAccount {
	pub(crate) new: Account,
	pub(crate) due: Time,
}

/// What the account is on the chain.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Who {
	account: Account,
	patient: Option<Patient>,
	doctor: Option<Doctor>,
	registrar_of: Option<HospitalId>,
	controller_of: Option<HospitalId>,
	sponsored_by: Vec<HospitalId>,
}

/// The news of a block.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct News {
	/// The last final block.
	at: BlockRef,
	who: Who,
	/// The own grants as a patient.
	access: Option<Vec<Grant>>,
	/// The grants to the doctor.
	inbox: Option<Vec<Grant>>,
	/// How many records the chart that is open has, how many of them are not withdrawn, and how often sharing single ones
	/// was begun or taken back: what a doctor may list changes with one of these, or with the grant.
	records: Option<(u32, u32, u32)>,
	/// What the person has to see at once.
	alerts: Alerts,
}

/// What is told while something goes on: what is waited for, and the seconds until a vault is asked again; or the hospital
/// whose vault gave something without a receipt that it owed.
#[derive(Default, Serialize)]
struct Told {
	kind: &'static str,
	why: Option<String>,
	seconds: Option<u64>,
	hospital: Option<HospitalId>,
}

impl From<Notice> for Told {
	fn from(notice: Notice) -> Self {
		match notice {
			Notice::Waiting { why, time } => Self {
				kind: "vault",
				why: Some(why),
				seconds: Some(time.as_secs()),
				..Self::default()
			},
			Notice::Finality => Self { kind: "final", ..Self::default() },
			Notice::Silent { .. } => Self { kind: "node", ..Self::default() },
			Notice::GoesOn | Notice::DoneBefore => Self { kind: "earlier", ..Self::default() },
			Notice::NoReceipt { hospital } => {
				Self { kind: "no-receipt", hospital: Some(hospital), ..Self::default() }
			},
		}
	}
}

#[wasm_bindgen]
impl Session {
	/// Has a function told what is waited for, and what came without a receipt, in place of the one of an earlier connection
	/// of the same account.
	#[wasm_bindgen(js_name = onNotice)]
	pub fn on_notice(&self, listener: Function) {
		// The client may be told from anywhere, and the function belongs to this thread.
		let (send, mut notices) = mpsc::unbounded();
		self.client.on_notice(Arc::new(move |notice: &Notice| {
			// Once no one listens any more, there is no one to tell.
			let _ = send.unbounded_send(notice.clone());
		}));
		wasm_bindgen_futures::spawn_local(async move {
			while let Some(notice) = notices.next().await {
				let Ok(told) = value(&Told::from(notice)) else { continue };
				// An error that it throws stops nothing.
				let _ = listener.call1(&JsValue::NULL, &told);
			}
		});
	}

	/// The number of the last final block.
	#[wasm_bindgen(js_name = finalNumber)]
	pub async fn final_number(&self) -> Result<u32, Failure> {
		Ok(self.at().await?.number())
	}

	/// Whether a second hospital's node answers as well.
	#[wasm_bindgen(js_name = hasSecond)]
	pub async fn has_second(&self) -> Result<(), Failure> {
		let nodes = self.client.nodes();
		match timeout(AGREEING, nodes.agreed()).await {
			Ok(agreed) => Ok(agreed.map(drop)?),
			Err(late) => {
				let url = nodes.urls().last().unwrap_or_default().to_owned();
				Err(chain::Error::NodeUnreachable { url, why: late.to_string() }.into())
			},
		}
	}

	/// What the account is on the chain.
	pub async fn who(&self) -> Outcome {
		value(&self.who_at(&self.at().await?).await?)
	}

	/// What matters to the person in the last final block. `open` is the patient whose chart a doctor
	/// looks at.
	pub async fn news(&self, open: Option<u32>) -> Outcome {
		// Of what a page has asked for and left, before the account is locked.
		self.client.keep_receipts().await;
		let at = self.at().await?;
		let who = self.who_at(&at).await?;
		let account = self.client.keys().account();
		let access = match at.patient_of(account).await? {
			Some(patient) => Some(self.grants_of(&at, patient).await?),
			None => None,
		};
		let mut records = None;
		let inbox = match who.doctor {
			Some(_) => {
				let grants = self.client.inbox(&at).await?;
				// A doctor may not ask about a chart any more once access to it has ended.
				let sees = |patient: u32| {
					let mut grants = grants.iter();
					grants.any(|one| one.patient.0 == patient && one.access.is_ok())
				};
				if let Some(patient) = open.filter(|patient| sees(*patient)) {
					let info = at.patient(PatientId(patient)).await?;
					records = info.map(|info| (info.records, info.live, info.shares));
				}
				Some(grants.iter().map(|grant| Grant::new(grant, None)).collect())
			},
			None => None,
		};
		let alerts = self.alerts(&at, who.registrar_of).await?;
		value(&News { at: block(&at), who, access, inbox, records, alerts })
	}

	/// All hospitals.
	pub async fn hospitals(&self) -> Outcome {
		let all = self.at().await?.hospitals().await?;
		value(&all.into_iter().map(Hospital::from).collect::<Vec<_>>())
	}

	/// All doctors, without rejected ones.
	pub async fn doctors(&self) -> Outcome {
		let (all, period) = (self.client.directory().await?, self.period().await?);
		value(&all.into_iter().map(|info| Doctor::new(info, period)).collect::<Vec<_>>())
	}

	/// One doctor, as two hospitals' nodes have the entry: a patient chooses a doctor by its name, and
	/// a single lying node could give one doctor another one's name.
	pub async fn doctor(&self, doctor: u32) -> Outcome {
		let doctor = DoctorId(doctor);
		let agreed = self.client.nodes().agreed().await?;
		let entry = |at: At| async move { at.known_doctor(doctor).await };
		let info = agreed.read("the doctor's entry", entry).await?;
		value(&Doctor::new(info, self.period().await?))
	}

	/// The pending change of the account as a patient's or a doctor's, if there is one.
	#[wasm_bindgen(js_name = accountChange)]
	pub async fn account_change(&self, as_doctor: bool) -> Outcome {
		let at = self.at().await?;
		let change = self.client.own_account_change(&at, capacity(as_doctor)).await?;
		value(&change.map(|one| PendingAccount { new: Account::new(one.new), due: one.due.into() }))
	}

	/// Stops that change.
	#[wasm_bindgen(js_name = keepAccount)]
	pub async fn keep_account(&self, as_doctor: bool) -> Outcome {
		let person = self.client.own_person(&self.at().await?, capacity(as_doctor)).await?;
		finished(&self.client.keep_account(person).await?)
	}

	/// Asks another hospital to take over the patient, or the doctor; without one, withdraws that.
	#[wasm_bindgen(js_name = requestMove)]
	pub async fn request_move(&self, as_doctor: bool, hospital: Option<u32>) -> Outcome {
		let hospital = hospital.map(HospitalId);
		let done = self.client.request_move(capacity(as_doctor), hospital).await?;
		if !as_doctor && hospital.is_some() {
			// The hospital is asked in any case. It may be that it has no key, or that a vault is away.
			let _ = self.client.reseal_profile(&unwatched()).await;
		}
		finished(&done)
	}
}

fn capacity(as_doctor: bool) -> Capacity {
	if as_doctor { Capacity::Doctor } else { Capacity::Patient }
}

impl Session {
	pub(crate) fn new(client: Client, files: Arc<dyn Files>) -> Self {
		Self { client, files, period: Cell::new(None) }
	}

	/// The last final block.
	pub(crate) async fn at(&self) -> Result<At, Failure> {
		Ok(self.client.chain().finalized().await?)
	}

	/// The time that hospitals have to verify registrations.
	pub(crate) async fn period(&self) -> Result<Moment, Failure> {
		if let Some(period) = self.period.get() {
			return Ok(period);
		}
		let period = self.at().await?.registration_period().await?;
		self.period.set(Some(period));
		Ok(period)
	}

	/// The own patient's number.
	pub(crate) async fn own(&self, at: &At) -> Result<PatientId, Failure> {
		Ok(self.client.own_chart(at).await?.id)
	}

	/// A patient's grants, by name, with the single records that each opens.
	pub(crate) async fn grants_of(
		&self,
		at: &At,
		patient: PatientId,
	) -> Result<Vec<Grant>, Failure> {
		let (mut names, mut grants) = (Names::new(at), Vec::new());
		for info in at.all_grants(patient).await? {
			let grant = Grant::new(&info, names.of(info.doctor).await?);
			grants.push(match info.scope {
				Scope::Chart => grant,
				Scope::Records => {
					let share = at.share(patient, info.doctor).await?;
					grant.with(share.records.into_iter().map(|one| one.record).collect())
				},
			});
		}
		Ok(grants)
	}

	async fn who_at(&self, at: &At) -> Result<Who, Failure> {
		let (account, period) = (self.client.keys().account(), self.period().await?);
		let patient = match at.patient_of(account).await? {
			Some(patient) => at.patient(patient).await?,
			None => None,
		};
		let doctor = match at.doctor_of(account).await? {
			Some(doctor) => at.doctor(doctor).await?,
			None => None,
		};
		let hospitals = at.hospitals().await?;
		let is_known = patient.is_some() || doctor.is_some();
		// Only a newcomer needs a sponsor.
		let sponsored_by =
			if is_known { Vec::new() } else { sponsors(at, account, &hospitals).await? };
		let controlled = hospitals.into_iter().find(|one| one.controller == account);
		Ok(Who {
			account: Account::new(account),
			patient: patient.map(|info| Patient::new(&info, period)),
			doctor: doctor.map(|info| Doctor::new(info, period)),
			registrar_of: at.registrar_of(account).await?,
			controller_of: controlled.map(|one| one.id),
			sponsored_by,
		})
	}
}

/// The hospitals among these that sponsor the account.
async fn sponsors(
	at: &At,
	account: AccountId,
	hospitals: &[HospitalInfo],
) -> Result<Vec<HospitalId>, Failure> {
	let asked =
		hospitals.iter().filter(|one| one.seat != SeatStatus::Expelled).map(|one| async move {
			let sponsors = at.is_sponsored(account, one.id).await?;
			Ok::<_, Failure>((one.id, sponsors))
		});
	let answers = futures::future::try_join_all(asked).await?;
	Ok(answers.into_iter().filter(|(_, sponsors)| *sponsors).map(|(id, _)| id).collect())
}

/// The receipt of a call, for JavaScript.
pub(crate) fn finished(done: &Done) -> Outcome {
	value(&receipt(done))
}

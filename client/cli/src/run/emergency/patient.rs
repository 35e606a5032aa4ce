//! `medblock patient emergency`.

use super::{emergency, hospitals, judgement, reason, request};
use crate::{
	cli::{NewEmergencyPlan, PatientEmergency},
	describe,
	exit::Failure,
	outcome,
	progress::Unit,
	run::{
		asking::Asking,
		guardians::in_words,
		revoking::{Among, doctor, known},
		who::Who,
	},
	session::Session,
};
use medblock_client::{
	Client,
	chain::At,
	emergency::{
		Chosen, EmergencyInfo, Error, NewPlan, OwnEmergencies, PlanState, Planned, holders,
	},
	medblock_primitives::{DoctorId, Review},
	names::{self, Named, Names},
};
use medblock_views::{EmergencyPlan, Time};
use serde_json::json;

/// Runs a patient's command.
pub async fn run(command: PatientEmergency, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		PatientEmergency::Set(plan) => set(session, plan).await,
		PatientEmergency::Show => show(session).await,
		PatientEmergency::Remove { yes } => remove(session, yes).await,
		PatientEmergency::Refuse { doctor } => refuse(session, &doctor).await,
		PatientEmergency::Judge { doctor, verdict, yes } => {
			judge(session, &doctor, verdict.into(), yes).await
		},
	}
}

async fn set(session: &Session<'_>, typed: NewEmergencyPlan) -> Result<(), Failure> {
	let NewEmergencyPlan { holders, confirm, duration, all: _, records, yes } = typed;
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let mut ids = Vec::new();
	for holder in &holders {
		ids.push(asking.certain(names::hospital(&at, holder).await?)?);
	}
	let chosen = match records.is_empty() {
		true => Chosen::Chart,
		false => Chosen::Records(records),
	};
	let plan = NewPlan { holders: ids, threshold: confirm, duration, chosen };
	let named = hospitals(&mut Names::new(&at), &plan.holders).await?;
	asking.confirm(
		"You are about to let these hospitals open your chart in an emergency:",
		&format!(
			"Hospitals  {named}\nConfirm    {confirm} of them\nOpens      {}\nFor        {}\n\
			 {confirm} of them together could open it without an emergency, too. Vaults give nothing out before it is on \
			 the chain, where you see it.",
			opens(&plan.chosen),
			in_words(duration),
		),
	)?;
	let bar = session.output.bar("Fetching", Unit::Bytes);
	let Planned { rotation, plan: done } =
		client.set_emergency_plan(&plan, &bar.progress()).await?;
	drop(bar);
	let first = "The chart got a new key first, since someone had lost access.";
	let sentence = format!(
		"In an emergency, {confirm} of these hospitals can open {} for {}: {named}.",
		opens(&plan.chosen),
		in_words(duration),
	);
	let more = json!({
		"holders": plan.holders,
		"threshold": confirm,
		"duration": duration,
		"records": match &plan.chosen {
			Chosen::Chart => None,
			Chosen::Records(records) => Some(records),
		},
		"rotation": rotation.as_ref().map(|done| outcome::document(&client, done)),
	});
	match (done, rotation) {
		(Some(done), rotation) => {
			if let Some(rotation) = &rotation {
				session.output.note(outcome::text(&client, rotation, first));
			}
			outcome::print(session.output, &client, &done, &sentence, more)
		},
		(None, Some(rotation)) => {
			session.output.note(
				"The chart needs a new key first. When your wallet has signed this and it is final, run the same \
				 command again.",
			);
			outcome::print(session.output, &client, &rotation, first, more)
		},
		(None, None) => session.output.result(&more, sentence),
	}
}

/// The part of the chart that a plan opens.
fn opens(chosen: &Chosen) -> String {
	match chosen {
		Chosen::Chart => "your whole chart".to_owned(),
		Chosen::Records(records) => format!("records {}", describe::numbers(records)),
	}
}

async fn show(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let OwnEmergencies { plan, state, requests, emergencies, .. } =
		client.own_emergencies(&at).await?;
	let mut names = Names::new(&at);
	let mut parts = vec![match &plan {
		None => "You have no plan: no one can open your chart in an emergency.".to_owned(),
		Some(plan) => format!(
			"Hospitals  {}\nConfirm    {} of them\nOpens      {}\nFor        {}\nState      {}",
			hospitals(&mut names, &holders(plan)).await?,
			plan.commitments.len(),
			match &plan.records {
				None => "your whole chart".to_owned(),
				Some(records) if records.is_empty() => "nothing".to_owned(),
				Some(records) => format!("records {}", describe::numbers(records)),
			},
			in_words(plan.duration),
			sentence_of(state),
		),
	}];
	let (mut asked, mut opened) = (Vec::new(), Vec::new());
	for one in requests {
		let (shown, fields) = request(session, &client, &mut names, one).await?;
		parts.push(format!(
			"A doctor asks. If this is no emergency, run `medblock patient emergency refuse`:\n{shown}"
		));
		asked.push(fields);
	}
	for one in emergencies {
		let (shown, fields) = emergency(session, &client, &mut names, one).await?;
		parts.push(shown);
		opened.push(fields);
	}
	let document = json!({
		"plan": plan.map(EmergencyPlan::from),
		"state": word_of(state),
		"requests": asked,
		"emergencies": opened,
		"at": describe::block(&at),
	});
	session.output.result(&document, parts.join("\n\n"))
}

/// The plan's state, for people.
fn sentence_of(state: PlanState) -> &'static str {
	match state {
		PlanState::None => "there is none",
		PlanState::Ready => "ready",
		PlanState::NewKeyNeeded => {
			"it opens nothing that was added since the chart has a new key: run `medblock patient rotate`"
		},
		PlanState::Used => {
			"USED: doctors may have its key, so that it gets no new one; set it again with `medblock patient emergency set`"
		},
		PlanState::OtherWords => {
			"it was made from other words than yours; set it again with `medblock patient emergency set`"
		},
		PlanState::TooFewHolders => {
			"too few of its hospitals are left; set it again with `medblock patient emergency set`"
		},
		PlanState::OpensNothing => {
			"it opens nothing, since you have withdrawn its records; set it again with `medblock patient emergency set`"
		},
	}
}

/// The plan's state, in JSON.
fn word_of(state: PlanState) -> &'static str {
	match state {
		PlanState::None => "none",
		PlanState::Ready => "ready",
		PlanState::NewKeyNeeded => "new-key-needed",
		PlanState::Used => "used",
		PlanState::OtherWords => "other-words",
		PlanState::TooFewHolders => "too-few-holders",
		PlanState::OpensNothing => "opens-nothing",
	}
}

async fn remove(session: &Session<'_>, yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	asking.confirm(
		"You are about to remove your plan for emergencies.",
		"No one can open your chart in an emergency then, and what is open closes.",
	)?;
	let done = client.remove_emergency_plan().await?;
	let sentence = "You have no plan for emergencies any more, and no emergency of yours is open.";
	outcome::print(session.output, &client, &done, sentence, json!({}))
}

async fn refuse(session: &Session<'_>, named: &Named) -> Result<(), Failure> {
	let client = session.actor().await?;
	let doctor = doctor(session, &client, named, Among::Emergencies).await?;
	let done = client.end_emergency(doctor).await?;
	let who = known(&client, doctor).await;
	let was_open = done.receipt().map(|sent| sent.event("EmergencyClosed").is_some());
	let sentence = match was_open {
		Some(true) => format!(
			"The emergency of {who} is closed: vaults give them nothing more. What they could open before, they may have \
			 kept. Set your plan again with `medblock patient emergency set`."
		),
		_ => format!(
			"The request of {who} is refused. If a hospital had confirmed it, they keep that hospital's share: set your plan \
			 again with `medblock patient emergency set`."
		),
	};
	outcome::print(
		session.output,
		&client,
		&done,
		&sentence,
		who.with(json!({ "wasOpen": was_open })),
	)
}

async fn judge(
	session: &Session<'_>,
	named: &Named,
	review: Review,
	yes: bool,
) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let doctor = asking.certain(client.find_emergency_doctor(&at, named).await?)?;
	let own = client.own_emergencies(&at).await?;
	let closed = own.emergencies.iter().rev().filter(|one| !one.open && one.review.is_none());
	let mut of_doctor = closed.filter(|one| one.doctor == doctor);
	let found = of_doctor.next().ok_or(Error::NothingToEnd(doctor));
	let opened_at = found.map_err(medblock_client::Error::from)?.opened_at;
	let who = Who::doctor_if_known(&client, doctor).await;
	asking.confirm(
		"You are about to judge an emergency, for all hospitals to see. You can't change that afterwards:",
		&format!(
			"Doctor     {who}\nOpened     {}\nJudgement  {}",
			describe::time(opened_at),
			judgement(Some(review)),
		),
	)?;
	let done = client.review_emergency(doctor, opened_at, review).await?;
	let sentence = format!(
		"Your judgement of the emergency of {who}, of {}: {}. All hospitals can see it.",
		describe::time(opened_at),
		judgement(Some(review)),
	);
	let more = json!({ "openedAt": Time::from(opened_at), "review": review });
	outcome::print(session.output, &client, &done, &sentence, who.with(more))
}

/// Warns a patient whose chart a doctor wants to have opened, or can see, in an emergency.
pub async fn warn_if_urgent(session: &Session<'_>, client: &Client, at: &At) {
	// What the command is for is shown, even if this can't be found out.
	let Ok(own) = client.own_emergencies(at).await else { return };
	for one in &own.requests {
		let who = Who::doctor_if_known(client, one.doctor).await;
		session.output.warn(format_args!(
			"{who} asks hospitals to open your chart in an emergency ({}): if it is none, run `medblock patient emergency \
			 refuse {}`",
			reason(one.reason),
			one.doctor,
		));
	}
	for one in own.open() {
		let who = Who::doctor_if_known(client, one.doctor).await;
		warn_of_open(session, &who, one);
	}
}

/// Warns a patient whose chart is open to this doctor in an emergency.
pub fn warn_of_open(session: &Session<'_>, who: &Who, open: &EmergencyInfo) {
	session.output.warn(format_args!(
		"your chart is open to {who} in an emergency, until {}: to close it, run `medblock patient emergency refuse \
		 {}`",
		describe::time(open.until),
		open.doctor,
	));
}

/// The emergencies of these doctors that are open, as far as a node says. The end of a grant closes none.
pub async fn open_to(client: &Client, doctors: &[DoctorId]) -> Vec<EmergencyInfo> {
	let own = async {
		let at = client.chain().finalized().await.ok()?;
		client.own_emergencies(&at).await.ok()
	};
	let mut all = own.await.map(|own| own.emergencies).unwrap_or_default();
	all.retain(|one| one.open && doctors.contains(&one.doctor));
	all
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn each_state_has_a_word_of_its_own() {
		let all = [
			PlanState::None,
			PlanState::Ready,
			PlanState::NewKeyNeeded,
			PlanState::Used,
			PlanState::OtherWords,
			PlanState::TooFewHolders,
			PlanState::OpensNothing,
		];
		let words: std::collections::BTreeSet<_> = all.into_iter().map(word_of).collect();
		assert_eq!(words.len(), all.len());
		for state in all.into_iter().filter(|state| state.has_to_be_replaced()) {
			assert!(sentence_of(state).contains("`medblock patient emergency set`"));
		}
	}
}

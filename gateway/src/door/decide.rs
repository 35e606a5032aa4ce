//! The decision on who may ask what: one pure function.

use super::{
	facts::{Chart, Who},
	question::Question,
};
use medblock_primitives::{Allowed, Delegate, Denied, Moment, PatientId, Person, Scope, Scopes};
use medblock_vault_protocol::door::Refused;

/// Decides a question of an account that signed in, or of one that did not, at `now`, the latest time that any
/// clock shows.
pub(super) fn decide(question: &Question, who: Option<&Who>, now: Moment) -> Result<(), Refused> {
	if *question == Question::Public {
		return Ok(());
	}
	let who = who.ok_or(Refused::NotSignedIn)?;
	let may = |is_allowed: bool, refused| is_allowed.then_some(()).ok_or(refused);
	match *question {
		Question::Public | Question::Network => Ok(()),
		Question::Account(account) => may(account == who.account, Refused::OtherAccount),
		Question::Doctor(doctor) | Question::Own(Person::Doctor(doctor)) => {
			may(who.doctor == Some(doctor), Refused::OtherDoctor)
		},
		Question::Queue(hospital) => may(who.registrar == Some(hospital), Refused::OtherHospital),
		Question::Staff(hospital) => {
			let own = [who.registrar, who.controls];
			may(own.contains(&Some(hospital)), Refused::OtherHospital)
		},
		// Who adds to a chart has to know for whom. Other readers need not know each other.
		Question::Recipients(patient) => {
			let adds = deposits(who, now) || acts(who, now, Scopes::ADD);
			match who.patient == Some(patient) || adds {
				true => Ok(()),
				false => may(content(who, now)?.may_append, Refused::AuthorsOnly),
			}
		},
		Question::Grants(patient) | Question::Own(Person::Patient(patient)) => {
			may(who.patient == Some(patient), Refused::PatientOnly)
		},
		// Guardians have to know of each other, and of the accounts that they are asked for. So do these.
		Question::Guarded(person) => may(
			is_own(who, person.into()) || who.guards,
			match person {
				Person::Patient(_) => Refused::PatientOnly,
				Person::Doctor(_) => Refused::OtherDoctor,
			},
		),
		Question::Delegate(delegate) => may(
			is_own(who, delegate),
			match delegate {
				Delegate::Patient(_) => Refused::OtherPatient,
				Delegate::Doctor(_) => Refused::OtherDoctor,
				Delegate::Desk(_) => Refused::OtherHospital,
			},
		),
		// A person who gives and takes access for the patient has to know which doctors have it.
		Question::Given(patient) => {
			may(who.patient == Some(patient) || decides(who, now), Refused::PatientOnly)
		},
		Question::Between(patient, doctor) => {
			let is_theirs = who.patient == Some(patient) || who.doctor == Some(doctor);
			may(is_theirs || decides(who, now), Refused::OtherDoctor)
		},
		// The desk confirms them, and their later keys.
		Question::Representatives(patient) => {
			may(who.patient == Some(patient) || is_hospitals(who), Refused::PatientOnly)
		},
		Question::Representation(patient, representative) => {
			let is_theirs = [patient, representative].map(Some).contains(&who.patient);
			may(is_theirs, Refused::OtherPatient)
		},
		// A doctor who finds a person unconscious has to learn which hospitals to ask. The answer names these, and nothing of
		// the chart.
		Question::Plan(patient) => {
			let is_theirs = who.patient == Some(patient) || is_at_desk(who);
			let practises = who.emergency.is_some_and(|emergency| emergency.practises);
			may(is_theirs || practises, Refused::PatientOnly)
		},
		Question::Emergencies(patient) => {
			let is_theirs = who.patient == Some(patient) || is_at_desk(who);
			let is_named = who.emergency.is_some_and(|emergency| emergency.is_named);
			may(is_theirs || is_named, Refused::PatientOnly)
		},
		Question::Opened(patient) => match who.patient == Some(patient) {
			true => Ok(()),
			false => content(who, now).map(|_| ()),
		},
		Question::Held(patient, hospital) => {
			let is_theirs = who.patient == Some(patient) || who.registrar == Some(hospital);
			may(is_theirs, Refused::OtherHospital)
		},
		Question::Deposit(patient, institution) => {
			let is_theirs = who.patient == Some(patient) || who.institution == Some(institution);
			may(is_theirs, Refused::OtherInstitution)
		},
		Question::Entry(patient) => {
			let is_expected = is_hospitals(who) || deposits(who, now) || acts_at_all(who, now);
			if who.patient == Some(patient) || is_expected {
				return Ok(());
			}
			granted(who, now).map(|_| ())
		},
		Question::Records(patient) => match who.patient == Some(patient) || sees(who, now) {
			true => Ok(()),
			false => content(who, now).map(|_| ()),
		},
		Question::Epochs(patient) => {
			if who.patient == Some(patient) || sees(who, now) {
				return Ok(());
			}
			may(content(who, now)?.scope == Scope::Chart, Refused::Denied(Denied::RecordNotShared))
		},
		Question::Record(patient, _) => one_record(patient, who, now),
	}
}

/// Whether the account is this person, or a registrar at this desk.
pub(super) fn is_own(who: &Who, delegate: Delegate) -> bool {
	match delegate {
		Delegate::Patient(patient) => who.patient == Some(patient),
		Delegate::Doctor(doctor) => who.doctor == Some(doctor),
		Delegate::Desk(hospital) => who.registrar == Some(hospital),
	}
}

/// Whether an answer that is allowed is more than the account may have: a chart's records, of which single ones
/// are shared with the doctor.
pub(super) fn is_partial(question: &Question, who: &Who, now: Moment) -> bool {
	let Question::Records(patient) = question else { return false };
	let access = who.chart.as_ref().and_then(|chart| chart.access);
	who.patient != Some(*patient)
		&& !sees(who, now)
		&& matches!(access, Some(Ok(Allowed { scope: Scope::Records, .. })))
}

/// One record: of single records, those that are shared.
fn one_record(patient: PatientId, who: &Who, now: Moment) -> Result<(), Refused> {
	if who.patient == Some(patient) || sees(who, now) {
		return Ok(());
	}
	match (content(who, now)?.scope, who.chart.as_ref().and_then(|chart| chart.record)) {
		(Scope::Chart, _) | (Scope::Records, Some(Ok(_))) => Ok(()),
		// One refusal: its reason would say which records there are, and which are withdrawn.
		(Scope::Records, Some(Err(_)) | None) => Err(Refused::Denied(Denied::RecordNotShared)),
	}
}

/// Whether the account is a registrar of the patient's hospital, or of the one that the patient asked to move to.
fn is_hospitals(who: &Who) -> bool {
	let Some(Chart { hospital: Some(hospital), moving_to, .. }) = who.chart else { return false };
	who.registrar.is_some_and(|own| own == hospital || Some(own) == moving_to)
}

/// Whether the account is a registrar of the patient's hospital, or of one that can confirm the patient's emergencies, or
/// has.
fn is_at_desk(who: &Who) -> bool {
	who.emergency.is_some_and(|emergency| emergency.is_at_desk)
}

/// Whether the account adds records to the chart for an institution, which needs the chart's public keys, and
/// nothing else. By any clock, the permission has not run out.
fn deposits(who: &Who, now: Moment) -> bool {
	let deposit = who.chart.as_ref().and_then(|chart| chart.deposit);
	deposit.is_some_and(|until| until.is_none_or(|until| until > now))
}

/// Whether the account's patient represents the chart's, and may do this. By any clock, that has not ended.
fn acts(who: &Who, now: Moment, scope: Scopes) -> bool {
	let acting = who.chart.as_ref().and_then(|chart| chart.acting);
	acting.is_some_and(|(scopes, until)| {
		scopes.include(scope) && until.is_none_or(|until| until > now)
	})
}

/// The same, whatever they may do.
fn acts_at_all(who: &Who, now: Moment) -> bool {
	acts(who, now, Scopes(0))
}

/// Whether they may see the whole chart.
fn sees(who: &Who, now: Moment) -> bool {
	acts(who, now, Scopes::SEE)
}

/// Whether they give doctors access, or take it back.
fn decides(who: &Who, now: Moment) -> bool {
	acts(who, now, Scopes::GRANT) || acts(who, now, Scopes::REVOKE)
}

/// A doctor's access to what hospitals do not get.
fn content(who: &Who, now: Moment) -> Result<Allowed, Refused> {
	granted(who, now).map_err(|why| match (why, is_hospitals(who)) {
		(Refused::OtherHospital | Refused::OtherPatient, true) => Refused::NotForHospitals,
		(why, _) => why,
	})
}

/// A doctor's access to the chart, unless it has expired by any clock.
fn granted(who: &Who, now: Moment) -> Result<Allowed, Refused> {
	match who.chart.as_ref().and_then(|chart| chart.access) {
		Some(Ok(Allowed { until: Some(until), .. })) if until <= now => {
			Err(Refused::Denied(Denied::GrantExpired))
		},
		Some(Ok(allowed)) => Ok(allowed),
		Some(Err(why)) => Err(Refused::Denied(why)),
		None if who.registrar.is_some() => Err(Refused::OtherHospital),
		None => Err(Refused::OtherPatient),
	}
}

#[cfg(test)]
mod tests;

//! What the chain knows about an account, as far as decisions need it.

use super::question::Question;
use medblock_chain::{AccountId, At, BlockHash, Error};
use medblock_primitives::{Allowed, Denied, DoctorId, HospitalId, PatientId};
use std::collections::VecDeque;

/// How many of a connection's last facts are kept.
const KEPT: usize = 32;

/// An account that signed in, in one block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Who {
	/// The account.
	pub(super) account: AccountId,
	/// The patient whose chart it controls.
	pub(super) patient: Option<PatientId>,
	/// The doctor that it acts for.
	pub(super) doctor: Option<DoctorId>,
	/// The hospital for which it verifies people.
	pub(super) registrar: Option<HospitalId>,
	/// The chart that it asks about, if it is another's.
	pub(super) chart: Option<Chart>,
}

/// An account's relation to another's chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chart {
	/// The patient's hospital. Read for registrars alone.
	pub(super) hospital: Option<HospitalId>,
	/// The hospital that the patient asked to move to.
	pub(super) moving_to: Option<HospitalId>,
	/// The access of the doctor that the account acts for.
	pub(super) access: Option<Result<Allowed, Denied>>,
	/// The same to the one record that it asks about.
	pub(super) record: Option<Result<Allowed, Denied>>,
}

impl Who {
	/// Reads what a question of the account needs.
	async fn read(at: &At, account: AccountId, question: &Question) -> Result<Self, Error> {
		let (patient, doctor, registrar) = tokio::try_join!(
			at.patient_of(account),
			at.doctor_of(account),
			at.registrar_of(account)
		)?;
		let (of, index) = match *question {
			Question::Entry(of) | Question::Records(of) | Question::Epochs(of) => (Some(of), None),
			Question::Record(of, index) => (Some(of), Some(index)),
			_ => (None, None),
		};
		let chart = match of {
			Some(of) if patient != Some(of) => {
				let (found, access, record) = tokio::try_join!(
					async {
						match registrar {
							Some(_) => at.patient(of).await,
							None => Ok(None),
						}
					},
					async {
						match doctor {
							Some(doctor) => at.access(of, doctor, None).await.map(Some),
							None => Ok(None),
						}
					},
					async {
						match (doctor, index) {
							(Some(doctor), Some(_)) => at.access(of, doctor, index).await.map(Some),
							_ => Ok(None),
						}
					}
				)?;
				let moving_to = found.as_ref().and_then(|found| found.moving_to);
				Some(Chart {
					hospital: found.map(|found| found.hospital),
					moving_to,
					access,
					record,
				})
			},
			_ => None,
		};
		Ok(Self { account, patient, doctor, registrar, chart })
	}
}

/// The last facts of a connection: a block does not change.
#[derive(Default)]
pub(super) struct Seen(VecDeque<(BlockHash, AccountId, Question, Who)>);

impl Seen {
	/// What is known already.
	pub(super) fn find(&self, at: &At, account: &AccountId, question: &Question) -> Option<Who> {
		let known = self.0.iter().find(|(block, of, asked, _)| {
			*block == at.hash() && of == account && asked == question
		});
		known.map(|(.., who)| who.clone())
	}

	/// Keeps what was read.
	pub(super) fn keep(&mut self, at: &At, question: Question, who: Who) {
		if self.0.len() >= KEPT {
			self.0.pop_front();
		}
		self.0.push_back((at.hash(), who.account, question, who));
	}
}

/// Reads what a question needs, or finds it among what was read before.
pub(super) async fn read(
	seen: &std::sync::Mutex<Seen>,
	at: &At,
	account: AccountId,
	question: Question,
) -> Result<Who, Error> {
	// A poisoned lock still holds valid facts.
	let kept = || seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
	if let Some(who) = kept().find(at, &account, &question) {
		return Ok(who);
	}
	let who = Who::read(at, account, &question).await?;
	kept().keep(at, question, who.clone());
	Ok(who)
}

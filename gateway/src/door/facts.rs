//! What the chain knows about an account, as far as decisions need it.

use super::{decide::is_own, kept::Kept, question::Question};
use medblock_chain::{AccountId, At, BlockHash, Error, RecoveryInfo};
use medblock_primitives::{
	Allowed, Delegate, Denied, DoctorId, HospitalId, InstitutionId, Moment, PatientId, Person,
	RecordIndex, Scopes, Standing,
};
use medblock_vault_protocol::door::Refused;
use pallet_consortium_runtime_api::SeatStatus;
use std::{collections::BTreeSet, sync::Arc};

/// How many facts of each kind are kept. A block does not change, so they hold as long as it is asked about.
const KEPT: usize = 4_096;

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
	/// The institution that it adds records for.
	pub(super) institution: Option<InstitutionId>,
	/// The hospital that it asks about, if it acts for it. Read for questions about staff alone.
	pub(super) controls: Option<HospitalId>,
	/// The chart that it asks about, if it is another's.
	pub(super) chart: Option<Chart>,
	/// Its relation to the emergencies that it asks about, if they are another's.
	pub(super) emergency: Option<Emergency>,
	/// Whether it is a guardian of the person that it asks about, or a new device's account that asks to take them over.
	/// Read for questions about guardians alone, or for new devices.
	pub(super) guards: bool,
}

/// An account's relation to another's emergencies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Emergency {
	/// Whether it is a registrar of the patient's hospital, or of one that can confirm an emergency, or has.
	pub(super) is_at_desk: bool,
	/// Whether it acts for a doctor who practises.
	pub(super) practises: bool,
	/// Whether it acts for a doctor who asks for an emergency, or had one that the chain keeps.
	pub(super) is_named: bool,
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
	/// The permission of the institution that the account adds records for, if it holds: its end, if it has
	/// one.
	pub(super) deposit: Option<Option<Moment>>,
	/// What the account's patient may do for the chart's, and until when, if they represent them.
	pub(super) acting: Option<(Scopes, Option<Moment>)>,
}

/// The patient, the doctor, the registrar and the operator that an account is.
type Roles = (Option<PatientId>, Option<DoctorId>, Option<HospitalId>, Option<InstitutionId>);

/// The places of records that a patient shares with a doctor, or that are open in an emergency.
pub(super) type Shared = Arc<BTreeSet<RecordIndex>>;

/// The relation of an account without any part to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Newcomer {
	Stranger,
	/// A guardian has asked for it.
	Asks,
	/// Enough guardians have approved it, and the delay is over, so that the chain would make it the person's account.
	IsDue,
}

impl Newcomer {
	/// The relation of an account that asks for a person, `now`. `able` are the guardians who can act now, and `threshold`
	/// of them have to agree.
	fn of(
		own: &RecoveryInfo,
		able: &[Delegate],
		threshold: usize,
		standing: Option<Standing>,
		now: Moment,
	) -> Self {
		let is_over = own.due.is_some_and(|due| due <= now);
		let approvals = own.approvals.iter().filter(|one| able.contains(one)).count();
		let may_finish = is_over
			&& now < own.ends_at
			&& approvals >= threshold
			&& standing == Some(Standing::Verified);
		if may_finish { Self::IsDue } else { Self::Asks }
	}
}

/// The client that causes a question of the gateway's to the node.
pub(super) trait Payer {
	/// Counts so many questions for it.
	fn pay(&self, questions: u64) -> Result<(), Refused>;

	/// What the client is told when the node fails.
	fn failed(&self, why: &Error) -> Refused;
}

/// The last facts, for all connections: what one client has caused to be read, another need not.
pub(super) struct Facts {
	roles: Kept<(BlockHash, [u8; 32]), Roles>,
	controllers: Kept<(BlockHash, HospitalId), Option<[u8; 32]>>,
	charts: Kept<(BlockHash, [u8; 32], PatientId), Chart>,
	emergencies: Kept<(BlockHash, [u8; 32], PatientId), Emergency>,
	records: Kept<(BlockHash, PatientId, DoctorId, RecordIndex), Result<Allowed, Denied>>,
	shares: Kept<(BlockHash, PatientId, DoctorId), Shared>,
	newcomers: Kept<(BlockHash, [u8; 32], Person), Newcomer>,
}

impl Default for Facts {
	fn default() -> Self {
		Self {
			roles: Kept::new(KEPT),
			controllers: Kept::new(KEPT),
			charts: Kept::new(KEPT),
			emergencies: Kept::new(KEPT),
			records: Kept::new(KEPT),
			shares: Kept::new(KEPT),
			newcomers: Kept::new(KEPT),
		}
	}
}

impl Facts {
	/// What a question of the account needs, in one block.
	pub(super) async fn who(
		&self,
		at: &At,
		account: AccountId,
		question: &Question,
		client: &impl Payer,
	) -> Result<Who, Refused> {
		let (mut patient, mut doctor, registrar, institution) =
			self.roles(at, account, client).await?;
		let (controls, chart, emergency) = (None, None, None);
		let mut guards = false;
		let is_nobody = (patient, doctor, registrar, institution) == Roles::default();
		if let (true, Some(person)) = (is_nobody, question.person()) {
			let asking = read_newcomer(at, account, person, client);
			let newcomer = self.newcomers.get((at.hash(), account.0, person), asking).await?;
			match (newcomer, person) {
				(Newcomer::Stranger, _) => {},
				(Newcomer::Asks, _) => guards = true,
				// The chain would make it the person's account at its next call, which needs what the person may read.
				(Newcomer::IsDue, Person::Patient(own)) => patient = Some(own),
				(Newcomer::IsDue, Person::Doctor(own)) => doctor = Some(own),
			}
		}
		let mut who = Who {
			account,
			patient,
			doctor,
			registrar,
			institution,
			controls,
			chart,
			emergency,
			guards,
		};
		let (of, index) = match *question {
			Question::Entry(of)
			| Question::Records(of)
			| Question::Epochs(of)
			| Question::Recipients(of)
			| Question::Given(of)
			| Question::Representatives(of)
			| Question::Opened(of) => (of, None),
			Question::Plan(of) | Question::Emergencies(of) if patient != Some(of) => {
				let key = (at.hash(), account.0, of);
				let asking = read_emergency(at, &who, of, client);
				let found = self.emergencies.get(key, asking).await?;
				who.emergency = Some(found);
				return Ok(who);
			},
			Question::Guarded(person) if !guards && !is_own(&who, person.into()) => {
				client.pay(1)?;
				let found = at.guardians(person).await.map_err(|why| client.failed(&why))?;
				let guardians = found.map(|found| found.guardians).unwrap_or_default();
				who.guards = guardians.iter().any(|one| is_own(&who, one.delegate));
				return Ok(who);
			},
			Question::Between(of, with) if doctor != Some(with) => (of, None),
			Question::Record(of, index) => (of, Some(index)),
			Question::Staff(hospital) if registrar != Some(hospital) => {
				let controller = self.controller(at, hospital, client).await?;
				who.controls = (controller == Some(account.0)).then_some(hospital);
				return Ok(who);
			},
			_ => return Ok(who),
		};
		if patient == Some(of) {
			return Ok(who);
		}
		let key = (at.hash(), account.0, of);
		let mut chart = self.charts.get(key, self.chart(at, &who, of, client)).await?;
		if let (Some(doctor), Some(index)) = (doctor, index) {
			chart.record = Some(self.record(at, of, doctor, index, client).await?);
		}
		who.chart = Some(chart);
		Ok(who)
	}

	/// What an account is, in one block.
	async fn roles(
		&self,
		at: &At,
		account: AccountId,
		client: &impl Payer,
	) -> Result<Roles, Refused> {
		let roles = self.roles.get((at.hash(), account.0), async {
			client.pay(4)?;
			let read = tokio::try_join!(
				at.patient_of(account),
				at.doctor_of(account),
				at.registrar_of(account),
				at.operator_of(account)
			);
			read.map_err(|why| client.failed(&why))
		});
		roles.await
	}

	/// The account that acts for an active hospital, in one block.
	async fn controller(
		&self,
		at: &At,
		hospital: HospitalId,
		client: &impl Payer,
	) -> Result<Option<[u8; 32]>, Refused> {
		let controller = self.controllers.get((at.hash(), hospital), async {
			client.pay(1)?;
			let found = at.hospital(hospital).await.map_err(|why| client.failed(&why))?;
			let active = found.filter(|found| found.seat != SeatStatus::Expelled);
			Ok(active.map(|found| found.controller.0))
		});
		controller.await
	}

	/// An account's relation to another's chart, without single records.
	async fn chart(
		&self,
		at: &At,
		who: &Who,
		of: PatientId,
		client: &impl Payer,
	) -> Result<Chart, Refused> {
		let asks = [
			who.registrar.is_some(),
			who.doctor.is_some(),
			who.institution.is_some(),
			who.patient.is_some(),
		];
		client.pay(asks.into_iter().map(u64::from).sum())?;
		let read = tokio::try_join!(
			async {
				match who.registrar {
					Some(_) => at.patient(of).await,
					None => Ok(None),
				}
			},
			async {
				match who.doctor {
					Some(doctor) => at.access(of, doctor, None).await.map(Some),
					None => Ok(None),
				}
			},
			async {
				match who.institution {
					Some(institution) => at.deposit(of, institution).await,
					None => Ok(None),
				}
			},
			async {
				match who.patient {
					Some(own) => {
						let mut all = at.representatives(of).await?.into_iter();
						Ok::<_, Error>(all.find(|one| one.live && one.representative == own))
					},
					None => Ok(None),
				}
			}
		);
		let (found, access, deposit, acting) = read.map_err(|why| client.failed(&why))?;
		let acting = acting.map(|found| (found.scopes, found.until));
		let deposit = deposit.filter(|deposit| deposit.live).map(|deposit| deposit.expires_at);
		let moving_to = found.as_ref().and_then(|found| found.moving_to);
		let hospital = found.map(|found| found.hospital);
		Ok(Chart { hospital, moving_to, access, deposit, acting, record: None })
	}

	/// A doctor's access to a single record, in one block.
	async fn record(
		&self,
		at: &At,
		of: PatientId,
		doctor: DoctorId,
		index: RecordIndex,
		client: &impl Payer,
	) -> Result<Result<Allowed, Denied>, Refused> {
		let access = self.records.get((at.hash(), of, doctor, index), async {
			client.pay(1)?;
			let read = at.access(of, doctor, Some(index)).await;
			read.map_err(|why| client.failed(&why))
		});
		access.await
	}

	/// The places of the records that a patient shares with a doctor, or that are open in an emergency, in one block.
	pub(super) async fn shared(
		&self,
		at: &At,
		patient: PatientId,
		doctor: DoctorId,
		client: &impl Payer,
	) -> Result<Shared, Refused> {
		let shared = self.shares.get((at.hash(), patient, doctor), async {
			client.pay(2)?;
			let read = tokio::try_join!(at.share(patient, doctor), at.emergencies(patient));
			let (share, emergencies) = read.map_err(|why| client.failed(&why))?;
			let mut records: BTreeSet<_> = share.records.iter().map(|one| one.record).collect();
			if emergencies.iter().any(|one| one.open && one.doctor == doctor) {
				client.pay(1)?;
				let plan = at.emergency_plan(patient).await.map_err(|why| client.failed(&why))?;
				records.extend(plan.and_then(|plan| plan.records).unwrap_or_default());
			}
			Ok(Arc::new(records))
		});
		shared.await
	}
}

/// The relation of an account without any part to a person, in one block.
async fn read_newcomer(
	at: &At,
	account: AccountId,
	person: Person,
	client: &impl Payer,
) -> Result<Newcomer, Refused> {
	client.pay(4)?;
	let standing = async {
		Ok::<_, Error>(match person {
			Person::Patient(patient) => at.patient(patient).await?.map(|found| found.standing),
			Person::Doctor(doctor) => at.doctor(doctor).await?.map(|found| found.standing),
		})
	};
	let read = tokio::try_join!(at.recoveries(person), at.guardians(person), standing, at.now());
	let (all, guardians, standing, now) = read.map_err(|why| client.failed(&why))?;
	let own = all.into_iter().find(|one| one.new == account);
	let (Some(own), Some(guardians)) = (own, guardians) else { return Ok(Newcomer::Stranger) };
	let able = guardians.guardians.iter().filter(|one| one.able).map(|one| one.delegate);
	let able: Vec<_> = able.collect();
	Ok(Newcomer::of(&own, &able, guardians.commitments.len(), standing, now))
}

/// An account's relation to another's emergencies, in one block.
async fn read_emergency(
	at: &At,
	who: &Who,
	of: PatientId,
	client: &impl Payer,
) -> Result<Emergency, Refused> {
	if who.registrar.is_none() && who.doctor.is_none() {
		return Ok(Emergency::default());
	}
	client.pay(2 + 2 * u64::from(who.registrar.is_some()) + u64::from(who.doctor.is_some()))?;
	let read = tokio::try_join!(
		at.emergency_requests(of),
		at.emergencies(of),
		async {
			match who.doctor {
				Some(doctor) => at.doctor(doctor).await,
				None => Ok(None),
			}
		},
		async {
			let Some(hospital) = who.registrar else { return Ok((false, false)) };
			let (patient, share) =
				tokio::try_join!(at.patient(of), at.emergency_share(of, hospital))?;
			let is_own = patient.is_some_and(|found| found.hospital == hospital);
			Ok::<_, Error>((is_own, share.is_some()))
		}
	);
	let (requests, emergencies, doctor, (is_own, is_holder)) =
		read.map_err(|why| client.failed(&why))?;
	let has_confirmed = who
		.registrar
		.is_some_and(|hospital| emergencies.iter().any(|one| one.confirmed.contains(&hospital)));
	let asked = requests.iter().map(|one| one.doctor);
	let mut named = asked.chain(emergencies.iter().map(|one| one.doctor));
	Ok(Emergency {
		is_at_desk: is_own || is_holder || has_confirmed,
		practises: doctor.is_some_and(|found| found.practises.is_ok()),
		is_named: who.doctor.is_some_and(|own| named.any(|one| one == own)),
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use medblock_primitives::PublicKey;

	const DESKS: [Delegate; 3] = [
		Delegate::Desk(HospitalId(0)),
		Delegate::Desk(HospitalId(1)),
		Delegate::Desk(HospitalId(2)),
	];

	/// A request that two desks have approved, whose delay ends at 100 and which lapses at 200.
	fn request() -> RecoveryInfo {
		RecoveryInfo {
			person: Person::Patient(PatientId(7)),
			new: AccountId::from([1; 32]),
			suite: 1,
			key: PublicKey::default(),
			requested_at: 0,
			due: Some(100),
			ends_at: 200,
			approvals: DESKS[..2].to_vec(),
			handed_over: Vec::new(),
		}
	}

	#[test]
	fn new_device_reads_as_its_owner_only_while_it_could_take_over() {
		let verified = Some(Standing::Verified);
		let of =
			|able: &[Delegate], standing, now| Newcomer::of(&request(), able, 2, standing, now);
		assert_eq!(of(&DESKS, verified, 99), Newcomer::Asks);
		assert_eq!(of(&DESKS, verified, 100), Newcomer::IsDue);
		assert_eq!(of(&DESKS, verified, 199), Newcomer::IsDue);
		assert_eq!(of(&DESKS, verified, 200), Newcomer::Asks, "it has lapsed");
		assert_eq!(of(&DESKS, Some(Standing::Suspended), 150), Newcomer::Asks);
		assert_eq!(of(&DESKS[1..], verified, 150), Newcomer::Asks, "a hospital was expelled");
		let waiting = RecoveryInfo { due: None, ..request() };
		assert_eq!(Newcomer::of(&waiting, &DESKS, 2, verified, 150), Newcomer::Asks);
	}
}

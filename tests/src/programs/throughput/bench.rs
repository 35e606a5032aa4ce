//! The network that is measured, and the phases of the measurement.

use medblock_e2e::{
	Chain, Form, Hospital, Network, Specification, Up, eventually,
	load::{
		follower::{Follower, Seen},
		ledger::{Class, Fate, Ledger, Ready},
		offer::{Offer, Offered, Pace, connect, offer},
		processes::{self, Spent},
		signing::{Packed, Person, sign},
		summary::{Cost, Phase, Summary},
		tasks::Polled,
		words::Words,
	},
	made_up::DOCTORS,
};
use medblock_runtime::RuntimeCall;
use std::{
	fs,
	ops::Range,
	path::PathBuf,
	sync::{Arc, MutexGuard},
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// Connections to each node.
const LINES: usize = 2;
/// The number of transactions that an account may have waiting.
pub const ROOM: usize = 16;
/// Revocations a second beside the load.
const PROBES: f64 = 2.0;
/// People who revoke beside the load.
pub const PROBING: usize = 64;
/// The fewest people that a load can come from.
const FEWEST: usize = 64;
/// The time without a new final transaction after which the others are given up.
const PATIENCE: Duration = Duration::from_secs(45);
/// The longest time for what has to be there before a phase.
const PREPARING: Duration = Duration::from_secs(600);
/// The time between two looks at what is final.
const PAUSE: Duration = Duration::from_millis(100);
/// The time for which the idle nodes are watched.
const IDLE: Duration = Duration::from_secs(10);

/// A phase that is to be.
pub struct Plan {
	title: String,
	pace: Pace,
	records: usize,
	/// The number of transactions that are signed.
	most: f64,
	/// Whether some people revoke meanwhile.
	pub with_probes: bool,
}

impl Plan {
	/// A phase that sends at this pace, and at most so many transactions.
	pub fn new(title: &str, pace: Pace, records: usize, most: f64) -> Self {
		Self { title: title.to_owned(), pace, records, most, with_probes: false }
	}
}

/// The network that is measured.
pub struct Bench {
	/// What was asked for.
	pub words: Words,
	/// The network.
	pub network: Network,
	/// Its first node.
	pub chain: Chain,
	/// The patients who send.
	pub people: Vec<Person>,
	/// Those who revoke meanwhile.
	pub probing: Vec<Person>,
	lines: Vec<Arc<jsonrpsee::ws_client::WsClient>>,
	follower: Follower,
	/// The numbers of blocks and their transactions that an earlier follower saw.
	earlier: Vec<(u32, usize)>,
	http: reqwest::Client,
}

/// What nodes have spent up to now.
struct Reading {
	processes: Vec<processes::Reading>,
	polled: Polled,
}

impl Bench {
	/// Starts a network of its own.
	pub async fn start(words: Words) -> Result<Self, String> {
		eprintln!("starting {} validators, with slots of {} ms", words.validators, words.slot);
		let network = Network::new();
		let mut specification = Specification::local().await.map_err(|why| why.to_string())?;
		super::registrations::prepare(&mut specification, words.registrars)?;
		let settings = specification
			.set("slotDuration", words.slot.into())
			.and_then(|()| specification.seat(words.validators))
			.and_then(|()| specification.write(&adjusted(&network)));
		settings.map_err(|why| why.to_string())?;
		let http = reqwest::Client::builder().no_proxy().build();
		let http = http.map_err(|why| why.to_string())?;
		let (chain, lines, follower) = up(&network, &words).await?;
		let (people, probing, earlier) = (Vec::new(), Vec::new(), Vec::new());
		Ok(Self { words, network, chain, people, probing, lines, follower, earlier, http })
	}

	/// The hospitals whose nodes run.
	pub fn running(&self) -> &'static [Hospital] {
		running(self.words.validators)
	}

	/// The process of a hospital's node.
	pub fn pid(&self, hospital: Hospital) -> Result<u32, String> {
		self.network
			.daemon(hospital)
			.pid()
			.ok_or_else(|| format!("the node of {hospital} has ended"))
	}

	/// Stops all nodes and starts them again. Gives the size of the first one's database.
	pub async fn restart(&mut self) -> Result<u64, String> {
		eprintln!("restarting, to see what is on disk");
		let finals = self.seen().finals.clone();
		self.earlier.extend(finals.iter().map(|block| (block.number, block.transactions)));
		let size = self.end().await;
		(self.chain, self.lines, self.follower) = up(&self.network, &self.words).await?;
		Ok(size)
	}

	/// Stops all nodes. Gives the size of the first one's database.
	pub async fn end(&self) -> u64 {
		self.network.down().await;
		crate::programs::growth::on_disk(&self.network.path().join("north/chains"))
	}

	/// The transactions in final blocks since the last start.
	pub fn transactions(&self) -> usize {
		self.seen().transactions(0, u32::MAX)
	}

	/// The transactions in final blocks after this one, up to that one.
	pub fn transactions_between(&self, after: u32, last: u32) -> usize {
		let some = self.earlier.iter().filter(|(number, _)| *number > after && *number <= last);
		let earlier: usize = some.map(|(_, count)| count).sum();
		earlier + self.seen().transactions(after, last)
	}

	/// The processor time of all nodes in a second without transactions.
	pub async fn idle(&self) -> Result<Duration, String> {
		let (began, before) = (Instant::now(), self.reading().await?);
		sleep(IDLE).await;
		let spent = self.reading().await?.since(&before).spent.all;
		Ok(spent.div_f64(began.elapsed().as_secs_f64()))
	}

	/// Counts everyone's calls anew.
	pub fn forget_deeds(&mut self) {
		for person in &mut self.people {
			person.deeds = 0;
		}
	}

	/// Sends as planned, waits until what was sent is final, and tells what became of it.
	pub async fn phase(
		&mut self,
		plan: Plan,
		call: impl Fn(&Person, usize) -> RuntimeCall + Sync,
	) -> Result<Summary, String> {
		let title = &plan.title;
		let senders = self.people.iter().filter(|person| !person.is_lost).count();
		if senders < FEWEST {
			return Err(format!("{title}: the transactions of too many people were lost before"));
		}
		if plan.with_probes {
			self.grant_to_revoke().await?;
		}
		// One more where a pace is kept: who rests after a refusal at the end leaves a turn to the others.
		let spare = usize::from(matches!(plan.pace, Pace::PerSecond(_)));
		let each = (plan.most / senders as f64).ceil().max(1.0) as usize + spare;
		eprintln!("{title}: signing {} transactions", each * senders);
		let form = self.form().await;
		let signed = sign(&form, &self.people, |person| {
			let count = if person.is_lost { 0 } else { each };
			let calls = (0..count).map(|next| call(person, next)).collect();
			(person.patient.key.clone(), person.nonce, calls)
		});
		let revoking = if plan.with_probes { &self.probing[..] } else { &[] };
		let revocations = sign(&form, revoking, |person| {
			let calls = (0..DOCTORS).map(|doctor| person.patient.revokes(doctor)).collect();
			(person.patient.key.clone(), person.nonce, calls)
		});
		let mut ledger = Ledger::default();
		let ready = ledger.expect(signed, Class::Load);
		let revocations = ledger.expect(revocations, Class::Probe);
		let (own, others) = places(&ready, &revocations);
		self.seen().begin(ledger);

		eprintln!("{title}: {} s", self.words.time.as_secs());
		let (before, began) = (self.reading().await?, Instant::now());
		let time = Some(self.words.time);
		let load = Offer { pace: plan.pace, room: ROOM, time };
		let many = revocations.iter().map(Vec::len).sum::<usize>() as f64;
		let beside = PROBES.min(many / self.words.time.as_secs_f64());
		let beside = Offer { pace: Pace::PerSecond(beside), room: ROOM, time };
		let shared = &self.follower.shared;
		let loading = async {
			let offered = offer(&self.lines, ready, load, shared).await;
			// It may have been all that was signed, and revocations go on.
			(offered, Instant::now())
		};
		let revoking = offer(&self.lines, revocations, beside, shared);
		let ((mut offered, ended), probed) = tokio::join!(loading, revoking);
		// Whether it was all that was signed is said of the load.
		offered.add(Offered { ran_out: false, ..probed });
		let ended = ended.min(began + self.words.time);
		self.drained().await;
		let cost = self.reading().await?.since(&before);
		self.settle(&own, &others);
		let asked = match plan.pace {
			Pace::PerSecond(rate) => Some(rate),
			Pace::Waiting(_) => None,
		};
		let Plan { title, records, .. } = plan;
		let phase = Phase { title, asked, records, began, ended, offered, cost };
		phase.summary(&self.seen())
	}

	/// Sends all of this, and waits until it is final. Gives the time until the last of it was, and which calls of each
	/// account succeeded.
	pub async fn stage(
		&self,
		what: &str,
		accounts: Vec<Vec<Packed>>,
	) -> Result<(Duration, Vec<Vec<bool>>), String> {
		let count: usize = accounts.iter().map(Vec::len).sum();
		eprintln!("{what}: {count} transactions");
		let mut ledger = Ledger::default();
		let ready = ledger.expect(accounts, Class::Load);
		let (own, _) = places(&ready, &[]);
		self.seen().begin(ledger);
		let began = Instant::now();
		let all = Offer { pace: Pace::Waiting(count), room: ROOM, time: Some(PREPARING) };
		let offered = offer(&self.lines, ready, all, &self.follower.shared).await;
		self.drained().await;
		let seen = self.seen();
		if let Some(why) = &seen.failure {
			return Err(format!("{what}: {why}"));
		}
		let lost = seen.ledger.open();
		if lost > 0 {
			return Err(format!(
				"{what}: {lost} transactions that a node had accepted did not become final"
			));
		}
		let fates = seen.ledger.fates();
		let last = fates.iter().filter(|fate| !fate.failed).filter_map(|fate| fate.last).max();
		let last = last.ok_or_else(|| {
			let refusals = &offered.refusals;
			format!("{what}: none of {count} transactions became final and succeeded; {refusals:?}")
		})?;
		let succeeded =
			own.into_iter().map(|places| fates[places].iter().map(Fate::succeeded).collect());
		Ok((last.duration_since(began), succeeded.collect()))
	}

	/// How transactions are signed that stay valid for one phase, and not much longer: what is lost goes away.
	async fn form(&self) -> Form {
		self.form_for(self.words.time).await
	}

	/// How those are signed that prepare a phase, for as long as they may take.
	pub async fn preparing_form(&self) -> Form {
		self.form_for(PREPARING).await
	}

	async fn form_for(&self, time: Duration) -> Form {
		let most = time + PATIENCE + PATIENCE;
		let blocks = most.as_millis() / self.words.slot_time().as_millis();
		let blocks = u32::try_from(blocks).unwrap_or(u32::MAX).clamp(64, 4_096);
		let (hash, header) = self.chain.finalized().await;
		self.chain.form().await.mortal(blocks.next_power_of_two(), header.number, hash)
	}

	/// Those who revoke have something to revoke.
	async fn grant_to_revoke(&mut self) -> Result<(), String> {
		let form = self.preparing_form().await;
		let grants = sign(&form, &self.probing, |person| {
			let calls = (0..DOCTORS).map(|doctor| person.patient.grants(doctor)).collect();
			(person.patient.key.clone(), person.nonce, calls)
		});
		let (_, succeeded) = self.stage("grants to revoke", grants).await?;
		let mut kept = Vec::new();
		for (mut person, succeeded) in self.probing.drain(..).zip(succeeded) {
			person.nonce += DOCTORS;
			if succeeded.iter().all(|one| *one) {
				kept.push(person);
			}
		}
		self.probing = kept;
		match self.probing.is_empty() {
			true => Err("no grant succeeded that could be revoked".to_owned()),
			false => Ok(()),
		}
	}

	/// Waits until all that a node accepted is final, or nothing has become final for long.
	async fn drained(&self) {
		let (mut closed, mut since) = (0, Instant::now());
		while since.elapsed() < PATIENCE {
			let (open, now) = {
				let seen = self.seen();
				if seen.failure.is_some() {
					return;
				}
				(seen.ledger.open(), seen.ledger.closed())
			};
			if open == 0 {
				return;
			}
			if now > closed {
				(closed, since) = (now, Instant::now());
			}
			sleep(PAUSE).await;
		}
	}

	/// Notes how far each account has come.
	fn settle(&mut self, own: &[Range<usize>], others: &[Range<usize>]) {
		let seen = self.follower.shared.lock().expect("no panic");
		let fates = seen.ledger.fates();
		let all = self.people.iter_mut().zip(own).chain(self.probing.iter_mut().zip(others));
		for (person, places) in all {
			let fates = &fates[places.clone()];
			let done = fates.iter().take_while(|fate| fate.last.is_some()).count();
			person.nonce += done as u32;
			person.deeds += done;
			person.is_lost |= fates.iter().any(|fate| fate.accepted && fate.last.is_none());
		}
		drop(seen);
		self.probing.retain(|person| !person.is_lost);
	}

	/// What was seen of the chain so far.
	fn seen(&self) -> MutexGuard<'_, Seen> {
		self.follower.shared.lock().expect("no panic")
	}

	async fn reading(&self) -> Result<Reading, String> {
		let (mut processes, mut polled) = (Vec::new(), Polled::default());
		for (hospital, index) in self.running().iter().zip(0..) {
			let read = processes::Reading::of(self.pid(*hospital)?);
			processes.push(read.map_err(|why| why.to_string())?);
			let figures = self.http.get(self.network.metrics_url(index)).send().await;
			let figures = figures.map_err(|why| why.to_string())?.text().await;
			polled.add(&Polled::read(&figures.map_err(|why| why.to_string())?));
		}
		match polled.is_empty() {
			true => Err("the nodes' figures say nothing about tasks".to_owned()),
			false => Ok(Reading { processes, polled }),
		}
	}
}

impl Reading {
	/// What was spent since an earlier reading.
	fn since(&self, before: &Self) -> Cost {
		let mut spent = Spent::default();
		for (now, then) in self.processes.iter().zip(&before.processes) {
			spent.add(&now.since(then));
		}
		Cost { spent, polled: self.polled.since(&before.polled) }
	}
}

/// Where in the ledger each account's transactions are: those of the load, and then those of the probes.
fn places(load: &[Vec<Ready>], probes: &[Vec<Ready>]) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
	let mut next = 0;
	let mut place = |account: &Vec<Ready>| {
		let first = next;
		next += account.len();
		first..next
	};
	let load = load.iter().map(&mut place).collect();
	(load, probes.iter().map(&mut place).collect())
}

fn running(validators: usize) -> &'static [Hospital] {
	&Hospital::ALL[..validators]
}

/// The specification with the settings of the run.
fn adjusted(network: &Network) -> PathBuf {
	network.path().join("adjusted.json")
}

type Connected = (Chain, Vec<Arc<jsonrpsee::ws_client::WsClient>>, Follower);

/// Starts the nodes, and connects to them when block 3 is final.
async fn up(network: &Network, words: &Words) -> Result<Connected, String> {
	let validators = words.validators;
	let only = match running(validators) {
		all if all.len() == Hospital::ALL.len() => Vec::new(),
		some => some.to_vec(),
	};
	let specification = Some(adjusted(network));
	let arguments = words.node_arguments.clone();
	let how = Up { only, specification, arguments, with_metrics: true, ..Up::default() };
	network.up_as(&how).await;
	for (hospital, index) in running(validators).iter().zip(0..) {
		ensure_own(network, *hospital, &network.url(index)).await?;
	}
	let chain = Chain::connect(&network.url(0)).await;
	eventually("block 3 is final", || async {
		(chain.finalized().await.1.number >= 3).then_some(())
	})
	.await;
	let urls: Vec<String> = (0..validators).map(|index| network.url(index as u16)).collect();
	Ok((chain, connect(&urls, LINES).await?, Follower::start(&network.url(0)).await?))
}

/// Refuses a node that this program did not start: it may be one of a network that others use.
async fn ensure_own(network: &Network, hospital: Hospital, url: &str) -> Result<(), String> {
	let path = network.path().join(hospital.name()).join("peer-id");
	let own = fs::read_to_string(path).map_err(|why| why.to_string())?;
	let found: String = Chain::connect(url).await.get("system_localPeerId").await;
	match found == own.trim() {
		true => Ok(()),
		false => Err(format!("the node at {url} is of another network")),
	}
}

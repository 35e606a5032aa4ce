//! Sending signed transactions at a pace, from many accounts over some connections.

use crate::load::{
	follower::Shared,
	ledger::{Ledger, Ready},
};
use futures::{StreamExt, future::join_all, stream::FuturesUnordered};
use jsonrpsee::{
	core::{
		client::{ClientT, Error as ClientError},
		traits::ToRpcParams,
	},
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_runtime::Hash;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{
	collections::BTreeMap,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// The time between two looks at what is due. Waking up more often would cost more than it shows.
const TICK: Duration = Duration::from_millis(20);
/// The time that an account waits after a refusal.
const REST: Duration = Duration::from_secs(1);
/// The time in which answers to what was sent last have to come.
const ANSWERS: Duration = Duration::from_secs(20);
/// The code of a node's answer that it has the transaction already.
const HAS_IT: i32 = 1_013;
/// Questions that may wait for their answers on one connection.
const AT_ONCE: usize = 4_096;

/// How much is sent.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
	/// So many transactions a second, whatever becomes of them.
	PerSecond(f64),
	/// As many as keep so many waiting for a block.
	Waiting(usize),
}

/// What is offered.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
	/// How much is sent.
	pub pace: Pace,
	/// The number of transactions of one account that may wait for a block.
	pub room: usize,
	/// How long; until all is sent if there is none.
	pub time: Option<Duration>,
}

/// What an account waits for that can't send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Hindrance {
	/// The node's answer to its last transaction.
	Answer,
	/// The end of its rest after a refusal.
	Rest,
	/// A block: as many of its transactions wait for one as may.
	Block,
	/// Nothing: it has sent all that it signed.
	Done,
}

impl Hindrance {
	/// The words for it in tables.
	pub fn told(self) -> &'static str {
		match self {
			Self::Answer => "not sent: people waited for a node's answer",
			Self::Rest => "not sent: people rested after a refusal",
			Self::Block => "not sent: people had enough waiting",
			Self::Done => "not sent: people had sent all they signed",
		}
	}
}

/// What came of offering.
#[derive(Clone, Debug, Default)]
pub struct Offered {
	/// Transactions that were due when no account could send another one, by what most of the accounts waited for.
	pub missed: BTreeMap<Hindrance, usize>,
	/// Refusals, and their numbers.
	pub refusals: BTreeMap<String, usize>,
	/// Whether all that was signed was sent before the time was over.
	pub ran_out: bool,
}

impl Offered {
	/// Adds what came of offering elsewhere.
	pub fn add(&mut self, other: Self) {
		self.ran_out |= other.ran_out;
		for (why, count) in other.missed {
			*self.missed.entry(why).or_default() += count;
		}
		for (why, count) in other.refusals {
			*self.refusals.entry(why).or_default() += count;
		}
	}

	/// The number of transactions that were due and not sent.
	pub fn missed(&self) -> usize {
		self.missed.values().sum()
	}

	/// The number of refusals.
	pub fn refused(&self) -> usize {
		self.refusals.values().sum()
	}
}

/// Connects to each node so many times.
pub async fn connect(urls: &[String], each: usize) -> Result<Vec<Arc<WsClient>>, String> {
	let mut lines = Vec::new();
	for url in urls.iter().cycle().take(urls.len() * each) {
		let builder = WsClientBuilder::default().max_concurrent_requests(AT_ONCE);
		let line = builder.build(url).await.map_err(|why| format!("{url}: {why}"))?;
		lines.push(Arc::new(line));
	}
	Ok(lines)
}

/// Sends what these accounts have signed, each account over one connection and in its order.
pub async fn offer(
	lines: &[Arc<WsClient>],
	accounts: Vec<Vec<Ready>>,
	offer: Offer,
	shared: &Shared,
) -> Offered {
	let mut shares: Vec<Vec<Account>> = lines.iter().map(|_| Vec::new()).collect();
	for (number, ready) in accounts.into_iter().enumerate() {
		shares[number % lines.len()].push(Account::new(ready));
	}
	let sending =
		lines.iter().zip(shares).filter(|(_, share)| !share.is_empty()).map(|(line, share)| {
			let sender = Sender::new(share, offer, lines.len(), shared.clone());
			// Tasks of their own, so that they run on all processors.
			tokio::spawn(sender.send(line.clone()))
		});
	let mut all = Offered::default();
	for sent in join_all(sending).await {
		all.add(sent.expect("it sends"));
	}
	all
}

/// One account's transactions.
struct Account {
	ready: Vec<Ready>,
	/// The first that is in no block yet.
	first: usize,
	/// The first that no node has accepted yet.
	next: usize,
	/// Whether the answer to one is still to come.
	is_asking: bool,
	/// When it was last refused.
	refused: Option<Instant>,
}

impl Account {
	fn new(ready: Vec<Ready>) -> Self {
		Self { ready, first: 0, next: 0, is_asking: false, refused: None }
	}

	/// Looks at what is in blocks by now.
	fn look(&mut self, ledger: &Ledger) {
		let is_in_block = |ready: &Ready| ledger.fates()[ready.place].in_block.is_some();
		while self.ready.get(self.first).is_some_and(is_in_block) {
			self.first += 1;
		}
		// A node may have refused what another one had already.
		self.next = self.next.max(self.first);
	}

	/// The number of its transactions that are on their way into a block.
	fn waiting(&self) -> usize {
		self.next - self.first + usize::from(self.is_asking)
	}

	fn is_done(&self) -> bool {
		self.next == self.ready.len()
	}

	/// What it waits for, if it can't send another one.
	fn hindrance(&self, room: usize) -> Option<Hindrance> {
		let is_rested = self.refused.is_none_or(|at| at.elapsed() >= REST);
		if self.is_done() {
			Some(Hindrance::Done)
		} else if self.is_asking {
			Some(Hindrance::Answer)
		} else if !is_rested {
			Some(Hindrance::Rest)
		} else {
			(self.waiting() >= room).then_some(Hindrance::Block)
		}
	}
}

/// One connection's part of all that is sent.
struct Sender {
	accounts: Vec<Account>,
	/// The account whose turn it is.
	turn: usize,
	pace: Pace,
	room: usize,
	started: Instant,
	time: Option<Duration>,
	/// What was sent or missed so far.
	due: usize,
	offered: Offered,
	shared: Shared,
}

impl Sender {
	fn new(accounts: Vec<Account>, offer: Offer, lines: usize, shared: Shared) -> Self {
		let pace = match offer.pace {
			Pace::PerSecond(rate) => Pace::PerSecond(rate / lines as f64),
			Pace::Waiting(count) => Pace::Waiting(count.div_ceil(lines)),
		};
		let (room, time, started) = (offer.room, offer.time, Instant::now());
		let offered = Offered::default();
		Self { accounts, turn: 0, pace, room, started, time, due: 0, offered, shared }
	}

	async fn send(mut self, line: Arc<WsClient>) -> Offered {
		let mut ticks = interval(TICK);
		ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
		let mut answers = FuturesUnordered::new();
		loop {
			tokio::select! {
				Some((due, answer)) = answers.next(), if !answers.is_empty() => {
					self.note(due, answer);
				},
				_ = ticks.tick() => {
					if self.is_over() {
						break;
					}
					for (due, body) in self.take_turn() {
						answers.push(ask(line.clone(), due, body));
					}
				},
			}
		}
		let last_answers = async {
			while let Some((due, answer)) = answers.next().await {
				self.note(due, answer);
			}
		};
		if timeout(ANSWERS, last_answers).await.is_err() {
			let late = "no answer in time".to_owned();
			*self.offered.refusals.entry(late).or_default() += answers.len();
		}
		self.offered
	}

	fn is_over(&mut self) -> bool {
		let is_late = self.time.is_some_and(|time| self.started.elapsed() >= time);
		let is_sent = self.accounts.iter().all(Account::is_done);
		self.offered.ran_out = is_sent && !is_late;
		is_late || is_sent
	}

	/// What is to be sent now.
	fn take_turn(&mut self) -> Vec<(Due, Box<RawValue>)> {
		let shared = self.shared.clone();
		let mut seen = shared.lock().expect("no panic");
		let wanted = match self.pace {
			Pace::PerSecond(rate) => {
				let due = (rate * self.started.elapsed().as_secs_f64()) as usize;
				due.saturating_sub(self.due)
			},
			Pace::Waiting(count) => {
				for account in &mut self.accounts {
					account.look(&seen.ledger);
				}
				count.saturating_sub(self.accounts.iter().map(Account::waiting).sum())
			},
		};
		self.due += wanted;
		let mut chosen = Vec::new();
		while chosen.len() < wanted {
			let Some(account) = self.choose(&seen.ledger) else { break };
			let Account { ready, next, is_asking, .. } = &mut self.accounts[account];
			let Ready { place, body } = &ready[*next];
			*is_asking = true;
			seen.ledger.fate(*place).submitted.get_or_insert_with(Instant::now);
			chosen.push((Due { account, place: *place }, body.clone()));
		}
		let missed = wanted - chosen.len();
		if missed > 0
			&& let (Pace::PerSecond(_), Some(why)) = (self.pace, self.hindrance())
		{
			*self.offered.missed.entry(why).or_default() += missed;
		}
		chosen
	}

	/// What most of the accounts wait for.
	fn hindrance(&self) -> Option<Hindrance> {
		let mut counts = BTreeMap::<Hindrance, usize>::new();
		for why in self.accounts.iter().filter_map(|account| account.hindrance(self.room)) {
			*counts.entry(why).or_default() += 1;
		}
		counts.into_iter().max_by_key(|(_, count)| *count).map(|(why, _)| why)
	}

	/// The next account that can send.
	fn choose(&mut self, ledger: &Ledger) -> Option<usize> {
		let count = self.accounts.len();
		for step in 0..count {
			let number = (self.turn + step) % count;
			let account = &mut self.accounts[number];
			account.look(ledger);
			if account.hindrance(self.room).is_none() {
				self.turn = number + 1;
				return Some(number);
			}
		}
		None
	}

	fn note(&mut self, due: Due, answer: Result<Hash, ClientError>) {
		let account = &mut self.accounts[due.account];
		account.is_asking = false;
		let refusal = match answer {
			Ok(_) => None,
			Err(ClientError::Call(error)) if error.code() == HAS_IT => None,
			Err(why) => Some(told(&why)),
		};
		// It may be in a block by now, and the account have gone on to the next one.
		let is_next = account.ready.get(account.next).is_some_and(|one| one.place == due.place);
		match refusal {
			None => {
				self.shared.lock().expect("no panic").ledger.fate(due.place).accepted = true;
				account.next += usize::from(is_next);
			},
			Some(why) => {
				account.refused = Some(Instant::now());
				*self.offered.refusals.entry(why).or_default() += 1;
			},
		}
	}
}

/// A transaction that is handed to a node.
#[derive(Clone, Copy, Debug)]
struct Due {
	/// The number of the account among those of the connection.
	account: usize,
	/// Its place in the ledger.
	place: usize,
}

/// Hands a transaction to the node.
async fn ask(
	line: Arc<WsClient>,
	due: Due,
	body: Box<RawValue>,
) -> (Due, Result<Hash, ClientError>) {
	(due, line.request("author_submitExtrinsic", Body(body)).await)
}

/// Parameters that are JSON already.
struct Body(Box<RawValue>);

impl ToRpcParams for Body {
	fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
		Ok(Some(self.0))
	}
}

/// A refusal, with what the node says of its reason.
fn told(why: &ClientError) -> String {
	match why {
		ClientError::Call(error) => {
			let reason = error.data().map_or("", RawValue::get).trim_matches('"');
			format!("{} {}: {reason}", error.code(), error.message())
		},
		other => other.to_string(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::load::{ledger::Class, signing::Packed};

	/// A sender over one connection, for accounts with so many transactions each.
	fn sender(pace: Pace, room: usize, counts: &[u8]) -> Sender {
		let shared = Shared::default();
		let mut seen = shared.lock().expect("no panic");
		let mut accounts = Vec::new();
		for (number, count) in (0u8..).zip(counts) {
			let packed = (0..*count).map(|one| {
				let body = RawValue::from_string("[]".to_owned()).expect("JSON");
				Packed { hash: [50 * number + one; 32], body, length: 1 }
			});
			let ready = seen.ledger.expect(vec![packed.collect()], Class::Load);
			accounts.extend(ready.into_iter().map(Account::new));
		}
		drop(seen);
		Sender::new(accounts, Offer { pace, room, time: None }, 1, shared)
	}

	/// Which accounts send now; all of them get their answers if they are to.
	fn senders(sender: &mut Sender, answered: bool) -> Vec<usize> {
		let sent: Vec<Due> = sender.take_turn().into_iter().map(|(due, _)| due).collect();
		for due in sent.iter().filter(|_| answered) {
			sender.note(*due, Ok(Hash::zero()));
		}
		sent.iter().map(|due| due.account).collect()
	}

	#[test]
	fn accounts_take_turns_and_wait_for_their_answers() {
		let mut sender = sender(Pace::Waiting(5), 2, &[3, 3]);
		assert_eq!(senders(&mut sender, true), [0, 1]);
		assert_eq!(senders(&mut sender, false), [0, 1]);
		// Neither has an answer yet.
		assert!(senders(&mut sender, false).is_empty());
		for (account, place) in [(0, 1), (1, 4)] {
			sender.note(Due { account, place }, Ok(Hash::zero()));
		}
		// Two of each wait, and there is room for no third.
		assert!(senders(&mut sender, true).is_empty());
		sender.shared.lock().expect("no panic").ledger.fate(0).in_block = Some(Instant::now());
		assert_eq!(senders(&mut sender, true), [0]);
		assert!(!sender.is_over());
	}

	#[test]
	fn what_is_in_a_block_before_its_answer_comes_is_not_sent_again() {
		let mut sender = sender(Pace::Waiting(1), 1, &[2]);
		assert_eq!(senders(&mut sender, false), [0]);
		sender.shared.lock().expect("no panic").ledger.fate(0).in_block = Some(Instant::now());
		// The account goes on when it has the answer.
		assert!(senders(&mut sender, false).is_empty());
		sender.note(Due { account: 0, place: 0 }, Ok(Hash::zero()));
		assert_eq!(sender.accounts[0].next, 1);
		assert_eq!(senders(&mut sender, true), [0]);
		assert!(sender.is_over());
	}

	#[test]
	fn refused_transactions_are_sent_again_after_a_rest() {
		let mut sender = sender(Pace::Waiting(1), 1, &[1]);
		assert_eq!(senders(&mut sender, false), [0]);
		sender.note(Due { account: 0, place: 0 }, Err(ClientError::Custom("no".to_owned())));
		assert_eq!(sender.offered.refused(), 1);
		assert!(senders(&mut sender, false).is_empty() && !sender.is_over());
		sender.accounts[0].refused = Instant::now().checked_sub(REST);
		assert_eq!(senders(&mut sender, true), [0]);
		assert!(sender.is_over() && sender.offered.ran_out);
	}

	#[test]
	fn what_is_due_when_there_is_no_room_is_missed() {
		let mut sender = sender(Pace::PerSecond(1_000_000.0), 1, &[1, 1]);
		sender.started = Instant::now().checked_sub(Duration::from_millis(1)).expect("time");
		assert_eq!(senders(&mut sender, true), [0, 1]);
		assert!(sender.offered.missed() > 0);
		// While the turn was taken, the answers were still to come.
		assert_eq!(sender.offered.missed.keys().collect::<Vec<_>>(), [&Hindrance::Answer]);
	}

	#[test]
	fn what_is_missed_is_told_by_what_people_wait_for() {
		let mut sender = sender(Pace::PerSecond(1_000_000.0), 1, &[2, 2]);
		assert_eq!(sender.hindrance(), None);
		for account in &mut sender.accounts {
			(account.next, account.is_asking, account.refused) = (1, false, None);
		}
		assert_eq!(sender.hindrance(), Some(Hindrance::Block));
		for account in &mut sender.accounts {
			account.refused = Some(Instant::now());
		}
		assert_eq!(sender.hindrance(), Some(Hindrance::Rest));
		for account in &mut sender.accounts {
			account.next = 2;
		}
		assert_eq!(sender.hindrance(), Some(Hindrance::Done));
	}
}

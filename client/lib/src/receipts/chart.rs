//! What a vault's log shows of the patient's own chart.

use super::{Disclosure, Lie, has_grown, store::Seen, tree_of};
use crate::{
	Error, Result,
	chain::{self, AccountId, At, BlockHash, PatientInfo},
	client::Client,
	disclosures::vaults_of,
};
use medblock_primitives::{DisclosureAnchor, HospitalId, Moment, PatientId};
use medblock_receipts::{
	ANCHORED_WITHIN, Capacity, ChartHead, Check, Line, Pin, Signed, Tree, Vault,
};
use std::collections::HashMap;

/// The most lines of a chart that are read, whatever number of them the vault's own head claims.
const MOST_LINES: usize = 1 << 20;

/// Whether the chain confirms who a line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
	/// The account that signed was that person's.
	Right,
	/// It was another's.
	Wrong,
	/// No node that could be asked knows that any more.
	Unknown,
}

/// A disclosure that the log has, and the reader has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenLine {
	/// Its number among the chart's.
	pub number: u64,
	/// Its place in the log.
	pub index: u64,
	/// The disclosure.
	pub disclosure: Disclosure,
	/// The account that signed the request.
	pub account: AccountId,
	/// Whether the chain confirms who that was.
	pub named: Named,
}

/// What was found out about a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
	/// Nothing: the hospital has not named an account that signs for its vault.
	NotPromised,
	/// All that the log has of the chart, and that it has only grown.
	Whole {
		/// The disclosures, in their order.
		lines: Vec<ProvenLine>,
		/// The last anchor on the chain, if there is one of this log.
		anchor: Option<DisclosureAnchor>,
		/// The disclosures that should be on the chain by now, and are not.
		late: usize,
		/// Whether the hospital has begun another log since this client looked last. What was in the one before can't be
		/// shown any more.
		begun_anew: bool,
	},
	/// The vault contradicts itself, the chain, or what it showed before.
	Contradicted(Lie),
}

/// A chart's disclosures, as far as they were checked.
struct Lines {
	head: Tree,
	pin: Pin,
	lines: Vec<(Line, AccountId)>,
}

impl Client {
	/// Checks what vaults say that they gave out of the patient's own chart: that each line is in the log, and signed by its
	/// reader, that none is missing in between, and that the log is the one on the chain, and has only grown since this
	/// client looked last. Gives the answer about each vault that has something of the chart, or the reason why it
	/// could not be asked.
	///
	/// # Errors
	///
	/// Those of the chain, of this device's storage, and of the account's own keys.
	pub async fn check_disclosures(&self) -> Result<Vec<(HospitalId, Result<Proven>)>> {
		let at = self.chain().finalized().await?;
		let own = self.own_chart(&at).await?;
		// By the chain's time: a wrong clock on this device is no vault's delay.
		let now = at.now().await?;
		let mut all = Vec::new();
		for hospital in vaults_of(&at, &own).await? {
			match self.prove(hospital, &own, now).await {
				Err(why) if !matches!(why, Error::Vault(_)) => return Err(why),
				proven => all.push((hospital, proven)),
			}
		}
		Ok(all)
	}

	async fn prove(&self, hospital: HospitalId, own: &PatientInfo, now: Moment) -> Result<Proven> {
		let found = self.log_of(hospital).await?;
		let Some(account) = found.vault_account else { return Ok(Proven::NotPromised) };
		let vault = Vault { log: self.log_id(hospital, found.number), key: account.0 };
		let anchor = found.last.map(|(_, anchor)| anchor);
		let seen = self.receipts.seen().await?;
		let before = seen.tree(hospital);
		let known = before.filter(|(number, _)| *number == found.number).map(|(_, tree)| tree);
		let pin = seen.chart(hospital, own.id, found.number);
		let trees: Vec<Tree> = anchor.iter().map(tree_of).chain(known).collect();
		let Lines { head, pin, lines } =
			match self.lines(hospital, own.id, vault, &trees, pin).await? {
				Ok(lines) => lines,
				Err(lie) => return Ok(Proven::Contradicted(lie)),
			};
		let more = |seen: &mut Seen| {
			seen.believe(hospital, found.number, head);
			seen.remember(hospital, own.id, found.number, pin);
		};
		self.receipts.see(more).await?;
		let late = late(&lines, anchor.as_ref(), now);
		Ok(Proven::Whole {
			lines: self.named(lines).await?,
			anchor,
			late,
			begun_anew: before.is_some_and(|(number, _)| number != found.number),
		})
	}

	/// All lines of a chart, in a log that has grown out of these trees.
	async fn lines(
		&self,
		hospital: HospitalId,
		patient: PatientId,
		vault: Vault,
		trees: &[Tree],
		pin: Option<Pin>,
	) -> Result<Result<Lines, Lie>> {
		let server = self.vault(hospital).await?;
		// A vault that has never had the present tree contradicts itself.
		let Some(mut page) = server.chart_log(patient, None, None).await? else {
			return Ok(Err(Lie::Forked));
		};
		let head: Signed<ChartHead> = page.head.into();
		let tree = head.statement.head.tree();
		let mut check = match Check::begin(vault, patient, &head, &tree, pin) {
			Ok(check) => check,
			Err(lie) => return Ok(Err(lie)),
		};
		for before in trees {
			if let Err(lie) = has_grown(&server, before, &tree).await? {
				return Ok(Err(lie));
			}
		}
		let mut lines = Vec::new();
		loop {
			let had = lines.len();
			for item in page.items {
				let line = match Line::try_from(item) {
					Ok(line) => line,
					Err(lie) => return Ok(Err(lie)),
				};
				match check.line(&line) {
					Ok(signer) => lines.push((line, AccountId::from(signer.account))),
					Err(lie) => return Ok(Err(lie)),
				}
			}
			// A page that brings nothing is the last one: what is missing is found below.
			let last = lines[had..].last().map(|(line, _)| line.link.number);
			page = match page.next.filter(|next| last == Some(*next)) {
				None => break,
				Some(_) if lines.len() > MOST_LINES => return Err(server.endless()),
				next => match server.chart_log(patient, Some(tree.size), next).await? {
					Some(page) => page,
					None => return Ok(Err(Lie::Forked)),
				},
			};
		}
		Ok(check.finish().map(|checked| Lines { head: tree, pin: checked.pin(), lines }))
	}

	/// The lines, with what the chain says of who they name. Each account is looked up once, by its last line.
	async fn named(&self, lines: Vec<(Line, AccountId)>) -> Result<Vec<ProvenLine>> {
		let mut known: HashMap<([u8; 32], String), Named> = HashMap::new();
		let mut proven = Vec::with_capacity(lines.len());
		for (line, account) in lines.into_iter().rev() {
			let Line { disclosure, link, index, .. } = line;
			let key = (account.0, format!("{:?}", disclosure.capacity));
			let named = match known.get(&key) {
				Some(named) => *named,
				None => {
					let named = self.who(account, &disclosure).await;
					known.insert(key, named);
					named
				},
			};
			proven.push(ProvenLine { number: link.number, index, disclosure, account, named });
		}
		proven.reverse();
		Ok(proven)
	}

	/// Whether a line names the person whose account has signed it, at the block by which the vault decided.
	/// Where no node shows that block any more, the present one can still confirm it.
	async fn who(&self, account: AccountId, disclosure: &Disclosure) -> Named {
		let then = async {
			let at = self.chain().at(BlockHash::from(disclosure.block_hash)).await?;
			is_theirs(&at, account, disclosure).await
		};
		match then.await {
			Ok(true) => return Named::Right,
			Ok(false) => return Named::Wrong,
			Err(why) => tracing::debug!("the block that a line names can't be asked: {why}"),
		}
		let now = async {
			let at = self.chain().finalized().await?;
			is_theirs(&at, account, disclosure).await
		};
		match now.await {
			Ok(true) => Named::Right,
			Ok(false) | Err(_) => Named::Unknown,
		}
	}
}

/// Whether an account is, in this block, that of the person in a line.
async fn is_theirs(
	at: &At,
	account: AccountId,
	disclosure: &Disclosure,
) -> Result<bool, chain::Error> {
	Ok(match disclosure.capacity {
		Capacity::Patient => {
			at.known_patient(disclosure.asked.request.patient).await?.account == account
		},
		Capacity::Doctor(doctor) | Capacity::Emergency(doctor) => {
			at.known_doctor(doctor).await?.account == account
		},
		Capacity::Registrar(hospital) => at.registrar_of(account).await? == Some(hospital),
		Capacity::Representative(one) => at.known_patient(one).await?.account == account,
	})
}

/// How many lines should be on the chain by now, and are not.
fn late(lines: &[(Line, AccountId)], anchor: Option<&DisclosureAnchor>, now: Moment) -> usize {
	let anchored = anchor.map_or(0, |anchor| anchor.size);
	let is_late = |line: &Line| {
		line.index >= anchored && line.disclosure.time.saturating_add(ANCHORED_WITHIN) < now
	};
	lines.iter().filter(|(line, _)| is_late(line)).count()
}

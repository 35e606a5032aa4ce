//! A hospital's own part in the consortium: its validator's keys, its seat, and the health of its
//! node and its gateway.

mod authors;

pub use authors::Authors;

use crate::{
	Error, Result,
	accounts::controlled,
	chain::{AccountId, At, Call, Chain, HospitalInfo, SessionKeys, peer_id_bytes},
	client::{Client, Done},
};
use codec::DecodeAll;
use futures::{Stream, StreamExt};
use medblock_platform::{
	clock::{Instant, sleep},
	http,
};
use medblock_primitives::{HospitalId, Validator, may_be_address, ownership_statement};
use medblock_vault_protocol::{
	Health, Lacking,
	paths::{HEALTH, LOG_ACCOUNT},
	receipts::VaultAccount,
};
use pallet_consortium_runtime_api::SeatStatus;
use std::{
	str::FromStr,
	time::{Duration, SystemTime, UNIX_EPOCH},
};
use subxt_signer::sr25519::{PublicKey, Signature, verify};

/// A validator's keys, with their proof checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatorKeys {
	controller: AccountId,
	keys: SessionKeys,
	proof: Vec<u8>,
}

impl ValidatorKeys {
	/// The session keys, if their proof is for this controller. Only the sr25519 half is checked
	/// here; the chain checks both.
	pub fn of(validator: &Validator) -> Result<Self> {
		let bad = |what, problem| Error::BadValue { what, problem };
		let controller = Some(&validator.controller).filter(|text| may_be_address(text));
		let controller = controller
			.and_then(|text| AccountId::from_str(text).ok())
			.ok_or(bad("the controller", "is no SS58 address"))?;
		let key = |what, text: &str| {
			let bytes = hex::decode(text.trim_start_matches("0x")).ok();
			let key: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
			key.ok_or(bad(what, "has to be 0x and 64 hex digits"))
		};
		let keys = SessionKeys {
			aura: key("the aura key", &validator.aura)?,
			grandpa: key("the grandpa key", &validator.grandpa)?,
		};
		let wrong = || bad("the proof", "is none of these keys for this controller");
		let proof = hex::decode(validator.proof.trim_start_matches("0x")).map_err(|_| wrong())?;
		let signatures = <([u8; 64], [u8; 64])>::decode_all(&mut &proof[..]);
		let (aura, _) = signatures.map_err(|_| wrong())?;
		let statement = ownership_statement(&controller);
		if !verify(&Signature(aura), statement, &PublicKey(keys.aura)) {
			return Err(wrong());
		}
		Ok(Self { controller, keys, proof })
	}
}

impl Client {
	/// Registers a validator's session keys for the hospital that this account controls. They take
	/// effect in the session after next.
	pub async fn set_session_keys(&self, validator: &ValidatorKeys) -> Result<Done> {
		let ValidatorKeys { controller, keys, proof } = validator;
		if *controller != self.keys.account() {
			return Err(Error::BadValue {
				what: "the proof",
				problem: "is for another hospital's controller than this account",
			});
		}
		self.conclude(&Call::set_keys(*keys, proof.clone())).await
	}

	/// Reclaims the seat that the hospital lost by being silent.
	pub async fn reclaim_seat(&self) -> Result<Done> {
		self.conclude(&Call::reclaim_seat()).await
	}

	/// Hands the hospital over to another account, which acts for it from then on.
	pub async fn hand_over(&self, new: AccountId) -> Result<Done> {
		let hospital = controlled(&self.chain().finalized().await?, self.keys.account()).await?;
		self.conclude(&Call::change_controller(hospital, new)).await
	}
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
	/// The checked thing, as a word for scripts.
	pub what: &'static str,
	/// Whether it is as it should be.
	pub good: bool,
	/// The finding, in one sentence.
	pub sentence: String,
	/// The remedy; empty if the finding is good.
	pub remedy: &'static str,
}

impl Finding {
	fn good(what: &'static str, sentence: String) -> Self {
		Self { what, good: true, sentence, remedy: "" }
	}

	fn bad(what: &'static str, sentence: String, remedy: &'static str) -> Self {
		Self { what, good: false, sentence, remedy }
	}
}

/// The number of blocks behind another node from which a node counts as catching up.
const BEHIND: u32 = 5;

/// The number of blocks by which finality may lag behind the best block.
const LAG: u32 = 10;

/// The milliseconds by which this machine's clock may be ahead of the freshest final block, which
/// is a second or two old when it becomes final. Other nodes refuse blocks from a clock that is
/// ahead by more than a slot.
const CLOCK_AHEAD: u64 = 4_000;
/// The milliseconds by which it may be behind: not even a new block comes from the future.
const CLOCK_BEHIND: u64 = 500;

/// The time for which final blocks are watched for the freshest.
const WATCHED: Duration = Duration::from_secs(3);
/// The time for which finality may hesitate.
const HESITATION: Duration = Duration::from_secs(10);

/// The time that another final block may take.
const NEXT_FINAL: Duration = Duration::from_secs(20);

/// The result of checking a hospital's part in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
	/// The findings, in order.
	pub findings: Vec<Finding>,
	/// Other hospitals whose validators are seated and make no blocks, as far as this node can
	/// tell. This hospital can't repair that, but should not stop its own validator meanwhile.
	pub silent: Vec<HospitalId>,
}

/// Checks everything that a hospital's part in the chain needs: its node (`own`, compared with
/// another hospital's, if there is one to compare with), its seat, its gateway.
pub async fn check(own: &Chain, other: Option<&Chain>, hospital: HospitalId) -> Result<Report> {
	let mut findings = Vec::new();
	if let Some(other) = other {
		let chain = same_chain(own, other);
		let is_same = chain.good;
		findings.push(chain);
		// The rest of this node's answers is not about the consortium.
		if !is_same {
			return Ok(Report { findings, silent: Vec::new() });
		}
	}
	// An expelled hospital's own node does not see the block of the expulsion.
	let best = other.unwrap_or(own).best().await?;
	let info = best.known_hospital(hospital).await?;
	findings.extend([seat(&info), listed(own, &best, hospital).await?, peered(own).await?]);
	let synced = synced(own, other).await?;
	let is_synced = synced.good;
	findings.push(synced);
	// Any clock is ahead of an old block.
	if is_synced {
		findings.extend(clock(own).await?);
	}
	findings.push(finality(own).await?);
	let mut silent = Vec::new();
	// An old state says nothing about the present authors.
	if is_synced {
		let authors = Authors::of(own).await?;
		if info.seat == SeatStatus::Seated {
			findings.push(authoring(&authors, hospital));
		}
		silent.extend(authors.silent().filter(|one| *one != hospital));
	}
	let vault_account = best.disclosure_log(hospital).await?.vault_account;
	findings.extend(gateway(&String::from_utf8_lossy(&info.gateway), vault_account).await);
	Ok(Report { findings, silent })
}

/// Whether a hospital's own node follows the same chain as another hospital's.
pub fn same_chain(own: &Chain, other: &Chain) -> Finding {
	if own.genesis() == other.genesis() {
		return Finding::good(
			"chain",
			format!("the node follows the same chain as {}", other.url()),
		);
	}
	Finding::bad(
		"chain",
		format!("this node follows another chain than the one at {}", other.url()),
		"start it with the consortium's specification, after `medblock-node purge-chain`",
	)
}

fn seat(info: &HospitalInfo) -> Finding {
	let (sentence, remedy) = match info.seat {
		SeatStatus::Seated => {
			return Finding::good("seat", "the hospital's validator is seated".into());
		},
		SeatStatus::Waiting => (
			"the hospital's validator will be seated in one of the next sessions",
			"wait for two sessions, and check again",
		),
		SeatStatus::Keyless => {
			("the hospital has no session keys", "register them with `medblock hospital set-keys`")
		},
		SeatStatus::Benched => (
			"the hospital's validator is benched, since it authored nothing for too long",
			"see that the rest of this list is good, then run `medblock hospital reclaim-seat`",
		),
		SeatStatus::Suspended => (
			"the hospital's validator is suspended, since it signed conflicting votes",
			"find out whether two machines have the same keys, stop them, and see \
			 the runbook same-keys.md",
		),
		SeatStatus::Expelled => (
			"the hospital does not belong to the consortium any more",
			"see the runbook expelled.md",
		),
	};
	Finding::bad("seat", sentence.into(), remedy)
}

async fn listed(own: &Chain, best: &At, hospital: HospitalId) -> Result<Finding> {
	let peer = own.peer_id().await?;
	let bytes = peer_id_bytes(&peer)?;
	Ok(match best.node_owner(&bytes).await? {
		Some(owner) if owner == hospital => {
			Finding::good("listed", format!("the node {peer} is on the chain's list"))
		},
		Some(owner) => Finding::bad(
			"listed",
			format!("the node {peer} is on the chain's list as one of hospital {}", owner.0),
			"give --node as your own node's address, or --hospital as your own number",
		),
		None => Finding::bad(
			"listed",
			format!("the node {peer} is not on the chain's list"),
			"have the council decide `medblock council propose authorize-node`; other nodes refuse \
			 it until then",
		),
	})
}

async fn peered(own: &Chain) -> Result<Finding> {
	let peers = own.health().await?.peers;
	Ok(match peers {
		0 => Finding::bad(
			"peers",
			"the node has no connection to another node".into(),
			"open its port for other nodes (30333) to the other hospitals, see that the specification's \
			 boot nodes can be reached, and that no other machine runs with this node's key",
		),
		_ => Finding::good("peers", format!("the node is connected to {peers} others")),
	})
}

async fn synced(own: &Chain, other: Option<&Chain>) -> Result<Finding> {
	let remedy = "wait until the node has caught up, and check again";
	if own.health().await?.is_syncing {
		let at = own.best().await?.number();
		return Ok(Finding::bad(
			"synced",
			format!("the node is at block {at}, catching up"),
			remedy,
		));
	}
	let Some(other) = other else {
		let at = own.best().await?.number();
		return Ok(Finding::good(
			"synced",
			format!("the node says that it has caught up, at {at}"),
		));
	};
	let (here, there) = (own.best().await?.number(), other.best().await?.number());
	if here.saturating_add(BEHIND) < there {
		let sentence = format!("the node is at block {here}, and the other hospital's at {there}");
		return Ok(Finding::bad("synced", sentence, remedy));
	}
	Ok(Finding::good("synced", format!("the node is at block {here}, like the other hospital's")))
}

/// Compares the clock with a final block, on which most validators have agreed: the node may have
/// made the best block itself, by a wrong clock. The first block has no time. The client looks at
/// several blocks, because finality itself may hesitate for a moment, and the freshest counts.
async fn clock(own: &Chain) -> Result<Option<Finding>> {
	let started = Instant::now();
	let mut least: Option<i64> = None;
	loop {
		let last = own.finalized().await?;
		if last.number() == 0 {
			return Ok(None);
		}
		let block = last.now().await?;
		let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
		let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
		let ahead = i64::try_from(now).unwrap_or(i64::MAX).saturating_sub_unsigned(block);
		let ahead = least.map_or(ahead, |least| least.min(ahead));
		least = Some(ahead);
		let finding = compared(ahead);
		// A clock that is behind stays behind, whatever later blocks show.
		let is_settled = match finding.good {
			true => started.elapsed() >= WATCHED,
			false => ahead < 0 || started.elapsed() >= HESITATION,
		};
		if is_settled {
			return Ok(Some(finding));
		}
		sleep(Duration::from_millis(250)).await;
	}
}

/// The finding for a clock that is so many milliseconds ahead of the freshest final block.
fn compared(ahead: i64) -> Finding {
	let apart = ahead.unsigned_abs();
	let (side, limit) =
		if ahead < 0 { ("behind", CLOCK_BEHIND) } else { ("ahead of", CLOCK_AHEAD) };
	let seconds = format!("{}.{}", apart / 1_000, apart % 1_000 / 100);
	let sentence = format!("this machine's clock is {seconds} s {side} the last final block");
	if apart <= limit {
		return Finding::good("clock", sentence);
	}
	Finding::bad(
		"clock",
		sentence,
		"if finality is good, the clock is wrong: see the runbook clock-wrong.md",
	)
}

async fn finality(own: &Chain) -> Result<Finding> {
	let first = own.finalized().await?.number();
	let deadline = Instant::now() + NEXT_FINAL;
	loop {
		let (last, best) = (own.finalized().await?.number(), own.best().await?.number());
		let lag = best.saturating_sub(last);
		if last > first && lag <= LAG {
			return Ok(Finding::good(
				"finality",
				format!("block {last} is final, {lag} behind the best"),
			));
		}
		if Instant::now() > deadline {
			return Ok(Finding::bad(
				"finality",
				format!(
					"block {last} is final, {lag} behind the best, and no other has followed in time"
				),
				"more than a third of the validators are missing, or this node is cut off: see \
				 the runbook stalled-finality.md",
			));
		}
		sleep(Duration::from_millis(200)).await;
	}
}

fn authoring(authors: &Authors, hospital: HospitalId) -> Finding {
	if let Some(number) = authors.last_of(hospital) {
		return Finding::good("authoring", format!("the hospital authored block {number}"));
	}
	Finding::bad(
		"authoring",
		format!("the hospital authored none of the last {} blocks", authors.looked()),
		"if it was seated just now, look again in a minute; else see that the node runs with --validator, \
		 that its keystore holds the registered session keys, and that its clock is right",
	)
}

/// The findings for a gateway and its vault, of which the chain names this account, if any.
async fn gateway(url: &str, vault_account: Option<AccountId>) -> Vec<Finding> {
	let remedy = "start the gateway, and see that the address that the chain has for it \
		(`medblock hospital gateway`) is reachable from here";
	let (status, said) = match asked(url, HEALTH).await {
		Ok(answer) => answer,
		Err(why) => {
			let sentence = format!("the gateway at {url} can't be reached ({why})");
			return vec![Finding::bad("gateway", sentence, remedy)];
		},
	};
	let mut findings = vec![judged(url, status, &said, remedy)];
	findings.extend(kept(&said));
	// A gateway of an earlier version has no account, and one that reaches no node does not say it.
	if let Ok((200, said)) = asked(url, LOG_ACCOUNT).await {
		findings.extend(named(vault_account, &said));
	}
	findings
}

/// The status and the text that a gateway answers at a path.
async fn asked(url: &str, path: &str) -> Result<(u16, String), http::Error> {
	let client = http::client(concat!("medblock/", env!("CARGO_PKG_VERSION")))?;
	let asking = client.get(format!("{}{path}", url.trim_end_matches('/')));
	let answer = http::send(asking.timeout(Duration::from_secs(10))).await?;
	let status = answer.status().as_u16();
	Ok((status, text(http::pieces(answer)).await))
}

/// The longest text that a gateway answers at these paths, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;

/// The text of an answer. Nothing if it does not come whole, or is longer than any of a gateway's.
async fn text<Piece: AsRef<[u8]>>(
	mut pieces: impl Stream<Item = Result<Piece, http::Error>> + Unpin,
) -> String {
	let mut bytes = Vec::new();
	while let Some(piece) = pieces.next().await {
		match piece {
			Ok(piece) if bytes.len() + piece.as_ref().len() <= LONGEST_TEXT => {
				bytes.extend_from_slice(piece.as_ref());
			},
			_ => return String::new(),
		}
	}
	String::from_utf8_lossy(&bytes).into_owned()
}

/// The finding for what a gateway says of its health.
fn judged(url: &str, status: u16, said: &str, remedy: &'static str) -> Finding {
	let bad = |sentence: String| Finding::bad("gateway", sentence, remedy);
	match serde_json::from_str(said) {
		Ok(Health::Strained { troubles, .. }) => {
			let troubles: Vec<_> = troubles.into_iter().map(|one| one.message).collect();
			Finding::bad(
				"gateway",
				format!("the gateway at {url} refuses some requests: {}", troubles.join("; ")),
				"see the gateway's metrics in the runbook metrics.md",
			)
		},
		Ok(Health::Degraded { message, .. }) => {
			bad(format!("the gateway at {url} refuses everyone: {message}"))
		},
		_ if (200..300).contains(&status) => {
			Finding::good("gateway", format!("the gateway at {url} is healthy"))
		},
		_ => {
			let said: String =
				said.chars().take(200).filter(|letter| !letter.is_control()).collect();
			bad(format!("the gateway at {url} answers {status}: {said}"))
		},
	}
}

/// The finding for the files that a vault is to keep, if it says so.
fn kept(said: &str) -> Option<Finding> {
	let Lacking { files, nowhere } = match serde_json::from_str(said) {
		Ok(Health::Ok { lacking, .. } | Health::Strained { lacking, .. }) => lacking?,
		_ => return None,
	};
	let lacks = format!("the vault lacks {files} files that another one may have");
	Some(match (files, nowhere) {
		(0, 0) => Finding::good("files", "the vault has all files that it is to keep".into()),
		(_, 0) => Finding::bad(
			"files",
			lacks,
			"it fetches them by itself; if they don't get fewer, see VaultLacksFiles in the runbook metrics.md",
		),
		_ => Finding::bad(
			"files",
			format!("{lacks}, and {nowhere} that no vault has"),
			"have their authors send them again: see the runbook vault-back-up.md",
		),
	})
}

/// The finding for the account that the chain names as the vault's, compared with the one that the gateway has.
fn named(on_chain: Option<AccountId>, said: &str) -> Option<Finding> {
	let VaultAccount { account, .. } = serde_json::from_str(said).ok()?;
	let own: AccountId = may_be_address(&account).then(|| account.parse().ok()).flatten()?;
	Some(match on_chain {
		Some(named) if named == own => {
			Finding::good("vault-account", "the chain names the vault's account".into())
		},
		Some(named) => Finding::bad(
			"vault-account",
			format!("the chain names {named} as the vault's account, and the gateway has {own}"),
			"as the controller, name the gateway's with `medblock hospital vault-account`, and see \
			 the runbook receipts.md",
		),
		// A hospital may do without.
		None => Finding::good(
			"vault-account",
			"the chain names no account of the vault, which so gives no receipts, and fetches nothing from other vaults"
				.into(),
		),
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::stream;

	#[test]
	fn missing_files_are_told_with_what_to_do() {
		let said = |lacking: &str| {
			format!(
				r#"{{ "status": "ok", "finalized": 7, "finalizedAgeSeconds": 1, {lacking} "version": "1" }}"#
			)
		};
		assert_eq!(kept(&said("")), None, "it has not looked");
		assert_eq!(kept("<html>"), None);
		assert!(
			kept(&said(r#""lacking": { "files": 0, "nowhere": 0 },"#)).is_some_and(|one| one.good)
		);
		for (lacking, sentence) in [
			(
				r#""lacking": { "files": 3, "nowhere": 0 },"#,
				"lacks 3 files that another one may have",
			),
			(r#""lacking": { "files": 0, "nowhere": 2 },"#, "2 that no vault has"),
		] {
			let finding = kept(&said(lacking));
			assert!(
				finding.is_some_and(|one| !one.good && one.sentence.contains(sentence)),
				"{lacking}"
			);
		}
	}

	#[tokio::test]
	async fn answers_without_an_end_are_left() {
		let pieces = |count: usize| stream::iter(vec![Ok([b'a'; 1_024]); count]);
		assert_eq!(text(pieces(64)).await.len(), LONGEST_TEXT);
		assert_eq!(text(pieces(65)).await, "");
		let endless = stream::repeat_with(|| Ok([b'a'; 1_024]));
		assert_eq!(text(endless).await, "");
		let torn = stream::iter([Ok([b'a']), Err(http::Error("reset".into()))]);
		assert_eq!(text(torn).await, "");
	}

	#[test]
	fn keys_of_a_controller_with_too_long_an_address_are_refused() {
		let keys = Validator {
			name: "North".into(),
			gateway: "https://north.example".into(),
			controller: "1".repeat(200),
			registrars: vec![],
			aura: "0x".into(),
			grandpa: "0x".into(),
			proof: "0x".into(),
			nodes: vec![],
		};
		let why = ValidatorKeys::of(&keys).unwrap_err();
		assert!(matches!(why, Error::BadValue { what: "the controller", .. }), "{why}");
	}

	#[test]
	fn another_account_than_the_gateways_is_told() {
		let [own, other] = [AccountId::from([1; 32]), AccountId::from([2; 32])];
		let said = format!(r#"{{ "account": "{own}", "proof": "0x{}" }}"#, "00".repeat(64));
		let is_good = |on_chain| named(on_chain, &said).map(|one| one.good);
		assert_eq!(is_good(Some(own)), Some(true));
		assert_eq!(is_good(Some(other)), Some(false));
		assert_eq!(is_good(None), Some(true), "it may do without");
		assert_eq!(named(Some(own), "{}"), None);
	}

	#[test]
	fn gateways_words_are_passed_on() {
		let judged = |status, said: &str| judged("https://a.example", status, said, "see there");
		let degraded = r#"{ "status": "degraded", "reason": "store-failed",
			"message": "the service has no bucket records", "version": "1" }"#;
		assert!(judged(503, degraded).sentence.contains("no bucket records"));
		let strained = r#"{ "status": "strained", "finalized": 7, "finalizedAgeSeconds": 1,
			"troubles": [{ "what": "disk-reserve", "message": "add room" }], "version": "1" }"#;
		let finding = judged(200, strained);
		assert!(!finding.good && finding.sentence.contains("add room"), "{finding:?}");
		let well =
			r#"{ "status": "ok", "finalized": 7, "finalizedAgeSeconds": 1, "version": "1" }"#;
		assert!(judged(200, well).good);
		// A vault of another version may say it in other words.
		assert!(judged(200, "{}").good);
		assert!(judged(502, "<html>").sentence.contains("answers 502"));
	}

	#[test]
	fn clocks_some_seconds_off_are_bad() {
		for (ahead, good) in [
			(0, true),
			(4_000, true),
			(4_001, false),
			(-500, true),
			(-501, false),
			(i64::MIN, false),
		] {
			assert_eq!(compared(ahead).good, good, "{ahead}");
		}
		assert!(compared(12_340).sentence.contains("12.3 s ahead of"));
		assert!(compared(-700).sentence.contains("0.7 s behind"));
	}
}

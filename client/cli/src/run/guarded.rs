//! Whose guardian an account is, and who asks to take it over.

use super::guardians::named;
use crate::{advice, describe, exit::Failure, output::Table, session::Session};
use medblock_client::{
	Client,
	chain::{At, RecoveryInfo},
	medblock_crypto::{check_public_key, key_digest},
	medblock_primitives::Delegate,
	names::Names,
	recovery::Guarded,
};
use medblock_views::Recovery;
use serde_json::{Value, json};

/// Warns loudly if another account asks to take this one's person over. Not knowing is no reason to show nothing.
pub async fn warn(session: &Session<'_>, client: &Client, at: &At) {
	let Ok(all) = client.own_recoveries(at).await else { return };
	for one in all {
		let when = match one.due {
			Some(due) => format!("it can from {}", describe::time(due)),
			None => format!("{} guardians have approved it", one.approvals.len()),
		};
		session.output.warn(format_args!(
			"ANOTHER ACCOUNT, {}, ASKS TO TAKE YOU OVER: {when}. If you have not lost your account, run `medblock recovery \
			 veto` now, and tell your hospital and your guardians",
			one.new,
		));
	}
}

/// `medblock recovery list`.
pub async fn list(session: &Session<'_>, check: bool) -> Result<(), Failure> {
	let client = session.reader().await?;
	let at = client.chain().finalized().await?;
	let own = client.own_recoveries(&at).await?;
	let guarded = client.guarded(&at).await?;
	warn(session, &client, &at).await;
	let (mut names, mut wards) = (Names::new(&at), Vec::new());
	let mut table = Table::new([
		"person",
		"you are",
		"new account",
		"key digest",
		"approved",
		"can veto until",
		"share",
	]);
	for one in &guarded {
		let share = match check {
			true => Some(client.check_own_share(&at, one.ward.person).await),
			false => None,
		};
		let share_word = match &share {
			None => "",
			Some(Ok(())) => "fits",
			Some(Err(_)) => "DOES NOT FIT",
		};
		if let Some(Err(why)) = &share {
			session.output.warn(advice::told(why));
		}
		let person = named(&mut names, Delegate::from(one.ward.person)).await?;
		let guardian = named(&mut names, one.guardian).await?;
		if one.recoveries.is_empty() {
			let none = String::new;
			table.row([person, guardian, none(), none(), none(), none(), share_word.into()]);
		} else {
			for recovery in &one.recoveries {
				table.row([
					person.clone(),
					guardian.clone(),
					recovery.new.to_string(),
					digest_of(recovery),
					format!("{} of {}", recovery.approvals.len(), one.ward.threshold),
					recovery.due.map_or_else(String::new, describe::time),
					share_word.into(),
				]);
			}
		}
		wards.push(document(one, share.map(|share| share.is_ok())));
	}
	let own: Vec<Value> = own.into_iter().map(with_digest).collect();
	let is_empty = guarded.is_empty() && own.is_empty();
	let document = json!({ "own": own, "wards": wards, "at": describe::block(&at) });
	match (is_empty, guarded.is_empty()) {
		(true, _) => session
			.output
			.result(&document, "No account asks to take you over, and you are no one's guardian."),
		(false, true) => session.output.result(&document, "You are no one's guardian."),
		(false, false) => session.output.result(&document, table),
	}
}

/// The digest of a new device's key, by which people compare it.
pub fn digest_of(recovery: &RecoveryInfo) -> String {
	let key = check_public_key(&recovery.key);
	key.map_or_else(|_| "unreadable".to_owned(), |key| hex::encode(key_digest(&key)))
}

/// A request as JSON, with the digest of the new device's key.
pub fn with_digest(recovery: RecoveryInfo) -> Value {
	let digest = digest_of(&recovery);
	let mut fields = json!(Recovery::from(recovery));
	if let Some(fields) = fields.as_object_mut() {
		fields.insert("keyDigest".into(), json!(format!("0x{digest}")));
	}
	fields
}

fn document(one: &Guarded, fits: Option<bool>) -> Value {
	json!({
		"person": one.ward.person,
		"guardian": one.guardian,
		"threshold": one.ward.threshold,
		"shareFits": fits,
		"recoveries": one.recoveries.iter().cloned().map(with_digest).collect::<Vec<_>>(),
	})
}

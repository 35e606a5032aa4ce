//! `medblock hospital sponsor`.

use super::desk::batched;
use crate::{
	cli::{Sponsor, address},
	exit::{Code, Failure},
	outcome,
	session::Session,
};
use medblock_client::{chain::AccountId, medblock_primitives::MAX_DESK_BATCH};
use medblock_platform::{disk, text};
use serde_json::json;
use std::path::Path;

/// The longest file with addresses, in bytes: of more than ten thousand.
const MAX_FILE: usize = 1_024 * 1_024;

/// Sponsors accounts, or ends the sponsorship of one.
pub async fn run(session: &Session<'_>, named: Sponsor) -> Result<(), Failure> {
	let Sponsor { mut accounts, file, end } = named;
	if let Some(file) = &file {
		accounts.extend(read(file)?);
	}
	match accounts[..] {
		[] => Err(Failure::usage("the file names no account")),
		[account] => one(session, account, end).await,
		_ if end => Err(Failure::usage("name one account with --end")),
		_ => several(session, &accounts).await,
	}
}

async fn one(session: &Session<'_>, account: AccountId, end: bool) -> Result<(), Failure> {
	let client = session.actor().await?;
	let done = client.sponsor(account, !end).await?;
	let sentence = match end {
		false => format!("Your hospital sponsors {account}."),
		true => format!("Your hospital no longer sponsors {account}."),
	};
	let more = json!({ "account": account.to_string(), "sponsored": !end });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn several(session: &Session<'_>, named: &[AccountId]) -> Result<(), Failure> {
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let accounts = client.not_sponsored(&at, named).await?;
	let mut batches = accounts.chunks(MAX_DESK_BATCH as usize).peekable();
	if session.prepares() && batches.len() > 1 {
		return Err(Failure::usage(format!(
			"a wallet signs one call, which has room for {MAX_DESK_BATCH} accounts: name fewer"
		)));
	}
	let (mut items, mut refused, mut sponsored) = (Vec::new(), Vec::new(), 0);
	while let Some(accounts) = batches.next() {
		let batch = client.sponsor_accounts(accounts).await?;
		for account in accounts {
			let why = batch.refusal(account).map(|why| &why.sentence);
			refused.extend(why.map(|why| format!("{account} is not sponsored: {why}.")));
			let is_sponsored = why.is_none() && batch.done.receipt().is_some();
			sponsored += u32::from(is_sponsored);
			let account = account.to_string();
			items.push(json!({ "account": account, "sponsored": is_sponsored, "why": why }));
		}
		if batches.peek().is_none() {
			let sentence = sentence(sponsored);
			let more = json!({ "items": items });
			return batched(session, &client, &batch.done, &sentence, &refused, more);
		}
		session.output.note(sentence(sponsored));
	}
	let document = json!({ "items": [] });
	session.output.result(&document, "Your hospital sponsors all of these accounts already.")
}

fn sentence(sponsored: u32) -> String {
	match sponsored {
		1 => "Your hospital sponsors 1 more account.".to_owned(),
		count => format!("Your hospital sponsors {count} more accounts."),
	}
}

/// The addresses in a file.
fn read(file: &Path) -> Result<Vec<AccountId>, Failure> {
	let bytes = disk::read(file, MAX_FILE).map_err(|why| Failure::file("read", file, &why))?;
	let text = text::decoded(&bytes).map_err(|why| {
		Failure::new(Code::Local, format!("cannot read {}: {why}", file.display()))
	})?;
	listed(&text, file)
}

/// The addresses in a file's text, one on a line, as a spreadsheet may write them.
fn listed(text: &str, file: &Path) -> Result<Vec<AccountId>, Failure> {
	let mut accounts = Vec::new();
	for (place, line) in text.lines().enumerate() {
		let typed = line.split('#').next().unwrap_or_default();
		let typed =
			typed.trim_matches(|letter: char| letter.is_whitespace() || ",;\"'".contains(letter));
		if !typed.is_empty() {
			let account = address(typed).map_err(|why| {
				Failure::usage(format!("{}, line {}: {why}", file.display(), place + 1))
			})?;
			accounts.push(account);
		}
	}
	Ok(accounts)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn file_has_an_address_on_each_line() {
		let [one, other] = [[1; 32], [2; 32]].map(AccountId::from);
		let text = format!("# Monday\n{one}\n\n  {other}  # Ana\r\n");
		assert_eq!(listed(&text, Path::new("list")).unwrap(), [one, other]);
		let quoted = format!("\"{one}\",\n'{other}';\n,,\n");
		assert_eq!(listed(&quoted, Path::new("list")).unwrap(), [one, other]);
		assert!(listed("# nobody", Path::new("list")).unwrap().is_empty());
		let wrong = listed(&format!("{one}\nAna\n"), Path::new("list")).unwrap_err();
		assert!(wrong.message.starts_with("list, line 2: that is no SS58 address"), "{wrong:?}");
	}

	#[test]
	fn file_is_of_any_editor_and_ends() {
		let folder = tempfile::tempdir().unwrap();
		let file = folder.path().join("list");
		let accounts = [[1; 32], [2; 32]].map(AccountId::from);
		let [one, other] = &accounts;
		let units = format!("\u{feff}{one}\r\n{other}\r\n");
		let utf16 = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
		for bytes in [format!("{one}\r{other}").into_bytes(), units.clone().into_bytes(), utf16] {
			std::fs::write(&file, bytes).unwrap();
			assert_eq!(read(&file).unwrap(), accounts);
		}
		let long = vec![b'#'; MAX_FILE + 1];
		for bytes in [&long[..], b"\xff", b"#\0"] {
			std::fs::write(&file, bytes).unwrap();
			assert_eq!(read(&file).unwrap_err().code, Code::Local);
		}
	}
}

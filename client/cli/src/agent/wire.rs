//! What is said at the agent's socket: one question and one answer, each a JSON document and a secret, which may be empty.
//! Four bytes before each of the two have its length, the highest first.

use medblock_keystore::{Held, Name};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, ErrorKind};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

/// The version of what is said. An agent of another version answers nothing, and is not asked again.
const VERSION: u32 = 1;

/// The longest document, in bytes.
const LONGEST: usize = 64 * 1_024;

/// A question, with the version that it is of.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
	version: u32,
	question: Question,
}

impl Asked {
	/// A question of this version.
	pub fn now(question: Question) -> Self {
		Self { version: VERSION, question }
	}

	/// The question, if it is of this version.
	pub fn question(self) -> io::Result<Question> {
		match self.version {
			VERSION => Ok(self.question),
			_ => Err(ErrorKind::Unsupported.into()),
		}
	}
}

/// What the agent is asked. `home` is the folder that the account is in.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Question {
	/// To hold the account that comes with it.
	Hold { home: String, name: Name, seconds: u64 },
	/// To give an account back.
	Give { home: String, name: Name },
	/// To forget an account, or all of a folder.
	Lock { home: String, name: Option<Name> },
	/// Which accounts of a folder are held.
	List { home: String },
}

/// What the agent answers: the accounts that it is about. The secret is the account's that it gives.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
	/// The accounts.
	pub accounts: Vec<Unlocked>,
}

/// An account that is unlocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unlocked {
	/// Its name.
	pub name: Name,
	/// The end, in milliseconds since 1970.
	pub until: u64,
}

/// Writes a document and a secret.
pub async fn write(
	to: &mut (impl AsyncWrite + Unpin),
	document: &impl Serialize,
	secret: &[u8],
) -> io::Result<()> {
	let document = serde_json::to_vec(document)?;
	for part in [&document[..], secret] {
		let length = u32::try_from(part.len()).map_err(|_| ErrorKind::InvalidInput)?;
		to.write_u32(length).await?;
		to.write_all(part).await?;
	}
	to.flush().await
}

/// Reads a document and a secret.
pub async fn read<T: DeserializeOwned>(
	from: &mut (impl AsyncRead + Unpin),
) -> io::Result<(T, Zeroizing<Vec<u8>>)> {
	let document = part(from, LONGEST).await?;
	let secret = part(from, Held::LONGEST).await?;
	Ok((serde_json::from_slice(&document)?, secret))
}

async fn part(from: &mut (impl AsyncRead + Unpin), limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
	let length = usize::try_from(from.read_u32().await?).unwrap_or(usize::MAX);
	if length > limit {
		return Err(ErrorKind::InvalidData.into());
	}
	let mut bytes = Zeroizing::new(vec![0; length]);
	from.read_exact(&mut bytes).await?;
	Ok(bytes)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[tokio::test]
	async fn question_comes_as_it_was_asked() {
		let question = Question::Give { home: "2f".into(), name: "maria".parse().unwrap() };
		let mut bytes = Vec::new();
		write(&mut bytes, &Asked::now(question), b"secret").await.unwrap();
		let (asked, secret): (Asked, _) = read(&mut &bytes[..]).await.unwrap();
		assert!(
			matches!(asked.question().unwrap(), Question::Give { name, .. } if name.as_str() == "maria")
		);
		assert_eq!(secret[..], b"secret"[..]);
		for cut in [0, 3, 10, bytes.len() - 1] {
			assert!(read::<Asked>(&mut &bytes[..cut]).await.is_err());
		}
	}

	#[tokio::test]
	async fn endless_and_foreign_questions_are_refused() {
		let endless = [0xff; 64];
		assert!(read::<Asked>(&mut &endless[..]).await.is_err());
		let question = Question::List { home: String::new() };
		let newer = Asked { version: VERSION + 1, question };
		assert!(newer.question().is_err());
	}
}

//! What a vault shows of its log.

use super::{Code, Error, Vault};
use crate::Result;
use medblock_primitives::PatientId;
use medblock_receipts::Hash;
use medblock_vault_protocol::{
	paths,
	receipts::{ChartLogPage, ChartLogQuery, Growth, GrowthQuery, Place, PlaceQuery, VaultAccount},
};
use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;

/// The lines on one page. A vault may give twice as many, which could be more than the client reads at once.
const LINES: usize = 64;

impl Vault<'_> {
	/// The account that the vault would sign receipts with.
	pub async fn account(&self) -> Result<VaultAccount> {
		let asking = self.server.http.get(self.server.at(paths::LOG_ACCOUNT));
		self.shown(asking).await
	}

	/// The proof that the log has grown from one size to another; none if the vault says that it never had these.
	pub(crate) async fn log_growth(&self, from: u64, to: u64) -> Result<Option<Vec<Hash>>> {
		let asking = self.server.http.get(self.server.at(paths::LOG_GROWTH));
		let asked = self.shown(asking.query(&GrowthQuery { from, to })).await;
		in_log(asked.map(|Growth { proof }| proof.into_iter().map(|hash| hash.0).collect()))
	}

	/// The proof that the log of this size has a leaf at its place; none if the vault says that it has not.
	pub(crate) async fn log_place(
		&self,
		leaf: &Hash,
		index: u64,
		size: u64,
	) -> Result<Option<Vec<Hash>>> {
		let asking = self.server.http.get(self.server.at(&paths::log_leaf(leaf)));
		let asked = self.shown(asking.query(&PlaceQuery { index, size })).await;
		in_log(asked.map(|Place { proof }| proof.into_iter().map(|hash| hash.0).collect()))
	}

	/// A page of a chart's disclosures in the log of this size, or of now; none if the vault says that it never had that
	/// size. Only the patient may ask.
	pub(crate) async fn chart_log(
		&self,
		patient: PatientId,
		size: Option<u64>,
		after: Option<u64>,
	) -> Result<Option<ChartLogPage>> {
		let query = ChartLogQuery { size, after, limit: Some(LINES) };
		let path = paths::chart_log(patient);
		match self.send(|http, url| http.get(url).query(&query), &path).await {
			Ok(answer) => Ok(Some(self.server.json(answer).await?)),
			Err(why) => in_log(Err(why)),
		}
	}

	/// What the vault shows to any caller.
	async fn shown<T: DeserializeOwned>(&self, asking: RequestBuilder) -> Result<T> {
		let answer = self.server.sent(asking).await?;
		self.server.json(self.server.checked(answer).await?).await
	}
}

/// Nothing, if the log has not what was asked for.
fn in_log<T>(asked: Result<T>) -> Result<Option<T>> {
	match asked {
		Ok(found) => Ok(Some(found)),
		Err(crate::Error::Vault(Error::Refused { code, .. }))
			if code.code() == Some(Code::NotInLog) =>
		{
			Ok(None)
		},
		Err(why) => Err(why),
	}
}

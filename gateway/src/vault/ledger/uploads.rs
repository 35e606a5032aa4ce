//! Incomplete uploads, and their pieces in the bucket.

use super::{Ledger, Quotas, of_upload, quota, quota::Subject};
use crate::{
	blob::{BlobId, Digest},
	errors::Refusal,
	state::{Change, Lock, Row, values},
	vault::staging::UploadId,
};
use medblock_primitives::{Moment, PatientId};
use std::io;

const PIECES: &str = "SELECT begins, length, gateway FROM pieces \
	WHERE patient = $1 AND digest = $2 AND account = $3 ORDER BY begins";
const DROP_PIECES: &str = "DELETE FROM pieces WHERE patient = $1 AND digest = $2 AND account = $3";

/// An incomplete upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
	/// The length of the complete file.
	pub length: u64,
	/// Whether the transaction that names the file is signed elsewhere, later.
	pub prepared: bool,
	/// When the upload began or was last resumed: a final block's time.
	pub active: Moment,
	/// The gateway on whose disk its bytes are.
	pub gateway: String,
}

/// Bytes of an incomplete upload that are in the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
	/// The offset of the first one.
	pub begins: u64,
	/// The number of bytes.
	pub length: u64,
	/// The gateway that received them.
	pub gateway: String,
}

impl Ledger {
	/// An incomplete upload.
	pub async fn upload(&self, id: &UploadId) -> io::Result<Option<Upload>> {
		let statement = "SELECT length, prepared, active, gateway FROM uploads \
			WHERE patient = $1 AND digest = $2 AND account = $3";
		let row = self.state.one(statement, of_upload(id)).await?;
		row.map(|row| upload_in(&row, 0)).transpose()
	}

	/// The incomplete uploads of a chart, with a change that keeps others from beginning until it is dropped.
	pub async fn uploads_of(&self, patient: PatientId) -> io::Result<(Vec<UploadId>, Change)> {
		let mut change = self.state.change().await?;
		change.lock(Lock::Chart(patient)).await?;
		let statement = "SELECT digest, account FROM uploads WHERE patient = $1";
		let rows = change.all(statement, values![patient.0]).await?;
		let read = |row: &Row| -> io::Result<UploadId> {
			let blob = BlobId { patient, digest: Digest(row.bytes(0)?) };
			Ok(UploadId { blob, account: row.bytes(1)? })
		};
		let uploads: io::Result<Vec<UploadId>> = rows.iter().map(read).collect();
		Ok((uploads?, change))
	}

	/// The incomplete uploads that were last resumed at `active` or before.
	pub async fn uploads_since(&self, active: Moment) -> io::Result<Vec<(UploadId, Upload)>> {
		let statement = "SELECT patient, digest, account, length, prepared, active, gateway \
			FROM uploads WHERE active <= $1";
		let rows = self.state.all(statement, values![active]).await?;
		let read = |row: &Row| -> io::Result<(UploadId, Upload)> {
			let patient = PatientId(row.short(0)?);
			let blob = BlobId { patient, digest: Digest(row.bytes(1)?) };
			Ok((UploadId { blob, account: row.bytes(2)? }, upload_in(row, 3)?))
		};
		rows.iter().map(read).collect()
	}

	/// Begins an upload, and reserves quota for it. Refused if another gateway has just begun it.
	pub async fn begin(
		&self,
		id: &UploadId,
		upload: &Upload,
		pending: bool,
		quotas: &Quotas,
	) -> io::Result<Result<(), Refusal>> {
		let mut change = self.change(&id.blob).await?;
		let statement =
			"SELECT length FROM uploads WHERE patient = $1 AND digest = $2 AND account = $3";
		if change.run(statement, of_upload(id)).await?.is_some() {
			return Ok(Err(Refusal::Busy));
		}
		if let Err(why) = quota::reserve(&mut change, id, upload.length, pending, quotas).await? {
			return Ok(Err(why));
		}
		let statement = "INSERT INTO uploads \
			(patient, digest, account, length, prepared, active, gateway) \
			VALUES ($1, $2, $3, $4, $5, $6, $7)";
		let Upload { length, prepared, active, gateway } = upload;
		let mut values = of_upload(id);
		values.extend(values![*length, *prepared, *active, gateway.as_str()]);
		change.run(statement, values).await?;
		change.commit().await.map(Ok)
	}

	/// Notes that an upload is resumed, and where.
	pub async fn resume(&self, id: &UploadId, upload: &Upload) -> io::Result<()> {
		let statement = "UPDATE uploads SET prepared = $4, active = $5, gateway = $6 \
			WHERE patient = $1 AND digest = $2 AND account = $3";
		let mut values = of_upload(id);
		values.extend(values![upload.prepared, upload.active, upload.gateway.as_str()]);
		self.state.run(statement, values).await.map(drop)
	}

	/// Ends an upload, and releases the quota that was reserved for it. Returns whether there was one.
	pub async fn end(&self, id: &UploadId) -> io::Result<bool> {
		let mut change = self.change(&id.blob).await?;
		let statement = "DELETE FROM uploads \
			WHERE patient = $1 AND digest = $2 AND account = $3 RETURNING length";
		let Some(row) = change.run(statement, of_upload(id)).await? else { return Ok(false) };
		let length = row.number(0)?;
		change.run(DROP_PIECES, of_upload(id)).await?;
		quota::take_account(&mut change, id.account, length).await?;
		quota::take(&mut change, Subject::Patient(id.blob.patient), length, 0).await?;
		change.commit().await.map(|()| true)
	}

	/// The pieces of an upload, in their order.
	pub async fn pieces(&self, id: &UploadId) -> io::Result<Vec<Piece>> {
		let rows = self.state.all(PIECES, of_upload(id)).await?;
		rows.iter().map(piece_in).collect()
	}

	/// Adds a piece, if the upload is at its gateway, and it follows the last one. Returns whether it was added.
	pub async fn add_piece(&self, id: &UploadId, piece: &Piece) -> io::Result<bool> {
		let mut change = self.change(&id.blob).await?;
		let statement =
			"SELECT gateway FROM uploads WHERE patient = $1 AND digest = $2 AND account = $3";
		let upload = change.run(statement, of_upload(id)).await?;
		let gateway = upload.map(|row| row.text(0)).transpose()?;
		let rows = change.all(PIECES, of_upload(id)).await?;
		let last = rows.last().map(piece_in).transpose()?;
		let end = last.map_or(0, |last| last.begins.saturating_add(last.length));
		if gateway.as_ref() != Some(&piece.gateway) || piece.begins != end {
			return Ok(false);
		}
		let statement = "INSERT INTO pieces (patient, digest, account, begins, length, gateway) \
			VALUES ($1, $2, $3, $4, $5, $6)";
		let mut values = of_upload(id);
		values.extend(values![piece.begins, piece.length, piece.gateway.as_str()]);
		change.run(statement, values).await?;
		change.commit().await.map(|()| true)
	}

	/// Forgets the pieces of an upload.
	pub async fn drop_pieces(&self, id: &UploadId) -> io::Result<()> {
		self.state.run(DROP_PIECES, of_upload(id)).await.map(drop)
	}
}

fn piece_in(row: &Row) -> io::Result<Piece> {
	Ok(Piece { begins: row.number(0)?, length: row.number(1)?, gateway: row.text(2)? })
}

fn upload_in(row: &Row, first: usize) -> io::Result<Upload> {
	Ok(Upload {
		length: row.number(first)?,
		prepared: row.number(first + 1)? != 0,
		active: row.number(first + 2)?,
		gateway: row.text(first + 3)?,
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::state::{State, tests::with_each};
	use medblock_primitives::HospitalId;

	const ID: UploadId = UploadId {
		blob: BlobId { patient: PatientId(7), digest: Digest([1; 32]) },
		account: [2; 32],
	};

	fn upload(gateway: &str) -> Upload {
		Upload { length: 10, prepared: false, active: 1, gateway: gateway.to_owned() }
	}

	/// A client whose connection is lost may come to the other gateway before the first one has written anything down.
	#[tokio::test]
	async fn an_upload_that_begins_at_two_gateways_at_once_belongs_to_one_of_them() {
		with_each(async |place| {
			let open = async || Ledger::new(State::open(&place, HospitalId(0)).await.unwrap());
			let (first, second) = (open().await, open().await);
			// There is room for both, or the second one would be refused for that.
			let all = 100;
			let quotas = Quotas { per_account: all, per_patient: all, pending: all, unnamed: all };
			first.begin(&ID, &upload("first"), false, &quotas).await.unwrap().unwrap();
			let begun = second.begin(&ID, &upload("second"), false, &quotas).await.unwrap();
			assert_eq!(begun, Err(Refusal::Busy));
			assert_eq!(second.upload(&ID).await.unwrap(), Some(upload("first")));
			assert_eq!(second.unnamed().await.unwrap(), 10, "it counts once");
		})
		.await;
	}
}

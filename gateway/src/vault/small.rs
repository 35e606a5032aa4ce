//! Small objects in the store, beside the charts' files: each is written in one step, and may be replaced.

use super::{
	receive::blocking,
	store::{Error, Result, Store, make_folders},
};
use crate::files;
use bytes::Bytes;
use medblock_primitives::Moment;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, path::Path as Key};

/// The folder of small objects. No patient's folder has a name like that.
const FOLDER: &str = "keys";

impl Store {
	fn small_key(&self, name: &str) -> Key {
		name.split('/').fold(self.prefix.clone().join(FOLDER), |key, part| key.join(part))
	}

	/// Whether an object is one of these.
	pub(super) fn is_small(&self, object: &Key) -> bool {
		object.prefix_matches(&self.prefix.clone().join(FOLDER))
	}

	/// The object under a name, which is a path below a folder of their own; none if there is none.
	pub async fn small(&self, name: &str) -> Result<Option<Bytes>> {
		match self.objects.get(&self.small_key(name)).await {
			Ok(found) => Ok(Some(found.bytes().await?)),
			Err(object_store::Error::NotFound { .. }) => Ok(None),
			Err(why) => Err(why.into()),
		}
	}

	/// Writes an object, in place of the one that has the name. When this returns, it is durable.
	pub async fn put_small(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
		self.ensure_held()?;
		let Some(root) = self.folder.clone() else {
			self.objects.put(&self.small_key(name), bytes.into()).await?;
			return Ok(());
		};
		let path = root.join(FOLDER).join(name);
		blocking(move || {
			make_folders(&root, &path)?;
			files::write(&path, &bytes)
		})
		.await?;
		Ok(())
	}

	/// Removes an object, if it is there. When this returns, that is durable.
	pub async fn delete_small(&self, name: &str) -> Result<()> {
		self.ensure_held()?;
		let Some(root) = &self.folder else {
			return match self.objects.delete(&self.small_key(name)).await {
				Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
				Err(why) => Err(why.into()),
			};
		};
		let path = root.join(FOLDER).join(name);
		blocking(move || match path.try_exists()? {
			true => {
				files::remove_if_there(&path)?;
				files::sync_folder_of(&path)
			},
			false => Ok(()),
		})
		.await?;
		Ok(())
	}

	/// The last parts of the names in a folder of objects.
	pub async fn small_names(&self, folder: &str) -> Result<Vec<String>> {
		Ok(self.small_ages(folder).await?.into_iter().map(|(name, _)| name).collect())
	}

	/// The same, each with the time at which the object was written: in milliseconds since 1970, by the store's clock.
	pub async fn small_ages(&self, folder: &str) -> Result<Vec<(String, Moment)>> {
		match self.objects.list_with_delimiter(Some(&self.small_key(folder))).await {
			Ok(found) => {
				let aged = |one: ObjectMeta| {
					let written = Moment::try_from(one.last_modified.timestamp_millis());
					Some((one.location.filename()?.to_owned(), written.unwrap_or_default()))
				};
				Ok(found.objects.into_iter().filter_map(aged).collect())
			},
			Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
			Err(why) => Err(Error::Service(why)),
		}
	}
}

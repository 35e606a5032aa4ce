//! Small objects in the store, beside the charts' files: each is written in one step, and may be replaced.

use super::{
	receive::blocking,
	store::{Error, Result, Store, make_folders},
};
use crate::files;
use bytes::Bytes;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};

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
		match self.objects.list_with_delimiter(Some(&self.small_key(folder))).await {
			Ok(found) => {
				let names = found.objects.iter().filter_map(|one| one.location.filename());
				Ok(names.map(str::to_owned).collect())
			},
			Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
			Err(why) => Err(Error::Service(why)),
		}
	}
}

//! Changes of the stored shape that this runtime makes to a chain, in their order. Each pallet describes
//! its own in its `migrations.rs`. ADR 34 says which pallet uses which list.

use crate::{Migrations, Runtime, configs::CouncilMotions};
use frame_support::{
	migrations::{FailedMigrationHandler, FailedMigrationHandling, MultiStepMigrator},
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
};

/// Changes in the first block under this runtime: of few items, which hooks read in every block.
pub type AtOnce = (pallet_consortium::migrations::AtOnce<Runtime>, CouncilMotions);

/// Changes in bounded steps, during which blocks have no transactions: of items that grow with people.
pub type InSteps = (
	pallet_medical_records::migrations::InSteps<Runtime>,
	pallet_fair_use::migrations::InSteps<Runtime>,
);

/// Whether everything that a pallet stores has the shape that this runtime reads.
pub fn is_current<P>() -> bool
where
	P: GetStorageVersion<InCodeStorageVersion = StorageVersion> + PalletInfoAccess,
{
	P::on_chain_storage_version() == P::in_code_storage_version()
}

/// Whether entries of a pallet are getting the shape that this runtime reads.
pub fn is_migrating<P>() -> bool
where
	P: GetStorageVersion<InCodeStorageVersion = StorageVersion> + PalletInfoAccess,
{
	!is_current::<P>() && Migrations::ongoing()
}

/// Whether transactions may call a pallet. While steps go on, they wait, and may be sent.
pub fn is_open<P>() -> bool
where
	P: GetStorageVersion<InCodeStorageVersion = StorageVersion> + PalletInfoAccess,
{
	is_current::<P>() || Migrations::ongoing()
}

/// Lets transactions in again after a step has failed, which none should. The pallet whose storage is not
/// current stays closed, see [`is_open`], and the council decides on another upgrade.
pub struct KeepPalletClosed;

impl FailedMigrationHandler for KeepPalletClosed {
	fn failed(_: Option<u32>) -> FailedMigrationHandling {
		FailedMigrationHandling::ForceUnstuck
	}
}

//! Institutions of hospitals, which add records and read none.

use crate::InstitutionId;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The maximum number of institutions that may add to one chart at the same time.
pub const MAX_DEPOSITS: u32 = 32;

/// The kind of an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InstitutionKind {
	/// A laboratory.
	#[codec(index = 0)]
	Laboratory,
	/// A department for X-rays, scans and other pictures.
	#[codec(index = 1)]
	Imaging,
	/// A department that keeps the hospital's records.
	#[codec(index = 2)]
	RecordsDepartment,
}

/// The institutions whose deposits one call ends.
pub type InstitutionIds = BoundedVec<InstitutionId, ConstU32<MAX_DEPOSITS>>;

//! A person who acts for a patient, as a `RelatedPerson` (R4).

use crate::{Names, consent::period, types::*};
use pallet_delegation_runtime_api::RepresentativeInfo;
use serde::Serialize;

/// A person who acts for a patient.
///
/// It has no `relationship` and no `name`: the chain knows neither, and the person's profile is theirs.
#[derive(Debug, Serialize)]
pub struct RelatedPerson {
	/// As the one who acts for this patient, and as the patient that their own hospital knows.
	identifier: [Identifier; 2],
	active: bool,
	pub(crate) patient: Reference,
	period: Period,
}

impl Names {
	/// A person who acts for a patient, `active` while they may act.
	pub fn related_person(&self, info: &RepresentativeInfo) -> RelatedPerson {
		let RepresentativeInfo { patient, representative, .. } = *info;
		RelatedPerson {
			identifier: [
				self.representative(patient, representative),
				self.patient(representative),
			],
			active: info.live,
			patient: self.to_patient(patient),
			period: period(info.named_at, info.until),
		}
	}
}

impl RelatedPerson {
	pub(crate) fn name(&self) -> &Identifier {
		let [name, _] = &self.identifier;
		name
	}
}

//! What others may do for a patient, as a `Consent` (R4): representatives, and doctors in an emergency.

use crate::{
	Consent, Names, codes,
	consent::{Actor, Data, Provision, period},
};
use medblock_client::medblock_primitives::{Delegate, Scopes};
use pallet_delegation_runtime_api::{EmergencyInfo, EmergencyPlanInfo, RepresentativeInfo};

impl Names {
	/// What a representative may do: a provision for each of seeing, adding and granting.
	///
	/// It is `proposed` until a hospital has confirmed the person, `active` while they may act, and `inactive`
	/// otherwise. R4 has no action for ending a permission: that a representative may revoke is not said.
	pub fn representation_consent(&self, info: &RepresentativeInfo) -> Consent {
		let RepresentativeInfo { patient, representative, .. } = *info;
		let permit = |action| {
			let who = vec![Actor::recipient(self.to_representative(patient, representative))];
			Provision::permit(period(info.named_at, info.until), who, action, codes::AT_REQUEST)
		};
		let actions = [
			(Scopes::SEE, codes::ACCESS),
			(Scopes::ADD, codes::APPEND),
			(Scopes::GRANT, codes::DISCLOSING),
		];
		let given = actions.into_iter().filter(|(scope, _)| info.scopes.include(*scope));
		let status = match (info.confirmed, info.live) {
			(false, _) => "proposed",
			(true, true) => "active",
			(true, false) => "inactive",
		};
		Consent::new(
			self.representation(patient, representative),
			status,
			(self.to_patient(patient), info.named_at),
			given.map(|(_, action)| permit(action)).collect(),
		)
	}

	/// A patient's plan for emergencies: a provision for the holders, and one for each doctor of the `emergencies`
	/// that are open now.
	///
	/// It is `active` while enough of its holders can confirm an emergency. R4 can't say how many have to.
	pub fn emergency_consent(
		&self,
		plan: &EmergencyPlanInfo,
		emergencies: &[EmergencyInfo],
	) -> Consent {
		let patient = plan.patient;
		let permit = |period, who| {
			let provision = Provision::permit(period, who, codes::ACCESS, codes::EMERGENCY);
			match &plan.records {
				Some(records) => provision.about(Data::records(self, patient, records)),
				None => provision,
			}
		};
		let desk = |delegate| match delegate {
			Delegate::Desk(hospital) => Some(Actor::recipient(self.to_hospital(hospital))),
			Delegate::Patient(_) | Delegate::Doctor(_) => None,
		};
		let holders = plan.holders.iter().filter_map(|holder| desk(holder.delegate)).collect();
		let open = emergencies.iter().filter(|one| one.open).map(|one| {
			let doctor = vec![Actor::recipient(self.to_doctor(one.doctor))];
			permit(period(one.opened_at, Some(one.until)), doctor)
		});
		let able = plan.holders.iter().filter(|holder| holder.able).count();
		Consent::new(
			self.emergency_plan(patient),
			if able >= plan.commitments.len() { "active" } else { "inactive" },
			(self.to_patient(patient), plan.set_at),
			[permit(period(plan.set_at, None), holders)].into_iter().chain(open).collect(),
		)
	}
}

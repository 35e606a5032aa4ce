//! Codes of errors, for programs in other languages than English. `portal/check-locales.mjs` reads the codes from here.

use crate::{Error, Reason, Refusal};
use medblock_platform::told::Told;
use medblock_primitives::Denied;
use medblock_vault_protocol::door::Refused;

impl Error {
	/// What the error says, with its code.
	// Without wildcards, so that every new error gets a code.
	pub fn told(&self) -> Told {
		let new = |code: &'static str| Told::new(code, self);
		match self {
			Self::BadAddress(address) => new("node.bad-address").with("address", address),
			Self::NodeUnreachable { url, why } => {
				new("node.away").with("url", url).with("why", why)
			},
			Self::AllowanceSpent { seconds, is_shared, .. } => {
				let code = match is_shared {
					true => "node.shared-allowance-spent",
					false => "node.allowance-spent",
				};
				new(code).with("minutes", seconds.div_ceil(60))
			},
			Self::TooManyNewcomers => new("node.too-many-newcomers"),
			Self::Unsettled { url, why } => new("node.unsettled").with("url", url).with("why", why),
			Self::NodeRefused { url, why, .. } => match (self.refused_at_door(), why) {
				(Some(Refused::Denied(why)), _) => denied(why).saying(self),
				(Some(refused), _) => Told::new(format!("door.{}", refused.as_str()), self),
				(None, Reason::CatchingUp) => new("node.catching-up").with("url", url),
				(None, Reason::UnknownAccount) => new("node.unknown-account").with("url", url),
				(None, Reason::Full) => new("node.full").with("url", url),
				(None, Reason::Said(why)) => new("node.refused").with("url", url).with("why", why),
			},
			Self::Incomprehensible { url, .. } => new("node.incomprehensible").with("url", url),
			Self::Endless { url, .. } => new("node.endless").with("url", url),
			Self::NewerClientNeeded { .. } => new("node.newer"),
			Self::UnknownBlock(_) => new("node.unknown-block"),
			Self::Refused(refusal) => refusal.told(),
			// The sentence is the wallet's, or the page's own.
			Self::NotSigned(why) => Told::untold(why),
			Self::Expired => new("node.expired"),
			Self::Overtaken => new("node.overtaken"),
			Self::Stalled(seconds) => new("node.stalled").with("seconds", seconds),
			Self::FinalityStopped(last, newest) => {
				new("node.finality-stopped").with("last", last).with("newest", newest)
			},
			Self::NodeBehind { url, reached, other, number } => new("node.behind")
				.with("url", url)
				.with("reached", reached)
				.with("other", other)
				.with("number", number),
			Self::NodesDisagree { first, second, .. } => {
				new("nodes.disagree").with("first", first).with("second", second)
			},
			Self::SameNode { first, second } => {
				new("nodes.same-node").with("first", first).with("second", second)
			},
			Self::SameHospital { first, second, hospital } => new("nodes.same-hospital")
				.with("first", first)
				.with("second", second)
				.with("hospital", hospital.0),
			Self::OtherChain { first, second } => {
				new("nodes.other-chain").with("first", first).with("second", second)
			},
			Self::OneNode => new("nodes.one-alone"),
			Self::NoSuchHospital(id) => new("chain.no-such-hospital").with("number", id.0),
			Self::NoSuchPatient(id) => new("chain.no-such-patient").with("number", id.0),
			Self::NoSuchDoctor(id) => new("chain.no-such-doctor").with("number", id.0),
			Self::NoSuchInstitution(id) => new("chain.no-such-institution").with("number", id.0),
			Self::BadPeerId => new("node.bad-peer-id"),
		}
	}
}

impl Error {
	/// The refusal of a door. All those because of who asks have one number, so that it is the sentence that tells which.
	fn refused_at_door(&self) -> Option<Refused> {
		let refused = self.of_door()?;
		let Self::NodeRefused { why: Reason::Said(said), .. } = self else { return Some(refused) };
		let mut same = Refused::all().filter(|one| one.code() == refused.code());
		same.find(|one| one.sentence() == said).or(Some(refused))
	}
}

impl Refusal {
	/// What the refusal says. Its code has the names of the pallet and of its error.
	pub fn told(&self) -> Told {
		match &self.pallet {
			Some(pallet) => Told::new(format!("chain.{pallet}.{}", self.name), self),
			None if self.name == "BadOrigin" => Told::new("chain.bad-origin", self),
			None => Told::new("chain.other", self).with("why", &self.sentence),
		}
	}
}

/// A reason why a doctor has no access.
pub fn denied(why: Denied) -> Told {
	Told::new(format!("denied.{}", why.code()), why.sentence())
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;

	#[test]
	fn code_names_who_refused_and_why() {
		let door = Error::NodeRefused {
			url: "wss://north.example/v1/rpc".into(),
			code: -32_023,
			why: Reason::Said("too many requests".into()),
		};
		assert_eq!(door.told().code.unwrap(), "door.too-many-requests");
		for refused in Refused::all() {
			let (code, why) = (refused.code(), Reason::Said(refused.sentence().to_owned()));
			let told =
				Error::NodeRefused { url: "wss://north.example/v1/rpc".into(), code, why }.told();
			let group = if matches!(refused, Refused::Denied(_)) { "denied" } else { "door" };
			// The first three are a node's numbers, too.
			if (-32_029..=-32_020).contains(&code) {
				assert_eq!(told.code.unwrap(), format!("{group}.{}", refused.as_str()));
			}
		}
		let refusal = |pallet: Option<&str>, name: &str| Refusal {
			pallet: pallet.map(str::to_owned),
			name: name.into(),
			sentence: "it does not fit".into(),
		};
		for (refusal, code) in [
			(refusal(Some("MedicalRecords"), "StaleEpoch"), "chain.MedicalRecords.StaleEpoch"),
			(refusal(None, "BadOrigin"), "chain.bad-origin"),
			(refusal(None, "Exhausted"), "chain.other"),
		] {
			let told = Error::Refused(refusal).told();
			assert_eq!(
				(told.code.unwrap().as_ref(), told.sentence.as_str()),
				(code, "it does not fit")
			);
		}
		let away = Error::unreachable("wss://north.example", "refused").told();
		assert_eq!(away.values, [("url", "wss://north.example".into()), ("why", "refused".into())]);
		assert_eq!(denied(Denied::NotGranted).code.unwrap(), "denied.not-granted");
	}
}

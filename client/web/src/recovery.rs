//! New accounts that guardians give to people: the guardian's part, and the new device's.

use crate::{
	desk::{Named, account},
	failure::Failure,
	guardians::name_of,
	people::Names,
	running::{Outcome, read, to_the_end, until, value},
	session::{Session, finished},
};
use medblock_client::{
	medblock_crypto::{check_public_key, key_digest},
	medblock_primitives::{self as primitives, Delegate, Moment, Person},
	recovery::{Guarded, RecoveryInfo, Request},
};
use medblock_views::{Account, Hex, Time};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The capacity in which an account acts for another.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ActingAs {
	Patient,
	Doctor,
	Desk,
}

impl From<ActingAs> for primitives::ActingAs {
	fn from(acting: ActingAs) -> Self {
		match acting {
			ActingAs::Patient => Self::Patient,
			ActingAs::Doctor => Self::Doctor,
			ActingAs::Desk => Self::Desk,
		}
	}
}

impl From<primitives::ActingAs> for ActingAs {
	fn from(acting: primitives::ActingAs) -> Self {
		match acting {
			primitives::ActingAs::Patient => Self::Patient,
			primitives::ActingAs::Doctor => Self::Doctor,
			primitives::ActingAs::Desk => Self::Desk,
		}
	}
}

/// What a person shows who acts for others.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActingCard {
	patient: u32,
	account: Account,
	key_digest: Option<Hex<32>>,
}

/// A new account that asks to take a person over.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Recovery {
	person: Named,
	new: Account,
	key_digest: Hex<32>,
	requested_at: Time,
	due: Option<Time>,
	ends_at: Time,
	approvals: Vec<Delegate>,
	handed_over: usize,
}

impl Recovery {
	pub(crate) fn new(info: &RecoveryInfo) -> Result<Self, Failure> {
		Ok(Self {
			person: info.person.into(),
			new: Account::new(info.new),
			key_digest: Hex(key_digest(&check_public_key(&info.key)?)),
			requested_at: info.requested_at.into(),
			due: info.due.map(Into::into),
			ends_at: info.ends_at.into(),
			approvals: info.approvals.clone(),
			handed_over: info.handed_over.len(),
		})
	}
}

/// The own recovery, on the new device.
#[derive(Serialize)]
struct OwnRecovery {
	#[serde(flatten)]
	recovery: Recovery,
	ready: bool,
}

/// A recovery, as a guardian sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WardRecovery {
	#[serde(flatten)]
	recovery: Recovery,
	approved: bool,
	may_hand_over: bool,
	has_handed_over: bool,
}

impl WardRecovery {
	fn new(info: &RecoveryInfo, guardian: Delegate, now: Moment) -> Result<Self, Failure> {
		let approved = info.approvals.contains(&guardian);
		Ok(Self {
			recovery: Recovery::new(info)?,
			approved,
			may_hand_over: approved && has_come(info, now),
			has_handed_over: info.handed_over.contains(&guardian),
		})
	}
}

/// A person whose guardian the account is.
#[derive(Serialize)]
struct Ward {
	person: Named,
	name: Option<String>,
	threshold: u32,
	recoveries: Vec<WardRecovery>,
	acting: ActingAs,
}

/// What a new device gives to a guardian.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
	text: String,
	person: Named,
	account: Account,
	key_digest: Hex<32>,
}

impl From<Request> for Offer {
	fn from(request: Request) -> Self {
		Self {
			text: request.to_json(),
			person: request.person.into(),
			account: Account::new(request.account),
			key_digest: Hex(request.key_digest()),
		}
	}
}

#[wasm_bindgen]
impl Session {
	/// What the account shows to act for others as a patient.
	#[wasm_bindgen(js_name = actingCard)]
	pub async fn acting_card(&self) -> Outcome {
		let at = self.at().await?;
		let own = self.client.own_chart(&at).await?;
		let key = self.client.own_acting_key(&at).await?.filter(|key| key.is_own);
		value(&ActingCard {
			patient: own.id.0,
			account: Account::new(own.account),
			key_digest: key.map(|key| Hex(key.digest)),
		})
	}

	/// Publishes the own key for acting for others.
	#[wasm_bindgen(js_name = publishActingKey)]
	pub async fn publish_acting_key(&self) -> Outcome {
		finished(&self.client.set_acting_key().await?)
	}

	/// The people whose guardian the account is.
	pub async fn wards(&self, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let at = self.at().await?;
			let (all, now) = (self.client.guarded(&at).await?, at.now().await?);
			let (mut names, mut wards) = (Names::new(&at), Vec::new());
			for Guarded { acting, guardian, ward, recoveries } in all {
				let recoveries = recoveries.iter().map(|one| WardRecovery::new(one, guardian, now));
				wards.push(Ward {
					person: ward.person.into(),
					name: name_of(&mut names, ward.person.into()).await?,
					threshold: ward.threshold,
					recoveries: recoveries.collect::<Result<_, _>>()?,
					acting: acting.into(),
				});
			}
			value(&wards)
		};
		until(signal, asking).await
	}

	/// What a new device's text says.
	#[wasm_bindgen(js_name = readOffer)]
	pub fn read_offer(&self, text: String) -> Outcome {
		value(&Offer::from(Request::parse(&text)?))
	}

	/// Asks that a person gets a new account.
	#[wasm_bindgen(js_name = requestRecovery)]
	pub async fn request_recovery(&self, acting: JsValue, offer: String) -> Outcome {
		let (acting, request): (ActingAs, Request) = (read(acting)?, Request::parse(&offer)?);
		finished(&self.client.request_recovery(Some(acting.into()), &request).await?)
	}

	/// Approves that a person gets a new account.
	#[wasm_bindgen(js_name = approveRecovery)]
	pub async fn approve_recovery(
		&self,
		acting: JsValue,
		person: JsValue,
		new: String,
		key_digest: JsValue,
	) -> Outcome {
		let (acting, person): (ActingAs, Named) = (read(acting)?, read(person)?);
		let Hex(digest): Hex<32> = read(key_digest)?;
		let (acting, new) = (Some(acting.into()), account(&new)?);
		finished(&self.client.approve_recovery(acting, person.into(), new, digest).await?)
	}

	/// Takes an approval back.
	#[wasm_bindgen(js_name = withdrawApproval)]
	pub async fn withdraw_approval(
		&self,
		acting: JsValue,
		person: JsValue,
		new: String,
	) -> Outcome {
		let (acting, person): (ActingAs, Named) = (read(acting)?, read(person)?);
		let (acting, new) = (Some(acting.into()), account(&new)?);
		finished(&self.client.withdraw_approval(acting, person.into(), new).await?)
	}

	/// Hands the own share over.
	#[wasm_bindgen(js_name = handOverShare)]
	pub async fn hand_over_share(&self, acting: JsValue, person: JsValue, new: String) -> Outcome {
		let (acting, person): (ActingAs, Named) = (read(acting)?, read(person)?);
		let (acting, new) = (Some(acting.into()), account(&new)?);
		finished(&self.client.hand_over_share(acting, person.into(), new).await?)
	}

	/// Hands over the own shares that are due, since the account has approved it. Gives their number; what fails is told
	/// after the rest.
	#[wasm_bindgen(js_name = handOverDue)]
	pub async fn hand_over_due(&self) -> Result<u32, Failure> {
		let (mut given, mut problem) = (0_u32, None);
		for one in self.client.due_hand_overs(&self.at().await?).await? {
			match self.client.hand_over_share(Some(one.acting), one.person, one.new).await {
				Ok(_) => given = given.saturating_add(1),
				Err(why) => problem = Some(Failure::from(why)),
			}
		}
		problem.map_or(Ok(given), Err)
	}

	/// What this new account gives to a guardian.
	pub async fn offer(&self, person: JsValue) -> Outcome {
		let person: Named = read(person)?;
		value(&Offer::from(self.client.begin_recovery(person.into()).await?))
	}

	/// How far the recovery of a person by this account is.
	#[wasm_bindgen(js_name = ownRecovery)]
	pub async fn own_recovery(&self, person: JsValue) -> Outcome {
		let person: Person = read::<Named>(person)?.into();
		let at = self.at().await?;
		let Some(info) = self.client.recovery_of(&at, person).await? else {
			return Ok(JsValue::NULL);
		};
		let guardians = at.guardians(person).await?;
		let needed = guardians.map_or(usize::MAX, |guardians| guardians.commitments.len());
		let ready = has_come(&info, at.now().await?) && info.handed_over.len() >= needed;
		value(&OwnRecovery { recovery: Recovery::new(&info)?, ready })
	}

	/// Takes the own request back.
	#[wasm_bindgen(js_name = cancelRecovery)]
	pub async fn cancel_recovery(&self, person: JsValue) -> Outcome {
		let person: Named = read(person)?;
		finished(&self.client.cancel_recovery(person.into()).await?)
	}

	/// Takes the person over.
	#[wasm_bindgen(js_name = finishRecovery)]
	pub async fn finish_recovery(&self, person: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let person: Named = read(person)?;
		let finishing = async { finished(&self.client.finish_recovery(person.into()).await?) };
		to_the_end(signal, finishing).await
	}
}

/// Whether a recovery's delay is over.
fn has_come(info: &RecoveryInfo, now: Moment) -> bool {
	info.due.is_some_and(|due| due <= now)
}

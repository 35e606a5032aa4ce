//! What patients do.

use crate::{
	failure::Failure,
	people::{Profile, Receipt, number, receipt},
	running::{Outcome, read, to_the_end, until, value, watched},
	session::{Session, finished},
};
use js_sys::Function;
use medblock_client::{
	Error,
	grants::{Confirmed, Extended, Granted, Repaired, Revoked, Rotated, Shared, Terms, Unshared},
	medblock_crypto::PEEK_LENGTH,
	medblock_primitives::{DoctorId, HospitalId, PatientId, RecordIndex},
	profiles,
	vault::Disclosure,
};
use medblock_views::Time;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A registration that is final.
#[derive(Serialize)]
struct Registered {
	receipt: Option<Receipt>,
	patient: Option<u32>,
}

/// The terms of a grant.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTerms {
	may_append: bool,
	until: Option<Time>,
}

impl From<NewTerms> for Terms {
	fn from(terms: NewTerms) -> Self {
		Self { may_append: terms.may_append, expires_at: terms.until.map(Into::into) }
	}
}

/// A grant that was made.
#[derive(Serialize)]
struct Given {
	receipt: Option<Receipt>,
	rotation: Option<Receipt>,
	records: Option<Vec<RecordIndex>>,
	problem: Option<Failure>,
}

/// What became of a revocation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
	receipt: Option<Receipt>,
	had_no_access: Vec<u32>,
	rotated: bool,
	problem: Option<Failure>,
	/// Whether two hospitals' nodes say that it is final.
	confirmed: bool,
}

/// Records that are not shared any more.
#[derive(Serialize)]
struct NotShared {
	receipt: Option<Receipt>,
	/// Whether two hospitals' nodes say so.
	confirmed: bool,
}

/// The outcome of a repair.
#[derive(Serialize)]
struct Mended {
	rotation: Option<Receipt>,
	renewed: Vec<Renewed>,
	problems: Vec<NotRenewed>,
}

#[derive(Serialize)]
struct Renewed {
	doctor: DoctorId,
	receipt: Option<Receipt>,
}

#[derive(Serialize)]
struct NotRenewed {
	doctor: DoctorId,
	problem: Failure,
}

/// The looks at a patient's data, as far as vaults answer.
#[derive(Serialize)]
struct Looks {
	looks: Vec<Look>,
	missing: Vec<Missing>,
	/// The most bytes that a list of titles takes of a file.
	beginning: u64,
}

/// A vault that gave no list.
#[derive(Serialize)]
struct Missing {
	hospital: HospitalId,
	problem: Failure,
}

/// A look at the patient's data.
#[derive(Serialize)]
struct Look {
	vault: HospitalId,
	number: u64,
	time: Time,
	reader: Reader,
	account: String,
	/// Whether it was in an emergency.
	emergency: bool,
	record: Option<RecordIndex>,
	from: u64,
	to: u64,
	block: Block,
}

#[derive(Serialize)]
struct Block {
	number: u32,
	hash: String,
}

/// The reader of a look.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Reader {
	You,
	Doctor { doctor: DoctorId, name: Option<String> },
	Registrar { hospital: HospitalId },
	Representative { representative: PatientId },
}

#[wasm_bindgen]
impl Session {
	/// Registers as a patient of a hospital.
	#[wasm_bindgen(js_name = registerPatient)]
	pub async fn register_patient(&self, hospital: u32, signal: Option<AbortSignal>) -> Outcome {
		let registering = async {
			let done = self.client.register_patient(HospitalId(hospital)).await?;
			let patient = number(&done, "PatientRegistered", "patient");
			value(&Registered { receipt: receipt(&done), patient })
		};
		until(signal, registering).await
	}

	/// The own profile; nothing if none was written.
	#[wasm_bindgen(js_name = ownProfile)]
	pub async fn own_profile(
		&self,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let reading = async {
			let own = self.own(&self.at().await?).await?;
			match self.client.profile(own, &watched(progress)).await {
				Ok(profile) => value(&Profile::from(profile)),
				Err(Error::Profile(profiles::Error::NoProfile)) => Ok(JsValue::NULL),
				Err(why) => Err(why.into()),
			}
		};
		until(signal, reading).await
	}

	/// Replaces the own profile.
	#[wasm_bindgen(js_name = setOwnProfile)]
	pub async fn set_own_profile(
		&self,
		profile: JsValue,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let profile: Profile = read(profile)?;
		let writing = async {
			let own = self.own(&self.at().await?).await?;
			let profile = profile.into();
			finished(&self.client.set_profile(own, &profile, &watched(progress)).await?)
		};
		until(signal, writing).await
	}

	/// Removes the own profile.
	#[wasm_bindgen(js_name = removeProfile)]
	pub async fn remove_profile(&self) -> Outcome {
		finished(&self.client.remove_profile().await?)
	}

	/// The own grants, by name.
	pub async fn access(&self) -> Outcome {
		let at = self.at().await?;
		value(&self.grants_of(&at, self.own(&at).await?).await?)
	}

	/// Lets a doctor see the whole chart.
	pub async fn grant(&self, doctor: u32, terms: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let terms: NewTerms = read(terms)?;
		let granting = async {
			let granted = self.client.grant(DoctorId(doctor), terms.into()).await?;
			value(&given(granted))
		};
		to_the_end(signal, granting).await
	}

	/// Lets a doctor see single records, beside those that were shared before.
	pub async fn share(
		&self,
		doctor: u32,
		records: Vec<u32>,
		terms: JsValue,
		signal: Option<AbortSignal>,
		progress: Option<Function>,
	) -> Outcome {
		let (terms, doctor): (NewTerms, _) = (read(terms)?, DoctorId(doctor));
		let sharing = async {
			let progress = watched(progress);
			let shared = self.client.share(doctor, &records, terms.into(), &progress).await?;
			value(&self.shared(shared).await)
		};
		to_the_end(signal, sharing).await
	}

	/// Stops sharing single records with a doctor.
	pub async fn unshare(
		&self,
		doctor: u32,
		records: Vec<u32>,
		signal: Option<AbortSignal>,
	) -> Outcome {
		let unsharing = async {
			let Unshared { done, confirmed } =
				self.client.unshare(DoctorId(doctor), &records).await?;
			let confirmed = confirmed == Confirmed::ByTwo;
			value(&NotShared { receipt: receipt(&done), confirmed })
		};
		to_the_end(signal, unsharing).await
	}

	/// Lets a doctor add as many records again.
	#[wasm_bindgen(js_name = renewAppends)]
	pub async fn renew_appends(&self, doctor: u32, signal: Option<AbortSignal>) -> Outcome {
		let renewing =
			async { finished(&self.client.renew_append_budget(DoctorId(doctor)).await?) };
		to_the_end(signal, renewing).await
	}

	/// Sets until when a doctor has access, and leaves the rest as it is.
	pub async fn extend(&self, doctor: u32, end: JsValue, signal: Option<AbortSignal>) -> Outcome {
		let end: Option<Time> = read(end)?;
		let extending = async {
			match self.client.extend(DoctorId(doctor), end.map(Into::into)).await? {
				Extended::Chart(granted) => value(&given(granted)),
				Extended::Records(done) => value(&Given {
					receipt: receipt(&done),
					rotation: None,
					records: None,
					problem: None,
				}),
			}
		};
		to_the_end(signal, extending).await
	}

	/// Takes access back.
	pub async fn revoke(&self, doctors: Vec<u32>, signal: Option<AbortSignal>) -> Outcome {
		let doctors: Vec<DoctorId> = doctors.into_iter().map(DoctorId).collect();
		let revoking = async {
			let Revoked { done, rotation, confirmed } = self.client.revoke(&doctors).await?;
			let events = done.receipt().map_or(&[][..], |receipt| receipt.events.as_slice());
			let had_none = events.iter().filter(|event| event.name == "HadNoAccess");
			let had_no_access = had_none.filter_map(|event| event.number("doctor")).collect();
			let (rotated, problem) = match rotation {
				Rotated::To(_)
				| Rotated::Included
				| Rotated::Separately(_)
				| Rotated::NotNeeded => (true, None),
				Rotated::NotYet(why) => (false, Some(why.into())),
			};
			let (receipt, confirmed) = (receipt(&done), confirmed == Confirmed::ByTwo);
			value(&Taken { receipt, had_no_access, rotated, problem, confirmed })
		};
		until(signal, revoking).await
	}

	/// Gives the chart a new key if it needs one, and doctors who wait for a key theirs.
	pub async fn repair(&self, signal: Option<AbortSignal>) -> Outcome {
		let repairing = async {
			// The people who act for the patient are listed with what they lack.
			let Repaired { rotation, renewed, problems, .. } = self.client.repair().await?;
			let renewed = renewed
				.iter()
				.map(|(doctor, done)| Renewed { doctor: *doctor, receipt: receipt(done) });
			let problems = problems
				.into_iter()
				.map(|(doctor, why)| NotRenewed { doctor, problem: why.into() });
			value(&Mended {
				rotation: rotation.as_ref().and_then(receipt),
				renewed: renewed.collect(),
				problems: problems.collect(),
			})
		};
		to_the_end(signal, repairing).await
	}

	/// Lets another hospital's vault keep a second copy of the chart's documents, or no longer.
	#[wasm_bindgen(js_name = setMirror)]
	pub async fn set_mirror(&self, hospital: Option<u32>) -> Outcome {
		finished(&self.client.set_mirror(hospital.map(HospitalId)).await?)
	}

	/// Moves the documents that one hospital's vault keeps to another's.
	#[wasm_bindgen(js_name = moveVault)]
	pub async fn move_vault(&self, from: u32, to: u32) -> Outcome {
		finished(&self.client.move_vault(HospitalId(from), HospitalId(to)).await?)
	}

	/// Gives the chart a new key.
	pub async fn rotate(&self, signal: Option<AbortSignal>) -> Outcome {
		to_the_end(signal, async { finished(&self.client.rotate().await?) }).await
	}

	/// The looks at this patient's data, over all vaults that answer, the newest first.
	pub async fn looks(&self, signal: Option<AbortSignal>) -> Outcome {
		let asking = async {
			let (mut found, mut missing) = (Vec::new(), Vec::new());
			for (hospital, answer) in self.client.disclosures_by_vault().await? {
				match answer {
					Ok(all) => found.extend(all.into_iter().map(|one| (hospital, one))),
					Err(why) => missing.push(Missing { hospital, problem: why.into() }),
				}
			}
			found.sort_by_key(|(_, one)| std::cmp::Reverse((one.time, one.number)));
			let at = self.at().await?;
			let (mut names, mut looks) = (crate::people::Names::new(&at), Vec::new());
			for (vault, one) in found {
				let reader = match (one.doctor, one.registrar, one.representative) {
					(Some(doctor), ..) => Reader::Doctor { doctor, name: names.of(doctor).await? },
					(None, Some(hospital), _) => Reader::Registrar { hospital },
					(None, None, Some(representative)) => Reader::Representative { representative },
					(None, None, None) => Reader::You,
				};
				looks.push(look(vault, one, reader));
			}
			value(&Looks { looks, missing, beginning: PEEK_LENGTH })
		};
		until(signal, asking).await
	}
}

impl Session {
	/// The outcome of sharing. A doctor who saw the whole chart until now has lost it, and the chart
	/// needs a new key.
	async fn shared(&self, shared: Shared) -> Given {
		let (rotation, problem) = match self.client.rotate_if_due().await {
			Ok(done) => (done.as_ref().and_then(receipt), None),
			Err(why) => (None, Some(why.into())),
		};
		Given { receipt: receipt(&shared.done), rotation, records: Some(shared.records), problem }
	}
}

fn given(granted: Granted) -> Given {
	Given {
		receipt: granted.grant.as_ref().and_then(receipt),
		rotation: granted.rotation.as_ref().and_then(receipt),
		records: None,
		problem: None,
	}
}

fn look(vault: HospitalId, one: Disclosure, reader: Reader) -> Look {
	Look {
		vault,
		number: one.number,
		time: one.time.into(),
		reader,
		account: one.account,
		emergency: one.emergency,
		record: one.record,
		from: one.from,
		to: one.to,
		block: Block { number: one.block, hash: one.block_hash },
	}
}

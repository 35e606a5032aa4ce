//! A person who once had access, as a doctor or by acting for the patient, and has kept everything.

mod acting;
mod tried;

use acting::Acting;
use codec::DecodeAll;
use jsonrpsee::{
	core::client::ClientT,
	rpc_params,
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_client::{
	chain::Chain,
	medblock_crypto::{
		EpochSecret, Identity, Key, Pair, SealContext, ShareContext, ShareKey, key_digest, open,
	},
	medblock_crypto::{FileKey, check_public_key},
};
use medblock_primitives::*;
use medblock_runtime::{Runtime, RuntimeCall, UncheckedExtrinsic};
use pallet_medical_records::Call;
use pallet_medical_records_runtime_api::ShareInfo;
use std::{
	collections::{BTreeMap, BTreeSet},
	io::{ErrorKind, Read},
	path::{Path, PathBuf},
};
use tried::Tried;

/// The most versions that a doctor's key has here, and the most epochs that are tried.
const VERSIONS: u32 = 3;

/// A person's own keys, and every secret that these open anywhere in the chain's history.
pub struct Attacker {
	identities: Vec<Identity>,
	secrets: BTreeSet<[u8; 32]>,
	file_keys: Vec<FileKey>,
	doctor: DoctorId,
	patient: PatientId,
	seen: u32,
	/// By epoch: the secret of the epoch before, wrapped; and digests of public keys, of every block.
	wrapped: BTreeSet<(Epoch, [u8; 60])>,
	digests: BTreeMap<Epoch, BTreeSet<[u8; 32]>>,
	sealed: BTreeSet<Vec<u8>>,
	shares: Vec<(ShareInfo, DoctorId)>,
	acting: Acting,
	tried: Tried,
}

impl Attacker {
	/// A doctor with these keys, after one chart.
	pub fn new(identities: Vec<Identity>, doctor: DoctorId, patient: PatientId) -> Self {
		Self {
			identities,
			secrets: BTreeSet::new(),
			file_keys: Vec::new(),
			doctor,
			patient,
			seen: 0,
			wrapped: BTreeSet::new(),
			digests: BTreeMap::new(),
			sealed: BTreeSet::new(),
			shares: Vec::new(),
			acting: Acting::default(),
			tried: Tried::default(),
		}
	}

	/// Has these keys, too.
	#[must_use]
	pub fn with_keys(mut self, identities: Vec<Identity>) -> Self {
		self.identities.extend(identities);
		self
	}

	/// Reads every final block since the last time: every key that the chain ever held of the chart,
	/// and every one that a transaction brought, be it one that failed; for whomever it was.
	pub async fn study(&mut self, chain: &Chain) {
		let node = WsClientBuilder::default().build(chain.url()).await.expect("a node");
		let last = chain.finalized().await.expect("a block").number();
		for number in self.seen + 1..=last {
			let at = chain.at_number(number).await.expect("a node").expect("a block");
			for call in calls(&node, &format!("{:?}", at.hash())).await {
				self.take_from(call);
			}
			let Some(info) = at.patient(self.patient).await.expect("a node") else { continue };
			let keys = at.chart_keys(self.patient).await.expect("a node").expect("keys");
			for (epoch, key) in [(info.epoch, keys.distributed), (info.epoch + 1, keys.standby)] {
				let public = check_public_key(&key.key).expect("a key");
				self.acting.note_salt(epoch, key.salt);
				self.note(epoch, key_digest(&public), key.previous);
			}
			for (epoch, past) in at.past_epochs(self.patient).await.expect("a node") {
				self.note(epoch, past.key_digest, past.previous);
			}
			for grant in at.all_grants(self.patient).await.expect("a node") {
				let key = at.grant_key(self.patient, grant.doctor).await.expect("a node");
				self.sealed.extend(key.map(|key| key.0.to_vec()));
				let share = at.share(self.patient, grant.doctor).await.expect("a node");
				self.note_share(share, grant.doctor);
			}
		}
		self.seen = last;
		self.infer(chain.genesis());
	}

	/// As [`Attacker::study`], and in addition a rotation that never came into a block.
	pub fn overhear(&mut self, chain: &Chain, rotation: &Rotation) {
		self.take(rotation);
		self.infer(chain.genesis());
	}

	/// The share key of this generation, from an earlier call.
	fn share_key(
		&self,
		doctor: DoctorId,
		generation: u32,
	) -> Option<medblock_primitives::ShareKey> {
		let keys = self.shares.iter().filter(|(_, to)| *to == doctor);
		keys.filter_map(|(share, _)| share.key.clone()).find(|key| key.generation == generation)
	}

	/// What is sealed in a call, whether it had an effect or not.
	fn take_from(&mut self, call: RuntimeCall) {
		use pallet_consortium::Call as OfHospital;
		match call {
			RuntimeCall::MedicalRecords(call) => self.take_of_charts(call),
			RuntimeCall::Delegation(call) => self.take_acting(call),
			RuntimeCall::Consortium(OfHospital::publish_profile_key {
				hospital,
				version,
				sealed,
				..
			}) => self.acting.take_profile_key(hospital, version, sealed),
			_ => {},
		}
	}

	fn take_of_charts(&mut self, call: Call<Runtime>) {
		match call {
			Call::grant_access { key, .. } => {
				self.sealed.insert(key.key.0.to_vec());
			},
			Call::revoke_access { rotation: Some(rotation), .. }
			| Call::rotate_chart_key { rotation } => self.take(&rotation),
			Call::share_records { doctor, under, records, .. } => {
				let key = match under {
					ShareUnder::New(key) => Some(key),
					ShareUnder::Present(generation) => self.share_key(doctor, generation),
					ShareUnder::Nothing => None,
				};
				self.note_share(ShareInfo { key, records: records.into_inner() }, doctor);
			},
			_ => {},
		}
	}

	fn take(&mut self, rotation: &Rotation) {
		for (epoch, key) in [
			(rotation.epoch, &rotation.keys.distributed),
			// A call that fails is not checked.
			(rotation.epoch.wrapping_add(1), &rotation.keys.standby),
		] {
			if let Ok(public) = check_public_key(&key.key) {
				self.acting.note_salt(epoch, key.salt);
				self.note(epoch, key_digest(&public), key.previous.clone());
			}
		}
		self.sealed.extend(rotation.sealed.iter().map(|one| one.key.0.to_vec()));
	}

	fn note_share(&mut self, share: ShareInfo, doctor: DoctorId) {
		let share = (share, doctor);
		if share.0.key.is_some() && !self.shares.contains(&share) {
			self.shares.push(share);
		}
	}

	fn note(&mut self, epoch: Epoch, digest: [u8; 32], previous: Option<WrappedSecret>) {
		self.digests.entry(epoch).or_default().insert(digest);
		self.wrapped.extend(previous.map(|wrapped| (epoch, wrapped.0)));
	}

	/// Tries every key on every sealed and wrapped secret, until nothing more opens.
	fn infer(&mut self, genesis: [u8; 32]) {
		self.infer_acting(genesis);
		let last = self.digests.keys().last().copied().unwrap_or_default();
		let pair = Pair { genesis, patient: self.patient.0, doctor: self.doctor.0 };
		for sealed in &self.sealed {
			for identity in &self.identities {
				for epoch in 0..=last {
					for key_version in 1..=VERSIONS {
						for generation in 0..2 {
							let context = SealContext::epoch(pair, generation, epoch, key_version);
							self.secrets.extend(self.tried.unseal(identity, &context, sealed));
						}
					}
				}
			}
		}
		loop {
			let mut found = BTreeSet::new();
			for secret in &self.secrets {
				let secret = EpochSecret::from_bytes(*secret);
				for (epoch, wrapped) in &self.wrapped {
					let before = self.digests.get(&epoch.wrapping_sub(1)).into_iter().flatten();
					for digest in before {
						let opened = secret.unwrap_previous(&genesis, *epoch, digest, wrapped);
						found.extend(opened.map(|secret| *secret.expose()));
					}
				}
			}
			let before = self.secrets.len();
			self.secrets.extend(found);
			if self.secrets.len() == before {
				break;
			}
		}
		for (share, doctor) in &self.shares {
			let Some(key) = &share.key else { continue };
			let pair = Pair { genesis, patient: self.patient.0, doctor: doctor.0 };
			let context = SealContext::share(pair, key.generation, key.key_version);
			for identity in &self.identities {
				let opened = self.tried.unseal(identity, &context, &key.key.0);
				let Some(secret) = opened else { continue };
				let share_key = ShareKey::from_bytes(secret);
				for one in &share.records {
					let context = ShareContext::new(pair, key.generation, one.record);
					self.file_keys.extend(share_key.unwrap(&context, &one.key.0));
				}
			}
		}
	}

	/// How many epoch secrets they hold.
	pub fn secrets(&self) -> usize {
		self.secrets.len()
	}

	/// What they can read of everything that lies in a folder, a vault's disk say: by path.
	pub fn reads(&self, folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
		let identities: Vec<Identity> = self
			.secrets
			.iter()
			.map(|secret| EpochSecret::from_bytes(*secret).identity())
			.chain(self.identities.iter().cloned())
			.collect();
		let keys = self.file_keys.iter().map(Key::File);
		let keys: Vec<Key<'_>> = keys.chain([Key::Identities(&identities)]).collect();
		let mut all = BTreeMap::new();
		for path in files(folder) {
			let ciphertext = std::fs::read(&path).expect("a file");
			for key in &keys {
				let Ok((_, mut body)) = open(*key, &ciphertext[..]) else { continue };
				let mut plain = Vec::new();
				if body.read_to_end(&mut plain).is_ok() {
					all.insert(path.clone(), plain);
				}
			}
		}
		all
	}
}

/// The calls in a block.
async fn calls(node: &WsClient, block: &str) -> Vec<RuntimeCall> {
	let block: serde_json::Value =
		node.request("chain_getBlock", rpc_params![block]).await.expect("a block");
	let body = block["block"]["extrinsics"].clone();
	let body: Vec<sp_core::Bytes> = serde_json::from_value(body).expect("a block's body");
	let call = |bytes: &sp_core::Bytes| {
		let extrinsic = UncheckedExtrinsic::decode_all(&mut &bytes.0[..]);
		extrinsic.expect("a transaction of this chain").function
	};
	body.iter().map(call).collect()
}

/// The number of files in a folder, a vault's disk say, that one of these identities opens.
pub fn opened(folder: &Path, identities: &[Identity]) -> usize {
	let opens = |path: &Path| {
		let ciphertext = std::fs::read(path).expect("a file");
		let Ok((_, mut body)) = open(Key::Identities(identities), &ciphertext[..]) else {
			return false;
		};
		body.read_to_end(&mut Vec::new()).is_ok()
	};
	files(folder).iter().filter(|path| opens(path)).count()
}

/// Every file in a folder and those in it.
pub fn files(folder: &Path) -> Vec<PathBuf> {
	let mut found = Vec::new();
	let mut folders = vec![folder.to_owned()];
	while let Some(next) = folders.pop() {
		let entries = match std::fs::read_dir(&next) {
			// A program that runs has removed it since.
			Err(why) if next != folder && why.kind() == ErrorKind::NotFound => continue,
			entries => entries.expect("a folder"),
		};
		for entry in entries {
			let path = entry.expect("an entry").path();
			if path.is_dir() {
				folders.push(path);
			} else {
				found.push(path);
			}
		}
	}
	found
}

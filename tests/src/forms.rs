//! Keys and documents in the form that the chain asks for, which open nothing.

use medblock_primitives::*;
use medblock_runtime::RuntimeCall;
use pallet_medical_records::Call;

/// What passes for a public key.
pub fn public_key() -> PublicKey {
	vec![1; X_WING_PUBLIC_KEY_LENGTH as usize].try_into().expect("just as long")
}

/// What passes for a sealed secret.
pub fn sealed_key() -> SealedKey {
	let bytes = vec![SUITE_X_WING; SEALED_KEY_LENGTH as usize];
	SealedKey(bytes.try_into().expect("just as long"))
}

/// The keys of a chart's distributed epoch, an even number, and of its standby.
pub fn chart_keys(epoch: Epoch) -> ChartKeys {
	let previous = || Some(WrappedSecret([1; 60]));
	let key = |previous| EpochKey { key: public_key(), salt: [1; 16], previous };
	ChartKeys {
		suite: SUITE_X_WING,
		distributed: key(if epoch > 0 { previous() } else { None }),
		standby: key(previous()),
		standby_tag: [1; 32],
	}
}

/// A document in the vault of a hospital.
pub fn document(vault: HospitalId) -> Document {
	Document { digest: [1; 32], head: [2; 16], size: 4_096, vault }
}

/// A call of 31 kB. It fails if its account has no chart, and stays in the block.
pub fn large() -> RuntimeCall {
	/// As many secrets as that takes.
	const DOCTORS: usize = 24;
	let key = KeyForDoctor { doctor: DoctorId(0), key_version: 1, key: sealed_key() };
	let sealed = vec![key; DOCTORS].try_into().expect("few enough");
	Call::rotate_chart_key { rotation: Rotation { epoch: 2, keys: chart_keys(2), sealed } }.into()
}

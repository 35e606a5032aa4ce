//! Calls about guardians, and about new accounts that take people over.

use super::{Arguments, Call};
use crate::AccountId;
use codec::Encode;
use medblock_primitives::*;
use subxt::utils::MultiSignature;

calls! { "Delegation":
	/// Choose the guardians who together can give oneself a new account.
	set_guardians(capacity: Capacity, divided: Divided, delay: Moment);
	/// No longer have guardians.
	remove_guardians(capacity: Capacity);
	/// Ask that a person gets a new account, as a guardian; `proof` is the new account's signature.
	request_recovery(
		person: Person,
		acting: ActingAs,
		new: AccountId,
		suite: u8,
		key: PublicKey,
		proof: MultiSignature
	);
	/// Approve that a person gets a new account, as a guardian.
	approve_recovery(person: Person, acting: ActingAs, new: AccountId, key_digest: [u8; 32]);
	/// Take back one's own approval of a person's new account.
	withdraw_approval(person: Person, acting: ActingAs, new: AccountId);
	/// Hand a share over to a person's new device, as a guardian.
	hand_over_share(person: Person, acting: ActingAs, new: AccountId, share: SealedShare);
	/// Take over with a new account that guardians have approved.
	finish_recovery(person: Person, with: NewSecrets);
	/// Stop a recovery by which another account would take oneself over.
	veto_recovery(person: Person, new: AccountId);
	/// Take back a new account's own request for recovery.
	cancel_recovery(person: Person);
}

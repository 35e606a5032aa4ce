//! People who have lost a right that was delegated to them open nothing that is added later, given every state of the
//! chain, every transaction and every file.
//!
//! Keys are symbols here. A sealed secret names its recipient and what it is, in bytes that an attacker finds
//! wherever they are stored or sent, and opens with the keys that they have and no others. So these tests show what
//! the chain's rules give to people. What a key opens is shown where keys are real: in the client's tests.

mod symbols;
mod world;

use crate::common::*;
use frame_support::assert_err;
use medblock_primitives::*;
use medblock_runtime::{MedicalRecords, Runtime};
use pallet_delegation::Error;
use sp_keyring::Sr25519Keyring::{self, *};
use symbols::*;
use world::*;

/// A way to lose a right.
struct Way {
	name: &'static str,
	/// Gives the right. Returns what its holders keep.
	begins: fn(&mut World) -> Vec<Secret>,
	/// Takes it away.
	ends: fn(&mut World),
}

const WAYS: [Way; 15] = [
	Way {
		name: "representation ended by the patient",
		begins: |world| world.has_representative(None),
		ends: |world| world.does(world.account, Call::end_representation { representative: BEA }),
	},
	Way {
		name: "representative resigned",
		begins: |world| world.has_representative(None),
		ends: |world| world.does(Eve, Call::resign_representation { patient: ANA }),
	},
	Way {
		name: "representation ran out",
		begins: |world| world.has_representative(Some(60)),
		ends: |_| pass(60),
	},
	Way {
		name: "representative was suspended",
		begins: |world| world.has_representative(None),
		ends: |world| world.does(AliceStash, ChartCall::suspend_patient { patient: BEA }),
	},
	Way {
		name: "representative was recovered, and the thief has the lost device",
		begins: |world| {
			world.has_guardians(BEA, [NORTH, EAST]);
			world.has_representative(None)
		},
		ends: |world| world.is_recovered(BEA, Two),
	},
	Way {
		name: "emergency was closed",
		begins: World::has_emergency,
		ends: |world| world.does(world.account, Call::end_emergency { doctor: ADA }),
	},
	Way { name: "emergency ran out", begins: World::has_emergency, ends: |_| pass(HOUR / 1_000) },
	Way {
		name: "emergency's plan was replaced",
		begins: World::has_emergency,
		ends: |world| {
			world.has_plan([NORTH, SOUTH]);
		},
	},
	Way {
		name: "emergency's plan was removed",
		begins: World::has_emergency,
		ends: |world| world.does(world.account, Call::remove_emergency_plan {}),
	},
	Way {
		name: "emergency's doctor was suspended",
		begins: World::has_emergency,
		ends: |world| world.does(BobStash, ChartCall::suspend_doctor { doctor: ADA }),
	},
	Way {
		name: "holders opened a plan without asking, and the patient has new words and holders",
		begins: |world| {
			world.has_plan([NORTH, EAST]);
			desks([NORTH, EAST])
		},
		ends: |world| {
			world.has_new_words();
			world.has_plan([SOUTH, WEST]);
		},
	},
	Way {
		name: "device was lost, and its owner recovered",
		begins: |world| {
			world.has_guardians(ANA, [NORTH, EAST]);
			vec![Secret::Root(world.root(ANA))]
		},
		ends: |world| world.is_recovered(ANA, One),
	},
	Way {
		name: "guardians have recovered the patient",
		begins: |world| {
			world.has_guardians(ANA, [NORTH, EAST]);
			desks([NORTH, EAST])
		},
		ends: |world| world.is_recovered(ANA, One),
	},
	Way {
		name: "recovery was vetoed when its device had the shares already, and the patient has new words",
		begins: |world| {
			world.has_guardians(ANA, [NORTH, EAST]);
			world.is_approved(ANA, One);
			pass(DELAY / 1_000);
			world.hand_over(ANA, One);
			vec![Secret::Private(Key::Device)]
		},
		ends: |world| {
			world.does(world.account, veto(One));
			world.has_new_words();
		},
	},
	Way {
		name: "guardians were replaced, and the words with them",
		begins: |world| {
			world.has_guardians(ANA, [NORTH, EAST]);
			desks([NORTH, EAST])
		},
		ends: |world| {
			world.has_new_words();
			world.has_guardians(ANA, [SOUTH, WEST]);
		},
	},
];

fn desks<const N: usize>(hospitals: [HospitalId; N]) -> Vec<Secret> {
	hospitals.map(|hospital| Secret::Private(Key::Desk(hospital))).into()
}

fn veto(new: Sr25519Keyring) -> Call {
	Call::veto_recovery { person: Person::Patient(ANA), new: account(new) }
}

#[test]
fn whoever_lost_a_delegated_right_opens_nothing_that_comes_later() {
	for Way { name, begins, ends } in WAYS {
		on_chain(|world| {
			world.adds();
			let kept = begins(world);
			let before = world.opened_with(&kept);
			assert!(!before.is_empty(), "{name}: it was a real right");
			ends(world);
			// Before the patient's device has made new keys, and after.
			world.adds();
			assert_eq!(world.opened_with(&kept), before, "{name}");
			world.rotates();
			world.adds();
			assert_eq!(world.opened_with(&kept), before, "{name}, rotated");
			println!("{name}: opened {} before, 0 of what came later", before.len());
		});
	}
}

/// The attacker would notice: one who keeps the right opens what is added, also before the patient's new keys.
#[test]
fn whoever_keeps_the_right_reads_on() {
	on_chain(|world| {
		let kept = world.has_representative(None);
		world.adds();
		assert_eq!(world.opened_with(&kept).len(), world.files());
		// Another loss makes the chart due.
		world.has_emergency();
		world.adds();
		assert_eq!(world.opened_with(&kept).len(), world.files());
		world.rotates();
		world.adds();
		assert!(world.opened_with(&kept).len() < world.files(), "it awaits the patient's device");
		world.seals_to_representative();
		assert_eq!(world.opened_with(&kept).len(), world.files());
	});
}

/// What the threat model in `docs/acting-for-others.md` says of them.
#[test]
fn enough_holders_or_guardians_together_open_what_they_were_given() {
	on_chain(|world| {
		world.adds();
		world.has_plan([NORTH, EAST]);
		assert_eq!(world.opened_with(&desks([NORTH, EAST])).len(), world.files());
		// No vault gives them anything, as nothing of this is on chain.
		assert!(MedicalRecords::access(ANA, ADA, None).is_err());
		// After a rotation that did not renew the plan, it opens what was before.
		world.rotates();
		let before = world.files();
		world.adds();
		assert_eq!(world.opened_with(&desks([NORTH, EAST])).len(), before);
	});
	on_chain(|world| {
		world.adds();
		world.has_guardians(ANA, [NORTH, EAST]);
		world.rotates();
		world.adds();
		assert_eq!(world.opened_with(&desks([NORTH, EAST])).len(), world.files());
	});
}

#[test]
fn recovery_that_is_vetoed_in_time_gives_its_device_nothing() {
	on_chain(|world| {
		world.adds();
		world.has_guardians(ANA, [NORTH, EAST]);
		world.is_approved(ANA, One);
		pass(DELAY / 1_000 - 1);
		// Guardians who hand over too early are refused. What a careless one seals by hand is one share, still.
		let early = world.share_for_device(ANA, 1);
		let early = Call::hand_over_share {
			person: Person::Patient(ANA),
			acting: ActingAs::Desk,
			new: account(One),
			share: early,
		};
		assert_err!(world.tries(AliceStash, early), Error::<Runtime>::DelayNotOver);
		world.does(world.account, veto(One));
		world.adds();
		assert!(world.opened_with(&[Secret::Private(Key::Device)]).is_empty());
	});
}

/// Each division is a new one, so that a guardian's former share and their present one are no two shares of it.
#[test]
fn shares_of_different_divisions_do_not_add_up() {
	on_chain(|world| {
		world.adds();
		for others in [EAST, SOUTH, WEST] {
			world.has_guardians(ANA, [NORTH, others]);
			world.has_plan([NORTH, others]);
		}
		assert!(world.opened_with(&desks([NORTH])).is_empty());
	});
}

/// One hospital alone gets nothing, with all ciphertext, its shares and the whole chain state, whatever calls it makes.
#[test]
fn one_hospital_alone_gets_nothing() {
	on_chain(|world| {
		world.adds();
		world.has_guardians(ANA, [NORTH, EAST]);
		let shares = world.has_plan([NORTH, EAST]);
		// A doctor of its own asks for an emergency, and it confirms that.
		let own = world.is_doctor(FerdieStash, NORTH);
		let reason = EmergencyReason::LifeThreatening;
		world.does(FerdieStash, Call::request_emergency { patient: ANA, reason, details: [0; 32] });
		let confirm = || Call::confirm_emergency {
			patient: ANA,
			doctor: own,
			key_version: 1,
			share: sealed_share(Key::Doctor(own, 1), shares, 1),
		};
		world.does(AliceStash, confirm());
		assert_err!(world.tries(AliceStash, confirm()), Error::<Runtime>::AlreadyConfirmed);
		assert!(MedicalRecords::access(ANA, own, None).is_err());
		// It asks for the patient's account, and waits.
		let person = Person::Patient(ANA);
		world.asks_to_recover(ANA, One);
		assert_err!(
			world.tries(AliceStash, approve(person, One)),
			Error::<Runtime>::AlreadyApproved
		);
		pass(14 * 86_400 - 1);
		let share = world.share_for_device(ANA, 1);
		let (acting, new) = (ActingAs::Desk, account(One));
		let hand = Call::hand_over_share { person, acting, new, share };
		assert_err!(world.tries(AliceStash, hand), Error::<Runtime>::TooFewApprovals);
		let mut keys = chart_keys();
		keys.distributed.previous = keys.standby.previous.clone();
		let rotation = Rotation { epoch: 2, keys, sealed: Default::default() };
		let with = NewSecrets::Patient(rotation);
		let finish = Call::finish_recovery { person, with };
		assert_err!(world.tries(One, finish), Error::<Runtime>::TooFewApprovals);
		// It confirms a representative of its own, that the patient did not name.
		let key_digest = sp_io::hashing::sha2_256(&x_wing_key(2));
		let confirm = Call::confirm_representative {
			patient: ANA,
			representative: BEA,
			scopes: Scopes(15),
			until: None,
			key_digest,
		};
		assert_err!(world.tries(AliceStash, confirm), Error::<Runtime>::NotRepresentative);
		world.adds();
		let kept = [Key::Desk(NORTH), Key::Doctor(own, 1), Key::Device, Key::Acting(BEA, 1)];
		assert!(world.opened_with(&kept.map(Secret::Private)).is_empty());
		// With another hospital's shares it would be all.
		let both = [&kept.map(Secret::Private)[..], &desks([EAST])].concat();
		assert_eq!(world.opened_with(&both).len(), world.files());
	});
}

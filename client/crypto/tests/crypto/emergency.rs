use medblock_crypto::{
	EmergencyPlan, Error, FileKey, Pair, SealContext, ShareContext, ShareKey, seal, unseal,
};

use crate::support::{identity, key};

const SECRET: [u8; 32] = [9; 32];

const PLAN: EmergencyPlan = EmergencyPlan { genesis: [1; 32], patient: 2, division: [3; 32] };

const PAIR: Pair = Pair { genesis: [1; 32], patient: 2, doctor: 3 };

/// The same plan but for one field.
fn other_plans() -> [EmergencyPlan; 3] {
	[
		EmergencyPlan { genesis: [2; 32], ..PLAN },
		EmergencyPlan { patient: 3, ..PLAN },
		EmergencyPlan { division: [4; 32], ..PLAN },
	]
}

fn opens_in(context: SealContext, others: impl IntoIterator<Item = SealContext>) {
	let sealed = seal(&key(1), &context, &SECRET).unwrap();
	assert_eq!(*unseal(&identity(1), &context, &sealed).unwrap(), SECRET);
	for other in others {
		let refused = unseal(&identity(1), &other, &sealed);
		assert!(matches!(refused, Err(Error::CannotUnseal)), "{other:?}");
	}
}

#[test]
fn what_a_plan_opens_is_sealed_for_that_plan_alone() {
	let epochs = other_plans().map(|plan| SealContext::emergency_epoch(plan, 4)).into_iter();
	let others = [
		SealContext::emergency_epoch(PLAN, 6),
		SealContext::emergency_records(PLAN),
		SealContext::epoch(PAIR, 0, 4, 1),
	];
	opens_in(SealContext::emergency_epoch(PLAN, 4), epochs.chain(others));
	let records = other_plans().map(SealContext::emergency_records).into_iter();
	let others = [SealContext::emergency_epoch(PLAN, 0), SealContext::share(PAIR, 0, 1)];
	opens_in(SealContext::emergency_records(PLAN), records.chain(others));
}

#[test]
fn a_file_key_of_a_plan_opens_for_its_record_alone() {
	let share_key = ShareKey::generate();
	let wrapped = share_key.wrap(&ShareContext::emergency(PLAN, 5), &FileKey::from_bytes([6; 16]));
	let opened = share_key.unwrap(&ShareContext::emergency(PLAN, 5), &wrapped).unwrap();
	assert_eq!(opened.expose(), &[6; 16]);
	let others = other_plans().map(|plan| ShareContext::emergency(plan, 5)).into_iter();
	for other in others.chain([ShareContext::emergency(PLAN, 6), ShareContext::new(PAIR, 4, 5)]) {
		let refused = share_key.unwrap(&other, &wrapped);
		assert!(matches!(refused, Err(Error::WrongFileKey)), "{other:?}");
	}
	assert_ne!(ShareKey::generate().expose(), share_key.expose());
}

use medblock_crypto::{EpochSecret, Error, Mnemonic, Root, WRAPPED_LENGTH, key_digest};

const GENESIS: [u8; 32] = [3; 32];

fn root() -> Root {
	let words = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
	Mnemonic::parse(words).unwrap().seed("").root()
}

fn epoch(number: u32) -> EpochSecret {
	EpochSecret::derive(&root(), &GENESIS, &[number as u8; 16], number)
}

fn digest(secret: &EpochSecret) -> [u8; 32] {
	key_digest(&secret.public_key())
}

#[test]
fn each_chain_salt_and_epoch_has_its_own_secret() {
	let derive = |genesis, salt, epoch| {
		*EpochSecret::derive(&root(), &[genesis; 32], &[salt; 16], epoch).expose()
	};
	let first = derive(1, 1, 1);
	assert_eq!(derive(1, 1, 1), first);
	assert!(
		[derive(2, 1, 1), derive(1, 2, 1), derive(1, 1, 2)].iter().all(|other| *other != first)
	);
}

#[test]
fn the_newest_epoch_opens_all_history() {
	let mut secret = epoch(5);
	for number in (1..=5).rev() {
		let wrapped = epoch(number).wrap_previous(&GENESIS, number, &epoch(number - 1));
		secret = secret
			.unwrap_previous(&GENESIS, number, &digest(&epoch(number - 1)), &wrapped)
			.unwrap();
		assert_eq!(secret.expose(), epoch(number - 1).expose());
	}
}

#[test]
fn a_wrapped_epoch_opens_in_its_place_only() {
	let wrapped = epoch(2).wrap_previous(&GENESIS, 2, &epoch(1));
	let before = digest(&epoch(1));
	let refused = |result: Result<EpochSecret, Error>| {
		assert!(matches!(result, Err(Error::WrongPreviousEpoch)));
	};
	assert!(epoch(2).unwrap_previous(&GENESIS, 2, &before, &wrapped).is_ok());
	refused(epoch(2).unwrap_previous(&[4; 32], 2, &before, &wrapped));
	refused(epoch(2).unwrap_previous(&GENESIS, 3, &before, &wrapped));
	refused(epoch(2).unwrap_previous(&GENESIS, 0, &before, &wrapped));
	refused(epoch(2).unwrap_previous(&GENESIS, 2, &digest(&epoch(0)), &wrapped));
	refused(epoch(3).unwrap_previous(&GENESIS, 2, &before, &wrapped));
	// What a former holder could try: their epoch opens nothing later.
	refused(epoch(1).unwrap_previous(&GENESIS, 2, &before, &wrapped));
}

#[test]
fn a_changed_byte_of_a_wrapped_epoch_is_noticed() {
	let wrapped = epoch(2).wrap_previous(&GENESIS, 2, &epoch(1));
	for byte in 0..WRAPPED_LENGTH {
		let mut changed = wrapped;
		changed[byte] ^= 1 << (byte % 8);
		let result = epoch(2).unwrap_previous(&GENESIS, 2, &digest(&epoch(1)), &changed);
		assert!(matches!(result, Err(Error::WrongPreviousEpoch)), "byte {byte}");
	}
}

#[test]
fn no_two_wrappings_are_alike() {
	let wrap = || epoch(2).wrap_previous(&GENESIS, 2, &epoch(1));
	assert_ne!(wrap(), wrap());
}

#[test]
fn epoch_0_has_none_before_it_and_nothing_panics() {
	let wrapped = epoch(0).wrap_previous(&GENESIS, 0, &epoch(1));
	assert!(epoch(0).unwrap_previous(&GENESIS, 1, &digest(&epoch(1)), &wrapped).is_err());
}

#[test]
fn only_a_holder_of_the_epoch_can_name_its_standby() {
	let (own, standby, strange) = (epoch(2), epoch(3).public_key(), epoch(4).public_key());
	let tag = own.standby_tag(&standby);
	assert!(own.check_standby(&standby, &tag).is_ok());
	assert!(matches!(own.check_standby(&strange, &tag), Err(Error::WrongStandbyKey)));
	assert!(matches!(epoch(4).check_standby(&standby, &tag), Err(Error::WrongStandbyKey)));
	for bit in 0..256 {
		let mut changed = tag;
		changed[bit / 8] ^= 1 << (bit % 8);
		assert!(own.check_standby(&standby, &changed).is_err(), "bit {bit}");
	}
}

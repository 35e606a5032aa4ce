use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

#[test]
fn council_renames_a_hospital() {
	consortium(|| {
		assert_ok!(Consortium::rename_hospital(council(), WEST, name("Westfield")));
		assert_eq!(last_event(), Event::HospitalRenamed { hospital: WEST });
		assert_eq!(Profiles::<Test>::get(WEST).unwrap().name, name("Westfield"));
		assert_noop!(Consortium::rename_hospital(signed(3), WEST, name("Best")), BadOrigin);
		assert_noop!(
			Consortium::rename_hospital(council(), WEST, name("")),
			Error::<Test>::InvalidName
		);
		// Characters count, and not bytes.
		for letter in ["n", "王", "\u{20bb7}"] {
			let (longest, longer) = (name(&letter.repeat(64)), letter.repeat(65));
			assert_ok!(Consortium::rename_hospital(council(), WEST, longest.clone()));
			assert_eq!(Profiles::<Test>::get(WEST).unwrap().name, longest);
			// The bound alone refuses the longest of them.
			if let Ok(longer) = Name::try_from(longer.into_bytes()) {
				assert_noop!(
					Consortium::rename_hospital(council(), WEST, longer),
					Error::<Test>::InvalidName
				);
			}
		}
		assert_noop!(
			Consortium::rename_hospital(council(), HospitalId(99), name("Ghost")),
			Error::<Test>::HospitalNotFound
		);
	});
}

#[test]
fn controller_sets_gateway_and_registration_mode() {
	consortium(|| {
		let address = gateway("https://new.example/vault");
		assert_ok!(Consortium::set_gateway(signed(3), address.clone()));
		assert_eq!(last_event(), Event::GatewayChanged { hospital: WEST });
		assert_eq!(Profiles::<Test>::get(WEST).unwrap().gateway, address);
		for loopback in ["http://127.0.0.1:8440", "http://localhost/x", "http://[::1]"] {
			assert_ok!(Consortium::set_gateway(signed(3), gateway(loopback)));
		}
		assert_noop!(
			Consortium::set_gateway(signed(3), gateway("http://west.example")),
			Error::<Test>::InvalidGateway
		);
		assert_noop!(
			Consortium::set_gateway(signed(99), gateway("https://a")),
			Error::<Test>::NotController
		);

		let mode = RegistrationMode::SponsoredOnly;
		assert_ok!(Consortium::set_registration_mode(signed(3), mode));
		assert_eq!(last_event(), Event::RegistrationModeChanged { hospital: WEST, mode });
		assert_eq!(Hospitals::<Test>::get(WEST).unwrap().registration, mode);
		assert_noop!(
			Consortium::set_registration_mode(signed(99), mode),
			Error::<Test>::NotController
		);
	});
}

#[test]
fn longer_values_cannot_even_be_said() {
	// Four bytes for each of 64 characters; the calls count these.
	assert!(Name::try_from(vec![b'a'; 256]).is_ok());
	assert!(Name::try_from(vec![b'a'; 257]).is_err());
	assert!(Gateway::try_from(vec![b'a'; 128]).is_ok());
	assert!(Gateway::try_from(vec![b'a'; 129]).is_err());
	assert!(PublicKey::try_from(vec![0; 1_217]).is_err());
}

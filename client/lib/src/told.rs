//! Codes of errors, for programs in other languages than English. `portal/check-locales.mjs` reads the codes from here.

use crate::{
	Error, access, accounts, chain::denied, emergency, grants, institutions, keys,
	medblock_crypto::Error as CryptoError, names, profile_keys, profiles, records, recovery,
	registrars, registration, representatives, rotation, trust, vault,
};
use medblock_platform::told::Told;
use medblock_primitives::{
	Denied, MAX_BATCH, MAX_DEPOSITS, MAX_DESK_BATCH, MAX_EMERGENCY_RECORDS, MAX_GRANTS,
	MAX_RELINQUISHED, MAX_SHARED, PatientId, Person, Scopes, Standing,
};
use medblock_vault_protocol::Code;
use profile_keys::Renewal;

impl Error {
	/// What the error says, with its code.
	// Without wildcards, so that every new error gets a code.
	pub fn told(&self) -> Told {
		match self {
			Self::Chain(why) => why.told(),
			Self::Account(why) => of_account(why),
			Self::Registration(why) => of_registration(why),
			Self::Access(why) => of_access(why),
			Self::Grant(why) => of_grant(why),
			Self::Rotation(why) => Told::new(
				match why {
					rotation::Error::NoMoreEpochs => "rotation.no-more-epochs",
					rotation::Error::TooManyDoctors => "rotation.too-many-doctors",
					rotation::Error::KeepsChanging => "rotation.keeps-changing",
				},
				why,
			),
			Self::Name(why) => of_name(why),
			Self::Representative(why) => of_representative(why),
			Self::Record(why) => of_record(why),
			Self::Recovery(why) => of_recovery(why),
			Self::Profile(why) => of_profile(why),
			Self::Registrar(why) => of_registrar(why),
			Self::Institution(why) => of_institution(why),
			Self::ProfileKey(why) => of_profile_key(why),
			Self::Keys(why) => match why {
				keys::Error::InWallet => Told::new("keys.in-wallet", why),
				// The sentence is the wallet's, or the page's own.
				keys::Error::NotSigned(said) => Told::untold(said),
				keys::Error::NoSecret => Told::new("keys.no-secret", why),
			},
			Self::Trust(why) => of_trust(why),
			Self::Emergency(why) => of_emergency(why),
			Self::Vault(why) => of_vault(why),
			// Only the command line decides for hospitals.
			#[cfg(not(target_family = "wasm"))]
			Self::Council(why) => Told::untold(why),
			Self::Crypto(why) => of_crypto(why),
			Self::File(why) => why.told(),
			Self::BadValue { what, problem } => {
				Told::new("value.bad", self).with("what", what).with("problem", problem)
			},
		}
	}
}

fn of_account(why: &accounts::Error) -> Told {
	let (code, account) = match why {
		accounts::Error::NotPatient(account) => ("account.not-patient", account),
		accounts::Error::NotDoctor(account) => ("account.not-doctor", account),
		accounts::Error::NotRegistrar(account) => ("account.not-registrar", account),
		accounts::Error::NotController(account) => ("account.not-controller", account),
	};
	Told::new(code, why).with("account", account)
}

fn of_registration(why: &registration::Error) -> Told {
	match why {
		registration::Error::Closed(hospital) => {
			Told::new("registration.closed", why).with("hospital", hospital.0)
		},
		registration::Error::NotInvited { hospital, account } => {
			Told::new("registration.not-invited", why)
				.with("hospital", hospital.0)
				.with("account", account)
		},
		registration::Error::TooManyNamed => {
			Told::new("registration.too-many-named", why).with("most", MAX_DESK_BATCH)
		},
		registration::Error::AlreadyRegistered(account) => {
			Told::new("registration.already", why).with("account", account)
		},
		registration::Error::Decided { person, standing } => {
			let (is_patient, number) = match person {
				Person::Patient(patient) => (true, patient.0),
				Person::Doctor(doctor) => (false, doctor.0),
			};
			let code = match (is_patient, standing) {
				(true, Standing::Pending) => "registration.patient-undecided",
				(true, Standing::Verified) => "registration.patient-verified",
				(true, Standing::Suspended) => "registration.patient-suspended",
				(true, Standing::Rejected) => "registration.patient-rejected",
				(false, Standing::Pending) => "registration.doctor-undecided",
				(false, Standing::Verified) => "registration.doctor-verified",
				(false, Standing::Suspended) => "registration.doctor-suspended",
				(false, Standing::Rejected) => "registration.doctor-rejected",
			};
			Told::new(code, why).with("number", number)
		},
	}
}

fn of_access(why: &access::Error) -> Told {
	match why {
		access::Error::Denied(why) => denied(*why),
		access::Error::AwaitingPatient => Told::new("access.awaiting-patient", why),
		access::Error::MayNotAppend => Told::new("access.may-not-append", why),
		access::Error::BudgetSpent(left) => {
			Told::new("access.budget-spent", why).with("left", left)
		},
		access::Error::NotPractising { doctor, why: denial, standing } => {
			let decided = match (denial, standing) {
				(Denied::DoctorNotVerified, Standing::Pending) => Some("access.doctor-pending"),
				(Denied::DoctorNotVerified, Standing::Suspended) => Some("access.doctor-suspended"),
				(Denied::DoctorNotVerified, Standing::Rejected) => Some("access.doctor-rejected"),
				_ => None,
			};
			let cause = match decided {
				Some(code) => Told::new(code, access::hindrance(*denial, *standing)),
				None => denied(*denial),
			};
			Told::new("access.not-practising", why).with("doctor", doctor.0).because(cause)
		},
		access::Error::NotVerified { standing, hospital } => {
			let code = match standing {
				Standing::Pending => "access.pending",
				Standing::Suspended => "access.suspended",
				Standing::Rejected | Standing::Verified => "access.not-confirmed",
			};
			Told::new(code, why).with("hospital", hospital.0)
		},
	}
}

fn of_grant(why: &grants::Error) -> Told {
	match why {
		grants::Error::KeyWasOut { why: cause, rotation } => {
			let code = match rotation {
				None => "grant.key-was-out",
				Some(_) => "grant.key-is-out",
			};
			Told::new(code, why).because(cause.told())
		},
		grants::Error::SeesAll(doctor) => Told::new("grant.sees-all", why).with("doctor", doctor.0),
		grants::Error::TooManyShared => {
			Told::new("grant.too-many-shared", why).with("most", MAX_SHARED)
		},
		grants::Error::TooManyRevoked => {
			Told::new("grant.too-many-revoked", why).with("most", MAX_GRANTS)
		},
		grants::Error::TooManyRelinquished => {
			Told::new("grant.too-many-relinquished", why).with("most", MAX_RELINQUISHED)
		},
		grants::Error::NoGrant(doctor) => Told::new("grant.none", why).with("doctor", doctor.0),
	}
}

fn of_name(why: &names::Error) -> Told {
	match why {
		names::Error::Nobody { name, .. } => Told::new("name.nobody", why).with("name", name),
		names::Error::Several { name, candidates, .. } => {
			let all: Vec<String> =
				candidates.iter().map(|one| format!("{} ({})", one.number, one.text)).collect();
			Told::new("name.several", why).with("name", name).with("candidates", all.join(", "))
		},
	}
}

fn of_record(why: &records::Error) -> Told {
	match why {
		records::Error::NoSuchRecord(record) => {
			Told::new("record.none", why).with("record", record)
		},
		records::Error::Withdrawn(record) => {
			Told::new("record.withdrawn", why).with("record", record)
		},
		records::Error::PatientWithdraws => Told::new("record.patient-withdraws", why),
		records::Error::TooManyFiles => {
			Told::new("record.too-many-files", why).with("most", MAX_BATCH)
		},
		records::Error::BeingAdded => Told::new("record.being-added", why),
		records::Error::TooManyNamed => {
			Told::new("record.too-many-named", why).with("most", MAX_BATCH)
		},
	}
}

fn of_recovery(why: &recovery::Error) -> Told {
	use recovery::Error;
	let new = |code: &'static str| Told::new(code, why);
	match why {
		Error::NoGuardians(_) => new("recovery.no-guardians"),
		Error::NotGuardian(_) => new("recovery.not-guardian"),
		Error::NotPresentWords => new("recovery.not-present-words"),
		Error::NoRequest { account, .. } => new("recovery.no-request").with("account", account),
		Error::NotARequest(said) => new("recovery.not-a-request").with("why", said),
		Error::OtherKeyDigest(_) => new("recovery.other-key-digest"),
		Error::NotApproved { approvals, needed } => {
			new("recovery.not-approved").with("approvals", approvals).with("needed", needed)
		},
		Error::NotDue { due, .. } => new("recovery.not-due").with("due", due),
		Error::OwnShareWrong(_) => new("recovery.own-share-wrong"),
		Error::TooFewShares { given, needed, .. } => {
			new("recovery.too-few-shares").with("given", given).with("needed", needed)
		},
		Error::OtherSecret(_) => new("recovery.other-secret"),
	}
}

fn of_representative(why: &representatives::Error) -> Told {
	use representatives::Error;
	let about = |code, person: &PatientId| Told::new(code, why).with("patient", person.0);
	match why {
		Error::NotRepresentative(patient) => about("representative.none", patient),
		Error::NotNamed(person) => about("representative.not-named", person),
		Error::OutOfScope { patient, scope } => about(
			match *scope {
				Scopes::ADD => "representative.may-not-add",
				Scopes::GRANT => "representative.may-not-grant",
				Scopes::REVOKE => "representative.may-not-revoke",
				_ => "representative.may-not-see",
			},
			patient,
		),
		Error::PatientSuspended(patient) => about("representative.patient-suspended", patient),
		Error::AwaitingKey(patient) => about("representative.awaiting-key", patient),
		Error::NoActingKey(person) => about("representative.no-key", person),
		Error::NotConfirmed(person) => about("representative.not-confirmed", person),
		Error::SeesNothing(person) => about("representative.sees-nothing", person),
		Error::OtherKeyDigest(person) => about("representative.other-key-digest", person),
		Error::NamingChanged(patient) => about("representative.naming-changed", patient),
		Error::BadScopes => Told::new("representative.bad-scopes", why),
		Error::KeyWasOut { why: cause, rotation } => {
			let code = match rotation {
				None => "representative.key-was-out",
				Some(_) => "representative.key-is-out",
			};
			Told::new(code, why).because(cause.told())
		},
		Error::PatientsKeyWasOut { patient, why: cause } => {
			let told = Told::new("representative.patients-key-is-out", why);
			told.with("patient", patient.0).because(cause.told())
		},
	}
}

fn of_profile(why: &profiles::Error) -> Told {
	match why {
		profiles::Error::NoProfile => Told::new("profile.none", why),
		profiles::Error::NoName => Told::new("profile.no-name", why),
		profiles::Error::TooLong => {
			Told::new("profile.too-long", why).with("most", profiles::LONGEST_PROFILE / 1_024)
		},
		profiles::Error::Damaged => Told::new("profile.damaged", why),
		profiles::Error::NoHospitalKey => Told::new("profile.no-hospital-key", why),
		profiles::Error::OtherHospital(hospital) => {
			Told::new("profile.other-hospital", why).with("hospital", hospital.0)
		},
		profiles::Error::NotForHospital => Told::new("profile.not-for-hospital", why),
		profiles::Error::SingleRecords => Told::new("profile.single-records", why),
		profiles::Error::NotForYou => Told::new("profile.not-for-you", why),
		profiles::Error::OtherKeyDigest(doctor) => {
			Told::new("profile.other-key-digest", why).with("doctor", doctor.0)
		},
		profiles::Error::OtherEntryDigest(doctor) => {
			Told::new("profile.other-entry-digest", why).with("doctor", doctor.0)
		},
		profiles::Error::NothingProposed(doctor) => {
			Told::new("profile.nothing-proposed", why).with("doctor", doctor.0)
		},
		profiles::Error::KeyNotConfirmed(doctor) => {
			Told::new("profile.key-not-confirmed", why).with("doctor", doctor.0)
		},
	}
}

fn of_registrar(why: &registrars::Error) -> Told {
	match why {
		registrars::Error::NotAppointed(account) => {
			Told::new("registrar.not-appointed", why).with("account", account)
		},
		registrars::Error::NotAppointedBy { hospital, account } => {
			Told::new("registrar.not-appointed-by", why)
				.with("hospital", hospital.0)
				.with("account", account)
		},
		registrars::Error::SeveralAppointments(_) => Told::new("registrar.several", why),
	}
}

fn of_institution(why: &institutions::Error) -> Told {
	match why {
		institutions::Error::NotOperator(account) => {
			Told::new("institution.not-operator", why).with("account", account)
		},
		institutions::Error::NotAppointed { institution, account } => {
			Told::new("institution.not-appointed", why)
				.with("institution", institution.0)
				.with("account", account)
		},
		institutions::Error::NotAllowed { patient, institution } => {
			Told::new("institution.not-allowed", why)
				.with("patient", patient.0)
				.with("institution", institution.0)
		},
		institutions::Error::TooManyNamed => {
			Told::new("institution.too-many-named", why).with("most", MAX_DEPOSITS)
		},
		institutions::Error::CannotAnswer => Told::new("institution.cannot-answer", why),
	}
}

fn of_profile_key(why: &profile_keys::Error) -> Told {
	let about = |code, hospital: &medblock_primitives::HospitalId| {
		Told::new(code, why).with("hospital", hospital.0)
	};
	match why {
		profile_keys::Error::KeyNotHeld(hospital) => about("profile-key.not-held", hospital),
		profile_keys::Error::NoRegistrarKey(hospital) => {
			about("profile-key.no-registrar-key", hospital)
		},
		profile_keys::Error::KeyMismatch(hospital) => about("profile-key.mismatch", hospital),
		profile_keys::Error::NotShown(account) => {
			Told::new("profile-key.not-shown", why).with("account", account)
		},
		profile_keys::Error::KeyUnwitnessed(account) => {
			Told::new("profile-key.unwitnessed", why).with("account", account)
		},
		profile_keys::Error::KeyWasOut { why: cause, renewal } => {
			let code = match renewal {
				Renewal::Published => "profile-key.was-out",
				Renewal::Failed(_) | Renewal::Due => "profile-key.is-out",
			};
			Told::new(code, why).because(cause.told())
		},
	}
}

fn of_emergency(why: &emergency::Error) -> Told {
	let new = |code: &'static str| Told::new(code, why);
	match why {
		emergency::Error::NoPlan(patient) => new("emergency.no-plan").with("patient", patient.0),
		emergency::Error::BadThreshold { threshold, holders } => {
			new("emergency.bad-threshold").with("threshold", threshold).with("holders", holders)
		},
		emergency::Error::HolderTwice(hospital) => {
			new("emergency.holder-twice").with("hospital", hospital.0)
		},
		emergency::Error::NoHolderKey(hospital) => {
			new("emergency.no-holder-key").with("hospital", hospital.0)
		},
		emergency::Error::NoRecords => new("emergency.no-records"),
		emergency::Error::TooManyRecords => {
			new("emergency.too-many-records").with("most", MAX_EMERGENCY_RECORDS)
		},
		emergency::Error::BadDuration => new("emergency.bad-duration"),
		emergency::Error::NotHolder(patient) => {
			new("emergency.not-holder").with("patient", patient.0)
		},
		emergency::Error::NotAsked(of) => {
			new("emergency.not-asked").with("patient", of.patient.0).with("doctor", of.doctor.0)
		},
		emergency::Error::AskedWithOtherKey(doctor) => {
			new("emergency.asked-with-other-key").with("doctor", doctor.0)
		},
		emergency::Error::BadShare(hospital) => {
			new("emergency.bad-share").with("hospital", hospital.0)
		},
		emergency::Error::DamagedPlan => new("emergency.damaged-plan"),
		emergency::Error::NotOpen(patient) => new("emergency.not-open").with("patient", patient.0),
		emergency::Error::NothingToEnd(doctor) => {
			new("emergency.nothing-to-end").with("doctor", doctor.0)
		},
		emergency::Error::NoText => new("emergency.no-text"),
		emergency::Error::TextTooLong => {
			new("emergency.text-too-long").with("most", emergency::LONGEST_TEXT)
		},
		emergency::Error::DamagedText => new("emergency.damaged-text"),
	}
}

fn of_trust(why: &trust::Error) -> Told {
	match why {
		trust::Error::PinMismatch { whose } => {
			Told::new("trust.pin-mismatch", why).with("whose", whose)
		},
		trust::Error::ChartKeyMismatch(epoch) => {
			Told::new("trust.chart-key-mismatch", why).with("epoch", epoch)
		},
		trust::Error::RecipientKeyMismatch(doctor) => {
			Told::new("trust.recipient-key-mismatch", why).with("doctor", doctor.0)
		},
		trust::Error::RepresentativeKeyMismatch(representative) => {
			Told::new("trust.representative-key-mismatch", why).with("patient", representative.0)
		},
		trust::Error::StandbyKeyMismatch => Told::new("trust.standby-key-mismatch", why),
	}
}

fn of_vault(why: &vault::Error) -> Told {
	match why {
		vault::Error::Refused { url, code, retry_after, .. } => match code.code() {
			Some(Code::Denied(denial)) => denied(denial).saying(why),
			Some(known) => {
				let told = Told::new(format!("vault.{known}"), why).with("url", url);
				told.with("seconds", retry_after.unwrap_or(1))
			},
			// A newer vault's, or one of a program before it.
			None => Told::untold(why),
		},
		vault::Error::ProxyLimit(url) => {
			Told::new("vault-is.behind-a-small-limit", why).with("url", url)
		},
		vault::Error::Unreachable { url, why: said } => {
			Told::new("vault-is.away", why).with("url", url).with("why", said)
		},
		vault::Error::BadChallenge(url) => {
			Told::new("vault-is.asking-for-more", why).with("url", url)
		},
		vault::Error::WrongClock { url, ahead } => {
			let code = if *ahead > 0 { "vault-is.behind" } else { "vault-is.ahead" };
			let minutes = ahead.unsigned_abs().div_ceil(60);
			Told::new(code, why).with("url", url).with("minutes", minutes)
		},
		vault::Error::BadAddress(address) => {
			Told::new("vault-is.at-a-bad-address", why).with("address", address)
		},
		vault::Error::WrongBytes(url) => {
			Told::new("vault-is.giving-other-bytes", why).with("url", url)
		},
	}
}

fn of_crypto(why: &CryptoError) -> Told {
	let new = |code: &'static str| Told::new(code, why);
	match why {
		CryptoError::WordCount(count) => new("crypto.word-count").with("count", count),
		CryptoError::UnknownWord(place) => new("crypto.unknown-word").with("place", place),
		CryptoError::PhraseChecksum => new("crypto.phrase-checksum"),
		CryptoError::NotAnIdentity => new("crypto.not-an-identity"),
		CryptoError::NotARecipient => new("crypto.not-a-recipient"),
		CryptoError::InvalidPublicKey => new("crypto.invalid-public-key"),
		CryptoError::WrongPreviousEpoch => new("crypto.wrong-previous-epoch"),
		CryptoError::WrongPreviousVersion => new("crypto.wrong-previous-version"),
		CryptoError::WrongStandbyKey => new("crypto.wrong-standby-key"),
		CryptoError::NotASealedKey => new("crypto.not-a-sealed-key"),
		CryptoError::CannotUnseal => new("crypto.cannot-unseal"),
		CryptoError::WrongFileKey => new("crypto.wrong-file-key"),
		CryptoError::ShareCount { threshold, count } => {
			new("crypto.share-count").with("threshold", threshold).with("count", count)
		},
		CryptoError::WrongShare => new("crypto.wrong-share"),
		CryptoError::TooFewShares { needed, given } => {
			new("crypto.too-few-shares").with("needed", needed).with("given", given)
		},
		CryptoError::WrongDivision => new("crypto.wrong-division"),
		CryptoError::NotASheet => new("crypto.not-a-sheet"),
		CryptoError::OtherKit => new("crypto.other-kit"),
		CryptoError::SameSheet => new("crypto.same-sheet"),
		CryptoError::RecipientCount(count) => new("crypto.recipient-count").with("count", count),
		CryptoError::NotAnAgeFile => new("crypto.not-an-age-file"),
		CryptoError::HeaderTooLong => new("crypto.header-too-long"),
		CryptoError::TooManyStanzas => new("crypto.too-many-stanzas"),
		CryptoError::Truncated => new("crypto.truncated"),
		CryptoError::NotForThisKey => new("crypto.not-for-this-key"),
		CryptoError::HeaderMac => new("crypto.header-mac"),
		CryptoError::Damaged => new("crypto.damaged"),
		CryptoError::BodyLength => new("crypto.body-length"),
		CryptoError::Reading(said) => new("crypto.reading").with("why", said),
		CryptoError::Writing(said) => new("crypto.writing").with("why", said),
		CryptoError::InvalidTitle => new("crypto.invalid-title"),
		CryptoError::InvalidMediaType => new("crypto.invalid-media-type"),
		CryptoError::InvalidTime => new("crypto.invalid-time"),
		CryptoError::NotARecord(said) => new("crypto.not-a-record").with("why", said),
		CryptoError::NotAChallenge => new("crypto.not-a-challenge"),
		CryptoError::NotWrapped => new("crypto.not-wrapped"),
		// The crate reserves further ones.
		_ => Told::untold(why),
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_primitives::{DoctorId, HospitalId};
	use vault::Error as VaultError;

	#[test]
	fn error_behind_another_has_a_code_of_its_own() {
		let refused = |why, standing| {
			let why = access::Error::NotPractising { doctor: DoctorId(7), why, standing };
			Error::from(why).told()
		};
		let told = refused(Denied::LicenceExpired, Standing::Verified);
		assert_eq!(told.code.unwrap(), "access.not-practising");
		assert_eq!(told.values, [("doctor", "7".to_owned())]);
		assert_eq!(told.cause.unwrap().code.unwrap(), "denied.licence-expired");
		let told = refused(Denied::DoctorNotVerified, Standing::Suspended);
		assert!(told.sentence.ends_with("has suspended them"), "{}", told.sentence);
		assert_eq!(told.cause.unwrap().code.unwrap(), "access.doctor-suspended");
		let cause = Box::new(Error::from(accounts::Error::NotDoctor([7; 32].into())));
		let told = Error::from(grants::Error::KeyWasOut { why: cause, rotation: None }).told();
		assert_eq!(told.cause.unwrap().code.unwrap(), "account.not-doctor");
	}

	#[test]
	fn vaults_codes_are_passed_on_and_unknown_ones_have_their_sentence_only() {
		let refused = |code: &str| {
			Error::from(VaultError::Refused {
				url: "https://north.example".into(),
				status: 403,
				code: code.to_owned().into(),
				message: "no".into(),
				retry_after: None,
			})
		};
		assert_eq!(refused("disk-full").told().code.unwrap(), "vault.disk-full");
		assert_eq!(refused("not-granted").told().code.unwrap(), "denied.not-granted");
		let newer = refused("some-day").told();
		assert_eq!((newer.code, newer.sentence), (None, refused("some-day").to_string()));
	}

	#[test]
	fn sentence_is_the_errors_own() {
		let why = Error::from(registration::Error::Closed(HospitalId(3)));
		assert_eq!(why.told().sentence, why.to_string());
	}
}

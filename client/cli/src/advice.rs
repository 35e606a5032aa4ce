//! Advice about the library's errors, in terms of this program's commands and options. The library,
//! which other programs use as well, says only what happened.

use medblock_client::{
	Error, access, accounts,
	chain::{self, Reason},
	council::Problem,
	emergency, grants, institutions, keys,
	medblock_crypto::Error as CryptoError,
	medblock_primitives::Denied,
	names,
	profile_keys::{self, Renewal},
	profiles, registrars, registration, representatives, rotation, trust,
	vault::{self, Refused},
};

/// The error, with the advice about it.
pub fn told(error: &Error) -> String {
	match on(error) {
		Some(advice) => format!("{error}: {advice}"),
		None => error.to_string(),
	}
}

/// Like [`told`], for an error of a node.
pub fn told_of_node(error: &chain::Error) -> String {
	match on_chain(error) {
		Some(advice) => format!("{error}: {advice}"),
		None => error.to_string(),
	}
}

/// The advice.
fn on(error: &Error) -> Option<String> {
	let advice = match error {
		Error::Chain(why) => return on_chain(why).map(str::to_owned),
		Error::Registration(registration::Error::Closed(_)) => {
			"choose another one, or ask it when it will (`medblock network status` lists them)"
		},
		Error::Registration(registration::Error::NotInvited { account, .. }) => {
			return Some(format!(
				"ask it to run `medblock hospital sponsor {account}`, and register then"
			));
		},
		Error::Account(accounts::Error::NotPatient(_)) => {
			"if another account here is, name it with --account; to become one, run `medblock patient register`"
		},
		Error::Account(accounts::Error::NotDoctor(_)) => {
			"if another account here is, name it with --account; to become one, run `medblock doctor register`"
		},
		Error::Account(accounts::Error::NotController(_)) => {
			"use the account of your hospital's controller, or of a registrar where one is enough (--account)"
		},
		Error::Account(accounts::Error::NotRegistrar(account)) => {
			return Some(format!(
				"if another account here is, name it with --account; to become one, have the hospital's controller run \
				 `medblock hospital registrar appoint {account}`"
			));
		},
		// Only doctors ask for access to another person's chart.
		Error::Access(access::Error::Denied(
			Denied::DoctorNotVerified | Denied::LicenceExpired,
		)) => "`medblock doctor show` says which decision of your hospital it is: ask there",
		Error::Access(access::Error::MayNotAppend) => "ask the patient to allow it",
		Error::Rotation(rotation::Error::TooManyDoctors) => {
			"revoke the access of doctors who no longer need it (`medblock patient grants` lists them)"
		},
		Error::Grant(grants::Error::NoGrant(_)) => {
			"`medblock patient grants` lists the doctors who have one"
		},
		Error::Name(names::Error::Nobody { what, .. }) => where_to_look(*what),
		Error::Name(names::Error::Several { .. }) => "write the number",
		Error::Keys(keys::Error::InWallet) => "use --prepare, and sign there",
		Error::Profile(profiles::Error::NoHospitalKey) => "see `medblock hospital publish-key`",
		Error::ProfileKey(profile_keys::Error::KeyNotHeld(_)) => {
			"ask one who has it (`medblock hospital registrar list`) to run `medblock hospital share-key`; \
			 if you have no key of your own yet, run `medblock hospital registrar own-key` first"
		},
		Error::ProfileKey(profile_keys::Error::NoRegistrarKey(_)) => {
			"registrars publish theirs by `medblock hospital registrar accept`, or `own-key`"
		},
		Error::ProfileKey(profile_keys::Error::NotShown(_)) => {
			"look at the accounts again, and ask the controller about those that you don't know"
		},
		Error::ProfileKey(profile_keys::Error::KeyUnwitnessed(_)) => {
			"give a second hospital's --node, without --trust-one-node"
		},
		// Another registrar has published a version that the others can't open.
		Error::ProfileKey(profile_keys::Error::KeyMismatch(_)) => {
			"have the controller remove the account that published it (`medblock hospital registrar \
			 remove`), have each other registrar run `medblock hospital registrar own-key --lose-key`, and \
			 begin anew with `medblock hospital publish-key`"
		},
		Error::ProfileKey(profile_keys::Error::KeyWasOut { why, renewal }) => {
			let publish = || Some("run `medblock hospital publish-key`".to_owned());
			let (renewing, publish) = match renewal {
				Renewal::Published => (None, None),
				Renewal::Failed(why) => (on(why), publish()),
				Renewal::Due => (None, publish()),
			};
			let inner = [on(why), renewing, publish];
			let inner: Vec<String> = inner.into_iter().flatten().collect();
			return (!inner.is_empty()).then(|| inner.join("; "));
		},
		Error::Registrar(registrars::Error::NotAppointed(account)) => {
			return Some(format!(
				"have the hospital's controller run `medblock hospital registrar appoint {account}`"
			));
		},
		Error::Registrar(registrars::Error::SeveralAppointments(_)) => "name one with --hospital",
		Error::Institution(institutions::Error::NotOperator(_)) => {
			"accept your hospital's offer first, with `medblock institution accept`"
		},
		Error::Institution(institutions::Error::NotAppointed { institution, account }) => {
			return Some(format!(
				"have the hospital's controller run `medblock hospital institution appoint {} {account}`",
				institution.0,
			));
		},
		Error::Institution(institutions::Error::NotAllowed { institution, .. }) => {
			return Some(format!(
				"ask them to run `medblock patient deposit allow {}`, or to allow it in the portal",
				institution.0,
			));
		},
		Error::Representative(representatives::Error::NotRepresentative(_)) => {
			"`medblock patient for list` lists those that you act for"
		},
		Error::Representative(representatives::Error::AwaitingKey(_)) => {
			"ask them to run `medblock patient representatives list`, which says what is missing"
		},
		Error::Representative(representatives::Error::NoActingKey(_)) => {
			"they publish one with `medblock patient for key`"
		},
		Error::Representative(representatives::Error::NotConfirmed(_)) => {
			"the desk runs `medblock hospital representatives confirm`, with both people there"
		},
		Error::Representative(representatives::Error::NotNamed(_)) => {
			"see `medblock patient representatives list`, or at the desk `medblock hospital representatives pending`"
		},
		Error::Representative(representatives::Error::KeyWasOut { rotation: Some(_), .. }) => {
			"run `medblock patient rotate`"
		},
		Error::Grant(grants::Error::SeesAll(_)) => {
			"nothing needs to be done for these; add --narrow to let the doctor see the shared records alone"
		},
		Error::Profile(profiles::Error::NoName) => "name one with --name",
		Error::Grant(grants::Error::KeyWasOut { why, rotation }) => {
			let rotate = rotation.as_ref().map(|_| "run `medblock patient rotate`".to_owned());
			let inner = [on(why), rotation.as_deref().and_then(on), rotate];
			let inner: Vec<String> = inner.into_iter().flatten().collect();
			return (!inner.is_empty()).then(|| inner.join("; "));
		},
		Error::Emergency(emergency::Error::NoHolderKey(_)) => {
			"it publishes one by `medblock hospital publish-key`"
		},
		Error::Emergency(emergency::Error::NotOpen(patient)) => {
			return Some(format!("see `medblock doctor emergency show {patient}`"));
		},
		Error::Emergency(emergency::Error::NotAsked(_) | emergency::Error::NotHolder(_)) => {
			"`medblock hospital emergency pending` lists those that your hospital can confirm"
		},
		Error::Emergency(emergency::Error::DamagedPlan) => {
			"`medblock patient emergency set` makes another"
		},
		Error::Vault(vault::Error::Unreachable { why, .. }) if is_about_time(why) => CLOCK,
		Error::Vault(vault::Error::WrongClock { .. }) => {
			"if it is right, tell the hospital that its vault's is wrong"
		},
		Error::Vault(vault::Error::BadChallenge(_) | vault::Error::BadAddress(_)) => {
			"tell the hospital"
		},
		Error::Vault(vault::Error::WrongBytes(_)) => {
			"do it again, and tell the hospital if that does not help"
		},
		Error::Trust(trust::Error::ChartKeyMismatch(_))
		| Error::Crypto(CryptoError::NotForThisKey | CryptoError::CannotUnseal) => {
			"if this account's words have replaced others, name the former account with --former"
		},
		Error::Council(Problem::NotSuspended(_)) => "it runs `medblock hospital reclaim-seat`",
		Error::Council(Problem::ReleaseNotListed | Problem::TooManyReleases) => {
			"`medblock portal releases` shows those that are"
		},
		Error::Council(Problem::FinalityStopped(..)) => "to mend finality itself, add --not-final",
		_ => return None,
	};
	Some(advice.to_owned())
}

/// The lists with the names to choose from.
fn where_to_look(what: names::What) -> &'static str {
	match what {
		names::What::Doctor => {
			"`medblock doctor directory` lists all doctors, and `medblock patient grants` those of a patient"
		},
		names::What::Patient => {
			"`medblock doctor patients` lists a doctor's, and `medblock hospital pending` and `hospital patients --search \
			 NAME` those of a hospital; where no name can be read, write the number"
		},
		names::What::Hospital => "`medblock network status` lists them",
		names::What::Institution => "`medblock institution list` lists them",
	}
}

fn on_chain(error: &chain::Error) -> Option<&'static str> {
	use chain::Error;
	Some(match error {
		Error::NodeUnreachable { why, .. } if is_about_time(why) => CLOCK,
		Error::NodeUnreachable { .. } => "check the address and your connection",
		Error::TooManyNewcomers => {
			"try again in a minute, or ask the hospital to sponsor your account"
		},
		Error::Unsettled { .. } | Error::Stalled(_) => {
			"look later whether it took effect, with the commands that show or list it, and do it again if not"
		},
		Error::NodeRefused { .. } if error.of_door().is_some() => {
			return error.of_door().and_then(on_door);
		},
		Error::NodeRefused { why: Reason::CatchingUp, .. } => {
			"try again in a moment, or when `medblock network status` shows it with the others"
		},
		Error::NodeRefused { why: Reason::Full, .. } => "try again in some minutes",
		Error::Refused(refusal) if refusal.name == "BadOrigin" => {
			"it takes the account of a registrar, or of the hospital's controller: name it with --account"
		},
		Error::Incomprehensible { .. } => {
			"get the client that belongs to the chain's present version"
		},
		Error::NewerClientNeeded { .. } => "get the newer client",
		Error::Expired => "do it again",
		Error::Overtaken => {
			"do it again. If you sent nothing else, tell your hospital: another person may have your words"
		},
		Error::FinalityStopped(..) => {
			"try again when `medblock network status` shows that its final block goes on"
		},
		Error::OneNode => {
			"give another --node, or, if you run the only one yourself, --trust-one-node"
		},
		_ => return None,
	})
}

/// What to do about a certificate that is not valid at this machine's time.
const CLOCK: &str = "see that this machine's clock is right; if it is, tell the hospital that its certificate has run out";

/// Whether a connection failed since a certificate is not valid yet, or not any more, at this machine's time.
fn is_about_time(why: &str) -> bool {
	let why = why.to_lowercase();
	why.contains("certificate")
		&& ["expired", "not valid yet", "not yet valid", "notvalidyet"]
			.iter()
			.any(|word| why.contains(word))
}

/// The advice about a refusal by a gateway's door.
fn on_door(refused: Refused) -> Option<&'static str> {
	Some(match refused {
		Refused::NotSignedIn => {
			"the door answers this only to accounts that the chain knows. If this one was removed, ask your hospital; if \
			it is new, register first. Or give a node that you may ask directly with --node"
		},
		Refused::NotPassedOn => "give a node that you may ask directly with --node",
		Refused::TooManyRequests | Refused::TooManySubscriptions => "try again in a moment",
		Refused::NodeUnreachable | Refused::NodeBehind => {
			"try again in some minutes, or give another hospital's door or node with --node"
		},
		_ => return None,
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn advice_does_not_make_a_patient_of_a_wrong_account() {
		let said = told(&accounts::Error::NotPatient([7; 32].into()).into());
		assert!(said.contains("name it with --account"), "{said}");
		let said = told(&trust::Error::ChartKeyMismatch(0).into());
		assert!(said.ends_with("with --former"), "{said}");
		let said = told(&accounts::Error::NotController([7; 32].into()).into());
		assert!(!said.contains("--hospital"), "{said}");
		let said = told(&accounts::Error::NotRegistrar([7; 32].into()).into());
		assert!(said.contains("`medblock hospital registrar appoint"), "{said}");
	}

	#[test]
	fn removed_account_is_not_just_told_to_register() {
		let said = on_door(Refused::NotSignedIn).unwrap_or_default();
		assert!(said.contains("If this one was removed, ask your hospital"), "{said}");
	}

	#[test]
	fn doctor_who_is_refused_learns_where_the_reason_is() {
		let said = told(&access::Error::Denied(Denied::DoctorNotVerified).into());
		assert!(said.contains("`medblock doctor show`"), "{said}");
		let said = told(&access::Error::Denied(Denied::NotGranted).into());
		assert!(!said.contains("medblock"), "{said}");
	}

	#[test]
	fn name_that_fits_none_is_told_where_names_are() {
		let none = |what| names::Error::Nobody { what, name: "Ana".to_owned() };
		let said = told(&none(names::What::Patient).into());
		for list in ["`medblock hospital pending`", "`medblock doctor patients`"] {
			assert!(said.contains(list), "{said}");
		}
	}

	#[test]
	fn wrong_clock_is_called_a_wrong_clock() {
		for why in [
			"invalid peer certificate: certificate not valid yet: verification time 1 (UNIX)",
			"invalid peer certificate: Expired",
		] {
			let (url, why) = ("wss://a.example".to_owned(), why.to_owned());
			let said = told_of_node(&chain::Error::NodeUnreachable { url, why });
			assert!(said.contains("this machine's clock"), "{said}");
		}
		let (url, why) = ("wss://a.example".to_owned(), "connection refused".to_owned());
		let said = told_of_node(&chain::Error::NodeUnreachable { url, why });
		assert!(said.ends_with("check the address and your connection"), "{said}");
	}

	#[test]
	fn advice_reaches_errors_inside_errors() {
		let why = || Box::new(Error::from(chain::Error::Expired));
		let told = |rotation| told(&grants::Error::KeyWasOut { why: why(), rotation }.into());
		assert!(told(None).ends_with(": do it again"), "{}", told(None));
		let no_node = chain::Error::OneNode.into();
		let said = told(Some(Box::new(no_node)));
		for part in ["do it again", "--trust-one-node", "`medblock patient rotate`"] {
			assert!(said.contains(part), "{said}");
		}
		let told =
			|renewal| super::told(&profile_keys::Error::KeyWasOut { why: why(), renewal }.into());
		let publish = "`medblock hospital publish-key`";
		assert!(!told(Renewal::Published).contains(publish));
		assert!(told(Renewal::Due).ends_with(publish), "{}", told(Renewal::Due));
		let said = told(Renewal::Failed(Box::new(chain::Error::OneNode.into())));
		assert!(said.contains("--trust-one-node") && said.contains(publish), "{said}");
	}
}

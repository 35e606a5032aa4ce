//! What to do about an error of the library, in the words of this program's commands and options. The
//! library says what happened; it is used by other programs, too.

use medblock_client::{
	Error, accounts,
	chain::{self, Reason},
	council::Problem,
	grants, keys, profiles, registration,
};

/// What to do next, to be put behind the error and a colon.
pub fn on(error: &Error) -> Option<String> {
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
			"register first with `medblock patient register`"
		},
		Error::Account(accounts::Error::NotDoctor(_)) => {
			"register first with `medblock doctor register`"
		},
		Error::Account(accounts::Error::NotController(_)) => "name one with --hospital",
		Error::Keys(keys::Error::InWallet) => "use --prepare, and sign there",
		Error::Profile(profiles::Error::NoHospitalKey) => "see `medblock hospital publish-key`",
		Error::Grant(grants::Error::KeyWasOut { rotation: Some(_), .. }) => {
			"run `medblock patient rotate`"
		},
		Error::Council(Problem::NotSuspended(_)) => "it runs `medblock hospital reclaim-seat`",
		Error::Council(Problem::FinalityStopped(..)) => "to mend finality itself, add --not-final",
		_ => return None,
	};
	Some(advice.to_owned())
}

fn on_chain(error: &chain::Error) -> Option<&'static str> {
	use chain::Error;
	Some(match error {
		Error::NodeUnreachable { .. } => "check the address and your connection",
		Error::TooManyNewcomers => {
			"try again in a minute, or ask the hospital to sponsor your account"
		},
		Error::Unsettled { .. } | Error::Stalled(_) => {
			"look again later, with the same command's `show`"
		},
		Error::NodeRefused { why: Reason::CatchingUp, .. } => {
			"try again in a moment, or when `medblock network status` shows it with the others"
		},
		Error::Incomprehensible { .. } => {
			"get the client that belongs to the chain's present version"
		},
		Error::NewerClientNeeded { .. } => "get the newer client",
		Error::Expired => "do it again",
		Error::FinalityStopped(..) => {
			"try again when `medblock network status` shows that its final block goes on"
		},
		Error::OneNode => {
			"give another --node, or, if you run the only one yourself, --trust-one-node"
		},
		_ => return None,
	})
}

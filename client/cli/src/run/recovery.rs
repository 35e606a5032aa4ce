//! `medblock recovery`.

use super::{asking::Asking, guarded, who::Who};
use crate::{
	advice,
	cli::{Acting, Digest, NewAccount, Person as NamedPerson, PersonKind, RecoveryCommand},
	describe,
	exit::{Code, Failure},
	outcome,
	session::Session,
};
use medblock_client::{
	Client, Error,
	chain::AccountId,
	medblock_primitives::{ActingAs, Moment, PatientId, Person},
	names::{self, Named},
	recovery::{self, HandOver, Request},
};
use medblock_platform::{disk, text};
use medblock_views::Hex;
use serde_json::{Value, json};
use std::path::{Path, absolute};

/// The longest file with a request, in bytes.
const MAX_REQUEST: usize = 16 * 1_024;

/// Runs a command about new accounts.
pub async fn run(command: RecoveryCommand, session: &Session<'_>) -> Result<(), Failure> {
	match command {
		RecoveryCommand::Begin { person, into } => begin(session, &person, &into).await,
		RecoveryCommand::Request { file, key_digest, acting, yes } => {
			request(session, &file, key_digest, &acting, yes).await
		},
		RecoveryCommand::Approve { new, key_digest, yes } => {
			approve(session, &new, key_digest, yes).await
		},
		RecoveryCommand::Withdraw { new } => withdraw(session, &new).await,
		RecoveryCommand::HandOver => hand_over(session).await,
		RecoveryCommand::Finish { person } => finish(session, &person).await,
		RecoveryCommand::Veto { new } => veto(session, new).await,
		RecoveryCommand::Cancel { person, yes } => cancel(session, &person, yes).await,
		RecoveryCommand::List { check } => guarded::list(session, check).await,
	}
}

async fn person_of(
	session: &Session<'_>,
	client: &Client,
	named: &NamedPerson,
) -> Result<Person, Failure> {
	Ok(match (named.kind, &named.id) {
		(PersonKind::Patient, Named::Number(number)) => Person::Patient(PatientId(*number)),
		(PersonKind::Patient, Named::Name(_)) => {
			return Err(Failure::usage("write the patient's number: their name is not public"));
		},
		(PersonKind::Doctor, id) => {
			let at = client.chain().finalized().await?;
			let found = names::doctor(&at, id).await?;
			let who = Who::doctor_if_known(client, found.id);
			Person::Doctor(Asking::of_names(session).meant(found, who).await?)
		},
	})
}

async fn who(client: &Client, person: Person) -> Who {
	match person {
		Person::Patient(_) => Who::numbered(person),
		Person::Doctor(doctor) => Who::doctor_if_known(client, doctor).await,
	}
}

async fn begin(session: &Session<'_>, person: &NamedPerson, into: &Path) -> Result<(), Failure> {
	let client = session.reader().await?;
	let request = client.begin_recovery(person_of(session, &client, person).await?).await?;
	let path = absolute(into).map_err(|why| Failure::file("write the request", into, &why))?;
	disk::create(&path, (request.to_json() + "\n").as_bytes())
		.map_err(|why| Failure::file("write the request", &path, &why))?;
	let digest = request.key_digest();
	let sentence = format!(
		"Take {} to one of your guardians, who runs `medblock recovery request`. Tell each guardian, in person, this \
		 digest, and the account {}:\n{}",
		into.display(),
		request.account,
		hex::encode(digest),
	);
	let document = json!({
		"person": request.person,
		"account": request.account.to_string(),
		"keyDigest": Hex(digest),
		"file": path.display().to_string(),
	});
	session.output.result(&document, sentence)
}

async fn request(
	session: &Session<'_>,
	file: &Path,
	Digest(digest): Digest,
	acting: &Acting,
	yes: bool,
) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let bytes = disk::read(file, MAX_REQUEST)
		.map_err(|why| Failure::file("read the request", file, &why))?;
	let text = text::decoded(&bytes)
		.map_err(|_| Failure::new(Code::WrongKey, "the request is not UTF-8 text"))?;
	let request = Request::parse(&text)?;
	if request.key_digest() != digest {
		return Err(Error::from(recovery::Error::OtherKeyDigest(request.person)).into());
	}
	let client = session.actor().await?;
	let who = who(&client, request.person).await;
	ask(&asking, &who, &request.account)?;
	let done = client.request_recovery(acting_as(acting), &request).await?;
	let sentence = format!(
		"You have asked that {who} gets the account {}. Other guardians have to approve it.",
		request.account
	);
	let more = who.with(json!({ "account": request.account.to_string() }));
	outcome::print(session.output, &client, &done, &sentence, more)
}

fn ask(asking: &Asking, who: &Who, account: &AccountId) -> Result<(), Failure> {
	asking.confirm(
		&format!("You are about to support that another account takes over {who}:"),
		&format!(
			"{account}\n\nHave you met the person, and did they tell you the digest themselves? Whoever holds this account \
			 will control theirs, and read their data."
		),
	)
}

fn acting_as(acting: &Acting) -> Option<ActingAs> {
	acting.what.map(Into::into)
}

/// The person and the account that are named; the only account that asks if none is.
async fn new_account(
	session: &Session<'_>,
	client: &Client,
	new: &NewAccount,
) -> Result<(Person, AccountId), Failure> {
	let person = person_of(session, client, &new.person).await?;
	if let Some(account) = new.address {
		return Ok((person, account));
	}
	let at = client.chain().finalized().await?;
	let all = at.recoveries(person).await?;
	match &all[..] {
		[one] => Ok((person, one.new)),
		[] => Err(Failure::new(Code::Refused, "no account asks to take this person over")),
		several => {
			let accounts: Vec<String> = several.iter().map(|one| one.new.to_string()).collect();
			Err(Failure::usage(format!(
				"several accounts ask to take this person over: name one with --new ({})",
				accounts.join(", ")
			)))
		},
	}
}

async fn approve(
	session: &Session<'_>,
	new: &NewAccount,
	Digest(digest): Digest,
	yes: bool,
) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let (person, account) = new_account(session, &client, new).await?;
	let who = who(&client, person).await;
	ask(&asking, &who, &account)?;
	let acting = acting_as(&new.acting);
	let done = client.approve_recovery(acting, person, account, digest).await?;
	let due = match done.receipt() {
		Some(_) => due_of(&client, person, account).await?,
		None => None,
	};
	let sentence = match due {
		Some(due) => format!(
			"You have approved it, and enough have. From {} on, run `medblock recovery hand-over`: until then, the present \
			 account can veto.",
			describe::time(due)
		),
		None => "You have approved it.".to_owned(),
	};
	let more = who.with(json!({ "account": account.to_string() }));
	outcome::print(session.output, &client, &done, &sentence, more)
}

/// The end of the time in which a person can be sure to veto, if it has begun.
async fn due_of(
	client: &Client,
	person: Person,
	new: AccountId,
) -> Result<Option<Moment>, Failure> {
	let all = client.chain().finalized().await?.recoveries(person).await?;
	Ok(all.into_iter().find(|one| one.new == new).and_then(|one| one.due))
}

async fn withdraw(session: &Session<'_>, new: &NewAccount) -> Result<(), Failure> {
	let client = session.actor().await?;
	let (person, account) = new_account(session, &client, new).await?;
	let done = client.withdraw_approval(acting_as(&new.acting), person, account).await?;
	let more = who(&client, person).await.with(json!({ "account": account.to_string() }));
	outcome::print(session.output, &client, &done, "Your approval is withdrawn.", more)
}

async fn hand_over(session: &Session<'_>) -> Result<(), Failure> {
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let (mut given, mut lines, mut problems) = (Vec::new(), Vec::new(), Vec::new());
	let mut first = None;
	for HandOver { acting, person, new } in client.due_hand_overs(&at).await? {
		let who = who(&client, person).await;
		let account = new.to_string();
		match client.hand_over_share(Some(acting), person, new).await {
			Ok(done) => {
				let sentence = format!("Your share is handed over to the new device of {who}.");
				lines.push(outcome::text(&client, &done, &sentence));
				let mut call = outcome::document(&client, &done);
				if let (Some(call), Value::Object(more)) =
					(call.as_object_mut(), who.with(json!({ "account": account })))
				{
					call.extend(more);
				}
				given.push(call);
			},
			Err(why) => {
				let told = advice::told(&why);
				session.output.warn(format_args!("the share of {who} was not handed over: {told}"));
				problems.push(who.with(json!({ "account": account, "problem": told })));
				first = first.or(Some(why));
			},
		}
	}
	if let (Some(why), true) = (first, given.is_empty()) {
		return Err(why.into());
	}
	let text = match lines.is_empty() {
		true => "No share is due: either too few guardians have approved, or the time to veto is not over.".to_owned(),
		false => lines.join("\n"),
	};
	session.output.result(&json!({ "handedOver": given, "problems": problems }), text)
}

async fn finish(session: &Session<'_>, person: &NamedPerson) -> Result<(), Failure> {
	let client = session.actor().await?;
	let person = person_of(session, &client, person).await?;
	let done = client.finish_recovery(person).await?;
	let again = "Choose guardians anew, and tell those that you had.";
	let (sentence, digest) = match (person, done.receipt()) {
		(Person::Patient(patient), _) => (
			format!(
				"You are patient {} again, and your chart has keys from this account's words. What was in it, you can open. \
				 {again} Whom you represent, and what was planned for an emergency, has to be set up again.",
				patient.0
			),
			None,
		),
		(Person::Doctor(doctor), Some(_)) => {
			let digest = client.published_key_digest(doctor).await?;
			let sentence = format!(
				"You are doctor {} again. Have your hospital confirm your new key, by this digest:\n{}\nUntil your patients \
				 have renewed their charts' keys, you read what you could before. {again}",
				doctor.0,
				hex::encode(digest)
			);
			(sentence, Some(digest))
		},
		(Person::Doctor(_), None) => (String::new(), None),
	};
	let more = json!({ "person": person, "keyDigest": digest.map(Hex) });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn veto(session: &Session<'_>, new: Option<AccountId>) -> Result<(), Failure> {
	let client = session.actor().await?;
	let at = client.chain().finalized().await?;
	let mut all = client.own_recoveries(&at).await?;
	all.retain(|one| new.is_none_or(|new| one.new == new));
	let mut vetoed = Vec::new();
	let Some((last, others)) = all.split_last() else {
		let sentence = "No such account asks to take you over.";
		return session.output.result(&json!({ "vetoed": vetoed }), sentence);
	};
	for one in others {
		let done = client.veto_recovery(one.person, one.new).await?;
		session.output.note(outcome::text(&client, &done, &format!("{} is stopped.", one.new)));
		vetoed.push(one.new.to_string());
	}
	let done = client.veto_recovery(last.person, last.new).await?;
	vetoed.push(last.new.to_string());
	// One node's word is not enough that a thief is stopped.
	let confirmed = done.receipt().map(|receipt| receipt.is_confirmed);
	if confirmed == Some(false) {
		session
			.output
			.warn("only one node says so: run `medblock recovery list` with others to be sure");
	}
	let sentence = format!(
		"{} is stopped, and you stay in control. Tell your hospital, and your guardians: someone has deceived them.",
		last.new
	);
	let more = json!({ "vetoed": vetoed, "confirmed": confirmed });
	outcome::print(session.output, &client, &done, &sentence, more)
}

async fn cancel(session: &Session<'_>, person: &NamedPerson, yes: bool) -> Result<(), Failure> {
	let asking = Asking::new(session, yes)?;
	let client = session.actor().await?;
	let person = person_of(session, &client, person).await?;
	asking.confirm(
		&format!(
			"You are about to take your request back to be {} again.",
			who(&client, person).await
		),
		"Your guardians would have to approve another one from the beginning.",
	)?;
	let done = client.cancel_recovery(person).await?;
	let sentence = "Your request is withdrawn.";
	outcome::print(session.output, &client, &done, sentence, json!({ "person": person }))
}

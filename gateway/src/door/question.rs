//! What a request asks, and about which person, by [`table`](super::table). What that does not list is refused.

use super::{
	arguments::{Arguments, Hash, Hexadecimal},
	table::{
		About, Argument, CALL, FUNCTIONS, ITEMS, Key, Keyed, METHODS, Row, STORAGE, VIEW,
		VIEW_FUNCTIONS,
	},
};
use codec::{Decode, DecodeAll};
use medblock_chain::{AccountId, BlockHash};
use medblock_primitives::{
	Delegate, DoctorId, HospitalId, InstitutionId, PatientId, Person, RecordIndex,
};
use medblock_vault_protocol::door::Refused;
use medblock_views::Account;
use serde_json::Value;
use std::collections::BTreeMap;

/// The subject of a request, which decides who may ask: [`About`], with the people's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
	Public,
	Network,
	Account(AccountId),
	Entry(PatientId),
	Records(PatientId),
	Epochs(PatientId),
	Record(PatientId, RecordIndex),
	Recipients(PatientId),
	Grants(PatientId),
	Given(PatientId),
	Between(PatientId, DoctorId),
	Representatives(PatientId),
	Representation(PatientId, PatientId),
	Plan(PatientId),
	Emergencies(PatientId),
	Opened(PatientId),
	Held(PatientId, HospitalId),
	Deposit(PatientId, InstitutionId),
	Own(Person),
	Guarded(Person),
	Delegate(Delegate),
	Doctor(DoctorId),
	Queue(HospitalId),
	Staff(HospitalId),
}

impl Question {
	/// The person that it is about.
	pub(super) fn person(&self) -> Option<Person> {
		match *self {
			Self::Own(person) | Self::Guarded(person) => Some(person),
			Self::Entry(of)
			| Self::Records(of)
			| Self::Epochs(of)
			| Self::Record(of, _)
			| Self::Recipients(of)
			| Self::Grants(of)
			| Self::Given(of)
			| Self::Between(of, _)
			| Self::Representatives(of)
			| Self::Representation(of, _)
			| Self::Plan(of)
			| Self::Emergencies(of)
			| Self::Opened(of)
			| Self::Held(of, _)
			| Self::Deposit(of, _) => Some(of.into()),
			Self::Doctor(doctor) => Some(doctor.into()),
			Self::Public
			| Self::Network
			| Self::Account(_)
			| Self::Delegate(_)
			| Self::Queue(_)
			| Self::Staff(_) => None,
		}
	}
}

/// A request that was understood.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
	pub(super) question: Question,
	/// The parameters for the node, written anew.
	pub(super) params: Vec<Value>,
	/// The block in whose state it is answered, if it names one.
	pub(super) block: Option<BlockHash>,
	/// The block after which an inbox begins, if it names one.
	pub(super) replays_after: Option<u32>,
	/// How many requests it counts for.
	pub(super) cost: u64,
}

/// What a request for metadata counts for: its answer has half a megabyte.
const METADATA: u64 = 20;
/// The bytes that an answer with metadata may have.
const METADATA_SIZE: usize = 1024 * 1024;
/// The bytes that another answer seldom exceeds.
const USUAL_SIZE: usize = 64 * 1024;
/// The longest key after a storage item's prefix.
const MAX_KEY: usize = 128;
/// The bytes of an account's key in a map by Blake2-128 with the key behind it.
const HASHED_ACCOUNT: usize = 16 + 32;
/// The same, and a hospital's id by Twox-64 with the id behind it.
const HASHED_ACCOUNT_AND_HOSPITAL: usize = HASHED_ACCOUNT + HASHED_HOSPITAL;
/// The bytes of a hospital's key in a map by Twox-64 with the key behind it.
const HASHED_HOSPITAL: usize = 8 + 4;

/// Whether the answer to a request contains metadata, as far as that can be told before the request is read.
fn is_for_metadata(method: &str, params: &Value) -> bool {
	let function = params.get(0).or_else(|| params.get("name")).and_then(Value::as_str);
	let is_function = function.is_some_and(|name| name.starts_with("Metadata_"));
	method == "state_getMetadata" || (method == CALL && is_function)
}

/// The bytes to reserve for the answer to a request.
pub(super) fn expected_size(method: &str, params: &Value) -> usize {
	if is_for_metadata(method, params) { METADATA_SIZE } else { USUAL_SIZE }
}

/// Reads a request.
pub(super) fn read(method: &str, params: Value) -> Result<Asked, Refused> {
	let row = METHODS.iter().find(|row| row.name == method);
	if row.is_none() && ![CALL, STORAGE].contains(&method) {
		return Err(Refused::NotPassedOn);
	}
	let cost = if is_for_metadata(method, &params) { METADATA } else { 1 };
	let mut args = Arguments::new(params)?;
	let mut replays_after = None;
	let question = match row {
		Some(row) => {
			let values = Values::read(row, &mut Given(&mut args))?;
			replays_after = values.inbox_after;
			values.question(row.about)?
		},
		None if method == CALL => {
			let function = args.required::<String>("name")?;
			let Hexadecimal(bytes) = args.required("bytes")?;
			args.state("hash")?;
			of_function(&function, &bytes)?
		},
		None => {
			let Hexadecimal(key) = args.required("key")?;
			args.state("hash")?;
			of_storage(&key)?
		},
	};
	let block = args.block();
	Ok(Asked { question, params: args.finish()?, block, replays_after, cost })
}

/// The functions of the runtime, with their encoded arguments.
pub(super) fn of_function(function: &str, arguments: &[u8]) -> Result<Question, Refused> {
	if function == VIEW {
		return of_view_function(arguments);
	}
	let row = FUNCTIONS.iter().find(|row| row.name == function).ok_or(Refused::NotPassedOn)?;
	let mut left = Encoded(arguments);
	let values = Values::read(row, &mut left)?;
	// Bytes that are left over would be arguments that were not understood.
	left.0.is_empty().then_some(()).ok_or(Refused::NotUnderstood)?;
	values.question(row.about)
}

/// The people and the places that arguments name.
#[derive(Default)]
struct Values {
	patient: Option<PatientId>,
	doctor: Option<DoctorId>,
	representative: Option<PatientId>,
	hospital: Option<HospitalId>,
	institution: Option<InstitutionId>,
	account: Option<AccountId>,
	person: Option<Person>,
	delegate: Option<Delegate>,
	record: Option<RecordIndex>,
	inbox_after: Option<u32>,
}

/// A request's arguments in one of the two forms, read one by one. Ids and places are numbers. A person of either kind is
/// not.
trait Source {
	/// A number that has to be there.
	fn number(&mut self, argument: Argument) -> Result<u32, Refused>;

	/// A number that may be missing.
	fn optional(&mut self, argument: Argument) -> Result<Option<u32>, Refused>;

	/// An account.
	fn account(&mut self, argument: Argument) -> Result<AccountId, Refused>;

	/// A patient or a doctor.
	fn person(&mut self, argument: Argument) -> Result<Person, Refused>;

	/// A patient, a doctor or a hospital's desk.
	fn delegate(&mut self, argument: Argument) -> Result<Delegate, Refused>;

	/// A patient or a doctor who may be missing.
	fn optional_person(&mut self, argument: Argument) -> Result<Option<Person>, Refused>;

	/// A patient and another person, by their numbers, who may be missing.
	fn optional_pair(&mut self, argument: Argument) -> Result<(), Refused>;

	/// The number of items on a page.
	fn limit(&mut self, argument: Argument) -> Result<(), Refused>;

	/// One that only methods, or only functions have.
	fn of_this_form(&mut self, argument: Argument) -> Result<(), Refused>;
}

/// The parameters of a method.
struct Given<'a>(&'a mut Arguments);

impl Source for Given<'_> {
	fn number(&mut self, argument: Argument) -> Result<u32, Refused> {
		self.0.required(argument.name())
	}

	fn optional(&mut self, argument: Argument) -> Result<Option<u32>, Refused> {
		self.0.optional(argument.name())
	}

	fn account(&mut self, argument: Argument) -> Result<AccountId, Refused> {
		let Account(account) = self.0.required(argument.name())?;
		Ok(AccountId::from(account))
	}

	fn person(&mut self, argument: Argument) -> Result<Person, Refused> {
		self.0.required(argument.name())
	}

	fn delegate(&mut self, argument: Argument) -> Result<Delegate, Refused> {
		self.0.required(argument.name())
	}

	fn optional_person(&mut self, argument: Argument) -> Result<Option<Person>, Refused> {
		self.0.optional(argument.name())
	}

	fn optional_pair(&mut self, argument: Argument) -> Result<(), Refused> {
		self.0.optional::<BTreeMap<String, u32>>(argument.name()).map(drop)
	}

	fn limit(&mut self, argument: Argument) -> Result<(), Refused> {
		self.0.optional::<u32>(argument.name()).map(drop)
	}

	fn of_this_form(&mut self, argument: Argument) -> Result<(), Refused> {
		let name = argument.name();
		match argument {
			Argument::At => self.0.state(name),
			Argument::HeaderOf => self.0.optional::<Hash>(name).map(drop),
			Argument::HashOf => self.0.optional::<u32>(name).map(drop),
			Argument::Extrinsic => self.0.required::<Hexadecimal>(name).map(drop),
			_ => Err(Refused::NotUnderstood),
		}
	}
}

/// The arguments of a function, as far as they are not read yet.
struct Encoded<'a>(&'a [u8]);

impl Encoded<'_> {
	fn next<T: Decode>(&mut self) -> Result<T, Refused> {
		T::decode(&mut self.0).map_err(|_| Refused::NotUnderstood)
	}
}

impl Source for Encoded<'_> {
	fn number(&mut self, _: Argument) -> Result<u32, Refused> {
		self.next()
	}

	fn optional(&mut self, _: Argument) -> Result<Option<u32>, Refused> {
		self.next()
	}

	fn account(&mut self, _: Argument) -> Result<AccountId, Refused> {
		self.next()
	}

	fn person(&mut self, _: Argument) -> Result<Person, Refused> {
		self.next()
	}

	fn delegate(&mut self, _: Argument) -> Result<Delegate, Refused> {
		self.next()
	}

	fn optional_person(&mut self, _: Argument) -> Result<Option<Person>, Refused> {
		self.next()
	}

	fn optional_pair(&mut self, _: Argument) -> Result<(), Refused> {
		self.next::<Option<(u32, u32)>>().map(drop)
	}

	fn limit(&mut self, _: Argument) -> Result<(), Refused> {
		self.next::<u32>().map(drop)
	}

	fn of_this_form(&mut self, argument: Argument) -> Result<(), Refused> {
		match argument {
			Argument::Version => self.next::<u32>().map(drop),
			Argument::Unread => {
				self.0 = &[];
				Ok(())
			},
			_ => Err(Refused::NotUnderstood),
		}
	}
}

impl Values {
	/// Reads the arguments of a row.
	fn read(row: &Row, source: &mut impl Source) -> Result<Self, Refused> {
		let mut values = Self::default();
		for argument in row.arguments.iter().copied() {
			match argument {
				Argument::OfPatient => values.patient = Some(PatientId(source.number(argument)?)),
				Argument::OfDoctor => values.doctor = Some(DoctorId(source.number(argument)?)),
				Argument::OfRepresentative => {
					values.representative = Some(PatientId(source.number(argument)?))
				},
				Argument::OfHospital => {
					values.hospital = Some(HospitalId(source.number(argument)?))
				},
				Argument::OfInstitution => {
					values.institution = Some(InstitutionId(source.number(argument)?))
				},
				Argument::OfAccount => values.account = Some(source.account(argument)?),
				Argument::OfPerson => values.person = Some(source.person(argument)?),
				Argument::OfDelegate => values.delegate = Some(source.delegate(argument)?),
				Argument::OfRecord => values.record = Some(source.number(argument)?),
				Argument::InboxAfter => values.inbox_after = source.optional(argument)?,
				Argument::InRecord | Argument::After => {
					source.optional(argument)?;
				},
				Argument::AfterPerson => {
					source.optional_person(argument)?;
				},
				Argument::AfterPair => source.optional_pair(argument)?,
				Argument::Limit => source.limit(argument)?,
				Argument::At
				| Argument::HeaderOf
				| Argument::HashOf
				| Argument::Extrinsic
				| Argument::Version
				| Argument::Unread => source.of_this_form(argument)?,
			}
		}
		Ok(values)
	}

	/// The question about these people. A row of the table that names too few of them is refused.
	fn question(&self, about: About) -> Result<Question, Refused> {
		let Self { patient, doctor, hospital, institution, account, person, record, .. } = *self;
		let representative = self.representative;
		let question = match about {
			About::Public => Some(Question::Public),
			About::Network => Some(Question::Network),
			About::Account => account.map(Question::Account),
			About::Entry => patient.map(Question::Entry),
			About::Records => patient.map(Question::Records),
			About::Record => {
				patient.zip(record).map(|(patient, record)| Question::Record(patient, record))
			},
			About::Epochs => patient.map(Question::Epochs),
			About::Recipients => patient.map(Question::Recipients),
			About::Grants => patient.map(Question::Grants),
			About::Given => patient.map(Question::Given),
			About::Representatives => patient.map(Question::Representatives),
			About::Representation => {
				let pair = patient.zip(representative);
				pair.map(|(patient, one)| Question::Representation(patient, one))
			},
			About::Plan => patient.map(Question::Plan),
			About::Emergencies => patient.map(Question::Emergencies),
			About::Opened => patient.map(Question::Opened),
			About::Held => {
				patient.zip(hospital).map(|(patient, holder)| Question::Held(patient, holder))
			},
			About::Between => {
				patient.zip(doctor).map(|(patient, doctor)| Question::Between(patient, doctor))
			},
			About::Deposit => patient
				.zip(institution)
				.map(|(patient, institution)| Question::Deposit(patient, institution)),
			About::Own => person.map(Question::Own),
			About::Guarded => person.map(Question::Guarded),
			About::Delegate => self.delegate.map(Question::Delegate),
			About::Doctor => doctor.map(Question::Doctor),
			About::Queue => hospital.map(Question::Queue),
			About::Staff => hospital.map(Question::Staff),
		};
		question.ok_or(Refused::NotUnderstood)
	}
}

/// Bytes that are one value, and no more.
fn decoded<T: Decode>(bytes: &[u8]) -> Result<T, Refused> {
	T::decode_all(&mut &bytes[..]).map_err(|_| Refused::NotUnderstood)
}

fn of_view_function(arguments: &[u8]) -> Result<Question, Refused> {
	let (id, input): ([u8; 32], Vec<u8>) = decoded(arguments)?;
	let found = VIEW_FUNCTIONS.iter().find(|one| one.id == id).ok_or(Refused::NotPassedOn)?;
	of_keyed(found, &input)
}

/// The storage items, by their whole keys.
fn of_storage(key: &[u8]) -> Result<Question, Refused> {
	let (id, rest) = key.split_at_checked(32).ok_or(Refused::NotPassedOn)?;
	let found = ITEMS.iter().find(|one| one.id == id).ok_or(Refused::NotPassedOn)?;
	of_keyed(found, rest)
}

/// A view function with its input, or a storage item with the rest of its key.
fn of_keyed(found: &Keyed, rest: &[u8]) -> Result<Question, Refused> {
	let mut values = Values::default();
	match (found.key, rest.len()) {
		(Key::Nothing, 0)
		| (Key::HashedAccountAndHospital, HASHED_ACCOUNT_AND_HOSPITAL)
		| (Key::HashedHospital, HASHED_HOSPITAL)
		| (Key::HashedNode, 17..=MAX_KEY) => {},
		(Key::Account, _) => values.account = Some(decoded(rest)?),
		(Key::HashedAccount, HASHED_ACCOUNT) => {
			values.account = Some(decoded(rest.get(16..).unwrap_or_default())?);
		},
		_ => return Err(Refused::NotPassedOn),
	}
	values.question(found.about)
}

#[cfg(test)]
mod tests;

//! The document, made from the source and the types.

use super::{
	examples::{Example, examples},
	source::{Method, Parameter, methods},
};
use crate::errors;
use medblock_primitives::{DoctorId, HospitalId, InstitutionId, PatientId, Person};
use medblock_rpc::{DEFAULT_LIMIT, MAX_LIMIT};
use medblock_views::{
	Access, Account, AccountChange, Answer, Appointment, BlockHash, Bytes, ChartKeys, Deposit,
	DisclosureAnchor, DisclosureLog, Doctor, DoctorProfile, Emergency, EmergencyOf, EmergencyPlan,
	EmergencyRequest, EncryptionKey, Grant, Guardians, HeldProfileKey, Hospital, InboxNotification,
	Institution, OperatorAppointment, Operators, Page, PastEpoch, Patient, PortalRelease,
	ProfileKey, ProfileKeyVersion, ProposedProfile, Recipients, Record, Recovery, Registrar,
	Representative, Representing, Share, Succession, schema,
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// An OpenRPC 1.3.2 document of all methods.
pub fn document() -> Value {
	let settings = SchemaSettings::draft07().for_serialize().with(|settings| {
		settings.definitions_path = "/components/schemas".into();
		settings.meta_schema = None;
	});
	let mut generator = settings.into_generator();
	let mut examples = examples();
	let mut found = Vec::new();
	for declared in methods() {
		let example = examples.remove(declared.name.as_str());
		let example = example.unwrap_or_else(|| panic!("{} has no example", declared.name));
		found.push(method(&declared, example, &mut generator));
		if let Some(subscription) = &declared.subscription {
			let example = examples.remove(subscription.unsubscribe.as_str()).unwrap();
			found.push(unsubscribe(&subscription.unsubscribe, &declared.name, example));
		}
	}
	assert!(examples.is_empty(), "examples of what is no method: {:?}", examples.keys());
	tidied(json!({
		"openrpc": "1.3.2",
		"info": {
			"title": "MedBlock",
			"description": DESCRIPTION,
			"version": env!("CARGO_PKG_VERSION"),
			"license": { "name": env!("CARGO_PKG_LICENSE") },
		},
		"methods": found,
		"components": { "schemas": generator.take_definitions(true) },
	}))
}

/// Without the source's line ends; and with nothing beside a reference, where draft 7 ignores it.
fn tidied(value: Value) -> Value {
	let Value::Object(fields) = value else {
		return match value {
			Value::Array(items) => items.into_iter().map(tidied).collect(),
			other => other,
		};
	};
	let tidy = |(name, field): (String, Value)| match (name.as_str(), field) {
		("description", Value::String(text)) if !text.contains("\n\n") => {
			(name, text.replace('\n', " ").into())
		},
		(_, field) => (name, tidied(field)),
	};
	let mut fields: Map<_, _> = fields.into_iter().map(tidy).collect();
	if fields.len() > 1
		&& let Some(reference) = fields.remove("$ref")
	{
		fields.insert("allOf".into(), json!([{ "$ref": reference }]));
	}
	fields.into()
}

const DESCRIPTION: &str = "\
	Hospitals, patients, doctors, records and grants, people who act for others, and what is new for a doctor. Every answer names \
	the block at which it was read, as `at`; that is the last finalized one, unless the parameter `at` \
	names another by its hash. Lists come in pages: give `next` of one as `after` for the next until it \
	is null, and the hash of the first one's block as `at` if all are to be of the same moment. Times \
	are RFC 3339 strings in UTC, by the chain's clock; bytes are 0x and hex digits; accounts are SS58 \
	addresses. A node refuses batches of more than 100 requests (-32010), requests of \
	more than 15 MiB (-32007), answers of more than 15 MiB (-32008; -32011 for a batch), and more than \
	256 subscriptions on one connection (-32006), unless its operator chose other limits.";

fn method(declared: &Method, example: Example, generator: &mut SchemaGenerator) -> Value {
	let params: Vec<_> =
		declared.parameters.iter().map(|found| parameter(found, generator)).collect();
	let (result, schema) = match (&declared.answer, &declared.subscription) {
		(Some(answer), _) => ("answer", answer_schema(answer, generator)),
		(None, _) => ("subscription", json!({ "type": "string" })),
	};
	let names = declared.parameters.iter().map(|found| found.name.as_str());
	let mut method = json!({
		"name": declared.name,
		"summary": declared.summary,
		"paramStructure": "either",
		"params": params,
		"result": { "name": result, "schema": titled(schema, &declared.name) },
		"errors": refusals(declared),
		"examples": [example.document(names, result)],
	});
	if !declared.description.is_empty() {
		method["description"] = json!(declared.description);
	}
	if let Some(subscription) = &declared.subscription {
		assert_eq!(subscription.item, "InboxNotification");
		method["x-subscription"] = json!({
			"notification": subscription.notification,
			"unsubscribe": subscription.unsubscribe,
			"schema": generator.subschema_for::<InboxNotification>(),
			"example": super::examples::notification(),
		});
	}
	method
}

fn unsubscribe(name: &str, subscribe: &str, example: Example) -> Value {
	let schema = json!({ "type": "string" });
	json!({
		"name": name,
		"summary": format!("Ends a subscription that `{subscribe}` began; `false` if there is none."),
		"paramStructure": "by-position",
		"params": [{ "name": "subscription", "required": true, "schema": schema }],
		"result": { "name": "ended", "schema": { "type": "boolean" } },
		"errors": [],
		"examples": [example.document(["subscription"].into_iter(), "ended")],
	})
}

/// Code generators call a type by its title.
fn titled(mut schema: Value, method: &str) -> Value {
	let is_answer = schema.get("properties").is_some_and(|found| found.get("at").is_some());
	if is_answer {
		let name = method.rsplit('_').next().unwrap_or(method);
		let mut letters = name.chars();
		let first = letters.next().map(|letter| letter.to_ascii_uppercase());
		let title: String = first.into_iter().chain(letters).collect();
		schema["title"] = json!(format!("{title}Answer"));
	}
	schema
}

fn parameter(found: &Parameter, generator: &mut SchemaGenerator) -> Value {
	let (description, schema) = match (found.name.as_str(), found.kind.as_str()) {
		("limit", "u32") => (
			format!("How many items at most; {DEFAULT_LIMIT} if left out."),
			json!({
				"type": ["integer", "null"],
				"minimum": 1,
				"maximum": MAX_LIMIT,
				"default": DEFAULT_LIMIT,
			}),
		),
		("at", _) => (
			"The block whose state is read; the last finalized one if left out.".into(),
			parameter_schema::<Option<BlockHash>>(generator),
		),
		("after", "u32") => (
			"The last block that the subscriber has dealt with; the last finalized one if left out."
				.into(),
			parameter_schema::<Option<schema::BlockNumber>>(generator),
		),
		("after", kind) => (
			"`next` of the page before; the beginning of the list if left out.".into(),
			optional(kind, generator),
		),
		("record", kind) if found.required => ("The record.".into(), required(kind, generator)),
		("record", kind) => ("A single record; anything if left out.".into(), optional(kind, generator)),
		(name @ ("patient" | "doctor" | "hospital" | "institution"), kind) => {
			(format!("The {name}."), required(kind, generator))
		},
		("person", "Person") => {
			("The patient or doctor.".into(), parameter_schema::<Person>(generator))
		},
		("account", "Account") => {
			("The account.".into(), parameter_schema::<Account>(generator))
		},
		(name, kind) => panic!("no schema for the parameter {name} of type {kind}"),
	};
	json!({
		"name": found.name,
		"description": description,
		"required": found.required,
		"schema": schema,
	})
}

fn parameter_schema<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Value {
	generator.subschema_for::<T>().into()
}

fn required(kind: &str, generator: &mut SchemaGenerator) -> Value {
	match kind {
		"PatientId" => parameter_schema::<PatientId>(generator),
		"DoctorId" => parameter_schema::<DoctorId>(generator),
		"HospitalId" => parameter_schema::<HospitalId>(generator),
		"InstitutionId" => parameter_schema::<InstitutionId>(generator),
		"RecordIndex" => parameter_schema::<schema::RecordIndex>(generator),
		_ => panic!("no schema for a parameter of type {kind}"),
	}
}

fn optional(kind: &str, generator: &mut SchemaGenerator) -> Value {
	match kind {
		"Person" => parameter_schema::<Option<Person>>(generator),
		"Representing" => parameter_schema::<Option<Representing>>(generator),
		"EmergencyOf" => parameter_schema::<Option<EmergencyOf>>(generator),
		"PatientId" => parameter_schema::<Option<PatientId>>(generator),
		"DoctorId" => parameter_schema::<Option<DoctorId>>(generator),
		"HospitalId" => parameter_schema::<Option<HospitalId>>(generator),
		"InstitutionId" => parameter_schema::<Option<InstitutionId>>(generator),
		"RecordIndex" => parameter_schema::<Option<schema::RecordIndex>>(generator),
		"Epoch" => parameter_schema::<Option<schema::Epoch>>(generator),
		"Version" | "AnchorNumber" => parameter_schema::<Option<u32>>(generator),
		_ => panic!("no schema for a cursor of type {kind}"),
	}
}

fn answer_schema(answer: &str, generator: &mut SchemaGenerator) -> Value {
	macro_rules! known {
		($($name:literal => $kind:ty,)*) => {
			match answer {
				$($name => generator.subschema_for::<$kind>().into(),)*
				_ => panic!("no schema for the answer {answer}"),
			}
		};
	}
	known! {
		"Page<Hospital, HospitalId>" => Page<Hospital, HospitalId>,
		"Page<Institution, InstitutionId>" => Page<Institution, InstitutionId>,
		"Answer<Institution>" => Answer<Institution>,
		"Answer<Option<Guardians>>" => Answer<Option<Guardians>>,
		"Answer<Vec<Recovery>>" => Answer<Vec<Recovery>>,
		"Answer<Vec<Representative>>" => Answer<Vec<Representative>>,
		"Page<Representative, Representing>" => Page<Representative, Representing>,
		"Answer<Option<EmergencyPlan>>" => Answer<Option<EmergencyPlan>>,
		"Answer<Vec<EmergencyRequest>>" => Answer<Vec<EmergencyRequest>>,
		"Page<EmergencyRequest, EmergencyOf>" => Page<EmergencyRequest, EmergencyOf>,
		"Answer<Vec<Emergency>>" => Answer<Vec<Emergency>>,
		"Answer<Option<InstitutionId>>" => Answer<Option<InstitutionId>>,
		"Answer<Vec<Operators>>" => Answer<Vec<Operators>>,
		"Answer<Option<OperatorAppointment>>" => Answer<Option<OperatorAppointment>>,
		"Answer<Vec<Deposit>>" => Answer<Vec<Deposit>>,
		"Answer<Option<Deposit>>" => Answer<Option<Deposit>>,
		"Page<Doctor, DoctorId>" => Page<Doctor, DoctorId>,
		"Page<Patient, PatientId>" => Page<Patient, PatientId>,
		"Page<Record, RecordIndex>" => Page<Record, schema::RecordIndex>,
		"Page<Grant, DoctorId>" => Page<Grant, DoctorId>,
		"Page<Grant, PatientId>" => Page<Grant, PatientId>,
		"Page<PastEpoch, Epoch>" => Page<PastEpoch, schema::Epoch>,
		"Page<ProfileKeyVersion, Version>" => Page<ProfileKeyVersion, u32>,
		"Page<DisclosureAnchor, AnchorNumber>" => Page<DisclosureAnchor, u32>,
		"Answer<DisclosureLog>" => Answer<DisclosureLog>,
		"Page<ProposedProfile, DoctorId>" => Page<ProposedProfile, DoctorId>,
		"Page<AccountChange, Person>" => Page<AccountChange, Person>,
		"Answer<Option<DoctorProfile>>" => Answer<Option<DoctorProfile>>,
		"Answer<Option<AccountChange>>" => Answer<Option<AccountChange>>,
		"Answer<Hospital>" => Answer<Hospital>,
		"Answer<Vec<Registrar>>" => Answer<Vec<Registrar>>,
		"Answer<Vec<Appointment>>" => Answer<Vec<Appointment>>,
		"Answer<ProfileKey>" => Answer<ProfileKey>,
		"Answer<Option<HeldProfileKey>>" => Answer<Option<HeldProfileKey>>,
		"Answer<Option<HospitalId>>" => Answer<Option<HospitalId>>,
		"Answer<Vec<String>>" => Answer<Vec<String>>,
		"Answer<Vec<PortalRelease>>" => Answer<Vec<PortalRelease>>,
		"Answer<Vec<Succession>>" => Answer<Vec<Succession>>,
		"Answer<Doctor>" => Answer<Doctor>,
		"Answer<Patient>" => Answer<Patient>,
		"Answer<Record>" => Answer<Record>,
		"Answer<Option<Grant>>" => Answer<Option<Grant>>,
		"Answer<Option<DoctorId>>" => Answer<Option<DoctorId>>,
		"Answer<Option<PatientId>>" => Answer<Option<PatientId>>,
		"Answer<Option<EncryptionKey>>" => Answer<Option<EncryptionKey>>,
		"Answer<Option<ChartKeys>>" => Answer<Option<ChartKeys>>,
		"Answer<Option<Bytes>>" => Answer<Option<Bytes>>,
		"Answer<Access>" => Answer<Access>,
		"Answer<Recipients>" => Answer<Recipients>,
		"Answer<Share>" => Answer<Share>,
		"Box<RawValue>" => AnyObject,
	}
}

/// The document itself, whose schema is OpenRPC's own.
struct AnyObject;

impl schemars::JsonSchema for AnyObject {
	fn schema_name() -> std::borrow::Cow<'static, str> {
		std::any::type_name::<RawValue>().into()
	}

	fn inline_schema() -> bool {
		true
	}

	fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
		schemars::json_schema!({ "type": "object" })
	}
}

/// The errors that a method may answer with.
fn refusals(method: &Method) -> Vec<Value> {
	let takes = |name: &str| method.parameters.iter().any(|found| found.name == name);
	let named = ["patient", "doctor", "hospital", "institution", "person"];
	let names_somebody = named.iter().any(|name| takes(name));
	// Of these, what is unknown is an answer.
	let decides = method.name.starts_with("delegation_")
		|| ["_access", "_operatorAppointment"].iter().any(|end| method.name.ends_with(end));
	let subscribes = method.subscription.is_some();
	let table = [
		(
			!method.parameters.is_empty(),
			errors::INVALID_PARAMS,
			"A parameter is missing, malformed or out of bounds.",
		),
		(takes("at"), errors::UNKNOWN_BLOCK, "This node does not know the block."),
		(
			takes("at") || subscribes,
			errors::STATE_PRUNED,
			"This node has discarded the block's state; ask an archive node.",
		),
		(takes("at"), errors::ABANDONED_FORK, "The block is not on the best chain."),
		(
			names_somebody && !decides,
			errors::NOT_FOUND,
			"There is no such patient, doctor, hospital, institution or record.",
		),
		(
			subscribes,
			errors::AFTER_OUT_OF_RANGE,
			"`after` is too long ago, or ahead of the finalized block; `data` has the lowest and the highest that is possible.",
		),
		(subscribes, -32006, "There are too many subscriptions on this connection."),
		(true, errors::INTERNAL, "The runtime could not answer."),
	];
	let applying = table.into_iter().filter(|(applies, ..)| *applies);
	applying.map(|(_, code, message)| json!({ "code": code, "message": message })).collect()
}

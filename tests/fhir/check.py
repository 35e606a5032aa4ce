"""Checks the documents of tests/fhir/run: check.py DOCUMENTS RECORDS PEOPLE MARKDOWN"""

import base64
import copy
import hashlib
import json
import pathlib
import re
import sys

from r4 import Invalid, validate

documents, records, people, markdown = map(pathlib.Path, sys.argv[1:])
people = json.loads(people.read_text())
bundles = {path.stem: json.loads(path.read_text()) for path in sorted(documents.iterdir())}
files = {int(path.stem): path.read_bytes() for path in records.iterdir()}


def of(document: str, kind: str) -> list[dict]:
    entries = bundles[document].get("entry", [])
    return [entry["resource"] for entry in entries if entry["resource"]["resourceType"] == kind]


def value(reference: dict) -> str:
    return reference["identifier"]["value"]


def code(concept: dict) -> str:
    return concept["coding"][0]["code"]


def rules(consent: dict) -> list[dict]:
    return consent.get("provision", {}).get("provision", [])


patient = str(people["patient"])
doctor = {name: str(people[name]) for name in ("bones", "carla", "laboratory")}

# Every document, and every example of the documentation.
examples = re.findall(r"<!-- example: (\w+) -->\n```json\n(.*?)\n```", markdown.read_text(), re.DOTALL)
kinds = ["DocumentReference", "Provenance", "Consent", "RelatedPerson", "AuditEvent", "Bundle"]
assert [name for name, _ in examples] == kinds
resources = 0
for name, document in [*bundles.items(), *((f"example {name}", json.loads(text)) for name, text in examples)]:
    try:
        validate(document)
    except (Invalid, ValueError) as why:
        sys.exit(f"{name} is not valid: {why}")
    resources += len(document.get("entry", [1]))
assert len(bundles) == 19, sorted(bundles)

# Each record came whole, and is described as it is.
for name in [name for name in bundles if name.startswith("open-")]:
    record = int(name.rsplit("-", 1)[1])
    (document,) = of(name, "DocumentReference")
    attachment, content = document["content"][0]["attachment"], files[record]
    assert value(document["subject"]) == patient and document["status"] == "current", name
    assert document["masterIdentifier"]["value"] == f"{patient}-{record}", name
    assert base64.b64decode(attachment.get("data", "")) == content, name
    assert attachment["size"] == len(content), name
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(content).digest(), name
    (provenance,) = of(name, "Provenance")
    assert value(provenance["target"][0]) == f"{patient}-{record}", name
    assert "signature" not in provenance, name
    consents = of(name, "Consent")
    assert len(consents) == (0 if "ana" in name else 1), name
fhir = of("open-bones-1", "DocumentReference")[0]["content"][0]["attachment"]
assert fhir["contentType"] == "application/fhir+json"
assert [code(rule["action"][0]) for rule in rules(of("open-bones-1", "Consent")[0])] == ["access", "APPEND"]

# The note, and the withdrawn record.
chart = {document["masterIdentifier"]["value"]: document for document in of("chart-ana", "DocumentReference")}
assert sorted(chart) == [f"{patient}-{record}" for record in range(6)]
note, withdrawn = chart[f"{patient}-5"], chart[f"{patient}-4"]
assert value(note["author"][0]) == doctor["bones"] and note["author"][0]["type"] == "Practitioner"
assert note["relatesTo"][0]["code"] == "appends"
assert value(note["relatesTo"][0]["target"]) == f"{patient}-0" and "reference" in note["relatesTo"][0]["target"]
assert withdrawn["status"] == "entered-in-error" and "title" not in withdrawn["content"][0]["attachment"]
assert all("data" not in document["content"][0]["attachment"] for document in chart.values())
assert len(of("chart-bones", "DocumentReference")) == 6
seen = [document["masterIdentifier"]["value"] for document in of("chart-carla", "DocumentReference")]
assert seen == [f"{patient}-0", f"{patient}-3"], seen

# What was granted, to whom, and that it was taken back.
granted = {value(rules(one)[0]["actor"][0]["reference"]): one for one in of("grants-ana", "Consent")}
assert sorted(granted) == sorted(doctor.values())
assert all(one["status"] == "active" for one in granted.values())
assert {"start", "end"} == rules(granted[doctor["bones"]])[0]["period"].keys()
carla = rules(granted[doctor["carla"]])
assert [value(one["reference"]) for one in carla[0]["data"]] == [f"{patient}-0", f"{patient}-3"]
assert [code(rule["action"][0]) for rule in rules(granted[doctor["laboratory"]])] == ["APPEND"]
assert of("inbox-bones", "Consent") == [granted[doctor["bones"]]]
assert of("inbox-laboratory", "Consent") == [granted[doctor["laboratory"]]]
later = [value(rules(one)[0]["actor"][0]["reference"]) for one in of("grants-ana-later", "Consent")]
assert sorted(later) == sorted([doctor["carla"], doctor["laboratory"]])
assert of("inbox-bones-later", "Consent") == []

# Who was given what. Bones opened five records; a chart's titles are downloads, too.
events = of("downloads-ana", "AuditEvent")
by_bones = [one for one in events if one["agent"][0]["who"]["type"] == "Practitioner"
            and value(one["agent"][0]["who"]) == doctor["bones"]]
assert {value(one["entity"][0]["what"]) for one in by_bones} >= {f"{patient}-{record}" for record in (0, 1, 2, 3, 5)}
kinds = {(one["agent"][0]["who"]["type"], one["subtype"][1]["code"]) for one in events}
assert kinds == {("Practitioner", "disclose"), ("Organization", "disclose"), ("Patient", "access")}, kinds
for one in events:
    assert (one["type"]["code"], one["subtype"][0]["code"]) == ("rest", "read")
    # Who asked, and the vault that gave it.
    assert [agent["requestor"] for agent in one["agent"]] == [True, False]
    assert value(one["agent"][1]["who"]) == value(one["source"]["observer"])
    assert value(one["entity"][1]["what"]) == patient
    assert {"from", "to", "block", "blockHash", "challenge", "signature"} == {
        detail["type"] for detail in one["entity"][0]["detail"]}

# Ben acts for her, and may see and add.
(ben,) = of("export-ana", "RelatedPerson")
ben_id = f"{patient}-{people['ben']}"
assert ben["identifier"][0]["value"] == ben_id and ben["active"] is True
(acting,) = [one for one in of("export-ana", "Consent") if rules(one)[0]["purpose"][0]["code"] == "PATRQT"]
assert acting["status"] == "active" and "end" in rules(acting)[0]["period"]
assert [code(rule["action"][0]) for rule in rules(acting)] == ["access", "APPEND"]
assert all(value(rule["actor"][0]["reference"]) == ben_id and "reference" in rule["actor"][0]["reference"]
           for rule in rules(acting))

# The patient, as she wrote of herself, and no name anywhere else.
for name in ("patient-ana", "patient-ana-for-registrar", "export-ana"):
    (ana,) = of(name, "Patient")
    assert (ana["name"][0]["text"], ana["birthDate"], ana["active"]) == ("Ana Example", "1984-05-06", True)
for name, document in bundles.items():
    if not name.startswith("patient-") and name != "export-ana":
        assert not re.search(r"Ana Example|Dr\. ", json.dumps(document)), name


# What is broken has to be refused, each in one way.
def broken(name: str, kind: str, breaking) -> None:
    document = copy.deepcopy(bundles[name])
    entry = next(one for one in document["entry"] if one["resource"]["resourceType"] == kind)
    breaking(entry["resource"])
    try:
        validate(document)
    except (Invalid, ValueError):
        return
    sys.exit(f"a broken {kind} of {name} passed")


CONTROLS = [
    ("open-bones-0", "DocumentReference", lambda one: one.pop("status")),
    ("open-bones-0", "DocumentReference", lambda one: one.update(status="withdrawn")),
    ("open-bones-0", "DocumentReference", lambda one: one.update(titel="x")),
    ("open-bones-0", "DocumentReference", lambda one: one.update(content=[])),
    ("open-bones-0", "DocumentReference", lambda one: one.update(date="2026-11-23")),
    ("open-bones-0", "DocumentReference", lambda one: one["custodian"].update(type="Patient")),
    ("open-bones-0", "DocumentReference", lambda one: one["content"][0]["attachment"].pop("contentType")),
    ("open-bones-0", "DocumentReference", lambda one: one["content"][0]["attachment"].update(size="many")),
    ("chart-ana", "DocumentReference", lambda one: one["subject"].update(reference="urn:uuid:0")),
    ("open-bones-0", "Provenance", lambda one: one.pop("agent")),
    ("open-bones-0", "Provenance", lambda one: one["entity"][0].update(role="file")),
    ("grants-ana", "Consent", lambda one: one.pop("policyRule")),
    ("grants-ana", "Consent", lambda one: one.update(status="revoked")),
    ("grants-ana", "Consent", lambda one: one["provision"].update(type="permit")),
    ("grants-ana", "Consent", lambda one: one["provision"]["provision"][0]["actor"][0].pop("role")),
    ("downloads-ana", "AuditEvent", lambda one: one["agent"][0].pop("requestor")),
    ("downloads-ana", "AuditEvent", lambda one: one.update(action="Read")),
    ("downloads-ana", "AuditEvent", lambda one: one["source"].pop("observer")),
    ("patient-ana", "Patient", lambda one: one.update(birthDate="once")),
    ("patient-ana", "Patient", lambda one: one["telecom"][0].pop("system")),
    ("export-ana", "RelatedPerson", lambda one: one.pop("patient")),
]
for control in CONTROLS:
    broken(*control)
twice = copy.deepcopy(bundles["grants-ana"])
twice["entry"].append(twice["entry"][0])
try:
    validate(twice)
    sys.exit("a bundle with an entry twice passed")
except Invalid:
    pass

print(f"{len(bundles)} documents and {len(examples)} examples with {resources} resources are valid FHIR R4;"
      f" {len(CONTROLS) + 1} broken ones are refused")

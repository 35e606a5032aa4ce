"""Whether a document is valid FHIR R4 (4.0.1), as far as that can be told offline.

fhir.resources has a model of each resource and data type, made from R4's own definitions: it refuses
elements that don't exist, lack, come too often, or have another type. What its models only note is
checked here: the codes of required bindings, and which types a reference may lead to. So are those of R4's
invariants that the documents could break.
"""

import re

import fhir.resources
from fhir.resources import construct_fhir_element
from fhir.resources.core.fhirabstractmodel import FHIRAbstractModel

assert fhir.resources.__fhir_version__ == "4.0.1", fhir.resources.__fhir_version__

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Invalid(Exception):
    """The document is not valid."""


def ensure(holds: bool, problem: str) -> None:
    if not holds:
        raise Invalid(problem)


def validate(document: dict) -> None:
    """Raises Invalid, or pydantic's ValidationError, which is a ValueError."""
    kind = document.get("resourceType")
    ensure(isinstance(kind, str), "no resourceType")
    model = construct_fhir_element(kind, document)
    walk(model, kind)
    nothing_is_empty(document, kind)
    if kind == "Bundle":
        bundle(document)
    else:
        invariants(document)


def walk(model: FHIRAbstractModel, path: str) -> None:
    for name, field in model.__fields__.items():
        value = getattr(model, name)
        if value is None:
            continue
        here = f"{path}.{field.alias}"
        notes = field.field_info.extra
        for one in value if isinstance(value, list) else [value]:
            codes = notes.get("enum_values")
            if codes and isinstance(one, str):
                ensure(one in codes, f"{here}: {one} is none of {codes}")
            if not isinstance(one, FHIRAbstractModel):
                continue
            targets = notes.get("enum_reference_types")
            if targets and "Resource" not in targets and getattr(one, "type", None):
                ensure(one.type in targets, f"{here}: leads to a {one.type}, not to {targets}")
            walk(one, here)


def nothing_is_empty(value: object, path: str) -> None:
    """No empty object, list or string, and no null (R4, ele-1)."""
    ensure(value not in (None, "", [], {}), f"{path} is empty")
    if isinstance(value, dict):
        for name, inner in value.items():
            nothing_is_empty(inner, f"{path}.{name}")
    if isinstance(value, list):
        for inner in value:
            nothing_is_empty(inner, path)


def invariants(resource: dict) -> None:
    match resource["resourceType"]:
        case "Consent":
            ensure("policy" in resource or "policyRule" in resource, "ppc-1: no policy")
            ensure("patient" in resource, "ppc-2: a consent about privacy without a patient")
            root = resource.get("provision", {})
            ensure("type" not in root, "the root provision has a type")
            for rule in root.get("provision", []):
                ensure("type" in rule, "a nested provision has no type")
                ends = rule.get("period", {})
                ensure(ends.get("start", "") <= ends.get("end", "9999"), "per-1: it ends before it begins")
        case "AuditEvent":
            instant(resource["recorded"])
            # Required bindings that the model doesn't note.
            ensure(resource.get("action", "R") in tuple("CRUDE"), "AuditEvent.action: no such code")
            ensure(resource.get("outcome", "0") in ("0", "4", "8", "12"), "AuditEvent.outcome: no such code")
            for entity in resource.get("entity", []):
                ensure(not ("name" in entity and "query" in entity), "sev-1: a name and a query")
        case "Provenance":
            instant(resource["recorded"])
        case "DocumentReference":
            if "date" in resource:
                instant(resource["date"])
            for content in resource["content"]:
                attachment = content["attachment"]
                ensure("data" not in attachment or "contentType" in attachment, "att-1: data of no type")
        case "Patient":
            for contact in resource.get("telecom", []):
                ensure("value" not in contact or "system" in contact, "cpt-2: no system")


def instant(text: str) -> None:
    ensure(bool(INSTANT.fullmatch(text)), f"{text} is no instant")


def bundle(document: dict) -> None:
    instant(document["timestamp"])
    entries = document.get("entry", [])
    ensure(document["type"] != "collection" or all(entry.keys() == {"fullUrl", "resource"} for entry in entries),
           "bdl-1 to bdl-4: a collection's entry has more than a resource")
    known = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in entries}
    ensure(len(known) == len(entries), "bdl-7: two entries have the same full URL")
    for url in known:
        ensure(bool(UUID.fullmatch(url)), f"{url} is no UUID of version 5")
    for entry in entries:
        invariants(entry["resource"])
        for reference in references(entry["resource"]):
            to = known.get(reference["reference"])
            ensure(to is not None, f"{reference['reference']} leads nowhere")
            ensure(reference.get("type", to) == to, f"{reference['reference']} is a {to}")


def references(value: object):
    """Every reference to somewhere."""
    if isinstance(value, dict):
        if "reference" in value and isinstance(value["reference"], str):
            yield value
        for inner in value.values():
            yield from references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)

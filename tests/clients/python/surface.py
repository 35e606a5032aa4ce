"""What the client makes of documentation, constants and runtime APIs, as in ../common/surface.mjs."""

from report import step
from wallet import Wallet

PALLETS = ["Consortium", "Delegation", "FairUse", "MedicalRecords"]
APIS = ["MedicalRecordsApi", "ConsortiumApi", "DelegationApi"]


async def surface(wallet: Wallet, people) -> None:
    runtime = await wallet.chain.init_runtime()
    pallets = [runtime.metadata.get_metadata_pallet(name) for name in PALLETS]
    functions = {
        f"{api}.{name}": function
        for api in APIS
        for name, function in runtime.runtime_api_map[api].items()
    }
    everything = "finds documentation on every call, event, error, item and function"
    with step(everything) as outcome:
        texts = dict(documentation(pallets))
        texts |= {name: function["docs"] for name, function in functions.items()}
        undocumented = [name for name, docs in texts.items() if not "".join(docs).strip()]
        assert not undocumented, undocumented
        outcome["shows"] = f"{len(texts)} texts"
    with step("reads constants") as outcome:
        names = [(one.name, constant.value["name"]) for one in pallets for constant in one.constants]
        values = {name: (await wallet.chain.get_constant(*name)).value for name in names}
        most = values["MedicalRecords", "MaxRecords"]
        assert most == 65_536
        outcome["shows"] = f"{len(values)}, the most records of a chart being {most}"
    with step("calls every function of the runtime APIs") as outcome:
        # By the names of parameters, so that a function that is added is called, too.
        parameters = {
            "patient": people.ana.id,
            "doctor": people.bones.id,
            "person": {"Patient": people.ana.id},
            "representative": people.bones.id,
            "guardian": {"Patient": people.ana.id},
            "new": people.ana.account.ss58_address,
            "institution": 0,
            "hospital": people.hospital,
            "record": 0,
            "account": people.ana.account.ss58_address,
            "registrar": people.ana.account.ss58_address,
            "after": None,
            "limit": 10,
        }
        for name, function in functions.items():
            arguments = [parameters[one["name"]] for one in function["inputs"]]
            await wallet.ask(name, *arguments)
        assert "MedicalRecordsApi.access" in functions
        outcome["shows"] = f"{len(functions)} functions"
    with step("calls a view function") as outcome:
        # They came with version 16 of the metadata, and the library reads 15.
        versions = [key for key in runtime.metadata_v15.value[1] if key.startswith("V")]
        assert versions == ["V15"], versions
        outcome["shows"] = "this client knows no view functions"


def documentation(pallets):
    """Each text of the pallets, and what it is about."""
    for pallet in pallets:
        for kind in ["calls", "events", "errors", "storage", "constants"]:
            for entry in getattr(pallet, kind) or []:
                value = entry.value
                name = f"{pallet.name}.{kind}.{value['name']}"
                yield name, value.get("docs") or value.get("documentation") or []
                if kind == "events":
                    for field in value["fields"]:
                        yield f"{name}.{field['name']}", field["docs"]

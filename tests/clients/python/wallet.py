"""What the story needs of a wallet, done as with any chain: by async-substrate-interface."""

import ast
import asyncio
import hashlib
import os
import re

from async_substrate_interface import AsyncSubstrateInterface
from async_substrate_interface.errors import SubstrateRequestException
from bittensor_wallet import Keypair
from scalecodec import ScaleBytes

from report import Refused

# What the library logs when a node refuses a transaction, whatever the chain.
SAYS_OF_REFUSALS = (r"^error: Error received from subtensor for \w+: .*'code': 1010", )

# The library knows bounded lists by the path that they had in older SDKs. Without this it decodes them,
# but wants a list within a list to encode one.
TYPES = {"types": {"bounded_collections::bounded_vec::BoundedVec": "BoundedVec"}}

# Blocks within which a transaction has to be included.
LIFETIME = 64


def fresh() -> Keypair:
    return Keypair.create_from_seed(f"0x{os.urandom(32).hex()}")


def known(path: str) -> Keypair:
    """One of the accounts that everybody knows."""
    return Keypair.create_from_uri(f"//{path}")


class Wallet:
    def __init__(self, chain: AsyncSubstrateInterface) -> None:
        self.chain = chain

    @classmethod
    async def connect(cls, url: str) -> "Wallet":
        chain = AsyncSubstrateInterface(url, type_registry=TYPES)
        await chain.initialize()
        return cls(chain)

    async def call(self, name: str, **arguments):
        """A call, such as `MedicalRecords.verify_patient`, of values for its arguments."""
        pallet, function = name.split(".")
        return await self.chain.compose_call(pallet, function, arguments)

    async def decode(self, data: str):
        call = await self.chain.create_scale_object("Call", data=ScaleBytes(data))
        call.decode()
        return call

    async def encode_again(self, call) -> str:
        value = call.value
        arguments = {one["name"]: one["value"] for one in value["call_args"]}
        again = await self.call(f"{value['call_module']}.{value['call_function']}", **arguments)
        return str(again.data)

    async def fee(self, account: Keypair, call) -> int:
        return (await self.chain.get_payment_info(call, account))["partial_fee"]

    async def nonce(self, account: Keypair) -> int:
        """Counts what waits in the pool, too."""
        return await self.chain.get_account_next_index(account.ss58_address, use_cache=False)

    async def send(self, account: Keypair, call) -> list[tuple[str, dict]]:
        """Waits until what the call did is final; gives the events."""
        nonce = await self.nonce(account)
        signed = await self.chain.create_signed_extrinsic(
            call, account, era={"period": LIFETIME}, nonce=nonce
        )
        try:
            receipt = await self.chain.submit_extrinsic(signed, wait_for_finalization=True)
        except SubstrateRequestException as why:
            raise Refused(worded(why)) from why
        if not await receipt.is_success:
            error = await receipt.error_message
            name = error["name"]
            if error["type"] == "Module":
                name = f"{await self.pallet_that_failed(receipt)}.{name}"
            raise Refused(name, " ".join(error["docs"]) if error["type"] == "Module" else "")
        return [await self.event(one) for one in await receipt.triggered_events]

    async def send_in_a_row(self, account: Keypair, calls: list) -> list:
        """Sends each once the node has taken the one before, and only then waits for all."""
        first = await self.nonce(account)
        waiting = []
        for index, call in enumerate(calls):
            waiting.append(asyncio.create_task(self.send(account, call)))
            while await self.nonce(account) <= first + index and not waiting[-1].done():
                await asyncio.sleep(0.01)
        return await asyncio.gather(*waiting)

    async def pallet_that_failed(self, receipt) -> str:
        (failed,) = [
            one["attributes"]["dispatch_error"]["Module"]
            for one in await receipt.triggered_events
            if one["event_id"] == "ExtrinsicFailed"
        ]
        runtime = await self.chain.init_runtime(block_hash=receipt.block_hash)
        return runtime.metadata.get_pallet_by_index(failed["index"]).name

    async def event(self, event: dict) -> tuple[str, dict]:
        name, pallet = event["event_id"], event["module_id"]
        found = await self.chain.get_metadata_event(pallet, name)
        assert "".join(found.docs).strip(), f"{pallet}.{name} is not documented"
        return f"{pallet}.{name}", event["attributes"]

    async def ask(self, function: str, *arguments):
        """A runtime API function, such as `MedicalRecordsApi.access`."""
        return await self.chain.runtime_call(*function.split("."), list(arguments))

    async def access(self, patient: int, doctor: int, record: int | None) -> str:
        """The scope of a doctor's access, or why there is none."""
        answer = await self.ask("MedicalRecordsApi.access", patient, doctor, record)
        return answer["Ok"]["scope"] if "Ok" in answer else answer["Err"]

    async def key_digest(self, doctor: int) -> str:
        key = (await self.ask("MedicalRecordsApi.encryption_key", doctor))["key"]
        return f"0x{hashlib.sha256(bytes.fromhex(key.removeprefix('0x'))).hexdigest()}"

    async def read_together(self, patient: int, account: Keypair, doctors: list[int]) -> dict:
        keys = [("PatientOf", account.ss58_address), ("Patients", patient)]
        keys += [("Directory", doctor) for doctor in doctors]
        read = await self.chain.query_multi(
            [
                await self.chain.create_storage_key("MedicalRecords", item, [key])
                for item, key in keys
            ]
        )
        found_patient, owner, *entries = [value for _, value in read]
        chart = await self.chain.query_map("MedicalRecords", "Records", [patient])
        authors = {index: record["author"] async for index, record in chart}
        return {
            "patient": found_patient,
            "account": owner["registration"]["account"],
            "specialties": [entry["profile"]["specialty"] for entry in entries],
            "records": [authors[index] for index in sorted(authors)],
        }


def worded(why: SubstrateRequestException) -> str:
    """What a node says of a transaction that it refuses, without what the library wraps it in."""
    found = re.search(r"'error': (\{.*'code': 1010,.*?\})", str(why))
    if not found:
        raise why
    error = ast.literal_eval(found[1])
    return f"{error['code']}: {error['message']}: {error['data']}"

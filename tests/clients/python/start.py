"""Everything that is tried with async-substrate-interface."""

import asyncio
import importlib.metadata
import os
import pathlib

from report import report, step  # First, so that nothing that the client says escapes.

from story import story
from surface import surface
from wallet import Wallet


async def main() -> None:
    name = "async-substrate-interface"
    report(client=name, version=importlib.metadata.version(name))
    with step("connects, and knows every transaction extension") as outcome:
        wallet = await Wallet.connect(os.environ["CLIENT_URL"])
        runtime = await wallet.chain.init_runtime()
        assert len(runtime.metadata.get_signed_extensions()) == 8
        outcome["shows"] = f"runtime {runtime.runtime_version}"
    folder = pathlib.Path(os.environ["CLIENT_FOLDER"])
    hospital, registrar = int(os.environ["CLIENT_HOSPITAL"]), os.environ["CLIENT_REGISTRAR"]
    people = await story(wallet, folder, hospital, registrar)
    await surface(wallet, people)
    with step("disconnects"):
        await wallet.chain.close()


asyncio.run(main())

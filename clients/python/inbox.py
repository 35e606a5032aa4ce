"""A doctor's inbox: lists what patients have granted, then tells what is new, for as long as it runs.

    python inbox.py ws://127.0.0.1:9944 3 --state inbox-3.json

Prints one line of JSON for each thing. The state file has the number of the last block that was dealt
with: started again, it goes on behind that block. A lost connection is resumed by itself.
"""

import argparse
import asyncio
import itertools
import json
import os
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

AFTER_OUT_OF_RANGE = -32005


class Refused(Exception):
    """What the node refused. `code` never changes its meaning; `data` is what the node adds."""

    def __init__(self, code: int, message: str, data: object = None):
        super().__init__(f"{message} ({code})")
        self.code = code
        self.data = data


class Node:
    """One connection to a node, for one question at a time or one subscription."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.ids = itertools.count(1)

    async def ask(self, method: str, **params):
        """The answer to `medicalRecords_<method>`."""
        question = {"jsonrpc": "2.0", "id": next(self.ids), "params": params}
        question["method"] = f"medicalRecords_{method}"
        await self.socket.send(json.dumps(question))
        answer = json.loads(await self.socket.recv())
        if "error" in answer:
            raise Refused(**answer["error"])
        return answer["result"]

    async def grants(self, doctor: int):
        """All grants to a doctor, page by page, and the block of which all of them are."""
        at, after, items = None, None, []
        while True:
            page = await self.ask("grantsToDoctor", doctor=doctor, after=after, at=at)
            items += page["items"]
            at, after = page["at"]["hash"], page["next"]
            if after is None:
                return items, page["at"]["number"]

    async def inbox(self, doctor: int, after: int):
        """What is new behind the block `after`: one notification a block, in order."""
        await self.ask("subscribeInbox", doctor=doctor, after=after)
        async for message in self.socket:
            told = json.loads(message)["params"]
            if "error" in told:
                raise Refused(**told["error"])
            yield told["result"]


class State:
    """The number of the last block that was dealt with, in a file."""

    def __init__(self, path: Path):
        self.path = path
        self.block = json.loads(path.read_text())["block"] if path.exists() else None

    def dealt_with(self, block: int) -> None:
        """Remembers it. Whatever happens, the file is the former or the new one."""
        new = self.path.with_suffix(".new")
        with new.open("w") as file:
            json.dump({"block": block}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        self.block = block


def tell(what: dict) -> None:
    """Here is where your system would do something with it."""
    print(json.dumps(what), flush=True)


async def follow(node: Node, doctor: int, state: State) -> None:
    if state.block is None:
        grants, block = await node.grants(doctor)
        for grant in grants:
            tell({"grant": grant})
        state.dealt_with(block)
    async for news in node.inbox(doctor, state.block):
        for event in news["events"]:
            tell({"block": news["block"]["number"], "event": event})
        # Only now: if this ends in between, the block comes again rather than never.
        state.dealt_with(news["block"]["number"])


async def main(url: str, doctor: int, state: State) -> None:
    # Connects again, after growing pauses, whenever the connection was lost or cannot be made.
    async for socket in connect(url):
        try:
            await follow(Node(socket), doctor, state)
        except ConnectionClosed:
            pass
        except Refused as why:
            # A node that has just been started may not have come to that block yet.
            if why.code != AFTER_OUT_OF_RANGE or state.block <= why.data["highest"]:
                raise
            await asyncio.sleep(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="the node's address; begins with ws:// or wss://")
    parser.add_argument("doctor", type=int, help="the doctor's id")
    parser.add_argument("--state", type=Path, required=True, help="where to keep how far it has got")
    options = parser.parse_args()
    try:
        asyncio.run(main(options.url, options.doctor, State(options.state)))
    except Refused as why:
        raise SystemExit(f"the node refuses: {why}")
    except KeyboardInterrupt:
        pass

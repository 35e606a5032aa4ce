"""What waits for a hospital's desk: tells of each emergency that it can confirm, as soon as the request is final.

    python desk.py ws://127.0.0.1:9944 0

Prints one line of JSON for each request, and one when it no longer waits: the hospital has confirmed it, enough
others have, the patient or the doctor has ended it, or it has lapsed. Let it ring where the person on duty is. A lost
connection is made again by itself, and nothing is told twice.
"""

import argparse
import asyncio
import itertools
import json

from inbox import Refused, tell
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Node:
    """One connection to a node, which also says when a block has become final."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.ids = itertools.count(1)
        self.has_news = False

    async def ask(self, method: str, **params):
        """The answer of a method."""
        number = next(self.ids)
        question = {"jsonrpc": "2.0", "id": number, "method": method, "params": params or []}
        await self.socket.send(json.dumps(question))
        while True:
            message = json.loads(await self.socket.recv())
            if message.get("id") != number:
                self.has_news = True
                continue
            if "error" in message:
                raise Refused(**message["error"])
            return message["result"]

    async def next_block(self) -> None:
        """Waits for a block to become final, unless one has since the last question."""
        if not self.has_news:
            await self.socket.recv()
        self.has_news = False

    async def asked(self, hospital: int) -> list[dict]:
        """All requests that the hospital can confirm, page by page, of one block."""
        at, after, items = None, None, []
        while True:
            method = "delegation_emergenciesAsked"
            page = await self.ask(method, hospital=hospital, after=after, at=at)
            items += page["items"]
            at, after = page["at"]["hash"], page["next"]
            if after is None:
                return items


async def follow(node: Node, hospital: int, waiting: dict) -> None:
    await node.ask("chain_subscribeFinalizedHeads")
    while True:
        # A doctor who asks again has another time.
        asked = {(one["patient"], one["doctor"], one["askedAt"]): one for one in await node.asked(hospital)}
        for key in sorted(asked.keys() - waiting.keys()):
            tell({"asked": asked[key]})
        for patient, doctor, at in sorted(waiting.keys() - asked.keys()):
            tell({"over": {"patient": patient, "doctor": doctor, "askedAt": at}})
        waiting.clear()
        waiting.update(asked)
        await node.next_block()


async def main(url: str, hospital: int) -> None:
    waiting: dict = {}
    # Connects again, after growing pauses, whenever the connection was lost or cannot be made.
    async for socket in connect(url):
        try:
            await follow(Node(socket), hospital, waiting)
        except ConnectionClosed:
            pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="the address of the hospital's node; begins with ws:// or wss://")
    parser.add_argument("hospital", type=int, help="the hospital's id")
    options = parser.parse_args()
    try:
        asyncio.run(main(options.url, options.hospital))
    except Refused as why:
        raise SystemExit(f"the node refuses: {why}")
    except KeyboardInterrupt:
        pass

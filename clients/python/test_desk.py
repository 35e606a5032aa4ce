"""desk.py at a node that is made up: each request is told once, and once when it no longer waits."""

import asyncio
import json
import sys
import unittest
from pathlib import Path

from websockets.asyncio.server import serve

PROGRAM = Path(__file__).with_name("desk.py")


def request(patient: int, asked_at: str = "2026-11-23T14:05:00Z") -> dict:
    return {"patient": patient, "doctor": 3, "reason": "unconscious", "askedAt": asked_at}


class Node:
    """Answers in pages of one request. `refuses` is an error in place of the list."""

    def __init__(self, requests: list[dict], refuses: dict | None = None):
        self.requests = requests
        self.refuses = refuses
        self.sockets = set()
        self.questions = []

    async def __aenter__(self):
        self.server = await serve(self.accept, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def accept(self, socket):
        self.sockets.add(socket)
        async for message in socket:
            question = json.loads(message)
            self.questions.append(question)
            answer = {"jsonrpc": "2.0", "id": question["id"]}
            if question["method"] == "chain_subscribeFinalizedHeads":
                answer["result"] = "subscription"
            elif self.refuses:
                answer["error"] = self.refuses
            else:
                first = question["params"]["after"] or 0
                is_last = first + 1 >= len(self.requests)
                page = {"items": self.requests[first:first + 1], "next": None if is_last else first + 1}
                answer["result"] = {**page, "at": {"number": 1, "hash": "0x2f"}}
            await socket.send(json.dumps(answer))
        self.sockets.discard(socket)

    async def finalizes(self, requests: list[dict]) -> None:
        """A block becomes final, in which these requests wait."""
        self.requests = requests
        head = {"jsonrpc": "2.0", "method": "chain_finalizedHead", "params": {"result": {}}}
        for socket in list(self.sockets):
            await socket.send(json.dumps(head))

    async def cuts(self) -> None:
        for socket in list(self.sockets):
            socket.transport.abort()


class Desk:
    """The running program, for hospital 2."""

    def __init__(self, url: str):
        self.url = url

    async def __aenter__(self):
        pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
        command = [sys.executable, PROGRAM, self.url, "2"]
        self.program = await asyncio.create_subprocess_exec(*command, **pipes)
        return self

    async def __aexit__(self, *_):
        if self.program.returncode is None:
            self.program.kill()
        await self.program.communicate()

    async def next(self) -> dict:
        async with asyncio.timeout(30):
            return json.loads(await self.program.stdout.readline())


class FollowsADesk(unittest.IsolatedAsyncioTestCase):
    async def test_each_request_is_told_once_and_once_when_it_is_over(self):
        async with Node([request(7), request(8)]) as node, Desk(node.url) as desk:
            self.assertEqual(await desk.next(), {"asked": request(7)})
            self.assertEqual(await desk.next(), {"asked": request(8)})
            asked = [one for one in node.questions if one["method"] == "delegation_emergenciesAsked"]
            self.assertEqual([one["params"]["hospital"] for one in asked[:2]], [2, 2])
            self.assertEqual([one["params"]["at"] for one in asked[:2]], [None, "0x2f"])
            await node.finalizes([request(8)])
            over = {"patient": 7, "doctor": 3, "askedAt": request(7)["askedAt"]}
            self.assertEqual(await desk.next(), {"over": over})
            # The same doctor asks again.
            later = "2026-11-24T14:05:00Z"
            await node.finalizes([request(8), request(7, later)])
            self.assertEqual(await desk.next(), {"asked": request(7, later)})

    async def test_nothing_is_told_twice_after_a_lost_connection(self):
        async with Node([request(7)]) as node, Desk(node.url) as desk:
            self.assertEqual(await desk.next(), {"asked": request(7)})
            node.requests = [request(7), request(9)]
            await node.cuts()
            self.assertEqual(await desk.next(), {"asked": request(9)})

    async def test_a_refusal_is_said(self):
        refusal = {"code": -32602, "message": "there is no hospital 2"}
        async with Node([], refusal) as node, Desk(node.url) as desk:
            _, said = await desk.program.communicate()
            self.assertEqual(desk.program.returncode, 1)
            self.assertIn("the node refuses: there is no hospital 2 (-32602)", said.decode())


if __name__ == "__main__":
    unittest.main()

"""inbox.py on a real node: each event comes once, over a lost connection and a killed program.

tests/docs/run of the repository starts the network, and sets NODE_URL, DOCTOR and HAPPEN: a command
that, with a text, brings about an event in that doctor's inbox.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

PROGRAM = Path(__file__).with_name("inbox.py")
NODE = urlsplit(os.environ["NODE_URL"])
DOCTOR = int(os.environ["DOCTOR"])


async def happen(text: str) -> int:
    """Makes something happen; gives the number of the block in which it did."""
    command = f"{os.environ['HAPPEN']} '{text}'"
    program = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await program.communicate()
    return json.loads(printed)["block"]["number"]


class Relay:
    """A TCP relay before the node, whose connections can be cut."""

    async def __aenter__(self):
        self.cuts = []
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        port = self.server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_):
        self.cut()
        self.server.close()

    async def accept(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection(NODE.hostname, NODE.port)
        self.cuts += [writer.transport.abort, far_writer.transport.abort]
        # A node on loopback answers only who asks for it by its own address, as proxies do.
        request = await reader.readuntil(b"\r\n\r\n")
        far_writer.write(re.sub(rb"(?im)^Host: .*\r$", b"Host: %b\r" % NODE.netloc.encode(), request))
        await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))

    def cut(self):
        for cut in self.cuts:
            cut()


async def pass_on(reader, writer):
    try:
        while passing := await reader.read(65_536):
            writer.write(passing)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


class Inbox:
    """The running program."""

    def __init__(self, url: str, doctor: int, state: Path):
        self.arguments = [PROGRAM, url, str(doctor), "--state", state]

    async def __aenter__(self):
        pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
        self.program = await asyncio.create_subprocess_exec(sys.executable, *self.arguments, **pipes)
        return self

    async def __aexit__(self, *_):
        if self.program.returncode is None:
            self.program.kill()
        await self.program.communicate()

    async def next(self) -> dict:
        async with asyncio.timeout(30):
            line = await self.program.stdout.readline()
        return json.loads(line)

    async def next_event(self) -> tuple[int, str]:
        told = await self.next()
        return told["block"], told["event"]["type"]


async def remembers(state: Path, block: int) -> None:
    """Waits until the program has written down that it dealt with this block."""
    async with asyncio.timeout(30):
        while not state.exists() or json.loads(state.read_text())["block"] < block:
            await asyncio.sleep(0.05)


class FollowsAnInbox(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state = Path(folder.name, "state.json")

    async def test_each_event_comes_once_over_lost_connections_and_a_killed_program(self):
        async with Relay() as relay:
            async with Inbox(relay.url, DOCTOR, self.state) as inbox:
                grants = [await inbox.next() for _ in range(3)]
                self.assertEqual(len({each["grant"]["patient"] for each in grants}), 3)
                await remembers(self.state, 0)
                block = await happen("first")
                self.assertEqual(await inbox.next_event(), (block, "details-set"))
                relay.cut()
                block = await happen("after the connection was lost")
                self.assertEqual(await inbox.next_event(), (block, "details-set"))
                await remembers(self.state, block)
            missed = await happen("while nobody listened")
            async with Inbox(relay.url, DOCTOR, self.state) as inbox:
                self.assertEqual(await inbox.next_event(), (missed, "details-set"))
                block = await happen("live again")
                self.assertEqual(await inbox.next_event(), (block, "details-set"))

    async def test_a_doctor_who_does_not_exist_is_refused(self):
        async with Inbox(os.environ["NODE_URL"], 4_000_000_000, self.state) as inbox:
            _, said = await inbox.program.communicate()
            self.assertEqual(inbox.program.returncode, 1)
            self.assertRegex(said.decode(), r"the node refuses: there is no doctor .*-32004")


if __name__ == "__main__":
    unittest.main()

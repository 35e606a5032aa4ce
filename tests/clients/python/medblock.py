"""The medblock program in the hands of somebody whose account stays in another client, as in
../common/medblock.mjs.
"""

import asyncio
import json
import os
import pathlib
import re

# The text between what the program says before and after it; see client/cli/src/wallet.rs.
SIGN_IN = re.compile(rb"sign exactly this:\n\n(.+?)\n\nSignature \(0x\.\.\.\):", re.DOTALL)


class Medblock:
    """`account` signs as a wallet does when a page asks."""

    def __init__(self, folder: pathlib.Path, name: str, account) -> None:
        self.home = folder / name
        self.home.mkdir()
        self.account = account

    async def begin(self, words: str | None = None) -> "Medblock":
        """Takes the account in, with the words of its encryption keys if there are some already."""
        more = [] if words is None else ["--words-file", self.file("words", words)]
        await self.run("account", "import", "me", "--address", self.account.ss58_address, *more)
        return self

    async def words(self) -> str:
        """The words that the encryption keys come from."""
        return (await self.run("account", "export", "--words", "--yes"))["words"]

    async def prepare(self, *words) -> tuple[str, str]:
        """The call that a command comes to: its name, and its bytes as hex."""
        prepared = await self.run("--prepare", *words)
        return prepared["call"], prepared["data"]

    async def run(self, *words):
        """What a command prints."""
        code, document, said = await self.execute(words)
        assert code == 0, f"medblock {words}: {document} {said}"
        return document

    async def refused(self, expected: int, *words) -> str:
        """Fails unless a command ends with this exit code; gives the message."""
        code, document, _ = await self.execute(words)
        assert code == expected, f"medblock {words}: {document}"
        return document["message"]

    async def opened(self, *words) -> str:
        """What the file says that a command writes."""
        output = self.home / "opened"
        await self.run(*words, "--force", "--output", output)
        return output.read_text()

    def file(self, name: str, content: str) -> pathlib.Path:
        """A file to add."""
        path = self.home / name
        path.write_text(content)
        return path

    async def execute(self, words) -> tuple[int, dict, bytes]:
        line = ["--home", self.home, "--quiet", "--json", *words]
        program = await asyncio.create_subprocess_exec(
            os.environ["MEDBLOCK"],
            *map(str, line),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, said = await asyncio.gather(program.stdout.read(), self.answer(program))
        return await program.wait(), json.loads(printed or b"null"), said

    async def answer(self, program) -> bytes:
        """Signs in wherever the program asks for it; gives what else it said."""
        said = b""
        while received := await program.stderr.read(4_096):
            said += received
            if question := SIGN_IN.search(said):
                said = b""
                signature = sign_bytes(self.account, question[1])
                program.stdin.write(f"{signature}\n".encode())
                await program.stdin.drain()
        return said


def sign_bytes(account, message: bytes) -> str:
    """A signature as wallets make it of what is no transaction."""
    return f"0x{account.sign(b'<Bytes>' + message + b'</Bytes>').hex()}"

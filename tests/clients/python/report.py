"""Says what the client has done, a line of JSON for each step on file descriptor 3, and sees to it that
the client says nothing on its own that would mislead whoever uses it. As ../common/report.mjs.
"""

import contextlib
import json
import logging
import os
import re
import sys
import time
import traceback


class Heard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname.lower()}: {record.getMessage()}")


HEARD = Heard()
logging.basicConfig(level=logging.INFO, handlers=[HEARD])
logging.captureWarnings(True)


class Refused(Exception):
    """A call that a node or the chain did not accept, as the client words it."""

    def __init__(self, name: str, sentence: str = "") -> None:
        super().__init__(f"{name}: {sentence}" if sentence else name)
        self.name = name
        self.sentence = sentence


def report(**line) -> None:
    os.write(3, f"{json.dumps(line)}\n".encode())


def check_said(expected: list[str]) -> None:
    """Fails if the client has said anything but what is expected, or has not said that."""
    lines, HEARD.lines = HEARD.lines, []
    surprising = [line for line in lines if not any(re.search(one, line) for one in expected)]
    assert not surprising, f"the client said what nobody expected: {surprising}"
    for one in expected:
        assert any(re.search(one, line) for line in lines), f"the client did not say {one}"


@contextlib.contextmanager
def step(name: str, says: tuple[str, ...] = ()):
    """One step. What is put into the dictionary as `shows` is shown beside its name; `says` is what the
    client logs by itself meanwhile, as ../README.md explains it."""
    started = time.monotonic()
    outcome: dict = {}
    try:
        yield outcome
        check_said(list(says))
    except Exception:
        heard = "\n".join(HEARD.lines)
        report(step=name, failed=f"{traceback.format_exc()}\nsaid by the client: {heard}")
        sys.exit(1)
    report(step=name, ms=round((time.monotonic() - started) * 1_000), **outcome)


async def refusal(work) -> Refused:
    """The refusal of what must not succeed."""
    try:
        await work
    except Refused as why:
        return why
    raise AssertionError("this should have been refused")


async def refused(error: str, work) -> str:
    """Fails unless it is refused by a pallet, with an error that the metadata explains."""
    why = await refusal(work)
    assert why.name == error, str(why)
    assert re.match(r"[A-Z].+\.$", why.sentence), f"{error} is not explained"
    return str(why)

"""One Ctrl-C or SIGTERM ends a command soon, whatever it does, and all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from toy_answer import ASKING, write
from tula.world.files import STAGE

#: Seconds a command may take to end: a tenth of one, on a machine that has time for it.
SOON = 10.0
#: A script that does something that lasts, once it has said so.
SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.{before})
from tula.interrupts import leaves, listen

def ready():
    print("ready", flush=True)

def busy():
{busy}

if __name__ == "__main__":
    listen()
    busy()
    print("ended")
"""
BUSY = {
    "waits": "ready(); import time; time.sleep(60)",
    "computes in Python": "ready()\nwhile True: pass",
    "runs compiled code": (
        "ready(); import hashlib; hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)"
    ),
    "cleans up": (
        "class Slow:\n    def __del__(self):\n        ready()\n        while True: pass\nSlow()"
    ),
    "catches everything": (
        "ready(); import time\nwhile True:\n    try: time.sleep(60)\n    except BaseException: pass"
    ),
    "waits for a thread": (
        "import threading, time\n"
        "thread = threading.Thread(target=time.sleep, args=(60,))\n"
        "thread.start(); ready(); thread.join()"
    ),
    "waits for a process": (
        "import multiprocessing, time\n"
        "child = multiprocessing.get_context('spawn').Process(target=time.sleep, args=(60,))\n"
        "child.start(); ready(); child.join()"
    ),
    "has a temporary folder": (
        "from pathlib import Path; from tula.world.files import replacing; import time\n"
        "with replacing(Path(sys.argv[1]) / 'file'): ready(); time.sleep(60)"
    ),
    "shares what is packed": (
        "import tempfile, time; tempfile.tempdir = sys.argv[1]\n"
        "from tula.strategy.answer.shared import _File; held = _File({}); ready(); time.sleep(60)"
    ),
    "imports": "ready(); import jax; import time; time.sleep(60)",
}


def script(folder: Path, busy: str, before: str = "default_int_handler") -> list[str]:
    indented = "\n".join(f"    {line}" for line in busy.splitlines())
    path = folder / "script.py"
    path.write_text(SCRIPT.format(busy=indented, before=before))
    return [sys.executable, str(path), str(folder)]


def started(words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # As in a terminal: a shell's background jobs inherit an interrupt that is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def until(ready: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def ended(process: subprocess.Popen[str], number: int, then: str = "") -> str:
    """Signal a process alone, not its children, and return what it says as it ends.

    What it is told ``then`` it can read only after the signal.
    """
    process.send_signal(number)
    sent = time.monotonic()
    if then and process.stdin:
        process.stdin.write(then)
        process.stdin.flush()
    assert process.wait(timeout=60) == 128 + number
    assert time.monotonic() - sent < SOON
    until(lambda: not alive(process.pid), SOON)
    said = process.stderr.read() if process.stderr else ""
    process.communicate()
    return said


def alive(session: int) -> bool:
    """Tell whether any process of a session runs."""
    return bool(processes(session))


def processes(session: int) -> list[Path]:
    """Return what runs of a session; one that waits to be read of has ended."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = status.read_text().rpartition(") ")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(of) == session and state not in "ZX":
            found.append(status)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("what", BUSY)
def test_once_is_enough_whatever_the_command_does(tmp_path: Path, what: str, number: int) -> None:
    process = started(script(tmp_path, BUSY[what]))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert ended(process, number) == "interrupted; no result was written\n"
    assert [path.name for path in tmp_path.iterdir() if path.name != "__pycache__"] == ["script.py"]


def test_what_stands_on_disk_is_told(tmp_path: Path) -> None:
    process = started(script(tmp_path, "leaves('half is in x'); ready(); sys.stdin.read()"))
    assert process.stdout is not None
    process.stdout.readline()
    assert ended(process, signal.SIGINT) == "interrupted; half is in x\n"


def test_files_that_are_moving_together_all_arrive(tmp_path: Path) -> None:
    busy = (
        "import time; from pathlib import Path; from tula.world.files import write_together\n"
        "real = Path.replace\n"
        "def slow(*given): real(*given); ready(); sys.stdin.readline(); time.sleep(0.1)\n"
        "Path.replace = slow\n"
        "write_together(Path(sys.argv[1]), dict.fromkeys('abcd', 'new')); time.sleep(60)"
    )
    process = started(script(tmp_path, busy))
    assert process.stdout is not None
    process.stdout.readline()
    ended(process, signal.SIGTERM, then="go on\n" * 4)
    assert {(tmp_path / name).read_text() for name in "abcd"} == {"new"}
    assert not list(tmp_path.glob(f"{STAGE}*"))


def test_a_signal_that_the_parent_had_ignored_stays_ignored(tmp_path: Path) -> None:
    process = started(script(tmp_path, "ready(); sys.stdin.readline()", before="SIG_IGN"))
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.communicate("go on\n")[0] == "ended\n"
    assert process.returncode == 0


def test_standard_error_that_takes_nothing_does_not_keep_the_command(tmp_path: Path) -> None:
    busy = "import os, time; os.close(2); ready(); time.sleep(60)"
    process = started(script(tmp_path, busy))
    assert process.stdout is not None
    process.stdout.readline()
    ended(process, signal.SIGINT)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_run_ends_with_its_processes_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    out, study = tmp_path / "out", write(tmp_path, ASKING)
    words = [sys.executable, "-m", "tula", "run", str(study), "--out", str(out), "--draws", "512"]
    process = started([*words, "--jobs", "2"])
    # The command itself, two that solve, the one that tidies up after them, and, on Linux, the one
    # from which they part.
    parted = sys.platform == "linux" and os.cpu_count() != 1
    until(lambda: len(processes(process.pid)) == 4 + parted, 240)
    assert ended(process, number).strip() == "interrupted; no result was written"
    assert not out.exists() or not list(out.iterdir())
    assert not list(tmp_path.rglob(f"{STAGE}*"))

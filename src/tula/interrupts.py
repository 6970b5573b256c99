"""Ctrl-C and SIGTERM end the command at once, whatever it is doing, and everything it started.

Python hears a signal only between two of its own instructions, not in compiled code; and the
exception it then raises may be dropped by a finalizer, or abort a library that was called by
compiled code. So a thread listens instead, and ends the process. Nothing here imports more than
the standard library: signals are heard before anything else is loaded.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

#: What ends a command; one that its parent lets it ignore stays ignored.
HEARD = (signal.SIGINT, signal.SIGTERM)
#: Held while files move together: a command does not end in the middle of that.
undisturbed = threading.Lock()
#: Folders that go when the command ends.
temporary: set[Path] = set()
#: Puts the cursor back that a progress bar hid, and leaves the bar's line.
_BELOW_THE_BAR = "\x1b[?25h\n"
_left = [""]


def leaves(what: str) -> None:
    """State what stands on disk should the command end at this moment; empty if nothing."""
    _left[0] = what


def left() -> str:
    """What the command has said that it leaves."""
    return _left[0]


def sentence() -> str:
    """What to tell of an interruption."""
    return f"interrupted; {left() or 'no result was written'}"


def listen() -> None:
    """From now on let one Ctrl-C or SIGTERM end the process; to be called on the main thread.

    The exit code is 128 and the signal's number: 130 after Ctrl-C, 143 after SIGTERM.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), daemon=True).start()
    for one in HEARD:
        if signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, lambda number, frame: None)


def _watch(reader: socket.socket) -> None:
    while (number := reader.recv(1)[0]) not in HEARD:
        pass
    with undisturbed:
        _end(number)


def _end(number: int) -> NoReturn:
    """End this process and its children now, and say so."""
    if multiprocessing := sys.modules.get("multiprocessing"):
        for child in multiprocessing.active_children():
            child.kill()
    for folder in tuple(temporary):
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError, ValueError):  # standard error may be closed, or full
        if select.select([], [2], [], 0)[1]:
            os.write(2, f"{_BELOW_THE_BAR if os.isatty(2) else ''}{sentence()}\n".encode())
    os._exit(128 + number)

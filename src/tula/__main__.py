"""The command ``tula``, also as ``python -m tula``."""

from __future__ import annotations

import gc
import os

from tula.interrupts import listen


def main() -> None:
    """Listen for signals, then load the command line and do what it is asked."""
    listen()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # products are small: threads only wait
    gc.set_threshold(20_000)  # what is loaded stays: little is found by looking through it often
    from tula.cli import command

    try:
        command()
    finally:
        gc.freeze()  # a process that ends need not look through what it holds


if __name__ == "__main__":
    main()

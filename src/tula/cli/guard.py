"""From exceptions to messages and exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import typer

from tula.errors import TulaError

if TYPE_CHECKING:
    from rich.console import Console

P = ParamSpec("P")

#: Exit codes: the input cannot be used; something asked for failed; interrupted.
BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


def out() -> Console:
    """Console for answers, on standard output."""
    from rich.console import Console

    return Console(highlight=False, emoji=False)


def err() -> Console:
    """Console for progress and problems, on standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the errors Tula raises on purpose into a red message and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with _messages():
            command(*args, **kwargs)

    return run


@contextmanager
def _messages() -> Iterator[None]:
    try:
        yield
    except TulaError as error:
        err().print(str(error) or type(error).__name__, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        message = f"{place}{error.strerror or error}"
        err().print(message, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt:
        err().print("interrupted; nothing was written", style="red")
        raise typer.Exit(INTERRUPTED) from None

"""From exceptions to messages and exit codes; where answers, progress and problems are said."""

from __future__ import annotations

import errno
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from tula.cli.streams import LostOutputError, take_any_text
from tula.cli.streams import err as err
from tula.cli.streams import out as out
from tula.errors import TulaError
from tula.interrupts import leaves, left, sentence
from tula.text import message as shortened
from tula.text import shown

if TYPE_CHECKING:
    from rich.style import StyleType

P = ParamSpec("P")

#: Exit codes: the input cannot be used; something asked for failed; interrupted.
BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130
#: Troubles of the machine, not of the input.
_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)


def say(text: str, style: StyleType | None = None) -> None:
    """Print one paragraph of an answer; broken into lines only where a terminal shows it."""
    console = out()
    console.print(text, style=style, markup=False, soft_wrap=not console.is_terminal)


def say_json(content: dict[str, Any]) -> None:
    """Print an answer as JSON, whole in any encoding."""
    console = out()
    text = json.dumps(content, ensure_ascii=not console.encoding.startswith("utf"))
    console.print_json(shown(text))


def complain(text: str, style: StyleType = "red") -> None:
    """Print a problem on standard error."""
    err().print(text, style=style, markup=False, soft_wrap=True)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show on a terminal that something is being done, for as long as it takes."""
    console = err()
    if not console.is_terminal:
        yield
        return
    with console.status(text):
        yield


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the errors Tula raises on purpose into a red message and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        take_any_text()
        leaves("")
        with messages(), _warnings_told():
            command(*args, **kwargs)

    return run


@contextmanager
def _warnings_told() -> Iterator[None]:
    """Tell Tula's own warnings as sentences, each once; others pass on as they came."""
    said: set[str] = set()

    def tell(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        if not category.__module__.startswith("tula."):
            others(message, category, *rest, **more)
        elif str(message) not in said:
            said.add(str(message))
            complain(f"Note: {message}.", "yellow")

    with warnings.catch_warnings():
        others = warnings.showwarning
        warnings.filterwarnings("always", category=UserWarning, module=r"tula\.")
        warnings.showwarning = tell
        yield


@contextmanager
def solving() -> Iterator[None]:
    """Tell a solve that met no tolerance as a failure, not as wrong input."""
    from tula.equilibrium.errors import ConvergenceError

    try:
        yield
    except ConvergenceError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from None


@contextmanager
def messages() -> Iterator[None]:
    """Turn what ends a command into one sentence and an exit code."""
    try:
        yield
    except LostOutputError as error:
        complain("; ".join(filter(None, (str(error), left()))))
        raise typer.Exit(FAILED) from None
    except TulaError as error:
        complain(str(error) or type(error).__name__)
        raise typer.Exit(_code(error.__cause__)) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        complain(shortened(f"{place}{error.strerror or error}"))
        raise typer.Exit(_code(error)) from None
    except MemoryError:
        complain("there is not enough memory; try fewer regions, sectors, draws or jobs")
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        complain(sentence())
        raise typer.Exit(INTERRUPTED) from None


def _code(cause: BaseException | None) -> int:
    machine = isinstance(cause, OSError) and cause.errno in _MACHINE
    return FAILED if machine else BAD_INPUT

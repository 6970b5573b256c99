"""What becomes of spoilt inputs, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tula.errors import TulaError
from tula.text import unprintable

#: Longest message that a reader is given.
LONGEST = 60_000
#: Values that readers of files and words have stumbled over.
VALUES = (
    *("", " ", "~", "null", "yes", "off", "'off'", "true", "'true'", "NaN", ".inf", "1e308"),
    *("1e999", "-1e-320", "0", "-0.0", "0x1F", "010", "1_000", "1,5", "٣", "−5%", "5%", "25%%"),
    *("25 pp", "1000000 pp", "2027/01/05", "January 2027", "0000-00-00", "86400", "IND", "ind"),
    *("EAEU", "all", "goods", "goods-PHA", "XXX", "F01", "[]", "{}", "[[1]]", "{a: 1}", "[1, 2]"),
    *('"\\u0001"', '"\\ud800"', '"\\x1b[31m"', '"\\u202e"', "\x07", "<script>", "{{7*7}}", "${x}"),
    *(
        "!!bool x",
        "!!set {a}",
        "!!python/tuple [1]",
        "!!str 5",
        "&a 1",
        "*a",
        "<<",
        "=",
        "x" * 9000,
    ),
    *("../../../../etc/passwd", "/dev/zero", ".", "=1+1", "[bold]x[/bold]", "é" * 300),
)


def counted(trials: Iterable[tuple[str, Callable[[], Any]]]) -> dict[str, int]:
    """Try every named act; count those ``read`` and ``refused``.

    Anything but a ``TulaError`` with a short, printable message is a defect of Tula, counted by
    name as ``crashed`` or ``wrongly told``.
    """
    found: Counter[str] = Counter(read=0, refused=0)
    for name, act in trials:
        try:
            act()
        except TulaError as error:
            said = str(error)
            bad = len(said) > LONGEST or not said or bool(unprintable(said))
            found[f"wrongly told: {name}" if bad else "refused"] += 1
        except Exception as error:
            found[f"crashed, {type(error).__name__}: {name}"] += 1
        else:
            found["read"] += 1
    return dict(found)

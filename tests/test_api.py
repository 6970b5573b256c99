import subprocess
import sys

import pytest

import factories
import tula as tl
from tula.equilibrium.errors import ForeignShockError

#: Run without the run-time type checks of the other tests, as users do.
WRONG = """
import sys
sys.path.insert(0, {tests!r})
import factories
import tula as tl
world = factories.toy_economy()
move = tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.1)
for call in (
    lambda: tl.Tariff("USA"),
    lambda: tl.solve(3, []),
    lambda: tl.solve(world, "x"),
    lambda: tl.solve(world, None),
    lambda: tl.solve(world, [move], closure=3),
    lambda: tl.solve(world, [move], closure=tl.FixedBalance),
    lambda: tl.load_world(3),
    lambda: tl.metrics.real_income(world),
):
    try:
        call()
        print("nothing")
    except TypeError as error:
        print(error)
"""
TOLD = (
    "takes its fields by name",
    "pass load_world(name)",
    "pass a list of instruments",
    "pass a list of instruments",
    "pass FixedBalance()",
    "pass FixedBalance()",
    "named by text or path",
    "reads a Solution, not Economy",
)


def test_things_of_the_wrong_kind_are_refused_with_what_to_pass() -> None:
    code = WRONG.format(tests=str(next(p for p in sys.path if p.endswith("tests"))))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = ran.stdout.splitlines()
    assert len(lines) == len(TOLD)
    for line, told in zip(lines, TOLD, strict=True):
        assert told in line


def test_a_shock_compiled_for_another_world_is_refused() -> None:
    move = tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.1)
    shock = tl.solve(factories.toy_economy(), [move]).shock
    with pytest.raises(ForeignShockError, match="other regions or sectors"):
        tl.solve(factories.make_economy(4, 3), shock)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda w: tl.load_world("icio-2023"), "did you mean 'icio-2024'"),
        (
            lambda w: tl.solve(
                w, [tl.Tariff(importer="INN D", exporter="USA", sectors="all", add=0.1)]
            ),
            "unknown region 'INN D'; did you mean 'IND'",
        ),
        (
            lambda w: tl.Tariff(importer="IND", exporter="USA", sector="all", add=0.1),
            "unknown key; did you mean 'sectors'",
        ),
        (lambda w: tl.import_world(".", "exiobase"), "unknown kind of source"),
        (lambda w: tl.import_world(".", "long", negatives="none"), "unknown rule for negatives"),
    ],
)
def test_wrong_names_are_told_with_the_nearest_valid_one(call, told) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(tl.TulaError, match=told.replace("(", r"\(")):
        call(factories.toy_economy())


def test_the_package_lists_what_it_offers() -> None:
    for name in ("load_world", "solve", "Tariff", "metrics", "GOODS", "FixedBalance", "TulaError"):
        assert name in dir(tl)
        assert getattr(tl, name) is not None

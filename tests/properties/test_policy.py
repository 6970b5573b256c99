"""Properties of instruments and their compilation that hold for any input."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from tula.errors import TulaError
from tula.policy import (
    KINDS,
    WHATIF_FORMS,
    Embargo,
    Instrument,
    Shock,
    Tariff,
    compile_shock,
    describe,
    no_shock,
    parse_instrument,
    parse_whatif,
)
from tula.world.labels import Labels

pytestmark = pytest.mark.filterwarnings("ignore::tula.policy.PolicyWarning")

REGIONS, SECTORS = ("A", "B", "C", "D"), ("x", "y", "z")
GROUPS = {"BC": ("B", "C"), "all": REGIONS}
ARRAYS = (
    *("tariff", "export_tax", "trade_cost_hat", "embargo"),
    *("productivity_hat", "labour_hat", "transfer"),
)
LABELS = Labels(
    REGIONS, SECTORS, region_groups={"BC": ("B", "C")}, sector_groups={"xy": ("x", "y")}
)
BASE = np.random.default_rng(7).uniform(0.0, 0.3, (3, 4, 4))
TAX = np.random.default_rng(8).uniform(0.0, 0.1, (3, 4, 4))
SHARE = np.random.default_rng(9).dirichlet(np.ones(3), 4)

regions = st.sampled_from([*REGIONS, "BC", "all"]) | st.sets(st.sampled_from(REGIONS), min_size=1)
sectors = st.sampled_from([*SECTORS, "xy", "all"]) | st.sets(st.sampled_from(SECTORS), min_size=1)
factors = st.floats(0.2, 4.0)
# ceilings on less than any trade could be told from are refused: an embargo is one
shares = st.integers(0, 10_000).map(lambda n: n / 10_000)


def flows(kind: str, **operation: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {"importer": regions, "exporter": regions, "sectors": sectors, **operation}
    return st.fixed_dictionaries(fields).filter(abroad).map(lambda found: {kind: found})


def abroad(fields: dict[str, Any]) -> bool:
    """Whether any importer is another region than any exporter."""
    both = [fields["importer"], fields["exporter"]]
    return len({code for side in both for code in GROUPS.get(str(side), side)}) > 1


def places(kind: str, **operation: st.SearchStrategy[float]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {"region": regions, "sectors": sectors, **operation}
    return st.fixed_dictionaries(fields).map(lambda found: {kind: found})


written = st.one_of(
    flows("tariff", add=st.floats(-0.1, 1.0)),
    flows("tariff", multiply=factors, coverage=shares),
    flows("tariff", set=st.just(0.2)),
    flows("export_tax", add=st.floats(0.0, 1.0)),
    flows("trade_cost", factor=factors),
    flows("import_cut", cut=shares),
    flows("import_cap", at=factors, together=st.booleans()),
    flows("export_cap", cut=shares, rent_to=st.just("importer")),
    flows("price_cap", at=factors),
    flows("embargo"),
    places("productivity", factor=factors),
    places("labour", factor=factors),
    st.just({"trade_agreement": {"members": ["A", "BC"], "coverage": 0.7}}),
    st.just({"transfer": {"payer": "A", "receiver": "D", "amount_musd": 12.7}}),
)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
keys = st.sampled_from(
    [
        *("importer", "exporter", "sectors", "set", "add", "multiply", "cut", "at", "together"),
        *("members", "start", "from", "to", "workers_thousand", "rent_to"),
    ]
)


def parsed(content: list[Any]) -> list[Instrument]:
    return [parse_instrument(item) for item in content]


def run(items: list[Instrument], labels: Labels = LABELS, **more: Any) -> Shock:
    options = {"labour_share": SHARE, **more}
    return compile_shock(labels, options.pop("base", BASE), TAX, items, **options)


@settings(max_examples=60, deadline=None)
@given(st.lists(written, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_instruments_never_changes_the_arrays(content: list[Any], random: Any) -> None:
    items = parsed(content)
    shuffled = random.sample(items, len(items))
    one, other = run(items), run(shuffled)
    for name in ARRAYS:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert stated(one) == stated(other)


def stated(shock: Shock) -> list[tuple[Any, ...]]:
    """Everything the limits of a shock say, in their order."""
    return [
        (one.instrument, one.measure, one.ceiling, one.rent_to, one.cells.tolist())
        for one in shock.limits
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(written, max_size=4))
def test_no_limit_lies_on_closed_cells_alone_or_doubles_another(content: list[Any]) -> None:
    shock = run(parsed(content))
    seen = set()
    for one in shock.limits:
        assert one.ceiling > 0.0
        assert not shock.embargo[tuple(one.cells.T)].all()
        seen.add((one.measure, tuple(map(tuple, one.cells.tolist()))))
    assert len(seen) == len(shock.limits)


@settings(max_examples=40, deadline=None)
@given(st.lists(written, max_size=4), st.permutations(range(4)))
def test_relabelling_commutes_with_compiling(content: list[Any], order: list[int]) -> None:
    items = parsed(content)
    moved = Labels(
        tuple(REGIONS[k] for k in order),
        SECTORS,
        region_groups={"BC": ("B", "C")},
        sector_groups={"xy": ("x", "y")},
    )
    cells = np.ix_(range(3), order, order)
    shock = run(items)
    other = compile_shock(moved, BASE[cells], TAX[cells], items, labour_share=SHARE[order])
    for name in ARRAYS:
        values = getattr(shock, name)
        wanted = values[cells] if values.ndim == 3 else values[order]
        assert np.allclose(getattr(other, name), wanted, rtol=1e-13), name


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.2, 1.0), st.floats(-0.2, 1.0), regions, sectors)
def test_additive_layers_stack_to_their_sum(one: float, two: float, buyer: Any, what: Any) -> None:
    where = {"importer": buyer, "exporter": "all", "sectors": what}
    base = np.full_like(BASE, 0.5)
    layered = run([Tariff(**where, add=one), Tariff(**where, add=two)], base=base)
    assert np.allclose(layered.tariff, run([Tariff(**where, add=one + two)], base=base).tariff)


@settings(max_examples=40, deadline=None)
@given(regions, sectors, st.booleans())
def test_an_embargo_twice_is_an_embargo(buyer: Any, what: Any, back: bool) -> None:
    embargo = Embargo(importer=buyer, exporter="all", sectors=what, both_ways=back)
    once, twice = run([embargo]), run([embargo, embargo])
    assert np.array_equal(once.embargo, twice.embargo)
    assert once.embargo.any()


@settings(max_examples=60, deadline=None)
@given(st.lists(written, max_size=4))
def test_compiled_states_of_policy_are_well_formed(content: list[Any]) -> None:
    items = parsed(content)
    shock, nothing = run(items), no_shock(LABELS, BASE, TAX)
    own = np.arange(4)
    assert (shock.tariff > -1.0).all()
    assert (shock.export_tax > -1.0).all()
    assert (shock.trade_cost_hat > 0.0).all()
    assert all(limit.ceiling > 0.0 for limit in shock.limits)
    assert (shock.labour_hat > 0.0).all()
    assert abs(shock.transfer.sum()) < 1e-9
    assert not shock.embargo[:, own, own].any()
    assert np.array_equal(shock.tariff[:, own, own], nothing.tariff[:, own, own])
    assert len(shock.ledger) == len(items)
    assert all(entry.cells > 0 for entry in shock.ledger)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(KINDS)) | st.text(max_size=5), st.dictionaries(keys, junk) | junk)
def test_bad_content_never_raises_anything_but_a_tula_error(kind: str, body: Any) -> None:
    try:
        item = parse_instrument({kind: body})
        describe(item)
        run([item])
    except TulaError as error:
        assert str(error)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(WHATIF_FORMS)),
    st.text(max_size=30)
    | st.lists(
        st.sampled_from(
            ["A", "all", "x", "-", "+", "!", "y", "=10%", "+5pp", "x2", "x0", "", "9bn"]
        ),
        max_size=6,
    ).map(":".join),
)
def test_bad_what_ifs_never_raise_anything_but_a_tula_error(kind: str, text: str) -> None:
    try:
        run([parse_whatif(kind, text, LABELS)])
    except TulaError as error:
        assert str(error)

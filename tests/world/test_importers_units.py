"""Units stated in every way a table may state them, and what becomes of those that are not."""

from __future__ import annotations

import gzip
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from icio_csv import icio_frame, write_icio
from tula.world.aggregation import aggregate, reorder
from tula.world.checks import UnsoundEconomyError, check_economy
from tula.world.economy import STATED_UNITS, Economy
from tula.world.elasticities import elasticity_sets, trade_elasticity
from tula.world.importers import TableError, UncertainUnitWarning, import_world, write_long
from tula.world.importers.units import UnitError, duty_fraction, million_usd
from tula.world.store import load_world


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        *((text, 1e-6) for text in ("USD", "US$", "dollars", "$", "1 USD", "current US dollars")),
        *((text, 1e-3) for text in ("thousand USD", "1000 USD", "000 USD", "'000 USD", "kUSD")),
        *((text, 1e-3) for text in ("1,000 USD", "USD 1000", "Thousands of US dollars")),
        *((text, 1.0) for text in ("million USD", "Mill USD", "USD million", "M.USD", "MUSD")),
        *((text, 1.0) for text in ("US Dollar, Millions", "USDm", "mn US$", "10^6 USD", "1e6 USD")),
        *((text, 1.0) for text in ("million_usd", "$ million", "Mio. USD", "million USD a year")),
        *((text, 1e3) for text in ("billion USD", "bn USD", "USD bn", "$bn", "Mrd USD", "USD_bn")),
        ("trillion USD", 1e6),
        *(
            (text, 1.08)
            for text in ("million EUR at 1.08", "M.EUR @ 1.08 USD", "EUR million, 1.08")
        ),
        *(
            (text, 1.08)
            for text in ("Mio. € (1 EUR = 1.08 USD)", "million EUR at 1.08 USD per EUR")
        ),
        ("million EUR at 0.8 EUR per USD", 1.25),
        ("crore INR at 0.012", 0.12),
        ("billion INR at 80 INR per USD", 12.5),
    ],
)
def test_the_usual_spellings_of_units_are_read(text: str, worth: float) -> None:
    assert million_usd(text) == pytest.approx(worth, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("million", "cannot read the unit 'million': write a scale and a currency"),
        ("T USD", "cannot read"),
        ("tonnes", "cannot read"),
        ("", "cannot read"),
        ("million EUR", "write 'million EUR at X', X US dollars for one EUR"),
        ("million INR at 83", "or 'million INR at 83 INR per USD'"),
        ("million EUR at 0", "needs the worth of its currency"),
    ],
)
def test_a_unit_that_says_too_little_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(UnitError, match=told.replace("(", r"\(")):
        million_usd(text)


def test_units_of_duties_are_percent_or_fractions() -> None:
    for text in ("%", "percent", "per cent", "pct", "percentage points", "ad valorem, %"):
        assert duty_fraction(text) == 0.01
    assert {duty_fraction(text) for text in ("fraction", "ratio", "decimal", "1")} == {1.0}
    with pytest.raises(UnitError, match="write 'percent' or 'fraction'"):
        duty_fraction("USD per tonne")


@pytest.fixture
def known() -> Economy:
    """Real economies, so that their size tells the unit."""
    world = load_world("icio-2024")
    few = {code: [code] for code in ("IND", "USA", "CHN", "DEU", "BRA")}
    rest = [code for code in world.regions if code not in few]
    goods = set(world.labels.sector_groups["goods"])
    sectors = {"GDS": sorted(goods), "SRV": [s for s in world.sectors if s not in goods]}
    return aggregate(world, {**few, "ROW": rest}, sectors, {"ROW": "Rest of the world"})


@pytest.fixture
def folder(known: Economy, tmp_path: Path) -> Path:
    """The world as a long table in billions, its duties in percent, no unit stated anywhere."""
    write_long(known, tmp_path)
    for name, column, factor in (("flows", "value", 1e-3), ("tariffs", "rate", 100.0)):
        table = pd.read_csv(tmp_path / f"{name}.csv")
        table.assign(**{column: table[column] * factor}).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    return tmp_path


def heading(path: Path, old: str, new: str) -> None:
    lines = path.read_text().splitlines()
    lines[0] = lines[0].replace(old, new)
    path.write_text("\n".join(lines) + "\n")


def line_above(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n" + path.read_text())


def column(path: Path, unit: str) -> None:
    pd.read_csv(path).assign(unit=unit).to_csv(path, index=False)


FLOWS = {
    "heading in brackets": lambda path: heading(path, "value", "value (billion USD)"),
    "heading with a bar": lambda path: heading(path, "value", "value_usd_bn"),
    "heading in capitals": lambda path: heading(path, "value", "Value [USD bn]"),
    "line above": lambda path: line_above(path, "# Unit: USD bn"),
    "lines above": lambda path: line_above(path, "Made by hand", "", '"Figures in bn USD"'),
    "cells above": lambda path: line_above(path, "Unit,bn USD,,,"),
    "column": lambda path: column(path, "Bn USD"),
}
RATES = {
    "heading in brackets": lambda path: heading(path, "rate", "rate (%)"),
    "heading with a bar": lambda path: heading(path, "rate", "rate_percent"),
    "line above": lambda path: line_above(path, "unit: percent"),
    "column": lambda path: column(path, "%"),
    "signs": lambda path: path.write_text(
        pd.read_csv(path).assign(rate=lambda t: t.rate.map("{!r}%".format)).to_csv(index=False)
    ),
}


@pytest.mark.parametrize("flows", FLOWS)
@pytest.mark.parametrize("rates", RATES)
def test_a_unit_stated_in_the_table_converts_it(
    folder: Path, known: Economy, flows: str, rates: str
) -> None:
    FLOWS[flows](folder / "flows.csv")
    RATES[rates](folder / "tariffs.csv")
    world = import_world(folder, "long")
    np.testing.assert_allclose(world.final, known.final, rtol=1e-12)
    np.testing.assert_allclose(world.tariff, known.tariff, rtol=1e-12, atol=1e-18)
    assert set(world.metadata) == {STATED_UNITS["flows"], STATED_UNITS["tariff"]}


def test_a_table_that_states_no_unit_is_refused_for_the_unit_alone(folder: Path) -> None:
    with pytest.raises(UnsoundEconomyError) as caught:
        import_world(folder, "long", duty_unit="percent")
    assert "1 strict check failed" in str(caught.value)
    assert "not million USD but billion USD" in str(caught.value)
    with pytest.raises(UnsoundEconomyError) as caught:
        import_world(folder, "long", unit="billion USD")
    assert "[duty-in-percent]" in str(caught.value)


def test_units_may_be_stated_in_packed_and_columnar_files_too(folder: Path, known: Economy) -> None:
    flows, tariffs = folder / "flows.csv", folder / "tariffs.csv"
    pd.read_csv(flows).rename(columns={"value": "value (bn USD)"}).to_parquet(
        folder / "flows.parquet"
    )
    line_above(tariffs, "Unit: %")
    (folder / "tariffs.csv.gz").write_bytes(gzip.compress(tariffs.read_bytes()))
    flows.unlink()
    tariffs.unlink()
    world = import_world(folder, "long")
    np.testing.assert_allclose(world.final, known.final, rtol=1e-12)
    np.testing.assert_allclose(world.tariff, known.tariff, rtol=1e-12, atol=1e-18)


def test_rows_of_one_table_may_have_different_units(folder: Path, known: Economy) -> None:
    flows = pd.read_csv(folder / "flows.csv")
    flows["unit"] = np.where(flows.exporter == "IND", "1000 USD", "bn USD")
    flows["value"] *= np.where(flows.exporter == "IND", 1e6, 1.0)
    flows.to_csv(folder / "flows.csv", index=False)
    world = import_world(folder, "long", duty_unit="percent")
    np.testing.assert_allclose(world.final, known.final, rtol=1e-12)


def test_two_statements_that_differ_are_refused(folder: Path) -> None:
    heading(folder / "flows.csv", "value", "value (million USD)")
    with pytest.raises(TableError, match=r"stated in two ways.*: unit, the heading 'value \(mill"):
        import_world(folder, "long", unit="billion USD", duty_unit="percent")


def test_rates_with_and_without_a_sign_are_refused_with_their_lines(folder: Path) -> None:
    tariffs = pd.read_csv(folder / "tariffs.csv", dtype=str)
    tariffs["rate"] = [f"{rate}%" if at % 2 else "5" for at, rate in enumerate(tariffs["rate"])]
    tariffs.to_csv(folder / "tariffs.csv", index=False)
    with pytest.raises(TableError, match=r"rate has a % in other rows: .*: line 2, line 4"):
        import_world(folder, "long", unit="billion USD")


def test_problems_below_a_line_above_the_table_keep_their_line(folder: Path) -> None:
    path = folder / "flows.csv"
    lines = path.read_text().splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0] + ",many"
    path.write_text("\n".join(["Unit: bn USD", "", *lines]) + "\n")
    with pytest.raises(TableError, match=r"value is not a number: line 4 \(many\)"):
        import_world(folder, "long")


@pytest.mark.parametrize("unit", ["", "Unit: Mill USD"])
def test_an_official_file_in_another_unit_is_refused_or_converted(
    known: Economy, tmp_path: Path, unit: str
) -> None:
    frame = icio_frame(known)
    ordered = reorder(known, sorted(known.regions, key=lambda code: (code == "ROW", code)))
    path = write_icio(frame / 1e3, tmp_path / "billions.csv")
    with pytest.raises(UnsoundEconomyError, match="unit-mismatch"):
        import_world(path, "oecd-icio")
    world = import_world(path, "oecd-icio", unit="USD bn")
    np.testing.assert_allclose(world.final, ordered.final, rtol=1e-9)
    if unit:
        stated = write_icio(frame, tmp_path / "stated.csv")
        line_above(stated, unit)
        world = import_world(stated, "oecd-icio")
        assert world.metadata[STATED_UNITS["flows"]] == "Mill USD"
        np.testing.assert_allclose(world.final, ordered.final, rtol=1e-9)


def test_a_system_in_memory_is_believed_only_if_the_user_states_the_unit(known: Economy) -> None:
    n, s = known.final.shape[:2]
    nodes = pd.MultiIndex.from_product([known.regions, known.sectors])
    source = SimpleNamespace(
        Z=pd.DataFrame(known.intermediate.reshape(n * s, n * s) / 1e3, nodes, nodes),
        Y=pd.DataFrame(
            known.final.reshape(n * s, n) / 1e3,
            nodes,
            pd.MultiIndex.from_product([known.regions, ["all uses"]]),
        ),
        unit=pd.DataFrame({"unit": "M USD"}, index=nodes),
    )
    with pytest.raises(UnsoundEconomyError, match="unit-mismatch"):
        import_world(source, "pymrio")
    for stated in ({"unit": "bn USD"}, {"million_usd": 1e3}):
        world = import_world(source, "pymrio", **stated)
        np.testing.assert_allclose(world.final, known.final, rtol=1e-12)


def test_an_invented_table_is_imported_with_a_warning_that_a_stated_unit_ends(
    toy_economy: Economy, tmp_path: Path
) -> None:
    write_long(toy_economy, tmp_path)
    with pytest.warns(UncertainUnitWarning, match="State the unit of the flows"):
        import_world(tmp_path, "long")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        import_world(tmp_path, "long", unit="million USD")


def test_sigmas_are_converted_if_the_column_says_so_and_told_if_they_are_published(
    known: Economy, tmp_path: Path
) -> None:
    world = load_world("icio-2024")
    write_long(known, tmp_path)
    table = tmp_path / "elasticities.csv"
    table.write_text("sector,sigma\nGDS,6.5\nSRV,5\n")
    assert import_world(tmp_path, "long").trade_elasticity.tolist() == [5.5, 4.0]
    table.write_text("sector,sigma,theta\nGDS,6.5,5.5\nSRV,5,4\n")
    with pytest.raises(TableError, match="one column, theta or sigma, is needed; found 2"):
        import_world(tmp_path, "long")
    for name in elasticity_sets():
        theta, source = trade_elasticity(name, world.sectors)
        told = [
            finding.message
            for finding in check_economy(world.with_elasticity(theta + 1.0, source))
            if finding.check == "elasticity-is-sigma"
        ]
        varied = len(set(theta.tolist())) > 1
        assert told == [f"the values are the sigmas of set {name}, not its thetas"] * varied
        fine = check_economy(world.with_elasticity(theta, source))
        assert "elasticity-is-sigma" not in {finding.check for finding in fine}

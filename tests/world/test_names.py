"""One region or sector by any of its names, and never a part taken for the whole."""

from __future__ import annotations

import os
import pickle
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

import tula as tl
from tula.errors import UnknownNameError
from tula.world import codes
from tula.world.aggregation import GroupingError, aggregate
from tula.world.countries import country, key
from tula.world.labels import Labels
from tula.world.store import load_world, save_world

LABELS = codes.labels()


def forms(name: str) -> set[str]:
    """A name in the spellings that keyboards, files and habits give it."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)
    )
    unicode_forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    return {*unicode_forms, bare, name.upper(), name.lower(), bare.upper(), f" {name} "}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Viet Nam", "Vietnam", "VN", "vnm", "704"), "VNM"),
        (("Türkiye", "Turkiye", "Turkey", "Türkıye", "TR", "792"), "TUR"),
        (("USA", "US", "U.S.A.", "United States of America", "840", "842"), "USA"),
        (("Korea", "South Korea", "Korea, Rep.", "Rep. of Korea", "KR", "410"), "KOR"),
        (("Russia", "Russian Federation", "Russian Fed.", "643"), "RUS"),
        (("China", "CN", "156", "China and Hong Kong"), "CHN"),
        (("Taiwan", "Chinese Taipei", "Other Asia, nes", "490"), "TWN"),
        (("UK", "Great Britain", "United Kingdom", "GB"), "GBR"),
        (("India", "IN", "356", "699", "Republic of India"), "IND"),
        (("European Union", "eu"), "EU"),
        (("Rest of the World", "row"), "ROW"),
        (("All", "ALL"), "all"),
    ],
)
def test_a_region_is_found_by_every_usual_name(names: tuple[str, ...], code: str) -> None:
    for name in names:
        for form in forms(name):
            assert LABELS.region_vocabulary.find(form) == code, form


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Spain", "Spain is in 'REU' (Rest of the European Union)"),
        ("ESP", "Spain is in 'REU'"),
        ("España", "did you mean"),
        ("Côte d'Ivoire", "Côte d'Ivoire is in 'OAF' (Other Africa and Jordan)"),
        ("COTE D’IVOIRE", "Côte d'Ivoire is in 'OAF'"),
        ("Ivory Coast", "Côte d'Ivoire is in 'OAF'"),
        ("Hong Kong SAR, China", "Hong Kong is in 'CHN' (China and Hong Kong)"),
        ("Swizerland", "Switzerland is in 'EFT'"),
        ("Iran", "Iran has no region of its own here; what has none is in 'ROW'"),
        ("Réunion", "Réunion has no region of its own here"),
        ("Germny", "did you mean 'DEU' (Germany)?"),
    ],
)
def test_a_part_of_a_region_is_answered_with_the_region_that_holds_it(name: str, told: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        LABELS.region_index(name)
    assert told in str(caught.value)


def test_every_country_is_found_or_answered_in_every_spelling_of_its_name() -> None:
    holders = codes.economies()
    for member, region in holders.items():
        known = country(member)
        if known is None:
            assert member == "ROW"
            continue
        assert known.code == member
        for form in forms(known.name):
            assert country(form) == known, form
            found = LABELS.region_vocabulary.match(form)
            whole = LABELS.region_vocabulary.one(region) == member
            assert found == (region if whole else None)
            assert whole or repr(region) in LABELS.region_vocabulary.hint(form)


def test_sectors_are_found_by_name_and_by_the_one_industry_they_are() -> None:
    find = LABELS.sector_vocabulary.find
    assert [find(name) for name in ("oil", "Motor Vehicles", "B06", "GOODS")] == [
        "OIL", "MOT", "OIL", "goods"
    ]  # fmt: skip
    with pytest.raises(UnknownNameError, match=r"A01 is in 'AGR' \(Agriculture"):
        find("A01")
    with pytest.raises(UnknownNameError, match="did you mean 'PHA'"):
        find("Pharma")


@pytest.mark.parametrize(
    ("said", "meant"),
    [("steel", "ISM"), ("Cars", "MOT"), ("drugs", "PHA"), ("soybeans", "AGR"), ("planes", "OTE")],
)
def test_an_everyday_word_is_answered_with_the_one_sector_it_is_in(said: str, meant: str) -> None:
    name = LABELS.sector_names[meant]
    with pytest.raises(UnknownNameError) as caught:
        LABELS.sector_vocabulary.find(said)
    assert str(caught.value).endswith(f"; did you mean {meant!r} ({name})?")


def test_codes_as_written_come_before_any_other_reading() -> None:
    labels = Labels(("IN", "in", "356"), ("a", "A"), {"in": "Inland", "356": "India"})
    assert [labels.region_index(name) for name in ("IN", "in", "356")] == [0, 1, 2]
    assert labels.resolve_sectors(["A"]) == ("A",)
    with pytest.raises(UnknownNameError, match="it names IN and in: write one of them"):
        labels.region_index("In")


def test_a_code_that_only_looks_like_a_country_is_not_taken_for_it() -> None:
    labels = Labels(("REU", "FRA"), ("S",), {"REU": "Rest of Europe", "FRA": "France"})
    with pytest.raises(UnknownNameError, match=r"did you mean 'REU' \(Rest of Europe\)"):
        labels.region_index("Réunion")


@pytest.mark.parametrize(
    "names",
    [{}, {"356": "India", "392": "Japan"}, {"356": "Inde", "392": "Japon"}],
)
def test_worlds_with_codes_of_another_kind_are_read_by_the_same_names(
    names: Mapping[str, str],
) -> None:
    labels = Labels(("356", "392"), ("S",), names)
    if names.get("356") != "Inde":
        assert [labels.region_index(name) for name in ("IND", "India", "JP")] == [0, 0, 1]
    else:
        with pytest.raises(UnknownNameError, match="India has no region"):
            labels.region_index("India")


def test_members_are_known_after_merging_and_after_storing(tmp_path: Path) -> None:
    world = load_world("icio-2024")
    one = {code: [code] for code in world.regions if code not in world.labels.region_groups["EU"]}
    merged = aggregate(world, {**one, "EUR": ["DEU", "FRA", "ITA", "REU"]}, {"ALL": world.sectors})
    for stored in (merged, load_world(save_world(merged, tmp_path / "mine.nc"))):
        with pytest.raises(UnknownNameError, match="Spain is in 'EUR'"):
            stored.labels.region_index("Spain")
        assert stored.labels.region_index("Viet Nam") == stored.regions.index("VNM")
        assert pickle.loads(pickle.dumps(stored.labels)) == stored.labels
    with pytest.raises(GroupingError, match=r"unknown region 'Spain'; Spain is in 'REU'"):
        aggregate(world, {"A": ["Spain"]})


def test_the_embedded_worlds_keep_their_hash_although_members_are_known() -> None:
    world = load_world("icio-2024")
    assert not world.labels.region_members
    assert "ESP" in world.labels.region_vocabulary.members["REU"]


def test_instruments_in_python_take_any_name() -> None:
    world = load_world("icio-2024")
    by_code = tl.Tariff(importer="USA", exporter=["VNM", "TUR"], sectors="goods", add=0.1)
    by_name = tl.Tariff(importer="us", exporter=["Viet Nam", "Turkey"], sectors="Goods", add=0.1)
    first, second = (tl.solve(world, [one]).shock.tariff for one in (by_code, by_name))
    assert (first == second).all()
    spain = tl.Tariff(importer="USA", exporter="Spain", sectors="goods", add=0.1)
    with pytest.raises(tl.TulaError, match="exporter: unknown region 'Spain'; Spain is in 'REU'"):
        tl.solve(world, [spain])


def test_no_two_countries_share_a_name_or_a_code() -> None:
    path = Path(codes.__file__).with_name("countries.csv")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert table.code.is_unique and table.name.is_unique
    assert table.alpha2.is_unique and table.m49[table.m49 != ""].is_unique
    names = [{key(n) for n in (row["name"], *filter(None, row["also"].split("|")))}
             for row in table.to_dict("records")]  # fmt: skip
    assert sum(map(len, names)) == len(set().union(*names))


@pytest.mark.reference
def test_gdp_agrees_with_the_world_bank() -> None:
    folder = Path(os.environ.get("TULA_REFERENCE_DATA", "../shared/data"))
    path = folder / "macro" / "macro_81.csv"
    if not path.is_file():
        pytest.skip(f"no reference data at {path}")
    published = pd.read_csv(path, index_col=0)["gdp_2023_usd"].dropna() / 1e9
    for code, value in published.items():
        known = country(str(code))
        if known is not None and known.code == code:
            assert known.gdp == pytest.approx(value, rel=0.05), code

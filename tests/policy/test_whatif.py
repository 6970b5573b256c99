"""What-if text becomes the instrument it says, and a caret points at what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tula.errors import UnknownNameError
from tula.policy import (
    WHATIF_FORMS,
    Embargo,
    ExportCap,
    ExportTax,
    ImportCap,
    ImportCut,
    Instrument,
    Labour,
    Migration,
    PriceCap,
    Productivity,
    Remittance,
    Tariff,
    TradeAgreement,
    TradeCost,
    Transfer,
    WhatIfError,
    parse_whatif,
)
from tula.world.labels import Labels


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        (
            "tariff",
            "USA:IND:goods:+25pp",
            Tariff(importer="USA", exporter="IND", sectors="goods", add=0.25),
        ),
        (
            "tariff",
            "IND:all-EAEU:OIL:=10%",
            Tariff(importer="IND", exporter="all", except_partners="EAEU", sectors="OIL", set=0.1),
        ),
        (
            "tariff",
            "all-USA-KAZ:IND:goods-PHA!OIL:x1.5",
            Tariff(
                importer="all",
                except_importers=["USA", "KAZ"],
                exporter="IND",
                sectors="goods",
                except_sectors=["PHA", "OIL"],
                multiply=1.5,
            ),
        ),
        (
            "tariff",
            "USA:IND:goods:>=15%",
            Tariff(importer="USA", exporter="IND", sectors="goods", at_least=0.15),
        ),
        (
            "tariff",
            "USA:IND:goods:min15%:80%",
            Tariff(importer="USA", exporter="IND", sectors="goods", at_least=0.15, coverage=0.8),
        ),
        (
            "tariff",
            "USA:IND:goods:<=10%:override",
            Tariff(importer="USA", exporter="IND", sectors="goods", at_most=0.1, override=True),
        ),
        (
            "export-tax",
            "RUS:IND:OIL:max10%:50%:override",
            ExportTax(
                importer="IND",
                exporter="RUS",
                sectors="OIL",
                at_most=0.1,
                coverage=0.5,
                override=True,
            ),
        ),
        (
            "tariff",
            "USA:IND:TEX:=0.52usd/kg@2.6usd/kg:80%",
            Tariff(
                importer="USA",
                exporter="IND",
                sectors="TEX",
                set="0.52 usd/kg",
                unit_value="2.6 usd/kg",
                coverage=0.8,
            ),
        ),
        (
            "tariff",
            "USA:IND:TEX:+1.3 EUR/kg@2.6 EUR/kg",
            Tariff(
                importer="USA",
                exporter="IND",
                sectors="TEX",
                add="1.3 EUR/kg",
                unit_value="2.6 EUR/kg",
            ),
        ),
        (
            "price-cap",
            "USA:RUS:OIL:60usd/bbl@75usd/bbl:nobody",
            PriceCap(
                importer="USA",
                exporter="RUS",
                sectors="OIL",
                at="60 usd/bbl",
                base="75 usd/bbl",
                rent_to="nobody",
            ),
        ),
        (
            "export-tax",
            "RUS:all-IND:OIL:-5 pp",
            ExportTax(
                exporter="RUS", importer="all", except_partners="IND", sectors="OIL", add=-0.05
            ),
        ),
        (
            "trade-cost",
            "IND:RUS:OIL+TEX:+10%",
            TradeCost(importer="IND", exporter="RUS", sectors=["OIL", "TEX"], factor=1.1),
        ),
        ("embargo", "IND:RUS:OIL", Embargo(importer="IND", exporter="RUS", sectors="OIL")),
        (
            "embargo",
            "IND:RUS:OIL:5%",
            Embargo(importer="IND", exporter="RUS", sectors="OIL", coverage="5%"),
        ),
        (
            "cut",
            "IND:RUS:OIL:35%",
            ImportCut(importer="IND", exporter="RUS", sectors="OIL", cut=0.35),
        ),
        (
            "import-cap",
            "IND:RUS:OIL:65%",
            ImportCap(importer="IND", exporter="RUS", sectors="OIL", at=0.65),
        ),
        (
            "import-cap",
            "IND:RUS+KAZ:OIL:65%/together:nobody",
            ImportCap(
                importer="IND",
                exporter=["RUS", "KAZ"],
                sectors="OIL",
                at=0.65,
                together=True,
                rent_to="nobody",
            ),
        ),
        (
            "export-cap",
            "RUS:all-IND:OIL:80%/each",
            ExportCap(
                exporter="RUS",
                importer="all",
                except_partners="IND",
                sectors="OIL",
                at=0.8,
                together=False,
            ),
        ),
        (
            "price-cap",
            "USA+IND:RUS:OIL:80%:exporter",
            PriceCap(
                importer=["USA", "IND"], exporter="RUS", sectors="OIL", at=0.8, rent_to="exporter"
            ),
        ),
        (
            "migration",
            "IND:RUS:0.07m:2400usd:6000usd:30%",
            Migration(
                from_="IND",
                to="RUS",
                workers_thousand=70,
                home_earnings_usd=2400,
                host_earnings_usd=6000,
                remitted=0.3,
            ),
        ),
        ("agreement", "IND:EAEU", TradeAgreement(members=["IND", "EAEU"])),
        ("agreement", "IND:EAEU:80%", TradeAgreement(members=["IND", "EAEU"], coverage=0.8)),
        ("agreement", "IND:EAEU:override", TradeAgreement(members=["IND", "EAEU"], override=True)),
        (
            "agreement",
            "IND:EAEU:goods:override",
            TradeAgreement(members=["IND", "EAEU"], sectors="goods", override=True),
        ),
        ("agreement", "IND:EAEU:goods", TradeAgreement(members=["IND", "EAEU"], sectors="goods")),
        (
            "agreement",
            "IND+USA:EAEU-KAZ:goods:80%",
            TradeAgreement(members=[["IND", "USA"], "RUS"], sectors="goods", coverage=0.8),
        ),
        ("productivity", "IND:TEX:x1.05", Productivity(region="IND", sectors="TEX", factor=1.05)),
        ("labour", "RUS:-2%", Labour(region="RUS", factor=0.98)),
        ("labour", "RUS:SER:x1.02", Labour(region="RUS", sectors="SER", factor=1.02)),
        ("transfer", "USA:IND:5bn", Transfer(payer="USA", receiver="IND", amount_musd=5000)),
        ("remittance", "RUS:IND:300mn", Remittance(from_="RUS", to="IND", amount_musd=300)),
    ],
)
def test_text_becomes_the_instrument_it_says(
    labels: Labels, kind: str, text: str, wanted: Instrument
) -> None:
    assert parse_whatif(kind, text, labels) == wanted


@pytest.mark.parametrize(
    ("kind", "text", "pointed_at", "hint"),
    [
        ("tariff", "USA:INDD:goods:+25pp", ["INDD"], "did you mean 'IND'"),
        ("tariff", "uas:IND:goods:+25pp", ["uas"], "did you mean 'USA'"),
        ("tariff", "USA:IND:godos-XYZ:25", ["godos", "XYZ", "25"], "did you mean 'goods'"),
        ("tariff", "USA:IND:goods:+25%", ["+25%"], "+25pp (points)"),
        ("tariff", "USA:IND:goods:+0.25", ["+0.25"], "+25pp (points)"),
        ("tariff", "USA:IND:goods:", [""], "a shell wants these two quoted"),
        ("tariff", "USA:IND:goods:>15%", [">15%"], "'>=15%' (at least)"),
        ("tariff", "USA:IND:goods:=0.52usd/kg", ["=0.52usd/kg"], "=0.52usd/kg@2.6usd/kg"),
        ("tariff", "USA:INDD:goods:+25pp:overide", ["overide", "INDD"], "the word override"),
        ("tariff", "USA:IND:goods:+25pp:80:override", ["80"], "a share such as 35%"),
        ("tariff", "USA:IND:TEX:=1usd/kg@2eur/kg", ["USA:IND:TEX:=1usd/kg@2eur/kg"], "different"),
        ("agreement", "IND:EAEU:80%:goods", ["goods"], "in this order"),
        ("price-cap", "IND:RUS:OIL:60usd/bbl", ["60usd/bbl"], "60usd/bbl@68usd/bbl"),
        ("tariff", "USA::goods:+25pp", [""], "is missing here"),
        ("tariff", "USA:IND:goods-:+25pp", [""], "is missing here"),
        ("tariff", "USA:IND:OIL-OIL:+25pp", ["OIL"], "both chosen and excepted"),
        ("tariff", "USA:IND:+25pp", ["USA:IND:+25pp"], "IMPORTER:EXPORTER:SECTORS:RATE"),
        ("tariff", "", [""], "IMPORTER:EXPORTER:SECTORS:RATE"),
        ("cut", "IND:RUS:OIL:135%", ["IND:RUS:OIL:135%"], "between 0 and 1"),
        ("transfer", "EAEU:IND:5bn", ["EAEU"], "unknown region"),
        ("transfer", "USA:USA:5bn", ["USA:USA:5bn"], "itself"),
        ("transfer", "USA:IND:5000", ["5000"], "5bn"),
        ("import-cap", "IND:RUS:OIL:65%/all:seller", ["65%/all", "seller"], "nobody"),
        ("price-cap", "IND:RUS:OIL:0%", ["IND:RUS:OIL:0%"], "use an embargo"),
        ("price-cap", "IND:RUS:OIL:80%/each", ["80%/each"], "such as 80%"),
        ("migration", "IND:RUS:70:2400:6usd", ["70", "2400"], "70k or 1.2m"),
        ("migration", "IND:RUS:70k:2400usd:6usd", ["IND:RUS:70k:2400usd:6usd"], "per worker"),
        ("embargo", "IND:RUS:OIL:PHA", ["PHA"], "a share such as 35%"),
        ("embargo", "IND:RUS:OIL:5%:PHA", ["IND:RUS:OIL:5%:PHA"], "found 5"),
    ],
)
def test_every_wrong_part_is_pointed_at(
    labels: Labels, kind: str, text: str, pointed_at: list[str], hint: str
) -> None:
    with pytest.raises(WhatIfError) as caught:
        parse_whatif(kind, text, labels)
    assert [fault.part.text for fault in caught.value.faults] == pointed_at
    assert hint in str(caught.value)


def test_the_caret_stands_under_the_wrong_part(labels: Labels) -> None:
    with pytest.raises(WhatIfError) as caught:
        parse_whatif("embargo", "IND:RSU:OIL", labels)
    text, caret, _ = str(caught.value).splitlines()
    assert text == "--embargo IND:RSU:OIL"
    assert text[caret.index("^") : caret.rindex("^") + 1] == "RSU"


def test_an_unknown_kind_gets_the_nearest_one(labels: Labels) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'tariff'"):
        parse_whatif("tarif", "USA:IND:goods:+25pp", labels)


@pytest.mark.parametrize(
    "text",
    [
        "usa:India:GOODS-pha:+25pp",
        "United States:356:all-SER-PHA:+25pp",
        "US:in:oil+pha+tex-SER:+25pp",
    ],
)
def test_names_in_any_spelling_are_read_as_their_codes(labels: Labels, text: str) -> None:
    assert not {"usa", "India", "356", "in", "oil"} & {
        name
        for field in ("importer", "exporter", "sectors", "except_sectors")
        for name in getattr(parse_whatif("tariff", text, labels), field)
    }
    payer = parse_whatif("transfer", "Russian Federation:U.S.:5bn", labels)
    assert payer == Transfer(payer="RUS", receiver="USA", amount_musd=5000)


def test_names_may_contain_the_signs_that_join_and_except() -> None:
    labels = Labels(
        regions=("GNB", "TLS", "SAS"),
        sectors=("S",),
        region_names={"GNB": "Guinea-Bissau", "TLS": "Timor-Leste", "SAS": "Nepal + Bhutan"},
    )
    signs = Labels(regions=("USA", "AND", "all-of"), sectors=("D", "S"))
    lost = parse_whatif("embargo", "USA+AND:all-of:all-D", signs)
    assert (lost.importer, lost.exporter, lost.except_sectors) == (
        ("AND", "USA"), ("all-of",), ("D",)
    )  # fmt: skip
    for text in ("all-the:USA:S", "USA+and-:all:S", "all--AND:USA:S", "USA:AND:S-S"):
        with pytest.raises(WhatIfError):
            parse_whatif("embargo", text, signs)
    found = parse_whatif("embargo", "all-guinea-bissau:Nepal + Bhutan+Timor Leste:S", labels)
    assert (found.importer, found.except_importers) == (("all",), ("GNB",))
    assert found.exporter == ("SAS", "TLS")


def test_a_part_of_a_region_is_answered_with_the_region(labels: Labels) -> None:
    held = replace(labels, region_members={"KAZ": ("KAZ", "UZB")})
    with pytest.raises(WhatIfError, match="Uzbekistan is in 'KAZ'"):
        parse_whatif("embargo", "IND:Uzbekistan:OIL", held)


def test_codes_may_contain_the_sign_of_an_exception() -> None:
    labels = Labels(regions=("A", "B"), sectors=("C10-12", "C10", "D"))
    found = parse_whatif("embargo", "A:B:all-C10-12", labels)
    assert found == Embargo(importer="A", exporter="B", sectors="all", except_sectors="C10-12")


def test_every_kind_has_a_form() -> None:
    assert all(form.count(":") >= 1 for form in WHATIF_FORMS.values())
    assert len(WHATIF_FORMS) == 16


@pytest.mark.parametrize("last", ["overriQde", "[]", "yes", "&a 1", "over ride", "é"])
@pytest.mark.parametrize("kind", ["tariff", "export-tax"])
def test_nothing_but_the_word_override_overrides(kind: str, last: str, labels: Labels) -> None:
    with pytest.raises(WhatIfError, match="the word override"):
        parse_whatif(kind, f"USA:IND:goods:+25pp:50%:{last}", labels)


@pytest.mark.parametrize("name", ["<IND", "IND}", '"IND', "[IND", "IND#", "IND\x00", "IND\x1b[0m"])
def test_a_sign_that_no_name_has_is_not_looked_through(name: str, labels: Labels) -> None:
    with pytest.raises(WhatIfError, match="unknown region"):
        parse_whatif("embargo", f"{name}:RUS:OIL", labels)


def test_the_sign_for_minus_is_one(labels: Labels) -> None:
    plain, typeset = (parse_whatif("embargo", f"IND:RUS:goods{sign}OIL", labels) for sign in "-−")
    assert plain == typeset
    with pytest.raises(WhatIfError, match=r"empty|missing|unknown|nothing|no name"):
        parse_whatif("embargo", "−IND:RUS:OIL", labels)

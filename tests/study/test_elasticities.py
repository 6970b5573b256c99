from pathlib import Path

import pytest

import factories
from toy_study import STUDY, write_study
from tula.study.elasticities import apply_elasticities
from tula.study.load import check_study
from tula.study.schema import ElasticitySet
from tula.world import codes

OWN = "own: {set: world}"
GROUNDS = "low: 4, high: 12, reason: none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("own: {set: FGO, cap: {goods: 8}}", "elasticities.own.cap.goods) rests on nothing"),
        (
            f"own: {{set: FGO, cap: {{goods: {{value: 13, {GROUNDS}}}}}}}",
            "the value 13 lies outside its own range, 4 to 12",
        ),
        (
            f"own: {{set: world, cap: {{goods: {{value: 8, {GROUNDS}}}}}}}",
            "a cap needs a published set",
        ),
        ("own: {set: world, cap: {goods: 0}}", "'goods': must be above 0 and at most 100; got 0"),
        ("own: {set: world, cap: {gods: 8}}", "unknown key 'gods'; did you mean 'goods'"),
        ("own: {set: world, sectors: {OIL: 9}}", "elasticities.own.sectors.OIL) rests on nothing"),
        ("own: {set: world, sectors: {OIL: {value: 9, reason: x}}}", "is assumed: give its range"),
        ("own: {set: world, sectors: {OYL: 9}}", "unknown sector 'OYL'; did you mean"),
        (
            f"own: {{set: world, sectors: {{OIL: {{value: 3, {GROUNDS}}}}}}}",
            "the value 3 lies outside its own range",
        ),
    ],
)
def test_an_elasticity_without_name_grounds_or_range_is_refused(
    tmp_path: Path, text: str, expected: str
) -> None:
    found = [
        str(problem) for problem in check_study(write_study(tmp_path, STUDY.replace(OWN, text)))
    ]
    assert any(expected in problem for problem in found), found


def test_a_sector_is_set_after_the_cap_and_its_source_says_so() -> None:
    labels = codes.labels()
    world = factories.make_economy(3, 25, regions=labels.regions[:3], sectors=labels.sectors)
    chosen = ElasticitySet.model_validate_json(
        '{"set": "FGO", "cap": {"goods": 8, "services": 4}, "sectors": {"OIL": 9}}'
    )
    found = apply_elasticities(world, chosen)
    theta = dict(zip(found.sectors, found.trade_elasticity, strict=True))
    assert theta["OIL"] == 9.0
    assert theta["CHM"] == 8.0
    assert theta["TRT"] == 4.0
    assert found.elasticity_source.endswith("goods capped at 8; services capped at 4; OIL at 9")


def test_the_set_world_keeps_the_elasticities_of_the_world() -> None:
    world = factories.toy_economy()
    assert apply_elasticities(world, ElasticitySet(set="world")) is world

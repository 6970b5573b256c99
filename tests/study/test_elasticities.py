from pathlib import Path

import pytest

import factories
from toy_study import STUDY, write_study
from tula.study.elasticities import apply_elasticities
from tula.study.load import check_study
from tula.study.schema import ElasticitySet
from tula.world import codes

OWN = "own: {set: world}"
GROUNDS = "assumption: {range: [4, 12], reason: none}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("own: {set: FGO, cap: {goods: 8}}", "cap rests on nothing"),
        (f"own: {{set: FGO, cap: {{goods: 13}}, {GROUNDS}}}", "13 lies outside the assumed range"),
        (f"own: {{set: world, cap: {{goods: 8}}, {GROUNDS}}}", "a cap needs a published set"),
        ("own: {set: world, cap: {goods: 0}}", "'goods': must be greater than 0, not 0"),
        ("own: {set: world, cap: {gods: 8}}", "unknown key 'gods'; did you mean 'goods'"),
        ("own: {set: world, sectors: {OIL: {theta: 9}}}", "theta rests on nothing"),
        ("own: {set: world, sectors: {OYL: {theta: 9}}}", "unknown sector 'OYL'; did you mean"),
        (
            f"own: {{set: world, sectors: {{OIL: {{theta: 3, {GROUNDS}}}}}}}",
            "3 lies outside the assumed range",
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
        '{"set": "FGO", "cap": {"goods": 8, "services": 4}, "sectors": {"OIL": {"theta": 9}}}'
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

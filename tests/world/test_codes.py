import csv
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tula.world import codes


def test_labels_hold_33_regions_and_25_sectors() -> None:
    labels = codes.labels()
    assert (len(labels.regions), len(labels.sectors)) == (33, 25)


def test_goods_and_services_split_the_sectors() -> None:
    assert set(codes.SECTORS) == codes.GOODS | codes.SERVICES
    assert not codes.GOODS & codes.SERVICES


def test_every_economy_and_industry_stands_once() -> None:
    members = [m for _, group in codes.REGIONS.values() for m in group]
    industries = [m for _, group in codes.SECTORS.values() for m in group]
    assert len(members) == len(set(members)) == 81
    assert len(industries) == len(set(industries)) == 50


def test_every_region_group_is_documented() -> None:
    assert set(codes.REGION_GROUP_NOTES) == set(codes.REGION_GROUPS)


def test_members_are_the_codes_of_the_icio_release() -> None:
    try:
        source = distribution("sanction-simulator")
    except PackageNotFoundError:
        pytest.skip("sanction-simulator is not installed")
    path = source.locate_file("sanction_simulator/data/OECD_ICIO_2025_sector_code_mapping.csv")
    with Path(str(path)).open(encoding="utf-8-sig") as file:
        published = {row["code"] for row in csv.DictReader(file)}
    assert set(codes.industries()) == published

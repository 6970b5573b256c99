from collections.abc import Callable

from tula.report.parts.map import world as worldmap
from tula.report.view import View
from tula.study.results import StudyResults
from tula.world import codes

EMBEDDED = {code: name for code, (name, _) in codes.REGIONS.items()}


def test_the_prepared_map_is_small_and_knows_every_economy_of_the_embedded_world() -> None:
    prepared = worldmap.world_map()
    drawn = {*prepared["countries"], *prepared["points"]}
    assert set(codes.economies()) - {"ROW"} <= drawn
    assert sum(len(shape["path"]) for shape in prepared["countries"].values()) < 150_000


def test_no_country_streaks_across_the_map() -> None:
    prepared = worldmap.world_map()
    for code, shape in prepared["countries"].items():
        for ring in shape["path"].split("M")[1:]:
            steps = ring.split("l", 1)[1].rstrip("z").replace("-", " -").replace(",", " ").split()
            assert max(map(abs, map(int, steps))) < prepared["width"] / 4, code


def test_every_country_of_the_embedded_world_is_in_exactly_one_region() -> None:
    placed = worldmap.place(EMBEDDED)
    assert placed.unplaced == ()
    assert set(worldmap.world_map()["countries"]) <= set(placed.countries)
    assert placed.countries["ESP"] == "REU"
    assert placed.countries["SGP"] == "SGP"
    assert placed.countries["KEN"] == "ROW"


def test_a_code_of_the_embedded_world_under_another_name_is_not_given_its_members() -> None:
    placed = worldmap.place({"OAS": "Something else", "IND": "Bharat"})
    assert placed.unplaced == ("OAS",)
    assert dict(placed.countries) == {"IND": "IND"}


def test_the_rest_of_the_world_is_not_painted_while_a_region_is_unplaced() -> None:
    placed = worldmap.place({"IND": "India", "X1": "Somewhere", "ROW": "Rest of the world"})
    assert placed.unplaced == ("X1", "ROW")
    assert set(placed.countries) == {"IND"}


def test_classes_are_symmetric_around_zero() -> None:
    bounds = worldmap.limits([-9.8, -0.2, -0.02, 0.03, 0.002, 0.001, 0.4])
    for size in (0.0005, 0.02, 0.2, 9.8):
        loss, gain = worldmap.level(-size, bounds), worldmap.level(size, bounds)
        assert loss.replace("l", "g") == gain


def test_a_missing_number_has_its_own_class() -> None:
    assert worldmap.level(float("nan"), (0.1, 1.0)) == "na"


def test_the_legend_names_every_class_that_can_occur() -> None:
    for values in ([-9.8, 0.002, 0.03, 0.4], [0.01], [], [-0.2, 0.25]):
        bounds = worldmap.limits(values)
        named = {key.level for key in worldmap.legend(bounds)}
        assert {worldmap.level(value, bounds) for value in values} <= named


def test_the_map_tells_each_scenario_in_the_classes_of_its_numbers(
    build_results: Callable[..., StudyResults],
) -> None:
    view = View(build_results(regions=list(codes.REGIONS)))
    drawn = worldmap.build(view)
    russia = view.regions.index("RUS")
    assert len(drawn.levels) == len(view.manifest.scenarios)
    assert russia in drawn.levels[1]["l5"]
    assert "Russia −9.80%" in drawn.lines[1]

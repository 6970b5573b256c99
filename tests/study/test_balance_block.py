"""The balance in study files: what is read, what is refused and where."""

from datetime import date
from pathlib import Path

import pytest

import toy_balance_block as toy
from tula.evidence import InvalidFileError
from tula.study.balance.block import BalanceBlock
from tula.study.balance.lines import parameter_names
from tula.study.load import Study, check_study, examine_study, load_study

FIRST = toy.STUDY.split("balance:")[0].count("\n") + 1


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(str(toy.write(tmp_path_factory.mktemp("sound"))))


@pytest.fixture(scope="module")
def block(study: Study) -> BalanceBlock:
    assert study.balance is not None
    return study.balance


def problems_of(folder: Path, *changes: tuple[str, str]) -> list[tuple[int, str]]:
    """Line and message of all that is wrong once pieces of the balance are replaced."""
    before, balance = toy.STUDY.split("balance:\n")
    for old, new in changes:
        assert old in balance
        balance = balance.replace(old, new, 1)
    found = check_study(toy.write(folder, f"{before}balance:\n{balance}"))
    return [(problem.place.line, problem.message) for problem in found]


def line_of(text: str) -> int:
    """The line on which a text of the balance stands first."""
    before, balance = toy.STUDY.split("balance:\n")
    assert text in balance
    return (before + "balance:\n" + balance.split(text)[0]).count("\n") + 1


def test_a_sound_balance_has_no_problems(tmp_path: Path) -> None:
    assert check_study(toy.write(tmp_path)) == []


def test_a_study_without_a_balance_has_none(tmp_path: Path) -> None:
    plain = toy.STUDY.split("balance:\n")[0]
    assert load_study(str(toy.write(tmp_path, plain))).balance is None


def test_the_pivot_is_that_of_the_study(block: BalanceBlock) -> None:
    assert block.inputs.pivot == "IND"


def test_a_situation_called_after_a_scenario_takes_its_words(block: BalanceBlock) -> None:
    told = {one.id: (one.title, one.hook) for one in block.inputs.situations}
    assert told["S0"] == ("Nothing", "Nothing happens.")
    assert told["NOW"] == ("As things stand", "A duty stands.")


def test_words_of_its_own_come_before_those_of_the_scenario(tmp_path: Path) -> None:
    own = toy.STUDY.replace("{id: S0, course: keep", "{id: S0, title: Calm, course: keep")
    block = load_study(str(toy.write(tmp_path, own))).balance
    assert block is not None
    (calm,) = [one for one in block.inputs.situations if one.id == "S0"]
    assert (calm.title, calm.hook) == ("Calm", "Nothing happens.")


def test_days_are_days(block: BalanceBlock) -> None:
    assert block.inputs.announced == date(2025, 12, 12)
    assert block.inputs.demands[0].date == date(2025, 8, 6)


def test_demands_keep_the_facts_they_cite(block: BalanceBlock) -> None:
    assert block.demand_evidence == {"oil": ("F01",)}


def test_moves_stand_beside_what_each_scenario_states_itself(
    study: Study, block: BalanceBlock
) -> None:
    assert set(block.moves) == {"HARDER", "TURN"}
    assert block.move_titles["TURN"] == "No more American goods"
    assert set(block.stated) == set(study.instruments) | {"HARDER", "TURN"}
    assert len(block.stated["S1"]) == len(block.stated["HARDER"]) == 1
    assert block.stated["J"] == ()
    assert len(study.instruments["J"]) == 2


def test_every_uncertain_number_keeps_what_it_rests_on(block: BalanceBlock) -> None:
    grounds = {one.key: one for one in block.grounds}
    assert grounds["threats.penalty.size"].ground.evidence == ("F01",)
    assert grounds["events.listed.chance"].ground.reason == "Nobody knows."
    assert grounds["elasticities.lost"].number.text == "1 (0.5 to 3)"


def test_thresholds_are_definitions_and_rest_on_nothing(block: BalanceBlock) -> None:
    keys = [one.key for one in block.grounds]
    assert not [key for key in keys if key.startswith(("rules", "confidence", "demands"))]


def test_titles_and_notes_are_kept(block: BalanceBlock) -> None:
    assert block.titles["size.penalty"] == "size of the duty"
    assert block.notes == ("Russia asks for nothing.",)


def test_the_world_of_the_game_has_elasticities_of_its_own(block: BalanceBlock) -> None:
    assert block.elasticities.horizon is not None
    assert block.elasticities.horizon.years.text == "1 (0.5 to 5)"


def test_any_closure_of_the_study_can_be_announced(tmp_path: Path) -> None:
    text = toy.STUDY.replace("closure: fixed\n  moves", "closure: balanced\n  moves")
    block = load_study(str(toy.write(tmp_path, text))).balance
    assert block is not None
    assert block.closure == "balanced"


def test_parameters_are_named_once_with_their_groups(study: Study, block: BalanceBlock) -> None:
    oil = next(tie.model for tie in study.ties if tie.kind == "oil")
    names = parameter_names(block.inputs, oil)
    assert len(set(names)) == len(names)
    assert {"scale", "chance.listed", "premiums", "oil", "rails"} <= set(names)
    assert {"rails.worst_coverage", "rails.worst_loss"} <= set(names)
    assert "rails.value_to_pivot" not in names


#: Names that nothing has: a piece of the balance, what takes its place, words of the message.
NAMES = [
    ("scenarios: [S1]", "scenarios: [S9]", "unknown scenario or move 'S9'"),
    ("closure: fixed", "closure: fixd", "closure of the study 'fixd'; did you mean 'fixed'"),
    ("closure: fixed", "closure: proportional", "unknown closure of the study 'proportional'"),
    ("closure: fixed", "closure: 1", "expected the name of a closure, got 1"),
    ("closure: fixed", "", "key 'closure' is missing: one of the study's closures"),
    ("scenarios: [TURN]", "scenarios: [TURNS]", "did you mean 'TURN'"),
    ("scenarios: [S1]", "scenarios: [S0]", "'S0' states no instruments itself"),
    ("scenarios: [S1]", "scenarios: [J]", "name what it combines: S1, S2"),
    ("tie: crude-tie}", "tie: crude-ties}", "unknown tie 'crude-ties'"),
    ("oil: crude-tie", "oil: rails", "tie 'rails' is of kind settlement; a tie of kind oil"),
    ("channels, tie: rails", "channels, tie: crude-tie", "a tie of kind settlement is needed"),
    ("roubles, tie: rails", "roubles, tie: trains", "unknown tie 'trains'"),
    ("adds: [{tie: rails", "adds: [{tie: tracks", "unknown tie 'tracks'"),
    ("line: value_to_pivot", "line: value_to_pivots", "no line 'value_to_pivots'"),
    ("line: value_to_pivot", "line: dependence", "rails has no line 'dependence'"),
    (
        "rival: USA, flow: exports",
        "rival: USB, flow: exports",
        "unknown region 'USB'; did you mean 'USA'",
    ),
    ("rival: USA\n      title: no crude", "rival: ROW\n      title: x", "unknown rival 'ROW'"),
    ("aligned_with: USA", "aligned_with: IND", "unknown rival 'IND'"),
    ("player: USA", "player: first_two", "unknown region 'first_two'"),
    ("stops_sales_of: [goods]", "stops_sales_of: [gods]", "unknown sector 'gods'"),
    ("exports, sectors: [goods]", "exports, sectors: [CAR]", "unknown sector 'CAR'"),
    ("sector: OIL", "sector: goods", "unknown sector 'goods'"),
]

#: What makes no sense: a piece of the balance, what takes its place, words of the message.
SENSE = [
    ("hypothetical: true", "hypothetical: false", "RUS has no demand in the list"),
    ("name: break-off", "name: main", "rule 'main' stands twice"),
    ("title: As things stand, ", "", "situation 'NOW' is no scenario of the study"),
    ("hook: A duty stands., ", "", "give it a hook"),
    (toy.CLOSES, "", "event 'closed' does nothing"),
    (
        "grades: {value: 9, low: 4,",
        "grades: {value: 9, low: 5,",
        "less one, range included: 9",
    ),
    ("sales_of: [goods]}", "sales_of: [goods], size: 2}", "size needs scenarios"),
    ("scenarios: [HARDER]}\n  ", "scenarios: [TURN], size: 2}\n  ", "size needs added rates"),
    ("- {rival: RUS, title: no more sales", "- {rival: USA, title: x", "'USA' stands twice"),
    ("- {rival: RUS, title: no more sales", "- {rival: USA, title: x", "'RUS' has no powers"),
    ("rival: USA\n      demand", "rival: RUS\n      demand", "'oil' is of USA, not RUS"),
    ("rival: RUS, flow: oil", "rival: USA, flow: oil", "'crude-tie' is with RUS, not with USA"),
    ("player: USA, scenarios: [HARDER]", "player: USA, scenarios: [S1]", "it counts twice"),
    ("id: harder, title: more duty", "id: 'a.b', title: x", "'id': must be a short name"),
    ("title: payments in roubles", "title: ''", "'title': must be text that is not empty"),
    ("player: USA, scenarios: [HARDER]", "player: USA, scenarios: []", "'harder' does nothing"),
    (
        "oil: true\n",
        "oil: true\n      loss: {tie: rails, line: worst_loss}\n",
        "a loss is that of closed channels",
    ),
]

RANGE = "balance.threats.penalty.persistence is assumed: give its range"
#: What hides other faults, or is hidden by them: the same.
ALONE = [
    ("scenarios: [S1]", "scenarios: []", "'penalty' does nothing"),
    ("flow: channels, tie: rails", "flow: imports, sectors: [SER]", "read from channels"),
    ("demand: oil", "demand: coal", "threat penalty: demand 'coal' is not listed"),
    ("hook: Rails are built.\n      course: keep", "hook: x\n      course: kep", "course 'kep'"),
    ("tie: crude\n", "tie: cruder\n", "demand oil: tie 'cruder'"),
    (", reason: Studies differ.", "", "balance.elasticities.scale rests on nothing"),
    ("1.2, evidence: [F01]", "1.2, evidense: [F01]", "'evidense'; did you mean 'evidence'"),
    ("1.2, evidence: [F01]", "1.2, evidence: [F91]", "unknown fact 'F91'"),
    ("confidence: 0.9", "confidence: '0.9'", "must be a number, not '0.9'"),
    ("confidence: 0.9", "confidence: 1.2", "less than 1"),
    ("persistence: {value: 0.6, low: 0.25, high: 1,", "persistence: {value: 0.6,", RANGE),
    ("persistence: {value: 0.6", "persistence: {value: 6", "the value 6 lies outside its own"),
    ("high: 1, reason: Duties", "high: 2, reason: Duties", "share between 0 and 1"),
    ("honoured:", "honored:", "unknown key 'honored'; did you mean 'honoured'"),
    ("  confidence: 0.9\n", "", "key 'confidence' is missing"),
    ("announced: 2025-12-12", "announced: [2025]", "must be a day"),
    ("ceiling: 0,", "ceiling: '0',", "must be a number, not '0'"),
    ("moves:\n    - id: HARDER", "moves:\n    - HARDER\n    - id: HARDER", "write the move as"),
    ("titles: {scale:", "titles: {scales:", "unknown parameter 'scales'; did you mean 'scale'"),
    ("name: main", "name: ''", "'name': must be a short name"),
]

#: What the file says wrongly wherever it stands: the same.
WRITTEN = [
    ("      evidence: [F01]\n  critical", "  critical", "demand 'oil' must cite facts"),
    ("evidence: [F01]\n  critical", "evidence: 3\n  critical", "must be a list of fact ids"),
    ("announced: 2025-12-12", "announced: 2025-12-13", "announced 2025-12-13 is after"),
    ("date: 2025-08-06", "date: 2026-02-07", "date 2026-02-07 is after 2025-12-12"),
    ("date: 2025-08-06", "date: August", "'date': must be a day such as 2025-12-12"),
    ("date: 2025-08-06", "date: 0", "'date': must be a day such as 2025-12-12, not 0"),
    ("oil: crude-tie", "pivot: IND\n  oil: crude-tie", "is not written again"),
    ("- id: TURN", "- id: S2", "'S2' is the id of a scenario"),
    ("- id: TURN", "- id: HARDER", "move 'HARDER' stands twice"),
    ("title: No more American goods", "titel: x", "unknown key 'titel'; did you mean 'title'"),
    ("sectors: MAN, evidence: [F02]", "sectors: MAN", "embargo rests on nothing"),
    ("add: {value: 100 pp", "add: {value: 1000 pp", "lies outside its own range"),
    ("notes: [Russia asks for nothing.]", "notes: none", "notes must be a list of texts"),
    ("set: world", "set: worlds", "unknown elasticity set 'worlds'"),
    ("set: world", "set: world\n    technology: {among_inputs: 1}", "has no technology"),
    (", reason: the next year", "", "balance.world.horizon.years rests on nothing"),
]


BOTH, PLAYER = "rivals: [Region USA, Region RUS]", "player: Region USA"


def packed(cases: list[tuple[str, str, str]]) -> list[list[tuple[str, str, str]]]:
    """Cases in as few lists as their pieces allow: a file with many faults tells them all."""
    lists: list[list[tuple[str, str, str]]] = []
    for case in cases:
        apart = (one for one in lists if all(_apart(case[0], other[0]) for other in one))
        fitting = next(apart, None)
        if fitting is None:
            lists.append([case])
        else:
            fitting.append(case)
    return lists


def _apart(one: str, other: str) -> bool:
    """Whether two pieces of the balance do not share a line."""
    first, second = ({*range(line_of(text), line_of(text) + text.count("\n") + 1)}
                     for text in (one, other))  # fmt: skip
    return not first & second


GROUPS = [*packed(NAMES), *packed(WRITTEN), *packed(SENSE), *([case] for case in ALONE)]


@pytest.mark.parametrize("cases", GROUPS)
def test_what_is_wrong_is_told_in_the_block(
    tmp_path: Path, cases: list[tuple[str, str, str]]
) -> None:
    found = problems_of(tmp_path, *((old, new) for old, new, _ in cases))
    messages = [message for _, message in found]
    for _, _, expected in cases:
        assert any(expected in message for message in messages), (expected, messages)
    assert all(line >= FIRST for line, _ in found)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("scenarios: [S1]", "scenarios: [S9]", "scenarios: [S1]"),
        ("demand: oil", "demand: coal", "demand: oil"),
        ("rival: RUS, flow: oil", "rival: USA, flow: oil", "{id: crude, title"),
        ("date: 2025-08-06", "date: 2026-02-07", "date: 2025-08-06"),
        ("line: value_to_pivot", "line: dependence", "line: value_to_pivot"),
        ("titles: {scale:", "titles: {scales:", "titles: {scale:"),
        ("honoured: {value: 0.5", "honoured: {value: 5", "honoured: {value: 0.5"),
    ],
)
def test_problems_stand_at_the_line_they_are_about(
    tmp_path: Path, old: str, new: str, at: str
) -> None:
    assert line_of(at) in [line for line, _ in problems_of(tmp_path, (old, new))]


def test_countries_may_go_by_any_usual_name(tmp_path: Path, block: BalanceBlock) -> None:
    named = toy.STUDY.replace("rival: USA", "rival: Region USA").replace("rivals: [USA, RUS]", BOTH)
    named = named.replace("pivot: IND", "pivot: Region IND").replace("player: USA", PLAYER)
    named = named.replace("partner: RUS", "partner: Region RUS")
    found = load_study(str(toy.write(tmp_path, named))).balance
    assert found is not None
    assert found.inputs == block.inputs


def test_a_fault_is_found_once(tmp_path: Path) -> None:
    changed = toy.STUDY.replace("{tie: rails, line: worst", "{tie: tracks, line: worst")
    _, problems = examine_study(toy.write(tmp_path, changed))
    assert sum("unknown tie 'tracks'" in one.message for one in problems) == 1


def test_only_added_rates_can_be_larger_or_smaller(tmp_path: Path) -> None:
    ((line, message),) = problems_of(tmp_path, ("scenarios: [S1]", "scenarios: [S2]"))
    assert line == line_of("scenarios: [S1]")
    assert message.startswith("size needs added rates, and 'S2' has another instrument")


def test_a_threat_of_one_size_may_do_anything(tmp_path: Path) -> None:
    one = ("      size: {value: 1, low: 0.9, high: 1.2, evidence: [F01]}\n", "")
    titles = (", size.penalty: size of the duty", "")
    changes = (one, titles, ("scenarios: [S1]", "scenarios: [S2]"))
    assert problems_of(tmp_path, *changes) == []


def test_a_demand_may_not_rest_on_a_fact_of_a_later_day(tmp_path: Path) -> None:
    late = toy.EVIDENCE.replace("date: '2025-08-06'", "date: '2026-01-06'", 1)
    found = check_study(toy.write(tmp_path, evidence=late))
    lines = {one.place.line for one in found if "is dated 2026-01-06, after" in one.message}
    assert {line_of("      evidence: [F01]\n  critical"), line_of("      size: {")} <= lines


def test_a_fact_only_the_balance_cites_is_not_called_unused(tmp_path: Path) -> None:
    facts = toy.EVIDENCE + toy.EVIDENCE.split("facts:\n")[1].split("  - id: F02")[0].replace(
        "F01", "F03"
    )
    cited = toy.STUDY.replace("high: 39, evidence: [F02]", "high: 39, evidence: [F03]")
    assert check_study(toy.write(tmp_path, cited, facts)) == []


def test_instruments_that_contradict_each_other_in_a_situation_are_told(tmp_path: Path) -> None:
    body = "importer: USA, exporter: IND, sectors: MAN, evidence: [F02]"
    moves = "".join(
        f"    - id: SET{rate}\n      title: Set\n      instruments:\n"
        f"        - tariff: {{{body}, set: {rate}%}}\n"
        for rate in (10, 20)
    )
    together = "course: keep, standing: false, scenarios: [SET10, SET20]"
    changes = (("  rules:", f"{moves}  rules:"), ("course: keep, standing: false", together))
    assert any(
        message.startswith("situation 'S0': ") for _, message in problems_of(tmp_path, *changes)
    )


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    study = toy.STUDY.replace("scenarios: [S1]", "scenarios: [S9]")
    study = study.replace("aligned_with: USA", "aligned_with: IND")
    study = study.replace(", reason: A judgement.", "")
    with pytest.raises(InvalidFileError) as caught:
        load_study(str(toy.write(tmp_path, study)))
    for expected in ("'S9'", "unknown rival 'IND'", "elasticities.lost rests on nothing"):
        assert expected in str(caught.value)


@pytest.mark.parametrize(
    "written",
    [
        "balance:\n",
        "balance: {}\n",
        "balance: [1]\n",
        "balance: soon\n",
        "balance: {moves: [1], rules: 3, demands: x, situations: [4], titles: [5], notes: 7}\n",
        "balance: {critical: {a: 1}, courses: [[1]], threats: [null], powers: [{rival: [1]}]}\n",
        "balance: {world: 3, oil: [1], elasticities: 1e400, evidence: 4, assumptions: [5]}\n",
        "balance: {situations: [{id: [S0], adds: [3], scenarios: {a: b}}], announced: {}}\n",
        "balance: {moves: [{id: 3, instruments: 4}, {id: A, instruments: [5]}], hedges: [{}]}\n",
    ],
)
def test_whatever_stands_there_is_refused_in_words(tmp_path: Path, written: str) -> None:
    path = toy.write(tmp_path, toy.STUDY.split("balance:\n")[0] + written)
    found = check_study(path)
    assert found
    assert all(one.message and one.place.line >= FIRST for one in found if not one.warning)
    with pytest.raises(InvalidFileError):
        load_study(str(path))


def test_faults_elsewhere_do_not_hide_those_of_the_balance(tmp_path: Path) -> None:
    study = toy.STUDY.replace("world: toy.nc", "world: none.nc")
    study = study.replace("aligned_with: USA", "aligned_with: IND")
    messages = [one.message for one in check_study(toy.write(tmp_path, study))]
    assert any("none.nc" in message for message in messages)
    assert any("unknown rival 'IND'" in message for message in messages)


@pytest.mark.parametrize("name", ["india-2025", "turkey-2025"])
def test_the_balance_of_a_built_in_study_is_sound(name: str) -> None:
    study = load_study(name)
    assert study.balance is not None
    inputs = study.balance.inputs
    assert [rule.name for rule in inputs.rules] == ["main", "loose", "tight", "strict", "break-off"]
    assert {power.rival for power in inputs.powers} == set(study.file.rivals)
    assert study.file.on is not None
    assert all(demand.date <= study.file.on for demand in inputs.demands)
    oil = next(tie.model for tie in study.ties if tie.model.id == inputs.oil)
    assert set(study.balance.titles) <= set(parameter_names(inputs, oil))

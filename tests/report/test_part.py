import json
from io import StringIO

import pandas as pd

from made_answer import answer
from tula.report.part import csv, embedded


def test_numbers_taken_away_are_those_that_were_found() -> None:
    table = pd.read_csv(StringIO(csv(answer().ties)))
    assert list(table["id"]) == ["fuel", "cloth", "paying"]
    assert list(table["kept low"]) == [one.kept.low for one in answer().ties]


def test_data_in_the_page_cannot_end_its_script() -> None:
    hostile = {"a": "</script><b>"}
    assert "<" not in embedded(hostile)
    assert json.loads(embedded(hostile)) == hostile


def test_lists_of_records_stand_in_no_csv() -> None:
    text = csv(answer().who)
    assert text.splitlines()[0] == "id,title,beside,before,change,percent"

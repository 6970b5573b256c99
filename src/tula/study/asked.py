"""The question of a study about its balance, put to its world."""

from __future__ import annotations

from concurrent.futures import Executor

from tula.equilibrium.closures import CLOSURES
from tula.errors import TulaError
from tula.numbers.quantity import Quantity
from tula.policy.duties import DutiesOfDay
from tula.strategy.answer.answer import answer
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.result import Answer
from tula.strategy.rank import rank
from tula.strategy.ranking import Ranking, page_data
from tula.strategy.replace import Replace
from tula.study.load import Study
from tula.study.remade import remade


class NoQuestionError(TulaError):
    """A study asks nothing about its balance. Give it an ``answer`` block."""


def answered(study: Study, draws: int, executor: Executor | None = None) -> Answer:
    """Return the answer to what a study asks, over that many draws of its beliefs.

    Raises ``NoQuestionError``, and the errors of ``tula.strategy.answer.answer``.
    """
    asked = study.file.answer
    if asked is None:
        raise NoQuestionError(f"study {study.file.id!r} has no answer block")
    found = answer(
        asked,
        study.economy,
        remade({name: study.instruments[name] for name in asked.scenarios}, study.grounds),
        draws=draws,
        seed=study.file.seed,
        duties=study.table,
        executor=executor,
    )
    return found.model_copy(update={"others": others(study, asked, executor)})


def others(study: Study, asked: AnswerInputs, executor: Executor | None = None) -> Ranking:
    """Return how every region stands between the rivals: ``tula rank`` with the study's beliefs.

    Under the duties of the announced day, each rival taken to keep its word, supply free. Errors
    are those of ``rank``.
    """
    own = {one.sector: _ends(one.replace) for one in asked.commodities}
    day = asked.announced if asked.duties == "day" else None
    found = rank(
        study.economy,
        *asked.rivals,
        replace=Replace(*_ends(asked.replace), own),
        duties=None if day is None else DutiesOfDay(day, study.table),
        closure=CLOSURES[asked.closure],
        executor=executor,
    )
    return page_data(found, "" if day is None else day.isoformat())


def _ends(one: Quantity) -> tuple[float, float, float]:
    return one.value, one.low, one.high

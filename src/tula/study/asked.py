"""The question of a study about its balance, put to its world."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import date
from typing import Any

from tula.equilibrium.closures import CLOSURES
from tula.errors import TulaError
from tula.live import FullEngineError
from tula.numbers.quantity import Quantity
from tula.policy.duties import DutiesOfDay
from tula.strategy.answer.answer import begin, prepared
from tula.strategy.answer.beliefs import FEWEST
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.live import live
from tula.strategy.answer.proofs import StandTold
from tula.strategy.answer.result import Answer
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.shared import begun
from tula.strategy.answer.stand import Asked, stand
from tula.strategy.rank import Ranked, ranked
from tula.strategy.ranking import Ranking, page_data
from tula.strategy.replace import Replace
from tula.study.load import Study
from tula.study.remade import remade

#: Text that a world may take on the page of a study.
WORLD_BYTES = 640_000


class NoQuestionError(TulaError):
    """A study asks nothing about its balance. Give it an ``answer`` block."""


def asks(study: Study) -> bool:
    """Whether a study asks a question, and its author has decided what it rests on."""
    return study.file.answer is not None and not study.undecided


def answered(study: Study, draws: int, executor: Executor | None = None) -> Answer:
    """Return the answer to what a study asks, over that many draws of its beliefs.

    Raises ``NoQuestionError``, and the errors of ``tula.strategy.answer.answer``.
    """
    return begin_answer(study, draws, executor)()


def begin_answer(
    study: Study, draws: int, executor: Executor | None = None
) -> Callable[[], Answer]:
    """Begin to look for the answer, and return how to wait for it; errors as ``answered``."""
    asked, scenarios = _question(study)
    under_way = begin(
        asked,
        study.economy,
        scenarios,
        draws=draws,
        seed=study.file.seed,
        duties=study.table,
        executor=executor,
    )
    beside = begun(_others, study, (asked,), executor)

    def told() -> Answer:
        answer, (found,) = under_way(), beside()
        return answer.model_copy(update={"others": _ranking(found, asked)})

    return told


def others(study: Study, asked: AnswerInputs) -> Ranking:
    """Return how every region stands between the rivals: ``tula rank`` with the study's beliefs.

    Under the duties of the announced day, each rival taken to keep its word to all as to the pivot,
    supply free. Errors are those of ``rank``.
    """
    return _ranking(_others(study, asked), asked)


def _others(study: Study, asked: AnswerInputs) -> Ranked:
    own = {one.sector: _ends(one.replace) for one in asked.commodities}
    day = _day(asked)
    return ranked(
        study.economy,
        asked.rivals,
        Replace(*_ends(asked.replace), own),
        CLOSURES[asked.closure],
        duties=None if day is None else DutiesOfDay(day, study.table),
        keeps_word={name: one.keeps_word.value for name, one in asked.break_offs.items()},
    )


def _ranking(found: Ranked, asked: AnswerInputs) -> Ranking:
    day = _day(asked)
    return page_data(found.data, "" if day is None else day.isoformat())


def _day(asked: AnswerInputs) -> date | None:
    return asked.announced if asked.duties == "day" else None


def _ends(one: Quantity) -> tuple[float, float, float]:
    return one.value, one.low, one.high


def live_of(study: Study) -> dict[str, Any]:
    """Return the question of a study for the engine of its page, as plain data.

    Where the page cannot solve it, the entry ``full`` alone says why. Errors as ``answered``.
    """
    asked, scenarios = _question(study)
    task, drawn, _ = prepared(asked, study.economy, scenarios, FEWEST, study.file.seed, study.table)
    try:
        return live(task, drawn, WORLD_BYTES)
    except FullEngineError as refusal:
        return {"full": str(refusal)}


def stand_of(study: Study, situation: Asked) -> StandTold:
    """Return what one situation of a study's question leaves.

    Errors as ``tula.strategy.answer.stand.stand``; ``NoQuestionError``.
    """
    asked, scenarios = _question(study)
    return stand(asked, study.economy, scenarios, situation, study.table)


def _question(study: Study) -> tuple[AnswerInputs, dict[str, Scenario]]:
    asked = study.file.answer
    if asked is None:
        raise NoQuestionError(f"study {study.file.id!r} has no answer block")
    named = {name: study.instruments[name] for name in asked.scenarios}
    return asked, remade(named, study.grounds)

"""The question of a study about its balance, put to its world."""

from __future__ import annotations

from concurrent.futures import Executor

from tula.errors import TulaError
from tula.strategy.answer.answer import answer
from tula.strategy.answer.result import Answer
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
    return answer(
        asked,
        study.economy,
        remade({name: study.instruments[name] for name in asked.scenarios}, study.grounds),
        draws=draws,
        seed=study.file.seed,
        duties=study.table,
        executor=executor,
    )

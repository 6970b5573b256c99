"""Whether what a study asks can be answered, as far as its file and its world tell."""

from __future__ import annotations

from collections.abc import Mapping

from tula.equilibrium.calibration import Calibration
from tula.evidence import Document, Problem
from tula.file.grounds import SET, Grounds
from tula.numbers.record import quantities
from tula.policy.duties import DutyTable
from tula.strategy.answer.askable import Faults, unanswerable
from tula.strategy.answer.inputs import AnswerInputs
from tula.study.instruments import Grounded
from tula.study.remade import remade

#: Key of a study under which it asks.
KEY = "answer"


#: What is said of a move whose belief is set.
LEFT_OUT = "is left out: it changes"


class MoveLeftOutWarning(UserWarning):
    """A belief that a move changes is set for a run, which leaves the move out."""


def without_set(inputs: AnswerInputs, document: Document) -> tuple[AnswerInputs, list[Problem]]:
    """Return the question without moves that change a belief set for this run, and which they were.

    Such a belief is known, and what would come of changing it is not drawn.
    """
    left, told = list(inputs.moves), list[Problem]()
    for place, move in enumerate(inputs.moves):
        known = [name for name in move.beliefs if _is_set(document.at(("beliefs", name)))]
        if known:
            left.remove(move)
            message = f"move {move.id!r} {LEFT_OUT} {known[0]!r}, set for this run"
            at = document.key_place((KEY, "moves", place))
            told.append(Problem(at, message, warning=True))
    return (inputs.model_copy(update={"moves": tuple(left)}) if told else inputs), told


def _is_set(belief: object) -> bool:
    return isinstance(belief, dict) and belief.get("reason") == SET


def unaskable(
    inputs: AnswerInputs,
    instruments: Mapping[str, tuple[Grounded, ...]],
    document: Document,
    grounds: Grounds,
    world: Calibration | None,
    table: DutyTable | None,
) -> list[Problem]:
    """Return every reason why there can be no answer, each at its place.

    ``instruments`` by scenario; of those that are not known nothing is said, nor of trade and
    duties without a ``world``, nor of duties without their ``table``.
    """
    drawn = {one.belief for one in quantities(inputs).values() if one.ranged}
    found = Faults()
    used = {one.path: one for name in inputs.scenarios for one in instruments.get(name, ())}
    for one in used.values():
        with found.at(*one.path):
            (made,) = remade({"": (one,)}, grounds).values()
            drawn |= {leaf.number.belief for leaf in made.leaves}
    asked = unanswerable(inputs, drawn, world, table)
    told = [*found.told, *(((KEY, *path), message) for path, message in asked)]
    return [Problem(document.key_place(path), message) for path, message in told]

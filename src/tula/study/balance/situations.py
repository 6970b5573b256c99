"""A situation as it was judged, written down with the study's words."""

from __future__ import annotations

from tula.strategy.balance.inputs import Situation
from tula.strategy.balance.model import Judged
from tula.study.balance.records import Loss, SituationRecord, TieState, VerdictRecord
from tula.study.balance.table import block_of
from tula.study.load import Study


def situation_record(study: Study, asked: Situation, judged: Judged, gdp: float) -> SituationRecord:
    """Write down a judged situation of a study that has a balance; ``gdp`` of the pivot, bn USD.

    One that is a scenario of the study has that scenario's words.
    """
    words = {one.id: one for one in study.file.scenarios}.get(asked.id)
    full = judged.losses["full"]
    return SituationRecord(
        id=asked.id,
        title=asked.title or (words.title if words else asked.id),
        hook=asked.hook or (words.hook if words else ""),
        course=asked.course,
        in_force=in_force(study, asked),
        income=judged.income,
        price=judged.price,
        price_of_gdp=judged.price / gdp,
        ties=tuple(
            TieState(id=tie.id, title=tie.title, rival=tie.rival, kept=judged.kept[tie.id])
            for tie in block_of(study).inputs.critical
        ),
        losses=tuple(
            Loss(rival=rival, law=lost, full=full[rival])
            for rival, lost in judged.losses["law"].items()
        ),
        verdicts=tuple(
            VerdictRecord(rule=name, state=found.state.value, by=found.by)
            for name, found in judged.verdicts.items()
        ),
    )


def in_force(study: Study, asked: Situation) -> tuple[str, ...]:
    """Titles of what stands in a situation whatever the pivot does, then of the threats there."""
    block = block_of(study)
    titles = {**block.move_titles, **{one.id: one.title for one in study.file.scenarios}}
    standing = [titles[name] for name in block.inputs.standing if asked.standing]
    return (*standing, *(one.title for one in block.inputs.threats if one.id in asked.threats))

"""Ties valued in a run: their accounts, and the records of what these rest on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tula.errors import TulaError
from tula.numbers.estimate import Estimate
from tula.study.accounts import by_size
from tula.study.load import Study
from tula.study.manifest import TieRecord
from tula.study.ties import Tie
from tula.ties.account import HEAD, TieAccount
from tula.ties.kinds import KINDS, Setting


def value(tie: Tie, setting: Setting) -> TieAccount | str:
    """Return the account of a tie, or why it has none."""
    try:
        account = KINDS[tie.kind].account(tie.model, setting)
    except TulaError as error:
        return f"{type(error).__name__}: {error}"
    missing = _not_finite(account)
    return f"no finite number for {', '.join(missing)}" if missing else account


@dataclass
class Valued:
    """Accounts of a study's ties as they are made; records in their order.

    After them come the failures.
    """

    made: list[tuple[TieAccount, TieRecord]] = field(default_factory=list)
    failed: list[TieRecord] = field(default_factory=list)

    def add(self, tie: Tie, study: Study, found: TieAccount | str) -> None:
        """Take in what valuing a tie gave."""
        if isinstance(found, str):
            self.failed.append(_record(tie, study, found))
        else:
            self.made.append((found, _record(tie, study)))

    @property
    def accounts(self) -> tuple[TieAccount, ...]:
        """The accounts, the largest worth to the pivot first."""
        return by_size(account for account, _ in self.made)

    @property
    def records(self) -> tuple[TieRecord, ...]:
        """The records in the order of the accounts; then of ties without one."""
        records = {id(account): record for account, record in self.made}
        return (*(records[id(account)] for account in self.accounts), *self.failed)


def _not_finite(account: TieAccount) -> list[str]:
    """Names of the numbers of an account that are no numbers."""
    told: dict[str, Estimate] = {name: getattr(account, name) for name in HEAD}
    return [
        name
        for name, one in (told | account.details).items()
        if not all(map(math.isfinite, (one.central, one.low, one.high)))
    ]


def _record(tie: Tie, study: Study, failure: str = "") -> TieRecord:
    return TieRecord(
        id=tie.model.id,
        kind=tie.kind,
        title=tie.model.title,
        partner=tie.model.partner,
        notes=tie.model.notes,
        numbers=tuple(study.number(one) for one in tie.numbers),
        failure=failure,
    )

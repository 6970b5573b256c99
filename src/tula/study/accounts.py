"""Accounts of ties on disk: JSON whose bytes depend on nothing but the numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import TypeAdapter

from tula.ties.account import TieAccount

_ACCOUNTS = TypeAdapter(tuple[TieAccount, ...])


def by_size(accounts: Iterable[TieAccount]) -> tuple[TieAccount, ...]:
    """Accounts by what the tie is worth to the pivot at central values, largest first, signs
    aside; then by tie and partner."""
    return tuple(
        sorted(
            accounts,
            key=lambda one: (-abs(one.value_to_pivot.central), one.tie, one.partner),
        )
    )


def write_accounts(accounts: tuple[TieAccount, ...]) -> str:
    """Return accounts as JSON text. ``ValueError`` if a number is not finite."""
    content = _ACCOUNTS.dump_python(accounts, mode="json")
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_accounts(text: str) -> tuple[TieAccount, ...]:
    """Return what ``write_accounts`` wrote; ``pydantic.ValidationError`` for anything else."""
    return _ACCOUNTS.validate_json(text)

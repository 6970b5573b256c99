"""Records as JSON text."""

from __future__ import annotations

import json

from pydantic import BaseModel


def json_text(record: BaseModel | None, *, sort: bool = True) -> str:
    """A record as JSON text, its names sorted or as they stand: equal records give equal bytes."""
    content = None if record is None else record.model_dump(mode="json")
    return json.dumps(content, indent=2, sort_keys=sort, ensure_ascii=False, allow_nan=False) + "\n"

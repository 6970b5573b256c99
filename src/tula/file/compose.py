"""The tree of nodes of a YAML 1.2 text.

It is that of ruamel.yaml's own parser. Where libyaml is installed it makes the same tree of plain
texts ten times as fast. Any other text, and all that libyaml refuses, is left to the former, whose
complaints are those told.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode
from ruamel.yaml.resolver import Resolver

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:
    CParser = None

#: What libyaml reads in another way: tabs, line breaks of YAML 1.1, marks of byte order, lines of
#: blanks alone, ends of documents, and comments where the head of a block ends.
_APART = re.compile(
    r"[^\n -~\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"|^ +$|^\.\.\.|[|>][-+\d]*#",
    re.M,
)


def compose(text: str) -> Any:
    """Return the root node, None where there is none; ``YAMLError`` or ``ValueError``."""
    if CParser is not None and not _APART.search(text):
        with suppress(YAMLError, ValueError, RecursionError):
            root = _Quick(text).get_single_node()
            if isinstance(root, MappingNode):
                return root
    return YAML(typ="safe", pure=True).compose(text)


class _Quick(Composer):
    """Nodes from the events of libyaml; ``YAMLError`` for those it places elsewhere."""

    max_depth = 0

    def __init__(self, text: str) -> None:
        self._parser, self._resolver = CParser(text), Resolver()
        super().__init__(loader=self)

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self._parser.peek_event()
        empty = getattr(event, "value", None) == "" and event.style not in ("'", '"')
        if empty or event.anchor or event.tag:
            raise YAMLError
        return super().compose_node(parent, index)

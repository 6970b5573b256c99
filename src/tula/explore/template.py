"""Templates of Jinja as functions of JavaScript, so that a page writes what the library writes.

What the templates of a study use is known: output, ``for``, ``if``, ``set``, macros, and filters of
the same names in ``script/study.js``. Anything else is refused when the page is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from jinja2 import Environment, meta, nodes

from tula.errors import TulaError


class UntranslatedError(TulaError):
    """A template uses what is not known in JavaScript. Say it with what is, or add it here."""


def javascript(environment: Environment, name: str) -> str:
    """Return a template as a JavaScript function from what it is given, by name, to its text.

    Raises ``UntranslatedError``.
    """
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, name)
    tree = environment.parse(source)
    free = ", ".join(sorted(meta.find_undeclared_variables(tree)))
    return f"({{ {free} }}) => {{\n{_block(tree.body)}}}"


def _block(body: Iterable[nodes.Node]) -> str:
    return f'let out = "";\n{"".join(map(_statement, body))}return out;\n'


def _statement(node: nodes.Node) -> str:
    match node:
        case nodes.Output():
            return "".join(f"out += {_text(one)};\n" for one in node.nodes)
        case nodes.For():
            target = f"({_target(node.target)}, loop) =>"
            kept = f"({_target(node.target)}) => yes({_value(node.test)})" if node.test else "null"
            body = f"{target} {{\n{_block(node.body)}}}"
            return f"out += each({_value(node.iter)}, {kept}, {body});\n"
        case nodes.If():
            rest = "".join(map(_statement, node.else_))
            for other in reversed(node.elif_):
                rest = (
                    f"if (yes({_value(other.test)})) {{\n{_all(other.body)}}} else {{\n{rest}}}\n"
                )
            return f"if (yes({_value(node.test)})) {{\n{_all(node.body)}}} else {{\n{rest}}}\n"
        case nodes.Assign():
            return f"const {_target(node.target)} = {_value(node.node)};\n"
        case nodes.Macro():
            names = ", ".join(one.name for one in node.args)
            return f"const {node.name} = ({names}) => {{\n{_block(node.body)}}};\n"
    raise UntranslatedError(f"line {node.lineno}: {type(node).__name__}")


def _all(body: Iterable[nodes.Node]) -> str:
    return "".join(map(_statement, body))


def _target(node: nodes.Node) -> str:
    if isinstance(node, nodes.Tuple):
        return f"[{', '.join(map(_target, node.items))}]"
    return _value(node)


def _text(node: nodes.Expr) -> str:
    return json.dumps(node.data) if isinstance(node, nodes.TemplateData) else _value(node)


def _value(node: nodes.Node | None) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Const():
            return json.dumps(node.value)
        case nodes.Getattr():
            return f"{_value(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{_value(node.node)}[{_value(node.arg)}]"
        case nodes.Concat():
            return f'[{", ".join(map(_value, node.nodes))}].join("")'
        case nodes.Or():
            return f"either({_value(node.left)}, {_value(node.right)})"
        case nodes.Not():
            return f"!yes({_value(node.node)})"
        case nodes.CondExpr():
            other = _value(node.expr2) if node.expr2 else '""'
            return f"(yes({_value(node.test)}) ? {_value(node.expr1)} : {other})"
        case nodes.Filter() if node.node is not None and not node.kwargs:
            given = ", ".join(map(_value, (node.node, *node.args)))
            return f"FILTERS.{node.name}({given})"
        case nodes.Call() if isinstance(node.node, nodes.Name) and not node.kwargs:
            return f"{node.node.name}({', '.join(map(_value, node.args))})"
    raise UntranslatedError(f"line {getattr(node, 'lineno', 0)}: {type(node).__name__}")

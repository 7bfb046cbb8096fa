# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutations of Python source: every small change of its meaning that tests should notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

_Replacement = tuple[ast.AST, str]

# The operators that replace one; negation first, then the limit.
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# Calls whose first argument is a type.
_CASTS = ("t.cast", "cast")
_CONDITIONAL = (ast.If, ast.While, ast.IfExp)
_REMOVABLE = (ast.Expr, ast.Raise, ast.AugAssign, ast.Delete, ast.Continue, ast.Break)


class Mutation(NamedTuple):
    """One change. function: qualified name of the function, empty on the level of the module.

    first, last: numbers of the changed lines, from 1.  before, after: the lines joined, without indentation.  lines: what
    replaces the lines.
    """

    function: str
    first: int
    last: int
    before: str
    after: str
    lines: str

    def apply(self, source: str) -> str:
        """A file after the change."""
        lines = source.splitlines(keepends=True)
        return "".join([*lines[: self.first - 1], self.lines, *lines[self.last :]])


def find_mutations(source: str) -> list[Mutation]:
    """All mutations of a file, in a fixed order. Texts for people, annotations and docstrings stay."""
    # Offsets of the syntax tree are in bytes of a line.
    lines = source.encode().splitlines(keepends=True)
    mutations = {_mutation(lines, scope, old, new) for scope, old, new in _replacements(ast.parse(source))}
    return sorted(m for m in mutations if m.before != m.after)


def _mutation(lines: list[bytes], scope: tuple[str, ...], node: ast.AST, new: str) -> Mutation:
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
    before = b"".join(lines[first - 1 : last])
    after = lines[first - 1][:start] + new.encode() + lines[last - 1][end:]
    return Mutation(".".join(scope), first, last, _joined(before), _joined(after), after.decode())


def _joined(lines: bytes) -> str:
    return " ".join(line.strip() for line in lines.decode().splitlines())


def _replacements(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], ast.AST, str]]:
    """The scope of each node that can be replaced, the node, and the new text."""
    waiting: list[tuple[tuple[str, ...], ast.AST]] = [((), tree)]
    while waiting:
        scope, node = waiting.pop()
        if _is_left_alone(node):
            continue
        for old, new in _replacements_of(node):
            yield scope, old, new
        inner = (
            (*scope, node.name) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else scope
        )
        waiting += [(inner, child) for child in _children(node)]


def _is_left_alone(node: ast.AST) -> bool:
    """Whether nothing in a node is a behavior: imports, docstrings, and blocks for type checkers."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in _CASTS:
        yield from node.args[1:]
        return
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list"):
            yield from (
                child for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST)
            )


def _replacements_of(node: ast.AST) -> Iterator[_Replacement]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield node, _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, _in_parentheses(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not _is_text(node.left):
        yield node, _changed(node, op=_OPERATORS[type(node.op)]())
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield from _negations(test)
    elif isinstance(node, ast.stmt):
        yield from _statements(node)
    if isinstance(node, _CONDITIONAL):
        yield from _negations(node.test)


def _comparisons(node: ast.Compare) -> Iterator[_Replacement]:
    for index, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            operators = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            yield node, _changed(node, ops=operators)


def _constants(node: ast.Constant) -> Iterator[_Replacement]:
    value = node.value
    if isinstance(value, bool):
        yield node, str(not value)
    elif isinstance(value, (int, float)):
        yield node, repr(value + 1)
    elif isinstance(value, str) and value and " " not in value:
        yield node, repr(f"{value}~")


def _calls(node: ast.Call) -> Iterator[_Replacement]:
    """A call without one of its keywords. Texts for people are left."""
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is not None and keyword.arg != "hint" and not _is_text(keyword.value):
            yield node, _changed(node, keywords=[*node.keywords[:index], *node.keywords[index + 1 :]])


def _statements(node: ast.stmt) -> Iterator[_Replacement]:
    if isinstance(node, ast.Return):
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield node, "return None"
    elif isinstance(node, _REMOVABLE) or _is_assignment_to_part(node):
        yield node, "pass"


def _is_assignment_to_part(node: ast.stmt) -> bool:
    """Whether a statement sets a member or an item. Without an assignment to a name the code could not run."""
    return isinstance(node, ast.Assign) and all(isinstance(t, (ast.Attribute, ast.Subscript)) for t in node.targets)


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    )


def _changed(node: ast.expr, **fields: object) -> str:
    """The source of a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return _in_parentheses(other) if isinstance(node, (ast.BoolOp, ast.BinOp, ast.Compare)) else ast.unparse(other)


def _in_parentheses(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _negations(test: ast.expr) -> Iterator[_Replacement]:
    """The opposite of a condition, unless replacing its operator gives the same."""
    is_negation = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    if not is_negation and not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        yield test, f"(not ({ast.unparse(test)}))"

"""Expressions of github.com/expr-lang/expr (once antonmedv/expr), the language of `view`.

`compile` reads and checks one, as expr's own compiler does, `Program.run` gives its value. `Version` says which expr of
the many it is. Not here: times, `sortBy` of 1.15, which goes by a field's name, and escapes like `\\u{41}` of 1.17.7;
`NotModelled` says so where one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...light import NamedTuple
from .checker import Function, check
from .lexer import ExprError, NotModelled, tokens
from .parser import Node, Parser
from .run import RunError, run

Version = tuple[int, int]
"""The first two numbers of expr's version."""


class Program(NamedTuple):
    """An expression that has been read."""

    text: str
    node: Node
    version: Version

    def run(self, environment: Mapping[str, Callable[..., Any]]) -> Any:
        """Its value. Raises RunError."""
        try:
            return run(self.node, environment, self.version)
        except RecursionError:
            raise RunError("it is nested too deeply") from None

    def nodes(self) -> Iterator[Node]:
        """All of its parts."""
        rest = [self.node]
        while rest:
            node = rest.pop()
            yield node
            rest.extend(node.args)


def compile(text: str, environment: Mapping[str, Function], version: Version) -> Program:
    """Read `text`, in which the functions of `environment` are known. Raises ExprError, NotModelled."""
    try:
        node = Parser(text, tokens(text, version), version, frozenset(environment)).parse()
        check(node, text, environment, version)
    except RecursionError:
        raise NotModelled("an expression that is nested so deeply") from None
    return Program(text, node, version)


__all__ = ["ExprError", "Function", "NotModelled", "Program", "RunError", "Version", "compile"]

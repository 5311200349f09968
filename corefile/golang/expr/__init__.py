"""Expressions of github.com/expr-lang/expr (once antonmedv/expr), the language of `view`.

`compile` reads and checks one, as expr's own compiler does, `Program.run` gives its value. `Version` says which expr of
the many it is. Not here: times, `sortBy` of 1.15, which goes by a field's name, and octets, `b'...'`, of 1.17.8;
`NotModelled` says so where one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...light import NamedTuple
from .checker import Function, check
from .lexer import LAZY, ExprError, NotModelled, Version
from .parser import Node, Parser
from .run import RunError, run


class Program(NamedTuple):
    """An expression that has been read. type: of its value, as Go calls it; '' where that is only known when it runs."""

    text: str
    node: Node
    version: Version
    type: str

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
        if version < LAZY:  # which reads characters, where later ones read octets
            text = "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in text)
        node = Parser(text, version, frozenset(environment)).parse()
        type = check(node, text, environment, version)
    except RecursionError:
        raise NotModelled("an expression that is nested so deeply") from None
    return Program(text, node, version, type)


__all__ = ["ExprError", "Function", "NotModelled", "Program", "RunError", "Version", "compile"]

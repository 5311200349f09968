"""LALR tables of grammars in lark's notation, to be stored as Python: importing lark takes longer than all that
`corefile check` may take. Lark is imported here alone, and only where tables are made.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from .light import NamedTuple


class Rule(NamedTuple):
    """A rule: the nonterminal, the symbols that it takes the place of, and the method that makes its value."""

    origin: str
    expansion: tuple[str, ...]
    makes: str


class Tables(NamedTuple):
    """states: of each, symbol -> the state to go to, or `~rule` for the rule to reduce by. symbols: of each state, the one
    that leads to it. final: the state that ends."""

    states: list[dict[str, int]]
    symbols: list[str]
    rules: list[Rule]
    final: int

    def only_rules(self) -> list[int]:
        """Of each state: the rule that it reduces by whatever comes next, or -1."""
        return [_only_rule(actions) for actions in self.states]


def is_terminal(symbol: str) -> bool:
    """Whether a symbol is a terminal: `WORD`, `$END`."""
    return not symbol.islower()


def _only_rule(actions: dict[str, int]) -> int:
    found = {action for symbol, action in actions.items() if is_terminal(symbol)}
    return ~found.pop() if len(found) == 1 and max(found) < 0 else -1


def tables(path: str, start: str) -> Tables:
    """The tables of the grammar in the file `path`, whose terminals are declared. Raises lark's GrammarError if there is
    any conflict in it."""
    from lark.parsers.lalr_analysis import Shift

    table = compiled(path, start).parser.parser._parse_table
    first = table.start_states[start]
    numbers = {first: 0}
    symbols = [""]
    queue = [first]
    for state in queue:  # lark numbers the states anew each time; number them by the way there instead
        for symbol, (action, target) in sorted(table.states[state].items()):
            if action is Shift and target not in numbers:
                numbers[target] = len(numbers)
                symbols.append(symbol)
                queue.append(target)
    rules: dict[Any, int] = {}
    states: list[dict[str, int]] = []
    for state in queue:
        states.append({})
        for symbol, (action, target) in sorted(table.states[state].items()):
            states[-1][symbol] = numbers[target] if action is Shift else ~rules.setdefault(target, len(rules))
    made = [Rule(str(r.origin.name), tuple(str(s.name) for s in r.expansion), str(r.alias)) for r in rules]
    return Tables(states, symbols, made, numbers[table.end_states[start]])


def compiled(path: str, start: str) -> Any:
    """The grammar in the file `path` as a lark parser of terminals. Raises lark's GrammarError for a conflict."""
    from lark import Lark
    from lark.lexer import Lexer

    class Terminals(Lexer):
        """What is parsed are terminals already."""

        def __init__(self, _: Any) -> None:
            pass

        def lex(self, data: Any) -> Iterator[Any]:  # type: ignore[override]
            yield from data

    with open(path, encoding="utf-8") as file:
        return Lark(file.read(), start=start, parser="lalr", lexer=Terminals, keep_all_tokens=True, strict=True)


def main(arguments: list[str], *, module: str, path: str, wanted: str) -> int:
    """The command `python -m module`: write `wanted` to the file `path`, or with `--check` tell whether it is up to date."""
    if "--check" in arguments:
        with open(path, encoding="utf-8") as file:
            if file.read() == wanted:
                return 0
        print(f"{os.path.relpath(path)} does not belong to grammar.lark; run `python -m {module}`", file=sys.stderr)
        return 1
    with open(path, "w", encoding="utf-8") as file:
        file.write(wanted)
    return 0


__all__ = ["Rule", "Tables", "compiled", "is_terminal", "main", "tables"]

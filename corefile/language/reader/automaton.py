"""The LALR automaton of grammar.lark, run without lark: importing lark takes longer than reading any Corefile."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from .._tables import FINAL, KEEP, MAKES, READY_FOR, REDUCES, RULES, STATES, SYMBOLS
from .base import Reader, Word


def run(reader: Reader) -> None:
    """Read all words. What they make is the one value that is left in `reader.values`."""
    collecting = gc.isenabled()
    gc.disable()  # words and nodes make no cycles, and looking for some makes the time grow faster than the text
    try:
        reader.start()
        _run(reader)
    finally:
        if collecting:
            gc.enable()


def _run(reader: Reader) -> None:
    makes, takes = _methods(type(reader))
    values = reader.values
    behind: list[int] = []
    state = 0
    next_word: Word | None = None
    while True:
        behind.append(state)
        rule = REDUCES[state]
        if rule >= 0:
            symbol, count = RULES[rule]
        else:
            actions = STATES[state]
            kind, value = next_word or takes[state](reader)
            next_word = None
            action = actions.get(kind)
            if action == KEEP:
                keep = values[-1].append
                take = takes[state]
                while action == KEEP:
                    keep(value)
                    kind, value = take(reader)
                    action = actions.get(kind)
            if action is None:
                unexpected: Word = (kind, value)
                kind, value = reader.mistake(SYMBOLS[state], kind)
                if unexpected[1] is not None:  # what holds no text is asked for again
                    next_word = unexpected
                action = actions[kind]
            if action >= 0:
                values.append(value)
                rule = REDUCES[action]
                if rule < 0 or not RULES[rule][1]:
                    state = action
                    continue
                symbol, count = RULES[rule]
                count -= 1  # the word's own state is left out: nothing is read there
            else:
                next_word = (kind, value)
                rule = ~action
                symbol, count = RULES[rule]
        makes[rule](reader)
        if count:
            del behind[-count:]
        state = STATES[behind[-1]][symbol]
        if state == FINAL:
            return


_known: dict[type[Reader], tuple[list[Callable[[Any], None]], list[Callable[[Any], Word]]]] = {}


def _methods(reader: type[Reader]) -> tuple[list[Callable[[Any], None]], list[Callable[[Any], Word]]]:
    """Of a class of readers, the method for each rule and the method for each state."""
    if reader not in _known:
        makes = [getattr(reader, method) for method in MAKES]
        takes = [getattr(reader, place or "__init__") for place in READY_FOR]
        _known[reader] = makes, takes
    return _known[reader]

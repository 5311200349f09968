"""The grammar, its tables, and the automaton that runs them."""

from typing import Any

import pytest
from hypothesis import given
from lark import Token as Terminal

from corefile.findings import Source
from corefile.language import grammar
from corefile.language._tables import KEEP, READY_FOR, REDUCES, STATES, SYMBOLS
from corefile.language.reader.automaton import run
from corefile.language.reader.base import Word
from corefile.language.reader.mistakes import MISTAKES
from corefile.language.reader.written import Written

from .texts import SOUP

LARK = grammar.compile_with_lark()  # raises for a conflict


def test_tables_belong_to_the_grammar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert grammar.main(["--check"]) == 0
    monkeypatch.setattr(grammar, "TABLES", __file__)
    assert grammar.main(["--check"]) == 1
    assert "python -m corefile.language.grammar" in capsys.readouterr().err


# What each method of the readers can return.
KINDS = {
    "take_key": {"KEY", "EMPTY", "SNIPPET", "OPEN", "IMPORT", "NO_BRACE", "$END"},
    "take_further_key": {"KEY", "COMMA", "EMPTY", "SNIPPET", "OPEN", "NO_BRACE", "NL", "$END"},
    "take_name": {"NAME", "GLUED", "CLOSE", "IMPORT", "NEXT", "$END"},
    "take_property": {"PROPERTY", "OPEN", "CLOSE", "IMPORT", "$END"},
    "take_word": {"WORD", "OPEN", "CLOSE", "NL"},
    "take_text": {"TEXT", "OPEN", "CLOSE", "$END"},
    "take_further_text": {"TEXT", "OPEN", "CLOSE", "NL"},
    "take_import_argument": {"TEXT", "NL"},
}


def test_there_is_an_action_or_a_mistake_for_every_word_at_every_place() -> None:
    assert {place for place, _ in grammar.PLACES} == KINDS.keys()
    used = set()
    for state, place in enumerate(READY_FOR):
        for kind in KINDS.get(place, ()):
            if kind in STATES[state]:
                continue
            if kind == "COMMA" and SYMBOLS[state] == "blanks":
                continue  # "" has no comma
            assert (SYMBOLS[state], kind) in MISTAKES, (state, place)
            used.add((SYMBOLS[state], kind))
    assert used == MISTAKES.keys()


def test_a_reader_may_keep_further_words_of_a_line_itself() -> None:
    states = [state for state, place in enumerate(READY_FOR) if place == "take_word"]
    assert [STATES[state]["WORD"] for state in states] == [KEEP] * len(states)
    assert states


def test_a_state_without_a_place_has_one_way_on() -> None:
    for state, place in enumerate(READY_FOR):
        waits = place == "" and REDUCES[state] < 0
        # Its next word is known: a rule that the word ends led there.
        assert not waits or SYMBOLS[state] in ("", "corefile", "keys", "opened"), (state, SYMBOLS[state])


class Recorded(Written):
    """A reader that keeps the kinds and the values of all words, as the automaton gets them."""

    def __init__(self, main: Source) -> None:
        super().__init__(main)
        self.seen: list[Word] = []

    def mistake(self, symbol: str, kind: str) -> Word:
        unexpected = self.seen.pop()
        before = super().mistake(symbol, kind)
        self.seen.append(before)
        if unexpected[1] is not None:
            self.seen.append(unexpected)
        return before


def recorded(place: str) -> Any:
    def take(self: Recorded) -> Word:
        kept = len(self.values[-1]) if place == "take_word" else 0
        word: Word = getattr(Written, place)(self)
        if place == "take_word":
            self.seen += [("WORD", token) for token in self.values[-1][kept:]]
        self.seen.append(word)
        return word

    return take


for name in KINDS:
    setattr(Recorded, name, recorded(name))


@given(SOUP)
def test_lark_makes_the_same_of_the_same_words(text: str) -> None:
    reader = Recorded(Source("f", text))
    run(reader)
    driver = LARK.parse_interactive()
    for kind, value in reader.seen:
        if kind != "$END":
            driver.feed_token(Terminal(kind, value))
    tree = driver.feed_eof()
    again = Written(reader.main)

    def make(node: Any) -> None:
        if isinstance(node, Terminal):
            again.values.append(node.value)
            return
        for child in node.children:
            make(child)
        getattr(again, node.data)()

    make(tree)
    assert again.values == reader.values

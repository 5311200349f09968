"""The grammar and its tables."""

from __future__ import annotations

import pytest

from corefile.gotemplate import grammar
from corefile.gotemplate._tables import REDUCES, RULES, STATES
from corefile.gotemplate.build import Builder
from corefile.gotemplate.words import KEYWORDS, OPERANDS


def test_tables_belong_to_the_grammar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lark raises for a conflict."""
    assert grammar.main(["--check"]) == 0
    monkeypatch.setattr(grammar, "TABLES", __file__)
    assert grammar.main(["--check"]) == 1
    assert "python -m corefile.gotemplate.grammar" in capsys.readouterr().err


def test_every_rule_is_made() -> None:
    assert all(callable(getattr(Builder, makes)) for _, _, makes in RULES)
    assert len(STATES) == len(REDUCES)


def test_every_word_has_its_place() -> None:
    taken = {symbol for actions in STATES for symbol in actions if not symbol.islower()}
    assert taken == {
        *KEYWORDS.values(), *OPERANDS, "TEXT", "LEFT", "RIGHT", "RPAREN", "DOTTED", "PIPE", "DECLARED", "DECLARE", "ASSIGN",
        "COMMA", "$END",
    }  # fmt: skip

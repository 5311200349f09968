"""Colour and wrapping: there where a terminal shows them, nowhere else."""

from __future__ import annotations

import io

import pytest
import termcolor.termcolor

from corefile.cli._terminal import columns_of, note, show, show_findings
from corefile.findings import Finding
from corefile.findings.layout import Line, Part, line

LINES = [Line((Part("error", "error"), Part(": ")), (Part("one two three", "bold"),)), line("", "four", "good")]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "ANSI_COLORS_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    forget()


def forget() -> None:
    """termcolor looks at the environment once."""
    getattr(termcolor.termcolor.can_colorize, "cache_clear", bool)()


def printed(stream: io.StringIO, width: int | None = None) -> str:
    show(LINES, width=width, stream=stream)
    return stream.getvalue()


def test_what_is_no_terminal_gets_plain_text() -> None:
    assert printed(io.StringIO()) == "error: one two three\nfour\n"
    assert printed(io.StringIO(), 12) == "error: one\n      two\n      three\nfour\n"


def test_a_terminal_gets_colour_and_lines_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setattr("sys.stdout", Terminal())
    assert printed(Terminal()).splitlines() == [
        "\x1b[1m\x1b[31merror\x1b[0m: \x1b[1mone two three\x1b[0m",
        "\x1b[32mfour\x1b[0m",
    ]
    show([line("  ", "aaaa bbbb cccc dddd eeee")], stream=(narrow := Terminal()))
    assert narrow.getvalue() == "  aaaa bbbb cccc\n  dddd eeee\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_no_colour(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv(name, value)
    forget()
    assert "\x1b" not in printed(Terminal())


def test_colour_can_be_forced_where_no_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    forget()
    assert "\x1b[32mfour\x1b[0m" in printed(io.StringIO())


def test_how_wide_a_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert columns_of(io.StringIO()) is None
    assert columns_of(Terminal()) == 80  # it has no file descriptor to ask
    monkeypatch.setenv("COLUMNS", "132")
    assert columns_of(Terminal()) == 132
    monkeypatch.setenv("COLUMNS", "3")
    assert columns_of(Terminal()) == 20
    monkeypatch.setenv("COLUMNS", "wide")
    assert columns_of(Terminal()) == 80


def test_remarks_and_findings() -> None:
    stream = io.StringIO()
    note("x", stream)
    show_findings([Finding("a-b", "message")], stream=stream)
    assert stream.getvalue() == ";; x\nerror[a-b]: message\n\n1 error in 1 Corefile\n"

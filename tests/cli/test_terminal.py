"""Colour and wrapping: there where a terminal shows them, nowhere else."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path

import pytest
import termcolor.termcolor

import corefile.cli
from corefile.cli._terminal import columns_of, note, say, show, show_findings, show_json
from corefile.findings import Finding
from corefile.findings.layout import Line, Part, line

from .conftest import Run

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


# -- the one place where text leaves --------------------------------------------------------------------------------------

HOSTILE = "\x1b[31m\n::error::boom\x9b\u202e"


def test_text_leaves_here_alone() -> None:
    """No other module of the command prints, and none takes a stream but to look at it."""
    wrong = []
    for path in Path(corefile.cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if path.name != "_terminal.py" and isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if name == "print" or (name.startswith("sys.std") and "write" in name):
                    wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def harmless(text: str) -> bool:
    lines = text.split("\n")
    return not any(x.lstrip().startswith("::") for x in lines) and all(c.isprintable() for x in lines for c in x)


COREFILE = '. {\n    hosts {\n        10.0.0.1 x\x1b[31my\n    }\n    log . "\x1b[2J{name}"\n}\n'
CONFIGMAP = """kind: ConfigMap
metadata: {name: "a\\x1b[31m\\n::error::b"}
data:
  "Corefile": ". {\\n  whoam\\n}\\n"
"""


@pytest.mark.parametrize(
    "argv",
    [
        (HOSTILE,),
        ("check", HOSTILE),
        ("check", "--" + HOSTILE),
        ("check", "--format", HOSTILE, "x"),
        ("check", "--release", HOSTILE, "Corefile"),
        ("check", "--env", HOSTILE, "Corefile"),
        ("check", "hostile.yaml"),
        ("check", "hostile\n::error::.conf"),
        ("explain", HOSTILE),
        ("test", HOSTILE),
        ("test", "hostile.dns.yaml"),
        ("query", HOSTILE, HOSTILE),
        ("query", "a.example", "--upstream", "10.0.0.53=" + HOSTILE),
        ("query", "--short", "-c", "log", "-x", "10.0.0.1"),
        ("query", "-c", "log", "x\x1b[31my"),
        ("query", "--trace", "-c", "log", "x\x1b[31my"),
        ("query", "--format", "json", "-c", "log", "x\x1b[31my"),
    ],
)
def test_nothing_that_is_given_steers_a_terminal_or_a_ci_system(
    run: Run, tmp_path: Path, argv: tuple[str, ...]
) -> None:
    (tmp_path / "hostile.yaml").write_text(CONFIGMAP, encoding="utf-8")
    (tmp_path / "hostile\n::error::.conf").write_text(". {\n \x1b[31m\n}\n", encoding="utf-8")
    (tmp_path / "log").write_text(COREFILE, encoding="utf-8")
    steps = f"steps:\n- query: {json.dumps(HOSTILE)}\n  {json.dumps(HOSTILE)}: 1\n"
    (tmp_path / "hostile.dns.yaml").write_text("corefile: ./log\n" + steps, encoding="utf-8")
    done = run(*argv)
    assert done.out + done.err
    assert harmless(done.out), done.out
    assert harmless(done.err), done.err


def test_what_a_stream_cannot_take_is_an_escape() -> None:
    stream = io.TextIOWrapper(octets := io.BytesIO(), encoding="ascii")
    say("B\xfccher \udc80", stream=stream)
    stream.flush()
    assert octets.getvalue() == b"B\\xfccher \\udc80\n"


def test_json_is_ascii_and_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"a##[b]": ["\x1b\x7f\x9b\udc80\u2028", "::error::\n::x::", "##vso[x]", "é"]}
    show_json(data)
    out = capsys.readouterr().out
    assert json.loads(out) == data
    assert out.isascii()
    assert harmless(out)
    assert "##" not in out

"""Long and deep texts: time grows as the length does, and no depth is too deep."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from corefile import checks
from corefile.findings import CorefileError, Source
from corefile.language.expand import DictFiles, expand
from corefile.language.tree import build, parse
from corefile.language.words import decode
from corefile.releases import LATEST


def read(text: str) -> None:
    program = expand(Source("Corefile", text), release=LATEST, environ={"X": "x"}, files=DictFiles({"f": "log\n"}))
    assert program.blocks or program.findings
    for block in program.blocks:
        assert block.span
        assert block.directives or block.keys
    tree = build(Source("Corefile", text))
    assert str(tree) == text


DEEP = {
    "braces of a directive": "a {\n hosts {\n" + "x {\n" * 100_000 + "}\n" * 100_000 + "}\n}\n",
    "braces that are not closed": "a {\n hosts " + "{ " * 20_000,
    "braces and nothing else": "{" * 20_000 + "\n" + "{ " * 20_000,
    "braces of a snippet": "(s) {\n" + "{ " * 20_000 + "} " * 20_000 + "}\na {\n import s\n}\n",
    "braces glued to a word": "a {\n errors{\n" + "x {\n" * 20_000 + "}\n" * 20_001 + "}\n",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_no_depth_is_too_deep(text: str) -> None:
    read(text)
    with suppress(CorefileError):
        assert str(parse(text)) == text


@pytest.mark.parametrize(
    "directive",
    [
        "rewrite edns0 local set 1 {}",
        "rewrite edns0 local set 1 0x{}",
        "rewrite name regex {} a",
        'template IN A {{\n match {}\n answer "a {}"\n}}',
        "view a {{\n expr name() == '{}'\n}}",
        "hosts {} {{\n 10.0.0.1 {}\n}}",
        "{}",
    ],
)
def test_half_of_a_surrogate_pair_is_read_as_what_is_not_utf_8(directive: str) -> None:
    """No file can have one, but texts that come as JSON or from Python can."""
    found = [checks(f". {{\n{directive.format(char, char)}\n}}\n") for char in ("\ud800", "\udcff", "\ufffd")]
    assert [[f.message for f in findings] for findings in found] == 3 * [[f.message for f in found[2]]]


# A text of this many parts.
LONG: dict[str, Callable[[int], str]] = {
    "directives": lambda n: "a {\n" + " log x\n" * n + "}\n",
    "server blocks": lambda n: "a {\n log\n}\n" * n,
    "keys": lambda n: "a " * n + "{\n log\n}\n",
    "keys and commas": lambda n: "a,\n" * n + "b {\n log\n}\n",
    "empty keys": lambda n: '"" ' * n + "a {\n}\n",
    "words on a line": lambda n: "a {\n log" + " x" * n + "\n}\n",
    "properties": lambda n: "a {\n hosts {\n" + "  1.1.1.1 x\n" * n + " }\n}\n",
    "blocks behind one directive": lambda n: "a {\n hosts" + " {\n }" * n + "\n}\n",
    "unknown directives": lambda n: "a {\n" + "x y z\n" * n + "}\n",
    "blocks that are not closed": lambda n: "a.b {\n log\n" * n,
    "braces that close nothing": lambda n: "a {\n log }\n" * n,
    "snippets": lambda n: "(s) {\n log\n}\n" * n + "a {\n import s\n}\n",
    "snippets without a brace": lambda n: "(s)\nlog\n\n" * n,
    "imports": lambda n: "(s) {\n log\n}\na {\n" + " import s\n" * (n // 10) + "}\n",
    "imports of nothing": lambda n: "a {\n" + " import\n" * n + "}\n",
    "imports of too much": lambda n: "a {\n import" + " x" * n + "\n}\n",
    "imports that are not found": lambda n: (
        "(s1) {\n}\na {\n" + "".join(f" import s{k}x\n" for k in range(n // 10)) + "}\n"
    ),
    "keys and unknown directives": lambda n: "a " * n + "{\n" + "x\n" * n + "}\n",
    "imports that are not found, and snippets": lambda n: (
        "".join(f"(s{k}) {{\n}}\n" for k in range(n // 4))
        + "a {\n"
        + "".join(f" import x{k}\n" for k in range(n // 4))
        + "}\n"
    ),
    "a pattern of many directories": lambda n: "a {\n import " + "\\x/" * n + "\n}\n",
    "references": lambda n: "a {\n" + " log {$X} {%X%}\n" * n + "}\n",
    "references in a word": lambda n: "a {\n log " + "{$X}{$Y}" * n + "\n}\n",
    "references that do not end": lambda n: "a {\n log " + "{$" * n + "\n}\n",
    "comments": lambda n: "# x\n" * n + "a {\n}\n",
    "comments behind words": lambda n: "a {\n" + "log#x\n" * n + "}\n",
    "comments at the end": lambda n: "a {\n}\n" + "#\n" * n,
    "blanks at the end": lambda n: "a {\n}\n" + " \t" * n,
    "carriage returns": lambda n: "a {\n lo" + "\r" * n + "g\n}\n",
    "carriage returns behind a word": lambda n: "a {\n log" + "\r" * n + "#\n}\n",
    "quotes": lambda n: "a {\n log" + ' "x"' * n + "\n}\n",
    "quotes that do not end": lambda n: 'a {\n log "' + "\\" * n,
    "one word": lambda n: "a" * n,
    "an unknown long name": lambda n: "a {\n" + "x" * n + "\n}\n",
}


def seconds(run: Callable[[str], None], text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        run(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("make", LONG.values(), ids=LONG)
def test_time_grows_as_the_length_does(make: Callable[[int], str]) -> None:
    read(make(100))
    few, many = make(400), make(4_000)
    assert seconds(read, many) < max(30 * seconds(read, few), 0.05)  # quadratic: 100


def test_bytes_that_are_not_utf8() -> None:
    start = time.process_time()
    text = decode(b"\xff\xe2\x82 a" * 200_000)
    assert text == "\ufffd\ufffd\ufffd a" * 200_000
    assert time.process_time() - start < 1

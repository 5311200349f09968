"""CoreDNS's errors about words and braces: all of a file, in its order and its words."""

import pytest

from ..programs import error, run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {\n foo\n}\n", "2 Unknown directive 'foo'"),
        ("a {\n whoami\n", "2! Unexpected token 'whoami', expecting '}'"),
        ("a {\n hosts {\n  x\n", "3 Unexpected EOF"),
        ("a {\n whoami }\n", "2 Unexpected '}' because no matching opening brace"),
        ("a, {\n}\n", "1 Expected another address but had '{' - check for extra comma"),
        ("a,\n", "1 Unexpected EOF"),
        ("(s)\nlog\n", "2! Unexpected token 'log', expecting '{'"),
        ("(s) {\nlog\n", "2! Unexpected token 'log', expecting '}'"),
        ("a {\n import\n}\n", "2 Wrong argument count or unexpected line ending after 'import'"),
        ("a {\n import x y\n}\n", "2 Import takes only one argument (glob pattern or file)"),
        ('a {\n import ""\n}\n', "2 Import requires a non-empty filepath"),
        ("a {\n import x\n}\n", "2 File to import not found: x"),
        ("a {\n import d\n}\n", "2 Could not import d: is a directory"),
        ("a {\n import */*\n}\n", "2 Glob pattern may only contain one wildcard (*), but has others: */*"),
        ("a {\n import d/[\n}\n", "2 Failed to use import pattern d/[: syntax error in pattern"),
        ("a,\nimport empty", "0 Unexpected EOF"),
    ],
)
def test_refused_with_coredns_words(text: str, expected: str) -> None:
    """expected: line and message; `!` marks what CoreDNS calls a syntax error."""
    line, _, words = expected.partition(" ")
    kind = "Syntax error" if line[-1] == "!" else "Error during parsing"
    line = line.rstrip("!")
    program = run(text, {"d/f": "log\n", "empty": ""})
    assert error(program) == f"Corefile:{line} - {kind}: {words}"
    finding = program.findings[0]
    assert finding.span is not None
    assert str(finding.span.line) == line or line == "0"


@pytest.mark.parametrize(
    "text",
    [
        "a {\n hosts {\n}",  # the last brace closes twice
        "a {\n} }\n",
        "a\nwhoami\n}\n",
        'a "b c" {\n}\n',
        "a {}\n",
        "a {}\n whoami\n",
        'a {\n log . "{combined}"\n}\n',
        "a{\n whoami\n}\n",
    ],
)
def test_taken_though_it_looks_broken(text: str) -> None:
    assert error(run(text)) == ""


def test_all_errors_of_a_file_are_found_once() -> None:
    first = "a {\n prometeus\n hosts{\n  1.2.3.4 x\n }\n import nope\n}\n"
    program = run(first + "b {\n proxy . 1.2.3.4\n}\n}\nc.test {\n whoamy\n}\n")
    assert [(f.code, f.span and f.span.line) for f in program.findings] == [
        ("unknown-directive", 2),
        ("unknown-directive", 3),
        ("import-not-found", 6),
        ("removed-directive", 9),
        ("closing-brace", 12),
        ("unknown-directive", 13),
    ]
    hints = {f.span.line: f.hint for f in program.findings if f.span}
    assert hints[2] == "did you mean `prometheus`?"
    assert hints[3] == "put a space before the `{`"
    assert hints[13] == "did you mean `whoami`?"


@pytest.mark.parametrize(
    ("text", "read", "errors"),
    [
        ("a, {\n log\n}\n", [("a", ["log"])], ["comma-before-brace"]),
        (
            "a, {$B}\n log\n",
            [("a", ["{"])],
            ["comma-before-brace", "unknown-directive", "block-not-closed"],
        ),
        ("a,\n", [], ["comma-at-the-end"]),
        ("(s)\nlog\n\na {\n log\n}\n", [("a", ["log"])], ["snippet-without-brace"]),
        ("(s) {$B}\nlog\n\na {\n log\n}\n", [("a", ["log"])], ["snippet-without-brace"]),
        ("(s), {\n log\n}\na {\n import s\n}\n", [("a", ["log"])], ["comma-before-brace"]),
        ("a {\n log }\nb {\n errors\n}\n", [("a", ["log"]), ("b", ["errors"])], ["closing-brace"]),
        ("a {\n log\n}\n}\nfoo {\n errors\n}\n", [("a", ["log"]), ("foo", ["errors"])], ["closing-brace"]),
        ("a {\n log\n c.d {\n errors\n}\n", [("a", ["log"]), ("c.d", ["errors"])], ["unknown-directive"]),
        ("a {\n {\n x\n }\n log\n}\n", [("a", ["{", "log"])], ["unknown-directive"]),
        ("a {\n log x {\n y {\n", [("a", ["log"])], ["block-not-closed"] * 2),
        ("a {\n log\n(s) {\n x {\n", [("a", ["log", "(s)"])], ["unknown-directive"] + ["block-not-closed"] * 2),
        ("(s) {\n x {\n", [], ["block-not-closed"]),
    ],
)
def test_reading_goes_on_behind_an_error(text: str, read: list[tuple[str, list[str]]], errors: list[str]) -> None:
    program = run(text, env={"B": "{"})
    blocks = [(" ".join(key.text for key in block.keys), list(block.directives)) for block in program.blocks]
    assert blocks == read
    assert [finding.code for finding in program.findings] == errors

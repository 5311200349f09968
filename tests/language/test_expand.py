"""Imports, snippets, environment variables and errors, as the binaries of several releases have them."""

from collections.abc import Mapping

import pytest

from corefile.findings import Source
from corefile.language.expand import DictFiles, DiskFiles, Program, expand
from corefile.language.tree import parse
from corefile.releases import LATEST, find


def run(
    text: str,
    files: Mapping[str, str | bytes] | None = None,
    env: Mapping[str, str] | None = None,
    release: str = "1.14.7",
) -> Program:
    return expand(Source("Corefile", text), release=find(release), environ=env or {}, files=DictFiles(files or {}))


def error(program: Program) -> str:
    return next((finding.coredns for finding in program.findings if finding.severity == "error"), "")


def keys(program: Program) -> list[list[str]]:
    return [[key.text for key in block.keys] for block in program.blocks]


def words(program: Program) -> list[dict[str, list[str]]]:
    return [{name: [t.text for t in tokens] for name, tokens in block.directives.items()} for block in program.blocks]


def body(lines: str, **more: object) -> Program:
    return run(f"a {{\n{lines}\n}}\n", **more)  # type: ignore[arg-type]


def test_directives_are_collected_by_name() -> None:
    program = run("a.test, b.test {\n log a\n hosts {\n  1.2.3.4 x\n }\n log b\n}\n")
    assert keys(program) == [["a.test", "b.test"]]
    assert words(program) == [{"log": ["log", "a", "log", "b"], "hosts": ["hosts", "{", "1.2.3.4", "x", "}"]}]
    assert [token.line for token in program.blocks[0].directives["log"]] == [2, 2, 6, 6]
    assert program.blocks[0].span.text == "a.test, b.test {\n log a\n hosts {\n  1.2.3.4 x\n }\n log b\n}"


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\ufeff", "{\n errors\n}\n", "(s) {\n}\n", '""\nwhoami'])
def test_without_a_server_block_the_default_one_answers(text: str) -> None:
    assert words(run(text)) == [{"whoami": ["whoami"], "log": ["log"]}]
    assert words(run(text, release="1.6.3")) == [{"whoami": ["whoami"]}]


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


def test_a_block_that_is_not_closed_does_not_spoil_the_next() -> None:
    program = run("a.test {\n whoami\n\nb.test {\n whoamy\n}\n")
    assert error(program) == "Corefile:4 - Error during parsing: Unknown directive 'b.test'"
    assert "not closed" in program.findings[0].hint
    assert [f.span.line for f in program.findings if f.span] == [4, 5]


def test_directives_of_other_releases_say_which() -> None:
    (removed,) = body("proxy . /etc/resolv.conf").findings
    assert (removed.code, removed.message) == ("removed-directive", "`proxy` was removed in CoreDNS 1.5.0")
    assert removed.hint == "use `forward . /etc/resolv.conf`, which takes the same arguments here"
    (newer,) = body("view x {\n}", release="1.9.3").findings
    assert newer.code == "newer-directive"
    assert "1.10.0" in newer.message
    assert not body("proxy . /etc/resolv.conf", release="1.2.2").findings


def test_imported_files_keep_their_names_and_lines() -> None:
    program = run("import d/one\n", {"d/one": "a {\n import two\n}\n", "d/two": "\nlog x\nfoo\n"})
    assert error(program) == "d/two:3 - Error during parsing: Unknown directive 'foo'"
    (block,) = program.blocks
    token = block.directives["log"][0]
    assert (token.file, token.line, token.span.source.path) == ("d/two", 2, "d/two")
    assert [source.name for source in program.sources] == ["Corefile", "d/one", "d/two"]


def test_patterns_bring_sorted_files_and_hidden_ones() -> None:
    files = {"d/b": "log b\n", "d/a": "log a\n", "d/.h": "log h\n", "d/a.txt": "log t\n"}
    assert words(body("import d/*", files=files)) == [{"log": ["log", "h", "log", "a", "log", "t", "log", "b"]}]
    assert words(body("import d/?", files=files)) == [{"log": ["log", "a", "log", "b"]}]
    program = body("import d/*.none", files=files)
    assert [(f.code, f.severity) for f in program.findings] == [("import-without-match", "warning")]


def test_import_stands_beside_the_importer_since_1_3_0() -> None:
    files = {"d/one": "import two\n", "d/two": "log d\n", "two": "log top\n"}
    assert words(body("import d/one", files=files)) == [{"log": ["log", "d"]}]
    files = {"d/one": "import s\n"}
    text = "(s) {\n log\n}\na {\n import d/one\n}\n"
    assert error(run(text, files)) == ""
    assert error(run(text, files, release="1.2.2")) == "d/one:1 - Error during parsing: File to import not found: d/s"


def test_import_inside_a_property_block_since_1_4_0() -> None:
    text = "(s) {\n 1.2.3.4 x\n}\na {\n hosts {\n  import s\n }\n}\n"
    assert words(run(text)) == [{"hosts": ["hosts", "{", "1.2.3.4", "x", "}"]}]
    assert words(run(text, release="1.3.1")) == [{"hosts": ["hosts", "{", "import", "s", "}"]}]


def test_an_empty_file_is_imported_since_1_8_0() -> None:
    assert error(body("import e\nwhoami", files={"e": ""})) == ""
    message = "Corefile:2 - Error during parsing: Could not read tokens while importing e: EOF"
    assert error(body("import e", files={"e": ""}, release="1.7.1")) == message


def test_snippets() -> None:
    text = "(s) {\n log x\n}\na {\n import s\n import s\n}\n"
    assert words(run(text)) == [{"log": ["log", "x", "log", "x"]}]
    assert error(run(text, release="1.0.5")) != ""
    assert error(run("(s) {\n}\n(s) {\n}\na {\n}\n")).endswith("redeclaration of previously declared snippet s")
    later = run("a {\n import s\n}\n(s) {\n}\n")
    assert "further down" in later.findings[0].hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("(s) {\nimport s\n}\na {\nimport s\n}\n", 1),
        ("(s) {\nimport t\n}\n(t) {\nimport s\n}\na {\nimport s\n}\n", 5),
    ],
)
def test_circles_of_snippets_end(text: str, line: int) -> None:
    program = run(text)
    assert program.findings[0].code == "import-cycle"
    assert error(program).endswith("Error during parsing: maximum snippet import depth (10000) exceeded")
    assert run(text, release="1.12.1").findings[0].code == "import-cycle"


def test_circles_of_files_end() -> None:
    program = run("import a\n", {"a": "import b\n", "b": "import a\n"})
    assert error(program).endswith("maximum file import depth (10000) exceeded")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("{$A}", "1"),
        ("{%A%}", "1"),
        ("x{$A}y{$A}", "x1y1"),
        ("{$NONE}", ""),
        ("{$B}", "1"),
        ("{$}{$A}", "{$}{$A}"),
        ("{$A", "{$A"),
        ("{%A%}{%", "1{%"),
        ("$A", "$A"),
        ("}{$A}", "}1"),
        ("{$C}", "}"),
    ],
)
def test_environment_variables(word: str, expected: str) -> None:
    program = body(f"log {word}", env={"A": "1", "B": "{$A}", "C": "}"})
    assert words(program) == [{"log": ["log", expected]}]


def test_environment_variables_of_old_releases() -> None:
    env = {"A": "1"}
    assert words(body("log }{$A}", env=env, release="1.2.3")) == [{"log": ["log", "}{$A}"]}]
    assert error(body("log }{$A}", env=env, release="1.2.2")).startswith("panic")
    assert error(body("{$D}", env={"D": "log"})) == ""
    assert error(body("{$D}", env={"D": "log"}, release="1.2.2")).endswith("Unknown directive '{$D}'")


def test_environment_variables_without_end() -> None:
    assert error(body("log {$A}", env={"A": "{$A}"})) != ""
    assert error(body("log {$A}", env={"A": "{$A}{$A}"})) != ""


def test_brace_from_the_environment_is_no_brace() -> None:
    assert error(run("a {$B}\n whoami\n", env={"B": "{"})) == "Corefile:1 - Error during parsing: Unknown directive '{'"


def test_carriage_returns_and_other_spaces() -> None:
    assert words(run("a {\r\n l\rog\u00a0x\x85y\x0bz \x1c\r\n}\r\n")) == [{"log": ["log", "x", "y", "z", "\x1c"]}]


def test_comments_behind_a_word_hide_only_what_is_glued() -> None:
    assert words(body("log a#b c # d\n#e f")) == [{"log": ["log", "a", "c"]}]


def test_bytes_that_are_no_utf8_become_replacements() -> None:
    program = body("import f", files={"f": b"log \xe2\x82 x\xff\n"})
    assert words(program) == [{"log": ["log", "\ufffd\ufffd", "x\ufffd"]}]


def test_a_tree_can_be_expanded_too() -> None:
    tree = parse("a {\n whoami\n}\n")
    assert words(expand(tree, release=LATEST, environ={}, files=DictFiles())) == [{"whoami": ["whoami"]}]


def test_files_on_disk(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x.conf").write_text("log\n")
    (tmp_path / "beside.conf").write_text("errors\n")
    files = DiskFiles(str(tmp_path / "sub"))
    text = f"a {{\n import *.conf\n import ../beside.conf\n import {tmp_path}/sub/x.*\n import sub\n}}\n"
    program = expand(Source("Corefile", text), release=LATEST, environ={}, files=files)
    assert words(program) == [{"log": ["log", "log"], "errors": ["errors"]}]
    assert [f.code for f in program.findings] == ["import-not-found"]
    assert program.sources[1].path == str(tmp_path / "sub" / "x.conf")
    assert files.is_dir(".")
    assert files.read("nothing") is None


def test_a_brace_glued_to_a_word_is_named_where_it_matters() -> None:
    first = run(".:53 {\n    kubernetes cluster.local ip6.arpa{\n        pods insecure\n    }\n}\n").findings[0]
    assert first.code == "unknown-directive"
    assert first.hint == "a `{` opens a block only as a word of its own: put a space before it"
    assert [span.text for span, _ in first.related] == ["ip6.arpa{"]

"""What `import` brings: snippets, files, patterns; by release."""

import pytest

from corefile.findings import Source
from corefile.language.expand import DiskFiles, expand
from corefile.releases import LATEST

from ..programs import body, error, run, words


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


def test_files_on_disk(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x.conf").write_text("log\n")
    (tmp_path / "beside.conf").write_text("errors\n")
    files = DiskFiles(str(tmp_path / "sub"), str(tmp_path))
    text = f"a {{\n import *.conf\n import ../beside.conf\n import {tmp_path}/sub/x.*\n import sub\n}}\n"
    program = expand(Source("Corefile", text), release=LATEST, environ={}, files=files)
    assert words(program) == [{"log": ["log", "log"], "errors": ["errors"]}]
    assert [f.code for f in program.findings] == ["import-not-found"]
    assert program.sources[1].path == str(tmp_path / "sub" / "x.conf")
    assert files.is_dir(".")
    assert files.read("nothing") is None


def test_the_snippet_that_was_meant_is_data() -> None:
    snippets = "(common) {\n log\n}\n(other) {\n errors\n}\n"
    found = run(f"{snippets}a {{\n import comon\n import xyz\n import ./no.such\n}}\n").findings
    assert [f.choices for f in found] == [("common", "other")] * 3
    assert found[0].hint == "did you mean `common`?"
    assert [f.fix and f.fix.edits[0][1] for f in found] == ["common", None, None]

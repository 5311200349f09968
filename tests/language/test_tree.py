"""The lossless tree, its nodes, and its tables."""

import pytest
from hypothesis import given

from corefile.findings import CorefileError, Source
from corefile.language.nodes import Directive, Import, ServerBlock, Skipped, Snippet, leaves
from corefile.language.printer import to_text
from corefile.language.tree import build, parse
from corefile.language.words import words

from .texts import SOUP

TEXT = """\ufeff# all names
(common) {
    errors
}
import conf.d/*

a.example, # the first
b.example:53 {
    import common
    hosts "a file" { # inline
        10.0.0.1 a.example

        fallthrough
    } more
    log\t# the end
}
"""


def test_nodes() -> None:
    tree = parse(TEXT)
    assert str(tree) == TEXT
    snippet, import_line, block = tree.document.items
    assert isinstance(snippet, Snippet)
    assert snippet.name == "common"
    assert snippet.head[0].comments == ("all names",)
    assert isinstance(import_line, Import)
    assert import_line.name == "conf.d/*"
    assert isinstance(block, ServerBlock)
    assert [key.text for key in block.keys] == ["a.example", "b.example:53"]
    assert [line.name if isinstance(line, Directive) else line for line in block.body[1:]] == ["hosts", "log"]
    hosts, log = block.lines
    assert [str(argument) for argument in hosts.arguments] == ["a file", "more"]
    assert hosts.arguments[0].quoted
    assert hosts.block is not None
    assert [line.name for line in hosts.block.properties] == ["10.0.0.1", "fallthrough"]
    assert hosts.block.opening is not None
    assert hosts.block.opening.comment_behind == "inline"
    assert log.words[-1].comment_behind == "the end"
    assert (log.span.line, log.span.column, log.span.text) == (15, 5, "log")
    assert block.span.text.startswith("a.example")
    assert block.span.text.endswith("}")


def test_without_braces() -> None:
    (block,) = parse("a.example\nlog\nhosts {\n x\n}\n").document.blocks
    assert block.opening is None
    assert list(block.directives) == ["log", "hosts"]


def test_trees_compare_by_their_words() -> None:
    assert parse(TEXT) == parse(TEXT)
    assert hash(parse(TEXT)) == hash(parse(TEXT))
    assert parse(TEXT) != parse("a")
    deep = "a {\n x" + " {" * 10_000 + "\n" + "}\n" * 10_001
    assert parse(deep) == parse(deep)


@pytest.mark.parametrize(
    "text",
    ["a {\n", "a {\n whoami }\n", "a,\n", "a, {\n}\n", "a {\n hosts {\n", "(s) {\n", 'a {\n log "x\n}\n', "{\n"],
)
def test_what_nothing_could_complete_is_refused(text: str) -> None:
    with pytest.raises(CorefileError):
        parse(text)
    assert to_text(build(Source("f", text)).document) == text


@pytest.mark.parametrize("text", ["a {\n import rest\n", "a {\n log {$REST}\n", "a {\n hosts {\n}", "a {\n}\n}\n", '"'])
def test_what_something_could_complete_is_not(text: str) -> None:
    assert str(parse(text)) == text


@given(SOUP)
def test_every_text_is_its_words(text: str) -> None:
    tree = build(Source("f", text))
    assert leaves(tree.document) == words(tree.source)
    assert to_text(tree.document) == text


def test_an_import_among_the_keys_is_no_key() -> None:
    (block,) = parse('a.test,\nimport "more keys.conf"\n{\n    whoami\n}\n').document.blocks
    assert [key.text for key in block.keys] == ["a.test"]
    assert [(line.name, line.span.text) for line in block.imports] == [("more keys.conf", 'import "more keys.conf"')]
    assert str(parse(block.span.text)) == block.span.text
    (block,) = parse("a.test, import x {\n}\n").document.blocks  # not the first word of its line
    assert ([key.text for key in block.keys], block.imports) == (["a.test", "import", "x"], ())


def test_what_is_left_out_behind_an_error_is_in_the_tree() -> None:
    text = "(s)\nlog\nerrors\n\na {\n}\n"
    tree = build(Source("f", text))
    skipped, block = tree.document.items
    assert isinstance(skipped, Skipped)
    assert skipped.span.text == "(s)\nlog\nerrors"
    assert isinstance(block, ServerBlock)
    assert [finding.code for finding in tree.findings] == ["snippet-without-brace"]
    assert str(tree) == text

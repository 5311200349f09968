"""The lossless tree, its nodes, and its tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corefile.findings import CorefileError, Source, Span
from corefile.language import grammar
from corefile.language.nodes import BlankLine, Comment, Directive, Import, ServerBlock, Snippet, leaves
from corefile.language.printer import to_text
from corefile.language.tree import _Builder, build, parse
from corefile.language.words import WORD, tokens

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
    kinds = [type(item) for item in tree.document.items]
    assert kinds == [Comment, Snippet, Import, BlankLine, ServerBlock]
    comment, snippet, import_line, _, block = tree.document.items
    assert isinstance(comment, Comment)
    assert comment.text == "all names"
    assert isinstance(snippet, Snippet)
    assert snippet.name == "common"
    assert isinstance(import_line, Import)
    assert import_line.name == "conf.d/*"
    assert isinstance(block, ServerBlock)
    assert [key.text for key in block.keys] == ["a.example", "b.example:53"]
    assert [directive.name for directive in block.directives] == ["hosts", "log"]
    hosts, log = block.directives
    assert [str(argument) for argument in hosts.arguments] == ["a file", "more"]
    assert hosts.arguments[0].quoted
    assert hosts.block is not None
    assert [type(line) for line in hosts.block.body] == [Directive, BlankLine, Directive]
    assert log.comment == "the end"
    assert (log.span.line, log.span.column, log.span.text) == (15, 5, "log")
    assert block.span.text.startswith("a.example")
    assert block.span.text.endswith("}")


def test_without_braces() -> None:
    (block,) = parse("a.example\nlog\nhosts {\n x\n}\n").document.blocks
    assert block.opening is None
    assert [directive.name for directive in block.directives] == ["log", "hosts"]


def test_nodes_are_frozen_and_compare_by_value() -> None:
    (block,) = parse(TEXT).document.blocks
    with pytest.raises(AttributeError):
        block.head = None  # type: ignore[misc]
    assert parse(TEXT) == parse(TEXT)
    assert parse(TEXT) != parse("a")


def test_nodes_of_several_texts_print_together() -> None:
    one, two = parse("a {\n}\n").document, parse("b {\n}\n").document
    assert to_text(one._replace(items=two.items + one.items)) == "b {\n}\na {\n}\n"


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


def test_depth_is_no_matter() -> None:
    text = "a {\n" + "x {\n" * 50_000 + "}\n" * 50_000 + "}\n"
    assert str(parse(text)) == text


def test_tables_belong_to_the_grammar() -> None:
    assert grammar.main(["--check"]) == 0


PIECES = [
    "a",
    "log",
    "import",
    "(s)",
    "{",
    "}",
    "{",
    "}",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    " ",
    "\t",
    "#",
    "# c\n",
    '"',
    '"{"',
    '"}"',
    '""',
    '"q\n"',
    "\\",
    ",",
    "a,",
    "{$X}",
    "\ufeff",
    "\x85",
    "\x1c",
    "\u2028",
    "é",
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(SOUP)
def test_every_text_is_its_leaves(text: str) -> None:
    source = Source("f", text)
    found = leaves(build(source).document)
    assert [leaf.start for leaf in found[1:]] == [leaf.end for leaf in found[:-1]]
    assert "".join(leaf.text for leaf in found) == text


@given(SOUP)
def test_leaves_have_the_words_that_the_lexer_makes(text: str) -> None:
    source = Source("f", text)
    spans = [
        match.span(match.lastindex)
        for leaf in leaves(build(source).document)
        for match in WORD.finditer(text, leaf.start, leaf.end)
        if match.lastindex and (leaf.start or leaf.text != "\ufeff")
    ]
    assert spans == [(token.span.start, token.span.end) for token in tokens(source)]


LARK = grammar.compile_with_lark()


@given(SOUP)
def test_lark_makes_the_same_tree(text: str) -> None:
    source = Source("f", text)
    builder = _Builder()

    def make(node: object) -> None:
        if isinstance(node, str):
            builder.values.append(Span(source, node.start_pos, node.end_pos))  # type: ignore[attr-defined]
            return
        for child in node.children:  # type: ignore[attr-defined]
            make(child)
        if node.children:  # type: ignore[attr-defined]
            getattr(builder, node.data)(len(node.children))  # type: ignore[attr-defined]
        else:
            builder.values.append([])

    make(LARK.parse(text))
    assert builder.values == [build(source).document]


def test_an_import_among_the_keys_is_no_key() -> None:
    (block,) = parse('a.test,\nimport "more keys.conf"\n{\n    whoami\n}\n').document.blocks
    assert [key.text for key in block.keys] == ["a.test"]
    assert [(line.name, line.span.text) for line in block.imports] == [("more keys.conf", 'import "more keys.conf"')]
    assert str(parse(block.span.text)) == block.span.text
    (block,) = parse("a.test, import x {\n}\n").document.blocks  # not the first word of its line
    assert ([key.text for key in block.keys], block.imports) == (["a.test", "import", "x"], ())

"""The nodes of a tree, whatever was read into them."""

import copy
import pickle

import pytest

from corefile.findings import Source
from corefile.language.nodes import Directive, Import, PropertyBlock, ServerBlock, leaves
from corefile.language.tree import build, parse

from .programs import run

TEXT = 'a, "" b {\n hosts f {\n  10.0.0.1 x\n  import more\n } again {\n } # end\n log\n log b\n}\n'


def block_of(text: str) -> ServerBlock:
    (block,) = parse(text).document.blocks
    return block


def test_keys_are_without_commas_and_empty_words() -> None:
    block = block_of(TEXT)
    assert [part.text for part in leaves(block)[:3]] == ["a,", "", "b"]
    assert [key.text for key in block.keys] == ["a", "b"]


def test_words_of_directives_are_collected_by_name() -> None:
    directives = {name: [word.text for word in words] for name, words in block_of(TEXT).directives.items()}
    assert directives == {
        "hosts": ["hosts", "f", "{", "10.0.0.1", "x", "import", "more", "}", "again", "{", "}"],
        "log": ["log", "log", "b"],
    }


def test_the_name_is_as_written_where_a_variable_makes_it() -> None:
    (block,) = run("a {\n {$LOG} x {$LOG}\n}\n", env={"LOG": "log"}).blocks
    assert block.lines[0].name == "log"
    assert [word.text for word in block.directives["log"]] == ["{$LOG}", "x", "log"]


def test_lines_in_braces() -> None:
    hosts = block_of(TEXT).lines[0]
    assert hosts.name == "hosts"
    assert [word.text for word in hosts.arguments] == ["f", "again"]
    assert hosts.block is not None
    first, second = hosts.block.body
    assert isinstance(first, Directive)
    assert [word.text for word in first.words] == ["10.0.0.1", "x"]
    assert isinstance(second, Import)
    assert second.name == "more"
    assert hosts.block.properties == (first,)
    braces = [part for part in hosts.parts if isinstance(part, PropertyBlock)]
    assert [part.span.text for part in braces] == ["{\n  10.0.0.1 x\n  import more\n }", "{\n }"]


@pytest.mark.parametrize(("line", "name"), [("import", ""), ("import x", "x"), ("import x y {", "x")])
def test_an_import_takes_its_line(line: str, name: str) -> None:
    (block,) = build(Source("f", f"a {{\n {line}\n}}\n")).document.blocks
    (found,) = block.body
    assert isinstance(found, Import)
    assert (found.name, found.span.text) == (name, line)


def test_a_span_in_several_files_is_its_first_word() -> None:
    (block,) = run("a {\n import f", {"f": "log\n}\n"}).blocks
    assert block.span.text == "a"
    (block,) = run("import f", {"f": "a {\n log\n}\n"}).blocks
    assert (block.span.source.name, block.span.text) == ("f", "a {\n log\n}")


def test_a_server_block_is_frozen_and_can_be_copied() -> None:
    block = block_of(TEXT)
    with pytest.raises(AttributeError, match="frozen"):
        block.body = ()  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(block))
    assert (again, again.directives, hash(again)) == (block, block.directives, hash(block))
    assert copy.deepcopy(block) is block
    assert repr(block) == "<ServerBlock a b>"


def test_what_is_read_has_the_nodes_of_what_is_written() -> None:
    text = "a,\nb {\n errors\n hosts {\n  x y\n }\n}\nc\nlog\n"
    assert run(text).blocks == build(Source("Corefile", text)).document.blocks

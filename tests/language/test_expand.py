"""A Corefile read as CoreDNS reads it: words, server blocks, the default."""

import pytest

from corefile.language.expand import DictFiles, expand
from corefile.language.tree import parse
from corefile.releases import LATEST

from .programs import body, keys, run, words


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

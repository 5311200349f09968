"""What the reader of plain YAML takes, it reads as the library does; anything else it leaves to the library."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from corefile.findings.limits import LIMITS
from corefile.language import documents
from corefile.language.documents import Node
from corefile.language.plain_yaml import Budget, Unusual, read_block, read_nodes

RECORDED = Path(__file__).resolve().parents[1] / "conformance"
BITS = [
    "|",
    "|-",
    ">",
    "'",
    '"',
    ":",
    "-",
    "?",
    "#",
    "[]",
    "{}",
    "&",
    "*",
    "!",
    "null",
    " #",
    ": ",
    "- ",
    "\n",
    "|\n",
    "a: b\n",
    "- c\n",
    "key:\n",
    "\t",
    "\r",
    "\r\n",
    "\x01",
    "\x85",
    "\xa0",
    "\u2028",
    "\N{LATIN SMALL LETTER A WITH DIAERESIS}",
    "0x1f",
]
OFFSET = 3


def flat(node: Node) -> tuple[Any, ...]:
    inner = [flat(item) for item in node.items], [(flat(key), flat(value)) for key, value in node.pairs]
    return node.kind, node.start, node.end, node.tag, node.text, node.style, node.size, node.height, *inner


def by_library(text: str) -> list[tuple[Any, ...]]:
    return [
        flat(node)
        for node in documents._built(
            text, " " * OFFSET + text, OFFSET, yaml.SafeLoader, LIMITS, Budget(LIMITS.yaml_values)
        )
    ]


def value(text: str) -> Any:
    return read_block(text, LIMITS.yaml_depth, documents._inline, {}, Budget(LIMITS.yaml_values))


def value_by_library(text: str) -> Any:
    found = [documents._value(node, text) for node in documents._parsed(text, 0, len(text), plain=False)]
    return found[0] if found else None


def has_the_library_s_value(text: str) -> bool:
    """Whether the text is in the plain form, and then its value is what the library makes of it."""
    try:
        found = value(text)
    except Unusual:
        return False
    assert found == value_by_library(text), text
    return True


def is_read_alike(text: str) -> bool:
    """The same of the text as a node; such a text has a value, too."""
    try:
        node = read_nodes(text, OFFSET, LIMITS.yaml_depth, Budget(LIMITS.yaml_values))
    except Unusual:
        return False
    assert [flat(node)] == by_library(text), text
    assert has_the_library_s_value(text)
    return True


PLAIN = [
    "a: b\nc: 1\n",
    "a: b",
    "metadata:\n  name: coredns\n  labels:\n    a/b.c: 'd e'\ndata:\n  Corefile: |\n    .:53 {\n\n        errors # all\n    }\n",
    "a: |\n  x",
    "a: |-\n  x\n\n\n# behind\n",
    "a: |\n\n\n  b\n\n    c\n",
    "a: |-\n\n",
    "- |\n\n  b\n- |-\n  c\n\n  d",
    "a: |\n",
    "a: |",
    "a: |\n  x\n    \nb: c\n",
    "- a\n- b: c\n  d: e\n- - f\n",
    "- - a\n  - b\n- c\n",
    "a:\n- b\n- c\nd:\n  - e\n",
    "a:\nb:\n  c:\n",
    '"a": "b"\n\'c\': []\nd: {}\n',
    "a: b # c\n\n  # d\ne: f\n  \n",
    "a: -5\nb: ~\nc: 0x1f # d\ne: 1_000\n",
]
NOT_PLAIN = [
    "a: b\n  c\n",
    "a: [b]\n",
    "a: &x b\n",
    "a: *x\n",
    "a: !!str b\n",
    "a: >\n  b\n",
    "a: |2\n  b\n",
    "a: |\n     \n  b\n",
    "a: |\n  b\n     ",
    "a: |\n  b\r\n",
    "a: |\n    \n\n",
    'a: "\\u0041"\n',
    "a: 'it''s'\n",
    "a: b: c\n",
    "a: b\r\n",
    "a: ä\n",
    "a:\tb\n",
    "? a\n: b\n",
    "a:\n    b:\n  c: 1\n",
    "a:\n  b:\n- c\n",
    "a: b\n- c\n",
    "- a\n  b: c\n",
    "- a\nb: c\n",
    "  a: b\nc: d\n",
    "a",
    "",
]


@pytest.mark.parametrize("text", PLAIN)
def test_the_plain_form_has_the_library_s_values_and_places(text: str) -> None:
    assert is_read_alike(text)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_library(text: str) -> None:
    assert not is_read_alike(text)


def test_depth_is_limited() -> None:
    deep = "".join(f"{' ' * n}a:\n" for n in range(LIMITS.yaml_depth + 1))
    assert not is_read_alike(deep)
    assert is_read_alike("".join(f"{' ' * n}a:\n" for n in range(LIMITS.yaml_depth)))


@pytest.mark.parametrize("seed", range(4))
def test_lines_that_are_moved_and_changed_are_read_alike_or_not_at_all(seed: int) -> None:
    draw = random.Random(seed)
    texts = [path.read_text() for path in draw.sample(sorted(RECORDED.rglob("*.yaml")), 20)]
    alike = valued = 0
    for _ in range(300):
        lines = draw.choice(texts).split("\n")
        at = draw.randrange(len(lines))
        lines = lines[at : at + draw.randrange(2, 14)]
        left = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        lines = [line[left:] for line in lines]
        for _ in range(draw.randrange(4)):
            at = draw.randrange(len(lines))
            line = lines[at]
            column = draw.randrange(len(line) + 1)
            lines[at : at + 1] = draw.choice(
                (
                    [line, draw.choice(lines)],
                    ["  " + line],
                    [line[2:]],
                    [line[:column] + draw.choice(BITS) + line[column:]],
                )
            )
        alike += is_read_alike("\n".join(lines))
        valued += has_the_library_s_value("\n".join(lines))
    assert valued > alike > 30


def test_a_block_scalar_ends_as_the_text_does() -> None:
    for text in ("a: |\n  x", "a: |\n  x\n", "a: |\n  x\n\n", "- |\n x\n  y"):
        assert value(text) == yaml.safe_load(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: b\r\nc: 1\r\n",
        "a: b\N{LATIN SMALL LETTER A WITH DIAERESIS}\n",
        "a: b\xa0\n",
        'a: "\\u0041"\n',
        "a: [b, {c: d}]\n",
        "",
        "# a\n",
    ],
)
def test_more_has_a_value_of_the_plain_form_than_places(text: str) -> None:
    with pytest.raises(Unusual):
        read_nodes(text, OFFSET, LIMITS.yaml_depth, Budget(LIMITS.yaml_values))
    assert has_the_library_s_value(text)


@pytest.mark.parametrize(
    "text", ["a: b\x85c\n", "a: |\n b\u2028\n", "a: b\rc\n", "a: |\r\n b\r\n", "\xa0", "a: b\n\t\n"]
)
def test_what_the_library_joins_or_refuses_is_left_to_it(text: str) -> None:
    """Ends of lines other than a line feed, and blanks that are none in YAML."""
    with pytest.raises(Unusual):
        value(text)


@pytest.mark.parametrize("text", ["a:\n    b:\n  c: 1\n", "a:\n  b:\n- c\n"])
def test_a_key_that_is_closed_takes_no_value(text: str) -> None:
    """Each is no YAML: what stands further to the left is of another mapping than the key above it."""
    with pytest.raises(Unusual):
        value(text)
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)

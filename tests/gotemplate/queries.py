"""The queries that the templates of tests/data/gotemplate.jsonl were executed with."""

from __future__ import annotations

from corefile.dns.message import Edns, Msg, Question
from corefile.gotemplate import Template, parse
from corefile.plugins.template import _data, _types

TYPE = _data.data_type(metadata=True, remote=True)
OPTIONS = (
    (3, b""),
    (8, bytes.fromhex("00011800c63364")),
    (10, b"abcdefgh"),
    (65001, b"\x00\xff"),
    (12, b"\0\0"),
    (8, bytes.fromhex("0002200020010db8")),
)
QUERIES = (
    (["a.example.org", "a", "7b"], ("", "a", "b"), "A.example.org.", 1, None, None),
    (
        ["ip", "10", "300"],
        ("", "a", "b"),
        "ip-10-1.example.org.",
        1,
        Edns(1232, True),
        {"view/name": "internal", "x": ""},
    ),
    (["www.x."], ("",), "www.x.", 28, Edns(4096, False, 0, OPTIONS), {}),
)
"""Of each: the groups that matched, their names, the question, EDNS, and metadata."""


def prints(template: Template, number: int) -> str:
    """What a template prints for one of the queries."""
    groups, names, name, type, edns, metadata = QUERIES[number]
    zone = "." if number == 2 else "example.org."
    match = _types.Match(zone, name.lower(), "(a)|(.*)", groups, names, "IN", "A", "127.0.0.1")
    msg = Msg(Question(name, type, 1), id=4242, rd=number != 2, edns=edns)
    known = None if metadata is None else {key: (lambda text=text: text) for key, text in metadata.items()}
    return template.execute(_data.data(TYPE, match, msg, known), max_steps=500_000)


def parsed(text: str) -> Template:
    """The template, as `answer` has it."""
    return parse("answer", text, _data.FUNCTIONS)

"""Each landmark of each example counts: without it some question is answered otherwise than its cell says. What has no such
effect is listed here, with the reason why it is named all the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

import pytest

from corefile.chain.landmarks import Below, Client, Exact, Flag, Landmark, Pattern

from .checks import Check, words
from .examples import EXAMPLES, Example
from .targets import counts, form

FEW = 3
"""How many landmarks of one form are tried, and in how many examples, until one counts."""


def flag(*starts: str) -> Callable[[Landmark], bool]:
    """Flags whose names begin so."""
    return lambda mark: isinstance(mark, Flag) and mark.name.startswith(starts)


def name(*kinds: type) -> Callable[[Landmark], bool]:
    """Names and expressions."""
    return lambda mark: isinstance(mark, kinds)


class Without(NamedTuple):
    """Landmarks of some directives that change no cell, or no answer, of the examples, and why they are there."""

    directives: str
    which: Callable[[Landmark], bool]
    why: str


LISTED = "always told apart; it is named so that questions of the kind are listed, and asked for"
IMAGE = "`image` tells the same names apart by what they become; the landmark is there so that their places are listed"
DOUBLED = "another plugin or server of the example has the same zone"
CLOUDS = ("azure", "clouddns", "route53")
EVERYWHERE = (
    Without("*", flag("type DS", "class IN", "tcp", "tsig", "opcode ", "size > ", "view "), LISTED),
    Without("*", lambda mark: mark == Below("."), "the root always has a node"),
)
REASONS = (
    *EVERYWHERE,
    Without("autopath", lambda mark: isinstance(mark, Below) and mark != Below("test."), IMAGE),
    Without("rewrite", lambda mark: isinstance(mark, Pattern) and mark != Pattern(".", r".*\.z\.test"), IMAGE),
    Without("cache", flag("class ANY"), "it tells what is kept as a denial, which a first answer does not show"),
    Without("cache", flag("cd"), "it tells apart what is kept, which a first answer does not show"),
    Without("etcd", name(Below), "expressions of names below the zone make it a place, too"),
    Without(
        "etcd",
        name(Exact),
        "the expression of a key tells its name apart, too; `corefile test --init` lists the names",
    ),
    Without(
        "etcd",
        lambda mark: isinstance(mark, Pattern) and mark.regexp.count("(") == 1 and mark.regexp.startswith("^("),
        "`*` and `any` right below the zone are told apart by the expression of any other key there",
    ),
    Without(
        "kubernetes",
        lambda mark: (
            isinstance(mark, Below) and mark.name.endswith(".svc.cluster.local.") and mark.name.count(".") == 5
        ),
        "the expression of a port makes a service's name a place, too, which has its kind by this",
    ),
    *(Without(cloud, flag("type NS"), "no zone of the examples has NS records") for cloud in CLOUDS),
    Without("rewrite", name(Client), "it is the family of a subnet that is sent, which these upstreams do not look at"),
    Without("federation", name(Below), DOUBLED),
    Without("secondary", lambda mark: mark == Below("z.test."), DOUBLED),
    Without("view", name(Client), "conditions are tried for each question; clients are named so that they are listed"),
    Without("loop", name(Exact), "the third probe ends the server, and each question is asked as the first"),
)


def reason(directive: str, mark: Landmark) -> str:
    """Why a landmark has no effect; '' where it has to have one."""
    found = (r.why for r in REASONS if r.directives in ("*", directive) and r.which(mark))
    return next(found, "")


@pytest.mark.parametrize("directive", EXAMPLES)
def test_each_landmark_counts_unless_there_is_a_reason(directive: str) -> None:
    tried: dict[tuple[Hashable, str], list[Landmark]] = {}
    done = set()
    for example in EXAMPLES[directive]:
        server = example.server()
        whole = Check(server)
        for mark in whole.marks(directive):
            key = form(mark), reason(directive, mark)
            if key[1] == LISTED or key in done or len(tried.setdefault(key, [])) >= (1 if key[1] else FEW):
                continue
            tried[key].append(mark)
            if counts(whole, mark, server, words(example.words())[0]):
                done.add(key)
    assert not [marks for key, marks in tried.items() if (key in done) is bool(key[1])]


def test_reasons_are_for_landmarks_that_there_are() -> None:
    marks = {name: [m for e in examples for m in Check(e.server()).marks(name)] for name, examples in EXAMPLES.items()}
    for one in REASONS:
        among = [m for name, found in marks.items() if one.directives in ("*", name) for m in found]
        assert any(map(one.which, among)), one


def test_a_landmark_without_effect_is_seen() -> None:
    example = Example("whoami")
    server = example.server()
    whole = Check(server)
    assert not counts(whole, Exact("www.z.test."), server, [])

"""Corefiles that CoreDNS accepts, each in a world of its own, and questions near to what it tells apart, as
`corefile.testing.strategies` draws them, for any release: nothing but findings may come of them.

What takes its time is to find out what a server tells apart. So a Corefile has several lists of questions, one after another:
eight pairs of a Corefile and questions are one input.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from corefile.api import Server, loads
from corefile.classes import Question
from corefile.releases import ALL, LATEST
from corefile.testing import strategies
from corefile.testing.strategies.examples import Examples

from .draw import Draw

LISTS, MOST = 8, 4
"""How many lists of questions there are for a Corefile, and how many questions are in one."""


class Pairs(NamedTuple):
    """A server that has read a Corefile, and lists of questions for it."""

    server: Server
    questions: list[list[Question]]

    def __str__(self) -> str:
        asked = "".join(f"# {question}\n" for questions in self.questions for question in questions)
        return f"# CoreDNS {self.server.release}\n{self.server.process.source.text}{asked}"


releases = st.just(LATEST) | st.sampled_from(ALL)
worlds = strategies.worlds()
corefiles = cache(strategies.corefiles)


@st.composite
def pairs(draw: st.DrawFn) -> Pairs:
    """Any. A Corefile that is refused in its world raises, as it was promised to be accepted there."""
    release = draw(releases)
    server = loads(draw(corefiles(release)), release=release, world=draw(worlds))
    questions = st.lists(strategies.queries(server), min_size=1, max_size=MOST)
    return Pairs(server, [draw(questions) for _ in range(LISTS)])


examples = Examples(pairs())


def make(draw: Draw) -> Pairs:
    """A Corefile and questions."""
    return examples[str(draw.random())]


def look(draw: Draw, found: Pairs) -> str:
    """Ask; what is said."""
    server, said = found.server, ""
    server.world.choose_index = lambda options, why: draw.randrange(len(options))
    for questions in found.questions:
        for question in questions:
            reply = question.ask(server, wait=draw.often(0.5), trace=draw.often(0.3))
            octets = reply.octets
            assert octets is None or 12 <= len(octets) <= 65535
            said += f"{reply!r} {reply} {reply.trace} {reply.log} {reply.notices}\n"
            server.advance(draw.choice((0.0, 0.0, 0.1, 5.0)))
        server.advance(20_000.0 if draw.often(0.01) else 40.0)
    return said


__all__ = ["Pairs", "look", "make"]

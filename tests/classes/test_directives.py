"""Landmarks of each directive: questions near to them are answered like the witness of their cell, by the unchanged chain. A
directive without an example fails, and so does one whose landmarks leave out what it tells apart."""

from __future__ import annotations

import pytest

from corefile import Question
from corefile.chain.landmarks import Below, Client, Exact, Flag, Landmark, Pattern
from corefile.plugins import names

from .checks import Check, Questions, shape, stray, without
from .examples import BLOCKS, EXAMPLES, Example

CASES = [
    pytest.param(name, example, id=f"{name}-{i}")
    for name, examples in EXAMPLES.items()
    for i, example in enumerate(examples)
]


def test_each_directive_has_an_example() -> None:
    assert set(names()) == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_use_the_directive(name: str) -> None:
    for example in EXAMPLES[name]:
        sites = example.server().process.instance.sites
        assert any(handler.name == name for site in sites for handler in site.handlers) or name in example.text


@pytest.mark.parametrize(("name", "example"), CASES)
def test_questions_near_to_landmarks_fall_into_their_cells(name: str, example: Example) -> None:
    assert not stray(example.server(), name, example.words())


APART = [
    # An apex in another spelling than the zone's is none for `kubernetes`.
    (1, "cluster.local.", "Cluster.Local.", "NS"),
    # Where pods have to be known, what is no address is denied for another reason.
    (1, "1-2-3-4.shop.pod.cluster.local.", "fresh.shop.pod.cluster.local.", "A"),
]


@pytest.mark.parametrize(("example", "one", "other", "type"), APART)
def test_names_that_kubernetes_tells_apart(example: int, one: str, other: str, type: str) -> None:
    classes = Check(EXAMPLES["kubernetes"][example].server()).classes
    assert classes.cell(Question(one, type=type)) is not classes.cell(Question(other, type=type))


SEEN = {
    "acl": Client("10.1.0.0/16"),
    "any": Flag("type ANY"),
    "chaos": Exact("version.bind."),
    "dns64": Flag("type AAAA"),
    "file": Below("b.ent.z.test."),
    "forward": Below("w.z.test."),
    "header": Flag("rd"),
    "hosts": Exact("www.z.test."),
    "local": Pattern(".", r"^localhost\."),
    "nsid": Flag("nsid"),
    "template": Pattern("z.test.", "^ip-(?P<a>[1-9][0-9]?)[.]"),
}
"""A landmark of some directives without which the test above fails."""


@pytest.mark.parametrize(("name", "mark"), SEEN.items())
def test_a_missing_landmark_is_seen(name: str, mark: Landmark) -> None:
    """Questions are those near to all landmarks."""
    for example in EXAMPLES[name]:
        server = example.server()
        whole = Check(server)
        if mark in whole.marks(name) and shape(without(server, mark)) != shape(whole.classes):
            check = Check(server, missing=mark)
            questions = Questions(whole.classes, whole.marks(name), example.words(), 150, 1)
            if any(check.wrong(question) for question in questions):
                return
    pytest.fail("no question is answered otherwise than its cell")


def test_services_of_one_shape_share_their_cells() -> None:
    """With kinds, behaviours are compared, but no data."""
    for name in ("kubernetes", "k8s_external", "autopath"):
        for example in EXAMPLES[name]:
            check = Check(example.server(), alike=True)
            questions = Questions(check.classes, check.marks(name), example.words(), 150, 2)
            assert not [wrong for question in questions if (wrong := check.wrong(question))]


@pytest.mark.parametrize("example", BLOCKS)
def test_server_blocks_and_ports_are_told_apart(example: Example) -> None:
    assert not stray(example.server(), "", example.words())

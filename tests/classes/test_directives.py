"""Landmarks of each directive: questions near to them are answered like the witness of their cell, by the unchanged chain. A
directive without an example fails, and so does one whose landmarks leave out what it tells apart."""

from __future__ import annotations

import pytest

from corefile.plugins import names

from .checks import stray
from .examples import BLOCKS, EXAMPLES, Example

WAITING = {"clouddns", "sign", "route53", "federation", "reverse", "geoip", "grpc", "azure", "etcd", "nomad"} - set(
    EXAMPLES
)
"""Directives that are new, and have no example yet."""

CASES = [
    pytest.param(example, id=f"{name}-{i}") for name, examples in EXAMPLES.items() for i, example in enumerate(examples)
]


def test_each_directive_has_an_example() -> None:
    assert set(names()) - WAITING == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_use_the_directive(name: str) -> None:
    for example in EXAMPLES[name]:
        sites = example.server().process.instance.sites
        assert any(handler.name == name for site in sites for handler in site.handlers) or name in example.text


@pytest.mark.parametrize("example", CASES)
def test_questions_near_to_landmarks_fall_into_their_cells(example: Example) -> None:
    assert not stray(example.server(), 250)


@pytest.mark.parametrize("example", BLOCKS)
def test_server_blocks_and_ports_are_told_apart(example: Example) -> None:
    assert not stray(example.server(), 250)

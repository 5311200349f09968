"""Packets that were once answered otherwise than by CoreDNS 1.14.7. `against_binary` finds them."""

from pathlib import Path

import pytest

from .packets import server

FOUND = [
    line.split()
    for line in (Path(__file__).parent / "corpus" / "packets.txt").read_text(encoding="ascii").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("case", FOUND, ids=lambda case: str(case[0])[:40])
def test_the_same_octets_as_the_binary(case: list[str]) -> None:
    reply = server().send(bytes.fromhex(case[0]), wait=False).octets
    assert ("-" if reply is None else reply.hex()) == case[1]

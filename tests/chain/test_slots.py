"""What directives leave for others: one value of each type."""

from __future__ import annotations

from corefile.chain.slots import Slots


class Path:
    def __init__(self, text: str = "") -> None:
        self.text = text


def test_the_first_look_makes_the_value_and_put_replaces_it() -> None:
    slots = Slots()
    assert slots.find(Path) is None
    first = slots.get(Path)
    assert (first.text, slots.get(Path) is first, slots.find(Path) is first) == ("", True, True)
    slots.put(Path("/zones"))
    assert slots.get(Path).text == "/zones"


def test_types_do_not_meet() -> None:
    slots = Slots()
    slots.put(Path("/zones"))
    assert slots.get(list) == []
    assert slots.get(Path).text == "/zones"

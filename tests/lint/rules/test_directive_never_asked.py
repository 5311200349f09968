"""directive-never-asked: `whoami` and `erratic` behind what takes every name."""

from __future__ import annotations

import pytest

from corefile import checks
from corefile.world import World

NAME = "directive-never-asked"
WORLD = World(files={"db": "@ 60 SOA ns h 1 2 3 4 5\n* 60 A 192.0.2.1\n"}, cluster=[])


def found(text: str) -> list[int]:
    return [f.span.line for f in checks(text, world=WORLD) if f.code == NAME and f.span]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (". {\nwhoami\nforward . 10.0.0.53\n}\n", 2),
        ("example.org {\nforward . 10.0.0.53\nerratic\n}\n", 3),
        ("example.org {\nforward example.org 10.0.0.53\nwhoami\n}\n", 3),
        ("example.org {\ngrpc . 10.0.0.53\nwhoami\n}\n", 3),
        ("example.org {\nfile db\nwhoami\n}\n", 3),
        (". {\nhosts\nwhoami\n}\n", 3),
        # all types and names
        (". {\nhosts {\n10.0.0.1 a\nfallthrough\n}\ntemplate ANY ANY {\nrcode NXDOMAIN\n}\n}\n", 2),
        ("lan {\ntemplate IN ANY lan {\nrcode NXDOMAIN\n}\nforward . 10.0.0.53\n}\n", 5),
        ("example.org {\nhosts {\nfallthrough\n}\nforward . 10.0.0.53\nwhoami\n}\n", 6),
    ],
)
def test_it_fires(text: str, line: int) -> None:
    assert found(text) == [line]


@pytest.mark.parametrize(
    "text",
    [
        ". {\nwhoami\n}\n",
        ". {\nforward example.org 10.0.0.53\nwhoami\n}\n",
        ". {\nforward . 10.0.0.53 {\nexcept example.org\n}\nwhoami\n}\n",
        "example.org example.com {\nfile db example.org\nwhoami\n}\n",
        "example.org {\nfile db {\nfallthrough\n}\nwhoami\n}\n",
        'example.org {\ntemplate IN A {\nanswer "a. 60 IN A 10.0.0.1"\n}\nwhoami\n}\n',  # of other types it is asked
        ". {\nauto {\ndirectory /zones\n}\nwhoami\n}\n",  # its zones are not known
        ". {\ntemplate ANY ANY {\nmatch ^ads[.]\nrcode NXDOMAIN\n}\nforward . 10.0.0.53\n}\n",
        ". {\ntemplate ANY ANY lan {\nrcode NXDOMAIN\n}\nforward . 10.0.0.53\n}\n",
        ". {\ntemplate IN AAAA {\nrcode NOERROR\n}\nforward . 10.0.0.53\n}\n",
        ". {\ntemplate ANY ANY {\nrcode REFUSED\n}\ncache\nlog\nchaos\n}\n",
        "(s) {\nwhoami\n}\n. {\nforward . 10.0.0.53\nimport s\n}\na.example {\nimport s\n}\n",  # is asked in one
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert found(text) == []


def test_an_auto_without_zones_here_is_not_known_to_take_any() -> None:
    assert found("example.org {\nauto {\ndirectory /zones\n}\nwhoami\n}\n") == []

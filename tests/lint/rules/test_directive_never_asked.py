"""directive-never-asked: `whoami` and `erratic` behind what takes every name."""

from __future__ import annotations

import pytest

from corefile import checks, loads
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
        ("cluster.local {\nkubernetes\nwhoami\n}\n", 3),
        ("a.example {\nrewrite name suffix a.example b.example\nforward . 10.0.0.53\nwhoami\n}\n", 4),
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
        ". {\nhosts\nwhoami\n}\n",  # it is asked for PTR
        # a name that is rewritten is in none of its zones
        "a.example {\nrewrite name suffix a.example b.example\nfile db\nwhoami\n}\n",
        "a.example {\nrewrite name suffix a.example b.example\ntemplate ANY ANY {\nrcode REFUSED\n}\nwhoami\n}\n",
        # a zone that is not known
        ". {\ntemplate ANY ANY {$ZONE} {\nrcode NXDOMAIN\n}\nhosts\n}\n",
        "a.example {\nfile db {$ZONE}\nwhoami\n}\n",
        "(s) {\nwhoami\n}\n. {\nforward . 10.0.0.53\nimport s\n}\na.example {\nimport s\n}\n",  # is asked in one
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert found(text) == []


ANSWER = (
    "file db",
    "hosts",
    "hosts {\n10.0.0.1 a.example.org\n}",
    "kubernetes example.org",
    "k8s_external example.org",
    "k8s_external example.org\nkubernetes cluster.local",
    "etcd example.org",
    "secondary {\ntransfer from 10.0.0.1\n}",
    "route53 example.org.:Z1",
    "azure example.org.:Z1",
    "clouddns example.org.:a:b",
    "forward . 10.0.0.53",
    "grpc . 10.0.0.53",
    "proxy . 10.0.0.53",
    "template ANY ANY {\nrcode NXDOMAIN\n}",
    "rewrite name suffix example.org example.net\nfile db",
)


@pytest.mark.parametrize("release", ["1.0.6", "1.3.1", "1.6.5", "1.14.7"])
@pytest.mark.parametrize("lines", ANSWER)
def test_what_is_never_asked_is_never_asked(lines: str, release: str) -> None:
    """The kind: a directive is said to take all, and passes something on."""
    text = f"example.org:53 {{\n{lines}\nwhoami\n}}\n"
    findings = checks(text, release=release, world=WORLD)
    if NAME not in [f.code for f in findings] or any(f.severity == "error" for f in findings):
        return
    server = loads(text, release=release, world=WORLD)
    for name in ("example.org", "a.example.org", "1.0.0.10.example.org"):
        for kind in ("A", "AAAA", "PTR", "TXT", "SOA", "SRV", "ANY"):
            trace = server.query(name, kind).trace
            assert trace is not None
            assert "whoami" not in [hop.plugin for hop in trace.hops]


def test_an_auto_without_zones_here_is_not_known_to_take_any() -> None:
    assert found("example.org {\nauto {\ndirectory /zones\n}\nwhoami\n}\n") == []

"""fallthrough-to-nothing: names that are passed on and come to the end of the chain."""

from __future__ import annotations

import pytest

from corefile import checks, loads
from corefile.world import World

NAME = "fallthrough-to-nothing"
WORLD = World(files={"db": "@ 60 SOA ns h 1 2 3 4 5\n* 60 A 192.0.2.1\n"}, cluster=[])


def found(text: str, plugins: tuple[str, ...] = ()) -> list[int]:
    return [f.span.line for f in checks(text, world=WORLD, plugins=plugins) if f.code == NAME and f.span]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("example.org {\nhosts {\n10.0.0.1 a.example.org\nfallthrough\n}\nlog\nerrors\ncache\n}\n", 4),
        ("2.168.192.in-addr.arpa {\nhosts {\n192.168.2.5 a.example.org\nfallthrough\n}\n}\n", 4),
        ("example.org {\nfile db {\nfallthrough\n}\n}\n", 3),
        ("example.org {\nfile db {\nfallthrough example.org\n}\n}\n", 3),
        ("cluster.local in-addr.arpa {\nkubernetes cluster.local in-addr.arpa {\nfallthrough in-addr.arpa\n}\n}\n", 3),
    ],
)
def test_it_fires(text: str, line: int) -> None:
    assert found(text) == [line]


@pytest.mark.parametrize(
    "text",
    [
        "example.org {\nhosts {\n10.0.0.1 a.example.org\n}\n}\n",
        "example.org {\nhosts {\n10.0.0.1 a.example.org\nfallthrough\n}\nforward . 10.0.0.53\n}\n",
        "example.org {\nhosts {\nfallthrough\n}\nwhoami\n}\n",
        "example.org {\nhosts {\nfallthrough\n}\nerratic\n}\n",
        ". {\nhosts {\nfallthrough\n}\n}\n",  # clients may ask another server then
        "cluster.local {\nkubernetes cluster.local in-addr.arpa {\nfallthrough in-addr.arpa\n}\n}\n",  # not its names
        "a.example {\nhosts {\nfallthrough\n}\nforward . 10.0.0.53 {\nnonsense\n}\n}\n",  # is said of `forward`
        "a.b {\nkubernetes a.b {\nfallthrough {$OTHER}\n}\n}\n",  # may be names that do not come here
        # in one of the two it passes names on
        "(s) {\nhosts {\nfallthrough\n}\n}\na.example {\nimport s\n}\nb.example {\nimport s\nforward . 10.0.0.53\n}\n",
        'example.org {\ntemplate IN A {\nanswer "{{ .Name }} 60 IN A 10.0.0.1"\nfallthrough\n}\n}\n',
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("plugin", ["hosts", "file db", "kubernetes example.org", "etcd example.org"])
def test_what_it_says_of_the_rcode_is_so(plugin: str) -> None:
    """Without `fallthrough` the answer is NXDOMAIN, but for `hosts`."""
    world = World(files={"db": "@ 60 SOA ns h 1 2 3 4 5\n"}, cluster=[], stores={"etcd": {}})
    text = f"example.org {{\n{plugin} {{\nfallthrough\n}}\n}}\n"
    (finding,) = [f for f in checks(text, world=world) if f.code == NAME]
    assert loads(text, world=world).query("x.example.org").rcode == "SERVFAIL"
    without = loads(text.replace("fallthrough\n", ""), world=world).query("x.example.org").rcode
    assert (without == "NXDOMAIN") is finding.hint.startswith("delete it, and they get NXDOMAIN")


def test_a_plugin_of_others_may_answer() -> None:
    text = "example.org {\nhosts {\nfallthrough\n}\nmine\n}\n"
    assert found(text, plugins=("mine:forward",)) == []


@pytest.mark.parametrize("path", ["/etc/coredns/*.override", "/etc/coredns/more"])
def test_what_an_import_brings_may_answer(path: str) -> None:
    text = f"a.example {{\nhosts {{\nfallthrough\n}}\nimport {path}\n}}\n"
    assert NAME not in [f.code for f in checks(text)]

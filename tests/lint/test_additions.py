"""Additions that no Corefile imports: by their names, or since it has no such line."""

from __future__ import annotations

import json

import pytest

from corefile import World
from corefile.findings import Finding
from corefile.language import configmap
from corefile.lint import checks

MAIN = """kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    .:53 {
        import custom/*.override
        whoami
    }
    import /etc/coredns/custom/*.server
"""
BARE = MAIN.replace("        import custom/*.override\n", "").replace("    import /etc/coredns/custom/*.server\n", "")
NODE = BARE.replace("name: coredns", "name: node-local-dns").replace(".:53", "node.test:53")


def custom(**keys: str) -> str:
    entries = "".join(f"  {key.replace('_', '.')}: {json.dumps(text)}\n" for key, text in keys.items())
    return f"kind: ConfigMap\nmetadata: {{name: coredns-custom, namespace: kube-system}}\ndata:\n{entries}"


def found(*maps: str) -> list[Finding]:
    out = []
    for one in configmap.find("x.yaml", "---\n".join(maps)):
        world = World()
        world.settle(None, one.files)
        out += [f for f in checks(one.source, world=world) if f.code == "addition-not-imported"]
    return out


@pytest.mark.parametrize(
    ("maps", "words", "hint"),
    [
        ((MAIN, custom(a_conf="a.test { }")), "`a.conf` is no name", "`.server` or in `.override`"),
        ((custom(a_conf="a.test { }"),), "`a.conf` is no name", "`.server` or in `.override`"),
        ((MAIN, custom(a_servers="x")), "`a.servers` is no name", "did you mean `a.server`?"),
        ((BARE, custom(a_server="a.test { }")), "takes in `a.server`", "outside of a server block"),
        ((BARE, custom(a_override="log")), "takes in `a.override`", " in a server block"),
        ((NODE, BARE, custom(a_override="log")), "takes in `a.override`", " in a server block"),
    ],
)
def test_it_has_no_effect(maps: tuple[str, ...], words: str, hint: str) -> None:
    (one,) = found(*maps)
    assert words in one.message
    assert hint in one.hint
    assert one.span is not None
    assert one.span.locate().context


@pytest.mark.parametrize(
    "maps",
    [
        (MAIN, custom(a_server="a.test {\n whoami\n}\n", b_override="log")),
        (NODE, MAIN, custom(a_server="a.test {\n whoami\n}\n")),
        (MAIN, custom(a_override="hosts /etc/coredns/custom/a_hosts", a_hosts="10.0.0.1 a")),
        (MAIN, custom(readme="what this is for")),
        (MAIN, custom(a_json='{"a": {\n "b": 1\n}}')),
        (MAIN, custom(a_zone='@ 60 TXT "{x}"')),
        (BARE, custom(noop_server="")),
        (custom(a_server="a.test {\n whoami\n}\n"),),
        (BARE.replace("\ndata:", "\ndata:\n  zone: 'x { }'"),),
    ],
)
def test_it_has_one_or_is_none(maps: tuple[str, ...]) -> None:
    """The Corefile of a node cache beside it imports nothing; files that directives name, and texts, are no additions."""
    assert found(*maps) == []


def test_a_key_that_is_to_have_another_name_is_not_written_into() -> None:
    """The hint is about the key, and the place of the finding is in its text."""
    (one,) = found(MAIN, custom(a_servers="x"))
    assert (one.hint, one.fix) == ("did you mean `a.server`?", None)


AKS = MAIN.replace("/etc/coredns/", "")
LKE = AKS.replace("*.override", "*.include")


@pytest.mark.parametrize(
    ("maps", "hints"),
    [
        ((LKE, custom(a_include="log", b_server="a.test {\n whoami\n}\n")), []),
        ((LKE, custom(a_override="log")), ["call it `a.include`, as this Corefile imports it"]),
        ((AKS, custom(a_include="log")), ["call it `a.override`, as this Corefile imports it"]),
        ((BARE, custom(a_include="log")), ["write `import custom/*.include` in the Corefile, in a server block"]),
    ],
)
def test_the_ending_is_that_of_the_provider(maps: tuple[str, ...], hints: list[str]) -> None:
    """`.override` at AKS, DOKS, K3s, RKE2 and Gardener, `.include` at LKE and OVH."""
    assert [f.hint for f in found(*maps)] == hints


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"a_include": "log"}, "each `*.include` is checked in a server block `.:53` of its own"),
        (
            {"a_override": "log", "b_server": "a.test {\n whoami\n}\n"},
            "each `*.override` is checked in a server block `.:53` of its own, each `*.server` beside it",
        ),
        ({"b_server": "a.test {\n whoami\n}\n"}, "the `*.server` are checked as one Corefile"),
    ],
)
def test_additions_alone_are_checked_as_what_they_are(keys: dict[str, str], words: str) -> None:
    """Those of all providers, and what is said names the endings that are there."""
    (one,) = configmap.find("x.yaml", custom(**keys))
    world = World()
    world.settle(None, one.files)
    said = checks(one.source, world=world)
    assert [f.code for f in said] == ["additions-alone"]
    assert said[0].message.endswith(words)
    (one,) = configmap.find("x.yaml", custom(**{**keys, "z_include": "logg"}))
    world = World()
    world.settle(None, one.files)
    assert [f.code for f in checks(one.source, world=world)] == ["unknown-directive", "additions-alone"]

"""Additions that no Corefile imports: by their names, or since it has no such line."""

from __future__ import annotations

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
    entries = "".join(f"  {key.replace('_', '.')}: {text!r}\n" for key, text in keys.items())
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

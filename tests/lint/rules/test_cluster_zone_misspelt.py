"""cluster-zone-misspelt: slips in the zone of all clusters."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "cluster-zone-misspelt"


def found(text: str) -> list[tuple[str, str]]:
    """The word that is told, and what is to be written."""
    findings = checks(text, world=World(cluster=[]))
    assert not [f for f in findings if f.severity == "error"]
    return [(f.span.text, f.fix.edits[0][1]) for f in findings if f.code == NAME and f.span and f.fix]


@pytest.mark.parametrize(
    "zone",
    [
        "cluster.lcoal",
        "cluser.local",
        "clsuter.local",
        "cluster.locl",
        "clutser.lcoal",
        "custer.local.",
        "Cluster.Loca",
    ],
)
def test_it_fires(zone: str) -> None:
    text = f".:53 {{\nkubernetes {zone} in-addr.arpa {{\nfallthrough in-addr.arpa\n}}\nforward . 192.0.2.53\n}}\n"
    assert found(text) == [(zone, "cluster.local" + "." * zone.endswith("."))]


def test_a_key_may_be_its_zone() -> None:
    assert found("cluster.lcoal:53 {\nkubernetes\n}\n") == [("cluster.lcoal:53", "cluster.local:53")]


@pytest.mark.parametrize(
    "text",
    [
        ".:53 {\nkubernetes cluster.local\n}\n",
        # zones that clusters are given
        *(
            f".:53 {{\nkubernetes {zone}\n}}\n"
            for zone in (
                "cluster2.local",
                "cluster-a.local",
                "clusters.local",
                "kluster.local",
                "cluster.global",
                "cluster.lan",
                "k8s.local",
                "cluster.local.example",
                "prod.cluster.local",
                "local",
            )
        ),
        # both: the other one is meant, too
        ".:53 {\nkubernetes cluster.local cluser.local\n}\n",
        # what stands at several places is meant so
        ".:53 {\nkubernetes cluser.local\n}\ncluser.local:5353 {\nforward . 192.0.2.53\n}\n",
        # other directives have zones of their own
        "cluser.local {\nforward . 192.0.2.53\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert found(text) == []

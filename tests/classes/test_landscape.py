"""Places of names: nodes, patterns, images, and what alike nodes share."""

from __future__ import annotations

import pytest

from benchmarks.bench_classes import AUTOPATH, PLAIN, UPSTREAM, cluster
from corefile import Classes, World, loads

from .examples import Example

HOSTS = "hosts {{\n 192.0.2.1 {}\n fallthrough\n}}\nwhoami"


def place(classes: Classes, name: str, client: str = "192.0.2.99") -> object:
    return classes.landscape.place(name, client).key


def test_nothing_but_landmarks_tells_names_apart() -> None:
    classes = Classes(Example(HOSTS.format("www.z.test"), {}).server())
    assert place(classes, "www.z.test.") != place(classes, "ww.z.test.")
    assert place(classes, "ww.z.test.") == place(classes, "z.test.") == place(classes, "a.b.c.d.")
    assert place(classes, "x.www.z.test.") != place(classes, "www.z.test.")


@pytest.mark.parametrize(
    ("text", "apart", "together"),
    [
        ("rewrite name suffix .old.test .z.test\n" + HOSTS.format("www.z.test"), "www.old.test.", "ww.old.test."),
        (
            "autopath shop.test test resolv.conf\n" + HOSTS.format("www.test").partition(" fall")[0] + "}",
            "www.shop.test.",
            "ww.shop.test.",
        ),
        ("file db.z z.test\n", "www.old.z.test.", "x.old.z.test."),
    ],
)
def test_landmarks_count_before_what_leads_to_them(text: str, apart: str, together: str) -> None:
    """By a rewriting, a search path, and a DNAME record."""
    classes = Classes(Example(text).server())
    other = "q" + together
    assert place(classes, apart) != place(classes, together) == place(classes, other)
    assert classes.of(apart).behaviour != classes.of(together).behaviour


def test_a_client_s_own_search_path_counts() -> None:
    text = "autopath @kubernetes\nkubernetes cluster.local {\n pods verified\n}\n"
    classes = Classes(Example(text).server())
    name = "web.shop.svc.cluster.local.shop.svc.cluster.local."
    assert classes.of(name, client="10.0.0.7").behaviour.rcode == "NOERROR"
    assert classes.of(name, client="10.0.0.9").behaviour.rcode == "NXDOMAIN"
    assert classes.of(name).behaviour.rcode == "NXDOMAIN"


@pytest.mark.parametrize("text", [PLAIN, AUTOPATH])
def test_services_of_one_shape_are_one_place(text: str) -> None:
    counts, names = [], []
    for services in (40, 80):
        world = World(cluster=cluster(services, 4), upstreams={"10.0.0.53": UPSTREAM})
        classes = Classes(loads(text, world=world))
        counts.append(len(classes.places()))
        names.append(classes.of("s1.team-1.svc.cluster.local").names)
    assert counts[0] == counts[1]
    assert names[1] - names[0] == 32


def test_a_view_s_condition_counts() -> None:
    text = ".:53 {\n view a {\n  expr name() == 'www.z.test.'\n }\n whoami\n}\n.:53 {\n erratic\n}\n"
    classes = Classes(Example(text, default_block=False).server())
    assert classes.of("www.z.test").behaviour.route.steps[-1].plugin == "whoami"
    assert classes.of("ww.z.test").behaviour.route.steps[-1].plugin == "erratic"

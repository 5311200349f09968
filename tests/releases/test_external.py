"""Builds that are not CoreDNS's own: plugins from elsewhere, a user's plugin.cfg, images of NodeLocal DNSCache."""

from __future__ import annotations

import pytest

from corefile import releases
from corefile.releases.external import known, order_of, with_plugins
from corefile.releases.node_cache import image

NEWEST = releases.LATEST


def test_a_plugin_stands_where_it_is_told() -> None:
    order = with_plugins(NEWEST, ["mine:cache"]).order
    assert order[order.index("mine") + 1] == "cache"


@pytest.mark.parametrize("name", sorted(known()))
def test_the_place_that_its_documents_name(name: str) -> None:
    other = known()[name]
    order = with_plugins(NEWEST, [name]).order
    at = order.index(name)
    if other.place[0] == "<":
        assert order[at + 1] == other.place[1:]
    elif other.place[0] == ">":
        assert order[at - 1] == other.place[1:]
    else:
        assert at == len(order) - 1
    assert other.home.startswith("github.com/")
    assert name not in releases.known_directives()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mine:nope", "no directive `nope`"),
        ("mine:", "no directive ``"),
        ("", "is not NAME or NAME:BEFORE"),
        ("a b:cache", "is not NAME or NAME:BEFORE"),
    ],
)
def test_places_that_are_none(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        with_plugins(NEWEST, [text])


def test_a_plugin_cfg() -> None:
    text = "# comment\n\nerrors:errors\nmine:example.org/mine  # ours\nforward:forward\n"
    order = order_of(text)
    assert order == ["errors", "mine", "forward"]
    release = with_plugins(NEWEST, order=order)
    assert release.has("mine")
    assert not release.has("cache")


@pytest.mark.parametrize(
    ("text", "words"), [("errors\n", "line 1"), ("a:b\na:c", "line 2: `a` is there twice"), ("", "no plugin")]
)
def test_what_is_no_plugin_cfg(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        order_of(text)


@pytest.mark.parametrize(
    ("tag", "release", "there", "missing"),
    [
        ("1.15.0", "1.2.6", "errors", "debug"),
        ("1.15.13", "1.6.7", "template", "hosts"),
        ("1.20.0", "1.8.3", "hosts", "kubernetes"),
        ("1.21.1", "1.7.0", "trace", "dns64"),
        ("v1.22.28-gke.1", "1.10.0", "bufsize", "kubernetes"),
        ("1.26.7", "1.13.1", "dns64", "timeouts"),
    ],
)
def test_images_of_node_cache(tag: str, release: str, there: str, missing: str) -> None:
    found = releases.find(f"registry.k8s.io/dns/k8s-dns-node-cache:{tag}@sha256:0123")
    assert found.version == release
    assert there not in found.missing
    assert missing in found.missing or not found.has(missing)


@pytest.mark.parametrize("tag", ["1.14.10", "latest", ""])
def test_images_that_are_not_known(tag: str) -> None:
    with pytest.raises(releases.UnknownRelease, match="is not known"):
        image(tag)

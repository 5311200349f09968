"""HTTP endpoints of plugins, and addresses as Go's package net takes them."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.chain.setup import Setup
from corefile.plugin import Declaration, Opt, ReleaseRules, Setting, since
from corefile.plugins._listening import Endpoint, refused
from corefile.world import World


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (":8080", None),
        (":0", None),
        (":", None),
        (":+", None),
        (":http", None),
        ("localhost:8080", None),
        (":65536", "listen tcp: address 65536: invalid port"),
        (":-1", "listen tcp: address -1: invalid port"),
        (":" + "9" * 5000, f"listen tcp: address {'9' * 5000}: invalid port"),
        (":nosuch", "listen tcp: lookup tcp/nosuch: unknown port"),
        ("a..b:80", "listen tcp: lookup a..b: no such host"),
    ],
)
def test_what_go_refuses_to_listen_on(address: str, error: str | None) -> None:
    assert refused(address, World()) == error


def setup_of(release: str = "1.14.7") -> Setup:
    server = loads("a.test b.test {\nwhoami\n}", release=release)
    setup: Setup = server.process.instance.sites[0].handlers[0].setup
    return setup


class Page(Endpoint, Setting):
    """One page."""

    class Config(Declaration):
        address: str = Opt(default=":8080")
        body: str = "first"

    class Rules(ReleaseRules):
        comes_back = since("1.5.1", "it listens again when a reload has failed")

    PATH = "/a"

    def page(self) -> tuple[int, str]:
        return 200, self.config.body


class Other(Page):
    """Another one, which stays."""

    PATH = "/b"
    STAYS = True


def test_the_first_to_listen_answers_until_it_closes() -> None:
    setup = setup_of()
    get = setup.instance.http_get
    page, other = Page(Page.Config(), setup), Other(Page.Config(body="other"), setup)
    for endpoint in (page, Page(Page.Config(body="second"), setup), other, Page(Page.Config(address=":0"), setup)):
        endpoint.start()
    assert get(":8080/a") == (200, "first")
    assert get(":0/a") == (None, "")
    page.restarting()
    other.restarting()
    assert (get(":8080/a")[0], get(":8080/b")) == (404, (200, "other"))
    other.restart_failed()
    page.restart_failed()
    assert get(":8080/a") == (200, "first")
    page.restarting()
    other.stop()
    assert get(":8080/b") == (None, "")
    page.close()


def test_a_page_comes_back_where_the_release_has_it_so() -> None:
    setup = setup_of("1.5.0")
    page = Page(Page.Config(), setup)
    page.start()
    page.restarting()
    page.restart_failed()
    assert setup.instance.http_get(":8080/a") == (None, "")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("10.0.0.53:", "10.0.0.53:0"),
        ("10.0.0.53:00053", "10.0.0.53:53"),
        ("10.0.0.53:domain", "10.0.0.53:53"),
        ("[::ffff:10.0.0.53]:53", "10.0.0.53:53"),
        ("[2001:DB8:0::1]:+53", "[2001:db8::1]:53"),
        ("[fe80::1%lo]:53", "[fe80::1%lo]:53"),
    ],
)
def test_the_address_that_cannot_be_bound_is_told_as_it_was_read(address: str, shown: str) -> None:
    """As 1.10.1 and 1.14.7 said."""
    assert refused(address, World(listenable=[])) == f"listen tcp {shown}: bind: cannot assign requested address"

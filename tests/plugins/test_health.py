"""health: the endpoint in the releases, its poll, and what it does to a start."""

from __future__ import annotations

import pytest

from corefile.api import Server, loads
from corefile.chain.query import Handler
from corefile.findings import CorefileError
from corefile.world import World

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n"
STANDARD = "Wrong argument count or unexpected line ending after "


def serving(text: str = "health", release: str = "1.14.7", keys: str = ".:53") -> Server:
    return loads(f"{keys} {{\n{text}\nprometheus :9153\nwhoami\n}}\n", release=release)


@pytest.mark.parametrize("release", ["1.14.7", "1.6.5", "1.2.2"])
def test_it_is_alive(release: str) -> None:
    server = serving(release=release)
    assert server.get(":8080/health") == (200, "OK")
    assert server.get(":8080/") == (404, "404 page not found\n")
    with pytest.raises(ConnectionRefusedError):
        server.get(":8081/health")


def test_an_address_of_its_own() -> None:
    server = serving("health localhost:8091 {\nlameduck 5s\n}")
    assert server.get(":8091/health") == (200, "OK")
    with pytest.raises(ConnectionRefusedError):
        server.get(":8080/health")


def test_the_first_one_of_a_process_listens_before_1_1_0() -> None:
    text = "a b {\n health :8091\n prometheus :9153\n whoami\n}\nc {\n health :8092\n whoami\n}\n"
    server = loads(text, release="1.0.6")
    assert server.get(":8091/health") == (200, "OK")
    with pytest.raises(ConnectionRefusedError):
        server.get(":8092/health")
    server.advance(10)
    samples = server.samples("coredns_health_request_duration_seconds_count", at=":9153")
    assert [sample.rpartition(" ")[2] for sample in samples] == ["10"]


def test_before_1_1_0_it_is_logged_that_it_cannot_listen() -> None:
    server = loads("a {\n health :99999\n whoami\n}\nb {\n health :8092\n whoami\n}\n", release="1.0.6")
    said = "[ERROR] Failed to start health handler: listen tcp: address 99999: invalid port"
    assert server.process.take_log() == [said]
    with pytest.raises(ConnectionRefusedError):
        server.get(":8092/health")


class Sick(Handler):
    """A plugin that is not well."""

    name = "sick"
    well = False

    def health(self) -> bool:
        return self.well


def test_of_two_lines_the_last_word_on_each_counts() -> None:
    for second in ("health {\nlameduck 5s\n}", "health :8091"):
        server = serving(f"health :8091 {{\nlameduck 1s\n}}\n{second}")
        assert server.get(":8091/health") == (200, "OK")
    server = serving("health :8091\nhealth :8080")
    assert server.get(":8080/health") == (200, "OK")
    with pytest.raises(ConnectionRefusedError, match="nothing listens at :8091; :8080 and :9153 are open"):
        server.get(":8091/health")


def test_up_to_1_4_plugins_were_asked_every_second() -> None:
    server = serving(release="1.2.2")
    site = server.process.instance.sites[0]
    sick = Sick()
    site.handlers.append(sick)
    health = site.handler("health")
    health.stop()
    health.start()
    assert server.get(":8080/health") == (503, "")
    sick.well = True
    assert server.get(":8080/health") == (503, "")
    server.advance(1)
    assert server.get(":8080/health") == (200, "OK")


@pytest.mark.parametrize(("release", "count"), [("1.14.7", 3), ("1.6.6", 6)])
def test_it_counts_its_polls(release: str, count: int) -> None:
    server = serving(release=release, keys="a.example:53 b.example:53")
    server.advance(3.5)
    name = "coredns_health_request_duration_seconds_count"
    assert server.samples([name]) == [f"{name} {count}"]
    assert server.samples([name]) == [f"{name} {count}"]


@pytest.mark.parametrize("keys", ["a.example:53 b.example:53", "a.example:53 {\nhealth\n}\nb.example:53"])
def test_two_of_them_up_to_1_6_5(keys: str) -> None:
    serving(keys=keys)
    with pytest.raises(CorefileError) as caught:
        serving(keys=keys, release="1.6.5")
    assert caught.value.findings[0].coredns == "listen tcp :8080: bind: address already in use"


@pytest.mark.parametrize(
    ("text", "release", "coredns"),
    [
        ("health 8080", "1.14.7", "plugin/health: address 8080: missing port in address"),
        ("health http://", "1.14.7", "listen tcp: lookup tcp///: unknown port"),
        ("health a/b:80", "1.14.7", "listen tcp: lookup a/b: no such host"),
        (
            "health {\nlameduck 5\n}",
            "1.14.7",
            "plugin/health: unable to parse lameduck duration value: '5' : time: missing unit in duration \"5\"",
        ),
        ("health {\nduck\n}", "1.14.7", "plugin/health: Corefile:3 - Error during parsing: unknown property 'duck'"),
        ("health {\nduck\n}", "1.14.3", f"plugin/health: Corefile:3 - Error during parsing: {STANDARD}'duck'"),
    ],
)
def test_refused(text: str, release: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(text, release)
    assert caught.value.findings[0].coredns == coredns


@pytest.mark.parametrize(("release", "at_first"), [("1.0.6", 503), ("1.2.2", 503), ("1.4.0", 503), ("1.5.0", 200)])
def test_what_a_plugin_reads_when_it_starts_is_not_there_at_the_first_poll(release: str, at_first: int) -> None:
    """`health` starts before the plugins that it asks, and asks them at once; the next time is a second later."""
    server = loads(".:53 {\n health\n kubernetes cluster.local\n}\n", release=release, world=World(cluster=NAMESPACE))
    assert server.get(":8080/health")[0] == at_first
    server.advance(1)
    assert server.get(":8080/health") == (200, "OK")


@pytest.mark.parametrize(("release", "status"), [("1.4.0", 503), ("1.5.0", 200)])
def test_without_an_api_server_it_is_never_well(release: str, status: int) -> None:
    server = loads(
        ".:53 {\n health\n kubernetes a {\n  endpoint http://10.0.0.9:8080\n }\n}\n",
        release=release,
        world=World(assume=False),
    )
    server.advance(30)
    assert server.get(":8080/health")[0] == status

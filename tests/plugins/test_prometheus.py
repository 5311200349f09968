"""prometheus: what is counted, under which names and labels in which release."""

from __future__ import annotations

import pytest

from corefile.api import Server, loads
from corefile.dns.message import Edns
from corefile.findings import CorefileError, Source
from corefile.world import World

REQUESTS, RESPONSES = "coredns_dns_requests_total", "coredns_dns_responses_total"


def serving(text: str, release: str = "1.14.7") -> Server:
    return loads(text, release=release)


def asked(
    release: str, corefile: str = "a.example:53 {\nprometheus :9153\nerrors\nwhoami\n}\nempty.example:53 {\n}\n"
) -> Server:
    """A server that has seen some traffic."""
    server = serving(corefile, release)
    server.query("A.a.example.")
    server.query("x.a.example.", "HTTPS", transport="tcp", edns=Edns(4096, True))
    server.query("x.a.example.", "TYPE4242", to="[::1]:53")
    server.query("other.", "MX")
    server.query("a.example.", cls="CH")
    return server


def test_today() -> None:
    assert asked("1.14.7").samples([REQUESTS, RESPONSES, "coredns_dns_do_requests_total"]) == [
        'coredns_dns_do_requests_total{server="dns://:53",view="",zone="a.example."} 1',
        f'{REQUESTS}{{family="1",proto="tcp",server="dns://:53",type="HTTPS",view="",zone="a.example."}} 1',
        f'{REQUESTS}{{family="1",proto="udp",server="dns://:53",type="A",view="",zone="a.example."}} 1',
        f'{REQUESTS}{{family="1",proto="udp",server="dns://:53",type="A",view="",zone="dropped"}} 1',
        f'{REQUESTS}{{family="1",proto="udp",server="dns://:53",type="MX",view="",zone="dropped"}} 1',
        f'{REQUESTS}{{family="2",proto="udp",server="dns://:53",type="other",view="",zone="a.example."}} 1',
        f'{RESPONSES}{{plugin="",rcode="REFUSED",server="dns://:53",view="",zone="dropped"}} 2',
        f'{RESPONSES}{{plugin="errors",rcode="NOERROR",server="dns://:53",view="",zone="a.example."}} 3',
    ]


def test_in_2018() -> None:
    names = [
        "coredns_dns_request_count_total",
        "coredns_dns_request_type_count_total",
        "coredns_dns_response_rcode_count_total",
        "coredns_dns_request_do_count_total",
    ]
    assert asked("1.2.2").samples(names) == [
        'coredns_dns_request_count_total{family="1",proto="tcp",server="dns://:53",zone="a.example."} 1',
        'coredns_dns_request_count_total{family="1",proto="udp",server="",zone="dropped"} 2',
        'coredns_dns_request_count_total{family="1",proto="udp",server="dns://:53",zone="a.example."} 1',
        'coredns_dns_request_count_total{family="2",proto="udp",server="dns://:53",zone="a.example."} 1',
        'coredns_dns_request_do_count_total{server="dns://:53",zone="a.example."} 1',
        'coredns_dns_request_type_count_total{server="",type="A",zone="dropped"} 1',
        'coredns_dns_request_type_count_total{server="",type="MX",zone="dropped"} 1',
        'coredns_dns_request_type_count_total{server="dns://:53",type="A",zone="a.example."} 1',
        'coredns_dns_request_type_count_total{server="dns://:53",type="other",zone="a.example."} 2',
        'coredns_dns_response_rcode_count_total{rcode="NOERROR",server="dns://:53",zone="a.example."} 3',
        'coredns_dns_response_rcode_count_total{rcode="REFUSED",server="",zone="dropped"} 2',
    ]


def test_sizes() -> None:
    samples = asked("1.14.7").samples(
        [
            "coredns_dns_request_size_bytes_sum",
            "coredns_dns_response_size_bytes_sum",
            "coredns_dns_response_size_bytes_bucket",
        ]
    )
    labels = 'proto="udp",server="dns://:53",view="",zone="a.example."'
    assert f"coredns_dns_request_size_bytes_sum{{{labels}}} 58" in samples
    assert f"coredns_dns_response_size_bytes_sum{{{labels}}} 194" in samples
    assert f'coredns_dns_response_size_bytes_bucket{{{labels},le="0"}} 0' in samples
    assert f'coredns_dns_response_size_bytes_bucket{{{labels},le="100"}} 1' in samples
    assert f'coredns_dns_response_size_bytes_bucket{{{labels},le="+Inf"}} 2' in samples


@pytest.mark.parametrize(
    ("release", "labels"),
    [
        ("1.14.7", 'plugin="",rcode="SERVFAIL",server="dns://:53",view="",zone="."'),
        ("1.8.6", 'rcode="SERVFAIL",server="dns://:53",zone="."'),
        ("1.8.4", 'rcode="NOERROR",server="dns://:53",zone="."'),
    ],
)
def test_what_nobody_answers(release: str, labels: str) -> None:
    server = serving(".:53 {\nprometheus :9153\nloadbalance\n}\n", release)
    server.query("a.")
    assert server.samples([RESPONSES]) == [f"{RESPONSES}{{{labels}}} 1"]


def test_up_to_1_4_the_server_counted_its_own_errors_too() -> None:
    server = serving(".:53 {\nprometheus :9153\nloadbalance\n}\n", "1.2.2")
    server.query("a.")
    name = "coredns_dns_response_rcode_count_total"
    assert server.samples([name]) == [
        f'{name}{{rcode="NOERROR",server="dns://:53",zone="."}} 1',
        f'{name}{{rcode="SERVFAIL",server="dns://:53",zone="dropped"}} 1',
    ]


@pytest.mark.parametrize(
    ("release", "plugin"),
    [
        ("1.14.7", "errors"),
        ("1.13.0", "loadbalance"),
        ("1.8.7", "loadbalance"),
    ],
)
def test_the_plugin_that_is_said_to_have_answered(release: str, plugin: str) -> None:
    server = serving(".:53 {\nprometheus :9153\nerrors\nlog\nloadbalance\nwhoami\n}\n", release)
    server.query("a.")
    assert f'plugin="{plugin}"' in server.samples([RESPONSES])[0]


def test_the_plugin_that_wrote() -> None:
    server = serving(".:53 {\nprometheus :9153\nerrors\nlog\nwhoami\n}\n", "1.9.3")
    server.query("a.")
    assert 'plugin="whoami"' in server.samples([RESPONSES])[0]


@pytest.mark.parametrize(("release", "zones"), [("1.14.7", ["a."]), ("1.6.5", ["a.", "b."])])
def test_enabled_plugins(release: str, zones: list[str]) -> None:
    server = serving("a:53 b:53 {\nprometheus :9153\nwhoami\n}\n", release)
    view = 'view="",' if release == "1.14.7" else ""
    assert server.samples(["coredns_plugin_enabled"]) == sorted(
        f'coredns_plugin_enabled{{name="{name}",server="dns://:53",{view}zone="{zone}"}} 1'
        for zone in zones
        for name in ("prometheus", "whoami")
    )


@pytest.mark.parametrize(
    ("release", "zeros"),
    [
        (
            "1.14.7",
            [
                "coredns_forward_healthcheck_broken_total 0",
                "coredns_forward_max_concurrent_rejects_total 0",
                "coredns_health_request_failures_total 0",
                "coredns_hosts_reload_timestamp_seconds 0",
                "coredns_local_localhost_requests_total 0",
                "coredns_panics_total 0",
                "coredns_reload_failed_total 0",
            ],
        ),
        ("1.6.5", ["coredns_panic_count_total 0"]),
        ("1.0.0", []),
    ],
)
def test_what_is_there_before_anything_happened(release: str, zeros: list[str]) -> None:
    found = serving(".:53 {\nprometheus :9153\nwhoami\n}\n", release).samples()
    assert [x for x in found if x.endswith(" 0") and "health_request_duration" not in x] == zeros


def test_several_addresses() -> None:
    server = serving("a:53 {\nprometheus\nwhoami\n}\nb:53 {\nprometheus 127.0.0.1:9253\nwhoami\n}\n")
    server.query("a.")
    assert len(server.samples([REQUESTS])) == 1
    assert server.samples([REQUESTS]) == server.samples([REQUESTS], ":9253")
    assert server.get(":9153/") == (404, "404 page not found\n")
    with pytest.raises(ConnectionRefusedError):
        server.get(":9154/metrics")


@pytest.mark.parametrize(("release", "seen"), [("1.14.7", True), ("1.6.5", False), ("1.2.2", False)])
def test_metrics_of_a_block_without_prometheus(release: str, seen: bool) -> None:
    server = serving("a:53 {\nprometheus :9153\nwhoami\n}\nb:53 {\ncache\nwhoami\n}\n", release)
    server.query("b.")
    server.query("b.")
    assert any("coredns_cache_" in line for line in server.samples()) is seen


@pytest.mark.parametrize(("release", "seen"), [("1.14.7", True), ("1.2.3", True), ("1.2.2", False)])
def test_metrics_after_a_reload(release: str, seen: bool) -> None:
    """Up to 1.2.2 a plugin registers its metrics once in a process, and a reload brings a new registry."""
    text = ".:53 {\nprometheus :9153\ncache\nwhoami\n}\n"
    server = serving(text, release)
    server.query("a.")
    assert any("coredns_cache_misses_total" in line for line in server.samples())
    server.process.replace(Source("Corefile", text + "# changed\n"))
    server.query("b.")
    assert any("coredns_cache_misses_total" in line for line in server.samples()) is seen
    assert server.samples([REQUESTS if release == "1.14.7" else "coredns_dns_request_count_total"])


@pytest.mark.parametrize(
    ("text", "release", "coredns"),
    [
        ("prometheus 9153", "1.14.7", "address 9153: missing port in address"),
        ("prometheus\nprometheus", "1.14.7", "this plugin can only be used once per Server Block"),
        ("prometheus {\ncolour\n}", "1.14.7", "Corefile:3 - Error during parsing: unknown option: colour"),
        ("prometheus {\ncolour\n}", "1.2.2", "this plugin can only be used once per Server Block"),
    ],
)
def test_refused(text: str, release: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(f".:53 {{\n{text}\nwhoami\n}}\n", release)
    assert caught.value.findings[0].coredns == f"plugin/prometheus: {coredns}"


# A trace says under which zone and rcode a query counts where that is not plain from the answer.
@pytest.mark.parametrize(
    ("release", "block", "back"),
    [
        ("1.14.7", "a.example b.example {\nprometheus\nwhoami\n}", ["counts it as NOERROR in the zone b.example."]),
        ("1.14.7", "example {\nprometheus\nwhoami\n}", []),
        ("1.8.4", "example {\nprometheus\n}", ["counts it as NOERROR in the zone example."]),
        ("1.8.5", "example {\nprometheus\n}", []),
        (
            "1.8.7",
            "example {\nprometheus\nfile z\n}",
            ["counts it as NOERROR in the zone example."],
        ),
    ],
)
def test_the_trace(release: str, block: str, back: list[str]) -> None:
    zone = "example. 5 IN SOA ns.example. host.example. 1 2 3 4 5\n"
    server = loads(block, release=release, world=World(files={"z": zone}))
    trace = server.query("x.b.example.", trace=True).trace
    assert trace is not None
    assert [text for hop in trace.hops for text in hop.back if hop.plugin == "prometheus"] == back


@pytest.mark.parametrize(("release", "shown"), [("1.6.5", False), ("1.14.7", True)])
def test_metrics_of_acl_are_those_of_a_plugin(release: str, shown: bool) -> None:
    """Though up to 1.6.9 their names are like those of the server: a block without `prometheus` registers none."""
    text = ".:53 {\n prometheus\n whoami\n}\na.test:53 {\n acl {\n  block net *\n }\n whoami\n}\n"
    server = loads(text, release=release)
    server.query("x.a.test")
    assert ("block" in server.get(":9153/metrics")[1]) is shown

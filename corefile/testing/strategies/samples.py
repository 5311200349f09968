"""Lines of directives that CoreDNS takes, for what a declaration does not say: words with a form of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...light import NamedTuple


class Sample(NamedTuple):
    """heads: what may stand behind the directive's name. needs: lines that its block has to have. lines: such as it may
    have; those of properties that the release does not have are left out."""

    heads: tuple[str, ...] = ("",)
    needs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


S = Sample
KEY = '"NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk="'
FALL = ("fallthrough", "fallthrough example.org")
SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        "acl": S(
            ("", "example.org"),
            lines=("allow net 10.0.0.0/8", "block type A net *", "filter type ANY", "drop net 192.0.2.0/24"),
        ),
        "any": S(),
        "auto": S(("", "example.org"), ("directory zones",), ("reload 30s",)),
        "autopath": S(("example.org resolv.conf", "resolv.conf")),
        "bind": S(("127.0.0.1", "127.0.0.1 127.0.0.2", "lo")),
        "bufsize": S(("", "512", "1232")),
        "cache": S(
            ("", "30", "30 example.org"),
            lines=(
                "success 1000",
                "success 1000 600 5",
                "denial 500 60",
                "prefetch 10",
                "prefetch 10 1m 20%",
                "serve_stale",
                "serve_stale 1h verify",
                "servfail 5s",
                "disable denial",
                "keepttl",
            ),
        ),
        "cancel": S(("", "1s")),
        "chaos": S(("", "CoreDNS-1", "CoreDNS-1 me@example.org")),
        "debug": S(),
        "dns64": S(("", "64:ff9b::/96"), lines=("translate_all", "prefix 64:ff9b::/96", "allow_ipv4")),
        "dnssec": S(("", "example.org"), lines=("key file Kexample.org.+013+45330", "cache_capacity 500")),
        "erratic": S(("", "example.org"), lines=("drop 3", "truncate 3", "delay 3 10ms", "large")),
        "errors": S(
            ("", "stdout"), lines=("stacktrace", 'consolidate 5m ".* timeout$"', 'consolidate 30s "x" warning')
        ),
        "file": S(
            ("db.example example.org", "zones/db.example.org example.org", "db.example"),
            lines=("reload 30s", "fallthrough"),
        ),
        "forward": S(
            (
                ". 10.0.0.53",
                ". 10.0.0.53 10.0.0.54:5353",
                "example.org 192.0.2.53",
                ". resolv.conf",
                ". tls://192.0.2.53",
            ),
            lines=(
                "except corp.example",
                "max_fails 3",
                "force_tcp",
                "prefer_udp",
                "expire 10s",
                "policy sequential",
                "policy round_robin",
                "max_concurrent 1000",
                "health_check 5s",
                "next NXDOMAIN",
                "failover SERVFAIL",
                "tls_servername dns.example",
            ),
        ),
        "grpc": S(
            (". 10.0.0.53", "example.org 10.0.0.53:443"),
            lines=("except corp.example", "policy sequential", "tls_servername dns.example"),
        ),
        "grpc_server": S(lines=("max_streams 10", "max_connections 10")),
        "header": S(needs=("response set aa",), lines=("query clear rd", "response clear ra")),
        "health": S(("", ":8091"), lines=("lameduck 5s",)),
        "hosts": S(
            ("", "hosts.txt", "hosts.txt example.org"),
            lines=(
                "10.0.0.1 a.example.org",
                "2001:db8::1 a.example.org b.example.org",
                "ttl 60",
                "no_reverse",
                "reload 10s",
                *FALL,
            ),
        ),
        "https": S(lines=("max_connections 10",)),
        "https3": S(lines=("max_streams 10",)),
        "k8s_external": S(("example.org",), lines=("apex dns", "ttl 30", "headless")),
        "kubernetes": S(
            ("cluster.local", "cluster.local in-addr.arpa ip6.arpa"),
            lines=(
                "pods insecure",
                "pods verified",
                "endpoint_pod_names",
                "namespaces default shop",
                "ttl 30",
                "labels app=web",
                "noendpoints",
                "ignore empty_service",
                "fallthrough in-addr.arpa",
            ),
        ),
        "loadbalance": S(("", "round_robin")),
        "local": S(),
        "log": S(
            ("", ".", "example.org", "example.org combined", '. "{remote} {name}"'),
            lines=("class denial", "class success error", "class all"),
        ),
        "loop": S(),
        "metadata": S(("", "example.org")),
        "minimal": S(),
        "multisocket": S(("", "2")),
        "nsid": S(("", "node-1", "a b")),
        "pprof": S(("", ":6061"), lines=("block 1",)),
        "prometheus": S(("", ":9154"), lines=("runtime_metrics",)),
        "quic": S(lines=("max_streams 10", "worker_pool_size 10")),
        "ready": S(("", ":8182"), lines=("monitor until-ready",)),
        "reload": S(("", "30s", "30s 5s")),
        "rewrite": S(
            (
                "name a.example b.example",
                "name exact a.example b.example",
                "stop name suffix .a.example .b.example answer auto",
                "continue name regex (.*)[.]a[.]example {1}.b.example",
                "type ANY HINFO",
                "class CH IN",
                "ttl example.org 30",
                "edns0 local set 0xffee abc",
                "edns0 nsid set",
                "edns0 subnet set 24 56",
            )
        ),
        "root": S(("zones", ".")),
        "secondary": S(("example.org", "example.com"), ("transfer from 10.0.0.53",)),
        "template": S(
            ("IN A example.org", "IN ANY", "ANY ANY example.org"),
            lines=(
                'match "^ip-(?P<a>[0-9]+)[.]"',
                'answer "{{ .Name }} 60 IN A 10.0.0.1"',
                "rcode NXDOMAIN",
                'authority "example.org. 60 IN SOA ns h 1 2 3 4 5"',
                "fallthrough",
            ),
        ),
        "timeouts": S(needs=("read 5s",), lines=("write 5s", "idle 1m")),
        "tls": S(("cert.pem key.pem", "cert.pem key.pem ca.pem"), lines=("client_auth nocert",)),
        "trace": S(("", "zipkin 127.0.0.1:9411", "127.0.0.1:9411"), lines=("every 10", "service dns", "client_server")),
        "transfer": S(("", "example.org"), ("to *",), ("to 10.0.0.2",)),
        "tsig": S(
            ("", "example.org"),
            lines=(f"secret key.example. {KEY}", "require AXFR IXFR", "require all", "secrets tsig.keys"),
        ),
        "whoami": S(),
    }
)
"""For each directive that runs with what `FILES` has; the others need a cloud, a store, a file of their own, or a release that is
no more."""

SCHEMES: Mapping[str, str] = MappingProxyType(
    {"https": "https://", "https3": "https3://", "quic": "quic://", "grpc_server": "grpc://", "tls": "tls://"}
)
"""The transport that a block has to have for a directive to do something."""

__all__ = ["SAMPLES", "SCHEMES", "Sample"]

"""Lines of directives that CoreDNS takes, for what a declaration does not say: words with a form of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...light import NamedTuple


class Sample(NamedTuple):
    """heads: what may stand behind the directive's name. needs: lines that its block has to have. lines: such as it may
    have; where a release refuses what it needs, its block has one of them. beside: directives that have to be in the same
    server block, or without which it does nothing. What a release does not take of it is left out there."""

    heads: tuple[str, ...] = ("",)
    needs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


S = Sample
KEY = '"NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk="'
FALL = ("fallthrough", "fallthrough example.org")
ACCOUNT = "credentials account.json"
COMMANDS = ("/bin/announce up", "/bin/announce down &")
SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        "acl": S(
            ("", "example.org"),
            lines=("allow net 10.0.0.0/8", "block type A net *", "filter type ANY", "drop net 192.0.2.0/24"),
        ),
        "any": S(),
        "azure": S(
            ("", "dns:example.org", "dns:example.org dns:corp.example"),
            ("client c", "secret s"),
            ("tenant t", "subscription s", "environment AzurePublicCloud", "access public", "access private", *FALL),
        ),
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
        "clouddns": S(
            ("", "example.org:shop:example-org", "example.org:shop:example-org corp.example:shop:corp"),
            (ACCOUNT,),
            ("upstream", *FALL),
        ),
        "debug": S(),
        "dns64": S(("", "64:ff9b::/96"), lines=("translate_all", "prefix 64:ff9b::/96", "allow_ipv4")),
        "dnssec": S(("", "example.org"), lines=("key file Kexample.org.+013+45330", "cache_capacity 500")),
        "dnstap": S(
            ("tcp://127.0.0.1:6000", "tcp://127.0.0.1:6000 full", "tap.sock", "tls://127.0.0.1:6001 full 1 2"),
            lines=("identity node-1", "version 1", "extra {/metadata/label}", "skipverify"),
        ),
        "erratic": S(("", "example.org"), lines=("drop 3", "truncate 3", "delay 3 10ms", "large")),
        "errors": S(
            ("", "stdout"), lines=("stacktrace", 'consolidate 5m ".* timeout$"', 'consolidate 30s "x" warning')
        ),
        "etcd": S(
            ("skydns.local", "skydns.local example.org", ""),
            lines=(
                "path /skydns",
                "endpoint http://127.0.0.1:2379",
                "endpoint http://127.0.0.1:2379 http://127.0.0.2:2379",
                "tls cert.pem key.pem ca.pem",
                "tls ca.pem",
                "min-lease-ttl 60",
                "max-lease-ttl 1h",
                "upstream",
                "upstream 10.0.0.53",
                "stubzones",
                "debug",
                *FALL,
            ),
        ),
        "federation": S(
            ("cluster.local", ""),
            ("prod prod.example.org",),
            ("staging staging.example.org", "upstream"),
            ("kubernetes",),
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
        "geoip": S(("city.mmdb",), lines=("edns-subnet",), beside=("metadata",)),
        "grpc": S(
            (". 10.0.0.53", "example.org 10.0.0.53:443"),
            lines=("except corp.example", "policy sequential", "tls_servername dns.example"),
        ),
        "grpc_server": S(lines=("max_streams 10", "max_connections 10")),
        "header": S(needs=("response set aa",), lines=("query clear rd", "response clear ra", "set aa", "clear ra")),
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
        "https": S(lines=("max_connections 10",), beside=("tls",)),
        "https3": S(lines=("max_streams 10",), beside=("tls",)),
        "k8s_external": S(("example.org",), lines=("apex dns", "ttl 30", "headless"), beside=("kubernetes",)),
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
        "nomad": S(
            ("service.nomad", ""),
            lines=(
                "address http://127.0.0.1:4646",
                "address http://127.0.0.1:4646 http://127.0.0.2:4646",
                "token s3cret",
                "ttl 10",
                'filter "Tags contains web"',
            ),
        ),
        "nsid": S(("", "node-1", "a b")),
        "on": S((*(f"startup {c}" for c in COMMANDS), "shutdown /bin/announce down", "certrenew /bin/renew")),
        "pprof": S(("", ":6061"), lines=("block 1",)),
        "prometheus": S(("", ":9154"), lines=("runtime_metrics",)),
        "proxy": S(
            (". 10.0.0.53", ". 10.0.0.53 10.0.0.54:5353", "example.org 192.0.2.53", ". resolv.conf"),
            lines=(
                "policy round_robin",
                "policy least_conn",
                "policy first",
                "policy sequential",
                "fail_timeout 10s",
                "max_fails 1",
                "health_check /health:8080",
                "health_check /health:8080 5s",
                "except corp.example",
                "spray",
                "protocol dns",
                "protocol dns force_tcp",
                "protocol grpc insecure",
            ),
        ),
        "proxyproto": S(
            lines=(
                "allow 10.0.0.0/8",
                "allow 10.0.0.0/8 2001:db8::/32",
                "default use",
                "default ignore",
                "default reject",
                "default skip",
                "udp_session_tracking 30s",
                "udp_session_tracking 30s 100",
            ),
        ),
        "quic": S(lines=("max_streams 10", "worker_pool_size 10"), beside=("tls",)),
        "ready": S(("", ":8182"), lines=("monitor until-ready",)),
        "reload": S(("", "30s", "30s 5s")),
        "reverse": S(
            ("10.0.0.0/24", "10.0.0.0/8 2001:db8::/64"),
            ("hostname ip-{ip}.example.org",),
            ("ttl 30", "wildcard", *FALL),
        ),
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
        "route53": S(
            ("", "example.org.:Z1EXAMPLE", "example.org.:Z1EXAMPLE corp.example.:Z2CORP"),
            lines=(
                "aws_access_key AKIAEXAMPLE s3cret",
                "credentials default aws.conf",
                "upstream",
                "refresh 30s",
                "refresh 90",
                *FALL,
            ),
        ),
        "secondary": S(("example.org", "example.com"), ("transfer from 10.0.0.53",)),
        "shed": S(),
        "shutdown": S(COMMANDS),
        "sign": S(
            ("db.example example.org", "zones/db.example.org example.org"),
            ("key file Kexample.org.+013+45330",),
            ("directory zones", "directory ."),
        ),
        "startup": S(COMMANDS),
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
        "view": S(
            ("inside", "other"),
            lines=(
                "expr incidr(client_ip(), '10.0.0.0/8')",
                "expr type() in ['A', 'AAAA']",
                "expr name() endsWith '.example.org.'",
                "expr do() || proto() == 'tcp'",
                "expr metadata('geoip/country/code') == 'GB'",
            ),
        ),
        "whoami": S(),
    }
)
"""For each directive of any release; what its lines name is in `worlds`."""

SCHEMES: Mapping[str, str] = MappingProxyType(
    {"https": "https://", "https3": "https3://", "quic": "quic://", "grpc_server": "grpc://", "tls": "tls://"}
)
"""The transport that a block has to have for a directive to do something."""

__all__ = ["SAMPLES", "SCHEMES", "Sample"]

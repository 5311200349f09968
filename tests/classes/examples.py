"""A Corefile or two for each directive, with all that it tells apart, for tests of its landmarks."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, NamedTuple

from corefile import Cluster, Fault, Server, World, loads
from corefile.dns.message import Msg
from corefile.plugins import names
from corefile.testing.certificates import NAMED
from corefile.testing.mmdb import CITY, database

ZONE = """$TTL 60
@ SOA ns h 1 2 3 4 30
@ NS ns
@ MX 5 mail
ns A 192.0.2.53
www A 192.0.2.1
www AAAA 2001:db8::1
www TXT "x"
mail A 192.0.2.2
al CNAME www
out CNAME www.other.test.
far CNAME a.deep.w
loop CNAME loop
*.w A 192.0.2.3
x.w TXT "y"
*.c CNAME www
a.b.ent A 192.0.2.4
cut NS ns.cut
cut DS 1 8 2 AABB
ns.cut A 192.0.2.5
old DNAME new
www.new A 192.0.2.6
srv SRV 1 2 3 www
"""
OTHER = "$TTL 60\n@ SOA ns h 1 2 3 4 30\n@ NS ns\nwww A 192.0.2.80\n* TXT wild\n"
REVERSED = "$TTL 60\n@ SOA ns h 1 2 3 4 30\n@ NS ns\n1 PTR www.z.test.\n"
CLUSTER = """
{kind: Namespace, metadata: {name: shop}}
---
{kind: Namespace, metadata: {name: bank}}
---
{kind: Namespace, metadata: {name: empty}}
---
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIPs: [10.96.0.10, 'fd00::10'], ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]}
---
{kind: Service, metadata: {name: api, namespace: shop}, spec: {clusterIP: 10.96.0.11, ports: [{name: http, port: 80}]}}
---
{kind: Service, metadata: {name: cart, namespace: shop}, spec: {clusterIP: 10.96.0.12, ports: [{name: http, port: 80}]}}
---
kind: EndpointSlice
metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.0.0.7], targetRef: {name: web-1}}, {addresses: [10.0.0.8], conditions: {ready: false}}]
---
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, ports: [{name: pg, port: 5432}]}
---
kind: EndpointSlice
metadata: {name: db-x, namespace: shop, labels: {kubernetes.io/service-name: db}}
ports: [{name: pg, port: 5432}]
endpoints: [{addresses: [10.0.1.5], hostname: db-0}, {addresses: [10.0.1.6]}]
---
{kind: Service, metadata: {name: idle, namespace: bank}, spec: {clusterIP: 10.96.0.40, ports: []}}
---
kind: Service
metadata: {name: ext, namespace: bank}
spec: {type: ExternalName, externalName: WEB.shop.svc.cluster.local}
---
kind: Service
metadata: {name: edge, namespace: bank}
spec: {type: LoadBalancer, clusterIP: 10.96.0.41, ports: [{name: http, port: 80}]}
status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}
---
{kind: Pod, metadata: {name: web-1, namespace: shop}, status: {podIP: 10.0.0.7}}
---
{kind: Pod, metadata: {name: a, namespace: bank}, status: {podIP: 10.0.0.9}}
"""
HOSTS = "hosts {{\n 192.0.2.1 www.z.test a.z.test\n 2001:db8::1 www.z.test\n{}\n}}"
KEY = "z.test. IN DNSKEY 257 3 13 RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ=="
PRIVATE = "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n"
SECRET = "NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk="
FILES: dict[str, Any] = {
    "db.z": ZONE,
    "db.o": OTHER,
    "db.r": REVERSED,
    "zones/db.z.test": ZONE,
    "zones/db.other.test": OTHER,
    "K.key": KEY,
    "K.private": PRIVATE,
    **NAMED,
    "city.mmdb": database({"10.0.0.0/9": CITY}),
    "resolv.conf": "search shop.test test\nnameserver 192.0.2.53\n",
}
LONG = "big.z.test. 60 IN TXT " + " ".join(['"' + "x" * 250 + '"'] * 4) + "\n"
UPSTREAM = "z.test. 60 IN SOA ns h 1 2 3 4 30\nwww.z.test. 60 IN A 192.0.2.1\n*.w.z.test. 60 IN A 192.0.2.3\nal.z.test. 60 IN CNAME www.z.test.\nwww.z.test. 60 IN AAAA 2001:db8::1\n"


AZURE_SOA = {
    "fqdn": "example.org.",
    "TTL": 900,
    "SOARecord": {
        "host": "ns.",
        "email": "hm",
        "serialNumber": 1,
        "refreshTime": 2,
        "retryTime": 3,
        "expireTime": 4,
        "minimumTTL": 5,
    },
}
ETCD = {
    "/skydns/test/lab/web": {"host": "10.0.0.1", "port": 80},
    "/skydns/test/lab/many/a": {"host": "10.0.0.2", "port": 80},
    "/skydns/test/lab/many/b": {"host": "2001:db8::2", "port": 80},
    "/skydns/test/lab/al": {"host": "web.lab.test"},
    "/skydns/test/lab/txt/x": {"text": "hello"},
    "/skydns/test/lab/mail": {"host": "web.lab.test", "mail": True, "priority": 5},
}
NOMAD = [
    {"ServiceName": "redis", "Namespace": "default", "Address": "10.0.0.1", "Port": 6379},
    {"ServiceName": "redis", "Namespace": "default", "Address": "2001:db8::1", "Port": 6379},
    {"ServiceName": "redis", "Namespace": "prod", "Address": "10.0.1.1", "Port": 6379},
    {"ServiceName": "web", "Namespace": "prod", "Address": "10.0.1.2", "Port": 80},
]


def azure(name: str, ip: str) -> dict[str, Any]:
    """A record set of Azure's."""
    kind = "Microsoft.Network/dnszones/A"
    return {"fqdn": f"{name}.example.org.", "TTL": 60, "type": kind, "ARecords": [{"ipv4Address": ip}]}


def clouddns(text: str) -> dict[str, Any]:
    """A record set of Cloud DNS."""
    name, kind, value = text.split(" ", 2)
    return {"name": name, "ttl": 60, "type": kind, "rrdatas": [value]}


def route53(text: str) -> dict[str, Any]:
    """A record set of Route 53."""
    name, kind, value = text.split(" ", 2)
    return {"Name": name, "TTL": 60, "Type": kind, "ResourceRecords": [{"Value": value}]}


def authentic(msg: Msg) -> Msg:
    """The answer of an upstream that has looked at signatures."""
    reply = msg.reply()
    reply.ad = True
    return reply


authentic.speaks_msg = True  # type: ignore[attr-defined]


class Example(NamedTuple):
    """A Corefile with what is around it. names: further names that it speaks of.
    addresses: the machine's own."""

    text: str
    upstreams: Mapping[str, Any] = MappingProxyType({"10.0.0.53": UPSTREAM})
    release: str = "1.14.7"
    default_block: bool = True
    stores: Mapping[str, Any] = MappingProxyType({})
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def words(self) -> str:
        """The Corefile with what it reads of."""
        files = [text for name, text in FILES.items() if name in self.text and isinstance(text, str)]
        upstreams = [str(given) for address, given in self.upstreams.items() if address in self.text]
        cluster = [CLUSTER] if "kubernetes" in self.text else []
        return "\n".join([self.text, " ".join(self.names), *files, *upstreams, *cluster, str(dict(self.stores))])

    def server(self) -> Server:
        """The server, started."""
        text = self.text if not self.default_block else f".:53 {{\n{self.text}\n}}\n"
        world = World(
            files=FILES,
            cluster=Cluster.load(CLUSTER),
            upstreams=self.upstreams,
            stores=dict(self.stores),
            addresses=self.addresses,
        )
        return loads(text, release=self.release, world=world)


E = Example
BACK = "file db.z z.test\nfile db.o other.test"
OLD = "1.4.0"
GIVEN: dict[str, list[Example]] = {
    "acl": [
        E(
            f"acl {{\n block type A net 10.0.0.0/8\n filter net 10.1.0.0/16 fd00::/8\n allow net 192.0.2.7\n block net 192.0.2.0/24\n}}\n{BACK}"
        ),
        E("acl www.z.test {\n drop type MX TXT net 10.0.0.0/31\n}\nwhoami"),
    ],
    "any": [E(f"any\n{BACK}"), E("any\nforward . 10.0.0.53")],
    "auto": [E("auto z.test other.test {\n directory zones\n}\nwhoami")],
    "autopath": [
        E(
            f"autopath @kubernetes\nkubernetes cluster.local {{\n pods verified\n}}\n{HOSTS.format('fallthrough')}\nforward . 10.0.0.53"
        ),
        E(f"autopath shop.test test resolv.conf\n{HOSTS.format('192.0.2.9 api.test api.shop.test')}"),
        E("autopath @erratic\nerratic a.b.c"),
    ],
    "azure": [
        E(
            "azure g:example.org {\n fallthrough\n}\nwhoami",
            stores={"azure@g:example.org": [AZURE_SOA, azure("a", "192.0.2.1"), azure("b.c", "192.0.2.2")]},
        )
    ],
    "bind": [E(f"bind 127.0.0.1\n{BACK}")],
    "bufsize": [
        E("bufsize 900\nforward . 10.0.0.53", {"10.0.0.53": UPSTREAM + LONG}, names=("big.z.test",)),
        E(f"bufsize 1100\n{BACK}"),
        E(f"bufsize 900\n{BACK}", release="1.9.1"),
    ],
    "cache": [
        E(f"cache 30 z.test {{\n disable denial cut.z.test\n disable success w.z.test\n}}\n{BACK}"),
        E("cache\nforward . 10.0.0.53"),
        E("cache\nforward . 10.0.0.53", {"10.0.0.53": authentic}),
    ],
    "chaos": [
        E("chaos CoreDNS-9 me@z.test\nwhoami", names=("version.bind", "authors.bind", "id.server")),
        E("chaos\n", names=("version.bind", "version.server", "authors.bind", "hostname.bind", "id.server")),
    ],
    "clouddns": [
        E(
            "clouddns example.org:p:z {\n fallthrough\n}\nwhoami",
            stores={
                "clouddns@p:z": [clouddns("example.org. SOA ns. hm. 1 2 3 4 5"), clouddns("a.example.org. A 192.0.2.1")]
            },
        )
    ],
    "dns64": [
        E("dns64\nforward . 10.0.0.53"),
        E(f"dns64 {{\n translate_all\n prefix 64:ff9b:1::/96\n allow_ipv4\n}}\n{BACK}"),
    ],
    "dnssec": [E(f"dnssec z.test {{\n key file K\n}}\n{BACK}")],
    "dnstap": [E(f"dnstap /tmp/x.sock full\n{BACK}")],
    "erratic": [E("erratic z.test {\n drop 0\n delay 0\n}\nwhoami"), E("erratic {\n large\n}")],
    "etcd": [
        E(
            "etcd lab.test {\n fallthrough\n}\nwhoami",
            stores={"etcd": ETCD},
            names=("web.lab.test", "a.many.lab.test", "x.txt.lab.test", "*.lab.test"),
        ),
        E(
            "etcd lab.test\nwhoami",
            stores={"etcd": ETCD},
            names=("web.lab.test", "a.many.lab.test", "x.txt.lab.test", "*.lab.test"),
        ),
    ],
    "federation": [
        E(
            "federation cluster.local {\n prod prod.example.org\n}\nkubernetes cluster.local\nforward . 10.0.0.53",
            {"10.0.0.53": "*.example.org. 300 IN A 192.0.2.80"},
            release="1.6.5",
        )
    ],
    "file": [
        E(
            "file db.z z.test\nfile db.o other.test {\n fallthrough b.other.test\n}\nfile db.r 2.0.192.in-addr.arpa\nwhoami",
            {},
        ),
        E("file db.z z.test sub.z.test {\n}\n", {}),
    ],
    "forward": [
        E("forward . 10.0.0.53 {\n except www.z.test w.z.test\n}\nwhoami"),
        E(
            "forward z.test 10.0.0.53\nforward w.z.test 10.0.0.54",
            {"10.0.0.53": UPSTREAM, "10.0.0.54": Fault.timeout()},
        ),
    ],
    "geoip": [E(f"metadata\ngeoip city.mmdb\n{BACK}")],
    "grpc": [
        E("grpc . 10.0.0.53 {\n except www.z.test w.z.test\n}\nwhoami"),
        E("grpc z.test 10.0.0.53\nwhoami"),
    ],
    "grpc_server": [E(f"grpc://.:853 {{\n grpc_server\n{BACK}\n}}\n.:53 {{\n{BACK}\n}}", default_block=False)],
    "header": [
        E(f"header {{\n response set aa rd\n response clear ra\n}}\n{BACK}"),
        E("header {\n query clear rd\n query set aa\n}\nforward . 10.0.0.53"),
    ],
    "hosts": [
        E(
            "hosts {\n 192.0.2.1 www.z.test *.z.test a\n 2001:db8::1 www.z.test six.z.test\n 192.0.2.2 a.b.c\n ttl 7\n}\nwhoami"
        ),
        E(f"{HOSTS.format('fallthrough z.test')}\nwhoami"),
        E("hosts z.test {\n 192.0.2.1 www.z.test\n 192.0.2.3 x.other\n no_reverse\n fallthrough\n}\nwhoami"),
    ],
    "https": [E(f"https://.:443 {{\n https\n{BACK}\n}}", default_block=False)],
    "https3": [E(f"https3://.:443 {{\n https3\n tls cert.pem key.pem\n{BACK}\n}}", default_block=False)],
    "k8s_external": [
        E("kubernetes cluster.local\nk8s_external ext.test {\n apex dns\n headless\n}\nwhoami"),
        E("kubernetes cluster.local\nk8s_external ext.test in-addr.arpa {\n fallthrough\n}\nwhoami"),
    ],
    "kubernetes": [
        E("kubernetes cluster.local in-addr.arpa ip6.arpa {\n pods insecure\n fallthrough in-addr.arpa\n}\nwhoami"),
        E(
            "kubernetes cluster.local 0.10.in-addr.arpa {\n pods verified\n endpoint_pod_names\n}\nwhoami",
            addresses=("10.0.1.5",),
        ),
        E("kubernetes cluster.local {\n namespaces shop\n ignore empty_service\n fallthrough\n}\nwhoami"),
        E("kubernetes cluster.local {\n pods insecure\n}\nwhoami", release="1.7.0"),
    ],
    "local": [
        E(
            "local\nwhoami",
            names=(
                "localhost",
                "1.0.0.127.in-addr.arpa",
                "127.in-addr.arpa",
                "0.in-addr.arpa",
                "255.in-addr.arpa",
                "localhost.z.test",
            ),
        )
    ],
    "log": [E(f"log z.test {{\n class denial\n}}\n{BACK}")],
    "loop": [E("loop\nforward . 10.0.0.53")],
    "metadata": [E(f"metadata z.test\n{BACK}")],
    "multisocket": [E(f"multisocket 2\n{BACK}")],
    "nomad": [
        E(
            "nomad service.nomad",
            stores={"nomad": NOMAD},
            names=("redis.default.x.y", "web.prod.x.y", "redis.prod.x.y.z"),
        ),
        E(
            "nomad lab.service.nomad other.test",
            stores={"nomad": NOMAD},
            names=("redis.default.x.y", "web.prod.x.y", "redis.prod.x.y.z"),
        ),
    ],
    "nsid": [E(f"nsid x\n{BACK}")],
    "on": [E(f"on startup echo\n{BACK}", release=OLD)],
    "proxy": [E("proxy z.test 10.0.0.53 {\n except www.z.test w.z.test\n}\nproxy . 10.0.0.53\nwhoami", release=OLD)],
    "quic": [E(f"quic://.:853 {{\n quic\n tls cert.pem key.pem\n{BACK}\n}}", default_block=False)],
    "reverse": [
        E(
            "reverse 10.0.0.0/24 {\n hostname ip-{ip}.example.org\n wildcard\n fallthrough a.example.org\n}\n"
            "reverse 10.0.0.0/8 2001:db8::/32 {\n hostname x{ip}.example.org\n ttl 5\n}\nwhoami",
            release="1.1.3",
        )
    ],
    "rewrite": [
        E(
            f"rewrite name exact new.z.test www.z.test\nrewrite name suffix .old.test .z.test answer auto\nrewrite type MX A\n{BACK}"
        ),
        E(
            f"rewrite stop name regex (.*)-x\\.z\\.test {{1}}.z.test\nrewrite name prefix pre. w\nrewrite name substring b.e c.e\n{BACK}"
        ),
        E(
            f"rewrite class CH IN\nrewrite ttl www.z.test 5\nrewrite rcode regex .*\\.z\\.test NXDOMAIN NOERROR\nrewrite cname exact www.z.test. www.other.test.\n{BACK}\nforward . 10.0.0.53"
        ),
        E("rewrite edns0 local set 0xffee abc\nrewrite edns0 subnet set 24 56\nforward . 10.0.0.53"),
    ],
    "root": [E(f"root .\n{BACK}")],
    "route53": [
        E(
            "route53 example.org.:Z1 {\n fallthrough\n}\nwhoami",
            stores={
                "route53@Z1": {
                    "ResourceRecordSets": [
                        route53("example.org. SOA ns. hm. 1 2 3 4 5"),
                        route53("a.example.org. A 192.0.2.1"),
                    ]
                }
            },
        ),
        E(
            "route53 example.org.:Z1\nwhoami",
            release="1.2.2",
            stores={
                "route53@Z1": {
                    "ResourceRecordSets": [route53("a.example.org. A 192.0.2.1"), route53("c.example.org. A 192.0.2.3")]
                }
            },
        ),
    ],
    "secondary": [
        E(
            "secondary z.test {\n transfer from 10.0.0.53\n}\nwhoami",
            {"10.0.0.53": {"corefile": "z.test {\n file db.z\n transfer {\n to *\n }\n}", "files": {"db.z": ZONE}}},
        )
    ],
    "shutdown": [E(f"shutdown echo\n{BACK}", release="1.1.0")],
    "sign": [E(f"sign db.z z.test {{\n key file K\n directory .\n}}\n{BACK}")],
    "startup": [E(f"startup echo\n{BACK}", release="1.1.0")],
    "template": [
        E(
            'template IN A z.test {\n match "^ip-(?P<a>[1-9][0-9]?)[.]" "^x(?P<a>[0-9])"\n answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.a }}"\n'
            ' fallthrough\n}\ntemplate IN ANY z.test {\n match "^ip"\n rcode NXDOMAIN\n fallthrough deep.z.test\n}\nwhoami'
        ),
        E(
            'template ANY ANY {\n match "(^|[.])x[.]"\n rcode REFUSED\n fallthrough\n}\nchaos\ntemplate CH TXT z.test {\n answer "{{ .Name }} 0 CH TXT hi"\n}\n'
        ),
        E(
            'template IN ANY z.test {\n answer "{{ .Name }} 60 IN {{ .Type }} 10.0.0.1"\n}\n'
            'template ANY A y.test {\n answer "{{ .Name }} 60 {{ .Class }} A {{ if eq .Class \\"CH\\" }}x{{ end }}10.0.0.1"\n}\n'
            'template IN A x.test {\n answer "{{ .Name }} 60 IN A {{ if eq .Remote \\"203.0.113.77\\" }}x{{ end }}10.0.0.1"\n}\nchaos\nwhoami'
        ),
        E(
            f'template IN CNAME al.test {{\n match "^([^.]+)[.]al[.]test[.]$"\n answer "{{{{ .Name }}}} 60 IN CNAME {{{{ index .Match 1 }}}}.z.test."\n}}\n{BACK}'
        ),
    ],
    "timeouts": [E(f"timeouts {{\n read 1s\n}}\n{BACK}")],
    "tls": [E(f"tls://.:853 {{\n tls cert.pem key.pem\n{BACK}\n}}", default_block=False)],
    "trace": [E(f"trace zipkin 10.0.0.1:9411\n{BACK}")],
    "transfer": [E(f"transfer z.test {{\n to 10.0.0.2 10.0.0.3:53\n}}\ntransfer other.test {{\n to *\n}}\n{BACK}")],
    "tsig": [
        E(f"tsig z.test {{\n secret key.test. {SECRET}\n require AXFR TXT\n}}\n{BACK}"),
        E(f"tsig z.test {{\n secret key.test. {SECRET}\n require all\n}}\n{BACK}"),
    ],
    "view": [
        E(
            f".:53 {{\n view a {{\n expr incidr(client_ip(), '10.0.0.0/8')\n expr name() endsWith '.z.test.' || type() == 'MX'\n }}\n{BACK}\n}}\n"
            f".:53 {{\n view b {{\n expr do() && client_ip() != '192.0.2.9'\n }}\n whoami\n}}\n.:53 {{\n erratic {{\n drop 0\n }}\n}}\n",
            default_block=False,
        )
    ],
    "whoami": [E("whoami")],
}


def examples_of(name: str) -> list[Example]:
    """Those of a directive: given here, or as EXAMPLES in its own test; otherwise its name alone."""
    if name in GIVEN:
        return GIVEN[name]
    test = f"tests.plugins.test_{name}"
    found = getattr(import_module(test), "EXAMPLES", None) if find_spec(test) is not None else None
    return found if found is not None else [E(f"{name}\n{BACK}")]


EXAMPLES = {name: examples_of(name) for name in names()}
BLOCKS = [
    E(
        "z.test:53 www.z.test:53 {\n whoami\n}\n10.0.16.0/20:53 10.1.2.0/25:53 {\n whoami\n}\n.:53 {\n erratic\n}\n",
        default_block=False,
    ),
    E("z.test {\n whoami\n}\n.:5353 {\n forward . 10.0.0.53\n}\ncluster.local {\n}\n", default_block=False),
]
"""What the server itself tells apart: zones, networks in zones, ports."""

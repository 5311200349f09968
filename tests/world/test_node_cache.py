"""What NodeLocal DNSCache makes of the Corefile in its ConfigMap (kubernetes/dns, cmd/node-cache)."""

from __future__ import annotations

import pytest

from corefile import World, checks, loads
from corefile.findings import Source, Span
from corefile.language.configmap import find
from corefile.world.node_cache import filled

TEXT = """cluster.local:53 {
    bind 169.254.20.10 10.96.0.10
    forward . __PILLAR__CLUSTER__DNS__ {
        force_tcp
    }
}
.:53 {
    bind 169.254.20.10 10.96.0.10
    forward . __PILLAR__UPSTREAM__SERVERS__ {
            force_tcp
    }
    whoami
}
"""
SERVICE = "{{kind: Service, metadata: {{name: {}, namespace: {}}}, spec: {{clusterIP: {}}}}}\n---\n"
UPSTREAM = SERVICE.format("kube-dns-upstream", "kube-system", "10.96.0.11")
CONFIG = """kind: ConfigMap
metadata: {name: kube-dns, namespace: kube-system}
data:
  upstreamNameservers: '["8.8.8.8", "8.8.4.4:5353"]'
  stubDomains: '{"acme.local": ["1.2.3.4"], "b.local": ["1.2.3.5", "1.2.3.6"]}'
---
"""
DAEMON_SET = """kind: DaemonSet
metadata: {name: node-local-dns, namespace: kube-system}
spec:
  template:
    spec:
      containers:
      - image: registry.k8s.io/dns/k8s-dns-node-cache:1.22.28
        args: [-localip, "169.254.20.10,10.96.0.10", -upstreamsvc=mine]
---
"""


def fillings(cluster: str | None, text: str = TEXT) -> dict[str, tuple[str, str]]:
    world = World() if cluster is None else World(cluster=cluster)
    return {one.word: (one.value, one.whence) for one in filled(Source("c", text), world).fillings}


@pytest.mark.parametrize(
    ("cluster", "address", "whence"),
    [
        (UPSTREAM, "10.96.0.11", "Service kube-system/kube-dns-upstream"),
        (
            SERVICE.format("kube-dns", "kube-system", "10.96.0.10") + UPSTREAM,
            "10.96.0.11",
            "Service kube-system/kube-dns-upstream",
        ),
        (SERVICE.format("kube-dns", "kube-system", "10.96.0.20"), "10.96.0.20", "Service kube-system/kube-dns"),
        (SERVICE.format("kube-dns", "kube-system", "10.96.0.10"), "192.0.2.10", ""),  # where it answers itself
        (UPSTREAM + SERVICE.format("mine", "dns", "10.96.0.12") + DAEMON_SET, "10.96.0.12", "Service dns/mine"),
        (UPSTREAM + DAEMON_SET, "192.0.2.10", ""),
        (SERVICE.format("kube-dns-upstream", "kube-system", "None"), "192.0.2.10", ""),
        (None, "192.0.2.10", ""),
    ],
)
def test_the_clusters_dns_is_the_address_of_a_service(cluster: str | None, address: str, whence: str) -> None:
    found = fillings(cluster)
    assert found["__PILLAR__CLUSTER__DNS__"] == (address, whence)
    assert found["__PILLAR__UPSTREAM__SERVERS__"][0] == "/etc/resolv.conf"


def test_name_servers_and_stub_domains_are_those_of_kube_dns() -> None:
    """Name servers of one's own are asked over UDP, where the block has node-cache's own indentation."""
    source, _ = filled(Source("c", TEXT), World(cluster=UPSTREAM + CONFIG))
    assert source.text == TEXT.replace("__PILLAR__CLUSTER__DNS__", "10.96.0.11").replace(
        " __PILLAR__UPSTREAM__SERVERS__ {\n            force_tcp\n    }", " 8.8.8.8 8.8.4.4:5353"
    ) + "".join(
        f"\n{domain}:53 {{\n    errors\n    cache 30\n    bind 169.254.20.10 10.96.0.10\n    forward . {servers}\n}}\n"
        for domain, servers in (("acme.local", "1.2.3.4"), ("b.local", "1.2.3.5 1.2.3.6"))
    )
    broken = CONFIG.replace('8.8.4.4:5353"]', "")
    assert (
        "force_tcp" in filled(Source("c", TEXT), World(cluster=UPSTREAM + broken)).source.text.rpartition("whoami")[0]
    )


def test_its_own_addresses_are_those_that_it_is_started_with() -> None:
    """Without them, the words are left: a placeholder like others."""
    text = ". {\n    bind __PILLAR__LOCAL__DNS__ __PILLAR__DNS__SERVER__\n    whoami\n}\n"
    source, found = filled(Source("c", text), World(cluster=DAEMON_SET))
    assert source.text == ". {\n    bind 169.254.20.10 10.96.0.10 \n    whoami\n}\n"
    assert len(found) == 2
    assert fillings(UPSTREAM, text) == {}
    assert [f.code for f in checks(text)] == ["placeholder-left"]


@pytest.mark.parametrize("cluster", [None, UPSTREAM, UPSTREAM + CONFIG])
@pytest.mark.parametrize("embedded", [False, True])
def test_every_word_stands_where_it_stood(cluster: str | None, embedded: bool) -> None:
    outer = TEXT
    source = Source("c", TEXT)
    if embedded:
        outer = "kind: ConfigMap\ndata:\n  Corefile: |\n" + "".join(f"    {x}\n" for x in TEXT.splitlines())
        ((source, _),) = find("c", outer)
    made, found = filled(source, World() if cluster is None else World(cluster=cluster))
    for word in ("whoami", "cluster.local:53", "bind", *(one.value for one in found)):
        start = made.text.index(word)
        shown, end = Span(made, start, start + len(word)).locate(), made.locate(start + len(word))
        there = next((one.word for one in found if one.value == word), word)
        assert outer.splitlines()[shown.line - 1][shown.column - 1 :].startswith(there), word
        assert (end.line, end.column) == (shown.line, shown.column + len(there))


def test_every_verb_reads_it_so() -> None:
    """The kind: a text that CoreDNS never reads as it is given. What is checked is what answers."""
    world = World(
        cluster=UPSTREAM, upstreams={"10.96.0.11": "a.cluster.local. 30 IN A 10.96.0.1"}, addresses=["169.254.20.10"]
    )
    good = TEXT.replace("    whoami\n", "")
    assert checks(good, world=world) == []
    server = loads(TEXT, world=world, release="1.9.3")
    assert server.query("a.cluster.local", to="169.254.20.10").rcode == "NOERROR"
    assert "__PILLAR__CLUSTER__DNS__=10.96.0.11" in server.world.assumed
    assert server.copy().query("a.cluster.local", to="169.254.20.10").rcode == "NOERROR"
    (wrong,) = checks(good.replace("{\n        force_tcp\n    }", "x"), world=world)
    assert (wrong.code, wrong.span and wrong.span.locate()[1:3]) == ("name-not-known", (3, 40))


def test_a_reload_reads_it_so_too() -> None:
    text = ". {\n    bind 169.254.20.10\n    reload 2s\n    forward . __PILLAR__CLUSTER__DNS__\n}\n"
    world = World(cluster=UPSTREAM, files={"Corefile": text}, addresses=["169.254.20.10"])
    server = loads(text, world=world)
    server.advance(10)
    assert not any("Reloading" in line for line in server.take_log())
    world.write("Corefile", text.replace("reload 2s", "reload 2s\n    errors"))
    server.advance(10)
    assert any("Reloading complete" in line for line in server.take_log())
    assert server.source.text.count("10.96.0.11") == 1

"""The world: its defaults, what it takes, and how choices are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

import corefile
from corefile import CorefileError, Fault, Limits, World, load, loads
from corefile.cli import main
from corefile.language.files import DictFiles, DiskFiles
from corefile.testing.cases import run
from corefile.world import Weighted
from corefile.world.clock import Clock
from corefile.world.cluster import Cluster
from corefile.world.manifests import ManifestError

SERVICE = "kind: Service\nmetadata: {name: web, namespace: default}\nspec: {clusterIP: 10.96.0.1}\n"
FORWARD = ". {\n forward . 10.0.0.53\n}\n"


def test_an_empty_world_is_the_same_each_time() -> None:
    one, other = World(), World()
    assert (one.env, one.upstreams, one.addresses) == ({"HOSTNAME": "oracle"}, {}, ())
    assert one.clock.now == other.clock.now
    assert one.choose(["first", "second"], "which") == "first"


def test_what_is_not_given_is_assumed_and_said_to_be() -> None:
    world = World()
    assert world.assumed == ()
    assert world.files.read("/etc/resolv.conf") == b"nameserver 192.0.2.53\n"
    assert world.assumed == ("/etc/resolv.conf",)
    assert world.cluster is not None
    assert (world.cluster.services, world.assumed) == ([], ("/etc/resolv.conf", "cluster"))


def test_what_is_given_is_not_assumed() -> None:
    world = World(files={"/etc/resolv.conf": "", "/etc/hosts": None}, cluster=None, env={"HOSTNAME": "x"})
    assert (world.files.read("/etc/resolv.conf"), world.files.read("/etc/hosts")) == (b"", None)
    assert (world.cluster, world.env, world.assumed) == (None, {"HOSTNAME": "x"}, ())


def test_nothing_is_assumed_where_the_caller_says_so() -> None:
    world = World(assume=False)
    assert (world.files.read("/etc/resolv.conf"), world.cluster, world.env, world.assumed) == (None, None, {}, ())


SAME = """.:53 {
    kubernetes cluster.local
    hosts names {
        fallthrough
    }
    forward . /etc/resolv.conf
}
"""


def test_the_command_the_library_and_tests_have_one_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is nothing wrong in one of them is refused in none: kubernetes without a cluster that is given, an
    /etc/resolv.conf that is not given, a file beside the Corefile."""
    path = tmp_path / "Corefile"
    path.write_text(SAME, encoding="utf-8")
    (tmp_path / "names").write_text("10.0.0.1 a.example\n", encoding="utf-8")
    assert corefile.check(path) == []
    assert load(path).query("a.example").rcode == "NOERROR"
    assert load(path, world=World()).query("a.example").rcode == "NOERROR"
    assert main(["check", "--strict", str(path)]) == 0
    assert main(["query", "-c", str(path), "--short", "a.example"]) == 0
    assert "10.0.0.1\n" in capsys.readouterr().out
    (tmp_path / "x.yaml").write_text(
        "corefile: ./Corefile\nsteps:\n- {query: a.example. A, expect: {only: true, rcode: NOERROR}}\n",
        encoding="utf-8",
    )
    assert run(str(tmp_path / "x.yaml"))["passed"]
    assert [f.code for f in corefile.checks(SAME)] == ["missing-file"]


def test_files_are_a_mapping_or_an_object() -> None:
    assert World(files={"a": "x"}).files.read("a") == b"x"
    files = DictFiles({"b": b"y"})
    assert World(files=files).files is files


def test_a_cluster_is_text_a_path_objects_or_a_cluster(tmp_path: Path) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text(SERVICE, encoding="utf-8")
    objects = [
        {"kind": "Service", "metadata": {"name": "web", "namespace": "default"}, "spec": {"clusterIP": "10.96.0.1"}}
    ]
    for given in (SERVICE, path, objects, {"kind": "List", "items": objects}, Cluster.load(SERVICE)):
        cluster = World(cluster=given).cluster
        assert cluster is not None
        assert [s.name for s in cluster.services] == ["web"]


def test_what_is_no_cluster_is_refused_at_once() -> None:
    with pytest.raises(ManifestError, match="line 1, column 1: a Kubernetes object needs a `kind`"):
        World(cluster="a: b\nc: d\n")
    with pytest.raises(OSError, match=r"gone\.yaml"):
        World(cluster=Path("gone.yaml"))


def test_which_addresses_are_the_machines_own() -> None:
    world = World(addresses=["10.0.0.10", "fd00::10"])
    own = ["127.0.0.1", "127.9.9.9", "::1", "10.0.0.10", "fd00::10"]
    assert [world.is_own_address(a) for a in [*own, "10.0.0.11", "128.0.0.1", "::2"]] == [True] * 5 + [False] * 3


def test_choices_are_the_callers() -> None:
    asked: list[tuple[list[Any], str]] = []

    def last(options: Any, why: str) -> int:
        asked.append((list(options), why))
        return len(options) - 1

    world = World(choose=last)
    assert world.choose(["a", "b", "c"], "which upstream") == "c"
    assert world.choose(["only"], "no choice at all") == "only"
    assert asked == [(["a", "b", "c"], "which upstream")]


def test_a_seeded_world_repeats_itself() -> None:
    def drawn(seed: int) -> list[int]:
        random = Random(seed)
        world = World(choose=lambda options, why: random.randrange(len(options)))
        return [world.choose(range(100), "any") for _ in range(20)]

    assert drawn(1) == drawn(1) != drawn(2)


def test_weights_stand_beside_the_options() -> None:
    options = Weighted(["likely", "rare"], [9, 1])
    assert (tuple(options), options.weights) == (("likely", "rare"), (9, 1))
    assert World().choose(options, "which") == "likely"


def test_a_world_beside_shares_time_and_choices_but_not_files() -> None:
    world = World(
        files={"a": "x"},
        env={"A": "1"},
        upstreams={"10.0.0.53": ". 1 IN A 10.0.0.1"},
        addresses=["10.0.0.1"],
        clock=Clock(7),
    )
    other = world.beside(files={"b": "y"})
    assert other.clock is world.clock
    assert (other.upstreams, other.addresses) == (world.upstreams, world.addresses)
    assert (other.env, other.cluster, other.files.read("a"), other.files.read("b")) == (
        {"HOSTNAME": "oracle"},
        None,
        None,
        b"y",
    )


@pytest.mark.parametrize(
    ("upstream", "answer"),
    [
        ("www.example.org. 60 IN A 192.0.2.1", "NOERROR 192.0.2.1"),
        ({"corefile": ". {\n hosts {\n  192.0.2.2 www.example.org\n }\n}\n"}, "NOERROR 192.0.2.2"),
        ({"corefile": ". {\n hosts names\n}\n", "files": {"names": "192.0.2.3 www.example.org"}}, "NOERROR 192.0.2.3"),
        ({"corefile": ". {\n proxy . 10.0.0.9\n}\n", "coredns": "1.4.0"}, "SERVFAIL"),
        (Fault("refused"), "SERVFAIL"),
        (Fault("rcode", "NXDOMAIN"), "NXDOMAIN"),
        ({"fault": "timeout"}, "SERVFAIL"),
        ({"rcode": "YXDOMAIN"}, "YXDOMAIN"),
        (lambda message: Fault("rcode", "REFUSED"), "REFUSED"),
        (lambda message: None, "SERVFAIL"),
    ],
)
def test_upstreams_of_every_kind(upstream: Any, answer: str) -> None:
    reply = loads(FORWARD, world=World(upstreams={"10.0.0.53": upstream})).query("www.example.org")
    assert " ".join([reply.rcode, *(str(rr.data[0]) for rr in reply.answer)]) == answer


def test_a_callable_gets_and_gives_dnslib_messages() -> None:
    import dnslib

    def answer(message: dnslib.DNSRecord) -> dnslib.DNSRecord:
        reply = message.reply()
        reply.add_answer(*dnslib.RR.fromZone(f"{message.q.qname} 60 IN A 192.0.2.9"))
        return reply

    reply = loads(FORWARD, world=World(upstreams={"10.0.0.53": answer})).query("www.example.org")
    assert [rr.data for rr in reply.answer] == [("192.0.2.9",)]


def test_an_upstreams_corefile_that_is_refused() -> None:
    with pytest.raises(CorefileError, match="has no directive `whoam`"):
        loads(FORWARD, world=World(upstreams={"10.0.0.53": {"corefile": ". {\n whoam\n}"}})).query("www.example.org")


def test_an_upstream_is_in_the_same_world() -> None:
    """NodeLocal DNSCache in front of the cluster's DNS: both forward to /etc/resolv.conf, both see the cluster."""
    cluster_dns = ". {\n kubernetes cluster.local\n forward . /etc/resolv.conf\n}\n"
    zone = "www.example.org. 60 IN A 192.0.2.1"
    world = World(cluster=SERVICE, upstreams={"10.0.0.53": {"corefile": cluster_dns}, "192.0.2.53": zone})
    server = loads(FORWARD, world=world)
    assert [rr.data for rr in server.query("www.example.org").answer] == [("192.0.2.1",)]
    assert [rr.data for rr in server.query("web.default.svc.cluster.local").answer] == [("10.96.0.1",)]
    assert world.assumed == ("/etc/resolv.conf",)
    given = World(
        files={"/etc/resolv.conf": "nameserver 10.0.0.54"},
        upstreams={"10.0.0.53": {"corefile": cluster_dns}, "10.0.0.54": zone},
    )
    assert loads(FORWARD, world=given).query("www.example.org").rcode == "NOERROR"
    assert given.assumed == ("cluster",)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"files": "."}, "files are a mapping from path to text; root='.' is the Corefile's folder"),
        ({"files": Path("x")}, "files are a mapping from path to text; root='x' is the Corefile's folder"),
        ({"files": 5}, "files are a mapping from path to text, not 5"),
        ({"files": {"a": 5}}, "the file a is given as text, bytes, a pathlib.Path or None, not as int"),
        ({"root": "gone"}, "root: there is no folder gone"),
        ({"env": {"A": 1}}, "env: A is 1, where text is needed"),
        ({"addresses": "10.0.0.1"}, "addresses: a list of IP addresses is needed, such as ['10.0.0.1']"),
        ({"addresses": ["eth0"]}, "addresses: 'eth0' is no IP address, such as 10.0.0.10"),
        ({"addresses": ["10.0.0.1:53"]}, "addresses: '10.0.0.1:53' is no IP address, such as 10.0.0.10"),
        ({"listenable": ["x"]}, "listenable: 'x' is no IP address, such as 10.0.0.10"),
        ({"interfaces": {"eth0": ["x"]}}, "interfaces: eth0: 'x' is no IP address, such as 10.0.0.10"),
        ({"client": "foo"}, "client: 'foo' is no IP address, such as 10.0.0.7 or 10.0.0.7:40212"),
        ({"clock": "now"}, "clock: a `Clock` is needed, such as Clock(1767225600), not 'now'"),
        ({"choose": "first"}, "choose: a function of options and why is needed, not 'first'"),
        ({"hostname": 3}, "hostname: 3 is no text"),
        ({"limits": 3}, "limits: `Limits` are needed, such as Limits(records=2_000_000), not 3"),
        ({"limits": Limits(words="x")}, "limits: words is 'x', where a whole number is needed"),  # type: ignore[arg-type]
        ({"limits": Limits(words=-1)}, "limits: words is -1, and cannot be below 0"),
        ({"cluster": 5}, "a cluster is given as YAML or JSON text"),
    ],
)
def test_what_makes_no_sense_is_said_at_once(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        World(**arguments)


@pytest.mark.parametrize(("release", "directive"), [("1.14.7", "forward"), ("1.14.7", "grpc"), ("1.2.2", "proxy")])
def test_options_can_be_told_apart(release: str, directive: str) -> None:
    """What `choose` is called with says in words which of them is which."""
    seen: list[str] = []

    def choose(options: Sequence[Any], why: str) -> int:
        seen[:] = map(str, options)
        return 0

    corefile = f".:53 {{\n {directive} . 10.0.0.53 10.0.0.54\n}}"
    loads(corefile, release=release, world=World(choose=choose)).query("www.example.org")
    assert sorted(seen) == ["10.0.0.53:53", "10.0.0.54:53"]


def test_an_index_of_no_option_is_said() -> None:
    world = World(choose=lambda options, why: 99)
    with pytest.raises(ValueError, match=re.escape("choose: 99 is no index of 2 options (which server is asked)")):
        loads(".:53 {\n forward . 10.0.0.53 10.0.0.54\n}", world=world).query("www.example.org")


def test_it_reads_well() -> None:
    assert repr(World()) == "<World 2026-01-01T00:00:00Z>"
    world = World(
        files={"a": "x"},
        cluster=SERVICE,
        upstreams={"10.0.0.53": Fault.timeout()},
        addresses=["10.0.0.1"],
        clock=Clock(5),
    )
    assert repr(world) == (
        "<World 1 file; Cluster 1 Service; addresses 10.0.0.1; upstreams 10.0.0.53; 1970-01-01T00:00:05Z>"
    )
    assert repr(World(cluster=None, assume=False)) == "<World nothing assumed; no cluster; 2026-01-01T00:00:00Z>"


def test_files_are_written_as_a_changed_configmap_does() -> None:
    world = World(files={"names": "10.0.0.1 a.test\n"})
    server = loads(". {\n hosts names {\n  reload 1s\n }\n}\n", world=world)
    world.write("names", "10.0.0.2 a.test\n")
    server.advance(2)
    assert server.query("a.test").answer == ["a.test. 3600 IN A 10.0.0.2"]
    world.write("names", None)
    assert world.files.read("names") is None
    with pytest.raises(TypeError, match="the files of this world are a DiskFiles, which has no `write`"):
        World(files=DiskFiles(".")).write("names", "")


@pytest.mark.parametrize("index", [-1, 2, 0.5, None, "a"])
def test_an_index_of_no_option(index: Any) -> None:
    """Python would count -1 from the end."""
    with pytest.raises(ValueError, match="is no index of 2 options"):
        World(choose=lambda options, why: index).choose(["a", "b"], "which")


def test_what_is_assigned_is_looked_at_as_an_argument_is() -> None:
    """The kind: a part of a world that is replaced while a server runs."""
    world = World()
    server = loads(".:53 {\n whoami\n}", world=world)
    with pytest.raises(AttributeError, match="a world keeps its clock: `advance` moves it"):
        world.clock = Clock(5)
    with pytest.raises(ValueError, match="client: 'me' is no IP address"):
        world.client = "me"
    with pytest.raises(TypeError, match="client: 3 is no text"):
        world.client = 3  # type: ignore[assignment]
    with pytest.raises(TypeError, match="change by `write"):
        world.files = {"a": "x"}  # type: ignore[assignment]
    with pytest.raises(ValueError, match="dns_port: 70000 is no port"):
        world.dns_port = 70000
    with pytest.raises(TypeError, match="env: a mapping"):
        world.env = 3  # type: ignore[assignment]
    with pytest.raises(TypeError, match="choose: a function"):
        world.choose_index = 3  # type: ignore[assignment]
    world.client = "10.0.0.9"
    assert server.query("a.test").received


def test_mappings_and_paths() -> None:
    with pytest.raises(TypeError, match="interfaces: a mapping from name to addresses is needed"):
        World(interfaces=["eth0"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="env: a mapping from name to text is needed"):
        World(env=["a"])  # type: ignore[arg-type]
    assert World(files={Path("names"): "x"}).files.read("names") == b"x"  # type: ignore[dict-item]

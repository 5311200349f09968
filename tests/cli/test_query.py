"""`corefile query`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

ZONE = "www.example.org. 300 IN A 192.0.2.80\nwww.example.org. 300 IN A 192.0.2.81\n"
CLUSTER = """kind: List
items:
- {kind: Namespace, metadata: {name: default}}
- {kind: Service, metadata: {name: web, namespace: default}, spec: {clusterIP: 10.96.0.10}}
"""


def test_it_prints_as_dig_does(run: Run) -> None:
    done = run("query", "a.example.org")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4242\n"
        ";; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0\n"
        "\n"
        ";; QUESTION SECTION:\n"
        ";a.example.org.                   IN   A\n"
        "\n"
        ";; ANSWER SECTION:\n"
        "a.example.org.           3600   IN   A      10.0.0.1\n"
        "\n"
        ";; CoreDNS 1.14.7, simulated, at 127.0.0.1:53 (udp)\n"
    )


def test_the_release_is_that_of_the_image_beside_the_corefile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(
        "kind: ConfigMap\nmetadata: {name: coredns}\ndata: {Corefile: '.:53 {\n\n  chaos {$NAME}\n\n}'}\n"
        "---\nkind: Deployment\nspec: {template: {spec: {containers: [{name: coredns, image: 'coredns:1.9.3',"
        " env: [{name: NAME, value: mine}]}]}}}\n",
        encoding="utf-8",
    )
    done = run("query", "-c", "all.yaml", "version.bind", "CH", "TXT")
    assert 'TXT    "mine"\n' in done.out
    assert ";; CoreDNS 1.9.3, simulated," in done.out
    assert ";; release: that of the image coredns:1.9.3 in all.yaml (--release)\n" in done.out
    done = run("query", "-c", "all.yaml", "--release", "1.14.7", "version.bind", "CH", "TXT")
    assert (";; CoreDNS 1.14.7, simulated," in done.out, "release: that" in done.out) == (True, False)


def test_short_prints_the_data_and_nothing_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")
    done = run("query", "--short", "--upstream", "10.0.0.53=zone", "www.example.org")
    assert done == (0, "192.0.2.80\n192.0.2.81\n", "")


def test_trace_shows_the_way_and_the_records(run: Run) -> None:
    done = run("query", "--trace", "a.example.org")
    assert done.out == (
        "a.example.org. A: NOERROR\n"
        "\n"
        '  :53   server "." (Corefile:1)\n'
        "  |- errors 2   passes on; errors would be logged\n"
        "  `- hosts  3   a.example.org. has 1 entry -> NOERROR\n"
        "                forward (7) is not asked\n"
        "\n"
        "  answer     a.example.org. 3600 IN A 10.0.0.1\n"
    )


def test_json_has_all_of_it(run: Run) -> None:
    done = run("query", "--format", "json", "a.example.org", "--dnssec")
    data = json.loads(done.out)
    assert data["question"] == {"name": "a.example.org.", "type": "A", "class": "IN"}
    assert data["reply"]["rcode"] == "NOERROR"
    assert data["reply"]["flags"] == ["qr", "aa", "rd"]
    assert data["reply"]["answer"] == [
        {"name": "a.example.org.", "ttl": 3600, "class": "IN", "type": "A", "data": "10.0.0.1"}
    ]
    assert data["reply"]["edns"] == {"udp": 1232, "do": True, "options": {}}
    assert [h["plugin"] for h in data["trace"]["hops"]] == ["errors", "hosts"]
    assert (data["release"], data["to"], data["notes"], data["findings"]) == ("1.14.7", "127.0.0.1:53", [], [])


def test_an_upstream_that_nobody_gave_is_named_with_what_to_do(run: Run) -> None:
    done = run("query", "www.example.org")
    assert "status: SERVFAIL" in done.out
    assert done.out.endswith(
        "\n\n;; nothing answers at 10.0.0.53: --upstream 10.0.0.53=FILE says what answers there (a zone file or a Corefile)\n"
    )
    short = run("query", "--short", "www.example.org")
    assert (short.code, short.out) == (0, "")
    assert short.err.startswith(";; nothing answers at 10.0.0.53: ")


def test_the_nameservers_of_a_pod_are_made_up_and_it_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(".:53 {\n    forward . /etc/resolv.conf\n}\n", encoding="utf-8")
    assert "that address stands in for /etc/resolv.conf" in " ".join(run("query", "-c", "x", "a.b").out.split())
    (tmp_path / "resolv").write_text("nameserver 10.9.9.9\n", encoding="utf-8")
    done = run("query", "-c", "x", "a.b", "--file", "/etc/resolv.conf=resolv")
    assert ";; nothing answers at 10.9.9.9: " in done.out
    assert "stands in" not in done.out


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("@timeout", "status: SERVFAIL"),
        ("@refused", "read: connection refused"),
        ("@unreachable", "network is unreachable"),
        ("@SERVFAIL", "status: SERVFAIL"),
        ("@nxdomain", "status: NXDOMAIN"),
    ],
)
def test_faults_of_upstreams(run: Run, what: str, said: str) -> None:
    assert said in run("query", "www.example.org", "--upstream", f"10.0.0.53={what}").out


def test_an_upstream_may_be_a_corefile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(
        ".:53 {\n    hosts {\n        192.0.2.7 x.example.org\n    }\n}\n", encoding="utf-8"
    )
    assert run("query", "--short", "x.example.org", "--upstream", "10.0.0.53=other").out == "192.0.2.7\n"


def test_a_cluster(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cluster.yaml").write_text(CLUSTER, encoding="utf-8")
    (tmp_path / "x").write_text(".:53 {\n    kubernetes cluster.local\n}\n", encoding="utf-8")
    ask = ("query", "-c", "x", "web.default.svc.cluster.local")
    assert run(*ask, "--short", "--cluster", "cluster.yaml").out == "10.96.0.10\n"
    assert ";; no --cluster is given, so there is nothing in the cluster: " in run(*ask).out
    missing = run("query", "-c", "x", "nope.default.svc.cluster.local", "--trace", "--cluster", "cluster.yaml").out
    assert missing.startswith(
        "nope.default.svc.cluster.local. A: NXDOMAIN   "
        "(a pod's search list may go on from here: --pod default shows its walk)\n"
    )
    nodata = run(*ask, "AAAA", "--trace", "--cluster", "cluster.yaml").out
    assert nodata.startswith("web.default.svc.cluster.local. AAAA: NOERROR, no record of this type (NODATA)\n")


@pytest.mark.usefixtures("not_simulated")
def test_a_directive_that_is_not_simulated_is_said_for_its_server_block_alone(run: Run, tmp_path: Path) -> None:
    text = "a.org {\n    geoip a\n    whoami\n}\nb.org {\n    whoami\n}\n"
    (tmp_path / "x").write_text(text, encoding="utf-8")
    said = ";; notice: x:2: `geoip` is not simulated (this may not be CoreDNS's answer)\n"
    assert run("query", "-c", "x", "a.org").out.endswith(said)
    assert "notice" not in run("query", "-c", "x", "b.org").out
    assert run("query", "-c", "x", "--short", "a.org").err == said


def test_a_refused_corefile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(". {\n    whoam\n}\n", encoding="utf-8")
    done = run("query", "-c", "x", "a.b")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[unknown-directive]: CoreDNS 1.14.7 has no directive `whoam`\n  x:2:5\n")
    data = json.loads(run("query", "-c", "x", "--format", "json", "a.b").out)
    assert data["reply"] is None
    assert [f["code"] for f in data["findings"]] == ["unknown-directive"]


def test_where_nothing_listens_no_reply_comes(run: Run) -> None:
    done = run("query", "a.b", "--to", "127.0.0.1:54")
    assert done.code == 1
    assert done.out == (
        ";; no reply within 8 s, the client gives up\n\n"
        ";; nothing listens at 127.0.0.1:54; this Corefile listens at :53\n"
    )


def test_the_only_port_and_the_only_address_are_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(".:1053 {\n    bind 10.0.0.9\n    whoami\n}\n", encoding="utf-8")
    assert "at 10.0.0.9:1053 (tcp)" in run("query", "-c", "x", "a.b", "--tcp").out
    (tmp_path / "y").write_text(".:1053 {\n    bind fd00::9\n    whoami\n}\n", encoding="utf-8")
    assert "at [fd00::9]:1053 (udp)" in run("query", "-c", "y", "a.b").out


def test_how_to_ask(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(". {\n    whoami\n}\n", encoding="utf-8")
    out = run("query", "-c", "x", "a.b", "--from", "10.1.1.1", "--norecurse", "--bufsize", "4096").out
    assert ";; flags: qr aa; QUERY" in out
    assert "10.1.1.1" in out
    assert "; EDNS: version: 0, flags:; udp: 4096" in out
    assert "status: REFUSED" in run("query", "-c", "x", "a.b", "--class", "ch").out


def test_an_international_name_is_sent_as_dig_sends_it(run: Run) -> None:
    assert ";xn--bcher-kva.example." in run("query", "b\u00fccher.example").out


def test_several_corefiles_in_one_manifest(run: Run) -> None:
    one = "kind: ConfigMap\nmetadata: {name: %s}\ndata:\n  Corefile: |\n    . {\n        whoami\n    }\n"
    done = run("query", "-c", "-", "a.b", stdin=one % "a" + "---\n" + one % "b")
    assert ";; 2 Corefiles are in -; the first one was asked\n" in done.out


def test_a_value_of_an_option_without_one(run: Run) -> None:
    done = run("query", "a.b", "--short=1")
    assert (done.code, done.err) == (2, "corefile query: --short takes no value\n`corefile query --help` tells more.\n")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("a.b", "AX"), "`AX` is no record type"),
        (("a.b", "--class", "XX"), "`XX` is no class"),
        (("a..b",), "`a..b` is no domain name: it has an empty label"),
        (("a\\03.b",), "`a\\03.b` is no domain name: it has the escape `\\03`, and an octet has three digits"),
        (("a.b", "--to", "127.0.0.1:99999"), "`--to 127.0.0.1:99999`: a port from 0 to 65535 is needed"),
        (("a.b", "--from", "10.0.0.7:99999"), "`--from 10.0.0.7:99999`: a port from 0 to 65535 is needed"),
        (("a.b", "--search", ""), "--search takes a domain, such as example.org"),
        (("a.b", "-c", "gone"), "gone: No such file or directory"),
        (("a.b", "--from", "me"), "--from takes an IP address (10.0.0.53, 10.0.0.53:5353, [fd00::1]:53), not 'me'"),
        (("a.b", "--to", "[::1"), "--to takes an IP address (10.0.0.53, 10.0.0.53:5353, [fd00::1]:53), not '[::1'"),
        (("a.b", "--upstream", "10.0.0.53"), "--upstream takes ADDR=WHAT, not '10.0.0.53'"),
        (
            ("a.b", "--upstream", "dns=zone"),
            "--upstream takes an IP address (10.0.0.53, 10.0.0.53:5353, [fd00::1]:53), not 'dns'",
        ),
        (("a.b", "--upstream", "10.0.0.53=gone"), "gone: No such file or directory"),
        (
            ("a.b", "--upstream", "10.0.0.53=@nope"),
            "--upstream 10.0.0.53=@nope: after @ comes istio, timeout, refused, unreachable, truncated or a response code",
        ),
        (("a.b", "--env", "X"), "--env X: this process has no variable of that name (--env X=VALUE gives one)"),
        (("a.b", "--file", "=x"), "--file takes PATH=FILE, not '=x'"),
        (("a.b", "--cluster", "gone"), "gone: No such file or directory"),
        (("a.b", "--cluster", "Corefile"), "--cluster Corefile:1:1: a Kubernetes object is a mapping, not"),
        (("a.b", "--release", "1.2"), "`1.2` is more than one release of CoreDNS: 1.2.0, 1.2.1, "),
    ],
)
def test_wrong_use_is_one_line(run: Run, argv: tuple[str, ...], said: str) -> None:
    done = run("query", *argv)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"corefile query: {said}")
    assert done.err.count("\n") == 1


def test_a_broken_upstream_is_said_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("; ours\nwww.example.org. 300 IN A nonsense\n", encoding="utf-8")
    done = run("query", "www.example.org", "--upstream", "10.0.0.53=zone")
    assert done == (2, "", "corefile query: --upstream 10.0.0.53=zone: line 2: bad A A: 'nonsense'\n")
    (tmp_path / "other").write_text(". {\n    whoam\n}\n", encoding="utf-8")
    done = run("query", "www.example.org", "--upstream", "10.0.0.53=other")
    assert (done.code, done.out) == (1, "")
    assert "\n  other:2:5\n" in done.err


def test_without_a_corefile_it_says_how_to_name_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").unlink()
    done = run("query", "a.b")
    assert done == (2, "", "corefile query: Corefile: No such file or directory (-c PATH says which Corefile)\n")


def test_an_upstream_with_a_port_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n    forward . 10.0.0.53:5353\n}\n", encoding="utf-8")
    assert "nothing answers at 10.0.0.53:5353: --upstream 10.0.0.53:5353=FILE says" in run("query", "a.example.org").out


def test_an_upstream_may_be_the_clusters_own_dns_in_its_configmap(run: Run, tmp_path: Path) -> None:
    """NodeLocal DNSCache in front of the cluster's CoreDNS."""
    configmap = "kind: ConfigMap\ndata:\n  Corefile: |\n    .:53 {\n        kubernetes cluster.local\n    }\n"
    (tmp_path / "up.yaml").write_text(configmap, encoding="utf-8")
    cluster = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10}}\n"
    (tmp_path / "cluster.yaml").write_text(cluster, encoding="utf-8")
    done = run(
        "query", "web.shop.svc.cluster.local", "--short", "--cluster", "cluster.yaml", "--upstream", "10.0.0.53=up.yaml"
    )
    assert done == (0, "10.96.0.10\n", "")


def test_a_truncated_answer_is_not_called_nodata(run: Run) -> None:
    out = run("query", "a.example.com", "--trace", "--upstream", "10.0.0.53=@truncated").out
    assert out.startswith("a.example.com. A: NOERROR, truncated (TC): a client asks again over TCP\n")


@pytest.mark.parametrize(
    ("address", "name"),
    [("10.0.0.1", "1.0.0.10.in-addr.arpa."), ("fd00::1", "1." + "0." * 27 + "0.0.d.f.ip6.arpa.")],
)
def test_the_names_of_an_address(run: Run, address: str, name: str) -> None:
    done = run("query", "-x", address, "--format", "json")
    assert json.loads(done.out)["question"] in ({"name": name, "class": "IN", "type": "PTR"}, f"{name} IN PTR")
    assert run("query", "-x", "a.example.org").err == "corefile query: -x takes an IP address, not `a.example.org`\n"


def test_a_clients_address_is_not_the_servers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n    kubernetes cluster.local\n}\n", encoding="utf-8")
    pod = "{kind: Pod, metadata: {name: a}, status: {podIP: 10.244.9.9}}\n"
    (tmp_path / "cluster.yaml").write_text(pod, encoding="utf-8")
    for client in ((), ("--from", "10.244.9.9")):
        done = run("query", "--short", "cluster.local", "NS", "--cluster", "cluster.yaml", *client)
        assert done == (0, "", "")


def test_a_folder_is_one_cluster(run: Run, tmp_path: Path) -> None:
    """A ConfigMap and its additions in two files, and NodeHosts by the path of its mount."""
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "a.yaml").write_text(
        "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  NodeHosts: 192.0.2.7 node-1\n  Corefile: |\n"
        "    .:53 {\n        hosts /etc/coredns/NodeHosts\n    }\n    import /etc/coredns/custom/*.server\n",
        encoding="utf-8",
    )
    (tmp_path / "k8s" / "b.yaml").write_text(
        "kind: ConfigMap\nmetadata: {name: coredns-custom}\ndata:\n  b.server: |\n"
        "    b.example {\n        hosts {\n            192.0.2.8 b.example\n        }\n    }\n",
        encoding="utf-8",
    )
    assert run("query", "-c", "k8s", "--short", "node-1") == (0, "192.0.2.7\n", "")
    assert run("query", "-c", "k8s", "--short", "b.example") == (0, "192.0.2.8\n", "")


def test_an_upstream_may_forward_to_resolv_conf(run: Run, tmp_path: Path) -> None:
    """NodeLocal DNSCache in front of the cluster's DNS, which forwards what it does not know."""
    (tmp_path / "up").write_text(
        ".:53 {\n    kubernetes cluster.local\n    forward . /etc/resolv.conf\n}\n", encoding="utf-8"
    )
    (tmp_path / "zone").write_text("www.example. 60 IN A 192.0.2.9\n", encoding="utf-8")
    upstream = ("--upstream", "10.0.0.53=up")
    done = run("query", "--short", "www.example", *upstream, "--upstream", "192.0.2.53=zone")
    assert (done.code, done.out) == (0, "192.0.2.9\n")
    done = run("query", "www.example", *upstream)
    assert done.code == 0
    assert "at 192.0.2.53" in done.out
    assert "address stands in for /etc/resolv.conf" in done.out


# -- several questions, and dig's habits ----------------------------------------------------------------------------------

CACHING = ".:53 {\n    cache 60\n    forward . 10.0.0.53\n}\n"


def test_several_questions_are_asked_in_their_order_of_one_server(run: Run, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text(ZONE + "a.example. 300 IN MX 10 mx.example.\n", encoding="utf-8")
    (tmp_path / "x").write_text(CACHING, encoding="utf-8")
    words = (
        "query -c x --upstream 10.0.0.53=zone +noall +answer www.example.org A a.example MX after=12s www.example.org"
    )
    assert run(*words.split()).out == (
        "www.example.org.         60     IN   A      192.0.2.80\n"
        "www.example.org.         60     IN   A      192.0.2.81\n"
        "a.example.               60     IN   MX     10 mx.example.\n"
        "www.example.org.         48     IN   A      192.0.2.80\n"
        "www.example.org.         48     IN   A      192.0.2.81\n"
    )
    text = run(*words.replace("+noall +answer", "").split()).out
    assert "\n;; 12s later\n" in text
    assert text.count("HEADER") == 3


def test_several_questions_as_data(run: Run) -> None:
    data = json.loads(run("query", "a.example.org", "AAAA", "b.example.org", "after=1m", "--format", "json", "c.d").out)
    assert [(d["question"]["name"], d["question"]["type"], d["after"]) for d in data] == [
        ("a.example.org.", "AAAA", 0),
        ("b.example.org.", "A", 0),
        ("c.d.", "A", 60),
    ]


def test_a_service_leads_to_the_server(run: Run, tmp_path: Path) -> None:
    """`@` the address of the Service in front of CoreDNS, which is no address of its machine."""
    (tmp_path / "x").write_text(".:1053 {\n    kubernetes cluster.local\n}\n", encoding="utf-8")
    (tmp_path / "cluster.yaml").write_text(CLUSTER, encoding="utf-8")
    ask = ("query", "-c", "x", "--cluster", "cluster.yaml", "web.default.svc.cluster.local")
    assert run(*ask, "@10.96.0.99", "+short") == (0, "10.96.0.10\n", "")
    done = run(*ask, "@10.96.0.99")
    assert ";; CoreDNS 1.14.7, simulated, at 10.96.0.99:1053 (udp)" in done.out
    assert ";; 10.96.0.99 is taken for an address that leads to this CoreDNS, such as its Service's\n" in done.out
    assert "is taken for" not in run(*ask, "@10.96.0.10").out  # it is the Service of the cluster
    nowhere = run(*ask, "@10.96.0.99:53")
    assert (nowhere.code, nowhere.out.splitlines()[0]) == (1, ";; no reply within 8 s, the client gives up")


def test_what_means_nothing_here_is_said(run: Run) -> None:
    assert (
        ";; dig's `+tries` changes nothing here: nothing is lost on the way"
        in run("query", "a.example.org", "+tries=1").out
    )
    assert run("query", "a.example.org", "+tries=1", "+short") == (0, "10.0.0.1\n", "")
    done = run("query", "-c", "CH", "version.bind")
    assert done.err.startswith(
        "corefile query: -c names the Corefile here: dig's `-c CH` is `--class CH`, or just the word CH"
    )


# -- as a pod asks --------------------------------------------------------------------------------------------------------

KUBERNETES = ".:53 {\n    kubernetes cluster.local\n    forward . 10.0.0.53\n}\n"


@pytest.fixture
def pods(run: Run, tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "Corefile").write_text(KUBERNETES, encoding="utf-8")
    pod = "- {kind: Pod, metadata: {name: a-1, namespace: default}, status: {podIP: 10.1.0.7}}\n"
    (tmp_path / "cluster.yaml").write_text(CLUSTER + pod, encoding="utf-8")
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")
    return ("query", "--cluster", "cluster.yaml", "--upstream", "10.0.0.53=zone")


def test_the_walk_of_a_pod(run: Run, pods: tuple[str, ...]) -> None:
    assert run(*pods, "--pod", "default", "www.example.org").out.startswith(
        "www.example.org A, looked up by a pod in namespace default (10.1.0.7)\n"
        "  search default.svc.cluster.local svc.cluster.local cluster.local; ndots 5\n"
        "\n"
        "  1  www.example.org.default.svc.cluster.local. A  NXDOMAIN from kubernetes; goes on\n"
        "  2  www.example.org.svc.cluster.local. A          NXDOMAIN from kubernetes; goes on\n"
        "  3  www.example.org.cluster.local. A              NXDOMAIN from kubernetes; goes on\n"
        "  4  www.example.org. A                            NOERROR from forward; asked as it stands, last\n"
        "\n"
        "  gets: 192.0.2.80, 192.0.2.81\n"
        "\n"
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4242\n"
    )
    assert run(*pods, "--pod", "default", "web", "+short") == (0, "10.96.0.10\n", "")
    assert (
        run(*pods, "--pod", "default/a-1", "--search", "example.org", "--ndots", "1", "www", "+short").out.count("\n")
        == 2
    )
    assert "  gets: no such name\n" in run(*pods, "--pod", "default", "nope").out
    assert "; ndots 5; musl\n" in run(*pods, "--pod", "default", "nope", "--libc", "musl").out


def test_the_walk_with_traces_and_as_data(run: Run, pods: tuple[str, ...]) -> None:
    text = run(*pods, "--pod", "default", "a.web", "--trace").out
    assert "\n\na.web.default.svc.cluster.local. A: NXDOMAIN\n\n  :53   server" in text
    assert text.count('server "."') == 4
    data = json.loads(run(*pods, "--pod", "default", "web", "--format", "json").out)
    assert data["resolver"] == {
        "pod": "default",
        "address": "10.1.0.7",
        "search": ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"],
        "ndots": 5,
        "libc": "glibc",
    }
    assert [(s["question"]["name"], s["reply"]["rcode"]) for s in data["walk"]] == [
        ("web.default.svc.cluster.local.", "NOERROR")
    ]
    assert (data["question"]["name"], data["decided"], data["failure"]) == ("web", 0, "")


def test_a_search_list_without_a_pod(run: Run, pods: tuple[str, ...]) -> None:
    assert run(*pods, "--search", "example.org", "www", "+short").out == "192.0.2.80\n192.0.2.81\n"
    wrong = run(*pods, "+search", "www").err
    assert wrong == "corefile query: +search walks a search list: --pod NAMESPACE or --search DOMAIN gives one\n"
    assert "--ndots is about a search list" in run(*pods, "--ndots", "2", "www").err


def test_a_truncated_answer_is_asked_for_again_over_tcp_on_the_walk(
    run: Run, pods: tuple[str, ...], tmp_path: Path
) -> None:
    many = "".join(f'many.example. 60 IN TXT "{"x" * 200} {i}"\n' for i in range(5))
    (tmp_path / "zone").write_text(many, encoding="utf-8")
    assert len(run(*pods, "--pod", "default", "many.example.", "TXT", "+short").out.splitlines()) == 5


def test_names_that_a_pod_would_not_ask_like_that(run: Run, pods: tuple[str, ...]) -> None:
    """A word about the search list stands only where it explains something."""
    said = "was asked for as it stands; a pod goes through its search list first: --pod NAMESPACE"
    for name in ("web.default", "web"):
        assert f"`{name}` {said}" in run(*pods, name).out
    for words in (("web.default.",), ("web", "--pod", "default"), ("example.org",), ("web.other",), ("nope",)):
        assert "search list first" not in run(*pods, *words).out
    assert said in run("query", "nope").out  # what is in the cluster is not known
    assert said not in run("query", "nope.org").out
    hint = "a pod's search list may go on from here: --pod default shows its walk"
    assert hint in run(*pods, "nope.default.svc.cluster.local", "+trace").out
    for name in (
        "nope.default.svc.cluster.local.",
        "nope.cluster.local",
        "web.default.svc.cluster.local",
        "nope.example.",
    ):
        assert hint not in run(*pods, name, "+trace").out


@pytest.mark.usefixtures("not_simulated")
def test_an_answer_from_an_upstream_with_an_unknown_directive_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "up").write_text(". {\n    erratic\n    geoip a\n}\n", encoding="utf-8")
    done = run("query", "a.b", "--upstream", "10.0.0.53=up")
    assert ";; notice: up:3: `geoip` is not simulated (this may not be CoreDNS's answer)\n" in done.out
    assert "geoip" not in run("query", "a.example.org", "--upstream", "10.0.0.53=up").out


@pytest.mark.parametrize("name", ["\xfc" * 80 + ".b", "\udcff.b"])
def test_a_name_without_a_form_in_punycode(run: Run, name: str) -> None:
    done = run("query", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("` is no domain name: Punycode has no form for it\n")


def test_how_long_the_client_waits(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(".:53 {\n    erratic {\n        delay 1 20s\n    }\n}\n", encoding="utf-8")
    done = run("query", "-c", "x", "a.b", "+trace")
    assert (done.code, done.out.splitlines()[0]) == (1, "a.b. A: no reply within 8 s, the client gives up")
    assert "status: NOERROR" in run("query", "-c", "x", "a.b", "+time=30").out


def test_pods_that_are_looked_for_and_not_given_are_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(
        ".:53 {\n    autopath @kubernetes\n    kubernetes cluster.local {\n        pods verified\n    }\n}\n",
        encoding="utf-8",
    )
    service = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10}}\n"
    (tmp_path / "cluster.yaml").write_text(service, encoding="utf-8")
    done = run("query", "a.default.svc.cluster.local", "--cluster", "cluster.yaml", "--from", "10.244.9.9")
    assert "`pods verified` looks for pods, and none is given" in done.out
    assert "svc,endpointslices,ns,pods" in " ".join(run("query", "--help").out.split())
    assert "notice[no-pods]" in run("check", "Corefile", "--cluster", "cluster.yaml").out


IN_THE_CLEAR = "tls://example.org {\n whoami\n}\nhttps://example.org:8443 {\n whoami\n}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "at tls://127.0.0.1:853 (tls)"),
        (("--to", "tls://127.0.0.1"), "at tls://127.0.0.1:853 (tls)"),
        (("@https://127.0.0.1:8443",), "at https://127.0.0.1:8443 (https, HTTP 200, max-age=0)"),
        (("+http-plain",), "at 127.0.0.1:8443 (https, HTTP 200, max-age=0)"),
        (("+http-plain=/x",), "no DNS message, but HTTP 404"),
        (
            ("+tls",),
            "the server at tls://:853 has no certificate, so it speaks plain DNS over TCP in the clear, and no TLS",
        ),
        (("+https-get",), "the server at https://:8443 has no certificate, so it speaks HTTP in the clear, and no TLS"),
        (
            ("@https://127.0.0.1",),
            "nothing listens at 127.0.0.1:443; this Corefile listens at https://:8443, tls://:853",
        ),
    ],
)
def test_servers_of_other_transports(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "Corefile").write_text(IN_THE_CLEAR, encoding="utf-8")
    assert said in run("query", "example.org", *words).out


def test_a_file_that_is_not_here_is_said_once_for_the_blocks_that_name_it(run: Run, tmp_path: Path) -> None:
    block = "{} {{\n    metadata\n    geoip /dbs/City.mmdb\n    whoami\n}}\n"
    (tmp_path / "Corefile").write_text(block.format("a.test") + block.format("b.test") + "c.test {\n    whoami\n}\n")
    for name, said in (("www.a.test", 1), ("www.b.test", 1), ("www.c.test", 0)):
        remarks = [line for line in run("query", name).out.splitlines() if line.startswith(";; notice")]
        assert len(remarks) == said, name
        assert all("/dbs/City.mmdb is not here" in line for line in remarks)
    assert "so this may not be CoreDNS's answer: geoip (3)" in run("query", "--trace", "www.a.test").out
    given = run("query", "www.a.test", "--file", "/dbs/City.mmdb=Corefile")
    assert (given.code, "is no MaxMind database" in given.err) == (1, True)


def test_dockers_server_is_named_where_its_address_leads_back_to_the_server(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n    forward . 127.0.0.11\n}\n", encoding="utf-8")
    (tmp_path / "docker.zone").write_text("web. 60 IN A 172.18.0.3\n", encoding="utf-8")
    said = "in a container it is Docker's own: --upstream 127.0.0.11=FILE says what answers there"
    assert said in " ".join(run("query", "web").out.split())
    given = run("query", "--upstream", "127.0.0.11=docker.zone", "web")
    assert "172.18.0.3" in given.out
    assert "Docker" not in given.out


def test_transfers_and_signatures(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What dig gets with the same words: a zone over TCP, its SOA record alone for a client that has it, a signed answer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "db").write_text("@ 60 SOA ns h 5 2 3 4 5\n@ 60 NS ns\n", encoding="utf-8")
    block = " tsig {\n  secret k.example. c2VjcmV0\n  require AXFR\n }\n transfer {\n  to *\n }\n file db\n"
    (tmp_path / "Corefile").write_text(f"a.example {{\n{block}}}\n", encoding="utf-8")
    assert ", ANSWER: 3," in run("query", "a.example", "AXFR", "-y", "k.example:c2VjcmV0").out
    assert "TSIG: ok" in run("query", "a.example", "AXFR", "-y", "k.example:c2VjcmV0").out
    assert "status: REFUSED" in run("query", "a.example", "AXFR").out
    assert "TSIG: error BADSIG" in run("query", "a.example", "AXFR", "-y", "k.example:AAAA").out
    assert ", ANSWER: 1," in run("query", "a.example", "IXFR=5").out
    assert ", ANSWER: 3," in run("query", "a.example", "IXFR=4", "-y", "k.example:c2VjcmV0").out


def test_an_answer_about_another_name_is_told(run: Run, tmp_path: Path) -> None:
    """As `answer-not-rewritten` does; the trace alone says that the question is put back."""
    lines = "hosts {{\n10.0.0.1 www.new.example\n}}\nrewrite name suffix .old.example .new.example{}\n"
    note = ";; the answer is about www.new.example., not about WWW.old.example.: some resolvers drop such an answer\n"
    for more, told in (("", True), (" answer auto", False)):
        (tmp_path / "Corefile").write_text(f".:53 {{{{\n{lines}}}}}\n".format(more), encoding="utf-8")
        assert (note in run("query", "WWW.old.example").out) is told
        assert note not in run("query", "www.new.example").out


def test_the_clusters_own_dns_service_is_no_server_that_is_to_be_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cluster.yaml").write_text(
        "{kind: Service, metadata: {name: kube-dns, namespace: kube-system}, "
        "spec: {clusterIP: 10.96.0.10, ports: [{name: dns, port: 53, protocol: UDP}]}}\n",
        encoding="utf-8",
    )
    for kubernetes, told in (("kubernetes cluster.local", True), ("errors", False)):
        (tmp_path / "Corefile").write_text(f".:53 {{\n{kubernetes}\nforward . 10.96.0.10\n}}\n", encoding="utf-8")
        out = run("query", "--cluster", "cluster.yaml", "www.example.org").out
        assert ("10.96.0.10:53 is the cluster's own DNS Service kube-system/kube-dns" in out) is told
        assert ("nothing answers at 10.96.0.10" in out) is not told

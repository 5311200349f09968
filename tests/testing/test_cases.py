"""Running a test file: the world around the Corefile, the steps, and what is left for a reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corefile import plugins
from corefile.findings.layout import plain
from corefile.plugin import Answerer, Outcome, Query
from corefile.testing import cases
from corefile.testing.cases import Case, as_json, run
from corefile.testing.show import problem
from corefile.world.upstreams import ip_of


def run_text(tmp_path: Path, text: str, **files: str) -> dict[str, Any]:
    for name, content in files.items():
        (tmp_path / name.replace("_", ".")).write_text(content, encoding="utf-8")
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    return run(str(tmp_path / "x.yaml"))


def passed(result: dict[str, Any]) -> list[bool]:
    assert result["problem"] is None, result["problem"]
    return [s["passed"] for s in result["steps"]]


def test_everything_may_be_a_path_beside_the_test(tmp_path: Path) -> None:
    text = """
corefile: ./Corefile
cluster: ./cluster.yaml
files: {zone: ./local.zone}
upstreams:
  10.0.0.53: ./up.zone
  10.0.0.54: {corefile: ./other.corefile}
steps:
- {query: www.up.org. A, expect: {only: true, answer: [www.up.org. 60 IN A 192.0.2.1]}}
- {query: www.other.org. A, expect: {only: true, answer: [www.other.org. 3600 IN A 192.0.2.2]}}
- {query: www.local.org. A, expect: {only: true, answer: [www.local.org. 60 IN A 192.0.2.3]}}
- {query: web.default.svc.cluster.local. A, expect: {only: true, answer: [web.default.svc.cluster.local. 5 IN A 10.96.0.1]}}
"""
    corefile = (
        "up.org {\n forward . 10.0.0.53\n}\nother.org {\n forward . 10.0.0.54\n}\n"
        "local.org {\n file zone\n}\ncluster.local {\n kubernetes\n}\n"
    )
    (tmp_path / "Corefile").write_text(corefile, encoding="utf-8")
    result = run_text(
        tmp_path,
        text,
        cluster_yaml="kind: Service\nmetadata: {name: web, namespace: default}\nspec: {clusterIP: 10.96.0.1}\n",
        local_zone="local.org. 60 IN SOA ns.local.org. h.local.org. 1 2 3 4 5\nwww.local.org. 60 IN A 192.0.2.3\n",
        up_zone="www.up.org. 60 IN A 192.0.2.1\n",
        other_corefile=". {\n hosts {\n  192.0.2.2 www.other.org\n }\n}\n",
    )
    assert passed(result) == [True] * 4


def test_the_corefile_may_be_in_a_configmap_and_keeps_its_place(tmp_path: Path) -> None:
    manifest = "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  Corefile: |\n    . {\n      whoam\n    }\n"
    result = run_text(tmp_path, "corefile: ./map.yaml\nsteps: []\n", map_yaml=manifest)
    (finding,) = result["findings"]
    assert finding.span.locate()[:3] == (str(tmp_path / "map.yaml"), 6, 7)
    assert (result["line"], result["problem"]) == (2, "CoreDNS would not start")


def test_time_passes_between_steps_and_while_a_client_waits(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """
corefile: |
  . {
    cache 30
    forward . 10.0.0.53
  }
upstreams:
  10.0.0.53: www.example.org. 300 IN A 192.0.2.1
  10.0.0.54: {fault: timeout}
steps:
- {query: www.example.org. A, expect: {only: true, answer: [www.example.org. 30 IN A 192.0.2.1]}}
- {query: www.example.org. A, after: 29s, expect: {only: true, answer: [www.example.org. 1 IN A 192.0.2.1]}}
- {query: www.example.org. A, after: 2s, expect: {only: true, answer: [www.example.org. 30 IN A 192.0.2.1]}}
""",
    )
    assert passed(result) == [True] * 3


def test_a_reply_that_comes_too_late_is_none(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """
corefile: |
  . {
    forward . 10.0.0.54
  }
upstreams:
  10.0.0.54: {fault: timeout}
steps:
- {query: www.example.org. A, timeout: 500ms, expect: {reply: none}}
- {query: www.example.org. A, to: 127.0.0.1:99, expect: {reply: none}}
""",
    )
    assert passed(result) == [True] * 2


def test_steps_that_are_no_queries(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """
corefile: |
  . {
    health
    prometheus
    hosts names
  }
files: {names: 10.0.0.1 a.example.org}
steps:
- {get: ':8080/health', expect: {status: 200, body: OK}}
- {get: ':8080/nothing', expect: {status: 404, only: true}}
- {query: a.example.org. A, expect: {only: true, answer: [a.example.org. 3600 IN A 10.0.0.1]}}
- metrics: [coredns_dns_requests_total]
  expect:
    samples:
    - coredns_dns_requests_total{family="1",proto="udp",server="dns://:53",type="A",view="",zone="."} 1
- write: {names: 10.0.0.2 a.example.org}
- {query: a.example.org. A, after: 6s, expect: {only: true, answer: [a.example.org. 3600 IN A 10.0.0.2]}}
""",
    )
    assert passed(result) == [True] * 6


CHANGING = """\
corefile: |
  . {
    kubernetes cluster.local
    forward . 10.0.0.53 {
      max_fails 0
    }
  }
cluster: |
  {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
upstreams:
  10.0.0.53: a. 60 IN A 192.0.2.1
steps:
"""


def test_the_world_may_change_between_steps(tmp_path: Path) -> None:
    """Objects as text, as plain data or in a file; upstreams of every kind."""
    service = "{kind: Service, metadata: {name: %s, namespace: shop}, spec: {clusterIP: %s}}"
    text = (
        CHANGING
        + """\
- apply: |
    SERVICE
- {query: web.shop.svc.cluster.local. A, expect: {only: true, answer: [web.shop.svc.cluster.local. 5 IN A 10.96.0.1]}}
- apply: [{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.2}}]
- {query: web.shop.svc.cluster.local. A, expect: {only: true, answer: [web.shop.svc.cluster.local. 5 IN A 10.96.0.2]}}
- apply: ./db.yaml
  delete: [Service/shop/web]
- {query: web.shop.svc.cluster.local. A, expect: {only: true, rcode: NXDOMAIN}}
- {query: db.shop.svc.cluster.local. A, expect: {only: true, rcode: NOERROR}}
- delete: [Namespace/shop]
- {query: db.shop.svc.cluster.local. A, expect: {only: true, rcode: NXDOMAIN}}
- upstream: {10.0.0.53: ./zone}
- {query: a. A, expect: {only: true, answer: [a. 60 IN A 192.0.2.2]}}
- upstream: {10.0.0.53: {corefile: ./Other}}
- {query: a. A, expect: {only: true, answer: [a. 3600 IN A 192.0.2.3]}}
- upstream: {10.0.0.53: {rcode: REFUSED}}
- {query: a. A, expect: {only: true, rcode: REFUSED}}
- upstream: {10.0.0.53: null}
- {query: a. A, expect: {only: true, rcode: SERVFAIL}}
""".replace("SERVICE", service % ("web", "10.96.0.1"))
    )
    other = ". {\n  hosts {\n    192.0.2.3 a.\n  }\n}\n"
    files = {"db_yaml": service % ("db", "10.96.0.3"), "zone": "a. 60 IN A 192.0.2.2\n", "Other": other}
    assert passed(run_text(tmp_path, text, **files)) == [True] * 17


@pytest.mark.parametrize(
    ("step", "place", "words"),
    [
        ("delete: [Namespace/shop, Service/shop/wbe]", (13, 28), "the cluster has no Service/shop/wbe"),
        ("delete: [Namespace/shp]", (13, 12), "the cluster has no Namespace/shp: did you mean Namespace/shop?"),
        ("apply: |\n    kind: Service\n    metadata: {nam: web}", (15, 5), "Service (without a name): "),
        ("apply: |\n    {kind: Service", (15, 1), "not YAML: "),
        ("apply: nothing", (13, 3), "not Kubernetes objects: 'nothing' is neither a file nor Kubernetes objects"),
        ("apply: ./nothing.yaml", (13, 3), "there is no file "),
        ("upstream: {10.0.0.53: a. IN A 1.2.3}", (13, 14), "not records of a zone file, line 1: "),
        ("upstream: {10.0.0.53: ./nothing}", (13, 14), "there is no file "),
        ("upstream: {10.0.0.53: {corefile: '. { nope }'}}", (13, 3), "an upstream's Corefile, or the ConfigMap, "),
    ],
)
def test_a_change_that_cannot_be_has_its_place(step: str, place: tuple[int, int], words: str, tmp_path: Path) -> None:
    result = run_text(tmp_path, f"{CHANGING}- {step}\n")
    assert (result["problem"] or "").startswith(words), result["problem"]
    assert result["place"] == place


def test_a_cluster_that_is_none_cannot_change(tmp_path: Path) -> None:
    text = "corefile: |\n  . {\n    whoami\n  }\ncluster: null\nsteps:\n- delete: [Namespace/shop]\n"
    result = run_text(tmp_path, text)
    assert result["problem"].startswith("there is no API server, for `cluster` is null")
    assert result["place"] == (7, 3)


def test_certificates_are_there_by_their_names(tmp_path: Path) -> None:
    """Those that a Corefile names without a folder, here and in an upstream, unless the test gives the file itself."""
    text = """
corefile: |
  . {
    forward . tls://10.0.0.53:853 {
      tls cert.pem key.pem ca.pem
    }
  }
upstreams:
  10.0.0.53:
    corefile: |
      . {
        forward . tls://10.0.0.54:853 {
          tls other-ca.pem
        }
      }
files: {key.pem: mine}
steps:
- {query: a. A}
"""
    case = Case(str(tmp_path / "x.yaml"), cases.format.read(_written(tmp_path, text)))
    files = case.world().files
    assert [files.read(f"{name}.pem") is not None for name in ("cert", "key", "ca", "other-ca")] == [True] * 3 + [False]
    assert files.read("key.pem") == b"mine"
    assert list(case.world().upstreams["10.0.0.53"]["files"]) == ["other-ca.pem"]


def test_certificates_do_not_stand_in_the_way_of_a_refusal(tmp_path: Path) -> None:
    words = "open ca.pem: no such file or directory"
    text = "corefile: |\n  . {\n    forward . tls://10.0.0.53 {\n      tls ca.pem\n    }\n  }\n"
    assert run_text(tmp_path, f"{text}error: '{words}'\n")["passed"]
    assert not run_text(tmp_path, f"{text}steps: [query: a. A]\n")["problem"]


def _written(folder: Path, text: str) -> str:
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    return str(folder / "x.yaml")


def test_how_a_query_is_sent(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """
corefile: |
  . {
    log . "{remote} {proto} {type} {class} {>do}"
    whoami
  }
client: 10.0.0.7
steps:
- query: a.example.org. CH TXT
  expect: {only: true, rcode: REFUSED}
- query: a.example.org. AAAA
  from: fd00::9
  to: '[::1]:53'
  transport: tcp
  flags: none
  edns: {udp: 4096, do: true, nsid: true, subnet: 192.0.2.0/24, options: {65001: "00ff"}}
  expect: {only: true, rcode: NOERROR, flags: qr aa, log: ["[INFO] [fd00::9] tcp AAAA IN true"]}
- {query: a.example.org. A, opcode: STATUS, expect: {only: true, rcode: NOTIMP}}
- {query: a.example.org., expect: {only: true, log: ["[INFO] 10.0.0.7 udp A IN false"]}}
""",
    )
    assert [s["differences"] for s in result["steps"]] == [[], [], [], []]


def test_the_environment(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """
corefile: |
  {$ZONE} {
    hosts {
      10.0.0.1 {$HOSTNAME}.example.org
    }
  }
env: {ZONE: example.org}
steps:
- {query: oracle.example.org. A, expect: {only: true, rcode: NOERROR}}
""",
    )
    assert passed(result) == [True]


def test_a_step_that_fails_leaves_what_a_reader_wants(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """corefile: |
  . {
    hosts {
      10.0.0.1 a.example.org
    }
  }
steps:
- {query: a.example.org. A, expect: {only: true, rcode: NXDOMAIN}}
""",
    )
    (step,) = result["steps"]
    assert (result["passed"], step["passed"], step["place"]) == (False, False, (8, 3))
    assert step["what"] == "a.example.org. A"
    assert step["came_from"] == "hosts (Corefile:2): a.example.org. has 1 entry"
    assert [h.plugin for h in step["trace"].hops] == ["hosts"]
    assert as_json(result)["steps"][0] == {
        "passed": False,
        "expect": {"only": True, "rcode": "NXDOMAIN"},
        "actual": {"rcode": "NOERROR", "flags": "qr aa rd", "answer": ["a.example.org. 3600 IN A 10.0.0.1"]},
        "differences": [{"field": "rcode", "expect": "NXDOMAIN", "actual": "NOERROR"}],
    }


UPSTREAMS = [
    ("5", "not records of a zone file"),
    ("true", "not records of a zone file"),
    ("[a. A 192.0.2.1]", "is text, not a list"),
    ("{fault: }", "there is no fault None"),
    ("{fault: nope}", "`nope` is not one of"),
    ("{rcode: 99999}", "no response code"),
    ("{corefile: }", "a corefile is text, not None"),
    ("{corefile: '. { file a b }', files: {a: 5}}", "an upstream's Corefile"),
    ("{fault: timeout, rcode: SERVFAIL}", "one of corefile, fault, rcode or istio"),
    ("null", ""),
    ("", ""),
]


@pytest.mark.parametrize("address", ["10.0.0.53", "10.0.0.53:5353", "'[fd00::1]:53'", "10.0.0.53:x", "５", "53:53"])
@pytest.mark.parametrize(("upstream", "problem"), UPSTREAMS)
def test_no_upstream_is_an_internal_error(tmp_path: Path, address: str, upstream: str, problem: str) -> None:
    """Whatever stands there, before the first step or in one: the problem has a place, or the test runs."""
    head = "corefile: |\n  .:53 {\n    forward . 10.0.0.53:5353\n  }\n"
    steps = "steps:\n- query: a. A\n"
    for text in (
        f"{head}upstreams: {{{address}: {upstream}}}\n{steps}",
        f"{head}upstreams: {{10.0.0.53:5353: a. A 192.0.2.1}}\n{steps}- upstream: {{{address}: {upstream}}}\n- query: b. A\n",
    ):
        result = run_text(tmp_path, text)
        said = result["problem"] or ""
        assert "internal" not in said
        if ip_of(address.strip("'")) is None:
            assert "is not an address" in said
        else:
            assert (problem in said) if problem else not said
        assert bool(said) == bool(result["place"])


def test_an_upstream_that_cannot_be_used_is_a_problem_with_findings(tmp_path: Path) -> None:
    result = run_text(
        tmp_path,
        """
corefile: |
  . {
    forward . 10.0.0.53
  }
upstreams: {10.0.0.53: {corefile: ". {\\n whoam\\n}\\n"}}
steps:
- {query: a.example.org. A}
""",
    )
    assert result["problem"] == "an upstream's Corefile, or the ConfigMap, cannot be used"
    assert [f.code for f in result["findings"]] == ["unknown-directive"]


def test_what_a_test_does_not_give_is_assumed_but_for_a_refusal_that_it_expects(tmp_path: Path) -> None:
    """`check` says nothing wrong of this one, so a test of it runs; that CoreDNS needs a cluster can be tested, too."""
    corefile = "corefile: |\n  . {\n    kubernetes cluster.local\n    forward . /etc/resolv.conf\n  }\n"
    step = "steps:\n- {query: cluster.local. SOA, expect: {only: true, rcode: NOERROR}}\n"
    assert passed(run_text(tmp_path, corefile + step)) == [True]
    refused = run_text(tmp_path, corefile + "error: unable to load in-cluster configuration\n")
    assert (refused["passed"], refused["problem"]) == (True, None)
    other = run_text(tmp_path, corefile + "cluster: ''\nerror: unable to load in-cluster configuration\n")
    assert other["problem"].startswith("CoreDNS would not start, but for another reason than expected\n")
    assert "\n   + plugin/forward: " in other["problem"]
    gone = run_text(tmp_path, corefile.replace("/etc/resolv.conf", "10.0.0.1") + "cluster:\n" + step)
    assert gone["problem"] == "CoreDNS would not start"


def test_a_file_that_a_test_does_not_give_may_be_elsewhere_but_for_a_refusal_that_it_expects(tmp_path: Path) -> None:
    corefile = "corefile: |\n  example.org {\n    tls /pki/a.crt /pki/a.key\n    whoami\n  }\n"
    step = "steps:\n- {query: example.org. A, expect: {only: true, rcode: NOERROR}}\n"
    result = run_text(tmp_path, corefile + step)
    assert (passed(result), [f.span.text for f in result["elsewhere"]]) == ([True], ["/pki/a.crt"])
    expected = "error: 'could not load TLS cert: open /pki/a.crt'\n"
    assert run_text(tmp_path, corefile + expected)["passed"]
    # CoreDNS comes to `tls` first; what would be refused behind it does not hide it
    assert run_text(tmp_path, corefile.replace("whoami", "whoami x") + expected)["passed"]
    known = run_text(tmp_path, corefile + "files: {/pki/a.crt: }\n" + step)
    assert known["problem"] == "CoreDNS would not start"


def test_an_address_that_no_machine_is_known_to_lack(tmp_path: Path) -> None:
    """As in `check`: whether the machine has the address is not known, unless the test gives those that it has."""
    corefile = "corefile: |\n  . {\n    bind 10.1.2.3\n    whoami\n  }\n"
    step = "steps:\n- {query: a.b. A, to: 10.1.2.3:53, expect: {only: true, rcode: NOERROR}}\n"
    assert passed(run_text(tmp_path, corefile + step)) == [True]
    assert "cannot assign requested address" in run_text(tmp_path, corefile + "addresses: [10.0.0.1]\n" + step)["error"]
    assert run_text(tmp_path, corefile + "error: cannot assign requested address\n")["passed"]


def test_an_internal_error_is_reported_for_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Case) -> None:
        raise RuntimeError("boom")

    monkeypatch.delenv("COREFILE_DEBUG", raising=False)
    monkeypatch.setattr(cases.Case, "server", broken)
    result = run_text(tmp_path, "corefile: '. {}'\nsteps: []\n")
    assert result["problem"] == "internal error, please report it: RuntimeError: boom"
    monkeypatch.setenv("COREFILE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(str(tmp_path / "x.yaml"))


@pytest.mark.parametrize(
    "error", [KeyError("ooh"), ValueError("ooh"), TypeError("ooh")], ids=lambda e: type(e).__name__
)
@pytest.mark.parametrize("at", ["answer", "prepare"])
def test_an_exception_of_a_plugin_of_ones_own_is_told_as_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, at: str
) -> None:
    """Of whatever type it is, and whenever it comes: no mistake in the test, and no internal error."""

    class Failing(Answerer):
        """Fails."""

        def prepare(self) -> None:
            if at == "prepare":
                raise error

        def answer(self, query: Query, zone: str) -> Outcome:
            raise error

    monkeypatch.setattr(plugins, "_found", dict(plugins._found))
    monkeypatch.delenv("COREFILE_DEBUG", raising=False)
    plugins.register("failing", Failing)
    text = "corefile: |\n  . {\n      failing\n  }\nplugins: [failing]\nnames:\n  a.example: NODATA\n"
    result = run_text(tmp_path, text)
    assert not result["passed"]
    assert result["problem"] == f"the plugin `failing` has failed: {type(error).__name__}: {error}"
    assert result["place"] == ((7, 3) if at == "answer" else None)
    first = result["raised"].splitlines()[1]
    assert __file__ in first, "it begins in the plugin"
    assert first.endswith(f"in {at}")
    assert plain(problem(result)).endswith("\n   COREFILE_DEBUG=1 in the environment shows where it comes from.")
    monkeypatch.setenv("COREFILE_DEBUG", "1")
    with pytest.raises(type(error)):
        run_text(tmp_path, text)


@pytest.mark.parametrize(
    ("added", "words"), [("cache", "it is there already"), ("mine:nosuch", "no directive `nosuch`")]
)
def test_a_plugin_that_the_release_cannot_have_has_its_place(tmp_path: Path, added: str, words: str) -> None:
    result = run_text(tmp_path, f"corefile: '. {{}}'\nplugins: ['{added}']\nnames: {{a.example: NODATA}}\n")
    assert words in result["problem"]
    assert result["place"] == (2, 1)


def test_the_line_of_a_refusal_is_the_one_that_coredns_names_or_that_of_the_finding(tmp_path: Path) -> None:
    def line(corefile: str) -> int | None:
        found: int | None = run_text(tmp_path, f"corefile: {json.dumps(corefile)}\nerror: x\n")["line"]
        return found

    assert line(". {\nwhoami\n}\n. {\nwhoami\n}\n") == 4  # cannot serve dns://.:53 - it is already defined
    assert line(". {\nhosts {\nfallthrough_unsupported\n}\n}\n") == 4
    assert line(". {\ncache 0\n}\n") == 2


def test_interfaces_of_the_machine(tmp_path: Path) -> None:
    text = """
corefile: ". {\\n bind eth0\\n whoami\\n}\\n"
interfaces: {eth0: [10.1.2.3]}
steps:
- {query: a.b. A, to: 10.1.2.3:53, expect: {only: true, rcode: NOERROR}}
"""
    assert passed(run_text(tmp_path, text)) == [True]
    assert "not a valid IP address or interface name" in run_text(tmp_path, text.replace("eth0:", "eth1:"))["error"]


def test_a_clients_address_is_not_the_servers(tmp_path: Path) -> None:
    """Whatever asks, be it a pod of the cluster or an endpoint of CoreDNS's own service: it is asked from outside."""
    pod = "{kind: Pod, metadata: {name: a}, status: {podIP: 10.244.9.9}}"
    slice_ = (
        "{kind: EndpointSlice, metadata: {name: dns-x, labels: {kubernetes.io/service-name: dns}}, "
        "endpoints: [{addresses: [10.244.9.8]}]}"
    )
    result = run_text(
        tmp_path,
        f"""
corefile: |
  .:53 {{
    kubernetes cluster.local
  }}
cluster: |
  {pod}
  ---
  {{kind: Service, metadata: {{name: dns}}, spec: {{clusterIP: None}}}}
  ---
  {slice_}
client: 10.244.9.9
steps:
- {{query: cluster.local. NS, expect: {{only: true, rcode: NOERROR, answer: []}}}}
- {{query: cluster.local. NS, from: 10.244.9.9, expect: {{only: true, rcode: NOERROR, answer: []}}}}
- {{query: cluster.local. NS, from: 10.244.9.8, expect: {{only: true, rcode: NOERROR, answer: []}}}}
""",
    )
    assert passed(result) == [True] * 3


def test_the_corefile_may_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "a.yaml").write_text(
        "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  Corefile: |\n    import custom/*.server\n",
        encoding="utf-8",
    )
    (tmp_path / "k8s" / "b.yaml").write_text(
        "kind: ConfigMap\nmetadata: {name: coredns-custom}\ndata:\n  b.server: |\n    b.example {\n        whoami\n    }\n",
        encoding="utf-8",
    )
    step = "steps:\n- {query: b.example. A, expect: {only: true, rcode: NOERROR}}\n"
    assert passed(run_text(tmp_path, f"corefile: ./k8s\n{step}")) == [True]


def test_what_was_assumed_is_kept_for_a_reader(tmp_path: Path) -> None:
    text = "corefile: '. { \n forward . /etc/resolv.conf \n }'\nsteps:\n- {query: a. A, expect: {rcode: NOERROR}}\n"
    assert run_text(tmp_path, text)["assumed"] == ["/etc/resolv.conf"]

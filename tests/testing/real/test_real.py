"""Asking a real CoreDNS. The binary that COREDNS names is asked where there is one; the rest needs none."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import corefile
from corefile.findings import LIMITS
from corefile.language.files import Reach
from corefile.releases import LATEST, find
from corefile.testing.cases import Case, run_all
from corefile.testing.real import NoBinary, observed, version_of
from corefile.testing.real.__main__ import files_in
from corefile.testing.real.asking import NEEDS, NotAsked, query
from corefile.testing.real.isolation import bound_addresses
from corefile.testing.real.process import has_started, last_words, libraries, printed

BINARY = os.environ.get("COREDNS", "")

ISOLATED = """
import socket
from corefile.testing.real.isolation import NotIsolated, add_address, isolate, remove_address
try:
    isolate()
except (NotIsolated, OSError) as e:
    raise SystemExit(f"not here: {e}")
for address in ("10.0.0.7", "fd00::7", "127.0.0.9", "10.0.0.7"):
    add_address(address)
for family, address in ((socket.AF_INET, "10.0.0.7"), (socket.AF_INET6, "fd00::7"), (socket.AF_INET, "127.0.0.9")):
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.bind((address, 53))
    sock.close()
remove_address("10.0.0.7")
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind((("10.0.0.7"), 53))
except OSError:
    print("removed")
try:
    socket.create_connection(("192.0.2.1", 53), 1)
except OSError as e:
    print(e.strerror)
"""


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


LEFT_ALONE = """
import os, sys
from corefile.testing.real import process
process.START = 0.3
os.chroot = lambda root: None  # so that it takes no rights
os.chdir = lambda folder: None
ended = []
process.shutil.rmtree, remove = lambda root, **_: (ended.append(running.poll()), remove(root, **_)), process.shutil.rmtree
Popen = process.subprocess.Popen
def popen(words, **options):
    global running
    running = Popen([sys.argv[1]], **options)
    return running
process.subprocess.Popen = popen
try:
    process.Process(sys.argv[1], {"Corefile": b""}, {"PATH": os.environ["PATH"]})
except process.CannotRun as error:
    print(error, ended)
"""


def test_a_binary_that_never_says_that_it_has_started_is_ended(tmp_path: Path) -> None:
    """Or its ports would be in the way of the next one."""
    binary = script(tmp_path / "slow", "exec sleep 60")
    done = subprocess.run([sys.executable, "-c", LEFT_ALONE, binary], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("it did not start within 0 seconds [-9]\n", "")


def test_the_version_of_a_binary(tmp_path: Path) -> None:
    assert version_of(script(tmp_path / "a", "echo CoreDNS-1.11.3; echo linux/amd64")) == "1.11.3"
    with pytest.raises(NoBinary, match="does not say that it is CoreDNS"):
        version_of(script(tmp_path / "b", "echo hello"))
    with pytest.raises(NoBinary, match="No such file or directory"):
        version_of(str(tmp_path / "gone"))
    assert libraries(str(tmp_path / "a")) == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has network namespaces")
def test_a_process_has_a_network_of_its_own() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(corefile.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", ISOLATED], capture_output=True, text=True, env=environment, check=False
    )
    if done.stderr.startswith("not here"):
        pytest.skip(done.stderr)
    assert (done.stdout, done.stderr) == ("removed\nNetwork is unreachable\n", "")


def test_files_beside_a_corefile_do_not_lead_outside(tmp_path: Path) -> None:
    """The kind: a symbolic link in the folder was followed, wherever it leads."""
    inside = tmp_path / "inside"
    (inside / "zones").mkdir(parents=True)
    (inside / "zones" / "db").write_text("a zone", encoding="utf-8")
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    (inside / "link").symlink_to(tmp_path / "secret")
    (inside / "near").symlink_to(inside / "zones" / "db")
    assert files_in(str(inside), Reach(inside)) == {"zones/db": b"a zone", "near": b"a zone"}


@pytest.mark.parametrize("stamp", ["", "2018/05/04 13:12:11 ", "2019-06-29T13:12:11.371Z "])
def test_lines_of_a_log_are_without_their_time(stamp: str) -> None:
    """As CoreDNS 1.6, 1.1 and 1.5 print them."""
    text = printed(f"{stamp}[INFO] CoreDNS-1.5.2\n{stamp}[ERROR] plugin/errors: 2 a. A: x\n".encode())
    assert text == "[INFO] CoreDNS-1.5.2\n[ERROR] plugin/errors: 2 a. A: x\n"
    assert has_started(text)


def test_what_did_not_start_says_why() -> None:
    text = "maxprocs: 2\nplugin/x: first\nplugin/x: no\n[INFO] plugin/y: stops\n"
    assert not has_started(text)
    assert last_words(text, 1) == "plugin/x: no"
    assert last_words("", 3) == "it ended with exit code 3"


def test_the_addresses_that_a_corefile_binds() -> None:
    assert bound_addresses(". {\n    bind 10.0.0.9 lo ::1\n}\n") == ["10.0.0.9", "::1"]


TEST = """corefile: |
  .:53 {
      log
      errors
      hosts h {
          10.0.0.1 a.test
          fallthrough
      }
      kubernetes cluster.local
      forward . 10.0.0.53 {
          max_fails 0
      }
  }
files:
  h: 10.0.0.9 file.test
cluster:
- {kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10}}
upstreams:
  10.0.0.53: www.test. 60 IN A 192.0.2.80
names:
  file.test: 10.0.0.9
  web.shop.svc.cluster.local: 10.96.0.10
  new.shop.svc.cluster.local: NXDOMAIN
  www.test: 192.0.2.80
steps:
- apply:
  - {kind: Service, metadata: {name: new, namespace: shop}, spec: {clusterIP: 10.96.0.11}}
- query: new.shop.svc.cluster.local. A
  transport: tcp
  from: 10.0.0.7
- upstream: {10.0.0.53: {rcode: REFUSED}}
- query: www.test. A
"""


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
def test_a_real_coredns_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "dns.yaml"
    path.write_text(TEST, encoding="utf-8")
    (run,) = observed(BINARY, str(path), None, LIMITS)
    if find(version_of(BINARY)) < "1.7.0":  # where answers were compared with a cluster that had not changed
        assert run["why"].endswith("reads such changes in protobuf alone")
        return
    answers = [step["actual"].get("answer", step["actual"].get("rcode")) for step in run["steps"]]
    assert answers == [
        ["file.test. 3600 IN A 10.0.0.9"],
        ["web.shop.svc.cluster.local. 5 IN A 10.96.0.10"],
        "NXDOMAIN",
        ["www.test. 60 IN A 192.0.2.80"],
        None,
        ["new.shop.svc.cluster.local. 5 IN A 10.96.0.11"],
        None,
        "REFUSED",
    ]
    assert run["steps"][5]["actual"]["log"][0].startswith("[INFO] 10.0.0.7:40212 - 4242 ")


FAULTS = """corefile: |
  .:53 {
      errors
      forward . 10.0.0.53
  }
upstreams:
  10.0.0.53: {fault: timeout}
steps:
- {query: a.test. A, timeout: 20}
- upstream: {10.0.0.53: null}
- query: b.test. A
"""


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
def test_faults_of_upstreams_are_logged_as_simulated(tmp_path: Path) -> None:
    path = tmp_path / "dns.yaml"
    path.write_text(FAULTS, encoding="utf-8")
    (run,) = observed(BINARY, str(path), None, LIMITS)
    simulated = run_all(Case.runs(str(path)))
    for seen, step in zip(run["steps"], simulated["steps"], strict=True):
        assert seen["actual"] == step["actual"]


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
def test_a_client_that_is_an_upstream_is_not_asked_for(tmp_path: Path) -> None:
    """Its address would be one of CoreDNS's own machine, which then forwards to itself."""
    path = tmp_path / "dns.yaml"
    text = FAULTS.replace("{fault: timeout}", "b.test. 60 IN A 192.0.2.80").replace("timeout: 20", "from: 10.0.0.53")
    path.write_text(text, encoding="utf-8")
    (run,) = observed(BINARY, str(path), None, LIMITS)
    assert "its client 10.0.0.53 is an upstream, too" in run["steps"][0]["why"]
    assert "actual" in run["steps"][2]


CHAIN = """corefile: |
  .:53 {
      bind 169.254.20.10
      health 169.254.20.10:8080
      forward . __PILLAR__CLUSTER__DNS__
  }
addresses: [169.254.20.10]
cluster:
- {kind: Service, metadata: {name: kube-dns-upstream, namespace: kube-system}, spec: {clusterIP: 10.96.0.11}}
upstreams:
  10.96.0.11:
    corefile: |
      .:53 {
          kubernetes cluster.local
          forward . 10.0.0.53
      }
  10.0.0.53: www.test. 60 IN A 192.0.2.80
steps:
- {query: kube-dns-upstream.kube-system.svc.cluster.local. A, to: 169.254.20.10:53}
- {query: www.test. A, to: 169.254.20.10:53}
- apply: {kind: Service, metadata: {name: new, namespace: kube-system}, spec: {clusterIP: 10.96.0.12}}
- {query: new.kube-system.svc.cluster.local. A, to: 169.254.20.10:53}
- get: 169.254.20.10:8080/health
"""


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
@pytest.mark.skipif(bool(BINARY) and find(version_of(BINARY)) < "1.7.0", reason="its watches read protobuf alone")
def test_upstreams_ask_each_other_and_the_api_server(tmp_path: Path) -> None:
    """A node's cache, the cluster's DNS behind it, and what that one asks: each on a machine of its own."""
    path = tmp_path / "dns.yaml"
    path.write_text(CHAIN, encoding="utf-8")
    (run,) = observed(BINARY, str(path), None, LIMITS)
    simulated = run_all(Case.runs(str(path)))
    assert [step["actual"] for step in run["steps"]] == [step["actual"] for step in simulated["steps"]]
    assert [step["actual"].get("answer", [""])[0][-10:] for step in run["steps"][:4]] == [
        "10.96.0.11",
        "192.0.2.80",
        "",
        "10.96.0.12",
    ]


CONFIG_MAP = """kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    a.test {
        rewrite name a.test b.test
        forward . 10.96.0.10
    }
    b.test {
        hosts {
            10.0.0.1 b.test
        }
    }
"""
SERVICE = """corefile: ./cm.yaml
cluster:
- kind: Service
  metadata: {name: dns, namespace: kube-system}
  spec: {clusterIP: 10.96.0.10, ports: [{name: dns, port: 53, protocol: UDP}]}
- kind: Endpoints
  metadata: {name: dns, namespace: kube-system}
  subsets:
  - addresses: [{ip: 10.244.0.2, targetRef: {kind: Pod, name: one, namespace: kube-system}}]
    ports: [{name: dns, port: 53, protocol: UDP}]
- kind: Pod
  metadata: {name: one, namespace: kube-system}
  spec: {volumes: [{name: c, configMap: {name: coredns}}]}
steps:
- query: a.test. A
"""


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
def test_its_own_service_leads_to_it(tmp_path: Path) -> None:
    path = tmp_path / "dns.yaml"
    (tmp_path / "cm.yaml").write_text(CONFIG_MAP, encoding="utf-8")
    path.write_text(SERVICE, encoding="utf-8")
    (run,) = observed(BINARY, str(path), None, LIMITS)
    assert run["steps"][0]["actual"]["rcode"] == "NOERROR"
    assert [run["steps"][0]["actual"]] == [step["actual"] for step in run_all(Case.runs(str(path)))["steps"]]


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
def test_runs_for_other_releases_are_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "dns.yaml"
    text = 'coredns: ["1.2.3", "%s"]\ncorefile: ". {\\n whoami\\n}"\nsteps: [{query: a. A}]\n'
    path.write_text(text % version_of(BINARY), encoding="utf-8")
    first, second = observed(BINARY, str(path), None, LIMITS)
    assert first["why"] == "it is for CoreDNS 1.2.3"
    assert second["steps"][0]["actual"]["rcode"] == "NOERROR"


TRANSPORTS = """corefile: |
  grpc://.:1443 {
      hosts {
          10.0.0.1 a.test
      }
  }
  grpc://.:1444 {
      tls cert.pem key.pem
      hosts {
          10.0.0.1 a.test
      }
  }
  quic://.:853 {
      tls cert.pem key.pem
      hosts {
          10.0.0.1 a.test
      }
  }
  https3://.:443 {
      tls cert.pem key.pem
      hosts {
          10.0.0.1 a.test
      }
  }
steps:
- {query: a.test. A, transport: grpc, to: 127.0.0.1:1443}
- {query: a.test. A, transport: grpc, to: 127.0.0.1:1444, tls: true}
- {query: a.test. A, transport: quic, to: 127.0.0.1:853}
- {query: a.test. A, transport: https3, to: 127.0.0.1:443}
- {query: a.test. A, transport: https3, to: 127.0.0.1:443, method: GET}
- {query: a.test. A, transport: grpc, to: 127.0.0.1:1444}
- {query: a.test. A, transport: grpc, to: 127.0.0.1:1443, tls: true}
- {query: a.test. A, transport: quic, to: 127.0.0.1:443}
- {query: a.test. A, transport: quic, to: 127.0.0.1:9}
- {query: a.test. A, transport: https3, to: 127.0.0.1:443, path: /x}
"""


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
@pytest.mark.skipif(bool(BINARY) and find(version_of(BINARY)) < "1.14.0", reason="`https3` is there since 1.14.0")
def test_a_real_coredns_is_asked_over_every_transport(tmp_path: Path) -> None:
    for package in NEEDS.values():
        pytest.importorskip(package)
    path = tmp_path / "dns.yaml"
    path.write_text(TRANSPORTS, encoding="utf-8")
    (run,) = observed(BINARY, str(path), None, LIMITS)
    seen = [step["actual"] for step in run["steps"]]
    assert [x.get("answer") for x in seen[:5]] == [["a.test. 3600 IN A 10.0.0.1"]] * 5
    assert seen[4]["http"] == {"status": 200, "cache-control": "max-age=3600"}
    assert seen[5:9] == [{"reply": "none"}] * 4
    assert seen[9] == {"http": {"status": 404}}


@pytest.mark.parametrize(("transport", "package"), NEEDS.items())
def test_what_takes_a_package_says_which(transport: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corefile.testing.real.asking.find_spec", lambda name: None)
    with pytest.raises(NotAsked, match=rf"takes the package {package}: pip install 'corefile\[against\]'"):
        query({"query": "a.test.", "transport": transport}, "127.0.0.1", LATEST)


@pytest.mark.skipif(not BINARY, reason="COREDNS names no CoreDNS")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("corefile: '. {}'\nstores: {etcd: ''}\nsteps: [{query: a.}]\n", "it takes what is in `stores` (etcd)"),
        ("corefile: '. {}'\ninterfaces: {eth0: [10.0.0.1]}\nsteps: [{query: a.}]\n", "is `lo` alone"),
        (
            "corefile: '. {}'\nupstreams: {127.0.0.9: null}\nsteps: [{query: a.}]\n",
            "takes an address of another machine",
        ),
        ("corefile: '. {}'\nupstreams: {10.0.0.1: {istio: true}}\nsteps: [{query: a.}]\n", "is no server that can be"),
    ],
)
def test_what_is_not_asked(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "dns.yaml"
    path.write_text(text, encoding="utf-8")
    runs: list[dict[str, Any]] = observed(BINARY, str(path), None, LIMITS)
    assert why in runs[0]["why"]

"""`kubectl corefile`, with a stand-in for kubectl that has a cluster."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corefile.cli.kubectl import _said, main

MAPS = """apiVersion: v1
kind: List
items:
- kind: ConfigMap
  metadata: {name: coredns, namespace: kube-system}
  data:
    Corefile: |
      .:53 {
          kubernetes cluster.local
          proxy . /etc/resolv.conf
      }
- kind: Deployment
  metadata: {name: coredns, namespace: kube-system}
  spec: {template: {spec: {containers: [{name: coredns, image: "coredns/coredns:1.3.1"}]}}}
"""
CLUSTER = """kind: List
items:
- {kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}}
"""


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "maps").write_text(MAPS, encoding="utf-8")
    (tmp_path / "cluster").write_text(CLUSTER, encoding="utf-8")
    program = tmp_path / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\ncase "$*" in\n*fails*) echo no such host >&2; exit 1 ;;\n'
        f"*elsewhere*) ;;\n*svc*) cat {tmp_path}/cluster ;;\n*) cat {tmp_path}/maps ;;\nesac\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return tmp_path


def test_check_reads_the_clusters_corefile_and_its_release(kubectl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1 Corefile: nothing wrong for CoreDNS 1.3.1\n")
    assert main(["check", "--release", "1.14.7", "--format", "concise"]) == 1
    assert capsys.readouterr().out.startswith("<stdin>:10:11: error CF403 removed-directive: ")
    call = (kubectl / "calls").read_text(encoding="utf-8").splitlines()[0]
    assert call == (
        "get configmap/coredns configmap/coredns-base configmap/rke2-coredns-rke2-coredns configmap/dns-default "
        "deployment/coredns deployment/coredns-base deployment/rke2-coredns-rke2-coredns deployment/dns-default "
        "daemonset/coredns daemonset/coredns-base "
        "daemonset/rke2-coredns-rke2-coredns daemonset/dns-default configmap/coredns-custom -n kube-system "
        "--ignore-not-found -o yaml"
    )


def test_query_asks_with_the_clusters_objects(kubectl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "--release", "1.3.1", "--short", "web.shop.svc.cluster.local"]) == 0
    assert capsys.readouterr().out == "10.96.0.10\n"


def test_files_and_settings_are_those_of_the_folder_of_the_call(
    kubectl: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(kubectl)
    (kubectl / "resolv.conf").write_text("nameserver 10.0.0.53\n", encoding="utf-8")
    (kubectl / "zone").write_text(
        "$ORIGIN a.example.\n@ 60 IN SOA a b 1 2 3 4 5\n@ 60 IN A 192.0.2.1\n", encoding="utf-8"
    )
    given = ["--file", "/etc/resolv.conf=resolv.conf", "--upstream", "10.0.0.53=zone"]
    assert main(["query", "--release", "1.3.1", *given, "--short", "a.example"]) == 0
    assert capsys.readouterr().out == "192.0.2.1\n"
    (kubectl / "corefile.toml").write_text('ignore = ["removed-directive"]\n', encoding="utf-8")
    capsys.readouterr()
    main(["check", "--release", "1.14.7"])
    assert "removed-directive" not in capsys.readouterr().out


def test_which_cluster_it_is_is_said_to_kubectl(kubectl: Path) -> None:
    given = ["--context", "prod", "--kubeconfig=other", "--namespace=dns", "--as", "me"]
    assert main(["check", *given]) == 0
    assert main(["query", *given, "--release", "1.3.1", "--short", "web.shop.svc.cluster.local"]) == 0
    calls = (kubectl / "calls").read_text(encoding="utf-8").splitlines()
    assert len(calls) == 3
    assert all(call.startswith("--context=prod --kubeconfig=other --as=me get ") for call in calls)
    assert ["-n dns " in call for call in calls] == [True, True, False]


def test_what_kubectl_says_when_it_fails(kubectl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-n", "fails"]) == 2
    assert capsys.readouterr().err == "kubectl corefile: no such host\n"
    assert main(["check", "-n", "elsewhere"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("kubectl corefile: namespace elsewhere has no ConfigMap `coredns` or `coredns-base` or ")
    assert "--configmap NAME" in said[1]


def test_another_configmap(kubectl: Path) -> None:
    assert main(["check", "--configmap", "node-local-dns"]) == 0
    (call,) = (kubectl / "calls").read_text(encoding="utf-8").splitlines()
    assert call.startswith(
        "get configmap/node-local-dns deployment/node-local-dns daemonset/node-local-dns configmap/cored"
    )


def test_imports_are_asked_for_where_the_corefile_answers_for_them(kubectl: Path) -> None:
    maps = MAPS.replace("kubernetes cluster.local", "kubernetes cluster.local clusterset.local {\n multicluster x\n}")
    assert main(["query", "a.b"]) == 0
    (kubectl / "maps").write_text(maps, encoding="utf-8")
    main(["query", "a.b"])
    objects = [call for call in (kubectl / "calls").read_text(encoding="utf-8").splitlines() if "svc," in call]
    assert ["serviceimports" in call for call in objects] == [False, True]


LOGGED = 'E1130 17:02:18.681860   30053 memcache.go:265] "Unhandled Error" err="no API: refused"\n'
REFUSED = "The connection to the server localhost:8080 was refused - did you specify the right host or port?"


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        (LOGGED * 3 + REFUSED, (REFUSED, "--context NAME or --kubeconfig FILE names another cluster")),
        ('error: context "x" does not exist', ('error: context "x" does not exist',)),
        ("one\n\ntwo\n", ("one", "two")),
        (LOGGED, ('"Unhandled Error" err="no API: refused"',)),
        ("", ("kubectl ended with 1",)),
    ],
)
def test_what_kubectl_says_is_said_line_by_line_without_its_log(errors: str, said: tuple[str, ...]) -> None:
    assert _said(errors, 1) == said


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: kubectl corefile check")
    assert main(["explain"]) == 2
    assert capsys.readouterr().err == "kubectl corefile: there is no `explain`: check or query\n"

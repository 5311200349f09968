"""What a manifest, values or an add-on say of the CoreDNS that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.world.corefiles import corefiles
from corefile.world.workloads import workloads

SERVERS = "servers:\n- zones: [{zone: .}]\n  plugins: [{name: whoami}]\n"
IMAGE = "image:\n  repository: registry.k8s.io/coredns/coredns\n  tag: v1.4.0\n"
RELEASE = """kind: HelmRelease
apiVersion: helm.toolkit.fluxcd.io/v2
spec:
  values:
    image: {repository: registry.k8s.io/coredns/coredns, tag: v1.4.0}
    servers: [{zones: [{zone: .}], plugins: [{name: whoami}]}]
"""
APPLICATION = """kind: Application
apiVersion: argoproj.io/v1alpha1
spec:
  source:
    helm:
      values: |
        image:
          tag: "1.6.5"
        servers:
        - plugins:
          - name: whoami
"""
ADDON = """apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
addons:
- name: coredns
  version: v1.11.3-eksbuild.1
  configurationValues: |-
    corefile: |
      . {
          whoami
      }
"""


@pytest.mark.parametrize(
    ("text", "image"),
    [
        (IMAGE + SERVERS, "registry.k8s.io/coredns/coredns:v1.4.0"),
        ("image: {tag: 1.9.3}\n" + SERVERS, "coredns/coredns:1.9.3"),
        ("image: {registry: quay.io, repository: me/coredns, tag: 1.9.3}\n", "quay.io/me/coredns:1.9.3"),
        ("image: {repository: coredns/coredns, tag: latest}\n" + SERVERS, "coredns/coredns:latest"),
        ("image: {tag: '1.9'}\n" + SERVERS, "coredns/coredns:1.9"),
        (RELEASE, "registry.k8s.io/coredns/coredns:v1.4.0"),
        (APPLICATION, "coredns/coredns:1.6.5"),
        (ADDON, "eks/coredns:v1.11.3-eksbuild.1"),
        ('{"addon": {"addonName": "coredns", "addonVersion": "v1.11.3-eksbuild.1"}}', "eks/coredns:v1.11.3-eksbuild.1"),
    ],
)
def test_values_and_addons_say_which_release_runs(text: str, image: str) -> None:
    """The kind: the release stands where the Corefile does, in the words of what installs it."""
    assert [(w.path, w.image) for w in workloads("v.yaml", text)] == [("v.yaml", image)]


@pytest.mark.parametrize(
    "text",
    [
        "image: {tag: 1.9.3}\nservers: [web1, web2]\n",  # of another chart
        "image: {repository: nginx, tag: 1.9.3}\n" + SERVERS,
        "image: {repository: registry.k8s.io/dns/k8s-dns-node-cache, tag: 1.22.28}\n",
        "addons:\n- name: kube-proxy\n  version: v1.11.3-eksbuild.1\n",
        "addons:\n- name: coredns\n  version: latest\n",
        "image: {tag: 1.9.3}\nservers: [\n",
    ],
)
def test_other_images_say_nothing(text: str) -> None:
    assert not list(workloads("v.yaml", text))


def test_each_corefile_has_the_image_of_its_own_values(tmp_path: Path) -> None:
    """Of several in a file; one without takes what stands nearest."""
    path = tmp_path / "releases.yaml"
    documents = [RELEASE, RELEASE.replace("v1.4.0", "v1.9.3"), APPLICATION, ADDON]
    path.write_text("---\n".join(documents), "utf-8")
    releases = [str(c.workload.release) for c in corefiles([str(path)]).found if c.workload is not None]
    assert sorted(releases) == ["1.11.3", "1.4.0", "1.6.5", "1.9.3"]
    (tmp_path / "values.yaml").write_text(SERVERS, "utf-8")
    (tmp_path / "base.yaml").write_text(IMAGE, "utf-8")
    found = corefiles([str(tmp_path / "values.yaml"), str(tmp_path / "base.yaml")]).found
    assert [c.workload and c.workload.image for c in found] == ["registry.k8s.io/coredns/coredns:v1.4.0"]


def test_documents_above_what_is_no_yaml_count() -> None:
    assert [w.image for w in workloads("v.yaml", f"{RELEASE}---\n: [\n")] == ["registry.k8s.io/coredns/coredns:v1.4.0"]

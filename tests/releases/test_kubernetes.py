"""Which CoreDNS comes with which Kubernetes."""

from __future__ import annotations

import pytest

from corefile.releases import UnknownRelease, find
from corefile.releases.kubernetes import known, shipped_with


@pytest.mark.parametrize(
    ("version", "release", "whose"),
    [
        ("1.31", "1.11.3", "kubeadm"),
        ("v1.27.4", "1.10.1", "kubeadm"),
        ("v1.31.2-eks-7f9249a", "1.11.4", "EKS"),
        ("v1.30.0+k3s1", "1.10.1", "K3s"),
        ("v1.27.8+4fab27b", "1.10.1", "OpenShift"),
        ("1.33-openshift", "1.11.3", "OpenShift"),
        ("1.31-aks", "1.9.4", "AKS"),
    ],
)
def test_the_release_of_a_version_as_kubectl_prints_it(version: str, release: str, whose: str) -> None:
    assert shipped_with(version) == (find(release), whose)


@pytest.mark.parametrize("version", ["v1.31.1-gke.100", "1.99", "latest", "v1.5.0+k3s1"])
def test_what_is_not_known_is_said(version: str) -> None:
    with pytest.raises(UnknownRelease):
        shipped_with(version)


def test_every_release_in_the_table_exists() -> None:
    assert len(known()) > 40
    for release in known().values():
        find(release)

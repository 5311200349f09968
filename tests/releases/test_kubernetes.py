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
    assert shipped_with(version)[:2] == (find(release), whose)


@pytest.mark.parametrize("version", ["v1.31.1-gke.100", "1.99", "latest", "v1.5.0+k3s1"])
def test_what_is_not_known_is_said(version: str) -> None:
    with pytest.raises(UnknownRelease):
        shipped_with(version)


def test_every_release_in_the_table_exists() -> None:
    assert len(known()) > 40
    for rows in known().values():
        assert rows[0][0] == 0
        assert [patch for patch, _ in rows] == sorted({patch for patch, _ in rows})
        for _, release in rows:
            find(release)


@pytest.mark.parametrize(
    ("version", "release", "note"),
    [
        ("v1.31.0", "1.11.1", ""),
        ("v1.31.1", "1.11.3", ""),
        ("1.31", "1.11.3", "that of kubeadm 1.31.1 and newer; 1.31.0 came with 1.11.1"),
        ("v1.30.4", "1.11.1", ""),
        ("v1.30.14", "1.11.3", ""),
        ("1.30", "1.11.3", "that of kubeadm 1.30.5 and newer; 1.30.4 came with 1.11.1"),
        ("1.29", "1.11.1", ""),
        ("v1.29.15-rc.1", "1.11.1", ""),
        (
            "v1.31.2-eks-7f9249a",
            "1.11.4",
            "the newest that is known of EKS 1.31, of which others may have another (--release)",
        ),
    ],
)
def test_a_patch_counts_where_it_is_given(version: str, release: str, note: str) -> None:
    """`kubeadm config images list` of these versions; where the version leaves it open, that is said."""
    shipped = shipped_with(version)
    assert (str(shipped.release), shipped.note) == (release, note)

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
        assert rows[0][0] == (0, 0)
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


@pytest.mark.parametrize(
    ("version", "release", "is_newest"),
    [
        ("v1.31.0+k3s1", "1.10.1", False),
        ("v1.31.3+k3s1", "1.11.3", False),
        ("v1.31.9+k3s1", "1.12.0", True),
        ("v1.32.7+k3s1", "1.12.1", False),
        ("v1.34.1+k3s1", "1.12.3", False),
        ("v1.34.2+k3s1", "1.13.1", True),
        ("1.34-k3s", "1.14.4", True),
        ("v1.36.2+k3s1", "1.14.4", True),
        ("v1.33.7+rke2r1", "1.13.1", False),
        ("v1.33.7+rke2r3", "1.14.1", False),
        ("v1.33.13+rke2r1", "1.14.4", False),
        ("v1.33.13+rke2r2", "1.14.6", True),
        ("v1.28.4+rke2r1", "1.10.1", False),
        ("1.30-rke2", "1.12.3", True),
    ],
)
def test_patches_and_revisions_of_k3s_and_rke2(version: str, release: str, is_newest: bool) -> None:
    """As the tables of their release notes have them; behind the last one there may be another."""
    shipped = shipped_with(version)
    assert str(shipped.release) == release
    assert shipped.note.startswith("the newest that is known of") is is_newest

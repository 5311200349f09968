"""Which CoreDNS comes with which Kubernetes: kubernetes.txt."""

from __future__ import annotations

from ..light import regex
from . import Release, UnknownRelease, find, table

_VERSION = regex(r"v?1\.(\d+)(?:\.\d+)?([-+].*)?")
_DISTRIBUTIONS = {
    "eks": "EKS",
    "k3s": "K3s",
    "gke": "GKE",
    "rke2": "RKE2",
    "kubeadm": "kubeadm",
    "aks": "AKS",
    "openshift": "OpenShift",
}
_OPENSHIFT = regex(r"\+[0-9a-f]{7}")
"""What OpenShift puts behind a version: the beginning of a commit's hash (`v1.27.8+4fab27b`)."""


def known() -> dict[tuple[str, int], str]:
    """The release of CoreDNS by distribution and minor version of Kubernetes."""
    rows = table("kubernetes.txt")
    return {(name, int(version.partition(".")[2])): release for name, version, release in rows}


def shipped_with(version: str) -> tuple[Release, str]:
    """The release that comes with a version of Kubernetes, and with whose: as `kubectl version` prints it,
    `v1.31.2-eks-7f9249a`, `v1.30.0+k3s1` or OpenShift's `v1.27.8+4fab27b`. A plain `1.31` is kubeadm's; AKS prints plain
    versions, too, and is asked for as `1.31-aks`.

    Raises UnknownRelease.

    >>> shipped_with("v1.32.0")
    (<Release 1.11.3>, 'kubeadm')
    """
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise UnknownRelease(f"`{version}` is no version of Kubernetes, such as 1.31 or v1.31.2-eks-7f9249a")
    behind = match[2] or ""
    name = next((d for d in _DISTRIBUTIONS if d in behind), "openshift" if _OPENSHIFT.fullmatch(behind) else "kubeadm")
    minor = int(match[1])
    releases = known()
    release = releases.get((name, minor))
    if release is None:
        have = sorted(other for of, other in releases if of == name)
        some = f"known are 1.{have[0]} to 1.{have[-1]}" if have else "none of its versions is known"
        raise UnknownRelease(
            f"which CoreDNS comes with Kubernetes 1.{minor} of {_DISTRIBUTIONS[name]} is not known ({some}): "
            "--release says it"
        )
    return find(release), _DISTRIBUTIONS[name]


__all__ = ["known", "shipped_with"]

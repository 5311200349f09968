"""Which CoreDNS comes with which Kubernetes: kubernetes.txt."""

from __future__ import annotations

from math import inf

from ..light import NamedTuple, regex
from . import Release, UnknownRelease, find, table

_VERSION = regex(r"v?1\.(\d+)(?:\.(\d+))?([-+].*)?")
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


_REVISION = regex(r"(?:k3s|rke2r)(\d+)")
Patch = tuple[float, float]
"""A patch and the distribution's revision of it."""
_UNKNOWN: Patch = (inf, 0)
"""Behind all patches."""


class Shipped(NamedTuple):
    """The release that comes with a version of Kubernetes, and with whose. note: where it is not the only one of that
    version as it was given, which other there is; '' where it is."""

    release: Release
    whose: str
    note: str = ""


def known() -> dict[tuple[str, int], list[tuple[Patch, str]]]:
    """The releases of CoreDNS by distribution and minor version of Kubernetes, each behind the first patch with it."""
    out: dict[tuple[str, int], list[tuple[Patch, str]]] = {}
    for name, version, release in table("kubernetes.txt"):
        _, minor, *rest = version.split(".")
        patch, revision, *_ = [*rest, "0", "0"]
        since = _UNKNOWN if patch == "x" else (int(patch), int(revision))
        out.setdefault((name, int(minor)), []).append((since, release))
    return out


def shipped_with(version: str) -> Shipped:
    """The release that comes with a version of Kubernetes, and with whose: as `kubectl version` prints it,
    `v1.31.2-eks-7f9249a`, `v1.30.0+k3s1` or OpenShift's `v1.27.8+4fab27b`. A plain `1.31` is kubeadm's; AKS prints plain
    versions, too, and is asked for as `1.31-aks`. Without a patch it is the newest one's.

    Raises UnknownRelease.

    >>> shipped_with("v1.30.4").release, shipped_with("v1.30.5").release
    (<Release 1.11.1>, <Release 1.11.3>)
    """
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise UnknownRelease(f"`{version}` is no version of Kubernetes, such as 1.31 or v1.31.2-eks-7f9249a")
    behind = match[3] or ""
    name = next((d for d in _DISTRIBUTIONS if d in behind), "openshift" if _OPENSHIFT.fullmatch(behind) else "kubeadm")
    whose, minor = _DISTRIBUTIONS[name], int(match[1])
    rows = known()
    found = rows.get((name, minor))
    if found is None:
        have = sorted(other for of, other in rows if of == name)
        some = f"known are {_ranges(have)}" if have else "none of its versions is known"
        raise UnknownRelease(
            f"which CoreDNS comes with Kubernetes 1.{minor} of {whose} is not known ({some}): --release says it"
        )
    note = ""
    newest = f"the newest that is known of {whose} 1.{minor}, of which others may have another (--release)"
    if match[2] is not None and (name == "kubeadm" or len(found) > 1):
        revision = _REVISION.search(behind)
        given = (int(match[2]), int(revision[1]) if revision else inf)
        listed = [row for row in found if row[0] != _UNKNOWN]
        found = [row for row in listed if row[0] <= given]
        if name != "kubeadm" and found[-1] is listed[-1]:
            note = newest
    elif name != "kubeadm":
        note = newest
    elif len(found) > 1:
        (_, older), ((patch, _), _) = found[-2:]
        note = f"that of {whose} 1.{minor}.{patch} and newer; 1.{minor}.{patch - 1} came with {older}"
    return Shipped(find(found[-1][1]), whose, note)


def _ranges(minors: list[int]) -> str:
    """Minor versions in words, those in a row together.

    >>> _ranges([18, 19, 30, 34, 35, 36])
    '1.18 to 1.19, 1.30, 1.34 to 1.36'
    """
    rows: list[list[int]] = []
    for minor in minors:
        if rows and rows[-1][-1] == minor - 1:
            rows[-1].append(minor)
        else:
            rows.append([minor])
    return ", ".join(f"1.{row[0]}" + (f" to 1.{row[-1]}" if len(row) > 1 else "") for row in rows)


__all__ = ["Shipped", "known", "shipped_with"]

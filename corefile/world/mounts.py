"""What a pod of CoreDNS sees of ConfigMaps: which key is its Corefile, and what is mounted beside it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from ..findings import Source
from ..language.configmap import ConfigMap, Found, distance, may_meet, together
from ..light import NamedTuple
from .files import MOUNT, Places, Pod, is_at
from .workloads import Mount, Workload, is_own


class _Mounted(NamedTuple):
    """A Corefile that a container reads. one: its ConfigMap. found: its key, and what else the pod sees, by paths from the
    Corefile's folder, or whole ones. others: the ConfigMaps that have those files. workload: the container."""

    one: ConfigMap
    found: Found
    others: list[ConfigMap]
    workload: Workload
    pod: Pod


MOST = 30
"""How many containers are looked at that mount ConfigMaps of one name, and how many of these for each."""

MOST_STEPS = 200_000
"""How many mounts, ConfigMaps and files are looked at in all; beyond, it is left open which container reads a Corefile."""

Read = tuple[Found, "Workload | None", "Pod | None"]
"""A Corefile, and the container that reads it with its files, where one does."""


def read_by(maps: list[ConfigMap], workloads: Sequence[Workload]) -> list[Read]:
    """The Corefiles of ConfigMaps that may be of one cluster, with the files that stand beside each: what containers mount
    and read, and what `together` finds besides."""
    if not any(workload.conf for workload in workloads):
        return [(found, None, None) for found in together(maps)]
    left = _Steps(MOST_STEPS)
    readings = _mounted(maps, workloads, left)
    read: dict[int, list[Found]] = {}
    for reading in readings:
        read.setdefault(id(reading.one), []).append(reading.found)
    beside = {id(other) for reading in readings for other in reading.others}
    by_source = {id(reading.found.source): reading for reading in readings}
    by_name: dict[str, list[Workload]] = {}
    for workload in workloads:
        for name in {part.name for mount in workload.mounts for part in mount.parts}:
            of_name = by_name.setdefault(name, [])
            if len(of_name) < MOST:
                of_name.append(workload)
    owners = {id(entry): one for one in maps for entry in one.entries.values()}
    out: list[Read] = []
    for found in together(maps, read, beside):
        of_pod = by_source.get(id(found.source))
        if of_pod is not None:
            out.append((found, of_pod.workload, of_pod.pod))
            continue
        owner = owners.get(id(found.source))
        mounting = by_name.get(owner.name, ()) if owner is not None else ()
        missing = next((w for w in mounting if owner is not None and _misses(owner, w, left)), None)
        pod = Pod(MOUNT, {}, missing.conf, missing.is_told) if missing is not None else None
        out.append((found, missing, pod))
    return out


class _Steps:
    """Counts what is looked at. left: how much more may be."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, steps: int) -> bool:
        """Whether there is room for some more."""
        self.left -= steps
        return self.left >= 0


def _misses(one: ConfigMap, workload: Workload, left: _Steps) -> bool:
    """Whether a container mounts a ConfigMap and looks for its Corefile where none is: at a path for which the ConfigMap
    stands alone, or at none that is mounted, as no argument names one."""
    if left.left < 0 or not left.take(sum(1 + len(mount.parts) for mount in workload.mounts)):
        return False
    mounting = [m for m in workload.mounts if any(part.name == one.name for part in m.parts)]
    if not mounting or not workload.conf or not may_meet(one.namespace, workload.namespace):
        return False
    if not workload.is_told:
        return is_own(workload.image) and not any(is_at(workload.conf, mount.path) for mount in workload.mounts)
    covering = max(
        (m for m in workload.mounts if is_at(workload.conf, m.path)), key=lambda m: len(m.path), default=None
    )
    if covering not in mounting or covering is None or len(covering.parts) != 1:
        return False
    _, complete = _volume(covering, one, workload, {one.name: [one]}, left)
    return complete


def _mounted(maps: Sequence[ConfigMap], workloads: Sequence[Workload], left: _Steps) -> list[_Mounted]:
    """The Corefiles in ConfigMaps that containers mount and read, in the order of the ConfigMaps. Each is read by the
    container that is nearest to it, where several have it; of ConfigMaps of one name the nearest is mounted."""
    by_name: dict[str, list[ConfigMap]] = {}
    for one in maps:
        by_name.setdefault(one.name, []).append(one)
    found: dict[tuple[int, str], _Mounted] = {}
    looked: dict[str, int] = {}
    for workload in workloads:
        if not workload.conf:
            continue
        names = {part.name for mount in workload.mounts for part in mount.parts} & by_name.keys()
        for name in names:
            looked[name] = looked.get(name, 0) + 1
        for one in (one for name in names if looked[name] <= MOST for one in by_name[name]):
            reading = _reading(one, workload, by_name, left) if may_meet(one.namespace, workload.namespace) else None
            if reading is None:
                continue
            key = (id(one), reading.found.source.name)
            before = found.get(key)
            if before is None or distance(workload.path, one.path) < distance(before.workload.path, one.path):
                found[key] = reading
    for reading in found.values():
        reading.found.source.name = posixpath.basename(reading.workload.conf)
    order = {id(one): number for number, one in enumerate(maps)}
    return sorted(found.values(), key=lambda reading: order[id(reading.one)])


def _reading(
    one: ConfigMap, workload: Workload, by_name: Mapping[str, Sequence[ConfigMap]], left: _Steps
) -> _Mounted | None:
    """What a container reads if this is the ConfigMap of its name that is mounted; None if its Corefile is not in it."""
    whole: dict[str, bool] = {}
    tree: dict[str, tuple[ConfigMap, Source]] = {}
    if not left.take(1 + len(workload.mounts)):
        return None
    last = {mount.path: mount for mount in workload.mounts}  # each covers what is mounted above it, or there before it
    places = Places(last)
    for mount in last.values():
        here, complete = _volume(mount, one, workload, by_name, left)
        tree.update((path, found) for path, found in here.items() if next(places.above(path), None) == mount.path)
        whole[mount.path] = complete
    if left.left < 0:
        return None
    own, source = tree.pop(workload.conf, (None, None))
    if own is not one or source is None:
        return None
    folder = posixpath.dirname(workload.conf)
    files = {_from(folder, path): entry for path, (_, entry) in tree.items()}
    others = {id(other): other for other, _ in tree.values()}
    return _Mounted(
        one,
        Found(source, files),
        [*others.values()],
        workload,
        Pod(folder, whole, cwd=workload.folder, dns_port=workload.dns_port),
    )


def _volume(
    mount: Mount, first: ConfigMap, workload: Workload, by_name: Mapping[str, Sequence[ConfigMap]], left: _Steps
) -> tuple[dict[str, tuple[ConfigMap, Source]], bool]:
    """The files of a mount by their paths, and whether there are no others."""
    found: dict[str, tuple[ConfigMap, Source]] = {}
    complete = mount.whole
    for part in mount.parts:
        one: ConfigMap | None = first if part.name == first.name else None
        if not left.take(1):
            return {}, False
        if one is None:
            near = by_name.get(part.name, ())[:MOST]
            left.take(len(near))
            near = [
                o for o in near if may_meet(o.namespace, workload.namespace) and may_meet(o.namespace, first.namespace)
            ]
            one = min(near, key=lambda other: distance(other.path, first.path), default=None)
        if one is None or not one.whole or one.path != workload.path:
            complete = False
        if one is None:
            continue
        keys = part.items if part.items is not None else [(key, key) for key in one.entries]
        if not left.take(len(keys)):
            return {}, False
        for key, path in keys:
            if key in one.entries:
                found[path] = (one, one.entries[key])
            else:  # something adds it, as K3s does with NodeHosts
                complete = False
    below = mount.sub_path
    if below in found:
        return {mount.path: found[below]}, complete
    begin = f"{below}/" if below else ""
    inner = {path[len(begin) :]: value for path, value in found.items() if path.startswith(begin)}
    return {posixpath.join(mount.path, path): value for path, value in inner.items()}, complete


def _from(folder: str, path: str) -> str:
    """A path from a folder where it lies in it, or else the whole path."""
    inside = folder.rstrip("/") + "/"
    return path[len(inside) :] if path.startswith(inside) else path


__all__ = ["Read", "read_by"]

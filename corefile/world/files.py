"""The files of CoreDNS's pod: those that are given, the Corefile's ConfigMap and folder, and what every pod has."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from ..findings import LIMITS, Limits, Source
from ..language.files import DictFiles, Reach, file_above, glob, join, read_file, top_of
from ..light import NamedTuple
from .clock import Clock

T = TypeVar("T")

MOUNT = "/etc/coredns"
"""Where clusters mount the ConfigMap that has the Corefile; the folder of a Corefile stands for it, too."""

STAND_IN = "192.0.2.53"
"""The nameserver of an assumed /etc/resolv.conf: an address for documentation (RFC 5737), which no machine has."""

ASSUMED: Mapping[str, bytes] = {
    "/etc/resolv.conf": f"nameserver {STAND_IN}\n".encode(),
    "/etc/hosts": b"127.0.0.1 localhost\n",
}
"""Files that every image has, as they are assumed where they are not given."""

Content: TypeAlias = "str | bytes | Source | os.PathLike[str] | None"
"""What stands at a path: text, octets, a text with its place, a file or a folder on disk; None for nothing at all."""


def is_at(path: str, at: str) -> bool:
    """Whether a path is another one, or lies below that."""
    return path == at or path.startswith(at.rstrip("/") + "/")


class Places:
    """A set of paths, to find those that another path lies at or below. The time for that depends on how many lengths they
    have, not on how many they are."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = {path.rstrip("/"): path for path in paths}
        self._lengths = sorted({*map(len, self._paths)}, reverse=True)

    def above(self, path: str) -> Iterator[str]:
        """The paths of the set that `path` lies at or below (see `is_at`), the longest first."""
        for length in self._lengths:
            is_end = length <= len(path) and path[length : length + 1] in ("", "/")
            if is_end and path[:length] in self._paths and path:
                yield self._paths[path[:length]]


class Pod(NamedTuple):
    """Where the files of a pod are. folder: of its Corefile. mounts: the paths at which something is mounted, each with
    whether all that is there is known. missed: the path at which its CoreDNS looks for the Corefile and has none, though it
    mounts the ConfigMap; is_told: whether an argument names that path. binds: what of the disk is mounted, by the path there.
    has_more: whether what lies beside the Corefile may be in the pod without a mount. cwd: the folder in which CoreDNS
    runs; '' where that is not known. dns_port: what `-dns.port` says."""

    folder: str
    mounts: Mapping[str, bool]
    missed: str = ""
    is_told: bool = False
    binds: Mapping[str, str] = MappingProxyType({})
    has_more: bool = True
    cwd: str = ""
    dns_port: int | None = None


class PodFiles:
    """Files in layers; of each path the first layer that has it counts.

    1. `given`: by path; relative ones stand beside the Corefile. A folder on disk stands for all below its path.
    2. `beside`: the other keys of the Corefile's ConfigMap, and of those that are mounted below it.
    3. The files of `ASSUMED`, unless `assume` is False.
    4. The disk, where there is a `root`: the folder of the Corefile, which stands for `/etc/coredns`, too. Nothing outside
       of `within` is read there: unless given, the repository that `root` is in, or `root` itself (`/`: anything).

    Where a manifest says what is mounted in the pod, that counts in place of MOUNT, and the disk has nothing of what is known
    of it (`pod`).

    `clock`: of the world that has the files. `assumed` has what was read of the third layer, and MOUNT where something was
    there only since clusters mount it so. `base` is the directory of the Corefile.
    """

    def __init__(
        self,
        given: Mapping[str, Content] | None = None,
        root: str | os.PathLike[str] | None = None,
        *,
        assume: bool = True,
        assumed: set[str] | None = None,
        within: str | os.PathLike[str] | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.within = None if within is None else os.fspath(within)
        self.limits = limits
        self.clock: Clock | None = None
        self.pod: Pod | None = None
        self._mounts = self._binds = Places(())  # of the pod
        self.version = 0  # of what is given: how often something was written
        self._reaches: dict[str, Reach] = {}
        self.root = None if root is None else os.fspath(root)
        self.assume = assume
        self.assumed = set() if assumed is None else assumed
        self.given = DictFiles(base=MOUNT)
        self.beside = DictFiles(base=MOUNT)
        self._settled = root is not None
        self.base = MOUNT if self.root is None else os.path.abspath(self.root)
        self._absent: set[str] = set()
        self._relative: set[str] = set()
        self._folders: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for path, content in (given or {}).items():
            self.write(path, content)

    def settle(
        self,
        root: str | None,
        beside: Mapping[str, Source] | None = None,
        *,
        mounted: bool = False,
        pod: Pod | None = None,
    ) -> None:
        """Take the folder of a Corefile as `root`, unless one is given, and what its ConfigMap has beside it.

        mounted: the Corefile itself is not in that folder, but in a ConfigMap there. pod: where that is mounted, and what
        else. Raises ValueError where these are the files of another folder already.
        """
        if pod is not None:
            self._take_pod(pod)
        if beside:
            self.beside = DictFiles(beside, self.mount)
        if root is None or (self._settled and self.root == root):
            return
        if self._settled:
            raise ValueError(
                f"this world has the files of {self.root or '.'}: a Corefile in {root or '.'} needs a World of its own"
            )
        self._settled = True
        self.root = root
        self.base = self.mount if mounted else os.path.abspath(root)

    @property
    def mount(self) -> str:
        """The folder of the Corefile in the pod."""
        return MOUNT if self.pod is None else self.pod.folder

    @property
    def cwd(self) -> str:
        """The folder in which CoreDNS runs, where relative paths begin that are none of an import; '' where that is not
        known, and taken for the Corefile's."""
        return self.pod.cwd if self.pod is not None else ""

    def _take_pod(self, pod: Pod) -> None:
        """What is given beside the Corefile stands where that is mounted."""
        before, self.pod = self.mount, pod
        self._mounts, self._binds = Places(pod.mounts), Places(pod.binds)
        self.given.move([join(before, path) for path in self._relative], before, self.mount)
        if self.base == before:
            self.base = self.mount

    def _knows(self, path: str) -> bool:
        """Whether all that is there in the pod is known at a path: what is not there is nowhere."""
        at = next(self._mounts.above(path), None)
        return self.pod is not None and at is not None and self.pod.mounts[at]

    @property
    def has_custom(self) -> bool:
        """Whether another ConfigMap is mounted beside that of the Corefile, as clusters do it."""
        return self.beside.is_dir("custom")

    def write(self, path: str, content: Content) -> None:
        """Put a file there, or put another in its place."""
        path = os.fspath(path)
        at = self._inside(path)
        if not path.startswith("/"):
            self._relative.add(path)
        self.version += 1
        self._absent.discard(at)
        if content is None:
            self._absent.add(at)
        elif isinstance(content, os.PathLike):
            local = os.fspath(content)
            if os.path.isdir(local):
                self._folders[at] = local
            else:
                self.given.write(at, read_file(local, pipes=True, most=self.limits.named_size))
                self._names[at] = local
        elif isinstance(content, str | bytes | Source):
            self.given.write(at, content)
        else:
            raise TypeError(
                f"the file {path} is given as text, bytes, a pathlib.Path or None, not as {type(content).__name__}"
            )

    def source(self, path: str) -> Source | None:
        """The source given for a path, if one was."""
        at = self._inside(path)
        return (self.beside if self.given.read(at) is None else self.given).source(at)

    def user_path(self, path: str) -> str:
        """The path as the user would name it from where they are."""
        at = self._inside(path)
        if at in self._names:
            return self._names[at]
        if self.given.read(at) is not None or self.beside.read(at) is not None:
            return path
        return next((os.path.normpath(local) for local, _ in self._local(path) if os.path.exists(local)), path)

    def read(self, path: str) -> bytes | None:
        """The content; None if there is no such file."""
        at = self._inside(path)
        if at in self._absent:
            return None
        found = self.given.read(at)
        if found is not None:
            return found
        found = self.beside.read(at)
        if found is not None:
            if self.pod is None and (path.startswith("/") or at.startswith(MOUNT + "/custom/")):
                self.assumed.add(MOUNT)
            return found
        if self.assume and path in ASSUMED and not (self.pod is not None and self.pod.binds.get(path)):
            self.assumed.add(path)
            return ASSUMED[path]
        found, mounted = self._once(self._read_local, path)
        if mounted:
            self.assumed.add(MOUNT)
        return found

    def _read_local(self, path: str) -> tuple[bytes | None, bool]:
        for local, mounted in self._local(path):
            try:
                return read_file(local, most=self.limits.file_size), mounted
            except OSError:
                continue
        return None, False

    def _once(self, look: Callable[[str], T], path: str) -> T:
        """What is on disk. It stands still while time passes in one go, and is looked at once meanwhile."""
        seen = None if self.clock is None else self.clock.seen
        if seen is None:
            return look(path)
        key = (id(self), look.__name__, path)
        if key not in seen:
            seen[key] = look(path)
        found: T = seen[key]
        return found

    def is_dir(self, path: str) -> bool:
        """Whether it is a directory."""
        at = self._inside(path)
        return self.given.is_dir(at) or self.beside.is_dir(at) or self._once(self._is_local_dir, path)

    def _is_local_dir(self, path: str) -> bool:
        return any(os.path.isdir(local) for local, _ in self._local(path))

    def glob(self, pattern: str) -> list[str]:
        """The paths that match, sorted."""
        return glob(pattern, self._list, self._exists)

    def names(self, path: str) -> list[str]:
        """The names in a directory, sorted."""
        return self._list(path)

    def _list(self, path: str) -> list[str]:
        at = self._inside(path)
        names = {*self.given.names(at), *self.beside.names(at), *self._once(self._list_local, path)}
        return sorted(name for name in names if join(at, name) not in self._absent)

    def _list_local(self, path: str) -> list[str]:
        names: list[str] = []
        for local, _ in self._local(path):
            with suppress(OSError):
                names += os.listdir(local)
        return names

    def _exists(self, path: str) -> bool:
        at = self._inside(path)
        if at in self._absent:
            return False
        return (
            self.given.exists(at)
            or self.beside.exists(at)
            or (self.assume and path in ASSUMED)
            or any(os.path.lexists(local) for local, _ in self._local(path))
        )

    def _inside(self, path: str) -> str:
        """A path as the pod has it, where the Corefile's folder is `mount`."""
        at = join(self.cwd or self.base, path)
        if self.base != self.mount and is_at(at, self.base):
            at = self.mount.rstrip("/") + at[len(self.base.rstrip("/")) :] or "/"
        return at

    def elsewhere(self, path: str) -> bool:
        """Whether CoreDNS's machine may have a file or folder that is not here: not where it is given as absent, where it
        would lie in a file or in a folder that is given, nor where it is one of `ASSUMED` with one slip."""
        at = self._inside(path)
        if not path or "\0" in path or not self.assume or at in self._absent or self.is_dir(path):
            return False
        from ..language.reader.unknown import slips

        if any(abs(len(path) - len(known)) < 2 and slips(path, known) == 1 for known in ASSUMED):
            return False
        if any(at.startswith(folder.rstrip("/") + "/") for folder in self._folders):
            return False
        if self._knows(at):
            return False
        return not file_above(at, self)

    def import_elsewhere(self, name: str) -> str:
        """The path of a file that an `import` names and that is not here, if CoreDNS's machine may have it; '' if not. A
        relative path is one beside the Corefile, unless it has a folder, which a ConfigMap cannot have."""
        mounted = self.base == self.mount and "/" in name and not name.startswith("/")
        mounted = mounted or (self.pod is not None and not self.pod.has_more and not name.startswith("/"))
        path = join(self.mount, name) if mounted else name if name.startswith("/") else ""
        return path if path and self.elsewhere(path) else ""

    def is_beside(self, path: str) -> bool:
        """Whether a path is one beside a Corefile that is a file on disk, where all that is written along with it is."""
        known = bool(self.cwd) or (self.root is not None and self.base != self.mount)
        return known and not path.startswith("/")

    def how_to_give(self, *paths: str, folder: bool = False) -> str:
        """What a user can do about files or folders that are not there, as a sentence for a hint."""
        if self.cwd and len(paths) == 1 and not paths[0].startswith("/"):
            meant = join(self.mount, paths[0])
            if self.is_dir(meant) if folder else self.read(meant) is not None:
                return f"CoreDNS runs in {self.cwd}, where relative paths begin: write `{meant}`"
        outside = "" if folder else next(filter(None, map(self.outside, paths)), "")
        folders = {posixpath.dirname(path) for path in paths}
        if len(paths) > 1 and len(folders) == 1 and "".join(folders).strip("/"):
            given = f"--file {folders.pop()}=FOLDER gives them"
        else:
            what = "FOLDER" if folder else "FILE"
            ways = [f"--file {path}={(not folder and not outside and self.alike(path)) or what}" for path in paths]
            given = f"{' and '.join(ways)} {'gives it' if len(paths) == 1 else 'give them'}"
        if not outside:
            return given
        it = "it lies outside of {}, so it is" if len(paths) == 1 else "what lies outside of {} is"
        return f"{it.format(outside)} not read: --allow-outside lets it, {given}"

    def outside(self, path: str) -> str:
        """The folder outside of which a file lies, so that it is not read; '' for one that is not on disk."""
        places = self._places(path)
        lie = [local for local, _, reach in places if os.path.lexists(local) and not reach.has(local)] if places else []
        return os.path.relpath(places[-1][2].root) if lie else ""

    def _local(self, path: str) -> list[tuple[str, bool]]:
        """Where on disk the file may be, and whether it is there only if the Corefile's folder is mounted at MOUNT."""
        return [(local, mounted) for local, mounted, reach in self._places(path) if _is_there(local, reach)]

    def _reach(self, folder: str, within: str | None) -> Reach:
        if folder not in self._reaches:
            self._reaches[folder] = Reach(top_of(folder) if within is None else within)
        return self._reaches[folder]

    def _places(self, path: str) -> list[tuple[str, bool, Reach]]:
        if "\0" in path:
            return []
        at = self._inside(path)
        found = [
            (_local_path(folder, mount, at), False, self._reach(folder, self.within or folder))
            for mount, folder in self._folders.items()
            if is_at(at, mount)
        ]
        pod = self.pod
        if pod is not None:
            for inside in self._binds.above(at):
                if pod.binds[inside]:
                    local = _local_path(pod.binds[inside], inside, at)
                    found.append((local, False, self._reach(pod.binds[inside], self.within)))
        if self.root is not None and (pod is None or (pod.has_more and not self._knows(at))):
            reach = self._reach(self.root, self.within)
            if not path.startswith("/"):
                found.append((os.path.join(self.root, path), False, reach))
            else:
                if is_at(at, self.mount):
                    mounted = path == at and os.path.abspath(self.root) != self.mount
                    found.append((os.path.join(self.root, at[len(self.mount) :].lstrip("/")), mounted, reach))
                found.append((path, False, reach))
        return found

    def common(self) -> dict[str, bytes]:
        """The files of `ASSUMED` that are given: other pods have them, too."""
        return {path: data for path in ASSUMED if (data := self.given.read(path)) is not None}

    def alike(self, path: str) -> str:
        """A file in the Corefile's folder or below it whose path ends as that of one that is not there; '' without one."""
        if self.root is None or "\0" in path:
            return ""
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        for at in range(len(parts)):
            local = os.path.join(self.root, *parts[at:])
            if _is_there(local, self._reach(self.root, self.within)) and os.path.isfile(local):
                return os.path.normpath(local)
        return ""

    def __repr__(self) -> str:
        counted = f"{len(self.given)} given" if len(self.given) else "none given"
        return f"<PodFiles {counted}{f', folder {self.root}' if self.root is not None else ''}>"


def _local_path(folder: str, mount: str, path: str) -> str:
    """Where on disk a path is that lies at `mount`, at which the folder is."""
    return os.path.join(folder, path[len(mount) :].lstrip("/")).rstrip("/") or "/"


def _is_there(local: str, reach: Reach) -> bool:
    """Whether there is something at a path on disk that may be read."""
    return os.path.lexists(local) and reach.has(local)


__all__ = ["ASSUMED", "MOUNT", "STAND_IN", "Content", "Pod", "PodFiles", "is_at"]

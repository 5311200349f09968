"""The files that a Corefile can import or name: on disk, or in memory."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

from ..findings import LIMITS, Source, TooLarge
from ..golang import globs
from .words import decode


class Files(Protocol):
    """Files as the directory of the Corefile sees them. Relative paths are relative to `base`."""

    base: str
    """The directory of the Corefile."""

    def read(self, path: str) -> bytes | None:
        """The content, None if there is no such file."""

    def is_dir(self, path: str) -> bool:
        """Whether it is a directory."""

    def glob(self, pattern: str) -> list[str]:
        """The paths that match, sorted, in the form of the pattern; see `glob`."""


class Reach:
    """Which files on disk may be read for a stranger: those below `root`, whatever symbolic links say, and not what a
    repository keeps for itself in `.git`. All are below `/`."""

    __slots__ = ("root",)

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.path.realpath(root)

    def has(self, path: str) -> bool:
        """Whether a path lies inside."""
        if self.root == "/":
            return True
        try:
            real = os.path.realpath(path)
        except ValueError:  # a NUL in it
            return False
        return real == self.root or (
            real.startswith(self.root + "/") and ".git" not in real[len(self.root) :].split("/")
        )

    def __repr__(self) -> str:
        return f"Reach({self.root!r})"


def top_of(folder: str | os.PathLike[str]) -> str:
    """The folder below which what is in a folder may name files: the repository that it is in, or itself."""
    own = at = os.path.realpath(folder)
    while not os.path.exists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return own
        at = above
    return at


def below(folder: str, errors: list[OSError] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A folder and those below it, however deep, with the names of the files in each: all in alphabetical order, without
    hidden folders and without what links lead to. errors: takes why a folder could not be read."""
    folders = [folder]
    while folders:
        at = folders.pop()
        inner, names = [], []
        try:
            with os.scandir(at) as entries:
                for entry in entries:
                    if not _is_folder(entry):
                        names.append(entry.name)
                    elif not entry.is_symlink() and not entry.name.startswith("."):
                        inner.append(entry.name)
        except OSError as error:
            if errors is not None:
                errors.append(error)
            continue
        yield at, sorted(names)
        folders += [os.path.join(at, name) for name in sorted(inner, reverse=True)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def led_out(path: str | os.PathLike[str], within: str | os.PathLike[str] | None = None) -> str:
    """The folder that a symbolic link on a path leads out of: `within`, or else the repository that the link is in; '' if
    there is none. Who names a path trusts its name, and not what a pull request has put there."""
    at = os.path.abspath(path)
    for prefix in (*reversed([*above(at)]), at):
        if os.path.islink(prefix):
            top = os.path.realpath(within) if within is not None else top_of(os.path.dirname(prefix))
            if (within is not None or os.path.exists(os.path.join(top, ".git"))) and not Reach(top).has(at):
                return top
    return ""


def outside(path: str | os.PathLike[str], folder: str) -> PermissionError:
    """What is raised for a path that leads out of a folder."""
    words = f"it lies outside of {os.path.relpath(folder)}, so it is not read: --allow-outside lets it"
    return PermissionError(errno.EPERM, words, os.fspath(path))


def read_file(path: str | os.PathLike[str], *, pipes: bool = False, most: int | None = None) -> bytes:
    """The content of a regular file. Raises OSError, also for what is no regular file; TooLarge.

    pipes: whether a pipe or a device is read, too, as one that the user has named themselves: `<(kubectl get ...)`.
    most: how many octets it may have; unless given, what `Limits` says.
    """
    if most is None:
        most = LIMITS.named_size if pipes else LIMITS.file_size
    with open(path, "rb", opener=None if pipes else _opened) as file:
        mode = os.fstat(file.fileno()).st_mode
        if not pipes and not stat.S_ISREG(mode):
            if os.path.samestat(os.fstat(file.fileno()), os.stat(os.devnull)):
                return b""
            raise OSError(errno.EINVAL, "It is no regular file", os.fspath(path))
        os.set_blocking(file.fileno(), True)
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge(f"{os.fspath(path)} has more than {most:,} octets", "file-size")
    return content


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe without a writer must not stop us


class DictFiles:
    """Files in memory, from path to text, bytes or Source. Relative paths stand below `base`."""

    def __init__(self, mapping: Mapping[str, str | bytes | Source] | None = None, base: str = "/etc/coredns") -> None:
        self.base = base
        self._files: dict[str, str | bytes | Source] = {}
        self._directories: dict[str, set[str]] = {}
        for path, content in (mapping or {}).items():
            self.write(path, content)

    def write(self, path: str, content: str | bytes | Source) -> None:
        """Put a file there, or put another in its place."""
        path = join(self.base, path)
        self._files[path] = content
        while path.strip("/"):  # a relative base ends in nothing
            directory, name = posixpath.split(path)
            self._directories.setdefault(directory, set()).add(name)
            path = directory

    def move(self, paths: Iterable[str], folder: str, other: str) -> None:
        """Have files of a folder in another one."""
        files = {**self._files}
        for path in paths:
            if path in files and folder != other:
                files[join(other, path[len(folder.rstrip("/")) + 1 :])] = files.pop(path)
        self._files, self._directories = {}, {}
        for path, content in files.items():
            self.write(path, content)

    def read(self, path: str) -> bytes | None:
        content = self._files.get(join(self.base, path))
        if isinstance(content, Source):
            content = content.text
        return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content

    def source(self, path: str) -> Source | None:
        """The source that was given for a path, if one was."""
        content = self._files.get(join(self.base, path))
        return content if isinstance(content, Source) else None

    def is_dir(self, path: str) -> bool:
        return join(self.base, path) in self._directories

    def glob(self, pattern: str) -> list[str]:
        return glob(pattern, self.names, self.exists)

    def names(self, path: str) -> list[str]:
        """The names in a directory; none if it is not one."""
        return [*self._directories.get(join(self.base, path), ())]

    def exists(self, path: str) -> bool:
        """Whether there is a file or a directory."""
        return join(self.base, path) in self._files or self.is_dir(path)

    def __len__(self) -> int:
        return len(self._files)


class DiskFiles:
    """Files on disk; `base` is the directory of the Corefile, and none are read outside of `within`: unless given, what
    `top_of` says."""

    def __init__(self, base: str = ".", within: str | None = None) -> None:
        self.base = base
        self.reach = Reach(top_of(base) if within is None else within)

    def user_path(self, path: str) -> str:
        """The path as the user would name it from where they are."""
        return os.path.normpath(os.path.join(self.base, path))

    def read(self, path: str) -> bytes | None:
        local = os.path.join(self.base, path)
        try:
            return read_file(local) if self.reach.has(local) else None
        except OSError:
            return None

    def is_dir(self, path: str) -> bool:
        local = os.path.join(self.base, path)
        return self.reach.has(local) and os.path.isdir(local)

    def glob(self, pattern: str) -> list[str]:
        return glob(pattern, self._list, self._exists)

    def _list(self, path: str) -> list[str]:
        local = os.path.join(self.base, path)
        try:
            return os.listdir(local) if self.reach.has(local) else []
        except OSError:
            return []

    def _exists(self, path: str) -> bool:
        local = os.path.join(self.base, path)
        return self.reach.has(local) and os.path.lexists(local)


@lru_cache(1024)  # what looks at files from time to time asks for the same ones
def join(directory: str, path: str) -> str:
    """Go's filepath.Join, or the cleaned path if it is absolute."""
    clean = posixpath.normpath(posixpath.join(directory, path))
    return "/" + clean.lstrip("/") if clean.startswith("/") else clean


def above(path: str) -> Iterator[str]:
    """The folders that a path lies in, the nearest first, without the root.

    >>> list(above("//etc/coredns/zones")), list(above("a/b"))
    (['//etc/coredns', '//etc'], ['a'])
    """
    while (path := posixpath.dirname(path)).strip("/"):
        yield path


def file_above(path: str, files: Files) -> str:
    """What a path has for a folder and is a file, so that nothing can be there; '' if it has none."""
    return next((folder for folder in above(path) if files.read(folder) is not None), "")


def source_of(path: str, content: bytes, files: Files) -> Source:
    """The text of a file, at the place where the user has it: in a ConfigMap, or at the path that they would name."""
    find = getattr(files, "source", None)
    given: Source | None = find(path) if find else None
    if given is not None:
        return Source(given.path, given.text, path, given.embedding)
    user_path = getattr(files, "user_path", None)
    return Source(user_path(path) if user_path else path, decode(content), path)


def glob(pattern: str, listed: Callable[[str], list[str]], exists: Callable[[str], bool]) -> list[str]:
    """Go's filepath.Glob: sorted within each directory, names that begin with a dot included.

    listed: the names in a directory, none if it is not one. Raises golang.globs.BadPattern.
    """
    globs.compile(pattern).check()
    if not globs.has_meta(pattern):
        return [pattern] if exists(pattern) else []
    for directory in pattern.lstrip("*").split("/")[:-1]:
        # Go looks at each directory as a pattern of its own, and of each at what stands before a star.
        if "*" in directory:
            break
        globs.compile(directory).check()
    parts = pattern.split("/")
    first = next(index for index, part in enumerate(parts) if globs.has_meta(part))
    plain = "/".join([*parts[:first], ""])
    found = [plain.rstrip("/") or plain]
    last = len(parts) - 1
    for index in range(first, len(parts)):
        if parts[index] or index == last:
            matches = globs.compile(parts[index]).matches
            found = [
                posixpath.join(directory, entry)
                for directory in found
                for entry in sorted(listed(directory or "."), key=_bytes)
                if matches(entry)
            ]
        if not found:
            break
    return found


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")

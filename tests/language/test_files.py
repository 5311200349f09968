"""Reading files: regular ones, up to a size."""

from __future__ import annotations

import inspect
import os
import sys
from functools import partial
from pathlib import Path

import pytest

from corefile.findings import TooLarge
from corefile.language.files import DiskFiles, below, read_file, top_of


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert read_file(tmp_path / "a") == b"x"
    assert DiskFiles(str(tmp_path)).read("a") == b"x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have names on Unix")
def test_what_never_ends_is_no_file(tmp_path: Path) -> None:
    """A pipe that nothing writes to, and a device: reading them would wait, or fill the memory."""
    os.mkfifo(tmp_path / "pipe")
    disk = DiskFiles(str(tmp_path))
    for path in (tmp_path / "pipe", "/dev/zero", tmp_path):
        with pytest.raises(OSError, match=r"no regular file|Is a directory"):
            read_file(path)
        assert disk.read(str(path)) is None


def test_the_null_device_is_an_empty_file() -> None:
    assert read_file(os.devnull) == b""


def test_a_file_has_a_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    assert read_file(tmp_path / "a", most=4) == b"abcd"
    with pytest.raises(TooLarge, match="a has more than 3 octets"):
        read_file(tmp_path / "a", most=3)
    with pytest.raises(TooLarge):
        read_file("/dev/zero", pipes=True, most=1000)


def test_nothing_outside_of_a_folder_is_read(tmp_path: Path) -> None:
    """Whatever the path is: above it, absolute, through a link."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "sub").mkdir(parents=True)
    outside.mkdir()
    (inside / "sub" / "a").write_bytes(b"x")
    (outside / "a").write_bytes(b"secret")
    (inside / "file").symlink_to(outside / "a")
    (inside / "folder").symlink_to(outside)
    (inside / "own").symlink_to(inside / "sub")
    disk = DiskFiles(str(inside))
    for path in ("../out/a", str(outside / "a"), "file", "folder/a", "sub/../../out/a", "/etc/passwd", "a\0b"):
        assert disk.read(path) is None, path
        assert not disk.glob(path.replace("a", "*") if "\0" not in path else path), path
    assert not disk.is_dir("folder")
    assert disk.glob("../*") == []
    assert [disk.read(path) for path in ("sub/a", "own/a", str(inside / "sub" / "a"))] == [b"x"] * 3
    assert DiskFiles(str(inside), "/").read("file") == b"secret"


def test_a_repository_is_one_folder_but_for_what_it_keeps_for_itself(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"token")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "common").write_bytes(b"x")
    (tmp_path / "deploy" / "link").symlink_to(tmp_path / ".git")
    assert top_of(tmp_path / "deploy") == os.path.realpath(tmp_path)
    disk = DiskFiles(str(tmp_path / "deploy"))
    assert disk.read("../common") == b"x"
    assert [disk.read(path) for path in ("../.git/config", "link/config")] == [None, None]
    assert disk.glob("../.git/*") == []


def test_a_pipe_that_the_user_names_is_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"kind: List")
    os.close(writer)
    try:
        assert read_file(f"/dev/fd/{reader}", pipes=True) == b"kind: List"
    finally:
        os.close(reader)


def test_folders_are_gone_through_however_deep(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """In alphabetical order, without hidden ones, without what links lead to, and with those that cannot be read told."""
    at = tmp_path
    for _ in range(300):
        at /= "d"
        at.mkdir()
    (at / "last").touch()
    request.addfinalizer(partial(sys.setrecursionlimit, sys.getrecursionlimit()))
    sys.setrecursionlimit(len(inspect.stack()) + 200)
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "link").symlink_to(tmp_path)
    (tmp_path / "b" / "self").symlink_to("self")
    (tmp_path / "b" / "a").touch()
    errors: list[OSError] = []
    found = list(below(str(tmp_path), errors))
    assert found[:3] == [(str(tmp_path), []), (str(tmp_path / "b"), ["a", "self"]), (str(tmp_path / "d"), [])]
    assert found[-1] == (str(at), ["last"])
    assert (len(found), errors) == (302, [])
    assert list(below(str(tmp_path / "b" / "a"), errors)) == []
    assert [type(error) for error in errors] == [NotADirectoryError]

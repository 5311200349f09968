"""Reading files: regular ones, up to a size."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corefile.language import files
from corefile.language.files import DiskFiles, read_file


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


def test_a_file_has_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_SIZE", 3)
    (tmp_path / "a").write_bytes(b"abcd")
    with pytest.raises(OSError, match="more than"):
        read_file(tmp_path / "a")
    assert DiskFiles(str(tmp_path)).read("a") is None
    with pytest.raises(OSError, match="more than"):
        read_file("/dev/zero", pipes=True)


def test_a_pipe_that_the_user_names_is_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"kind: List")
    os.close(writer)
    try:
        assert read_file(f"/dev/fd/{reader}", pipes=True) == b"kind: List"
    finally:
        os.close(reader)

"""The files of CoreDNS's pod, layer by layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile import World
from corefile.findings import Source
from corefile.language.files import DictFiles
from corefile.world.files import ASSUMED, Places, PodFiles, is_at


def test_what_is_given_hides_what_is_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("disk", encoding="utf-8")
    (tmp_path / "b").write_text("disk", encoding="utf-8")
    files = PodFiles({"a": "given", "dir/c": "given", "b": None}, tmp_path)
    assert [files.read(x) for x in ("a", "b", "dir/c", "gone", "a\0b")] == [b"given", None, b"given", None, None]
    assert files.glob("*") == ["a", "dir"]
    assert (files.is_dir("dir"), files.is_dir("a"), files.glob("b"), files.glob("a")) == (True, False, [], ["a"])
    files.write("b", b"back")
    assert files.read("b") == b"back"


def test_the_disk_stands_still_while_time_passes_in_one_go(tmp_path: Path) -> None:
    """The kind: what looks at a file from time to time, for a long time, and reads the disk each time."""
    world = World(root=tmp_path)
    (tmp_path / "a").write_text("1", encoding="utf-8")
    seen: list[object] = []
    files = world.files

    def look() -> None:
        seen.append((files.read("a"), files.is_dir("b"), files.glob("*")))
        if len(seen) == 2:
            (tmp_path / "a").write_text("2", encoding="utf-8")
            (tmp_path / "b").mkdir()
            world.write("c", "given")

    world.clock.every(1, look)
    world.clock.advance(3)
    assert seen[0] == seen[1] == (b"1", False, ["a"])
    assert seen[2] == (b"1", False, ["a", "c"])
    world.clock.advance(1)
    assert seen[3] == (b"2", True, ["a", "b", "c"])


def test_what_every_pod_has_is_assumed_until_it_is_given() -> None:
    files = PodFiles()
    assert files.read("/etc/resolv.conf") == ASSUMED["/etc/resolv.conf"]
    assert (files.glob("/etc/resolv.conf"), files.assumed) == (["/etc/resolv.conf"], {"/etc/resolv.conf"})
    files.write("/etc/resolv.conf", "nameserver 10.0.0.1\n")
    assert files.read("/etc/resolv.conf") == b"nameserver 10.0.0.1\n"
    assert PodFiles(assume=False).read("/etc/resolv.conf") is None
    assert PodFiles({"/etc/hosts": None}).read("/etc/hosts") is None


def test_the_folder_of_the_corefile_is_where_clusters_mount_it(tmp_path: Path) -> None:
    """`/etc/coredns/x`, `x` and the file x beside the Corefile are one, whichever way it is given or asked for."""
    (tmp_path / "custom").mkdir()
    (tmp_path / "custom" / "a.server").write_text("disk", encoding="utf-8")
    for files in (PodFiles(root=tmp_path), PodFiles({"/etc/coredns/custom": tmp_path / "custom"})):
        for path in ("custom/a.server", "/etc/coredns/custom/a.server"):
            assert files.read(path) == b"disk"
            assert files.glob(path.replace("a.", "*.")) == [path]
            assert files.user_path(path) == str(tmp_path / "custom" / "a.server")
        assert files.is_dir("/etc/coredns/custom")
    given = PodFiles({"/etc/coredns/x": "1", "y": "2"}, tmp_path)
    assert [given.read(p) for p in ("x", "/etc/coredns/y", str(tmp_path / "y"))] == [b"1", b"2", b"2"]


def test_a_mount_that_is_assumed_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("disk", encoding="utf-8")
    beside = {"NodeHosts": Source("f", "a"), "custom/a.server": Source("f", "b")}
    for path, said in (
        ("x", False),
        ("/etc/coredns/x", True),
        (str(tmp_path / "x"), False),
        ("NodeHosts", False),
        ("/etc/coredns/NodeHosts", True),
        ("custom/a.server", True),
    ):
        files = PodFiles()
        files.settle(str(tmp_path), beside)
        assert files.read(path)
        assert files.assumed == ({"/etc/coredns"} if said else set()), path


def test_files_and_folders_of_the_disk_stand_at_paths_of_the_pod(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "db").write_bytes(b"\xff")
    files = PodFiles({"/zones": tmp_path, "/one": tmp_path / "deep" / "db"})
    assert (files.read("/zones/deep/db"), files.read("/one"), files.read("/zones/gone")) == (b"\xff", b"\xff", None)
    assert files.glob("/zones/*/*") == ["/zones/deep/db"]
    assert files.user_path("/one") == str(tmp_path / "deep" / "db")
    with pytest.raises(OSError, match="gone"):
        PodFiles({"/one": tmp_path / "gone"})
    with pytest.raises(TypeError, match="the file a is given as text"):
        PodFiles({"a": 5})  # type: ignore[dict-item]


def test_what_a_configmap_has_beside_the_corefile(tmp_path: Path) -> None:
    source = Source("map.yaml", "10.0.0.1 a\n", "NodeHosts")
    files = PodFiles({"other": "given"})
    files.settle(str(tmp_path), {"NodeHosts": source, "other": Source("map.yaml", "map")}, mounted=True)
    assert files.base == "/etc/coredns"
    for path in ("NodeHosts", "/etc/coredns/NodeHosts"):
        assert (files.read(path), files.source(path)) == (b"10.0.0.1 a\n", source)
    assert (files.read("other"), files.source("other")) == (b"given", None)


def test_a_world_has_the_files_of_one_folder(tmp_path: Path) -> None:
    files = PodFiles()
    files.settle("one")
    files.settle("one")
    files.settle(None)
    with pytest.raises(ValueError, match="this world has the files of one: a Corefile in two needs a World of its own"):
        files.settle("two")


def test_a_file_of_that_name_beside_the_corefile(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("", encoding="utf-8")
    assert PodFiles(root=tmp_path).alike("/zones/db") == str(tmp_path / "db")
    assert PodFiles(root=tmp_path).alike("/zones/other") == ""
    assert PodFiles().alike("/zones/db") == ""


@pytest.mark.parametrize(
    ("paths", "hint"),
    [
        ("/pki/a.pem", "--file /pki/a.pem=FILE gives it"),
        ("/pki/a.pem /pki/b.pem", "--file /pki=FOLDER gives them"),
        ("/pki/own.pem /key/own.pem", "--file /pki/own.pem=own.pem and --file /key/own.pem=own.pem give them"),
        ("../a.pem", "it lies outside of ., so it is not read: --allow-outside lets it, --file ../a.pem=FILE gives it"),
        (
            "../a.pem ../b.pem",
            "what lies outside of . is not read: --allow-outside lets it, --file ..=FOLDER gives them",
        ),
        (
            "/k.pem ../b.pem",
            "what lies outside of . is not read: --allow-outside lets it, --file /k.pem=FILE and --file ../b.pem=FILE give them",
        ),
    ],
)
def test_what_to_do_about_several_files_is_said_once(
    paths: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    for name in ("a.pem", "b.pem", "here/own.pem"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path / "here")
    assert PodFiles(root=".", within=".").how_to_give(*paths.split()) == hint


def test_folders_that_are_not_there_are_given_as_folders() -> None:
    assert World().how_to_give("/a/x", "/b/y", folder=True) == "--file /a/x=FOLDER and --file /b/y=FOLDER give them"
    assert World(files=DictFiles()).how_to_give("/a/x", folder=True) == "--file /a/x=FOLDER gives it"


def test_paths_above_another_one() -> None:
    """The longest first, on borders of folders alone; so `is_at` says, one by one."""
    paths = ["/", "/etc", "/etc/coredns", "/etc/coredns/a", "/etcetera"]
    places = Places(paths)
    for path in (*paths, "/etc/coredns/a/b", "/etc/corednsx", "/x", "", "b/c", "bc"):
        expected = sorted((at for at in paths if is_at(path, at)), key=len, reverse=True)
        assert [*places.above(path)] == expected, path


@pytest.mark.parametrize("at", ["/", "/etc", "/etc/more"])
def test_a_folder_is_given_at_any_path(tmp_path: Path, at: str) -> None:
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones" / "db").write_text("x", "utf-8")
    files = World(files={at: tmp_path}).files
    below = at.rstrip("/")
    assert files.is_dir(f"{below}/zones")
    assert (files.read(f"{below}/zones/db"), files.read(f"{below}x/zones/db")) == (b"x", None)
    assert files.glob(f"{below}/zones/*") == [f"{below}/zones/db"]

"""The Corefiles in files and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.world.corefiles import corefiles, looks_like_manifest

MAP = "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  Corefile: '. {}'\n"
CUSTOM = "kind: ConfigMap\nmetadata: {name: coredns-custom}\ndata:\n  a.server: 'a {}'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "Corefile": ". {}",
        "other.corefile": ". {}",
        "k8s/prod/coredns.yaml": MAP,
        "k8s/prod/custom.yaml": CUSTOM,
        "k8s/test/coredns.yaml": MAP,
        "k8s/web.yaml": "kind: Service\n",
        "k8s/values.yaml": "image: x\n",
        "k8s/broken.yaml": "kind: [\n",
        "k8s/notes.txt": "nothing",
        ".git/Corefile": ". {}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_and_all_below_it(folder: Path) -> None:
    given = corefiles(["."])
    assert [(c.source.path, c.root, c.mounted, sorted(c.files)) for c in given.found] == [
        ("./Corefile", ".", False, []),
        ("./other.corefile", ".", False, []),
        ("./k8s/prod/coredns.yaml", "./k8s/prod", True, ["custom/a.server"]),
        ("./k8s/test/coredns.yaml", "./k8s/test", True, []),
    ]
    assert [f.span.locate()[:2] for f in given.findings if f.span] == [("./k8s/broken.yaml", 2)]
    assert (given.without, given.errors) == (["./k8s/web.yaml"], [])


def test_files_that_are_named_are_read_in_their_order(folder: Path) -> None:
    given = corefiles(["k8s/prod/coredns.yaml", "gone", "Corefile", "k8s/values.yaml", "k8s/notes.txt"])
    assert [c.source.path for c in given.found] == ["k8s/prod/coredns.yaml", "Corefile", "k8s/notes.txt"]
    assert (given.without, [e.filename for e in given.errors]) == (["k8s/values.yaml"], ["gone"])


def test_additions_belong_to_the_nearest_corefiles(folder: Path) -> None:
    """Those in one file, or else in one folder, or else in the folders closest by; and alone where there is none."""
    far = corefiles(["k8s/test/coredns.yaml", "k8s/prod/custom.yaml"])
    assert [(c.source.path, list(c.files), c.alone) for c in far.found] == [
        ("k8s/test/coredns.yaml", ["custom/a.server"], False)
    ]
    (alone,) = corefiles(["k8s/prod/custom.yaml"]).found
    assert (alone.alone, alone.root, list(alone.files)) == (True, "k8s/prod", ["custom/a.server"])
    (folder / "k8s/prod/coredns.yaml").write_text(
        f"{MAP}---\n{CUSTOM.replace('a.server', 'b.server')}", encoding="utf-8"
    )
    (both,) = corefiles(["k8s/prod"]).found
    assert sorted(both.files) == ["custom/a.server", "custom/b.server"]


@pytest.mark.parametrize(
    ("text", "manifest"),
    [
        ("apiVersion: v1\nkind: ConfigMap\n", True),
        ('{"apiVersion": "v1"}', True),
        ("- kind: ConfigMap\n", True),
        (". {\n    whoami\n}\n", False),
        ("kind.example.org {\n    whoami\n}\n", False),
        ("", False),
    ],
)
def test_manifests_are_told_from_corefiles(text: str, manifest: bool) -> None:
    assert looks_like_manifest(text) is manifest

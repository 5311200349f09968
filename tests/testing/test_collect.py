"""Which files of a folder are tests; the others are passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.testing.collect import in_folder, is_named_so, is_test

TEST = "corefile: |\n  .:53 {\n  }\nsteps: []\n"
CONFIGMAP = "apiVersion: v1\nkind: ConfigMap\ndata:\n  corefile: x\n  steps: y\n"


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("dns.yaml", "", True),
        ("shop.dns.yml", "", True),
        ("shop.yaml", TEST, True),
        ("table.yaml", "corefile: x\nnames: {a.example: NXDOMAIN}\n", True),
        ("refused.yaml", "corefile: x\nerror: y\n", True),
        ("coredns.yaml", CONFIGMAP, False),
        ("values.yaml", "corefile: x\n", False),
        ("zone.txt", TEST, False),
        ("binary.yaml", "\xff\x00", False),
    ],
)
def test_by_name_or_by_keys(tmp_path: Path, name: str, text: str, is_one: bool) -> None:
    (tmp_path / name).write_text(text, encoding="latin-1")
    assert is_test(str(tmp_path / name)) is is_one


def test_a_folder_in_alphabetical_order(tmp_path: Path) -> None:
    for name in ("b/x.yaml", "a.yaml", "cluster.yaml", ".venv/dns.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CONFIGMAP if name == "cluster.yaml" else TEST)
    assert [Path(p).name for p in in_folder(str(tmp_path))] == ["a.yaml", "x.yaml"]


def test_names() -> None:
    assert [is_named_so(n) for n in ("dns.yaml", "a.dns.yaml", "adns.yaml", "dns.yaml.bak")] == [
        True,
        True,
        False,
        False,
    ]

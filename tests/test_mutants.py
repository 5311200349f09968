"""Mutants of Corefiles: which there are, and that the tests of the examples notice them (a few; `make mutants` tries all)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import mutants  # noqa: E402

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/test_*.py"))

TEXT = """.:53 {
    acl {
        block net 10.0.0.0/8
        allow type A
    }
    cache 30
    forward . 10.0.0.53
}
a.example:53 {
    whoami
}
"""


def changes(text: str, tmp_path: Path, name: str = "Corefile") -> dict[str, str]:
    (tmp_path / name).write_text(text)
    return {mutant.about: mutant.text for mutant in mutants.mutants(tmp_path / name)}


def test_each_kind_of_mutant(tmp_path: Path) -> None:
    found = changes(TEXT, tmp_path)
    assert found["`cache` is gone"] == TEXT.replace("    cache 30\n", "")
    assert found["`cache` is without 30"] == TEXT.replace("cache 30", "cache ")
    assert found["`cache` has 37 for 30"] == TEXT.replace("30", "37")
    assert found["`acl block` has 11.0.0.0/8 for 10.0.0.0/8"] == TEXT.replace("10.0.0.0/8", "11.0.0.0/8")
    assert found["`forward` has 10.0.0.54 for 10.0.0.53"] == TEXT.replace("0.53", "0.54")
    assert found["`acl block` is `allow`"] == TEXT.replace("block", "allow")
    swapped = "        allow type A\n        block net 10.0.0.0/8\n"
    assert found["`acl block` and the line behind it are swapped"].partition("acl {\n")[2].startswith(swapped)
    assert found["the block `a.example:53` is gone"] == TEXT[: TEXT.index("a.example")]
    other = TEXT.replace(".:53", "X").replace("a.example:53", ".:53").replace("X", "a.example:53")
    assert found["`.:53` and `a.example:53` have each other's block"] == other


def test_what_coredns_refuses_is_no_mutant(tmp_path: Path) -> None:
    assert "`forward` is without 10.0.0.53" not in changes(TEXT, tmp_path)


def test_blocks_of_the_same_zone_are_swapped_whole(tmp_path: Path) -> None:
    one, other = (f".:53 {{\n    view v{n} {{\n        expr true\n    }}\n    whoami\n}}\n" for n in (1, 2))
    assert changes(one + other, tmp_path)["two blocks `.:53` are swapped"] == other + one


def test_a_corefile_in_a_configmap(tmp_path: Path) -> None:
    text = "kind: ConfigMap\ndata:\n  Corefile: |\n    .:53 {\n        cache 30\n        whoami\n    }\nmetadata: {}\n"
    assert changes(text, tmp_path, "coredns.yaml")["`cache` has 37 for 30"] == text.replace("30", "37")
    assert mutants.mutants(tmp_path / "coredns.yaml")[1].line == 5


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_tests_of_an_example_notice_mutants(example: Path) -> None:
    found = [mutant for path in mutants.corefiles(example) for mutant in mutants.mutants(path)]
    assert len(found) >= 10
    counts = mutants.examine(example, every=max(2, len(found) // 3))
    assert counts.wrong == []
    assert counts.killed == counts.tried >= 3

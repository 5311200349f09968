"""A first test of a Corefile passes as it is written, whatever its names are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corefile import releases
from corefile.testing.cases import run
from corefile.testing.format import read_text
from corefile.testing.start import first_test

ZONE = "$ORIGIN example.org.\n@ 300 IN SOA ns hm 1 2 3 4 5\n{} 300 IN A 10.0.0.1\n"
LABELS = st.one_of(
    st.sampled_from(
        ["a", "no", "1e3", "0x10", "\\.", "\\032", "\\ ", "\\\\", "&a", "@", "%a", "'a", "!a", "a:", "-", "?", "~"]
    ),
    st.integers(0, 255).map("a\\{:03}".format),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters='."\\#;(){}$*'),
        min_size=1,
        max_size=4,
    ),
)


def written(folder: Path, files: dict[str, str], release: str = "1.14.7") -> list[str]:
    """The names of a first test, which passes."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (corefile,) = [name for name in files if name != "db"]
    text = first_test(str(folder / corefile), None, releases.find(release), str(folder))
    (folder / "dns.yaml").write_text(text, encoding="utf-8")
    result = run(str(folder / "dns.yaml"))
    assert result["passed"], (text, result["problem"], result["steps"])
    return list(read_text(text)["names"])


@pytest.mark.parametrize(
    ("label", "row"),
    [
        ("a\\.b", "a\\.b"),
        ("a\\032b", "a\\032b"),
        ("a\\ b", "a\\032b"),
        ("a\\009b", "a\\009b"),
        ("a\\195\\188b", "a\\195\\188b"),
        ('\\"a', '\\"a'),
        ("a\\\\b", "a\\\\b"),
        ("&a", "&a"),
        ("a:", "a:"),
        ("\\@", "\\@"),
    ],
)
def test_a_name_that_yaml_or_a_step_would_read_otherwise(label: str, row: str, tmp_path: Path) -> None:
    """The kind: a name in a table, as YAML and as the words of a query. A blank in it is written by its number."""
    names = written(tmp_path, {"Corefile": "example.org {\n file db\n}\n", "db": ZONE.format(label)})
    assert f"{row}.example.org." in names


@given(labels=st.lists(LABELS, min_size=1, max_size=4), release=st.sampled_from(["1.14.7", "1.6.5", "1.0.6"]))
def test_any_names(labels: list[str], release: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    entries = "".join(f"  10.0.0.1 {label}.example.org\n" for label in labels)
    corefile = f"example.org {{\n hosts {{\n{entries}  fallthrough\n }}\n file db\n}}\n"
    written(tmp_path_factory.mktemp("t"), {"Corefile": corefile, "db": ZONE.format("a")}, release)


@pytest.mark.parametrize("name", ["my: Corefile", "#core", "my Corefile", "it's", "a\\b", "x #y"])
def test_a_corefile_of_any_name(name: str, tmp_path: Path) -> None:
    written(tmp_path, {name: ". {\n hosts {\n  10.0.0.1 a.example\n }\n}\n"})

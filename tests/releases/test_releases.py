"""The stored history against the facts about each release, and the names that releases go by."""

import json
from pathlib import Path

import pytest

from corefile import releases
from corefile.releases import ALL, LATEST, UnknownRelease, directive_history, find, known_directives

FACTS = json.loads((Path(__file__).parent.parent / "data" / "coredns-releases.json").read_text())


def test_history_is_that_of_every_plugin_cfg() -> None:
    assert [(r.version, r.date, list(r.order)) for r in ALL] == [
        (version, fact["date"], fact["order"]) for version, fact in FACTS.items()
    ]


def test_history_is_as_short_as_this_script_makes_it() -> None:
    """To add a release, put it into the facts and write what this prints to history.txt."""
    stored = (Path(releases.__file__).parent / "history.txt").read_text()
    assert stored == "".join(_lines())


def _lines() -> list[str]:
    lines = []
    before: list[str] = []
    for version, fact in FACTS.items():
        order = fact["order"]
        kept = _longest_common([name for name in before if name in order], [name for name in order if name in before])
        edits = [f"-{name}" for name in before if name not in order]
        after = ""
        for name in order:
            if name not in kept:
                edits.append(f"{'~' if name in before else '+'}{name}/{after}")
            after = name
        lines.append(" ".join([version, fact["date"], *edits]) + "\n")
        before = order
    return lines


def _longest_common(old: list[str], new: list[str]) -> set[str]:
    """The names of the longest run that both orders have, others moved away."""
    place = {name: at for at, name in enumerate(old)}
    runs: list[list[str]] = []
    for name in new:
        fits = [run for run in runs if place[run[-1]] < place[name]]
        runs.append([*max(fits, key=len, default=[]), name])
    return set(max(runs, key=len, default=[]))


@pytest.mark.parametrize(
    "text",
    [
        "1.11.3",
        "v1.11.3",
        " 1.11.3\n",
        "1.11.3-eksbuild.1",
        "v1.11.3-eksbuild.2",
        "CoreDNS-1.11.3",
        "registry.k8s.io/coredns/coredns:v1.11.3",
        "localhost:5000/coredns:1.11.3_7",
        "registry.k8s.io/coredns/coredns:v1.11.3@sha256:9caabbf6238b189a65d0d6e6ac138de60d6a1c419e5a341fbbb7c78382559c6e",
        "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/coredns:v1.11.3-minimal-eksbuild.1",
    ],
)
def test_a_release_goes_by_many_names(text: str) -> None:
    assert find(text) is find("1.11.3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.11.2", "nearest are 1.11.1 and 1.11.3"),
        ("2.0.0", "newest known is 1.14.7"),
        ("0.9.9", "oldest known is 1.0.0"),
        ("1.11", "`1.11` is more than one release of CoreDNS: 1.11.0, 1.11.1, 1.11.3, 1.11.4"),
        ("1.11.3.4", "names no release"),
        ("localhost:5000/coredns", "names no release"),
        ("", "names no release"),
    ],
)
def test_what_is_no_release_says_what_is_near(text: str, words: str) -> None:
    with pytest.raises(UnknownRelease, match=words):
        find(text)


def test_releases_compare_by_number() -> None:
    assert find("1.9.4") < "1.11.0" < find("1.14.7")
    assert find("1.10.0") > find("1.9.4")
    assert find("1.9.4") >= "1.9.4"
    assert find("1.9.4") <= LATEST
    assert find("1.9.4") == "1.9.4"
    assert find("1.9.4") != "1.9.3"
    assert len({find("1.9.4"), find("v1.9.4"), LATEST}) == 2
    assert sorted(ALL, key=lambda r: r.number) == list(ALL)


def test_directives_come_and_go() -> None:
    assert [str(r) for r in directive_history("proxy")] == ["1.0.0", "1.5.0"]
    assert [str(r) for r in directive_history("view")] == ["1.10.0", "None"]
    assert directive_history("prometeus") == (None, None)
    assert {"proxy", "federation", "shed", "on"} <= known_directives()
    assert LATEST.has("shed")
    assert not LATEST.has("proxy")


def test_a_release_is_compared_with_a_version() -> None:
    with pytest.raises(TypeError, match=r"compared with a version such as .1\.11\.3., not with 3"):
        assert releases.LATEST > 3  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"`1\.9` is no version of CoreDNS such as 1\.11\.3"):
        assert releases.LATEST > "1.9"

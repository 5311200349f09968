"""What is found in a Corefile is bounded, and what does not fit is said."""

from __future__ import annotations

import difflib

import pytest

from corefile import CorefileError, Limits, World, checks, loads


def test_more_findings_than_are_shown_are_counted() -> None:
    found = checks(". {\n" + "errors\n" * 6 + "}\n", world=World(limits=Limits(findings=3)))
    assert [f.code for f in found] == ["directive-twice"] * 3 + ["too-large"]
    assert found[-1].message == "2 of 5 findings are not shown"
    assert found[-1].severity == "error"
    assert "findings" in found[-1].hint
    assert len(checks(". {\n" + "errors\n" * 4 + "}\n", world=World(limits=Limits(findings=3)))) == 3


UNKNOWN = ". {\n" + "".join(f"errorz{i}\n" for i in range(8)) + "}\n"


@pytest.mark.parametrize("most", [0, 1, 7, 8])
def test_no_error_is_left_out_without_a_word(most: int) -> None:
    """Where reading stops looking for what was meant, it goes on counting: also with a limit that leaves nothing to show."""
    world = World(limits=Limits(findings=most))
    found = checks(UNKNOWN, world=world)
    assert [f.code for f in found] == ["unknown-directive"] * most + ["too-large"] * (most < 8)
    assert {f.severity for f in found} == {"error"}
    if most < 8:
        left = 8 - most
        assert found[-1].message == f"{left} of 8 findings {'is' if left == 1 else 'are'} not shown"
    with pytest.raises(CorefileError):
        loads(UNKNOWN, world=world)


def test_the_same_word_each_time_counts_each_time() -> None:
    found = checks(". {\n" + "erors\n" * 8 + "nosuch\n" * 8 + "}\n", world=World(limits=Limits(findings=4)))
    assert found[-1].message == "12 of 16 findings are not shown"
    assert not any(finding.related for finding in found)


def test_what_is_not_shown_is_what_counts_least() -> None:
    text = ". {\n trace\n bind 192.0.2.1 {\n  except 192.0.2.1\n }\n cache 30 x. {\n  nosuch\n }\n}\n"
    assert [f.severity for f in checks(text)] == ["error", "notice"]
    found = checks(text, world=World(limits=Limits(findings=1)))
    assert [(f.code, f.severity) for f in found] == [("unknown-property", "error"), ("too-large", "notice")]


def test_what_is_meant_is_not_looked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compare a word with all directives takes its time: counted here, not timed."""
    looked: list[str] = []
    closest = difflib.get_close_matches

    def counted(word: str, *args: object) -> list[str]:
        looked.append(word)
        return closest(word, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    text = ". {\n" + "".join(f"errorz{i}\n" for i in range(2000)) + "x" * 500 + "\n}\n"
    found = checks(text, world=World(limits=Limits(findings=50)))
    assert len(found) <= 51
    assert len(looked) < 200
    assert all(len(word) < 100 for word in looked)


def test_the_same_word_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snippet that is imported often brings its words each time."""
    looked: list[str] = []
    closest = difflib.get_close_matches
    monkeypatch.setattr(difflib, "get_close_matches", lambda word, *args: looked.append(word) or closest(word, *args))
    (found,) = checks("(s) {\nerrorz\n}\na {\n" + "import s\n" * 200 + "}\n")
    assert found.hint == "did you mean `errors`?"
    assert len(looked) < 10


def test_circles_of_imports_cost_no_words() -> None:
    """The two words of an import go where what it brings comes."""
    (found,) = checks("(s) {\nimport s\n}\na {\nimport s\n}\n", world=World(limits=Limits(words=20)))
    assert found.code == "import-cycle"
    text = "(s) {\n" + "errors\n" * 5 + "}\na {\n" + "import s\n" * 6 + "}\n"
    found = checks(text, world=World(limits=Limits(words=30)))[0]
    assert found.code == "too-large"
    assert "words" in found.hint


def test_words_count_alike_wherever_they_stand() -> None:
    """Only a long word counts as more than one, in what an import brings as in the Corefile."""
    snippet = "(s) {\nlog " + "example.org " * 40 + "\n}\na {\n" + "import s\n" * 4 + "whoami\n}\n"
    assert not checks(snippet, world=World(limits=Limits(words=217)))
    long = "(s) {\nwhoami\n}\n" + "a" * 320 + " {\nimport s\n}\n"  # 4 words, one that counts as 11, and 4
    for text, most, large in ((long, 19, False), (long.replace("whoami", "whoami\nlog\nerrors"), 21, True)):
        found = checks(text, world=World(limits=Limits(words=most)))
        assert any(finding.code == "too-large" for finding in found) is large


def test_nothing_of_a_check_goes_on_in_its_world() -> None:
    """What is checked is started, and ended: no timer of it is left on the clock of a world that is used again."""
    lines = "secondary x.org {\n transfer from 10.9.9.9\n}\nforward . 10.0.0.1 {\n health_check 1s\n}\nreload\nfile db a.org"
    world = World()
    assert not [one for one in checks(f". {{\n{lines}\n}}\n", world=world) if one.severity == "error"]
    world.clock.advance(100)  # one that is cancelled stays until it would have run out
    assert world.clock._timers == []

"""`corefile explain`."""

from __future__ import annotations

import pytest

from corefile import plugins
from corefile.lint.explanations import all_explanations
from corefile.plugin import NEXT, Declaration, Gate, Int, Line, Outcome, Query, Zones
from corefile.releases import ALL, known_directives

from .conftest import Run


def test_all_codes_are_listed(run: Run) -> None:
    done = run("explain")
    assert done.code == 0
    assert [x.split()[0] for x in done.out.splitlines() if not x.startswith(" ")] == sorted(all_explanations())


def test_one_code_with_its_example_and_its_cure(run: Run) -> None:
    done = run("explain", "removed-directive")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "removed-directive  CF403\n"
        "  The directive was taken out of CoreDNS before the release that is asked about.\n"
        "\n"
        "  an example:\n"
        "    . {\n"
        "        proxy . 10.0.0.53\n"
        "    }\n"
        "\n"
        "  Use what replaced it; the finding names it. For `proxy` that is `forward`.\n"
        "\n"
        "    . {\n"
        "        forward . 10.0.0.53\n"
        "    }\n"
        "\n"
    )


def test_a_misspelt_code_or_directive(run: Run) -> None:
    for word, meant in (("removed-directiv", "removed-directive"), ("cach", "cache")):
        said = f"corefile explain: there is no finding and no directive `{word}`: did you mean `{meant}`?\n"
        assert run("explain", word) == (2, "", said)
    assert run("explain", "zzz").err == (
        "corefile explain: there is no finding and no directive `zzz`; `corefile explain` and `corefile plugins` list them "
        "all\n"
    )


# -- directives -----------------------------------------------------------------------------------------------------------


def test_a_directive_with_what_it_takes_and_what_changed(run: Run) -> None:
    done = run("explain", "errors")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "errors  logs the errors that queries run into.\n"
        "  number 23 of the 60 directives of CoreDNS 1.14.7: behind `prometheus` and before `log`\n"
        "\n"
        "  Description: "
    )
    for part in (
        "\n  arguments\n    FILE  stdout: where errors are written",
        "\n  properties\n    stacktrace  since 1.9.3; log the stack of a panic\n",
        "\n        LEVEL  option, since 1.8.5\n",
        "\n  what differs between releases\n    since 1.2.6   there is a property block\n",
        "the word in summaries: `occured`, `occurred` since 1.4.0\n",
    ):
        assert part in done.out


def test_a_directive_in_one_release(run: Run) -> None:
    done = run("explain", "errors", "--release", "v1.2.6")
    assert "\n  errors [FILE] {\n      consolidate DURATION REGEXP\n  }\n" in done.out
    assert "stacktrace" not in done.out
    assert "\n  in CoreDNS 1.2.6, of what differs between releases\n" in done.out
    assert "    - the word in summaries: `occured`\n" in done.out
    assert "limit" not in done.out
    gone = run("explain", "proxy", "--release", "1.8.0").out
    assert gone.splitlines()[0].endswith("  (removed in 1.5.0)")
    assert "  CoreDNS 1.8.0 has no `proxy`\n" in gone
    assert run("explain", "errors", "--release", "9.9.9").code == 2


def test_a_directive_of_an_installed_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Offered(Gate):
        """Lets nothing through."""

        BEFORE = "forward"

        class Config(Declaration):
            zones: tuple[str, ...] = Zones(doc="whose names")
            ttl: int = Line(Int(max=9), default=5, doc="how long")

        def admit(self, query: Query, zone: str) -> Outcome:
            return NEXT

    monkeypatch.setattr(plugins, "_found", {})
    plugins.register("offered", Offered)
    for options in ((), ("--release", "1.8.0")):
        lines = run("explain", "offered", *options).out.splitlines()
        assert lines[:2] == [
            "offered  Lets nothing through.",
            "  CoreDNS does not come with it: --plugin offered adds it, before `forward`",
        ]
        assert lines[2:7] == ["", "  offered [ZONES...] {", "      ttl NUMBER", "  }", ""]
        assert "    ZONES  whose names" in lines


def test_a_package_whose_plugin_cannot_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ValueError(f"`{name}` of `package:Broken` cannot be used")

    monkeypatch.setattr(plugins, "usable", broken)
    assert run("explain", "offered").err.startswith("corefile explain: `offered` of `package:Broken` cannot be used\n")


def test_a_directive_that_is_not_simulated(run: Run, not_simulated: str) -> None:
    assert run("explain", not_simulated).out.startswith(f"{not_simulated}  its effect is not simulated yet")


@pytest.mark.parametrize("name", sorted(known_directives()))
def test_every_directive_is_explained_with_all_that_it_declares(run: Run, name: str) -> None:
    done = run("explain", name)
    assert (done.code, done.err) == (0, "")
    cls = plugins.find(name)
    for p in cls.PROPERTIES if cls is not None else ():
        assert f"\n    {p.name}" in done.out
    for rule in cls.Rules.declared.values() if cls is not None else ():
        assert rule.doc.split()[0] in done.out
    for release in ALL[::9]:
        assert run("explain", name, "--release", str(release)).code == 0


def test_a_name_is_a_finding_or_a_directive() -> None:
    assert not set(all_explanations()) & set(known_directives())


@pytest.mark.parametrize("word", ["CF403", "cf403", "[removed-directive]", "error[removed-directive]"])
def test_a_finding_is_known_as_it_is_shown(run: Run, word: str) -> None:
    """By its number, too, as `--format concise` and CI systems show it."""
    assert run("explain", word) == run("explain", "removed-directive")

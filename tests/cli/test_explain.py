"""`corefile explain`."""

from __future__ import annotations

from corefile.lint.explanations import all_explanations

from .conftest import Run


def test_all_codes_are_listed(run: Run) -> None:
    done = run("explain")
    assert done.code == 0
    assert [x.split()[0] for x in done.out.splitlines() if not x.startswith(" ")] == sorted(all_explanations())


def test_one_code_with_its_example_and_its_cure(run: Run) -> None:
    done = run("explain", "error[removed-directive]")
    assert done.code == 2
    done = run("explain", "removed-directive")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "removed-directive\n"
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


def test_a_misspelt_code(run: Run) -> None:
    done = run("explain", "removed-directiv")
    assert done == (
        2,
        "",
        "corefile explain: there is no finding `removed-directiv`: did you mean `removed-directive`?\n",
    )
    assert (
        run("explain", "zzz").err == "corefile explain: there is no finding `zzz`; `corefile explain` lists them all\n"
    )

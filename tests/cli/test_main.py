"""Verbs, help, exit codes, and the command as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import corefile
from corefile import plugins
from corefile.cli import VERBS
from corefile.golang import regexp
from corefile.plugin import Gate, Outcome, Query

from .conftest import Run

ROOT = Path(corefile.__file__).parent.parent


def process(*argv: str, cwd: Path, stdin: str = "", shell: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    command = [sys.executable, "-m", "corefile", *argv] if not shell else ["bash", "-o", "pipefail", "-c", shell]
    return subprocess.run(command, cwd=cwd, env=environment, input=stdin, capture_output=True, text=True, check=False)


def test_help_names_the_verbs_and_the_exit_codes(run: Run) -> None:
    done = run("--help")
    assert done.code == 0
    assert all(f"  {verb} " in done.out for verb in VERBS)
    assert "Exit codes: 0 fine, 1 findings or failures, 2 wrong use." in done.out
    assert run("help") == run("-h") == done


def test_version(run: Run) -> None:
    assert run("--version") == run("-V") == (0, f"corefile {corefile.__version__}\n", "")


def test_no_verb_is_wrong_use(run: Run) -> None:
    done = run()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("usage: corefile VERB")


def test_a_misspelt_verb(run: Run) -> None:
    done = run("chek")
    assert done.code == 2
    assert done.err.startswith("corefile: no such verb: chek (did you mean check?)\n")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples_that_fits_a_screen(run: Run, verb: str) -> None:
    done = run(verb, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"usage: corefile {verb} [")
    assert f"examples:\n  corefile {verb}" in done.out or "examples:\n  kubectl" in done.out
    assert max(map(len, done.out.splitlines())) <= 110


@pytest.mark.parametrize("verb", VERBS)
def test_a_misspelt_option(run: Run, verb: str) -> None:
    done = run(verb, "--hepl", "x", *(["y"] if verb == "query" else []))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"corefile {verb}: there is no option --hepl: did you mean --help?\n`corefile {verb} --help` tells more.\n"
    )


def test_what_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("check", "empty").err.startswith("corefile check: there is no Corefile in empty ")
    assert run("query").err == (
        "corefile query: there is no name to ask for: corefile query NAME [TYPE] (--help tells more)\n"
    )


def test_an_internal_error_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("corefile.cli.check.corefiles_of", broken)
    done = run("check", "Corefile")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("corefile check: internal error, please report it: RuntimeError: boom\n")
    monkeypatch.setenv("COREFILE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run("check", "Corefile")


def test_a_plugin_of_another_package_that_fails_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(Gate):
        """Has a mistake."""

        def admit(self, query: Query, zone: str) -> Outcome:
            raise RuntimeError("boom")

    monkeypatch.setattr(plugins, "_found", {})
    plugins.register("failing", Failing)
    (tmp_path / "Corefile").write_text(".:53 {\n    failing\n}\n", encoding="utf-8")
    done = run("query", "--plugin", "failing", "a.example")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("corefile query: the plugin `failing` has failed: RuntimeError: boom\n")


def test_a_process_exits_with_0_1_or_2(tmp_path: Path) -> None:
    good = process("check", "-", cwd=tmp_path, stdin=". {\n    whoami\n}\n")
    assert (good.returncode, good.stdout, good.stderr) == (0, "1 Corefile: nothing wrong for CoreDNS 1.14.7\n", "")
    bad = process("check", "-", cwd=tmp_path, stdin=". {\n    whoam\n}\n")
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "did you mean `whoami`?" in bad.stdout
    wrong = process("check", "nothing-here", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "corefile check: nothing-here: No such file or directory\n"


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n" + "    nothing\n" * 5000 + "}\n", encoding="utf-8")
    done = process(
        cwd=tmp_path, shell=f"{sys.executable} -m corefile check Corefile | head -n 1; exit ${{PIPESTATUS[1]}}"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "error[unknown-directive]: CoreDNS 1.14.7 has no directive `nothing`\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(("path", "code"), [("Corefile", 1), ("nothing-here", 2)])
def test_streams_that_the_caller_closed_change_no_exit_code(tmp_path: Path, closed: str, path: str, code: int) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n    whoam\n}\n", encoding="utf-8")
    done = process(cwd=tmp_path, shell=f"{sys.executable} -m corefile check {path} {closed}")
    assert done.returncode == code
    assert "internal error" not in done.stderr
    assert ("did you mean" in done.stdout) is (code == 1 and ">&-" not in closed.split(" "))
    assert "No such file" not in done.stdout


def test_check_loads_neither_yaml_nor_colour_for_a_plain_corefile(tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(".:53 {\n    errors\n    cache 30\n}\n", encoding="utf-8")
    code = (
        "import sys; from corefile.cli import main; code = main(['check', 'Corefile']); "
        "print(sorted({'yaml', 'termcolor', 'dnslib', 'lark', 'hypothesis', 'shutil', 'json', 'hashlib', 'ipaddress', 're2', 'base64', 'corefile.dns.record'} & set(sys.modules)), code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["[] 0"], done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("call", ["--help", "check Corefile", "query a.example", "explain cache"])
def test_output_that_cannot_be_written_is_said(tmp_path: Path, call: str) -> None:
    """A full disk is no internal error. Where errors cannot be written either, the exit code says it."""
    (tmp_path / "Corefile").write_text(".:53 {\n    whoami\n}\n", encoding="utf-8")
    done = process(cwd=tmp_path, shell=f"{sys.executable} -m corefile {call} > /dev/full")
    name = "" if call[0] == "-" else " " + call.split(" ")[0]
    said = f"corefile{name}: the output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, said)
    assert process(cwd=tmp_path, shell=f"{sys.executable} -m corefile {call} > /dev/full 2>&1").returncode == 2


def test_standard_input_that_is_closed(tmp_path: Path) -> None:
    done = process(cwd=tmp_path, shell=f"{sys.executable} -m corefile check - <&-")
    assert (done.returncode, done.stderr.splitlines()[:1]) == (2, ["corefile check: standard input is closed"])


def test_help_of_a_verb_may_be_asked_for_like_git_s(run: Run) -> None:
    assert run("help", "check") == run("check", "--help")


def test_the_beginning_of_an_option_is_taken_for_it(run: Run) -> None:
    """Not for the one that looks most like it."""
    assert "did you mean --release?" in run("check", "--rel").err


@pytest.mark.parametrize("wrong", [["--jobs", "0"], ["--jobs", "-1"]])
def test_numbers_that_make_no_sense(run: Run, wrong: list[str]) -> None:
    done = run("test", *wrong)
    assert done.code == 2
    assert wrong[0] in done.err
    assert "no number of processes, such as 2" in done.err


def test_a_package_that_is_missing_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is no mistake of the command."""
    monkeypatch.setitem(sys.modules, "re2", None)
    monkeypatch.setattr(regexp, "compile", regexp.compile.__wrapped__)
    (tmp_path / "Corefile").write_text(
        ". {\n    template A A {\n        match (x|y)+z\n        rcode REFUSED\n    }\n}\n"
    )
    done = run("check", "Corefile")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "corefile check: regular expressions need the package google-re2, which is not installed, or cannot be loaded from "
        "an archive\n"
    )

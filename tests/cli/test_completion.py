"""`corefile completion`: a shell completes what there is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from corefile.cli import VERBS
from corefile.cli.completion import SHELLS, completions

from .conftest import Run


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_names_all_verbs_and_options(run: Run, shell: str) -> None:
    script = run("completion", shell).out
    for verb, options in completions().items():
        assert verb in script
        assert all(option.lstrip("-") in script for option in options)


def test_there_is_something_to_complete() -> None:
    words = completions()
    assert set(words) == set(VERBS)
    assert words["check"]["--format"][:2] == ["full", "concise"]
    assert "CF401" in words["check"]["--select"]


def test_another_shell(run: Run) -> None:
    done = run("completion", "tcsh")
    assert (done.code, done.err) == (2, "corefile completion: SHELL is one of bash, zsh, fish, not `tcsh`\n")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["corefile", "ch"], ["check"]),
        (["corefile", "check", "--form"], ["--format"]),
        (["corefile", "check", "--format", "sa"], ["sarif"]),
        (["corefile", "check", "--select", "CF60"], [f"CF60{n}" for n in range(1, 10)]),
        (["corefile", "check", "--format", "=", "sa"], ["sarif"]),
        (["corefile", "check", "--format", "="], list(completions()["check"]["--format"])),
        (["corefile", "check", "--release", "1.14.7"], ["1.14.7"]),
        (["corefile", "explain", "unknown-d"], ["unknown-directive"]),
        (["corefile", "explain", "kube"], ["kubernetes"]),
        (["corefile", "completion", "z"], ["zsh"]),
        (["corefile", "check", "x"], []),
    ],
)
def test_bash_completes_it(run: Run, tmp_path: Path, words: list[str], expected: list[str]) -> None:
    (tmp_path / "script").write_text(run("completion", "bash").out, encoding="utf-8")
    given = " ".join(f"'{word}'" for word in words)
    asked = f'. ./script; compopt() {{ :; }}; COMP_WORDS=({given}); COMP_CWORD={len(words) - 1}; _corefile; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == expected


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_reads_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(run("completion", "zsh").out, encoding="utf-8")
    subprocess.run(["zsh", "-n", "script"], cwd=tmp_path, check=True)


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish_reads_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(run("completion", "fish").out, encoding="utf-8")
    subprocess.run(["fish", "-n", "script"], cwd=tmp_path, check=True)

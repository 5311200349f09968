"""What stands ready for CI systems: hook, action, matcher, template and container file say what the command has."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from corefile.cli.check import parser
from corefile.world.corefiles import is_name_of_one

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = {name for action in parser()._actions for name in action.option_strings}


def check(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "corefile", "check", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT), "PATH": "/bin"}
    )


def options_in(text: str) -> set[str]:
    lines = [line for line in text.splitlines() if "corefile check" in line]
    assert lines
    return {word for line in lines for word in re.findall(r"(?<=\s)--[a-z-]+", line)}


def test_the_hook_of_pre_commit() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {"id", "name", "entry", "language", "files"} <= set(hook)
    assert options_in(hook["entry"]) <= OPTIONS
    pattern = re.compile(hook["files"])
    for name in ("Corefile", "dns/Corefile.prod", "x.corefile", "coredns.conf", "a/b.server", "k8s/dns.yaml", "x.json"):
        assert pattern.search(name), name
        assert is_name_of_one(name.rpartition("/")[2]) or name.endswith(("yaml", "json"))
    for name in ("src/main.py", "README.md", "notes.txt"):
        assert not pattern.search(name), name


def test_files_without_a_corefile_are_fine_for_the_hook(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text("kind: Service\nmetadata: {name: web}\n", encoding="utf-8")
    (tmp_path / "values.yaml").write_text("a: 1\n", encoding="utf-8")
    done = check("--allow-none", "web.yaml", "values.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (tmp_path / "chart.yaml").write_text("kind: ConfigMap\nmetadata: {name: {{ .x }}}\n", encoding="utf-8")
    done = check("--allow-none", "web.yaml", "chart.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (tmp_path / "Corefile").write_text(". {\n    foo\n}\n", encoding="utf-8")
    assert check("--allow-none", "web.yaml", "Corefile", cwd=tmp_path).returncode == 1


def test_the_action_of_github() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    steps = action["runs"]["steps"]
    assert all(step["shell"] == "bash" for step in steps)
    assert options_in(steps[-1]["run"]) <= OPTIONS
    inputs = {name for step in steps for text in step["env"].values() for name in re.findall(r"inputs\.(\w+)", text)}
    assert inputs == set(action["inputs"])
    assert "${{" not in "".join(step["run"] for step in steps)  # an input is no part of a shell's program


def test_the_matcher_of_github_reads_concise_lines(tmp_path: Path) -> None:
    (matcher,) = json.loads((ROOT / "ci" / "problem-matcher.json").read_text(encoding="utf-8"))["problemMatcher"]
    (pattern,) = matcher["pattern"]
    (tmp_path / "Corefile").write_text(". {\n    foo\n    whoami x\n}\n", encoding="utf-8")
    lines = check("--format", "concise", "Corefile", cwd=tmp_path).stdout.splitlines()
    assert len(lines) == 2
    for number, line in enumerate(lines, 2):
        match = re.fullmatch(pattern["regexp"], line)
        assert match is not None
        assert match[pattern["file"]] == "Corefile"
        assert match[pattern["line"]] == str(number)
        assert match[pattern["severity"]] == "error"
        assert re.fullmatch(r"CF4\d\d", match[pattern["code"]])


def test_the_template_of_gitlab() -> None:
    text = (ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(text)["corefile"]
    assert options_in("\n".join(job["script"])) <= OPTIONS
    report = job["artifacts"]["reports"]["codequality"]
    assert f"> {report}" in job["script"][0]


@pytest.mark.parametrize(
    ("package", "code", "last"), [("", 127, ""), ("git+https://git.example/x", 0, "git+https://git.example/x\n")]
)
def test_what_gitlab_installs_is_said_by_who_includes_it(package: str, code: int, last: str) -> None:
    """A name by default would be anybody's on PyPI, where this is not."""
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["corefile"]
    script = "\n".join(["pip() { printf '%s\\n' \"${@: -1}\"; }", *job["before_script"]])
    env = {"PATH": "/bin", **job["variables"], **({"COREFILE_PACKAGE": package} if package else {})}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, last)


def test_the_container_file_builds_from_the_wheel() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    instructions = [line.split()[0] for line in lines if line and line[0] not in "# "]
    assert instructions == ["FROM", "COPY", "RUN", "USER", "WORKDIR", "ENTRYPOINT"]
    assert "COPY dist/*.whl /tmp/" in lines
    assert "\nwheel:" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "docs/check.md"])
def test_pages_name_options_that_there_are(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for line in re.findall(r"corefile check [^\n`|]*", text):
        assert set(re.findall(r"(?<=\s)--[a-z-]+", line)) <= OPTIONS, line

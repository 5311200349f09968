"""The wheel and the sdist hold the package alone, and what is installed from the wheel works."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return out


def test_the_wheel_holds_the_package_alone(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names if ".dist-info/" not in n} == {"corefile"}
    assert {
        "corefile/language/grammar.lark",
        "corefile/gotemplate/grammar.lark",
        "corefile/py.typed",
        "corefile/plugins/cache/__init__.py",
    } <= set(names)
    assert any(n.startswith("corefile/releases/") and not n.endswith(".py") for n in names), "the releases' data"


def test_the_sdist_holds_the_package_alone(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as tar:
        names = {n.split("/", 1)[1].split("/")[0] for n in tar.getnames() if "/" in n}
    assert names <= {"corefile", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "PKG-INFO", ".gitignore"}


def test_an_installed_wheel_runs(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    venv.create(tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    environment = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PATH": "/usr/bin:/bin"}
    subprocess.run([*pip, str(wheel)], check=True, env=environment)
    # What it depends on is taken from this environment: nothing is fetched in a test.
    (site,) = (tmp_path / "env" / "lib").glob("python3*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (tmp_path / "Corefile").write_text(".:53 {\n    hosts {\n        10.0.0.1 a.example.org\n    }\n}\n")
    command = [str(tmp_path / "env" / "bin" / "corefile"), "query", "--short", "a.example.org"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "10.0.0.1\n", "")
    where = subprocess.run(
        [str(python), "-c", "import corefile; print(corefile.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("words", "code", "shown"),
    [
        (["check", "--format", "concise", "Corefile"], 1, "CF403 removed-directive"),
        (["check", "--kubernetes-version", "1.14", "Corefile"], 0, "nothing wrong for CoreDNS 1.3.1"),
        (
            ["query", "--short", "--release", "k8s-dns-node-cache:1.22.28", "-c", "Other", "a.example.org"],
            0,
            "10.0.0.1",
        ),
        (["explain", "removed-directive"], 0, "CF403"),
        (["plugins"], 0, "forward"),
    ],
)
def test_it_runs_from_an_archive(dist: Path, tmp_path: Path, words: list[str], code: int, shown: str) -> None:
    """The kind: a file beside a module, which is in no folder there."""
    (wheel,) = dist.glob("*.whl")
    (tmp_path / "Corefile").write_text(".:53 {\n    proxy . 10.0.0.53\n}\n")
    (tmp_path / "Other").write_text(".:53 {\n    hosts {\n        10.0.0.1 a.example.org\n    }\n}\n")
    program = "import sys, corefile; assert '.whl' in corefile.__file__; from corefile.cli import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=tmp_path,
        env={"PYTHONPATH": str(wheel), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert shown in done.stdout

"""What the command reads for those who only write Corefiles and tests, and what it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .conftest import Run

SECRET = "sekret-of-this-machine"


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """A folder of a stranger's, beside one with a secret."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "token").write_text(f"{SECRET}\n", encoding="utf-8")
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "home" / "token")
    return folder


@pytest.mark.parametrize("path", ["../home/token", "link", "../home/*", "{absolute}"])
@pytest.mark.parametrize(
    "lines",
    [
        "import {}",
        "file {} example.org",
        "hosts {}",
        "forward . {}",
        "tls {} {}",
        "loadbalance weighted {}",
        "dnssec {{\n key file {}\n}}",
        "kubernetes {{\n kubeconfig {}\n}}",
        "auto {{\n directory {}\n}}",
    ],
    ids=lambda lines: str(lines).split(" ", 1)[0],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_directive_shows_a_file_outside(run: Run, inside: Path, path: str, lines: str, form: str) -> None:
    path = path.replace("{absolute}", str(inside.parent / "home" / "token"))
    (inside / "Corefile").write_text(f". {{\n {lines.format(path, path)}\n}}\n", encoding="utf-8")
    result = run("check", "--format", form, str(inside / "Corefile"))
    assert SECRET not in result.out + result.err
    result = run("query", "-c", str(inside / "Corefile"), "a.example.org", "--trace")
    assert SECRET not in result.out + result.err


def test_what_lies_outside_is_said_with_the_way_to_read_it(run: Run, inside: Path) -> None:
    corefile = inside / "Corefile"
    corefile.write_text(". {\n import ../home/token\n hosts ../home/token\n}\n", encoding="utf-8")
    result = run("check", str(corefile))
    assert result.out.count("lies outside of") == 2
    assert "--allow-outside" in result.out
    for option in (["--allow-outside"], ["--within", str(inside.parent)]):
        assert f"has no directive `{SECRET}`" in run("check", *option, str(corefile)).out
    assert "no such folder" in run("check", "--within", str(inside / "gone"), str(corefile)).err


def test_a_link_in_a_folder_is_not_followed_out_of_it(run: Run, inside: Path) -> None:
    (inside / "Corefile").symlink_to(inside.parent / "home" / "token")
    result = run("check", str(inside))
    assert SECRET not in result.out + result.err
    assert "lies outside" in result.err
    assert "1 Corefile" in run("check", "--allow-outside", str(inside)).out


@pytest.mark.parametrize(
    "argv",
    [
        ["check", "Corefile"],
        ["check", "folder/Corefile"],
        ["check", "folder"],
        ["check", "-"],
        ["query", "-c", "Corefile", "a.example.org"],
        ["query", "-c", "good", "a.example.org", "--file", "h=Corefile", "--trace"],
        ["query", "-c", "good", "a.example.org", "--cluster", "Corefile"],
        ["query", "-c", "good", "a.example.org", "--store", "etcd=Corefile"],
        ["query", "-c", "good", "a.example.org", "--upstream", "10.0.0.1=Corefile"],
        ["check", "good", "--plugin-cfg", "Corefile"],
        ["test", "Corefile"],
        ["test", "folder"],
        ["test", "--init", "Corefile"],
    ],
    ids=" ".join,
)
def test_what_is_named_is_not_followed_out_of_its_repository(run: Run, inside: Path, argv: list[str]) -> None:
    """A pull request can make a link of what a workflow names. Any way to name a file, and any link on a path."""
    (inside / ".git").mkdir()
    (inside / "Corefile").symlink_to(inside.parent / "home" / "dns.yaml")
    (inside / "folder").symlink_to(inside.parent / "home")
    (inside / "good").write_text(". {\n hosts h\n}\n", encoding="utf-8")
    for name in ("Corefile", "dns.yaml"):
        (inside.parent / "home" / name).write_text(f"{SECRET}: {SECRET}\n", encoding="utf-8")
    os.chdir(inside)
    result = run(*argv, stdin=". {\n import Corefile\n hosts folder/Corefile\n}\n")
    assert SECRET not in result.out + result.err
    assert "lies outside of ., so it is not read: " in result.out + result.err
    assert result.code


def test_a_link_that_stays_in_the_repository_is_followed(run: Run, inside: Path) -> None:
    """As mounted ConfigMaps have them; and one that no repository holds, since its owner has made it."""
    (inside / ".git").mkdir()
    (inside / "..data").mkdir()
    (inside / "..data" / "Corefile").write_text(". {\n whoami\n}\n", encoding="utf-8")
    (inside / "Corefile").symlink_to("..data/Corefile")
    assert run("check", str(inside / "Corefile")).code == 0
    (inside.parent / "home" / "Corefile").symlink_to(inside / "Corefile")
    assert run("check", str(inside.parent / "home" / "Corefile")).code == 0
    (inside / "outer").symlink_to(inside.parent / "home" / "Corefile")
    assert run("check", str(inside / "outer")).code == 0
    result = run("check", "--within", str(inside.parent / "home"), str(inside.parent / "home" / "Corefile"))
    assert (result.code, "it lies outside of " in result.err) == (2, True)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('file = ["h=../home/token"]', "lies outside of"),
        ('file = ["h=link"]', "lies outside of"),
        ('cluster = ["../home/token"]', "lies outside of"),
        ('upstream = ["10.0.0.1=../home/token"]', "lies outside of"),
        ('env = ["TOKEN"]', "only --env passes on what this process has"),
        ("x = " + "[" * 5000, "this is no TOML"),
        ('within = "/"', "there is no setting"),
    ],
)
def test_settings_are_no_better_than_what_they_come_with(
    run: Run, inside: Path, monkeypatch: pytest.MonkeyPatch, settings: str, said: str
) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.chdir(inside)
    (inside / "corefile.toml").write_text(settings, encoding="utf-8")
    (inside / "Corefile").write_text(". {\n hosts h\n {$TOKEN}\n}\n", encoding="utf-8")
    result = run("check", "Corefile")
    assert SECRET not in result.out + result.err
    assert (result.code, said in result.err) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        "corefile: ../home/token\nsteps: [{query: a. A}]\n",
        "corefile: link\nsteps: [{query: a. A}]\n",
        "corefile: ../home\nsteps: [{query: a. A}]\n",
        'corefile: ". {\\n hosts h\\n}"\nfiles: {h: ../home/token}\nsteps: [{query: a. A}]\n',
        'corefile: ". {\\n whoami\\n}"\ncluster: ../home/token\nsteps: [{query: a. A}]\n',
        'corefile: ". {\\n whoami\\n}"\nupstreams: {10.0.0.1: ../home/token}\nsteps: [{query: a. A}]\n',
        'corefile: ". {\\n whoami\\n}"\nupstreams: {10.0.0.1: {corefile: ../home/token}}\nsteps: [{query: a. A}]\n',
        'corefile: ". {\\n whoami\\n}"\nsteps: [{apply: ../home/token}]\n',
    ],
)
def test_no_test_shows_a_file_outside(run: Run, inside: Path, text: str) -> None:
    (inside / "dns.yaml").write_text(text, encoding="utf-8")
    result = run("test", str(inside / "dns.yaml"))
    assert SECRET not in result.out + result.err
    assert "lies outside of" in result.out
    assert run("test", "--format", "json", str(inside / "dns.yaml")).code == 1


def test_the_environment_of_the_process_is_read_when_it_is_asked_for(
    run: Run, inside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    (inside / "Corefile").write_text(". {\n {$TOKEN}\n}\n", encoding="utf-8")
    result = run("check", str(inside / "Corefile"))
    assert SECRET not in result.out + result.err
    result = run("check", "--env-from-process", str(inside / "Corefile"))
    assert f"has no directive `{SECRET}`" in result.out
    assert "assumed: the environment of this process" in result.out


def test_limits_are_said_and_can_be_raised(run: Run, inside: Path) -> None:
    corefile, zone = inside / "Corefile", inside / "db"
    zone.write_text("@ 60 IN SOA a b 1 2 3 4 5\n@ 60 IN NS a\n$GENERATE 1-9 h$ A 10.0.0.1\n", encoding="utf-8")
    snippet = "(s) {\n errors\n log\n any\n}\n"
    corefile.write_text(snippet + "example.org {\n file db\n import s\n import more\n}\n", encoding="utf-8")
    (inside / "more").write_text("minimal\nloadbalance\nnsid\n", encoding="utf-8")
    assert run("check", str(corefile)).code == 0
    for limit, place in (
        ("words=14", ":10:"),
        ("words=15", ":8:"),
        ("words=16", ":9:"),
        ("file-size=50", ":7:"),
        ("records=10", ":7:"),
    ):
        result = run("check", "--limit", limit, str(corefile))
        assert (result.code, result.out.count("error[too-large]")) == (2, 1), limit
        assert f"--limit {limit.partition('=')[0]}=NUMBER raises the limit" in result.out
        assert place in result.out
    assert "there is no limit of that name, but file-size, words" in run("check", "--limit", "x=1", str(corefile)).err
    assert run("check", "--limit", "words=17", str(corefile)).code == 0
    assert "a number is needed" in run("check", "--limit", "words=many", str(corefile)).err
    (inside / "dns.yaml").write_text("corefile: ./Corefile\nsteps: [{query: h1.example.org. A}]\n", encoding="utf-8")
    assert run("test", str(inside / "dns.yaml")).code == 0
    assert "error[too-large]" in run("test", "--limit", "records=10", str(inside / "dns.yaml")).out
    assert "has more than 20 octets" in run("test", "--limit", "file-size=20", str(inside / "dns.yaml")).out


def test_limits_of_yaml_and_of_templates(run: Run, inside: Path) -> None:
    """Each has its option, and an error that names it."""
    corefile, cluster = inside / "Corefile", inside / "c.yaml"
    corefile.write_text('. {\n template IN TXT {\n  answer "a. 60 IN TXT {{ len .Name }}"\n }\n}\n', encoding="utf-8")
    deep = f"kind: Service\nmetadata: {{name: a, namespace: b}}\nx: {'[' * 240}{']' * 240}\n"
    wide = "kind: Service\nmetadata: &m {name: a, namespace: b}\nx: [*m, *m, *m]\n"
    for text, limit, fine in ((deep, "yaml-depth", 250), (wide, "yaml-values", 30)):
        cluster.write_text(text, encoding="utf-8")
        given = ("check", str(corefile), "--cluster", str(cluster))
        refused = run(*given, *(("--limit", "yaml-values=1") if limit == "yaml-values" else ()))
        assert (refused.code, f"(the limit `{limit}`)" in refused.err) == (2, True), refused.err
        assert run(*given, "--limit", f"{limit}={fine}").code == 0
    query = ("query", "-c", str(corefile), "a.", "TXT", "--short")
    assert run(*query).out.strip() == '"2"'
    assert run(*query, "--limit", "template-steps=1").out.strip() != '"2"'

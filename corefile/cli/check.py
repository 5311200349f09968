"""`corefile check`: say what is wrong with Corefiles and ConfigMaps."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from ..findings import CorefileError
from ..findings.limits import is_not_read
from ._inputs import (
    Parser,
    Worlds,
    WrongUse,
    add_common,
    add_image,
    add_release,
    add_world,
    assumed_words,
    corefiles_of,
    fail,
    image_of,
    processes,
    release_beside,
    release_of,
    told,
    within_of,
)
from ._terminal import complain, say, show_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..findings import Finding
    from ..lint.choice import Choice
    from ..releases import Release
    from ..world.corefiles import Corefile, Corefiles
    from ._config import Config
    from .formats import Checked, Run

FORMATS = ("full", "concise", "json", "github", "gitlab", "junit", "sarif", "text")

ABOUT_FILES = ("missing-file", "missing-directory")

EXAMPLES = """
kubectl get configmap coredns -n kube-system -o yaml | corefile check -
helm template . | corefile check -
corefile check --kubernetes-version 1.31 --strict k8s/
corefile check --format github --ignore CF6 Corefile
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "check",
        "[options] [PATH...]",
        "Say what is wrong with Corefiles and ConfigMaps. The exit code is 1 where "
        "CoreDNS would not start.\n`corefile explain CODE` says more about a finding.",
        EXAMPLES,
    )
    p.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a Corefile, Kubernetes YAML with one in it, a folder of them, or - for standard input (default: .)",
    )
    add_release(p, default=None)
    p.add_argument(
        "--kubernetes-version",
        metavar="V",
        help="the CoreDNS that comes with it: 1.31, v1.30.4 (kubeadm's), v1.31.2-eks-7f9249a, v1.30.0+k3s1",
    )
    group = p.add_argument_group("which findings")
    group.add_argument(
        "--select", metavar="CODES", action="append", help="only these: CF4, CF401, unknown-directive, ALL"
    )
    group.add_argument("--ignore", metavar="CODES", action="append", help="all but these")
    group.add_argument(
        "--per-file-ignores", metavar="PATTERN:CODES", action="append", help="all but these in some files"
    )
    group.add_argument("--exclude", metavar="PATTERN", action="append", help="files of folders to pass over")
    group.add_argument("--strict", action="store_true", default=None, help="exit 1 for warnings, too")
    group.add_argument("--exit-zero", action="store_true", default=None, help="exit 0 whatever is found")
    group.add_argument(
        "--allow-none", action="store_true", help="exit 0 where nothing has a Corefile in it, templates too"
    )
    group.add_argument("--add-noqa", action="store_true", help="write `# noqa` behind each line with a finding")
    add_image(p)
    add_common(p, FORMATS, "how findings are printed (default: full)", default=None)
    p.add_argument("-q", "--quiet", action="store_true", default=None, help="print findings and nothing else")
    p.add_argument("-v", "--verbose", action="store_true", help="print which files were passed over, and why")
    p.add_argument("--statistics", action="store_true", help="print how often each finding is there")
    p.add_argument("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    p.add_argument("--config", metavar="FILE", help="settings, in place of the nearest corefile.toml or pyproject.toml")
    p.add_argument("--isolated", action="store_true", help="look for no settings")
    p.add_argument(
        "--jobs", type=processes, metavar="N", help="processes that check many files (default: one for each core)"
    )
    add_world(p)
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    import gc

    gc.set_threshold(50_000, 20, 20)  # each Corefile makes some circles, and none of what came before it is garbage
    p = parser()
    args = p.parse_args(argv)
    args.paths = args.paths or ["."]
    try:
        settings = _settings(args)
        if args.watch:
            from ._watch import watch

            return watch(args.paths, lambda: _once(p, args, settings))
        return _once(p, args, settings)
    except WrongUse as e:
        fail(p, e)
    except CorefileError as e:  # of an upstream that an option names
        show_findings(e.findings, stream=sys.stderr)
        return 2


def _settings(args: Any) -> Config:
    """The nearest settings; those that the command line does not give are put into `args`."""
    from ._config import ADDED, Config, guarded, nearest, of_file

    first = args.paths[0]
    if args.isolated:
        config = Config({}, os.getcwd(), "")
    elif args.config:
        config = of_file(args.config)
    else:
        folder = first if os.path.isdir(first) else os.path.dirname(first)
        config = guarded(nearest("." if first == "-" else folder or "."), within_of(args))
    for name, value in config.values.items():
        field = name.replace("-", "_")
        if name in ADDED:
            setattr(args, field, [*value, *getattr(args, field)])
        elif getattr(args, field, None) is None and not (
            name in ("release", "kubernetes-version") and (args.release or args.kubernetes_version)
        ):
            setattr(args, field, value)
    if args.format not in (*FORMATS, None):
        raise WrongUse(f"{config.path}: `format` is one of {', '.join(FORMATS[:-1])}, not `{args.format}`")
    return config


def _once(p: argparse.ArgumentParser, args: Any, settings: Config) -> int:
    """Check everything once; the exit code."""
    from .formats import Run

    choice = _choice(args, settings)
    asked = _release(args)
    given = _without_excluded(corefiles_of(args.paths, args), args.exclude or ())
    checked, assumed = _checked(given, args, asked, choice)
    if args.add_noqa:
        return _add_noqa(checked)
    failing: Any = ("error", "warning") if args.strict else ("error",)
    run = Run(checked, tuple(assumed), failing)
    _tell(p, run, given, args, asked)
    wrong = [f"{e.filename}: {e.strerror or e}" for e in given.errors]
    if checked or wrong:
        for path in () if args.quiet or args.allow_none else given.without:
            complain(f"{p.prog}: {path}: no Corefile in it")
    elif not args.allow_none:
        where = ", ".join(given.without or args.paths)
        why = "; ".join(given.instead) or "no ConfigMap has one in its `data`"
        wrong = [f"there is no Corefile in {where} ({why})"]
    for message in wrong:
        complain(f"{p.prog}: {message}")
    if wrong or (any(map(is_not_read, run.findings())) and not args.exit_zero):
        return 2
    stops = any(one.suppressed for one in checked)
    return int((stops or any(f.severity in failing for f in run.findings())) and not args.exit_zero)


def _tell(p: argparse.ArgumentParser, run: Run, given: Corefiles, args: Any, asked: Release | None) -> None:
    """Print the findings in the form that is asked for, and for people what there is to say of the whole."""
    form = {"text": "full", None: "full"}.get(args.format, args.format)
    if args.statistics:
        _statistics(run)
    elif form in ("json", "gitlab", "junit", "sarif") or any(one.findings for one in run.checked):
        from importlib import import_module

        import_module(f"{__package__}.formats.{form}").render(run)
    if form == "full" and not args.quiet and not args.statistics and run.checked:
        _summary(run, given, args, asked)
    elif refused := _refused(run):
        complain(f"{p.prog}: {refused}")
    if form == "full" and args.verbose and not args.statistics:
        _passed_over(given)


def _choice(args: Any, settings: Config) -> Choice:
    from ..lint.choice import Choice, UnknownCode

    per_file: Any = args.per_file_ignores or {}
    if isinstance(per_file, list):
        table: dict[str, list[str]] = {}
        for text in per_file:
            pattern, colon, codes = text.rpartition(":")
            if not colon or not pattern:
                raise WrongUse(f"--per-file-ignores takes PATTERN:CODES, not {text!r}")
            table.setdefault(pattern, []).extend(_split([codes]))
        per_file = table
    try:
        return Choice(_split(args.select) or ["ALL"], _split(args.ignore), per_file, settings.root)
    except UnknownCode as e:
        raise WrongUse(f"`{e}` is the code of no finding: `corefile explain` lists them all") from None


def _split(words: list[str] | None) -> list[str]:
    return [word for text in words or () for word in text.replace(",", " ").split()]


def _release(args: Any) -> Release | None:
    """The release that is asked for; None where none is."""
    from ..releases import UnknownRelease

    found = None
    if args.release:
        found = release_of(args.release)
    elif args.kubernetes_version:
        from ..releases.kubernetes import shipped_with

        try:
            found = shipped_with(args.kubernetes_version).release
        except UnknownRelease as e:
            raise WrongUse(str(e)) from None
    return found


def _without_excluded(given: Corefiles, patterns: Sequence[str]) -> Corefiles:
    if not patterns:
        return given
    from fnmatch import fnmatch

    def stays(path: str) -> bool:
        return not any(fnmatch(path, p) or fnmatch(os.path.basename(path), p) for p in patterns)

    found = [c for c in given.found if stays(c.source.path)]
    findings = [f for f in given.findings if f.span is None or stays(f.span.source.path)]
    return given._replace(found=found, findings=findings)


def _checked(
    given: Corefiles, args: Any, asked: Release | None, choice: Choice
) -> tuple[list[Checked], dict[str, None]]:
    """Each Corefile with its findings, and what was assumed."""
    from ..releases import LATEST
    from .formats import Checked

    out = [Checked(f.span.source.path if f.span else "", None, asked or LATEST, [f]) for f in given.findings]
    out = [one._replace(findings=[f for f in one.findings if choice.wants(f)]) for one in out]
    worlds = Worlds(args)
    image = image_of(args)
    corefiles = [(corefile, image(asked or release_beside(corefile))) for corefile in given.found]
    assumed: dict[str, None] = {}

    def one(pair: tuple[Corefile, Release]) -> tuple[list[Finding], int, tuple[str, ...]]:
        from ..lint import examined

        corefile, release = pair
        world = worlds.around(corefile)
        found = examined(corefile.source, release, world)
        unsaid = [*found.suppressed, *(f for f in found.findings if not choice.wants(f))]
        stops = sum(f.severity == "error" and not is_not_read(f) for f in unsaid)
        shown = [f for f in found.findings if choice.wants(f)]
        if stops and found.first is not None and found.first not in shown:  # CoreDNS does not come to the others
            shown = [f._replace(coredns="") for f in shown]
        return shown, stops, world.assumed

    results: Iterable[tuple[list[Finding], int, tuple[str, ...]]]
    if len(corefiles) > 1:
        from ._parallel import each

        results = each(one, corefiles, args.jobs)
    else:
        results = map(one, corefiles)
    for (corefile, release), (findings, stops, needed) in zip(corefiles, results, strict=True):
        source = corefile.source
        path = source.path if not corefile.alone else next(iter(corefile.files.values())).path
        context = source.embedding.context if source.embedding else None
        out.append(Checked(path, context, release, findings, stops))
        assumed |= dict.fromkeys(needed)
    return out, assumed


def _summary(run: Run, given: Corefiles, args: Any, asked: Release | None) -> None:
    """What was checked, for which release, and what was assumed."""
    releases = _releases(run.checked)
    for_which = _named(releases)
    count = len(run.checked)
    found = list(run.findings())
    refused = _refused(run)
    if refused:
        say(refused)
    elif not found:
        say(f"{count} Corefile{'s' * (count != 1)}: nothing wrong for {for_which}")
    elif any(f.severity == "notice" and f.coredns for f in found) and not any(f.severity == "error" for f in found):
        say(f"whether {for_which} start{'s' * (len(releases) == 1)} depends on the environment")
    elif not any(f.severity == "error" for f in found):
        unless = ", provided that what is not here is in order" * any(_is_elsewhere(f) for f in found)
        say(f"{for_which} start{'s' * (len(releases) == 1)} with {'it' if count == 1 else 'them'}{unless}")
    images = {c.workload.image: c.workload for c in given.found if c.workload is not None}
    for workload in list(images.values())[:3] if asked is None else ():
        say(told(workload))
    if args.kubernetes_version and not args.release:
        from ..releases.kubernetes import shipped_with

        note = shipped_with(args.kubernetes_version).note
        say(*(f"release: {words}" for words in [note] if words))
    words = assumed_words(run.assumed)
    if words:
        say(f"assumed: {words}")


def _refused(run: Run) -> str:
    """That CoreDNS would not start, where the errors that say so are suppressed; else ''."""
    silent = [one for one in run.checked if one.suppressed and one.first is None]
    if not silent:
        return ""
    errors = sum(one.suppressed for one in silent)
    which = "it" if len(run.checked) == 1 else f"{len(silent)} of {len(run.checked)} Corefiles"
    are = "error is" if errors == 1 else "errors are"
    return f"{_named(_releases(silent))} would not start with {which}: {errors} {are} suppressed"


def _releases(checked: Iterable[Checked]) -> list[Release]:
    return sorted({one.release for one in checked}, key=lambda release: release.number)


def _named(releases: Sequence[Release]) -> str:
    return " and ".join(f"CoreDNS {release}" for release in releases[:3]) + " and others" * (len(releases) > 3)


def _is_elsewhere(finding: Finding) -> bool:
    """Whether a finding is about what CoreDNS might not start without, and which is not here."""
    return finding.code in ("name-not-known", "unknown-interface") or (
        finding.code in ABOUT_FILES and finding.severity == "notice"
    )


def _passed_over(given: Corefiles) -> None:
    """Which files were passed over, and why."""
    if given.passed:
        say(f"passed over: {len(given.passed)} file{'s' * (len(given.passed) != 1)}")
        say(*(f"  {path}: {why}" for path, why in given.passed))


def _statistics(run: Run) -> None:
    """How often each finding is there, the most frequent first."""
    from collections import Counter

    from ..lint.codes import number

    counts = Counter((f.code, f.severity) for f in run.findings())
    width = len(str(max(counts.values(), default=0)))
    for (code, severity), count in sorted(counts.items(), key=lambda pair: (-pair[1], number(pair[0][0]))):
        say(f"{count:>{width}}  {number(code)}  {severity:7}  {code}")


def _add_noqa(checked: list[Checked]) -> int:
    """Write a comment behind each line with a finding; the exit code."""
    from ..language.files import read_file
    from ..lint.noqa import with_noqa

    lines: dict[str, dict[int, set[str]]] = {}
    left = 0
    for finding in (f for one in checked for f in one.findings):
        span = finding.span
        if finding.code == "unused-noqa":  # of which one comment more makes one more
            continue
        if span is None or not _takes_comments(span.source.path, finding):
            left += 1
            continue
        at = span.locate()
        lines.setdefault(at.path, {}).setdefault(at.line, set()).add(finding.code)
    for path, of_lines in lines.items():
        text = read_file(path).decode("utf-8", "surrogateescape")
        with open(path, "wb") as file:
            file.write(with_noqa(text, of_lines).encode("utf-8", "surrogateescape"))
    count = sum(map(len, lines.values()))
    say(f"{count} line{'s' * (count != 1)} with a comment more")
    if left:
        say(f"{left} finding{'s' * (left != 1)} left: where they stand no comment can")
    return 0


def _takes_comments(path: str, finding: Finding) -> bool:
    """Whether a comment behind the line of a finding would be read as one: not in quoted YAML, JSON, UTF-16 or what is no
    file."""
    assert finding.span is not None
    source = finding.span.source
    if path.startswith("<") or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff", b"\0\0"):
            return False
    line = source.text.split("\n")[finding.span.line - 1].rstrip("\r")
    return finding.span.locate().source_line.strip() == line.strip() and bool(line.strip())


__all__ = ["main", "parser"]
